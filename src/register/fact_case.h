/* Two facts that contradict each other are a case (case/case.h) of the kind `facts-differ`, which
 * shows both: whoever decides it says which is right, and the other is taken back.
 *
 * It is about the person of whom the fact is, or of a household's who told one of them; it goes to
 * the body that recorded one of them, else to an administrator. Only the program opens it.
 */
#ifndef WEAL_REGISTER_FACT_CASE_H
#define WEAL_REGISTER_FACT_CASE_H

#include "case/case.h"

#define FACTS_DIFFER "facts-differ" /* the kind */
extern const struct case_handler fact_case_handler;

struct fact_difference {
  int64_t party;         /* of both facts */
  int64_t first, second; /* their numbers; the first was told before */
  int64_t person;        /* of a household's: who told the second; 0: nobody of the register */
  day_t today;
};
/* Opens it, in the caller's write transaction. *id 0: there is nobody whom it could be about, as
 * many of this kind about them wait as LIMIT_CASES_WAITING, or the pack has no such kind; then both
 * facts stand. */
enum status fact_case_open(struct store *store, struct arena *arena, const struct pack *pack,
                           const struct fact_difference *difference, int64_t *id,
                           struct error *err) MUST_USE;

/* Closes those that wait and show a fact that was corrected or taken back: the two agree, or what
 * differs now is a case of its own. After every change of a fact of the party, in the same
 * transaction. `teller`: who changed it, of a household's fact; 0: nobody of the register. */
struct fact_change {
  int64_t party; /* of the fact */
  const char *variable;
  int64_t teller;
  const char *who; /* as in the access log */
  day_t today;
};
enum status fact_cases_settle(struct store *store, struct arena *arena, const struct pack *pack,
                              const struct fact_change *change, struct error *err) MUST_USE;

/* Those about a fact of the household in which the person lives, of which they said neither nor
 * told the second: whoever lives there reads them. By which they wait. */
enum status fact_cases_of_home(struct store *store, struct arena *arena,
                               const struct case_desk *desk, int64_t person, enum case_which which,
                               struct case_file **out, int *count, struct error *err) MUST_USE;
/* One of them with its history; *found false: it is none of them. */
enum status fact_case_of_home(struct store *store, struct arena *arena,
                              const struct case_desk *desk, int64_t person, int64_t id,
                              struct case_file *out, bool *found, struct error *err) MUST_USE;

#define CHILD_OF_TWO "child-of-two" /* the kind */
extern const struct case_handler fact_child_handler;
/* A fact that somebody is responsible for a child, of whom another who is not their partner says
 * the same: a case about the child that shows both to whoever pays what it is first used for, once
 * while it waits. Opened in the caller's write transaction, after the fact was told: who tells at
 * the same time waits for its number, and then sees the other's. *id 0: nobody else says it, the
 * case waits already, or the pack has no such kind. */
enum status fact_case_open_child(struct store *store, struct arena *arena, const struct pack *pack,
                                 int64_t party, int64_t fact, day_t today, int64_t *id,
                                 struct error *err) MUST_USE;

/* Whether the fact of this number is one of the two of a case of the kind. */
bool fact_case_shows(const struct case_file *file, int64_t fact);

/* What an organisation told, or decided, is changed by it alone: the person it is about says in a
 * case of the kind `fact-wrong`, with the subject `fact:NUMBER`, what is wrong. Upheld, the answer
 * is taken back, or the right one takes its place. It goes to the organisation, or to an
 * administrator where the operator told it. */
extern const struct case_handler fact_wrong_handler;
/* *there: it stands, is about the person or their home today, and they cannot change it. */
enum status fact_case_is_disputable(struct store *store, struct arena *arena, int64_t person,
                                    const char *subject, bool *there, struct error *err) MUST_USE;

#endif
