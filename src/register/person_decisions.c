#include "register/person_decisions.h"

#include "base/day.h"
#include "base/map.h"
#include "base/refusal.h"
#include "store/counter.h"

const char *const person_answer_words[PERSON_ANSWERS] = {"open", "same", "different"};

bool person_answer_parse(struct span word, enum person_answer *out) {
  for (int i = 0; i < PERSON_ANSWERS; i++)
    if (span_is(word, person_answer_words[i])) {
      *out = (enum person_answer)i;
      return true;
    }
  return false;
}

/* ---- in memory ---- */

/* Whom a row tells of, as it is compared: the body, the parts of the name, the day, the
 * postcode. */
static struct span row_key(const struct person_decisions *d, struct arena *arena, int64_t body,
                           const struct person_told *told) {
  struct person_name name;
  char postcode[POSTCODE_SIZE];
  person_name_read(d->words, arena, told->name, &name);
  if (!postcode_read(told->postcode, postcode)) postcode[0] = '\0';
  return span_of(arena_printf(arena, "%lld|" SPAN_FORMAT "|" SPAN_FORMAT "|" SPAN_FORMAT "|%d|%s",
                              (long long)body, SPAN(name.first), SPAN(name.middle), SPAN(name.last),
                              (int)told->born, postcode));
}

static struct person_told told_of(const struct person_decision *x) {
  return (struct person_told){span_of(x->name), x->born, span_of(x->postcode)};
}

/* Keeps the newest of its question. */
static void take(struct person_decisions *d, const struct person_decision *x) {
  const struct person_told told = told_of(x);
  const struct span row = row_key(d, d->arena, x->body, &told);
  const struct span question =
      span_of(arena_printf(d->arena, SPAN_FORMAT "|%lld", SPAN(row), (long long)x->person));
  int64_t at = map_get(&d->question, question);
  if (at >= 0) {
    const int64_t first = d->all[at].first;
    d->all[at] = *x;
    d->all[at].first = first;
    return;
  }
  at = d->count++;
  arena_reserve(d->arena, d->all, d->capacity, d->count);
  arena_reserve(d->arena, d->before, d->before_capacity, d->count);
  d->all[at] = *x;
  d->all[at].first = x->id;
  d->before[at] = (int)map_get(&d->who, row);
  map_set(&d->question, question, at);
  map_set(&d->who, row, at);
}

/* Takes what was written since the last row that was read. */
static enum status read_more(struct person_decisions *out, struct store *store, struct error *err) {
  struct arena *arena = out->arena;
  struct query *q = NULL;
  bool row = false;
  enum status status =
      store_query_with(store, &q,
                       "select id, party, body, name, born, postcode, how, decision, reason, "
                       "made_at, made_by from person_decision where id > ?1 order by id",
                       err, out->last);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    struct person_decision x = {.id = query_int(q, 0),
                                .person = query_int(q, 1),
                                .body = query_int(q, 2),
                                .name = query_copy(q, arena, 3),
                                .born = query_day(q, 4),
                                .postcode = query_copy(q, arena, 5),
                                .how = query_copy(q, arena, 6),
                                .reason = query_copy(q, arena, 8),
                                .at = query_copy(q, arena, 9),
                                .by = query_copy(q, arena, 10)};
    if (person_answer_parse(query_text(q, 7), &x.answer)) take(out, &x);
    out->last = x.id;
  }
  query_end(q);
  return status;
}

enum status person_decisions_hold(struct store *store, struct error *err) {
  int64_t none = 0;
  return counter_take(store, "person_decision", 0, &none, err);
}

enum status person_decisions_read(struct person_decisions *out, struct store *store,
                                  const struct pack_name_words *words, struct arena *arena,
                                  struct error *err) {
  *out = (struct person_decisions){
      .words = words, .arena = arena, .question = {.arena = arena}, .who = {.arena = arena}};
  return read_more(out, store, err);
}

/* ---- whom a row means ---- */

