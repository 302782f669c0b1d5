#include "exchange/recognise.h"

#include "base/message.h"
#include "base/money.h"
#include "exchange/records.h"
#include "register/identifier.h"

#include <stdlib.h>

enum {
  FIRST_RECORDS = 120, /* among which, and the last three, a header is looked for */
  LAST_RECORDS = 3,
  SAMPLED = 4000,     /* records whose cells are looked at */
  HEADING_BYTES = 90, /* a longer cell is no heading */
  HEADING_SURE = 50,
  DISTINCT = 48,
  UNNAMED_MOST = 3 /* columns without a heading that are placed */
};

/* What the cells of a column hold, of the records that were looked at. */
struct column_facts {
  int filled, days, serials, months, amounts, with_pence, names, codes, addresses, numbers;
  int day_first, month_first; /* days that only one order makes */
  uint64_t distinct[DISTINCT];
  int distinct_count;
  const char *sample[3];
  int samples;
};

struct looking {
  const struct headings *headings;
  const struct record_cells *records;
  int count;
  struct arena *arena;
  struct recognised *out;
  struct heading_guesses *guess; /* by column of the header */
  struct column_facts *facts;    /* by column */
  int columns, rows;             /* rows: records looked at */
};

static bool is_amount(struct span s) {
  int64_t pence;
  unsigned forms;
  return s.size && s.size < 40 && !form_money(s, 1, &pence, &forms);
}

static bool is_day(struct span s) {
  char form[FORM_SIZE];
  day_t day;
  return s.size > 5 && s.size < 40 &&
         (form_day(s, false, &day, form) || form_day(s, true, &day, form));
}

/* ---- the header ---- */

/* How much a record looks like a header: the sure headings in it, less cells that are data. */
static int header_points(const struct headings *headings, const struct record_cells *r) {
  int points = 0, known = 0;
  bool needed = false;
  for (int c = 0; c < r->count; c++) {
    struct span s = r->cells[c];
    if (!s.size) continue;
    if (s.size > HEADING_BYTES || is_amount(s) || is_day(s)) {
      points -= 60;
      continue;
    }
    struct heading_guesses g;
    headings_guess(headings, s, &g);
    enum meaning best = headings_best(&g);
    int sure = best == MEANS_COUNT ? 0 : g.of[best].sure;
    if (sure < HEADING_SURE && g.vat < HEADING_SURE) continue;
    points += sure > g.vat ? sure : g.vat;
    known++;
    needed |= best == MEANS_AMOUNT || best == MEANS_SUPPLIER;
  }
  return known >= 2 && needed ? points : 0;
}

bool recognised_header(const struct headings *headings, const struct record_cells *record) {
  return header_points(headings, record) > 0;
}

static int find_header(const struct looking *l) {
  int best = -1, most = 0;
  for (int i = 0; i < l->count; i++) {
    if (i == FIRST_RECORDS && i < l->count - LAST_RECORDS) i = l->count - LAST_RECORDS;
    int points = header_points(l->headings, &l->records[i]);
    if (points > most) best = i, most = points;
  }
  return best;
}

/* ---- what the cells hold ---- */

static bool is_address(struct span s) {
  return s.size > 7 &&
         (strncasecmp(s.bytes, "http", 4) == 0 || strncasecmp(s.bytes, "www.", 4) == 0);
}

/* A name has three letters, and is no code: one word with digits in it. */
static bool is_name(struct span s) {
  int letters = 0, digits = 0, gaps = 0;
  for (size_t i = 0; i < s.size; i++) {
    char c = s.bytes[i];
    letters += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
    digits += c >= '0' && c <= '9';
    gaps += c == ' ';
  }
  return letters >= 3 && (gaps || digits * 2 <= letters);
}

static void note_distinct(struct column_facts *f, struct span s) {
  uint64_t hash = span_hash(s, 0);
  for (int i = 0; i < f->distinct_count; i++)
    if (f->distinct[i] == hash) return;
  if (f->distinct_count < DISTINCT) f->distinct[f->distinct_count++] = hash;
}

