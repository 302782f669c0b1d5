/* Cases: something proposed, told, claimed, ordered, disputed or reviewed that waits for somebody.
 *
 * A kind of case is rows of the policy pack (policy/uk/cases/): who may open and decide it, its
 * facts, its moves, its deadline, what is told to whom. This folder knows codes only. What a
 * decision does (change a record, post time, take a line back) is a handler, which a folder above
 * or beside registers in the desk; a kind without a handler is a question and its answer.
 *
 *     struct case_desk desk = {.pack = pack, .handlers = case_handlers, .today = today};
 *     struct case_opening opening = {.kind = "line-wrong", .party = person, .to_body = body,
 *         .subject = "line:12:3", .reason = span_of("I was in hospital that day")};
 *     status = case_open(store, arena, &desk, &actor, &opening, &id, &err);
 *     ...
 *     status = case_move(store, arena, &desk, &clerk, &(struct case_motion){.id = id, .move =
 *         "uphold", .words = span_of("You are right")}, &file, &err);
 *
 * Life of a case: opened in its kind's first state; moves lead from state to state; while the state
 * waits, somebody can decide; a state that does not wait is the end, unless the kind has a move out
 * of it. Every event is a row that is never changed.
 *
 * Two who decide at once do not both: a move first changes the row's state, on the condition that
 * it is still the one the move begins from, and whoever comes second is REFUSED.
 *
 * Nobody decides a case of their own, nor in a role one of their family (`near`). The
 * actor's `records` are all records of one person (merged ones too), so neither the person a case
 * is about, nor who opened it, nor somebody who is the same person under another record can make a
 * decider's move.
 *
 * Functions that write run inside the caller's write transaction; after anything but DONE the
 * caller rolls back, at least to a savepoint. REFUSED sets err->column to the field that is wrong.
 */
#ifndef WEAL_CASE_CASE_H
#define WEAL_CASE_CASE_H

#include "base/arena.h"
#include "base/day.h"
#include "pack/pack.h"
#include "store/store.h"

struct rules;

enum {
  CASE_WORDS_BYTES_MAX = 4000, /* reasons and answers */
  CASE_FACTS_BYTES_MAX = 8192,
  CASE_TOLD_MAX = 100,  /* bodies that one case is told to */
  CASES_PAGE_MOST = 100 /* in one page of a list */
};

/* ---- who acts ---- */

/* Whoever opens, reads or decides. register_case_actor makes one, as of the call's transaction, so
 * that an ended role gives nothing. The operator sees every case and decides none: the machine's
 * user is nobody whom a case could be about. */
struct case_actor {
  int64_t person;      /* party id of the surviving record; 0: the operator, on the command line */
  const char *who;     /* `id:P000001`, or the machine's user */
  const char *machine; /* on the command line: the machine's user, also beside --as; else null */
  const int64_t *records;
  int record_count; /* all records of the person, the survivor first */
  /* their roles: `staff` for each of `bodies`, others for the whole place */
  const char *const *roles;
  int role_count;
  const int64_t *bodies; /* sorted: bodies for which they answer cases */
  int body_count;
  /* of whoever has a role: the records of those of whom they decide nothing (register/near.h) */
  const int64_t *near;
  int near_count;
  /* whom they act for as a helper in this call, with all records of that person and the words of
   * the scopes (`see tell`); 0: for themselves. A helper decides nothing in a helper's call */
  int64_t helped;
  const int64_t *helped_records;
  int helped_record_count;
  const char *scopes;
};
bool case_actor_is(const struct case_actor *actor, int64_t party); /* the same person */
/* The same person, or one who is so near that they decide nothing of them in a role. */
bool case_actor_is_near(const struct case_actor *actor, int64_t party);

/* ---- what a kind's decisions do ---- */

struct case_file;
struct case_opening;
struct case_motion;
struct case_desk;

struct case_call {
  struct store *store;
  struct arena *arena;
  const struct case_desk *desk;
  const struct case_actor *actor;
};

