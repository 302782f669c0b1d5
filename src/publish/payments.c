/* Reads payees by their names in blocks: their lines are read account by account (lines_open),
 * since a later line may undo an earlier one, and given in order of payee and day. */
#include "publish/payments.h"

#include "base/fold.h"
#include "base/map.h"
#include "book/line_reads.h"
#include "book/payment_totals.h"
#include "book/streams.h"
#include "book/entries.h"
#include "publish/suppress.h"
#include "register/register.h"

#include <stdlib.h>

enum {
  BLOCK_PAYEES = 512,
  BLOCK_LINES = 20000, /* at 300 bytes with their texts: some 6 MB */
};

struct payments_reader_of {
  struct store *store;
  struct arena *arena;
  struct reading reading;
  struct payments_sources of;
  struct body_account *accounts; /* of all payees, in order of body; null: not read */
  size_t account_count;
  int8_t *is_private; /* by index of a body: -1 not asked yet */
  int64_t catch_all;
};

/* A payee: the body as which one or several are read. */
struct one_payee {
  int body;         /* index */
  int64_t payments; /* of the year, by the kept totals: about as many lines */
};
/* A payment to a private person: what may be shown of it, and of whom. */
struct private_payment {
  day_t day;
  int32_t category;
  int64_t amount;
  int payee;
};
struct published_payments {
  struct payments_reader_of *book;
  struct arena *arena;
  const struct body *payer;
  int year;
  day_t first_day, last_day;
  int64_t *sums; /* by index of a body: payments of those that are read as it, by the kept totals */
  int *first, *next; /* by index: the bodies that are read as it; -1: no more */
  struct one_payee *payees;
  size_t payee_count;
  int *at;       /* by index of a body: where it stands among the payees */
  int *privates; /* indexes of the bodies of private people */
  size_t private_count;
  struct private_payment *private_rows;
  size_t private_row_count, private_row_capacity;
  bool private_read, left_out;
};

/* ---- what all share ---- */

enum status payments_sources_read(struct payments_sources *s, struct store *store,
                                  const struct pack *pack, struct arena *arena, struct error *err) {
  enum status status = DONE;
  if (!s->codes) status = book_codes(store, arena, &s->codes, err);
  if (status == DONE && !s->places) status = register_places(store, arena, &s->places, err);
  if (status == DONE && !s->bodies) status = register_bodies(store, arena, &s->bodies, err);
  if (status == DONE && !s->pairs) {
    struct body_pairs *pairs = arena_array(arena, struct body_pairs, 1);
    status = body_payees_read(store, arena, s->bodies, pairs, err);
    s->pairs = pairs;
  }
  if (status == DONE && !s->words) {
    struct pack_name_words *words = NULL;
    status = pack_name_words_read(&words, pack->dir, arena, err);
    s->words = words;
  }
  return status;
}

enum status published_payments_begin(struct payments_reader_of **out, struct store *store,
                                     const struct pack *pack, int64_t log_size,
                                     const struct payments_sources *given, struct arena *arena,
                                     struct error *err) {
  struct payments_reader_of *b = arena_array(arena, struct payments_reader_of, 1);
  *b = (struct payments_reader_of){.store = store, .arena = arena};
  if (given) b->of = *given;
  enum status status = entries_reading_at(store, arena, log_size, &b->reading, err);
  if (status == DONE) status = payments_sources_read(&b->of, store, pack, arena, err);
  if (status != DONE) return status;
  b->is_private = arena_array(arena, int8_t, b->of.bodies->count + 1);
  memset(b->is_private, -1, (size_t)b->of.bodies->count + 1);
  b->catch_all = codes_category(b->of.codes, span_of(PAYMENTS_CATCH_ALL));
  *out = b;
  return DONE;
}

static int index_of_body(const struct payments_reader_of *b, int64_t id) {
  const struct body *body = id ? bodies_by_id(b->of.bodies, id) : NULL;
  return body ? (int)(body - b->of.bodies->all) : -1;
}

/* As place/payees.c has it: of several that are one, the one as which they are read. */
static bool is_private(struct payments_reader_of *b, int index) {
  if (b->is_private[index] < 0)
    b->is_private[index] = body_is_private(b->of.pairs, b->of.words, index);
  return b->is_private[index];
}

/* ---- the payees of a body and year ---- */

