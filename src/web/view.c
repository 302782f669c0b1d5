/* The tree that a template reads: members are linked lists in the arena. Objects have few names, so
 * a name is found by a linear search. */
#include "web/template.h"

#include <assert.h>

struct view *view_add(struct view *v, const char *name, enum view_kind kind) {
  assert(v->kind == VIEW_OBJECT || v->kind == VIEW_LIST);
  struct view *new = arena_alloc(v->arena, sizeof *new);
  *new = (struct view){
      .arena = v->arena, .language = v->language, .name = span_of(name), .kind = kind};
  if (v->last) v->last->next = new;
  else v->first = new;
  v->last = new;
  return new;
}

struct view *view_new(struct arena *arena, enum language language) {
  struct view *v = arena_alloc(arena, sizeof *v);
  v->arena = arena;
  v->language = language;
  v->kind = VIEW_OBJECT;
  return v;
}

struct view *view_over(struct arena *arena, const struct view *under) {
  struct view *v = view_new(arena, under->language);
  v->under = under;
  return v;
}

void view_text(struct view *v, const char *name, const char *text) {
  view_add(v, name, text ? VIEW_TEXT : VIEW_ABSENT)->text = span_of(text);
}

void view_value(struct view *v, const char *name, struct doc_value value) {
  struct text text = {0};
  value_for_people(&text, v->language, value);
  view_text(v, name, text.size ? arena_copy(v->arena, text.bytes, text.size) : NULL);
  text_release(&text);
}

void view_day(struct view *v, const char *name, day_t day) {
  if (day == DAY_NONE) view_text(v, name, NULL);
  else view_value(v, name, doc_day(day));
}

void view_count(struct view *v, const char *name, int64_t n) { view_value(v, name, doc_count(n)); }
void view_flag(struct view *v, const char *name, bool on) {
  view_add(v, name, on ? VIEW_ON : VIEW_OFF);
}
void view_html(struct view *v, const char *name, struct span html) {
  view_add(v, name, VIEW_HTML)->text = html;
}
struct view *view_object(struct view *v, const char *name) {
  return view_add(v, name, VIEW_OBJECT);
}

/* The list of that name. Searches from the last one added, since items are added one after
 * another. */
static struct view *list_of(struct view *v, const char *name) {
  if (v->last && v->last->kind == VIEW_LIST && span_is(v->last->name, name)) return v->last;
  for (struct view *at = v->first; at; at = at->next)
    if (at->kind == VIEW_LIST && span_is(at->name, name)) return at;
  return view_add(v, name, VIEW_LIST);
}

struct view *view_item(struct view *v, const char *name) {
  return view_add(list_of(v, name), NULL, VIEW_OBJECT);
}
void view_item_text(struct view *v, const char *name, const char *text) {
  view_add(list_of(v, name), NULL, VIEW_TEXT)->text = span_of(text);
}
void view_list(struct view *v, const char *name) { list_of(v, name); }

/* Where the table of contents or the first section begins. */
static size_t first_part(struct span html) {
  static const char *const begins[] = {"<nav class=\"contents\"", "<section "};
  for (int i = 0; html.bytes && i < 2; i++) {
    const char *at = memmem(html.bytes, html.size, begins[i], strlen(begins[i]));
    if (at) return (size_t)(at - html.bytes);
  }
  return html.size;
}

void view_fragment(struct view *v, struct span html) {
  static const char end[] = "</h1>";
  const char *at = html.bytes ? memmem(html.bytes, html.size, end, sizeof end - 1) : NULL;
  size_t size = at ? (size_t)(at - html.bytes) + sizeof end - 1 : 0;
  view_html(v, "document", html);
  view_html(v, "heading", span_make(html.bytes, size));
  view_html(v, "rest", span_make(html.bytes + size, html.size - size));
  size = first_part(html);
  view_html(v, "introduction", span_make(html.bytes, size));
  view_html(v, "parts", span_make(html.bytes + size, html.size - size));
}
