/* The sample place's files go into a book as they are: no row refused, and the audit finds
 * nothing. Most of its people have told enough to be assessed exactly, and some have not. What was
 * posted to them is what the assessment says, to the penny. */
#include "fresh.h"
#include "assess/assess.h"
#include "base/arena.h"
#include "book/audit.h"
#include "book/book.h"
#include "book/pack_rows.h"
#include "base/money.h"
#include "exchange/exchange.h"
#include "register/register.h"
#include "sample/sample.h"
#include "store/setting.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static void done(enum status status, const struct error *err) {
  char words[1024];
  if (status == DONE) return;
  error_format(err, words, sizeof words);
  fail_msg("%s", words);
}

static void empty_book(struct store *store, const struct pack *pack, struct arena *arena) {
  struct error err = {0};
  struct register_writer *writer;
  struct register_counts counts;
  int64_t first, last;
  struct place_row row = {.code = span_of(sample_place_code),
                          .name = span_of(sample_place_name),
                          .kind = span_of("locality")};
  done(store_begin(store, STORE_WRITE, &err), &err);
  done(setting_write(store, "place", sample_place_code, &err), &err);
  done(book_sync_pack(store, pack, &err), &err);
  done(register_writer_open(&writer, store, arena, &err), &err);
  done(register_write_place(writer, &row, &err), &err);
  done(register_writer_end(writer, &counts, &first, &last, &err), &err);
  register_writer_free(writer);
  done(store_commit(store, &err), &err);
}

static int64_t import(struct store *store, const struct pack *pack, const char *dir,
                      const struct sample_file *file) {
  struct error err = {0};
  struct arena *arena = arena_new();
  char *path = arena_printf(arena, "%s/%s", dir, file->name);
  struct import_call call = {
      .store = store,
      .pack = pack,
      .arena = arena,
      .paths = &path,
      .path_count = 1,
      .options = {.date = DAY_NONE, .who = "test", .progress = PROGRESS_NEVER}};
  struct import_result result = {0};
  done(rejects_open(&call.rejects, 0, false, &err), &err);
  enum status status = exchange_import(exchange_kind(file->kind), &call, &result, &err);
  if (rejects_count(call.rejects)) {
    int count;
    const struct reject *first = rejects_first(call.rejects, &count);
    fail_msg("%s:%llu: %s: '%s': %s", file->name, (unsigned long long)first->line, first->column,
             first->value, first->reason);
  }
  done(status, &err);
  rejects_free(call.rejects);
  int64_t posted = result.files[0].posted;
  arena_free(arena);
  return posted;
}

static void finding(void *context, const char *sentence) {
  (void)context;
  fprintf(stderr, "audit: %s\n", sentence);
}

/* ---- lines beside assessments ---- */

/* A line of money of the last year. */
struct posted {
  char person[16], category[48];
  day_t day;
  int64_t pence;
};
struct posted_lines {
  struct posted *all;
  int count, room;
};

static void read_lines(const char *dir, struct posted_lines *out) {
  char path[512], row[1024];
  snprintf(path, sizeof path, "%s/entries-2025-26.csv", dir);
  FILE *f = fopen(path, "r");
  assert_non_null(f);
  assert_non_null(fgets(row, sizeof row, f));
  while (fgets(row, sizeof row, f)) {
    struct posted line = {0};
    char day[16], amount[32];
    if (sscanf(row, "%15[^,],%15[^,],%47[^,],%31[^,],", day, line.person, line.category, amount) !=
        4)
      continue;
    assert_int_equal(day_parse(span_of(day), &line.day, NULL), DONE);
    assert_int_equal(money_parse(span_of(amount), &line.pence, NULL), DONE);
    array_reserve(out->all, out->room, out->count + 1);
    out->all[out->count++] = line;
  }
  fclose(f);
}

static int by_person(const void *a, const void *b) {
  return strcmp(((const struct posted *)a)->person, ((const struct posted *)b)->person);
}

