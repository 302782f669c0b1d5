#include "assess/check.h"

#include "assess/home.h"
#include "base/refusal.h"
#include "rules/explain_write.h"
#include "rules/range.h"

enum { DAYS_A_WEEK = 7, DAYS_OF_NEW_RATES = 14 };

struct checking {
  struct arena *arena;
  const struct check_request *q; /* its last day at most the last day of the person's life */
  const struct rule_variable *v;
  struct assess_request assess; /* `on` moves */
  struct home home;             /* of the day that was read last */
  struct check_days *out;
  bool is_told_of; /* on one of the days: the person is of its ages, in a unit of their own */
  int need_room, step_room;
  struct assess_need *needs;
};

static void add_need(struct checking *c, struct assess_need need) {
  for (int i = 0; i < c->out->need_count; i++)
    if (c->needs[i].what == need.what && c->needs[i].person == need.person) return;
  arena_reserve(c->arena, c->needs, c->need_room, c->out->need_count + 1);
  c->needs[c->out->need_count++] = need;
  c->out->needs = c->needs;
}

/* ---- one day ---- */

static enum status read_home(struct checking *c, day_t on, struct error *err) {
  c->assess.on = on;
  c->home = (struct home){.request = &c->assess, .arena = c->arena};
  return home_read(&c->home, err);
}

/* The person's row of what is asked; -1: they have none. */
static int row_of(const struct checking *c) {
  if (c->v->entity->is_group) return 0;
  for (int i = 0; i < c->home.unit_count; i++)
    if (c->home.members[i].person.id == c->assess.person)
      return home_is_of_age(&c->home, i, c->q->what->ages) ? i : -1;
  return -1;
}

static struct rule_period period_on(const struct checking *c, day_t on) {
  const struct rule_period day = {.each = EACH_DAY, .start = on};
  const enum tell_per per = c->q->what->per;
  if (per == PER_YEAR) return period_around(c->assess.rules, day, EACH_YEAR);
  return (struct rule_period){.each = per == PER_WEEK ? EACH_WEEK : EACH_MONTH, .start = on};
}

/* The amount by the columns of the home; a state other than CHECK_KNOWN where there is none. */
static enum status find_amount(struct checking *c, int row, double *out, struct error *err) {
  const struct range_wanted wanted = {c->v, period_on(c, c->assess.on)};
  const struct range_request request = {.wanted_count = 1, .wanted = &wanted};
  struct range_result result = {0};
  enum status status = home_find_ranges(c->arena, &c->home, request, &result, err);
  if (status != DONE) return status;
  const struct range_value *value = &result.answers[0].values[row];
  if (value->known == RANGE_NOT_KNOWN) {
    c->out->state = CHECK_RULES;
  } else if (!value->is_exact || value->may_lack) {
    c->out->state = CHECK_NEEDS;
    for (int i = 0; i < result.answers[0].need_count; i++)
      add_need(c, c->home.gaps[result.answers[0].needs[i]]);
  }
  *out = value->low;
  return DONE;
}

/* The same of a day on which the same is known as on the day that was read. */
static enum status amount_on(struct checking *c, day_t on, double *out, struct error *err) {
  c->assess.on = on;
  const int row = row_of(c);
  *out = 0;
  if (row < 0) return DONE;
  c->is_told_of = true;
  c->home.pop = NULL;
  c->home.gap_count = 0;
  enum status status = home_columns(&c->home, err);
  return status == DONE ? find_amount(c, row, out, err) : status;
}

/* ---- where what is known changes ---- */

static void come_next(day_t day, day_t after, day_t *next) {
  if (day != DAY_NONE && day > after && day < *next) *next = day;
}

static void facts_come_next(const struct facts *facts, day_t from, day_t *next) {
  for (int k = 0; k < facts->count; k++) {
    const struct fact *f = &facts->all[k];
    if (!fact_stands(f)) continue;
    come_next(f->from, from, next);
    if (f->to != DAY_NONE) come_next(f->to + 1, from, next);
    if (f->review_by != DAY_NONE) come_next(f->review_by + 1, from, next);
  }
}

/* Births, deaths and moves of somebody who lives or lived in the home. */
static void life_comes_next(const struct person *p, day_t from, day_t *next) {
  come_next(p->born, from, next);
  come_next(p->died, from, next);
  for (int i = 0; i < p->residence_count; i++) come_next(p->residences[i].from, from, next);
}

