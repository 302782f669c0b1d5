#include "proof/checkpoint.h"
#include "base/base64.h"
#include <inttypes.h>

/* Takes one line off the front; false when there is none or it is empty. */
static bool next_line(struct span *rest, struct span *line) {
  const char *end = rest->size ? memchr(rest->bytes, '\n', rest->size) : NULL;
  if (!end) return false;
  *line = span_make(rest->bytes, (size_t)(end - rest->bytes));
  *rest = span_make(end + 1, rest->size - line->size - 1);
  return line->size > 0;
}

static bool size_parse(struct span digits, uint64_t *out) {
  *out = 0;
  if (!digits.size || digits.size > 19 || (digits.size > 1 && digits.bytes[0] == '0')) return false;
  for (size_t i = 0; i < digits.size; i++) {
    if (digits.bytes[i] < '0' || digits.bytes[i] > '9') return false;
    *out = *out * 10 + (uint64_t)(digits.bytes[i] - '0');
  }
  return true;
}

enum status checkpoint_parse(struct span text, struct checkpoint *out, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  struct span rest = text, size, root, line;
  if (!next_line(&rest, &out->origin) || !next_line(&rest, &size) || !next_line(&rest, &root))
    return error_set(err, REFUSED,
                     "this is not a checkpoint; it has three lines: origin, size and root");
  if (!size_parse(size, &out->head.size))
    return error_set(err, REFUSED,
                     "'%s' is not the size of a log; it is a whole number without leading zeros",
                     span_quote(size, quoted));
  if (out->head.size > TREE_SIZE_MAX)
    return error_set(err, REFUSED,
                     "a log of %" PRIu64 " entries is larger than any here; at most %" PRIu64,
                     out->head.size, TREE_SIZE_MAX);
  if (!base64_decode_exact(root, out->head.root.bytes, sizeof out->head.root.bytes))
    return error_set(
        err, REFUSED,
        "'%s' is not the root of a log; it is 32 bytes in base64, as it is written canonically",
        span_quote(root, quoted));
  out->extensions = rest;
  while (rest.size)
    if (!next_line(&rest, &line))
      return error_set(err, REFUSED,
                       "the checkpoint has an empty line, or its last one has no end");
  return DONE;
}

void text_add_checkpoint(struct text *t, struct span origin, const struct tree_head *head) {
  text_add_span(t, origin);
  text_addf(t, "\n%" PRIu64 "\n", head->size);
  text_add_base64(t, head->root.bytes, sizeof head->root.bytes);
  text_add_char(t, '\n');
}

enum status checkpoint_open_unverified(struct span bytes, struct note *note, struct checkpoint *out,
                                       struct error *err) {
  if (note_parse(bytes, note, err) != DONE) return REFUSED;
  return checkpoint_parse(note->text, out, err);
}

enum status checkpoint_open(struct span bytes, const struct verifier *verifiers, int count,
                            struct note *note, struct checkpoint *out, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  if (checkpoint_open_unverified(bytes, note, out, err) != DONE) return REFUSED;
  /* whatever a known key signed must hold */
  if (note_verify(note, verifiers, count, NULL, err) != DONE) return REFUSED;
  for (int v = 0; v < count; v++)
    if (span_is(out->origin, verifiers[v].name) && verifiers[v].kind == KEY_ED25519 &&
        note_verify(note, &verifiers[v], 1, NULL, NULL) == DONE)
      return DONE;
  return error_set(
      err, REFUSED,
      "the checkpoint is of the log '%s'; no key given is that log's and has signed it",
      span_quote(out->origin, quoted));
}
