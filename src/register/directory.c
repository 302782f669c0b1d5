/* Codes to people, for imports: ten million look-ups a run from two threads, over a million people
 * in any order. Each look-up is a cache miss, and only the miss costs time. So a slot is half a
 * cache line and holds both key and answer, and the table is in large pages where the machine has
 * them. (base/map.h with the people in an array takes 1.25 times as long: three misses, of which
 * only the first could be fetched ahead.) */
#include "base/hash.h"
#include "base/pasted.h"
#include "base/refusal.h"
#include "register/merges.h"
#include "register/register.h"
#include "register/schemes.h"

#include <sys/mman.h>

enum {
  KEY_INLINE = 13,
  SUFFIX_AT = KEY_INLINE /* the last letter of a National Insurance number, whose key is shorter */
};

struct directory_slot {
  struct directory_person person;
  uint8_t scheme; /* index into schemes + 1; 0: free */
  uint8_t size;
  /* longer keys: a pointer to them at key + 6 (8 aligned), see slot_key */
  char key[KEY_INLINE + 1];
};
_Static_assert(sizeof(struct directory_slot) == 32, "half a cache line");

struct slots {
  struct directory_slot *all;
  uint64_t count, seed;
};

/* Households have a table of their own: entries never name them, and people's slots should be close
 * together. */
struct directory {
  struct slots people, households;
  /* some National Insurance number is stored with its last letter, because an older book has it
   * twice */
  bool old_forms;
  struct merges merges;
  struct schemes own;
};

/* identifier schemes of the table `identifier`, then the place's own; the slot holds the index in
 * this list */
static const char *const scheme_names[] = {"id", "household", "nino", "nhs", "utr"};
enum {
  SCHEME_ID,
  SCHEME_HOUSEHOLD,
  SCHEME_NINO,
  SCHEME_COUNT = sizeof scheme_names / sizeof *scheme_names
};

static int scheme_index(const struct directory *d, struct span name) {
  for (int i = 0; i < SCHEME_COUNT; i++)
    if (span_is(name, scheme_names[i])) return i;
  for (int i = 0; i < d->own.count; i++)
    if (span_is(name, d->own.all[i].code)) return SCHEME_COUNT + i;
  return -1;
}

static const char of_several[] = N_(
    "is the number of more than one person, and of none with this last letter; name the person "
    "by their id; `weal audit` says what to correct");

static const char *slot_key(const struct directory_slot *slot) {
  if (slot->size <= KEY_INLINE) return slot->key;
  const char *far;
  memcpy(&far, slot->key + 6, sizeof far);
  return far;
}

static uint64_t slot_first(const struct slots *slots, int scheme, struct span key) {
  uint64_t hash = span_hash(key, slots->seed + (uint64_t)scheme);
  return (uint64_t)(((unsigned __int128)hash * slots->count) >> 64);
}

static struct directory_slot *slot_of(const struct slots *slots, int scheme, struct span key) {
  for (uint64_t at = slot_first(slots, scheme, key);; at = at + 1 == slots->count ? 0 : at + 1) {
    struct directory_slot *slot = &slots->all[at];
    if (!slot->scheme) return slot;
    if (slot->scheme == scheme + 1 && slot->size == key.size &&
        memcmp(slot_key(slot), key.bytes, key.size) == 0)
      return slot;
  }
}

static void slots_begin(struct slots *slots, struct arena *arena, int64_t identifiers) {
  /* half full: a successful look-up reads 1.5 slots, mostly in one cache line */
  slots->count = (uint64_t)identifiers * 2 + 16;
  random_bytes(&slots->seed, sizeof slots->seed);
  char *memory = arena_alloc(arena, sizeof(struct directory_slot) * slots->count + 63);
  slots->all = (struct directory_slot *)(((uintptr_t)memory + 63) & ~(uintptr_t)63);
  uintptr_t page = 2 << 20, from = ((uintptr_t)slots->all + page - 1) & ~(page - 1);
  uintptr_t to = (uintptr_t)(slots->all + slots->count) & ~(page - 1);
  if (to > from) (void)madvise((void *)from, to - from, MADV_HUGEPAGE);
}

