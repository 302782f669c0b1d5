/* Reads and hashes a line as a proof shows it: makes the bytes of book/leaf.h from the texts
 * alone. */
#include "attest/verify_parts.h"

#include "base/base64.h"
#include "base/refusal.h"

#include <stddef.h>

static const struct {
  const char *key;
  size_t at;
  bool required;
} text_fields[] = {
    {"unit", offsetof(struct seen_line, unit), true},
    {"category", offsetof(struct seen_line, category), false},
    {"quantity", offsetof(struct seen_line, quantity_text), false},
    {"service", offsetof(struct seen_line, service), false},
    {"body", offsetof(struct seen_line, body), false},
    {"place", offsetof(struct seen_line, place), false},
    {"reference", offsetof(struct seen_line, reference), false},
    {"note", offsetof(struct seen_line, note), false},
    {"cost_year", offsetof(struct seen_line, cost_year), false},
    {"department", offsetof(struct seen_line, department), false},
    {"stream", offsetof(struct seen_line, stream), false},
    {"condition", offsetof(struct seen_line, condition), false},
};
enum {
  TEXT_FIELDS = sizeof text_fields / sizeof *text_fields,
  LABEL_FIELDS = 3, /* the last ones, which come at the end of a leaf */
  FIRST_LABEL = TEXT_FIELDS - LABEL_FIELDS
};

#define WHERE "a line"
#define KEYS \
  "entry n account day amount unit category quantity service body place reference note cost_year " \
  "estimated reverses_entry reverses_n department stream condition"

static enum status read_texts(const json_t *object, struct seen_line *out, struct error *err) {
  for (int i = 0; i < TEXT_FIELDS; i++) {
    struct span *field = (struct span *)(void *)((char *)out + text_fields[i].at);
    if (!text_fields[i].required && !json_object_get(object, text_fields[i].key)) continue;
    enum status status = member_text(object, text_fields[i].key, WHERE, field, err);
    if (status != DONE) return status;
    if (!field->size) return refuse(err, VERIFY_LINE_MEMBER_EMPTY, text_fields[i].key);
    if (field->size > UINT16_MAX)
      return refuse(err, VERIFY_LINE_MEMBER_TOO_LONG, text_fields[i].key, UINT16_MAX);
  }
  return DONE;
}

/* `-2.5`: up to three decimals, none of them a last zero; no -0. */
static bool read_quantity(struct span text, int64_t *thousandths) {
  struct text again = {0};
  size_t at = text.size && text.bytes[0] == '-';
  int64_t value = 0, scale = 1000;
  bool point = false, fits = text.size > at && text.size < 22;
  for (size_t i = at; fits && i < text.size; i++) {
    char c = text.bytes[i];
    if (c == '.' && !point) point = true;
    else if (c < '0' || c > '9' || (point && scale == 1)) fits = false;
    else {
      if (point) scale /= 10;
      fits = !__builtin_mul_overflow(value, (int64_t)10, &value) &&
             !__builtin_add_overflow(value, (int64_t)(c - '0'), &value);
    }
  }
  if (!fits || __builtin_mul_overflow(value, scale, &value)) return false;
  *thousandths = at ? -value : value;
  /* Written again, it must give the same text. */
  uint64_t whole = (uint64_t)value;
  text_addf(&again, "%s%llu.%03llu", at ? "-" : "", (unsigned long long)(whole / 1000),
            (unsigned long long)(whole % 1000));
  while (again.bytes[again.size - 1] == '0') again.size--;
  if (again.bytes[again.size - 1] == '.') again.size--;
  bool same = (value || !at) && span_equal(text, span_make(again.bytes, again.size));
  text_release(&again);
  return same;
}

static enum status read_number(const json_t *object, const char *key, int64_t most, bool required,
                               int64_t *out, struct error *err) {
  *out = 0;
  if (!required && !json_object_get(object, key)) return DONE;
  enum status status = member_int(object, key, WHERE, out, err);
  if (status == DONE && (*out < 1 || *out > most))
    status = refuse(err, VERIFY_LINE_MEMBER_BOUNDS, key);
  return status;
}

