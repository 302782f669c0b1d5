/* Tell us once, page by page as the server calls its rows (without HTTP): every journey, its
 * faults, jumping ahead, changing an answer, helping somebody. */
#include "book/book.h"
#include "book/pack_rows.h"
#include "store/setting.h"
#include "web/pages/pages.h"
#include "web/site.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "uk_book.h"

/* Locality L in England, with North and South. Ann (1), Ben (2) and Cai (3, dead) live in household
 * H6, in North; Dee (4) alone in H7, in South; Eve (5) is Ann's helper for notices. */
enum { ANN = 1, BEN, CAI, DEE, EVE, PEOPLE = 5 };

struct world {
  struct uk_book uk;
  struct reference_data *reference_data;
  struct site site;
  enum language language;
  int64_t visitor;
  /* of the last request */
  struct reply reply;
  const struct fault *faults;
  char *body;
};

static void write_register(struct store *store) {
  char sql[2000];
  ok(store_run(
      store,
      UK_PLACES
      "update body set place = 2 where id = 1;"
      "insert into body (id, code, name, kind, place) values (900, 'the-council', 'The <Council>', "
      "'council', 2);"
      "insert into party (id, kind, code, name, born) values (1, 'person', 'P1', 'Ann', 0), (2, "
      "'person', 'P2', 'Ben', 0), (4, 'person', 'P4', 'Dee', 0), (5, 'person', 'P5', 'Eve', 0);"
      "insert into party (id, kind, code) values (6, 'household', 'H6'), (7, 'household', 'H7');"
      "insert into identifier (value, scheme, party) values ('P1', 'id', 1), ('P2', 'id', 2), "
      "('P3', 'id', 3), ('P4', 'id', 4), ('P5', 'id', 5), ('H6', 'household', 6), ('H7', "
      "'household', 7);"
      "insert into act_for (principal, id, agent, scope, what, from_day, to_day, at) values (1, 1, "
      "5, 'tell', 'my friend', 0, null, '2026-01-01T00:00:00Z');"
      "insert into office (person, id, role, body, from_day, who, at) values (4, 1, 'staff', 900, "
      "0, 'x', '');",
      &err));
  snprintf(sql, sizeof sql,
           "insert into party (id, kind, code, name, born, died) values (3, 'person', 'P3', 'Cai', "
           "-10000, %d);"
           "insert into residence (party, from_day, household, place) values (6, %d, null, 3), (7, "
           "%d, null, 4), (1, %d, 6, null), (2, %d, 6, null), (3, %d, 6, null), (4, %d, 7, null);",
           day_make(2025, 6, 30), DAY_NONE, DAY_NONE, DAY_NONE, DAY_NONE, DAY_NONE, DAY_NONE);
  ok(store_run(store, sql, &err));
  ok(store_run(store, "update head set party = 7, place = 4, body = 900", &err));
}

static int new_world(void **state) {
  struct world *w = memory_zeroed(1, sizeof *w);
  w->visitor = ANN;
  w->site.place_name = "Locality";
  uk_book_open(&w->uk);
  write_register(w->uk.store);
  ok(setting_write(w->uk.store, "place", "L", &err));
  ok(book_open_people(w->uk.store, 1, PEOPLE, &err));
  ok(store_commit(w->uk.store, &err));
  ok(reference_data_read(w->uk.store, w->uk.pack, w->uk.arena, &w->reference_data, &err));
  *state = w;
  return 0;
}

static int close_world(void **state) {
  struct world *w = *state;
  text_release(&w->reply.body);
  uk_book_close(&w->uk);
  free(w);
  return 0;
}

/* ---- a server without a network ---- */

