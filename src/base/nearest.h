/* Finds the known word nearest to an unknown one, for a message: of a verb, an option, a key of the
 * configuration.
 *
 *     struct nearest n = {.typed = word};
 *     for (...) nearest_offer(&n, known);
 *     if (n.best) ... did you mean n.best?
 */
#ifndef WEAL_BASE_NEAREST_H
#define WEAL_BASE_NEAREST_H

#include "base/text.h"

/* Steps from one word to the other: a letter put in, left out, changed, or swapped with its
 * neighbour (optimal string alignment). Large and small letters are alike, and so are a space, `-`
 * and `_`. Of a word of more than 40 letters: as far as any can be. */
int word_distance(struct span a, struct span b);

struct nearest {
  const char *typed, *best; /* best null: none is near. Borrowed */
  int distance;
};
void nearest_offer(struct nearest *n, const char *word);

#endif
