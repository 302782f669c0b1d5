#include "exchange/own_recognise.h"

#include "base/utf8.h"
#include "exchange/forms.h"
#include "exchange/records.h"
#include "register/address.h"
#include "register/identifier.h"

enum { LOOKED_AT = 40, SAMPLED = 2000, KNOWN = 70, KEPT_FROM = 50, FORMS_MOST = 8, SHAPE = 24 };

struct own_column {
  enum meaning means;
  int sure;
  char shape[SHAPE]; /* of its first filled cell */
};

struct own_look {
  const struct record_cells *records;
  int count, header;
  struct heading_guesses *guess; /* by column */
  struct own_column *columns;
  int width;
};

static bool is_of_people(enum meaning m) {
  return (m >= MEANS_PERSON && m <= MEANS_QUANTITY) || m == MEANS_DATE || m == MEANS_AMOUNT ||
         m == MEANS_REFERENCE || m == MEANS_DESCRIPTION;
}

static int known_headings(const struct headings *words, const struct record_cells *r) {
  int known = 0;
  for (int c = 0; c < r->count; c++) {
    struct heading_guesses g;
    headings_guess(words, r->cells[c], &g);
    const enum meaning best = headings_best(&g);
    known += best != MEANS_COUNT && g.of[best].sure >= KNOWN && is_of_people(best);
  }
  return known;
}

static bool is_clock(struct span s) {
  return s.size >= 4 && memchr(s.bytes, ':', s.size) && s.bytes[0] >= '0' && s.bytes[0] <= '9';
}

/* Whether a cell is what a column of the meaning holds. */
static bool fits(enum meaning m, struct span s) {
  char form[FORM_SIZE], postcode[POSTCODE_SIZE];
  int64_t pence;
  unsigned forms;
  day_t day;
  bool digit = false;
  for (size_t i = 0; i < s.size; i++) digit |= s.bytes[i] >= '0' && s.bytes[i] <= '9';
  switch (m) {
  case MEANS_DATE:
  case MEANS_BORN: return form_day(s, false, &day, form) || form_day(s, true, &day, form);
  case MEANS_POSTCODE: return postcode_read(s, postcode);
  case MEANS_AMOUNT: return !form_money(s, 1, &pence, &forms);
  case MEANS_QUANTITY: return is_clock(s) || !form_money(s, 1, &pence, &forms);
  case MEANS_PERSON: return digit;
  case MEANS_NAME:
  case MEANS_FORENAME:
  case MEANS_SURNAME: return !digit;
  default: return true;
  }
}

/* `Field, Ann` as `Aaaaa, Aaa`. */
static void shape_of(struct span s, char out[SHAPE]) {
  size_t n = 0;
  for (size_t i = 0; i < s.size && n + 1 < SHAPE; i++) {
    const unsigned char c = (unsigned char)s.bytes[i];
    if (c >= 0x80 && c < 0xc0) continue; /* the rest of a character */
    out[n++] = (char)(c >= '0' && c <= '9'                  ? '9'
                      : c >= 'A' && c <= 'Z'                ? 'A'
                      : (c >= 'a' && c <= 'z') || c >= 0x80 ? 'a'
                                                            : c);
  }
  out[n] = '\0';
}

static int share_of(struct own_look *l, int c, enum meaning m) {
  int filled = 0, good = 0;
  for (int i = l->header + 1; i < l->count && i < SAMPLED; i++) {
    const struct span s = record_cell(&l->records[i], c);
    if (!s.size || record_filled(&l->records[i]) < 3) continue; /* a total, a note */
    if (!filled++) shape_of(s, l->columns[c].shape);
    good += fits(m, s);
  }
  return filled ? good * 100 / filled : 0;
}

/* Each meaning goes to the column that is surest of it. */
static void decide_columns(struct own_look *l) {
  for (int c = 0; c < l->width; c++) {
    const enum meaning best = headings_best(&l->guess[c]);
    l->columns[c].means = MEANS_NOTHING;
    if (best == MEANS_COUNT || !is_of_people(best)) {
      (void)share_of(l, c, MEANS_NOTHING);
      continue;
    }
    const int sure = l->guess[c].of[best].sure * share_of(l, c, best) / 100;
    if (sure < KEPT_FROM) continue;
    int other = 0;
    while (other < c && l->columns[other].means != best) other++;
    if (other < c && l->columns[other].sure >= sure) continue;
    if (other < c) l->columns[other] = (struct own_column){.means = MEANS_NOTHING};
    l->columns[c].means = best;
    l->columns[c].sure = sure;
  }
}

