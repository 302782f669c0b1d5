/* What organisations paid, payment by payment, for anyone: as files of the edition have it
 * (publish/payments.h). A page begins behind the last row of the one before, so that the last of a
 * million payments is as near as the first. */
#include "web/pages/lists.h"

#include "base/folder.h"
#include "publish/payment_files.h"
#include "publish/publish.h"
#include "register/body_name.h"
#include "web/published.h"
#include "web/site.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
  PAYMENTS_A_PAGE = 50,
  /* lines that one page looks at where few of them are wanted: some 150 ms */
  PAYMENTS_LOOKED_AT = 20000,
  PAYMENTS_FOR_CATEGORIES = 5000 /* where a body has more, the filter has every category: 40 ms */
};

#define PAYMENT_FIELDS \
  {.name = "year", .kind = FIELD_YEAR, .optional = true, .label = N_("Year")}, \
      {.name = "payee", .kind = FIELD_TEXT, .optional = true, .most = 100}, { \
    .name = "category", .kind = FIELD_TEXT, .optional = true, .most = 100 \
  }

const struct field payers_fields[] = {
    {.name = "year", .kind = FIELD_YEAR, .optional = true, .label = N_("Year")}, {.name = NULL}};
const struct field payments_fields[] = {
    PAYMENT_FIELDS,
    {.name = "after", .kind = FIELD_TEXT, .optional = true, .most = 200},
    {.name = NULL}};
const struct field payments_file_fields[] = {PAYMENT_FIELDS, {.name = NULL}};
static const char *const payments_kept[] = {"year", "payee", "category", NULL};

static const struct table_head payer_heads[] = {
    {N_("Organisation"), false}, {N_("Payments"), true}, {N_("Paid"), true}, {NULL, false}};
static const struct table_head payment_heads[] = {
    {N_("Paid to"), false}, {N_("Day"), false},   {N_("What it was for"), false},
    {N_("Details"), false}, {N_("Amount"), true}, {NULL, false}};

/* ---- the edition ---- */

static void put_years(struct view *v, const struct request *r, const struct published_use *use) {
  for (int i = 0; i < use->years->count; i++) {
    const int year = use->years->year[i];
    struct view *item = view_item(v, "years");
    view_text(item, "label", place_year(r, year));
    view_text(item, "href",
              request_path(r, arena_printf(r->arena, "/payments?year=%s", place_year(r, year))));
    view_flag(item, "is_current", year == use->year);
  }
}

/* A year that the edition does not have: when payments that were recorded since are shown, and
 * which years there are. It is the same for every organisation. */
static void no_such_year(struct request *r, struct reply *reply, int year) {
  struct published_use use;
  if (published_take(r->site->published, 0, 0, &use) != PUBLISHED_READY) {
    reply_not_found(reply, r);
    return;
  }
  struct view *v = view_new(r->arena, r->language);
  use.year = year;
  view_text(v, "back", request_path(r, "/payments"));
  view_text(v, "year", place_year(r, year));
  view_text(v, "made", publication_made_words(use.publication, r->language, r->arena));
  put_years(v, r, &use);
  published_give(r->site->published, &use);
  reply_page(reply, r, "payments-no-year",
             arena_printf(r->arena, say(r->language, "No payments are shown for %s"),
                          place_year(r, year)),
             v);
  reply->status = 404;
}

/* ---- who paid ---- */

static const char *payments_path(const struct request *r, const char *code) {
  struct text t = {0};
  text_add(&t, "/payments/");
  text_add_percent(&t, span_of(code));
  return text_take(r->arena, &t);
}

