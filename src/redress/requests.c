/* Requests about data: a copy of everything, and erasure. Their subject is the person alone. */
#include "redress/parts.h"

#include "register/legal_holds.h"
#include "register/register.h"

static enum status open_alone(struct case_call *call, struct case_opening *opening,
                              struct error *err) {
  (void)call;
  return opening->subject && *opening->subject ? refuse(err, REDRESS_SUBJECT_EXTRA) : DONE;
}

const struct case_handler redress_access = {.word = "access", .open = open_alone};

static const char *const agreeing[] = {"agree", NULL};

/* Agreeing would be a promise that `weal erase` refuses while a hold stands: it says which. */
static enum status move_erasure(struct case_call *call, struct case_file *file,
                                const struct pack_case_move *move, const struct case_motion *motion,
                                struct error *err) {
  int64_t *records = NULL;
  int count = 0;
  (void)motion;
  if (strcmp(move->word, *agreeing) != 0) return DONE;
  enum status status = register_records(call->store, call->arena, file->party, &records, &count,
                                        err);
  return status == DONE ? legal_holds_refuse(call->store, call->arena, records, count, err)
                        : status;
}

const struct case_handler redress_erasure = {
    .word = "erasure", .moves = agreeing, .open = open_alone, .move = move_erasure};
