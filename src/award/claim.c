/* Opening a claim, and what its decision does. */
#include "award/assessed.h"
#include "award/claim_pack.h"
#include "award/claim_parts.h"

#include "base/money.h"
#include "base/refusal.h"
#include "register/names.h"
#include "register/register.h"

enum { KEPT_MOST = 8 };

/* ---- reading one ---- */

static bool has_handler(const struct case_file *file, const char *handler) {
  return file->kind && strcmp(file->kind->handler, handler) == 0;
}
bool claim_is(const struct case_file *file) { return has_handler(file, CLAIM_HANDLER); }
bool claim_is_dispute(const struct case_file *file) { return has_handler(file, DISPUTE_HANDLER); }

const struct pack_entitlement *claim_of(const struct pack *pack, const struct case_file *file) {
  return pack_find_entitlement(pack, case_fact_given(file->facts, file->fact_count, "variable"));
}

enum status claims_waiting(struct store *store, struct arena *arena, const struct pack *pack,
                           int64_t person, day_t today, struct case_file **out, int *count,
                           struct error *err) {
  static const struct case_handler *const none[] = {NULL};
  const struct case_desk desk = {.pack = pack, .handlers = none, .today = today};
  const struct case_filter filter = {.which = CASES_WAITING, .most = CASES_PAGE_MOST};
  int64_t *records = NULL, total = 0;
  int record_count = 0, all = 0;
  *count = 0;
  enum status status = register_records(store, arena, person, &records, &record_count, err);
  if (status == DONE)
    status = cases_of(store, arena, &desk, records, record_count, &filter, out, &all, &total, err);
  for (int i = 0; status == DONE && i < all; i++)
    if (claim_is(&(*out)[i])) (*out)[(*count)++] = (*out)[i];
  return status;
}

const struct case_file *claim_among(const struct pack *pack, const struct case_file *all, int count,
                                    const struct pack_entitlement *what) {
  for (int i = 0; i < count; i++)
    if (claim_of(pack, &all[i]) == what) return &all[i];
  return NULL;
}

int64_t claim_award(const struct case_file *file) {
  const size_t size = sizeof AWARD_RESULT - 1;
  int64_t number = 0;
  struct error none = {0};
  if (!file->result || strncmp(file->result, AWARD_RESULT, size) != 0) return 0;
  return integer_parse(span_of(file->result + size), &number, &none) == DONE ? number : 0;
}

struct award_call claim_call(const struct case_call *call) {
  return (struct award_call){.store = call->store,
                             .arena = call->arena,
                             .pack = call->desk->pack,
                             .desk = call->desk,
                             .who = call->actor->who,
                             .today = call->desk->today,
                             .rules = call->desk->rules};
}

enum status claim_row(struct store *store, const struct pack *pack, int64_t person,
                      struct span variable, day_t on, const struct pack_claim **out,
                      struct error *err) {
  char quoted[SPAN_QUOTE_SIZE], day[11];
  day_t born, died;
  const struct pack_entitlement *what = pack_find_entitlement(pack, variable);
  *out = NULL;
  if (!what) return refuse_at(err, "variable", CLAIM_UNKNOWN, span_quote(variable, quoted));
  if (register_life(store, person, &born, &died, err) != DONE) return err->code;
  if (died != DAY_NONE) return refuse_at(err, "variable", CLAIM_OF_THE_DEAD, day_write(died, day));
  *out = pack_find_claim(pack, what, born, on);
  return *out ? DONE : refuse_at(err, "variable", CLAIM_NOT_HERE, what->name[ENGLISH]);
}

const struct pack_claim *claim_row_of(const struct pack *pack, const struct case_file *file) {
  const struct pack_entitlement *what = claim_of(pack, file);
  for (int i = 0; what && file->kind && i < pack->claim_count; i++)
    if (pack->claims[i].what == what && strcmp(pack->claims[i].kind, file->kind->code) == 0)
      return &pack->claims[i];
  return NULL;
}

/* ---- opening ---- */

