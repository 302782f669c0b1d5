/* weal reverse, merge, erase, audit: undo mistakes, erase details, and check the book. */
#include "cli/cli.h"

#include "attest/closing.h"
#include "attest/head.h"
#include "base/json.h"
#include "base/money.h"
#include "book/audit.h"
#include "book/bulk.h"
#include "book/life.h"
#include "book/payment_totals.h"
#include "book/reversal.h"
#include "privacy/erasure.h"
#include "privacy/rewrite.h"
#include "register/legal_holds.h"
#include "register/register.h"

/* ---- reverse ---- */

static void add_reversal(struct call *call, const struct reversal_result *r) {
  struct text *t = &call->out;
  if (call_format(call) == FORMAT_JSON) {
    struct json j;
    json_begin(&j, t);
    json_open_object(&j, NULL);
    json_int(&j, "lines", r->lines);
    json_int(&j, "skipped", r->skipped);
    json_int(&j, "first_entry", r->first_entry);
    json_int(&j, "last_entry", r->last_entry);
    json_close_object(&j);
    text_add_char(t, '\n');
    return;
  }
  if (call->quiet) return;
  text_add(t, "Undid ");
  text_add_count(t, r->lines);
  text_add(t, r->lines == 1 ? " line" : " lines");
  if (r->first_entry == r->last_entry) text_addf(t, " by entry %lld", (long long)r->first_entry);
  else
    text_addf(t, " by entries %lld to %lld", (long long)r->first_entry, (long long)r->last_entry);
  if (r->skipped) {
    text_add(t, "; undone before: ");
    text_add_count(t, r->skipped);
  }
  text_add(t, ".\n");
}

enum status verb_reverse(struct call *call, struct error *err) {
  struct reversal reversal;
  const char *reason;
  day_t on;
  struct sent all[3];
  struct call_sent sent = {.all = all};
  struct action_call act = {0};
  if (!reversal_target(span_of(call->arguments[0]), &reversal))
    return error_set(err, USAGE,
                     "'%s' names nothing that can be undone; write an entry (417), a line of one "
                     "(417:3) or a file (import:12)",
                     call->arguments[0]);
  if (call_reason(call, &reason, err) != DONE || call_day(call, "on", &on, err) != DONE ||
      call_open_store(call, STORE_WRITE, err) != DONE)
    return err->code;
  call_send(&sent, "what", call->arguments[0]);
  call_send(&sent, "reason", reason);
  call_send(&sent, "on", call_option(call, "on"));
  if (call_act(call, "reverse", &sent, &act, err) != DONE) return err->code;
  const struct reversal_result result = {.lines = action_answer_int_of(&act, "lines"),
                                         .skipped = action_answer_int_of(&act, "skipped"),
                                         .first_entry = action_answer_int_of(&act, "first_entry"),
                                         .last_entry = action_answer_int_of(&act, "last_entry")};
  add_reversal(call, &result);
  return DONE;
}

/* ---- merge ---- */

/* Reports lines of the merged person that are outside the survivor's life. */
static enum status say_strays(struct call *call, int argument, struct error *err) {
  int64_t record;
  struct person person = {0};
  struct life_strays strays = {0};
  enum status status = call_person(call, argument, &record, err);
  if (status == DONE)
    status = register_surviving_person(call->store, call->arena, record, &person, err);
  if (status != DONE) return status;
  int64_t *records = arena_array(call->arena, int64_t, person.merged_count + 1);
  records[0] = person.id;
  for (int i = 0; i < person.merged_count; i++) records[i + 1] = person.merged[i];
  status = life_strays(call->store, call->arena, records, person.merged_count + 1, person.born,
                       person.died, &strays, err);
  if (status == DONE && strays.lines) life_strays_say(&call->out, person.code, &strays);
  return status;
}

/* Reports the legal holds in force on a person's records. *none: there is no other. */
static enum status say_holds(struct call *call, int argument, bool *none, struct error *err) {
  struct legal_hold *holds = NULL;
  int64_t record;
  int count = 0;
  enum status status = call_person(call, argument, &record, err);
  if (status == DONE)
    status = legal_holds_list(call->store, call->arena, record, &holds, &count, err);
  *none = true;
  for (int i = 0; status == DONE && i < count; i++) {
    if (holds[i].ended_at) continue;
    text_addf(&call->out, "Legal hold %lld stays on %s.\n", (long long)holds[i].id, holds[i].code);
    *none = false;
  }
  return status;
}

/* A hold is on one record. Reports records that were held only through the merger, and no longer
 * are. */
