/* Recomputes every stored total in one snapshot and says what differs. */
#ifndef WEAL_BOOK_AUDIT_H
#define WEAL_BOOK_AUDIT_H

#include "base/progress.h"
#include "book/book.h"

struct audit_options {
  int threads;                 /* 0: as many as the machine has */
  enum progress_mode progress;
  const struct progress_watch *watch; /* is told as well; null: nobody */
  /* Called for each thing that differs: one sentence that names entry, account or row. */
  void (*finding)(void *context, const char *sentence);
  void *context;
};

struct audit_result { int64_t entries, lines, accounts, references, findings; };

/* DONE also when something differs: look at findings. */
enum status audit_book(struct store *store, const struct audit_options *options, struct audit_result *result, struct error *err) MUST_USE;

#endif
