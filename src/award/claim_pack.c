#include "award/claim_pack.h"

#include "award/assessed.h"
#include "award/goes_along.h"
#include "base/money.h"
#include "register/facts.h"
#include "register/names.h"
#include "register/register.h"

enum { PACK_VERSION = 1 };

struct making {
  const struct award_call *call;
  const struct claim_pack_of *of;
  struct document *d;
};

static struct doc_value text_or_null(const char *text) {
  return text && *text ? doc_text(text) : doc_null();
}

/* ---- the parts ---- */

static enum status put_claim(struct making *m, struct error *err) {
  const struct award_call *call = m->call;
  const enum language l = m->of->language;
  const struct pack_entitlement *what = m->of->row->what;
  struct register_name body = {0};
  struct error none = {0};
  int64_t id = 0;
  enum status status = claim_body(call->store, call->arena, call->pack, m->of->person, what,
                                  call->today, &id, &none);
  if (status == FAILED) return *err = none, status;
  if (status == DONE && register_name_of_body(call->store, call->arena, id, &body, err) != DONE)
    return err->code;
  document_open(m->d, "claim", say(l, "What is claimed"));
  document_value(m->d, "variable", NULL, doc_text(what->variable));
  document_value(m->d, "name", say(l, "Benefit"), doc_text(what->name[l]));
  document_value(m->d, "from", say(l, "From which day"), doc_day(m->of->from));
  document_value(m->d, "body", say(l, "Who decides it"), text_or_null(body.name));
  document_value(m->d, "address", what->claim && *what->claim ? say(l, "Where to claim") : NULL,
                 text_or_null(what->claim));
  if (!what->claim || !*what->claim)
    document_paragraph(
        m->d,
        say(l, "Where it is claimed is not known here. Ask the organisation that decides it."));
  document_value(m->d, "law", say(l, "Law"), doc_text(m->of->row->source));
  document_close(m->d);
  return DONE;
}

static enum status put_person(struct making *m, struct error *err) {
  const enum language l = m->of->language;
  struct person p = {0};
  enum status status = register_surviving_person(m->call->store, m->call->arena, m->of->person, &p,
                                                 err);
  if (status != DONE) return status;
  document_open(m->d, "person", say(l, "Who claims"));
  document_value(m->d, "reference", say(l, "Reference"), text_or_null(p.code));
  document_value(m->d, "name", say(l, "Name"), text_or_null(p.name));
  document_value(m->d, "born", say(l, "Date of birth"),
                 p.born == DAY_NONE ? doc_null() : doc_day(p.born));
  document_close(m->d);
  return DONE;
}

static const char *per_words(enum tell_per per, enum language l) {
  return per == PER_WEEK    ? say(l, "a week")
         : per == PER_MONTH ? say(l, "a month")
                            : say(l, "a year");
}

/* A highest is written only where there is one. */
static void put_amount(struct document *d, const struct award_assessed *a, enum language l) {
  const char *low = NULL, *high = NULL;
  bool has_high = false;
  switch (a->known) {
  case AWARD_OPEN: break;
  case AWARD_EXACT:
    low = say(l, "Amount");
    has_high = true;
    break;
  case AWARD_RANGE:
    low = say(l, "At least");
    high = say(l, "At most");
    has_high = true;
    break;
  case AWARD_AT_LEAST: low = say(l, "At least"); break;
  }
  document_value(d, "known", NULL, doc_text(low ? "yes" : "no"));
  if (!low)
    document_paragraph(
        d,
        say(l, "It is not known yet how much it is: something that it depends on was not told."));
  document_value(d, "low", low, low ? doc_money(a->low) : doc_null());
  document_value(d, "high", high, has_high ? doc_money(a->high) : doc_null());
}

static enum status put_rules(struct making *m, struct error *err) {
  const enum language l = m->of->language;
  const struct pack_entitlement *what = m->of->row->what;
  struct award_call shown = *m->call;
  struct award_assessed a = {0};
  struct span versions = span_of("");
  shown.as_person = true;
  enum status status = award_assess(&shown, m->of->person, what, m->of->from, &a, err);
  if (status == DONE) status = award_versions(m->call, &versions, err);
  if (status != DONE) return status;
  document_open(m->d, "rules", say(l, "What the rules come to"));
  put_amount(m->d, &a, l);
  document_value(m->d, "per", NULL, doc_text(tell_per_word(what->per)));
  if (a.known != AWARD_OPEN)
    document_value(m->d, NULL, say(l, "For"), doc_text(per_words(what->per, l)));
  document_value(m->d, "versions", say(l, "Rules and rows"),
                 doc_text(arena_copy(m->call->arena, versions.bytes, versions.size)));
  document_close(m->d);
  return status;
}

