#include "assess/told.h"

enum { ROWS_MOST = 256, KIN_AT_ONCE = 64 };

static const char *const relation_words[TOLD_RELATIONS] = {"partner", "responsible_for",
                                                           "non_dependant"};

static int relation_of(const char *variable) {
  for (int i = 0; i < TOLD_RELATIONS; i++)
    if (strcmp(variable, relation_words[i]) == 0) return i;
  return -1;
}

/* ---- reading: one party after another ---- */

struct told_reader {
  struct told *told;
  int64_t party;
  struct fact best[ROWS_MOST]; /* of each row the one that counts; party 0: none */
  int used_count, used[ROWS_MOST];
  struct facts kin; /* of relations to several */
  int kin_room;
  struct arena *arena; /* of the party */
};

static uint32_t intern(struct told *t, const char *value) {
  const struct span text = span_of(value);
  const int64_t found = map_get(&t->text_of, text);
  if (found >= 0) return (uint32_t)found;
  arena_reserve(t->arena, t->texts, t->text_room, t->text_count + 1);
  const struct span kept = {arena_copy(t->arena, text.bytes, text.size), text.size};
  t->texts[t->text_count] = kept;
  map_set(&t->text_of, kept, t->text_count);
  return (uint32_t)t->text_count++;
}

static void add_kin(struct told *t, int64_t party, enum told_relation of, const struct fact *f) {
  if (!t->kin_of[party]) t->kin_first[party] = t->kin_count;
  arena_reserve(t->arena, t->kin, t->kin_room, t->kin_count + 1);
  t->kin[t->kin_count++] = (struct told_kin){party, f->other, (int8_t)of, fact_is_shown(f), f->id};
  if (t->kin_of[party] < UINT16_MAX) t->kin_of[party]++;
}

static void add_fact(struct told *t, int64_t party, int row, const struct fact *f) {
  if (!t->count[party]) t->first[party] = t->fact_count;
  array_reserve(t->facts, t->fact_room, t->fact_count + 1);
  t->facts[t->fact_count++] = (struct told_fact){intern(t, f->value), (uint8_t)row, (uint8_t)f->per,
                                                 (uint8_t)f->source, (uint32_t)f->id};
  t->count[party]++;
}

static void note_since(struct told *t, int64_t party, day_t from) {
  if (t->since[party] == DAY_NONE || from > t->since[party]) t->since[party] = from;
}

/* Relations to several, as facts_people chooses. */
static void take_people(struct told_reader *r, enum told_relation of) {
  const struct fact **found = NULL;
  int count = 0;
  facts_people(&r->kin, r->arena, relation_words[of], r->told->request->on, &found, &count);
  for (int i = 0; i < count; i++) {
    add_kin(r->told, r->party, of, found[i]);
    note_since(r->told, r->party, found[i]->from);
  }
}

static void end_party(struct told_reader *r) {
  struct told *t = r->told;
  const struct pack *pack = t->request->pack;
  for (int i = 0; i < r->used_count; i++) {
    const struct fact *f = &r->best[r->used[i]];
    if (pack->tellables[r->used[i]].kind == TELL_PERSON) add_kin(t, r->party, TOLD_PARTNER, f);
    else add_fact(t, r->party, r->used[i], f);
    note_since(t, r->party, f->from);
    r->best[r->used[i]].party = 0;
  }
  if (r->kin.count) take_people(r, TOLD_RESPONSIBLE);
  if (r->kin.count) take_people(r, TOLD_NON_DEPENDANT);
  r->used_count = r->kin.count = r->kin_room = 0;
  r->kin.all = NULL;
  arena_reset(r->arena);
}

static bool comes_before(const struct fact *a, const struct fact *b) {
  return a->source != b->source ? a->source < b->source : a->id > b->id;
}

static void take_one(struct told_reader *r, const struct fact *f) {
  const struct pack *pack = r->told->request->pack;
  const struct pack_tellable *what = pack_find_tellable(pack, span_of(f->variable));
  const int relation = relation_of(f->variable);
  if (!what || what - pack->tellables >= ROWS_MOST) return;
  struct fact kept = *f;
  kept.variable = what->variable;
  kept.value = arena_string(r->arena, f->value);
  if (what->kind == TELL_PEOPLE) {
    if (relation < 0) return;
    arena_reserve(r->arena, r->kin.all, r->kin_room, r->kin.count + 1);
    r->kin.all[r->kin.count++] = kept;
    return;
  }
  const int row = (int)(what - pack->tellables);
  struct fact *best = &r->best[row];
  if (!best->party) r->used[r->used_count++] = row;
  if (!best->party || comes_before(f, best)) *best = kept;
}

