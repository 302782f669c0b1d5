/* Renders the table of verbs: help for a terminal, the manual page, completion for bash. */
#include "cli/cli.h"
#include "cli/help_parts.h"

#include "exchange/exchange.h"
#include "register/permission.h"

#ifndef WEAL_VERSION
#error "the build gives WEAL_VERSION"
#endif

enum { HELP_WIDTH = 78 };
/* when the table of verbs last changed: the day of the manual page */
#define WEAL_TABLE_DAY "2026-11-24"

/* ---- text that wraps ---- */

/* Adds words of `text` up to `end`, wrapped, each new line indented; the first line has `used`
 * columns taken already. */
void help_add_wrapped(struct text *t, struct span text, int indent, int used) {
  int column = used;
  bool begun = false;
  size_t at = 0;
  while (at < text.size) {
    while (at < text.size && text.bytes[at] == ' ') at++;
    size_t start = at;
    while (at < text.size && text.bytes[at] != ' ') at++;
    struct span word = span_make(text.bytes + start, at - start);
    if (!word.size) break;
    int width = (int)utf8_width(word);
    if (begun && column + 1 + width > HELP_WIDTH) {
      text_addf(t, "\n%*s", indent, "");
      column = indent;
    } else if (begun) {
      text_add_char(t, ' ');
      column++;
    }
    text_add_span(t, word);
    column += width;
    begun = true;
  }
  text_add_char(t, '\n');
}

/* Takes the next line off `*text`. */
bool help_next_line(const char **text, struct span *line) {
  if (!**text) return false;
  size_t size = strcspn(*text, "\n");
  *line = span_make(*text, size);
  *text += size + ((*text)[size] == '\n');
  return true;
}

bool help_is_example(struct span line) {
  return line.size >= 4 && memcmp(line.bytes, "    ", 4) == 0;
}

/* ---- for a terminal ---- */

static int option_width(const struct option *options) {
  size_t widest = 0;
  for (const struct option *o = options; o && o->name; o++) {
    size_t width = strlen(o->name) + 2 + (o->value ? strlen(o->value) + 1 : 0);
    if (width > widest) widest = width;
  }
  return (int)widest;
}

