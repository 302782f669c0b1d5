/* A document says the same in every format, and no text from a citizen can break out of its
 * place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/table.h"
#include "document/document.h"

#include <jansson.h>
#include <unistd.h>

static struct arena *arena;
static struct text out;

static int set_up(void **state) {
  (void)state;
  arena = arena_new();
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  arena_free(arena);
  text_release(&out);
  return 0;
}

static const char *rendered(const struct document *d, enum format format) {
  static const struct document_options options = {.fragment = true, .csv_header = true};
  text_clear(&out);
  document_render(d, format, &options, &out);
  assert_int_equal(out.bytes[out.size], 0);
  assert_int_equal(strlen(out.bytes), out.size);
  return out.bytes;
}

static void has(const struct document *d, enum format format, const char *wanted) {
  const char *text = rendered(d, format);
  if (!strstr(text, wanted)) fail_msg("no '%s' in:\n%s", wanted, text);
}

static void has_not(const struct document *d, enum format format, const char *unwanted) {
  const char *text = rendered(d, format);
  if (strstr(text, unwanted)) fail_msg("'%s' in:\n%s", unwanted, text);
}

/* One row of one column, and the same as a labelled value. */
static struct document *holding(enum language language, struct doc_value value) {
  static const char *const csv[] = {"section", "cell"};
  struct doc_column columns[] = {{"name", "Name"}, {"cell", "Cell"}};
  struct document *d = document_new(arena, language, "Title");
  document_csv_columns(d, csv, 2);
  document_value(d, "v", "Label", value);
  document_table(d, "t", NULL, columns, 2, "rows");
  document_cell(d, doc_text("row"));
  document_cell(d, value);
  document_table_end(d);
  return d;
}

static void check_kind(struct doc_value value, const char *json, const char *people,
                       const char *csv) {
  struct text wanted = {0};
  struct document *d = holding(ENGLISH, value);
  text_addf(&wanted, "{\"v\":%s,\"t\":[{\"name\":\"row\",\"cell\":%s}]}", json, json);
  assert_string_equal(rendered(d, FORMAT_JSON), wanted.bytes);
  text_clear(&wanted);
  text_addf(&wanted, "section,cell\nrows,%s\n", csv);
  assert_string_equal(rendered(d, FORMAT_CSV), wanted.bytes);
  text_clear(&wanted);
  text_addf(&wanted, "<dt>Label</dt><dd>%s</dd>", people);
  has(d, FORMAT_HTML, wanted.bytes);
  text_clear(&wanted);
  text_addf(&wanted, *people ? "Label  %s\n" : "Label\n", people);
  if (*people) has(d, FORMAT_TEXT, wanted.bytes);
  text_release(&wanted);
}

static void each_kind_reads_right_in_each_format(void **state) {
  (void)state;
  static const char *const codes[] = {"10.1", "10.4"};
  check_kind(doc_null(), "null", "", "");
  check_kind(doc_text("GP visit"), "\"GP visit\"", "GP visit", "GP visit");
  check_kind(doc_text(NULL), "\"\"", "", "");
  check_kind(doc_money(123456), "123456", "£1,234.56", "1234.56");
  check_kind(doc_money(-1200), "-1200", "−£12.00", "-12.00");
  check_kind(doc_money(0), "0", "£0.00", "0.00");
  check_kind(doc_pounds(123400000), "123400000", "£1,234,000", "1234000.00");
  check_kind(doc_pounds(-1250), "-1250", "−£13", "-12.50");
  check_kind(doc_exactly(DOC_MONEY, INT64_MIN), "-9223372036854775808",
             "−£92,233,720,368,547,758.08", "-92233720368547758.08");
  check_kind(doc_count(1234567), "1234567", "1,234,567", "1234567");
  check_kind(doc_count(-999), "-999", "−999", "-999");
  check_kind(doc_exactly(DOC_COUNT, INT64_MAX), "9223372036854775807", "9,223,372,036,854,775,807",
             "9223372036854775807");
  check_kind(doc_money(-WIDE_SHOWN_MOST), "-9007199254740991", "−£90,071,992,547,409.91",
             "-90071992547409.91");
  check_kind(doc_money((wide_t)INT64_MAX * 5), "null", "cannot be shown", "too large");
  check_kind(doc_minutes(-WIDE_SHOWN_MOST - 1), "null", "cannot be shown", "too large");
  check_kind(doc_minutes(750), "750", "12 hours 30 minutes", "750");
  check_kind(doc_minutes(61), "61", "1 hour 1 minute", "61");
  check_kind(doc_minutes(60), "60", "1 hour", "60");
  check_kind(doc_minutes(0), "0", "0 minutes", "0");
  check_kind(doc_minutes(-90), "-90", "−1 hour 30 minutes", "-90");
  check_kind(doc_minutes(60000), "60000", "1,000 hours", "60000");
  check_kind(doc_quantity(2500), "\"2.5\"", "2.5", "2.5");
  check_kind(doc_quantity(1234000), "\"1234\"", "1,234", "1234");
  check_kind(doc_quantity_of(3005, "visits"), "\"3.005\"", "3.005 visits", "3.005");
  check_kind(doc_day(day_make(2026, 4, 5)), "\"2026-04-05\"", "5 April 2026", "2026-04-05");
  check_kind(doc_day(DAY_NONE), "null", "", "");
  check_kind(doc_number("21.3"), "\"21.3\"", "21.3", "21.3");
  check_kind(doc_texts(codes, 2), "[\"10.1\",\"10.4\"]", "10.1, 10.4", "10.1;10.4");
  check_kind(doc_texts(codes, 0), "[]", "", "");
}

