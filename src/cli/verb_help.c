/* weal help, weal version. */
#include "cli/cli.h"

#ifndef WEAL_VERSION
#error "the build gives WEAL_VERSION"
#endif

enum status verb_help(struct call *call, struct error *err) {
  bool man = call_has(call, "man"), completion = call_has(call, "completion");
  if (man + completion + (call->argument_count > 0) > 1)
    return error_set(err, USAGE, "help takes one of a verb, --man and --completion");
  if (man) help_add_man(&call->out);
  else if (completion) help_add_completion_bash(&call->out);
  else if (!call->argument_count) help_add_all(&call->out);
  else {
    const struct verb *verb = verb_find(call->arguments[0]);
    if (!verb) {
      struct nearest n = {.typed = call->arguments[0]};
      for (const struct verb *v = verbs; v->name; v++) nearest_offer(&n, v->name);
      return error_set(err, USAGE, "there is no verb '%s'; %s%s%s", n.typed,
                       n.best ? "did you mean '" : "'weal help", n.best ? n.best : "",
                       n.best ? "'?" : "' lists them");
    }
    if (call->argument_count > 1) return help_add_part(&call->out, verb, call->arguments[1], err);
    help_add_verb(&call->out, verb);
  }
  return DONE;
}

enum status verb_version(struct call *call, struct error *err) {
  (void)err;
  text_add(&call->out, "weal " WEAL_VERSION "\n");
  return DONE;
}
