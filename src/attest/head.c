#include "attest/head.h"

#include "base/base64.h"
#include "base/input.h"
#include "base/json.h"
#include "base/refusal.h"
#include "book/log.h"
#include "proof/canonical.h"
#include "proof/checkpoint.h"
#include "proof/tiles.h"
#include "store/head.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

/* ---- the log's tree as the store has it ---- */

struct log_tree {
  struct hasher *hasher;
  struct tile_reader *reader;
};

static struct log_tree tree_open(struct store *store) {
  struct log_tree t = {hasher_new(), memory_zeroed(1, sizeof *t.reader)};
  tile_reader_begin(t.reader, store, TILES_OF_LOG, t.hasher);
  return t;
}

static void tree_close(struct log_tree *t) {
  hasher_free(t->hasher);
  free(t->reader);
}

static enum status root_of(struct log_tree *t, uint64_t size, struct digest *out,
                           struct error *err) {
  if (size) return tree_root(t->hasher, tile_source(t->reader), size, out, err);
  tree_empty(t->hasher, out);
  return DONE;
}

/* ---- signing ---- */

static enum status check_kept(struct store *store, struct arena *arena, const struct signer *signer,
                              const struct tree_head *head, const char **again, struct error *err) {
  struct note note;
  struct checkpoint kept;
  struct digest root;
  const char *text = NULL;
  int64_t size = 0;
  *again = NULL;
  enum status status = log_last_head(store, arena, &size, &text, err);
  if (status != DONE || !text) return status;
  status = checkpoint_open_unverified(span_of(text), &note, &kept, err);
  if (status != DONE) return error_while(err, "reading the last kept head");
  if (!span_is(kept.origin, signer->verifier.name))
    return refuse(err, HEAD_KEY_OTHER, SPAN(kept.origin), signer->verifier.name);
  struct log_tree t = tree_open(store);
  bool same = kept.head.size <= head->size;
  if (same) status = root_of(&t, kept.head.size, &root, err);
  same = same && status == DONE && digest_equal(&root, &kept.head.root);
  tree_close(&t);
  if (status != DONE) return status;
  if (!same) return refuse(err, HEAD_LOG_REWRITTEN, (unsigned long long)kept.head.size);
  if (kept.head.size == head->size && note_verify(&note, &signer->verifier, 1, NULL, NULL) == DONE)
    *again = text;
  return DONE;
}

enum status head_sign(struct store *store, const struct signer *signer, struct arena *arena,
                      const char **note, struct error *err) {
  struct tree_head head;
  struct text text = {0}, out = {0};
  enum status status = log_update(store, &head, err);
  if (status == DONE) status = check_kept(store, arena, signer, &head, note, err);
  if (status != DONE || *note) return status;
  text_add_checkpoint(&text, span_of(signer->verifier.name), &head);
  note_begin(&out, span_make(text.bytes, text.size));
  note_add_signature(&out, span_make(text.bytes, text.size), signer, 0);
  *note = arena_copy(arena, out.bytes, out.size);
  text_release(&text);
  text_release(&out);
  return log_keep_head(store, (int64_t)head.size, *note, err);
}

/* ---- witnesses ---- */

/* Takes the signature lines of the given witnesses from the answer: `— NAME BASE64`. */
static void lines_of_witnesses(struct span answer, const struct verifier *witnesses, int count,
                               struct text *out) {
  static const char mark[] = "\u2014 ";
  for (size_t at = 0; at < answer.size;) {
    const char *end = memchr(answer.bytes + at, '\n', answer.size - at);
    size_t size = end ? (size_t)(end - answer.bytes) - at : answer.size - at;
    struct span line = span_make(answer.bytes + at, size);
    at += size + 1;
    if (line.size < sizeof mark || memcmp(line.bytes, mark, sizeof mark - 1) != 0) continue;
    for (int i = 0; i < count; i++) {
      size_t name = strlen(witnesses[i].name);
      if (line.size <= sizeof mark - 1 + name ||
          memcmp(line.bytes + sizeof mark - 1, witnesses[i].name, name) != 0 ||
          line.bytes[sizeof mark - 1 + name] != ' ')
        continue;
      text_add_span(out, line);
      text_add_char(out, '\n');
      break;
    }
  }
}

