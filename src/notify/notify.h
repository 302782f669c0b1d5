/* What is sent to people: by e-mail, or as a letter that is printed elsewhere. So far it is the
 * code of an invitation.
 *
 * Whoever asks for a message never sees it. It waits as a row without its text (`message_out`); the
 * text, and a code in it, is made when it is sent, and is kept nowhere. So no page, no export and
 * no backup has a code.
 *
 *     status = notify_invite(store, arena, &asked, &way, &err);       in the caller's transaction
 *     status = notify_send_due(store, &outbox, &sent, &err);          a thread of the portal
 *
 * A message that could not be sent is tried again, each time later; after the last try every
 * administrator is told. A kill between sending and noting it sends it once more, with another code
 * that takes the place of the first.
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

/* Removes what ended LIMIT_MESSAGE_DAYS ago or before. In the caller's write transaction. */
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

/* Newest first. */
enum status notify_list(struct store *store, struct arena *arena, int most,
                        struct message_out **out, int *count, struct error *err) MUST_USE;

#endif
