#include "fuzz/fuzz.h"
#include "register/address.h"

/* A line of bytes for each part of an address. What is taken is in the one form: read again it is
 * the same. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct arena *arena = arena_new();
  struct span part[ADDRESS_PARTS] = {{0}};
  const char *at = (const char *)bytes, *end = at + size;
  for (int i = 0; i < ADDRESS_PARTS && at < end; i++) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    part[i] = span_make(at, (size_t)((stop ? stop : end) - at));
    at = stop ? stop + 1 : end;
  }
  struct address_row row = {.postcode = part[ADDRESS_LINES], .uprn = part[ADDRESS_LINES + 1]};
  for (int i = 0; i < ADDRESS_LINES; i++) row.line[i] = part[i];
  const struct address *first = NULL, *again = NULL;
  struct error err = {0};
  enum status status = address_read(arena, &row, &first, &err);
  if (status != DONE) HOLD(status == REFUSED && err.message[0] && address_column(err.column) >= 0);
  if (first) {
    char uprn[UPRN_DIGITS_MAX + 2] = "";
    if (first->uprn) snprintf(uprn, sizeof uprn, "%lld", (long long)first->uprn);
    struct address_row written = {.postcode = span_of(first->postcode), .uprn = span_of(uprn)};
    for (int i = 0; i < ADDRESS_LINES; i++) written.line[i] = span_of(first->line[i]);
    HOLD(address_read(arena, &written, &again, &err) == DONE && address_same(first, again));
  }
  arena_free(arena);
  return 0;
}
