#include "book/leaf.h"

#include "base/money.h"
#include "base/refusal.h"
#include "register/names.h"

#include <assert.h>

/* ---- codes ---- */

enum status leaf_codes_load(struct store *store, struct arena *arena, struct leaf_codes *out,
                            struct error *err) {
  struct codes *codes = NULL;
  enum status status = book_codes(store, arena, &codes, err);
  out->codes = codes;
  if (status == DONE)
    status = register_codes(store, arena, REGISTER_BODIES, &out->body, &out->body_max, err);
  if (status == DONE)
    status = register_codes(store, arena, REGISTER_PLACES, &out->place, &out->place_max, err);
  return status;
}

/* ---- bytes ---- */

static uint8_t *put_u16(uint8_t *p, uint32_t v) {
  p[0] = (uint8_t)(v >> 8);
  p[1] = (uint8_t)v;
  return p + 2;
}

static uint8_t *put_u32(uint8_t *p, uint32_t v) {
  v = __builtin_bswap32(v);
  memcpy(p, &v, 4);
  return p + 4;
}

static uint8_t *put_text(uint8_t *p, struct span s) {
  assert(s.size <= UINT16_MAX);
  p = put_u16(p, (uint32_t)s.size);
  if (s.size) memcpy(p, s.bytes, s.size);
  return p + s.size;
}

static struct span code_of(const char *const *codes, int64_t max, int64_t id) {
  return id >= 1 && id <= max ? span_of(codes[id]) : span_make(NULL, 0);
}

enum { SALT_MESSAGE_BYTES = SECRET_BYTES + 12 };

static void write_salt_message(uint8_t out[SALT_MESSAGE_BYTES], const uint8_t secret[SECRET_BYTES],
                               int64_t entry, int32_t line_no) {
  memcpy(out, secret, SECRET_BYTES);
  put_u32(put_u64(out + SECRET_BYTES, (uint64_t)entry), (uint32_t)line_no);
}

void leaf_salt(struct hasher *h, const uint8_t secret[SECRET_BYTES], int64_t entry, int32_t line_no,
               uint8_t salt[SALT_BYTES]) {
  uint8_t message[SALT_MESSAGE_BYTES];
  struct digest digest;
  write_salt_message(message, secret, entry, line_no);
  hasher_begin(h);
  hasher_add(h, message, sizeof message);
  hasher_end(h, &digest);
  memcpy(salt, digest.bytes, SALT_BYTES);
}

/* Written by hand: printf took a twentieth of a leaf's time. */
static struct span quantity_text(const struct line *line, char out[32]) {
  char *end = out + 32, *p = end;
  if (!line->has_quantity) return span_make(NULL, 0);
  uint64_t whole = line->quantity < 0 ? 0 - (uint64_t)line->quantity : (uint64_t)line->quantity;
  unsigned part = (unsigned)(whole % 1000);
  whole /= 1000;
  if (part) {
    int digits = 3;
    for (; part % 10 == 0; digits--) part /= 10;
    for (; digits; digits--, part /= 10) *--p = (char)('0' + part % 10);
    *--p = '.';
  }
  do *--p = (char)('0' + whole % 10);
  while (whole /= 10);
  if (line->quantity < 0) *--p = '-';
  return span_make(p, (size_t)(end - p));
}

static struct leaf_names names_of(const struct leaf_codes *codes, const struct line *line) {
  const struct book_service *service = line->service >= 1 &&
                                               line->service <= codes->codes->service_count
                                           ? &codes->codes->services[line->service - 1]
                                           : NULL;
  return (struct leaf_names){.category = code_of(codes->codes->category_code,
                                                 codes->codes->category_max, line->category),
                             .service = span_of(service ? service->code : NULL),
                             .body = code_of(codes->body, codes->body_max, line->body),
                             .place = code_of(codes->place, codes->place_max, line->place)};
}

enum { LEAF_FIXED_BYTES = 256, SALT_AT = 1 }; /* the salt comes after the first byte */

