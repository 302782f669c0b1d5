/* Gathers the rows of a call and finds their accounts. bulk_post.c posts them. */
#include "book/bulk_call.h"

#include "base/limits.h"
#include "base/money.h"
#include "base/refusal.h"
#include "store/head.h"

#include <assert.h>

/* Loads the accounts of bodies and of the book, which are about as many as there are bodies. Those
 * of people are loaded when first needed. */
static enum status load_body_accounts(struct bulk *b, struct error *err) {
  for (int k = 0; k < 2; k++) {
    struct account *accounts = NULL;
    int count = 0;
    enum owner_kind kind = k ? OWNER_BODY : OWNER_BOOK;
    enum status status = book_accounts_all(b->store, b->arena, kind, &accounts, &count, err);
    if (status != DONE) return status;
    for (int i = 0; i < count; i++) {
      array_reserve(b->accounts, b->account_capacity, b->account_count + 1);
      b->accounts[b->account_count++] = accounts[i];
    }
  }
  b->known_count = b->account_count;
  return DONE;
}

enum { REJECTS_IN_MEMORY_BYTES = 1 << 20 };

enum status bulk_open(struct bulk **out, struct store *store, const struct bulk_options *options,
                      struct error *err) {
  struct arena *arena = arena_new();
  struct bulk *b = memory_zeroed(1, sizeof *b);
  *b = (struct bulk){.store = store,
                     .arena = arena,
                     .options = *options,
                     .account_base = PROVISIONAL_ACCOUNTS,
                     .body_base = PROVISIONAL_BODIES};
  pthread_mutex_init(&b->mutex, NULL);
  spool_open(&b->rejects, store, REJECTS_IN_MEMORY_BYTES);
  *out = b;
  bool held = false;
  enum status status = store_lock(store, BULK_LOCK, true, &held, err);
  if (status != DONE) return status;
  b->locked = true;
  status = bulk_sweep(store, err);
  if (status == DONE) status = book_reading(store, arena, &b->reading, err);
  b->checked = b->reading.head;
  if (status == DONE && options->again)
    status = again_open(&b->again, store, &b->reading, options->again, err);
  if (status == DONE && options->rest)
    status = again_open_rest(&b->again, store, options->rest, err);
  if (status == DONE) status = book_roles(store, arena, &b->roles, err);
  if (status == DONE) status = book_units(store, arena, &b->units, err);
  if (status == DONE && (int64_t)b->roles->count * b->units->count > PROVISIONAL_EACH)
    status = refuse(err, UNITS_TOO_MANY_TO_POST, b->roles->count, b->units->count,
                    PROVISIONAL_EACH / b->roles->count);
  if (status == DONE) status = load_body_accounts(b, err);
  b->runs = runs_new(store);
  b->references = references_new(store, options->again);
  return status;
}

void bulk_free(struct bulk *b) {
  if (!b) return;
  runs_free(b->runs);
  references_free(b->references);
  again_free(b->again);
  for (int i = 0; i < BULK_WORKERS; i++) totals_release(&b->totals[i]);
  spool_close(&b->rejects);
  text_release(&b->reject_scratch);
  free(b->accounts);
  free(b->new_bodies);
  free(b->companies);
  free(b->new_streams);
  free(b->person_accounts);
  free(b->files);
  if (b->locked) store_unlock(b->store, BULK_LOCK);
  pthread_mutex_destroy(&b->mutex);
  arena_free(b->arena);
  free(b);
}

/* ---- files ---- */

void bulk_keep_along(struct bulk *b, struct bulk_along along) { b->along = along; }

int bulk_file(struct bulk *b, const char *kind, const char *path) {
  array_reserve(b->files, b->file_capacity, b->file_count + 1);
  assert(b->file_count < LIMIT_IMPORT_FILES);
  b->files[b->file_count] = (struct bulk_file){.kind = arena_string(b->arena, kind),
                                               .path = arena_string(b->arena, path)};
  return b->file_count++;
}

