#include "privacy/rewrite.h"

#include "base/money.h"
#include "book/book.h"
#include "privacy/erasing.h"
#include "privacy/personal.h"
#include "store/setting.h"

#include <stdlib.h>
#include <unistd.h>

/* ---- SQLite: the file ---- */

static enum status file_bytes(struct store *store, int64_t *bytes, struct error *err) {
  int64_t pages = 0, size = 0;
  enum status status = store_int(store, "pragma page_count", 0, &pages, err);
  if (status == DONE) status = store_int(store, "pragma page_size", 0, &size, err);
  *bytes = pages * size;
  return status;
}

/* The temporary copy goes to a file, since it is as large as the book. */
static enum status rewrite_file(struct store *store, struct rewrite_result *result,
                                struct error *err) {
  int64_t busy = 0;
  enum status status = file_bytes(store, &result->before_bytes, err);
  if (status == DONE)
    status = store_run(store, "pragma secure_delete = on; pragma temp_store = file", err);
  if (status != DONE) return status;
  status = store_run(store, "vacuum", err);
  if (status == DONE) status = store_int(store, "pragma wal_checkpoint(truncate)", 0, &busy, err);
  if (status == DONE) status = file_bytes(store, &result->after_bytes, err);
  struct error ignored = {0};
  if (store_run(store, "pragma temp_store = memory", &ignored) != DONE && status == DONE)
    return error_set(err, FAILED, "%s", ignored.message);
  if (status == DONE && busy)
    return error_set(
        err, FAILED,
        "the book was written anew, but somebody has read it since before, and the log beside it "
        "cannot be emptied while they do; do it again when they have ended");
  return status;
}

/* ---- PostgreSQL: table by table ---- */

enum { OLD_WAIT_S = 60 };

/* Transactions that may still see rows deleted before transaction ?1: a rewriting would copy such
 * rows. In this database, and for replicas that report what they read, these are sessions with such
 * an old snapshot. In every database they are older transactions that write, since no snapshot on
 * the server, not even the rewriting's own, is younger than the oldest writing transaction. The
 * server shows this for other users' sessions too. A plain vacuum of autovacuum does not count. */
static const char old_transactions[] =
    "select 'the program ' || coalesce(nullif(application_name, ''), 'without a name') || ' "
    "(process ' || pid || ')' from pg_stat_activity"
    " where pid <> pg_backend_pid()"
    "  and ((backend_xid is not null and age(backend_xid) > age(cast(cast(?1 as text) as xid)))"
    "    or (backend_xmin is not null and age(backend_xmin) > age(cast(cast(?1 as text) as xid)) "
    "and (datname is null or datname = current_database())))"
    "  and not (backend_type = 'autovacuum worker' and query like 'autovacuum: VACUUM %' and query "
    "not like 'autovacuum: VACUUM ANALYZE %')"
    " union all select 'the prepared transaction ' || gid from pg_prepared_xacts where "
    "age(transaction) > age(cast(cast(?1 as text) as xid))"
    " union all select 'the replication slot ' || slot_name from pg_replication_slots where xmin "
    "is not null and age(xmin) > age(cast(cast(?1 as text) as xid))";

static enum status look_for_old(struct store *store, int64_t now, struct text *who,
                                struct error *err) {
  struct query *q = NULL;
  struct text number = {0};
  bool row = false;
  text_clear(who);
  enum status status = store_query(store, &q, old_transactions, err);
  if (status != DONE) return status;
  text_add_int(&number, now);
  query_bind_text(q, 1, span_make(number.bytes, number.size));
  status = query_step(q, &row, err);
  if (status == DONE && row) text_add_span(who, query_text(q, 0));
  query_end(q);
  text_release(&number);
  return status;
}

static bool is_stopped(const atomic_bool *stop) { return stop && atomic_load(stop); }

static enum status wait_for_old(struct store *store, const atomic_bool *stop, struct error *err) {
  struct text who = {0};
  int64_t now = 0;
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status == DONE) status = store_int(store, "select txid_current() % 4294967296", 0, &now, err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  for (int second = 0; status == DONE; second++) {
    status = look_for_old(store, now, &who, err);
    if (status != DONE || !who.size) break;
    if (is_stopped(stop)) status = erasing_stopped(err);
    else if (second == OLD_WAIT_S)
      status = error_set(err, FAILED,
                         SPAN_FORMAT
                         " may still see what was erased, since it began before, and so nothing "
                         "can be rewritten; end it, then write `weal erase --rewrite`",
                         SPAN(who));
    else sleep(1);
  }
  text_release(&who);
  return status;
}

struct tables {
  const char **name;
  int count;
  int64_t bytes;
};

static bool is_rewritten(struct span table) {
  for (const char *const *t = personal_tables; *t; t++)
    if (span_is(table, *t)) return true;
  return false;
}