enum status head_witnessed(struct store *store, struct span answer,
                           const struct verifier *witnesses, int count, struct arena *arena,
                           const char **note, struct error *err) {
  struct note kept;
  struct text lines = {0}, out = {0};
  const char *text = NULL;
  int64_t size = 0;
  enum status status = log_last_head(store, arena, &size, &text, err);
  if (status == DONE && !text) status = refuse(err, HEAD_NONE);
  if (status == DONE) status = note_parse(span_of(text), &kept, err);
  if (status != DONE) return status;
  lines_of_witnesses(answer, witnesses, count, &lines);
  if (!lines.size) status = refuse(err, HEAD_WITNESS_MISSING);
  if (status == DONE)
    status = note_attach(&out, &kept, span_make(lines.bytes, lines.size), witnesses, count, err);
  if (status == DONE) *note = arena_copy(arena, out.bytes, out.size);
  text_release(&lines);
  text_release(&out);
  return status == DONE ? log_keep_head(store, size, *note, err) : status;
}

/* ---- two heads ---- */

enum status head_consistency(struct store *store, struct span old_note, const char *new_note,
                             const struct verifier *verifiers, int count, struct text *out,
                             struct error *err) {
  struct note note;
  struct checkpoint older, newer;
  struct digest root;
  struct tree_path path = {0};
  struct json j;
  if (checkpoint_open(old_note, verifiers, count, &note, &older, err) != DONE)
    return error_while(err, "checking the old head");
  if (checkpoint_open_unverified(span_of(new_note), &note, &newer, err) != DONE) return err->code;
  if (older.head.size > newer.head.size)
    return refuse(err, HEAD_OLDER_LARGER, (unsigned long long)older.head.size,
                  (unsigned long long)newer.head.size);
  struct log_tree t = tree_open(store);
  enum status status = root_of(&t, older.head.size, &root, err);
  if (status == DONE && !digest_equal(&root, &older.head.root))
    status = refuse(err, HEAD_OLDER_NOT_BEGINNING, (unsigned long long)older.head.size);
  if (status == DONE)
    status = tree_consistency(t.hasher, tile_source(t.reader), older.head.size, newer.head.size,
                              &path, err);
  tree_close(&t);
  if (status != DONE) return status;
  json_begin(&j, out);
  json_open_object(&j, NULL);
  json_text(&j, "old", old_note);
  json_text(&j, "new", span_of(new_note));
  json_open_array(&j, "proof");
  for (int i = 0; i < path.count; i++) {
    struct text hash = {0};
    text_add_base64(&hash, path.hashes[i].bytes, sizeof path.hashes[i].bytes);
    json_text(&j, NULL, span_make(hash.bytes, hash.size));
    text_release(&hash);
  }
  json_close_array(&j);
  json_close_object(&j);
  text_add_char(out, '\n');
  return DONE;
}

/* ---- against what was published ---- */

struct comparing {
  struct store *store;
  struct hasher *hasher;
  struct arena *arena;
  struct text *sentence;
  bool *agrees;
};

static enum status read_file(const char *path, size_t most, struct text *out, struct error *err) {
  struct input *in = NULL;
  size_t got = 1;
  enum status status = input_open(&in, path, err);
  while (status == DONE && got) {
    text_reserve(out, 65536);
    status = input_read(in, out->bytes + out->size, 65536, &got, err);
    if (status == DONE) out->size += got;
    if (status == DONE && out->size > most) status = refuse(err, HEAD_FILE_TOO_LARGE, most);
  }
  input_close(in);
  return status == DONE ? DONE : error_at(err, path, 0, NULL);
}

static void differs(struct comparing *c) { *c->agrees = false; }