static int column_of(const struct own_look *l, enum meaning m) {
  for (int c = 0; c < l->width; c++)
    if (l->columns[c].means == m) return c;
  return -1;
}

static bool is_file_of_people(const struct own_look *l, bool may_be) {
  const int person = column_of(l, MEANS_PERSON);
  const bool named = column_of(l, MEANS_NAME) >= 0 || column_of(l, MEANS_SURNAME) >= 0;
  if (column_of(l, MEANS_BORN) >= 0) return named || person >= 0;
  if (named && column_of(l, MEANS_POSTCODE) >= 0) return true;
  return person >= 0 && (may_be || l->columns[person].sure >= 90);
}

/* ---- the profile ---- */

static void add_rule(struct text *t, const char *rule, const char *published, const char *means,
                     const char *note) {
  const char *const fields[] = {rule, published, means, note};
  for (int i = 0; i < 4; i++) {
    text_add_csv(t, span_of(fields[i]));
    text_add_char(t, i < 3 ? ',' : '\n');
  }
}

/* Whether the heading has the letters, whatever their case. */
static bool holds(struct span heading, const char *letters) {
  const size_t size = strlen(letters);
  for (size_t i = 0; i + size <= heading.size; i++)
    if (strncasecmp(heading.bytes + i, letters, size) == 0) return true;
  return false;
}

/* The program's own scheme that the number is of: what its heading says, or, of NHS numbers, their
 * check digits. Null: none of these. */
static const char *scheme_of(const struct own_look *l, int c) {
  const struct span heading = l->records[l->header].cells[c];
  int filled = 0, good = 0;
  if (holds(heading, "insurance") || holds(heading, "nino") || holds(heading, "NI N"))
    return "nino";
  for (int i = l->header + 1; i < l->count && i < SAMPLED; i++) {
    const struct span s = record_cell(&l->records[i], c);
    struct identifier ignored;
    if (!s.size || record_filled(&l->records[i]) < 3) continue;
    filled++;
    good += !identifier_read_value(NULL, "nhs", s, &ignored);
  }
  return filled && good * 100 >= filled * 90 ? "nhs" : NULL;
}

/* The forms of days that both columns of days have. */
static void write_days(const struct own_look *l, struct text *out) {
  static const enum meaning of[] = {MEANS_DATE, MEANS_BORN};
  char known[FORMS_MOST][FORM_SIZE];
  int count = 0;
  for (int m = 0; m < 2; m++)
    for (int i = l->header + 1; column_of(l, of[m]) >= 0 && i < l->count && i < SAMPLED; i++) {
      char form[FORM_SIZE];
      day_t day;
      int at = 0;
      const struct span s = record_cell(&l->records[i], column_of(l, of[m]));
      if (!form_day(s, false, &day, form)) continue;
      while (at < count && strcmp(known[at], form) != 0) at++;
      if (at < count || count == FORMS_MOST) continue;
      memcpy(known[count++], form, sizeof form);
      add_rule(out, "date", "", form, "");
    }
}

static const char *unit_of(const struct own_look *l, int c) {
  const struct span heading = l->records[l->header].cells[c];
  for (int i = l->header + 1; i < l->count && i < SAMPLED; i++)
    if (is_clock(record_cell(&l->records[i], c))) return "hours:minutes";
  if (holds(heading, "hour") || holds(heading, "hrs")) return "hours";
  if (holds(heading, "min")) return "minutes";
  return NULL;
}

/* What the columns mean, and the forms of their days and amounts. */
static void write_columns(const struct own_look *l, struct arena *arena, struct text *out) {
  const struct record_cells *head = &l->records[l->header];
  for (int c = 0; c < l->width; c++) {
    const struct own_column *column = &l->columns[c];
    if (!head->cells[c].size && !column->shape[0]) continue;
    const char *note = column->sure       ? arena_printf(arena, "sure %d of 100; such as '%s'",
                                                         column->sure, column->shape)
                       : column->shape[0] ? arena_printf(arena, "such as '%s'", column->shape)
                                          : "empty";
    add_rule(out, "column", profile_heading(arena, head, c), meaning_words[column->means], note);
  }
}

static void write_forms(const struct own_look *l, struct text *out) {
  write_days(l, out);
  for (int i = 0; column_of(l, MEANS_AMOUNT) >= 0 && i < MONEY_FORMS; i++)
    add_rule(out, "money", "", money_form_words[i], "");
}

