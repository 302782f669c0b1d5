/* Forms: pairs to values and faults (src/action/field.h). The hostile corpus goes into every
 * kind of field, the good values come out as they should. */
#include "action/field.h"
#include "base/limits.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
/* after those four */
#include <cmocka.h>

static const struct choice colours[] = {{"red", "Red"}, {"blue", "Blue"}, {NULL, NULL}};

static const struct field every_kind[] = {
    {.name = "a-text", .kind = FIELD_TEXT, .optional = true},
    {.name = "a-long", .kind = FIELD_LONG, .optional = true},
    {.name = "a-day", .kind = FIELD_DAY, .optional = true},
    {.name = "a-year", .kind = FIELD_YEAR, .optional = true},
    {.name = "a-money", .kind = FIELD_MONEY, .optional = true},
    {.name = "a-time", .kind = FIELD_MINUTES, .optional = true},
    {.name = "a-quantity", .kind = FIELD_QUANTITY, .optional = true},
    {.name = "a-count", .kind = FIELD_COUNT, .optional = true, .most = 120},
    {.name = "a-choice", .kind = FIELD_CHOICE, .optional = true, .choices = colours},
    {.name = "a-choices", .kind = FIELD_CHOICES, .optional = true, .choices = colours},
    {.name = "a-code", .kind = FIELD_CODE, .optional = true},
    {.name = "a-line", .kind = FIELD_LINE, .optional = true},
    {.name = "a-file", .kind = FIELD_FILE, .optional = true},
    {.name = "a-hidden", .kind = FIELD_HIDDEN, .optional = true},
    {.name = NULL}};

static day_t today(void) { return day_make(2026, 11, 25); }

/* One field, some pairs: name, value, name, value ..., null. */
static enum status read_pairs(struct arena *arena, const struct field *fields,
                              struct fields_read *out, struct error *err,
                              const char *const *pairs) {
  struct sent sent[16];
  int count = 0;
  for (; pairs[2 * count]; count++)
    sent[count] = (struct sent){.name = span_of(pairs[2 * count]),
                                .value = span_of(pairs[2 * count + 1])};
  return fields_read(out, arena, ENGLISH, fields, sent, count, today(), err);
}
#define PAIRS(...) ((const char *const[]){__VA_ARGS__, NULL, NULL})

/* ---- hostile ---- */

struct hostile {
  const char *bytes;
  size_t size;
  bool is_refused; /* in every kind: no browser sends it */
};
#define H(text) \
  { text, sizeof text - 1, false }
#define R(text) \
  { text, sizeof text - 1, true }
static const struct hostile corpus[] = {
    H("<script>alert(1)</script>"),
    H("\"><img src=x onerror=alert(1)>"),
    H("javascript:alert(1)"),
    H("{{name}}{{{html}}}"),
    H("<!--"),
    H("]]>"),
    H("' or '1'='1"),
    H("'; drop table party; --"),
    H("1; delete from line"),
    H("\\'; select pg_sleep(10) --"),
    H("%s%s%s%n%n%n"),
    H("%99999999d"),
    H("%p%x"),
    H("${jndi:ldap://x/a}"),
    H("$(reboot)"),
    H("`id`"),
    H("| cat /etc/passwd"),
    H("../../../../etc/passwd"),
    H("..\\..\\windows"),
    H("%00"),
    H("%2e%2e%2f"),
    H("=cmd|'/c calc'!A1"),
    H("+1+1"),
    H("-1"),
    H("@SUM(1)"),
    H("\r\nSet-Cookie: a=b"),
    H("a\r\nb"),
    H("\x01\x02\x1b[31m"),
    H("\x7f"),
    H("\xc2\x80\xc2\x9f"),
    H("\xe2\x80\xae"
      "abc"),
    H("abc\xe2\x81\xa6"
      "def\xe2\x81\xa9"),
    H("\xe2\x80\x8e\xe2\x80\x8f"),
    H("\xd8\x9c"),
    H("\xef\xbb\xbf"
      "bom"),
    H("\xe2\x80\xa8line"),
    H("\xf3\xa0\x81\x81"),
    H("\xef\xbf\xbf"),
    H("\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"),
    H("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"),
    H("9223372036854775808"),
    H("-9223372036854775809"),
    H("1e308"),
    H("NaN"),
    H("Infinity"),
    H("0x10"),
    H("00000000000000000001"),
    H("99999999999999999999999999999999999999"),
    H("1,2.5"),
    H("--5"),
    H("0000-00-00"),
    H("2026-02-30"),
    H("2026-13-01"),
    H("9999-12-31"),
    H("2025-99"),
    H("0:0"),
    H("-1:-1"),
    H("1:9223372036854775808"),
    H("   "),
    H("\t\r\n"),
    H("red blue"),
    H("RED"),
    H("\xc2\xa3"),
    H(","),
    H(",,,"),
    H("."),
    H(":"),
    R("a\0b"),
    R("\0"),
    R("\xff"),
    R("\xc3\x28"),
    R("\xc0\xaf"),
    R("\xe0\x80\xaf"),
    R("\xed\xa0\x80"),
    R("\xf4\x90\x80\x80"),
    R("\xf8\x88\x80\x80\x80"),
    R("ok\xe2\x82"),
    R("\xc2"),
};
enum { CORPUS = sizeof corpus / sizeof *corpus };