void help_add_options(struct text *t, const struct option *options) {
  const int width = option_width(options);
  for (const struct option *o = options; o && o->name; o++) {
    size_t start = t->size;
    text_addf(t, "  --%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
    int used = (int)(t->size - start);
    text_addf(t, "%*s", width + 4 - used, "");
    help_add_wrapped(t, span_of(o->help), width + 4, width + 4);
  }
}

static void add_roles(struct text *t) { text_add_roles(t, false); }
static void add_roles_explained(struct text *t) { text_add_roles(t, true); }

/* A line an action, and a further one where its summary is long, which are shown as they are. */
static void add_actions(struct text *t) {
  const struct action *a;
  for (int i = 0; (a = action_at(i)); i++) {
    text_addf(t, "    %-18s ", a->name);
    help_add_wrapped(t, span_of(a->summary), 23, 23);
  }
}

/* A summary or help of the table of verbs, with what another table has in place of a mark. The
 * caller releases the text. */
struct text help_with_tables(const char *words) {
  static const struct {
    const char *word;
    void (*add)(struct text *t);
  } marks[] = {{"{roles}", add_roles},
               {"{roles explained}", add_roles_explained},
               {"{actions}", add_actions}};
  struct text t = {0};
  text_add(&t, "");
  while (*words) {
    size_t taken = 0;
    for (size_t i = 0; i < sizeof marks / sizeof *marks && !taken; i++)
      if (strncmp(words, marks[i].word, strlen(marks[i].word)) == 0) {
        marks[i].add(&t);
        taken = strlen(marks[i].word);
      }
    if (!taken) text_add_char(&t, *words);
    words += taken ? taken : 1;
  }
  return t;
}

static void add_verb_list(struct text *t) {
  for (const struct verb *v = verbs; v->name; v++) {
    text_addf(t, "  %-15s", v->name);
    struct text summary = help_with_tables(v->summary);
    help_add_wrapped(t, span_of(summary.bytes), 17, 17);
    text_release(&summary);
  }
}

void help_add_all(struct text *t) {
  text_add(t, "weal: the social accounts of a place and of everyone who lives in it\n\n"
              "Usage: weal VERB [ARGUMENT...] [--OPTION...]\n\n"
              "Verbs:\n");
  add_verb_list(t);
  text_add(t, "\nOptions of every verb, before or after it:\n");
  help_add_options(t, global_options);
  text_add(t, "\n'weal help VERB' says more of one verb, 'weal help VERB PART' of a part of it: a\n"
              "kind of file, an action, a sub-verb. To see it all at work: weal demo demo\n");
}

static void add_paragraphs(struct text *t, const char *help) {
  struct span line;
  while (help_next_line(&help, &line)) {
    if (help_is_example(line)) {
      text_add_span(t, line);
      text_add_char(t, '\n');
    } else help_add_wrapped(t, line, 0, 0);
  }
}

/* The kinds of import, where a verb takes one. */
static bool takes_kind(const struct verb *verb) {
  return verb->first_argument && strcmp(verb->first_argument, "kind") == 0;
}

/* `id*, name*, died`: those with a star are in every file. */
static void add_columns(struct text *t, const struct exchange_kind *kind) {
  struct text list = {0};
  for (int i = 0; i < kind->column_count; i++)
    text_addf(&list, "%s%s%s", i ? ", " : "", kind->columns[i].name,
              kind->columns[i].required ? "*" : "");
  text_addf(t, "%*s", 14, "");
  help_add_wrapped(t, span_of(list.bytes), 14, 14);
  text_release(&list);
}

/* ---- a title and how it is called ---- */

void help_add_title(struct text *t, const char *verb, const char *part, const char *summary) {
  struct text title = {0};
  text_addf(&title, "weal %s%s%s: %s", verb, *part ? " " : "", part, summary);
  help_add_wrapped(t, span_of(title.bytes), 0, 0);
  text_add_char(t, '\n');
  text_release(&title);
}

struct span help_next_way(const char **synopsis) {
  const char *start = *synopsis, *at = start;
  for (int depth = 0; *at; at++) {
    depth += (*at == '[') - (*at == ']');
    if (!depth && strncmp(at, " | ", 3) == 0) break;
  }
  *synopsis = *at ? at + 3 : at;
  return span_make(start, (size_t)(at - start));
}

bool help_way_is(struct span way, const char *word) {
  const size_t size = strlen(word);
  return way.size >= size && memcmp(way.bytes, word, size) == 0 &&
         (way.size == size || way.bytes[size] == ' ');
}

void help_add_usage(struct text *t, const struct verb *verb, const char *word) {
  const char *synopsis = verb->synopsis;
  const bool own = verb->options && verb->options->name;
  bool begun = false;
  do {
    struct span way = help_next_way(&synopsis);
    struct text line = {0};
    if (word && !help_way_is(way, word)) continue;
    text_add(t, begun ? "       " : "Usage: ");
    begun = true;
    text_addf(&line, "weal %s%s%.*s%s", verb->name, way.size ? " " : "", SPAN(way),
              own ? " [--OPTION...]" : "");
    help_add_wrapped(t, span_of(line.bytes), 11, 7);
    text_release(&line);
  } while (*synopsis);
  text_add_char(t, '\n');
}

void help_add_verb(struct text *t, const struct verb *verb) {
  bool own = verb->options && verb->options->name;
  struct text summary = help_with_tables(verb->summary), help = help_with_tables(verb->help);
  help_add_title(t, verb->name, "", summary.bytes);
  help_add_usage(t, verb, NULL);
  add_paragraphs(t, help.bytes);
  text_release(&summary);
  text_release(&help);
  if (takes_kind(verb)) {
    text_add(t, "\nKinds:\n");
    for (const struct exchange_kind *k = exchange_kinds; k->name; k++) {
      text_addf(t, "  %-12s", k->name);
      help_add_wrapped(t, span_of(k->help), 14, 14);
      add_columns(t, k);
    }
    text_addf(t,
              "\nColumns with * every file has. 'weal help %s %s' says what each holds.\n"
              "Words, forms and rules: docs/reference/files.md.\n",
              verb->name, exchange_kinds->name);
  }
  if (verb->formats)
    text_addf(t, "\nFormats (the first when --format is not given): %s\n", verb->formats);
  if (own) {
    text_add(t, "\nOptions:\n");
    help_add_options(t, verb->options);
  }
  struct text also = {0};
  text_add(&also, "Options of every verb ('weal help' says what they are):");
  for (const struct option *o = global_options; o->name; o++) text_addf(&also, " --%s", o->name);
  text_add_char(t, '\n');
  help_add_wrapped(t, span_of(also.bytes), 0, 0);
  text_release(&also);
}

/* ---- the manual page ----
 *
 * Written in the macros of man(7) directly. A page made by scdoc was tried: mandoc's lint finds
 * empty paragraphs in it, which are scdoc's own. */

static void add_roff(struct text *t, struct span s) {
  for (size_t i = 0; i < s.size; i++) {
    if (i == 0 && (s.bytes[i] == '.' || s.bytes[i] == '\'')) text_add(t, "\\&");
    if (s.bytes[i] == '\\') text_add(t, "\\e");
    else if (s.bytes[i] == '-') text_add(t, "\\-");
    else text_add_char(t, s.bytes[i]);
  }
  text_add_char(t, '\n');
}

/* Lines of at most HELP_WIDTH before escaping, as mandoc's lint likes them; a sentence may end
 * anywhere. */
static void add_roff_wrapped(struct text *t, struct span s) {
  struct text wrapped = {0};
  struct span line;
  help_add_wrapped(&wrapped, s, 0, 0);
  for (const char *at = wrapped.bytes; help_next_line(&at, &line);) add_roff(t, line);
  text_release(&wrapped);
}

static void add_roff_paragraphs(struct text *t, const char *help) {
  struct span line;
  bool literal = false, begun = true; /* a heading begins the first paragraph by itself */
  while (help_next_line(&help, &line)) {
    bool example = help_is_example(line);
    if (example && !literal) text_add(t, ".PP\n.nf\n.RS 4\n");
    if (!example && literal) text_add(t, ".RE\n.fi\n");
    literal = example;
    if (!line.size) begun = false;
    else if (example) add_roff(t, span_make(line.bytes + 4, line.size - 4));
    else {
      if (!begun) text_add(t, ".PP\n");
      begun = true;
      add_roff_wrapped(t, line);
    }
  }
  if (literal) text_add(t, ".RE\n.fi\n");
}

/* `.TP`, then the explained term in bold. */
static void add_roff_term(struct text *t, const char *dashes, const char *term, const char *value) {
  text_addf(t, ".TP\n\\fB%s", *dashes ? "\\-\\-" : "");
  for (const char *c = term; *c; c++) {
    if (*c == '-') text_add_char(t, '\\');
    text_add_char(t, *c);
  }
  text_add(t, "\\fR");
  if (value) text_addf(t, " \\fI%s\\fR", value);
  text_add_char(t, '\n');
}

static void add_roff_options(struct text *t, const struct option *options) {
  for (const struct option *o = options; o && o->name; o++) {
    add_roff_term(t, "--", o->name, o->value);
    add_roff_wrapped(t, span_of(o->help));
  }
}

static void add_roff_verb(struct text *t, const struct verb *verb) {
  struct text heading = {0};
  text_addf(&heading, "weal %s%s%s", verb->name, *verb->synopsis ? " " : "", verb->synopsis);
  text_add(t, ".SS ");
  add_roff(t, span_make(heading.bytes, heading.size));
  text_release(&heading);
  struct text help = help_with_tables(verb->help);
  add_roff_paragraphs(t, help.bytes);
  text_release(&help);
  if (takes_kind(verb)) {
    text_add(t, ".PP\nKinds:\n");
    for (const struct exchange_kind *k = exchange_kinds; k->name; k++) {
      add_roff_term(t, "", k->name, NULL);
      add_roff_wrapped(t, span_of(k->help));
    }
  }
  if (verb->formats) {
    text_addf(t, ".PP\nFormats, the first when \\fB\\-\\-format\\fR is not given: %s.\n",
              verb->formats);
  }
  add_roff_options(t, verb->options);
}

static const char man_beginning[] =
    ".TH WEAL 1 " WEAL_TABLE_DAY " \"weal " WEAL_VERSION "\"\n"
    ".SH NAME\nweal \\- the social accounts of a place and of everyone who lives in it\n"
    ".SH SYNOPSIS\n\\fBweal\\fR \\fIVERB\\fR [\\fIARGUMENT\\fR...] [\\-\\-\\fIOPTION\\fR...]\n"
    ".SH DESCRIPTION\n"
    "\\fBweal\\fR keeps a book of what everybody in a place pays, receives, uses and\n"
    "gives, and makes of it an annual statement for each citizen and an account\n"
    "for the place.\n"
    ".PP\n"
    "Results go to standard output.\n"
    "Messages go to standard error as\n"
    "`weal: FILE:LINE: COLUMN: what is wrong; what would be right`.\n"
    ".PP\n"
    "A person is named SCHEME:VALUE: nino:QQ123456C, nhs:9434765919,\n"
    "utr:1123456789, id:P000001.\n"
    "A bare value is an id.\n"
    ".SH OPTIONS\n"
    "These go with every verb, before or after it.\n";

static const char man_ending[] =
    ".SH EXIT STATUS\n"
    ".TP\n\\fB0\\fR\nDone.\n"
    ".TP\n\\fB1\\fR\nRefused: the input or the state of the book forbids it; nothing was "
    "written.\nOf \\fBaudit\\fR: something differs.\n"
    ".TP\n\\fB2\\fR\nThe call itself was malformed; nothing was done.\n"
    ".TP\n\\fB3\\fR\nThe store or the machine failed; nothing is half written.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n\\fBWEAL_STORE\\fR\nThe book, where \\fB\\-\\-store\\fR is not given.\n"
    ".TP\n\\fBWEAL_KEYS\\fR\nThe folder of keys, where \\fB\\-\\-keys\\fR is not given.\n"
    ".SH FILES\n"
    ".TP\n\\fIweal.db\\fR\nThe book in the current folder, where neither \\fB\\-\\-store\\fR "
    "nor\n\\fBWEAL_STORE\\fR says otherwise.\n"
    ".SH EXAMPLES\n"
    "A place from its own files, and the statement of one of its people:\n"
    ".PP\n.nf\n.RS 4\n"
    "weal init \\-\\-place E07000117,Burnley\n"
    "weal import people people.csv\n"
    "weal import entries entries.csv\n"
    "weal statement P000001 \\-\\-year 2025\\-26\n"
    ".RE\n.fi\n";

void help_add_man(struct text *t) {
  text_add(t, man_beginning);
  add_roff_options(t, global_options);
  add_roff_term(t, "--", "help", NULL);
  text_add(t, "Help, of the verb where one is named.\n.SH VERBS\n");
  for (const struct verb *v = verbs; v->name; v++) add_roff_verb(t, v);
  text_add(t, man_ending);
}

/* ---- completion ---- */

static void add_option_words(struct text *t, const struct option *options) {
  for (const struct option *o = options; o && o->name; o++) text_addf(t, " --%s", o->name);
}

/* Whether an earlier verb of the table has an option of that name: the same name has the same
 * completion everywhere. */
static bool named_before(const struct verb *verb, const struct option *option) {
  if (verb_option(NULL, option->name)) return true;
  for (const struct verb *v = verbs; v < verb; v++)
    for (const struct option *o = v->options; o && o->name; o++)
      if (strcmp(o->name, option->name) == 0) return true;
  return false;
}

static void add_choice_case(struct text *t, const struct option *option) {
  if (option->choices)
    text_addf(t, "    --%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n", option->name,
              option->choices);
}

static void add_first_argument(struct text *t, const struct verb *verb) {
  const char *what = verb->first_argument;
  if (!what) return;
  text_addf(t, "    %s) if [ $arguments = 0 ]; then ", verb->name);
  if (strcmp(what, "folder") == 0) text_add(t, "COMPREPLY=($(compgen -d -- \"$word\")); return");
  else {
    text_add(t, "COMPREPLY=($(compgen -W '");
    if (strcmp(what, "kind") == 0)
      for (const struct exchange_kind *k = exchange_kinds; k->name; k++)
        text_addf(t, "%s ", k->name);
    if (strcmp(what, "verb") == 0)
      for (const struct verb *v = verbs; v->name; v++) text_addf(t, "%s ", v->name);
    const struct action *a;
    if (strcmp(what, "action") == 0)
      for (int i = 0; (a = action_at(i)); i++) text_addf(t, "%s ", a->name);
    text_add(t, "' -- \"$word\")); return");
  }
  text_add(t, "; fi ;;\n");
}

void help_add_completion_bash(struct text *t) {
  text_add(t, "# bash completion for weal; made by 'weal help --completion bash' from the "
              "program's own table of verbs.\n"
              "_weal() {\n"
              "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb= "
              "formats=text options= arguments=0 i w skip=\n"
              "  COMPREPLY=()\n"
              "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
              "    w=${COMP_WORDS[i]}\n"
              "    if [ -n \"$skip\" ]; then skip=; continue; fi\n"
              "    case $w in\n     ");
  for (const struct option *o = global_options; o->name; o++)
    if (o->value) text_addf(t, " --%s |", o->name);
  for (const struct verb *v = verbs; v->name; v++)
    for (const struct option *o = v->options; o && o->name; o++)
      if (o->value && !named_before(v, o)) text_addf(t, " --%s |", o->name);
  t->bytes[--t->size] = '\0'; /* the last bar */
  text_add(t,
           ") skip=1 ;;\n"
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
  for (const struct option *o = global_options; o->name; o++) add_choice_case(t, o);
  for (const struct verb *v = verbs; v->name; v++)
    for (const struct option *o = v->options; o && o->name; o++)
      if (!named_before(v, o)) add_choice_case(t, o);
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
