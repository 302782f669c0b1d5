#include "attest/verify_parts.h"

#include "base/base64.h"
#include "base/limits.h"
#include "base/money.h"
#include "base/refusal.h"
#include "document/document.h"
#include "proof/checkpoint.h"

#include <assert.h>
#include <stdlib.h>

struct verifying {
  const struct verify_options *options;
  struct verify_result *result;
  struct arena *arena;
  struct hasher *hasher;
  struct text scratch;
  const struct digest *pdf; /* of the PDF outside its attachment; null: the file is no PDF */
  struct span json;         /* the file, or what the PDF carries */
  json_t *root, *proof;
  struct verifier verifier;     /* of the file */
  bool remembered;              /* the key is the one in options->memory */
  struct checkpoint checkpoint; /* of the file */
  uint8_t *bytes;
  size_t bytes_capacity; /* the buffer for base 64 */
};

static const char *kept(struct verifying *v, struct span s) {
  return arena_copy(v->arena, s.bytes, s.size);
}

/* ---- the key and the head ---- */

static enum status check_key(struct verifying *v, struct error *err) {
  struct span vkey;
  const struct verify_memory *memory = v->options->memory;
  enum status status = member_text(v->proof, "vkey", "proof", &vkey, err);
  v->remembered = status == DONE && memory && memory->vkey.size &&
                  span_equal(vkey, span_make(memory->vkey.bytes, memory->vkey.size));
  if (v->remembered) v->verifier = memory->verifier;
  else if (status == DONE && verifier_parse(vkey, &v->verifier, err) != DONE)
    status = error_while(err, "reading the key in the file");
  if (status == DONE && v->verifier.kind != KEY_ED25519)
    status = refuse(err, VERIFY_KEY_OF_WITNESS);
  for (int i = 0; status == DONE && i < v->options->verifier_count; i++)
    if (verifier_equal(&v->options->verifiers[i], &v->verifier))
      return v->result->signer_checked = true, DONE;
  if (status == DONE && v->options->verifier_count)
    status = refuse(err, VERIFY_KEY_NOT_GIVEN, v->verifier.name, (unsigned)v->verifier.id);
  return status;
}

/* Opens the head that the caller trusts. With a key, checks its signature; without one, the file's
 * own key must have signed it. */
static enum status open_given(struct verifying *v, struct span bytes, struct checkpoint *out,
                              struct error *err) {
  struct note note;
  const struct verify_options *o = v->options;
  if (o->verifier_count)
    return checkpoint_open(bytes, o->verifiers, o->verifier_count, &note, out, err);
  if (checkpoint_open_unverified(bytes, &note, out, err) != DONE) return err->code;
  if (note_verify(&note, &v->verifier, 1, NULL, NULL) == DONE) return DONE;
  return refuse(err, VERIFY_HEAD_KEY, v->verifier.name, (unsigned)v->verifier.id);
}

static bool same_head(const struct tree_head *a, const struct tree_head *b) {
  return a->size == b->size && digest_equal(&a->root, &b->root);
}

/* ---- consistency files ---- */

struct consistency {
  struct span old_note, new_note;
  struct tree_path path;
};

static enum status read_consistency(const json_t *root, struct consistency *out,
                                    struct error *err) {
  enum status status = member_check(root, "old new proof", "the consistency file", err);
  if (status == DONE)
    status = member_text(root, "old", "the consistency file", &out->old_note, err);
  if (status == DONE)
    status = member_text(root, "new", "the consistency file", &out->new_note, err);
  if (status == DONE) status = member_path(root, "proof", "the consistency file", &out->path, err);
  return status;
}

static enum status check_consistency(struct verifying *v, const struct consistency *c,
                                     struct checkpoint *older, struct checkpoint *newer,
                                     struct error *err) {
  struct note note;
  if (checkpoint_open_unverified(c->old_note, &note, older, err) != DONE)
    return error_while(err, "reading the old head");
  if (checkpoint_open_unverified(c->new_note, &note, newer, err) != DONE)
    return error_while(err, "reading the new head");
  if (!span_equal(older->origin, newer->origin)) return refuse(err, VERIFY_TWO_LOGS);
  if (!tree_consistency_verify(v->hasher, &older->head, &newer->head, c->path.hashes,
                               (size_t)c->path.count))
    return refuse(err, VERIFY_HEAD_NOT_BEGINNING, (unsigned long long)older->head.size,
                  (unsigned long long)newer->head.size);
  return DONE;
}

