/* weal do: any action by its name, with texts for its fields; and how other verbs call one. */
#include "cli/help_parts.h"

#include "base/limits.h"
#include "base/refusal.h"
#include "register/names.h"

#include <time.h>

/* ---- the actor ---- */

/* The operator, who is named by --as where a verb has always taken it so. */
static enum status as_operator(struct call *call, struct action_actor *actor, struct error *err) {
  *actor = (struct action_actor){.is_operator = true};
  return call_reader(call, &actor->by, err);
}

/* With --as that person, with their roles of today and nothing else. */
static enum status as_person(struct call *call, struct action_actor *actor, struct error *err) {
  *actor = (struct action_actor){0};
  if (call_reader(call, &actor->by, err) != DONE ||
      register_survivor(call->store, actor->by.person, &actor->person, err) != DONE)
    return err->code;
  return roles_granted_of(call->store, call->arena, actor->person, day_today(), &actor->roles, err);
}

/* ---- one call ---- */

static enum status begin(struct call *call, const struct action *action, struct action_call *act,
                         struct error *err) {
  *act = (struct action_call){.store = call->store,
                              .arena = call->arena,
                              .actor = act->actor,
                              .person = act->person,
                              .reason = act->reason,
                              .language = act->language,
                              .today = day_today(),
                              .now = (int64_t)time(NULL),
                              .progress = call->progress,
                              .import = act->import};
  bool needs_terms = action->needs_terms || (action->second && !act->actor.is_operator);
  if (!action->needs_pack && !needs_terms) return DONE;
  if (!call->pack && call_open_pack(call, err) != DONE) return err->code;
  act->pack = call->pack;
  /* of several packs the action would read the first one's rules alone */
  if (call_option(call, "policy") && !call->rules &&
      call_load_rules(call, &call->rules, err) != DONE)
    return err->code;
  act->rules = call->rules;
  if (!needs_terms) return DONE;
  if (!call->reference_data && call_read_reference_data(call, err) != DONE) return err->code;
  act->reference_data = call->reference_data;
  return DONE;
}

static enum status run(struct call *call, const struct action *action, struct action_call *act,
                       const struct call_sent *sent, struct error *err) {
  if (begin(call, action, act, err) != DONE) return err->code;
  if (action->begins) return action_run_sent(action, act, sent->all, sent->count, err);
  if (store_begin(call->store, STORE_WRITE, err) != DONE) return err->code;
  if (action_run_sent(action, act, sent->all, sent->count, err) == DONE &&
      store_commit(call->store, err) == DONE)
    return DONE;
  store_rollback(call->store);
  return err->code;
}

enum status call_act(struct call *call, const char *name, const struct call_sent *sent,
                     struct action_call *act, struct error *err) {
  *act = (struct action_call){.person = act->person, .import = act->import};
  if (as_operator(call, &act->actor, err) != DONE) return err->code;
  enum status status = run(call, action_find(span_of(name)), act, sent, err);
  /* a field that is no option of the verb is a word that its caller did not write; in a file it is
   * the file's column; and a refusal that names the field itself does not name it twice */
  const bool names_it = err->refusal.code == REFUSAL_FIELD_WRONG ||
                        err->refusal.code == REFUSAL_FIELD_MISSING;
  if (status != DONE && !err->file[0] && (names_it || !verb_option(call->verb, err->column)))
    err->column[0] = '\0';
  return status;
}

void call_send(struct call_sent *sent, const char *name, const char *value) {
  if (!value) return;
  sent->all[sent->count++] = (struct sent){.name = span_of(name), .value = span_of(value)};
}

/* ---- weal do ---- */

static enum status find_action(const struct call *call, const struct action **out,
                               struct error *err) {
  const char *name = call->arguments[0];
  struct nearest n = {.typed = name};
  const struct action *a;
  *out = action_find(span_of(name));
  if (*out) return DONE;
  for (int i = 0; (a = action_at(i)); i++) nearest_offer(&n, a->name);
  if (n.best)
    return error_set(err, USAGE, "there is no action '%s'; did you mean '%s'?", name, n.best);
  return error_set(err, USAGE, "there is no action '%s'; 'weal do --list' lists them", name);
}

