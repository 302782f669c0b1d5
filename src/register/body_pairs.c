#include "register/body_pairs.h"

#include "base/day.h"
#include "base/map.h"
#include "base/refusal.h"
#include "register/body_index.h"
#include "store/counter.h"

#include <limits.h>

const char *const body_are_words[BODY_ARE_COUNT] = {"open", "same", "different", "organisation",
                                                    "person"};

bool body_are_parse(struct span word, enum body_are *out) {
  for (int i = 0; i < BODY_ARE_COUNT; i++)
    if (span_is(word, body_are_words[i])) {
      *out = (enum body_are)i;
      return true;
    }
  return false;
}

/* ---- what was decided ---- */

/* The newest decision of each pair, by index of bodies. */
struct decided_pairs {
  struct body_pair *all;
  int count, capacity;
  struct map found; /* by both ids, to the index in `all` */
};

static int body_at(const struct bodies *bodies, int64_t id) {
  const struct body *body = bodies_by_id(bodies, id);
  return body ? (int)(body - bodies->all) : -1;
}

static enum status read_decided(struct store *store, struct arena *arena,
                                const struct bodies *bodies, struct decided_pairs *out,
                                struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *out = (struct decided_pairs){.found = {.arena = arena}};
  enum status status = store_query(
      store, &q,
      "select body, other, decision, reason, made_at, made_by from body_decision order by id", err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    const int64_t body = query_int(q, 0), other = query_int(q, 1);
    struct body_pair pair = {.body = bodies_by_id(bodies, body),
                             .other = bodies_by_id(bodies, other),
                             .reason = query_copy(q, arena, 3),
                             .at = query_copy(q, arena, 4),
                             .by = query_copy(q, arena, 5)};
    if (!pair.body || !pair.other || !body_are_parse(query_text(q, 2), &pair.are)) continue;
    int64_t at = map_get_number(&out->found, (uint64_t)body, (uint64_t)other);
    if (at < 0) {
      at = out->count++;
      map_set_number(&out->found, (uint64_t)body, (uint64_t)other, at);
      arena_reserve(arena, out->all, out->capacity, out->count);
    }
    out->all[at] = pair;
  }
  query_end(q);
  return status;
}

/* ---- which bodies are one ---- */

static int root_of(int *of, int at) {
  while (of[at] != at) at = of[at] = of[of[at]];
  return at;
}

static bool is_before(const struct body *a, const struct body *b) {
  const bool a_supplier = strcmp(a->kind, "supplier") == 0,
             b_supplier = strcmp(b->kind, "supplier") == 0;
  if (a_supplier != b_supplier) return b_supplier;
  const bool a_number = a->company && *a->company, b_number = b->company && *b->company;
  return a_number != b_number ? a_number : a->id < b->id;
}

static void join(const struct bodies *bodies, int *of, int a, int b) {
  a = root_of(of, a);
  b = root_of(of, b);
  if (a == b) return;
  if (is_before(&bodies->all[a], &bodies->all[b])) of[b] = a;
  else of[a] = b;
}

/* By index of a body: the index of the one that stands for all that are the same. */
static int *join_all(struct arena *arena, const struct bodies *bodies,
                     const struct decided_pairs *decided) {
  int *of = arena_array(arena, int, bodies->count + 1);
  for (int i = 0; i < bodies->count; i++) of[i] = i;
  for (int i = 0; i < decided->count; i++)
    if (decided->all[i].are == BODIES_SAME)
      join(bodies, of, (int)(decided->all[i].body - bodies->all),
           (int)(decided->all[i].other - bodies->all));
  for (int i = 0; i < bodies->count; i++) of[i] = root_of(of, i);
  return of;
}

static int compare_decided(const void *a, const void *b) {
  const struct body_pair *x = a, *y = b;
  const int order = strcmp(y->at, x->at);
  if (order) return order;
  return x->body->id != y->body->id ? (x->body->id > y->body->id) - (x->body->id < y->body->id)
                                    : (x->other->id > y->other->id) - (x->other->id < y->other->id);
}

