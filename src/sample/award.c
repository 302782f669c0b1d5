#include "sample/award.h"
#include <assert.h>
#include <stdlib.h>

/* In a decile with too few claimants each gets at most this many times the mean; the rest goes to
 * the other deciles. */
static const double MOST_OF_MEAN = 1.6;

void claims_add(struct claims *c, int person, double weight, double key, day_t from, day_t to) {
  if (weight <= 0) return;
  array_reserve(c->list, c->capacity, c->count + 1);
  c->list[c->count++] =
      (struct claim){.person = person, .weight = weight, .key = key, .from = from, .to = to};
}

double award_head_pounds(const struct sample_data *d, const struct data_item *item, int year) {
  assert(item->has_total);
  if (item->grown)
    return item->mean * (item->total_m[year] / item->base_m) / (d->uk_k[0] / d->uk_households_k);
  return item->total_m[year] * 1000 / d->uk_k[year];
}

static int by_decile_and_key(const void *a, const void *b) {
  const struct claim *x = a, *y = b;
  if (x->decile != y->decile) return x->decile < y->decile ? -1 : 1;
  if (x->key != y->key) return x->key < y->key ? -1 : 1;
  return x->person < y->person ? -1 : x->person > y->person;
}

/* How many of each decile get it, and each decile's pence, limited by its number of claimants. */
static void cut_deciles(double *part, const int *able, double recipients, int64_t total,
                        int64_t *number, int64_t *pence) {
  double all = 0, able_all = 0;
  for (int i = 0; i < DATA_DECILES; i++) {
    if (able[i] == 0) part[i] = 0;
    all += part[i], able_all += able[i];
  }
  for (int i = 0; i < DATA_DECILES; i++) number[i] = able[i];
  if (recipients > 0 && recipients < able_all && all > 0) {
    share_whole((int64_t)(recipients + 0.5), part, DATA_DECILES, number);
    for (int round = 0; round < 12; round++) {
      double limit_of[DATA_DECILES], over = 0, free_part = 0;
      for (int i = 0; i < DATA_DECILES; i++) {
        limit_of[i] = MOST_OF_MEAN * (double)able[i] / recipients * all;
        if (part[i] > limit_of[i]) {
          over += part[i] - limit_of[i];
          part[i] = limit_of[i];
        } else if (part[i] < limit_of[i] * 0.999) free_part += part[i];
      }
      if (over < all * 1e-9 || free_part <= 0) break;
      for (int i = 0; i < DATA_DECILES; i++)
        if (part[i] < limit_of[i] * 0.999) part[i] += over * part[i] / free_part;
    }
    share_whole((int64_t)(recipients + 0.5), part, DATA_DECILES, number);
    for (int i = 0; i < DATA_DECILES; i++) {
      if (number[i] > able[i]) number[i] = able[i];
      if (number[i] == 0) part[i] = 0; /* its share is below half a recipient */
    }
  }
  share_whole(total, part, DATA_DECILES, pence);
}

void award_share(const struct town *t, const struct data_item *item, const double *shape, int year,
                 struct claims *claims, double recipients) {
  if (claims->count == 0) return;
  double part[DATA_DECILES] = {0};
  int able[DATA_DECILES] = {0};
  for (int h = 0; h < t->households_count; h++)
    if (t->payer[h] >= 0)
      part[t->households[h].decile] += (shape ? shape : item->decile)[t->households[h].decile];
  for (int i = 0; i < claims->count; i++) {
    claims->list[i].decile = t->households[t->people[claims->list[i].person].household].decile;
    able[claims->list[i].decile]++;
  }
  int64_t number[DATA_DECILES], pence[DATA_DECILES],
      total = (int64_t)(award_head_pounds(t->data, item, year) * t->heads * 100 + 0.5);
  cut_deciles(part, able, recipients, total, number, pence);
  array_sort(claims->list, claims->count, by_decile_and_key);
  for (int i = 0, d = 0; d < DATA_DECILES; d++) {
    double weights = 0, passed = 0;
    int64_t given = 0;
    for (int64_t k = 0; k < number[d]; k++) weights += claims->list[i + k].weight;
    /* rounded along the running sum, so that the decile comes out to the penny */
    for (int64_t k = 0; k < number[d]; k++) {
      struct claim *c = &claims->list[i + k];
      passed += c->weight;
      int64_t upto = k + 1 == number[d] ? pence[d]
                                        : (int64_t)((double)pence[d] * (passed / weights) + 0.5);
      c->pence = upto - given;
      given = upto;
    }
    i += able[d];
  }
}