enum status page_payers(struct request *r, struct reply *reply, struct error *err) {
  struct published_use use;
  struct published_payer payer;
  enum status status;
  if (!published_page_take(r, reply, no_such_year, &use, &status, err)) return status;
  struct view *v = view_new(r->arena, r->language);
  struct view *table =
      view_table(v, "payers", r, NULL, payer_heads,
                 say(r->language, "No payments of organisations are recorded for this year."));
  for (int i = 0; publication_payer(use.publication, i, &payer); i++) {
    if (!payer.listed) continue;
    struct view *row = view_row(table);
    view_cell(row, r, payer_heads, 0, arena_string(r->arena, payer.name),
              request_path(r, arena_printf(r->arena, "%s?year=%s", payments_path(r, payer.code),
                                           place_year(r, use.year))));
    view_cell(row, r, payer_heads, 1, written_value(r, doc_count(payer.payments)), NULL);
    view_cell(row, r, payer_heads, 2, written_value(r, doc_pounds(payer.amount)), NULL);
  }
  put_years(v, r, &use);
  view_text(v, "year", place_year(r, use.year));
  view_text(v, "back", request_path(r, "/place"));
  view_text(v, "made", publication_made_words(use.publication, r->language, r->arena));
  view_licence(v, r);
  published_give(r->site->published, &use);
  reply_page(reply, r, "payers", say(r->language, "What organisations paid"), v);
  return DONE;
}

/* ---- its payments ---- */

struct paid_page {
  const struct request *r;
  struct view *table;
  int rows;
};

/* Without how an import found the category, which the column beside it says. Other remarks of the
 * import (`(day not published)`) may stand before it. */
static const char *without_rule(const struct request *r, struct span description) {
  static const char rule[] = "(category by rule ";
  const char *at = description.size
                       ? memmem(description.bytes, description.size, rule, sizeof rule - 1)
                       : NULL;
  const char *end = at ? memchr(at, ')', description.size - (size_t)(at - description.bytes))
                       : NULL;
  if (!end) return kept_text(r, description);
  const struct span before = span_make(description.bytes, (size_t)(at - description.bytes));
  const struct span after = span_make(end + 1,
                                      description.size - (size_t)(end + 1 - description.bytes));
  return arena_printf(r->arena, SPAN_FORMAT SPAN_FORMAT, SPAN(before), SPAN(span_trim(after)));
}

static const char *details(const struct request *r, const struct published_payment *row) {
  const char *department = kept_text(r, row->department),
             *description = without_rule(r, row->description);
  if (!*department) return description;
  return *description ? arena_printf(r->arena, "%s: %s", department, description) : department;
}

static enum status put_payment(void *context, const struct published_payment *row, bool *more,
                               struct error *err) {
  struct paid_page *p = context;
  const struct request *r = p->r;
  (void)err;
  struct view *line = view_row(p->table);
  view_cell(line, r, payment_heads, 0,
            row->payee ? arena_string(r->arena, row->payee) : private_person_words(r->language),
            NULL);
  view_cell(line, r, payment_heads, 1, written_value(r, doc_day(row->day)), NULL);
  view_cell(line, r, payment_heads, 2,
            row->category ? category_name(r, span_of(row->category)) : NULL, NULL);
  view_cell(line, r, payment_heads, 3, details(r, row), NULL);
  view_cell(line, r, payment_heads, 4, written_value(r, doc_money(row->amount)), NULL);
  *more = ++p->rows < PAYMENTS_A_PAGE;
  return DONE;
}

/* `20210:17:4:supplier-000041`: day, entry and line behind which the page begins, and the payee; of
 * private people `:50`, how many of their rows stand before it. False: it is none. */
static bool read_place(const struct request *r, struct payments_wanted *wanted) {
  const char *text = kept_text(r, request_text(r, "after"));
  char *end = NULL;
  wanted->after = true;
  if (*text == ':') {
    wanted->from.entry = strtoll(text + 1, &end, 10);
    return end != text + 1 && !*end && wanted->from.entry >= 0;
  }
  wanted->from.day = (day_t)strtol(text, &end, 10);
  if (end == text || *end != ':') return false;
  wanted->from.entry = strtoll(end + 1, &end, 10);
  if (*end != ':') return false;
  wanted->from.line_no = (int32_t)strtol(end + 1, &end, 10);
  wanted->from.payee = end + 1;
  return *end == ':' && end[1];
}

static const char *place_text(const struct request *r, const struct payments_place *at) {
  struct text t = {0};
  if (!at->payee) text_addf(&t, ":%lld", (long long)at->entry);
  else {
    text_addf(&t, "%d:%lld:%d:", at->day, (long long)at->entry, at->line_no);
    text_add_percent(&t, span_of(at->payee));
  }
  return text_take(r->arena, &t);
}

