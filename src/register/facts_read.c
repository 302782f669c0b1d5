/* Reading facts: the rows of a party, what is known on a day, and how a value is shown. */
#include "base/money.h"
#include "document/document.h"
#include "register/fact_rows.h"
#include "register/register.h"
#include "register/names.h"

/* ---- rows ---- */

#define FACT_COLUMNS \
  "party, id, variable, value, per, other, from_day, to_day, said_by, said_as, teller, body, " \
  "source, evidence, review_by, said_at, supersedes"

enum status fact_row_insert(struct store *store, const struct fact *f, struct span evidence,
                            struct error *err) {
  struct query *q = NULL;
  enum status status = store_query(store, &q,
                                   "insert into fact (" FACT_COLUMNS
                                   ") values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
                                   "?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
                                   err);
  if (status != DONE) return status;
  const char *per = tell_per_word(f->per);
  query_bind_int(q, 1, f->party);
  query_bind_int(q, 2, f->id);
  query_bind_text(q, 3, span_of(f->variable));
  if (f->value) query_bind_text(q, 4, span_of(f->value));
  if (*per) query_bind_text(q, 5, span_of(per));
  if (f->other) query_bind_int(q, 6, f->other);
  query_bind_int(q, 7, f->from);
  if (f->to != DAY_NONE) query_bind_int(q, 8, f->to);
  query_bind_text(q, 9, span_of(f->said_by));
  query_bind_text(q, 10, span_of(fact_sayer_word(f->said_as)));
  if (f->teller) query_bind_int(q, 11, f->teller);
  if (f->body) query_bind_int(q, 12, f->body);
  query_bind_text(q, 13, span_of(fact_source_word(f->source)));
  if (evidence.size) query_bind_text(q, 14, evidence);
  if (f->review_by != DAY_NONE) query_bind_int(q, 15, f->review_by);
  query_bind_text(q, 16, span_of(f->said_at));
  if (f->supersedes) query_bind_int(q, 17, f->supersedes);
  status = query_run(q, err);
  query_end(q);
  return status;
}

enum status fact_row_superseded(struct store *store, int64_t party, int64_t id, int64_t *by,
                                struct error *err) {
  return store_int_with(store, "select id from fact where party = ?1 and supersedes = ?2", 0, by,
                        err, party, id);
}

static struct fact read_row(struct query *q, struct arena *arena) {
  return (struct fact){.party = query_int(q, 0),
                       .id = query_int(q, 1),
                       .variable = query_copy(q, arena, 2),
                       .value = query_copy_or_null(q, arena, 3),
                       .per = tell_per_of(query_text(q, 4)),
                       .other = query_int(q, 5),
                       .from = query_day(q, 6),
                       .to = query_day(q, 7),
                       .said_by = query_copy(q, arena, 8),
                       .said_as = fact_sayer_of_word(query_text(q, 9)),
                       .teller = query_int(q, 10),
                       .body = query_int(q, 11),
                       .source = fact_source_of_word(query_text(q, 12)),
                       .evidence = query_copy_or_null(q, arena, 13),
                       .review_by = query_day(q, 14),
                       .said_at = query_copy(q, arena, 15),
                       .supersedes = query_int(q, 16)};
}

static enum status read_rows(struct query *q, struct arena *arena, struct facts *out,
                             struct error *err) {
  int capacity = out->count;
  bool row;
  enum status status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, out->all, capacity, out->count + 1);
    out->all[out->count++] = read_row(q, arena);
  }
  query_end(q);
  return status;
}

static int by_id(const void *a, const void *b) {
  int64_t x = ((const struct fact *)a)->id, y = ((const struct fact *)b)->id;
  return (x > y) - (x < y);
}

static struct fact *find_id(const struct facts *facts, int64_t id) {
  int low = 0, high = facts->count;
  while (low < high) {
    int middle = low + (high - low) / 2;
    if (facts->all[middle].id < id) low = middle + 1;
    else high = middle;
  }
  return low < facts->count && facts->all[low].id == id ? &facts->all[low] : NULL;
}

/* In order of id, each with what supersedes it. */
static void settle(struct facts *facts) {
  array_sort(facts->all, facts->count, by_id);
  for (int i = 0; i < facts->count; i++) {
    struct fact *before = facts->all[i].supersedes ? find_id(facts, facts->all[i].supersedes)
                                                   : NULL;
    if (before) before->superseded_by = facts->all[i].id;
  }
}

