#include "privacy/erasure.h"

#include "base/money.h"
#include "base/refusal.h"
#include "base/table.h"
#include "book/bulk.h"
#include "book/entries.h"
#include "book/erase.h"
#include "book/leaf.h"
#include "book/reversal.h"
#include "privacy/erasing.h"
#include "proof/tree.h"
#include "register/access_log.h"
#include "register/erased_ids.h"
#include "register/legal_holds.h"
#include "register/merges.h"
#include "register/names.h"
#include "register/notices.h"
#include "register/register.h"
#include "store/counter.h"
#include "store/dedup_key.h"
#include "store/head.h"
#include "store/setting.h"

#include <assert.h>
#include <time.h>
#include <unistd.h>

enum { LOCK_LOOK_US = 200 * 1000 }; /* a stop has ten seconds (web/server.c, STOP_SECONDS) */

struct eraser {
  struct store *store;
  struct arena *kept;  /* of the whole call */
  struct arena *arena; /* of the current work: a person, or a block of people */
  struct hasher *hasher;
  struct leaf_codes codes;
  struct text scratch;
  struct erased_line *lines;
  size_t line_count, line_capacity;
  struct erased_sum *sums;
  size_t sum_count, sum_capacity; /* one for each line until they are folded */
  bool has_reversals;             /* any line at all */
  struct erasure_result *result;
};

static enum status eraser_open(struct eraser *e, struct store *store, struct erasure_result *result,
                               struct error *err) {
  *e = (struct eraser){.store = store,
                       .kept = arena_new(),
                       .arena = arena_new(),
                       .hasher = hasher_new(),
                       .result = result};
  enum status status = leaf_codes_load(store, e->kept, &e->codes, err);
  if (status == DONE) status = entries_have_reversals(store, &e->has_reversals, err);
  return status;
}

static void eraser_close(struct eraser *e) {
  text_release(&e->scratch);
  hasher_free(e->hasher);
  arena_free(e->arena);
  arena_free(e->kept);
  free(e->lines);
  free(e->sums);
}

/* ---- gathering ---- */

static int compare_sums(const void *a, const void *b) {
  const struct erased_sum *x = a, *y = b;
  int units = strcmp(x->unit, y->unit);
  if (x->entry != y->entry) return x->entry < y->entry ? -1 : 1;
  if (x->category != y->category) return x->category < y->category ? -1 : 1;
  if (x->place != y->place) return x->place < y->place ? -1 : 1;
  if (x->body != y->body) return x->body < y->body ? -1 : 1;
  if (x->undone != y->undone) return x->undone ? 1 : -1;
  if (units) return units;
  return strcmp(x->stream ? x->stream : "", y->stream ? y->stream : "");
}

static void take_line(struct eraser *e, const struct line *line, const char *unit,
                      const uint8_t secret[SECRET_BYTES], int64_t place) {
  array_reserve(e->lines, e->line_capacity, e->line_count + 1);
  struct erased_line *merged = &e->lines[e->line_count++];
  *merged = (struct erased_line){
      .account = line->account, .entry = line->entry, .day = line->day, .line_no = line->line_no};
  leaf_hash(e->hasher, &e->scratch, &e->codes, unit, secret, line, &merged->hash);
  const struct span stream = line->stream;
  array_reserve(e->sums, e->sum_capacity, e->sum_count + 1);
  e->sums[e->sum_count++] = (struct erased_sum){
      .entry = line->entry,
      .category = line->category,
      .place = place,
      .body = line->body,
      .day = line->day,
      .unit = unit,
      .stream = stream.size ? arena_copy(e->arena, stream.bytes, stream.size) : NULL,
      .amount = line->amount,
      .quantity = line->quantity,
      .has_quantity = line->has_quantity,
      .estimated = line->estimated};
}

static enum status find_undone(struct eraser *e, struct error *err) {
  enum status status = DONE;
  for (size_t i = 0; status == DONE && e->has_reversals && i < e->line_count; i++)
    status = reversal_known(e->store, e->lines[i].entry, e->lines[i].line_no, 0, &e->sums[i].undone,
                            err);
  return status;
}

/* Sums of one (entry, category, place, body, stream, unit), undone or not, become one, or as many
 * as it takes. */
