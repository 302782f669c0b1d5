/* More words of each figure (book/figures.h) in a place's account, and its keys in open data. For
 * `publish` too.
 */
#ifndef WEAL_PLACE_FIGURE_H
#define WEAL_PLACE_FIGURE_H

#include "book/figures.h"
#include "document/document.h"

/* The words are N_(): say() them. */
struct place_figure {
  const char *key, *key_per_head;
  const char *title; /* of its table and its chart */
  const char *column_per_head;
};
/* By enum pack_shown. column_per_head, key_per_head: null where no table of places has it. */
extern const struct place_figure place_figures[FIGURE_COUNT];
enum { FIGURES_COMPARED = 3 }; /* the first of figures_order, by which places are compared */

/* Minutes, or money. */
struct doc_value place_figure_value(enum pack_shown figure, wide_t n);
/* Half up; empty where nobody lives. */
struct doc_value place_figure_a_head(enum pack_shown figure, wide_t n, int64_t people);
/* Of the whole in percent, with one decimal; empty where there is no share. */
struct doc_value place_share(struct arena *arena, wide_t n, wide_t whole);
/* Under a table of areas: why each has less per person than the whole. */
const char *place_moved_words(enum language language);
/* The heading of its column: `Time` or `Amount`. */
const char *place_figure_unit(enum pack_shown figure);

#endif