static bool is_clean(struct span s, bool lines) {
  if (!utf8_valid(s.bytes, s.size)) return s.size == 0;
  for (size_t i = 0; i < s.size; i++) {
    uint8_t b = (uint8_t)s.bytes[i];
    if ((b < 0x20 && !(lines && b == '\n')) || b == 0x7f) return false;
    if (s.size - i >= 3 && b == 0xe2 && (uint8_t)s.bytes[i + 1] == 0x80 &&
        ((uint8_t)s.bytes[i + 2] >= 0xa8 || ((uint8_t)s.bytes[i + 2] & 0xfe) == 0x8e) &&
        (uint8_t)s.bytes[i + 2] <= 0xae)
      return false;
    if (s.size - i >= 3 && b == 0xe2 && (uint8_t)s.bytes[i + 1] == 0x81 &&
        (uint8_t)s.bytes[i + 2] >= 0xa6 && (uint8_t)s.bytes[i + 2] <= 0xa9)
      return false;
  }
  return s.bytes[s.size] == '\0';
}

/* Checks what must be true for any answer. */
static void hold_answer(const struct fields_read *out, const struct field *fields) {
  for (int i = 0; fields[i].name; i++) {
    bool lines = fields[i].kind == FIELD_LONG,
         parts = fields[i].kind == FIELD_DAY || fields[i].kind == FIELD_MINUTES;
    assert_true(is_clean(out->values[i].text, lines));
    assert_true(is_clean(out->given[i], lines || parts));
    assert_string_equal(out->values[i].name, fields[i].name);
  }
  assert_null(out->values[13 + 1].name);
  for (const struct fault *f = out->faults; f && f->field; f++)
    assert_true(f->message && f->message[0]);
}

static void send_one(const char *name, const char *suffix, struct span value, bool is_refused,
                     enum field_kind kind) {
  struct arena *arena = arena_new();
  struct fields_read out;
  struct error err = {0};
  struct sent sent = {.name = span_of(arena_printf(arena, "%s%s", name, suffix)), .value = value};
  enum status status = fields_read(&out, arena, ENGLISH, every_kind, &sent, 1, today(), &err);
  if (kind == FIELD_FILE || is_refused) {
    assert_int_equal(status, REFUSED);
    assert_true(err.message[0]);
  } else if (status == REFUSED)
    assert_true(kind == FIELD_CHOICE || kind == FIELD_CHOICES || kind == FIELD_HIDDEN);
  else hold_answer(&out, every_kind);
  arena_free(arena);
}

