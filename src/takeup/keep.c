/* Runs: who looked through a place, why, and whom that found. */
#include "takeup/parts.h"

#include "base/refusal.h"
#include "store/counter.h"

enum status takeup_may(const struct pack_take_up *const *wanted, int count, struct span agreement,
                       struct error *err) {
  for (int i = 0; i < count; i++)
    if (wanted[i]->basis == TAKE_UP_AGREEMENT && !agreement.size)
      return refuse_at(err, "agreement", TAKE_UP_AGREEMENT, wanted[i]->what->name[ENGLISH],
                       wanted[i]->needs[ENGLISH], wanted[i]->law);
  return DONE;
}

/* ---- writing ---- */

/* Each once, in the order of what was wanted. */
static const char *listed(struct arena *arena, const struct takeup *t,
                          const char *(*of)(const struct pack_take_up *), const char *between) {
  struct text all = {0};
  for (int i = 0; i < t->benefit_count; i++) {
    const char *one = of(t->benefits[i].what);
    bool before = false;
    for (int k = 0; k < i; k++) before |= strcmp(of(t->benefits[k].what), one) == 0;
    if (!before) text_addf(&all, "%s%s", all.size ? between : "", one);
  }
  return text_take(arena, &all);
}

static const char *purpose_of(const struct pack_take_up *up) { return up->purpose[ENGLISH]; }
static const char *law_of(const struct pack_take_up *up) { return up->law; }
static const char *variable_of(const struct pack_take_up *up) { return up->what->variable; }
static const char *name_of(const struct pack_take_up *up) { return up->what->name[ENGLISH]; }