enum status bulk_file_end(struct bulk *b, int index, const struct bulk_file_facts *facts,
                          struct error *err) {
  struct bulk_file *file = &b->files[index];
  file->facts = *facts;
  file->facts.profile = arena_string(b->arena, facts->profile);
  for (int i = 0; i < index; i++)
    if (b->files[i].kind && memcmp(b->files[i].facts.digest.bytes, facts->digest.bytes,
                                   sizeof facts->digest.bytes) == 0) {
      refuse(err, FILE_TWICE_IN_CALL, b->files[i].path);
      return error_at(err, file->path, 0, NULL);
    }
  enum status status = b->again ? again_check_file(b->again, file->kind, &facts->digest, err)
                                : again_refuse_posted(b->store, &b->reading, &facts->digest, err);
  return status == DONE ? DONE : error_at(err, file->path, 0, NULL);
}

enum status bulk_months_same(struct bulk *b, int file, const struct import_months *months,
                             struct import_months_found *out, struct error *err) {
  for (int i = 0; i < file; i++)
    if (b->files[i].facts.months)
      import_months_both(months, b->files[i].facts.months, b->files[i].path, out);
  return import_months_same(b->store, &b->reading, months, out, err);
}

bool bulk_passes_over(const struct bulk *b, uint64_t line) {
  return again_passes_over(b->again, line);
}

bool bulk_left_out(const struct bulk *b, uint64_t line) { return again_left_out(b->again, line); }

void bulk_reject(struct bulk *b, int file, uint64_t line, const char *column, struct span value,
                 const char *reason) {
  enum { REASON_BYTES = 1000 };
  char text[LIMIT_REJECT_SHOWN_BYTES];
  struct span where = span_of(column ? column : ""),
              what = span_cut(value, LIMIT_REJECT_SHOWN_BYTES),
              why = span_cut(span_of(reason), REASON_BYTES);
  if (!utf8_valid(what.bytes, what.size)) { /* of a broken row; the store takes only valid text */
    for (size_t i = 0; i < what.size; i++) {
      const char c = what.bytes[i];
      text[i] = (signed char)c > 0 ? c : '?';
    }
    what.bytes = text;
  }
  struct bulk_reject r = {.line = line,
                          .file = file,
                          .column_size = (uint16_t)where.size,
                          .value_size = (uint16_t)what.size,
                          .reason_size = (uint16_t)why.size};
  pthread_mutex_lock(&b->mutex);
  text_clear(&b->reject_scratch);
  text_add_bytes(&b->reject_scratch, (const char *)&r, sizeof r);
  text_add_span(&b->reject_scratch, where);
  text_add_span(&b->reject_scratch, what);
  text_add_span(&b->reject_scratch, why);
  if (b->reject_status == DONE && b->files[file].rejected < LIMIT_REJECTS_KEPT)
    b->reject_status = spool_write(&b->rejects, b->reject_scratch.bytes, b->reject_scratch.size,
                                   &b->reject_error);
  b->files[file].rejected++;
  pthread_mutex_unlock(&b->mutex);
}

/* ---- the accounts of rows ---- */

/* Which of the book's pairs of a role and a unit this is; -1: the book has none such. */
static int64_t pair_of(const struct bulk *b, const char *role, const char *unit) {
  const struct book_role *r = roles_find(b->roles, role);
  const struct book_unit *u = units_find(b->units, span_of(unit));
  return r && u ? (r - b->roles->all) * b->units->count + (u - b->units->all) : -1;
}

/* An account is found by its owner, and by the kind of the owner with the pair, in one number. */
static uint64_t kind_and_pair(enum owner_kind kind, int64_t pair) {
  return (uint64_t)kind << 32 | (uint64_t)pair;
}

static void index_accounts(struct bulk *b) {
  b->account_by_key = map_make(b->arena, (size_t)b->account_count);
  /* backwards, so that the oldest of several is found */
  for (int i = b->account_count; i-- > 0;) {
    const struct account *a = &b->accounts[i];
    const int64_t pair = pair_of(b, a->role, a->unit);
    if (pair >= 0)
      map_set_number(&b->account_by_key, (uint64_t)a->owner, kind_and_pair(a->owner_kind, pair), i);
  }
}

