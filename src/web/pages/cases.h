/* What the pages of cases share (case/case.h): cases_list.c (the officers' inbox, the citizen's
 * requests), cases_one.c (one case, its moves), cases_about.c (what
 * it is about), cases_open.c (opening one). Words of a kind, its
 * facts, states and moves are the policy pack's; these files name no kind.
 */
#ifndef WEAL_WEB_PAGES_CASES_H
#define WEAL_WEB_PAGES_CASES_H

#include "case/case.h"
#include "redress/redress.h"
#include "register/register.h"
#include "web/pages/pages.h"

/* Who asks, and on which side of the counter. */
struct case_page {
  struct case_actor actor; /* as of the request's transaction */
  struct case_desk desk;
  /* Under /inbox: answers for bodies and roles. Else a citizen, or their helper: their roles count
   * for nothing there, since what they read as officers is noted as a visit. */
  bool is_officer;
  const struct span *figures; /* claim_view_rests: what the rules come to now; null: kept ones */
};
enum status case_page_begin(const struct request *r, bool is_officer, struct case_page *out,
                            struct error *err) MUST_USE;
/* `/inbox`, `/requests` or `/helping/P000001/requests`. */
const char *case_page_base(const struct request *r, const struct case_page *page);

/* The kind's name; the stored word where the pack has the kind no longer. */
const char *case_kind_words(const struct request *r, const struct case_file *file);
/* The tag of its state as `state`; `late`: a second tag, absent if it is not. */
void view_case_state(struct view *v, const struct request *r, const struct case_file *file);
/* `by 14 December 2026, in 9 working days`; null: it has no last day, or waits no longer. */
const char *case_due_words(const struct request *r, const struct case_file *file);
/* The day, still to come, on which the register changes by what was told; DAY_NONE: it has changed,
 * or nothing changes. Of what waits: if it is accepted. */
day_t case_changes_on(const struct case_file *file);
/* What the rules come to in one sentence with its period; the period by itself is no row (null).
 * `*out`: the fact's text. False: the fact is something else. */
bool claim_figure_words(const struct request *r, const struct case_file *file, const char *word,
                        const struct span *figures, const char **out);
/* "£12.50 a week" */
const char *claim_money_words(const struct request *r, int64_t pence, enum tell_per per);
/* Notes a visit to the record of a person, to answer or to read the case. */
enum status case_note_visit(const struct request *r, const struct case_page *page,
                            const struct case_file *file, int64_t party,
                            struct error *err) MUST_USE;
/* What happened that the program closed it by, as a sentence; null: it did not. */
const char *case_settled_words(const struct request *r, const struct case_file *file);
/* The banner of what was done, of the page's field `done`. */
void case_view_done(struct view *v, const struct request *r);
/* Of a page that shows first what a decision comes to. */
extern const struct field case_confirmed_field, case_shown_field;
/* The page of what the decision of a claim would award; *shown false: it awards nothing, and is no
 * more than an answer, or it was confirmed as it was shown. REFUSED as the action. */
enum status case_check_decision(const struct request *r, struct reply *reply,
                                const struct case_file *file, struct action_call *call,
                                const struct field *fields, bool *shown,
                                struct error *err) MUST_USE;
enum { CASE_MOVES_MOST = 16 }; /* in a form */
/* The visitor sent it, or helps who did; and is not there as an officer. */
bool case_is_senders(const struct case_page *page, const struct case_file *file);
/* It waits for them and not for an answer: they were asked for more. */
bool case_asks_them(const struct case_page *page, const struct case_file *file);
/* What whoever sent it waits for: an answer; or, once everything is decided, that somebody carries
 * it out. */
