/* What pages share. */
#include "web/pages/pages.h"

#include "base/money.h"
#include "register/names.h"
#include "web/site.h"
#include "web/template.h"

#include <time.h>

const char *written_value(const struct request *r, struct doc_value value) {
  return value_words(r->arena, r->language, value);
}

const char *written_moment(const struct request *r, const char *at) {
  if (!at) return NULL;
  struct text words = {0};
  moment_for_people(&words, r->language, at, true);
  return text_take(r->arena, &words);
}

const char *written_seconds(const struct request *r, int64_t seconds) {
  char text[21];
  return written_moment(r, arena_string(r->arena, clock_write(seconds, text)));
}

void view_moment(struct view *v, const char *name, const struct request *r, const char *at) {
  view_text(v, name, written_moment(r, at));
}

const char *kept_text(const struct request *r, struct span text) {
  return arena_copy(r->arena, text.bytes ? text.bytes : "", text.size);
}

/* ---- tables ---- */

struct view *view_table(struct view *v, const char *name, const struct request *r,
                        const char *caption, const struct table_head *heads, const char *nothing) {
  struct view *table = view_object(v, name);
  int count = 0;
  view_text(table, "caption", caption);
  view_text(table, "nothing", nothing);
  view_flag(table, "has_total", false);
  view_list(table, "rows");
  for (; heads[count].label; count++) {
    struct view *column = view_item(table, "columns");
    view_text(column, "label", say(r->language, heads[count].label));
    view_flag(column, "is_number", count > 0 && heads[count].is_number);
  }
  view_flag(table, "is_stacked", count > 2);
  view_flag(table, "is_of_words", false);
  return table;
}

void view_table_of_words(struct view *table) {
  for (struct view *at = table->first; at; at = at->next)
    if (span_is(at->name, "is_stacked") || span_is(at->name, "is_of_words")) at->kind = VIEW_ON;
}

struct view *view_row(struct view *table) {
  struct view *row = view_item(table, "rows");
  view_list(row, "cells");
  return row;
}

void view_cell(struct view *row, const struct request *r, const struct table_head *heads, int at,
               const char *text, const char *href) {
  struct view *cell = view_item(row, "cells");
  view_text(cell, "text", text ? text : "");
  view_text(cell, "href", href);
  view_flag(cell, "is_number", heads[at].is_number);
  view_flag(cell, "is_heading", at == 0);
  view_text(cell, "column", at == 0 ? NULL : say(r->language, heads[at].label));
}

static void add_page(struct view *v, const struct request *r, const char *path, int64_t number,
                     int64_t current) {
  struct view *item = view_item(v, "pages");
  view_text(item, "href",
            request_path(r, arena_printf(r->arena, "%spage=%lld", path, (long long)number)));
  view_text(item, "number", arena_printf(r->arena, "%lld", (long long)number));
  view_flag(item, "is_current", number == current);
  view_flag(item, "is_gap", false);
}

static void add_gap(struct view *v) {
  struct view *item = view_item(v, "pages");
  view_text(item, "href", NULL);
  view_text(item, "number", NULL);
  view_flag(item, "is_current", false);
  view_flag(item, "is_gap", true);
}

void view_pages(struct view *v, const struct request *r, const char *path, int64_t page,
                int64_t count) {
  view_text(v, "previous",
            page > 1 && page <= count
                ? request_path(r, arena_printf(r->arena, "%spage=%lld", path, (long long)page - 1))
                : NULL);
  view_text(v, "next",
            page < count
                ? request_path(r, arena_printf(r->arena, "%spage=%lld", path, (long long)page + 1))
                : NULL);
  if (count < 2) return;
  for (int64_t n = 1; n <= count; n++) { /* the first, the last, and those beside the current */
    if (n == 1 || n == count || (n >= page - 1 && n <= page + 1)) add_page(v, r, path, n, page);
    else {
      add_gap(v);
      n = n < page - 1 && page <= count ? page - 2 : count - 1;
    }
  }
}

void view_done(struct view *v, const char *text) {
  struct view *done = view_object(v, "done");
  view_text(done, "text", text);
  view_flag(done, "is_success", true);
  view_text(done, "link", NULL);
  view_text(done, "link_text", NULL);
}

const char *request_who(const struct request *r) {
  return arena_printf(r->arena, "id:%s", r->visitor.code);
}

const char *actor_words(const struct request *r, const char *who) {
  struct register_name name = {0};
  struct error unknown = {0};
  int64_t person = 0;
  if (strncmp(who, WHO_ERASED, sizeof WHO_ERASED - 1) == 0)
    return say(r->language, "somebody whose record was erased since");
  if (strncmp(who, "id:", 3) != 0)
    return arena_printf(r->arena, say(r->language, "The operator %s"), who);
  if (register_find_person(r->store, who, &person, &unknown) != DONE ||
      register_name_of_party(r->store, r->arena, person, &name, &unknown) != DONE || !name.name)
    return who + 3;
  return arena_printf(r->arena, "%s (%s)", name.name, name.code);
}

