/* PDFs: the same bytes each time, laid out so that what is outside the attachment has one digest,
 * and read back strictly. Other programs check their contents (tests/pdf/check). */
#include "base/arena.h"
#include "document/document.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <zlib.h>

#include <cmocka.h>

struct state {
  struct arena *arena;
  struct text pdf;
};

static int begin(void **context) {
  struct state *s = test_calloc(1, sizeof *s);
  s->arena = arena_new();
  *context = s;
  return 0;
}

static int end(void **context) {
  struct state *s = *context;
  text_release(&s->pdf);
  arena_free(s->arena);
  test_free(s);
  return 0;
}

static struct document *small(struct arena *arena, const char *title, const char *name) {
  struct doc_column columns[] = {{"name", "Tax"}, {"amount", "Amount"}};
  struct document *d = document_new(arena, ENGLISH, title);
  document_value(d, "name", "Name", doc_text(name));
  document_open(d, "paid", "What you paid");
  document_table(d, "lines", NULL, columns, 2, "paid");
  for (int i = 0; i < 3; i++) {
    document_cell(d, doc_text("Council Tax"));
    document_cell(d, doc_money(12345 * i));
  }
  document_table_end(d);
  document_close(d);
  return d;
}

struct bar_row {
  const char *name;
  int64_t pence;
};

static void add_bars(struct document *d, const struct bar_row *points, const struct bar_row *rows,
                     int count) {
  static const struct doc_column columns[] = {{"name", "Tax"}, {"amount", "Amount"}};
  static const char *const series[] = {"Amount"};
  document_chart(d, CHART_BARS, "The largest", "Bars of the largest rows", series, 1);
  for (int i = 0; i < count; i++) {
    struct doc_value value = doc_money(points[i].pence);
    document_chart_point(d, points[i].name, &value);
  }
  document_chart_end(d);
  document_table(d, NULL, NULL, columns, 2, NULL);
  for (int i = 0; i < count; i++) {
    document_cell(d, doc_text(rows[i].name));
    document_cell(d, doc_money(rows[i].pence));
  }
  document_table_end(d);
}

/* The contents of all pages, unpacked. */
static void unpack_pages(const struct text *pdf, struct text *out) {
  static const char begin[] = ">>\nstream\n";
  const char *end = pdf->bytes + pdf->size;
  for (const char *at = pdf->bytes;
       (at = memmem(at, (size_t)(end - at), begin, sizeof begin - 1));) {
    unsigned char piece[65536];
    at += sizeof begin - 1;
    z_stream z = {.next_in = (unsigned char *)(uintptr_t)at, .avail_in = (unsigned)(end - at)};
    z.next_out = piece;
    z.avail_out = sizeof piece;
    assert_int_equal(inflateInit(&z), Z_OK);
    if (inflate(&z, Z_FINISH) == Z_STREAM_END && memmem(piece, z.total_out, " re f\n", 6))
      text_add_bytes(out, (const char *)piece, z.total_out);
    inflateEnd(&z);
  }
  for (size_t i = 0; i < out->size; i++) /* glyphs are numbers, among them zero */
    if (!out->bytes[i]) out->bytes[i] = '.';
}

/* The widths of the bars beside the rows of tables, in points; returns how many there are. They
 * are decoration, and higher than a rule. */
static int bar_widths(const struct text *pdf, double *widths, int most) {
  enum { RULE_HIGHEST = 4 };
  static const char artifact[] = "/Artifact BMC\n";
  struct text pages = {0};
  int count = 0;
  unpack_pages(pdf, &pages);
  for (const char *at = pages.bytes; (at = strstr(at, artifact));) {
    double left, foot, wide, high;
    const char *close = strstr(at, "EMC\n"), *line = strstr(at += sizeof artifact - 1, "re f\n");
    if (!line || line > close) continue;
    while (line[-1] != '\n' && line[-1] != 'g') line--; /* the colour may stand before it */
    if (sscanf(line, "%lf %lf %lf %lf re", &left, &foot, &wide, &high) != 4) continue;
    if (high < RULE_HIGHEST) continue;
    assert_true(count < most);
    widths[count++] = wide;
  }
  text_release(&pages);
  return count;
}