static enum status take_fact(void *context, const struct fact *f, struct error *err) {
  struct told_reader *r = context;
  (void)err;
  if (f->party > r->told->max_id) return DONE; /* registered after everybody was read */
  if (f->party != r->party) end_party(r);
  r->party = f->party;
  take_one(r, f);
  return DONE;
}

/* Of a person with several records what was told of all of them counts. */
static enum status read_merged(struct told_reader *r, struct error *err) {
  struct told *t = r->told;
  const struct many_request *q = t->request;
  enum status status = DONE;
  for (int i = 0; status == DONE && i < q->people->count; i++) {
    const struct person *p = &q->people->all[i];
    struct facts facts = {0};
    if (p->survivor || !p->merged_count) continue;
    status = facts_of_person(q->store, t->arena, p->id, q->on, &facts, err);
    t->count[p->id] = t->kin_of[p->id] = 0;
    r->party = p->id;
    for (int f = 0; f < facts.count; f++) {
      const struct fact *one = &facts.all[f];
      const struct pack_tellable *what = pack_find_tellable(q->pack, span_of(one->variable));
      const bool holds = fact_stands(one) && one->from <= q->on &&
                         (one->to == DAY_NONE || q->on <= one->to) &&
                         (one->review_by == DAY_NONE || q->on <= one->review_by);
      if (holds && what && !what->of_household) take_one(r, one);
    }
    end_party(r);
  }
  return status;
}

static int claim_compare(const void *a, const void *b) {
  const struct told_kin *x = a, *y = b;
  if (x->other != y->other) return x->other < y->other ? -1 : 1;
  if (x->of != y->of) return x->of - y->of;
  return (x->party > y->party) - (x->party < y->party);
}

/* Nobody else registered: as it is. */
static int64_t record_of(const struct told *t, int64_t person) {
  const struct person *p = people_find(t->request->people, person);
  return p ? p->id : person;
}

enum status told_read(struct arena *arena, const struct many_request *request, struct told **out,
                      struct error *err) {
  struct told *t = arena_array(arena, struct told, 1);
  const int64_t max = request->people->max_id;
  *t = (struct told){.arena = arena, .request = request, .max_id = max};
  t->text_of.arena = arena;
  t->first = arena_array(arena, int64_t, max + 1);
  t->count = arena_array(arena, uint16_t, max + 1);
  t->since = arena_array(arena, day_t, max + 1);
  t->kin_first = arena_array(arena, int, max + 1);
  t->kin_of = arena_array(arena, uint16_t, max + 1);
  for (int64_t i = 0; i <= max; i++) t->since[i] = DAY_NONE;
  struct told_reader *r = memory_zeroed(1, sizeof *r);
  r->told = t;
  r->arena = arena_new();
  enum status status = facts_each_on(request->store, request->on, take_fact, r, err);
  end_party(r);
  t->claims = arena_array(arena, struct told_kin, t->kin_count + 1);
  for (int i = 0; i < t->kin_count; i++) {
    struct told_kin *claim = &t->claims[t->claim_count];
    *claim = t->kin[i];
    claim->party = record_of(t, claim->party);
    if (claim->other) claim->other = record_of(t, claim->other), t->claim_count++;
  }
  array_sort(t->claims, t->claim_count, claim_compare);
  if (status == DONE) status = read_merged(r, err);
  arena_free(r->arena);
  free(r);
  *out = t;
  return status;
}

void told_release(struct told *told) {
  if (told) free(told->facts);
}

/* ---- what a party told ---- */

void told_fill(const struct told *t, int64_t party, struct home_told *out) {
  if (party <= 0 || party > t->max_id) return;
  const struct told_fact *facts = t->facts + t->first[party];
  for (int i = 0; i < t->count[party]; i++)
    out[facts[i].row] = (struct home_told){t->texts[facts[i].text], (enum tell_per)facts[i].per,
                                           (enum fact_source)facts[i].source, facts[i].fact, party};
}

/* ---- who belongs together ---- */

