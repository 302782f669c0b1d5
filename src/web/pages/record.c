/* Staff of a body record a service or a payment, read a line of theirs, and correct a wrong one by
 * its reversal. */
#include "book/entry_input.h"
#include "web/pages/pages.h"

#include "book/record.h"
#include "book/reversal.h"

static const struct choice record_steps[] = {{"yes", NULL}, {"change", NULL}, {NULL, NULL}};
static const struct choice line_done[] = {{"recorded", NULL}, {"reversed", NULL}, {NULL, NULL}};
enum { WHAT, BODY, AMOUNT, QUANTITY, DATE, REFERENCE, NOTE, CONFIRMED, RECORD_FIELDS };

const struct field record_page_fields[] = {{.name = "what",
                                            .kind = FIELD_CODE,
                                            .optional = true,
                                            .label = N_("What do you want to record?")},
                                           {.name = NULL}};
const struct field record_fields[] = {
    [WHAT] = {.name = "what", .kind = FIELD_HIDDEN},
    [BODY] = {.name = "body",
              .kind = FIELD_CHOICE,
              .optional = true,
              .label = N_("For which body?")},
    [AMOUNT] = {.name = "amount",
                .kind = FIELD_MONEY,
                .optional = true,
                .least = 1,
                .label = N_("Amount")},
    [QUANTITY] = {.name = "quantity",
                  .kind = FIELD_QUANTITY,
                  .optional = true,
                  .least = 1,
                  .label = N_("How much?")},
    [DATE] = {.name = "date",
              .kind = FIELD_DAY,
              .past = true,
              .label = N_("On which day?"),
              .hint = N_("For example, 27 3 2026"),
              .missing = N_("Enter the day")},
    [REFERENCE] =
        {.name = "reference",
         .kind = FIELD_TEXT,
         .optional = true,
         .most = 64,
         .label = N_("Your reference"),
         .hint =
             N_("The number of the case or the payment. The same reference is taken only once.")},
    [NOTE] = {.name = "note",
              .kind = FIELD_TEXT,
              .optional = true,
              .most = 200,
              .label = N_("Note"),
              .hint = N_("The person reads it in their account.")},
    [CONFIRMED] = {.name = "confirmed",
                   .kind = FIELD_CHOICE,
                   .optional = true,
                   .choices = record_steps},
    [RECORD_FIELDS] = {.name = NULL}};
const struct field staff_line_fields[] = {
    {.name = "done", .kind = FIELD_CHOICE, .optional = true, .choices = line_done}, {.name = NULL}};
const struct field reverse_fields[] = {
    {.name = "reason",
     .kind = FIELD_TEXT,
     .least = 4,
     .most = 200,
     .label = N_("Why is it wrong?"),
     .hint =
         N_("The person reads this. The line stays where it is, and a second one takes it back."),
     .missing = N_("Say why it is wrong")},
    {.name = NULL}};

/* ---- what is recorded ---- */

struct chosen {
  const struct pack_category *category;
  const struct book_service *service;
  const char *word;
};

static bool is_recorded(const struct pack_category *c) {
  /* the form asks for pounds or a service's count; holdings come in files */
  if (c->shown == SHOWN_HOLDINGS) return false;
  return c->side == SIDE_SERVICE || c->side == SIDE_CASH ||
         (c->side == SIDE_CONTRIBUTION && c->shown == SHOWN_PAID);
}

/* `home-care`, or `category:service` where a category has several. */
static bool find_chosen(const struct request *r, struct span word, struct chosen *out) {
  const char *colon = word.size ? memchr(word.bytes, ':', word.size) : NULL;
  struct span code = span_make(word.bytes, colon ? (size_t)(colon - word.bytes) : word.size);
  struct entry_input_category input;
  *out = (struct chosen){.category = word.size ? pack_find_category(r->pack, code) : NULL,
                         .word = arena_copy(r->arena, word.bytes ? word.bytes : "", word.size)};
  if (!out->category || !is_recorded(out->category)) return false;
  entry_input_category(&input, out->category, r->reference_data->codes);
  if (!input.id || (out->category->side != SIDE_SERVICE && colon)) return false;
  if (out->category->side != SIDE_SERVICE) return true;
  out->service = colon ? codes_service(r->reference_data->codes,
                                       span_make(colon + 1, word.size - code.size - 1))
                       : reference_data_service(r->reference_data, input.only_service);
  return out->service && out->service->category == input.id;
}

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

