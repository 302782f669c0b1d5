/* Values as people read them, in text and HTML alike. */
#include "document/tree.h"

#include "base/money.h"

#include <inttypes.h>

#define MINUS "\xE2\x88\x92" /* U+2212, as money has it */

void put_int(struct text *out, int64_t n) {
  char digits[20];
  size_t at = sizeof digits;
  uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;
  do digits[--at] = (char)('0' + rest % 10);
  while (rest /= 10);
  if (n < 0) PUT(out, "-");
  put(out, digits + at, sizeof digits - at);
}

/* `−1,234` */
static void put_count(struct text *out, int64_t n) {
  char digits[32];
  size_t at = sizeof digits;
  uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;
  for (int i = 0; i == 0 || rest; i++, rest /= 10) {
    if (i && i % 3 == 0) digits[--at] = ',';
    digits[--at] = (char)('0' + rest % 10);
  }
  if (n < 0) PUT(out, MINUS);
  put(out, digits + at, sizeof digits - at);
}

static const char *month_name(enum language language, int month) {
  switch (month) {
  case 1: return say(language, "January");
  case 2: return say(language, "February");
  case 3: return say(language, "March");
  case 4: return say(language, "April");
  case 5: return say(language, "May");
  case 6: return say(language, "June");
  case 7: return say(language, "July");
  case 8: return say(language, "August");
  case 9: return say(language, "September");
  case 10: return say(language, "October");
  case 11: return say(language, "November");
  default: return say(language, "December");
  }
}

static void put_day(struct text *out, enum language language, day_t day) {
  int year, month, day_of_month;
  if (day == DAY_NONE) return;
  day_parts(day, &year, &month, &day_of_month);
  const char *name = month_name(language, month);
  put_int(out, day_of_month);
  PUT(out, " ");
  put(out, name, strlen(name));
  PUT(out, " ");
  put_int(out, year);
}

/* A message with one `%s` in it, filled with a count: `%s hours`. */
static void put_counted(struct text *out, const char *message, int64_t n) {
  const char *mark = strstr(message, "%s");
  if (!mark) {
    put(out, message, strlen(message));
    return;
  }
  put(out, message, (size_t)(mark - message));
  put_count(out, n);
  put(out, mark + 2, strlen(mark + 2));
}

static void put_minutes(struct text *out, enum language language, int64_t minutes) {
  uint64_t whole = minutes < 0 ? -(uint64_t)minutes : (uint64_t)minutes;
  int64_t hours = (int64_t)(whole / 60), rest = (int64_t)(whole % 60);
  if (minutes < 0) PUT(out, MINUS);
  if (hours) put_counted(out, say_count(language, "%s hour", "%s hours", hours), hours);
  if (hours && rest) PUT(out, " ");
  if (rest || !hours) put_counted(out, say_count(language, "%s minute", "%s minutes", rest), rest);
}

/* `1,234.5`: a magnitude with commas at the thousands; `full`: with all decimal places. */
static void put_decimal(struct text *out, uint64_t size, int scale, bool full) {
  enum { SCALE_MOST = 18 };
  char digits[SCALE_MOST + 1];
  uint64_t one = 1;
  for (int i = 0; i < scale; i++) one *= 10;
  put_count(out, (int64_t)(size / one));
  uint64_t part = size % one;
  if (!scale || (!part && !full)) return;
  digits[0] = '.';
  for (int i = scale; i > 0; i--, part /= 10) digits[i] = (char)('0' + part % 10);
  size_t length = (size_t)scale + 1;
  while (!full && digits[length - 1] == '0') length--;
  put(out, digits, length);
}

static void put_quantity(struct text *out, int64_t thousandths) {
  if (thousandths < 0) PUT(out, MINUS);
  put_decimal(out, thousandths < 0 ? -(uint64_t)thousandths : (uint64_t)thousandths, 3, false);
}

/* `12.5 shares`, `−$1,234.50` */
static void put_unit(struct text *out, int64_t n, const struct doc_unit *unit) {
  uint64_t one = 1, size = n < 0 ? -(uint64_t)n : (uint64_t)n;
  for (int i = 0; i < unit->scale; i++) one *= 10;
  const char *word = size == one ? unit->one : unit->many;
  if (n < 0) PUT(out, MINUS);
  put(out, unit->before, strlen(unit->before));
  put_decimal(out, size, unit->scale, unit->full);
  if (!*word) return;
  PUT(out, " ");
  put(out, word, strlen(word));
}

/* Half away from zero. */
static int64_t rounded(int64_t n, int64_t by) {
  return n < 0 ? -(int64_t)((-(uint64_t)n + (uint64_t)by / 2) / (uint64_t)by)
               : (int64_t)(((uint64_t)n + (uint64_t)by / 2) / (uint64_t)by);
}

