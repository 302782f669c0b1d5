/* Heads and their witnesses, on both engines. */
#include "fresh.h"
#include "proof/checkpoint.h"
#include "proof/note.h"
#include "attest/head.h"

#include "book/posting.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void witness_is_kept_with_the_head(void **state) {
  (void)state;
  struct store *store = fresh_store();
  struct arena *arena = arena_new();
  struct error err = {0};
  struct signer log, witness, stranger;
  const char *note = NULL, *both = NULL;
  assert_int_equal(signer_generate(span_of("here"), KEY_ED25519, &log, &err), DONE);
  assert_int_equal(signer_generate(span_of("witness"), KEY_COSIGNATURE, &witness, &err), DONE);
  assert_int_equal(signer_generate(span_of("stranger"), KEY_COSIGNATURE, &stranger, &err), DONE);
  assert_int_equal(head_witnessed(store, span_of("x"), &witness.verifier, 1, arena, &both, &err),
                   REFUSED);
  assert_int_equal(head_sign(store, &log, arena, &note, &err), DONE);
  struct note parsed;
  assert_int_equal(note_parse(span_of(note), &parsed, &err), DONE);
  struct text answer = {0};
  note_add_signature(&answer, parsed.text, &witness, 1764000000);
  note_add_signature(&answer, parsed.text, &stranger, 1764000000);
  struct span lines = span_make(answer.bytes, answer.size);
  assert_int_equal(head_witnessed(store, lines, &witness.verifier, 1, arena, &both, &err), DONE);
  struct verifier keys[] = {log.verifier, witness.verifier};
  struct note_seen seen[2];
  assert_int_equal(note_parse(span_of(both), &parsed, &err), DONE);
  assert_int_equal(parsed.count, 2); /* the stranger's line is left out */
  assert_int_equal(note_verify(&parsed, keys, 2, seen, &err), DONE);
  assert_true(seen[0].signed_it && seen[1].signed_it);
  assert_int_equal(seen[1].time_s, 1764000000);
  /* Asking for the same head again gives it with its witness. */
  const char *again = NULL;
  assert_int_equal(head_sign(store, &log, arena, &again, &err), DONE);
  assert_string_equal(again, both);
  /* A line over another text, and one by a witness that was not given. */
  struct text other = {0};
  note_add_signature(&other, span_of("here\n9\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"),
                     &witness, 1764000000);
  assert_int_equal(head_witnessed(store, span_make(other.bytes, other.size), &witness.verifier, 1,
                                  arena, &both, &err),
                   REFUSED);
  assert_int_equal(head_witnessed(store, lines, &log.verifier, 1, arena, &both, &err), REFUSED);
  text_release(&answer);
  text_release(&other);
  arena_free(arena);
  store_close(store);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(witness_is_kept_with_the_head)};
  return cmocka_run_group_tests(tests, NULL, fresh_teardown);
}
