/* A run as a document: why it was made, what it came to, whom it found. */
#include "takeup/letters.h"
#include "takeup/parts.h"

#include "base/refusal.h"
#include "register/names.h"

struct teller {
  struct arena *arena;
  const struct takeup_telling *q;
  struct document *d;
  struct takeup_run run;
  struct places *places;
};

static const char *says(const struct teller *t, const char *text) {
  return say(t->q->language, text);
}

static const char *benefit_name(const struct teller *t, const char *variable) {
  const struct pack_entitlement *what = pack_find_entitlement(t->q->pack, span_of(variable));
  return what ? what->name[t->q->language] : variable;
}

static const char *told_name(const struct teller *t, const char *variable) {
  const struct pack_tellable *what = pack_find_tellable(t->q->pack, span_of(variable));
  if (strcmp(variable, "date_of_birth") == 0) return says(t, N_("Date of birth"));
  if (strcmp(variable, TAKEUP_OF_RULES) == 0)
    return says(t, N_("The rules of the council's own scheme, which are not known here"));
  if (strcmp(variable, TAKEUP_BARRED) == 0)
    return says(t, N_("No public funds are open to somebody of them"));
  return what ? what->name[t->q->language] : variable;
}

static const struct place *place_of(const struct teller *t, int64_t id) {
  const int at = places_by_id(t->places, id);
  return at == PLACE_NONE ? NULL : &t->places->all[at];
}

static struct doc_value pence_or_none(int64_t pence) {
  return pence == INT64_MAX ? doc_null() : doc_money(pence);
}

static struct doc_value day_or_none(day_t day) {
  return day == DAY_NONE ? doc_null() : doc_day(day);
}

static const char *names_of(const struct teller *t, const char *variables) {
  struct text names = {0};
  for (const char *at = variables; *at; at += strspn(at, " ")) {
    const size_t size = strcspn(at, " ");
    text_addf(&names, "%s%s", names.size ? ", " : "",
              benefit_name(t, arena_copy(t->arena, at, size)));
    at += size;
  }
  return text_take(t->arena, &names);
}

static enum status add_head(struct teller *t, struct error *err) {
  struct register_name body = {0};
  const struct place *place = place_of(t, t->run.place);
  if (t->run.body && register_name_of_body(t->q->store, t->arena, t->run.body, &body, err) != DONE)
    return err->code;
  document_open(t->d, "run", says(t, N_("What was looked for")));
  document_value(t->d, "number", says(t, N_("Number")), doc_count(t->run.id));
  document_value(t->d, "place", says(t, N_("Place")), doc_text(place ? place->name : ""));
  document_value(t->d, "code", says(t, N_("Code of the place")),
                 doc_text(place ? place->code : ""));
  document_value(t->d, "on", says(t, N_("As of")), doc_day(t->run.on));
  document_value(t->d, "benefits", says(t, N_("Entitlements")),
                 doc_text(names_of(t, t->run.benefits)));
  document_value(t->d, "purpose", says(t, N_("Purpose")), doc_text(t->run.purpose));
  document_value(t->d, "law", says(t, N_("Legal basis")), doc_text(t->run.law));
  if (t->run.agreement)
    document_value(t->d, "agreement", says(t, N_("Agreement")), doc_text(t->run.agreement));
  document_value(t->d, "objected", says(t, N_("Households that do not want to be searched for")),
                 doc_count(t->run.objected));
  if (body.name) document_value(t->d, "body", says(t, N_("Organisation")), doc_text(body.name));
  document_close(t->d);
  return DONE;
}

static enum status add_sums(struct teller *t, struct error *err) {
  const struct doc_column columns[] = {{"variable", says(t, N_("Entitlement"))},
                                       {"place", says(t, N_("Place"))},
                                       {"entitled", says(t, N_("Seem entitled"))},
                                       {"receiving", says(t, N_("Receive it"))},
                                       {"missing", says(t, N_("Receive nothing"))},
                                       {"exact", says(t, N_("Amount known"))},
                                       {"low", says(t, N_("Missing a year, at least"))},
                                       {"high", says(t, N_("Missing a year, at most"))},
                                       {"maybe", says(t, N_("Cannot say"))},
                                       {"paid_to", says(t, N_("Payments known to"))}};
  enum { COLUMNS = sizeof columns / sizeof *columns };
  struct takeup_kept_sums *sums = NULL;
  int count = 0;
  enum status status = takeup_sums_of(t->q->store, t->arena, &t->run, &sums, &count, err);
  document_table(t->d, "sums", says(t, N_("What it came to, in households")), columns, COLUMNS,
                 "sums");
  for (int i = 0; status == DONE && i < count; i++) {
    const struct takeup_sums *s = &sums[i].sums;
    const struct place *place = place_of(t, sums[i].place);
    document_cell(t->d, doc_text(benefit_name(t, sums[i].variable)));
    document_cell(t->d, doc_text(place ? place->name : ""));
    document_cell(t->d, doc_count(s->entitled));
    document_cell(t->d, doc_count(s->receiving));
    document_cell(t->d, doc_count(s->missing));
    document_cell(t->d, doc_count(s->exact));
    document_cell(t->d, doc_money(s->missing_low));
    document_cell(t->d, pence_or_none(s->missing_high));
    document_cell(t->d, doc_count(s->maybe));
    document_cell(t->d, day_or_none(sums[i].paid_to));
  }
  document_table_end(t->d);
  return status;
}

