/* weal legal-hold: places, ends and lists legal holds. */
#include "cli/cli.h"

#include "register/legal_holds.h"
#include "register/register.h"

/* Reports on which record the hold was, and which holds on the person's records are still in
 * force. */
static void report_ended(struct call *call, int64_t hold, const struct legal_hold *all, int count) {
  int standing = 0;
  for (int i = 0; i < count; i++)
    if (all[i].id == hold)
      text_addf(&call->out, "Legal hold %lld on %s is ended; ", (long long)hold, all[i].code);
  for (int i = 0; i < count; i++)
    if (!all[i].ended_at)
      text_addf(&call->out, "%slegal hold %lld on %s", standing++ ? ", " : "", (long long)all[i].id,
                all[i].code);
  text_add(&call->out, standing == 0   ? "none stands on the record now, so it can be erased.\n"
                       : standing == 1 ? " still stands.\n"
                                       : " still stand.\n");
}

static enum status hold_change(struct call *call, bool place, struct error *err) {
  struct legal_hold *all = NULL;
  int64_t hold = 0;
  const char *reason;
  int count = 0;
  struct sent texts[2];
  struct call_sent sent = {.all = texts};
  struct action_call act = {0};
  if (call->argument_count != 2)
    return error_set(err, USAGE, "write: legal-hold %s PERSON --reason 'why'", call->arguments[0]);
  if (place && call_has(call, "hold"))
    return error_set(err, USAGE, "a new hold is numbered by the book; leave --hold out");
  if (call_reason(call, &reason, err) != DONE ||
      call_count(call, "hold", 1, INT64_MAX, &hold, err) != DONE)
    return err->code;
  if (call_open_store(call, STORE_WRITE, err) != DONE ||
      call_person(call, 1, &act.person, err) != DONE)
    return err->code;
  call_send(&sent, "hold", call_option(call, "hold"));
  call_send(&sent, "reason", reason);
  if (call_act(call, place ? "legal-hold-place" : "legal-hold-end", &sent, &act, err) != DONE ||
      legal_holds_list(call->store, call->arena, act.person, &all, &count, err) != DONE)
    return err->code;
  hold = action_answer_int_of(&act, "hold");
  if (call->quiet) return DONE;
  if (place)
    text_addf(&call->out,
              "Legal hold %lld stands on %s: nothing of the record is erased until it is ended.\n",
              (long long)hold, call->arguments[1]);
  else report_ended(call, hold, all, count);
  return DONE;
}

/* For an erased person it shows the number that `weal erase --list` gives. */
static void add_hold(struct document *d, struct arena *arena, const struct legal_hold *h) {
  const char *erased = arena_printf(arena, "erased (party %lld)", (long long)h->party);
  document_cell(d, doc_count(h->id));
  document_cell(d, h->code && *h->code ? doc_text(h->code) : doc_null());
  document_cell(d, doc_text(h->code && *h->code ? h->code : erased));
  document_cell(d, h->name ? doc_text(h->name) : doc_null());
  const char *const words[] = {h->placed_at, h->placed_by, h->reason,
                               h->ended_at,  h->ended_by,  h->end_reason};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    document_cell(d, words[i] ? doc_text(words[i]) : doc_null());
}

static enum status hold_list(struct call *call, struct error *err) {
  static const struct doc_column columns[] = {{"hold", "Hold"},         {"person", NULL},
                                              {NULL, "Person"},         {"name", "Name"},
                                              {"placed_at", "Placed"},  {"placed_by", "Placed by"},
                                              {"reason", "Reason"},     {"ended_at", "Ended"},
                                              {"ended_by", "Ended by"}, {"end_reason", "Reason"}};
  static const char *const csv[] = {"hold",   "person",   "name",     "placed_at", "placed_by",
                                    "reason", "ended_at", "ended_by", "end_reason"};
  enum { COLUMNS = sizeof columns / sizeof *columns };
  struct legal_hold *all = NULL;
  int64_t person = 0;
  int count = 0;
  if (call_open_store(call, STORE_WRITE, err) != DONE) return err->code;
  if (call->argument_count == 2 && call_person(call, 1, &person, err) != DONE) return err->code;
  if (legal_holds_list(call->store, call->arena, person, &all, &count, err) != DONE)
    return err->code;
  if (call_note_access(call, person, "legal holds", err) != DONE) return err->code;
  struct document *d = document_new(call->arena, ENGLISH, "Legal holds");
  document_csv_columns(d, csv, sizeof csv / sizeof *csv);
  document_table(d, "holds", NULL, columns, COLUMNS, "holds");
  for (int i = 0; i < count; i++) add_hold(d, call->arena, &all[i]);
  document_table_end(d);
  output_document(call, d);
  return DONE;
}

enum status verb_legal_hold(struct call *call, struct error *err) {
  const char *what = call->arguments[0];
  if (strcmp(what, "place") == 0) return hold_change(call, true, err);
  if (strcmp(what, "end") == 0) return hold_change(call, false, err);
  if (strcmp(what, "list") == 0) return hold_list(call, err);
  return error_set(err, USAGE,
                   "'%s' cannot be done with legal holds; write legal-hold place, legal-hold end "
                   "or legal-hold list",
                   what);
}
