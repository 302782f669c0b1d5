/* Makes the log's tree again from the journal, up to the last head, and compares it with the stored
 * tiles; compares each published head with the tree. */
#include "book/audit_parts.h"

#include "book/log.h"
#include "proof/checkpoint.h"

enum { LEAVES_AT_ONCE = 4096 };

struct kept_head {
  int64_t size;
  bool read;
  struct digest root;
};

struct log_check {
  struct audit *a;
  struct kept_head *heads;
  int head_count, head_capacity, next;
  struct tile_checker *checker;
  struct tree_range range;
  int64_t size; /* of the tree that the tiles keep */
};

static enum status load_heads(struct log_check *c, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  enum status status = store_query(c->a->store, &q, "select size, note from log_head order by size",
                                   err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    struct note note;
    struct checkpoint checkpoint;
    struct error unread = {0};
    array_reserve(c->heads, c->head_capacity, c->head_count + 1);
    struct kept_head *head = &c->heads[c->head_count++];
    *head = (struct kept_head){.size = query_int(q, 0)};
    head->read = checkpoint_open_unverified(query_text(q, 1), &note, &checkpoint, &unread) ==
                     DONE &&
                 (int64_t)checkpoint.head.size == head->size;
    if (head->read) head->root = checkpoint.head.root;
    else
      audit_find(c->a, FINDING_LOG, "the head of %lld entries that was given out cannot be read",
                 (long long)head->size);
  }
  query_end(q);
  return status;
}

static enum status tree_size(struct store *store, int64_t *size, struct error *err) {
  struct query *q = NULL;
  bool row = false;
  *size = 0;
  enum status status =
      store_query(store, &q,
                  "select tile, hashes from log_tile where level = 0 order by tile desc limit 1",
                  err);
  if (status != DONE) return status;
  status = query_step(q, &row, err);
  if (status == DONE && row)
    *size = query_int(q, 0) * TILE_HASHES +
            (int64_t)(query_bytes(q, 1).size / sizeof(struct digest));
  query_end(q);
  return status;
}

static void check_heads_here(struct log_check *c) {
  for (; c->next < c->head_count && (uint64_t)c->heads[c->next].size <= c->range.size; c->next++) {
    const struct kept_head *head = &c->heads[c->next];
    struct digest root;
    tree_range_root(c->a->hasher, &c->range, &root);
    if (head->read && !digest_equal(&root, &head->root))
      audit_find(c->a, FINDING_LOG,
                 "the head of %lld entries that was given out does not fit the journal: an entry "
                 "at or before number %lld was changed",
                 (long long)head->size, (long long)head->size);
  }
}

static enum status make_again(struct log_check *c, struct error *err) {
  struct digest *leaves = memory_alloc(sizeof *leaves * LEAVES_AT_ONCE);
  enum status status = DONE;
  check_heads_here(c);
  for (int count = LEAVES_AT_ONCE; status == DONE && count == LEAVES_AT_ONCE;) {
    status = log_read_leaves(c->a->store, c->a->hasher, (int64_t)c->range.size, leaves,
                             LEAVES_AT_ONCE, &count, err);
    for (int i = 0; status == DONE && i < count; i++) {
      if ((int64_t)c->range.size < c->size)
        status = tile_checker_add(c->checker, &leaves[i], 0, err);
      tree_range_append(c->a->hasher, &c->range, &leaves[i]);
      check_heads_here(c);
    }
  }
  free(leaves);
  return status;
}

enum status audit_log(struct audit *a, struct error *err) {
  struct log_check c = {.a = a};
  int level = -1;
  int64_t tile = -1;
  /* no log can be made of this journal, which is reported already */
  if (a->findings_of_kind[FINDING_SEQ] || a->findings_of_kind[FINDING_ROOT]) return DONE;
  enum status status = load_heads(&c, err);
  if (status == DONE) status = tree_size(a->store, &c.size, err);
  if (status == DONE && c.head_count && c.heads[c.head_count - 1].size > c.size)
    audit_find(a, FINDING_LOG, "the log's tiles hold %lld entries; a head of %lld was given out",
               (long long)c.size, (long long)c.heads[c.head_count - 1].size);
  if (status == DONE) {
    tile_checker_open(&c.checker, a->store, TILES_OF_LOG);
    status = make_again(&c, err);
    enum status ended = status == DONE
                            ? tile_checker_end(c.checker, &level, &tile, err)
                            : tile_checker_end(c.checker, &level, &tile, &(struct error){0});
    if (status == DONE) status = ended;
  }
  if (status == DONE && (int64_t)c.range.size < c.size)
    audit_find(a, FINDING_LOG,
               "the log's tiles hold %lld entries and the journal has %lld: the last ones are gone",
               (long long)c.size, (long long)c.range.size);
  else if (status == DONE && level >= 0)
    audit_find(a, FINDING_LOG, "tile %d/%lld of the log is not what the journal makes", level,
               (long long)tile);
  for (; status == DONE && c.next < c.head_count; c.next++)
    audit_find(a, FINDING_LOG, "a head of %lld entries was given out and the journal has %lld",
               (long long)c.heads[c.next].size, (long long)c.range.size);
  free(c.heads);
  return status;
}