void facts_until(struct facts *facts, const struct facts_moment *moment) {
  int kept = 0;
  for (int i = 0; i < facts->count; i++) {
    struct fact *f = &facts->all[i];
    const int order = strcmp(f->said_at, moment->at);
    if (order > 0 || (order == 0 && f->id > moment->last)) continue;
    f->superseded_by = 0;
    facts->all[kept++] = *f;
  }
  facts->count = kept;
  settle(facts);
}

enum status fact_parties_who_name(struct store *store, struct arena *arena, int64_t other,
                                  const char *variable, int64_t **out, int *count,
                                  struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int room = 0;
  *count = 0;
  enum status status = store_query_with(
      store, &q,
      "select distinct party from fact where other = ?1 and variable = ?2 order by party", err,
      other, variable);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, *out, room, *count + 1);
    (*out)[(*count)++] = query_int(q, 0);
  }
  query_end(q);
  return status;
}

static enum status add_party(struct store *store, struct arena *arena, int64_t party,
                             struct facts *out, struct error *err) {
  struct query *q = NULL;
  enum status status = store_query_with(
      store, &q, "select " FACT_COLUMNS " from fact where party = ?1 order by id", err, party);
  return status == DONE ? read_rows(q, arena, out, err) : status;
}

enum status fact_rows_of_party(struct store *store, struct arena *arena, int64_t party,
                               struct facts *out, struct error *err) {
  *out = (struct facts){0};
  enum status status = add_party(store, arena, party, out, err);
  settle(out);
  return status;
}

static enum status add_person(struct store *store, struct arena *arena, int64_t person,
                              struct person *read, struct facts *out, struct error *err) {
  *out = (struct facts){0};
  enum status status = register_surviving_person(store, arena, person, read, err);
  if (status == DONE) status = add_party(store, arena, read->id, out, err);
  for (int i = 0; status == DONE && i < read->merged_count; i++)
    status = add_party(store, arena, read->merged[i], out, err);
  return status;
}

/* Records that became one are one teller. */
static enum status join_tellers(struct store *store, struct facts *facts, struct error *err) {
  int64_t told = 0, counts = 0;
  enum status status = DONE;
  for (int i = 0; status == DONE && i < facts->count; i++) {
    struct fact *f = &facts->all[i];
    if (f->teller && f->teller != told) {
      told = f->teller;
      status = register_survivor(store, told, &counts, err);
    }
    if (status == DONE && f->teller) f->teller = counts;
  }
  return status;
}

enum status fact_rows_of_variable(struct store *store, struct arena *arena, int64_t party,
                                  const char *variable, struct facts *out, struct error *err) {
  struct query *q = NULL;
  *out = (struct facts){0};
  enum status status = store_query_with(store, &q,
                                        "select " FACT_COLUMNS
                                        " from fact where party = ?1 and variable = ?2 order by id",
                                        err, party, variable);
  if (status == DONE) status = read_rows(q, arena, out, err);
  if (status == DONE) status = join_tellers(store, out, err);
  settle(out);
  return status;
}

enum status facts_of_person(struct store *store, struct arena *arena, int64_t person, day_t day,
                            struct facts *out, struct error *err) {
  struct person read = {0};
  enum status status = add_person(store, arena, person, &read, out, err);
  out->household = status == DONE ? person_household(&read, day) : 0;
  if (out->household) status = add_party(store, arena, out->household, out, err);
  if (status == DONE) status = join_tellers(store, out, err);
  settle(out);
  return status;
}

enum status facts_each(struct store *store, fact_take *take, void *context, struct error *err) {
  enum { ROWS_KEPT = 1024 };
  struct query *q = NULL;
  bool row = false;
  int count = 0;
  enum status status =
      store_stream(store, &q,
                   "select f.party, f.id, f.variable, f.value, f.per, f.other, f.from_day, "
                   "f.to_day, f.said_by, f.said_as, f.teller, f.body, f.source, f.evidence, "
                   "f.review_by, f.said_at, f.supersedes, p.code, p.kind from fact f join party p "
                   "on p.id = f.party where f.value is not null and not exists (select 1 from fact "
                   "s where s.party = f.party and s.supersedes = f.id) order by f.party, f.id",
                   err);
  if (status != DONE) return status;
  struct arena *arena = arena_new();
  while ((status = query_step(q, &row, err)) == DONE && row) {
    const struct fact fact = read_row(q, arena);
    const struct fact_owner owner = {query_copy(q, arena, 17),
                                     span_is(query_text(q, 18), "household")};
    if ((status = take(context, &fact, &owner, err)) != DONE) break;
    if (++count % ROWS_KEPT) continue;
    arena_free(arena);
    arena = arena_new();
  }
  query_end(q);
  arena_free(arena);
  return status;
}

