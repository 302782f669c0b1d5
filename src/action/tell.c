/* What is told once, as cases. */
#include "action/tell.h"

#include "base/refusal.h"
#include "book/book.h"
#include "book/entries.h"
#include "register/access_log.h"
#include "register/alerts.h"
#include "register/names.h"
#include "register/role_grants.h"
#include "statement/statement.h"

enum {
  KNOWN_DAYS = 2 * 366, /* bodies with a line in this time are told */
  MOVE_BACK_DAYS = 366  /* a move of longer ago waits for staff */
};

/* The bodies of which somebody reads what comes for the body, sorted. */
static enum status connected_bodies(struct store *store, struct arena *arena, day_t today,
                                    const int64_t **out, int *count, struct error *err) {
  struct role_grant *grants = NULL;
  int grant_count = 0;
  enum status status = role_grants_list(store, arena, &grants, &grant_count, err);
  struct granted_roles running = {.all = grants};
  for (int i = 0; status == DONE && i < grant_count; i++)
    if (role_grant_runs(&grants[i], today)) grants[running.count++] = grants[i];
  *count = 0;
  if (status == DONE) *out = roles_granted_bodies(&running, arena, MAY_ANSWER_INBOX, count);
  return status;
}

enum status tell_bodies(struct store *store, struct arena *arena, int64_t person, day_t today,
                        struct notice_told *out, struct error *err) {
  struct places *places = NULL;
  struct bodies *bodies = NULL;
  int64_t *known = NULL;
  const int64_t *connected = NULL;
  int count = 0, connected_count = 0;
  enum status status = register_places(store, arena, &places, err);
  if (status == DONE) status = register_bodies(store, arena, &bodies, err);
  if (status == DONE)
    status = statement_bodies_of(store, person, today - KNOWN_DAYS, arena, &known, &count, err);
  if (status == DONE)
    status = connected_bodies(store, arena, today, &connected, &connected_count, err);
  if (status != DONE) return status;
  const struct notice_bodies_asked asked = {.person = person,
                                            .day = today,
                                            .places = places,
                                            .bodies = bodies,
                                            .known = known,
                                            .known_count = count,
                                            .connected = connected,
                                            .connected_count = connected_count};
  return notice_bodies(store, arena, &asked, out, err);
}

/* The last day of the years that are closed; DAY_NONE: none is. */
static enum status last_closed(struct store *store, struct arena *arena, day_t *out,
                               struct error *err) {
  struct closing_kept *all = NULL;
  int count = 0;
  enum status status = closings_all(store, arena, &all, &count, err);
  *out = DAY_NONE;
  for (int i = 0; i < count; i++)
    if (*out == DAY_NONE || all[i].closing.to > *out) *out = all[i].closing.to;
  return status;
}

enum status tell_move_waits(struct store *store, struct arena *arena, day_t moved, day_t today,
                            bool *out, struct error *err) {
  day_t closed = DAY_NONE;
  enum status status = last_closed(store, arena, &closed, err);
  *out = status == DONE && moved != DAY_NONE &&
         (moved < today - MOVE_BACK_DAYS || (closed != DAY_NONE && moved <= closed));
  return status;
}

/* An own address is changed at once, but not in a year whose statements were given out, or long
 * ago: then staff look at it first, where the kind has a move for them. */
static enum status settle_move(struct case_call *call, const struct pack_case_kind *kind,
                               struct case_opening *opening, struct error *err) {
  day_t moved = DAY_NONE;
  bool accepts = false, waits = false;
  const struct span from = case_fact_given(opening->facts, opening->fact_count, "from");
  for (int i = 0; i < kind->move_count; i++)
    if (strcmp(kind->moves[i].word, "accept") == 0) accepts = true;
  if (strcmp(kind->code, "told-address") != 0 || kind->first->waits || !accepts) return DONE;
  enum status status = day_parse(from, &moved, err);
  if (status == DONE)
    status = tell_move_waits(call->store, call->arena, moved, call->desk->today, &waits, err);
  if (waits) opening->state = "waiting";
  return status;
}

