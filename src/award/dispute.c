/* What can be done against a decision, and what a dispute changes. */
#include "award/claim_parts.h"

#include "base/money.h"
#include "base/refusal.h"
#include "case/subject.h"
#include "register/names.h"
#include "register/register.h"

/* ---- the steps ---- */

static day_t decided_on(const struct case_file *file) {
  const char *elsewhere = case_fact(file, CLAIM_DECIDED);
  day_t day = DAY_NONE;
  if (elsewhere && day_parse(span_of(elsewhere), &day, NULL) == DONE) return day;
  return file->decided_at ? clock_day_of(span_of(file->decided_at)) : DAY_NONE;
}

bool claim_day_is_unknown(const struct pack *pack, const struct case_file *file) {
  const struct pack_claim *row = claim_is(file) ? claim_row_of(pack, file) : NULL;
  /* nobody decided it here: it was imported, or whoever claimed it says that it was answered */
  const bool came = !file->decider || file->decider == file->opener || file->decider == file->party;
  return row && row->elsewhere && came && !case_fact(file, CLAIM_DECIDED);
}

static bool is_decided(const struct case_file *file) {
  return !file->waits && file->decided_at && strcmp(file->state_word, "withdrawn") != 0;
}

/* A claim's decision is met by step 1; a dispute's by the steps that stand behind the one that it
 * was. */
enum status claim_steps(struct store *store, struct arena *arena, const struct pack *pack,
                        const struct case_file *file, struct claim_step *out, int *count,
                        struct error *err) {
  const struct pack_dispute *rows[CLAIM_STEPS_MOST];
  const struct pack_entitlement *what = claim_of(pack, file);
  const bool is_dispute = claim_is_dispute(file);
  int division = DIVISION_ALL;
  *count = 0;
  if (!what || (!claim_is(file) && !is_dispute) || !is_decided(file)) return DONE;
  const day_t day = decided_on(file);
  enum status status = claim_division(store, arena, file->party, file->to_body, day, &division,
                                      err);
  if (status != DONE) return status;
  const int all = pack_disputes_of(pack, what, division, rows, CLAIM_STEPS_MOST);
  for (int i = 0; i < all; i++) {
    const bool is_next = is_dispute ? rows[i]->step > 1 : rows[i]->step == 1;
    if (!is_next) continue;
    out[*count] = (struct claim_step){rows[i], DAY_NONE, DAY_NONE};
    if (!claim_day_is_unknown(pack, file)) {
      out[*count].last = case_deadline_of(pack, rows[i]->within, day);
      out[*count].last_late = case_deadline_of(pack, rows[i]->late, day);
    }
    ++*count;
  }
  return DONE;
}

/* ---- opening ---- */

/* The decided claim that is disputed, of the same person, which the actor may read. */
static enum status find_claim(struct case_call *call, const struct case_opening *opening,
                              struct case_file *out, struct error *err) {
  const struct subject subject = subject_read(opening->subject);
  struct error none = {0};
  bool same = false;
  if (subject.kind != SUBJECT_CASE) return refuse_at(err, "subject", DISPUTE_OF_NOTHING);
  enum status status = case_one(call->store, call->arena, call->desk, call->actor, subject.number,
                                out, &none);
  if (status == FAILED) *err = none;
  if (status == FAILED) return FAILED;
  if (status == DONE)
    status = register_same_person(call->store, out->party, opening->party, &same, err);
  if (status == FAILED) return FAILED;
  return status == DONE && same && claim_is(out) && is_decided(out)
             ? DONE
             : refuse_at(err, "subject", DISPUTE_OF_NOTHING);
}

