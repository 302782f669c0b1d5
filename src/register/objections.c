/* Objections to an access: the person's words, and the answer. */
#include "register/access_log.h"

#include "base/refusal.h"
#include "register/register.h"
#include "store/counter.h"

#include <stdlib.h>

static enum status check_words(struct span words, const char *column, struct error *err) {
  if (words.size == 0) return refuse_at(err, column, OBJECTION_MISSING);
  if (words.size > OBJECTION_BYTES_MAX) return refuse_at(err, column, TEXT_TOO_LONG);
  if (!utf8_valid(words.bytes, words.size)) return refuse_at(err, column, TEXT_BROKEN);
  return DONE;
}

#define OBJECTION_COLUMNS \
  "party, id, look_at, look_who, look_what, words, at, answer, answered_at, answered_by"

struct objection_list {
  struct objection *all;
  int count, capacity;
};

static void list_add(struct objection_list *list, struct arena *arena, struct query *q) {
  arena_reserve(arena, list->all, list->capacity, list->count + 1);
  list->all[list->count++] = (struct objection){.party = query_int(q, 0),
                                                .id = query_int(q, 1),
                                                .access_at = query_copy_or_null(q, arena, 2),
                                                .access_who = query_copy_or_null(q, arena, 3),
                                                .access_what = query_copy_or_null(q, arena, 4),
                                                .words = query_copy_or_null(q, arena, 5),
                                                .at = query_copy_or_null(q, arena, 6),
                                                .answer = query_copy_or_null(q, arena, 7),
                                                .answered_at = query_copy_or_null(q, arena, 8),
                                                .answered_by = query_copy_or_null(q, arena, 9)};
}

static int newest_first(const void *a, const void *b) {
  const struct objection *x = a, *y = b;
  return (x->id < y->id) - (x->id > y->id);
}

static int open_first(const void *a, const void *b) {
  const struct objection *x = a, *y = b;
  if (!x->answer != !y->answer) return x->answer ? 1 : -1;
  return newest_first(a, b);
}

enum status objections_of(struct store *store, struct arena *arena, int64_t person,
                          struct objection **out, int *count, struct error *err) {
  struct objection_list list = {0};
  int64_t *records = NULL;
  int n = 0;
  enum status status = register_records(store, arena, person, &records, &n, err);
  for (int r = 0; status == DONE && r < n; r++) {
    struct query *q;
    if ((status = store_query(store, &q,
                              "select " OBJECTION_COLUMNS " from objection where party = ?1",
                              err)) != DONE)
      return status;
    query_bind_int(q, 1, records[r]);
    bool row;
    while ((status = query_step(q, &row, err)) == DONE && row) list_add(&list, arena, q);
    query_end(q);
  }
  if (status != DONE) return status;
  if (list.count) qsort(list.all, (size_t)list.count, sizeof *list.all, newest_first);
  *out = list.all;
  *count = list.count;
  return DONE;
}

enum status objections_all(struct store *store, struct arena *arena, struct objection **out,
                           int *count, struct error *err) {
  struct objection_list list = {0};
  struct query *q;
  enum status status = store_query(store, &q, "select " OBJECTION_COLUMNS " from objection", err);
  if (status != DONE) return status;
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row) list_add(&list, arena, q);
  query_end(q);
  if (status != DONE) return status;
  if (list.count) qsort(list.all, (size_t)list.count, sizeof *list.all, open_first);
  *out = list.all;
  *count = list.count;
  return DONE;
}

static enum status insert_objection(struct store *store, int64_t party, int64_t id,
                                    const struct access_note *access_note, struct span words,
                                    struct error *err) {
  struct query *q;
  char now[21];
  enum status status = store_query(store, &q,
                                   "insert into objection (party, id, look_at, look_who, "
                                   "look_what, words, at) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, party);
  query_bind_int(q, 2, id);
  query_bind_text(q, 3, span_of(access_note->at));
  query_bind_text(q, 4, span_of(access_note->who));
  query_bind_text(q, 5, span_of(access_note->what));
  query_bind_text(q, 6, words);
  query_bind_text(q, 7, span_of(clock_write_now(now)));
  status = query_run(q, err);
  query_end(q);
  return status;
}

enum status objection_make(struct store *store, struct arena *arena, int64_t person, int64_t look,
                           struct span words, int64_t *id, struct error *err) {
  struct access_note access_note;
  struct objection *all = NULL;
  int64_t *records = NULL;
  int count = 0, n = 0;
  words = span_trim(words);
  enum status status = check_words(words, "words", err);
  if (status == DONE) status = access_note_by_id(store, arena, person, look, &access_note, err);
  if (status == DONE) status = objections_of(store, arena, person, &all, &count, err);
  for (int o = 0; status == DONE && o < count; o++)
    if (strcmp(access_note.at, all[o].access_at) == 0 &&
        strcmp(access_note.who, all[o].access_who) == 0 &&
        strcmp(access_note.what, all[o].access_what) == 0)
      return refuse(err, OBJECTION_MADE_ALREADY);
  if (status == DONE) status = register_records(store, arena, person, &records, &n, err);
  if (status == DONE) status = counter_next(store, "objection", id, err);
  return status == DONE ? insert_objection(store, records[0], *id, &access_note, words, err)
                        : status;
}

enum status objection_answer(struct store *store, int64_t person, int64_t id, struct span answer,
                             const char *who, struct error *err) {
  struct query *q;
  char now[21];
  answer = span_trim(answer);
  enum status status = check_words(answer, "answer", err);
  if (status == DONE)
    status = store_query(store, &q,
                         "update objection set answer = ?3, answered_at = ?4, answered_by = ?5 "
                         "where party = ?1 and id = ?2 and answer is null",
                         err);
  if (status != DONE) return status;
  query_bind_int(q, 1, person);
  query_bind_int(q, 2, id);
  query_bind_text(q, 3, answer);
  query_bind_text(q, 4, span_of(clock_write_now(now)));
  query_bind_text(q, 5, span_of(who));
  status = query_run(q, err);
  int64_t changed = status == DONE ? query_changes(q) : 0;
  query_end(q);
  if (status == DONE && !changed) return refuse(err, OBJECTION_UNKNOWN);
  return status;
}

enum status objections_waiting(struct store *store, int64_t *count, struct error *err) {
  return store_int(store, "select count(*) from objection where answer is null", 0, count, err);
}
