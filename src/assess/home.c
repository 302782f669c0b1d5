#include "assess/home.h"

#include "base/money.h"
#include "base/refusal.h"
#include <math.h>

/* ---- who belongs together ---- */

/* Whether the person may learn of all that is known of a member (assess.h: as_person). */
static bool shares_facts(const struct unit_member *role) { return role && role->attested; }

/* Leaves what the person told themself, and what the whole home knows. */
static void keep_own(struct home *home, struct home_member *m) {
  struct facts own = {0};
  own.all = arena_array(home->arena, struct fact, m->facts.count + 1);
  for (int i = 0; i < m->facts.count; i++)
    if (m->facts.all[i].teller == home->members[0].person.id)
      own.all[own.count++] = m->facts.all[i];
  m->facts = own;
}

/* Whether a member of the unit counts. A partner who has not said so yet counts for the person who
 * named them where both live in one home: with their age, and with nothing that they told. */
static enum status counts(struct home *home, const struct unit_member *role, bool *out,
                          struct error *err) {
  const struct assess_request *q = home->request;
  struct person partner = {0};
  *out = role->attested && !(q->without_partner && role->role == UNIT_PARTNER);
  if (role->attested || !q->as_person || q->without_partner || role->role != UNIT_PARTNER)
    return DONE;
  enum status status = register_surviving_person(q->store, home->arena, role->person, &partner,
                                                 err);
  if (status != DONE) return status;
  const int64_t household = person_household(&home->members[0].person, q->on);
  *out = household && person_household(&partner, q->on) == household;
  if (*out) home->unconfirmed = partner.id;
  return DONE;
}

/* `role`: null: of an adult who lives with the unit. */
static enum status add_member(struct home *home, int64_t id, const struct unit_member *role,
                              struct error *err) {
  const struct assess_request *q = home->request;
  struct home_member m = {.is_adult = role && role->role != UNIT_CHILD};
  enum status status = register_surviving_person(q->store, home->arena, id, &m.person, err);
  if (status == DONE)
    status = facts_of_person(q->store, home->arena, m.person.id, q->on, &m.facts, err);
  if (status != DONE) return status;
  if (q->until) facts_until(&m.facts, q->until);
  if (q->as_person && home->count && !shares_facts(role)) keep_own(home, &m);
  arena_reserve(home->arena, home->members, home->room, home->count + 1);
  home->members[home->count++] = m;
  return DONE;
}

/* Nobody is registered as it: nothing is told of it, and nothing asked. It is there from the first
 * day of the tax year, so that a charge of the year stands against the benefit of a whole year. */
static void add_newborn(struct home *home) {
  const struct assess_request *q = home->request;
  const struct rule_period day = {.each = EACH_DAY, .start = q->on};
  const day_t born = period_around(q->rules, day, EACH_YEAR).start;
  arena_reserve(home->arena, home->members, home->room, home->count + 1);
  home->members[home->count++] = (struct home_member){.person = {.born = born, .died = DAY_NONE}};
}

static bool is_member(const struct home *home, int64_t person) {
  for (int i = 0; i < home->count; i++)
    if (home->members[i].person.id == person) return true;
  return false;
}

/* What is asked of who belongs together; of the adult who is assessed, and whether those whom they
 * name belong with them, first, since no amount is told before. */
static void take_relations(struct home *home, const struct benefit_unit *unit) {
  const struct assess_request *q = home->request;
  home->relations = arena_array(home->arena, struct assess_need, unit->question_count + 1);
  for (int own = 1; own >= 0; own--)
    for (int i = 0; i < unit->question_count; i++) {
      const struct unit_question *asked = &unit->questions[i];
      const struct pack_tellable *what = pack_find_tellable(q->pack, span_of(asked->variable));
      if (!what || what->rule) continue; /* of a rule's variable there is a gap */
      const bool opens = asked->confirms && !is_member(home, asked->person);
      if ((asked->person == unit->person || opens) != own) continue;
      const bool of_others = asked->person != unit->person && !asked->confirms;
      if (q->without_partner && (of_others || what->kind == TELL_PERSON)) continue;
      home->relations[home->relation_count++] = (struct assess_need){what, asked->person};
      home->is_open |= own;
    }
}