/* What one person was posted in a category from one day to another, and how often. */
static int64_t sum_of(const struct posted_lines *lines, const char *person, const char *category,
                      day_t from, day_t to, int *count) {
  int64_t sum = 0;
  int low = 0, high = lines->count;
  while (low < high) {
    const int middle = (low + high) / 2;
    if (strcmp(lines->all[middle].person, person) < 0) low = middle + 1;
    else high = middle;
  }
  for (; low < lines->count && strcmp(lines->all[low].person, person) == 0; low++) {
    const struct posted *line = &lines->all[low];
    if (strcmp(line->category, category) != 0 || line->day < from || line->day > to) continue;
    sum += line->pence;
    (*count)++;
  }
  return sum;
}

struct lines_check {
  const struct people *people;
  const struct posted_lines *lines;
  int compared[8], exact, asked;
};

static const char *code_of(const struct people *people, int64_t id) {
  for (int i = 0; i < people->count; i++)
    if (people->all[i].id == id) return people->all[i].code;
  return "";
}

/* Of a person, or of all of the unit. */
static int64_t posted_to(const struct lines_check *c, const struct assessment *a, int64_t person,
                         const char *category, day_t from, day_t to, int *count) {
  int64_t sum = 0;
  *count = 0;
  for (int i = 0; i < a->unit_count; i++)
    if (!person || person == a->unit[i])
      sum += sum_of(c->lines, code_of(c->people, a->unit[i]), category, from, to, count);
  return sum;
}

static const struct assess_answer *answer_of(const struct assessment *a, const char *variable,
                                             int64_t person) {
  for (int i = 0; i < a->answer_count; i++)
    if (strcmp(a->answers[i].what->variable, variable) == 0 && a->answers[i].person == person)
      return &a->answers[i];
  return NULL;
}

static bool is_near(int64_t pence, double pounds, double times) {
  const double apart = (double)pence / 100 - pounds * times;
  return apart < 0.0101 * times && apart > -0.0101 * times;
}

/* Paid by the week or month: each payment in the month from the day is the assessment's amount. */
static void check_month(struct lines_check *c, const struct assessment *a, day_t from, day_t to) {
  static const char *const wanted[] = {"universal_credit", "pension_credit", "child_benefit",
                                       "housing_benefit",  "state_pension",  "carers_allowance"};
  for (int i = 0; i < a->answer_count; i++) {
    const struct assess_answer *answer = &a->answers[i];
    int count = 0;
    for (int k = 0; k < 6; k++) {
      if (strcmp(answer->what->variable, wanted[k]) != 0 || !answer->is_exact) continue;
      const int64_t sum = posted_to(c, a, answer->person, answer->what->category->code, from, to,
                                    &count);
      if (!count) continue; /* not claimed */
      if (!is_near(sum, answer->low, k == 0 ? count : 4 * count))
        fail_msg("%s of %s on %s: %d payments of together %lld pence, assessed %.2f",
                 answer->what->variable, code_of(c->people, a->unit[0]),
                 day_write(from, (char[11]){0}), count, (long long)sum, answer->low);
      c->compared[k]++;
    }
  }
}

/* Paid by the year: all of it. Whoever has no child benefit is not charged for it, and whoever did
 * not claim the reduction pays the whole council tax. */
static void check_year(struct lines_check *c, const struct assessment *a, day_t from, day_t to) {
  int has_child_benefit = 0, count = 0;
  (void)posted_to(c, a, 0, "child-benefit", from, to, &has_child_benefit);
  const struct assess_answer *children = answer_of(a, "child_benefit", 0);
  const bool charged = !children || !children->is_exact || children->low <= 0 || has_child_benefit;
  for (int i = 0; i < a->answer_count; i++) {
    const struct assess_answer *answer = &a->answers[i];
    const bool is_income_tax = strcmp(answer->what->variable, "income_tax") == 0;
    if (!answer->is_exact ||
        (!is_income_tax && strcmp(answer->what->variable, "national_insurance") != 0))
      continue;
    if (is_income_tax && !charged) continue;
    const int64_t sum = posted_to(c, a, answer->person, answer->what->category->code, from, to,
                                  &count);
    if (!is_near(sum, answer->low, 1))
      fail_msg("%s of %s: %lld pence, assessed %.2f", answer->what->variable,
               code_of(c->people, answer->person), (long long)sum, answer->low);
    c->compared[6]++;
  }
  const struct assess_answer *bill = answer_of(a, "council_tax_less_benefit", 0),
                             *less = answer_of(a, "council_tax_reduction", 0);
  const int64_t paid = posted_to(c, a, 0, "council-tax", from, to, &count);
  if (!count || !bill->is_exact || !less->is_exact) return;
  if (!is_near(paid, bill->low, 1) && !is_near(paid, bill->low + less->low, 1))
    fail_msg("council tax of %s: %lld pence, assessed %.2f less %.2f",
             code_of(c->people, a->unit[0]), (long long)paid, bill->low + less->low, less->low);
  c->compared[7]++;
}

