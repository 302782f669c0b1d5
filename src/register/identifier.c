/* Forms and check digits of identifiers. Sources are in identifier.h. */
#include "register/identifier.h"

#include "base/number_form.h"
#include "base/pasted.h"
#include "base/refusal.h"

#include <assert.h>
#include <ctype.h>
#include <strings.h>

/* A value as a message quotes it. */
#define QUOTED(value) span_quote((value), (char[SPAN_QUOTE_SIZE]){0})

/* A pasted number with blanks and dashes of four bytes; a longer text is none. */
enum { PASTED_BYTES = 4 * IDENTIFIER_BYTES_MAX };

/* A scheme: its name, and what is wrong with a canonical value (null: nothing). */
struct scheme {
  const char *name;
  const char *(*fault)(const char *value, size_t size);
  bool letters_case; /* the value keeps its case and spaces */
  /* characters after these do not make a different number; 0: all characters count */
  size_t unique_bytes;
  /* puts a value that is written in another lawful form into the one that is stored; null: there is
   * no other. `value` has room for IDENTIFIER_BYTES_MAX bytes and a zero */
  void (*complete)(char *value, size_t *size);
  const struct own_scheme *own; /* of a place's own: its form takes the place of `fault` */
};

static bool digits(const char *value, size_t size) {
  for (size_t i = 0; i < size; i++)
    if (value[i] < '0' || value[i] > '9') return false;
  return size > 0;
}

static const char *fault_id(const char *value, size_t size) {
  if (size == 0) return N_("is empty; write what the place calls the person, such as P000001");
  for (size_t i = 0; i < size; i++) {
    unsigned char c = (unsigned char)value[i];
    if (c <= ' ' || c == 0x7f || c == ':')
      return N_("holds white space or a colon; an id (not a name) has neither, such as P000001");
  }
  /* a command line may hold any bytes */
  return utf8_valid(value, size) ? NULL : N_("holds bytes that are not UTF-8; write it as text");
}

static const char *fault_nino(const char *value, size_t size) {
  static const char form[] = N_(
      "is no National Insurance number; write two letters, six digits and a "
      "letter A to D (or leave the last letter out), such as QQ123456C");
  static const char prefix[] =
      N_("begins with two letters that no National Insurance number has; look at them again");
  static const char unused[][3] = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"};
  if (size != NINO_BYTES && size != NINO_BYTES + 1) return form;
  if (!isupper((unsigned char)value[0]) || !isupper((unsigned char)value[1]) ||
      !digits(value + 2, 6))
    return form;
  if (size > NINO_BYTES && (value[NINO_BYTES] < 'A' || value[NINO_BYTES] > 'D')) return form;
  if (value[0] == 'Q' && value[1] == 'Q') return NULL;
  if (strchr("DFIQUV", value[0]) || strchr("DFIQUVO", value[1])) return prefix;
  for (size_t i = 0; i < sizeof unused / sizeof *unused; i++)
    if (memcmp(value, unused[i], 2) == 0) return prefix;
  return NULL;
}

static const char *fault_nhs(const char *value, size_t size) {
  if (size != 10 || !digits(value, size))
    return N_("is no NHS number; write its ten digits, such as 9434765919");
  int sum = 0;
  for (int i = 0; i < 9; i++) sum += (value[i] - '0') * (10 - i);
  int check = 11 - sum % 11;
  if (check == 11) check = 0;
  /* A remainder of 10 has no check digit: such a number is never issued. */
  if (check == 10 || check != value[9] - '0')
    return N_("is no NHS number: its check digit (the last) does not fit the others; look at the "
              "digits again");
  return NULL;
}

static const char *fault_utr(const char *value, size_t size) {
  static const int weight[9] = {6, 7, 8, 9, 10, 5, 4, 3, 2};
  static const char check[] = "21987654321"; /* by the remainder of the weighted sum */
  if (size != 10 || !digits(value, size))
    return N_("is no Unique Taxpayer Reference; write its ten digits, such as 1123456789");
  int sum = 0;
  for (int i = 0; i < 9; i++) sum += (value[i + 1] - '0') * weight[i];
  if (value[0] != check[sum % 11])
    return N_(
        "is no Unique Taxpayer Reference: its check digit (the first) does not fit the others; "
        "look at the digits again");
  return NULL;
}