static void a_boolean_is_a_mark_beside_the_row(void **state) {
  (void)state;
  struct doc_column columns[] = {{"name", "What"},
                                 {"amount", "Amount"},
                                 {"estimated", "estimated"}};
  struct document *d = document_new(arena, ENGLISH, "Title");
  document_value(d, "yes", "Lives here", doc_bool(true));
  document_table(d, "t", NULL, columns, 3, NULL);
  for (int i = 0; i < 2; i++) {
    document_cell(d, doc_text(i ? "Fuel duty" : "Income Tax"));
    document_cell(d, doc_money(i));
    document_cell(d, doc_bool(i));
  }
  document_table_end(d);
  assert_string_equal(rendered(d, FORMAT_JSON), "{\"yes\":true,\"t\":[{\"name\":\"Income "
                                                "Tax\",\"amount\":0,\"estimated\":false},{\"name\":"
                                                "\"Fuel duty\",\"amount\":1,\"estimated\":true}]}");
  has(d, FORMAT_HTML,
      "<th scope=\"row\">Fuel duty <small>estimated</small></th><td>£0.01</td></tr>");
  has(d, FORMAT_HTML, "<th scope=\"row\">Income Tax</th>");
  has(d, FORMAT_HTML, "<dd>yes</dd>");
  has(d, FORMAT_TEXT, "Fuel duty (estimated)   £0.01\n");
}

static void welsh_days_and_times_are_welsh(void **state) {
  (void)state;
  has(holding(WELSH, doc_day(day_make(2026, 4, 5))), FORMAT_TEXT, "5 Ebrill 2026");
  has(holding(WELSH, doc_minutes(750)), FORMAT_HTML, "<dd>12 awr 30 munud</dd>");
  struct document_options whole = {0};
  struct document *d = document_new(arena, WELSH, "Teitl");
  document_render(d, FORMAT_HTML, &whole, &out);
  assert_non_null(strstr(out.bytes, "<html lang=\"cy\">"));
}

/* with an override of direction, an escape and a C1 control */
#define HOSTILE \
  "<script>alert('1')</script>\" onload=x & \xE2\x80\xAEtfel\x01\x1b[31m\nnext\xC2\x9B"

static struct document *hostile(void) {
  static const char *const texts[] = {HOSTILE}, *const csv[] = {"section", "name", "list"};
  struct doc_column columns[] = {
      {"name", HOSTILE}, {"list", "List"}, {"mark", HOSTILE}, {"more", "More"}, {"most", "Most"}};
  struct document *d = document_new(arena, ENGLISH, HOSTILE);
  struct doc_value foot[] = {doc_null(), doc_text(HOSTILE), doc_null(), doc_null(), doc_null()},
                   value = doc_money(5);
  document_csv_columns(d, csv, 3);
  document_open(d, "a", HOSTILE);
  document_value(d, "v", HOSTILE, doc_text(HOSTILE));
  document_headline_beside(d, "h", HOSTILE, doc_quantity_of(1000, HOSTILE), HOSTILE);
  document_table(d, "t", HOSTILE, columns, 5, HOSTILE);
  document_cell(d, doc_text(HOSTILE));
  document_cell(d, doc_texts(texts, 1));
  document_cell(d, doc_bool(true));
  document_cell(d, doc_number(HOSTILE));
  document_cell(d, doc_null());
  document_table_total(d, HOSTILE, foot);
  document_table_end(d);
  document_list(d, "l", HOSTILE);
  document_list_item(d, HOSTILE);
  document_list_end(d);
  document_paragraph(d, HOSTILE);
  document_inset(d, HOSTILE);
  for (int kind = CHART_BARS; kind <= CHART_COLUMNS; kind++) {
    document_chart(d, (enum chart_kind)kind, HOSTILE, HOSTILE, texts, 1);
    document_chart_point(d, HOSTILE, &value);
    document_chart_end(d);
  }
  document_close(d);
  return d;
}

