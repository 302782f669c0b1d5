/* The functions of the table's rows (routes.c), a file a subject, and the fields of their forms. Those that show are called page_, those that change act_.
 */
#ifndef WEAL_WEB_PAGES_H
#define WEAL_WEB_PAGES_H

#include "web/request.h"

/* page_home.c */
enum status page_home(struct request *r, struct reply *reply, struct error *err);
enum status page_accessibility(struct request *r, struct reply *reply, struct error *err);
enum status page_privacy(struct request *r, struct reply *reply, struct error *err);
enum status page_cookies(struct request *r, struct reply *reply, struct error *err);
enum status page_asset(struct request *r, struct reply *reply, struct error *err);

/* page_sign_in.c */
extern const struct field sign_in_fields[], sign_out_fields[];
enum status page_sign_in(struct request *r, struct reply *reply, struct error *err);
enum status act_sign_in(struct request *r, struct reply *reply, struct error *err);
enum status page_sign_out(struct request *r, struct reply *reply, struct error *err);
enum status act_sign_out(struct request *r, struct reply *reply, struct error *err);

/* page_looked.c */
extern const struct field looked_fields[], object_fields[];
enum status page_looked(struct request *r, struct reply *reply, struct error *err);
enum status page_object(struct request *r, struct reply *reply, struct error *err);
enum status act_object(struct request *r, struct reply *reply, struct error *err);

/* page_tell.c: tell us once (journey.h). The same functions for oneself and, under /helping/{person}, for somebody. */
enum status page_tell(struct request *r, struct reply *reply, struct error *err);
enum status page_tell_start(struct request *r, struct reply *reply, struct error *err);
enum status page_tell_question(struct request *r, struct reply *reply, struct error *err);
enum status act_tell_question(struct request *r, struct reply *reply, struct error *err);
enum status page_tell_check(struct request *r, struct reply *reply, struct error *err);
enum status act_tell_check(struct request *r, struct reply *reply, struct error *err);
enum status page_tell_done(struct request *r, struct reply *reply, struct error *err);
const struct field *tell_fields(const struct span *names);     /* of .../{kind}/{question} */
const struct field *tell_fields_for(const struct span *names); /* of .../{person}/tell-us-once/{kind}/{question} */

/* page_place.c, page_heads.c: for anyone */
extern const struct field place_fields[], place_table_fields[], head_fields[];
enum status page_place(struct request *r, struct reply *reply, struct error *err);
enum status page_place_table(struct request *r, struct reply *reply, struct error *err);
enum status page_heads(struct request *r, struct reply *reply, struct error *err);
enum status page_head(struct request *r, struct reply *reply, struct error *err);

/* ---- what pages share: page_parts.c ---- */

/* `5 April 2026 at 14:02` of an RFC 3339 moment; null: absent. */
void view_moment(struct view *v, const char *name, const struct request *r, const char *at);
/* The partial {{>pagination}} for pages 1 .. count; `path` ends where the page's number is to be added: `/looked?`, `/account?year=2025-26&`. */
void view_pages(struct view *v, const struct request *r, const char *path, int64_t page, int64_t count);
/* A banner above the page: what was done. */
void view_done(struct view *v, const char *text);
/* The row that a form of this path is sent to. */
const struct route *route_post(const char *path);
/* `id:P000001`, as the access log and the books of notices have it. */
const char *request_who(const struct request *r);
/* A look at r->person is noted in the request's transaction: nothing may be shown unless it is DONE. */
enum status request_note_look(const struct request *r, const char *what, const char *why, struct error *err) MUST_USE;

#endif