static void fold_sums(struct eraser *e) {
  size_t kept = 0;
  array_sort(e->sums, e->sum_count, compare_sums);
  for (size_t i = 0; i < e->sum_count; i++)
    if (!kept || compare_sums(&e->sums[kept - 1], &e->sums[i]) != 0 ||
        !erased_sum_add(&e->sums[kept - 1], &e->sums[i]))
      e->sums[kept++] = e->sums[i];
  e->sum_count = kept;
}

/* ---- writing ---- */

/* Notes since when the files may hold deleted bytes (privacy/rewrite.h): the first time is kept. */
static enum status note_erased(struct store *store, struct error *err) {
  struct text now = {0};
  text_add_int(&now, (int64_t)time(NULL));
  enum status status = setting_write_first(store, ERASED_SINCE, now.bytes, err);
  text_release(&now);
  return status;
}

/* Deletes the gathered lines and writes the sums that remain. In the caller's transaction. */
static enum status erase_gathered(struct eraser *e, struct error *err) {
  enum status status = find_undone(e, err);
  if (status == DONE) fold_sums(e);
  if (status == DONE) status = book_erase_lines(e->store, e->lines, e->line_count, err);
  for (size_t i = 0; status == DONE && i < e->sum_count; i++) {
    bool added = false;
    status = book_add_erased_sum(e->store, e->codes.codes->roles, e->has_reversals, &e->sums[i],
                                 &added, err);
    e->result->sums += added;
  }
  if (status == DONE && e->line_count) status = note_erased(e->store, err);
  e->result->lines += (int64_t)e->line_count;
  e->line_count = e->sum_count = 0;
  return status;
}

/* ---- a person ---- */

static enum status gather_person(struct eraser *e, const struct person *person,
                                 const struct account *accounts, int count, struct error *err) {
  struct homes *homes = NULL;
  struct reading reading;
  struct secrets *secrets = NULL;
  struct line_cursor *lines = NULL;
  const struct line *line = NULL;
  int64_t *ids = arena_array(e->arena, int64_t, count + 1);
  struct erase_chunk {
    uint8_t secret[SECRET_BYTES];
    const char *unit;
  } *known = arena_array(e->arena, struct erase_chunk, count + 1);
  enum status status = register_homes(e->store, e->arena, person, &homes, err);
  if (status == DONE) status = book_reading(e->store, e->arena, &reading, err);
  if (status == DONE) status = secrets_open(&secrets, e->store, err);
  for (int i = 0; status == DONE && i < count; i++) {
    const uint8_t *secret = NULL;
    const char *unit = NULL;
    ids[i] = accounts[i].id;
    status = secrets_find(secrets, ids[i], &secret, &unit, err);
    if (status == DONE && !secret) status = refuse(err, ACCOUNT_ERASED_BEFORE, (long long)ids[i]);
    if (status != DONE) break;
    memcpy(known[i].secret, secret, SECRET_BYTES);
    known[i].unit = arena_string(e->arena, unit);
  }
  secrets_close(secrets);
  if (status == DONE)
    status = lines_open(&lines, e->store, &reading, ids, (size_t)count, DAY_FIRST, DAY_LAST, err);
  for (int at = 0; status == DONE && (status = lines_next(lines, &line, err)) == DONE && line;) {
    while (ids[at] != line->account) at++;
    take_line(e, line, known[at].unit, known[at].secret,
              line->place ? line->place : homes_place(homes, person, line->day));
  }
  lines_close(lines);
  explicit_bzero(known, sizeof *known * (size_t)count);
  return status;
}

/* `digest` null: the id is not known. */
static enum status note_erasure(struct store *store, struct erasure_record record,
                                const struct digest *digest, struct error *err) {
  if (digest) record.id_digest = span_make((const char *)digest->bytes, sizeof digest->bytes);
  return erased_ids_keep(store, &record, err);
}

/* What no column's row can say: words in which others name the person. */
static enum status forget_words(struct eraser *e, int64_t party, const struct register_name *name,
                                struct error *err) {
  enum status status = notices_forget(e->store, e->arena, party, err);
  if (status == DONE) status = erasing_forget_refused(e->store, e->arena, party, err);
  if (status == DONE) status = erasing_forget_memos(e->store, e->arena, party, name->name, err);
  /* The stored addresses that forms led to contain people's codes. */
  if (status == DONE && *name->code) status = dedup_key_forget(e->store, name->code, err);
  return status;
}

