/* Duties: what a body may record by hand. A duty is a row of the policy pack (duties.csv): some
 * categories, the law that gives them to somebody, and the kinds of body and the bodies that have
 * it by themselves. An administrator may give a duty, or one category, to another body. A body
 * that has no duty records nothing by hand. Files are not bound: what is in them is a sender's.
 *
 *     struct duties duties;
 *     status = duties_of(store, arena, pack, body, &duties, &err);
 *     ... duties_have(&duties, category) ...
 *
 * What was given is a word: a duty's code, or `category:CODE`. It is never deleted, only ended.
 * Functions that write run inside the caller's write transaction.
 */
#ifndef WEAL_REGISTER_DUTIES_H
#define WEAL_REGISTER_DUTIES_H

#include "pack/pack.h"
#include "store/store.h"

#define DUTY_OF_CATEGORY "category:"

struct given_duty {
  int64_t id;
  const char *word, *reason;
  const char *given_at, *given_by; /* RFC 3339; as in the access log, empty: somebody erased */
};

struct duties {
  const struct pack *pack;
  const char *code, *kind, *name; /* of the body; null: there is no such body, and it has none */
  struct given_duty *given;       /* what it has beyond the pack, the oldest first */
  int given_count;
};

enum status duties_of(struct store *store, struct arena *arena, const struct pack *pack,
                      int64_t body, struct duties *out, struct error *err) MUST_USE;
bool duties_have(const struct duties *duties, const struct pack_category *category);
/* REFUSED at `category`: the body may not record it by hand. */
enum status duties_check(struct store *store, const struct pack *pack, int64_t body,
                         const struct pack_category *category, struct error *err) MUST_USE;

/* The duty or category of a word, its name in `language`; null: the pack has none such. */
const char *duty_name(const struct pack *pack, struct span word, enum language language);

struct duty_change {
  int64_t body;
  struct span word, reason;
  const char *who; /* as in the access log */
};
/* REFUSED at `duty`: no such word, or the body has it. */
enum status duty_give(struct store *store, const struct pack *pack,
                      const struct duty_change *change, struct error *err) MUST_USE;
/* REFUSED at `duty`: it was not given to the body, or the pack itself gives it. */
enum status duty_end(struct store *store, const struct duty_change *change,
                     struct error *err) MUST_USE;

#endif