enum status facts_each_on(struct store *store, day_t day, fact_take_one *take, void *context,
                          struct error *err) {
  enum { ROWS_KEPT = 1024 };
  struct query *q = NULL;
  bool row = false;
  int count = 0;
  enum status status = store_stream(
      store, &q,
      "select f.party, f.id, f.variable, f.value, f.per, f.other, f.from_day, "
      "f.source, f.said_as from fact f where f.value is not null and f.from_day <= ?1 and "
      "(f.to_day is null or f.to_day >= ?1) and (f.review_by is null or "
      "f.review_by >= ?1) and not exists (select 1 from fact s where "
      "s.party = f.party and s.supersedes = f.id) order by f.party, f.id",
      err);
  if (status != DONE) return status;
  query_bind_int(q, 1, day);
  struct arena *arena = arena_new();
  while ((status = query_step(q, &row, err)) == DONE && row) {
    const struct fact fact = {.party = query_int(q, 0),
                              .id = query_int(q, 1),
                              .variable = query_copy(q, arena, 2),
                              .value = query_copy(q, arena, 3),
                              .per = tell_per_of(query_text(q, 4)),
                              .other = query_int(q, 5),
                              .from = query_day(q, 6),
                              .to = DAY_NONE,
                              .source = fact_source_of_word(query_text(q, 7)),
                              .said_as = fact_sayer_of_word(query_text(q, 8)),
                              .review_by = DAY_NONE};
    if ((status = take(context, &fact, err)) != DONE) break;
    if (++count % ROWS_KEPT == 0) arena_reset(arena);
  }
  query_end(q);
  arena_free(arena);
  return status;
}

/* What others say of a home once somebody has left is of those who live there now, whatever days it
 * is about. A day that cannot be read is taken as late. */
static bool is_of_later(const struct fact *told, const struct person *who, day_t left) {
  if (told->teller && (told->teller == who->id || told->teller == who->survivor)) return false;
  const day_t said = clock_day_of(span_of(told->said_at));
  return said == DAY_NONE || said >= left;
}

/* Adds what holds on a day of the stay, and was said in it; left DAY_NONE: it goes on. */
static enum status add_stay(struct store *store, struct arena *arena, const struct person *who,
                            const struct residence *stay, day_t left, struct facts *out,
                            struct error *err) {
  struct facts home = {0};
  int capacity = out->count;
  enum status status = add_party(store, arena, stay->household, &home, err);
  for (int f = 0; f < home.count; f++) {
    const struct fact *told = &home.all[f];
    if (told->to != DAY_NONE && told->to < stay->from) continue;
    if (left != DAY_NONE && (told->from >= left || is_of_later(told, who, left))) continue;
    arena_reserve(arena, out->all, capacity, out->count + 1);
    out->all[out->count++] = *told;
  }
  return status;
}

enum status facts_of_homes(struct store *store, struct arena *arena, int64_t record,
                           struct facts *out, struct error *err) {
  struct person read = {0};
  *out = (struct facts){0};
  enum status status = register_person(store, arena, record, &read, err);
  for (int i = 0; status == DONE && i < read.residence_count; i++) {
    const struct residence *stay = &read.residences[i];
    const day_t left = i + 1 < read.residence_count ? stay[1].from : DAY_NONE;
    if (stay->household) status = add_stay(store, arena, &read, stay, left, out, err);
  }
  return status;
}

/* ---- what is known on a day ---- */

static bool is_within(const struct fact *f, day_t day) {
  return f->from <= day && (f->to == DAY_NONE || day <= f->to);
}
static bool is_fresh(const struct fact *f, day_t day) {
  return f->review_by == DAY_NONE || day <= f->review_by;
}

/* Whether the first counts before the second. */
static bool is_before(const struct fact *a, const struct fact *b) {
  return a->source != b->source ? a->source < b->source : a->id > b->id;
}

static bool by_another(const struct fact *a, const struct fact *b) {
  if (a->teller || b->teller) return a->teller != b->teller;
  if (a->body || b->body) return a->body != b->body;
  return strcmp(a->said_by, b->said_by) != 0;
}

static bool says_otherwise(const struct fact *a, const struct fact *b) {
  return strcmp(a->value, b->value) != 0 || a->per != b->per || a->other != b->other;
}

