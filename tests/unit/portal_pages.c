/* Sample pages of the portal, for the browser tests and for work on the style sheets: portal_pages
 * DIR writes them with the style sheets under DIR/assets; portal_pages --time says how long the
 * longest takes, its view and its bytes. The layout, every partial, a form with every kind of field
 * and faults, a document within a page, in both languages. */
#include "http/asset.h"
#include "web/request.h"
#include "web/template.h"

#include <assert.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

extern const struct template *const sample_templates[];

static struct arena *arena;
static const char *folder;

static void save(const char *path, struct span bytes) {
  struct text whole = {0};
  text_addf(&whole, "%s%s", folder, path);
  text_add_char(&whole, 0);
  FILE *file = fopen(whole.bytes, "w");
  assert(file);
  fwrite(bytes.bytes, 1, bytes.size, file);
  fclose(file);
  text_release(&whole);
}

static void layout(struct view *page, const char *title, struct span body, struct text *out) {
  enum language language = page->language;
  struct view *v = view_over(arena, page), *assets = view_object(v, "assets"),
              *other = view_object(v, "language"), *sign_out = view_object(v, "sign_out");
  static const char *const menu[] = {
      "Home",         "My account",        "My statement",       "My life so far",
      "Tell us once", "Time I have given", "People who help me", "Who looked at my record"};
  view_text(v, "lang", language_code(language));
  view_text(v, "title", title);
  view_html(v, "body", body);
  view_text(v, "place", "Larkford");
  view_text(v, "home", language == WELSH ? "/cy/" : "/");
  view_flag(v, "has_navigation", true);
  for (size_t i = 0; i < sizeof menu / sizeof *menu; i++) {
    struct view *item = view_item(v, "navigation");
    view_text(item, "label", menu[i]);
    view_text(item, "href", "/account");
    view_flag(item, "is_current", i == 1);
  }
  view_text(other, "href", language == WELSH ? "/account" : "/cy/account");
  view_text(other, "label", language == WELSH ? "English" : "Cymraeg");
  view_text(other, "code", language == WELSH ? "en" : "cy");
  view_flag(v, "is_demo", true);
  view_text(v, "person", "Anwen Elizabeth Pritchard-Featherstonehaugh");
  view_text(sign_out, "action", "/sign-out");
  view_text(sign_out, "token", "0123456789abcdef");
  view_text(v, "sign_in", NULL);
  view_text(assets, "govuk", asset_url("govuk.css"));
  view_text(assets, "portal", asset_url("portal.css"));
  view_text(assets, "script", asset_url("portal.js"));
  view_text(assets, "icon", asset_url("icon.svg"));
  template_render(template_find("layout"), v, out);
}

static void page(const char *name, struct view *v, const char *template, const char *title) {
  struct text body = {0}, out = {0};
  const struct template *const *t = sample_templates;
  while (strcmp((*t)->name, template) != 0) t++;
  template_render(*t, v, &body);
  layout(v, title, span_make(body.bytes, body.size), &out);
  if (folder) save(arena_printf(arena, "/%s.html", name), span_make(out.bytes, out.size));
  text_release(&body);
  text_release(&out);
}

/* ---- the parts of a page ---- */

static void cell(struct view *row, const char *list, const char *text, const char *href,
                 bool is_number, bool is_heading) {
  struct view *c = view_item(row, list);
  view_text(c, "text", text);
  view_text(c, "href", href);
  view_flag(c, "is_number", is_number);
  view_flag(c, "is_heading", is_heading);
  view_text(c, "column", is_number ? "Amount" : NULL);
}

static struct view *table(struct view *v, const char *name, int rows) {
  static const char *const columns[] = {"Day", "What", "Amount", "Balance"};
  struct view *t = view_object(v, name);
  view_text(t, "caption", rows ? "Lines of the year" : "Lines of a year without any");
  view_text(t, "nothing", "There is nothing here yet.");
  view_flag(t, "is_stacked", true);
  view_list(t, "rows");
  for (int i = 0; i < 4; i++) {
    struct view *c = view_item(t, "columns");
    view_text(c, "label", columns[i]);
    view_flag(c, "is_number", i > 1);
  }
  for (int i = 0; i < rows; i++) {
    struct view *row = view_item(t, "rows");
    cell(row, "cells", "27 March 2026", NULL, false, true);
    cell(row, "cells", i % 2 ? "Council Tax" : "Personal Independence Payment",
         "/account/lines/12:3", false, false);
    cell(row, "cells", i % 2 ? "-\u00a3142.50" : "\u00a31,234.56", NULL, true, false);
    cell(row, "cells", "\u00a312,345.67", NULL, true, false);
  }
  view_flag(t, "has_total", rows > 0);
  cell(t, "total", "Total", NULL, false, true);
  cell(t, "total", NULL, NULL, false, false);
  cell(t, "total", "\u00a3987.65", NULL, true, false);
  cell(t, "total", NULL, NULL, true, false);
  return t;
}

