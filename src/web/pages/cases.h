/* What the pages of cases share (case/case.h): cases_list.c (the officers' inbox, the citizen's
 * requests), cases_one.c (one case, its moves), cases_open.c (opening one). Words of a kind, its
 * facts, states and moves are the policy pack's; these files name no kind.
 */
#ifndef WEAL_WEB_PAGES_CASES_H
#define WEAL_WEB_PAGES_CASES_H

#include "case/case.h"
#include "web/pages/pages.h"

/* Who asks, and on which side of the counter. */
struct case_page {
  struct case_actor actor; /* as of the request's transaction */
  struct case_desk desk;
  /* Under /inbox: answers for bodies and roles. Else a citizen, or their helper: their roles count
   * for nothing there, since what they read as officers is noted as a visit. */
  bool is_officer;
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
const char *case_subject_words(const struct request *r, const char *subject);
const char *case_subject_path(const struct request *r, const struct case_page *page,
                              const char *person, const char *subject);

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
