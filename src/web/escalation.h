/* What time alone does. To cases (action/desk.h: action_cases_by_time): late ones go to their
 * kind's next role too, and offers and what waits for a second person run out. To what is kept for
 * some days only: messages that ended and wrong tries to sign in go. A thread does it when the
 * server starts and every ten minutes, each time on a connection of its own. It logs how many were
 * late, or why it could not; then it tries again at its next time. */
#ifndef WEAL_WEB_ESCALATION_H
#define WEAL_WEB_ESCALATION_H

#include "http/log.h"
#include "pack/pack.h"

struct escalation;

enum status escalation_start(struct escalation **out, const char *store_url,
                             const struct pack *pack, struct log *log, struct error *err) MUST_USE;
void escalation_stop(struct escalation *e); /* takes null */

#endif
