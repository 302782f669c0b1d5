/* Rows of bodies' own files that may be about somebody, each with the people whom it may mean: the
 * questions of person_decisions.h put together, and what the register has of each person.
 *
 *     status = person_decisions_read(&decisions, store, words, arena, &err);
 *     match_rows(&decisions, arena, &rows, &count);
 *     ... rows[i].of[k] ...                                the questions of the row
 *     status = match_candidate_read(store, arena, words, rows[i].of[k], &candidate, &err);
 *
 * Whoever shows a candidate notes the look first (access_log.h).
 */
#ifndef WEAL_REGISTER_MATCH_ROWS_H
#define WEAL_REGISTER_MATCH_ROWS_H

#include "register/person_decisions.h"

struct match_row {
  int64_t number; /* of its first question: it stays the same whatever is decided */
  const struct person_decision *const *of; /* the newest of each person's; the first one's body,
                                              name, born and postcode are the row's */
  int count;
  const struct person_decision *same; /* who was found to be meant; null: nobody was */
  bool waits; /* nobody was, and of some nobody said that they are not meant */
};
/* All, in the order of their numbers; in the arena. */
void match_rows(const struct person_decisions *decisions, struct arena *arena,
                struct match_row **out, int *count);

struct match_candidate {
  const struct person_decision *decision;
  struct person person; /* the survivor, where records were merged */
  const char *postcode; /* of today; empty: not known */
  /* what agrees, as the register is now; a postcode also with an address of before */
  struct person_agrees how;
};
enum status match_candidate_read(struct store *store, struct arena *arena,
                                 const struct pack_name_words *words,
                                 const struct person_decision *decision,
                                 struct match_candidate *out, struct error *err) MUST_USE;

#endif
