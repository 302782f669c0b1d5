/* The scan of the ledger: every line once, in the ledger's order within an account, whatever the
 * number of workers and wherever a block or a chunk ends; turns in order; an error in one worker
 * stops all. On both engines: WEAL_TEST_STORE says which (see fresh.h). */
#include "book/scan.h"
#include "fresh.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ACCOUNTS = 40, HEAD = 5000 };

static struct error err;

#define ok(call) \
  do { \
    err = (struct error){0}; \
    if ((call) != DONE) fail_msg("%s: %s", #call, err.message); \
  } while (0)

static uint64_t state = 1;
static int64_t draw(int64_t limit) {
  state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
  return (int64_t)((state * UINT64_C(2685821657736338717)) >> 33) % limit;
}

/* Account 3 has a block's lines and one on one day; account 7 a block's exactly; account 11 none.
 * Entries past HEAD, and the pending ones 100 to 120, are not seen. */
static int lines_of(int account) {
  return account == 3    ? STORE_BLOCK_ROWS + 1
         : account == 7  ? STORE_BLOCK_ROWS
         : account == 11 ? 0
                         : (int)draw(60);
}

static void add_line(struct append *a, int64_t account, day_t day, int64_t entry, int n) {
  bool service = draw(4) == 0, reversal = draw(10) == 0;
  append_int(a, account);
  append_int(a, day);
  append_int(a, entry);
  append_int(a, n);
  append_int(a, draw(20) ? draw(100000) - 50000 : INT64_MAX - draw(9));
  append_int(a, 1 + draw(9));
  if (service) append_int(a, draw(3) * 1000);
  else append_null(a);
  if (service) append_int(a, 1 + draw(4));
  else append_null(a);
  if (service && draw(2)) append_int(a, 2020 + draw(5));
  else append_null(a);
  append_int(a, draw(2));
  if (draw(3)) append_int(a, 1 + draw(5));
  else append_null(a);
  if (draw(3)) append_int(a, 1 + draw(5));
  else append_null(a);
  append_text(a, draw(2) ? span_of("reference") : span_make(NULL, 0));
  append_text(a, draw(2) ? span_of("") : span_make(NULL, 0));
  if (reversal) append_int(a, 1 + draw(HEAD));
  else append_null(a);
  if (reversal) append_int(a, 1 + draw(9));
  else append_null(a);
  for (int label = 0; label < 3; label++) {
    if (draw(8) == 0) append_text(a, span_of(label == 1 ? "grant" : "of some"));
    else append_null(a);
  }
  ok(append_row(a, &err));
}

static struct store *new_ledger(void) {
  struct store *store = fresh_store();
  struct append *a = NULL;
  ok(store_begin(store, STORE_WRITE, &err));
  ok(append_begin(store, &a, "line", LINE_COLUMNS, &err));
  for (int account = 1; account <= ACCOUNTS; account++) {
    int count = lines_of(account);
    day_t day = 20000;
    int64_t entry = 1 + draw(50);
    for (int i = 0; i < count; i++) {
      if (account != 3 && draw(3) == 0) day += (day_t)draw(30), entry = 1 + draw(50);
      else entry += draw(200);
      add_line(a, account, day, entry, i + 1);
    }
  }
  ok(append_end(a, &err));
  ok(store_commit(store, &err));
  return store;
}

static const struct entry_range pending[] = {{100, 110}, {111, 120}};
static const struct reading reading = {.head = HEAD,
                                       .pending = (struct entry_range *)pending,
                                       .pending_count = 2};

/* ---- the lines that a scan finds, as text ---- */

static void write_line(struct text *t, const struct line *l) {
  text_addf(t, "%lld %d %lld %d %lld %d", (long long)l->account, l->day, (long long)l->entry,
            l->line_no, (long long)l->amount, l->category);
  if (l->has_quantity) text_addf(t, " q%lld", (long long)l->quantity);
  text_addf(t, " %d %d %d %lld %lld %lld:%d", l->service, l->cost_year, l->estimated,
            (long long)l->body, (long long)l->place, (long long)l->reverses_entry,
            l->reverses_line_no);
  text_addf(t, " '" SPAN_FORMAT "' '" SPAN_FORMAT "'", SPAN(l->reference), SPAN(l->note));
  text_addf(t, " '" SPAN_FORMAT "' '" SPAN_FORMAT "' '" SPAN_FORMAT "'\n", SPAN(l->department),
            SPAN(l->stream), SPAN(l->condition));
}

/* The same by a plain select: the lines of the days from .. to that the reading sees. */
static struct text select_lines(struct store *store, day_t from, day_t to, bool every) {
  struct text out = {0};
  struct query *q = NULL;
  bool row = false;
  ok(store_query(store, &q, "select " LINE_COLUMNS " from line order by account, day, entry, n",
                 &err));
  for (;;) {
    struct line line;
    ok(query_step(q, &row, &err));
    if (!row) break;
    line_read(q, &line);
    if (every || (line.day >= from && line.day <= to && line.entry <= HEAD &&
                  (line.entry < 100 || line.entry > 120)))
      write_line(&out, &line);
  }
  query_end(q);
  text_add_char(&out, '.');
  return out;
}

struct found {
  struct text chunk[ACCOUNTS + 1]; /* by number */
  struct text in_turn;
  day_t from, to;
  bool every, as_lines;
  int64_t chunk_items, fails_at; /* the chunk that fails; -1: none */
  int begun, ended, turns, after_failure;
};
struct found_worker {
  struct found *found;
  struct store *store;
};

static void *begin(void *context, struct store *store) {
  struct found *found = context;
  struct found_worker *w = memory_zeroed(1, sizeof *w);
  *w = (struct found_worker){found, store};
  __atomic_add_fetch(&found->begun, 1, __ATOMIC_SEQ_CST);
  return w;
}

/* Accounts are items 0 .., with numbers from 1. */
static enum status read_chunk(void *worker, struct scan_chunk *chunk, struct error *error) {
  struct found_worker *w = worker;
  struct found *found = w->found;
  struct line_cursor *lines = NULL;
  const struct line_block *block = NULL;
  const struct line *one = NULL;
  struct line line;
  int64_t ids[ACCOUNTS], count = 0;
  if (chunk->number == found->fails_at)
    return error_set(error, REFUSED, "chunk %lld", (long long)chunk->number);
  for (int64_t i = chunk->first; i < chunk->end; i++) ids[count++] = i + 1;
  enum status status = found->every ? lines_between(&lines, w->store, ids[0], ids[count - 1], error)
                                    : lines_open(&lines, w->store, &reading, ids, (size_t)count,
                                                 found->from, found->to, error);
  struct text *out = &found->chunk[chunk->number];
  while (status == DONE && found->as_lines && (status = lines_next(lines, &one, error)) == DONE &&
         one)
    write_line(out, one);
  while (status == DONE && !found->as_lines &&
         (status = lines_next_block(lines, &block, error)) == DONE && block->rows)
    for (size_t i = 0; i < block->rows; i++) {
      line_of_block(block, i, &line);
      write_line(out, &line);
    }
  lines_close(lines);
  return status;
}

static enum status take_turn(void *worker, const struct scan_chunk *chunk, struct error *error) {
  struct found *found = ((struct found_worker *)worker)->found;
  (void)error;
  assert_int_equal(chunk->number, found->turns);
  found->turns++;
  if (found->fails_at >= 0 && chunk->number >= found->fails_at) found->after_failure++;
  text_add_bytes(&found->in_turn, found->chunk[chunk->number].bytes,
                 found->chunk[chunk->number].size);
  return DONE;
}

static void end(void *context, void *worker) {
  struct found *found = context;
  found->ended++;
  free(worker);
}

static enum status scan_all(struct store *store, struct found *found, int threads) {
  static const struct scan_reader reader = {begin, read_chunk, take_turn, end};
  const struct scan scan = {.store = store,
                            .reader = &reader,
                            .context = found,
                            .items = ACCOUNTS,
                            .chunk_items = found->chunk_items,
                            .threads = threads};
  err = (struct error){0};
  return scan_run(&scan, &err);
}

static void release(struct found *found) {
  for (int i = 0; i <= ACCOUNTS; i++) text_release(&found->chunk[i]);
  text_release(&found->in_turn);
}

static void every_line_is_seen_once_in_order(void **unused) {
  (void)unused;
  struct store *store = new_ledger();
  static const int64_t sizes[] = {1, 2, 3, 7, ACCOUNTS - 1, ACCOUNTS, 1000};
  static const day_t days[][2] = {
      {DAY_FIRST, DAY_LAST}, {20000, 20000}, {20010, 20100}, {30000, 1}};
  static const int threads[] = {1, 2, 5};
  for (size_t d = 0; d < 5; d++) {
    bool every = d == 4;
    struct text expected = select_lines(store, every ? 0 : days[d][0], every ? 0 : days[d][1],
                                        every);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
      struct found found = {.from = every ? 0 : days[d][0],
                            .to = every ? 0 : days[d][1],
                            .every = every,
                            .as_lines = s % 2 == 1,
                            .chunk_items = sizes[s],
                            .fails_at = -1};
      ok(scan_all(store, &found, threads[(s + d) % 3]));
      text_add_char(&found.in_turn, '.');
      assert_string_equal(found.in_turn.bytes, expected.bytes);
      assert_int_equal(found.turns, (ACCOUNTS + sizes[s] - 1) / sizes[s]);
      assert_int_equal(found.begun, threads[(s + d) % 3]);
      assert_int_equal(found.ended, found.begun);
      release(&found);
    }
    text_release(&expected);
  }
  store_close(store);
}

