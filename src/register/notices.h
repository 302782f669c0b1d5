/* Told once: what a person says to one place, passed to every body that needs it. A new name or
 * address of one's own applies at once; a household, a birth, a death wait until a member of staff
 * takes or refuses them.
 *
 *     kind        facts (a JSON object of texts; other keys are kept and shown, and do nothing)
 *     name        name
 *     address     place (code), from (day)
 *     household
 *         household (code; whether there is one is said to staff only, when they take it), from
 *     birth       name, born, sex (F, M, X; may lack): a child of the person's
 *     death
 *         died, and either person (SCHEME:VALUE, of somebody who ever lived in a household with
 *         them) or name and born, when staff say whom it is
 *
 * Writers run inside a write transaction of the caller's. Bodies are ids, given by the caller:
 * those with lines for the person in the last two years (the book knows); notice_bodies adds the
 * councils.
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

/* The bodies to tell: `known` (sorted or not, with doubles) and the councils whose place is the
 * person's on the day or lies above it; sorted, each once. */
enum status notice_bodies(struct store *store, struct arena *arena, int64_t person, day_t day,
                          const struct places *places, const struct bodies *bodies,
                          const int64_t *known, int known_count, int64_t **out, int *count,
                          struct error *err) MUST_USE;

struct notice_input {
  int64_t person; /* in whose name: their record, or (birth, death) who tells */
  enum notice_kind kind;
  struct span facts;
  day_t today;
  const char *who; /* `id:P000001`: themselves or a helper */
  const int64_t *bodies;
  int body_count;
};
/* Checked as if it were applied; REFUSED with err->column the fact's key (the journey shows it at
 * that question); also when it must wait and there is nobody to tell. Applied already unless
 * notice_waits. */
enum status notice_make(struct store *store, struct arena *arena,
                        const struct notice_input *telling, int64_t *id,
                        struct error *err) MUST_USE;
/* Only the check, for one question after another: facts that are not there yet are not missed
 * unless `whole`. Writes nothing; a snapshot will do. */
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
  /* of all bodies; in notices_of_body that body's alone */
  struct notice_reader *readers;
  int reader_count;
};
/* One of its texts, in the arena; null: not there. */
const char *notice_fact(struct arena *arena, const struct notice *notice, const char *key);

/* A person's own, newest first. */
enum status notices_of(struct store *store, struct arena *arena, int64_t person,
                       struct notice **out, int *count, struct error *err) MUST_USE;
/* Those passed to a body: `waiting_only`, or all; unread first, then newest first. */
struct notices_page {
  bool waiting_only;
  int64_t skip;
  int most;
};
enum status notices_of_body(struct store *store, struct arena *arena, int64_t body,
                            const struct notices_page *page, struct notice **out, int *count,
                            int64_t *total, struct error *err) MUST_USE;
/* One, as passed to the body (0: of any). REFUSED: there is none, or not passed to this body. */
enum status notice_one(struct store *store, struct arena *arena, int64_t id, int64_t body,
                       struct notice *out, struct error *err) MUST_USE;
/* Their staff have read it: the first time counts. REFUSED: not passed to this body. */
enum status notice_read(struct store *store, int64_t id, int64_t body, struct error *err) MUST_USE;

struct notice_answer {
  int64_t id, body; /* of which body the answering member of staff is */
  const char *who;
  day_t today;
  int64_t person; /* death told by name: who it is; else 0 */
};
/* Applies it. *born: the child, whose accounts the caller opens (book_open_people); 0 otherwise.
 * REFUSED: not waiting, not passed to this body, can be applied no longer (in words). */
enum status notice_take(struct store *store, struct arena *arena,
                        const struct notice_answer *answer, int64_t *born,
                        struct error *err) MUST_USE;
/* REFUSED also without a reason (err->column `reason`). */
enum status notice_refuse(struct store *store, struct arena *arena,
                          const struct notice_answer *answer, struct span reason,
                          struct error *err) MUST_USE;

/* For erasure: what others told of this person goes (deaths that name them, the birth by which they
 * came here), but for what somebody told whose record a legal hold keeps; the others' other notices
 * stay. Their own notices are deleted by their key. Before the person's code is gone. */
enum status notices_forget(struct store *store, struct arena *arena, int64_t person,
                           struct error *err) MUST_USE;

#endif