/* Bars stand beside the names that they are of; where the table has another order, or other names,
 * the chart is drawn on its own. */
static void bars_stand_beside_their_own_rows(void **context) {
  struct state *s = *context;
  static const struct bar_row sorted[] = {{"VAT", 90000}, {"Council Tax", 30000}, {"Duty", 10000}},
                              pack[] = {{"Duty", 10000}, {"VAT", 90000}, {"Council Tax", 30000}},
                              other[] = {{"VAT", 90000}, {"Council Tax", 30000}, {"Levy", 10000}};
  double widths[8] = {0};
  struct document *d = document_new(s->arena, ENGLISH, "Same order");
  add_bars(d, sorted, sorted, 3);
  document_render(d, FORMAT_PDF, NULL, &s->pdf);
  assert_int_equal(bar_widths(&s->pdf, widths, 8), 3);
  assert_float_equal(widths[1] * 3, widths[0], 0.1);
  assert_float_equal(widths[2] * 9, widths[0], 0.1);
  const struct bar_row *const orders[] = {pack, other};
  for (int i = 0; i < 2; i++) {
    text_clear(&s->pdf);
    d = document_new(s->arena, ENGLISH, "Another order");
    add_bars(d, sorted, orders[i], 3);
    document_render(d, FORMAT_PDF, NULL, &s->pdf);
    assert_int_equal(bar_widths(&s->pdf, widths, 8), 0);
  }
}

/* A bar a quarter as long stands for a quarter of the money, in whichever table. */
static void bars_of_two_tables_have_one_scale(void **context) {
  struct state *s = *context;
  static const struct bar_row large[] = {{"VAT", 80000}}, small_one[] = {{"VAT", 20000}};
  double widths[8] = {0};
  struct document *d = document_new(s->arena, ENGLISH, "Two tables");
  add_bars(d, large, large, 1);
  add_bars(d, small_one, small_one, 1);
  document_render(d, FORMAT_PDF, NULL, &s->pdf);
  assert_int_equal(bar_widths(&s->pdf, widths, 8), 2);
  assert_float_equal(widths[1] * 4, widths[0], 0.1);
}

static void render(struct state *s, const char *title, const char *name, const char *json,
                   struct text *out) {
  struct document_attachment attachment = {"statement.json", json, json ? strlen(json) : 0,
                                           "The statement as data"};
  struct document_options options = {.attachment = &attachment};
  text_clear(out);
  document_render(small(s->arena, title, name), FORMAT_PDF, &options, out);
}

static struct span span(const struct text *t) { return span_make(t->bytes, t->size); }

static void the_same_document_gives_the_same_bytes(void **context) {
  struct state *s = *context;
  struct text again = {0};
  render(s, "A statement", "Alex", "{}", &s->pdf);
  render(s, "A statement", "Alex", "{}", &again);
  assert_true(span_equal(span(&s->pdf), span(&again)));
  render(s, "A statement", "Alec", "{}", &again);
  assert_false(span_equal(span(&s->pdf), span(&again)));
  text_release(&again);
}

static void the_digest_does_not_depend_on_the_attachment(void **context) {
  struct state *s = *context;
  struct text whole = {0};
  struct span attachment;
  struct digest empty, full, other;
  struct error err = {0};
  const char *json = "{\"seal\":\"\\nendstream\\nendobj\\nstartxref\\n1\\n%%EOF\\n\"}"
                     "\nendstream\nendobj\nstartxref\n1\n%%EOF\n";
  render(s, "A statement", "Alex", NULL, &s->pdf);
  assert_int_equal(document_pdf_digest(span(&s->pdf), &attachment, &empty, &err), DONE);
  assert_int_equal(attachment.size, 0);
  document_pdf_attach(&s->pdf, span_of(json));
  assert_int_equal(document_pdf_digest(span(&s->pdf), &attachment, &full, &err), DONE);
  assert_true(span_is(attachment, json));
  assert_memory_equal(&empty, &full, sizeof full);
  render(s, "A statement", "Alex", json, &whole); /* attached at once or later: the same file */
  assert_true(span_equal(span(&s->pdf), span(&whole)));
  document_pdf_attach(&whole, span_of("{}"));
  assert_int_equal(document_pdf_digest(span(&whole), &attachment, &other, &err), DONE);
  assert_true(span_is(attachment, "{}"));
  assert_memory_equal(&empty, &other, sizeof other);
  render(s, "A statement", "Alec", json, &whole);
  assert_int_equal(document_pdf_digest(span(&whole), &attachment, &other, &err), DONE);
  assert_memory_not_equal(&empty, &other, sizeof other);
  text_release(&whole);
}

