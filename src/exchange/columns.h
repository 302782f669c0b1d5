/* The columns of every kind, in the order of docs/reference/files.md, for import and export. The
 * enums index them. */
#ifndef WEAL_EXCHANGE_COLUMNS_H
#define WEAL_EXCHANGE_COLUMNS_H

#include "exchange/import_entries.h" /* entries_columns */
#include "register/address.h"

enum { PLACE_CODE, PLACE_NAME, PLACE_KIND, PLACE_PARENT, PLACE_COLUMNS };
enum {
  HOUSEHOLD_ID,
  HOUSEHOLD_PLACE,
  HOUSEHOLD_TENURE,
  HOUSEHOLD_BAND,
  HOUSEHOLD_FROM,
  HOUSEHOLD_ADDRESS, /* as address_columns has them */
  HOUSEHOLD_COLUMNS = HOUSEHOLD_ADDRESS + ADDRESS_PARTS
};
enum {
  PERSON_ID,
  PERSON_NAME,
  PERSON_BORN,
  PERSON_DIED,
  PERSON_SEX,
  PERSON_HOUSEHOLD,
  PERSON_PLACE,
  PERSON_FROM,
  PERSON_NINO,
  PERSON_NHS,
  PERSON_UTR,
  PERSON_EMAIL,
  PERSON_ADDRESS, /* as address_columns has them */
  PERSON_COLUMNS = PERSON_ADDRESS +
                   ADDRESS_PARTS, /* a column for each scheme of the policy pack may follow */
  PERSON_NUMBERS = PERSON_EMAIL - PERSON_NINO
};
enum { PROFILE_BODY, PROFILE_VERSION, PROFILE_RULES, PROFILE_REASON, PROFILE_FILE_COLUMNS };
enum {
  MATCH_BODY,
  MATCH_NAME,
  MATCH_BORN,
  MATCH_POSTCODE,
  MATCH_PERSON,
  MATCH_DECISION,
  MATCH_REASON,
  MATCH_COLUMNS
};
enum { PAYEE_BODY, PAYEE_OTHER, PAYEE_DECISION, PAYEE_REASON, PAYEE_COLUMNS };
enum { BODY_ID, BODY_NAME, BODY_KIND, BODY_COMPANY, BODY_PLACE, BODY_COLUMNS };
enum { SERVICE_CODE, SERVICE_NAME, SERVICE_CATEGORY, SERVICE_UNIT, SERVICE_COLUMNS };
enum { COST_SERVICE, COST_YEAR, COST_COST, COST_SOURCE, COST_ESTIMATED, COST_COLUMNS };
enum { RATE_WHAT, RATE_YEAR, RATE_RATE, RATE_SOURCE, RATE_COLUMNS };
enum {
  STREAM_CODE,
  STREAM_NAME,
  STREAM_OWNER,
  STREAM_PAYER,
  STREAM_KIND,
  STREAM_YEAR,
  STREAM_AMOUNT,
  STREAM_SOURCE,
  STREAM_CONDITION,
  STREAM_CATEGORY,
  STREAM_PEOPLE,
  STREAM_PLACE,
  STREAM_FROM,
  STREAM_TO,
  STREAM_COLUMNS
};
enum {
  FACT_PERSON,
  FACT_HOUSEHOLD,
  FACT_VARIABLE,
  FACT_VALUE,
  FACT_PER,
  FACT_FROM,
  FACT_TO,
  FACT_SOURCE,
  FACT_SAID_BY,
  FACT_BODY,
  FACT_EVIDENCE,
  FACT_REVIEW_BY,
  FACT_COLUMNS
};
enum {
  AWARD_PERSON,
  AWARD_VARIABLE,
  AWARD_PENCE,
  AWARD_PER,
  AWARD_FROM,
  AWARD_TO,
  AWARD_BODY,
  AWARD_REFERENCE,
  AWARD_PAY,
  AWARD_FIRST_DUE,
  AWARD_DECIDED,
  AWARD_COLUMNS
};
enum {
  HISTORY_AWARD,
  HISTORY_ROW,
  HISTORY_PERSON,
  HISTORY_VARIABLE,
  HISTORY_BODY,
  HISTORY_PENCE,
  HISTORY_PER,
  HISTORY_FROM,
  HISTORY_TO,
  HISTORY_PAY,
  HISTORY_FIRST_DUE,
  HISTORY_ARREARS,
  HISTORY_SOURCE,
  HISTORY_REFERENCE,
  HISTORY_MADE_BY,
  HISTORY_MADE_AT,
  HISTORY_WHY,
  HISTORY_SUPERSEDES,
  HISTORY_DUE,
  HISTORY_PAID,
  HISTORY_DIED,
  HISTORY_COLUMNS
};
enum {
  SPEND_DATE,
  SPEND_BODY,
  SPEND_SUPPLIER,
  SPEND_AMOUNT,
  SPEND_CATEGORY,
  SPEND_DEPARTMENT,
  SPEND_DESCRIPTION,
  SPEND_REFERENCE,
  SPEND_PLACE,
  SPEND_COLUMNS
};
enum {
  BUDGET_YEAR,
  BUDGET_BODY,
  BUDGET_STREAM,
  BUDGET_CATEGORY,
  BUDGET_AMOUNT,
  BUDGET_CONDITIONS,
  BUDGET_COLUMNS
};

