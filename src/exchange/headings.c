#include "exchange/headings.h"

#include "base/map.h"
#include "base/money.h"
#include "base/refusal.h"
#include "base/table.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { WORDS, MEANS, SURE, ORDER, SINCE, SOURCE, HEADING_COLUMNS };
static const struct table_column heading_columns[HEADING_COLUMNS] = {
    {"words", true}, {"means", true},  {"sure", true},
    {"order", true}, {"since", false}, {"source", false}};

enum { PHRASE_WORDS = 12, PHRASE_BYTES = 120, ORDER_NET = 5, ORDER_GROSS = 60 };

/* The words of a heading, with one space between. */
struct phrase {
  char bytes[PHRASE_BYTES];
  size_t size;
  int words;
  char squashed[PHRASE_BYTES]; /* without the spaces */
  size_t squashed_size;
};

struct heading_words {
  struct span words, squashed;
  int count; /* of words */
  enum meaning means;
  bool net, gross, vat, month;
  int sure, order;
  int next_first, next_squashed; /* of the same first word, of the same letters; -1: none */
};

struct headings {
  struct heading_words *all;
  int count;
  /* by first word and by squashed words, to the first of a chain: of some hundred rows a heading is
   * compared with a few */
  struct map first_words, squashed;
};

/* ---- words ---- */

static bool is_small(char c) { return c >= 'a' && c <= 'z'; }
static bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static void add_byte(struct phrase *p, char c) {
  if (p->size + 1 < PHRASE_BYTES) p->bytes[p->size++] = c;
}

static void add_word(struct phrase *p, const char *word) {
  if (p->size) add_byte(p, ' ');
  while (*word) add_byte(p, *word++);
}

static void squash(struct phrase *p) {
  p->squashed_size = 0;
  p->words = p->size > 0;
  for (size_t i = 0; i < p->size; i++) {
    if (p->bytes[i] == ' ') p->words++;
    else p->squashed[p->squashed_size++] = p->bytes[i];
  }
}

/* A number before the first word is a count of columns: `3. DATE INCURRED`. */
static void without_number(struct phrase *p) {
  size_t at = 0;
  while (at < p->size && is_digit(p->bytes[at])) at++;
  if (!at || at == p->size || p->bytes[at] != ' ') return;
  memmove(p->bytes, p->bytes + at + 1, p->size - at - 1);
  p->size -= at + 1;
}

static void phrase_of(struct phrase *p, struct span heading) {
  p->size = 0;
  bool gap = true;
  for (size_t i = 0; i < heading.size; i++) {
    char c = heading.bytes[i];
    const bool text_mark = c == '(' && i + 2 < heading.size && heading.bytes[i + 1] == 'T' &&
                           heading.bytes[i + 2] == ')';
    if (text_mark) {
      add_word(p, "text");
      i += 2;
      gap = true;
      continue;
    }
    if (c == '\'' || (uint8_t)c >= 0x80) { /* an apostrophe of any kind, a pound sign */
      gap |= (uint8_t)c == 0xc2;
      continue;
    }
    if (!is_small(c) && !is_capital(c) && !is_digit(c)) {
      gap = true;
      continue;
    }
    if (is_capital(c) && i && is_small(heading.bytes[i - 1])) gap = true;
    if (gap && p->size) add_byte(p, ' ');
    gap = false;
    add_byte(p, is_capital(c) ? (char)(c - 'A' + 'a') : c);
  }
  without_number(p);
  squash(p);
}

/* Where the words stand in the phrase, whole; -1: they do not. */
static int within(const struct phrase *p, const struct heading_words *w) {
  const struct span words = w->words;
  for (size_t at = 0; at + words.size <= p->size; at++) {
    if ((at && p->bytes[at - 1] != ' ') || p->bytes[at] != *words.bytes) continue;
    if ((at + words.size == p->size || p->bytes[at + words.size] == ' ') &&
        memcmp(p->bytes + at, words.bytes, words.size) == 0)
      return (int)at;
  }
  return -1;
}

static void take_out(struct phrase *p, int at, size_t size) {
  size_t from = (size_t)at, to = from + size;
  while (to < p->size && p->bytes[to] == ' ') to++;
  memmove(p->bytes + from, p->bytes + to, p->size - to);
  p->size -= to - from;
  while (p->size && p->bytes[p->size - 1] == ' ') p->size--;
  squash(p);
}

