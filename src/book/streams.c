#include "book/streams.h"

#include "store/counter.h"

#include <stdio.h>
#include <string.h>

const char *const stream_kinds[] = {"revenue", "capital", NULL};

/* ---- all of them ---- */

/* A key of by_name: the owner's id, then the name. */
static struct span name_key(struct text *key, int64_t owner, struct span name) {
  text_clear(key);
  text_add_int(key, owner);
  text_add_char(key, ' ');
  text_add_span(key, name);
  return span_make(key->bytes, key->size);
}

#define STREAM_COLUMNS "id, code, name, owner, payer, kind"
static struct stream stream_of(struct query *q, struct arena *arena) {
  return (struct stream){.id = query_int(q, 0),
                         .code = query_copy(q, arena, 1),
                         .name = query_copy(q, arena, 2),
                         .owner = query_int(q, 3),
                         .payer = query_int(q, 4),
                         .kind = query_copy_or_null(q, arena, 5)};
}

static enum status read_streams(struct store *store, struct arena *arena, struct streams *s,
                                struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t count = 0;
  enum status status = store_int(store, "select count(*) from stream", 0, &count, err);
  if (status != DONE) return status;
  s->all = arena_array(arena, struct stream, count + 1);
  status = store_query(store, &q, "select " STREAM_COLUMNS " from stream order by id", err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row && s->count < count)
    s->all[s->count++] = stream_of(q, arena);
  query_end(q);
  return status;
}

/* Rows of years and of conditions come in order of stream, as streams do. Null: of no stream. */
static struct stream *next_stream(struct streams *s, int *at, int64_t id) {
  while (*at < s->count && s->all[*at].id < id) ++*at;
  return *at < s->count && s->all[*at].id == id ? &s->all[*at] : NULL;
}

static enum status read_years(struct store *store, struct arena *arena, struct streams *s,
                              struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t count = 0, used = 0;
  int at = 0;
  enum status status = store_int(store, "select count(*) from stream_year", 0, &count, err);
  if (status != DONE) return status;
  struct stream_year *all = arena_array(arena, struct stream_year, count + 1);
  status = store_query(store, &q,
                       "select stream, year, amount, source from stream_year order by stream, year",
                       err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row && used < count) {
    struct stream *stream = next_stream(s, &at, query_int(q, 0));
    if (!stream) continue;
    if (!stream->year_count++) stream->years = &all[used];
    all[used++] = (struct stream_year){(int)query_int(q, 1), query_int(q, 2),
                                       query_copy(q, arena, 3)};
  }
  query_end(q);
  return status;
}

#define CONDITION_COLUMNS "stream, n, words, category, people, place, from_day, to_day"
static struct stream_condition condition_of(struct query *q, struct arena *arena) {
  return (struct stream_condition){.words = query_copy(q, arena, 2),
                                   .category = query_int(q, 3),
                                   .people = query_copy_or_null(q, arena, 4),
                                   .place = query_int(q, 5),
                                   .from = query_day(q, 6),
                                   .to = query_day(q, 7)};
}

static enum status read_conditions(struct store *store, struct arena *arena, struct streams *s,
                                   struct error *err) {
  struct query *q = NULL;
  bool row = false;
  int64_t count = 0, used = 0;
  int at = 0;
  enum status status = store_int(store, "select count(*) from condition", 0, &count, err);
  if (status != DONE) return status;
  struct stream_condition *all = arena_array(arena, struct stream_condition, count + 1);
  status = store_query(store, &q, "select " CONDITION_COLUMNS " from condition order by stream, n",
                       err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row && used < count) {
    struct stream *stream = next_stream(s, &at, query_int(q, 0));
    if (!stream) continue;
    if (!stream->condition_count++) stream->conditions = &all[used];
    all[used++] = condition_of(q, arena);
  }
  query_end(q);
  return status;
}

