/* Actions that post lines: a record by hand, and taking lines back. */
#include "action/recorded.h"
#include "action/rows.h"
#include "action/second.h"
#include "book/entry_input.h"
#include "book/line_reads.h"
#include "book/reversal.h"
#include "register/names.h"
#include "register/access_log.h"

#include <inttypes.h>

enum { RECORD_WEEK_SECONDS = 7 * 24 * 60 * 60 };

/* ---- what can be recorded ---- */

bool recordable_category(const struct pack_category *c) {
  if (c->shown == SHOWN_HOLDINGS) return false;
  return c->side == SIDE_SERVICE || c->side == SIDE_CASH ||
         (c->side == SIDE_CONTRIBUTION && c->shown == SHOWN_PAID);
}

bool recordable_find(const struct pack *pack, const struct reference_data *reference_data,
                     struct span word, struct recordable *out) {
  const char *colon = word.size ? memchr(word.bytes, ':', word.size) : NULL;
  struct span code = span_make(word.bytes, colon ? (size_t)(colon - word.bytes) : word.size);
  struct entry_input_category input;
  *out = (struct recordable){.word = word,
                             .category = word.size ? pack_find_category(pack, code) : NULL};
  if (!out->category || !recordable_category(out->category)) return false;
  entry_input_category(&input, out->category, reference_data->codes);
  if (!input.id || (out->category->side != SIDE_SERVICE && colon)) return false;
  if (out->category->side != SIDE_SERVICE) return true;
  out->service = colon ? codes_service(reference_data->codes,
                                       span_make(colon + 1, word.size - code.size - 1))
                       : reference_data_service(reference_data, input.only_service);
  return out->service && out->service->category == input.id;
}

const char *recordable_name(const struct recordable *what,
                            const struct reference_data *reference_data, enum language language,
                            struct arena *arena) {
  const char *name = what->category->name[language];
  struct entry_input_category input;
  entry_input_category(&input, what->category, reference_data->codes);
  return input.service_count > 1 && what->service
             ? arena_printf(arena, "%s: %s", name, what->service->name)
             : name;
}

enum status recordable_duties(struct store *store, struct arena *arena, const struct pack *pack,
                              const int64_t *bodies, int count, struct duties **out,
                              struct error *err) {
  struct duties *all = arena_array(arena, struct duties, count + 1);
  enum status status = DONE;
  for (int i = 0; status == DONE && i < count; i++)
    status = duties_of(store, arena, pack, bodies[i], &all[i], err);
  *out = all;
  return status;
}

/* ---- record ---- */

static const struct field record_fields[] = {
    {.name = "what", .kind = FIELD_HIDDEN, .label = N_("What is recorded")},
    {.name = "body",
     .kind = FIELD_CHOICE,
     .optional = true,
     .label = N_("For which organisation?")},
    {.name = "amount", .kind = FIELD_MONEY, .optional = true, .least = 1, .label = N_("Amount")},
    {.name = "quantity",
     .kind = FIELD_QUANTITY,
     .optional = true,
     .least = 1,
     .label = N_("How much?")},
    {.name = "date",
     .kind = FIELD_DAY,
     .past = true,
     .label = N_("On which day?"),
     .hint = N_("For example, 27 3 2026"),
     .missing = N_("Enter the day")},
    {.name = "reference",
     .kind = FIELD_TEXT,
     .optional = true,
     .most = 64,
     .label = N_("Your reference"),
     .hint = N_("The number of the case or the payment. The same reference is taken only once.")},
    {.name = "note",
     .kind = FIELD_TEXT,
     .optional = true,
     .most = 200,
     .label = N_("Note"),
     .hint = N_("The person reads it in their account.")},
    {.name = "confirmed",
     .kind = FIELD_CHOICE,
     .optional = true,
     .is_step = true,
     .choices = (const struct choice[]){{"yes", NULL}, {"change", NULL}, {NULL, NULL}}},
    {.name = NULL}};

static bool is_body_of(const struct action_call *call, int64_t body) {
  if (call->actor.is_operator) return body != 0;
  for (int i = 0; i < call->body_count; i++)
    if (body && call->bodies[i] == body) return true;
  return false;
}

/* Of several bodies the only one that may record it; *out 0: none, or more than one. */
static enum status only_body(const struct action_call *call, const struct pack_category *category,
                             int64_t *out, struct error *err) {
  struct duties *duties = NULL;
  int found = 0;
  enum status status = recordable_duties(call->store, call->arena, call->pack, call->bodies,
                                         call->body_count, &duties, err);
  *out = 0;
  for (int i = 0; status == DONE && i < call->body_count; i++)
    if (duties_have(&duties[i], category)) *out = ++found == 1 ? call->bodies[i] : 0;
  return status;
}

