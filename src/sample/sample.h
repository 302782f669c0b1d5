/* The sample place, as files.
 *
 * An invented place with England's ages, sexes and households, and three tax years of what its
 * people pay, receive, use and give, with what they told (facts), drawn from published
 * distributions (sample/, compiled in; docs/reference/sample-place.md shows each figure beside the
 * published one). Only names and geography are invented. Taxes and most benefits are what the rules
 * of the policy pack make of them.
 *
 *     struct sample_options options = {.dir = "place", .people = 10000, .seed = 1,
 *                                     .pack = pack, .packs = packs, .pack_count = 1};
 *     status = sample_write(&options, &err);
 *     for (int i = 0; i < sample_file_count; i++)
 *       import(sample_files[i].kind, in folder options.dir, sample_files[i].name);  in this order
 *
 * The same people and seed give the same bytes on every machine.
 */
#ifndef WEAL_SAMPLE_SAMPLE_H
#define WEAL_SAMPLE_SAMPLE_H

#include "base/progress.h"
#include "pack/pack.h"
#include "base/status.h"
#include <stdint.h>

struct sample_options {
  const char *dir; /* made when it is not there; files of the same names are overwritten */
  int64_t people;  /* who live there on 6 April 2023: SAMPLE_PEOPLE_MIN to SAMPLE_PEOPLE_MAX */
  uint64_t seed;
  enum progress_mode progress;
  const struct pack *pack;  /* the policy pack, and */
  const char *const *packs; /* the folders of it and of those laid over it */
  int pack_count;
};

enum {
  SAMPLE_PEOPLE_MIN = 1,
  SAMPLE_PEOPLE_MAX = 2000000,
  SAMPLE_PEOPLE_DEFAULT = 10000,
  SAMPLE_YEAR_FIRST = 2023,
  SAMPLE_YEARS = 3
};

/* The place that the book is of: what `init` is called with. */
extern const char *const sample_place_code;
extern const char *const sample_place_name;

struct sample_file {
  const char *kind; /* of import */
  const char *name;
};
extern const struct sample_file sample_files[]; /* in the order of import */
extern const int sample_file_count;

/* REFUSED when the number of people is out of range, FAILED when a file can't be written. */
enum status sample_write(const struct sample_options *options, struct error *err) MUST_USE;

#endif
