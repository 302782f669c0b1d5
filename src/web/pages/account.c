/* My account: the lines of a year with their running balance, narrowed if one likes; each line's
 * story. The same pages for a helper, about the person they help, with the access noted in the same
 * transaction. */
#include "web/pages/cases.h"
#include "web/pages/lists.h"

#include "redress/redress.h"
#include "statement/line_compare.h"
#include "statement/statement.h"
#include "web/site.h"

#include <stdlib.h>

static const struct choice formats[] = {{"csv", NULL}, {"json", NULL}, {NULL, NULL}};
static const struct choice sides[] = {{"contribution", N_("What was paid")},
                                      {"cash", N_("Benefits, pensions and grants")},
                                      {"service", N_("Services used")},
                                      {"given", N_("Time for others")},
                                      {NULL, NULL}};
static const struct choice all_years[] = {{"all", N_("All years")}, {NULL, NULL}};

const struct field account_fields[] = {
    {.name = "words", .kind = FIELD_TEXT, .optional = true, .most = 100, .label = N_("Find")},
    {.name = "year",
     .kind = FIELD_YEAR,
     .optional = true,
     .choices = all_years,
     .label = N_("Year")},
    {.name = "side",
     .kind = FIELD_CHOICE,
     .optional = true,
     .choices = sides,
     .label = N_("Paid or received")},
    {.name = "category", .kind = FIELD_CODE, .optional = true, .label = N_("What it was for")},
    {.name = "body", .kind = FIELD_CODE, .optional = true, .label = N_("Organisation")},
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 100000},
    {.name = "format", .kind = FIELD_CHOICE, .optional = true, .choices = formats},
    {.name = NULL}};

/* ---- the search and its filters ---- */

/* What a page of the account was asked for. */
struct account_page {
  struct year_range years;
  bool every_year; /* asked for, or words without a year */
  int year;
  const char *year_words; /* `2025-26`, `all` */
  const char *path;       /* this page, with what was chosen; its pages and downloads add to it */
};

static void read_page(const struct request *r, struct account_page *page) {
  static const char *const kept[] = {"words", "side", "category", "body", NULL};
  char written[8];
  page->every_year = list_is_chosen(r, "year", "all") ||
                     (!request_has(r, "year") && request_has(r, "words"));
  page->year = page->every_year ? 0 : request_year(r, &page->years); /* 0: none is chosen */
  page->year_words = page->every_year ? "all"
                                      : arena_string(r->arena, year_write(page->year, written));
  const char *base = arena_printf(r->arena, "%s/account", request_base(r));
  page->path = arena_printf(r->arena, "%syear=%s&", list_path(r, base, kept), page->year_words);
}

static int compare_options(const void *a, const void *b) {
  return strcmp(((const struct choice *)a)->label, ((const struct choice *)b)->label);
}

/* Options in the order of their names. What was chosen stays one, also in a year without it. */
static void put_names(struct list_filter *f, const char *name, struct view *select,
                      struct choice *all, int count) {
  array_sort(all, count, compare_options);
  for (int i = 0; i < count; i++)
    list_option(select, all[i].word, all[i].label, list_is_chosen(f->r, name, all[i].word));
}

static void put_categories(struct list_filter *f, const struct account_seen *seen) {
  const struct request *r = f->r;
  struct choice *all = arena_array(r->arena, struct choice, seen->category_count + 1);
  int count = 0;
  bool chosen = !request_has(r, "category");
  for (int i = 0; i < seen->category_count; i++) {
    const struct pack_category *c = chart_category(r->reference_data->chart, seen->categories[i]);
    if (!c) continue;
    all[count++] = (struct choice){c->code, c->name[r->language]};
    chosen |= list_is_chosen(r, "category", c->code);
  }
  const struct pack_category *other =
      chosen ? NULL : pack_find_category(r->pack, request_text(r, "category"));
  if (other) all[count++] = (struct choice){other->code, other->name[r->language]};
  put_names(f, "category",
            list_select(f, "category", say(r->language, "What it was for"),
                        say(r->language, "Anything")),
            all, count);
}

static void put_bodies(struct list_filter *f, const struct account_seen *seen) {
  const struct request *r = f->r;
  struct choice *all = arena_array(r->arena, struct choice, seen->body_count + 1);
  int count = 0;
  bool chosen = !request_has(r, "body");
  for (int i = 0; i < seen->body_count; i++) {
    all[count] = (struct choice){reference_data_body_code(r->reference_data, seen->bodies[i]),
                                 body_words_of(r, seen->bodies[i])};
    if (!all[count].word || !all[count].label) continue;
    chosen |= list_is_chosen(r, "body", all[count++].word);
  }
  const struct body *other =
      chosen ? NULL : bodies_by_code(r->reference_data->bodies, request_text(r, "body"));
  if (other) all[count++] = (struct choice){other->code, other->name};
  put_names(f, "body",
            list_select(f, "body", say(r->language, "Organisation"),
                        say(r->language, "All organisations")),
            all, count);
}

