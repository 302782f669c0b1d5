/* The call: opens each file, decides whether it has our own form or a published one, reads our own,
 * and posts everything at once. money_row.h says which file does what. */
#include "exchange/import_money.h"

#include "base/folder.h"
#include "base/money.h"
#include "base/refusal.h"
#include "base/table.h"
#include "exchange/columns.h"
#include "exchange/headings.h"
#include "exchange/import_bulk.h"
#include "exchange/kept_profiles.h"
#include "exchange/money_row.h"
#include "exchange/plain.h"
#include "exchange/preview.h"
#include "exchange/sheet_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

bool money_day_missing(const struct money *m, day_t *day) {
  day_t given = m->call->options.date;
  if (given == DAY_NONE && !m->budget) given = m->named_day;
  if (given == DAY_NONE) return false;
  *day = m->budget ? year_first_day(YEAR_FINANCIAL, year_of_day(YEAR_FINANCIAL, given)) : given;
  return true;
}

/* ---- our own form ---- */

static const enum meaning spend_meanings[SPEND_COLUMNS] = {
    MEANS_DATE,       MEANS_BODY,        MEANS_SUPPLIER,  MEANS_AMOUNT, MEANS_CATEGORY,
    MEANS_DEPARTMENT, MEANS_DESCRIPTION, MEANS_REFERENCE, MEANS_PLACE};
static const enum meaning budget_meanings[BUDGET_COLUMNS] = {MEANS_YEAR,   MEANS_BODY,
                                                             MEANS_STREAM, MEANS_CATEGORY,
                                                             MEANS_AMOUNT, MEANS_CONDITIONS};

/* The columns that the kind requires; those that --body and --date replace may be missing. */
static const struct table_column *own_columns(const struct money *m, int *count) {
  *count = m->budget ? (int)BUDGET_COLUMNS : (int)SPEND_COLUMNS;
  struct table_column *columns = arena_array(m->call->arena, struct table_column, *count);
  memcpy(columns, m->budget ? budget_columns : spend_columns, (size_t)*count * sizeof *columns);
  if (m->stand_in) columns[m->budget ? (int)BUDGET_BODY : (int)SPEND_BODY].required = false;
  if (m->call->options.date != DAY_NONE)
    columns[m->budget ? (int)BUDGET_YEAR : (int)SPEND_DATE].required = false;
  return columns;
}

static enum status read_own_day(struct money *m, struct money_row *row, struct error *err) {
  int year;
  enum meaning meaning = m->budget ? MEANS_YEAR : MEANS_DATE;
  struct span text = row->text[meaning];
  if (!text.size && money_day_missing(m, &row->day)) {
    row->stood_in = !m->budget;
    return DONE;
  }
  enum status status = m->budget ? year_parse(text, &year, err) : day_parse(text, &row->day, err);
  if (status != DONE) return error_at(err, NULL, 0, meaning_words[meaning]);
  if (m->budget) row->day = year_first_day(YEAR_FINANCIAL, year);
  else decisions_note_form(&m->decisions, "yyyy-mm-dd");
  return DONE;
}

static enum status take_own_row(struct money *m, const struct table_rows *rows, size_t r,
                                struct error *err) {
  const enum meaning *meanings = m->budget ? budget_meanings : spend_meanings;
  struct money_row row = {.line = rows->line[r]};
  struct error reason = {0};
  const struct table_fault *fault = &rows->fault[r];
  if (!fault->reason) columns_trim(rows, r);
  for (int c = 0; c < rows->columns && !fault->reason; c++)
    row.text[meanings[c]] = table_field(rows, r, c);
  if (fault->reason) {
    refuse_again(&reason, fault->refusal, fault->reason);
    money_refuse(m, row.line, arena_string(m->call->arena, fault->column), table_row_text(rows, r),
                 &reason, false, 0);
    m->result.rows++;
    return DONE;
  }
  const struct table_column *columns = m->budget ? budget_columns : spend_columns;
  const int broken = column_with_break(rows, r, columns);
  if (broken >= 0) {
    column_refuse_break(rows, r, columns, broken, &reason);
    money_refuse(m, row.line, columns[broken].name, table_field(rows, r, broken), &reason, false,
                 0);
    m->result.rows++;
    return DONE;
  }
  m->result.rows += row.text[MEANS_AMOUNT].size > 0;
  if (money_parse(row.text[MEANS_AMOUNT], &row.amount, &reason) != DONE) {
    money_refuse(m, row.line, "amount", row.text[MEANS_AMOUNT], &reason, false, 0);
    return DONE;
  }
  if (row.amount == INT64_MIN) {
    refuse_code(&reason, REFUSAL_MONEY_TOO_LARGE);
    money_refuse(m, row.line, "amount", row.text[MEANS_AMOUNT], &reason, false, 0);
    return DONE;
  }
  if (read_own_day(m, &row, &reason) != DONE) {
    enum meaning meaning = m->budget ? MEANS_YEAR : MEANS_DATE;
    money_refuse(m, row.line, meaning_words[meaning], row.text[meaning], &reason, true, row.amount);
    return DONE;
  }
  m->decisions.plain_amounts++;
  return money_take(m, &row, err);
}

