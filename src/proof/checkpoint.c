#include "proof/checkpoint.h"
#include "base/base64.h"
#include "base/refusal.h"
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
    return refuse(err, CHECKPOINT_MALFORMED);
  if (!size_parse(size, &out->head.size))
    return refuse(err, CHECKPOINT_SIZE, span_quote(size, quoted));
  if (out->head.size > TREE_SIZE_MAX)
    return refuse(err, LOG_TOO_LARGE_FOR_HEAD, (unsigned long long)out->head.size,
                  (unsigned long long)TREE_SIZE_MAX);
  if (!base64_decode_exact(root, out->head.root.bytes, sizeof out->head.root.bytes))
    return refuse(err, CHECKPOINT_ROOT, span_quote(root, quoted));
  out->extensions = rest;
  while (rest.size)
    if (!next_line(&rest, &line)) return refuse(err, CHECKPOINT_LINES);
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
  /* every signature of a known key must verify */
  if (note_verify(note, verifiers, count, NULL, err) != DONE) return REFUSED;
  for (int v = 0; v < count; v++)
    if (span_is(out->origin, verifiers[v].name) && verifiers[v].kind == KEY_ED25519 &&
        note_verify(note, &verifiers[v], 1, NULL, NULL) == DONE)
      return DONE;
  return refuse(err, CHECKPOINT_OF_ANOTHER_LOG, span_quote(out->origin, quoted));
}
