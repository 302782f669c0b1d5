/* The access log: who read whose record, when and why. Each look has an id, unique in the book, and
 * keeps who it was as they were then: a name, a role or a whole record may change or go later.
 *
 *     const struct access_reader by = {.who = "id:P000007", .person = clerk, .name = "Ann Field",
 *         .role = "staff:burnley-council"};
 *     status = access_log_add(store, &by, person, "account 2025-26", "a call", &err);
 *
 * A run over many people (party 0) is one row. It says whom it covered, so that each of them is
 * shown it. Functions that write run inside the caller's write transaction.
 */
#ifndef WEAL_REGISTER_ACCESS_LOG_H
#define WEAL_REGISTER_ACCESS_LOG_H

#include "case/case.h"
#include "register/delegation.h"
#include "register/register.h"
#include "register/role_grants.h"

/* ---- writing ---- */

/* Who reads, as of now. Fields that do not apply may be null. */
struct access_reader {
  const char *who;  /* `id:P000001`, or the user of the machine */
  int64_t person;   /* party id; 0: nobody of the register */
  const char *name; /* of the person */
  /* words of role grants with a space between, `staff:council administrator`
   * (roles_granted_words); `helper`: they act for the person */
  const char *role;
  const char *machine; /* on the command line: the user of the machine, also beside --as */
  int64_t most;        /* looks within an hour, in the portal; 0: not bounded */
  bool acts;           /* it counts, and is not refused: the page before it was a look */
  /* one of many looks of a search over a place, which has a permission and a purpose of its own:
   * neither bounded nor counted among those of the hour */
  bool searches;
};

/* `person` 0: what was done touched nobody's record (a closing, a change of a body). */
enum status access_log_add(struct store *store, const struct access_reader *by, int64_t person,
                           const char *what, const char *why, struct error *err) MUST_USE;

/* Whether whoever has opened the store to write may add rows: false for a user of the database that
 * may only read. */
enum status access_log_writable(struct store *store, bool *out, struct error *err) MUST_USE;

/* Looks are counted in the store, so that neither a restart nor a second server forgets them. A
 * reader who has made by->most within an hour makes no more until the hour is over: REFUSED, with
 * the code looks-too-many, by each of these. Every administrator is told once in that hour. Two
 * servers may each let a page through that the other is just counting. */

/* The people whom a search found, a look at each; `count` becomes how many of them may still be
 * shown. None found is a look too: names and numbers are not tried without end. */
enum status access_log_add_found(struct store *store, const struct access_reader *by,
                                 const int64_t *people, int *count, const char *why,
                                 struct error *err) MUST_USE;

/* A run over everybody who is registered now; with a place, over those who lived there on `day`. */
struct access_run {
  const char *what, *why;
  int64_t place; /* 0: everybody; `day` is not read */
  day_t day;
};
enum status access_log_add_run(struct store *store, const struct access_reader *by,
                               const struct access_run *run, struct error *err) MUST_USE;

/* What a reference (`id:CODE`) becomes, in rows about others, when its person is erased: this word,
 * and after a colon the roles that they had on the day of the row:
 * `erased:staff:burnley-council`. */
#define WHO_ERASED "erased"

/* For erasure: writes the role into the person's looks of before roles were kept, while it can
 * still be looked up. Name and reference are emptied by the walk over the declared columns
 * (privacy/personal.h). */
enum status access_log_explain(struct store *store, int64_t viewer, struct error *err) MUST_USE;

/* ---- reading ---- */