static const char *fault_company(const char *value, size_t size) {
  static const char form[] = N_("is no company number; write eight digits, or two letters and six "
                                "digits, such as 01234567 or SC123456");
  if (size != 8 || strcmp(value, "00000000") == 0) return form;
  if (digits(value, 8)) return NULL;
  return isupper((unsigned char)value[0]) && isupper((unsigned char)value[1]) &&
                 digits(value + 2, 6)
             ? NULL
             : form;
}

static const char *fault_uprn(const char *value, size_t size) {
  return digits(value, size) && size <= 12
             ? NULL
             : N_("is no Unique Property Reference Number; write up to twelve digits");
}

/* HMRC's letters write some references with a K behind the ten digits; it is no part of them. */
static void complete_utr(char *value, size_t *size) {
  if (*size == 11 && value[10] == 'K' && digits(value, 10)) value[ *size = 10] = 0;
}

/* Spreadsheets drop the zeros in front: 1234567 is 01234567, and people one behind the letters:
 * SC12345 is SC012345. Shorter ones are more often a slip. */
static void complete_company(char *value, size_t *size) {
  enum { COMPANY_BYTES = 8, COMPANY_LEAST = 6, LETTERS = 2, LETTERS_LEAST = 7 };
  const bool letters = isupper((unsigned char)value[0]) && isupper((unsigned char)value[1]);
  const size_t from = letters ? LETTERS : 0;
  if (*size < (letters ? LETTERS_LEAST : COMPANY_LEAST) || *size >= COMPANY_BYTES) return;
  const size_t missing = COMPANY_BYTES - *size;
  if (!digits(value + from, *size - from)) return;
  memmove(value + from + missing, value + from, *size - from + 1);
  memset(value + from, '0', missing);
  *size = COMPANY_BYTES;
}

static const struct scheme schemes[] = {
    {"id", fault_id, .letters_case = true},
    {"nino", fault_nino, .unique_bytes = NINO_BYTES},
    {"nhs", fault_nhs, .complete = NULL},
    {"utr", fault_utr, .complete = complete_utr},
    {"company", fault_company, .complete = complete_company},
    {"uprn", fault_uprn, .complete = NULL},
};

const struct own_scheme *schemes_find(const struct schemes *own, struct span code) {
  for (int i = 0; own && i < own->count; i++)
    if (span_is(code, own->all[i].code)) return &own->all[i];
  return NULL;
}

/* False: there is none of this name. */
static bool scheme_find(const struct schemes *own, struct span name, struct scheme *out) {
  for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
    if (span_is(name, schemes[i].name)) return *out = schemes[i], true;
  *out = (struct scheme){.own = schemes_find(own, name)};
  if (out->own) out->name = out->own->code;
  return out->own != NULL;
}

static const char *scheme_fault(const struct scheme *scheme, const char *value, size_t size) {
  if (!scheme->own) return scheme->fault(value, size);
  struct span whole = span_make(value, size);
  if (!number_form_fits(span_of(scheme->own->form), whole))
    return N_("does not have the form that schemes.csv of the policy pack tells of its scheme; "
              "look at it again");
  if (!check_digit_right(span_of(scheme->own->check), whole))
    return N_("has a check digit that does not fit the others; look at the digits again");
  return NULL;
}

static bool is_sign(unsigned char c) { return isalnum(c) || c >= 0x80; }

/* Writes the canonical form; false when it is too long. */
static bool canonical(const struct scheme *scheme, struct span value, char *out, size_t *size) {
  char plain[PASTED_BYTES];
  size_t n = 0;
  if (value.size <= PASTED_BYTES && pasted_may_fold(value))
    value = span_make(plain, pasted_fold(value, plain));
  for (size_t i = 0; i < value.size; i++) {
    char c = value.bytes[i];
    if (!scheme->letters_case) {
      if (c == ' ' || c == '-' || (scheme->own && !is_sign((unsigned char)c))) continue;
      if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
    }
    if (n == IDENTIFIER_BYTES_MAX) return false;
    out[n++] = c;
  }
  out[n] = 0;
  *size = n;
  if (scheme->complete) scheme->complete(out, size);
  return true;
}