static enum status find_body(const struct action_call *call, const struct pack_category *category,
                             int64_t *out, struct error *err) {
  struct span code = action_text(call, "body");
  const struct body *body = code.size ? bodies_by_code(call->reference_data->bodies, code) : NULL;
  *out = code.size ? (body ? body->id : 0) : call->body_count == 1 ? call->bodies[0] : 0;
  if (!code.size && call->body_count > 1 && only_body(call, category, out, err) != DONE)
    return err->code;
  return is_body_of(call, *out) ? DONE : refuse_at(err, "body", BODY_NOT_CHOSEN);
}

static enum status read_record(struct action_call *call, struct record_ready *out,
                               struct error *err) {
  struct person *person = &out->person;
  struct record_row *row = &out->row;
  bool own = false;
  if (register_surviving_person(call->store, call->arena, call->subject, person, err) != DONE)
    return err->code;
  if (register_same_person(call->store, person->id, call->actor.person, &own, err) != DONE)
    return err->code;
  if (own) return refuse_at(err, "", RECORD_OWN_ACCOUNT);
  if (!recordable_find(call->pack, call->reference_data, action_text(call, "what"), &out->what))
    return refuse_at(err, "", RECORD_NOT_CHOSEN);
  bool counted = out->what.category->side == SIDE_SERVICE;
  *row = (struct record_row){.person = person->id,
                             .category = span_of(out->what.category->code),
                             .has_amount = !counted,
                             .has_quantity = counted,
                             .amount = action_int(call, "amount"),
                             .quantity = action_int(call, "quantity"),
                             .service = span_of(out->what.service ? out->what.service->code : NULL),
                             .day = action_day(call, "date"),
                             .reference = action_text(call, "reference"),
                             .note = action_text(call, "note")};
  if (find_body(call, out->what.category, &row->body, err) != DONE) return err->code;
  if (counted && !action_has(call, "quantity"))
    return refuse_at(err, "quantity", RECORD_QUANTITY_MISSING);
  if (!counted && !action_has(call, "amount"))
    return refuse_at(err, "amount", RECORD_AMOUNT_MISSING);
  if (person->born != DAY_NONE && row->day < person->born)
    return refuse_at(err, "date", RECORD_BEFORE_BIRTH);
  return DONE;
}

/* Turns the register's and the book's columns into the action's fields. */
static enum status at_field(const struct record_ready *ready, struct error *err) {
  static const char *const own[] = {"date", "reference", "note", "body"};
  if (err->code != REFUSED) return err->code;
  for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    if (strcmp(err->column, own[i]) == 0) return REFUSED;
  if (strcmp(err->column, "category") == 0) return err->column[0] = '\0', REFUSED;
  snprintf(err->column, sizeof err->column, "%s",
           ready->what.category->side == SIDE_SERVICE ? "quantity" : "amount");
  return REFUSED;
}

/* An unusual number has been approved when there is a second person: it asks for one. */
static struct record_terms terms_of(const struct action_call *call) {
  return (struct record_terms){.pack = call->pack,
                               .codes = call->reference_data->codes,
                               .any_category = call->actor.is_operator,
                               .any_number = call->second != NULL};
}

static bool is_unusual_number(const struct error *err) {
  return err->refusal.code == REFUSAL_AMOUNT_UNUSUAL ||
         err->refusal.code == REFUSAL_QUANTITY_UNUSUAL;
}

/* Without its sign, of money; 0 of anything else: what is large is said in pence. */
static int64_t pence_of(const struct action_call *call, const struct line *line) {
  const struct pack_category *category = chart_category(call->reference_data->chart,
                                                        line->category);
  if (strcmp(category->unit->code, UNIT_PENCE) != 0) return 0;
  return line->amount < 0 ? -line->amount : line->amount;
}

static bool is_large(const struct action_call *call, int64_t pence) {
  return call->pack->second_from && pence >= call->pack->second_from;
}

/* What the body recorded for the person alone within a week, and nobody took back: many small
 * records are one large one. */