static enum status read_own(struct money *m, const char *path, struct digest *digest,
                            struct error *err) {
  struct table *table = NULL;
  struct table_rows *rows = NULL;
  struct progress progress = {0};
  int count;
  const struct table_column *columns = own_columns(m, &count);
  enum status status = table_open(&table, path, columns, count, err);
  if (status != DONE) return status;
  struct input *in = table_input(table);
  input_bound(in, m->call->options.unpacked_most);
  progress_begin(&progress, m->call->options.progress, "reading", input_size_bytes(in));
  progress_report(&progress, m->call->options.watch);
  while ((status = table_next(table, &rows, err)) == DONE && rows) {
    for (size_t r = 0; status == DONE && r < rows->count; r++) {
      const int64_t before = m->result.rejected, more = (int64_t)table_row_lines(rows, r) - 1;
      status = take_own_row(m, rows, r, err);
      if (m->result.rejected > before) m->result.rejected_more_lines += more;
      else m->result.posted_more_lines += more;
    }
    progress_update(&progress, input_position_bytes(in), (uint64_t)m->result.rows);
    table_rows_free(rows);
    if (status != DONE) break;
  }
  progress_end(&progress);
  if (status == DONE) input_digest(in, digest);
  table_close(table);
  return status;
}

/* ---- which form ---- */

static int compare_heading(struct span name, const char *ours) {
  return name.size == strlen(ours) ? strncasecmp(name.bytes, ours, name.size) : 1;
}

/* Whether the first record is a header of our own form: all its headings are ours, or most are and
 * no profile knows it, so that a slip in one heading is reported as such. The reader of our own
 * form reports an empty file, and columns with another divider. */
static bool is_own(const struct money *m, const struct record_cells *first) {
  const struct table_column *columns = m->budget ? budget_columns : spend_columns;
  int count = m->budget ? (int)BUDGET_COLUMNS : (int)SPEND_COLUMNS, headings = 0, exact = 0,
      any_case = 0;
  if (first->count < 1) return true;
  if (first->count == 1 && (memchr(first->cells[0].bytes, ';', first->cells[0].size) ||
                            memchr(first->cells[0].bytes, '\t', first->cells[0].size)))
    return true;
  for (int c = 0; c < first->count; c++) {
    struct span name = span_trim(first->cells[c]);
    bool passed_over = name.size > 2 && memcmp(name.bytes, "x_", 2) == 0;
    headings += name.size > 0 && !passed_over;
    for (int i = 0; i < count; i++) {
      exact += span_is(name, columns[i].name);
      any_case += compare_heading(name, columns[i].name) == 0;
    }
  }
  if (exact == headings && exact) return true;
  if (m->given_profile) return false;
  if (any_case == 0 || (any_case < headings && (exact < 2 || exact * 2 <= headings))) return false;
  struct layout layout;
  for (int i = 0; i < m->profiles->count; i++)
    if (profile_knows(&m->profiles->all[i], first, (struct stand_ins){true, true}, m->call->arena,
                      &layout))
      return false;
  return true;
}

/* ---- one file ---- */

/* A file is opened twice, first to find its form and then to read it; an input that can be read
 * only once is copied, unpacked, into a file without a name. */
