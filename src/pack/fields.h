/* Reads the fields of one row. Private to this folder. What is refused names the row's column; file
 * and line are added by pack.c. Texts are copied into the pack's arena.
 */
#ifndef WEAL_PACK_FIELDS_H
#define WEAL_PACK_FIELDS_H

#include "base/refusal.h"
#include "pack/rows.h"

struct span pack_field(const struct pack_row *row, int column); /* borrowed from the row */
char *pack_copy(const struct pack_row *row, int column);
bool pack_absent(const struct pack_row *row, int column);
/* Of words with one space between: the one at *at, which goes on to the next. */
struct span pack_next_word(struct span all, size_t *at);
/* A name of the rules: letters, digits and `_`. */
enum status pack_take_rule_name(const struct pack_row *row, int column, const char **out,
                                struct error *err);
/* Lower-case words with hyphens: what a person can type and an address can hold. */
bool pack_is_code(struct span s);

/* A row of the table of refusals whose first argument is the field. */
#define refuse_field(row, column, err, code, ...) \
  refuse_at(err, (row)->columns[column].name, code, SPAN(pack_field(row, column)), ##__VA_ARGS__)

enum status pack_take_text(const struct pack_row *row, int column, const char **out,
                           struct error *err);
/* A code that no other row has; `number` is the row's own. */
enum status pack_take_new_code(const struct pack_row *row, int column, enum pack_kind kind,
                               int number, const char **out, struct error *err);
enum status pack_take_names(const struct pack_row *row, int english, int welsh,
                            const char *out[LANGUAGES], struct error *err);
/* `2024-25`: its first calendar year. */
enum status pack_take_year(const struct pack_row *row, int column, int *out, struct error *err);
/* Pence, not negative. */
enum status pack_take_amount(const struct pack_row *row, int column, int64_t *out,
                             struct error *err);
/* *out: which of the words. */
enum status pack_take_word(const struct pack_row *row, int column, const char *const *words,
                           int count, int *out, struct error *err);
/* Words of a list with a space between, as bits 1 << their place in it. */
enum status pack_take_bits(const struct pack_row *row, int column, const char *const *words,
                           int count, unsigned *out, struct error *err) MUST_USE;
/* `16-`, `-19`, `0-15`; empty: of every age. */
enum status pack_take_ages(const struct pack_row *row, int column, struct pack_ages *out,
                           struct error *err);
/* `10 working days`, `7 days`, `1 month`; empty: all zero. */
enum status pack_take_deadline(const struct pack_row *row, int column, struct pack_deadline *out,
                               struct error *err);
enum status pack_take_flag(const struct pack_row *row, int column, bool *out, struct error *err);
/* Finds the row of another file that a field refers to; `file` names that file. */
enum status pack_take_reference(const struct pack_row *row, int column, enum pack_kind kind,
                                const char *file, int *out, struct error *err);

/* Room for one more at the end of an array of the heap; zeroed. */
#define PACK_APPEND(array, count) \
  (pack_grow((void **)&(array), (count), sizeof *(array)), &(array)[(count)++])
void pack_grow(void **array, int count, size_t size);

#endif