static size_t leaf_room(const struct leaf_names *names, const struct line *line) {
  return LEAF_FIXED_BYTES + names->category.size + names->service.size + names->body.size +
         names->place.size + line->reference.size + line->note.size + line->department.size +
         line->stream.size + line->condition.size;
}

/* Writes everything except the salt, whose bytes are left as they are. Returns the end of the
 * leaf. */
static uint8_t *put_leaf(uint8_t *p, const struct leaf_names *names, const char *unit,
                         const struct line *line) {
  char quantity[32], year[8];
  const bool labelled = line_has_labels(line);
  *p++ = labelled ? LEAF_LABELLED : LEAF_PLAIN;
  p = put_u64(p + SALT_BYTES, (uint64_t)line->entry);
  p = put_u32(p, (uint32_t)line->line_no);
  p = put_u64(p, (uint64_t)line->account);
  p = put_u32(p, (uint32_t)line->day);
  p = put_u64(p, (uint64_t)line->amount);
  p = put_text(p, span_of(unit));
  p = put_text(p, names->category);
  p = put_text(p, quantity_text(line, quantity));
  p = put_text(p, names->service);
  p = put_text(p, names->body);
  p = put_text(p, names->place);
  p = put_text(p, line->reference);
  p = put_text(p, line->note);
  p = put_text(p,
               line->cost_year ? span_of(year_write(line->cost_year, year)) : span_make(NULL, 0));
  *p++ = line->estimated;
  p = put_u64(p, (uint64_t)line->reverses_entry);
  p = put_u32(p, (uint32_t)line->reverses_line_no);
  if (!labelled) return p;
  p = put_text(p, line->department);
  p = put_text(p, line->stream);
  return put_text(p, line->condition);
}

static void write_leaf(struct text *out, const struct leaf_names *names, const char *unit,
                       const struct line *line, const uint8_t salt[SALT_BYTES]) {
  text_clear(out);
  text_reserve(out, leaf_room(names, line));
  uint8_t *p = (uint8_t *)out->bytes;
  memcpy(p + SALT_AT, salt, SALT_BYTES);
  out->size = (size_t)(put_leaf(p, names, unit, line) - p);
  out->bytes[out->size] = 0;
}

void leaf_hash_named(struct hasher *h, struct text *scratch, const struct leaf_names *names,
                     const char *unit, const uint8_t secret[SECRET_BYTES], const struct line *line,
                     struct digest *out) {
  static const uint8_t leaf_prefix = 0; /* RFC 6962 section 2.1 */
  uint8_t salt[SALT_BYTES];
  leaf_salt(h, secret, line->entry, line->line_no, salt);
  write_leaf(scratch, names, unit, line, salt);
  hasher_begin(h);
  hasher_add(h, &leaf_prefix, 1);
  hasher_add(h, scratch->bytes, scratch->size);
  hasher_end(h, out);
}

void leaf_hash(struct hasher *h, struct text *scratch, const struct leaf_codes *codes,
               const char *unit, const uint8_t secret[SECRET_BYTES], const struct line *line,
               struct digest *out) {
  struct leaf_names names = names_of(codes, line);
  leaf_hash_named(h, scratch, &names, unit, secret, line, out);
}

/* ---- many lines ---- */

struct leaf_batch {
  size_t count;
  uint8_t salt_messages[LEAF_BATCH][SALT_MESSAGE_BYTES];
  /* where each leaf's message begins in `leaves`, and the next one will */
  size_t at[LEAF_BATCH + 1];
  struct text leaves; /* RFC 6962's prefix and the leaf, one behind another */
};

struct leaf_batch *leaf_batch_new(void) {
  return memory_zeroed(1, sizeof(struct leaf_batch));
}

void leaf_batch_free(struct leaf_batch *b) {
  if (!b) return;
  explicit_bzero(b->salt_messages, sizeof b->salt_messages);
  text_release(&b->leaves);
  free(b);
}

size_t leaf_batch_count(const struct leaf_batch *b) { return b->count; }