static const char too_long[] = N_("is longer than 64 bytes; write a shorter identifier");
static const char no_scheme[] = N_(
    "names a scheme that is not known; write id:, nino:, nhs: or utr: "
    "before the value, or the id alone");

static const char *scheme_read(const struct scheme *scheme, struct span value,
                               struct identifier *out) {
  size_t size;
  if (!canonical(scheme, value, out->value, &size)) return too_long;
  memcpy(out->scheme, scheme->name, strlen(scheme->name) + 1);
  out->suffix[0] = 0;
  const char *fault = scheme_fault(scheme, out->value, size);
  if (fault || !scheme->unique_bytes || size <= scheme->unique_bytes) return fault;
  assert(size == scheme->unique_bytes + 1);
  memcpy(out->suffix, out->value + scheme->unique_bytes, sizeof out->suffix);
  out->value[scheme->unique_bytes] = 0;
  return NULL;
}

const char *identifier_read(const struct schemes *own, struct span reference,
                            struct identifier *out) {
  char plain[PASTED_BYTES];
  if (reference.size <= PASTED_BYTES && pasted_may_fold(reference))
    reference = span_make(plain, pasted_fold(reference, plain));
  const char *colon = reference.size ? memchr(reference.bytes, ':', reference.size) : NULL;
  struct scheme scheme;
  if (!colon) return scheme_read(&schemes[0], reference, out);
  size_t name = (size_t)(colon - reference.bytes);
  if (!scheme_find(own, span_make(reference.bytes, name), &scheme)) return no_scheme;
  return scheme_read(&scheme, span_make(colon + 1, reference.size - name - 1), out);
}

const char *identifier_read_value(const struct schemes *own, const char *name, struct span value,
                                  struct identifier *out) {
  struct scheme scheme;
  return scheme_find(own, span_of(name), &scheme) ? scheme_read(&scheme, value, out) : no_scheme;
}

enum status identifier_parse(const struct schemes *own, struct span reference,
                             struct identifier *out, struct error *err) {
  struct identifier found;
  const char *fault = identifier_read(own, reference, &found);
  if (fault) return refuse(err, IDENTIFIER_MALFORMED, QUOTED(reference), fault);
  *out = found;
  return DONE;
}

const char *identifier_fault(const char *scheme, struct span value) {
  struct identifier out;
  return identifier_read_value(NULL, scheme, value, &out);
}

void identifier_of_row(struct identifier *out, struct span scheme, struct span value,
                       struct span suffix) {
  char name[sizeof out->scheme], whole[IDENTIFIER_BYTES_MAX + sizeof out->suffix];
  snprintf(name, sizeof name, SPAN_FORMAT, SPAN(scheme));
  snprintf(whole, sizeof whole, SPAN_FORMAT SPAN_FORMAT, SPAN(value), SPAN(suffix));
  /* an older book may have a National Insurance number's last letter in `value` */
  if (!identifier_read_value(NULL, name, span_of(whole), out)) return;
  memcpy(out->scheme, name, sizeof name);
  snprintf(out->value, sizeof out->value, SPAN_FORMAT, SPAN(value));
  snprintf(out->suffix, sizeof out->suffix, SPAN_FORMAT, SPAN(suffix));
}