static struct request request_of(struct world *w, const struct route *row, const struct span *names,
                                 const struct value *read) {
  struct request r = {.route = row,
                      .site = &w->site,
                      .arena = w->uk.arena,
                      .store = w->uk.store,
                      .pack = w->uk.pack,
                      .reference_data = w->reference_data,
                      .language = w->language,
                      .asked = "/tell-us-once"};
  struct person visitor;
  ok(register_person(w->uk.store, w->uk.arena, w->visitor, &visitor, &err));
  r.visitor = (struct visitor){
      .person = w->visitor, .code = visitor.code, .name = visitor.name, .form_token = "token"};
  r.visitor.session[0] = (uint8_t)w->visitor;
  int count = 0;
  while (read && read[count].name) count++;
  struct value *values = arena_array(w->uk.arena, struct value, count + ROUTE_NAMES + 1);
  if (count) memcpy(values, read, sizeof *values * (size_t)count);
  for (int i = 0; i < ROUTE_NAMES && route_name(row, i).bytes; i++) {
    struct span name = route_name(row, i);
    values[count + i] = (struct value){
        .name = arena_copy(w->uk.arena, name.bytes, name.size),
        .given = true,
        .text = span_make(arena_copy(w->uk.arena, names[i].bytes, names[i].size), names[i].size)};
    if (span_is(name, "person")) {
      int64_t id = 0;
      ok(register_find_person(w->uk.store, values[count + i].text.bytes, &id, &err));
      r.person = id;
    }
  }
  r.values = values;
  return r;
}

static void keep_reply(struct world *w, struct reply *reply) {
  text_release(&w->reply.body);
  w->reply = *reply;
  w->body = reply->body.bytes;
}

static enum status run_row(struct world *w, struct request *r, struct reply *reply,
                           struct error *e) {
  ok(store_begin(w->uk.store, STORE_WRITE, &err));
  enum status status = r->route->run(r, reply, e);
  if (status == DONE) ok(store_commit(w->uk.store, &err));
  else store_rollback(w->uk.store);
  return status;
}

static void show(struct world *w, const char *path, const struct fault *faults,
                 struct span *given) {
  struct span names[ROUTE_NAMES];
  struct error e = {0};
  struct reply reply = {0};
  const struct route *row = route_find(GET, span_of(path), names);
  if (!row) fail_msg("%s: no row", path);
  struct fields_read none = {0};
  if (row->fields)
    ok(fields_read(&none, w->uk.arena, w->language, row->fields, NULL, 0, day_today(), &e));
  struct request r = request_of(w, row, names, none.values);
  r.faults = w->faults = faults;
  r.given = given;
  const struct route *sent = faults ? route_find(POST, span_of(path), names) : NULL;
  if (sent) r.given_of = route_fields(sent, &(struct request){0}, names);
  if (run_row(w, &r, &reply, &e) != DONE) fail_msg("GET %s: %s", path, e.message);
  keep_reply(w, &reply);
}

static void get(struct world *w, const char *path) { show(w, path, NULL, NULL); }

/* Pairs: name, value ...; false when the form was shown again. */
static bool post(struct world *w, const char *path, const char *const *pairs) {
  struct span names[ROUTE_NAMES];
  struct sent sent[16];
  struct fields_read read;
  struct error e = {0};
  struct reply reply = {0};
  int count = 0;
  const struct route *row = route_find(POST, span_of(path), names);
  if (!row) fail_msg("%s: no row", path);
  for (; pairs[2 * count]; count++)
    sent[count] = (struct sent){.name = span_of(pairs[2 * count]),
                                .value = span_of(pairs[2 * count + 1])};
  if (fields_read(&read, w->uk.arena, w->language, route_fields(row, &(struct request){0}, names),
                  sent, count, day_today(), &e) != DONE)
    fail_msg("POST %s: %s", path, e.message);
  if (read.faults) {
    show(w, path, read.faults, read.given);
    return false;
  }
  struct request r = request_of(w, row, names, read.values);
  enum status status = run_row(w, &r, &reply, &e);
  if (status == REFUSED) {
    struct fault *faults = arena_array(w->uk.arena, struct fault, 2);
    faults[0] = (struct fault){.field = arena_string(w->uk.arena, e.column),
                               .message = arena_string(w->uk.arena, e.message)};
    show(w, path, faults, read.given);
    return false;
  }
  if (status != DONE) fail_msg("POST %s: %s", path, e.message);
  keep_reply(w, &reply);
  return true;
}
#define PAIRS(...) ((const char *const[]){__VA_ARGS__, NULL, NULL})
#define NOTHING ((const char *const[]){NULL, NULL})

