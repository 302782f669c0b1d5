#include "exchange/plain.h"

#include "base/folder.h"
#include "base/limits.h"
#include "base/refusal.h"
#include "base/utf8.h"
#include "exchange/sheet_out.h"
#include "exchange/workbook.h"

#include <stdlib.h>
#include <unistd.h>

enum { HEAD = 64 << 10, PART = 256 << 10, WORKBOOK_BYTES_MAX = 1 << 30, TEXT_BYTES_MAX = 1 << 30 };

enum plain_form { FORM_PLAIN, FORM_UTF_16_LITTLE, FORM_UTF_16_BIG, FORM_DIVIDED, FORM_WORKBOOK };

static bool begins(const char *bytes, size_t size, const char *with, size_t width) {
  return size >= width && memcmp(bytes, with, width) == 0;
}

/* UTF-16 without its mark: every second byte of the first ones is zero. */
static enum plain_form unmarked_utf_16(const char *bytes, size_t size) {
  enum { LOOKED_AT = 64 };
  int even = 0, odd = 0;
  if (size < 16) return FORM_PLAIN;
  for (size_t i = 0; i < size && i < LOOKED_AT; i++) *(i % 2 ? &odd : &even) += bytes[i] == 0;
  const int half = (int)(size < LOOKED_AT ? size : LOOKED_AT) / 2;
  if (odd * 10 > half * 8 && even == 0) return FORM_UTF_16_LITTLE;
  return even * 10 > half * 8 && odd == 0 ? FORM_UTF_16_BIG : FORM_PLAIN;
}

/* The divider of columns that most of the first lines have, and in equal number; a comma where none
 * shows. */
static char divider_of(const char *bytes, size_t size) {
  static const char dividers[] = {',', '\t', ';', '|'};
  int most[4] = {0}, lines[4] = {0}, all = 0;
  int in_line[4] = {0};
  bool quoted = false, some = false;
  for (size_t i = 0; i < size; i++) {
    if (bytes[i] == '"') quoted = !quoted;
    if (!quoted && (bytes[i] == '\n' || bytes[i] == '\r')) {
      for (int d = 0; d < 4; d++) {
        lines[d] += in_line[d] > 0;
        if (in_line[d] > most[d]) most[d] = in_line[d];
        in_line[d] = 0;
      }
      all += some;
      some = false;
      continue;
    }
    some = true;
    for (int d = 0; d < 4 && !quoted; d++) in_line[d] += bytes[i] == dividers[d];
  }
  if (all < 2) return ',';
  for (int d = 1; d < 4; d++)
    if (lines[d] * 10 >= all * 8 && most[d] >= 2 && lines[0] * 2 < lines[d] + all / 2 &&
        most[d] >= most[0])
      return dividers[d];
  return ',';
}

static enum status refuse_form(const char *path, enum refusal_code code, struct error *err) {
  refuse_code(err, code);
  return error_at(err, path, 1, NULL);
}

static enum status find_form(const char *path, const char *head, size_t size, enum plain_form *form,
                             char *divider, struct error *err) {
  const char *text = head;
  *form = FORM_PLAIN;
  *divider = ',';
  if (begins(head, size, "PK\x03\x04", 4)) *form = FORM_WORKBOOK;
  else if (begins(head, size, "\xff\xfe", 2)) *form = FORM_UTF_16_LITTLE;
  else if (begins(head, size, "\xfe\xff", 2)) *form = FORM_UTF_16_BIG;
  else *form = unmarked_utf_16(head, size);
  if (*form != FORM_PLAIN) return DONE;
  size_t at = begins(head, size, UTF8_MARK, 3) ? 3 : 0;
  while (at < size && strchr(" \t\r\n", text[at])) at++;
  if (at < size && text[at] == '<') return refuse_form(path, REFUSAL_PUBLISHED_IS_PAGE, err);
  *divider = divider_of(head, size);
  if (*divider != ',') *form = FORM_DIVIDED;
  return DONE;
}

/* ---- text ---- */

/* UTF-16 as UTF-8, unit by unit. */
struct units {
  bool big, half; /* half: the first byte of a unit was kept */
  uint8_t kept;
  uint32_t high; /* the first half of a pair; 0: none */
};

static void add_units(struct units *u, const char *bytes, size_t size, struct text *out) {
  for (size_t i = 0; i < size; i++) {
    if (!u->half) {
      u->kept = (uint8_t)bytes[i];
      u->half = true;
      continue;
    }
    u->half = false;
    const uint32_t first = u->kept, second = (uint8_t)bytes[i];
    uint32_t c = u->big ? first << 8 | second : second << 8 | first;
    if (c == 0xfeff) continue;
    if (c >= 0xd800 && c < 0xdc00) {
      u->high = c;
      continue;
    }
    const bool low = c >= 0xdc00 && c < 0xe000;
    if (low && u->high) c = 0x10000 + ((u->high - 0xd800) << 10) + (c - 0xdc00);
    else if (low) c = 0xfffd;
    u->high = 0;
    char character[4];
    text_add_span(out, span_make(character, utf8_encode(c ? c : ' ', character)));
  }
}

