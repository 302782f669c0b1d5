/* The draft is one JSON object a journey: field name to text, an empty text for a field that was
 * seen and left empty. It is read back as a form is (fields_read), so that values are read in one
 * place. A text that fields_read no longer accepts (a choice that a new version dropped) counts as
 * not answered. */
#include "web/forms/journey.h"

#include "base/json.h"
#include "register/sessions.h"
#include "web/template.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>

enum { JOURNEY_FIELDS_MOST = 64, JOURNEY_PAIRS_MOST = 128 };

struct journey_call {
  const struct journeys *set;
  const struct journey *journey;
  struct journey_who who;
  const char *draft; /* the draft's name */
  /* of all questions, in order, all optional: each question asks for its own missing answers */
  struct field fields[JOURNEY_FIELDS_MOST + 1];
  struct value *values;           /* one each */
  bool told[JOURNEY_FIELDS_MOST]; /* seen and answered, even if left empty */
  int count;
};

static bool is_asked(const struct journey_call *call, const struct journey_question *q) {
  return !q->when || q->when(call);
}

/* ---- the set and the request ---- */

struct journey_who journey_who(const struct request *r) {
  bool is_helper = r->person && r->person != r->visitor.person;
  return (struct journey_who){.person = is_helper ? r->person : r->visitor.person,
                              .who = arena_printf(r->arena, "id:%s", r->visitor.code),
                              .is_helper = is_helper};
}

const struct journey *journey_of(const struct journey_call *call) { return call->journey; }

const char *journey_path(const struct request *r, const struct journeys *set, const char *rest) {
  const char *base = set->base, *name = set->base_for ? strstr(set->base_for, "{person}") : NULL;
  if (r->person && name) {
    struct span person = request_text(r, "person");
    base = arena_printf(r->arena, "%.*s" SPAN_FORMAT "%s", (int)(name - set->base_for),
                        set->base_for, SPAN(person), name + strlen("{person}"));
  }
  return request_path(r, rest[0] ? arena_printf(r->arena, "%s/%s", base, rest) : base);
}

/* Goes to a path without its language; reply_go adds that. */
static void go(const struct journey_call *call, struct request *r, struct reply *reply,
               const char *rest) {
  struct request plain = *r;
  plain.language = ENGLISH;
  reply_go(reply, r, journey_path(&plain, call->set, rest));
}

static const struct journey *find_journey(const struct journeys *set, struct span name) {
  for (const struct journey *j = set->all; j->name; j++)
    if (span_is(name, j->name)) return j;
  return NULL;
}

static const struct journey_question *find_question(const struct journey *journey,
                                                    struct span name) {
  for (const struct journey_question *q = journey->questions; q->name; q++)
    if (span_is(name, q->name)) return q;
  return NULL;
}

/* The fields of a question as a helper reads them, or the person. */
static const struct field *fields_said(const struct journey_question *q, bool helped) {
  return helped && q->fields_helped ? q->fields_helped : q->fields;
}

const char *journey_title(const struct request *r, const struct journey *journey) {
  return say(r->language, journey_who(r).is_helper && journey->title_helped ? journey->title_helped
                                                                            : journey->title);
}

const struct field *journey_fields(const struct journeys *set, struct span kind,
                                   struct span question, bool helped) {
  const struct journey *journey = find_journey(set, kind);
  const struct journey_question *q = journey ? find_question(journey, question) : NULL;
  return q ? fields_said(q, helped) : NULL;
}

static int first_field(const struct journey_call *call, const struct journey_question *question) {
  int at = 0;
  for (const struct journey_question *q = call->journey->questions; q != question; q++)
    for (const struct field *f = q->fields; f->name; f++) at++;
  return at;
}

static int field_at(const struct journey_call *call, const char *name) {
  for (int i = 0; i < call->count; i++)
    if (strcmp(call->fields[i].name, name) == 0) return i;
  return -1;
}

const struct value *journey_answer(const struct journey_call *call, const char *field) {
  int at = field_at(call, field);
  assert(at >= 0);
  return &call->values[at];
}

bool journey_is(const struct journey_call *call, const char *field, const char *word) {
  return span_is(journey_answer(call, field)->text, word);
}

