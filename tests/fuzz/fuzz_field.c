#include "fuzz/fuzz.h"
#include "action/field.h"

/* Pairs, one on each line, NAME=VALUE (a NUL also ends a line): for any pairs, an accepted value is
 * clean, and one that is not accepted has a fault. */

static const struct choice choices[] = {{"a", "A"}, {"b", "B"}, {NULL, NULL}};
static const struct field fields[] = {
    {.name = "t", .kind = FIELD_TEXT},
    {.name = "l", .kind = FIELD_LONG, .optional = true},
    {.name = "d", .kind = FIELD_DAY, .past = true},
    {.name = "y", .kind = FIELD_YEAR},
    {.name = "m", .kind = FIELD_MONEY, .most = 1000000},
    {.name = "h", .kind = FIELD_MINUTES, .least = 1, .most = 1440},
    {.name = "q", .kind = FIELD_QUANTITY},
    {.name = "n", .kind = FIELD_COUNT, .most = 10},
    {.name = "c", .kind = FIELD_CHOICE, .choices = choices},
    {.name = "w", .kind = FIELD_CHOICES},
    {.name = "k", .kind = FIELD_CODE},
    {.name = "e", .kind = FIELD_LINE},
    {.name = NULL}};

static void hold_clean(struct span s) {
  HOLD(s.size == 0 || utf8_valid(s.bytes, s.size));
  HOLD(s.bytes && s.bytes[s.size] == '\0');
  for (size_t i = 0; i < s.size; i++) HOLD((uint8_t)s.bytes[i] >= 0x20 || s.bytes[i] == '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct sent sent[64];
  int count = 0;
  const char *at = (const char *)bytes, *end = at + size;
  while (at < end && count < 64) {
    const char *line = memchr(at, '\n', (size_t)(end - at)), *stop = line ? line : end,
               *equals = memchr(at, '=', (size_t)(stop - at));
    const char *value = equals ? equals + 1 : stop;
    sent[count++] = (struct sent){.name = span_make(at, (size_t)((equals ? equals : stop) - at)),
                                  .value = span_make(value, (size_t)(stop - value))};
    at = stop + 1;
  }
  struct arena *arena = arena_new();
  struct fields_read out;
  struct error err = {0};
  if (fields_read(&out, arena, WELSH, fields, sent, count, 20000, &err) == DONE) {
    const struct fault *fault = out.faults;
    for (int i = 0; fields[i].name; i++) {
      bool has_fault = fault && fault->field == fields[i].name;
      hold_clean(out.values[i].text);
      hold_clean(out.given[i]);
      HOLD(!(has_fault && out.values[i].given));
      HOLD(has_fault || out.values[i].given || fields[i].optional);
      if (has_fault) fault++;
    }
    HOLD(!fault || !fault->field);
  } else HOLD(err.code == REFUSED && err.message[0]);
  arena_free(arena);
  return 0;
}
