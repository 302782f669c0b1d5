/* Replies: a page within the layout, a file, another address, what is wrong. */
#include "web/http_request.h"

#include "http/asset.h"
#include "web/pages/pages.h"
#include "web/permit.h"

#include <assert.h>

/* ---- the layout ---- */

/* Whether the link leads to the page that was asked, or to one above it. */
static bool is_current(const char *asked, const char *path) {
  size_t size = strlen(path);
  return strncmp(asked, path, size) == 0 &&
         (asked[size] == '\0' || asked[size] == '?' || (asked[size] == '/' && size > 1));
}

static void put_navigation(struct view *v, const struct request *r) {
  bool some = false, role_pages = false;
  for (const struct route *row = routes; row->path; row++) {
    bool shown = row->navigation == NAV_PUBLIC ||
                 (row->navigation != NAV_NONE && r->visitor.person);
    if (!shown || !permit_row(&r->visitor, row)) continue;
    bool of_role = row->navigation == NAV_ROLE;
    struct view *item = view_item(v, of_role ? "office" : "navigation");
    view_text(item, "label", say(r->language, row->title));
    view_text(item, "href", request_path(r, row->path));
    view_flag(item, "is_current", is_current(r->asked, row->path));
    some = true;
    role_pages = role_pages || of_role;
  }
  view_flag(v, "has_navigation", some);
  view_flag(v, "has_office", role_pages);
}

/* The same page in other languages. If a form's address is no page, the link leads to the first
 * page. */
static void put_languages(struct view *v, const struct request *r) {
  const char *path = r->route && r->route->method == GET ? r->asked : "/";
  for (int language = 0; language < LANGUAGES; language++) {
    if (language == (int)r->language) continue;
    const struct language_row *row = language_row((enum language)language);
    struct view *other = view_item(v, "language");
    view_text(other, "href", arena_printf(r->arena, "%s%s", row->prefix, path));
    view_text(other, "label", row->name);
    view_text(other, "code", row->code);
  }
}

static void put_person(struct view *v, const struct request *r) {
  view_text(v, "person", r->visitor.person ? r->visitor.name : NULL);
  view_text(v, "sign_in", r->visitor.person ? NULL : request_path(r, "/sign-in"));
  if (!r->visitor.person) {
    view_text(v, "sign_out", NULL);
    return;
  }
  struct view *out = view_object(v, "sign_out");
  view_text(out, "action", request_path(r, "/sign-out"));
  view_text(out, "token", r->visitor.form_token);
}

/* Break-glass is told to everybody who has signed in, for as long as it lasts. */
static void put_unapproved(struct view *v, const struct request *r) {
  char until[21];
  int64_t moment = r->visitor.unapproved_until;
  view_text(v, "unapproved",
            moment ? written_moment(r, arena_string(r->arena, clock_write(moment, until))) : NULL);
}

/* When a page no longer has the form (somebody answered meanwhile), the refusal is shown above the
 * page. */
static void put_lost_faults(struct view *v, const struct request *r, const struct text *body) {
  if (!r->faults || strstr(body->bytes, "govuk-error-summary")) return;
  struct view *lost = view_object(v, "lost");
  for (const struct fault *f = r->faults; f->field; f++) {
    struct view *error = view_item(lost, "errors");
    view_text(error, "href", NULL);
    view_text(error, "text", f->message);
  }
}

static void reply_layout(struct reply *reply, const struct request *r, const char *template,
                         const char *title, const struct view *of_page) {
  /* so that a page's own `title` or `place` does not become the layout's */
  struct view *v = view_over(r->arena, of_page);
  struct text body = {0};
  const struct template *page = template_find(template), *layout = template_find("layout");
  assert(page && layout); /* the names come from our own code */
  template_render(page, of_page, &body);
  view_text(v, "lang", language_code(r->language));
  view_text(v, "title", title);
  view_flag(v, "has_errors", r->faults != NULL);
  view_html(v, "body", span_make(body.bytes, body.size));
  put_lost_faults(v, r, &body);
  view_text(v, "place", r->site->place_name);
  view_text(v, "home", request_path(r, r->visitor.person ? home_path(&r->visitor.roles) : "/"));
  view_flag(v, "is_demo", r->site->demo);
  put_navigation(v, r);
  put_languages(v, r);
  put_person(v, r);
  put_unapproved(v, r);
  struct view *assets = view_object(v, "assets");
  view_text(assets, "govuk", asset_url("govuk.css"));
  view_text(assets, "portal", asset_url("portal.css"));
  view_text(assets, "script", asset_url("portal.js"));
  view_text(assets, "icon", asset_url("icon.svg"));
  *reply = (struct reply){.status = 200,
                          .type = "text/html; charset=utf-8",
                          .cookie = reply->cookie,
                          .refresh_seconds = reply->refresh_seconds};
  template_render(layout, v, &reply->body);
  text_release(&body);
}

