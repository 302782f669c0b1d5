/* The rules of the rows of standards.csv: what everybody of a place is promised at least, and who
 * answers for it. policy/uk/README.md says what each column holds. */
#include "base/money.h"
#include "pack/fields.h"

static const char *const kind_words[STANDARD_KINDS] = {"rule", "use", "born", "after"};

enum {
  STANDARD_CODE,
  STANDARD_NAME,
  STANDARD_NAME_CY,
  STANDARD_PROMISE,
  STANDARD_PROMISE_CY,
  STANDARD_KIND,
  STANDARD_RULE,
  STANDARD_AGES,
  STANDARD_EVENT,
  STANDARD_CATEGORIES,
  STANDARD_FROM,
  STANDARD_TO,
  STANDARD_ANSWERS,
  STANDARD_SOURCE
};
enum { STANDARD_DAYS_MOST = 365 };

const char *pack_standard_kind_word(enum pack_standard_kind kind) { return kind_words[kind]; }

/* What a kind does not read must be empty, so that nobody takes it for a condition. */
static enum status check_empty(const struct pack_row *row, int column, bool wanted,
                               struct error *err) {
  if (pack_absent(row, column) != wanted) return DONE;
  const struct span kind = pack_field(row, STANDARD_KIND);
  return wanted ? refuse_at(err, row->columns[column].name, PACK_STANDARD_NEEDS, SPAN(kind))
                : refuse_at(err, row->columns[column].name, PACK_STANDARD_EXTRA, SPAN(kind));
}

static enum status check_shape(const struct pack_row *row, enum pack_standard_kind kind,
                               struct error *err) {
  const bool days = kind == STANDARD_BORN || kind == STANDARD_AFTER;
  const bool rule = kind == STANDARD_BY_RULE || kind == STANDARD_USE;
  enum status s = check_empty(row, STANDARD_RULE, rule, err);
  if (s == DONE && !rule) s = check_empty(row, STANDARD_AGES, false, err);
  if (s == DONE) s = check_empty(row, STANDARD_EVENT, kind == STANDARD_AFTER, err);
  if (s == DONE) s = check_empty(row, STANDARD_CATEGORIES, kind != STANDARD_BY_RULE, err);
  if (s == DONE) s = check_empty(row, STANDARD_FROM, days, err);
  return s == DONE ? check_empty(row, STANDARD_TO, days || kind == STANDARD_USE, err) : s;
}

static enum status take_day(const struct pack_row *row, int column, int *out, struct error *err) {
  struct error ignored = {0};
  int64_t days = 0;
  if (pack_absent(row, column)) return DONE;
  if (integer_parse(pack_field(row, column), &days, &ignored) != DONE || days < 0 ||
      days > STANDARD_DAYS_MOST)
    return refuse_field(row, column, err, PACK_STANDARD_DAYS, (int)STANDARD_DAYS_MOST);
  *out = (int)days;
  return DONE;
}

static enum status take_categories(const struct pack_row *row, struct pack_standard *standard,
                                   struct error *err) {
  struct pack *p = row->pack;
  const struct span all = pack_field(row, STANDARD_CATEGORIES);
  standard->categories = arena_array(p->index->arena, const struct pack_category *,
                                     all.size / 2 + 1);
  for (size_t at = 0; at < all.size;) {
    const int number = pack_index_find(p->index, KIND_CATEGORY, pack_next_word(all, &at));
    if (number < 0) return refuse_field(row, STANDARD_CATEGORIES, err, PACK_DUTY_CATEGORIES);
    standard->categories[standard->category_count++] = &p->categories[number];
  }
  return DONE;
}

/* A duty of duties.csv, or a body of bodies.csv. */
static enum status take_answers(const struct pack_row *row, struct pack_standard *standard,
                                struct error *err) {
  struct pack *p = row->pack;
  const struct span word = pack_field(row, STANDARD_ANSWERS);
  standard->duty = pack_find_duty(p, word);
  if (standard->duty) return DONE;
  if (pack_index_find(p->index, KIND_BODY, word) < 0)
    return refuse_field(row, STANDARD_ANSWERS, err, PACK_CODE_UNKNOWN, "duties.csv or bodies.csv");
  standard->body = pack_copy(row, STANDARD_ANSWERS);
  return DONE;
}

enum status pack_take_standard(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->standard_count, kind = 0, event = 0;
  struct pack_standard *o = PACK_APPEND(p->standards, p->standard_count);
  enum status s = pack_take_new_code(row, STANDARD_CODE, KIND_STANDARD, number, &o->code, err);
  if (s == DONE) s = pack_take_names(row, STANDARD_NAME, STANDARD_NAME_CY, o->name, err);
  if (s == DONE) s = pack_take_names(row, STANDARD_PROMISE, STANDARD_PROMISE_CY, o->promise, err);
  if (s == DONE) s = pack_take_word(row, STANDARD_KIND, kind_words, STANDARD_KINDS, &kind, err);
  o->kind = (enum pack_standard_kind)kind;
  if (s == DONE) s = check_shape(row, o->kind, err);
  if (s == DONE && !pack_absent(row, STANDARD_RULE))
    s = pack_take_rule_name(row, STANDARD_RULE, &o->rule, err);
  if (s == DONE) s = pack_take_ages(row, STANDARD_AGES, &o->ages, err);
  if (s == DONE && !pack_absent(row, STANDARD_EVENT)) {
    s = pack_take_reference(row, STANDARD_EVENT, KIND_CATEGORY, "categories.csv", &event, err);
    o->event = &p->categories[event < 0 ? 0 : event];
  }
  if (s == DONE) s = take_categories(row, o, err);
  if (s == DONE) s = take_day(row, STANDARD_FROM, &o->from, err);
  if (s == DONE) s = take_day(row, STANDARD_TO, &o->to, err);
  if (s == DONE && o->to < o->from)
    return refuse_field(row, STANDARD_TO, err, PACK_STANDARD_TO, o->from);
  if (s == DONE) s = take_answers(row, o, err);
  return s == DONE ? pack_take_text(row, STANDARD_SOURCE, &o->source, err) : s;
}

const struct pack_standard *pack_find_standard(const struct pack *pack, struct span code) {
  int row = pack_index_find(pack->index, KIND_STANDARD, code);
  return row < 0 ? NULL : &pack->standards[row];
}
