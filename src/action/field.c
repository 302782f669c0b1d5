/* A form is read in two steps. First every pair finds its field; a pair that no form of ours would
 * send ends the request there. Then each field makes a value of its pairs, or a fault in the
 * visitor's language. What was sent is kept beside it, so that the visitor need not type it
 * again. */
#include "action/field.h"
#include "base/limits.h"
#include "base/money.h"
#include "base/pasted.h"
#include "base/refusal.h"
#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

const struct choice per_choices[] = {
    {"week", N_("A week")}, {"month", N_("A month")}, {"year", N_("A year")}, {NULL, NULL}};
const struct choice confirmed_choices[] = {{"yes", NULL}, {"change", NULL}, {NULL, NULL}};
const struct choice pay_choices[] = {{"week", N_("Every week")},
                                     {"2-weeks", N_("Every 2 weeks")},
                                     {"4-weeks", N_("Every 4 weeks")},
                                     {"month", N_("Every month")},
                                     {"year", N_("Once a year")},
                                     {"once", N_("Once")},
                                     {NULL, NULL}};

enum {
  SENT_MOST = 256,      /* pairs of a form: the longest of ours has some 40 */
  NAME_BYTES_MOST = 64, /* of a pair's name */
  TEXT_MOST = 200,      /* characters, where the field sets no limit */
  LONG_MOST = 2000,
  WORDS_MOST = 64 /* ticked boxes of one field */
};

static const char *const day_parts_sent[] = {"-day", "-month", "-year", NULL};
static const char *const minutes_parts_sent[] = {"-hours", "-minutes", NULL};

/* The pairs that came for one field. */
struct field_slot {
  const struct sent *whole, *part[3]; /* NAME; NAME-day ... in the order of its parts */
  const struct sent *words[WORDS_MOST];
  int word_count;
};

struct field_reading {
  struct arena *arena;
  enum language language;
  day_t today;
  const struct field *field; /* the one just read */
  const struct field_slot *slot;
  const struct sent *sent; /* all pairs */
  int sent_count;
  struct value *value;
  struct span *given;
  const char *fault;
  bool is_general; /* the fault is a general sentence, not the field's own */
  bool is_missing; /* the fault is that nothing was sent */
};

/* ---- characters ---- */

/* Characters that people cannot see: control characters, marks that turn the direction of writing
 * (they can make a name look like another), line and paragraph separators, the byte-order mark,
 * language tags, what Unicode says is no character. */