enum status streams_read(struct store *store, struct arena *arena, struct streams **out,
                         struct error *err) {
  struct streams *s = arena_alloc(arena, sizeof *s);
  struct text key = {0};
  *s = (struct streams){0};
  *out = s;
  enum status status = read_streams(store, arena, s, err);
  if (status == DONE) status = read_years(store, arena, s, err);
  if (status == DONE) status = read_conditions(store, arena, s, err);
  s->by_code = map_make(arena, (size_t)s->count);
  s->by_name = map_make(arena, (size_t)s->count);
  /* backwards, so that the oldest of several with one name is found */
  for (int i = s->count; i-- > 0;) {
    const struct span name = name_key(&key, s->all[i].owner, span_of(s->all[i].name));
    map_set(&s->by_code, span_of(s->all[i].code), i);
    map_set(&s->by_name, span_make(arena_copy(arena, name.bytes, name.size), name.size), i);
  }
  text_release(&key);
  return status;
}

const struct stream *streams_by_code(const struct streams *s, struct span code) {
  const int64_t index = code.size ? map_get(&s->by_code, code) : -1;
  return index < 0 ? NULL : &s->all[index];
}

static const struct stream *of_name(const struct streams *s, int64_t owner, struct span name) {
  struct text key = {0};
  const int64_t index = name.size ? map_get(&s->by_name, name_key(&key, owner, name)) : -1;
  text_release(&key);
  return index < 0 ? NULL : &s->all[index];
}

const struct stream *streams_named(const struct streams *s, int64_t owner, struct span text) {
  const struct stream *held = streams_by_code(s, text);
  return held && held->owner == owner ? held : of_name(s, owner, text);
}

/* ---- writing ---- */

enum status stream_find(struct store *store, struct arena *arena, struct span code,
                        struct stream *out, bool *found, struct error *err) {
  struct query *q = NULL;
  enum status status = store_row_with(store, &q, found,
                                      "select " STREAM_COLUMNS " from stream where code = ?1", err,
                                      code);
  if (status == DONE && *found) *out = stream_of(q, arena);
  query_end(q);
  return status;
}

enum status stream_write(struct store *store, struct stream *stream, struct error *err) {
  const bool there = stream->id != 0;
  enum status status = there ? DONE : counter_next(store, "stream", &stream->id, err);
  if (status != DONE) return status;
  return store_run_with(
      store,
      there ? "update stream set code = ?2, name = ?3, owner = ?4, payer = ?5, kind = ?6 where id "
              "= ?1"
            : "insert into stream (id, code, name, owner, payer, kind) values (?1, ?2, ?3, ?4, ?5, "
              "?6)",
      err, stream->id, stream->code, stream->name, stream->owner,
      QUERY_OR_NULL(stream->payer, stream->payer), QUERY_OR_NULL(stream->kind, stream->kind));
}

enum status stream_write_year(struct store *store, int64_t stream, const struct stream_year *year,
                              bool *there, bool *same, struct error *err) {
  struct query *q = NULL;
  enum status status =
      store_row_with(store, &q, there,
                     "select amount, source from stream_year where stream = ?1 and year = ?2", err,
                     stream, year->year);
  *same = status == DONE && *there && query_int(q, 0) == year->amount &&
          span_is(query_text(q, 1), year->source);
  query_end(q);
  if (status != DONE || *same) return status;
  return store_run_with(
      store,
      *there ? "update stream_year set amount = ?3, source = ?4 where stream = ?1 and year = ?2"
             : "insert into stream_year (stream, year, amount, source) values (?1, ?2, ?3, ?4)",
      err, stream, year->year, year->amount, year->source);
}

/* All that a condition says; texts of no length are those that are not given. */
static struct span condition_key(struct text *key, int64_t stream,
                                 const struct stream_condition *condition) {
  const struct span people = span_of(condition->people ? condition->people : "");
  text_clear(key);
  text_addf(key, "%lld %lld %lld %d %d %zu ", (long long)stream, (long long)condition->category,
            (long long)condition->place, condition->from, condition->to, people.size);
  text_add_span(key, people);
  text_add_span(key, span_of(condition->words));
  return span_make(key->bytes, key->size);
}

static void know(struct stream_conditions *known, int64_t stream, int64_t n, struct span key) {
  map_set(&known->held, span_make(arena_copy(known->arena, key.bytes, key.size), key.size), 0);
  map_set_number(&known->last, (uint64_t)stream, 0, n);
}