static void no_text_breaks_out_of_the_page(void **state) {
  (void)state;
  struct document *d = hostile();
  has_not(d, FORMAT_HTML, "<script");
  has_not(d, FORMAT_HTML, "alert('");
  has_not(d, FORMAT_HTML, "\" onload");
  has_not(d, FORMAT_HTML, "\x1b");
  has_not(d, FORMAT_HTML, "\x01");
  has_not(d, FORMAT_HTML, "\xE2\x80\xAE");
  has(d, FORMAT_HTML,
      "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot; onload=x &amp; tfel[31m next");
}

static void no_text_breaks_a_line_of_the_terminal(void **state) {
  (void)state;
  const char *text = rendered(hostile(), FORMAT_TEXT);
  for (const char *p = text; *p; p++) assert_true(*p == '\n' || (unsigned char)*p >= 0x20);
  has_not(hostile(), FORMAT_TEXT, "\xE2\x80\xAE");
  has_not(hostile(), FORMAT_TEXT, "\xC2\x9B");
  has(hostile(), FORMAT_TEXT, "tfel[31m next");
}

static void json_keeps_every_character(void **state) {
  (void)state;
  json_error_t error;
  json_t *root = json_loads(rendered(hostile(), FORMAT_JSON), JSON_REJECT_DUPLICATES, &error);
  if (!root) fail_msg("%s in %s", error.text, out.bytes);
  json_t *a = json_object_get(root, "a"), *row = json_array_get(json_object_get(a, "t"), 0);
  assert_string_equal(json_string_value(json_object_get(a, "v")), HOSTILE);
  assert_string_equal(json_string_value(json_object_get(row, "name")), HOSTILE);
  assert_string_equal(json_string_value(json_array_get(json_object_get(row, "list"), 0)), HOSTILE);
  assert_string_equal(json_string_value(json_array_get(json_object_get(a, "l"), 0)), HOSTILE);
  json_decref(root);
}

static void csv_read_back_is_what_was_written(void **state) {
  (void)state;
  char path[] = "/tmp/test-document-XXXXXX";
  int file = mkstemp(path);
  static const char *const names[] = {"plain", "comma, \"quoted\"", "two\nlines", " spaces ",
                                      "Siân"};
  static const char *const csv[] = {"section", "category|code", "name", "amount", "absent"};
  struct doc_column columns[] = {{"code", NULL}, {"name", "Name"}, {"amount", "Amount"}};
  struct document *d = document_new(arena, ENGLISH, "Title");
  document_csv_columns(d, csv, 5);
  document_table(d, "unlisted", NULL, columns, 3, NULL);
  document_table_end(d);
  document_table(d, "t", NULL, columns, 3, "paid");
  for (int i = 0; i < 5; i++) {
    document_cell(d, doc_text("code"));
    document_cell(d, doc_text(names[i]));
    document_cell(d, doc_money(-i));
  }
  document_table_end(d);
  rendered(d, FORMAT_CSV);
  assert_int_equal(write(file, out.bytes, out.size), out.size);
  close(file);
  static const struct table_column wanted[] = {
      {"section", true}, {"category", true}, {"name", true}, {"amount", true}, {"absent", true}};
  struct table *table;
  struct table_rows *rows;
  struct error err = {0};
  assert_int_equal(table_open(&table, path, wanted, 5, &err), DONE);
  assert_int_equal(table_next(table, &rows, &err), DONE);
  assert_int_equal(rows->count, 5);
  for (size_t i = 0; i < 5; i++) {
    assert_null(rows->fault[i].reason);
    assert_true(span_is(table_field(rows, i, 0), "paid"));
    assert_true(span_is(table_field(rows, i, 1), "code"));
    assert_true(span_is(table_field(rows, i, 2), names[i]));
    assert_true(span_is(table_field(rows, i, 4), ""));
  }
  assert_true(span_is(table_field(rows, 4, 3), "-0.04"));
  table_rows_free(rows);
  table_close(table);
  unlink(path);
}