static enum status say_parted_holds(struct call *call, struct error *err) {
  bool none[2] = {true, true};
  enum status status = say_holds(call, 0, &none[0], err);
  if (status == DONE) status = say_holds(call, 1, &none[1], err);
  for (int i = 0; status == DONE && none[0] != none[1] && i < 2; i++)
    if (none[i])
      text_addf(&call->out,
                "%s was held through the merge only, and may be erased from now on; `weal "
                "legal-hold place %s --reason TEXT` keeps it.\n",
                call->arguments[i], call->arguments[i]);
  return status;
}

enum status verb_merge(struct call *call, struct error *err) {
  bool undo = call_has(call, "undo");
  const char *reason = NULL, *keep, *gone;
  struct sent all[3];
  struct call_sent sent = {.all = all};
  struct action_call act = {0};
  if (!undo && call_reason(call, &reason, err) != DONE) return err->code;
  if (call_open_store(call, STORE_WRITE, err) != DONE ||
      call_person_code(call, 0, &keep, err) != DONE ||
      call_person_code(call, 1, &gone, err) != DONE)
    return err->code;
  call_send(&sent, "keep", keep);
  call_send(&sent, "gone", gone);
  call_send(&sent, "reason", reason);
  if (call_act(call, undo ? "unmerge" : "merge", &sent, &act, err) != DONE) return err->code;
  if (call->quiet) return DONE;
  if (undo)
    text_addf(&call->out, "%s and %s are two people again.\n", call->arguments[0],
              call->arguments[1]);
  else
    text_addf(&call->out, "%s is read as %s from now on.\n", call->arguments[1],
              call->arguments[0]);
  enum status status = say_strays(call, 0, err);
  if (status == DONE && undo) status = say_strays(call, 1, err);
  return status == DONE && undo ? say_parted_holds(call, err) : status;
}

/* ---- audit ---- */

struct audit_findings {
  struct call *call;
  struct json *json; /* null: text */
};

/* Shows a finding at once: the audit of a large book takes long, and somebody waits. */
static void add_finding(void *context, const char *sentence) {
  struct audit_findings *f = context;
  if (f->json) {
    json_text(f->json, NULL, span_of(sentence));
    return;
  }
  text_addf(&f->call->out, "%s\n", sentence);
  /* the output keeps the error, and the flush at the end reports it */
  if (output_flush(f->call, NULL) != DONE) {}
}

static void add_audit_counts(struct text *t, const struct audit_result *r) {
  const struct {
    const char *one, *many;
    int64_t count;
  } parts[] = {{"entry", "entries", r->entries},
               {"line", "lines", r->lines},
               {"account", "accounts", r->accounts},
               {"reference", "references", r->references}};
  for (int i = 0; i < 4; i++) {
    text_add(t, i ? ", " : "");
    text_add_count(t, parts[i].count);
    text_addf(t, " %s", parts[i].count == 1 ? parts[i].one : parts[i].many);
  }
}

static void add_audit_text(struct text *t, const struct audit_result *r, double seconds) {
  add_audit_counts(t, r);
  text_addf(t, " in %.1f s: ", seconds);
  if (!r->findings) text_add(t, "nothing differs.\n");
  else {
    text_add_count(t, r->findings);
    text_add(t, r->findings == 1 ? " thing differs.\n" : " things differ.\n");
  }
}

/* Makes what the audit says differs right again, where the lines say how. */
static enum status rebuild_totals(struct call *call, struct error *err) {
  int64_t count = 0;
  const double start = clock_seconds();
  enum status status = payment_totals_rebuild(call->store, call->progress, &count, err);
  if (status != DONE || call->quiet || call_format(call) == FORMAT_JSON) return status;
  text_add_count(&call->out, count);
  text_addf(&call->out, " %s of payments made anew from the lines in %.1f s.\n",
            count == 1 ? "total" : "totals", clock_seconds() - start);
  return output_flush(call, err);
}

