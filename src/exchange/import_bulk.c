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

/* ---- the profile that was given ---- */

enum status import_answer(const struct import_call *call, const struct body *body,
                          struct profile *given, struct kept_profile **out, struct error *err) {
  const char *path = call->paths[0], *slash = strrchr(path, '/');
  struct kept_profile *answer = *out = arena_alloc(call->arena, sizeof *answer);
  *answer = (struct kept_profile){.body = body,
                                  .profile = given,
                                  .reason = arena_printf(call->arena, "made for %s",
                                                         slash ? slash + 1 : path),
                                  .who = call->options.who};
  enum status status = pack_digest(call->pack, call->arena, &answer->pack, err);
  if (status == DONE)
    status = kept_profile_next(call->store, call->arena, call->options.profile, answer, err);
  if (status == DONE) given->name = answer->name;
  return status;
}

struct answer_along {
  struct arena *arena;
  const struct kept_profile *answer;
};

static enum status keep_answer(void *context, struct store *store, struct error *err) {
  const struct answer_along *along = context;
  return kept_profile_keep(store, along->arena, along->answer, err);
}

void import_keep_answer(const struct import_call *call, struct bulk *bulk,
                        const struct kept_profile *answer) {
  if (!answer || !answer->is_new || call->options.dry_run) return;
  struct answer_along *along = arena_alloc(call->arena, sizeof *along);
  *along = (struct answer_along){call->arena, answer};
  bulk_keep_along(bulk, (struct bulk_along){keep_answer, along});
}

enum status import_check_previewed(const struct import_call *call, const char *profile,
                                   struct error *err) {
  const char *previewed = call->options.previewed;
  return previewed && strcmp(previewed, profile ? profile : "") != 0
             ? refuse(err, PROFILE_KEPT_SINCE)
             : DONE;
}
