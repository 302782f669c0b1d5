/* weal award: makes, changes, ends and lists awards. weal pay: posts what they make due. */
#include "cli/cli.h"

#include "action/desk.h"
#include "award/claim_pack.h"
#include "award/pay.h"
#include "award/recovery.h"
#include "base/refusal.h"
#include "register/names.h"

enum { AWARD_FIELDS_MOST = 10 };

static void say_changed(struct call *call, const struct action_call *act) {
  const int64_t arrears = action_answer_int_of(act, "arrears"),
                overpaid = action_answer_int_of(act, "overpaid");
  if (arrears) {
    text_add(&call->out, "For days that were paid already there is more: ");
    text_add_pounds(&call->out, arrears);
    text_add(&call->out, " is paid at the next run.\n");
  }
  if (overpaid) {
    text_add(&call->out, "For days that were paid already there is less: ");
    text_add_pounds(&call->out, overpaid);
    text_addf(&call->out, " was paid too much, which is case %lld; nothing is taken back.\n",
              (long long)action_answer_int_of(act, "case"));
  }
}

static enum status make(struct call *call, struct error *err) {
  struct sent texts[AWARD_FIELDS_MOST];
  struct call_sent sent = {.all = texts};
  struct action_call act = {0};
  if (call->argument_count != 3 || !call_has(call, "from") || !call_has(call, "body"))
    return error_set(err, USAGE, "write: award make PERSON VARIABLE --body CODE --from DAY");
  if (call_open_store(call, STORE_WRITE, err) != DONE ||
      call_person(call, 1, &act.person, err) != DONE)
    return err->code;
  call_send(&sent, "variable", call->arguments[2]);
  call_send(&sent, "amount", call_option(call, "amount"));
  call_send(&sent, "per", call_option(call, "per"));
  call_send(&sent, "from", call_option(call, "from"));
  call_send(&sent, "to", call_option(call, "to"));
  call_send(&sent, "pay", call_option(call, "pay"));
  call_send(&sent, "first", call_option(call, "first-due"));
  call_send(&sent, "evidence", call_option(call, "evidence"));
  call_send(&sent, "body", call_option(call, "body"));
  if (call_act(call, "award-make", &sent, &act, err) != DONE) return err->code;
  if (call->quiet) return DONE;
  text_addf(&call->out, "Award %lld is made: ", (long long)action_answer_int_of(&act, "award"));
  text_add_pounds(&call->out, action_answer_int_of(&act, "pence"));
  text_add(&call->out, ".\n");
  return DONE;
}

static enum status change(struct call *call, bool ends, struct error *err) {
  struct sent texts[AWARD_FIELDS_MOST];
  struct call_sent sent = {.all = texts};
  struct action_call act = {0};
  const char *why = NULL;
  const char *day = ends ? "to" : "from";
  if (call->argument_count != 3 || !call_has(call, day) || (!ends && !call_has(call, "amount")))
    return error_set(err, USAGE,
                     ends ? "write: award end PERSON AWARD --to DAY --reason TEXT"
                          : "write: award change PERSON AWARD --amount POUNDS --from DAY --reason "
                            "TEXT");
  if (call_reason(call, &why, err) != DONE || call_open_store(call, STORE_WRITE, err) != DONE ||
      call_person(call, 1, &act.person, err) != DONE)
    return err->code;
  call_send(&sent, "award", call->arguments[2]);
  if (!ends) call_send(&sent, "amount", call_option(call, "amount"));
  call_send(&sent, ends ? "last" : "from", call_option(call, day));
  call_send(&sent, "why", why);
  if (call_act(call, ends ? "award-end" : "award-change", &sent, &act, err) != DONE)
    return err->code;
  if (call->quiet) return DONE;
  text_addf(&call->out, ends ? "Award %s ends.\n" : "Award %s is changed.\n", call->arguments[2]);
  say_changed(call, &act);
  return DONE;
}

/* ---- lists ---- */

static struct doc_value day_or_null(day_t day) {
  return day == DAY_NONE ? doc_null() : doc_day(day);
}

static struct doc_value text_or_null(const char *text) {
  return text && *text ? doc_text(text) : doc_null();
}

static enum status add_award(struct call *call, struct document *d, const struct award *a,
                             struct error *err) {
  struct register_name body = {0};
  if (register_name_of_body(call->store, call->arena, a->body, &body, err) != DONE)
    return err->code;
  document_cell(d, doc_count(a->award));
  document_cell(d, doc_count(a->id));
  document_cell(d, text_or_null(body.code));
  document_cell(d, doc_text(a->variable));
  document_cell(d, doc_money(a->pence));
  document_cell(d, doc_text(tell_per_word(a->per)));
  document_cell(d, doc_day(a->from));
  document_cell(d, day_or_null(a->to));
  document_cell(d, text_or_null(a->pay_days));
  document_cell(d, day_or_null(a->first_due));
  document_cell(d, a->arrears ? doc_money(a->arrears) : doc_null());
  document_cell(d, doc_text(a->source));
  document_cell(d, text_or_null(a->reference));
  document_cell(d, text_or_null(a->facts));
  document_cell(d, text_or_null(a->versions));
  document_cell(d, doc_text(a->made_by));
  document_cell(d, doc_text(a->made_at));
  document_cell(d, text_or_null(a->why));
  document_cell(d, doc_text(award_stands(a) ? "yes" : "no"));
  return DONE;
}

