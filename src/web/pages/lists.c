/* The form over a long list, its addresses, and what to try when nothing is found. */
#include "web/pages/lists.h"

const struct field decided_fields[] = {
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 1000000},
    {.name = "done",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = (const struct choice[]){{"decided", NULL}, {NULL, NULL}}},
    {.name = NULL}};

struct list_filter list_filter_begin(struct view *v, const struct request *r, const char *path) {
  struct list_filter f = {.r = r, .view = view_object(v, "filter")};
  view_text(f.view, "action", request_path(r, path));
  view_list(f.view, "inputs");
  view_list(f.view, "more");
  view_list(f.view, "errors");
  return f;
}

void list_more(struct list_filter *f, const char *label) { f->more = label; }

bool list_is_chosen(const struct request *r, const char *name, const char *word) {
  return request_has(r, name) && span_is(request_text(r, name), word);
}

static struct view *add_input(struct list_filter *f, const char *name, const char *label,
                              const char *hint, bool is_select) {
  struct view *input = view_item(f->view, f->more ? "more" : "inputs");
  const char *fault = form_fault(f->r, name);
  f->more_is_open |= f->more && (request_has(f->r, name) || fault);
  view_text(input, "name", name);
  view_text(input, "label", label);
  view_text(input, "hint", hint);
  view_flag(input, "is_select", is_select);
  view_text(input, "error", fault);
  view_text(input, "described_by",
            fault && hint ? arena_printf(f->r->arena, "%s-hint %s-error", name, name)
            : fault       ? arena_printf(f->r->arena, "%s-error", name)
            : hint        ? arena_printf(f->r->arena, "%s-hint", name)
                          : NULL);
  if (!fault) return input;
  f->has_errors = true;
  struct view *error = view_item(f->view, "errors");
  view_text(error, "href", arena_printf(f->r->arena, "#%s", name));
  view_text(error, "text", fault);
  return input;
}

struct view *list_select(struct list_filter *f, const char *name, const char *label,
                         const char *any) {
  struct view *select = add_input(f, name, label, NULL, true);
  view_flag(select, "is_wide", false);
  view_list(select, "options");
  if (any) list_option(select, "", any, false);
  return select;
}

void list_option(struct view *select, const char *word, const char *label, bool is_current) {
  struct view *item = view_item(select, "options");
  view_text(item, "word", word);
  view_text(item, "option", label);
  view_flag(item, "is_current", is_current);
}

void list_choices(struct list_filter *f, const char *name, const char *label,
                  const struct choice *all) {
  struct view *select = list_select(f, name, label, NULL);
  for (const struct choice *c = all; c->word; c++)
    list_option(select, c->word, say(f->r->language, c->label),
                request_has(f->r, name) ? list_is_chosen(f->r, name, c->word) : c == all);
}

/* What was typed, on one line: `given` has the parts of a day with a line end between them. */
static const char *typed(const struct request *r, const char *name) {
  const struct field *fields = route_fields(r->route, r, NULL);
  int at = 0;
  if (!r->faults || !r->given) return kept_text(r, request_text(r, name));
  while (fields[at].name && strcmp(fields[at].name, name) != 0) at++;
  if (!fields[at].name || !r->given[at].size) return "";
  char *text = arena_copy(r->arena, r->given[at].bytes, r->given[at].size);
  for (char *c = text; *c; c++)
    if (*c == '\n') *c = ' ';
  return kept_text(r, span_trim(span_of(text)));
}

enum text_kind { TEXT_SHORT, TEXT_SEARCH };

static void add_text(struct list_filter *f, const char *name, const char *label, const char *hint,
                     enum text_kind kind) {
  struct view *input = add_input(f, name, label, hint, false);
  view_flag(input, "is_wide", kind == TEXT_SEARCH);
  view_text(input, "value", typed(f->r, name));
}

void list_input(struct list_filter *f, const char *name, const char *label) {
  add_text(f, name, label, NULL, TEXT_SHORT);
}

void list_day(struct list_filter *f, const char *name, const char *label) {
  add_text(f, name, label, say(f->r->language, "For example, 27 3 2026"), TEXT_SHORT);
}

void list_search(struct list_filter *f, const char *name, const char *label, const char *hint) {
  add_text(f, name, label, hint, TEXT_SEARCH);
}

void list_filter_end(struct list_filter *f, const char *button) {
  view_text(f->view, "button", button);
  view_flag(f->view, "has_errors", f->has_errors);
  view_flag(f->view, "has_more", f->more != NULL);
  view_flag(f->view, "more_is_open", f->more_is_open);
  view_text(f->view, "more_label", f->more);
}

const char *list_path(const struct request *r, const char *path, const char *const *fields) {
  struct text query = {0};
  text_addf(&query, "%s?", path);
  for (; *fields; fields++) {
    if (!request_has(r, *fields)) continue;
    text_addf(&query, "%s=", *fields);
    text_add_percent(&query, request_text(r, *fields));
    text_add(&query, "&");
  }
  const char *same = kept_text(r, span_make(query.bytes, query.size));
  text_release(&query);
  return same;
}

const char *list_path_whole(const struct request *r, const char *path, const char *const *fields) {
  const char *begun = list_path(r, path, fields);
  return kept_text(r, span_make(begun, strlen(begun) - 1));
}

int64_t list_page(const struct request *r) {
  return request_has(r, "page") ? request_int(r, "page") : 1;
}

struct view *list_nothing(struct view *v, const char *nothing) {
  struct view *empty = view_object(v, "empty");
  view_text(empty, "nothing", nothing);
  view_list(empty, "tries");
  return empty;
}

void list_try(struct view *nothing, const char *what, const char *href) {
  struct view *item = view_item(nothing, "tries");
  view_text(item, "try", what);
  view_text(item, "href", href);
}
