/* Files of rows: what is read, what is a fault of one row, what ends the reading; plain and
 * packed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/table.h"
#include "unit/scratch.h"
#include <sys/resource.h>
#include <zlib.h>
#include <zstd.h>

static const struct table_column columns[] = {{"id", true}, {"amount", false}, {"note", false}};
enum { ID, AMOUNT, NOTE, COLUMNS };

/* Every row on a line, `LINE id|amount|note` or `LINE !column: reason`; last the error that ended
 * the reading, `= message` without the file. */
static char *read_path(const char *path) {
  struct text t = {0};
  struct table *table = NULL;
  struct table_rows *rows = NULL;
  struct error err = {0};
  uint64_t first = 0;
  enum status status = table_open(&table, path, columns, COLUMNS, &err);
  while (status == DONE && (status = table_next(table, &rows, &err)) == DONE && rows) {
    assert_int_equal(rows->first_row, first);
    first += rows->count;
    for (size_t r = 0; r < rows->count; r++) {
      text_addf(&t, "%llu ", (unsigned long long)rows->line[r]);
      if (rows->fault[r].reason)
        text_addf(&t, "!%s: %s\n", rows->fault[r].column ? rows->fault[r].column : "",
                  rows->fault[r].reason);
      else
        for (int c = 0; c < COLUMNS; c++)
          text_addf(&t, SPAN_FORMAT "%s", SPAN(table_field(rows, r, c)),
                    c == COLUMNS - 1 ? "\n" : "|");
    }
    table_rows_free(rows);
  }
  if (status != DONE) {
    assert_int_equal(status, err.code);
    assert_string_equal(err.file, path);
    text_addf(&t, "= %llu: %s: %s", (unsigned long long)err.line, err.column, err.message);
  }
  table_close(table);
  text_reserve(&t, 0);
  return t.bytes;
}

static void reads_bytes(const char *bytes, size_t size, const char *expected) {
  char *found = read_path(scratch_bytes(bytes, size));
  assert_string_equal(found, expected);
  free(found);
}

static void reads(const char *text, const char *expected) {
  reads_bytes(text, strlen(text), expected);
}

static void columns_come_in_any_order(void **state) {
  (void)state;
  reads("id,amount,note\nP1,1.00,x\n", "2 P1|1.00|x\n");
  reads("note,x_mine,id\nx,y,P1\n", "2 P1||x\n");
  reads("id\nP1", "2 P1||\n");
  reads(" id , amount\nP1, 5 \n", "2 P1| 5 |\n");
  reads("\"id\",\"amount\"\n\"P1\",\"1\"\n", "2 P1|1|\n");
  reads("\xef\xbb\xbfid\nP1\n", "2 P1||\n");
  reads("id,amount\n", "");
  reads("id", "");
}

static void lines_end_in_three_ways(void **state) {
  (void)state;
  reads("id\r\nP1\r\nP2\r\n", "2 P1||\n3 P2||\n");
  reads("id\rP1\rP2\r", "2 P1||\n3 P2||\n");
  reads("id\nP1\n\nP2\r\n\r\n\rP3", "2 P1||\n4 P2||\n7 P3||\n");
  reads("\n\nid\nP1\n", "4 P1||\n");
}

static void quotes_hold_commas_breaks_and_quotes(void **state) {
  (void)state;
  reads("id,note\nP1,\"a,b\"\nP2,\"say \"\"x\"\"\"\nP3,\"\"\nP4,\"\"\"\"\n",
        "2 P1||a,b\n3 P2||say \"x\"\n4 P3||\n5 P4||\"\n");
  reads("id,note\nP1,\"one\ntwo\r\nthree\rfour\"\nP2,x\n",
        "2 P1||one\ntwo\r\nthree\rfour\n6 P2||x\n");
  reads("id\n\"\"\nP2\n", "2 ||\n3 P2||\n");
}

