/* Verifying: files that an older program signed pass, no byte of them can be changed, and the work
 * is proportional to the file, even a hostile one. tests/proof has altered statements and forged
 * PDFs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "proof/keys.h"
#include "attest/verify_parts.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- files that were signed once (tests/data/before) ---- */

static const char *path_of(struct arena *arena, const char *name) {
  const char *root = getenv("WEAL_SOURCE_ROOT");
  return arena_printf(arena, "%s/tests/data/before/schema-3/sqlite/%s", root ? root : ".", name);
}

static struct span file_of(struct arena *arena, const char *name) {
  FILE *file = fopen(path_of(arena, name), "rb");
  struct text t = {0};
  assert_non_null(file);
  for (int c; (c = getc(file)) != EOF;) text_add_char(&t, (char)c);
  fclose(file);
  struct span out = span_make(arena_copy(arena, t.bytes, t.size), t.size);
  text_release(&t);
  return out;
}

static struct verify_options by_key(struct arena *arena) {
  struct verify_options options = {0};
  struct verifier *verifiers = NULL;
  assert_int_equal(verifiers_read(path_of(arena, "weal.vkey"), arena, &verifiers,
                                  &options.verifier_count, NULL),
                   DONE);
  options.verifiers = verifiers;
  return options;
}

static const struct {
  const char *name;
  enum verified_kind kind;
  bool pages;
  const char *person;
} kept[] = {
    {"statements/P01.json", VERIFIED_STATEMENT, false, "P01"},
    {"statements/P03.json", VERIFIED_STATEMENT, false, "P03"},
    {"statements/P01.pdf", VERIFIED_STATEMENT, true, "P01"},
    {"statements/P03-cy.pdf", VERIFIED_STATEMENT, true, "P03"},
    {"statements/P01-line.json", VERIFIED_LINE, false, NULL},
    {"since-head-1.json", VERIFIED_CONSISTENCY, false, NULL},
};
enum { KEPT = sizeof kept / sizeof *kept };

static void files_signed_by_an_older_program_pass(void **state) {
  struct arena *arena = arena_new();
  struct verify_options options = by_key(arena);
  (void)state;
  for (int i = 0; i < KEPT; i++) {
    struct verify_result result;
    struct error err = {0};
    if (verify_bytes(file_of(arena, kept[i].name), &options, arena, &result, &err) != DONE)
      fail_msg("%s: %s", kept[i].name, err.message);
    assert_int_equal(result.kind, kept[i].kind);
    assert_int_equal(result.pages, kept[i].pages);
    assert_true(result.signer_checked);
    if (kept[i].person) assert_string_equal(result.person, kept[i].person);
  }
  arena_free(arena);
}

/* White space between tokens may be another white space in JSON that stands by itself; these files
 * have only the last line end. */
static bool is_free(struct span file, size_t at, char byte) {
  return file.bytes[0] == '{' && at == file.size - 1 && file.bytes[at] == '\n' &&
         (byte == ' ' || byte == '\r');
}

/* Every byte is changed in the plain build; with sanitizers, which take ten times as long, one in
 * seven is. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BYTES_APART 7
#endif
#endif
#ifndef BYTES_APART
#define BYTES_APART 1
#endif

/* Changes one bit of each byte, and puts a space in its place. In a PDF, whose pages are one
 * digest, every thirteenth byte, and every third of the attachment. */
static void no_byte_can_be_changed(void **state) {
  (void)state;
  for (int i = 0; i < KEPT; i++) {
    struct arena *arena = arena_new(), *scratch = arena_new();
    struct verify_options options = by_key(arena);
    struct span file = file_of(arena, kept[i].name);
    char *bytes = arena_copy(arena, file.bytes, file.size);
    const char *inside = kept[i].pages ? memmem(file.bytes, file.size, "<</Type/EmbeddedFile", 20)
                                       : file.bytes;
    size_t attached = (size_t)(inside - file.bytes);
    for (size_t at = 0; at < file.size; at += BYTES_APART * (!kept[i].pages  ? 1
                                                             : at < attached ? 13
                                                                             : 3)) {
      char was = file.bytes[at], others[] = {(char)(was ^ 1 << at % 8), ' '};
      for (size_t k = 0; k < sizeof others; k++) {
        struct verify_result result;
        struct error err = {0};
        if (others[k] == was) continue;
        bytes[at] = others[k];
        enum status status = verify_bytes(span_make(bytes, file.size), &options, scratch, &result,
                                          &err);
        if (status != (is_free(file, at, others[k]) ? DONE : REFUSED))
          fail_msg("%s: byte %zu is %02x: %s", kept[i].name, at, (unsigned)(uint8_t)others[k],
                   err.message);
        assert_true(status == DONE || err.message[0]);
        arena_reset(scratch);
      }
      bytes[at] = was;
    }
    arena_free(scratch);
    arena_free(arena);
  }
}