static enum status told_related(void *context, int64_t person, const char *variable,
                                enum unit_said *said, const struct unit_relation **out, int *count,
                                struct error *err) {
  struct told *t = context;
  const int of = relation_of(variable);
  (void)err;
  *said = UNIT_NOT_SAID;
  *count = 0;
  const int kin_count = person > 0 && person <= t->max_id ? t->kin_of[person] : 0;
  struct unit_relation *all = kin_count ? arena_array(t->arena, struct unit_relation, kin_count)
                                        : NULL;
  for (int i = 0; i < kin_count; i++) {
    const struct told_kin *kin = &t->kin[t->kin_first[person] + i];
    if (kin->of != of) continue;
    *said = kin->other ? UNIT_SAID_YES : UNIT_SAID_NO;
    if (kin->other)
      all[(*count)++] = (struct unit_relation){record_of(t, kin->other), kin->shown, kin->fact};
  }
  *out = all;
  return DONE;
}

static enum status told_claimants(void *context, int64_t person, const char *variable,
                                  const struct unit_relation **out, int *count, struct error *err) {
  struct told *t = context;
  const struct told_kin key = {0, person, (int8_t)relation_of(variable), false, 0};
  int low = 0, high = t->claim_count;
  (void)err;
  while (low < high) {
    const int middle = low + (high - low) / 2;
    if (claim_compare(&t->claims[middle], &key) < 0) low = middle + 1;
    else high = middle;
  }
  int after = low;
  while (after < t->claim_count && t->claims[after].other == person &&
         t->claims[after].of == key.of)
    after++;
  struct unit_relation *all = after > low ? arena_array(t->arena, struct unit_relation, after - low)
                                          : NULL;
  for (int i = low; i < after; i++)
    all[i - low] = (struct unit_relation){t->claims[i].party, t->claims[i].shown,
                                          t->claims[i].fact};
  *out = all;
  *count = after - low;
  return DONE;
}

static enum status told_says(void *context, int64_t person, const char *variable,
                             enum unit_said *said, struct error *err) {
  const struct told *t = context;
  const struct pack *pack = t->request->pack;
  const struct pack_tellable *what = pack_find_tellable(pack, span_of(variable));
  (void)err;
  *said = UNIT_NOT_SAID;
  if (!what || person <= 0 || person > t->max_id) return DONE;
  for (int i = 0; i < t->count[person]; i++) {
    const struct told_fact *f = &t->facts[t->first[person] + i];
    if (f->row == what - pack->tellables)
      *said = span_is(t->texts[f->text], "yes") ? UNIT_SAID_YES : UNIT_SAID_NO;
  }
  return DONE;
}

static enum status told_all(void *context, int64_t person, struct facts *out, struct error *err) {
  const struct told *t = context;
  return facts_of_person(t->request->store, t->arena, person, t->request->on, out, err);
}

static enum status told_records(void *context, int64_t person, int64_t **out, int *count,
                                struct error *err) {
  const struct told *t = context;
  return register_records(t->request->store, t->arena, person, out, count, err);
}

static enum status told_life(void *context, int64_t person, day_t *born, day_t *died,
                             struct error *err) {
  const struct told *t = context;
  const struct person *p = people_find(t->request->people, person);
  (void)err;
  *born = p ? p->born : DAY_NONE;
  *died = p ? p->died : DAY_NONE;
  return DONE;
}

static enum status told_home(void *context, int64_t person, int64_t *household, struct error *err) {
  const struct told *t = context;
  const struct person *p = people_find(t->request->people, person);
  (void)err;
  *household = p ? person_household(p, t->request->on) : 0;
  return DONE;
}

static enum status told_residents(void *context, int64_t household, const int64_t **out, int *count,
                                  struct error *err) {
  struct told *t = context;
  const struct people *people = t->request->people;
  (void)err;
  *count = 0;
  if (household <= 0 || household > people->max_id) return DONE;
  const int *members = people->member[household], most = people->member_count[household];
  int64_t *all = arena_array(t->arena, int64_t, most + 1);
  for (int i = 0; i < most; i++) {
    const struct person *p = &people->all[members[i]];
    if (!p->survivor && person_household(p, t->request->on) == household) all[(*count)++] = p->id;
  }
  *out = all;
  return DONE;
}

struct unit_source told_source(struct told *told) {
  return (struct unit_source){told,         told_related, told_claimants, told_says,     told_all,
                              told_records, told_life,    told_home,      told_residents};
}
