/* Making a statement's proof. */
#include "attest/proof.h"

#include "attest/closing.h"
#include "attest/line_json.h"
#include "attest/person_accounts.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/refusal.h"
#include "book/entries.h"
#include "book/leaf.h"
#include "book/line_reads.h"
#include "book/log.h"
#include "proof/canonical.h"
#include "proof/checkpoint.h"
#include "register/register.h"

/* ---- common to a statement and one line ---- */

struct prover {
  struct store *store;
  const struct pack *pack;
  const struct signer *signer;
  struct arena *arena;
  struct hasher *hasher;
  struct tile_reader *tiles; /* of the log */
  const char *note;          /* the last kept head */
  struct tree_head head;
  struct leaf_codes codes;
  struct text scratch;
};

static enum status prover_open(struct prover *p, struct error *err) {
  struct note note;
  struct checkpoint checkpoint;
  int64_t size = 0;
  p->arena = arena_new();
  p->hasher = hasher_new();
  p->tiles = arena_alloc(p->arena, sizeof *p->tiles);
  tile_reader_begin(p->tiles, p->store, TILES_OF_LOG, p->hasher);
  enum status status = log_last_head(p->store, p->arena, &size, &p->note, err);
  if (status != DONE) return status;
  if (!p->note) return refuse(err, HEAD_NONE);
  status = checkpoint_open_unverified(span_of(p->note), &note, &checkpoint, err);
  if (status != DONE) return error_while(err, "reading the last kept head");
  p->head = checkpoint.head;
  if (note_verify(&note, &p->signer->verifier, 1, NULL, NULL) != DONE)
    return refuse(err, HEAD_KEY_CHANGED, p->signer->verifier.name);
  return line_codes_open(p->store, p->arena, &p->codes, err);
}

static void prover_close(struct prover *p) {
  text_release(&p->scratch);
  hasher_free(p->hasher);
  arena_free(p->arena);
}

static void add_path(struct json *j, const char *key, const struct tree_path *path) {
  struct text t = {0};
  json_open_array(j, key);
  for (int i = 0; i < path->count; i++) {
    text_clear(&t);
    text_add_base64(&t, path->hashes[i].bytes, sizeof path->hashes[i].bytes);
    json_text(j, NULL, span_make(t.bytes, t.size));
  }
  json_close_array(j);
  text_release(&t);
}

static void add_base64(struct json *j, const char *key, const void *bytes, size_t size) {
  struct text t = {0};
  text_add_base64(&t, bytes, size);
  json_text(j, key, span_make(t.bytes, t.size));
  text_release(&t);
}

/* Adds head, vkey, record, record_index, record_path: the proof that the entry's record is in the
 * log. */
static enum status add_record(struct prover *p, struct json *j, int64_t seq, struct error *err) {
  struct log_record recorded;
  struct tree_path path;
  struct text t = {0};
  if (seq > (int64_t)p->head.size) return refuse(err, PROOF_ENTRY_SINCE_HEAD);
  text_add_verifier(&t, &p->signer->verifier);
  json_text(j, "head", span_of(p->note));
  json_text(j, "vkey", span_make(t.bytes, t.size));
  enum status status = log_read_record(p->store, seq, &t, &recorded, err);
  if (status == DONE)
    status = tree_inclusion(p->hasher, tile_source(p->tiles), (uint64_t)seq - 1, p->head.size,
                            &path, err);
  if (status == DONE) {
    add_base64(j, "record", t.bytes, t.size);
    json_int(j, "record_index", seq - 1);
    add_path(j, "record_path", &path);
  }
  text_release(&t);
  return status;
}

/* `json` is `{...,"proof":{...` without the two closing braces: with them it is the object that the
 * seal is over. */
static enum status seal(struct prover *p, struct text *json, struct error *err) {
  struct text canonical = {0};
  uint8_t signature[SIGNATURE_BYTES];
  size_t open = json->size;
  text_add(json, "}}");
  json_t *value = NULL;
  /* never seal what a reader would refuse */
  enum status status = canonical_read(span_make(json->bytes, json->size), &value, err);
  if (status == DONE) status = text_add_canonical(&canonical, value, err);
  json_decref(value);
  if (status == DONE) {
    signer_sign(p->signer, canonical.bytes, canonical.size, signature);
    json->size = open;
    text_add(json, ",\"seal\":\"");
    text_add_base64(json, signature, sizeof signature);
    text_add(json, "\"}}");
    if (json->size > CANONICAL_SIZE_MAX)
      status = refuse(err, PROOF_TOO_LONG, (int)CANONICAL_SIZE_MAX);
  }
  text_release(&canonical);
  return status;
}

