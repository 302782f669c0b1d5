/* What the pages of awards share: awards.c (the visitor's own), awards_of.c (somebody's, for staff
 * of the body that pays).
 *
 *     status = awards_read_subject(r, &rows, &err);
 *     for (int i = 0, n; i < rows.count; i += n) {
 *       n = award_rows_from(&rows, i);
 *       status = view_award(v, r, rows.all + i, n, "/requests", &item, &err);
 *     }
 */
#ifndef WEAL_WEB_PAGES_AWARDS_H
#define WEAL_WEB_PAGES_AWARDS_H

#include "action/awards.h"
#include "web/pages/pages.h"

struct award_assessed;

/* All rows of the person whom the page is about, the newest award first. */
enum status awards_read_subject(const struct request *r, struct awards *out,
                                struct error *err) MUST_USE;
/* How many rows the award has that begins at the index. */
int award_rows_from(const struct awards *rows, int at);
/* "£12.50 a week" */
const char *award_amount_words(const struct request *r, const struct award *a);
/* What a page shows of what a call comes to, with the words that they will read, in a few letters;
 * row: of the award as it stands, 0: it is made. A confirmation carries it as `shown`, so that
 * nobody confirms what they have not seen, nor the same twice. */
const char *award_shown(const struct request *r, const struct award_sums *sums, int64_t row,
                        struct span words);
/* `shown`, and `again` where something else was confirmed than what is shown now: for the form. */
void view_shown(struct view *v, const struct request *r, const char *shown);
/* Whose it is, as the first row of a summary. */
enum status view_whose(struct view *summary, const struct request *r, int64_t party,
                       struct error *err) MUST_USE;
/* And what the rules come to, of what the call that assessed it said; what null: no row. Where it
 * is nobody's the row says that nothing is known. */
enum status view_comes_to(struct view *summary, const struct request *r,
                          const struct pack_entitlement *what, enum status assessing,
                          const struct award_assessed *assessed, struct error *err) MUST_USE;
/* One award as an item of `awards`, for the partial award; `requests`: under which path its claim
 * is, `/requests` or `/inbox`. The caller sets `earlier`, where earlier payments are. */
enum status view_award(struct view *v, const struct request *r, const struct award *rows, int count,
                       const char *requests, struct view **out, struct error *err) MUST_USE;
/* Each change and end of what is awarded to whom the page is about, decided since the day, as
 * `award_news` (words, why, href), and `has_award_news`. */
enum status view_award_news(struct view *v, const struct request *r, day_t since,
                            struct error *err) MUST_USE;
/* Where the award was changed or ended: `has_changed`, the steps against it as `disputes` (name,
 * text, href), the rows of disputes.csv; `whom` to write to where it came of no claim. `claim`: the
 * page of the claim, on which a dispute is opened; null: it came of none. */
enum status view_award_disputes(struct view *item, const struct request *r,
                                const struct award *rows, int count, const char *claim,
                                struct error *err) MUST_USE;

#endif
