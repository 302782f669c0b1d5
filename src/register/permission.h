/* Permissions, and the two tables that give them: roles, which an administrator grants, and scopes,
 * which a person gives to a helper. A route of the portal names one permission, and everybody who
 * has it may use the route. Permissions have no order: a role gives what its row names and nothing
 * else.
 *
 *     permission_in(MAY_IMPORT, role_find(word)->gives)
 *
 * A new role is a row in permission.c. A new permission is a row there and a line here.
 */
#ifndef WEAL_REGISTER_PERMISSION_H
#define WEAL_REGISTER_PERMISSION_H

#include "base/text.h"

enum permission {
  ANYONE,
  SIGNED_IN,         /* about themselves */
  HELPER,            /* {person} has given the visitor some scope; */
  HELPER_SEE,        /* {person} has given the visitor the scope `see`; */
  HELPER_NOTIFY,     /*   `tell`; */
  HELPER_TIME,       /*   `time` */
  MAY_SEE_PEOPLE,    /* a person's lines with the visitor's bodies */
  MAY_RECORD,        /* a service or a payment of the visitor's bodies, and reverse it */
  MAY_ANSWER_INBOX,  /* cases to the visitor's bodies and roles */
  MAY_ADMINISTER,    /* the administrators' first page */
  MAY_IMPORT,        /* take files in */
  MAY_CHANGE_BODIES, /* add and change them */
  MAY_GRANT_ROLES,   /* grant and end them */
  MAY_INVITE,        /* invite somebody to sign in */
  MAY_CLOSE_YEARS,   /* close a year */
  MAY_AUDIT,         /* the journal, the access log and the audit; identities hidden */
  MAY_OPERATE,       /* what only the operator does, on the command line: no role gives it */
  PERMISSIONS
};
typedef uint64_t permission_set;
#define PERMISSION(p) ((permission_set)1 << (p))
static inline bool permission_in(enum permission permission, permission_set set) {
  return set & PERMISSION(permission);
}

const char *permission_word(enum permission permission); /* `import`, for tests and documents */
/* Whether staff must give a reason before they learn who is registered. */
bool permission_asks_reason(enum permission permission);
/* Adds who has the permission, in a document's words: `administrator`. */
void text_add_permission_holders(struct text *t, enum permission permission);

/* ---- roles ---- */

struct role {
  const char *word; /* as stored and as typed */
  bool of_body;     /* it is granted for a body; else for the whole place */
  permission_set gives;
  const char *holder; /* English, of documents: `staff of a body` */
  const char *help;   /* English, in the help of the command line: what it may */
  const char *rule;   /* English, for refusals: whether it is granted for a body */
  /* N_()-marked English; with %s the name of the body, for a role of a body */
  const char *title, *title_of; /* title_of null: as the title */
  const char *choice;           /* in the form that grants it */
  const char *among;            /* in a list, with the body's name: `auditor` */
  const char *viewer;           /* in the access log: the person's name, then the body's */
  const char *granted, *ended;  /* in the access log of the person who has it */
};

const struct role *role_at(int i); /* in the order of the table; null past the last */
/* Adds `staff, administrator or auditor`, explained: with what each may in parentheses. */
void text_add_roles(struct text *t, bool explained);
const struct role *role_find(struct span word);
/* REFUSED: no role has this word. */
enum status role_parse(struct span word, const struct role **role, struct error *err) MUST_USE;

/* ---- scopes ---- */

enum { SCOPE_SEE = 1, SCOPE_NOTIFY = 2, SCOPE_TIME = 4 };

struct helper_scope {
  const char *word; /* as stored and as sent */
  unsigned bit;
  permission_set gives;
  const char *choice, *among; /* N_()-marked English: in the form; among others */
};

const struct helper_scope *scope_at(int i); /* in the order of the table; null past the last */
unsigned scope_all(void);
permission_set scope_gives(unsigned scope);
/* Some of the words `see tell time`, with a space between; REFUSED when there is none, or another
 * word. */
enum status scope_parse(struct span words, unsigned *scope, struct error *err) MUST_USE;
/* The same for stored words; skips unknown ones. */
unsigned scope_of_words(struct span words);
void text_add_scope(struct text *t, unsigned scope);
enum status scope_refuse_none(struct error *err) MUST_USE;

#endif
