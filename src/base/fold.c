/* Folding by a table of runs (fold_table.h), found by their last character; syllables of Hangul by
 * arithmetic (the Unicode Standard, section 3.12). */
#include "base/fold.h"
#include "base/utf8.h"

struct fold_run {
  uint32_t first, last;
  int step, shift;
  const char *text; /* null: the character and `shift` */
};
static const struct fold_run fold_runs[] = {
#include "base/fold_table.h"
};

static void add_hangul(struct text *t, uint32_t c) {
  enum { FIRST = 0xac00, L = 0x1100, V = 0x1161, T = 0x11a7, V_COUNT = 21, T_COUNT = 28 };
  const uint32_t s = c - FIRST, trailing = s % T_COUNT;
  text_add_character(t, L + s / (V_COUNT * T_COUNT));
  text_add_character(t, V + s % (V_COUNT * T_COUNT) / T_COUNT);
  if (trailing) text_add_character(t, T + trailing);
}

static void fold_character(struct text *t, uint32_t c) {
  const size_t count = sizeof fold_runs / sizeof *fold_runs;
  size_t low = 0, high = count;
  if (c >= 0xac00 && c <= 0xd7a3) return add_hangul(t, c);
  while (low < high) {
    const size_t mid = (low + high) / 2;
    if (c > fold_runs[mid].last) low = mid + 1;
    else high = mid;
  }
  const struct fold_run *run = &fold_runs[low];
  if (low == count || c < run->first || (c - run->first) % (uint32_t)run->step)
    text_add_character(t, c);
  else if (run->text) text_add(t, run->text);
  else text_add_character(t, (uint32_t)((int64_t)c + run->shift));
}

/* Takes out blanks at either end of what was added, and all but one of those that follow. */
static void close_up(struct text *t, size_t from) {
  size_t to = from;
  for (size_t i = from; i < t->size; i++)
    if (t->bytes[i] != ' ' || (to > from && t->bytes[to - 1] != ' ')) t->bytes[to++] = t->bytes[i];
  if (to > from && t->bytes[to - 1] == ' ') to--;
  t->size = to;
  if (t->bytes) t->bytes[to] = 0;
}

void text_add_folded(struct text *t, struct span text) {
  const size_t from = t->size;
  text_reserve(t, text.size);
  for (size_t i = 0, n; i < text.size; i += n) {
    uint32_t c = (unsigned char)text.bytes[i];
    n = c < 0x80 ? 1 : utf8_decode(text.bytes + i, text.size - i, &c);
    if (!n) {
      text_add_char(t, text.bytes[i]);
      n = 1;
    } else if (c >= 'a' && c <= 'z') text_add_char(t, (char)c);
    else fold_character(t, c);
  }
  close_up(t, from);
}

typedef bool fold_test(struct span a, struct span b);

static bool fold_both(struct span a, struct span b, fold_test *test) {
  struct text both = {0};
  text_add_folded(&both, a);
  const size_t size = both.size;
  text_add_folded(&both, b);
  const bool is = test(span_make(both.bytes, size),
                       span_make(both.size ? both.bytes + size : NULL, both.size - size));
  text_release(&both);
  return is;
}

bool fold_same(struct span a, struct span b) { return fold_both(a, b, span_equal); }
bool fold_has(struct span text, struct span words) { return fold_both(text, words, folded_has); }

static char as_blank(char c) { return c == '-' ? ' ' : c; }

bool folded_has(struct span text, struct span words) {
  for (size_t from = 0; from <= text.size; from++) {
    size_t at = from, k = 0;
    for (;;) {
      while (k < words.size && words.bytes[k] == '\'') k++;
      if (k == words.size) return true;
      while (at < text.size && text.bytes[at] == '\'') at++;
      if (at == text.size || as_blank(text.bytes[at]) != as_blank(words.bytes[k])) break;
      at++, k++;
    }
  }
  return false;
}

static bool is_joint(char c) { return c == '\'' || c == '-'; }

/* Whether the word begins what is left of the name; `blanks`: those of the name do not matter. */
static bool begins_here(struct span rest, struct span word, bool blanks) {
  size_t at = 0;
  for (size_t k = 0; k < word.size; k++) {
    if (is_joint(word.bytes[k])) continue;
    while (at < rest.size && (is_joint(rest.bytes[at]) || (blanks && rest.bytes[at] == ' '))) at++;
    if (at == rest.size || rest.bytes[at++] != word.bytes[k]) return false;
  }
  return true;
}

static bool begins_a_word(struct span name, struct span word) {
  bool joined = false;
  for (size_t k = 0; k < word.size; k++) joined |= is_joint(word.bytes[k]);
  for (size_t at = 0; at < name.size; at++)
    if ((at == 0 || name.bytes[at - 1] == ' ' || is_joint(name.bytes[at - 1])) &&
        begins_here(span_make(name.bytes + at, name.size - at), word, joined))
      return true;
  return false;
}

bool folded_name_fits(struct span name, struct span asked) {
  for (size_t at = 0; at < asked.size;) {
    size_t end = at;
    while (end < asked.size && asked.bytes[end] != ' ') end++;
    if (!begins_a_word(name, span_make(asked.bytes + at, end - at))) return false;
    at = end + (end < asked.size);
  }
  return true;
}
