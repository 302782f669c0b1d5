#include "assess/home.h"

#include "base/money.h"
#include "base/refusal.h"
#include <math.h>

/* ---- who belongs together ---- */

/* The dead are nobody's partner or lodger. */
static enum status add_member(struct home *home, int64_t id, struct error *err) {
  const struct assess_request *q = home->request;
  struct home_member m = {0};
  enum status status = register_surviving_person(q->store, home->arena, id, &m.person, err);
  if (status != DONE || (home->count && m.person.died != DAY_NONE && m.person.died <= q->on))
    return status;
  status = facts_of_person(q->store, home->arena, m.person.id, q->on, &m.facts, err);
  if (status != DONE) return status;
  arena_reserve(home->arena, home->members, home->room, home->count + 1);
  home->members[home->count++] = m;
  return DONE;
}

/* What is asked of who belongs together; of the adult who is assessed nothing is told before. */
static void take_relations(struct home *home, const struct benefit_unit *unit) {
  const struct assess_request *q = home->request;
  home->relations = arena_array(home->arena, struct assess_need, unit->question_count + 1);
  for (int i = 0; i < unit->question_count; i++) {
    const struct unit_question *asked = &unit->questions[i];
    const struct pack_tellable *what = pack_find_tellable(q->pack, span_of(asked->variable));
    if (!what || what->rule) continue; /* of a rule's variable there is a gap */
    home->relations[home->relation_count++] = (struct assess_need){what, asked->person};
    home->is_open |= asked->person == unit->person;
  }
}

enum status home_read(struct home *home, struct error *err) {
  const struct assess_request *q = home->request;
  struct benefit_unit unit = {0};
  enum status status = register_unit_on(q->store, home->arena, q->person, q->on, &unit, err);
  if (status != DONE) return status;
  if (!unit.person) return refuse(err, ASSESS_NOBODY_RESPONSIBLE);
  for (int i = 0; status == DONE && i < unit.member_count; i++)
    status = add_member(home, unit.members[i].person, err);
  home->unit_count = home->count;
  for (int i = 0; status == DONE && i < unit.non_dependant_count; i++)
    status = add_member(home, unit.non_dependants[i], err);
  take_relations(home, &unit);
  return status;
}

/* ---- one value ---- */

/* Of a flow that is told `per`: as much of the variable's own period. */
static double times(const struct rule_variable *v, const struct pack_tellable *what,
                    enum tell_per per) {
  static const enum rule_each each[TELL_PERS] = {EACH_YEAR, EACH_WEEK, EACH_MONTH, EACH_YEAR};
  if (!v->type.flow) return 1;
  const enum rule_each told = per ? each[per] : what->kind == TELL_HOURS ? EACH_WEEK : EACH_YEAR;
  return period_times(told) / period_times(v->period);
}

static enum status value_of(const struct rule_variable *v, const struct pack_tellable *what,
                            struct span text, enum tell_per per, double *out, struct error *err) {
  int64_t parts = 0;
  bool yes = false;
  day_t day = DAY_NONE;
  enum status status = DONE;
  switch (what->kind) {
  case TELL_MONEY:
    status = money_parse(text, &parts, err);
    *out = (double)parts / 100 * times(v, what, per);
    return status;
  case TELL_NUMBER:
  case TELL_HOURS:
    status = quantity_parse(text, &parts, err);
    *out = (double)parts / 1000 * times(v, what, per);
    return status;
  case TELL_YES_NO:
    status = boolean_parse(text, &yes, err);
    *out = yes;
    return status;
  case TELL_DAY:
    status = day_parse(text, &day, err);
    *out = day;
    return status;
  default: *out = v->type.items ? rule_enum_item(v->type.items, text) : -1;
  }
  return *out < 0 ? refuse(err, ASSESS_NO_ITEM, SPAN(text), what->variable) : DONE;
}

/* ---- columns ---- */

static struct rule_period kept_in(const struct home *home, const struct rule_variable *v) {
  const struct rule_period day = {.each = EACH_DAY, .start = home->request->on};
  if (v->period == EACH_ETERNITY) return (struct rule_period){.each = EACH_ETERNITY};
  return period_around(home->request->rules, day, EACH_YEAR);
}

static const struct assess_instead *instead_of(const struct home *home,
                                               const struct pack_tellable *what, int64_t person) {
  const struct assess_request *q = home->request;
  for (int i = 0; i < q->instead_count; i++)
    if (q->instead[i].what == what && (what->of_household || q->instead[i].person == person))
      return &q->instead[i];
  return NULL;
}

