#include "register/fact_case.h"

#include "base/limits.h"
#include "base/money.h"
#include "base/refusal.h"
#include "case/subject.h"
#include "register/case_actor.h"
#include "register/fact_rows.h"
#include "register/facts.h"
#include "register/names.h"

#include <inttypes.h>

/* Kept beside the facts that the case shows. */
#define KEPT_PARTY "fact-party"
#define KEPT_FIRST "fact-first"
#define KEPT_SECOND "fact-second"
#define KEPT_SECOND_PARTY "fact-second-party" /* where it is not that of the first */
enum { SHOWN_MOST = 8, KEPT = 3 };

static const struct fact *find_standing(const struct facts *facts, int64_t id) {
  for (int i = 0; i < facts->count; i++)
    if (facts->all[i].id == id && fact_stands(&facts->all[i])) return &facts->all[i];
  return NULL;
}

/* ---- opening ---- */

struct shown {
  struct case_fact all[SHOWN_MOST];
  int count;
};

static void show(struct shown *out, const char *name, const char *text) {
  if (text) out->all[out->count++] = (struct case_fact){name, span_of(text)};
}

/* The case is one for readers of both languages. */
static const char *value_words(struct arena *arena, const struct pack *pack, const struct fact *f) {
  struct text words[LANGUAGES] = {0};
  const char *said[LANGUAGES];
  for (int l = 0; l < LANGUAGES; l++) {
    text_add_fact_value(&words[l], pack, f, (enum language)l);
    said[l] = text_take(arena, &words[l]);
  }
  return strcmp(said[ENGLISH], said[WELSH]) == 0
             ? said[ENGLISH]
             : arena_printf(arena, "%s / %s", said[ENGLISH], said[WELSH]);
}

static const char *value_of(struct store *store, struct arena *arena, const struct pack *pack,
                            const struct fact *f) {
  struct register_name other = {0};
  struct error unknown = {0};
  if (f->other && register_name_of_party(store, arena, f->other, &other, &unknown) == DONE &&
      other.code)
    return other.code;
  return value_words(arena, pack, f);
}

static const char *body_of(struct store *store, struct arena *arena, const struct fact *f) {
  struct register_name body = {0};
  struct error unknown = {0};
  return f->body && register_name_of_body(store, arena, f->body, &body, &unknown) == DONE
             ? body.code
             : NULL;
}

static void show_both(struct store *store, struct arena *arena, const struct pack *pack,
                      const struct fact *first, const struct fact *second, struct shown *out) {
  const struct pack_tellable *what = pack_find_tellable(pack, span_of(first->variable));
  show(out, "what",
       what ? arena_printf(arena, "%s / %s", what->name[ENGLISH], what->name[WELSH])
            : first->variable);
  show(out, "first", value_of(store, arena, pack, first));
  show(out, "first-from", arena_string(arena, day_write(first->from, (char[11]){0})));
  show(out, "first-body", body_of(store, arena, first));
  show(out, "second", value_of(store, arena, pack, second));
  show(out, "second-from", arena_string(arena, day_write(second->from, (char[11]){0})));
  show(out, "second-body", body_of(store, arena, second));
}

static const char *number_text(struct arena *arena, int64_t n) {
  return arena_printf(arena, "%" PRId64, n);
}

static enum status open_case(struct store *store, struct arena *arena, const struct pack *pack,
                             const struct fact_difference *d, const struct fact *both[2],
                             int64_t *id, struct error *err) {
  static const struct case_handler *const handlers[] = {&fact_case_handler, NULL};
  const struct case_desk desk = {.pack = pack, .handlers = handlers, .today = d->today};
  struct case_actor program;
  struct shown shown = {0};
  show_both(store, arena, pack, both[0], both[1], &shown);
  const struct case_fact kept[KEPT] = {{KEPT_PARTY, span_of(number_text(arena, d->party))},
                                       {KEPT_FIRST, span_of(number_text(arena, d->first))},
                                       {KEPT_SECOND, span_of(number_text(arena, d->second))}};
  struct case_opening opening = {.kind = FACTS_DIFFER,
                                 .facts = shown.all,
                                 .fact_count = shown.count,
                                 .kept = kept,
                                 .kept_count = KEPT};
  const char *kind = NULL;
  enum status status = register_kind(store, arena, d->party, &kind, err);
  if (status != DONE) return status;
  opening.party = kind && strcmp(kind, "person") == 0 ? d->party
                  : d->person                         ? d->person
                                                      : both[0]->teller;
  int64_t waiting = 0;
  if (!opening.party) return DONE;
  status = cases_waiting_about(store, opening.party, FACTS_DIFFER, &waiting, err);
  if (status != DONE || waiting >= LIMIT_CASES_WAITING) return status;
  status = register_case_actor(store, arena, 0, d->today, "program", &program, err);
  return status == DONE ? case_open(store, arena, &desk, &program, &opening, id, err) : status;
}