static void add_payee(void *context, const struct payment_total *total) {
  struct published_payments *p = context;
  const int index = index_of_body(p->book, total->key.what);
  if (index < 0) return;
  int64_t *sum = &p->sums[p->book->of.pairs->payee[index]];
  *sum += (total->payments > 0 ? total->payments : 0) + !*sum;
}

struct sorted_payee {
  const char *name;
  int body;
};
static int compare_names(const void *a, const void *b) {
  const struct sorted_payee *x = a, *y = b;
  int order = strcasecmp(x->name, y->name);
  if (!order) order = strcmp(x->name, y->name);
  return order ? order : (x->body > y->body) - (x->body < y->body);
}

static void find_read_as(struct published_payments *p) {
  const int count = p->book->of.bodies->count;
  p->first = arena_array(p->arena, int, count + 1);
  p->next = arena_array(p->arena, int, count + 1);
  for (int i = 0; i < count; i++) p->first[i] = -1;
  for (int i = count; i-- > 0;) {
    const int one = p->book->of.pairs->payee[i];
    p->next[i] = p->first[one];
    p->first[one] = i;
  }
}

static void take_payees(struct published_payments *p) {
  struct payments_reader_of *b = p->book;
  const int count = b->of.bodies->count;
  struct sorted_payee *named = arena_array(p->arena, struct sorted_payee, count + 1);
  p->payees = arena_array(p->arena, struct one_payee, count + 1);
  p->privates = arena_array(p->arena, int, count + 1);
  p->at = arena_array(p->arena, int, count + 1);
  for (int i = 0; i < count; i++) {
    if (!p->sums[i]) continue;
    if (is_private(b, i)) p->privates[p->private_count++] = i;
    else named[p->payee_count++] = (struct sorted_payee){b->of.bodies->all[i].name, i};
  }
  array_sort(named, p->payee_count, compare_names);
  for (size_t i = 0; i < p->payee_count; i++) {
    p->payees[i] = (struct one_payee){named[i].body, p->sums[named[i].body]};
    p->at[named[i].body] = (int)i;
  }
}

enum status published_payments_open(struct published_payments **out,
                                    struct payments_reader_of *book, struct span payer, int year,
                                    struct arena *arena, struct error *err) {
  const struct body *body = bodies_by_code(book->of.bodies, payer);
  *out = NULL;
  if (!body) return DONE;
  struct published_payments *p = arena_array(arena, struct published_payments, 1);
  *p = (struct published_payments){.book = book,
                                   .arena = arena,
                                   .payer = body,
                                   .year = year,
                                   .first_day = year_first_day(YEAR_FINANCIAL, year),
                                   .last_day = year_last_day(YEAR_FINANCIAL, year)};
  p->sums = arena_array(p->arena, int64_t, book->of.bodies->count + 1);
  memset(p->sums, 0, sizeof *p->sums * ((size_t)book->of.bodies->count + 1));
  enum status status = payment_totals_read_of(book->store, PAYMENTS_BY_PAYEE, year, body->id,
                                              add_payee, p, err);
  if (status != DONE) return status;
  find_read_as(p);
  take_payees(p);
  *out = p;
  return DONE;
}

/* ---- lines ---- */

struct kept_payment {
  struct line line;
  size_t owner; /* whose: the caller's number of the account */
  bool undone;
};
struct kept_payments {
  struct kept_payment *all;
  size_t count, capacity;
  bool reversals;
};

static int compare_kept_by_entry(const void *a, const void *b) {
  const struct line *x = &((const struct kept_payment *)a)->line,
                    *y = &((const struct kept_payment *)b)->line;
  if (x->entry != y->entry) return x->entry < y->entry ? -1 : 1;
  return (x->line_no > y->line_no) - (x->line_no < y->line_no);
}

static int compare_kept(const void *a, const void *b) {
  const struct kept_payment *x = a, *y = b;
  if (x->owner != y->owner) return x->owner < y->owner ? -1 : 1;
  if (x->line.day != y->line.day) return x->line.day < y->line.day ? -1 : 1;
  return compare_kept_by_entry(a, b);
}

static void mark_undone(struct kept_payments *k) {
  if (!k->reversals) return;
  array_sort(k->all, k->count, compare_kept_by_entry);
  for (size_t i = 0; i < k->count; i++) {
    struct kept_payment *taken_back = &k->all[i];
    if (!taken_back->line.reverses_entry) continue;
    const struct kept_payment key = {.line = {.entry = taken_back->line.reverses_entry,
                                              .line_no = taken_back->line.reverses_line_no}};
    struct kept_payment *undone = array_find(&key, k->all, k->count, compare_kept_by_entry);
    if (undone) undone->undone = taken_back->undone = true;
  }
}

