/* One scan of every citizen's lines of a year, on every core. For this folder and publish/.
 *
 * Each thread begins sums of its own, gets person after person (for merged records the survivor,
 * with the lines of all), and hands its sums over at the end, one thread at a time. The lines are
 * of accounts that statements sum (`social`, `time`). A reader gets all lines of a person together,
 * so that a reversal finds the line that it undoes and people are counted once.
 */
#ifndef WEAL_PLACE_POPULATION_H
#define WEAL_PLACE_POPULATION_H

#include "book/payment_totals.h"
#include "place/scope.h"

struct population_reader {
  void *(*begin)(void *context, struct scope *s);
  /* person null: the sums of erased lines in one account, which belong to nobody. The function may
   * reorder and mark the lines. */
  void (*person)(void *sums, const struct person *person, struct loaded_line **lines, size_t count);
  /* adds the sums to the whole and releases them; called also after a failure */
  void (*end)(void *context, void *sums);
};
enum status population_read(struct scope *s, const struct population_reader *reader, void *context,
                            struct error *err) MUST_USE;

/* Where the person lived on any day from first to last, alive: calls `visit` for each place id (0:
 * unknown; a place may come twice); for nobody, not at all. */
void population_homes(const struct people *people, const struct person *person, day_t first,
                      day_t last, void (*visit)(void *context, int64_t place), void *context);

/* Whether payments belong to the place asked for: by their own place, else that of the payer. */
bool payment_belongs(const struct scope *s, const struct payment_key *key);

#endif