/* ---- a person's lines ---- */

struct uncounted_account {
  const struct pack_category *category;
  int64_t account;
  const char *role;
  int64_t entries;
};

struct person_proof {
  struct prover *prover;
  const struct proof_request *request;
  struct closing closing;
  struct reading reading;
  struct json closings, lines, unproved;
  struct text closings_text, lines_text, unproved_text;
  struct uncounted_account *uncounted;
  int uncounted_count, uncounted_capacity;
  int64_t known_entry;
  bool known_covered; /* the last entry for which we asked */
};

/* Whether an entry was in the log when the closing was made. */
static enum status covered(struct person_proof *pp, int64_t entry, bool *out, struct error *err) {
  struct entry_record record;
  bool there = false;
  *out = pp->known_covered;
  if (entry == pp->known_entry) return DONE;
  enum status status = entry_find(pp->prover->store, NULL, entry, &record, &there, err);
  if (status == DONE && !there)
    status = error_set(err, FAILED, "entry %lld of a line is not in the journal; run `weal audit`",
                       (long long)entry);
  *out = status == DONE && record.seq <= pp->closing.log_size;
  pp->known_entry = entry;
  pp->known_covered = *out;
  return status;
}

/* Notes a category that no section shows, or an account that the statement does not sum: the
 * statement says so, so that nothing is left out silently. */
static void note_uncounted(struct person_proof *pp, const struct account *account,
                           const char *code) {
  bool summed = roles_in_statement(pp->prover->codes.codes->roles, account->role);
  const struct pack_category *category = pack_find_category(pp->prover->pack, span_of(code));
  if (summed && category && category->shown != SHOWN_NONE) return;
  for (int i = 0; i < pp->uncounted_count; i++) {
    struct uncounted_account *u = &pp->uncounted[i];
    if (summed ? u->category != category || u->account : u->account != account->id) continue;
    u->entries++;
    return;
  }
  array_reserve(pp->uncounted, pp->uncounted_capacity, pp->uncounted_count + 1);
  pp->uncounted[pp->uncounted_count++] =
      (struct uncounted_account){category, summed ? 0 : account->id, account->role, 1};
}

struct record_account {
  const struct account *account;
  uint8_t secret[SECRET_BYTES];
  struct tree_range range;
};

/* A proof is JSON, whose whole numbers end at 2^53-1: a larger line of an older program cannot be
 * proven. Undoing the line corrects the figures, but not this. */
static enum status check_amount(const struct line *line, struct error *err) {
  if (wide_shown(line->amount) && wide_shown(line->quantity)) return DONE;
  return refuse(err, PROOF_LINE_TOO_LARGE, (long long)line->entry, line->line_no);
}

static enum status add_line(struct person_proof *pp, struct record_account *a,
                            const struct line *line, struct error *err) {
  struct prover *p = pp->prover;
  struct digest leaf;
  uint8_t salt[SALT_BYTES];
  bool proved = false;
  enum status status = check_amount(line, err);
  if (status == DONE) status = covered(pp, line->entry, &proved, err);
  if (status == DONE) status = line_codes_find(p->store, p->arena, &p->codes, line, err);
  if (status != DONE) return status;
  proved = proved && line->day <= pp->closing.to;
  note_uncounted(pp, a->account, line_category(&p->codes, line));
  if (!proved) {
    line_add_json(&pp->unproved, NULL, &p->codes, a->account->unit, line, NULL);
    return DONE;
  }
  leaf_salt(p->hasher, a->secret, line->entry, line->line_no, salt);
  line_add_json(&pp->lines, NULL, &p->codes, a->account->unit, line, salt);
  leaf_hash(p->hasher, &p->scratch, &p->codes, a->account->unit, a->secret, line, &leaf);
  tree_range_append(p->hasher, &a->range, &leaf);
  return DONE;
}

