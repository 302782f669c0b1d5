/* hold_values: renders tests/templates/places.mustache once for each value on standard input, a
 * zero byte after each value and each page. hold_places.py reads the pages with an independent HTML
 * parser. */
#include "web/template.h"

#include <stdio.h>

extern const struct template *const place_templates[];

int main(void) {
  struct text in = {0};
  char chunk[65536];
  for (size_t got; (got = fread(chunk, 1, sizeof chunk, stdin)) > 0;)
    text_add_bytes(&in, chunk, got);
  text_add_char(&in, 0);
  struct arena *arena = arena_new();
  struct text out = {0};
  for (const char *value = in.bytes, *end = in.bytes + in.size - 1; value < end;
       value += strlen(value) + 1) {
    struct view *v = view_new(arena, WELSH);
    view_text(v, "x", value);
    view_text(v, "y", value);
    view_html(v, "html", span_of("<b>ours</b>"));
    view_text(view_object(v, "who"), "name", value);
    view_flag(v, "on", true);
    text_clear(&out);
    template_render(place_templates[0], v, &out);
    text_add_char(&out, 0);
    fwrite(out.bytes, 1, out.size, stdout);
    arena_reset(arena);
  }
  text_release(&in);
  text_release(&out);
  arena_free(arena);
  return 0;
}
