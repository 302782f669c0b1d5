/* Telling facts: what is checked of one, and the row that it becomes. */
#include "register/facts.h"

#include "base/limits.h"
#include "base/money.h"
#include "base/refusal.h"
#include "register/benefit_unit.h"
#include "register/fact_rows.h"
#include "register/names.h"
#include "register/register.h"
#include "store/counter.h"

static const char *const source_words[FACT_SOURCES] = {"decision", "evidenced", "told",
                                                       "estimated"};
static const char *const sayer_words[FACT_SAYERS] = {"self", "helper", "officer", "body",
                                                     "operator"};
/* of tellable.csv; the operator may tell whatever can be told */
static const unsigned sayer_bits[FACT_SAYERS] = {TELL_SELF, TELL_HELPER, TELL_OFFICER, TELL_BODY,
                                                 ~0u};

const char *fact_source_word(enum fact_source source) { return source_words[source]; }
const char *fact_sayer_word(enum fact_sayer sayer) { return sayer_words[sayer]; }

enum status fact_source_parse(struct span word, enum fact_source *out, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  for (int i = 0; i < FACT_SOURCES; i++)
    if (span_is(word, source_words[i])) return *out = (enum fact_source)i, DONE;
  return refuse_at(err, "source", FACT_SOURCE_UNKNOWN, span_quote(word, quoted));
}

enum fact_source fact_source_of_word(struct span word) {
  for (int i = 0; i < FACT_SOURCES; i++)
    if (span_is(word, source_words[i])) return (enum fact_source)i;
  return FACT_ESTIMATED;
}

enum fact_sayer fact_sayer_of_word(struct span word) {
  for (int i = 0; i < FACT_SAYERS; i++)
    if (span_is(word, sayer_words[i])) return (enum fact_sayer)i;
  return FACT_BY_OPERATOR;
}

/* ---- the value ---- */

/* A telling that was read: its value in one form. */
struct telling_read {
  const struct fact_telling *given;
  int64_t party, other; /* other: of a relation; 0: none */
  int64_t corrects;     /* the fact that it takes the place of; 0: none that was named */
  const char *value;
  enum tell_per per;
  day_t from, to, review_by;
};

enum { WEEKS_A_YEAR = 52, MONTHS_A_YEAR = 12 };
static const char *const per_phrases[TELL_PERS] = {"", N_("a week"), N_("a month"), N_("a year")};
static const int64_t times_a_year[TELL_PERS] = {1, WEEKS_A_YEAR, MONTHS_A_YEAR, 1};

/* Bounds of a flow are of its usual period: both are compared as of a year. */
static enum status check_bounds(const struct telling_read *t, int64_t n, struct error *err) {
  const struct pack_tellable *what = t->given->what;
  const bool is_flow = what->per_count > 0 && what->kind == TELL_MONEY;
  const int64_t usual = is_flow ? times_a_year[what->per[0]] : 1;
  const wide_t told = (wide_t)n * (is_flow ? times_a_year[t->per] : 1);
  struct text low = {0}, high = {0};
  if (!(what->has_low && told < (wide_t)what->low * usual) &&
      !(what->has_high && told > (wide_t)what->high * usual))
    return DONE;
  if (what->kind == TELL_MONEY) {
    text_add_money(&low, what->low);
    text_add_money(&high, what->high);
  } else {
    text_add_quantity(&low, what->low);
    text_add_quantity(&high, what->high);
  }
  char quoted[SPAN_QUOTE_SIZE];
  const char *value = span_quote(t->given->value, quoted);
  if (!what->has_high) (void)refuse_at(err, "value", FACT_BELOW_BOUND, value, low.bytes);
  else if (!is_flow)
    (void)refuse_at(err, "value", FACT_OUT_OF_BOUNDS, value, low.bytes, high.bytes);
  else
    (void)refuse_at(err, "value", FACT_FLOW_OUT_OF_BOUNDS, value, low.bytes, high.bytes,
                    per_phrases[what->per[0]]);
  text_release(&low);
  text_release(&high);
  return REFUSED;
}

