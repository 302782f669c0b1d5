/* The journal for auditors: entry by entry, the latest first, with filters, and what is filtered as
 * CSV. Like all their pages it names nobody: no memo, no file's name. An organisation and an amount
 * are looked for among the lines of the organisations' own accounts, which stand together in the
 * store; those of people are spread over everybody's. */
#include "web/pages/lists.h"

#include "base/fold.h"
#include "base/limits.h"
#include "book/entries.h"

#include <stdlib.h>

enum { ENTRIES_A_PAGE = 50 };

static const struct choice entry_kinds[] = {{"import", N_("From a file")},
                                            {"record", N_("Recorded by hand")},
                                            {"reversal", N_("Taken back")},
                                            {"closing", N_("A year closed")},
                                            {NULL, NULL}};

#define JOURNAL_FIELDS \
  {.name = "from", .kind = FIELD_DAY, .optional = true, .label = N_("From")}, \
      {.name = "to", .kind = FIELD_DAY, .optional = true, .label = N_("Until")}, \
      {.name = "kind", .kind = FIELD_CHOICE, .optional = true, .choices = entry_kinds}, \
      {.name = "import", \
       .kind = FIELD_COUNT, \
       .optional = true, \
       .least = 1, \
       .prefix = "import:", \
       .label = N_("Number of the import")}, \
      {.name = "body", .kind = FIELD_TEXT, .optional = true, .most = 100}, { \
    .name = "amount", .kind = FIELD_MONEY, .optional = true, .label = N_("Amount") \
  }

const struct field entries_fields[] = {
    JOURNAL_FIELDS,
    {.name = "before", .kind = FIELD_COUNT, .optional = true, .least = 1},
    {.name = NULL}};
const struct field journal_file_fields[] = {JOURNAL_FIELDS, {.name = NULL}};
static const char *const journal_kept[] = {"from", "to", "kind", "import", "body", "amount", NULL};

static const struct table_head entry_heads[] = {
    {N_("Entry"), true}, {N_("Day"), false},   {N_("Recorded"), false},
    {N_("Type"), false}, {N_("Import"), true}, {N_("Lines"), true},
    {NULL, false}};

/* ---- what is wanted ---- */

/* The bodies of that code, or with these words in their name. */
static int bodies_named(const struct request *r, struct span words, int64_t **out) {
  const struct bodies *bodies = r->reference_data->bodies;
  const struct body *one = bodies_by_code(bodies, words);
  int count = 0;
  *out = arena_array(r->arena, int64_t, bodies->count + 1);
  if (one) (*out)[count++] = one->id;
  for (int i = 0; !one && i < bodies->count; i++)
    if (fold_has(span_of(bodies->all[i].name), words)) (*out)[count++] = bodies->all[i].id;
  return count;
}

/* What folds to nothing, such as blanks, stands in every name, and is no filter. */
static bool asks_body(const struct request *r) {
  return request_has(r, "body") && !fold_same(request_text(r, "body"), span_of(""));
}

/* The accounts of the organisations asked for; of all where only an amount is. */
static enum status read_accounts(const struct request *r, struct entries_wanted *w,
                                 struct error *err) {
  struct account *accounts = NULL;
  int64_t *bodies = NULL, *ids = NULL;
  struct span words = request_text(r, "body");
  int count = 0, named = asks_body(r) ? bodies_named(r, words, &bodies) : 0;
  enum status status = DONE;
  if (named)
    status = book_accounts_of(r->store, r->arena, OWNER_BODY, bodies, named, &accounts, &count,
                              err);
  else if (!asks_body(r))
    status = book_accounts_all(r->store, r->arena, OWNER_BODY, &accounts, &count, err);
  if (status != DONE) return status;
  ids = arena_array(r->arena, int64_t, count + 1);
  for (int i = 0; i < count; i++)
    if (!request_has(r, "amount") || strcmp(accounts[i].unit, UNIT_PENCE) == 0)
      ids[w->account_count++] = accounts[i].id;
  array_sort(ids, w->account_count, int64_compare);
  w->accounts = ids;
  return DONE;
}

static enum status select_entries(const struct request *r, int64_t before, int most,
                                  struct entry_record **out, int *count, struct error *err) {
  struct entries_wanted w = {.before = before,
                             .from = request_has(r, "from") ? request_day(r, "from") : DAY_FIRST,
                             .to = request_has(r, "to") ? request_day(r, "to") : DAY_LAST,
                             .kind = request_has(r, "kind") ? kept_text(r, request_text(r, "kind"))
                                                            : NULL,
                             .import = request_has(r, "import") ? request_int(r, "import") : 0,
                             .most = INT64_MAX};
  if (request_has(r, "amount")) {
    w.least = w.most = request_int(r, "amount");
    if (w.least < 0) w.least = w.most = -w.least;
  }
  enum status status = DONE;
  if (request_has(r, "amount") || asks_body(r)) status = read_accounts(r, &w, err);
  return status == DONE ? entries_select(r->store, r->arena, &w, most, out, count, err) : status;
}

/* ---- the page ---- */

const char *entry_kind_words(const struct request *r, const char *kind) {
  for (const struct choice *c = entry_kinds; c->word; c++)
    if (strcmp(c->word, kind) == 0) return say(r->language, c->label);
  return kind;
}

