#include "pack/name_words.h"

#include "base/folder.h"
#include "base/map.h"
#include "base/refusal.h"
#include "base/table.h"

#include <unistd.h>

struct pack_name_words {
  struct arena *arena;
  struct map words;
};

enum { COLUMN_WORD, COLUMN_USE };
static const struct table_column word_columns[] = {{"word", true}, {"use", true}, {"source", true}},
                                 name_columns[] = {{"name", true}, {"source", true}};

static const struct {
  const char *word;
  unsigned use;
} uses[] = {{"form", NAME_WORD_FORM},     {"company", NAME_WORD_COMPANY},
            {"either", NAME_WORD_EITHER}, {"title", NAME_WORD_TITLE},
            {"honour", NAME_WORD_HONOUR}, {"person", NAME_WORD_PERSON}};

/* Small letters and digits, one blank between words, at most NAME_WORDS_TOGETHER: as names are
 * taken apart, so that the word can be found. */
static bool is_plain(struct span word) {
  int words = 1;
  for (size_t i = 0; i < word.size; i++) {
    const char c = word.bytes[i];
    const bool blank = c == ' ' && i > 0 && i + 1 < word.size && word.bytes[i - 1] != ' ';
    words += blank;
    if (!blank && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) return false;
  }
  return word.size > 0 && words <= NAME_WORDS_TOGETHER;
}

static enum status take_word(struct pack_name_words *w, struct span word, unsigned use,
                             const char *column, struct error *err) {
  if (!is_plain(word)) return refuse_at(err, column, PACK_NAME_WORD_WRONG, SPAN(word));
  if (map_get(&w->words, word) >= 0)
    return refuse_at(err, column, PACK_NAME_WORD_TWICE, SPAN(word));
  map_set(&w->words, span_of(arena_copy(w->arena, word.bytes, word.size)), use);
  return DONE;
}

static enum status take_row(struct pack_name_words *w, const struct table_rows *rows, size_t row,
                            bool forenames, struct error *err) {
  const struct table_fault *fault = &rows->fault[row];
  if (fault->reason) {
    refuse_again(err, fault->refusal, fault->reason);
    return error_at(err, NULL, 0, fault->column);
  }
  const struct span word = table_field(rows, row, COLUMN_WORD);
  if (forenames) return take_word(w, word, NAME_WORD_FORENAME, "name", err);
  const struct span use = table_field(rows, row, COLUMN_USE);
  for (size_t i = 0; i < sizeof uses / sizeof *uses; i++)
    if (span_is(use, uses[i].word)) return take_word(w, word, uses[i].use, "word", err);
  return refuse_at(err, "use", PACK_NAME_USE_UNKNOWN, SPAN(use));
}

static enum status read_words(struct pack_name_words *w, const char *path, bool forenames,
                              struct error *err) {
  struct table *table = NULL;
  struct table_rows *rows = NULL;
  if (access(path, F_OK) != 0) return DONE;
  enum status status = forenames ? table_open_plain(&table, path, name_columns, 2, err)
                                 : table_open_plain(&table, path, word_columns, 3, err);
  if (status != DONE) return error_at(err, path, 0, NULL);
  while (status == DONE && (status = table_next(table, &rows, err)) == DONE && rows) {
    for (size_t r = 0; status == DONE && r < rows->count; r++)
      if ((status = take_row(w, rows, r, forenames, err)) != DONE)
        error_at(err, path, rows->line[r], NULL);
    table_rows_free(rows);
  }
  table_close(table);
  return status;
}

enum status pack_name_words_read(struct pack_name_words **out, const char *dir, struct arena *arena,
                                 struct error *err) {
  struct pack_name_words *w = arena_array(arena, struct pack_name_words, 1);
  w->arena = arena;
  w->words = (struct map){.arena = arena};
  enum status status = read_words(w, arena_printf(arena, "%s/company-words.csv", dir), false, err);
  if (status == DONE)
    status = read_words(w, arena_printf(arena, "%s/forenames.csv", dir), true, err);
  *out = status == DONE ? w : NULL;
  return status;
}

unsigned pack_name_word(const struct pack_name_words *words, struct span word) {
  const int64_t use = map_get(&words->words, word);
  return use < 0 ? 0 : (unsigned)use;
}
