/* Makes a store, and brings an older one up to this program, from the numbered files of schema/
 * that are compiled in. The version of a store is how many of them have been applied. An upgrade is
 * one transaction: it is done or it did not happen. */
#include "base/refusal.h"
#include "store/driver.h"

static int64_t count_files(const struct embedded_file *files) {
  int64_t count = 0;
  while (files[count].name) count++;
  return count;
}

static enum status apply(struct store *store, const struct embedded_file *file, struct error *err) {
  struct text sql = {0};
  store_translate(&sql, file->bytes, store->driver->engine, true);
  enum status status = store->driver->run(store, sql.bytes, err);
  text_release(&sql);
  return status == DONE ? DONE : error_while(err, "applying schema/%s", file->name);
}

static enum status refuse_newer(struct store *store, int64_t version, int64_t known,
                                struct error *err) {
  return refuse(err, BOOK_NEWER, store->shown, (long long)version, (long long)known);
}

/* Checks whether the mode allows a store of this version. *todo: whether files are to be
 * applied. */
static enum status judge(struct store *store, int64_t version, int64_t known, bool *todo,
                         struct error *err) {
  *todo = false;
  if (version > known) return refuse_newer(store, version, known, err);
  if (store->mode == STORE_CREATE) {
    if (version > 0) return refuse(err, BOOK_THERE_ALREADY, store->shown);
    if (version < 0) return refuse(err, STORE_OF_ANOTHER, store->shown);
    *todo = true;
    return DONE;
  }
  if (version < 0) return refuse(err, STORE_NO_BOOK, store->shown);
  if (version == 0) return refuse(err, STORE_EMPTY, store->shown);
  if (version < known && store->mode == STORE_READ)
    return refuse(err, BOOK_OLDER, store->shown, (long long)version, (long long)known);
  *todo = version < known;
  return DONE;
}

/* Inside a transaction: checks again, now that nobody else can change the store, and applies the
 * missing files. */
static enum status bring_up(struct store *store, const struct embedded_file *files,
                            struct error *err) {
  /* PostgreSQL: one maker at a time; the number is 'WEAL' in ASCII. On SQLite the write lock does
   * the same. */
  if (store->driver->engine == STORE_POSTGRESQL) {
    enum status status = store_run(store, "select pg_advisory_xact_lock(1464156492)", err);
    if (status != DONE) return status;
  }
  int64_t version, known = count_files(files);
  bool todo;
  enum status status = store->driver->schema_version(store, &version, err);
  if (status == DONE) status = judge(store, version, known, &todo, err);
  if (status != DONE || !todo) return status;
  for (int64_t i = version; i < known && status == DONE; i++) status = apply(store, &files[i], err);
  return status == DONE ? store->driver->schema_set_version(store, known, err) : status;
}

enum status schema_ready(struct store *store, const struct embedded_file *files,
                         struct error *err) {
  int64_t version;
  bool todo;
  enum status status = store->driver->schema_version(store, &version, err);
  if (status == DONE) status = judge(store, version, count_files(files), &todo, err);
  if (status != DONE || !todo) return status;
  if ((status = store_begin(store, STORE_WRITE, err)) != DONE) return status;
  status = bring_up(store, files, err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}
