/* My account: the lines of a year with their running balance, narrowed if one likes; each line's
 * story. The same pages for a helper, about the person they help, with the access noted in the same
 * transaction. */
#include "web/pages/cases.h"

#include "redress/redress.h"
#include "statement/statement.h"

static const struct choice formats[] = {{"csv", NULL}, {"json", NULL}, {NULL, NULL}};
static const struct choice sides[] = {{"contribution", N_("What was paid")},
                                      {"cash", N_("Money received")},
                                      {"service", N_("Services used")},
                                      {"given", N_("Time given")},
                                      {NULL, NULL}};

const struct field account_fields[] = {
    {.name = "year", .kind = FIELD_YEAR, .optional = true, .label = N_("Year")},
    {.name = "side",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = sides,
     .label = N_("Which lines")},
    {.name = "words",
     .kind = FIELD_TEXT,
     .optional = true,
     .most = 100,
     .label = N_("Words in the note or reference")},
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 100000},
    {.name = "format", .kind = FIELD_CHOICE, .optional = true, .choices = formats},
    {.name = NULL}};

/* The query of this page without its page and format: `year=2025-26&words=rent&`. */
static const char *same_query(const struct request *r, const char *year) {
  struct text t = {0};
  text_addf(&t, "year=%s&", year);
  if (request_has(r, "side")) text_addf(&t, "side=" SPAN_FORMAT "&", SPAN(request_text(r, "side")));
  if (request_has(r, "words")) {
    text_add(&t, "words=");
    text_add_percent(&t, request_text(r, "words"));
    text_add(&t, "&");
  }
  const char *query = arena_string(r->arena, t.bytes);
  text_release(&t);
  return query;
}

static void add_filter(struct view *v, const struct request *r) {
  struct span side = request_text(r, "side"), words = request_text(r, "words");
  for (const struct choice *c = sides; c->word; c++) {
    struct view *item = view_item(v, "sides");
    view_text(item, "word", c->word);
    view_text(item, "label", say(r->language, c->label));
    view_flag(item, "is_current", span_is(side, c->word));
  }
  view_text(v, "words", arena_copy(r->arena, words.bytes ? words.bytes : "", words.size));
  view_flag(v, "is_filtered", side.size || words.size);
}

/* ---- what was asked about lines ---- */

enum { ASKED_SHOWN = 20 };

/* `of_one`: on the page of that line. */
static enum status put_one_asked(struct view *item, const struct request *r,
                                 const struct case_page *page, const struct redress_note *note,
                                 bool of_one, struct error *err) {
  const struct case_file *file = note->file;
  const char *line = arena_printf(r->arena, "line:%lld:%d", (long long)note->entry, note->line_no);
  bool has_result = file->result && *file->result;
  view_text(item, "name", case_kind_words(r, file));
  view_text(item, "href",
            request_path(r, arena_printf(r->arena, "%s/%lld", case_page_base(r, page),
                                         (long long)file->id)));
  const char *about = NULL, *result = NULL, *corrected = NULL;
  if (case_about_words(r, file->party, line, CASE_ABOUT_SHORT, &about, err) != DONE ||
      case_corrected_words(r, file, &corrected, err) != DONE ||
      (has_result &&
       case_about_words(r, file->party, file->result, CASE_ABOUT_SHORT, &result, err) != DONE))
    return err->code;
  view_text(item, "number", arena_printf(r->arena, "%lld", (long long)file->id));
  view_text(item, "corrected", corrected);
  view_text(item, "line", about);
  view_text(item, "line_href", of_one ? NULL : case_subject_path(r, page, NULL, line));
  view_moment(item, "when", r, file->opened_at);
  view_case_state(item, r, file);
  view_moment(item, "decided", r, file->decided_at);
  view_text(item, "result", result);
  view_text(item, "result_href",
            has_result ? case_subject_path(r, page, NULL, file->result) : NULL);
  return DONE;
}

/* The newest of what was asked about the line; `entry` 0: about any of the account. */
static enum status put_asked(struct view *v, const struct request *r, const struct case_page *page,
                             int64_t entry, int32_t n, struct error *err) {
  struct redress_note *notes = NULL;
  int count = 0;
  enum status status = redress_notes(r->store, r->arena, r->pack, request_subject(r), entry, n,
                                     &notes, &count, err);
  view_flag(v, "has_asked", count > 0);
  for (int i = 0; status == DONE && i < count && i < ASKED_SHOWN; i++)
    status = put_one_asked(view_item(v, "asked"), r, page, &notes[i],
                           entry == notes[i].entry && n == notes[i].line_no, err);
  return status;
}

/* ---- the account ---- */