enum status fact_case_open(struct store *store, struct arena *arena, const struct pack *pack,
                           const struct fact_difference *d, int64_t *id, struct error *err) {
  struct facts facts = {0};
  *id = 0;
  if (!pack_find_case_kind(pack, span_of(FACTS_DIFFER))) return DONE;
  enum status status = fact_rows_of_party(store, arena, d->party, &facts, err);
  if (status != DONE) return status;
  const struct fact *both[2] = {find_standing(&facts, d->first), find_standing(&facts, d->second)};
  return both[0] && both[1] ? open_case(store, arena, pack, d, both, id, err) : DONE;
}

/* ---- what the kind's moves do ---- */

static int64_t kept_number(const struct case_fact *facts, int count, const char *name) {
  int64_t n = 0;
  struct span text = case_fact_given(facts, count, name);
  return text.size && integer_parse(text, &n, NULL) == DONE ? n : 0;
}

bool fact_case_shows(const struct case_file *file, int64_t fact) {
  return kept_number(file->facts, file->fact_count, KEPT_FIRST) == fact ||
         kept_number(file->facts, file->fact_count, KEPT_SECOND) == fact;
}

/* To the body that recorded one of the two, else to an administrator. */
static enum status open_difference(struct case_call *call, struct case_opening *opening,
                                   struct error *err) {
  struct facts facts = {0};
  const int64_t party = kept_number(opening->kept, opening->kept_count, KEPT_PARTY);
  enum status status = fact_rows_of_party(call->store, call->arena, party, &facts, err);
  if (status != DONE) return status;
  for (int i = 0; i < facts.count; i++)
    if (facts.all[i].body &&
        (facts.all[i].id == kept_number(opening->kept, opening->kept_count, KEPT_FIRST) ||
         facts.all[i].id == kept_number(opening->kept, opening->kept_count, KEPT_SECOND)))
      opening->to_body = facts.all[i].body;
  if (!opening->to_body) opening->to_role = "administrator";
  return DONE;
}

/* The one that is not right is taken back. Where it was corrected or taken back meanwhile, nothing
 * is left to do. */
static enum status move_difference(struct case_call *call, struct case_file *file,
                                   const struct pack_case_move *move,
                                   const struct case_motion *motion, struct error *err) {
  const bool first = strcmp(move->word, "first") == 0, second = strcmp(move->word, "second") == 0;
  (void)motion;
  if (!first && !second) return DONE;
  struct facts facts = {0};
  int64_t id = 0;
  const int64_t party = kept_number(file->facts, file->fact_count, KEPT_PARTY);
  enum status status = fact_rows_of_party(call->store, call->arena, party, &facts, err);
  if (status != DONE) return status;
  const struct fact *wrong = find_standing(&facts, kept_number(file->facts, file->fact_count,
                                                               first ? KEPT_SECOND : KEPT_FIRST));
  if (!wrong) return DONE;
  const struct fact_telling telling = {.said_by = call->actor->who,
                                       .said_as = FACT_BY_OFFICER,
                                       .body = file->to_body,
                                       .evidence = span_of(
                                           arena_printf(call->arena, "case:%" PRId64, file->id))};
  return fact_withdraw(call->store, wrong, &telling, &id, err);
}

static const char *const moves[] = {"first", "second", NULL};
const struct case_handler fact_case_handler = {
    .word = "fact", .moves = moves, .open = open_difference, .move = move_difference};

/* ---- those that a change settles ---- */