static void hold_goes_to(struct world *w, const char *path) {
  if (w->reply.status != 303) fail_msg("status %d where %s was to follow", w->reply.status, path);
  assert_string_equal(w->reply.location, path);
}
static void hold_shows(struct world *w, const char *text) {
  if (w->reply.status != 200 || !strstr(w->body, text))
    fail_msg("'%s' is not on the page (%d):\n%s", text, w->reply.status, w->body ? w->body : "");
}
static void hold_lacks(struct world *w, const char *text) {
  if (w->body && strstr(w->body, text)) fail_msg("'%s' is on the page", text);
}
static void hold_count(struct world *w, const char *sql, int64_t count) {
  int64_t n = -1;
  ok(store_int(w->uk.store, sql, -1, &n, &err));
  if (n != count) fail_msg("%s: %lld, not %lld", sql, (long long)n, (long long)count);
}
/* Posts, and checks where it leads. */
static void answer(struct world *w, const char *path, const char *const *pairs, const char *next) {
  if (!post(w, path, pairs))
    fail_msg("POST %s: %s: %s", path, w->faults->field, w->faults->message);
  hold_goes_to(w, next);
}

/* ---- the walks ---- */

static void the_page_of_choice_leads_to_each_journey(void **state) {
  struct world *w = *state;
  get(w, "/tell-us-once");
  static const char *const kinds[] = {"name", "address", "household", "birth", "death"};
  for (int i = 0; i < 5; i++) {
    char path[64], href[80], first[80];
    snprintf(path, sizeof path, "/tell-us-once/%s", kinds[i]);
    snprintf(href, sizeof href, "href=\"%s\"", path);
    get(w, "/tell-us-once");
    hold_shows(w, href);
    get(w, path);
    assert_int_equal(w->reply.status, 303);
    snprintf(first, sizeof first, "%s", w->reply.location);
    get(w, first);
    hold_shows(w, "<h1");
    hold_shows(w, "name=\"token\" value=\"token\"");
    hold_shows(w, "href=\"/tell-us-once\" class=\"govuk-back-link\"");
  }
  get(w, "/tell-us-once");
  hold_shows(w, "H6"); /* the household's reference, for a person who joins it */
  hold_shows(w, "href=\"/requests\"");
}

static void a_name_journey_is_answered_checked_changed_and_sent(void **state) {
  struct world *w = *state;
  get(w, "/tell-us-once/name/check");
  hold_goes_to(w, "/tell-us-once/name/name");
  assert_false(post(w, "/tell-us-once/name/name", PAIRS("name", "  ")));
  hold_shows(w, "Enter your new name");
  hold_shows(w, "href=\"#field-name\"");
  assert_false(post(w, "/tell-us-once/name/name", PAIRS("name", "An\xe2\x80\xaen")));
  hold_shows(w, "value=\"Ann\"");
  answer(w, "/tell-us-once/name/name", PAIRS("name", "Ann <b>Other</b>"),
         "/tell-us-once/name/check");
  get(w, "/tell-us-once/name/check");
  hold_shows(w, "Ann &lt;b&gt;Other&lt;/b&gt;");
  hold_shows(w, "name=\"token\" value=\"token\"");
  hold_shows(w, "href=\"/tell-us-once/name/name\"");
  hold_shows(w, "The &lt;Council&gt;");
  get(w, "/tell-us-once/name/name");
  hold_shows(w, "value=\"Ann &lt;b&gt;Other&lt;/b&gt;\"");
  hold_shows(w, "href=\"/tell-us-once/name/check\" class=\"govuk-back-link\"");
  answer(w, "/tell-us-once/name/name", PAIRS("name", "Ann Other"), "/tell-us-once/name/check");
  hold_count(w, "select count(*) from case_file", 0);
  answer(w, "/tell-us-once/name/check", NOTHING, "/tell-us-once/name/done");
  hold_count(w, "select count(*) from draft", 0);
  hold_count(
      w, "select count(*) from case_file where party = 1 and kind = 'told-name' and state = 'done'",
      1);
  hold_count(w, "select count(*) from party where id = 1 and name = 'Ann Other'", 1);
  get(w, "/tell-us-once/name/done");
  hold_shows(w, "You have told us");
  hold_shows(w, "The &lt;Council&gt;");
  hold_shows(w, "Passed on, not read yet");
  answer(w, "/tell-us-once/name/check", NOTHING, "/tell-us-once/name/name"); /* sent twice */
  hold_count(w, "select count(*) from case_file", 1);
}

