/* weal rules: the rules of the policy pack, read, checked and shown. No book is opened. */
#include "base/folder.h"
#include "base/refusal.h"
#include "cli/verb_rules.h"
#include "rules/parameters.h"
#include "rules/period.h"
#include "rules/tables.h"

#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>

/* ---- which folders ---- */

/* The parameters of a pack are in its folder `parameters`; a folder without one is itself one. */
static const char *parameters_folder(struct call *call, const char *dir) {
  char *within = arena_printf(call->arena, "%s/parameters", dir);
  return path_is_folder(within) ? within : dir;
}

/* The rows of indices that a folder without its own takes: those of the first pack. */
static enum status default_indices(struct call *call, const char **out, struct error *err) {
  const char *const *packs;
  int count;
  if (call_policies(call, &packs, &count, err) != DONE) return err->code;
  char *file = arena_printf(call->arena, "%s/indices.yaml", packs[0]);
  struct stat about;
  if (stat(file, &about) != 0 && call_installed_policy(call, out, err) == DONE)
    file = arena_printf(call->arena, "%s/indices.yaml", *out);
  *out = stat(file, &about) == 0 ? file : NULL;
  return DONE;
}

/* The parameters of the call: of its first pack, with the others laid over it. */
static enum status load_parameters(struct call *call, struct parameters **out, struct error *err) {
  const char *const *packs;
  int count;
  if (call_policies(call, &packs, &count, err) != DONE) return err->code;
  struct parameters_source source = {.folder = parameters_folder(call, packs[0])};
  if (default_indices(call, &source.indices, err) != DONE ||
      parameters_load_from(call->arena, &source, out, err) != DONE)
    return err->code;
  for (int i = 1; i < count; i++)
    if (parameters_lay_over(call->arena, *out, parameters_folder(call, packs[i]), out, err) != DONE)
      return err->code;
  return DONE;
}

/* When years begin and what money is: as the packs say, else as the installed one does. */
static enum status load_settings(struct call *call, struct rules **out, struct error *err) {
  const char *const *packs, *installed;
  int count;
  if (call_policies(call, &packs, &count, err) != DONE ||
      rules_load_settings(call->arena, packs, count, out, err) != DONE)
    return err->code;
  struct error ignored = {0};
  if ((*out)->entity_count || call_installed_policy(call, &installed, &ignored) != DONE)
    return DONE;
  return rules_load_settings(call->arena, &installed, 1, out, err);
}

/* ---- check ---- */

static void add_counted(struct text *t, int count, const char *one, const char *many) {
  text_addf(t, "%d %s", count, count == 1 ? one : many);
}

static void say_report(struct call *call, const char *folder,
                       const struct parameters_report *report) {
  struct text *t = &call->out;
  text_addf(t, "%s: ", folder);
  add_counted(t, report->files, "file, ", "files, ");
  add_counted(t, report->parameters, "parameter, ", "parameters, ");
  add_counted(t, report->stated, "dated value, ", "dated values, ");
  text_addf(t, "%d more by an index, ", report->estimated);
  add_counted(t, report->scales, "scale; ", "scales; ");
  add_counted(t, report->fault_count, "fault\n", "faults\n");
}

static void report_document(struct call *call, const char *folder,
                            const struct parameters_report *report,
                            const struct rules_checked *formulas) {
  static const struct doc_column columns[] = {
      {"file", "File"}, {"line", "Line"}, {"column", "Column"}, {"message", "What is wrong"}};
  struct document *d = document_new(call->arena, ENGLISH, "Parameters");
  document_value(d, "folder", "Folder", doc_text(folder));
  document_value(d, "files", "Files", doc_count(report->files));
  document_value(d, "parameters", "Parameters", doc_count(report->parameters));
  document_value(d, "values", "Dated values", doc_count(report->stated));
  document_value(d, "estimated", "By an index", doc_count(report->estimated));
  document_value(d, "scales", "Scales", doc_count(report->scales));
  document_value(d, "fault_count", "Faults", doc_count(report->fault_count));
  document_table(d, "faults", NULL, columns, 4, "faults");
  for (int i = 0; i < report->fault_count && i < LIMIT_REJECTS_PRINTED; i++) {
    const struct error *fault = &report->faults[i];
    document_cell(d, doc_text(fault->file));
    document_cell(d, fault->line ? doc_count((int64_t)fault->line) : doc_null());
    document_cell(d, fault->column[0] ? doc_text(fault->column) : doc_null());
    document_cell(d, doc_text(fault->message));
  }
  document_table_end(d);
  rules_checked_document(d, formulas);
  output_document(call, d);
}

