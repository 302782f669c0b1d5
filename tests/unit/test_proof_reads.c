/* A statement's proof is read by keys: the bytes it reads do not grow with the number of people.
 * Counts the bytes that a new connection reads from the file. */
#include "attest/closing.h"
#include "attest/head.h"
#include "attest/proof.h"
#include "fresh.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "calls.h"

/* What this process has read so far (proc(5), rchar). */
static int64_t read_so_far(void) {
  char line[64] = "";
  FILE *file = fopen("/proc/self/io", "r");
  if (!file) return -1;
  setvbuf(file, NULL, _IONBF, 0);
  bool found = fgets(line, sizeof line, file) && strncmp(line, "rchar: ", 7) == 0;
  fclose(file);
  return found ? strtoll(line + 7, NULL, 10) : -1;
}

static struct store *closed_book(int people, struct signer *signer) {
  struct store *store = fresh_store();
  struct arena *arena = arena_new();
  struct closing_options options = {.year = 2025, .to = DAY_NONE, .progress = PROGRESS_NEVER};
  struct closing_result closed;
  const char *note = NULL;
  char sql[512];
  snprintf(
      sql, sizeof sql,
      "update head set party = %d;"
      "insert into party (id, kind, code, name, born) with recursive n (i) as (select 1 union all "
      "select i + 1 from n where i < %d) select i, 'person', 'P' || i, 'Name', 1000 from n;",
      people, people);
  ok(store_begin(store, STORE_WRITE, &err));
  ok(store_run(store, sql, &err));
  ok(book_open_people(store, 1, people, &err));
  ok(store_commit(store, &err));
  ok(closing_post(store, &options, &closed, &err));
  assert_int_equal(closed.people, people);
  ok(signer_generate(span_of("weal"), KEY_ED25519, signer, &err));
  ok(head_sign(store, signer, arena, &note, &err));
  arena_free(arena);
  return store;
}

static int64_t bytes_of_a_proof(int people) {
  struct signer signer;
  struct store *made = closed_book(people, &signer), *store = NULL;
  struct pack pack = {0};
  struct text json = {0};
  ok(store_again(&store, made, STORE_READ, &err));
  ok(store_begin(store, STORE_READ, &err));
  text_add(&json, "{\"year\":\"2025-26\"}");
  int64_t before = read_so_far();
  struct proof_request request = {.person = people - people / 3, .year = 2025, .signer = &signer};
  ok(proof_add(store, &pack, &request, &json, &err));
  int64_t after = read_so_far();
  if (before < 0) skip();
  text_release(&json);
  store_close(store);
  store_close(made);
  signer_wipe(&signer);
  return after - before;
}

static void a_proof_reads_as_little_in_a_large_book(void **state) {
  (void)state;
  /* a binary search among tiles, in trees that are some pages deeper, measured: 311,294; reading
   * all people once: 2,396,158 */
  enum { MORE_BYTES = 600000 };
  int64_t few = bytes_of_a_proof(600), many = bytes_of_a_proof(60000);
  if (many > few + MORE_BYTES)
    fail_msg("%lld bytes of 600 people, %lld of 60,000", (long long)few, (long long)many);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_proof_reads_as_little_in_a_large_book)};
  return cmocka_run_group_tests(tests, NULL, fresh_teardown);
}
