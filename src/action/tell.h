/* The handler `notice` of cases: what somebody tells once (register/notices.h says which kinds
 * there are, and their facts). Opened, a case is told to the bodies that have lines for the person
 * and to the councils of their place; one of those decides what waits. A name or an address of
 * one's own changes the record when the case is opened, everything else, and a move of long ago
 * (tell_move_waits), when `accept` is made. A child gets its accounts; the case's result is
 * `person:ID`.
 */
#ifndef WEAL_ACTION_TELL_H
#define WEAL_ACTION_TELL_H

#include "case/case.h"
#include "register/notices.h"

extern const struct case_handler tell_case_handler;

/* The bodies that are told if this person tells something today, and those with lines for them that
 * this book cannot tell. */
enum status tell_bodies(struct store *store, struct arena *arena, int64_t person, day_t today,
                        struct notice_told *out, struct error *err) MUST_USE;

/* Whether a move of one's own from this day waits for staff: the day lies in a year that is closed
 * or before it, or more than a year before today. */
enum status tell_move_waits(struct store *store, struct arena *arena, day_t moved, day_t today,
                            bool *out, struct error *err) MUST_USE;

#endif