static enum status say_faults(const struct parameters_report *report, struct error *err) {
  int most = report->fault_count < LIMIT_REJECTS_PRINTED ? report->fault_count
                                                         : LIMIT_REJECTS_PRINTED;
  for (int i = 0; i < most; i++) output_error(&report->faults[i]);
  if (report->fault_count > most)
    output_message("%d more faults are not shown", report->fault_count - most);
  return report->fault_count ? refuse(err, PARAMETERS_FAULTS, report->fault_count) : DONE;
}

/* Tables stand beside the parameters of a pack. */
static enum status check_tables(struct call *call, const char *dir, struct error *err) {
  struct rule_tables *tables;
  char *folder = arena_printf(call->arena, "%s/tables", dir);
  if (tables_load(call->arena, folder, NULL, &tables, err) != DONE) return err->code;
  int rows, count = tables_count(tables, &rows);
  if (count && call_format(call) == FORMAT_TEXT) {
    text_addf(&call->out, "%s: ", folder);
    add_counted(&call->out, count, "table, ", "tables, ");
    add_counted(&call->out, rows, "row\n", "rows\n");
  }
  return DONE;
}

static enum status rules_check(struct call *call, struct error *err) {
  const char *dir = call->arguments[1], *folder = parameters_folder(call, dir);
  struct parameters_report report = {0};
  struct parameters_source source = {.folder = folder, .report = &report};
  struct parameters *tree;
  if (default_indices(call, &source.indices, err) != DONE ||
      parameters_load_from(call->arena, &source, &tree, err) != DONE)
    return err->code;
  struct rules_checked formulas = {0};
  struct error fault = {0};
  if (!report.fault_count) (void)!rules_check_formulas(call, dir, &formulas, &fault);
  if (call_format(call) == FORMAT_TEXT) say_report(call, folder, &report);
  else report_document(call, folder, &report, &formulas);
  if (check_tables(call, dir, err) != DONE) return err->code;
  if (call_format(call) == FORMAT_TEXT) rules_checked_say(call, dir, &formulas);
  if (fault.code != DONE) {
    *err = fault;
    return err->code;
  }
  return say_faults(&report, err);
}

/* ---- show ---- */

static const char *number_words(struct arena *arena, double number) {
  if (isinf(number)) return number > 0 ? "infinity" : "-infinity";
  char *text = arena_printf(arena, "%.15g", number);
  return strtod(text, NULL) == number ? text : arena_printf(arena, "%.17g", number);
}

static const char *value_text(struct arena *arena, const struct parameter_value *value) {
  struct text t = {0};
  switch (value->form) {
  case FORM_NONE: return NULL;
  case FORM_NUMBER: return number_words(arena, value->number);
  case FORM_BOOL: return value->number != 0 ? "true" : "false";
  case FORM_TEXT: return value->text;
  default: break;
  }
  for (int i = 0; i < value->count; i++) {
    const char *item = value_text(arena, &value->items[i]);
    text_addf(&t, "%s%s%s%s", i ? ", " : "", value->keys ? value->keys[i] : "",
              value->keys ? ": " : "", item ? item : "none");
  }
  return text_take(arena, &t);
}

static struct doc_value value_cell(struct arena *arena, const struct parameter_entry *entry) {
  if (!entry || entry->value.form == FORM_NONE) return doc_null();
  const char *text = value_text(arena, &entry->value);
  return entry->value.form == FORM_NUMBER ? doc_number(text) : doc_text(text);
}

/* The same for people: a value that an index made is no more exact than its index. */
static struct doc_value value_shown(struct arena *arena, const struct parameter_entry *entry) {
  if (!entry || !entry->is_estimated) return value_cell(arena, entry);
  double number = entry->value.number;
  int decimals = fabs(number) >= 1 ? 2 : 4;
  return doc_number(arena_printf(arena, "%.*f", decimals, number));
}

/* Pounds with pence, and no part of a penny. */
static bool is_pence(double pounds) {
  double pence = pounds * 100;
  return fabs(pence) < 1e12 && fabs(pence - rint(pence)) < 1e-6 && pounds != rint(pounds);
}

