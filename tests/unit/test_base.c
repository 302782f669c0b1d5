/* Text, errors, memory, JSON, hashes, messages and threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/day.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/message.h"
#include "base/nearest.h"
#include "base/pasted.h"
#include "base/queue.h"
#include "base/refusal.h"
#include "base/thread.h"
#include "base/ticker.h"
#include "base/worker.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static void utf8_is_checked_as_rfc_3629_says(void **state) {
  (void)state;
  static const struct {
    const char *bytes;
    size_t size;
    bool valid;
  } cases[] = {{"", 0, true},
               {"abc", 3, true},
               {"\xc3\xa9", 2, true},
               {"\xe2\x82\xac", 3, true},
               {"\xf0\x9f\x98\x80", 4, true},
               {"\xf4\x8f\xbf\xbf", 4, true},
               {"a\0b", 3, false},
               {"\x80", 1, false},
               {"\xc3", 1, false},
               {"\xc0\xaf", 2, false},
               {"\xe0\x80\xaf", 3, false},
               {"\xed\xa0\x80", 3, false},
               {"\xf4\x90\x80\x80", 4, false},
               {"\xf5\x80\x80\x80", 4, false},
               {"\xe2\x82", 2, false},
               {"\xff\xfe", 2, false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_int_equal(utf8_valid(cases[i].bytes, cases[i].size), cases[i].valid);
    char padded[200]; /* with enough letters before and after that the fast path passes over it */
    for (size_t before = 0; before < 130; before++) {
      memset(padded, 'x', sizeof padded);
      memcpy(padded + before, cases[i].bytes, cases[i].size);
      assert_int_equal(utf8_valid(padded, sizeof padded), cases[i].valid);
    }
  }
}

static void width_is_in_columns(void **state) {
  (void)state;
  assert_int_equal(utf8_width(span_of("abc")), 3);
  assert_int_equal(utf8_width(span_of("caf\xc3\xa9")), 4);
  assert_int_equal(utf8_width(span_of("cafe\xcc\x81")), 4);
  assert_int_equal(utf8_width(span_of("\xe6\x97\xa5\xe6\x9c\xac")), 4);
  assert_int_equal(utf8_width(span_of("\xe2\x88\x92\xc2\xa3"
                                      "5")),
                   3);
}

static void a_word_is_found_among_words_whole_and_only_so(void **state) {
  (void)state;
  const struct span words = span_of("see tell helper-time");
  assert_true(span_has_word(words, "see") && span_has_word(words, "tell"));
  assert_true(span_has_word(words, "helper-time"));
  assert_false(span_has_word(words, "time") || span_has_word(words, "helper"));
  assert_false(span_has_word(words, "") || span_has_word(words, "see tell"));
  assert_false(span_has_word(span_make(words.bytes, 6), "tell")); /* it ends before */
  assert_false(span_has_word(span_of("a  b "), "") || span_has_word(span_of(NULL), "see"));
}

static void a_character_is_written_as_utf_8(void **state) {
  static const struct {
    uint32_t c;
    const char *bytes;
  } all[] = {{'A', "A"},
             {0x7f, "\x7f"},
             {0x80, "\xc2\x80"},
             {0x7ff, "\xdf\xbf"},
             {0x800, "\xe0\xa0\x80"},
             {0xffff, "\xef\xbf\xbf"},
             {0x10000, "\xf0\x90\x80\x80"},
             {0x10ffff, "\xf4\x8f\xbf\xbf"}};
  struct text t = {0};
  (void)state;
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    text_clear(&t);
    text_add_character(&t, all[i].c);
    assert_string_equal(t.bytes, all[i].bytes);
  }
  text_release(&t);
}

static void spans_compare_and_trim(void **state) {
  (void)state;
  assert_true(span_compare(span_of("a"), span_of("b")) < 0);
  assert_true(span_compare(span_of("ab"), span_of("a")) > 0);
  assert_int_equal(span_compare(span_of("a"), span_of("a")), 0);
  assert_true(span_compare(span_of(""), span_of("a")) < 0);
  assert_true(span_is(span_trim(span_of(" \ta b\t ")), "a b"));
  assert_true(span_is(span_trim(span_of("  ")), ""));
  assert_true(span_hash(span_of("P0000001"), 5) == span_hash(span_of("P0000001"), 5));
  assert_true(span_hash(span_of("P0000001"), 5) != span_hash(span_of("P0000002"), 5));
  assert_true(span_hash(span_of("P0000001"), 5) != span_hash(span_of("P0000001"), 6));
  assert_true(span_hash(span_make("a\0", 2), 5) != span_hash(span_make("a", 1), 5));
}