static void note_day(struct column_facts *f, struct span s) {
  char form[FORM_SIZE];
  day_t day;
  bool first = form_day(s, false, &day, form);
  if (first && strcmp(form, "serial") == 0) {
    f->serials++;
    return;
  }
  bool other = form_day(s, true, &day, form);
  f->days += first || other;
  f->day_first += first && !other;
  f->month_first += other && !first;
  if (!first && !other) f->months += form_month(s, &day, form);
}

static void note_cell(struct looking *l, struct column_facts *f, struct span s) {
  if (!s.size) return;
  f->filled++;
  if (f->samples < 3 && s.size < 200 && !(f->samples && span_is(s, f->sample[f->samples - 1])))
    f->sample[f->samples++] = arena_copy(l->arena, s.bytes, s.size);
  note_distinct(f, s);
  if (s.size < 40) note_day(f, s);
  if (is_amount(s)) {
    f->amounts++;
    bool pence = false;
    for (size_t i = 0; i < s.size; i++) pence |= s.bytes[i] == '.' || s.bytes[i] == ',';
    f->with_pence += pence;
    f->numbers += !pence;
  } else if (is_address(s)) f->addresses++;
  else if (is_name(s)) f->names++;
  else f->codes++;
}

static int step_of(int count) { return count > SAMPLED ? count / SAMPLED : 1; }

static void look_at_cells(struct looking *l) {
  l->facts = arena_array(l->arena, struct column_facts, l->columns + 1);
  l->rows = 0;
  for (int i = 0; i < l->count; i += step_of(l->count)) {
    const struct record_cells *r = &l->records[i];
    if (i == l->out->header_index || record_filled(r) < 2) continue;
    l->rows++;
    for (int c = 0; c < l->columns && c < r->count; c++) note_cell(l, &l->facts[c], r->cells[c]);
  }
}

static int percent(int part, int whole) { return whole > 0 ? part * 100 / whole : 0; }

/* How much of a column's cells are what its meaning asks for, of 100. */
static int agrees(const struct column_facts *f, enum meaning m) {
  switch (m) {
  case MEANS_DATE: return percent(f->days + f->serials + f->months, f->filled);
  case MEANS_AMOUNT: return percent(f->amounts, f->filled);
  case MEANS_SUPPLIER: return percent(f->names, f->filled);
  case MEANS_BODY:
    return f->distinct_count < DISTINCT ? percent(f->names + f->codes, f->filled) : 0;
  default: return f->filled ? 100 : 0;
  }
}

/* ---- columns without a heading ---- */

/* How well rows agree with the header when `unnamed` columns stand before its column `at`. */
static int agreement(struct looking *l, const struct record_cells *header, int at, int unnamed) {
  int points = 0, looked = 0;
  for (int i = 0; i < l->count && looked < 200; i += step_of(l->count)) {
    const struct record_cells *r = &l->records[i];
    if (i == l->out->header_index || record_filled(r) < 2) continue;
    looked++;
    for (int c = 0; c < header->count; c++) {
      struct span s = record_cell(r, c < at ? c : c + unnamed);
      const struct heading_guess *of = l->guess[c].of;
      if (!s.size) continue;
      if (of[MEANS_DATE].sure >= 60 && !of[MEANS_DATE].month) points += is_day(s) ? 2 : -2;
      else if (of[MEANS_AMOUNT].sure >= 60) points += is_amount(s) ? 2 : -2;
      else if (of[MEANS_SUPPLIER].sure >= 90) points += is_name(s) ? 1 : -1;
    }
  }
  return points;
}

/* Most rows are wider than the header by the same: the header gets as many cells without a heading,
 * where the rows then agree with it best. */
static void place_unnamed(struct looking *l, struct record_cells *header) {
  int by[UNNAMED_MOST + 1] = {0}, rows = 0;
  for (int i = 0; i < l->count; i += step_of(l->count)) {
    if (i == l->out->header_index || record_filled(&l->records[i]) < 2) continue;
    int more = record_width(&l->records[i]) - header->count;
    rows++;
    if (more > 0 && more <= UNNAMED_MOST) by[more]++;
  }
  int unnamed = 0, at = header->count;
  for (int n = 1; n <= UNNAMED_MOST; n++)
    if (by[n] * 2 > rows) unnamed = n;
  if (!unnamed) return;
  int most = agreement(l, header, at, unnamed);
  for (int c = 0; c < header->count; c++) {
    int points = agreement(l, header, c, unnamed);
    if (points > most) most = points, at = c;
  }
  struct record_cells wider = *header;
  wider.count += unnamed;
  wider.cells = arena_array(l->arena, struct span, wider.count + 1);
  for (int c = 0; c < wider.count; c++)
    wider.cells[c] = c < at             ? header->cells[c]
                     : c < at + unnamed ? span_make("", 0)
                                        : header->cells[c - unnamed];
  *header = wider;
}