static bool is_hidden(uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c || c == 0x200e || c == 0x200f ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff ||
         (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe || (c >= 0xe0000 && c <= 0xe007f);
}

/* Reads one character; utf8_valid has checked the bytes. */
static size_t character(const char *bytes, uint32_t *c) {
  const uint8_t *b = (const uint8_t *)bytes;
  size_t n = b[0] < 0x80 ? 1 : b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : 4;
  *c = n == 1 ? b[0] : b[0] & (0x7fu >> n);
  for (size_t i = 1; i < n; i++) *c = *c << 6 | (b[i] & 0x3f);
  return n;
}

static int64_t count_characters(struct span s) {
  int64_t n = 0;
  for (size_t i = 0; i < s.size; i++) n += ((uint8_t)s.bytes[i] & 0xc0) != 0x80;
  return n;
}

static bool is_white(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* Kinds whose value is no text: blanks, dashes and digits are taken as a paste brings them
 * (base/pasted.h). */
static bool is_folded(enum field_kind kind) {
  return kind != FIELD_TEXT && kind != FIELD_LONG && kind != FIELD_HIDDEN;
}

/* Trimmed, terminated, without what is hidden; *left_out says whether there was any (white space
 * becomes a space, so that words do not run together). */
static struct span clean(struct field_reading *r, struct span raw, bool lines, bool *left_out) {
  raw = span_trim_pasted(raw);
  char *out = arena_alloc(r->arena, raw.size + 1);
  if (is_folded(r->field->kind)) raw = span_make(out, pasted_fold(raw, out));
  size_t n = 0;
  for (size_t i = 0; i < raw.size;) {
    uint32_t c;
    size_t size = character(raw.bytes + i, &c);
    if (c == '\r' && lines) {
      /* what was trimmed ends in neither, so there is a next byte */
      if (raw.bytes[i + 1] != '\n') out[n++] = '\n';
    } else if (c == '\n' && lines) out[n++] = '\n';
    else if (is_hidden(c)) {
      *left_out = true;
      if (is_white((char)c) && c < 0x80) out[n++] = ' ';
    } else {
      memcpy(out + n, raw.bytes + i, size);
      n += size;
    }
    i += size;
  }
  out[n] = 0; /* folding may have left bytes there */
  return span_make(out, n);
}

static struct span sent_text(struct field_reading *r, const struct sent *sent, bool *left_out) {
  return sent ? clean(r, sent->value, r->field->kind == FIELD_LONG, left_out) : span_make("", 0);
}

/* ---- faults ---- */

static void fault_own(struct field_reading *r, const char *message) {
  if (!r->fault) r->fault = message;
}
static void fault(struct field_reading *r, const char *message) {
  if (r->fault) return;
  r->fault = message;
  r->is_general = true;
}
#define SAY(english) say(r->language, (english))

static void fault_missing(struct field_reading *r) {
  const struct field *f = r->field;
  r->is_missing = true;
  if (f->missing) {
    fault_own(r, say(r->language, f->missing));
    return;
  }
  enum language l = r->language;
  switch (f->kind) {
  case FIELD_TEXT:
  case FIELD_LONG:
  case FIELD_CODE:
  case FIELD_HIDDEN: fault(r, say(l, "Write an answer")); break;
  case FIELD_LINE: fault(r, say(l, "Write the number of an item, such as 12:3")); break;
  case FIELD_DAY: fault(r, say(l, "Enter a date, such as 27 3 2026")); break;
  case FIELD_YEAR: fault(r, say(l, "Enter a year, such as 2025-26")); break;
  case FIELD_MONEY: fault(r, say(l, "Enter an amount in pounds, such as 12.50")); break;
  case FIELD_MINUTES: fault(r, say(l, "Enter hours and minutes")); break;
  case FIELD_QUANTITY: fault(r, say(l, "Enter a number, such as 2.5")); break;
  case FIELD_COUNT: fault(r, say(l, "Enter a whole number")); break;
  case FIELD_CHOICE: fault(r, say(l, "Choose an answer")); break;
  case FIELD_CHOICES: fault(r, say(l, "Choose one answer or more")); break;
  case FIELD_FILE:
  case FIELD_FILES: fault(r, say(l, "Choose a file")); break;
  }
}

/* A general fault names the field by its label, unless the label is a question: then the fault
 * reads as its answer. */
static const char *fault_message(struct field_reading *r) {
  const char *label = r->field->label ? say(r->language, r->field->label) : NULL;
  size_t size = label ? strlen(label) : 0;
  if (!r->is_general || !size || label[size - 1] == '?') return r->fault;
  return arena_printf(r->arena, "%s: %s", label, r->fault);
}

/* ---- bounds ---- */

static char *bound(struct field_reading *r, int64_t n) {
  struct text t = {0};
  if (r->field->kind == FIELD_MONEY) text_add_pounds(&t, n);
  else if (r->field->kind == FIELD_QUANTITY) text_add_quantity(&t, n);
  else text_add_int(&t, n);
  return text_take(r->arena, &t);
}

static void check_bounds(struct field_reading *r, int64_t n) {
  int64_t least = r->field->least, most = r->field->most;
  const char *format = NULL;
  if (n < least)
    format = r->field->kind == FIELD_MINUTES ? say(r->language, "Enter %s minutes or more")
                                             : say(r->language, "Enter %s or more");
  else if (most && n > most)
    format = r->field->kind == FIELD_MINUTES ? say(r->language, "Enter %s minutes or fewer")
                                             : say(r->language, "Enter %s or less");
  if (!format) return;
  struct text t = {0};
  text_addf(&t, format, bound(r, n < least ? least : most));
  fault(r, arena_copy(r->arena, t.bytes, t.size));
  text_release(&t);
}

static void check_length(struct field_reading *r, struct span text, int64_t most) {
  int64_t n = count_characters(text);
  if (r->field->most) most = r->field->most;
  if (n > most)
    fault(r, arena_printf(r->arena,
                          say_count(r->language, "Use %lld character or fewer",
                                    "Use %lld characters or fewer", most),
                          (long long)most));
  else if (n < r->field->least)
    fault(r, arena_printf(r->arena,
                          say_count(r->language, "Use %lld character or more",
                                    "Use %lld characters or more", r->field->least),
                          (long long)r->field->least));
}

/* ---- kinds ---- */

static void read_text(struct field_reading *r, struct span text) {
  check_length(r, text, r->field->kind == FIELD_LONG ? LONG_MOST : TEXT_MOST);
}

static void read_code(struct field_reading *r, struct span text) {
  if (!span_is_code(text)) fault(r, SAY("Use letters, digits and - _ . : only"));
  else check_length(r, text, LIMIT_CODE_BYTES);
}

static void read_year(struct field_reading *r, struct span text) {
  int year;
  for (const struct choice *c = r->field->choices; c && c->word; c++)
    if (span_is(text, c->word)) return;
  if (year_parse(text, &year, NULL) == DONE) r->value->number = year;
  else fault(r, SAY("Enter a year, such as 2025-26"));
}

static void read_money(struct field_reading *r, struct span text) {
  if (!money_typed(text, &r->value->number))
    fault(r, SAY("Enter an amount in pounds, such as 12.50"));
  else check_bounds(r, r->value->number);
}

static void read_quantity(struct field_reading *r, struct span text) {
  if (quantity_parse(text, &r->value->number, NULL) != DONE)
    fault(r, SAY("Enter a number with at most three decimals, such as 2.5"));
  else check_bounds(r, r->value->number);
}

static void read_count(struct field_reading *r, struct span text) {
  const char *prefix = r->field->prefix;
  const size_t size = prefix ? strlen(prefix) : 0;
  if (size && text.size > size && strncasecmp(text.bytes, prefix, size) == 0)
    text = span_trim(span_make(text.bytes + size, text.size - size));
  if (integer_parse(text, &r->value->number, NULL) != DONE) fault(r, SAY("Enter a whole number"));
  else check_bounds(r, r->value->number);
}

static void read_line(struct field_reading *r, struct span text) {
  const char *colon = text.size ? memchr(text.bytes, ':', text.size) : NULL;
  size_t first = colon ? (size_t)(colon - text.bytes) : 0;
  if (!colon || integer_parse(span_make(text.bytes, first), &r->value->number, NULL) != DONE ||
      integer_parse(span_make(colon + 1, text.size - first - 1), &r->value->number2, NULL) !=
          DONE ||
      r->value->number <= 0 || r->value->number2 <= 0)
    fault(r, SAY("Write the number of an item, such as 12:3"));
}

/* Reads at most `most` digits and nothing else; -1 when it is no such number. */
static int small_number(struct span text, size_t most) {
  int n = 0;
  if (text.size == 0 || text.size > most) return -1;
  for (size_t i = 0; i < text.size; i++) {
    if (text.bytes[i] < '0' || text.bytes[i] > '9') return -1;
    n = n * 10 + (text.bytes[i] - '0');
  }
  return n;
}

/* 3, 03, Mar, march, Mawrth: the date pattern of the GOV.UK Design System asks to take a month's
 * name too. 0 when it is none. */
static int month_number(struct span text) {
  const int n = small_number(text, 2);
  return n >= 1 && n <= 12 ? n : month_named(text, false);
}

/* Says in one sentence which parts of a day are missing. */
static void fault_parts(struct field_reading *r, const struct span part[3]) {
  int missing = (part[0].size == 0) | (part[1].size == 0) << 1 | (part[2].size == 0) << 2;
  switch (missing) {
  case 1: fault(r, SAY("The date must include a day")); break;
  case 2: fault(r, SAY("The date must include a month")); break;
  case 3: fault(r, SAY("The date must include a day and month")); break;
  case 4: fault(r, SAY("The date must include a year")); break;
  case 5: fault(r, SAY("The date must include a day and year")); break;
  case 6: fault(r, SAY("The date must include a month and year")); break;
  default: break;
  }
}

static void take_day(struct field_reading *r, int year, int month, int day) {
  char iso[16];
  day_t found;
  int size = snprintf(iso, sizeof iso, "%04d-%02d-%02d", year, month, day);
  if (size != 10 || day_parse(span_make(iso, 10), &found, NULL) != DONE) {
    fault(r, SAY("The date must be a real date, such as 27 3 2026"));
    return;
  }
  r->value->number = found;
  r->value->text = span_of(arena_copy(r->arena, iso, 10));
  if (r->field->past && found > r->today) fault(r, SAY("The date must be today or in the past"));
}

static void read_day_parts(struct field_reading *r, const struct span part[3]) {
  fault_parts(r, part);
  if (r->fault) return;
  int day = small_number(part[0], 2), month = month_number(part[1]),
      year = small_number(part[2], 4);
  if (year >= 0 && part[2].size != 4) fault(r, SAY("The year must have four digits, such as 2026"));
  else if (day < 1 || month < 1 || year < 0)
    fault(r, SAY("The date must be a real date, such as 27 3 2026"));
  else take_day(r, year, month, day);
}

/* `27 3 2026`, `27 March 2026`: three pieces. With slashes it might be meant month first. */
static bool day_pieces(struct span text, struct span part[3]) {
  int count = 0;
  for (size_t at = 0; at < text.size;) {
    size_t size = 0;
    while (at + size < text.size && text.bytes[at + size] != ' ') size++;
    if (size && count == 3) return false;
    if (size) part[count++] = span_make(text.bytes + at, size);
    at += size + 1;
  }
  return count == 3;
}

static void read_minutes_parts(struct field_reading *r, const struct span part[2]) {
  int hours = part[0].size ? small_number(part[0], 5) : 0,
      minutes = part[1].size ? small_number(part[1], 2) : 0;
  if (hours < 0) fault(r, SAY("Hours must be a whole number, such as 2"));
  else if (minutes < 0 || minutes > 59)
    fault(r, SAY("Minutes must be a whole number from 0 to 59"));
  else {
    r->value->number = (int64_t)hours * 60 + minutes;
    r->value->text = span_of(arena_printf(r->arena, "%" PRId64, r->value->number));
    check_bounds(r, r->value->number);
  }
}

/* ---- fields ---- */

/* A field without choices of its own has those of its handler, which checks the value itself. */
static bool is_offered(const struct field *field, struct span word) {
  struct choice c;
  for (int i = 0; (c = field_choice(field, i)).word; i++)
    if (span_is(word, c.word)) return true;
  return !field->choices && !field->choice_at;
}

static const char *const *parts_of(enum field_kind kind) {
  static const char *const none[] = {NULL};
  return kind == FIELD_DAY ? day_parts_sent : kind == FIELD_MINUTES ? minutes_parts_sent : none;
}

/* A day or a time that came in parts; false when it did not. */
static bool read_parts(struct field_reading *r, bool *left_out) {
  struct span part[3] = {{0}};
  int count = 0;
  bool came = false, given = false;
  for (const char *const *p = parts_of(r->field->kind); *p; p++, count++) {
    came |= r->slot->part[count] != NULL;
    part[count] = sent_text(r, r->slot->part[count], left_out);
    given |= part[count].size > 0;
  }
  if (!came) return false;
  *r->given = span_of(
      count == 3 ? arena_printf(r->arena, "%s\n%s\n%s", part[0].bytes, part[1].bytes, part[2].bytes)
                 : arena_printf(r->arena, "%s\n%s", part[0].bytes, part[1].bytes));
  r->value->given = given;
  if (!given) return true;
  if (r->field->kind == FIELD_DAY) read_day_parts(r, part);
  else read_minutes_parts(r, part);
  return true;
}

static void read_whole(struct field_reading *r, struct span text) {
  int64_t minutes;
  day_t day;
  int year, month, day_of_month;
  r->value->text = text;
  switch (r->field->kind) {
  case FIELD_TEXT:
  case FIELD_LONG: read_text(r, text); break;
  case FIELD_YEAR: read_year(r, text); break;
  case FIELD_MONEY: read_money(r, text); break;
  case FIELD_QUANTITY: read_quantity(r, text); break;
  case FIELD_COUNT: read_count(r, text); break;
  case FIELD_CODE:
  case FIELD_HIDDEN:
  case FIELD_CHOICE: read_code(r, text); break;
  case FIELD_LINE: read_line(r, text); break;
  case FIELD_DAY:
    *r->given = span_of(arena_printf(r->arena, "%s\n\n", text.bytes));
    if (day_parse(text, &day, NULL) != DONE) {
      struct span part[3];
      if (day_pieces(text, part)) read_day_parts(r, part);
      else fault(r, SAY("The date must be a real date, such as 27 3 2026"));
      break;
    }
    day_parts(day, &year, &month, &day_of_month);
    *r->given = span_of(arena_printf(r->arena, "%d\n%d\n%d", day_of_month, month, year));
    take_day(r, year, month, day_of_month);
    break;
  case FIELD_MINUTES:
    *r->given = span_of(arena_printf(r->arena, "\n%s", text.bytes));
    if (minutes_parse(text, &minutes, NULL) != DONE) {
      fault(r, SAY("Minutes must be a whole number"));
      break;
    }
    r->value->number = minutes;
    *r->given =
        span_of(arena_printf(r->arena, "%" PRId64 "\n%" PRId64, minutes / 60, minutes % 60));
    check_bounds(r, minutes);
    break;
  case FIELD_CHOICES:
  case FIELD_FILE:
  case FIELD_FILES: break;
  }
}

static void read_file(struct field_reading *r) {
  const struct sent *sent = r->slot->whole;
  /* a browser sends a field without a file as a part without a name and without bytes */
  r->value->given = sent && (sent->value.size > 0 || sent->file_name.size > 0);
  if (!r->value->given) return;
  r->value->text = span_of(arena_copy(r->arena, sent->value.bytes, sent->value.size));
  r->value->number = sent->file_bytes;
  if (sent->file_bytes == 0) fault(r, SAY("The file is empty"));
  else if (r->field->most && sent->file_bytes > r->field->most)
    fault(r, arena_printf(r->arena, say(r->language, "The file must be smaller than %lld kB"),
                          (long long)(r->field->most / 1000)));
}

static void read_files(struct field_reading *r) {
  struct text paths = {0};
  for (int i = 0; i < r->sent_count; i++) {
    const struct sent *sent = &r->sent[i];
    if (!span_is(sent->name, r->field->name)) continue;
    if (sent->file_name.size && sent->file_bytes == 0) fault(r, SAY("The file is empty"));
    r->value->given |= sent->value.size > 0 || sent->file_name.size > 0;
    if (!sent->value.size) continue;
    text_add_span(&paths, sent->value);
    text_add_char(&paths, '\0');
    r->value->number++;
  }
  r->value->text = span_of("");
  if (paths.size)
    r->value->text = span_make(arena_copy(r->arena, paths.bytes, paths.size), paths.size);
  text_release(&paths);
}

static enum status read_words(struct field_reading *r, struct error *err) {
  struct text words = {0};
  enum status status = DONE;
  for (int i = 0; i < r->slot->word_count && status == DONE; i++) {
    bool left_out = false;
    struct span word = sent_text(r, r->slot->words[i], &left_out);
    if (!span_is_code(word) || word.size > LIMIT_CODE_BYTES || !is_offered(r->field, word))
      status = refuse_at(err, r->field->name, FIELD_CHOICE_UNKNOWN, r->field->name);
    for (int j = 0; j < i && status == DONE; j++)
      if (span_equal(r->slot->words[i]->value, r->slot->words[j]->value))
        status = refuse_at(err, r->field->name, FIELD_CHOICE_TWICE, r->field->name);
    if (words.size) text_add_char(&words, ' ');
    text_add_span(&words, word);
  }
  r->value->given = words.size > 0;
  r->value->text = span_of(arena_copy(r->arena, words.bytes ? words.bytes : "", words.size));
  *r->given = r->value->text;
  text_release(&words);
  return status;
}

/* Fills one field's value, what was given, and its fault. */
static enum status read_field(struct field_reading *r, struct error *err) {
  const struct field *f = r->field;
  bool left_out = false;
  r->value->name = f->name;
  r->value->text = *r->given = span_make("", 0);
  if (f->kind == FIELD_DAY) r->value->number = DAY_NONE;
  if (f->kind == FIELD_FILE) read_file(r);
  else if (f->kind == FIELD_FILES) read_files(r);
  else if (f->kind == FIELD_CHOICES) {
    if (read_words(r, err) != DONE) return REFUSED;
  } else if (!read_parts(r, &left_out)) {
    struct span text = sent_text(r, r->slot->whole, &left_out);
    *r->given = text;
    r->value->given = text.size > 0;
    if (text.size && f->kind == FIELD_CHOICE && !is_offered(f, text))
      return refuse_at(err, f->name, FIELD_CHOICE_UNKNOWN, f->name);
    if (text.size && !left_out) read_whole(r, text);
  }
  if (left_out) {
    r->fault = NULL;
    fault(r, SAY("Some characters cannot be used here and were left out; look at what is left"));
  }
  if (!r->fault && !r->value->given && !f->optional) fault_missing(r);
  if (r->fault && f->kind == FIELD_HIDDEN)
    return refuse_at(err, f->name, FIELD_NOT_AS_GIVEN, f->name);
  if (r->fault)
    *r->value = (struct value){.name = f->name,
                               .text = span_make("", 0),
                               .number = f->kind == FIELD_DAY ? DAY_NONE : 0};
  return DONE;
}

/* ---- pairs ---- */

static enum status refuse_name(struct span name, enum refusal_code code, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  return refuse_code_text(err, code,
                          utf8_valid(name.bytes, name.size) ? span_quote(name, quoted) : "?");
}

/* Where the pair with that name goes; null when the field has no part of that name. */
static const struct sent **place_of(const struct field *f, struct field_slot *slot,
                                    struct span name) {
  size_t size = strlen(f->name);
  if (name.size < size || memcmp(name.bytes, f->name, size) != 0) return NULL;
  struct span rest = span_make(name.bytes + size, name.size - size);
  if (rest.size == 0)
    return f->kind == FIELD_CHOICES
               ? (slot->word_count < WORDS_MOST ? &slot->words[slot->word_count++] : NULL)
               : &slot->whole;
  int n = 0;
  for (const char *const *p = parts_of(f->kind); *p; p++, n++)
    if (span_is(rest, *p)) return &slot->part[n];
  return NULL;
}

static enum status sort_pairs(struct field_slot *slots, const struct field *fields,
                              const struct sent *sent, int count, struct error *err) {
  int files = 0;
  for (int i = 0; i < count; i++) files += sent[i].file;
  if (count - files > SENT_MOST) return refuse(err, FORM_TOO_MANY_VALUES, count - files, SENT_MOST);
  if (files > LIMIT_IMPORT_FILES)
    return refuse(err, FORM_TOO_MANY_VALUES, files, LIMIT_IMPORT_FILES);
  for (int i = 0; i < count; i++) {
    const struct sent *s = &sent[i];
    if (span_is(s->name, "token")) continue;
    if (s->name.size == 0 || s->name.size > NAME_BYTES_MOST)
      return refuse_name(span_make(s->name.bytes,
                                   s->name.size > NAME_BYTES_MOST ? 0 : s->name.size),
                         REFUSAL_FORM_NAME_STRANGE, err);
    if (!s->file && s->value.size && !utf8_valid(s->value.bytes, s->value.size))
      return refuse_name(s->name, REFUSAL_FORM_NAME_NOT_UTF_8, err);
    const struct sent **place = NULL;
    bool several = false;
    for (int f = 0; fields && fields[f].name && !place; f++) {
      place = place_of(&fields[f], &slots[f], s->name);
      several = place && fields[f].kind == FIELD_FILES;
      if (place && field_takes_file(&fields[f]) != s->file)
        return refuse_name(s->name, REFUSAL_FORM_NAME_OTHERWISE, err);
    }
    if (!place) return refuse_name(s->name, REFUSAL_FORM_NAME_STRANGE, err);
    if (*place && !several) return refuse_name(s->name, REFUSAL_FORM_NAME_TWICE, err);
    *place = s;
  }
  for (int f = 0; fields && fields[f].name; f++)
    if (slots[f].whole && (slots[f].part[0] || slots[f].part[1] || slots[f].part[2]))
      return refuse_name(span_of(fields[f].name), REFUSAL_FORM_NAME_TWICE, err);
  return DONE;
}

enum status fields_read(struct fields_read *out, struct arena *arena, enum language language,
                        const struct field *fields, const struct sent *sent, int count, day_t today,
                        struct error *err) {
  int field_count = 0, fault_count = 0;
  while (fields && fields[field_count].name) field_count++;
  struct field_slot *slots = arena_array(arena, struct field_slot, field_count + 1);
  *out = (struct fields_read){.values = arena_array(arena, struct value, field_count + 1),
                              .given = arena_array(arena, struct span, field_count + 1)};
  if (sort_pairs(slots, fields, sent, count, err) != DONE) return REFUSED;
  struct fault *faults = arena_array(arena, struct fault, field_count + 1);
  for (int f = 0; f < field_count; f++) {
    struct field_reading r = {.arena = arena,
                              .language = language,
                              .today = today,
                              .field = &fields[f],
                              .slot = &slots[f],
                              .sent = sent,
                              .sent_count = count,
                              .value = &out->values[f],
                              .given = &out->given[f]};
    if (read_field(&r, err) != DONE) return REFUSED;
    if (r.fault)
      faults[fault_count++] = (struct fault){.field = fields[f].name,
                                             .message = fault_message(&r),
                                             .is_missing = r.is_missing};
  }
  out->faults = fault_count ? faults : NULL;
  return DONE;
}
