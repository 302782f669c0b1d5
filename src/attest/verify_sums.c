/* Checks that a statement's sections show the sums of its lines: each category's amount, entries
 * and quantity in the section where the statement shows it, and the totals. Shares, rates and names
 * are not computed again; the seal covers them. A forger may write any number of rows and lines, so
 * there is no linear search: rows are sorted, and each line finds its row by binary search. (A
 * linear search took 105 s for 12.8 MB of rows.) */
#include "attest/verify_parts.h"

#include "base/limits.h"
#include "base/money.h"
#include "base/refusal.h"
#include "book/figures.h"

/* A figure of the statement, of one row or of several added up, and the sum of its lines. A row
 * whose figure is null, because it is too large to be shown, counts as lost. */
struct figure_sum {
  wide_t said;
  int lost;
  wide_t made, size; /* size: the sum of the lines without their signs */
};

struct category_sum {
  struct span code;
  int section;
  bool added; /* to an earlier row of the same category */
  struct figure_sum amount, quantity;
  wide_t said_entries;
  int64_t made_entries;
  bool said_estimated, made_estimated, said_counted, made_counted;
};

struct section {
  const char *name;
  enum verified_part part;
  bool received, turned, given;
  struct figure_sum total;
};
static const struct section all_sections[] = {
    {"paid", VERIFIED_PAID, false, true, false, {0}},
    {"employer", VERIFIED_EMPLOYER, false, true, false, {0}},
    {"cash", VERIFIED_RECEIVED, true, false, false, {0}},
    {"services", VERIFIED_RECEIVED, true, false, false, {0}},
    {"given", VERIFIED_GIVEN, false, true, true, {0}},
};
enum { SECTIONS = sizeof all_sections / sizeof *all_sections, CASH = 2, SERVICES = 3 };

/* Lines that no section shows: those of an account, or of a category on whatever account. */
struct uncounted_sum {
  int64_t account; /* 0: of a category */
  struct span category;
  int64_t left; /* how many of its entries are still to come */
};

/* A holding of a unit that no section uses: its lines must add up to the difference of the two
 * figures. */
struct holding {
  struct span unit;
  int64_t scale;
  wide_t opening, closing, made;
  bool opening_lost, closing_lost;
};

struct adding {
  const json_t *root;
  struct section sections[SECTIONS];
  struct category_sum *sums;
  int count, capacity; /* a row each, in the order of the file */
  struct category_sum **by_code;
  int code_count; /* the first row of each category, sorted by it */
  struct holding *holdings;
  int holding_count, holding_capacity; /* sorted by unit */
  /* `not_counted`, sorted */
  struct uncounted_sum *uncounted;
  int uncounted_count, uncounted_capacity;
  struct verified_sums *found;
};

static void say_figure(struct figure_sum *f, wide_t n, bool lost) {
  f->said += n;
  f->lost += lost;
}

static void make_figure(struct figure_sum *f, wide_t n) {
  f->made += n;
  f->size += n < 0 ? -n : n;
}

/* Whether the figure equals the sum of the lines. One null means that the rest after the other rows
 * is too large to be shown; with several nulls we cannot say how they share the rest, only whether
 * the lines are too small for so many. */
static bool figure_stands(const struct figure_sum *f) {
  if (!f->lost) return f->said == f->made;
  if (f->lost == 1) return !wide_shown(f->made - f->said);
  return f->size >= (wide_t)f->lost * (WIDE_SHOWN_MOST + 1);
}

/* Marks a part that has a figure rightly not shown. */
static void note_lost(struct adding *a, enum verified_part part, bool lost) {
  a->found->parts[part].lost |= lost;
}

/* The amount as a message shows it. */
static const char *amount_text(struct text *t, bool minutes, wide_t n) {
  text_clear(t);
  if (!wide_shown(n)) text_add(t, "more than can be shown");
  else if (minutes) text_addf(t, "%lld minutes", (long long)n);
  else text_add_pounds(t, (int64_t)n);
  return t->bytes;
}

