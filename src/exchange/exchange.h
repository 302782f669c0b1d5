/* Files in and out: `weal import KIND FILE...` and `weal export KIND`.
 *
 * One table (kinds.c) has a row for each kind: name, help, columns, the functions for import and
 * export. Export writes the same columns as import takes, in the order of docs/reference/files.md.
 *
 * A call is kept whole or not at all. A refused row is collected in `struct rejects` (rejects.h)
 * with line, column, value and reason; without --partial one refused row refuses the call.
 */
#ifndef WEAL_EXCHANGE_EXCHANGE_H
#define WEAL_EXCHANGE_EXCHANGE_H

#include "base/day.h"
#include "base/progress.h"
#include "base/table.h"
#include "exchange/export.h"
#include "exchange/rejects.h"
#include "pack/pack.h"
#include "store/store.h"

struct import_options {
  bool dry_run, partial;
  /* a dry run of a kind that does not post: the pack's rows that the book lacks are added first and
   * rolled back with the rest */
  bool take_pack;
  /* the end of the refusal of an unusual row; null: the command line's text (import_way_out) */
  const char *way_out;
  /* --unusual: also post rows that the policy pack's bounds call implausible (book/unusual.h) */
  bool unusual;
  /* --body: used where the file has no such column (spend, budget); null: none */
  const char *body;
  day_t date;          /* --date, DAY_NONE: none */
  const char *profile; /* --profile: a file of rules that the files are read by; null: none */
  /* spending: the profile by which a preview read the file (import_file.profile): it is refused
   * where another would read it now; null: nobody saw a preview */
  const char *previewed;
  /* --again: the wholly undone import that the one file replaces; 0: none. For kinds that post */
  int64_t again;
  /* --rest: the import of which the one file posts the rows that were left out; 0: none. Entries */
  int64_t rest;
  uint64_t unpacked_most; /* bytes that a packed file may unpack to; 0: base/limits.h only */
  const char *who;        /* --as, else the operating-system user */
  struct import_preview *preview; /* what it would do (preview.h); null: nobody looks */
  enum progress_mode progress;
  const struct progress_watch *watch; /* gets the progress too; null: nobody watches */
};

/* The end of the refusal of an unusual row, for this call. */
const char *import_way_out(const struct import_options *options);

/* The result for one file. */
struct import_file {
  const char *path;
  int64_t rows;   /* rows with content: posted, changed, or refused */
  int64_t posted; /* rows posted (register kinds: accepted) */
  int64_t rejected;
  /* lines of rows over several lines, beyond one each: a quote can join many by mistake */
  int64_t posted_more_lines, rejected_more_lines;
  int64_t amount, rejected_amount; /* pence; spend and budget */
  int64_t read, left_out;          /* of a published file: its records; those that are no row */
  /* entries: rows with a National Insurance number whose last letter differs from the register's;
   * they are posted for that person */
  int64_t suffix_differs;
  uint64_t suffix_differs_first; /* the line of the first such row */
  const char *profile;           /* of a published file; null */
  const char *decisions_json;    /* spend and budget: the object `decisions`; null */
  /* months of spending that are there already, kept profiles that cannot be read */
  struct import_warning *warnings;
  int warning_count;
};

/* Of a body's own export: a row that may be about somebody, for a person to decide
 * (own_export.h). */
struct import_question {
  const char *body;                   /* its id; empty: none */
  const char *name, *born, *postcode; /* as the file says them; born 1980-03-01, or empty */
  const char *person, *how;           /* an id; what agrees */
  int64_t rows;                       /* that wait for the answer */
};

struct import_result {
  struct import_file *files;
  int file_count;
  int64_t added, changed, moved, same; /* register kinds */
  /* id of the first file's import (import:ID); 0 when nothing was posted */
  int64_t import;
  int64_t first_entry, last_entry;   /* entries of the book; 0 when none */
  struct import_question *questions; /* of entries */
  int question_count;
  /* people whose lines are now outside their life, a line for each person (book/life.h); null:
   * none */
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

/* Of a column, for help: a value, and what it says. */
struct column_help {
  const char *example, *what;
};

struct exchange_kind {
  const char *name; /* people */
  const char *help; /* one line */
  const struct table_column *columns;
  const struct column_help *column_help; /* in the order of the columns */
  int column_count;
  bool posts; /* it posts to the book: dry runs, references and digests apply */
  enum status (*import)(const struct import_call *call, struct import_result *result,
                        struct error *err);
  enum status (*export)(struct store *store, const struct pack *pack, struct text *out,
                        enum export_form form,
                        enum status (*flush)(void *context, struct text *out), void *context,
                        struct error *err);
};

extern const struct exchange_kind exchange_kinds[];          /* ended by a null name */
const struct exchange_kind *exchange_kind(const char *name); /* null: unknown */

/* Runs the kind's import. REFUSED with the first reject's message in `err` when rows were refused
 * and --partial was not given. */
enum status exchange_import(const struct exchange_kind *kind, const struct import_call *call,
                            struct import_result *result, struct error *err) MUST_USE;

#endif