/* The tables of which an erasure takes something. The others are left, some of them large: digests
 * and hashes, codes, figures of the policy pack. */
static enum status list_tables(struct store *store, struct arena *arena, struct tables *out,
                               struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t count = 0;
  enum status status = store_int(store, "select count(*) from pg_class", 0, &count, err);
  if (status == DONE)
    status = store_query(
        store, &q,
        "select cast(relname as text), pg_total_relation_size(oid) from pg_class where relkind = "
        "'r' and relnamespace = cast(quote_ident(current_schema()) as regnamespace)"
        " order by relname",
        err);
  if (status != DONE) return status;
  *out = (struct tables){.name = arena_array(arena, const char *, count + 1)};
  while ((status = query_step(q, &row, err)) == DONE && row) {
    if (!is_rewritten(query_text(q, 0))) continue;
    out->name[out->count++] = query_copy(q, arena, 0);
    out->bytes += query_int(q, 1);
  }
  query_end(q);
  return status;
}

/* The planner keeps samples of columns, which may hold names and notes. We take new samples of each
 * table, and where we may, rewrite the old ones away once nobody sees them. */
static enum status rewrite_samples(struct store *store, const atomic_bool *stop,
                                   struct rewrite_result *result, struct error *err) {
  int64_t ours = 0;
  enum status status = store_int(store,
                                 "select cast(pg_has_role(datdba, 'usage') as integer) from "
                                 "pg_database where datname = current_database()",
                                 0, &ours, err);
  result->samples_left = !ours;
  if (status != DONE || !ours) return status;
  status = wait_for_old(store, stop, err);
  return status == DONE ? store_run(store, "vacuum full pg_catalog.pg_statistic", err) : status;
}

/* A caller that may be stopped waits for a table in use for half of the ten seconds that a stop has
 * (http/server.c, STOP_SECONDS): it cannot check its flag meanwhile, and pages queue behind it. */
#define SHORT_TABLE_WAIT "set lock_timeout = '5s'"

static enum status rewrite_each(struct store *store, struct arena *arena,
                                const struct tables *tables, const atomic_bool *stop,
                                struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && i < tables->count; i++) {
    if (is_stopped(stop)) return erasing_stopped(err);
    status = store_run(store, arena_printf(arena, "vacuum (full, analyze) %s", tables->name[i]),
                       err);
  }
  return status;
}

static enum status rewrite_within(struct store *store, struct arena *arena, const atomic_bool *stop,
                                  struct rewrite_result *result, struct error *err) {
  struct tables before = {0}, after = {0};
  enum status status = wait_for_old(store, stop, err);
  if (status == DONE) status = list_tables(store, arena, &before, err);
  if (status == DONE) status = rewrite_each(store, arena, &before, stop, err);
  if (status == DONE) status = rewrite_samples(store, stop, result, err);
  if (status == DONE) status = list_tables(store, arena, &after, err);
  if (status == DONE)
    status = store_int(store, "select count(*) from pg_stat_replication", 0, &result->replicas,
                       err);
  result->tables = before.count;
  result->before_bytes = before.bytes;
  result->after_bytes = after.bytes;
  return status;
}

static enum status rewrite_tables(struct store *store, const atomic_bool *stop,
                                  struct rewrite_result *result, struct error *err) {
  struct arena *arena = arena_new();
  enum status status = stop ? store_run(store, SHORT_TABLE_WAIT, err) : DONE;
  if (status == DONE) status = rewrite_within(store, arena, stop, result, err);
  arena_free(arena);
  return status;
}

/* ---- both ---- */

static enum status nothing_is_left(struct store *store, struct error *err) {
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status == DONE) status = setting_delete(store, ERASED_SINCE, err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

enum status erasure_rewrite(struct store *store, const atomic_bool *stop,
                            struct rewrite_result *result, struct error *err) {
  *result = (struct rewrite_result){0};
  enum status status = erasing_lock(store, stop, err);
  if (status != DONE) return status;
  status = store_engine_of(store) == STORE_SQLITE ? rewrite_file(store, result, err)
                                                  : rewrite_tables(store, stop, result, err);
  if (status == DONE) status = nothing_is_left(store, err);
  erasing_unlock(store);
  return status;
}

enum status erasure_unwritten_since(struct store *store, int64_t *since, struct error *err) {
  struct arena *arena = arena_new();
  const char *value = NULL;
  struct error bad = {0};
  *since = 0;
  enum status status = setting_read(store, arena, ERASED_SINCE, &value, err);
  /* unreadable: treat it as the earliest time */
  if (status == DONE && value && integer_parse(span_of(value), since, &bad) != DONE) *since = 1;
  arena_free(arena);
  return status;
}