static enum status write_run(const struct takeup_keeping *k, const struct takeup_run *run,
                             struct error *err) {
  struct query *q = NULL;
  enum status status = store_query(k->store, &q,
                                   "insert into take_up_run (id, place, on_day, benefits, purpose, "
                                   "law, agreement, who, body, at, found, objected) values (?1, "
                                   "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, run->id);
  query_bind_int(q, 2, run->place);
  query_bind_int(q, 3, run->on);
  query_bind_text(q, 4, span_of(run->benefits));
  query_bind_text(q, 5, span_of(run->purpose));
  query_bind_text(q, 6, span_of(run->law));
  if (run->agreement) query_bind_text(q, 7, span_of(run->agreement));
  query_bind_text(q, 8, span_of(run->who));
  if (run->body) query_bind_int(q, 9, run->body);
  query_bind_text(q, 10, span_of(run->at));
  query_bind_int(q, 11, run->found);
  query_bind_int(q, 12, run->objected);
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status write_found(const struct takeup_keeping *k, const struct takeup_row *row,
                               int64_t run, struct error *err) {
  const struct pack_entitlement *what = k->found->benefits[row->of].what->what;
  const int64_t high = takeup_pence_high(what, row->high);
  struct query *q = NULL;
  enum status status = store_query(k->store, &q,
                                   "insert into take_up_found (party, run, variable, whose, low, "
                                   "high, exact, needs, since_day, place) values (?1, ?2, ?3, ?4, "
                                   "?5, ?6, ?7, ?8, ?9, ?10)",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, row->adult);
  query_bind_int(q, 2, run);
  query_bind_text(q, 3, span_of(what->variable));
  query_bind_int(q, 4, row->person);
  query_bind_int(q, 5, takeup_pence_low(what, row->low));
  if (high != INT64_MAX) query_bind_int(q, 6, high);
  query_bind_int(q, 7, row->is_exact);
  struct text needs = {0};
  for (int i = 0; i < k->pack->tellable_count; i++)
    if (many_needs(row->answer, i))
      text_addf(&needs, "%s%s", needs.size ? " " : "", k->pack->tellables[i].variable);
  query_bind_text(q, 8, needs.size ? span_make(needs.bytes, needs.size) : span_of(""));
  query_bind_int(q, 9, row->since);
  query_bind_int(q, 10, row->place);
  status = query_run(q, err);
  query_end(q);
  text_release(&needs);
  return status;
}

static enum status write_sum(const struct takeup_keeping *k, int64_t run,
                             const struct takeup_benefit *b, int64_t place, int64_t units,
                             const struct takeup_sums *s, struct error *err) {
  struct query *q = NULL;
  enum status status =
      store_query(k->store, &q,
                  "insert into take_up_sum (run, variable, place, units, entitled, "
                  "receiving, missing, exact, maybe, low, high, paid_to) values "
                  "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                  err);
  if (status != DONE) return status;
  const int64_t numbers[] = {s->entitled, s->receiving, s->missing,
                             s->exact,    s->maybe,     s->missing_low};
  query_bind_int(q, 1, run);
  query_bind_text(q, 2, span_of(b->what->what->variable));
  query_bind_int(q, 3, place);
  query_bind_int(q, 4, units);
  for (int i = 0; i < 6; i++) query_bind_int(q, 5 + i, numbers[i]);
  if (s->missing_high != INT64_MAX) query_bind_int(q, 11, s->missing_high);
  if (b->paid_to != DAY_NONE) query_bind_int(q, 12, b->paid_to);
  status = query_run(q, err);
  query_end(q);
  return status;
}

static enum status write_reasons(const struct takeup_keeping *k, int64_t run, const char *variable,
                                 const struct takeup_reason *reasons, int count,
                                 struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && i < count; i++)
    status = store_run_with(k->store,
                            "insert into take_up_reason (run, variable, reason, units) values (?1, "
                            "?2, ?3, ?4)",
                            err, run, variable, reasons[i].variable, (int64_t)reasons[i].units);
  return status;
}

static enum status write_sums(const struct takeup_keeping *k, int64_t run, struct error *err) {
  const struct takeup *t = k->found;
  enum status status = write_reasons(k, run, "", t->open, t->open_count, err);
  for (int i = 0; status == DONE && i < t->benefit_count; i++) {
    const struct takeup_benefit *b = &t->benefits[i];
    status = write_sum(k, run, b, t->place, t->units, &b->all, err);
    for (int p = 0; status == DONE && p < t->part_count; p++)
      status = write_sum(k, run, b, t->parts[p].place, t->parts[p].units, &b->parts[p], err);
    if (status == DONE)
      status = write_reasons(k, run, b->what->what->variable, b->reasons, b->reason_count, err);
  }
  return status;
}

/* One look at each member, whatever was found of their unit. */
static enum status note_looks(struct arena *arena, const struct takeup_keeping *k,
                              const struct takeup_run *run, struct error *err) {
  const struct takeup *t = k->found;
  struct access_reader by = *k->by;
  enum status status = DONE;
  by.searches = true;
  for (int i = 0, after; status == DONE && i < t->row_count; i = after) {
    const struct many_unit *unit = t->rows[i].unit;
    struct text what = {0};
    text_add(&what, "seems entitled and receives nothing: ");
    for (after = i; after < t->row_count && t->rows[after].unit == unit; after++) {
      const char *name = name_of(t->benefits[t->rows[after].of].what);
      bool before = false;
      for (int m = i; m < after; m++) before |= t->rows[m].of == t->rows[after].of;
      if (!before) text_addf(&what, "%s%s", after > i ? ", " : "", name);
    }
    const char *said = text_take(arena, &what);
    for (int m = 0; status == DONE && m < unit->member_count; m++)
      status = access_log_add(k->store, &by, unit->members[m], said, run->purpose, err);
  }
  return status;
}

enum status takeup_keep(struct arena *arena, const struct takeup_keeping *k, int64_t *number,
                        struct error *err) {
  const struct takeup *t = k->found;
  char at[21];
  struct takeup_run run = {
      .place = t->place,
      .on = t->on,
      .body = k->body,
      .benefits = listed(arena, t, variable_of, " "),
      .purpose = k->purpose.size ? arena_copy(arena, k->purpose.bytes, k->purpose.size)
                                 : listed(arena, t, purpose_of, "; "),
      .law = listed(arena, t, law_of, "; "),
      .agreement = k->agreement.size ? arena_copy(arena, k->agreement.bytes, k->agreement.size)
                                     : NULL,
      .who = k->by->who,
      .at = clock_write(k->now, at),
      .found = t->row_count,
      .objected = t->objected};
  const struct access_run over = {.what = arena_printf(arena, "who misses out on: %s",
                                                       listed(arena, t, name_of, ", ")),
                                  .why = run.purpose,
                                  .place = t->place,
                                  .day = t->on};
  enum status status = counter_next(k->store, "take_up_run", &run.id, err);
  if (status == DONE) status = write_run(k, &run, err);
  for (int i = 0; status == DONE && i < t->row_count; i++)
    status = write_found(k, &t->rows[i], run.id, err);
  if (status == DONE) status = write_sums(k, run.id, err);
  if (status == DONE) status = access_log_add_run(k->store, k->by, &over, err);
  if (status == DONE) status = note_looks(arena, k, &run, err);
  *number = run.id;
  return status;
}

/* ---- reading ---- */

#define RUN_COLUMNS \
  "id, place, on_day, benefits, purpose, law, agreement, who, body, at, found, objected"

static struct takeup_run run_of(struct query *q, struct arena *arena) {
  return (struct takeup_run){.id = query_int(q, 0),
                             .place = query_int(q, 1),
                             .on = query_day(q, 2),
                             .benefits = query_copy(q, arena, 3),
                             .purpose = query_copy(q, arena, 4),
                             .law = query_copy(q, arena, 5),
                             .agreement = query_copy_or_null(q, arena, 6),
                             .who = query_copy(q, arena, 7),
                             .body = query_int(q, 8),
                             .at = query_copy(q, arena, 9),
                             .found = query_int(q, 10),
                             .objected = query_int(q, 11)};
}

enum status takeup_run_find(struct store *store, struct arena *arena, int64_t number,
                            struct takeup_run *out, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_row_with(store, &q, &row,
                                      "select " RUN_COLUMNS " from take_up_run where id = ?1", err,
                                      number);
  if (status == DONE && row) *out = run_of(q, arena);
  query_end(q);
  if (status == DONE && !row) return refuse_at(err, "run", TAKE_UP_RUN_UNKNOWN, (long long)number);
  return status;
}

enum status takeup_runs_of(struct store *store, struct arena *arena, int64_t place,
                           struct takeup_run **out, int *count, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int room = 0;
  *out = NULL;
  *count = 0;
  enum status status = store_query_with(store, &q,
                                        "select " RUN_COLUMNS " from take_up_run where ?1 = 0 or "
                                        "place = ?1 order by id desc",
                                        err, place);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, *out, room, *count + 1);
    (*out)[(*count)++] = run_of(q, arena);
  }
  query_end(q);
  return status;
}