static enum status signed_by_given(struct verifying *v, struct span note, const char *which,
                                   struct error *err) {
  struct checkpoint checkpoint;
  struct note parsed;
  if (checkpoint_open(note, v->options->verifiers, v->options->verifier_count, &parsed, &checkpoint,
                      err) != DONE)
    return error_while(err, "checking the %s head", which);
  return DONE;
}

/* Verifies a consistency file: two heads. */
static enum status verify_consistency(struct verifying *v, struct error *err) {
  struct consistency c;
  struct checkpoint older, newer, given;
  struct note note;
  enum status status = read_consistency(v->root, &c, err);
  if (status == DONE) status = check_consistency(v, &c, &older, &newer, err);
  if (status == DONE && v->options->verifier_count) {
    status = signed_by_given(v, c.old_note, "old", err);
    if (status == DONE) status = signed_by_given(v, c.new_note, "new", err);
    v->result->signer_checked = true;
  }
  if (status == DONE && v->options->person) status = refuse(err, VERIFY_CONSISTENCY_PERSON);
  if (status == DONE && v->options->head.bytes) {
    status = checkpoint_open_unverified(v->options->head, &note, &given, err);
    if (status == DONE &&
        (!span_equal(given.origin, newer.origin) ||
         (!same_head(&given.head, &older.head) && !same_head(&given.head, &newer.head))))
      status = refuse(err, VERIFY_HEAD_NEITHER);
    v->result->head_given = true;
  }
  if (status != DONE) return status;
  v->result->origin = kept(v, newer.origin);
  v->result->log_size = newer.head.size;
  v->result->old_size = older.head.size;
  return DONE;
}

/* ---- the head of a statement or a line ---- */

static enum status by_consistency(struct verifying *v, const struct checkpoint *given,
                                  struct error *err) {
  struct consistency c;
  struct checkpoint older, newer;
  json_t *root = NULL;
  if (!v->options->consistency.bytes)
    return refuse(err, VERIFY_CONSISTENCY_NEEDED, (unsigned long long)v->checkpoint.head.size,
                  (unsigned long long)given->head.size);
  enum status status = canonical_read(v->options->consistency, &root, err);
  if (status == DONE) status = read_consistency(root, &c, err);
  if (status == DONE) status = check_consistency(v, &c, &older, &newer, err);
  const struct tree_head *ours = &v->checkpoint.head, *theirs = &given->head;
  if (status == DONE && !span_equal(newer.origin, given->origin))
    status = refuse(err, VERIFY_CONSISTENCY_OTHER_LOG);
  if (status == DONE && !(same_head(&older.head, ours) && same_head(&newer.head, theirs)) &&
      !(same_head(&older.head, theirs) && same_head(&newer.head, ours)))
    status = refuse(err, VERIFY_CONSISTENCY_SIZES, (unsigned long long)older.head.size,
                    (unsigned long long)newer.head.size, (unsigned long long)ours->size,
                    (unsigned long long)theirs->size);
  json_decref(root);
  return status;
}

/* The file's own head, signed by its key. */
static enum status open_own(struct verifying *v, struct span bytes, struct error *err) {
  struct note note;
  struct verify_memory *memory = v->options->memory;
  if (v->remembered && span_equal(bytes, span_make(memory->head.bytes, memory->head.size)))
    return checkpoint_open_unverified(bytes, &note, &v->checkpoint, err);
  if (checkpoint_open(bytes, &v->verifier, 1, &note, &v->checkpoint, err) != DONE)
    return error_while(err, "checking the head in the file");
  if (!memory) return DONE;
  text_clear(&memory->vkey);
  text_add_verifier(&memory->vkey, &v->verifier);
  text_clear(&memory->head);
  text_add_span(&memory->head, bytes);
  memory->verifier = v->verifier;
  return DONE;
}