static void an_address_is_a_place_and_a_day(void **state) {
  struct world *w = *state;
  get(w, "/tell-us-once/address/from");
  hold_goes_to(w, "/tell-us-once/address/place");
  get(w, "/tell-us-once/address/place");
  hold_shows(w, "North");
  hold_shows(w, "Elsewhere in England");
  assert_false(post(w, "/tell-us-once/address/place", PAIRS("place", "nowhere")));
  hold_shows(w, "Choose the area you live in now");
  answer(w, "/tell-us-once/address/place", PAIRS("place", "S"), "/tell-us-once/address/address");
  assert_false(post(w, "/tell-us-once/address/address", PAIRS("postcode", "m1 1aa")));
  hold_shows(w, "Enter the first line of the address");
  assert_false(post(w, "/tell-us-once/address/address",
                    PAIRS("address-1", "1 Lane", "postcode", "QM1 1AA")));
  hold_shows(w, "href=\"#field-postcode\"");
  answer(w, "/tell-us-once/address/address",
         PAIRS("address-1", "1 Lane <b>", "address-4", "Southam", "postcode", "m1 1aa"),
         "/tell-us-once/address/from");
  get(w, "/tell-us-once/address/from");
  hold_shows(w, "href=\"/tell-us-once/address/address\" class=\"govuk-back-link\"");
  assert_false(post(w, "/tell-us-once/address/from",
                    PAIRS("from-day", "31", "from-month", "2", "from-year", "2026")));
  hold_shows(w, "The date must be a real date");
  hold_shows(w, "name=\"from-day\" type=\"text\" inputmode=\"numeric\" value=\"31\"");
  /* the register's own rule */
  assert_false(post(w, "/tell-us-once/address/from",
                    PAIRS("from-day", "1", "from-month", "2", "from-year", "2900")));
  hold_shows(w, "href=\"#field-from\"");
  answer(w, "/tell-us-once/address/from",
         PAIRS("from-day", "1", "from-month", "10", "from-year", "2026"),
         "/tell-us-once/address/check");
  get(w, "/tell-us-once/address/check");
  hold_shows(w, "South");
  hold_shows(w, "1 October 2026");
  hold_shows(w, "1 Lane &lt;b&gt;");
  answer(w, "/tell-us-once/address/check", NOTHING, "/tell-us-once/address/done");
  hold_count(w,
             "select count(*) from residence r join residence h on h.party = r.household where "
             "r.party = 1 and r.place is null and r.postcode is null and h.place = 4 and "
             "h.postcode = 'M1 1AA' and h.uprn is null and h.from_day = r.from_day",
             1);
}

static void answers_that_are_no_longer_asked_for_are_dropped(void **state) {
  struct world *w = *state;
  answer(w, "/tell-us-once/household/what", PAIRS("what", "leave"),
         "/tell-us-once/household/place");
  get(w, "/tell-us-once/household/household");
  hold_goes_to(w, "/tell-us-once/household/place");
  answer(w, "/tell-us-once/household/place", PAIRS("place", "N"),
         "/tell-us-once/household/address");
  answer(w, "/tell-us-once/household/address", PAIRS("address-1", "2 Lane"),
         "/tell-us-once/household/from");
  answer(w, "/tell-us-once/household/from", PAIRS("from", "2026-10-01"),
         "/tell-us-once/household/check");
  answer(w, "/tell-us-once/household/what", PAIRS("what", "join"),
         "/tell-us-once/household/household");
  answer(w, "/tell-us-once/household/household", PAIRS("household", "H7"),
         "/tell-us-once/household/check");
  get(w, "/tell-us-once/household/check");
  hold_shows(w, "H7");
  hold_lacks(w, "Area<");
  answer(w, "/tell-us-once/household/check", NOTHING, "/tell-us-once/household/done");
  hold_count(w,
             "select count(*) from case_file where kind = 'told-household' and state = 'waiting' "
             "and facts "
             "not like '%place%'",
             1);
  hold_count(w, "select count(*) from residence where party = 1", 1);
  get(w, "/tell-us-once/household/done");
  hold_shows(w, "Staff check it first");
  hold_shows(w, "in 10 working days");
}

