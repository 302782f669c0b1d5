/* Every inbox and list has what is theirs, in order; a deadline is what a calendar says; files come
 * back as they were; and any sequence of moves keeps a case whole. */
#include "base/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "case_town.h"

static int64_t escalate(struct town *t) {
  int64_t count;
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(cases_escalate(t->uk.store, t->uk.arena, &t->desk, &count, &err));
  ok(store_commit(t->uk.store, &err));
  return count;
}

/* ---- lists ---- */

struct seen {
  int64_t ids[200];
  int count;
  int64_t total;
};

static void read_pages(struct town *t, const struct case_actor *actor, struct case_filter filter,
                       struct seen *seen) {
  struct case_file *page;
  int count;
  *seen = (struct seen){0};
  for (filter.skip = 0;; filter.skip += count) {
    ok(cases_inbox(t->uk.store, t->uk.arena, &t->desk, actor, &filter, &page, &count, &seen->total,
                   &err));
    for (int i = 0; i < count; i++) seen->ids[seen->count++] = page[i].id;
    if (count < filter.most) return;
  }
}

static bool is_in_inbox(const struct case_actor *actor, const struct case_file *f) {
  bool body = false, administrator = false;
  for (int i = 0; i < actor->body_count; i++) body = body || actor->bodies[i] == f->to_body;
  for (int i = 0; i < actor->role_count; i++)
    administrator = administrator || strcmp(actor->roles[i], "administrator") == 0;
  return !actor->person || body || (administrator && (f->to_role || f->escalated)) ||
         case_actor_is(actor, f->to_person);
}

static bool is_which(struct town *t, enum case_which which, const struct case_file *f) {
  return which == CASES_ALL || (which == CASES_WAITING && f->waits) ||
         (which == CASES_ANSWERED && !f->waits) ||
         (which == CASES_LATE && case_late(f, t->desk.today));
}

/* Before b in the order of an inbox. */
static bool in_order(const struct case_file *a, const struct case_file *b) {
  if (a->waits != b->waits) return a->waits;
  if (a->due == b->due) return a->waits ? a->id < b->id : a->id > b->id;
  if (a->due == DAY_NONE || b->due == DAY_NONE) return b->due == DAY_NONE;
  return a->waits ? a->due < b->due : a->due > b->due;
}

static int fill_inboxes(struct town *t) {
  static const int64_t people[] = {ANN, BEN, DAN};
  int count = 0;
  for (int i = 0; i < 60; i++) {
    int64_t id = 0, person = people[i % 3];
    t->desk.today = day_make(2026, 3, 2) + i % 11;
    struct case_opening opening = line_wrong(arena_printf(t->uk.arena, "line:%d:1", i));
    const struct case_fact facts[] = {{"category", span_of("volunteering")},
                                      {"date", span_of("2026-02-28")},
                                      {"minutes", span_of("90")},
                                      {"name", span_of("Meg")},
                                      {"born", span_of("2026-02-28")}};
    opening.to_body = i % 4 ? CLUB : TRUST;
    opening.party = person;
    if (i % 5 == 1)
      opening = (struct case_opening){.kind = "rectification-request",
                                      .reason = span_of("wrong"),
                                      .party = person};
    if (i % 5 == 2)
      opening = (struct case_opening){.kind = "time-given",
                                      .party = person,
                                      .to_person = i % 2 ? CAT : EVE,
                                      .facts = facts,
                                      .fact_count = 3};
    if (i % 5 == 3)
      opening = (struct case_opening){.kind = "told-birth",
                                      .party = person,
                                      .to_body = i % 2 ? CLUB : TRUST,
                                      .facts = facts + 3,
                                      .fact_count = 2};
    ok(open_by(t, person, opening, &id));
    count++;
    /* a birth that was told cannot be taken back */
    if (i % 7 == 3) is(i % 5 == 3 ? REFUSED : DONE, move_by(t, person, id, "withdraw", ""));
    if (i % 6 == 2)
      ok(store_run_with(t->uk.store, "update case_file set assigned = ?1 where id = ?2", &err, CAT,
                        id));
  }
  t->desk.today = day_make(2026, 3, 20);
  return count;
}

