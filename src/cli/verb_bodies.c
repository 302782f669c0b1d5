/* weal bodies: pairs of bodies that may be one payee, and what people decided of them; weal payees:
 * who was paid. */
#include "cli/cli.h"

#include "base/json.h"
#include "base/money.h"
#include "base/refusal.h"
#include "place/payees.h"
#include "register/body_pairs.h"

/* The first columns are those of an import of payees; the others, as their names say, are for
 * whoever decides. */
static void add_csv_pair(struct text *t, const struct body_pair *pair, bool waits) {
  text_add_csv_guarded(t, span_of(pair->body->code));
  text_add_char(t, ',');
  text_add_csv_guarded(t, span_of(pair->other->code));
  text_addf(t, ",%s,", waits ? "" : body_are_words[pair->are]);
  text_add_csv_guarded(t, span_of(pair->reason));
  const char *const names[] = {pair->body->name, pair->body->company, pair->other->name,
                               pair->other->company};
  for (int i = 0; i < 4; i++) {
    text_add_char(t, ',');
    text_add_csv_guarded(t, span_of(names[i]));
  }
  if (waits) text_addf(t, ",%s,%d\n", names_by_words[pair->match.by], pair->match.likeness);
  else {
    text_addf(t, ",%s,", pair->at);
    text_add_csv_guarded(t, span_of(pair->by));
    text_add_char(t, '\n');
  }
}

static void add_json_pair(struct json *j, const struct body_pair *pair, bool waits) {
  json_open_object(j, NULL);
  json_text(j, "body", span_of(pair->body->code));
  json_text(j, "body_name", span_of(pair->body->name));
  json_text(j, "other", span_of(pair->other->code));
  json_text(j, "other_name", span_of(pair->other->name));
  if (waits) {
    json_text(j, "why", span_of(names_by_words[pair->match.by]));
    json_int(j, "likeness", pair->match.likeness);
  } else {
    json_text(j, "decision", span_of(body_are_words[pair->are]));
    json_text(j, "reason", span_of(pair->reason));
    json_text(j, "at", span_of(pair->at));
    json_text(j, "by", span_of(pair->by));
  }
  json_close_object(j);
}

/* Names come from files of others: nothing of them reaches the terminal but what can be shown. */
static void add_text_pair(struct text *t, const struct body_pair *pair, bool waits) {
  text_addf(t, "%s  ", pair->body->code);
  text_add_clean(t, span_of(pair->body->name));
  if (pair->other != pair->body) {
    text_addf(t, "\n%s  ", pair->other->code);
    text_add_clean(t, span_of(pair->other->name));
  }
  if (!waits) {
    text_addf(t, "\n  %s: ", body_are_words[pair->are]);
    text_add_clean(t, span_of(pair->reason));
    text_add(t, "\n");
  } else if (pair->match.by == NAMES_BY_LIKENESS)
    text_addf(t, "\n  alike, %d of 1000\n", pair->match.likeness);
  else
    text_addf(t, "\n  %s\n",
              pair->match.by == NAMES_BY_NUMBER ? "one company number"
              : pair->match.by == NAMES_BY_NAME ? "one name"
                                                : "one trades as the other");
}

static void add_pairs(struct call *call, const struct body_pair *pairs, int count, bool waits) {
  struct text *t = &call->out;
  struct json j;
  const enum format format = call_format(call);
  if (format == FORMAT_CSV)
    text_addf(t,
              "body,other,decision,reason,x_body_name,x_body_company,x_other_name,"
              "x_other_company,%s\n",
              waits ? "x_why,x_likeness" : "x_at,x_by");
  if (format == FORMAT_JSON) {
    json_begin(&j, t);
    json_open_array(&j, NULL);
  }
  for (int i = 0; i < count; i++) {
    if (format == FORMAT_CSV) add_csv_pair(t, &pairs[i], waits);
    else if (format == FORMAT_JSON) add_json_pair(&j, &pairs[i], waits);
    else add_text_pair(t, &pairs[i], waits);
  }
  if (format == FORMAT_JSON) {
    json_close_array(&j);
    text_add_char(t, '\n');
  } else if (format == FORMAT_TEXT && !count && !call->quiet)
    text_add(t, waits ? "No pair waits.\n" : "Nobody has decided any pair.\n");
}

