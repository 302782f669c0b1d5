/* An assessment as pages show it: for the visitor, or for the {person} whom they help, with what
 * the session keeps of their answers.
 *
 *     struct assessing s;
 *     status = assessing_read(r, &s, &err);
 *     for each of s.now.answers ... assess_amount_words(r, answer, PER_WEEK) ...
 *     int left = answering_left(r, s.answers, &s.now, &first);
 *
 * An answer about oneself, one's home or one's young child is told as a fact (the action fact-tell)
 * and kept for good. What is said of another adult is theirs to tell: it is kept with the session
 * alone, used for the figures of this visitor, and gone when they sign out. So is `I don't know`.
 * The draft is one JSON object, `{"asked": [[variable, person, how, value, per], ...]}`, in the
 * order in which questions were first answered; people by their number in the store.
 */
#ifndef WEAL_WEB_PAGES_ASSESSING_H
#define WEAL_WEB_PAGES_ASSESSING_H

/* How many who say that they are somebody's partner are named to them at once. */
enum { PARTNERS_ASKED = 3 };

#include "assess/claiming.h"
#include "takeup/got.h"
#include "web/pages/pages.h"

/* How a question was answered: as a fact; not (`I don't know`); of another adult, for this session.
 */
enum asked_how { ASKED_TOLD, ASKED_UNSURE, ASKED_SAID, ASKED_HOWS };
struct asked {
  const struct pack_tellable *what;
  int64_t person; /* about whom; of a household's variable the person who is assessed */
  enum asked_how how;
  const char *value, *per; /* ASKED_SAID; else empty */
};
enum { ASKED_MOST = 300 };
struct answering {
  int64_t person; /* who is assessed: their record that counts */
  bool sees;      /* the visitor may see what is known of them: themself, or a helper with `see` */
  int count;
  struct asked all[ASKED_MOST];
};

/* Whether this portal assesses anybody: the pack has entitlements and rules. */
bool assessing_can(const struct request *r);
const struct rules *assessing_rules(const struct request *r); /* null: nobody is assessed */

/* REFUSED never; what another version wrote otherwise counts as not answered. */
enum status answering_read(const struct request *r, struct answering *out,
                           struct error *err) MUST_USE;
/* Adds an answer, or changes it in its place, and writes the draft: inside a row that WRITES. */
enum status answering_keep(const struct request *r, struct answering *a, struct asked one,
                           struct error *err) MUST_USE;
/* Forgets all answers of the session; facts stay. */
enum status answering_forget(const struct request *r, struct error *err) MUST_USE;
/* The place of a question among those answered; count: it was not. */
int answering_find(const struct answering *a, const struct pack_tellable *what, int64_t person);

/* How many questions are left for the visitor, without those passed over; the first as *first;
 * null: none. */
int answering_left(const struct request *r, const struct answering *a, const struct assessment *out,
                   const struct assess_need **first);

/* Whether the visitor may see what is known: themself, or a helper with the scope to see. Who may
 * only tell is asked, and is shown nothing that was told, no amount, and nobody else of the home.
 */
enum status assessing_may_see(const struct request *r, bool *out, struct error *err) MUST_USE;
/* Whether the visitor may answer questions too: themself, or a helper with the scope to tell. */
enum status assessing_may_tell(const struct request *r, bool *out, struct error *err) MUST_USE;

/* Nothing can be said at all: it is not known who belongs together. */
bool assessing_is_open(const struct assessment *now);

/* Whether it is about the person: one of the unit, or somebody of whom something is asked. */
bool assessing_has(const struct assessment *now, int64_t person);

/* A person of the home in words: their name where the visitor may see it (they are registered in
 * one home), else the reference. *code: for addresses. */
enum status assessing_name(const struct request *r, int64_t person, const char **name,
                           const char **code, struct error *err) MUST_USE;

/* All of it at once: what was answered, and the assessment as of now. */
struct assessing {
  struct answering *answers;
  struct assess_request *request;
  struct assessment now;
  /* false: a child under 16, who is assessed with whoever is responsible for them; then nothing was
   * assessed */
  bool is_own;
};
enum status assessing_read(const struct request *r, struct assessing *out,
                           struct error *err) MUST_USE;
/* The same of a page or form: notes a helper's look first, unless the row's `note` has. */
enum status assessing_visit(struct request *r, struct assessing *out, struct error *err) MUST_USE;
/* Notes a helper's look at an assessment, on the person's record, and on that of their partner,
 * whose figures are part of it, where the helper may see any; of one's own assessment nothing. */