struct account_owner {
  int64_t account;
  size_t owner;
};
static int compare_owners(const void *a, const void *b) {
  const int64_t x = ((const struct account_owner *)a)->account,
                y = ((const struct account_owner *)b)->account;
  return (x > y) - (x < y);
}

/* The payer's lines of the year in these accounts, which are sorted here, by owner and day. Their
 * texts go into the arena; null: none are read. */
static enum status keep_lines(struct published_payments *p, struct account_owner *accounts,
                              size_t count, struct arena *texts, struct kept_payments *out,
                              struct error *err) {
  struct line_cursor *lines = NULL;
  const struct line *line = NULL;
  size_t at = 0;
  int64_t *ids = memory_alloc(sizeof *ids * (count + 1));
  array_sort(accounts, count, compare_owners);
  for (size_t i = 0; i < count; i++) ids[i] = accounts[i].account;
  out->count = 0;
  out->reversals = false;
  enum status status = count ? lines_open(&lines, p->book->store, &p->book->reading, ids, count,
                                          p->first_day, p->last_day, err)
                             : DONE;
  if (lines && !texts) lines_without_texts(lines);
  while (lines && status == DONE && (status = lines_next(lines, &line, err)) == DONE && line) {
    if (line->body != p->payer->id) continue;
    while (accounts[at].account != line->account) at++;
    array_reserve(out->all, out->capacity, out->count + 1);
    struct kept_payment *kept = &out->all[out->count++];
    *kept = (struct kept_payment){.line = *line, .owner = accounts[at].owner};
    if (texts) line_keep_texts(texts, &kept->line);
    out->reversals |= line->reverses_entry != 0;
  }
  lines_close(lines);
  free(ids);
  if (status != DONE) return status;
  mark_undone(out);
  array_sort(out->all, out->count, compare_kept);
  return DONE;
}

/* ---- the accounts of payees ---- */

/* Accounts that are read together. */
struct payees_read {
  struct account_owner *accounts;
  size_t count, capacity;
};

static int compare_by_body(const void *a, const void *b) {
  const struct body_account *x = a, *y = b;
  if (x->body != y->body) return x->body < y->body ? -1 : 1;
  return (x->account > y->account) - (x->account < y->account);
}

/* A few payees are asked for one by one, many together: else 100,000 of them are as many questions
 * to a server. */
static enum status read_all_accounts(struct payments_reader_of *b, struct error *err) {
  if (b->accounts) return DONE;
  enum status status = book_accounts_in_role(b->store, b->arena, ROLE_PAYMENTS, &b->accounts,
                                             &b->account_count, err);
  if (status == DONE) array_sort(b->accounts, b->account_count, compare_by_body);
  return status;
}

static void take_accounts(const struct payments_reader_of *b, int64_t body, size_t owner,
                          struct arena *arena, struct payees_read *out) {
  size_t low = 0, high = b->account_count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (b->accounts[middle].body < body) low = middle + 1;
    else high = middle;
  }
  for (; low < b->account_count && b->accounts[low].body == body; low++) {
    arena_reserve(arena, out->accounts, out->capacity, out->count + 1);
    out->accounts[out->count++] = (struct account_owner){b->accounts[low].account, owner};
  }
}

static enum status ask_accounts(struct payments_reader_of *b, int64_t body, size_t owner,
                                struct arena *arena, struct payees_read *out, struct error *err) {
  struct account *accounts = NULL;
  int count = 0;
  enum status status = book_accounts_of(b->store, arena, OWNER_BODY, &body, 1, &accounts, &count,
                                        err);
  for (int i = 0; status == DONE && i < count; i++) {
    if (!account_is_of_payments(b->of.codes->roles, &accounts[i])) continue;
    arena_reserve(arena, out->accounts, out->capacity, out->count + 1);
    out->accounts[out->count++] = (struct account_owner){accounts[i].id, owner};
  }
  return status;
}