static enum status add_reasons(struct teller *t, struct error *err) {
  const struct doc_column columns[] = {{"variable", says(t, N_("Entitlement"))},
                                       {"reason", says(t, N_("What is not known"))},
                                       {"units", says(t, N_("Households"))}};
  struct takeup_kept_reason *all = NULL;
  int count = 0;
  enum status status = takeup_reasons_of(t->q->store, t->arena, t->run.id, &all, &count, err);
  document_table(t->d, "unknown", says(t, N_("Where nothing can be said, and why")), columns, 3,
                 "unknown");
  for (int i = 0; status == DONE && i < count; i++) {
    document_cell(t->d, doc_text(*all[i].variable ? benefit_name(t, all[i].variable)
                                                  : says(t, N_("All of them"))));
    document_cell(t->d, doc_text(told_name(t, all[i].reason)));
    document_cell(t->d, doc_count(all[i].units));
  }
  document_table_end(t->d);
  return status;
}

static const char *needs_of(const struct teller *t, const char *needs) {
  struct text all = {0};
  for (const char *at = needs; *at; at += strspn(at, " ")) {
    const size_t size = strcspn(at, " ");
    text_addf(&all, "%s%s", all.size ? ", " : "", told_name(t, arena_copy(t->arena, at, size)));
    at += size;
  }
  return text_take(t->arena, &all);
}

static enum status add_people(struct teller *t, struct error *err) {
  const struct doc_column columns[] = {
      {"person", says(t, N_("Person"))},        {"name", says(t, N_("Name"))},
      {"variable", says(t, N_("Entitlement"))}, {"place", says(t, N_("Place"))},
      {"low", says(t, N_("A year, at least"))}, {"high", says(t, N_("A year, at most"))},
      {"since", says(t, N_("Known since"))},    {"needs", says(t, N_("What would tell"))},
      {"written", says(t, N_("Written to"))}};
  enum { COLUMNS = sizeof columns / sizeof *columns };
  struct takeup_found *all = NULL;
  int count = 0;
  enum status status = takeup_found_by(t->q->store, t->arena, t->run.id, &all, &count, err);
  document_table(t->d, "found", says(t, N_("Who seems entitled and receives nothing")), columns,
                 COLUMNS, "found");
  for (int i = 0; status == DONE && i < count; i++) {
    struct register_name name = {0};
    const struct place *place = place_of(t, all[i].place);
    status = register_name_of_party(t->q->store, t->arena,
                                    all[i].whose ? all[i].whose : all[i].party, &name, err);
    if (status != DONE) break;
    document_cell(t->d, doc_text(name.code ? name.code : ""));
    document_cell(t->d, doc_text(name.name ? name.name : ""));
    document_cell(t->d, doc_text(benefit_name(t, all[i].variable)));
    document_cell(t->d, doc_text(place ? place->name : ""));
    document_cell(t->d, doc_money(all[i].low));
    document_cell(t->d, pence_or_none(all[i].high));
    document_cell(t->d, doc_day(all[i].since));
    document_cell(t->d, doc_text(needs_of(t, all[i].needs)));
    document_cell(t->d, day_or_none(all[i].written));
  }
  document_table_end(t->d);
  return status;
}

enum status takeup_document(struct arena *arena, const struct takeup_telling *telling, int64_t run,
                            struct document **out, struct error *err) {
  struct teller t = {.arena = arena, .q = telling};
  enum status status = takeup_run_find(telling->store, arena, run, &t.run, err);
  if (status == DONE) status = register_places(telling->store, arena, &t.places, err);
  if (status != DONE) return status;
  t.d = document_new(arena, telling->language, says(&t, N_("Who misses out")));
  *out = t.d;
  status = add_head(&t, err);
  if (status == DONE) status = add_sums(&t, err);
  if (status == DONE) status = add_reasons(&t, err);
  const struct takeup_reading reading = {.store = telling->store, .pack = telling->pack};
  const struct takeup_outcomes_of outcomes = {.reading = &reading,
                                              .run = run,
                                              .today = telling->today};
  if (status == DONE && telling->outcomes)
    status = takeup_add_outcomes(arena, t.d, telling->language, &outcomes, err);
  if (status == DONE && telling->people) status = add_people(&t, err);
  return status;
}

enum status takeup_runs_document(struct arena *arena, const struct takeup_telling *telling,
                                 struct span place, struct document **out, struct error *err) {
  struct teller t = {.arena = arena, .q = telling};
  struct takeup_run *runs = NULL;
  int count = 0;
  enum status status = register_places(telling->store, arena, &t.places, err);
  if (status != DONE) return status;
  const int at = place.size ? places_by_code(t.places, place) : PLACE_NONE;
  if (at == PLACE_NONE && place.size)
    return refuse_at(err, "place", PLACE_UNKNOWN, arena_copy(arena, place.bytes, place.size));
  status = takeup_runs_of(telling->store, arena, at == PLACE_NONE ? 0 : t.places->all[at].id, &runs,
                          &count, err);
  const struct doc_column columns[] = {
      {"number", says(&t, N_("Number"))},   {"place", says(&t, N_("Place"))},
      {"on", says(&t, N_("As of"))},        {"benefits", says(&t, N_("Entitlements"))},
      {"purpose", says(&t, N_("Purpose"))}, {"found", says(&t, N_("Found"))}};
  t.d = document_new(arena, telling->language, says(&t, N_("Who misses out")));
  *out = t.d;
  document_table(t.d, "runs", says(&t, N_("What was looked for before")), columns, 6, "runs");
  for (int i = 0; status == DONE && i < count; i++) {
    const struct place *of = place_of(&t, runs[i].place);
    document_cell(t.d, doc_count(runs[i].id));
    document_cell(t.d, doc_text(of ? of->name : ""));
    document_cell(t.d, doc_day(runs[i].on));
    document_cell(t.d, doc_text(names_of(&t, runs[i].benefits)));
    document_cell(t.d, doc_text(runs[i].purpose));
    document_cell(t.d, doc_count(runs[i].found));
  }
  document_table_end(t.d);
  return status;
}