/* In time, or late with the reason that is asked of everybody. */
static enum status check_time(struct case_call *call, const struct claim_step *step,
                              struct case_fact *kept, int *kept_count, struct error *err) {
  const day_t today = call->desk->today;
  char day[11];
  if (step->last == DAY_NONE || today <= step->last) return DONE;
  if (step->last_late == DAY_NONE || today > step->last_late)
    return refuse_at(err, "subject", DISPUTE_TOO_LATE,
                     day_write(step->last_late != DAY_NONE && step->last_late > step->last
                                   ? step->last_late
                                   : step->last,
                               day));
  kept[(*kept_count)++] =
      (struct case_fact){"late", span_of(arena_string(call->arena, day_write(step->last, day)))};
  return DONE;
}

static enum status open_dispute(struct case_call *call, struct case_opening *opening,
                                struct error *err) {
  enum { KEPT_MOST = 2 };
  struct case_file claim;
  struct claim_step steps[CLAIM_STEPS_MOST];
  const struct claim_step *step = NULL;
  int count = 0;
  struct case_fact *kept = arena_array(call->arena, struct case_fact, KEPT_MOST);
  enum status status = find_claim(call, opening, &claim, err);
  if (status == DONE)
    status = claim_steps(call->store, call->arena, call->desk->pack, &claim, steps, &count, err);
  for (int i = 0; status == DONE && i < count && !step; i++)
    if (steps[i].row->kind && strcmp(steps[i].row->kind, opening->kind) == 0) step = &steps[i];
  if (status != DONE) return status;
  if (!step) return refuse_at(err, "subject", DISPUTE_ELSEWHERE);
  kept[opening->kept_count++] =
      (struct case_fact){"variable", case_fact_given(claim.facts, claim.fact_count, "variable")};
  opening->kept = kept;
  opening->to_body = claim.to_body;
  return check_time(call, step, kept, &opening->kept_count, err);
}

/* ---- deciding ---- */

/* The claim, by its number: who decides the dispute may not be among those who could read it. */
static enum status claim_of_dispute(struct case_call *call, const struct case_file *file,
                                    struct case_file *out, struct error *err) {
  static const struct case_actor program = {.who = "program"};
  return case_one(call->store, call->arena, call->desk, &program,
                  subject_read(file->subject).number, out, err);
}

/* What a decision comes to from d->from on, and what it rests on. */
struct decided_amount {
  int64_t pence;
  struct span rests, versions;
};

static enum status take_decided(const struct claim_decision *d, struct decided_amount *out,
                                struct error *err) {
  *out = (struct decided_amount){0, span_of(""), span_of("")};
  enum status status = claim_take_amount(d, &out->pence, &out->rests, err);
  return status == DONE ? award_versions(&d->call, &out->versions, err) : status;
}

/* The row with which what stands of the award begins. */
static enum status first_row(const struct claim_decision *d, int64_t number, struct award *out,
                             struct error *err) {
  struct awards rows = {0};
  enum status status = awards_of_person(d->call.store, d->call.arena, d->person, &rows, err);
  for (int i = 0; status == DONE && i < rows.count; i++)
    if (rows.all[i].award == number && award_stands(&rows.all[i]) && rows.all[i].from < out->from)
      *out = rows.all[i];
  return status;
}

/* Days before the award began are an award of their own, since the days of pay of the first hang
 * on the day on which it began; then the first is changed from its own first day, where the amount
 * is another. What is paid once, or by its body, cannot begin earlier. *earlier: such an award was
 * made; d->from is the first day of the other then. */
static enum status award_earlier(struct claim_decision *d, const struct award *now,
                                 const struct case_file *file, bool *earlier, struct error *err) {
  struct award first = *now;
  struct decided_amount amount;
  int64_t made = 0;
  enum status status = first_row(d, now->award, &first, err);
  const struct pack_pay_days *pays =
      first.pay_days ? pack_find_pay_days(d->call.pack, d->what, span_of(first.pay_days)) : NULL;
  *earlier = status == DONE && d->from < first.from && pays && pays->every != PAY_ONCE;
  if (!*earlier) return status;
  status = claim_check_first(d, file, err);
  if (status == DONE) status = take_decided(d, &amount, err);
  if (status != DONE) return status;
  const struct award_terms terms = {
      .person = d->person,
      .body = first.body,
      .what = d->what,
      .pence = amount.pence,
      .per = first.per,
      .from = d->from,
      .to = first.from - 1,
      .pay_days = span_of(first.pay_days),
      .first_due = DAY_NONE,
      .source = "claim",
      .facts = span_of(arena_printf(d->call.arena, "case:%lld%s%.*s", (long long)file->id,
                                    amount.rests.size ? " " : "", SPAN(amount.rests))),
      .versions = amount.versions};
  status = award_make(&d->call, &terms, &made, err);
  d->from = first.from;
  return status;
}

