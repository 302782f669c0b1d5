/* The first page, and the pages about the portal: the same bytes for everybody, made once. */
#include "http/asset.h"
#include "web/pages/pages.h"
#include "web/site.h"

enum status page_home(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "place_name", r->site->place_name);
  reply_page(reply, r, "home",
             arena_printf(r->arena, say(r->language, "Social accounts of %s"), r->site->place_name),
             v);
  return DONE;
}

enum status page_accessibility(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  reply_page(reply, r, "accessibility", say(r->language, "Accessibility"),
             view_new(r->arena, r->language));
  return DONE;
}

enum status page_privacy(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  struct view *v = view_new(r->arena, r->language);
  view_keeper(v, r);
  reply_page(reply, r, "privacy", say(r->language, "Privacy"), v);
  return DONE;
}

enum status page_cookies(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  struct view *v = view_new(r->arena, r->language);
  view_count(v, "idle_minutes", r->site->config.session_idle_minutes);
  view_count(v, "hours", r->site->config.session_hours);
  reply_page(reply, r, "cookies", say(r->language, "Cookies"), v);
  return DONE;
}

/* A static file. The files that pages use are kept ready (static_response.c); this row answers when
 * the target is written in another way. */
enum status page_asset(struct request *r, struct reply *reply, struct error *err) {
  struct asset asset;
  struct text body = {0};
  struct span file = request_text(r, "file");
  (void)err;
  if (!asset_find(span_of(arena_printf(r->arena, "/assets/" SPAN_FORMAT, SPAN(file))), &asset)) {
    reply_not_found(reply, r);
    return DONE;
  }
  text_add_span(&body, asset.bytes);
  reply_bytes(reply, asset.type, &body, NULL);
  return DONE;
}
