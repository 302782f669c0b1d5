/* That a statement's sections say what its lines make: each category's amount, entries and quantity in the
 * section where the statement puts it, and the totals. Shares, rates and names stand as printed; the seal
 * binds them.
 *
 * A forger writes the rows and the lines, so neither is looked through for the other: rows are sorted, and a
 * line finds its own by halves. (Searched one by one, 12.8 MB of rows took 105 s.) */
#include "statement/verify_parts.h"

#include "base/limits.h"
#include "base/money.h"
#include "book/figures.h"

struct category_sum {
  struct span code;
  int section;
  bool added; /* to an earlier row of the same category */
  int64_t said_amount, said_entries, said_quantity, made_amount, made_entries, made_quantity;
  bool said_estimated, made_estimated, said_counted, made_counted;
};

struct section { const char *name; bool received, turned, given; int64_t total, made; };
static const struct section all_sections[] = {
  {"paid", false, true, false, 0, 0}, {"employer", false, true, false, 0, 0}, {"cash", true, false, false, 0, 0}, {"services", true, false, false, 0, 0}, {"given", false, true, true, 0, 0},
};
enum { SECTIONS = sizeof all_sections / sizeof *all_sections, SERVICES = 3 };

/* Lines that no section shows: those of an account, or of a category on whatever account. */
struct uncounted {
  int64_t account; /* 0: of a category */
  struct span category;
  int64_t left;    /* of the entries it says, how many are still to come */
};

/* What is held of a unit that no section is in: its lines make the difference of the two. */
struct holding { struct span unit; int64_t opening, closing, made; };

struct adding {
  const json_t *root;
  struct section sections[SECTIONS];
  struct category_sum *sums; int count, capacity; /* a row each, in the order of the file */
  struct category_sum **by_code; int code_count;  /* the first row of each category, sorted by it */
  struct holding *holdings; int holding_count, holding_capacity; /* sorted by unit */
  struct uncounted *uncounted; int uncounted_count, uncounted_capacity; /* `not_counted`, sorted */
  uint64_t *steps;                                /* comparisons of one key with another */
};

static enum status overflow(struct error *err) { return error_set(err, REFUSED, "a sum of the statement's lines passes what 64 bits hold"); }

