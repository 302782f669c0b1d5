/* What opening, moving and reading share. Private to case/. */
#ifndef WEAL_CASE_PARTS_H
#define WEAL_CASE_PARTS_H

#include "base/refusal.h"
#include "case/case.h"

/* ---- rows (file.c) ---- */

/* Of `case_file c`, in the order that case_file_read takes them. */
#define CASE_COLUMNS \
  "c.party, c.id, c.kind, c.state, c.waits, c.opened_at, c.opener, c.opened_by, c.to_body, " \
  "c.to_role, c.to_person, c.assigned, c.due, c.escalated, c.subject, c.facts, c.reason, " \
  "c.decided_at, c.decider, c.decided_by, c.answer, c.result"
enum status case_file_read(const struct pack *pack, struct arena *arena, struct query *q,
                           struct case_file *out, struct error *err) MUST_USE;
/* By its id. *found false: there is none. */
enum status case_file_find(struct store *store, struct arena *arena, const struct pack *pack,
                           int64_t id, struct case_file *out, bool *found,
                           struct error *err) MUST_USE;
/* Adds to the history. `words` may be null, and have nobody's reference: whom the case is about
 * reads them, and an erasure cannot take a reference out of them. */
enum status case_event_add(struct store *store, const struct case_actor *actor,
                           const struct case_file *file, const char *what, const char *state,
                           struct span words, struct error *err) MUST_USE;
/* Adds to whom it was given; 0: to nobody. */
enum status case_event_add_assigned(struct store *store, const struct case_actor *actor,
                                    const struct case_file *file, int64_t to,
                                    struct error *err) MUST_USE;

/* ---- who may (actor.c) ---- */

/* They are whom it is about, or who opened it, for whomever: so they never decide it. */
bool case_kind_is_officers(const struct pack_case_kind *kind);
bool case_is_own(const struct case_actor *actor, const struct case_file *file);
/* Whether it is theirs to decide; what an independent kind asks for too. Nobody's own is. */
bool case_may_decide(const struct case_actor *actor, const struct case_file *file);
/* Whether it was given to them, or to a body, role or person that they are: not by escalation. */
bool case_is_to(const struct case_actor *actor, int64_t to_body, const char *to_role,
                int64_t to_person);
bool case_may_make(const struct case_actor *actor, const struct case_file *file,
                   const struct pack_case_move *move);

/* ---- facts (facts.c) ---- */

/* Checks what was given for `asked` (`open`, or the word of a move). */
enum status case_facts_check(const struct case_desk *desk, const struct pack_case_kind *kind,
                             const char *asked, const struct case_fact *facts, int count,
                             struct error *err) MUST_USE;
/* The JSON of the case's facts with `more` added or put in their place. */
enum status case_facts_write(struct arena *arena, const struct case_fact *facts, int count,
                             const struct case_fact *more, int more_count, struct span *out,
                             struct error *err) MUST_USE;
enum status case_facts_read(struct arena *arena, struct span json, const struct case_fact **out,
                            int *count, struct error *err) MUST_USE;
/* A reason or an answer. */
enum status case_words_check(struct span words, enum case_asks asks, const char *column,
                             struct error *err) MUST_USE;

/* ---- handlers (move.c) ---- */

/* *out null: the kind has none. FAILED: the program has none of that name. */
enum status case_handler_of(const struct case_desk *desk, const struct pack_case_kind *kind,
                            const struct case_handler **out, struct error *err) MUST_USE;

#endif