static enum status take_number(struct arena *arena, struct telling_read *t, struct error *err) {
  int64_t n = 0;
  struct text written = {0};
  const bool money = t->given->what->kind == TELL_MONEY;
  const bool typed = money && !t->given->numbers && money_typed(t->given->value, &n);
  enum status status = typed   ? DONE
                       : money ? money_parse(t->given->value, &n, err)
                               : quantity_parse(t->given->value, &n, err);
  if (status != DONE) return error_at(err, NULL, 0, "value");
  status = check_bounds(t, n, err);
  if (money) text_add_money(&written, n);
  else text_add_quantity(&written, n);
  t->value = arena_string(arena, written.bytes);
  text_release(&written);
  return status;
}

static enum status take_choice(struct arena *arena, const struct pack *pack, struct telling_read *t,
                               struct error *err) {
  const struct pack_tellable *what = t->given->what;
  const struct tell_item *item = pack_find_tell_item(pack, what->list, t->given->value);
  if (item) return t->value = item->item, DONE;
  struct text all = {0};
  char quoted[SPAN_QUOTE_SIZE];
  for (int i = 0; i < pack->tell_item_count; i++)
    if (strcmp(pack->tell_items[i].list, what->list) == 0)
      text_addf(&all, "%s%s", all.size ? ", " : "", pack->tell_items[i].item);
  enum status status = refuse_at(err, "value", FACT_NO_SUCH_ITEM,
                                 span_quote(t->given->value, quoted),
                                 arena_string(arena, all.bytes ? all.bytes : ""));
  text_release(&all);
  return status;
}

/* Whether it names a number of another scheme (`nhs:...`): who tells of themself names others by
 * their reference alone, or a number that they know would tell them whose it is. */
static bool is_other_number(const struct fact_telling *t) {
  const bool is_import = t->numbers != NULL; /* the file of whoever runs the program, or a body */
  return !is_import && (t->said_as == FACT_BY_SELF || t->said_as == FACT_BY_HELPER) &&
         memchr(t->value.bytes, ':', t->value.size);
}