struct opening_claim {
  struct case_call *call;
  struct case_opening *opening;
  const struct pack_claim *row;
  day_t from;
  struct case_fact kept[KEPT_MOST];
  int kept_count;
};

static void keep(struct opening_claim *c, const char *name, struct span value) {
  if (value.size) c->kept[c->kept_count++] = (struct case_fact){name, value};
}

static struct span pounds(struct arena *arena, int64_t pence) {
  struct text t = {0};
  text_add_money(&t, pence);
  struct span out = span_of(arena_string(arena, t.bytes));
  text_release(&t);
  return out;
}

/* The earliest day that lies no more months before today. */
static day_t first_of(day_t today, int months) {
  enum { DAYS_A_MONTH_MOST = 31 };
  day_t day = today - months * DAYS_A_MONTH_MOST;
  while (day_months_after(day, months) < today) day++;
  return day;
}

/* The first day: today unless one is named; not ahead of today, and no further back than the law
 * goes. Past what it gives to everybody it asks for a reason. */
static enum status take_from(struct opening_claim *c, struct error *err) {
  const struct span given = case_fact_given(c->opening->facts, c->opening->fact_count, "from");
  const day_t today = c->call->desk->today;
  const char *name = c->row->what->name[ENGLISH];
  char day[11];
  c->from = today;
  if (given.size && day_parse(given, &c->from, err) != DONE) return error_at(err, NULL, 0, "from");
  if (c->from > today) return refuse_at(err, "from", CLAIM_AHEAD);
  if (c->from == today || day_months_after(c->from, c->row->back_months) >= today) return DONE;
  if (!c->row->back_reason_months)
    return refuse_at(err, "from", CLAIM_FROM_TODAY, name, c->row->source);
  if (day_months_after(c->from, c->row->back_reason_months) < today)
    return refuse_at(err, "from", CLAIM_TOO_FAR_BACK, name,
                     day_write(first_of(today, c->row->back_reason_months), day), c->row->source);
  return span_trim(c->opening->reason).size
             ? DONE
             : refuse_at(err, "reason", CLAIM_BACK_REASON, name, c->row->source);
}

/* What is paid to them already from that day is no claim. */
static enum status check_not_awarded(const struct opening_claim *c, struct error *err) {
  struct awards awards = {0};
  enum status status = awards_of_person(c->call->store, c->call->arena, c->opening->party, &awards,
                                        err);
  for (int i = 0; status == DONE && i < awards.count; i++) {
    const struct award *a = &awards.all[i];
    if (award_runs(a, c->call->desk->today, DAY_NONE) &&
        strcmp(a->variable, c->row->what->variable) == 0)
      return refuse_at(err, "variable", CLAIM_AWARDED, (long long)a->award);
  }
  return status;
}

/* One waits whatever its kind: somebody who turned 66 meanwhile may fall under another row. */
static enum status check_once(const struct opening_claim *c, struct error *err) {
  const struct case_filter filter = {.which = CASES_WAITING,
                                     .subject = c->opening->subject,
                                     .most = 1};
  int64_t *records = NULL, total = 0;
  struct case_file *files = NULL;
  int record_count = 0, count = 0;
  const struct case_call *call = c->call;
  enum status status = register_records(call->store, call->arena, c->opening->party, &records,
                                        &record_count, err);
  if (status == DONE)
    status = cases_of(call->store, call->arena, call->desk, records, record_count, &filter, &files,
                      &count, &total, err);
  return status == DONE && total ? refuse_at(err, "variable", CASE_WAITS_ALREADY) : status;
}

/* One of a family claims what is the family's. */
static enum status check_family(const struct opening_claim *c, struct error *err) {
  const struct award_call call = claim_call(c->call);
  int64_t *others = NULL;
  int count = 0;
  enum status status = award_family(&call, c->opening->party, c->row->what, call.today, &others,
                                    &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    struct case_opening of_other = *c->opening;
    struct opening_claim other = *c;
    struct error why = {0};
    of_other.party = others[i];
    other.opening = &of_other;
    status = check_once(&other, &why);
    if (status == DONE) status = check_not_awarded(&other, &why);
    if (status == REFUSED)
      return refuse_at(err, "variable", AWARD_OF_FAMILY, c->row->what->name[ENGLISH]);
    if (status != DONE) *err = why;
  }
  return status;
}

