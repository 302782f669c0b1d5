/* Staff of a body record a service or a payment, read a line of theirs, and correct a wrong one by
 * its reversal. */
#include "action/recorded.h"
#include "action/second.h"
#include "book/entry_input.h"
#include "web/pages/pages.h"

static const struct choice line_done[] = {{"recorded", NULL}, {"reversed", NULL}, {NULL, NULL}};
/* the fields of the action `record`, in its order */
enum { WHAT, BODY, AMOUNT, QUANTITY, DATE, REFERENCE, NOTE, CONFIRMED, RECORD_FIELDS };

static const struct field *record_fields(void) {
  return route_fields(route_post("/people/{person}/record"), NULL, NULL);
}

const struct field record_page_fields[] = {{.name = "what",
                                            .kind = FIELD_CODE,
                                            .optional = true,
                                            .label = N_("What do you want to record?")},
                                           {.name = NULL}};
const struct field staff_line_fields[] = {
    {.name = "done", .kind = FIELD_CHOICE, .optional = true, .choices = line_done}, {.name = NULL}};
/* ---- what is recorded ---- */

static void add_service_choices(struct view *group, const struct request *r,
                                const struct pack_category *c,
                                const struct entry_input_category *input) {
  const struct codes *codes = r->reference_data->codes;
  for (int i = 0; i < codes->service_count; i++) {
    const struct book_service *s = &codes->services[i];
    if (!s->code || s->category != input->id) continue;
    struct view *item = view_item(group, "choices");
    view_text(item, "word",
              input->service_count == 1 ? c->code
                                        : arena_printf(r->arena, "%s:%s", c->code, s->code));
    view_text(item, "label",
              input->service_count == 1
                  ? c->name[r->language]
                  : arena_printf(r->arena, "%s: %s", c->name[r->language], s->name));
  }
}

/* The visitor's bodies, and what each may record. */
struct recorders {
  struct duties *duties;
  int count;
};

static enum status read_recorders(const struct request *r, struct recorders *out,
                                  struct error *err) {
  out->count = r->visitor.body_count;
  return recordable_duties(r->store, r->arena, r->pack, r->visitor.bodies, out->count, &out->duties,
                           err);
}

static int recorders_of(const struct recorders *all, const struct pack_category *category) {
  int found = 0;
  for (int i = 0; i < all->count; i++) found += duties_have(&all->duties[i], category);
  return found;
}

/* Only what one of the visitor's bodies may record; *some: there is something. */
static void add_group(struct view *v, const struct request *r, const struct recorders *recorders,
                      enum pack_side side, const char *label, bool *some) {
  struct view *group = view_item(v, "groups");
  view_text(group, "label", label);
  view_list(group, "choices");
  for (int i = 0; i < r->pack->category_count; i++) {
    const struct pack_category *c = &r->pack->categories[i];
    struct entry_input_category input;
    entry_input_category(&input, c, r->reference_data->codes);
    if (c->side != side || !recordable_category(c) || !input.id || !recorders_of(recorders, c))
      continue;
    *some = true;
    if (side == SIDE_SERVICE) {
      add_service_choices(group, r, c, &input);
      continue;
    }
    struct view *item = view_item(group, "choices");
    view_text(item, "word", c->code);
    view_text(item, "label", c->name[r->language]);
  }
}

static const char *chosen_name(const struct request *r, const struct recordable *chosen) {
  return recordable_name(chosen, r->reference_data, r->language, r->arena);
}

/* ---- the form ---- */

/* Only what this category takes: fields of the row, in its order, with the words that fit. `at`:
 * the index of each in the row. */
static struct field *shown_fields(const struct request *r, const struct recordable *chosen,
                                  const struct recorders *recorders, int at[RECORD_FIELDS]) {
  struct field *out = arena_array(r->arena, struct field, RECORD_FIELDS);
  int count = 0;
  bool counted = chosen->category->side == SIDE_SERVICE;
  for (int i = 0; i < CONFIRMED; i++) {
    if ((i == BODY && recorders_of(recorders, chosen->category) < 2) || (i == AMOUNT && counted) ||
        (i == QUANTITY && !counted))
      continue;
    out[count] = record_fields()[i];
    if (i == BODY || i == AMOUNT || i == QUANTITY) out[count].optional = false;
    if (i == QUANTITY)
      out[count].hint = arena_printf(r->arena, say(r->language, "Counted in this unit: %s"),
                                     say(r->language, chosen->service->unit));
    if (i == AMOUNT)
      out[count].label = chosen->category->side == SIDE_CASH
                             ? say(r->language, "Amount that the person received")
                             : say(r->language, "Amount that the person paid");
    at[count++] = i;
  }
  out[count] = (struct field){.name = NULL};
  return out;
}

