/* The account of the place and of the areas within it, for anyone: no names, and figures that would
 * tell about few people are hidden (publish/). */
#include "web/pages/pages.h"
#include "web/published.h"
#include "web/site.h"

/* how long a page waits for an account that is being made: a small book's is ready by then; a
 * longer wait would hold up the pages of others */
enum { PUBLISHED_WAIT_MS = 400 };

static const struct choice by_choices[] = {
    {"category", N_("Category")},      {"cofog", N_("Area of government")},
    {"purpose", N_("What it is for")}, {"domain", N_("Part of life")},
    {"side", N_("Paid or received")},  {NULL, NULL},
};
static const struct choice format_choices[] = {{"json", "JSON"}, {"csv", "CSV"}, {NULL, NULL}};

#define YEAR_FIELD \
  { .name = "year", .kind = FIELD_YEAR, .optional = true, .label = N_("Year") }
#define CHOICE_FIELD(of, said, words) \
  { .name = (of), .kind = FIELD_CHOICE, .optional = true, .label = (said), .choices = (words) }
#define FORMAT_FIELD CHOICE_FIELD("format", N_("Format"), format_choices)

const struct field place_fields[] = {
    YEAR_FIELD,
    CHOICE_FIELD("by", N_("By"), by_choices),
    FORMAT_FIELD,
    {.name = NULL},
};
const struct field place_table_fields[] = {YEAR_FIELD, FORMAT_FIELD, {.name = NULL}};

/* ---- what the pages share ---- */

const char *place_year(const struct request *r, int year) {
  return year_write(year, arena_alloc(r->arena, 8));
}

const char *place_address(const struct request *r, const char *code, const char *rest) {
  struct text t = {0};
  for (const char *c = code; *c; c++)
    if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
        *c == '-' || *c == '_' || *c == '.')
      text_add_char(&t, *c);
    else text_addf(&t, "%%%02X", (unsigned char)*c);
  const char *path = arena_printf(r->arena, "/place/%s%s", t.bytes ? t.bytes : "", rest);
  text_release(&t);
  return request_path(r, path);
}

/* `/place/E05005151/table/ages?year=2025-26`, and what else is given. */
static const char *place_path(const struct request *r, const struct published_use *use, int node,
                              const char *table, const char *more) {
  struct published_place place;
  publication_place(use->publication, node, &place);
  return place_address(r, place.code,
                       arena_printf(r->arena, "%s%s?year=%s%s", table ? "/table/" : "",
                                    table ? table : "", place_year(r, use->year), more));
}

static void add_link(struct view *v, const char *list, const char *label, const char *href,
                     bool current) {
  struct view *item = view_item(v, list);
  view_text(item, "label", label);
  view_text(item, "href", href);
  view_flag(item, "is_current", current);
}

/* The years of the place, each with its page, at which `more` of the address stays. */
static void put_years(struct request *r, struct view *v, const struct published_use *use, int node,
                      const char *more) {
  for (int i = 0; i < use->years->count; i++) {
    struct published_use other = *use;
    other.year = use->years->year[i];
    add_link(v, "years", place_year(r, other.year), place_path(r, &other, node, NULL, more),
             other.year == use->year);
  }
}

static int node_asked(const struct request *r, const struct published_use *use) {
  if (!strchr(r->route->path, '{')) return publication_own(use->publication);
  return publication_find(use->publication, request_text(r, "code"));
}

/* A page that says so, and leads to the years that the place has. */
static void no_such_year(struct request *r, struct reply *reply, int year) {
  struct published_use use;
  if (published_take(r->site->published, 0, 0, &use) != PUBLISHED_READY) {
    reply_not_found(reply, r);
    return;
  }
  const int node = node_asked(r, &use);
  if (node < 0) reply_not_found(reply, r);
  else {
    struct published_place place;
    struct view *v = view_new(r->arena, r->language);
    publication_place(use.publication, node, &place);
    view_text(v, "name", place.name);
    view_text(v, "year", place_year(r, year));
    put_years(r, v, &use, node, "");
    reply_page(reply, r, "place-no-year",
               arena_printf(r->arena, say(r->language, "No account for %s"), place_year(r, year)),
               v);
    reply->status = 404;
  }
  published_give(r->site->published, &use);
}

