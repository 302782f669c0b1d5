/* Bytes of the network, taken apart. Nothing is repaired: bytes that are not as the standard says
 * are refused. */
#include "http/parse.h"

#include "base/limits.h"
#include "base/refusal.h"

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/* ---- the path ---- */

/* Segments: none empty (but behind the last slash), none `.` or `..`. */
static bool segments_sound(struct span path) {
  size_t begin = 1;
  for (size_t i = 1; i <= path.size; i++) {
    if (i < path.size && path.bytes[i] != '/') continue;
    struct span segment = span_make(path.bytes + begin, i - begin);
    if (segment.size == 0 && i < path.size) return false;
    if (span_is(segment, ".") || span_is(segment, "..")) return false;
    begin = i + 1;
  }
  return true;
}

static bool path_unescape(struct span raw, struct arena *arena, struct span *out) {
  if (raw.size == 0 || raw.bytes[0] != '/') return false;
  char *to = arena_alloc(arena, raw.size + 1);
  size_t size = 0;
  for (size_t i = 0; i < raw.size; i++) {
    unsigned char c = (unsigned char)raw.bytes[i];
    if (c == '%') {
      int high = i + 2 < raw.size ? hex_digit(raw.bytes[i + 1]) : -1,
          low = i + 2 < raw.size ? hex_digit(raw.bytes[i + 2]) : -1;
      if (high < 0 || low < 0) return false;
      c = (unsigned char)(high << 4 | low);
      if (c == '/') return false;
      i += 2;
    }
    if (c < 0x20 || c == 0x7f || c == '\\') return false;
    to[size++] = (char)c;
  }
  *out = span_make(to, size);
  return utf8_valid(to, size) && segments_sound(*out);
}

/* The language by whose prefix a path begins; how many bytes it has, 0: none. */
static size_t language_read(struct span path, enum language *out) {
  for (int i = 0; i < LANGUAGES; i++) {
    const char *prefix = language_row((enum language)i)->prefix;
    size_t size = strlen(prefix);
    if (!size || path.size < size || memcmp(path.bytes, prefix, size) != 0 ||
        (path.size > size && path.bytes[size] != '/'))
      continue;
    *out = (enum language)i;
    return size;
  }
  return 0;
}

bool target_read(const char *raw, struct arena *arena, struct target *out) {
  size_t path_size = strcspn(raw, "?");
  struct span path;
  *out = (struct target){.query = raw[path_size] ? span_of(raw + path_size + 1) : span_of("")};
  if (strchr(raw, '#') || !path_unescape(span_make(raw, path_size), arena, &path)) return false;
  out->asked = arena_string(arena, raw);
  out->path = path;
  size_t prefix = language_read(path, &out->language);
  if (!prefix) return true;
  /* the prefix written with escapes would be a second address of the same page */
  if (strncmp(raw, path.bytes, prefix) != 0) return false;
  out->path = path.size == prefix ? span_of("/")
                                  : span_make(path.bytes + prefix, path.size - prefix);
  out->asked = raw[prefix] == '/' ? out->asked + prefix : arena_printf(arena, "/%s", raw + prefix);
  return true;
}

/* ---- query and form ---- */

static bool piece_decode(struct span raw, struct arena *arena, struct span *out) {
  char *to = arena_alloc(arena, raw.size + 1);
  size_t size = 0;
  for (size_t i = 0; i < raw.size; i++) {
    char c = raw.bytes[i];
    if (c == '+') c = ' ';
    else if (c == '%') {
      int high = i + 2 < raw.size ? hex_digit(raw.bytes[i + 1]) : -1,
          low = i + 2 < raw.size ? hex_digit(raw.bytes[i + 2]) : -1;
      if (high < 0 || low < 0) return false;
      c = (char)(high << 4 | low);
      i += 2;
    }
    to[size++] = c;
  }
  *out = span_make(to, size);
  return true;
}

enum status pairs_read(struct span raw, struct arena *arena, struct sent **out, int *count,
                       struct error *err) {
  *out = arena_array(arena, struct sent, LIMIT_WEB_PAIRS);
  *count = 0;
  size_t at = 0;
  while (at < raw.size) {
    const char *begin = raw.bytes + at, *end = memchr(begin, '&', raw.size - at);
    size_t size = end ? (size_t)(end - begin) : raw.size - at;
    at += size + 1;
    if (size == 0 || (end && at == raw.size)) return refuse(err, FORM_EMPTY_PIECE);
    if (*count == LIMIT_WEB_PAIRS) return refuse(err, FORM_TOO_MANY_PIECES, LIMIT_WEB_PAIRS);
    const char *equal = memchr(begin, '=', size);
    size_t name_size = equal ? (size_t)(equal - begin) : size;
    struct sent *pair = &(*out)[(*count)++];
    struct span value = equal ? span_make(equal + 1, size - name_size - 1) : span_of("");
    if (!piece_decode(span_make(begin, name_size), arena, &pair->name) ||
        !piece_decode(value, arena, &pair->value))
      return refuse(err, FORM_PERCENT);
  }
  return DONE;
}

/* ---- multipart ---- */

static enum status parts_fault(struct error *err) { return refuse(err, UPLOAD_MALFORMED); }

static struct span boundary_of(const char *content_type) {
  const char *at = strstr(content_type, "boundary=");
  if (!at) return span_of("");
  at += strlen("boundary=");
  size_t size = *at == '"' ? strcspn(++at, "\"") : strcspn(at, "; \t");
  return size <= 70 ? span_make(at, size) : span_of("");
}