static void every_inbox_has_what_is_theirs_in_order(void **state) {
  struct town *t = *state;
  static const int64_t officers[] = {0, ANN, CAT, CYD, DAN, EVE, FAY};
  int cases = fill_inboxes(t);
  assert_true(escalate(t) > 0);
  for (size_t o = 0; o < sizeof officers / sizeof *officers; o++)
    for (enum case_which which = CASES_ALL; which <= CASES_LATE; which++)
      for (int filtered = 0; filtered < 4; filtered++) {
        struct case_actor actor = actor_of(t, officers[o]);
        struct case_filter filter = {.which = which, .most = 7};
        struct seen seen;
        int expected = 0;
        if (filtered == 1) filter.kind = "line-wrong";
        if (filtered == 2) filter.assigned = CAT;
        if (filtered == 3) filter.assigned = -1;
        read_pages(t, &actor, filter, &seen);
        for (int64_t id = 1; id <= cases; id++) {
          struct case_file f = look(t, id);
          if (!is_in_inbox(&actor, &f) || !is_which(t, which, &f)) continue;
          if (filter.kind && strcmp(f.kind_word, filter.kind) != 0) continue;
          if (filter.assigned && f.assigned != (filter.assigned < 0 ? 0 : CAT)) continue;
          bool there = false;
          for (int i = 0; i < seen.count; i++) there = there || seen.ids[i] == id;
          assert_true(there);
          expected++;
        }
        assert_int_equal(seen.count, expected);
        assert_int_equal(seen.total, expected);
        for (int i = 1; i < seen.count; i++) {
          struct case_file a = look(t, seen.ids[i - 1]), b = look(t, seen.ids[i]);
          assert_true(in_order(&a, &b));
        }
      }
}

static void a_citizen_has_one_list(void **state) {
  struct town *t = *state;
  int cases = fill_inboxes(t);
  struct case_actor ann = actor_of(t, ANN);
  int64_t late_about_old = 0;
  ok(store_run(t->uk.store, "update case_file set party = 6 where party = 1 and id % 2 = 0", &err));
  for (enum case_which which = CASES_ALL; which <= CASES_LATE; which++) {
    struct case_filter filter = {.which = which, .most = 4};
    int64_t total = 0, last = INT64_MAX;
    int found = 0, count = 0, expected = 0;
    for (;; filter.skip += count) {
      struct case_file *page;
      ok(cases_of(t->uk.store, t->uk.arena, &t->desk, ann.records, ann.record_count, &filter, &page,
                  &count, &total, &err));
      for (int i = 0; i < count; i++) {
        assert_true(page[i].id < last);
        last = page[i].id;
        found++;
      }
      if (count < filter.most) break;
    }
    for (int64_t id = 1; id <= cases; id++) {
      struct case_file f = look(t, id);
      bool theirs = case_actor_is(&ann, f.party) || (!f.party && case_actor_is(&ann, f.opener));
      expected += theirs && is_which(t, which, &f);
      late_about_old += f.party == OLD_ANN && case_late(&f, t->desk.today);
    }
    assert_int_equal(found, expected);
    assert_int_equal(total, expected);
  }
  assert_true(late_about_old > 0);
}

/* ---- deadlines ---- */

static bool slow_working_day(const struct pack *pack, day_t day) {
  time_t moment = (time_t)day * 86400;
  struct tm parts;
  gmtime_r(&moment, &parts);
  if (parts.tm_wday == 0 || parts.tm_wday == 6) return false;
  for (int i = 0; i < pack->holiday_count; i++)
    if (pack->holidays[i].day == day) return false;
  return true;
}

static day_t slow_deadline(const struct pack *pack, int days, int months, day_t from) {
  if (days) {
    day_t day = from;
    for (int passed = 0; passed < days;) passed += slow_working_day(pack, ++day);
    return day;
  }
  time_t moment = (time_t)from * 86400;
  struct tm parts;
  gmtime_r(&moment, &parts);
  int wanted = parts.tm_mday;
  parts.tm_mon += months;
  parts.tm_mday = 1;
  time_t first = timegm(&parts);
  struct tm same;
  gmtime_r(&first, &same);
  day_t day = (day_t)(first / 86400);
  for (int d = 1; d < wanted; d++) { /* day by day, not past the month's end */
    time_t next = (time_t)(day + 1) * 86400;
    struct tm after;
    gmtime_r(&next, &after);
    if (after.tm_mon != same.tm_mon) break;
    day++;
  }
  while (!slow_working_day(pack, day)) day++;
  return day;
}