static enum status check_head(struct verifying *v, struct error *err) {
  struct span bytes;
  struct checkpoint given;
  enum status status = check_key(v, err);
  if (status == DONE) status = member_text(v->proof, "head", "proof", &bytes, err);
  if (status == DONE) status = open_own(v, bytes, err);
  if (status != DONE) return status;
  v->result->origin = kept(v, v->checkpoint.origin);
  v->result->log_size = v->checkpoint.head.size;
  if (!v->options->head.bytes) return DONE;
  v->result->head_given = true;
  /* the same head, whose signature was just checked */
  if (span_equal(bytes, v->options->head)) return DONE;
  if (open_given(v, v->options->head, &given, err) != DONE)
    return error_while(err, "checking the head given");
  if (!span_equal(given.origin, v->checkpoint.origin)) return refuse(err, VERIFY_HEAD_OTHER_LOG);
  if (given.head.size != v->checkpoint.head.size) return by_consistency(v, &given, err);
  if (!digest_equal(&given.head.root, &v->checkpoint.head.root))
    return refuse(err, VERIFY_HEAD_TWO_ROOTS);
  return DONE;
}

/* ---- the record ---- */

struct verify_record {
  int64_t seq, id, lines, size;
  struct digest root;
  bool closing;
  int year;
  day_t recorded, to;
};

static bool take_line(struct span *rest, struct span *line) {
  const char *end = rest->size ? memchr(rest->bytes, '\n', rest->size) : NULL;
  if (!end) return false;
  *line = span_make(rest->bytes, (size_t)(end - rest->bytes));
  *rest = span_make(end + 1, rest->size - line->size - 1);
  return true;
}

static bool read_hex(struct span text, struct digest *out) {
  if (text.size != 2 * sizeof out->bytes) return false;
  for (size_t i = 0; i < text.size; i++) {
    char c = text.bytes[i];
    int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (value < 0) return false;
    out->bytes[i / 2] = (uint8_t)(i % 2 ? out->bytes[i / 2] << 4 | value : value);
  }
  return true;
}

static bool read_count(struct span text, int64_t *out) {
  struct error ignored = {0};
  return text.size && text.bytes[0] != '-' && (text.bytes[0] != '0' || text.size == 1) &&
         integer_parse(text, out, &ignored) == DONE;
}

static bool parse_record(struct span text, struct verify_record *out) {
  struct span head, seq, id, day, recorded, kind, digest, lines, root, year, to, size;
  struct error ignored = {0};
  if (!take_line(&text, &head) || !take_line(&text, &seq) || !take_line(&text, &id) ||
      !take_line(&text, &day) || !take_line(&text, &recorded) || !take_line(&text, &kind) ||
      !take_line(&text, &digest) || !take_line(&text, &lines) || !take_line(&text, &root))
    return false;
  if (!span_is(head, "weal entry 1") || !read_count(seq, &out->seq) || !read_count(id, &out->id) ||
      !read_count(lines, &out->lines) || !read_hex(root, &out->root))
    return false;
  out->closing = span_is(kind, "closing");
  if (!out->closing) return text.size == 0;
  if (!take_line(&text, &year) || !take_line(&text, &to) || !take_line(&text, &size) || text.size)
    return false;
  out->recorded = clock_day_of(recorded);
  if (out->recorded == DAY_NONE) return false;
  return year_parse(year, &out->year, &ignored) == DONE &&
         day_parse(to, &out->to, &ignored) == DONE && read_count(size, &out->size);
}

static enum status check_record(struct verifying *v, struct verify_record *out, struct error *err) {
  int64_t index = 0;
  size_t size = 0;
  struct tree_path path;
  struct digest leaf;
  enum status status = member_bytes(v->proof, "record", "proof", v->bytes, v->bytes_capacity, &size,
                                    err);
  if (status == DONE) status = member_int(v->proof, "record_index", "proof", &index, err);
  if (status == DONE) status = member_path(v->proof, "record_path", "proof", &path, err);
  if (status != DONE) return status;
  tree_leaf(v->hasher, v->bytes, size, &leaf);
  if (index < 0 ||
      !tree_inclusion_verify(v->hasher, (uint64_t)index, v->checkpoint.head.size, &leaf,
                             path.hashes, (size_t)path.count, &v->checkpoint.head.root))
    return refuse(err, VERIFY_RECORD_NOT_IN_LOG);
  if (!parse_record(span_make((const char *)v->bytes, size), out))
    return refuse(err, VERIFY_RECORD_UNREADABLE);
  if (out->seq != index + 1) return refuse(err, VERIFY_RECORD_PLACE);
  return DONE;
}

