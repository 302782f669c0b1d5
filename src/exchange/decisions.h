/* The counted decisions of an import of spending or budgets about one file: the object `decisions`
 * of the summary. */
#ifndef WEAL_EXCHANGE_DECISIONS_H
#define WEAL_EXCHANGE_DECISIONS_H

#include "exchange/forms.h"
#include "exchange/profile.h"
#include "exchange/rejects.h"

enum { DAY_FORMS_MAX = 24, STOOD_IN_FOR_MAX = 8, WARNINGS_MAX = 8, SHEETS_LEFT_OUT = 16 };

/* A row with the sum of others. */
struct control_total {
  uint64_t line;
  /* which rows it sums: the values of the columns that total-within names; empty: all */
  const char *of;
  int64_t declared, sum;     /* pence; sum less declared is the difference */
  int64_t vat;               /* taken off what the row says, which is declared and this */
  int64_t sum_to, sum_since; /* of the rows above it; of the rows since the previous total */
  int64_t vat_to, vat_since; /* what was taken off those rows */
  bool vat_unsaid;           /* its rows have VAT, and its own cell of VAT is empty */
  /* an amount alone in its row, taken for a total because it equals one */
  bool bare;
  /* known: the profile says that the publisher's own figures differ by this much */
  bool agrees, known;
};

/* What a column was taken for. */
struct decided_column {
  const char *heading; /* as published; `@7` where the seventh has none */
  enum meaning means;
  int sure; /* of 100; 0: a profile says so */
};

struct category_count {
  int64_t rows, amount; /* pence */
};

struct decisions {
  bool published;
  uint64_t header_line;
  int64_t read;    /* records of the file, but for empty lines */
  int64_t headers; /* records that are the header: one of each sheet */
  /* sheets of a workbook that are no payments, or are hidden */
  const char *sheets_left_out[SHEETS_LEFT_OUT];
  int sheet_left_out_count;
  int64_t sheet_records_left_out;
  int64_t rows_before_header, repeated_headers, blank_rows, rows_without_payment,
      not_published_rows;
  int64_t left_out;
  int64_t windows_1252_cells, padding_columns, text_in_padding, short_rows, commas_put_back;
  struct {
    char form[FORM_SIZE];
    int64_t rows;
  } day_forms[DAY_FORMS_MAX];
  int day_form_count;
  int64_t stood_in_days, stood_in_bodies;
  /* payers' names that no registered body has */
  struct {
    const char *name;
    int64_t rows;
  } stood_in_for[STOOD_IN_FOR_MAX];
  int stood_in_for_count;
  int64_t plain_amounts, money_form_rows[MONEY_FORMS], negative_rows;
  int64_t scale;
  /* rows whose payee is there, in the book or by a row above; payees that are made */
  int64_t known_suppliers, new_suppliers;
  int64_t rows_again; /* of known_suppliers: those whose payee this import made above */
  int64_t trimmed_names, redacted_payees, unnamed_payees, new_bodies, new_streams;
  /* names that were found as another spelling of a body's; new suppliers that may be a body that is
   * there (weal bodies review) */
  int64_t other_spellings, unsure_suppliers;
  /* payees that were found by their company number; numbers kept of bodies that had none; texts of
   * that column which are no company number, and the line of the first */
  int64_t suppliers_by_number, numbers_kept, numbers_left_out;
  uint64_t number_left_out_line;
  /* new ones whose name is a private person's, and whose name does not say that it is none's */
  int64_t private_suppliers, undecided_suppliers;
  /* payments whose category is the file's or the profile's, by a rule of spend-categories.csv, and
   * not known (supplier-payment) */
  struct category_count categories_given, categories_by_rule, categories_none;
  int64_t category_to_description, category_mapped;
  struct decided_column *columns; /* of the call's arena */
  int column_count;
  int sure;             /* the least sure of day, amount and payee; 0: a profile says so */
  const char *day_from; /* the title or name that says the month of rows without a day */
  struct import_warning warnings[WARNINGS_MAX];
  int warning_count;
  struct control_total *totals;
  int total_count, total_capacity; /* malloc */
};

/* Adds what `why` says, as long as there is room. */
void decisions_warn(struct decisions *d, struct arena *arena, const struct error *why);
/* rows without a payer, where --body was used */
void decisions_note_payer(struct decisions *d, struct span name, struct arena *arena);
void decisions_note_form(struct decisions *d, const char *form);
/* A sheet that is not read, and why; its records count as read and left out. */
void decisions_leave_sheet(struct decisions *d, const char *sheet, bool hidden, int64_t records,
                           struct arena *arena);
/* How many records of the file are no row: read less rows. */
int64_t decisions_left_out(const struct decisions *d);
/* What each kept column was taken for, in a line: `amount: Net Amount; date: Payment Date`. */
const char *decisions_mapping(const struct decisions *d, struct arena *arena);
/* The object as JSON, of the arena; releases what `d` holds. */
const char *decisions_write(struct decisions *d, struct arena *arena);

#endif
