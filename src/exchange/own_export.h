/* A body's own exports (council tax payments, home care visits, library volunteers) as entries:
 * read by a profile of kind `entries` (profile.h), row by row, into the columns of our own form.
 *
 *     status = own_exports_open(&own, &setting, &err);              once a call
 *     if (own_export_is(own, path))
 *       status = own_export_read(own, path, &taker, &result, &err); each file
 *     own_questions(own, &questions, &count);                       what is left for a person
 *
 * Of a workbook each sheet that is shown is read: by its own header, or, where it has none, by that
 * of the sheet before it, if its days are days. Sheets without either are left out and named.
 *
 * Each record of the file is a row, or is left out for a reason that is counted: what stands above
 * the header, a header again, blank, what the profile leaves out, a total, what was posted before.
 * A row is given to the taker, which posts it or refuses it as one of our own form, or it is
 * refused here.
 *
 * **Who.** A number of the person, of the scheme that the profile names, finds them; where the row
 * has a name and a birth date too and both are others than theirs, it is refused. Without a number,
 * or with one that nobody has, name, birth date and postcode say who (register/person_match.h): a
 * sure one is taken, an unsure one is a question and the row is refused, and so is nobody. What was
 * decided of the body's earlier files holds (register/person_decisions.h).
 *
 * **How much.** own_units.h. An amount beside the quantity of a service is what was paid for it.
 */
#ifndef WEAL_EXCHANGE_OWN_EXPORT_H
#define WEAL_EXCHANGE_OWN_EXPORT_H

#include "book/book.h"
#include "exchange/exchange.h"
#include "exchange/import_entries.h"
#include "exchange/kept_profiles.h"
#include "exchange/preview.h"
#include "exchange/profile.h"
#include "register/person_decisions.h"

struct own_exports;
struct own_setting {
  const struct import_call *call;
  const struct codes *codes;
  const struct bodies *bodies;
  const struct directory *people;
};
enum status own_exports_open(struct own_exports **out, const struct own_setting *setting,
                             struct error *err) MUST_USE;
/* Whether the file is such an export: --profile is given, or a profile knows its header. Standard
 * input without --profile is none. */
bool own_export_is(const struct own_exports *own, const char *path);

/* A line counts through the sheets of a workbook: the sheet's number times OWN_SHEET_LINES, and the
 * line within the sheet. */
enum { OWN_SHEET_LINES = 1 << 21 };

/* The version that --profile is kept as with what is posted, where somebody looks or looked at a
 * preview, so that the body's next files are read the same way; on the command line `weal profile
 * import` keeps one. Null: none is kept. */
const struct kept_profile *own_exports_answer(const struct own_exports *own);

struct own_row {
  uint64_t line;
  struct span field[ENTRIES_COLUMNS];   /* as our own form has them; until the next row */
  struct span told[ENTRIES_COLUMNS];    /* as the file has them; until the next row */
  const char *heading[ENTRIES_COLUMNS]; /* of the file; null: the column is none of it */
  int64_t amount;                       /* pence as read; 0: none */
};
struct own_taker {
  void *context;
  /* The rows that follow are of this: the file, or `file.xlsx[May]`; of the call's arena. */
  void (*begins)(void *context, const char *shown);
  /* Whether the row was posted before (bulk_passes_over): it is left out. */
  bool (*passes)(void *context, uint64_t line);
  /* Posts the row or refuses it; fails only where the call fails. */
  enum status (*take)(void *context, const struct own_row *row, struct error *err);
  void (*reject)(void *context, uint64_t line, const char *column, struct span value,
                 const struct error *why);
};
struct own_result {
  struct digest digest;
  int64_t read, rows; /* records; those given to the taker or refused */
  int64_t amount;     /* pence: of all rows that have an amount that can be read */
  const char *profile;
  struct preview_people people;
  struct decided_column *columns; /* of the call's arena */
  int column_count;
  const char *decisions_json; /* of the call's arena */
  const char **shown;         /* by a line's sheet, as of `begins` */
  struct import_warning *warnings;
  int warning_count;
};
enum status own_export_read(struct own_exports *own, const char *path,
                            const struct own_taker *taker, struct own_result *out,
                            struct error *err) MUST_USE;

/* Each question once, with how many rows wait for it; of the call's arena. */
void own_questions(const struct own_exports *own, struct import_question **out, int *count);
/* Keeps them in the book, as a partial import does: a write transaction of its own. */
enum status own_questions_keep(struct own_exports *own, struct error *err) MUST_USE;

#endif
