/* Reads the facts of a notice, checks them, and turns them into the change that they ask for.
 * Private to the register. */
#ifndef WEAL_REGISTER_NOTICE_FACTS_H
#define WEAL_REGISTER_NOTICE_FACTS_H

#include "register/changes.h"
#include "register/notices.h"

enum fact_key {
  FACT_NAME,
  FACT_PLACE,
  FACT_HOUSEHOLD,
  FACT_FROM,
  FACT_BORN,
  FACT_SEX,
  FACT_DIED,
  FACT_PERSON,
  FACT_KEYS
};
struct notice_facts {
  struct span text[FACT_KEYS];
}; /* bytes null: not given */

/* REFUSED (err->column the key): not an object of texts, or too long. */
enum status notice_facts_parse(struct arena *arena, struct span json, struct notice_facts *out,
                               struct error *err) MUST_USE;

/* Finds what the facts ask for, and for whom. `teller`: in whose name the notice was sent;
 * `subject`: the person who died, if staff say it (0: as the facts say). *known false: a death
 * whose person only staff can identify; the other facts are sound. REFUSED with the fact's key. */
struct notice_facts_asked {
  int64_t teller, subject;
  enum notice_kind kind;
  day_t today;
};
enum status notice_facts_change(struct store *store, struct arena *arena,
                                const struct notice_facts_asked *asking,
                                const struct notice_facts *told, struct change *out, bool *known,
                                struct error *err) MUST_USE;

/* Whether the fact that err->column names was given. */
bool notice_facts_have(const struct notice_facts *told, const char *column);

#endif