static enum status read_secrets(struct prover *p, struct record_account *accounts, int count,
                                struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && i < count; i++) {
    bool there = false;
    status = book_account_secret(p->store, accounts[i].account->id, accounts[i].secret, &there,
                                 err);
    if (status == DONE && !there)
      status = error_set(err, FAILED, "account %lld has lost its secret; run `weal audit`",
                         (long long)accounts[i].account->id);
  }
  return status;
}

static enum status read_lines(struct person_proof *pp, struct record_account *accounts, int count,
                              struct error *err) {
  struct prover *p = pp->prover;
  struct line_cursor *lines = NULL;
  const struct line *line = NULL;
  int64_t *ids = arena_array(p->arena, int64_t, count);
  int at = 0;
  for (int i = 0; i < count; i++) ids[i] = accounts[i].account->id;
  enum status status = lines_open(&lines, p->store, &pp->reading, ids, (size_t)count,
                                  year_first_day(YEAR_TAX, pp->request->year),
                                  year_last_day(YEAR_TAX, pp->request->year), err);
  /* Reads all lines into memory first: PostgreSQL must have sent them before we can look up their
   * codes. */
  struct line *all = NULL;
  size_t size = 0, capacity = 0;
  while (status == DONE && (status = lines_next(lines, &line, err)) == DONE && line) {
    array_reserve(all, capacity, size + 1);
    all[size] = *line;
    line_keep_texts(p->arena, &all[size++]);
  }
  lines_close(lines);
  for (size_t i = 0; status == DONE && i < size; i++) {
    while (ids[at] != all[i].account) at++;
    status = add_line(pp, &accounts[at], &all[i], err);
  }
  free(all);
  return status;
}

/* Finds the leaf as the closing has it. Accounts opened since are not in it: they are the last ones
 * and have no line that it covers. */
static enum status find_leaf(struct person_proof *pp, struct tile_reader *tiles, const char *code,
                             const struct record_account *accounts, int count, uint64_t index,
                             struct error *err) {
  struct prover *p = pp->prover;
  struct closing_account *sums = arena_array(p->arena, struct closing_account, count);
  struct digest kept, made;
  uint8_t salt[SALT_BYTES];
  struct tree_source source = tile_source(tiles);
  enum status status = source.get(source.context, 0, index, &kept, err);
  if (status != DONE) return status;
  for (int i = 0; i < count; i++) {
    sums[i] = (struct closing_account){.account = accounts[i].account->id,
                                       .count = accounts[i].range.size};
    tree_range_root(p->hasher, &accounts[i].range, &sums[i].root);
  }
  leaf_salt(p->hasher, accounts[0].secret, pp->closing.entry, (int32_t)index, salt);
  for (int n = count; n > 0; n--) {
    closing_leaf_bytes(&p->scratch, salt, span_of(code), pp->closing.year, pp->closing.to, sums, n);
    tree_leaf(p->hasher, p->scratch.bytes, p->scratch.size, &made);
    if (digest_equal(&made, &kept)) return DONE;
    if (sums[n - 1].count) break;
  }
  return error_set(err, FAILED,
                   "somebody's lines are not those that closing %lld found; run `weal audit`",
                   (long long)pp->closing.entry);
}

static enum status add_closing(struct person_proof *pp, int64_t record, const char *code,
                               const struct record_account *accounts, int count,
                               struct error *err) {
  struct prover *p = pp->prover;
  struct tree_path path;
  uint64_t index = 0;
  struct tile_reader *tiles = arena_alloc(p->arena, sizeof *tiles);
  tile_reader_begin(tiles, p->store, pp->closing.entry, p->hasher);
  enum status status = closing_index(p->store, &pp->closing, record, &index, err);
  if (status == DONE) status = find_leaf(pp, tiles, code, accounts, count, index, err);
  if (status == DONE)
    status = tree_inclusion(p->hasher, tile_source(tiles), index, (uint64_t)pp->closing.people,
                            &path, err);
  if (status != DONE) return status;
  json_open_object(&pp->closings, NULL);
  add_base64(&pp->closings, "leaf", p->scratch.bytes, p->scratch.size);
  json_int(&pp->closings, "index", (int64_t)index);
  json_int(&pp->closings, "size", pp->closing.people);
  add_path(&pp->closings, "path", &path);
  json_close_object(&pp->closings);
  return DONE;
}

