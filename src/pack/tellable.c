/* The rules of the rows of tellable.csv, tellable-items.csv, topics.csv, gates.csv and
 * what-ifs.csv: what can be told of a person or a household. policy/uk/README.md says what each
 * column holds. */
#include "pack/fields.h"

#include "base/limits.h"
#include "base/money.h"

#include <stdlib.h>

static const char *const kind_words[TELL_KINDS] = {"money", "bool",   "day",    "number",
                                                   "hours", "choice", "person", "people"};
static const char *const per_words[TELL_PERS] = {"", "week", "month", "year"};
static const char *const whose_words[] = {"person", "household", "unit"};
static const struct {
  const char *word;
  unsigned bit;
} who_words[] = {
    {"self", TELL_SELF}, {"helper", TELL_HELPER}, {"officer", TELL_OFFICER}, {"body", TELL_BODY}};
enum { WHO_WORDS = sizeof who_words / sizeof *who_words };

const char *tell_kind_word(enum tell_kind kind) { return kind_words[kind]; }
const char *tell_per_word(enum tell_per per) { return per_words[per]; }

enum tell_per tell_per_of(struct span word) {
  for (int i = PER_WEEK; i < TELL_PERS; i++)
    if (span_is(word, per_words[i])) return (enum tell_per)i;
  return PER_NONE;
}

/* ---- tellable-items.csv ---- */

enum { ITEM_LIST, ITEM_ITEM, ITEM_NAME, ITEM_NAME_CY };

/* Names of the rules: letters, digits and `_`. */
static bool is_rule_name(struct span s) {
  for (size_t i = 0; i < s.size; i++) {
    char c = s.bytes[i];
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
      return false;
  }
  return s.size && !(s.bytes[0] >= '0' && s.bytes[0] <= '9');
}

enum status pack_take_rule_name(const struct pack_row *row, int column, const char **out,
                                struct error *err) {
  if (!is_rule_name(pack_field(row, column)))
    return refuse_field(row, column, err, PACK_RULE_NAME_MALFORMED);
  *out = pack_copy(row, column);
  return DONE;
}

enum status pack_take_tell_item(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->tell_item_count;
  struct tell_item *item = PACK_APPEND(p->tell_items, p->tell_item_count);
  enum status s = pack_take_rule_name(row, ITEM_LIST, &item->list, err);
  if (s == DONE) s = pack_take_rule_name(row, ITEM_ITEM, &item->item, err);
  if (s == DONE) s = pack_take_names(row, ITEM_NAME, ITEM_NAME_CY, item->name, err);
  if (s != DONE) return s;
  const char *key = arena_printf(p->index->arena, "%s %s", item->list, item->item);
  if (!pack_index_add(p->index, KIND_TELL_ITEM, key, number))
    return refuse_field(row, ITEM_ITEM, err, PACK_CODE_TWICE);
  bool goes_on = number && strcmp(p->tell_items[number - 1].list, item->list) == 0;
  if (!goes_on && !pack_index_add(p->index, KIND_TELL_LIST, item->list, number))
    return refuse_field(row, ITEM_LIST, err, PACK_TELL_LIST_APART);
  return DONE;
}

/* ---- topics.csv ---- */

enum { TOPIC_CODE, TOPIC_NAME, TOPIC_NAME_CY };

enum status pack_take_topic(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  const int number = p->topic_count;
  struct pack_topic *t = PACK_APPEND(p->topics, p->topic_count);
  enum status s = pack_take_new_code(row, TOPIC_CODE, KIND_TOPIC, number, &t->code, err);
  return s == DONE ? pack_take_names(row, TOPIC_NAME, TOPIC_NAME_CY, t->name, err) : s;
}

/* ---- tellable.csv ---- */

enum {
  TELL_VARIABLE,
  TELL_WHOSE,
  TELL_KIND,
  TELL_PER,
  TELL_LOW,
  TELL_HIGH,
  TELL_WHO,
  TELL_SENSITIVE,
  TELL_PURPOSES,
  TELL_REVIEW,
  TELL_RULE,
  TELL_NAME,
  TELL_NAME_CY,
  TELL_QUESTION,
  TELL_QUESTION_CY,
  TELL_HINT,
  TELL_HINT_CY,
  TELL_WHY,
  TELL_WHY_CY,
  TELL_SOURCE,
  TELL_AGES,
  TELL_TOPIC,
  TELL_LASTS
};