static enum status sum_alone(struct action_call *call, const struct record_ready *ready,
                             int64_t *sum, struct error *err) {
  char since[21];
  struct access_recorded *recorded = NULL;
  struct line_cursor *lines = NULL;
  const struct line *line;
  int count = 0;
  const char *week = arena_string(call->arena, clock_write(call->now - RECORD_WEEK_SECONDS, since));
  *sum = 0;
  if (access_log_recorded_alone(call->store, call->arena, ready->person.id, week, &recorded, &count,
                                err) != DONE)
    return err->code;
  if (!count) return DONE;
  enum status status = person_lines_open(&lines, call->store, call->arena, ready->person.id, NULL,
                                         err);
  if (status == DONE) lines_without_texts(lines);
  while (status == DONE && (status = lines_next(lines, &line, err)) == DONE && line)
    for (int i = 0; i < count && line->body == ready->row.body; i++) {
      if (recorded[i].entry == line->entry && recorded[i].line_no == line->line_no)
        *sum += pence_of(call, line);
      if (recorded[i].entry == line->reverses_entry &&
          recorded[i].line_no == line->reverses_line_no)
        *sum -= pence_of(call, line);
    }
  lines_close(lines);
  return status;
}

/* Why nobody of the body records it alone. */
static enum record_why why_second(const struct action_call *call, const struct record_ready *ready,
                                  const struct line *line, bool is_unusual) {
  if (call->actor.is_operator) return RECORD_ALONE;
  if (ready->what.category->sensitive) return RECORD_SENSITIVE;
  if (is_unusual) return RECORD_UNUSUAL;
  return is_large(call, pence_of(call, line)) ? RECORD_LARGE : RECORD_ALONE;
}

enum status record_check(struct action_call *call, struct record_ready *out, struct line *line,
                         struct error *err) {
  struct record_terms terms = terms_of(call);
  struct error unusual = {0};
  if (read_record(call, out, err) != DONE) return err->code;
  enum status status = record_value(call->store, &terms, &out->row, line, &unusual);
  const bool is_unusual = status == REFUSED && is_unusual_number(&unusual);
  if (is_unusual && !call->actor.is_operator) {
    terms.any_number = true;
    status = record_value(call->store, &terms, &out->row, line, err);
  } else if (status != DONE) {
    *err = unusual;
  }
  if (status != DONE) return at_field(out, err);
  out->why_second = why_second(call, out, line, is_unusual);
  if (out->why_second != RECORD_ALONE || call->actor.is_operator || !call->pack->second_from)
    return DONE;
  int64_t sum = 0;
  status = sum_alone(call, out, &sum, err);
  if (status == DONE && sum && is_large(call, pence_of(call, line) + sum))
    out->why_second = RECORD_LARGE;
  return status;
}

enum status record_asked(const struct action_call *call, const struct case_file *file,
                         struct record_ready *ready, struct line *line, bool *out,
                         struct error *err) {
  struct action_call kept;
  struct error unlike = {0};
  if (second_kept(call, file, &kept, out, err) != DONE) return err->code;
  *out = *out && strcmp(kept.action->name, "record") == 0;
  if (!*out) return DONE;
  enum status status = record_check(&kept, ready, line, &unlike);
  *out = status == DONE;
  if (status == FAILED) *err = unlike;
  return status == FAILED ? FAILED : DONE;
}

/* Summed again when it is posted and noted: a posting waits for the head's lock until the one
 * before it has ended, so of two at once the second sees what the first did. */
static enum status check_sum_alone(struct action_call *call, const struct record_ready *ready,
                                   struct error *err) {
  int64_t sum = 0;
  if (call->actor.is_operator || call->second || !call->pack->second_from) return DONE;
  enum status status = sum_alone(call, ready, &sum, err);
  return status == DONE && is_large(call, sum) ? refuse(err, RECORD_MEANWHILE) : status;
}

static enum status run_record(struct action_call *call, struct error *err) {
  const struct record_terms terms = terms_of(call);
  struct record_ready ready;
  struct recorded posted;
  if (read_record(call, &ready, err) != DONE) return err->code;
  if (record_post(call->store, &terms, &ready.row, &posted, err) != DONE)
    return at_field(&ready, err);
  const char *line = arena_printf(call->arena, "%" PRId64 ":%d", posted.entry, posted.line_no);
  action_answer(call, "line", line);
  action_answer(call, "person", ready.person.code);
  enum status status = action_note(call, ready.person.id,
                                   arena_printf(call->arena, ACCESS_RECORDED,
                                                (long long)posted.entry, posted.line_no),
                                   call->reason, err);
  return status == DONE ? check_sum_alone(call, &ready, err) : status;
}

/* What is sensitive, unusual, or of so much that nobody of the body records it alone. */
static enum status record_needs_second(struct action_call *call, struct action_second_need *need,
                                       struct error *err) {
  struct record_ready ready;
  struct line line = {0};
  if (record_check(call, &ready, &line, err) != DONE) return err->code;
  need->needed = ready.why_second != RECORD_ALONE;
  need->body = ready.row.body;
  return DONE;
}