static void guess_headings(struct looking *l, const struct record_cells *header) {
  l->guess = arena_array(l->arena, struct heading_guesses, header->count + 1);
  for (int c = 0; c < header->count; c++)
    if (header->cells[c].size <= HEADING_BYTES * 2)
      headings_guess(l->headings, header->cells[c], &l->guess[c]);
  l->columns = header->count;
}

/* ---- which column is which ---- */

/* What the heading says most, so that `Supplier ID` is not taken for the payee. */
static bool is_best(const struct looking *l, int c, enum meaning m) {
  const struct heading_guesses *g = &l->guess[c];
  enum meaning best = headings_best(g);
  return best != MEANS_COUNT && g->of[m].sure + 8 >= g->of[best].sure && g->vat <= g->of[m].sure;
}

static int sureness(const struct looking *l, int c, enum meaning m) {
  return l->guess[c].of[m].sure * agrees(&l->facts[c], m) / 100;
}

/* Of the columns that may have the meaning, the one that comes first; -1: none. */
static int pick(const struct looking *l, enum meaning m, int least_agreement) {
  int best = -1;
  for (int c = 0; c < l->columns; c++) {
    const struct heading_guess *g = &l->guess[c].of[m];
    if (g->sure < HEADING_SURE - 10 || !is_best(l, c, m) || !l->facts[c].filled ||
        agrees(&l->facts[c], m) < least_agreement)
      continue;
    int months = m == MEANS_DATE && l->facts[c].months * 2 > l->facts[c].filled;
    if (best >= 0) {
      const struct heading_guess *b = &l->guess[best].of[m];
      int best_months = m == MEANS_DATE && l->facts[best].months * 2 > l->facts[best].filled;
      int order = g->order + months * 1000, other = b->order + best_months * 1000;
      if (order > other) continue;
      if (order == other && sureness(l, c, m) <= sureness(l, best, m)) continue;
    }
    best = c;
  }
  return best;
}

/* Rows in which both columns hold an amount, and how many of them are alike; of `plus` a third
 * column is added to the first. */
static bool amounts_alike(const struct looking *l, int a, int plus, int b) {
  int both = 0, alike = 0;
  for (int i = 0; i < l->count; i += step_of(l->count)) {
    const struct record_cells *r = &l->records[i];
    int64_t x, y, z = 0;
    unsigned forms;
    if (i == l->out->header_index || form_money(record_cell(r, a), 1, &x, &forms) ||
        form_money(record_cell(r, b), 1, &y, &forms))
      continue;
    if (plus >= 0 && form_money(record_cell(r, plus), 1, &z, &forms)) z = 0;
    if (plus >= 0 && z == 0) continue; /* nothing to tell them by */
    both++;
    alike += x + z == y;
  }
  return both > 0 && alike * 100 >= both * 95;
}

/* The column of VAT that the payer gets back, in pounds: what is known to be no such VAT
 * (headings.csv: irrecoverable, a rate) is surer of that; `VAT %` is a rate, too. */
static int find_vat(const struct looking *l) {
  for (int c = 0; c < l->columns; c++) {
    const struct heading_guesses *g = &l->guess[c];
    const struct span heading = l->out->header.cells[c];
    if (g->vat >= 85 && g->vat > g->of[MEANS_AMOUNT].sure && g->vat >= g->of[MEANS_NOTHING].sure &&
        !memchr(heading.bytes, '%', heading.size) && l->facts[c].amounts)
      return c;
  }
  return -1;
}

static const char *heading_at(const struct looking *l, int c) {
  struct span s = l->out->header.cells[c];
  return s.size ? arena_copy(l->arena, s.bytes, s.size)
                : arena_printf(l->arena, "column %d", c + 1);
}

