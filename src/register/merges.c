/* Mergers: two records that are one person. Lines are not moved: readers follow the alias. */
#include "register/merges.h"

#include "base/day.h"
#include "base/limits.h"
#include "base/refusal.h"
#include "register/names.h"
#include "register/register.h"

#include <stdlib.h>

enum status merges_read(struct store *store, struct arena *arena, struct merges *out,
                        struct error *err) {
  struct query *q;
  *out = (struct merges){0};
  enum status status = store_query(store, &q, "select gone, keep from alias order by gone", err);
  if (status != DONE) return status;
  int capacity = 0;
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    arena_reserve(arena, out->all, capacity, out->count + 1);
    out->all[out->count++] = (struct merge){query_int(q, 0), query_int(q, 1)};
  }
  query_end(q);
  return status;
}

/* Whether any merger names the record: most people are read without the other functions. */
static enum status merges_touch(struct store *store, int64_t id, bool *some, struct error *err) {
  struct query *q;
  enum status status = store_query(
      store, &q,
      "select 1 from alias where gone = ?1 union all select 1 from alias where keep = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, id);
  status = query_step(q, some, err);
  query_end(q);
  return status;
}

static const struct merge *merge_of(const struct merges *merges, int64_t merged) {
  int low = 0, high = merges->count;
  while (low < high) {
    int middle = low + (high - low) / 2;
    if (merges->all[middle].merged < merged) low = middle + 1;
    else high = middle;
  }
  return low < merges->count && merges->all[low].merged == merged ? &merges->all[low] : NULL;
}

int64_t merges_survivor(const struct merges *merges, int64_t id) {
  for (int depth = 0; depth <= LIMIT_ALIAS_DEPTH; depth++) {
    const struct merge *m = merge_of(merges, id);
    if (!m) break;
    id = m->survivor;
  }
  return id;
}

static bool chain_passes(const struct merges *merges, int64_t id, int64_t through) {
  for (int depth = 0; depth <= LIMIT_ALIAS_DEPTH; depth++) {
    const struct merge *m = merge_of(merges, id);
    if (!m) return false;
    if (m->survivor == through) return true;
    id = m->survivor;
  }
  return false;
}

void merges_merged(const struct merges *merges, struct arena *arena, int64_t survivor,
                   int64_t **out, int *count) {
  *out = NULL;
  *count = 0;
  for (int m = 0; m < merges->count; m++) {
    if (!chain_passes(merges, merges->all[m].merged, survivor)) continue;
    if (!*out) *out = arena_array(arena, int64_t, merges->count - m);
    (*out)[(*count)++] = merges->all[m].merged; /* mergers are in order of the merged record */
  }
}

/* ---- one record ---- */

struct ids {
  int64_t *all;
  int count, capacity;
};

static void ids_add(struct ids *ids, struct arena *arena, int64_t id) {
  arena_reserve(arena, ids->all, ids->capacity, ids->count + 1);
  ids->all[ids->count++] = id;
}

enum status merges_of_one(struct store *store, struct arena *arena, int64_t id, int64_t *survivor,
                          int64_t **merged, int *merged_count, struct error *err) {
  bool some = false;
  *survivor = 0;
  *merged = NULL;
  *merged_count = 0;
  enum status status = merges_touch(store, id, &some, err);
  if (status != DONE || !some) return status; /* true for nearly everybody */
  status = register_survivor(store, id, survivor, err);
  if (status == DONE && *survivor == id) *survivor = 0;
  struct ids found = {0};
  /* there can be no ring (merge_check); each was found once, since it has one survivor */
  for (int at = -1; status == DONE && at < found.count; at++) {
    struct query *q;
    status = store_query(store, &q, "select gone from alias where keep = ?1 order by gone", err);
    if (status != DONE) return status;
    query_bind_int(q, 1, at < 0 ? id : found.all[at]);
    bool row;
    while ((status = query_step(q, &row, err)) == DONE && row)
      ids_add(&found, arena, query_int(q, 0));
    query_end(q);
  }
  if (status != DONE) return status;
  array_sort(found.all, found.count, int64_compare);
  *merged = found.all;
  *merged_count = found.count;
  return DONE;
}

enum status register_records(struct store *store, struct arena *arena, int64_t id, int64_t **ids,
                             int *count, struct error *err) {
  int64_t survivor = 0, *merged = NULL;
  int n = 0;
  enum status status = merges_of_one(store, arena, id, &survivor, &merged, &n, err);
  /* it has no survivor itself, so this recurses once */
  if (status == DONE && survivor) return register_records(store, arena, survivor, ids, count, err);
  if (status != DONE) return status;
  int64_t *all = arena_array(arena, int64_t, n + 1);
  all[0] = id;
  if (n) memcpy(all + 1, merged, sizeof *all * (size_t)n);
  *ids = all;
  *count = n + 1;
  return DONE;
}

enum status register_same_person(struct store *store, int64_t a, int64_t b, bool *same,
                                 struct error *err) {
  int64_t first = 0, second = 0;
  *same = a && a == b;
  if (*same || !a || !b) return DONE;
  enum status status = register_survivor(store, a, &first, err);
  if (status == DONE) status = register_survivor(store, b, &second, err);
  *same = status == DONE && first == second;
  return status;
}

enum status register_surviving_person(struct store *store, struct arena *arena, int64_t id,
                                      struct person *out, struct error *err) {
  enum status status = register_person(store, arena, id, out, err);
  return status == DONE && out->survivor ? register_person(store, arena, out->survivor, out, err)
                                         : status;
}

static enum status person_must_exist(struct store *store, int64_t id, struct error *err) {
  bool there = false;
  enum status status = register_has_person(store, id, &there, err);
  if (status == DONE && !there) return refuse(err, PERSON_NUMBER_UNKNOWN, (long long)id);
  return status;
}

/* How long the chain through `id` would be at its longest, counted from the records below it. */
static int chain_length_below(const struct merges *merges, int64_t id) {
  int longest = 0;
  for (int m = 0; m < merges->count; m++) {
    int length = 0;
    int64_t at = merges->all[m].merged;
    for (const struct merge *next;
         at != id && length <= LIMIT_ALIAS_DEPTH && (next = merge_of(merges, at)); length++)
      at = next->survivor;
    if (at == id && length > longest) longest = length;
  }
  return longest;
}

static enum status merge_check(struct store *store, int64_t survivor, int64_t merged,
                               struct error *err) {
  enum status status = person_must_exist(store, survivor, err);
  if (status == DONE) status = person_must_exist(store, merged, err);
  if (status != DONE) return status;
  if (survivor == merged) return refuse(err, MERGE_INTO_ITSELF);
  struct arena *arena = arena_new();
  struct merges merges;
  if ((status = merges_read(store, arena, &merges, err)) == DONE) {
    int above = 0;
    for (int64_t at = survivor; merge_of(&merges, at) && above <= LIMIT_ALIAS_DEPTH; above++)
      at = merge_of(&merges, at)->survivor;
    if (merge_of(&merges, merged)) status = refuse(err, MERGE_ALREADY);
    else if (merges_survivor(&merges, survivor) == merged) status = refuse(err, MERGE_CIRCULAR);
    else if (above + 1 + chain_length_below(&merges, merged) > LIMIT_ALIAS_DEPTH)
      status = refuse(err, MERGE_TOO_DEEP, LIMIT_ALIAS_DEPTH + 1);
  }
  arena_free(arena);
  return status;
}

enum status register_merge(struct store *store, int64_t survivor, int64_t merged,
                           const char *reason, struct error *err) {
  enum status status = merge_check(store, survivor, merged, err);
  if (status != DONE) return status;
  struct query *q;
  if ((status = store_query(store, &q,
                            "insert into alias (gone, keep, at, reason) values (?1, ?2, ?3, ?4)",
                            err)) != DONE)
    return status;
  char now[21];
  query_bind_int(q, 1, merged);
  query_bind_int(q, 2, survivor);
  query_bind_text(q, 3, span_of(clock_write_now(now)));
  query_bind_text(q, 4, span_of(reason ? reason : ""));
  status = query_run(q, err);
  query_end(q);
  /* its address is now that of whoever the merged record was, too: nobody's code goes there soon */
  return status == DONE
             ? store_run_with(store,
                              "update party set email_day = ?2 where id = ?1 and email is not null",
                              err, survivor, day_today())
             : status;
}

enum status register_unmerge(struct store *store, int64_t survivor, int64_t merged,
                             struct error *err) {
  struct query *q;
  enum status status = store_query(store, &q, "delete from alias where gone = ?1 and keep = ?2",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, merged);
  query_bind_int(q, 2, survivor);
  status = query_run(q, err);
  int64_t changed = status == DONE ? query_changes(q) : 0;
  query_end(q);
  if (status == DONE && changed == 0) return refuse(err, MERGE_UNKNOWN);
  return status;
}
