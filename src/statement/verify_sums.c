/* That a statement's sections say what its lines make: each category's amount, entries and quantity in the section where the statement puts it, and the
 * totals. Shares, rates and names stand as printed; the seal binds them. */
#include "statement/verify_parts.h"

#include "base/money.h"
#include "book/figures.h"

struct category_sum {
  struct span code;
  int section;
  int64_t said_amount, said_entries, said_quantity, made_amount, made_entries, made_quantity;
  bool said_estimated, made_estimated, said_counted, made_counted;
};

struct section { const char *name; bool received, turned, given; int64_t total, made; };
static const struct section all_sections[] = {
  {"paid", false, true, false, 0, 0}, {"employer", false, true, false, 0, 0}, {"cash", true, false, false, 0, 0}, {"services", true, false, false, 0, 0}, {"given", false, true, true, 0, 0},
};
enum { SECTIONS = sizeof all_sections / sizeof *all_sections, SERVICES = 3 };

struct adding {
  const json_t *root;
  struct section sections[SECTIONS];
  struct category_sum *sums; int count, capacity;
  struct span *uncounted; int64_t *uncounted_account, *uncounted_left; size_t uncounted_count; /* `not_counted`, and how many entries are still to come */
};

static enum status overflow(struct error *err) { return error_set(err, REFUSED, "a sum of the statement's lines passes what 64 bits hold"); }

static struct category_sum *find(struct adding *a, struct span code) {
  for (int i = 0; i < a->count; i++)
    if (span_equal(a->sums[i].code, code)) return &a->sums[i];
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
  struct category_sum *s = find(a, code);
  if (s && (s->section != at || at != SERVICES)) return error_set(err, REFUSED, "the category '" SPAN_FORMAT "' stands in the statement twice", SPAN(code));
  if (!s) {
    array_reserve(a->sums, a->capacity, a->count + 1);
    s = &a->sums[a->count++];
    *s = (struct category_sum){.code = code, .section = at};
  }
  s->said_estimated |= !section->given && json_is_true(json_object_get(row, "estimated"));
  if (!money_add(s->said_amount, amount, &s->said_amount) || !money_add(s->said_entries, entries, &s->said_entries)) return overflow(err);
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

/* ---- not counted: accounts and categories that no section shows, each with how many lines ---- */

static enum status read_uncounted(struct adding *a, struct error *err) {
  const json_t *rows = json_object_get(a->root, "not_counted");
  if (!rows) return DONE;
  if (!json_is_array(rows)) return error_set(err, REFUSED, "the member 'not_counted' is not an array");
  size_t count = json_array_size(rows);
  a->uncounted = memory_zeroed(count + 1, sizeof *a->uncounted);
  a->uncounted_account = memory_zeroed(count + 1, sizeof *a->uncounted_account);
  a->uncounted_left = memory_zeroed(count + 1, sizeof *a->uncounted_left);
  for (size_t i = 0; i < count; i++) {
    const json_t *row = json_array_get(rows, i);
    enum status status = member_int(row, "entries", "a row of 'not_counted'", &a->uncounted_left[i], err);
    if (status == DONE && json_object_get(row, "account")) status = member_int(row, "account", "a row of 'not_counted'", &a->uncounted_account[i], err);
    else if (status == DONE) status = member_text(row, "category", "a row of 'not_counted'", &a->uncounted[i], err);
    if (status != DONE) return status;
    a->uncounted_count = i + 1;
  }
  return DONE;
}

static bool is_uncounted(struct adding *a, const struct seen_line *line, bool take) {
  for (size_t i = 0; i < a->uncounted_count; i++) {
    bool by_account = a->uncounted_account[i] != 0;
    if (by_account ? a->uncounted_account[i] != line->account : !span_equal(a->uncounted[i], line->category)) continue;
    a->uncounted_left[i] -= take;
    return true;
  }
  return false;
}

/* ---- what the lines make ---- */

static enum status add_line(struct adding *a, const struct seen_line *line, bool cancelled, struct error *err) {
  if (is_uncounted(a, line, true)) return DONE;
  struct category_sum *s = find(a, line->category);
  if (!s && cancelled) return DONE;
  if (!s) return error_set(err, REFUSED, "line %lld:%d is of the category '" SPAN_FORMAT "', which the statement shows nowhere", (long long)line->entry, (int)line->n, SPAN(line->category));
  struct section *section = &a->sections[s->section];
  if (!span_is(line->unit, section->given ? "minutes" : "pence")) return error_set(err, REFUSED, "line %lld:%d is not in the unit of the section '%s'", (long long)line->entry, (int)line->n, section->name);
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
    bool outside = false;
    for (size_t k = 0; k < a->uncounted_count; k++) outside |= a->uncounted_account[k] && a->uncounted_account[k] == lines[i].account;
    if (!outside) pointers[counted++] = &held[i];
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
    enum status status = compare_category(a, &a->sums[i], err);
    if (status != DONE) return status;
  }
  for (int i = 0; i < SECTIONS; i++)
    if (a->sections[i].total != a->sections[i].made)
      return error_set(err, REFUSED, "%s: the statement says a total of %lld, and its lines make %lld", a->sections[i].name, (long long)a->sections[i].total, (long long)a->sections[i].made);
  for (size_t i = 0; i < a->uncounted_count; i++)
    if (a->uncounted_left[i]) return error_set(err, REFUSED, "'not_counted' does not say how many lines the statement leaves out");
  enum status status = member_object(a->root, "received", "the statement", &received, err);
  if (status == DONE) status = member_int(received, "total", "received", &total, err);
  if (status == DONE && !money_add(a->sections[2].total, a->sections[SERVICES].total, &made)) status = overflow(err);
  if (status == DONE && total != made) status = error_set(err, REFUSED, "received: the statement says a total of %lld, and cash and services make %lld", (long long)total, (long long)made);
  return status;
}

enum status verify_sums(const json_t *root, const struct seen_line *lines, size_t count, struct error *err) {
  struct adding a = {.root = root};
  memcpy(a.sections, all_sections, sizeof a.sections);
  enum status status = read_uncounted(&a, err);
  for (int i = 0; status == DONE && i < SECTIONS; i++) status = read_section(&a, i, err);
  if (status == DONE) status = add_lines(&a, lines, count, err);
  if (status == DONE) status = compare(&a, err);
  free(a.sums);
  free(a.uncounted);
  free(a.uncounted_account);
  free(a.uncounted_left);
  return status;
}
