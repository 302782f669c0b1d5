/* What a handler asks of its request. */
#include "web/request.h"

#include <assert.h>

static const struct value *value_of(const struct request *r, const char *name) {
  for (const struct value *v = r->values; v && v->name; v++)
    if (strcmp(v->name, name) == 0) return v;
  assert(!"the row has no such field or name");
  return NULL;
}

struct span request_text(const struct request *r, const char *name) {
  const struct value *v = value_of(r, name);
  return v->given ? v->text : span_of("");
}

int64_t request_int(const struct request *r, const char *name) {
  const struct value *v = value_of(r, name);
  return v->given ? v->number : 0;
}

day_t request_day(const struct request *r, const char *name) {
  const struct value *v = value_of(r, name);
  return v->given ? (day_t)v->number : DAY_NONE;
}

bool request_has(const struct request *r, const char *name) { return value_of(r, name)->given; }

const char *request_path(const struct request *r, const char *path) {
  return arena_printf(r->arena, "%s%s", language_row(r->language)->prefix, path);
}