/* Named by the kind's column `handler`. Each function runs in the same transaction as the case's
 * own rows, and may be null: nothing to do. */
struct case_handler {
  const char *word;
  /* The moves that `move` or the program's own calls know by their word, ended by null; null: none.
   * A kind whose cases wait has each of them: renamed, a move would decide and do nothing. */
  const char *const *moves;
  /* Checks the facts and completes the opening (to whom, told to whom, facts, a state to begin in).
   * REFUSED with err->column a fact's name. */
  enum status (*open)(struct case_call *call, struct case_opening *opening, struct error *err);
  /* After the row was written: `file->id` is known. */
  enum status (*opened)(struct case_call *call, const struct case_file *file, struct error *err);
  /* Whether the actor may decide it: asked before a form is shown, and before a decider's move.
   * REFUSED: they may not, and the error says why. */
  enum status (*answers)(struct case_call *call, const struct case_file *file, struct error *err);
  /* Does what the move asks for; the file is as it was before the move. May set file->result and
   * file->kept (in the arena), and file->due to a later day. REFUSED: the move is not made. */
  enum status (*move)(struct case_call *call, struct case_file *file,
                      const struct pack_case_move *move, const struct case_motion *motion,
                      struct error *err);
};

struct case_desk {
  const struct pack *pack;
  const struct case_handler *const *handlers; /* ended by null */
  day_t today;
  const void *terms;         /* what the handlers share: struct record_terms (book/record.h) */
  const struct rules *rules; /* of the pack, read before; null: a handler that needs them reads */
};

/* ---- opening ---- */

struct case_fact {
  const char *name;
  struct span value;
};

struct case_opening {
  const char *kind;
  int64_t party; /* about whom: the surviving record; 0: nobody */
  /* whose decision it is; where the kind says the role, it need not be given */
  int64_t to_body, to_person;
  const char *to_role;
  const char *subject; /* null: none */
  const struct case_fact *facts;
  int fact_count;
  /* kept with the facts, and not looked at here: the program's own, of no row of the kind */
  const struct case_fact *kept;
  int kept_count;
  struct span reason;
  const int64_t *told; /* bodies to tell */
  int told_count;
  const char *state; /* a handler may begin in another state; null: the kind's first */
  day_t due;         /* 0: as the kind says */
  /* nobody of those whose decision it is could make it: the kind's `escalates` role may at once */
  bool escalated;
};
/* REFUSED: the kind is unknown; the actor may not open it; a fact is missing, unknown, malformed
 * (err->column its name); a reason is asked for (`reason`); the kind allows one case about a
 * subject and there is one; as many wait that the actor sent as LIMIT_CASES_WAITING; whoever is to
 * decide is the person it is about. */
enum status case_open(struct store *store, struct arena *arena, const struct case_desk *desk,
                      const struct case_actor *actor, struct case_opening *opening, int64_t *id,
                      struct error *err) MUST_USE;

/* ---- moving ---- */

struct case_motion {
  int64_t id;
  const char *move;
  struct span words; /* the decider's words; the kind's move says whether they are needed */
  const struct case_fact *facts; /* what the move asks for beside its words */
  int fact_count;
};
/* *file: the case as it is after the move. REFUSED: no such case for this actor (the same answer as
 * for none at all); the state has no such move, or somebody was faster; the actor may not make it;
 * their own case; words are asked for (err->column `words`). */
enum status case_move(struct store *store, struct arena *arena, const struct case_desk *desk,
                      const struct case_actor *actor, const struct case_motion *motion,
                      struct case_file *file, struct error *err) MUST_USE;
/* REFUSED: the actor may not decide it, and the error says why: it is their own, they decided what
 * it is about, or the kind's handler has a reason. */
enum status case_may_answer(struct case_call *call, const struct case_file *file,
                            struct error *err) MUST_USE;
/* Somebody who may decide the case takes it on (`to` is the actor), gives it to another who may
 * decide it, or to nobody (null). It says who works on it; the others may still decide. REFUSED:
 * the case does not wait, the actor or the other may not decide it. */