/* The first day past `from`, up to `last`, on which the person or their household lives elsewhere;
 * DAY_LAST: none. */
static enum status next_move(const struct checking *c, day_t from, day_t last, day_t *next,
                             struct error *err) {
  const struct person *person = &c->home.members[0].person;
  struct homes *homes;
  enum status status = register_homes(c->assess.store, c->arena, person, &homes, err);
  if (status != DONE || !homes_move(homes, person, from, last)) return status;
  day_t before = from, at = last;
  while (at - before > 1) {
    const day_t middle = before + (at - before) / 2;
    if (homes_move(homes, person, from, middle)) at = middle;
    else before = middle;
  }
  come_next(at, from, next);
  return DONE;
}

/* The first day past `from` on which something else may be known, or others belong to the home;
 * DAY_LAST: not up to `last`. */
static enum status next_change(const struct checking *c, day_t from, day_t last, day_t *next,
                               struct error *err) {
  const struct home *home = &c->home;
  const int64_t household = person_household(&home->members[0].person, from);
  int64_t *ids = NULL;
  int count = 0;
  *next = DAY_LAST;
  for (int i = 0; i < home->count; i++) {
    facts_come_next(&home->members[i].facts, from, next);
    life_comes_next(&home->members[i].person, from, next);
  }
  enum status status = next_move(c, from, last, next, err);
  if (status == DONE && household)
    status = register_household_members(c->assess.store, c->arena, household, &ids, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    struct person other = {0};
    status = register_surviving_person(c->assess.store, c->arena, ids[i], &other, err);
    if (status == DONE) life_comes_next(&other, from, next);
  }
  return status;
}

static void add_span(struct checking *c, day_t first, day_t last, double amount) {
  struct check_days *out = c->out;
  struct check_span *before = out->span_count ? &out->spans[out->span_count - 1] : NULL;
  if (before && before->amount == amount && before->last == first - 1) {
    before->last = last;
    return;
  }
  if (out->span_count == CHECK_SPANS_MOST) {
    out->state = CHECK_CHANGES;
    return;
  }
  out->spans[out->span_count++] = (struct check_span){first, last, amount};
}

/* Days on which the same is known. Where the amount is another at their end, the day of the change
 * is between; new rates begin soon after the year, so that is tried first. */
static enum status cut_by_amount(struct checking *c, day_t first, day_t last, struct error *err) {
  double at_first, at_last, at;
  enum status status = amount_on(c, first, &at_first, err);
  if (status == DONE && c->out->state == CHECK_KNOWN) status = amount_on(c, last, &at_last, err);
  while (status == DONE && c->out->state == CHECK_KNOWN && at_first != at_last) {
    day_t same = first, other = last;
    for (bool tried = last - first <= DAYS_OF_NEW_RATES; other - same > 1; tried = true) {
      const day_t middle = tried ? same + (other - same) / 2 : first + DAYS_OF_NEW_RATES;
      status = amount_on(c, middle, &at, err);
      if (status != DONE || c->out->state != CHECK_KNOWN) return status;
      if (at == at_first) same = middle;
      else other = middle;
    }
    add_span(c, first, other - 1, at_first);
    if (c->out->state != CHECK_KNOWN) return DONE;
    first = other;
    status = amount_on(c, first, &at_first, err);
  }
  if (status == DONE && c->out->state == CHECK_KNOWN) add_span(c, first, last, at_first);
  return status;
}

static double days_in(day_t first, day_t last) { return (double)last - first + 1; }

static double pounds_of(const struct check_span *s, enum tell_per per, double year_days) {
  const double days = days_in(s->first, s->last);
  if (per == PER_WEEK) return s->amount * days / DAYS_A_WEEK;
  return (per == PER_MONTH ? 12 * s->amount : s->amount) * days / year_days;
}

/* ---- by the year ---- */

/* What flows came to over the days on which they were known, by variable and by whom: others may
 * belong to the home on later days, and nobody of an age at which it is not asked has told it. */
struct flow_sum {
  double pounds, days; /* pounds: the amounts a year, each times its days */
};
struct year_sum {
  struct map index; /* of variable and owner */
  struct flow_sum *all;
  int count, capacity;
};