static enum status copy_stream(const char *path, int *fd, struct error *err) {
  enum { PART = 256 << 10 };
  struct input *in = NULL;
  enum status status = input_open_zip(&in, path, err);
  if (status != DONE) return status;
  struct text failed = {0};
  text_addf(&failed, "%s cannot be copied", path);
  *fd = file_without_name();
  if (*fd < 0) status = error_errno(err, "%s", failed.bytes);
  char *part = memory_alloc(PART);
  for (size_t size = 1; status == DONE && size > 0;) {
    status = input_read(in, part, PART, &size, err);
    if (status == DONE) status = file_write_all(*fd, span_make(part, size), failed.bytes, err);
  }
  free(part);
  text_release(&failed);
  input_close(in);
  return status;
}

/* Whether the file begins with a brace: JSON Lines does, and no published CSV does. */
static enum status begins_json(const char *path, bool *json, struct error *err) {
  char bytes[64];
  size_t size = 0, at = 0;
  struct input *in = NULL;
  enum status status = input_open_zip(&in, path, err);
  if (status == DONE) status = input_read(in, bytes, sizeof bytes, &size, err);
  input_close(in);
  if (size >= 3 && memcmp(bytes, UTF8_MARK, 3) == 0) at = 3;
  while (at < size && strchr(" \t\r\n", bytes[at])) at++;
  *json = at < size && bytes[at] == '{';
  return status;
}

const char *money_shown_path(const struct money *m) {
  return m->sheet && m->sheet[0] ? arena_printf(m->call->arena, "%s[%s]", m->path, m->sheet)
                                 : m->path;
}

static enum status read_part(struct money *m, const char *path, struct error *err) {
  struct table_raw *raw = NULL;
  struct record_cells first = {0};
  enum status status = table_raw_open(&raw, path, err);
  if (status == DONE) status = table_raw_next(raw, &first.cells, &first.count, &first.line, err);
  if (status == DONE) status = published_read(m, raw, &first, err);
  table_raw_close(raw);
  return status;
}

/* Which sheets of a workbook are read: those that are shown and have a header, with days where any
 * sheet has some (others sum them up); and those without a header that agree with one before. */
static enum status read_sheets(struct money *m, const struct plain *plain, struct error *err) {
  struct sheet_look look[SHEETS_MAX] = {0};
  struct text left = {0};
  struct error ignored;
  bool any_day = false;
  int read = 0;
  enum status status = DONE;
  for (int i = 0; i < plain->count && status == DONE; i++) {
    if (!plain->parts[i].hidden) status = published_look(m, plain->parts[i].path, &look[i], err);
    any_day |= look[i].day;
  }
  for (int i = 0; i < plain->count && status == DONE; i++) {
    const struct plain_part *part = &plain->parts[i];
    const bool has_header = look[i].header && (look[i].day || !any_day);
    const bool follows = !look[i].header && look[i].records && m->sheet_head.count;
    m->sheet = plain->count > 1 ? part->sheet : "";
    m->line_base = (uint64_t)read * SHEET_LINES;
    ignored = (struct error){0};
    if (!part->hidden && (has_header || follows)) {
      status = read_part(m, part->path, has_header ? err : &ignored);
      if (status == DONE) read++;
      if (status == DONE || has_header) continue;
      status = DONE;
    }
    decisions_leave_sheet(&m->decisions, part->sheet, part->hidden, look[i].records,
                          m->call->arena);
    text_addf(&left, "%s%s: %s", left.size ? "; " : "", part->sheet,
              part->hidden ? "hidden" : "no header of spending");
  }
  if (status == DONE && !read) {
    refuse(err, WORKBOOK_NO_SHEET, left.bytes ? left.bytes : "");
    status = error_at(err, m->path, 0, NULL);
  }
  text_release(&left);
  return status;
}

static enum status read_parts(struct money *m, const struct plain *plain, struct digest *digest,
                              struct error *err) {
  enum status status = plain->parts[0].sheet ? read_sheets(m, plain, err)
                                             : read_part(m, plain->parts[0].path, err);
  *digest = plain->digest;
  if (status != DONE && strncmp(err->file, "/proc/self/fd/", 14) == 0)
    snprintf(err->file, sizeof err->file, "%s", m->path);
  return status;
}

