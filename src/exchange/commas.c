#include "exchange/commas.h"

#include "base/money.h"
#include "exchange/records.h"

enum { TRIES = 200000, MENDED_BYTES = 1000 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The record with a comma put into one cell. */
static struct record_cells split_at(const struct record_cells *r, int column, size_t at,
                                    struct arena *arena) {
  struct record_cells out = *r;
  out.cells = arena_array(arena, struct span, r->count + 2);
  out.count = r->count + 1;
  for (int c = 0; c < out.count; c++) out.cells[c] = r->cells[c > column ? c - 1 : c];
  struct span s = r->cells[column];
  out.cells[column] = span_make(s.bytes, at);
  out.cells[column + 1] = span_make(s.bytes + at, s.size - at);
  return out;
}

/* Whether the cell is a day or an amount as it is, so that no comma was lost in it. */
static bool is_whole(const struct layout *l, struct span s) {
  char form[FORM_SIZE];
  day_t day;
  int64_t pence;
  unsigned forms;
  return !form_money(s, 1, &pence, &forms) || form_day(s, l->profile->month_first, &day, form);
}

static bool makes_payment(const struct layout *l, const struct record_cells *r,
                          const char *day_form, int64_t *amount) {
  char form[FORM_SIZE];
  day_t day;
  unsigned forms;
  const int *date = l->column[MEANS_DATE], *payee = l->column[MEANS_SUPPLIER];
  if (form_money(record_cell(r, l->column[MEANS_AMOUNT][0]), l->profile->scale, amount, &forms))
    return false;
  if (l->column_count[MEANS_SUPPLIER] && !record_cell(r, payee[0]).size) return false;
  return !l->column_count[MEANS_DATE] ||
         (form_day(record_cell(r, date[0]), l->profile->month_first, &day, form) &&
          strcmp(form, day_form) == 0);
}

/* Looks for places of the commas that are missing, from the cell `from` on. */
struct looking_for {
  const struct layout *layout;
  const char *day_form;
  struct arena *arena, *scratch; /* of places that are kept, of those that are tried */
  struct comma_place *places;
  int count, tries; /* tries that are left */
};

static void look_from(struct looking_for *l, const struct record_cells *r, int from) {
  if (r->count == l->layout->width) {
    struct comma_place place = {.record = *r};
    bool known = !makes_payment(l->layout, r, l->day_form, &place.amount);
    for (int i = 0; i < l->count; i++) known |= l->places[i].amount == place.amount;
    if (known || l->count == COMMA_PLACES) return;
    place.record.cells = arena_array(l->arena, struct span, r->count);
    memcpy(place.record.cells, r->cells, (size_t)r->count * sizeof *r->cells);
    l->places[l->count++] = place;
    return;
  }
  for (int c = from; c < r->count; c++) {
    struct span s = r->cells[c];
    if (is_whole(l->layout, s)) continue;
    for (size_t at = 1; at < s.size && l->tries > 0; at++) {
      if (!is_digit(s.bytes[at - 1]) || !is_digit(s.bytes[at])) continue;
      l->tries--;
      struct record_cells more = split_at(r, c, at, l->scratch);
      look_from(l, &more, c + 1);
    }
  }
}

int commas_places(const struct layout *l, const struct record_cells *r, const char *day_form,
                  int *left, struct arena *arena, struct comma_place places[COMMA_PLACES]) {
  const int tries = *left < COMMA_TRIES_ROW ? *left : COMMA_TRIES_ROW;
  struct looking_for looking = {
      .layout = l, .day_form = day_form, .arena = arena, .places = places, .tries = tries};
  size_t bytes = 0;
  for (int c = 0; c < r->count; c++) bytes += r->cells[c].size;
  if (r->count >= l->width || r->count + COMMAS_LOST < l->width || bytes > MENDED_BYTES) return 0;
  looking.scratch = arena_new();
  look_from(&looking, r, 0);
  arena_free(looking.scratch);
  *left -= tries - looking.tries;
  return looking.tries > 0 ? looking.count : 0;
}

struct choosing {
  struct comma_place *const *places;
  const int *place_count;
  int count, *choice, *found;
  int ways, tries;
};

static void choose_from(struct choosing *x, int i, int64_t gap) {
  if (x->ways > 1 || ++x->tries > TRIES) return;
  while (i < x->count && x->place_count[i] == 1) i++;
  if (i == x->count) {
    if (gap != 0) return;
    x->ways++;
    if (x->ways == 1) memcpy(x->found, x->choice, (size_t)x->count * sizeof *x->found);
    return;
  }
  for (int k = 0; k < x->place_count[i]; k++) {
    int64_t left;
    x->choice[i] = k;
    if (money_add(gap, -x->places[i][k].amount, &left)) choose_from(x, i + 1, left);
  }
  x->choice[i] = 0;
}

bool commas_choose(struct comma_place *const *places, const int *place_count, int count,
                   int64_t gap, int *choice) {
  struct arena *arena = arena_new();
  struct choosing x = {.places = places,
                       .place_count = place_count,
                       .count = count,
                       .choice = arena_array(arena, int, count + 1),
                       .found = choice};
  bool sound = count > 0;
  for (int i = 0; i < count && sound; i++) {
    sound = place_count[i] > 0;
    if (place_count[i] == 1) sound = money_add(gap, -places[i][0].amount, &gap);
    choice[i] = 0;
  }
  if (sound) choose_from(&x, 0, gap);
  arena_free(arena);
  return sound && x.ways == 1 && x.tries <= TRIES;
}