static void a_paste_is_folded(void **state) {
  (void)state;
  static const struct {
    const char *text, *folded;
  } cases[] = {{"", ""},
               {"12", "12"},
               {" \t12\r\n", "12"},
               {"\u00a0 \u200b\ufeff", ""},
               {"\u00a0K7QXM\u2013ABCDE\u2011FGHJK\u200b", "K7QXM-ABCDE-FGHJK"},
               {"a\u3000b\u00adc", "a bc"},
               {"\uff2a\uff39\uff11\uff0d", "JY1-"},
               {"\u2066P1\u2069", "P1"},
               {"caf\u00e9 \u0175", "caf\u00e9 \u0175"},
               {"\xff 1\xc2", "\xff 1\xc2"},
               {"\x01"
                "1\x7f",
                "\x01"
                "1\x7f"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char out[64];
    struct span text = span_of(cases[i].text);
    size_t size = pasted_fold(text, out);
    assert_true(span_is(span_make(out, size), cases[i].folded));
    assert_true(span_is(text, cases[i].folded) || pasted_may_fold(text));
    memcpy(out, text.bytes, text.size); /* in place */
    assert_int_equal(pasted_fold(span_make(out, text.size), out), size);
    assert_true(span_is(span_make(out, size), cases[i].folded));
  }
  assert_true(span_is(span_trim_pasted(span_of("\u2003a\u00a0b\u2003")), "a\u00a0b"));
  assert_int_equal(span_trim_pasted(span_of("\u3164\u2800 ")).size, 0);
  assert_int_equal(span_trim_pasted(span_make(NULL, 0)).size, 0);
}

static void text_grows_and_escapes(void **state) {
  (void)state;
  struct text t = {0};
  for (int i = 0; i < 1000; i++) text_addf(&t, "%d,", i);
  assert_int_equal(t.size, 3890);
  text_clear(&t);
  text_addf(&t, "%s|" SPAN_FORMAT "|%d%s", "a", SPAN(span_make("bc\0d", 4)), INT32_MIN, "");
  assert_string_equal(t.bytes, "a|bc|-2147483648");
  text_clear(&t);
  text_addf(&t, "%s %03d%%", "a", 7);
  assert_string_equal(t.bytes, "a 007%");
  text_clear(&t);
  assert_string_equal(t.bytes, "");
  text_add_csv(&t, span_of("plain"));
  text_add_csv(&t, span_of("a,b"));
  text_add_csv(&t, span_of("say \"x\""));
  text_add_csv(&t, span_of("two\nlines"));
  assert_string_equal(t.bytes, "plain\"a,b\"\"say \"\"x\"\"\"\"two\nlines\"");
  text_clear(&t);
  text_add_json(&t, span_make("q\"\\\n\x01\x7f\xc3\xa9\xff\0z", 11));
  assert_string_equal(t.bytes, "\"q\\\"\\\\\\u000a\\u0001\\u007f\xc3\xa9\xef\xbf\xbd\\u0000z\"");
  text_clear(&t);
  text_add_html(&t, span_of("<a href='x'>\"&\"</a>"));
  assert_string_equal(t.bytes, "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;");
  text_clear(&t);
  text_add_clean(&t, span_make("n\xc3\xa9 \x1b[2J\n\0x\xe2\x80\xae\xff.", 16));
  assert_string_equal(t.bytes, "n\xc3\xa9 ?[2J??x??.");
  text_clear(&t);
  text_add_int(&t, INT64_MIN);
  assert_string_equal(t.bytes, "-9223372036854775808");
  text_release(&t);
  assert_null(t.bytes);
}

static void a_quotation_is_short_and_whole(void **state) {
  (void)state;
  char out[SPAN_QUOTE_SIZE], longest[200];
  assert_string_equal(span_quote(span_of("short"), out), "short");
  memset(longest, 'x', sizeof longest);
  assert_int_equal(strlen(span_quote(span_make(longest, sizeof longest), out)),
                   SPAN_QUOTE_SIZE - 1);
  for (size_t at = 0; at < 4; at++) { /* an e acute across the limit is removed whole */
    memcpy(longest + SPAN_QUOTE_SIZE - 7 + at, "\xc3\xa9", 2);
    span_quote(span_make(longest, sizeof longest), out);
    assert_true(utf8_valid(out, strlen(out)));
    memset(longest, 'x', sizeof longest);
  }
}

static void an_error_says_where_and_what(void **state) {
  (void)state;
  struct error err = {0};
  char out[1024];
  assert_int_equal(error_set(&err, REFUSED, "'%s' is not an amount; write 12.50", "1,2.5"),
                   REFUSED);
  error_at(&err, "spend.csv", 412, "amount");
  error_at(&err, "other.csv", 1, "other"); /* the inner place is kept */
  error_format(&err, out, sizeof out);
  assert_string_equal(out, "spend.csv:412: amount: '1,2.5' is not an amount; write 12.50");
  error_format(&err, out, 12);
  assert_string_equal(out, "spend.csv:4");
  error_set(&err, FAILED, "no space");
  /* the status is kept, whatever is added */
  assert_int_equal(error_at(&err, "x.csv", 0, NULL), FAILED);
  err.file[0] = '\0';
  assert_int_equal(error_while(&err, "adding"), FAILED);
  assert_int_equal(refuse_at(NULL, "date", DAY_MISSING), REFUSED);
  /* without an error to fill, the graver status */
  assert_int_equal(error_at(NULL, "x.csv", 1, NULL), FAILED);
  assert_int_equal(error_while(NULL, "adding"), FAILED);
  error_set(&err, FAILED, "no space");
  error_while(&err, "writing %s", "x.csv");
  error_format(&err, out, sizeof out);
  assert_string_equal(out, "while writing x.csv: no space");
  errno = ENOENT;
  assert_int_equal(error_errno(&err, "reading"), FAILED);
  assert_string_equal(err.message, "reading: No such file or directory");
  error_set(&err, REFUSED,
            "escape \x1b[31m, bell \a, override \xe2\x80\xae, broken \xff, fine \xc3\xa9");
  assert_string_equal(err.message, "escape ?[31m, bell ?, override ?, broken ?, fine \xc3\xa9");
  char longest[2000];
  for (size_t i = 0; i + 2 < sizeof longest; i += 2) memcpy(longest + i, "\xc3\xa9", 3);
  error_set(&err, REFUSED, "x%s", longest);
  assert_true(utf8_valid(err.message, strlen(err.message)));
  assert_true(strlen(err.message) >= ERROR_MESSAGE_SIZE - 2);
  assert_int_equal(error_set(NULL, USAGE, "nobody listens"), USAGE);
}

static int conversions(const char *format) {
  int count = 0;
  for (const char *at = format; (at = strchr(at, '%')); at += 2) count += at[1] != '%';
  return count;
}

/* False of a frame such as `'%s' %s`, which is the same in each language. */
static bool has_words(const char *format) {
  for (const char *at = format; *at; at++)
    if (isalpha((unsigned char)at[0]) && isalpha((unsigned char)at[1])) return true;
  return false;
}

static const char *const english_of[REFUSAL_COUNT] = {
    "",
#define REFUSAL(name, word, english) english,
#include "base/refusals.def"
#undef REFUSAL
};

static void every_refusal_has_its_code_and_its_welsh(void **state) {
  (void)state;
  assert_true(REFUSAL_COUNT > 1);
  for (int code = 1; code < REFUSAL_COUNT; code++) {
    const char *english = english_of[code];
    assert_true(strlen(refusal_word(code)) > 2);
    assert_int_equal(strspn(refusal_word(code), "abcdefghijklmnopqrstuvwxyz0123456789-"),
                     strlen(refusal_word(code)));
    for (int other = 1; other < code; other++)
      assert_string_not_equal(refusal_word(code), refusal_word(other));
    assert_true(conversions(english) <= REFUSAL_ARGUMENTS_MAX);
    if (has_words(english)) assert_string_not_equal(say(WELSH, english), english);
    assert_int_equal(conversions(say(WELSH, english)), conversions(english));
  }
}

static const char *in_language(enum language language, const struct error *err, struct text *out) {
  text_clear(out);
  refusal_write(out, language, &err->refusal, err->message);
  return out->bytes;
}

static void a_refusal_keeps_its_code_and_arguments(void **state) {
  (void)state;
  struct error err = {0};
  struct text out = {0};
  assert_int_equal(refuse(&err, AMOUNT_DECIMALS_BETWEEN, "1.234\n", "1.23", "1.24"), REFUSED);
  assert_string_equal(err.message, "'1.234?' has more than two decimals; write 1.23 or 1.24");
  assert_string_equal(refusal_word(err.refusal.code), "amount-decimals-between");
  assert_int_equal(err.refusal.argument_count, 3);
  assert_string_equal(in_language(ENGLISH, &err, &out), err.message);
  const char *welsh = "mae gan '1.234?' fwy na dau le degol; ysgrifennwch 1.23 neu 1.24";
  assert_string_equal(in_language(WELSH, &err, &out), welsh);
  error_at(&err, "spend.csv", 412, "amount");
  error_while(&err, "reading %s", "x");
  assert_string_equal(err.message,
                      "while reading x: '1.234?' has more than two decimals; write 1.23 or 1.24");
  assert_int_equal(err.refusal.code, REFUSAL_AMOUNT_DECIMALS_BETWEEN);
  assert_string_equal(in_language(WELSH, &err, &out), welsh);
  struct error again = {0};
  assert_int_equal(refuse_again(&again, &err.refusal, err.message), REFUSED);
  assert_string_equal(in_language(WELSH, &again, &out), welsh);

  refuse_at(&err, "day", DAY_WRITTEN_OTHERWISE, "1/2/25", 2025, 2, 1);
  assert_string_equal(err.message, "'1/2/25' is not a day; write 2025-02-01");
  assert_string_equal(err.column, "day");
  refuse(&err, FIELD_TOO_LONG, (size_t)70000, 65535);
  assert_string_equal(err.message, "70000 bytes are too long; a field holds at most 65535");
  refuse_code(&err, REFUSAL_QUOTE_UNCLOSED);
  assert_int_equal(err.refusal.argument_count, 0);

  refuse_code_text(&err, REFUSAL_AMOUNT_MALFORMED, "x");
  assert_string_equal(err.message, "'x' is not an amount; write one such as 12.50");
  refuse_code_size(&err, REFUSAL_JSON_SYNTAX, 12);
  assert_int_equal(err.refusal.argument_count, 1);
  assert_non_null(strstr(err.message, "12"));

  char longest[2000];
  memset(longest, 'x', sizeof longest - 1);
  longest[sizeof longest - 1] = 0;
  refuse(&err, AMOUNT_MALFORMED, longest); /* the message is cut */
  assert_int_equal(strlen(err.message), ERROR_MESSAGE_SIZE - 1);
  error_while(&err, "reading");
  assert_true(strlen(in_language(WELSH, &err, &out)) > ERROR_MESSAGE_SIZE - 40);

  error_set(&err, FAILED, "no space");
  assert_int_equal(err.refusal.code, REFUSAL_NONE);
  assert_string_equal(in_language(WELSH, &err, &out), "no space");
  assert_int_equal(refuse(NULL, AMOUNT_MISSING), REFUSED);
  assert_int_equal(refuse_code(NULL, REFUSAL_AMOUNT_MISSING), REFUSED);
  text_release(&out);
}

static void a_refusal_in_other_words_keeps_its_code_and_place(void **state) {
  (void)state;
  struct error err = {0};
  struct text out = {0};
  refuse_at(&err, "amount", AMOUNT_TOO_LARGE, "99999999999999");
  assert_int_equal(refuse_in_words(&err, REFUSAL_RECORD_TOO_LARGE), REFUSED);
  assert_string_equal(refusal_word(err.refusal.code), "amount-too-large");
  assert_string_equal(err.column, "amount");
  assert_string_equal(in_language(ENGLISH, &err, &out), "This is too large");
  assert_string_equal(in_language(WELSH, &err, &out), "Mae hyn yn rhy fawr");
  text_release(&out);
}

/* Whatever a user wrote, it stands in the Welsh sentence as it was written. */
static void a_value_is_not_translated(void **state) {
  (void)state;
  struct error err = {0};
  struct text out = {0};
  assert_string_not_equal(say(WELSH, "Time you gave"), "Time you gave");
  refuse(&err, BODY_CODE_UNKNOWN, "Time you gave");
  assert_non_null(strstr(in_language(WELSH, &err, &out), "'Time you gave'"));
  refuse(&err, IDENTIFIER_MALFORMED, "has two signs",
         N_("is not an amount; write pounds as 1234.56"));
  assert_string_equal(err.message, "'has two signs' is not an amount; write pounds as 1234.56");
  in_language(WELSH, &err, &out);
  assert_non_null(strstr(out.bytes, "'has two signs'"));
  assert_non_null(strstr(out.bytes, say(WELSH, "is not an amount; write pounds as 1234.56")));
  assert_null(strstr(out.bytes, "is not an amount"));
  refuse_at(&err, "body", ROLE_BODY_MISSING, N_("staff are staff of an organisation"));
  assert_null(strstr(in_language(WELSH, &err, &out), "staff are"));
  text_release(&out);
}

static void check_given(const char *message, int count, const char *const expected[]) {
  struct span given[REFUSAL_ARGUMENTS_MAX];
  assert_int_equal(refusal_given(message, given), count);
  for (int i = 0; i < count; i++)
    if (!span_is(given[count - 1 - i], expected[i])) fail_msg("%s: %s", message, expected[i]);
}

static void what_was_given_is_told_from_our_words(void **state) {
  (void)state;
  struct error err = {0};
  check_given("no day; write one such as 2025-05-01", 0, NULL);
  refuse(&err, DAY_WRITTEN_OTHERWISE, "1/5/25", 2025, 5, 1);
  check_given(err.message, 1, (const char *const[]){"1/5/25"});
  refuse(&err, NUMBER_OF_ANOTHER_BUT_LETTER, "QQ123456A", "QQ123456B", "P1");
  check_given(err.message, 3, (const char *const[]){"QQ123456A", "QQ123456B", "P1"});
  refuse(&err, IDENTIFIER_MALFORMED, "a' P1", N_("is not an amount; write pounds as 1234.56"));
  check_given(err.message, 1, (const char *const[]){"a' P1"});
  refuse(&err, SPEND_WRONG, N_("is empty; write who was paid"));
  check_given(err.message, 0, NULL);
  static const char *const others[] = {"'P1' belongs to P2", "P1", "'P1' is not an amount, P2", ""};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) check_given(others[i], 1, &others[i]);
}