static void put_filter(struct view *v, const struct request *r, const struct account_page *page,
                       const struct account_seen *seen) {
  struct list_filter f = list_filter_begin(v, r,
                                           arena_printf(r->arena, "%s/account", request_base(r)));
  list_search(&f, "words", say(r->language, "Find"),
              say(r->language,
                  "What it was for, an organisation, an amount or a day: council tax, £71.70, "
                  "1 March 2026"));
  struct view *year = list_select(&f, "year", say(r->language, "Year"), NULL);
  int *offered = NULL;
  const int count = request_years(r, page->year, &page->years, &offered);
  for (int i = 0; i < count; i++) {
    const char *written = year_write(offered[i], arena_alloc(r->arena, 8));
    list_option(year, written, written, offered[i] == page->year);
  }
  list_option(year, "all", say(r->language, "All years"), page->every_year);
  struct view *side = list_select(&f, "side", say(r->language, "Paid or received"),
                                  say(r->language, "All of them"));
  for (const struct choice *c = sides; c->word; c++)
    list_option(side, c->word,
                r->person && strcmp(c->word, "given") == 0 ? say(r->language, "Time they gave")
                                                           : say(r->language, c->label),
                list_is_chosen(r, "side", c->word));
  list_more(&f, say(r->language, "Filter by what it was for, or by organisation"));
  put_categories(&f, seen);
  put_bodies(&f, seen);
  list_filter_end(&f, say(r->language, "Find"));
  /* on a phone it is folded to one line until something is looked for */
  view_flag(f.view, "is_open",
            request_has(r, "words") || request_has(r, "side") || request_has(r, "category") ||
                request_has(r, "body"));
}