/* The structure of docs/reference/figures.md: sections in sections, an object that may be missing,
 * members of the outer object. */
static void sections_nest_as_the_statement_needs(void **state) {
  (void)state;
  static const char *const codes[] = {"7.1", "7.2"};
  struct doc_column columns[] = {
      {"code", NULL}, {"name", "What"}, {"cofog", NULL}, {"share", "Share"}, {NULL, "Shown only"}};
  struct document *d = document_new(arena, ENGLISH, "Title");
  document_open(d, NULL, "A heading only");
  document_value(d, "year", NULL, doc_text("2025-26"));
  document_value(d, NULL, "People only", doc_count(1));
  document_close(d);
  document_open(d, "where_it_went", "Where it went");
  document_open(d, "base", NULL);
  document_value(d, "what", NULL, doc_text("tax"));
  document_value(d, "amount", "Amount", doc_money(5));
  document_close(d);
  document_table(d, "lines", NULL, columns, 5, "where-it-went");
  document_cell(d, doc_text("health"));
  document_cell(d, doc_text("Health"));
  document_cell(d, doc_texts(codes, 2));
  document_cell(d, doc_number("20.2"));
  document_cell(d, doc_text("shown"));
  document_table_end(d);
  document_value(d, "remainder", NULL, doc_money(-1));
  document_close(d);
  document_absent(d, "previous");
  document_open(d, "life", NULL);
  document_close(d);
  document_list(d, "notes", "Notes");
  document_list_end(d);
  assert_string_equal(
      rendered(d, FORMAT_JSON),
      "{\"year\":\"2025-26\",\"where_it_went\":{\"base\":{\"what\":\"tax\",\"amount\":5},"
      "\"lines\":[{\"code\":\"health\",\"name\":\"Health\",\"cofog\":[\"7.1\",\"7.2\"],\"share\":"
      "\"20.2\"}],\"remainder\":-1},"
      "\"previous\":null,\"life\":{},\"notes\":[]}");
  has(d, FORMAT_HTML, "<section id=\"where_it_went\">\n<h2>Where it went</h2>");
  has(d, FORMAT_HTML, "<td class=\"w\" data-label=\"Shown only\">shown</td>");
  has_not(d, FORMAT_HTML, "7.1");
  has_not(d, FORMAT_HTML, "Notes");
}

static void headings_go_down_a_step_at_a_time(void **state) {
  (void)state;
  struct document *d = document_new(arena, ENGLISH, "One");
  document_open(d, "a", "Two");
  document_open(d, "b", NULL);
  document_open(d, "c", "Three");
  document_list(d, "l", "Four");
  document_list_item(d, "item");
  document_list_end(d);
  document_close(d);
  document_close(d);
  document_close(d);
  has(d, FORMAT_HTML, "<h1>One</h1>");
  has(d, FORMAT_HTML, "<h2>Two</h2>");
  has(d, FORMAT_HTML, "<section id=\"a-b-c\">\n<h3>Three</h3>");
  has(d, FORMAT_HTML, "<h4>Four</h4>");
}

static void an_empty_table_says_so_to_people(void **state) {
  (void)state;
  static const char *const csv[] = {"name"};
  struct doc_column shown[] = {{"name", "Name"}}, data[] = {{"name", NULL}};
  struct document *d = document_new(arena, ENGLISH, "Title");
  document_csv_columns(d, csv, 1);
  document_table(d, "t", NULL, shown, 1, "t");
  document_table_end(d);
  document_table(d, "u", NULL, data, 1, NULL);
  document_cell(d, doc_text("data only"));
  document_table_end(d);
  assert_string_equal(rendered(d, FORMAT_JSON), "{\"t\":[],\"u\":[{\"name\":\"data only\"}]}");
  assert_string_equal(rendered(d, FORMAT_CSV), "name\n");
  has(d, FORMAT_HTML, "<p class=\"none\">Nothing recorded.</p>");
  has(d, FORMAT_TEXT, "Nothing recorded.\n");
  has_not(d, FORMAT_TEXT, "data only");
}

