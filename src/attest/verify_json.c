/* Members of JSON from a stranger: each call says what the member must be. */
#include "attest/verify_parts.h"

#include "base/base64.h"
#include "base/refusal.h"

static bool among(const char *keys, const char *key) {
  size_t size = strlen(key);
  for (const char *at = keys; *at; at += strcspn(at, " "), at += *at == ' ')
    if (size && strncmp(at, key, size) == 0 && (at[size] == ' ' || !at[size])) return true;
  return false;
}

enum status member_check(const json_t *object, const char *keys, const char *where,
                         struct error *err) {
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)object, key, value) {
    char quoted[SPAN_QUOTE_SIZE];
    (void)value;
    if (!among(keys, key))
      return refuse(err, VERIFY_MEMBER_STRANGE, where, span_quote(span_of(key), quoted));
  }
  return DONE;
}

static enum status member(const json_t *object, const char *key, const char *where, json_t **out,
                          struct error *err) {
  *out = json_object_get(object, key);
  return *out ? DONE : refuse(err, VERIFY_MEMBER_MISSING, where, key);
}

static enum status unlike(const char *key, const char *where, const char *wanted,
                          struct error *err) {
  return refuse(err, VERIFY_MEMBER_TYPE, key, where, wanted);
}

enum status member_object(const json_t *object, const char *key, const char *where, json_t **out,
                          struct error *err) {
  enum status status = member(object, key, where, out, err);
  return status == DONE && !json_is_object(*out) ? unlike(key, where, "an object", err) : status;
}

enum status member_array(const json_t *object, const char *key, const char *where, json_t **out,
                         struct error *err) {
  enum status status = member(object, key, where, out, err);
  return status == DONE && !json_is_array(*out) ? unlike(key, where, "an array", err) : status;
}

enum status member_int(const json_t *object, const char *key, const char *where, int64_t *out,
                       struct error *err) {
  json_t *value = NULL;
  enum status status = member(object, key, where, &value, err);
  if (status != DONE) return status;
  if (!json_is_integer(value)) return unlike(key, where, "a whole number", err);
  *out = json_integer_value(value);
  return DONE;
}

enum status member_figure(const json_t *object, const char *key, const char *where, wide_t *out,
                          bool *lost, struct error *err) {
  json_t *value = NULL;
  enum status status = member(object, key, where, &value, err);
  if (status != DONE) return status;
  if (!json_is_integer(value) && !json_is_null(value))
    return unlike(key, where, "a whole number", err);
  *lost = json_is_null(value);
  *out = *lost ? 0 : json_integer_value(value);
  return DONE;
}

enum status member_text(const json_t *object, const char *key, const char *where, struct span *out,
                        struct error *err) {
  json_t *value = NULL;
  enum status status = member(object, key, where, &value, err);
  if (status != DONE) return status;
  if (!json_is_string(value)) return unlike(key, where, "a text", err);
  *out = span_make(json_string_value(value), json_string_length(value));
  return DONE;
}

enum status member_bytes(const json_t *object, const char *key, const char *where, uint8_t *out,
                         size_t capacity, size_t *size, struct error *err) {
  struct span text;
  enum status status = member_text(object, key, where, &text, err);
  if (status != DONE) return status;
  if (!base64_decode(text, out, capacity, size))
    return unlike(key, where, "base 64 in its one canonical writing, or is too long", err);
  return DONE;
}

enum status member_path(const json_t *object, const char *key, const char *where,
                        struct tree_path *out, struct error *err) {
  json_t *array = NULL;
  enum status status = member_array(object, key, where, &array, err);
  if (status != DONE) return status;
  if (json_array_size(array) > TREE_PATH_MAX)
    return refuse(err, VERIFY_PATH_TOO_LONG, key, where, (int)TREE_PATH_MAX);
  out->count = (int)json_array_size(array);
  for (int i = 0; i < out->count; i++) {
    const json_t *item = json_array_get(array, (size_t)i);
    struct span text = span_make(json_string_value(item),
                                 json_is_string(item) ? json_string_length(item) : 0);
    if (!json_is_string(item) ||
        !base64_decode_exact(text, out->hashes[i].bytes, sizeof out->hashes[i].bytes))
      return refuse(err, VERIFY_HASH_MALFORMED, i + 1, key, where);
  }
  return DONE;
}

/* ---- how it is written ---- */

/* Writes the value as base/json.h does, its members in the order in which they were read. */
static void add_written(struct text *t, const json_t *value) {
  const char *key;
  json_t *item;
  size_t i;
  bool some = false;
  switch (json_typeof(value)) {
  case JSON_OBJECT:
    text_add_char(t, '{');
    json_object_foreach((json_t *)(uintptr_t)value, key, item) {
      if (some) text_add_char(t, ',');
      some = true;
      text_add_json(t, span_of(key));
      text_add_char(t, ':');
      add_written(t, item);
    }
    text_add_char(t, '}');
    return;
  case JSON_ARRAY:
    text_add_char(t, '[');
    json_array_foreach(value, i, item) {
      if (i) text_add_char(t, ',');
      add_written(t, item);
    }
    text_add_char(t, ']');
    return;
  case JSON_STRING:
    text_add_json(t, span_make(json_string_value(value), json_string_length(value)));
    return;
  case JSON_INTEGER: text_add_int(t, json_integer_value(value)); return;
  case JSON_TRUE: text_add(t, "true"); return;
  case JSON_FALSE: text_add(t, "false"); return;
  case JSON_REAL: /* canonical_read refuses it */
  case JSON_NULL: break;
  }
  text_add(t, "null");
}

bool json_is_as_written(struct span bytes, const json_t *value) {
  struct text written = {0};
  add_written(&written, value);
  bool same = span_equal(bytes, span_make(written.bytes, written.size));
  text_release(&written);
  return same;
}