static const char *record_shown(const struct action_call *call, const char *field,
                                struct span text) {
  struct recordable what;
  if (strcmp(field, "what") == 0 && recordable_find(call->pack, call->reference_data, text, &what))
    return recordable_name(&what, call->reference_data, call->language, call->arena);
  const struct body *body = strcmp(field, "body") == 0
                                ? bodies_by_code(call->reference_data->bodies, text)
                                : NULL;
  return body ? body->name : NULL;
}

static const struct action_second record_second = {
    .kind = SECOND_OF_A_BODY,
    .when = "of what is sensitive (policy pack, `sensitive.csv`), of an unusual amount or quantity "
            "(`plausible.csv`), and from the amount on that the pack names (`second_person_from`)",
    .needed = record_needs_second,
    .asks = N_("%s asks to record something in the account of %s"),
    .shown = record_shown};

/* ---- one line of a body's ---- */

static const struct field line_fields[] = {
    {.name = "line", .kind = FIELD_LINE, .label = N_("Line")},
    {.name = "reason",
     .kind = FIELD_TEXT,
     .least = 4,
     .most = 200,
     .label = N_("Why is it wrong?"),
     .hint =
         N_("The person reads this. The item stays where it is, and a second one takes it back."),
     .missing = N_("Say why it is wrong")},
    {.name = NULL}};

static const struct value *line_value(const struct action_call *call) {
  const struct value *v = call->values;
  while (strcmp(v->name, "line") != 0) v++;
  return v;
}

/* Among the person's lines with the actor's bodies; REFUSED as for none. */
static enum status find_line(struct action_call *call, struct line *out, struct error *err) {
  const struct value *asked = line_value(call);
  struct line_cursor *lines = NULL;
  const struct line *line;
  bool found = false;
  enum status status = person_lines_open(&lines, call->store, call->arena, call->subject, NULL,
                                         err);
  if (status == DONE) lines_without_texts(lines);
  while (status == DONE && !found && (status = lines_next(lines, &line, err)) == DONE && line) {
    found = line->entry == asked->number && line->line_no == asked->number2 &&
            is_body_of(call, line->body);
    if (found) *out = *line;
  }
  lines_close(lines);
  if (status != DONE) return status;
  return found ? DONE : refuse_at(err, "line", LINE_UNKNOWN);
}

/* The line, and that it is not one's own. */
static enum status line_to_reverse(struct action_call *call, struct line *out, struct error *err) {
  bool own = false;
  if (register_same_person(call->store, call->subject, call->actor.person, &own, err) != DONE ||
      find_line(call, out, err) != DONE)
    return err->code;
  return own ? refuse_at(err, "", CORRECT_OWN_ACCOUNT) : DONE;
}

/* What is so much that one person may not record it alone, one person does not take back alone: it
 * moves as much. What was sensitive or unusual, they do: a mistake about it must not stand while
 * somebody is sought, and nothing is lost, since it can be recorded again by two. */
static enum status reverse_needs_second(struct action_call *call, struct action_second_need *need,
                                        struct error *err) {
  struct line line = {0};
  if (line_to_reverse(call, &line, err) != DONE) return err->code;
  need->needed = is_large(call, pence_of(call, &line));
  need->body = line.body;
  return DONE;
}

static const struct action_second reverse_second = {
    .kind = SECOND_OF_A_BODY,
    .when = "from the amount on that the policy pack names (`second_person_from`)",
    .needed = reverse_needs_second,
    .asks = N_("%s asks to take something back in the account of %s")};

static enum status run_line_reverse(struct action_call *call, struct error *err) {
  struct line line = {0};
  int64_t reversing = 0, survivor = 0;
  if (register_survivor(call->store, call->subject, &survivor, err) != DONE ||
      line_to_reverse(call, &line, err) != DONE)
    return err->code;
  const struct reversal_of_line what = {.account = line.account,
                                        .entry = line.entry,
                                        .day = line.day,
                                        .line_no = line.line_no,
                                        .body = line.body,
                                        .on = DAY_NONE,
                                        .reason = action_text(call, "reason").bytes};
  enum status status = reversal_line(call->store, &what, &reversing, err);
  if (status == REFUSED && strcmp(err->column, "reason") != 0) err->column[0] = '\0';
  if (status != DONE) return status;
  action_answer_int(call, "entry", reversing);
  return action_note(call, survivor,
                     arena_printf(call->arena, "reversed line %" PRId64 ":%d", line.entry,
                                  line.line_no),
                     call->reason, err);
}

/* ---- lines, entries, files ---- */

