#include "proof/note.h"
#include "base/base64.h"
#include "base/refusal.h"
#include <assert.h>
#include <inttypes.h>

static const char dash[] = "\xe2\x80\x94 "; /* U+2014 and a space */
enum { DASH_SIZE = sizeof dash - 1, ID_SIZE = 4, TIME_SIZE = 8 };

/* ---- reading ---- */

static enum status bytes_check(struct span bytes, struct error *err) {
  if (bytes.size > NOTE_SIZE_MAX) return refuse(err, NOTE_TOO_LONG, bytes.size, NOTE_SIZE_MAX);
  if (!utf8_valid(bytes.bytes, bytes.size)) return refuse(err, NOTE_NOT_UTF_8);
  for (size_t i = 0; i < bytes.size; i++)
    if ((uint8_t)bytes.bytes[i] < 0x20 && bytes.bytes[i] != '\n')
      return refuse(err, NOTE_CONTROL_CHARACTER, i);
  return DONE;
}

static enum status signature_parse(struct span line, struct note_signature *out,
                                   struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  const char *space = NULL;
  if (line.size > DASH_SIZE && memcmp(line.bytes, dash, DASH_SIZE) == 0)
    space = memchr(line.bytes + DASH_SIZE, ' ', line.size - DASH_SIZE);
  if (!space) return refuse(err, NOTE_SIGNATURE_LINE, span_quote(line, quoted));
  out->line = line;
  out->name = span_make(line.bytes + DASH_SIZE, (size_t)(space - line.bytes) - DASH_SIZE);
  out->base64 = span_make(space + 1, line.size - DASH_SIZE - out->name.size - 1);
  if (key_name_check(out->name, err) != DONE) return REFUSED;
  size_t size;
  uint8_t id[6]; /* the bytes of the first eight characters */
  if (!base64_decode(out->base64, NULL, 0, &size) || size <= ID_SIZE ||
      !base64_decode(span_make(out->base64.bytes, 8), id, sizeof id, &size))
    return refuse(err, NOTE_SIGNATURE_MALFORMED, span_quote(out->name, quoted));
  out->id = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
  return DONE;
}

/* Lines of signatures, each ended by a newline. */
static enum status signatures_parse(struct span lines, struct note *out, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  out->count = 0;
  while (lines.size) {
    const char *end = memchr(lines.bytes, '\n', lines.size);
    if (!end) return refuse(err, NOTE_CUT_SHORT);
    struct span line = span_make(lines.bytes, (size_t)(end - lines.bytes));
    lines = span_make(end + 1, lines.size - line.size - 1);
    if (out->count == NOTE_SIGNATURES_MAX) return refuse(err, NOTE_SIGNATURES, NOTE_SIGNATURES_MAX);
    struct note_signature *s = &out->signatures[out->count];
    if (signature_parse(line, s, err) != DONE) return REFUSED;
    for (int i = 0; i < out->count; i++)
      if (out->signatures[i].id == s->id && span_equal(out->signatures[i].name, s->name))
        return refuse(err, NOTE_SIGNED_TWICE, span_quote(s->name, quoted), s->id);
    out->count++;
  }
  return out->count ? DONE : refuse(err, NOTE_UNSIGNED);
}

enum status note_parse(struct span bytes, struct note *out, struct error *err) {
  if (bytes_check(bytes, err) != DONE) return REFUSED;
  for (size_t i = bytes.size; i >= 2; i--) {
    if (bytes.bytes[i - 1] != '\n' || bytes.bytes[i - 2] != '\n') continue;
    out->text = span_make(bytes.bytes, i - 1);
    return signatures_parse(span_make(bytes.bytes + i, bytes.size - i), out, err);
  }
  return refuse(err, NOTE_MALFORMED);
}

/* ---- verifying ---- */

static void add_message(struct text *t, struct span text, enum key_kind kind, uint64_t time_s) {
  if (kind == KEY_COSIGNATURE) text_addf(t, "cosignature/v1\ntime %" PRIu64 "\n", time_s);
  text_add_span(t, text);
}

