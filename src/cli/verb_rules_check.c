/* The formulas of a pack, for weal rules check: read, counted, and what a reader would miss. */
#include "cli/verb_rules.h"

#include "base/folder.h"

void rules_say_replaced(const struct rule_variable *v) {
  if (v->replaces)
    output_message("%s:%d: %s stands in place of that of %s", v->place.file, v->place.line, v->name,
                   v->replaces->place.file);
}

void rules_say_parameters_replaced(const struct rules *rules) {
  const struct parameter_replaced *r = rules->parameters ? parameters_replaced(rules->parameters)
                                                         : NULL;
  for (; r; r = r->next)
    output_message("%s: %s stands in place of that of %s, with all its history",
                   r->now->file ? r->now->file : "", r->now->path,
                   r->before->file ? r->before->file : "");
}

/* The folder alone; with --policy, laid over the packs that it names. */
static enum status load(struct call *call, const char *dir, struct rules **out, struct error *err) {
  const char *const *named, **packs;
  int count = 0;
  if (call_has(call, "policy") && call_policies(call, &named, &count, err) != DONE)
    return err->code;
  packs = arena_array(call->arena, const char *, count + 1);
  for (int i = 0; i < count; i++) packs[i] = named[i];
  packs[count++] = dir;
  return rules_load(call->arena, packs, count, out, err);
}

static const char *lacking(const struct rule_variable *v) {
  const bool law = v->law_count || !v->version_count;
  if (law && v->label) return NULL;
  return law ? "label" : v->label ? "law" : "law and label";
}

enum status rules_check_formulas(struct call *call, const char *dir, struct rules_checked *out,
                                 struct error *err) {
  *out = (struct rules_checked){0};
  const bool laid = call_has(call, "policy"); /* over others, it may have parameters only */
  if (!laid && !path_is_folder(arena_printf(call->arena, "%s/rules", dir))) return DONE;
  if (load(call, dir, &out->rules, err) != DONE) {
    out->rules = NULL;
    return err->code;
  }
  if (laid) rules_say_parameters_replaced(out->rules);
  for (int i = 0; i < out->rules->variable_count; i++) {
    const struct rule_variable *v = out->rules->variables[i];
    if (v->layer != out->rules->layers) continue;
    out->variables++;
    out->formulas += v->version_count > 0;
    out->versions += v->version_count;
    for (int k = 0; k < v->law_count; k++) out->laws += !rule_no_law(v->laws[k]);
    out->replaced += v->replaces != NULL;
    out->without_law += v->version_count && !v->law_count;
    out->without_label += !v->label;
    rules_say_replaced(v);
  }
  return DONE;
}

void rules_checked_say(struct call *call, const char *dir, const struct rules_checked *c) {
  if (!c->rules) return;
  text_addf(&call->out,
            "%s/rules: variables %d, with formulas %d, versions %d, laws named %d; without law %d, "
            "without label %d\n",
            dir, c->variables, c->formulas, c->versions, c->laws, c->without_law, c->without_label);
}

void rules_checked_document(struct document *d, const struct rules_checked *c) {
  static const struct doc_column columns[] = {
      {"file", "File"}, {"line", "Line"}, {"variable", "Variable"}, {"lacks", "Lacks"}};
  if (!c->rules) return;
  document_value(d, "variables", "Variables", doc_count(c->variables));
  document_value(d, "formulas", "With formulas", doc_count(c->formulas));
  document_value(d, "versions", "Versions", doc_count(c->versions));
  document_value(d, "laws", "Laws named", doc_count(c->laws));
  document_value(d, "replaced", "In place of others", doc_count(c->replaced));
  document_table(d, "notes", "What a reader would miss", columns, 4, "notes");
  for (int i = 0; i < c->rules->variable_count; i++) {
    const struct rule_variable *v = c->rules->variables[i];
    if (v->layer != c->rules->layers || !lacking(v)) continue;
    document_cell(d, doc_text(v->place.file));
    document_cell(d, doc_count(v->place.line));
    document_cell(d, doc_text(v->name));
    document_cell(d, doc_text(lacking(v)));
  }
  document_table_end(d);
}
