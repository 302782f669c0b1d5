#include "sample/ruled.h"

#include "base/worker.h"
#include "rules/run.h"
#include "sample/relations.h"
#include <assert.h>
#include <stdlib.h>

static const struct {
  const char *variable;
  enum rule_each each;
} wanted[RULED_COUNT] = {
    [RULED_STATE_PENSION] = {"state_pension", EACH_WEEK},
    [RULED_PENSION_CREDIT] = {"pension_credit", EACH_WEEK},
    [RULED_CHILD_BENEFIT] = {"child_benefit", EACH_WEEK},
    [RULED_HOUSING_BENEFIT] = {"housing_benefit", EACH_WEEK},
    [RULED_CARERS_ALLOWANCE] = {"carers_allowance", EACH_WEEK},
    [RULED_PERSONAL_INDEPENDENCE] = {"pip", EACH_WEEK},
    [RULED_DISABILITY_LIVING] = {"dla", EACH_WEEK},
    [RULED_ATTENDANCE] = {"attendance_allowance", EACH_WEEK},
    [RULED_PENSIONER_REDUCTION] = {"pensioner_council_tax_reduction", EACH_WEEK},
    [RULED_UNIVERSAL_CREDIT] = {"universal_credit", EACH_MONTH},
    [RULED_INCOME_TAX] = {"income_tax", EACH_YEAR},
    [RULED_NATIONAL_INSURANCE] = {"national_insurance", EACH_YEAR},
    [RULED_EMPLOYER_INSURANCE] = {"ni_class_1_employer", EACH_YEAR},
    [RULED_STUDENT_LOAN] = {"student_loan_repayment", EACH_YEAR},
    [RULED_COUNCIL_TAX] = {"council_tax_less_benefit", EACH_YEAR},
    [RULED_WINTER_FUEL] = {"winter_fuel_payment", EACH_YEAR},
    [RULED_WINTER_KEPT] = {"keeps_winter_fuel_payment", EACH_YEAR},
    [RULED_CHILD_CHARGE] = {"CB_HITC", EACH_YEAR},
};

enum { ROWS_MOST = 96 };

/* A row of told.h as a column of rules; variable null: no rule reads it. */
struct ruled_column {
  const struct rule_variable *variable;
  double times; /* from what is told to the year or number that is kept */
};

struct ruled {
  struct arena *arena;
  struct rules *rules;
  const struct rule_variable *variables[RULED_COUNT], *born, *gender;
  struct ruled_column person[ROWS_MOST], home[ROWS_MOST];
};

/* ---- opening ---- */

/* As an assessment keeps a fact (assess/home.c): a flow as the year's, everything else as told. */
static double times_of(const struct rule_variable *v, const struct pack_tellable *what,
                       const char *per) {
  const double told = what->kind == TELL_MONEY ? 0.01 : 0.001;
  if (!v->type.flow) return told;
  const enum rule_each each = per && strcmp(per, "week") == 0    ? EACH_WEEK
                              : per && strcmp(per, "month") == 0 ? EACH_MONTH
                                                                 : EACH_YEAR;
  return told * period_times(each) / period_times(EACH_YEAR);
}

static enum status take_column(struct ruled *r, const struct pack *pack, const char *variable,
                               const char *per, struct ruled_column *out, struct error *err) {
  const struct pack_tellable *what = pack_find_tellable(pack, span_of(variable));
  *out = (struct ruled_column){0};
  if (!what || !what->rule) return DONE;
  out->variable = rules_variable(r->rules, span_of(variable));
  if (!out->variable) return rules_refuse_name(r->rules, span_of(variable), err);
  out->times = times_of(out->variable, what, per);
  return DONE;
}