static void add_form(struct view *v, const struct request *r, const struct person *person,
                     const struct recordable *chosen, const struct recorders *recorders,
                     const struct value *start) {
  int at[RECORD_FIELDS], count = 0;
  struct field *fields = shown_fields(r, chosen, recorders, at);
  struct request shown = *r;
  struct value *values = arena_array(r->arena, struct value, RECORD_FIELDS + 1);
  struct span *given = arena_array(r->arena, struct span, RECORD_FIELDS);
  for (; fields[count].name; count++) {
    values[count] = start ? start[at[count]] : (struct value){.name = fields[count].name};
    if (r->given) given[count] = r->given[at[count]];
  }
  values[0] = (struct value){.name = "what", .given = true, .text = chosen->word};
  values[count] = (struct value){.name = NULL};
  if (r->given) {
    shown.given = given;
    shown.given_of = fields;
    given[0] = chosen->word;
  }
  const char *action = request_path(r, arena_printf(r->arena, "/people/%s/record", person->code));
  struct view *form = view_form_of(v, "form", &shown, fields, action, say(r->language, "Continue"),
                                   values);
  view_text(form, "cancel", request_path(r, arena_printf(r->arena, "/people/%s", person->code)));
  if (recorders_of(recorders, chosen->category) < 2) return;
  for (int i = 0; i < recorders->count; i++)
    if (duties_have(&recorders->duties[i], chosen->category))
      view_form_choice(form, "body", recorders->duties[i].code, recorders->duties[i].name, NULL);
}

static struct view *record_view(const struct request *r, const struct person *person,
                                const char *back) {
  struct view *v = view_new(r->arena, r->language);
  staff_view_reason(v, r);
  view_text(v, "back", request_path(r, back));
  view_text(v, "name", person->name);
  view_text(v, "code", person->code);
  return v;
}

/* Whether the address names it, with a value or without. */
static bool is_named(const struct request *r, const char *name) {
  const size_t size = strlen(name);
  for (const char *at = strchr(r->asked, '?'); at; at = strchr(at + 1, '&'))
    if (strncmp(at + 1, name, size) == 0 && at[1 + size] == '=') return true;
  return false;
}

static enum status show_record(struct request *r, struct reply *reply, struct span what,
                               const struct value *start, struct error *err) {
  struct person person;
  struct recordable chosen;
  struct recorders recorders = {0};
  bool some = false;
  if (staff_note_access(r, "the form to record something", err) != DONE ||
      staff_person(r, &person, err) != DONE || read_recorders(r, &recorders, err) != DONE)
    return err->code;
  bool known = recordable_find(r->pack, r->reference_data, what, &chosen) &&
               recorders_of(&recorders, chosen.category);
  struct view *v = record_view(
      r, &person, arena_printf(r->arena, known ? "/people/%s/record" : "/people/%s", person.code));
  /* an empty choice is read as none given; the address still names it */
  const bool is_empty = !r->faults && !what.size && is_named(r, "what");
  view_flag(v, "has_errors", r->faults || is_empty);
  view_text(v, "what", known ? chosen_name(r, &chosen) : NULL);
  if (known) {
    add_form(v, r, &person, &chosen, &recorders, start);
  } else {
    for (const struct fault *f = r->faults; f && f->field; f++) {
      struct view *fault = view_item(v, "errors");
      view_text(fault, "href", "#what");
      view_text(fault, "text", f->message);
    }
    if (is_empty) {
      struct view *fault = view_item(v, "errors");
      view_text(fault, "href", "#what");
      view_text(fault, "text", say(r->language, "Choose what you want to record"));
    }
    view_text(v, "action",
              request_path(r, arena_printf(r->arena, "/people/%s/record", person.code)));
    add_group(v, r, &recorders, SIDE_SERVICE, say(r->language, "Services used"), &some);
    add_group(v, r, &recorders, SIDE_CASH, say(r->language, "Benefits, pensions and grants"),
              &some);
    add_group(v, r, &recorders, SIDE_CONTRIBUTION, say(r->language, "What was paid"), &some);
    view_flag(v, "has_some", some);
  }
  reply_page(reply, r, "record", say(r->language, "Record a service or a payment"), v);
  return DONE;
}

