/* What compiled templates call (private to view.c, template.c and the C that script/templates.py
 * writes).
 *
 * A compiled template is a function that adds its literal text with template_put, its values with
 * template_value, and runs a section as
 *
 *     struct frame frame;
 *     for (template_begin(r, &frame, name, count); template_next(r, &frame);) { ... }
 *
 * Names are looked for from the innermost frame out. Frames lie on the C stack, so no memory is
 * allocated or freed while a page is rendered.
 */
#ifndef WEAL_WEB_TEMPLATE_H
#define WEAL_WEB_TEMPLATE_H

#include "web/view.h"

enum view_kind { VIEW_ABSENT, VIEW_TEXT, VIEW_HTML, VIEW_OFF, VIEW_ON, VIEW_OBJECT, VIEW_LIST };

/* A named value. An object or a list has its members in the order in which they were added. */
struct view {
  struct arena *arena;
  /* of a view over another: the view where missing names are looked for */
  const struct view *under;
  struct view *first, *last, *next;
  struct span name, text;
  enum view_kind kind;
  enum language language;
};

/* Adds a member to an object or a list; members of a list have no name. Private: the tests build
 * lists in lists with it. */
struct view *view_add(struct view *v, const char *name, enum view_kind kind);

struct template_name {
  const char *bytes;
  size_t size;
};

struct frame {
  const struct view *view, *next;
  const struct frame *up;
  bool is_list;
};

struct render {
  struct text *out;
  struct arena *arena;
  enum language language;
  const struct frame *top;
  struct span indent; /* before each line of a partial that stood alone on an indented line */
};

struct template {
  const char *name;
  void (*render)(struct render * r);
};

enum template_place {
  IN_CONTENT, /* escaped, except for what view_html gave */
  IN_QUOTES,  /* escaped */
  IN_ADDRESS, /* the beginning of an address: a path of ours, http(s), mailto, else `#` */
  IN_PATH,    /* the same, paths of ours only */
  IN_PART,    /* of an address after its beginning: percent-encoded */
  AS_IT_IS    /* in the tests of the language only: script/templates.py refuses it in pages */
};

void template_put(struct render *r, const char *bytes, size_t size, bool at_line);
void template_prefix(struct render *r); /* `/cy`, before a path of ours */
void template_value(struct render *r, const struct template_name *name, int count,
                    enum template_place place);
bool template_has(struct render *r, const struct template_name *name, int count);
void template_begin(struct render *r, struct frame *frame, const struct template_name *name,
                    int count);
bool template_next(struct render *r, struct frame *frame);
void template_partial(struct render *r, void (*render)(struct render *r), const char *indent,
                      size_t size, bool alone);

struct template_named {
  const char *word;
  const struct template_name *name;
  int count;
};
void template_message(struct render *r, const char *english, const struct template_named *named,
                      int count, enum template_place place);

#endif
