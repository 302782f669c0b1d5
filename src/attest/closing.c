#include "attest/closing.h"

#include "base/refusal.h"
#include "book/bulk.h"
#include "book/line_reads.h"
#include "book/scan.h"
#include "register/names.h"
#include "store/head.h"

#include <assert.h>
#include <stdarg.h>

enum { CHUNK_PEOPLE = 256 };

struct closer {
  int64_t id;
  const char *code;
  int first_account, account_count;
};

struct closing_run {
  struct store *store;
  const struct closing_options *options;
  struct arena *arena;
  struct reading reading;
  struct leaf_codes codes;
  /* erased people too: they keep their places, so that everybody's index is a count of records */
  struct closer *people;
  int people_count;
  int persons;
  struct account *accounts;
  int account_count;     /* in order of owner, id */
  struct digest *leaves; /* by person */
  int64_t entry, log_size, lines;
  day_t from, to;
  /* For a check: the kept leaves, and for each person whether the lines give the same; null when a
   * closing is made. */
  const struct digest *kept;
  bool *differs;
  bool *seen; /* people whom an audit has checked already; null: none */
};

/* ---- bytes ---- */

static void add_u16(struct text *t, unsigned v) {
  text_add_char(t, (char)(v >> 8));
  text_add_char(t, (char)v);
}

static void add_u32(struct text *t, uint32_t v) {
  add_u16(t, v >> 16);
  add_u16(t, v & 0xffff);
}

static void add_u64(struct text *t, uint64_t v) {
  add_u32(t, (uint32_t)(v >> 32));
  add_u32(t, (uint32_t)v);
}

static void add_text(struct text *t, struct span s) {
  add_u16(t, (unsigned)s.size);
  text_add_span(t, s);
}

void closing_leaf_bytes(struct text *out, const uint8_t salt[SALT_BYTES], struct span person,
                        int year, day_t to, const struct closing_account *accounts, int count) {
  char words[8];
  text_clear(out);
  text_add_char(out, 2);
  text_add_bytes(out, (const char *)salt, SALT_BYTES);
  add_text(out, person);
  add_text(out, span_of(year_write(year, words)));
  add_u32(out, (uint32_t)to);
  add_u16(out, (unsigned)count);
  for (int i = 0; i < count; i++) {
    add_u64(out, (uint64_t)accounts[i].account);
    add_u64(out, accounts[i].count);
    text_add_bytes(out, (const char *)accounts[i].root.bytes, sizeof accounts[i].root.bytes);
  }
}

/* ---- a chunk of people ---- */

/* `unit` is a copy: workers share no arena. */
struct block_account {
  int64_t id;
  char unit[UNIT_SIZE];
  uint8_t secret[SECRET_BYTES];
  struct tree_range range;
};

struct closing_worker {
  struct closing_run *run;
  struct store *store;
  struct hasher *hasher;
  struct text scratch;
  struct leaf_batch *batch;
  struct block_account *batch_account[LEAF_BATCH]; /* whose lines they are */
  struct block_account *accounts;
  int count, capacity;
  int64_t *ids;
  int id_capacity;
  struct closing_account *sums;
  int sum_capacity;
  int64_t lines;
};

static int compare_block_accounts(const void *a, const void *b) {
  int64_t x = ((const struct block_account *)a)->id, y = ((const struct block_account *)b)->id;
  return (x > y) - (x < y);
}

static struct block_account *block_account(struct closing_worker *l, int64_t id) {
  struct block_account key = {.id = id};
  return array_find(&key, l->accounts, l->count, compare_block_accounts);
}

