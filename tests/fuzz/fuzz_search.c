#include "base/fold.h"
#include "fuzz/fuzz.h"
#include "statement/account_search.h"

/* What was written in a search, then after a line end what it is looked for in. A fold folded again
 * is itself, a text is found in itself, and every term is a piece of what was written. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct arena *arena = arena_new();
  const char *text = (const char *)bytes, *stop = size ? memchr(text, '\n', size) : NULL;
  const size_t first = stop ? (size_t)(stop - text) : size;
  const struct span written = span_make(text, first);
  const struct span rest = span_make(text + first, size - first);
  struct text once = {0}, twice = {0}, hay = {0};
  struct account_search search;
  text_add_folded(&once, written);
  text_add_folded(&twice, span_make(once.bytes, once.size));
  text_add_folded(&hay, rest);
  if (utf8_valid(text, first)) {
    HOLD(span_equal(span_make(once.bytes, once.size), span_make(twice.bytes, twice.size)));
    HOLD(fold_same(written, span_make(once.bytes, once.size)));
  }
  HOLD(folded_has(span_make(once.bytes, once.size), span_make(once.bytes, once.size)));
  (void)folded_name_fits(span_make(hay.bytes, hay.size), span_make(once.bytes, once.size));
  account_search_read(arena, written, &search);
  HOLD(search.count <= ACCOUNT_TERMS_MOST);
  for (int i = 0; i < search.count; i++) {
    const struct account_term *term = &search.all[i];
    HOLD(term->words.size > 0 && term->words.size <= once.size);
    HOLD((term->from == DAY_NONE) == (term->to == DAY_NONE) && term->from <= term->to);
    HOLD(!term->has_amount || (term->least >= 0 && term->least <= term->most));
  }
  const struct account_item item = {
      .texts = span_make(once.bytes, once.size), .day = 20513, .is_money = true, .amount = -7170};
  HOLD(account_search_finds(&search, &item));
  text_release(&once), text_release(&twice), text_release(&hay);
  arena_free(arena);
  return 0;
}
