#include "pack/spend_rules.h"

#include "base/fold.h"
#include "base/map.h"
#include "base/refusal.h"
#include "base/table.h"

#include <unistd.h>

struct spend_rules {
  struct arena *arena;
  struct spend_rule *all;
  int count, capacity;
  int first[SPEND_RULE_COLUMNS]; /* the first rule of each column; `count`: it has none */
  /* by text: the first rule that it finds, `count` for none */
  struct map found[SPEND_RULE_COLUMNS];
};

static const char *const column_words[SPEND_RULE_COLUMNS] = {"category", "department",
                                                             "description", "supplier"};
enum { RULE_NUMBER, RULE_COLUMN, RULE_PATTERN, RULE_CATEGORY, RULE_SOURCE, RULE_COLUMNS };
static const struct table_column columns[RULE_COLUMNS] = {
    {"rule", true}, {"column", true}, {"pattern", true}, {"category", true}, {"source", true}};

/* ---- reading ---- */

static bool take_columns(struct span word, unsigned *out) {
  *out = 0;
  for (int i = 0; i < SPEND_RULE_COLUMNS; i++)
    if (span_is(word, column_words[i])) *out = 1u << i;
  if (span_is(word, "any"))
    *out = 1u << SPEND_RULE_CATEGORY | 1u << SPEND_RULE_DEPARTMENT | 1u << SPEND_RULE_DESCRIPTION;
  return *out != 0;
}

/* Small letters and digits, one blank between words, perhaps a `*` at the end. */
static bool is_pattern(struct span s) {
  if (s.size && s.bytes[s.size - 1] == '*') s.size--;
  for (size_t i = 0; i < s.size; i++) {
    const char c = s.bytes[i];
    const bool blank = c == ' ' && i > 0 && i + 1 < s.size && s.bytes[i - 1] != ' ';
    if (!blank && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) return false;
  }
  return s.size > 0;
}

static int take_number(struct span s) {
  enum { NUMBER_MOST = 1000000 };
  int number = 0;
  for (size_t i = 0; i < s.size && number <= NUMBER_MOST; i++) {
    if (s.bytes[i] < '0' || s.bytes[i] > '9') return 0;
    number = number * 10 + (s.bytes[i] - '0');
  }
  return number <= NUMBER_MOST ? number : 0;
}

static enum status take_rule(struct spend_rules *r, const struct pack *pack,
                             const struct table_rows *rows, size_t row, struct error *err) {
  struct span field[RULE_COLUMNS];
  struct spend_rule rule = {0};
  for (int c = 0; c < RULE_COLUMNS; c++) field[c] = table_field(rows, row, c);
  rule.number = take_number(field[RULE_NUMBER]);
  if (rule.number <= (r->count ? r->all[r->count - 1].number : 0))
    return refuse_at(err, "rule", PACK_SPEND_RULE_NUMBER, SPAN(field[RULE_NUMBER]));
  if (!take_columns(field[RULE_COLUMN], &rule.columns))
    return refuse_at(err, "column", PACK_SPEND_RULE_COLUMN, SPAN(field[RULE_COLUMN]));
  const struct span pattern = field[RULE_PATTERN];
  if (!is_pattern(pattern))
    return refuse_at(err, "pattern", PACK_SPEND_RULE_PATTERN, SPAN(pattern));
  const bool begins = pattern.bytes[pattern.size - 1] == '*';
  rule.needle = begins ? arena_printf(r->arena, " %.*s", (int)pattern.size - 1, pattern.bytes)
                       : arena_printf(r->arena, " " SPAN_FORMAT " ", SPAN(pattern));
  rule.category = pack_find_category(pack, field[RULE_CATEGORY]);
  if (!rule.category || rule.category->unit != pack->pence)
    return refuse_at(err, "category", PACK_SPEND_RULE_CATEGORY, SPAN(field[RULE_CATEGORY]));
  if (!span_trim(field[RULE_SOURCE]).size) return refuse_at(err, "source", PACK_SPEND_RULE_SOURCE);
  rule.source = arena_copy(r->arena, field[RULE_SOURCE].bytes, field[RULE_SOURCE].size);
  arena_reserve(r->arena, r->all, r->capacity, r->count + 1);
  r->all[r->count++] = rule;
  return DONE;
}

