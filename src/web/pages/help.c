/* Help for citizens: the list of its pages, and each of them. */
#include "web/pages/help.h"

#include "web/pages/pages.h"

enum status page_help(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  struct view *v = view_new(r->arena, r->language);
  for (const struct help_page *page = help_pages; page->name; page++) {
    struct view *item = view_item(v, "pages");
    view_text(item, "title", page->title[r->language]);
    view_text(item, "href", request_path(r, arena_printf(r->arena, "/help/%s", page->name)));
  }
  reply_page(reply, r, "help", say(r->language, "Help"), v);
  return DONE;
}

enum status page_help_one(struct request *r, struct reply *reply, struct error *err) {
  const struct span name = request_text(r, "page");
  const struct help_page *page = help_pages;
  (void)err;
  while (page->name && !span_is(name, page->name)) page++;
  if (!page->name) {
    reply_not_found(reply, r);
    return DONE;
  }
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/help"));
  reply_page(reply, r, page->template[r->language], page -> title[r->language], v);
  return DONE;
}