static enum status read_secrets(struct closing_worker *l, struct error *err) {
  struct secrets *secrets = NULL;
  enum status status = secrets_open(&secrets, l->store, err);
  for (int i = 0; status == DONE && i < l->count; i++) {
    const uint8_t *secret = NULL;
    const char *unit = NULL;
    status = secrets_find(secrets, l->accounts[i].id, &secret, &unit, err);
    /* it will be found as a leaf that differs */
    if (l->run->kept && (status == REFUSED || (status == DONE && !secret))) {
      memset(l->accounts[i].secret, 0, SECRET_BYTES);
      l->accounts[i].unit[0] = 0;
      status = DONE;
      continue;
    }
    if (status == DONE && !secret)
      status = error_set(err, FAILED, "account %lld has lost its secret; run `weal audit`",
                         (long long)l->accounts[i].id);
    if (status != DONE) break;
    memcpy(l->accounts[i].secret, secret, SECRET_BYTES);
    size_t size = strlen(unit) + 1;
    assert(size <= sizeof l->accounts[i].unit);
    memcpy(l->accounts[i].unit, unit, size);
  }
  secrets_close(secrets);
  return status;
}

/* Hashes the lines' leaves together and appends each to the range of its account. */
static void end_batch(struct closing_worker *l) {
  struct digest hashes[LEAF_BATCH];
  size_t count = leaf_batch_count(l->batch);
  leaf_batch_end(l->batch, l->hasher, hashes);
  for (size_t i = 0; i < count; i++)
    tree_range_append(l->hasher, &l->batch_account[i]->range, &hashes[i]);
}

static enum status hash_lines(struct closing_worker *l, struct error *err) {
  struct closing_run *run = l->run;
  struct line_cursor *lines = NULL;
  const struct line *line = NULL;
  struct block_account *account = NULL;
  array_reserve(l->ids, l->id_capacity, l->count);
  for (int i = 0; i < l->count; i++) l->ids[i] = l->accounts[i].id;
  enum status status = lines_open(&lines, l->store, &run->reading, l->ids, (size_t)l->count,
                                  run->from, run->to, err);
  while (status == DONE && (status = lines_next(lines, &line, err)) == DONE && line) {
    if (!account || account->id != line->account) account = block_account(l, line->account);
    l->batch_account[leaf_batch_count(l->batch)] = account;
    leaf_batch_add(l->batch, &run->codes, account->unit, account->secret, line);
    if (leaf_batch_count(l->batch) == LEAF_BATCH) end_batch(l);
    l->lines++;
  }
  end_batch(l);
  lines_close(lines);
  return status;
}

static void hash_person(struct closing_worker *l, int at) {
  struct closing_run *run = l->run;
  const struct closer *person = &run->people[at];
  struct digest made;
  uint8_t salt[SALT_BYTES];
  /* erased: an empty leaf. The leaf of a person erased after the closing cannot be made again, and
   * no check needs it */
  if (!person->account_count) {
    static const uint8_t no_salt[SALT_BYTES];
    closing_leaf_bytes(&l->scratch, no_salt, span_of(""), run->options->year, run->to, NULL, 0);
    tree_leaf(l->hasher, l->scratch.bytes, l->scratch.size, &made);
    if (run->leaves) run->leaves[at] = made;
    return;
  }
  array_reserve(l->sums, l->sum_capacity, person->account_count);
  for (int i = 0; i < person->account_count; i++) {
    struct block_account *account = block_account(l, run->accounts[person->first_account + i].id);
    l->sums[i] = (struct closing_account){.account = account->id, .count = account->range.size};
    tree_range_root(l->hasher, &account->range, &l->sums[i].root);
  }
  leaf_salt(l->hasher, block_account(l, l->sums[0].account)->secret, run->entry, at, salt);
  /* A check also tries fewer accounts: those opened after the closing have the highest numbers and
   * are not in its leaf. */
  for (int count = person->account_count; count > 0; count--) {
    closing_leaf_bytes(&l->scratch, salt, span_of(person->code), run->options->year, run->to,
                       l->sums, count);
    tree_leaf(l->hasher, l->scratch.bytes, l->scratch.size, &made);
    if (run->leaves) run->leaves[at] = made;
    if (!run->kept || digest_equal(&made, &run->kept[at])) return;
  }
  run->differs[at] = true;
}

static void want_accounts(struct closing_worker *l, int person) {
  const struct closing_run *run = l->run;
  for (int i = 0; i < run->people[person].account_count; i++) {
    array_reserve(l->accounts, l->capacity, l->count + 1);
    struct block_account *a = &l->accounts[l->count++];
    a->id = run->accounts[run->people[person].first_account + i].id;
    a->range.size = 0;
  }
}