static enum status add_person_record(struct person_proof *pp, int64_t record, const char *code,
                                     struct error *err) {
  struct prover *p = pp->prover;
  struct account *all = NULL;
  int count = 0;
  enum status status = book_accounts_of(p->store, p->arena, OWNER_PERSON, &record, 1, &all, &count,
                                        err);
  if (status == DONE && !count)
    status = error_set(err, FAILED, "a person has no account; run `weal audit`");
  if (status != DONE) return status;
  struct record_account *accounts = arena_array(p->arena, struct record_account, count);
  for (int i = 0; i < count; i++) accounts[i].account = &all[i];
  status = read_secrets(p, accounts, count, err);
  if (status == DONE) status = read_lines(pp, accounts, count, err);
  if (status == DONE) status = add_closing(pp, record, code, accounts, count, err);
  for (int i = 0; i < count; i++) explicit_bzero(accounts[i].secret, SECRET_BYTES);
  return status;
}

static enum status add_records(struct person_proof *pp, struct error *err) {
  struct prover *p = pp->prover;
  struct person *person = NULL, merged;
  enum status status = person_accounts_owner(p->store, p->arena, pp->request->person, &person, err);
  if (status == DONE) status = add_person_record(pp, person->id, person->code, err);
  for (int i = 0; status == DONE && i < person->merged_count; i++) {
    merged = (struct person){0};
    status = register_person(p->store, p->arena, person->merged[i], &merged, err);
    if (status == DONE) status = add_person_record(pp, merged.id, merged.code, err);
  }
  return status;
}

/* ---- the object ---- */

static void add_uncounted(const struct person_proof *pp, struct text *json) {
  struct json j;
  if (!pp->uncounted_count) return;
  text_add(json, ",\"not_counted\":");
  json_begin(&j, json);
  json_open_array(&j, NULL);
  for (int i = 0; i < pp->uncounted_count; i++) {
    const struct uncounted_account *u = &pp->uncounted[i];
    json_open_object(&j, NULL);
    if (u->account) {
      json_int(&j, "account", u->account);
      json_text(&j, "role", span_of(u->role));
    } else {
      json_text(&j, "category", span_of(u->category ? u->category->code : ""));
      json_text(&j, "name", span_of(u->category ? u->category->name[ENGLISH] : ""));
    }
    json_int(&j, "entries", u->entries);
    json_close_object(&j);
  }
  json_close_array(&j);
}

static void begin_list(struct json *j, struct text *text) {
  json_begin(j, text);
  json_open_array(j, NULL);
}

static void add_list(struct text *json, const char *key, struct json *j) {
  json_close_array(j);
  text_addf(json, ",\"%s\":", key);
  text_add_bytes(json, j->out->bytes, j->out->size);
  text_release(j->out);
}

static enum status find_closing(struct person_proof *pp, struct error *err) {
  struct prover *p = pp->prover;
  char year[8];
  struct closing later;
  enum status status = closing_latest(p->store, pp->request->year, (int64_t)p->head.size,
                                      &pp->closing, err);
  if (status != DONE || pp->closing.entry) return status;
  status = closing_latest(p->store, pp->request->year, INT64_MAX, &later, err);
  if (status != DONE) return status;
  year_write(pp->request->year, year);
  if (later.entry) return refuse(err, PROOF_YEAR_SINCE_HEAD, year);
  return refuse(err, PROOF_YEAR_NOT_CLOSED, year, year);
}

static enum status add_proof(struct person_proof *pp, struct text *json, struct error *err) {
  struct prover *p = pp->prover;
  struct json j;
  enum status status = find_closing(pp, err);
  if (status == DONE) status = book_reading(p->store, p->arena, &pp->reading, err);
  if (status == DONE) status = add_records(pp, err);
  if (status != DONE) return status;
  json->size--; /* the closing brace */
  add_uncounted(pp, json);
  text_add(json, ",\"proof\":");
  json_begin(&j, json);
  json_open_object(&j, NULL);
  status = add_record(p, &j, pp->closing.seq, err);
  if (status != DONE) return status;
  add_list(json, "closings", &pp->closings);
  add_list(json, "lines", &pp->lines);
  add_list(json, "unproved", &pp->unproved);
  if (pp->request->pdf) {
    text_add(json, ",\"pdf\":\"");
    text_add_hex(json, pp->request->pdf->bytes, sizeof pp->request->pdf->bytes);
    text_add_char(json, '"');
  }
  return seal(p, json, err);
}

