/* What came of letters: what the book knows, and what staff said. */
#include "takeup/letters.h"
#include "takeup/parts.h"

#include "award/assessed.h"
#include "award/award.h"
#include "award/claim.h"
#include "base/refusal.h"
#include "book/book.h"
#include "book/line_reads.h"
#include "register/benefit_unit.h"
#include "store/counter.h"

static const struct {
  const char *word, *shown;
} outcomes[OUTCOMES] = {[OUTCOME_WAITS] = {"waits", N_("Nothing yet")},
                        [OUTCOME_CLAIMED] = {"claimed", N_("Claimed")},
                        [OUTCOME_AWARDED] = {"awarded", N_("Awarded")},
                        [OUTCOME_REFUSED] = {"refused", N_("Refused")},
                        [OUTCOME_WRONG] = {"wrong", N_("What we knew was wrong")},
                        [OUTCOME_UNANSWERED] = {"unanswered", N_("No answer")}};

const char *takeup_outcome_word(enum takeup_outcome outcome) { return outcomes[outcome].word; }
const char *takeup_outcome_shown(enum takeup_outcome outcome) { return outcomes[outcome].shown; }

/* ---- what staff said ---- */

enum status takeup_say(struct arena *arena, const struct takeup_saying *s, struct error *err) {
  char at[21];
  int64_t id = 0;
  const char *variable = arena_copy(arena, s->variable.bytes, s->variable.size);
  if (!span_has_word(span_of(s->letter->benefits), variable))
    return refuse_at(err, "benefit", TAKE_UP_LETTER_NOT_ABOUT, variable);
  enum status status = counter_next(s->store, "take_up_outcome", &id, err);
  struct query *q = NULL;
  if (status == DONE)
    status =
        store_query(s->store, &q,
                    "insert into take_up_outcome (party, letter, variable, id, outcome, pence, "
                    "made_at, made_by) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    err);
  if (status != DONE) return status;
  query_bind_int(q, 1, s->letter->party);
  query_bind_int(q, 2, s->letter->id);
  query_bind_text(q, 3, span_of(variable));
  query_bind_int(q, 4, id);
  query_bind_text(q, 5, span_of(outcomes[s->outcome].word));
  if (s->pence) query_bind_int(q, 6, s->pence);
  query_bind_text(q, 7, span_of(clock_write(s->now, at)));
  query_bind_text(q, 8, span_of(s->by->who));
  status = query_run(q, err);
  query_end(q);
  return status;
}

struct said {
  enum takeup_outcome outcome; /* OUTCOME_WAITS: nothing was said */
  int64_t pence;
};

static enum status read_said(struct store *store, const struct takeup_letter *letter,
                             const char *variable, struct said *out, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *out = (struct said){0};
  enum status status = store_row_with(store, &q, &row,
                                      "select outcome, coalesce(pence, 0) from take_up_outcome "
                                      "where party = ?1 and letter = ?2 and variable = ?3 order by "
                                      "id desc limit 1",
                                      err, letter->party, letter->id, variable);
  for (int i = 0; status == DONE && row && i < OUTCOMES; i++)
    if (span_is(query_text(q, 0), outcomes[i].word))
      *out = (struct said){(enum takeup_outcome)i, query_int(q, 1)};
  query_end(q);
  return status;
}

/* ---- what the book knows ---- */

void takeup_people_of(struct arena *arena, const struct benefit_unit *unit, int64_t **out,
                      int *count) {
  int64_t *people = arena_array(arena, int64_t, unit->member_count + unit->non_dependant_count + 1);
  *count = 0;
  for (int i = 0; i < unit->member_count; i++)
    if (unit->members[i].attested) people[(*count)++] = unit->members[i].person;
  for (int i = 0; i < unit->non_dependant_count; i++) people[(*count)++] = unit->non_dependants[i];
  *out = people;
}

struct follower {
  struct arena *arena;
  const struct takeup_reading *r;
  day_t today;
  struct reading reading;
  struct codes *codes;
};

/* Whoever may have claimed it or may get it (takeup_people_of). */
struct followed {
  const struct takeup_letter *letter;
  const struct pack_entitlement *what;
  int64_t *people;
  int count;
};

static enum status find_people(const struct follower *f, struct followed *out, struct error *err) {
  struct benefit_unit unit;
  enum status status = register_unit_on(f->r->store, f->arena, out->letter->party, f->today, &unit,
                                        err);
  if (status != DONE) return status;
  takeup_people_of(f->arena, &unit, &out->people, &out->count);
  if (!out->count) out->people[out->count++] = out->letter->party;
  return DONE;
}

/* *pence a year; -1: none of an award that was made since the letter. */
static enum status find_award(const struct follower *f, const struct followed *of, int64_t *pence,
                              struct error *err) {
  enum status status = DONE;
  *pence = -1;
  for (int i = 0; status == DONE && i < of->count; i++) {
    struct awards all = {0};
    status = awards_of_person(f->r->store, f->arena, of->people[i], &all, err);
    for (int k = 0; k < all.count; k++) {
      const struct award *a = &all.all[k];
      if (strcmp(a->variable, of->what->variable) != 0 || !award_stands(a) || a->pence <= 0 ||
          strcmp(a->made_at, of->letter->made_at) < 0)
        continue;
      *pence = award_in_period(a->pence, a->per, PER_YEAR);
    }
  }
  return status;
}

/* Whether a payment of the category was recorded of one of them on a day after the letter's. */
static enum status find_payment(const struct follower *f, const struct followed *of, bool *out,
                                struct error *err) {
  const int64_t category = codes_category(f->codes, span_of(of->what->category->code));
  enum status status = DONE;
  *out = false;
  for (int i = 0; category && status == DONE && !*out && i < of->count; i++) {
    int64_t *records = NULL;
    int record_count = 0, account_count = 0;
    struct account *accounts = NULL;
    struct line_cursor *lines = NULL;
    const struct line *line = NULL;
    status = register_records(f->r->store, f->arena, of->people[i], &records, &record_count, err);
    if (status == DONE)
      status = book_accounts_of(f->r->store, f->arena, OWNER_PERSON, records, record_count,
                                &accounts, &account_count, err);
    if (status != DONE || !account_count) continue;
    int64_t *ids = arena_array(f->arena, int64_t, account_count);
    for (int k = 0; k < account_count; k++) ids[k] = accounts[k].id;
    status = lines_open(&lines, f->r->store, &f->reading, ids, (size_t)account_count,
                        of->letter->on + 1, f->today, err);
    if (status != DONE) return status;
    int64_t sum = 0;
    lines_of_categories(lines, &category, 1);
    while ((status = lines_next(lines, &line, err)) == DONE && line) sum += line->amount;
    *out = sum > 0;
    lines_close(lines);
  }
  return status;
}

/* The last claim since the letter: OUTCOME_WAITS: there is none. */
static enum status find_claim(const struct follower *f, const struct followed *of,
                              enum takeup_outcome *out, struct error *err) {
  static const struct case_handler *const none[] = {NULL};
  const struct case_desk desk = {.pack = f->r->pack, .handlers = none, .today = f->today};
  const struct case_filter filter = {.subject = arena_printf(f->arena, CLAIM_SUBJECT "%s",
                                                             of->what->variable),
                                     .most = CASES_PAGE_MOST};
  enum status status = DONE;
  const char *latest = of->letter->made_at;
  *out = OUTCOME_WAITS;
  for (int i = 0; status == DONE && i < of->count; i++) {
    int64_t *records = NULL, total = 0;
    int record_count = 0, count = 0;
    struct case_file *all = NULL;
    status = register_records(f->r->store, f->arena, of->people[i], &records, &record_count, err);
    if (status == DONE)
      status = cases_of(f->r->store, f->arena, &desk, records, record_count, &filter, &all, &count,
                        &total, err);
    for (int k = 0; status == DONE && k < count; k++) {
      if (strcmp(all[k].opened_at, latest) < 0) continue;
      const bool awarded = strncmp(all[k].result ? all[k].result : "", AWARD_RESULT,
                                   strlen(AWARD_RESULT)) == 0;
      latest = all[k].opened_at;
      *out = all[k].waits                                ? OUTCOME_CLAIMED
             : awarded                                   ? OUTCOME_AWARDED
             : strcmp(all[k].state_word, "refused") == 0 ? OUTCOME_REFUSED
                                                         : OUTCOME_WAITS;
    }
  }
  return status;
}

static bool is_over(const struct follower *f, const struct followed *of) {
  const struct pack_take_up *up = pack_find_take_up(f->r->pack, of->what);
  const day_t end = up ? case_deadline_of(f->r->pack, up->answer, of->letter->on) : DAY_NONE;
  return end != DAY_NONE && f->today > end;
}

static enum status follow(const struct follower *f, const struct followed *of,
                          struct takeup_result *out, struct error *err) {
  struct said said = {0};
  enum takeup_outcome claim = OUTCOME_WAITS;
  int64_t pence = 0;
  bool paid = false;
  enum status status = find_award(f, of, &pence, err);
  if (status == DONE && pence < 0) status = find_payment(f, of, &paid, err);
  if (status == DONE) status = find_claim(f, of, &claim, err);
  if (status == DONE) status = read_said(f->r->store, of->letter, of->what->variable, &said, err);
  if (status != DONE) return status;
  if (pence >= 0 || paid || claim == OUTCOME_AWARDED) out->outcome = OUTCOME_AWARDED;
  else if (claim == OUTCOME_REFUSED) out->outcome = OUTCOME_REFUSED;
  else if (said.outcome) out->outcome = said.outcome;
  else if (claim) out->outcome = claim;
  else out->outcome = is_over(f, of) ? OUTCOME_UNANSWERED : OUTCOME_WAITS;
  out->is_said = said.outcome && out->outcome == said.outcome && pence < 0 && !paid && !claim;
  if (out->outcome == OUTCOME_AWARDED) out->pence = pence > 0 ? pence : said.pence;
  return DONE;
}

enum status takeup_results_of(struct arena *arena, const struct takeup_reading *reading,
                              const struct takeup_letter *letters, int count, day_t today,
                              struct takeup_results *out, struct error *err) {
  struct follower f = {.arena = arena, .r = reading, .today = today};
  int room = 0;
  *out = (struct takeup_results){0};
  enum status status = book_codes(reading->store, arena, &f.codes, err);
  if (status == DONE) status = book_reading(reading->store, arena, &f.reading, err);
  for (int i = 0; status == DONE && i < count; i++) {
    struct followed of = {.letter = &letters[i]};
    status = find_people(&f, &of, err);
    for (const char *at = letters[i].benefits; status == DONE && *at; at += strspn(at, " ")) {
      const size_t size = strcspn(at, " ");
      of.what = pack_find_entitlement(reading->pack, span_make(at, size));
      at += size;
      if (!of.what) continue;
      arena_reserve(arena, out->all, room, out->count + 1);
      struct takeup_result *one = &out->all[out->count++];
      *one = (struct takeup_result){.letter = i, .variable = of.what->variable};
      status = follow(&f, &of, one, err);
    }
  }
  return status;
}
