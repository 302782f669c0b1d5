/* Turns words into a call. Options may come before the verb, so we must know whether `--name` takes
 * a value before we know the verb: in every verb the same name takes a value or none (verbs.c), so
 * any verb's row says which. At the end we check that the option belongs to the verb. */
#include "cli/cli.h"

#include <assert.h>
#include <stdlib.h>

/* ---- nearest words ---- */

/* Takes the next word off `*choices`; false at the end. */
static bool next_choice(const char **choices, struct span *word) {
  while (**choices == ' ') (*choices)++;
  if (!**choices) return false;
  size_t size = strcspn(*choices, " ");
  *word = span_make(*choices, size);
  *choices += size;
  return true;
}

static bool choices_have(const char *choices, const char *word) {
  struct span choice;
  while (next_choice(&choices, &choice))
    if (span_is(choice, word)) return true;
  return false;
}

/* The word of `choices` (space between) that is nearest to the typed one, null when none is near.
 * In the arena. */
static const char *nearest_of_choices(struct arena *arena, const char *typed, const char *choices) {
  struct nearest n = {.typed = typed};
  struct span choice;
  while (next_choice(&choices, &choice))
    nearest_offer(&n, arena_copy(arena, choice.bytes, choice.size));
  return n.best;
}

/* ---- options ---- */

static const struct option *option_in(const struct option *options, struct span name) {
  for (const struct option *o = options; o && o->name; o++)
    if (span_is(name, o->name)) return o;
  return NULL;
}

static const struct option *option_anywhere(struct span name) {
  const struct option *found = option_in(global_options, name);
  for (const struct verb *v = verbs; v->name && !found; v++) found = option_in(v->options, name);
  return found;
}

const struct option *verb_option(const struct verb *verb, const char *name) {
  const struct option *own = verb ? option_in(verb->options, span_of(name)) : NULL;
  return own ? own : option_in(global_options, span_of(name));
}

const struct verb *verb_find(const char *name) {
  for (const struct verb *v = verbs; v->name; v++)
    if (strcmp(v->name, name) == 0) return v;
  return NULL;
}

static const char *nearest_option(const struct verb *verb, const char *typed) {
  struct nearest n = {.typed = typed};
  for (const struct option *o = verb ? verb->options : NULL; o && o->name; o++)
    nearest_offer(&n, o->name);
  for (const struct option *o = global_options; o->name; o++) nearest_offer(&n, o->name);
  if (!verb)
    for (const struct verb *v = verbs; v->name; v++)
      for (const struct option *o = v->options; o && o->name; o++) nearest_offer(&n, o->name);
  return n.best;
}

static enum status unknown_option(const struct verb *verb, const char *name, struct error *err) {
  const char *near = nearest_option(verb, name);
  if (verb && near)
    return error_set(err, USAGE, "%s has no option --%s; did you mean --%s?", verb->name, name,
                     near);
  if (verb)
    return error_set(err, USAGE, "%s has no option --%s; 'weal help %s' lists those it has",
                     verb->name, name, verb->name);
  if (near) return error_set(err, USAGE, "there is no option --%s; did you mean --%s?", name, near);
  return error_set(err, USAGE,
                   "there is no option --%s; 'weal help' lists the verbs and their options", name);
}

static void add_given(struct call *call, const struct option *option, const char *value) {
  call->given[call->options_given_count++] = (struct option_given){option, value};
}

/* `words[*at]` begins with two dashes. */
static enum status take_option(struct call *call, char **words, int count, int *at,
                               struct error *err) {
  const char *word = words[*at] + 2;
  const char *equals = strchr(word, '=');
  struct span name = span_make(word, equals ? (size_t)(equals - word) : strlen(word));
  if (span_is(name, "help") || span_is(name, "version")) {
    if (equals) return error_set(err, USAGE, "--" SPAN_FORMAT " takes no value", SPAN(name));
    if (span_is(name, "help")) call->help = true;
    else call->version = true;
    return DONE;
  }
  const struct option *option = option_anywhere(name);
  if (!option && !call->verb)
    return unknown_option(NULL, arena_copy(call->arena, name.bytes, name.size), err);
  if (!option) {
    /* An unknown option is kept until the verb is known, so that the suggestion comes from that
     * verb. */
    struct option *unknown = arena_alloc(call->arena, sizeof *unknown);
    unknown->name = arena_copy(call->arena, name.bytes, name.size);
    add_given(call, unknown, NULL);
    return DONE;
  }
  if (!option->value) {
    if (equals)
      return error_set(err, USAGE, "--%s takes no value; leave '=%s' out", option->name,
                       equals + 1);
    add_given(call, option, NULL);
    return DONE;
  }
  if (!equals && *at + 1 == count)
    return error_set(err, USAGE, "--%s lacks its value; write --%s %s", option->name, option->name,
                     option->value);
  add_given(call, option, equals ? equals + 1 : words[++*at]);
  return DONE;
}

