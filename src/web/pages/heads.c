/* The signed heads of the log, which anyone may keep and compare with what is shown later. */
#include "web/pages/pages.h"

#include "base/hash.h"
#include "base/money.h"
#include "book/log.h"
#include "store/head.h"
#include "web/site.h"

enum { HEADS_SHOWN = 100 };

/* The third line of a checkpoint is the root of the log, in base64 (C2SP tlog-checkpoint). */
static const char *root_of(struct arena *arena, struct span note) {
  const char *at = note.bytes, *end = note.bytes + note.size;
  for (int line = 0; line < 2 && at; line++) {
    at = memchr(at, '\n', (size_t)(end - at));
    if (at) at++;
  }
  const char *stop = at ? memchr(at, '\n', (size_t)(end - at)) : NULL;
  return stop ? arena_copy(arena, at, (size_t)(stop - at)) : NULL;
}

static enum status put_heads(struct request *r, struct view *v, struct error *err) {
  struct query *q;
  struct signed_head head;
  bool some;
  enum status status = log_heads_open_largest(r->store, HEADS_SHOWN, &q, err);
  if (status != DONE) return status;
  while ((status = log_heads_next(q, &head, &some, err)) == DONE && some) {
    struct view *item = view_item(v, "heads");
    view_count(item, "size", head.size);
    view_day(item, "at", clock_day_of(head.at));
    view_text(item, "root", root_of(r->arena, head.note));
    view_text(item, "href",
              request_path(r, arena_printf(r->arena, "/heads/%lld", (long long)head.size)));
  }
  query_end(q);
  return status;
}

enum status page_heads(struct request *r, struct reply *reply, struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  struct head head;
  enum status status = head_read(r->store, &head, err);
  if (status == DONE) status = put_heads(r, v, err);
  if (status != DONE) return status;
  view_count(v, "log_size", head.logged);
  view_text(v, "place_name", r->site->place_name);
  reply_page(reply, r, "heads", say(r->language, "Published seals"), v);
  return DONE;
}

const struct field head_fields[] = {
    {.name = "format",
     .kind = FIELD_CHOICE,
     .optional = true,
     .label = N_("Format"),
     .choices = (const struct choice[]){{"note", N_("The note as a file")}, {NULL, NULL}}},
    {.name = NULL},
};

enum status page_head(struct request *r, struct reply *reply, struct error *err) {
  struct signed_head kept;
  bool there = false;
  int64_t size;
  struct error none = {0};
  /* a log can be empty, so 0 is a size */
  if (integer_parse(request_text(r, "size"), &size, &none) != DONE) size = -1;
  enum status status = log_find_head(r->store, r->arena, size, &kept, &there, err);
  if (status != DONE) return status;
  if (!there) {
    reply_not_found(reply, r);
    return DONE;
  }
  if (request_has(r, "format")) {
    struct text body = {0};
    text_add_span(&body, kept.note);
    reply_bytes(reply, "text/plain; charset=utf-8", &body,
                arena_printf(r->arena, "head-%lld.txt", (long long)size));
    return DONE;
  }
  struct view *v = view_new(r->arena, r->language);
  const char *path = arena_printf(r->arena, "/heads/%lld", (long long)size);
  view_text(v, "back", request_path(r, "/heads"));
  view_count(v, "size", size);
  view_day(v, "at", clock_day_of(kept.at));
  view_text(v, "note", kept.note.bytes);
  view_text(v, "file", arena_printf(r->arena, "head-%lld.txt", (long long)size));
  view_text(v, "download", request_path(r, arena_printf(r->arena, "%s?format=note", path)));
  reply_page(reply, r, "head", say(r->language, "A published seal"), v);
  return DONE;
}