static void a_hostile_value_is_clean_or_a_fault_or_refused(void **state) {
  (void)state;
  for (int i = 0; every_kind[i].name; i++)
    for (int c = 0; c < CORPUS; c++)
      send_one(every_kind[i].name, "", span_make(corpus[c].bytes, corpus[c].size),
               corpus[c].is_refused, every_kind[i].kind);
  static const char *const suffixes[] = {"-day", "-month", "-year"};
  for (int s = 0; s < 3; s++)
    for (int c = 0; c < CORPUS; c++)
      send_one("a-day", suffixes[s], span_make(corpus[c].bytes, corpus[c].size),
               corpus[c].is_refused, FIELD_DAY);
  for (int c = 0; c < CORPUS; c++) {
    send_one("a-time", "-hours", span_make(corpus[c].bytes, corpus[c].size), corpus[c].is_refused,
             FIELD_MINUTES);
    send_one("a-time", "-minutes", span_make(corpus[c].bytes, corpus[c].size), corpus[c].is_refused,
             FIELD_MINUTES);
  }
}

static void a_megabyte_is_a_fault_in_every_kind(void **state) {
  (void)state;
  enum { MEGABYTE = 1 << 20 };
  char *bytes = malloc(MEGABYTE);
  for (int filling = 0; filling < 3; filling++) {
    memset(bytes, "x9,"[filling], MEGABYTE);
    for (int i = 0; every_kind[i].name; i++) {
      enum field_kind kind = every_kind[i].kind;
      struct arena *arena = arena_new();
      struct fields_read out;
      struct error err = {0};
      struct sent sent = {.name = span_of(every_kind[i].name), .value = span_make(bytes, MEGABYTE)};
      enum status status = fields_read(&out, arena, WELSH, every_kind, &sent, 1, today(), &err);
      if (status == DONE) {
        assert_non_null(out.faults);
        assert_false(out.values[i].given);
        hold_answer(&out, every_kind);
      } else
        assert_true(kind == FIELD_CHOICE || kind == FIELD_CHOICES || kind == FIELD_FILE ||
                    kind == FIELD_HIDDEN);
      arena_free(arena);
    }
  }
  free(bytes);
}

static void an_unknown_field_name_is_refused(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  struct fields_read out;
  static const char *const names[] = {
      "",       "a",           "a-tex",         "a-textx",        "a-text-day",
      "a-day-", "a-day-hours", "a-day-day-day", "a-time-seconds", "a-text[]",
      "A-TEXT", "<script>",    "\xff",          "__proto__"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct error err = {0};
    assert_int_equal(read_pairs(arena, every_kind, &out, &err, PAIRS(names[i], "x")), REFUSED);
    assert_true(utf8_valid(err.message, strlen(err.message)));
  }
  struct error err = {0};
  assert_int_equal(fields_read(&out, arena, ENGLISH, NULL,
                               &(struct sent){span_of("a"), span_of("b"), false, 0, {0}}, 1,
                               today(), &err),
                   REFUSED);
  assert_int_equal(fields_read(&out, arena, ENGLISH, NULL, NULL, 0, today(), &err), DONE);
  assert_null(out.faults);
  arena_free(arena);
}

static void the_same_name_twice_is_refused(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  struct fields_read out;
  struct error err = {0};
  assert_int_equal(read_pairs(arena, every_kind, &out, &err, PAIRS("a-text", "x", "a-text", "x")),
                   REFUSED);
  assert_int_equal(read_pairs(arena, every_kind, &out, &err,
                              PAIRS("a-day", "2026-01-01", "a-day-day", "1")),
                   REFUSED);
  assert_int_equal(read_pairs(arena, every_kind, &out, &err,
                              PAIRS("a-day-day", "1", "a-day", "2026-01-01")),
                   REFUSED);
  assert_int_equal(read_pairs(arena, every_kind, &out, &err,
                              PAIRS("a-day-day", "1", "a-day-day", "1")),
                   REFUSED);
  assert_int_equal(read_pairs(arena, every_kind, &out, &err,
                              PAIRS("a-choices", "red", "a-choices", "red")),
                   REFUSED);
  assert_int_equal(read_pairs(arena, every_kind, &out, &err,
                              PAIRS("a-choices", "red", "a-choices", "green")),
                   REFUSED);
  assert_int_equal(read_pairs(arena, every_kind, &out, &err,
                              PAIRS("a-choices", "red", "a-choices", "blue")),
                   DONE);
  assert_true(span_is(out.values[9].text, "red blue"));
  struct sent many[300];
  for (int i = 0; i < 300; i++)
    many[i] = (struct sent){span_of("a-choices"), span_of("red"), false, 0, {0}};
  assert_int_equal(fields_read(&out, arena, ENGLISH, every_kind, many, 300, today(), &err),
                   REFUSED);
  assert_int_equal(fields_read(&out, arena, ENGLISH, every_kind, many, 100, today(), &err),
                   REFUSED);
  arena_free(arena);
}