static enum status take_columns(struct ruled *r, const struct pack *pack, struct error *err) {
  enum status status = DONE;
  assert(told_person_row_count <= ROWS_MOST && told_home_row_count <= ROWS_MOST);
  for (int i = 0; i < told_person_row_count && status == DONE; i++) {
    status = take_column(r, pack, told_person_rows[i].variable, told_person_rows[i].per,
                         &r->person[i], err);
    /* what a person tells of their family, fill_homes fills */
    if (r->person[i].variable && r->person[i].variable->entity->is_group)
      r->person[i].variable = NULL;
  }
  for (int i = 0; i < told_home_row_count && status == DONE; i++)
    status = take_column(r, pack, told_home_rows[i].variable, told_home_rows[i].per, &r->home[i],
                         err);
  for (int i = 0; i < RULED_COUNT && status == DONE; i++) {
    r->variables[i] = rules_variable(r->rules, span_of(wanted[i].variable));
    if (!r->variables[i]) status = rules_refuse_name(r->rules, span_of(wanted[i].variable), err);
  }
  r->born = rules_variable(r->rules, span_of("date_of_birth"));
  r->gender = rules_variable(r->rules, span_of("gender"));
  if (status == DONE && !r->born)
    status = rules_refuse_name(r->rules, span_of("date_of_birth"), err);
  if (status == DONE && !r->gender) status = rules_refuse_name(r->rules, span_of("gender"), err);
  return status;
}

enum status ruled_open(struct ruled **out, const struct pack *pack, const char *const *packs,
                       int count, struct error *err) {
  struct arena *arena = arena_new();
  struct ruled *r = arena_alloc(arena, sizeof *r);
  *r = (struct ruled){.arena = arena};
  enum status status = rules_load(arena, packs, count, &r->rules, err);
  if (status == DONE) status = take_columns(r, pack, err);
  if (status != DONE) arena_free(arena);
  else *out = r;
  return status;
}

void ruled_close(struct ruled *r) {
  if (r) arena_free(r->arena);
}

/* ---- the homes ---- */

/* A row of the population: a person as one of a home, whose family they are of or beside. */
struct ruled_row {
  int person, home; /* home: the number of the family */
  bool is_beside;
};

struct ruled_making {
  struct arena *arena;
  struct ruled *r;
  const struct town *t;
  const struct residents *residents;
  day_t day;
  const bool *only;
  int *head;
  int row_count, row_room, home_count, home_room, head_room, beside_count;
  struct ruled_row *rows;
  int *home_household; /* of each family: where it lives */
  int *home_head;      /* and its first adult */
  int *ages;           /* of each row, on the day */
  struct rule_population *pop;
};

static void add_row(struct ruled_making *m, int person, int home, bool is_beside) {
  arena_reserve(m->arena, m->rows, m->row_room, m->row_count + 1);
  m->rows[m->row_count++] = (struct ruled_row){person, home, is_beside};
  m->beside_count += is_beside;
}

/* From 16 on only those in education are a child of the family (register/benefit_unit.h). */
static bool is_own_family(const struct ruled_making *m, int i) {
  const int age = day_age(m->t->people[i].born, m->day);
  const struct home_year home = {.town = m->t, .year = m->residents->year};
  return age >= ADULT_AGE || (age >= 16 && !told_studies(&home, i));
}

static void add_family(struct ruled_making *m, int head, int household) {
  const struct town *t = m->t;
  const int partner = t->people[head].partner, home = m->home_count;
  const bool couple = partner >= 0 && lives_in(t, partner, household, m->day);
  arena_reserve(m->arena, m->home_head, m->head_room, m->home_count + 1);
  m->home_head[m->home_count] = head;
  arena_reserve(m->arena, m->home_household, m->home_room, m->home_count + 1);
  m->home_household[m->home_count++] = household;
  m->head[head] = head;
  add_row(m, head, home, false);
  if (couple) {
    m->head[partner] = head;
    add_row(m, partner, home, false);
  }
  for (int k = t->first[household]; k < t->first[household + 1]; k++) {
    const int child = t->members[k];
    if (m->head[child] >= 0 || !lives_in(t, child, household, m->day) || is_own_family(m, child))
      continue;
    if (!is_responsible(t, head, child, household, m->day) &&
        !(couple && is_responsible(t, partner, child, household, m->day)))
      continue;
    m->head[child] = head;
    add_row(m, child, home, false);
  }
  for (int k = t->first[household]; k < t->first[household + 1]; k++)
    if (is_other_adult(t, head, t->members[k], household, m->day))
      add_row(m, t->members[k], home, true);
}

