/* Sample documents, for the browser tests and for work on the style sheets: sample_pages DIR writes
 * them in every format (and one PDF with an attachment); sample_pages --time says how long a
 * statement of 60 rows takes. The people and amounts are invented. They cover every part of a
 * document, hostile names, an empty document, and a table of many rows. */
#include "base/arena.h"
#include "document/document.h"

#include <assert.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

struct line {
  const char *code, *name;
  int64_t amount, entries;
  bool estimated;
};

static void lines(struct document *d, const char *caption, const char *section,
                  const struct line *line, int count, bool quantity) {
  struct doc_column columns[] = {
      {"category", NULL},   {"name", "What"},  {"quantity", quantity ? "How much" : NULL},
      {"amount", "Amount"}, {"entries", NULL}, {"estimated", "estimated"}};
  int64_t total = 0;
  document_table(d, "lines", caption, columns, 6, section);
  for (int i = 0; i < count; i++) {
    document_cell(d, doc_text(line[i].code));
    document_cell(d, doc_text(line[i].name));
    document_cell(d, quantity ? doc_quantity_of(line[i].entries * 1500, "visits") : doc_null());
    document_cell(d, doc_money(line[i].amount));
    document_cell(d, doc_count(line[i].entries));
    document_cell(d, doc_bool(line[i].estimated));
    total += line[i].amount;
  }
  if (count) {
    struct doc_value foot[6] = {doc_null(),       doc_null(), doc_null(),
                                doc_money(total), doc_null(), doc_null()};
    document_table_total(d, "Total", foot);
  }
  document_table_end(d);
}

static const struct line paid[] = {
    {"income-tax", "Income Tax", 348620, 12, false},
    {"national-insurance", "National Insurance", 143424, 12, false},
    {"council-tax", "Council Tax", 198750, 10, false},
    {"vat", "Value Added Tax", 312018, 1, true},
    {"fuel-duty", "Fuel duty", 41280, 1, true},
    {"student-loan-repayment", "Student loan repayment", -12000, 1, false},
};
static const struct line cash[] = {
    {"child-benefit", "Child Benefit", 225160, 13, false},
    {"personal-independence-payment", "Personal Independence Payment", 382720, 13, false},
};
static const struct line services[] = {
    {"gp-consultation", "GP consultation", 21600, 4, false},
    {"outpatient-attendance", "Outpatient attendance", 53400, 2, true},
    {"school-place", "School place", 746000, 1, false},
};

static void received(struct document *d, bool empty) {
  document_open(d, "received", "What you received");
  document_value(d, "total", "Cash and services together", doc_money(empty ? 0 : 1428880));
  document_open(d, "cash", "In cash");
  document_value(d, "total", NULL, doc_money(607880));
  lines(d, NULL, "cash", cash, empty ? 0 : 2, false);
  document_close(d);
  document_open(d, "services", "In services");
  document_paragraph(d, "What each service cost the public, at the unit costs listed under "
                        "Sources. You did not pay this at the time.");
  document_value(d, "total", NULL, doc_money(821000));
  lines(d, NULL, "services", services, empty ? 0 : 3, true);
  document_close(d);
  document_close(d);
}

static void given(struct document *d) {
  document_open(d, "given", "What you gave");
  document_value(d, "minutes", "Time", doc_minutes(7510));
  document_value(d, "value", "Valued at", doc_money(161815));
  document_inset(d, "Time is shown beside the pounds and is never added to them.");
  struct doc_column columns[] = {{"category", NULL},       {"name", "What"},   {"minutes", "Time"},
                                 {"rate", "Rate an hour"}, {"value", "Value"}, {"source", NULL}};
  document_table(d, "lines", NULL, columns, 6, "given");
  const char *const names[] = {"Unpaid care", "Volunteering"};
  const int64_t minutes[] = {6240, 1270}, rates[] = {1279, 1368}, values[] = {133016, 28956};
  for (int i = 0; i < 2; i++) {
    document_cell(d, doc_text(i ? "volunteering" : "unpaid-care"));
    document_cell(d, doc_text(names[i]));
    document_cell(d, doc_minutes(minutes[i]));
    document_cell(d, doc_money(rates[i]));
    document_cell(d, doc_money(values[i]));
    document_cell(d, doc_text("invented for this sample"));
  }
  document_table_end(d);
  document_close(d);
}

