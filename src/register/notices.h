/* Notices ("tell us once"): a person reports a change once, and it is passed to every body that
 * needs it. A new name or address of one's own is applied at once; a household, a birth or a death
 * waits until a member of staff accepts or refuses it.
 *
 *     kind        facts (a JSON object of texts; other keys are kept and shown, but have no effect)
 *     name        name
 *     address     place (code), from (day)
 *     household
 *         household (code; only staff learn whether it exists, when they accept), from
 *     birth       name, born, sex (F, M, X; optional): a child of the person's
 *     death
 *         died, and either person (SCHEME:VALUE of somebody who ever lived in a household with
 *             them) or name and born, and staff then identify the person
 *
 * Functions that write run inside the caller's write transaction. The caller gives the ids of
 * bodies that have lines for the person in the last two years (from the book); notice_bodies adds
 * the councils.
 */
#ifndef WEAL_REGISTER_NOTICES_H
#define WEAL_REGISTER_NOTICES_H

#include "base/arena.h"
#include "base/day.h"
#include "register/register.h"

enum notice_kind { NOTICE_NAME, NOTICE_ADDRESS, NOTICE_HOUSEHOLD, NOTICE_BIRTH, NOTICE_DEATH };
enum {
  NOTICE_KINDS = 5,
  NOTICE_FACTS_BYTES_MAX = 8192,
  NOTICE_ANSWER_BYTES_MAX = 2000,
  NOTICE_BODIES_MAX = 100,
  NOTICES_PAGE_MOST = 100
};
const char *notice_word(enum notice_kind kind);
enum status notice_kind_parse(struct span word, enum notice_kind *kind, struct error *err) MUST_USE;
static inline bool notice_waits(enum notice_kind kind) { return kind >= NOTICE_HOUSEHOLD; }

/* The bodies to notify: `known` (in any order, with duplicates) and the councils whose place is the
 * person's place on the day or above it; sorted, each once. */
enum status notice_bodies(struct store *store, struct arena *arena, int64_t person, day_t day,
                          const struct places *places, const struct bodies *bodies,
                          const int64_t *known, int known_count, int64_t **out, int *count,
                          struct error *err) MUST_USE;

struct notice_input {
  int64_t person; /* in whose name: whose record changes, or (birth, death) who reports it */
  enum notice_kind kind;
  struct span facts;
  day_t today;
  const char *who; /* `id:P000001`: themselves or a helper */
  const int64_t *bodies;
  int body_count;
};
/* Checks the notice as if it were applied, and applies it unless notice_waits. REFUSED with
 * err->column the fact's key (the journey shows the fault at that question); also when the notice
 * must wait and there is no body to notify. */
enum status notice_make(struct store *store, struct arena *arena,
                        const struct notice_input *telling, int64_t *id,
                        struct error *err) MUST_USE;
/* Only checks, for one question after another: missing facts are refused only if `whole`. Writes
 * nothing; a snapshot is enough. */
enum status notice_check(struct store *store, struct arena *arena,
                         const struct notice_input *telling, bool whole,
                         struct error *err) MUST_USE;

enum notice_state { NOTICE_WAITING, NOTICE_TAKEN, NOTICE_REFUSED };
struct notice_reader {
  int64_t body;
  const char *read_at; /* null: not yet */
};
struct notice {
  int64_t person, id;
  const char *code, *name; /* of the person */
  enum notice_kind kind;
  day_t day;
  const char *facts, *at, *who;
  enum notice_state state;
  const char *answer, *answered_at, *answered_by; /* null: applied at once, or waiting */
  /* of all bodies; in notices_of_body only that body's */
  struct notice_reader *readers;
  int reader_count;
};
/* One of the notice's texts, in the arena; null: not given. */
const char *notice_fact(struct arena *arena, const struct notice *notice, const char *key);

/* A person's own, newest first. */
enum status notices_of(struct store *store, struct arena *arena, int64_t person,
                       struct notice **out, int *count, struct error *err) MUST_USE;
/* The notices passed to a body: `waiting_only`, or all; unread first, then newest first. */
struct notices_page {
  bool waiting_only;
  int64_t skip;
  int most;
};
enum status notices_of_body(struct store *store, struct arena *arena, int64_t body,
                            const struct notices_page *page, struct notice **out, int *count,
                            int64_t *total, struct error *err) MUST_USE;
/* One notice, as passed to the body (0: to any). REFUSED: there is none, or it was not passed to
 * this body. */
enum status notice_one(struct store *store, struct arena *arena, int64_t id, int64_t body,
                       struct notice *out, struct error *err) MUST_USE;
/* Notes that the body's staff have read it; the first time is kept. REFUSED: not passed to this
 * body. */
enum status notice_read(struct store *store, int64_t id, int64_t body, struct error *err) MUST_USE;

struct notice_answer {
  int64_t id, body; /* the body of the member of staff who answers */
  const char *who;
  day_t today;
  int64_t person; /* for a death reported by name: the person; else 0 */
};
/* Applies it. *born: the child, whose accounts the caller opens (book_open_people); 0 otherwise.
 * REFUSED: not waiting, not passed to this body, or can no longer be applied (the message says
 * why). */
enum status notice_take(struct store *store, struct arena *arena,
                        const struct notice_answer *answer, int64_t *born,
                        struct error *err) MUST_USE;
/* REFUSED also without a reason (err->column `reason`). */
enum status notice_refuse(struct store *store, struct arena *arena,
                          const struct notice_answer *answer, struct span reason,
                          struct error *err) MUST_USE;

/* For erasure: deletes what others reported about this person (deaths that name them, their birth),
 * except notices of a sender whose record is under a legal hold. Other notices of those senders are
 * kept. The person's own notices are deleted by their key. Call it before the person's code is
 * deleted. */
enum status notices_forget(struct store *store, struct arena *arena, int64_t person,
                           struct error *err) MUST_USE;

#endif