/* Who made an access, for the page of the person whose record was read. */
enum viewer_kind {
  VIEWER_SELF,
  VIEWER_HELPER,  /* the person's helper; `what`: how the person calls them, null: not known */
  VIEWER_ROLE,    /* had `role` */
  VIEWER_PERSON,  /* a person of the register, with neither */
  VIEWER_ERASED,  /* was erased since; `role` if they had one, `helped` if they were a helper */
  VIEWER_OPERATOR /* a user of the machine, by the name in `who` */
};
struct viewer {
  enum viewer_kind kind;
  int64_t person;   /* 0: VIEWER_OPERATOR */
  const char *name; /* null: VIEWER_OPERATOR, VIEWER_ERASED */
  const char *what;
  bool helped;
  const struct role *role; /* the first of a body, else the first; null: none */
  /* of `role`: one of both is set where it is of a body (bodies_by_id, bodies_by_code) */
  int64_t body;
  const char *body_code;
  const char *machine; /* with --as: the user of the machine; null: not on the command line */
};
/* Of a row of before the names were kept: who it was is looked up. `who` as in the log
 * (`id:P000001`), `at` the moment, RFC 3339. `person`: whose record was read. */
enum status access_log_viewer(struct store *store, struct arena *arena, int64_t person,
                              const char *who, const char *at, struct viewer *out,
                              struct error *err) MUST_USE;

struct access_note {
  int64_t id;
  const char *at, *who, *what, *why;
  struct viewer viewer;
  /* a run over many people: how often that day by the same reader, of the rows that were read (the
   * latest is given); 0: a look at this one record */
  int64_t times;
  int64_t first_id; /* of those runs the earliest; of a look its own id */
  int64_t place;    /* of a run over those who lived there; 0: over everybody */
};
/* Newest first, what has a lower id than `before` (0: the newest). Includes accesses to records
 * that were merged into the person, and runs that covered the person: one note for the same run of
 * a day. However long the log is, at most `most` + 1 rows are read of each record, and as many
 * runs. */
struct access_log_page {
  int64_t before;
  int most; /* rows, not notes */
};
struct access_notes {
  struct access_note *all;
  int count;
  int rows;       /* that were read for them */
  int64_t oldest; /* the lowest id that was looked at: from here the next page goes on */
  bool more;      /* there are older ones */
};
enum status access_log_of(struct store *store, struct arena *arena, int64_t person,
                          const struct access_log_page *page, struct access_notes *out,
                          struct error *err) MUST_USE;

/* Only the runs over many people that covered the person, newest first. */
enum status access_log_runs_of(struct store *store, struct arena *arena, int64_t person,
                               struct access_notes *out, struct error *err) MUST_USE;

/* Who noted that they recorded this line by hand, or approved it, among the person's records: two
 * people at most. 0: nobody of the register, as for a line of a file. */
#define ACCESS_RECORDED "recorded line %lld:%d" /* entry and line: what they noted */
enum status access_log_recorder(struct store *store, struct arena *arena, int64_t person,
                                int64_t entry, int32_t line_no, int64_t who[2],
                                struct error *err) MUST_USE;

/* The lines that one person alone recorded by hand for the person since a moment (RFC 3339): those
 * of which no second person noted the same. */
struct access_recorded {
  int64_t entry;
  int32_t line_no;
};
enum status access_log_recorded_alone(struct store *store, struct arena *arena, int64_t person,
                                      const char *since, struct access_recorded **out, int *count,
                                      struct error *err) MUST_USE;

/* The access note with this id. REFUSED: there is no such access to this person's record. */
enum status access_note_by_id(struct store *store, struct arena *arena, int64_t person, int64_t id,
                              struct access_note *out, struct error *err) MUST_USE;

/* Who looked since a moment (RFC 3339, or a part of one), one by one, the earliest first, at most
 * 500: register_* as for exports (register/names.h). */
struct viewer_count {
  const char *who, *last; /* in the arena; `last`: when, RFC 3339; `who` empty: erased since */
  int64_t person;         /* 0: nobody of the register */
  int64_t looks, records, over_everyone; /* at one record; at how many; at everyone at once */
};
enum status access_log_viewers(struct store *store, struct arena *arena, const char *since,
                               struct viewer_count **out, int *count, struct error *err) MUST_USE;

/* ---- objections ---- */

#define LOOK_OBJECTION "look-objection" /* the kind of case; its subject is `look:ID` */

/* Opening is REFUSED when there is no such access to the record of the person whom the case is
 * about; answering, when it is a look of the actor's own. */
extern const struct case_handler look_case_handler;

#endif