enum status proof_add(struct store *store, const struct pack *pack,
                      const struct proof_request *request, struct text *json, struct error *err) {
  struct prover p = {.store = store, .pack = pack, .signer = request->signer};
  struct person_proof pp = {.prover = &p, .request = request};
  begin_list(&pp.closings, &pp.closings_text);
  begin_list(&pp.lines, &pp.lines_text);
  begin_list(&pp.unproved, &pp.unproved_text);
  enum status status = prover_open(&p, err);
  if (status == DONE) status = add_proof(&pp, json, err);
  text_release(&pp.closings_text);
  text_release(&pp.lines_text);
  text_release(&pp.unproved_text);
  free(pp.uncounted);
  prover_close(&p);
  return status;
}

/* ---- one line ---- */

struct line_proof {
  struct prover *prover;
  struct secrets *secrets;
  int64_t entry;
  int32_t line_no;
  struct digest *leaves;
  int64_t count, capacity;
  struct erased_hash *erased; /* in the arena of the prover */
  int erased_count, erased_at;
  struct json *json;
  int64_t account; /* whose line it is; 0: not found */
};

static void fill_erased(struct line_proof *lp, int64_t before_n) {
  while (lp->erased_at < lp->erased_count && lp->erased[lp->erased_at].line_no < before_n) {
    array_reserve(lp->leaves, lp->capacity, lp->count + 1);
    lp->leaves[lp->count++] = lp->erased[lp->erased_at++].hash;
  }
}

static enum status hash_one(struct line_proof *lp, const struct line *line, int64_t lines,
                            struct error *err) {
  struct prover *p = lp->prover;
  const uint8_t *secret = NULL;
  const char *unit = NULL;
  if (line->line_no > lines) return DONE; /* a sum of erased lines: outside the root */
  enum status status = secrets_find(lp->secrets, line->account, &secret, &unit, err);
  if (status == DONE) status = line_codes_find(p->store, p->arena, &p->codes, line, err);
  if (status == DONE && !secret)
    status = error_set(err, FAILED, "account %lld has lost its secret; run `weal audit`",
                       (long long)line->account);
  if (status != DONE) return status;
  fill_erased(lp, line->line_no);
  array_reserve(lp->leaves, lp->capacity, lp->count + 1);
  leaf_hash(p->hasher, &p->scratch, &p->codes, unit, secret, line, &lp->leaves[lp->count++]);
  if (line->line_no != lp->line_no) return DONE;
  if ((status = check_amount(line, err)) != DONE) return status;
  uint8_t salt[SALT_BYTES];
  leaf_salt(p->hasher, secret, line->entry, line->line_no, salt);
  line_add_json(lp->json, "line", &p->codes, unit, line, salt);
  lp->account = line->account;
  return DONE;
}

/* Hashes the entry's lines in order of line number. */
static enum status hash_entry(struct line_proof *lp, const struct log_record *recorded,
                              struct error *err) {
  struct query *q = NULL;
  bool row = false;
  struct line line;
  enum status status = entry_lines_open(lp->prover->store, lp->entry, &q, err);
  while (status == DONE && (status = query_step(q, &row, err)) == DONE && row) {
    line_read(q, &line);
    if ((status = hash_one(lp, &line, recorded->lines, err)) != DONE) break;
  }
  query_end(q);
  if (status != DONE) return status;
  fill_erased(lp, INT64_MAX);
  if (lp->count != recorded->lines)
    return error_set(err, FAILED,
                     "entry %lld has not the lines that its record counts; run `weal audit`",
                     (long long)lp->entry);
  return DONE;
}