enum person_is person_resolve(const struct person_index *index,
                              const struct person_decisions *decisions, int64_t body,
                              const struct person_told *told, struct person_found *found,
                              int *count, bool *decided) {
  enum { LEFT_OUT_MOST = 64 };
  int64_t leave_out[LEFT_OUT_MOST];
  int left_out = 0;
  struct arena *arena = arena_new();
  int at = decisions->count ? (int)map_get(&decisions->who, row_key(decisions, arena, body, told))
                            : -1;
  arena_free(arena);
  *decided = false;
  for (; at >= 0; at = decisions->before[at]) {
    const struct person_decision *x = &decisions->all[at];
    if (x->answer == ANSWER_SAME && person_index_code(index, x->person)) {
      *decided = true;
      *count = 1;
      found[0] = (struct person_found){.person = x->person,
                                       .code = person_index_code(index, x->person)};
      return PERSON_SURE;
    }
    if (x->answer == ANSWER_DIFFERENT && left_out < LEFT_OUT_MOST)
      leave_out[left_out++] = x->person;
  }
  const enum person_is is = person_index_find(index, told, leave_out, left_out, found, count);
  *decided = is == PERSON_NONE && left_out;
  return is;
}

/* ---- deciding ---- */

static enum status write_row(struct store *store, struct person_decision *x, struct error *err) {
  struct query *q = NULL;
  enum status status = counter_next(store, "person_decision", &x->id, err);
  if (status == DONE)
    status = store_query(store, &q,
                         "insert into person_decision (party, id, body, name, born, postcode, how, "
                         "decision, reason, made_at, made_by) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
                         "?8, ?9, ?10, ?11)",
                         err);
  if (status != DONE) return status;
  query_bind_int(q, 1, x->person);
  query_bind_int(q, 2, x->id);
  query_bind_int(q, 3, x->body);
  query_bind_text(q, 4, span_of(x->name));
  if (x->born == DAY_NONE) query_bind_null(q, 5);
  else query_bind_int(q, 5, x->born);
  query_bind_text(q, 6, span_of(x->postcode));
  query_bind_text(q, 7, span_of(x->how));
  query_bind_text(q, 8, span_of(person_answer_words[x->answer]));
  query_bind_text(q, 9, span_of(x->reason));
  query_bind_text(q, 10, span_of(x->at));
  query_bind_text(q, 11, span_of(x->by));
  status = query_run(q, err);
  query_end(q);
  return status;
}

enum status person_decide(struct person_decisions *decisions, struct store *store,
                          const struct person_answering *answer, bool *changed, struct error *err) {
  struct arena *arena = decisions->arena;
  struct person_decision x = answer->decision;
  const struct person_told told = told_of(&x);
  char now[21];
  *changed = false;
  if (!span_trim(told.name).size) return refuse_at(err, "name", ROW_FIELD_EMPTY);
  enum status status = person_decisions_hold(store, err);
  if (status == DONE) status = read_more(decisions, store, err);
  if (status != DONE) return status;
  int at = (int)map_get(&decisions->who, row_key(decisions, arena, x.body, &told));
  for (; at >= 0; at = decisions->before[at]) {
    const struct person_decision *before = &decisions->all[at];
    if (before->person == x.person && (!x.how || !*x.how)) x.how = before->how;
    if (before->person == x.person && (answer->asks || before->answer == x.answer)) return DONE;
    if (before->person != x.person && x.answer == ANSWER_SAME && before->answer == ANSWER_SAME)
      return refuse_at(err, "decision", ROW_MEANS_ANOTHER);
  }
  x.at = arena_string(arena, clock_write_now(now));
  x.name = arena_string(arena, x.name);
  x.postcode = arena_string(arena, x.postcode ? x.postcode : "");
  x.how = arena_string(arena, x.how ? x.how : "");
  x.reason = arena_string(arena, x.reason ? x.reason : "");
  x.by = arena_string(arena, x.by);
  status = write_row(store, &x, err);
  if (status != DONE) return status;
  take(decisions, &x);
  decisions->last = x.id;
  *changed = true;
  return DONE;
}