/* ---- which rows may be of a heading ---- */

/* The first word of the text from `at`. */
static struct span word_at(const char *bytes, size_t size, size_t at) {
  size_t end = at;
  while (end < size && bytes[end] != ' ') end++;
  return span_make(bytes + at, end - at);
}

static void mark(uint64_t *seen, int row) { seen[row / 64] |= UINT64_C(1) << row % 64; }

/* Marks the rows whose words may stand in the phrase: they begin with a word of it. */
static void mark_first_words(const struct headings *h, const struct phrase *p, uint64_t *seen) {
  for (size_t at = 0; at < p->size;) {
    const struct span word = word_at(p->bytes, p->size, at);
    for (int64_t i = map_get(&h->first_words, word); i >= 0; i = h->all[i].next_first)
      mark(seen, (int)i);
    at += word.size + 1;
  }
}

/* Marks the rows whose letters are the phrase's. */
static void mark_squashed(const struct headings *h, const struct phrase *p, uint64_t *seen) {
  const struct span letters = span_make(p->squashed, p->squashed_size);
  for (int64_t i = map_get(&h->squashed, letters); i >= 0; i = h->all[i].next_squashed)
    mark(seen, (int)i);
}

/* The next marked row from `row` on; the number of rows: none. */
static int next_marked(const struct headings *h, const uint64_t *seen, int row) {
  while (row < h->count) {
    const uint64_t left = seen[row / 64] >> row % 64;
    if (left) return row + __builtin_ctzll(left);
    row = (row / 64 + 1) * 64;
  }
  return h->count;
}

/* ---- guesses ---- */

/* What words say how an amount stands to VAT; they are taken out where others are left. */
static int qualify(const struct headings *h, const uint64_t *seen, struct phrase *p,
                   struct heading_guesses *g) {
  int sure = 0;
  for (int i = next_marked(h, seen, 0); i < h->count; i = next_marked(h, seen, i + 1)) {
    const struct heading_words *w = &h->all[i];
    if (!w->net && !w->gross) continue;
    int at = within(p, w);
    if (at < 0) continue;
    g->net |= w->net;
    g->gross |= w->gross;
    if (p->size > w->words.size) take_out(p, at, w->words.size);
    else sure = w->sure;
  }
  return sure;
}

static int points(const struct heading_words *w, const struct phrase *p) {
  if (span_equal(w->squashed, span_make(p->squashed, p->squashed_size))) return w->sure;
  if (p->words <= w->count || within(p, w) < 0) return 0;
  return w->sure * (55 + w->count * 45 / p->words) / 100;
}

void headings_guess(const struct headings *h, struct span heading, struct heading_guesses *out) {
  struct phrase p;
  *out = (struct heading_guesses){0};
  phrase_of(&p, heading);
  if (!p.size || !h->count) return;
  struct phrase rest = p;
  struct heading_guess *amount = &out->of[MEANS_AMOUNT];
  uint64_t *seen = memory_zeroed((size_t)h->count / 64 + 1, sizeof *seen);
  mark_first_words(h, &p, seen);
  mark_squashed(h, &p, seen);
  amount->sure = qualify(h, seen, &rest, out);
  mark_squashed(h, &rest, seen);
  for (int i = next_marked(h, seen, 0); i < h->count; i = next_marked(h, seen, i + 1)) {
    const struct heading_words *w = &h->all[i];
    if (w->net || w->gross) continue;
    struct heading_guess *g = &out->of[w->means];
    const int sure = points(w, w->means == MEANS_AMOUNT ? &rest : &p);
    if (w->vat && sure > out->vat) out->vat = sure;
    if (!sure || sure < g->sure || (sure == g->sure && w->order >= g->order)) continue;
    *g = (struct heading_guess){sure, w->order, w->month};
  }
  free(seen);
  if (!amount->sure) return;
  if (out->net) amount->order = ORDER_NET;
  else if (out->gross) amount->order = ORDER_GROSS;
}

enum meaning headings_best(const struct heading_guesses *g) {
  int best = MEANS_COUNT, sure = 0;
  for (int m = 0; m < MEANS_COUNT; m++)
    if (g->of[m].sure > sure) best = m, sure = g->of[m].sure;
  return (enum meaning)best;
}

