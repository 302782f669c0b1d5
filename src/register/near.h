/* Who is so near to somebody that in a role they decide nothing of them, award them nothing, take
 * no claim of them and record nothing about them. One rule for all of it: themself under every
 * record; whoever they name, or names them, as a partner, a child or another adult of the home; and
 * whoever is registered in the same home at the same time; today or until a year ago. Either's word
 * counts, and so does what was taken back or corrected within the year: an officer alone cannot
 * tell it away before they decide. Whoever names an officer falsely is served by a colleague.
 *
 *     status = register_near(store, arena, officer, today, &near, &err);
 *     if (near_has(&near, person)) ... refuse: a colleague does it ...
 */
#ifndef WEAL_REGISTER_NEAR_H
#define WEAL_REGISTER_NEAR_H

#include "base/arena.h"
#include "base/day.h"
#include "store/store.h"

struct near {
  int64_t *all; /* every record of each, sorted; the person's own, and the homes, too */
  int count;
};
/* person 0: nobody is near. */
enum status register_near(struct store *store, struct arena *arena, int64_t person, day_t today,
                          struct near *out, struct error *err) MUST_USE;
/* The same of whoever is named as in an access log, `id:P000001`; of the machine's user nobody. */
enum status register_near_of_who(struct store *store, struct arena *arena, const char *who,
                                 day_t today, struct near *out, struct error *err) MUST_USE;
/* Without whoever only lives in the same home: whose awards count together. */
enum status register_family(struct store *store, struct arena *arena, int64_t person, day_t today,
                            struct near *out, struct error *err) MUST_USE;
bool near_has(const struct near *near, int64_t id);
/* Whether one of them is `other`, of whom alone it is asked. */
enum status register_is_near(struct store *store, struct arena *arena, int64_t person,
                             int64_t other, day_t today, bool *out, struct error *err) MUST_USE;

/* Everybody who says that another is their partner, whatever the days: records, as they told it. */
struct couple {
  int64_t person, other;
};
enum status register_couples(struct store *store, struct arena *arena, struct couple **out,
                             int *count, struct error *err) MUST_USE;
/* The days from which somebody was told to be a couple with another, by either of the two. */
enum status register_couple_days(struct store *store, struct arena *arena, int64_t person,
                                 day_t **out, int *count, struct error *err) MUST_USE;

#endif
