/* Fields of one row, read and checked: what the files of a pack have in common. */
#include "pack/fields.h"

#include "base/money.h"

struct span pack_field(const struct pack_row *row, int column) {
  return table_field(row->rows, row->row, column);
}

char *pack_copy(const struct pack_row *row, int column) {
  struct span s = pack_field(row, column);
  return arena_copy(row->pack->index->arena, s.bytes ? s.bytes : "", s.size);
}

enum status pack_take_text(const struct pack_row *row, int column, const char **out,
                           struct error *err) {
  if (span_trim(pack_field(row, column)).size == 0) {
    refuse(err, PACK_FIELD_EMPTY);
    return error_at(err, NULL, 0, row->columns[column].name);
  }
  *out = pack_copy(row, column);
  return DONE;
}

/* Lower-case words with hyphens: what a person can type and an address can hold. */
bool pack_is_code(struct span s) {
  if (s.size == 0 || s.bytes[0] == '-' || s.bytes[s.size - 1] == '-') return false;
  for (size_t i = 0; i < s.size; i++) {
    char c = s.bytes[i];
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
    if (c == '-' && s.bytes[i - 1] == '-') return false;
  }
  return true;
}

enum status pack_take_new_code(const struct pack_row *row, int column, enum pack_kind kind,
                               int number, const char **out, struct error *err) {
  if (!pack_is_code(pack_field(row, column)))
    return refuse_field(row, column, err, PACK_CODE_MALFORMED);
  *out = pack_copy(row, column);
  if (!pack_index_add(row->pack->index, kind, *out, number))
    return refuse_field(row, column, err, PACK_CODE_TWICE);
  return DONE;
}

enum status pack_take_names(const struct pack_row *row, int english, int welsh,
                            const char *out[LANGUAGES], struct error *err) {
  enum status s = pack_take_text(row, english, &out[ENGLISH], err);
  return s == DONE ? pack_take_text(row, welsh, &out[WELSH], err) : s;
}

enum status pack_take_year(const struct pack_row *row, int column, int *out, struct error *err) {
  enum status s = year_parse(pack_field(row, column), out, err);
  return s == DONE ? DONE : error_at(err, NULL, 0, row->columns[column].name);
}

enum status pack_take_amount(const struct pack_row *row, int column, int64_t *out,
                             struct error *err) {
  enum status s = money_parse(pack_field(row, column), out, err);
  if (s != DONE) return error_at(err, NULL, 0, row->columns[column].name);
  return *out >= 0 ? DONE : refuse_field(row, column, err, PACK_COST_NEGATIVE);
}

enum status pack_take_word(const struct pack_row *row, int column, const char *const *words,
                           int count, int *out, struct error *err) {
  struct span s = pack_field(row, column);
  for (int i = 0; i < count; i++) {
    if (span_is(s, words[i])) {
      *out = i;
      return DONE;
    }
  }
  char list[128 - sizeof "write one of:"] = "";
  size_t at = 0;
  for (int i = 0; i < count; i++) {
    if (words[i][0] && at < sizeof list)
      at += (size_t)snprintf(list + at, sizeof list - at, " %s", words[i]);
  }
  return refuse_field(row, column, err, PACK_WORD_UNKNOWN, list);
}

struct span pack_next_word(struct span all, size_t *at) {
  size_t begin = *at, end = *at;
  while (end < all.size && all.bytes[end] != ' ') end++;
  *at = end < all.size ? end + 1 : end;
  return span_make(all.bytes + begin, end - begin);
}

enum status pack_take_flag(const struct pack_row *row, int column, bool *out, struct error *err) {
  enum status s = boolean_parse(pack_field(row, column), out, err);
  return s == DONE ? DONE : error_at(err, NULL, 0, row->columns[column].name);
}

/* Finds the row of another file that a field refers to; `what` names that file. */
enum status pack_take_reference(const struct pack_row *row, int column, enum pack_kind kind,
                                const char *file, int *out, struct error *err) {
  *out = pack_index_find(row->pack->index, kind, pack_field(row, column));
  if (*out >= 0) return DONE;
  return refuse_field(row, column, err, PACK_CODE_UNKNOWN, file);
}

bool pack_absent(const struct pack_row *row, int column) {
  return pack_field(row, column).size == 0;
}

/* Doubles when the count is a power of two (and at the first): no capacity to keep beside each
 * array. */
void pack_grow(void **array, int count, size_t size) {
  if ((count & (count - 1)) == 0)
    *array = memory_grow(*array, (size_t)(count ? count * 2 : 1) * size);
  memset((char *)*array + (size_t)count * size, 0, size);
}