/* Rewrites fields that another divider divides: a part of a field may be carried over. */
struct dividing {
  char divider;
  bool quoted, begun;
  struct text field;
  struct text *out;
};

static void end_field(struct dividing *d) {
  text_add_csv(d->out, span_make(d->field.bytes ? d->field.bytes : "", d->field.size));
  text_clear(&d->field);
  d->begun = false;
}

static void add_divided(struct dividing *d, const char *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) {
    const char c = bytes[i];
    if (c == '"') {
      if (d->quoted || !d->begun) {
        /* of a doubled quote the second opens again, and is one of the text */
        if (!d->quoted && d->field.size) text_add_char(&d->field, '"');
        d->quoted = !d->quoted;
        continue;
      }
      if (i && bytes[i - 1] == '"') {
        text_add_char(&d->field, '"');
        d->quoted = true;
        continue;
      }
    }
    if (!d->quoted && (c == d->divider || c == '\n' || c == '\r')) {
      end_field(d);
      text_add_char(d->out, c == d->divider ? ',' : c);
      continue;
    }
    text_add_char(&d->field, c);
    d->begun = true;
  }
}

static enum status write_out(int fd, struct text *t, struct error *err) {
  enum status status = file_write_all(fd, span_make(t->bytes, t->size),
                                      "a temporary file cannot be written", err);
  text_clear(t);
  return status;
}

/* Copies the input into a file, as it comes (`form` of a workbook) or as plain text. */
static enum status copy_to(struct input *in, const char *head, size_t size, enum plain_form form,
                           char divider, int fd, struct error *err) {
  struct units units = {.big = form == FORM_UTF_16_BIG};
  struct text whole = {0}, out = {0};
  struct dividing dividing = {.divider = divider, .out = &out};
  char *part = memory_alloc(PART);
  uint64_t bytes = 0;
  enum status status = DONE;
  const bool wide = form == FORM_UTF_16_LITTLE || form == FORM_UTF_16_BIG;
  bool first = true;
  memcpy(part, head, size);
  while (status == DONE && size) {
    bytes += size;
    text_clear(&whole);
    if (wide) add_units(&units, part, size, &whole);
    else text_add_span(&whole, span_make(part, size));
    if (wide && first) dividing.divider = divider_of(whole.bytes ? whole.bytes : "", whole.size);
    first = false;
    if (form == FORM_WORKBOOK || dividing.divider == ',')
      text_add_span(&out, span_make(whole.bytes ? whole.bytes : "", whole.size));
    else add_divided(&dividing, whole.bytes ? whole.bytes : "", whole.size);
    status = write_out(fd, &out, err);
    if (status == DONE && bytes > TEXT_BYTES_MAX) status = refuse(err, PUBLISHED_FILE_TOO_LARGE);
    if (status == DONE) status = input_read(in, part, PART, &size, err);
  }
  if (dividing.field.size) {
    end_field(&dividing);
    if (status == DONE) status = write_out(fd, &out, err);
  }
  free(part);
  text_release(&whole);
  text_release(&out);
  text_release(&dividing.field);
  return status;
}

/* ---- the file ---- */

static enum status open_parts(struct plain *out, struct input *in, const char *path,
                              const char *head, size_t size, uint64_t most, struct arena *arena,
                              struct error *err) {
  enum plain_form form;
  char divider;
  struct sheet_out file;
  enum status status = find_form(path, head, size, &form, &divider, err);
  if (status != DONE || form == FORM_PLAIN) return status;
  status = sheet_begin(&file, err);
  if (status != DONE) return status;
  status = copy_to(in, head, size, form, divider, file.fd, err);
  if (status == DONE) input_digest(in, &out->digest);
  if (status == DONE && form == FORM_WORKBOOK) {
    status = workbook_read(file.fd, path, most ? most : WORKBOOK_BYTES_MAX, arena, out, err);
    close(file.fd);
    return status;
  }
  if (status != DONE) {
    close(file.fd);
    return error_at(err, path, 1, NULL);
  }
  out->parts = arena_array(arena, struct plain_part, 1);
  out->parts[out->count++] =
      (struct plain_part){.path = arena_printf(arena, "/proc/self/fd/%d", file.fd), .fd = file.fd};
  return DONE;
}

enum status plain_open(struct plain *out, const char *path, uint64_t unpacked_most,
                       struct arena *arena, struct error *err) {
  struct input *in = NULL;
  size_t size = 0, more = 1;
  char *head = memory_alloc(HEAD);
  *out = (struct plain){0};
  enum status status = input_open_zip(&in, path, err);
  if (status == DONE) input_bound(in, unpacked_most);
  while (status == DONE && more && size < HEAD) {
    status = input_read(in, head + size, HEAD - size, &more, err);
    size += status == DONE ? more : 0;
  }
  if (status == DONE) status = open_parts(out, in, path, head, size, unpacked_most, arena, err);
  if (status != DONE) plain_close(out);
  input_close(in);
  free(head);
  return status;
}

void plain_close(struct plain *plain) {
  for (int i = 0; i < plain->count; i++) close(plain->parts[i].fd);
  plain->count = 0;
}