/* A claim of public funds can cost somebody their leave to stay. Where it is not known whether they
 * have recourse to them, an officer or the operator may have seen it; nobody else is led to it. */
static enum status check_funds(const struct opening_claim *c, const struct award_assessed *a,
                               struct error *err) {
  const struct case_actor *actor = c->call->actor;
  const bool own = actor->person && !actor->body_count;
  const char *name = c->row->what->name[ENGLISH];
  if (!c->row->pays) return DONE; /* a service, which is no public fund */
  if (a->is_without_funds) return refuse_at(err, "variable", CLAIM_WITHOUT_FUNDS, name);
  if (!a->is_without_funds_unsure || !own) return DONE;
  return refuse_at(err, "variable", CLAIM_FUNDS_UNKNOWN, name, day_write(c->from, (char[11]){0}));
}

static const char *const figure_words[CLAIM_FIGURES] = {"assessed", "at-least", "at-most",
                                                        "rules-per"};

/* What an assessment came to, as facts of a claim. */
static void write_figures(struct arena *arena, const struct award_assessed *a,
                          const struct pack_entitlement *what, struct span *out) {
  for (int i = 0; i < CLAIM_FIGURES; i++) out[i] = span_of("");
  if (a->known == AWARD_OPEN) return;
  out[a->known == AWARD_EXACT ? 0 : 1] = pounds(arena, a->low);
  if (a->known == AWARD_RANGE) out[2] = pounds(arena, a->high);
  out[3] = span_of(tell_per_word(what->per));
}

int claim_figure(const char *word) {
  for (int i = 0; i < CLAIM_FIGURES; i++)
    if (strcmp(word, figure_words[i]) == 0) return i;
  return CLAIM_FIGURES;
}

enum status claim_assess_all(const struct award_call *call, const struct case_file *file,
                             struct award_assessed *out, struct span *figures, struct error *err) {
  const struct pack_entitlement *what = claim_of(call->pack, file);
  const char *day = case_fact(file, "from");
  day_t from = call->today;
  int64_t person = 0;
  *out = (struct award_assessed){0};
  for (int i = 0; i < CLAIM_FIGURES; i++) figures[i] = span_of("");
  if (!what || (day && day_parse(span_of(day), &from, NULL) != DONE)) return DONE;
  enum status status = register_survivor(call->store, file->party, &person, err);
  if (status == DONE) status = award_assess(call, person, what, from, out, err);
  if (status == DONE) write_figures(call->arena, out, what, figures);
  return status;
}

enum status claim_basis_of(struct store *store, struct arena *arena, const struct case_file *file,
                           struct claim_basis *out, struct error *err) {
  const int64_t number = claim_award(file);
  struct awards rows = {0};
  const struct span kept = case_fact_given(file->facts, file->fact_count, DECISION_VERSIONS);
  const char *day = case_fact(file, kept.size ? DECISION_ON : "from");
  *out = (struct claim_basis){
      .is_kept = kept.size > 0,
      .facts = case_fact_given(file->facts, file->fact_count,
                               kept.size ? DECISION_FACTS : CLAIM_FACTS),
      .versions = kept.size ? kept : case_fact_given(file->facts, file->fact_count, CLAIM_VERSIONS),
      .on = DAY_NONE};
  if (day && day_parse(span_of(day), &out->on, NULL) != DONE) out->on = DAY_NONE;
  if (out->is_kept) return DONE;
  out->is_kept = out->versions.size > 0; /* a claim that was made here, with facts or without */
  enum status status = number ? awards_of_person(store, arena, file->party, &rows, err) : DONE;
  for (int i = 0; status == DONE && i < rows.count; i++) {
    const struct award *a = &rows.all[i];
    if (a->id != number || !a->facts || !a->versions) continue;
    out->is_kept = true;
    out->facts = span_of(a->facts);
    out->versions = span_of(a->versions);
  }
  return status;
}

