/* Pages for auditors: everything, with identities hidden. Journal and lines as they are - accounts
 * by their numbers, categories, amounts, bodies - and no name of a person, no reference of a line,
 * no note, no memo, no file's name: nothing here ties an account to somebody. Running the audit is
 * in pages/runs.c. */
#include "web/pages/lists.h"
#include "web/pages/pages.h"

#include "book/entries.h"
#include "book/figures.h"
#include "book/line_reads.h"
#include "book/log.h"
#include "register/access_log.h"
#include "register/role_grants.h"
#include "store/head.h"
#include "web/jobs.h"
#include "web/site.h"

enum { LINES_A_PAGE = 100 };

/* ---- the overview ---- */

static void add_figure(struct view *v, const struct request *r, const char *label, int64_t n) {
  struct view *item = view_item(v, "figures");
  view_text(item, "label", label);
  view_text(item, "figure", written_value(r, doc_count(n)));
}

static enum status put_figures(struct view *v, const struct request *r, struct error *err) {
  struct head head;
  enum status status = head_read(r->store, &head, err);
  if (status != DONE) return status;
  add_figure(v, r, say(r->language, "Entries in the public record of seals"), head.logged);
  add_figure(v, r, say(r->language, "Accounts"), head.account);
  add_figure(v, r, say(r->language, "People and households"), head.party);
  add_figure(v, r, say(r->language, "Organisations"), head.body);
  add_figure(v, r, say(r->language, "Imports"), head.import);
  return DONE;
}

static enum status put_head(struct view *v, const struct request *r, struct error *err) {
  struct query *q = NULL;
  struct signed_head head;
  bool some = false;
  enum status status = log_heads_open_largest(r->store, 1, &q, err);
  if (status == DONE) status = log_heads_next(q, &head, &some, err);
  view_text(v, "head_size", some ? written_value(r, doc_count(head.size)) : NULL);
  view_text(v, "head_at", some ? written_moment(r, kept_text(r, head.at)) : NULL);
  view_text(v, "head_href",
            some ? request_path(r, arena_printf(r->arena, "/heads/%lld", (long long)head.size))
                 : NULL);
  query_end(q);
  return status;
}

enum status page_audit(struct request *r, struct reply *reply, struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  enum status status = put_figures(v, r, err);
  if (status == DONE) status = put_head(v, r, err);
  if (status != DONE) return status;
  view_runs(v, r, "audit", "/audit/run/jobs", 1);
  view_homes(v, r, "/audit");
  reply_page(reply, r, "audit", say(r->language, "Audit"), v);
  return DONE;
}

/* ---- one entry (the journal: pages/journal.c) ---- */

const struct field entry_fields[] = {
    {.name = "page", .kind = FIELD_COUNT, .optional = true, .least = 1, .most = 1000000},
    {.name = NULL}};

static const struct table_head line_heads[] = {
    {N_("Line"), true},          {N_("Account"), true},           {N_("Category"), false},
    {N_("Whose"), false},        {N_("Paid or received"), false}, {N_("Amount"), true},
    {N_("Organisation"), false}, {N_("Takes back"), false},       {NULL, false}};

static const char *category_shown(const struct request *r, int64_t id) {
  const struct pack_category *c = chart_category(r->reference_data->chart, id);
  return c ? c->name[r->language] : NULL;
}

/* Under what the person sees the amount; an organisation's own account holds the opposite. */
static const char *section_shown(const struct request *r, const struct entry_line *l) {
  const struct pack_category *c = chart_category(r->reference_data->chart, l->category);
  if (!l->is_persons) return NULL;
  if (l->reverses_line_no) return say(r->language, "Correction");
  if (c && c->shown < FIGURE_COUNT && figures_amount(c, l->amount) < 0)
    return say(r->language, "Given back or corrected");
  return c && c->shown < FIGURE_COUNT ? figures_item_name(r->language, c, false, r->arena) : NULL;
}