enum status takeup_runs_all(struct store *store, struct arena *arena, struct takeup_run **out,
                            int *count, struct error *err) {
  return takeup_runs_of(store, arena, 0, out, count, err);
}

enum status takeup_found_by(struct store *store, struct arena *arena, int64_t run,
                            struct takeup_found **out, int *count, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int room = 0;
  *out = NULL;
  *count = 0;
  enum status status = store_query_with(
      store, &q,
      "select party, variable, whose, low, high, exact, since_day, place, written, left_out, needs "
      "from take_up_found where run = ?1 order by party, variable, whose",
      err, run);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, *out, room, *count + 1);
    (*out)[(*count)++] = (struct takeup_found){.run = run,
                                               .party = query_int(q, 0),
                                               .variable = query_copy(q, arena, 1),
                                               .whose = query_int(q, 2),
                                               .low = query_int(q, 3),
                                               .high = query_is_null(q, 4) ? INT64_MAX
                                                                           : query_int(q, 4),
                                               .is_exact = query_int(q, 5),
                                               .since = query_day(q, 6),
                                               .place = query_int(q, 7),
                                               .written = query_day(q, 8),
                                               .left_out = query_copy_or_null(q, arena, 9),
                                               .needs = query_copy(q, arena, 10)};
  }
  query_end(q);
  return status;
}

enum status takeup_sums_of(struct store *store, struct arena *arena, const struct takeup_run *run,
                           struct takeup_kept_sums **out, int *count, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int room = 0;
  *out = NULL;
  *count = 0;
  enum status status = store_query_with(
      store, &q,
      "select variable, place, units, entitled, receiving, missing, exact, maybe, low, high, "
      "paid_to from take_up_sum where run = ?1 order by case when place = ?2 then 0 else place "
      "end, variable",
      err, run->id, run->place);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, *out, room, *count + 1);
    (*out)[(*count)++] = (struct takeup_kept_sums){
        .variable = query_copy(q, arena, 0),
        .place = query_int(q, 1),
        .units = query_int(q, 2),
        .sums = {.entitled = query_int(q, 3),
                 .receiving = query_int(q, 4),
                 .missing = query_int(q, 5),
                 .exact = query_int(q, 6),
                 .maybe = query_int(q, 7),
                 .missing_low = query_int(q, 8),
                 .missing_high = query_is_null(q, 9) ? INT64_MAX : query_int(q, 9)},
        .paid_to = query_day(q, 10)};
  }
  query_end(q);
  return status;
}

enum status takeup_reasons_of(struct store *store, struct arena *arena, int64_t run,
                              struct takeup_kept_reason **out, int *count, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int room = 0;
  *out = NULL;
  *count = 0;
  enum status status = store_query_with(store, &q,
                                        "select variable, reason, units from take_up_reason where "
                                        "run = ?1 order by variable, units desc, reason",
                                        err, run);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, *out, room, *count + 1);
    (*out)[(*count)++] = (struct takeup_kept_reason){query_copy(q, arena, 0),
                                                     query_copy(q, arena, 1), query_int(q, 2)};
  }
  query_end(q);
  return status;
}
