#include "register/numbers.h"

#include "register/merges.h"
#include "register/register.h"
#include "register/schemes.h"
#include "store/head.h"

#include <assert.h>

/* ---- one number ---- */

static const char by_value[] =
    "select party, value, suffix from identifier where scheme = ?1 and value = ?2";
/* Also matches the forms that only an older book has. */
static const char by_nino[] = "select party, value, suffix from identifier where scheme = ?1 and "
                              "value in (?2, ?3, ?4, ?5, ?6) order by value";

/* An id as it was written, or in capitals: people write p000001 for P000001. One query, so that the
 * work is the same whether there is such a person or not. */
static const char by_id[] = "select party, value, suffix from identifier where scheme = ?1 and "
                            "value in (?2, ?3)";

static void bind_forms(struct query *q, const struct identifier *wanted) {
  for (int i = 0; NINO_LETTERS[i]; i++) {
    char form[NUMBER_FULL_SIZE];
    snprintf(form, sizeof form, "%s%c", wanted->value, NINO_LETTERS[i]);
    query_bind_text(q, 3 + i, span_of(form));
  }
}

enum status numbers_holders(struct store *store, const struct identifier *wanted,
                            struct holders *out, struct error *err) {
  bool nino = strcmp(wanted->scheme, "nino") == 0, id = strcmp(wanted->scheme, "id") == 0,
       row = false;
  char capitals[NUMBER_FULL_SIZE];
  struct query *q;
  *out = (struct holders){.whole = -1};
  enum status status = store_query(store, &q, nino ? by_nino : id ? by_id : by_value, err);
  if (status != DONE) return status;
  query_bind_text(q, 1, span_of(wanted->scheme));
  query_bind_text(q, 2, span_of(wanted->value));
  if (nino) bind_forms(q, wanted);
  if (id) query_bind_text(q, 3, span_of(identifier_capitals(wanted->value, capitals)));
  char asked[NUMBER_FULL_SIZE];
  snprintf(asked, sizeof asked, "%s%s", wanted->value, wanted->suffix);
  while ((status = query_step(q, &row, err)) == DONE && row) {
    assert(out->count < HOLDERS_MAX); /* value and scheme are the table's key */
    struct holder *h = &out->all[out->count];
    struct span value = query_text(q, 1), suffix = query_text(q, 2);
    h->party = query_int(q, 0);
    snprintf(h->number, sizeof h->number, SPAN_FORMAT SPAN_FORMAT, SPAN(value), SPAN(suffix));
    if (strcmp(h->number, asked) == 0) out->whole = out->count;
    out->count++;
  }
  query_end(q);
  if (id && out->whole >= 0) *out = (struct holders){.all = {out->all[out->whole]}, .count = 1};
  return status;
}

static enum status kept(struct store *store, int64_t party, int64_t *survivor, struct error *err) {
  struct arena *arena = arena_new();
  int64_t *ids;
  int count;
  enum status status = register_records(store, arena, party, &ids, &count, err);
  if (status == DONE) *survivor = ids[0];
  arena_free(arena);
  return status;
}

enum status numbers_meant(struct store *store, const struct holders *holders, int64_t *party,
                          struct error *err) {
  *party = 0;
  if (holders->count == 0) return DONE;
  if (holders->whole >= 0 || holders->count == 1) {
    *party = holders->all[holders->whole >= 0 ? holders->whole : 0].party;
    return DONE;
  }
  int64_t first = 0, next = 0;
  enum status status = kept(store, holders->all[0].party, &first, err);
  for (int i = 1; status == DONE && i < holders->count; i++) {
    status = kept(store, holders->all[i].party, &next, err);
    if (next != first) return status;
  }
  if (status == DONE) *party = first;
  return status;
}

/* ---- the audit's part ---- */

struct clash {
  char nino[NINO_BYTES + 1];
  struct holders holders;
};

static enum status add_holder(struct store *store, struct arena *arena, struct text *t,
                              const struct holder *h, struct error *err) {
  struct person person;
  enum status status = register_person(store, arena, h->party, &person, err);
  if (status == DONE) text_addf(t, "%s (%s)", person.code, h->number);
  return status;
}

static enum status report_clash(struct store *store, struct arena *arena, const struct clash *c,
                                void (*finding)(void *, const char *), void *context,
                                struct error *err) {
  struct text t = {0};
  text_addf(&t, "%s: one National Insurance number (the last letter does not count) belongs to ",
            c->nino);
  enum status status = DONE;
  for (int i = 0; status == DONE && i < c->holders.count; i++) {
    text_add(&t, i == 0 ? "" : i + 1 == c->holders.count ? " and " : ", ");
    status = add_holder(store, arena, &t, &c->holders.all[i], err);
  }
  text_add(&t,
           "; import people with the number mended, or merge the records if they are one person");
  if (status == DONE) finding(context, t.bytes);
  text_release(&t);
  return status;
}

/* The first letter of each record's kind, by id; the table `identifier` is spread by its values and
 * `party` by its ids, so that the two are not joined. */
struct party_kinds {
  char *of;
  int64_t max;
};

static char kind_of(const struct party_kinds *kinds, int64_t party) {
  return party > 0 && party <= kinds->max ? kinds->of[party] : '\0';
}