/* Of those who live, each third: how many have every answer exactly, and how many are asked
 * something; and their lines beside it. */
static void assess_people(struct store *store, const struct pack *pack, const char *dir) {
  struct error err = {0};
  struct arena *arena = arena_new(), *one = arena_new();
  const char *packs[] = {fresh_uk_pack()};
  struct rules *rules;
  struct people *people;
  struct posted_lines lines = {0};
  /* a month from the day on which payments are worked out, and the last day of the year */
  const day_t october = day_make(2025, 10, 7), november = day_make(2025, 11, 7),
              first = day_make(2025, 4, 6), last = day_make(2026, 4, 5);
  read_lines(dir, &lines);
  array_sort(lines.all, lines.count, by_person);
  done(rules_load(arena, packs, 1, &rules, &err), &err);
  done(register_people(store, arena, &people, &err), &err);
  struct lines_check check = {.people = people, .lines = &lines};
  for (int i = 0; i < people->count; i += 3) {
    const struct person *p = &people->all[i];
    struct assess_request q = {
        .store = store, .pack = pack, .rules = rules, .person = p->id, .on = october};
    struct assessment a = {0};
    /* who is there all year; a move within it changes homes */
    if (p->died != DAY_NONE || p->born > first || p->residence_count > 1) continue;
    done(assess(one, &q, &a, &err), &err);
    int open = 0;
    for (int k = 0; k < a.answer_count; k++) open += !a.answers[k].is_exact && !a.answers[k].cannot;
    if (open && !a.question_count) fail_msg("%s: a range and no question", p->code);
    *(open ? &check.asked : &check.exact) += 1;
    check_month(&check, &a, october, november - 1);
    q.on = last;
    done(assess(one, &q, &a, &err), &err);
    check_year(&check, &a, first, last);
    arena_reset(one);
  }
  assert_true(check.asked > 0);
  assert_true(check.exact > 4 * check.asked);
  for (int k = 0; k < 8; k++)
    if (k != 5) assert_true(check.compared[k] > 0); /* few are paid for caring */
  free(lines.all);
  arena_free(one), arena_free(arena);
}

static void every_file_imports(void **state) {
  (void)state;
  struct error err = {0};
  struct arena *arena = arena_new();
  const char *dir = arena_printf(arena, "%s/place", fresh_folder()),
             *people = getenv("WEAL_SAMPLE_PEOPLE");
  struct sample_options options = {.dir = dir,
                                   .people = people ? strtoll(people, 0, 10) : 600,
                                   .seed = 1,
                                   .progress = PROGRESS_NEVER,
                                   .packs = (const char *const[]){fresh_uk_pack()},
                                   .pack_count = 1};
  struct pack *pack;
  done(pack_open(&pack, fresh_uk_pack(), &err), &err);
  options.pack = pack;
  done(sample_write(&options, &err), &err);
  struct store *store = fresh_store();
  empty_book(store, pack, arena);
  int64_t posted = 0;
  for (int i = 0; i < sample_file_count; i++) {
    int64_t rows = import(store, pack, dir, &sample_files[i]);
    if (strcmp(sample_files[i].kind, "entries") == 0) posted += rows;
  }
  assert_true(posted > 100 * options.people); /* some 47 lines a person and year */
  struct audit_options audit = {.progress = PROGRESS_NEVER, .finding = finding};
  struct audit_result result;
  done(audit_book(store, &audit, &result, &err), &err);
  assert_int_equal(result.findings, 0);
  assess_people(store, pack, dir);
  store_close(store);
  pack_close(pack);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_file_imports)};
  int failed = cmocka_run_group_tests(tests, 0, 0);
  fresh_remove();
  return failed;
}