static void only_a_file_field_takes_a_file(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  struct fields_read out;
  struct error err = {0};
  struct sent path = {span_of("a-file"), span_of("spool/17"), false, 0, {0}},
              file = {span_of("a-file"), span_of("spool/17"), true, 12, {0}},
              text = {span_of("a-text"), span_of("spool/17"), true, 12, {0}};
  assert_int_equal(fields_read(&out, arena, ENGLISH, every_kind, &path, 1, today(), &err), REFUSED);
  assert_int_equal(fields_read(&out, arena, ENGLISH, every_kind, &text, 1, today(), &err), REFUSED);
  assert_int_equal(fields_read(&out, arena, ENGLISH, every_kind, &file, 1, today(), &err), DONE);
  assert_null(out.faults);
  assert_true(out.values[12].given && span_is(out.values[12].text, "spool/17") &&
              out.given[12].size == 0);
  file.file_bytes = 0;
  assert_int_equal(fields_read(&out, arena, ENGLISH, every_kind, &file, 1, today(), &err), DONE);
  assert_string_equal(out.faults[0].message, "The file is empty");
  arena_free(arena);
}

static void several_files_are_paths_with_a_nul_after_each(void **state) {
  (void)state;
  static const struct field fields[] = {{.name = "f", .kind = FIELD_FILES}, {.name = NULL}};
  enum { MANY = LIMIT_IMPORT_FILES + 1 };
  struct arena *arena = arena_new();
  struct fields_read out;
  struct error err = {0};
  struct sent *sent = arena_array(arena, struct sent, MANY);
  for (int i = 0; i < MANY; i++)
    sent[i] = (struct sent){span_of("f"), span_of(i == 0 ? "a b" : "-"), true, 0, {0}};
  assert_int_equal(fields_read(&out, arena, ENGLISH, fields, sent, 2, today(), &err), DONE);
  assert_null(out.faults);
  assert_int_equal(out.values[0].number, 2);
  assert_true(span_equal(out.values[0].text, span_make("a b\0-", 6)));
  assert_int_equal(fields_read(&out, arena, ENGLISH, fields, sent, MANY - 1, today(), &err), DONE);
  assert_int_equal(fields_read(&out, arena, ENGLISH, fields, sent, MANY, today(), &err), REFUSED);
  assert_int_equal(fields_read(&out, arena, ENGLISH, fields, sent, 0, today(), &err), DONE);
  assert_true(out.faults[0].is_missing);
  sent[1].file_name = span_of("empty.csv"); /* an upload has a name */
  assert_int_equal(fields_read(&out, arena, ENGLISH, fields, sent, 2, today(), &err), DONE);
  assert_string_equal(out.faults[0].message, "The file is empty");
  sent[0].file = false;
  assert_int_equal(fields_read(&out, arena, ENGLISH, fields, sent, 1, today(), &err), REFUSED);
  arena_free(arena);
}

/* ---- good values ---- */

static void hold_number(const char *name, const char *sent, int64_t number) {
  struct arena *arena = arena_new();
  struct fields_read out;
  struct error err = {0};
  assert_int_equal(read_pairs(arena, every_kind, &out, &err, PAIRS(name, sent)), DONE);
  if (out.faults) fail_msg("%s=%s: %s", name, sent, out.faults[0].message);
  for (int i = 0; every_kind[i].name; i++)
    if (strcmp(every_kind[i].name, name) == 0) {
      assert_true(out.values[i].given);
      if (out.values[i].number != number)
        fail_msg("%s=%s: %lld", name, sent, (long long)out.values[i].number);
    }
  arena_free(arena);
}