/* Two that hold on one day; one without an end gives way to a later one. */
static bool contradicts(const struct fact *a, const struct fact *b) {
  if (a->source != b->source || !by_another(a, b) || !says_otherwise(a, b)) return false;
  if (a->from == b->from) return true;
  return (a->from < b->from ? a : b)->to != DAY_NONE;
}

struct fact_known facts_known(const struct facts *facts, const char *variable, day_t day) {
  struct fact_known out = {0};
  for (int i = 0; i < facts->count; i++) {
    const struct fact *f = &facts->all[i];
    if (!fact_stands(f) || f->from > day || strcmp(f->variable, variable) != 0) continue;
    if (!is_within(f, day) || !is_fresh(f, day)) {
      if (!out.past || f->id > out.past->id) out.past = f;
    } else if (!out.fact || is_before(f, out.fact)) out.fact = f;
  }
  if (!out.fact) return out;
  out.past = NULL;
  for (int i = 0; i < facts->count; i++) {
    const struct fact *f = &facts->all[i];
    if (fact_stands(f) && strcmp(f->variable, variable) == 0 && is_within(f, day) &&
        is_fresh(f, day) && contradicts(f, out.fact))
      out.differs = f;
  }
  return out;
}

void facts_people(const struct facts *facts, struct arena *arena, const char *variable, day_t day,
                  const struct fact ***out, int *count) {
  const struct fact **found = arena_array(arena, const struct fact *, facts->count + 1);
  const struct fact *none = NULL;
  int n = 0;
  for (int i = 0; i < facts->count; i++) {
    const struct fact *f = &facts->all[i];
    if (!fact_stands(f) || !is_within(f, day) || !is_fresh(f, day) ||
        strcmp(f->variable, variable) != 0)
      continue;
    int at = 0;
    if (!f->other) {
      if (!none || is_before(f, none)) none = f;
      continue;
    }
    while (at < n && found[at]->other != f->other) at++;
    if (at == n) found[n++] = f;
    else if (is_before(f, found[at])) found[at] = f;
  }
  /* `none` takes away what counts after it */
  int kept = 0;
  for (int i = 0; i < n; i++)
    if (!none || is_before(found[i], none)) found[kept++] = found[i];
  if (!kept && none) found[kept++] = none;
  *out = found;
  *count = kept;
}

/* ---- a value as people read it ---- */

static const char *const per_texts[TELL_PERS] = {NULL, N_("%s a week"), N_("%s a month"),
                                                 N_("%s a year")};

static void add_amount(struct text *out, const struct fact *fact, const char *amount,
                       enum language language) {
  if (per_texts[fact->per]) text_addf(out, say(language, per_texts[fact->per]), amount);
  else text_add(out, amount);
}

void text_add_fact_value(struct text *out, const struct pack *pack, const struct fact *fact,
                         enum language language) {
  const struct pack_tellable *what = pack_find_tellable(pack, span_of(fact->variable));
  const struct tell_item *item = NULL;
  struct text amount = {0};
  int64_t n = 0;
  day_t day;
  if (!fact->value) return;
  if (!what) {
    text_add(out, fact->value);
    return;
  }
  switch (what->kind) {
  case TELL_MONEY:
    if (money_parse(span_of(fact->value), &n, NULL) == DONE) text_add_pounds(&amount, n);
    add_amount(out, fact, amount.bytes ? amount.bytes : fact->value, language);
    break;
  case TELL_HOURS:
    text_addf(&amount, say(language, N_("%s hours")), fact->value);
    add_amount(out, fact, amount.bytes, language);
    break;
  case TELL_YES_NO:
    text_add(out,
             strcmp(fact->value, "yes") == 0 ? say(language, N_("Yes")) : say(language, N_("No")));
    break;
  case TELL_CHOICE:
    item = pack_find_tell_item(pack, what->list, span_of(fact->value));
    text_add(out, item ? item->name[language] : fact->value);
    break;
  case TELL_PERSON:
  case TELL_PEOPLE:
    if (!fact->other) text_add(out, say(language, N_("Nobody")));
    break;
  case TELL_DAY:
    if (day_parse(span_of(fact->value), &day, NULL) == DONE)
      value_for_people(out, language, doc_day(day));
    else text_add(out, fact->value);
    break;
  case TELL_NUMBER:
  case TELL_KINDS: text_add(out, fact->value); break;
  }
  text_release(&amount);
}
