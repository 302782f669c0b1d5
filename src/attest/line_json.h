/* A line of the ledger as a proof shows it: the leaf's fields by name, and the codes they need,
 * looked up one by one. Private to this folder. */
#ifndef WEAL_ATTEST_LINE_JSON_H
#define WEAL_ATTEST_LINE_JSON_H

#include "base/json.h"
#include "book/leaf.h"

/* Codes as book/leaf.h wants them, but without loading all bodies and places: line_codes_find adds
 * those of one line. */
enum status line_codes_open(struct store *store, struct arena *arena, struct leaf_codes *out,
                            struct error *err) MUST_USE;
enum status line_codes_find(struct store *store, struct arena *arena, struct leaf_codes *codes,
                            const struct line *line, struct error *err) MUST_USE;
const char *line_category(const struct leaf_codes *codes, const struct line *line); /* never null */

/* `salt` null: none (a line that is not proven). Empty fields are left out. */
void line_add_json(struct json *j, const char *key, const struct leaf_codes *codes,
                   const char *unit, const struct line *line, const uint8_t *salt);

#endif
