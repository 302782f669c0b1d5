#include "exchange/row_rules.h"

bool record_is_blank(const struct record_cells *r) {
  for (int c = 0; c < r->count; c++)
    if (r->cells[c].size) return false;
  return true;
}

bool row_rule_finds(const struct layout *l, const struct record_cells *r, int rule) {
  const struct profile_rule *x = &l->profile->rules[rule];
  size_t size = strlen(x->means);
  bool anywhere = !x->published[0];
  for (int c = anywhere ? 0 : l->rule_column[rule]; c >= 0 && c < r->count; c++) {
    if (r->cells[c].size == size && strncasecmp(r->cells[c].bytes, x->means, size) == 0)
      return true;
    if (!anywhere) break;
  }
  return false;
}

bool row_any_rule(const struct layout *l, const struct record_cells *r,
                  enum profile_rule_kind kind) {
  const struct profile *x = l->profile;
  for (int i = 0; i < x->rule_count; i++)
    if (x->rules[i].kind == kind && row_rule_finds(l, r, i)) return true;
  return false;
}

bool row_is_kept(const struct layout *l, const struct record_cells *r) {
  for (int i = 0; i < l->profile->rule_count; i++) {
    int k = l->keep_first[i] ? i : -1;
    while (k >= 0 && !row_rule_finds(l, r, k)) k = l->keep_next[k];
    if (l->keep_first[i] && k < 0) return false;
  }
  return true;
}

bool profile_says_absent(const struct profile *x, enum meaning meaning, struct span text) {
  for (int r = 0; r < x->rule_count; r++)
    if (x->rules[r].kind == RULE_ABSENT && x->rules[r].meaning == meaning &&
        span_is(text, x->rules[r].published))
      return true;
  return false;
}

struct span row_text(const struct layout *l, struct arena *arena, const struct record_cells *r,
                     enum meaning meaning) {
  if (l->column_count[meaning] == 0) return span_make("", 0);
  struct span text = record_cell(r, l->column[meaning][0]);
  for (int i = 1; i < l->column_count[meaning]; i++) {
    struct span more = record_cell(r, l->column[meaning][i]);
    if (!more.size) continue;
    if (!text.size) text = more;
    else text = span_of(arena_printf(arena, SPAN_FORMAT " / " SPAN_FORMAT, SPAN(text), SPAN(more)));
  }
  return profile_says_absent(l->profile, meaning, text) ? span_make("", 0) : text;
}

const char *profile_day_example(const struct profile *p, const char *form, char out[FORM_SIZE]) {
  for (int r = 0; r < p->rule_count; r++)
    if (p->rules[r].kind == RULE_DATE) return form_day_example(p->rules[r].means, out);
  return form_day_example(form, out);
}

const char *profile_mapped(const struct profile *p, enum profile_rule_kind kind,
                           struct span published) {
  for (int r = 0; p && r < p->rule_count; r++)
    if (p->rules[r].kind == kind && span_is(published, p->rules[r].published))
      return p->rules[r].means;
  return NULL;
}