enum status case_assign(struct store *store, struct arena *arena, const struct case_desk *desk,
                        const struct case_actor *actor, int64_t id, const struct case_actor *to,
                        struct error *err) MUST_USE;
/* Notes that staff of the actor's bodies have read it; the first time is kept. */
enum status case_read(struct store *store, const struct case_actor *actor,
                      const struct case_file *file, struct error *err) MUST_USE;
/* Escalates what is late: from now on the kind's `escalates` role may decide too. Once a case.
 * *count: how many. Any number may call it at once. */
enum status cases_escalate(struct store *store, struct arena *arena, const struct case_desk *desk,
                           int64_t *count, struct error *err) MUST_USE;

/* ---- reading ---- */

struct case_told {
  int64_t body;
  const char *read_at; /* null: not yet */
};
struct case_event {
  const char *at, *who, *what, *state, *words;
  int64_t actor;
  int64_t given_to; /* of `assigned`: a party; 0: nobody */
};
struct case_file {
  int64_t party, id;
  const struct pack_case_kind *kind; /* null: the pack has it no longer */
  const char *kind_word, *state_word;
  const struct pack_case_state *state;
  bool waits;
  const char *opened_at, *opened_by;
  int64_t opener;
  int64_t to_body, to_person; /* 0: not theirs */
  const char *to_role;        /* null */
  int64_t assigned;
  day_t due; /* DAY_NONE */
  const char *escalated;
  const char *subject, *reason;
  const struct case_fact *facts;
  int fact_count;
  /* set by a handler's move, never read: the program's own, which are put with the facts */
  const struct case_fact *kept;
  int kept_count;
  const char *decided_at, *decided_by, *answer, *result; /* null: not decided */
  int64_t decider;
  /* of an independent kind about a case: who decided that one, and so decides nothing here; 0 */
  int64_t barred;
  /* case_one only */
  const struct case_event *events;
  int event_count;
  const struct case_told *told;
  int told_count;
};
/* Without spaces around it; empty: it is not among them. */
struct span case_fact_given(const struct case_fact *facts, int count, const char *name);
/* Its text in the arena, or null. */
const char *case_fact(const struct case_file *file, const char *name);
/* Late: it waits, and its last day is before today. */
bool case_late(const struct case_file *file, day_t today);
/* The moves that this actor may make now, in the order of the pack. */
int case_moves_of(const struct case_actor *actor, const struct case_file *file,
                  const struct pack_case_move **out, int most);
/* Whether one of them has this word. */
bool case_may_move(const struct case_actor *actor, const struct case_file *file, const char *word);
/* May open one about the party, themselves or as a helper; what the handler asks for is not
 * looked at. */
bool case_may_open(const struct case_actor *actor, const struct pack_case_kind *kind,
                   int64_t party);
/* Theirs to read, to add to and to take back: whom it is about, but of a kind that neither they nor
 * the program opens about them, which is a matter of the officers; in a helper's call the same of
 * the person whom they help; whoever opened it, where it is about nobody or they opened it in a
 * role that they still have. Who opened it as a helper is none of these in a call of their own. */
bool case_is_theirs(const struct case_actor *actor, const struct case_file *file);
/* May read it, by what the case itself says: whose it is, a helper as far as their scopes go, who
 * may decide, who was told. */
bool case_may_see(const struct case_actor *actor, const struct case_file *file);

/* One case with its history. Beside who may see it: whoever may decide a case that waits and is
 * about this one (`case:7`), or about one that is about it, may read it, and no more than read.
 * REFUSED: there is none, or the actor may not read it. */
enum status case_one(struct store *store, struct arena *arena, const struct case_desk *desk,
                     const struct case_actor *actor, int64_t id, struct case_file *out,
                     struct error *err) MUST_USE;