enum status verb_audit(struct call *call, struct error *err) {
  struct json j;
  bool json = call_format(call) == FORMAT_JSON;
  struct audit_findings findings = {.call = call, .json = json ? &j : NULL};
  struct audit_options options = {.progress = call->progress,
                                  .finding = add_finding,
                                  .context = &findings};
  struct audit_result result = {0};
  const char *against = call_option(call, "against");
  struct text sentence = {0};
  bool agrees = true;
  const bool rebuild = call_has(call, "rebuild");
  if (call_open_store(call, rebuild ? STORE_WRITE : STORE_READ, err) != DONE ||
      (rebuild && rebuild_totals(call, err) != DONE))
    return err->code;
  if (against && head_compare(call->store, against, &sentence, &agrees, err) != DONE)
    return text_release(&sentence), err->code;
  if (json) {
    json_begin(&j, &call->out);
    json_open_object(&j, NULL);
    json_open_array(&j, "differs");
  }
  double start = clock_seconds();
  struct closing_check_options closings = {.audit = &options,
                                           .audited = &result,
                                           .progress = call->progress,
                                           .finding = add_finding,
                                           .context = &findings};
  struct closing_check_result closed = {0};
  int64_t numbers = 0;
  if (closing_check(call->store, &closings, &closed, err) != DONE ||
      register_check(call->store, add_finding, &findings, &numbers, err) != DONE) {
    if (json) text_clear(&call->out);
    text_release(&sentence);
    return err->code;
  }
  result.findings += closed.findings + numbers;
  if (json) {
    json_close_array(&j);
    json_int(&j, "entries", result.entries);
    json_int(&j, "lines", result.lines);
    json_int(&j, "accounts", result.accounts);
    json_int(&j, "references", result.references);
    json_int(&j, "closings", closed.closings);
    json_int(&j, "findings", result.findings);
    if (against) {
      json_open_object(&j, "against");
      json_bool(&j, "agrees", agrees);
      json_text(&j, "says", span_make(sentence.bytes, sentence.size));
      json_close_object(&j);
    }
    json_close_object(&j);
    text_add_char(&call->out, '\n');
  } else {
    if (against) text_addf(&call->out, "Against %s: " SPAN_FORMAT ".\n", against, SPAN(sentence));
    add_audit_text(&call->out, &result, clock_seconds() - start);
  }
  text_release(&sentence);
  return result.findings || !agrees ? REFUSED : DONE;
}

/* ---- erase ---- */

static void add_erasure(struct call *call, const struct erasure_result *r) {
  struct text *t = &call->out;
  if (call->quiet) return;
  if (r->people) {
    text_add(t, r->people == 1 ? "Erased 1 record; " : "Erased ");
    if (r->people != 1) {
      text_add_count(t, r->people);
      text_add(t, " records; ");
    }
  }
  if (!r->people && !r->lines) text_add(t, "Nothing was to be erased.\n");
  else {
    text_add_count(t, r->lines);
    text_add(t, r->lines == 1 ? " line became " : " lines became ");
    text_add_count(t, r->sums);
    text_add(t, r->sums == 1 ? " sum of their place.\n" : " sums of their places.\n");
  }
  if (!r->held_count) return;
  text_add_count(t, r->held_count);
  text_add(t, r->held_count == 1 ? " record is under a legal hold and was left as it is:\n"
                                 : " records are under a legal hold and were left as they are:\n");
}

/* Adds a record that was not erased, once for each hold on it; the hold may be on another record of
 * the same person. */
static enum status add_held(struct call *call, int64_t party, struct error *err) {
  struct person person = {0};
  struct legal_hold *holds = NULL;
  int count = 0;
  enum status status = register_person(call->store, call->arena, party, &person, err);
  if (status == DONE)
    status = legal_holds_list(call->store, call->arena, party, &holds, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    const struct legal_hold *h = &holds[i];
    if (h->ended_at) continue;
    text_addf(&call->out, "  %s, hold %lld", person.code, (long long)h->id);
    if (h->party != party) text_addf(&call->out, " on %s", h->code);
    char day[11] = "";
    if (clock_day_of(span_of(h->placed_at)) != DAY_NONE)
      day_write(clock_day_of(span_of(h->placed_at)), day);
    text_addf(&call->out, ", which %s placed on %s: %s\n", h->placed_by, day, h->reason);
  }
  return status;
}

static enum status add_left(struct call *call, const struct erasure_result *r, struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && !call->quiet && i < r->held_count; i++)
    status = add_held(call, r->held[i], err);
  return status;
}

static enum status erase_one(struct call *call, struct erasure_result *result, struct error *err) {
  const char *reason;
  struct sent all[1];
  struct call_sent sent = {.all = all};
  struct action_call act = {0};
  if (call_reason(call, &reason, err) != DONE || call_person(call, 0, &act.person, err) != DONE)
    return err->code;
  call_send(&sent, "reason", reason);
  if (call_act(call, "erase", &sent, &act, err) != DONE) return err->code;
  *result = (struct erasure_result){.people = action_answer_int_of(&act, "people"),
                                    .lines = action_answer_int_of(&act, "lines"),
                                    .sums = action_answer_int_of(&act, "sums")};
  return DONE;
}