/* The categories that the filter offers, by their place in the pack. */
struct offered {
  const struct request *r;
  bool *is_there;
};

static void offer(const struct offered *o, const char *code) {
  const struct pack_category *c = code ? pack_find_category(o->r->pack, span_of(code)) : NULL;
  if (c) o->is_there[c - o->r->pack->categories] = true;
}

static enum status offer_payment(void *context, const struct published_payment *row, bool *more,
                                 struct error *err) {
  (void)more;
  (void)err;
  offer(context, row->category);
  return DONE;
}

/* Those of payees who are named, and the one that payments to private people have when theirs is
 * not shown: so none is there because of a private person. *is_there null: every one. */
static enum status find_offered(const struct request *r, struct published_payments *payments,
                                bool **is_there, struct error *err) {
  struct offered o = {r, arena_array(r->arena, bool, r->pack->category_count + 1)};
  bool read = false;
  memset(o.is_there, 0, sizeof(bool) * ((size_t)r->pack->category_count + 1));
  offer(&o, PAYMENTS_CATCH_ALL);
  if (request_has(r, "category")) offer(&o, kept_text(r, request_text(r, "category")));
  const enum status status = published_payments_read_named(payments, PAYMENTS_FOR_CATEGORIES,
                                                           offer_payment, &o, &read, err);
  *is_there = read ? o.is_there : NULL;
  return status;
}

static void put_filter(struct view *v, const struct request *r, const struct published_use *use,
                       const char *path, const bool *offered) {
  struct list_filter f = list_filter_begin(v, r, path);
  struct view *years = list_select(&f, "year", say(r->language, "Year"), NULL);
  for (int i = 0; i < use->years->count; i++) {
    const char *year = place_year(r, use->years->year[i]);
    list_option(years, year, year, use->years->year[i] == use->year);
  }
  list_search(&f, "payee", say(r->language, "Paid to"), NULL);
  struct view *category = list_select(&f, "category", say(r->language, "What it was for"),
                                      say(r->language, "Everything"));
  for (int i = 0; i < r->pack->category_count; i++) {
    const struct pack_category *c = &r->pack->categories[i];
    if (strcmp(c->unit->code, UNIT_PENCE) != 0 || (offered && !offered[i])) continue;
    list_option(category, c->code, c->name[r->language], list_is_chosen(r, "category", c->code));
  }
  list_filter_end(&f, say(r->language, "Show"));
}

/* A body that paid in the edition. One that did not has an empty page, but for suppliers: private
 * people are among them, and nobody learns from an address that one is there. */
static bool has_page(const struct request *r, const struct published_use *use, struct span code) {
  struct published_payer payer;
  for (int i = 0; publication_payer(use->publication, i, &payer); i++)
    if (payer.listed && span_is(code, payer.code)) return true;
  const struct body *body = bodies_by_code(r->reference_data->bodies, code);
  return body && strcmp(body->kind, "supplier") != 0;
}

/* Opens the payments of the body that the path names; *out null: it has no page. */
static enum status open_payments(struct request *r, const struct published_use *use,
                                 struct published_payments **out, struct error *err) {
  struct payments_reader_of *book = NULL;
  *out = NULL;
  if (!has_page(r, use, request_text(r, "body"))) return DONE;
  const struct payments_sources given = {.codes = r->reference_data->codes,
                                         .places = r->reference_data->places,
                                         .bodies = r->reference_data->bodies,
                                         .words = r->site->name_words};
  enum status status = published_payments_begin(&book, r->store, r->pack,
                                                publication_log_size(use->publication), &given,
                                                r->arena, err);
  return status == DONE
             ? published_payments_open(out, book, request_text(r, "body"), use->year, r->arena, err)
             : status;
}

static struct payments_wanted wanted_of(const struct request *r) {
  return (struct payments_wanted){.payee = request_text(r, "payee"),
                                  .category = request_text(r, "category")};
}

