/* Rewrites the files within the configured number of days after an erasure (privacy/rewrite.h). A
 * thread checks every ten minutes whether a rewriting is due, and does it on a connection of its
 * own. It logs what it did, or why it could not; then it tries again at its next check. */
#ifndef WEAL_WEB_REWRITING_H
#define WEAL_WEB_REWRITING_H

#include "http/log.h"

#include <time.h>

struct rewriting;

/* days 0: never; *out is null then. */
enum status rewriting_start(struct rewriting **out, const char *store_url, int64_t days,
                            struct log *log, struct error *err) MUST_USE;
/* A rewriting that waits is given up; one under way ends with the current table (SQLite: the file),
 * and the next start continues. A kill in the middle leaves the book as it was. Takes null. */
void rewriting_stop(struct rewriting *r);

/* Whether an erasure at `since` is to be rewritten now: its time is over, or its time ends within a
 * day and it is night. */
bool rewriting_due(time_t since, time_t now, int64_t days);

#endif