static int compare_spans(struct span a, struct span b) {
  size_t both = a.size < b.size ? a.size : b.size;
  int order = both ? memcmp(a.bytes, b.bytes, both) : 0;
  return order ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare_codes(const void *x, const void *y, void *steps) {
  const struct category_sum *a = *(struct category_sum *const *)x, *b = *(struct category_sum *const *)y;
  int order = compare_spans(a->code, b->code);
  ++*(uint64_t *)steps;
  return order ? order : (a > b) - (a < b);
}

/* By halves; null when there is none. */
static struct category_sum *find(struct adding *a, struct span code) {
  for (int from = 0, to = a->code_count; from < to;) {
    int middle = from + (to - from) / 2, order = compare_spans(code, a->by_code[middle]->code);
    ++*a->steps;
    if (!order) return a->by_code[middle];
    if (order < 0) to = middle;
    else from = middle + 1;
  }
  return NULL;
}

/* ---- what the statement says ---- */

static enum status read_quantity(const json_t *row, struct category_sum *s, struct error *err) {
  const json_t *value = json_object_get(row, "quantity");
  int64_t quantity = 0;
  if (!value || json_is_null(value)) return DONE;
  if (!json_is_string(value)) return error_set(err, REFUSED, "the quantity of " SPAN_FORMAT " is not a decimal in quotes", SPAN(s->code));
  struct span text = span_make(json_string_value(value), json_string_length(value));
  bool minus = text.size && text.bytes[0] == '-';
  if (quantity_parse(minus ? span_make(text.bytes + 1, text.size - 1) : text, &quantity, err) != DONE) return error_while(err, "reading the quantity of " SPAN_FORMAT, SPAN(s->code));
  s->said_counted = true;
  return money_add(s->said_quantity, minus ? -quantity : quantity, &s->said_quantity) ? DONE : overflow(err);
}

/* Its value stands as printed beside the rate: minutes times rate, half up to the penny, or nothing where no rate is known. */
static enum status check_value(const json_t *row, int64_t minutes, int64_t *value, struct error *err) {
  int64_t made = 0;
  const json_t *rate = json_object_get(row, "rate");
  enum status status = member_int(row, "value", "a row of 'given'", value, err);
  if (status != DONE) return status;
  if (json_is_integer(rate) && !money_scale(minutes, json_integer_value(rate), 60, &made)) return overflow(err);
  return *value == made ? DONE : error_set(err, REFUSED, "a value of time given is not its minutes at its rate");
}

static enum status read_row(struct adding *a, int at, const json_t *row, int64_t *value, struct error *err) {
  struct section *section = &a->sections[at];
  struct span code;
  int64_t amount = 0, entries = 0;
  if (!json_is_object(row)) return error_set(err, REFUSED, "a row of '%s' is not an object", section->name);
  enum status status = member_text(row, "category", "a row", &code, err);
  if (status == DONE) status = member_int(row, section->given ? "minutes" : "amount", "a row", &amount, err);
  if (status == DONE) status = member_int(row, "entries", "a row", &entries, err);
  if (status == DONE && section->given) status = check_value(row, amount, value, err);
  if (status != DONE) return status;
  if (a->count == LIMIT_PROOF_ROWS)
    return error_set(err, REFUSED, "the statement has more than %d rows", (int)LIMIT_PROOF_ROWS);
  array_reserve(a->sums, a->capacity, a->count + 1);
  struct category_sum *s = &a->sums[a->count++];
  *s = (struct category_sum){.code = code, .section = at, .said_amount = amount, .said_entries = entries};
  s->said_estimated = !section->given && json_is_true(json_object_get(row, "estimated"));
  return read_quantity(row, s, err);
}

static enum status read_section(struct adding *a, int at, struct error *err) {
  struct section *section = &a->sections[at];
  json_t *object = NULL, *rows = NULL, *around = NULL;
  int64_t total_value = 0, said_value = 0;
  enum status status = DONE;
  if (section->received) status = member_object(a->root, "received", "the statement", &around, err);
  if (status == DONE) status = member_object(section->received ? around : a->root, section->name, "the statement", &object, err);
  if (status == DONE) status = member_int(object, section->given ? "minutes" : "total", section->name, &section->total, err);
  if (status == DONE) status = member_array(object, "lines", section->name, &rows, err);
  if (status == DONE && section->given) status = member_int(object, "value", section->name, &said_value, err);
  for (size_t i = 0; status == DONE && i < json_array_size(rows); i++) {
    int64_t value = 0;
    status = read_row(a, at, json_array_get(rows, i), &value, err);
    if (status == DONE && !money_add(total_value, value, &total_value)) status = overflow(err);
  }
  if (status == DONE && said_value != total_value) status = error_set(err, REFUSED, "the value of the time given is not the sum of its rows");
  return status;
}

static enum status add_row(struct category_sum *first, struct category_sum *s, struct error *err) {
  if (first->section != SERVICES || s->section != SERVICES)
    return error_set(err, REFUSED, "the category '" SPAN_FORMAT "' stands in the statement twice", SPAN(s->code));
  s->added = true;
  first->said_estimated |= s->said_estimated;
  first->said_counted |= s->said_counted;
  if (!money_add(first->said_amount, s->said_amount, &first->said_amount)) return overflow(err);
  if (!money_add(first->said_entries, s->said_entries, &first->said_entries)) return overflow(err);
  return money_add(first->said_quantity, s->said_quantity, &first->said_quantity) ? DONE : overflow(err);
}

/* Sorts the rows by their category. A category stands once, but for services, which have a row each. */
static enum status sort_rows(struct adding *a, struct error *err) {
  a->by_code = memory_zeroed((size_t)a->count + 1, sizeof *a->by_code);
  for (int i = 0; i < a->count; i++) a->by_code[i] = &a->sums[i];
  qsort_r(a->by_code, (size_t)a->count, sizeof *a->by_code, compare_codes, a->steps);
  for (int i = 0; i < a->count; i++) {
    struct category_sum *s = a->by_code[i], *last = a->code_count ? a->by_code[a->code_count - 1] : NULL;
    if (!last || !span_equal(last->code, s->code)) a->by_code[a->code_count++] = s;
    else if (add_row(last, s, err) != DONE) return err->code;
  }
  return DONE;
}

/* ---- not counted: accounts and categories that no section shows, each with how many lines ---- */

static int compare_keys(const struct uncounted *a, const struct uncounted *b) {
  if (a->account != b->account) return a->account < b->account ? -1 : 1;
  return compare_spans(a->category, b->category);
}

static int compare_uncounted(const void *x, const void *y, void *steps) {
  ++*(uint64_t *)steps;
  return compare_keys(x, y);
}

static enum status read_uncounted_row(const json_t *row, struct uncounted *out, struct error *err) {
  static const char where[] = "a row of 'not_counted'";
  *out = (struct uncounted){.category = span_make("", 0)};
  enum status status = member_int(row, "entries", where, &out->left, err);
  if (status != DONE) return status;
  if (!json_object_get(row, "account")) return member_text(row, "category", where, &out->category, err);
  status = member_int(row, "account", where, &out->account, err);
  return status == DONE && out->account < 1 ? error_set(err, REFUSED, "%s is of no account", where) : status;
}

static enum status read_uncounted(struct adding *a, struct error *err) {
  const json_t *rows = json_object_get(a->root, "not_counted");
  enum status status = DONE;
  if (!rows) return DONE;
  if (!json_is_array(rows)) return error_set(err, REFUSED, "the member 'not_counted' is not an array");
  if (json_array_size(rows) > LIMIT_PROOF_ROWS)
    return error_set(err, REFUSED, "'not_counted' has more than %d rows", (int)LIMIT_PROOF_ROWS);
  for (size_t i = 0; status == DONE && i < json_array_size(rows); i++) {
    array_reserve(a->uncounted, a->uncounted_capacity, a->uncounted_count + 1);
    status = read_uncounted_row(json_array_get(rows, i), &a->uncounted[a->uncounted_count++], err);
  }
  if (status != DONE || !a->uncounted_count) return status;
  qsort_r(a->uncounted, (size_t)a->uncounted_count, sizeof *a->uncounted, compare_uncounted, a->steps);
  for (int i = 1; i < a->uncounted_count; i++)
    if (compare_keys(&a->uncounted[i - 1], &a->uncounted[i]) == 0)
      return error_set(err, REFUSED, "'not_counted' names the same account or category twice");
  return DONE;
}

static struct uncounted *find_uncounted(struct adding *a, int64_t account, struct span category) {
  const struct uncounted key = {.account = account, .category = category};
  for (int from = 0, to = a->uncounted_count; from < to;) {
    int middle = from + (to - from) / 2, order = compare_keys(&key, &a->uncounted[middle]);
    ++*a->steps;
    if (!order) return &a->uncounted[middle];
    if (order < 0) to = middle;
    else from = middle + 1;
  }
  return NULL;
}

/* The row that leaves the line out: that of its account before that of its category. */
static struct uncounted *uncounted_of(struct adding *a, const struct seen_line *line) {
  struct uncounted *of_account = find_uncounted(a, line->account, span_make("", 0));
  return of_account ? of_account : find_uncounted(a, 0, line->category);
}

/* ---- holdings ---- */

static int compare_holdings(const void *x, const void *y, void *steps) {
  ++*(uint64_t *)steps;
  return compare_spans(((const struct holding *)x)->unit, ((const struct holding *)y)->unit);
}

static enum status read_holding(const json_t *row, struct holding *out, struct error *err) {
  static const char where[] = "a row of 'holdings'";
  int64_t scale = 0;
  *out = (struct holding){0};
  if (!json_is_object(row)) return error_set(err, REFUSED, "%s is not an object", where);
  enum status status = member_text(row, "unit", where, &out->unit, err);
  if (status == DONE) status = member_int(row, "scale", where, &scale, err);
  if (status == DONE) status = member_int(row, "opening", where, &out->opening, err);
  if (status == DONE) status = member_int(row, "closing", where, &out->closing, err);
  if (status == DONE && (scale < 0 || scale > LIMIT_UNIT_SCALE)) status = error_set(err, REFUSED, "%s has a scale that no unit has", where);
  if (status == DONE && (span_is(out->unit, UNIT_PENCE) || span_is(out->unit, UNIT_MINUTES)))
    status = error_set(err, REFUSED, "%s is of " SPAN_FORMAT ", which the sections show", where, SPAN(out->unit));
  return status;
}

/* Statements made before there were holdings have none. */
static enum status read_holdings(struct adding *a, struct error *err) {
  const json_t *rows = json_object_get(a->root, "holdings");
  enum status status = DONE;
  if (!rows) return DONE;
  if (!json_is_array(rows)) return error_set(err, REFUSED, "the member 'holdings' is not an array");
  if (json_array_size(rows) > LIMIT_PROOF_ROWS) return error_set(err, REFUSED, "'holdings' has more than %d rows", (int)LIMIT_PROOF_ROWS);
  for (size_t i = 0; status == DONE && i < json_array_size(rows); i++) {
    array_reserve(a->holdings, a->holding_capacity, a->holding_count + 1);
    status = read_holding(json_array_get(rows, i), &a->holdings[a->holding_count++], err);
  }
  if (status != DONE || !a->holding_count) return status;
  qsort_r(a->holdings, (size_t)a->holding_count, sizeof *a->holdings, compare_holdings, a->steps);
  for (int i = 1; i < a->holding_count; i++)
    if (span_equal(a->holdings[i - 1].unit, a->holdings[i].unit)) return error_set(err, REFUSED, "'holdings' has the unit '" SPAN_FORMAT "' twice", SPAN(a->holdings[i].unit));
  return DONE;
}

static enum status add_to_holding(struct adding *a, const struct seen_line *line, struct error *err) {
  for (int from = 0, to = a->holding_count; from < to;) {
    int middle = from + (to - from) / 2, order = compare_spans(line->unit, a->holdings[middle].unit);
    ++*a->steps;
    if (!order) return money_add(a->holdings[middle].made, line->amount, &a->holdings[middle].made) ? DONE : overflow(err);
    if (order < 0) to = middle;
    else from = middle + 1;
  }
  return error_set(err, REFUSED, "line %lld:%d is in the unit '" SPAN_FORMAT "', of which the statement shows no holding", (long long)line->entry, (int)line->n, SPAN(line->unit));
}

static enum status compare_holdings_made(const struct adding *a, struct error *err) {
  for (int i = 0; i < a->holding_count; i++) {
    const struct holding *h = &a->holdings[i];
    int64_t closing = 0;
    if (!money_add(h->opening, h->made, &closing)) return overflow(err);
    if (closing != h->closing)
      return error_set(err, REFUSED, "holdings, '" SPAN_FORMAT "': the statement says %lld at the end, and what was held before with its lines makes %lld", SPAN(h->unit), (long long)h->closing,
                       (long long)closing);
  }
  return DONE;
}

/* ---- what the lines make ---- */

static enum status add_line(struct adding *a, const struct seen_line *line, bool cancelled, struct error *err) {
  struct uncounted *aside = uncounted_of(a, line);
  if (aside) {
    aside->left--;
    return DONE;
  }
  if (!span_is(line->unit, UNIT_PENCE) && !span_is(line->unit, UNIT_MINUTES)) return add_to_holding(a, line, err);
  struct category_sum *s = find(a, line->category);
  if (!s && cancelled) return DONE;
  if (!s) return error_set(err, REFUSED, "line %lld:%d is of the category '" SPAN_FORMAT "', which the statement shows nowhere", (long long)line->entry, (int)line->n, SPAN(line->category));
  struct section *section = &a->sections[s->section];
  if (!span_is(line->unit, section->given ? UNIT_MINUTES : UNIT_PENCE)) return error_set(err, REFUSED, "line %lld:%d is not in the unit of the section '%s'", (long long)line->entry, (int)line->n, section->name);
  int64_t amount = section->turned ? -line->amount : line->amount;
  if (!money_add(section->made, amount, &section->made)) return overflow(err);
  if (section->given && !money_add(s->made_amount, amount, &s->made_amount)) return overflow(err);
  if (cancelled) return DONE;
  s->made_entries++;
  s->made_estimated |= line->estimated && !section->given;
  if (!section->given && !money_add(s->made_amount, amount, &s->made_amount)) return overflow(err);
  if (!line->has_quantity || !line->service.size) return DONE;
  s->made_counted = true;
  return money_add(s->made_quantity, line->quantity, &s->made_quantity) ? DONE : overflow(err);
}

/* A line and its reversal, both of the year, cancel each other, as they do where statements are made. */
static enum status add_lines(struct adding *a, const struct seen_line *lines, size_t count, struct error *err) {
  struct held *held = memory_zeroed(count + 1, sizeof *held);
  struct held **pointers = memory_zeroed(count + 1, sizeof *pointers);
  size_t counted = 0;
  enum status status = DONE;
  for (size_t i = 0; i < count; i++) {
    held[i] = (struct held){.entry = lines[i].entry, .n = lines[i].n, .reverses_entry = lines[i].reverses_entry, .reverses_n = lines[i].reverses_n};
    if (!find_uncounted(a, lines[i].account, span_make("", 0))) pointers[counted++] = &held[i];
  }
  figures_cancel(pointers, counted);
  for (size_t i = 0; status == DONE && i < count; i++) status = add_line(a, &lines[i], held[i].cancelled, err);
  free(held);
  free(pointers);
  return status;
}

/* ---- the two compared ---- */

static enum status differs(const struct adding *a, const struct category_sum *s, const char *what, int64_t said, int64_t made, struct error *err) {
  return error_set(err, REFUSED, "%s, '" SPAN_FORMAT "': the statement says %s %lld, and its lines make %lld", a->sections[s->section].name, SPAN(s->code), what, (long long)said, (long long)made);
}

static enum status compare_category(const struct adding *a, const struct category_sum *s, struct error *err) {
  bool given = a->sections[s->section].given;
  if (s->said_amount != s->made_amount) return differs(a, s, given ? "minutes" : "amount", s->said_amount, s->made_amount, err);
  if (s->said_entries != s->made_entries) return differs(a, s, "entries", s->said_entries, s->made_entries, err);
  if (s->section == SERVICES && (s->said_quantity != s->made_quantity || s->said_counted != s->made_counted))
    return differs(a, s, "a quantity, in thousandths, of", s->said_quantity, s->made_quantity, err);
  if (s->said_estimated != s->made_estimated) return differs(a, s, "estimated", s->said_estimated, s->made_estimated, err);
  return DONE;
}

static enum status compare(struct adding *a, struct error *err) {
  json_t *received = NULL;
  int64_t total = 0, made = 0;
  for (int i = 0; i < a->count; i++) {
    enum status status = a->sums[i].added ? DONE : compare_category(a, &a->sums[i], err);
    if (status != DONE) return status;
  }
  for (int i = 0; i < SECTIONS; i++)
    if (a->sections[i].total != a->sections[i].made)
      return error_set(err, REFUSED, "%s: the statement says a total of %lld, and its lines make %lld", a->sections[i].name, (long long)a->sections[i].total, (long long)a->sections[i].made);
  for (int i = 0; i < a->uncounted_count; i++)
    if (a->uncounted[i].left) return error_set(err, REFUSED, "'not_counted' does not say how many lines the statement leaves out");
  enum status status = member_object(a->root, "received", "the statement", &received, err);
  if (status == DONE) status = member_int(received, "total", "received", &total, err);
  if (status == DONE && !money_add(a->sections[2].total, a->sections[SERVICES].total, &made)) status = overflow(err);
  if (status == DONE && total != made) status = error_set(err, REFUSED, "received: the statement says a total of %lld, and cash and services make %lld", (long long)total, (long long)made);
  return status == DONE ? compare_holdings_made(a, err) : status;
}

enum status verify_sums(const json_t *root, const struct seen_line *lines, size_t count, uint64_t *steps,
                        struct error *err) {
  struct adding a = {.root = root, .steps = steps};
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
