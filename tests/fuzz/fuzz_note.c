#include "base/base64.h"
#include "fuzz/fuzz.h"
#include "proof/checkpoint.h"

/* A note that is read, written again from its parts, has the same bytes. The same for checkpoints,
 * vkeys and base 64. */
static void look_at_note(struct span all) {
  static const char published[] =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  struct error err = {0};
  struct note note;
  struct checkpoint checkpoint;
  struct verifier verifier;
  struct text t = {0};
  HOLD(verifier_parse(span_of(published), &verifier, &err) == DONE);
  if (note_parse(all, &note, &err) != DONE) {
    HOLD(err.code == REFUSED && err.message[0]);
    return;
  }
  HOLD(note.count >= 1 && note.count <= NOTE_SIGNATURES_MAX &&
       note.text.bytes[note.text.size - 1] == '\n');
  note_begin(&t, note.text);
  for (int i = 0; i < note.count; i++) {
    text_add_span(&t, note.signatures[i].line);
    text_add_char(&t, '\n');
  }
  HOLD(span_equal(all, span_make(t.bytes, t.size)));
  /* a verified note must be the published text, since nobody can forge it */
  if (note_verify(&note, &verifier, 1, NULL, &err) == DONE) HOLD(note.text.size > 20);
  if (checkpoint_parse(note.text, &checkpoint, &err) == DONE) {
    text_clear(&t);
    text_add_checkpoint(&t, checkpoint.origin, &checkpoint.head);
    text_add_span(&t, checkpoint.extensions);
    HOLD(span_equal(note.text, span_make(t.bytes, t.size)));
  }
  text_release(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct span all = span_make((const char *)bytes, size);
  struct error err = {0};
  struct verifier verifier;
  struct signer signer;
  struct text t = {0};
  look_at_note(all);
  if (verifier_parse(all, &verifier, &err) == DONE) {
    text_add_verifier(&t, &verifier);
    HOLD(span_equal(all, span_make(t.bytes, t.size)));
  } else HOLD(err.code == REFUSED && err.message[0]);
  text_clear(&t);
  if (signer_parse(all, &signer, &err) == DONE) {
    text_add_signer(&t, &signer);
    HOLD(span_equal(all, span_make(t.bytes, t.size)));
  }
  text_clear(&t);
  uint8_t *decoded = malloc(size + 1);
  size_t found;
  HOLD(decoded);
  if (base64_decode(all, decoded, size, &found)) {
    text_add_base64(&t, decoded, found);
    HOLD(span_equal(all, span_make(t.bytes, t.size)));
  }
  free(decoded);
  text_release(&t);
  return 0;
}