int home_nation(const struct pack *pack, const struct place *places, int count) {
  for (int i = 0; i < count; i++) {
    const struct pack_place_code *row = pack_find_place_code(pack, "nation", places[i].code);
    for (int nation = 0; row && nation < PACK_NATIONS; nation++)
      if (strcmp(row->item, pack_nation_words[nation]) == 0) return nation;
  }
  return -1;
}

enum status home_places(struct arena *arena, const struct assess_request *q,
                        const struct person *person, struct place **out, int *count,
                        struct error *err) {
  struct homes *homes;
  enum status status = register_homes(q->store, arena, person, &homes, err);
  if (status != DONE) return status;
  return register_places_above(q->store, arena, homes_place(homes, person, q->on), out, count, err);
}

enum status assess_nation(struct store *store, struct arena *arena, const struct pack *pack,
                          int64_t person, day_t on, int *out, struct error *err) {
  const struct assess_request q = {.store = store, .pack = pack, .person = person, .on = on};
  struct person self = {0};
  struct place *places = NULL;
  int count = 0;
  enum status status = register_surviving_person(store, arena, person, &self, err);
  if (status == DONE) status = home_places(arena, &q, &self, &places, &count, err);
  if (status == DONE) *out = home_nation(pack, places, count);
  return status;
}

/* Nobody is assessed before birth or after death. */
static enum status check_lives(const struct person *p, day_t on, struct error *err) {
  char day[11];
  if (p->born != DAY_NONE && p->born > on)
    return refuse(err, ASSESS_NOT_BORN, day_write(p->born, day));
  if (p->died != DAY_NONE && p->died <= on)
    return refuse(err, ASSESS_DIED, day_write(p->died, day));
  return DONE;
}

enum status home_read(struct home *home, struct error *err) {
  const struct assess_request *q = home->request;
  struct benefit_unit unit = {0};
  const day_t born = q->age_years ? day_months_after(q->on, -12 * q->age_years) : DAY_NONE;
  struct person asked = {0};
  enum status status = register_surviving_person(q->store, home->arena, q->person, &asked, err);
  if (status == DONE && !q->age_years) status = check_lives(&asked, q->on, err);
  if (status == DONE)
    status = register_unit_until(q->store, home->arena, q->person, q->on, q->until, &unit, err);
  if (status == DONE)
    status = register_unit_housemates(q->store, home->arena, q->on, q->until, &unit, err);
  if (status != DONE) return status;
  home->is_named = unit.is_named;
  home->shares_home = unit.shares_home;
  home->owing = unit.owing;
  home->owing_count = unit.owing_count;
  if (!unit.person) return refuse(err, ASSESS_NOBODY_RESPONSIBLE);
  for (int i = 0; status == DONE && i < unit.member_count; i++) {
    bool in = false;
    status = counts(home, &unit.members[i], &in, err);
    const int before = home->count;
    if (status == DONE && in)
      status = add_member(home, unit.members[i].person, &unit.members[i], err);
    home->has_partner |= unit.members[i].role == UNIT_PARTNER && home->count > before;
  }
  if (status == DONE && born != DAY_NONE) home->members[0].person.born = born;
  if (status == DONE) status = check_lives(&home->members[0].person, q->on, err);
  for (int i = 0; i < q->born_count; i++) add_newborn(home);
  home->unit_count = home->count;
  for (int i = 0; status == DONE && i < unit.non_dependant_count; i++)
    status = add_member(home, unit.non_dependants[i], NULL, err);
  take_relations(home, &unit);
  if (status == DONE)
    status = home_places(home->arena, q, &home->members[0].person, &home->places,
                         &home->place_count, err);
  home->nation = home_nation(q->pack, home->places, home->place_count);
  return status;
}

/* ---- one value ---- */

