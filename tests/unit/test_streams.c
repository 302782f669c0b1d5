/* The labels of lines (department, stream, condition) on their way: the bytes of a leaf as a second
 * program makes them, the journal and a file, a reversal, an erasure, a proof and its forgeries;
 * notes that older programs packed; codes made from names. */
#include "attest/head.h"
#include "attest/proof.h"
#include "attest/verify_parts.h"
#include "book/bulk.h"
#include "book/bulk_call.h"
#include "book/leaf.h"
#include "book/reversal.h"
#include "book/streams.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "erasure_book.h"

/* ---- the bytes of a leaf ---- */

static const struct line a_line = {.account = 41,
                                   .day = 20543, /* 2026-03-31 */
                                   .line_no = 2,
                                   .entry = 7,
                                   .amount = -14250,
                                   .has_quantity = true,
                                   .quantity = -2500,
                                   .cost_year = 2025,
                                   .estimated = true,
                                   .reference = {"r-1", 3},
                                   .note = {"caf\xc3\xa9", 5},
                                   .reverses_entry = 3,
                                   .reverses_line_no = 1};
static const struct leaf_names names = {
    {"council-tax", 11}, {"visit", 5}, {"oxford", 6}, {"N1", 2}};

/* The hashes are of tests/proof/checker.py, which was written from docs/explanation/proof.md. */
static const struct {
  const char *department, *stream, *condition, *hash;
} vectors[] = {
    {"", "", "", "412dc3aee8a3cb653ec6cf54394d236618115813fb1e2ba11d70f8a240e2a9fb"},
    {"Housing", "adult-care", "ring-fenced",
     "ec86cbabf4a7cda05008ea33056fd00e8d2fa23e174a07718363002ec3c2c8d9"},
    {"", "adult-care", "", "7d6bc53fe78ff52823acfc182ddfba60fce0572118e5e13d96a69214cf7ecd5e"},
};

static void assert_hash(const struct digest *hash, const char *wanted) {
  struct text hex = {0};
  text_add_hex(&hex, hash->bytes, sizeof hash->bytes);
  assert_string_equal(hex.bytes, wanted);
  text_release(&hex);
}

static void a_leaf_has_the_bytes_that_a_second_program_makes(void **state) {
  (void)state;
  uint8_t secret[SECRET_BYTES];
  struct hasher *h = hasher_new();
  struct text scratch = {0};
  struct digest hash;
  for (uint8_t i = 0; i < SECRET_BYTES; i++) secret[i] = i;
  for (size_t v = 0; v < sizeof vectors / sizeof *vectors; v++) {
    struct line line = a_line;
    line.department = span_of(vectors[v].department);
    line.stream = span_of(vectors[v].stream);
    line.condition = span_of(vectors[v].condition);
    leaf_hash_named(h, &scratch, &names, "pence", secret, &line, &hash);
    assert_hash(&hash, vectors[v].hash);
    struct seen_line seen = {.entry = line.entry,
                             .account = line.account,
                             .amount = line.amount,
                             .line_no = line.line_no,
                             .day = line.day,
                             .estimated = true,
                             .reverses_entry = 3,
                             .reverses_line_no = 1,
                             .unit = span_of("pence"),
                             .category = names.category,
                             .quantity_text = span_of("-2.5"),
                             .service = names.service,
                             .body = names.body,
                             .place = names.place,
                             .reference = line.reference,
                             .note = line.note,
                             .cost_year = span_of("2025-26"),
                             .department = line.department,
                             .stream = line.stream,
                             .condition = line.condition};
    leaf_salt(h, secret, line.entry, line.line_no, seen.salt);
    seen_line_hash(h, &scratch, &seen, &hash);
    assert_hash(&hash, vectors[v].hash);
  }
  text_release(&scratch);
  hasher_free(h);
}

/* ---- texts ---- */

static void assert_span(struct span s, const char *wanted) {
  if (!span_is(s, wanted)) fail_msg("'%.*s' is not '%s'", (int)s.size, s.bytes, wanted);
}

