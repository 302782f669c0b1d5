#include "rules/explain_words.h"

#include "rules/page.h"

enum { PAGE_LINES_MOST = 1200 };

struct page {
  const struct explain_writer *w;
  struct text *out;
  struct explain_shown shown;
  struct map ids; /* of what is explained on the page: links lead to these only */
};

static void html_link(struct text *out, const char *title, const char *href) {
  const bool safe = href && (strncmp(href, "https://", 8) == 0 || strncmp(href, "http://", 7) == 0);
  if (safe) {
    text_add(out, "<a href=\"");
    text_add_html(out, span_of(href));
    text_add(out, "\">");
  }
  text_add_html(out, span_of(title ? title : href ? href : ""));
  if (safe) text_add(out, "</a>");
}

static void html_taken(struct text *out, struct text *words) {
  text_add_html(out, span_make(words->bytes, words->size));
  text_release(words);
}

/* `Higher rate threshold: £50,270 a year`, then its path and source. */
static void html_parameter(const struct page *p, const struct explain_node *n) {
  const struct parameter *of = n->parameter;
  struct text *out = p->out, words = {0};
  const char *name = of->label ? of->label : of->description;
  text_add(out, "<p class=\"parameter\">");
  if (name) {
    text_add_html(out, span_of(name));
    text_add(out, ": <strong>");
  } else {
    text_add(out, "<code>");
    text_add_html(out, span_of(of->path));
    text_add(out, "</code> is <strong>");
  }
  explain_add_parameter(p->w, &words, n);
  html_taken(out, &words);
  text_add(out, "</strong>");
  int count;
  const struct parameter_reference *r = explain_references(n, &count);
  if (count) {
    text_add(out, " (");
    html_link(out, r->title, r->href);
    text_add_char(out, ')');
  }
  if (name) {
    text_add(out, " <small><code>");
    text_add_html(out, span_of(of->path));
    text_add(out, "</code></small>");
  }
  text_add(out, "</p>\n");
}

static const char *id_of(const struct page *p, const struct explain_node *n) {
  return arena_printf(p->w->arena, "%s-%s", n->variable->name,
                      period_write(p->w->arena, n->explained_in));
}

static const char *kind_words(const struct page *p, const struct explain_node *n) {
  bool given = n->kind == EXPLAIN_INPUT;
  for (int i = 0; i < n->rows && given; i++) given = explain_was_told(n, i);
  if (n->alike_count)
    return arena_printf(p->w->arena, ", and %d %s%s that come about alike", n->alike_count,
                        rule_each_words[n->period.each], n->alike_count > 1 ? "s" : "");
  if (n->is_elsewhere) return "";
  if (given) return ", given";
  if (n->kind == EXPLAIN_DEFAULT && !explain_is_not_told(n->variable, n->values[0]))
    return ", not told: assumed";
  return n->kind == EXPLAIN_TOTAL ? ", the sum of its periods" : "";
}

static void html_heading(const struct page *p, const struct explain_node *n) {
  struct text *out = p->out, words = {0};
  const struct rule_variable *v = n->variable;
  text_add_html(out, span_of(v->label ? v->label : v->name));
  if (n->kind == EXPLAIN_UNUSED) {
    text_add(out, ": not used here");
    return;
  }
  text_add(out, ": <strong>");
  explain_add_values(p->w, &words, n);
  html_taken(out, &words);
  text_add(out, "</strong> <small>");
  text_add_html(out, span_of(explain_period_words(p->w->arena, n->period)));
  text_add_html(out, span_of(kind_words(p, n)));
  if (n->is_elsewhere && map_get(&p->ids, span_of(id_of(p, n))) >= 0) {
    text_add(out, ", <a href=\"#");
    text_add_html(out, span_of(id_of(p, n)));
    text_add(out, "\">why</a>");
  }
  text_add(out, "</small>");
}

/* What was given or assumed and comes to nothing, or is not used: read last, together. */
static bool comes_to_nothing(const struct explain_node *n) {
  if (n->kind == EXPLAIN_UNUSED) return true;
  if (n->kind != EXPLAIN_INPUT && n->kind != EXPLAIN_DEFAULT) return false;
  for (int i = 0; i < n->rows; i++)
    if (n->values[i] != 0 && !explain_is_not_told(n->variable, n->values[i])) return false;
  return n->variable->type.kind == KIND_NUMBER || n->variable->type.kind == KIND_BOOL;
}

static int after_parts(const struct explanation *e, int i) {
  int next = i + 1;
  while (next < e->count && e->all[next].depth > e->all[i].depth) next++;
  return next;
}

static void html_node(const struct page *p, int i);

static void html_parts(const struct page *p, int from, int to) {
  const struct explanation *e = p->w->explanation;
  int nothings = 0;
  for (int i = from; i < to; i = after_parts(e, i))
    nothings += p->shown.nodes[i] && comes_to_nothing(&e->all[i]);
  const bool together = nothings > 2;
  for (int i = from; i < to; i = after_parts(e, i))
    if (p->shown.nodes[i] && (!together || !comes_to_nothing(&e->all[i]))) html_node(p, i);
  if (!together) return;
  text_addf(p->out, "<details><summary>%d more come to nothing, or are not used</summary>\n",
            nothings);
  for (int i = from; i < to; i = after_parts(e, i))
    if (p->shown.nodes[i] && comes_to_nothing(&e->all[i])) html_node(p, i);
  text_add(p->out, "</details>\n");
}

