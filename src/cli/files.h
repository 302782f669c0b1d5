/* An import with its rejects, as `weal import` runs one and `weal demo` many. */
#ifndef WEAL_CLI_FILES_H
#define WEAL_CLI_FILES_H

#include "base/outfile.h"
#include "cli/cli.h"
#include "exchange/exchange.h"

struct import_run {
  const struct exchange_kind *kind;
  char **paths;
  int path_count;
  /* what the action `import` has fields for; the others are the action's */
  struct import_options options;
  struct out_path rejects;     /* its path null: no file */
  struct import_result result; /* filled */
  double seconds;              /* filled */
};

/* Runs the action `import`; call->store is open. Reports refused rows on standard error; then,
 * without --partial, returns REFUSED with an empty message. */
enum status files_import(struct call *call, struct import_run *run, struct error *err) MUST_USE;

#endif
