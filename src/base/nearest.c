#include "base/nearest.h"
#include <stdbool.h>
#include <string.h>

enum { WORD_LENGTH_MAX = 40 };

/* The number of steps from one word to the other: a letter put in, left out, changed, or swapped
 * with its neighbour (optimal string alignment). */
static int word_distance(const char *a, const char *b) {
  int row[3][WORD_LENGTH_MAX + 1];
  int n = (int)strnlen(a, WORD_LENGTH_MAX), m = (int)strnlen(b, WORD_LENGTH_MAX);
  for (int j = 0; j <= m; j++) row[0][j] = j;
  for (int i = 1; i <= n; i++) {
    int *now = row[i % 3], *before = row[(i + 2) % 3], *earlier = row[(i + 1) % 3];
    now[0] = i;
    for (int j = 1; j <= m; j++) {
      int best = before[j - 1] + (a[i - 1] != b[j - 1]);
      if (before[j] + 1 < best) best = before[j] + 1;
      if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
          earlier[j - 2] + 1 < best)
        best = earlier[j - 2] + 1;
      now[j] = best;
    }
  }
  return row[n % 3][m];
}

void nearest_offer(struct nearest *n, const char *word) {
  size_t length = strlen(n->typed);
  int distance = word_distance(n->typed, word);
  bool begins = length >= 2 && strncmp(n->typed, word, length) == 0; /* `state` for `statement` */
  if (begins) distance = 1;
  if (distance > (int)(length + 1) / 3) return;
  if (n->best && distance >= n->distance) return;
  n->best = word;
  n->distance = distance;
}
