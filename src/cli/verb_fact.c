/* weal fact: tells, corrects, withdraws and lists what rules need to know of somebody. */
#include "cli/cli.h"

#include "register/benefit_unit.h"
#include "register/facts.h"
#include "register/names.h"
#include "register/register.h"

enum { FACT_FIELDS_MOST = 10 };

static void say_told(struct call *call, const struct action_call *act) {
  const int64_t fact = action_answer_int_of(act, "fact"),
                corrects = action_answer_int_of(act, "corrects"),
                differs = action_answer_int_of(act, "differs");
  if (call->quiet) return;
  if (action_answer_of(act, "same")) {
    text_addf(&call->out, "Fact %lld says so already; nothing was added.\n", (long long)fact);
    return;
  }
  text_addf(&call->out, "Fact %lld is recorded.\n", (long long)fact);
  if (corrects) text_addf(&call->out, "It corrects fact %lld.\n", (long long)corrects);
  if (differs)
    text_addf(&call->out, "Fact %lld, told by somebody else, says otherwise.\n",
              (long long)differs);
  const int64_t opened = action_answer_int_of(act, "case");
  if (opened) text_addf(&call->out, "Case %lld shows both.\n", (long long)opened);
}

static enum status tell(struct call *call, struct error *err) {
  struct sent texts[FACT_FIELDS_MOST];
  struct call_sent sent = {.all = texts};
  struct action_call act = {0};
  if (call->argument_count != 4)
    return error_set(err, USAGE, "write: fact tell PERSON VARIABLE VALUE");
  const char *source = call_option(call, "source");
  const bool told = !source || strcmp(source, "told") == 0;
  const bool estimated = source && strcmp(source, "estimated") == 0;
  const bool by_body = call_has(call, "body") || !(told || estimated);
  if (call_open_store(call, STORE_WRITE, err) != DONE ||
      call_person(call, 1, &act.person, err) != DONE)
    return err->code;
  call_send(&sent, "variable", call->arguments[2]);
  call_send(&sent, "value", call->arguments[3]);
  call_send(&sent, "per", call_option(call, "per"));
  call_send(&sent, "from", call_option(call, "from"));
  call_send(&sent, "to", call_option(call, "to"));
  if (by_body) {
    call_send(&sent, "source", source ? source : "told");
    call_send(&sent, "evidence", call_option(call, "evidence"));
    call_send(&sent, "body", call_option(call, "body"));
  } else if (estimated) call_send(&sent, "estimated", "yes");
  if (call_act(call, by_body ? "fact-record" : "fact-tell", &sent, &act, err) != DONE)
    return err->code;
  say_told(call, &act);
  return DONE;
}

static enum status correct(struct call *call, struct error *err) {
  struct sent texts[FACT_FIELDS_MOST];
  struct call_sent sent = {.all = texts};
  struct action_call act = {0};
  if (call->argument_count != 4)
    return error_set(err, USAGE, "write: fact correct PERSON FACT VALUE");
  if (call_open_store(call, STORE_WRITE, err) != DONE ||
      call_person(call, 1, &act.person, err) != DONE)
    return err->code;
  call_send(&sent, "fact", call->arguments[2]);
  call_send(&sent, "value", call->arguments[3]);
  call_send(&sent, "per", call_option(call, "per"));
  call_send(&sent, "from", call_option(call, "from"));
  call_send(&sent, "to", call_option(call, "to"));
  if (call_act(call, "fact-correct", &sent, &act, err) != DONE) return err->code;
  say_told(call, &act);
  return DONE;
}

static enum status withdraw(struct call *call, struct error *err) {
  struct sent texts[FACT_FIELDS_MOST];
  struct call_sent sent = {.all = texts};
  struct action_call act = {0};
  if (call->argument_count != 3) return error_set(err, USAGE, "write: fact withdraw PERSON FACT");
  if (call_open_store(call, STORE_WRITE, err) != DONE ||
      call_person(call, 1, &act.person, err) != DONE)
    return err->code;
  call_send(&sent, "fact", call->arguments[2]);
  call_send(&sent, "reason", call_option(call, "reason"));
  if (call_act(call, "fact-withdraw", &sent, &act, err) != DONE) return err->code;
  if (!call->quiet) text_addf(&call->out, "Fact %s is withdrawn.\n", call->arguments[2]);
  return DONE;
}

/* ---- lists ---- */

static struct doc_value day_or_null(day_t day) {
  return day == DAY_NONE ? doc_null() : doc_day(day);
}

