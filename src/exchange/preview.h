/* What an import of payments would do, for a person to look at before it is posted: a dry run fills
 * it (import_options.preview). All of it is in the call's arena. */
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
};

struct import_preview {
  struct preview_row rows[PREVIEW_ROWS]; /* the first */
  int row_count;
  struct decisions decisions;
};

#endif