static enum status change_award(struct claim_decision *d, int64_t number, struct case_file *file,
                                const struct case_file *claim, struct error *err) {
  struct decided_amount decided;
  struct award_changed changed;
  struct award now;
  bool earlier = false;
  enum status status = award_find(d->call.store, d->call.arena, d->person, number, &now, err);
  if (status != DONE) return status;
  d->per = now.per;
  struct case_file disputed = *file; /* the day that was claimed is the claim's */
  disputed.facts = claim->facts;
  disputed.fact_count = claim->fact_count;
  status = award_earlier(d, &now, &disputed, &earlier, err);
  if (status == REFUSED && strcmp(err->column, "from") == 0)
    snprintf(err->column, sizeof err->column, "change-from");
  if (status == DONE) status = take_decided(d, &decided, err);
  if (status != DONE) return status;
  const struct award_changing change = {.from = d->from,
                                        .pence = decided.pence,
                                        .why = d->motion->words,
                                        .facts = decided.rests,
                                        .versions = decided.versions};
  if (!earlier || decided.pence != now.pence)
    status = award_change(&d->call, d->person, number, &change, &changed, err);
  if (status == REFUSED && strcmp(err->column, "from") == 0)
    snprintf(err->column, sizeof err->column, "change-from");
  if (status != DONE) return status;
  file->result = arena_printf(d->call.arena, AWARD_RESULT "%lld", (long long)number);
  claim_keep_basis(d, decided.rests, decided.versions, file);
  return DONE;
}

static enum status move_dispute(struct case_call *call, struct case_file *file,
                                const struct pack_case_move *move, const struct case_motion *motion,
                                struct error *err) {
  struct claim_decision d;
  struct case_file claim;
  const bool changes = strcmp(move->word, "change") == 0;
  if (!changes && strcmp(move->word, "stand") != 0) return DONE;
  enum status status = claim_decision(call, file, motion, &d, err);
  if (status == REFUSED && !changes) return *err = (struct error){0}, DONE;
  if (status == DONE) status = claim_of_dispute(call, file, &claim, err);
  if (status != DONE) return status;
  d.row = claim_row_of(call->desk->pack, &claim);
  d.claimed_on = clock_day_of(span_of(claim.opened_at));
  d.from = claim_first_day(&d, &claim);
  if (!changes || (d.row && !d.row->pays)) return claim_keep_facts(&d, file, err);
  const struct span given = case_fact_given(motion->facts, motion->fact_count, "change-from");
  const struct span from = given.size ? given
                                      : case_fact_given(claim.facts, claim.fact_count, "from");
  if (day_parse(from, &d.from, err) != DONE) return error_at(err, NULL, 0, "change-from");
  const int64_t number = claim_award(&claim);
  if (number) return change_award(&d, number, file, &claim, err);
  const struct case_fact facts[] = {{"from", from}};
  struct case_file made = *file;
  made.facts = facts;
  made.fact_count = 1;
  status = claim_make_award(&d, &made, err);
  file->result = made.result;
  file->kept = made.kept;
  file->kept_count = made.kept_count;
  return status;
}

static const char *const dispute_moves[] = {"change", "stand", NULL};
const struct case_handler award_dispute_handler = {
    .word = DISPUTE_HANDLER, .moves = dispute_moves, .open = open_dispute, .move = move_dispute};