static enum status add_fact(struct call *call, struct document *d, const struct fact *f,
                            struct error *err) {
  struct register_name other = {0}, body = {0};
  enum status status = register_name_of_party(call->store, call->arena, f->other, &other, err);
  if (status == DONE) status = register_name_of_body(call->store, call->arena, f->body, &body, err);
  if (status != DONE) return status;
  const char *value = f->other ? other.code : f->value, *per = tell_per_word(f->per);
  document_cell(d, doc_count(f->id));
  document_cell(d, doc_text(f->variable));
  document_cell(d, value ? doc_text(value) : doc_null());
  document_cell(d, *per ? doc_text(per) : doc_null());
  document_cell(d, doc_day(f->from));
  document_cell(d, day_or_null(f->to));
  document_cell(d, doc_text(fact_source_word(f->source)));
  document_cell(d, doc_text(f->said_by));
  document_cell(d, doc_text(fact_sayer_word(f->said_as)));
  document_cell(d, body.code ? doc_text(body.code) : doc_null());
  document_cell(d, f->evidence ? doc_text(f->evidence) : doc_null());
  document_cell(d, day_or_null(f->review_by));
  document_cell(d, doc_text(f->said_at));
  document_cell(d, f->supersedes ? doc_count(f->supersedes) : doc_null());
  return DONE;
}

/* With --on only what is known on that day. */
static bool is_shown(const struct call *call, const struct facts *facts, const struct fact *f,
                     day_t day) {
  if (!call_has(call, "on")) return true;
  const struct pack_tellable *what = pack_find_tellable(call->pack, span_of(f->variable));
  if (!what || what->kind != TELL_PEOPLE) return facts_known(facts, f->variable, day).fact == f;
  const struct fact **people = NULL;
  int count = 0;
  facts_people(facts, call->arena, f->variable, day, &people, &count);
  for (int i = 0; i < count; i++)
    if (people[i] == f) return true;
  return false;
}

static enum status list(struct call *call, struct error *err) {
  static const struct doc_column columns[] = {
      {"fact", "Fact"},         {"variable", "Variable"},
      {"value", "Value"},       {"per", "Per"},
      {"from", "From"},         {"to", "To"},
      {"source", "Source"},     {"said_by", "Said by"},
      {"said_as", "As"},        {"body", "Organisation"},
      {"evidence", "Evidence"}, {"review_by", "Review by"},
      {"recorded", "Recorded"}, {"supersedes", "In place of"}};
  static const char *const csv[] = {"fact",     "variable",  "value",    "per",       "from",
                                    "to",       "source",    "said_by",  "said_as",   "body",
                                    "evidence", "review_by", "recorded", "supersedes"};
  enum { COLUMNS = sizeof columns / sizeof *columns };
  struct facts facts = {0};
  int64_t person = 0;
  day_t day = day_today();
  if (call->argument_count != 2) return error_set(err, USAGE, "write: fact list PERSON");
  if (call_day(call, "on", &day, err) != DONE || call_open_store(call, STORE_WRITE, err) != DONE ||
      call_open_pack(call, err) != DONE || call_person(call, 1, &person, err) != DONE ||
      call_note_access(call, person, "facts", err) != DONE ||
      facts_of_person(call->store, call->arena, person, day, &facts, err) != DONE)
    return err->code;
  struct document *d = document_new(call->arena, ENGLISH, "What was told");
  document_csv_columns(d, csv, sizeof csv / sizeof *csv);
  document_table(d, "facts", NULL, columns, COLUMNS, "facts");
  for (int i = 0; i < facts.count; i++)
    if (is_shown(call, &facts, &facts.all[i], day) && add_fact(call, d, &facts.all[i], err) != DONE)
      return err->code;
  document_table_end(d);
  output_document(call, d);
  return DONE;
}