/* Looks at the other columns of amounts: one that is net by its sums comes first; one that is as
 * good and differs is a question. */
static int settle_amount(struct looking *l, int chosen) {
  int vat = find_vat(l);
  for (int c = 0; c < l->columns && chosen >= 0; c++) {
    const struct heading_guess *g = &l->guess[c].of[MEANS_AMOUNT];
    if (c == chosen || g->sure < HEADING_SURE || !is_best(l, c, MEANS_AMOUNT) ||
        agrees(&l->facts[c], MEANS_AMOUNT) < 80 || l->facts[c].filled * 2 < l->rows)
      continue;
    if (vat >= 0 && vat != c && amounts_alike(l, c, vat, chosen)) chosen = c;
    else if (g->order == l->guess[chosen].of[MEANS_AMOUNT].order && !l->out->question &&
             !amounts_alike(l, c, -1, chosen) && !(vat >= 0 && amounts_alike(l, chosen, vat, c)))
      l->out->question = arena_printf(l->arena, "the amount may be '%s' or '%s'",
                                      heading_at(l, chosen), heading_at(l, c));
  }
  return chosen;
}

static void set(struct looking *l, int c, enum meaning m, int sure) {
  if (c < 0) return;
  l->out->columns[c].means = m;
  l->out->columns[c].sure = sure;
}

bool vat_may_be_of(int64_t vat, int64_t gross) {
  const int64_t sign = gross < 0 ? -1 : 1;
  int64_t net, five;
  return vat * sign >= 0 && money_add(gross, -vat, &net) &&
         !__builtin_mul_overflow(vat * sign, 5, &five) && five <= net * sign + 5;
}

/* Whether the column may be the VAT that the amounts hold, in 95 rows of 100, and some row has any.
 * The others are refused one by one. */
static bool vat_ties(const struct looking *l, int amount, int vat) {
  int both = 0, ties = 0, some = 0;
  for (int i = 0; i < l->count; i += step_of(l->count)) {
    const struct record_cells *r = &l->records[i];
    int64_t gross, tax;
    unsigned forms;
    if (i == l->out->header_index || form_money(record_cell(r, amount), 1, &gross, &forms) ||
        form_money(record_cell(r, vat), 1, &tax, &forms))
      continue;
    both++;
    some += tax != 0;
    ties += vat_may_be_of(tax, gross);
  }
  return some && ties * 100 >= both * 95;
}

/* Of a file with amounts that hold VAT, and the VAT, and none without it: the VAT comes off. */
static void settle_vat(struct looking *l, int amount) {
  const int vat = amount >= 0 ? find_vat(l) : -1;
  if (vat < 0 || vat == amount || !l->guess[amount].gross || l->guess[amount].net ||
      !vat_ties(l, amount, vat))
    return;
  set(l, vat, MEANS_VAT, l->guess[vat].vat);
}

/* The only column without a known heading whose cells are all amounts, or all days. */
static int pick_by_cells(const struct looking *l, enum meaning m) {
  int found = -1;
  for (int c = 0; c < l->columns; c++) {
    const struct column_facts *f = &l->facts[c];
    bool fits = m == MEANS_AMOUNT
                    ? f->amounts * 100 >= f->filled * 98 && f->with_pence * 4 > f->filled
                    : f->days * 100 >= f->filled * 98;
    if (f->filled * 2 < l->rows || !fits || headings_best(&l->guess[c]) != MEANS_COUNT) continue;
    if (found >= 0) return -1;
    found = c;
  }
  return found;
}

static bool is_free(const struct looking *l, int c) {
  return l->out->columns[c].means == MEANS_NOTHING && l->facts[c].filled > 0;
}

/* Texts beside the payment: as many columns as can be joined, in order. */
static void set_texts(struct looking *l, enum meaning m, int most) {
  for (int n = 0; n < most; n++) {
    int best = -1;
    for (int c = 0; c < l->columns; c++) {
      const struct heading_guess *g = &l->guess[c].of[m];
      if (!is_free(l, c) || g->sure < HEADING_SURE - 10 || !is_best(l, c, m) ||
          l->facts[c].addresses * 2 > l->facts[c].filled)
        continue;
      if (best < 0 || g->order < l->guess[best].of[m].order) best = c;
    }
    if (best < 0) return;
    set(l, best, m, l->guess[best].of[m].sure);
  }
}

