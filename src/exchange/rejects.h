/* The rows that an import refuses: counted, the first few kept to be printed, all written to the
 * rejects file.
 *
 * The rejects file is CSV, `line,column,value,reason` (with a leading `file` column where the call
 *  has several files), in the order in which they were found; the value of a broken row is its
 * whole text, over as many lines as it has, so that the lines of a file are those of the rows that
 * were taken and of the rejects file. Rows are written as they come, so that millions need no
 * memory, and the file is kept only if there were any. It may take the place of an earlier rejects
 * file, which its head tells, and of nothing else (base/outfile.h).
 */
#ifndef WEAL_EXCHANGE_REJECTS_H
#define WEAL_EXCHANGE_REJECTS_H

#include "base/arena.h"
#include "base/limits.h"
#include "base/outfile.h"
#include "base/text.h"

struct reject {
  char *file;
  uint64_t line;
  char column[ERROR_COLUMN_SIZE];
  char *value; /* cut at LIMIT_REJECT_SHOWN_BYTES */
  char *reason;
  struct refusal refusal; /* the row of the table of refusals that `reason` is */
};

/* A row of that table which refuses nothing: what is told beside what was posted. */
struct import_warning {
  const char *message; /* in English; refusal_sentence says it in the reader's language */
  struct refusal refusal;
};
/* What `why` says; its message is copied into the arena. */
struct import_warning import_warning_of(const struct error *why, struct arena *arena);

struct rejects; /* thread-safe: both workers of an import report here */

/* `path` null: no file. USAGE: it must not be written over. */
enum status rejects_open(struct rejects **out, const struct out_path *path, bool several_files,
                         struct error *err) MUST_USE;
/* `column` may be null; the value is a field's, or the text of a broken row. Control characters and
 * broken UTF-8 of it are shown as '?', but line ends and tabs stay in the file. */
void rejects_add(struct rejects *r, const char *file, uint64_t line, const char *column,
                 struct span value, const char *reason, const struct refusal *refusal);
uint64_t rejects_count(const struct rejects *r);
/* The first LIMIT_REJECTS_PRINTED, by file and line. */
const struct reject *rejects_first(struct rejects *r, int *count);
/* Forgets all, and the file is not kept: for an import that is refused as a whole because of its
 * bytes, where no row needs correcting. No other thread may add rejects. */
void rejects_forget(struct rejects *r);
/* Writes all rejects to the file, or FAILED; called before the file's other rows are posted. */
enum status rejects_flush(struct rejects *r, struct error *err) MUST_USE;
/* Whether a rejects file of an earlier run had the name. */
bool rejects_met_earlier(const struct rejects *r);
/* Removes it, when no row was refused this time: before rejects_close. */
void rejects_remove_earlier(struct rejects *r);
/* Flushes and closes the file; FAILED when it could not be written. */
enum status rejects_close(struct rejects *r, struct error *err) MUST_USE;
void rejects_free(struct rejects *r);

#endif
