/* Streams: a row says what a stream is, and what it holds in a year or under which condition it may
 * be spent. */
#include "exchange/import_register.h"

#include "base/map.h"
#include "base/money.h"
#include "base/refusal.h"
#include "book/streams.h"
#include "exchange/columns.h"
#include "exchange/intake.h"

#include <string.h>

#define QUOTED(value) span_quote((value), (char[SPAN_QUOTE_SIZE]){0})

enum { CODE_BYTES_MAX = 255 };

/* Of one call: what the register has, and the streams that its rows named. */
struct stream_intake {
  struct bodies *bodies;
  struct places *places;
  struct codes *codes;
  struct map told; /* codes of streams, to 0 */
  struct stream_conditions conditions;
};

/* What a row did, for the summary. */
struct outcome {
  bool added, changed;
};

static enum status ready(struct intake *in, struct error *err) {
  struct arena *arena = in->call->arena;
  if (in->streams) return DONE;
  struct stream_intake *s = arena_alloc(arena, sizeof *s);
  *s = (struct stream_intake){
      .told = {.arena = arena},
      .conditions = {.arena = arena, .held = {.arena = arena}, .last = {.arena = arena}}};
  enum status status = register_bodies(in->call->store, arena, &s->bodies, err);
  if (status == DONE) status = register_places(in->call->store, arena, &s->places, err);
  if (status == DONE) status = book_codes(in->call->store, arena, &s->codes, err);
  in->streams = s;
  return status;
}

static const char *keep(const struct intake *in, struct span text) {
  return text.size ? arena_copy(in->call->arena, text.bytes, text.size) : NULL;
}

/* As lines have names and conditions (book/streams.h). */
static const char *keep_label(const struct intake *in, struct span text) {
  struct text label = {0};
  label_add(&label, text);
  const char *kept = keep(in, span_make(label.bytes, label.size));
  text_release(&label);
  return kept;
}

/* ---- the stream itself ---- */

static enum status read_body(struct intake *in, const struct intake_row *row, int column,
                             int64_t *id, struct error *err) {
  struct span code = intake_field(in, row, column);
  const struct body *body = code.size ? bodies_by_code(in->streams->bodies, code) : NULL;
  *id = body ? body->id : 0;
  if (body || !code.size) return DONE;
  return refuse_at(err, in->kind->columns[column].name, STREAM_BODY_UNREGISTERED, QUOTED(code));
}

static enum status read_kind(struct intake *in, const struct intake_row *row, const char **kind,
                             struct error *err) {
  struct span word = intake_field(in, row, STREAM_KIND);
  *kind = NULL;
  for (int k = 0; stream_kinds[k]; k++)
    if (span_is(word, stream_kinds[k])) *kind = stream_kinds[k];
  return *kind || !word.size ? DONE : refuse_at(err, "kind", STREAM_KIND_UNKNOWN, QUOTED(word));
}

/* An empty field leaves what is known. A row may correct the book, but not an earlier row of the
 * call. */
static enum status differs(struct intake *in, const struct intake_row *row, int column, bool told,
                           bool *changed, struct error *err) {
  *changed = true;
  if (!told) return DONE;
  return refuse_at(err, in->kind->columns[column].name, STREAM_ROWS_DIFFER,
                   QUOTED(intake_field(in, row, column)));
}

static enum status merge(struct intake *in, const struct intake_row *row, bool told,
                         const struct stream *given, struct stream *held, bool *changed,
                         struct error *err) {
  enum status status = DONE;
  if (given->name && strcmp(given->name, held->name) != 0) {
    status = differs(in, row, STREAM_NAME, told, changed, err);
    held->name = given->name;
  }
  if (status == DONE && given->owner && given->owner != held->owner)
    status = refuse_at(err, "owner", STREAM_OWNER_CHANGED);
  if (status == DONE && given->payer && given->payer != held->payer) {
    status = differs(in, row, STREAM_PAYER, told && held->payer, changed, err);
    held->payer = given->payer;
  }
  if (status == DONE && given->kind && (!held->kind || strcmp(given->kind, held->kind) != 0)) {
    status = differs(in, row, STREAM_KIND, told && held->kind, changed, err);
    held->kind = given->kind;
  }
  return status;
}

static enum status read_stream(struct intake *in, const struct intake_row *row,
                               struct stream *stream, struct outcome *outcome, struct error *err) {
  struct stream given = {.name = keep_label(in, intake_field(in, row, STREAM_NAME))};
  const struct span code = intake_field(in, row, STREAM_CODE);
  bool there = false;
  enum status status = intake_need(in, row, STREAM_CODE, err);
  if (status == DONE && code.size > CODE_BYTES_MAX)
    status = refuse_at(err, "stream", CODE_TOO_LONG);
  if (status == DONE) status = read_body(in, row, STREAM_OWNER, &given.owner, err);
  if (status == DONE) status = read_body(in, row, STREAM_PAYER, &given.payer, err);
  if (status == DONE) status = read_kind(in, row, &given.kind, err);
  if (status == DONE)
    status = stream_find(in->call->store, in->call->arena, code, stream, &there, err);
  if (status != DONE) return status;
  if (there)
    return merge(in, row, map_get(&in->streams->told, code) >= 0, &given, stream, &outcome->changed,
                 err);
  outcome->added = true;
  *stream = given;
  stream->code = keep(in, code);
  if (given.name && given.owner) return DONE;
  return refuse_at(err, given.name ? "owner" : "name", STREAM_FIELD_MISSING);
}

/* ---- a year ---- */