/* ---- closings and their lines ---- */

struct leaf_reader {
  const uint8_t *at, *end;
  bool short_of;
};

static uint64_t take_number(struct leaf_reader *r, int bytes) {
  uint64_t value = 0;
  if (r->end - r->at < bytes) return r->short_of = true, 0;
  for (int i = 0; i < bytes; i++) value = value << 8 | *r->at++;
  return value;
}

static struct span take_bytes(struct leaf_reader *r, uint64_t size) {
  if ((uint64_t)(r->end - r->at) < size) return r->short_of = true, span_make("", 0);
  struct span out = span_make((const char *)r->at, (size_t)size);
  r->at += size;
  return out;
}

struct people_lines {
  struct seen_line *all;
  size_t count, capacity, at;
};

static bool before(const struct seen_line *a, const struct seen_line *b) {
  if (a->day != b->day) return a->day < b->day;
  if (a->entry != b->entry) return a->entry < b->entry;
  return a->line_no < b->line_no;
}

/* Checks that the next `count` lines are those of the account: each once, in order, and with its
 * root. */
static enum status check_account(struct verifying *v, struct people_lines *lines, int64_t account,
                                 uint64_t count, const struct digest *root,
                                 const struct verify_record *record, struct error *err) {
  struct tree_range range = {0};
  struct digest leaf, made;
  for (uint64_t i = 0; i < count; i++, lines->at++) {
    if (lines->at == lines->count || lines->all[lines->at].account != account)
      return refuse(err, VERIFY_LINES_MISSING, (long long)account, (unsigned long long)count,
                    (unsigned long long)i);
    const struct seen_line *line = &lines->all[lines->at];
    if (i && !before(line - 1, line))
      return refuse(err, VERIFY_LINE_TWICE_OR_MISPLACED, (long long)line->entry,
                    (int)line->line_no);
    if (line->day < year_first_day(YEAR_TAX, record->year) || line->day > record->to)
      return refuse(err, VERIFY_LINE_OUTSIDE_CLOSING, (long long)line->entry, (int)line->line_no);
    seen_line_hash(v->hasher, &v->scratch, line, &leaf);
    tree_range_append(v->hasher, &range, &leaf);
  }
  if (lines->at < lines->count && lines->all[lines->at].account == account)
    return refuse(err, VERIFY_LINES_TOO_MANY, (long long)account, (unsigned long long)count);
  tree_range_root(v->hasher, &range, &made);
  if (!digest_equal(&made, root)) return refuse(err, VERIFY_LINE_CHANGED, (long long)account);
  return DONE;
}

static enum status check_leaf(struct verifying *v, struct span leaf,
                              const struct verify_record *record, struct people_lines *lines,
                              bool first, struct error *err) {
  struct leaf_reader r = {(const uint8_t *)leaf.bytes, (const uint8_t *)leaf.bytes + leaf.size,
                          false};
  struct span person, year;
  struct error ignored = {0};
  int said_year = 0;
  uint64_t kind = take_number(&r, 1);
  (void)take_bytes(&r, SALT_BYTES);
  person = take_bytes(&r, take_number(&r, 2));
  year = take_bytes(&r, take_number(&r, 2));
  day_t to = (day_t)(uint32_t)take_number(&r, 4);
  uint64_t accounts = take_number(&r, 2);
  if (r.short_of || kind != 2 || (uint64_t)(r.end - r.at) != accounts * 48)
    return refuse(err, VERIFY_LEAF_FORM);
  if (year_parse(year, &said_year, &ignored) != DONE || said_year != record->year ||
      to != record->to)
    return refuse(err, VERIFY_LEAF_YEAR);
  if (first && !span_is(person, v->result->person)) return refuse(err, VERIFY_LEAF_PERSON);
  int64_t last = 0;
  for (uint64_t i = 0; i < accounts; i++) {
    struct digest root;
    int64_t account = (int64_t)take_number(&r, 8);
    uint64_t count = take_number(&r, 8);
    memcpy(root.bytes, take_bytes(&r, sizeof root.bytes).bytes, sizeof root.bytes);
    if (account <= last) return refuse(err, VERIFY_LEAF_ORDER);
    last = account;
    enum status status = check_account(v, lines, account, count, &root, record, err);
    if (status != DONE) return status;
  }
  return DONE;
}

