/* What the imports of the register and of the codes share: reading files into memory in sorted
 * portions, collecting refused rows, the transaction, the record in `import`. Private to
 * exchange. */
#ifndef WEAL_EXCHANGE_INTAKE_H
#define WEAL_EXCHANGE_INTAKE_H

#include "exchange/exchange.h"
#include "register/register.h"

/* One row for the kind's function. */
struct intake_row {
  const struct table_rows *rows;
  size_t index;
};

struct intake {
  const struct import_call *call;
  const struct intake_kind *kind;
  struct import_result *result;
  struct register_writer *writer;      /* for kinds that have one */
  uint64_t told;                       /* a bit for each column that the file has */
  bool json;                           /* then each row has keys of its own */
  int64_t first_import, first_service; /* the last ids allotted before it */
  int64_t last_import, last_service;   /* and so far */
  int64_t added, changed, same;        /* for kinds without a writer */
  bool once;                           /* the kind's: a file that was taken in is so only once */
  struct directory *directory;         /* intake_registered: */
  struct bodies *bodies;
  struct stream_intake *streams;  /* of import_streams.c */
  struct payee_intake *payees;    /* of payees.c */
  struct match_intake *matches;   /* of matches.c */
  struct fact_intake *facts;      /* of facts.c */
  struct award_intake *awards;    /* of awards.c */
  struct history_intake *history; /* of award_history.c */
  /* after the last row of all files, in the same transaction; the kind sets it; null: nothing */
  enum status (*finish)(struct intake *in, struct error *err);
};

struct intake_kind {
  const char *name;
  const struct table_column *columns;
  int column_count;
  bool writes_register;
  /* rows are accepted in order of the first column, so that ids are given in order of code */
  bool sorted;
  /* a refused row is tried again as long as others succeed: a parent may come later */
  bool retries;
  /* how many of the first columns name what the row is about: a file says the same of it wherever
   * it names it, but for where it is from when (`from`); 0: rows add to one another */
  int key_columns;
  enum status (*take)(struct intake *in, const struct intake_row *row, struct error *err);
  /* whether the book has the code of the first column byte for byte; null: its codes are plain */
  enum status (*has)(struct intake *in, struct span code, bool *has, struct error *err);
};

/* Whether the row has the column (CSV: whether the file has it; JSON Lines: whether the object has
 * the key, null or not). */
bool intake_tells(const struct intake *in, const struct intake_row *row, int column);
/* A field; null bytes when the row has no such column. */
struct span intake_field(const struct intake *in, const struct intake_row *row, int column);
/* A day; DAY_NONE where it is empty or not given. */
enum status intake_day(const struct intake *in, const struct intake_row *row, int column,
                       day_t *day, struct error *err) MUST_USE;
/* REFUSED when the field is empty. */
enum status intake_need(const struct intake *in, const struct intake_row *row, int column,
                        struct error *err) MUST_USE;

/* Reads who is registered into in->directory and in->bodies, once a call. */
enum status intake_registered(struct intake *in, struct error *err) MUST_USE;
/* Whom a field names, of those. REFUSED at the column: nobody has it. */
enum status intake_person(struct intake *in, const struct intake_row *row, int column,
                          const struct directory_person **out, struct error *err) MUST_USE;

enum status intake_run(const struct intake_kind *kind, const struct import_call *call,
                       struct import_result *result, struct error *err) MUST_USE;

#endif