/* An account that is not there yet gets a provisional id, from owner, role and unit alone: so the
 * same files open the same accounts under the same ids, whichever row comes first. */
static int64_t find_or_open(struct bulk *b, enum owner_kind kind, int64_t owner, const char *role,
                            const char *unit) {
  const int64_t pair = pair_of(b, role, unit), pairs = (int64_t)b->roles->count * b->units->count;
  assert(pair >= 0 && pairs <= PROVISIONAL_EACH);
  if (!b->account_by_key.count) index_accounts(b);
  const uint64_t low = kind_and_pair(kind, pair);
  const int64_t index = map_get_number(&b->account_by_key, (uint64_t)owner, low);
  if (index >= 0) return b->accounts[index].id;
  map_set_number(&b->account_by_key, (uint64_t)owner, low, b->account_count);
  array_reserve(b->accounts, b->account_capacity, b->account_count + 1);
  struct account *a = &b->accounts[b->account_count++];
  *a = (struct account){.id = b->account_base + 1 + owner * pairs + pair,
                        .owner_kind = kind,
                        .owner = owner};
  account_set_role(a, role);
  account_set_unit(a, unit);
  return a->id;
}

int64_t bulk_body_account(struct bulk *b, int64_t body, enum role_use use, const char *unit) {
  pthread_mutex_lock(&b->mutex);
  int64_t id = find_or_open(b, body ? OWNER_BODY : OWNER_BOOK, body, roles_of_use(b->roles, use),
                            unit);
  pthread_mutex_unlock(&b->mutex);
  return id;
}

int64_t bulk_control(struct bulk *b, int64_t body, const char *unit) {
  return bulk_body_account(b, body, ROLE_CONTRA, unit);
}

int64_t bulk_new_body(struct bulk *b, const char *code, const char *name, const char *kind,
                      const char *company) {
  pthread_mutex_lock(&b->mutex);
  array_reserve(b->new_bodies, b->new_body_capacity, b->new_body_count + 1);
  b->new_bodies[b->new_body_count++] =
      (struct bulk_body){arena_string(b->arena, code), arena_string(b->arena, name),
                         arena_string(b->arena, kind),
                         company ? arena_string(b->arena, company) : NULL};
  int64_t id = b->body_base + b->new_body_count;
  pthread_mutex_unlock(&b->mutex);
  return id;
}

void bulk_body_company(struct bulk *b, int64_t body, const char *company) {
  pthread_mutex_lock(&b->mutex);
  const char *number = arena_string(b->arena, company);
  if (body > b->body_base) b->new_bodies[body - b->body_base - 1].company = number;
  else {
    array_reserve(b->companies, b->company_capacity, b->company_count + 1);
    b->companies[b->company_count++] = (struct bulk_company){body, number};
  }
  pthread_mutex_unlock(&b->mutex);
}

void bulk_new_stream(struct bulk *b, const char *code, const char *name, int64_t owner) {
  pthread_mutex_lock(&b->mutex);
  array_reserve(b->new_streams, b->new_stream_capacity, b->new_stream_count + 1);
  b->new_streams[b->new_stream_count++] = (struct stream){.code = arena_string(b->arena, code),
                                                          .name = arena_string(b->arena, name),
                                                          .owner = owner};
  pthread_mutex_unlock(&b->mutex);
}

static int opened_index(const struct bulk *b, struct span role, struct span unit) {
  for (int k = 0; k < b->opened.count; k++)
    if (span_is(role, b->opened.role[k]->code) && span_is(unit, b->opened.role[k]->opened))
      return k;
  return -1;
}

static int compare_account_ids(const void *a, const void *b) {
  int64_t x = ((const struct account *)a)->id, y = ((const struct account *)b)->id;
  return (x > y) - (x < y);
}

void bulk_sort_accounts(struct bulk *b) {
  int more = b->account_count - b->known_count;
  if (more) array_sort(b->accounts + b->known_count, more, compare_account_ids);
}