static enum status know_stream(struct store *store, struct stream_conditions *known, int64_t stream,
                               struct text *key, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  if (map_get_number(&known->last, (uint64_t)stream, 0) >= 0) return DONE;
  map_set_number(&known->last, (uint64_t)stream, 0, 0);
  enum status status = store_query_with(store, &q,
                                        "select " CONDITION_COLUMNS
                                        " from condition where stream = ?1 order by n",
                                        err, stream);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    const struct stream_condition held = condition_of(q, known->arena);
    know(known, stream, query_int(q, 1), condition_key(key, stream, &held));
  }
  query_end(q);
  return status;
}

static enum status insert_condition(struct store *store, int64_t stream, int64_t n,
                                    const struct stream_condition *condition, struct error *err) {
  return store_run_with(
      store,
      "insert into condition (stream, n, words, category, people, place, from_day, to_day) values "
      "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      err, stream, n, condition->words, QUERY_OR_NULL(condition->category, condition->category),
      QUERY_OR_NULL(condition->people, condition->people),
      QUERY_OR_NULL(condition->place, condition->place),
      QUERY_OR_NULL(condition->from != DAY_NONE, condition->from),
      QUERY_OR_NULL(condition->to != DAY_NONE, condition->to));
}

enum status stream_add_condition(struct store *store, struct stream_conditions *known,
                                 int64_t stream, const struct stream_condition *condition,
                                 bool *same, struct error *err) {
  struct text text = {0};
  enum status status = know_stream(store, known, stream, &text, err);
  const struct span key = condition_key(&text, stream, condition);
  *same = status == DONE && map_get(&known->held, key) >= 0;
  if (status == DONE && !*same) {
    const int64_t n = map_get_number(&known->last, (uint64_t)stream, 0) + 1;
    status = insert_condition(store, stream, n, condition, err);
    if (status == DONE) know(known, stream, n, key);
  }
  text_release(&text);
  return status;
}

void stream_code_of_name(struct span name, int number, char out[STREAM_CODE_SIZE]) {
  enum { NAME_BYTES = 60 }; /* the number has room behind it */
  size_t size = 0;
  bool gap = false;
  for (size_t i = 0; i < name.size && size < NAME_BYTES; i++) {
    const char c = name.bytes[i];
    const char lower = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    const bool kept = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (kept && gap && size) out[size++] = '-';
    if (kept) out[size++] = lower;
    gap = !kept;
  }
  if (!size) size = (size_t)snprintf(out, STREAM_CODE_SIZE, "stream");
  out[size] = 0;
  if (number > 1) snprintf(out + size, STREAM_CODE_SIZE - size, "-%d", number);
}

/* ---- labels ---- */

void label_add(struct text *t, struct span s) {
  for (size_t i = 0; i < s.size; i++) {
    const char c = s.bytes[i];
    text_add_char(t, c == '\t' || c == '\n' || c == '\r' ? ' ' : c);
  }
}

static void divide(struct span note, struct span *before, struct span *after) {
  const char *tab = note.size ? memchr(note.bytes, '\t', note.size) : NULL;
  const size_t size = tab ? (size_t)(tab - note.bytes) : note.size;
  *before = span_make(note.bytes, size);
  *after = tab ? span_make(tab + 1, note.size - size - 1) : (struct span){0};
}

static void label_payment(const struct line *line, struct line_labels *out) {
  out->department = line->department;
  out->description = line->note;
  /* new lines have no tab in their note */
  if (!line_has_labels(line) && line->note.size && memchr(line->note.bytes, '\t', line->note.size))
    divide(line->note, &out->department, &out->description);
}

void line_labels(const struct streams *streams, const struct line *line, int64_t budget_of,
                 struct line_labels *out) {
  *out = (struct line_labels){.stream = line->stream, .condition = line->condition};
  if (!budget_of) label_payment(line, out);
  else if (!line->stream.size) divide(line->note, &out->stream, &out->condition);
  if (!streams) return;
  out->of = line->stream.size ? streams_by_code(streams, line->stream)
                              : of_name(streams, budget_of, out->stream);
  if (out->of && line->stream.size) out->stream = span_of(out->of->name);
}
