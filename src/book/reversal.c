#include "book/reversal.h"

#include "base/money.h"
#include "base/refusal.h"
#include "book/bulk.h"
#include "book/posting.h"
#include "book/references.h"
#include "book/rows.h"

#include <assert.h>

/* the lines of an entry in more accounts are searched like those of a file */
enum { SMALL_ACCOUNTS = 8 };

struct undo {
  struct store *store;
  const struct reversal *what;
  struct entry_range entries;
  struct bulk *bulk;
  const struct roles *roles;
  int file;
  uint64_t found, control_lines, reversing_lines;
  /* of a small entry: the accounts of its lines; 0: they must be searched */
  int64_t accounts[SMALL_ACCOUNTS];
  int account_count;
  day_t day; /* of a small entry */
};

/* ---- finding what to undo ---- */

static enum status find_import(struct undo *u, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_query(u->store, &q,
                                   "select first_entry, last_entry, kind from import where id = ?1",
                                   err);
  if (status != DONE) return status;
  query_bind_int(q, 1, u->what->import);
  status = query_step(q, &row, err);
  if (status == DONE && !row)
    status = refuse(err, REVERSED_IMPORT_UNKNOWN, (long long)u->what->import);
  if (status == DONE && query_int(q, 0) == 0)
    status = refuse(err, REVERSED_IMPORT_NOT_POSTED, (long long)u->what->import,
                    SPAN(query_text(q, 2)));
  if (status == DONE) u->entries = (struct entry_range){query_int(q, 0), query_int(q, 1)};
  query_end(q);
  return status;
}

static void take_accounts(struct undo *u, struct span packed) {
  int64_t last = 0;
  for (size_t i = 0; i < accounts_count(packed); i++) {
    int64_t account = accounts_at(packed, i);
    if (account == last) continue;
    if (u->account_count == SMALL_ACCOUNTS) {
      u->account_count = 0;
      return;
    }
    u->accounts[u->account_count++] = last = account;
  }
}

static enum status find_entry(struct undo *u, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status =
      store_query(u->store, &q, "select kind, lines, day, accounts from entry where id = ?1", err);
  if (status != DONE) return status;
  query_bind_int(q, 1, u->what->entry);
  status = query_step(q, &row, err);
  if (status == DONE && !row)
    status = refuse(err, REVERSED_ENTRY_UNKNOWN, (long long)u->what->entry);
  if (status == DONE && span_is(query_text(q, 0), "reversal"))
    status = refuse(err, REVERSED_ENTRY_IS_REVERSAL, (long long)u->what->entry);
  if (status == DONE && u->what->line_no > query_int(q, 1))
    status = refuse(err, REVERSED_LINE_UNKNOWN, (long long)u->what->entry,
                    (long long)query_int(q, 1), u->what->line_no);
  u->entries = (struct entry_range){u->what->entry, u->what->entry};
  if (status == DONE) {
    u->day = (day_t)query_int(q, 2);
    take_accounts(u, query_bytes(q, 3));
  }
  query_end(q);
  return status;
}

/* ---- undoing its lines ---- */

/* A reversal keeps the labels. The note of an older budget has its stream and conditions
 * (streams.h), which its reversal needs too; any other note belongs only to its own line. */
static enum status add_line(struct undo *u, const struct line *line, const char *unit,
                            struct span role, struct error *err) {
  const bool sum = roles_is(u->roles, role, ROLE_ERASED);
  struct bulk_row row = {.file = u->file,
                         .line = ++u->found,
                         .account = line->account,
                         .sum_account = sum ? line->account : 0,
                         .fields = *line};
  if (line->amount == INT64_MIN) return refuse(err, REVERSED_AMOUNT_TOO_LARGE);
  row.control = bulk_control(u->bulk, line->body, unit);
  row.fields.day = u->what->on == DAY_NONE ? line->day : u->what->on;
  row.fields.amount = -line->amount;
  row.fields.quantity = -line->quantity;
  row.fields.reference = span_make(NULL, 0);
  if (!roles_is(u->roles, role, ROLE_BUDGET)) row.fields.note = span_make(NULL, 0);
  row.fields.reverses_entry = line->entry;
  row.fields.reverses_line_no = line->line_no;
  return bulk_add(u->bulk, 0, &row, err);
}

