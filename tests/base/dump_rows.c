/* Prints the rows that the readers find, for tests: dump_rows raw FILE... | dump_rows table FILE
 * NAME[!]...
 * | dump_rows count FILE NAME[!]... Each record is printed as a line with a JSON list; `= STATUS`
 *     ends each raw file; faults and errors are text. `!` marks a required column; `count` prints
 *     totals and the time
 * taken. */
#include "base/hash.h"
#include "base/table.h"
#include <stdio.h>
#include <time.h>

static int fail(struct error *err) {
  char out[1024];
  error_format(err, out, sizeof out);
  fprintf(stderr, "%s\n", out);
  return (int)err->code;
}

static void add_list(struct text *t, const struct span *fields, int count) {
  text_add_char(t, '[');
  for (int i = 0; i < count; i++) {
    if (i) text_add_char(t, ',');
    text_add_json(t, fields[i]);
  }
  text_add(t, "]\n");
}

static int dump_raw(const char *path) {
  struct table_raw *raw;
  struct error err = {0};
  struct text t = {0};
  struct span *fields;
  int count;
  uint64_t line;
  if (table_raw_open(&raw, path, &err) != DONE) return fail(&err);
  enum status status;
  while ((status = table_raw_next(raw, &fields, &count, &line, &err)) == DONE && count >= 0) {
    text_clear(&t);
    text_addf(&t, "%llu ", (unsigned long long)line);
    add_list(&t, fields, count);
    fwrite(t.bytes, 1, t.size, stdout);
  }
  table_raw_close(raw);
  text_release(&t);
  return status == DONE ? 0 : fail(&err);
}

static int dump_table(const char *path, const struct table_column *columns, int count, bool print) {
  struct table *table;
  struct table_rows *rows;
  struct error err = {0};
  struct text t = {0};
  enum status status = table_open(&table, path, columns, count, &err);
  if (status != DONE) return fail(&err);
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  uint64_t total = 0, faults = 0, bytes = 0, last_line = 0;
  while ((status = table_next(table, &rows, &err)) == DONE && rows) {
    for (size_t r = 0; r < rows->count; r++) {
      last_line = rows->line[r];
      faults += rows->fault[r].reason != NULL;
      if (!print) {
        bytes += table_field(rows, r, 0).size;
        continue;
      }
      text_clear(&t);
      text_addf(&t, "%llu ", (unsigned long long)rows->line[r]);
      if (rows->fault[r].reason)
        text_addf(&t, "!%s: %s\n", rows->fault[r].column ? rows->fault[r].column : "",
                  rows->fault[r].reason);
      else {
        struct span fields[64];
        for (int i = 0; i < count; i++) fields[i] = table_field(rows, r, i);
        add_list(&t, fields, count);
      }
      fwrite(t.bytes, 1, t.size, stdout);
    }
    total += rows->count;
    table_rows_free(rows);
  }
  if (status == DONE && !print) {
    clock_gettime(CLOCK_MONOTONIC, &to);
    struct digest digest;
    input_digest(table_input(table), &digest);
    text_clear(&t);
    text_add_hex(&t, digest.bytes, sizeof digest.bytes);
    double s = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    double megabytes = (double)input_position_bytes(table_input(table)) / 1e6;
    printf("%llu rows, %llu faults, last line %llu, first column %llu bytes, sha256 %s\n%.3f s, "
           "%.2f M rows/s, %.0f MB/s\n",
           (unsigned long long)total, (unsigned long long)faults, (unsigned long long)last_line,
           (unsigned long long)bytes, t.bytes, s, (double)total / s / 1e6, megabytes / s);
  }
  table_close(table);
  text_release(&t);
  return status == DONE ? 0 : fail(&err);
}

int main(int argc, char **argv) {
  if (argc >= 3 && strcmp(argv[1], "raw") == 0) {
    int worst = 0;
    for (int i = 2; i < argc; i++) {
      int status = dump_raw(argv[i]);
      printf("= %d\n", status);
      worst = status > worst ? status : worst;
    }
    return worst;
  }
  bool print = argc > 3 && strcmp(argv[1], "table") == 0;
  if (argc < 4 || argc > 64 + 3 || (!print && strcmp(argv[1], "count") != 0)) {
    fprintf(stderr,
            "usage: dump_rows raw FILE... | table FILE NAME[!]... | count FILE NAME[!]...\n");
    return 2;
  }
  struct table_column columns[64];
  for (int i = 3; i < argc; i++) {
    size_t size = strlen(argv[i]);
    columns[i - 3].required = size && argv[i][size - 1] == '!';
    if (columns[i - 3].required) argv[i][size - 1] = 0;
    columns[i - 3].name = argv[i];
  }
  return dump_table(argv[2], columns, argc - 3, print);
}
