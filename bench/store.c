/* Measures how fast the store writes and reads wide lines: bench_store URL ROWS [append|insert]
 *
 * URL names where a book may be made. ROWS lines of some 60 bytes, sorted like the ledger, 60 for
 * each account, are written in transactions of 50,000 (as in a bulk import), then as many for the
 * next year, then one line for each account (a day's import), then all are read in order. `insert`
 * binds a prepared statement for each row instead. Bytes written count the log and the file
 * (SQLite; Linux). */
#include "store/store.h"

#include <sys/resource.h>
#include <time.h>

enum { ROWS_A_TRANSACTION = 50000, LINES_A_YEAR = 60, COLUMNS = 16 };

static const char columns[] = "account, day, entry, n, amount, category, quantity, service, "
                              "cost_year, estimated, body, place, reference, note, "
                              "reverses_entry, reverses_n";
static const char insert[] = "insert into line (account, day, entry, n, amount, category, "
                             "quantity, service, cost_year, estimated, body, place, "
                             "reference, note, reverses_entry, reverses_n) values (?1, ?2, ?3, ?4, "
                             "?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";

static struct error err;

static void must(enum status status, const char *what) {
  if (status == DONE) return;
  fprintf(stderr, "%s: %s\n", what, err.message);
  exit(3);
}

struct moment {
  double wall_s, processor_s, written_bytes;
};

static struct moment now(void) {
  struct timespec t;
  struct rusage use;
  clock_gettime(CLOCK_MONOTONIC, &t);
  getrusage(RUSAGE_SELF, &use);
  struct moment m = {(double)t.tv_sec + (double)t.tv_nsec / 1e9,
                     (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
                         (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6,
                     0};
  FILE *io = fopen("/proc/self/io", "r");
  char line[128];
  while (io && fgets(line, sizeof line, io))
    if (strncmp(line, "wchar:", 6) == 0) m.written_bytes = strtod(line + 6, NULL);
  if (io) fclose(io);
  return m;
}

static void report(const char *what, int64_t rows, struct moment from) {
  struct moment to = now();
  double million = (double)rows / 1e6;
  printf("%-26s %9lld rows  %5.2f M/s  %5.2f M per second of our processor  %6.0f bytes written a "
         "row\n",
         what, (long long)rows, million / (to.wall_s - from.wall_s),
         million / (to.processor_s - from.processor_s),
         (to.written_bytes - from.written_bytes) / (double)rows);
}

/* The values of a row; INT64_MIN means null. `digits` is its reference. */
static void make_row(int64_t value[COLUMNS], char digits[16], int64_t account, int year, int i,
                     uint64_t *seed) {
  *seed = *seed * 6364136223846793005u + 1442695040888963407u;
  for (int k = 0; k < 16; k++) digits[k] = "0123456789ABCDEF"[*seed >> (20 + 2 * k) & 15];
  bool service = (account + i) % 4 == 0;
  const int64_t null = INT64_MIN;
  const int64_t row[COLUMNS] = {1000000 + account,
                                19000 + 366 * year + 6 * i,
                                100 * year + i,
                                account + 1,
                                -(int64_t)(*seed >> 44),
                                1 + (int64_t)(*seed >> 33) % 200,
                                service ? 1000 : null,
                                service ? (int64_t)(*seed >> 50) % 300 : null,
                                service ? 2024 : null,
                                service,
                                17,
                                null,
                                null,
                                null,
                                null,
                                null};
  memcpy(value, row, sizeof row);
}

static void put(struct append *a, struct query *q, const int64_t value[COLUMNS],
                const char digits[16]) {
  for (int c = 0; c < COLUMNS; c++) {
    struct span reference = span_make(digits, 16);
    if (a && c == 12) append_text(a, reference);
    else if (a && value[c] == INT64_MIN) append_null(a);
    else if (a) append_int(a, value[c]);
    else if (c == 12) query_bind_text(q, c + 1, reference);
    else if (value[c] != INT64_MIN) query_bind_int(q, c + 1, value[c]);
  }
  if (a) must(append_row(a, &err), "append_row");
  else must(query_run(q, &err), "query_run");
}

static void begin(struct store *store, bool by_append, struct append **a, struct query **q) {
  must(store_begin(store, STORE_BULK, &err), "begin");
  if (by_append) must(append_begin(store, a, "line", columns, &err), "append_begin");
  else must(store_query(store, q, insert, &err), "prepare");
}

static void end(struct store *store, struct append **a, struct query **q) {
  if (*a) must(append_end(*a, &err), "append_end");
  query_end(*q);
  *a = NULL, *q = NULL;
  must(store_commit(store, &err), "commit");
}

static void write_year(struct store *store, const char *what, int64_t accounts, int year, int lines,
                       bool by_append) {
  struct moment from = now();
  struct append *a = NULL;
  struct query *q = NULL;
  uint64_t seed = (uint64_t)year;
  int64_t rows = 0;
  for (int64_t account = 0; account < accounts; account++) {
    for (int i = 0; i < lines; i++, rows++) {
      int64_t value[COLUMNS];
      char digits[16];
      if (rows % ROWS_A_TRANSACTION == 0) {
        if (rows) end(store, &a, &q);
        begin(store, by_append, &a, &q);
      }
      make_row(value, digits, account, year, i, &seed);
      put(a, q, value, digits);
    }
  }
  end(store, &a, &q);
  /* this commit waits for the disk, which makes the others durable too */
  must(store_begin(store, STORE_WRITE, &err), "begin");
  must(store_run(store, "update head set entry = entry + 1", &err), "finish");
  must(store_commit(store, &err), "commit");
  report(what, rows, from);
}

static void read_all(struct store *store) {
  struct moment from = now();
  struct query *q;
  bool row;
  int64_t rows = 0, sum = 0;
  must(store_stream(
           store, &q,
           "select account, day, entry, n, amount from line order by account, day, entry, n", &err),
       "stream");
  for (;; rows++) {
    must(query_step(q, &row, &err), "step");
    if (!row) break;
    for (int c = 0; c < 5; c++) sum += query_int(q, c);
  }
  query_end(q);
  report(sum ? "read in order" : "nothing", rows, from);
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: bench_store URL ROWS [append|insert]\n");
    return 2;
  }
  int64_t accounts = strtoll(argv[2], NULL, 10) / LINES_A_YEAR;
  bool by_append = argc < 4 || strcmp(argv[3], "insert") != 0;
  struct store *store;
  must(store_open(&store, argv[1], STORE_CREATE, &err), argv[1]);
  write_year(store, "into an empty ledger", accounts, 1, LINES_A_YEAR, by_append);
  write_year(store, "the next year", accounts, 2, LINES_A_YEAR, by_append);
  write_year(store, "one line an account", accounts, 3, 1, by_append);
  store_close(store);
  must(store_open(&store, argv[1], STORE_READ, &err), argv[1]);
  read_all(store);
  read_all(store);
  store_close(store);
  return 0;
}