/* `money`, or `choice:LIST`. */
static enum status take_tell_kind(const struct pack_row *row, struct pack_tellable *t,
                                  struct error *err) {
  static const char choice[] = "choice:";
  struct span field = pack_field(row, TELL_KIND);
  int kind = 0;
  if (field.size > strlen(choice) && memcmp(field.bytes, choice, strlen(choice)) == 0) {
    struct span list = span_make(field.bytes + strlen(choice), field.size - strlen(choice));
    if (pack_index_find(row->pack->index, KIND_TELL_LIST, list) < 0)
      return refuse_field(row, TELL_KIND, err, PACK_CODE_UNKNOWN, "tellable-items.csv");
    t->kind = TELL_CHOICE;
    t->list = arena_copy(row->pack->index->arena, list.bytes, list.size);
    return DONE;
  }
  enum status s = pack_take_word(row, TELL_KIND, kind_words, TELL_KINDS, &kind, err);
  if (s == DONE && kind == TELL_CHOICE)
    return refuse_field(row, TELL_KIND, err, PACK_TELL_CHOICE_WITHOUT_LIST);
  t->kind = (enum tell_kind)kind;
  return s;
}

static enum status take_tell_per(const struct pack_row *row, struct pack_tellable *t,
                                 struct error *err) {
  struct span all = pack_field(row, TELL_PER);
  for (size_t at = 0; at < all.size;) {
    struct span word = pack_next_word(all, &at);
    enum tell_per found = tell_per_of(word);
    for (int i = 0; i < t->per_count; i++)
      if (t->per[i] == found) found = PER_NONE;
    if (found == PER_NONE) return refuse_field(row, TELL_PER, err, PACK_TELL_PER);
    t->per[t->per_count++] = found;
  }
  if (t->per_count && t->kind != TELL_MONEY && t->kind != TELL_HOURS)
    return refuse_field(row, TELL_PER, err, PACK_TELL_PER);
  return DONE;
}

/* Pence or thousandths, in the value's own form. */
static enum status take_tell_bound(const struct pack_row *row, int column, enum tell_kind kind,
                                   bool *has, int64_t *out) {
  struct error inner = {0};
  if (pack_absent(row, column)) return DONE;
  *has = true;
  if (kind == TELL_MONEY) return money_parse(pack_field(row, column), out, &inner);
  if (kind == TELL_NUMBER || kind == TELL_HOURS)
    return quantity_parse(pack_field(row, column), out, &inner);
  return REFUSED;
}

static enum status take_tell_bounds(const struct pack_row *row, struct pack_tellable *t,
                                    struct error *err) {
  if (take_tell_bound(row, TELL_LOW, t->kind, &t->has_low, &t->low) != DONE)
    return refuse_field(row, TELL_LOW, err, PACK_TELL_BOUND);
  if (take_tell_bound(row, TELL_HIGH, t->kind, &t->has_high, &t->high) != DONE ||
      (t->has_low && t->has_high && t->low > t->high))
    return refuse_field(row, TELL_HIGH, err, PACK_TELL_BOUND);
  return DONE;
}

static enum status take_tell_who(const struct pack_row *row, struct pack_tellable *t,
                                 struct error *err) {
  struct span all = pack_field(row, TELL_WHO);
  for (size_t at = 0; at < all.size;) {
    struct span word = pack_next_word(all, &at);
    unsigned bit = 0;
    for (int i = 0; i < WHO_WORDS; i++)
      if (span_is(word, who_words[i].word)) bit = who_words[i].bit;
    if (!bit || t->who & bit) return refuse_field(row, TELL_WHO, err, PACK_TELL_WHO);
    t->who |= bit;
  }
  return t->who ? DONE : refuse_field(row, TELL_WHO, err, PACK_TELL_WHO);
}