static enum status read_lives(struct store *store, struct arena *arena,
                              struct directory_person **out, int64_t *max_id, struct error *err) {
  enum status status = store_int(store, "select coalesce(max(id), 0) from party", 0, max_id, err);
  if (status != DONE) return status;
  *out = arena_array(arena, struct directory_person, *max_id + 1);
  struct query *q;
  if ((status = store_stream(store, &q, "select id, born, died from party order by id", err)) !=
      DONE)
    return status;
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t id = query_int(q, 0);
    if (id > *max_id) break;
    (*out)[id] = (struct directory_person){id, query_day(q, 1), query_day(q, 2)};
  }
  query_end(q);
  return status;
}

/* A merged record gets the birth and death of its survivor. */
static void follow_merges(struct directory_person *lives, int64_t max_id,
                          const struct merges *merges) {
  for (int i = 0; i < merges->count; i++) {
    const int64_t merged = merges->all[i].merged, survivor = merges_survivor(merges, merged);
    if (merged < 1 || merged > max_id || survivor < 1 || survivor > max_id) continue;
    lives[merged].born = lives[survivor].born;
    lives[merged].died = lives[survivor].died;
  }
}

static struct directory_slot *slot_put(const struct slots *slots, struct arena *arena, int scheme,
                                       struct span key) {
  struct directory_slot *slot = slot_of(slots, scheme, key);
  slot->scheme = (uint8_t)(scheme + 1);
  slot->size = (uint8_t)key.size;
  if (key.size <= KEY_INLINE) memcpy(slot->key, key.bytes, key.size);
  else {
    const char *far = arena_copy(arena, key.bytes, key.size);
    memcpy(slot->key + 6, &far, sizeof far);
  }
  return slot;
}

static enum status fill(struct store *store, struct arena *arena, struct directory *d,
                        const struct directory_person *lives, int64_t max_id, int64_t people,
                        int64_t households, struct error *err) {
  struct query *q;
  enum status status = store_stream(store, &q,
                                    "select value, scheme, party, suffix from identifier", err);
  if (status != DONE) return status;
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    struct span key = query_text(q, 0);
    int scheme = scheme_index(d, query_text(q, 1));
    int64_t party = query_int(q, 2), *room = scheme == SCHEME_HOUSEHOLD ? &households : &people;
    /* no room: it was added after we counted */
    if (scheme < 0 || key.size > IDENTIFIER_BYTES_MAX || party < 1 || party > max_id ||
        (*room)-- <= 0)
      continue;
    struct directory_slot *slot = slot_put(scheme == SCHEME_HOUSEHOLD ? &d->households : &d->people,
                                           arena, scheme, key);
    slot->person = lives[party];
    if (scheme != SCHEME_NINO) continue;
    d->old_forms |= key.size > NINO_BYTES;
    struct span suffix = query_text(q, 3);
    if (suffix.size) slot->key[SUFFIX_AT] = suffix.bytes[0];
  }
  query_end(q);
  return status;
}

enum status register_directory(struct store *store, struct arena *arena, struct directory **out,
                               struct error *err) {
  struct directory *d = arena_alloc(arena, sizeof *d);
  struct arena *scratch = arena_new();
  struct directory_person *lives;
  int64_t all, households, max_id;
  enum status status = store_int(store, "select count(*) from identifier", 0, &all, err);
  if (status == DONE)
    status = store_int(store, "select count(*) from party where kind = 'household'", 0, &households,
                       err);
  if (status == DONE) status = read_lives(store, scratch, &lives, &max_id, err);
  if (status == DONE) status = merges_read(store, arena, &d->merges, err);
  if (status == DONE) status = schemes_read(store, arena, &d->own, err);
  if (status == DONE) {
    follow_merges(lives, max_id, &d->merges);
    slots_begin(&d->people, arena, all - households);
    slots_begin(&d->households, arena, households);
    status = fill(store, arena, d, lives, max_id, all - households, households, err);
  }
  arena_free(scratch);
  if (status == DONE) *out = d;
  return status;
}

