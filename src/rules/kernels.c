#include "rules/kernels.h"

#include "base/arena.h"
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Up to so many rows apart, comparing all pairs is faster than sorting (a block of 512 rows). */
enum { RANK_APART_MOST = 128 };

/* Built for the processor's own vectors as well, chosen when the program starts: bench/rules is
 * 1.3 times as fast with AVX2, 1.4 times with AVX-512. */
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && \
    !defined(__clang__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif

/* Three loops: of two columns, with a constant second, with a constant first. */
#define TWO(name, result) \
  FOR_EACH_PROCESSOR static void name##_columns(const double *restrict a, \
                                                const double *restrict b, double *restrict out, \
                                                int rows) { \
    for (int i = 0; i < rows; i++) { \
      const double x = a[i], y = b[i]; \
      out[i] = (result); \
    } \
  } \
  FOR_EACH_PROCESSOR static void name##_second(const double *restrict a, const double y, \
                                               double *restrict out, int rows) { \
    for (int i = 0; i < rows; i++) { \
      const double x = a[i]; \
      out[i] = (result); \
    } \
  } \
  FOR_EACH_PROCESSOR static void name##_first(const double x, const double *restrict b, \
                                              double *restrict out, int rows) { \
    for (int i = 0; i < rows; i++) { \
      const double y = b[i]; \
      out[i] = (result); \
    } \
  } \
  static void name(struct operand a, struct operand b, double *out, int rows) { \
    if (a.rows && b.rows) name##_columns(a.rows, b.rows, out, rows); \
    else if (a.rows) name##_second(a.rows, b.constant, out, rows); \
    else name##_first(a.constant, b.rows, out, rows); \
  }

TWO(add, x + y)
TWO(subtract, x - y)
TWO(multiply, x *y)
TWO(divide, x / y)
TWO(least, x < y ? x : y)
TWO(most, x > y ? x : y)
TWO(less, x < y ? 1.0 : 0.0)
TWO(less_equal, x <= y ? 1.0 : 0.0)
TWO(equal, x == y ? 1.0 : 0.0)
static inline double near_to(double n) {
  const double rounding = KERNEL_ROUNDING * fabs(n);
  return rounding > KERNEL_LEAST_OF_A_STEP ? rounding : KERNEL_LEAST_OF_A_STEP;
}
TWO(floor_to, isinf(x) ? x : floor(x / y + near_to(x / y)) * y)
TWO(ceil_to, isinf(x) ? x : ceil(x / y - near_to(x / y)) * y)
TWO(round_to, isinf(x) ? x : floor(x / y + 0.5 + near_to(x / y)) * y)
TWO(round_half_down, isinf(x) ? x : ceil(x / y - 0.5 - near_to(x / y)) * y)

void kernel_two(enum step_op op, struct operand a, struct operand b, double *out, int rows) {
  switch (op) {
  case STEP_ADD: add(a, b, out, rows); return;
  case STEP_SUBTRACT: subtract(a, b, out, rows); return;
  case STEP_MULTIPLY: multiply(a, b, out, rows); return;
  case STEP_DIVIDE: divide(a, b, out, rows); return;
  case STEP_MIN: least(a, b, out, rows); return;
  case STEP_MAX: most(a, b, out, rows); return;
  case STEP_LESS: less(a, b, out, rows); return;
  case STEP_LESS_EQUAL: less_equal(a, b, out, rows); return;
  case STEP_EQUAL: equal(a, b, out, rows); return;
  case STEP_FLOOR: floor_to(a, b, out, rows); return;
  case STEP_CEIL: ceil_to(a, b, out, rows); return;
  case STEP_ROUND: round_to(a, b, out, rows); return;
  case STEP_ROUND_HALF_DOWN: round_half_down(a, b, out, rows); return;
  default: return;
  }
}

static struct kept_call *call_place(struct kept_call *kept, double a, double b) {
  uint64_t x, y;
  memcpy(&x, &a, sizeof x);
  memcpy(&y, &b, sizeof y);
  return &kept[((x * 31 + y) * 0x9E3779B97F4A7C15U) >> (64 - KERNEL_CALLS_BITS)];
}

void kernel_forget_calls(struct kept_call *kept) {
  for (int i = 0; i < KERNEL_CALLS_KEPT; i++) kept[i].a = NAN; /* equal to nothing */
}

void kernel_call(struct kernel_function f, struct operand a, struct operand b, double *out,
                 int rows) {
  for (int i = 0; i < rows; i++) {
    const double x = a.rows ? a.rows[i] : a.constant, y = b.rows ? b.rows[i] : b.constant;
    struct kept_call *at = call_place(f.kept, x, y);
    if (at->a != x || at->b != y) *at = (struct kept_call){x, y, f.function->of(x, y)};
    out[i] = at->result;
  }
}