/* A PDF reads back whatever its names and titles are. */
static void no_text_makes_a_file_that_is_refused(void **context) {
  struct state *s = *context;
  static const char *const texts[] = {"%%EOF",
                                      "\nstartxref\n1\n%%EOF\n",
                                      "<</Type/EmbeddedFile",
                                      "stream\nendstream\nendobj\n",
                                      "(\\",
                                      ")",
                                      "\r\n\xE2\x80\xAE",
                                      "\xFF\xFE\x80",
                                      "",
                                      "\xF0\x9F\x90\x9D\xCC\x82 w\xCC\x82"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct span attachment;
    struct digest digest;
    struct error err = {0};
    render(s, texts[i], texts[i], texts[i], &s->pdf);
    if (document_pdf_digest(span(&s->pdf), &attachment, &digest, &err) != DONE)
      fail_msg("%zu: %s", i, err.message);
    assert_true(span_is(attachment, texts[i]));
  }
}

/* The longest text that a field may have, everywhere; WEAL_PDF_KEEP names a file for inspection. */
static void texts_longer_than_a_page_continue(void **context) {
  struct state *s = *context;
  struct text words = {0}, solid = {0}, address = {0};
  for (int i = 0; i < 65535 / 9; i++) text_addf(&words, "word%04d ", i);
  for (int i = 0; i < 65535 / 7; i++) text_addf(&solid, "xx%04d_", i);
  text_addf(&address, "https://example.org/%s", solid.bytes);
  const char *const longest[] = {words.bytes, solid.bytes, address.bytes};
  struct document *d = document_new(s->arena, ENGLISH, "Long");
  for (int i = 0; i < 3; i++) {
    document_value(d, NULL, "Name", doc_text(longest[i]));
    document_open(d, NULL, "Part");
    struct doc_column columns[] = {{"name", "Name"}, {"amount", "Amount"}, {"note", "Note"}};
    document_table(d, NULL, NULL, columns, 3, NULL);
    document_cell(d, doc_text(i ? "short" : longest[i]));
    document_cell(d, doc_money(123));
    document_cell(d, doc_text(longest[i]));
    document_table_end(d);
    document_list(d, NULL, NULL);
    document_list_item(d, longest[i]);
    document_list_end(d);
    document_paragraph(d, longest[i]);
    document_inset(d, longest[i]);
    for (int kind = CHART_BARS; kind <= CHART_COLUMNS; kind++) {
      document_chart(d, (enum chart_kind)kind, "Chart", longest[i],
                     (const char *const[]){"Paid", "Received"}, 2);
      document_chart_point(d, longest[i],
                           (struct doc_value[]){doc_money(INT64_MAX / 200), doc_money(-1)});
      document_chart_end(d);
    }
    document_close(d);
  }
  document_render(d, FORMAT_PDF, NULL, &s->pdf);
  assert_true(s->pdf.size > 100000 && s->pdf.size < 4000000);
  const char *keep = getenv("WEAL_PDF_KEEP");
  FILE *file = keep ? fopen(keep, "w") : NULL;
  if (file) {
    fwrite(s->pdf.bytes, 1, s->pdf.size, file);
    fclose(file);
  }
  text_release(&words);
  text_release(&solid);
  text_release(&address);
}

static void refused(struct text *t, const char *why) {
  struct span attachment = {0};
  struct digest digest;
  struct error err = {0};
  assert_int_equal(document_pdf_digest(span(t), &attachment, &digest, &err), REFUSED);
  if (!strstr(err.message, why)) fail_msg("'%s' does not say '%s'", err.message, why);
  assert_null(attachment.bytes);
}

static void put_at(struct text *t, size_t at, const char *bytes) {
  struct text rest = {0};
  text_add_bytes(&rest, t->bytes + at, t->size - at);
  t->size = at;
  text_add(t, bytes);
  text_add_bytes(t, rest.bytes, rest.size);
  text_release(&rest);
}

