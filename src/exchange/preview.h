/* What an import of payments, or of a body's own export of people, would do, for a person to look
 * at before it is posted: a dry run fills it (import_options.preview). All of it is in the call's
 * arena. Of an own export nobody who is meant is in it: only how many were found, and how. */
#ifndef WEAL_EXCHANGE_PREVIEW_H
#define WEAL_EXCHANGE_PREVIEW_H

#include "exchange/decisions.h"

enum { PREVIEW_ROWS = 20 };

/* A payment as it was understood. Texts may be empty. */
struct preview_row {
  uint64_t line;
  day_t day;
  bool stood_in; /* the day was not published */
  int64_t amount;
  const char *payer, *payee, *category; /* payer: its code; category: its code */
  bool by_rule;                         /* a rule of the policy pack gave the category */
  const char *department, *description, *reference;
  const char *quantity, *unit; /* of an own export: in what the book counts it in; else null */
};

/* Of a body's own export: rows whose person was found, and how; rows of which nobody is sure. */
struct preview_people {
  int64_t by_number, by_name, by_decision, unsure, none;
};

struct import_preview {
  struct preview_row rows[PREVIEW_ROWS]; /* the first */
  int row_count;
  struct decisions decisions;   /* of payments */
  struct preview_people people; /* of an own export */
};

#endif