static enum status check_choice(struct call *call, const struct option *option, const char *value,
                                const char *choices, struct error *err) {
  if (!choices || choices_have(choices, value)) return DONE;
  const char *near = nearest_of_choices(call->arena, value, choices);
  if (near)
    return error_set(err, USAGE, "--%s is '%s'; did you mean %s? It may be: %s", option->name,
                     value, near, choices);
  return error_set(err, USAGE, "--%s is '%s'; it may be: %s", option->name, value, choices);
}

static enum status check_given(struct call *call, struct error *err) {
  const struct verb *verb = call->verb;
  for (int i = 0; i < call->options_given_count; i++) {
    struct option_given *g = &call->given[i];
    const struct option *own = verb_option(verb, g->option->name);
    if (!own && (verb || !option_anywhere(span_of(g->option->name))))
      return unknown_option(verb, g->option->name, err);
    if (!own) continue; /* --help or --version without a verb */
    assert((own->value == NULL) == (g->value == NULL));
    g->option = own;
    if (!own->value) continue;
    if (!*g->value)
      return error_set(err, USAGE, "--%s is empty; write --%s %s", own->name, own->name,
                       own->value);
    const char *choices = own->choices;
    if (verb && strcmp(own->name, "format") == 0) choices = verb->formats ? verb->formats : "text";
    if (check_choice(call, own, g->value, choices, err) != DONE) return USAGE;
  }
  return DONE;
}

static enum status check_arguments(const struct call *call, struct error *err) {
  const struct verb *v = call->verb;
  if (call->argument_count < v->arguments_min)
    return error_set(err, USAGE, "%s lacks %s; write: weal %s %s", v->name,
                     call->argument_count ? "an argument" : "its arguments", v->name, v->synopsis);
  if (call->argument_count > v->arguments_max && v->arguments_max == 0)
    return error_set(err, USAGE, "%s takes no argument, and '%s' is one; write: weal %s%s%s",
                     v->name, call->arguments[0], v->name, *v->synopsis ? " " : "", v->synopsis);
  if (call->argument_count > v->arguments_max)
    return error_set(err, USAGE, "'%s' is one argument too many; write: weal %s %s",
                     call->arguments[v->arguments_max], v->name, v->synopsis);
  return DONE;
}

static enum status take_verb(struct call *call, const char *word, struct error *err) {
  call->verb = verb_find(word);
  if (call->verb) return DONE;
  struct nearest n = {.typed = word};
  for (const struct verb *v = verbs; v->name; v++) nearest_offer(&n, v->name);
  if (n.best)
    return error_set(err, USAGE, "there is no verb '%s'; did you mean '%s'?", word, n.best);
  return error_set(err, USAGE, "there is no verb '%s'; 'weal help' lists them", word);
}

enum status call_parse(struct call *call, int argc, char **argv, struct error *err) {
  call->arguments = arena_array(call->arena, const char *, argc + 1);
  call->given = arena_array(call->arena, struct option_given, argc + 1);
  bool only_arguments = false;
  for (int i = 1; i < argc; i++) {
    char *word = argv[i];
    bool dashed = !only_arguments && word[0] == '-' && word[1] != '\0';
    if (dashed && strcmp(word, "--") == 0) only_arguments = true;
    else if (dashed && word[1] == '-') {
      if (take_option(call, argv, argc, &i, err) != DONE) return USAGE;
    } else if (dashed && strcmp(word, "-h") == 0) call->help = true;
    else if (dashed)
      return error_set(err, USAGE,
                       "there is no option %s; options are words with two dashes, and an argument "
                       "that begins with a dash comes after --",
                       word);
    else if (!call->verb) {
      if (take_verb(call, word, err) != DONE) return USAGE;
    } else call->arguments[call->argument_count++] = word;
  }
  if (check_given(call, err) != DONE) return USAGE;
  call->quiet = call_has(call, "quiet");
  const char *progress = call_option(call, "progress");
  if (progress && strcmp(progress, "always") == 0) call->progress = PROGRESS_ALWAYS;
  if (call->quiet || (progress && strcmp(progress, "never") == 0)) call->progress = PROGRESS_NEVER;
  if (call->help || call->version || !call->verb) return DONE;
  return check_arguments(call, err);
}