bool journey_next_answer(const struct journey_call *call, int *at, const char **field,
                         struct span *text) {
  while (*at < call->count && !call->values[*at].given) (*at)++;
  if (*at >= call->count) return false;
  *field = call->fields[*at].name;
  *text = call->values[(*at)++].text;
  return true;
}

/* ---- the draft ---- */

/* One pair for each text of the object; several for the words of a FIELD_CHOICES. */
static int draft_pairs(struct journey_call *call, struct arena *arena, json_t *object,
                       struct sent **out) {
  struct sent *sent = arena_array(arena, struct sent, JOURNEY_PAIRS_MOST);
  int count = 0;
  for (int i = 0; i < call->count; i++) {
    json_t *text = json_object_get(object, call->fields[i].name);
    if (!json_is_string(text)) continue;
    struct span rest =
        span_make(arena_copy(arena, json_string_value(text), json_string_length(text)),
                  json_string_length(text));
    call->told[i] = true;
    while (rest.size && count < JOURNEY_PAIRS_MOST) {
      const char *space = call->fields[i].kind == FIELD_CHOICES ? memchr(rest.bytes, ' ', rest.size)
                                                                : NULL;
      size_t size = space ? (size_t)(space - rest.bytes) : rest.size;
      sent[count++] = (struct sent){.name = span_of(call->fields[i].name),
                                    .value = span_make(rest.bytes, size)};
      rest = span_make(rest.bytes + size + (space != NULL), rest.size - size - (space != NULL));
    }
  }
  *out = sent;
  return count;
}

/* Values from the draft's text; null: nothing is answered. */
static void take_draft(struct journey_call *call, struct request *r, const char *text,
                       size_t size) {
  json_t *object = text ? json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL) : NULL;
  struct sent *sent = NULL;
  int count = json_is_object(object) ? draft_pairs(call, r->arena, object, &sent) : 0;
  struct fields_read read;
  if (object) json_decref(object);
  if (fields_read(&read, r->arena, r->language, call->fields, sent, count, day_today(), NULL) !=
      DONE) {
    memset(call->told, 0, sizeof call->told);
    enum status nothing = fields_read(&read, r->arena, r->language, call->fields, NULL, 0,
                                      day_today(), NULL);
    assert(nothing == DONE);
    (void)nothing;
  }
  call->values = read.values;
  for (const struct fault *f = read.faults; f && f->field; f++)
    call->told[field_at(call, f->field)] = false;
}

static enum status read_draft(struct journey_call *call, struct request *r, struct error *err) {
  const char *answers = NULL;
  enum status status = drafts_read(r->store, r->arena, r->visitor.session, call->draft, &answers,
                                   err);
  if (status == DONE) take_draft(call, r, answers, answers ? strlen(answers) : 0);
  return status;
}

static void draft_json(const struct journey_call *call, struct text *out) {
  struct json j;
  json_begin(&j, out);
  json_open_object(&j, NULL);
  for (int i = 0; i < call->count; i++)
    if (call->told[i]) json_text(&j, call->fields[i].name, call->values[i].text);
  json_close_object(&j);
}

static enum status write_draft(const struct journey_call *call, struct request *r,
                               struct error *err) {
  struct text text = {0};
  draft_json(call, &text);
  enum status status = drafts_write(r->store, r->visitor.session, call->draft,
                                    span_make(text.bytes, text.size), err);
  text_release(&text);
  return status;
}

static enum status remove_draft(const struct journey_call *call, struct request *r,
                                struct error *err) {
  return drafts_delete(r->store, r->visitor.session, call->draft, err);
}

/* The journey of the path with its answers; *out null: there is none of that name. */
static enum status open_call(const struct journeys *set, struct request *r,
                             struct journey_call **out, struct error *err) {
  const struct journey *journey = find_journey(set, request_text(r, "kind"));
  *out = NULL;
  if (!journey) return DONE;
  struct journey_call *call = arena_alloc(r->arena, sizeof *call);
  call->set = set;
  call->journey = journey;
  call->who = journey_who(r);
  /* answers for one person are kept apart from answers for oneself or for another */
  call->draft = call->who.is_helper ? arena_printf(r->arena, "%s/%s/%" PRId64, set->base,
                                                   journey->name, call->who.person)
                                    : arena_printf(r->arena, "%s/%s", set->base, journey->name);
  for (const struct journey_question *q = journey->questions; q->name; q++)
    for (const struct field *f = q->fields; f->name; f++) {
      assert(call->count < JOURNEY_FIELDS_MOST);
      call->fields[call->count] = *f;
      call->fields[call->count++].optional = true;
    }
  *out = call;
  return read_draft(call, r, err);
}

