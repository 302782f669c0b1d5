/* Making a publication, and finding places in it. */
#include "publish/parts.h"
#include "publish/suppress.h"

#include "base/money.h"
#include "book/entries.h"
#include "book/standing.h"
#include "store/head.h"

enum status publish_log_size(struct store *store, int64_t *size, struct error *err) {
  struct head head = {0};
  enum status status = head_read(store, &head, err);
  *size = head.logged;
  return status;
}
int64_t publication_log_size(const struct publication *p) { return p->log_size; }

enum status publish_years(struct store *store, int today, const atomic_bool *stopping,
                          struct publish_years *out, struct error *err) {
  struct standing standing;
  struct arena *arena = arena_new();
  *out = (struct publish_years){0};
  enum status status = standing_years(store, arena, stopping, &standing, err);
  if (status == DONE) {
    for (int i = standing.count; i-- > 0 && out->count < LIMIT_PUBLISHED_YEARS;)
      if (standing.year[i] <= today) out->year[out->count++] = standing.year[i];
  }
  arena_free(arena);
  return status;
}

static const char *pounds(struct arena *arena, int64_t pence) {
  struct text t = {0};
  text_add_pounds(&t, pence);
  return text_take(arena, &t);
}

/* Lists the unit costs of all services, used or not, so that the list of sources does not reveal
 * which were used. */
static void add_sources(const struct scope *s, struct publication *p) {
  const struct codes *codes = s->codes;
  p->sources = arena_array(p->arena, struct published_source, codes->service_count + 1);
  for (int i = 0; i < codes->service_count; i++) {
    bool stale = false;
    const struct book_cost *cost = codes_cost(codes, codes->services[i].id, p->year, &stale);
    if (!cost || !chart_category(s->chart, codes->services[i].category)) continue;
    p->sources[p->source_count++] =
        (struct published_source){.category = s->chart->rank[codes->services[i].category],
                                  .what = arena_string(p->arena, codes->services[i].name),
                                  .year = year_write(cost->year, arena_alloc(p->arena, 8)),
                                  .value = pounds(p->arena, cost->pence),
                                  .source = arena_string(p->arena, cost->source),
                                  .pence = cost->pence,
                                  .estimated = cost->estimated || stale};
  }
}

enum status publication_make(struct store *store, const struct pack *pack,
                             const struct publish_options *options, struct arena *arena,
                             struct publication **out, struct error *err) {
  struct place_request request = {.year = options->year,
                                  .threads = options->threads,
                                  .progress = options->progress};
  struct arena *scratch = arena_new(); /* for the whole register, which is not kept */
  struct scope scope = {.store = store, .arena = scratch, .request = &request, .pack = pack};
  struct publication *p = arena_alloc(arena, sizeof *p);
  *p = (struct publication){.arena = arena, .pack = pack, .year = options->year};
  enum status status = store_lock_shared(store, BOOK_LOCK, err);
  if (status == DONE) {
    /* read before the lines: lines posted meanwhile lead to the next publication */
    status = publish_log_size(store, &p->log_size, err);
    if (status == DONE) status = entries_reading_at(store, scratch, options->since, &p->since, err);
    if (status == DONE) status = scope_read(&scope, err);
    if (status == DONE) status = publish_gather(&scope, p, options, err);
    if (status == DONE) add_sources(&scope, p);
    store_unlock(store, BOOK_LOCK);
  }
  if (status == DONE) publish_suppress(p);
  arena_free(scratch);
  if (status != DONE) return status;
  p->since = (struct reading){0}; /* it lay in scratch */
  *out = p;
  return DONE;
}

int publication_find(const struct publication *p, struct span code) {
  for (int n = 0; n < p->node_count; n++)
    if (!p->nodes[n].rest && span_is(code, p->nodes[n].code)) return n;
  return -1;
}

int publication_own(const struct publication *p) {
  (void)p;
  return 0;
}

void publication_place(const struct publication *p, int node, struct published_place *out) {
  const struct place_node *n = &p->nodes[node];
  int next = n->next >= 0 && p->nodes[n->next].rest ? -1 : n->next;
  *out = (struct published_place){.code = n->code,
                                  .name = n->name,
                                  .parent = n->parent,
                                  .first_child = n->first_child,
                                  .next = next,
                                  .depth = n->depth};
}