/* The accounts of these payees (indexes of bodies), each with the index of its payee. */
static enum status find_accounts(struct published_payments *p, const int *payees, size_t count,
                                 struct arena *arena, struct payees_read *out, struct error *err) {
  enum { ASKED = 100 };
  struct payments_reader_of *b = p->book;
  *out = (struct payees_read){0};
  enum status status = count > ASKED ? read_all_accounts(b, err) : DONE;
  for (size_t i = 0; status == DONE && i < count; i++)
    for (int body = p->first[payees[i]]; status == DONE && body >= 0; body = p->next[body]) {
      const int64_t id = b->of.bodies->all[body].id;
      if (b->accounts) take_accounts(b, id, (size_t)payees[i], arena, out);
      else status = ask_accounts(b, id, (size_t)payees[i], arena, out, err);
    }
  return status;
}

/* ---- private people ---- */

static int compare_private_by_category(const void *a, const void *b) {
  const struct private_payment *x = a, *y = b;
  if (x->category != y->category) return x->category < y->category ? -1 : 1;
  return (x->payee > y->payee) - (x->payee < y->payee);
}

static int compare_private(const void *a, const void *b) {
  const struct private_payment *x = a, *y = b;
  if (x->day != y->day) return x->day < y->day ? -1 : 1;
  if (x->amount != y->amount) return x->amount < y->amount ? -1 : 1;
  return (x->category > y->category) - (x->category < y->category);
}

struct private_category {
  int32_t category;
  int64_t people;
  size_t first, end; /* its rows */
  bool shown;
};
static int compare_people(const void *a, const void *b) {
  const struct private_category *x = a, *y = b;
  if (x->people != y->people) return x->people < y->people ? -1 : 1;
  return (x->category > y->category) - (x->category < y->category);
}

/* How many people have rows whose category is not shown; marks them in `met`, which is cleared. */
static int64_t people_of_rest(const struct published_payments *p,
                              const struct private_category *all, size_t count, bool *met) {
  int64_t people = 0;
  memset(met, 0, (size_t)p->book->of.bodies->count + 1);
  for (size_t c = 0; c < count; c++)
    for (size_t i = all[c].first; !all[c].shown && i < all[c].end; i++) {
      people += !met[p->private_rows[i].payee];
      met[p->private_rows[i].payee] = true;
    }
  return people;
}

/* A category is shown where so many people have it; those that are not are together of none or of
 * as many, or the smallest that is shown joins them. */
static void hide_categories(struct published_payments *p) {
  struct private_payment *rows = p->private_rows;
  const size_t n = p->private_row_count;
  bool *met = arena_array(p->arena, bool, p->book->of.bodies->count + 1);
  struct private_category *all = arena_array(p->arena, struct private_category,
                                             p->book->of.codes->category_max + 2);
  size_t count = 0;
  array_sort(rows, n, compare_private_by_category);
  for (size_t i = 0; i < n; i++) {
    if (!i || rows[i].category != rows[i - 1].category)
      all[count++] = (struct private_category){.category = rows[i].category, .first = i};
    struct private_category *c = &all[count - 1];
    c->people += c->first == i || rows[i].payee != rows[i - 1].payee;
    c->end = i + 1;
  }
  array_sort(all, count, compare_people);
  for (size_t c = 0; c < count; c++)
    all[c].shown = all[c].people >= PUBLISH_FEWEST && all[c].category != p->book->catch_all;
  int64_t rest;
  while ((rest = people_of_rest(p, all, count, met)) && rest < PUBLISH_FEWEST) {
    size_t c = 0;
    while (c < count && !all[c].shown) c++;
    if (c == count) break;
    all[c].shown = false;
  }
  p->left_out = rest && rest < PUBLISH_FEWEST;
  for (size_t c = 0; c < count; c++)
    for (size_t i = all[c].first; !all[c].shown && i < all[c].end; i++)
      rows[i].category = (int32_t)p->book->catch_all;
  if (p->left_out) p->private_row_count = 0;
  array_sort(rows, p->private_row_count, compare_private);
}

static void keep_private(struct published_payments *p, const struct kept_payments *kept) {
  for (size_t i = 0; i < kept->count; i++) {
    const struct kept_payment *k = &kept->all[i];
    if (k->undone) continue;
    arena_reserve(p->arena, p->private_rows, p->private_row_capacity, p->private_row_count + 1);
    p->private_rows[p->private_row_count++] = (struct private_payment){.day = k->line.day,
                                                                       .category = k->line.category,
                                                                       .amount = k->line.amount,
                                                                       .payee = (int)k->owner};
  }
}

