#include "base/nearest.h"

enum { WORD_LENGTH_MAX = 40 };

static char letter_of(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c == ' ' || c == '-' ? '_' : c;
}

int word_distance(struct span a, struct span b) {
  int row[3][WORD_LENGTH_MAX + 1], n = (int)a.size, m = (int)b.size;
  if (a.size > WORD_LENGTH_MAX || b.size > WORD_LENGTH_MAX) return n > m ? n : m;
  for (int j = 0; j <= m; j++) row[0][j] = j;
  for (int i = 1; i <= n; i++) {
    int *now = row[i % 3], *before = row[(i + 2) % 3], *earlier = row[(i + 1) % 3];
    now[0] = i;
    for (int j = 1; j <= m; j++) {
      char x = letter_of(a.bytes[i - 1]), y = letter_of(b.bytes[j - 1]);
      int best = before[j - 1] + (x != y);
      if (before[j] + 1 < best) best = before[j] + 1;
      if (now[j - 1] + 1 < best) best = now[j - 1] + 1;
      if (i > 1 && j > 1 && x == letter_of(b.bytes[j - 2]) && letter_of(a.bytes[i - 2]) == y &&
          earlier[j - 2] + 1 < best)
        best = earlier[j - 2] + 1;
      now[j] = best;
    }
  }
  return row[n % 3][m];
}

void nearest_offer(struct nearest *n, const char *word) {
  size_t length = strlen(n->typed);
  int distance = word_distance(span_of(n->typed), span_of(word));
  bool begins = length >= 2 && strncmp(n->typed, word, length) == 0; /* `state` for `statement` */
  if (begins) distance = 1;
  if (distance > (int)(length + 1) / 3) return;
  if (n->best && distance >= n->distance) return;
  n->best = word;
  n->distance = distance;
}