/* Erases one record. Its row stays as a number only, so that the indexes of closings stay right. */
static enum status forget_record(struct eraser *e, int64_t party, const struct erasing_roles *roles,
                                 const struct erasure_record *record, struct error *err) {
  struct register_name name;
  struct digest digest;
  struct erasure_record kept = *record;
  enum status status = register_name_of_party(e->store, e->arena, party, &name, err);
  if (status != DONE) return status;
  if (!name.code) name.code = "";
  if (*name.code) status = erased_id_digest(e->store, span_of(name.code), &digest, err);
  if (status == DONE) status = access_log_explain(e->store, party, err);
  if (status == DONE) status = forget_words(e, party, &name, err);
  struct person record_of = {0};
  if (status == DONE) status = register_person(e->store, e->arena, party, &record_of, err);
  if (status == DONE) status = erasing_walk(e->store, e->arena, party, name.code, roles, err);
  for (int i = 0; status == DONE && i < record_of.residence_count; i++)
    if (record_of.residences[i].household)
      status = register_forget_home(e->store, record_of.residences[i].household, err);
  if (status != DONE) return status;
  kept.party = party;
  return note_erasure(e->store, kept, *name.code ? &digest : NULL, err);
}

/* For a person who is not registered: `err` says so already; adds more if they were once
 * registered. */
static enum status refuse_unknown(struct store *store, int64_t id, struct error *err) {
  struct error asked = {0};
  bool erased = false;
  /* somebody else may have erased the person between our look-up and the lock */
  enum status status = erased_ids_has(store, id, &erased, &asked);
  if (status != DONE) *err = asked;
  else if (erased) return refuse(err, RECORD_ERASED_BEFORE);
  return status == DONE ? REFUSED : status;
}

static enum status erase_within(struct eraser *e, int64_t id, const char *who, const char *reason,
                                struct error *err) {
  struct person person;
  struct account *accounts = NULL;
  int64_t number = 0;
  int count = 0;
  enum status status = register_person(e->store, e->arena, id, &person, err);
  /* merged into another record: erase all records of the person */
  if (status == DONE && person.survivor) return erase_within(e, person.survivor, who, reason, err);
  if (status == REFUSED) return refuse_unknown(e->store, id, err);
  if (status != DONE) return status;
  int64_t *records = arena_array(e->arena, int64_t, person.merged_count + 1);
  records[0] = person.id;
  for (int i = 0; i < person.merged_count; i++) records[i + 1] = person.merged[i];
  status = legal_holds_refuse(e->store, e->arena, records, person.merged_count + 1, err);
  for (int r = 0; status == DONE && r <= person.merged_count; r++) {
    status = book_accounts_of(e->store, e->arena, OWNER_PERSON, &records[r], 1, &accounts, &count,
                              err);
    /* Lines belong to the place where the person lived, also the lines of records merged into
     * theirs. */
    if (status == DONE) status = gather_person(e, &person, accounts, count, err);
  }
  if (status == DONE) status = erase_gathered(e, err);
  struct erasing_roles roles = {0};
  char now[21];
  const struct erasure_record record = {.at = span_of(clock_write_now(now)),
                                        .who = span_of(who),
                                        .reason = span_of(reason)};
  if (status == DONE)
    status = erasing_roles_of(e->store, e->arena, records, person.merged_count + 1, &roles, err);
  for (int r = 0; status == DONE && r <= person.merged_count; r++)
    status = forget_record(e, records[r], &roles, &record, err);
  if (status == DONE) status = counter_next(e->store, "erasure", &number, err);
  if (status == DONE) status = note_erased(e->store, err);
  e->result->people += person.merged_count + 1;
  return status;
}

enum status erasing_stopped(struct error *err) {
  return error_set(err, FAILED,
                   "the program was told to stop; nothing is lost, and it can be done again");
}

/* With a flag it tries again and again, since nothing can wake a wait in the store. */
static enum status take_lock(struct store *store, const char *name, const atomic_bool *stop,
                             struct error *err) {
  bool held = false;
  enum status status = store_lock(store, name, !stop, &held, err);
  while (status == DONE && stop && !held) {
    if (atomic_load(stop)) return erasing_stopped(err);
    usleep(LOCK_LOOK_US);
    status = store_lock(store, name, false, &held, err);
  }
  return status;
}