/* The claimant reads the claim, so it keeps the assessment as they may learn it. Whoever claims for
 * them in an office is held back too by what the rest of the home told. */
static enum status keep_assessed(struct opening_claim *c, struct error *err) {
  const struct award_call award = claim_call(c->call);
  const struct case_actor *actor = c->call->actor;
  struct award_call shown = award;
  struct arena *arena = c->call->arena;
  struct award_assessed assessed = {0}, all = {0};
  struct span versions, figures[CLAIM_FIGURES];
  shown.as_person = true;
  enum status status = award_assess(&shown, c->opening->party, c->row->what, c->from, &assessed,
                                    err);
  if (status == DONE) status = award_versions(&award, &versions, err);
  if (status == DONE) status = check_funds(c, &assessed, err);
  if (status == DONE && (!actor->person || actor->body_count)) {
    status = award_assess(&award, c->opening->party, c->row->what, c->from, &all, err);
    if (status == DONE) status = check_funds(c, &all, err);
  }
  if (status != DONE) return status;
  keep(c, "from", span_of(arena_string(arena, day_write(c->from, (char[11]){0}))));
  write_figures(arena, &assessed, c->row->what, figures);
  for (int i = 0; i < CLAIM_FIGURES; i++) keep(c, figure_words[i], figures[i]);
  keep(c, CLAIM_FACTS, assessed.facts);
  keep(c, CLAIM_VERSIONS, versions);
  return DONE;
}

/* Whose decision it is: the body that is named has the duty, or is the one that pays it. */
static enum status take_body(struct opening_claim *c, struct error *err) {
  struct case_opening *o = c->opening;
  const struct case_call *call = c->call;
  int64_t body = 0;
  if (o->to_body)
    return award_check_body(call->store, call->arena, call->desk->pack, o->to_body, c->row->what,
                            err);
  enum status status = claim_body(call->store, call->arena, call->desk->pack, o->party,
                                  c->row->what, call->desk->today, &body, err);
  o->to_body = body;
  return status;
}

static enum status open_claim(struct case_call *call, struct case_opening *opening,
                              struct error *err) {
  struct opening_claim *c = arena_array(call->arena, struct opening_claim, 1);
  const struct case_desk *desk = call->desk;
  *c = (struct opening_claim){.call = call, .opening = opening};
  const struct span variable = case_fact_given(opening->facts, opening->fact_count, "variable");
  enum status status = claim_row(call->store, desk->pack, opening->party, variable, desk->today,
                                 &c->row, err);
  if (status != DONE) return status;
  if (strcmp(c->row->kind, opening->kind) != 0)
    return refuse_at(err, "variable", CLAIM_OF_KIND, c->row->what->name[ENGLISH], c->row->kind);
  opening->subject = arena_printf(call->arena, CLAIM_SUBJECT "%s", c->row->what->variable);
  status = take_from(c, err);
  if (status == DONE) status = check_once(c, err);
  if (status == DONE) status = check_not_awarded(c, err);
  if (status == DONE) status = check_family(c, err);
  if (status == DONE) status = take_body(c, err);
  if (status == DONE) status = keep_assessed(c, err);
  const day_t due = case_deadline_of(desk->pack, c->row->answer, desk->today);
  if (due != DAY_NONE) opening->due = due;
  opening->kept = c->kept;
  opening->kept_count = c->kept_count;
  return status;
}

/* What another body needs to know of it goes along. */
static enum status opened_claim(struct case_call *call, const struct case_file *file,
                                struct error *err) {
  const struct award_call award = claim_call(call);
  const struct pack_claim *row = NULL;
  enum status status = claim_row(call->store, call->desk->pack, file->party,
                                 case_fact_given(file->facts, file->fact_count, "variable"),
                                 call->desk->today, &row, err);
  return status == DONE && row->elsewhere ? claim_pack_attach(&award, file, row, err) : status;
}