static enum status read_private(struct published_payments *p, struct error *err) {
  struct kept_payments kept = {0};
  struct arena *arena = arena_new();
  enum status status = DONE;
  if (!p->private_read)
    for (size_t at = 0, count; status == DONE && at < p->private_count; at += count) {
      struct payees_read read;
      count = p->private_count - at < BLOCK_PAYEES ? p->private_count - at : BLOCK_PAYEES;
      status = find_accounts(p, p->privates + at, count, arena, &read, err);
      if (status == DONE) status = keep_lines(p, read.accounts, read.count, NULL, &kept, err);
      if (status == DONE) keep_private(p, &kept);
      arena_reset(arena);
    }
  free(kept.all);
  arena_free(arena);
  if (status != DONE || p->private_read) return status;
  hide_categories(p);
  p->private_read = true;
  return DONE;
}

const char *published_payments_name(const struct published_payments *p) { return p->payer->name; }

/* ---- reading ---- */

struct payments_reading {
  struct published_payments *p;
  const struct payments_wanted *wanted;
  struct text words; /* of the payee's name, folded */
  published_payment_take *take;
  void *context;
  struct payments_place *reached;
  int64_t lines; /* that were looked at */
  bool more;
};

static const char *category_of(const struct payments_reader_of *b, int64_t category) {
  return category >= 1 && category <= b->of.codes->category_max
             ? b->of.codes->category_code[category]
             : NULL;
}

static bool category_fits(const struct payments_reading *r, int64_t category) {
  const char *code = category_of(r->p->book, category);
  return !r->wanted->category.size || (code && span_is(r->wanted->category, code));
}

static bool payee_fits(const struct payments_reading *r, const char *name) {
  struct text folded = {0};
  if (!r->words.size) return true;
  text_add_folded(&folded, span_of(name));
  const bool fits = folded_has(span_make(folded.bytes, folded.size),
                               span_make(r->words.bytes, r->words.size));
  text_release(&folded);
  return fits;
}

static bool is_behind(const struct payments_place *from, const struct line *line) {
  if (line->day != from->day) return line->day > from->day;
  if (line->entry != from->entry) return line->entry > from->entry;
  return line->line_no > from->line_no;
}

/* Of whom the payer did not name, what else it wrote may say who it is. */
static bool is_withheld(const struct body *payee) {
  return strcmp(payee->code, PAYMENTS_REDACTED) == 0 || strcmp(payee->code, PAYMENTS_UNNAMED) == 0;
}

static enum status give(struct payments_reading *r, const struct one_payee *payee,
                        const struct line *line, struct error *err) {
  const struct payments_reader_of *b = r->p->book;
  const struct body *body = &b->of.bodies->all[payee->body];
  const bool withheld = is_withheld(body);
  const int place = line->place && !withheld ? places_by_id(b->of.places, line->place) : PLACE_NONE;
  struct line_labels labels = {0};
  if (!withheld) line_labels(NULL, line, 0, &labels);
  const struct published_payment row = {.day = line->day,
                                        .amount = line->amount,
                                        .payer = r->p->payer->code,
                                        .payee = body->name,
                                        .category = category_of(b, line->category),
                                        .place = place == PLACE_NONE
                                                     ? NULL
                                                     : b->of.places->all[place].code,
                                        .department = labels.department,
                                        .description = labels.description,
                                        .reference = withheld ? span_of("") : line->reference};
  return r->take(r->context, &row, &r->more, err);
}

/* Gives the kept lines. */
static enum status give_kept(struct payments_reading *r, const struct kept_payments *kept,
                             struct error *err) {
  const struct published_payments *p = r->p;
  const bool continues = r->wanted->after && r->wanted->from.payee;
  enum status status = DONE;
  for (size_t i = 0; status == DONE && r->more && i < kept->count; i++) {
    const struct kept_payment *k = &kept->all[i];
    const struct one_payee *payee = &p->payees[k->owner];
    const char *code = p->book->of.bodies->all[payee->body].code;
    if (continues && strcmp(code, r->wanted->from.payee) == 0 &&
        !is_behind(&r->wanted->from, &k->line))
      continue;
    if (r->reached)
      *r->reached = (struct payments_place){code, k->line.day, k->line.entry, k->line.line_no};
    if (!k->undone && category_fits(r, k->line.category)) status = give(r, payee, &k->line, err);
  }
  return status;
}