static enum status list(struct call *call, struct error *err) {
  static const struct doc_column columns[] = {
      {"award", "Award"},         {"row", "Row"},
      {"body", "Organisation"},   {"variable", "For"},
      {"amount", "Amount"},       {"per", "A"},
      {"from", "From"},           {"to", "To"},
      {"pay_days", "Paid every"}, {"first_due", "First paid"},
      {"arrears", "Arrears"},     {"source", "Source"},
      {"reference", "Reference"}, {"facts", "Rests on"},
      {"versions", "Versions"},   {"made_by", "Made by"},
      {"made_at", "Made"},        {"why", "Why"},
      {"stands", "Stands"}};
  static const char *const csv[] = {"award",   "row",     "body",      "variable", "amount",
                                    "per",     "from",    "to",        "pay_days", "first_due",
                                    "arrears", "source",  "reference", "facts",    "versions",
                                    "made_by", "made_at", "why",       "stands"};
  enum { COLUMNS = sizeof columns / sizeof *columns };
  struct awards awards = {0};
  int64_t person = 0;
  if (call->argument_count != 2) return error_set(err, USAGE, "write: award list PERSON");
  if (call_open_store(call, STORE_WRITE, err) != DONE ||
      call_person(call, 1, &person, err) != DONE ||
      call_note_access(call, person, "awards", err) != DONE ||
      awards_of_person(call->store, call->arena, person, &awards, err) != DONE)
    return err->code;
  struct document *d = document_new(call->arena, ENGLISH, "What is awarded");
  document_csv_columns(d, csv, sizeof csv / sizeof *csv);
  document_table(d, "awards", NULL, columns, COLUMNS, "awards");
  for (int i = 0; i < awards.count; i++)
    if (add_award(call, d, &awards.all[i], err) != DONE) return err->code;
  document_table_end(d);
  output_document(call, d);
  return DONE;
}

/* ---- what is owed ---- */

static enum status debts(struct call *call, struct error *err) {
  static const struct doc_column columns[] = {{"case", "Case"},         {"award", "Award"},
                                              {"variable", "For"},      {"asked", "Asked back"},
                                              {"taken", "Taken"},       {"repaid", "Paid back"},
                                              {"returned", "Returned"}, {"rate", "A week"},
                                              {"left", "Left"}};
  static const char *const csv[] = {"case",   "award",    "variable", "asked", "taken",
                                    "repaid", "returned", "rate",     "left"};
  enum { COLUMNS = sizeof columns / sizeof *columns };
  struct award_debt *all = NULL;
  int64_t person = 0;
  int count = 0;
  if (call->argument_count != 2) return error_set(err, USAGE, "write: award debts PERSON");
  if (call_open_store(call, STORE_WRITE, err) != DONE ||
      call_person(call, 1, &person, err) != DONE ||
      call_note_access(call, person, "awards", err) != DONE ||
      award_debts_of(call->store, call->arena, person, &all, &count, err) != DONE)
    return err->code;
  struct document *d = document_new(call->arena, ENGLISH, "What was paid too much");
  document_csv_columns(d, csv, COLUMNS);
  document_table(d, "debts", NULL, columns, COLUMNS, "debts");
  for (int i = 0; i < count; i++) {
    const struct award_debt *one = &all[i];
    document_cell(d, doc_count(one->id));
    document_cell(d, doc_count(one->award));
    document_cell(d, doc_text(one->variable));
    document_cell(d, doc_money(one->asked));
    document_cell(d, doc_money(one->taken));
    document_cell(d, doc_money(one->repaid));
    document_cell(d, doc_money(one->returned));
    document_cell(d, one->rate == RATE_MOST ? doc_null() : doc_money(one->rate));
    document_cell(d, doc_money(award_debt_left(one)));
  }
  document_table_end(d);
  output_document(call, d);
  return DONE;
}

/* ---- what another body needs to know of a claim ---- */

static enum status claim_pack_of(struct call *call, struct error *err) {
  const struct pack_claim *row = NULL;
  struct document *d = NULL;
  int64_t person = 0;
  if (call->argument_count != 3) return error_set(err, USAGE, "write: award pack PERSON VARIABLE");
  if (call_open_store(call, STORE_WRITE, err) != DONE || call_open_pack(call, err) != DONE ||
      call_person(call, 1, &person, err) != DONE ||
      call_note_access(call, person, "claims", err) != DONE)
    return err->code;
  const struct award_call award = {
      .store = call->store, .arena = call->arena, .pack = call->pack, .today = day_today()};
  struct claim_pack_of of = {.person = person, .from = day_today()};
  if (claim_row(call->store, call->pack, person, span_of(call->arguments[2]), of.from, &row, err) !=
      DONE)
    return err->code;
  of.row = row;
  if (claim_pack(&award, &of, &d, err) != DONE) return err->code;
  output_document(call, d);
  return DONE;
}