static void a_broken_row_is_a_fault_of_its_own(void **state) {
  (void)state;
  reads("id,note\nP1\nP2,x\n", "2 !: too few fields: 1 where the header has 2; write the commas of "
                               "empty fields too\n3 P2||x\n");
  reads("id,note\nP1,x,y\nP2,x\n", "2 !: too many fields: 3 where the header has 2; put a field "
                                   "that holds a comma in quotes\n3 P2||x\n");
  reads("id,note\nP1,5\" pipe\nP2,x\n",
        "2 !note: a quote within a field that does not begin with one; put the whole field in "
        "quotes and write \"\" for each quote in it\n3 P2||x\n");
  reads("id,note\nP1,\"x\"y\nP2,x\n", "2 !note: text after the closing quote; write \"\" for a "
                                      "quote within a quoted field\n3 P2||x\n");
  reads("id,note\nP0,x\nP1,\"open\nP2,x\n",
        "2 P0||x\n3 !note: a quote joins lines 3 to 4 into one broken "
        "row, so none of them was taken; close it, or write "
        "\"\" for a quote within a quoted field\n");
  reads("id,note\n\xff\xfe,x\nP2,\xc3\xa9\n", "2 !id: bytes that are not UTF-8 (the first is FF); "
                                              "save the file as UTF-8\n3 P2||\xc3\xa9\n");
  reads("id,note\nP1,caf\xe9 x\n",
        "2 !note: bytes that are not UTF-8 (the first is E9); save the file as UTF-8\n");
  reads_bytes("id,note\nP1,a\0b\nP2,x\n", 20, "2 !note: a NUL byte; text holds none\n3 P2||x\n");
  reads("id,x_mine\nP1,\xff\n",
        "2 !x_mine: bytes that are not UTF-8 (the first is FF); save the file as UTF-8\n");
}

static void a_wrong_header_is_refused_at_its_line(void **state) {
  (void)state;
  reads("", "= 1: : the file is empty; begin it with a row that names its columns");
  reads("\n\n", "= 1: : the file is empty; begin it with a row that names its columns");
  reads("\xef\xbb\xbf", "= 1: : the file is empty; begin it with a row that names its columns");
  reads("P1,5,x\n", "= 1: : no header: 'P1' and what follows name none of the columns; begin the "
                    "file with a row of id, amount, note");
  reads("id;amount\n", "= 1: : the columns are divided by semicolons; write commas (a spreadsheet: "
                       "save as CSV UTF-8, comma delimited)");
  reads("id\tamount\n", "= 1: : the columns are divided by tabs; write commas (a spreadsheet: save "
                        "as CSV UTF-8, comma delimited)");
  reads("id,surprise\n", "= 1: surprise: 'surprise' is not a column here; the columns are id, "
                         "amount, note, and x_... is ignored");
  reads("id,amuont\n", "= 1: amuont: 'amuont' is not a column here; write amount, or x_... for a "
                       "column to be ignored");
  reads("ID,Amount,Note\n",
        "= 1: ID: 'ID' is not a column here; write id, or x_... for a column to be ignored");
  reads("ID,amount\n",
        "= 1: ID: 'ID' is not a column here; write id, or x_... for a column to be ignored");
  reads("id,note,id\n", "= 1: id: the column is there twice; keep one of the two");
  reads(
      "id,note,\n",
      "= 1: : column 3 of the header has no name; name it (x_... is ignored) or delete the column");
  reads("amount,note\n", "= 1: id: the column is missing; every file of this kind needs it");
  reads("id,\"note\n", "= 1: : the quote that begins this field is not closed before the end "
                       "of the file; close it");
  reads("id,caf\xe9\n", "= 1: : the name of column 2 is not text in UTF-8; save the file as UTF-8");
  reads_bytes("\xff\xfei\0d\0", 6, "= 1: : this text is UTF-16; save it as UTF-8");
  reads("[{\"id\":1}]", "= 1: : this is a JSON list; write JSON Lines: one object a line, without "
                        "brackets around them");
  reads("PK\3\4zip",
        "= 0: : this is a zip file or a spreadsheet; save it as CSV, or pack it with gzip or zstd");
}

