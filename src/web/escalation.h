/* Late cases go to their kind's next role too (case/case.h: cases_escalate): when the server
 * starts, then once a day. A thread checks every ten minutes whether a new day has begun, and works
 * on a connection of its own. It logs how many there were, or why it could not; then it tries again
 * at its next check. */
#ifndef WEAL_WEB_ESCALATION_H
#define WEAL_WEB_ESCALATION_H

#include "http/log.h"
#include "pack/pack.h"

struct escalation;

/* A pack without kinds of case: *out is null. */
enum status escalation_start(struct escalation **out, const char *store_url,
                             const struct pack *pack, struct log *log, struct error *err) MUST_USE;
void escalation_stop(struct escalation *e); /* takes null */

#endif
