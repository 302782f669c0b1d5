/* Parsing bytes of the network (src/http/parse.h), and finding rows (src/web/route.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/route.h"
#include "http/parse.h"

/* ---- paths ---- */

static void paths_are_unescaped_once(void **state) {
  static const struct {
    const char *raw, *path;
    enum language language;
    const char *asked, *query;
  } good[] = {
      {"/", "/", ENGLISH, "/", ""},
      {"/account", "/account", ENGLISH, "/account", ""},
      {"/account?year=2025-26", "/account", ENGLISH, "/account?year=2025-26", "year=2025-26"},
      {"/people/nino:QQ123456C", "/people/nino:QQ123456C", ENGLISH, "/people/nino:QQ123456C", ""},
      {"/a%20b", "/a b", ENGLISH, "/a%20b", ""},
      {"/a%2520b", "/a%20b", ENGLISH, "/a%2520b", ""},
      {"/%c3%a9", "/\xc3\xa9", ENGLISH, "/%c3%a9", ""},
      {"/cy", "/", WELSH, "/", ""},
      {"/cy/", "/", WELSH, "/", ""},
      {"/cy?a=1", "/", WELSH, "/?a=1", "a=1"},
      {"/cy/account?a=%2F", "/account", WELSH, "/account?a=%2F", "a=%2F"},
      {"/cyx", "/cyx", ENGLISH, "/cyx", ""},
      {"/a/", "/a/", ENGLISH, "/a/", ""},
  };
  struct arena *arena = arena_new();
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    struct target t;
    assert_true(target_read(good[i].raw, arena, &t));
    assert_true(span_is(t.path, good[i].path));
    assert_int_equal(t.language, good[i].language);
    assert_string_equal(t.asked, good[i].asked);
    assert_true(span_is(t.query, good[i].query));
  }
  arena_free(arena);
}

static void paths_that_could_mean_another_are_refused(void **state) {
  static const char *const bad[] = {"",          "account", "http://x/account",
                                    "*",         "//",      "//account",
                                    "/a//b",     "/.",      "/..",
                                    "/./a",      "/a/../b", "/a/..",
                                    "/%2e%2e/a", "/%2E",    "/a%2fb",
                                    "/a%2Fb",    "/a%5cb",  "/a\\b",
                                    "/%00",      "/a%00",   "/%",
                                    "/%4",       "/%zz",    "/%e9",
                                    "/\xff",     "/a%0ab",  "/a%7f",
                                    "/a\tb",     "/a#b",    "/%63y/a",
                                    "/c%79"};
  struct arena *arena = arena_new();
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct target t;
    assert_false(target_read(bad[i], arena, &t));
  }
  arena_free(arena);
}

/* ---- query and form ---- */

