/* A form, as the partial in templates/ shows it (templates/README.md names every value). All names
 * are set every time, so that no value of an outer view is shown by mistake. */
#include "web/request.h"
#include "web/template.h"
#include <assert.h>
#include <inttypes.h>

enum {
  /* more choices than this are a list to select from: nobody reads a page of radio buttons */
  RADIOS_MOST = 7
};

/* The flag that says how a kind is shown. */
static const char *const shown_as[] = {"is_text",    "is_long",   "is_day",     "is_money",
                                       "is_minutes", "is_choice", "is_choices", "is_select",
                                       "is_file",    "is_hidden", "is_short"};
enum { SHOWN = sizeof shown_as / sizeof *shown_as };

static const char *shown_flag(enum field_kind kind) {
  switch (kind) {
  case FIELD_TEXT: return "is_text";
  case FIELD_LONG: return "is_long";
  case FIELD_DAY: return "is_day";
  case FIELD_MONEY: return "is_money";
  case FIELD_MINUTES: return "is_minutes";
  case FIELD_CHOICE: return "is_choice";
  case FIELD_CHOICES: return "is_choices";
  case FIELD_FILE:
  case FIELD_FILES: return "is_file";
  case FIELD_HIDDEN: return "is_hidden";
  case FIELD_YEAR:
  case FIELD_QUANTITY:
  case FIELD_COUNT:
  case FIELD_CODE:
  case FIELD_LINE: break;
  }
  return "is_short";
}

static bool is_group(enum field_kind kind) {
  return kind == FIELD_DAY || kind == FIELD_MINUTES || kind == FIELD_CHOICE ||
         kind == FIELD_CHOICES;
}

/* ---- reading the view ---- */

static struct view *thing_of(struct view *v, const char *name) {
  for (struct view *at = v->first; at; at = at->next)
    if (span_is(at->name, name)) return at;
  return NULL;
}

static struct view *field_of(struct view *form, const char *name) {
  struct view *fields = thing_of(form, "fields");
  for (struct view *at = fields ? fields->first : NULL; at; at = at->next)
    if (span_is(thing_of(at, "name")->text, name)) return at;
  assert(!"the form has the field");
  return NULL;
}

/* ---- fields ---- */

/* The n-th of the parts that a line end divides; null when empty. */
static const char *part(struct arena *arena, struct span text, int n) {
  const char *at = text.bytes, *end = text.bytes + text.size, *stop = NULL;
  for (; at; n--) {
    stop = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
    if (n == 0) break;
    at = stop ? stop + 1 : NULL;
  }
  size_t size = at ? (size_t)((stop ? stop : end) - at) : 0;
  return size ? arena_copy(arena, at, size) : NULL;
}

/* What the form begins with, written as a form sends it. */
static struct span start_text(struct arena *arena, const struct field *f,
                              const struct value *start) {
  int year, month, day;
  if (!start->given) return span_make("", 0);
  if (f->kind == FIELD_MINUTES)
    return span_of(
        arena_printf(arena, "%" PRId64 "\n%" PRId64, start->number / 60, start->number % 60));
  if (f->kind != FIELD_DAY) return start->text;
  day_parts((day_t)start->number, &year, &month, &day);
  return span_of(arena_printf(arena, "%d\n%d\n%d", day, month, year));
}

static void put_choice(struct view *item, const char *word, const char *label, const char *hint) {
  struct view *choices = thing_of(item, "choices"), *select = thing_of(item, "is_select");
  int before = 0;
  for (const struct view *at = choices ? choices->first : NULL; at; at = at->next) before++;
  if (before == RADIOS_MOST && thing_of(item, "is_choice")->kind == VIEW_ON) {
    thing_of(item, "is_choice")->kind = thing_of(item, "is_group")->kind = VIEW_OFF;
    select->kind = VIEW_ON;
  }
  const char *id = thing_of(item, "id")->text.bytes;
  struct view *c = view_item(item, "choices");
  view_text(c, "choice_id", before ? arena_printf(item->arena, "%s-%d", id, before + 1) : id);
  view_text(c, "choice_value", word);
  view_text(c, "choice_label", label);
  view_text(c, "choice_hint", hint);
  view_flag(c, "is_chosen", span_has_word(thing_of(item, "value")->text, word));
}

