/* The rows of the table, in the file of their subject, and what their functions share. Private to
 * src/action. */
#ifndef WEAL_ACTION_ROWS_H
#define WEAL_ACTION_ROWS_H

#include "action/action.h"
#include "base/refusal.h"
#include "register/alerts.h"

/* kinds of the pack whose cases wait for a second person */
#define SECOND_OF_ADMINISTRATORS "second-person" /* an administrator asks, another approves */
#define SECOND_OF_A_RUN \
  "second-run" /* the same of an action that `begins`: whoever approves, runs it */
#define SECOND_OF_A_BODY "second-record" /* staff of a body ask, others of the body approve */

/* each ended by a null name */
extern const struct action office_actions[];   /* roles, invitations, bodies */
extern const struct action keeping_actions[];  /* who keeps the book */
extern const struct action posting_actions[];  /* lines posted and taken back */
extern const struct action people_actions[];   /* whole records: merged, kept, erased */
extern const struct action case_actions[];     /* requests, decisions, objections, time given */
extern const struct action helping_actions[];  /* helpers */
extern const struct action message_actions[];  /* which messages one wants */
extern const struct action fact_actions[];     /* what rules need to know of people */
extern const struct action award_actions[];    /* what bodies pay people */
extern const struct action amount_actions[];   /* amounts beside the rules */
extern const struct action claim_actions[];    /* what people claim */
extern const struct action standard_actions[]; /* minimum standards */
extern const struct action takeup_actions[];   /* who misses out */
extern const struct action profile_actions[];  /* how published files are read */
extern const struct action match_actions[];    /* whom rows of bodies' own files mean */
extern const struct action long_actions[];     /* files taken in, years closed */

const struct field *action_field(const struct action *action, struct span name); /* null: none */

/* A value by its field's name; asserts that the action has the field. */
struct span action_text(const struct action_call *call, const char *name); /* terminated */
int64_t action_int(const struct action_call *call, const char *name);
day_t action_day(const struct action_call *call, const char *name);
bool action_has(const struct action_call *call, const char *name);

void action_answer(struct action_call *call, const char *name, const char *text); /* in the arena */
void action_answer_int(struct action_call *call, const char *name, int64_t n);
void action_answer_day(struct action_call *call, const char *name, day_t day);

/* The person of a field, by any reference. REFUSED at the field, and the same for a number that is
 * malformed as for one of nobody. */
enum status action_person(const struct action_call *call, const char *field, int64_t *person,
                          struct error *err) MUST_USE;
/* The body of a field by its code; *body 0 when the field is empty. */
enum status action_body(const struct action_call *call, const char *field, int64_t *body,
                        struct error *err) MUST_USE;
/* Whom an alert names: on the command line the user of the machine, whomever --as names, since
 * anybody there can write that. */
static inline const char *action_told_of(const struct action_call *call) {
  const struct access_reader *by = &call->actor.by;
  return by->machine ? by->machine : by->who;
}
/* Notes in the person's access log what was done to their record; `why`: the purpose, which at the
 * command line is always that. Whoever approved it has a row of their own. */
enum status action_note(const struct action_call *call, int64_t person, const char *what,
                        const char *why, struct error *err) MUST_USE;

/* Tells every administrator what one person begins alone: at the command line, also beside --as,
 * what in the portal needs two; or an administrator an import (nothing of the operator's). In a
 * transaction of its own, before the first of an action that `begins`, so that no end hides it. */
enum status action_alert_begun(const struct action_call *call, enum alert_kind kind,
                               const char *detail, struct error *err) MUST_USE;

#endif
