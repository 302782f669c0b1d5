#include "rules/explain_list.h"

#include "rules/explain_words.h"
#include <math.h>

static bool is_nothing(const struct explain_node *n) {
  for (int i = 0; i < n->rows; i++)
    if (n->values[i] != 0 && !isnan(n->values[i]) &&
        !explain_is_not_told(n->variable, n->values[i]))
      return false;
  return true;
}

static const char *readable(const struct explain_writer *w, const char *name) {
  char *out = arena_string(w->arena, name);
  for (char *c = out; *c; c++)
    if (*c == '_') *c = ' ';
  return out;
}

static bool is_said(const struct explain_node *n) {
  if (n->is_elsewhere || n->is_alike || n->kind == EXPLAIN_UNUSED) return false;
  if (n->kind == EXPLAIN_DEFAULT) return false;
  if (n->kind == EXPLAIN_PARAMETER) return n->parameter->label || n->parameter->description;
  return !is_nothing(n);
}

static struct explain_line line_of(const struct explain_writer *w, const struct explain_node *n) {
  struct explain_line line = {.depth = n->depth};
  struct text words = {0};
  if (n->kind == EXPLAIN_PARAMETER) {
    int count;
    const struct parameter_reference *source = explain_references(n, &count);
    line.name = n->parameter->label ? n->parameter->label : n->parameter->description;
    explain_add_parameter(w, &words, n);
    line.law = count ? source->title : NULL;
    line.address = count ? source->href : NULL;
  } else {
    const struct rule_variable *v = n->variable;
    line.name = v->label ? v->label : readable(w, v->name);
    explain_add_values(w, &words, n);
    line.law = v->law_count ? v->laws[0] : NULL;
    line.address = v->law_count ? v->addresses[0] : NULL;
    line.is_given = n->kind == EXPLAIN_INPUT;
  }
  line.words = words.size ? arena_copy(w->arena, words.bytes, words.size) : "";
  text_release(&words);
  return line;
}

int explain_list(const struct explain_writer *w, int depth_most, int most,
                 const struct explain_line **out) {
  struct explain_line *lines = arena_array(w->arena, struct explain_line, most + 1);
  int count = 0;
  for (int i = 0; i < w->explanation->count && count < most; i++) {
    const struct explain_node *n = &w->explanation->all[i];
    if (n->depth <= depth_most && (is_said(n) || !n->depth)) lines[count++] = line_of(w, n);
  }
  *out = lines;
  return count;
}
