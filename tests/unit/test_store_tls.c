/* Which servers must prove who they are: what is read of a store's URL before anything is sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/status.h"
#include "store/postgresql.h"

#include <stdlib.h>
#include <unistd.h>

static struct pg_terms read_terms(const char *url) {
  struct pg_terms terms;
  struct error err = {0};
  if (pg_terms_read(url, &terms, &err) != DONE) fail_msg("%s: %s", url, err.message);
  return terms;
}

static void a_server_here_is_taken_at_its_word(void **state) {
  (void)state;
  static const char *const here[] = {"postgresql:///w",
                                     "postgresql://u@/w",
                                     "postgresql://localhost/w",
                                     "postgresql://LocalHost:5432/w",
                                     "postgresql://u:p@127.0.0.1:5432/w",
                                     "postgresql://127.1.2.3/w",
                                     "postgresql://[::1]:5432/w",
                                     "postgresql://%2Fvar%2Frun%2Fpostgresql/w",
                                     "postgresql:///w?host=/tmp",
                                     "postgresql://127.0.0.1,[::1]/w",
                                     "postgresql://far.example/w?hostaddr=127.0.0.1"};
  for (size_t i = 0; i < sizeof here / sizeof *here; i++) {
    struct pg_terms terms = read_terms(here[i]);
    if (terms.sslmode || terms.weaker) fail_msg("%s: %s", here[i], terms.sslmode);
    pg_terms_release(&terms);
  }
}

static void a_server_elsewhere_must_prove_who_it_is(void **state) {
  (void)state;
  static const char *const away[] = {"postgresql://db.example/w",
                                     "postgresql://u:p@10.0.0.7:5432/w",
                                     "postgresql://[2001:db8::1]/w",
                                     "postgresql://[::ffff:127.0.0.1]/w",
                                     "postgresql://localhost.example/w",
                                     "postgresql://127.0.0.1,db.example/w",
                                     "postgresql://localhost/w?hostaddr=10.0.0.7",
                                     "postgresql:///w?host=db.example",
                                     "postgresql://0.0.0.0/w",
                                     "postgresql:///w?service=far"};
  for (size_t i = 0; i < sizeof away / sizeof *away; i++) {
    struct pg_terms terms = read_terms(away[i]);
    if (!terms.sslmode || strcmp(terms.sslmode, "verify-full") != 0) fail_msg("%s", away[i]);
    assert_null(terms.weaker);
    if (access("/etc/ssl/certs/ca-certificates.crt", R_OK) == 0)
      assert_string_equal(terms.sslrootcert, "/etc/ssl/certs/ca-certificates.crt");
    pg_terms_release(&terms);
  }
}

static void what_is_said_is_obeyed_and_told(void **state) {
  (void)state;
  struct pg_terms terms = read_terms("postgresql://db.example/w?sslmode=require");
  assert_null(terms.sslmode);
  assert_string_equal(terms.weaker, "require");
  pg_terms_release(&terms);
  setenv("PGSSLMODE", "prefer", 1);
  terms = read_terms("postgresql://db.example/w");
  assert_null(terms.sslmode);
  assert_string_equal(terms.weaker, "prefer");
  pg_terms_release(&terms);
  terms = read_terms("postgresql://db.example/w?sslmode=verify-full&sslrootcert=/own.crt");
  assert_null(terms.sslmode);
  assert_null(terms.weaker);
  assert_null(terms.sslrootcert);
  pg_terms_release(&terms);
  unsetenv("PGSSLMODE");
}

static void libpqs_environment_counts(void **state) {
  (void)state;
  setenv("PGHOST", "db.example", 1);
  struct pg_terms terms = read_terms("postgresql:///w");
  assert_string_equal(terms.sslmode, "verify-full");
  pg_terms_release(&terms);
  terms = read_terms("postgresql://localhost/w");
  assert_null(terms.sslmode);
  pg_terms_release(&terms);
  setenv("PGHOSTADDR", "10.0.0.7", 1);
  terms = read_terms("postgresql://localhost/w");
  assert_string_equal(terms.sslmode, "verify-full");
  pg_terms_release(&terms);
  unsetenv("PGHOST");
  unsetenv("PGHOSTADDR");
}

static void a_url_that_libpq_would_misread_is_refused_unrepeated(void **state) {
  (void)state;
  static const char *const bad[] = {"postgresql://u:se/cret@h/w",   "postgresql://u:1/cret@h/w",
                                    "postgresql://u:se%zzcret@h/w", "postgresql://u:x@cret@h/w",
                                    "postgresql://h:cret/w",        "postgresql://u@h/w?cret=cret",
                                    "postgresql://u@h/w?cret",      "postgresql://u:cret@h ost/w"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct pg_terms terms;
    struct error err = {0};
    if (pg_terms_read(bad[i], &terms, &err) != USAGE) fail_msg("%s", bad[i]);
    if (strstr(err.message, "cret")) fail_msg("%s: %s", bad[i], err.message);
  }
}

int main(void) {
  static const char *const names[] = {"PGHOST",    "PGHOSTADDR", "PGSSLMODE",
                                      "PGSERVICE", "PGPASSWORD", "PGSSLROOTCERT"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) unsetenv(names[i]);
  setenv("HOME", "/nonexistent", 1);
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_server_here_is_taken_at_its_word),
      cmocka_unit_test(a_server_elsewhere_must_prove_who_it_is),
      cmocka_unit_test(what_is_said_is_obeyed_and_told),
      cmocka_unit_test(libpqs_environment_counts),
      cmocka_unit_test(a_url_that_libpq_would_misread_is_refused_unrepeated),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
