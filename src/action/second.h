/* The second person: an action that one person asks for is kept in a case until another approves
 * it. Its kind is one whose handler is `second-person`: the kind says who may ask, who approves and
 * until when. The case lies with the person whom it concerns, its opener is whoever asked, its
 * subject is `action:NAME:` and a digest of what was asked, and its facts are the fields of the
 * action as texts. The handler runs the action when the move `approve` is made: with these texts,
 * as of whoever asked, with the roles that they have then. So nothing is done after they lost the
 * permission, nor after the last day; what the action refuses is shown, and the case still waits.
 * That nobody approves what they asked for, also not under another record, and that a case is
 * approved once, are rules of every case (case/case.h).
 *
 * Where nobody else could approve it, it is refused: nobody acts alone because they are the only
 * one. What staff of a body ask another of the body approves, or if it has no other the role to
 * which the kind `escalates`.
 */
#ifndef WEAL_ACTION_SECOND_H
#define WEAL_ACTION_SECOND_H

#include "action/action.h"

extern const struct case_handler second_case_handler;

/* After action_permit: where the call needs a second person, opens the case instead, sets *asked
 * and answers `case` and `waits-for`. REFUSED: nobody else could approve it; the same waits. */
enum status second_ask(struct action_call *call, bool *asked, struct error *err) MUST_USE;
/* What a case asks, as a sentence with the names: "Ann Field asks to make Jane Smith an
 * administrator". Null: the case is of another kind, or of an action that is no longer there. */
enum status second_words(struct store *store, struct arena *arena, enum language language,
                         const struct case_file *file, const char **out,
                         struct error *err) MUST_USE;
/* What a case asks for, for whoever approves it: the fields of its action that were given and have
 * a label. *count 0: as second_words, or what was kept cannot be read. */
struct second_fact {
  const struct field *field;
  const struct value *value;
  const char *shown; /* what the text stands for; null: it says so itself */
};
enum status second_facts(const struct action_call *call, const struct case_file *file,
                         struct second_fact **out, int *count, struct error *err) MUST_USE;
/* The call that a case keeps, to read what it would do: the values, whom it is about, whoever asked
 * without their roles, and the body whose staff approve it. *out false: as *count 0. */
enum status second_kept(const struct action_call *call, const struct case_file *file,
                        struct action_call *kept, bool *out, struct error *err) MUST_USE;
/* Whether a case asks for something that a second person approves. */
bool second_is(const struct case_file *file);
/* Whether a case asks for an action that `begins`: it is not approved by a move, but by
 * second_run. */
bool second_is_run(const struct case_file *file);
/* Approves the case as the call's actor, and then runs what it asks, once: a case that was approved
 * is never run again. Begins its own transactions. The case then says whether it was carried out;
 * that of a run which was broken off says until it runs out that it is to be. The call has the
 * answers of what was run. REFUSED as the move `approve` or the action. */
enum status second_run(struct action_call *call, int64_t id, struct error *err) MUST_USE;
/* Ends what waits after its last day, as the program: at most 100 cases in one call. */
enum status second_expire(struct case_call *call, struct error *err) MUST_USE;

#endif
