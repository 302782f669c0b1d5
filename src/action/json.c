/* Actions as JSON: texts in, answers out, and the table itself. */
#include "action/action.h"
#include "base/json.h"
#include "base/refusal.h"

#include <jansson.h>

static const char *const kind_words[] = {
    [FIELD_TEXT] = "text",       [FIELD_LONG] = "lines",  [FIELD_DAY] = "day",
    [FIELD_YEAR] = "year",       [FIELD_MONEY] = "money", [FIELD_MINUTES] = "minutes",
    [FIELD_QUANTITY] = "number", [FIELD_COUNT] = "count", [FIELD_CHOICE] = "choice",
    [FIELD_CHOICES] = "choices", [FIELD_CODE] = "code",   [FIELD_LINE] = "line",
    [FIELD_FILE] = "file",       [FIELD_FILES] = "files", [FIELD_HIDDEN] = "code"};

static const struct field *field_of(const struct action *action, const char *name) {
  for (const struct field *f = action->fields; f && f->name; f++)
    if (strcmp(f->name, name) == 0) return f;
  return NULL;
}

/* ---- in ---- */

enum status action_sent_of_json(const struct action *action, struct span json, struct arena *arena,
                                struct sent **sent, int *count, struct error *err) {
  json_error_t why;
  json_t *object = json_loadb(json.bytes, json.size, JSON_REJECT_DUPLICATES, &why), *value;
  const char *key;
  *count = 0;
  if (!json_is_object(object)) {
    json_decref(object);
    return refuse(err, ACTION_JSON_NOT_AN_OBJECT);
  }
  size_t most = 0;
  json_object_foreach(object, key, value) most += json_is_array(value) ? json_array_size(value) : 1;
  struct sent *all = arena_array(arena, struct sent, most + 1);
  enum status status = DONE;
  json_object_foreach(object, key, value) {
    const struct field *field = field_of(action, key);
    size_t texts = json_is_array(value) ? json_array_size(value) : 1;
    for (size_t i = 0; i < texts && status == DONE; i++) {
      json_t *text = json_is_array(value) ? json_array_get(value, i) : value;
      if (!json_is_string(text)) status = refuse_at(err, key, ACTION_JSON_NOT_A_TEXT);
      else
        all[(*count)++] = (struct sent){
            .name = span_of(arena_string(arena, key)),
            .value = span_make(arena_copy(arena, json_string_value(text), json_string_length(text)),
                               json_string_length(text)),
            .file = field && field_takes_file(field)};
    }
    if (status != DONE) break;
  }
  json_decref(object);
  *sent = all;
  return status;
}

/* ---- out ---- */

void action_add_json(struct text *out, const struct action *action, const struct action_call *call,
                     enum status status, const struct error *err) {
  struct json j;
  json_begin(&j, out);
  json_open_object(&j, NULL);
  json_text(&j, "action", span_of(action->name));
  if (status == DONE) {
    json_open_object(&j, "done");
    for (int i = 0; i < call->answer_count; i++) {
      if (call->answers[i].text)
        json_text(&j, call->answers[i].name, span_of(call->answers[i].text));
      else json_none(&j, call->answers[i].name);
    }
    json_close_object(&j);
  } else {
    const char *code = refusal_word(err->refusal.code);
    json_open_object(&j, "refused");
    json_text(&j, "code", span_of(code ? code : "failed"));
    if (err->column[0]) json_text(&j, "column", span_of(err->column));
    else json_none(&j, "column");
    /* of a file that was sent; at a line `column` is the file's */
    if (err->file[0]) json_text(&j, "file", span_of(err->file));
    if (err->line) json_int(&j, "line", (int64_t)err->line);
    char *message = refusal_sentence(call->arena, call->language, &err->refusal, err->message);
    json_text(&j, "message", span_of(message));
    json_close_object(&j);
  }
  json_close_object(&j);
  text_add_char(out, '\n');
}

static void add_field(struct json *j, const struct field *f) {
  struct choice c;
  json_open_object(j, NULL);
  json_text(j, "name", span_of(f->name));
  json_text(j, "kind", span_of(kind_words[f->kind]));
  json_bool(j, "optional", f->optional);
  json_int(j, "least", f->least);
  json_int(j, "most", f->most);
  if (f->label) {
    json_text(j, "label", span_of(f->label));
    json_text(j, "label_cy", span_of(say(WELSH, f->label)));
  }
  json_open_array(j, "choices");
  for (int i = 0; (c = field_choice(f, i)).word; i++) json_text(j, NULL, span_of(c.word));
  json_close_array(j);
  json_close_object(j);
}

static void add_action(struct json *j, const struct action *a) {
  static const char *const about[] = {
      [ABOUT_NOBODY] = "nobody", [ABOUT_ONESELF] = "oneself", [ABOUT_PERSON] = "person"};
  struct text holders = {0};
  text_add_permission_holders(&holders, a->needs);
  json_open_object(j, NULL);
  json_text(j, "name", span_of(a->name));
  json_text(j, "summary", span_of(a->summary));
  json_text(j, "needs", span_of(permission_word(a->needs)));
  json_text(j, "who", span_make(holders.bytes, holders.size));
  if (a->helper) json_text(j, "helper", span_of(permission_word(a->helper)));
  else json_none(j, "helper");
  json_text(j, "about", span_of(about[a->about]));
  json_bool(j, "reason", action_asks_reason(a));
  json_bool(j, "begins", a->begins);
  json_bool(j, "job", a->job);
  if (a->second) json_text(j, "second", span_of(a->second->when));
  else json_none(j, "second");
  json_open_array(j, "fields");
  for (const struct field *f = a->fields; f && f->name; f++)
    if (!f->is_step) add_field(j, f);
  json_close_array(j);
  json_open_array(j, "answers");
  for (const char *const *name = a->answers; name && *name; name++)
    json_text(j, NULL, span_of(*name));
  json_close_array(j);
  json_open_array(j, "refusals");
  for (const enum refusal_code *code = a->refusals; code && *code; code++)
    json_text(j, NULL, span_of(refusal_word(*code)));
  json_close_array(j);
  json_close_object(j);
  text_release(&holders);
}

void actions_add_json(struct text *out) {
  struct json j;
  const struct action *a;
  json_begin(&j, out);
  json_open_array(&j, NULL);
  for (int i = 0; (a = action_at(i)); i++) add_action(&j, a);
  json_close_array(&j);
  text_add_char(out, '\n');
}
