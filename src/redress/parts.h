/* What the handlers share. Private to redress/. */
#ifndef WEAL_REDRESS_PARTS_H
#define WEAL_REDRESS_PARTS_H

#include "base/refusal.h"
#include "book/book.h"
#include "case/subject.h"
#include "redress/redress.h"

/* ---- lines (subject.c) ---- */

struct disputed {
  struct line line;
  struct account account;
  bool undone; /* by this line: */
  int64_t undone_entry;
  int32_t undone_line_no;
};
/* Among the lines of all records of the person. */
enum status disputed_find(struct store *store, struct arena *arena, int64_t person,
                          const struct subject *subject, struct disputed *out, bool *found,
                          struct error *err) MUST_USE;

/* ---- complaints (took_part.c) ---- */

/* The program's move of a case whose refusal was complained about with success; its words are the
 * complaint: `case:12`. */
#define REOPEN "reopen"

struct took_part {
  int64_t *ids;
  int count, capacity;
};
/* Walks from a complaint to what it is about; where that is a case, to what that is about. */
enum status took_part_in(struct case_call *call, const struct case_file *complaint,
                         struct took_part *out, struct error *err) MUST_USE;
/* REFUSED: a complaint about the subject would be too far from what it all is about. */
enum status took_part_check_depth(struct case_call *call, struct subject subject,
                                  struct error *err) MUST_USE;
/* *name: of one of them whom the text names, in large letters or small; null: none. */
enum status took_part_named(struct case_call *call, const struct took_part *who, struct span text,
                            const char **name, struct error *err) MUST_USE;

/* The program: sees every case: for what a handler must know of the case that another is about. */
extern const struct case_actor redress_program;

#endif