/* Further columns of categories go to the description: the category is one. */
static void set_more_categories(struct looking *l) {
  int left = LAYOUT_JOINED;
  for (int c = 0; c < l->columns; c++) left -= l->out->columns[c].means == MEANS_DESCRIPTION;
  for (int c = 0; c < l->columns && left > 0; c++)
    if (is_free(l, c) && l->guess[c].of[MEANS_CATEGORY].sure >= 70 &&
        is_best(l, c, MEANS_CATEGORY) && l->facts[c].names * 2 > l->facts[c].filled) {
      set(l, c, MEANS_DESCRIPTION, l->guess[c].of[MEANS_CATEGORY].sure);
      left--;
    }
}

/* Whether a quarter of the column's filled cells or more are company numbers: a ledger's own codes
 * of companies, such as 01, stand under the same headings. */
static bool holds_companies(const struct looking *l, int c) {
  int filled = 0, companies = 0;
  for (int i = 0; i < l->count; i += step_of(l->count)) {
    const struct span s = record_cell(&l->records[i], c);
    if (i == l->out->header_index || !s.size) continue;
    filled++;
    companies += identifier_fault("company", s) == NULL;
  }
  return companies > 0 && companies * 4 >= filled;
}

static void set_company(struct looking *l) {
  for (int c = 0; c < l->columns; c++) {
    const int sure = l->guess[c].of[MEANS_COMPANY].sure;
    if (!is_free(l, c) || sure < HEADING_SURE - 10 || !is_best(l, c, MEANS_COMPANY) ||
        !holds_companies(l, c))
      continue;
    set(l, c, MEANS_COMPANY, sure);
    return;
  }
}

static void ask(struct looking *l, const char *what) {
  if (!l->out->question) l->out->question = what;
}

static void settle(struct looking *l, enum meaning m, int c, const char *without) {
  int sure = c < 0 ? 0 : sureness(l, c, m);
  if (c >= 0 && !sure) sure = RECOGNISED_SURE; /* by its cells alone, and there is no other */
  if (c < 0) ask(l, without);
  else if (sure < RECOGNISED_SURE)
    ask(l, arena_printf(l->arena, "whether '%s' is the %s is not sure", heading_at(l, c),
                        meaning_words[m]));
  set(l, c, m, sure);
  if (sure < l->out->sure) l->out->sure = sure;
}

/* The forms of days that the column has, each with its first example. */
static void note_forms(struct recognised *r, const struct record_cells *records, int count, int c,
                       bool month_first, struct arena *arena) {
  for (int i = 0; i < count; i += step_of(count)) {
    char form[FORM_SIZE];
    day_t day;
    struct span s = record_cell(&records[i], c);
    if (i == r->header_index || !s.size || s.size > 40 ||
        (!form_day(s, month_first, &day, form) && !form_month(s, &day, form)))
      continue;
    int known = 0;
    while (known < r->day_form_count && strcmp(r->day_forms[known], form) != 0) known++;
    if (known < r->day_form_count || known == RECOGNISED_FORMS) continue;
    memcpy(r->day_forms[known], form, FORM_SIZE);
    r->day_examples[known] = arena_copy(arena, s.bytes, s.size);
    r->day_form_count++;
  }
}

static void note_day_forms(struct looking *l, int c) {
  const bool month_first = l->facts[c].month_first > 0 && l->facts[c].day_first == 0;
  note_forms(l->out, l->records, l->count, c, month_first, l->arena);
}

void recognised_set_day(struct recognised *r, const struct record_cells *records, int count,
                        int column, bool month_first, bool day_first) {
  struct column_facts f = {0};
  for (int i = 0; i < count; i += step_of(count))
    if (i != r->header_index && record_cell(&records[i], column).size < 40)
      note_day(&f, record_cell(&records[i], column));
  r->day_form_count = 0;
  note_forms(r, records, count, column,
             month_first || (!day_first && f.month_first > 0 && f.day_first == 0), r->arena);
}