bool published_page_take(struct request *r, struct reply *reply, published_page_no_year *say_none,
                         struct published_use *use, enum status *status, struct error *err) {
  const int year = request_has(r, "year") ? (int)request_int(r, "year") : 0;
  *status = DONE;
  switch (published_take(r->site->published, year, PUBLISHED_WAIT_MS, use)) {
  case PUBLISHED_READY: return true;
  case PUBLISHED_NONE: say_none(r, reply, year); break;
  case PUBLISHED_FAILED:
    *status = error_set(err, FAILED, "the account of the place could not be read");
    break;
  case PUBLISHED_MAKING:
    reply->refresh_seconds = 2;
    reply_page(reply, r, "place-making", say(r->language, "The account is being made"),
               view_new(r->arena, r->language));
    reply->status = 202; /* the page is not what was asked for, so the cache does not keep it */
    break;
  }
  return false;
}

static void put_part(struct request *r, struct view *v, const char *name, const char *from,
                     const char *to) {
  const size_t size = (size_t)(to - from);
  view_html(v, name, span_make(arena_copy(r->arena, from, size), size));
}

/* The document without its heading, which the template has. What stands above the table of contents
 * is `lead`, which people read first; a short document has none. */
static void put_document(struct request *r, struct view *v, const struct document *d) {
  struct text fragment = {0};
  document_render(d, FORMAT_HTML, &(struct document_options){.fragment = true}, &fragment);
  const char *end = strstr(fragment.bytes, "</h1>\n"), *from = end ? end + 6 : fragment.bytes,
             *contents = strstr(from, "<nav class=\"contents\""),
             *rest = contents ? contents : from;
  put_part(r, v, "lead", from, rest);
  put_part(r, v, "document", rest, fragment.bytes + fragment.size);
  text_release(&fragment);
}

static enum format format_asked(const struct request *r) {
  if (span_is(request_text(r, "format"), "json")) return FORMAT_JSON;
  return span_is(request_text(r, "format"), "csv") ? FORMAT_CSV : FORMAT_HTML;
}

const char *place_file_name(const struct request *r, const char *code, int year, const char *what) {
  char *name = arena_printf(r->arena, "%s-%s-%s", code, place_year(r, year), what);
  for (char *c = name; *c; c++)
    if (*c == '/' || *c == '"' || *c == '\\' || *c == ' ' || (unsigned char)*c < 32 ||
        (unsigned char)*c > 126)
      *c = '_';
  return name;
}

static const char *file_name(const struct request *r, const struct published_use *use, int node,
                             enum publish_table table) {
  struct published_place place;
  publication_place(use->publication, node, &place);
  return place_file_name(r, place.code, use->year, publish_table_word(table));
}

/* ---- the account ---- */

static void put_choices(struct request *r, struct view *v, const struct published_use *use,
                        int node, enum publish_table by) {
  put_years(r, v, use, node,
            by == PUBLISH_CATEGORY ? "" : arena_printf(r->arena, "&by=%s", publish_table_word(by)));
  for (int i = 0; by_choices[i].word; i++)
    add_link(v, "groupings", say(r->language, by_choices[i].label),
             place_path(r, use, node, NULL,
                        i ? arena_printf(r->arena, "&by=%s", by_choices[i].word) : ""),
             (int)by == i);
}

static void put_downloads(struct request *r, struct view *v, const struct published_use *use,
                          int node) {
  for (enum publish_table t = PUBLISH_CATEGORY; t < PUBLISH_TABLES; t++) {
    if (!publication_has(use->publication, node, t)) continue;
    const char *word = publish_table_word(t);
    struct view *item = view_item(v, "downloads");
    view_text(item, "label", publish_table_title(t, r->language));
    view_text(item, "href", place_path(r, use, node, word, ""));
    view_text(item, "csv", place_path(r, use, node, word, "&format=csv"));
    view_text(item, "json", place_path(r, use, node, word, "&format=json"));
  }
}