static void an_empty_document_renders(void **state) {
  (void)state;
  struct document *d = document_new(arena, ENGLISH, "Title");
  assert_string_equal(rendered(d, FORMAT_JSON), "{}");
  assert_string_equal(rendered(d, FORMAT_CSV), "\n");
  assert_string_equal(rendered(d, FORMAT_TEXT), "Title\n═════\n");
  assert_string_equal(rendered(d, FORMAT_HTML), "<h1>Title</h1>\n");
}

static void lines_of_text_keep_the_width(void **state) {
  (void)state;
  struct doc_column columns[] = {{"a", "A long heading of a column"},
                                 {"b", "Amount in pounds"},
                                 {"c", "Time that was given"},
                                 {"d", "Source"}};
  struct document *d = document_new(
      arena, ENGLISH,
      "A title that is longer than a narrow terminal is wide, by a word or two or three more");
  struct doc_value foot[] = {doc_null(), doc_money(123456789), doc_null(), doc_null()};
  document_value(d, "k", "A label of some length",
                 doc_text("a value that goes on and on until it has to be wrapped on the next line "
                          "of the terminal"));
  document_table(d, "t", "Caption", columns, 4, NULL);
  for (int i = 0; i < 5; i++) {
    document_cell(d, doc_text(i % 2 ? "Ysbyty, 漢字漢字漢字漢字漢字漢字"
                                    : "averyveryveryverylongwordwithoutanyspaceinit"));
    document_cell(d, doc_money(123456789 * i));
    document_cell(d, doc_minutes(754321));
    document_cell(
        d, doc_text("https://www.example.org/a/long/address/that/has/no/space and then words"));
  }
  document_table_total(d, "Total of everything there is", foot);
  document_table_end(d);
  document_inset(d, "words words words words words words words words words words words words words "
                    "words words words words words words");
  for (int width = 40; width <= 120; width += 20) {
    struct document_options options = {.width_columns = width};
    text_clear(&out);
    document_render(d, FORMAT_TEXT, &options, &out);
    for (char *line = out.bytes; *line;) {
      size_t size = strcspn(line, "\n");
      if (utf8_width(span_make(line, size)) > (size_t)width)
        fail_msg("wider than %d: %.*s", width, (int)size, line);
      assert_true(size == 0 || line[size - 1] != ' ');
      line += size + (line[size] == '\n');
    }
  }
}

static void charts_have_a_text_alternative_and_figures(void **state) {
  (void)state;
  static const char *const series[] = {"Paid", "Received"};
  struct document *d = document_new(arena, ENGLISH, "Title");
  for (int kind = CHART_BARS; kind <= CHART_COLUMNS; kind++) {
    document_chart(d, (enum chart_kind)kind, "By year", "What it shows", series, 2);
    for (int i = 0; i < 3; i++) {
      struct doc_value values[] = {doc_money(i * 123456), doc_money(-i * 654321)};
      document_chart_point(d, "2025-26", values);
    }
    document_chart_end(d);
  }
  document_chart(d, CHART_COLUMNS, "Nothing in it", "Nothing", series, 2);
  document_chart_end(d);
  assert_string_equal(rendered(d, FORMAT_JSON), "{}");
  has(d, FORMAT_HTML, "<svg role=\"img\" width=\"100%\" height=\"");
  has(d, FORMAT_HTML, "<title id=\"c2t\">By year</title><desc id=\"c2d\">What it shows</desc>");
  has(d, FORMAT_HTML, ">−£13,086</text>");
  has_not(d, FORMAT_HTML, "Nothing in it");
  has(d, FORMAT_TEXT, "2025-26  Paid      ██████ £2,469\n");
  has(d, FORMAT_TEXT, " −£13,086\n");
}

static void a_horizontal_zero_bar_is_left_out(void **state) {
  (void)state;
  static const char *const series[] = {"Paid", "Received"};
  struct document *d = document_new(arena, ENGLISH, "Title");
  struct doc_value values[] = {doc_money(0), doc_money(500)};
  document_chart(d, CHART_BARS, "By side", "What it shows", series, 2);
  document_chart_point(d, "A name that takes more than a line on a phone", values);
  values[1] = doc_money(0);
  document_chart_point(d, "Neither", values);
  document_chart_end(d);
  has(d, FORMAT_HTML, ">£5.00</text>");
  has(d, FORMAT_HTML,
      ">A name that takes more than a line</text>\n<text x=\"0\" y=\"41\">on a phone</text>");
  has(d, FORMAT_HTML, ">Neither</text>\n<rect");
  assert_null(strstr(strstr(out.bytes, ">£0.00</text>") + 1, ">£0.00</text>"));
}