static enum status read_unit(struct account *account, struct span unit, int64_t id,
                             struct error *err) {
  if (unit.size > LIMIT_UNIT_BYTES)
    return error_set(err, FAILED,
                     "account %lld: its unit is longer than a code can be; run `weal audit`",
                     (long long)id);
  memcpy(account->unit, unit.bytes, unit.size);
  account->unit[unit.size] = 0;
  return DONE;
}

static enum status check_born(const struct undo *u, const struct line *line, int64_t person,
                              struct error *err) {
  const struct births *births = u->what->births;
  const day_t on = u->what->on;
  char day[11], born[11];
  if (!births || on == DAY_NONE || on == line->day || person < 1 || person > births->max ||
      births->born[person] == DAY_NONE || on >= births->born[person])
    return DONE;
  return refuse(err, REVERSAL_BEFORE_BIRTH, day_write(on, day), (long long)line->entry,
                line->line_no, day_write(births->born[person], born));
}

#define UNDONE_COLUMNS \
  "select l.account, l.day, l.entry, l.n, l.amount, l.category, l.quantity, l.service, " \
  "l.cost_year, l.estimated, l.body, l.place, l.reference, l.note, " \
  "l.reverses_entry, l.reverses_n, l.department, l.stream, l.condition, a.role, a.unit, case " \
  "when a.owner_kind = 'person' then " \
  "a.owner else 0 end from line l join account a on a.id = l.account " \
  "where l.entry between ?1 and ?2 and (?3 = 0 or l.n = ?3) "
#define UNDONE_ORDER "order by l.account, l.day, l.entry, l.n"

/* Reads lines by key where the entry says in which accounts they are, else by a scan. */
static enum status ask_lines(const struct undo *u, struct store *reader, struct query **q,
                             struct error *err) {
  enum status status =
      u->account_count
          ? store_stream(
                reader, q,
                UNDONE_COLUMNS
                "and l.day = ?4 and l.account in (?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) " UNDONE_ORDER,
                err)
          : store_stream(reader, q, UNDONE_COLUMNS UNDONE_ORDER, err);
  if (status != DONE) return status;
  query_bind_int(*q, 1, u->entries.first);
  query_bind_int(*q, 2, u->entries.last);
  query_bind_int(*q, 3, u->what->line_no);
  if (!u->account_count) return DONE;
  query_bind_int(*q, 4, u->day);
  for (int i = 0; i < SMALL_ACCOUNTS; i++)
    query_bind_int(*q, 5 + i, i < u->account_count ? u->accounts[i] : u->accounts[0]);
  return DONE;
}

static enum status scan(struct undo *u, struct store *reader, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  struct line line;
  struct account account = {0};
  enum status status = ask_lines(u, reader, &q, err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    line_read(q, &line);
    if (roles_is(u->roles, query_text(q, 19), ROLE_CONTRA)) {
      u->control_lines++;
      continue;
    }
    if (line.reverses_entry) {
      u->reversing_lines++;
      continue;
    }
    if ((status = check_born(u, &line, query_int(q, 21), err)) != DONE) break;
    status = read_unit(&account, query_text(q, 20), line.account, err);
    if (status == DONE) status = add_line(u, &line, account.unit, query_text(q, 19), err);
    if (status != DONE) break;
  }
  query_end(q);
  return status;
}

