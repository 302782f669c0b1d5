/* The units of amounts and the roles of accounts, as the store has them: the policy pack's
 * units.csv and roles.csv (pack/pack.h says what each column means).
 *
 *     book_units(store, arena, &units, &err);
 *     const struct book_unit *shares = units_find(units, span_of("shares"));
 *     book_roles(store, arena, &roles, &err);
 *     roles_of_entries(roles, shares->kind)->code                             holding
 *
 * The program contains no code of a role: it looks up the role for a use. It knows two units, pence
 * and minutes, of which it makes totals.
 */
#ifndef WEAL_BOOK_UNITS_H
#define WEAL_BOOK_UNITS_H

#include "base/arena.h"
#include "base/limits.h"
#include "pack/pack.h"
#include "store/store.h"

/* Room for a code with its terminating zero. */
enum { UNIT_SIZE = LIMIT_UNIT_BYTES + 1, ROLE_SIZE = LIMIT_ROLE_BYTES + 1 };

struct book_unit {
  const char *code, *name[LANGUAGES], *before, *one[LANGUAGES], *many[LANGUAGES];
  enum unit_kind kind;
  int scale; /* decimal places that amounts hold */
};
struct units {
  struct book_unit *all;
  int count;
}; /* in the order of display */

enum status book_units(struct store *store, struct arena *arena, struct units **out,
                       struct error *err) MUST_USE;
/* null: none such */
const struct book_unit *units_find(const struct units *units, struct span code);
/* Neither pence nor minutes: in no total, shown as holdings. */
bool unit_is_holding(const char *code);

struct book_role {
  const char *code;
  enum role_owner owner;
  enum role_use use;
  int kind;           /* for ROLE_ENTRIES, the kind of its units (enum unit_kind); -1: any */
  const char *opened; /* the unit in which everyone has such an account; empty: none */
  bool statement;     /* its lines count in a statement */
};
struct roles {
  struct book_role *all;
  int count;
};

/* FAILED when the store does not have a role that the program posts to. */
enum status book_roles(struct store *store, struct arena *arena, struct roles **out,
                       struct error *err) MUST_USE;
/* null: none such */
const struct book_role *roles_find(const struct roles *roles, const char *code);
/* not for ROLE_ENTRIES; never null */
const char *roles_of_use(const struct roles *roles, enum role_use use);
/* The role of a person's accounts for units of a kind; null: the pack has none, so that nothing of
 * the kind can be posted for a person. */
const struct book_role *roles_of_entries(const struct roles *roles, enum unit_kind kind);
/* Whether the role has that use. */
bool roles_is(const struct roles *roles, struct span code, enum role_use use);
bool roles_in_statement(const struct roles *roles, const char *code);

/* The roles that everyone has an account in from registration on, in their order. FAILED when there
 * is none, or more than there are kinds of units. */
struct roles_opened {
  const struct book_role *role[UNIT_KINDS];
  int count;
};
enum status roles_of_everyone(const struct roles *roles, struct roles_opened *out,
                              struct error *err) MUST_USE;

#endif
