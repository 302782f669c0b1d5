#include "publish/payment_files.h"

#include "base/day.h"
#include "base/folder.h"
#include "base/money.h"

#include <stdio.h>
#include <unistd.h>

enum { PIECE_BYTES = 256 << 10 };

/* ---- a file, piece by piece ---- */

static const char part_name[] = "rows.part";

struct written_file {
  int fd;
  const struct file_to *to;
  const char *private;
  struct hasher *hasher;
  struct text piece;
  int64_t bytes;
};

static enum status flush_piece(struct written_file *f, struct error *err) {
  hasher_add(f->hasher, f->piece.bytes, f->piece.size);
  f->bytes += (int64_t)f->piece.size;
  enum status status = file_write_all(f->fd, span_make(f->piece.bytes, f->piece.size), f->to->name,
                                      err);
  text_clear(&f->piece);
  return status;
}

static enum status begin_file(struct written_file *f, struct error *err) {
  enum status status = file_make_anew(f->to->work, part_name, 0644, &f->fd, err);
  if (status != DONE) return status;
  f->hasher = hasher_new();
  hasher_begin(f->hasher);
  return DONE;
}

/* Gives the file its name when all went well. */
static enum status end_file(struct written_file *f, enum status status, struct package_file *out,
                            struct error *err) {
  if (status == DONE) status = flush_piece(f, err);
  if (status == DONE && fsync(f->fd) != 0)
    status = error_errno(err, "%s cannot be written", f->to->name);
  if (close(f->fd) != 0 && status == DONE)
    status = error_errno(err, "%s cannot be written", f->to->name);
  if (status == DONE && renameat(f->to->work, part_name, f->to->folder, f->to->name) != 0)
    status = error_errno(err, "%s cannot be written", f->to->name);
  if (status != DONE) unlinkat(f->to->work, part_name, 0);
  hasher_end(f->hasher, &out->digest);
  out->bytes = f->bytes;
  hasher_free(f->hasher);
  text_release(&f->piece);
  return status;
}

/* ---- payments ---- */

static const struct package_column payment_columns[] = {
    {"date", "date", true},           {"body", "string", true},
    {"supplier", "string", true},     {"amount", "number", true},
    {"category", "string", false},    {"department", "string", false},
    {"description", "string", false}, {"reference", "string", false},
    {"place", "string", false}};
enum { PAYMENT_COLUMNS = sizeof payment_columns / sizeof *payment_columns };
static const struct package_column budget_columns_published[] = {
    {"year", "string", true},     {"body", "string", true},   {"stream", "string", true},
    {"category", "string", true}, {"amount", "number", true}, {"conditions", "string", false}};
enum { BUDGET_COLUMNS_PUBLISHED = 6 };

static void add_head(struct text *out, const struct package_column *columns, int count) {
  for (int i = 0; i < count; i++) {
    if (i) text_add_char(out, ',');
    text_add(out, columns[i].name);
  }
  text_add_char(out, '\n');
}

static void add_cell(struct text *out, struct span value) {
  text_add_char(out, ',');
  text_add_csv_guarded(out, value);
}

static void payments_csv_head(struct text *out) { add_head(out, payment_columns, PAYMENT_COLUMNS); }

static void payments_csv_row(struct text *out, const struct published_payment *row,
                             const char *private) {
  text_add_day(out, row->day);
  add_cell(out, span_of(row->payer));
  add_cell(out, span_of(row->payee ? row->payee : private));
  text_add_char(out, ',');
  text_add_money(out, row->amount);
  add_cell(out, span_of(row->category));
  add_cell(out, row->department);
  add_cell(out, row->description);
  add_cell(out, row->reference);
  add_cell(out, span_of(row->place));
  text_add_char(out, '\n');
}

static enum status write_row(void *context, const struct published_payment *row, bool *more,
                             struct error *err) {
  struct written_file *f = context;
  (void)more;
  payments_csv_row(&f->piece, row, f->private);
  return f->piece.size >= PIECE_BYTES ? flush_piece(f, err) : DONE;
}

enum status payments_file_write(struct published_payments *payments, const char *private,
                                const struct file_to *to, struct package_file *out,
                                struct error *err) {
  struct written_file f = {.to = to, .private = private};
  *out = (struct package_file){.columns = payment_columns, .column_count = PAYMENT_COLUMNS};
  enum status status = begin_file(&f, err);
  if (status != DONE) return status;
  payments_csv_head(&f.piece);
  status = published_payments_read(payments, &(struct payments_wanted){0}, write_row, &f, NULL,
                                   NULL, err);
  return end_file(&f, status, out, err);
}

enum status payments_write(struct published_payments *payments,
                           const struct payments_wanted *wanted, const char *private, int fd,
                           struct error *err) {
  const struct file_to to = {.name = "a file of payments"};
  struct written_file f = {.to = &to, .private = private, .fd = fd, .hasher = hasher_new()};
  hasher_begin(f.hasher);
  text_add(&f.piece, UTF8_MARK);
  payments_csv_head(&f.piece);
  enum status status = published_payments_read(payments, wanted, write_row, &f, NULL, NULL, err);
  if (status == DONE) status = flush_piece(&f, err);
  hasher_free(f.hasher);
  text_release(&f.piece);
  return status;
}

/* ---- budgets ---- */

enum status budgets_file_write(const struct published_budget *rows, int count, int year,
                               const struct file_to *to, struct package_file *out,
                               struct error *err) {
  struct written_file f = {.to = to};
  char written_year[8];
  *out = (struct package_file){.columns = budget_columns_published,
                               .column_count = BUDGET_COLUMNS_PUBLISHED};
  year_write(year, written_year);
  enum status status = begin_file(&f, err);
  if (status != DONE) return status;
  add_head(&f.piece, budget_columns_published, BUDGET_COLUMNS_PUBLISHED);
  for (int i = 0; status == DONE && i < count; i++) {
    const struct published_budget *row = &rows[i];
    text_add(&f.piece, written_year);
    add_cell(&f.piece, span_of(row->body));
    add_cell(&f.piece, span_of(row->stream));
    add_cell(&f.piece, span_of(row->category));
    text_add_char(&f.piece, ',');
    text_add_money(&f.piece, row->amount);
    add_cell(&f.piece, span_of(row->conditions));
    text_add_char(&f.piece, '\n');
    if (f.piece.size >= PIECE_BYTES) status = flush_piece(&f, err);
  }
  return end_file(&f, status, out, err);
}
