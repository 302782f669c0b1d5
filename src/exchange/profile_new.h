/* A first profile of a published file, to be corrected: by hand (`weal profile new FILE`), or
 * column by column on a page.
 *
 *     profile_look(path, pack_dir, arena, &look, &err);
 *     look.columns[2].means = MEANS_AMOUNT; look.order = ORDER_MONTH_FIRST;        as a person says
 *     profile_answer(path, pack_dir, &look, arena, &rules, &err);        the profile's CSV
 */
#ifndef WEAL_EXCHANGE_PROFILE_NEW_H
#define WEAL_EXCHANGE_PROFILE_NEW_H

#include "exchange/own_recognise.h"
#include "exchange/recognise.h"

enum day_order { ORDER_AS_FOUND, ORDER_DAY_FIRST, ORDER_MONTH_FIRST };

struct profile_look {
  struct recognised_column *columns; /* of the first sheet that is shown; in the arena */
  int column_count;
  enum day_order order;        /* which of 3/4/2024 is the month */
  bool turned;                 /* payments are published as negative */
  const char *vat;             /* with, without; null: not said */
  struct own_constants people; /* of a file of people: what every row is */
};
/* REFUSED when the file cannot be read, or has no rows of several cells. */
enum status profile_look(const char *path, const char *pack_dir, struct arena *arena,
                         struct profile_look *out, struct error *err) MUST_USE;
/* Writes the profile that says what `look` says, of as many columns. */
enum status profile_answer(const char *path, const char *pack_dir, const struct profile_look *look,
                           struct arena *arena, struct text *out, struct error *err) MUST_USE;

/* The same of a file that is said to be one of people (own_recognise.h): its samples are the forms
 * of cells, and `order` and `vat` say nothing of it. */
enum status profile_look_people(const char *path, const char *pack_dir, struct arena *arena,
                                struct profile_look *out, struct error *err) MUST_USE;
enum status profile_answer_people(const char *path, const char *pack_dir,
                                  const struct profile_look *look, struct arena *arena,
                                  struct text *out, struct error *err) MUST_USE;

/* Writes the profile's CSV: what each column was taken for, how sure that is and three samples; the
 * forms of its days and amounts. Where no header was found, a row for each column, by its place.
 * REFUSED as profile_look. */
enum status profile_new(const char *path, const char *pack_dir, struct arena *arena,
                        struct text *out, struct error *err) MUST_USE;

#endif