/* The last one grows in its place, others are copied; what is new is zero in every round. */
static void an_array_in_an_arena_grows(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  for (int round = 0; round < 3; round++) {
    unsigned char *p = arena_alloc(arena, 20);
    memset(p, 0xab, 20);
    unsigned char *grown = arena_grow(arena, p, 20, 1000);
    assert_ptr_equal(grown, p);
    for (int i = 0; i < 1000; i++) assert_int_equal(grown[i], i < 20 ? 0xab : 0);
    memset(grown, 0xcd, 1000);
    unsigned char *after = arena_alloc(arena, 1);
    assert_ptr_equal(after, grown + 1008);
    unsigned char *moved = arena_grow(arena, grown, 1000, 2000);
    assert_ptr_not_equal(moved, grown);
    for (int i = 0; i < 2000; i++) assert_int_equal(moved[i], i < 1000 ? 0xcd : 0);
    const unsigned char *large = arena_grow(arena, moved, 2000, 3 << 20);
    for (int i = 0; i < 3 << 20; i++)
      if (large[i] != (i < 1000 ? 0xcd : 0)) fail();
    /* two that grow the same eight bytes by eight do not share them */
    uint64_t *one = arena_array(arena, uint64_t, 1);
    uint64_t *two = arena_grow(arena, one, 8, 16), *three = arena_grow(arena, one, 8, 16);
    assert_ptr_not_equal(two, three);
    memset((unsigned char *)arena_alloc(arena, 5000), 0xef, 5000);
    arena_reset(arena);
  }
  arena_free(arena);
}

