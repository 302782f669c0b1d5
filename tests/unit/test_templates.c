/* Templates: the language is that of the mustache/spec repository (its own tests,
 * tests/data/mustache), and no value can break out of its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/asset.h"
#include "web/template.h"

#include <jansson.h>
#include <zlib.h>

extern const struct template *const spec_templates[];
extern const struct template *const place_templates[];

static struct arena *arena;
static struct text out;

static int set_up(void **state) {
  (void)state;
  arena = arena_new();
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  arena_free(arena);
  text_release(&out);
  return 0;
}

static const struct template *named(const struct template *const *list, const char *name) {
  for (; *list; list++)
    if (strcmp((*list)->name, name) == 0) return *list;
  fail_msg("no template %s", name);
  return NULL;
}

static const char *rendered(const struct template *t, const struct view *v) {
  text_clear(&out);
  text_add(&out, "");
  template_render(t, v, &out);
  text_add_char(&out, 0);
  return out.bytes;
}

/* ---- the language ---- */

static void fill(struct view *v, const char *name, const json_t *json);

static void fill_object(struct view *v, const json_t *json) {
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)json, key, value) fill(v, key, value);
}

static void fill(struct view *v, const char *name, const json_t *json) {
  size_t i;
  json_t *item;
  struct view *list;
  switch (json_typeof(json)) {
  case JSON_NULL: view_text(v, name, NULL); return;
  case JSON_TRUE:
  case JSON_FALSE: view_flag(v, name, json_is_true(json)); return;
  case JSON_STRING: view_add(v, name, VIEW_TEXT)->text = span_of(json_string_value(json)); return;
  case JSON_INTEGER:
    view_add(v, name, VIEW_TEXT)->text =
        span_of(arena_printf(arena, "%lld", (long long)json_integer_value(json)));
    return;
  case JSON_REAL:
    view_add(v, name, VIEW_TEXT)->text = span_of(arena_printf(arena, "%g", json_real_value(json)));
    return;
  case JSON_OBJECT: fill_object(view_add(v, name, VIEW_OBJECT), json); return;
  case JSON_ARRAY:
    list = view_add(v, name, VIEW_LIST);
    json_array_foreach(json, i, item) fill(list, NULL, item);
    return;
  }
}

static void follows_the_mustache_specification(void **state) {
  (void)state;
  static const char *const files[] = {"comments", "delimiters", "interpolation",
                                      "inverted", "partials",   "sections"};
  int tests = 0, wrong = 0;
  for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
    json_error_t error;
    json_t *file = json_load_file(arena_printf(arena, "%s/tests/data/mustache/%s.json",
                                               getenv("WEAL_SOURCE_ROOT"), files[f]),
                                  0, &error),
           *test;
    size_t i;
    assert_non_null(file);
    json_array_foreach(json_object_get(file, "tests"), i, test) {
      const char *name = arena_printf(arena, "%s/%s", files[f],
                                      json_string_value(json_object_get(test, "name")));
      const json_t *data = json_object_get(test, "data");
      struct view *v = view_new(arena, ENGLISH);
      if (json_is_object(data)) {
        fill_object(v, data);
      } else { /* the whole context is one value: {{.}} */
        fill(v, NULL, data);
        v = v->first;
      }
      const char *expected = json_string_value(json_object_get(test, "expected")),
                 *found = rendered(named(spec_templates, name), v);
      tests++;
      if (strcmp(expected, found) == 0) continue;
      wrong++;
      print_error("%s: expected\n%s\nfound\n%s\n", name, expected, found);
    }
    json_decref(file);
  }
  print_message("%d tests of the specification\n", tests);
  assert_int_equal(wrong, 0);
  assert_true(tests > 120);
}

/* ---- values in every place ---- */

static const char *places(const char *hostile, enum language language) {
  struct view *v = view_new(arena, language);
  view_text(v, "x", hostile);
  view_html(v, "html", span_of("<b>\"ours\"</b>"));
  view_text(view_object(v, "who"), "name", "<Ann>");
  view_flag(v, "on", true);
  return rendered(named(place_templates, "places"), v);
}

static void a_value_is_escaped_for_its_place(void **state) {
  (void)state;
  assert_string_equal(
      places("\"><script>'&", ENGLISH),
      "<p>&quot;&gt;&lt;script&gt;&#39;&amp;</p><p title=\"a &quot;&gt;&lt;script&gt;&#39;&amp; "
      "b\"><b>\"ours\"</b></p><title>&lt;b&gt;&quot;ours&quot;&lt;/b&gt;</title><textarea>\n"
      "&quot;&gt;&lt;script&gt;&#39;&amp;</textarea><a href=\"#\">1</a><a "
      "href=\"/p/%22%3E%3Cscript%3E%27%26?q=%22%3E%3Cscript%3E%27%26#%22%3E%3Cscript%3E%27%26\">2</"
      "a>"
      "<img src=\"#\" alt=\"&lt;b&gt;&quot;ours&quot;&lt;/b&gt;\"><a href=\"/account\" "
      "title=\"/account\">Hello &quot;&gt;&lt;script&gt;&#39;&amp; &amp; &lt;Ann&gt;</a>"
      "<p title=\"Hello &quot;&gt;&lt;script&gt;&#39;&amp;\" hidden></p>\n"
      "<form action=\"#\"><button formaction=\"/go\"></button></form><link href=\"#\" "
      "rel=\"a\">\n");
}

static void a_path_gets_the_language_prefix(void **state) {
  (void)state;
  const char *found = places("/x", WELSH);
  assert_non_null(
      strstr(found, "<a href=\"/x\">1</a><a href=\"/cy/p/%2Fx?q=%2Fx#%2Fx\">2</a><img src=\"/x\""));
  assert_non_null(strstr(found, "<a href=\"/cy/account\" title=\"/account\">"));
  assert_non_null(strstr(found, "formaction=\"/cy/go\""));
}