static void no_byte_can_be_missing_or_more(void **state) {
  (void)state;
  for (int i = 0; i < KEPT; i++) {
    struct arena *arena = arena_new();
    struct verify_options options = by_key(arena);
    struct span file = file_of(arena, kept[i].name);
    struct verify_result result;
    struct error err = {0};
    char *bytes = arena_copy(arena, file.bytes, file.size);
    for (size_t at = 0; at + 2 < file.size; at += 1 + file.size / 300) {
      /* cut short */
      assert_int_equal(verify_bytes(span_make(file.bytes, at), &options, arena, &result, &err),
                       REFUSED);
      /* one byte left out */
      memcpy(bytes, file.bytes, at);
      memcpy(bytes + at, file.bytes + at + 1, file.size - at - 1);
      assert_int_equal(
          verify_bytes(span_make(bytes, file.size - 1), &options, arena, &result, &err), REFUSED);
    }
    arena_free(arena);
  }
}

/* ---- work ---- */

/* A statement of n rows, n rows of `not_counted` and 2 n lines, which agree. The texts live in the
 * arena. */
static json_t *statement_of(struct arena *arena, int n, struct seen_line **lines) {
  json_t *rows = json_array(), *aside = json_array();
  *lines = arena_array(arena, struct seen_line, (size_t)(2 * n));
  for (int i = 0; i < n; i++) {
    const char *code = arena_printf(arena, "category-%d", i * 7919 % n);
    json_array_append_new(rows, json_pack("{s:s, s:i, s:i}", "category", code, "amount", -i,
                                          "entries", 1));
    json_array_append_new(aside, json_pack("{s:i, s:i}", "account", 2 + i, "entries", 1));
    (*lines)[i] = (struct seen_line){.entry = i + 1,
                                     .line_no = 1,
                                     .account = 1,
                                     .amount = i,
                                     .unit = span_of("pence"),
                                     .category = span_of(code)};
    (*lines)[n + i] = (struct seen_line){.entry = n + i + 1,
                                         .line_no = 1,
                                         .account = 2 + (n - i - 1),
                                         .unit = span_of("pence"),
                                         .category = span_of("a")};
  }
  return json_pack("{s:{s:i, s:o}, s:{s:i, s:[]}, s:{s:i, s:{s:i, s:[]}, s:{s:i, s:[]}}, s:{s:i, "
                   "s:i, s:[]}, s:o}",
                   "paid", "total", -(n * (n - 1) / 2), "lines", rows, "employer", "total", 0,
                   "lines", "received", "total", 0, "cash", "total", 0, "lines", "services",
                   "total", 0, "lines", "given", "minutes", 0, "value", 0, "lines", "not_counted",
                   aside);
}

static uint64_t steps_of(int n) {
  struct arena *arena = arena_new();
  struct seen_line *lines = NULL;
  struct error err = {0};
  struct verified_sums found = {0};
  json_t *root = statement_of(arena, n, &lines);
  assert_non_null(root);
  if (verify_sums(root, lines, (size_t)(2 * n), &found, &err) != DONE) fail_msg("%s", err.message);
  json_decref(root);
  arena_free(arena);
  return found.steps;
}

/* Twice the rows and lines are twice the work and one more halving of each search. */
static void work_grows_with_the_file(void **state) {
  (void)state;
  for (int n = 500; n <= 16000; n *= 2) {
    uint64_t once = steps_of(n), twice = steps_of(2 * n);
    if (twice * 10 > once * 23)
      fail_msg("%d rows take %llu steps, %d take %llu", n, (unsigned long long)once, 2 * n,
               (unsigned long long)twice);
  }
}

