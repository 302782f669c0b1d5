#include "register/body_index.h"

#include "base/map.h"
#include "register/name_tree.h"

/* What a chain's key is. */
enum chain_kind { BY_KEY, BY_COMPANY, CHAIN_KINDS };

/* A body is in a chain for each key by which it can be found. */
struct chained {
  int entry, next; /* next: -1 at the end */
};

struct indexed_body {
  int64_t body;
  struct body_name name;
  uint64_t met; /* the number of the last search that met it */
};

struct body_index {
  const struct pack_name_words *words;
  struct arena *arena;
  struct map chains[CHAIN_KINDS]; /* by key, to the newest `chained` */
  struct chained *links;
  int link_count, link_capacity;
  struct map first_words;   /* to an index of `trees` */
  struct name_tree **trees; /* the bodies of each first word */
  int tree_count, tree_capacity;
  struct indexed_body *all;
  int count, capacity;
  uint64_t searches, compared;
};

struct body_index *body_index_new(const struct pack_name_words *words, struct arena *arena) {
  struct body_index *index = arena_array(arena, struct body_index, 1);
  *index = (struct body_index){.words = words, .arena = arena, .first_words = {.arena = arena}};
  for (int k = 0; k < CHAIN_KINDS; k++) index->chains[k] = (struct map){.arena = arena};
  return index;
}

/* `key` is in the index's arena. */
static void add_link(struct body_index *index, enum chain_kind kind, struct span key, int entry) {
  if (!key.size) return;
  const int64_t next = map_get(&index->chains[kind], key);
  arena_reserve(index->arena, index->links, index->link_capacity, index->link_count + 1);
  index->links[index->link_count] = (struct chained){entry, (int)next};
  map_set(&index->chains[kind], key, index->link_count++);
}

static void add_first_word(struct body_index *index, const struct body_name *name, int entry) {
  if (!name->first.size) return;
  int64_t at = map_get(&index->first_words, name->first);
  if (at < 0) {
    arena_reserve(index->arena, index->trees, index->tree_capacity, index->tree_count + 1);
    index->trees[at = index->tree_count++] = name_tree_new(index->arena);
    map_set(&index->first_words, name->first, at);
  }
  name_tree_add(index->trees[at], &name->sign, entry);
}

void body_index_add_name(struct body_index *index, int64_t body, const struct body_name *name) {
  const int entry = index->count;
  arena_reserve(index->arena, index->all, index->capacity, index->count + 1);
  index->all[index->count++] = (struct indexed_body){.body = body, .name = *name};
  add_first_word(index, name, entry);
  add_link(index, BY_KEY, name->key, entry);
  add_link(index, BY_KEY, name->legal, entry);
  add_link(index, BY_KEY, name->trading, entry);
  add_link(index, BY_COMPANY, name->company, entry);
}

void body_index_add(struct body_index *index, int64_t body, struct span name, struct span company) {
  struct body_name read;
  body_name_read(index->words, index->arena, name, company, &read);
  body_index_add_name(index, body, &read);
}

static void meet(struct body_index *index, int entry, const struct body_name *name,
                 body_index_take *take, void *context) {
  struct indexed_body *x = &index->all[entry];
  if (x->met == index->searches) return;
  x->met = index->searches;
  index->compared++;
  const struct names_match match = body_names_compare(name, &x->name);
  if (match.is != NAMES_DIFFERENT) take(context, x->body, &x->name, match);
}

static void search_chain(struct body_index *index, enum chain_kind kind, struct span key,
                         const struct body_name *name, body_index_take *take, void *context) {
  if (!key.size) return;
  for (int64_t at = map_get(&index->chains[kind], key); at >= 0; at = index->links[at].next)
    meet(index, index->links[at].entry, name, take, context);
}

struct first_word_search {
  struct body_index *index;
  const struct body_name *name;
  body_index_take *take;
  void *context;
};

static void meet_alike(void *context, int entry) {
  const struct first_word_search *s = context;
  meet(s->index, entry, s->name, s->take, s->context);
}

static void search_first_word(struct body_index *index, const struct body_name *name,
                              body_index_take *take, void *context) {
  const int64_t at = name->first.size ? map_get(&index->first_words, name->first) : -1;
  struct first_word_search search = {index, name, take, context};
  if (at >= 0)
    name_tree_find(index->trees[at], &name->sign, UNSURE_FROM - 1e-9, meet_alike, &search);
}

void body_index_find(struct body_index *index, const struct body_name *name, body_index_take *take,
                     void *context) {
  index->searches++;
  search_chain(index, BY_COMPANY, name->company, name, take, context);
  search_chain(index, BY_KEY, name->key, name, take, context);
  search_chain(index, BY_KEY, name->legal, name, take, context);
  search_chain(index, BY_KEY, name->trading, name, take, context);
  search_first_word(index, name, take, context);
}

uint64_t body_index_compared(const struct body_index *index) { return index->compared; }

struct same_search {
  int64_t body;
  struct span company; /* of the bodies found so far */
  int same, unsure;
  bool by_number, differ;
};

/* A company number decides before a name. Of several bodies the one that was added first. */
static void take_same(void *context, int64_t body, const struct body_name *name,
                      struct names_match match) {
  struct same_search *s = context;
  if (match.is == NAMES_UNSURE) {
    s->unsure++;
    return;
  }
  const bool number = match.by == NAMES_BY_NUMBER;
  s->same++;
  if (!number && name->company.size && s->company.size && !span_equal(name->company, s->company))
    s->differ = true;
  if (name->company.size) s->company = name->company;
  if (!s->body || (number && !s->by_number) || (number == s->by_number && body < s->body))
    s->body = body;
  s->by_number |= number;
}

int64_t body_index_same(struct body_index *index, const struct body_name *name, int *unsure) {
  struct same_search s = {0};
  body_index_find(index, name, take_same, &s);
  const bool none = s.differ && !s.by_number;
  *unsure = s.unsure + (none ? s.same : 0);
  return none ? 0 : s.body;
}

bool body_index_other_number(const struct body_index *index, const struct body_name *name) {
  if (!name->key.size) return false;
  for (int64_t at = map_get(&index->chains[BY_KEY], name->key); at >= 0;
       at = index->links[at].next) {
    const struct body_name *other = &index->all[index->links[at].entry].name;
    if (span_equal(other->key, name->key) && other->company.size &&
        !span_equal(other->company, name->company))
      return true;
  }
  return false;
}

void body_index_keep_number(struct body_index *index, const struct body_name *name, int64_t body) {
  if (!name->key.size) return;
  for (int64_t at = map_get(&index->chains[BY_KEY], name->key); at >= 0;
       at = index->links[at].next) {
    const int entry = index->links[at].entry;
    struct indexed_body *x = &index->all[entry];
    if (x->body != body || x->name.company.size || !span_equal(x->name.key, name->key)) continue;
    const size_t size = name->company.size;
    x->name.company = span_make(arena_copy(index->arena, name->company.bytes, size), size);
    add_link(index, BY_COMPANY, x->name.company, entry);
    return;
  }
}