static enum status post(struct undo *u, struct reversal_result *result, struct error *err) {
  uint64_t skipped = 0;
  struct bulk_result posted;
  enum status status = bulk_duplicates(u->bulk, NULL, NULL, &skipped, err);
  if (status != DONE) return status;
  if (!u->found && u->control_lines)
    return refuse(err, REVERSED_LINE_IS_CONTROL, u->what->line_no, (long long)u->what->entry);
  if (!u->found) return refuse(err, LINE_UNKNOWN);
  if (skipped == u->found)
    return refuse_code(err, u->what->line_no ? REFUSAL_LINE_REVERSED_ALREADY
                                             : REFUSAL_ALL_REVERSED_ALREADY);
  status = bulk_post(u->bulk, &posted, err);
  if (status != DONE) return status;
  *result = (struct reversal_result){.lines = posted.rows,
                                     .skipped = (int64_t)skipped,
                                     .first_entry = posted.first_entry,
                                     .last_entry = posted.last_entry};
  return DONE;
}

static enum status reverse_within(struct undo *u, struct reversal_result *result,
                                  struct error *err) {
  struct store *reader = NULL;
  enum status status = u->what->entry ? find_entry(u, err) : find_import(u, err);
  if (status != DONE) return status;
  u->file = bulk_file(u->bulk, NULL, "");
  status = store_again(&reader, u->store, STORE_READ, err);
  if (status == DONE) status = scan(u, reader, err);
  store_close(reader);
  return status == DONE ? post(u, result, err) : status;
}

enum status reversal_post(struct store *store, const struct reversal *what,
                          struct reversal_result *result, struct error *err) {
  struct undo u = {.store = store, .what = what};
  struct bulk_options options = {.who = what->who,
                                 .kind = "reversal",
                                 .memo = what->reason,
                                 .progress = PROGRESS_NEVER,
                                 .hook = what->hook};
  *result = (struct reversal_result){0};
  const day_t today = day_today();
  char edge[11];
  if (what->on != DAY_NONE && what->on > today)
    return refuse(err, REVERSAL_DAY_TOO_LATE, day_write(today, edge));
  if (!what->reason || !*what->reason) return refuse(err, REVERSAL_REASON_OPTION_MISSING);
  struct arena *arena = arena_new();
  struct roles *roles = NULL;
  enum status status = book_roles(store, arena, &roles, err);
  u.roles = roles;
  if (status == DONE) status = bulk_open(&u.bulk, store, &options, err);
  if (status == DONE) status = reverse_within(&u, result, err);
  bulk_free(u.bulk);
  arena_free(arena);
  return status;
}

/* ---- one line, by its key ---- */

static enum status read_line(struct store *store, struct arena *arena, const struct roles *roles,
                             const struct reversal_of_line *what, struct line *line,
                             struct account *account, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status =
      store_query(store, &q,
                  "select l.account, l.day, l.entry, l.n, l.amount, l.category, l.quantity, "
                  "l.service, l.cost_year, l.estimated, l.body, l.place, null, l.note, "
                  "l.reverses_entry, l.reverses_n, l.department, l.stream, l.condition, a.role, "
                  "a.unit, e.kind from line l join account a on a.id = l.account join entry e on "
                  "e.id = l.entry "
                  "where l.account = ?1 and l.day = ?2 and l.entry = ?3 and l.n = ?4",
                  err);
  if (status != DONE) return status;
  query_bind_int(q, 1, what->account);
  query_bind_int(q, 2, what->day);
  query_bind_int(q, 3, what->entry);
  query_bind_int(q, 4, what->line_no);
  status = query_step(q, &row, err);
  if (status == DONE && row) {
    line_read(q, line);
    if (!roles_is(roles, query_text(q, 19), ROLE_BUDGET)) line->note = span_make(NULL, 0);
    line_keep_texts(arena, line);
    status = read_unit(account, query_text(q, 20), what->account, err);
  }
  if (status == DONE && (!row || (what->body && line->body != what->body)))
    status = refuse(err, LINE_UNKNOWN);
  else if (status == DONE && roles_is(roles, query_text(q, 19), ROLE_CONTRA))
    status = refuse(err, LINE_IS_CONTROL);
  else if (status == DONE && roles_is(roles, query_text(q, 19), ROLE_ERASED))
    status = refuse(err, LINE_IS_SUM_OF_ERASED);
  else if (status == DONE && (line->reverses_entry || span_is(query_text(q, 21), "reversal")))
    status = refuse(err, LINE_IS_REVERSAL);
  else if (status == DONE && line->amount == INT64_MIN)
    status = refuse(err, REVERSED_AMOUNT_TOO_LARGE);
  query_end(q);
  return status;
}