/* ---- deciding ---- */

static bool is_move(const struct pack_case_move *move, const char *word) {
  return strcmp(move->word, word) == 0;
}

/* Another amount than the rules come to needs a reason; where they come to none it is said how the
 * amount was found. */
enum status claim_take_amount(const struct claim_decision *d, int64_t *pence, struct span *facts,
                              struct error *err) {
  const struct case_motion *motion = d->motion;
  const struct span given = case_fact_given(motion->facts, motion->fact_count, "amount");
  struct award_assessed assessed;
  if (!given.size)
    return award_take_assessed(&d->call, d->person, d->what, d->from, d->per, pence, facts, err);
  if (money_parse(given, pence, err) != DONE) return error_at(err, NULL, 0, "amount");
  if (award_assess(&d->call, d->person, d->what, d->from, &assessed, err) != DONE) return err->code;
  *facts = assessed.facts;
  const bool same = assessed.known == AWARD_EXACT &&
                    *pence == award_in_period(assessed.low, d->what->per, d->per);
  return same || motion->words.size ? DONE : refuse_at(err, "words", CLAIM_AMOUNT_REASON);
}

static struct span given_or(const struct case_motion *motion, const char *name,
                            struct span otherwise) {
  const struct span given = case_fact_given(motion->facts, motion->fact_count, name);
  return given.size ? given : otherwise;
}

/* The earliest day to which a claim of that day goes back, with a reason where the law asks one.
 * DAY_NONE: it is not known. */
static day_t limit_of(const struct pack_claim *row, day_t claimed_on) {
  if (!row || claimed_on == DAY_NONE) return DAY_NONE;
  return first_of(claimed_on, row->back_months > row->back_reason_months ? row->back_months
                                                                         : row->back_reason_months);
}

enum status claim_check_first(const struct claim_decision *d, const struct case_file *file,
                              struct error *err) {
  const char *claimed = case_fact(file, "from");
  char written[11];
  day_t first = DAY_NONE;
  if (claimed && day_parse(span_of(claimed), &first, NULL) == DONE && d->from < first &&
      claim_is(file))
    return refuse_at(err, "award-from", AWARD_BEFORE_CLAIM, day_write(first, written));
  const day_t limit = limit_of(d->row, d->claimed_on);
  return d->row && limit != DAY_NONE && d->from < limit && (first == DAY_NONE || d->from < first)
             ? refuse_at(err, "change-from", AWARD_BEFORE_LAW, day_write(limit, written),
                         d->row->source)
             : DONE;
}

void claim_keep_basis(const struct claim_decision *d, struct span facts, struct span versions,
                      struct case_file *file) {
  enum { KEPT = 3 };
  struct case_fact *kept = arena_array(d->call.arena, struct case_fact, KEPT);
  char day[11];
  kept[0] = (struct case_fact){DECISION_FACTS, facts};
  kept[1] = (struct case_fact){DECISION_VERSIONS, versions};
  kept[2] = (struct case_fact){DECISION_ON,
                               span_of(arena_string(d->call.arena, day_write(d->from, day)))};
  file->kept = kept;
  file->kept_count = KEPT;
}

enum status claim_keep_facts(const struct claim_decision *d, struct case_file *file,
                             struct error *err) {
  struct award_assessed assessed = {0};
  struct span versions = span_of("");
  enum status status = award_assess(&d->call, d->person, d->what, d->from, &assessed, err);
  if (status == REFUSED) { /* they have died, or nobody answers for the child: still decided */
    *err = (struct error){0};
    return DONE;
  }
  if (status == DONE) status = award_versions(&d->call, &versions, err);
  if (status == DONE) claim_keep_basis(d, assessed.facts, versions, file);
  return status;
}

day_t claim_first_day(const struct claim_decision *d, const struct case_file *file) {
  const char *claimed = case_fact(file, "from");
  day_t first = DAY_NONE;
  return claimed && day_parse(span_of(claimed), &first, NULL) == DONE ? first : d->call.today;
}