static void decide(struct looking *l) {
  l->out->sure = 100;
  int amount = settle_amount(l, pick(l, MEANS_AMOUNT, 60));
  if (amount < 0) amount = pick_by_cells(l, MEANS_AMOUNT);
  settle(l, MEANS_AMOUNT, amount, "no column is seen to hold amounts");
  settle_vat(l, amount);
  settle(l, MEANS_SUPPLIER, pick(l, MEANS_SUPPLIER, 30), "no column is seen to hold who was paid");
  int day = pick(l, MEANS_DATE, 60);
  if (day < 0) day = pick_by_cells(l, MEANS_DATE);
  if (day < 0) day = pick(l, MEANS_DATE, 1); /* some of its cells are days: a question */
  if (day >= 0) settle(l, MEANS_DATE, day, "");
  int body = pick(l, MEANS_BODY, 60);
  if (body >= 0 && is_free(l, body)) set(l, body, MEANS_BODY, sureness(l, body, MEANS_BODY));
  set_texts(l, MEANS_CATEGORY, 1);
  set_texts(l, MEANS_DEPARTMENT, LAYOUT_JOINED);
  set_texts(l, MEANS_DESCRIPTION, LAYOUT_JOINED);
  set_texts(l, MEANS_REFERENCE, 1);
  set_company(l);
  set_more_categories(l);
  if (day >= 0) note_day_forms(l, day);
}

/* ---- as a profile ---- */

static void add_rule(struct arena *arena, struct profile *p, int *capacity,
                     struct profile_rule rule) {
  arena_reserve(arena, p->rules, *capacity, p->rule_count + 1);
  p->rules[p->rule_count++] = rule;
}

static const char *const totals[] = {"Total",        "Grand Total",   "Sub Total",
                                     "Subtotal",     "Sub-total",     "Totals",
                                     "Total:",       "Grand Total:",  "Total Spend",
                                     "Total Amount", "Overall Total", "Report Total"};
enum { TOTALS = sizeof totals / sizeof *totals };

static void make_profile(struct looking *l) {
  struct recognised *r = l->out;
  struct profile *p = arena_alloc(l->arena, sizeof *p);
  int capacity = 0;
  *p = (struct profile){.name = "recognised",
                        .scale = 1,
                        .at_least = 1,
                        .recognised = true,
                        .money_forms = (1u << MONEY_FORMS) - 1};
  for (int c = 0; c < r->column_count; c++) {
    struct span heading = r->header.cells[c];
    const char *published = r->columns[c].published = profile_heading(l->arena, &r->header, c);
    if (!heading.size && r->columns[c].means == MEANS_NOTHING) continue;
    add_rule(l->arena, p, &capacity,
             (struct profile_rule){.kind = RULE_COLUMN,
                                   .published = published,
                                   .means = meaning_words[r->columns[c].means],
                                   .key = profile_rule_key(l->arena, published),
                                   .meaning = r->columns[c].means});
    if (r->columns[c].means == MEANS_DATE)
      p->month_first = l->facts[c].month_first > 0 && l->facts[c].day_first == 0;
  }
  for (int i = 0; i < TOTALS; i++)
    add_rule(l->arena, p, &capacity,
             (struct profile_rule){.kind = RULE_TOTAL,
                                   .published = "",
                                   .means = totals[i],
                                   .key = "",
                                   .meaning = MEANS_NOTHING});
  r->profile = p;
}

/* Decides what the header's columns are, which stand in out->header. */
static void decide_columns(struct looking *l) {
  struct recognised *out = l->out;
  out->column_count = l->columns;
  out->columns = arena_array(l->arena, struct recognised_column, l->columns + 1);
  look_at_cells(l);
  for (int c = 0; c < l->columns; c++) {
    out->columns[c].means = MEANS_NOTHING;
    memcpy(out->columns[c].sample, l->facts[c].sample, sizeof l->facts[c].sample);
  }
  decide(l);
  make_profile(l);
}

void recognise_without_header(const struct headings *headings, const struct record_cells *records,
                              int count, struct arena *arena, struct recognised *out) {
  struct looking l = {
      .headings = headings, .records = records, .count = count, .arena = arena, .out = out};
  int width = 0;
  *out = (struct recognised){.header_index = -1,
                             .arena = arena,
                             .question = "no row of headings was found"};
  for (int i = 0; i < count && i < SAMPLED; i++)
    if (record_filled(&records[i]) > 1 && record_width(&records[i]) > width)
      width = record_width(&records[i]);
  if (!width) return;
  out->header = (struct record_cells){arena_array(arena, struct span, width + 1), width, 0, 0};
  for (int c = 0; c < width; c++) out->header.cells[c] = span_make("", 0);
  guess_headings(&l, &out->header);
  decide_columns(&l);
}

