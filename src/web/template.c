/* Rendering: what compiled templates call. Each way of writing a value is one function here, so
 * that one can read in one place what is safe where. */
#include "web/template.h"

/* ---- names ---- */

static const struct view *within(const struct view *v, const struct template_name *name) {
  if (v->kind != VIEW_OBJECT) return NULL;
  for (const struct view *at = v->first; at; at = at->next)
    if (at->name.size == name->size && at->name.bytes[0] == name->bytes[0] &&
        memcmp(at->name.bytes, name->bytes, name->size) == 0)
      return at;
  return v->under ? within(v->under, name) : NULL;
}

/* Looks for the first part from the innermost frame out, and for the others within it: if `a` has
 * no `b`, `a.b` is empty. */
static const struct view *find(const struct render *r, const struct template_name *name,
                               int count) {
  if (count == 0) return r->top->view;
  const struct view *found = NULL;
  for (const struct frame *f = r->top; f && !found; f = f->up) found = within(f->view, name);
  for (int i = 1; i < count && found; i++) found = within(found, &name[i]);
  return found;
}

static bool is_there(const struct view *v) {
  if (!v) return false;
  switch (v->kind) {
  case VIEW_ABSENT:
  case VIEW_OFF: return false;
  case VIEW_TEXT:
  case VIEW_HTML: return v->text.size > 0;
  case VIEW_ON:
  case VIEW_OBJECT: return true;
  case VIEW_LIST: return v->first != NULL;
  }
  return false;
}

bool template_has(struct render *r, const struct template_name *name, int count) {
  return is_there(find(r, name, count));
}

void template_begin(struct render *r, struct frame *frame, const struct template_name *name,
                    int count) {
  const struct view *v = find(r, name, count);
  bool there = is_there(v);
  *frame = (struct frame){.up = r->top, .is_list = there && v->kind == VIEW_LIST};
  if (there) frame->next = frame->is_list ? v->first : v;
}

bool template_next(struct render *r, struct frame *frame) {
  if (!frame->next) {
    r->top = frame->up;
    return false;
  }
  frame->view = frame->next;
  frame->next = frame->is_list ? frame->next->next : NULL;
  r->top = frame;
  return true;
}

/* ---- text of the template ---- */

void template_put(struct render *r, const char *bytes, size_t size, bool at_line) {
  if (!r->indent.size) {
    if (size) text_add_bytes(r->out, bytes, size);
    return;
  }
  for (size_t at = 0; at < size || at_line;) {
    const char *end = at < size ? memchr(bytes + at, '\n', size - at) : NULL;
    size_t next = end ? (size_t)(end - bytes) + 1 : size;
    if (at_line) text_add_span(r->out, r->indent);
    text_add_bytes(r->out, bytes + at, next - at);
    at = next;
    at_line = end && at < size;
  }
}

void template_prefix(struct render *r) { text_add(r->out, language_row(r->language)->prefix); }

void template_partial(struct render *r, void (*render)(struct render *r), const char *indent,
                      size_t size, bool alone) {
  struct span before = r->indent;
  if (!alone) r->indent = (struct span){0};
  else if (size)
    r->indent =
        span_of(arena_printf(r->arena, SPAN_FORMAT SPAN_FORMAT, SPAN(before), (int)size, indent));
  render(r);
  r->indent = before;
}

/* ---- values ---- */

/* Browsers drop tabs and line ends in an address and read `\` as `/`, so `/\x` and `/<tab>/x` lead
 * elsewhere: an address with any of these is refused. */
static bool address_plain(struct span a) {
  for (size_t i = 0; i < a.size; i++)
    if ((unsigned char)a.bytes[i] <= ' ' || a.bytes[i] == 0x7f || a.bytes[i] == '\\') return false;
  return true;
}

static bool begins(struct span a, const char *with) {
  size_t size = strlen(with);
  if (a.size < size) return false;
  for (size_t i = 0; i < size; i++) {
    char c = a.bytes[i];
    if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != with[i]) return false;
  }
  return true;
}

static bool address_allowed(struct span a, bool elsewhere) {
  if (!address_plain(a)) return false;
  if (a.size == 0 || a.bytes[0] == '?' || a.bytes[0] == '#') return true;
  if (a.bytes[0] == '/') return a.size == 1 || a.bytes[1] != '/';
  return elsewhere && (begins(a, "https://") || begins(a, "http://") || begins(a, "mailto:"));
}

/* A part that is `.` or `..` would be a step of the path, however it is written, and is left
 * out. */
static void add_part(struct text *out, struct span part) {
  if (!span_is(part, ".") && !span_is(part, "..")) text_add_percent(out, part);
}

void template_value(struct render *r, const struct template_name *name, int count,
                    enum template_place place) {
  const struct view *v = find(r, name, count);
  if (!v || (v->kind != VIEW_TEXT && v->kind != VIEW_HTML)) return;
  switch (place) {
  case IN_CONTENT:
    if (v->kind == VIEW_HTML) text_add_span(r->out, v->text);
    else text_add_html(r->out, v->text);
    return;
  case IN_QUOTES: text_add_html(r->out, v->text); return;
  case IN_ADDRESS:
  case IN_PATH:
    if (address_allowed(v->text, place == IN_ADDRESS)) text_add_html(r->out, v->text);
    else text_add_char(r->out, '#');
    return;
  case IN_PART: add_part(r->out, v->text); return;
  case AS_IT_IS: text_add_span(r->out, v->text); return;
  }
}

/* {name} in the translation means the same as in the original, wherever it stands; braces around
 * anything else are text. */
void template_message(struct render *r, const char *english, const struct template_named *named,
                      int count, enum template_place place) {
  const char *at = say(r->language, english);
  while (*at) {
    const char *open = strchr(at, '{'), *close = open ? strchr(open, '}') : NULL;
    const struct template_named *found = NULL;
    for (int i = 0; close && i < count; i++)
      if (span_is(span_make(open + 1, (size_t)(close - open) - 1), named[i].word))
        found = &named[i];
    const char *end = found ? open : close ? close + 1 : at + strlen(at);
    text_add_html(r->out, span_make(at, (size_t)(end - at)));
    if (found) template_value(r, found->name, found->count, place);
    at = found ? close + 1 : end;
  }
}

/* ---- templates ---- */

const struct template *template_find(const char *name) {
  for (const struct template *const *t = templates; *t; t++)
    if (strcmp((*t)->name, name) == 0) return *t;
  return NULL;
}

void template_render(const struct template *t, const struct view *v, struct text *out) {
  struct frame frame = {.view = v};
  struct render r = {.out = out, .arena = v->arena, .language = v->language, .top = &frame};
  t->render(&r);
}