/* All rules but which category and whose file it is. `note`: beside the kind. */
static void write_rules(const struct own_look *l, const char *note,
                        const struct own_constants *said, struct arena *arena, struct text *out) {
  const int person = column_of(l, MEANS_PERSON);
  text_add(out, "rule,published,means,note\n");
  add_rule(out, "kind", "", "entries", note);
  write_columns(l, arena, out);
  if (person >= 0 && said->scheme)
    add_rule(out, "scheme", profile_heading(arena, &l->records[l->header], person), said->scheme,
             "");
  write_forms(l, out);
  if (said->unit && strcmp(said->unit, "-") != 0) add_rule(out, "unit", "", said->unit, "");
  if (said->each) add_rule(out, "each", "", said->each, "");
  if (said->turned) add_rule(out, "scale", "", "-1", "");
  add_rule(out, "total", "", "Total", "");
}

static void write_profile(const struct own_look *l, struct arena *arena, struct text *out) {
  const int person = column_of(l, MEANS_PERSON), quantity = column_of(l, MEANS_QUANTITY);
  const struct own_constants seen = {.scheme = person >= 0 ? scheme_of(l, person) : NULL,
                                     .unit = quantity >= 0 ? unit_of(l, quantity) : NULL};
  write_rules(l, "say here which system exports the file; cells are shown by their form only",
              &seen, arena, out);
  add_rule(out, "category", "", "", "write which category of ours every row is");
  add_rule(out, "body", "", "", "write whose file it is, or give --body");
}

/* Takes the header of the record with most known headings; false: there is none. */
static bool find_header_of_people(struct own_look *l, const struct headings *words) {
  int most = 1;
  for (int i = 0; i < l->count && i < LOOKED_AT; i++) {
    const int known = known_headings(words, &l->records[i]);
    if (known > most) most = known, l->header = i;
  }
  return l->header >= 0;
}

static void look_at_columns(struct own_look *l, const struct headings *words, struct arena *arena) {
  const struct record_cells *head = &l->records[l->header];
  l->width = record_width(head);
  l->guess = arena_array(arena, struct heading_guesses, l->width + 1);
  l->columns = arena_array(arena, struct own_column, l->width + 1);
  for (int c = 0; c < l->width; c++) headings_guess(words, head->cells[c], &l->guess[c]);
  decide_columns(l);
}

bool own_recognise(const struct headings *words, const struct record_cells *records, int count,
                   bool may_be, struct arena *arena, struct text *out) {
  struct own_look l = {.records = records, .count = count, .header = -1};
  if (!find_header_of_people(&l, words)) return false;
  look_at_columns(&l, words, arena);
  if (!is_file_of_people(&l, may_be)) return false;
  /* a name alone is nobody: beside a number it says nothing more */
  if (column_of(&l, MEANS_BORN) < 0 && column_of(&l, MEANS_POSTCODE) < 0)
    for (int c = 0; c < l.width; c++)
      if (l.columns[c].means >= MEANS_NAME && l.columns[c].means <= MEANS_SURNAME)
        l.columns[c].means = MEANS_NOTHING, l.columns[c].sure = 0;
  write_profile(&l, arena, out);
  return true;
}

/* ---- for a page ---- */

static bool look_of_page(struct own_look *l, const struct headings *words, struct arena *arena) {
  if (!find_header_of_people(l, words))
    for (int i = l->count - 1; i >= 0; i--)
      if (i < LOOKED_AT && record_filled(&l->records[i]) >= 2) l->header = i;
  if (l->header < 0) return false;
  look_at_columns(l, words, arena);
  return true;
}

bool own_columns(const struct headings *words, const struct record_cells *records, int count,
                 struct arena *arena, struct recognised_column **columns, int *column_count) {
  struct own_look l = {.records = records, .count = count, .header = -1};
  if (!look_of_page(&l, words, arena)) return false;
  *columns = arena_array(arena, struct recognised_column, l.width + 1);
  *column_count = l.width;
  for (int c = 0; c < l.width; c++) {
    const struct own_column *column = &l.columns[c];
    (*columns)[c] = (struct recognised_column){
        .published = profile_heading(arena, &records[l.header], c),
        .means = column->means,
        .sure = column->sure,
        .sample = {column->shape[0] ? arena_string(arena, column->shape) : NULL}};
  }
  return true;
}

void own_answer(const struct headings *words, const struct record_cells *records, int count,
                const struct recognised_column *columns, int column_count,
                const struct own_constants *constants, struct arena *arena, struct text *out) {
  struct own_look l = {.records = records, .count = count, .header = -1};
  if (!look_of_page(&l, words, arena)) return;
  for (int c = 0; c < l.width && c < column_count; c++) {
    if (l.columns[c].means != columns[c].means) l.columns[c].sure = 0;
    l.columns[c].means = columns[c].means;
  }
  write_rules(&l, "", constants, arena, out);
  if (constants->category) add_rule(out, "category", "", constants->category, "");
}
