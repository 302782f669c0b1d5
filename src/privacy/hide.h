/* Other people, whose names and references are taken out of the texts of a person's own copy.
 * Private to privacy/held.c. Adding somebody costs the same however many there are; a text is read
 * once, whatever their number.
 *
 * Only whole words are compared: a number within a day or an amount (2026-11-29, 12:30, 1.50) is
 * no word of its own.
 */
#ifndef WEAL_PRIVACY_HIDE_H
#define WEAL_PRIVACY_HIDE_H

#include "base/map.h"
#include "privacy/held.h"

struct hidden {
  struct store *store;
  struct arena *arena;
  int64_t *parties;
  int party_count, party_capacity;
  struct map party_known, code_known;
  /* The names and codes, word by word: from the word to its number; from (node, word) to the node
   * behind it, where node 0 is the beginning of all; and whether a name ends at the node. */
  struct map words, next;
  bool *ends;
  int word_count, node_count, node_capacity;
};

struct hidden *hidden_new(struct store *store, struct arena *arena);
void hidden_add_party(struct hidden *hidden, int64_t party);
/* Of a reference `id:CODE`. */
enum status hidden_add_code(struct hidden *hidden, struct span code, struct error *err) MUST_USE;
void hidden_add_text(struct hidden *hidden, struct span text);
/* Reads the names of all; then texts can be searched. */
enum status hidden_load(struct hidden *hidden, struct error *err) MUST_USE;
/* Replaces each of them in the text, the longest that stands there, and each reference `id:CODE` of
 * anybody but the subject; how many there were. */
int hidden_take_out(const struct hidden *hidden, const struct held *subject, struct span *text);
/* The same in the values of a JSON object of texts; its keys are the program's words. */
int hidden_take_out_of_json(const struct hidden *hidden, const struct held *subject,
                            struct span *text);

#endif
