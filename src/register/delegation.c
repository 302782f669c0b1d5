/* Delegations. Every query reads a person's rows by key; merged records are read one after
 * another.
 *
 * An offer is a case of the kind `help-offer`, and a row of help_offer that keeps its code's
 * digest. The row shows that whoever opens or accepts the case came by delegation_offer or
 * delegation_accept: it has case_id 0 until the case is opened, and expires 0 from the moment that
 * its code was entered until the case is accepted, both within one transaction. */
#include "register/delegation.h"

#include "base/refusal.h"
#include "register/register.h"
#include "store/counter.h"

#include <stdlib.h>

enum { OFFERS_SWEPT_MOST = 100 };

/* ---- offers: what one says ---- */

/* principal, scope, what, to; the other members are not set. */
static enum status offer_of_facts(struct arena *arena, const struct case_fact *facts, int count,
                                  struct delegation *out, struct error *err) {
  *out = (struct delegation){.what = "", .to = DAY_NONE};
  for (int i = 0; i < count; i++) {
    struct span value = facts[i].value;
    if (strcmp(facts[i].name, "scope") == 0) out->scope = scope_of_words(value);
    else if (strcmp(facts[i].name, "what") == 0)
      out->what = arena_copy(arena, value.bytes, value.size);
    else if (strcmp(facts[i].name, "to") == 0 && value.size &&
             day_parse(value, &out->to, err) != DONE)
      return error_at(err, NULL, 0, "to");
  }
  return DONE;
}

static enum status check_offer(const struct delegation *offer, day_t today, struct error *err) {
  size_t size = strlen(offer->what);
  if (!offer->scope) return scope_refuse_none(err);
  if (size == 0) return refuse_at(err, "what", HELPER_WHAT_MISSING);
  if (size > DELEGATION_WHAT_BYTES_MAX) return refuse_at(err, "what", HELPER_WHAT_TOO_LONG);
  if (!utf8_valid(offer->what, size)) return refuse_at(err, "what", TEXT_BROKEN);
  if (offer->to != DAY_NONE && offer->to < today) return refuse_at(err, "to", HELPER_END_PAST);
  return DONE;
}

/* ---- offers: what a case of the kind does ---- */

static enum status open_offer(struct case_call *call, struct case_opening *opening,
                              struct error *err) {
  struct delegation offer;
  struct person principal;
  enum status status = offer_of_facts(call->arena, opening->facts, opening->fact_count, &offer,
                                      err);
  if (status == DONE) status = check_offer(&offer, call->desk->today, err);
  if (status == DONE)
    status = register_surviving_person(call->store, call->arena, opening->party, &principal, err);
  if (status == DONE && principal.died != DAY_NONE) status = refuse(err, HELP_OF_THE_DEAD);
  return status;
}

/* Runs a statement on the offer's row: ?1 the principal, ?2 the case. *found: there was one. */
static enum status change_offer(struct case_call *call, const struct case_file *file,
                                const char *sql, bool *found, struct error *err) {
  struct query *q;
  enum status status = store_query_with(call->store, &q, sql, err, file->party, file->id);
  if (status != DONE) return status;
  status = query_run(q, err);
  *found = status == DONE && query_changes(q) > 0;
  query_end(q);
  return status;
}

static enum status offer_opened(struct case_call *call, const struct case_file *file,
                                struct error *err) {
  bool found = false;
  enum status status =
      change_offer(call, file,
                   "update help_offer set case_id = ?2 where principal = ?1 and case_id = 0",
                   &found, err);
  return status == DONE && !found ? refuse(err, HELP_OFFER_WITHOUT_CODE) : status;
}

static enum status accept_offer(struct case_call *call, struct case_file *file, struct error *err);

enum offer_move { OFFER_ACCEPT, OFFER_WITHDRAW, OFFER_EXPIRE };
static const char *const offer_moves[] = {"accept", "withdraw", "expire", NULL};

/* Whoever accepts it has taken the row by its code; taken back or run out, it goes unused. */
static enum status move_offer(struct case_call *call, struct case_file *file,
                              const struct pack_case_move *move, const struct case_motion *motion,
                              struct error *err) {
  bool found = false, accepts = strcmp(move->word, offer_moves[OFFER_ACCEPT]) == 0;
  (void)motion;
  enum status status = change_offer(
      call, file,
      accepts ? "delete from help_offer where principal = ?1 and case_id = ?2 and expires = 0"
              : "delete from help_offer where principal = ?1 and case_id = ?2",
      &found, err);
  if (status != DONE || !accepts) return status;
  return found ? accept_offer(call, file, err) : refuse(err, CASE_UNKNOWN);
}

