/* Help of a part of a verb, from the same tables that the verb itself reads. */
#include "cli/help_parts.h"

#include "exchange/exchange.h"

static bool first_is(const struct verb *verb, const char *what) {
  return verb->first_argument && strcmp(verb->first_argument, what) == 0;
}

static void widen(int *width, const char *name) {
  if ((int)strlen(name) > *width) *width = (int)strlen(name);
}

/* ---- a kind of file ---- */

static void add_column(struct text *t, const struct exchange_kind *kind, int column,
                       int name_width) {
  const struct table_column *c = &kind->columns[column];
  const struct column_help *help = &kind->column_help[column];
  const int indent = name_width + 6;
  text_addf(t, "  %s%s%*s", c->name, c->required ? "*" : "",
            indent - 2 - (int)strlen(c->name) - c->required, "");
  help_add_wrapped(t, span_of(help->what), indent, indent);
  text_addf(t, "%*s", indent, "");
  struct text example = {0};
  text_addf(&example, "such as %s", help->example);
  help_add_wrapped(t, span_of(example.bytes), indent, indent);
  text_release(&example);
}

static void add_kind(struct text *t, const struct verb *verb, const struct exchange_kind *kind) {
  int width = 0;
  for (int i = 0; i < kind->column_count; i++) widen(&width, kind->columns[i].name);
  help_add_title(t, verb->name, kind->name, kind->help);
  struct text usage = {0};
  text_addf(&usage, "Usage: weal %s %s%s [--OPTION...]", verb->name, kind->name,
            verb->arguments_max > 1 ? " FILE..." : "");
  help_add_wrapped(t, span_of(usage.bytes), 11, 0);
  text_release(&usage);
  text_add(t, "\nColumns, in any order; those with * every file has:\n");
  for (int i = 0; i < kind->column_count; i++) add_column(t, kind, i, width);
  text_addf(t,
            "\nWords, forms and rules: docs/reference/files.md. Options: 'weal help %s'.\n"
            "An empty file of this kind is what an empty book gives: weal export %s\n",
            verb->name, kind->name);
}

/* ---- an action ---- */

static void add_field(struct text *t, const struct field *f, int width) {
  const int indent = width + 6;
  struct text words = {0};
  text_addf(t, "  %s%s%*s", f->name, f->optional ? "" : "*",
            indent - 2 - (int)strlen(f->name) - !f->optional, "");
  text_addf(&words, "%s%s%s", f->label ? f->label : "", f->label && f->hint ? " " : "",
            f->hint ? f->hint : "");
  for (int i = 0; field_choice(f, i).word; i++)
    text_addf(&words, "%s%s",
              i            ? ", "
              : words.size ? " One of: "
                           : "One of: ",
              field_choice(f, i).word);
  if (!words.size) text_add(&words, "(kept by the program)");
  help_add_wrapped(t, span_of(words.bytes), indent, indent);
  text_release(&words);
}

static void add_action(struct text *t, const struct verb *verb, const struct action *action) {
  int width = 0; /* 0: it has no fields */
  for (const struct field *f = action->fields; f && f->name; f++)
    if (!f->is_step) widen(&width, f->name);
  help_add_title(t, verb->name, action->name, action->summary);
  struct text usage = {0};
  text_addf(&usage, "Usage: weal %s %s%s", verb->name, action->name,
            width ? " FIELD=VALUE..." : "");
  if (action->about != ABOUT_NOBODY) text_add(&usage, " [--person PERSON]");
  text_add(&usage, " [--as PERSON] [--json]");
  help_add_wrapped(t, span_of(usage.bytes), 11, 0);
  text_release(&usage);
  if (width) text_add(t, "\nFields; those with * are needed:\n");
  for (const struct field *f = action->fields; f && f->name; f++)
    if (!f->is_step) add_field(t, f, width);
  text_add(t, "\nWhat it answers and refuses: docs/reference/actions.md.\n");
}

/* ---- a word of its own ---- */

/* The paragraphs of the verb, and of its examples those of this way. */
static void add_way(struct text *t, const struct verb *verb, const char *word) {
  struct text summary = help_with_tables(verb->summary), help = help_with_tables(verb->help),
              own = {0};
  const char *at = help.bytes;
  struct span line;
  text_addf(&own, "    weal %s %s", verb->name, word);
  help_add_title(t, verb->name, word, summary.bytes);
  help_add_usage(t, verb, word);
  while (help_next_line(&at, &line)) {
    const bool example = help_is_example(line);
    if (example && (line.size < own.size || memcmp(line.bytes, own.bytes, own.size) != 0)) continue;
    if (!example) help_add_wrapped(t, line, 0, 0);
    else text_addf(t, "%.*s\n", SPAN(line));
  }
  if (verb->options && verb->options->name) {
    text_addf(t, "\nOptions of 'weal %s':\n", verb->name);
    help_add_options(t, verb->options);
  }
  text_release(&summary);
  text_release(&help);
  text_release(&own);
}

static bool is_word(struct span way) {
  return way.size && way.bytes[0] >= 'a' && way.bytes[0] <= 'z';
}

static bool has_way(const struct verb *verb, const char *word) {
  const char *synopsis = verb->synopsis;
  while (*synopsis) {
    struct span way = help_next_way(&synopsis);
    if (is_word(way) && help_way_is(way, word)) return true;
  }
  return false;
}

/* ---- which ---- */

static void offer_parts(struct nearest *n, const struct verb *verb, struct text *list) {
  const struct action *a;
  for (const struct exchange_kind *k = exchange_kinds; first_is(verb, "kind") && k->name; k++) {
    nearest_offer(n, k->name);
    text_addf(list, " %s", k->name);
  }
  for (int i = 0; first_is(verb, "action") && (a = action_at(i)); i++) {
    nearest_offer(n, a->name);
    text_addf(list, " %s", a->name);
  }
  for (const char *synopsis = verb->synopsis; *synopsis;) {
    struct span way = help_next_way(&synopsis);
    const char *end = memchr(way.bytes, ' ', way.size);
    if (is_word(way))
      text_addf(list, " %.*s", end ? (int)(end - way.bytes) : (int)way.size, way.bytes);
  }
}

enum status help_add_part(struct text *t, const struct verb *verb, const char *part,
                          struct error *err) {
  const struct exchange_kind *kind = first_is(verb, "kind") ? exchange_kind(part) : NULL;
  const struct action *action = first_is(verb, "action") ? action_find(span_of(part)) : NULL;
  if (kind) add_kind(t, verb, kind);
  else if (action) add_action(t, verb, action);
  else if (has_way(verb, part)) add_way(t, verb, part);
  else {
    struct nearest n = {.typed = part};
    struct text list = {0};
    text_add(&list, "");
    offer_parts(&n, verb, &list);
    if (n.best)
      error_set(err, USAGE, "%s has no part '%s'; did you mean '%s'?", verb->name, part, n.best);
    else if (list.size)
      error_set(err, USAGE, "%s has no part '%s'; its parts are:%s", verb->name, part, list.bytes);
    else error_set(err, USAGE, "%s has no parts; write: weal help %s", verb->name, verb->name);
    text_release(&list);
    return USAGE;
  }
  return DONE;
}
