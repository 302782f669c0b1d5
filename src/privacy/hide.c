#include "privacy/hide.h"

#include "register/names.h"

/* ---- whom ---- */

void hidden_add_party(struct hidden *hidden, int64_t party) {
  for (int i = 0; i < hidden->party_count; i++)
    if (hidden->parties[i] == party) return;
  arena_reserve(hidden->arena, hidden->parties, hidden->party_capacity, hidden->party_count + 1);
  hidden->parties[hidden->party_count++] = party;
}

void hidden_add_text(struct hidden *hidden, struct span text) {
  if (!text.size) return;
  for (int i = 0; i < hidden->text_count; i++)
    if (span_equal(hidden->texts[i], text)) return;
  arena_reserve(hidden->arena, hidden->texts, hidden->text_capacity, hidden->text_count + 1);
  hidden->texts[hidden->text_count++] = span_make(arena_copy(hidden->arena, text.bytes, text.size),
                                                  text.size);
}

enum status hidden_add_code(struct hidden *hidden, struct span code, struct error *err) {
  struct error unknown = {0};
  int64_t party = 0;
  const char *reference = arena_printf(hidden->arena, "id:" SPAN_FORMAT, SPAN(code));
  hidden_add_text(hidden, code);
  enum status status = register_find_person(hidden->store, reference, &party, &unknown);
  if (status == REFUSED) return DONE; /* a code of before a record was given another */
  if (status != DONE) *err = unknown;
  else hidden_add_party(hidden, party);
  return status;
}

enum status hidden_load(struct hidden *hidden, struct error *err) {
  struct register_name *names = arena_array(hidden->arena, struct register_name,
                                            hidden->party_count + 1);
  enum status status = register_names_of_parties(hidden->store, hidden->arena, hidden->parties,
                                                 hidden->party_count, names, err);
  for (int i = 0; status == DONE && i < hidden->party_count; i++) {
    if (names[i].code) hidden_add_text(hidden, span_of(names[i].code));
    if (names[i].name) hidden_add_text(hidden, span_of(names[i].name));
  }
  return status;
}

/* ---- in texts ---- */

/* A letter or digit, or a byte of a letter beyond ASCII. */
static bool is_of_word(char c) {
  unsigned char b = (unsigned char)c;
  return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b >= 0x80;
}

static bool stands_at(struct span text, size_t at, struct span sought) {
  const size_t end = at + sought.size;
  if (end > text.size || memcmp(text.bytes + at, sought.bytes, sought.size) != 0) return false;
  if (at && is_of_word(text.bytes[at - 1]) && is_of_word(sought.bytes[0])) return false;
  return end == text.size || !is_of_word(text.bytes[end]) ||
         !is_of_word(sought.bytes[sought.size - 1]);
}

/* The reference `id:CODE` that stands here, of anybody but the subject; 0: none. */
static size_t reference_at(const struct held *subject, struct span text, size_t at) {
  if (!stands_at(text, at, span_of("id:"))) return 0;
  size_t end = at + 3;
  while (end < text.size && (is_of_word(text.bytes[end]) || text.bytes[end] == '-')) end++;
  struct span code = span_make(text.bytes + at + 3, end - at - 3);
  for (int i = 0; i < subject->record_count; i++)
    if (span_is(code, subject->codes[i])) return 0;
  return code.size ? end - at : 0;
}

/* The longest that stands here. */
static size_t hidden_at(const struct hidden *hidden, const struct held *subject, struct span text,
                        size_t at) {
  size_t longest = reference_at(subject, text, at);
  for (int i = 0; i < hidden->text_count; i++)
    if (hidden->texts[i].size > longest && stands_at(text, at, hidden->texts[i]))
      longest = hidden->texts[i].size;
  return longest;
}

/* A relative may have the subject's own name. */
static bool is_own(const struct held *subject, struct span text) {
  return subject->name && span_is(text, subject->name);
}

int hidden_take_out(const struct hidden *hidden, const struct held *subject, struct span *text) {
  struct text out = {0};
  int count = 0;
  if (!text->size) return 0;
  for (size_t at = 0; at < text->size;) {
    size_t size = hidden_at(hidden, subject, *text, at);
    if (!size || is_own(subject, span_make(text->bytes + at, size))) {
      text_add_char(&out, text->bytes[at++]);
      continue;
    }
    count++;
    text_add(&out, HELD_WITHHELD);
    at += size;
  }
  if (count) *text = span_make(arena_copy(hidden->arena, out.bytes, out.size), out.size);
  text_release(&out);
  return count;
}