enum status page_account(struct request *r, struct reply *reply, struct error *err) {
  struct year_range years = {0};
  char written[8];
  struct document *d = NULL;
  enum status status = statement_years(r->store, request_subject(r), r->arena, &years, err);
  if (status != DONE) return status;
  int year = request_year(r, &years), pages = 1;
  const char *year_words = arena_string(r->arena, year_write(year, written)),
             *base = request_base(r);
  bool download = request_has(r, "format");
  int64_t page = download ? 0 : request_has(r, "page") ? request_int(r, "page") : 1;
  const struct account_request wanted = {.from = year_first_day(YEAR_TAX, year),
                                         .to = year_last_day(YEAR_TAX, year),
                                         .side = request_text(r, "side").bytes,
                                         .words = request_text(r, "words").bytes,
                                         .page = (int)page,
                                         .pages = &pages,
                                         .language = r->language};
  status = statement_account(r->store, r->reference_data, request_subject(r), &wanted, r->arena, &d,
                             err);
  if (status == DONE)
    status = request_note_help(r, arena_printf(r->arena, "account %s", year_words), err);
  if (status != DONE) return status;
  if (download) {
    reply_download(reply, r, d,
                   span_is(request_text(r, "format"), "csv") ? FORMAT_CSV : FORMAT_JSON,
                   arena_printf(r->arena, "account-%s", year_words));
    return DONE;
  }
  struct case_page asked;
  struct view *v = view_new(r->arena, r->language);
  if (case_page_begin(r, false, &asked, err) != DONE || put_asked(v, r, &asked, 0, 0, err) != DONE)
    return err->code;
  const char *query = same_query(r, year_words);
  view_flag(v, "is_wide", true);
  view_text(v, "back", r->person ? request_path(r, base) : NULL);
  view_text(v, "action", request_path(r, arena_printf(r->arena, "%s/account", base)));
  view_text(v, "copy", r->person ? NULL : request_path(r, "/copy"));
  view_text(v, "csv",
            request_path(r, arena_printf(r->arena, "%s/account?%sformat=csv", base, query)));
  view_text(v, "json",
            request_path(r, arena_printf(r->arena, "%s/account?%sformat=json", base, query)));
  view_text(v, "statement",
            request_path(r, arena_printf(r->arena, "%s/statement?year=%s", base, year_words)));
  view_years(v, r, year, &years);
  if (!r->person && view_waiting(v, r, err) != DONE) return err->code;
  add_filter(v, r);
  view_pages(v, r, arena_printf(r->arena, "%s/account?%s", base, query), page, pages);
  view_document(v, r, d, request_path(r, arena_printf(r->arena, "%s/account/lines/", base)));
  reply_page(reply, r, "account",
             r->person ? say(r->language, "Their account") : say(r->language, "Your account"), v);
  return DONE;
}

/* ---- one line ---- */

/* What was asked about the line, with where it stands; and the way to ask. */
static enum status put_redress(struct view *v, const struct request *r, int64_t entry, int32_t n,
                               struct error *err) {
  struct case_page page;
  bool open = false;
  enum status status = case_page_begin(r, false, &page, err);
  if (status == DONE) status = put_asked(v, r, &page, entry, n, err);
  if (status == DONE)
    status = redress_line_is_open(r->store, r->arena, r->pack, request_subject(r), entry, n, &open,
                                  err);
  if (status != DONE) return status;
  view_text(v, "wrong",
            open ? case_about_path(r, &page,
                                   arena_printf(r->arena, "line:%lld:%d", (long long)entry, n))
                 : NULL);
  return DONE;
}

/* What, who, why, from which source, with which proof: one line. */
enum status page_line(struct request *r, struct reply *reply, struct error *err) {
  struct document *d = NULL;
  int64_t entry = 0, n = 0;
  if (!request_line(r, "line", &entry, &n)) {
    reply_not_found(reply, r);
    return DONE;
  }
  enum status status = statement_line(r->store, r->reference_data, request_subject(r), entry,
                                      (int32_t)n, r->language, r->arena, &d, err);
  /* somebody else's line gets the same answer as a line that does not exist */
  if (status == REFUSED) return reply_not_there(reply, r, err);
  if (status == DONE)
    status = request_note_help(
        r, arena_printf(r->arena, "line %lld:%lld", (long long)entry, (long long)n), err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  if (put_redress(v, r, entry, (int32_t)n, err) != DONE) return err->code;
  view_text(v, "back", request_path(r, arena_printf(r->arena, "%s/account", request_base(r))));
  view_document(v, r, d, NULL);
  reply_page(reply, r, "line", say(r->language, "One line of the account"), v);
  return DONE;
}
