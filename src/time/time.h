/* Time contributions: the giver proposes one, the other side confirms it (a body, by one of its
 * staff, or a person), and book/record.h posts it.
 *
 *     time_propose(store, &terms, &(struct time_proposal){.person = me, .by = me, .category =
 *         span_of("volunteering"), .day = d, .minutes = 90, .body = club, ...}, &id, &err);
 *     time_confirm(store, &terms, &(struct time_answer){.id = id, .body = club, .by = clerk, .who =
 *         "id:P000002", .today = today}, &err);
 *
 * The account holds exactly what was confirmed: an entry of two lines, the giver's and its contra
 * with the body (or with the book, when a person confirms), with the reference `given-ID`, which is
 * unique. A wrong one is reversed, like any other line.
 *
 * Functions that write run inside the caller's write transaction; after anything but DONE the
 * caller rolls back, at least to a savepoint. REFUSED sets err->column to the field that is wrong;
 * its sentences can be shown on a page as they are.
 */
#ifndef WEAL_TIME_TIME_H
#define WEAL_TIME_TIME_H

#include "base/arena.h"
#include "book/record.h"

enum {
  TIME_DAY_MINUTES = 24 * 60,
  /* the person who confirms must remember it, and its year should still be open */
  TIME_BACK_DAYS = 366,
  TIME_WAITING_MOST = 200, /* of one person: an entry a day for half a year */
  TIME_NOTE_BYTES_MAX = 1000,
  TIME_PAGE_MOST = 100
};

struct time_proposal {
  int64_t person;       /* who gave it */
  int64_t by;           /* who proposes it: the giver, or a helper with the scope `time` */
  struct span category; /* its code; of the side given */
  day_t day;
  int64_t minutes;
  int64_t body, other; /* who is to confirm it: one of the two */
  struct span note;    /* what it was; may be empty */
  day_t today;
};

/* Columns: category, date, minutes, body, other, note. */
enum status time_propose(struct store *store, const struct record_terms *terms,
                         const struct time_proposal *proposal, int64_t *id,
                         struct error *err) MUST_USE;

/* The giver takes it back, as long as nobody has answered. */
enum status time_withdraw(struct store *store, int64_t person, int64_t id,
                          struct error *err) MUST_USE;

struct time_answer {
  int64_t id;
  /* for whom the answer is: a body, with `by` on its staff, or the person. One of the two, as
   * proposed: nobody else finds the proposal */
  int64_t body, other;
  int64_t by;      /* party that answers: never the giver, nor the one who proposed it */
  const char *who; /* `id:P000001` */
  day_t today;
};
/* Posts it. REFUSED: this side has no such proposal; it was answered already; it is their own; it
 * cannot be posted any more (a death, a day that is full by now). */
enum status time_confirm(struct store *store, const struct record_terms *terms,
                         const struct time_answer *answer, struct recorded *posted,
                         struct error *err) MUST_USE;
/* REFUSED also without a reason (column `reason`); the giver sees the reason. */
enum status time_refuse(struct store *store, const struct time_answer *answer, struct span reason,
                        struct error *err) MUST_USE;

enum time_state { TIME_PROPOSED, TIME_CONFIRMED, TIME_REFUSED, TIME_WITHDRAWN };

struct time_contribution {
  int64_t id, person;
  const char *person_code, *person_name; /* of the giver */
  const char *category;                  /* code */
  day_t day;
  int64_t minutes;
  int64_t body, other;
  const char *body_code, *body_name;   /* null: a person confirms; */
  const char *other_code, *other_name; /* null: a body does */
  const char *note, *at;
  enum time_state state;
  /* null: not answered; answer: why it was refused */
  const char *answered_at, *answered_by, *answer;
  int64_t entry;
  int32_t line_no; /* where it is posted; 0: not posted */
};

struct time_list_page {
  int64_t skip;
  int most;
}; /* most: up to TIME_PAGE_MOST */

/* A person's own, the newest first. *total: their number on all pages. */
enum status time_list_of(struct store *store, struct arena *arena, int64_t person,
                         const struct time_list_page *page, struct time_contribution **out,
                         int *count, int64_t *total, struct error *err) MUST_USE;
/* The proposals that wait for an answer, the oldest first. */
enum status time_waiting_for_body(struct store *store, struct arena *arena, int64_t body,
                                  const struct time_list_page *page, struct time_contribution **out,
                                  int *count, int64_t *total, struct error *err) MUST_USE;
enum status time_waiting_for_person(struct store *store, struct arena *arena, int64_t other,
                                    const struct time_list_page *page,
                                    struct time_contribution **out, int *count, int64_t *total,
                                    struct error *err) MUST_USE;
/* One, for its giver (person), a body or the other person: two of the three arguments are 0.
 * REFUSED: they have no such one. */
enum status time_one(struct store *store, struct arena *arena, int64_t id, int64_t person,
                     int64_t body, int64_t other, struct time_contribution *out,
                     struct error *err) MUST_USE;

#endif
