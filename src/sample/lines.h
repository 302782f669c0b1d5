/* The entries of one tax year, written as rows of an `entries` file: each with its body and a
 * reference of its own. */
#ifndef WEAL_SAMPLE_LINES_H
#define WEAL_SAMPLE_LINES_H

#include "base/day.h"
#include "base/text.h"
#include "sample/town.h"
#include <stdio.h>

struct lines {
  FILE *file;
  struct text text;
  char year[8];
  int64_t count;
  int fault; /* errno of the first write that failed; 0 when none did */
};

/* The columns that all rows of a category share. Body and category are borrowed. */
struct lines_kind {
  const char *category, *service, *unit, *body;
  bool estimated;
};

enum status sample_lines_open(struct lines *l, const char *dir, int year,
                              struct error *err) MUST_USE;
void lines_money(struct lines *l, const struct lines_kind *kind, int person, day_t day,
                 int64_t pence, const char *note);
void lines_use(struct lines *l, const struct lines_kind *kind, int person, day_t day,
               int64_t thousandths);
void lines_time(struct lines *l, const struct lines_kind *kind, int person, day_t day,
                int64_t minutes);
enum status sample_lines_close(struct lines *l, struct error *err) MUST_USE;

void lines_add_person(struct text *t, int person);       /* P000001 */
void lines_add_household(struct text *t, int household); /* H00001 */

#endif