void recognise(const struct headings *headings, const struct record_cells *records, int count,
               struct arena *arena, struct recognised *out) {
  struct looking l = {
      .headings = headings, .records = records, .count = count, .arena = arena, .out = out};
  *out = (struct recognised){.header_index = -1, .arena = arena};
  out->header_index = find_header(&l);
  if (out->header_index < 0) return;
  out->header = records[out->header_index];
  out->header.count = record_width(&out->header);
  guess_headings(&l, &out->header);
  place_unnamed(&l, &out->header);
  /* cells beyond the header that only some rows have are no column */
  guess_headings(&l, &out->header);
  decide_columns(&l);
}

bool recognised_agrees(const struct layout *layout, const struct record_cells *records, int count) {
  static const enum meaning looked_at[] = {MEANS_DATE, MEANS_AMOUNT, MEANS_SUPPLIER};
  int good = 0, rows = 0;
  for (int i = 0; i < count; i += step_of(count)) {
    const struct record_cells *r = &records[i];
    if (record_filled(r) < 2) continue;
    rows++;
    bool fits = true;
    for (int m = 0; m < 3; m++) {
      if (!layout->column_count[looked_at[m]]) continue;
      struct span s = record_cell(r, layout->column[looked_at[m]][0]);
      fits &= looked_at[m] == MEANS_DATE     ? is_day(s)
              : looked_at[m] == MEANS_AMOUNT ? is_amount(s)
                                             : is_name(s);
    }
    good += fits;
  }
  return rows > 0 && good * 100 >= rows * 90;
}

/* ---- to be filled in ---- */

static void add_line(struct text *t, const char *rule, const char *published, const char *means,
                     const char *note) {
  text_add_csv(t, span_of(rule));
  text_add_char(t, ',');
  text_add_csv(t, span_of(published));
  text_add_char(t, ',');
  text_add_csv(t, span_of(means));
  text_add_char(t, ',');
  text_add_csv(t, span_of(note));
  text_add_char(t, '\n');
}

static const char *samples_of(const struct recognised_column *c, struct text *t) {
  text_clear(t);
  if (c->sure) text_addf(t, "sure %d of 100; ", c->sure);
  text_add(t, c->sample[0] ? "such as " : "empty");
  for (int i = 0; i < 3 && c->sample[i]; i++) text_addf(t, "%s'%s'", i ? ", " : "", c->sample[i]);
  return t->bytes;
}

static void write_columns(const struct recognised *r, struct text *out) {
  struct text note = {0};
  for (int c = 0; c < r->column_count; c++) {
    const struct recognised_column *column = &r->columns[c];
    const bool empty = !column->sample[0];
    if (!r->header.cells[c].size && empty) continue;
    add_line(out, "column", column->published, meaning_words[column->means],
             samples_of(column, &note));
  }
  text_release(&note);
}

static const char *const money_examples[MONEY_FORMS] = {"1,234.56", "1,234.56-", "(1,234.56)",
                                                        "\u00a31,234.56", "-"};

void recognised_write(const struct recognised *r, const char *file, struct text *out) {
  struct text note = {0};
  const char *slash = strrchr(file, '/');
  text_add(out, "rule,published,means,note\n");
  text_addf(&note, "made from %s; say here where the files are, and under which licence",
            slash ? slash + 1 : file);
  if (r->question) text_addf(&note, "; not decided: %s", r->question);
  add_line(out, "kind", "", "spend", note.bytes);
  text_release(&note);
  write_columns(r, out);
  for (int i = 0; i < r->day_form_count; i++)
    add_line(out, "date", r->day_examples[i], r->day_forms[i], "");
  for (int i = 0; i < MONEY_FORMS; i++)
    add_line(out, "money", money_examples[i], money_form_words[i], "");
  for (int i = 0; i < TOTALS; i++) add_line(out, "total", "", totals[i], "");
}