/* A postcode is kept, and read by everybody, in its one form. */
static void keep_postcode(struct case_call *call, struct case_opening *opening) {
  char postcode[POSTCODE_SIZE];
  const struct span typed = case_fact_given(opening->facts, opening->fact_count, "postcode");
  if (!postcode_read(typed, postcode)) return;
  struct case_fact *kept = arena_array(call->arena, struct case_fact, 1);
  *kept = (struct case_fact){"postcode", span_of(arena_string(call->arena, postcode))};
  opening->kept = kept;
  opening->kept_count = 1;
}

/* The name that a new one takes the place of: who knows them by it finds them still. */
static enum status keep_former(struct case_call *call, struct case_opening *opening,
                               struct error *err) {
  struct person p;
  if (strcmp(opening->kind, "told-name") != 0) return DONE;
  enum status status = register_surviving_person(call->store, call->arena, opening->party, &p, err);
  if (status != DONE) return status;
  struct case_fact *kept = arena_array(call->arena, struct case_fact, 1);
  *kept = (struct case_fact){NOTICE_FORMER, span_of(p.name)};
  opening->kept = kept;
  opening->kept_count = 1;
  return DONE;
}

static enum status open_notice(struct case_call *call, struct case_opening *opening,
                               struct error *err) {
  const struct notice_input telling = {.person = opening->party,
                                       .kind = opening->kind,
                                       .facts = opening->facts,
                                       .fact_count = opening->fact_count,
                                       .today = call->desk->today};
  const struct pack_case_kind *kind = pack_find_case_kind(call->desk->pack, span_of(opening->kind));
  struct notice_told told;
  enum status status = notice_check(call->store, call->arena, &telling, true, err);
  if (status == DONE)
    status = tell_bodies(call->store, call->arena, opening->party, call->desk->today, &told, err);
  if (status != DONE) return status;
  opening->told = told.bodies;
  opening->told_count = told.count;
  keep_postcode(call, opening);
  if (keep_former(call, opening, err) != DONE) return err->code;
  if (settle_move(call, kind, opening, err) != DONE) return err->code;
  if (!kind->first->waits && !opening->state) return DONE;
  if (!told.decides) return refuse(err, NOTICE_NO_BODY);
  opening->to_body = told.decides;
  opening->escalated = !told.decides_connected; /* then an administrator answers it */
  return DONE;
}

static enum status apply(struct case_call *call, const struct case_file *file, int64_t subject,
                         int64_t *born, struct error *err) {
  const struct notice_input telling = {.person = file->party,
                                       .kind = file->kind_word,
                                       .facts = file->facts,
                                       .fact_count = file->fact_count,
                                       .today = call->desk->today};
  enum status status = notice_apply(call->store, call->arena, &telling, subject, born, err);
  if (status == DONE && *born) status = book_open_people(call->store, *born, *born, err);
  return status;
}

static enum status notice_opened(struct case_call *call, const struct case_file *file,
                                 struct error *err) {
  int64_t born = 0;
  return file->waits ? DONE : apply(call, file, 0, &born, err);
}

/* As whom they decide: staff of the body, or an administrator to whom it was passed on. */
static const char *role_of(const struct case_call *call, int64_t body, const char *code) {
  const struct case_actor *actor = call->actor;
  for (int i = 0; i < actor->body_count; i++)
    if (actor->bodies[i] == body) return arena_printf(call->arena, "staff:%s", code);
  return actor->role_count ? actor->roles[0] : "";
}

/* Staff read the record of somebody whom a notice only named. */
static enum status note_access(const struct case_call *call, const struct case_file *file,
                               int64_t subject, struct error *err) {
  struct register_name body = {0}, reader = {0};
  enum status status = register_name_of_body(call->store, call->arena, file->to_body, &body, err);
  if (status == DONE)
    status = register_name_of_party(call->store, call->arena, call->actor->person, &reader, err);
  if (status != DONE) return status;
  const struct access_reader by = {.who = call->actor->who,
                                   .person = call->actor->person,
                                   .name = reader.name,
                                   .role = role_of(call, file->to_body, body.code)};
  return access_log_add(call->store, &by, subject, "a death that was told",
                        arena_printf(call->arena, "told to %s", body.name), err);
}

