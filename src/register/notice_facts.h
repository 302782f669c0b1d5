/* Checks the facts of a notice and turns them into the change that they ask for. Private to the
 * register. */
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
enum notice_kind {
  NOTICE_NAME,
  NOTICE_ADDRESS,
  NOTICE_HOUSEHOLD,
  NOTICE_BIRTH,
  NOTICE_DEATH,
  NOTICE_PASSED_ON /* any other kind of the pack: the register does not change */
};
struct notice_facts {
  enum notice_kind kind;
  int64_t teller; /* in whose name the notice was sent */
  day_t today;
  struct span text[FACT_KEYS]; /* bytes null: not given */
  struct address_row address;
};

/* Empty facts were not given, and others than these have no effect. */
void notice_facts_read(const struct notice_input *telling, struct notice_facts *out);

/* Finds what the facts of a kind that changes the register ask for, and for whom. `subject`: the
 * person who died, if staff say it (0: as the facts say). *known false: a death whose person only
 * staff can identify; the other facts are sound. REFUSED with the fact's name. */
enum status notice_facts_change(struct store *store, struct arena *arena,
                                const struct notice_facts *told, int64_t subject,
                                struct change *out, bool *known, struct error *err) MUST_USE;

/* Where err->column is a column of an address: the fact of that name. */
void notice_facts_name(struct error *err);

/* Whether the fact that err->column names was given. */
bool notice_facts_have(const struct notice_facts *told, const char *column);

#endif