static void add_one_bar(struct document *d, enum chart_measure measure, int64_t pence,
                        const char *share) {
  static const char *const series[] = {"Amount"};
  struct doc_value value = doc_money(pence);
  document_chart(d, CHART_BARS, "Chart", "What it shows", series, 1);
  document_chart_measure(d, measure);
  document_chart_point(d, "Health", &value);
  document_chart_share(d, share);
  document_chart_end(d);
}

/* A bar a quarter as long stands for a quarter of the money, in whichever chart. */
static void the_bars_of_a_page_have_one_scale(void **state) {
  (void)state;
  struct document *d = document_new(arena, ENGLISH, "Title");
  add_one_bar(d, CHART_SUMS, 4000000, "80.0");
  add_one_bar(d, CHART_SUMS, 1000000, NULL);
  add_one_bar(d, CHART_PER_HEAD, 10000, NULL);
  has(d, FORMAT_HTML, ">Health <tspan class=\"v\">£40,000 (80.0%)</tspan></text>");
  has(d, FORMAT_HTML, "width=\"100%\" height=\"20\" class=\"s\" fill=\"url(#c1s0)\"");
  has(d, FORMAT_HTML, "width=\"25%\" height=\"20\" class=\"s\" fill=\"url(#c2s0)\"");
  has(d, FORMAT_HTML, "width=\"100%\" height=\"20\" class=\"s\" fill=\"url(#c3s0)\"");
  has(d, FORMAT_TEXT, "Health  ████████████████████████████████ £40,000 (80.0%)\n");
  has(d, FORMAT_TEXT, "Health  ████████ £10,000\n");
  has(d, FORMAT_TEXT, "Health  ████████████████████████████████ £100.00\n");
}

static void the_page_loads_no_other_file(void **state) {
  (void)state;
  struct document *d = hostile();
  text_clear(&out);
  document_render(d, FORMAT_HTML, NULL, &out);
  assert_non_null(strstr(out.bytes, "<style>\n*{box-sizing"));
  assert_null(strstr(out.bytes, "http:"));
  assert_null(strstr(out.bytes, "https:"));
  assert_null(strstr(out.bytes, "<script"));
  assert_null(strstr(out.bytes, "<link"));
  assert_null(strstr(out.bytes, "@import"));
  assert_null(strstr(out.bytes, "@font-face"));
}

static void formats_are_known_by_name(void **state) {
  (void)state;
  enum format format;
  struct error err = {0};
  assert_int_equal(format_parse(span_of("json"), &format, &err), DONE);
  assert_int_equal(format, FORMAT_JSON);
  assert_int_equal(format_parse(span_of("xml"), &format, &err), USAGE);
  assert_string_equal(err.message, "'xml' is not a format; write text, html, json, csv or pdf");
}

static void a_chart_within_a_page_has_no_empty_heading(void **state) {
  (void)state;
  has_not(document_new(arena, ENGLISH, ""), FORMAT_HTML, "<h1></h1>");
  has(document_new(arena, ENGLISH, "Title"), FORMAT_HTML, "<h1>Title</h1>");
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      T(each_kind_reads_right_in_each_format),
      T(a_boolean_is_a_mark_beside_the_row),
      T(welsh_days_and_times_are_welsh),
      T(no_text_breaks_out_of_the_page),
      T(no_text_breaks_a_line_of_the_terminal),
      T(json_keeps_every_character),
      T(csv_read_back_is_what_was_written),
      T(sections_nest_as_the_statement_needs),
      T(headings_go_down_a_step_at_a_time),
      T(an_empty_table_says_so_to_people),
      T(an_empty_document_renders),
      T(lines_of_text_keep_the_width),
      T(charts_have_a_text_alternative_and_figures),
      T(a_horizontal_zero_bar_is_left_out),
      T(the_bars_of_a_page_have_one_scale),
      T(the_page_loads_no_other_file),
      T(formats_are_known_by_name),
      T(a_chart_within_a_page_has_no_empty_heading),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