const char *case_waits_words(const struct request *r, const struct case_file *file);
/* What they are asked, in the words of whoever asks; null: nothing. */
const char *case_question(const struct case_page *page, const struct case_file *file);
/* Somebody took it back, who opened it; or it ran out. Neither is an answer. */
bool case_taken_back(const struct case_file *file);
/* Who answered and when; null: nobody did. */
enum status case_answered_words(const struct request *r, const struct case_page *page,
                                const struct case_file *file, const char **out,
                                struct error *err) MUST_USE;
/* A role as people read it, such as `an administrator of Harrowmere`. */
const char *case_role_words(const struct request *r, const char *role);
/* The body or the role whose decision it is; empty: a person's, or nobody's. */
const char *case_office_words(const struct request *r, const struct case_file *file);
/* Who decides it: a body's name, a role, a person's reference, `you`; null: nobody in
 * particular. */
const char *case_decider_words(const struct request *r, const struct case_page *page,
                               const struct case_file *file, struct error *err);
/* The sentence that a move ends with, of `done` as a form's answer puts it into the address
 * (`KIND:MOVE`); null: there is no such move. */
const char *case_done_words(const struct request *r, struct span done);
/* A fact's value as people read it. */
const char *case_fact_words(const struct request *r, const struct pack_case_fact *fact,
                            const char *text);
/* What else it is about, of a subject or a result such as `line:12:3`: words, and where it is
 * shown (null: nowhere for this visitor). */
/* Of a decided claim or dispute: what can be done against it, with its last day (claims.c). *count:
 * how many were added to `steps`. */
enum status claim_view_steps(struct view *v, const struct request *r, const struct case_page *page,
                             const struct case_file *file, int *count, struct error *err) MUST_USE;
/* For whoever decides a claim or a dispute of one: what the decision rests on, as `rests`; sets
 * page->figures. Call it first: cases_claim.c. */
enum status claim_view_rests(struct view *v, const struct request *r, struct case_page *page,
                             const struct case_file *file, struct error *err) MUST_USE;
/* What a decision of a claim asks so as it fits what is claimed; false: it asks nothing. */
bool claim_fit_field(const struct request *r, const struct case_page *page,
                     const struct case_file *file, const struct pack_case_fact *fact,
                     struct field *field);
struct award_call;
struct award_assessed;
struct award_call claim_call_of(const struct request *r);
/* "By the rules it is £12.50 a week.", or why whoever decides it cannot read it there. */
const char *claim_comes_words(const struct request *r, const struct pack_entitlement *what,
                              const struct award_assessed *a);
/* A fact of the case, with page->figures in place of what it keeps. */
const char *claim_fact(const struct request *r, const struct case_file *file,
                       const struct pack_case_fact *fact, const struct span *figures);
/* The awards of whoever a claim or a dispute is about, for the two that follow; none where it
 * awarded nothing. */
struct awards;
enum status claim_awards(const struct request *r, const struct case_file *file, struct awards *out,
                         struct error *err) MUST_USE;
/* What it awarded, as it was decided; null: nothing. */
const char *claim_result_words(const struct request *r, const struct case_file *file,
                               const struct awards *rows);
/* What became of the award since the decision, each change and end in a sentence, the first first:
 * when, why and by which organisation. How many. */
int claim_changes_since(const struct request *r, const struct case_file *file,
                        const struct awards *rows, const char **out, int most);
/* Of a claim or a dispute a helper who may only tell reads what was sent, and no amount. */
bool case_hides_amounts(const struct case_page *page, const struct case_file *file);
/* The standard of a subject such as `standard:school-place:2025-26`, and its *year (null: not
 * wanted); null: it is none, or the pack has it no longer. */
const struct pack_standard *case_standard(const struct pack *pack, const char *subject,
                                          const char **year);
/* Whether an officer reads what a claim rests on: whoever decides it, and afterwards whoever acts
 * for the organisation whose decision it was; not who took it for another organisation. */
bool claim_may_read(const struct request *r, const struct case_page *page,
                    const struct case_file *file);
const char *case_subject_words(const struct request *r, const char *subject);
const char *case_subject_path(const struct request *r, const struct case_page *page,
                              const char *person, const char *subject);

