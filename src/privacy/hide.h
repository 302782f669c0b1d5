/* Other people, whose names and references are taken out of the texts of a person's own copy.
 * Private to privacy/held.c. */
#ifndef WEAL_PRIVACY_HIDE_H
#define WEAL_PRIVACY_HIDE_H

#include "privacy/held.h"

struct hidden {
  struct store *store;
  struct arena *arena;
  int64_t *parties;
  int party_count, party_capacity;
  struct span *texts; /* names and codes */
  int text_count, text_capacity;
};

void hidden_add_party(struct hidden *hidden, int64_t party);
/* Of a reference `id:CODE`. */
enum status hidden_add_code(struct hidden *hidden, struct span code, struct error *err) MUST_USE;
void hidden_add_text(struct hidden *hidden, struct span text);
/* Reads the names of all; then texts can be searched. */
enum status hidden_load(struct hidden *hidden, struct error *err) MUST_USE;
/* Replaces each of them in the text, and each reference `id:CODE` of anybody but the subject; how
 * many there were. */
int hidden_take_out(const struct hidden *hidden, const struct held *subject, struct span *text);

#endif
