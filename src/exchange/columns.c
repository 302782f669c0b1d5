#include "exchange/columns.h"

#include "base/day.h"
#include "base/money.h"
#include "base/pasted.h"
#include "base/refusal.h"
#include "register/identifier.h"

/* as address_columns has them, which a unit test holds */
#define ADDRESS_OF_FILES \
  {"address_1", false}, {"address_2", false}, {"address_3", false}, {"address_4", false}, \
      {"address_5", false}, {"postcode", false}, { \
    "uprn", false \
  }

const struct table_column places_columns[PLACE_COLUMNS] = {
    {"code", true}, {"name", true}, {"kind", true}, {"parent", false}};
const struct table_column households_columns[HOUSEHOLD_COLUMNS] = {
    {"id", true},    {"place", false}, {"tenure", false}, {"council_tax_band", false},
    {"from", false}, ADDRESS_OF_FILES};
const struct table_column people_columns[PERSON_COLUMNS] = {
    {"id", true},         {"name", true},   {"born", true},  {"died", false}, {"sex", false},
    {"household", false}, {"place", false}, {"from", false}, {"nino", false}, {"nhs", false},
    {"utr", false},       {"email", false}, ADDRESS_OF_FILES};
const struct table_column bodies_columns[BODY_COLUMNS] = {
    {"id", true}, {"name", true}, {"kind", true}, {"company", false}, {"place", false}};
const struct table_column payees_columns[PAYEE_COLUMNS] = {
    {"body", true}, {"other", true}, {"decision", true}, {"reason", false}};
const struct table_column profiles_columns[PROFILE_FILE_COLUMNS] = {
    {"body", true}, {"version", false}, {"rules", true}, {"reason", false}};
const struct table_column matches_columns[MATCH_COLUMNS] = {{"body", true},   {"name", true},
                                                            {"born", true},   {"postcode", true},
                                                            {"person", true}, {"decision", true},
                                                            {"reason", false}};
const struct table_column services_columns[SERVICE_COLUMNS] = {
    {"code", true}, {"name", true}, {"category", true}, {"unit", false}};
const struct table_column unit_costs_columns[COST_COLUMNS] = {
    {"service", true}, {"year", true}, {"cost", true}, {"source", true}, {"estimated", false}};
const struct table_column rates_columns[RATE_COLUMNS] = {
    {"what", true}, {"year", true}, {"rate", true}, {"source", true}};
const struct table_column streams_columns[STREAM_COLUMNS] = {
    {"stream", true},     {"name", false},     {"owner", false},  {"payer", false},
    {"kind", false},      {"year", false},     {"amount", false}, {"source", false},
    {"condition", false}, {"category", false}, {"people", false}, {"place", false},
    {"from", false},      {"to", false}};
const struct table_column facts_columns[FACT_COLUMNS] = {
    {"person", false},  {"household", false}, {"variable", true},  {"value", true},
    {"per", false},     {"from", true},       {"to", false},       {"source", true},
    {"said_by", false}, {"body", false},      {"evidence", false}, {"review_by", false}};
const struct table_column awards_columns[AWARD_COLUMNS] = {
    {"person", true}, {"variable", true},   {"amount", true},  {"per", false},
    {"from", true},   {"to", false},        {"body", false},   {"reference", false},
    {"pay", false},   {"first_due", false}, {"decided", false}};
const struct table_column history_columns[HISTORY_COLUMNS] = {
    {"award", true},   {"row", true},         {"person", true},     {"variable", true},
    {"body", true},    {"amount", true},      {"per", false},       {"from", true},
    {"to", false},     {"pay", false},        {"first_due", false}, {"arrears", false},
    {"source", false}, {"reference", false},  {"made_by", false},   {"made_at", false},
    {"why", false},    {"supersedes", false}, {"due", false},       {"paid", false},
    {"died", false}};
const struct table_column spend_columns[SPEND_COLUMNS] = {
    {"date", true},         {"body", true},       {"supplier", true},
    {"amount", true},       {"category", false},  {"department", false},
    {"description", false}, {"reference", false}, {"place", false}};
const struct table_column budget_columns[BUDGET_COLUMNS] = {
    {"year", true},     {"body", true},   {"stream", true},
    {"category", true}, {"amount", true}, {"conditions", false}};

static bool is_address_line(const char *name) {
  const int part = address_column(name);
  return part >= 0 && part < ADDRESS_LINES;
}

/* Columns of words, in whatever kind they are. */
static bool is_worded(const char *name) {
  static const char *const worded[] = {"name",       "tenure",    "source", "condition",
                                       "conditions", "people",    "note",   "description",
                                       "department", "reference", "stream", "supplier",
                                       "rules"};
  for (size_t i = 0; i < sizeof worded / sizeof *worded; i++)
    if (strcmp(name, worded[i]) == 0) return true;
  return is_address_line(name);
}