static enum status read_rules(struct spend_rules *r, const struct pack *pack, const char *path,
                              struct error *err) {
  struct table *table = NULL;
  struct table_rows *rows = NULL;
  enum status status = table_open_plain(&table, path, columns, RULE_COLUMNS, err);
  if (status != DONE) return error_at(err, path, 0, NULL);
  while (status == DONE && (status = table_next(table, &rows, err)) == DONE && rows) {
    for (size_t i = 0; status == DONE && i < rows->count; i++) {
      const struct table_fault *fault = &rows->fault[i];
      if (fault->reason) {
        refuse_again(err, fault->refusal, fault->reason);
        status = error_at(err, path, rows->line[i], fault->column);
      } else if ((status = take_rule(r, pack, rows, i, err)) != DONE)
        error_at(err, path, rows->line[i], NULL);
    }
    table_rows_free(rows);
  }
  table_close(table);
  return status;
}

enum status spend_rules_read(struct spend_rules **out, const struct pack *pack, struct arena *arena,
                             struct error *err) {
  struct spend_rules *r = arena_array(arena, struct spend_rules, 1);
  const char *path = arena_printf(arena, "%s/spend-categories.csv", pack->dir);
  *r = (struct spend_rules){.arena = arena};
  for (int i = 0; i < SPEND_RULE_COLUMNS; i++) r->found[i] = (struct map){.arena = arena};
  *out = r;
  const enum status status = access(path, F_OK) == 0 ? read_rules(r, pack, path, err) : DONE;
  for (int i = 0; i < SPEND_RULE_COLUMNS; i++)
    while (r->first[i] < r->count && !(r->all[r->first[i]].columns & 1u << i)) r->first[i]++;
  return status;
}

/* ---- finding ---- */

/* The words of the text, a blank before each and behind the last. */
static void split_words(struct span text, struct text *out) {
  struct text folded = {0};
  text_add_folded(&folded, text);
  text_add_char(out, ' ');
  for (size_t i = 0; i < folded.size; i++) {
    const char c = folded.bytes[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80);
    if (letter) text_add_char(out, c);
    else if (c == '&') text_add(out, out->bytes[out->size - 1] == ' ' ? "and " : " and ");
    else if (out->bytes[out->size - 1] != ' ') text_add_char(out, ' ');
  }
  if (out->bytes[out->size - 1] != ' ') text_add_char(out, ' ');
  text_release(&folded);
}

/* The first rule of a column that the text finds; `count`: none. */
static int find_in(struct spend_rules *r, int column, struct span text) {
  if (!text.size) return r->count;
  const int64_t known = map_get(&r->found[column], text);
  if (known >= 0) return (int)known;
  struct text words = {0};
  split_words(text, &words);
  int rule = 0;
  while (rule < r->count &&
         (!(r->all[rule].columns & 1u << column) ||
          !memmem(words.bytes, words.size, r->all[rule].needle, strlen(r->all[rule].needle))))
    rule++;
  text_release(&words);
  if (r->found[column].count < SPEND_TEXTS_KEPT)
    map_set(&r->found[column], span_make(arena_copy(r->arena, text.bytes, text.size), text.size),
            rule);
  return rule;
}

const struct spend_rule *spend_rules_find(struct spend_rules *r,
                                          const struct span texts[SPEND_RULE_COLUMNS]) {
  int first = r->count;
  for (int c = 0; c < SPEND_RULE_COLUMNS; c++) {
    if (r->first[c] >= first) continue; /* none of its rules comes before the one that is found */
    const int rule = find_in(r, c, texts[c]);
    if (rule < first) first = rule;
  }
  return first < r->count ? &r->all[first] : NULL;
}
