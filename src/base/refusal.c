#include "base/refusal.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
  const char *word, *english;
} rows[REFUSAL_COUNT] = {
    {NULL, ""},
#define REFUSAL(name, word, english) {word, english},
#include "base/refusals.def"
#undef REFUSAL
};

const char *refusal_word(enum refusal_code code) { return rows[code].word; }

/* ---- a conversion of a format ---- */

struct conversion {
  size_t size;   /* bytes of the format, from '%' */
  bool has_star; /* its precision is an argument before it */
  bool phrase;   /* %-s: a message of ours */
  int position;  /* the n of %n$s; 0: the next argument */
  char length;   /* 'l' long, 'L' long long, 'z' size_t, 0 int */
  char kind;     /* s d u x o g; '%' for a percent sign */
};

static struct conversion conversion_at(const char *format) {
  struct conversion c = {.size = 1};
  for (;; c.size++) {
    char at = format[c.size];
    if (at == '*') c.has_star = true;
    else if (at == '$' && !c.has_star) c.position = (int)strtol(format + 1, NULL, 10);
    else if (at == '-') c.phrase = true;
    else if (at == 'l') c.length = c.length ? 'L' : 'l';
    else if (at == 'z') c.length = 'z';
    else if (!strchr("0123456789.$", at)) break;
  }
  c.kind = format[c.size++];
  assert(c.kind && strchr("sduxXog%", c.kind));
  return c;
}

/* ---- refusing ---- */

struct sentence {
  char *bytes;
  size_t size;
  struct refusal *refusal;
};

static void add_argument(struct sentence *s, struct span value) {
  struct refusal *refusal = s->refusal;
  assert(refusal->argument_count < REFUSAL_ARGUMENTS_MAX);
  size_t from = s->size;
  s->size = error_printable(s->bytes, s->size, value.bytes, value.size);
  refusal->argument[refusal->argument_count].at = (uint16_t)from;
  refusal->argument[refusal->argument_count++].size = (uint16_t)(s->size - from);
}

static struct span text_argument(const char *spec, struct conversion c, va_list *args) {
  const char *dot = memchr(spec, '.', c.size);
  size_t most = SIZE_MAX;
  if (c.has_star) most = (size_t)va_arg(*args, int);
  else if (dot) most = strtoul(dot + 1, NULL, 10);
  const char *text = va_arg(*args, const char *);
  if (!text) text = "(null)";
  return span_make(text, strnlen(text, most));
}

/* The number as `spec` writes it. */
static struct span number_argument(const char *spec, struct conversion c, va_list *args,
                                   char out[64]) {
  char one[16];
  int size;
  assert(c.size < sizeof one);
  memcpy(one, spec, c.size);
  one[c.size] = 0;
  if (c.kind == 'g') size = snprintf(out, 64, one, va_arg(*args, double));
  else if (c.length == 'L') size = snprintf(out, 64, one, va_arg(*args, long long));
  else if (c.length == 'l') size = snprintf(out, 64, one, va_arg(*args, long));
  else if (c.length == 'z') size = snprintf(out, 64, one, va_arg(*args, size_t));
  else size = snprintf(out, 64, one, va_arg(*args, int));
  return span_make(out, (size_t)size);
}

static enum status fill(struct error *err, enum refusal_code code, const char *english,
                        va_list *args) {
  struct error made = {.code = REFUSED, .refusal.code = (uint16_t)code};
  struct sentence s = {.bytes = made.message, .refusal = &made.refusal};
  for (const char *at = english; *at;) {
    size_t plain = strcspn(at, "%");
    s.size = error_printable(s.bytes, s.size, at, plain);
    at += plain;
    if (!*at) break;
    struct conversion c = conversion_at(at);
    char number[64];
    if (c.kind == '%') s.size = error_printable(s.bytes, s.size, "%", 1);
    else if (c.kind == 's') add_argument(&s, text_argument(at, c, args));
    else add_argument(&s, number_argument(at, c, args, number));
    at += c.size;
  }
  *err = made; /* an argument may have stood in it */
  return REFUSED;
}

enum status refuse_with(struct error *err, const char *column, enum refusal_code code,
                        const char *english, ...) {
  if (!err) return REFUSED;
  va_list args;
  va_start(args, english);
  fill(err, code, english, &args);
  va_end(args);
  if (column) (void)error_at(err, NULL, 0, column);
  return REFUSED;
}

enum status refuse_code(struct error *err, enum refusal_code code) {
  assert(code && !strchr(rows[code].english, '%') && "a row with arguments is refused with them");
  return err ? fill(err, code, rows[code].english, NULL) : REFUSED;
}

/* Refuses with a row that is known only when the program runs; its one conversion is `expected`. */
static enum status refuse_one(struct error *err, enum refusal_code code, const char *expected,
                              ...) {
  const char *at = code ? strchr(rows[code].english, '%') : NULL;
  bool fits = at && strncmp(at, expected, strlen(expected)) == 0 && !strchr(at + 1, '%');
  assert(fits && "the row takes one argument of this kind");
  if (!err || !fits) return REFUSED;
  va_list args;
  va_start(args, expected);
  fill(err, code, rows[code].english, &args);
  va_end(args);
  return REFUSED;
}

enum status refuse_code_text(struct error *err, enum refusal_code code, const char *text) {
  return refuse_one(err, code, "%s", text);
}

enum status refuse_code_size(struct error *err, enum refusal_code code, size_t size) {
  return refuse_one(err, code, "%zu", size);
}

enum status refuse_in_words(struct error *err, enum refusal_code said) {
  struct error before = *err;
  refuse_code(err, said);
  err->refusal.code = before.refusal.code;
  err->refusal.said = (uint16_t)said;
  return error_at(err, before.file, before.line, before.column);
}

