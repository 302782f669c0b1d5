#include "register/body_name.h"

#include "base/fold.h"
#include "base/pasted.h"
#include "base/utf8.h"

const char *const names_by_words[] = {"name", "number", "trading-as", "alike"};

enum { NUMBER_DIGITS = 8 };

/* ---- the words of a name ---- */

/* The words as they stand, each a span of one text. */
struct word_list {
  struct span *all;
  int count, capacity; /* in the arena */
  int *part;           /* of each word: counted up at brackets, ` - `, `/`, `:` and the like */
  int parts;           /* the part that the next word is in */
  int trading;         /* index of the first word behind T/A; 0: there is none */
  bool comma;          /* a comma behind the first word */
};

/* Whether a character of folded text may be part of a word: all scripts' letters and digits, and
 * none of Unicode's blocks of punctuation and symbols. */
static bool is_of_word(uint32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  if (c < 0xc0) return c == 0xaa || c == 0xb5 || c == 0xba;
  if (c == 0xd7 || c == 0xf7) return false;
  if (c >= 0x2000 && c <= 0x2bff) return false;
  if (c >= 0x2e00 && c <= 0x2e7f) return false;
  if (c >= 0x3000 && c <= 0x303f) return c == 0x3005 || c == 0x3007;
  if (c >= 0xfe10 && c <= 0xfe6f) return false;
  return c != 0xfeff && !(c >= 0xfff0 && c <= 0xffff);
}

static void add_word(struct word_list *list, struct arena *arena, struct span word) {
  if (!word.size) return;
  int part_capacity = list->capacity;
  arena_reserve(arena, list->all, list->capacity, list->count + 1);
  arena_reserve(arena, list->part, part_capacity, list->count + 1);
  list->part[list->count] = list->parts;
  list->all[list->count++] = word;
}

/* How many bytes `t/a`, `t/as` or `trading as` take at the beginning of the text; 0: it does not
 * begin so. What follows is no letter. */
static size_t trading_mark(struct span text) {
  static const char *const marks[] = {"t/as", "t/a", "trading as"};
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
    const size_t size = strlen(marks[i]);
    if (text.size < size || memcmp(text.bytes, marks[i], size) != 0) continue;
    const char next = text.size > size ? text.bytes[size] : ' ';
    if (!(next >= 'a' && next <= 'z') && !(next >= '0' && next <= '9') && next != '/') return size;
  }
  return 0;
}

/* Whether a mark parts a name from what is said beside it: `Smith (Taxi)`, `Taxi - Smith`; not the
 * hyphen of `Jo-Ann`. */
static bool is_between_parts(struct span text, size_t at) {
  if (strchr("()[]:;/|*", text.bytes[at])) return true;
  const bool before = at > 0 && text.bytes[at - 1] == ' ',
             after = at + 1 < text.size && text.bytes[at + 1] == ' ';
  return text.bytes[at] == '-' && before && after;
}

static void split_words(struct arena *arena, struct span text, struct word_list *list) {
  size_t at = 0, from = 0;
  while (at < text.size) {
    uint32_t c = ' ';
    const bool begins = at == from;
    const size_t mark = begins && !list->trading
                            ? trading_mark(span_make(text.bytes + at, text.size - at))
                            : 0;
    if (mark) {
      list->trading = list->count;
      from = at += mark;
      continue;
    }
    size_t size = utf8_decode(text.bytes + at, text.size - at, &c);
    if (!size) size = 1, c = ' ';
    if (is_of_word(c)) {
      at += size;
      continue;
    }
    add_word(list, arena, span_make(text.bytes + from, at - from));
    if (c == '&') add_word(list, arena, span_of("and"));
    if (c == ',' && list->count == 1) list->comma = true;
    if (text.bytes[at] && is_between_parts(text, at)) list->parts++;
    from = at += size;
  }
  add_word(list, arena, span_make(text.bytes + from, at - from));
}