static void put_places(struct request *r, struct view *v, const struct published_use *use,
                       int node) {
  struct published_place place, other;
  publication_place(use->publication, node, &place);
  view_text(v, "name", place.name);
  view_text(v, "year", place_year(r, use->year));
  view_text(v, "back", NULL);
  if (place.parent >= 0) {
    publication_place(use->publication, place.parent, &other);
    struct view *above = view_object(v, "above");
    view_text(above, "label", other.name);
    view_text(above, "href", place_path(r, use, place.parent, NULL, ""));
  } else view_text(v, "above", NULL);
  for (int n = place.first_child; n >= 0; n = other.next) {
    publication_place(use->publication, n, &other);
    add_link(v, "places", other.name, place_path(r, use, n, NULL, ""), false);
  }
  view_flag(v, "has_places", place.first_child >= 0);
  view_text(v, "take_up", place_address(r, place.code, "/take-up"));
}

enum status page_place(struct request *r, struct reply *reply, struct error *err) {
  struct published_use use;
  enum status status;
  enum publish_table by = PUBLISH_CATEGORY;
  if (!published_page_take(r, reply, no_such_year, &use, &status, err)) return status;
  int node = node_asked(r, &use);
  if (request_has(r, "by") && !publish_table_parse(request_text(r, "by"), &by))
    by = PUBLISH_CATEGORY;
  if (node < 0) reply_not_found(reply, r);
  else if (format_asked(r) != FORMAT_HTML) {
    bool csv = format_asked(r) == FORMAT_CSV;
    const struct document *d =
        csv ? publication_table(use.publication, node, by, r->language, r->arena)
            : publication_page(use.publication, node, by, r->language, r->arena);
    reply_download(reply, r, d, format_asked(r), file_name(r, &use, node, by));
  } else {
    struct published_place place;
    struct view *v = view_new(r->arena, r->language);
    publication_place(use.publication, node, &place);
    put_places(r, v, &use, node);
    put_choices(r, v, &use, node, by);
    put_downloads(r, v, &use, node);
    view_licence(v, r);
    put_document(r, v, publication_page(use.publication, node, by, r->language, r->arena));
    view_text(v, "json",
              place_path(r, &use, node, NULL,
                         arena_printf(r->arena, "&by=%s&format=json", publish_table_word(by))));
    reply_page(reply, r, "place",
               arena_printf(r->arena, say(r->language, "The account of %s for %s"), place.name,
                            place_year(r, use.year)),
               v);
  }
  published_give(r->site->published, &use);
  return DONE;
}

/* ---- one table ---- */

enum status page_place_table(struct request *r, struct reply *reply, struct error *err) {
  struct published_use use;
  enum status status;
  enum publish_table table;
  enum format format = format_asked(r);
  struct span word = request_text(r, "table");
  /* /place/E07000117/table/ages.csv: an address that looks like the file it gives */
  if (word.size > 4 && memcmp(word.bytes + word.size - 4, ".csv", 4) == 0) {
    word.size -= 4;
    format = FORMAT_CSV;
  }
  if (word.size > 5 && memcmp(word.bytes + word.size - 5, ".json", 5) == 0) {
    word.size -= 5;
    format = FORMAT_JSON;
  }
  if (!publish_table_parse(word, &table)) {
    reply_not_found(reply, r);
    return DONE;
  }
  if (!published_page_take(r, reply, no_such_year, &use, &status, err)) return status;
  int node = publication_find(use.publication, request_text(r, "code"));
  if (node < 0 || !publication_has(use.publication, node, table)) reply_not_found(reply, r);
  else {
    const struct document *d = publication_table(use.publication, node, table, r->language,
                                                 r->arena);
    if (format != FORMAT_HTML) reply_download(reply, r, d, format, file_name(r, &use, node, table));
    else {
      struct view *v = view_new(r->arena, r->language);
      struct published_place place;
      publication_place(use.publication, node, &place);
      const char *word_text = publish_table_word(table);
      const char *title = arena_printf(r->arena, say(r->language, "%s: %s, %s"), place.name,
                                       publish_table_title(table, r->language),
                                       place_year(r, use.year));
      view_text(v, "name", place.name);
      view_text(v, "year", place_year(r, use.year));
      view_text(v, "heading", publish_table_title(table, r->language));
      view_text(v, "back", place_path(r, &use, node, NULL, ""));
      view_flag(v, "is_wide", true);
      view_text(v, "csv", place_path(r, &use, node, word_text, "&format=csv"));
      view_text(v, "json", place_path(r, &use, node, word_text, "&format=json"));
      view_licence(v, r);
      put_document(r, v, d);
      reply_page(reply, r, "place-table", title, v);
    }
  }
  published_give(r->site->published, &use);
  return DONE;
}