static enum status take_tell_purposes(const struct pack_row *row, struct pack_tellable *t,
                                      struct error *err) {
  struct pack *p = row->pack;
  struct span all = pack_field(row, TELL_PURPOSES);
  int count = 1;
  for (size_t i = 0; i < all.size; i++) count += all.bytes[i] == ' ';
  t->purposes = arena_array(p->index->arena, const struct pack_category *, count);
  for (size_t at = 0; at < all.size;) {
    const struct pack_category *category = pack_find_category(p, pack_next_word(all, &at));
    if (!category) return refuse_field(row, TELL_PURPOSES, err, PACK_TELL_PURPOSE);
    t->purposes[t->purpose_count++] = category;
  }
  return t->purpose_count ? DONE : refuse_field(row, TELL_PURPOSES, err, PACK_TELL_PURPOSE);
}

static enum status take_tell_review(const struct pack_row *row, struct pack_tellable *t,
                                    struct error *err) {
  int64_t months = 0;
  if (integer_parse(pack_field(row, TELL_REVIEW), &months, NULL) != DONE || months < 1 ||
      months > LIMIT_REVIEW_MONTHS)
    return refuse_field(row, TELL_REVIEW, err, PACK_TELL_REVIEW, LIMIT_REVIEW_MONTHS);
  t->review_months = (int)months;
  return DONE;
}

/* `16-`, `-19`, `0-15`; empty: of every age. */
enum status pack_take_ages(const struct pack_row *row, int column, struct pack_ages *out,
                           struct error *err) {
  const struct span all = pack_field(row, column);
  *out = (struct pack_ages){AGE_ANY, AGE_ANY};
  if (!all.size) return DONE;
  size_t dash = 0;
  while (dash < all.size && all.bytes[dash] != '-') dash++;
  const struct span from = span_make(all.bytes, dash);
  const struct span to = dash < all.size ? span_make(all.bytes + dash + 1, all.size - dash - 1)
                                         : span_of("");
  int64_t low = AGE_ANY, high = AGE_ANY;
  const bool good = dash < all.size && (from.size || to.size) &&
                    (!from.size || integer_parse(from, &low, NULL) == DONE) &&
                    (!to.size || integer_parse(to, &high, NULL) == DONE) &&
                    low <= LIMIT_AGE_YEARS && high <= LIMIT_AGE_YEARS && (!to.size || high >= low);
  if (!good) return refuse_field(row, column, err, PACK_AGES);
  *out = (struct pack_ages){(int)low, (int)high};
  return DONE;
}

static enum status take_tell_words(const struct pack_row *row, struct pack_tellable *t,
                                   struct error *err) {
  enum status s = pack_take_names(row, TELL_NAME, TELL_NAME_CY, t->name, err);
  if (s == DONE) s = pack_take_names(row, TELL_QUESTION, TELL_QUESTION_CY, t->question, err);
  if (s == DONE) s = pack_take_names(row, TELL_WHY, TELL_WHY_CY, t->why, err);
  if (s == DONE) s = pack_take_text(row, TELL_SOURCE, &t->source, err);
  if (s == DONE && pack_absent(row, TELL_HINT) != pack_absent(row, TELL_HINT_CY))
    return refuse_field(row, TELL_HINT, err, PACK_CASE_HINT);
  t->hint[ENGLISH] = pack_copy(row, TELL_HINT);
  t->hint[WELSH] = pack_copy(row, TELL_HINT_CY);
  return s;
}

static enum status take_tell_topic(const struct pack_row *row, struct pack_tellable *t,
                                   struct error *err) {
  int topic = 0;
  if (pack_absent(row, TELL_TOPIC)) return DONE;
  enum status s = pack_take_reference(row, TELL_TOPIC, KIND_TOPIC, "topics.csv", &topic, err);
  if (s == DONE) t->topic = &row->pack->topics[topic];
  return s;
}

