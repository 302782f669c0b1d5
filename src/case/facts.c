/* The facts of a case: a JSON object of texts, each checked by its type as far as this floor can.
 * */
#include "case/parts.h"

#include "base/json.h"
#include "base/money.h"
#include "base/utf8.h"

#include <jansson.h>

enum { FACT_TEXT_BYTES_MAX = 200 };

/* ---- checking ---- */

enum status case_words_check(struct span words, enum case_asks asks, const char *column,
                             struct error *err) {
  if (!words.size) {
    if (asks == CASE_REQUIRED) return refuse_at(err, column, CASE_WORDS_MISSING);
    return DONE;
  }
  if (asks == CASE_NONE) return refuse_at(err, column, CASE_WORDS_EXTRA);
  if (words.size > CASE_WORDS_BYTES_MAX)
    return refuse_at(err, column, CASE_TEXT_TOO_LONG, (int)CASE_WORDS_BYTES_MAX);
  return utf8_valid(words.bytes, words.size) ? DONE : refuse_at(err, column, TEXT_BROKEN);
}

static enum status check_text(struct span value, size_t most, struct error *err) {
  if (value.size > most) return refuse(err, CASE_TEXT_TOO_LONG, (int)most);
  if (memchr(value.bytes, 0, value.size)) return refuse(err, TEXT_BROKEN);
  return utf8_valid(value.bytes, value.size) ? DONE : refuse(err, TEXT_BROKEN);
}

static enum status check_scopes(struct span value, struct error *err) {
  for (size_t at = 0; at <= value.size;) {
    size_t end = at;
    while (end < value.size && value.bytes[end] != ' ') end++;
    struct span word = span_make(value.bytes + at, end - at);
    if (!span_is(word, "see") && !span_is(word, "tell") && !span_is(word, "time"))
      return refuse(err, CASE_FACT_SCOPE);
    at = end + 1;
  }
  return DONE;
}

/* What the register and the book must say of it is for the handler to ask. */
static enum status check_value(const struct pack *pack, enum case_fact_type type, struct span value,
                               struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  day_t day;
  int64_t number;
  enum status status =
      check_text(value, type == FACT_TYPE_LONG ? CASE_WORDS_BYTES_MAX : FACT_TEXT_BYTES_MAX, err);
  if (status != DONE) return status;
  switch (type) {
  case FACT_TYPE_DAY: return day_parse(value, &day, err);
  case FACT_TYPE_MINUTES: return minutes_parse(value, &number, err);
  case FACT_TYPE_MONEY: return money_parse(value, &number, err);
  case FACT_TYPE_QUANTITY: return quantity_parse(value, &number, err);
  case FACT_TYPE_CATEGORY:
    if (pack_find_category(pack, value)) return DONE;
    return refuse(err, REGISTER_CATEGORY_UNKNOWN, span_quote(value, quoted));
  case FACT_TYPE_SEX:
    if (value.size == 1 && strchr("FMX", value.bytes[0])) return DONE;
    return refuse(err, SEX_UNKNOWN, span_quote(value, quoted));
  case FACT_TYPE_SCOPE: return check_scopes(value, err);
  case FACT_TYPE_ENTITLEMENT:
    if (pack_find_entitlement(pack, value)) return DONE;
    return refuse(err, AWARD_VARIABLE_UNKNOWN, span_quote(value, quoted));
  case FACT_TYPE_PER:
    return tell_per_of(value) != PER_NONE ? DONE
                                          : refuse(err, CASE_FACT_PER, span_quote(value, quoted));
  case FACT_TYPE_EVERY:
    return pay_every_is(value) ? DONE : refuse(err, CASE_FACT_EVERY, span_quote(value, quoted));
  default: return DONE;
  }
}