const char *choice_shown(const struct request *r, const char *path, const char *name,
                         const char *word) {
  const struct field *field = route_fields(route_post(path), NULL, NULL);
  struct choice c;
  while (field->name && strcmp(field->name, name) != 0) field++;
  for (int i = 0; field->name && (c = field_choice(field, i)).word; i++)
    if (strcmp(c.word, word) == 0) return say(r->language, c.label);
  return word;
}

struct access_reader request_reader(const struct request *r) {
  const struct granted_roles *roles = &r->visitor.roles;
  const char *role = roles_granted_words(roles->all, roles->count,
                                         PERMISSION(route_needs(r->route)),
                                         r->reference_data->bodies, r->arena);
  bool helps = r->person && permission_in(route_needs(r->route), scope_gives(scope_all()));
  return (struct access_reader){.who = request_who(r),
                                .person = r->visitor.person,
                                .name = r->visitor.name,
                                .role = helps ? "helper" : role,
                                .most = helps || !*role ? 0 : r->site->config.looks_each_hour};
}

enum status request_note_access_of(const struct request *r, int64_t person, const char *what,
                                   const char *why, struct error *err) {
  const struct access_reader by = request_reader(r);
  return r->is_noted ? DONE : access_log_add(r->store, &by, person, what, why, err);
}

enum status request_note_access(const struct request *r, const char *what, const char *why,
                                struct error *err) {
  return request_note_access_of(r, r->person, what, why, err);
}

/* ---- whose record, and which ---- */

int64_t request_subject(const struct request *r) {
  return r->person ? r->person : r->visitor.person;
}

const char *request_base(const struct request *r) {
  return r->person
             ? arena_printf(r->arena, "/helping/" SPAN_FORMAT, SPAN(request_text(r, "person")))
             : "";
}

enum status request_note_help(const struct request *r, const char *what, struct error *err) {
  return r->person ? request_note_access(r, what, "helping", err) : DONE;
}

/* An address is one text: digits and nothing else, where a form takes what a paste brings. */
static bool read_digits(struct span text, int64_t *n) {
  struct error ignored = {0};
  for (size_t i = 0; i < text.size; i++)
    if (text.bytes[i] < '0' || text.bytes[i] > '9') return false;
  return integer_parse(text, n, &ignored) == DONE && *n > 0;
}

int64_t request_number(const struct request *r, const char *name) {
  int64_t n = 0;
  return read_digits(request_text(r, name), &n) ? n : 0;
}

bool request_line(const struct request *r, const char *name, int64_t *entry, int64_t *n) {
  struct span text = request_text(r, name);
  const char *colon = memchr(text.bytes, ':', text.size);
  if (!colon) return false;
  size_t before = (size_t)(colon - text.bytes);
  return read_digits(span_make(text.bytes, before), entry) &&
         read_digits(span_make(colon + 1, text.size - before - 1), n) && *n <= INT32_MAX;
}

/* ---- years ---- */

int request_year(const struct request *r, const struct year_range *years) {
  if (request_has(r, "year")) return (int)request_int(r, "year");
  return years->some ? years->opens : year_of_day(YEAR_TAX, day_today());
}

int request_years(const struct request *r, int year, const struct year_range *years, int **out) {
  const int shown = year          ? year
                    : years->some ? years->last
                                  : year_of_day(YEAR_TAX, day_today()),
            first = years->some && years->first < shown ? years->first : shown,
            last = years->some && years->last > shown ? years->last : shown,
            latest = years->some ? years->last : shown,
            most = years->ahead > last ? years->ahead : last;
  const int earliest = years->some ? years->first : shown;
  int count = 0;
  *out = arena_array(r->arena, int, most - first + 1);
  for (int y = most; y >= first; y--) /* a far day must not add centuries to choose from */
    if ((y <= latest && y >= earliest) || y == years->ahead || y == shown) (*out)[count++] = y;
  return count;
}

void view_years(struct view *v, const struct request *r, int year, const struct year_range *years) {
  char words[8];
  int *offered = NULL;
  const int count = request_years(r, year, years, &offered);
  for (int i = 0; i < count; i++) {
    struct view *item = view_item(v, "years");
    view_text(item, "year", arena_string(r->arena, year_write(offered[i], words)));
    view_flag(item, "is_current", offered[i] == year);
  }
  view_text(v, "year", arena_string(r->arena, year_write(year, words)));
  view_flag(v, "has_years", count && offered[0] > offered[count - 1]);
}

/* ---- summaries ---- */

void view_fact(struct view *summary, const char *key, const char *value) {
  struct view *row = view_item(summary, "rows");
  view_text(row, "key", key);
  view_text(row, "value", value);
  view_text(row, "change", NULL);
  view_text(row, "change_text", NULL);
  view_text(row, "change_what", NULL);
}

/* ---- answers ---- */

enum status reply_not_there(struct reply *reply, const struct request *r, struct error *err) {
  *err = (struct error){0};
  reply_not_found(reply, r);
  return DONE;
}

void view_document(struct view *v, const struct request *r, const struct document *d,
                   const char *line_path) {
  const struct document_options options = {.fragment = true, .line_path = line_path};
  struct text html = {0};
  document_render(d, FORMAT_HTML, &options, &html);
  view_fragment(v, span_make(arena_copy(r->arena, html.bytes, html.size), html.size));
  text_release(&html);
}