/* `what`: "a total", "an amount". */
static enum status differs(const char *where, const char *what, const struct figure_sum *f,
                           bool minutes, struct error *err) {
  struct text said = {0}, made = {0};
  enum status status =
      f->lost ? refuse(err, VERIFY_SUM_TOO_LARGE, where, what, amount_text(&made, minutes, f->made))
              : refuse(err, VERIFY_SUM_WRONG, where, what, amount_text(&said, minutes, f->said),
                       amount_text(&made, minutes, f->made));
  text_release(&said);
  text_release(&made);
  return status;
}

static int compare_spans(struct span a, struct span b) {
  size_t both = a.size < b.size ? a.size : b.size;
  int order = both ? memcmp(a.bytes, b.bytes, both) : 0;
  return order ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare_codes(const void *x, const void *y, void *steps) {
  const struct category_sum *a = *(struct category_sum *const *)x,
                            *b = *(struct category_sum *const *)y;
  int order = compare_spans(a->code, b->code);
  ++*(uint64_t *)steps;
  return order ? order : (a > b) - (a < b);
}

/* Binary search; null when there is none. */
static struct category_sum *find(struct adding *a, struct span code) {
  for (int from = 0, to = a->code_count; from < to;) {
    int middle = from + (to - from) / 2, order = compare_spans(code, a->by_code[middle]->code);
    ++a->found->steps;
    if (!order) return a->by_code[middle];
    if (order < 0) to = middle;
    else from = middle + 1;
  }
  return NULL;
}

/* ---- the statement's rows ---- */

static enum status read_quantity(const json_t *row, struct category_sum *s, struct error *err) {
  const json_t *value = json_object_get(row, "quantity");
  int64_t quantity = 0;
  /* not counted because there is no unit; else too large to be shown */
  if (!value || json_is_null(value)) {
    s->said_counted = value && s->section == SERVICES &&
                      json_is_string(json_object_get(row, "unit"));
    say_figure(&s->quantity, 0, s->said_counted);
    return DONE;
  }
  if (!json_is_string(value)) return refuse(err, VERIFY_QUANTITY_MALFORMED, SPAN(s->code));
  struct span text = span_make(json_string_value(value), json_string_length(value));
  bool minus = text.size && text.bytes[0] == '-';
  if (quantity_parse(minus ? span_make(text.bytes + 1, text.size - 1) : text, &quantity, err) !=
      DONE)
    return error_while(err, "reading the quantity of " SPAN_FORMAT, SPAN(s->code));
  s->said_counted = true;
  say_figure(&s->quantity, minus ? -quantity : quantity, false);
  return DONE;
}

/* Checks the value beside its rate: minutes times rate, half up to the penny, or nothing where no
 * rate is known. */
static enum status check_value(const json_t *row, wide_t minutes, bool minutes_lost, wide_t *value,
                               struct error *err) {
  wide_t said = 0;
  bool lost = false;
  const json_t *rate = json_object_get(row, "rate");
  enum status status = member_figure(row, "value", "a row of 'given'", &said, &lost, err);
  if (status != DONE) return status;
  *value = json_is_integer(rate)
               ? wide_scale(minutes_lost ? WIDE_LOST : minutes, json_integer_value(rate), 60)
               : 0;
  if (lost ? !wide_shown(*value) : said == *value) return DONE;
  return refuse(err, VERIFY_TIME_VALUE);
}

static enum status read_row(struct adding *a, int at, const json_t *row, wide_t *value,
                            struct error *err) {
  struct section *section = &a->sections[at];
  struct span code;
  wide_t amount = 0;
  int64_t entries = 0;
  bool lost = false;
  if (!json_is_object(row)) return refuse(err, VERIFY_ROW_NOT_OBJECT, section->name);
  enum status status = member_text(row, "category", "a row", &code, err);
  if (status == DONE)
    status = member_figure(row, section->given ? "minutes" : "amount", "a row", &amount, &lost,
                           err);
  if (status == DONE) status = member_int(row, "entries", "a row", &entries, err);
  if (status == DONE && section->given) status = check_value(row, amount, lost, value, err);
  if (status != DONE) return status;
  if (a->count == LIMIT_PROOF_ROWS) return refuse(err, VERIFY_ROWS_TOO_MANY, (int)LIMIT_PROOF_ROWS);
  array_reserve(a->sums, a->capacity, a->count + 1);
  struct category_sum *s = &a->sums[a->count++];
  *s = (struct category_sum){.code = code, .section = at, .said_entries = entries};
  say_figure(&s->amount, amount, lost);
  s->said_estimated = !section->given && json_is_true(json_object_get(row, "estimated"));
  return read_quantity(row, s, err);
}

static enum status read_section(struct adding *a, int at, struct error *err) {
  struct section *section = &a->sections[at];
  json_t *object = NULL, *rows = NULL, *around = NULL;
  wide_t total = 0, total_value = 0, said_value = 0;
  bool lost = false, value_lost = false;
  enum status status = DONE;
  if (section->received) status = member_object(a->root, "received", "the statement", &around, err);
  if (status == DONE)
    status = member_object(section->received ? around : a->root, section->name, "the statement",
                           &object, err);
  if (status == DONE)
    status = member_figure(object, section->given ? "minutes" : "total", section->name, &total,
                           &lost, err);
  if (status == DONE) status = member_array(object, "lines", section->name, &rows, err);
  if (status == DONE && section->given)
    status = member_figure(object, "value", section->name, &said_value, &value_lost, err);
  for (size_t i = 0; status == DONE && i < json_array_size(rows); i++) {
    wide_t value = 0;
    status = read_row(a, at, json_array_get(rows, i), &value, err);
    total_value += value;
  }
  say_figure(&section->total, total, lost);
  note_lost(a, section->part, value_lost);
  if (status == DONE && (value_lost ? wide_shown(total_value) : said_value != total_value))
    status = refuse(err, VERIFY_TIME_SUM);
  return status;
}

static enum status add_row(struct category_sum *first, struct category_sum *s, struct error *err) {
  if (first->section != SERVICES || s->section != SERVICES)
    return refuse(err, VERIFY_CATEGORY_TWICE, SPAN(s->code));
  s->added = true;
  first->said_estimated |= s->said_estimated;
  first->said_counted |= s->said_counted;
  first->said_entries += s->said_entries;
  first->amount.said += s->amount.said;
  first->amount.lost += s->amount.lost;
  first->quantity.said += s->quantity.said;
  first->quantity.lost += s->quantity.lost;
  return DONE;
}

/* Sorts the rows by their category. A category comes once, except that services have a row each. */
static enum status sort_rows(struct adding *a, struct error *err) {
  a->by_code = memory_zeroed((size_t)a->count + 1, sizeof *a->by_code);
  for (int i = 0; i < a->count; i++) a->by_code[i] = &a->sums[i];
  qsort_r(a->by_code, (size_t)a->count, sizeof *a->by_code, compare_codes, &a->found->steps);
  for (int i = 0; i < a->count; i++) {
    struct category_sum *s = a->by_code[i],
                        *last = a->code_count ? a->by_code[a->code_count - 1] : NULL;
    if (!last || !span_equal(last->code, s->code)) a->by_code[a->code_count++] = s;
    else if (add_row(last, s, err) != DONE) return err->code;
  }
  return DONE;
}

/* ---- not counted: accounts and categories that no section shows, each with how many lines ---- */

static int compare_keys(const struct uncounted_sum *a, const struct uncounted_sum *b) {
  if (a->account != b->account) return a->account < b->account ? -1 : 1;
  return compare_spans(a->category, b->category);
}

static int compare_uncounted(const void *x, const void *y, void *steps) {
  ++*(uint64_t *)steps;
  return compare_keys(x, y);
}

static enum status read_uncounted_row(const json_t *row, struct uncounted_sum *out,
                                      struct error *err) {
  static const char where[] = "a row of 'not_counted'";
  *out = (struct uncounted_sum){.category = span_make("", 0)};
  enum status status = member_int(row, "entries", where, &out->left, err);
  if (status != DONE) return status;
  if (!json_object_get(row, "account"))
    return member_text(row, "category", where, &out->category, err);
  status = member_int(row, "account", where, &out->account, err);
  return status == DONE && out->account < 1 ? refuse(err, VERIFY_NO_ACCOUNT, where) : status;
}

static enum status read_uncounted(struct adding *a, struct error *err) {
  const json_t *rows = json_object_get(a->root, "not_counted");
  enum status status = DONE;
  if (!rows) return DONE;
  if (!json_is_array(rows)) return refuse(err, VERIFY_NOT_COUNTED_NOT_ARRAY);
  if (json_array_size(rows) > LIMIT_PROOF_ROWS)
    return refuse(err, VERIFY_NOT_COUNTED_ROWS, (int)LIMIT_PROOF_ROWS);
  for (size_t i = 0; status == DONE && i < json_array_size(rows); i++) {
    array_reserve(a->uncounted, a->uncounted_capacity, a->uncounted_count + 1);
    status = read_uncounted_row(json_array_get(rows, i), &a->uncounted[a->uncounted_count++], err);
  }
  if (status != DONE || !a->uncounted_count) return status;
  qsort_r(a->uncounted, (size_t)a->uncounted_count, sizeof *a->uncounted, compare_uncounted,
          &a->found->steps);
  for (int i = 1; i < a->uncounted_count; i++)
    if (compare_keys(&a->uncounted[i - 1], &a->uncounted[i]) == 0)
      return refuse(err, VERIFY_NOT_COUNTED_TWICE);
  return DONE;
}

static struct uncounted_sum *find_uncounted(struct adding *a, int64_t account,
                                            struct span category) {
  const struct uncounted_sum key = {.account = account, .category = category};
  for (int from = 0, to = a->uncounted_count; from < to;) {
    int middle = from + (to - from) / 2, order = compare_keys(&key, &a->uncounted[middle]);
    ++a->found->steps;
    if (!order) return &a->uncounted[middle];
    if (order < 0) to = middle;
    else from = middle + 1;
  }
  return NULL;
}

/* The row of `not_counted` for the line: that of its account before that of its category. */
static struct uncounted_sum *uncounted_of(struct adding *a, const struct seen_line *line) {
  struct uncounted_sum *of_account = find_uncounted(a, line->account, span_make("", 0));
  return of_account ? of_account : find_uncounted(a, 0, line->category);
}

/* ---- holdings ---- */

static int compare_holdings(const void *x, const void *y, void *steps) {
  ++*(uint64_t *)steps;
  return compare_spans(((const struct holding *)x)->unit, ((const struct holding *)y)->unit);
}

static enum status read_holding(const json_t *row, struct holding *out, struct error *err) {
  static const char where[] = "a row of 'holdings'";
  *out = (struct holding){0};
  if (!json_is_object(row)) return refuse(err, VERIFY_NOT_OBJECT, where);
  enum status status = member_text(row, "unit", where, &out->unit, err);
  if (status == DONE) status = member_int(row, "scale", where, &out->scale, err);
  if (status == DONE)
    status = member_figure(row, "opening", where, &out->opening, &out->opening_lost, err);
  if (status == DONE)
    status = member_figure(row, "closing", where, &out->closing, &out->closing_lost, err);
  if (status == DONE && (out->scale < 0 || out->scale > LIMIT_UNIT_SCALE))
    status = refuse(err, VERIFY_SCALE, where);
  if (status == DONE && (span_is(out->unit, UNIT_PENCE) || span_is(out->unit, UNIT_MINUTES)))
    status = refuse(err, VERIFY_UNIT_OF_SECTIONS, where, SPAN(out->unit));
  return status;
}

/* Statements made before there were holdings have none. */
static enum status read_holdings(struct adding *a, struct error *err) {
  const json_t *rows = json_object_get(a->root, "holdings");
  enum status status = DONE;
  if (!rows) return DONE;
  if (!json_is_array(rows)) return refuse(err, VERIFY_HOLDINGS_NOT_ARRAY);
  if (json_array_size(rows) > LIMIT_PROOF_ROWS)
    return refuse(err, VERIFY_HOLDINGS_ROWS, (int)LIMIT_PROOF_ROWS);
  for (size_t i = 0; status == DONE && i < json_array_size(rows); i++) {
    array_reserve(a->holdings, a->holding_capacity, a->holding_count + 1);
    status = read_holding(json_array_get(rows, i), &a->holdings[a->holding_count++], err);
  }
  if (status != DONE || !a->holding_count) return status;
  qsort_r(a->holdings, (size_t)a->holding_count, sizeof *a->holdings, compare_holdings,
          &a->found->steps);
  for (int i = 1; i < a->holding_count; i++)
    if (span_equal(a->holdings[i - 1].unit, a->holdings[i].unit))
      return refuse(err, VERIFY_HOLDINGS_TWICE, SPAN(a->holdings[i].unit));
  return DONE;
}

static enum status add_to_holding(struct adding *a, const struct seen_line *line,
                                  struct error *err) {
  for (int from = 0, to = a->holding_count; from < to;) {
    int middle = from + (to - from) / 2,
        order = compare_spans(line->unit, a->holdings[middle].unit);
    ++a->found->steps;
    if (!order) {
      a->holdings[middle].made += line->amount;
      largest_add(&a->found->parts[VERIFIED_HELD].largest, line->entry, line->line_no,
                  line->amount);
      return DONE;
    }
    if (order < 0) to = middle;
    else from = middle + 1;
  }
  return refuse(err, VERIFY_LINE_WITHOUT_HOLDING, (long long)line->entry, (int)line->line_no,
                SPAN(line->unit));
}

/* Where both figures are null there is nothing to compare: the lines do not include the holding
 * before the year. */
static bool holding_stands(const struct holding *h) {
  if (h->opening_lost && h->closing_lost) return true;
  if (h->opening_lost) return !wide_shown(h->closing - h->made);
  if (h->closing_lost) return !wide_shown(h->opening + h->made);
  return h->opening + h->made == h->closing;
}

static const char *holding_text(struct text *t, const struct holding *h, wide_t n, bool lost) {
  text_clear(t);
  if (lost || !wide_shown(n)) text_add(t, "more than can be shown");
  else text_add_decimal(t, (int64_t)n, (int)h->scale);
  return t->bytes;
}

static enum status compare_holdings_made(struct adding *a, struct error *err) {
  struct text said = {0}, made = {0};
  enum status status = DONE;
  for (int i = 0; status == DONE && i < a->holding_count; i++) {
    const struct holding *h = &a->holdings[i];
    note_lost(a, VERIFIED_HELD, h->opening_lost || h->closing_lost);
    if (!holding_stands(h))
      status = refuse(err, VERIFY_HOLDINGS_WRONG, SPAN(h->unit),
                      holding_text(&said, h, h->closing, h->closing_lost),
                      holding_text(&made, h, h->opening + h->made, h->opening_lost));
  }
  text_release(&said);
  text_release(&made);
  return status;
}

/* ---- the lines' sums ---- */

static enum status add_line(struct adding *a, const struct seen_line *line, bool cancelled,
                            struct error *err) {
  struct uncounted_sum *aside = uncounted_of(a, line);
  if (aside) {
    aside->left--;
    return DONE;
  }
  if (!span_is(line->unit, UNIT_PENCE) && !span_is(line->unit, UNIT_MINUTES))
    return add_to_holding(a, line, err);
  struct category_sum *s = find(a, line->category);
  if (!s && cancelled) return DONE;
  if (!s)
    return refuse(err, VERIFY_LINE_WITHOUT_CATEGORY, (long long)line->entry, (int)line->line_no,
                  SPAN(line->category));
  struct section *section = &a->sections[s->section];
  if (!span_is(line->unit, section->given ? UNIT_MINUTES : UNIT_PENCE))
    return refuse(err, VERIFY_LINE_UNIT_OF_SECTION, (long long)line->entry, (int)line->line_no,
                  section->name);
  const wide_t amount = section->turned ? -(wide_t)line->amount : line->amount;
  make_figure(&section->total, amount);
  if (section->given || !cancelled) make_figure(&s->amount, amount);
  if (cancelled) return DONE;
  largest_add(&a->found->parts[section->part].largest, line->entry, line->line_no, line->amount);
  s->made_entries++;
  s->made_estimated |= line->estimated && !section->given;
  if (!line->has_quantity || !line->service.size) return DONE;
  s->made_counted = true;
  make_figure(&s->quantity, line->quantity);
  return DONE;
}

/* A line and its reversal, both of the year, cancel each other, as in making statements. */
static enum status add_lines(struct adding *a, const struct seen_line *lines, size_t count,
                             struct error *err) {
  struct loaded_line *loaded_line = memory_zeroed(count + 1, sizeof *loaded_line);
  struct loaded_line **pointers = memory_zeroed(count + 1, sizeof *pointers);
  size_t counted = 0;
  enum status status = DONE;
  for (size_t i = 0; i < count; i++) {
    loaded_line[i] = (struct loaded_line){.entry = lines[i].entry,
                                          .line_no = lines[i].line_no,
                                          .reverses_entry = lines[i].reverses_entry,
                                          .reverses_line_no = lines[i].reverses_line_no};
    if (!find_uncounted(a, lines[i].account, span_make("", 0)))
      pointers[counted++] = &loaded_line[i];
  }
  figures_cancel(pointers, counted);
  for (size_t i = 0; status == DONE && i < count; i++)
    status = add_line(a, &lines[i], loaded_line[i].cancelled, err);
  free(loaded_line);
  free(pointers);
  return status;
}

/* ---- the two compared ---- */

static enum status compare_category(struct adding *a, const struct category_sum *s,
                                    struct error *err) {
  const struct section *section = &a->sections[s->section];
  char where[SPAN_QUOTE_SIZE + 32], quoted[SPAN_QUOTE_SIZE];
  snprintf(where, sizeof where, "%s, '%s'", section->name, span_quote(s->code, quoted));
  note_lost(a, section->part, s->amount.lost || s->quantity.lost);
  if (!figure_stands(&s->amount))
    return differs(where, section->given ? "a time" : "an amount", &s->amount, section->given, err);
  if (s->said_entries != s->made_entries)
    return refuse(err, VERIFY_ENTRIES_WRONG, where, (long long)s->said_entries,
                  (long long)s->made_entries);
  if (s->section == SERVICES &&
      (!figure_stands(&s->quantity) || s->said_counted != s->made_counted)) {
    char said[WIDE_TEXT_SIZE], made[WIDE_TEXT_SIZE];
    return refuse(err, VERIFY_QUANTITY_WRONG, where,
                  s->quantity.lost ? "more than can be shown" : wide_write(s->quantity.said, said),
                  wide_write(s->quantity.made, made));
  }
  if (s->said_estimated != s->made_estimated)
    return s->said_estimated ? refuse(err, VERIFY_ESTIMATED_WITHOUT, where)
                             : refuse(err, VERIFY_ESTIMATED_UNSAID, where);
  return DONE;
}

static enum status compare_received(struct adding *a, struct error *err) {
  const struct figure_sum *cash = &a->sections[CASH].total,
                          *services = &a->sections[SERVICES].total;
  json_t *received = NULL;
  struct figure_sum f = {0};
  wide_t total = 0;
  bool lost = false;
  enum status status = member_object(a->root, "received", "the statement", &received, err);
  if (status == DONE) status = member_figure(received, "total", "received", &total, &lost, err);
  say_figure(&f, total, lost);
  make_figure(&f, cash->made + services->made);
  note_lost(a, VERIFIED_RECEIVED, lost);
  return status == DONE && !figure_stands(&f) ? differs("received", "a total", &f, false, err)
                                              : status;
}

static enum status compare(struct adding *a, struct error *err) {
  for (int i = 0; i < a->count; i++) {
    enum status status = a->sums[i].added ? DONE : compare_category(a, &a->sums[i], err);
    if (status != DONE) return status;
  }
  for (int i = 0; i < SECTIONS; i++) {
    const struct section *section = &a->sections[i];
    if (!figure_stands(&section->total))
      return differs(section->name, "a total", &section->total, section->given, err);
    note_lost(a, section->part, section->total.lost);
  }
  for (int i = 0; i < a->uncounted_count; i++)
    if (a->uncounted[i].left) return refuse(err, VERIFY_NOT_COUNTED_LINES);
  enum status status = compare_received(a, err);
  return status == DONE ? compare_holdings_made(a, err) : status;
}

enum status verify_sums(const json_t *root, const struct seen_line *lines, size_t count,
                        struct verified_sums *found, struct error *err) {
  struct adding a = {.root = root, .found = found};
  memcpy(a.sections, all_sections, sizeof a.sections);
  enum status status = read_uncounted(&a, err);
  if (status == DONE) status = read_holdings(&a, err);
  for (int i = 0; status == DONE && i < SECTIONS; i++) status = read_section(&a, i, err);
  if (status == DONE) status = sort_rows(&a, err);
  if (status == DONE) status = add_lines(&a, lines, count, err);
  if (status == DONE) status = compare(&a, err);
  free(a.sums);
  free(a.by_code);
  free(a.holdings);
  free(a.uncounted);
  return status;
}