static void hold_fault(const char *const *pairs, const char *message) {
  struct arena *arena = arena_new();
  struct fields_read out;
  struct error err = {0};
  assert_int_equal(read_pairs(arena, every_kind, &out, &err, pairs), DONE);
  if (!out.faults) fail_msg("%s=%s is taken", pairs[0], pairs[1]);
  assert_string_equal(out.faults[0].message, message);
  assert_null(out.faults[1].field);
  arena_free(arena);
}

static void money_is_read_as_people_write_it(void **state) {
  (void)state;
  hold_number("a-money", "12.50", 1250);
  hold_number("a-money",
              " \xc2\xa3"
              "1,234.50 ",
              123450);
  hold_number("a-money", "\xc2\xa3 7", 700);
  hold_number("a-money", "1,234,567", 123456700);
  hold_number("a-money", "0.05", 5);
  hold_number("a-money", "\u202f12.50\u200b", 1250);
  static const char *const wrong[] = {"12,50",  "1,2345",   "1234,567", ",123",
                                      "12.505", "12.5.0",   "\xc2\xa3", "12p",
                                      "1 234",  "1,23,456", "$5"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    hold_fault(PAIRS("a-money", wrong[i]), "Enter an amount in pounds, such as 12.50");
  hold_fault(PAIRS("a-money", "-1"), "Enter \xc2\xa3"
                                     "0.00 or more");
}

static void a_day_is_read_in_three_parts_or_whole(void **state) {
  (void)state;
  static const char *const days[][3] = {{"5", "4", "2026"},
                                        {"05", "04", "2026"},
                                        {" 5 ", "Apr", "2026"},
                                        {"5", "APRIL", "2026"},
                                        {"\u00a05", "4\u200b", "\uff12\uff10\uff12\uff16"},
                                        {"5", "Ebrill", "2026"},
                                        {"5", "ebr", "2026"}};
  struct arena *arena = arena_new();
  struct fields_read out;
  struct error err = {0};
  for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
    assert_int_equal(read_pairs(arena, every_kind, &out, &err,
                                PAIRS("a-day-day", days[i][0], "a-day-month", days[i][1],
                                      "a-day-year", days[i][2])),
                     DONE);
    assert_null(out.faults);
    assert_int_equal(out.values[2].number, day_make(2026, 4, 5));
    assert_true(span_is(out.values[2].text, "2026-04-05"));
  }
  hold_number("a-day", "2026-04-05", day_make(2026, 4, 5));
  hold_number("a-day", "\u00a02026\u201304\u201105", day_make(2026, 4, 5));
  hold_number("a-day", "2024-02-29", day_make(2024, 2, 29));
  arena_free(arena);
  hold_fault(PAIRS("a-day-day", "", "a-day-month", "4", "a-day-year", "2026"),
             "The date must include a day");
  hold_fault(PAIRS("a-day-month", "4"), "The date must include a day and year");
  hold_fault(PAIRS("a-day-day", "31", "a-day-month", "2", "a-day-year", "2026"),
             "The date must be a real date, such as 27 3 2026");
  hold_fault(PAIRS("a-day-day", "1", "a-day-month", "2", "a-day-year", "26"),
             "The year must have four digits, such as 2026");
  hold_fault(PAIRS("a-day-day", "1", "a-day-month", "2", "a-day-year", "1066"),
             "The date must be a real date, such as 27 3 2026");
  hold_fault(PAIRS("a-day-day", "1", "a-day-month", "ma", "a-day-year", "2026"),
             "The date must be a real date, such as 27 3 2026");
  hold_number("a-day", "27 3 2026", day_make(2026, 3, 27));
  hold_number("a-day", "1 March 2026", day_make(2026, 3, 1));
  hold_fault(PAIRS("a-day", "27 3 26"), "The year must have four digits, such as 2026");
  hold_fault(PAIRS("a-day", "27 3 2026 1"), "The date must be a real date, such as 27 3 2026");
  hold_fault(PAIRS("a-day", "5/4/2026"), "The date must be a real date, such as 27 3 2026");
}