/* Who has died, as staff say. */
static enum status find_dead(const struct case_call *call, const struct case_file *file,
                             const struct case_motion *motion, int64_t *subject,
                             struct error *err) {
  struct error unknown = {0};
  const struct span who = case_fact_given(motion->facts, motion->fact_count, NOTICE_WHO);
  if (!who.size) return DONE;
  enum status status = register_find_person(call->store,
                                            arena_copy(call->arena, who.bytes, who.size), subject,
                                            &unknown);
  if (status == REFUSED) return refuse_at(err, NOTICE_WHO, REFERENCE_OF_NOBODY);
  if (status != DONE) return *err = unknown, status;
  if (case_actor_is_near(call->actor, *subject)) return refuse(err, CASE_OWN);
  return note_access(call, file, *subject, err);
}

/* Nobody decides whether they have died themselves: the case may name them by a reference, or by
 * name and day of birth, as whoever told it knew them. */
static enum status check_not_named(const struct case_call *call, const struct case_file *file,
                                   struct error *err) {
  const struct case_actor *actor = call->actor;
  const char *reference = case_fact(file, "person"), *name = case_fact(file, "name"),
             *born = case_fact(file, "born");
  enum status status = DONE;
  if (reference) {
    int64_t named = 0;
    struct error unknown = {0};
    status = register_find_person(call->store, reference, &named, &unknown);
    if (status == FAILED) return *err = unknown, status;
    if (status == DONE && case_actor_is_near(actor, named)) return refuse(err, CASE_OWN);
    status = DONE;
  }
  for (int i = 0; status == DONE && name && born && i < actor->record_count; i++) {
    struct person p;
    status = register_person(call->store, call->arena, actor->records[i], &p, err);
    if (status == DONE && notice_names(&p, name, born)) return refuse(err, CASE_OWN);
  }
  return status;
}

/* Every administrator is told that somebody with a role is dead to the program: nobody can put
 * another out of their role in silence. */
static enum status tell_death(const struct case_call *call, const struct case_file *file,
                              int64_t subject, struct error *err) {
  struct role_grant *grants = NULL;
  struct person p = {.id = subject};
  int count = 0;
  const char *reference = case_fact(file, "person");
  enum status status = DONE;
  if (!subject && reference) status = register_find_person(call->store, reference, &p.id, err);
  if (status == DONE) status = register_surviving_person(call->store, call->arena, p.id, &p, err);
  if (status == DONE)
    status = role_grants_at(call->store, call->arena, p.id, call->desk->today, false, &grants,
                            &count, err);
  return status == DONE && count
             ? alert_add(call->store, ALERT_DEATH, call->actor->who, p.id, "", err)
             : status;
}

static const char *const accepting[] = {"accept", NULL};

static enum status decide_notice(struct case_call *call, struct case_file *file,
                                 const struct pack_case_move *move,
                                 const struct case_motion *motion, struct error *err) {
  int64_t subject = 0, born = 0;
  const struct notice_input telling = {.kind = file->kind_word,
                                       .facts = file->facts,
                                       .fact_count = file->fact_count};
  enum status status = DONE;
  if (move->by == CASE_BY_DECIDER && strcmp(file->kind_word, "told-death") == 0)
    status = check_not_named(call, file, err);
  if (status != DONE || strcmp(move->word, *accepting) != 0) return status;
  status = notice_asks_who(&telling) ? find_dead(call, file, motion, &subject, err) : DONE;
  if (status == DONE) status = apply(call, file, subject, &born, err);
  if (status == DONE && strcmp(file->kind_word, "told-death") == 0)
    status = tell_death(call, file, subject, err);
  /* what was told is no field of the decision */
  if (status == REFUSED && err && strcmp(err->column, NOTICE_WHO) != 0) err->column[0] = 0;
  if (status == DONE && born)
    file->result = arena_printf(call->arena, "person:%lld", (long long)born);
  return status;
}

const struct case_handler tell_case_handler = {.word = "notice",
                                               .moves = accepting,
                                               .open = open_notice,
                                               .opened = notice_opened,
                                               .move = decide_notice};