bool column_fold(const struct table_rows *rows, size_t row, int column) {
  struct span field = table_field(rows, row, column);
  struct table_piece *piece = &rows->piece[row * (size_t)rows->columns + (size_t)column];
  if (!pasted_may_fold(field)) return false;
  piece->size = (uint32_t)pasted_fold(field, rows->bytes + piece->at);
  return piece->size != field.size; /* what is folded takes more bytes than what it becomes */
}

bool columns_fold(const struct table_rows *rows, size_t row, const struct table_column *columns) {
  bool changed = false;
  for (int c = 0; c < rows->columns; c++)
    if (!is_worded(columns[c].name)) changed |= column_fold(rows, row, c);
  return changed;
}

/* ---- what values say ---- */

static bool same_day(struct span x, struct span y) {
  struct error ignored;
  day_t a, b;
  return day_parse(x, &a, &ignored) == DONE && day_parse(y, &b, &ignored) == DONE && a == b;
}

static bool same_money(struct span x, struct span y) {
  struct error ignored;
  int64_t a, b;
  return money_parse(x, &a, &ignored) == DONE && money_parse(y, &b, &ignored) == DONE && a == b;
}

static bool same_word(struct span x, struct span y) {
  struct error ignored;
  bool a, b;
  return boolean_parse(x, &a, &ignored) == DONE && boolean_parse(y, &b, &ignored) == DONE && a == b;
}

static bool same_postcode(struct span x, struct span y) {
  char a[POSTCODE_SIZE], b[POSTCODE_SIZE];
  return postcode_read(x, a) && postcode_read(y, b) && strcmp(a, b) == 0;
}

static bool same_uprn(struct span x, struct span y) {
  int64_t a, b;
  return uprn_read(x, &a) && uprn_read(y, &b) && a == b;
}

static bool same_number(const char *scheme, struct span x, struct span y) {
  struct identifier a, b;
  return !identifier_read_value(NULL, scheme, x, &a) &&
         !identifier_read_value(NULL, scheme, y, &b) && strcmp(a.value, b.value) == 0 &&
         strcmp(a.suffix, b.suffix) == 0;
}

bool column_same(const char *column, struct span x, struct span y) {
  static const struct {
    const char *name;
    bool (*same)(struct span x, struct span y);
  } read[] = {{"born", same_day},          {"died", same_day},   {"from", same_day},
              {"cost", same_money},        {"rate", same_money}, {"estimated", same_word},
              {"postcode", same_postcode}, {"uprn", same_uprn}};
  enum { FOLDED_MOST = 256 };
  char a[FOLDED_MOST], b[FOLDED_MOST];
  if (span_equal(x, y)) return true;
  if (!x.size || !y.size || x.size > FOLDED_MOST || y.size > FOLDED_MOST || is_worded(column))
    return false;
  x = span_make(a, pasted_fold(x, a));
  y = span_make(b, pasted_fold(y, b));
  for (size_t i = 0; i < sizeof read / sizeof *read; i++)
    if (strcmp(column, read[i].name) == 0 && read[i].same(x, y)) return true;
  return span_equal(x, y) || same_number(column, x, y);
}

static bool has_break(struct span text) {
  return text.size && (memchr(text.bytes, '\n', text.size) || memchr(text.bytes, '\r', text.size));
}

int column_with_break(const struct table_rows *rows, size_t row,
                      const struct table_column *columns) {
  for (int c = 0; c < rows->columns; c++) {
    const char *name = columns[c].name;
    const bool one_line = !is_worded(name) || strcmp(name, "reference") == 0 ||
                          is_address_line(name);
    if (one_line && has_break(span_trim_pasted(table_field(rows, row, c)))) return c;
  }
  return -1;
}

enum status column_refuse_break(const struct table_rows *rows, size_t row,
                                const struct table_column *columns, int column, struct error *err) {
  const uint64_t first = rows->line[row];
  refuse(err, COLUMN_WITH_BREAK, (unsigned long long)first,
         (unsigned long long)(first + table_row_lines(rows, row) - 1));
  return error_at(err, NULL, 0, columns[column].name);
}

void columns_trim(const struct table_rows *rows, size_t row) {
  struct table_piece *piece = rows->piece + row * (size_t)rows->columns;
  for (int c = 0; c < rows->columns; c++) {
    if (!piece[c].size) continue;
    const char *bytes = rows->bytes + piece[c].at;
    const unsigned char first = (unsigned char)bytes[0],
                        last = (unsigned char)bytes[piece[c].size - 1];
    if (first > ' ' && first < 0x80 && last > ' ' && last < 0x80) continue;
    struct span kept = span_trim_pasted(span_make(bytes, piece[c].size));
    piece[c] = (struct table_piece){piece[c].at + (uint32_t)(kept.bytes - bytes),
                                    (uint32_t)kept.size};
  }
}