static bool signature_check(struct span text, const struct note_signature *s,
                            const struct verifier *verifier, uint64_t *time_s) {
  uint8_t bytes[ID_SIZE + TIME_SIZE + SIGNATURE_BYTES], *at = bytes + ID_SIZE;
  bool timed = verifier->kind == KEY_COSIGNATURE;
  *time_s = 0;
  if (!base64_decode_exact(s->base64, bytes, sizeof bytes - (timed ? 0 : TIME_SIZE))) return false;
  for (int i = 0; timed && i < TIME_SIZE; i++) *time_s = *time_s << 8 | *at++;
  if (*time_s > INT64_MAX) return false;
  struct text message = {0};
  add_message(&message, text, verifier->kind, *time_s);
  bool good = verifier_check(verifier, message.bytes, message.size, at);
  text_release(&message);
  return good;
}

static bool is_by(const struct note_signature *s, const struct verifier *v) {
  return s->id == v->id && span_is(s->name, v->name);
}

enum status note_verify(const struct note *note, const struct verifier *verifiers, int count,
                        struct note_seen *seen, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  int known = 0;
  for (int v = 0; v < count; v++) {
    struct note_seen one = {false, 0};
    for (int i = 0; i < note->count; i++) {
      if (!is_by(&note->signatures[i], &verifiers[v])) continue;
      if (!signature_check(note->text, &note->signatures[i], &verifiers[v], &one.time_s))
        return refuse(err, NOTE_SIGNATURE_WRONG, span_quote(note->signatures[i].name, quoted),
                      verifiers[v].id);
      one.signed_it = true;
      known++;
    }
    if (seen) seen[v] = one;
  }
  if (known) return DONE;
  const struct note_signature *first = &note->signatures[0];
  if (!count) return refuse(err, NOTE_SIGNER_UNKNOWN, span_quote(first->name, quoted), first->id);
  return refuse(err, NOTE_SIGNED_BY_ANOTHER, span_quote(first->name, quoted), first->id,
                verifiers[0].name, verifiers[0].id);
}

/* ---- writing ---- */

void note_begin(struct text *out, struct span text) {
  assert(text.size && text.bytes[text.size - 1] == '\n');
  text_add_span(out, text);
  text_add_char(out, '\n');
}

void note_add_signature(struct text *out, struct span text, const struct signer *signer,
                        uint64_t time_s) {
  uint8_t bytes[ID_SIZE + TIME_SIZE + SIGNATURE_BYTES], *at = bytes;
  const struct verifier *v = &signer->verifier;
  struct text message = {0};
  assert(text.size && text.bytes[text.size - 1] == '\n' && time_s <= INT64_MAX);
  for (int i = 0; i < ID_SIZE; i++) *at++ = (uint8_t)(v->id >> (24 - 8 * i));
  for (int i = 0; v->kind == KEY_COSIGNATURE && i < TIME_SIZE; i++)
    *at++ = (uint8_t)(time_s >> (56 - 8 * i));
  add_message(&message, text, v->kind, time_s);
  signer_sign(signer, message.bytes, message.size, at);
  text_release(&message);
  text_add(out, dash);
  text_add(out, v->name);
  text_add_char(out, ' ');
  text_add_base64(out, bytes, (size_t)(at - bytes) + SIGNATURE_BYTES);
  text_add_char(out, '\n');
}

enum status note_attach(struct text *out, const struct note *note, struct span lines,
                        const struct verifier *witnesses, int count, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  struct note given;
  if (bytes_check(lines, err) != DONE || signatures_parse(lines, &given, err) != DONE)
    return REFUSED;
  given.text = note->text;
  if (note_verify(&given, witnesses, count, NULL, err) != DONE) return REFUSED;
  int kept = note->count;
  for (int g = 0; g < given.count; g++) {
    const struct note_signature *s = &given.signatures[g];
    bool known = false;
    for (int v = 0; v < count; v++) known = known || is_by(s, &witnesses[v]);
    if (!known) return refuse(err, NOTE_WITNESS_UNKNOWN, span_quote(s->name, quoted), s->id);
    for (int i = 0; i < note->count; i++)
      kept -= note->signatures[i].id == s->id && span_equal(note->signatures[i].name, s->name);
  }
  if (kept + given.count > NOTE_SIGNATURES_MAX)
    return refuse(err, NOTE_SIGNATURES_WITH_NEW, NOTE_SIGNATURES_MAX);
  note_begin(out, note->text);
  for (int i = 0; i < note->count; i++) {
    bool again = false;
    for (int g = 0; g < given.count; g++)
      again = again || (note->signatures[i].id == given.signatures[g].id &&
                        span_equal(note->signatures[i].name, given.signatures[g].name));
    if (again) continue;
    text_add_span(out, note->signatures[i].line);
    text_add_char(out, '\n');
  }
  text_add_span(out, lines);
  return DONE;
}
