/* One text of SQL for both engines: leaves out the parts marked for the other engine and writes
 * placeholders as the engine wants them. Strings, quoted names and comments pass through as they
 * are. */
#include "store/driver.h"
#include <ctype.h>

/* The end of the quoted text or comment that begins at `p`; `p` itself when none begins there. */
static const char *skip_quoted(const char *p) {
  if (*p == '\'' || *p == '"') {
    const char *end = strchr(p + 1, *p);
    /* a doubled quote is two strings in a row: the same text */
    return end ? end + 1 : p + strlen(p);
  }
  if (p[0] == '-' && p[1] == '-') return p + strcspn(p, "\n");
  return p;
}

static bool word_at(const char *start, const char *p, const char *word) {
  size_t size = strlen(word);
  bool begins = p == start || (!isalnum((unsigned char)p[-1]) && p[-1] != '_');
  return begins && strncmp(p, word, size) == 0 && !isalnum((unsigned char)p[size]) &&
         p[size] != '_';
}

static const char *mark_end(const char *p, const char *mark) {
  size_t size = strlen(mark);
  return strncmp(p, mark, size) == 0 ? p + size : NULL;
}

void store_translate(struct text *out, const char *sql, enum store_engine engine, bool schema) {
  const char *ours = engine == STORE_SQLITE ? "{sqlite:" : "{postgresql:";
  const char *theirs = engine == STORE_SQLITE ? "{postgresql:" : "{sqlite:";
  bool marked = false;
  const char *p = sql, *end;
  while (*p) {
    if ((end = skip_quoted(p)) != p) {
      text_add_bytes(out, p, (size_t)(end - p));
      p = end;
    } else if ((end = mark_end(p, theirs))) {
      p = end + strcspn(end, "}");
      if (*p) p++;
    } else if ((end = mark_end(p, ours))) {
      marked = true;
      p = *end == ' ' ? end + 1 : end;
    } else if (marked && *p == '}') {
      marked = false;
      p++;
    } else if (engine == STORE_POSTGRESQL && *p == '?' && isdigit((unsigned char)p[1])) {
      text_add_char(out, '$');
      p++;
    } else if (schema && engine == STORE_SQLITE && word_at(sql, p, "bigint")) {
      text_add(out, "INTEGER");
      p += strlen("bigint");
    } else if (schema && engine == STORE_SQLITE && word_at(sql, p, "bytea")) {
      text_add(out, "BLOB");
      p += strlen("bytea");
    } else {
      text_add_char(out, *p++);
    }
  }
}
