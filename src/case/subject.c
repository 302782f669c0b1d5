/* What else a case is about, as its column `subject` says it. */
#include "case/subject.h"

#include "base/money.h"

static bool read_number(struct span text, int64_t most, int64_t *out) {
  struct error ignored = {0};
  return text.size && text.bytes[0] != '0' && text.bytes[0] != '+' &&
         integer_parse(text, out, &ignored) == DONE && *out >= 1 && *out <= most;
}

struct subject subject_read(const char *text) {
  static const struct {
    const char *prefix;
    enum subject_kind kind;
  } kinds[] = {{"line:", SUBJECT_LINE},
               {"case:", SUBJECT_CASE},
               {"look:", SUBJECT_LOOK},
               {"fact:", SUBJECT_FACT}};
  struct subject none = {.kind = text && *text ? SUBJECT_OTHER : SUBJECT_NONE}, subject = {0};
  for (size_t i = 0; none.kind && i < sizeof kinds / sizeof *kinds; i++) {
    size_t size = strlen(kinds[i].prefix);
    if (strncmp(text, kinds[i].prefix, size) != 0) continue;
    subject.kind = kinds[i].kind;
    const char *rest = text + size,
               *colon = subject.kind == SUBJECT_LINE ? strchr(rest, ':') : NULL;
    int64_t line_no = 0;
    if (subject.kind == SUBJECT_LINE &&
        (!colon || !read_number(span_of(colon + 1), INT32_MAX, &line_no)))
      return none;
    subject.line_no = (int32_t)line_no;
    struct span number = span_make(rest, colon ? (size_t)(colon - rest) : strlen(rest));
    return read_number(number, INT64_MAX, &subject.number) ? subject : none;
  }
  return none;
}