static void find_families(struct ruled_making *m) {
  for (int i = 0; i < m->t->people_count; i++) m->head[i] = -1;
  for (int i = 0; i < m->t->people_count; i++) {
    const struct sample_person *p = &m->t->people[i];
    if (m->head[i] >= 0 || p->born > m->day || (p->died != DAY_NONE && p->died < m->day) ||
        !is_own_family(m, i))
      continue;
    const int household = home_on(m->t, i, m->day);
    if (!m->only || m->only[household]) add_family(m, i, household);
  }
}

/* ---- the columns ---- */

static double value_of(const struct ruled_column *c, struct told told) {
  switch (told.kind) {
  case TOLD_NOTHING: return c->variable->by_default;
  case TOLD_WORD:
    if (c->variable->type.items) return rule_enum_item(c->variable->type.items, span_of(told.word));
    return strcmp(told.word, "yes") == 0;
  case TOLD_DAY: return (double)told.amount;
  default: return (double)told.amount * c->times;
  }
}

static struct rule_period kept_in(const struct ruled_making *m, const struct rule_variable *v) {
  const struct rule_period day = {.each = EACH_DAY, .start = m->day};
  if (v->period == EACH_ETERNITY) return (struct rule_period){.each = EACH_ETERNITY};
  return period_around(m->r->rules, day, EACH_YEAR);
}

static void fill_people(const struct ruled_making *m, const struct home_year *homes) {
  const struct ruled *r = m->r;
  double *born = rule_population_column(m->pop, r->born, kept_in(m, r->born));
  double *gender = rule_population_column(m->pop, r->gender, kept_in(m, r->gender));
  const int female = rule_enum_item(r->gender->type.items, span_of("FEMALE"));
  const int male = rule_enum_item(r->gender->type.items, span_of("MALE"));
  for (int i = 0; i < m->row_count; i++) {
    const struct sample_person *p = &m->t->people[m->rows[i].person];
    born[i] = p->born;
    m->ages[i] = day_age(p->born, m->day);
    gender[i] = p->sex == FEMALE ? female : male;
  }
  for (int c = 0; c < told_person_row_count; c++) {
    const struct told_person_row *row = &told_person_rows[c];
    const struct ruled_column *column = &r->person[c];
    if (!column->variable) continue;
    double *values = rule_population_column(m->pop, column->variable, kept_in(m, column->variable));
    for (int i = 0; i < m->row_count; i++) {
      const int person = m->rows[i].person;
      if (m->ages[i] >= row->age_from)
        values[i] = value_of(column, row->of(&homes[m->rows[i].home], person));
    }
  }
}

static void fill_homes(const struct ruled_making *m, const struct home_year *homes) {
  for (int c = 0; c < told_home_row_count; c++) {
    const struct ruled_column *column = &m->r->home[c];
    if (!column->variable) continue;
    double *values = rule_population_column(m->pop, column->variable, kept_in(m, column->variable));
    for (int h = 0; h < m->home_count; h++) {
      const bool is_theirs = !told_home_rows[c].of_payer ||
                             told_is_payer(&homes[h], m->home_head[h]);
      values[h] = is_theirs ? value_of(column, told_home_rows[c].of(&homes[h])) : 0;
    }
  }
}

/* As in an assessment: of the family that it is of, not of those beside it. Whose bill it is stays
 * with whoever asks. */
static void fill_owing(const struct ruled_making *m) {
  const struct rule_variable *v = rules_variable(m->r->rules, span_of("benunit_owes_council_tax"));
  if (!v) return;
  double *owes = rule_population_column(m->pop, v, kept_in(m, v));
  for (int i = 0; i < m->home_count + m->beside_count; i++) owes[i] = i < m->home_count;
}

