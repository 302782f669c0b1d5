/* Lines of days on which their person does not live, after a day of birth or death was moved or two
 * records were merged. The change is kept, and the caller reports the lines.
 *
 *     struct life_strays strays;
 *     life_strays(store, arena, records, count, born, died, &strays, &err);
 *     if (strays.lines) life_strays_say(&text, code, &strays);
 *
 * A line is outside if entry_input_life would refuse it: any line before birth; after a death
 * services and time, not money that was owed. Undone lines are left out.
 */
#ifndef WEAL_BOOK_LIFE_H
#define WEAL_BOOK_LIFE_H

#include "book/figures.h"

enum { LIFE_STRAYS_NAMED = 3 };
struct life_strays {
  int64_t lines;
  /* the first of them, in order of account and day */
  struct {
    int64_t entry;
    int32_t line_no;
  } named[LIFE_STRAYS_NAMED];
};
/* Whether a line (not an undone one) is outside. `minutes`: its account is in minutes. */
bool life_is_outside(const struct loaded_line *line, bool minutes, day_t born, day_t died);
void life_strays_add(struct life_strays *strays, int64_t entry, int32_t line_no);
/* `records`: the person's ids, those merged into it too. */
enum status life_strays(struct store *store, struct arena *arena, const int64_t *records, int count,
                        day_t born, day_t died, struct life_strays *out,
                        struct error *err) MUST_USE;
/* Adds `P1: 2 lines are dated before their birth or after their death, as these now stand (2:1,
 * 3:1).`, what to do, and a line end. */
void life_strays_say(struct text *t, const char *code, const struct life_strays *strays);

#endif
