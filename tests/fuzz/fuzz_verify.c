#include "fuzz/fuzz.h"
#include "attest/verify_parts.h"

/* Any bytes pass or are refused with a message. Wrong signatures and hashes stop most inputs early,
 * so the lines and the sums are also checked separately, as if those had verified. */
static void sums(struct span bytes) {
  struct error err = {0};
  json_t *root = NULL;
  if (canonical_read(bytes, &root, &err) != DONE) return;
  json_t *array = json_object_get(json_object_get(root, "proof"), "lines");
  struct seen_line *lines = memory_zeroed(json_array_size(array) + 1, sizeof *lines);
  struct hasher *hasher = hasher_new();
  struct text scratch = {0};
  struct digest leaf;
  size_t count = 0;
  for (size_t i = 0; i < json_array_size(array); i++) {
    if (seen_line_read(json_array_get(array, i), false, &lines[count], &err) != DONE) continue;
    seen_line_hash(hasher, &scratch, &lines[count++], &leaf);
  }
  err = (struct error){0};
  struct verified_sums found = {0};
  enum status status = json_is_object(root) ? verify_sums(root, lines, count, &found, &err) : DONE;
  HOLD(status == DONE || (status == REFUSED && err.message[0]));
  /* a row or a line takes at least ten bytes, and a search among 2^24 takes some 24 steps */
  HOLD(found.steps <= 64 * (bytes.size + 1));
  text_release(&scratch);
  hasher_free(hasher);
  free(lines);
  json_decref(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct span all = span_make((const char *)bytes, size);
  struct verify_memory memory = {0};
  struct verify_options options = {.memory = &memory, .person = size % 2 ? "P1" : NULL};
  struct verify_result result;
  struct error err = {0};
  struct arena *arena = arena_new();
  if (verify_bytes(all, &options, arena, &result, &err) != DONE)
    HOLD(err.code == REFUSED && err.message[0]);
  else
    HOLD(result.pages == (size > 5 && memcmp(bytes, "%PDF-", 5) == 0) &&
         (!result.pages || result.kind == VERIFIED_STATEMENT));
  arena_free(arena);
  verify_memory_release(&memory);
  sums(all);
  return 0;
}
