/* A publication as bytes: what the store keeps of it (edition_figures.shown). Private to this
 * folder.
 *
 * JSON Lines, packed with zstd: a line that says what follows, then one for each payer, file and
 * source, one for each place with its cells, and one for each category with its people by age. A
 * hidden cell is kept as hidden, and a rounded one as it was shown, so that the bytes hold no more
 * than the pages show; besides them only `since` of each cell (parts.h), the number of an entry.
 * What is read has the shown figures as its exact ones too. Categories are kept by code: one that
 * the pack does not have any more is left out.
 */
#ifndef WEAL_PUBLISH_KEPT_H
#define WEAL_PUBLISH_KEPT_H

#include "publish/publish.h"

/* Added to `out`. The same publication gives the same bytes. */
void publication_write(const struct publication *p, struct text *out);
/* Reads what publication_write wrote, into the arena. FAILED: the bytes are damaged. */
enum status publication_read(struct span bytes, const struct pack *pack, struct arena *arena,
                             struct publication **out, struct error *err) MUST_USE;

#endif