static void put_page(struct request *r, struct view *v, const struct published_use *use,
                     const char *path, const bool *offered) {
  view_text(v, "year", place_year(r, use->year));
  view_text(v, "first_day", written_value(r, doc_day(year_first_day(YEAR_FINANCIAL, use->year))));
  view_text(v, "last_day", written_value(r, doc_day(year_last_day(YEAR_FINANCIAL, use->year))));
  view_text(v, "made", publication_made_words(use->publication, r->language, r->arena));
  view_text(v, "back",
            request_path(r, arena_printf(r->arena, "/payments?year=%s", place_year(r, use->year))));
  view_text(v, "newest",
            request_has(r, "after") ? request_path(r, list_path_whole(r, path, payments_kept))
                                    : NULL);
  view_text(v, "csv",
            request_path(r, list_path_whole(r, arena_printf(r->arena, "%s/file", path),
                                            payments_kept)));
  put_filter(v, r, use, path, offered);
  view_licence(v, r);
}

static enum status put_rows(struct request *r, struct view *v, struct published_payments *payments,
                            const char *path, struct error *err) {
  struct payments_wanted wanted = wanted_of(r);
  struct payments_place reached = {0};
  bool all = false;
  wanted.lines_most = PAYMENTS_LOOKED_AT;
  if (request_has(r, "after") && !read_place(r, &wanted)) wanted.after = false;
  struct paid_page page = {.r = r,
                           .table = view_table(v, "payments", r, NULL, payment_heads,
                                               say(r->language, "No payment was found here."))};
  view_table_of_words(page.table);
  enum status status = published_payments_read(payments, &wanted, put_payment, &page, &reached,
                                               &all, err);
  view_text(v, "next",
            all ? NULL
                : request_path(r, arena_printf(r->arena, "%safter=%s",
                                               list_path(r, path, payments_kept),
                                               place_text(r, &reached))));
  view_flag(v, "is_part", !all && page.rows < PAYMENTS_A_PAGE);
  return status;
}

enum status page_payments(struct request *r, struct reply *reply, struct error *err) {
  struct published_use use;
  struct published_payments *payments = NULL;
  enum status status;
  if (!published_page_take(r, reply, no_such_year, &use, &status, err)) return status;
  status = open_payments(r, &use, &payments, err);
  if (status == DONE && !payments) reply_not_found(reply, r);
  else if (status == DONE) {
    struct view *v = view_new(r->arena, r->language);
    const char *path = payments_path(r, kept_text(r, request_text(r, "body"))),
               *name = published_payments_name(payments);
    view_text(v, "name", name);
    view_flag(v, "is_wide", true);
    bool *offered = NULL;
    status = put_rows(r, v, payments, path, err);
    if (status == DONE) status = find_offered(r, payments, &offered, err);
    put_page(r, v, &use, path, offered);
    if (status == DONE)
      reply_page(reply, r, "payments",
                 arena_printf(r->arena, say(r->language, "What %s paid in %s"), name,
                              place_year(r, use.year)),
                 v);
  }
  published_give(r->site->published, &use);
  return status;
}

/* SLOW: a snapshot of its own. Written into a file without a name, however many there are. */
enum status page_payments_file(struct request *r, struct reply *reply, struct error *err) {
  struct published_use use;
  struct published_payments *payments = NULL;
  enum status status;
  if (!published_page_take(r, reply, no_such_year, &use, &status, err)) return status;
  const int year = use.year;
  status = store_begin(r->store, STORE_READ, err);
  if (status == DONE) status = open_payments(r, &use, &payments, err);
  published_give(r->site->published, &use);
  const int fd = status == DONE && payments ? file_without_name() : -1;
  if (status == DONE && payments && fd < 0)
    status = error_errno(err, "a file of payments cannot be made");
  if (fd >= 0) {
    const struct payments_wanted wanted = wanted_of(r);
    status = payments_write(payments, &wanted, private_person_words(r->language), fd, err);
  }
  store_rollback(r->store);
  if (status != DONE && fd >= 0) close(fd);
  if (status != DONE) return status;
  if (!payments) {
    reply_not_found(reply, r);
    return DONE;
  }
  reply->status = 200;
  reply->type = "text/csv; charset=utf-8";
  reply->fd = fd;
  reply->file_name =
      arena_printf(r->arena, "%s.csv",
                   place_file_name(r, kept_text(r, request_text(r, "body")), year, "payments"));
  return DONE;
}