static enum status read_year(struct intake *in, const struct intake_row *row,
                             struct stream_year *out, struct error *err) {
  const struct span amount = intake_field(in, row, STREAM_AMOUNT);
  if (year_parse(intake_field(in, row, STREAM_YEAR), &out->year, err) != DONE)
    return error_at(err, NULL, 0, "year");
  out->source = keep(in, intake_field(in, row, STREAM_SOURCE));
  if (!amount.size || !out->source)
    return refuse_at(err, amount.size ? "source" : "amount", STREAM_YEAR_FIELD_MISSING);
  if (money_parse(amount, &out->amount, err) != DONE) return error_at(err, NULL, 0, "amount");
  return out->amount < 0 ? refuse_at(err, "amount", COST_NEGATIVE, QUOTED(amount)) : DONE;
}

/* ---- a condition ---- */

static enum status read_category(struct intake *in, const struct intake_row *row, int64_t *id,
                                 struct error *err) {
  const struct span code = intake_field(in, row, STREAM_CATEGORY);
  *id = code.size ? codes_category(in->streams->codes, code) : 0;
  if (*id || !code.size) return DONE;
  return refuse_at(err, "category", REGISTER_CATEGORY_UNKNOWN, QUOTED(code));
}

static enum status read_place(struct intake *in, const struct intake_row *row, int64_t *id,
                              struct error *err) {
  const struct span code = intake_field(in, row, STREAM_PLACE);
  const int index = code.size ? places_by_code(in->streams->places, code) : PLACE_NONE;
  *id = index == PLACE_NONE ? 0 : in->streams->places->all[index].id;
  if (*id || !code.size) return DONE;
  return refuse_at(err, "place", PLACE_UNREGISTERED, QUOTED(code));
}

static enum status read_condition(struct intake *in, const struct intake_row *row,
                                  struct stream_condition *out, struct error *err) {
  *out = (struct stream_condition){.words = keep_label(in, intake_field(in, row, STREAM_CONDITION)),
                                   .people = keep_label(in, intake_field(in, row, STREAM_PEOPLE))};
  enum status status = read_category(in, row, &out->category, err);
  if (status == DONE) status = read_place(in, row, &out->place, err);
  if (status == DONE) status = intake_day(in, row, STREAM_FROM, &out->from, err);
  if (status == DONE) status = intake_day(in, row, STREAM_TO, &out->to, err);
  if (status == DONE && out->from != DAY_NONE && out->to != DAY_NONE && out->to < out->from)
    status = refuse_at(err, "to", STREAM_DAYS_ORDER, QUOTED(intake_field(in, row, STREAM_TO)));
  return status;
}

/* ---- a row ---- */

static bool has_any(struct intake *in, const struct intake_row *row, int first, int last) {
  for (int c = first; c <= last; c++)
    if (intake_field(in, row, c).size) return true;
  return false;
}

/* What is known of a year or a condition belongs to a row that names it. */
static enum status check_shape(struct intake *in, const struct intake_row *row, bool year,
                               bool condition, struct error *err) {
  if (year && condition) return refuse_at(err, "condition", STREAM_YEAR_AND_CONDITION);
  if (!year && has_any(in, row, STREAM_AMOUNT, STREAM_SOURCE))
    return refuse_at(err, "year", STREAM_YEAR_MISSING);
  if (!condition && has_any(in, row, STREAM_CATEGORY, STREAM_TO))
    return refuse_at(err, "condition", STREAM_CONDITION_MISSING);
  return DONE;
}

static enum status write_part(struct intake *in, const struct stream *stream,
                              const struct stream_year *year,
                              const struct stream_condition *condition, struct outcome *outcome,
                              struct error *err) {
  struct store *store = in->call->store;
  bool there = false, same = true;
  enum status status = DONE;
  if (year) status = stream_write_year(store, stream->id, year, &there, &same, err);
  if (condition)
    status = stream_add_condition(store, &in->streams->conditions, stream->id, condition, &same,
                                  err);
  outcome->added |= !same && !there;
  outcome->changed |= !same && there;
  return status;
}

static enum status take_stream(struct intake *in, const struct intake_row *row, struct error *err) {
  struct stream stream = {0};
  struct stream_year year = {0};
  struct stream_condition condition = {0};
  struct outcome outcome = {0};
  const bool has_year = intake_field(in, row, STREAM_YEAR).size > 0,
             has_condition = intake_field(in, row, STREAM_CONDITION).size > 0;
  enum status status = ready(in, err);
  if (status == DONE) status = read_stream(in, row, &stream, &outcome, err);
  if (status == DONE) status = check_shape(in, row, has_year, has_condition, err);
  if (status == DONE && has_year) status = read_year(in, row, &year, err);
  if (status == DONE && has_condition) status = read_condition(in, row, &condition, err);
  if (status == DONE && (outcome.added || outcome.changed))
    status = stream_write(in->call->store, &stream, err);
  if (status == DONE)
    status = write_part(in, &stream, has_year ? &year : NULL, has_condition ? &condition : NULL,
                        &outcome, err);
  if (status != DONE) return status;
  map_set(&in->streams->told, span_of(stream.code), 0);
  if (outcome.added) in->added++;
  else if (outcome.changed) in->changed++;
  else in->same++;
  return DONE;
}

enum status import_streams(const struct import_call *call, struct import_result *result,
                           struct error *err) {
  static const struct intake_kind kind = {.name = "streams",
                                          .columns = streams_columns,
                                          .column_count = STREAM_COLUMNS,
                                          .take = take_stream};
  return intake_run(&kind, call, result, err);
}