/* A person among those that are one hides all of them. */
static void take_kinds(struct arena *arena, const struct bodies *bodies,
                       const struct decided_pairs *decided, struct body_pairs *out) {
  out->is = arena_array(arena, enum name_is, bodies->count + 1);
  for (int i = 0; i < bodies->count; i++) out->is[i] = NAME_UNKNOWN;
  for (int i = 0; i < decided->count; i++) {
    const struct body_pair *one = &decided->all[i];
    enum name_is *is = &out->is[out->payee[one->body - bodies->all]];
    if (one->are == BODIES_PERSON) *is = NAME_PERSON;
    else if (one->are == BODIES_ORGANISATION && *is == NAME_UNKNOWN) *is = NAME_ORGANISATION;
  }
}

static enum name_is payee_is(const struct body_pairs *pairs, const struct pack_name_words *words,
                             int index) {
  const int one = pairs->payee[index];
  const struct body *body = &pairs->bodies->all[one];
  if (strcmp(body->kind, "supplier") != 0) return NAME_ORGANISATION;
  if (pairs->is[one] != NAME_UNKNOWN) return pairs->is[one];
  if (body->company && *body->company) return NAME_ORGANISATION;
  return body_name_is(words, span_of(body->name));
}

bool body_is_private(const struct body_pairs *pairs, const struct pack_name_words *words,
                     int index) {
  return payee_is(pairs, words, index) != NAME_ORGANISATION;
}

static int compare_hidden(const void *a, const void *b) {
  const struct hidden_payee *x = a, *y = b;
  if (x->is != y->is) return x->is == NAME_UNKNOWN ? -1 : 1;
  const int order = strcasecmp(x->body->name, y->body->name);
  return order ? order : (x->body->id > y->body->id) - (x->body->id < y->body->id);
}

void body_hidden_payees(const struct body_pairs *pairs, const struct pack_name_words *words,
                        struct arena *arena, struct hidden_payee **out, int *count) {
  *out = arena_array(arena, struct hidden_payee, pairs->bodies->count + 1);
  *count = 0;
  for (int i = 0; i < pairs->bodies->count; i++) {
    if (pairs->payee[i] != i || pairs->is[i] != NAME_UNKNOWN) continue;
    const enum name_is is = payee_is(pairs, words, i);
    if (is != NAME_ORGANISATION)
      (*out)[(*count)++] = (struct hidden_payee){&pairs->bodies->all[i], is};
  }
  array_sort(*out, *count, compare_hidden);
}

static void take_decided(struct arena *arena, struct bodies *bodies,
                         const struct decided_pairs *decided, struct body_pairs *out) {
  out->bodies = bodies;
  out->payee = join_all(arena, bodies, decided);
  out->decided = arena_array(arena, struct body_pair, decided->count + 1);
  for (int i = 0; i < decided->count; i++)
    if (decided->all[i].are != BODIES_OPEN) out->decided[out->decided_count++] = decided->all[i];
  array_sort(out->decided, out->decided_count, compare_decided);
  take_kinds(arena, bodies, decided, out);
}

enum status body_payees_read(struct store *store, struct arena *arena, struct bodies *bodies,
                             struct body_pairs *out, struct error *err) {
  struct decided_pairs decided;
  *out = (struct body_pairs){0};
  enum status status = read_decided(store, arena, bodies, &decided, err);
  if (status == DONE) take_decided(arena, bodies, &decided, out);
  return status;
}

/* ---- what waits ---- */

struct pair_search {
  struct arena *arena;
  const struct decided_pairs *decided;
  struct body_pairs *out;
  int capacity, at; /* at: the body that is compared with those before it */
  int most;
};

