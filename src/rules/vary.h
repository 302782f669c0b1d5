/* What a value comes to when one thing that was given changes: net income against earnings.
 *
 * The household stands as many times in one population as there are points, each with its own
 * value, so that all are computed in one run. Between two points the rate is what the value changes
 * by for each further pound.
 */
#ifndef WEAL_RULES_VARY_H
#define WEAL_RULES_VARY_H

#include "rules/compile.h"
#include "rules/situation.h"

enum { VARY_POINTS_MOST = 10001 };

struct vary_request {
  const struct situation *situation; /* read */
  const struct rules *rules;         /* with its overrides */
  const struct rule_variable *input, *output;
  const char *person; /* whose input, by name; null: the first's */
  double from, to, step;
};

struct vary_points {
  int count;
  double *inputs, *outputs; /* added up over the household */
  double *rates;            /* to the next point; of the last: NAN */
};

/* REFUSED: nobody has that name; too many points. */
enum status vary_run(struct arena *arena, const struct vary_request *request,
                     struct vary_points *out, struct error *err) MUST_USE;

/* The points as a table, and as a page with two charts (the value, and how much of each further
 * pound is kept) and the table. */
void vary_csv(const struct vary_request *request, const struct vary_points *points,
              struct text *out);
void vary_json(const struct vary_request *request, const struct vary_points *points,
               struct text *out);
void vary_text(const struct vary_request *request, const struct vary_points *points,
               struct text *out);
void vary_html(const struct vary_request *request, const struct vary_points *points,
               struct text *out);

#endif
