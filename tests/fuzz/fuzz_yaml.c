#include "base/limits.h"
#include "fuzz/fuzz.h"
#include "fuzz/yaml_leak.h"
#include "rules/yaml.h"

/* Every node has its place; a map has as many keys as items; what aliases stand for is bounded, so
 * that a walk of the whole tree ends. */
static int64_t walk(const struct yaml_node *node) {
  int64_t count = 1;
  HOLD(node->line > 0 && node->column > 0);
  if (node->kind == YAML_SCALAR) {
    double number;
    bool truth;
    day_t day;
    HOLD(node->text.bytes && node->text.bytes[node->text.size] == '\0');
    if (yaml_as_number(node, &number)) HOLD(!node->is_quoted && number == number);
    (void)yaml_as_bool(node, &truth);
    (void)yaml_as_day(node, &day);
    return count;
  }
  for (int i = 0; i < node->count; i++) {
    if (node->kind == YAML_MAP) HOLD(node->keys[i]->kind == YAML_SCALAR);
    count += walk(node->items[i]);
  }
  return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct arena *arena = arena_new();
  struct yaml_stream stream;
  struct error err = {0};
  if (yaml_read(arena, span_make((const char *)bytes, size), "f", &stream, &err) == DONE) {
    for (int i = 0; i < stream.count; i++) HOLD(walk(stream.documents[i]) <= LIMIT_YAML_NODES);
  } else HOLD(err.code == REFUSED && err.message[0] && err.file[0]);
  arena_free(arena);
  return 0;
}