/* `£27.05 a week`, `0.2 (20%)`, `16 year`. */
static const char *value_words_of(const struct rules *settings, const struct parameter *p,
                                  const struct parameter_entry *entry) {
  struct arena *arena = settings->arena;
  struct text t = {0};
  struct doc_value value = value_shown(arena, entry);
  if (value.kind == DOC_NULL) return "none on this day";
  const char *unit = p->unit ? p->unit : "", *text = value.text;
  bool is_number = entry->value.form == FORM_NUMBER;
  const bool is_money = is_number && settings->money_code && strncmp(unit, "currency-", 9) == 0 &&
                        strcmp(unit + 9, settings->money_code) == 0;
  const char *sign = settings->money_sign;
  if (is_money && is_pence(entry->value.number))
    text_addf(&t, "%s%s%.2f", entry->value.number < 0 ? "-" : "", sign, fabs(entry->value.number));
  else if (is_money) text_addf(&t, "%s%s%s", *text == '-' ? "-" : "", sign, text + (*text == '-'));
  else if (is_number && strcmp(unit, "/1") == 0 && fabs(entry->value.number) <= 1)
    text_addf(&t, "%s (%.6g%%)", text, entry->value.number * 100);
  else if (is_number && strcmp(unit, "/1") == 0) text_add(&t, text);
  else text_addf(&t, "%s%s%s", text, is_number && *unit ? " " : "", is_number ? unit : "");
  if (is_number && p->period) text_addf(&t, " a %s", p->period);
  if (entry->is_estimated) text_add(&t, ", estimated");
  return text_take(arena, &t);
}

static struct doc_value words_or_null(const char *text) {
  return text ? doc_text(text) : doc_null();
}

/* `title, href` of the first reference, for a row of a table. */
static const char *source_words(struct arena *arena, const struct parameter_reference *all,
                                int count) {
  struct text t = {0};
  for (int i = 0; i < count; i++)
    text_addf(&t, "%s%s%s%s", i ? "; " : "", all[i].title ? all[i].title : "",
              all[i].title && all[i].href ? ", " : "", all[i].href ? all[i].href : "");
  return count ? text_take(arena, &t) : NULL;
}

static void show_references(struct document *d, const struct parameter *p,
                            const struct parameter_entry *entry) {
  static const struct doc_column shown[] = {{"title", "Source"}, {"href", "Address"}};
  static const struct doc_column unshown[] = {{"title", NULL}, {"href", NULL}};
  const struct parameter_reference *all = p->references;
  int count = p->reference_count;
  if (entry && entry->reference_count) {
    all = entry->references;
    count = entry->reference_count;
  }
  document_table(d, "references", NULL, count ? shown : unshown, 2, NULL);
  for (int i = 0; i < count; i++) {
    document_cell(d, words_or_null(all[i].title));
    document_cell(d, words_or_null(all[i].href));
  }
  document_table_end(d);
}

/* In the first column of history, `0000-01-01` of the files: always so. */
static struct doc_value from_cell(day_t from) {
  return from == DAY_FIRST ? doc_null() : doc_day(from);
}

static void show_history(struct call *call, struct document *d, const struct parameter *p) {
  static const struct doc_column columns[] = {{"from", "From"},     {"value", NULL},
                                              {NULL, "Value"},      {"is_estimated", "estimated"},
                                              {"source", "Source"}, {"note", NULL}};
  document_table(d, "history", "By day", columns, 6, "history");
  for (int i = 0; i < p->entry_count; i++) {
    const struct parameter_entry *entry = &p->entries[i];
    document_cell(d, from_cell(entry->from));
    document_cell(d, value_cell(call->arena, entry));
    document_cell(d, value_shown(call->arena, entry));
    document_cell(d, doc_bool(entry->is_estimated));
    document_cell(d, words_or_null(
                         source_words(call->arena, entry->references, entry->reference_count)));
    document_cell(d, words_or_null(entry->note));
  }
  document_table_end(d);
}

static void show_uprating(struct call *call, struct document *d, const struct parameter *p) {
  const struct parameter_uprating *u = p->uprating;
  if (!u || p->kind != PARAMETER_VALUES) return;
  document_value(d, "uprating", "Later values follow", doc_text(u->index ? u->index : "self"));
  if (u->start != DAY_NONE) document_value(d, "uprated_since", "Since", doc_day(u->start));
  if (u->rounding != ROUNDING_NONE)
    document_value(d, "uprated_to", "To a multiple of",
                   doc_number(number_words(call->arena, u->interval)));
}

