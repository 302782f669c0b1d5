#include "base/json.h"
#include <assert.h>

void json_begin(struct json *j, struct text *out) { *j = (struct json){.out = out}; }

static void next(struct json *j, const char *key) {
  if (j->some[j->depth]) text_add_char(j->out, ',');
  j->some[j->depth] = true;
  if (!key) return;
  text_add_json(j->out, span_of(key));
  text_add_char(j->out, ':');
}

static void enter(struct json *j, const char *key, char bracket) {
  next(j, key);
  text_add_char(j->out, bracket);
  assert(j->depth + 1 < JSON_DEPTH_MAX);
  j->some[++j->depth] = false;
}

static void leave(struct json *j, char bracket) {
  assert(j->depth > 0);
  j->depth--;
  text_add_char(j->out, bracket);
}

void json_open_object(struct json *j, const char *key) { enter(j, key, '{'); }
void json_close_object(struct json *j) { leave(j, '}'); }
void json_open_array(struct json *j, const char *key) { enter(j, key, '['); }
void json_close_array(struct json *j) { leave(j, ']'); }

void json_int(struct json *j, const char *key, int64_t value) {
  next(j, key);
  text_add_int(j->out, value);
}

void json_bool(struct json *j, const char *key, bool value) {
  next(j, key);
  text_add(j->out, value ? "true" : "false");
}

void json_text(struct json *j, const char *key, struct span value) {
  next(j, key);
  text_add_json(j->out, value);
}

void json_none(struct json *j, const char *key) {
  next(j, key);
  text_add(j->out, "null");
}