static void pagination(struct view *v) {
  struct view *p = view_object(v, "pagination");
  view_text(p, "previous", "/account?page=4");
  view_text(p, "next", "/account?page=6");
  view_flag(p, "has_pages", true);
  static const char *const numbers[] = {"1", NULL, "4", "5", "6", NULL, "12"};
  for (int i = 0; i < 7; i++) {
    struct view *item = view_item(p, "pages");
    view_flag(item, "is_gap", !numbers[i]);
    view_text(item, "number", numbers[i]);
    view_text(item, "href", "/account?page=5");
    view_flag(item, "is_current", i == 3);
  }
}

static void details(struct view *v) {
  static const char *const keys[] = {"Name", "Born", "Address"},
                           *const values[] = {"Anwen Elizabeth Pritchard-Featherstonehaugh",
                                              "3 May 1980", "14 Elmbridge Terrace, Larkford"};
  struct view *d = view_object(v, "details");
  for (int i = 0; i < 3; i++) {
    struct view *row = view_item(d, "rows");
    view_text(row, "key", keys[i]);
    view_text(row, "value", values[i]);
    view_text(row, "change", i == 1 ? NULL : "/tell");
    view_text(row, "change_text", NULL);
    view_text(row, "change_what", "name");
  }
}

/* ---- forms ---- */

static const struct choice kinds[] = {{"care", "Unpaid care"},
                                      {"volunteering", "Volunteering"},
                                      {"other", "Something else"},
                                      {NULL, NULL}};
static const struct choice many[] = {{"a", "One"},   {"b", "Two"},   {"c", "Three"},
                                     {"d", "Four"},  {"e", "Five"},  {"f", "Six"},
                                     {"g", "Seven"}, {"h", "Eight"}, {NULL, NULL}};
static const struct field fields[] = {
    {.name = "name",
     .kind = FIELD_TEXT,
     .label = "Full name",
     .hint = "As it stands on your birth certificate",
     .autocomplete = "name"},
    {.name = "born",
     .kind = FIELD_DAY,
     .label = "Date of birth",
     .hint = "For example, 27 3 2007",
     .autocomplete = "bday"},
    {.name = "amount", .kind = FIELD_MONEY, .label = "Amount"},
    {.name = "time", .kind = FIELD_MINUTES, .label = "How long it took"},
    {.name = "visits", .kind = FIELD_COUNT, .label = "How many visits", .optional = true},
    {.name = "kind", .kind = FIELD_CHOICE, .label = "What it was", .choices = kinds},
    {.name = "bodies",
     .kind = FIELD_CHOICES,
     .label = "Who should know",
     .hint = "Choose all that apply",
     .choices = kinds},
    {.name = "body", .kind = FIELD_CHOICE, .label = "Which body", .choices = many},
    {.name = "why", .kind = FIELD_LONG, .label = "Why", .optional = true},
    {.name = "file", .kind = FIELD_FILE, .label = "A file of lines"},
    {.name = "return", .kind = FIELD_HIDDEN},
    {0},
};
static const struct fault faults[] = {{"name", "Enter your full name", false},
                                      {"born", "Date of birth must be in the past", false},
                                      {"amount", "Enter an amount in pounds, such as 12.50", false},
                                      {"time", "Enter hours and minutes", false},
                                      {"visits", "Enter a whole number", false},
                                      {"kind", "Choose what it was", false},
                                      {"bodies", "Choose at least one body", false},
                                      {"body", "Choose a body", false},
                                      {"why", "Use 500 characters or fewer", false},
                                      {"file", "Choose a file", false},
                                      {"", "The year is closed: nothing can be added to it", false},
                                      {NULL, NULL, false}};

static void form(struct view *v, enum language language, const struct field *of,
                 const struct fault *with) {
  struct request r = {.arena = arena,
                      .language = language,
                      .faults = with,
                      .visitor.form_token = "0123456789abcdef"};
  struct span given[sizeof fields / sizeof *fields] = {0};
  given[1] = span_of("31\n2\n2007");
  r.given = with ? given : NULL;
  r.given_of = of;
  struct view *f = view_form_of(v, "form", &r, of, "/tell/send", "Continue", NULL);
  view_text(f, "cancel", "/account");
}

static void components(enum language language, const char *name, const struct fault *with) {
  static const char *const labels[] = {"You paid", "You received", "You gave"},
                           *const figures[] = {"\u00a310,320.92", "\u00a314,288.80",
                                               "125 hours 10 minutes"};
  struct view *v = view_new(arena, language), *tag = view_object(v, "tag"),
              *flash = view_object(v, "flash");
  view_text(v, "back", "/account");
  view_text(v, "heading", "Your account for 2025-26");
  view_text(v, "lede",
            "What you paid, what you received and what you gave, line by line, with where each "
            "figure comes from.");
  for (int i = 0; i < 3; i++) {
    struct view *card = view_item(v, "cards");
    view_text(card, "label", labels[i]);
    view_text(card, "figure", figures[i]);
    view_text(card, "text", "In 2025-26, up to 5 April 2026");
  }
  view_text(view_object(v, "warning"), "text",
            "A line that is reversed stays in the book, and so does its reversal.");
  view_text(view_object(v, "inset"), "text",
            "Time is shown beside the pounds and is never added to them.");
  view_text(tag, "text", "Waiting");
  view_text(tag, "colour", "yellow");
  view_text(flash, "text", "Your new address was recorded");
  view_flag(flash, "is_success", true);
  view_text(flash, "link", "/told");
  view_text(flash, "link_text", "See who was told");
  details(v);
  table(v, "lines", 5);
  table(v, "empty", 0);
  pagination(v);
  form(v, language, fields, with);
  page(name, v, "sample_parts", "Your account for 2025-26");
}

