#include "privacy/hide.h"

#include "base/json.h"
#include "register/names.h"
#include "register/notices.h"

#include <jansson.h>

/* ---- words ---- */

/* The size of the sign of punctuation or space beyond ASCII that stands here; 0: none. A name in
 * curly quotes is a name. */
static size_t sign_size(const unsigned char *b, size_t size) {
  /* U+00A0 to U+00BF but for the letters among them */
  if (size >= 2 && b[0] == 0xc2 && b[1] >= 0xa0 && b[1] <= 0xbf)
    return b[1] == 0xaa || b[1] == 0xb5 || b[1] == 0xba ? 0 : 2;
  if (size < 3) return 0;
  /* U+2000 to U+206F, and U+3000 to U+303F */
  if (b[0] == 0xe2 && (b[1] == 0x80 || (b[1] == 0x81 && b[2] <= 0xaf))) return 3;
  return b[0] == 0xe3 && b[1] == 0x80 ? 3 : 0;
}

static bool is_digit_at(struct span text, size_t at) {
  return at < text.size && text.bytes[at] >= '0' && text.bytes[at] <= '9';
}

/* A letter or digit, or a byte of a letter beyond ASCII. */
static bool is_of_word(struct span text, size_t at) {
  const unsigned char *b = (const unsigned char *)text.bytes + at;
  if (at >= text.size) return false;
  if (*b >= 0x80) return !sign_size(b, text.size - at);
  return (*b >= 'a' && *b <= 'z') || (*b >= 'A' && *b <= 'Z') || is_digit_at(text, at);
}

/* The size of the word, or of the one sign, that begins here. */
static size_t word_size(struct span text, size_t at) {
  size_t end = at, sign = sign_size((const unsigned char *)text.bytes + at, text.size - at);
  bool number = true;
  if (!is_of_word(text, at)) return sign ? sign : 1;
  while (end < text.size) {
    bool joined = number && end > at && strchr("-/.:", text.bytes[end]) && text.bytes[end] &&
                  is_digit_at(text, end - 1) && is_digit_at(text, end + 1);
    if (!joined && !is_of_word(text, end)) break;
    number = number && (joined || is_digit_at(text, end));
    end++;
  }
  return end - at;
}

/* ---- whom ---- */

struct hidden *hidden_new(struct store *store, struct arena *arena) {
  struct hidden *hidden = arena_alloc(arena, sizeof *hidden);
  *hidden = (struct hidden){.store = store, .arena = arena};
  hidden->party_known.arena = hidden->code_known.arena = arena;
  hidden->words.arena = hidden->next.arena = arena;
  arena_reserve(arena, hidden->ends, hidden->node_capacity, 1);
  hidden->node_count = 1; /* the beginning */
  return hidden;
}

void hidden_add_party(struct hidden *hidden, int64_t party) {
  if (map_get_number(&hidden->party_known, (uint64_t)party, 0) >= 0) return;
  map_set_number(&hidden->party_known, (uint64_t)party, 0, 0);
  arena_reserve(hidden->arena, hidden->parties, hidden->party_capacity, hidden->party_count + 1);
  hidden->parties[hidden->party_count++] = party;
}

/* The number of a word; the bytes live as long as the arena. */
static int64_t add_word(struct hidden *hidden, struct span word) {
  int64_t known = map_get(&hidden->words, word);
  if (known >= 0) return known;
  map_set(&hidden->words, word, hidden->word_count);
  return hidden->word_count++;
}

static int64_t add_node(struct hidden *hidden, int64_t before, int64_t word) {
  int64_t known = map_get_number(&hidden->next, (uint64_t)before, (uint64_t)word);
  if (known >= 0) return known;
  arena_reserve(hidden->arena, hidden->ends, hidden->node_capacity, hidden->node_count + 1);
  hidden->ends[hidden->node_count] = false;
  map_set_number(&hidden->next, (uint64_t)before, (uint64_t)word, hidden->node_count);
  return hidden->node_count++;
}

