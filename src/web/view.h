/* What a template is given: a tree of named values. A template asks by name and never computes.
 *
 *     struct view *v = view_new(arena, language);
 *     view_text(v, "name", person.name);
 *     view_value(v, "balance", doc_money(-12345));        as people read it, in the view's language
 *     struct view *line = view_item(v, "lines");          one more of a list
 *     view_day(line, "day", day);
 *     view_flag(v, "is_demo", true);
 *
 * Templates (templates/NAME.mustache) are compiled to C by script/templates.py while building:
 * Mustache's syntax ({{name}}, {{#section}}, {{^inverted}}, {{>partial}}, {{! comment}}, dotted
 * names, standalone lines), and two things of ours:
 *   - every value is escaped for where it stands (content, a quoted attribute, a URL attribute,
 *       whose scheme is checked). There is no way to write a value unescaped, except HTML that C
 *           adds by view_html, and that only in content.
 *         Anything else does not compile.
 *   - {{_ Text for people}} is a message, translated by say(); {name} within it is the value of
 *       that name, escaped: {{_ Signed in as {person}}}.
 * Texts are borrowed and must live as long as the arena.
 */
#ifndef WEAL_WEB_VIEW_H
#define WEAL_WEB_VIEW_H

#include "base/arena.h"
#include "base/day.h"
#include "document/document.h"

struct view;

struct view *view_new(struct arena *arena, enum language language);
/* null: an absent value */
void view_text(struct view *v, const char *name, const char *text);
void view_value(struct view *v, const char *name, struct doc_value value); /* as people read it */
/* 5 April 2026; DAY_NONE: absent */
void view_day(struct view *v, const char *name, day_t day);
void view_count(struct view *v, const char *name, int64_t n);
void view_flag(struct view *v, const char *name, bool on);
/* our own HTML, whole elements: a document's fragment */
void view_html(struct view *v, const char *name, struct span html);
/* a section with names of its own */
struct view *view_object(struct view *v, const char *name);
/* one more item of a list */
struct view *view_item(struct view *v, const char *name);
/* the same, of a list of texts: {{.}} */
void view_item_text(struct view *v, const char *name, const char *text);
/* a list that may stay empty: it hides a list of the same name in an outer view */
void view_list(struct view *v, const char *name);
/* A view that looks in `under` for the names that it does not have: the layout over a page. Same
 * language. */
struct view *view_over(struct arena *arena, const struct view *under);

/* ---- for templates and their runtime ---- */

struct template;                                        /* compiled */
extern const struct template *const templates[];        /* ended by null */
const struct template *template_find(const char *name); /* null: none */
void template_render(const struct template *t, const struct view *v, struct text *out);

/* A document's fragment (document_render): `document`, all of it; in two for pages that put a form
 * between: `heading`, up to the end of its h1, and `rest`; or `introduction`, up to its first
 * section, and `parts`. The caller keeps the bytes until the page is made. */
void view_fragment(struct view *v, struct span html);

#endif