static void older_notes_are_taken_apart(void **state) {
  static const struct {
    const char *note, *first, *second;
  } notes[] = {{"Housing\tpaint", "Housing", "paint"},
               {"\tpaint", "", "paint"},
               {"Housing\t", "Housing", ""},
               {"Housing\tpaint\tand more", "Housing", "paint\tand more"},
               {"", "", ""}};
  (void)state;
  struct line_labels labels;
  for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
    const struct line line = {.note = span_of(notes[i].note)};
    line_labels(NULL, &line, 0, &labels);
    assert_span(labels.department, notes[i].first);
    assert_span(labels.description, notes[i].second);
    line_labels(NULL, &line, 1, &labels);
    assert_span(labels.stream, notes[i].first);
    assert_span(labels.condition, notes[i].second);
  }
  const struct line plain = {.note = span_of("General fund")};
  line_labels(NULL, &plain, 1, &labels);
  assert_span(labels.stream, "General fund");
  /* a payment without a department has only a description */
  line_labels(NULL, &plain, 0, &labels);
  assert_span(labels.department, "");
  assert_span(labels.description, "General fund");
  const struct line labelled = {.note = span_of("a\tb"), .department = span_of("Housing")};
  line_labels(NULL, &labelled, 0, &labels);
  assert_span(labels.department, "Housing");
  assert_span(labels.description, "a\tb");
}

static void a_code_is_made_from_a_name(void **state) {
  static const struct {
    const char *name;
    int number;
    const char *code;
  } codes[] = {
      {"Adult social care", 1, "adult-social-care"},
      {"  Roads & bridges (2025/26) ", 1, "roads-bridges-2025-26"},
      {"Adult social care", 12, "adult-social-care-12"},
      {"Caf\xc3\xa9", 1, "caf"},
      {"\xe2\x82\xac", 1, "stream"},
      {"", 3, "stream-3"},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
       2147483647, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-2147483647"},
      {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bcd", 1,
       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-b"}};
  (void)state;
  char code[STREAM_CODE_SIZE];
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    stream_code_of_name(span_of(codes[i].name), codes[i].number, code);
    assert_string_equal(code, codes[i].code);
  }
}

/* ---- in a book ---- */

static void new_book_of_streams(void) {
  new_book();
  ok(store_begin(store, STORE_WRITE, &err));
  ok(stream_write(store, &(struct stream){.code = "care", .name = "Care", .owner = 1}, &err));
  ok(store_commit(store, &err));
}

static struct line labelled_line(int64_t person, int64_t pence) {
  return (struct line){.account = social(person),
                       .category = BENEFIT,
                       .amount = pence,
                       .body = 1,
                       .note = span_of("a note"),
                       .department = span_of("Housing"),
                       .stream = span_of("care"),
                       .condition = span_of("ring-fenced")};
}

static int64_t post_labelled(int64_t person, int64_t pence) {
  int64_t entry = 0;
  struct posting *p = posting_begin(store, 20000, "portal", "by hand");
  const struct line line = labelled_line(person, pence);
  posting_add(p, &line);
  posting_add(p,
              &(struct line){.account = control, .category = BENEFIT, .amount = -pence, .body = 1});
  ok(posting_commit(p, &entry, &err));
  return entry;
}

#define LABELLED \
  "select count(*) from line where department = 'Housing' and stream = 'care' and condition = " \
  "'ring-fenced'"

static int64_t findings(void) {
  struct audit_options options = {.threads = 2, .progress = PROGRESS_NEVER};
  struct audit_result result;
  ok(audit_book(store, &options, &result, &err));
  return result.findings;
}

static const struct stream *stream_of_note(const struct streams *streams, int64_t owner,
                                           const char *note) {
  const struct line line = {.note = span_of(note)};
  struct line_labels labels;
  line_labels(streams, &line, owner, &labels);
  return labels.of;
}

static void an_older_note_names_its_stream_by_name_alone(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  struct streams *streams = NULL;
  new_book_of_streams();
  ok(store_begin(store, STORE_WRITE, &err));
  ok(stream_write(store, &(struct stream){.code = "roads", .name = "Highways", .owner = 1}, &err));
  ok(stream_write(store, &(struct stream){.code = "lanes", .name = "care", .owner = 2}, &err));
  ok(store_commit(store, &err));
  ok(streams_read(store, arena, &streams, &err));
  const struct stream *roads = streams_by_code(streams, span_of("roads"));
  assert_ptr_equal(stream_of_note(streams, 1, "Highways\tfor potholes"), roads);
  assert_null(stream_of_note(streams, 1, "roads\tfor potholes"));
  assert_null(stream_of_note(streams, 1, "care"));
  assert_string_equal(stream_of_note(streams, 2, "care")->code, "lanes");
  assert_ptr_equal(streams_named(streams, 1, span_of("roads")), roads); /* a file may say either */
  const struct line coded = {.stream = span_of("roads"), .note = span_of("")};
  struct line_labels labels;
  line_labels(streams, &coded, 1, &labels);
  assert_ptr_equal(labels.of, roads);
  arena_free(arena);
  end_book();
}

static void the_audit_watches_labels(void **state) {
  static const char *const changes[] = {"department = null",
                                        "department = 'Roads'",
                                        "stream = null",
                                        "stream = 'cared'",
                                        "condition = null",
                                        "condition = ''",
                                        "department = null, stream = null, condition = null"};
  (void)state;
  new_book_of_streams();
  post_labelled(ANN, 1000);
  post(BOB, 1000, "first");
  assert_sound();
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    char sql[256];
    snprintf(sql, sizeof sql, "update line set %s where stream = 'care'", changes[i]);
    ok(store_begin(store, STORE_WRITE, &err));
    ok(store_run(store, sql, &err));
    ok(store_commit(store, &err));
    assert_int_not_equal(findings(), 0);
    snprintf(sql, sizeof sql,
             "update line set department = 'Housing', stream = 'care', condition = 'ring-fenced' "
             "where account = %lld",
             (long long)social(ANN));
    ok(store_run(store, sql, &err));
    assert_sound();
  }
  ok(store_run(store, "update stream set code = 'other'", &err));
  assert_int_not_equal(findings(), 0);
  ok(store_run(store, "update stream set code = 'care'", &err));
  assert_sound();
  ok(store_run(store, "update line set stream = 'care' where note = 'first'", &err));
  assert_int_not_equal(findings(), 0);
  end_book();
}

