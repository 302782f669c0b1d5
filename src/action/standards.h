/* The cases in which an organisation is asked about a minimum standard, as pages find them; and
 * what a page asks before it opens the cases of minimum standards for a whole place, which takes
 * long and cannot be taken back: what is wrong with the form, how many people it is about, whom. */
#ifndef WEAL_ACTION_STANDARDS_H
#define WEAL_ACTION_STANDARDS_H

#include "action/action.h"

#define STANDARD_QUESTION "standard-question" /* the kind of such a case */
/* The subject of the case about a standard of a year, of which a person is asked once. */
const char *standard_subject(struct arena *arena, const struct pack_standard *what, int year);

/* Refuses what `standards-ask` would refuse before it reads anybody's record. In a snapshot. */
enum status standards_ask_may(struct action_call *call, struct error *err) MUST_USE;

enum { STANDARDS_BODIES_MOST = 16 };
/* Of those for whom a standard is not known to be kept: about how many somebody asked before, for
 * how many nobody answers where they live, and how many each body would be asked about (further
 * bodies are left out). */
struct standards_counted {
  int64_t broken, before, nobody;
  int body_count;
  struct {
    int64_t body, people;
  } bodies[STANDARDS_BODIES_MOST];
};
/* What `standards-ask` would do, of a call of it. Names nobody, and notes no look. No transaction
 * begun. */
enum status standards_ask_count(struct action_call *call, struct standards_counted *out,
                                struct error *err) MUST_USE;

#endif
