/* The configuration: what is accepted, what is refused with which message, and that its page of
 * docs describes every key correctly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "fresh.h"
#include "http/config.h"

#include <inttypes.h>

static struct error err;
static struct arena *arena;
static struct config config;

static enum status parse(const char *text) {
  err = (struct error){0};
  config_begin(&config);
  return config_parse(&config, arena, span_of(text), "portal.conf", &err);
}

static void refused(const char *text, const char *words) {
  char whole[1024];
  enum status status = parse(text);
  error_format(&err, whole, sizeof whole);
  if (status != REFUSED || strcmp(whole, words) != 0)
    fail_msg("'%s' gives '%s', not '%s'", text, status == DONE ? "no fault" : whole, words);
}

static void a_whole_file_is_taken(void **state) {
  (void)state;
  assert_int_equal(parse("\xef\xbb\xbf# the portal\r\n\r\norigin = https://accounts.example.gov.uk "
                         "  # as people know it\r\n"
                         "listen=unix:/run/weal/a#b.sock\n\tmetrics_listen = "
                         "[::1]:9090\ntrusted_proxy = unix\nkeys = /etc/weal/keys\n"
                         "connections = 10000\nsession_hours = 8"),
                   DONE);
  assert_string_equal(config.origin, "https://accounts.example.gov.uk");
  assert_string_equal(config.listen, "unix:/run/weal/a#b.sock");
  assert_string_equal(config.metrics_listen, "[::1]:9090");
  assert_string_equal(config.trusted_proxy, "unix");
  assert_string_equal(config.keys, "/etc/weal/keys");
  assert_int_equal(config.connections, 10000);
  assert_int_equal(config.session_hours, 8);
  assert_int_equal(config.session_idle_minutes, 30);
  assert_int_equal(parse(""), DONE);
  assert_null(config.listen);
  assert_int_equal(config.workers, 0);
  static const char *const listens[] = {"127.0.0.1:8080", "0.0.0.0:1", "localhost:65535",
                                        "systemd",        "unix:/x",   NULL};
  static const char *const origins[] = {"http://127.0.0.1:8080", "https://[::1]:8443", "https://a",
                                        "https://a-b.c:1", NULL};
  char line[200];
  for (int i = 0; listens[i]; i++)
    snprintf(line, sizeof line, "listen = %s\n", listens[i]), assert_int_equal(parse(line), DONE);
  for (int i = 0; origins[i]; i++)
    snprintf(line, sizeof line, "origin = %s\n", origins[i]), assert_int_equal(parse(line), DONE);
}

static void a_wrong_line_is_refused_with_advice(void **state) {
  (void)state;
  refused("\n\nconection = 5\n",
          "portal.conf:3: there is no key 'conection'; did you mean 'connections'?");
  refused("zzzz = 5\n",
          "portal.conf:1: there is no key 'zzzz'; docs/reference/configuration.md has them all");
  refused("workers = 2\nworkers = 2\n",
          "portal.conf:2: workers: it was given in line 1 already; give it once");
  refused("workers = 65\n",
          "portal.conf:1: workers: '65' is not what it takes; write a whole number from 0 to 64");
  refused("connections = -1\n", "portal.conf:1: connections: '-1' is not what it takes; write a "
                                "whole number from 10 to 100000");
  refused("connections = 99999999999999999999\n",
          "portal.conf:1: connections: '99999999999999999999' is not what it takes; write a whole "
          "number from 10 to 100000");
  refused("workers = 2.5\n",
          "portal.conf:1: workers: '2.5' is not what it takes; write a whole number from 0 to 64");
  refused("workers = # two\n",
          "portal.conf:1: workers: it has no value; write one, or leave the line out");
  refused("workers\n", "portal.conf:1: 'workers' is no setting; write key = value");
  refused("= 5\n",
          "portal.conf:1: there is no key ''; docs/reference/configuration.md has them all");
  refused("key = \xff\n", "portal.conf:1: the line is not UTF-8; write it as UTF-8");
  refused("key = a\x1b[2J\n", "portal.conf:1: the line has a control character; leave it out");
  static const char *const listens[] = {
      "8080",   "127.0.0.1",         "127.0.0.1:0",    "127.0.0.1:65536", "127.0.0.1:80x",
      "::1:80", "example.gov.uk:80", "unix:weal.sock", "[::1]",           "[]:80",
      NULL};
  static const char *const origins[] = {"accounts.example.gov.uk",
                                        "https://Accounts.example",
                                        "https://a/",
                                        "https://a b",
                                        "https://u@a",
                                        "ftp://a",
                                        "https://",
                                        "https://a:0",
                                        "https://[x]",
                                        "https://[::1",
                                        "https://:",
                                        "https://..",
                                        "https://a.",
                                        "https://-",
                                        "https://a.-b",
                                        "https://a:b:c",
                                        "https://a:99999999",
                                        NULL};
  static const char *const proxies[] = {"localhost", "10.0.0.0/8", "10.0.0", NULL};
  char line[200];
  for (int i = 0; listens[i]; i++)
    snprintf(line, sizeof line, "listen = %s\n", listens[i]),
        assert_int_equal(parse(line), REFUSED);
  for (int i = 0; origins[i]; i++)
    snprintf(line, sizeof line, "origin = %s\n", origins[i]),
        assert_int_equal(parse(line), REFUSED);
  for (int i = 0; proxies[i]; i++)
    snprintf(line, sizeof line, "trusted_proxy = %s\n", proxies[i]),
        assert_int_equal(parse(line), REFUSED);
}

static void a_file_is_bounded(void **state) {
  (void)state;
  struct text t = {0};
  while (t.size <= LIMIT_CONFIG_BYTES) text_add(&t, "# comment\n");
  assert_int_equal(parse(t.bytes), REFUSED);
  text_clear(&t);
  text_add(&t, "key = ");
  while (t.size <= LIMIT_CONFIG_LINE_BYTES) text_add_char(&t, 'x');
  refused(t.bytes, "portal.conf:1: the line is longer than 4096 bytes");
  text_release(&t);
  err = (struct error){0};
  assert_int_equal(config_read(&config, arena, "/nowhere/portal.conf", &err), REFUSED);
  assert_string_equal(err.message, "/nowhere/portal.conf: No such file or directory");
}

static void defaults_lie_in_their_bounds(void **state) {
  (void)state;
  config_begin(&config);
  for (const struct config_key *key = config_keys; key->name; key++) {
    assert_true(key->least <= key->start && key->start <= key->most);
    assert_true(key->why && key->why[0]);
  }
  assert_int_equal(config.form_bytes, LIMIT_FORM_BYTES);
}

static void the_page_has_every_key(void **state) {
  (void)state;
  const char *root = getenv("WEAL_SOURCE_ROOT");
  char *path = arena_printf(arena, "%s/docs/reference/configuration.md", root ? root : "."),
       piece[4096];
  struct text page = {0}, row = {0};
  FILE *f = fopen(path, "r");
  assert_non_null(f);
  for (size_t got; (got = fread(piece, 1, sizeof piece, f)) > 0;) text_add_bytes(&page, piece, got);
  fclose(f);
  bool whole = true;
  for (const struct config_key *key = config_keys; key->name; key++) {
    text_clear(&row);
    if (key->kind == CONFIG_NUMBER)
      text_addf(&row, "| `%s` | %" PRId64 " to %" PRId64 " | %" PRId64 " | %s |\n", key->name,
                key->least, key->most, key->start, key->why);
    else text_addf(&row, "| `%s` | %s |\n", key->name, key->why);
    if (strstr(page.bytes, row.bytes)) continue;
    print_error("not in the page: %s", row.bytes);
    whole = false;
  }
  assert_true(whole);
  text_release(&page);
  text_release(&row);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_whole_file_is_taken),
      cmocka_unit_test(a_wrong_line_is_refused_with_advice),
      cmocka_unit_test(a_file_is_bounded),
      cmocka_unit_test(defaults_lie_in_their_bounds),
      cmocka_unit_test(the_page_has_every_key),
  };
  arena = arena_new();
  int failed = cmocka_run_group_tests_name("configuration", tests, NULL, NULL);
  arena_free(arena);
  return failed;
}