/* The payees from `first` to before `end`. */
static enum status read_block(struct payments_reading *r, size_t first, size_t end,
                              struct kept_payments *kept, struct error *err) {
  struct published_payments *p = r->p;
  struct arena *texts = arena_new();
  struct payees_read read = {0};
  int *payees = arena_array(texts, int, end - first);
  size_t count = 0;
  for (size_t i = first; i < end; i++)
    if (payee_fits(r, p->book->of.bodies->all[p->payees[i].body].name))
      payees[count++] = p->payees[i].body;
  enum status status = count ? find_accounts(p, payees, count, texts, &read, err) : DONE;
  for (size_t i = 0; i < read.count; i++)
    read.accounts[i].owner = (size_t)p->at[read.accounts[i].owner];
  if (status == DONE) status = keep_lines(p, read.accounts, read.count, texts, kept, err);
  r->lines += (int64_t)kept->count;
  if (status == DONE) status = give_kept(r, kept, err);
  arena_free(texts);
  return status;
}

static size_t first_payee(const struct payments_reading *r) {
  const struct published_payments *p = r->p;
  size_t at = 0;
  if (!r->wanted->after) return 0;
  if (!r->wanted->from.payee) return p->payee_count;
  while (at < p->payee_count &&
         strcmp(p->book->of.bodies->all[p->payees[at].body].code, r->wanted->from.payee) != 0)
    at++;
  return at;
}

static bool has_looked_enough(const struct payments_reading *r) {
  return r->wanted->lines_most && r->lines >= r->wanted->lines_most;
}

/* A page needs few lines: the first block is small, and each next one larger. */
static enum status read_named(struct payments_reading *r, struct error *err) {
  const struct published_payments *p = r->p;
  struct kept_payments kept = {0};
  enum status status = DONE;
  int64_t most = r->wanted->lines_most ? 500 : BLOCK_LINES;
  for (size_t at = first_payee(r), end; status == DONE && r->more && at < p->payee_count;
       at = end) {
    int64_t lines = 0;
    for (end = at; end < p->payee_count && (end == at || (lines + p->payees[end].payments <= most &&
                                                          end - at < BLOCK_PAYEES));
         end++)
      lines += p->payees[end].payments;
    if (has_looked_enough(r)) r->more = false;
    else status = read_block(r, at, end, &kept, err);
    most = most * 2 < BLOCK_LINES ? most * 2 : BLOCK_LINES;
  }
  free(kept.all);
  return status;
}

static enum status give_private(struct payments_reading *r, struct error *err) {
  struct published_payments *p = r->p;
  size_t at = r->wanted->after && !r->wanted->from.payee ? (size_t)r->wanted->from.entry : 0;
  if (r->words.size) return DONE; /* nobody finds one by a name */
  enum status status = read_private(p, err);
  for (; status == DONE && r->more && at < p->private_row_count; at++) {
    const struct private_payment *x = &p->private_rows[at];
    if (r->reached) *r->reached = (struct payments_place){.entry = (int64_t)at + 1};
    if (!category_fits(r, x->category)) continue;
    const struct published_payment row = {.day = x->day,
                                          .amount = x->amount,
                                          .payer = p->payer->code,
                                          .category = category_of(p->book, x->category)};
    status = r->take(r->context, &row, &r->more, err);
  }
  return status;
}

enum status published_payments_read(struct published_payments *p,
                                    const struct payments_wanted *wanted,
                                    published_payment_take *take, void *context,
                                    struct payments_place *reached, bool *all, struct error *err) {
  struct payments_reading r = {
      .p = p, .wanted = wanted, .take = take, .context = context, .reached = reached, .more = true};
  text_add_folded(&r.words, wanted->payee);
  enum status status = read_named(&r, err);
  if (status == DONE && r.more) status = give_private(&r, err);
  text_release(&r.words);
  if (all) *all = r.more;
  return status;
}

enum status published_payments_read_named(struct published_payments *p, int64_t lines_most,
                                          published_payment_take *take, void *context, bool *read,
                                          struct error *err) {
  const struct payments_wanted all = {.after = false};
  struct payments_reading r = {
      .p = p, .wanted = &all, .take = take, .context = context, .more = true};
  int64_t lines = 0;
  for (size_t i = 0; i < p->payee_count; i++) lines += p->payees[i].payments;
  *read = lines <= lines_most;
  return *read ? read_named(&r, err) : DONE;
}

