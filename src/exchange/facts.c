/* Facts told once, as files: what a body sends of many people, and all that stands as a file again.
 */
#include "award/claim.h"
#include "award/recovery.h"
#include "award/twice.h"
#include "base/refusal.h"
#include "exchange/columns.h"
#include "exchange/import_register.h"
#include "exchange/intake.h"
#include "exchange/row_writer.h"
#include "register/fact_case.h"
#include "register/facts.h"
#include "register/names.h"
#include "register/near.h"

#define QUOTED(value) span_quote((value), (char[SPAN_QUOTE_SIZE]){0})

/* ---- in ---- */

/* Of one call. */
struct fact_intake {
  struct fact_numbers numbers;
  day_t today;
  int64_t teller;      /* of the row before: rows of a person mostly stand together */
  const char *said_by; /* who that is; of the call */
  int64_t dweller;     /* who told a fact of a home last, and where they live on a day */
  day_t home_on;
  int64_t home;
  struct near near; /* whoever imports, and who is theirs */
  int64_t *related; /* of whom a relation was told: their awards are settled at the end */
  int related_count, related_capacity;
};

/* Two who turn out to be a couple may have an award each of what is one amount for both: as where
 * they tell it themselves, once all of the files is known. What cannot be asked about refuses no
 * file: a run of payments sets it aside. */
static enum status settle_awards(struct intake *in, struct error *err) {
  static const struct case_handler *const handlers[] = {&award_claim_handler, &award_twice_handler,
                                                        &award_overpayment_handler, NULL};
  const struct fact_intake *f = in->facts;
  enum status status = DONE;
  for (int i = 0; f && status == DONE && i < f->related_count; i++) {
    struct arena *arena = arena_new();
    const struct case_desk desk = {.pack = in->call->pack, .handlers = handlers, .today = f->today};
    const struct award_call call = {.store = in->call->store,
                                    .arena = arena,
                                    .pack = in->call->pack,
                                    .desk = &desk,
                                    .who = in->call->options.who ? in->call->options.who : "",
                                    .today = f->today};
    struct error why = {0}, lost = {0};
    int64_t opened = 0;
    status = store_savepoint(in->call->store, &why);
    if (status == DONE) status = awards_settle_twice(&call, f->related[i], &opened, &why);
    if (status == REFUSED) status = store_savepoint_undo(in->call->store, &lost), why = lost;
    else if (status == DONE) status = store_savepoint_release(in->call->store, &why);
    if (status != DONE) *err = why;
    arena_free(arena);
  }
  return status;
}

static enum status ready(struct intake *in, struct error *err) {
  if (in->facts) return DONE;
  in->finish = settle_awards;
  in->facts = arena_alloc(in->call->arena, sizeof *in->facts);
  *in->facts = (struct fact_intake){.today = day_today()};
  enum status status = intake_registered(in, err);
  if (status != DONE) return status;
  return register_near_of_who(in->call->store, in->call->arena, in->call->options.who,
                              in->facts->today, &in->facts->near, err);
}

/* The household that is named, or the one in which the person lives on the first day. */
static enum status find_household(struct intake *in, const struct intake_row *row,
                                  const struct fact_telling *t, struct arena *arena,
                                  struct fact_subject *out, struct error *err) {
  struct span code = intake_field(in, row, FACT_HOUSEHOLD);
  struct person person = {0};
  if (code.size) {
    out->party = directory_household(in->directory, code);
    return out->party ? DONE : refuse_at(err, "household", HOUSEHOLD_UNREGISTERED, QUOTED(code));
  }
  enum status status = register_surviving_person(in->call->store, arena, t->person, &person, err);
  if (status == DONE)
    out->party = person_household(&person, t->from == DAY_NONE ? t->today : t->from);
  return status == DONE && !out->party ? refuse_at(err, "variable", FACT_NO_HOUSEHOLD) : status;
}

