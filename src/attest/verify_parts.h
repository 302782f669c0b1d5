/* What the files of verifying share. Private to verify*.c. */
#ifndef WEAL_ATTEST_VERIFY_PARTS_H
#define WEAL_ATTEST_VERIFY_PARTS_H

#include "attest/verify.h"
#include "base/wide.h"
#include "book/figures.h"
#include "book/leaf.h"
#include "proof/canonical.h"
#include "proof/tree.h"

/* ---- members of an object (verify_json.c); `where` is what a message calls it ---- */

/* Every member is one of `keys` (separated by spaces) and no other. */
enum status member_check(const json_t *object, const char *keys, const char *where,
                         struct error *err) MUST_USE;
enum status member_object(const json_t *object, const char *key, const char *where, json_t **out,
                          struct error *err) MUST_USE;
enum status member_array(const json_t *object, const char *key, const char *where, json_t **out,
                         struct error *err) MUST_USE;
/* A figure of a statement, which is null where it is too large to be shown (base/wide.h): then
 * *lost is true and *out is 0. */
enum status member_figure(const json_t *object, const char *key, const char *where, wide_t *out,
                          bool *lost, struct error *err) MUST_USE;
enum status member_int(const json_t *object, const char *key, const char *where, int64_t *out,
                       struct error *err) MUST_USE;
enum status member_text(const json_t *object, const char *key, const char *where, struct span *out,
                        struct error *err) MUST_USE;
/* Base 64 of at most `capacity` bytes. */
enum status member_bytes(const json_t *object, const char *key, const char *where, uint8_t *out,
                         size_t capacity, size_t *size, struct error *err) MUST_USE;
enum status member_path(const json_t *object, const char *key, const char *where,
                        struct tree_path *out, struct error *err) MUST_USE;

/* Whether the bytes are the value as the program writes JSON (base/json.h): no space between
 * tokens, each character in its canonical form. The order of members is free. At most
 * CANONICAL_DEPTH_MAX levels. */
bool json_is_as_written(struct span bytes, const json_t *value);

/* ---- a line (verify_line.c) ---- */

struct seen_line {
  int64_t entry, account, amount, reverses_entry;
  int32_t line_no, reverses_line_no;
  day_t day;
  bool estimated, proven, has_quantity;
  int64_t quantity; /* thousandths */
  struct span unit, category, quantity_text, service, body, place, reference, note, cost_year;
  struct span department, stream, condition; /* with one of them the leaf is LEAF_LABELLED */
  uint8_t salt[SALT_BYTES];
};

enum status seen_line_read(const json_t *object, bool proven, struct seen_line *out,
                           struct error *err) MUST_USE;
void seen_line_hash(struct hasher *h, struct text *scratch, const struct seen_line *line,
                    struct digest *out);

/* ---- sums (verify_sums.c) ---- */

/* The sums that a statement's sections show. Begins zeroed. */
struct verified_sums {
  /* comparisons of categories and accounts: about n log n for n rows and lines, even in a hostile
   * file (a test checks this) */
  uint64_t steps;
  /* lost: it has a figure that is rightly null */
  struct {
    bool lost;
    struct largest largest;
  } parts[VERIFIED_PARTS];
};

/* Checks that the sections of a statement show the sums of its lines. A figure may be null only
 * where the lines make a sum too large to be shown; several figures of one category may be null
 * only where its lines are large enough for as many such sums. */
enum status verify_sums(const json_t *root, const struct seen_line *lines, size_t count,
                        struct verified_sums *found, struct error *err) MUST_USE;

#endif
