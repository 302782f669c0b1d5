/* What proposing and answering share. Private to giving/. */
#ifndef WEAL_TIME_PARTS_H
#define WEAL_TIME_PARTS_H

#include "time/time.h"

extern const char *const time_state_words[];

/* REFUSED in the words of a message */
enum status time_refused(struct error *err, const char *column, const char *message);
/* The record that a person's was merged into, at the end of the chain; else themselves. */
enum status time_kept(struct store *store, int64_t person, int64_t *kept,
                      struct error *err) MUST_USE;
/* Minutes of a person's day that their account holds, and with `proposed` those that wait for an
 * answer. */
enum status time_day_minutes(struct store *store, int64_t person, day_t day, bool proposed,
                             int64_t *minutes, struct error *err) MUST_USE;

#endif
