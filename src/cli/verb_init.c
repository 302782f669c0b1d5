/* weal init: an empty book for a place. */
#include "base/refusal.h"
#include "cli/cli.h"

#include "book/book.h"
#include "book/pack_rows.h"
#include "register/schemes.h"
#include "register/register.h"
#include "store/head.h"
#include "store/setting.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- removing a half-made book ---- */

/* Run only on a database that had no table when init began: then every table is ours. */
static const char drop_everything[] =
    "{postgresql: do $$ declare r record; begin"
    "  for r in select viewname as name from pg_views where schemaname = current_schema() loop "
    "execute format('drop view if exists %I cascade', r.name); end loop;"
    "  for r in select tablename as name from pg_tables where schemaname = current_schema() loop "
    "execute format('drop table if exists %I cascade', r.name); end loop;"
    " end $$}";

static void add_not_removed(struct error *err, const struct error *why) {
  const struct error first = *err;
  error_set(err, first.code, "%s; and what was begun of the book could not be taken away: %s",
            first.message, why->message);
  err->refusal = first.refusal; /* its arguments stand where they stood */
  error_at(err, first.file, first.line, first.column);
}

void init_remove_book(struct call *call, const char *url, struct error *err) {
  struct error why = {0};
  if (!call->store && store_open(&call->store, url, STORE_WRITE, &why) != DONE) {
    add_not_removed(err, &why);
    return;
  }
  const char *path = arena_string(call->arena, store_path(call->store));
  store_rollback(call->store);
  if (!path && store_run(call->store, drop_everything, &why) != DONE) add_not_removed(err, &why);
  store_close(call->store);
  call->store = NULL;
  /* on a full disk SQLite leaves its log */
  for (int i = 0; path && i < 3; i++)
    unlink(arena_printf(call->arena, "%s%s", path, (const char *const[]){"", "-wal", "-shm"}[i]));
}

/* ---- making it ---- */

static enum status add_place(struct call *call, const struct new_book *book, struct error *err) {
  struct register_writer *writer;
  struct place_row row = {.code = span_of(book->place_code),
                          .name = span_of(book->place_name),
                          .kind = span_of(book->place_kind)};
  if (register_writer_open(&writer, call->store, call->arena, err) != DONE) return err->code;
  enum status status = register_write_place(writer, &row, err);
  for (int i = 0; i < call->pack->body_count && status == DONE; i++) {
    const struct pack_body *b = &call->pack->bodies[i];
    struct body_row body = {span_of(b->id), span_of(b->name), span_of(b->kind), span_of(b->company),
                            span_of(b->place)};
    status = register_write_body(writer, &body, err);
    if (status != DONE) error_while(err, "taking the body %s from the policy pack", b->id);
  }
  struct register_counts counts;
  int64_t first, last;
  if (status == DONE) status = register_writer_end(writer, &counts, &first, &last, err);
  register_writer_free(writer);
  return status;
}

/* *taken: another process made a book of it while we waited. */
static enum status fill(struct call *call, const struct new_book *book, bool *taken,
                        struct error *err) {
  struct store *store = call->store;
  const char *place = NULL;
  struct head head;
  if (store_begin(store, STORE_WRITE, err) != DONE) return err->code;
  if (head_lock(store, &head, err) != DONE) return err->code;
  if (setting_read(store, call->arena, "place", &place, err) != DONE) return err->code;
  *taken = place != NULL;
  if (place) return refuse(err, BOOK_THERE_ALREADY, store_shown(store));
  if (setting_write(store, "place", book->place_code, err) != DONE) return err->code;
  if (book->policy && setting_write(store, "policy", book->policy, err) != DONE) return err->code;
  if (book->demo && setting_write(store, "demo", "1", err) != DONE) return err->code;
  if (book_sync_pack(store, call->pack, err) != DONE) return err->code;
  if (schemes_sync(store, call->pack, err) != DONE) return err->code;
  if (add_place(call, book, err) != DONE) return err->code;
  return store_commit(store, err);
}

/* An `init` that was killed leaves a store with empty tables: it has no place, and is filled
 * now. */
static bool open_unfilled(struct call *call, const char *url) {
  struct error ignored = {0};
  const char *place = NULL;
  if (store_open(&call->store, url, STORE_WRITE, &ignored) != DONE) return false;
  if (setting_read(call->store, call->arena, "place", &place, &ignored) == DONE && !place)
    return true;
  store_close(call->store);
  call->store = NULL;
  return false;
}

enum status init_make_book(struct call *call, const char *url, const struct new_book *book,
                           struct error *err) {
  bool taken = false;
  if (call_check_streams(call, url, err) != DONE) return err->code;
  if (store_open(&call->store, url, STORE_CREATE, err) != DONE &&
      !(err->code == REFUSED && open_unfilled(call, url)))
    return err->code;
  *err = (struct error){0};
  if (store_warning(call->store)) output_message("%s", store_warning(call->store));
  enum status status = fill(call, book, &taken, err);
  if (status != DONE && !taken) init_remove_book(call, url, err);
  return status;
}

/* ---- the verb ---- */

/* `E07000117,Burnley`: the name may contain commas, the code may not. */
static enum status read_place(struct call *call, struct new_book *book, struct error *err) {
  const char *place = call_option(call, "place");
  if (!place)
    return error_set(
        err, USAGE,
        "init lacks its place; write --place CODE,NAME, such as --place E07000117,Burnley");
  const char *comma = strchr(place, ',');
  struct span code = span_trim(span_make(place, comma ? (size_t)(comma - place) : strlen(place)));
  struct span name = comma ? span_trim(span_of(comma + 1)) : span_make("", 0);
  if (!code.size || !name.size)
    return error_set(err, USAGE, "--place: '%s' is not CODE,NAME; write --place E07000117,Burnley",
                     place);
  if (!utf8_valid(place, strlen(place))) return error_set(err, USAGE, "--place is not UTF-8");
  book->place_code = arena_copy(call->arena, code.bytes, code.size);
  book->place_name = arena_copy(call->arena, name.bytes, name.size);
  const char *kind = call_option(call, "kind");
  book->place_kind = kind ? kind : "locality";
  return DONE;
}

enum status verb_init(struct call *call, struct error *err) {
  struct new_book book = {0};
  if (read_place(call, &book, err) != DONE) return USAGE;
  if (call_open_pack(call, err) != DONE) return err->code;
  if (call_option(call, "policy")) {
    char path[PATH_MAX]; /* an absolute path: the book may be opened from another folder */
    if (!realpath(call_option(call, "policy"), path))
      return error_errno(err, "the policy pack %s", call_option(call, "policy"));
    book.policy = arena_string(call->arena, path);
  }
  const char *url = call_store_url(call);
  if (init_make_book(call, url, &book, err) != DONE) return err->code;
  if (!call->quiet)
    text_addf(&call->out,
              "Made an empty book for %s (%s): %d categories, %d services, %d bodies.\n",
              book.place_name, book.place_code, call->pack->category_count,
              call->pack->service_count, call->pack->body_count);
  return DONE;
}
