/* My statement of a year, as a page, for print, as PDF, JSON and CSV, with its proof where the book
 * has signed heads and the portal has the key; verified here. And my life so far. The same pages
 * for a helper, about the person they help. */
#include "web/pages/pages.h"

#include "statement/proved.h"
#include "web/site.h"

static const struct choice formats[] = {{"pdf", NULL}, {"json", NULL}, {"csv", NULL}, {NULL, NULL}};
static const struct choice life_formats[] = {{"json", NULL}, {"csv", NULL}, {NULL, NULL}};

const struct field statement_fields[] = {
    {.name = "year", .kind = FIELD_YEAR, .optional = true, .label = N_("Year")},
    {.name = "format", .kind = FIELD_CHOICE, .optional = true, .choices = formats},
    {.name = NULL}};
const struct field verify_fields[] = {{.name = "year", .kind = FIELD_YEAR, .optional = true},
                                      {.name = NULL}};
const struct field life_fields[] = {
    {.name = "format", .kind = FIELD_CHOICE, .optional = true, .choices = life_formats},
    {.name = NULL}};

static enum format format_of(const struct request *r) {
  struct span word = request_text(r, "format");
  return span_is(word, "pdf") ? FORMAT_PDF : span_is(word, "csv") ? FORMAT_CSV : FORMAT_JSON;
}

/* ---- the statement ---- */

static const char *line_path(const struct request *r) {
  return request_path(r, arena_printf(r->arena, "%s/account/lines/", request_base(r)));
}

static void add_ways(struct view *v, const struct request *r, const char *year) {
  const char *base = request_base(r);
  static const char *const names[] = {"pdf", "json", "csv"};
  for (int i = 0; i < 3; i++)
    view_text(v, names[i],
              request_path(r, arena_printf(r->arena, "%s/statement?year=%s&format=%s", base, year,
                                           names[i])));
  view_text(v, "verify",
            r->person ? NULL
                      : request_path(r, arena_printf(r->arena, "/statement/verify?year=%s", year)));
  view_text(v, "account",
            request_path(r, arena_printf(r->arena, "%s/account?year=%s", base, year)));
  view_text(v, "action", request_path(r, arena_printf(r->arena, "%s/statement", base)));
  view_text(v, "back", r->person ? request_path(r, base) : NULL);
}

/* Adds the proof, where there is one: a year that is not closed yet has none. */
static enum status give_file(struct reply *reply, const struct request *r,
                             const struct statement_request *wanted, const char *name,
                             struct error *err) {
  enum format format = format_of(r);
  struct document *d = NULL;
  struct text proved = {0};
  enum status status = REFUSED;
  if (r->site->signer && format != FORMAT_CSV) {
    struct error why = {0};
    status = statement_proved(r->store, r->reference_data, request_subject(r), wanted,
                              r->site->signer, format, r->arena, &proved, &why);
    if (status == FAILED) *err = why;
  }
  if (status == DONE) reply_file(reply, r, &proved, format, name);
  if (status != REFUSED) return status;
  status = statement_one(r->store, r->reference_data, request_subject(r), wanted, r->arena, &d,
                         err);
  if (status == DONE) reply_download(reply, r, d, format, name);
  return status;
}

enum status page_statement(struct request *r, struct reply *reply, struct error *err) {
  struct year_range years = {0};
  struct document *d = NULL;
  char written[8];
  enum status status = statement_years(r->store, request_subject(r), r->arena, &years, err);
  if (status != DONE) return status;
  const struct statement_request wanted = {.year = request_year(r, &years),
                                           .language = r->language,
                                           .named = r->person != 0};
  const char *year = arena_string(r->arena, year_write(wanted.year, written));
  status = request_note_help(r, arena_printf(r->arena, "statement %s", year), err);
  if (status == DONE && request_has(r, "format"))
    return give_file(reply, r, &wanted, arena_printf(r->arena, "statement-%s", year), err);
  if (status == DONE)
    status = statement_one(r->store, r->reference_data, request_subject(r), &wanted, r->arena, &d,
                           err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  view_years(v, r, wanted.year, &years);
  add_ways(v, r, year);
  view_document(v, r, d, line_path(r));
  reply_page(reply, r, "statement", document_title(d), v);
  return DONE;
}

/* ---- verified ---- */

/* The same check that `weal verify` makes, on the bytes that the download gives. */
enum status page_verify(struct request *r, struct reply *reply, struct error *err) {
  struct year_range years = {0};
  struct document *d = NULL;
  struct error why = {0};
  char written[8];
  enum status status = statement_years(r->store, request_subject(r), r->arena, &years, err);
  if (status != DONE) return status;
  const struct statement_request wanted = {.year = request_year(r, &years),
                                           .language = r->language};
  struct view *v = view_new(r->arena, r->language);
  const char *year = arena_string(r->arena, year_write(wanted.year, written));
  view_text(v, "back", request_path(r, arena_printf(r->arena, "/statement?year=%s", year)));
  view_text(v, "year", year);
  view_text(v, "json",
            request_path(r, arena_printf(r->arena, "/statement?year=%s&format=json", year)));
  status = r->site->signer ? statement_verified(r->store, r->reference_data, request_subject(r),
                                                &wanted, r->site->signer, r->arena, &d, &why)
                           : REFUSED;
  if (status == DONE) view_document(v, r, d, NULL);
  else if (status == REFUSED) view_text(v, "document", NULL);
  else {
    *err = why;
    return status;
  }
  view_flag(v, "is_proved", status == DONE);
  reply_page(reply, r, "verify",
             arena_printf(r->arena, say(r->language, "Your statement for %s, checked"), year), v);
  return DONE;
}

/* ---- the life ---- */

enum status page_life(struct request *r, struct reply *reply, struct error *err) {
  struct document *d = NULL;
  const struct statement_request wanted = {.language = r->language, .named = r->person != 0};
  enum status status = statement_life(r->store, r->reference_data, request_subject(r), &wanted,
                                      r->arena, &d, err);
  if (status == DONE) status = request_note_help(r, "life", err);
  if (status != DONE) return status;
  if (request_has(r, "format")) {
    reply_download(reply, r, d, format_of(r), "life");
    return DONE;
  }
  struct view *v = view_new(r->arena, r->language);
  const char *base = request_base(r);
  view_text(v, "back", r->person ? request_path(r, base) : NULL);
  view_text(v, "json", request_path(r, arena_printf(r->arena, "%s/life?format=json", base)));
  view_text(v, "csv", request_path(r, arena_printf(r->arena, "%s/life?format=csv", base)));
  view_document(v, r, d, line_path(r));
  reply_page(reply, r, "life", document_title(d), v);
  return DONE;
}