static void a_reversal_keeps_the_labels(void **state) {
  (void)state;
  struct reversal_result undone;
  int64_t reversing = 0;
  new_book_of_streams();
  const int64_t first = post_labelled(ANN, 1000), second = post_labelled(BOB, 7);
  const struct reversal whole = {.entry = first, .on = DAY_NONE, .reason = "x", .who = "officer"};
  const struct reversal_of_line one = {.account = social(BOB),
                                       .day = 20000,
                                       .entry = second,
                                       .line_no = 2,
                                       .on = DAY_NONE,
                                       .reason = "x"};
  ok(reversal_post(store, &whole, &undone, &err));
  ok(store_begin(store, STORE_WRITE, &err));
  struct reversal_of_line at = one;
  at.line_no = (int32_t)number("select n from line where stream = 'care' and amount = 7");
  ok(reversal_line(store, &at, &reversing, &err));
  ok(store_commit(store, &err));
  assert_int_equal(number(LABELLED), 4);
  assert_int_equal(number(LABELLED " and reverses_entry is not null and note is null"), 2);
  assert_sound();
  end_book();
}

/* The sums that remain are apart for each stream; department and condition are gone. */
static void an_erasure_keeps_the_sum_of_a_stream(void **state) {
  (void)state;
  struct erasure_result result;
  struct reversal what = {.on = DAY_NONE, .reason = "wrong", .who = "officer"};
  struct reversal_result undone;
  int64_t entry = 0;
  new_book_of_streams();
  struct posting *p = posting_begin(store, 20000, "portal", "by hand");
  for (int i = 0; i < 4; i++) {
    struct line line = labelled_line(i < 2 ? ANN : CAT, 10 + i);
    if (i % 2) line.department = line.stream = line.condition = span_make(NULL, 0);
    posting_add(p, &line);
  }
  posting_add(p, &(struct line){.account = control, .category = BENEFIT, .amount = -46, .body = 1});
  ok(posting_commit(p, &entry, &err));
  ok(erasure_person(store, ANN, "officer", "asked for it", &result, &err));
  assert_int_equal(result.lines, 2);
  assert_int_equal(result.sums, 2);
  ok(erasure_person(store, CAT, "officer", "asked for it", &result, &err));
  assert_int_equal(result.sums, 0); /* of one place: added to those */
  assert_gone(CAT, 46);
  assert_int_equal(number("select sum(amount) from line where stream = 'care'"), 10 + 12);
  assert_int_equal(
      number("select count(*) from line where department is not null or condition is not null"), 0);
  assert_sound();
  what.entry = entry;
  ok(reversal_post(store, &what, &undone, &err));
  assert_int_equal(number("select sum(amount) from line where stream = 'care'"), 0);
  assert_sound();
  end_book();
}

/* ---- a file ---- */

enum { ROWS = 3000, SIZE_MOST = 65535 };

static struct span some_text(const char *long_text, unsigned *draw) {
  static const size_t sizes[] = {0, 0, 0, 1, 7, 40, 200};
  *draw = *draw * 1103515245u + 12345u;
  const size_t which = (*draw >> 16) % 8;
  const size_t size = which < 7 ? sizes[which] : (*draw >> 8) % 3000;
  return span_make(size ? long_text : NULL, size);
}