static void json_lines_are_taken_as_csv_is(void **state) {
  (void)state;
  reads(
      "{\"id\":\"P1\",\"amount\":12.34,\"note\":null}\n\n{\"note\":true,\"id\":7,\"x_a\":[1]}\r\n",
      "1 P1|12.34|\n3 7||true\n");
  reads("  {\"id\":\"\\u00e9\\n\",\"amount\":9223372036854775807}",
        "1 \xc3\xa9\n|9223372036854775807|\n");
  reads("{\"id\":1,\"amount\":12.340}\n{\"id\":1,\"amount\":100.0}\n{\"id\":1,\"amount\":-0.05}\n",
        "1 1|12.34|\n2 1|100|\n3 1|-0.05|\n");
  reads("{\"id\":1,\"amount\":92233720368547758.07}\n", "1 1|92233720368547758.07|\n");
  reads("{\"id\":1,\"amount\":12.5e1,\"note\":\"a\\u00e9\"}\n", "1 1|125|a\xc3\xa9\n");
  reads("{ \"note\" : \"x\" , \"id\" : 0.10 }\t\n{\"id\":1,\"note\":\"\"}\n", "1 0.1||x\n2 1||\n");
}

static void a_broken_object_is_a_fault_of_its_row(void **state) {
  (void)state;
  reads("{\"id\":1,\"amount\":1.2345678901234567e3}\n",
        "1 !amount: a number of more than 15 figures cannot be read exactly here; write it in "
        "quotes\n");
  reads("{\"id\":1}\n{\"amount\":1}\n", "1 1||\n2 !id: the key is missing; every row needs it\n");
  reads("{\"id\":1,\"id\":2}\n",
        "1 !: a key twice in one object (duplicate object key near '\"id\"'); write it once\n");
  reads("{\"id\":\"\\u00e9\",\"amount\":-896111734621072.05}\n",
        "1 !amount: a number of more than 15 figures cannot be read exactly here; write it in "
        "quotes\n");
  reads("{\"id\":\"1234567890123456\\\"\",\"amount\":-8961117346210.05}\n",
        "1 1234567890123456\"|-8961117346210.05|\n");
  reads("{\"id\":01}\n", "1 !: not a JSON object: invalid token near '0', at byte 7 of the line; "
                         "write one object a line\n");
  reads("{\"id\":1,}\n{}\n",
        "1 !: not a JSON object: string or '}' expected near '}', at byte 9 of the line; write one "
        "object a line\n2 !id: the key is missing; every row needs it\n");
  reads("{\"id\":{}}\n", "1 !id: an object or a list within the row; write a text or a number\n");
  reads("{\"id\":1,\"amuont\":2}\n", "1 !amuont: 'amuont' is not a column here; write amount, or "
                                     "x_... for a column to be ignored\n");
  reads("{\"id\":1}\n[1]\n", "1 1||\n2 !: not a JSON object; write one object a line\n");
  reads_bytes("{\"id\":1}\n{\"id\":\"a\0b\"}\n", 22, "1 1||\n2 !: a NUL byte; text holds none\n");
  reads("{\"id\":1}\n{\"id\":\"\xff\"}\n",
        "1 1||\n2 !: bytes that are not UTF-8; save the file as UTF-8\n");
  reads("{\"id\":1\n{\"id\":2}\n", "1 !: not a JSON object: '}' expected near end of file, at byte "
                                   "7 of the line; write one object a line\n2 2||\n");
}

/* A field of `size` letters in the second of three rows. */
static char *with_field(size_t size, const char *quote) {
  struct text t = {0};
  text_addf(&t, "id,note\nP0,x\nP1,%s", quote);
  text_reserve(&t, size);
  memset(t.bytes + t.size, 'y', size);
  t.size += size;
  text_addf(&t, "%s\nP2,x\n", quote);
  char *found = read_path(scratch_bytes(t.bytes, t.size));
  text_release(&t);
  return found;
}