static bool is_file(const struct action *action, struct span name) {
  for (const struct field *f = action->fields; f && f->name; f++)
    if (span_is(name, f->name)) return field_takes_file(f);
  return false;
}

/* FIELD=VALUE, or with --json an object from standard input. */
static enum status read_sent(struct call *call, const struct action *action, struct call_sent *out,
                             struct error *err) {
  if (call_has(call, "json")) {
    struct span json;
    struct sent *all = NULL;
    if (call->argument_count > 1)
      return error_set(err, USAGE, "--json reads the fields from standard input; leave %s out",
                       call->arguments[1]);
    if (cli_read_file(call->arena, "-", LIMIT_FORM_BYTES, &json, err) != DONE) return err->code;
    enum status status = action_sent_of_json(action, json, call->arena, &all, &out->count, err);
    out->all = all;
    return status;
  }
  out->all = arena_array(call->arena, struct sent, call->argument_count);
  for (int i = 1; i < call->argument_count; i++) {
    const char *word = call->arguments[i], *equals = strchr(word, '=');
    if (!equals)
      return error_set(err, USAGE, "'%s' is no FIELD=VALUE; 'weal do --list' lists the fields",
                       word);
    struct span name = span_make(word, (size_t)(equals - word));
    out->all[out->count++] =
        (struct sent){.name = name, .value = span_of(equals + 1), .file = is_file(action, name)};
  }
  return DONE;
}

static void add_answers(struct call *call, const struct action_call *act) {
  for (int i = 0; i < act->answer_count; i++)
    if (act->answers[i].text)
      text_addf(&call->out, "%s: %s\n", act->answers[i].name, act->answers[i].text);
  if (!act->answer_count && !call->quiet) text_add(&call->out, "Done.\n");
}

static enum status list(struct call *call, struct error *err) {
  const struct action *a;
  if (call->argument_count)
    return error_set(err, USAGE, "--list lists every action; leave %s out", call->arguments[0]);
  if (call_format(call) == FORMAT_JSON) {
    actions_add_json(&call->out);
    return DONE;
  }
  for (int i = 0; (a = action_at(i)); i++) {
    struct text line = {0};
    text_add(&line, a->name);
    for (const struct field *f = a->fields; f && f->name; f++)
      if (!f->is_step) text_addf(&line, f->optional ? " [%s=]" : " %s=", f->name);
    help_add_wrapped(&call->out, span_of(line.bytes), 8, 0);
    text_addf(&call->out, "%4s", "");
    help_add_wrapped(&call->out, span_of(a->summary), 4, 4);
    text_release(&line);
  }
  return DONE;
}

enum status verb_do(struct call *call, struct error *err) {
  const struct action *action = NULL;
  struct action_call act = {.reason = call_option(call, "reason")};
  struct call_sent sent = {0};
  const char *person = call_option(call, "person");
  if (call_has(call, "list")) return list(call, err);
  if (!call->argument_count)
    return error_set(err, USAGE, "do lacks its action; 'weal do --list' lists them");
  if (find_action(call, &action, err) != DONE || call_language(call, &act.language, err) != DONE ||
      read_sent(call, action, &sent, err) != DONE ||
      call_open_store(call, STORE_WRITE, err) != DONE)
    return err->code;
  enum status status = call_has(call, "as") ? as_person(call, &act.actor, err)
                                            : as_operator(call, &act.actor, err);
  if (status == DONE && person) status = call_person_of(call, person, &act.person, err);
  if (status == DONE) status = run(call, action, &act, &sent, err);
  if (call_format(call) == FORMAT_JSON && (status == DONE || status == REFUSED)) {
    action_add_json(&call->out, action, &act, status, err);
    if (status == REFUSED) *err = (struct error){0}; /* it is said */
  } else if (status == DONE) add_answers(call, &act);
  return status;
}