const struct case_handler help_case_handler = {.word = "help",
                                               .moves = offer_moves,
                                               .open = open_offer,
                                               .opened = offer_opened,
                                               .move = move_offer};

/* ---- offers: made, taken back, run out ---- */

/* The rows of help_offer that a statement finds (principal, case, last second), by one value. */
struct offer_row {
  int64_t principal, case_id, expires;
};
static enum status read_offer_rows(struct case_call *call, const char *sql, int64_t value,
                                   struct offer_row *out, int most, int *count, struct error *err) {
  struct query *q;
  bool row;
  enum status status = store_query_with(call->store, &q, sql, err, value);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && *count < most)
    out[(*count)++] = (struct offer_row){query_int(q, 0), query_int(q, 1), query_int(q, 2)};
  query_end(q);
  return status;
}

static enum status move_case(struct case_call *call, int64_t id, enum offer_move move,
                             struct case_file *file, struct error *err) {
  return case_move(call->store, call->arena, call->desk, call->actor,
                   &(struct case_motion){.id = id, .move = offer_moves[move]}, file, err);
}

enum status delegation_expire(struct case_call *call, int64_t now, struct error *err) {
  struct offer_row rows[OFFERS_SWEPT_MOST];
  const struct case_actor program = {.who = "program"};
  struct case_call by_itself = *call;
  struct case_file file;
  int count = 0;
  by_itself.actor = &program;
  enum status status = read_offer_rows(
      call,
      "select principal, case_id, expires from help_offer where expires <= ?1 order by expires "
      "limit 100",
      now, rows, OFFERS_SWEPT_MOST, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    struct error faster = {0};
    enum status moved = move_case(&by_itself, rows[i].case_id, OFFER_EXPIRE, &file, &faster);
    if (moved == DONE || moved == REFUSED) continue; /* somebody else has ended it meanwhile */
    *err = faster;
    status = moved;
  }
  return status;
}

static enum status rows_of(struct case_call *call, const int64_t *records, int record_count,
                           struct offer_row *out, int *count, struct error *err) {
  enum status status = DONE;
  *count = 0;
  for (int r = 0; status == DONE && r < record_count; r++)
    status = read_offer_rows(
        call,
        "select principal, case_id, expires from help_offer where principal = ?1 order by case_id",
        records[r], out, DELEGATION_OFFERS_MAX * (r + 1), count, err);
  return status;
}

static enum status open_case(struct case_call *call, const struct delegation_offer *offer,
                             struct error *err) {
  struct text scope = {0};
  char to[11];
  int64_t id = 0;
  text_add_scope(&scope, offer->scope);
  const struct case_fact facts[] = {
      {"scope", span_make(scope.bytes, scope.size)},
      {"what", span_trim(offer->what)},
      {"to", offer->to == DAY_NONE ? span_of("") : span_of(day_write(offer->to, to))}};
  struct case_opening opening = {.kind = HELP_OFFER,
                                 .party = call->actor->person,
                                 .facts = facts,
                                 .fact_count = offer->to == DAY_NONE ? 2 : 3};
  enum status status = case_open(call->store, call->arena, call->desk, call->actor, &opening, &id,
                                 err);
  text_release(&scope);
  return status;
}

enum status delegation_offer(struct case_call *call, const struct delegation_offer *offer,
                             char code[ONE_TIME_CODE_SIZE], day_t *last, struct error *err) {
  const struct case_actor *actor = call->actor;
  struct offer_row *rows = arena_array(call->arena, struct offer_row,
                                       DELEGATION_OFFERS_MAX * actor->record_count + 1);
  struct digest digest;
  int open = 0;
  day_t until = clock_day(offer->now) + DELEGATION_OFFER_DAYS;
  if (offer->scope & ~scope_all()) return scope_refuse_none(err);
  enum status status = delegation_expire(call, offer->now, err);
  if (status == DONE) status = rows_of(call, actor->records, actor->record_count, rows, &open, err);
  if (status == DONE && open >= DELEGATION_OFFERS_MAX)
    status = refuse(err, HELPER_CODES_TOO_MANY, DELEGATION_OFFERS_MAX);
  if (status != DONE) return status;
  one_time_code_make(code, &digest);
  status = store_run_with(
      call->store,
      "insert into help_offer (code, principal, case_id, expires) values (?1, ?2, 0, ?3)", err,
      QUERY_BYTES(digest.bytes, sizeof digest.bytes), actor->person, clock_day_begins(until + 1));
  if (status == DONE) status = open_case(call, offer, err);
  *last = until;
  return status;
}