static void put_entry(struct view *table, const struct request *r, const struct entry_record *e) {
  struct view *line = view_row(table);
  const char *number = arena_printf(r->arena, "%lld", (long long)e->id);
  view_cell(line, r, entry_heads, 0, number,
            request_path(r, arena_printf(r->arena, "/audit/entries/%s", number)));
  view_cell(line, r, entry_heads, 1, written_value(r, doc_day(e->day)), NULL);
  view_cell(line, r, entry_heads, 2, written_moment(r, e->recorded), NULL);
  view_cell(line, r, entry_heads, 3, entry_kind_words(r, e->kind), NULL);
  view_cell(line, r, entry_heads, 4,
            e->import ? arena_printf(r->arena, "%lld", (long long)e->import) : NULL, NULL);
  view_cell(line, r, entry_heads, 5, written_value(r, doc_count(e->lines)), NULL);
}

static void put_filter(struct view *v, const struct request *r) {
  struct list_filter f = list_filter_begin(v, r, "/audit/entries");
  list_day(&f, "from", say(r->language, "From"));
  list_day(&f, "to", say(r->language, "Until"));
  struct view *kinds = list_select(&f, "kind", say(r->language, "Type"),
                                   say(r->language, "All types"));
  for (const struct choice *c = entry_kinds; c->word; c++)
    list_option(kinds, c->word, say(r->language, c->label), list_is_chosen(r, "kind", c->word));
  list_input(&f, "import", say(r->language, "Number of the import"));
  list_input(&f, "body", say(r->language, "Organisation, by name or code"));
  list_input(&f, "amount", say(r->language, "Amount for one organisation, in pounds"));
  list_filter_end(&f, say(r->language, "Show"));
}

static bool is_filtered(const struct request *r) {
  for (const char *const *name = journal_kept; *name; name++)
    if (request_has(r, *name)) return true;
  return false;
}

static void put_nothing(struct view *v, const struct request *r) {
  struct view *empty = list_nothing(v, say(r->language, "We found no such entry."));
  list_try(empty, say(r->language, "Choose more days, or leave a filter empty."), NULL);
  if (request_has(r, "amount"))
    list_try(empty,
             say(r->language, "The amount is what one entry comes to for one organisation and one "
                              "category, not what one person paid or received."),
             NULL);
  list_try(empty, say(r->language, "Show the whole journal"), request_path(r, "/audit/entries"));
}

/* What was typed, and what is wrong with it; no list, which would be of something else. */
static enum status reply_wrong_filter(struct request *r, struct reply *reply) {
  struct view *v = view_new(r->arena, r->language);
  put_filter(v, r);
  view_flag(v, "is_nothing", true);
  view_text(v, "back", request_path(r, "/audit"));
  reply_page(reply, r, "audit-entries", say(r->language, "The journal"), v);
  return DONE;
}

enum status page_entries(struct request *r, struct reply *reply, struct error *err) {
  struct entry_record *all = NULL;
  int count = 0;
  if (r->faults) return reply_wrong_filter(r, reply);
  struct view *v = view_new(r->arena, r->language);
  enum status status =
      select_entries(r, request_has(r, "before") ? request_int(r, "before") : INT64_MAX,
                     ENTRIES_A_PAGE + 1, &all, &count, err);
  if (status != DONE) return status;
  const char *path = list_path(r, "/audit/entries", journal_kept);
  const bool filtered = is_filtered(r), more = count > ENTRIES_A_PAGE;
  struct view *table = view_table(v, "entries", r, NULL, entry_heads,
                                  say(r->language, "There are no entries."));
  for (int i = 0; i < count && i < ENTRIES_A_PAGE; i++) put_entry(table, r, &all[i]);
  put_filter(v, r);
  if (!count && filtered) put_nothing(v, r);
  view_flag(v, "is_nothing", !count && filtered);
  view_text(v, "back", request_path(r, "/audit"));
  view_text(v, "newest",
            request_has(r, "before")
                ? request_path(r, filtered ? list_path_whole(r, "/audit/entries", journal_kept)
                                           : "/audit/entries")
                : NULL);
  view_text(v, "older",
            more ? request_path(r, arena_printf(r->arena, "%sbefore=%lld", path,
                                                (long long)all[ENTRIES_A_PAGE - 1].id))
                 : NULL);
  view_text(v, "csv", request_path(r, list_path_whole(r, "/audit/journal.csv", journal_kept)));
  view_count(v, "most", LIMIT_JOURNAL_ROWS);
  reply_page(reply, r, "audit-entries", say(r->language, "The journal"), v);
  return DONE;
}

/* SLOW: a snapshot of its own. */
enum status page_journal_file(struct request *r, struct reply *reply, struct error *err) {
  struct entry_record *all = NULL;
  int count = 0;
  struct text body = {0};
  enum status status = store_begin(r->store, STORE_READ, err);
  if (status == DONE) status = select_entries(r, INT64_MAX, LIMIT_JOURNAL_ROWS, &all, &count, err);
  store_rollback(r->store);
  if (status != DONE) return status;
  text_add(&body, UTF8_MARK "entry,day,recorded,kind,import,lines\n");
  for (int i = 0; i < count; i++) {
    char day[11];
    text_addf(&body, "%lld,%s,%s,%s,", (long long)all[i].id, day_write(all[i].day, day),
              all[i].recorded, all[i].kind);
    if (all[i].import) text_add_int(&body, all[i].import);
    text_addf(&body, ",%lld\n", (long long)all[i].lines);
  }
  reply_bytes(reply, "text/csv; charset=utf-8", &body, "journal.csv");
  return DONE;
}
