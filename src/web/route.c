/* Finding a row of the table. A linear search of some hundred rows: most differ in the first
 * letters, and a search takes less than a microsecond. */
#include "web/route.h"
#include "web/pages/pages.h"

#include <assert.h>

enum { SEGMENTS_MOST = 30 };

static struct span next_segment(struct span *rest) {
  const char *slash = memchr(rest->bytes, '/', rest->size);
  size_t size = slash ? (size_t)(slash - rest->bytes) : rest->size;
  struct span segment = span_make(rest->bytes, size);
  *rest = span_make(rest->bytes + size + (slash != NULL), rest->size - size - (slash != NULL));
  return segment;
}

/* Whether the path is the row's; *plain gets a bit for each segment that is the row's own word, the
 * first the highest. */
static bool row_fits(const struct route *row, struct span path, struct span names[ROUTE_NAMES],
                     uint32_t *plain) {
  if (path.size > 1 && row->path[1] != '{' && row->path[1] != path.bytes[1]) return false;
  struct span ours = span_of(row->path + 1), asked = span_make(path.bytes + 1, path.size - 1);
  int name = 0;
  *plain = 0;
  for (int i = 0; i < SEGMENTS_MOST; i++) {
    bool ours_slash = memchr(ours.bytes, '/', ours.size) != NULL,
         asked_slash = memchr(asked.bytes, '/', asked.size) != NULL;
    struct span a = next_segment(&ours), b = next_segment(&asked);
    if (ours_slash != asked_slash) return false;
    if (a.size > 2 && a.bytes[0] == '{') {
      if (b.size == 0 || name == ROUTE_NAMES) return false;
      names[name++] = b;
    } else {
      if (!span_equal(a, b)) return false;
      *plain |= 1u << (31 - i);
    }
    if (!ours_slash) return true;
  }
  return false;
}

/* Of two rows that fit, takes the one that has a word where the other has a name: `/people/find`
 * goes before `/people/{person}`. */
static const struct route *find(const enum method *method, struct span path,
                                struct span names[ROUTE_NAMES]) {
  const struct route *best = NULL;
  uint32_t best_plain = 0;
  if (path.size == 0 || path.bytes[0] != '/') return NULL;
  for (const struct route *row = routes; row->path; row++) {
    struct span these[ROUTE_NAMES] = {0};
    uint32_t plain;
    if ((method && row->method != *method) || !row_fits(row, path, these, &plain) ||
        (best && plain <= best_plain))
      continue;
    best = row;
    best_plain = plain;
    memcpy(names, these, sizeof these);
  }
  return best;
}

const struct route *route_find(enum method method, struct span path,
                               struct span names[ROUTE_NAMES]) {
  return find(&method, path, names);
}

bool route_known(struct span path) {
  struct span names[ROUTE_NAMES];
  return find(NULL, path, names) != NULL;
}

struct span route_name(const struct route *row, int index) {
  for (const char *at = strchr(row->path, '{'); at; at = strchr(at + 1, '{'))
    if (index-- == 0) return span_make(at + 1, strcspn(at + 1, "}"));
  return span_make(NULL, 0);
}

const struct route *route_post(const char *path) {
  struct span names[ROUTE_NAMES];
  return route_find(POST, span_of(path), names);
}

/* ---- a row's action ---- */

const struct action *route_action(const struct route *route) {
  const struct action *action = route->action ? action_find(span_of(route->action)) : NULL;
  assert(!route->action || action);
  return action;
}

bool route_has_name(const struct route *route, const char *name) {
  struct span at;
  for (int i = 0; (at = route_name(route, i)).bytes; i++)
    if (span_is(at, name)) return true;
  return false;
}

const struct field *route_fields(const struct route *route, const struct request *r,
                                 const struct span *names) {
  if (route->fields_of) return route->fields_of(r, names);
  if (route->fields || !route->action) return route->fields;
  const struct field *field = route_action(route)->fields;
  while (field && field->name && route_has_name(route, field->name)) field++;
  return field;
}

enum permission route_needs(const struct route *route) {
  const struct action *action = route_action(route);
  if (!action) return route->needs;
  return action->about == ABOUT_ONESELF && route_has_name(route, "person") ? action->helper
                                                                           : action->needs;
}

const char *route_help(const struct route *route) {
  return route->help ? route->help : route->action ? route_action(route)->summary : NULL;
}
