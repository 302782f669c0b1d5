/* Whether a file is as it was signed: a statement with its proof (JSON, or the PDF that carries
 * it), one line with its path, a consistency file. No store, no network, no policy pack; the bytes
 * may be anybody's. docs/explanation/proof.md says what is checked, and in which order, so that
 * somebody else can write the same.
 *
 *     struct verify_options options = {.head = head, .person = "P000001"};
 *     struct verify_result result;
 *     status = verify_bytes(bytes, &options, arena, &result, &err);
 *
 * DONE: nothing in it was changed since it was signed and, of a statement, no line is left out that
 * stood in the book when the year was closed; `result` says which kind of file it is and by whose
 * word. What came after the closing the file may lack. REFUSED: err says what is wrong. Whether a
 * figure is right, that is, whether what was posted did happen, no file can show.
 *
 * A statement passes when its head is signed; the closing's record stands in the log of that head;
 * the person's leaf stands in the closing; the lines make the leaf, each once, none missing; every
 * category's sum, in the section where the statement puts it, is what the lines make; and the seal
 * is over all the rest. A PDF passes only when it carries a statement whose seal is over the PDF's
 * own bytes too: every other kind of file says nothing of the pages around it.
 *
 * Without a key and without a head the file is held against itself alone: then anybody could have
 * made it, and the caller has to say so.
 */
#ifndef WEAL_ATTEST_VERIFY_H
#define WEAL_ATTEST_VERIFY_H

#include "base/arena.h"
#include "base/day.h"
#include "proof/sign.h"

/* What one thread remembers between files: statements of one book have one key and one head, whose
 * signature is checked once (0.63 ms a file to 0.4). Begins zeroed. */
struct verify_memory {
  struct text vkey, head; /* of the last file whose head's signature held */
  struct verifier verifier;
};
void verify_memory_release(struct verify_memory *memory);

struct verify_options {
  struct span head; /* a signed head that the caller believes; bytes null: none */
  /* keys that the caller believes; 0: the key in the file, which must then have signed `head` */
  const struct verifier *verifiers;
  int verifier_count;
  /* a consistency file between `head` and the file's own, where they are of two sizes; bytes null:
   * none */
  struct span consistency;
  const char *person;           /* whose it must be, as --person takes it; null: anybody's */
  struct verify_memory *memory; /* null: none */
};

/* What of a statement can hold a figure that is past what is shown. */
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
  int year;
  int64_t closing;         /* the entry that closed the year, of a statement */
  day_t closed;            /* when: the lines are those that stood in the book then */
  day_t to;                /* with days up to this one: the year's last, or one before it */
  int64_t lines, unproved; /* lines proven; lines of the year that the closing does not cover */
  /* the largest lines of a part of which a figure is rightly not shown (`2:1, 5:3`; empty: its
   * lines of this year are none); null: all are shown */
  const char *too_large[VERIFIED_PARTS];
  int64_t entry, line_no;      /* of a line */
  uint64_t log_size, old_size; /* of the file's head; of the older one, where there are two */
  bool signer_checked;         /* a key of the caller's has signed */
  bool head_given;
};

enum status verify_bytes(struct span bytes, const struct verify_options *options,
                         struct arena *arena, struct verify_result *result,
                         struct error *err) MUST_USE;

#endif
