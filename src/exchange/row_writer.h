/* Writes rows of a kind as CSV or JSON Lines, field by field in the order of the columns. Private
 * to exchange.
 *
 *     row_begin(&w, &text);
 *     row_text(&w, code); row_empty(&w); row_money(&w, pence);      one call for each column
 *     row_end(&w);
 */
#ifndef WEAL_EXCHANGE_ROW_WRITER_H
#define WEAL_EXCHANGE_ROW_WRITER_H

#include "base/day.h"
#include "base/money.h"
#include "base/table.h"
#include "exchange/export.h"

struct row_writer {
  struct text *out; /* the text that is flushed */
  struct text *to;  /* where the row is written: `out` or a buffer of the caller's */
  bool json, raw;
  export_flush *flush;
  void *context;
  const struct table_column *columns;
  int count, column;
};

static inline void row_begin(struct row_writer *w, struct text *to) {
  w->to = to;
  w->column = 0;
}

static inline void row_next(struct row_writer *w) {
  if (w->json) {
    text_add(w->to, w->column ? ",\"" : "{\"");
    text_add(w->to, w->columns[w->column].name);
    text_add(w->to, "\":");
  } else if (w->column) text_add_char(w->to, ',');
  w->column++;
}

static inline void row_empty(struct row_writer *w) {
  row_next(w);
  if (w->json) text_add(w->to, "null");
}

static inline void row_text(struct row_writer *w, struct span value) {
  if (value.size == 0) {
    row_empty(w);
    return;
  }
  row_next(w);
  if (w->json) text_add_json(w->to, value);
  else if (w->raw) text_add_csv(w->to, value);
  else text_add_csv_guarded(w->to, value);
}

static inline void row_string(struct row_writer *w, const char *value) {
  row_text(w, span_of(value));
}

/* Between these two: a value of digits and signs, which needs only JSON's quotes. */
static inline void row_plain_begin(struct row_writer *w) {
  row_next(w);
  if (w->json) text_add_char(w->to, '"');
}
static inline void row_plain_end(struct row_writer *w) {
  if (w->json) text_add_char(w->to, '"');
}

static inline void row_money(struct row_writer *w, int64_t pence) {
  row_plain_begin(w);
  text_add_money(w->to, pence);
  row_plain_end(w);
}

static inline void row_day(struct row_writer *w, day_t day) {
  if (day == DAY_NONE) {
    row_empty(w);
    return;
  }
  row_plain_begin(w);
  text_add_day(w->to, day);
  row_plain_end(w);
}

static inline void row_end(struct row_writer *w) { text_add(w->to, w->json ? "}\n" : "\n"); }

/* The writer of an EXPORT of these columns, from its parameters. */
#define ROW_WRITER(columns_of_kind) \
  { \
    .out = out, .to = out, .json = form == EXPORT_JSON, .raw = form == EXPORT_RAW, .flush = flush, \
    .context = context, .columns = columns_of_kind, \
    .count = sizeof columns_of_kind / sizeof *columns_of_kind \
  }

/* The header, in CSV. */
void row_head(struct row_writer *w);
/* Flushes when `out` has a full piece, or at the end. */
enum status row_flush(struct row_writer *w, bool last, struct error *err) MUST_USE;
/* Ends an export that began with store_begin and came to `status`: ends the snapshot, frees the
 * arena and flushes the rest. */
enum status row_finish(struct row_writer *w, struct store *store, struct arena *arena,
                       enum status status, struct error *err) MUST_USE;

#endif
