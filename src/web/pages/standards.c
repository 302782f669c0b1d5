/* What everybody is promised at least, for anyone to read. */
#include "place/standards_document.h"
#include "web/pages/pages.h"
#include "web/site.h"

enum status page_standards(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  struct document *d = NULL;
  struct view *v = view_new(r->arena, r->language);
  standards_list_document(r->arena, r->pack, r->language, &d);
  view_text(v, "place_name", r->site->place_name);
  view_flag(v, "is_wide", true);
  view_document(v, r, d, NULL);
  reply_page(reply, r, "standards", say(r->language, "Minimum standards"), v);
  return DONE;
}
