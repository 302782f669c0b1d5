/* The catalogue is gettext's .mo format, read where it lies in the program: a table of originals
 * sorted by bytes, a table of translations beside it (GNU gettext manual, "The Format of GNU MO
 * Files"). A search takes some ten comparisons. No hash table is built, so nothing has to be set up
 * or freed, and any thread may search. */
#include "base/message.h"
#include "base/embedded.h"
#include "base/refusal.h"
#include <stdint.h>

enum { MO_MAGIC = (int)0x950412de, MO_COUNT = 8, MO_ORIGINALS = 12, MO_TRANSLATIONS = 16 };

static int english_form(int64_t count) { return count == 1 ? 0 : 1; }

/* Welsh, as Unicode's CLDR has it: zero, one, two, few (3), many (6), other. The header of po/cy.po
 * says the same to translators' tools. */
static int welsh_form(int64_t count) {
  return count >= 0 && count <= 3 ? (int)count : count == 6 ? 4 : 5;
}

static const struct language_row rows[LANGUAGES] = {
    [ENGLISH] = {"en", "en-GB", "English", "", NULL, english_form},
    [WELSH] = {"cy", "cy", "Cymraeg", "/cy", "cy.mo", welsh_form},
};

const struct language_row *language_row(enum language language) { return &rows[language]; }

/* the build's msgfmt writes little-endian (--endianness=little) */
static uint32_t word(const char *bytes, size_t at) {
  const uint8_t *b = (const uint8_t *)bytes + at;
  return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static const struct embedded_file *catalogue(enum language language) {
  const char *name = rows[language].catalogue;
  if (!name) return NULL;
  for (const struct embedded_file *f = embedded_messages; f->name; f++)
    if (strcmp(f->name, name) == 0 && f->size >= 28 && word(f->bytes, 0) == (uint32_t)MO_MAGIC)
      return f;
  return NULL;
}

/* The translation of `english` (of its first form, where it has several); null when there is none.
 * *size gets its bytes, in which the forms are divided by zeros. */
static const char *find(enum language language, const char *english, size_t *size) {
  const struct embedded_file *f = catalogue(language);
  if (!f || !english[0]) return NULL; /* the empty original is the catalogue's own header */
  const char *mo = f->bytes;
  uint32_t low = 0, high = word(mo, MO_COUNT), originals = word(mo, MO_ORIGINALS),
           translations = word(mo, MO_TRANSLATIONS);
  while (low < high) {
    uint32_t mid = low + (high - low) / 2;
    int order = strcmp(english, mo + word(mo, originals + 8 * mid + 4));
    if (order == 0) {
      *size = word(mo, translations + 8 * mid);
      return *size ? mo + word(mo, translations + 8 * mid + 4) : NULL;
    }
    if (order < 0) high = mid;
    else low = mid + 1;
  }
  return NULL;
}

const char *say(enum language language, const char *english) {
  size_t size;
  const char *found = find(language, english, &size);
  return found ? found : english;
}

const char *say_count(enum language language, const char *one, const char *other, int64_t count) {
  size_t size;
  const char *found = find(language, one, &size), *end = found ? found + size : NULL;
  if (!found) return english_form(count) == 0 ? one : other;
  for (int form = rows[language].form(count); form > 0; form--) {
    const char *next = found + strlen(found) + 1;
    if (next >= end) break;
    found = next;
  }
  return found;
}

enum status language_parse(struct span text, enum language *language, struct error *err) {
  char quoted[SPAN_QUOTE_SIZE];
  for (int i = 0; i < LANGUAGES; i++)
    if (span_is(text, rows[i].code)) return *language = (enum language)i, DONE;
  return refuse(err, LANGUAGE_UNKNOWN, span_quote(text, quoted));
}