/* Whose word it is: for people who read the pack, in words. */
static const char *sayer_words(const struct fact *f, enum language l) {
  switch (f->said_as) {
  case FACT_BY_SELF: return say(l, "the claimant, or somebody of their home");
  case FACT_BY_HELPER: return say(l, "a helper");
  case FACT_BY_OFFICER: return say(l, "an officer");
  case FACT_BY_BODY: return say(l, "an organisation");
  default: return say(l, "whoever keeps these accounts");
  }
}

static const char *source_words(const struct fact *f, enum language l) {
  switch (f->source) {
  case FACT_DECISION: return say(l, "decided");
  case FACT_EVIDENCED: return say(l, "shown");
  case FACT_TOLD: return say(l, "told");
  default: return say(l, "estimated");
  }
}

/* Whom a relation is to by their reference, as it was told. */
static enum status value_of(struct making *m, const struct fact *f, const char **out,
                            struct error *err) {
  struct register_name other = {0};
  struct text value = {0};
  if (!f->other) text_add_fact_value(&value, m->call->pack, f, m->of->language);
  else if (register_name_of_party(m->call->store, m->call->arena, f->other, &other, err) != DONE)
    return err->code;
  *out = f->other ? other.code : text_take(m->call->arena, &value);
  return DONE;
}

static enum status put_facts(struct making *m, const struct goes_person *claimant,
                             struct error *err) {
  const enum language l = m->of->language;
  const struct doc_column columns[] = {{"fact", NULL},
                                       {"variable", NULL},
                                       {"name", say(l, "What")},
                                       {"value", say(l, "Answer")},
                                       {"from", say(l, "Since")},
                                       {"said_by", say(l, "Said by")},
                                       {"source", say(l, "How")},
                                       {"said_at", say(l, "When")}};
  enum status status = DONE;
  document_open(m->d, NULL, say(l, "What was told that this claim needs"));
  document_table(m->d, "facts", NULL, columns, 8, NULL);
  for (int i = 0; status == DONE && i < claimant->count; i++) {
    const struct fact *f = claimant->all[i].fact;
    const char *value = NULL;
    status = value_of(m, f, &value, err);
    document_cell(m->d, doc_count(f->id));
    document_cell(m->d, doc_text(f->variable));
    document_cell(m->d, doc_text(claimant->all[i].what->name[l]));
    document_cell(m->d, text_or_null(value));
    document_cell(m->d, doc_day(f->from));
    document_cell(m->d, doc_text(sayer_words(f, l)));
    document_cell(m->d, doc_text(source_words(f, l)));
    document_cell(m->d, doc_day(clock_day_of(span_of(f->said_at))));
  }
  document_table_end(m->d);
  document_close(m->d);
  return status;
}

/* ---- who claims with them ---- */

static const char *role_words(enum unit_role role, enum language l) {
  return role == UNIT_PARTNER ? say(l, "Partner") : say(l, "Child");
}

/* By the reference that was told; by name only who lives in the same home. */
static enum status put_others(struct making *m, const struct goes_along *goes, struct error *err) {
  const enum language l = m->of->language;
  const struct award_call *call = m->call;
  const bool shown = goes->count > 1;
  const struct doc_column columns[] = {{"relation", NULL},
                                       {NULL, shown ? say(l, "Who") : NULL},
                                       {"reference", shown ? say(l, "Reference") : NULL},
                                       {"name", shown ? say(l, "Name") : NULL}};
  struct person claimant = {0}, other = {0};
  enum status status = register_surviving_person(call->store, call->arena, m->of->person, &claimant,
                                                 err);
  document_table(m->d, "others", NULL, columns, 4, NULL);
  for (int i = 1; status == DONE && i < goes->count; i++) {
    const struct goes_person *p = &goes->people[i];
    status = register_surviving_person(call->store, call->arena, p->person, &other, err);
    const int64_t home = person_household(&claimant, m->of->from);
    const bool shares = home && person_household(&other, m->of->from) == home;
    document_cell(m->d, doc_text(unit_role_word(p->role)));
    document_cell(m->d, doc_text(role_words(p->role, l)));
    document_cell(m->d, text_or_null(other.code));
    document_cell(m->d, text_or_null(shares ? other.name : NULL));
  }
  document_table_end(m->d);
  return status;
}