static void a_long_field_is_a_fault_a_longer_record_is_refused(void **state) {
  (void)state;
  for (int quoted = 0; quoted < 2; quoted++) {
    char *found = with_field(LIMIT_FIELD_BYTES, quoted ? "\"" : "");
    assert_int_equal(strlen(found), strlen("2 P0||x\n3 P1||\n4 P2||x\n") + LIMIT_FIELD_BYTES);
    free(found);
    found = with_field(LIMIT_FIELD_BYTES + 1, quoted ? "\"" : "");
    assert_string_equal(
        found,
        "2 P0||x\n3 !note: 65536 bytes are too long; a field holds at most 65535\n4 P2||x\n");
    free(found);
    found = with_field(3 << 20, quoted ? "\"" : "");
    assert_string_equal(
        found,
        "2 P0||x\n3 !note: 3145728 bytes are too long; a field holds at most 65535\n4 P2||x\n");
    free(found);
    found = with_field(10 << 20, quoted ? "\"" : "");
    assert_string_equal(found, "2 P0||x\n= 3: : a row of more than 4194304 bytes; look for a quote "
                               "that is not closed, or a line break that is missing");
    free(found);
  }
}

/* Rows of every length around the borders of blocks, quoted now and then, each line ending: the
 * rows that come out are those that went in. */
static void blocks_border_anywhere(void **state) {
  (void)state;
  static const char *const ends[] = {"\n", "\r\n", "\r"};
  for (int e = 0; e < 3; e++) {
    struct text file = {0}, expected = {0};
    text_addf(&file, "id,amount,note%s", ends[e]);
    for (unsigned i = 0; i < 60000; i++) {
      unsigned size = i * 2654435761u >> 26; /* 0 to 63, scattered */
      bool quoted = i % 7 == 0;
      text_addf(&file, "P%u,%u,%s%.*s%s%s%s", i, size, quoted ? "\"" : "", (int)size,
                "abcdefghijklmnopqrstuvwxyz\xc3\xa9\xc3\xa9zyxwvutsrqponmlkjihgfedcbaabcdefghij",
                quoted ? "\"\"" : "", quoted ? "\"" : "", ends[e]);
      if (size == 27 || size == 29) { /* would cut the e acute in two */
        file.size -= strlen(ends[e]) + 1 + quoted * 3;
        text_addf(&file, "%s%s%s", quoted ? "\"\"" : "", quoted ? "\"" : "", ends[e]);
        size--;
      }
      text_addf(&expected, "%u P%u|%u|%.*s%s\n", i + 2, i,
                size == 26 || size == 28 ? (i * 2654435761u >> 26) : size, (int)size,
                "abcdefghijklmnopqrstuvwxyz\xc3\xa9\xc3\xa9zyxwvutsrqponmlkjihgfedcbaabcdefghij",
                quoted ? "\"" : "");
    }
    char *found = read_path(scratch_bytes(file.bytes, file.size));
    if (strcmp(found, expected.bytes) != 0) {
      size_t at = 0;
      while (found[at] == expected.bytes[at]) at++;
      fail_msg("ending %d, byte %zu: found '%.60s', expected '%.60s'", e, at,
               found + (at > 20 ? at - 20 : 0), expected.bytes + (at > 20 ? at - 20 : 0));
    }
    free(found);
    text_release(&file);
    text_release(&expected);
  }
}

static size_t pack_gzip(const char *bytes, size_t size, char *out, size_t capacity) {
  z_stream z = {.next_in = (Bytef *)bytes,
                .avail_in = (uInt)size,
                .next_out = (Bytef *)out,
                .avail_out = (uInt)capacity};
  assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
  size_t n = z.total_out;
  deflateEnd(&z);
  return n;
}