void hidden_add_text(struct hidden *hidden, struct span text) {
  struct span kept = span_make(arena_copy(hidden->arena, text.bytes, text.size), text.size);
  int64_t node = 0;
  for (size_t at = 0, size; at < kept.size; at += size) {
    size = word_size(kept, at);
    node = add_node(hidden, node, add_word(hidden, span_make(kept.bytes + at, size)));
  }
  if (node) hidden->ends[node] = true;
}

enum status hidden_add_code(struct hidden *hidden, struct span code, struct error *err) {
  struct error unknown = {0};
  int64_t party = 0;
  if (map_get(&hidden->code_known, code) >= 0) return DONE;
  struct span kept = span_make(arena_copy(hidden->arena, code.bytes, code.size), code.size);
  map_set(&hidden->code_known, kept, 0);
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

/* The reference `id:CODE` that stands here, of anybody but the subject; 0: none. */
static size_t reference_at(const struct held *subject, struct span text, size_t at) {
  if (text.size - at < 4 || memcmp(text.bytes + at, "id:", 3) != 0) return 0;
  size_t end = at + 3;
  while (is_of_word(text, end) || (end < text.size && text.bytes[end] == '-')) end++;
  struct span code = span_make(text.bytes + at + 3, end - at - 3);
  for (int i = 0; i < subject->record_count; i++)
    if (span_is(code, subject->codes[i])) return 0;
  return code.size ? end - at : 0;
}

/* The longest that stands here, at the beginning of a word. */
static size_t hidden_at(const struct hidden *hidden, const struct held *subject, struct span text,
                        size_t at) {
  size_t longest = reference_at(subject, text, at);
  int64_t node = 0;
  for (size_t end = at; end < text.size;) {
    size_t size = word_size(text, end);
    int64_t word = map_get(&hidden->words, span_make(text.bytes + end, size));
    if (word < 0) break;
    node = map_get_number(&hidden->next, (uint64_t)node, (uint64_t)word);
    if (node < 0) break;
    end += size;
    if (hidden->ends[node] && end - at > longest) longest = end - at;
  }
  return longest;
}

/* A relative may have the subject's own name. */
static bool is_own(const struct held *subject, struct span text) {
  return subject->name && span_is(text, subject->name);
}

int hidden_take_out(const struct hidden *hidden, const struct held *subject, struct span *text) {
  struct text out = {0};
  size_t kept = 0; /* up to here it is in `out` */
  int count = 0;
  for (size_t at = 0; at < text->size;) {
    size_t size = hidden_at(hidden, subject, *text, at);
    if (!size || is_own(subject, span_make(text->bytes + at, size))) {
      at += word_size(*text, at);
      continue;
    }
    count++;
    text_add_bytes(&out, text->bytes + kept, at - kept);
    text_add(&out, HELD_WITHHELD);
    kept = at += size;
  }
  if (!count) return 0;
  text_add_bytes(&out, text->bytes + kept, text->size - kept);
  *text = span_make(arena_copy(hidden->arena, out.bytes, out.size), out.size);
  text_release(&out);
  return count;
}

static bool is_of_texts(json_t *object) {
  const char *key;
  json_t *value;
  if (!json_is_object(object)) return false;
  json_object_foreach(object, key, value) {
    if (!json_is_string(value)) return false;
  }
  return true;
}

int hidden_take_out_of_json(const struct hidden *hidden, const struct held *subject,
                            struct span *text) {
  json_t *object = json_loadb(text->bytes, text->size, 0, NULL);
  const char *key;
  json_t *value;
  struct text out = {0};
  struct json j;
  int count = 0;
  if (!is_of_texts(object)) {
    json_decref(object);
    return hidden_take_out(hidden, subject, text);
  }
  json_begin(&j, &out);
  json_open_object(&j, NULL);
  json_object_foreach(object, key, value) {
    struct span words = span_make(json_string_value(value), json_string_length(value));
    if (strcmp(key, NOTICE_WHO) == 0) words = span_of(HELD_WITHHELD), count++;
    else count += hidden_take_out(hidden, subject, &words);
    json_text(&j, key, words);
  }
  json_close_object(&j);
  json_decref(object);
  if (count) *text = span_make(arena_copy(hidden->arena, out.bytes, out.size), out.size);
  text_release(&out);
  return count;
}
