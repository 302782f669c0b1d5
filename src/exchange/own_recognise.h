/* `weal profile new` for a body's own export: what its columns seem to mean, by the words of their
 * headings (people-headings.csv of the pack) and by their cells, as a first profile of kind
 * `entries` (own_export.h).
 *
 * A file is one of people when it has a birth date, a name with a postcode, or a number whose
 * heading says whose it is (NHS number). How sure a column is, of 100, is how sure the words are
 * times the share of its filled cells that are what it should hold; below 50 it is not kept. Cells
 * are not quoted, since they are of people: notes show their form, `Aaaaa, Aaa` or `99/99/9999`.
 */
#ifndef WEAL_EXCHANGE_OWN_RECOGNISE_H
#define WEAL_EXCHANGE_OWN_RECOGNISE_H

#include "exchange/headings.h"
#include "exchange/recognise.h"

/* False, and nothing is written: it is no file of people. `may_be`: spending is not sure, so a
 * number of an account is enough. */
bool own_recognise(const struct headings *words, const struct record_cells *records, int count,
                   bool may_be, struct arena *arena, struct text *out);

/* The same for a page: the columns of a file that somebody says is one of people, to be corrected.
 * A sample is the form of the first filled cell. Without a heading that is known the header is the
 * first record with two cells. False: it has none. */
bool own_columns(const struct headings *words, const struct record_cells *records, int count,
                 struct arena *arena, struct recognised_column **columns, int *column_count);

/* What every row is, beside what the columns mean: null is not said. */
struct own_constants {
  /* of profile.h; unit `-`: what the category is counted in */
  const char *category, *scheme, *unit, *each;
  bool turned; /* amounts have the other sign */
};
/* Writes the profile that says what the columns mean. */
void own_answer(const struct headings *words, const struct record_cells *records, int count,
                const struct recognised_column *columns, int column_count,
                const struct own_constants *constants, struct arena *arena, struct text *out);

#endif