/* Whoever told the variable of the party: cases of a household's fact are about one of them. */
static int tellers_of(struct arena *arena, const struct facts *facts,
                      const struct fact_change *change, int64_t **out) {
  int count = 0;
  *out = arena_array(arena, int64_t, facts->count + 2);
  (*out)[count++] = change->party;
  if (change->teller) (*out)[count++] = change->teller;
  for (int i = 0; i < facts->count; i++) {
    bool known = !facts->all[i].teller;
    for (int k = 0; k < count; k++) known |= (*out)[k] == facts->all[i].teller;
    if (!known) (*out)[count++] = facts->all[i].teller;
  }
  return count;
}

/* What both say now, or that one of the two is another. */
static enum status settle_one(struct case_call *call, const struct fact_change *change,
                              const struct facts *facts, const struct case_file *file,
                              struct error *err) {
  const struct fact_known known = facts_known(facts, change->variable, change->today);
  const bool agree = known.fact && !known.differs;
  const char *value = agree ? value_of(call->store, call->arena, call->desk->pack, known.fact) : "";
  const struct case_motion motion = {.id = file->id,
                                     .move = agree ? "agreed" : "changed",
                                     .words = span_of(value)};
  struct case_file after;
  const struct pack_case_move *possible[1];
  if (!case_moves_of(call->actor, file, possible, 1)) return DONE; /* an older pack has none */
  return case_move(call->store, call->arena, call->desk, call->actor, &motion, &after, err);
}

enum status fact_cases_settle(struct store *store, struct arena *arena, const struct pack *pack,
                              const struct fact_change *change, struct error *err) {
  static const struct case_handler *const handlers[] = {&fact_case_handler, NULL};
  const struct case_desk desk = {.pack = pack, .handlers = handlers, .today = change->today};
  const struct case_filter filter = {.which = CASES_WAITING,
                                     .kind = FACTS_DIFFER,
                                     .most = CASES_PAGE_MOST};
  struct case_actor program = {.who = change->who};
  struct case_call call = {store, arena, &desk, &program};
  struct facts facts = {0};
  struct case_file *files = NULL;
  int64_t *tellers = NULL, total = 0;
  int count = 0;
  if (!pack_find_case_kind(pack, span_of(FACTS_DIFFER))) return DONE;
  enum status status = fact_rows_of_variable(store, arena, change->party, change->variable, &facts,
                                             err);
  if (status != DONE) return status;
  const int teller_count = tellers_of(arena, &facts, change, &tellers);
  status = cases_of(store, arena, &desk, tellers, teller_count, &filter, &files, &count, &total,
                    err);
  for (int i = 0; status == DONE && i < count; i++) {
    const struct case_file *file = &files[i];
    const int64_t first = kept_number(file->facts, file->fact_count, KEPT_FIRST);
    const int64_t second = kept_number(file->facts, file->fact_count, KEPT_SECOND);
    bool is_of = false;
    for (int k = 0; k < facts.count; k++) is_of |= facts.all[k].id == first;
    if (!is_of || kept_number(file->facts, file->fact_count, KEPT_PARTY) != change->party ||
        (find_standing(&facts, first) && find_standing(&facts, second)))
      continue;
    status = settle_one(&call, change, &facts, file, err);
  }
  return status;
}

/* ---- those of a home ---- */

enum status fact_cases_of_home(struct store *store, struct arena *arena,
                               const struct case_desk *desk, int64_t person, enum case_which which,
                               struct case_file **out, int *count, struct error *err) {
  const struct case_filter filter = {.which = which, .kind = FACTS_DIFFER, .most = CASES_PAGE_MOST};
  struct person self = {0};
  struct case_file *files = NULL;
  int64_t *members = NULL, total = 0, home = 0;
  int member_count = 0, found = 0, others = 0;
  *count = 0;
  *out = NULL;
  enum status status = register_surviving_person(store, arena, person, &self, err);
  if (status == DONE) home = person_household(&self, desk->today);
  if (status != DONE || !home) return status;
  status = register_household_members(store, arena, home, &members, &member_count, err);
  for (int i = 0; i < member_count; i++)
    if (members[i] != self.id) members[others++] = members[i];
  if (status == DONE && others)
    status = cases_of(store, arena, desk, members, others, &filter, &files, &found, &total, err);
  if (status == DONE) *out = arena_array(arena, struct case_file, found + 1);
  for (int i = 0; status == DONE && i < found; i++)
    if (kept_number(files[i].facts, files[i].fact_count, KEPT_PARTY) == home)
      (*out)[(*count)++] = files[i];
  return status;
}