static void put_line(struct view *table, const struct request *r, const struct entry_record *e,
                     const struct entry_line *l) {
  struct view *line = view_row(table);
  const struct pack_category *c = chart_category(r->reference_data->chart, l->category);
  struct doc_value value = reference_data_exactly(r->reference_data, r->language, l->unit,
                                                  c ? (int64_t)figures_amount(c, l->amount)
                                                    : l->amount);
  const bool undoes = l->reverses_line_no != 0;
  const long long undone = (long long)l->reverses_entry;
  view_cell(line, r, line_heads, 0, arena_printf(r->arena, "%lld:%d", (long long)e->id, l->line_no),
            NULL);
  view_cell(line, r, line_heads, 1, arena_printf(r->arena, "%lld", (long long)l->account), NULL);
  view_cell(line, r, line_heads, 2, category_shown(r, l->category), NULL);
  view_cell(line, r, line_heads, 3,
            l->is_persons ? say(r->language, "A person") : say(r->language, "The organisation"),
            NULL);
  view_cell(line, r, line_heads, 4, section_shown(r, l), NULL);
  view_cell(line, r, line_heads, 5, written_value(r, value), NULL);
  view_cell(line, r, line_heads, 6, body_words_of(r, l->body), NULL);
  view_cell(line, r, line_heads, 7,
            undoes ? arena_printf(r->arena, "%lld:%d", undone, l->reverses_line_no) : NULL,
            undoes ? request_path(r, arena_printf(r->arena, "/audit/entries/%lld", undone)) : NULL);
}

static enum status put_lines(struct view *v, struct request *r, const struct entry_record *e,
                             int64_t skip, struct error *err) {
  struct entry_line *lines = NULL;
  int count = 0;
  struct view *table =
      view_table(v, "lines", r, NULL, line_heads,
                 strcmp(e->kind, "closing") == 0
                     ? say(r->language,
                           "A closing has no items of its own: it seals what the year came to for "
                           "each of these people.")
                     : say(r->language, "This entry has no lines of accounts."));
  enum status status = entry_lines_between(r->store, r->arena, e->id, e->day, skip,
                                           skip + LINES_A_PAGE, &lines, &count, err);
  for (int i = 0; status == DONE && i < count; i++) put_line(table, r, e, &lines[i]);
  return status;
}

/* SLOW: a snapshot of its own. */
enum status page_entry(struct request *r, struct reply *reply, struct error *err) {
  struct entry_record e;
  bool found = false;
  int64_t page = list_page(r);
  struct view *v = view_new(r->arena, r->language);
  enum status status = store_begin(r->store, STORE_READ, err);
  if (status == DONE)
    status = entry_find(r->store, r->arena, request_number(r, "entry"), &e, &found, err);
  if (status == DONE && found) status = put_lines(v, r, &e, (page - 1) * LINES_A_PAGE, err);
  store_rollback(r->store);
  if (status != DONE) return status;
  if (!found) return reply_not_there(reply, r, err);
  view_text(v, "back", request_path(r, "/audit/entries"));
  view_text(v, "entry", arena_printf(r->arena, "%lld", (long long)e.id));
  view_text(v, "seq", written_value(r, doc_count(e.seq)));
  const bool closes = strcmp(e.kind, "closing") == 0;
  view_text(v, "count", closes ? NULL : written_value(r, doc_count(e.lines)));
  view_text(v, "people", closes ? written_value(r, doc_count(e.lines)) : NULL);
  view_text(v, "import", e.import ? arena_printf(r->arena, "%lld", (long long)e.import) : NULL);
  view_day(v, "day", e.day);
  view_text(v, "kind", entry_kind_words(r, e.kind));
  view_moment(v, "recorded", r, e.recorded);
  /* a closing counts leaves of people, not lines of accounts */
  int64_t paged = closes ? 0 : e.lines;
  view_pages(v, r, arena_printf(r->arena, "/audit/entries/%lld?", (long long)e.id), page,
             (paged + LINES_A_PAGE - 1) / LINES_A_PAGE);
  reply_page(reply, r, "audit-entry",
             arena_printf(r->arena, say(r->language, "Entry %lld"), (long long)e.id), v);
  return DONE;
}