enum status page_record(struct request *r, struct reply *reply, struct error *err) {
  if (!staff_has_reason(r, reply)) return DONE;
  return show_record(r, reply, r->faults && r->given ? r->given[WHAT] : request_text(r, "what"),
                     NULL, err);
}

/* ---- what was sent ---- */

static const struct reworded record_refusals[] = {
    {REFUSAL_DAY_BEFORE_BIRTH, REFUSAL_RECORD_BEFORE_BIRTH},
    {REFUSAL_DAY_AFTER_DEATH, REFUSAL_RECORD_AFTER_DEATH},
    {REFUSAL_DAY_UNUSUAL_EARLY, REFUSAL_RECORD_DAY_UNUSUAL},
    {REFUSAL_DAY_UNUSUAL_LATE, REFUSAL_RECORD_DAY_UNUSUAL},
    {REFUSAL_AMOUNT_UNUSUAL, REFUSAL_RECORD_NUMBER_UNUSUAL},
    {REFUSAL_MINUTES_UNUSUAL, REFUSAL_RECORD_NUMBER_UNUSUAL},
    {REFUSAL_QUANTITY_UNUSUAL, REFUSAL_RECORD_NUMBER_UNUSUAL},
    {REFUSAL_AMOUNT_TOO_LARGE, REFUSAL_RECORD_TOO_LARGE},
    {REFUSAL_QUANTITY_TOO_LARGE, REFUSAL_RECORD_TOO_LARGE},
    {REFUSAL_UNITS_TOO_LARGE, REFUSAL_RECORD_TOO_LARGE},
    {REFUSAL_VALUE_TOO_LARGE, REFUSAL_RECORD_TOO_LARGE},
    {REFUSAL_LINE_TOO_LARGE, REFUSAL_RECORD_TOO_LARGE},
    /* its own sentence says what stands in the account */
    {REFUSAL_ACCOUNT_BELOW_FLOOR, REFUSAL_RECORD_BELOW_FLOOR},
    {REFUSAL_REFERENCE_BEING_POSTED, REFUSAL_RECORD_REFERENCE_BEING_POSTED},
    {REFUSAL_REFERENCE_POSTED_ALREADY, REFUSAL_RECORD_REFERENCE_POSTED},
    {REFUSAL_NONE, REFUSAL_NONE}};

/* ---- check your answers ---- */

static void add_value(struct view *v, const struct request *r, const struct recordable *chosen,
                      const struct line *line) {
  char year[8];
  bool counted = chosen->category->side == SIDE_SERVICE;
  view_text(v, "value",
            counted && !line->cost_year ? NULL
                                        : written_value(r, doc_exactly(DOC_MONEY, line->amount)));
  view_flag(v, "is_counted", counted && !line->cost_year);
  view_flag(v, "is_estimated", line->estimated);
  view_text(v, "cost_year",
            counted && line->cost_year ? arena_string(r->arena, year_write(line->cost_year, year))
                                       : NULL);
}

static const char *why_second_words(const struct request *r, enum record_why why) {
  static const char *const words[] = {
      [RECORD_SENSITIVE] = N_(
          "This is a sensitive matter, so a colleague, or where you have none an administrator, "
          "must approve it before it stands in their account."),
      [RECORD_UNUSUAL] = N_(
          "This is far more than is usual. Look at the figure again; if it is right, a "
          "colleague, or where you have none an administrator, must approve it before it stands "
          "in their account."),
      [RECORD_LARGE] = N_(
          "This is a large amount, so a colleague, or where you have none an administrator, must "
          "approve it before it stands in their account.")};
  return why == RECORD_ALONE ? NULL : say(r->language, words[why]);
}

/* What is taken back waits for one reason only; the line itself is shown among what was asked. */
static enum status asked_reversal_words(const struct request *r, const struct action_call *call,
                                        const struct case_file *file, struct record_words *out,
                                        struct error *err) {
  struct action_call kept;
  bool is_read = false;
  enum status status = second_kept(call, file, &kept, &is_read, err);
  if (status == DONE && is_read && file->waits && strcmp(kept.action->name, "line-reverse") == 0)
    out->why = say(r->language, "It is a large amount: what two must record, two take back.");
  return status;
}