/* Compares the leaf of each record as the store has it now; null `tile`: only the root. */
static enum status compare_leaves(struct comparing *c, const char *dir,
                                  const struct tree_head *head, struct error *err) {
  struct tree_range range = {0};
  struct log_record recorded;
  struct digest leaf, root, hashes[TILE_WIDTH];
  struct text record = {0}, path = {0}, bytes = {0};
  enum status status = DONE;
  for (uint64_t i = 0; status == DONE && i < head->size && *c->agrees; i++) {
    if (dir && i % TILE_WIDTH == 0) {
      const struct tile tile = {0, i / TILE_WIDTH, tile_width(0, i / TILE_WIDTH, head->size)};
      text_clear(&path);
      text_addf(&path, "%s/", dir);
      text_add_tile_path(&path, &tile);
      text_clear(&bytes);
      status = read_file(path.bytes, TILE_WIDTH * sizeof *hashes, &bytes, err);
      if (status == DONE)
        status = tile_parse(span_make(bytes.bytes, bytes.size), tile.width, hashes, err);
      if (status != DONE) break;
    }
    status = log_read_record(c->store, (int64_t)i + 1, &record, &recorded, err);
    if (status != DONE) break;
    tree_leaf(c->hasher, record.bytes, record.size, &leaf);
    tree_range_append(c->hasher, &range, &leaf);
    if (!dir || digest_equal(&leaf, &hashes[i % TILE_WIDTH])) continue;
    differs(c);
    text_addf(c->sentence, "entry %lld, number %llu of the log, is not what was published",
              (long long)recorded.id, (unsigned long long)i + 1);
  }
  text_release(&record);
  text_release(&path);
  text_release(&bytes);
  if (status != DONE || !*c->agrees) return status;
  tree_range_root(c->hasher, &range, &root);
  if (!head->size) tree_empty(c->hasher, &root);
  if (digest_equal(&root, &head->root)) {
    text_addf(c->sentence, "the head of size %llu is the beginning of the log",
              (unsigned long long)head->size);
    return DONE;
  }
  differs(c);
  text_addf(c->sentence, "the first %llu entries of the log do not make the root of the head",
            (unsigned long long)head->size);
  return DONE;
}

static enum status compare(struct comparing *c, const char *path, bool is_dir, struct error *err) {
  struct note note;
  struct checkpoint checkpoint;
  struct text bytes = {0};
  struct head log = {0};
  const char *file = is_dir ? arena_printf(c->arena, "%s/checkpoint", path) : path;
  enum status status = read_file(file, NOTE_SIZE_MAX, &bytes, err);
  if (status == DONE && checkpoint_open_unverified(span_make(bytes.bytes, bytes.size), &note,
                                                   &checkpoint, err) != DONE)
    status = error_at(err, file, 0, NULL);
  if (status == DONE) status = head_read(c->store, &log, err);
  if (status == DONE && checkpoint.head.size > (uint64_t)log.logged) {
    differs(c);
    text_addf(c->sentence,
              "the head is of size %llu, and the log has %lld entries: it has lost some, or the "
              "head is of another log",
              (unsigned long long)checkpoint.head.size, (long long)log.logged);
  } else if (status == DONE)
    status = compare_leaves(c, is_dir ? path : NULL, &checkpoint.head, err);
  text_release(&bytes);
  return status;
}

enum status head_compare(struct store *store, const char *path, struct text *sentence, bool *agrees,
                         struct error *err) {
  struct stat about;
  struct comparing c = {.store = store, .sentence = sentence, .agrees = agrees};
  *agrees = true;
  if (stat(path, &about) != 0) return refuse(err, HEAD_AGAINST_UNREADABLE, path, strerror(errno));
  c.hasher = hasher_new();
  c.arena = arena_new();
  enum status status = compare(&c, path, S_ISDIR(about.st_mode), err);
  hasher_free(c.hasher);
  arena_free(c.arena);
  return status;
}
