/* What an import takes and gives beside the fields and answers of the action `import`: for faces
 * that show refused rows and what came of each file.
 *
 *     struct action_import import = {.rejects = rejects};      from rejects_open, the caller's own
 *     act.import = &import;
 *     status = action_run(action_find(span_of("import")), &act, &err);
 *     import_summary(&out, import.kind, &import.options, &import.result, seconds);
 */
#ifndef WEAL_ACTION_IMPORTING_H
#define WEAL_ACTION_IMPORTING_H

#include "exchange/exchange.h"

struct action_import {
  struct rejects *rejects; /* gets the refused rows; null: the book has those of --partial */
  const char *way_out;     /* as of struct import_options */
  const char *profile, *previewed; /* as of struct import_options */
  uint64_t unpacked_most;          /* as of struct import_options */
  struct import_preview *preview;  /* as of struct import_options */

  /* set by the action; texts are in the call's arena */
  const struct exchange_kind *kind;
  struct import_options options; /* as the fields say */
  struct import_result result;
  /* the pack differs from what the book has of it, and the dry run of a kind that posts did not
   * take it up: rows that need it are refused */
  bool pack_left;
};

#endif
