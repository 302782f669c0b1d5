/* Stands in until the files of these headers are there. */
#include "web/asset.h"
#include "web/cache.h"
#include "web/deadline.h"
#include "web/jobs.h"
#include "web/metrics.h"
#include "web/shared_facts.h"

#include <stdlib.h>

struct cache { void (*release)(void *); };
struct cached { void *held; };
struct cache *cache_new(void (*release)(void *held)) { struct cache *c = memory_zeroed(1, sizeof *c); c->release = release; return c; }
void cache_free(struct cache *c) { free(c); }
enum cache_answer cache_take(struct cache *c, struct span key, int seconds, struct cache_wait *wait, struct cached **out) { (void)c, (void)key, (void)seconds, (void)wait, (void)out; return CACHE_MAKE; }
struct cached *cache_put(struct cache *c, struct span key, int seconds, void *held, size_t bytes) { (void)c, (void)key, (void)seconds, (void)bytes; struct cached *p = memory_zeroed(1, sizeof *p); p->held = held; return p; }
void cache_fail(struct cache *c, struct span key) { (void)c, (void)key; }
void *cached_held(const struct cached *page) { return page->held; }
void cache_give(struct cache *c, struct cached *page) { c->release(page->held); free(page); }
struct deadlines { int x; };
enum status deadlines_start(struct deadlines **out, const struct deadline_limits *limits, void (*shut)(void *context), void *context, struct error *err) { (void)limits, (void)shut, (void)context, (void)err; *out = NULL; return DONE; }
struct deadline *deadline_add(struct deadlines *d, int fd) { (void)d, (void)fd; return NULL; }
void deadline_phase(struct deadline *c, enum deadline_phase phase) { (void)c, (void)phase; }
void deadline_remove(struct deadlines *d, struct deadline *c) { (void)d, (void)c; }
void deadlines_stop(struct deadlines *d) { (void)d; }
struct jobs *jobs_new(const char *store_url) { (void)store_url; return NULL; }
void jobs_free(struct jobs *j) { (void)j; }
struct metrics *metrics_new(void) { return NULL; }
void metrics_free(struct metrics *m) { (void)m; }
void metrics_request(struct metrics *m, int http_status, int64_t microseconds, uint64_t bytes) { (void)m, (void)http_status, (void)microseconds, (void)bytes; }
void metrics_connection(struct metrics *m, int change) { (void)m, (void)change; }
void metrics_event(struct metrics *m, enum metrics_event event) { (void)m, (void)event; }
struct shared_facts { struct arena *arena; struct facts *facts; };
enum status shared_facts_start(struct shared_facts **out, struct readers *readers, const struct pack *pack, struct cache *cache, struct error *err) {
  (void)cache;
  struct shared_facts *s = memory_zeroed(1, sizeof *s);
  struct store *store;
  *out = s;
  s->arena = arena_new();
  if (readers_take(readers, &store, err) != DONE) return err->code;
  enum status status = facts_read(store, pack, s->arena, &s->facts, err);
  readers_give(readers, store, status);
  return status;
}
const struct facts *shared_facts_take(struct shared_facts *s) { return s->facts; }
void shared_facts_give(struct shared_facts *s, const struct facts *facts) { (void)s, (void)facts; }
void shared_facts_stop(struct shared_facts *s) { if (s) { arena_free(s->arena); free(s); } }
#include "web/pages.h"
const struct route *route_post(const char *path) {
  struct span names[ROUTE_NAMES];
  return route_find(POST, span_of(path), names);
}
