/* Canonical JSON: each value has exactly one text (RFC 8785), so that a signature can be over it.
 *
 * Members are sorted by their names' UTF-16 code units, there is no white space, strings have the
 * shortest escapes, and numbers are integers of at most 2^53 - 1: all figures here are whole pence,
 * minutes or counts, and a real is refused.
 *
 *     json_t *value;                                       jansson's; json_decref when done
 *     canonical_read(bytes, &value, err)
 *     json_object_del(json_object_get(value, "proof"), "seal");
 *     text_add_canonical(&t, value, err);                  what the seal is over
 *
 * The reader takes JSON in any order of members and with any line breaks, so that saving a file in
 * an editor does no harm. It refuses what could be read in two ways: a member twice, a number not
 * in canonical form (1.0, 1e3, -0, 01, past 2^53 - 1), bytes after the end. It also refuses what
 * one changed bit could make of a true file without changing its meaning: capital hexadecimal
 * digits in an escape, and the tab as white space (one bit from a carriage return).
 */
#ifndef WEAL_PROOF_CANONICAL_H
#define WEAL_PROOF_CANONICAL_H

#include "base/text.h"
#include <jansson.h>
#include <stdint.h>

enum { CANONICAL_SIZE_MAX = 16 << 20, CANONICAL_DEPTH_MAX = 32 };
#define CANONICAL_INTEGER_MAX (((int64_t)1 << 53) - 1)

/* An object or an array. REFUSED with what is wrong and at which byte; err's line is set where
 * there are lines. */
enum status canonical_read(struct span bytes, json_t **out, struct error *err) MUST_USE;
/* REFUSED for a real, an integer out of bounds and more than CANONICAL_DEPTH_MAX levels; the added
 * text is then unusable. */
enum status text_add_canonical(struct text *t, const json_t *value, struct error *err) MUST_USE;
/* The order of members: negative, zero or positive. */
int canonical_compare(struct span a, struct span b);

#endif