enum status assessing_note(const struct request *r, const char *what, struct error *err) MUST_USE;
/* Notes a look on the record of the partner of r->person, who is so by more than one word. */
enum status assessing_note_partner(const struct request *r, const char *what, const char *why,
                                   struct error *err) MUST_USE;
/* What is asked beside, since a claim could harm where it is not known (whether somebody may have
 * public funds); null: nothing. Once it is answered or passed over it is not asked. */
const struct assess_need *assessing_before_claim(const struct request *r, const struct assessing *s,
                                                 const struct assess_claims *claims);

/* ---- amounts ---- */

int64_t assess_pence_of(double pounds);

/* What can be said of an amount a year, in pounds: never below nothing, and without an upper end
 * where that would say nothing (the tax on any income that somebody may have). */
struct year_range_of {
  double low, high;
  bool is_exact;
};
struct year_range_of assess_year_range(const struct assess_answer *a);
/* `£412.10`, `£0.00 to £30.12`, `£12.00 or more`, `not known yet`: for a week, month or year. */
const char *assess_amount_words(const struct request *r, const struct assess_answer *a,
                                enum tell_per per);

/* How an answer came about, as the partial why_lines: `names` of the unit, in its order.
 * pages/entitlements_why.c */
enum status view_why_lines(struct view *v, const struct request *r, const struct assessment *now,
                           const struct assess_answer *a, const char *const *names,
                           struct error *err) MUST_USE;

/* Who pays it or is paid, by name: pages/entitlements_answer.c. */
const char *assess_payer_words(const struct request *r, const struct pack_entitlement *what);

/* What a claim can cost: `warnings`, `sides`, `no_button`, and `claim`, where it is claimed
 * elsewhere; null: nobody gets anything of it. The templates claim_warnings and claim_costs. */
void view_claiming(struct view *item, const struct request *r, const struct assess_claiming *claim);
/* Who advises on the topics, as `has_advice` and `advice`. Template claim_advice. */
enum status view_advice(struct view *v, const struct request *r, const struct assess_request *q,
                        unsigned topics, struct error *err) MUST_USE;

/* ---- what is in payment: pages/entitlements_got.c ---- */

struct answer_got {
  enum got got;
  const char *words; /* how much, since when and by whom; null: it is not got, or not known */
  day_t paid_last;   /* the accounts alone show it, the last payment on this day; else DAY_NONE */
  bool has_year;     /* what is paid now a year is known: a_year, in pence */
  int64_t a_year;
  day_t year_of;            /* a_year is of this day, before this tax year; else DAY_NONE */
  enum got_differs differs; /* by `difference`, in pence a year (takeup/got.h) */
  int64_t difference;
  const char *claimed;    /* a claim waits for an answer: since when; null: none */
  const char *claim_path; /* its page; null: there is none, or it is a partner's */
};
/* One for each answer, in their order (takeup/got.h). */
enum status assessing_got(const struct request *r, const struct assessing *s,
                          const struct assess_claims *claims, const struct answer_got **out,
                          struct error *err) MUST_USE;

/* How much is got now, in words, for whoever reads it; null: it is not got, or not known. The own,
 * the helper's and the officer's page have the same. */
const char *got_words(const struct request *r, const struct pack_entitlement *what,
                      const struct got_now *now);
/* `Claimed on 30 November 2026. It waits for an answer.` */
const char *claim_waits_words(const struct request *r, const struct case_file *claim);
/* The address of its page: of whoever it is about or their helper, or of staff. */
const char *claim_path_of(const struct request *r, const struct case_file *claim, bool is_staff);

/* ---- a change: pages/entitlements_what_if.c ---- */

/* The table `changes`: what would change by benefit, a year, without what other adults pay. Returns
 * how many rows it has. */
int view_changes(struct view *v, const struct request *r, int64_t own,
                 const struct assess_comparison *c);

/* ---- who belongs together: pages/entitlements_relation.c ---- */

/* The form of a relation, as `form`. */
enum status view_relation_form(struct view *v, struct request *r, const struct pack_tellable *what,
                               const char *path, struct view **form, struct error *err) MUST_USE;
/* Tells each that was chosen, by the action fact-tell. REFUSED at `value` or `reference`. */
enum status tell_relation(struct request *r, const struct pack_tellable *what,
                          struct error *err) MUST_USE;

/* What a change that is told once would change, as `told_changes`; nothing for a helper. `kind` is
 * the journey's name; whom: the reference of who died; null: none. pages/entitlements_changes.c */
enum status view_told_changes(struct view *v, struct request *r, const char *kind, const char *whom,
                              struct error *err) MUST_USE;

#endif