/* What may be, while nobody has told it. */
static void add_gap(struct home *home, const struct rule_variable *v,
                    const struct pack_tellable *what, int row) {
  const enum tell_per per = what->per_count ? what->per[0] : PER_NONE;
  const double scale = (what->kind == TELL_MONEY ? 100.0 : 1000.0) / times(v, what, per);
  struct range_unknown unknown = {
      .variable = v, .period = kept_in(home, v), .row = row, .low = 0, .high = INFINITY};
  if (what->has_low) unknown.low = (double)what->low / scale;
  if (what->has_high) unknown.high = (double)what->high / scale;
  if (what->kind == TELL_DAY) {
    unknown.low = v->by_default; /* it has not happened */
    unknown.high = home->request->on;
  }
  arena_reserve(home->arena, home->unknowns, home->gap_room, home->gap_count + 1);
  home->gaps = arena_grow(home->arena, home->gaps, sizeof *home->gaps * (size_t)home->gap_count,
                          sizeof *home->gaps * (size_t)(home->gap_count + 1));
  home->unknowns[home->gap_count] = unknown;
  home->gaps[home->gap_count++] = (struct assess_need){what, home->members[row].person.id};
}

/* The value of one row, told or asked instead, or a gap. `member`: who is asked. */
static enum status fill(struct home *home, const struct rule_variable *v,
                        const struct pack_tellable *what, int member, struct error *err) {
  const struct home_member *m = &home->members[member];
  const struct assess_instead *instead = instead_of(home, what, m->person.id);
  const struct fact *fact = facts_known(&m->facts, what->variable, home->request->on).fact;
  if (!instead && !fact) {
    add_gap(home, v, what, member);
    return DONE;
  }
  const enum tell_per usual = what->per_count ? what->per[0] : PER_NONE;
  struct span text = instead ? instead->value : span_of(fact->value);
  enum tell_per per = instead ? usual : fact->per;
  for (int i = 0; instead && i < what->per_count; i++)
    if (span_is(instead->per, tell_per_word(what->per[i]))) per = what->per[i];
  double value;
  enum status status = value_of(v, what, text, per, &value, err);
  if (status == DONE)
    rule_population_column(home->pop, v, kept_in(home, v))[what->of_household ? 0 : member] = value;
  return status;
}

static void fill_register(struct home *home) {
  const struct rules *rules = home->request->rules;
  const struct rule_variable *born = rules_variable(rules, span_of("date_of_birth"));
  const struct rule_variable *gender = rules_variable(rules, span_of("gender"));
  for (int i = 0; i < home->count; i++) {
    const struct person *p = &home->members[i].person;
    if (born && p->born != DAY_NONE)
      rule_population_column(home->pop, born, kept_in(home, born))[i] = p->born;
    const int item = !gender || !p->sex
                         ? -1
                         : rule_enum_item(gender->type.items,
                                          span_of(p->sex == 'F' ? "FEMALE" : "MALE"));
    if (item >= 0) rule_population_column(home->pop, gender, kept_in(home, gender))[i] = item;
  }
}

/* One household; the unit is its first family, everybody else one of their own. */
static void make_population(struct home *home) {
  const struct rules *rules = home->request->rules;
  int rows[RULE_ENTITIES_MOST] = {home->count};
  for (int e = 1; e < rules->entity_count; e++)
    rows[e] = rules->entities[e]->within < 0 ? 1 : 1 + home->count - home->unit_count;
  home->pop = rule_population_make(home->arena, rules, rows);
  for (int e = 1; e < rules->entity_count; e++)
    for (int i = 0; i < home->count; i++)
      home->pop->member[e][i] = rows[e] == 1 || i < home->unit_count ? 0 : 1 + i - home->unit_count;
}

enum status home_columns(struct home *home, struct error *err) {
  const struct assess_request *q = home->request;
  make_population(home);
  fill_register(home);
  for (int t = 0; t < q->pack->tellable_count; t++) {
    const struct pack_tellable *what = &q->pack->tellables[t];
    if (!what->rule) continue;
    const struct rule_variable *v = rules_variable(q->rules, span_of(what->variable));
    if (!v) return rules_refuse_name(q->rules, span_of(what->variable), err);
    const int members = what->of_household ? 1 : home->count;
    for (int i = 0; i < members; i++)
      if (fill(home, v, what, i, err) != DONE) return err->code;
  }
  rule_population_settle(home->pop);
  return DONE;
}