static void where_it_went(struct document *d) {
  static const char *const names[] = {
      "Welfare",   "Health",  "State pensions",          "National debt interest",
      "Education", "Defence", "Public order and safety", "Transport"};
  static const char *const shares[] = {"21.6", "20.2", "11.4", "10.7", "9.9", "5.2", "4.1", "4.1"};
  static const int64_t amounts[] = {106281, 99393, 56093, 52649, 48712, 25586, 20174, 20174};
  static const char *const cofog[] = {"10.1", "10.4", "10.9"};
  static const char *const series[] = {"Your tax"};
  document_open(d, "where_it_went", "Where your tax went");
  document_open(d, "base", NULL);
  document_value(d, "what", NULL, doc_text("Income Tax and National Insurance"));
  document_value(d, "amount", "Your Income Tax and National Insurance", doc_money(492044));
  document_close(d);
  document_chart(d, CHART_BARS, "Where your Income Tax and National Insurance went",
                 "Bars from Welfare, £1,063, the largest, to Transport, £202.", series, 1);
  for (int i = 0; i < 8; i++) {
    struct doc_value value = doc_money(amounts[i]);
    document_chart_point(d, names[i], &value);
  }
  document_chart_end(d);
  struct doc_column columns[] = {{"code", NULL},
                                 {"name", "What"},
                                 {"cofog", NULL},
                                 {"share", "Share, %"},
                                 {"amount", "Amount"}};
  document_table(d, "lines", NULL, columns, 5, "where-it-went");
  for (int i = 0; i < 8; i++) {
    document_cell(d, doc_text(names[i]));
    document_cell(d, doc_text(names[i]));
    document_cell(d, doc_texts(cofog, i ? 1 : 3));
    document_cell(d, doc_number(shares[i]));
    document_cell(d, doc_money(amounts[i]));
  }
  document_table_end(d);
  document_close(d);
}

static void life(struct document *d) {
  static const char *const series[] = {"Paid", "Received"};
  static const char *const years[] = {"2023-24", "2024-25", "2025-26"};
  static const int64_t in[] = {912400, 987610, 1032092}, out[] = {1310200, 1250090, 1428880};
  document_open(d, "life", "Your life so far");
  document_headline(d, "paid", "Paid", doc_money(2932102));
  document_headline(d, "received", "Received", doc_money(3989170));
  document_headline(d, "given_minutes", "Given", doc_minutes(20530));
  document_chart(d, CHART_COLUMNS, "Paid and received, by year",
                 "Three pairs of columns; in each year more was received than paid.", series, 2);
  for (int i = 0; i < 3; i++) {
    struct doc_value values[] = {doc_money(in[i]), doc_money(out[i])};
    document_chart_point(d, years[i], values);
  }
  document_chart_end(d);
  struct doc_column columns[] = {{"year", "Year"},
                                 {"paid", "Paid"},
                                 {"received", "Received"},
                                 {"services", "Of that, services"},
                                 {"given_minutes", "Time for others"}};
  document_table(d, "by_year", "Year by year", columns, 5, NULL);
  for (int i = 0; i < 3; i++) {
    document_cell(d, doc_text(years[i]));
    document_cell(d, doc_money(in[i]));
    document_cell(d, doc_money(out[i]));
    document_cell(d, doc_money(out[i] / 2));
    document_cell(d, doc_minutes(6500 + i * 505));
  }
  document_table_end(d);
  document_close(d);
}

