/* Compares the kept totals of payments (payment_totals.h) with what the lines come to. */
#include "book/audit_parts.h"
#include "book/payment_totals.h"

struct payments_check {
  struct audit *a;
  struct payment_total **made; /* of the lines, in order */
  size_t count, at;
  struct payment_total kept; /* the rows of one key so far */
  bool some;
};

static int compare_keys(const struct payment_key *x, const struct payment_key *y) {
  if (x->by != y->by) return x->by < y->by ? -1 : 1;
  if (x->year != y->year) return x->year < y->year ? -1 : 1;
  if (x->payer != y->payer) return x->payer < y->payer ? -1 : 1;
  if (x->place != y->place) return x->place < y->place ? -1 : 1;
  return (x->what > y->what) - (x->what < y->what);
}

static const char *body_words(const struct audit *a, int64_t id) {
  const char *code = id > 0 && id <= a->codes.body_max ? a->codes.body[id] : NULL;
  return code ? code : id ? arena_printf(a->arena, "body number %lld", (long long)id) : "nobody";
}

static const char *category_words(const struct audit *a, int64_t id) {
  const struct codes *codes = a->codes.codes;
  const char *code = id > 0 && id <= codes->category_max ? codes->category_code[id] : NULL;
  return code ? code : id ? arena_printf(a->arena, "category number %lld", (long long)id) : "none";
}

static const char *place_words(const struct audit *a, int64_t id) {
  const char *code = id > 0 && id <= a->codes.place_max ? a->codes.place[id] : NULL;
  return !id ? "" : arena_printf(a->arena, " in %s", code ? code : "a place that is not there");
}

static void report(struct payments_check *c, const struct payment_key *key,
                   const struct payment_total *kept, const struct payment_total *made) {
  struct audit *a = c->a;
  char year[8], kept_pence[WIDE_TEXT_SIZE], made_pence[WIDE_TEXT_SIZE];
  const bool payee = key->by == PAYMENTS_BY_PAYEE;
  audit_find(
      a, FINDING_PAYMENTS,
      "payments of %s by %s%s, %s %s: the kept total is %s pence (payments: %lld); the lines "
      "come to %s pence (payments: %lld). Make the totals anew: weal audit --rebuild",
      year_write((int)key->year, year), body_words(a, key->payer), place_words(a, key->place),
      payee ? "to" : "category", payee ? body_words(a, key->what) : category_words(a, key->what),
      wide_write(kept->amount, kept_pence), (long long)kept->payments,
      wide_write(made->amount, made_pence), (long long)made->payments);
}

/* Reports the totals of the lines before the key, or all that are left: none of them is kept. */
static void report_missing(struct payments_check *c, const struct payment_key *before) {
  static const struct payment_total nothing = {0};
  for (; c->at < c->count && (!before || compare_keys(&c->made[c->at]->key, before) < 0); c->at++)
    report(c, &c->made[c->at]->key, &nothing, c->made[c->at]);
}

/* Compares what is kept of one key. */
static void end_key(struct payments_check *c) {
  static const struct payment_total nothing = {0};
  if (!c->some) return;
  report_missing(c, &c->kept.key);
  const bool there = c->at < c->count && compare_keys(&c->made[c->at]->key, &c->kept.key) == 0;
  const struct payment_total *made = there ? c->made[c->at++] : &nothing;
  if (!there || made->amount != c->kept.amount || made->payments != c->kept.payments)
    report(c, &c->kept.key, &c->kept, made);
}

static void take_kept(void *context, const struct payment_total *total) {
  struct payments_check *c = context;
  if (c->some && compare_keys(&c->kept.key, &total->key) == 0) {
    c->kept.amount += total->amount;
    c->kept.payments += total->payments;
    return;
  }
  end_key(c);
  c->kept = *total;
  c->some = true;
}

enum status audit_payments(struct audit *a, struct error *err) {
  struct payment_totals *totals = payment_totals_new();
  struct payments_check check = {.a = a};
  enum status status = payment_totals_of_lines(a->store, &a->reading, a->options->progress, totals,
                                               err);
  check.made = payment_totals_sorted(totals, &check.count);
  if (status == DONE)
    status = payment_totals_read_all(a->store, &a->reading, take_kept, &check, err);
  if (status == DONE) {
    end_key(&check);
    report_missing(&check, NULL);
  }
  payment_totals_free(totals);
  return status;
}