/* Rows whose five texts have any size come out as they went in, also the largest. */
static void texts_of_any_size_pass_through_a_file(void **state) {
  (void)state;
  struct bulk *bulk = NULL;
  struct bulk_result result;
  struct bulk_options options = {.who = "test", .kind = "import", .progress = PROGRESS_NEVER};
  struct bulk_file_facts facts = {.rows = ROWS};
  char *long_text = malloc(SIZE_MOST);
  memset(long_text, 'x', SIZE_MOST);
  new_book();
  ok(bulk_open(&bulk, store, &options, &err));
  ok(bulk_load_people(bulk, &err));
  const int file = bulk_file(bulk, "spend", "file.csv");
  unsigned draw = 7;
  int64_t sizes[5] = {0}, labelled = 0;
  for (int i = 0; i < ROWS; i++) {
    struct bulk_row row = {.file = file,
                           .line = (uint64_t)i + 2,
                           .account = bulk_person_account(bulk, 1 + i % PEOPLE, "pence"),
                           .control = bulk_control(bulk, 1, "pence"),
                           .fields = {.day = 20000, .category = TAX, .amount = -1, .body = 1}};
    struct span *const texts[] = {&row.fields.reference, &row.fields.note, &row.fields.department,
                                  &row.fields.stream, &row.fields.condition};
    for (int t = 0; t < 5; t++) {
      *texts[t] = i < 2 ? span_make(long_text, SIZE_MOST) : some_text(long_text, &draw);
      sizes[t] += (int64_t)texts[t]->size;
    }
    labelled += line_has_labels(&row.fields);
    ok(bulk_add(bulk, i % 2, &row, &err));
  }
  ok(bulk_file_end(bulk, file, &facts, &err));
  ok(bulk_post(bulk, &result, &err));
  bulk_free(bulk);
  assert_int_equal(number("select coalesce(sum(length(reference)), 0) from line"), sizes[0]);
  assert_int_equal(number("select sum(length(note)) from line"), sizes[1]);
  assert_int_equal(number("select sum(length(department)) from line"), sizes[2]);
  assert_int_equal(number("select sum(length(stream)) from line"), sizes[3]);
  assert_int_equal(number("select sum(length(condition)) from line"), sizes[4]);
  assert_int_equal(number("select count(*) from line where department is not null or stream is not "
                          "null or condition is not null"),
                   labelled);
  ok(store_run(store,
               "insert into stream (id, code, name, owner) select row_number() over (), stream, "
               "stream, 1 from (select distinct stream from line where stream is not null) named",
               &err));
  assert_sound();
  free(long_text);
  end_book();
}

/* ---- at once ---- */

struct meanwhile {
  enum bulk_step after;
  const char *code;
};

static void add_stream_meanwhile(void *context, enum bulk_step done) {
  const struct meanwhile *m = context;
  if (done != m->after) return;
  ok(store_begin(store, STORE_WRITE, &err));
  ok(stream_write(store, &(struct stream){.code = m->code, .name = "Care", .owner = 2}, &err));
  ok(store_commit(store, &err));
}

/* A budget that adds the stream `care`, while somebody adds one. */
static enum status post_budget(struct meanwhile *m) {
  struct bulk *bulk = NULL;
  struct bulk_result result;
  const struct bulk_hook hook = {add_stream_meanwhile, m};
  struct bulk_options options = {
      .who = "test", .kind = "import", .progress = PROGRESS_NEVER, .hook = &hook};
  struct bulk_file_facts facts = {.rows = 1};
  ok(bulk_open(&bulk, store, &options, &err));
  const int file = bulk_file(bulk, "budget", "file.csv");
  bulk_new_stream(bulk, "care", "Care", 1);
  struct bulk_row row = {
      .file = file,
      .line = 2,
      .account = bulk_body_account(bulk, 1, ROLE_BUDGET, "pence"),
      .control = bulk_control(bulk, 0, "pence"),
      .fields = {.day = 20000, .category = BENEFIT, .amount = 100, .stream = span_of("care")}};
  ok(bulk_add(bulk, 0, &row, &err));
  ok(bulk_file_end(bulk, file, &facts, &err));
  ok(bulk_duplicates(bulk, NULL, NULL, NULL, &err));
  err = (struct error){0};
  const enum status status = bulk_post(bulk, &result, &err);
  bulk_free(bulk);
  return status;
}