static void a_deadline_is_what_a_calendar_says(void **state) {
  struct town *t = *state;
  for (day_t from = day_make(2023, 12, 1); from <= day_make(2029, 1, 31); from++)
    for (int n = 1; n <= 25; n++) {
      struct pack_case_kind days = {.deadline.days = n}, months = {.deadline.months = n};
      assert_int_equal(case_deadline(t->uk.pack, &days, from),
                       slow_deadline(t->uk.pack, n, 0, from));
      if (n <= 12)
        assert_int_equal(case_deadline(t->uk.pack, &months, from),
                         slow_deadline(t->uk.pack, 0, n, from));
    }
  struct pack_case_kind none = {0};
  assert_int_equal(case_deadline(t->uk.pack, &none, t->desk.today), DAY_NONE);
}

static void known_deadlines(void **state) {
  struct town *t = *state;
  static const struct {
    int days, months;
    const char *from, *to;
  } known[] = {
      {10, 0, "2025-12-19", "2026-01-07"}, /* Christmas, Boxing Day, New Year's Day */
      {1, 0, "2026-04-02", "2026-04-07"},  /* Good Friday and Easter Monday */
      {1, 0, "2026-03-27", "2026-03-30"},  /* the clocks go forward on the Sunday between */
      {1, 0, "2026-10-23", "2026-10-26"},  /* and back */
      {0, 1, "2024-01-31", "2024-02-29"},  /* a leap day */
      {0, 1, "2023-01-31", "2023-02-28"},
      {0, 1, "2024-02-29", "2024-04-02"}, /* 29 March was Good Friday, 1 April Easter Monday */
      {0, 1, "2026-11-28", "2026-12-29"}, /* 28 December: Boxing Day's substitute */
      {0, 1, "2027-11-25", "2027-12-29"}, /* a Saturday; both substitutes follow it */
      {0, 1, "2026-08-31", "2026-09-30"}, /* a month's last day */
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
    struct pack_case_kind kind = {.deadline.days = known[i].days,
                                  .deadline.months = known[i].months};
    day_t from, to;
    char got[11];
    ok(day_parse(span_of(known[i].from), &from, &err));
    ok(day_parse(span_of(known[i].to), &to, &err));
    day_t day = case_deadline(t->uk.pack, &kind, from);
    if (day != to) fail_msg("%s: %s, not %s", known[i].from, day_write(day, got), known[i].to);
  }
}

/* ---- attachments ---- */

static enum status attach(struct town *t, int64_t by, int64_t id, struct span name,
                          struct span content) {
  struct case_actor actor = actor_of(t, by);
  struct case_file file = look(t, id);
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  return end_transaction(t, case_attach(t->uk.store, &actor, &file, name, content, &err));
}

static void files_are_attached(void **state) {
  struct town *t = *state;
  int64_t id = open_line(t, "line:12:3"), other = 0;
  struct case_attachment *all;
  struct text content = {0};
  int count;
  const struct span pdf = span_of("%PDF-1.7 letter");
  ok(attach(t, ANN, id, span_of("C:\\fakepath\\scan.pdf"), pdf));
  ok(attach(t, CAT, id, span_of("../../etc/passwd"), span_of("just words\n")));
  ok(attach(t, ANN, id, span_of("x.png"), span_make("\x89PNG\r\n\x1A\n\0", 9)));
  ok(attach(t, ANN, id, span_of("llun \xC5\xB4.jpg"), span_of("\xFF\xD8\xFF\xE0")));
  static const char *const no_names[] = {"", "/", "a/..", ".", "a\\", "two\nlines", "\xFF"};
  for (size_t i = 0; i < sizeof no_names / sizeof *no_names; i++)
    refuses(attach(t, ANN, id, span_of(no_names[i]), pdf), "file", "name");
  refuses(attach(t, ANN, id, span_make("a\0.pdf", 6), pdf), "file", "name");
  refuses(attach(t, ANN, id, span_of("a.pdf"), span_of("")), "file", "empty");
  refuses(attach(t, ANN, id, span_of("a.exe"), span_make("MZ\0", 3)), "file", "PDF");
  refuses(attach(t, ANN, id, span_of("a.pdf"), span_make(pdf.bytes, 100u << 20)), "file", "10 MB");
  refuses(attach(t, ANN, id, span_of("a.pdf"), span_make(pdf.bytes, LIMIT_ATTACHMENT_BYTES + 1)),
          "file", "10 MB");
  refuses(attach(t, BEN, id, span_of("a.pdf"), pdf), "", "no such");
  struct case_file file = look(t, id);
  ok(case_attachments(t->uk.store, t->uk.arena, &file, &all, &count, &err));
  assert_int_equal(count, 4);
  assert_string_equal(all[0].name, "scan.pdf");
  assert_string_equal(all[1].name, "passwd");
  assert_string_equal(all[1].media, "text/plain; charset=utf-8");
  assert_string_equal(all[2].media, "image/png");
  assert_string_equal(all[3].media, "image/jpeg");
  assert_int_equal(all[0].size, pdf.size);
  ok(case_attachment_content(t->uk.store, &file, 1, &content, &err));
  assert_string_equal(content.bytes, "%PDF-1.7 letter");
  is(REFUSED, case_attachment_content(t->uk.store, &file, 5, &content, &err));
  for (int i = count; i < LIMIT_ATTACHMENTS; i++) ok(attach(t, ANN, id, span_of("more.pdf"), pdf));
  refuses(attach(t, ANN, id, span_of("eleventh.pdf"), pdf), "file", "at most 10");
  ok(move_by(t, CAT, id, "uphold", "yes"));
  refuses(attach(t, ANN, id, span_of("late.pdf"), pdf), "", "answered");
  ok(open_birth(t, "name", "Meg"));
  other = id + 1;
  refuses(attach(t, ANN, other, span_of("a.pdf"), pdf), "file", "this kind");
  text_release(&content);
}