enum status refuse_again(struct error *err, const struct refusal *refusal, const char *message) {
  if (!err) return REFUSED;
  *err = (struct error){.code = REFUSED, .refusal = *refusal};
  (void)error_printable(err->message, 0, message, strlen(message));
  return REFUSED;
}

/* ---- saying it in another language ---- */

/* Which argument of the row the conversion `number` (as C counts, stars too) of its English is. */
static int argument_numbered(const char *english, int number) {
  int counted = 0, argument = 0;
  for (const char *at = english; (at = strchr(at, '%'));) {
    struct conversion c = conversion_at(at);
    at += c.size;
    if (c.kind == '%') continue;
    counted += 1 + c.has_star;
    if (counted == number) return argument;
    argument++;
  }
  return argument;
}

static bool is_phrase(const char *english, int argument) {
  for (const char *at = english; (at = strchr(at, '%'));) {
    struct conversion c = conversion_at(at);
    at += c.size;
    if (c.kind != '%' && argument-- == 0) return c.phrase;
  }
  return false;
}

/* `out`: of ERROR_MESSAGE_SIZE. A phrase that was cut with its sentence is in no catalogue. */
static const char *say_phrase(enum language language, struct span phrase, char *out) {
  memcpy(out, phrase.bytes, phrase.size);
  out[phrase.size] = 0;
  return say(language, out);
}

void refusal_write(struct text *out, enum language language, const struct refusal *refusal,
                   const char *message) {
  const char *english = rows[refusal->said ? refusal->said : refusal->code].english;
  const char *format = say(language, english);
  if (!refusal->code || language == ENGLISH) {
    text_add(out, message);
    return;
  }
  int next = 0;
  for (const char *at = format; *at;) {
    size_t plain = strcspn(at, "%");
    text_add_bytes(out, at, plain);
    at += plain;
    if (!*at) break;
    struct conversion c = conversion_at(at);
    at += c.size;
    if (c.kind == '%') {
      text_add_char(out, '%');
      continue;
    }
    int k = c.position ? argument_numbered(english, c.position) : next++;
    if (k >= refusal->argument_count) continue;
    char phrase[ERROR_MESSAGE_SIZE];
    struct span given = span_make(message + refusal->argument[k].at, refusal->argument[k].size);
    if (is_phrase(english, k)) text_add(out, say_phrase(language, given, phrase));
    else text_add_span(out, given);
  }
}

char *refusal_sentence(struct arena *arena, enum language language, const struct refusal *refusal,
                       const char *message) {
  struct text said = {0};
  refusal_write(&said, language, refusal, message);
  return text_take(arena, &said);
}

/* ---- taking a sentence apart ---- */

/* A row as a sequence of our own text and what comes after it. */
struct piece {
  struct span ours;
  struct conversion after; /* kind 0: the end of the row */
};
enum { PIECES_MAX = REFUSAL_ARGUMENTS_MAX + 1 };

static int take_pieces(const char *english, struct piece out[PIECES_MAX]) {
  int count = 0;
  for (const char *at = english;;) {
    struct piece *p = &out[count++];
    p->ours = span_make(at, strcspn(at, "%"));
    at += p->ours.size;
    if (!*at) return p->after = (struct conversion){0}, count;
    p->after = conversion_at(at);
    at += p->after.size;
    if (p->after.kind == '%' || count == PIECES_MAX) return 0;
  }
}

/* Where our text ends in the message, between `from` and `till`: the last such place. False: there
 * is none. */
static bool find_last(const char *message, size_t from, size_t till, struct span ours,
                      size_t *end) {
  for (size_t at = till + 1; at-- > from;)
    if (memcmp(message + at - ours.size, ours.bytes, ours.size) == 0) return *end = at, true;
  return false;
}

static bool is_number(struct span text) {
  for (size_t i = 0; i < text.size; i++)
    if (!strchr("0123456789abcdefx+-.", text.bytes[i])) return false;
  return true;
}

/* Takes `message` for the row `english`; returns how many of its bytes are ours then, 0: it is not
 * of this row. From the end, so that a phrase is never longer than it is: what a user wrote may
 * contain the text that follows it. */
static size_t take_apart(const char *message, const char *english, struct span *given, int *count) {
  struct piece pieces[PIECES_MAX];
  size_t end = strlen(message), ours = 0;
  int k = take_pieces(english, pieces);
  *count = 0;
  for (int last = k - 1; k-- > 0;) {
    size_t till = end, size = pieces[k].ours.size;
    /* the row's first text begins the message, its last one ends it */
    if (size > till || (!last && size < till)) return 0;
    if (!find_last(message, k == last ? till : size, k == 0 ? size : till, pieces[k].ours, &end))
      return 0;
    struct span argument = span_make(message + end, till - end);
    ours += size;
    if (k < last && pieces[k].after.phrase) {
      char phrase[ERROR_MESSAGE_SIZE];
      if (argument.size >= sizeof phrase || say_phrase(WELSH, argument, phrase) == phrase) return 0;
      ours += argument.size;
    } else if (k < last && pieces[k].after.kind == 's') given[(*count)++] = argument;
    else if (k < last && !is_number(argument)) return 0;
    end -= size;
  }
  return end == 0 ? ours : 0;
}

int refusal_given(const char *message, struct span given[REFUSAL_ARGUMENTS_MAX]) {
  struct span found[REFUSAL_ARGUMENTS_MAX];
  size_t most = 0;
  int best = 1, count;
  given[0] = span_of(message);
  for (int code = 1; code < REFUSAL_COUNT; code++) {
    size_t ours = take_apart(message, rows[code].english, found, &count);
    if (ours <= most) continue;
    most = ours;
    best = count;
    memcpy(given, found, (size_t)count * sizeof *found);
  }
  return best;
}
