/* Files attached to a case. Their content lies with the case, by which it is erased. */
#include "case/parts.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"

/* ---- what is taken ---- */

/* Text without control characters, but for lines and tabs. */
static bool is_plain_text(struct span content) {
  if (!utf8_valid(content.bytes, content.size)) return false;
  for (size_t i = 0; i < content.size; i++) {
    unsigned char c = (unsigned char)content.bytes[i];
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F) return false;
  }
  return true;
}

/* By the first bytes: what a browser or a name says of a file is anybody's word. Null: none that is
 * taken. */
static const char *media_of(struct span content) {
  static const struct {
    const char *bytes;
    size_t size;
    const char *media;
  } kinds[] = {{"%PDF-", 5, "application/pdf"},        /* ISO 32000-1, 7.5.2 */
               {"\xFF\xD8\xFF", 3, "image/jpeg"},      /* ITU-T T.81, B.1.1.3 */
               {"\x89PNG\r\n\x1A\n", 8, "image/png"}}; /* RFC 2083, 3.1 */
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (content.size >= kinds[i].size && memcmp(content.bytes, kinds[i].bytes, kinds[i].size) == 0)
      return kinds[i].media;
  return is_plain_text(content) ? "text/plain; charset=utf-8" : NULL;
}

/* The last part of a path. */
static struct span last_part(struct span name) {
  size_t begin = name.size;
  while (begin && name.bytes[begin - 1] != '/' && name.bytes[begin - 1] != '\\') begin--;
  return span_trim(span_make(name.bytes + begin, name.size - begin));
}

static enum status check_name(struct span name, struct error *err) {
  if (!name.size || span_is(name, ".") || span_is(name, ".."))
    return refuse_at(err, "file", ATTACHMENT_NAME);
  if (name.size > LIMIT_ATTACHMENT_NAME_BYTES)
    return refuse_at(err, "file", CASE_TEXT_TOO_LONG, (int)LIMIT_ATTACHMENT_NAME_BYTES);
  if (!is_plain_text(name) || memchr(name.bytes, '\n', name.size) ||
      memchr(name.bytes, '\r', name.size))
    return refuse_at(err, "file", ATTACHMENT_NAME);
  return DONE;
}

static enum status check_content(struct span content, const char **media, struct error *err) {
  if (!content.size) return refuse_at(err, "file", ATTACHMENT_EMPTY);
  if (content.size > LIMIT_ATTACHMENT_BYTES)
    return refuse_at(err, "file", ATTACHMENT_TOO_LARGE, LIMIT_ATTACHMENT_BYTES >> 20);
  *media = media_of(content);
  return *media ? DONE : refuse_at(err, "file", ATTACHMENT_KIND);
}

bool case_may_attach(const struct case_actor *actor, const struct case_file *file) {
  if (!file->kind || !file->kind->attachments || !file->waits) return false;
  if (case_may_decide(actor, file)) return true;
  return case_is_theirs(actor, file) &&
         (!actor->helped || case_may_open(actor, file->kind, file->party));
}

/* Says why not. */
static enum status check_may(const struct case_actor *actor, const struct case_file *file,
                             struct error *err) {
  if (!case_may_see(actor, file)) return refuse(err, CASE_UNKNOWN);
  if (!file->kind || !file->kind->attachments)
    return refuse_at(err, "file", ATTACHMENT_NOT_OF_KIND);
  if (!file->waits) return refuse(err, CASE_CHANGED);
  return case_may_attach(actor, file) ? DONE : refuse(err, CASE_NOT_YOURS);
}

/* ---- rows ---- */

static enum status insert_attachment(struct store *store, const struct case_actor *actor,
                                     const struct case_file *file, int64_t n, struct span name,
                                     const char *media, struct span content, struct error *err) {
  char now[21];
  struct digest digest;
  struct hasher *h = hasher_new();
  hasher_begin(h);
  hasher_add(h, content.bytes, content.size);
  hasher_end(h, &digest);
  hasher_free(h);
  return store_run_with(store,
                        "insert into case_attachment (party, case_id, n, digest, name, media, "
                        "size, at, who, content) "
                        "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                        err, file->party, file->id, n,
                        QUERY_BYTES(digest.bytes, sizeof digest.bytes), name, media, content.size,
                        (const char *)clock_write_now(now), actor->who,
                        QUERY_BYTES(content.bytes, content.size));
}