/* Law and rounding, what it was made of, and last the formula as it stands in the pack. */
static void html_formula(const struct page *p, int i) {
  const struct explain_node *n = &p->w->explanation->all[i];
  struct text *out = p->out;
  for (int k = 0; k < n->variable->law_count; k++) {
    const char *why = rule_no_law(n->variable->laws[k]);
    text_add(out, why ? "<p>No law: " : "<p>Law: ");
    html_link(out, why ? why : n->variable->laws[k], n->variable->addresses[k]);
    text_add(out, "</p>\n");
  }
  const char *rounded = explain_rounding_words(p->w, n->variable, true);
  if (rounded) {
    text_add(out, "<p>Rounded ");
    text_add_html(out, span_of(rounded));
    text_add(out, "</p>\n");
  }
  html_parts(p, i + 1, after_parts(p->w->explanation, i));
  text_add(out, "<details class=\"formula\"><summary>The formula of ");
  text_add(out, "<code>");
  text_add_html(out, span_of(n->variable->name));
  text_add(out, "</code></summary>\n<pre>");
  text_add_html(out, n->version->text);
  text_add(out, "</pre></details>\n");
}

static void html_node(const struct page *p, int i) {
  const struct explain_node *n = &p->w->explanation->all[i];
  struct text *out = p->out;
  if (n->kind == EXPLAIN_PARAMETER) {
    html_parameter(p, n);
    return;
  }
  const bool opens = n->kind == EXPLAIN_TOTAL || (n->kind == EXPLAIN_FORMULA && !n->is_elsewhere);
  if (!opens) {
    text_add(out, "<p>");
    html_heading(p, n);
    text_add(out, "</p>\n");
    return;
  }
  text_add(out, "<details id=\"");
  text_add_html(out, span_of(id_of(p, n)));
  text_addf(out, "\"%s><summary>", n->depth < 1 ? " open" : "");
  html_heading(p, n);
  text_add(out, "</summary>\n");
  if (n->kind == EXPLAIN_TOTAL) html_parts(p, i + 1, after_parts(p->w->explanation, i));
  else html_formula(p, i);
  text_add(out, "</details>\n");
}

/* ---- its head ---- */

static void html_people(const struct page *p) {
  const struct situation *s = p->w->situation;
  const struct rule_entity *people = p->w->compiler->rules->entities[0];
  if (!s->names[0]) {
    text_add(p->out, "nobody by name");
    return;
  }
  for (int i = 0; i < s->rows[0]; i++) {
    const struct rule_variable of = {.entity = people};
    if (i) text_add(p->out, i + 1 < s->rows[0] ? ", " : " and ");
    text_add_html(p->out, span_of(explain_row_name(s, &of, i)));
  }
}

static void html_assumed(const struct page *p) {
  struct explain_assumed *all;
  struct text *out = p->out;
  const int count = explain_find_assumed(p->w, &all);
  if (!count) return;
  int nothings = 0;
  text_add(out, "<p>Assumed, because not told:</p>\n<ul>\n");
  for (int pass = 0; pass < 2; pass++) {
    for (int i = 0; i < count; i++) {
      struct text value = {0};
      if (all[i].is_nothing != (pass == 1)) continue;
      if (pass && !nothings++)
        text_add(out, "</ul>\n<details><summary>And, as none, no or nothing, also these"
                      "</summary>\n<ul>\n");
      const struct rule_variable *v = all[i].node->variable;
      const char *of = explain_assumed_of(p->w, all[i].node);
      text_add(out, "<li>");
      text_add_html(out, span_of(v->label ? v->label : v->name));
      text_add(out, ": ");
      explain_add_value(p->w->compiler->rules, &value, v, v->by_default);
      html_taken(out, &value);
      if (of) text_add(out, " for ");
      if (of) text_add_html(out, span_of(of));
      text_add(out, "</li>\n");
    }
  }
  text_add(out, nothings ? "</ul>\n</details>\n" : "</ul>\n");
}

static void html_head(const struct page *p, const struct explain_node *first) {
  struct text *out = p->out;
  text_add(out, "<p>For ");
  html_people(p);
  text_add(out, ", ");
  text_add_html(out, span_of(explain_period_words(p->w->arena, first->period)));
  text_add(out, p->w->compiler->reading == READ_ANNUAL
                    ? ", taken by the year as a whole, without rounding.</p>\n"
                    : ", by the law's own weeks, months and years.</p>\n");
  if (p->w->explanation->is_estimated)
    text_add(out, "<p><strong>Estimated</strong>: not all amounts of the law are known yet for "
                  "this time.</p>\n");
  html_assumed(p);
}

void explain_html(const struct explain_writer *w, struct text *out) {
  const struct explanation *e = w->explanation;
  const struct explain_node *first = e->count ? &e->all[0] : NULL;
  const struct rule_variable *v = first ? first->variable : NULL;
  const char *name = v ? v->name : "Explanation";
  struct page p = {.w = w, .out = out, .ids.arena = w->arena};
  p.shown = explain_choose_shown(w, w->is_full ? 0 : PAGE_LINES_MOST);
  for (int i = 0; i < e->count; i++)
    if (p.shown.nodes[i] && e->all[i].kind == EXPLAIN_FORMULA && !e->all[i].is_elsewhere)
      map_set(&p.ids, span_of(id_of(&p, &e->all[i])), i);
  rules_page_begin(out, name, v && v->label ? v->label : name);
  if (first) html_head(&p, first);
  html_parts(&p, 0, e->count);
  if (p.shown.left_out)
    text_addf(out, "<p>%d more values are not shown here; <code>--full</code> shows all.</p>\n",
              p.shown.left_out);
  rules_page_end(out);
}
