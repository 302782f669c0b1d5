/* The sample place's files go into a book as they are: no row refused, and the audit finds
 * nothing. Most of its people have told enough to be assessed exactly, and some have not. */
#include "fresh.h"
#include "assess/assess.h"
#include "base/arena.h"
#include "book/audit.h"
#include "book/book.h"
#include "book/pack_rows.h"
#include "exchange/exchange.h"
#include "register/register.h"
#include "sample/sample.h"
#include "store/setting.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

/* Of those who live: how many have every answer exactly, and how many are asked something. */
static void assess_people(struct store *store, const struct pack *pack, int *exact, int *asked) {
  struct error err = {0};
  struct arena *arena = arena_new(), *one = arena_new();
  const char *packs[] = {fresh_uk_pack()};
  struct rules *rules;
  struct people *people;
  const day_t on = day_make(2026, 1, 12);
  *exact = *asked = 0;
  done(rules_load(arena, packs, 1, &rules, &err), &err);
  done(register_people(store, arena, &people, &err), &err);
  for (int i = 0; i < people->count; i += 3) {
    const struct person *p = &people->all[i];
    struct assess_request q = {
        .store = store, .pack = pack, .rules = rules, .person = p->id, .on = on};
    struct assessment out = {0};
    if ((p->died != DAY_NONE && p->died < on) || p->born > on) continue;
    done(assess(one, &q, &out, &err), &err);
    int open = 0;
    for (int k = 0; k < out.answer_count; k++) open += !out.answers[k].is_exact;
    if (open && !out.question_count) fail_msg("%s: a range and no question", p->code);
    *(open ? asked : exact) += 1;
    arena_reset(one);
  }
  arena_free(one), arena_free(arena);
}

static void every_file_imports(void **state) {
  (void)state;
  struct error err = {0};
  struct arena *arena = arena_new();
  const char *dir = arena_printf(arena, "%s/place", fresh_folder()),
             *people = getenv("WEAL_SAMPLE_PEOPLE");
  struct sample_options options = {.dir = dir,
                                   .people = people ? strtoll(people, 0, 10) : 400,
                                   .seed = 1,
                                   .progress = PROGRESS_NEVER};
  done(sample_write(&options, &err), &err);
  struct pack *pack;
  done(pack_open(&pack, fresh_uk_pack(), &err), &err);
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
  int exact, asked;
  assess_people(store, pack, &exact, &asked);
  assert_true(asked > 0);
  assert_true(exact > 4 * asked);
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
