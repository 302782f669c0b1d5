/* Reads bytes as a table and as raw records, and checks what table.h promises. */
#ifndef WEAL_FUZZ_TABLE_H
#define WEAL_FUZZ_TABLE_H

#include "base/limits.h"
#include "base/table.h"
#include "fuzz/fuzz.h"
#include <sys/mman.h>
#include <unistd.h>

static const struct table_column fuzz_columns[] = {{"id", true},
                                                   {"amount", false},
                                                   {"note", false}};
enum { FUZZ_COLUMNS = 3 };

static inline void fuzz_rows(const struct table_rows *rows, uint64_t first, uint64_t *line) {
  HOLD(rows->count > 0 && rows->columns == FUZZ_COLUMNS && rows->first_row == first);
  for (size_t r = 0; r < rows->count; r++) {
    HOLD(rows->line[r] >= *line);
    *line = rows->line[r];
    if (rows->fault[r].reason) {
      HOLD(utf8_valid(rows->fault[r].reason, strlen(rows->fault[r].reason)));
      continue;
    }
    for (int c = 0; c < FUZZ_COLUMNS; c++) {
      struct span field = table_field(rows, r, c);
      HOLD(field.size <= LIMIT_FIELD_BYTES && utf8_valid(field.bytes, field.size));
    }
  }
}

static inline void fuzz_table(const char *path) {
  struct table *table;
  struct table_rows *rows;
  struct error err = {0};
  if (table_open(&table, path, fuzz_columns, FUZZ_COLUMNS, &err) != DONE) {
    HOLD(err.code == REFUSED && err.message[0] && err.file[0]);
    return;
  }
  uint64_t first = 0, line = 1;
  enum status status;
  while ((status = table_next(table, &rows, &err)) == DONE && rows) {
    fuzz_rows(rows, first, &line);
    first += rows->count;
    table_rows_free(rows);
  }
  HOLD(status == DONE || (status == REFUSED && err.message[0] && err.line));
  table_close(table);
}

static inline void fuzz_raw(const char *path) {
  struct table_raw *raw;
  struct span *fields;
  struct error err = {0};
  int count = 0;
  uint64_t line, last = 0;
  if (table_raw_open(&raw, path, &err) != DONE) return;
  enum status status;
  while ((status = table_raw_next(raw, &fields, &count, &line, &err)) == DONE && count >= 0) {
    HOLD(count > 0 && line > last);
    last = line;
    for (int i = 0; i < count; i++) HOLD(utf8_valid(fields[i].bytes, fields[i].size));
  }
  HOLD(status == DONE || status == REFUSED);
  table_raw_close(raw);
}

/* The readers take a path, so the bytes are put into a file in memory, used again for each
 * input. */
static inline const char *fuzz_file(const uint8_t *bytes, size_t size) {
  static int fd = -1;
  static char path[64];
  if (fd < 0) {
    fd = memfd_create("fuzz", 0);
    HOLD(fd >= 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  }
  HOLD(ftruncate(fd, 0) == 0 && pwrite(fd, bytes, size, 0) == (ssize_t)size);
  return path;
}

#endif