/* column_help.c */
extern const struct column_help places_help[PLACE_COLUMNS], households_help[HOUSEHOLD_COLUMNS],
    people_help[PERSON_COLUMNS], bodies_help[BODY_COLUMNS], services_help[SERVICE_COLUMNS],
    unit_costs_help[COST_COLUMNS], rates_help[RATE_COLUMNS], streams_help[STREAM_COLUMNS],
    spend_help[SPEND_COLUMNS], budget_help[BUDGET_COLUMNS], facts_help[FACT_COLUMNS],
    payees_help[PAYEE_COLUMNS], matches_help[MATCH_COLUMNS], profiles_help[PROFILE_FILE_COLUMNS],
    awards_help[AWARD_COLUMNS], history_help[HISTORY_COLUMNS];
extern const struct table_column places_columns[PLACE_COLUMNS],
    households_columns[HOUSEHOLD_COLUMNS], people_columns[PERSON_COLUMNS],
    bodies_columns[BODY_COLUMNS], services_columns[SERVICE_COLUMNS],
    unit_costs_columns[COST_COLUMNS], rates_columns[RATE_COLUMNS], streams_columns[STREAM_COLUMNS],
    spend_columns[SPEND_COLUMNS], budget_columns[BUDGET_COLUMNS], facts_columns[FACT_COLUMNS],
    payees_columns[PAYEE_COLUMNS], matches_columns[MATCH_COLUMNS],
    profiles_columns[PROFILE_FILE_COLUMNS], awards_columns[AWARD_COLUMNS],
    history_columns[HISTORY_COLUMNS];

/* Folds what a paste brought (base/pasted.h) in a row's codes, days and numbers; texts for people
 * stay. True when a field changed: the row may then be sound. */
bool columns_fold(const struct table_rows *rows, size_t row, const struct table_column *columns);
/* The same of one field. */
bool column_fold(const struct table_rows *rows, size_t row, int column);
/* Whether two values of a column say the same, as they are read: days, amounts, numbers and codes
 * may be written in more than one way, words may not. */
bool column_same(const char *column, struct span x, struct span y);
/* A column that holds no line break (codes, references, days, numbers) and has one in this row, as
 * when a stray quote joins rows; -1: none. */
int column_with_break(const struct table_rows *rows, size_t row,
                      const struct table_column *columns);
/* The sentence on it, with the lines of the file that the row takes. */
enum status column_refuse_break(const struct table_rows *rows, size_t row,
                                const struct table_column *columns, int column, struct error *err);
/* Leaves out blanks and what cannot be seen at both ends of each field. */
void columns_trim(const struct table_rows *rows, size_t row);

#endif