static void time_counts_and_lines_are_read(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  struct fields_read out;
  struct error err = {0};
  assert_int_equal(read_pairs(arena, every_kind, &out, &err,
                              PAIRS("a-time-hours", "2", "a-time-minutes", "5", "a-line", "12:3")),
                   DONE);
  assert_null(out.faults);
  assert_int_equal(out.values[5].number, 125);
  assert_true(span_is(out.values[5].text, "125") && span_is(out.given[5], "2\n5"));
  assert_int_equal(out.values[11].number, 12);
  assert_int_equal(out.values[11].number2, 3);
  arena_free(arena);
  hold_number("a-time", "90", 90);
  hold_number("a-quantity", "2.5", 2500);
  hold_number("a-count", "120", 120);
  hold_number("a-year", "2025-26", 2025);
  hold_fault(PAIRS("a-time-hours", "1", "a-time-minutes", "60"),
             "Minutes must be a whole number from 0 to 59");
  hold_fault(PAIRS("a-count", "121"), "Enter 120 or less");
  hold_fault(PAIRS("a-line", "12"), "Write the number of an item, such as 12:3");
}

static const struct field moved[] = {
    {.name = "moved",
     .kind = FIELD_DAY,
     .label = "When did you move?",
     .missing = "Enter the day you moved",
     .past = true},
    {.name = "words", .kind = FIELD_LONG, .label = "Words", .most = 10},
    {.name = "colour", .kind = FIELD_CHOICE, .label = "Colour", .choices = colours},
    {.name = NULL}};

static void a_fault_names_its_field_and_keeps_the_sent_text(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  struct fields_read out;
  struct error err = {0};
  assert_int_equal(fields_read(&out, arena, ENGLISH, moved, NULL, 0, today(), &err), DONE);
  assert_string_equal(out.faults[0].message, "Enter the day you moved");
  assert_string_equal(out.faults[1].message, "Words: Write an answer");
  assert_string_equal(out.faults[2].message, "Colour: Choose an answer");
  assert_null(out.faults[3].field);
  assert_int_equal(read_pairs(arena, moved, &out, &err,
                              PAIRS("moved-day", "26", "moved-month", "11", "moved-year", "2026",
                                    "words", "one\r\ntwo\r\n", "colour", "red", "token",
                                    "anything")),
                   DONE);
  assert_string_equal(out.faults[0].message, "The date must be today or in the past");
  assert_true(span_is(out.given[0], "26\n11\n2026"));
  assert_true(span_is(out.values[1].text, "one\ntwo"));
  assert_int_equal(
      read_pairs(
          arena, moved, &out, &err,
          PAIRS("moved", "2026-11-25", "words",
                "\xc5\xb5\xc5\xb5\xc5\xb5\xc5\xb5\xc5\xb5\xc5\xb5\xc5\xb5\xc5\xb5\xc5\xb5\xc5\xb5",
                "colour", "red")),
      DONE);
  assert_null(out.faults);
  assert_int_equal(read_pairs(arena, moved, &out, &err,
                              PAIRS("moved", "2026-11-25", "words",
                                    "a\xe2\x80\xae"
                                    "b\tc",
                                    "colour", "red")),
                   DONE);
  assert_string_equal(
      out.faults[0].message,
      "Words: Some characters cannot be used here and were left out; look at what is left");
  assert_true(span_is(out.given[1], "ab c"));
  assert_false(out.values[1].given);
  arena_free(arena);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_hostile_value_is_clean_or_a_fault_or_refused),
      cmocka_unit_test(a_megabyte_is_a_fault_in_every_kind),
      cmocka_unit_test(an_unknown_field_name_is_refused),
      cmocka_unit_test(the_same_name_twice_is_refused),
      cmocka_unit_test(only_a_file_field_takes_a_file),
      cmocka_unit_test(several_files_are_paths_with_a_nul_after_each),
      cmocka_unit_test(money_is_read_as_people_write_it),
      cmocka_unit_test(a_day_is_read_in_three_parts_or_whole),
      cmocka_unit_test(time_counts_and_lines_are_read),
      cmocka_unit_test(a_fault_names_its_field_and_keeps_the_sent_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