enum status fact_case_of_home(struct store *store, struct arena *arena,
                              const struct case_desk *desk, int64_t person, int64_t id,
                              struct case_file *out, bool *found, struct error *err) {
  struct case_file *files = NULL;
  int count = 0;
  *found = false;
  enum status status = fact_cases_of_home(store, arena, desk, person, CASES_ALL, &files, &count,
                                          err);
  for (int i = 0; status == DONE && i < count && !*found; i++) {
    if (files[i].id != id) continue;
    const struct case_actor whose = {
        .who = "program", .person = files[i].party, .records = &files[i].party, .record_count = 1};
    status = case_one(store, arena, desk, &whose, id, out, err);
    *found = status == DONE;
  }
  return status;
}

/* ---- a child whom two say they are responsible for ---- */

static bool is_partner(const struct facts *facts, int64_t other, day_t day) {
  const struct fact_known partner = facts_known(facts, "partner", day);
  return partner.fact && partner.fact->other == other;
}

/* What somebody else who is not the partner says of the same child on the day; null: nobody. */
static enum status find_other_claim(struct store *store, struct arena *arena,
                                    const struct fact *mine, day_t day, const struct fact **out,
                                    struct error *err) {
  struct facts own = {0};
  int64_t *parties = NULL;
  int count = 0;
  *out = NULL;
  enum status status = fact_rows_of_party(store, arena, mine->party, &own, err);
  if (status == DONE)
    status = fact_parties_who_name(store, arena, mine->other, mine->variable, &parties, &count,
                                   err);
  for (int i = 0; status == DONE && i < count && !*out; i++) {
    struct facts theirs = {0};
    if (parties[i] == mine->party) continue;
    status = fact_rows_of_party(store, arena, parties[i], &theirs, err);
    if (status != DONE || is_partner(&own, parties[i], day) ||
        is_partner(&theirs, mine->party, day))
      continue;
    for (int k = 0; k < theirs.count; k++) {
      const struct fact *f = &theirs.all[k];
      if (fact_stands(f) && f->other == mine->other && strcmp(f->variable, mine->variable) == 0 &&
          (f->to == DAY_NONE || f->to >= mine->from) &&
          (mine->to == DAY_NONE || mine->to >= f->from))
        *out = f;
    }
  }
  return status;
}

static const char *code_of(struct store *store, struct arena *arena, int64_t party) {
  struct register_name name = {0};
  struct error unknown = {0};
  return register_name_of_party(store, arena, party, &name, &unknown) == DONE && name.code
             ? name.code
             : "";
}

static enum status open_child(struct store *store, struct arena *arena, const struct pack *pack,
                              const struct fact *first, const struct fact *second, day_t today,
                              int64_t *id, struct error *err) {
  static const struct case_handler *const handlers[] = {&fact_child_handler, NULL};
  const struct case_desk desk = {.pack = pack, .handlers = handlers, .today = today};
  struct case_actor program;
  struct shown shown = {0};
  show(&shown, "first", code_of(store, arena, first->party));
  show(&shown, "first-from", arena_string(arena, day_write(first->from, (char[11]){0})));
  show(&shown, "second", code_of(store, arena, second->party));
  show(&shown, "second-from", arena_string(arena, day_write(second->from, (char[11]){0})));
  const struct case_fact kept[] = {{KEPT_PARTY, span_of(number_text(arena, first->party))},
                                   {KEPT_FIRST, span_of(number_text(arena, first->id))},
                                   {KEPT_SECOND_PARTY, span_of(number_text(arena, second->party))},
                                   {KEPT_SECOND, span_of(number_text(arena, second->id))}};
  struct case_opening opening = {.kind = CHILD_OF_TWO,
                                 .party = first->other,
                                 .facts = shown.all,
                                 .fact_count = shown.count,
                                 .kept = kept,
                                 .kept_count = sizeof kept / sizeof *kept};
  enum status status = register_case_actor(store, arena, 0, today, "program", &program, err);
  if (status == DONE) status = case_open(store, arena, &desk, &program, &opening, id, err);
  if (status != REFUSED || err->refusal.code != REFUSAL_CASE_WAITS_ALREADY) return status;
  *err = (struct error){0};
  *id = 0;
  return DONE;
}