static size_t find(const struct text *t, const char *needle) {
  const char *at = memmem(t->bytes, t->size, needle, strlen(needle));
  assert_non_null(at);
  return (size_t)(at - t->bytes);
}

static void forged_layouts_are_refused(void **context) {
  struct state *s = *context;
  const char *json = "{\"year\":\"2025-26\"}";
  struct text *t = &s->pdf;
#define AFRESH render(s, "A statement", "Alex", json, t)
  text_clear(t);
  text_add(t, "");
  refused(t, "no PDF of ours");
  text_add(t, "%PDF-1.7\nanother program's\nstartxref\n0\n%%EOF\n");
  refused(t, "no PDF of ours");
  document_render(small(s->arena, "A", "B"), FORMAT_PDF, NULL, (text_clear(t), t));
  refused(t, "carries no statement");
  AFRESH;
  text_add(t, "\n");
  refused(t, "something was added at its end");
  /* an incremental update */
  AFRESH;
  text_add(t, "9 0 obj\n<<>>\nendobj\nxref\n0 0\ntrailer\n<<>>\nstartxref\n7\n%%EOF\n");
  refused(t, "references");
  AFRESH;
  t->size -= 3;
  refused(t, "cut short");
  AFRESH;
  put_at(t, 15, "%");
  refused(t, "references");
  AFRESH;
  put_at(t, find(t, "\nendstream\nendobj\nstartxref"), " ");
  refused(t, "longer or shorter");
  AFRESH;
  t->bytes[find(t, "00000018>>") + 7]++; /* its length */
  refused(t, "longer or shorter");
  AFRESH;
  put_at(t, find(t, "/Length 00000000") + 8, "0");
  refused(t, "length");
  AFRESH;
  put_at(t, find(t, "\nstartxref\n"), "\n7 0 obj\n<<>>\nendobj");
  refused(t, "longer or shorter");
  AFRESH;
  put_at(t, 15, "7 0 obj\n<</Type/EmbeddedFile/Length 0>>\nstream\n\nendstream\nendobj\n");
  refused(t, "second attachment");
  AFRESH;
  put_at(t, find(t, "/Type/XRef") + 10, "/Prev 15");
  refused(t, "references");
  AFRESH;
  t->bytes[100] ^= 1;
  refused(t, "pages were changed");
#undef AFRESH
}

/* One bit anywhere: refused, or another digest, or another attachment. */
static void every_changed_bit_is_seen(void **context) {
  struct state *s = *context;
  struct span attachment;
  struct digest digest, changed;
  struct error err = {0};
  const char *json = "{\"year\":\"2025-26\"}";
  render(s, "A statement", "Alex", json, &s->pdf);
  assert_int_equal(document_pdf_digest(span(&s->pdf), &attachment, &digest, &err), DONE);
  for (size_t i = 0; i < s->pdf.size; i += i + 2500 < s->pdf.size && i > 300 ? 41 : 1) {
    s->pdf.bytes[i] ^= (char)(1 << i % 8);
    if (document_pdf_digest(span(&s->pdf), &attachment, &changed, &err) == DONE &&
        memcmp(&digest, &changed, sizeof digest) == 0 && span_is(attachment, json))
      fail_msg("byte %zu", i);
    s->pdf.bytes[i] ^= (char)(1 << i % 8);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(the_same_document_gives_the_same_bytes, begin, end),
      cmocka_unit_test_setup_teardown(the_digest_does_not_depend_on_the_attachment, begin, end),
      cmocka_unit_test_setup_teardown(no_text_makes_a_file_that_is_refused, begin, end),
      cmocka_unit_test_setup_teardown(texts_longer_than_a_page_continue, begin, end),
      cmocka_unit_test_setup_teardown(bars_stand_beside_their_own_rows, begin, end),
      cmocka_unit_test_setup_teardown(bars_of_two_tables_have_one_scale, begin, end),
      cmocka_unit_test_setup_teardown(forged_layouts_are_refused, begin, end),
      cmocka_unit_test_setup_teardown(every_changed_bit_is_seen, begin, end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