static enum status read_numbers(const json_t *object, struct seen_line *out, struct error *err) {
  int64_t n = 0, reverses_line_no = 0;
  enum status status = read_number(object, "entry", CANONICAL_INTEGER_MAX, true, &out->entry, err);
  if (status == DONE) status = read_number(object, "n", INT32_MAX, true, &n, err);
  if (status == DONE)
    status = read_number(object, "account", CANONICAL_INTEGER_MAX, true, &out->account, err);
  if (status == DONE) status = member_int(object, "amount", WHERE, &out->amount, err);
  if (status == DONE)
    status = read_number(object, "reverses_entry", CANONICAL_INTEGER_MAX, false,
                         &out->reverses_entry, err);
  if (status == DONE)
    status = read_number(object, "reverses_n", INT32_MAX, false, &reverses_line_no, err);
  out->line_no = (int32_t)n;
  out->reverses_line_no = (int32_t)reverses_line_no;
  return status;
}

enum status seen_line_read(const json_t *object, bool proven, struct seen_line *out,
                           struct error *err) {
  struct span day, salt;
  *out = (struct seen_line){.proven = proven};
  if (!json_is_object(object)) return refuse(err, VERIFY_LINE_NOT_OBJECT);
  enum status status = member_check(object, proven ? KEYS " salt" : KEYS, WHERE, err);
  if (status == DONE) status = read_numbers(object, out, err);
  if (status == DONE) status = read_texts(object, out, err);
  if (status == DONE) status = member_text(object, "day", WHERE, &day, err);
  if (status == DONE) status = day_parse(day, &out->day, err);
  if (status != DONE) return status;
  json_t *estimated = json_object_get(object, "estimated");
  if (estimated && !json_is_true(estimated)) return refuse(err, VERIFY_LINE_ESTIMATED);
  out->estimated = estimated != NULL;
  out->has_quantity = out->quantity_text.size > 0;
  if (out->has_quantity && !read_quantity(out->quantity_text, &out->quantity))
    return refuse(err, VERIFY_LINE_QUANTITY, (long long)out->entry, (int)out->line_no);
  if (!proven) return DONE;
  status = member_text(object, "salt", WHERE, &salt, err);
  if (status == DONE && !base64_decode_exact(salt, out->salt, sizeof out->salt))
    status = refuse(err, VERIFY_LINE_SALT, (long long)out->entry, (int)out->line_no,
                    (int)SALT_BYTES);
  return status;
}

/* ---- bytes ---- */

static void add_number(struct text *t, uint64_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    text_add_char(t, (char)(value >> shift));
}

static struct span text_of(const struct seen_line *line, int field) {
  return *(const struct span *)(const void *)((const char *)line + text_fields[field].at);
}

static void add_texts(struct text *t, const struct seen_line *line, int from, int to) {
  for (int i = from; i < to; i++) {
    struct span s = text_of(line, i);
    add_number(t, s.size, 2);
    text_add_span(t, s);
  }
}

void seen_line_hash(struct hasher *h, struct text *scratch, const struct seen_line *line,
                    struct digest *out) {
  bool labelled = false;
  for (int i = FIRST_LABEL; i < TEXT_FIELDS; i++) labelled |= text_of(line, i).size > 0;
  text_clear(scratch);
  text_add_char(scratch, labelled ? LEAF_LABELLED : LEAF_PLAIN);
  text_add_bytes(scratch, (const char *)line->salt, SALT_BYTES);
  add_number(scratch, (uint64_t)line->entry, 8);
  add_number(scratch, (uint64_t)line->line_no, 4);
  add_number(scratch, (uint64_t)line->account, 8);
  add_number(scratch, (uint32_t)line->day, 4);
  add_number(scratch, (uint64_t)line->amount, 8);
  add_texts(scratch, line, 0, FIRST_LABEL);
  text_add_char(scratch, line->estimated);
  add_number(scratch, (uint64_t)line->reverses_entry, 8);
  add_number(scratch, (uint64_t)line->reverses_line_no, 4);
  if (labelled) add_texts(scratch, line, FIRST_LABEL, TEXT_FIELDS);
  tree_leaf(h, scratch->bytes, scratch->size, out);
}