static const struct field reverse_fields[] = {
    {.name = "what", .kind = FIELD_CODE, .label = N_("What is taken back")},
    {.name = "reason", .kind = FIELD_LONG, .label = N_("Why it is wrong")},
    {.name = "on",
     .kind = FIELD_DAY,
     .optional = true,
     .label = N_("On which day, if not on each line's own")},
    {.name = NULL}};

static enum status run_reverse(struct action_call *call, struct error *err) {
  struct reversal reversal = {.on = action_day(call, "on"),
                              .reason = action_text(call, "reason").bytes,
                              .who = call->actor.by.who};
  struct reversal_result done = {0};
  struct births births = {0};
  day_t *born = NULL;
  if (!reversal_target(action_text(call, "what"), &reversal))
    return refuse_at(err, "what", REVERSAL_OF_NOTHING);
  if (reversal.on != DAY_NONE) {
    if (register_born(call->store, call->arena, &born, &births.max, err) != DONE) return err->code;
    births.born = born;
    reversal.births = &births;
  }
  if (reversal.import &&
      action_alert_begun(call, ALERT_REVERSED, action_text(call, "what").bytes, err) != DONE)
    return err->code;
  if (reversal_post(call->store, &reversal, &done, err) != DONE) return err->code;
  action_answer_int(call, "lines", done.lines);
  action_answer_int(call, "skipped", done.skipped);
  action_answer_int(call, "first_entry", done.first_entry);
  action_answer_int(call, "last_entry", done.last_entry);
  return DONE;
}

/* ---- rows ---- */

static const enum refusal_code record_refusals[] = {
    REFUSAL_RECORD_OWN_ACCOUNT,    REFUSAL_RECORD_NOT_CHOSEN,
    REFUSAL_BODY_NOT_CHOSEN,       REFUSAL_DUTY_NONE,
    REFUSAL_DUTY_OF_OTHERS,        REFUSAL_RECORD_QUANTITY_MISSING,
    REFUSAL_RECORD_AMOUNT_MISSING, REFUSAL_RECORD_BEFORE_BIRTH,
    REFUSAL_DAY_AFTER_DEATH,       REFUSAL_AMOUNT_UNUSUAL,
    REFUSAL_QUANTITY_UNUSUAL,      REFUSAL_AMOUNT_TOO_LARGE,
    REFUSAL_ACCOUNT_BELOW_FLOOR,   REFUSAL_REFERENCE_POSTED_ALREADY,
    REFUSAL_RECORD_MEANWHILE,      REFUSAL_SECOND_NOBODY,
    REFUSAL_CASE_WAITS_ALREADY,    REFUSAL_NONE};
static const enum refusal_code line_refusals[] = {
    REFUSAL_LINE_UNKNOWN,          REFUSAL_CORRECT_OWN_ACCOUNT,
    REFUSAL_LINE_REVERSED_ALREADY, REFUSAL_LINE_IS_REVERSAL,
    REFUSAL_ACCOUNT_BELOW_FLOOR,   REFUSAL_SECOND_NOBODY,
    REFUSAL_CASE_WAITS_ALREADY,    REFUSAL_NONE};
static const enum refusal_code reverse_refusals[] = {REFUSAL_REVERSAL_OF_NOTHING,
                                                     REFUSAL_REVERSED_LINE_UNKNOWN,
                                                     REFUSAL_LINE_REVERSED_ALREADY, REFUSAL_NONE};

const struct action posting_actions[] = {
    {.name = "record",
     .summary = "Records a service or a payment in a person's account.",
     .fields = record_fields,
     .needs = MAY_RECORD,
     .about = ABOUT_PERSON,
     .needs_terms = true,
     .second = &record_second,
     .refusals = record_refusals,
     .answers = (const char *const[]){"line", "person", "case", "waits-for", NULL},
     .run = run_record},
    {.name = "line-reverse",
     .summary = "Takes a line of one's body back, by a second line.",
     .fields = line_fields,
     .needs = MAY_RECORD,
     .about = ABOUT_PERSON,
     .second = &reverse_second,
     .refusals = line_refusals,
     .answers = (const char *const[]){"entry", "case", "waits-for", NULL},
     .run = run_line_reverse},
    {.name = "reverse",
     .summary = "Takes back an entry (417), a line of one (417:3) or a whole file (import:12).",
     .fields = reverse_fields,
     .needs = MAY_OPERATE,
     .begins = true,
     .refusals = reverse_refusals,
     .answers = (const char *const[]){"lines", "skipped", "first_entry", "last_entry", NULL},
     .run = run_reverse},
    {.name = NULL},
};
