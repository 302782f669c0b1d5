/* The table of verbs, written out: help for a terminal, the manual page (scdoc), completion for bash. */
#include "cli/cli.h"

#include "exchange/exchange.h"

enum { HELP_WIDTH = 78 };

/* ---- text that wraps ---- */

/* Adds words of `text` up to `end`, wrapped, each new line indented; the first line has `used` columns taken already. */
static void add_wrapped(struct text *t, struct span text, int indent, int used) {
  int column = used;
  size_t at = 0;
  while (at < text.size) {
    while (at < text.size && text.bytes[at] == ' ') at++;
    size_t start = at;
    while (at < text.size && text.bytes[at] != ' ') at++;
    struct span word = span_make(text.bytes + start, at - start);
    if (!word.size) break;
    int width = (int)utf8_width(word);
    if (column > indent && column + 1 + width > HELP_WIDTH) {
      text_addf(t, "\n%*s", indent, "");
      column = indent;
    } else if (column > indent) {
      text_add_char(t, ' ');
      column++;
    }
    text_add_span(t, word);
    column += width;
  }
  text_add_char(t, '\n');
}

/* Takes the next line off `*text`. */
static bool next_line(const char **text, struct span *line) {
  if (!**text) return false;
  size_t size = strcspn(*text, "\n");
  *line = span_make(*text, size);
  *text += size + ((*text)[size] == '\n');
  return true;
}

static bool is_example(struct span line) { return line.size >= 4 && memcmp(line.bytes, "    ", 4) == 0; }

/* ---- for a terminal ---- */

static int option_width(const struct option *options) {
  size_t widest = 0;
  for (const struct option *o = options; o && o->name; o++) {
    size_t width = strlen(o->name) + 2 + (o->value ? strlen(o->value) + 1 : 0);
    if (width > widest) widest = width;
  }
  return (int)widest;
}