/* ---- budgets ---- */

struct kept_budget {
  struct published_budget row;
  int64_t entry, reverses_entry;
  int32_t line_no, reverses_line_no;
  bool undone;
};

static int compare_budgets_by_entry(const void *a, const void *b) {
  const struct kept_budget *x = a, *y = b;
  if (x->entry != y->entry) return x->entry < y->entry ? -1 : 1;
  return (x->line_no > y->line_no) - (x->line_no < y->line_no);
}

static int compare_budget_rows(const void *a, const void *b) {
  const struct kept_budget *x = a, *y = b;
  int order = strcmp(x->row.body, y->row.body);
  if (!order) order = strcmp(x->row.stream, y->row.stream);
  if (!order) order = strcmp(x->row.category, y->row.category);
  return order ? order : compare_budgets_by_entry(a, b);
}

static const char *kept_text(struct arena *arena, struct span s) {
  return s.size ? arena_copy(arena, s.bytes, s.size) : "";
}

/* As an export has it: by its name, unless an import would find another stream by that. */
static void keep_budget_line(struct payments_reader_of *b, const struct streams *streams,
                             const struct body *body, const struct line *line, struct arena *arena,
                             struct kept_budget *out) {
  struct line_labels labels;
  line_labels(streams, line, body->id, &labels);
  const bool leads_back = !labels.of ||
                          streams_named(streams, body->id, labels.stream) == labels.of;
  const char *category = category_of(b, line->category);
  *out = (struct kept_budget){.row = {.body = body->code,
                                      .name = body->name,
                                      .stream = kept_text(arena, leads_back ? labels.stream
                                                                            : line->stream),
                                      .category = category ? category : "",
                                      .conditions = kept_text(arena, labels.condition),
                                      .amount = line->amount},
                              .entry = line->entry,
                              .line_no = line->line_no,
                              .reverses_entry = line->reverses_entry,
                              .reverses_line_no = line->reverses_line_no};
}

static enum status keep_budgets(struct payments_reader_of *b, int year, struct arena *arena,
                                struct kept_budget **all, size_t *count, struct error *err) {
  struct body_account *accounts = NULL;
  size_t account_count = 0, at = 0, capacity = 0;
  struct streams *streams = NULL;
  struct line_cursor *lines = NULL;
  const struct line *line = NULL;
  enum status status = book_accounts_in_role(b->store, arena, ROLE_BUDGET, &accounts,
                                             &account_count, err);
  int64_t *ids = arena_array(arena, int64_t, account_count + 1);
  for (size_t i = 0; i < account_count; i++) ids[i] = accounts[i].account;
  if (status == DONE) status = streams_read(b->store, arena, &streams, err);
  if (status == DONE && account_count)
    status = lines_open(&lines, b->store, &b->reading, ids, account_count,
                        year_first_day(YEAR_FINANCIAL, year), year_last_day(YEAR_FINANCIAL, year),
                        err);
  while (lines && status == DONE && (status = lines_next(lines, &line, err)) == DONE && line) {
    while (accounts[at].account != line->account) at++;
    const struct body *body = bodies_by_id(b->of.bodies, accounts[at].body);
    if (!body) continue;
    array_reserve(*all, capacity, *count + 1);
    keep_budget_line(b, streams, body, line, arena, &(*all)[(*count)++]);
  }
  lines_close(lines);
  return status;
}

enum status published_budgets(struct payments_reader_of *book, int year, struct arena *arena,
                              struct published_budget **out, int *count, struct error *err) {
  struct kept_budget *all = NULL;
  size_t n = 0;
  *count = 0;
  enum status status = keep_budgets(book, year, arena, &all, &n, err);
  array_sort(all, n, compare_budgets_by_entry);
  for (size_t i = 0; i < n; i++) {
    const struct kept_budget key = {.entry = all[i].reverses_entry,
                                    .line_no = all[i].reverses_line_no};
    struct kept_budget *undone = key.entry ? array_find(&key, all, n, compare_budgets_by_entry)
                                           : NULL;
    if (undone) undone->undone = all[i].undone = true;
  }
  array_sort(all, n, compare_budget_rows);
  *out = arena_array(arena, struct published_budget, n + 1);
  for (size_t i = 0; i < n; i++)
    if (!all[i].undone) (*out)[(*count)++] = all[i].row;
  free(all);
  return status;
}