/* The value of a year as models of whole years read it; with --period. */
static enum status show_year(struct call *call, struct document *d, const struct parameter *p,
                             const struct rules *settings, struct error *err) {
  const char *given = call_option(call, "period");
  struct rule_period period;
  if (!given) return DONE;
  if (period_parse(settings, span_of(given), &period, err) != DONE) return err->code;
  if (period.each != EACH_YEAR) return refuse(err, RULE_PERIOD_MALFORMED, given);
  if (p->kind != PARAMETER_VALUES) return DONE;
  int number, month, day;
  day_parts(period.start, &number, &month, &day);
  const struct parameter_year year = period_parameter_year(settings, number);
  const struct parameter_entry entry = {.value = parameter_in_year(p, &year)};
  document_value(d, "year", NULL, doc_text(given));
  document_value(d, NULL, arena_printf(call->arena, "In %s", given),
                 doc_text(value_words_of(settings, p, &entry)));
  document_value(d, "value_of_year", NULL, value_cell(call->arena, &entry));
  return DONE;
}

static void show_values(struct call *call, struct document *d, const struct parameter *p,
                        const struct rules *settings, day_t day) {
  const struct parameter_entry *entry = parameter_on(p, day);
  document_value(d, NULL, "Value", doc_text(value_words_of(settings, p, entry)));
  document_value(d, "value", NULL, value_cell(call->arena, entry));
  document_value(d, "unit", NULL, words_or_null(p->unit));
  document_value(d, "period", NULL, words_or_null(p->period));
  bool is_known = entry && entry->from != DAY_FIRST;
  document_value(d, "from", is_known ? "Since" : NULL,
                 is_known ? doc_day(entry->from) : doc_null());
  document_value(d, "is_estimated", NULL, doc_bool(entry && entry->is_estimated));
  if (entry && entry->note) document_value(d, "note", "Note", doc_text(entry->note));
  show_uprating(call, d, p);
  show_references(d, p, entry);
  show_history(call, d, p);
}

/* The brackets that hold on the day: those whose threshold has a value. */
static void show_scale(struct call *call, struct document *d, const struct parameter *p,
                       day_t day) {
  static const char *const parts[] = {"threshold", "rate", "average_rate", "amount"};
  static const char *const labels[] = {"From", "Rate", "Rate of all", "Amount"};
  struct doc_column columns[5] = {{"path", NULL}};
  const char *used[4];
  int count = 0;
  for (int i = 0; i < 4; i++)
    for (int k = 0; k < p->child_count; k++)
      if (parameter_child(p->children[k], span_of(parts[i]))) {
        used[count++] = parts[i];
        columns[count] = (struct doc_column){parts[i], labels[i]};
        break;
      }
  document_value(d, "type", "Type", doc_text(p->scale_type));
  const struct parameter *first = parameter_child(p->children[0], span_of("threshold"));
  document_value(d, "threshold_unit", first->unit ? "Thresholds in" : NULL,
                 words_or_null(first->unit));
  document_value(d, "threshold_period", first->period ? "For each" : NULL,
                 words_or_null(first->period));
  show_references(d, p, NULL);
  document_table(d, "brackets", "Brackets", columns, count + 1, "brackets");
  for (int k = 0; k < p->child_count; k++) {
    const struct parameter *bracket = p->children[k];
    const struct parameter_entry *from =
        parameter_on(parameter_child(bracket, span_of("threshold")), day);
    if (!from || from->value.form == FORM_NONE) continue;
    document_cell(d, doc_text(bracket->path));
    for (int i = 0; i < count; i++) {
      const struct parameter *part = parameter_child(bracket, span_of(used[i]));
      document_cell(d, part ? value_cell(call->arena, parameter_on(part, day)) : doc_null());
    }
  }
  document_table_end(d);
}

static void show_children(struct call *call, struct document *d, const struct parameter *p,
                          day_t day) {
  static const struct doc_column columns[] = {
      {"path", NULL}, {"name", "Name"}, {"kind", "Kind"}, {"value", "Value"}, {"label", "What"}};
  static const char *const kinds[] = {"group", "values", "scale"};
  document_table(d, "children", NULL, columns, 5, "children");
  for (int i = 0; i < p->child_count; i++) {
    const struct parameter *child = p->children[i];
    document_cell(d, doc_text(child->path));
    document_cell(d, doc_text(child->name));
    document_cell(d, doc_text(kinds[child->kind]));
    document_cell(d, child->kind == PARAMETER_VALUES
                         ? value_cell(call->arena, parameter_on(child, day))
                         : doc_null());
    document_cell(d, words_or_null(child->label ? child->label : child->description));
  }
  document_table_end(d);
}