/* Both values are read before one is chosen, so that no row branches. */
#define CHOOSE(name, yes_is, no_is) \
  FOR_EACH_PROCESSOR static void name(const double *restrict condition, \
                                      const double *restrict yes, const double *restrict no, \
                                      double *restrict out, int rows) { \
    for (int i = 0; i < rows; i++) { \
      const double y = yes_is, n = no_is; \
      out[i] = condition[i] != 0 ? y : n; \
    } \
  }
CHOOSE(choose_columns, yes[i], no[i])
CHOOSE(choose_or_constant, yes[i], *no)
CHOOSE(choose_constant_or, *yes, no[i])
CHOOSE(choose_constants, *yes, *no)

void kernel_choose(const double *condition, struct operand yes, struct operand no, double *out,
                   int rows) {
  if (yes.rows && no.rows) choose_columns(condition, yes.rows, no.rows, out, rows);
  else if (yes.rows) choose_or_constant(condition, yes.rows, &no.constant, out, rows);
  else if (no.rows) choose_constant_or(condition, &yes.constant, no.rows, out, rows);
  else choose_constants(condition, &yes.constant, &no.constant, out, rows);
}

static inline double part_above(double x, double threshold, double rate) {
  const double over = x - threshold;
  return rate * (over < 0 ? 0 : over); /* a missing value stays one */
}

/* One loop for each number of bands, alone and after a column, which `out` may be. */
#define BANDS(name, terms) \
  FOR_EACH_PROCESSOR static void name##_alone(const double *restrict x, const double *restrict t, \
                                              const double *restrict r, const double *before, \
                                              double *out, int rows) { \
    (void)before; \
    for (int i = 0; i < rows; i++) { \
      const double v = x[i]; \
      out[i] = terms; \
    } \
  } \
  FOR_EACH_PROCESSOR static void name##_after(const double *restrict x, const double *restrict t, \
                                              const double *restrict r, const double *before, \
                                              double *out, int rows) { \
    for (int i = 0; i < rows; i++) { \
      const double v = x[i]; \
      out[i] = before[i] + terms; \
    } \
  }
#define PART(k) part_above(v, t[k], r[k])
BANDS(one_band, PART(0))
BANDS(two_bands, PART(0) + PART(1))
BANDS(three_bands, PART(0) + PART(1) + PART(2))
BANDS(four_bands, PART(0) + PART(1) + PART(2) + PART(3))

void kernel_bands(const struct operand *before, const double *x, struct kernel_scale s, double *out,
                  int rows) {
  typedef void bands(const double *, const double *, const double *, const double *, double *, int);
  static bands *const alone[KERNEL_BANDS_MOST + 1] = {NULL, one_band_alone, two_bands_alone,
                                                      three_bands_alone, four_bands_alone};
  static bands *const after[KERNEL_BANDS_MOST + 1] = {NULL, one_band_after, two_bands_after,
                                                      three_bands_after, four_bands_after};
  assert(s.count > 0 && s.count <= KERNEL_BANDS_MOST);
  if (before && !before->rows)
    for (int i = 0; i < rows; i++) out[i] = before->constant;
  (before ? after : alone)[s.count](x, s.threshold, s.rate,
                                    before && before->rows ? before->rows : out, out, rows);
}

void kernel_look_up(const double *restrict index, const double *restrict values, int size,
                    double *restrict out, int rows) {
  for (int i = 0; i < rows; i++) out[i] = plan_table_value(values, size, index[i]);
}

void kernel_down(const double *restrict group, const int *restrict member, int first,
                 double *restrict out, int rows) {
  for (int i = 0; i < rows; i++) out[i] = group[member[i] - first];
}

void kernel_up(enum step_op op, struct operand a, const int *restrict member, int first,
               int members, double *restrict out, int groups) {
  const double start = op == STEP_SUM_UP ? 0 : op == STEP_MAX_UP ? -INFINITY : INFINITY;
  for (int g = 0; g < groups; g++) out[g] = start;
  if (op == STEP_SUM_UP && a.rows) {
    for (int i = 0; i < members; i++) out[member[i] - first] += a.rows[i];
    return;
  }
  for (int i = 0; i < members; i++) {
    const double x = a.rows ? a.rows[i] : a.constant;
    double *to = &out[member[i] - first];
    if (op == STEP_SUM_UP) *to += x;
    else if (op == STEP_MAX_UP) *to = x > *to ? x : *to;
    else *to = x < *to ? x : *to;
  }
}

FOR_EACH_PROCESSOR void kernel_keep_missing(const double *restrict of, double *restrict out,
                                            int rows) {
  for (int i = 0; i < rows; i++) {
    const double x = of[i], known = out[i];
    out[i] = x != x ? x : known;
  }
}

void kernel_missing_up(const double *restrict of, const int *restrict member, int first,
                       int members, double *restrict out) {
  for (int i = 0; i < members; i++)
    if (isnan(of[i])) out[member[i] - first] = NAN;
}

