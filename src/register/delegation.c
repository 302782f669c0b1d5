/* Delegations. Every query reads a person's rows by key; merged records are read one after
 * another. */
#include "register/delegation.h"

#include "base/refusal.h"
#include "register/register.h"
#include "store/counter.h"

#include <stdlib.h>

enum { SECONDS_A_DAY = 86400 };

/* ---- offers ---- */

static enum status check_offer(const struct delegation_offer *offer, struct error *err) {
  struct span what = span_trim(offer->what);
  if (!offer->scope || (offer->scope & ~scope_all())) return scope_refuse_none(err);
  if (what.size == 0) return refuse_at(err, "what", HELPER_WHAT_MISSING);
  if (what.size > DELEGATION_WHAT_BYTES_MAX) return refuse_at(err, "what", HELPER_WHAT_TOO_LONG);
  if (!utf8_valid(what.bytes, what.size)) return refuse_at(err, "what", TEXT_BROKEN);
  if (offer->to != DAY_NONE && offer->to < offer->day) return refuse_at(err, "to", HELPER_END_PAST);
  return DONE;
}

static enum status forget_old_offers(struct store *store, int64_t now, struct error *err) {
  struct query *q;
  enum status status = store_query(store, &q, "delete from help_offer where expires <= ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, now);
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status count_offers(struct store *store, int64_t principal, int64_t *count,
                                struct error *err) {
  struct query *q;
  enum status status = store_query(store, &q,
                                   "select count(*) from help_offer where principal = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, principal);
  bool row;
  *count = 0;
  if ((status = query_step(q, &row, err)) == DONE && row) *count = query_int(q, 0);
  query_end(q);
  return status;
}

static enum status insert_offer(struct store *store, const struct delegation_offer *offer,
                                int64_t principal, const struct digest *code, int64_t expires,
                                struct error *err) {
  struct query *q;
  enum status status = store_query(store, &q,
                                   "insert into help_offer (code, principal, scope, what, to_day, "
                                   "expires) values (?1, ?2, ?3, ?4, ?5, ?6)",
                                   err);
  if (status != DONE) return status;
  struct text words = {0};
  text_add_scope(&words, offer->scope);
  query_bind_bytes(q, 1, code->bytes, sizeof code->bytes);
  query_bind_int(q, 2, principal);
  query_bind_text(q, 3, span_make(words.bytes, words.size));
  query_bind_text(q, 4, span_trim(offer->what));
  if (offer->to == DAY_NONE) query_bind_null(q, 5);
  else query_bind_int(q, 5, offer->to);
  query_bind_int(q, 6, expires);
  status = query_run(q, err);
  query_end(q);
  text_release(&words);
  return status;
}

enum status delegation_offer(struct store *store, const struct delegation_offer *offer,
                             char code[ONE_TIME_CODE_SIZE], day_t *last, struct error *err) {
  struct arena *arena = arena_new();
  struct person principal;
  struct digest digest;
  int64_t open = 0;
  day_t until = (day_t)(offer->now / SECONDS_A_DAY) + DELEGATION_OFFER_DAYS;
  enum status status = check_offer(offer, err);
  if (status == DONE)
    status = register_surviving_person(store, arena, offer->principal, &principal, err);
  if (status == DONE && principal.died != DAY_NONE) status = refuse(err, HELP_OF_THE_DEAD);
  if (status == DONE) status = forget_old_offers(store, offer->now, err);
  if (status == DONE) status = count_offers(store, principal.id, &open, err);
  if (status == DONE && open >= DELEGATION_OFFERS_MAX)
    status = refuse(err, HELPER_CODES_TOO_MANY, DELEGATION_OFFERS_MAX);
  if (status == DONE) {
    one_time_code_make(code, &digest);
    status = insert_offer(store, offer, principal.id, &digest, ((int64_t)until + 1) * SECONDS_A_DAY,
                          err);
    *last = until;
  }
  arena_free(arena);
  return status;
}

enum status delegation_withdraw(struct store *store, int64_t principal, int *count,
                                struct error *err) {
  struct arena *arena = arena_new();
  int64_t *records = NULL;
  int n = 0;
  *count = 0;
  enum status status = register_records(store, arena, principal, &records, &n, err);
  for (int r = 0; status == DONE && r < n; r++) {
    struct query *q;
    if ((status = store_query(store, &q, "delete from help_offer where principal = ?1", err)) !=
        DONE)
      break;
    query_bind_int(q, 1, records[r]);
    status = query_run(q, err);
    if (status == DONE) *count += (int)query_changes(q);
    query_end(q);
  }
  arena_free(arena);
  return status;
}

static day_t day_or_none(struct query *q, int column) {
  return query_is_null(q, column) ? DAY_NONE : (day_t)query_int(q, column);
}

enum status delegation_offers_of(struct store *store, struct arena *arena, int64_t principal,
                                 int64_t now, struct delegation_open_offer **out, int *count,
                                 struct error *err) {
  int64_t *records = NULL;
  int n = 0, found = 0;
  enum status status = register_records(store, arena, principal, &records, &n, err);
  if (status != DONE) return status;
  struct delegation_open_offer *all = arena_array(arena, struct delegation_open_offer,
                                                  DELEGATION_OFFERS_MAX * n);
  for (int r = 0; status == DONE && r < n; r++) {
    struct query *q;
    status = store_query(store, &q,
                         "select scope, what, to_day, expires from help_offer where principal = ?1 "
                         "and expires > ?2 order by expires, code",
                         err);
    if (status != DONE) return status;
    query_bind_int(q, 1, records[r]);
    query_bind_int(q, 2, now);
    bool row;
    while ((status = query_step(q, &row, err)) == DONE && row && found < DELEGATION_OFFERS_MAX * n)
      all[found++] = (struct delegation_open_offer){scope_of_words(query_text(q, 0)),
                                                    query_copy(q, arena, 1), day_or_none(q, 2),
                                                    (day_t)(query_int(q, 3) / SECONDS_A_DAY) - 1};
    query_end(q);
  }
  *out = all;
  *count = found;
  return status;
}

/* ---- rows ---- */

#define DELEGATION_COLUMNS "principal, id, agent, scope, what, from_day, to_day, at"

static void read_delegation(struct arena *arena, struct query *q, struct delegation *a) {
  *a = (struct delegation){.principal = query_int(q, 0),
                           .id = query_int(q, 1),
                           .agent = query_int(q, 2),
                           .scope = scope_of_words(query_text(q, 3)),
                           .what = query_copy(q, arena, 4),
                           .from = (day_t)query_int(q, 5),
                           .to = day_or_none(q, 6),
                           .at = query_copy(q, arena, 7)};
}

struct delegation_list {
  struct delegation *all;
  int count, capacity;
};

static void read_list(struct arena *arena, struct query *q, struct delegation_list *list) {
  arena_reserve(arena, list->all, list->capacity, list->count + 1);
  read_delegation(arena, q, &list->all[list->count++]);
}

/* Under any of the person's records. */
static enum status list_of(struct store *store, struct arena *arena, const char *sql,
                           int64_t person, struct delegation_list *list, struct error *err) {
  int64_t *records = NULL;
  int count = 0;
  enum status status = register_records(store, arena, person, &records, &count, err);
  for (int r = 0; status == DONE && r < count; r++) {
    struct query *q;
    if ((status = store_query(store, &q, sql, err)) != DONE) return status;
    query_bind_int(q, 1, records[r]);
    bool row;
    while ((status = query_step(q, &row, err)) == DONE && row) read_list(arena, q, list);
    query_end(q);
  }
  return status;
}

static const char of_principal[] = "select " DELEGATION_COLUMNS
                                   " from act_for where principal = ?1";
static const char of_agent[] = "select " DELEGATION_COLUMNS " from act_for where agent = ?1";

static int latest_first(const void *a, const void *b) {
  const struct delegation *x = a, *y = b;
  return (x->id < y->id) - (x->id > y->id);
}

static enum status list_named(struct store *store, struct arena *arena, bool principal,
                              int64_t person, struct delegation **out, int *count,
                              struct error *err) {
  struct delegation_list list = {0};
  enum status status = list_of(store, arena, principal ? of_principal : of_agent, person, &list,
                               err);
  for (int i = 0; status == DONE && i < list.count; i++) {
    struct person other;
    struct delegation *a = &list.all[i];
    status = register_surviving_person(store, arena, principal ? a->agent : a->principal, &other,
                                       err);
    if (status != DONE) break;
    a->code = other.code;
    a->name = other.name;
  }
  if (status != DONE) return status;
  if (list.count) qsort(list.all, (size_t)list.count, sizeof *list.all, latest_first);
  *out = list.all;
  *count = list.count;
  return DONE;
}

enum status delegation_of_principal(struct store *store, struct arena *arena, int64_t principal,
                                    struct delegation **out, int *count, struct error *err) {
  return list_named(store, arena, true, principal, out, count, err);
}

enum status delegation_of_agent(struct store *store, struct arena *arena, int64_t agent,
                                struct delegation **out, int *count, struct error *err) {
  return list_named(store, arena, false, agent, out, count, err);
}

/* ---- accepting and ending ---- */

/* Reads the offer with a code; without one offer->principal is 0. */
static enum status read_offer(struct store *store, struct arena *arena, const struct digest *code,
                              int64_t now, struct delegation *offer, struct error *err) {
  struct query *q;
  bool row;
  *offer = (struct delegation){0};
  enum status status = store_row_with(store, &q, &row,
                                      "select principal, scope, what, to_day, expires from "
                                      "help_offer where code = ?1 {postgresql: for update}",
                                      err, QUERY_BYTES(code->bytes, sizeof code->bytes));
  if (status == DONE && row && query_int(q, 4) > now) {
    offer->principal = query_int(q, 0);
    offer->scope = scope_of_words(query_text(q, 1));
    offer->what = query_copy(q, arena, 2);
    offer->to = day_or_none(q, 3);
  }
  query_end(q);
  return status;
}

static enum status end_row(struct store *store, const struct delegation *a, day_t day,
                           struct error *err) {
  return store_run_with(store, "update act_for set to_day = ?3 where principal = ?1 and id = ?2",
                        err, a->principal, a->id, (int64_t)day - 1);
}

static enum status same_person(struct store *store, struct arena *arena, int64_t a, int64_t b,
                               bool *same, struct error *err) {
  int64_t *x = NULL, *y = NULL;
  int n = 0;
  enum status status = register_records(store, arena, a, &x, &n, err);
  if (status == DONE) status = register_records(store, arena, b, &y, &n, err);
  *same = status == DONE && x[0] == y[0];
  return status;
}

static enum status end_running(struct store *store, struct arena *arena, int64_t principal,
                               int64_t agent, day_t day, struct error *err) {
  struct delegation_list list = {0};
  enum status status = list_of(store, arena, of_principal, principal, &list, err);
  for (int i = 0; status == DONE && i < list.count; i++) {
    bool same = false;
    if (list.all[i].to != DAY_NONE && list.all[i].to < day) continue;
    status = same_person(store, arena, list.all[i].agent, agent, &same, err);
    if (status == DONE && same) status = end_row(store, &list.all[i], day, err);
  }
  return status;
}

static enum status insert_delegation(struct store *store, const struct delegation *a,
                                     struct error *err) {
  struct text words = {0};
  text_add_scope(&words, a->scope);
  enum status status =
      store_run_with(store,
                     "insert into act_for (principal, id, agent, scope, what, from_day, to_day, "
                     "at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                     err, a->principal, a->id, a->agent, span_make(words.bytes, words.size),
                     a->what, a->from, QUERY_OR_NULL(a->to != DAY_NONE, a->to), a->at);
  text_release(&words);
  return status;
}

static enum status delete_offer(struct store *store, const struct digest *code, struct error *err) {
  return store_run_with(store, "delete from help_offer where code = ?1", err,
                        QUERY_BYTES(code->bytes, sizeof code->bytes));
}

enum status delegation_accept(struct store *store, struct arena *arena, int64_t agent,
                              struct span code, day_t day, int64_t now, struct delegation *out,
                              struct error *err) {
  struct digest digest;
  struct person helper, principal;
  struct delegation a = {0};
  bool sound = one_time_code_read(code, &digest);
  enum status status = register_surviving_person(store, arena, agent, &helper, err);
  if (status == DONE) status = read_offer(store, arena, &digest, now, &a, err);
  if (status != DONE) return status;
  if (!sound || !a.principal || (a.to != DAY_NONE && a.to < day))
    return refuse_at(err, "code", HELPER_CODE_UNUSABLE);
  if ((status = register_surviving_person(store, arena, a.principal, &principal, err)) != DONE)
    return status;
  if (principal.id == helper.id) return refuse_at(err, "code", HELPER_CODE_OWN);
  if (principal.died != DAY_NONE || helper.died != DAY_NONE)
    return refuse_at(err, "code", HELPER_CODE_UNUSABLE);
  if ((status = end_running(store, arena, principal.id, helper.id, day, err)) != DONE)
    return status;
  if ((status = counter_next(store, "act_for", &a.id, err)) != DONE) return status;
  char now_text[21];
  a.principal = principal.id;
  a.agent = helper.id;
  a.from = day;
  a.at = arena_string(arena, clock_write_now(now_text));
  a.code = principal.code;
  a.name = principal.name;
  if ((status = insert_delegation(store, &a, err)) != DONE) return status;
  *out = a;
  return delete_offer(store, &digest, err);
}

enum status delegation_end(struct store *store, int64_t principal, int64_t id, int64_t by,
                           day_t day, struct error *err) {
  struct arena *arena = arena_new();
  struct delegation_list list = {0};
  const struct delegation *found = NULL;
  bool is_principal = false, is_agent = false;
  enum status status = list_of(store, arena, of_principal, principal, &list, err);
  for (int i = 0; status == DONE && i < list.count; i++)
    if (list.all[i].id == id) found = &list.all[i];
  if (found) status = same_person(store, arena, found->principal, by, &is_principal, err);
  if (found && status == DONE) status = same_person(store, arena, found->agent, by, &is_agent, err);
  if (status == DONE && !is_principal && !is_agent) status = refuse(err, HELP_UNKNOWN);
  else if (status == DONE && found->to != DAY_NONE && found->to < day)
    status = refuse(err, HELP_ENDED_ALREADY);
  if (status == DONE) status = end_row(store, found, day, err);
  arena_free(arena);
  return status;
}

/* ---- permission ---- */

static enum status alive_on(struct store *store, int64_t person, day_t day, bool *alive,
                            struct error *err) {
  struct query *q;
  enum status status = store_query(store, &q,
                                   "select died from party where id = ?1 and kind = 'person'", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, person);
  bool row;
  *alive = false;
  if ((status = query_step(q, &row, err)) == DONE && row)
    *alive = query_is_null(q, 0) || query_int(q, 0) > day;
  query_end(q);
  return status;
}

enum status delegation_scope(struct store *store, int64_t principal, int64_t agent, day_t day,
                             unsigned *scope, struct error *err) {
  struct arena *arena = arena_new();
  int64_t *principals = NULL, *agents = NULL;
  int principal_count = 0, agent_count = 0;
  unsigned has = 0;
  bool alive = false;
  *scope = 0;
  enum status status = register_records(store, arena, principal, &principals, &principal_count,
                                        err);
  if (status == DONE) status = register_records(store, arena, agent, &agents, &agent_count, err);
  if (status == DONE && principals[0] != agents[0]) {
    struct delegation_list list = {0};
    status = list_of(store, arena, of_principal, principals[0], &list, err);
    for (int i = 0; i < list.count; i++)
      for (int r = 0; r < agent_count; r++)
        if (list.all[i].agent == agents[r] && delegation_runs(&list.all[i], day))
          has |= list.all[i].scope;
  }
  if (status == DONE && has) {
    status = alive_on(store, principals[0], day, &alive, err);
    if (status == DONE && alive) status = alive_on(store, agents[0], day, &alive, err);
    if (status == DONE && alive) *scope = has;
  }
  arena_free(arena);
  return status;
}