static void an_unknown_household_is_not_revealed(void **state) {
  struct world *w = *state;
  answer(w, "/tell-us-once/household/what", PAIRS("what", "join"),
         "/tell-us-once/household/household");
  answer(w, "/tell-us-once/household/household", PAIRS("household", "H999"),
         "/tell-us-once/household/from");
  answer(w, "/tell-us-once/household/from", PAIRS("from", "2026-10-01"),
         "/tell-us-once/household/check");
  answer(w, "/tell-us-once/household/check", NOTHING, "/tell-us-once/household/done");
}

static void a_birth_waits_for_staff(void **state) {
  struct world *w = *state;
  answer(w, "/tell-us-once/birth/name", PAIRS("name", "Fay"), "/tell-us-once/birth/born");
  assert_false(post(w, "/tell-us-once/birth/born", PAIRS("born", "2900-01-01")));
  hold_shows(w, "The date must be today or in the past");
  answer(w, "/tell-us-once/birth/born", PAIRS("born", "2026-11-01"), "/tell-us-once/birth/sex");
  /* it may be left out, and counts as answered */
  answer(w, "/tell-us-once/birth/sex", NOTHING, "/tell-us-once/birth/check");
  get(w, "/tell-us-once/birth/check");
  hold_shows(w, "Not given");
  answer(w, "/tell-us-once/birth/check", NOTHING, "/tell-us-once/birth/done");
  hold_count(w, "select count(*) from case_file where kind = 'told-birth' and state = 'waiting'",
             1);
  hold_count(w, "select count(*) from party where kind = 'person'", PEOPLE);
}

static void a_death_is_of_a_member_or_of_somebody_by_name(void **state) {
  struct world *w = *state;
  get(w, "/tell-us-once/death/whom");
  hold_shows(w, "Ben");
  hold_lacks(w, "Cai");
  hold_lacks(w, "Dee");
  /* lives elsewhere: the refusal does not say whether there is such a person */
  assert_false(post(w, "/tell-us-once/death/whom", PAIRS("whom", "id:P4")));
  hold_shows(w, "Choose who has died");
  answer(w, "/tell-us-once/death/whom", PAIRS("whom", "other"), "/tell-us-once/death/who");
  assert_false(post(w, "/tell-us-once/death/who", PAIRS("name", "Dee")));
  hold_shows(w, "Enter the day they were born");
  answer(w, "/tell-us-once/death/who", PAIRS("name", "Dee", "born", "1970-01-01"),
         "/tell-us-once/death/died");
  answer(w, "/tell-us-once/death/died", PAIRS("died", "2026-11-01"), "/tell-us-once/death/check");
  answer(w, "/tell-us-once/death/whom", PAIRS("whom", "id:P2"), "/tell-us-once/death/check");
  get(w, "/tell-us-once/death/check");
  hold_shows(w, "Ben");
  hold_lacks(w, "Dee");
  answer(w, "/tell-us-once/death/check", NOTHING, "/tell-us-once/death/done");
  hold_count(
      w,
      "select count(*) from case_file where kind = 'told-death' and state = 'waiting' and facts "
      "like '%id:P2%' and facts not like '%Dee%'",
      1);
  hold_count(w, "select count(*) from party where died is not null", 1);
}