enum case_which { CASES_ALL, CASES_WAITING, CASES_ANSWERED, CASES_LATE, CASES_UNREAD };
struct case_filter {
  enum case_which which;
  const char *kind;    /* null: every kind */
  const char *subject; /* null: any */
  int64_t assigned;    /* 0: anybody's; -1: nobody's */
  int64_t body;        /* of the inbox: only this one of the actor's bodies; 0: all */
  bool theirs;         /* of cases_of: not those of kinds that officers open (case_is_theirs) */
  int64_t skip;
  int most; /* up to CASES_PAGE_MOST */
};
/* What waits for the actor, their bodies and roles, by deadline, those without one last, then by
 * id; then what is answered, the latest deadline first. CASES_UNREAD: what their bodies were told
 * and have not read, the oldest first. The operator has everybody's. *total: on all pages. */
enum status cases_inbox(struct store *store, struct arena *arena, const struct case_desk *desk,
                        const struct case_actor *actor, const struct case_filter *filter,
                        struct case_file **out, int *count, int64_t *total,
                        struct error *err) MUST_USE;
/* The cases about a person, and those about nobody that they opened, of all their records: newest
 * first. Not what they opened for somebody else. */
enum status cases_of(struct store *store, struct arena *arena, const struct case_desk *desk,
                     const int64_t *records, int record_count, const struct case_filter *filter,
                     struct case_file **out, int *count, int64_t *total,
                     struct error *err) MUST_USE;

/* ---- deadlines ---- */

/* The last day of a deadline that begins on `from`; the first day is not counted. Working days are
 * Monday to Friday but the pack's holidays; of plain days each counts. Months end on the day of the
 * same number, or the month's last; one that is no working day moves on to the next. */
day_t case_deadline(const struct pack *pack, const struct pack_case_kind *kind, day_t from);
/* The same of any deadline of the pack; DAY_NONE: it says none. */
day_t case_deadline_of(const struct pack *pack, struct pack_deadline deadline, day_t from);

/* ---- attachments ---- */

struct case_attachment {
  int64_t n;
  const char *name, *media, *at, *who;
  int64_t size;
  uint8_t digest[32];
};
/* Whoever decides it, whose it is, or who helps them and may open such a case may add a file: while
 * it waits, where its kind takes files. */
bool case_may_attach(const struct case_actor *actor, const struct case_file *file);
/* Takes a file's content into the case, while it waits. Of a name that is a path the last part is
 * kept. REFUSED at `file`: no name is left, or one that is no text; an empty file, one of more than
 * LIMIT_ATTACHMENT_BYTES, an eleventh, one that is too much with those of the person's other cases
 * that wait (LIMIT_ATTACHED_WAITING_BYTES), and one whose first bytes are of no kind that is taken
 * (PDF, JPEG, PNG, plain text). */
enum status case_attach(struct store *store, const struct case_actor *actor,
                        const struct case_file *file, struct span name, struct span content,
                        struct error *err) MUST_USE;
enum status case_attachments(struct store *store, struct arena *arena, const struct case_file *file,
                             struct case_attachment **out, int *count, struct error *err) MUST_USE;
enum status case_attachment_content(struct store *store, const struct case_file *file, int64_t n,
                                    struct text *out, struct error *err) MUST_USE;

/* ---- erasure ---- */

/* One case, with all that belongs to it. */
enum status case_erase(struct store *store, int64_t party, int64_t id, struct error *err) MUST_USE;
/* Every case of a kind, for an erasure that looks for a person in them: only `party`, `id`,
 * the facts and the result are read. */
enum status cases_of_kind(struct store *store, struct arena *arena, const char *kind,
                          struct case_file **out, int *count, struct error *err) MUST_USE;
/* The same of one record, for a search. */
enum status cases_of_kind_about(struct store *store, struct arena *arena, int64_t party,
                                const char *kind, struct case_file **out, int *count,
                                struct error *err) MUST_USE;
/* How many of a record wait, of one kind. */
enum status cases_waiting_about(struct store *store, int64_t party, const char *kind,
                                int64_t *count, struct error *err) MUST_USE;
/* The same of everybody, of those that wait, in order of id. */
enum status cases_of_kind_waiting(struct store *store, struct arena *arena, const char *kind,
                                  struct case_file **out, int *count, struct error *err) MUST_USE;

#endif