static enum status check_closing(struct verifying *v, const json_t *closing,
                                 const struct verify_record *record, struct people_lines *lines,
                                 bool first, struct error *err) {
  int64_t index = 0, size = 0;
  size_t bytes = 0;
  struct tree_path path;
  struct digest leaf;
  if (!json_is_object(closing)) return refuse(err, VERIFY_CLOSING_NOT_OBJECT);
  enum status status = member_check(closing, "leaf index size path", "a closing", err);
  if (status == DONE)
    status = member_bytes(closing, "leaf", "a closing", v->bytes, v->bytes_capacity, &bytes, err);
  if (status == DONE) status = member_int(closing, "index", "a closing", &index, err);
  if (status == DONE) status = member_int(closing, "size", "a closing", &size, err);
  if (status == DONE) status = member_path(closing, "path", "a closing", &path, err);
  if (status != DONE) return status;
  if (size != record->lines)
    return refuse(err, VERIFY_CLOSING_PEOPLE, (long long)size, (long long)record->lines);
  tree_leaf(v->hasher, v->bytes, bytes, &leaf);
  if (index < 0 || !tree_inclusion_verify(v->hasher, (uint64_t)index, (uint64_t)size, &leaf,
                                          path.hashes, (size_t)path.count, &record->root))
    return refuse(err, VERIFY_LEAF_NOT_IN_CLOSING);
  return check_leaf(v, span_make((const char *)v->bytes, bytes), record, lines, first, err);
}

static enum status read_lines(struct verifying *v, const char *key, bool proven,
                              struct people_lines *lines, struct error *err) {
  json_t *array = NULL;
  enum status status = member_array(v->proof, key, "proof", &array, err);
  if (status == DONE && json_array_size(array) > LIMIT_PROOF_LINES)
    status = refuse(err, VERIFY_PROOF_LINES, (int)LIMIT_PROOF_LINES);
  for (size_t i = 0; status == DONE && i < json_array_size(array); i++) {
    array_reserve(lines->all, lines->capacity, lines->count + 1);
    status = seen_line_read(json_array_get(array, i), proven, &lines->all[lines->count++], err);
  }
  return status;
}

static enum status check_closings(struct verifying *v, const struct verify_record *record,
                                  struct people_lines *lines, struct error *err) {
  json_t *closings = NULL;
  enum status status = member_array(v->proof, "closings", "proof", &closings, err);
  size_t count = status == DONE ? json_array_size(closings) : 0;
  if (status == DONE && (count < 1 || count > LIMIT_PROOF_RECORDS))
    status = refuse(err, VERIFY_PROOF_CLOSINGS, count, (int)LIMIT_PROOF_RECORDS);
  for (size_t i = 0; status == DONE && i < count; i++) {
    for (size_t k = 0; k < i; k++)
      if (json_equal(json_object_get(json_array_get(closings, i), "index"),
                     json_object_get(json_array_get(closings, k), "index")))
        return refuse(err, VERIFY_LEAF_TWICE);
    status = check_closing(v, json_array_get(closings, i), record, lines, i == 0, err);
  }
  if (status == DONE && lines->at != lines->count)
    status = refuse(err, VERIFY_LINE_NO_ACCOUNT, (long long)lines->all[lines->at].entry,
                    (int)lines->all[lines->at].line_no);
  return status;
}