/* Whose a row is: a person's; of groups the first is the person's own. */
static uint64_t row_owner(const struct checking *c, const struct rule_variable *v, int row) {
  return v->entity->is_group ? (uint64_t)row : (uint64_t)c->home.members[row].person.id;
}

static uint64_t variable_key(const struct rule_variable *v) { return (uint64_t)(uintptr_t)v; }

static bool is_asked(const struct checking *c, const struct rule_variable *v, int row) {
  const struct pack_tellable *what = pack_find_tellable(c->assess.pack, span_of(v->name));
  return v->entity->is_group || !what || home_is_of_age(&c->home, row, what->ages);
}

static void add_flows(struct checking *c, struct year_sum *sum, double days) {
  const struct rule_population *pop = c->home.pop;
  sum->index.arena = c->arena;
  for (int i = 0; pop && i < pop->column_count; i++) { /* null: it is not of their age */
    const struct rule_variable *v = pop->columns[i].variable;
    for (int k = 0; v->type.flow && k < pop->rows[v->entity->index]; k++) {
      if (!is_asked(c, v, k)) continue;
      int64_t at = map_get_number(&sum->index, variable_key(v), row_owner(c, v, k));
      if (at < 0) {
        arena_reserve(c->arena, sum->all, sum->capacity, sum->count + 1);
        map_set_number(&sum->index, variable_key(v), row_owner(c, v, k), at = sum->count);
        sum->all[sum->count++] = (struct flow_sum){0};
      }
      sum->all[at].pounds += days * pop->columns[i].values[k];
      sum->all[at].days += days;
    }
  }
}

static enum status finish_year(struct checking *c, const struct year_sum *sum, struct error *err) {
  struct rule_population *pop = c->home.pop;
  const struct check_request *q = c->q;
  double amount = 0;
  for (int i = 0; i < pop->column_count; i++) {
    const struct rule_variable *v = pop->columns[i].variable;
    for (int k = 0; v->type.flow && k < pop->rows[v->entity->index]; k++) {
      const int64_t at = map_get_number(&sum->index, variable_key(v), row_owner(c, v, k));
      if (at >= 0) pop->columns[i].values[k] = sum->all[at].pounds / sum->all[at].days;
    }
  }
  const int row = row_of(c);
  enum status status = row < 0 ? DONE : find_amount(c, row, &amount, err);
  c->out->span_count = 0;
  add_span(c, q->first, q->last, amount);
  return status;
}

/* ---- how it comes about ---- */

static const char *value_of(struct checking *c, const struct explain_node *n, int row) {
  struct text t = {0};
  if (n->kind == EXPLAIN_PARAMETER) return NULL;
  explain_add_value(c->assess.rules, &t, n->variable, n->values[row < n->rows ? row : 0]);
  return text_take(c->arena, &t);
}

/* Weeks or months of the same value: one of them says it. */
static bool is_step_before(const struct check_step *steps, int count, const struct explain_node *n,
                           const char *value) {
  for (int i = 0; i < count; i++)
    if (steps[i].depth == n->depth && strcmp(steps[i].label, n->variable->label) == 0 &&
        strcmp(steps[i].value, value) == 0)
      return true;
  return false;
}

/* The values that people have words for, not deeper than four; a person's are the person's own. */
static enum status take_steps(struct checking *c, struct error *err) {
  struct compiler *compiler = compiler_make(c->arena, c->assess.rules, c->home.pop, READ_LEGAL);
  struct explanation e = {0};
  const int row = row_of(c);
  if (row < 0) return DONE;
  enum status status = explain_variable(c->arena, compiler, c->v, period_on(c, c->assess.on), &e,
                                        err);
  if (status != DONE) return status;
  struct check_step *steps = arena_array(c->arena, struct check_step, CHECK_STEPS_MOST);
  for (int i = 0; i < e.count && c->out->step_count < CHECK_STEPS_MOST; i++) {
    const struct explain_node *n = &e.all[i];
    if (n->depth > 4 || n->is_alike || n->is_elsewhere || !n->variable || !n->variable->label ||
        n->kind == EXPLAIN_UNUSED || n->kind == EXPLAIN_PARAMETER ||
        (n->kind == EXPLAIN_DEFAULT && n->depth))
      continue;
    const bool same = n->variable->entity == c->v->entity;
    if (!same && !n->variable->entity->is_group && c->v->entity->is_group && n->rows > 1) continue;
    const char *value = value_of(c, n, same ? row : 0);
    if (is_step_before(steps, c->out->step_count, n, value)) continue;
    steps[c->out->step_count++] =
        (struct check_step){.depth = n->depth,
                            .label = n->variable->label,
                            .value = value,
                            .law = n->variable->law_count ? n->variable->laws[0] : NULL,
                            .address = n->variable->law_count ? n->variable->addresses[0] : NULL};
  }
  c->out->steps = steps;
  return DONE;
}

