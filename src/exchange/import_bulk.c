#include "exchange/import_bulk.h"

#include "exchange/rejects.h"

enum status import_open(const struct import_call *call, bool check_references, struct bulk **bulk,
                        struct import_result *result, struct error *err) {
  const struct bulk_options options = {.who = call->options.who,
                                       .kind = "import",
                                       .progress = call->options.progress,
                                       .watch = call->options.watch,
                                       .check_references = check_references,
                                       .again = call->options.again};
  result->files = arena_array(call->arena, struct import_file, call->path_count + 1);
  result->file_count = call->path_count;
  return bulk_open(bulk, call->store, &options, err);
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
  return DONE;
}