static void more_than_a_person_can_have_is_refused(void **state) {
  struct text t = {0};
  struct error err = {0};
  json_t *value = NULL;
  (void)state;
  text_add(&t, "[0");
  for (int i = 0; i < LIMIT_JSON_VALUES; i++) text_add(&t, ",0");
  text_add(&t, "]");
  assert_int_equal(canonical_read(span_make(t.bytes, t.size), &value, &err), REFUSED);
  assert_non_null(strstr(err.message, "more values than any file of ours"));
  text_release(&t);

  struct arena *arena = arena_new();
  struct seen_line *lines = NULL;
  struct verified_sums found = {0};
  json_t *root = statement_of(arena, 10, &lines),
         *rows = json_object_get(json_object_get(root, "paid"), "lines");
  for (int i = 0; i < LIMIT_PROOF_ROWS; i++) json_array_append(rows, json_array_get(rows, 0));
  err = (struct error){0};
  assert_int_equal(verify_sums(root, lines, 20, &found, &err), REFUSED);
  assert_non_null(strstr(err.message, "rows"));
  json_decref(root);
  arena_free(arena);
}

/* ---- figures too large to be shown ---- */

/* of ten billion pounds each: the sum of 901 is too large to be shown, so two rows can have such
 * sums */
enum { MOST_LINES = 1802 };

/* Builds a statement with rows of `services`, its total and the total of `received`, each with a
 * figure or null; `large` lines of the largest amount. Rows of services may come twice. */
static void check_null(int large, const char *rows, const char *services, const char *received,
                       const char *wanted) {
  struct arena *arena = arena_new();
  struct error err = {0};
  struct verified_sums found = {0};
  struct seen_line *lines = arena_array(arena, struct seen_line, MOST_LINES);
  for (int i = 0; i < large; i++)
    lines[i] = (struct seen_line){.entry = i + 1,
                                  .line_no = 1,
                                  .account = 1,
                                  .amount = LIMIT_LINE,
                                  .unit = span_of("pence"),
                                  .category = span_of("a")};
  const char *text =
      arena_printf(arena,
                   "{\"paid\":{\"total\":0,\"lines\":[]},\"employer\":{\"total\":0,\"lines\":[]},"
                   "\"given\":{\"minutes\":0,\"value\":0,\"lines\":[]},"
                   "\"received\":{\"total\":%s,\"cash\":{\"total\":0,\"lines\":[]},\"services\":{"
                   "\"total\":%s,\"lines\":[%s]}}}",
                   received, services, rows);
  json_t *root = json_loads(text, 0, NULL);
  assert_non_null(root);
  enum status status = verify_sums(root, lines, (size_t)large, &found, &err);
  if (!wanted && status != DONE) fail_msg("%s: %s", text, err.message);
  if (wanted && (status != REFUSED || !strstr(err.message, wanted)))
    fail_msg("%s: %d %s, not %s", text, status, err.message, wanted);
  if (!wanted) assert_int_equal(found.parts[VERIFIED_RECEIVED].lost, strstr(text, "null") != NULL);
  json_decref(root);
  arena_free(arena);
}

#define ROW(amount, entries) "{\"category\":\"a\",\"amount\":" amount ",\"entries\":" entries "}"

static void a_figure_is_null_only_where_its_lines_make_it_too_large(void **state) {
  (void)state;
  check_null(900, ROW("9000000000000000", "900"), "9000000000000000", "9000000000000000", NULL);
  check_null(901, ROW("null", "901"), "null", "null", NULL);
  check_null(900, ROW("null", "900"), "9000000000000000", "9000000000000000",
             "services, 'a': the statement says an amount too large to be shown, and its lines "
             "make £90,000,000,000,000.00");
  check_null(900, ROW("9000000000000000", "900"), "null", "9000000000000000",
             "services: the statement says a total too large to be shown");
  check_null(900, ROW("9000000000000000", "900"), "9000000000000000", "null",
             "received: the statement says a total too large to be shown");
  check_null(901, ROW("9007199254740991", "901"), "null", "null",
             "its lines make more than can be shown");
  check_null(901, ROW("null", "901"), "9007199254740991", "null",
             "services: the statement says a total of £90,071,992,547,409.91");
  check_null(901, ROW("null", "901"), "null", "0", "received: the statement says a total of £0.00");
  check_null(901, ROW("null", "901"), "null", "\"0\"", "whole number");
  /* Two rows of one category: the rest after one must be too large for the other, and two nulls
   * need lines for two such sums. */
  check_null(901, ROW("null", "900") "," ROW("0", "1"), "null", "null", NULL);
  check_null(901, ROW("null", "900") "," ROW("10000000000000", "1"), "null", "null",
             "an amount too large to be shown");
  check_null(901, ROW("null", "900") "," ROW("null", "1"), "null", "null",
             "an amount too large to be shown");
  check_null(1802, ROW("null", "901") "," ROW("null", "901"), "null", "null", NULL);
}