void kernel_role(const signed char *role, int which, double *out, int rows) {
  for (int i = 0; i < rows; i++) out[i] = (role ? role[i] : 0) == which;
}

/* Who is `apart` rows later, and who is `apart` rows before: neither loop branches. */
FOR_EACH_PROCESSOR static void rank_later(const double *restrict key, const double *restrict counts,
                                          const int *restrict member, int apart,
                                          double *restrict out, int rows) {
  for (int i = 0; i < rows - apart; i++) {
    const bool before = (member[i + apart] == member[i]) & (counts[i + apart] != 0) &
                        (key[i + apart] < key[i]);
    out[i] += before ? 1.0 : 0.0;
  }
}
FOR_EACH_PROCESSOR static void rank_earlier(const double *restrict key,
                                            const double *restrict counts,
                                            const int *restrict member, int apart,
                                            double *restrict out, int rows) {
  for (int i = apart; i < rows; i++) {
    const bool before = (member[i - apart] == member[i]) & (counts[i - apart] != 0) &
                        (key[i - apart] <= key[i]);
    out[i] += before ? 1.0 : 0.0;
  }
}

/* Who does not count has no place. */
FOR_EACH_PROCESSOR static void rank_none(const double *restrict counts, double *restrict out,
                                         int rows) {
  for (int i = 0; i < rows; i++) out[i] = counts[i] == 0 ? -1 : out[i];
}

static const double *all_rows(struct operand o, double *all, int rows) {
  for (int i = 0; !o.rows && i < rows; i++) all[i] = o.constant;
  return o.rows ? o.rows : all;
}

static void rank_missing(const double *keys, const double *count, const int *member,
                         struct rank_room room, double *out, int rows) {
  for (int i = 0; i < room.groups; i++) room.lacks[i] = 0;
  for (int i = 0; i < rows; i++)
    if (isnan(count[i]) || (count[i] != 0 && isnan(keys[i])))
      room.lacks[member[i] - room.first_group] = 1;
  for (int i = 0; i < rows; i++)
    if (room.lacks[member[i] - room.first_group]) out[i] = NAN;
}

struct ranked {
  int group, row;
  double key;
};

static int ranked_compare(const void *a, const void *b) {
  const struct ranked *x = a, *y = b;
  if (x->group != y->group) return x->group < y->group ? -1 : 1;
  const bool x_lacks = isnan(x->key), y_lacks = isnan(y->key);
  if (x_lacks != y_lacks) return x_lacks ? 1 : -1;
  if (!x_lacks && x->key != y->key) return x->key < y->key ? -1 : 1;
  return x->row < y->row ? -1 : x->row > y->row;
}

/* The places of large groups: those who count, by group and key. Who lacks a key stands behind. */
static void rank_sorted(const double *keys, const double *count, const int *member, double *out,
                        int rows) {
  struct ranked *all = memory_alloc(sizeof *all * (size_t)(rows + 1));
  int n = 0;
  for (int i = 0; i < rows; i++)
    if (count[i] != 0) all[n++] = (struct ranked){member[i], i, keys[i]};
  array_sort(all, n, ranked_compare);
  for (int i = 0, place = 0; i < n; i++) {
    place = i && all[i].group == all[i - 1].group ? place + 1 : 0;
    out[all[i].row] = isnan(all[i].key) ? 0 : place;
  }
  free(all);
}

void kernel_rank(struct operand key, struct operand counts, const int *member,
                 struct rank_room room, double *out, int rows) {
  const double *keys = all_rows(key, room.key_all, rows);
  const double *count = all_rows(counts, room.counts_all, rows);
  for (int i = 0; i < rows; i++) out[i] = 0;
  if (room.span > RANK_APART_MOST) rank_sorted(keys, count, member, out, rows);
  else
    for (int apart = 1; apart <= room.span; apart++) {
      rank_later(keys, count, member, apart, out, rows);
      rank_earlier(keys, count, member, apart, out, rows);
    }
  rank_none(count, out, rows);
  if (room.misses) rank_missing(keys, count, member, room, out, rows);
}

/* No row branches until one is known to be there. */
#define ANY(name, is) \
  FOR_EACH_PROCESSOR static int name(const double *rows, int count) { \
    int64_t found = 0; \
    for (int i = 0; i < count; i++) { \
      const double x = rows[i]; \
      found += (is); \
    } \
    return found != 0; \
  }
ANY(any_zero, x == 0)
ANY(any_missing, x != x)

int kernel_zero(const double *rows, int count) {
  if (!any_zero(rows, count)) return -1;
  for (int i = 0; i < count; i++)
    if (rows[i] == 0) return i;
  return -1;
}

int kernel_missing(const double *rows, int count) {
  if (!any_missing(rows, count)) return -1;
  for (int i = 0; i < count; i++)
    if (isnan(rows[i])) return i;
  return -1;
}
