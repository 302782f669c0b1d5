/* What was erased is rewritten within the configured number of days (privacy/rewrite.h): a thread
 * looks now and then whether something is due, and does it on a connection of its own. What it did,
 * or why it could not, is in the log; then it tries again at its next look. */
#ifndef WEAL_WEB_REWRITING_H
#define WEAL_WEB_REWRITING_H

#include "http/log.h"

#include <time.h>

struct rewriting;

/* days 0: never; *out is null then. */
enum status rewriting_start(struct rewriting **out, const char *store_url, int64_t days,
                            struct log *log, struct error *err) MUST_USE;
/* One that waits is given up, and one under way ends with the table (SQLite: the file) that it is
 * at; the next start does it. A kill in the middle of it leaves the book as it was. Takes null. */
void rewriting_stop(struct rewriting *r);

/* Whether what was erased at `since` is to be rewritten now: its time is over, or it ends within a
 * day and it is night. */
bool rewriting_due(time_t since, time_t now, int64_t days);

#endif