/* A name and a figure a row: on paper it stands in two halves. */
static void in_prices(struct document *d) {
  static const char *const names[] = {
      "Value Added Tax (VAT)", "Fuel duty",      "Tobacco duty",
      "Beer and cider duty",   "Customs duties", "Air Passenger Duty",
      "Insurance Premium Tax", "Other taxes",    "Lottery"};
  const struct doc_column columns[] = {{"name", "Tax in prices"}, {"amount", "A household"}};
  document_open(d, "in_prices", "Taxes in prices");
  document_table(d, "lines", NULL, columns, 2, NULL);
  for (int i = 0; i < 9; i++) {
    document_cell(d, doc_text(names[i]));
    document_cell(d, doc_money(i * 1000));
  }
  const struct doc_value totals[] = {doc_null(), doc_money(36000)};
  document_table_total(d, "Total", totals);
  document_table_end(d);
  document_close(d);
}

static void sources(struct document *d) {
  struct doc_column columns[] = {
      {"what", "Figure"}, {"value", "Value"}, {"source", "Source"}, {"estimated", "estimated"}};
  document_open(d, NULL, "Sources");
  document_table(d, "sources", NULL, columns, 4, NULL);
  for (int i = 0; i < 5; i++) {
    document_cell(d, doc_text(services[i % 3].name));
    document_cell(d, doc_money(services[i % 3].amount / 3));
    document_cell(
        d,
        doc_text("An invented source with a long name, table 7, and its address "
                 "https://www.example.org/statistics/unit-costs-of-health-and-social-care-2025"));
    document_cell(d, doc_bool(i % 2));
  }
  document_table_end(d);
  document_close(d);
  document_list(d, "notes", "Notes");
  document_list_item(d, "Value Added Tax and fuel duty are estimated from published averages; "
                        "nobody keeps a record of what each person paid.");
  document_list_item(
      d, "A student loan repayment of £120.00 was given back: a correction is shown with a minus.");
  document_list_end(d);
}

static struct document *statement(struct arena *arena, enum language language, const char *title,
                                  const char *name, bool empty) {
  static const char *const csv[] = {"section", "category|code", "name",  "amount",  "quantity",
                                    "unit",    "minutes",       "value", "entries", "estimated"};
  struct document *d = document_new(arena, language, title);
  document_csv_columns(d, csv, 10);
  document_open(d, "person", NULL);
  document_value(d, "id", NULL, doc_text("P000001"));
  document_value(d, "name", "Name", doc_text(name));
  document_value(d, "born", "Born", doc_day(day_make(1980, 5, 3)));
  document_value(d, "place", "Place", doc_text("Elmbridge Neighbourhood, Larkford"));
  document_close(d);
  document_value(d, "year", NULL, doc_text("2025-26"));
  document_value(d, "from", "From", doc_day(day_make(2025, 4, 6)));
  document_value(d, "to", "To", doc_day(day_make(2026, 4, 5)));
  document_open(d, NULL, NULL);
  document_headline_beside(d, NULL, "You paid", doc_money(empty ? 0 : 1032092),
                           empty ? NULL
                                 : "2024-25: £9,876, as one paid it in a year before this one");
  document_headline(d, NULL, "You received", doc_money(empty ? 0 : 1428880));
  document_headline(d, NULL, "You gave", doc_minutes(empty ? 0 : 7510));
  document_close(d);
  document_open(d, "paid", "What you paid");
  document_value(d, "total", NULL, doc_money(empty ? 0 : 1032092));
  lines(d, NULL, "paid", paid, empty ? 0 : 6, false);
  document_close(d);
  received(d, empty);
  if (!empty) {
    given(d);
    where_it_went(d);
    document_absent(d, "previous");
    life(d);
    in_prices(d);
  }
  sources(d);
  return d;
}