static enum status list_variables(struct call *call, struct error *err) {
  static const struct doc_column columns[] = {{"variable", "Variable"}, {"whose", "Whose"},
                                              {"kind", "Kind"},         {"per", "Per"},
                                              {"name", "Name"},         {"question", "Question"}};
  static const char *const csv[] = {"variable", "whose", "kind", "per", "name", "question"};
  enum { COLUMNS = sizeof columns / sizeof *columns };
  if (call->argument_count != 1) return error_set(err, USAGE, "write: fact variables");
  if (call_open_pack(call, err) != DONE) return err->code;
  struct document *d = document_new(call->arena, ENGLISH, "What can be told");
  document_csv_columns(d, csv, sizeof csv / sizeof *csv);
  document_table(d, "variables", NULL, columns, COLUMNS, "variables");
  for (int i = 0; i < call->pack->tellable_count; i++) {
    const struct pack_tellable *t = &call->pack->tellables[i];
    struct text per = {0};
    for (int p = 0; p < t->per_count; p++)
      text_addf(&per, "%s%s", p ? " " : "", tell_per_word(t->per[p]));
    document_cell(d, doc_text(t->variable));
    document_cell(d, doc_text(t->of_household ? "household" : t->of_unit ? "unit" : "person"));
    document_cell(d, doc_text(tell_kind_word(t->kind)));
    document_cell(d, per.size ? doc_text(arena_string(call->arena, per.bytes)) : doc_null());
    document_cell(d, doc_text(t->name[ENGLISH]));
    document_cell(d, doc_text(t->question[ENGLISH]));
    text_release(&per);
  }
  document_table_end(d);
  output_document(call, d);
  return DONE;
}

/* ---- who belongs together ---- */

static enum status code_of(struct call *call, int64_t party, const char **out, struct error *err) {
  struct register_name name = {0};
  enum status status = register_name_of_party(call->store, call->arena, party, &name, err);
  *out = name.code;
  return status;
}

static enum status add_members(struct call *call, struct document *d,
                               const struct benefit_unit *unit, struct error *err) {
  static const struct doc_column columns[] = {
      {"person", "Person"}, {"role", "As"}, {"confirmed", "Confirmed"}, {"contested", "Contested"}};
  const char *code = NULL;
  document_table(d, "members", NULL, columns, 4, "members");
  for (int i = 0; i < unit->member_count; i++) {
    const struct unit_member *m = &unit->members[i];
    if (code_of(call, m->person, &code, err) != DONE) return err->code;
    document_cell(d, doc_text(code));
    document_cell(d, doc_text(unit_role_word(m->role)));
    document_cell(d, doc_text(m->confirmed ? "yes" : "no"));
    document_cell(d, doc_text(m->contested ? "yes" : "no"));
  }
  for (int i = 0; i < unit->non_dependant_count; i++) {
    if (code_of(call, unit->non_dependants[i], &code, err) != DONE) return err->code;
    document_cell(d, doc_text(code));
    document_cell(d, doc_text("non-dependant"));
    document_cell(d, doc_text("yes"));
    document_cell(d, doc_text("no"));
  }
  document_table_end(d);
  return DONE;
}

static enum status list_unit(struct call *call, struct error *err) {
  static const struct doc_column columns[] = {{"person", "Person"}, {"variable", "Not known"}};
  struct benefit_unit unit = {0};
  const char *code = NULL;
  int64_t person = 0;
  day_t day = day_today();
  if (call->argument_count != 2) return error_set(err, USAGE, "write: fact unit PERSON");
  if (call_day(call, "on", &day, err) != DONE || call_open_store(call, STORE_WRITE, err) != DONE ||
      call_person(call, 1, &person, err) != DONE ||
      call_note_access(call, person, "facts", err) != DONE ||
      register_unit_on(call->store, call->arena, person, day, &unit, err) != DONE)
    return err->code;
  struct document *d = document_new(call->arena, ENGLISH, "Who belongs together");
  if (add_members(call, d, &unit, err) != DONE) return err->code;
  document_table(d, "questions", NULL, columns, 2, "questions");
  for (int i = 0; i < unit.question_count; i++) {
    if (code_of(call, unit.questions[i].person, &code, err) != DONE) return err->code;
    document_cell(d, doc_text(code));
    document_cell(d, doc_text(unit.questions[i].variable));
  }
  document_table_end(d);
  output_document(call, d);
  return DONE;
}

enum status verb_fact(struct call *call, struct error *err) {
  const char *what = call->arguments[0];
  if (strcmp(what, "tell") == 0) return tell(call, err);
  if (strcmp(what, "correct") == 0) return correct(call, err);
  if (strcmp(what, "withdraw") == 0) return withdraw(call, err);
  if (strcmp(what, "list") == 0) return list(call, err);
  if (strcmp(what, "unit") == 0) return list_unit(call, err);
  if (strcmp(what, "variables") == 0) return list_variables(call, err);
  return error_set(err, USAGE,
                   "'%s' cannot be done with facts; write fact tell, fact correct, fact withdraw, "
                   "fact list, fact unit or fact variables",
                   what);
}
