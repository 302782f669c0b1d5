/* What proposing and answering share. Private to time/. */
#ifndef WEAL_TIME_PARTS_H
#define WEAL_TIME_PARTS_H

#include "time/time.h"

extern const char *const time_state_words[];

/* Minutes that a person's account holds for a day, and with `proposed` also those that wait for an
 * answer. */
enum status time_day_minutes(struct store *store, int64_t person, day_t day, bool proposed,
                             int64_t *minutes, struct error *err) MUST_USE;

#endif