static void add_bytes(struct text *t, int64_t bytes) {
  const bool small = bytes < 10000000;
  text_add_count(t, small ? (bytes + 500) / 1000 : (bytes + 500000) / 1000000);
  text_add(t, small ? " kB" : " MB");
}

static void add_rewriting(struct call *call, const struct rewrite_result *r, double seconds) {
  struct text *t = &call->out;
  if (call->quiet) return;
  if (r->tables) text_addf(t, "Wrote %lld tables anew", (long long)r->tables);
  else text_add(t, "Wrote the file anew");
  text_addf(t, " in %.1f s: ", seconds);
  add_bytes(t, r->before_bytes);
  text_add(t, " became ");
  add_bytes(t, r->after_bytes);
  text_add(t, ".\nNot reached, and yours to see to: backups and copies of the book; blocks of the "
              "disk in which older files lay");
  if (r->tables)
    text_add(t, "; the write-ahead log until the server has recycled it, and its archive");
  if (r->replicas)
    text_addf(t, "; %lld replicas, until they have followed", (long long)r->replicas);
  if (r->samples_left)
    text_add(t, "; the server's samples of columns (pg_statistic), which the database's owner "
                "writes anew with VACUUM FULL pg_catalog.pg_statistic");
  text_add(t, ".\n");
}

static enum status rewrite(struct call *call, struct error *err) {
  struct rewrite_result result;
  double start = clock_seconds();
  /* what was erased is reported, whatever happens after it */
  enum status status = output_flush(call, err);
  if (status == DONE) status = erasure_rewrite(call->store, NULL, &result, err);
  if (status == DONE) add_rewriting(call, &result, clock_seconds() - start);
  return status;
}

/* Says what takes long before waiting for it. */
static enum status report_of_imports(struct call *call, struct error *err) {
  bool held = false;
  enum status status = store_lock(call->store, BULK_LOCK, false, &held, err);
  if (status == DONE && held) store_unlock(call->store, BULK_LOCK);
  else if (status == DONE)
    output_note(call, "an import is under way; this waits until it has ended");
  return status;
}

/* Runs one of the ways to erase. */
static enum status erase(struct call *call, day_t on, struct error *err) {
  struct erasure_result result = {0};
  enum status status;
  if (call_has(call, "again"))
    status = erasure_again(call->store, call_option(call, "again"), &result, err);
  else if (call_has(call, "retention")) {
    status = call_open_pack(call, err);
    if (status == DONE)
      status = erasure_retention(call->store, call->pack, on, call->progress, &result, err);
  } else status = erase_one(call, &result, err);
  if (status == DONE) add_erasure(call, &result);
  if (status == DONE) status = add_left(call, &result, err);
  erasure_result_free(&result);
  return status;
}

/* Checks that exactly one way to erase is given, and no option that this way would ignore. */
static enum status check_way(const struct call *call, struct error *err) {
  bool person = call->argument_count, again = call_has(call, "again"),
       retention = call_has(call, "retention");
  bool list = call_has(call, "list"), rewrite = call_has(call, "rewrite");
  int ways = person + again + retention + list;
  if (ways > 1)
    return error_set(
        err, USAGE,
        "erase does one thing at a time; write a person, --again, --retention or --list");
  if (!ways && !rewrite)
    return error_set(err, USAGE, "erase lacks its person; write their id, or SCHEME:VALUE");
  if (list && rewrite)
    return error_set(err, USAGE, "--list erases nothing; write erase --rewrite by itself");
  if (call_has(call, "on") && !retention)
    return error_set(err, USAGE, "--on is the day of --retention; leave it out");
  if (call_has(call, "reason") && !person)
    return error_set(err, USAGE, "--reason is of one person's erasure; leave it out");
  return DONE;
}

enum status verb_erase(struct call *call, struct error *err) {
  day_t on = day_today();
  bool only_rewrite = !call->argument_count && !call_has(call, "again") &&
                      !call_has(call, "retention");
  if (check_way(call, err) != DONE) return err->code;
  if (call_day(call, "on", &on, err) != DONE || call_open_store(call, STORE_WRITE, err) != DONE)
    return err->code;
  if (call_has(call, "list")) return erasure_list(call->store, &call->out, err);
  enum status status = report_of_imports(call, err);
  if (status == DONE && !only_rewrite) status = erase(call, on, err);
  return status == DONE && call_has(call, "rewrite") ? rewrite(call, err) : status;
}