/* The largest file that is taken comes back as it was. */
static void a_large_file_comes_back(void **state) {
  struct town *t = *state;
  int64_t id = open_line(t, "line:12:3");
  char *bytes = memory_zeroed(1, LIMIT_ATTACHMENT_BYTES);
  struct text content = {0};
  snprintf(bytes, 6, "%%PDF-");
  ok(attach(t, ANN, id, span_of("scan.pdf"), span_make(bytes, LIMIT_ATTACHMENT_BYTES)));
  struct case_file file = look(t, id);
  ok(case_attachment_content(t->uk.store, &file, 1, &content, &err));
  assert_int_equal(content.size, LIMIT_ATTACHMENT_BYTES);
  assert_memory_equal(content.bytes, bytes, LIMIT_ATTACHMENT_BYTES);
  text_release(&content);
  free(bytes);
}

/* ---- bounds of one person ---- */

static enum status ask(struct town *t, int64_t person, int64_t *id) {
  const struct case_opening opening = {.kind = "rectification-request",
                                       .party = person,
                                       .reason = span_of("My name is wrong")};
  return open_by(t, person, opening, id);
}

/* Through every kind and every record of the person; what was answered makes room again. */
static void so_many_wait_and_no_more(void **state) {
  struct town *t = *state;
  int64_t id = 0, one = open_line(t, "line:12:3");
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(store_run_with(t->uk.store, "update case_file set party = ?1 where id = ?2", &err, OLD_ANN,
                    one)); /* opened before her records were found to be one person's */
  ok(store_commit(t->uk.store, &err));
  for (int i = 1; i < LIMIT_CASES_WAITING; i++) ok(ask(t, ANN, &id));
  refuses(ask(t, ANN, &id), "", "50 requests wait");
  refuses(ask(t, OLD_ANN, &id), "", "50 requests wait");
  ok(ask(t, DAN, &id));
  ok(open_by(t, ANN,
             (struct case_opening){.kind = "told-name",
                                   .party = ANN,
                                   .facts = (struct case_fact[]){{"name", span_of("Anna")}},
                                   .fact_count = 1},
             &id)); /* it is done at once */
  ok(move_by(t, CAT, one, "uphold", "yes"));
  ok(ask(t, ANN, &id));
  refuses(ask(t, ANN, &id), "", "take one of them back");
}

static void files_of_what_waits_are_bounded_together(void **state) {
  struct town *t = *state;
  int64_t ids[2];
  char *bytes = memory_zeroed(1, LIMIT_ATTACHMENT_BYTES);
  snprintf(bytes, 6, "%%PDF-");
  const struct span pdf = span_make(bytes, LIMIT_ATTACHMENT_BYTES);
  for (int i = 0; i < 2; i++) {
    ok(ask(t, ANN, &ids[i]));
    ok(attach(t, ANN, ids[i], span_of("a.pdf"), span_make(bytes, 5)));
  }
  /* what it would be after eight large ones, without writing them */
  ok(store_begin(t->uk.store, STORE_WRITE, &err));
  ok(store_run_with(t->uk.store, "update case_attachment set size = ?1 where case_id = ?2", &err,
                    LIMIT_ATTACHED_WAITING_BYTES - LIMIT_ATTACHMENT_BYTES - 5, ids[0]));
  ok(store_commit(t->uk.store, &err));
  ok(attach(t, ANN, ids[1], span_of("b.pdf"), pdf));
  refuses(attach(t, ANN, ids[1], span_of("c.pdf"), span_make(bytes, 5)), "file", "100 MB together");
  ok(move_by(t, FAY, ids[0], "refuse", "It is right"));
  ok(attach(t, ANN, ids[1], span_of("c.pdf"), pdf));
  free(bytes);
}