static void pairs_are_decoded_once(void **state) {
  struct arena *arena = arena_new();
  struct error err = {0};
  struct sent *sent;
  int count;
  (void)state;
  assert_int_equal(pairs_read(span_of("a=1&b=x+y%26z&c&d="), arena, &sent, &count, &err), DONE);
  assert_int_equal(count, 4);
  assert_true(span_is(sent[1].name, "b") && span_is(sent[1].value, "x y&z"));
  assert_true(span_is(sent[2].name, "c") && sent[2].value.size == 0 && sent[3].value.size == 0);
  assert_int_equal(pairs_read(span_of(""), arena, &sent, &count, &err), DONE);
  assert_int_equal(count, 0);
  static const char *const bad[] = {"&", "a=1&", "a=1&&b=2", "&a=1", "a=%", "a=%4", "%zz=1"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_int_equal(pairs_read(span_of(bad[i]), arena, &sent, &count, &err), REFUSED);
  struct text many = {0};
  for (int i = 0; i < 1000; i++) text_add(&many, i ? "&a=1" : "a=1");
  assert_int_equal(pairs_read(span_make(many.bytes, many.size), arena, &sent, &count, &err),
                   REFUSED);
  text_release(&many);
  arena_free(arena);
}

static void parts_are_as_a_browser_sends_them(void **state) {
  static const char type[] = "multipart/form-data; boundary=----x";
  static const char body[] =
      "------x\r\nContent-Disposition: form-data; name=\"kind\"\r\n\r\nspend\r\n"
      "------x\r\nContent-Disposition: form-data; name=\"file\"; "
      "filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\na,b\r\n1,2\r\n\r\n------x--\r\n";
  struct arena *arena = arena_new();
  struct error err = {0};
  struct sent *sent;
  int count;
  (void)state;
  assert_int_equal(parts_read(span_of(body), type, arena, &sent, &count, &err), DONE);
  assert_int_equal(count, 2);
  assert_true(span_is(sent[0].name, "kind") && span_is(sent[0].value, "spend") && !sent[0].file);
  assert_true(span_is(sent[1].name, "file") && span_is(sent[1].value, "a,b\r\n1,2\r\n") &&
              sent[1].file && sent[1].file_bytes == 10);
  assert_true(sent[0].file_name.size == 0 && span_is(sent[1].file_name, "a.csv"));
  for (size_t size = 0; size < sizeof body - 6; size++)
    assert_int_equal(parts_read(span_make(body, size), type, arena, &sent, &count, &err), REFUSED);
  assert_int_equal(parts_read(span_of(body), "multipart/form-data", arena, &sent, &count, &err),
                   REFUSED);
  arena_free(arena);
}

/* ---- cookie and origin ---- */

static void a_cookie_is_read_as_it_was_written(void **state) {
  uint8_t raw[SESSION_RAW_BYTES], read[SESSION_RAW_BYTES];
  char text[SESSION_COOKIE_CHARS + 1], header[256];
  (void)state;
  for (int i = 0; i < SESSION_RAW_BYTES; i++) raw[i] = (uint8_t)(i * 37 + 5);
  cookie_write(raw, text);
  snprintf(header, sizeof header, "a=b; " SESSION_COOKIE "=%s; c=d", text);
  assert_true(cookie_session(header, read));
  assert_memory_equal(raw, read, sizeof raw);
  snprintf(header, sizeof header, SESSION_COOKIE "=%s; " SESSION_COOKIE "=%s", text, text);
  assert_false(cookie_session(header, read));
  snprintf(header, sizeof header, SESSION_COOKIE "=%sA", text);
  assert_false(cookie_session(header, read));
  snprintf(header, sizeof header, "x" SESSION_COOKIE "=%s", text);
  assert_false(cookie_session(header, read));
  /* bits after the last byte */
  text[SESSION_COOKIE_CHARS - 1] = text[SESSION_COOKIE_CHARS - 1] == '9' ? '8' : '9';
  snprintf(header, sizeof header, SESSION_COOKIE "=%s", text);
  assert_false(cookie_session(header, read));
  assert_false(cookie_session(NULL, read));
  assert_false(cookie_session("", read));
}

static void a_form_comes_from_our_own_origin(void **state) {
  static const char *const ours[] = {"https://accounts.example.gov.uk", "http://localhost:8080",
                                     NULL};
  (void)state;
  assert_true(origin_ours("https://accounts.example.gov.uk", NULL, ours));
  assert_true(origin_ours("http://localhost:8080", "https://elsewhere.example/", ours));
  assert_true(origin_ours(NULL, "https://accounts.example.gov.uk/sign-in?a=b", ours));
  assert_true(origin_ours(NULL, "http://localhost:8080", ours));
  assert_false(origin_ours(NULL, NULL, ours));
  assert_false(origin_ours("null", "https://accounts.example.gov.uk/", ours));
  assert_false(origin_ours("", "https://accounts.example.gov.uk/", ours));
  assert_false(origin_ours("https://accounts.example.gov.uk.evil.example", NULL, ours));
  assert_false(origin_ours("http://accounts.example.gov.uk", NULL, ours));
  assert_false(origin_ours(NULL, "https://evil.example/https://accounts.example.gov.uk/", ours));
  assert_false(origin_ours(NULL, "https://accounts.example.gov.uk@evil.example/", ours));
}

/* ---- rows ---- */

static void every_row_is_found_by_its_own_path(void **state) {
  struct span names[ROUTE_NAMES];
  (void)state;
  for (const struct route *row = routes; row->path; row++) {
    /* `{person}` taken literally */
    const struct route *found = route_find(row->method, span_of(row->path), names);
    assert_ptr_equal(found, row);
    for (int i = 0; i < ROUTE_NAMES; i++) {
      struct span name = route_name(row, i);
      if (!name.bytes) break;
      assert_int_equal(names[i].size, name.size + 2);
    }
    assert_non_null(row->run);
    assert_non_null(route_help(row));
    /* an assessment holds neither the writer nor the threads that take requests, and a look at
     * somebody else's is noted first */
    const bool reckons = row->method == GET &&
                         (strstr(row->path, "/entitlements") || strstr(row->path, "/claim"));
    if (reckons) assert_int_equal(row->runs, RECKONS);
    assert_true(!row->note || row->runs == RECKONS);
    if (row->runs == RECKONS && strstr(row->path, "{person}")) assert_non_null(row->note);
    assert_false(row->cache_seconds &&
                 (row->needs != ANYONE || row->runs != READS || row->method != GET));
    assert_false(row->navigation && (!row->title || strchr(row->path, '{')));
    assert_false(row->needs == HELPER_SEE && !strstr(row->path, "{person}"));
  }
}

static void an_unknown_path_is_not_found(void **state) {
  static const char *const none[] = {"/sign-in/",   "/sign-i", "/sign-inn", "/assets/",
                                     "/assets/a/b", "",        "sign-in",   "/SIGN-IN"};
  struct span names[ROUTE_NAMES];
  (void)state;
  for (size_t i = 0; i < sizeof none / sizeof *none; i++)
    assert_false(route_known(span_of(none[i])));
  assert_null(route_find(POST, span_of("/"), names));
  assert_true(route_known(span_of("/")));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(paths_are_unescaped_once),
      cmocka_unit_test(paths_that_could_mean_another_are_refused),
      cmocka_unit_test(pairs_are_decoded_once),
      cmocka_unit_test(parts_are_as_a_browser_sends_them),
      cmocka_unit_test(a_cookie_is_read_as_it_was_written),
      cmocka_unit_test(a_form_comes_from_our_own_origin),
      cmocka_unit_test(every_row_is_found_by_its_own_path),
      cmocka_unit_test(an_unknown_path_is_not_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
