#include "book/imports.h"

#include "base/refusal.h"

/* ---- imports ---- */

#define IMPORT_COLUMNS \
  "i.id, i.kind, i.file, i.rows, i.rejected, i.amount, i.first_entry, i.last_entry, i.profile, " \
  "i.at, i.who, i.again"

static struct import_record take_import(struct query *q) {
  return (struct import_record){.id = query_int(q, 0),
                                .kind = query_text(q, 1),
                                .file = query_text(q, 2),
                                .rows = query_int(q, 3),
                                .rejected = query_int(q, 4),
                                .amount = query_int(q, 5),
                                .first_entry = query_int(q, 6),
                                .last_entry = query_int(q, 7),
                                .profile = query_text(q, 8),
                                .at = query_text(q, 9),
                                .who = query_text(q, 10),
                                .again = query_int(q, 11)};
}

enum status import_insert(struct store *store, const struct import_record *i,
                          const struct digest *digest, struct error *err) {
  return store_run_with(
      store,
      "insert into import (id, kind, file, digest, rows, rejected, amount, first_entry, "
      "last_entry, profile, at, who) values (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, '', ?7, ?8)",
      err, i->id, i->kind, i->file, QUERY_BYTES(digest->bytes, sizeof digest->bytes), i->rows,
      i->rejected, i->at, i->who);
}

enum status import_check_once(struct store *store, const char *kind, const struct digest *digest,
                              const char *path, struct error *err) {
  int64_t before = 0;
  enum status status =
      store_int_with(store,
                     "select coalesce(max(id), 0) from import where kind = ?1 and digest = ?2", 0,
                     &before, err, kind, QUERY_BYTES(digest->bytes, sizeof digest->bytes));
  if (status != DONE || !before) return status;
  (void)refuse(err, FILE_TAKEN_ALREADY, (long long)before);
  return error_at(err, path, 0, NULL);
}

static void keep(struct arena *arena, struct span *text) {
  text->bytes = arena_copy(arena, text->bytes ? text->bytes : "", text->size);
}

enum status import_find(struct store *store, struct arena *arena, int64_t id,
                        struct import_record *out, bool *found, struct error *err) {
  struct query *q;
  *out = (struct import_record){0};
  enum status status = store_row_with(store, &q, found,
                                      "select " IMPORT_COLUMNS " from import i where i.id = ?1",
                                      err, id);
  if (status == DONE && *found) {
    *out = take_import(q);
    keep(arena, &out->kind);
    keep(arena, &out->file);
    keep(arena, &out->profile);
    keep(arena, &out->at);
    keep(arena, &out->who);
  }
  query_end(q);
  return status;
}

enum status imports_count(struct store *store, const struct imports_wanted *wanted, int64_t *count,
                          struct error *err) {
  return store_int_with(
      store, "select count(*) from import where (?1 = '' or kind = ?1) and rejected >= ?2", 0,
      count, err, wanted->kind, (int64_t)wanted->refused);
}

enum status imports_open(struct store *store, struct query **out, struct error *err) {
  return store_query(store, out, "select " IMPORT_COLUMNS " from import i order by i.id", err);
}

enum status imports_open_newest(struct store *store, const struct imports_wanted *wanted,
                                int64_t skip, int64_t most, struct query **out, struct error *err) {
  return store_query_with(store, out,
                          "select " IMPORT_COLUMNS
                          " from import i where (?3 = '' or i.kind = ?3) and i.rejected >= ?4 "
                          "order by i.id desc limit ?1 offset ?2",
                          err, most, skip, wanted->kind, (int64_t)wanted->refused);
}

enum status imports_open_spending(struct store *store, day_t from, day_t to, struct query **out,
                                  struct error *err) {
  return store_query_with(
      store, out,
      "select " IMPORT_COLUMNS " from import i where i.kind = 'spend' and exists (select 1 from "
      "entry e where e.import = i.id and e.day >= ?1 and e.day <= ?2) order by i.id",
      err, from, to);
}

enum status imports_next(struct query *q, struct import_record *out, bool *some,
                         struct error *err) {
  enum status status = query_step(q, some, err);
  if (status == DONE && *some) *out = take_import(q);
  return status;
}

enum status imports_open_undone(struct store *store, struct query **out, struct error *err) {
  return store_query(store, out,
                     "select distinct e.import, l.entry from posted_line l join entry e on "
                     "e.id = l.reverses_entry where e.import is not null order by 1, 2",
                     err);
}

enum status imports_next_undone(struct query *q, int64_t *import, int64_t *by_entry, bool *some,
                                struct error *err) {
  enum status status = query_step(q, some, err);
  if (status == DONE && *some) *import = query_int(q, 0), *by_entry = query_int(q, 1);
  return status;
}

/* ---- what was left out ---- */

#define REJECT_COLUMNS "import, line, column_name, value, reason"

enum status reject_insert(struct store *store, const struct reject_record *r, struct error *err) {
  return store_run_with(store,
                        "insert into reject (" REJECT_COLUMNS ") values (?1, ?2, ?3, ?4, ?5)", err,
                        r->import, r->line, r->column, r->value, r->reason);
}

enum status import_rejects_open(struct store *store, int64_t import, struct query **out,
                                struct error *err) {
  return store_query_with(store, out,
                          "select " REJECT_COLUMNS " from reject where import = ?1 order by line",
                          err, import);
}

enum status import_rejects_open_all(struct store *store, struct query **out, struct error *err) {
  return store_stream(store, out, "select " REJECT_COLUMNS " from reject", err);
}

enum status import_rejects_next(struct query *q, struct reject_record *out, bool *some,
                                struct error *err) {
  enum status status = query_step(q, some, err);
  if (status == DONE && *some)
    *out = (struct reject_record){query_int(q, 0), query_int(q, 1), query_text(q, 2),
                                  query_text(q, 3), query_text(q, 4)};
  return status;
}

enum status reject_forget(struct store *store, const struct reject_record *r, struct error *err) {
  return store_run_with(
      store,
      "update reject set value = '', reason = '' where import = ?1 and line = ?2 and column_name "
      "= ?3 and value = ?4 and reason = ?5",
      err, r->import, r->line, r->column, r->value, r->reason);
}
