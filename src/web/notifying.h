/* The thread that sends messages (notify/notify.h): it looks every few seconds what is due, on a
 * connection of its own. A mail server that is away is logged, and tried again. */
#ifndef WEAL_WEB_NOTIFYING_H
#define WEAL_WEB_NOTIFYING_H

#include "http/config.h"
#include "http/log.h"
#include "notify/notify.h"

struct notifying;

/* What the configuration sets up; the password is read from its file. Texts are borrowed from
 * `config`, or in `arena`. REFUSED: mail without a sender, a password file that others can read. */
enum status notifying_outbox(const struct config *config, struct arena *arena, struct outbox *out,
                             struct error *err) MUST_USE;

/* *out is null where nothing is set up. `outbox` is copied. */
enum status notifying_start(struct notifying **out, const char *store_url,
                            const struct outbox *outbox, struct log *log,
                            struct error *err) MUST_USE;
void notifying_stop(struct notifying *n); /* ends a mail that is under way; takes null */

#endif