/* Holdings: the closing figure is the opening figure plus the lines; the opening figure is as
 * sealed. */
static void a_holding_is_null_only_where_it_is_too_large(void **state) {
  static const struct {
    const char *opening, *closing;
    bool passes;
  } rows[] = {{"0", "10000000000000", true},
              {"9000000000000000", "null", true},
              {"null", "-9000000000000000", true},
              {"null", "null", true},
              {"0", "null", false},
              {"null", "10000000000000", false},
              {"9000000000000000", "9007199254740991", false}};
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct arena *arena = arena_new();
    struct error err = {0};
    struct verified_sums found = {0};
    struct seen_line *lines = NULL;
    const struct seen_line line = {.entry = 1,
                                   .line_no = 1,
                                   .account = 1,
                                   .amount = LIMIT_LINE,
                                   .unit = span_of("shares"),
                                   .category = span_of("a")};
    json_t *root = statement_of(arena, 1, &lines);
    json_object_del(root, "not_counted");
    json_object_set_new(root, "paid", json_loads("{\"total\":0,\"lines\":[]}", 0, NULL));
    json_object_set_new(
        root, "holdings",
        json_loads(arena_printf(arena,
                                "[{\"unit\":\"shares\",\"scale\":3,\"opening\":%s,\"closing\":%s}]",
                                rows[i].opening, rows[i].closing),
                   0, NULL));
    enum status status = verify_sums(root, &line, 1, &found, &err);
    if (status != (rows[i].passes ? DONE : REFUSED))
      fail_msg("%s to %s: %d %s", rows[i].opening, rows[i].closing, status, err.message);
    json_decref(root);
    arena_free(arena);
  }
}

/* ---- not counted ---- */

static void not_counted_names_each_once(void **state) {
  static const struct {
    const char *row;
    const char *wanted;
  } rows[] = {
      {"{\"account\":2,\"entries\":0}", "twice"},
      {"{\"account\":0,\"entries\":0}", "no account"},
      {"{\"account\":-1,\"entries\":0}", "no account"},
      {"{\"account\":\"2\",\"entries\":0}", "whole number"},
      {"{\"category\":7,\"entries\":0}", "a text"},
      {"{\"category\":\"b\"}", "lacks"},
      {"{\"category\":\"b\",\"entries\":1}", "does not say how many"},
      {"{\"category\":\"b\",\"entries\":-1}", "does not say how many"},
      {"[]", "lacks"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct arena *arena = arena_new();
    struct seen_line *lines = NULL;
    struct error err = {0};
    struct verified_sums found = {0};
    json_t *root = statement_of(arena, 10, &lines);
    json_array_append_new(json_object_get(root, "not_counted"), json_loads(rows[i].row, 0, NULL));
    assert_int_equal(verify_sums(root, lines, 20, &found, &err), REFUSED);
    if (!strstr(err.message, rows[i].wanted)) fail_msg("%s: %s", rows[i].row, err.message);
    json_decref(root);
    arena_free(arena);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(files_signed_by_an_older_program_pass),
      cmocka_unit_test(no_byte_can_be_changed),
      cmocka_unit_test(no_byte_can_be_missing_or_more),
      cmocka_unit_test(work_grows_with_the_file),
      cmocka_unit_test(more_than_a_person_can_have_is_refused),
      cmocka_unit_test(a_figure_is_null_only_where_its_lines_make_it_too_large),
      cmocka_unit_test(a_holding_is_null_only_where_it_is_too_large),
      cmocka_unit_test(not_counted_names_each_once),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