static enum status read_either(struct money *m, const char *path, struct digest *digest,
                               struct error *err) {
  struct table_raw *raw = NULL;
  struct record_cells first = {0};
  struct plain plain = {0};
  bool json = false;
  enum status status = begins_json(path, &json, err);
  if (status == DONE && json) return read_own(m, path, digest, err);
  if (status == DONE)
    status = plain_open(&plain, path, m->call->options.unpacked_most, m->call->arena, err);
  if (status == DONE && plain.count) {
    status = read_parts(m, &plain, digest, err);
    plain_close(&plain);
    return status;
  }
  if (status == DONE) status = table_raw_open(&raw, path, err);
  if (status == DONE) input_bound(table_raw_input(raw), m->call->options.unpacked_most);
  if (status == DONE) status = table_raw_next(raw, &first.cells, &first.count, &first.line, err);
  bool own = status == DONE && is_own(m, &first);
  if (status == DONE && !own) {
    status = published_read(m, raw, &first, err);
    if (status == DONE) input_digest(table_raw_input(raw), digest);
  }
  table_raw_close(raw);
  return status == DONE && own ? read_own(m, path, digest, err) : status;
}

/* Puts the name that the user gave into an error about a copy of the file. */
static void name_file(struct error *err, const char *read_as, const char *path) {
  if (strcmp(err->file, read_as) != 0) return;
  snprintf(err->file, sizeof err->file, "%s", path);
}

/* The sentence of one month that is there already. */
static void say_month(const struct import_month_found *same, struct error *out) {
  const struct import_month *month = same->month;
  const char *name = day_month_name(month->first_day);
  const bool one = month->rows == 1;
  int year = 0, number = 0, day = 0;
  struct text rows = {0}, amount = {0};
  day_parts(month->first_day, &year, &number, &day);
  text_add_count(&rows, month->rows);
  text_add_pounds(&amount, month->amount);
  if (same->import && one)
    refuse(out, MONTH_IN_IMPORT_ONE, name, year, amount.bytes, (long long)same->import, same->file);
  else if (same->import)
    refuse(out, MONTH_IN_IMPORT, rows.bytes, name, year, amount.bytes, (long long)same->import,
           same->file);
  else if (one) refuse(out, MONTH_IN_FILE_ONE, name, year, amount.bytes, same->file);
  else refuse(out, MONTH_IN_FILE, rows.bytes, name, year, amount.bytes, same->file);
  text_release(&rows);
  text_release(&amount);
}

/* Warns of payments that are there already, in a file of other bytes or another name. */
static enum status warn_of_months(struct money *m, struct error *err) {
  struct import_months_found found = {.arena = m->call->arena};
  struct decisions *d = &m->decisions;
  enum status status = bulk_months_same(m->bulk, m->file, m->months, &found, err);
  for (int i = 0; status == DONE && i < found.count; i++) {
    struct error why = {0};
    const int more = found.count - i;
    const bool last = d->warning_count == WARNINGS_MAX - 1 && more > 1;
    if (last) refuse(&why, MONTHS_MORE, more);
    else say_month(&found.all[i], &why);
    decisions_warn(d, m->call->arena, &why);
    if (last) break;
  }
  return status;
}

/* The decisions outlive the call's file with their totals. */
static void keep_preview(struct money *m) {
  struct decisions *d = &m->call->options.preview->decisions;
  *d = m->decisions;
  d->totals = arena_array(m->call->arena, struct control_total, d->total_count + 1);
  if (d->total_count)
    memcpy(d->totals, m->decisions.totals, (size_t)d->total_count * sizeof *d->totals);
}

