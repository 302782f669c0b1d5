#include "exchange/import_bulk.h"

#include "base/refusal.h"
#include "exchange/rejects.h"

enum status import_open(const struct import_call *call, bool check_references, struct bulk **bulk,
                        struct import_result *result, struct error *err) {
  const struct bulk_options options = {.who = call->options.who,
                                       .kind = "import",
                                       .progress = call->options.progress,
                                       .watch = call->options.watch,
                                       .check_references = check_references,
                                       .again = call->options.again,
                                       .rest = call->options.rest};
  result->files = arena_array(call->arena, struct import_file, call->path_count + 1);
  result->file_count = call->path_count;
  return bulk_open(bulk, call->store, &options, err);
}

/* Beside what the first file was warned of. */
static void warn_unfolded(const struct import_call *call, struct import_result *result,
                          const struct error *unfolded) {
  struct import_file *first = &result->files[0];
  struct import_warning *all = arena_array(call->arena, struct import_warning,
                                           first->warning_count + 1);
  struct error why = {0};
  refuse(&why, TOTALS_NOT_FOLDED, unfolded->message);
  if (first->warning_count)
    memcpy(all, first->warnings, (size_t)first->warning_count * sizeof *all);
  all[first->warning_count++] = import_warning_of(&why, call->arena);
  first->warnings = all;
}

enum status import_post(const struct import_call *call, struct bulk *bulk,
                        struct import_result *result, struct error *err) {
  struct bulk_result posted;
  if (call->options.dry_run) return DONE;
  enum status status = rejects_flush(call->rejects, err);
  if (status == DONE) status = bulk_post(bulk, &posted, err);
  if (status != DONE) return status;
  result->import = posted.import;
  result->first_entry = posted.first_entry;
  result->last_entry = posted.last_entry;
  if (posted.unfolded.code && result->file_count) warn_unfolded(call, result, &posted.unfolded);
  return DONE;
}