/* Of an amount that comes again and again alone. */
static enum status take_tell_lasts(const struct pack_row *row, struct pack_tellable *t,
                                   struct error *err) {
  static const char *const words[PACK_RISES] = {[RISE_UPRATING] = "uprating",
                                                [RISE_COUNCIL_YEAR] = "council-year",
                                                [RISE_RENT_YEAR] = "rent-year"};
  if (pack_absent(row, TELL_LASTS)) return DONE;
  for (int i = RISE_UPRATING; t->kind == TELL_MONEY && t->per_count && i < PACK_RISES; i++)
    if (span_is(pack_field(row, TELL_LASTS), words[i])) t->rise = (enum pack_rise)i;
  return t->rise ? DONE : refuse_field(row, TELL_LASTS, err, PACK_TELL_LASTS);
}

static day_t uprating_of(int year) { return day_monday_from(day_make(year, 4, 6)); }

static day_t rise_of(enum pack_rise rise, int year) {
  return rise == RISE_UPRATING ? uprating_of(year) : day_make(year, 4, 1);
}

day_t pack_last_rise(const struct pack_tellable *t, day_t day) {
  int year, month, of_month;
  day_parts(day, &year, &month, &of_month);
  return rise_of(t->rise, rise_of(t->rise, year) <= day ? year : year - 1);
}

day_t pack_tell_lasts(const struct pack_tellable *t, struct span value, day_t from, bool decided) {
  enum { OF_NEW_RENT = 6 }; /* from 26 March to 1 April */
  int year, month, of_month;
  int64_t pence = 0;
  if (!t->rise || (money_typed(value, &pence) && !pence)) return DAY_NONE;
  day_parts(from, &year, &month, &of_month);
  const bool is_of_rent = t->rise == RISE_RENT_YEAR, is_sixth = month == 4 && of_month == 6;
  day_t begins = rise_of(t->rise, year);
  if (is_of_rent && decided) begins -= OF_NEW_RENT;
  if (is_of_rent && !decided && !is_sixth && from >= begins && from < uprating_of(year))
    return uprating_of(year) - 1;
  const bool is_of_year_begun = from >= begins || (t->rise == RISE_UPRATING && is_sixth);
  return rise_of(t->rise, is_of_year_begun ? year + 1 : year) - 1;
}

enum status pack_take_tellable(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = p->tellable_count, whose = 0;
  struct pack_tellable *t = PACK_APPEND(p->tellables, p->tellable_count);
  enum status s = pack_take_rule_name(row, TELL_VARIABLE, &t->variable, err);
  if (s == DONE && !pack_index_add(p->index, KIND_TELLABLE, t->variable, number))
    return refuse_field(row, TELL_VARIABLE, err, PACK_CODE_TWICE);
  if (s == DONE) s = pack_take_word(row, TELL_WHOSE, whose_words, 3, &whose, err);
  t->of_household = whose == 1;
  t->of_unit = whose == 2;
  if (s == DONE) s = take_tell_kind(row, t, err);
  if (s == DONE) s = take_tell_per(row, t, err);
  if (s == DONE) s = take_tell_bounds(row, t, err);
  if (s == DONE) s = take_tell_who(row, t, err);
  if (s == DONE) s = pack_take_flag(row, TELL_SENSITIVE, &t->sensitive, err);
  if (s == DONE) s = take_tell_purposes(row, t, err);
  if (s == DONE) s = take_tell_review(row, t, err);
  if (s == DONE) s = pack_take_flag(row, TELL_RULE, &t->rule, err);
  if (s == DONE) s = pack_take_ages(row, TELL_AGES, &t->ages, err);
  if (s == DONE) s = take_tell_topic(row, t, err);
  if (s == DONE) s = take_tell_lasts(row, t, err);
  return s == DONE ? take_tell_words(row, t, err) : s;
}

/* ---- gates.csv ---- */

enum { GATE_GATE, GATE_ANSWER, GATE_SETTLES, GATE_VALUE, GATE_SOURCE };

static bool is_in_bounds(const struct pack_tellable *t, int64_t number) {
  return !(t->has_low && number < t->low) && !(t->has_high && number > t->high);
}

