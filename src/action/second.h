/* The second person: an action that one person asks for is kept in a case of the kind
 * `second-person` until another approves it. The case lies with the person whom it concerns, its
 * opener is whoever asked, its subject is `action:NAME`, and its facts are the fields of the action
 * as texts. The handler `second-person` runs the action when the move `approve` is made: with these
 * texts, as of whoever asked, with the roles that they have then. So nothing is done after they
 * lost the permission, nor after the last day; what the action refuses is shown, and the case still
 * waits. That nobody approves what they asked for, also not under another record, and that a case
 * is approved once, are rules of every case (case/case.h).
 */
#ifndef WEAL_ACTION_SECOND_H
#define WEAL_ACTION_SECOND_H

#include "action/action.h"

extern const struct case_handler second_case_handler;

/* After action_permit: where the call needs a second person, opens the case instead, sets *asked
 * and answers `case` and `waits-for`. */
enum status second_ask(struct action_call *call, bool *asked, struct error *err) MUST_USE;
/* What a case asks, as a sentence with the names: "Ann Field asks to make Jane Smith an
 * administrator". Null: the case is of another kind, or of an action that is no longer there. */
enum status second_words(struct store *store, struct arena *arena, enum language language,
                         const struct case_file *file, const char **out,
                         struct error *err) MUST_USE;
/* Ends what waits after its last day, as the program: at most 100 cases in one call. */
enum status second_expire(struct case_call *call, struct error *err) MUST_USE;

#endif
