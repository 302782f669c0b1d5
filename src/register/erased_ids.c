#include "register/erased_ids.h"

#include "store/setting.h"

enum { KEY_BYTES = 64 };

struct erased_id {
  struct digest digest;
  char day[ERASED_DAY_SIZE];
};

struct erased_ids {
  struct erased_id *all;
  size_t count;
  char key[KEY_BYTES + 1];
};

static enum status read_key(struct store *store, char key[KEY_BYTES + 1], struct error *err) {
  struct arena *arena = arena_new();
  const char *value = NULL;
  enum status status = setting_read(store, arena, "erased", &value, err);
  if (status == DONE && !value)
    status = error_set(err, FAILED,
                       "the book has lost its key for erased ids (setting 'erased'); "
                       "restore a backup");
  if (status == DONE) snprintf(key, KEY_BYTES + 1, "%s", value);
  arena_free(arena);
  return status;
}

static void make_digest(const char *key, struct span code, struct digest *out) {
  struct hasher *h = hasher_new();
  hasher_begin(h);
  hasher_add(h, key, strlen(key));
  hasher_add(h, ":", 1);
  hasher_add(h, code.bytes, code.size);
  hasher_end(h, out);
  hasher_free(h);
}

enum status erased_id_digest(struct store *store, struct span code, struct digest *out,
                             struct error *err) {
  char key[KEY_BYTES + 1];
  enum status status = read_key(store, key, err);
  if (status == DONE) make_digest(key, code, out);
  return status;
}

static int compare_ids(const void *a, const void *b) {
  const struct erased_id *x = a, *y = b;
  return memcmp(x->digest.bytes, y->digest.bytes, sizeof x->digest.bytes);
}

enum status erased_ids_read(struct store *store, struct arena *arena, const struct erased_ids **out,
                            struct error *err) {
  struct erased_ids *ids = arena_alloc(arena, sizeof *ids);
  struct query *q = NULL;
  size_t capacity = 0;
  bool row = false;
  *ids = (struct erased_ids){0};
  enum status status = read_key(store, ids->key, err);
  if (status == DONE)
    status = store_stream(store, &q,
                          "select id_digest, at from erasure where id_digest is not null", err);
  if (status != DONE) return status;
  struct erased_id *all = NULL;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    struct span digest = query_bytes(q, 0);
    if (digest.size != sizeof all->digest.bytes) continue;
    array_reserve(all, capacity, ids->count + 1);
    struct erased_id *one = &all[ids->count++];
    memcpy(one->digest.bytes, digest.bytes, digest.size);
    snprintf(one->day, sizeof one->day, "%.10s", query_text(q, 1).bytes);
  }
  query_end(q);
  if (ids->count) {
    array_sort(all, ids->count, compare_ids);
    ids->all = arena_array(arena, struct erased_id, ids->count);
    memcpy(ids->all, all, ids->count * sizeof *all);
  }
  free(all);
  *out = ids;
  return status;
}

bool erased_ids_find(const struct erased_ids *ids, struct span code, char day[ERASED_DAY_SIZE]) {
  struct erased_id wanted;
  if (!ids->count) return false;
  make_digest(ids->key, code, &wanted.digest);
  const struct erased_id *found = array_find(&wanted, ids->all, ids->count, compare_ids);
  if (found) memcpy(day, found->day, ERASED_DAY_SIZE);
  return found != NULL;
}

enum status erased_ids_keep(struct store *store, const struct erasure_record *record,
                            struct error *err) {
  return store_run_with(
      store,
      "insert into erasure (party, at, who, reason, id_digest) values (?1, ?2, ?3, ?4, ?5) "
      "on conflict (party) do nothing",
      err, record->party, record->at, record->who, record->reason,
      QUERY_BYTES(record->id_digest.bytes, record->id_digest.size));
}

enum status erased_ids_has(struct store *store, int64_t party, bool *erased, struct error *err) {
  struct query *q;
  enum status status = store_row_with(store, &q, erased, "select 1 from erasure where party = ?1",
                                      err, party);
  query_end(q);
  return status;
}

enum status erased_ids_open(struct store *store, struct query **out, struct error *err) {
  return store_query(store, out,
                     "select party, at, who, reason, id_digest from erasure order by party", err);
}

enum status erased_ids_next(struct query *q, struct erasure_record *out, bool *some,
                            struct error *err) {
  enum status status = query_step(q, some, err);
  if (status == DONE && *some)
    *out = (struct erasure_record){query_int(q, 0), query_text(q, 1), query_text(q, 2),
                                   query_text(q, 3), query_bytes(q, 4)};
  return status;
}
