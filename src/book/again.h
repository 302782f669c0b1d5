/* A file that was posted, and was wholly undone, comes in again: `import --again import:N FILE`.
 * Private to the book.
 *
 * Its references are in the book from the first time, and stay used for everybody else. So of a row
 * that comes in again the digest names the import that it replaces as well
 * (reference_again_digest): it is unlike the first one, and can stand once, since an import is
 * replaced once. What comes in again is the same file, byte for byte, and of it the rows that the
 * first import posted: those that it left out are left out again. Should the second import be
 * undone too, the third replaces the second.
 *
 * Nothing that was undone can come to stand again, so what is found out when the call begins holds
 * until it ends; two of them wait for each other as all imports do.
 */
#ifndef WEAL_BOOK_AGAIN_H
#define WEAL_BOOK_AGAIN_H

#include "book/bulk.h"

struct again; /* what the call knows of the import that it replaces */

/* REFUSED: no such import, not all of it was undone, replaced before. The call's reading and lock
 * are taken. */
enum status again_open(struct again **out, struct store *store, const struct reading *reading,
                       int64_t import, struct error *err) MUST_USE;
void again_free(struct again *again);            /* takes null */
int64_t again_import(const struct again *again); /* 0 of null */
/* REFUSED: another kind, other bytes. */
enum status again_check_file(const struct again *again, const char *kind,
                             const struct digest *digest, struct error *err) MUST_USE;
/* Did the import leave out this row of the file? */
bool again_left_out(const struct again *again, uint64_t line);

/* Why a file of these bytes is refused: posted already, or posted and undone (then how it is put
 * back). DONE: it was never posted. */
enum status again_refuse_posted(struct store *store, const struct reading *reading,
                                const struct digest *digest, struct error *err) MUST_USE;

#endif
