/* What bodies paid to suppliers, place by place, and the files that the payments came from.
 *
 * Nothing of it is hidden: it names payers only, which are bodies, and the payments were published
 * one by one in the files. Amounts and numbers of payments are rounded, for reading and because a
 * supplier may be a person; that hides no payment: one that is large moves the next edition's sum,
 * and everybody can read it in the file.
 */
#include "publish/parts.h"
#include "publish/suppress.h"

#include "book/imports.h"

struct payers {
  struct scope *scope;
  struct publication *p;
  const int *leaf_of;
  int *payer_of;              /* by index of body, and one more for payments that name none; -1 */
  struct spending **by_payer; /* each by node */
  int count;
  size_t capacity;
};

/* The place that the line names, else the payer's place, else the book's own place. */
static int leaf_of_payments(const struct payers *w, const struct payment_key *key, int body) {
  int64_t id = key->place                       ? key->place
               : body < w->scope->bodies->count ? w->scope->bodies->all[body].place
                                                : 0;
  int place = id ? places_by_id(w->scope->places, id) : PLACE_NONE;
  return place == PLACE_NONE || w->leaf_of[place] < 0 ? w->p->nodes[0].width : w->leaf_of[place];
}

static void take_payments(void *context, const struct payment_total *total) {
  struct payers *w = context;
  int body = body_index(w->scope, total->key.payer);
  if (body < 0) body = w->scope->bodies->count;
  if (w->payer_of[body] < 0) {
    array_reserve(w->by_payer, w->capacity, (size_t)w->count + 1);
    w->by_payer[w->count] = memory_zeroed((size_t)w->p->node_count, sizeof **w->by_payer);
    w->payer_of[body] = w->count++;
  }
  for (int n = leaf_of_payments(w, &total->key, body); n >= 0; n = w->p->nodes[n].parent) {
    struct spending *to = &w->by_payer[w->payer_of[body]][n];
    to->amount += total->amount;
    to->payments += total->payments;
  }
}

static void round_spending(struct spending *s) {
  s->shown_amount = wide_shown(s->amount) ? round_to((int64_t)s->amount, PUBLISH_PENCE_UNIT)
                                          : s->amount;
  s->shown_payments = round_to(s->payments, PUBLISH_PEOPLE_UNIT);
  if (s->payments && !s->shown_payments) s->shown_payments = PUBLISH_PEOPLE_UNIT;
}

static enum status read_files(struct scope *s, struct publication *p, struct error *err) {
  struct query *q;
  struct import_record import;
  bool some;
  size_t capacity = 0;
  struct source_file *files = NULL;
  enum status status = imports_open_spending(s->store, year_first_day(YEAR_FINANCIAL, p->year),
                                             year_last_day(YEAR_FINANCIAL, p->year), &q, err);
  if (status != DONE) return status;
  while ((status = imports_next(q, &import, &some, err)) == DONE && some &&
         p->file_count < LIMIT_IMPORT_FILES) {
    struct span file = import.file, profile = import.profile, at = import.at;
    for (size_t i = file.size; i-- > 0;)
      if (file.bytes[i] == '/') {
        /* the folder on somebody's machine is left out */
        file = span_make(file.bytes + i + 1, file.size - i - 1);
        break;
      }
    array_reserve(files, capacity, (size_t)p->file_count + 1);
    struct source_file *f = &files[p->file_count++];
    *f = (struct source_file){.name = arena_copy(p->arena, file.bytes, file.size),
                              .profile = arena_copy(p->arena, profile.bytes, profile.size),
                              .rows = import.rows,
                              .day = DAY_NONE};
    f->day = clock_day_of(at);
  }
  query_end(q);
  p->files = arena_array(p->arena, struct source_file, p->file_count + 1);
  if (p->file_count) memcpy(p->files, files, sizeof *files * (size_t)p->file_count);
  free(files);
  return status;
}

enum status publish_gather_spending(struct scope *s, struct publication *p, const int *leaf_of,
                                    struct error *err) {
  struct payers w = {.scope = s, .p = p, .leaf_of = leaf_of};
  w.payer_of = arena_array(s->arena, int, s->bodies->count + 1);
  for (int i = 0; i <= s->bodies->count; i++) w.payer_of[i] = -1;
  enum status status = payment_totals_read(s->store, PAYMENTS_BY_CATEGORY, p->year, take_payments,
                                           &w, err);
  p->payer_count = w.count;
  p->payers = arena_array(p->arena, struct payer, w.count + 1);
  p->spending = arena_array(p->arena, struct spending, (size_t)w.count * (size_t)p->node_count + 1);
  for (int i = 0; i < s->bodies->count; i++)
    if (w.payer_of[i] >= 0)
      p->payers[w.payer_of[i]] = (struct payer){arena_string(p->arena, s->bodies->all[i].code),
                                                arena_string(p->arena, s->bodies->all[i].name)};
  p->spending_totals = arena_array(p->arena, struct spending, p->node_count);
  for (int i = 0; i < w.count; i++) {
    for (int n = 0; n < p->node_count; n++) {
      struct spending *one = &p->spending[n * p->payer_count + i], *total = &p->spending_totals[n];
      *one = w.by_payer[i][n];
      round_spending(one);
      total->amount += one->amount;
      total->payments += one->payments;
    }
    free(w.by_payer[i]);
  }
  for (int n = 0; n < p->node_count; n++) round_spending(&p->spending_totals[n]);
  free(w.by_payer);
  return status == DONE ? read_files(s, p, err) : status;
}

bool publication_payer(const struct publication *p, int at, struct published_payer *out) {
  if (at >= p->payer_count) return false;
  const struct spending *s = &p->spending[at];
  *out = (struct published_payer){.code = p->payers[at].code,
                                  .name = p->payers[at].name,
                                  .amount = s->shown_amount,
                                  .payments = s->shown_payments,
                                  .listed = p->payers[at].code &&
                                            (s->shown_payments || s->shown_amount)};
  return true;
}
