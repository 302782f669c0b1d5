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
  if (n->is_alike || n->kind == EXPLAIN_UNUSED) return false;
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

/* The same value under the same line: of weeks or months that are alike one tells all. */
static bool is_repeated(const struct explain_line *lines, int count,
                        const struct explain_line *line) {
  for (int i = count - 1; i >= 0 && lines[i].depth >= line->depth; i--)
    if (lines[i].depth == line->depth && strcmp(lines[i].name, line->name) == 0 &&
        strcmp(lines[i].words, line->words) == 0)
      return true;
  return false;
}

/* It only hands on what the line above it says already. */
static bool is_handed_on(const struct explain_line *lines, int count,
                         const struct explain_line *line) {
  for (int i = count - 1; i >= 0; i--)
    if (lines[i].depth < line->depth)
      return !line->is_given && strcmp(lines[i].words, line->words) == 0;
  return false;
}

/* What came to nothing is left out with its parts; the parts of a line that only hands on its
 * value stand in its place. */
int explain_list(const struct explain_writer *w, int depth_most, int most,
                 const struct explain_line **out) {
  struct explain_line *lines = arena_array(w->arena, struct explain_line, most + 1);
  const int nodes = w->explanation->count;
  int count = 0, deepest = 0, skip_below = -1;
  for (int i = 0; i < nodes; i++)
    if (w->explanation->all[i].depth > deepest) deepest = w->explanation->all[i].depth;
  int *shown_at = arena_array(w->arena, int, deepest + 2); /* of each depth of the tree */
  for (int i = 0; i < nodes && count < most; i++) {
    const struct explain_node *n = &w->explanation->all[i];
    if (skip_below >= 0 && n->depth > skip_below) continue;
    skip_below = -1;
    shown_at[n->depth + 1] = shown_at[n->depth];
    if (shown_at[n->depth] > depth_most) continue;
    if (n->depth && !is_said(n)) {
      skip_below = n->depth;
      continue;
    }
    struct explain_line line = line_of(w, n);
    line.depth = shown_at[n->depth];
    if (n->depth && is_repeated(lines, count, &line)) {
      skip_below = n->depth;
      continue;
    }
    if (n->depth && is_handed_on(lines, count, &line)) continue;
    lines[count++] = line;
    shown_at[n->depth + 1] = line.depth + 1;
  }
  *out = lines;
  return count;
}