/* Locks the case's row, so that two files at once do not become the same number and nobody decides
 * the case meanwhile. */
static enum status lock_waiting(struct store *store, const struct case_file *file,
                                struct error *err) {
  struct query *q;
  enum status status = store_query_with(
      store, &q, "update case_file set state = state where party = ?1 and id = ?2 and waits = 1",
      err, file->party, file->id);
  if (status != DONE) return status;
  status = query_run(q, err);
  int64_t changed = status == DONE ? query_changes(q) : 0;
  query_end(q);
  return status == DONE && !changed ? refuse(err, CASE_CHANGED) : status;
}

static enum status next_number(struct store *store, const struct case_file *file, int64_t *n,
                               struct error *err) {
  enum status status = lock_waiting(store, file, err);
  if (status == DONE)
    status = store_int_with(store,
                            "select max(n) from case_attachment where party = ?1 and case_id = ?2",
                            0, n, err, file->party, file->id);
  if (status == DONE && *n >= LIMIT_ATTACHMENTS)
    return refuse_at(err, "file", ATTACHMENTS_TOO_MANY, LIMIT_ATTACHMENTS);
  ++*n;
  return status;
}

/* Two files at once may pass it by one: that they do not come in order costs no more. */
static enum status check_together(struct store *store, const struct case_file *file,
                                  struct span content, struct error *err) {
  int64_t size = 0;
  enum status status = store_int_with(
      store,
      "select cast(sum(a.size) as bigint) from case_attachment a join case_file c on c.party = "
      "a.party and c.id = a.case_id where a.party = ?1 and c.waits = 1",
      0, &size, err, file->party);
  if (status != DONE || size + (int64_t)content.size <= LIMIT_ATTACHED_WAITING_BYTES) return status;
  return refuse_at(err, "file", ATTACHMENTS_TOO_LARGE, LIMIT_ATTACHED_WAITING_BYTES >> 20);
}

enum status case_attach(struct store *store, const struct case_actor *actor,
                        const struct case_file *file, struct span name, struct span content,
                        struct error *err) {
  const char *media = NULL;
  int64_t n = 0;
  name = last_part(name);
  enum status status = check_may(actor, file, err);
  if (status == DONE) status = check_name(name, err);
  if (status == DONE) status = check_content(content, &media, err);
  if (status == DONE) status = check_together(store, file, content, err);
  if (status == DONE) status = next_number(store, file, &n, err);
  if (status == DONE) status = insert_attachment(store, actor, file, n, name, media, content, err);
  if (status != DONE) return status;
  return case_event_add(store, actor, file, "attached", file->state_word, name, err);
}

enum status case_attachments(struct store *store, struct arena *arena, const struct case_file *file,
                             struct case_attachment **out, int *count, struct error *err) {
  struct case_attachment *all = arena_array(arena, struct case_attachment, LIMIT_ATTACHMENTS);
  struct query *q;
  bool row;
  *out = all;
  *count = 0;
  enum status status = store_query_with(store, &q,
                                        "select n, name, media, at, who, size, digest from "
                                        "case_attachment where party = ?1 and case_id "
                                        "= ?2 order by n",
                                        err, file->party, file->id);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row && *count < LIMIT_ATTACHMENTS) {
    struct case_attachment *a = &all[(*count)++];
    *a = (struct case_attachment){.n = query_int(q, 0),
                                  .name = query_copy(q, arena, 1),
                                  .media = query_copy(q, arena, 2),
                                  .at = query_copy(q, arena, 3),
                                  .who = query_copy(q, arena, 4),
                                  .size = query_int(q, 5)};
    struct span digest = query_bytes(q, 6);
    if (digest.size == sizeof a->digest) memcpy(a->digest, digest.bytes, digest.size);
  }
  query_end(q);
  return status;
}

enum status case_attachment_content(struct store *store, const struct case_file *file, int64_t n,
                                    struct text *out, struct error *err) {
  struct query *q;
  bool row;
  enum status status = store_row_with(
      store, &q, &row,
      "select content from case_attachment where party = ?1 and case_id = ?2 and n = ?3", err,
      file->party, file->id, n);
  if (status == DONE && row) text_add_span(out, query_bytes(q, 0));
  query_end(q);
  return status == DONE && !row ? refuse(err, ATTACHMENT_UNKNOWN) : status;
}
