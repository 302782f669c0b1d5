/* The facts of a tax year as a file of the kind `facts`: what changed since the year before, and
 * who belongs together. Private to this folder. */
#ifndef WEAL_SAMPLE_FACTS_H
#define WEAL_SAMPLE_FACTS_H

#include "sample/told.h"

struct fact_writer {
  const char *dir;
  const struct pack *pack; /* says what the law sets anew each April */
  /* the year before */
  int *members, *first, *payer;
  int year; /* -1: none */
};

void fact_writer_init(struct fact_writer *w, const char *dir, const struct pack *pack);
/* Of the year for which town_gather was last called, once its money was written. */
enum status fact_writer_year(struct fact_writer *w, const struct town *t,
                             struct error *err) MUST_USE;
/* After the last year: what is paid from the next April on, which organisations send when benefits
 * rise. Nothing else of that year is known yet. */
enum status fact_writer_rise(struct fact_writer *w, const struct town *t,
                             struct error *err) MUST_USE;
void fact_writer_release(struct fact_writer *w);

#endif