/* ---- which question ---- */

static bool is_answered(const struct journey_call *call, const struct journey_question *q) {
  int at = first_field(call, q);
  for (const struct field *f = q->fields; f->name; f++, at++)
    if (!call->told[at] || (!f->optional && !call->values[at].given)) return false;
  return true;
}

/* The first question that is asked and has no answer; null: all have. */
static const struct journey_question *first_open(const struct journey_call *call) {
  for (const struct journey_question *q = call->journey->questions; q->name; q++)
    if (is_asked(call, q) && !is_answered(call, q)) return q;
  return NULL;
}

static const struct journey_question *question_before(const struct journey_call *call,
                                                      const struct journey_question *question) {
  const struct journey_question *before = NULL;
  for (const struct journey_question *q = call->journey->questions; q != question; q++)
    if (is_asked(call, q)) before = q;
  return before;
}

static const char *question_rest(const struct journey_call *call, const struct request *r,
                                 const struct journey_question *q) {
  return arena_printf(r->arena, "%s/%s", call->journey->name, q ? q->name : "check");
}

/* Drops answers to questions that are no longer asked. In order, because a dropped answer may end a
 * later question. */
static void drop_unasked(struct journey_call *call) {
  for (const struct journey_question *q = call->journey->questions; q->name; q++) {
    int at = first_field(call, q);
    if (is_asked(call, q)) continue;
    for (const struct field *f = q->fields; f->name; f++, at++) {
      call->told[at] = false;
      call->values[at] = (struct value){.name = f->name,
                                        .text = span_make("", 0),
                                        .number = f->kind == FIELD_DAY ? DAY_NONE : 0};
    }
  }
}

/* ---- pages ---- */

static const char *title_of(const struct request *r, const struct journey_question *q) {
  const bool helped = journey_who(r).is_helper;
  return say(r->language, helped && q->title_helped ? q->title_helped
                          : q->title                ? q->title
                                                    : fields_said(q, helped)->label);
}

static enum status put_whose(const struct journey_call *call, struct request *r, struct view *v,
                             struct error *err) {
  struct person person;
  if (!call->who.is_helper) {
    view_text(v, "in_name_of", NULL);
    return DONE;
  }
  enum status status = register_person(r->store, r->arena, call->who.person, &person, err);
  if (status == DONE) view_text(v, "in_name_of", person.name);
  return status;
}

enum status journey_start(const struct journeys *set, struct request *r, struct reply *reply,
                          struct error *err) {
  struct journey_call *call;
  enum status status = open_call(set, r, &call, err);
  if (status != DONE) return status;
  if (call) go(call, r, reply, question_rest(call, r, first_open(call)));
  else reply_not_found(reply, r);
  return DONE;
}

static enum status put_question(const struct journey_call *call, const struct journey_question *q,
                                struct request *r, struct view *v, struct error *err) {
  const struct journey_question *before = first_open(call) ? question_before(call, q) : NULL;
  bool one = true;
  for (const struct field *f = q->fields; f->name; f++)
    one &= f == q->fields || f->kind == FIELD_HIDDEN;
  view_text(v, "back",
            first_open(call) && !before
                ? journey_path(r, call->set, "")
                : journey_path(r, call->set, question_rest(call, r, before)));
  view_text(v, "journey_title", journey_title(r, call->journey));
  view_text(v, "heading", one ? NULL : title_of(r, q));
  view_flag(v, "has_errors", r->faults && r->faults->field);
  struct view *form = view_form_of(v, "form", r, fields_said(q, call->who.is_helper),
                                   journey_path(r, call->set, question_rest(call, r, q)),
                                   say(r->language, "Continue"),
                                   call->values + first_field(call, q));
  view_form_errors_above(v, form);
  if (one) view_form_heading(form);
  enum status status = q->choices ? q->choices(r, call, form, err) : DONE;
  return status == DONE ? put_whose(call, r, v, err) : status;
}

