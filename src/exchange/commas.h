/* Commas that somebody stripped out of a file: `Inter High Education/Academy21,740` became
 * `Inter High Education/Academy21740`, and the row has a field too few. Where a comma stood between
 * two digits there may be several places for it; only the file's own total tells which is right.
 *
 *     int left = COMMA_TRIES;
 *     int n = commas_places(&layout, &record, day_form, &left, arena, places);
 *     places[i].amount                     what the row would be of, pence; each amount once
 *     places[i].record                     the row with the comma put back
 *
 * A cell that is a day or an amount as it is lost none. Of places that leave the amount as it is
 * (in the day or before it), the first is taken: the longest day.
 */
#ifndef WEAL_EXCHANGE_COMMAS_H
#define WEAL_EXCHANGE_COMMAS_H

#include "exchange/forms.h"
#include "exchange/profile.h"

enum {
  COMMA_PLACES = 24,
  COMMAS_LOST = 2,       /* of one row */
  COMMA_TRIES = 1 << 20, /* places that are tried in all rows of a file, and */
  COMMA_TRIES_ROW = 4096 /* in one row: 90 pairs of digits in cells that are no day or amount */
};

struct comma_place {
  struct record_cells record;
  int64_t amount;
};

/* `day_form`: the form of days that the sound rows have; empty: the file has no days. *left: places
 * that may be tried still, in this row and the later ones. 0: no place makes a payment of the row,
 * or there are too many to try. */
int commas_places(const struct layout *layout, const struct record_cells *record,
                  const char *day_form, int *left, struct arena *arena,
                  struct comma_place places[COMMA_PLACES]);

/* Chooses a place for each of `count` rows so that their amounts add to `gap`: choice[i] of the
 * places[i]. False unless there is exactly one way. */
bool commas_choose(struct comma_place *const *places, const int *place_count, int count,
                   int64_t gap, int *choice);

#endif
