/* Checks that a file is as it was signed: a statement with its proof (JSON, or the PDF that carries
 * it), one line with its path, or a consistency file. Needs no store, network or policy pack; the
 * bytes may come from anybody. docs/explanation/proof.md says what is checked and in which order,
 * so that others can write a verifier.
 *
 *     struct verify_options options = {.head = head, .person = "P000001"};
 *     struct verify_result result;
 *     status = verify_bytes(bytes, &options, arena, &result, &err);
 *
 * DONE: the file was not changed since it was signed, and a statement leaves out no line that was
 * in the book when the year was closed; `result` says which kind of file it is and who signed it.
 * The file may lack lines from after the closing. REFUSED: err says what is wrong. No file can show
 * whether a figure is right, that is, whether what was posted did happen.
 *
 * A statement passes when its head is signed; the closing's record is in the log of that head; the
 * person's leaf is in the closing; the leaf is made of the lines, each once, none missing; every
 * category's sum, in the section where the statement shows it, is the sum of its lines; and the
 * seal is over all the rest. A PDF passes only when it carries a statement whose seal is over the
 * PDF's own bytes too: other kinds of file do not cover the pages around them. Without a key and
 * without a head the file is checked only against itself: then anybody could have made it, and the
 * caller has to say so.
 */
#ifndef WEAL_ATTEST_VERIFY_H
#define WEAL_ATTEST_VERIFY_H

#include "base/arena.h"
#include "base/day.h"
#include "base/message.h"
#include "proof/sign.h"

/* What one thread keeps between files: statements of one book have one key and one head, whose
 * signature is checked once (0.63 ms a file to 0.4). Begins zeroed. */
struct verify_memory {
  struct text vkey, head; /* of the last file whose head's signature verified */
  struct verifier verifier;
};
void verify_memory_release(struct verify_memory *memory);

struct verify_options {
  struct span head; /* a signed head that the caller trusts; bytes null: none */
  /* keys that the caller trusts; 0: the key in the file, which must then have signed `head` */
  const struct verifier *verifiers;
  int verifier_count;
  /* a consistency file between `head` and the file's own head, where their sizes differ; bytes
   * null: none */
  struct span consistency;
  /* the person whose file it must be, as --person takes it; null: anybody */
  const char *person;
  struct verify_memory *memory; /* null: none */
};

/* The parts of a statement that can have a figure too large to be shown. */
enum verified_part {
  VERIFIED_PAID,
  VERIFIED_EMPLOYER,
  VERIFIED_RECEIVED,
  VERIFIED_GIVEN,
  VERIFIED_HELD,
  VERIFIED_PARTS
};

enum verified_kind { VERIFIED_STATEMENT, VERIFIED_LINE, VERIFIED_CONSISTENCY };

struct verify_result {
  enum verified_kind kind;
  /* the file is a PDF, and the statement in it is sealed over its pages */
  bool pages;
  const char *origin; /* the log's name; texts live in the arena */
  const char *person; /* of a statement */
  const char *keeper; /* who kept the book, as the statement says; empty: it does not */
  int year;
  int64_t closing; /* the entry that closed the year, of a statement */
  /* the day of the closing: the lines are those that were in the book then */
  day_t closed;
  day_t to;                /* the last day covered: the year's last day, or an earlier one */
  int64_t lines, unproved; /* lines proven; lines of the year that the closing does not cover */
  /* the largest lines of a part that has a figure rightly not shown (`2:1, 5:3`; empty: it has no
   * lines of this year); null: all figures are shown */
  const char *too_large[VERIFIED_PARTS];
  int64_t entry, line_no;      /* of a line */
  uint64_t log_size, old_size; /* of the file's head; of the older head, where there are two */
  bool signer_checked;         /* one of the caller's keys has signed */
  bool head_given;
};

enum status verify_bytes(struct span bytes, const struct verify_options *options,
                         struct arena *arena, struct verify_result *result,
                         struct error *err) MUST_USE;

/* Adds sentences of what the check found and what it does not check, without a line end: of a file
 * that verify_bytes passed. */
void verify_say(struct text *out, enum language language, const struct verify_result *result);

#endif