static int compare_number(const void *a, const void *b) {
  const struct seen_line *x = *(const struct seen_line *const *)a,
                         *y = *(const struct seen_line *const *)b;
  if (x->entry != y->entry) return x->entry < y->entry ? -1 : 1;
  return (x->line_no > y->line_no) - (x->line_no < y->line_no);
}

/* Checks that no line comes twice, proven or not, and that lines not yet proven are of the year
 * too. */
static enum status check_unproved(struct verifying *v, const struct people_lines *lines,
                                  size_t proven, struct error *err) {
  const struct seen_line **sorted = arena_array(v->arena, const struct seen_line *,
                                                lines->count + 1);
  for (size_t i = 0; i < lines->count; i++) sorted[i] = &lines->all[i];
  array_sort(sorted, lines->count, compare_number);
  for (size_t i = 1; i < lines->count; i++)
    if (compare_number(&sorted[i - 1], &sorted[i]) == 0)
      return refuse(err, VERIFY_LINE_TWICE, (long long)sorted[i]->entry, (int)sorted[i]->line_no);
  for (size_t i = proven; i < lines->count; i++)
    if (lines->all[i].day < year_first_day(YEAR_TAX, v->result->year) ||
        lines->all[i].day > year_last_day(YEAR_TAX, v->result->year))
      return refuse(err, VERIFY_LINE_OUTSIDE_YEAR, (long long)lines->all[i].entry,
                    (int)lines->all[i].line_no);
  return DONE;
}

/* ---- the seal ---- */

static enum status check_seal(struct verifying *v, struct error *err) {
  struct span text;
  struct text canonical = {0};
  uint8_t signature[SIGNATURE_BYTES];
  enum status status = member_text(v->proof, "seal", "proof", &text, err);
  if (status == DONE && !base64_decode_exact(text, signature, sizeof signature))
    status = refuse(err, VERIFY_SEAL_MALFORMED, (int)SIGNATURE_BYTES);
  if (status != DONE) return status;
  json_object_del(v->proof, "seal");
  status = text_add_canonical(&canonical, v->root, err);
  if (status == DONE && !verifier_check(&v->verifier, canonical.bytes, canonical.size, signature))
    status = refuse(err, VERIFY_SEAL_WRONG);
  text_release(&canonical);
  return status;
}

/* ---- the PDF around it ---- */

/* The lines do not prove the pages, so the seal is over the pages' digest: forged pages around a
 * real statement are found. A statement that was taken out of its PDF is still a statement. */
static enum status check_pdf(struct verifying *v, struct error *err) {
  struct span digest;
  struct text wanted = {0};
  if (!v->pdf) return DONE;
  if (!json_object_get(v->proof, "pdf")) return refuse(err, VERIFY_PDF_NOT_SEALED);
  enum status status = member_text(v->proof, "pdf", "proof", &digest, err);
  text_add_hex(&wanted, v->pdf->bytes, sizeof v->pdf->bytes);
  if (status == DONE && !span_equal(digest, span_make(wanted.bytes, wanted.size)))
    status = refuse(err, VERIFY_PDF_PAGES);
  if (status == DONE && !json_is_as_written(v->json, v->root))
    status = refuse(err, VERIFY_PDF_SPACES);
  v->result->pages = status == DONE;
  text_release(&wanted);
  return status;
}

/* ---- a statement ---- */

static enum status check_person(struct verifying *v, struct error *err) {
  json_t *person = NULL;
  struct span id;
  const char *wanted = v->options->person;
  enum status status = member_object(v->root, "person", "the statement", &person, err);
  if (status == DONE) status = member_text(person, "id", "person", &id, err);
  if (status != DONE) return status;
  v->result->person = kept(v, id);
  if (!wanted) return DONE;
  if (strncmp(wanted, "id:", 3) == 0) wanted += 3;
  else if (strchr(wanted, ':')) return refuse(err, VERIFY_PERSON_ID_ONLY);
  char quoted[SPAN_QUOTE_SIZE];
  return span_is(id, wanted) ? DONE
                             : refuse(err, VERIFY_PERSON_OTHER, span_quote(id, quoted), wanted);
}