static void a_helper_notifies_for_the_person_and_is_noted(void **state) {
  struct world *w = *state;
  w->visitor = EVE;
  get(w, "/helping/P1/tell-us-once");
  hold_shows(w, "You are telling this for Ann");
  hold_lacks(w, "H6");
  answer(w, "/helping/P1/tell-us-once/name/name", PAIRS("name", "Annie"),
         "/helping/P1/tell-us-once/name/check");
  get(w, "/tell-us-once/name/check"); /* Eve's own answers are kept apart */
  hold_goes_to(w, "/tell-us-once/name/name");
  get(w, "/helping/P1/tell-us-once/name/check");
  hold_shows(w, "You are answering for Ann");
  answer(w, "/helping/P1/tell-us-once/name/check", NOTHING, "/helping/P1/tell-us-once/name/done");
  hold_count(w, "select count(*) from party where id = 1 and name = 'Annie'", 1);
  hold_count(w, "select count(*) from party where id = 5 and name = 'Eve'", 1);
  hold_count(w, "select count(*) from case_file where party = 1 and opened_by = 'id:P5'", 1);
  get(w, "/helping/P1/tell-us-once/name/done");
  hold_shows(w, "You have told us");
  int64_t access_notes = 0;
  ok(store_int(w->uk.store, "select count(*) from access where party = 1 and who = 'id:P5'", 0,
               &access_notes, &err));
  assert_true(access_notes >= 3);
  get(w, "/helping/P1/requests");
  hold_shows(w, "/helping/P1/requests/1\"");
  w->visitor = ANN;
  get(w, "/requests/1");
  hold_shows(w, "Eve");
}

static void a_helper_does_not_see_the_persons_notices(void **state) {
  struct world *w = *state;
  answer(w, "/tell-us-once/name/name", PAIRS("name", "Annabel"), "/tell-us-once/name/check");
  answer(w, "/tell-us-once/name/check", NOTHING, "/tell-us-once/name/done");
  w->visitor = EVE;
  get(w, "/helping/P1/requests");
  hold_lacks(w, "/requests/1");
  get(w, "/helping/P1/requests/1");
  assert_int_equal(w->reply.status, 404);
}

static void welsh_pages_lead_to_welsh_pages(void **state) {
  struct world *w = *state;
  w->language = WELSH;
  get(w, "/tell-us-once");
  hold_shows(w, "href=\"/cy/tell-us-once/name\"");
  get(w, "/tell-us-once/name");
  hold_goes_to(w, "/cy/tell-us-once/name/name");
  answer(w, "/tell-us-once/name/name", PAIRS("name", "\xc5\xb4yn"), "/cy/tell-us-once/name/check");
  get(w, "/tell-us-once/name/check");
  hold_shows(w, "action=\"/cy/tell-us-once/name/check\"");
  hold_shows(w, "\xc5\xb4yn");
}

static void a_damaged_draft_is_no_answer(void **state) {
  struct world *w = *state;
  static const char *const damaged[] = {"",
                                        "[",
                                        "[]",
                                        "{\"name\":1}",
                                        "{\"name\":\"\"}",
                                        "{\"name\":\"a\\u0000b\"}",
                                        "{\"name\":\"a\\u202eb\"}",
                                        "{\"other\":\"x\"}",
                                        "null"};
  answer(w, "/tell-us-once/name/name", PAIRS("name", "Annabel"), "/tell-us-once/name/check");
  for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
    struct query *q;
    ok(store_begin(w->uk.store, STORE_WRITE, &err));
    ok(store_query(w->uk.store, &q, "update draft set answers = ?1", &err));
    query_bind_text(q, 1, span_of(damaged[i]));
    ok(query_run(q, &err));
    query_end(q);
    ok(store_commit(w->uk.store, &err));
    get(w, "/tell-us-once/name/check");
    hold_goes_to(w, "/tell-us-once/name/name");
  }
}