static void put_pounds(struct text *out, int64_t pounds) {
  if (pounds < 0) PUT(out, MINUS);
  PUT(out, "\xC2\xA3");
  put_count(out, pounds < 0 ? -pounds : pounds);
}

/* `Council Tax. Taken back on 3 May 2026. The correction: 12:3` */
static void put_item(struct text *out, const struct doc_item *item) {
  put(out, item->what, strlen(item->what));
  if (item->more) {
    PUT(out, ". ");
    put(out, item->more, strlen(item->more));
  }
  if (!item->other) return;
  PUT(out, " ");
  put(out, item->other_name, strlen(item->other_name));
  PUT(out, ": ");
  put(out, item->other, strlen(item->other));
}

void value_for_people(struct text *out, enum language language, struct doc_value value) {
  switch (value.kind) {
  case DOC_NULL: break;
  case DOC_TEXT:
  case DOC_LINE:
  case DOC_NUMBER:
    put(out, value.text ? value.text : "", value.text ? strlen(value.text) : 0);
    break;
  case DOC_ITEM: put_item(out, value.item); break;
  case DOC_MONEY: text_add_pounds(out, value.number); break;
  case DOC_POUNDS: put_pounds(out, rounded(value.number, 100)); break;
  case DOC_UNVALUED: text_add(out, say(language, "not valued")); break;
  case DOC_COUNT: put_count(out, value.number); break;
  case DOC_MINUTES: put_minutes(out, language, value.number); break;
  case DOC_QUANTITY:
    put_quantity(out, value.number);
    if (!value.text || !*value.text) break;
    PUT(out, " ");
    put(out, value.text, strlen(value.text));
    break;
  case DOC_UNIT: put_unit(out, value.number, value.unit); break;
  case DOC_DAY: put_day(out, language, (day_t)value.number); break;
  case DOC_BOOL:
    if (value.number) text_add(out, say(language, "yes"));
    break;
  case DOC_HIDDEN: text_add(out, say(language, "hidden")); break;
  case DOC_TOO_LARGE: text_add(out, say(language, "cannot be shown")); break;
  case DOC_TEXTS:
    for (int64_t i = 0; i < value.number; i++) {
      if (i) PUT(out, ", ");
      put(out, value.texts[i], strlen(value.texts[i]));
    }
    break;
  }
  text_reserve(out, 0); /* the digit writers above do not terminate the text */
  out->bytes[out->size] = 0;
}

char *value_words(struct arena *arena, enum language language, struct doc_value value) {
  struct text t = {0};
  value_for_people(&t, language, value);
  return text_take(arena, &t);
}

/* Whether the clocks show this time twice, because they go back. */
static bool comes_twice(int64_t seconds) {
  static const int64_t near_s[] = {-10800, 10800};
  for (int i = 0; i < 2; i++) {
    const int ahead_s = clock_ahead_s(seconds + near_s[i]);
    const int64_t other = seconds + clock_ahead_s(seconds) - ahead_s;
    if (other != seconds && clock_ahead_s(other) == ahead_s) return true;
  }
  return false;
}

void moment_for_people(struct text *out, enum language language, const char *at, bool with_day) {
  struct text day = {0};
  int64_t seconds;
  char here[21], time[32];
  if (strlen(at) < 16 || !clock_read(span_of(at), &seconds)) {
    text_add(out, at);
    return;
  }
  clock_write(seconds + clock_ahead_s(seconds), here);
  const int hour = (here[11] - '0') * 10 + here[12] - '0';
  snprintf(time, sizeof time, hour < 12 ? say(language, "%d:%.2sam") : say(language, "%d:%.2spm"),
           hour % 12 ? hour % 12 : 12, here + 14);
  if (with_day) {
    value_for_people(&day, language, doc_day(clock_day(seconds)));
    text_addf(out, say(language, "%s, %s"), day.bytes, time);
    text_release(&day);
  } else text_add(out, time);
  if (comes_twice(seconds)) text_addf(out, " %s", clock_name(seconds));
}

void value_for_chart(struct text *out, enum language language, struct doc_value value,
                     int64_t largest) {
  if (value.kind == DOC_MINUTES && largest >= 600) {
    int64_t hours = rounded(value.number, 60);
    put_counted(out, say_count(language, "%s hour", "%s hours", hours), hours);
    return;
  }
  if ((value.kind != DOC_MONEY && value.kind != DOC_POUNDS) || largest < 100000) {
    value_for_people(out, language, value);
    return;
  }
  bool millions = largest >= 1000000000; /* from ten million pounds */
  /* tenths of a million, or pounds */
  int64_t shown = rounded(value.number, millions ? 10000000 : 100);
  uint64_t size = shown < 0 ? -(uint64_t)shown : (uint64_t)shown;
  if (shown < 0) PUT(out, MINUS);
  PUT(out, "\xC2\xA3");
  put_count(out, (int64_t)(millions ? size / 10 : size));
  if (!millions) return;
  if (size % 10) {
    PUT(out, ".");
    put_int(out, (int64_t)(size % 10));
  }
  PUT(out, "m");
}