static void put_described_by(struct view *item, const char *id, bool hint, bool error) {
  const char *ids = hint && error ? arena_printf(item->arena, "%s-hint %s-error", id, id)
                    : hint        ? arena_printf(item->arena, "%s-hint", id)
                    : error       ? arena_printf(item->arena, "%s-error", id)
                                  : NULL;
  view_text(item, "described_by", ids);
}

static void put_parts(struct view *item, enum field_kind kind, struct span given) {
  bool is_day = kind == FIELD_DAY, is_minutes = kind == FIELD_MINUTES;
  view_text(item, "day", is_day ? part(item->arena, given, 0) : NULL);
  view_text(item, "month", is_day ? part(item->arena, given, 1) : NULL);
  view_text(item, "year", is_day ? part(item->arena, given, 2) : NULL);
  view_text(item, "hours", is_minutes ? part(item->arena, given, 0) : NULL);
  view_text(item, "minutes", is_minutes ? part(item->arena, given, 1) : NULL);
}

static void put_field(struct view *form, const struct field *f, struct span given,
                      const char *error) {
  struct view *item = view_item(form, "fields");
  enum language l = form->language;
  const char *id = arena_printf(form->arena, "field-%s", f->name);
  bool in_parts = f->kind == FIELD_DAY || f->kind == FIELD_MINUTES;
  view_text(item, "name", f->name);
  view_text(item, "id", id);
  view_text(item, "label", f->label ? say(l, f->label) : NULL);
  view_text(item, "hint", f->hint ? say(l, f->hint) : NULL);
  view_text(item, "error", error);
  put_described_by(item, id, f->hint != NULL, error != NULL);
  view_text(item, "value",
            given.size && !in_parts && !field_takes_file(f)
                ? arena_copy(form->arena, given.bytes, given.size)
                : NULL);
  view_text(item, "autocomplete", f->autocomplete);
  view_flag(item, "is_heading", false);
  view_flag(item, "is_optional", f->optional && !f->among && f->kind != FIELD_HIDDEN);
  for (int k = 0; k < SHOWN; k++)
    view_flag(item, shown_as[k], strcmp(shown_as[k], shown_flag(f->kind)) == 0);
  view_flag(item, "is_group", is_group(f->kind));
  view_flag(item, "is_count", f->kind == FIELD_COUNT);
  view_flag(item, "is_quantity", f->kind == FIELD_QUANTITY);
  view_flag(item, "is_birthday",
            f->kind == FIELD_DAY && f->autocomplete && strcmp(f->autocomplete, "bday") == 0);
  put_parts(item, f->kind, given);
  struct choice c;
  for (int i = 0; (c = field_choice(f, i)).word; i++)
    put_choice(item, c.word, c.label ? say(l, c.label) : NULL, NULL);
}

/* ---- the form ---- */

static const char *fault_of(const struct fault *faults, const char *field) {
  for (const struct fault *f = faults; f && f->field; f++)
    if (strcmp(f->field, field) == 0) return f->message;
  return NULL;
}

const char *form_fault(const struct request *r, const char *field) {
  return fault_of(r->faults, field);
}

const char *fault_sentence(struct arena *arena, const char *label, const char *text) {
  size_t size = strlen(text);
  bool is_part = (*text >= 'a' && *text <= 'z') || *text == '\'';
  if (!is_part || !size) return text;
  const char *end = strchr(".?!", text[size - 1]) ? "" : ".";
  /* what is said of a column is the rest of a sentence that begins with its name */
  if (label)
    return arena_printf(arena, strncmp(text, "is ", 3) == 0 ? "%s %s%s" : "%s: %s%s", label, text,
                        end);
  char first = *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text;
  return arena_printf(arena, "%c%s%s", first, text + 1, end);
}

static const char *sentence_of(const struct view *form, const struct field *field,
                               const char *text) {
  const char *label = field && field->label ? say(form->language, field->label) : NULL;
  return text ? fault_sentence(form->arena, label, text) : NULL;
}

