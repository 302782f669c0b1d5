#include "register/address.h"

#include "base/pasted.h"
#include "base/refusal.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdio.h>

const char *const address_columns[ADDRESS_PARTS] = {"address_1", "address_2", "address_3",
                                                    "address_4", "address_5", "postcode",
                                                    "uprn"};

int address_column(const char *name) {
  for (int i = 0; i < ADDRESS_PARTS; i++)
    if (strcmp(address_columns[i], name) == 0) return i;
  return -1;
}

bool address_told(const struct address_row *row) {
  bool told = row->postcode.bytes || row->uprn.bytes;
  for (int i = 0; i < ADDRESS_LINES; i++) told |= row->line[i].bytes != NULL;
  return told;
}

/* ---- postcodes ---- */

/* Whether the signs are as in `form`: `9` a digit, any other a set by its letter. The sets are
 * those of the published form of postcodes (Education and Skills Funding Agency, ILR specification,
 * appendix C: valid postcode format). */
static bool has_form(const char *signs, const char *form) {
  static const struct {
    char name;
    const char *letters;
  } sets[] = {{'F', "ABCDEFGHIJKLMNOPRSTUWYZ"}, /* the first: no Q, V, X */
              {'S', "ABCDEFGHKLMNOPQRSTUVWXY"}, /* the second: no I, J, Z */
              {'T', "ABCDEFGHJKPSTUW"},         /* behind a letter and a digit */
              {'L', "ABEHMNPRVWXY"},            /* behind two letters and a digit */
              {'U', "ABDEFGHJLNPQRSTUWXYZ"}};   /* the last two: no C, I, K, M, O, V */
  for (; *form; form++, signs++) {
    const char *letters = *form == '9' ? "0123456789" : NULL;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
      if (sets[i].name == *form) letters = sets[i].letters;
    assert(letters);
    if (!*signs || !strchr(letters, *signs)) return false;
  }
  return *signs == 0;
}

/* A number of British Forces Post Office, as it stands on letters: `BFPO 57`. */
static bool forces_number(const char *signs, char out[POSTCODE_SIZE]) {
  size_t digits = 0;
  if (strncmp(signs, "BFPO", 4) != 0) return false;
  while (signs[4 + digits] >= '0' && signs[4 + digits] <= '9') digits++;
  if (digits < 1 || digits > 4 || signs[4 + digits] || signs[4] == '0') return false;
  snprintf(out, POSTCODE_SIZE, "BFPO %.4s", signs + 4);
  return true;
}

bool postcode_read(struct span text, char out[POSTCODE_SIZE]) {
  static const char *const forms[] = {"F99UU", "F999UU", "F9T9UU", "FS99UU", "FS999UU", "FS9L9UU"};
  char signs[POSTCODE_SIZE] = "";
  size_t count = 0;
  for (size_t i = 0; i < text.size; i++) {
    char c = text.bytes[i];
    if (c == ' ' || c == '\t') continue;
    if (count + 1 == sizeof signs) return false;
    signs[count++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
  }
  if (forces_number(signs, out)) return true;
  bool right = strcmp(signs, "GIR0AA") == 0;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) right |= has_form(signs, forms[i]);
  if (!right) return false;
  snprintf(out, POSTCODE_SIZE, "%.*s %s", (int)count - 3, signs, signs + count - 3);
  return true;
}

bool uprn_read(struct span text, int64_t *uprn) {
  int digits = 0;
  *uprn = 0;
  for (size_t i = 0; i < text.size; i++) {
    char c = text.bytes[i];
    if (c == ' ' || c == '\t') continue;
    if (c < '0' || c > '9' || ((*uprn || c > '0') && ++digits > UPRN_DIGITS_MAX)) return false;
    *uprn = *uprn * 10 + (c - '0');
  }
  return *uprn > 0;
}

/* ---- the whole ---- */

static enum status read_line(struct arena *arena, struct span line, const char *column,
                             const char **out, struct error *err) {
  if (line.size > ADDRESS_LINE_BYTES_MAX)
    return refuse_at(err, column, ADDRESS_LINE_TOO_LONG, ADDRESS_LINE_BYTES_MAX);
  if (!utf8_valid(line.bytes, line.size)) return refuse_at(err, column, TEXT_BROKEN);
  for (size_t i = 0; i < line.size; i++)
    if ((unsigned char)line.bytes[i] < ' ' || line.bytes[i] == 127)
      return refuse_at(err, column, NAME_CONTROL_CHARACTER);
  *out = arena_copy(arena, line.bytes, line.size);
  return DONE;
}