static void add_options(struct text *t, const struct option *options, int width) {
  for (const struct option *o = options; o && o->name; o++) {
    size_t start = t->size;
    text_addf(t, "  --%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
    int used = (int)(t->size - start);
    text_addf(t, "%*s", width + 4 - used, "");
    add_wrapped(t, span_of(o->help), width + 4, width + 4);
  }
}

static void add_verb_list(struct text *t) {
  for (const struct verb *v = verbs; v->name; v++) {
    text_addf(t, "  %-12s", v->name);
    add_wrapped(t, span_of(v->summary), 14, 14);
  }
}

void help_add_all(struct text *t) {
  text_add(t, "weal: the social accounts of a place and of everyone who lives in it\n\n"
              "Usage: weal VERB [ARGUMENT...] [--OPTION...]\n\n"
              "Verbs:\n");
  add_verb_list(t);
  text_add(t, "\nOptions of every verb, before or after it:\n");
  add_options(t, global_options, option_width(global_options));
  text_add(t, "\n'weal help VERB' says more of one verb. To see it all at work: weal demo demo\n");
}

static void add_paragraphs(struct text *t, const char *help) {
  struct span line;
  while (next_line(&help, &line)) {
    if (is_example(line)) {
      text_add_span(t, line);
      text_add_char(t, '\n');
    } else add_wrapped(t, line, 0, 0);
  }
}

/* The kinds of import, where a verb takes one. */
static bool takes_kind(const struct verb *verb) { return verb->first_argument && strcmp(verb->first_argument, "kind") == 0; }

void help_add_verb(struct text *t, const struct verb *verb) {
  bool own = verb->options && verb->options->name;
  text_addf(t, "weal %s: %s\n\nUsage: weal %s%s%s%s\n\n", verb->name, verb->summary, verb->name, *verb->synopsis ? " " : "", verb->synopsis,
            own ? " [--OPTION...]" : "");
  add_paragraphs(t, verb->help);
  if (takes_kind(verb)) {
    text_add(t, "\nKinds:\n");
    for (const struct exchange_kind *k = exchange_kinds; k->name; k++) {
      text_addf(t, "  %-12s", k->name);
      add_wrapped(t, span_of(k->help), 14, 14);
    }
  }
  if (verb->formats) text_addf(t, "\nFormats (the first when --format is not given): %s\n", verb->formats);
  if (own) {
    text_add(t, "\nOptions:\n");
    add_options(t, verb->options, option_width(verb->options));
  }
  text_add(t, "\nOptions of every verb:\n");
  add_options(t, global_options, option_width(global_options));
}

/* ---- the manual page ---- */

/* scdoc's marks are escaped wherever they stand. */
static void add_scdoc(struct text *t, struct span s) {
  for (size_t i = 0; i < s.size; i++) {
    if (strchr("\\_*#`[]|", s.bytes[i]) || (i == 0 && strchr("-.+~<>", s.bytes[i]))) text_add_char(t, '\\');
    text_add_char(t, s.bytes[i]);
  }
}

static void add_scdoc_paragraphs(struct text *t, const char *help) {
  struct span line;
  bool literal = false;
  while (next_line(&help, &line)) {
    bool example = is_example(line);
    if (example != literal) text_add(t, "```\n");
    literal = example;
    if (example) text_add_bytes(t, line.bytes + 4, line.size - 4);
    else add_scdoc(t, line);
    text_add_char(t, '\n');
  }
  if (literal) text_add(t, "```\n");
  text_add_char(t, '\n');
}

static void add_scdoc_options(struct text *t, const struct option *options) {
  for (const struct option *o = options; o && o->name; o++) {
    text_addf(t, "*--%s*", o->name);
    if (o->value) {
      text_add(t, " _");
      add_scdoc(t, span_of(o->value));
      text_add_char(t, '_');
    }
    text_add(t, "\n\t");
    add_scdoc(t, span_of(o->help));
    text_add(t, ".\n\n");
  }
}

static void add_scdoc_verb(struct text *t, const struct verb *verb) {
  text_addf(t, "## weal %s", verb->name);
  if (*verb->synopsis) text_add_char(t, ' ');
  add_scdoc(t, span_of(verb->synopsis));
  text_add(t, "\n\n");
  add_scdoc_paragraphs(t, verb->help);
  if (takes_kind(verb)) {
    text_add(t, "Kinds:\n\n");
    for (const struct exchange_kind *k = exchange_kinds; k->name; k++) {
      text_addf(t, "- *%s*: ", k->name);
      add_scdoc(t, span_of(k->help));
      text_add_char(t, '\n');
    }
    text_add_char(t, '\n');
  }
  if (verb->formats) text_addf(t, "Formats, the first when *--format* is not given: %s.\n\n", verb->formats);
  add_scdoc_options(t, verb->options);
}

void help_add_man(struct text *t) {
  text_add(t, "weal(1)\n\n# NAME\n\nweal - the social accounts of a place and of everyone who lives in it\n\n"
              "# SYNOPSIS\n\n*weal* _VERB_ [_ARGUMENT_...] [--_OPTION_...]\n\n"
              "# DESCRIPTION\n\n"
              "*weal* keeps a book of what everybody in a place pays, receives, uses and gives, and makes of it an annual statement for each citizen and an "
              "account for the place.\n\n"
              "Results go to standard output, messages to standard error as 'weal: FILE:LINE: COLUMN: what is wrong; what would be right'. A person is named "
              "SCHEME:VALUE: nino:QQ123456C, nhs:9434765919, utr:1123456789, id:P000001; a bare value is an id.\n\n"
              "# OPTIONS\n\nThese go with every verb, before or after it.\n\n");
  add_scdoc_options(t, global_options);
  text_add(t, "*--help*\n\tHelp, of the verb where one is named.\n\n# VERBS\n\n");
  for (const struct verb *v = verbs; v->name; v++) add_scdoc_verb(t, v);
  text_add(t, "# EXIT STATUS\n\n"
              "*0*\n\tDone.\n\n*1*\n\tRefused: the input or the state of the book forbids it; nothing was written. Of *audit*: something differs.\n\n"
              "*2*\n\tThe call itself was malformed; nothing was done.\n\n"
              "*3*\n\tThe store or the machine failed; nothing is half written.\n\n"
              "# ENVIRONMENT\n\n*WEAL\\_STORE*\n\tThe book, where *--store* is not given.\n\n"
              "# FILES\n\n_weal.db_\n\tThe book in the current folder, where neither *--store* nor *WEAL\\_STORE* says otherwise.\n\n"
              "# EXAMPLES\n\nA place from its own files, and the statement of one of its people:\n\n"
              "```\nweal init --place E07000117,Burnley\nweal import people people.csv\nweal import entries entries.csv\n"
              "weal statement P000001 --year 2025-26\n```\n");
}

/* ---- completion ---- */

static void add_option_words(struct text *t, const struct option *options) {
  for (const struct option *o = options; o && o->name; o++) text_addf(t, " --%s", o->name);
}

static void add_choice_cases(struct text *t, const struct option *options) {
  for (const struct option *o = options; o && o->name; o++) {
    if (!o->value || strcmp(o->name, "format") == 0) continue;
    if (o->choices) text_addf(t, "    --%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n", o->name, o->choices);
  }
}

static void add_first_argument(struct text *t, const struct verb *verb) {
  const char *what = verb->first_argument;
  if (!what) return;
  text_addf(t, "    %s) if [ $arguments = 0 ]; then ", verb->name);
  if (strcmp(what, "folder") == 0) text_add(t, "COMPREPLY=($(compgen -d -- \"$word\")); return");
  else {
    text_add(t, "COMPREPLY=($(compgen -W '");
    if (strcmp(what, "kind") == 0)
      for (const struct exchange_kind *k = exchange_kinds; k->name; k++) text_addf(t, "%s ", k->name);
    if (strcmp(what, "verb") == 0)
      for (const struct verb *v = verbs; v->name; v++) text_addf(t, "%s ", v->name);
    text_add(t, "' -- \"$word\")); return");
  }
  text_add(t, "; fi ;;\n");
}

void help_add_completion_bash(struct text *t) {
  text_add(t, "# bash completion for weal; made by 'weal help --completion bash' from the program's own table of verbs.\n"
              "_weal() {\n"
              "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb= formats=text options= arguments=0 i w skip=\n"
              "  COMPREPLY=()\n"
              "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
              "    w=${COMP_WORDS[i]}\n"
              "    if [ -n \"$skip\" ]; then skip=; continue; fi\n"
              "    case $w in\n     ");
  for (const struct option *o = global_options; o->name; o++)
    if (o->value) text_addf(t, " --%s |", o->name);
  for (const struct verb *v = verbs; v->name; v++)
    for (const struct option *o = v->options; o->name; o++)
      if (o->value) text_addf(t, " --%s |", o->name);
  t->bytes[--t->size] = '\0'; /* the last bar */
  text_add(t, ") skip=1 ;;\n"
              "      -*) ;;\n"
              "      *) if [ -z \"$verb\" ]; then verb=$w; else arguments=$((arguments + 1)); fi ;;\n"
              "    esac\n"
              "  done\n"
              "  case $verb in\n");
  for (const struct verb *v = verbs; v->name; v++) {
    text_addf(t, "    %s) options='", v->name);
    add_option_words(t, v->options);
    text_addf(t, "' formats='%s' ;;\n", v->formats ? v->formats : "text");
  }
  text_add(t, "  esac\n  case $before in\n"
              "    --format) COMPREPLY=($(compgen -W \"$formats\" -- \"$word\")); return ;;\n"
              "    --out | --policy) COMPREPLY=($(compgen -d -- \"$word\")); return ;;\n");
  add_choice_cases(t, global_options);
  add_choice_cases(t, verb_find("init")->options);
  for (const struct verb *v = verbs; v->name; v++)
    if (strcmp(v->name, "init") != 0) add_choice_cases(t, v->options);
  text_add(t, "  esac\n"
              "  case $word in\n    -*) COMPREPLY=($(compgen -W \"$options");
  add_option_words(t, global_options);
  text_add(t, " --help\" -- \"$word\")); return ;;\n  esac\n"
              "  case $verb in\n    '') COMPREPLY=($(compgen -W '");
  for (const struct verb *v = verbs; v->name; v++) text_addf(t, "%s ", v->name);
  text_add(t, "' -- \"$word\")); return ;;\n");
  for (const struct verb *v = verbs; v->name; v++) add_first_argument(t, v);
  text_add(t, "  esac\n"
              "  COMPREPLY=($(compgen -f -- \"$word\"))\n"
              "}\n"
              "complete -o filenames -F _weal weal\n");
}