static void add_group(struct view *v, const struct request *r, enum pack_side side,
                      const char *label) {
  struct view *group = view_item(v, "groups");
  view_text(group, "label", label);
  view_list(group, "choices");
  for (int i = 0; i < r->pack->category_count; i++) {
    const struct pack_category *c = &r->pack->categories[i];
    struct entry_input_category input;
    entry_input_category(&input, c, r->reference_data->codes);
    if (c->side != side || !is_recorded(c) || !input.id) continue;
    if (side == SIDE_SERVICE) {
      add_service_choices(group, r, c, &input);
      continue;
    }
    struct view *item = view_item(group, "choices");
    view_text(item, "word", c->code);
    view_text(item, "label", c->name[r->language]);
  }
}

static const char *chosen_name(const struct request *r, const struct chosen *chosen) {
  const char *name = chosen->category->name[r->language];
  struct entry_input_category input;
  entry_input_category(&input, chosen->category, r->reference_data->codes);
  return input.service_count > 1 && chosen->service
             ? arena_printf(r->arena, "%s: %s", name, chosen->service->name)
             : name;
}

/* ---- the form ---- */

/* Only what this category takes: fields of the row, in its order, with the words that fit. `at`:
 * the index of each in the row. */
static struct field *shown_fields(const struct request *r, const struct chosen *chosen,
                                  int at[RECORD_FIELDS]) {
  struct field *out = arena_array(r->arena, struct field, RECORD_FIELDS);
  int count = 0;
  bool counted = chosen->category->side == SIDE_SERVICE;
  for (int i = 0; i < CONFIRMED; i++) {
    if ((i == BODY && r->visitor.body_count < 2) || (i == AMOUNT && counted) ||
        (i == QUANTITY && !counted))
      continue;
    out[count] = record_fields[i];
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
                     const struct chosen *chosen, const struct value *start) {
  int at[RECORD_FIELDS], count = 0;
  struct field *fields = shown_fields(r, chosen, at);
  struct request shown = *r;
  struct value *values = arena_array(r->arena, struct value, RECORD_FIELDS + 1);
  struct span *given = arena_array(r->arena, struct span, RECORD_FIELDS);
  for (; fields[count].name; count++) {
    values[count] = start ? start[at[count]] : (struct value){.name = fields[count].name};
    if (r->given) given[count] = r->given[at[count]];
  }
  values[0] = (struct value){.name = "what", .given = true, .text = span_of(chosen->word)};
  values[count] = (struct value){.name = NULL};
  if (r->given) {
    shown.given = given;
    given[0] = span_of(chosen->word);
  }
  const char *action = request_path(r, arena_printf(r->arena, "/people/%s/record", person->code));
  struct view *form = view_form_of(v, "form", &shown, fields, action, say(r->language, "Continue"),
                                   values);
  view_text(form, "cancel", request_path(r, arena_printf(r->arena, "/people/%s", person->code)));
  if (r->visitor.body_count < 2) return;
  for (int i = 0; i < r->visitor.body_count; i++)
    view_form_choice(form, "body",
                     reference_data_body_code(r->reference_data, r->visitor.bodies[i]),
                     reference_data_body_name(r->reference_data, r->visitor.bodies[i]), NULL);
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

static enum status show_record(struct request *r, struct reply *reply, struct span what,
                               const struct value *start, struct error *err) {
  struct person person;
  struct chosen chosen;
  if (staff_note_access(r, "the form to record something", err) != DONE ||
      staff_person(r, &person, err) != DONE)
    return err->code;
  bool known = find_chosen(r, what, &chosen);
  struct view *v = record_view(
      r, &person, arena_printf(r->arena, known ? "/people/%s/record" : "/people/%s", person.code));
  view_flag(v, "has_errors", r->faults != NULL);
  view_text(v, "what", known ? chosen_name(r, &chosen) : NULL);
  if (known) {
    add_form(v, r, &person, &chosen, start);
  } else {
    for (const struct fault *f = r->faults; f && f->field; f++) {
      struct view *fault = view_item(v, "errors");
      view_text(fault, "href", "#what");
      view_text(fault, "text", f->message);
    }
    view_text(v, "action",
              request_path(r, arena_printf(r->arena, "/people/%s/record", person.code)));
    add_group(v, r, SIDE_SERVICE, say(r->language, "Services used"));
    add_group(v, r, SIDE_CASH, say(r->language, "Money received"));
    add_group(v, r, SIDE_CONTRIBUTION, say(r->language, "What was paid"));
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

/* Turns the register's and the book's columns and words into this form's. */
static enum status at_field(const struct chosen *chosen, struct error *err) {
  static const struct reworded refusals[] = {
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
  refusal_reword(refusals, err);
  const char *column = err->column;
  bool is_own = strcmp(column, "date") == 0 || strcmp(column, "reference") == 0 ||
                strcmp(column, "note") == 0 || strcmp(column, "body") == 0;
  if (!is_own)
    snprintf(err->column, sizeof err->column, "%s",
             chosen->category->side == SIDE_SERVICE ? "quantity" : "amount");
  return REFUSED;
}

static enum status find_body(const struct request *r, int64_t *out, struct error *err) {
  struct span code = request_text(r, "body");
  const struct body *body = code.size ? bodies_by_code(r->reference_data->bodies, code) : NULL;
  *out = code.size ? (body ? body->id : 0) : r->visitor.body_count == 1 ? r->visitor.bodies[0] : 0;
  return staff_is_of(r, *out) ? DONE : refuse_at(err, "body", BODY_NOT_CHOSEN);
}

static enum status read_row(const struct request *r, const struct person *person,
                            struct chosen *chosen, struct record_row *row, struct error *err) {
  if (person->id == r->visitor.person) return refuse_at(err, "", RECORD_OWN_ACCOUNT);
  if (!find_chosen(r, request_text(r, "what"), chosen))
    return refuse_at(err, "", RECORD_NOT_CHOSEN);
  bool counted = chosen->category->side == SIDE_SERVICE;
  *row = (struct record_row){.person = person->id,
                             .category = span_of(chosen->category->code),
                             .has_amount = !counted,
                             .has_quantity = counted,
                             .amount = request_int(r, "amount"),
                             .quantity = request_int(r, "quantity"),
                             .service = span_of(chosen->service ? chosen->service->code : NULL),
                             .day = request_day(r, "date"),
                             .reference = request_text(r, "reference"),
                             .note = request_text(r, "note")};
  if (find_body(r, &row->body, err) != DONE) return err->code;
  if (counted && !request_has(r, "quantity"))
    return refuse_at(err, "quantity", RECORD_QUANTITY_MISSING);
  if (!counted && !request_has(r, "amount")) return refuse_at(err, "amount", RECORD_AMOUNT_MISSING);
  if (person->born != DAY_NONE && row->day < person->born)
    return refuse_at(err, "date", RECORD_BEFORE_BIRTH);
  return DONE;
}

/* ---- check your answers ---- */

static void add_value(struct view *v, const struct request *r, const struct chosen *chosen,
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

static void add_sent(struct view *v, const char *name, struct span value) {
  if (!value.size) return;
  struct view *item = view_item(v, "sent");
  view_text(item, "name", name);
  view_text(item, "value", value.bytes);
}

static void show_check(struct request *r, struct reply *reply, const struct person *person,
                       const struct chosen *chosen, const struct record_row *row,
                       const struct line *line) {
  struct view *v = record_view(r, person, arena_printf(r->arena, "/people/%s", person->code)),
              *summary = view_object(v, "summary");
  view_fact(summary, say(r->language, "Who"),
            arena_printf(r->arena, "%s (%s)", person->name, person->code));
  view_fact(summary, say(r->language, "What"), chosen_name(r, chosen));
  view_fact(summary, say(r->language, "Body"),
            reference_data_body_name(r->reference_data, row->body));
  if (row->has_quantity)
    view_fact(summary, say(r->language, "How much?"),
              arena_printf(r->arena, "%s (%s)", written_value(r, doc_quantity(row->quantity)),
                           say(r->language, chosen->service->unit)));
  view_fact(summary, say(r->language, "Day"), written_value(r, doc_day(row->day)));
  if (row->reference.size)
    view_fact(summary, say(r->language, "Your reference"), row->reference.bytes);
  if (row->note.size) view_fact(summary, say(r->language, "Note"), row->note.bytes);
  add_value(v, r, chosen, line);
  view_text(v, "action",
            request_path(r, arena_printf(r->arena, "/people/%s/record", person->code)));
  view_form_rights(v, r);
  view_list(v, "sent");
  for (int i = 0; i < CONFIRMED; i++)
    add_sent(v, record_fields[i].name, request_text(r, record_fields[i].name));
  reply_page(reply, r, "record_check", say(r->language, "Check what you record"), v);
}

enum status act_record(struct request *r, struct reply *reply, struct error *err) {
  const struct record_terms terms = {r->pack, r->reference_data->codes};
  struct person person;
  struct chosen chosen;
  struct record_row row;
  struct recorded posted;
  struct line line;
  if (!staff_has_reason(r, reply)) return DONE;
  if (span_is(request_text(r, "confirmed"), "change"))
    return show_record(r, reply, request_text(r, "what"), r->values, err);
  if (staff_person(r, &person, err) != DONE || read_row(r, &person, &chosen, &row, err) != DONE)
    return err->code;
  enum status status = record_value(r->store, &terms, &row, &line, err);
  if (status != DONE) return status == REFUSED ? at_field(&chosen, err) : status;
  if (!request_has(r, "confirmed")) {
    if (staff_note_access(r, "what is to be recorded", err) != DONE) return err->code;
    show_check(r, reply, &person, &chosen, &row, &line);
    return DONE;
  }
  status = record_post(r->store, &terms, &row, &posted, err);
  if (status == REFUSED) return at_field(&chosen, err);
  if (status == DONE)
    status = staff_note_access(
        r, arena_printf(r->arena, "recorded line %lld:%d", (long long)posted.entry, posted.line_no),
        err);
  if (status == DONE)
    reply_go(reply, r,
             arena_printf(r->arena, "/people/%s/lines/%lld:%d?done=recorded", person.code,
                          (long long)posted.entry, posted.line_no));
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
    status = statement_line(r->store, r->reference_data, person.id, line->entry, line->line_no,
                            r->language, r->arena, &d, err);
  if (status == REFUSED) return reply_not_there(reply, r, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  staff_view_reason(v, r);
  view_text(v, "back", request_path(r, arena_printf(r->arena, "/people/%s", person.code)));
  view_text(v, "name", person.name);
  view_text(v, "code", person.code);
  view_document(v, r, d, NULL);
  if (r->route->method == GET && request_has(r, "done"))
    view_done(v, span_is(request_text(r, "done"), "recorded")
                     ? say(r->language, "It is recorded, and stands in their account.")
                     : say(r->language, "It is reversed: a second line takes it back."));
  view_text(v, "reversed_by",
            s->reversed_by
                ? request_path(r, arena_printf(r->arena, "/people/%s/lines/%lld:%d", person.code,
                                               (long long)s->reversed_by->entry,
                                               s->reversed_by->line_no))
                : NULL);
  if (!s->reversed_by && !line->reverses_entry && person.id != r->visitor.person) {
    struct view *form = view_form(v, "form", r, route_post("/people/{person}/lines/{line}"), NULL,
                                  say(r->language, "Reverse this line"), NULL);
    view_flag(form, "is_warning", true);
  }
  reply_page(reply, r, "staff_line", say(r->language, "One line of the account"), v);
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
  struct person person;
  const struct staff_line *s = NULL;
  int64_t reversing = 0;
  if (!staff_has_reason(r, reply)) return DONE;
  if (find_line(r, &person, &s, err) != DONE) return err->code;
  if (!s) {
    reply_not_found(reply, r);
    return DONE;
  }
  if (person.id == r->visitor.person) return refuse_at(err, "", CORRECT_OWN_ACCOUNT);
  const struct line *line = &s->line;
  const struct reversal_of_line what = {.account = line->account,
                                        .entry = line->entry,
                                        .day = line->day,
                                        .line_no = line->line_no,
                                        .body = line->body,
                                        .on = DAY_NONE,
                                        .reason = request_text(r, "reason").bytes};
  enum status status = reversal_line(r->store, &what, &reversing, err);
  if (status == REFUSED) {
    refusal_reword(reversal_refusals, err);
    if (strcmp(err->column, "reason") != 0) err->column[0] = 0;
    return REFUSED;
  }
  if (status == DONE)
    status = staff_note_access(
        r, arena_printf(r->arena, "reversed line %lld:%d", (long long)line->entry, line->line_no),
        err);
  if (status == DONE)
    reply_go(reply, r,
             arena_printf(r->arena, "/people/%s/lines/%lld:%d?done=reversed", person.code,
                          (long long)line->entry, line->line_no));
  return status;
}
