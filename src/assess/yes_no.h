/* One yes or no of the rules about a person and those who belong with them, from what was told.
 *
 *     status = assess_yes_no(arena, &request, "income_is_below_the_minimum_guarantee", &out, &err);
 *
 * It is not known while a fact on which it hangs is not: never a no. */
#ifndef WEAL_ASSESS_YES_NO_H
#define WEAL_ASSESS_YES_NO_H

#include "assess/many.h"

enum yes_no { YES_NO_UNKNOWN, YES_NO_YES, YES_NO_NO };
/* REFUSED: the rules have no such yes or no; as assess(). */
enum status assess_yes_no(struct arena *arena, const struct assess_request *request,
                          const char *variable, enum yes_no *out, struct error *err) MUST_USE;
/* The same of everybody whom `request->lives` marks, all at once as assess_many does: out[i] of
 * each of request->people->all. Whom the ranges of many leave open is asked again alone, so each
 * answer is that of assess_yes_no; a child for whom nobody is responsible is not known. `wanted`
 * of the request is not read. */
enum status assess_yes_no_many(struct arena *arena, const struct many_request *request,
                               const char *variable, enum yes_no *out, struct error *err) MUST_USE;
/* The same about each of `count` people by their day of birth alone, on a day. */
enum status assess_yes_no_by_birth(struct arena *arena, const struct rules *rules,
                                   const char *variable, const day_t *born, int count, day_t on,
                                   bool *out, struct error *err) MUST_USE;

#endif
