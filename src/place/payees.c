#include "place/payees.h"

#include "place/gather.h"
#include "place/population.h"
#include "register/body_pairs.h"

struct payee_sum {
  int64_t payments;
  wide_t amount;
  bool met;
};

struct payees {
  const struct scope *scope;
  struct payee_sum *sums; /* by index of the body that was paid */
};

static void add_payments(void *context, const struct payment_total *total) {
  struct payees *p = context;
  const int index = body_index(p->scope, total->key.what);
  if (index < 0 || !payment_belongs(p->scope, &total->key)) return;
  p->sums[index].met = true;
  p->sums[index].payments += total->payments;
  p->sums[index].amount += total->amount;
}

static int compare_payees(const void *a, const void *b) {
  const struct payee *x = a, *y = b;
  if (!x->code || !y->code) return !x->code - !y->code;
  if (x->amount != y->amount) return x->amount < y->amount ? 1 : -1;
  return strcmp(x->code, y->code);
}

/* Joins bodies that are one payee, and private people. A payee that is several bodies is private
 * when the one it is read as is. */
static void add_up(struct scope *s, const struct body_pairs *pairs,
                   const struct pack_name_words *words, const struct payee_sum *sums,
                   struct payee *out, int *count) {
  struct payee people = {0};
  int *row = arena_array(s->arena, int, s->bodies->count + 1);
  for (int i = 0; i < s->bodies->count; i++) row[i] = -1;
  *count = 0;
  for (int i = 0; i < s->bodies->count; i++) {
    const int one = pairs->payee[i];
    const struct body *body = &s->bodies->all[one];
    if (!sums[i].met) continue;
    const bool private = body_is_private(pairs, words, one);
    if (private && row[one] < 0) row[one] = 0, people.payees++;
    if (!private && row[one] < 0) {
      row[one] = (*count)++;
      out[row[one]] = (struct payee){.code = body->code, .name = body->name, .payees = 1};
    }
    struct payee *to = private ? &people : &out[row[one]];
    to->payments += sums[i].payments;
    to->amount += sums[i].amount;
  }
  if (people.payees) out[(*count)++] = people;
  array_sort(out, *count, compare_payees);
}

enum status place_payees(struct store *store, const struct pack *pack,
                         const struct place_request *request, struct arena *arena,
                         struct payee **out, int *count, struct error *err) {
  struct scope scope = {.store = store, .arena = arena, .request = request, .pack = pack};
  struct payees payees = {.scope = &scope};
  struct pack_name_words *words = NULL;
  struct body_pairs pairs;
  enum status status = store_lock_shared(store, BOOK_LOCK, err);
  if (status != DONE) return status;
  status = scope_read(&scope, err);
  if (status == DONE) {
    payees.sums = arena_array(arena, struct payee_sum, scope.bodies->count + 1);
    status = payment_totals_read(store, PAYMENTS_BY_PAYEE, request->year, add_payments, &payees,
                                 err);
  }
  if (status == DONE) status = body_payees_read(store, arena, scope.bodies, &pairs, err);
  store_unlock(store, BOOK_LOCK);
  if (status == DONE) status = pack_name_words_read(&words, pack->dir, arena, err);
  if (status != DONE) return status;
  *out = arena_array(arena, struct payee, scope.bodies->count + 2);
  add_up(&scope, &pairs, words, payees.sums, *out, count);
  return DONE;
}
