#include "exchange/columns.h"

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
