/* Importing a file again that was posted and wholly undone: `import --again import:N FILE`. Private
 * to the book. The file's references are in the book from the first time, and remain used for
 * everybody else. So the digest of a row that comes again also includes the import that it replaces
 * (reference_again_digest): it differs from the first one, and can be used once, since an import is
 * replaced once. The file must be the same, byte for byte, and only the rows that the first import
 * posted are posted: rows that it left out are left out again. If the second import is undone too,
 * a third replaces the second. Nothing that was undone can become valid again, so what the call
 * finds at its beginning is true until its end; two such calls wait for each other as all imports
 * do.
 *
 * The rows that a partial import left out come in by `import --rest import:N FILE`: the same bytes,
 * of which only the rows that still wait are posted, with their own references. No table says which
 * import took in the rest of another, since it follows from those that are there: of imports of the
 * same bytes that replace none, the first posted the file, and each later one (which has no more
 * rows than the one before left out) its rest. What still waits is what the last of them left out,
 * so no row is posted twice. A rest that was wholly undone comes in again by --again, like any
 * import.
 */
#ifndef WEAL_BOOK_AGAIN_H
#define WEAL_BOOK_AGAIN_H

#include "book/bulk.h"

struct again; /* what the call knows about the import that it replaces */

/* REFUSED: no such import, not all of it was undone, replaced before. The call must have its
 * reading and lock. */
enum status again_open(struct again **out, struct store *store, const struct reading *reading,
                       int64_t import, struct error *err) MUST_USE;
/* The rest of an import of entries. REFUSED: no such import, another kind, nothing was left out. */
enum status again_open_rest(struct again **out, struct store *store, int64_t import,
                            struct error *err) MUST_USE;
void again_free(struct again *again); /* takes null */
/* The import that is replaced; 0 of null and of a rest. */
int64_t again_import(const struct again *again);
/* REFUSED: another kind, other bytes. */
enum status again_check_file(const struct again *again, const char *kind,
                             const struct digest *digest, struct error *err) MUST_USE;
/* Whether the import left out this row of the file. */
bool again_left_out(const struct again *again, uint64_t line);

/* Whether the row is none of the rest that the call takes in, or that it takes in again: it was
 * posted before, and is neither posted nor refused. */
bool again_passes_over(const struct again *again, uint64_t line);

/* Refuses a file of these bytes if it was posted already, or posted and undone (the message then
 * says how to post it again). DONE: it was never posted. */
enum status again_refuse_posted(struct store *store, const struct reading *reading,
                                const struct digest *digest, struct error *err) MUST_USE;

/* Whether every line of an import was undone. */
enum status import_undone_whole(struct store *store, const struct reading *reading, int64_t import,
                                bool *whole, struct error *err) MUST_USE;

#endif