/* For whoever approves it: as the check page says it to whoever asked. */
enum status record_asked_words(const struct request *r, const struct case_file *file,
                               struct record_words *out, struct error *err) {
  static const char *const why[] = {
      [RECORD_SENSITIVE] = N_("It is a sensitive matter."),
      [RECORD_UNUSUAL] = N_("It is far more than is usual."),
      [RECORD_LARGE] =
          N_("It is a large amount, by itself or with what was recorded for them in a week.")};
  const struct action_call call = request_actor(r);
  struct record_ready ready;
  struct line line = {0};
  bool is_record = false;
  *out = (struct record_words){0};
  if (record_asked(&call, file, &ready, &line, &is_record, err) != DONE) return err->code;
  if (!is_record) return asked_reversal_words(r, &call, file, out, err);
  const bool counted = ready.what.category->side == SIDE_SERVICE;
  if (counted)
    out->quantity = arena_printf(r->arena, "%s (%s)",
                                 written_value(r, doc_quantity(ready.row.quantity)),
                                 say(r->language, ready.what.service->unit));
  if (counted && !line.cost_year)
    out->value = say(r->language,
                     "It is counted but not valued: what one costs is not known for that day.");
  else if (counted)
    out->value = arena_printf(r->arena, "%s%s%s",
                              written_value(r, doc_exactly(DOC_MONEY, line.amount)),
                              line.estimated ? ", " : "",
                              line.estimated ? say(r->language, "estimated") : "");
  if (file->waits && ready.why_second != RECORD_ALONE)
    out->why = say(r->language, why[ready.why_second]);
  return DONE;
}

static void show_check(struct request *r, struct reply *reply, const struct record_ready *ready,
                       const struct line *line) {
  const struct person *person = &ready->person;
  const struct recordable *chosen = &ready->what;
  const struct record_row *row = &ready->row;
  struct view *v = record_view(r, person, arena_printf(r->arena, "/people/%s", person->code)),
              *summary = view_object(v, "summary");
  view_fact(summary, say(r->language, "Who"),
            arena_printf(r->arena, "%s (%s)", person->name, person->code));
  view_fact(summary, say(r->language, "What"), chosen_name(r, chosen));
  view_fact(summary, say(r->language, "Organisation"), body_words_of(r, row->body));
  if (row->has_quantity)
    view_fact(summary, say(r->language, "How much?"),
              arena_printf(r->arena, "%s (%s)", written_value(r, doc_quantity(row->quantity)),
                           say(r->language, chosen->service->unit)));
  view_fact(summary, say(r->language, "Day"), written_value(r, doc_day(row->day)));
  if (row->reference.size)
    view_fact(summary, say(r->language, "Your reference"), row->reference.bytes);
  if (row->note.size) view_fact(summary, say(r->language, "Note"), row->note.bytes);
  add_value(v, r, chosen, line);
  view_text(v, "second", why_second_words(r, ready->why_second));
  view_text(v, "action",
            request_path(r, arena_printf(r->arena, "/people/%s/record", person->code)));
  view_form_sent(v, r, record_fields());
  reply_page(reply, r, "record_check", say(r->language, "Check what you record"), v);
}

/* Before it is confirmed: what it would be. */
static enum status check_record(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  struct record_ready ready;
  struct line line;
  enum status status = request_call(r, &call, err);
  if (status == DONE) status = record_check(&call, &ready, &line, err);
  if (status == REFUSED) refusal_reword(record_refusals, err);
  if (status == DONE) status = staff_note_access(r, "what is to be recorded", err);
  if (status == DONE) show_check(r, reply, &ready, &line);
  return status;
}

enum status act_record(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  if (!staff_has_reason(r, reply)) return DONE;
  if (span_is(request_text(r, "confirmed"), "change"))
    return show_record(r, reply, request_text(r, "what"), r->values, err);
  if (!request_has(r, "confirmed")) return check_record(r, reply, err);
  enum status status = request_act(r, &call, err);
  if (status == REFUSED) refusal_reword(record_refusals, err);
  const char *waits = status == DONE ? action_answer_of(&call, "case") : NULL;
  if (waits) reply_go(reply, r, arena_printf(r->arena, "/inbox/%s?done=asked", waits));
  else if (status == DONE)
    reply_go(reply, r,
             arena_printf(r->arena, "/people/%s/lines/%s?done=recorded",
                          action_answer_of(&call, "person"), action_answer_of(&call, "line")));
  return status;
}