enum status verb_award(struct call *call, struct error *err) {
  const char *what = call->arguments[0];
  if (strcmp(what, "make") == 0) return make(call, err);
  if (strcmp(what, "change") == 0) return change(call, false, err);
  if (strcmp(what, "end") == 0) return change(call, true, err);
  if (strcmp(what, "list") == 0) return list(call, err);
  if (strcmp(what, "debts") == 0) return debts(call, err);
  if (strcmp(what, "pack") == 0) return claim_pack_of(call, err);
  return error_set(err, USAGE,
                   "'%s' cannot be done with awards; write award make, award change, award end, "
                   "award list, award debts or award pack",
                   what);
}

/* ---- pay ---- */

/* CSV has one table, the sums: what was set aside goes to standard error there. */
static enum status add_asides(struct call *call, struct document *d,
                              const struct pay_result *result, struct error *err) {
  static const struct doc_column columns[] = {{"person", "Person"},
                                              {"award", "Award"},
                                              {"why", "Why nothing is posted"}};
  if (!result->aside_count) return DONE;
  const bool as_table = call_format(call) != FORMAT_CSV;
  if (as_table) document_table(d, "set_aside", "Set aside", columns, 3, "set aside");
  for (int i = 0; i < result->aside_count; i++) {
    const struct pay_aside *aside = &result->asides[i];
    struct register_name person = {0};
    if (register_name_of_party(call->store, call->arena, aside->party, &person, err) != DONE)
      return err->code;
    if (!as_table)
      output_message("award %lld of %s is set aside: %s", (long long)aside->award, person.code,
                     aside->why);
    if (!as_table) continue;
    document_cell(d, text_or_null(person.code));
    document_cell(d, doc_count(aside->award));
    document_cell(d, doc_text(aside->why));
  }
  if (as_table) document_table_end(d);
  return DONE;
}

static enum status show_sums(struct call *call, const struct pay_result *result,
                             struct error *err) {
  static const struct doc_column columns[] = {{"body", "Organisation"},
                                              {"variable", "For"},
                                              {"payments", "Payments"},
                                              {"amount", "Amount"}};
  static const char *const csv[] = {"body", "variable", "payments", "amount"};
  struct document *d = document_new(call->arena, ENGLISH,
                                    call_has(call, "dry-run") ? "What would be paid"
                                                              : "What was paid");
  document_csv_columns(d, csv, 4);
  document_table(d, "sums", NULL, columns, 4, "sums");
  for (int i = 0; i < result->sum_count; i++) {
    const struct pay_sum *sum = &result->sums[i];
    struct register_name body = {0};
    if (register_name_of_body(call->store, call->arena, sum->body, &body, err) != DONE)
      return err->code;
    document_cell(d, text_or_null(body.code));
    document_cell(d, doc_text(sum->variable));
    document_cell(d, doc_count(sum->payments));
    document_cell(d, doc_money(sum->pence));
  }
  document_table_end(d);
  if (add_asides(call, d, result, err) != DONE) return err->code;
  output_document(call, d);
  return DONE;
}

enum status verb_pay(struct call *call, struct error *err) {
  struct pay_result result = {0};
  struct desk_terms terms;
  struct pay_request request = {.to = day_today(),
                                .today = day_today(),
                                .dry_run = call_has(call, "dry-run")};
  if (call_day(call, "to", &request.to, err) != DONE ||
      call_open_store(call, STORE_WRITE, err) != DONE || call_open_pack(call, err) != DONE ||
      call_read_reference_data(call, err) != DONE || call_who(call, &request.who, err) != DONE)
    return err->code;
  terms = (struct desk_terms){.record = {.pack = call->pack, .any_category = true},
                              .reference_data = call->reference_data};
  const struct case_desk desk = action_desk(&terms, request.today);
  request.store = call->store;
  request.pack = call->pack;
  request.desk = &desk;
  if (awards_pay(call->arena, &request, &result, err) != DONE) return err->code;
  if (show_sums(call, &result, err) != DONE) return err->code;
  if (result.ended)
    output_note(call, "%lld awards of people who died %s", (long long)result.ended,
                request.dry_run ? "would end" : "ended");
  if (result.opened)
    output_note(call, "%lld cases of overpayments are open; 'weal cases --kind overpayment'",
                (long long)result.opened);
  if (result.taken) {
    struct text taken = {0};
    text_add_pounds(&taken, result.taken);
    output_note(call, "%s of it was taken for what was paid too much before", taken.bytes);
    text_release(&taken);
  }
  if (result.held)
    output_note(
        call, "%lld payments wait: two awards are for their days; 'weal cases --kind award-twice'",
        (long long)result.held);
  return result.aside_count ? refuse(err, AWARD_SET_ASIDE, (long long)result.aside_count) : DONE;
}
