#include "exchange/columns.h"

#include "base/pasted.h"

const struct table_column places_columns[PLACE_COLUMNS] = {
    {"code", true}, {"name", true}, {"kind", true}, {"parent", false}};
const struct table_column households_columns[HOUSEHOLD_COLUMNS] = {{"id", true},
                                                                   {"place", false},
                                                                   {"tenure", false},
                                                                   {"council_tax_band", false},
                                                                   {"from", false}};
const struct table_column people_columns[PERSON_COLUMNS] = {
    {"id", true},    {"name", true},       {"born", true},   {"died", false},
    {"sex", false},  {"household", false}, {"place", false}, {"from", false},
    {"nino", false}, {"nhs", false},       {"utr", false},   {"email", false}};
const struct table_column bodies_columns[BODY_COLUMNS] = {
    {"id", true}, {"name", true}, {"kind", true}, {"company", false}, {"place", false}};
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
const struct table_column spend_columns[SPEND_COLUMNS] = {
    {"date", true},         {"body", true},       {"supplier", true},
    {"amount", true},       {"category", false},  {"department", false},
    {"description", false}, {"reference", false}, {"place", false}};
const struct table_column budget_columns[BUDGET_COLUMNS] = {
    {"year", true},     {"body", true},   {"stream", true},
    {"category", true}, {"amount", true}, {"conditions", false}};

/* Columns of words, in whatever kind they are. */
static bool is_worded(const char *name) {
  static const char *const worded[] = {"name",       "tenure",    "source", "condition",
                                       "conditions", "people",    "note",   "description",
                                       "department", "reference", "stream", "supplier"};
  for (size_t i = 0; i < sizeof worded / sizeof *worded; i++)
    if (strcmp(name, worded[i]) == 0) return true;
  return false;
}

bool columns_fold(const struct table_rows *rows, size_t row, const struct table_column *columns) {
  bool changed = false;
  struct table_piece *piece = rows->piece + row * (size_t)rows->columns;
  for (int c = 0; c < rows->columns; c++) {
    struct span field = table_field(rows, row, c);
    if (is_worded(columns[c].name) || !pasted_may_fold(field)) continue;
    char *bytes = rows->bytes + piece[c].at;
    const size_t size = piece[c].size;
    piece[c].size = (uint32_t)pasted_fold(field, bytes);
    changed |= piece[c].size != size; /* what is folded takes more bytes than what it becomes */
  }
  return changed;
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