static void digest_of(const char *path, struct digest *digest) {
  struct input *in;
  struct error err = {0};
  char bytes[1000];
  size_t size;
  assert_int_equal(input_open(&in, path, &err), DONE);
  do assert_int_equal(input_read(in, bytes, sizeof bytes, &size, &err), DONE);
  while (size);
  input_digest(in, digest);
  input_close(in);
}

enum { PACKED_ROWS = 50000 };

static struct text rows_to_pack(void) {
  struct text t = {0};
  text_add(&t, "id,amount\n");
  for (int i = 0; i < PACKED_ROWS; i++)
    text_addf(&t, "P%d,%d.%02d\n", i, i * 7919 % 10007, i % 100);
  return t;
}

static void a_packed_file_is_the_same_file(void **state) {
  (void)state;
  struct text plain = rows_to_pack();
  size_t capacity = plain.size * 2 + 1024;
  char *packed = memory_alloc(capacity);
  struct digest digests[5];
  char *texts[5];
  texts[0] = read_path(scratch_bytes(plain.bytes, plain.size));
  digest_of(scratch_path, &digests[0]);
  size_t size = pack_gzip(plain.bytes, plain.size, packed, capacity);
  texts[1] = read_path(scratch_bytes(packed, size));
  digest_of(scratch_path, &digests[1]);
  size = ZSTD_compress(packed, capacity, plain.bytes, plain.size, 3);
  texts[2] = read_path(scratch_bytes(packed, size));
  digest_of(scratch_path, &digests[2]);
  /* two members one after the other, as gzip allows, and padding as tapes add */
  size_t half = plain.size / 2;
  size = pack_gzip(plain.bytes, half, packed, capacity);
  size += pack_gzip(plain.bytes + half, plain.size - half, packed + size, capacity - size);
  memset(packed + size, 0, 512);
  texts[3] = read_path(scratch_bytes(packed, size + 512));
  digest_of(scratch_path, &digests[3]);
  size = ZSTD_compress(packed, capacity, plain.bytes, half, 3);
  size += ZSTD_compress(packed + size, capacity - size, plain.bytes + half, plain.size - half, 3);
  texts[4] = read_path(scratch_bytes(packed, size));
  digest_of(scratch_path, &digests[4]);
  for (int i = 1; i < 5; i++) {
    assert_string_equal(texts[i], texts[0]);
    assert_memory_equal(&digests[i], &digests[0], sizeof digests[0]);
    free(texts[i]);
  }
  free(texts[0]);
  free(packed);
  text_release(&plain);
}

static void a_truncated_packing_is_refused_wherever_it_ends(void **state) {
  (void)state;
  struct text plain = rows_to_pack();
  size_t capacity = plain.size * 2 + 1024;
  char *packed = memory_alloc(capacity);
  for (int kind = 0; kind < 2; kind++) {
    size_t size = kind ? ZSTD_compress(packed, capacity, plain.bytes, plain.size, 3)
                       : pack_gzip(plain.bytes, plain.size, packed, capacity);
    for (size_t cut = 1; cut < size - 8; cut = cut < 16 ? cut + 1 : cut * 3) {
      char *found = read_path(scratch_bytes(packed, size - cut));
      if (!strstr(found, "the file is truncated: it ends within its "))
        fail_msg("%d, %zu bytes short: ...%s", kind, cut,
                 found + (strlen(found) > 200 ? strlen(found) - 200 : 0));
      free(found);
    }
    packed[size / 2] ^= 0x55;
    packed[size / 2 + 1] ^= 0x55;
    char *found = read_path(scratch_bytes(packed, size));
    assert_true(strstr(found, "the file is damaged: its ") ||
                strstr(found, "the file is truncated"));
    free(found);
  }
  size_t size = pack_gzip(plain.bytes, plain.size, packed, capacity);
  memcpy(packed + size, "rubbish", 7);
  char *found = read_path(scratch_bytes(packed, size + 7));
  assert_non_null(strstr(found, "the file is damaged: its gzip packing is broken near byte "));
  free(found);
  free(packed);
  text_release(&plain);
}