static void an_arena_gives_zeroed_memory_again_and_again(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  const void *first = NULL;
  for (int round = 0; round < 3; round++) {
    for (size_t size = 1; size < 300000; size = size * 3 + 1) {
      unsigned char *p = arena_alloc(arena, size);
      assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
      if (size == 1 && !first) first = p;
      if (size == 1) assert_ptr_equal(p, first); /* a reset gives the same memory again */
      for (size_t i = 0; i < size; i++) assert_int_equal(p[i], 0);
      memset(p, 0xff, size);
    }
    assert_string_equal(arena_printf(arena, "%s-%d", "a", 5), "a-5");
    assert_string_equal(arena_copy(arena, "abcdef", 3), "abc");
    assert_null(arena_string(arena, NULL));
    arena_reset(arena);
  }
  arena_free(arena);
  arena_free(NULL);
}

static void json_is_written_with_its_commas(void **state) {
  (void)state;
  struct text t = {0};
  struct json j;
  json_begin(&j, &t);
  json_open_object(&j, NULL);
  json_int(&j, "total", -1250);
  json_open_array(&j, "lines");
  json_text(&j, NULL, span_of("a\"b"));
  json_bool(&j, NULL, true);
  json_none(&j, NULL);
  json_open_object(&j, NULL);
  json_close_object(&j);
  json_close_array(&j);
  json_int(&j, "n", INT64_MAX);
  json_close_object(&j);
  assert_string_equal(
      t.bytes, "{\"total\":-1250,\"lines\":[\"a\\\"b\",true,null,{}],\"n\":9223372036854775807}");
  text_release(&t);
}