/* As an assessment makes it: the family first, everybody beside it one of their own. */
static void make_population(struct ruled_making *m) {
  const struct rules *rules = m->r->rules;
  int rows[RULE_ENTITIES_MOST] = {m->row_count}, beside = 0;
  for (int e = 1; e < rules->entity_count; e++)
    rows[e] = rules->entities[e]->within < 0 ? m->home_count : m->home_count + m->beside_count;
  m->pop = rule_population_make(m->arena, rules, rows);
  for (int i = 0; i < m->row_count; i++) {
    const struct ruled_row *row = &m->rows[i];
    const int own = row->is_beside ? m->home_count + beside++ : row->home;
    for (int e = 1; e < rules->entity_count; e++)
      m->pop->member[e][i] = rules->entities[e]->within < 0 ? row->home : own;
  }
  struct home_year *homes = arena_array(m->arena, struct home_year, m->home_count + 1);
  for (int h = 0; h < m->home_count; h++)
    home_year_take(m->t, m->residents, m->home_household[h], &homes[h]);
  m->ages = arena_array(m->arena, int, m->row_count + 1);
  fill_people(m, homes);
  fill_homes(m, homes);
  fill_owing(m);
  rule_population_settle(m->pop);
}

/* ---- running ---- */

/* What is of a family or a home goes to the first adult. */
static void hand_out(const struct ruled_making *m, const struct rule_variable *v,
                     const double *values, double *out) {
  const int e = v->entity->index;
  for (int i = 0; i < m->t->people_count; i++) out[i] = 0;
  double *given = memory_zeroed((size_t)m->pop->rows[e] + 1, sizeof *given);
  for (int row = 0; row < m->pop->rows[e]; row++) given[m->pop->order[e][row]] = values[row];
  for (int i = 0; i < m->row_count; i++) {
    const struct ruled_row *row = &m->rows[i];
    if (row->is_beside) continue;
    if (!v->entity->is_group) out[row->person] = given[i];
    else if (m->head[row->person] == row->person) out[row->person] = given[row->home];
  }
  free(given);
}

static enum status run_set(struct ruled_making *m, unsigned set, struct ruled_homes *out,
                           struct error *err) {
  struct run_output outputs[RULED_COUNT];
  int what[RULED_COUNT], count = 0;
  struct compiler *c = compiler_make(m->arena, m->r->rules, m->pop, READ_LEGAL);
  const struct rule_period day = {.each = EACH_DAY, .start = m->day};
  for (int w = 0; w < RULED_COUNT; w++) {
    if (!(set & (1u << w))) continue;
    const struct rule_variable *v = m->r->variables[w];
    const struct rule_period period =
        wanted[w].each == EACH_YEAR ? period_around(m->r->rules, day, EACH_YEAR)
                                    : (struct rule_period){.each = wanted[w].each, .start = m->day};
    struct run_output *o = &outputs[count];
    *o = (struct run_output){.name = v->name, .rows = m->pop->rows[v->entity->index]};
    o->values = arena_array(m->arena, double, o->rows + 1);
    what[count++] = w;
    if (compile_over(c, v, period, &o->step, err) != DONE) return err->code;
  }
  if (run_plan(m->arena, c, outputs, count, workers_count(), err) != DONE) return err->code;
  for (int k = 0; k < count; k++) {
    double **to = &out->of[what[k]];
    *to = memory_grow(*to, sizeof **to * ((size_t)m->t->people_count + 1));
    hand_out(m, m->r->variables[what[k]], outputs[k].values, *to);
  }
  return DONE;
}

enum status ruled_run(struct ruled *r, const struct ruled_request *q, struct ruled_homes *out,
                      struct error *err) {
  struct ruled_making m = {.arena = arena_new(),
                           .r = r,
                           .t = q->town,
                           .residents = q->residents,
                           .day = q->day,
                           .only = q->only};
  out->head = memory_grow(out->head, sizeof *out->head * ((size_t)m.t->people_count + 1));
  out->person_count = m.t->people_count;
  m.head = out->head;
  find_families(&m);
  make_population(&m);
  enum status status = run_set(&m, q->set, out, err);
  arena_free(m.arena);
  return status;
}

void ruled_homes_release(struct ruled_homes *homes) {
  free(homes->head);
  for (int w = 0; w < RULED_COUNT; w++) free(homes->of[w]);
  *homes = (struct ruled_homes){0};
}