static enum status entry_seq(struct store *store, int64_t entry, int64_t *seq, bool *closing,
                             struct error *err) {
  struct arena *arena = arena_new();
  struct entry_record record;
  bool there = false;
  enum status status = entry_find(store, arena, entry, &record, &there, err);
  if (status == DONE && !there) status = refuse(err, ENTRY_UNKNOWN, (long long)entry);
  if (status == DONE) {
    *seq = record.seq;
    *closing = strcmp(record.kind, "closing") == 0;
  }
  arena_free(arena);
  return status;
}

/* Checks that the account is one of the person's: a proof must not give a line of somebody else
 * under their name. */
static enum status check_owner(struct prover *p, int64_t account, int64_t person,
                               struct error *err) {
  struct person found;
  struct account row;
  enum status status = book_account(p->store, account, &row, err);
  if (status == DONE) status = register_surviving_person(p->store, p->arena, person, &found, err);
  if (status != DONE) return status;
  bool theirs = row.owner_kind == OWNER_PERSON && row.owner == found.id;
  for (int i = 0; i < found.merged_count && !theirs; i++)
    theirs = row.owner_kind == OWNER_PERSON && row.owner == found.merged[i];
  return theirs ? DONE : refuse(err, PROOF_LINE_OF_ANOTHER, found.code);
}

static enum status prove_line(struct line_proof *lp, int64_t person, struct text *out,
                              struct error *err) {
  struct prover *p = lp->prover;
  struct log_record recorded;
  struct digest root;
  struct tree_path path;
  int64_t seq = 0;
  bool closing = false;
  enum status status = entry_seq(p->store, lp->entry, &seq, &closing, err);
  if (status == DONE && closing) status = refuse(err, PROOF_ENTRY_IS_CLOSING, (long long)lp->entry);
  if (status == DONE) status = log_read_record(p->store, seq, &p->scratch, &recorded, err);
  if (status == DONE && (lp->line_no < 1 || lp->line_no > recorded.lines))
    status = refuse(err, PROOF_ENTRY_LINES, (long long)lp->entry, (long long)recorded.lines);
  if (status == DONE && recorded.lines > LIMIT_LINE_PROOF_LINES)
    status = refuse(err, PROOF_ENTRY_TOO_LARGE, (long long)lp->entry, (long long)recorded.lines,
                    (int)LIMIT_LINE_PROOF_LINES);
  if (status == DONE)
    status = erased_hashes(lp->prover->store, lp->prover->arena, lp->entry, &lp->erased,
                           &lp->erased_count, err);
  if (status == DONE) status = hash_entry(lp, &recorded, err);
  if (status == DONE && !lp->account)
    status = refuse(err, PROOF_LINE_ERASED, (long long)lp->entry, (int)lp->line_no);
  if (status == DONE) status = check_owner(p, lp->account, person, err);
  if (status != DONE) return status;
  tree_root_of_leaves(p->hasher, lp->leaves, (uint64_t)lp->count, &root);
  if (!digest_equal(&root, &recorded.root))
    return error_set(err, FAILED, "the lines of entry %lld do not make its root; run `weal audit`",
                     (long long)lp->entry);
  struct tree_leaves leaves = {p->hasher, lp->leaves, (uint64_t)lp->count};
  status = tree_inclusion(p->hasher, tree_source_of_leaves(&leaves), (uint64_t)lp->line_no - 1,
                          (uint64_t)lp->count, &path, err);
  if (status != DONE) return status;
  json_open_object(lp->json, "proof");
  status = add_record(p, lp->json, seq, err);
  if (status != DONE) return status;
  add_path(lp->json, "path", &path);
  return seal(p, out, err);
}

enum status proof_of_line(struct store *store, int64_t entry, int32_t line_no, int64_t person,
                          const struct signer *signer, struct text *out, struct error *err) {
  struct prover p = {.store = store, .signer = signer};
  struct json j;
  struct line_proof lp = {.prover = &p, .entry = entry, .line_no = line_no, .json = &j};
  json_begin(&j, out);
  json_open_object(&j, NULL);
  enum status status = prover_open(&p, err);
  if (status == DONE) status = secrets_open(&lp.secrets, store, err);
  if (status == DONE) status = prove_line(&lp, person, out, err);
  secrets_close(lp.secrets);
  free(lp.leaves);
  prover_close(&p);
  return status;
}