static enum status close_chunk(void *worker, struct scan_chunk *chunk, struct error *err) {
  struct closing_worker *l = worker;
  struct closing_run *run = l->run;
  l->count = 0;
  for (int p = (int)chunk->first; p < chunk->end; p++)
    if (!run->seen || !run->seen[p]) want_accounts(l, p);
  array_sort(l->accounts, l->count, compare_block_accounts);
  enum status status = read_secrets(l, err);
  if (status == DONE) status = hash_lines(l, err);
  for (int p = (int)chunk->first; status == DONE && p < chunk->end; p++)
    if (!run->seen || !run->seen[p]) hash_person(l, p);
  return status;
}

static void release_worker(struct closing_worker *l) {
  hasher_free(l->hasher);
  text_release(&l->scratch);
  leaf_batch_free(l->batch);
  if (l->accounts) explicit_bzero(l->accounts, sizeof *l->accounts * (size_t)l->capacity);
  free(l->accounts);
  free(l->ids);
  free(l->sums);
}

static void *begin_worker(void *context, struct store *store) {
  struct closing_worker *l = memory_zeroed(1, sizeof *l);
  *l = (struct closing_worker){
      .run = context, .store = store, .hasher = hasher_new(), .batch = leaf_batch_new()};
  return l;
}

static void end_worker(void *context, void *worker) {
  struct closing_run *run = context;
  struct closing_worker *l = worker;
  run->lines += l->lines;
  release_worker(l);
  free(l);
}

/* `what` and `mode` are for the progress; `watch` is told of it too. */
static enum status scan_people(struct closing_run *run, const char *what, enum progress_mode mode,
                               const struct progress_watch *watch, struct error *err) {
  static const struct scan_reader reader = {begin_worker, close_chunk, NULL, end_worker};
  const struct scan scan = {.store = run->store,
                            .reader = &reader,
                            .context = run,
                            .items = run->people_count,
                            .chunk_items = CHUNK_PEOPLE,
                            .what = what,
                            .total = (uint64_t)run->people_count,
                            .progress = mode,
                            .watch = watch};
  return scan_run(&scan, err);
}

/* ---- begin ---- */

static enum status load_people(struct closing_run *run, struct error *err) {
  struct register_record *records = NULL;
  int count = 0;
  enum status status = register_records_ever(run->store, run->arena, &records, &count, err);
  if (status != DONE) return status;
  run->people = arena_array(run->arena, struct closer, count + 1);
  for (int i = 0; i < count; i++) {
    run->persons += records[i].person;
    run->people[run->people_count++] = (struct closer){.id = records[i].id,
                                                       .code = records[i].code};
  }
  if (status == DONE)
    status = book_accounts_all(run->store, run->arena, OWNER_PERSON, &run->accounts,
                               &run->account_count, err);
  if (status != DONE) return status;
  if (!run->persons) return refuse(err, CLOSING_NOBODY);
  for (int p = 0, a = 0; p < run->people_count; p++) {
    while (a < run->account_count && run->accounts[a].owner < run->people[p].id) a++;
    run->people[p].first_account = a;
    while (a < run->account_count && run->accounts[a].owner == run->people[p].id) a++;
    run->people[p].account_count = a - run->people[p].first_account;
    if (!run->people[p].account_count && *run->people[p].code)
      return error_set(err, FAILED, "a person has no account; run `weal audit`");
  }
  return DONE;
}

/* In one snapshot: the closing covers what was logged when the reading was taken. */
static enum status load(struct closing_run *run, struct error *err) {
  enum status status = book_reading(run->store, run->arena, &run->reading, err);
  struct head head = {0};
  if (status == DONE) status = head_read(run->store, &head, err);
  run->log_size = head.logged;
  if (status == DONE) status = leaf_codes_load(run->store, run->arena, &run->codes, err);
  if (status == DONE) status = load_people(run, err);
  return status;
}