static enum status reverse_line(struct store *store, struct arena *arena, const struct roles *roles,
                                const struct reversal_of_line *what, int64_t *entry,
                                struct error *err) {
  struct line line = {0};
  struct account account = {0}, control;
  if (!what->reason || !*what->reason) {
    refuse(err, REVERSAL_REASON_MISSING);
    return error_at(err, NULL, 0, "reason");
  }
  enum status status = read_line(store, arena, roles, what, &line, &account, err);
  if (status != DONE) return status;
  control = account_of_control(roles, line.body, account.unit);
  if ((status = book_ready_account(store, &control, err)) != DONE) return status;
  line.reverses_entry = line.entry;
  line.reverses_line_no = line.line_no;
  line.amount = -line.amount;
  line.quantity = -line.quantity;
  struct posting *p = posting_begin(store, what->on == DAY_NONE ? line.day : what->on, "reversal",
                                    what->reason);
  posting_add(p, &line);
  posting_add(
      p, &(struct line){.account = control.id, .category = line.category, .amount = -line.amount});
  status = posting_post(p, entry, err);
  /* not a field of the caller */
  if (status == REFUSED && strcmp(err->column, "reference") == 0) err->column[0] = 0;
  return status;
}

enum status reversal_line(struct store *store, const struct reversal_of_line *what, int64_t *entry,
                          struct error *err) {
  struct arena *arena = arena_new();
  struct roles *roles = NULL;
  enum status status = book_roles(store, arena, &roles, err);
  if (status == DONE) status = reverse_line(store, arena, roles, what, entry, err);
  arena_free(arena);
  return status;
}

/* ---- for an erasure ---- */

static struct reference_key once_of(const struct undone_line *undone) {
  struct reference_key once = {.reversal = true};
  struct hasher *h = hasher_new();
  reference_reversal_digest(h, undone, &once.digest);
  hasher_free(h);
  return once;
}

enum status reversal_known(struct store *store, int64_t entry, int32_t line_no, int64_t sum_account,
                           bool *known, struct error *err) {
  const struct reference_key once = once_of(&(struct undone_line){entry, line_no, sum_account});
  return references_known(store, &once, known, err);
}

enum status reversal_mark_sum(struct store *store, int64_t entry, int32_t line_no,
                              int64_t sum_account, struct error *err) {
  const struct reference_key once = once_of(&(struct undone_line){entry, line_no, sum_account});
  return references_add_one(store, &once, entry, err);
}

/* ---- what is named ---- */

static bool read_number(struct span text, int64_t most, int64_t *out) {
  struct error ignored = {0};
  return integer_parse(text, out, &ignored) == DONE && *out >= 1 && *out <= most;
}

bool reversal_target(struct span word, struct reversal *out) {
  const char *colon = word.size ? memchr(word.bytes, ':', word.size) : NULL;
  size_t size = colon ? (size_t)(colon - word.bytes) : word.size;
  struct span before = span_make(word.bytes, size),
              after = colon ? span_make(colon + 1, word.size - size - 1) : span_of("");
  int64_t line = 0;
  if (colon && span_is(before, "import")) return read_number(after, INT64_MAX, &out->import);
  if (!read_number(before, INT64_MAX, &out->entry) ||
      (colon && !read_number(after, INT32_MAX, &line)))
    return false;
  out->line_no = (int32_t)line;
  return true;
}