/* A value that the pack gives: in the form in which it is told, within the bounds. */
static bool is_value_of(const struct pack *p, const struct pack_tellable *t, struct span value) {
  int64_t number = 0;
  switch (t->kind) {
  case TELL_MONEY: return money_parse(value, &number, NULL) == DONE && is_in_bounds(t, number);
  case TELL_NUMBER:
  case TELL_HOURS: return quantity_parse(value, &number, NULL) == DONE && is_in_bounds(t, number);
  case TELL_YES_NO: return span_is(value, "yes") || span_is(value, "no");
  case TELL_CHOICE: return pack_find_tell_item(p, t->list, value);
  default: return false;
  }
}

/* A gate is yes or no, or a choice; no circle, since what settles a gate stands before it. */
enum status pack_take_gate(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int gate = 0, settles = 0, number = p->gate_count;
  struct pack_gate *g = PACK_APPEND(p->gates, p->gate_count);
  enum status s = pack_take_reference(row, GATE_GATE, KIND_TELLABLE, "tellable.csv", &gate, err);
  if (s == DONE)
    s = pack_take_reference(row, GATE_SETTLES, KIND_TELLABLE, "tellable.csv", &settles, err);
  if (s == DONE) s = pack_take_text(row, GATE_SOURCE, &g->source, err);
  if (s != DONE) return s;
  g->gate = &p->tellables[gate];
  g->settles = &p->tellables[settles];
  g->answer = pack_copy(row, GATE_ANSWER);
  g->value = pack_copy(row, GATE_VALUE);
  if ((g->gate->kind != TELL_YES_NO && g->gate->kind != TELL_CHOICE) ||
      !is_value_of(p, g->gate, pack_field(row, GATE_ANSWER)))
    return refuse_field(row, GATE_ANSWER, err, PACK_GATE_VALUE, g->gate->variable);
  if (!pack_absent(row, GATE_VALUE) && !is_value_of(p, g->settles, pack_field(row, GATE_VALUE)))
    return refuse_field(row, GATE_VALUE, err, PACK_GATE_VALUE, g->settles->variable);
  if (g->settles->of_household && !g->gate->of_household && !g->gate->of_unit)
    return refuse_field(row, GATE_SETTLES, err, PACK_GATE_OF_PERSON);
  for (int i = 0; i <= number; i++)
    if (p->gates[i].gate == g->settles) return refuse_field(row, GATE_SETTLES, err, PACK_GATE_LATE);
  const char *key = arena_printf(p->index->arena, "%s %s %s", g->gate->variable, g->answer,
                                 g->settles->variable);
  return pack_index_add(p->index, KIND_GATE, key, number)
             ? DONE
             : refuse_field(row, GATE_SETTLES, err, PACK_CODE_TWICE);
}

/* ---- what-ifs.csv ---- */

enum { WHAT_IF_CODE, WHAT_IF_NAME, WHAT_IF_NAME_CY, WHAT_IF_AGES, WHAT_IF_ASKS, WHAT_IF_SETS };

enum status pack_take_what_if(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  const int number = p->what_if_count;
  const struct span all = pack_field(row, WHAT_IF_ASKS);
  struct pack_what_if *w = PACK_APPEND(p->what_ifs, p->what_if_count);
  int most = 1;
  enum status s = pack_take_text(row, WHAT_IF_CODE, &w->code, err);
  if (s == DONE && !pack_index_add(p->index, KIND_WHAT_IF, w->code, number))
    return refuse_field(row, WHAT_IF_CODE, err, PACK_CODE_TWICE);
  if (s == DONE) s = pack_take_names(row, WHAT_IF_NAME, WHAT_IF_NAME_CY, w->name, err);
  if (s == DONE) s = pack_take_ages(row, WHAT_IF_AGES, &w->ages, err);
  if (s != DONE) return s;
  for (size_t i = 0; i < all.size; i++) most += all.bytes[i] == ' ';
  w->asks = arena_array(p->index->arena, const struct pack_tellable *, most);
  for (size_t at = 0; at < all.size;) {
    const struct pack_tellable *what = pack_find_tellable(p, pack_next_word(all, &at));
    if (!what) return refuse_field(row, WHAT_IF_ASKS, err, PACK_CODE_UNKNOWN, "tellable.csv");
    w->asks[w->ask_count++] = what;
  }
  w->sets = pack_copy(row, WHAT_IF_SETS);
  return DONE;
}