enum status address_read(struct arena *arena, const struct address_row *row,
                         const struct address **out, struct error *err) {
  struct address *a = arena_alloc(arena, sizeof *a);
  char postcode[POSTCODE_SIZE], quoted[SPAN_QUOTE_SIZE];
  struct span told = span_trim_pasted(row->postcode), uprn = span_trim_pasted(row->uprn);
  enum status status = DONE;
  int lines = 0;
  *a = (struct address){0};
  *out = NULL;
  for (int i = 0; status == DONE && i < ADDRESS_LINES; i++) {
    struct span line = span_trim_pasted(row->line[i]);
    if (line.size) status = read_line(arena, line, address_columns[i], &a->line[lines++], err);
  }
  if (status != DONE) return status;
  if (told.size) {
    if (!postcode_read(told, postcode))
      return refuse_at(err, "postcode", POSTCODE_MALFORMED, span_quote(told, quoted));
    a->postcode = arena_string(arena, postcode);
  }
  if (uprn.size && !uprn_read(uprn, &a->uprn))
    return refuse_at(err, "uprn", UPRN_MALFORMED, span_quote(uprn, quoted));
  if (lines || a->postcode || a->uprn) *out = a;
  return DONE;
}

struct address_row address_as_row(struct arena *arena, const struct address *address) {
  struct address_row row = {0};
  if (!address) return row;
  for (int i = 0; i < ADDRESS_LINES; i++) row.line[i] = span_of(address->line[i]);
  row.postcode = span_of(address->postcode);
  if (address->uprn) row.uprn = span_of(arena_printf(arena, "%lld", (long long)address->uprn));
  return row;
}

static bool text_same(const char *a, const char *b) { return a && b ? strcmp(a, b) == 0 : a == b; }

bool address_same(const struct address *a, const struct address *b) {
  if (!a || !b) return a == b;
  for (int i = 0; i < ADDRESS_LINES; i++)
    if (!text_same(a->line[i], b->line[i])) return false;
  return text_same(a->postcode, b->postcode) && a->uprn == b->uprn;
}

static void add_lines(struct text *t, const struct address *address, const char *divider) {
  for (int i = 0; i < ADDRESS_LINES && address->line[i]; i++) {
    if (i) text_add(t, divider);
    text_add(t, address->line[i]);
  }
}

const char *address_lines(struct arena *arena, const struct address *address) {
  struct text t = {0};
  add_lines(&t, address, "\n");
  return text_take(arena, &t);
}

const char *address_text(struct arena *arena, const struct address *address) {
  struct text t = {0};
  add_lines(&t, address, ", ");
  if (address->postcode && t.size) text_add(&t, ", ");
  if (address->postcode) text_add(&t, address->postcode);
  return text_take(arena, &t);
}

/* ---- in the store ---- */

const struct address *address_of_row(struct query *q, struct arena *arena, int column) {
  if (query_is_null(q, column) && query_is_null(q, column + 1) && query_is_null(q, column + 2))
    return NULL;
  struct address *a = arena_alloc(arena, sizeof *a);
  char *lines = query_copy(q, arena, column);
  *a = (struct address){.postcode = query_copy_or_null(q, arena, column + 1),
                        .uprn = query_is_null(q, column + 2) ? 0 : query_int(q, column + 2)};
  for (int i = 0; i < ADDRESS_LINES && lines && *lines; i++) {
    char *end = strchr(lines, '\n');
    a->line[i] = lines;
    if (end) *end++ = 0;
    lines = end;
  }
  return a;
}

void address_append(struct append *a, const struct address *address) {
  struct text t = {0};
  if (address) add_lines(&t, address, "\n");
  if (t.size) append_text(a, span_make(t.bytes, t.size));
  else append_null(a);
  if (address && address->postcode) append_text(a, span_of(address->postcode));
  else append_null(a);
  if (address && address->uprn) append_int(a, address->uprn);
  else append_null(a);
  text_release(&t);
}