/* How many bytes at `p` are a control character or a mark of writing direction; 0 when it is text.
 * *space: it separated words. */
static size_t unwanted(const unsigned char *p, size_t left, bool *space) {
  *space = false;
  if (p[0] < 0x20 || p[0] == 0x7F) {
    *space = p[0] == '\n' || p[0] == '\r' || p[0] == '\t';
    return 1;
  }
  if (p[0] == 0xC2 && left >= 2 && p[1] < 0xA0) { /* C1; U+0085 is a line's end */
    *space = p[1] == 0x85;
    return 2;
  }
  if (p[0] == 0xD8 && left >= 2 && p[1] == 0x9C) return 2; /* U+061C */
  if (p[0] == 0xE2 && left >= 3) {
    /* U+2028, U+2029: line and paragraph ends */
    if (p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9)) {
      *space = true;
      return 3;
    }
    /* U+200E, 200F, 202A to 202E */
    if (p[1] == 0x80 && (p[2] == 0x8E || p[2] == 0x8F || (p[2] >= 0xAA && p[2] <= 0xAE))) return 3;
    /* U+2066 to 2069 */
    if (p[1] == 0x81 && p[2] >= 0xA6 && p[2] <= 0xA9) return 3;
  }
  if (p[0] == 0xEF && left >= 3 && p[1] == 0xBB && p[2] == 0xBF) return 3; /* U+FEFF */
  return 0;
}

struct span plain(struct text *scratch, struct span text) {
  const unsigned char *p = (const unsigned char *)text.bytes;
  bool space = false;
  size_t i = 0;
  for (; i < text.size; i++)
    if ((p[i] < 0x20 || p[i] >= 0x7F) && unwanted(p + i, text.size - i, &space)) break;
  if (i == text.size) return text;
  text_clear(scratch);
  put(scratch, text.bytes, i);
  while (i < text.size) {
    size_t skip = unwanted(p + i, text.size - i, &space);
    if (!skip) put(scratch, text.bytes + i++, 1);
    else if (space) PUT(scratch, " ");
    i += skip;
  }
  return span_make(scratch->bytes, scratch->size);
}

void table_shape(const struct doc_table *table, struct table_shape *shape) {
  shape->count = shape->mark_count = 0;
  for (int c = 0; c < table->count; c++) {
    if (!table->columns[c].label) continue;
    enum doc_kind kind = DOC_NULL;
    for (size_t i = (size_t)c; i < table->size && kind == DOC_NULL; i += (size_t)table->count)
      kind = table->cells[i].kind;
    if (kind == DOC_BOOL && shape->count > 0) {
      shape->marks[shape->mark_count++] = c;
      continue;
    }
    shape->figures[shape->count] = kind == DOC_MONEY || kind == DOC_POUNDS ||
                                   kind == DOC_UNVALUED || kind == DOC_COUNT ||
                                   kind == DOC_MINUTES || kind == DOC_QUANTITY ||
                                   kind == DOC_UNIT || kind == DOC_NUMBER || kind == DOC_HIDDEN ||
                                   kind == DOC_TOO_LARGE;
    shape->shown[shape->count++] = c;
  }
}

bool value_is_zero(struct doc_value value) {
  return (value.kind == DOC_MONEY || value.kind == DOC_POUNDS || value.kind == DOC_COUNT ||
          value.kind == DOC_MINUTES || value.kind == DOC_QUANTITY || value.kind == DOC_UNIT) &&
         value.number == 0;
}

static size_t character_size(const char *bytes, size_t left) {
  size_t n = 1;
  while (n < left && ((unsigned char)bytes[n] & 0xC0) == 0x80) n++;
  return n;
}

struct span line_take(struct span *rest, size_t width) {
  while (rest->size && rest->bytes[0] == ' ') rest->bytes++, rest->size--;
  size_t at = 0, used = 0, space = 0;
  while (at < rest->size) {
    size_t size = character_size(rest->bytes + at, rest->size - at);
    size_t columns = utf8_width(span_make(rest->bytes + at, size));
    if (rest->bytes[at] == ' ') space = at;
    if (used + columns > width && at > 0) break;
    used += columns;
    at += size;
  }
  if (at < rest->size && space > 0 && rest->bytes[at] != ' ') at = space;
  struct span line = span_make(rest->bytes, at);
  rest->bytes += at;
  rest->size -= at;
  while (rest->size && rest->bytes[0] == ' ') rest->bytes++, rest->size--;
  while (line.size && line.bytes[line.size - 1] == ' ') line.size--;
  return line;
}
