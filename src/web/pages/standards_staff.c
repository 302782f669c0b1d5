/* For staff of the organisations that answer for minimum standards: of whom nothing shows that one
 * was kept, by when it was to be, what waits for an answer. Each row is a look at that person's
 * record, with the standard as its purpose. */
#include "web/pages/cases.h"
#include "web/pages/lists.h"

#include "action/standards.h"
#include "register/names.h"

enum { QUESTIONS_A_PAGE = 25, YEARS_SHOWN = 5 };

static const struct choice which_words[] = {{"waiting", N_("Waiting for an answer")},
                                            {"late", N_("Late")},
                                            {"answered", N_("Answered")},
                                            {NULL, NULL}};
const struct field standards_staff_fields[] = {
    {.name = "which", .kind = FIELD_CHOICE, .optional = true, .choices = which_words},
    {.name = "standard", .kind = FIELD_CODE, .optional = true},
    {.name = "year", .kind = FIELD_YEAR, .optional = true},
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 100000},
    {.name = NULL}};

static enum case_which which_of(struct span word) {
  return span_is(word, "late")       ? CASES_LATE
         : span_is(word, "answered") ? CASES_ANSWERED
                                     : CASES_WAITING;
}

static bool is_wanted(const struct request *r, const struct case_file *file) {
  const struct pack_standard *what = case_standard(r->pack, file->subject, NULL);
  const char *year = case_fact(file, "year");
  if (request_has(r, "standard") && (!what || !span_is(request_text(r, "standard"), what->code)))
    return false;
  return !request_has(r, "year") || (year && span_is(request_text(r, "year"), year));
}

static void put_filter(struct view *v, const struct request *r) {
  struct list_filter f = list_filter_begin(v, r, "/inbox/standards");
  list_choices(&f, "which", say(r->language, "Which"), which_words);
  struct view *standards = list_select(&f, "standard", say(r->language, "Standard"),
                                       say(r->language, "All standards"));
  for (int i = 0; i < r->pack->standard_count; i++) {
    const struct pack_standard *what = &r->pack->standards[i];
    list_option(standards, what->code, what->name[r->language],
                list_is_chosen(r, "standard", what->code));
  }
  struct view *years = list_select(&f, "year", say(r->language, "Year"),
                                   say(r->language, "All years"));
  for (int i = 0; i < YEARS_SHOWN; i++) {
    char word[8];
    const char *year = arena_string(r->arena,
                                    year_write(year_of_day(YEAR_TAX, day_today()) - i, word));
    list_option(years, year, year, list_is_chosen(r, "year", year));
  }
  list_filter_end(&f, say(r->language, "Show"));
}

static const struct table_head heads[] = {{N_("Standard"), false},
                                          {N_("Person"), false},
                                          {N_("To be kept by"), false},
                                          {N_("To be answered"), false},
                                          {N_("Who"), false},
                                          {N_("What next"), false},
                                          {NULL, false}};

/* What is to be done, by what the kind's moves ask of whoever decides it. */
static const char *next_words(const struct request *r, const struct case_file *file,
                              const struct case_page *page) {
  const struct pack_case_move *moves[4];
  const int count = case_moves_of(&page->actor, file, moves, 4);
  return !file->waits ? say(r->language, "Nothing: it is answered")
         : count      ? say(r->language, "Answer: what you do about it, or how it was kept")
                      : say(r->language, "Somebody else answers it");
}

static enum status put_row(struct view *table, const struct request *r,
                           const struct case_page *page, const struct case_file *file,
                           const char *code, struct error *err) {
  const struct pack_standard *what = case_standard(r->pack, file->subject, NULL);
  const struct access_reader by = request_reader(r);
  const char *name = what ? what->name[r->language] : case_fact(file, "standard");
  const char *year = case_fact(file, "year"), *day = case_fact(file, "by");
  day_t kept_by = DAY_NONE;
  enum status status = access_log_add(r->store, &by, file->party,
                                      arena_printf(r->arena, "standard %s", what ? what->code : ""),
                                      what ? what->name[ENGLISH] : "standard", err);
  if (status != DONE) return status;
  if (day && day_parse(span_of(day), &kept_by, NULL) != DONE) kept_by = DAY_NONE;
  struct view *row = view_row(table);
  view_cell(row, r, heads, 0, arena_printf(r->arena, "%s, %s", name ? name : "", year ? year : ""),
            request_path(r, arena_printf(r->arena, "/inbox/%lld", (long long)file->id)));
  view_cell(row, r, heads, 1, code, NULL);
  view_cell(row, r, heads, 2, kept_by == DAY_NONE ? NULL : written_value(r, doc_day(kept_by)),
            NULL);
  view_cell(row, r, heads, 3, case_due_words(r, file), NULL);
  view_cell(row, r, heads, 4, case_office_words(r, file), NULL);
  view_cell(row, r, heads, 5, next_words(r, file, page), NULL);
  return DONE;
}

/* Those of the page; *total: of all pages. */
static enum status find_rows(const struct request *r, const struct case_page *page,
                             struct case_file *out, int *count, int64_t *total, struct error *err) {
  struct case_filter filter = {.which = which_of(request_text(r, "which")),
                               .kind = STANDARD_QUESTION,
                               .most = CASES_PAGE_MOST};
  const int64_t skip = (list_page(r) - 1) * QUESTIONS_A_PAGE;
  struct case_file *files = NULL;
  int64_t all = 0;
  int read = 0;
  enum status status;
  do {
    status = cases_inbox(r->store, r->arena, &page->desk, &page->actor, &filter, &files, &read,
                         &all, err);
    for (int i = 0; status == DONE && i < read; i++) {
      if (!is_wanted(r, &files[i])) continue;
      if (*total >= skip && *count < QUESTIONS_A_PAGE) out[(*count)++] = files[i];
      ++*total;
    }
    filter.skip += read;
  } while (status == DONE && read && filter.skip < all);
  return status;
}

enum status page_standards_staff(struct request *r, struct reply *reply, struct error *err) {
  static const char *const kept[] = {"which", "standard", "year", NULL};
  struct case_page page;
  struct case_file files[QUESTIONS_A_PAGE];
  struct register_name names[QUESTIONS_A_PAGE];
  int64_t ids[QUESTIONS_A_PAGE], total = 0;
  int count = 0;
  struct view *v = view_new(r->arena, r->language);
  enum status status = case_page_begin(r, true, &page, err);
  if (status == DONE) status = find_rows(r, &page, files, &count, &total, err);
  for (int i = 0; i < count; i++) ids[i] = files[i].party;
  if (status == DONE)
    status = register_names_of_parties(r->store, r->arena, ids, count, names, err);
  struct view *table = view_table(v, "questions", r, NULL, heads,
                                  say(r->language, "Nobody. Nothing here waits for you."));
  for (int i = 0; status == DONE && i < count; i++)
    status = put_row(table, r, &page, &files[i], names[i].code ? names[i].code : "", err);
  if (status != DONE) return status;
  view_flag(v, "is_wide", true);
  view_text(v, "total",
            arena_printf(r->arena, "%s %s", written_value(r, doc_count(total)),
                         say_count(r->language, "request", "requests", total)));
  put_filter(v, r);
  view_pages(v, r, list_path(r, "/inbox/standards", kept), list_page(r),
             (total + QUESTIONS_A_PAGE - 1) / QUESTIONS_A_PAGE);
  reply_page(reply, r, "standards-staff",
             say(r->language, "Minimum standards that seem not to be kept"), v);
  return DONE;
}