static const struct pack_case_fact *asked_fact(const struct pack_case_kind *kind, const char *asked,
                                               const char *name) {
  for (int i = 0; i < kind->fact_count; i++)
    if (strcmp(kind->facts[i].word, name) == 0 && strcmp(kind->facts[i].asked, asked) == 0)
      return &kind->facts[i];
  return NULL;
}

struct span case_fact_given(const struct case_fact *facts, int count, const char *name) {
  for (int i = 0; i < count; i++)
    if (strcmp(facts[i].name, name) == 0) return span_trim(facts[i].value);
  return span_of("");
}

enum status case_facts_check(const struct case_desk *desk, const struct pack_case_kind *kind,
                             const char *asked, const struct case_fact *facts, int count,
                             struct error *err) {
  for (int i = 0; i < count; i++) {
    if (!asked_fact(kind, asked, facts[i].name))
      return refuse_at(err, facts[i].name, CASE_FACT_UNKNOWN, facts[i].name);
    for (int before = 0; before < i; before++)
      if (strcmp(facts[before].name, facts[i].name) == 0)
        return refuse_at(err, facts[i].name, CASE_FACT_TWICE);
  }
  for (int i = 0; i < kind->fact_count; i++) {
    const struct pack_case_fact *fact = &kind->facts[i];
    if (strcmp(fact->asked, asked) != 0) continue;
    struct span value = case_fact_given(facts, count, fact->word);
    if (!value.size) {
      if (fact->required) return refuse_at(err, fact->word, CASE_FACT_MISSING);
      continue;
    }
    if (check_value(desk->pack, fact->type, value, err) != DONE)
      return error_at(err, NULL, 0, fact->word);
  }
  return DONE;
}

/* ---- the JSON ---- */

static bool has_fact(const struct case_fact *facts, int count, const char *name) {
  for (int i = 0; i < count; i++)
    if (strcmp(facts[i].name, name) == 0) return true;
  return false;
}

enum status case_facts_write(struct arena *arena, const struct case_fact *facts, int count,
                             const struct case_fact *more, int more_count, struct span *out,
                             struct error *err) {
  struct text text = {0};
  struct json j;
  json_begin(&j, &text);
  json_open_object(&j, NULL);
  for (int i = 0; i < count; i++)
    if (!has_fact(more, more_count, facts[i].name) && span_trim(facts[i].value).size)
      json_text(&j, facts[i].name, span_trim(facts[i].value));
  for (int i = 0; i < more_count; i++)
    if (span_trim(more[i].value).size) json_text(&j, more[i].name, span_trim(more[i].value));
  json_close_object(&j);
  *out = span_make(arena_copy(arena, text.bytes, text.size), text.size);
  text_release(&text);
  if (out->size > CASE_FACTS_BYTES_MAX)
    return refuse(err, CASE_FACTS_TOO_LONG, (int)CASE_FACTS_BYTES_MAX);
  return DONE;
}

enum status case_facts_read(struct arena *arena, struct span json, const struct case_fact **out,
                            int *count, struct error *err) {
  const char *name;
  json_t *value, *object = json_loadb(json.bytes, json.size, 0, NULL);
  *out = NULL;
  *count = 0;
  if (!json_is_object(object)) {
    json_decref(object);
    return error_set(err, FAILED, "the facts of a case are not JSON; restore a backup");
  }
  struct case_fact *facts = arena_array(arena, struct case_fact, json_object_size(object) + 1);
  json_object_foreach(object, name, value) {
    if (!json_is_string(value)) continue;
    size_t size = json_string_length(value);
    facts[(*count)++] =
        (struct case_fact){arena_string(arena, name),
                           span_make(arena_copy(arena, json_string_value(value), size), size)};
  }
  *out = facts;
  json_decref(object);
  return DONE;
}

const char *case_fact(const struct case_file *file, const char *name) {
  for (int i = 0; i < file->fact_count; i++)
    if (strcmp(file->facts[i].name, name) == 0) return file->facts[i].value.bytes;
  return NULL;
}