/* `none` as people write it. */
static bool is_none(struct span value) {
  static const char *const words[] = {"none", "nobody", "no one", "neb"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (value.size == strlen(words[i]) && strncasecmp(value.bytes, words[i], value.size) == 0)
      return true;
  return false;
}

/* Whether the teller may learn the age of whom they name: not by a stranger's reference. */
static enum status may_learn_age(struct store *store, struct arena *arena,
                                 const struct telling_read *t, bool *out, struct error *err) {
  const struct fact_telling *given = t->given;
  const bool is_own = given->said_as == FACT_BY_SELF || given->said_as == FACT_BY_HELPER;
  *out = true;
  if (!is_own || given->numbers || given->subject) return DONE;
  return register_share_home(store, arena, given->person, t->other, given->today, out, err);
}

/* A child is asked by nobody whether they are a couple, and names nobody. A day of birth that is
 * not known says nothing. Who names a stranger is not refused by it, which would tell them the age:
 * it counts for nothing until the other says so too, and no child can. */
static enum status check_couple(struct store *store, struct arena *arena,
                                const struct telling_read *t, struct error *err) {
  enum { PARTNER_AGE_YEARS = 16 };
  const struct fact_telling *given = t->given;
  const day_t on = given->from == DAY_NONE ? given->today : given->from;
  day_t born[2] = {DAY_NONE, DAY_NONE}, died;
  if (given->what->kind != TELL_PERSON) return DONE;
  bool may = true;
  enum status status = may_learn_age(store, arena, t, &may, err);
  if (status == DONE && may) status = register_life(store, t->other, &born[0], &died, err);
  if (status == DONE && given->subject) born[1] = given->subject->born;
  else if (status == DONE) status = register_life(store, given->person, &born[1], &died, err);
  for (int i = 0; i < 2 && status == DONE; i++)
    if (born[i] != DAY_NONE && !day_is_of_age(born[i], PARTNER_AGE_YEARS, on))
      return refuse_at(err, "value", FACT_PARTNER_TOO_YOUNG);
  return status;
}

/* Whom a relation is to. A reference that is malformed and one of nobody are refused alike. */
static enum status take_other(struct store *store, struct arena *arena, struct telling_read *t,
                              struct error *err) {
  struct error unknown = {0};
  const struct span value = t->given->value;
  bool same = false;
  t->value = "none";
  if (is_none(value)) return DONE;
  t->value = "person";
  if (is_other_number(t->given)) return refuse_at(err, "value", REFERENCE_OF_NOBODY);
  enum status status = register_find_person(store, arena_copy(arena, value.bytes, value.size),
                                            &t->other, &unknown);
  if (status == REFUSED) return refuse_at(err, "value", REFERENCE_OF_NOBODY);
  if (status != DONE) return *err = unknown, status;
  status = register_survivor(store, t->other, &t->other, err);
  if (status == DONE) status = register_same_person(store, t->other, t->given->person, &same, err);
  if (status == DONE && same) return refuse_at(err, "value", FACT_TO_ONESELF);
  return status == DONE ? check_couple(store, arena, t, err) : status;
}

static enum status take_value(struct store *store, struct arena *arena, struct telling_read *t,
                              struct error *err) {
  const struct span value = t->given->value;
  char quoted[SPAN_QUOTE_SIZE];
  bool yes = false;
  day_t day = DAY_NONE;
  if (!value.size) return refuse_at(err, "value", FACT_VALUE_MISSING);
  switch (t->given->what->kind) {
  case TELL_MONEY:
  case TELL_NUMBER:
  case TELL_HOURS: return take_number(arena, t, err);
  case TELL_YES_NO:
    if (!span_is(value, "yes") && !span_is(value, "no"))
      return refuse_at(err, "value", FACT_YES_OR_NO, span_quote(value, quoted));
    yes = span_is(value, "yes");
    t->value = yes ? "yes" : "no";
    return DONE;
  case TELL_DAY:
    if (day_parse(value, &day, err) != DONE) return error_at(err, NULL, 0, "value");
    if (day > t->given->today) return refuse_at(err, "value", FACT_IN_FUTURE);
    t->value = arena_string(arena, day_write(day, (char[11]){0}));
    return DONE;
  case TELL_CHOICE: return take_choice(arena, t->given->pack, t, err);
  case TELL_PERSON:
  case TELL_PEOPLE: return take_other(store, arena, t, err);
  case TELL_KINDS: break;
  }
  return DONE;
}

static enum status take_per(struct telling_read *t, struct error *err) {
  const struct pack_tellable *what = t->given->what;
  const struct span per = t->given->per;
  char quoted[SPAN_QUOTE_SIZE];
  struct text all = {0};
  if (!per.size) return t->per = what->per_count ? what->per[0] : PER_NONE, DONE;
  for (int i = 0; i < what->per_count; i++)
    if (span_is(per, tell_per_word(what->per[i]))) return t->per = what->per[i], DONE;
  if (!what->per_count)
    return refuse_at(err, "per", FACT_PER_OF_NO_FLOW, what->variable, span_quote(per, quoted));
  for (int i = 0; i < what->per_count; i++)
    text_addf(&all, "%s%s", i ? ", " : "", tell_per_word(what->per[i]));
  enum status status = refuse_at(err, "per", FACT_PER_UNKNOWN, span_quote(per, quoted), all.bytes);
  text_release(&all);
  return status;
}

enum status fact_read_value(struct arena *arena, const struct fact_telling *telling,
                            const char **kept, struct error *err) {
  struct telling_read t = {.given = telling};
  const struct span value = telling->value;
  if (!value.size) return refuse_at(err, "value", FACT_VALUE_MISSING);
  *kept = arena_copy(arena, value.bytes, value.size);
  if (telling->what->kind == TELL_PERSON || telling->what->kind == TELL_PEOPLE) return DONE;
  enum status status = take_per(&t, err);
  if (status == DONE) status = take_value(NULL, arena, &t, err);
  if (status == DONE) *kept = t.value;
  return status;
}

/* ---- the days ---- */

static enum status take_days(struct store *store, struct telling_read *t, struct error *err) {
  const struct fact_telling *given = t->given;
  day_t born, died;
  day_t event = DAY_NONE;
  if (given->what->kind == TELL_DAY && day_parse(span_of(t->value), &event, NULL) != DONE)
    event = DAY_NONE;
  if (event == DAY_NONE || event > given->today) event = given->today;
  t->from = given->from == DAY_NONE ? event : given->from;
  t->to = given->to;
  if (t->from > given->today) return refuse_at(err, "from", FACT_IN_FUTURE);
  if (t->to != DAY_NONE && t->to < t->from) return refuse_at(err, "to", FACT_ENDS_BEFORE);
  enum status status = DONE;
  if (given->subject) born = given->subject->born, died = given->subject->died;
  else status = register_life(store, given->person, &born, &died, err);
  if (status != DONE) return status;
  if (born != DAY_NONE && t->from < born && !given->what->of_household)
    return refuse_at(err, "from", FACT_BEFORE_BIRTH);
  if (died != DAY_NONE && t->from > died) return refuse_at(err, "from", FACT_AFTER_DEATH);
  t->review_by = given->review_by != DAY_NONE
                     ? given->review_by
                     : day_months_after(given->today, given->what->review_months);
  const day_t lasts = pack_tell_lasts(given->what, span_of(t->value), t->from,
                                      given->source == FACT_DECISION);
  if (lasts != DAY_NONE && lasts < t->review_by) t->review_by = lasts;
  return t->review_by < t->from ? refuse_at(err, "review_by", FACT_REVIEW_BEFORE) : DONE;
}

/* The last day on which the person lived in the household that they lived in on `from`; DAY_NONE:
 * they live there still. */
static day_t left_home(const struct person *p, int64_t household, day_t from) {
  for (int i = 0; i < p->residence_count; i++) {
    const day_t since = p->residences[i].from;
    if (since == DAY_NONE || since <= from) continue;
    if (p->residences[i].household != household) return since - 1;
  }
  return DAY_NONE;
}

/* Who has moved out tells of the days on which they lived there, and of no later ones. */
static enum status check_home_left(const struct telling_read *t, const struct person *p,
                                   struct error *err) {
  const day_t last = left_home(p, t->party, t->from);
  if (last == DAY_NONE || last >= t->given->today || (t->to != DAY_NONE && t->to <= last))
    return DONE;
  return refuse_at(err, "to", FACT_HOME_LEFT, day_write(last, (char[11]){0}));
}

/* The person's surviving record, or the household in which they live on the first day. */
static enum status take_party(struct store *store, struct arena *arena, struct telling_read *t,
                              struct error *err) {
  struct person person = {0};
  if (t->given->subject) return t->party = t->given->subject->party, DONE;
  enum status status = register_surviving_person(store, arena, t->given->person, &person, err);
  if (status != DONE) return status;
  t->party = t->given->what->of_household ? person_household(&person, t->from) : person.id;
  if (!t->party) return refuse_at(err, "variable", FACT_NO_HOUSEHOLD);
  return t->given->what->of_household ? check_home_left(t, &person, err) : DONE;
}

static enum status read_telling(struct store *store, struct arena *arena, struct telling_read *t,
                                struct error *err) {
  const struct fact_telling *given = t->given;
  if (!(given->what->who & sayer_bits[given->said_as]))
    return refuse_at(err, "variable", FACT_NOT_THEIRS_TO_TELL, given->what->variable);
  if (given->evidence.size > LIMIT_EVIDENCE_BYTES)
    return refuse_at(err, "evidence", FACT_EVIDENCE_TOO_LONG, LIMIT_EVIDENCE_BYTES);
  if (given->source == FACT_EVIDENCED && !given->evidence.size)
    return refuse_at(err, "evidence", FACT_EVIDENCE_MISSING);
  enum status status = take_per(t, err);
  if (status == DONE) status = take_value(store, arena, t, err);
  if (status == DONE) status = take_days(store, t, err);
  return status == DONE ? take_party(store, arena, t, err) : status;
}

/* ---- what was told before ---- */

static bool same_sayer(const struct fact *f, const struct fact_telling *t) {
  if (f->teller || t->teller) return f->teller == t->teller;
  if (f->body || t->body) return f->body == t->body;
  return strcmp(f->said_by, t->said_by) == 0;
}

static bool same_value(const struct fact *f, const struct telling_read *t) {
  return strcmp(f->value, t->value) == 0 && f->per == t->per && f->other == t->other;
}

static bool is_same(const struct fact *f, const struct telling_read *t) {
  return f->from == t->from && same_value(f, t) && f->to == t->to;
}

/* Whether the two cannot both hold: of TELL_PEOPLE only what is said of the same person, or `none`
 * beside somebody. */
static bool competes(const struct fact *f, const struct telling_read *t) {
  if (t->given->what->kind != TELL_PEOPLE) return true;
  return f->other == t->other || !f->other || !t->other;
}

/* What has no end holds until another of the same rank begins. */
static bool overlaps(const struct fact *f, const struct telling_read *t) {
  if (f->from == t->from) return true;
  const bool told_first = f->from < t->from;
  const day_t end = told_first ? f->to : t->to, begin = told_first ? t->from : f->from;
  return end != DAY_NONE && end >= begin;
}

/* Looks at one standing fact of the same variable and rank. */
static enum status compare(const struct fact *f, const struct telling_read *t,
                           struct fact_told *out, struct error *err) {
  if (!competes(f, t)) return DONE;
  if (!same_sayer(f, t->given)) {
    if (overlaps(f, t) && !same_value(f, t)) out->differs = f->id;
    return DONE;
  }
  if (is_same(f, t)) {
    out->same = true;
    out->id = f->id;
  } else if (f->from == t->from && t->given->what->kind != TELL_PEOPLE) out->corrects = f->id;
  else if (f->from == t->from && f->other == t->other) out->corrects = f->id;
  else if (f->from > t->from && t->to == DAY_NONE && t->given->what->kind != TELL_PEOPLE)
    return refuse_at(err, "to", FACT_END_MISSING, day_write(f->from, (char[11]){0}));
  return DONE;
}

/* Of TELL_PEOPLE `none` stands beside who is named later, and counts no more: told again it is
 * news. */
static bool is_overtaken(const struct facts *facts, const struct telling_read *t, int64_t id) {
  for (int i = 0; i < facts->count; i++) {
    const struct fact *f = &facts->all[i];
    if (f->id > id && fact_stands(f) && f->source == t->given->source && same_sayer(f, t->given) &&
        competes(f, t) && f->other != t->other)
      return true;
  }
  return false;
}

static enum status look_back(struct store *store, const struct telling_read *t,
                             struct fact_told *out, struct error *err) {
  struct arena *arena = arena_new();
  struct facts facts = {0};
  enum status status = fact_rows_of_variable(store, arena, t->party, t->given->what->variable,
                                             &facts, err);
  for (int i = 0; status == DONE && !out->same && i < facts.count; i++) {
    const struct fact *f = &facts.all[i];
    const bool counts = fact_stands(f) && f->source == t->given->source;
    if (counts && (f->id != t->corrects || is_same(f, t))) status = compare(f, t, out, err);
    if (out->same && is_overtaken(&facts, t, out->id)) out->same = false, out->id = 0;
  }
  if (out->same) out->differs = 0; /* it differed when it was told, and not anew */
  arena_free(arena);
  return status;
}

static enum status write_told(struct store *store, const struct telling_read *t, int64_t id,
                              int64_t supersedes, struct error *err) {
  const struct fact_telling *given = t->given;
  char now[21];
  const struct fact row = {.party = t->party,
                           .id = id,
                           .variable = given->what->variable,
                           .value = t->value,
                           .per = t->per,
                           .other = t->other,
                           .from = t->from,
                           .to = t->to,
                           .said_by = given->said_by,
                           .said_as = given->said_as,
                           .teller = given->teller,
                           .body = given->body,
                           .source = given->source,
                           .review_by = t->review_by,
                           .said_at = clock_write_now(now),
                           .supersedes = supersedes};
  return fact_row_insert(store, &row, given->evidence, err);
}

/* A row that is changed for each fact of a transaction grows slow (PostgreSQL: 100,000 facts in 307
 * seconds one by one). */
static enum status take_number_of(struct store *store, struct fact_numbers *numbers, int64_t *id,
                                  struct error *err) {
  enum { AT_A_TIME = 1000 };
  if (!numbers) return counter_next(store, "fact", id, err);
  enum status status = DONE;
  if (!numbers->left) status = counter_take(store, "fact", AT_A_TIME, &numbers->next, err);
  if (status != DONE) return status;
  if (!numbers->left) numbers->left = AT_A_TIME;
  numbers->left--;
  *id = numbers->next++;
  return DONE;
}

/* The number is taken first: whoever tells at the same time waits for it, and then sees this. */
enum status fact_tell(struct store *store, struct arena *arena, const struct fact_telling *telling,
                      struct fact_told *out, struct error *err) {
  struct telling_read t = {.given = telling};
  int64_t id = 0;
  *out = (struct fact_told){0};
  enum status status = read_telling(store, arena, &t, err);
  if (status == DONE) status = take_number_of(store, telling->numbers, &id, err);
  out->party = t.party;
  if (status == DONE) status = look_back(store, &t, out, err);
  if (status != DONE || out->same) return status;
  out->id = id;
  return write_told(store, &t, id, out->corrects, err);
}

/* ---- changing ---- */

enum status fact_find(struct store *store, struct arena *arena, int64_t person, int64_t id,
                      struct fact *out, struct error *err) {
  struct facts facts = {0};
  enum status status = facts_of_person(store, arena, person, day_today(), &facts, err);
  for (int i = 0; status == DONE && i < facts.count; i++)
    if (facts.all[i].id == id) return *out = facts.all[i], DONE;
  return status == DONE ? refuse_at(err, "fact", FACT_UNKNOWN, (long long)id) : status;
}

enum status fact_may_change(struct store *store, const struct fact *fact,
                            const struct fact_changer *by, struct error *err) {
  if (fact->source == FACT_DECISION || fact->said_as == FACT_BY_BODY)
    return refuse_at(err, "fact", FACT_OF_A_BODY, (long long)fact->id);
  const bool theirs = by->as == FACT_BY_SELF || by->as == FACT_BY_HELPER;
  const bool told_by_them = fact->said_as == FACT_BY_SELF || fact->said_as == FACT_BY_HELPER;
  bool may = by->as == FACT_BY_OPERATOR ||
             (by->as == FACT_BY_OFFICER && fact->said_as == FACT_BY_OFFICER &&
              fact->body == by->body);
  enum status status = DONE;
  if (theirs && told_by_them && by->teller)
    status = register_same_person(store, fact->teller, by->teller, &may, err);
  if (status == DONE && theirs && told_by_them && fact->party == by->teller)
    may = true; /* a parent told it of them when they were a child */
  if (status != DONE || may) return status;
  return refuse_at(err, "fact", FACT_OF_ANOTHER_SAYER, (long long)fact->id);
}

static enum status check_standing(const struct fact *fact, struct error *err) {
  if (!fact->value) return refuse_at(err, "fact", FACT_IS_WITHDRAWAL, (long long)fact->id);
  return fact->superseded_by ? refuse_at(err, "fact", FACT_SUPERSEDED, (long long)fact->id,
                                         (long long)fact->superseded_by)
                             : DONE;
}

/* The row as it is once the number is taken, so that of two who change it one is refused. */
static enum status take_change(struct store *store, const struct fact *fact, int64_t *id,
                               struct error *err) {
  int64_t by = 0;
  enum status status = counter_next(store, "fact", id, err);
  if (status == DONE) status = fact_row_superseded(store, fact->party, fact->id, &by, err);
  struct fact now = *fact;
  now.superseded_by = by;
  return status == DONE ? check_standing(&now, err) : status;
}

/* An answer that the same teller changed from a later day on holds up to the day before. */
static enum status end_before_later(struct store *store, struct telling_read *t,
                                    struct error *err) {
  struct arena *arena = arena_new();
  struct facts facts = {0};
  enum status status = fact_rows_of_variable(store, arena, t->party, t->given->what->variable,
                                             &facts, err);
  for (int i = 0; status == DONE && t->given->what->kind != TELL_PEOPLE && i < facts.count; i++) {
    const struct fact *f = &facts.all[i];
    if (fact_stands(f) && f->source == t->given->source && f->id != t->corrects &&
        same_sayer(f, t->given) && f->from > t->from && (t->to == DAY_NONE || f->from <= t->to))
      t->to = f->from - 1;
  }
  arena_free(arena);
  return status;
}

/* Another value from a later day on is what changed then: what holds of the days before stays. The
 * same value from a later day on corrects the day. */
static bool is_change(const struct fact *fact, const struct telling_read *t) {
  return t->from > fact->from && (fact->to == DAY_NONE || t->from <= fact->to) &&
         t->given->what->kind != TELL_PEOPLE && !same_value(fact, t);
}

enum status fact_correct(struct store *store, struct arena *arena, const struct fact *fact,
                         const struct fact_telling *telling, struct fact_told *out,
                         struct error *err) {
  struct fact_telling given = *telling;
  struct telling_read t = {.given = &given};
  int64_t id = 0;
  if (given.from == DAY_NONE) given.from = fact->from;
  if (given.to == DAY_NONE && (fact->to == DAY_NONE || given.from <= fact->to)) given.to = fact->to;
  *out = (struct fact_told){.corrects = fact->id};
  enum status status = read_telling(store, arena, &t, err);
  if (status == DONE && given.what->of_household && given.from < fact->from &&
      t.party != fact->party)
    return refuse_at(err, "from", FACT_OF_ANOTHER_HOME);
  t.party = fact->party;
  out->party = fact->party;
  struct fact_told seen = {0};
  if (status == DONE && !is_change(fact, &t)) t.corrects = fact->id;
  if (status == DONE) status = take_change(store, fact, &id, err);
  if (status == DONE && telling->to == DAY_NONE) status = end_before_later(store, &t, err);
  if (status == DONE) status = look_back(store, &t, &seen, err);
  if (status != DONE) return status;
  if (seen.same) return *out = (struct fact_told){fact->party, seen.id, .same = true}, DONE;
  out->corrects = t.corrects ? t.corrects : seen.corrects;
  out->id = id;
  out->differs = seen.differs;
  return write_told(store, &t, id, out->corrects, err);
}

enum status fact_withdraw(struct store *store, const struct fact *fact,
                          const struct fact_telling *telling, int64_t *id, struct error *err) {
  char now[21];
  enum status status = take_change(store, fact, id, err);
  if (status != DONE) return status;
  const struct fact row = {.party = fact->party,
                           .id = *id,
                           .variable = fact->variable,
                           .other = 0,
                           .from = fact->from,
                           .to = fact->to,
                           .said_by = telling->said_by,
                           .said_as = telling->said_as,
                           .teller = telling->teller,
                           .body = telling->body,
                           .source = fact->source,
                           .review_by = DAY_NONE,
                           .said_at = clock_write_now(now),
                           .supersedes = fact->id};
  return fact_row_insert(store, &row, telling->evidence, err);
}