enum status delegation_withdraw(struct case_call *call, int *count, struct error *err) {
  const struct case_actor *actor = call->actor;
  struct offer_row *rows = arena_array(call->arena, struct offer_row,
                                       DELEGATION_OFFERS_MAX * actor->record_count + 1);
  struct case_file file;
  enum status status = rows_of(call, actor->records, actor->record_count, rows, count, err);
  for (int i = 0; status == DONE && i < *count; i++)
    status = move_case(call, rows[i].case_id, OFFER_WITHDRAW, &file, err);
  return status;
}

enum status delegation_offers_of(struct case_call *call, int64_t now,
                                 struct delegation_open_offer **out, int *count,
                                 struct error *err) {
  const struct case_actor *actor = call->actor;
  int most = DELEGATION_OFFERS_MAX * actor->record_count, n = 0;
  struct offer_row *rows = arena_array(call->arena, struct offer_row, most + 1);
  *out = arena_array(call->arena, struct delegation_open_offer, most + 1);
  *count = 0;
  enum status status = rows_of(call, actor->records, actor->record_count, rows, &n, err);
  for (int i = 0; status == DONE && i < n; i++) {
    struct case_file file;
    struct delegation offer;
    if (rows[i].expires <= now) continue;
    status = case_one(call->store, call->arena, call->desk, actor, rows[i].case_id, &file, err);
    if (status == DONE)
      status = offer_of_facts(call->arena, file.facts, file.fact_count, &offer, err);
    if (status == DONE)
      (*out)[(*count)++] = (struct delegation_open_offer){.case_id = rows[i].case_id,
                                                          .scope = offer.scope,
                                                          .what = offer.what,
                                                          .to = offer.to,
                                                          .last = clock_day(rows[i].expires - 1)};
  }
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
                           .to = query_day(q, 6),
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
  array_sort(list.all, list.count, latest_first);
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

/* The offer becomes a delegation, in place of one that runs between the two. */
static enum status accept_offer(struct case_call *call, struct case_file *file, struct error *err) {
  struct store *store = call->store;
  struct arena *arena = call->arena;
  day_t today = call->desk->today;
  struct person principal, helper;
  struct delegation a;
  char now[21];
  enum status status = offer_of_facts(arena, file->facts, file->fact_count, &a, err);
  if (status == DONE)
    status = register_surviving_person(store, arena, file->party, &principal, err);
  if (status == DONE)
    status = register_surviving_person(store, arena, call->actor->person, &helper, err);
  if (status != DONE) return status;
  if (principal.died != DAY_NONE || helper.died != DAY_NONE || (a.to != DAY_NONE && a.to < today))
    return refuse_at(err, "code", HELPER_CODE_UNUSABLE);
  status = end_running(store, arena, principal.id, helper.id, today, err);
  if (status == DONE) status = counter_next(store, "act_for", &a.id, err);
  if (status != DONE) return status;
  a.principal = principal.id;
  a.agent = helper.id;
  a.from = today;
  a.at = clock_write_now(now);

  return insert_delegation(store, &a, err);
}

/* Takes the row of the code, which nobody else has then; *row.principal 0: it is unknown, used or
 * run out. */
static enum status take_row(struct case_call *call, const struct digest *code, int64_t now,
                            struct offer_row *out, struct error *err) {
  struct query *q;
  bool row = false;
  struct query_value digest = QUERY_BYTES(code->bytes, sizeof code->bytes);
  *out = (struct offer_row){0};
  enum status status =
      store_query_with(call->store, &q,
                       "update help_offer set expires = 0 where code = ?1 and expires > ?2", err,
                       digest, now);
  if (status != DONE) return status;
  status = query_run(q, err);
  bool taken = status == DONE && query_changes(q) > 0;
  query_end(q);
  if (!taken) return status;
  status = store_row_with(call->store, &q, &row,
                          "select principal, case_id from help_offer where code = ?1", err, digest);
  if (status == DONE && row) *out = (struct offer_row){query_int(q, 0), query_int(q, 1), 0};
  query_end(q);
  return status;
}

enum status delegation_accept(struct case_call *call, struct span code, int64_t now,
                              struct delegation *out, struct error *err) {
  struct digest digest;
  struct offer_row row;
  struct case_file file;
  struct delegation *all = NULL;
  int count = 0;
  bool sound = one_time_code_read(code, &digest);
  enum status status = take_row(call, &digest, now, &row, err);
  if (status != DONE) return status;
  if (!sound || !row.principal) return refuse_at(err, "code", HELPER_CODE_UNUSABLE);
  if (case_actor_is(call->actor, row.principal)) return refuse_at(err, "code", HELPER_CODE_OWN);
  status = move_case(call, row.case_id, OFFER_ACCEPT, &file, err);
  if (status == DONE)
    status = delegation_of_agent(call->store, call->arena, call->actor->person, &all, &count, err);
  if (status == DONE && count) *out = all[0]; /* the latest first */
  return status;
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