/* ---- reading ---- */

static enum status take_row(struct headings *h, const struct table_rows *rows, size_t r,
                            struct arena *arena, struct error *err) {
  struct heading_words *w = &h->all[h->count];
  struct span words = table_field(rows, r, WORDS), means = table_field(rows, r, MEANS);
  int64_t sure = 0, order = 0;
  struct phrase p;
  if (rows->fault[r].reason) {
    refuse_again(err, rows->fault[r].refusal, rows->fault[r].reason);
    return error_at(err, NULL, 0, rows->fault[r].column);
  }
  *w = (struct heading_words){.means = MEANS_NOTHING};
  w->net = span_is(means, "net");
  w->gross = span_is(means, "gross");
  w->vat = span_is(means, "vat");
  w->month = span_is(means, "month");
  bool known = w->net || w->gross || w->vat || w->month;
  for (int m = 0; m < MEANS_COUNT && !known; m++)
    if ((known = span_is(means, meaning_words[m]))) w->means = (enum meaning)m;
  if (w->month) w->means = MEANS_DATE;
  if (w->net || w->gross) w->means = MEANS_AMOUNT;
  if (!known) return refuse_at(err, "means", HEADING_MEANS);
  phrase_of(&p, words);
  if (!p.size || p.size != words.size || memcmp(p.bytes, words.bytes, p.size) != 0)
    return refuse_at(err, "words", HEADING_WORDS);
  if (integer_parse(table_field(rows, r, SURE), &sure, NULL) != DONE || sure < 1 || sure > 100)
    return refuse_at(err, "sure", HEADING_SURE);
  if (integer_parse(table_field(rows, r, ORDER), &order, NULL) != DONE || order < 1 || order > 1000)
    return refuse_at(err, "order", HEADING_ORDER);
  w->words = span_make(arena_copy(arena, p.bytes, p.size), p.size);
  w->squashed = span_make(arena_copy(arena, p.squashed, p.squashed_size), p.squashed_size);
  w->count = p.words;
  w->sure = (int)sure;
  w->order = (int)order;
  h->count++;
  return DONE;
}

/* From the last row to the first, so that a chain is in the order of the rows. */
static void index_words(struct headings *h, struct arena *arena) {
  h->first_words = map_make(arena, (size_t)h->count);
  h->squashed = map_make(arena, (size_t)h->count);
  for (int i = h->count - 1; i >= 0; i--) {
    struct heading_words *w = &h->all[i];
    const struct span first = word_at(w->words.bytes, w->words.size, 0);
    w->next_first = (int)map_get(&h->first_words, first);
    w->next_squashed = (int)map_get(&h->squashed, w->squashed);
    map_set(&h->first_words, first, i);
    map_set(&h->squashed, w->squashed, i);
  }
}

static enum status read_words(struct headings **out, const char *path, struct arena *arena,
                              struct error *err) {
  struct headings *h = arena_alloc(arena, sizeof *h);
  struct table *table = NULL;
  struct table_rows *rows = NULL;
  int capacity = 0;
  *out = h;
  if (access(path, F_OK) != 0 && errno == ENOENT) return DONE;
  enum status status = table_open_plain(&table, path, heading_columns, HEADING_COLUMNS, err);
  if (status != DONE) return error_at(err, path, 0, NULL);
  while ((status = table_next(table, &rows, err)) == DONE && rows) {
    for (size_t r = 0; status == DONE && r < rows->count; r++) {
      arena_reserve(arena, h->all, capacity, h->count + 1);
      status = take_row(h, rows, r, arena, err);
      if (status != DONE) error_at(err, path, rows->line[r], NULL);
    }
    table_rows_free(rows);
    if (status != DONE) break;
  }
  table_close(table);
  if (status == DONE) index_words(h, arena);
  return status;
}

enum status headings_read(struct headings **out, const char *pack_dir, struct arena *arena,
                          struct error *err) {
  return read_words(out, arena_printf(arena, "%s/headings.csv", pack_dir), arena, err);
}

enum status headings_read_of_people(struct headings **out, const char *pack_dir,
                                    struct arena *arena, struct error *err) {
  return read_words(out, arena_printf(arena, "%s/people-headings.csv", pack_dir), arena, err);
}