/* ---- what it is about (cases_about.c) ---- */

/* `Council Tax, £178.58, 15 January 2026`, whole with the organisation; of anything but an item,
 * and of an item that is not there, what case_subject_words says. CASE_ABOUT_KIND: `Council Tax`;
 * null: it is no item. For a list that is read before the visit to the record is noted. */
enum case_about { CASE_ABOUT_KIND, CASE_ABOUT_SHORT, CASE_ABOUT_WHOLE };
enum status case_about_words(const struct request *r, int64_t party, const char *subject,
                             enum case_about how, const char **out, struct error *err) MUST_USE;
/* What the decision about an item did, as a sentence; null: nothing. */
enum status case_corrected_words(const struct request *r, const struct case_file *file,
                                 const char **out, struct error *err) MUST_USE;
/* In what the item is measured that the case is about; *found false: it is about none. */
enum status case_measure(const struct request *r, const struct case_file *file, bool *found,
                         enum measure *out, struct error *err) MUST_USE;
/* Of an item only what it is measured in is asked: what would be right is said in the same. */
bool case_fact_fits(const struct pack_case_fact *fact, bool is_item, enum measure measure);
/* Whether two people live in one household today. */
enum status case_share_home(const struct request *r, int64_t one, int64_t other, bool *out,
                            struct error *err) MUST_USE;
/* The kind of the case that this one is about; empty: it is about none. */
enum status case_about_kind(const struct request *r, const struct case_page *page,
                            const struct case_file *file, const char **out,
                            struct error *err) MUST_USE;
/* What the acceptance of something told changed, as a sentence; null: nothing, or not yet. */
enum status case_changed_words(const struct request *r, const struct case_page *page,
                               const struct case_file *file, const char **out,
                               struct error *err) MUST_USE;
/* Who has died, by name, for whoever told it of somebody they live with; null: the page shows the
 * fact as it was told. */
enum status case_dead_words(const struct request *r, const struct case_page *page,
                            const struct case_file *file, const char **out,
                            struct error *err) MUST_USE;
/* The home of a person on a day, and who else lives in it. */
struct case_home {
  const char *code, *where; /* of the household; address, or place. Null: none */
  struct person *others;
  int count;
};
enum status case_home_of(const struct request *r, int64_t parent, day_t day, struct case_home *out,
                         struct error *err) MUST_USE;
/* The earlier cases that this one is about, each with its facts, its words and its answer, as the
 * list `abouts`; and what lies at the end of them. */
struct case_subject {
  struct case_file file; /* whose subject it is */
  const char *words;     /* null: it is about nothing else */
};
enum status case_view_about(struct view *v, const struct request *r, const struct case_page *page,
                            const struct case_file *file, struct case_subject *out,
                            struct error *err) MUST_USE;

/* ---- forms ---- */

/* The form's field for a fact, named as the fact. */
struct field case_fact_field(const struct request *r, const struct pack_case_fact *fact);
/* The facts of `asked` (`open`, or a move's word) that the form gave, in the arena. */
struct case_fact *case_facts_given(const struct request *r, const struct pack_case_kind *kind,
                                   const char *asked, int *count);
/* Whether the visitor may open a case of this kind. */
bool case_page_opens(const struct case_page *page, const struct pack_case_kind *kind);
/* The ways to open one, as the list `ways`: `href`, `name`, `help`. */
void case_view_ways(struct view *v, const struct request *r, const struct case_page *page);
/* Where a case of this kind about `about` (`case:7`, `line:12:3`) is opened, or null: not by this
 * visitor. */
const char *case_open_path(const struct request *r, const struct case_page *page,
                           const struct pack_case_kind *kind, const char *about);
/* The same for the kind that is opened from the page of such a thing. */
const char *case_about_path(const struct request *r, const struct case_page *page,
                            const char *about);

#endif
