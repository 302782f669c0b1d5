/* weal cases: the requests that wait for somebody's decision, or one person's. */
#include "cli/cli.h"

#include "action/desk.h"
#include "base/refusal.h"
#include "register/names.h"

struct case_listing {
  struct call *call;
  struct case_desk desk;
  struct case_filter filter;
  int64_t person; /* 0: everybody's */
  struct bodies *bodies;
  struct document *document;
};

static const struct {
  const char *word;
  enum case_which which;
} whiches[] = {{"waiting", CASES_WAITING},
               {"late", CASES_LATE},
               {"answered", CASES_ANSWERED},
               {"all", CASES_ALL}};

static enum status read_which(struct call *call, enum case_which *out, struct error *err) {
  const char *word = call_option(call, "which");
  *out = CASES_WAITING;
  for (size_t i = 0; word && i < sizeof whiches / sizeof *whiches; i++)
    if (strcmp(word, whiches[i].word) == 0) return *out = whiches[i].which, DONE;
  if (!word) return DONE;
  return error_set(err, USAGE, "--which is waiting, late, answered or all, not '%s'", word);
}

static enum status code_of(struct case_listing *l, int64_t party, const char **out,
                           struct error *err) {
  struct register_name name = {0};
  *out = NULL;
  if (!party) return DONE;
  enum status status = register_name_of_party(l->call->store, l->call->arena, party, &name, err);
  if (status == DONE && name.code && *name.code) *out = name.code;
  return status;
}

static enum status decider_of(struct case_listing *l, const struct case_file *file,
                              const char **out, struct error *err) {
  const struct body *body = file->to_body ? bodies_by_id(l->bodies, file->to_body) : NULL;
  *out = body ? body->code : file->to_role;
  return *out ? DONE : code_of(l, file->to_person, out, err);
}

static struct doc_value text_or_null(const char *text) {
  return text && *text ? doc_text(text) : doc_null();
}

static enum status add_case(struct case_listing *l, const struct case_file *file,
                            struct error *err) {
  const char *person, *to;
  struct document *d = l->document;
  enum status status = code_of(l, file->party, &person, err);
  if (status == DONE) status = decider_of(l, file, &to, err);
  if (status != DONE) return status;
  document_cell(d, doc_count(file->id));
  document_cell(d, doc_text(file->kind_word));
  document_cell(d, doc_text(file->kind ? file->kind->name[ENGLISH] : file->kind_word));
  document_cell(d, doc_text(file->state_word));
  document_cell(d, text_or_null(person));
  document_cell(d, text_or_null(to));
  document_cell(d, text_or_null(file->subject));
  document_cell(d, doc_text(file->opened_at));
  document_cell(d, file->due == DAY_NONE ? doc_null() : doc_day(file->due));
  document_cell(d, doc_bool(case_late(file, l->desk.today)));
  return DONE;
}

static enum status read_page(struct case_listing *l, struct case_file **out, int *count,
                             struct error *err) {
  struct call *call = l->call;
  const struct case_actor operator= {.who = ""};
  int64_t *records = NULL, total = 0;
  int record_count = 0;
  if (!l->person)
    return cases_inbox(call->store, call->arena, &l->desk, &operator, & l->filter, out, count,
                       &total, err);
  enum status status = register_records(call->store, call->arena, l->person, &records,
                                        &record_count, err);
  return status == DONE ? cases_of(call->store, call->arena, &l->desk, records, record_count,
                                   &l->filter, out, count, &total, err)
                        : status;
}

static enum status list_cases(struct case_listing *l, struct error *err) {
  static const struct doc_column columns[] = {{"request", "Request"}, {"kind", NULL},
                                              {NULL, "About what"},   {"state", "State"},
                                              {"person", "Person"},   {"to", "Answers"},
                                              {"subject", NULL},      {"opened", "Sent"},
                                              {"due", "Due"},         {"is_late", "Late"}};
  static const char *const csv[] = {"request", "kind",   "state", "person", "to",
                                    "subject", "opened", "due",   "is_late"};
  enum { COLUMNS = sizeof columns / sizeof *columns };
  l->document = document_new(l->call->arena, ENGLISH, "Requests");
  document_csv_columns(l->document, csv, sizeof csv / sizeof *csv);
  document_table(l->document, "requests", NULL, columns, COLUMNS, "requests");
  enum status status = DONE;
  for (bool more = true; status == DONE && more; l->filter.skip += CASES_PAGE_MOST) {
    struct case_file *page = NULL;
    int count = 0;
    status = read_page(l, &page, &count, err);
    for (int i = 0; status == DONE && i < count; i++) status = add_case(l, &page[i], err);
    more = count == CASES_PAGE_MOST;
  }
  document_table_end(l->document);
  return status;
}

/* `cases escalate`: what a running portal does by itself. */
static enum status escalate(struct call *call, struct error *err) {
  int64_t count = 0;
  if (call_has(call, "which") || call_has(call, "kind") || call_has(call, "body"))
    return error_set(err, USAGE, "write: cases escalate");
  if (call_open_store(call, STORE_WRITE, err) != DONE || call_open_pack(call, err) != DONE)
    return err->code;
  enum status status = store_begin(call->store, STORE_WRITE, err);
  if (status == DONE)
    status = action_cases_by_time(call->store, call->arena, call->pack, day_today(), &count, err);
  if (status == DONE) status = store_commit(call->store, err);
  else store_rollback(call->store);
  if (status != DONE || call->quiet) return status;
  text_addf(&call->out, "%lld late %s may now be answered by the next role too.\n",
            (long long)count, count == 1 ? "request" : "requests");
  return DONE;
}

static enum status read_body(struct case_listing *l, struct error *err) {
  const char *code = call_option(l->call, "body");
  if (!code) return DONE;
  if (l->person) return error_set(err, USAGE, "--body lists everybody's; leave the person out");
  const struct body *body = bodies_by_code(l->bodies, span_of(code));
  if (!body) return refuse(err, ACCOUNT_BODY_UNKNOWN, code);
  l->filter.body = body->id;
  return DONE;
}

enum status verb_cases(struct call *call, struct error *err) {
  if (call->argument_count && strcmp(call->arguments[0], "escalate") == 0)
    return escalate(call, err);
  struct case_listing l = {.call = call, .filter = {.most = CASES_PAGE_MOST}};
  l.filter.kind = call_option(call, "kind");
  bool one = call->argument_count > 0;
  if (read_which(call, &l.filter.which, err) != DONE) return err->code;
  if (call_open_store(call, one ? STORE_WRITE : STORE_READ, err) != DONE ||
      call_open_pack(call, err) != DONE)
    return err->code;
  if (l.filter.kind && !pack_find_case_kind(call->pack, span_of(l.filter.kind)))
    return refuse(err, CASE_KIND_UNKNOWN, l.filter.kind);
  struct desk_terms terms = {.record.pack = call->pack};
  l.desk = action_desk(&terms, day_today());
  if (one && call_person(call, 0, &l.person, err) != DONE) return err->code;
  if (register_bodies(call->store, call->arena, &l.bodies, err) != DONE) return err->code;
  if (read_body(&l, err) != DONE || list_cases(&l, err) != DONE) return err->code;
  if (one && call_note_access(call, l.person, "requests", err) != DONE) return err->code;
  output_document(call, l.document);
  return DONE;
}
