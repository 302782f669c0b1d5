/* What is sent to people: codes to sign in, by e-mail or as a letter that is printed elsewhere, and
 * messages that they want, by e-mail alone.
 *
 * Whoever asks for a message never sees it. It waits as a row without its text (`message_out`); the
 * text, and a code in it, is made when it is sent, and is kept nowhere. So no page, no export and
 * no backup has a code.
 *
 *     status = notify_invite(store, arena, &asked, &way, &err);       in the caller's transaction
 *     status = notify_tell(store, arena, person, &message, &err);      likewise
 *     status = notify_line_up(store, now, &err);                      a thread of the portal
 *     status = notify_send_due(store, arena, &outbox, &sent, &why, &err);  the same thread
 *
 * A message that could not be sent is tried again, each time later; after the last try every
 * administrator is told. A kill between sending and noting it sends it once more, with another code
 * that takes the place of the first.
 *
 * A wanted message says that something is there to be read, and where. It has no figure, no name,
 * and of a case its number alone, since an e-mail is read on its way. A person gets one if they
 * asked for it, or if they once signed in with a code that was sent to the address: then it is
 * known to be theirs. To an address that was changed within LIMIT_ADDRESS_DAYS none goes, as no
 * code does: whoever had it changed would learn what happens in the account, and the person
 * would not.
 */
#ifndef WEAL_NOTIFY_NOTIFY_H
#define WEAL_NOTIFY_NOTIFY_H

#include "base/arena.h"
#include "base/day.h"
#include "base/message.h"
#include "base/outfile.h"
#include "store/store.h"

#include <stdatomic.h>

/* ---- asking ---- */

enum notify_way { NOTIFY_EMAIL = 1, NOTIFY_LETTER = 2 }; /* bits of a set */

struct notify_asked {
  int64_t person;
  unsigned ways;   /* those that are set up here */
  const char *who; /* as in the access log */
  int64_t now;     /* seconds since 1970 */
};

struct notify_way_taken {
  enum notify_way way;
  const char *masked; /* of an e-mail: a...@e....uk */
};

/* Puts an invitation in line; one of the person that waits goes. An e-mail address is taken when it
 * has stood for LIMIT_ADDRESS_DAYS and has the form of one; else it goes as a letter. REFUSED: has
 * died; no way is set up; no way leads to the person, or none yet. */
enum status notify_invite(struct store *store, struct arena *arena,
                          const struct notify_asked *asked, struct notify_way_taken *out,
                          struct error *err) MUST_USE;

/* Whether it is an address as we send to: letters, digits and some signs, one @, a host name with a
 * dot. No blank, no control character, no quoted part. */
bool notify_address_good(struct span address);

/* a...@e....uk; of an address that notify_address_good has passed. */
const char *notify_masked(struct arena *arena, const char *address);

/* ---- messages that a person may want ---- */

enum message_kind { MESSAGE_STATEMENT, MESSAGE_HELPER, MESSAGE_ANSWER, MESSAGE_KINDS };

/* All that tells one kind from another: a row of kinds.c. Texts are N_()-marked English, in which
 * {about} and {place} stand for what it is about and for the place's name. */
struct message_kind_row {
  const char *word;   /* as it is stored */
  const char *wanted; /* when one gets it: a box to tick */
  const char *subject, *says;
  const char *sign_in, *path; /* why to sign in, and at which page */
  const char *after;          /* what to do there; null: nothing more */
  /* for everybody at once, so it waits behind all others; once only about one year */
  bool of_a_year;
  /* whether it still is so when it is sent: *fault why not; null: it stays so */
  enum status (*holds)(struct store *store, struct arena *arena, int64_t person, const char **fault,
                       struct error *err);
};
extern const struct message_kind_row message_kinds[MESSAGE_KINDS];

struct message_choices {
  /* as it would be decided now; not what was refused under a record that was merged into theirs */
  bool wanted[MESSAGE_KINDS];
  const char *address; /* of the register; null: none */
  bool confirmed;      /* they signed in with a code that was sent to it */
  day_t from;          /* the first day on which a message may go there; DAY_NONE: any day */
};
enum status notify_choices(struct store *store, struct arena *arena, int64_t person,
                           struct message_choices *out, struct error *err) MUST_USE;
/* For the person and for what was said under records that were merged into theirs. In the caller's
 * write transaction. */
enum status notify_choose(struct store *store, struct arena *arena, int64_t person,
                          const bool wanted[MESSAGE_KINDS], enum language language,
                          struct error *err) MUST_USE;
/* Somebody has signed in with a code: where it was sent to the address that stands, that is theirs.
 * In the caller's write transaction. */
enum status notify_confirm(struct store *store, struct arena *arena, int64_t person,
                           enum language language, struct error *err) MUST_USE;
/* A code was given to them in another way: signing in confirms no address. Likewise. */
enum status notify_code_elsewhere(struct store *store, int64_t person, struct error *err) MUST_USE;

/* In which they last chose or signed in; English where they did neither. */
enum status notify_language(struct store *store, int64_t person, enum language *out,
                            struct error *err) MUST_USE;

struct message {
  enum message_kind kind;
  const char *about; /* a year, the number of a case, or empty */
  const char *who;   /* by whose doing, as in the access log */
  int64_t now;
};
/* Puts a message in line, if the person wants it and it may go to their address; the same one that
 * waits already is not put twice. In the caller's write transaction. */
enum status notify_tell(struct store *store, struct arena *arena, int64_t person,
                        const struct message *message, struct error *err) MUST_USE;

/* The latest tax year that is over, once it has been closed to its last day: a message to
 * everybody who wants it, some hundred people in a transaction, at most LIMIT_MESSAGE_BATCHES of
 * these. What a kill leaves is gone on with; of two at once one goes on. No transaction is
 * begun. */
enum status notify_line_up(struct store *store, int64_t now, struct error *err) MUST_USE;

/* ---- sending ---- */

struct outbox {
  unsigned ways;
  /* smtp://host:port or smtps://host:port; null: no e-mail */
  const char *smtp, *user, *password, *from;
  const char *authorities;    /* a file of certificates that the server's is checked with; null: the
                              system's */
  const char *letters;        /* a folder; null: no letters */
  const char *place, *origin; /* the place's name; the address of the portal */
  const _Atomic bool *stopping; /* ends a mail that is under way; may be null */
};

/* The folder of letters, which is made where it is not there: never the book, a file of it, or a
 * link. USAGE: it is one of these. REFUSED: others could look into it, or it is another user's. */
enum status letters_check(const struct out_path *folder, struct error *err) MUST_USE;

/* Tries every message that is due. *count: how many went out; *why, in `arena`: why the last one
 * did not, null: all did. No transaction is begun. */
enum status notify_send_due(struct store *store, struct arena *arena, const struct outbox *outbox,
                            int *count, const char **why, struct error *err) MUST_USE;

/* Removes what ended LIMIT_MESSAGE_DAYS ago or before, and wanted messages that nobody could send
 * for as long. In the caller's write transaction. */
enum status notify_remove_old(struct store *store, int64_t now, struct error *err) MUST_USE;

/* ---- what is in line ---- */

struct message_out {
  const char *code, *name; /* whom it is to; null: erased */
  const char *way;         /* `email`, `letter` */
  const char *state;       /* `waiting`, `sent`, `failed` */
  const char *reason;      /* why the last try failed; empty */
  const char *asked_at;    /* RFC 3339 */
  int64_t due;
};

/* Codes, the newest first. */
enum status notify_list(struct store *store, struct arena *arena, int most,
                        struct message_out **out, int *count, struct error *err) MUST_USE;

#endif