static enum status check_day(struct verifying *v, const char *key, day_t day, struct error *err) {
  struct span text;
  char wanted[11];
  enum status status = member_text(v->root, key, "the statement", &text, err);
  return status == DONE && !span_is(text, day_write(day, wanted))
             ? refuse(err, VERIFY_DAY_OUTSIDE_YEAR, key)
             : status;
}

static enum status check_year(struct verifying *v, const struct verify_record *record,
                              struct error *err) {
  struct span year;
  enum status status = member_text(v->root, "year", "the statement", &year, err);
  if (status == DONE) status = year_parse(year, &v->result->year, err);
  if (status == DONE && v->result->year != record->year) status = refuse(err, VERIFY_YEAR_OTHER);
  if (status == DONE && (record->to < year_first_day(YEAR_TAX, record->year) ||
                         record->to > year_last_day(YEAR_TAX, record->year)))
    status = refuse(err, VERIFY_CLOSING_OUTSIDE_YEAR);
  if (status == DONE) status = check_day(v, "from", year_first_day(YEAR_TAX, v->result->year), err);
  if (status == DONE) status = check_day(v, "to", year_last_day(YEAR_TAX, v->result->year), err);
  return status;
}

static enum status check_statement(struct verifying *v, struct people_lines *lines,
                                   struct error *err) {
  struct verify_record record = {0};
  struct verified_sums sums = {0};
  enum status status =
      member_check(v->proof,
                   "head vkey record record_index record_path closings lines unproved pdf seal",
                   "proof", err);
  if (status == DONE) status = check_pdf(v, err);
  if (status == DONE) status = check_person(v, err);
  if (status == DONE) status = check_head(v, err);
  if (status == DONE) status = check_record(v, &record, err);
  if (status == DONE && !record.closing) status = refuse(err, VERIFY_RECORD_NOT_CLOSING);
  if (status == DONE) status = check_year(v, &record, err);
  if (status == DONE) status = read_lines(v, "lines", true, lines, err);
  if (status == DONE) status = check_closings(v, &record, lines, err);
  size_t proven = lines->count;
  if (status == DONE) status = read_lines(v, "unproved", false, lines, err);
  if (status == DONE) status = check_unproved(v, lines, proven, err);
  if (status == DONE) status = verify_sums(v->root, lines->all, lines->count, &sums, err);
  if (status == DONE) status = check_seal(v, err);
  for (int i = 0; i < VERIFIED_PARTS; i++)
    v->result->too_large[i] = sums.parts[i].lost ? largest_names(&sums.parts[i].largest, v->arena)
                                                 : NULL;
  const char *keeper =
      json_string_value(json_object_get(json_object_get(v->root, "keeper"), "name"));
  v->result->keeper = kept(v, span_of(keeper ? keeper : ""));
  v->result->closing = record.id;
  v->result->closed = record.recorded;
  v->result->to = record.to;
  v->result->lines = (int64_t)proven;
  v->result->unproved = (int64_t)(lines->count - proven);
  return status;
}

static enum status verify_statement(struct verifying *v, struct error *err) {
  struct people_lines lines = {0};
  enum status status = check_statement(v, &lines, err);
  free(lines.all);
  return status;
}

/* ---- one line ---- */

static enum status verify_line(struct verifying *v, struct error *err) {
  struct verify_record record = {0};
  struct seen_line line;
  struct tree_path path;
  struct digest leaf;
  enum status status = member_check(v->root, "line proof", "the file", err);
  if (status == DONE)
    status = member_check(v->proof, "head vkey record record_index record_path path seal", "proof",
                          err);
  if (status == DONE && v->options->person) status = refuse(err, VERIFY_LINE_PERSON);
  if (status == DONE) status = check_head(v, err);
  if (status == DONE) status = check_record(v, &record, err);
  if (status == DONE) status = seen_line_read(json_object_get(v->root, "line"), true, &line, err);
  if (status == DONE) status = member_path(v->proof, "path", "proof", &path, err);
  if (status != DONE) return status;
  if (record.closing || record.id != line.entry) return refuse(err, VERIFY_RECORD_OTHER_ENTRY);
  seen_line_hash(v->hasher, &v->scratch, &line, &leaf);
  if (!tree_inclusion_verify(v->hasher, (uint64_t)line.line_no - 1, (uint64_t)record.lines, &leaf,
                             path.hashes, (size_t)path.count, &record.root))
    return refuse(err, VERIFY_LINE_NOT_POSTED);
  v->result->entry = line.entry;
  v->result->line_no = line.line_no;
  v->result->lines = 1;
  return check_seal(v, err);
}