/* ---- the access log ---- */

static const struct choice spans[] = {
    {"31", N_("The last 31 days")}, {"366", N_("The last year")}, {"all", N_("All")}, {NULL, NULL}};
const struct field audit_access_log_fields[] = {
    {.name = "days", .kind = FIELD_CHOICE, .optional = true, .choices = spans}, {.name = NULL}};

static const struct table_head viewer_heads[] = {
    {N_("Who"), true},     {N_("Roles"), false},         {N_("Visits"), true},
    {N_("Records"), true}, {N_("Over everybody"), true}, {N_("Last"), false},
    {NULL, false}};

/* The roles that the reader had on the day of their last access. A reader who is not in the
 * register is a user of the machine; that name is hidden too. */
static enum status role_grants_shown(struct request *r, const struct viewer_count *viewer,
                                     const char **out, struct error *err) {
  struct role_grant *all = NULL;
  int count = 0;
  day_t day = DAY_NONE;
  struct error ignored = {0};
  struct text t = {0};
  if (!*viewer->who || !viewer->person) {
    *out = *viewer->who ? say(r->language, "Operator of the machine")
                        : say(r->language, "erased since");
    return DONE;
  }
  if (day_parse(span_make(viewer->last, strlen(viewer->last) < 10 ? strlen(viewer->last) : 10),
                &day, &ignored) != DONE)
    return DONE;
  enum status status = role_grants_at(r->store, r->arena, viewer->person, day, true, &all, &count,
                                      err);
  for (int i = 0; i < count && status == DONE; i++) {
    const struct role_grant *o = &all[i];
    text_add(&t, t.size ? "; " : "");
    text_addf(&t, say(r->language, o->role->among), o->body ? body_words_of(r, o->body) : "");
  }
  *out = t.size ? arena_string(r->arena, t.bytes) : say(r->language, "none: helps somebody");
  text_release(&t);
  return status;
}

static enum status put_lookers(struct view *v, struct request *r, const char *since,
                               struct error *err) {
  struct viewer_count *all = NULL;
  int count = 0;
  struct view *table =
      view_table(v, "lookers", r, NULL, viewer_heads,
                 say(r->language, "Nobody visited anybody's record in this time."));
  enum status status = access_log_viewers(r->store, r->arena, since, &all, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    const struct viewer_count *viewer = &all[i];
    const int64_t counts[] = {viewer->looks, viewer->records, viewer->over_everyone};
    const char *role_grants = "";
    if ((status = role_grants_shown(r, viewer, &role_grants, err)) != DONE) break;
    struct view *line = view_row(table);
    view_cell(line, r, viewer_heads, 0, arena_printf(r->arena, "%d", i + 1), NULL);
    view_cell(line, r, viewer_heads, 1, role_grants, NULL);
    for (int c = 0; c < 3; c++)
      view_cell(line, r, viewer_heads, c + 2, written_value(r, doc_count(counts[c])), NULL);
    view_cell(line, r, viewer_heads, 5, written_moment(r, viewer->last), NULL);
  }
  return status;
}

enum status page_audit_access_log(struct request *r, struct reply *reply, struct error *err) {
  struct span days = request_has(r, "days") ? request_text(r, "days") : span_of("31");
  char since[21] = "";
  if (!span_is(days, "all"))
    clock_write(clock_day_begins(day_today() - (span_is(days, "366") ? 366 : 31)), since);
  struct view *v = view_new(r->arena, r->language);
  enum status status = put_lookers(v, r, arena_string(r->arena, since), err);
  if (status != DONE) return status;
  view_text(v, "back", request_path(r, "/audit"));
  for (const struct choice *c = spans; c->word; c++) {
    struct view *item = view_item(v, "spans");
    view_text(item, "label", say(r->language, c->label));
    view_text(item, "href",
              request_path(r, arena_printf(r->arena, "/audit/looks?days=%s", c->word)));
    view_flag(item, "is_current", span_is(days, c->word));
  }
  reply_page(reply, r, "audit-looks", say(r->language, "Who has seen records"), v);
  return DONE;
}