static void question(const char *name, const struct fault *with) {
  static const struct field one[] = {{.name = "kind",
                                      .kind = FIELD_CHOICE,
                                      .label = "What did you give your time to?",
                                      .choices = kinds},
                                     {0}};
  static const struct fault wrong[] = {{"kind", "Choose what it was", false}, {NULL, NULL, false}};
  struct view *v = view_new(arena, ENGLISH);
  struct request r = {.arena = arena,
                      .faults = with ? wrong : NULL,
                      .visitor.form_token = "0123456789abcdef"};
  struct span given[2] = {0};
  r.given = given;
  r.given_of = one;
  struct view *f = view_form_of(v, "form", &r, one, "/tell/send", "Continue", NULL);
  view_form_heading(f);
  view_text(v, "back", "/account");
  page(name, v, "sample_question", "What did you give your time to?");
}

static void document(void) {
  static const char *const series[] = {"Paid", "Received"}, *const years[] = {"2023-24", "2024-25",
                                                                              "2025-26"};
  static const char *const section_keys[] = {"received", "paid", "again", "last"};
  struct document *d = document_new(arena, ENGLISH, "Your statement for 2025-26");
  struct text fragment = {0};
  struct view *v = view_new(arena, ENGLISH);
  document_open(d, NULL, NULL);
  document_headline(d, NULL, "You paid", doc_money(1032092));
  document_headline(d, NULL, "You received", doc_money(1428880));
  document_headline(d, NULL, "You gave", doc_minutes(7510));
  document_close(d);
  document_value(d, "name", "Name", doc_text("Anwen Pritchard"));
  document_value(d, "born", "Born", doc_day(day_make(1980, 5, 3)));
  for (int section = 0; section < 4; section++) {
    struct doc_column columns[] = {
        {"name", "What"}, {"rate", "Rate"}, {"amount", "Amount"}, {"value", "Value"}};
    document_open(d, section_keys[section], section % 2 ? "What you paid" : "What you received");
    document_paragraph(d, "What each service cost the public, at the unit costs listed under "
                          "Sources. You did not pay this at the time.");
    document_table(d, "lines", "Line by line", columns, 4, NULL);
    for (int i = 0; i < 3; i++) {
      document_cell(d, doc_text("Personal Independence Payment (daily living)"));
      document_cell(d, doc_money(2345));
      document_cell(d, doc_money(123456));
      document_cell(d, doc_money(-1234567));
    }
    document_table_end(d);
    document_inset(d, "Time is shown beside the pounds and is never added to them.");
    document_close(d);
  }
  document_chart(d, CHART_COLUMNS, "Paid and received, by year", "Three pairs of columns.", series,
                 2);
  for (int i = 0; i < 3; i++) {
    struct doc_value values[] = {doc_money(912400 + i * 70000), doc_money(1310200 - i * 4000)};
    document_chart_point(d, years[i], values);
  }
  document_chart_end(d);
  document_render(d, FORMAT_HTML, &(struct document_options){.fragment = true}, &fragment);
  view_html(v, "document", span_make(fragment.bytes, fragment.size));
  page("portal-document", v, "document", "Your statement for 2025-26");
  text_release(&fragment);
}

static void time_page(void) {
  enum { ROUNDS = 5000 };
  struct timespec from, to;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
  for (int i = 0; i < ROUNDS; i++) {
    components(WELSH, "time", faults);
    arena_reset(arena);
  }
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
  printf("%.1f us\n",
         ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) / 1e3 /
             ROUNDS);
}

int main(int argc, char **argv) {
  static const char *const files[] = {"govuk.css", "portal.css", "portal.js", "icon.svg"};
  if (argc != 2) return 2;
  arena = arena_new();
  if (strcmp(argv[1], "--time") == 0) {
    time_page();
    arena_free(arena);
    return 0;
  }
  folder = argv[1];
  mkdir(folder, 0777);
  mkdir(arena_printf(arena, "%s/assets", folder), 0777);
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    struct asset asset;
    if (asset_find(span_of(asset_url(files[i])), &asset)) save(asset.url, asset.bytes);
  }
  components(ENGLISH, "portal-components", NULL);
  components(ENGLISH, "portal-faults", faults);
  components(WELSH, "portal-welsh", NULL);
  question("portal-question", NULL);
  question("portal-question-faults", faults);
  document();
  arena_free(arena);
  return 0;
}
