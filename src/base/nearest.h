/* Finds the known word nearest to an unknown one, for a message: of a verb, an option, a key of the
 * configuration.
 *
 *     struct nearest n = {.typed = word};
 *     for (...) nearest_offer(&n, known);
 *     if (n.best) ... did you mean n.best?
 */
#ifndef WEAL_BASE_NEAREST_H
#define WEAL_BASE_NEAREST_H

struct nearest {
  const char *typed, *best; /* best null: none is near. Borrowed */
  int distance;
};
void nearest_offer(struct nearest *n, const char *word);

#endif
