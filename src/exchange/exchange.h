/* Files in and out: `weal import KIND FILE...` and `weal export KIND`.
 *
 * One table (kinds.c) has a row a kind: name, help, columns, the function that takes it in and the
 * one that gives it out. What import takes, export gives: same columns, in the order of
 * docs/reference/files.md.
 *
 * Nothing of a call is kept unless all of it is. A refused row is collected in `struct rejects`
 * (rejects.h) with line, column, value and reason; without --partial one refused row refuses the
 * call.
 */
#ifndef WEAL_EXCHANGE_EXCHANGE_H
#define WEAL_EXCHANGE_EXCHANGE_H

#include "base/day.h"
#include "base/progress.h"
#include "base/table.h"
#include "exchange/rejects.h"
#include "pack/pack.h"
#include "store/store.h"

struct import_options {
  bool dry_run, partial;
  /* what ends the refusal of an unusual row; null: the words of the command line
   * (import_way_out) */
  const char *way_out;
  /* --unusual: what the policy pack holds to be implausible is posted too (book/unusual.h) */
  bool unusual;
  /* --body: stands in for a column that the file lacks (spend, budget); null: none */
  const char *body;
  day_t date; /* --date, DAY_NONE: none */
  /* --again: the import, wholly undone, that the one file replaces; 0: none. Of kinds that post */
  int64_t again;
  const char *who; /* --as, else the operating-system user */
  enum progress_mode progress;
  const struct progress_watch *watch; /* is told as well; null: nobody */
};

/* What ends the refusal of an unusual row, for this call. */
const char *import_way_out(const struct import_options *options);

/* What became of one file. */
struct import_file {
  const char *path;
  int64_t rows;   /* that carry something: posted, changed, or refused */
  int64_t posted; /* rows posted (register kinds: taken) */
  int64_t rejected;
  int64_t amount, rejected_amount; /* pence; spend and budget */
  /* entries: rows that name somebody by a National Insurance number with another last letter than
   * the register's; they count for that person */
  int64_t suffix_differs;
  uint64_t suffix_differs_first; /* the line of the first */
  const char *profile;           /* of a published file; null */
  const char *decisions_json;    /* spend and budget: the object `decisions`; null */
};

struct import_result {
  struct import_file *files;
  int file_count;
  int64_t added, changed, moved, same; /* register kinds */
  /* id of the first file's import (import:ID); 0 when nothing was posted */
  int64_t import;
  int64_t first_entry, last_entry; /* entries of the book; 0 when none */
  /* people: whose lines lie outside their life now, a line each (book/life.h); null: nobody's */
  const char *lives;
};

struct import_call {
  struct store *store;
  const struct pack *pack;
  struct arena *arena; /* of the call */
  char *const *paths;
  int path_count;
  struct import_options options;
  struct rejects *rejects;
};

struct exchange_kind {
  const char *name; /* people */
  const char *help; /* one line */
  const struct table_column *columns;
  int column_count;
  bool posts; /* goes into the book: dry runs, references and digests apply */
  enum status (*import)(const struct import_call *call, struct import_result *result,
                        struct error *err);
  enum status (*export)(struct store *store, const struct pack *pack, struct text *out, bool json,
                        enum status (*flush)(void *context, struct text *out), void *context,
                        struct error *err);
};

extern const struct exchange_kind exchange_kinds[];          /* ended by a null name */
const struct exchange_kind *exchange_kind(const char *name); /* null: unknown */

/* Runs the kind's import. REFUSED with the first reject's words in `err` when rows were refused and
 * --partial was not given. */
enum status exchange_import(const struct exchange_kind *kind, const struct import_call *call,
                            struct import_result *result, struct error *err) MUST_USE;

#endif
