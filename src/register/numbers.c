#include "register/numbers.h"

#include "register/merges.h"
#include "register/register.h"
#include "register/schemes.h"

#include <assert.h>

/* ---- one number ---- */

static const char by_value[] =
    "select party, value, suffix from identifier where scheme = ?1 and value = ?2";
/* Also matches the forms that only an older book has. */
static const char by_nino[] = "select party, value, suffix from identifier where scheme = ?1 and "
                              "value in (?2, ?3, ?4, ?5, ?6) order by value";

static void bind_forms(struct query *q, const struct identifier *wanted) {
  for (int i = 0; NINO_LETTERS[i]; i++) {
    char form[NUMBER_FULL_SIZE];
    snprintf(form, sizeof form, "%s%c", wanted->value, NINO_LETTERS[i]);
    query_bind_text(q, 3 + i, span_of(form));
  }
}

enum status numbers_holders(struct store *store, const struct identifier *wanted,
                            struct holders *out, struct error *err) {
  bool nino = strcmp(wanted->scheme, "nino") == 0, row = false;
  struct query *q;
  *out = (struct holders){.whole = -1};
  enum status status = store_query(store, &q, nino ? by_nino : by_value, err);
  if (status != DONE) return status;
  query_bind_text(q, 1, span_of(wanted->scheme));
  query_bind_text(q, 2, span_of(wanted->value));
  if (nino) bind_forms(q, wanted);
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

/* Rows of nobody, or of a record of another kind: somebody changed the table. An id or number is of
 * a person, the scheme `household` of a household. */
static enum status check_strays(struct store *store, struct arena *arena,
                                void (*finding)(void *, const char *), void *context,
                                int64_t *found, struct error *err) {
  struct query *q;
  enum status status = store_query(
      store, &q,
      "select i.scheme, i.value, i.party from identifier i left join party p on p.id = i.party "
      "where p.id is null or p.kind <> case i.scheme when 'household' then 'household' else "
      "'person' end order by i.scheme, i.value",
      err);
  if (status != DONE) return status;
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    struct span scheme = query_text(q, 0), value = query_text(q, 1);
    finding(context,
            arena_printf(arena,
                         SPAN_FORMAT
                         ":" SPAN_FORMAT
                         ": the table `identifier` gives it to record %lld, which is no %s; "
                         "delete the row from the table",
                         SPAN(scheme), SPAN(value), (long long)query_int(q, 2),
                         span_is(scheme, "household") ? "household" : "person"));
    (*found)++;
  }
  query_end(q);
  return status;
}

#define OF_A_PERSON "party in (select id from party where kind = 'person')"

/* Reads the numbers of people that are stored in the form of an older book, in order. */
static enum status read_old_forms(struct store *store, struct arena *arena, struct clash **out,
                                  int *count, struct error *err) {
  struct query *q;
  int64_t most;
  enum status status = store_int(store,
                                 "select count(*) from identifier where scheme = 'nino' and "
                                 "length(value) > 8 and " OF_A_PERSON,
                                 0, &most, err);
  *count = 0;
  if (status != DONE || most == 0) return status;
  *out = arena_array(arena, struct clash, most);
  if ((status = store_query(store, &q,
                            "select party, value from identifier where scheme = 'nino' and "
                            "length(value) > 8 and " OF_A_PERSON " order by value",
                            err)) != DONE)
    return status;
  bool row;
  for (int64_t n = 0; (status = query_step(q, &row, err)) == DONE && row && n < most; n++) {
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
                             void (*finding)(void *, const char *), void *context, int64_t *found,
                             struct error *err) {
  struct schemes own;
  struct query *q;
  struct identifier read;
  enum status status = schemes_read(store, arena, &own, err);
  if (status == DONE)
    status = store_query(store, &q,
                         "select i.scheme, i.value, p.code from identifier i join party p on p.id "
                         "= i.party and p.kind = 'person' where i.scheme not in ('id', "
                         "'household', 'nino', 'nhs', 'utr') order by i.scheme, i.value",
                         err);
  if (status != DONE) return status;
  bool row;
  while ((status = query_step(q, &row, err)) == DONE && row) {
    const char *scheme = query_copy(q, arena, 0), *value = query_copy(q, arena, 1);
    if (!identifier_read_value(&own, scheme, span_of(value), &read) &&
        strcmp(read.value, value) == 0)
      continue;
    finding(context, arena_printf(arena,
                                  SPAN_FORMAT
                                  ": the %s '%s' is not as schemes.csv of the policy pack has it; "
                                  "import people with it mended",
                                  SPAN(query_text(q, 2)), scheme, value));
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
  enum status status = check_strays(store, arena, finding, context, found, err);
  if (status == DONE) status = read_old_forms(store, arena, &clashes, &count, err);
  for (int i = 0; status == DONE && i < count; i++) {
    int64_t one = 0;
    status = numbers_meant(store, &clashes[i].holders, &one, err);
    if (status != DONE || one) continue; /* one person, or only one holder left */
    status = report_clash(store, arena, &clashes[i], finding, context, err);
    (*found)++;
  }
  if (status == DONE) status = check_own(store, arena, finding, context, found, err);
  arena_free(arena);
  return status;
}