static char capital(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

const char *identifier_capitals(const char *value, char *out) {
  size_t n = 0;
  for (; value[n] && n < NUMBER_FULL_SIZE - 1; n++) out[n] = capital(value[n]);
  out[n] = 0;
  return out;
}

bool identifier_is_named(const struct identifier *held, struct span reference) {
  static const struct own_scheme any = {0};
  const char *colon = reference.size ? memchr(reference.bytes, ':', reference.size) : NULL;
  struct span name = colon ? span_make(reference.bytes, (size_t)(colon - reference.bytes))
                           : span_of("id");
  struct span value = reference;
  struct scheme scheme;
  char told[IDENTIFIER_BYTES_MAX + 1];
  size_t size;
  if (colon) value = span_make(colon + 1, reference.size - name.size - 1);
  if (!span_is(name, held->scheme)) return false;
  if (!scheme_find(NULL, name, &scheme)) scheme = (struct scheme){.own = &any};
  if (!canonical(&scheme, value, told, &size)) return false;
  if (scheme.unique_bytes && size == scheme.unique_bytes + 1) size = scheme.unique_bytes;
  if (span_is(span_make(told, size), held->value)) return true;
  char capitals[NUMBER_FULL_SIZE];
  return scheme.letters_case && strcmp(identifier_capitals(told, capitals), held->value) == 0;
}

/* ---- within a text ---- */

/* A character between two digits joins them: the id 12 does not occur in 12.50. */
static bool joins(struct span text, size_t at) {
  return at > 0 && at + 1 < text.size && strchr(".,/:", text.bytes[at]) &&
         isdigit((unsigned char)text.bytes[at - 1]) && isdigit((unsigned char)text.bytes[at + 1]);
}

/* Whether a character continues an id: P1 does not occur in P1-2. */
static bool goes_on(const struct scheme *scheme, unsigned char c) {
  if (scheme->letters_case) return is_sign(c) || c == '-' || c == '_';
  return scheme->unique_bytes ? isdigit(c) : isalnum(c);
}

/* Whether the value occurs at this position, and not as part of a longer one. */
static bool stands_at(const struct scheme *scheme, const char *value, struct span text, size_t at) {
  bool exact = scheme->letters_case && !strpbrk(value, "0123456789"); /* others may be words */
  for (; *value; value++, at++) {
    while (!scheme->letters_case && at < text.size && !isalnum((unsigned char)text.bytes[at])) at++;
    if (at == text.size) return false;
    char c = text.bytes[at];
    if (c != *value && (exact || capital(c) != *value)) return false;
  }
  if (scheme->letters_case && joins(text, at)) return false;
  return at == text.size || !goes_on(scheme, (unsigned char)text.bytes[at]);
}

/* Whether the whole text is the number, with or without `scheme:`. */
static bool own_is(const struct identifier *number, struct span column, struct span text) {
  /* any of a place's own: the form is another matter, and may have changed since */
  static const struct own_scheme any;
  static const struct scheme scheme = {.own = &any};
  char value[IDENTIFIER_BYTES_MAX + 1];
  size_t size, prefix = strlen(number->scheme);
  if (text.size > prefix && text.bytes[prefix] == ':' &&
      memcmp(text.bytes, number->scheme, prefix) == 0)
    text = span_make(text.bytes + prefix + 1, text.size - prefix - 1);
  else if (!span_is(column, number->scheme)) return false;
  return canonical(&scheme, text, value, &size) && strcmp(value, number->value) == 0;
}

static bool own_stands_in(const struct identifier *number, struct span column, struct span text) {
  size_t size = strlen(number->value);
  if (own_is(number, column, text)) return true;
  if (size < NUMBER_WORD_BYTES || !strpbrk(number->value, "0123456789")) return false;
  for (size_t at = 0, end; at < text.size; at = end + 1) {
    for (end = at; end < text.size && is_sign((unsigned char)text.bytes[end]);) end++;
    if (end - at == size && strncasecmp(text.bytes + at, number->value, size) == 0) return true;
  }
  return false;
}

bool identifier_stands_in(const struct identifier *number, struct span column, struct span text) {
  struct scheme found, *scheme = &found;
  if (!number->value[0]) return false;
  if (!scheme_find(NULL, span_of(number->scheme), scheme))
    return own_stands_in(number, column, text);
  for (size_t at = 0; at < text.size; at++) {
    unsigned char before = at ? (unsigned char)text.bytes[at - 1] : ' ';
    bool begins = scheme->letters_case ? !is_sign(before) && before != '-' && before != '_' &&
                                             !(at && joins(text, at - 1))
                                       : !isalnum(before);
    if (begins && stands_at(scheme, number->value, text, at)) return true;
  }
  return false;
}
