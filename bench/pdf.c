/* How fast statements become PDFs: bench_pdf [THREADS [ROUNDS]]. A statement of two pages, made
 * anew and rendered in every round, as `weal statements` does. Prints wall time, processor time
 * (the machine may be shared), and whether memory grows. */
#include "base/arena.h"
#include "base/worker.h"
#include "document/document.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

struct run {
  int rounds;
  size_t bytes[64]; /* of each worker */
};

static void section(struct document *d, const char *heading, int rows, int worker) {
  struct doc_column columns[] = {
      {"name", "What"}, {"amount", "Amount"}, {"entries", "Entries"}, {"estimated", "estimated"}};
  static const char *const names[] = {"Income Tax",
                                      "National Insurance",
                                      "Council Tax",
                                      "Value Added Tax (VAT)",
                                      "Hospital outpatient attendance",
                                      "Child Benefit"};
  document_open(d, NULL, heading);
  document_value(d, "total", "In all", doc_money(1234567));
  document_table(d, "lines", NULL, columns, 4, NULL);
  for (int i = 0; i < rows; i++) {
    document_cell(d, doc_text(names[(i + worker) % 6]));
    document_cell(d, doc_money(i * 98765 + worker));
    document_cell(d, doc_count(i));
    document_cell(d, doc_bool(i % 3 == 0));
  }
  document_table_end(d);
  document_close(d);
}

static void work(void *context, int worker) {
  struct run *run = context;
  struct arena *arena = arena_new();
  struct text out = {0};
  static const char *const series[] = {"Paid", "Received"};
  for (int i = 0; i < run->rounds; i++) {
    arena_reset(arena);
    text_clear(&out);
    struct document *d = document_new(arena, ENGLISH, "Your statement for 2025-26");
    document_value(d, "name", "Name", doc_text("Alex Example"));
    document_value(d, "from", "From", doc_day(day_make(2025, 4, 6)));
    document_headline(d, NULL, "Paid", doc_money(1032092));
    document_headline(d, NULL, "Received", doc_money(1428880));
    section(d, "What you paid", 14, worker + i);
    document_open(d, NULL, "Year by year");
    document_chart(d, CHART_COLUMNS, "Paid and received", "Three pairs of columns.", series, 2);
    for (int y = 0; y < 3; y++)
      document_chart_point(d, y ? "2024-25" : "2023-24",
                           (struct doc_value[]){doc_money(100000 * y + i), doc_money(200000)});
    document_chart_end(d);
    document_close(d);
    section(d, "What you received", 12, worker);
    document_inset(d, "Time is shown beside the pounds and is never added to them.");
    document_render(d, FORMAT_PDF, NULL, &out);
    run->bytes[worker] = out.size;
  }
  if (worker == 0) {
    FILE *file = fopen("bench.pdf", "w");
    if (file) {
      fwrite(out.bytes, 1, out.size, file);
      fclose(file);
    }
  }
  text_release(&out);
  arena_free(arena);
}

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long peak_kb(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

int main(int argc, char **argv) {
  long threads = argc > 1 ? strtol(argv[1], NULL, 10) : workers_count(),
       rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 2000;
  if (threads < 1 || threads > 64 || rounds < 1 || rounds > 10000000) return 2;
  struct run run = {.rounds = 10};
  workers_run((int)threads, work, &run);
  long before = peak_kb();
  run.rounds = (int)rounds;
  double wall = seconds(CLOCK_MONOTONIC), processor = seconds(CLOCK_PROCESS_CPUTIME_ID),
         count = (double)rounds * (double)threads;
  workers_run((int)threads, work, &run);
  wall = seconds(CLOCK_MONOTONIC) - wall;
  processor = seconds(CLOCK_PROCESS_CPUTIME_ID) - processor;
  printf("%.0f statements of %zu bytes (the last is bench.pdf) on %ld threads: %.0f a second; %.0f "
         "a second of one processor's time; peak memory %ld kB after ten, %ld kB after all\n",
         count, run.bytes[0], threads, count / wall, count / processor, before, peak_kb());
  return 0;
}
