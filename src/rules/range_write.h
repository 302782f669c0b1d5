/* What can be said of a household of which not all is known (range.h), in and out: unknown as words
 * name them, and ranges and questions as text and JSON. */
#ifndef WEAL_RULES_RANGE_WRITE_H
#define WEAL_RULES_RANGE_WRITE_H

#include "rules/range.h"
#include "rules/situation.h"

/* `rent`, `anna.employment_income=0..60000`, `tenure=OWNED,RENTED`: an input by its name, of the
 * first row or of the row that has a name, in the period of the situation. Bounds may be left out
 * on either side: of a number the least is then 0 and there is no most. REFUSED: no such input or
 * row, a bound or an item that is no value of it. */
enum status range_unknown_read(const struct situation *s, struct span words,
                               struct range_unknown *out, struct error *err) MUST_USE;

/* A line an answer with what it needs, then the questions in their order. */
void range_text(const struct situation *s, const struct range_request *request,
                const struct range_result *result, struct text *out);
/* docs/reference/rules-files.md */
void range_json(const struct situation *s, const struct range_request *request,
                const struct range_result *result, struct text *out);

#endif