/* Messages of every length up to some blocks, in any order: hashing many at once gives the same
 * digests as one by one. */
static void many_digests_equal_single_ones(void **state) {
  (void)state;
  enum { MOST = 400 };
  static uint8_t bytes[2 * MOST];
  struct hasher *h = hasher_new();
  struct span messages[MOST];
  struct digest many[MOST], one;
  uint32_t draw = 1;
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (uint8_t)(i * 131 + (i >> 3));
  for (int round = 0; round < 50; round++) {
    size_t count = round < 5 ? (size_t)round : MOST;
    for (size_t i = 0; i < count; i++) {
      draw = draw * 1664525 + 1013904223;
      messages[i] = span_make((const char *)bytes + draw % MOST, round < 6 ? i : draw >> 16 & 0xff);
    }
    /* A few messages are hashed in another way than many (hash.c). */
    for (size_t done = 0, some; done < count; done += some) {
      some = round & 1 && count - done > 8 ? 8 : count - done;
      hasher_many(h, messages + done, some, many + done);
    }
    for (size_t i = 0; i < count; i++) {
      hasher_begin(h);
      hasher_add(h, messages[i].bytes, messages[i].size);
      hasher_end(h, &one);
      assert_memory_equal(&one, &many[i], sizeof one);
    }
  }
  hasher_free(h);
}

