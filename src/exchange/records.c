#include "exchange/records.h"

#include "base/pasted.h"
#include "base/refusal.h"

#include <stdlib.h>

enum { RECORDS_BYTES_MAX = 256 << 20, RECORDS_MAX = 4 << 20 };

static struct record_cells keep_record(struct arena *arena, const struct span *fields, int count,
                                       uint64_t line) {
  struct record_cells r = {arena_array(arena, struct span, count + 1), count, line, 0};
  for (int i = 0; i < count; i++) {
    struct span s = span_trim_pasted(fields[i]);
    if (i < 64 && s.size != fields[i].size) r.trimmed |= UINT64_C(1) << i;
    r.cells[i] = span_make(arena_copy(arena, s.bytes ? s.bytes : "", s.size), s.size);
  }
  return r;
}

enum status records_read(struct records *records, struct table_raw *raw,
                         const struct record_cells *first, uint64_t line_base, struct arena *arena,
                         struct error *err) {
  struct record_cells next = {.count = 0};
  struct span *fields = NULL;
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
    records->all[records->count++] = keep_record(arena, fields, next.count, next.line + line_base);
    if (records->count > RECORDS_MAX || arena_size_bytes(arena) > RECORDS_BYTES_MAX) {
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