enum status claim_make_award(struct claim_decision *d, struct case_file *file, struct error *err) {
  const struct span from = given_or(d->motion, "award-from",
                                    case_fact_given(file->facts, file->fact_count, "from"));
  const struct span none = span_of("");
  struct span rests = none, versions = none;
  int64_t pence = 0, number = 0;
  if (day_parse(from, &d->from, err) != DONE) return error_at(err, NULL, 0, "award-from");
  d->per = tell_per_of(given_or(d->motion, "per", none));
  enum status status = claim_check_first(d, file, err);
  if (status == DONE) status = claim_take_amount(d, &pence, &rests, err);
  if (status == DONE) status = award_versions(&d->call, &versions, err);
  if (status != DONE) return status;
  const struct case_fact facts[] = {{"variable", span_of(d->what->variable)},
                                    {"amount", pounds(d->call.arena, pence)},
                                    {"per", given_or(d->motion, "per", none)},
                                    {"from", from},
                                    {"to", given_or(d->motion, "to", none)},
                                    {"pay", given_or(d->motion, "pay", none)},
                                    {CLAIM_FACTS, rests},
                                    {CLAIM_VERSIONS, versions}};
  struct case_file claim = *file;
  claim.facts = facts;
  claim.fact_count = sizeof facts / sizeof *facts;
  status = award_of_claim(&d->call, &claim, &number, err);
  if (status == REFUSED && strcmp(err->column, "from") == 0)
    snprintf(err->column, sizeof err->column, "award-from");
  if (status != DONE) return status;
  file->result = arena_printf(d->call.arena, AWARD_RESULT "%lld", (long long)number);
  claim_keep_basis(d, rests, versions, file);
  return DONE;
}

enum status claim_decision(struct case_call *call, const struct case_file *file,
                           const struct case_motion *motion, struct claim_decision *out,
                           struct error *err) {
  *out = (struct claim_decision){.call = claim_call(call),
                                 .motion = motion,
                                 .person = file->party,
                                 .what = claim_of(call->desk->pack, file)};
  if (!out->what) return refuse(err, CLAIM_UNKNOWN, case_fact(file, "variable"));
  return register_survivor(call->store, file->party, &out->person, err);
}

/* An award that came from elsewhere: the last one of the thing. */
static enum status take_latest(struct case_call *call, struct case_file *file, struct error *err) {
  const struct pack_entitlement *what = claim_of(call->desk->pack, file);
  struct awards rows = {0};
  enum status status = awards_of_person(call->store, call->arena, file->party, &rows, err);
  for (int i = 0; status == DONE && what && i < rows.count; i++)
    if (award_stands(&rows.all[i]) && strcmp(rows.all[i].variable, what->variable) == 0)
      file->result = arena_printf(call->arena, AWARD_RESULT "%lld", (long long)rows.all[i].award);
  return status;
}

static enum status move_claim(struct case_call *call, struct case_file *file,
                              const struct pack_case_move *move, const struct case_motion *motion,
                              struct error *err) {
  struct claim_decision d;
  const bool awards = is_move(move, "award");
  if (is_move(move, CLAIM_MOVE_AWARDED)) return take_latest(call, file, err);
  if (!awards && !is_move(move, "refuse")) return DONE;
  enum status status = claim_decision(call, file, motion, &d, err);
  if (status == REFUSED && !awards) return *err = (struct error){0}, DONE;
  if (status != DONE) return status;
  d.row = claim_row_of(call->desk->pack, file);
  d.claimed_on = clock_day_of(span_of(file->opened_at));
  if (awards && (!d.row || d.row->pays)) return claim_make_award(&d, file, err);
  d.from = claim_first_day(&d, file);
  return claim_keep_facts(&d, file, err);
}

static const char *const claim_moves[] = {"award", "refuse", NULL};
const struct case_handler award_claim_handler = {.word = CLAIM_HANDLER,
                                                 .moves = claim_moves,
                                                 .open = open_claim,
                                                 .opened = opened_claim,
                                                 .move = move_claim};
