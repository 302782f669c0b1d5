/* One scan of every citizen's lines of a year, on every core. For this folder and publish/.
 *
 * Each thread begins sums of its own, is given person after person (of merged records the kept one,
 * with the lines of all), and hands its sums over at the end, one thread at a time. Lines are of
 * accounts that statements sum (`social`, `time`); a reader looks at a person's lines together, so
 * a reversal finds what it undoes and people are counted once.
 */
#ifndef WEAL_PLACE_POPULATION_H
#define WEAL_PLACE_POPULATION_H

#include "place/scope.h"

struct population_reader {
  void *(*begin)(void *context, struct scope *s);
  /* person null: the sums that erasure left in one account, which are nobody's. Lines may be
   * reordered and marked. */
  void (*person)(void *sums, const struct person *person, struct loaded_line **lines, size_t count);
  void (*end)(void *context, void *sums); /* adds to the whole and releases; also after a failure */
};
enum status population_read(struct scope *s, const struct population_reader *reader, void *context,
                            struct error *err) MUST_USE;

/* Where the person lived on any day from first to last, alive: visit once for each place id (0: not
 * known; a place may come twice). Nobody: not once. */
void population_homes(const struct people *people, const struct person *person, day_t first,
                      day_t last, void (*visit)(void *context, int64_t place), void *context);

/* What bodies paid to suppliers in the financial year: `take` is given line after line of
 * suppliers' accounts (body: who paid), those that were undone marked. */
enum status payments_read(struct scope *s,
                          void (*take)(void *context, const struct loaded_line *line),
                          void *context, struct error *err) MUST_USE;

#endif