static void take_pair(void *context, int64_t body, const struct body_name *name,
                      struct names_match match) {
  struct pair_search *s = context;
  (void)name;
  const struct body *other = &s->out->bodies->all[s->at];
  const int before = body_at(s->out->bodies, body);
  const int64_t decided = map_get_number(&s->decided->found, (uint64_t)body, (uint64_t)other->id);
  if (decided >= 0 && s->decided->all[decided].are != BODIES_OPEN) return;
  if (s->out->payee[before] == s->out->payee[s->at]) return; /* one through others */
  if (s->out->waiting_count == s->most) {
    s->out->more = true;
    return;
  }
  arena_reserve(s->arena, s->out->waiting, s->capacity, s->out->waiting_count + 1);
  s->out->waiting[s->out->waiting_count++] =
      (struct body_pair){.body = &s->out->bodies->all[before], .other = other, .match = match};
}

static int rank_of(const struct body_pair *pair) {
  static const int ranks[] = {
      [NAMES_BY_NUMBER] = 0, [NAMES_BY_NAME] = 1, [NAMES_BY_TRADING] = 2, [NAMES_BY_LIKENESS] = 3};
  return ranks[pair->match.by];
}

static int compare_waiting(const void *a, const void *b) {
  const struct body_pair *x = a, *y = b;
  if (rank_of(x) != rank_of(y)) return rank_of(x) - rank_of(y);
  if (x->match.likeness != y->match.likeness) return y->match.likeness - x->match.likeness;
  if (x->body != y->body) return x->body < y->body ? -1 : 1;
  return (x->other > y->other) - (x->other < y->other);
}

enum status body_pairs_read(struct store *store, struct arena *arena,
                            const struct pack_name_words *words, bool bounded,
                            struct body_pairs *out, struct error *err) {
  struct bodies *bodies = NULL;
  struct decided_pairs decided;
  struct pair_search search = {
      .arena = arena, .decided = &decided, .out = out, .most = bounded ? BODY_PAIRS_MOST : INT_MAX};
  *out = (struct body_pairs){0};
  enum status status = register_bodies(store, arena, &bodies, err);
  if (status == DONE) status = read_decided(store, arena, bodies, &decided, err);
  if (status != DONE) return status;
  take_decided(arena, bodies, &decided, out);
  struct body_index *index = body_index_new(words, arena);
  for (int i = 0; i < bodies->count && !out->more; i++) {
    struct body_name name;
    search.at = i;
    body_name_read(words, arena, span_of(bodies->all[i].name), span_of(bodies->all[i].company),
                   &name);
    body_index_find(index, &name, take_pair, &search);
    body_index_add_name(index, bodies->all[i].id, &name);
    out->more |= bounded && body_index_compared(index) > BODY_PAIRS_COMPARED;
  }
  array_sort(out->waiting, out->waiting_count, compare_waiting);
  return DONE;
}

/* ---- deciding ---- */

struct body_decider {
  struct store *store;
  struct arena *arena;
  struct bodies *bodies;
  struct decided_pairs decided;
  int *payee;
};

enum status body_decider_open(struct body_decider **out, struct store *store, struct arena *arena,
                              struct error *err) {
  struct body_decider *d = arena_array(arena, struct body_decider, 1);
  int64_t unused;
  *d = (struct body_decider){.store = store, .arena = arena};
  /* locks the counter's row: of two who decide at once the second sees what the first did */
  enum status status = counter_next(store, "body_decision", &unused, err);
  if (status == DONE) status = register_bodies(store, arena, &d->bodies, err);
  if (status == DONE) status = read_decided(store, arena, d->bodies, &d->decided, err);
  if (status == DONE) d->payee = join_all(arena, d->bodies, &d->decided);
  *out = d;
  return status;
}

static const char *number_of(const struct body *body) {
  return body->company && *body->company ? body->company : NULL;
}

