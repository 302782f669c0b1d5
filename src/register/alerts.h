/* Alerts: what every administrator is told, because it could give somebody power over the book or
 * looks like misuse. Whoever does such a thing cannot keep it from the others.
 *
 *     status = alert_add(store, ALERT_INVITED, by.who, person, "", &err);
 *     ... alert_words(&alert, language, arena) ...      "The operator root made a code with which
 *                                                        Ann Field (P000001) can sign in."
 *
 * A kind is a row of the table in alerts.c and a name here. Writing runs inside the caller's write
 * transaction, so an act and its alert are there together or not at all. The portal lists alerts at
 * /admin/alerts. They never end; an alert goes when the person whom it concerns is erased.
 */
#ifndef WEAL_REGISTER_ALERTS_H
#define WEAL_REGISTER_ALERTS_H

#include "base/arena.h"
#include "base/message.h"
#include "store/store.h"

enum alert_kind {
  ALERT_INVITED,               /* a code to sign in was made at the command line */
  ALERT_ADMINISTRATOR_INVITED, /* a code was sent to an administrator */
  ALERT_NOT_SENT,              /* a message was given up */
  ALERT_SIGN_IN_TRIES,         /* many wrong codes came from one address or network */
  ALERT_DUTY_GIVEN,            /* a body may record more than law gives it */
  ALERT_BODY_KIND,             /* a body is new, or of another kind: its duties follow from that */
  /* the public account: an edition was made before its day; how often one is made was changed */
  ALERT_EDITION,
  ALERT_EDITION_SCHEDULE,
  /* at the command line, where one person acts alone */
  ALERT_ROLE_GRANTED, /* detail: the role, `staff:council` */
  ALERT_ROLE_ENDED,   /* the same */
  ALERT_FIRST_ADMINISTRATOR,
  ALERT_BREAK_GLASS, /* an administrator for some hours; detail: why */
  ALERT_YEAR_CLOSED, /* detail: the year */
  ALERT_ERASED,      /* detail: empty, since whom it was is gone */
  ALERT_REVERSED,    /* detail: `import:12` */
  /* what needs two people was asked or decided by --as; detail: `role-grant: approve` */
  ALERT_ACTED_AS,
  ALERT_LOOKS,  /* somebody made as many looks within an hour as they may */
  ALERT_KEEPER, /* who keeps the book was changed; detail: name, address of the portal */
  ALERT_IMPORT, /* in the portal, where one administrator acts alone; detail: its kind */
  ALERT_DEATH,  /* a death that was told was put on the record of somebody with a role */
  ALERT_KINDS
};

/* `who` as in the access log: `id:P000001`, the user of the machine, or empty: a stranger at the
 * portal. `party`: whom it concerns, 0: nobody of the register. `detail`: what the sentence names
 * further, such as a role's word or a number; empty where it needs nothing. Never a name, unless
 * the operator wrote one into a reason. */
enum status alert_add(struct store *store, enum alert_kind kind, const char *who, int64_t party,
                      const char *detail, struct error *err) MUST_USE;

/* Whether this was told of the same `who` since a moment (RFC 3339): what goes on is told once. */
enum status alert_is_told(struct store *store, enum alert_kind kind, const char *who,
                          const char *since, bool *told, struct error *err) MUST_USE;

struct alert {
  int64_t id;
  const char *at;   /* RFC 3339 */
  const char *kind; /* the word that is stored */
  const char *who, *detail;
  /* of whoever did it, and of whom it concerns; null: not of the register, or erased */
  const char *who_name, *code, *name;
  const char *body; /* of a role of a body: the body's name, else null */
};

/* Newest first; skips `skip`, gives at most `most`; *total of all. */
struct alerts_page {
  const char *since, *until; /* moments, since included; null: any */
  int64_t skip;
  int most;
};
enum status alerts_list(struct store *store, struct arena *arena, const struct alerts_page *page,
                        struct alert **out, int *count, int64_t *total, struct error *err) MUST_USE;
/* A sentence, in the arena. A kind that this program does not know is given as its word. */
const char *alert_words(const struct alert *alert, enum language language, struct arena *arena);

#endif
