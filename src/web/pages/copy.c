/* A copy of everything that is held about the visitor: what it is, and the file. */
#include "web/pages/pages.h"

#include "exchange/subject_export.h"

enum status page_copy(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "file", request_path(r, "/copy/file"));
  view_text(v, "messages", request_path(r, "/messages"));
  view_text(v, "requests", request_path(r, "/requests"));
  view_text(v, "another", request_path(r, "/requests/new/access-request"));
  reply_page(reply, r, "copy", say(r->language, "A copy of everything we hold about you"), v);
  return DONE;
}

/* SLOW, with a snapshot of its own: an officer's copy may have many thousand rows, and other pages
 * must not wait for it. One's own record is no look of somebody else's, so that nothing is
 * noted. */
enum status page_copy_file(struct request *r, struct reply *reply, struct error *err) {
  const struct subject_export_options options = {.person = r->visitor.person,
                                                 .by = request_who(r),
                                                 .language = r->language};
  struct text body = {0};
  enum status status = store_begin(r->store, STORE_READ, err);
  if (status == DONE) status = subject_export_json(r->store, r->pack, &options, &body, err);
  store_rollback(r->store);
  if (status == DONE)
    reply_bytes(reply, "application/json", &body,
                arena_printf(r->arena, "copy-%s.json", r->visitor.code));
  text_release(&body);
  return status;
}