enum status erasing_lock(struct store *store, const atomic_bool *stop, struct error *err) {
  enum status status = take_lock(store, BULK_LOCK, stop, err);
  if (status != DONE) return status;
  status = bulk_sweep(store, err);
  if (status == DONE) status = take_lock(store, BOOK_LOCK, stop, err);
  if (status != DONE) store_unlock(store, BULK_LOCK);
  return status;
}

void erasing_unlock(struct store *store) {
  store_unlock(store, BOOK_LOCK);
  store_unlock(store, BULK_LOCK);
}

/* Keeps other writers out and locks the head before anything is gathered. A posting that is open
 * now finishes first, and its lines are gathered too; a later one finds the account without a
 * secret and is refused. Where the engine can, deleted bytes are overwritten and the write-ahead
 * log, which holds them too, is emptied. */
static enum status begin_erasing(struct store *store, struct error *err) {
  enum status status =
      store_run(store, "{sqlite: pragma secure_delete = on;}{postgresql: select 1;}", err);
  if (status == DONE) status = store_begin(store, STORE_ALONE, err);
  if (status != DONE) return status;
  struct head head;
  status = head_lock(store, &head, err);
  if (status != DONE) store_rollback(store);
  return status;
}

static enum status end_erasing(struct store *store, enum status status, struct error *err) {
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status == DONE
             ? store_run(store, "{sqlite: pragma wal_checkpoint(truncate);}{postgresql: select 1;}",
                         err)
             : status;
}

enum status erasure_person(struct store *store, int64_t person, const char *who, const char *reason,
                           struct erasure_result *result, struct error *err) {
  struct eraser e;
  *result = (struct erasure_result){0};
  if (!reason || !*reason) return refuse(err, ERASURE_REASON_MISSING);
  enum status status = erasing_lock(store, NULL, err);
  if (status != DONE) return status;
  status = begin_erasing(store, err);
  if (status == DONE) {
    status = eraser_open(&e, store, result, err);
    if (status == DONE) status = erase_within(&e, person, who, reason, err);
    status = end_erasing(store, status, err);
    eraser_close(&e);
  }
  erasing_unlock(store);
  return status;
}

/* ---- again, after a backup was restored ---- */

enum status erasure_list(struct store *store, struct text *out, struct error *err) {
  struct query *q = NULL;
  struct erasure_record record;
  bool some = false;
  text_add(out, "party,at,who,reason,id_digest\n");
  enum status status = erased_ids_open(store, &q, err);
  if (status != DONE) return status;
  while ((status = erased_ids_next(q, &record, &some, err)) == DONE && some) {
    const struct span texts[] = {record.at, record.who, record.reason};
    text_add_int(out, record.party);
    for (int c = 0; c < 3; c++) {
      text_add_char(out, ',');
      text_add_csv_guarded(out, texts[c]);
    }
    text_add_char(out, ',');
    text_add_hex(out, record.id_digest.bytes, record.id_digest.size);
    text_add_char(out, '\n');
  }
  query_end(q);
  return status;
}

static void leave_held(struct erasure_result *result, int64_t party) {
  for (int i = 0; i < result->held_count; i++)
    /* a file made of two lists may name somebody twice */
    if (result->held[i] == party) return;
  array_reserve(result->held, result->held_capacity, result->held_count + 1);
  result->held[result->held_count++] = party;
}

void erasure_result_free(struct erasure_result *result) {
  free(result->held);
  *result = (struct erasure_result){0};
}

/* For somebody who was registered and erased after the backup: keeps the id, so that it is not
 * given again. The party number may by now belong to somebody else, so it is kept negated. */
static enum status keep_id(struct store *store, const struct table_rows *rows, size_t r,
                           int64_t party, struct error *err) {
  struct digest digest;
  struct span hex = table_field(rows, r, 4);
  if (!hex.size || !party) return DONE;
  if (!digest_from_hex(hex, &digest)) {
    refuse(err, ERASURE_DIGEST_MALFORMED);
    return error_at(err, NULL, 0, "id_digest");
  }
  const struct erasure_record record = {.party = party < 0 ? party : -party,
                                        .at = table_field(rows, r, 1),
                                        .who = table_field(rows, r, 2),
                                        .reason = table_field(rows, r, 3)};
  enum status status = store_begin(store, STORE_WRITE, err);
  if (status != DONE) return status;
  status = note_erasure(store, record, &digest, err);
  if (status == DONE) status = store_commit(store, err);
  if (status != DONE) store_rollback(store);
  return status;
}

