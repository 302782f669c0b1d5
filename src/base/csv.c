/* 64 bytes at a time become one word of marks, a bit for each comma, quote, CR and LF; the scanner
 * then goes from mark to mark and never reads the bytes between. A small state follows the quotes,
 * not a prefix sum over the marks: so a stray quote spoils its own record only, and not all records
 * after it. */
#include "base/csv.h"
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#ifdef __SSE2__
static inline uint64_t marks_16(const char *p) {
  __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
  __m128i m = _mm_or_si128(
      _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(',')), _mm_cmpeq_epi8(v, _mm_set1_epi8('"'))),
      _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\n')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\r'))));
  return (uint32_t)_mm_movemask_epi8(m);
}

static inline uint64_t marks_64(const char *p) {
  return marks_16(p) | marks_16(p + 16) << 16 | marks_16(p + 32) << 32 | marks_16(p + 48) << 48;
}
#else
static inline uint64_t marks_64(const char *p) {
  uint64_t marks = 0;
  for (int i = 0; i < 64; i++)
    marks |= (uint64_t)(p[i] == ',' || p[i] == '"' || p[i] == '\n' || p[i] == '\r') << i;
  return marks;
}
#endif

/* The marks of the block that holds `at`, from `at` on. */
static inline void look(struct csv_scan *s, size_t at) {
  s->block = at & ~(size_t)63;
  s->marks = s->block < s->size ? marks_64(s->bytes + s->block) & ~0ull << (at & 63) : 0;
}

/* Past the mark at `at`, which is the next one. */
static inline void skip_mark(struct csv_scan *s, size_t at) {
  if (at & 63) s->marks &= s->marks - 1;
  else look(s, at + 1);
}

void csv_begin(struct csv_scan *s, char *bytes, size_t size, size_t at, bool last, uint64_t line) {
  s->bytes = bytes;
  s->size = size;
  s->last = last;
  s->record_at = at;
  s->line = line;
  look(s, at);
}

/* The state of one record while it is read. */
struct course {
  size_t field_at;
  size_t closed_at;  /* of a quoted field: its closing quote */
  bool quoted, open; /* the field begins with a quote; we are within it */
  uint64_t line;
};

/* Keeps the first fault, but any other fault replaces a quote within a field, which some readers
 * accept. */
static void note_fault(struct csv_scan *s, enum csv_fault fault) {
  if (s->fault != CSV_SOUND && s->fault != CSV_QUOTE_WITHIN) return;
  s->fault = fault;
  s->fault_field = s->count;
}

static inline void end_field(struct csv_scan *s, struct course *r, size_t end) {
  size_t from = r->field_at, to = end;
  if (r->quoted) {
    from++;
    if (r->open) {
      r->open = false;
      note_fault(s, CSV_UNCLOSED);
    } else if (r->closed_at + 1 != end) note_fault(s, CSV_TEXT_AFTER);
    else to = r->closed_at;
    r->quoted = false;
  }
  if (s->count < LIMIT_FILE_COLUMNS)
    s->field[s->count] = (struct table_piece){(uint32_t)from, (uint32_t)(to - from)};
  s->count++;
}

/* The bytes left over are filled with spaces, so that no part of a character remains. */
void csv_unescape(struct csv_scan *s) {
  for (uint32_t i = 0; i < s->escaped_count; i++) {
    struct table_piece *f = &s->field[s->escaped[i]];
    char *p = s->bytes + f->at;
    size_t to = 0;
    for (size_t from = 0; from < f->size; from++) {
      p[to++] = p[from];
      if (p[from] == '"' && from + 1 < f->size && p[from + 1] == '"') from++;
    }
    memset(p + to, ' ', f->size - to);
    f->size = (uint32_t)to;
  }
  s->escaped_count = 0;
}

static bool finish(struct csv_scan *s, struct course *r, size_t end, size_t next) {
  s->blank = s->count == 0 && end == s->record_at;
  end_field(s, r, end);
  s->at = s->record_at;
  s->end = end;
  s->begin_line = s->line;
  s->end_line = r->line;
  /* the file's last line end, within quotes that are not closed, begins no line */
  const char *last = s->bytes + end - 1;
  if (next == end && end > s->at && (*last == '\n' || *last == '\r')) {
    s->end -= end - 1 > s->at && *last == '\n' && last[-1] == '\r' ? 2 : 1;
    s->end_line--;
  }
  s->line = r->line + (next > end);
  s->record_at = next;
  return true;
}

/* Handles the quote at `at`. False when its meaning depends on bytes that have not come yet. */
static bool meet_quote(struct csv_scan *s, struct course *r, size_t at) {
  if (!r->open) {
    if (at == r->field_at) r->quoted = r->open = true;
    else note_fault(s, r->quoted ? CSV_TEXT_AFTER : CSV_QUOTE_WITHIN);
    return true;
  }
  if (at + 1 == s->size && !s->last) return false;
  if (at + 1 < s->size && s->bytes[at + 1] == '"') {
    bool noted = s->escaped_count && s->escaped[s->escaped_count - 1] == s->count;
    if (!noted && s->count < LIMIT_FILE_COLUMNS)
      s->escaped[s->escaped_count++] = (uint16_t)s->count;
    skip_mark(s, at + 1);
    return true;
  }
  r->open = false;
  r->closed_at = at;
  return true;
}

bool csv_next(struct csv_scan *s) {
  struct course r;
  r.field_at = r.closed_at = s->record_at;
  r.quoted = r.open = false;
  r.line = s->line;
  s->escaped_count = 0;
  s->count = 0;
  s->fault = CSV_SOUND;
  for (;;) {
    while (s->marks == 0) {
      if (s->block + 64 >= s->size) goto at_end;
      s->block += 64;
      s->marks = marks_64(s->bytes + s->block);
    }
    size_t at = s->block + (size_t)__builtin_ctzll(s->marks);
    if (at >= s->size) goto at_end;
    s->marks &= s->marks - 1;
    char c = s->bytes[at];
    if (c == '"') {
      if (!meet_quote(s, &r, at)) return false;
    } else if (c == ',') {
      if (r.open) continue;
      end_field(s, &r, at);
      r.field_at = at + 1;
    } else {
      size_t next = at + 1;
      if (c == '\r') {
        if (next == s->size && !s->last) return false;
        if (next < s->size && s->bytes[next] == '\n') skip_mark(s, next++);
      }
      if (!r.open) return finish(s, &r, at, next);
      r.line++;
    }
  }
at_end:
  if (!s->last || s->record_at == s->size) return false;
  return finish(s, &r, s->size, s->size);
}
