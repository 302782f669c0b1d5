/* The answers of a journey as the store keeps them: for any text, the accepted answers are clean
 * and read back as themselves. Reader and writer are private to journey.c. */
#include "web/forms/journey.c"

#include "fuzz/fuzz.h"

static const struct choice words[] = {{"yes", "Yes"}, {"no", "No"}, {NULL, NULL}};
static const struct field first[] = {
    {.name = "name", .kind = FIELD_TEXT, .most = 50, .label = "Name"},
    {.name = "born", .kind = FIELD_DAY, .past = true, .label = "Born"},
    {.name = NULL}};
static const struct field second[] = {
    {.name = "which", .kind = FIELD_CHOICES, .choices = words, .label = "Which"},
    {.name = "so", .kind = FIELD_CHOICE, .choices = words, .label = "So"},
    {.name = "more", .kind = FIELD_LONG, .optional = true, .label = "More"},
    {.name = NULL}};
static const struct journey_question questions[] = {{.name = "first", .fields = first},
                                                    {.name = "second", .fields = second},
                                                    {.name = NULL}};
static const struct journey journey = {.name = "j", .title = "J", .questions = questions};

static void begin(struct journey_call *call) {
  *call = (struct journey_call){.journey = &journey};
  for (const struct journey_question *q = questions; q->name; q++)
    for (const struct field *f = q->fields; f->name; f++) {
      call->fields[call->count] = *f;
      call->fields[call->count++].optional = true;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct arena *arena = arena_new();
  struct request r = {.arena = arena, .language = WELSH};
  struct journey_call *call = arena_alloc(arena, sizeof *call),
                      *again = arena_alloc(arena, sizeof *again);
  struct text written = {0}, twice = {0};
  begin(call);
  take_draft(call, &r, (const char *)bytes, size);
  for (int i = 0; i < call->count; i++) {
    struct span text = call->values[i].text;
    HOLD(call->told[i] || !call->values[i].given);
    HOLD(text.size == 0 || utf8_valid(text.bytes, text.size));
    for (size_t k = 0; k < text.size; k++)
      HOLD((uint8_t)text.bytes[k] >= 0x20 || text.bytes[k] == '\n');
  }
  (void)first_open(call);
  draft_json(call, &written);
  begin(again);
  take_draft(again, &r, written.bytes, written.size);
  draft_json(again, &twice);
  HOLD(written.size == twice.size && memcmp(written.bytes, twice.bytes, written.size) == 0);
  text_release(&written);
  text_release(&twice);
  arena_free(arena);
  return 0;
}