void leaf_batch_add(struct leaf_batch *b, const struct leaf_codes *codes, const char *unit,
                    const uint8_t secret[SECRET_BYTES], const struct line *line) {
  struct leaf_names names = names_of(codes, line);
  assert(b->count < LEAF_BATCH);
  write_salt_message(b->salt_messages[b->count], secret, line->entry, line->line_no);
  text_reserve(&b->leaves, 1 + leaf_room(&names, line));
  uint8_t *p = (uint8_t *)b->leaves.bytes + b->leaves.size;
  *p = 0; /* RFC 6962 section 2.1 */
  b->at[b->count++] = b->leaves.size;
  b->leaves.size += (size_t)(put_leaf(p + 1, &names, unit, line) - p);
}

void leaf_batch_end(struct leaf_batch *b, struct hasher *h, struct digest *out) {
  struct span messages[LEAF_BATCH];
  for (size_t i = 0; i < b->count; i++)
    messages[i] = span_make((const char *)b->salt_messages[i], SALT_MESSAGE_BYTES);
  hasher_many(h, messages, b->count, out);
  b->at[b->count] = b->leaves.size;
  for (size_t i = 0; i < b->count; i++) {
    char *message = b->leaves.bytes + b->at[i];
    memcpy(message + 1 + SALT_AT, out[i].bytes, SALT_BYTES);
    messages[i] = span_make(message, b->at[i + 1] - b->at[i]);
  }
  hasher_many(h, messages, b->count, out);
  b->count = 0;
  text_clear(&b->leaves);
}

/* ---- secrets ---- */

enum { SECRETS_AT_ONCE = 4096 };

struct secret_row {
  int64_t account;
  char unit[UNIT_SIZE];
  bool erased;
  uint8_t secret[SECRET_BYTES];
};

struct secrets {
  struct store *store;
  struct secret_row *rows;
  int count, at;
  bool ended;
};

enum status secrets_open(struct secrets **out, struct store *store, struct error *err) {
  (void)err;
  *out = memory_zeroed(1, sizeof **out);
  (*out)->store = store;
  (*out)->rows = memory_zeroed(SECRETS_AT_ONCE, sizeof *(*out)->rows);
  return DONE;
}

void secrets_close(struct secrets *s) {
  if (!s) return;
  explicit_bzero(s->rows, SECRETS_AT_ONCE * sizeof *s->rows);
  free(s->rows);
  free(s);
}

/* A short query for each block: a query left open would keep the write-ahead log from being written
 * back. */
static enum status read_block(struct secrets *s, int64_t from, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  s->count = s->at = 0;
  enum status status =
      store_query(s->store, &q,
                  "select id, unit, secret from account where id >= ?1 order by id limit 4096",
                  err);
  if (status != DONE) return status;
  query_bind_int(q, 1, from);
  while ((status = query_step(q, &row, err)) == DONE && row && s->count < SECRETS_AT_ONCE) {
    struct secret_row *r = &s->rows[s->count++];
    struct span unit = query_text(q, 1), secret = query_bytes(q, 2);
    *r = (struct secret_row){.account = query_int(q, 0), .erased = secret.size != SECRET_BYTES};
    if (unit.size > LIMIT_UNIT_BYTES) {
      status = error_set(err, FAILED,
                         "account %lld: its unit is longer than a code can be; run `weal audit`",
                         (long long)r->account);
      break;
    }
    memcpy(r->unit, unit.bytes, unit.size);
    if (!r->erased) memcpy(r->secret, secret.bytes, SECRET_BYTES);
  }
  query_end(q);
  s->ended = s->count < SECRETS_AT_ONCE;
  return status;
}

enum status secrets_find(struct secrets *s, int64_t account, const uint8_t **secret,
                         const char **unit, struct error *err) {
  if (!s->count || s->rows[s->count - 1].account < account) {
    enum status status = s->count && s->ended ? DONE : read_block(s, account, err);
    if (status != DONE) return status;
  }
  while (s->at < s->count && s->rows[s->at].account < account) s->at++;
  if (s->at == s->count || s->rows[s->at].account != account)
    return refuse(err, ACCOUNT_NOT_THERE, (long long)account);
  *secret = s->rows[s->at].erased ? NULL : s->rows[s->at].secret;
  *unit = s->rows[s->at].unit;
  return DONE;
}