static void show_replaced(struct document *d, const struct parameters *tree,
                          const struct parameter *p) {
  for (const struct parameter_replaced *r = parameters_replaced(tree); r; r = r->next)
    if (strcmp(r->now->path, p->path) == 0)
      document_value(d, "replaces", "In place of", doc_text(r->before->file));
}

static enum status rules_show(struct call *call, struct error *err) {
  struct span path = span_of(call->arguments[1]);
  struct parameters *tree;
  struct rules *settings;
  day_t day = day_today();
  if (call_day(call, "on", &day, err) != DONE || load_parameters(call, &tree, err) != DONE ||
      load_settings(call, &settings, err) != DONE)
    return err->code;
  const struct parameter *p = parameters_find(tree, path);
  if (!p) return parameters_refuse_path(tree, path, err);
  static const char *const csv[] = {"from",      "value", "is_estimated", "source",
                                    "path",      "name",  "kind",         "label",
                                    "threshold", "rate",  "average_rate", "amount"};
  struct document *d = document_new(call->arena, ENGLISH, p->path);
  document_csv_columns(d, csv, sizeof csv / sizeof *csv);
  document_value(d, "path", NULL, doc_text(p->path));
  document_value(d, "label", p->label ? "What" : NULL, words_or_null(p->label));
  document_value(d, "description", p->description ? "In words" : NULL,
                 words_or_null(p->description));
  document_value(d, "on", "On", doc_day(day));
  if (show_year(call, d, p, settings, err) != DONE) return err->code;
  if (p->kind == PARAMETER_VALUES) show_values(call, d, p, settings, day);
  else if (p->kind == PARAMETER_SCALE) show_scale(call, d, p, day);
  else show_children(call, d, p, day);
  document_value(d, "file", "File", words_or_null(p->file));
  document_value(d, "line", "Line", p->line ? doc_count(p->line) : doc_null());
  show_replaced(d, tree, p);
  output_document(call, d);
  return DONE;
}

/* ---- the verb ---- */

static const struct rules_part {
  const char *name, *usage;
  int arguments_min, arguments_max; /* after its name */
  enum status (*run)(struct call *call, struct error *err);
  const char *formats;
} rules_parts[] = {
    {"check", "check DIR", 1, 1, rules_check, "text csv json html"},
    {"show", "show PATH [--on DAY] [--period YEAR]", 1, 1, rules_show, "text csv json html"},
    {"test", "test FILE...", 1, ARGUMENTS_ANY, rules_test, "text json"},
    {"run", "run DIR --period PERIOD --out VAR,VAR --to DIR", 1, 1, rules_run, "text"},
    {"explain", "explain VARIABLE --period PERIOD [--household FILE]", 1, ARGUMENTS_ANY,
     rules_explain, "text csv json html"},
};

enum status rules_format_check(struct call *call, const char *what, const char *formats,
                               struct error *err) {
  const char *given = call_option(call, "format");
  if (!given) return DONE;
  const size_t size = strlen(given);
  for (const char *p = formats; *p; p += strcspn(p, " "), p += *p == ' ')
    if (strcspn(p, " ") == size && memcmp(p, given, size) == 0) return DONE;
  return error_set(err, USAGE, "%s has no format %s; it has: %s", what, given, formats);
}

enum status verb_rules(struct call *call, struct error *err) {
  struct nearest near = {.typed = call->arguments[0]};
  for (size_t i = 0; i < sizeof rules_parts / sizeof *rules_parts; i++) {
    const struct rules_part *part = &rules_parts[i];
    nearest_offer(&near, part->name);
    if (strcmp(call->arguments[0], part->name) != 0) continue;
    int given = call->argument_count - 1;
    if (given < part->arguments_min || given > part->arguments_max)
      return error_set(err, USAGE, "write: rules %s", part->usage);
    const char *what = arena_printf(call->arena, "rules %s", part->name);
    if (rules_format_check(call, what, part->formats, err) != DONE) return err->code;
    return part->run(call, err);
  }
  return near.best
             ? error_set(err, USAGE, "rules has no '%s'; did you mean '%s'?", call->arguments[0],
                         near.best)
             : error_set(err, USAGE, "rules has no '%s'; see: weal help rules", call->arguments[0]);
}