enum status fact_case_open_child(struct store *store, struct arena *arena, const struct pack *pack,
                                 int64_t party, int64_t fact, day_t today, int64_t *id,
                                 struct error *err) {
  struct facts facts = {0};
  const struct fact *other = NULL;
  *id = 0;
  if (!pack_find_case_kind(pack, span_of(CHILD_OF_TWO))) return DONE;
  enum status status = fact_rows_of_party(store, arena, party, &facts, err);
  const struct fact *mine = status == DONE ? find_standing(&facts, fact) : NULL;
  if (!mine || !mine->other || strcmp(mine->variable, "responsible_for") != 0) return status;
  status = find_other_claim(store, arena, mine, today, &other, err);
  return status == DONE && other ? open_child(store, arena, pack, other, mine, today, id, err)
                                 : status;
}

/* To the body that pays what it is first used for, else to an administrator. */
static enum status open_of_two(struct case_call *call, struct case_opening *opening,
                               struct error *err) {
  const struct pack *pack = call->desk->pack;
  const struct pack_tellable *what = pack_find_tellable(pack, span_of("responsible_for"));
  struct bodies *bodies = NULL;
  enum status status = register_bodies(call->store, call->arena, &bodies, err);
  for (int i = 0; status == DONE && what && i < pack->entitlement_count; i++) {
    const struct pack_entitlement *e = &pack->entitlements[i];
    if (opening->to_body || e->category != what->purposes[0]) continue;
    const struct body *body = bodies_by_code(bodies, span_of(e->payer));
    if (body) opening->to_body = body->id;
  }
  if (!opening->to_body) opening->to_role = "administrator";
  return status;
}

/* All that the other one said of the child is taken back. */
static enum status move_of_two(struct case_call *call, struct case_file *file,
                               const struct pack_case_move *move, const struct case_motion *motion,
                               struct error *err) {
  const bool first = strcmp(move->word, "first") == 0, second = strcmp(move->word, "second") == 0;
  const struct fact_telling telling = {.said_by = call->actor->who,
                                       .said_as = FACT_BY_OFFICER,
                                       .body = file->to_body,
                                       .evidence = span_of(
                                           arena_printf(call->arena, "case:%" PRId64, file->id))};
  struct facts facts = {0};
  int64_t id = 0;
  (void)motion;
  if (!first && !second) return DONE;
  const int64_t party = kept_number(file->facts, file->fact_count,
                                    first ? KEPT_SECOND_PARTY : KEPT_PARTY);
  enum status status = fact_rows_of_variable(call->store, call->arena, party, "responsible_for",
                                             &facts, err);
  for (int i = 0; status == DONE && i < facts.count; i++)
    if (fact_stands(&facts.all[i]) && facts.all[i].other == file->party)
      status = fact_withdraw(call->store, &facts.all[i], &telling, &id, err);
  return status;
}

/* Neither of the two decides which of them it is. */
static enum status answers_of_two(struct case_call *call, const struct case_file *file,
                                  struct error *err) {
  const char *const kept[] = {KEPT_PARTY, KEPT_SECOND_PARTY};
  for (int i = 0; i < 2; i++) {
    const int64_t party = kept_number(file->facts, file->fact_count, kept[i]);
    if (party && case_actor_is_near(call->actor, party)) return refuse(err, CASE_OWN);
  }
  return DONE;
}

static const char *const child_moves[] = {"first", "second", NULL};
const struct case_handler fact_child_handler = {.word = "fact-child",
                                                .moves = child_moves,
                                                .open = open_of_two,
                                                .answers = answers_of_two,
                                                .move = move_of_two};

/* ---- what an organisation told is wrong ---- */

static enum status find_disputed(struct store *store, struct arena *arena, int64_t person,
                                 day_t today, const char *subject, struct fact *out, bool *there,
                                 struct error *err) {
  const struct subject about = subject_read(subject);
  struct facts facts = {0};
  struct error why = {0};
  *there = false;
  if (about.kind != SUBJECT_FACT) return DONE;
  enum status status = facts_of_person(store, arena, person, today, &facts, err);
  const struct fact *f = status == DONE ? find_standing(&facts, about.number) : NULL;
  const struct fact_changer whom = {.as = FACT_BY_SELF, .teller = f ? f->teller : 0};
  if (!f) return status;
  status = fact_may_change(store, f, &whom, &why);
  if (status == REFUSED) *out = *f, *there = true;
  if (status == FAILED) *err = why;
  return status == FAILED ? FAILED : DONE;
}

