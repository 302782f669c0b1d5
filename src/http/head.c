#include "http/head.h"

#include <string.h>
#include <strings.h>

enum { LENGTH_DIGITS_MOST = 18 };

/* The characters of a token (RFC 9110, 5.6.2): methods and names of headers. */
static bool is_token(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (c && strchr("!#$%&'*+-.^_`|~", c));
}

static size_t token_size(struct span text) {
  size_t size = 0;
  while (size < text.size && is_token((unsigned char)text.bytes[size])) size++;
  return size;
}

/* What the library keeps of each name that it finds in `text`, where `mark` stands between two. */
static void count_names(struct head *head, struct span text, char mark) {
  for (size_t i = 0; i < text.size; i++)
    if (text.bytes[i] == mark) head->names_bytes += HEAD_NAME_BYTES;
  head->names_bytes += HEAD_NAME_BYTES;
}

/* METHOD SP TARGET SP HTTP/1.1, with one blank each. What a target may be is target_read's
 * (parse.h); here it only holds nothing that would end it elsewhere. */
static int look_at_first(struct head *head, struct span line) {
  size_t method = token_size(line), end = method + 1;
  if (!method || method == line.size || line.bytes[method] != ' ') return 400;
  while (end < line.size && (unsigned char)line.bytes[end] > ' ' && line.bytes[end] != 0x7f) end++;
  if (end == method + 1 || end == line.size || line.bytes[end] != ' ') return 400;
  struct span version = span_make(line.bytes + end + 1, line.size - end - 1);
  count_names(head, span_make(line.bytes + method, end - method), '&');
  head->is_old = span_is(version, "HTTP/1.0");
  head->is_head = span_is(span_make(line.bytes, method), "HEAD");
  return head->is_old || span_is(version, "HTTP/1.1") ? 0 : 400;
}

/* ---- headers that may be there once ---- */

static int look_at_host(struct head *head, struct span value) {
  (void)head;
  for (size_t i = 0; i < value.size; i++)
    if (!is_token((unsigned char)value.bytes[i]) && !strchr("[]:", value.bytes[i])) return 400;
  return 0;
}

static int look_at_length(struct head *head, struct span value) {
  if (!value.size || value.size > LENGTH_DIGITS_MOST) return 400;
  for (size_t i = 0; i < value.size; i++) {
    if (value.bytes[i] < '0' || value.bytes[i] > '9') return 400;
    head->body_bytes = head->body_bytes * 10 + (value.bytes[i] - '0');
  }
  return 0;
}

/* The library takes it apart in a copy. */
static int look_at_cookie(struct head *head, struct span value) {
  count_names(head, value, ';');
  head->names_bytes += value.size;
  return 0;
}

static int look_at_nothing(struct head *head, struct span value) {
  (void)head, (void)value;
  return 0;
}

enum single { HOST, LENGTH, ENCODING };
static const struct {
  const char *name;
  int (*look)(struct head *head, struct span value);
} singles[] = {[HOST] = {"host", look_at_host},
               [LENGTH] = {"content-length", look_at_length},
               [ENCODING] = {"transfer-encoding", look_at_nothing},
               {"content-type", look_at_nothing},
               {"cookie", look_at_cookie},
               {"origin", look_at_nothing},
               {"expect", look_at_nothing},
               {NULL, NULL}};

static int look_at_header(struct head *head, struct span line) {
  size_t size = token_size(line); /* 0 also where the line goes on from the one before */
  if (!size || size == line.size || line.bytes[size] != ':') return 400;
  struct span value = span_trim(span_make(line.bytes + size + 1, line.size - size - 1));
  for (size_t i = 0; i < value.size; i++) {
    unsigned char c = (unsigned char)value.bytes[i];
    if ((c < ' ' && c != '\t') || c == 0x7f) return 400;
  }
  head->names_bytes += HEAD_NAME_BYTES;
  for (unsigned i = 0; singles[i].name; i++) {
    if (strlen(singles[i].name) != size || strncasecmp(singles[i].name, line.bytes, size) != 0)
      continue;
    if (head->seen & 1u << i) return 400;
    head->seen |= 1u << i;
    return singles[i].look(head, value);
  }
  return 0;
}

/* ---- the whole ---- */

/* A body whose length is not told could not be bounded. */
static int look_at_whole(const struct head *head) {
  bool encoding = head->seen & 1u << ENCODING;
  if (!(head->seen & 1u << HOST) && !head->is_old) return 400;
  if (encoding && (head->is_old || head->seen & 1u << LENGTH)) return 400;
  return encoding ? 411 : 0;
}

static enum head_is refused(struct head *head, int http) {
  head->http = http;
  return HEAD_REFUSED;
}

enum head_is head_look(struct head *head, struct span bytes) {
  for (;;) {
    const char *end = memchr(bytes.bytes + head->searched, '\n', bytes.size - head->searched);
    size_t next = end ? (size_t)(end - bytes.bytes) + 1 : bytes.size;
    if (next + head->names_bytes > head->most_bytes) return refused(head, 431);
    head->searched = next;
    if (!end) return HEAD_MORE;
    struct span line = span_make(bytes.bytes + head->line, next - head->line - 1);
    if (!line.size || line.bytes[line.size - 1] != '\r') return refused(head, 400);
    line.size--;
    bool first = head->line == 0;
    head->line = next;
    if (!line.size && first) continue; /* a robust server takes one before the request line */
    int http = !line.size     ? look_at_whole(head)
               : !head->lines ? look_at_first(head, line)
                              : look_at_header(head, line);
    if (!line.size && !head->lines) http = 400;
    if (http) return refused(head, http);
    head->size = next;
    if (!line.size) return HEAD_WHOLE;
    head->lines++;
  }
}