/* What to try when nothing was found. */
static void put_nothing(struct view *v, const struct request *r, const struct account_page *page) {
  static const char *const words[] = {"words", NULL}, *const rest[] = {"side", "category", "body",
                                                                       "words", NULL};
  const char *base = arena_printf(r->arena, "%s/account", request_base(r));
  const bool filtered = request_has(r, "side") || request_has(r, "category") ||
                        request_has(r, "body");
  struct view *empty =
      list_nothing(v, page->every_year
                          ? say(r->language, "We found nothing in any year.")
                          : arena_printf(r->arena, say(r->language, "We found nothing in %s."),
                                         page->year_words));
  if (!page->every_year)
    list_try(empty, say(r->language, "Search all years"),
             request_path(r, arena_printf(r->arena, "%syear=all", list_path(r, base, rest))));
  if (filtered)
    list_try(empty, say(r->language, "Search again without the filters"),
             request_path(r, arena_printf(r->arena, "%syear=%s", list_path(r, base, words),
                                          page->year_words)));
  if (request_has(r, "words")) {
    list_try(empty,
             say(r->language, "Write fewer words, or part of one. Capital letters and accents do "
                              "not matter."),
             NULL);
    list_try(empty,
             say(r->language, "Write an amount as 71.70, and a day as 1 March 2026 or a month as "
                              "March 2026."),
             NULL);
  }
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

static struct account_request wanted_of(const struct request *r, const struct account_page *page) {
  const bool every = page->every_year;
  return (struct account_request){.from = every ? DAY_NONE : year_first_day(YEAR_TAX, page->year),
                                  .to = every ? DAY_NONE : year_last_day(YEAR_TAX, page->year),
                                  .side = request_text(r, "side").bytes,
                                  .category = request_text(r, "category").bytes,
                                  .body = request_text(r, "body").bytes,
                                  .words = request_text(r, "words").bytes,
                                  .page = request_has(r, "format") ? 0 : (int)list_page(r),
                                  .language = r->language,
                                  .named = r->person != 0};
}

static void put_account(struct view *v, const struct request *r, const struct account_page *page,
                        const struct account_seen *seen, int pages) {
  const char *base = request_base(r);
  const bool nothing = !seen->found && (request_has(r, "words") || request_has(r, "side") ||
                                        request_has(r, "category") || request_has(r, "body"));
  view_flag(v, "is_wide", true);
  view_text(v, "back", r->person ? request_path(r, base) : NULL);
  view_text(v, "copy", r->person ? NULL : request_path(r, "/copy"));
  view_text(v, "csv", request_path(r, arena_printf(r->arena, "%sformat=csv", page->path)));
  view_text(v, "json", request_path(r, arena_printf(r->arena, "%sformat=json", page->path)));
  view_text(v, "year", page->every_year ? NULL : page->year_words);
  view_text(v, "statement",
            page->every_year ? NULL
                             : request_path(r, arena_printf(r->arena, "%s/statement?year=%s", base,
                                                            page->year_words)));
  put_filter(v, r, page, seen);
  view_flag(v, "is_nothing", nothing);
  if (nothing) put_nothing(v, r, page);
  view_pages(v, r, page->path, list_page(r), pages);
}

enum status page_account(struct request *r, struct reply *reply, struct error *err) {
  struct account_page page = {0};
  struct account_seen seen = {0};
  struct document *d = NULL;
  int pages = 1;
  enum status status = statement_years(r->store, request_subject(r), r->arena, &page.years, err);
  if (status != DONE) return status;
  read_page(r, &page);
  struct account_request wanted = wanted_of(r, &page);
  wanted.pages = &pages;
  wanted.seen = &seen;
  status = statement_account(r->store, r->reference_data, request_subject(r), &wanted, r->arena, &d,
                             err);
  if (status == DONE)
    status = request_note_help(r,
                               page.every_year
                                   ? "account all years"
                                   : arena_printf(r->arena, "account %s", page.year_words),
                               err);
  if (status != DONE) return status;
  if (request_has(r, "format")) {
    reply_download(reply, r, d,
                   span_is(request_text(r, "format"), "csv") ? FORMAT_CSV : FORMAT_JSON,
                   arena_printf(r->arena, "account-%s", page.year_words));
    return DONE;
  }
  struct case_page asked;
  struct view *v = view_new(r->arena, r->language);
  if (case_page_begin(r, false, &asked, err) != DONE || put_asked(v, r, &asked, 0, 0, err) != DONE)
    return err->code;
  if (!r->person && view_waiting(v, r, err) != DONE) return err->code;
  put_account(v, r, &page, &seen, pages);
  view_document(v, r, d,
                request_path(r, arena_printf(r->arena, "%s/account/lines/", request_base(r))));
  reply_page(reply, r, "account", document_title(d), v);
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

/* What the rules make of it: what must be told first, and the way to ask about a difference. Not
 * for a helper, who is not shown what the person told. */
static void put_comparison(struct view *v, const struct request *r,
                           const struct line_comparison *c) {
  view_flag(v, "has_needs", c->verdict == LINE_NEEDS);
  for (int i = 0; c->verdict == LINE_NEEDS && i < c->need_count; i++) {
    const struct assess_need *need = &c->needs[i];
    bool before = !need->what;
    for (int k = 0; k < i; k++) before |= c->needs[k].what == need->what;
    if (before ||
        (!need->what->of_household && !need->what->of_unit && need->person != r->visitor.person))
      continue;
    struct view *item = view_item(v, "needs");
    view_text(item, "question", need->what->question[r->language]);
    view_text(item, "href",
              request_path(r, arena_printf(r->arena, "/facts/tell/%s", need->what->variable)));
  }
  if (c->verdict == LINE_DIFFERS)
    view_form(v, "ask", r, route_post("/account/lines/{line}"), NULL, say(r->language, "Ask why"),
              NULL);
}

enum status act_ask_amount(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status == DONE)
    reply_go(reply, r,
             arena_printf(r->arena, "/requests/%s?done=opened", action_answer_of(&call, "case")));
  return status;
}

/* What, who, why, from which source, with which proof: one line. */
enum status page_line(struct request *r, struct reply *reply, struct error *err) {
  struct document *d = NULL;
  int64_t entry = 0, n = 0;
  if (!request_line(r, "line", &entry, &n)) {
    reply_not_found(reply, r);
    return DONE;
  }
  struct line_comparison comparison = {.verdict = LINE_NOT_COMPARED};
  const struct line_request wanted = {.entry = entry,
                                      .line_no = (int32_t)n,
                                      .language = r->language,
                                      .named = r->person != 0,
                                      .rules = r->person ? NULL : r->site->rules,
                                      .comparison = &comparison};
  enum status status = statement_line(r->store, r->reference_data, request_subject(r), &wanted,
                                      r->arena, &d, err);
  /* somebody else's line gets the same answer as a line that does not exist */
  if (status == REFUSED) return reply_not_there(reply, r, err);
  if (status == DONE)
    status = request_note_help(
        r, arena_printf(r->arena, "line %lld:%lld", (long long)entry, (long long)n), err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  if (put_redress(v, r, entry, (int32_t)n, err) != DONE) return err->code;
  if (!r->person) put_comparison(v, r, &comparison);
  view_text(v, "back", request_path(r, arena_printf(r->arena, "%s/account", request_base(r))));
  view_document(v, r, d,
                request_path(r, arena_printf(r->arena, "%s/account/lines/", request_base(r))));
  reply_page(reply, r, "line", say(r->language, "One item of the account"), v);
  return DONE;
}
