/* Time given: cases of the kind `time-given` (case/case.h). The giver or a helper of theirs opens
 * one, the other side confirms it (a body, by one of its staff, or a person), and book/record.h
 * posts it.
 *
 *     struct case_opening opening = {.kind = TIME_GIVEN, .party = me, .to_body = club,
 *         .facts = facts, .fact_count = 4};                  category, date, minutes, note
 *     status = case_open(store, arena, &desk, &actor, &opening, &id, &err);
 *     status = case_move(store, arena, &desk, &clerk, &(struct case_motion){.id = id, .move =
 *         "confirm"}, &file, &err);                          file.result: `line:12:1`
 *
 * The account holds exactly what was confirmed: an entry of two lines, the giver's and its contra
 * with the body (or with the book, when a person confirms), with the reference `given-ID`, which is
 * unique. A wrong one is reversed, like any other line.
 *
 * Opening is REFUSED, beside what case_open refuses, when the category is not of the side given;
 * the day is still to come, more than TIME_BACK_DAYS back, before the giver's birth or after their
 * death; the minutes, with those of the day that are posted or wait, are more than a day has; as
 * many wait as TIME_WAITING_MOST; whoever is to confirm it is no body, or is the giver.
 * Columns: category, date, minutes, note, `to`. Confirming is REFUSED when it cannot be posted any
 * more: the giver has died before that day, or the day is full by now.
 */
#ifndef WEAL_TIME_TIME_H
#define WEAL_TIME_TIME_H

#include "case/case.h"

#define TIME_GIVEN "time-given" /* the kind */

enum {
  TIME_DAY_MINUTES = 24 * 60,
  /* the person who confirms must remember it, and its year should still be open */
  TIME_BACK_DAYS = 366,
  TIME_WAITING_MOST = 200, /* of one person: an entry a day for half a year */
  TIME_NOTE_BYTES_MAX = 1000,
  /* whom a reference names that nobody has. The case waits for nobody, and looks to the giver as
   * one that waits for somebody: else they could find out who is registered */
  TIME_TO_NOBODY = -1
};

extern const struct case_handler time_case_handler;

struct time_given {
  struct span category; /* its code */
  day_t day;
  int64_t minutes;
  struct span note; /* empty: none */
};
/* What a case of the kind says; the texts are the file's. */
enum status time_given_of(const struct case_file *file, struct time_given *out,
                          struct error *err) MUST_USE;

#endif
