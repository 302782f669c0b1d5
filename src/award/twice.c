/* Pairs of awards of which one is too much: finding them, the case about each, and what its
 * decision does. */
#include "award/twice.h"

#include "award/claim_parts.h"
#include "award/rows.h"
#include "base/money.h"
#include "base/refusal.h"
#include "case/subject.h"
#include "register/names.h"
#include "register/near.h"
#include "register/register.h"

static const struct case_actor program = {.who = "program"};
#define OF_ONE "of-one" /* kept with a case: both records were one person's, by a merge */

/* ---- a pair ---- */

struct pair {
  const struct award *first, *second; /* rows of two awards, by their numbers */
  day_t from;                         /* the first day that both are for */
};
struct pairs {
  struct pair *all;
  int count, capacity;
};

/* The first day that two rows are both for, not before `from`; DAY_NONE: there is none. */
static day_t both_from(const struct award *a, const struct award *b, day_t from) {
  if (a->from > from) from = a->from;
  if (b->from > from) from = b->from;
  const bool over = (a->to != DAY_NONE && a->to < from) || (b->to != DAY_NONE && b->to < from);
  return over ? DAY_NONE : from;
}

static void add_pair(const struct award_call *call, struct pairs *pairs, const struct award *a,
                     const struct award *b, day_t from) {
  const struct award *first = a->award < b->award ? a : b, *second = first == a ? b : a;
  for (int i = 0; i < pairs->count; i++) {
    struct pair *p = &pairs->all[i];
    if (p->first->award != first->award || p->second->award != second->award) continue;
    if (from < p->from) p->from = from;
    return;
  }
  arena_reserve(call->arena, pairs->all, pairs->capacity, pairs->count + 1);
  pairs->all[pairs->count++] = (struct pair){first, second, from};
}

static void pair_rows(const struct award_call *call, const struct awards *own,
                      const struct awards *others, day_t from, struct pairs *pairs) {
  for (int i = 0; i < own->count; i++)
    for (int k = 0; k < others->count; k++) {
      const struct award *a = &own->all[i], *b = &others->all[k];
      if (a->award == b->award || !award_stands(a) || !award_stands(b) ||
          strcmp(a->variable, b->variable) != 0)
        continue;
      const day_t day = both_from(a, b, from);
      if (day != DAY_NONE) add_pair(call, pairs, a, b, day);
    }
}

static enum status are_family(const struct award_call *call, int64_t person, int64_t other,
                              const struct pack_entitlement *what, day_t on, bool *out,
                              struct error *err) {
  int64_t *others = NULL;
  int count = 0;
  *out = false;
  enum status status = award_family(call, person, what, on, &others, &count, err);
  for (int i = 0; status == DONE && i < count; i++) *out |= others[i] == other;
  return status;
}

/* What those of the family of the day have, not before it: where they are one still on the first
 * day that both awards are for. */
static enum status pair_on(const struct award_call *call, int64_t person, const struct award *own,
                           const struct pack_entitlement *what, day_t on, struct pairs *pairs,
                           struct error *err) {
  int64_t *others = NULL;
  int count = 0;
  enum status status = award_family(call, person, what, on, &others, &count, err);
  for (int k = 0; status == DONE && k < count; k++) {
    struct awards theirs = {0};
    status = awards_of_person(call->store, call->arena, others[k], &theirs, err);
    for (int i = 0; status == DONE && i < theirs.count; i++) {
      const struct award *b = &theirs.all[i];
      const day_t day = both_from(own, b, on);
      bool still = day == on;
      if (b->award == own->award || !award_stands(b) || day == DAY_NONE ||
          strcmp(b->variable, own->variable) != 0)
        continue;
      if (!still) status = are_family(call, person, others[k], what, day, &still, err);
      if (status == DONE && still) add_pair(call, pairs, own, b, day);
    }
  }
  return status;
}

/* What a family has in common: from the first day on which both are for it and they are one,
 * whenever they told since when that is. */
static enum status pair_family(const struct award_call *call, int64_t person,
                               const struct awards *own, struct pairs *pairs, struct error *err) {
  day_t *couple = NULL;
  int count = 0;
  enum status status = register_couple_days(call->store, call->arena, person, &couple, &count, err);
  for (int i = 0; status == DONE && i < own->count; i++) {
    const struct award *a = &own->all[i];
    const struct pack_entitlement *what = pack_find_entitlement(call->pack, span_of(a->variable));
    if (!what || !award_stands(a)) continue;
    status = pair_on(call, person, a, what, a->from, pairs, err);
    for (int d = 0; status == DONE && d < count; d++)
      if (couple[d] > a->from && (a->to == DAY_NONE || couple[d] <= a->to))
        status = pair_on(call, person, a, what, couple[d], pairs, err);
  }
  return status;
}