/* Of a flow that is told `per`: as much of the year in which it is kept (home_kept_in). */
static double times(const struct rule_variable *v, const struct pack_tellable *what,
                    enum tell_per per) {
  static const enum rule_each each[TELL_PERS] = {EACH_YEAR, EACH_WEEK, EACH_MONTH, EACH_YEAR};
  if (!v->type.flow) return 1;
  const enum rule_each told = per ? each[per] : what->kind == TELL_HOURS ? EACH_WEEK : EACH_YEAR;
  return period_times(told) / period_times(EACH_YEAR);
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

/* ---- what is to be asked ---- */

/* A gate stands for all that it may settle, where the first of them stood. */
void home_add_need(struct assess_need *all, int *count, struct assess_need need) {
  for (int i = 0; i < *count; i++)
    if (all[i].what == need.what && all[i].person == need.person) return;
  all[(*count)++] = need;
}

const struct assess_need *home_needs(struct arena *arena, const struct home *home,
                                     const struct range_answer *answer, int *count) {
  struct assess_need *needs = arena_array(arena, struct assess_need, answer->need_count + 1);
  for (int i = 0; i < answer->need_count; i++)
    home_add_need(needs, count, home->gaps[answer->needs[i]]);
  return needs;
}

/* ---- columns ---- */

struct rule_period home_kept_in(const struct home *home, const struct rule_variable *v) {
  const struct rule_period day = {.each = EACH_DAY, .start = home->request->on};
  if (v->period == EACH_ETERNITY) return (struct rule_period){.each = EACH_ETERNITY};
  return period_around(home->request->rules, day, EACH_YEAR);
}

/* One value of a home: of the household, or of the unit, for which it holds there. */
static bool is_once(const struct pack_tellable *what) {
  return what->of_household || what->of_unit;
}

static const struct assess_instead *instead_of(const struct home *home,
                                               const struct pack_tellable *what, int64_t person) {
  const struct assess_request *q = home->request;
  for (int i = 0; i < q->instead_count; i++)
    if (q->instead[i].what == what && (is_once(what) || q->instead[i].person == person))
      return &q->instead[i];
  return NULL;
}

/* What may be, while nobody has told it. */
static void add_gap(struct home *home, const struct rule_variable *v,
                    const struct pack_tellable *what, int row, struct assess_need need) {
  const enum tell_per per = what->per_count ? what->per[0] : PER_NONE;
  const double scale = (what->kind == TELL_MONEY ? 100.0 : 1000.0) / times(v, what, per);
  struct range_unknown unknown = {.variable = v,
                                  .period = home_kept_in(home, v),
                                  .row = home->first[v->entity->index] + row,
                                  .low = 0,
                                  .high = INFINITY};
  if (what->has_low) unknown.low = (double)what->low / scale;
  if (what->has_high) unknown.high = (double)what->high / scale;
  if (what->kind == TELL_DAY) {
    unknown.low = v->by_default; /* it has not happened */
    unknown.high = home->request->on;
  }
  int gap_room = home->gap_room;
  arena_reserve(home->arena, home->gaps, gap_room, home->gap_count + 1);
  arena_reserve(home->arena, home->unknowns, home->gap_room, home->gap_count + 1);
  home->unknowns[home->gap_count] = unknown;
  home->gaps[home->gap_count++] = need;
}

/* ---- what is known of one ---- */

/* What is known of a variable: it was told or settled, nobody is asked, or it is to be asked. */
enum home_state { HOME_KNOWN, HOME_DEFAULT, HOME_ASKED };
struct home_value {
  enum home_state state;
  struct span text; /* HOME_KNOWN: as a fact is told */
  enum tell_per per;
  const struct fact *fact;         /* on which it rests; null: none, it is asked instead */
  const struct pack_tellable *ask; /* HOME_ASKED: the variable, or the gate that stands before it */
};

/* Of whose age nothing is known may be of any. */
bool home_is_of_age(const struct home *home, int member, struct pack_ages ages) {
  const struct person *p = &home->members[member].person;
  return p->born == DAY_NONE || pack_ages_have(ages, p->born, home->request->on);
}

static bool is_asked_of(const struct home *home, int member, const struct pack_tellable *what) {
  for (int i = 0; what->of_unit && i < home->count; i++)
    if ((!i || home->members[i].is_adult) && home_is_of_age(home, i, what->ages)) return true;
  if (what->of_unit) return false;
  if (!what->of_household)
    return home->members[member].person.id && home_is_of_age(home, member, what->ages);
  for (int i = 0; i < home->count; i++)
    if (home_is_of_age(home, i, what->ages)) return true;
  return false;
}

/* What an adult of the unit told of it. A book of an older program has facts of a unit under the
 * home: of these no adult of another unit's. */
static const struct fact *told_of_unit(const struct home *home, const struct home_member *m,
                                       const struct pack_tellable *what) {
  struct facts own = {.all = arena_array(home->arena, struct fact, m->facts.count + 1)};
  for (int i = 0; i < m->facts.count; i++) {
    const struct fact *f = &m->facts.all[i];
    bool ours = f->party == m->person.id || !f->teller;
    for (int k = 0; k < home->count; k++)
      ours |= home->members[k].is_adult && home->members[k].person.id == f->teller;
    if (ours && strcmp(f->variable, what->variable) == 0) own.all[own.count++] = *f;
  }
  return facts_known(&own, what->variable, home->request->on).fact;
}

static const struct fact *fact_of(const struct home *home, const struct home_member *m,
                                  const struct pack_tellable *what) {
  if (m->told) return NULL;
  return what->of_unit ? told_of_unit(home, m, what)
                       : facts_known(&m->facts, what->variable, home->request->on).fact;
}

static const struct home_told *told_of(const struct home *home, const struct home_member *m,
                                       const struct pack_tellable *what) {
  const struct home_told *told = m->told ? &m->told[what - home->request->pack->tellables] : NULL;
  return told && told->text.bytes ? told : NULL;
}

/* Of the unit what counts of its adults' words: the better source, then what was said last. */
static int teller_of(const struct home *home, const struct pack_tellable *what, int member) {
  int found = -1;
  int64_t number = 0;
  enum fact_source source = FACT_DECISION;
  if (what->of_household) return 0;
  for (int i = 0; what->of_unit && i < home->unit_count; i++) {
    const struct home_member *m = &home->members[i];
    const struct fact *fact = m->is_adult ? fact_of(home, m, what) : NULL;
    const struct home_told *told = m->is_adult ? told_of(home, m, what) : NULL;
    if (!fact && !told) continue;
    const enum fact_source own = fact ? fact->source : told->source;
    const int64_t own_number = fact ? fact->id : told->fact;
    if (found >= 0 && (own > source || (own == source && own_number < number))) continue;
    found = i;
    number = own_number;
    source = own;
  }
  return !what->of_unit ? member : found < 0 ? 0 : found;
}

/* What is paid today of what the rules may not know says nothing of other circumstances. */
static bool holds_today_only(const struct home *home, const struct pack_tellable *what) {
  const struct pack *pack = home->request->pack;
  for (int i = 0; home->request->is_changed && i < pack->entitlement_count; i++)
    if (pack->entitlements[i].unsaid[ENGLISH] && pack->entitlements[i].in_payment == what)
      return true;
  return false;
}

/* Told, or asked instead; else none. */
static bool is_told(const struct home *home, const struct pack_tellable *what, int member,
                    struct home_value *out) {
  const struct home_member *m = &home->members[teller_of(home, what, member)];
  const struct assess_instead *instead = instead_of(home, what, m->person.id);
  const struct home_told *told = told_of(home, m, what);
  const struct fact *fact = fact_of(home, m, what);
  out->per = what->per_count ? what->per[0] : PER_NONE;
  if (instead) {
    out->text = instead->value;
    for (int i = 0; i < what->per_count; i++)
      if (span_is(instead->per, tell_per_word(what->per[i]))) out->per = what->per[i];
  } else if (holds_today_only(home, what)) {
    out->text = span_of("0");
    out->state = HOME_KNOWN;
    return true;
  } else if (fact) {
    out->text = span_of(fact->value);
    out->per = fact->per;
    out->fact = fact;
  } else if (told) {
    out->text = told->text;
    out->per = told->per;
  }
  out->state = HOME_KNOWN;
  return instead || fact || told;
}

bool home_told_a_year(const struct home *home, const struct pack_tellable *what, int member,
                      double *out) {
  const struct rule_variable *v = rules_variable(home->request->rules, span_of(what->variable));
  struct home_value told = {0};
  return v && is_told(home, what, member, &told) &&
         value_of(v, what, told.text, told.per, out, NULL) == DONE;
}

/* A household's gate settles it for members of its ages only. */
static bool is_gate_of(const struct home *home, const struct pack_gate *g,
                       const struct pack_tellable *what, int member) {
  if (g->settles != what || (g->gate->of_unit && what->of_household)) return false;
  if (g->gate->of_household && !what->of_household)
    return home_is_of_age(home, member, g->gate->ages);
  return is_asked_of(home, member, g->gate);
}

static struct home_value home_value_of(const struct home *home, const struct pack_tellable *what,
                                       int member);

/* Whether a question stands before what was told of the home. */
static bool is_asked_first(const struct home *home, const struct pack_tellable *gate) {
  return strcmp(gate->variable, "owes_council_tax") == 0 ? home->shares_home : home->is_named;
}

/* Where somebody else of the home says that the unit lives with them, it is asked first whether the
 * unit must pay for it: else what the home costs is not theirs, whoever told it. Where another
 * adult lives there at all, it is asked whether they owe its council tax. */
static bool is_for_others(const struct home *home, const struct pack_tellable *what,
                          struct home_value *out) {
  const struct pack *pack = home->request->pack;
  for (int i = 0; what->of_household && i < pack->gate_count; i++) {
    const struct pack_gate *g = &pack->gates[i];
    if (g->settles != what || !g->gate->of_unit || !is_asked_first(home, g->gate)) continue;
    *out = home_value_of(home, g->gate, 0);
    if (out->state == HOME_ASKED) return true;
    if (out->state != HOME_KNOWN || !span_is(out->text, g->answer)) continue;
    if (!*g->value) out->state = HOME_DEFAULT;
    out->text = span_of(g->value);
    out->per = what->per_count ? what->per[0] : PER_NONE;
    return true;
  }
  return false;
}

static struct home_value home_value_of(const struct home *home, const struct pack_tellable *what,
                                       int member) {
  const struct pack *pack = home->request->pack;
  struct home_value out = {0}, gate;
  if (is_for_others(home, what, &out)) return out;
  if (is_told(home, what, member, &out)) return out;
  out = (struct home_value){.state = HOME_ASKED, .ask = what};
  if (!is_asked_of(home, member, what)) out.state = HOME_DEFAULT;
  for (int i = 0; out.state == HOME_ASKED && i < pack->gate_count; i++) {
    const struct pack_gate *g = &pack->gates[i];
    if (!is_gate_of(home, g, what, member)) continue;
    gate = home_value_of(home, g->gate, member);
    if (gate.state == HOME_ASKED && out.ask == what) out.ask = gate.ask;
    if (gate.state == HOME_KNOWN && span_is(gate.text, g->answer)) {
      if (!*g->value) gate.state = HOME_DEFAULT;
      gate.text = span_of(g->value);
      gate.per = what->per_count ? what->per[0] : PER_NONE;
      return gate;
    }
  }
  if (what->assumed && out.state == HOME_ASKED) out.state = HOME_DEFAULT;
  return out;
}

bool home_is_known(const struct home *home, const struct pack_tellable *what, int member) {
  return home_value_of(home, what, member).state != HOME_DEFAULT;
}

const struct pack_tellable *home_asks(const struct home *home, const struct pack_tellable *what,
                                      int member) {
  const struct home_value value = home_value_of(home, what, member);
  return value.state == HOME_ASKED ? value.ask : NULL;
}

/* ---- how sure ---- */

static void note_fact(struct home *home, const struct pack_tellable *what, int member,
                      const struct fact *fact) {
  const size_t at = (size_t)(what - home->request->pack->tellables) * (size_t)home->count;
  home->rests[at + (size_t)member] = (unsigned char)(fact->source + 1);
}

/* Who belongs together: what the adult says of it. */
static void note_relations(struct home *home) {
  const struct pack *pack = home->request->pack;
  for (int t = 0; t < pack->tellable_count; t++) {
    const struct pack_tellable *what = &pack->tellables[t];
    if (what->kind != TELL_PERSON && what->kind != TELL_PEOPLE) continue;
    const struct fact *fact =
        facts_known(&home->members[0].facts, what->variable, home->request->on).fact;
    if (fact) note_fact(home, what, 0, fact);
  }
}

/* Of one person's: what was told of them, or of the household or the unit by the adult. */
void home_take_sure(const struct home *home, struct assess_answer *answer) {
  const struct pack *pack = home->request->pack;
  for (int t = 0; t < pack->tellable_count; t++) {
    const struct pack_tellable *what = &pack->tellables[t];
    const bool own = !is_once(what) && what->rule && answer->person;
    if (!pack_tellable_serves(what, answer->what->category)) continue;
    for (int i = 0; i < home->count; i++) {
      const unsigned char source = home->rests[(size_t)t * (size_t)home->count + (size_t)i];
      if (!source || (own && home->members[i].person.id != answer->person)) continue;
      if (!answer->rests_on_facts || source - 1 > (int)answer->sure)
        answer->sure = (enum fact_source)(source - 1);
      answer->rests_on_facts = true;
    }
  }
}

/* Of what the home costs, and may not be theirs, it is not more than was told. */
static void bound_by_told(const struct home *home, const struct rule_variable *v,
                          const struct pack_tellable *what, int member) {
  struct home_value told = {0};
  double most;
  if (what->kind != TELL_MONEY || !is_told(home, what, member, &told) ||
      value_of(v, what, told.text, told.per, &most, NULL) != DONE)
    return;
  home->unknowns[home->gap_count - 1].high = most;
}

/* The value of one row, or a gap. `member`: who is asked. */
static enum status fill(struct home *home, const struct rule_variable *v,
                        const struct pack_tellable *what, int member, struct error *err) {
  const struct home_value known = home_value_of(home, what, member);
  double value;
  if (known.state == HOME_ASKED) {
    add_gap(home, v, what, member,
            (struct assess_need){known.ask,
                                 home->members[is_once(known.ask) ? 0 : member].person.id});
    if (known.ask != what) bound_by_told(home, v, what, member);
  }
  if (known.state != HOME_KNOWN) return DONE;
  if (known.fact) note_fact(home, what, is_once(what) ? 0 : member, known.fact);
  enum status status = value_of(v, what, known.text, known.per, &value, err);
  if (status != DONE) return status;
  double **column = &home->columns[what - home->request->pack->tellables];
  if (!*column) *column = rule_population_column(home->pop, v, home_kept_in(home, v));
  (*column)[home->first[v->entity->index] + (is_once(what) ? 0 : member)] = value;
  return DONE;
}

static void fill_register(struct home *home) {
  const struct rules *rules = home->request->rules;
  const struct rule_variable *born = rules_variable(rules, span_of("date_of_birth"));
  const struct rule_variable *gender = rules_variable(rules, span_of("gender"));
  for (int i = 0; i < home->count; i++) {
    const struct person *p = &home->members[i].person;
    if (born && p->born != DAY_NONE)
      rule_population_column(home->pop, born,
                             home_kept_in(home, born))[home->first[0] + i] = p->born;
    const int item = !gender || !p->sex
                         ? -1
                         : rule_enum_item(gender->type.items,
                                          span_of(p->sex == 'F' ? "FEMALE" : "MALE"));
    if (item >= 0)
      rule_population_column(home->pop, gender,
                             home_kept_in(home, gender))[home->first[0] + i] = item;
  }
}

static void fill_unit(struct home *home, const char *name, bool value) {
  const struct rule_variable *v = rules_variable(home->request->rules, span_of(name));
  if (v && v->entity->is_group)
    rule_population_column(home->pop, v,
                           home_kept_in(home, v))[home->first[v->entity->index]] = value;
}

/* Those of the unit's adults of whom council tax may be asked on the day: an answer of the year is
 * of its day, and whoever turned 18 within the year owes from the birthday on (Local Government
 * Finance Act 1992, section 6(5)). */
static void fill_payers(struct home *home) {
  enum { AGE_OF_OWING = 18 };
  const struct rule_variable *v = rules_variable(home->request->rules,
                                                 span_of("council_tax_payers_of_family"));
  if (!v) return;
  int payers = 0;
  for (int i = 0; i < home->unit_count; i++) {
    const struct home_member *m = &home->members[i];
    const bool is_of_age = m->person.born == DAY_NONE ||
                           day_is_of_age(m->person.born, AGE_OF_OWING, home->request->on);
    payers += m->is_adult && is_of_age;
  }
  double *of = rule_population_column(home->pop, v, home_kept_in(home, v));
  for (int i = 0; i <= home->count - home->unit_count; i++)
    of[home->first[v->entity->index] + i] = i ? 0 : payers;
}

/* Of the unit it is asked whether it owes the council tax of the home, of others it was told. */
static void fill_owing(struct home *home) {
  const struct rules *rules = home->request->rules;
  const struct rule_variable *unit = rules_variable(rules, span_of("benunit_owes_council_tax"));
  const struct rule_variable *others = rules_variable(rules, span_of("others_who_owe_council_tax"));
  const struct rule_variable *beside = rules_variable(rules, span_of("owes_council_tax_beside"));
  if (!unit || !others || !beside) return;
  const int first = home->first[unit->entity->index];
  double *owes = rule_population_column(home->pop, unit, home_kept_in(home, unit));
  for (int i = 0; i <= home->count - home->unit_count; i++) owes[first + i] = i == 0;
  if (!home->owing_count) return;
  rule_population_column(home->pop, others,
                         home_kept_in(home, others))[home->first[others->entity->index]] =
      home->owing_count;
  owes = rule_population_column(home->pop, beside, home_kept_in(home, beside));
  for (int i = home->unit_count; i < home->count; i++)
    for (int k = 0; k < home->owing_count; k++)
      if (home->members[i].person.id == home->owing[k]) owes[home->first[0] + i] = 1;
}

/* ---- where they live ---- */

/* `Bristol, City of` is BRISTOL_CITY_OF, `King's Lynn` KINGS_LYNN; -1: there is no such item. */
static int item_of_name(const struct rule_enum *items, const char *name) {
  char word[128];
  size_t size = 0;
  for (; *name && size < sizeof word - 1; name++) {
    const char c = *name;
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9');
    if (is_letter) word[size++] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    else if (c != '\'' && size && word[size - 1] != '_') word[size++] = '_';
  }
  while (size && word[size - 1] == '_') size--;
  return rule_enum_item(items, span_make(word, size));
}

/* By the nearest place on the way up whose code says something of the variable. */
static void fill_place_variable(struct home *home, const struct pack_place_code *row) {
  const struct pack *pack = home->request->pack;
  const struct rule_variable *v = rules_variable(home->request->rules, span_of(row->variable));
  if (!v || v->type.kind != KIND_ENUM || !v->entity->is_group) return;
  for (int i = 0; i < home->place_count; i++) {
    const struct place *place = &home->places[i];
    const struct pack_place_code *found = pack_find_place_code(pack, row->variable, place->code);
    if (!found) continue;
    const int item = strcmp(found->item, PLACE_ITEM_BY_NAME) == 0
                         ? item_of_name(v->type.items, place->name)
                         : rule_enum_item(v->type.items, span_of(found->item));
    if (item >= 0)
      rule_population_column(home->pop, v,
                             home_kept_in(home, v))[home->first[v->entity->index]] = item;
    return;
  }
}

/* Each variable once: its rows need not stand together. */
static void fill_place(struct home *home) {
  const struct pack *pack = home->request->pack;
  for (int i = 0; i < pack->place_code_count; i++) {
    bool before = false;
    for (int k = 0; k < i; k++)
      before |= strcmp(pack->place_codes[k].variable, pack->place_codes[i].variable) == 0;
    if (!before) fill_place_variable(home, &pack->place_codes[i]);
  }
}

/* One household; the unit is its first family, everybody else one of their own. */
void home_count_rows(const struct home *home, int rows[RULE_ENTITIES_MOST]) {
  const struct rules *rules = home->request->rules;
  rows[0] = home->count;
  for (int e = 1; e < rules->entity_count; e++)
    rows[e] = rules->entities[e]->within < 0 ? 1 : 1 + home->count - home->unit_count;
}

void home_take_rows(const struct home *home) {
  const struct rules *rules = home->request->rules;
  for (int e = 1; e < rules->entity_count; e++)
    for (int i = 0; i < home->count; i++) {
      const bool first = rules->entities[e]->within < 0 || i < home->unit_count;
      home->pop->member[e][home->first[0] + i] = home->first[e] +
                                                 (first ? 0 : 1 + i - home->unit_count);
    }
}

enum status home_fill(struct home *home, struct error *err) {
  const struct assess_request *q = home->request;
  fill_register(home);
  /* whoever is named as partner is no child of the other, whatever their ages */
  fill_unit(home, "adults_are_a_couple", home->has_partner);
  if (q->as_paid) fill_unit(home, "counts_only_what_is_paid", true);
  fill_payers(home);
  fill_owing(home);
  fill_place(home);
  for (int t = 0; t < q->pack->tellable_count; t++) {
    const struct pack_tellable *what = &q->pack->tellables[t];
    if (!what->rule) continue;
    const struct rule_variable *v = rules_variable(q->rules, span_of(what->variable));
    if (!v) return rules_refuse_name(q->rules, span_of(what->variable), err);
    const int members = is_once(what) ? 1 : home->count;
    for (int i = 0; i < members; i++)
      if (fill(home, v, what, i, err) != DONE) return err->code;
  }
  if (home->not_claimed)
    rule_population_column(
        home->pop, home->not_claimed,
        home_kept_in(home, home->not_claimed))[home->first[home->not_claimed->entity->index]] = 0;
  return DONE;
}

static bool take_column(struct home *home, const char *name) {
  const struct rule_variable *v = rules_variable(home->request->rules, span_of(name));
  if (v) (void)rule_population_column(home->pop, v, home_kept_in(home, v));
  return !v || !v->version_count;
}

bool home_all_columns(struct home *home) {
  const struct pack *pack = home->request->pack;
  bool all_inputs = take_column(home, "date_of_birth");
  all_inputs &= take_column(home, "gender");
  /* every home has these, in place of their formulas */
  (void)take_column(home, "adults_are_a_couple");
  (void)take_column(home, "council_tax_payers_of_family");
  (void)take_column(home, "benunit_owes_council_tax");
  all_inputs &= take_column(home, "others_who_owe_council_tax");
  all_inputs &= take_column(home, "owes_council_tax_beside");
  for (int i = 0; i < pack->place_code_count; i++)
    all_inputs &= take_column(home, pack->place_codes[i].variable);
  for (int i = 0; i < pack->tellable_count; i++)
    if (pack->tellables[i].rule) all_inputs &= take_column(home, pack->tellables[i].variable);
  return all_inputs;
}

enum status home_columns(struct home *home, struct error *err) {
  int rows[RULE_ENTITIES_MOST] = {0};
  home_count_rows(home, rows);
  home->pop = rule_population_make(home->arena, home->request->rules, rows);
  home->pop->holds_on = true;
  home->columns = arena_array(home->arena, double *, home->request->pack->tellable_count + 1);
  home->rests = arena_array(home->arena, unsigned char,
                            home->request->pack->tellable_count * home->count + 1);
  note_relations(home);
  home_take_rows(home);
  if (home_fill(home, err) != DONE) return err->code;
  rule_population_settle(home->pop);
  return DONE;
}
