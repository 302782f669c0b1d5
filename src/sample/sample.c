/* Makes the place: the first day, then one year at a time. */
#include "sample/sample.h"
#include "base/refusal.h"
#include "sample/facts.h"
#include "sample/files.h"
#include <stdlib.h>

const struct sample_file sample_files[] = {
    {"places", "places.csv"},
    {"bodies", "bodies.csv"},
    {"households", "households.csv"},
    {"people", "people.csv"},
    {"households", "households-2023-24.csv"},
    {"people", "people-2023-24.csv"},
    {"facts", "facts-2023-24.csv"},
    {"entries", "entries-2023-24.csv"},
    {"households", "households-2024-25.csv"},
    {"people", "people-2024-25.csv"},
    {"facts", "facts-2024-25.csv"},
    {"entries", "entries-2024-25.csv"},
    {"households", "households-2025-26.csv"},
    {"people", "people-2025-26.csv"},
    {"facts", "facts-2025-26.csv"},
    {"entries", "entries-2025-26.csv"},
    {"facts", "facts-2026-27.csv"}, /* what each organisation sends once benefits have risen */
};
const int sample_file_count = sizeof sample_files / sizeof *sample_files;

static void settle(struct town *t, int people) {
  town_settle(t, people);
  town_name(t, 0);
  town_gather(t, 0);
  for (int i = 0; i < t->people_count; i++)
    t->people[i].self_employed = town_standing(t, QUEUE_SELF, i) < t->data->self_employed;
  town_work(t, 0);
  town_rank(t);
  town_invest(t);
}

static enum status write_year(struct town *t, int year, const struct sample_options *options,
                              struct ruled *ruled, struct progress *progress, struct error *err) {
  struct lines lines;
  struct year y;
  enum status status = sample_lines_open(&lines, options->dir, year, err);
  if (status != DONE) return status;
  year_begin(&y, t, year, &lines);
  y.ruled = ruled;
  uint64_t done = (uint64_t)year * 3;
  status = year_write_money(&y, err);
  if (status == DONE && year + 1 == SAMPLE_YEARS) status = year_rise(&y, err);
  progress_update(progress, done + 1, (uint64_t)lines.count);
  year_write_services(&y);
  progress_update(progress, done + 2, (uint64_t)lines.count);
  year_write_given(&y);
  progress_update(progress, done + 3, (uint64_t)lines.count);
  year_end(&y);
  enum status closed = sample_lines_close(&lines, status == DONE ? err : NULL);
  return status == DONE ? closed : status;
}

static enum status write_all(struct town *t, const struct sample_options *options,
                             struct error *err) {
  struct progress progress;
  struct fact_writer facts;
  fact_writer_init(&facts, options->dir, options->pack);
  progress_begin(&progress, options->progress, "making", SAMPLE_YEARS * 3);
  struct ruled *ruled = NULL;
  enum status status = ruled_open(&ruled, options->pack, options->packs, options->pack_count, err);
  settle(t, (int)options->people);
  if (status == DONE) status = files_write_first(t, options->dir, err);
  for (int year = 0; year < SAMPLE_YEARS && status == DONE; year++) {
    town_live(t, year);
    if (year > 0) town_work(t, year);
    status = files_write_changes(t, options->dir, year, err);
    if (status == DONE) status = write_year(t, year, options, ruled, &progress, err);
    if (status == DONE) status = fact_writer_year(&facts, t, err);
  }
  if (status == DONE) status = fact_writer_rise(&facts, t, err);
  fact_writer_release(&facts);
  ruled_close(ruled);
  progress_end(&progress);
  return status;
}

enum status sample_write(const struct sample_options *options, struct error *err) {
  if (options->people < SAMPLE_PEOPLE_MIN || options->people > SAMPLE_PEOPLE_MAX)
    return refuse(err, SAMPLE_PEOPLE, (long long)options->people, SAMPLE_PEOPLE_MIN,
                  SAMPLE_PEOPLE_MAX);
  struct town *t = memory_zeroed(1, sizeof *t);
  t->arena = arena_new();
  t->data = sample_data_read(t->arena);
  t->seed = random_mix(options->seed);
  random_seed(&t->random, t->seed);
  enum status status = write_all(t, options, err);
  arena_free(t->arena);
  free(t->people), free(t->households), free(t->members), free(t->first), free(t->payer), free(t);
  return status;
}