/* ---- one line, and its reversal ---- */

/* The line that the path names, among those of the visitor's bodies; *out null: there is none. */
static enum status find_line(const struct request *r, struct person *person,
                             const struct staff_line **out, struct error *err) {
  struct staff_line *all = NULL;
  int count = 0;
  int64_t entry = 0, n = 0;
  *out = NULL;
  if (staff_person(r, person, err) != DONE) return err->code;
  if (!request_line(r, "line", &entry, &n)) return DONE;
  if (staff_lines(r, person->id, &all, &count, err) != DONE) return err->code;
  for (int i = 0; i < count; i++)
    if (all[i].line.entry == entry && all[i].line.line_no == n) *out = &all[i];
  return DONE;
}

enum status page_staff_line(struct request *r, struct reply *reply, struct error *err) {
  struct person person;
  const struct staff_line *s = NULL;
  struct document *d = NULL;
  if (!staff_has_reason(r, reply)) return DONE;
  if (find_line(r, &person, &s, err) != DONE) return err->code;
  if (!s) {
    reply_not_found(reply, r);
    return DONE;
  }
  const struct line *line = &s->line;
  enum status status = staff_note_access(
      r, arena_printf(r->arena, "line %lld:%d", (long long)line->entry, line->line_no), err);
  if (status == DONE)
    status = statement_line(r->store, r->reference_data, person.id,
                            &(struct line_request){.entry = line->entry,
                                                   .line_no = line->line_no,
                                                   .language = r->language,
                                                   .named = true},
                            r->arena, &d, err);
  if (status == REFUSED) return reply_not_there(reply, r, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  staff_view_reason(v, r);
  view_text(v, "back", request_path(r, arena_printf(r->arena, "/people/%s", person.code)));
  view_text(v, "name", person.name);
  view_text(v, "code", person.code);
  view_document(v, r, d, request_path(r, arena_printf(r->arena, "/people/%s/lines/", person.code)));
  if (r->route->method == GET && request_has(r, "done"))
    view_done(v, span_is(request_text(r, "done"), "recorded")
                     ? say(r->language, "It is recorded, and stands in their account.")
                     : say(r->language, "It is taken back. Their account says so."));
  if (!s->reversed_by && !line->reverses_entry && person.id != r->visitor.person) {
    struct view *form = view_form(v, "form", r, route_post("/people/{person}/lines/{line}"), NULL,
                                  say(r->language, "Take this back"), NULL);
    view_flag(form, "is_warning", true);
  }
  reply_page(reply, r, "staff_line", say(r->language, "One item of the account"), v);
  return DONE;
}

static const struct reworded reversal_refusals[] = {
    {REFUSAL_LINE_REVERSED_ALREADY, REFUSAL_CORRECTED_ALREADY},
    {REFUSAL_LINE_BEING_REVERSED, REFUSAL_BEING_CORRECTED},
    {REFUSAL_LINE_IS_REVERSAL, REFUSAL_CORRECTION_OF_REVERSAL},
    {REFUSAL_REVERSAL_REASON_MISSING, REFUSAL_CORRECTION_REASON_MISSING},
    {REFUSAL_ACCOUNT_BELOW_FLOOR, REFUSAL_RECORD_BELOW_FLOOR},
    {REFUSAL_NONE, REFUSAL_NONE}};

enum status act_reverse(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  if (!staff_has_reason(r, reply)) return DONE;
  enum status status = request_act(r, &call, err);
  if (status == REFUSED) refusal_reword(reversal_refusals, err);
  const char *waits = status == DONE ? action_answer_of(&call, "case") : NULL;
  if (waits) reply_go(reply, r, arena_printf(r->arena, "/inbox/%s?done=asked", waits));
  else if (status == DONE)
    reply_go(reply, r,
             arena_printf(r->arena, "/people/%s/lines/%s?done=reversed",
                          request_text(r, "person").bytes, request_text(r, "line").bytes));
  return status;
}