/* `; name="..."` of a Content-Disposition line, as browsers write it: `"` and line ends within it
 * as escapes. */
static bool quoted_parameter(struct span line, const char *key, struct span *out) {
  size_t key_size = strlen(key);
  for (size_t i = 0; i + key_size <= line.size; i++) {
    if (memcmp(line.bytes + i, key, key_size) != 0) continue;
    const char *begin = line.bytes + i + key_size,
               *end = memchr(begin, '"', line.size - i - key_size);
    if (!end) return false;
    *out = span_make(begin, (size_t)(end - begin));
    return true;
  }
  return false;
}

/* The part's headers (each line ended by CR LF) up to its empty line; *used: their size with it. */
static bool part_head(struct span rest, struct sent *part, size_t *used) {
  static const char name[] = "content-disposition: form-data;";
  bool found = false;
  for (size_t at = 0;;) {
    const char *end = memmem(rest.bytes + at, rest.size - at, "\r\n", 2);
    if (!end || (size_t)(end - rest.bytes) > 4096) return false;
    struct span line = span_make(rest.bytes + at, (size_t)(end - rest.bytes) - at);
    at += line.size + 2;
    *used = at;
    if (line.size == 0) return found;
    if (line.size < sizeof name - 1 || strncasecmp(line.bytes, name, sizeof name - 1) != 0)
      continue;
    struct span file = {0};
    if (found || !quoted_parameter(line, " name=\"", &part->name)) return false;
    part->file = quoted_parameter(line, " filename=\"", &file);
    part->file_name = file;
    found = true;
  }
}

enum status parts_read(struct span body, const char *content_type, struct arena *arena,
                       struct sent **out, int *count, struct error *err) {
  struct span boundary = boundary_of(content_type);
  *out = arena_array(arena, struct sent, LIMIT_WEB_PAIRS);
  *count = 0;
  if (boundary.size == 0) return parts_fault(err);
  struct span mark = span_of(arena_printf(arena, "\r\n--" SPAN_FORMAT, SPAN(boundary))),
              first = span_make(mark.bytes + 2, mark.size - 2);
  if (body.size < first.size + 2 || memcmp(body.bytes, first.bytes, first.size) != 0)
    return parts_fault(err);
  size_t at = first.size;
  while (!(body.size - at >= 2 && memcmp(body.bytes + at, "--", 2) == 0)) {
    if (body.size - at < 2 || memcmp(body.bytes + at, "\r\n", 2) != 0 || *count == LIMIT_WEB_PAIRS)
      return parts_fault(err);
    at += 2;
    struct sent *part = &(*out)[*count];
    size_t used;
    if (!part_head(span_make(body.bytes + at, body.size - at), part, &used))
      return parts_fault(err);
    at += used;
    const char *end = memmem(body.bytes + at, body.size - at, mark.bytes, mark.size);
    if (!end) return parts_fault(err);
    part->value = span_make(body.bytes + at, (size_t)(end - body.bytes) - at);
    part->file_bytes = part->file ? (int64_t)part->value.size : 0;
    at += part->value.size + mark.size;
    (*count)++;
  }
  return DONE;
}

/* ---- the cookie ---- */

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void cookie_write(const uint8_t raw[SESSION_RAW_BYTES], char out[SESSION_COOKIE_CHARS + 1]) {
  unsigned bits = 0, have = 0;
  size_t size = 0;
  for (int i = 0; i < SESSION_RAW_BYTES; i++) {
    bits = bits << 8 | raw[i];
    for (have += 8; have >= 6; have -= 6) out[size++] = letters[bits >> (have - 6) & 63];
  }
  out[size++] = letters[bits << (6 - have) & 63];
  out[size] = '\0';
}

static bool cookie_decode(struct span text, uint8_t raw[SESSION_RAW_BYTES]) {
  if (text.size != SESSION_COOKIE_CHARS) return false;
  unsigned bits = 0, have = 0;
  int size = 0;
  for (size_t i = 0; i < text.size; i++) {
    const char *letter = text.bytes[i] ? strchr(letters, text.bytes[i]) : NULL;
    if (!letter) return false;
    bits = bits << 6 | (unsigned)(letter - letters);
    have += 6;
    if (have < 8) continue;
    have -= 8;
    raw[size++] = (uint8_t)(bits >> have);
  }
  return (bits & ((1u << have) - 1)) == 0;
}

bool cookie_session(const char *header, uint8_t raw[SESSION_RAW_BYTES]) {
  bool found = false;
  struct span value = {0};
  while (header && *header) {
    size_t size = strcspn(header, ";");
    struct span pair = span_trim(span_make(header, size));
    header += size + (header[size] == ';');
    static const char name[] = SESSION_COOKIE "=";
    if (pair.size < sizeof name - 1 || memcmp(pair.bytes, name, sizeof name - 1) != 0) continue;
    if (found) return false;
    found = true;
    value = span_make(pair.bytes + sizeof name - 1, pair.size - (sizeof name - 1));
  }
  return found && cookie_decode(value, raw);
}

/* ---- the origin ---- */

bool origin_ours(const char *origin, const char *referer, const char *const *origins) {
  struct span from = span_of(origin);
  if (!origin) {
    const char *host = referer ? strstr(referer, "://") : NULL;
    if (!host) return false;
    from = span_make(referer, (size_t)(host - referer) + 3 + strcspn(host + 3, "/?#"));
  }
  for (int i = 0; origins[i]; i++)
    if (span_is(from, origins[i])) return true;
  return false;
}