static enum status take_entry(struct closing_run *run, struct error *err) {
  enum status status = store_begin(run->store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = closing_begin(run->store, &run->entry, err);
  if (status == DONE) status = store_commit(run->store, err);
  if (status != DONE) store_rollback(run->store);
  return status;
}

/* ---- finish ---- */

static enum status finish_within(struct closing_run *run, struct closing_result *result,
                                 struct error *err) {
  struct tile_builder *b = NULL;
  struct digest root;
  uint64_t size = 0;
  struct closing closing = {.entry = run->entry,
                            .people = run->people_count,
                            .log_size = run->log_size,
                            .year = run->options->year,
                            .to = run->to};
  enum status status = closing_place(run->store, run->entry, &closing.seq, err);
  if (status == DONE) status = tile_builder_open(&b, run->store, run->entry, err);
  for (int p = 0; status == DONE && p < run->people_count; p++)
    status = tile_builder_add(b, &run->leaves[p], run->people[p].id, err);
  if (status != DONE) {
    tile_builder_free(b);
    return status;
  }
  status = tile_builder_end(b, &size, &root, err);
  if (status == DONE) status = closing_insert(run->store, &closing, &root, err);
  if (status == DONE) status = store_commit(run->store, err);
  *result = (struct closing_result){.entry = run->entry,
                                    .seq = closing.seq,
                                    .people = run->persons,
                                    .lines = run->lines,
                                    .log_size = run->log_size};
  return status;
}

static enum status finish(struct closing_run *run, struct closing_result *result,
                          struct error *err) {
  enum status status = store_begin(run->store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = finish_within(run, result, err);
  if (status != DONE) store_rollback(run->store);
  return status;
}

/* ---- the whole ---- */

static enum status close_year(struct closing_run *run, struct closing_result *result,
                              struct error *err) {
  enum status status = store_begin(run->store, STORE_READ, err);
  if (status == DONE) status = load(run, err);
  store_rollback(run->store);
  if (status == DONE) status = take_entry(run, err);
  if (status != DONE) return status;
  run->leaves = memory_alloc(sizeof *run->leaves * (size_t)run->people_count);
  status = scan_people(run, "closing", run->options->progress, run->options->watch, err);
  if (status == DONE) status = finish(run, result, err);
  free(run->leaves);
  return status;
}

enum status closing_post(struct store *store, const struct closing_options *options,
                         struct closing_result *result, struct error *err) {
  struct closing_run run = {.store = store,
                            .options = options,
                            .from = year_first_day(YEAR_TAX, options->year),
                            .to = options->to};
  bool held = false;
  struct error ignored = {0};
  if (run.to == DAY_NONE) run.to = year_last_day(YEAR_TAX, options->year);
  if (run.to < run.from || run.to > year_last_day(YEAR_TAX, options->year)) {
    char from[11], to[11];
    return refuse(err, CLOSING_DAY_OUTSIDE, day_write(run.from, from),
                  day_write(year_last_day(YEAR_TAX, options->year), to));
  }
  /* under this lock, pending numbers belong to no running import */
  enum status status = store_lock(store, BULK_LOCK, true, &held, err);
  if (status != DONE) return status;
  run.arena = arena_new();
  status = bulk_sweep(store, err);
  if (status == DONE) status = close_year(&run, result, err);
  if (status != DONE && bulk_sweep(store, &ignored) != DONE) store_rollback(store);
  store_unlock(store, BULK_LOCK);
  arena_free(run.arena);
  return status;
}

/* ---- checking ---- */

/* A closing that is checked with the leaves that an audit reads. Only a few at a time, since each
 * keeps 32 bytes for every person meanwhile; the others are read separately. */
enum { FOLDED_MAX = 4 };
struct folded {
  struct closing_run run;
  struct closing_options options;
};

struct closing_checks {
  struct store *store;
  const struct closing_check_options *options;
  struct closing_check_result *result;
  struct arena *arena;
  struct leaf_codes codes;
  /* of every record, erased ones too: a closing has the first ones of these */
  struct closer *people;
  int people_count;
  struct account *accounts;
  int account_count;
  struct closing *closings;
  int closing_count;
  /* the findings, each terminated: reported after the audit's own */
  struct text sentences;
  bool silent; /* it is checked again, and reported then */
  struct folded folded[FOLDED_MAX];
  int folded_count;
  /* people whose accounts are all in one chunk of the audit */
  int *by_chunk, *chunk_begin;
  int64_t chunks;
};

static void find(struct closing_checks *c, const char *format, ...) PRINTF(2, 3);
static void find(struct closing_checks *c, const char *format, ...) {
  enum { FINDINGS_SHOWN = 100 };
  char sentence[512];
  va_list args;
  if (c->silent || ++c->result->findings > FINDINGS_SHOWN) return;
  va_start(args, format);
  vsnprintf(sentence, sizeof sentence, format, args);
  va_end(args);
  text_add_bytes(&c->sentences, sentence, strlen(sentence) + 1);
}

static void report_all(struct closing_checks *c) {
  for (size_t at = 0; at < c->sentences.size; at += strlen(c->sentences.bytes + at) + 1)
    if (c->options->finding) c->options->finding(c->options->context, c->sentences.bytes + at);
}

static enum status load_records(struct closing_checks *c, struct error *err) {
  struct register_record *records = NULL;
  int count = 0;
  enum status status = register_records_ever(c->store, c->arena, &records, &count, err);
  if (status != DONE) return status;
  c->people = arena_array(c->arena, struct closer, count + 1);
  for (int i = 0; i < count; i++)
    c->people[c->people_count++] = (struct closer){.id = records[i].id, .code = records[i].code};
  if (status == DONE)
    status = book_accounts_all(c->store, c->arena, OWNER_PERSON, &c->accounts, &c->account_count,
                               err);
  for (int p = 0, a = 0; status == DONE && p < c->people_count; p++) {
    while (a < c->account_count && c->accounts[a].owner < c->people[p].id) a++;
    c->people[p].first_account = a;
    while (a < c->account_count && c->accounts[a].owner == c->people[p].id) a++;
    c->people[p].account_count = a - c->people[p].first_account;
  }
  return status;
}

/* The latest of each year comes first. */
static enum status load_closings(struct closing_checks *c, struct error *err) {
  struct closing_kept *kept = NULL;
  int64_t in_journal = 0;
  int count = 0;
  enum status status = entries_of_kind(c->store, "closing", &in_journal, err);
  if (status == DONE) status = closings_all(c->store, c->arena, &kept, &count, err);
  if (status != DONE) return status;
  c->result->closings = count;
  if (in_journal != count)
    find(c, "the journal has %lld closings; %d are kept", (long long)in_journal, count);
  c->closings = arena_array(c->arena, struct closing, count + 1);
  for (int i = 0; i < count; i++) {
    const struct closing *one = &kept[i].closing;
    if (!kept[i].in_journal)
      find(c, "closing %lld: the journal does not know it", (long long)one->entry);
    else if (kept[i].entry_lines != one->people || one->people < 1 || one->people > c->people_count)
      find(c, "closing %lld: it is of %lld people, its entry says %lld, and %d are registered",
           (long long)one->entry, (long long)one->people, (long long)kept[i].entry_lines,
           c->people_count);
    else c->closings[c->closing_count++] = *one;
  }
  return DONE;
}

/* Reads the leaves from the closing's tiles; *sound when they, the tiles above and the entry's root
 * agree. */
static enum status read_tree(struct closing_checks *c, const struct closing *closing,
                             struct digest *leaves, bool *sound, struct error *err) {
  struct hasher *hasher = hasher_new();
  struct tile_reader *reader = memory_zeroed(1, sizeof *reader);
  struct tile_checker *checker = NULL;
  struct entry_record entry = {0};
  bool there = false;
  int level = -1;
  int64_t at = 0, tile = -1;
  struct digest root;
  enum status status = DONE;
  tile_reader_begin(reader, c->store, closing->entry, hasher);
  *sound = false;
  while (status == DONE && at < closing->people) {
    const struct digest *hashes = NULL;
    int count = 0;
    struct error damaged = {0};
    if (tile_read(reader, 0, at / TILE_HASHES, &hashes, &count, &damaged) != DONE || !count) break;
    if (count > closing->people - at) count = (int)(closing->people - at);
    memcpy(leaves + at, hashes, sizeof *leaves * (size_t)count);
    at += count;
    if (count < TILE_HASHES) break;
  }
  if (at == closing->people) {
    tile_checker_open(&checker, c->store, closing->entry);
    for (int64_t p = 0; status == DONE && p < at; p++)
      status = tile_checker_add(checker, &leaves[p], c->people[p].id, err);
    struct error ignored = {0};
    enum status ended = tile_checker_end(checker, &level, &tile, status == DONE ? err : &ignored);
    if (status == DONE) status = ended;
    tree_root_of_leaves(hasher, leaves, (uint64_t)at, &root);
    if (status == DONE) status = entry_find(c->store, NULL, closing->entry, &entry, &there, err);
    *sound = status == DONE && level < 0 && entry.has_root && digest_equal(&entry.root, &root);
  }
  if (status == DONE && !*sound)
    find(c, "closing %lld: its tiles do not make the root that stands in the journal",
         (long long)closing->entry);
  free(reader);
  hasher_free(hasher);
  return status;
}

/* Makes a reading of what the closing could see: entries of the log up to its size. */
static enum status reading_of(struct closing_checks *c, const struct closing *closing,
                              struct reading *reading, bool *erased, struct error *err) {
  enum status status = entries_reading_at(c->store, c->arena, closing->log_size, reading, err);
  *erased = false;
  return status == DONE ? erased_between(c->store, year_first_day(YEAR_TAX, closing->year),
                                         closing->to, erased, err)
                        : status;
}

/* ---- in the same reading as an audit ---- */

/* Puts each person into the chunk that has all their accounts; people with accounts in two chunks
 * are read separately afterwards. */
static void sort_by_chunk(struct closing_checks *c) {
  int64_t highest = 0;
  for (int i = 0; i < c->account_count; i++)
    if (c->accounts[i].id > highest) highest = c->accounts[i].id;
  c->chunks = highest / AUDIT_CHUNK_ACCOUNTS + 1;
  c->by_chunk = arena_array(c->arena, int, c->people_count + 1);
  c->chunk_begin = arena_array(c->arena, int, c->chunks + 2);
  for (int pass = 0; pass < 2; pass++) { /* counted, then placed */
    for (int p = 0; p < c->people_count; p++) {
      const struct closer *person = &c->people[p];
      if (!person->account_count) continue;
      const struct account *accounts = &c->accounts[person->first_account]; /* in order of id */
      int64_t chunk = accounts[0].id / AUDIT_CHUNK_ACCOUNTS;
      if (accounts[0].id < 0 ||
          accounts[person->account_count - 1].id / AUDIT_CHUNK_ACCOUNTS != chunk)
        continue;
      if (pass) c->by_chunk[c->chunk_begin[chunk]++] = p;
      else c->chunk_begin[chunk + 1]++;
    }
    for (int64_t i = 0; !pass && i < c->chunks; i++) c->chunk_begin[i + 1] += c->chunk_begin[i];
  }
  /* placing moved each index to its end */
  for (int64_t i = c->chunks; i > 0; i--) c->chunk_begin[i] = c->chunk_begin[i - 1];
  c->chunk_begin[0] = 0;
}

/* Checks the people of one chunk against one closing. */
static void fold_one(struct folded *folded, struct closing_worker *l, const int *people, int count,
                     const struct audit_chunk *chunk) {
  struct closing_run *run = &folded->run;
  struct block_account *account = NULL;
  l->run = run;
  l->count = 0;
  /* registered after the closing */
  while (count && people[count - 1] >= run->people_count) count--;
  for (int i = 0; i < count; i++) want_accounts(l, people[i]);
  if (!count) return;
  array_sort(l->accounts, l->count, compare_block_accounts);
  for (int i = 0; i < l->count; i++)
    memcpy(l->accounts[i].secret, chunk->accounts[l->accounts[i].id - chunk->first].secret,
           SECRET_BYTES);
  for (size_t i = 0; i < chunk->leaf_count; i++) {
    const struct audit_leaf *leaf = &chunk->leaves[i];
    if (leaf->day < run->from || leaf->day > run->to || !reading_sees(&run->reading, leaf->entry))
      continue;
    if (!account || account->id != leaf->account) account = block_account(l, leaf->account);
    if (account) tree_range_append(l->hasher, &account->range, &leaf->hash);
  }
  for (int i = 0; i < count; i++) {
    hash_person(l, people[i]);
    run->seen[people[i]] = true;
  }
}

static void fold_chunk(void *context, const struct audit_chunk *chunk) {
  struct closing_checks *c = context;
  int64_t number = chunk->first / AUDIT_CHUNK_ACCOUNTS;
  if (number >= c->chunks) return;
  struct closing_worker l = {.hasher = hasher_new()};
  int first = c->chunk_begin[number], count = c->chunk_begin[number + 1] - first;
  for (int i = 0; i < c->folded_count; i++)
    fold_one(&c->folded[i], &l, c->by_chunk + first, count, chunk);
  release_worker(&l);
}

static bool is_latest(const struct closing_checks *c, int i) {
  return i == 0 || c->closings[i - 1].year != c->closings[i].year;
}

/* `leaves` becomes the run's. *skip: lines of the year were erased since, so no leaf can be checked
 * against the remaining lines. */
static enum status begin_run(struct closing_checks *c, struct folded *f,
                             const struct closing *closing, bool *skip, struct error *err) {
  f->options = (struct closing_options){.year = closing->year, .to = closing->to};
  f->run = (struct closing_run){.store = c->store,
                                .options = &f->options,
                                .arena = c->arena,
                                .codes = c->codes,
                                .people = c->people,
                                .people_count = (int)closing->people,
                                .accounts = c->accounts,
                                .account_count = c->account_count,
                                .entry = closing->entry,
                                .from = year_first_day(YEAR_TAX, closing->year),
                                .to = closing->to};
  enum status status = reading_of(c, closing, &f->run.reading, skip, err);
  if (status != DONE) return status;
  f->run.differs = memory_zeroed((size_t)f->run.people_count, sizeof *f->run.differs);
  f->run.seen = memory_zeroed((size_t)f->run.people_count, sizeof *f->run.seen);
  return DONE;
}

static void end_run(struct folded *f) {
  free((void *)f->run.kept);
  free(f->run.differs);
  free(f->run.seen);
}

static enum status begin_folding(struct closing_checks *c, struct error *err) {
  enum status status = DONE;
  c->silent = true;
  /* the latest closings */
  for (int i = c->closing_count - 1; status == DONE && i >= 0 && c->folded_count < FOLDED_MAX;
       i--) {
    struct folded *f = &c->folded[c->folded_count];
    bool sound = false, skip = false;
    if (!is_latest(c, i)) continue;
    struct digest *leaves = memory_alloc(sizeof *leaves * (size_t)(c->people_count + 1));
    status = read_tree(c, &c->closings[i], leaves, &sound, err);
    if (status == DONE && sound) status = begin_run(c, f, &c->closings[i], &skip, err);
    f->run.kept = leaves;
    if (status == DONE && sound && !skip) c->folded_count++;
    else {
      end_run(f);
      *f = (struct folded){0};
    }
  }
  c->silent = false;
  if (status == DONE) sort_by_chunk(c);
  return status;
}

/* ---- one after another ---- */

static struct folded *folded_of(struct closing_checks *c, const struct closing *closing) {
  for (int i = 0; i < c->folded_count; i++)
    if (c->folded[i].run.entry == closing->entry) return &c->folded[i];
  return NULL;
}

/* Reads the people whom the audit did not check. */
static enum status check_people(struct closing_checks *c, const struct closing *closing,
                                struct closing_run *run, bool skip, struct error *err) {
  c->result->people += run->people_count;
  if (skip) return DONE;
  enum status status = scan_people(run, "closings", c->options->progress, c->options->watch, err);
  for (int p = 0; status == DONE && p < run->people_count; p++)
    if (run->differs[p])
      find(c, "closing %lld: what it says of person %s is not what their lines make",
           (long long)closing->entry, run->people[p].code);
  return status;
}

static enum status check_one(struct closing_checks *c, int i, struct error *err) {
  const struct closing *closing = &c->closings[i];
  struct folded *folded = folded_of(c, closing), own = {0};
  bool sound = false, skip = false;
  if (folded) return check_people(c, closing, &folded->run, false, err);
  struct digest *leaves = memory_alloc(sizeof *leaves * (size_t)(c->people_count + 1));
  enum status status = read_tree(c, closing, leaves, &sound, err);
  if (status == DONE && sound && is_latest(c, i)) {
    status = begin_run(c, &own, closing, &skip, err);
    own.run.kept = leaves;
    if (status == DONE) status = check_people(c, closing, &own.run, skip, err);
  }
  own.run.kept = leaves;
  end_run(&own);
  return status;
}

static enum status audit_between(struct closing_checks *c, struct error *err) {
  struct audit_options audit = *c->options->audit;
  enum status status = c->closing_count ? begin_folding(c, err) : DONE;
  if (status != DONE) return status;
  if (c->folded_count) {
    audit.chunk = fold_chunk;
    audit.chunk_context = c;
  }
  /* the audit takes a snapshot of its own; nothing is erased meanwhile, and new entries come after
   * every closing */
  store_rollback(c->store);
  status = audit_book(c->store, &audit, c->options->audited, err);
  return status == DONE ? store_begin(c->store, STORE_READ, err) : status;
}

static enum status check_all(struct closing_checks *c, struct error *err) {
  enum status status = load_records(c, err);
  if (status == DONE) status = load_closings(c, err);
  if (status == DONE && c->closing_count)
    status = leaf_codes_load(c->store, c->arena, &c->codes, err);
  if (status == DONE && c->options->audit) status = audit_between(c, err);
  for (int i = 0; status == DONE && i < c->closing_count; i++) status = check_one(c, i, err);
  if (status == DONE) report_all(c);
  for (int i = 0; i < c->folded_count; i++) end_run(&c->folded[i]);
  text_release(&c->sentences);
  return status;
}

enum status closing_check(struct store *store, const struct closing_check_options *options,
                          struct closing_check_result *result, struct error *err) {
  struct closing_checks c = {
      .store = store, .options = options, .result = result, .arena = arena_new()};
  *result = (struct closing_check_result){0};
  enum status status = store_lock_shared(store, BOOK_LOCK, err);
  bool locked = status == DONE;
  if (status == DONE) status = store_begin(store, STORE_READ, err);
  if (status == DONE) status = check_all(&c, err);
  store_rollback(store);
  if (locked) store_unlock(store, BOOK_LOCK);
  arena_free(c.arena);
  return status;
}

/* ---- reading ---- */

static enum status first_party(struct store *store, int64_t closing, int64_t tile, int64_t *party,
                               struct error *err) {
  bool there = false;
  enum status status = tile_first_party(store, closing, tile, party, &there, err);
  return status == DONE && !there
             ? error_set(err, FAILED, "the closing %lld lacks a tile; run `weal audit`",
                         (long long)closing)
             : status;
}

/* Each tile names the person of its first leaf, and tiles are in that order: a binary search reads
 * a dozen rows for a million people (a scan would read all). Within the tile people are in order of
 * id, so the rest is a count. People who were erased since still count, by the row that remains. */
enum status closing_index(struct store *store, const struct closing *closing, int64_t person,
                          uint64_t *index, struct error *err) {
  int64_t tile = 0, last = (closing->people - 1) / TILE_HASHES, first = 0, between = 0;
  enum status status = DONE;
  while (status == DONE && tile < last) {
    int64_t middle = (tile + last + 1) / 2;
    status = first_party(store, closing->entry, middle, &first, err);
    if (first <= person) tile = middle;
    else last = middle - 1;
  }
  if (status == DONE) status = first_party(store, closing->entry, tile, &first, err);
  if (status != DONE) return status;
  status = register_records_between(store, first, person, &between, err);
  *index = (uint64_t)tile * TILE_HASHES + (uint64_t)between;
  if (status == DONE &&
      (first > person || *index >= (uint64_t)closing->people || between >= TILE_HASHES))
    return refuse(err, CLOSING_PERSON_SINCE);
  return status;
}