static void an_address_with_an_unsafe_scheme_is_replaced(void **state) {
  (void)state;
  static const char *const refused[] = {"javascript:alert(1)",
                                        "JaVaScRiPt:x",
                                        " javascript:x",
                                        "java\tscript:x",
                                        "data:text/html,x",
                                        "//evil.example",
                                        "/\\evil.example",
                                        "\\\\evil.example",
                                        "/\t/evil.example",
                                        "vbscript:x",
                                        "account",
                                        "ftp://x",
                                        "http:/x",
                                        "/a b",
                                        "/a\nb",
                                        "&#106;avascript:x"};
  static const char *const anywhere[] = {"https://example.org/?a=1&b", "HTTP://x",
                                         "mailto:a@example.org"},
                           *const ours[] = {"/", "/account?year=2025-26", "?page=2", "#main", ""};
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
    assert_non_null(strstr(places(refused[i], ENGLISH), "<a href=\"#\">1</a>"));
  for (size_t i = 0; i < sizeof anywhere / sizeof *anywhere; i++) {
    const char *found = places(anywhere[i], ENGLISH);
    assert_null(strstr(found, "<a href=\"#\">1</a>"));
    assert_non_null(strstr(found, "<img src=\"#\""));
    assert_non_null(strstr(found, "<link href=\"#\""));
  }
  for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
    const char *found = places(ours[i], ENGLISH);
    assert_non_null(strstr(found, arena_printf(arena, "<a href=\"%s\">1</a>", ours[i])));
    assert_non_null(strstr(found, arena_printf(arena, "<img src=\"%s\"", ours[i])));
  }
  assert_non_null(strstr(places("..", ENGLISH), "href=\"/p/?q=#\"")); /* not a step of a path */
}

/* ---- views ---- */

static void an_absent_name_hides_the_outer_one(void **state) {
  (void)state;
  struct view *v = view_new(arena, ENGLISH), *layer = view_over(arena, v);
  view_text(v, "x", "page");
  view_text(v, "y", "page");
  assert_non_null(strstr(rendered(named(place_templates, "places"), layer), "<p>page</p>"));
  view_text(layer, "x", NULL);
  const char *found = rendered(named(place_templates, "places"), layer);
  assert_non_null(strstr(found, "<p></p>"));
  assert_non_null(strstr(found, "/go\">page</button>"));
}

static void every_template_of_the_portal_renders_in_both_languages(void **state) {
  (void)state;
  int count = 0;
  for (const struct template *const *t = templates; *t; t++, count++)
    for (enum language l = ENGLISH; l <= WELSH; l++)
      assert_null(strstr(rendered(*t, view_new(arena, l)), "{{"));
  assert_true(count > 15);
  assert_non_null(template_find("layout"));
  assert_null(template_find("../layout"));
}

/* ---- assets ---- */

static void an_asset_is_found_under_its_hash_only(void **state) {
  (void)state;
  struct asset asset;
  const char *url = asset_url("portal.css");
  assert_int_equal(strlen(url), strlen("/assets/portal.0123456789abcdef.css"));
  assert_ptr_equal(url, asset_url("portal.css"));
  assert_true(asset_find(span_of(url), &asset));
  assert_string_equal(asset.type, "text/css; charset=utf-8");
  assert_true(asset.packed.size > 0 && asset.packed.size < asset.bytes.size);
  unsigned char *whole = memory_alloc(asset.bytes.size);
  z_stream z = {.next_in = (unsigned char *)(uintptr_t)asset.packed.bytes,
                .avail_in = (unsigned)asset.packed.size,
                .next_out = whole,
                .avail_out = (unsigned)asset.bytes.size};
  assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
  assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
  assert_int_equal(z.total_out, asset.bytes.size);
  assert_memory_equal(whole, asset.bytes.bytes, asset.bytes.size);
  inflateEnd(&z);
  free(whole);
  static const char *const none[] = {"/assets/portal.css",
                                     "/assets/portal.0000000000000000.css",
                                     "/assets/",
                                     "portal.css",
                                     "/assets/../portal.css",
                                     ""};
  for (size_t i = 0; i < sizeof none / sizeof *none; i++)
    assert_false(asset_find(span_of(none[i]), &asset));
}

static void style_sheets_are_small_and_load_nothing(void **state) {
  (void)state;
  struct asset govuk, portal;
  assert_true(asset_find(span_of(asset_url("govuk.css")), &govuk) &&
              asset_find(span_of(asset_url("portal.css")), &portal));
  print_message("style sheets: %zu bytes, %zu packed\n", govuk.bytes.size + portal.bytes.size,
                govuk.packed.size + portal.packed.size);
  assert_true(govuk.packed.size + portal.packed.size < 20000);
  assert_null(strstr(govuk.bytes.bytes, "url("));
  assert_null(strstr(portal.bytes.bytes, "url("));
  assert_null(strstr(govuk.bytes.bytes, "GDS Transport"));
  assert_null(strstr(govuk.bytes.bytes, "crown"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(follows_the_mustache_specification, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_value_is_escaped_for_its_place, set_up, tear_down),
      cmocka_unit_test_setup_teardown(a_path_gets_the_language_prefix, set_up, tear_down),
      cmocka_unit_test_setup_teardown(an_address_with_an_unsafe_scheme_is_replaced, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(an_absent_name_hides_the_outer_one, set_up, tear_down),
      cmocka_unit_test(an_asset_is_found_under_its_hash_only),
      cmocka_unit_test(style_sheets_are_small_and_load_nothing),
      cmocka_unit_test_setup_teardown(every_template_of_the_portal_renders_in_both_languages,
                                      set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