void directory_expect(const struct directory *d, struct span reference) {
  if (reference.size == 0 || memchr(reference.bytes, ':', reference.size)) return;
  __builtin_prefetch(&d->people.all[slot_first(&d->people, SCHEME_ID, reference)]);
}

/* Finds a number that an older book has with several letters: as numbers_meant. */
static const struct directory_slot *slot_of_old_form(const struct directory *d,
                                                     const struct identifier *wanted,
                                                     const char **reason) {
  const struct directory_slot *found = NULL;
  for (const char *letter = NINO_LETTERS; *letter; letter++) {
    char form[NINO_BYTES + 2];
    snprintf(form, sizeof form, "%.8s%c", wanted->value, *letter);
    const struct directory_slot *slot = slot_of(&d->people, SCHEME_NINO, span_of(form));
    if (!slot->scheme) continue;
    if (*letter == wanted->suffix[0]) return slot;
    if (found && merges_survivor(&d->merges, found->person.id) !=
                     merges_survivor(&d->merges, slot->person.id))
      *reason = of_several;
    if (!found || merges_survivor(&d->merges, slot->person.id) == slot->person.id) found = slot;
  }
  return *reason ? NULL : found;
}

static const struct directory_person *nino_holder(const struct directory *d,
                                                  const struct identifier *wanted, bool *differs,
                                                  const char **reason) {
  const struct directory_slot *slot = slot_of(&d->people, SCHEME_NINO, span_of(wanted->value));
  char letter = slot->key[SUFFIX_AT];
  if (!slot->scheme && d->old_forms) {
    slot = slot_of_old_form(d, wanted, reason);
    letter = slot ? slot->key[NINO_BYTES] : 0;
  }
  if (!slot || !slot->scheme) return NULL;
  *differs = wanted->suffix[0] && wanted->suffix[0] != letter;
  return &slot->person;
}

const struct directory_person *directory_person(const struct directory *d, struct span reference,
                                                bool *differs, const char **reason) {
  *reason = NULL;
  *differs = false;
  int scheme = SCHEME_ID;
  struct identifier parsed;
  if (reference.size == 0 || memchr(reference.bytes, ':', reference.size)) {
    if ((*reason = identifier_read(&d->own, reference, &parsed))) return NULL;
    /* a scheme that no person has, such as uprn */
    if ((scheme = scheme_index(d, span_of(parsed.scheme))) < 0) return NULL;
    if (scheme == SCHEME_NINO) return nino_holder(d, &parsed, differs, reason);
    reference = span_of(parsed.value);
  }
  const struct directory_slot *slot = slot_of(&d->people, scheme, reference);
  if (slot->scheme) return &slot->person;
  if (scheme == SCHEME_ID && pasted_may_fold(reference) &&
      !identifier_read(&d->own, reference, &parsed)) {
    slot = slot_of(&d->people, scheme, span_of(parsed.value));
    if (slot->scheme) return &slot->person;
  }
  if (scheme == SCHEME_ID && !(*reason = identifier_fault("id", reference)) &&
      !identifier_read(&d->own, reference, &parsed)) {
    char capitals[NUMBER_FULL_SIZE];
    slot = slot_of(&d->people, scheme, span_of(identifier_capitals(parsed.value, capitals)));
    if (slot->scheme) return &slot->person;
  }
  return NULL;
}

int64_t directory_household(const struct directory *d, struct span code) {
  const struct directory_slot *slot = slot_of(&d->households, SCHEME_HOUSEHOLD, code);
  return slot->scheme ? slot->person.id : 0;
}