static void sha_256_is_sha_256(void **state) {
  (void)state;
  /* FIPS 180-2, appendix B, and the empty message */
  static const struct {
    const char *text, *digest;
  } cases[] = {{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
               {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
               {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"}};
  struct hasher *h = hasher_new();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct digest d;
    struct text t = {0};
    hasher_begin(h);
    for (const char *p = cases[i].text; *p; p++) hasher_add(h, p, 1);
    hasher_end(h, &d);
    text_add_hex(&t, d.bytes, sizeof d.bytes);
    assert_string_equal(t.bytes, cases[i].digest);
    text_release(&t);
  }
  hasher_free(h);
  uint8_t a[32] = {0}, b[32] = {0};
  random_bytes(a, sizeof a);
  random_bytes(b, sizeof b);
  assert_memory_not_equal(a, b, sizeof a);
}

static void messages_come_in_a_language(void **state) {
  (void)state;
  enum language language = WELSH;
  assert_int_equal(language_parse(span_of("en"), &language, NULL), DONE);
  assert_int_equal(language, ENGLISH);
  assert_int_equal(language_parse(span_of("cy"), &language, NULL), DONE);
  assert_int_equal(language, WELSH);
  struct error err = {0};
  assert_int_equal(language_parse(span_of("fr"), &language, &err), REFUSED);
  assert_string_equal(language_code(WELSH), "cy");
  const char *unknown = "a text that nobody has translated";
  assert_ptr_equal(say(WELSH, unknown), unknown);
  assert_string_equal(say(WELSH, ""), "");
  assert_string_equal(say_count(ENGLISH, "%d row that nobody has translated",
                                "%d rows that nobody has translated", 1),
                      "%d row that nobody has translated");
  assert_string_equal(say_count(WELSH, "%d row that nobody has translated",
                                "%d rows that nobody has translated", 2),
                      "%d rows that nobody has translated");
}

enum { ITEMS = 20000 };
static int items[ITEMS];

static void *put_all(void *argument) {
  struct queue *q = argument;
  for (int i = 0; i < ITEMS; i++) {
    items[i] = i;
    if (!queue_put(q, &items[i])) break;
  }
  queue_close(q);
  return NULL;
}

static void a_queue_hands_over_in_order_and_ends(void **state) {
  (void)state;
  struct queue *q = queue_new(4);
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, put_all, q), 0);
  int *item, expected = 0;
  while ((item = queue_take(q))) assert_int_equal(*item, expected++);
  assert_int_equal(expected, ITEMS);
  assert_null(queue_take(q));
  assert_false(queue_put(q, &items[0]));
  pthread_join(thread, NULL);
  queue_free(q);
}

static void an_aborted_queue_wakes_all_waiters(void **state) {
  (void)state;
  struct queue *q = queue_new(4);
  pthread_t thread;
  assert_int_equal(pthread_create(&thread, NULL, put_all, q), 0);
  assert_non_null(queue_take(q));
  queue_abort(q);
  assert_null(queue_take(q));
  pthread_join(thread, NULL);
  size_t left = 0;
  while (queue_drain(q)) left++;
  assert_true(left <= 4);
  queue_free(q);
  queue_free(NULL);
}

static void add_worker(void *context, int worker) { ((int *)context)[worker] += worker + 1; }

static void workers_each_run_once(void **state) {
  (void)state;
  int workers[8] = {0};
  workers_run(8, add_worker, workers);
  for (int i = 0; i < 8; i++) assert_int_equal(workers[i], i + 1);
  assert_true(workers_count() >= 1);
}

static int between(const char *a, const char *b) { return word_distance(span_of(a), span_of(b)); }

/* Draws a random word of so many letters a, b and c. */
static void draw_word(char *out, int letters) {
  uint8_t drawn[8];
  random_bytes(drawn, sizeof drawn);
  for (int i = 0; i < letters; i++) out[i] = (char)('a' + drawn[i] % 3);
  out[letters] = 0;
}

static void the_distance_of_words_is_the_number_of_steps(void **state) {
  (void)state;
  assert_int_equal(between("statement", "statement"), 0);
  assert_int_equal(between("Per head", "per_head"), 0);
  assert_int_equal(between("statment", "statement"), 1);
  assert_int_equal(between("statements", "statement"), 1);
  assert_int_equal(between("stetement", "statement"), 1);
  assert_int_equal(between("sattement", "statement"), 1);
  assert_int_equal(between("", "four"), 4);
  assert_int_equal(between("kitten", "sitting"), 3);
  assert_int_equal(between("a", "a-word-of-more-letters-than-any-verb-or-option-has"), 50);
  for (int round = 0; round < 5000; round++) {
    char a[9], b[9];
    int m = round % 9, n = round / 9 % 9;
    draw_word(a, m);
    draw_word(b, n);
    int steps = between(a, b);
    assert_int_equal(steps, between(b, a));
    assert_int_equal(steps == 0, strcmp(a, b) == 0);
    assert_in_range(steps, abs(m - n), m > n ? m : n);
  }
}

struct sleeper {
  pthread_mutex_t lock;
  pthread_cond_t wake;
  bool woken;
};

static void *wait_to_be_woken(void *context) {
  struct sleeper *s = context;
  pthread_mutex_lock(&s->lock);
  const struct timespec long_after = moment_after_ms(60000);
  int rc = 0;
  while (!s->woken && rc == 0) rc = pthread_cond_timedwait(&s->wake, &s->lock, &long_after);
  pthread_mutex_unlock(&s->lock);
  return rc == 0 ? s : NULL;
}

static void a_thread_waits_until_it_is_woken_or_time_has_passed(void **state) {
  (void)state;
  struct sleeper s = {.woken = false};
  struct error err = {0};
  pthread_t thread;
  void *result = NULL;
  pthread_mutex_init(&s.lock, NULL);
  condition_init(&s.wake);
  pthread_mutex_lock(&s.lock);
  int64_t began = clock_milliseconds();
  const struct timespec soon = moment_after_ms(1005);
  assert_int_equal(pthread_cond_timedwait(&s.wake, &s.lock, &soon), ETIMEDOUT);
  assert_in_range(clock_milliseconds() - began, 1004, 30000);
  assert_int_equal(thread_start(&thread, wait_to_be_woken, &s, "the test", &err), DONE);
  s.woken = true;
  pthread_cond_signal(&s.wake);
  pthread_mutex_unlock(&s.lock);
  pthread_join(thread, &result);
  assert_ptr_equal(result, &s);
  pthread_cond_destroy(&s.wake);
  pthread_mutex_destroy(&s.lock);
}

/* ---- a ticker ---- */

struct looker {
  atomic_int looks;
  int64_t pause_ms;
};

static int64_t look_at(void *context, const atomic_bool *stopping) {
  struct looker *l = context;
  atomic_fetch_add(&l->looks, 1);
  (void)stopping;
  return l->pause_ms;
}

static void await_looks(struct looker *l, int count) {
  const int64_t end = clock_milliseconds() + 30000;
  while (atomic_load(&l->looks) < count && clock_milliseconds() < end)
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
  assert_in_range(atomic_load(&l->looks), count, INT32_MAX);
}

static void a_ticker_looks_at_once_and_again_until_it_is_stopped(void **state) {
  (void)state;
  struct error err = {0};
  struct ticker *ticker;
  struct looker often = {.pause_ms = 1}, seldom = {.pause_ms = 600 * 1000};
  assert_int_equal(ticker_start(&ticker, look_at, &often, "the test", &err), DONE);
  await_looks(&often, 3);
  ticker_stop(ticker);
  const int looks = atomic_load(&often.looks);
  nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
  assert_int_equal(atomic_load(&often.looks), looks);
  const int64_t began = clock_milliseconds();
  assert_int_equal(ticker_start(&ticker, look_at, &seldom, "the test", &err), DONE);
  await_looks(&seldom, 1);
  ticker_stop(ticker); /* does not wait for the ten minutes */
  assert_in_range(clock_milliseconds() - began, 0, 60000);
  assert_int_equal(atomic_load(&seldom.looks), 1);
  ticker_stop(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(utf8_is_checked_as_rfc_3629_says),
      cmocka_unit_test(width_is_in_columns),
      cmocka_unit_test(a_word_is_found_among_words_whole_and_only_so),
      cmocka_unit_test(a_character_is_written_as_utf_8),
      cmocka_unit_test(spans_compare_and_trim),
      cmocka_unit_test(a_paste_is_folded),
      cmocka_unit_test(text_grows_and_escapes),
      cmocka_unit_test(a_quotation_is_short_and_whole),
      cmocka_unit_test(an_error_says_where_and_what),
      cmocka_unit_test(every_refusal_has_its_code_and_its_welsh),
      cmocka_unit_test(a_refusal_keeps_its_code_and_arguments),
      cmocka_unit_test(a_value_is_not_translated),
      cmocka_unit_test(what_was_given_is_told_from_our_words),
      cmocka_unit_test(a_refusal_in_other_words_keeps_its_code_and_place),
      cmocka_unit_test(an_arena_gives_zeroed_memory_again_and_again),
      cmocka_unit_test(an_array_in_an_arena_grows),
      cmocka_unit_test(json_is_written_with_its_commas),
      cmocka_unit_test(sha_256_is_sha_256),
      cmocka_unit_test(many_digests_equal_single_ones),
      cmocka_unit_test(messages_come_in_a_language),
      cmocka_unit_test(a_queue_hands_over_in_order_and_ends),
      cmocka_unit_test(an_aborted_queue_wakes_all_waiters),
      cmocka_unit_test(workers_each_run_once),
      cmocka_unit_test(the_distance_of_words_is_the_number_of_steps),
      cmocka_unit_test(a_thread_waits_until_it_is_woken_or_time_has_passed),
      cmocka_unit_test(a_ticker_looks_at_once_and_again_until_it_is_stopped)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
