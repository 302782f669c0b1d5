/* Facts of a notice. */
#include "register/notice_facts.h"

#include "base/refusal.h"
#include "register/register.h"

#include <jansson.h>

static const char *const keys[FACT_KEYS] = {"name", "place", "household", "from",
                                            "born", "sex",   "died",      "person"};
enum { FACT_BYTES_MAX = 2000 };

static int key_of(const char *name) {
  for (int k = 0; k < FACT_KEYS; k++)
    if (strcmp(keys[k], name) == 0) return k;
  return -1;
}

bool notice_facts_have(const struct notice_facts *told, const char *column) {
  int key = key_of(column);
  return key < 0 || told->text[key].bytes;
}

static enum status take_fact(struct arena *arena, const char *name, json_t *value,
                             struct notice_facts *out, struct error *err) {
  int key = key_of(name);
  const char *column = key >= 0 ? keys[key] : "facts";
  if (!json_is_string(value)) return refuse_at(err, column, FACT_NOT_TEXT);
  if (json_string_length(value) > FACT_BYTES_MAX) return refuse_at(err, column, TEXT_TOO_LONG);
  if (strlen(json_string_value(value)) != json_string_length(value))
    return refuse_at(err, column, FACT_ZERO_BYTE);
  if (key < 0) return DONE;
  struct span text = span_trim(span_make(json_string_value(value), json_string_length(value)));
  if (text.size) out->text[key] = span_make(arena_copy(arena, text.bytes, text.size), text.size);
  return DONE;
}

enum status notice_facts_parse(struct arena *arena, struct span json, struct notice_facts *out,
                               struct error *err) {
  json_error_t fault;
  *out = (struct notice_facts){0};
  if (json.size == 0 || json.size > NOTICE_FACTS_BYTES_MAX)
    return refuse_at(err, "facts", FACTS_MISSING);
  json_t *object = json_loadb(json.bytes, json.size, JSON_REJECT_DUPLICATES, &fault);
  enum status status = DONE;
  const char *name;
  json_t *value;
  if (!json_is_object(object)) status = refuse_at(err, "facts", FACTS_MALFORMED);
  else
    json_object_foreach(object, name, value) if (status == DONE)
        status = take_fact(arena, name, value, out, err);
  json_decref(object);
  return status;
}

const char *notice_fact(struct arena *arena, const struct notice *notice, const char *key) {
  json_error_t fault;
  json_t *object = json_loadb(notice->facts, strlen(notice->facts), JSON_REJECT_DUPLICATES, &fault);
  const char *text = json_string_value(json_object_get(object, key)),
             *copy = text ? arena_string(arena, text) : NULL;
  json_decref(object);
  return copy;
}

static enum status read_day(const struct notice_facts *told, enum fact_key key, day_t *day,
                            struct error *err) {
  *day = DAY_NONE;
  if (!told->text[key].bytes) return DONE;
  enum status status = day_parse(told->text[key], day, err);
  return status == DONE ? DONE : error_at(err, NULL, 0, keys[key]);
}

/* ---- deaths ---- */

static bool lived_together(const struct person *a, const struct person *b) {
  for (int i = 0; i < a->residence_count; i++)
    for (int j = 0; j < b->residence_count; j++)
      if (a->residences[i].household && a->residences[i].household == b->residences[j].household)
        return true;
  return false;
}

/* Finds only people they lived with: otherwise one could find out about anybody. The refusal is the
 * same whether there is such a person or not. */
static enum status find_subject(struct store *store, struct arena *arena, int64_t teller,
                                struct span reference, int64_t *subject, struct error *err) {
  struct person a, b;
  struct error nobody = {0};
  enum status status = register_surviving_person(store, arena, teller, &a, err);
  if (status != DONE) return status;
  status = register_find_person(store, arena_copy(arena, reference.bytes, reference.size), subject,
                                &nobody);
  if (status == DONE) status = register_surviving_person(store, arena, *subject, &b, &nobody);
  if (status == REFUSED || (status == DONE && !lived_together(&a, &b)))
    return refuse_at(err, "person", DEAD_NOT_OF_HOUSEHOLD);
  if (status != DONE) *err = nobody;
  return status;
}

static enum status check_unknown_death(const struct notice_facts *told, day_t died, day_t today,
                                       struct error *err) {
  day_t born;
  if (!told->text[FACT_NAME].bytes) return refuse_at(err, "name", DEAD_NAME_MISSING);
  if (told->text[FACT_NAME].size > CHANGE_NAME_BYTES_MAX)
    return refuse_at(err, "name", NAME_TOO_LONG);
  enum status status = read_day(told, FACT_BORN, &born, err);
  if (status != DONE) return status;
  if (born == DAY_NONE) return refuse_at(err, "born", DEAD_BORN_MISSING);
  if (died == DAY_NONE) return refuse_at(err, "died", CHANGE_DAY_MISSING);
  if (died > today) return refuse_at(err, "died", DAY_IN_FUTURE);
  if (died < born) return refuse_at(err, "died", DEATH_BEFORE_BIRTH);
  return DONE;
}

static enum status death_change(struct store *store, struct arena *arena,
                                const struct notice_facts_asked *asking,
                                const struct notice_facts *told, struct change *out, bool *known,
                                struct error *err) {
  enum status status = read_day(told, FACT_DIED, &out->day, err);
  out->person = asking->subject;
  if (status == DONE && !asking->subject && told->text[FACT_PERSON].bytes)
    status = find_subject(store, arena, asking->teller, told->text[FACT_PERSON], &out->person, err);
  if (status == DONE && !out->person) {
    *known = false;
    status = check_unknown_death(told, out->day, asking->today, err);
  }
  return status;
}

/* ---- the others ---- */

enum status notice_facts_change(struct store *store, struct arena *arena,
                                const struct notice_facts_asked *asking,
                                const struct notice_facts *told, struct change *out, bool *known,
                                struct error *err) {
  static const struct {
    enum change_kind kind;
    enum fact_key text, day;
  } asks[NOTICE_KINDS] = {
      [NOTICE_NAME] = {CHANGE_NAME, FACT_NAME, FACT_FROM},
      [NOTICE_ADDRESS] = {CHANGE_MOVE, FACT_PLACE, FACT_FROM},
      [NOTICE_HOUSEHOLD] = {CHANGE_JOIN, FACT_HOUSEHOLD, FACT_FROM},
      [NOTICE_BIRTH] = {CHANGE_BIRTH, FACT_NAME, FACT_BORN},
      [NOTICE_DEATH] = {CHANGE_DEATH, FACT_NAME, FACT_DIED},
  };
  *out = (struct change){.kind = asks[asking->kind].kind,
                         .person = asking->teller,
                         .text = told->text[asks[asking->kind].text],
                         .sex = told->text[FACT_SEX],
                         .today = asking->today};
  *known = true;
  if (asking->kind == NOTICE_DEATH)
    return death_change(store, arena, asking, told, out, known, err);
  return read_day(told, asks[asking->kind].day, &out->day, err);
}