/* Keeps a person's account that is not opened for everyone: a holding of shares. */
static void know_account(struct bulk *b, int64_t id, int64_t owner, struct span role,
                         struct span unit) {
  /* a longer code cannot be a unit of the book, so nothing is posted there */
  if (!roles_is(b->roles, role, ROLE_ENTRIES) || unit.size > LIMIT_UNIT_BYTES) return;
  array_reserve(b->accounts, b->account_capacity, b->account_count + 1);
  struct account *a = &b->accounts[b->account_count++];
  *a = (struct account){.id = id, .owner_kind = OWNER_PERSON, .owner = owner};
  memcpy(a->role, role.bytes, role.size);
  memcpy(a->unit, unit.bytes, unit.size);
}

/* Of several accounts of one person, role and unit the oldest serves. */
enum status bulk_load_people(struct bulk *b, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  struct head head;
  assert(b->account_count == b->known_count); /* before any account is opened */
  enum status status = roles_of_everyone(b->roles, &b->opened, err);
  if (status == DONE) status = head_read(b->store, &head, err);
  if (status != DONE) return status;
  const int64_t max = head.party;
  b->person_max = max;
  b->person_accounts = memory_zeroed((size_t)(max + 1) * (size_t)(b->opened.count + 1),
                                     sizeof *b->person_accounts);
  status =
      store_stream(b->store, &q,
                   "select owner, account, role, unit from holding where owner_kind = 'person'",
                   err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t owner = query_int(q, 0), id = query_int(q, 1);
    struct span role = query_text(q, 2), unit = query_text(q, 3);
    if (owner < 1 || owner > max) continue;
    int k = opened_index(b, role, unit);
    int64_t *kept = k < 0 ? NULL : &b->person_accounts[owner * b->opened.count + k];
    if (!kept) know_account(b, id, owner, role, unit);
    else if (!*kept || id < *kept) *kept = id;
  }
  query_end(q);
  bulk_sort_accounts(b);
  b->known_count = b->account_count;
  b->account_by_key = (struct map){0}; /* made again at the next look-up */
  return status;
}

int64_t bulk_person_account(struct bulk *b, int64_t person, const char *code) {
  assert(b->person_accounts); /* call bulk_load_people first */
  if (person < 1 || person > b->person_max) return 0;
  const int64_t *own = &b->person_accounts[person * b->opened.count];
  bool registered = false; /* an erased person has no account left */
  for (int k = 0; k < b->opened.count; k++) {
    if (own[k] && strcmp(code, b->opened.role[k]->opened) == 0) return own[k];
    registered |= own[k] != 0;
  }
  const struct book_unit *unit = units_find(b->units, span_of(code));
  const struct book_role *role = unit ? roles_of_entries(b->roles, unit->kind) : NULL;
  if (!registered || !role) return 0;
  pthread_mutex_lock(&b->mutex);
  int64_t id = find_or_open(b, OWNER_PERSON, person, role->code, unit->code);
  pthread_mutex_unlock(&b->mutex);
  return id;
}

/* ---- rows ---- */

enum status bulk_add(struct bulk *b, int worker, const struct bulk_row *row, struct error *err) {
  const struct line *f = &row->fields;
  if (!f->reverses_entry && (!line_holds(f->amount) || !line_holds(f->quantity)))
    return refuse(err, LINE_AMOUNT_TOO_LARGE, LIMIT_LINE);
  enum status status = runs_add(b->runs, worker, row, err);
  if (status != DONE) return status;
  if (!totals_add(&b->totals[worker], key_high(row->control, f->day),
                  key_low(row->file, f->category, 0), f->amount, 1))
    return refuse(err, SUM_OF_DAY_TOO_LARGE);
  if (f->reverses_entry)
    return references_add_reversal(b->references, worker,
                                   &(struct undone_line){f->reverses_entry, f->reverses_line_no,
                                                         row->sum_account},
                                   row->file, row->line, err);
  if (b->options.check_references && f->reference.size)
    return references_add(b->references, worker, f->body, f->reference, row->file, row->line, err);
  return DONE;
}

enum status bulk_duplicates(struct bulk *b, bulk_found *found, void *context, uint64_t *count,
                            struct error *err) {
  return references_check(b->references, b->store, &b->reading, found, context, count, err);
}