/* The question of the path, when it is the visitor's turn to answer it; null: the reply says that
 * there is none, or leads to the one that is open. */
static enum status open_question(const struct journeys *set, struct request *r, struct reply *reply,
                                 struct journey_call **call, const struct journey_question **out,
                                 struct error *err) {
  *out = NULL;
  enum status status = open_call(set, r, call, err);
  if (status != DONE) return status;
  const struct journey_question *q =
      *call ? find_question((*call)->journey, request_text(r, "question")) : NULL;
  if (!q) {
    reply_not_found(reply, r);
    return DONE;
  }
  const struct journey_question *open = first_open(*call);
  if (!is_asked(*call, q) || (open && open < q)) /* questions lie in one array, in their order */
    go(*call, r, reply, question_rest(*call, r, open));
  else *out = q;
  return DONE;
}

enum status journey_show_question(const struct journeys *set, struct request *r,
                                  struct reply *reply, struct error *err) {
  struct journey_call *call;
  const struct journey_question *q;
  enum status status = open_question(set, r, reply, &call, &q, err);
  if (status != DONE || !q) return status;
  struct view *v = view_new(r->arena, r->language);
  status = put_question(call, q, r, v, err);
  if (status == DONE) reply_page(reply, r, "question", title_of(r, q), v);
  return status;
}

enum status journey_take_question(const struct journeys *set, struct request *r,
                                  struct reply *reply, struct error *err) {
  struct journey_call *call;
  const struct journey_question *q;
  enum status status = open_question(set, r, reply, &call, &q, err);
  if (status != DONE || !q) return status;
  int at = first_field(call, q);
  for (int i = 0; q->fields[i].name; i++) {
    assert(strcmp(r->values[i].name, q->fields[i].name) == 0);
    call->values[at + i] = r->values[i];
    call->told[at + i] = true;
  }
  if (q->check) status = q->check(r, call, err);
  if (status != DONE) return status;
  drop_unasked(call);
  status = write_draft(call, r, err);
  if (status == DONE) go(call, r, reply, question_rest(call, r, first_open(call)));
  return status;
}

/* ---- check your answers ---- */

const char *answer_words(const struct request *r, const struct field *f, const struct value *v) {
  struct text t = {0};
  const char *out = v->text.bytes;
  if (!v->given) return say(r->language, "Not given");
  struct choice c;
  for (int i = 0; f->kind == FIELD_CHOICE && (c = field_choice(f, i)).word; i++)
    if (span_is(v->text, c.word)) return say(r->language, c.label);
  if (f->kind == FIELD_DAY) value_for_people(&t, r->language, doc_day((day_t)v->number));
  else if (f->kind == FIELD_MONEY) value_for_people(&t, r->language, doc_money(v->number));
  else if (f->kind == FIELD_MINUTES) value_for_people(&t, r->language, doc_minutes(v->number));
  if (f->kind == FIELD_CHOICES)
    for (int i = 0; (c = field_choice(f, i)).word; i++)
      if (strstr(v->text.bytes, c.word))
        text_addf(&t, "%s%s", t.size ? ", " : "", say(r->language, c.label));
  if (t.size) out = arena_copy(r->arena, t.bytes, t.size);
  text_release(&t);
  return out;
}

static void put_answers(const struct journey_call *call, struct request *r, struct view *summary) {
  for (const struct journey_question *q = call->journey->questions; q->name; q++) {
    int at = first_field(call, q);
    for (const struct field *f = fields_said(q, call->who.is_helper); f->name && is_asked(call, q);
         f++, at++) {
      if (f->kind == FIELD_HIDDEN) continue;
      const char *key = say(r->language, q->key ? q->key : f->label),
                 *shown = q->shown && call->values[at].given
                              ? q->shown(r, call, f, &call->values[at])
                              : NULL;
      struct view *row = view_item(summary, "rows");
      view_text(row, "key", key);
      view_text(row, "value", shown ? shown : answer_words(r, f, &call->values[at]));
      view_text(row, "change", journey_path(r, call->set, question_rest(call, r, q)));
      view_text(row, "change_text", NULL);
      view_text(row, "change_what", key);
    }
  }
}