/* The name folded, without apostrophes, and its words. */
static void list_words(struct arena *arena, struct span name, struct word_list *out) {
  struct text folded = {0};
  char *plain = arena_alloc(arena, name.size + 1);
  *out = (struct word_list){0};
  text_add_folded(&folded, span_make(plain, pasted_fold(name, plain)));
  char *kept = arena_alloc(arena, folded.size + 1);
  size_t n = 0;
  for (size_t i = 0; i < folded.size; i++)
    if (folded.bytes[i] != '\'') kept[n++] = folded.bytes[i];
  text_release(&folded);
  split_words(arena, span_make(kept, n), out);
}

/* ---- without legal forms ---- */

/* How many words from `at` on are a row of the pack with one of the uses, the most that are; 0:
 * none. *use: of that row. */
static int words_of_use(const struct pack_name_words *words, const struct word_list *list, int at,
                        int end, unsigned uses, unsigned *use) {
  enum { SIZE = 64 };
  char joined[SIZE];
  size_t size = 0;
  int found = 0;
  for (int n = 0; n < NAME_WORDS_TOGETHER && at + n < end; n++) {
    const struct span word = list->all[at + n];
    if (size + word.size + 1 > SIZE) break;
    if (n) joined[size++] = ' ';
    memcpy(joined + size, word.bytes, word.size);
    size += word.size;
    const unsigned one = pack_name_word(words, span_make(joined, size));
    if (!(one & uses)) continue;
    found = n + 1;
    *use = one;
  }
  return found;
}

static bool is_letter(struct span word) {
  return word.size == 1 && *word.bytes >= 'a' && *word.bytes <= 'z';
}

/* Adds the words from `from` to `end` without legal forms behind the first, letters that stand
 * alone as one word. */
static void add_normal(const struct pack_name_words *words, const struct word_list *list, int from,
                       int end, struct text *out) {
  bool letter = false;
  unsigned use = 0;
  for (int i = from; i < end; i++) {
    const int form = i > from ? words_of_use(words, list, i, end, NAME_WORD_FORM, &use) : 0;
    if (form) {
      i += form - 1;
      continue;
    }
    const bool alone = is_letter(list->all[i]);
    if (out->size && !(alone && letter)) text_add_char(out, ' ');
    text_add_span(out, list->all[i]);
    letter = alone;
  }
}

/* The text without blanks, in the arena. */
static struct span key_of(struct arena *arena, struct span words) {
  char *key = arena_alloc(arena, words.size + 1);
  size_t n = 0;
  for (size_t i = 0; i < words.size; i++)
    if (words.bytes[i] != ' ') key[n++] = words.bytes[i];
  return span_make(key, n);
}

static struct span part_key(const struct pack_name_words *words, struct arena *arena,
                            const struct word_list *list, int from, int end) {
  struct text t = {0};
  add_normal(words, list, from, end, &t);
  const struct span key = key_of(arena, span_make(t.bytes, t.size));
  text_release(&t);
  return key;
}