/* A person under a legal hold does not stop the erasure of others: they are counted, and reported
 * after the others are erased. */
static enum status again_row(struct store *store, const struct table_rows *rows, size_t r,
                             struct erasure_result *result, struct error *err) {
  struct erasure_result one = {0};
  const char *kind = NULL;
  int64_t party = 0;
  if (rows->fault[r].reason)
    return refuse_again(err, rows->fault[r].refusal, rows->fault[r].reason);
  enum status status = integer_parse(table_field(rows, r, 0), &party, err);
  if (status != DONE) return error_at(err, NULL, 0, "party");
  struct arena *arena = arena_new();
  status = register_kind(store, arena, party, &kind, err);
  const bool there = kind != NULL, person = there && strcmp(kind, "person") == 0;
  arena_free(arena);
  if (status == DONE && !there) return keep_id(store, rows, r, party, err);
  if (status != DONE || !person) return status; /* erased already */
  struct span who = table_field(rows, r, 2), reason = table_field(rows, r, 3);
  bool held = false;
  arena = arena_new();
  status = legal_holds_keep(store, arena, party, &held, err);
  if (status == DONE && held) leave_held(result, party);
  if (status == DONE && !held)
    status = erasure_person(store, party, arena_copy(arena, who.bytes, who.size),
                            arena_copy(arena, reason.bytes, reason.size), &one, err);
  arena_free(arena);
  result->people += one.people;
  result->lines += one.lines;
  result->sums += one.sums;
  return status;
}

enum status erasure_again(struct store *store, const char *path, struct erasure_result *result,
                          struct error *err) {
  static const struct table_column columns[] = {
      {"party", true}, {"at", false}, {"who", true}, {"reason", true}, {"id_digest", false}};
  struct table *table = NULL;
  struct table_rows *rows = NULL;
  *result = (struct erasure_result){0};
  enum status status = table_open(&table, path, columns, 5, err);
  while (status == DONE && (status = table_next(table, &rows, err)) == DONE && rows) {
    for (size_t r = 0; status == DONE && r < rows->count; r++) {
      status = again_row(store, rows, r, result, err);
      if (status != DONE) error_at(err, path, rows->line[r], NULL);
    }
    table_rows_free(rows);
  }
  table_close(table);
  return status;
}

/* ---- retention ---- */

enum { RETENTION_PEOPLE = 500 };

struct retention {
  struct eraser eraser;
  struct people *people;
  struct reading reading; /* of the block */
  struct merges merges;   /* also of the block */
  bool *held;             /* by index of people: a record of theirs is under a legal hold */
  /* by category id: lines before this day lose their details; DAY_FIRST: kept for ever */
  day_t *before;
  int64_t category_max;
};

static enum status load_retention(struct retention *r, const struct pack *pack, day_t on,
                                  struct error *err) {
  const struct codes *codes = r->eraser.codes.codes;
  r->category_max = codes->category_max;
  r->before = arena_array(r->eraser.kept, day_t, codes->category_max + 1);
  for (int64_t id = 0; id <= codes->category_max; id++) r->before[id] = DAY_FIRST;
  for (int i = 0; i < pack->retention_count; i++) {
    int64_t id = codes_category(codes, span_of(pack->retentions[i].category->code));
    if (id) r->before[id] = day_months_after(on, -12 * pack->retentions[i].years);
  }
  (void)err;
  return DONE;
}