enum status fact_case_is_disputable(struct store *store, struct arena *arena, int64_t person,
                                    const char *subject, bool *there, struct error *err) {
  struct fact found;
  return find_disputed(store, arena, person, day_today(), subject, &found, there, err);
}

static enum status open_wrong(struct case_call *call, struct case_opening *opening,
                              struct error *err) {
  enum { KEPT_OF_WRONG = 5 };
  struct fact f = {0};
  bool there = false;
  enum status status = find_disputed(call->store, call->arena, opening->party, call->desk->today,
                                     opening->subject, &f, &there, err);
  if (status != DONE) return status;
  if (!there) return refuse_at(err, "about", FACT_NOT_DISPUTABLE);
  const struct pack_tellable *what = pack_find_tellable(call->desk->pack, span_of(f.variable));
  const char *named = what ? arena_printf(call->arena, "%s / %s", what->name[ENGLISH],
                                          what->name[WELSH])
                           : f.variable;
  const char *from = arena_string(call->arena, day_write(f.from, (char[11]){0}));
  struct case_fact *kept = arena_array(call->arena, struct case_fact, KEPT_OF_WRONG);
  kept[0] = (struct case_fact){"what", span_of(named)};
  kept[1] = (struct case_fact){"told",
                               span_of(value_of(call->store, call->arena, call->desk->pack, &f))};
  kept[2] = (struct case_fact){"from", span_of(from)};
  kept[3] = (struct case_fact){KEPT_PARTY, span_of(number_text(call->arena, f.party))};
  kept[4] = (struct case_fact){KEPT_FIRST, span_of(number_text(call->arena, f.id))};
  opening->kept = kept;
  opening->kept_count = KEPT_OF_WRONG;
  opening->to_person = 0;
  opening->to_body = f.body;
  opening->to_role = f.body ? NULL : "administrator";
  return DONE;
}

/* Taken back, or corrected where the decider says what is right. */
static enum status put_right(struct case_call *call, const struct case_file *file,
                             const struct fact *wrong, struct span value, struct error *err) {
  const struct fact_subject subject = {wrong->party, DAY_NONE, DAY_NONE};
  const struct pack *pack = call->desk->pack;
  const char *by_case = arena_printf(call->arena, "case:%" PRId64, file->id);
  struct fact_telling telling = {.person = file->party,
                                 .pack = pack,
                                 .what = pack_find_tellable(pack, span_of(wrong->variable)),
                                 .value = value,
                                 .per = span_of(tell_per_word(wrong->per)),
                                 .from = DAY_NONE,
                                 .to = DAY_NONE,
                                 .review_by = wrong->review_by,
                                 .today = call->desk->today,
                                 .source = wrong->source,
                                 .evidence = span_of(by_case),
                                 .said_as = wrong->said_as,
                                 .said_by = call->actor->who,
                                 .subject = &subject,
                                 .body = wrong->body};
  struct fact_told told;
  int64_t id = 0;
  if (!value.size) return fact_withdraw(call->store, wrong, &telling, &id, err);
  if (!telling.what) return refuse_at(err, "value", FACT_VARIABLE_UNKNOWN, wrong->variable);
  return fact_correct(call->store, call->arena, wrong, &telling, &told, err);
}

/* Where it was corrected or taken back meanwhile, nothing is left to do. */
static enum status move_wrong(struct case_call *call, struct case_file *file,
                              const struct pack_case_move *move, const struct case_motion *motion,
                              struct error *err) {
  struct facts facts = {0};
  if (strcmp(move->word, "uphold") != 0) return DONE;
  const int64_t party = kept_number(file->facts, file->fact_count, KEPT_PARTY);
  enum status status = fact_rows_of_party(call->store, call->arena, party, &facts, err);
  if (status != DONE) return status;
  const struct fact *wrong = find_standing(&facts,
                                           kept_number(file->facts, file->fact_count, KEPT_FIRST));
  const struct span value = case_fact_given(motion->facts, motion->fact_count, "value");
  return wrong ? put_right(call, file, wrong, span_trim(value), err) : DONE;
}

static const char *const wrong_moves[] = {"uphold", NULL};
const struct case_handler fact_wrong_handler = {
    .word = "fact-wrong", .moves = wrong_moves, .open = open_wrong, .move = move_wrong};