static enum status read_file(struct money *m, const char *path, struct import_file *out,
                             struct error *err) {
  struct bulk_file_facts facts = {0};
  struct stat info;
  int fd = -1;
  char copy[32];
  const char *read_as = path;
  m->path = path;
  m->profile = NULL;
  m->payer = 0;
  m->named_day = DAY_NONE;
  m->sheet = NULL;
  m->line_base = 0;
  m->sheet_head = (struct record_cells){0};
  m->decisions = (struct decisions){.scale = 1};
  const struct error *why;
  for (int at = 0; (why = kept_profiles_unreadable(&m->kept, m->stand_in, &at));)
    decisions_warn(&m->decisions, m->call->arena, why);
  m->result = (struct import_file){.path = path};
  m->file = bulk_file(m->bulk, m->budget ? "budget" : "spend", path);
  m->months = m->budget ? NULL : arena_alloc(m->call->arena, sizeof *m->months);
  if (m->months) m->months->arena = m->call->arena;
  enum status status = DONE;
  if (strcmp(path, "-") == 0 ||
      (stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode))) {
    status = copy_stream(path, &fd, err);
    snprintf(copy, sizeof copy, "/proc/self/fd/%d", fd);
    read_as = copy;
  }
  if (status == DONE) status = read_either(m, read_as, &facts.digest, err);
  if (fd >= 0) close(fd);
  if (status != DONE) name_file(err, read_as, path);
  if (m->months) import_months_release(m->months);
  if (status == DONE && m->months) status = warn_of_months(m, err);
  const char *mapping = decisions_mapping(&m->decisions, m->call->arena);
  m->result.read = m->decisions.read;
  m->result.left_out = decisions_left_out(&m->decisions);
  if (m->call->options.preview) keep_preview(m);
  m->result.decisions_json = decisions_write(&m->decisions, m->call->arena);
  m->result.profile = m->profile ? m->profile->name : NULL;
  m->result.warnings = arena_array(m->call->arena, struct import_warning, WARNINGS_MAX);
  m->result.warning_count = m->decisions.warning_count;
  memcpy(m->result.warnings, m->decisions.warnings, sizeof m->decisions.warnings);
  *out = m->result;
  if (status == DONE) status = import_check_previewed(m->call, m->result.profile, err);
  if (status != DONE) return status;
  facts.rows = m->result.rows;
  facts.rejected = m->result.rejected;
  facts.amount = m->result.amount;
  facts.months = m->months;
  facts.profile = m->profile && m->profile->recognised
                      ? arena_printf(m->call->arena, "%s: %s", m->result.profile, mapping)
                      : m->result.profile;
  status = bulk_file_end(m->bulk, m->file, &facts, err);
  if (status == REFUSED) rejects_forget(m->call->rejects);
  return status;
}

/* ---- the call ---- */

/* Reads --profile. Where it is known whose files it reads, the book keeps it with what it posts. */
static enum status read_given(struct money *m, struct error *err) {
  const struct import_call *call = m->call;
  enum status status = profile_read_file(&m->given_profile, call->options.profile, call->arena,
                                         err);
  if (status != DONE) return status;
  const char *named = m->given_profile->publisher;
  const struct body *body = m->stand_in ? m->stand_in
                            : named     ? bodies_by_code(m->bodies, span_of(named))
                                        : NULL;
  if (!body) return DONE;
  m->stand_in = body;
  status = profile_check_body(m->given_profile, body->code, call->options.profile, err);
  if (status != DONE) return status;
  struct kept_profile *answer = NULL;
  status = import_answer(call, body, m->given_profile, &answer, err);
  if (status == DONE) import_keep_answer(call, m->bulk, answer);
  return status;
}

static enum status import_within(struct money *m, struct import_result *result, struct error *err) {
  const struct import_call *call = m->call;
  enum status status = money_load(m, err);
  if (status == DONE && !m->budget)
    status = headings_read(&m->headings, call->pack->dir, call->arena, err);
  if (status == DONE && call->options.profile) status = read_given(m, err);
  int64_t rows = 0;
  for (int i = 0; status == DONE && i < call->path_count; i++) {
    status = read_file(m, call->paths[i], &result->files[i], err);
    rows += result->files[i].posted;
  }
  if (status != DONE) return status;
  if (m->total_refusal.code) {
    *err = m->total_refusal;
    return REFUSED;
  }
  /* exchange_import refuses with the first one's message */
  if (rejects_count(call->rejects) && !call->options.partial) return DONE;
  return rows ? import_post(call, m->bulk, result, err) : DONE;
}

static enum status import_money(const struct import_call *call, bool budget,
                                struct import_result *result, struct error *err) {
  struct money *m = arena_alloc(call->arena, sizeof *m);
  m->call = call;
  m->budget = budget;
  m->name_arena = arena_new();
  m->file_arena = arena_new();
  enum status status = import_open(call, false, &m->bulk, result, err);
  if (status == DONE) status = import_within(m, result, err);
  bulk_free(m->bulk);
  text_release(&m->payer_named);
  text_release(&m->note);
  text_release(&m->department);
  text_release(&m->stream);
  text_release(&m->condition);
  free(m->new_streams);
  arena_free(m->name_arena);
  arena_free(m->file_arena);
  return status;
}

enum status import_spend(const struct import_call *call, struct import_result *result,
                         struct error *err) {
  return import_money(call, false, result, err);
}
enum status import_budget(const struct import_call *call, struct import_result *result,
                          struct error *err) {
  return import_money(call, true, result, err);
}