static enum status find_pairs(const struct award_call *call, int64_t person, struct pairs *out,
                              struct error *err) {
  struct awards *own = arena_array(call->arena, struct awards, 1);
  *out = (struct pairs){0};
  enum status status = awards_of_person(call->store, call->arena, person, own, err);
  if (status != DONE || !own->count) return status;
  pair_rows(call, own, own, INT32_MIN, out);
  return pair_family(call, person, own, out, err);
}

/* ---- the cases of a person ---- */

static int64_t number_of(const struct case_file *file, const char *fact) {
  int64_t number = 0;
  struct error none = {0};
  const struct span given = case_fact_given(file->facts, file->fact_count, fact);
  return integer_parse(given, &number, &none) == DONE ? number : 0;
}

static day_t day_of(const struct case_file *file) {
  day_t day = DAY_NONE;
  const struct span given = case_fact_given(file->facts, file->fact_count, "from");
  return given.size && day_parse(given, &day, NULL) == DONE ? day : DAY_NONE;
}

static bool is_of_pair(const struct case_file *file, const struct pair *p) {
  return number_of(file, "award") == p->second->award &&
         number_of(file, "stands") == p->first->award;
}

/* All about any record of the person, whole. */
static enum status read_cases(const struct award_call *call, int64_t person, struct case_file **out,
                              int *count, struct error *err) {
  int64_t *records = NULL;
  int record_count = 0, capacity = 0;
  *count = 0;
  enum status status = register_records(call->store, call->arena, person, &records, &record_count,
                                        err);
  for (int r = 0; status == DONE && r < record_count; r++) {
    struct case_file *some = NULL;
    int some_count = 0;
    status = cases_of_kind_about(call->store, call->arena, records[r], TWICE_KIND, &some,
                                 &some_count, err);
    for (int i = 0; status == DONE && i < some_count; i++) {
      arena_reserve(call->arena, *out, capacity, *count + 1);
      status = case_one(call->store, call->arena, call->desk, &program, some[i].id,
                        &(*out)[(*count)++], err);
    }
  }
  return status;
}

static enum status open_case(const struct award_call *call, const struct pair *p,
                             struct error *err) {
  const struct award *a = p->second;
  int64_t earlier = 0;
  const struct pack_entitlement *what = pack_find_entitlement(call->pack, span_of(a->variable));
  int64_t person = 0, id = 0;
  enum status status = register_survivor(call->store, a->party, &person, err);
  if (status == DONE) status = register_survivor(call->store, p->first->party, &earlier, err);
  const struct case_fact facts[] = {
      {"benefit", span_of(what ? what->name[ENGLISH] : a->variable)},
      {"stands", span_of(arena_printf(call->arena, "%lld", (long long)p->first->award))},
      {"award", span_of(arena_printf(call->arena, "%lld", (long long)a->award))},
      {"from", span_of(arena_string(call->arena, day_write(p->from, (char[11]){0})))},
      {OF_ONE, span_of("yes")}};
  const int fact_count = (int)(sizeof facts / sizeof *facts) - (person != earlier);
  struct case_opening opening = {.kind = TWICE_KIND,
                                 .to_body = a->body,
                                 .subject = arena_printf(call->arena, "award:%lld",
                                                         (long long)a->award),
                                 .kept = facts,
                                 .kept_count = fact_count,
                                 .told = &p->first->body,
                                 .told_count = p->first->body != a->body};
  opening.party = person;
  return status == DONE
             ? case_open(call->store, call->arena, call->desk, &program, &opening, &id, err)
             : status;
}

/* ---- what a decision ends, and how it is as before ---- */

/* Of the case's result, `award:12:40:7`, or `award:12:40:7:1`. */
struct ended {
  int64_t award, row; /* the first of the rows that ended it */
  int64_t asked;      /* the case of what was overpaid by that; 0: none */
  int64_t again;      /* 1: it was asked already whether the decision is right still */
};
static bool read_result(const struct case_file *file, struct ended *out) {
  struct span rest = span_of(file->result ? file->result : "");
  int64_t *const parts[] = {&out->award, &out->row, &out->asked, &out->again};
  *out = (struct ended){0};
  const size_t size = sizeof AWARD_RESULT - 1;
  if (rest.size < size || memcmp(rest.bytes, AWARD_RESULT, size) != 0) return false;
  rest = span_make(rest.bytes + size, rest.size - size);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    struct error none = {0};
    if (parts[i] == &out->again && !rest.size) break;
    const char *colon = rest.size ? memchr(rest.bytes, ':', rest.size) : NULL;
    const size_t length = colon ? (size_t)(colon - rest.bytes) : rest.size;
    if (integer_parse(span_make(rest.bytes, length), parts[i], &none) != DONE) return false;
    rest = colon ? span_make(colon + 1, rest.size - length - 1) : span_of("");
  }
  return true;
}