/* Each fault that submitting found gets a link to its question. */
static void put_check_errors(const struct journey_call *call, struct request *r,
                             struct view *form) {
  for (const struct fault *f = r->faults; f && f->field; f++) {
    const char *href = NULL;
    for (const struct journey_question *q = call->journey->questions; q->name; q++)
      for (const struct field *field = q->fields; field->name; field++)
        if (strcmp(field->name, f->field) == 0)
          href = journey_path(r, call->set, question_rest(call, r, q));
    struct view *error = view_item(form, "errors");
    view_text(error, "href", href);
    view_text(error, "text", f->message);
  }
}

static enum status put_check(const struct journey_call *call, struct request *r, struct view *v,
                             struct error *err) {
  const struct journey *j = call->journey;
  const struct journey_question *last = NULL;
  struct request plain = *r;
  plain.faults = NULL;
  for (const struct journey_question *q = j->questions; q->name; q++)
    if (is_asked(call, q)) last = q;
  view_text(v, "back", journey_path(r, call->set, question_rest(call, r, last)));
  view_text(v, "journey_title", journey_title(r, j));
  view_text(v, "text", j->check_text(r, call));
  view_flag(v, "has_errors", r->faults && r->faults->field);
  put_answers(call, r, view_object(v, "summary"));
  view_form_of(v, "form", &plain, NULL, journey_path(r, call->set, question_rest(call, r, NULL)),
               say(r->language, j->button), NULL);
  /* the form's own flag says no: its summary stands above the answers, not below them */
  put_check_errors(call, r, v);
  enum status status = j->before ? j->before(r, call, v, err) : DONE;
  return status == DONE ? put_whose(call, r, v, err) : status;
}

/* The call whose questions are all answered. *call null: the reply is made, a page that is not
 * there or the way to the first open question. A form that is sent again without the number that
 * form_once.c needs finds one too: the first time removed the draft. */
static enum status open_answered(const struct journeys *set, struct request *r, struct reply *reply,
                                 struct journey_call **call, struct error *err) {
  enum status status = open_call(set, r, call, err);
  if (status != DONE) return status;
  const struct journey_question *open = *call ? first_open(*call) : NULL;
  if (!*call) reply_not_found(reply, r);
  else if (open) go(*call, r, reply, question_rest(*call, r, open));
  if (open) *call = NULL;
  return DONE;
}

enum status journey_show_check(const struct journeys *set, struct request *r, struct reply *reply,
                               struct error *err) {
  struct journey_call *call;
  enum status status = open_answered(set, r, reply, &call, err);
  if (status != DONE || !call) return status;
  struct view *v = view_new(r->arena, r->language);
  status = put_check(call, r, v, err);
  if (status == DONE)
    reply_page(reply, r, "check-answers", say(r->language, "Check your answers"), v);
  return status;
}

enum status journey_submit(const struct journeys *set, struct request *r, struct reply *reply,
                           struct error *err) {
  struct journey_call *call;
  enum status status = open_answered(set, r, reply, &call, err);
  if (status != DONE || !call) return status;
  drop_unasked(call);
  status = call->journey->submit(r, call, err);
  if (status == DONE) status = remove_draft(call, r, err);
  if (status == DONE) go(call, r, reply, arena_printf(r->arena, "%s/done", call->journey->name));
  return status;
}

enum status journey_show_done(const struct journeys *set, struct request *r, struct reply *reply,
                              struct error *err) {
  struct journey_call *call;
  bool shown = true;
  enum status status = open_call(set, r, &call, err);
  if (status != DONE) return status;
  if (!call) {
    reply_not_found(reply, r);
    return DONE;
  }
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back_to", journey_path(r, set, ""));
  status = call->journey->done(r, call, v, &shown, err);
  if (status == DONE) status = put_whose(call, r, v, err);
  if (status != DONE) return status;
  if (shown) reply_page(reply, r, set->done_template, journey_title(r, call->journey), v);
  else go(call, r, reply, question_rest(call, r, first_open(call)));
  return DONE;
}