static enum status retain_person(struct retention *r, const struct person *owner,
                                 const struct person *person, struct error *err) {
  struct eraser *e = &r->eraser;
  struct account *accounts = NULL;
  struct secrets *secrets = NULL;
  int count = 0;
  enum status status = book_accounts_of(e->store, e->arena, OWNER_PERSON, &owner->id, 1, &accounts,
                                        &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    struct line_cursor *lines = NULL;
    const struct line *line = NULL;
    const uint8_t *secret = NULL;
    const char *unit = NULL;
    bool guarded = false;
    status = book_has_balance(e->store, accounts[i].id, &guarded, err);
    /* its balance, which may still be spent, is the sum of its lines: keep them */
    if (status == DONE && guarded) continue;
    if (status == DONE) status = secrets_open(&secrets, e->store, err);
    if (status == DONE) status = secrets_find(secrets, accounts[i].id, &secret, &unit, err);
    if (status == DONE && secret)
      status = lines_open(&lines, e->store, &r->reading, &accounts[i].id, 1, DAY_FIRST, DAY_LAST,
                          err);
    const char *kept_unit = status == DONE ? arena_string(e->arena, unit) : NULL;
    while (status == DONE && lines && (status = lines_next(lines, &line, err)) == DONE && line)
      if (line->category >= 0 && line->category <= r->category_max &&
          line->day < r->before[line->category])
        take_line(e, line, kept_unit, secret,
                  line->place ? line->place : person_place(person, r->people, line->day));
    lines_close(lines);
    secrets_close(secrets);
  }
  return status;
}

/* The survivor of a person's record, by the mergers at the moment of the block. */
static const struct person *survivor_of(const struct retention *r, const struct person *owner) {
  int64_t id = merges_survivor(&r->merges, owner->id);
  int index = id <= r->people->max_id ? r->people->by_id[id] : -1;
  return index >= 0 ? &r->people->all[index] : owner;
}

/* Loads the people under a legal hold: a hold on any record of a person covers all of their
 * records. */
static enum status load_held(struct retention *r, struct error *err) {
  int64_t *parties = NULL;
  int count = 0;
  enum status status = merges_read(r->eraser.store, r->eraser.arena, &r->merges, err);
  if (status == DONE)
    status = legal_holds_standing(r->eraser.store, r->eraser.arena, &parties, &count, err);
  r->held = arena_array(r->eraser.arena, bool, r->people->count + 1);
  for (int i = 0; status == DONE && i < count; i++) {
    int index = parties[i] <= r->people->max_id ? r->people->by_id[parties[i]] : -1;
    if (index >= 0) r->held[survivor_of(r, &r->people->all[index]) - r->people->all] = true;
  }
  return status;
}

static enum status retain_block(struct retention *r, int first, int last, struct error *err) {
  /* Frees the block's memory, so that a run over everybody holds one block at a time. */
  arena_reset(r->eraser.arena);
  enum status status = begin_erasing(r->eraser.store, err);
  if (status != DONE) return status;
  status = book_reading(r->eraser.store, r->eraser.arena, &r->reading, err);
  if (status == DONE) status = load_held(r, err);
  for (int i = first; status == DONE && i < last; i++) {
    const struct person *owner = &r->people->all[i], *person = survivor_of(r, owner);
    if (!r->held[person - r->people->all]) status = retain_person(r, owner, person, err);
    else leave_held(r->eraser.result, owner->id);
  }
  if (status == DONE) status = erase_gathered(&r->eraser, err);
  return end_erasing(r->eraser.store, status, err);
}

static enum status retain_all(struct retention *r, const struct pack *pack, day_t on,
                              enum progress_mode mode, struct error *err) {
  struct progress progress = {0};
  struct store *store = r->eraser.store;
  enum status status = load_retention(r, pack, on, err);
  if (status == DONE) status = register_people(store, r->eraser.kept, &r->people, err);
  if (status != DONE) return status;
  progress_begin(&progress, mode, "retention", (uint64_t)r->people->count);
  for (int i = 0; status == DONE && i < r->people->count; i += RETENTION_PEOPLE) {
    status = retain_block(r, i,
                          i + RETENTION_PEOPLE < r->people->count ? i + RETENTION_PEOPLE
                                                                  : r->people->count,
                          err);
    progress_update(&progress, (uint64_t)i, (uint64_t)i);
  }
  progress_end(&progress);
  return status;
}

enum status erasure_retention(struct store *store, const struct pack *pack, day_t on,
                              enum progress_mode progress, struct erasure_result *result,
                              struct error *err) {
  struct retention r = {0};
  *result = (struct erasure_result){0};
  enum status status = erasing_lock(store, NULL, err);
  if (status != DONE) return status;
  status = eraser_open(&r.eraser, store, result, err);
  if (status == DONE) status = retain_all(&r, pack, on, progress, err);
  eraser_close(&r.eraser);
  erasing_unlock(store);
  return status;
}