/* Whether two of the bodies that would be one were found to differ, or have other numbers. */
static enum status check_same(const struct body_decider *d, int a, int b, struct error *err) {
  const char *first = NULL, *second = NULL;
  for (int i = 0; i < d->bodies->count; i++) {
    const char *number = number_of(&d->bodies->all[i]);
    if (number && d->payee[i] == d->payee[a]) first = number;
    if (number && d->payee[i] == d->payee[b]) second = number;
  }
  if (first && second && strcmp(first, second) != 0)
    return refuse_at(err, "decision", BODIES_NUMBERS_DIFFER, first, second);
  for (int i = 0; i < d->decided.count; i++) {
    const struct body_pair *pair = &d->decided.all[i];
    const int x = d->payee[pair->body - d->bodies->all], y = d->payee[pair->other - d->bodies->all];
    const bool this_one = pair->body == &d->bodies->all[a] && pair->other == &d->bodies->all[b];
    if (pair->are == BODIES_DIFFERENT && !this_one &&
        ((x == d->payee[a] && y == d->payee[b]) || (x == d->payee[b] && y == d->payee[a])))
      return refuse_at(err, "decision", BODIES_FOUND_TO_DIFFER, pair->body->code,
                       pair->other->code);
  }
  return DONE;
}

static enum status write_decision(struct body_decider *d, const struct body_decision *decision,
                                  int64_t body, int64_t other, struct error *err) {
  char now[21];
  int64_t id = 0;
  enum status status = counter_next(d->store, "body_decision", &id, err);
  if (status != DONE) return status;
  return store_run_with(d->store,
                        "insert into body_decision (id, body, other, decision, reason, made_at, "
                        "made_by) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                        err, id, body, other, span_of(body_are_words[decision->are]),
                        decision->reason.bytes ? decision->reason : span_of(""),
                        span_of(clock_write_now(now)), span_of(decision->who));
}

/* Keeps it in memory; false: the two are one through others, and nothing is kept. */
static bool keep_decision(struct body_decider *d, int a, int b, enum body_are are) {
  const uint64_t body = (uint64_t)d->bodies->all[a].id, other = (uint64_t)d->bodies->all[b].id;
  int64_t at = map_get_number(&d->decided.found, body, other);
  if (at < 0) {
    at = d->decided.count++;
    map_set_number(&d->decided.found, body, other, at);
    arena_reserve(d->arena, d->decided.all, d->decided.capacity, d->decided.count);
    d->decided.all[at] = (struct body_pair){.body = &d->bodies->all[a],
                                            .other = &d->bodies->all[b]};
  }
  const enum body_are before = d->decided.all[at].are;
  d->decided.all[at].are = are;
  if (are == BODIES_SAME) {
    const int gone = d->payee[b], stays = d->payee[a];
    for (int i = 0; i < d->bodies->count; i++)
      if (d->payee[i] == gone) d->payee[i] = stays;
  } else if (before == BODIES_SAME) d->payee = join_all(d->arena, d->bodies, &d->decided);
  if (are != BODIES_DIFFERENT || d->payee[a] != d->payee[b]) return true;
  d->decided.all[at].are = before;
  return false;
}

enum status body_decide(struct body_decider *d, const struct body_decision *decision, bool *changed,
                        struct error *err) {
  int a = body_at(d->bodies, decision->body), b = body_at(d->bodies, decision->other);
  *changed = false;
  if (a < 0 || b < 0) return refuse_at(err, a < 0 ? "body" : "other", BODIES_UNKNOWN);
  const bool of_one = decision->are == BODIES_ORGANISATION || decision->are == BODIES_PERSON;
  if (a == b && !of_one && decision->are != BODIES_OPEN)
    return refuse_at(err, "other", BODIES_ONE_TWICE);
  if (a != b && of_one) return refuse_at(err, "other", BODIES_TWO_OF_ONE);
  if (a > b) {
    const int swap = a;
    a = b;
    b = swap;
  }
  const int64_t body = d->bodies->all[a].id, other = d->bodies->all[b].id;
  const int64_t at = map_get_number(&d->decided.found, (uint64_t)body, (uint64_t)other);
  const enum body_are before = at < 0 ? BODIES_OPEN : d->decided.all[at].are;
  if (before == decision->are) return DONE;
  enum status status = decision->are == BODIES_SAME ? check_same(d, a, b, err) : DONE;
  if (status != DONE) return status;
  if (!keep_decision(d, a, b, decision->are))
    return refuse_at(err, "decision", BODIES_ONE_THROUGH_OTHERS);
  *changed = true;
  return write_decision(d, decision, body, other, err);
}
