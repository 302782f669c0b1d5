/* The bytes that are hashed for a line of the ledger (docs/explanation/proof.md has the table).
 *
 *   salt     first 16 bytes of SHA-256(the account's secret, entry u64, n u32)
 *   leaf
 *       0x01, salt, entry u64, n u32, account u64, day i32, amount i64, unit, category, quantity,
 *       service, body, place, reference, note,
 *            cost_year, estimated u8, reverses_entry u64, reverses_line_no u32; hashed as an RFC
 *                6962 leaf, index n - 1
 *       0x03 instead of 0x01 where the line has a department, a stream or a condition: the same
 *       fields, then department, stream, condition
 *
 * Big-endian; a text is u16 length and UTF-8, empty where absent; codes, never names; a quantity is
 * decimal without trailing zeros; days count from 1970-01-01; cost_year is written 2025-26. Nothing
 * is stored for each line: the salt comes from the secret, so the salt of one line opens that line
 * and no other.
 */
#ifndef WEAL_BOOK_LEAF_H
#define WEAL_BOOK_LEAF_H

#include "base/hash.h"
#include "book/book.h"

enum { SALT_BYTES = 16, SECRET_BYTES = 32 };
/* The first byte of a line's leaf; 2 is that of a person's in a closing. */
enum { LEAF_PLAIN = 1, LEAF_LABELLED = 3 };

/* Codes by id: the codes that a leaf has for categories, services, bodies and places. Read-only
 * once made, so threads share it. */
struct leaf_codes {
  const struct codes *codes;
  const char **body;
  int64_t body_max; /* by id; null where none */
  const char **place;
  int64_t place_max;
};
enum status leaf_codes_load(struct store *store, struct arena *arena, struct leaf_codes *out,
                            struct error *err) MUST_USE;

/* The codes of one line, for a small entry: a store may have 100,000 suppliers, and reading them
 * all would take a hundred times as long as the entry. */
struct leaf_names {
  struct span category, service, body, place;
};

void leaf_salt(struct hasher *h, const uint8_t secret[SECRET_BYTES], int64_t entry, int32_t line_no,
               uint8_t salt[SALT_BYTES]);

/* Makes salt, bytes and RFC 6962 leaf hash in one call. `scratch` is the caller's, kept between
 * lines. */
void leaf_hash(struct hasher *h, struct text *scratch, const struct leaf_codes *codes,
               const char *unit, const uint8_t secret[SECRET_BYTES], const struct line *line,
               struct digest *out);
void leaf_hash_named(struct hasher *h, struct text *scratch, const struct leaf_names *names,
                     const char *unit, const uint8_t secret[SECRET_BYTES], const struct line *line,
                     struct digest *out);

/* Many lines: their salts, then their leaves, are hashed two at once (base/hash.h, hasher_many).
 * The same hashes as leaf_hash gives one by one.
 *
 *     leaf_batch_add(batch, &codes, unit, secret, line);           keeps none of its arguments
 *     if (leaf_batch_count(batch) == LEAF_BATCH) leaf_batch_end(batch, hasher, hashes);
 */
enum { LEAF_BATCH = 256 };
struct leaf_batch;
struct leaf_batch *leaf_batch_new(void);
void leaf_batch_free(struct leaf_batch *b); /* takes null; wipes the secrets */
void leaf_batch_add(struct leaf_batch *b, const struct leaf_codes *codes, const char *unit,
                    const uint8_t secret[SECRET_BYTES], const struct line *line);
size_t leaf_batch_count(const struct leaf_batch *b);
/* Gives the hashes in the order in which the lines were added, and empties the batch. */
void leaf_batch_end(struct leaf_batch *b, struct hasher *h, struct digest *out);

/* The secrets and units of accounts, read in blocks in order of id while a merge or a scan goes
 * through them in that order. */
struct secrets;
/* the caller gives it a connection of its own */
enum status secrets_open(struct secrets **out, struct store *store, struct error *err) MUST_USE;
/* Ids must not fall. REFUSED when there is no such account; *secret null where it was erased. */
enum status secrets_find(struct secrets *s, int64_t account, const uint8_t **secret,
                         const char **unit, struct error *err) MUST_USE;
void secrets_close(struct secrets *s); /* takes null */

#endif