static enum status take_subject(struct intake *in, const struct intake_row *row,
                                struct fact_telling *t, struct arena *arena,
                                struct fact_subject *subject, struct error *err) {
  const struct directory_person *person = NULL;
  const bool has_person = intake_field(in, row, FACT_PERSON).size > 0;
  const bool has_household = intake_field(in, row, FACT_HOUSEHOLD).size > 0;
  *subject = (struct fact_subject){.born = DAY_NONE, .died = DAY_NONE};
  if (has_household && !t->what->of_household)
    return refuse_at(err, "household", FACT_OF_A_PERSON, t->what->variable);
  if (!has_person && !has_household) return refuse_at(err, "person", FACT_ABOUT_NOBODY);
  enum status status = has_person ? intake_person(in, row, FACT_PERSON, &person, err) : DONE;
  if (status != DONE) return status;
  t->person = person ? person->id : 0;
  t->subject = subject;
  if (t->what->of_household) return find_household(in, row, t, arena, subject, err);
  *subject = (struct fact_subject){person->id, person->born, person->died};
  return DONE;
}

/* What is told of a home as one's own is told by who lives in it on the first day. */
static enum status check_lives_there(struct intake *in, const struct fact_telling *t,
                                     struct arena *arena, struct error *err) {
  struct fact_intake *f = in->facts;
  const day_t on = t->from == DAY_NONE ? t->today : t->from;
  struct person person = {0};
  if (f->dweller != t->teller || f->home_on != on) {
    enum status status = register_surviving_person(in->call->store, arena, t->teller, &person, err);
    if (status != DONE) return status;
    f->dweller = t->teller;
    f->home_on = on;
    f->home = person_household(&person, on);
  }
  return f->home && f->home == t->subject->party
             ? DONE
             : refuse_at(err, "said_by", FACT_SAID_BY_OTHER_HOME);
}

/* A person told it, or a body recorded or decided it, else the operator. */
static enum status take_sayer(struct intake *in, const struct intake_row *row,
                              struct fact_telling *t, struct arena *arena, struct error *err) {
  struct span said_by = intake_field(in, row, FACT_SAID_BY),
              body = intake_field(in, row, FACT_BODY);
  const struct directory_person *person = NULL;
  const char *who = in->call->options.who;
  struct register_name name = {0};
  t->said_by = who ? who : "";
  if (body.size) {
    const struct body *found = bodies_by_code(in->bodies, body);
    if (!found) return refuse_at(err, "body", BODY_CODE_UNKNOWN, QUOTED(body));
    t->body = found->id;
  }
  t->said_as = t->source == FACT_DECISION ? FACT_BY_BODY
               : t->body                  ? FACT_BY_OFFICER
                                          : FACT_BY_OPERATOR;
  if (t->source == FACT_DECISION && !t->body) return refuse_at(err, "body", FACT_BODY_MISSING);
  if (!said_by.size) return DONE;
  if (t->body) return refuse_at(err, "said_by", FACT_SAID_BY_BOTH);
  if (intake_person(in, row, FACT_SAID_BY, &person, err) != DONE) return err->code;
  if (!t->what->of_household && person->id != t->person)
    return refuse_at(err, "said_by", FACT_ABOUT_ANOTHER);
  t->said_as = FACT_BY_SELF;
  t->teller = person->id;
  if (t->what->of_household && check_lives_there(in, t, arena, err) != DONE) return err->code;
  if (in->facts->teller != person->id) {
    if (register_name_of_party(in->call->store, arena, person->id, &name, err) != DONE)
      return err->code;
    in->facts->said_by = arena_printf(in->call->arena, "id:%s", name.code);
    in->facts->teller = person->id;
  }
  t->said_by = in->facts->said_by;
  return DONE;
}

/* Whoever imports in their own name tells nothing by a file of themself, their family or home. */
static enum status check_not_theirs(struct intake *in, const struct fact_telling *t,
                                    const struct fact_told *told, struct arena *arena,
                                    struct error *err) {
  const struct near *near = &in->facts->near;
  struct fact fact = {0};
  if (!near->count) return DONE;
  if (near_has(near, told->party)) return refuse_at(err, "person", FACT_OWN_RECORD);
  if (t->what->kind != TELL_PERSON) return DONE;
  enum status status = fact_find(in->call->store, arena, t->person, told->id, &fact, err);
  return status == DONE && near_has(near, fact.other) ? refuse_at(err, "value", FACT_OWN_RECORD)
                                                      : status;
}

