/* What else a case is about: the text of case_file.subject, and of its result where that is a line.
 */
#ifndef WEAL_CASE_SUBJECT_H
#define WEAL_CASE_SUBJECT_H

#include <stdint.h>

enum subject_kind {
  SUBJECT_NONE,
  SUBJECT_LINE,
  SUBJECT_CASE,
  SUBJECT_LOOK,
  SUBJECT_FACT,
  SUBJECT_OTHER
};
struct subject {
  enum subject_kind kind;
  int64_t number;  /* of the entry, the case, the look or the fact */
  int32_t line_no; /* of SUBJECT_LINE */
};
/* `line:12:3`, `case:4`, `look:7`, `fact:9` as the program writes them, without a zero in front: so
 * one thing has one name. SUBJECT_OTHER: anything else. */
struct subject subject_read(const char *text);

#endif
