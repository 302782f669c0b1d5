#include "exchange/records.h"

#include "base/pasted.h"
#include "base/refusal.h"

#include <stdlib.h>

enum { RECORDS_BYTES_MAX = 256 << 20, RECORDS_MAX = 4 << 20 };

/* The cells of a record lie in one piece, their texts behind one another in another: a file has
 * millions. */
static struct record_cells keep_record(struct arena *arena, const struct span *fields, int count,
                                       uint64_t line, size_t *bytes) {
  struct record_cells r = {arena_array(arena, struct span, count + 1), count, line, 0};
  size_t size = 1;
  for (int i = 0; i < count; i++) {
    r.cells[i] = span_trim_pasted(fields[i]);
    if (i < 64 && r.cells[i].size != fields[i].size) r.trimmed |= UINT64_C(1) << i;
    size += r.cells[i].size;
  }
  char *text = arena_alloc(arena, size);
  for (int i = 0; i < count; i++) {
    if (r.cells[i].size) memcpy(text, r.cells[i].bytes, r.cells[i].size);
    r.cells[i].bytes = text;
    text += r.cells[i].size;
  }
  *bytes += size + (size_t)(count + 1) * sizeof *r.cells;
  return r;
}

enum status records_read(struct records *records, struct table_raw *raw,
                         const struct record_cells *first, uint64_t line_base, struct arena *arena,
                         struct error *err) {
  struct record_cells next = {.count = 0};
  struct span *fields = NULL;
  size_t bytes = 0;
  if (first) {
    next = *first;
    fields = first->cells;
  } else {
    enum status status = table_raw_next(raw, &fields, &next.count, &next.line, err);
    if (status != DONE) return status;
  }
  for (;;) {
    if (next.count < 0) return DONE;
    array_reserve(records->all, records->capacity, records->count + 1);
    records->all[records->count++] = keep_record(arena, fields, next.count, next.line + line_base,
                                                 &bytes);
    if (records->count > RECORDS_MAX || bytes > RECORDS_BYTES_MAX) {
      refuse(err, PUBLISHED_FILE_TOO_LARGE);
      return error_at(err, input_path(table_raw_input(raw)), next.line, NULL);
    }
    enum status status = table_raw_next(raw, &fields, &next.count, &next.line, err);
    if (status != DONE) return status;
  }
}

void records_free(struct records *records) {
  free(records->all);
  *records = (struct records){0};
}

int record_width(const struct record_cells *r) {
  int n = r->count;
  while (n > 0 && !r->cells[n - 1].size) n--;
  return n;
}

int record_filled(const struct record_cells *r) {
  int n = 0;
  for (int c = 0; c < r->count; c++) n += r->cells[c].size > 0;
  return n;
}