static enum status take_row(struct intake *in, const struct intake_row *row, struct arena *arena,
                            struct error *err) {
  struct fact_subject subject;
  struct fact_told told = {0};
  struct span variable = intake_field(in, row, FACT_VARIABLE);
  struct fact_telling t = {.pack = in->call->pack,
                           .what = pack_find_tellable(in->call->pack, variable),
                           .value = intake_field(in, row, FACT_VALUE),
                           .per = intake_field(in, row, FACT_PER),
                           .evidence = intake_field(in, row, FACT_EVIDENCE),
                           .numbers = &in->facts->numbers,
                           .today = in->facts->today};
  if (!t.what) return refuse_at(err, "variable", FACT_VARIABLE_UNKNOWN, QUOTED(variable));
  enum status status = intake_need(in, row, FACT_FROM, err);
  if (status == DONE) status = intake_day(in, row, FACT_FROM, &t.from, err);
  if (status == DONE) status = intake_day(in, row, FACT_TO, &t.to, err);
  if (status == DONE) status = intake_day(in, row, FACT_REVIEW_BY, &t.review_by, err);
  if (status == DONE)
    status = fact_source_parse(intake_field(in, row, FACT_SOURCE), &t.source, err);
  if (status == DONE) status = take_subject(in, row, &t, arena, &subject, err);
  if (status == DONE) status = take_sayer(in, row, &t, arena, err);
  if (status == DONE) status = fact_tell(in->call->store, arena, &t, &told, err);
  if (status == DONE) status = check_not_theirs(in, &t, &told, arena, err);
  if (status == DONE && told.differs && !told.same) {
    const struct fact_difference difference = {.party = told.party,
                                               .first = told.differs,
                                               .second = told.id,
                                               .person = t.person,
                                               .today = t.today};
    int64_t opened = 0;
    status = fact_case_open(in->call->store, arena, t.pack, &difference, &opened, err);
  }
  if (status != DONE) return status;
  if (t.what->kind == TELL_PERSON && !told.same) {
    struct fact_intake *f = in->facts;
    arena_reserve(in->call->arena, f->related, f->related_capacity, f->related_count + 1);
    f->related[f->related_count++] = t.person;
  }
  if (told.same) in->same++;
  else if (told.corrects) in->changed++;
  else in->added++;
  return DONE;
}

static enum status take_fact(struct intake *in, const struct intake_row *row, struct error *err) {
  enum status status = ready(in, err);
  if (status != DONE) return status;
  struct arena *arena = arena_new();
  status = take_row(in, row, arena, err);
  arena_free(arena);
  return status;
}

enum status import_facts(const struct import_call *call, struct import_result *result,
                         struct error *err) {
  static const struct intake_kind kind = {
      .name = "facts", .columns = facts_columns, .column_count = FACT_COLUMNS, .take = take_fact};
  return intake_run(&kind, call, result, err);
}

/* ---- out ---- */

struct fact_export {
  struct row_writer writer;
  const char **people;
  int64_t last_person;
  const struct bodies *bodies;
};

static const char *person_code(const struct fact_export *e, int64_t id) {
  return id > 0 && id <= e->last_person ? e->people[id] : NULL;
}

static enum status write_fact(void *context, const struct fact *f, const struct fact_owner *owner,
                              struct error *err) {
  struct fact_export *e = context;
  struct row_writer *w = &e->writer;
  const struct body *body = f->body ? bodies_by_id(e->bodies, f->body) : NULL;
  row_begin(w, w->out);
  row_string(w, owner->is_household ? NULL : owner->code);
  row_string(w, owner->is_household ? owner->code : NULL);
  row_string(w, f->variable);
  row_string(w, f->other ? person_code(e, f->other) : f->value);
  row_string(w, f->per ? tell_per_word(f->per) : NULL);
  row_day(w, f->from);
  row_day(w, f->to);
  row_string(w, fact_source_word(f->source));
  row_string(w, person_code(e, f->teller));
  row_string(w, body ? body->code : NULL);
  row_string(w, f->evidence);
  row_day(w, f->review_by);
  row_end(w);
  return row_flush(w, false, err);
}

EXPORT(export_facts) {
  (void)pack;
  struct fact_export e = {.writer = ROW_WRITER(facts_columns)};
  struct arena *arena = arena_new();
  struct bodies *bodies = NULL;
  enum status status = store_begin(store, STORE_READ, err);
  if (status == DONE)
    status = register_codes(store, arena, REGISTER_PERSONS, &e.people, &e.last_person, err);
  if (status == DONE) status = register_bodies(store, arena, &bodies, err);
  e.bodies = bodies;
  row_head(&e.writer);
  if (status == DONE) status = facts_each(store, write_fact, &e, err);
  return row_finish(&e.writer, store, arena, status, err);
}