static void names_that_no_journey_has_are_not_found(void **state) {
  struct world *w = *state;
  static const char *const paths[] = {"/tell-us-once/divorce", "/tell-us-once/divorce/check",
                                      "/tell-us-once/name/colour", "/tell-us-once/divorce/done",
                                      "/tell-us-once/%s/x"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    get(w, paths[i]);
    assert_int_equal(w->reply.status, 404);
  }
  const struct request none = {0};
  assert_null(notify_fields(&none, (struct span[]){span_of("divorce"), span_of("name")}));
  assert_null(notify_fields(&none, (struct span[]){span_of("name"), span_of("colour")}));
}

/* What no row of ours rewords is said in the register's own sentence. */
static void what_the_register_refuses_is_said(void **state) {
  struct world *w = *state;
  w->visitor = CAI; /* who has died */
  answer(w, "/tell-us-once/address/place", PAIRS("place", "S"), "/tell-us-once/address/address");
  answer(w, "/tell-us-once/address/address", PAIRS("address-1", "1 Lane"),
         "/tell-us-once/address/from");
  assert_false(post(w, "/tell-us-once/address/from", PAIRS("from", "2026-06-01")));
  assert_string_equal(w->faults->message,
                      "the person has died; the record of where they lived stays as it is");
}

/* The refusals that say who is in the register, each by name; every other one keeps its code, and
 * its sentence where no row rewords it. */
static void a_refusal_is_said_or_hidden_by_name(void **state) {
  static const enum refusal_code hidden[] = {
      REFUSAL_NUMBER_OF_ANOTHER, REFUSAL_NUMBER_OF_ANOTHER_BUT_LETTER,
      REFUSAL_PERSON_ID_ERASED,  REFUSAL_PERSON_NUMBER_OF_SEVERAL,
      REFUSAL_PERSON_UNKNOWN,    REFUSAL_PERSON_NUMBER_UNKNOWN};
  static const struct reworded rows[] = {{REFUSAL_NAME_TOO_LONG, REFUSAL_YOUR_NAME_TOO_LONG},
                                         {REFUSAL_HOUSEHOLD_UNREGISTERED, REFUSAL_ANSWER_WRONG},
                                         {REFUSAL_NONE, REFUSAL_NONE}};
  (void)state;
  for (int code = 1; code < REFUSAL_COUNT; code++) {
    struct error e = {.code = REFUSED,
                      .refusal = {.code = (uint16_t)code, .argument_count = 1},
                      .message = "as the floor says it",
                      .column = "from"};
    bool is_hidden = code == REFUSAL_HOUSEHOLD_UNREGISTERED;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) is_hidden |= (int)hidden[i] == code;
    refusal_reword(rows, &e);
    assert_int_equal(e.code, REFUSED);
    assert_string_equal(e.column, "from");
    assert_int_equal(e.refusal.code, is_hidden ? REFUSAL_ANSWER_WRONG : code);
    assert_string_equal(e.message, is_hidden                       ? REFUSAL_SAYS_ANSWER_WRONG
                                   : code == REFUSAL_NAME_TOO_LONG ? REFUSAL_SAYS_YOUR_NAME_TOO_LONG
                                                                   : "as the floor says it");
  }
}

#define WALK(name) cmocka_unit_test_setup_teardown(name, new_world, close_world)
int main(void) {
  const struct CMUnitTest tests[] = {
      WALK(the_page_of_choice_leads_to_each_journey),
      WALK(a_name_journey_is_answered_checked_changed_and_sent),
      WALK(an_address_is_a_place_and_a_day),
      WALK(answers_that_are_no_longer_asked_for_are_dropped),
      WALK(an_unknown_household_is_not_revealed),
      WALK(a_birth_waits_for_staff),
      WALK(what_the_register_refuses_is_said),
      WALK(a_refusal_is_said_or_hidden_by_name),
      WALK(a_death_is_of_a_member_or_of_somebody_by_name),
      WALK(a_helper_notifies_for_the_person_and_is_noted),
      WALK(a_helper_does_not_see_the_persons_notices),
      WALK(welsh_pages_lead_to_welsh_pages),
      WALK(a_damaged_draft_is_no_answer),
      WALK(names_that_no_journey_has_are_not_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