/* ---- any sequence of moves ---- */

static void assert_whole(struct town *t, int64_t id) {
  struct case_file f = look(t, id);
  assert_non_null(f.state);
  assert_int_equal(f.waits, f.state->waits);
  assert_int_equal(f.decided_at == NULL, f.waits);
  assert_int_equal(f.decided_by == NULL, f.waits);
  assert_true(f.event_count >= 1);
  assert_string_equal(f.events[0].what, "opened");
  assert_string_equal(f.events[f.event_count - 1].state, f.state_word);
  for (int e = 1; e < f.event_count; e++) {
    bool led = strcmp(f.events[e].state, f.events[e - 1].state) == 0;
    for (int m = 0; !led && m < f.kind->move_count; m++)
      led = strcmp(f.kind->moves[m].word, f.events[e].what) == 0 &&
            strcmp(f.kind->moves[m].from->word, f.events[e - 1].state) == 0 &&
            strcmp(f.kind->moves[m].to->word, f.events[e].state) == 0;
    assert_true(led);
    assert_true(strcmp(f.events[e - 1].at, f.events[e].at) <= 0);
  }
}

static void any_sequence_of_moves_keeps_a_case_whole(void **state) {
  struct town *t = *state;
  int cases = fill_inboxes(t), done = 0, refusals = 0;
  unsigned seed = 20260302;
  struct case_fact hearing[] = {{"hearing", span_of("2026-03-09")},
                                {"where", span_of("Town hall")},
                                {"panel", span_of("Fay")}};
  int64_t complaint;
  ok(open_by(t, ANN,
             (struct case_opening){
                 .kind = "complaint", .party = ANN, .reason = span_of("Nobody answered")},
             &complaint));
  cases++;
  for (int step = 0; step < 600; step++) {
    int64_t id = 1 + rand_r(&seed) % cases, person = rand_r(&seed) % (FAY + 1);
    const struct pack_case_move *move =
        &t->uk.pack->case_moves[rand_r(&seed) % t->uk.pack->case_move_count];
    struct case_actor actor = actor_of(t, person);
    struct case_file file = look(t, id), before = file;
    struct case_motion motion = {.id = id, .move = move->word};
    if (move->words == CASE_REQUIRED || rand_r(&seed) % 2) motion.words = span_of("because");
    if (strcmp(move->word, "hear") == 0) motion.facts = hearing, motion.fact_count = 3;
    ok(store_begin(t->uk.store, STORE_WRITE, &err));
    enum status status = end_transaction(t, case_move(t->uk.store, t->uk.arena, &t->desk, &actor,
                                                      &motion, &file, &err));
    assert_true(status == DONE || status == REFUSED);
    done += status == DONE;
    refusals += status == REFUSED;
    if (status == DONE && !file.waits && person)
      assert_true(file.decider == person || actor.person == file.decider);
    if (status == REFUSED) {
      file = look(t, id);
      assert_string_equal(file.state_word, before.state_word);
      assert_int_equal(file.event_count, before.event_count);
    }
    assert_whole(t, id);
    arena_reset(t->uk.arena);
  }
  assert_true(done > 10 && refusals > 100);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(every_inbox_has_what_is_theirs_in_order, new_town,
                                      close_town),
      cmocka_unit_test_setup_teardown(a_citizen_has_one_list, new_town, close_town),
      cmocka_unit_test_setup_teardown(a_deadline_is_what_a_calendar_says, new_town, close_town),
      cmocka_unit_test_setup_teardown(known_deadlines, new_town, close_town),
      cmocka_unit_test_setup_teardown(files_are_attached, new_town, close_town),
      cmocka_unit_test_setup_teardown(a_large_file_comes_back, new_town, close_town),
      cmocka_unit_test_setup_teardown(so_many_wait_and_no_more, new_town, close_town),
      cmocka_unit_test_setup_teardown(files_of_what_waits_are_bounded_together, new_town,
                                      close_town),
      cmocka_unit_test_setup_teardown(any_sequence_of_moves_keeps_a_case_whole, new_town,
                                      close_town),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
