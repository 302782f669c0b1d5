/* YAML as nodes: what is read, where each stands, and what is refused with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "rules/yaml.h"

#include <math.h>

/* The tree as one line: `{a: [1, 'x']}`; quoted scalars in quotes. */
static void write_node(struct text *t, const struct yaml_node *node) {
  if (node->kind == YAML_SCALAR) {
    text_addf(t, node->is_quoted ? "'" SPAN_FORMAT "'" : SPAN_FORMAT, SPAN(node->text));
    return;
  }
  text_add(t, node->kind == YAML_MAP ? "{" : "[");
  for (int i = 0; i < node->count; i++) {
    if (i) text_add(t, ", ");
    if (node->kind == YAML_MAP) text_addf(t, SPAN_FORMAT ": ", SPAN(node->keys[i]->text));
    write_node(t, node->items[i]);
  }
  text_add(t, node->kind == YAML_MAP ? "}" : "]");
}

static void reads_bytes(const char *yaml, size_t size, const char *expected) {
  struct arena *arena = arena_new();
  struct error err = {0};
  struct yaml_stream stream;
  struct text t = {0};
  text_reserve(&t, 1);
  if (yaml_read(arena, span_make(yaml, size), "f.yaml", &stream, &err) == DONE) {
    for (int i = 0; i < stream.count; i++) {
      if (i) text_add(&t, " --- ");
      write_node(&t, stream.documents[i]);
    }
  } else {
    char said[900];
    assert_int_equal(err.code, REFUSED);
    error_format(&err, said, sizeof said);
    text_add(&t, said);
  }
  assert_string_equal(t.bytes ? t.bytes : "", expected);
  text_release(&t);
  arena_free(arena);
}

static void reads(const char *yaml, const char *expected) {
  reads_bytes(yaml, strlen(yaml), expected);
}

static void reads_what_is_written(void **state) {
  (void)state;
  reads("", "");
  reads("# only a comment\n", "");
  reads("a: 1\nb: [x, 'y', \"z\"]\n", "{a: 1, b: [x, 'y', 'z']}");
  reads("- a: 1\n  b:\n- c\n", "[{a: 1, b: }, c]");
  /* a bracket may close left of what holds it */
  reads("a:\n  b: [\n    x,\n    y\n  ]\n  c: {\n  d: 1}\ne: 2\n",
        "{a: {b: [x, y], c: {d: 1}}, e: 2}");
  reads("a: 1\n---\nb: 2\n...\n", "{a: 1} --- {b: 2}");
  reads("2025-04-06: 10_600\n", "{2025-04-06: 10_600}");
  reads("a: |\n  two\n  lines\n", "{a: 'two\nlines\n'}");
  reads("a: &x [1, 2]\nb: *x\n", "{a: [1, 2], b: [1, 2]}");
  reads("a: !!str 12\n", "{a: '12'}");
  reads("\xef\xbb\xbf"
        "a: 1\n",
        "{a: 1}");
  reads("z: 1\na: 2\nm: 3\n", "{z: 1, a: 2, m: 3}");
  reads("a: 1\r\nb: 2\r\n", "{a: 1, b: 2}");
}

static void names_the_place_of_a_fault(void **state) {
  (void)state;
  reads("a: 1\nb: 2\na: 3\n", "f.yaml:3: column 1: 'a' is there already; each key stands once");
  reads("? [1]\n: 2\n",
        "f.yaml:1: column 3: a key here is a list or a map; write a word, a number or a day");
  reads("a: *b\n", "f.yaml:1: column 4: '*b' names an anchor that is not there; write '&' and the "
                   "name before the value");
  reads("a: &a\n  - *a\n", "f.yaml:2: column 5: '*a' stands within what it names, so it has no "
                           "end; write the value out");
  reads("a: &x {b: 1}\nc:\n  <<: *x\n",
        "f.yaml:3: column 3: '<<' merges are not read; write the keys out");
  reads("a: 1\nb: \xff\n", "f.yaml:2: this line is not UTF-8; save the file as UTF-8");
}

/* The library's words may change with its version: only the place and the beginning are ours. */
static void names_the_place_of_malformed_yaml(void **state) {
  (void)state;
  static const struct {
    const char *yaml;
    uint64_t line;
  } all[] = {
      {"a: [1, 2\n", 2}, {"a: 1\n b: 2\n", 2}, {"a: 'x\n", 2}, {"\ta: 1\n", 1}, {"a: }\n", 1}};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    struct arena *arena = arena_new();
    struct error err = {0};
    struct yaml_stream stream;
    assert_int_equal(yaml_read(arena, span_of(all[i].yaml), "f.yaml", &stream, &err), REFUSED);
    assert_int_equal(strncmp(err.message, "this is not YAML: ", 18), 0);
    assert_true(err.line >= 1 && err.line <= all[i].line);
    assert_int_equal(strncmp(err.column, "column ", 7), 0);
    arena_free(arena);
  }
}