static enum status put_one_answer(struct making *m, const char *whose,
                                  const struct goes_answer *answer, struct error *err) {
  const char *value = NULL;
  if (answer->is_claimants && value_of(m, answer->fact, &value, err) != DONE) return err->code;
  document_cell(m->d, text_or_null(whose));
  document_cell(m->d, doc_text(answer->fact->variable));
  document_cell(m->d, doc_text(answer->what->name[m->of->language]));
  document_cell(m->d, text_or_null(value));
  return DONE;
}

/* Their own answers: which they are, and what they say only where the claimant told it. */
static enum status put_their_answers(struct making *m, const struct goes_along *goes, bool shown,
                                     struct error *err) {
  const enum language l = m->of->language;
  const struct doc_column columns[] = {{"reference", shown ? say(l, "Whose") : NULL},
                                       {"variable", NULL},
                                       {"name", shown ? say(l, "What") : NULL},
                                       {"value", shown ? say(l, "Answer") : NULL}};
  enum status status = DONE;
  document_table(m->d, "their_answers", NULL, columns, 4, NULL);
  for (int i = 1; i < goes->count; i++) {
    const struct goes_person *p = &goes->people[i];
    struct register_name name = {0};
    if (status == DONE)
      status = register_name_of_party(m->call->store, m->call->arena, p->person, &name, err);
    for (int k = 0; status == DONE && k < p->count; k++)
      status = put_one_answer(m, name.code, &p->all[k], err);
  }
  document_table_end(m->d);
  return status;
}

static enum status put_people(struct making *m, const struct goes_along *goes, struct error *err) {
  const enum language l = m->of->language;
  bool hides = false, some = false;
  for (int i = 1; i < goes->count; i++)
    for (int k = 0; k < goes->people[i].count; k++) {
      some = true;
      hides |= !goes->people[i].all[k].is_claimants;
    }
  document_open(m->d, NULL, goes->count > 1 ? say(l, "Who claims with them") : NULL);
  enum status status = put_others(m, goes, err);
  if (hides)
    document_paragraph(
        m->d, say(l, "What they told of themselves is theirs, and is not written here. The "
                     "organisation reads it with a claim that is sent from these pages, "
                     "and else asks them."));
  if (status == DONE) status = put_their_answers(m, goes, some, err);
  document_close(m->d);
  return status;
}

enum status claim_pack(const struct award_call *call, const struct claim_pack_of *of,
                       struct document **out, struct error *err) {
  const enum language l = of->language;
  struct making m = {call, of,
                     document_new(call->arena, l,
                                  arena_printf(call->arena, say(l, "Claim pack: %s"),
                                               of->row->what->name[l]))};
  document_value(m.d, "format", NULL, doc_text("commonweal-claim-pack"));
  document_value(m.d, "version", NULL, doc_count(PACK_VERSION));
  document_value(m.d, "made", say(l, "Made on"), doc_day(call->today));
  document_paragraph(m.d,
                     say(l, "This is what we know that the claim needs, and nothing else. It is no "
                            "claim yet: it is claimed from the organisation that decides it."));
  const struct goes_along_of going = {.person = of->person, .what = of->row->what, .on = of->from};
  struct goes_along goes = {0};
  enum status status = goes_along(call, &going, &goes, err);
  if (status == DONE) status = put_claim(&m, err);
  if (status == DONE) status = put_person(&m, err);
  if (status == DONE) status = put_people(&m, &goes, err);
  if (status == DONE) status = put_rules(&m, err);
  if (status == DONE) status = put_facts(&m, &goes.people[0], err);
  *out = m.d;
  return status;
}

/* ---- with a claim ---- */

/* Its files are the claimant's, who sent it; whoever opened it for them is in the history. */
enum status claim_pack_attach(const struct award_call *call, const struct case_file *file,
                              const struct pack_claim *row, struct error *err) {
  static const struct {
    enum format format;
    const char *name;
  } files[] = {{FORMAT_PDF, "claim-pack.pdf"}, {FORMAT_JSON, "claim-pack.json"}};
  const struct case_actor claimant = {
      .person = file->party, .who = call->who, .records = &file->party, .record_count = 1};
  const char *from = case_fact(file, "from");
  struct claim_pack_of of = {.person = file->party, .row = row, .from = call->today};
  struct document *d = NULL;
  if (from && day_parse(span_of(from), &of.from, err) != DONE) return err->code;
  enum status status = claim_pack(call, &of, &d, err);
  for (int i = 0; status == DONE && i < 2; i++) {
    struct text bytes = {0};
    document_render(d, files[i].format, NULL, &bytes);
    status = case_attach(call->store, &claimant, file, span_of(files[i].name),
                         span_make(bytes.bytes, bytes.size), err);
    text_release(&bytes);
  }
  return status;
}