void reply_page(struct reply *reply, const struct request *r, const char *template,
                const char *title, const struct view *v) {
  reply_layout(reply, r, template, title, v);
}

/* ---- files ---- */

static const struct {
  const char *type, *ending;
} formats[] = {
    [FORMAT_TEXT] = {"text/plain; charset=utf-8", "txt"},
    [FORMAT_HTML] = {"text/html; charset=utf-8", "html"},
    [FORMAT_JSON] = {"application/json", "json"},
    [FORMAT_CSV] = {"text/csv; charset=utf-8", "csv"},
    [FORMAT_PDF] = {"application/pdf", "pdf"},
};

void reply_download(struct reply *reply, const struct request *r, const struct document *d,
                    enum format format, const char *name) {
  struct text body = {0};
  if (format == FORMAT_CSV) text_add(&body, UTF8_MARK);
  document_render(d, format, &(struct document_options){.csv_header = true}, &body);
  reply_file(reply, r, &body, format, name);
}

void reply_file(struct reply *reply, const struct request *r, struct text *body, enum format format,
                const char *name) {
  if (format == FORMAT_JSON) text_add_char(body, '\n');
  reply_bytes(reply, formats[format].type, body,
              arena_printf(r->arena, "%s.%s", name, formats[format].ending));
}

void reply_bytes(struct reply *reply, const char *type, struct text *body, const char *file_name) {
  *reply = (struct reply){
      .status = 200, .type = type, .body = *body, .file_name = file_name, .cookie = reply->cookie};
  *body = (struct text){0};
}

/* ---- elsewhere, nowhere ---- */

void reply_go(struct reply *reply, const struct request *r, const char *path) {
  *reply = (struct reply){.status = 303,
                          .type = "text/plain; charset=utf-8",
                          .location = request_path(r, path),
                          .cookie = reply->cookie};
}

static const struct {
  int http;
  const char *title, *text;
} problems[] = {
    {400, N_("This address or form could not be read"),
     N_("Something in it is not as our pages send it. Go back, and use the links and forms of the "
        "pages.")},
    {403, N_("This form cannot be taken"),
     N_("It did not come from one of our own pages, or you have been signed out since it was "
        "shown. Nothing was changed. Open the page again and send it from there.")},
    {404, N_("Page not found"),
     N_("There is no such page, or it is not one that you may see. If you typed the address, check "
        "that it is right.")},
    {405, N_("This address does not take that"), N_("Open the page and use its links and forms.")},
    {411, N_("The length of the form was not told"), N_("Send the form from one of our pages.")},
    {413, N_("This is too large"),
     N_("The form or file that was sent is larger than this page takes. Nothing was changed.")},
    {415, N_("This type of form is not accepted"), N_("Send the form from one of our pages.")},
    {422, N_("This could not be done"), N_("Nothing was changed.")},
    {429, N_("Too much in a short time"),
     N_("Wait a minute, then send it again. Nothing was changed.")},
    {431, N_("Your browser sent too much with its question"),
     N_("Delete the cookies that it keeps for this address, then try again.")},
    {500, N_("Sorry, there is a problem with the service"),
     N_("What you sent was not saved. Try again later.")},
    {503, N_("Sorry, the service is not available just now"),
     N_("The service is too busy or cannot be reached. What you sent may not be saved: check "
        "whether it is there before you send it again, in a few seconds.")},
    {0, NULL, NULL},
};

void reply_problem(struct reply *reply, const struct request *r, int http, const char *text,
                   const char *reference) {
  int i = 0;
  while (problems[i].http && problems[i].http != http) i++;
  assert(problems[i].http);
  struct view *v = view_new(r->arena, r->language);
  const char *title = say(r->language, problems[i].title);
  view_text(v, "heading", title);
  view_text(v, "text", text ? text : say(r->language, problems[i].text));
  view_text(v, "reference", reference);
  struct request plain = *r;
  plain.faults = NULL;
  *reply = (struct reply){0};
  reply_layout(reply, &plain, "problem", title, v);
  reply->status = http;
}

void reply_not_found(struct reply *reply, const struct request *r) {
  reply_problem(reply, r, 404, NULL, NULL);
}