static enum status read_kinds(struct store *store, struct arena *arena, struct party_kinds *out,
                              struct error *err) {
  struct head head;
  struct query *q;
  bool row;
  enum status status = head_read(store, &head, err);
  if (status == DONE) status = store_stream(store, &q, "select id, kind from party", err);
  if (status != DONE) return status;
  *out = (struct party_kinds){arena_array(arena, char, head.party + 1), head.party};
  while ((status = query_step(q, &row, err)) == DONE && row) {
    int64_t id = query_int(q, 0);
    struct span kind = query_text(q, 1);
    if (id > 0 && id <= out->max && kind.size) out->of[id] = kind.bytes[0];
  }
  query_end(q);
  return status;
}

/* Rows of nobody, or of a record of another kind: somebody changed the table. An id or number is of
 * a person, the scheme `household` of a household. */
static enum status check_strays(struct store *store, struct arena *arena,
                                const struct party_kinds *kinds,
                                void (*finding)(void *, const char *), void *context,
                                int64_t *found, struct error *err) {
  struct query *q;
  bool row;
  enum status status = store_stream(
      store, &q, "select scheme, value, party from identifier order by scheme, value", err);
  if (status != DONE) return status;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    struct span scheme = query_text(q, 0), value = query_text(q, 1);
    const char *kind = span_is(scheme, "household") ? "household" : "person";
    if (kind_of(kinds, query_int(q, 2)) == kind[0]) continue;
    finding(context, arena_printf(arena,
                                  SPAN_FORMAT
                                  ":" SPAN_FORMAT
                                  ": the table `identifier` gives it to record %lld, which is no "
                                  "%s; delete the row from the table",
                                  SPAN(scheme), SPAN(value), (long long)query_int(q, 2), kind));
    (*found)++;
  }
  query_end(q);
  return status;
}

/* Reads the numbers of people that are stored in the form of an older book, in order. */
static enum status read_old_forms(struct store *store, struct arena *arena,
                                  const struct party_kinds *kinds, struct clash **out, int *count,
                                  struct error *err) {
  struct query *q;
  int64_t most;
  enum status status = store_int(store,
                                 "select count(*) from identifier where scheme = 'nino' and "
                                 "length(value) > 8",
                                 0, &most, err);
  *count = 0;
  if (status != DONE || most == 0) return status;
  *out = arena_array(arena, struct clash, most);
  if ((status = store_query(store, &q,
                            "select party, value from identifier where scheme = 'nino' and "
                            "length(value) > 8 order by value",
                            err)) != DONE)
    return status;
  bool row;
  for (int64_t n = 0; (status = query_step(q, &row, err)) == DONE && row && n < most; n++) {
    if (kind_of(kinds, query_int(q, 0)) != 'p') continue;
    struct span value = query_text(q, 1);
    struct clash *c = *count ? &(*out)[*count - 1] : NULL;
    if (!c || memcmp(c->nino, value.bytes, NINO_BYTES) != 0) {
      c = &(*out)[(*count)++];
      c->holders.whole = -1;
      memcpy(c->nino, value.bytes, NINO_BYTES);
    }
    /* value and scheme are the table's key, and the letters are four */
    assert(c->holders.count < HOLDERS_MAX);
    struct holder *h = &c->holders.all[c->holders.count++];
    h->party = query_int(q, 0);
    snprintf(h->number, sizeof h->number, SPAN_FORMAT, SPAN(value));
  }
  query_end(q);
  return status;
}

/* Numbers of a place's own schemes that do not fit, or whose scheme the book does not know:
 * somebody changed the table. */
static enum status check_own(struct store *store, struct arena *arena,
                             const struct party_kinds *kinds, void (*finding)(void *, const char *),
                             void *context, int64_t *found, struct error *err) {
  struct schemes own;
  struct query *q;
  struct identifier read;
  enum status status = schemes_read(store, arena, &own, err);
  if (status == DONE)
    status = store_query(store, &q,
                         "select scheme, value, party from identifier where scheme not in ('id', "
                         "'household', 'nino', 'nhs', 'utr') order by scheme, value",
                         err);
  if (status != DONE) return status;
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    const char *scheme = query_copy(q, arena, 0), *value = query_copy(q, arena, 1);
    if (kind_of(kinds, query_int(q, 2)) != 'p' ||
        (!identifier_read_value(&own, scheme, span_of(value), &read) &&
         strcmp(read.value, value) == 0))
      continue;
    struct person person = {0};
    if ((status = register_person(store, arena, query_int(q, 2), &person, err)) != DONE) break;
    finding(context, arena_printf(arena,
                                  "%s: the %s '%s' is not as schemes.csv of the policy pack has "
                                  "it; import people with it mended",
                                  person.code, scheme, value));
    (*found)++;
  }
  query_end(q);
  return status;
}

enum status register_check(struct store *store,
                           void (*finding)(void *context, const char *sentence), void *context,
                           int64_t *found, struct error *err) {
  struct arena *arena = arena_new();
  struct clash *clashes = NULL;
  int count = 0;
  *found = 0;
  struct party_kinds kinds;
  enum status status = read_kinds(store, arena, &kinds, err);
  if (status == DONE) status = check_strays(store, arena, &kinds, finding, context, found, err);
  if (status == DONE) status = read_old_forms(store, arena, &kinds, &clashes, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    int64_t one = 0;
    status = numbers_meant(store, &clashes[i].holders, &one, err);
    if (status != DONE || one) continue; /* one person, or only one holder left */
    status = report_clash(store, arena, &clashes[i], finding, context, err);
    (*found)++;
  }
  if (status == DONE) status = check_own(store, arena, &kinds, finding, context, found, err);
  arena_free(arena);
  return status;
}