/* ---- the whole ---- */

static enum status take_adults(struct checking *c, struct error *err) {
  struct benefit_unit unit = {0};
  const struct assess_request *q = &c->assess;
  enum status status = register_unit_until(q->store, c->arena, q->person, q->on, q->until, &unit,
                                           err);
  c->out->adult_count = 0;
  for (int i = 0; status == DONE && i < unit.member_count; i++) {
    const struct unit_member *m = &unit.members[i];
    if (unit_member_is_adult(m) && c->out->adult_count < 2)
      c->out->adults[c->out->adult_count++] = m->person;
  }
  return status;
}

/* The days from `first` on which the same is known; *last: their last. */
static enum status check_span_from(struct checking *c, day_t first, struct year_sum *sum,
                                   day_t *last, struct error *err) {
  const struct check_request *q = c->q;
  double amount;
  enum status status = read_home(c, first, err);
  if (status != DONE) return status;
  day_t next;
  status = next_change(c, first, q->last, &next, err);
  if (status != DONE) return status;
  *last = next > q->last ? q->last : next - 1;
  if (c->home.is_open) {
    c->out->state = CHECK_NEEDS;
    for (int i = 0; i < c->home.relation_count; i++) add_need(c, c->home.relations[i]);
    return DONE;
  }
  if (q->what->per != PER_YEAR) return cut_by_amount(c, first, *last, err);
  status = amount_on(c, first, &amount, err);
  if (status == DONE && c->out->state == CHECK_KNOWN) add_span(c, first, *last, amount);
  if (status == DONE && c->out->state == CHECK_KNOWN) add_flows(c, sum, days_in(first, *last));
  return status;
}

enum status check_days(struct arena *arena, const struct check_request *request,
                       struct check_days *out, struct error *err) {
  struct check_request lived = *request;
  const struct check_request *q = &lived;
  struct checking c = {.arena = arena, .q = q, .assess = q->assess, .out = out};
  struct year_sum sum = {0};
  struct person read = {0};
  enum status status = register_surviving_person(q->assess.store, arena, q->assess.person, &read,
                                                 err);
  *out = (struct check_days){.state = CHECK_KNOWN,
                             .spans = arena_array(arena, struct check_span, CHECK_SPANS_MOST)};
  c.assess.person = read.id;
  if (status == DONE && read.died != DAY_NONE && read.died <= lived.last)
    lived.last = read.died - 1; /* nothing is due from the day of death on */
  c.v = rules_variable(q->assess.rules, span_of(q->what->variable));
  if (status != DONE) return status;
  if (!c.v) return rules_refuse_name(q->assess.rules, span_of(q->what->variable), err);
  out->is_of_unit = c.v->entity->is_group;
  if (lived.last < lived.first) {
    out->state = CHECK_NONE;
    return DONE;
  }
  for (day_t first = q->first, last = first; status == DONE && first <= q->last; first = last + 1) {
    status = check_span_from(&c, first, &sum, &last, err);
    if (out->state != CHECK_KNOWN && out->state != CHECK_NEEDS) return status;
    if (out->state == CHECK_NEEDS && c.home.is_open) return status;
  }
  if (status == DONE && !c.is_told_of && out->state == CHECK_KNOWN) out->state = CHECK_NONE;
  if (status == DONE) status = take_adults(&c, err);
  if (status != DONE || out->state != CHECK_KNOWN) return status;
  if (q->what->per == PER_YEAR && out->span_count > 1) status = finish_year(&c, &sum, err);
  const struct rule_period day = {.each = EACH_DAY, .start = q->last};
  const struct rule_period year = period_around(q->assess.rules, day, EACH_YEAR);
  const double year_days = (double)period_after(year) - year.start;
  for (int i = 0; i < out->span_count; i++)
    out->pounds += pounds_of(&out->spans[i], q->what->per, year_days);
  return status == DONE && q->with_steps ? take_steps(&c, err) : status;
}