static void two_add_a_stream_at_once(void **state) {
  (void)state;
  struct meanwhile same = {BULK_CHECKED, "care"}, other = {BULK_CHECKED, "roads"},
                   later = {BULK_BEGUN, "roads"};
  new_book();
  assert_int_equal(post_budget(&same), REFUSED);
  says("a stream with the code care was added while this file was read");
  assert_int_equal(number("select count(*) from stream"), 1);
  assert_int_equal(number("select count(*) from line"), 0);
  assert_int_equal(number("select count(*) from pending"), 0);
  end_book();
  struct meanwhile *const passing[] = {&other, &later};
  for (int i = 0; i < 2; i++) {
    new_book();
    if (post_budget(passing[i]) != DONE) fail_msg("%s", err.message);
    assert_int_equal(number("select count(*) from stream"), 2);
    assert_int_equal(number("select count(distinct id) from stream"), 2);
    assert_int_equal(number("select owner from stream where code = 'care'"), 1);
    assert_int_equal(number("select count(*) from line where stream = 'care'"), 1);
    assert_sound();
    end_book();
  }
}

/* ---- proofs ---- */

static void assert_forged(const char *json, const char *from, const char *to, struct span head,
                          struct arena *arena) {
  const char *at = strstr(json, from);
  struct verify_options options = {.head = head};
  struct verify_result result;
  assert_non_null(at);
  const char *forged = arena_printf(arena, "%.*s%s%s", (int)(at - json), json, to,
                                    at + strlen(from));
  is(REFUSED, verify_bytes(span_of(forged), &options, arena, &result, &err));
  says("its path does not lead to the entry's root");
}

static void a_label_can_be_neither_added_nor_taken(void **state) {
  (void)state;
  struct arena *arena = arena_new();
  struct signer signer;
  const char *head = NULL;
  struct verify_result result;
  struct text labelled = {0}, plain = {0};
  new_book_of_streams();
  const int64_t first = post_labelled(ANN, 1000);
  post(BOB, 1000, "first");
  ok(signer_generate(span_of("weal"), KEY_ED25519, &signer, &err));
  ok(head_sign(store, &signer, arena, &head, &err));
  const int32_t n = (int32_t)number("select n from line where stream = 'care'");
  ok(store_begin(store, STORE_READ, &err));
  ok(proof_of_line(store, first, n, ANN, &signer, &labelled, &err));
  ok(proof_of_line(store, first + 1, n, BOB, &signer, &plain, &err));
  store_rollback(store);
  struct verify_options options = {.head = span_of(head)};
  ok(verify_bytes(span_of(labelled.bytes), &options, arena, &result, &err));
  ok(verify_bytes(span_of(plain.bytes), &options, arena, &result, &err));
  static const char all[] = ",\"department\":\"Housing\",\"stream\":\"care\",\"condition\":"
                            "\"ring-fenced\"";
  assert_null(strstr(plain.bytes, "department"));
  assert_forged(labelled.bytes, all, "", options.head, arena);
  assert_forged(labelled.bytes, ",\"department\":\"Housing\"", "", options.head, arena);
  assert_forged(labelled.bytes, ",\"stream\":\"care\"", "", options.head, arena);
  assert_forged(labelled.bytes, "\"stream\":\"care\"", "\"stream\":\"careful\"", options.head,
                arena);
  assert_forged(plain.bytes, ",\"salt\":", ",\"stream\":\"care\",\"salt\":", options.head, arena);
  const char *empty = arena_printf(arena, "%.*s,\"stream\":\"\"%s",
                                   (int)(strstr(plain.bytes, ",\"salt\":") - plain.bytes),
                                   plain.bytes, strstr(plain.bytes, ",\"salt\":"));
  is(REFUSED, verify_bytes(span_of(empty), &options, arena, &result, &err));
  says("is empty");
  text_release(&labelled);
  text_release(&plain);
  signer_wipe(&signer);
  arena_free(arena);
  end_book();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_leaf_has_the_bytes_that_a_second_program_makes),
      cmocka_unit_test(older_notes_are_taken_apart),
      cmocka_unit_test(a_code_is_made_from_a_name),
      cmocka_unit_test(an_older_note_names_its_stream_by_name_alone),
      cmocka_unit_test(the_audit_watches_labels),
      cmocka_unit_test(a_reversal_keeps_the_labels),
      cmocka_unit_test(an_erasure_keeps_the_sum_of_a_stream),
      cmocka_unit_test(texts_of_any_size_pass_through_a_file),
      cmocka_unit_test(two_add_a_stream_at_once),
      cmocka_unit_test(a_label_can_be_neither_added_nor_taken),
  };
  return cmocka_run_group_tests(tests, NULL, fresh_teardown);
}