static struct document *place(struct arena *arena) {
  static const char *const series[] = {"Paid", "Received in cash", "Services"};
  static const char *const years[] = {"2021-22", "2022-23", "2023-24", "2024-25", "2025-26"};
  struct doc_column columns[] = {{"key", NULL},
                                 {"name", "Category"},
                                 {"paid", "Paid"},
                                 {"received", "Received"},
                                 {"services", "Services"},
                                 {"given_minutes", "Time for others"},
                                 {"people", "People"}};
  struct document *d = document_new(arena, ENGLISH, "The account of Larkford for 2025-26");
  document_value(d, "people", "People who lived here", doc_count(10214));
  document_headline(d, NULL, "Paid", doc_money(9876543210));
  document_headline(d, NULL, "Received in cash", doc_money(4321098765));
  document_headline(d, NULL, "Services", doc_money(5210987654));
  document_open(d, NULL, "By domain of life");
  document_chart(d, CHART_BARS, "Paid and received, by domain", "Ten groups of three bars.", series,
                 3);
  for (int i = 0; i < 4; i++) {
    struct doc_value values[] = {doc_money(2987654321 / (i + 1)), doc_money(1234567890 / (i + 2)),
                                 doc_money(i == 2 ? -310000000 : 987654321)};
    document_chart_point(d, services[i % 3].name, values);
  }
  document_chart_end(d);
  document_close(d);
  document_chart(d, CHART_COLUMNS, "Thirty years", "Columns for thirty years, a few below nothing.",
                 series, 2);
  for (int i = 0; i < 30; i++) {
    struct doc_value values[] = {doc_money((i - 4) * 98765432L), doc_money(i * i * 2345678L)};
    document_chart_point(d, years[i % 5], values);
  }
  document_chart_end(d);
  document_chart(d, CHART_COLUMNS, "Five years of time", "Five columns.", series, 1);
  for (int i = 0; i < 5; i++) {
    struct doc_value value = doc_minutes(1234567L * i);
    document_chart_point(d, years[i], &value);
  }
  document_chart_end(d);
  document_open(d, NULL, "By category");
  document_table(d, "by", NULL, columns, 7, "by");
  for (int i = 0; i < 60; i++) {
    document_cell(d, doc_text("key"));
    document_cell(d, doc_text(i % 3 ? "Personal Independence Payment (daily living)"
                                    : "School place"));
    document_cell(d, doc_money(i % 4 == 0 ? 123456789 - i * 77777 : 0));
    document_cell(d, doc_money(i % 4 == 1 ? -98765432 + i * 54321 : 0));
    document_cell(d, doc_money(i % 4 == 2 ? 1234567890 : 0));
    document_cell(d, doc_minutes(i % 4 == 3 ? 1234567 : 0));
    document_cell(d, doc_count(i * 37));
  }
  document_table_end(d);
  document_close(d);
  return d;
}

static void save(const char *dir, const char *name, const char *extension, const struct document *d,
                 enum format format) {
  struct text path = {0}, out = {0};
  text_addf(&path, "%s/%s.%s", dir, name, extension);
  document_render(d, format, NULL, &out);
  FILE *file = fopen(path.bytes, "w");
  assert(file);
  fwrite(out.bytes, 1, out.size, file);
  fclose(file);
  text_release(&path);
  text_release(&out);
}

/* A PDF with an attached file, and its digest as the program computes it; tests/pdf computes it
 * from the rule. */
static void save_attached(const char *dir, const struct document *d) {
  struct text path = {0}, out = {0}, hex = {0};
  struct document_attachment attachment = {"statement.json", NULL, 0, "The statement as data"};
  struct document_options options = {.attachment = &attachment};
  struct span found;
  struct digest digest;
  struct error err = {0};
  document_render(d, FORMAT_PDF, &options, &out);
  document_pdf_attach(&out, span_of("{\"person\":{\"id\":\"P000001\"},\"year\":\"2025-26\"}"));
  enum status status = document_pdf_digest(span_make(out.bytes, out.size), &found, &digest, &err);
  assert(status == DONE);
  (void)status;
  text_add_hex(&hex, digest.bytes, sizeof digest.bytes);
  struct {
    const char *extension;
    const struct text *content;
  } files[] = {{"pdf", &out}, {"digest", &hex}};
  for (int i = 0; i < 2; i++) {
    text_clear(&path);
    text_addf(&path, "%s/attached.%s", dir, files[i].extension);
    FILE *file = fopen(path.bytes, "w");
    assert(file);
    fwrite(files[i].content->bytes, 1, files[i].content->size, file);
    fclose(file);
  }
  text_release(&path);
  text_release(&out);
  text_release(&hex);
}