static int64_t last_row(const struct awards *rows) {
  int64_t last = 0;
  for (int i = 0; i < rows->count; i++)
    if (rows->all[i].id > last) last = rows->all[i].id;
  return last;
}

/* Ends an award from the day on; what it was ended by is the result of the case. */
static enum status end_award(const struct award_call *call, struct case_file *file, int64_t number,
                             struct span why, struct error *err) {
  struct awards rows = {0};
  struct award now = {0};
  struct award_changed changed = {0};
  const day_t from = day_of(file);
  struct award_changing change = {.from = from, .why = why};
  enum status status = award_numbered(call->store, call->arena, number, &rows, err);
  if (status != DONE || !rows.count || from == DAY_NONE) return status;
  status = award_find(call->store, call->arena, rows.all[0].party, number, &now, err);
  if (status != DONE || !award_runs(&now, from, DAY_NONE)) return status;
  if (change.from < rows.all[0].from) change.from = rows.all[0].from;
  status = award_change(call, rows.all[0].party, number, &change, &changed, err);
  file->result = arena_printf(call->arena, AWARD_RESULT "%lld:%lld:%lld", (long long)number,
                              (long long)last_row(&rows) + 1, (long long)changed.opened);
  return status;
}

static enum status settle_all(const struct award_call *call, int64_t person, int64_t *opened,
                              struct error *err);

static enum status undo_end(const struct award_call *call, const struct ended *ended,
                            struct error *err);

/* The result of a case that waits once more. */
static void put_again(const struct award_call *call, struct case_file *file,
                      const struct ended *ended) {
  file->result = arena_printf(call->arena, AWARD_RESULT "%lld:%lld:%lld:1", (long long)ended->award,
                              (long long)ended->row, (long long)ended->asked);
}

static enum status move_twice(struct case_call *call, struct case_file *file,
                              const struct pack_case_move *move, const struct case_motion *motion,
                              struct error *err) {
  const struct award_call award = claim_call(call);
  const bool first = strcmp(move->word, "first") == 0, second = strcmp(move->word, "second") == 0;
  struct awards rows = {0};
  struct ended before = {0};
  int64_t opened = 0;
  const bool was_decided = read_result(file, &before);
  if (strcmp(move->word, TWICE_AGAIN) == 0) return put_again(&award, file, &before), DONE;
  if (!first && !second && strcmp(move->word, "both") != 0) return DONE;
  const int64_t loser = number_of(file, first ? "award" : "stands");
  enum status status = award_rows_hold(call->store, err);
  if (was_decided && (first || second) && before.award == loser) return status; /* it has ended */
  if (status == DONE && was_decided) {
    status = undo_end(&award, &before, err);
    file->result = NULL;
  }
  if (!first && !second) return status;
  if (status == DONE) status = award_numbered(call->store, call->arena, loser, &rows, err);
  if (status == DONE && rows.count && rows.all[0].body != file->to_body)
    return refuse_at(err, "", AWARD_OF_OTHERS, (long long)loser);
  if (status == DONE) status = end_award(&award, file, loser, motion->words, err);
  if (was_decided && read_result(file, &before)) put_again(&award, file, &before);
  return status == DONE ? settle_all(&award, file->party, &opened, err) : status;
}

static const char *const twice_moves[] = {"first", "second", "both", TWICE_OVER, TWICE_AGAIN, NULL};
const struct case_handler award_twice_handler = {.word = TWICE_KIND,
                                                 .moves = twice_moves,
                                                 .move = move_twice};

/* ---- settling ---- */

static enum status move_case(const struct award_call *call, int64_t id, const char *move,
                             struct error *err) {
  const struct case_motion motion = {.id = id, .move = move};
  struct case_file after;
  return case_move(call->store, call->arena, call->desk, &program, &motion, &after, err);
}

static enum status close_case(const struct award_call *call, int64_t id, struct error *err) {
  return move_case(call, id, TWICE_OVER, err);
}

/* What was overpaid by an end that is undone. Where it was let go there is nothing to do. */
static enum status ask_no_more(const struct award_call *call, int64_t id, struct error *err) {
  struct case_file file;
  enum status status = case_one(call->store, call->arena, call->desk, &program, id, &file, err);
  const bool may = status == DONE && case_may_move(&program, &file, TWICE_OVER);
  return may ? close_case(call, id, err) : status;
}

/* The award that a decision ended is as it was before. */
static enum status undo_end(const struct award_call *call, const struct ended *ended,
                            struct error *err) {
  struct awards rows = {0};
  enum status status = award_numbered(call->store, call->arena, ended->award, &rows, err);
  if (status == DONE && rows.count) status = award_restore(call, &rows, ended->row, err);
  return status == DONE && ended->asked ? ask_no_more(call, ended->asked, err) : status;
}