static struct span company_number(struct arena *arena, struct span number) {
  char *out = arena_alloc(arena, number.size + NUMBER_DIGITS);
  size_t n = 0;
  bool digits = true;
  for (size_t i = 0; i < number.size; i++) {
    const char c = number.bytes[i];
    if (c == ' ' || c == '\t') continue;
    out[n++] = (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    digits &= c >= '0' && c <= '9';
  }
  if (digits && n && n < NUMBER_DIGITS) {
    memmove(out + NUMBER_DIGITS - n, out, n);
    memset(out, '0', NUMBER_DIGITS - n);
    n = NUMBER_DIGITS;
  }
  return span_make(out, n);
}

void body_name_read(const struct pack_name_words *words, struct arena *arena, struct span name,
                    struct span company, struct body_name *out) {
  struct word_list list;
  struct text t = {0};
  *out = (struct body_name){.company = company_number(arena, company)};
  list_words(arena, name, &list);
  const bool trades = list.trading > 0 && list.trading < list.count;
  add_normal(words, &list, 0, trades ? list.trading : list.count, &t);
  if (trades) {
    add_normal(words, &list, list.trading, list.count, &t);
    out->legal = part_key(words, arena, &list, 0, list.trading);
    out->trading = part_key(words, arena, &list, list.trading, list.count);
  }
  out->words = span_make(arena_copy(arena, t.bytes ? t.bytes : "", t.size), t.size);
  text_release(&t);
  out->key = trades ? span_of(arena_printf(arena, SPAN_FORMAT "/" SPAN_FORMAT, SPAN(out->legal),
                                           SPAN(out->trading)))
                    : key_of(arena, out->words);
  size_t first = 0;
  while (first < out->words.size && out->words.bytes[first] != ' ') first++;
  out->first = span_make(out->words.bytes, first);
  out->sign = alike_sign(out->words);
  out->person = body_name_is(words, name) == NAME_PERSON;
}

/* ---- two names ---- */

static bool equal_keys(struct span a, struct span b) { return a.size && span_equal(a, b); }

/* Whether one of them trades as the other: a part of the one is the other, or a part of it. */
static bool trades_as(const struct body_name *a, const struct body_name *b) {
  if (!a->trading.size && !b->trading.size) return false;
  return equal_keys(a->legal, b->key) || equal_keys(a->trading, b->key) ||
         equal_keys(a->key, b->legal) || equal_keys(a->key, b->trading) ||
         equal_keys(a->legal, b->legal) || equal_keys(a->trading, b->trading) ||
         equal_keys(a->legal, b->trading) || equal_keys(a->trading, b->legal);
}

struct names_match body_names_compare(const struct body_name *a, const struct body_name *b) {
  const double rounding = 1e-9; /* of sums of three quotients */
  if (a->company.size && b->company.size)
    return (struct names_match){span_equal(a->company, b->company) ? NAMES_SAME : NAMES_DIFFERENT,
                                NAMES_BY_NUMBER, equal_keys(a->key, b->key) ? 1000 : 0};
  if (equal_keys(a->key, b->key))
    return (struct names_match){a->person == b->person ? NAMES_SAME : NAMES_UNSURE, NAMES_BY_NAME,
                                1000};
  if (trades_as(a, b)) return (struct names_match){NAMES_UNSURE, NAMES_BY_TRADING, 0};
  if (!a->first.size || !span_equal(a->first, b->first) ||
      !alike_may_reach(&a->sign, &b->sign, UNSURE_FROM - rounding))
    return (struct names_match){NAMES_DIFFERENT, NAMES_BY_LIKENESS, 0};
  const double likeness = alike(a->words, b->words);
  return (struct names_match){likeness >= UNSURE_FROM - rounding ? NAMES_UNSURE : NAMES_DIFFERENT,
                              NAMES_BY_LIKENESS, (int)(likeness * 1000 + rounding)};
}

/* ---- private people ---- */

enum {
  PERSON_WORDS_MOST = 5,
  INITIALS_MOST = 3,
  SURNAME_LEAST = 3,
  BEHIND_SURNAME_MOST = 3, /* words of `SURNAME FORENAME FORENAME` */
  CODE_MOST = 4,           /* `3M`, `G4S` */
  ACRONYM_LEAST = 3,
  ACRONYM_MOST = 5
};

static bool has_digit(struct span word) {
  for (size_t i = 0; i < word.size; i++)
    if (word.bytes[i] >= '0' && word.bytes[i] <= '9') return true;
  return false;
}

static bool is_number(struct span word) {
  for (size_t i = 0; i < word.size; i++)
    if (word.bytes[i] < '0' || word.bytes[i] > '9') return false;
  return true;
}

/* Whether a letter of the name is none of the English alphabet: folded, `Sơn` and `Šolar` would be
 * words of ours. What is written in two bytes from 0xc2 on, and behind 0xe2, are no letters but
 * blanks, quotes and dashes. */
static bool has_other_letters(struct span name) {
  for (size_t i = 0; i < name.size; i++) {
    const unsigned char c = (unsigned char)name.bytes[i];
    if (c >= 0xc3 && c != 0xe2) return true;
  }
  return false;
}

/* `HMRC`, `BBC`: no vowel. */
static bool is_acronym(struct span word) {
  if (word.size < ACRONYM_LEAST || word.size > ACRONYM_MOST) return false;
  for (size_t i = 0; i < word.size; i++)
    if (word.bytes[i] < 'a' || word.bytes[i] > 'z' || strchr("aeiouy", word.bytes[i])) return false;
  return true;
}

/* Whether the name has an address of electronic mail. */
static bool has_mail_address(struct span name) {
  for (size_t at = 1; at + 1 < name.size; at++) {
    if (name.bytes[at] != '@' || name.bytes[at - 1] == ' ') continue;
    for (size_t i = at + 1; i < name.size && name.bytes[i] != ' '; i++)
      if (name.bytes[i] == '.' && i > at + 1) return true;
  }
  return false;
}

/* What the words of a name say, from `from` to `end`. */
struct name_signs {
  unsigned uses;        /* of all words together; a legal form counts behind the first */
  int title, titles;    /* the index of the first title, and of the first word behind all; -1 */
  int forenames, codes; /* words that are forenames or stand alone as a letter; have a digit */
};

static struct name_signs read_signs(const struct pack_name_words *words,
                                    const struct word_list *list, int from, int end) {
  struct name_signs s = {.title = -1, .titles = -1};
  for (int i = from, next = from; i < end; i = next) {
    unsigned use = 0;
    const int n = words_of_use(words, list, i, end, ~0U, &use);
    next = i + (n ? n : 1);
    if (use == NAME_WORD_FORM && i == from) use = 0;
    if (use == NAME_WORD_HONOUR && i > from) use = 0;
    s.uses |= use;
    s.forenames += use == NAME_WORD_FORENAME || is_letter(list->all[i]);
    s.codes += has_digit(list->all[i]);
    if (use != NAME_WORD_TITLE) continue;
    if (s.title < 0) s.title = i;
    s.titles = next;
  }
  return s;
}

static bool is_forename(const struct pack_name_words *words, struct span word) {
  return pack_name_word(words, word) & NAME_WORD_FORENAME;
}

/* Whether initials, or a forename, and then a name begin at the word. */
static bool begins_person(const struct pack_name_words *words, const struct word_list *list, int at,
                          int end) {
  if (at < end && is_forename(words, list->all[at])) return true;
  int initials = 0;
  while (at + initials < end && is_letter(list->all[at + initials])) initials++;
  return initials >= 1 && initials <= INITIALS_MOST && at + initials < end &&
         list->all[at + initials].size >= SURNAME_LEAST &&
         !span_is(list->all[at + initials], "and");
}

/* `J & B Example` */
static bool is_joined_initials(const struct word_list *list, int at, int end) {
  return end - at >= 4 && is_letter(list->all[at]) && span_is(list->all[at + 1], "and") &&
         is_letter(list->all[at + 2]) && list->all[at + 3].size >= SURNAME_LEAST;
}

/* `EXAMPLE J`, `De Example J B`, `EXAMPLE JANE` */
static bool ends_person(const struct pack_name_words *words, const struct word_list *list, int at,
                        int end) {
  int initials = end;
  while (initials > at + 1 && is_letter(list->all[initials - 1])) initials--;
  if (initials < end && end - initials <= INITIALS_MOST && initials - at <= 2 &&
      !span_is(list->all[initials - 1], "and"))
    return true;
  bool forename = false;
  for (int i = at + 1; i < end; i++) forename |= is_forename(words, list->all[i]);
  return forename && end - at <= BEHIND_SURNAME_MOST;
}

/* Whether the words are of the form of a person's name, none of them an organisation's. */
static bool is_form_of_person(const struct pack_name_words *words, const struct word_list *list,
                              int at, int end) {
  const struct name_signs s = read_signs(words, list, at, end);
  if (end - at < 2 || end - at > PERSON_WORDS_MOST || s.codes ||
      s.uses & (NAME_WORD_FORM | NAME_WORD_COMPANY | NAME_WORD_EITHER))
    return false;
  return begins_person(words, list, at, end) || is_joined_initials(list, at, end) ||
         ends_person(words, list, at, end);
}

/* Whether a part of the name that brackets, ` - ` or the like set apart is a person's. */
static bool has_part_of_person(const struct pack_name_words *words, const struct word_list *list,
                               int end) {
  for (int at = 0, next = 0; at < end; at = next) {
    while (next < end && list->part[next] == list->part[at]) next++;
    if ((at || next < end) && is_form_of_person(words, list, at, next)) return true;
  }
  return false;
}

/* The words before `T/A` and `c/o`, else all. */
static int end_of_name(const struct word_list *list) {
  const int end = list->trading > 0 ? list->trading : list->count;
  for (int i = 1; i + 1 < end; i++)
    if (span_is(list->all[i], "c") && span_is(list->all[i + 1], "o") &&
        list->part[i + 1] == list->part[i] + 1)
      return i;
  return end;
}

static bool is_person_by_title(const struct pack_name_words *words, const struct word_list *list,
                               const struct name_signs *s, int end) {
  if (s->title < 0 || end < 2) return false;
  int at = s->title + 1; /* `Mr and Mrs J Smith` */
  while (at < end &&
         (span_is(list->all[at], "and") || pack_name_word(words, list->all[at]) & NAME_WORD_TITLE))
    at++;
  return s->title > 0 || !(s->uses & NAME_WORD_FORM) || begins_person(words, list, at, end);
}

static bool is_code(const struct word_list *list, const struct name_signs *s, int end) {
  if (end == 1 && s->codes && list->all[0].size <= CODE_MOST) return true;
  for (int i = 0; i < end; i++)
    if (!is_number(list->all[i])) return false;
  return end > 0;
}

static enum name_is read_kind(const struct pack_name_words *words, const struct word_list *list,
                              bool other_letters) {
  const int end = end_of_name(list);
  const struct name_signs s = read_signs(words, list, 0, end);
  if (s.uses & NAME_WORD_PERSON || is_person_by_title(words, list, &s, end)) return NAME_PERSON;
  if (s.uses & NAME_WORD_FORM) return NAME_ORGANISATION;
  if (has_part_of_person(words, list, end)) return NAME_PERSON;
  if (s.uses & NAME_WORD_COMPANY) return NAME_ORGANISATION;
  const bool either = s.uses & NAME_WORD_EITHER;
  if (s.uses & NAME_WORD_HONOUR && !either) return NAME_PERSON;
  if (either && end > 1 && !s.forenames && !other_letters) return NAME_ORGANISATION;
  if (!either && (is_form_of_person(words, list, 0, end) ||
                  (list->comma && end > 1 && end <= BEHIND_SURNAME_MOST && !s.codes)))
    return NAME_PERSON;
  if (is_code(list, &s, end) || (end == 1 && is_acronym(list->all[0]))) return NAME_ORGANISATION;
  return NAME_UNKNOWN;
}

enum name_is body_name_is(const struct pack_name_words *words, struct span name) {
  struct arena *arena = arena_new();
  struct word_list list;
  list_words(arena, name, &list);
  const enum name_is is = has_mail_address(name) ? NAME_PERSON
                                                 : read_kind(words, &list, has_other_letters(name));
  arena_free(arena);
  return is;
}

const char *private_person_words(enum language language) {
  return say(language, "a private person");
}
