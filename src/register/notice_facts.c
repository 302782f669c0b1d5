/* Facts of a notice. */
#include "register/notice_facts.h"

#include "base/fold.h"
#include "base/refusal.h"
#include "register/register.h"

#include <stdio.h>

/* A line of an address is `address_1` in files, and a fact `address-1`: codes of the pack have
 * hyphens. */
#define FACT_LINE "address-"

static const char *const keys[FACT_KEYS] = {"name", "place", "household", "from",
                                            "born", "sex",   "died",      "person"};
static const char *const kinds[] = {"told-name", "told-address", "told-household", "told-birth",
                                    "told-death"};

static int key_of(const char *name) {
  for (int k = 0; k < FACT_KEYS; k++)
    if (strcmp(keys[k], name) == 0) return k;
  return -1;
}

bool notice_facts_have(const struct notice_facts *told, const char *column) {
  int key = key_of(column);
  return key < 0 || told->text[key].bytes;
}

static enum notice_kind kind_of(const char *word) {
  int kind = 0;
  while (kind < NOTICE_PASSED_ON && strcmp(word, kinds[kind]) != 0) kind++;
  return (enum notice_kind)kind;
}

bool notice_changes(const char *kind) { return kind_of(kind) != NOTICE_PASSED_ON; }

/* The part of an address that a fact names; null: it names none. */
static struct span *address_part(struct address_row *address, const char *name) {
  char column[16];
  snprintf(column, sizeof column, "%s", name);
  if (strncmp(column, FACT_LINE, sizeof FACT_LINE - 1) == 0) column[sizeof FACT_LINE - 2] = '_';
  const int part = address_column(column);
  if (part < 0) return NULL;
  return part < ADDRESS_LINES    ? &address->line[part]
         : part == ADDRESS_LINES ? &address->postcode
                                 : &address->uprn;
}

void notice_facts_name(struct error *err) {
  const size_t at = sizeof FACT_LINE - 2;
  if (err && address_column(err->column) >= 0 && err->column[at] == '_') err->column[at] = '-';
}

void notice_facts_read(const struct notice_input *telling, struct notice_facts *out) {
  const enum notice_kind kind = kind_of(telling->kind);
  *out = (struct notice_facts){.kind = kind, .teller = telling->person, .today = telling->today};
  for (int i = 0; i < telling->fact_count; i++) {
    int key = key_of(telling->facts[i].name);
    struct span text = span_trim(telling->facts[i].value);
    struct span *part = address_part(&out->address, telling->facts[i].name);
    if (key >= 0 && text.size) out->text[key] = text;
    if (part && text.size) *part = text;
  }
}

static enum status read_day(const struct notice_facts *told, enum fact_key key, day_t *day,
                            struct error *err) {
  *day = DAY_NONE;
  if (!told->text[key].bytes) return DONE;
  enum status status = day_parse(told->text[key], day, err);
  return status == DONE ? DONE : error_at(err, NULL, 0, keys[key]);
}

/* ---- deaths ---- */

/* The first day after a stay; that of death counts. */
static day_t stay_end(const struct person *p, int stay) {
  if (stay + 1 < p->residence_count) return p->residences[stay + 1].from;
  return p->died == DAY_NONE ? DAY_LAST : p->died + 1;
}

/* In one household on one day, up to today. */
static bool lived_together(const struct person *a, const struct person *b, day_t today) {
  for (int i = 0; i < a->residence_count; i++)
    for (int j = 0; j < b->residence_count; j++) {
      const struct residence *x = &a->residences[i], *y = &b->residences[j];
      const day_t from = x->from > y->from ? x->from : y->from, end_x = stay_end(a, i),
                  end_y = stay_end(b, j);
      if (x->household && x->household == y->household && from <= today && from < end_x &&
          from < end_y)
        return true;
    }
  return false;
}

/* Finds only people they lived with: otherwise one could find out about anybody. The refusal is the
 * same whether there is such a person or not. */