static void an_error_stops_all(void **unused) {
  (void)unused;
  struct store *store = new_ledger();
  for (int64_t fails = 0; fails < 20; fails += 19)
    for (int threads = 1; threads <= 5; threads += 2) {
      struct found found = {.from = DAY_FIRST, .to = DAY_LAST, .chunk_items = 2, .fails_at = fails};
      char sentence[32];
      snprintf(sentence, sizeof sentence, "chunk %lld", (long long)fails);
      assert_int_equal(scan_all(store, &found, threads), REFUSED);
      assert_string_equal(err.message, sentence);
      assert_int_equal(found.after_failure, 0);
      assert_true(found.turns <= fails);
      assert_int_equal(found.ended, found.begun);
      release(&found);
    }
  store_close(store);
}

/* ---- groups ---- */

/* Slots have accounts of their own in any order; each gets its own lines only. */
static void lines_go_to_their_slots(void **unused) {
  (void)unused;
  enum { SLOTS = 9 };
  struct store *store = new_ledger();
  struct scan_group group = {0}, others = {0};
  struct scan_deal deal = {0};
  for (int turn = 0; turn < 2; turn++) {
    scan_group_clear(&group);
    scan_group_clear(&others);
    for (int64_t account = ACCOUNTS; account >= 1; account--)
      scan_group_add(turn && account % 5 == 0 ? &others : &group, account,
                     (int)(account * 7 % SLOTS));
    scan_group_sort(&group);
    scan_group_sort(&others);
    ok(figures_load(&group.lines, store, &reading, group.ids, group.count, DAY_FIRST, DAY_LAST,
                    &err));
    ok(figures_load(&others.lines, store, &reading, others.ids, others.count, 20000, 20000, &err));
    scan_deal(&deal, &group, turn ? &others : NULL, SLOTS);
    size_t seen = 0;
    assert_int_equal(deal.begin[0], 0);
    for (int slot = 0; slot < SLOTS; slot++)
      for (int k = 0; k < 2; k++) {
        const struct scan_group *g = k ? &others : &group;
        for (size_t i = 0; i < g->count && (turn || !k); i++) {
          if (g->accounts[i].slot != slot) continue;
          for (size_t l = g->lines.first[i]; l < g->lines.first[i + 1]; l++)
            assert_ptr_equal(deal.lines[seen++], &g->lines.all[l]);
        }
        if (k) assert_int_equal(seen, deal.begin[slot + 1]);
      }
    assert_int_equal(seen, deal.count);
  }
  scan_deal_release(&deal);
  scan_group_release(&group);
  scan_group_release(&others);
  store_close(store);
}

static int remove_all(void **unused) {
  (void)unused;
  fresh_remove();
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(every_line_is_seen_once_in_order),
                                     cmocka_unit_test(an_error_stops_all),
                                     cmocka_unit_test(lines_go_to_their_slots)};
  return cmocka_run_group_tests(tests, NULL, remove_all);
}