static void put_errors(struct view *form, const struct fault *faults, const struct field *fields) {
  for (const struct fault *f = faults; f && f->field; f++) {
    const struct field *ours = NULL;
    for (const struct field *at = fields; at && at->name; at++)
      if (strcmp(at->name, f->field) == 0 && at->kind != FIELD_HIDDEN) ours = at;
    struct view *error = view_item(form, "errors");
    view_text(error, "href", ours ? arena_printf(form->arena, "#field-%s", f->field) : NULL);
    view_text(error, "text", sentence_of(form, ours, f->message));
  }
}

/* What was sent of a field: a page may show fewer than the row takes, or in another order. */
static struct span given_of(const struct request *r, const char *field) {
  assert(r->given_of);
  for (int i = 0; r->given_of[i].name; i++)
    if (strcmp(r->given_of[i].name, field) == 0) return r->given[i];
  return span_make("", 0);
}

static struct view *put_form(struct view *v, const char *name, const struct request *r,
                             const struct field *fields, const char *action, const char *button,
                             const struct value *start, bool is_sent) {
  struct view *form = view_object(v, name);
  const struct fault *faults = is_sent ? r->faults : NULL;
  bool is_upload = false;
  for (const struct field *f = fields; f && f->name; f++) is_upload |= field_takes_file(f);
  view_text(form, "action", action);
  view_form_rights(form, r);
  view_text(form, "button", button);
  view_flag(form, "is_upload", is_upload);
  view_flag(form, "has_errors", faults && faults->field);
  put_errors(form, faults, fields);
  for (int i = 0; fields && fields[i].name; i++) {
    /* a button of the page before sends it, once they have seen that page */
    if (fields[i].is_step && !fields[i].label) continue;
    struct span given = faults && r->given       ? given_of(r, fields[i].name)
                        : start && start[i].name ? start_text(form->arena, &fields[i], &start[i])
                                                 : span_make("", 0);
    put_field(form, &fields[i], given,
              sentence_of(form, &fields[i], fault_of(faults, fields[i].name)));
  }
  return form;
}

struct view *view_form_of(struct view *v, const char *name, const struct request *r,
                          const struct field *fields, const char *action, const char *button,
                          const struct value *start) {
  return put_form(v, name, r, fields, action, button, start, true);
}

/* The row's path with its names filled in. */
static const char *own_path(const struct request *r, const struct route *post) {
  struct text path = {0};
  for (const char *p = post->path; *p; p++) {
    const char *end = *p == '{' ? strchr(p, '}') : NULL;
    if (end) {
      text_add_span(&path, request_text(r, arena_copy(r->arena, p + 1, (size_t)(end - p - 1))));
      p = end;
    } else text_add_char(&path, *p);
  }
  const char *ours = request_path(r, arena_copy(r->arena, path.bytes, path.size));
  text_release(&path);
  return ours;
}

struct view *view_form(struct view *v, const char *name, const struct request *r,
                       const struct route *post, const char *action, const char *button,
                       const struct value *start) {
  assert(!post->fields_of);
  return put_form(v, name, r, route_fields(post, r, NULL), action ? action : own_path(r, post),
                  button, start, !r->answered || r->answered == post);
}

void view_form_choice(struct view *form, const char *field, const char *word, const char *label,
                      const char *hint) {
  put_choice(field_of(form, field), word, label, hint);
}

void view_form_heading(struct view *form) {
  struct view *fields = thing_of(form, "fields");
  for (struct view *at = fields ? fields->first : NULL; at; at = at->next)
    if (thing_of(at, "is_hidden")->kind == VIEW_OFF) thing_of(at, "is_heading")->kind = VIEW_ON;
}

void view_form_errors_above(struct view *v, struct view *form) {
  struct view *errors = thing_of(form, "errors");
  thing_of(form, "has_errors")->kind = VIEW_OFF;
  /* both read the same list */
  if (errors) view_add(v, "errors", VIEW_LIST)->first = errors->first;
}
