/* Lines of a person's account that were taken back, and the lines that took them back. For every
 * page and file that shows lines one by one.
 *
 *     corrections_read(&c, store, arena, &reading, accounts, count, &err);
 *     const struct correction *back;
 *     corrections_of(&c, entry, line_no, &back, &err);     what took this line back; null: nothing
 *     corrections_by(&c, &line, &back, &err);              what this line takes back; null: nothing
 *     correction_taken_back_words(back, language, arena)   when and why, in a sentence
 */
#ifndef WEAL_STATEMENT_CORRECTIONS_H
#define WEAL_STATEMENT_CORRECTIONS_H

#include "base/message.h"
#include "book/line_reads.h"

struct correction {
  struct undoing by;
  day_t undone_day, recorded; /* recorded: by the clocks of the place */
  const char *reason;         /* in the arena; empty: none */
  int64_t request;            /* the case that it was made for; 0: none */
  /* what stands instead in the same account, without its sign; 0: nothing, or no money */
  int64_t right_pence;
  bool is_read; /* the five above */
};

struct corrections {
  struct store *store;
  struct arena *arena;
  const struct account *accounts;
  int account_count;
  struct correction *all; /* in order of the line that was taken back */
  int count;
};

/* `accounts` must last as long as `out`. */
enum status corrections_read(struct corrections *out, struct store *store, struct arena *arena,
                             const struct reading *reading, const struct account *accounts,
                             int count, struct error *err) MUST_USE;
/* Of all accounts of a person, as the book is now. */
enum status corrections_read_person(struct corrections *out, struct store *store,
                                    struct arena *arena, int64_t person,
                                    struct error *err) MUST_USE;
enum status corrections_of(struct corrections *c, int64_t entry, int32_t line_no,
                           const struct correction **out, struct error *err) MUST_USE;
enum status corrections_by(struct corrections *c, const struct line *line,
                           const struct correction **out, struct error *err) MUST_USE;

/* `Taken back on 3 May 2026: paid twice.`, or `Taken back on 3 May 2026: corrected to £150.00 after
 * request 2.`, with the years where the correction counts in another
 * one than the line. */
const char *correction_taken_back_words(const struct correction *c, enum language language,
                                        struct arena *arena);
/* Whether the line counts nowhere: it and the correction are of one year. */
bool correction_is_of_year(const struct correction *c);
/* `Recorded on 3 May 2026: paid twice.` of the line that takes another back. */
const char *correction_recorded_words(const struct correction *c, enum language language,
                                      struct arena *arena);
const char *correction_undone_day(const struct correction *c, enum language language,
                                  struct arena *arena);
/* `Takes back: Income Tax of 1 June 2025` */
const char *correction_name(const struct correction *c, const char *name, enum language language,
                            struct arena *arena);
/* `12:3`: the line that takes back, and the one taken back. */
const char *correction_line(const struct correction *c, struct arena *arena);
const char *correction_undone_line(const struct correction *c, struct arena *arena);

/* The case that a memo such as `request-12` names; 0: it names none. */
int64_t correction_request(const char *memo);

#endif