/* The columns of an import of payees again, to be filled in. */
static void add_hidden(struct call *call, const struct body_pairs *pairs,
                       const struct pack_name_words *words) {
  struct hidden_payee *all = NULL;
  struct text *t = &call->out;
  struct json j;
  int count = 0;
  const enum format format = call_format(call);
  body_hidden_payees(pairs, words, call->arena, &all, &count);
  if (format == FORMAT_CSV) text_add(t, "body,other,decision,reason,x_name,x_why\n");
  if (format == FORMAT_JSON) {
    json_begin(&j, t);
    json_open_array(&j, NULL);
  }
  for (int i = 0; i < count; i++) {
    const char *why = all[i].is == NAME_PERSON ? "person" : "not-known";
    if (format == FORMAT_CSV) {
      text_add_csv_guarded(t, span_of(all[i].body->code));
      text_add(t, ",,,,");
      text_add_csv_guarded(t, span_of(all[i].body->name));
      text_addf(t, ",%s\n", why);
    } else if (format == FORMAT_JSON) {
      json_open_object(&j, NULL);
      json_text(&j, "body", span_of(all[i].body->code));
      json_text(&j, "name", span_of(all[i].body->name));
      json_text(&j, "why", span_of(why));
      json_close_object(&j);
    } else {
      text_addf(t, "%s  ", all[i].body->code);
      text_add_clean(t, span_of(all[i].body->name));
      text_add(t, all[i].is == NAME_PERSON ? "  (a person's name)\n" : "\n");
    }
  }
  if (format == FORMAT_JSON) {
    json_close_array(&j);
    text_add_char(t, '\n');
  } else if (format == FORMAT_TEXT && !count && !call->quiet) text_add(t, "Nobody is hidden.\n");
}

enum status verb_bodies(struct call *call, struct error *err) {
  struct body_pairs pairs;
  struct bodies *bodies = NULL;
  struct pack_name_words *words = NULL;
  const char *what = call->arguments[0];
  const bool waits = strcmp(what, "review") == 0, hidden = strcmp(what, "hidden") == 0;
  if (!waits && !hidden && strcmp(what, "decided") != 0)
    return error_set(err, USAGE, "'%s' is nothing to list; write review, hidden or decided", what);
  enum status status = call_open_store(call, STORE_READ, err);
  if (status == DONE) status = call_open_pack(call, err);
  if (status == DONE) status = pack_name_words_read(&words, call->pack->dir, call->arena, err);
  if (status == DONE && waits)
    status = body_pairs_read(call->store, call->arena, words, false, &pairs, err);
  else if (status == DONE) { /* no names are compared */
    status = register_bodies(call->store, call->arena, &bodies, err);
    if (status == DONE) status = body_payees_read(call->store, call->arena, bodies, &pairs, err);
  }
  if (status != DONE) return status;
  if (hidden) add_hidden(call, &pairs, words);
  else
    add_pairs(call, waits ? pairs.waiting : pairs.decided,
              waits ? pairs.waiting_count : pairs.decided_count, waits);
  return DONE;
}

/* ---- payees ---- */

#define PRIVATE_PEOPLE "private people"

static void add_payee_row(struct text *t, const struct payee *payee, int64_t amount, bool csv) {
  if (csv) {
    text_add_csv_guarded(t, span_of(payee->code));
    text_add_char(t, ',');
    text_add_csv_guarded(t, span_of(payee->name ? payee->name : PRIVATE_PEOPLE));
    text_addf(t, ",%lld,%lld,", (long long)payee->payees, (long long)payee->payments);
    text_add_money(t, amount);
  } else {
    text_add_money(t, amount);
    text_add(t, "  ");
    text_add_clean(t, span_of(payee->name ? payee->name : PRIVATE_PEOPLE));
    if (!payee->name) text_addf(t, " (%lld)", (long long)payee->payees);
  }
  text_add_char(t, '\n');
}

static void add_payee_json(struct json *j, const struct payee *payee, int64_t amount) {
  json_open_object(j, NULL);
  if (payee->code) json_text(j, "code", span_of(payee->code));
  json_text(j, "name", span_of(payee->name ? payee->name : PRIVATE_PEOPLE));
  json_bool(j, "private", !payee->code);
  json_int(j, "payees", payee->payees);
  json_int(j, "payments", payee->payments);
  json_int(j, "amount", amount);
  json_close_object(j);
}

enum status verb_payees(struct call *call, struct error *err) {
  struct place_request request = {.code = call->argument_count ? call->arguments[0] : NULL};
  struct payee *payees = NULL;
  struct json j;
  int count = 0;
  const enum format format = call_format(call);
  enum status status = call_year(call, &request.year, err);
  if (status == DONE) status = call_open_store(call, STORE_READ, err);
  if (status == DONE) status = call_open_pack(call, err);
  if (status == DONE)
    status = place_payees(call->store, call->pack, &request, call->arena, &payees, &count, err);
  if (status != DONE) return status;
  if (format == FORMAT_CSV) text_add(&call->out, "code,name,payees,payments,amount\n");
  if (format == FORMAT_JSON) {
    json_begin(&j, &call->out);
    json_open_array(&j, NULL);
  }
  for (int i = 0; i < count; i++) {
    int64_t amount = 0;
    if (!wide_narrow(payees[i].amount, &amount)) return refuse(err, FILE_SUM_TOO_LARGE);
    if (format == FORMAT_JSON) add_payee_json(&j, &payees[i], amount);
    else add_payee_row(&call->out, &payees[i], amount, format == FORMAT_CSV);
  }
  if (format == FORMAT_JSON) {
    json_close_array(&j);
    text_add_char(&call->out, '\n');
  }
  return DONE;
}