/* Whether the two awards are of one person, or of two who had it together on the case's day. */
static enum status is_one(const struct award_call *call, const struct case_file *file,
                          const struct awards *a, const struct awards *b, bool *out,
                          struct error *err) {
  const struct award *x = &a->all[0], *y = &b->all[0];
  const struct pack_entitlement *what = pack_find_entitlement(call->pack, span_of(x->variable));
  const day_t on = day_of(file);
  int64_t person = 0, other = 0;
  enum status status = register_survivor(call->store, x->party, &person, err);
  if (status == DONE) status = register_survivor(call->store, y->party, &other, err);
  *out = status == DONE && (person == other || !what || on == DAY_NONE);
  return status != DONE || *out ? status : are_family(call, person, other, what, on, out, err);
}

/* A case that was decided, whose two are two people after all. A merge that is undone undoes what
 * rested on it. What somebody tells since does not: whoever decided is asked once whether it is
 * right still, and until then it stands. */
static enum status look_again(const struct award_call *call, struct case_file *file,
                              struct error *err) {
  struct awards first = {0}, second = {0};
  struct ended ended = {0};
  bool one = false;
  enum status status = award_numbered(call->store, call->arena, number_of(file, "stands"), &first,
                                      err);
  if (status == DONE)
    status = award_numbered(call->store, call->arena, number_of(file, "award"), &second, err);
  if (status != DONE || !first.count || !second.count) return status;
  status = is_one(call, file, &first, &second, &one, err);
  if (status != DONE || one) return status;
  const bool has_ended = read_result(file, &ended);
  if (!case_fact_given(file->facts, file->fact_count, OF_ONE).size)
    return has_ended && !ended.again ? move_case(call, file->id, TWICE_AGAIN, err) : DONE;
  if (has_ended) status = undo_end(call, &ended, err);
  return status == DONE ? close_case(call, file->id, err) : status;
}

/* One that waits once more is closed by nobody but who decides it. */
static enum status settle_case(const struct award_call *call, struct case_file *file,
                               const struct pairs *pairs, struct error *err) {
  struct ended ended;
  bool there = false;
  for (int i = 0; i < pairs->count; i++) there |= is_of_pair(file, &pairs->all[i]);
  if (there || strcmp(file->state_word, "withdrawn") == 0) return DONE;
  if (!file->waits) return look_again(call, file, err);
  return read_result(file, &ended) ? DONE : close_case(call, file->id, err);
}

static enum status settle_all(const struct award_call *call, int64_t person, int64_t *opened,
                              struct error *err) {
  struct pairs pairs = {0};
  struct case_file *files = NULL;
  int count = 0;
  enum status status = find_pairs(call, person, &pairs, err);
  if (status == DONE) status = read_cases(call, person, &files, &count, err);
  for (int i = 0; status == DONE && i < count; i++)
    status = settle_case(call, &files[i], &pairs, err);
  for (int i = 0; status == DONE && i < pairs.count; i++) {
    const struct pair *p = &pairs.all[i];
    struct case_file *about = files;
    int about_count = count;
    bool known = false;
    /* of a couple the case may lie with the other */
    if (p->second->party != person)
      status = read_cases(call, p->second->party, &about, &about_count, err);
    for (int k = 0; status == DONE && k < about_count; k++)
      known |= is_of_pair(&about[k], p) && strcmp(about[k].state_word, "withdrawn") != 0;
    if (status != DONE || known) continue;
    status = open_case(call, p, err);
    *opened += status == DONE;
  }
  return status;
}

enum status awards_settle_twice(const struct award_call *call, int64_t person, int64_t *opened,
                                struct error *err) {
  int64_t survivor = 0;
  *opened = 0;
  enum status status = award_rows_hold(call->store, err);
  if (status == DONE) status = register_survivor(call->store, person, &survivor, err);
  return status == DONE ? settle_all(call, survivor, opened, err) : status;
}

/* ---- what waits ---- */

enum status awards_held(struct store *store, struct arena *arena, struct award_held **out,
                        int *count, struct error *err) {
  struct case_file *files = NULL;
  int file_count = 0;
  *count = 0;
  enum status status = cases_of_kind_waiting(store, arena, TWICE_KIND, &files, &file_count, err);
  *out = arena_array(arena, struct award_held, file_count + 1);
  for (int i = 0; status == DONE && i < file_count; i++)
    (*out)[(*count)++] = (struct award_held){number_of(&files[i], "award"),
                                             number_of(&files[i], "stands"), day_of(&files[i])};
  return status;
}