/* ---- which of them ---- */

/* The kinds of file. The first row whose member is in the object decides; a PDF may carry only a
 * kind that can be sealed over its pages. */
static const struct {
  const char *member; /* null: any object */
  const char *what;
  enum verified_kind kind;
  bool in_pdf;
  enum status (*verify)(struct verifying *v, struct error *err);
} file_kinds[] = {
    {"old", "a consistency file", VERIFIED_CONSISTENCY, false, verify_consistency},
    {"new", "a consistency file", VERIFIED_CONSISTENCY, false, verify_consistency},
    {"line", "one line", VERIFIED_LINE, false, verify_line},
    {NULL, "a statement", VERIFIED_STATEMENT, true, verify_statement},
};

static enum status verify_any(struct verifying *v, struct error *err) {
  int i = 0;
  if (!json_is_object(v->root)) return refuse(err, VERIFY_FILE_NO_OBJECT);
  while (file_kinds[i].member && !json_object_get(v->root, file_kinds[i].member)) i++;
  if (v->pdf && !file_kinds[i].in_pdf)
    return refuse(err, VERIFY_PDF_CARRIES_OTHER, file_kinds[i].what);
  v->result->kind = file_kinds[i].kind;
  if (v->result->kind == VERIFIED_CONSISTENCY) return file_kinds[i].verify(v, err);
  v->proof = json_object_get(v->root, "proof");
  if (!v->proof) return refuse(err, VERIFY_NO_PROOF);
  if (!json_is_object(v->proof)) return refuse(err, VERIFY_PROOF_NOT_OBJECT);
  return file_kinds[i].verify(v, err);
}

/* Recognises by its first bytes something that is not a file to verify. */
static enum status check_form(struct span bytes, struct error *err) {
  struct note note;
  struct error ignored = {0};
  if (bytes.size >= 2 && memcmp(bytes.bytes, "\x1f\x8b", 2) == 0)
    return refuse(err, VERIFY_PACKED_GZIP);
  if (bytes.size >= 4 && memcmp(bytes.bytes, "\x28\xb5\x2f\xfd", 4) == 0)
    return refuse(err, VERIFY_PACKED_ZSTD);
  if (bytes.size && bytes.bytes[0] != '{' && note_parse(bytes, &note, &ignored) == DONE)
    return refuse(err, VERIFY_IS_HEAD);
  return DONE;
}

void verify_memory_release(struct verify_memory *memory) {
  text_release(&memory->vkey);
  text_release(&memory->head);
}

enum status verify_bytes(struct span bytes, const struct verify_options *options,
                         struct arena *arena, struct verify_result *result, struct error *err) {
  struct verifying v = {.options = options, .result = result, .arena = arena};
  struct digest pdf;
  enum status status = DONE;
  *result = (struct verify_result){0};
  if (bytes.size >= 5 && memcmp(bytes.bytes, "%PDF-", 5) == 0) {
    status = document_pdf_digest(bytes, &bytes, &pdf, err);
    v.pdf = &pdf;
  }
  if (status == DONE) status = check_form(bytes, err);
  if (status == DONE) status = canonical_read(bytes, &v.root, err);
  if (status != DONE) return status;
  v.hasher = hasher_new();
  v.json = bytes;
  v.bytes_capacity = bytes.size;
  v.bytes = memory_alloc(bytes.size + 1);
  status = verify_any(&v, err);
  /* a PDF passes only if it is sealed over its pages */
  assert(status != DONE || result->pages == (v.pdf != NULL));
  json_decref(v.root);
  hasher_free(v.hasher);
  text_release(&v.scratch);
  free(v.bytes);
  return status;
}