static void a_file_that_cannot_be_read_is_named(void **state) {
  (void)state;
  char *found = read_path("/nonexistent/file.csv");
  assert_string_equal(found, "= 0: : there is no such file; look at its name");
  free(found);
  found = read_path("/");
  assert_string_equal(found, "= 0: : this is a folder; name a file");
  free(found);
}

static void blocks_outlive_their_table(void **state) {
  (void)state;
  struct table *table;
  struct table_rows *rows, *none;
  struct error err = {0};
  assert_int_equal(table_open(&table, scratch_text("id,note\nP1,x\nP2\n"), columns, COLUMNS, &err),
                   DONE);
  assert_true(table_has_column(table, ID));
  assert_false(table_has_column(table, AMOUNT));
  assert_int_equal(table_next(table, &rows, &err), DONE);
  assert_int_equal(table_next(table, &none, &err), DONE);
  assert_null(none);
  assert_int_equal(input_size_bytes(table_input(table)), 16);
  assert_int_equal(input_position_bytes(table_input(table)), 16);
  table_close(table);
  assert_int_equal(rows->count, 2);
  assert_true(span_is(table_field(rows, 0, NOTE), "x"));
  assert_non_null(rows->fault[1].reason);
  table_rows_free(rows);
  table_rows_free(NULL);
  table_close(NULL);
}

static void published_files_are_read_raw(void **state) {
  (void)state;
  struct table_raw *raw;
  struct span *fields;
  struct error err = {0};
  struct text t = {0};
  int count;
  uint64_t line;
  assert_int_equal(table_raw_open(&raw,
                                  scratch_text(
                                      "Title,,\n\nDate,\"Am\"\"ount\nin \xa3\"\n01/05/2025,\x93"
                                      "caf\xe9\x94,5\" pipe\n"),
                                  &err),
                   DONE);
  while (table_raw_next(raw, &fields, &count, &line, &err) == DONE && count >= 0) {
    text_addf(&t, "%d:", (int)line);
    for (int i = 0; i < count; i++) text_addf(&t, SPAN_FORMAT "|", SPAN(fields[i]));
    text_add_char(&t, '\n');
  }
  assert_int_equal(count, -1);
  assert_string_equal(t.bytes,
                      "1:Title|||\n3:Date|Am\"ount\nin \xc2\xa3|\n5:01/05/2025|\xe2\x80\x9c"
                      "caf\xc3\xa9\xe2\x80\x9d|5\" pipe|\n");
  table_raw_close(raw);
  text_release(&t);
  assert_int_equal(table_raw_open(&raw, scratch_text("a,b\n1,\"x\n"), &err), DONE);
  assert_int_equal(table_raw_next(raw, &fields, &count, &line, &err), DONE);
  assert_int_equal(table_raw_next(raw, &fields, &count, &line, &err), REFUSED);
  assert_int_equal(err.line, 2);
  table_raw_close(raw);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_come_in_any_order),
      cmocka_unit_test(lines_end_in_three_ways),
      cmocka_unit_test(quotes_hold_commas_breaks_and_quotes),
      cmocka_unit_test(a_broken_row_is_a_fault_of_its_own),
      cmocka_unit_test(a_wrong_header_is_refused_at_its_line),
      cmocka_unit_test(json_lines_are_taken_as_csv_is),
      cmocka_unit_test(a_broken_object_is_a_fault_of_its_row),
      cmocka_unit_test(a_long_field_is_a_fault_a_longer_record_is_refused),
      cmocka_unit_test(blocks_border_anywhere),
      cmocka_unit_test(a_packed_file_is_the_same_file),
      cmocka_unit_test(a_truncated_packing_is_refused_wherever_it_ends),
      cmocka_unit_test(a_file_that_cannot_be_read_is_named),
      cmocka_unit_test(blocks_outlive_their_table),
      cmocka_unit_test(published_files_are_read_raw)};
  return cmocka_run_group_tests(tests, NULL, scratch_remove);
}