/* A statement as most people have it: some sixty rows in all. */
static struct document *sixty_rows(struct arena *arena) {
  struct line many[15];
  for (int i = 0; i < 15; i++) many[i] = paid[i % 6];
  struct document *d = document_new(arena, ENGLISH, "Your statement for 2025-26");
  for (int i = 0; i < 2; i++) {
    document_open(d, i ? "paid" : "received", "What you paid");
    lines(d, NULL, "paid", many, 15, i);
    document_close(d);
  }
  given(d);
  where_it_went(d);
  life(d);
  sources(d);
  return d;
}

static void time_formats(void) {
  static const char *const names[] = {"text", "html", "json", "csv", "pdf"};
  enum { ROUNDS = 20000 };
  struct arena *arena = arena_new();
  struct text out = {0};
  for (int format = -1; format <= FORMAT_PDF; format++) {
    int rounds = format == FORMAT_PDF ? ROUNDS / 10 : ROUNDS;
    struct timespec from, to;
    struct document *d = sixty_rows(arena);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    for (int i = 0; i < rounds; i++) {
      text_clear(&out);
      if (format >= 0) {
        document_render(d, (enum format)format, NULL, &out);
        continue;
      }
      arena_reset(arena);
      d = sixty_rows(arena);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    double us = ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) /
                1e3 / rounds;
    printf("%-8s %6.1f us %6zu bytes\n", format < 0 ? "building" : names[format], us, out.size);
  }
  text_release(&out);
  arena_free(arena);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: sample_pages DIR | --time\n");
    return 2;
  }
  if (strcmp(argv[1], "--time") == 0) {
    time_formats();
    return 0;
  }
  struct arena *arena = arena_new();
  struct document *made[] = {
      statement(arena, ENGLISH, "Your statement for 2025-26", "Alex Example", false),
      statement(arena, WELSH, "Eich datganiad ar gyfer 2025-26", "Siân Enghraifft", false),
      statement(arena, ENGLISH, "Your statement for 2025-26", "Alex Example", true),
      statement(arena, ENGLISH, "Statement of \xE2\x80\xAE<script>alert('x')</script>\x01\" & co",
                "Anne-\xE2\x80\xAEMarie\nTotal £0.00 <b>&amp;\t'\"\x7f \xC2\x85next "
                "Pneumonoultramicroscopicsilicovolcanoconiosis-Featherstonehaugh",
                false),
      place(arena),
      /* Other scripts; a combining accent; two characters with the same shape; characters that no
       * face here has. */
      statement(arena, ENGLISH, "Ω Жанна Łukasz ŵ \xF0\x9F\x90\x9D",
                "Σίσυφος Żółć \xE6\xBC\xA2\xE5\xAD\x97 \xF0\x9F\x90\x9D w\xCC\x82 ﬁ Δ\xE2\x88\x86 "
                "µμ Ω\xE2\x84\xA6 \xE2\x9C\x93 e\xCC\xB2",
                false),
  };
  static const char *const names[] = {"statement", "datganiad", "nothing",
                                      "hostile",   "place",     "characters"};
  mkdir(argv[1], 0777);
  for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
    save(argv[1], names[i], "html", made[i], FORMAT_HTML);
    save(argv[1], names[i], "txt", made[i], FORMAT_TEXT);
    save(argv[1], names[i], "json", made[i], FORMAT_JSON);
    save(argv[1], names[i], "csv", made[i], FORMAT_CSV);
    save(argv[1], names[i], "pdf", made[i], FORMAT_PDF);
  }
  save_attached(argv[1], made[0]);
  arena_free(arena);
  return 0;
}