static void refused_with(const char *bytes, size_t size, const char *message) {
  struct arena *arena = arena_new();
  struct error err = {0};
  struct yaml_stream stream;
  assert_int_equal(yaml_read(arena, span_make(bytes, size), "f.yaml", &stream, &err), REFUSED);
  assert_non_null(strstr(err.message, message));
  assert_string_equal(err.file, "f.yaml");
  arena_free(arena);
}

static void holds_its_limits(void **state) {
  (void)state;
  struct text t = {0};
  for (int i = 0; i <= LIMIT_YAML_DEPTH; i++) text_add(&t, "[");
  refused_with(t.bytes, t.size, "deep within one another");
  text_clear(&t);
  for (int i = 0; i < LIMIT_YAML_NODES + 2; i++) text_add(&t, "-\n");
  refused_with(t.bytes, t.size, "comes to more than 500000 values");
  text_clear(&t);
  for (int i = 0; i <= LIMIT_YAML_BYTES / 2; i++) text_add(&t, "#\n");
  refused_with(t.bytes, t.size, "more than 4 MB");
  text_clear(&t);
  /* nine lists of nine aliases each: 9^9 values in 400 bytes */
  text_add(&t, "a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
  for (int i = 1; i < 9; i++) {
    text_addf(&t, "a%d: &a%d [", i, i);
    for (int k = 0; k < 9; k++) text_addf(&t, "%s*a%d", k ? "," : "", i - 1);
    text_add(&t, "]\n");
  }
  refused_with(t.bytes, t.size, "each alias counted as all that it stands for");
  text_release(&t);
}

static void a_large_map_still_has_each_key_once(void **state) {
  (void)state;
  struct text t = {0};
  for (int i = 0; i < 40; i++) text_addf(&t, "k%d: %d\n", i, i);
  struct arena *arena = arena_new();
  struct error err = {0};
  struct yaml_stream stream;
  assert_int_equal(yaml_read(arena, span_of(t.bytes), "f.yaml", &stream, &err), DONE);
  assert_string_equal(yaml_text(yaml_get(stream.documents[0], "k39")), "39");
  assert_int_equal(yaml_get(stream.documents[0], "k39")->line, 40);
  assert_int_equal(yaml_get(stream.documents[0], "k39")->column, 6);
  text_add(&t, "k3: again\n");
  refused_with(t.bytes, t.size, "'k3' is there already");
  text_release(&t);
  arena_free(arena);
}

static void scalars_say_what_they_are(void **state) {
  (void)state;
  static const struct {
    const char *text;
    bool is_number;
    double number;
  } all[] = {
      {"12", true, 12},    {"-1.5", true, -1.5},     {"10_600", true, 10600},
      {"1e6", true, 1e6},  {".5", true, .5},         {"5.", true, 5},
      {"+3", true, 3},     {"1.2e-3", true, 1.2e-3}, {"0", true, 0},
      {"0.0", true, 0},    {"012", false, 0},        {"1__0", false, 0},
      {"_1", false, 0},    {"1_", false, 0},         {"", false, 0},
      {"-", false, 0},     {"1e", false, 0},         {"1e999", false, 0},
      {"0x10", false, 0},  {"nan", false, 0},        {"2025-04-06", false, 0},
      {"1,000", false, 0}, {"1 ", false, 0},         {"inf", false, 0},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    double number = 0;
    assert_int_equal(yaml_number(span_of(all[i].text), &number), all[i].is_number);
    if (all[i].is_number) assert_true(number == all[i].number);
  }
  double number;
  assert_true(yaml_number(span_of(".inf"), &number) && isinf(number) && number > 0);
  assert_true(yaml_number(span_of("-.inf"), &number) && isinf(number) && number < 0);

  struct arena *arena = arena_new();
  struct error err = {0};
  struct yaml_stream s;
  const char *yaml = "[yes, 'yes', Off, ~, '', 2025-04-06, '2025-02-29', 0000-01-01, '12', null]";
  assert_int_equal(yaml_read(arena, span_of(yaml), "f.yaml", &s, &err), DONE);
  const struct yaml_node *const *n = s.documents[0]->items;
  bool truth;
  day_t day;
  assert_true(yaml_as_bool(n[0], &truth) && truth);
  assert_false(yaml_as_bool(n[1], &truth));
  assert_true(yaml_as_bool(n[2], &truth) && !truth);
  assert_true(yaml_is_null(n[3]) && !yaml_is_null(n[4]) && yaml_is_null(n[9]));
  assert_true(yaml_as_day(n[5], &day) && day == day_make(2025, 4, 6));
  assert_false(yaml_as_day(n[6], &day));
  assert_true(yaml_as_day(n[7], &day) && day == DAY_FIRST);
  assert_false(yaml_as_number(n[8], &number));
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_what_is_written),
      cmocka_unit_test(names_the_place_of_a_fault),
      cmocka_unit_test(names_the_place_of_malformed_yaml),
      cmocka_unit_test(holds_its_limits),
      cmocka_unit_test(a_large_map_still_has_each_key_once),
      cmocka_unit_test(scalars_say_what_they_are),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