static enum status find_subject(struct store *store, struct arena *arena,
                                const struct notice_facts *told, int64_t *subject,
                                struct error *err) {
  const struct span reference = told->text[FACT_PERSON];
  struct person a, b;
  struct error nobody = {0};
  enum status status = register_surviving_person(store, arena, told->teller, &a, err);
  if (status != DONE) return status;
  status = register_find_person(store, arena_copy(arena, reference.bytes, reference.size), subject,
                                &nobody);
  if (status == DONE) status = register_surviving_person(store, arena, *subject, &b, &nobody);
  if (status == REFUSED || (status == DONE && !lived_together(&a, &b, told->today)))
    return refuse_at(err, "person", DEAD_NOT_OF_HOUSEHOLD);
  if (status != DONE) *err = nobody;
  return status;
}

static enum status check_unknown_death(const struct notice_facts *told, day_t died,
                                       struct error *err) {
  day_t born;
  if (!told->text[FACT_NAME].bytes) return refuse_at(err, "name", DEAD_NAME_MISSING);
  if (told->text[FACT_NAME].size > CHANGE_NAME_BYTES_MAX)
    return refuse_at(err, "name", NAME_TOO_LONG);
  enum status status = read_day(told, FACT_BORN, &born, err);
  if (status != DONE) return status;
  if (born == DAY_NONE) return refuse_at(err, "born", DEAD_BORN_MISSING);
  if (died == DAY_NONE) return refuse_at(err, "died", CHANGE_DAY_MISSING);
  if (died > told->today) return refuse_at(err, "died", DAY_IN_FUTURE);
  if (died < born) return refuse_at(err, "died", DEATH_BEFORE_BIRTH);
  return DONE;
}

/* Whom staff name is who was told: otherwise a death that was told of nobody could be put on the
 * record of anybody. The name of a record that was merged into theirs is theirs too. */
static enum status check_as_told(struct store *store, struct arena *arena,
                                 const struct notice_facts *told, int64_t subject,
                                 struct error *err) {
  struct person p;
  day_t born;
  bool same = false;
  enum status status = read_day(told, FACT_BORN, &born, err);
  if (status == DONE) status = register_surviving_person(store, arena, subject, &p, err);
  if (status != DONE) return status;
  const bool same_day = born != DAY_NONE && p.born == born;
  for (int i = -1; status == DONE && same_day && !same && i < p.merged_count; i++) {
    struct person record = p;
    if (i >= 0) status = register_person(store, arena, p.merged[i], &record, err);
    same = status == DONE && record.name && fold_same(span_of(record.name), told->text[FACT_NAME]);
  }
  return status == DONE && !same ? refuse_at(err, NOTICE_WHO, DEAD_NOT_AS_TOLD) : status;
}

static enum status death_change(struct store *store, struct arena *arena,
                                const struct notice_facts *told, int64_t subject,
                                struct change *out, bool *known, struct error *err) {
  enum status status = read_day(told, FACT_DIED, &out->day, err);
  out->person = subject;
  if (status == DONE && told->text[FACT_PERSON].bytes)
    status = find_subject(store, arena, told, &out->person, err);
  else if (status == DONE && subject) status = check_as_told(store, arena, told, subject, err);
  if (status == DONE && !out->person) {
    *known = false;
    status = check_unknown_death(told, out->day, err);
  }
  return status;
}

/* ---- the others ---- */

enum status notice_facts_change(struct store *store, struct arena *arena,
                                const struct notice_facts *told, int64_t subject,
                                struct change *out, bool *known, struct error *err) {
  static const struct {
    enum change_kind kind;
    enum fact_key text, day;
  } asks[] = {
      [NOTICE_NAME] = {CHANGE_NAME, FACT_NAME, FACT_FROM},
      [NOTICE_ADDRESS] = {CHANGE_MOVE, FACT_PLACE, FACT_FROM},
      [NOTICE_HOUSEHOLD] = {CHANGE_JOIN, FACT_HOUSEHOLD, FACT_FROM},
      [NOTICE_BIRTH] = {CHANGE_BIRTH, FACT_NAME, FACT_BORN},
      [NOTICE_DEATH] = {CHANGE_DEATH, FACT_NAME, FACT_DIED},
  };
  *out = (struct change){.kind = asks[told->kind].kind,
                         .person = told->teller,
                         .text = told->text[asks[told->kind].text],
                         .sex = told->text[FACT_SEX],
                         .address = told->address,
                         .today = told->today};
  *known = true;
  if (told->kind == NOTICE_DEATH) return death_change(store, arena, told, subject, out, known, err);
  return read_day(told, asks[told->kind].day, &out->day, err);
}
