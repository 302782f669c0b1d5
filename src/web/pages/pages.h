/* The functions of the table's rows (routes.c), one file for each subject, and the fields of their
 * forms. Functions named page_ show, functions named act_ change something.
 */
#ifndef WEAL_WEB_PAGES_PAGES_H
#define WEAL_WEB_PAGES_PAGES_H

#include "base/refusal.h"
#include "register/access_log.h"
#include "statement/statement.h"
#include "web/request.h"

/* pages/home.c */
enum status page_home(struct request *r, struct reply *reply, struct error *err);
enum status page_accessibility(struct request *r, struct reply *reply, struct error *err);
enum status page_privacy(struct request *r, struct reply *reply, struct error *err);
enum status page_cookies(struct request *r, struct reply *reply, struct error *err);
enum status page_asset(struct request *r, struct reply *reply, struct error *err);

/* pages/help.c: help for citizens */
enum status page_help(struct request *r, struct reply *reply, struct error *err);
enum status page_help_one(struct request *r, struct reply *reply, struct error *err);

/* pages/keeper.c: who keeps the book */
extern const struct field keeper_page_fields[];
enum status page_keeper(struct request *r, struct reply *reply, struct error *err);
enum status page_keeper_form(struct request *r, struct reply *reply, struct error *err);
enum status act_keeper(struct request *r, struct reply *reply, struct error *err);
/* Sets `keeper`: rows of what is set, for the partial summary_list; absent where nobody is named.
 */
void view_keeper(struct view *v, const struct request *r);
/* The labels of what is not set, with commas; null: all is set. */
const char *keeper_missing(const struct request *r);

/* Sets `licence` and `licence_address`, for the partial licence: of the public figures. */
void view_licence(struct view *v, const struct request *r);

/* pages/own_home.c: where somebody who has signed in begins */
enum status page_own_home(struct request *r, struct reply *reply, struct error *err);
/* The path of the page where somebody with these roles begins. */
const char *home_path(const struct granted_roles *roles);
/* For {{>homes}}: the visitor's other pages to begin from, where they have more than one. */
void view_homes(struct view *v, const struct request *r, const char *here);
/* pages/check.c: anybody checks a statement */
extern const struct field check_fields[], check_page_fields[];
enum status page_check(struct request *r, struct reply *reply, struct error *err);
enum status act_check(struct request *r, struct reply *reply, struct error *err);

/* pages/sign_in.c */
extern const struct field sign_in_fields[], sign_out_fields[];
enum status page_sign_in(struct request *r, struct reply *reply, struct error *err);
enum status act_sign_in(struct request *r, struct reply *reply, struct error *err);
enum status page_sign_out(struct request *r, struct reply *reply, struct error *err);
enum status act_sign_out(struct request *r, struct reply *reply, struct error *err);

/* pages/messages.c */
extern const struct field messages_fields[];
enum status page_messages(struct request *r, struct reply *reply, struct error *err);
enum status act_messages(struct request *r, struct reply *reply, struct error *err);

/* pages/facts.c, pages/facts_tell.c */
struct fact;
/* What was told, as people read it; a relation by the reference that was told: the name is theirs
 * to give. pages/facts.c */
const char *fact_value_words(const struct request *r, const struct fact *fact);
struct fact_form {
  const char *path, *button; /* without the language; the word on the button */
  bool days;                 /* since when and until when are asked too */
  bool records;              /* by staff: how it is known and what shows it are asked too */
  bool corrects;             /* an answer that was given: since when it is right is asked so */
  const char *label;         /* in place of the question, without its hint; null: the question */
};
/* The form of what can be told, as `form`, with what was told (null: nothing) or sent. */
struct view *view_fact_form(struct view *v, const struct request *r,
                            const struct pack_tellable *what, const struct fact *f,
                            const struct fact_form *how);
enum status page_awards(struct request *r, struct reply *reply, struct error *err);
/* pages/awards_of.c, pages/claims_take.c: for staff */
extern const struct field awards_of_fields[];
enum status page_awards_of(struct request *r, struct reply *reply, struct error *err);
enum status page_award_of(struct request *r, struct reply *reply, struct error *err);
enum status act_award_of(struct request *r, struct reply *reply, struct error *err);
enum status note_claims_of(struct request *r, struct reply *reply, struct error *err);
enum status page_claim_of(struct request *r, struct reply *reply, struct error *err);
enum status act_claim_of(struct request *r, struct reply *reply, struct error *err);
extern const struct field claim_pack_fields[];
extern const struct field claim_page_fields[];
enum status note_claims(struct request *r, struct reply *reply, struct error *err);
enum status page_claim_pack(struct request *r, struct reply *reply, struct error *err);
enum status page_claim(struct request *r, struct reply *reply, struct error *err);
enum status act_claim(struct request *r, struct reply *reply, struct error *err);
extern const struct field facts_fields[];
enum status page_facts(struct request *r, struct reply *reply, struct error *err);
enum status page_tell_fact(struct request *r, struct reply *reply, struct error *err);
enum status page_fact(struct request *r, struct reply *reply, struct error *err);
enum status page_withdraw_fact(struct request *r, struct reply *reply, struct error *err);
enum status act_tell_fact(struct request *r, struct reply *reply, struct error *err);
enum status act_correct_fact(struct request *r, struct reply *reply, struct error *err);
enum status act_withdraw_fact(struct request *r, struct reply *reply, struct error *err);

/* of /facts/tell/{variable}, /facts/one/{fact} and /people/{person}/facts/{variable} */
const struct field *fact_tell_fields(const struct request *r, const struct span *names);
const struct field *fact_correct_fields(const struct request *r, const struct span *names);
const struct field *fact_record_fields(const struct request *r, const struct span *names);

/* pages/facts_of.c: what is known of somebody else; for a helper, and for staff */
extern const struct field facts_of_fields[], facts_helped_fields[], fact_of_fields[];
enum status page_facts_helped(struct request *r, struct reply *reply, struct error *err);
enum status page_facts_of(struct request *r, struct reply *reply, struct error *err);
enum status page_fact_of(struct request *r, struct reply *reply, struct error *err);
enum status act_fact_of(struct request *r, struct reply *reply, struct error *err);
enum status note_assessment_of(struct request *r, struct reply *reply, struct error *err);
enum status page_entitlements_of(struct request *r, struct reply *reply, struct error *err);

/* pages/entitlements.c: what one may get and must pay. The same functions serve oneself and, under
 * /helping/{person}, a helper. */
extern const struct field entitlements_unsure_fields[];
enum status note_assessment(struct request *r, struct reply *reply, struct error *err);
enum status page_entitlements(struct request *r, struct reply *reply, struct error *err);
enum status page_entitlements_next(struct request *r, struct reply *reply, struct error *err);
enum status page_entitlements_ask(struct request *r, struct reply *reply, struct error *err);
enum status act_entitlements_ask(struct request *r, struct reply *reply, struct error *err);
enum status act_entitlements_unsure(struct request *r, struct reply *reply, struct error *err);
enum status act_entitlements_again(struct request *r, struct reply *reply, struct error *err);
/* of .../entitlements/ask/{variable}: pages/entitlements_relation.c */
const struct field *entitlements_ask_fields(const struct request *r, const struct span *names);
/* of /helping/{person}/entitlements/ask/{variable} */
const struct field *entitlements_ask_fields_for(const struct request *r, const struct span *names);
/* of .../ask/{variable}/of/{whose}: oneself, a helper */
const struct field *entitlements_ask_of_fields(const struct request *r, const struct span *names);
const struct field *entitlements_ask_of_fields_for(const struct request *r,
                                                   const struct span *names);
/* pages/entitlements_answer.c, pages/entitlements_why.c */
extern const struct field entitlements_answer_fields[];
enum status page_entitlements_answer(struct request *r, struct reply *reply, struct error *err);
enum status page_entitlements_why(struct request *r, struct reply *reply, struct error *err);
/* pages/entitlements_what_if.c */
enum status page_what_ifs(struct request *r, struct reply *reply, struct error *err);
enum status page_what_if(struct request *r, struct reply *reply, struct error *err);
/* of .../what-if/{what} */
const struct field *what_if_fields(const struct request *r, const struct span *names);
/* of /helping/{person}/.../what-if/{what} */
const struct field *what_if_fields_for(const struct request *r, const struct span *names);

/* pages/access_log.c */
extern const struct field looked_fields[];
enum status page_copy(struct request *r, struct reply *reply, struct error *err);
enum status page_copy_file(struct request *r, struct reply *reply, struct error *err);
enum status page_looked(struct request *r, struct reply *reply, struct error *err);
/* How many visits of others there were since a day; `more`: at least so many, since only the newest
 * looks are read. */
struct visits_count {
  int64_t count;
  bool more;
};
enum status access_visits_since(const struct request *r, day_t since, struct visits_count *out,
                                struct error *err) MUST_USE;
enum status page_object(struct request *r, struct reply *reply, struct error *err);
enum status act_object(struct request *r, struct reply *reply, struct error *err);

/* pages/notify.c: tell us once (journey.h). The same functions serve oneself and, under
 * /helping/{person}, a helper. */
enum status page_notify(struct request *r, struct reply *reply, struct error *err);
enum status page_notify_start(struct request *r, struct reply *reply, struct error *err);
enum status page_notify_question(struct request *r, struct reply *reply, struct error *err);
enum status act_notify_question(struct request *r, struct reply *reply, struct error *err);
enum status page_notify_check(struct request *r, struct reply *reply, struct error *err);
enum status act_notify_check(struct request *r, struct reply *reply, struct error *err);
enum status page_notify_done(struct request *r, struct reply *reply, struct error *err);
/* of .../{kind}/{question} */
const struct field *notify_fields(const struct request *r, const struct span *names);
/* of .../{person}/tell-us-once/{kind}/{question} */
const struct field *notify_fields_for(const struct request *r, const struct span *names);
/* pages/account.c */
extern const struct field account_fields[];
enum status page_account(struct request *r, struct reply *reply, struct error *err);
enum status page_line(struct request *r, struct reply *reply, struct error *err);
enum status act_ask_amount(struct request *r, struct reply *reply, struct error *err);

/* pages/statement.c */
extern const struct field statement_fields[], verify_fields[], life_fields[];
enum status page_statement(struct request *r, struct reply *reply, struct error *err);
enum status page_verify(struct request *r, struct reply *reply, struct error *err);
enum status page_life(struct request *r, struct reply *reply, struct error *err);

/* pages/time.c */
extern const struct field time_fields[];
enum status page_time(struct request *r, struct reply *reply, struct error *err);
enum status act_give(struct request *r, struct reply *reply, struct error *err);

/* pages/helpers.c */
extern const struct field helpers_fields[], helping_fields[];
enum status page_helpers(struct request *r, struct reply *reply, struct error *err);
enum status page_helping(struct request *r, struct reply *reply, struct error *err);
enum status page_helping_one(struct request *r, struct reply *reply, struct error *err);
enum status act_offer(struct request *r, struct reply *reply, struct error *err);
enum status act_withdraw_offers(struct request *r, struct reply *reply, struct error *err);
enum status act_end_helper(struct request *r, struct reply *reply, struct error *err);
enum status act_accept(struct request *r, struct reply *reply, struct error *err);
enum status act_end_helping(struct request *r, struct reply *reply, struct error *err);

/* pages/people.c: staff find a person and see what that person has from their bodies */
extern const struct field reason_fields[], find_fields[], person_fields[];
enum status page_people(struct request *r, struct reply *reply, struct error *err);
enum status act_find_people(struct request *r, struct reply *reply, struct error *err);
enum status page_reason(struct request *r, struct reply *reply, struct error *err);
enum status act_reason(struct request *r, struct reply *reply, struct error *err);
enum status page_person(struct request *r, struct reply *reply, struct error *err);

/* pages/record.c: they record, and reverse */
extern const struct field record_page_fields[], staff_line_fields[];
enum status page_record(struct request *r, struct reply *reply, struct error *err);
enum status act_record(struct request *r, struct reply *reply, struct error *err);
struct case_file;
struct record_words { /* of a record that a second person approves; each may be null */
  const char *quantity, *value, *why;
};
enum status record_asked_words(const struct request *r, const struct case_file *file,
                               struct record_words *out, struct error *err) MUST_USE;
enum status page_staff_line(struct request *r, struct reply *reply, struct error *err);
enum status act_reverse(struct request *r, struct reply *reply, struct error *err);

/* pages/cases_list.c: what waits for an officer, and what a citizen asked or is asked. The pages of
 * requests serve oneself and, under /helping/{person}, a helper. */
extern const struct field inbox_fields[], requests_fields[];
enum status page_inbox(struct request *r, struct reply *reply, struct error *err);
enum status page_requests(struct request *r, struct reply *reply, struct error *err);
enum status page_work(struct request *r, struct reply *reply, struct error *err);
/* For {{>due_cases}}: what waits for the visitor's bodies and roles, the first deadlines. */
enum status view_due_cases(struct view *v, const struct request *r, struct error *err) MUST_USE;
/* What waits for the visitor themself (`asked`), what they wait for (`sent`), and what was answered
 * since a day (`answered`). */
enum status view_own_cases(struct view *v, const struct request *r, day_t since,
                           struct error *err) MUST_USE;
/* For {{>waiting}}: how many requests wait for the visitor, and for the office that they answer
 * for. */
enum status view_waiting(struct view *v, const struct request *r, struct error *err) MUST_USE;

/* pages/cases_one.c: one case, its moves and its files */
extern const struct field case_page_fields[];
enum status page_inbox_case(struct request *r, struct reply *reply, struct error *err);
enum status act_inbox_case(struct request *r, struct reply *reply, struct error *err);
enum status act_assign(struct request *r, struct reply *reply, struct error *err);
enum status page_inbox_file(struct request *r, struct reply *reply, struct error *err);
enum status page_request(struct request *r, struct reply *reply, struct error *err);
enum status act_request(struct request *r, struct reply *reply, struct error *err);
enum status page_attach(struct request *r, struct reply *reply, struct error *err);
enum status act_attach(struct request *r, struct reply *reply, struct error *err);
enum status page_request_file(struct request *r, struct reply *reply, struct error *err);
/* of /inbox/{case}, /requests/{case} and /helping/{person}/requests/{case} */
const struct field *inbox_case_fields(const struct request *r, const struct span *names);
const struct field *request_fields(const struct request *r, const struct span *names);
const struct field *request_fields_for(const struct request *r, const struct span *names);

/* pages/cases_open.c: opening one */
extern const struct field open_fields[];
enum status page_open(struct request *r, struct reply *reply, struct error *err);
enum status act_open(struct request *r, struct reply *reply, struct error *err);
/* of /requests/new/{kind} and /helping/{person}/requests/new/{kind} */
const struct field *open_fields_of(const struct request *r, const struct span *names);
const struct field *open_fields_for(const struct request *r, const struct span *names);

/* What pages of staff share: pages/people.c. False: staff have given no reason for r->person yet,
 * and the reply leads to the page that asks for it. Call it before anything of a person is read. */
bool staff_has_reason(const struct request *r, struct reply *reply);
void staff_view_reason(struct view *v, const struct request *r); /* for {{>staff_reason}} */
/* A reason with which the session may open this person's record, or one of those `found`. */
enum status staff_keep_reason(const struct request *r, int64_t person, const char *reason,
                              bool found, struct error *err) MUST_USE;
/* notes an access to r->person, with the reason, which holds for this person from then on */
enum status staff_note_access(const struct request *r, const char *what,
                              struct error *err) MUST_USE;
/* r->person, or the survivor if their record was merged */
enum status staff_person(const struct request *r, struct person *out, struct error *err) MUST_USE;
/* The person's lines with the visitor's bodies, the newest first, and no others. */
struct staff_line {
  struct line line;
  const char *unit;
  const struct line *reversed_by; /* null: it is not */
};
enum status staff_lines(const struct request *r, int64_t person, struct staff_line **out,
                        int *count, struct error *err) MUST_USE;

/* pages/takeup.c: who misses out, for staff; the search itself runs as a job (pages/runs.c) */
extern const struct field take_up_run_fields[], take_up_letter_fields[];
enum status page_take_up(struct request *r, struct reply *reply, struct error *err);
enum status act_take_up_find(struct request *r, struct reply *reply, struct error *err);
enum status page_take_up_job(struct request *r, struct reply *reply, struct error *err);
enum status page_take_up_run(struct request *r, struct reply *reply, struct error *err);
enum status act_take_up_write(struct request *r, struct reply *reply, struct error *err);
enum status page_take_up_letters(struct request *r, struct reply *reply, struct error *err);
enum status page_take_up_letter(struct request *r, struct reply *reply, struct error *err);
enum status act_take_up_outcome(struct request *r, struct reply *reply, struct error *err);

/* pages/letters.c: letters to the visitor about what they may get, and who wants none */
extern const struct field letters_fields[], letter_fields[];
enum status page_letters(struct request *r, struct reply *reply, struct error *err);
enum status act_letters(struct request *r, struct reply *reply, struct error *err);
enum status page_letter(struct request *r, struct reply *reply, struct error *err);
enum status page_letters_of(struct request *r, struct reply *reply, struct error *err);
enum status act_letters_of(struct request *r, struct reply *reply, struct error *err);
/* `letters_to_me`: those of the last months, for the home page. */
enum status view_new_letters(struct view *v, const struct request *r, struct error *err) MUST_USE;

/* pages/place.c, pages/heads.c: for anyone */
extern const struct field place_fields[], place_table_fields[], head_fields[];
/* `/place/CODE` and what follows, in the page's language; a file's name of a place. */
const char *place_address(const struct request *r, const char *code, const char *rest);
const char *place_file_name(const struct request *r, const char *code, int year, const char *what);
const char *place_year(const struct request *r, int year); /* `2025-26` */
/* The edition with the year that the route's field `year` asks for (none: the latest), to be given
 * back (published.h). False: the reply is made (it is being made, or it has no such year), or
 * *status says what failed. */
struct published_use;
typedef void published_page_no_year(struct request *r, struct reply *reply, int year);
bool published_page_take(struct request *r, struct reply *reply, published_page_no_year *say_none,
                         struct published_use *use, enum status *status, struct error *err);
enum status page_place(struct request *r, struct reply *reply, struct error *err);
enum status page_place_table(struct request *r, struct reply *reply, struct error *err);
enum status page_take_up_public(struct request *r, struct reply *reply, struct error *err);
/* pages/payments.c */
extern const struct field payers_fields[], payments_fields[], payments_file_fields[];
enum status page_payers(struct request *r, struct reply *reply, struct error *err);
enum status page_payments(struct request *r, struct reply *reply, struct error *err);
enum status page_payments_file(struct request *r, struct reply *reply, struct error *err);
enum status page_standards(struct request *r, struct reply *reply, struct error *err);
/* pages/standards_own.c, pages/standards_staff.c */
extern const struct field standards_own_fields[], standards_staff_fields[];
enum status page_standards_own(struct request *r, struct reply *reply, struct error *err);
enum status act_standards_own(struct request *r, struct reply *reply, struct error *err);
enum status page_standards_staff(struct request *r, struct reply *reply, struct error *err);
/* pages/standards_ask.c */
enum status page_standards_ask(struct request *r, struct reply *reply, struct error *err);
const struct field *standards_ask_fields(const struct request *r, const struct span *names);
enum status page_standards_count_job(struct request *r, struct reply *reply, struct error *err);
enum status act_standards_ask(struct request *r, struct reply *reply, struct error *err);
enum status page_standards_ask_job(struct request *r, struct reply *reply, struct error *err);
enum status page_heads(struct request *r, struct reply *reply, struct error *err);
enum status page_head(struct request *r, struct reply *reply, struct error *err);

/* pages/admin.c: for administrators */
extern const struct field roles_fields[], bodies_fields[], alerts_fields[], tries_fields[];
enum status page_admin(struct request *r, struct reply *reply, struct error *err);
enum status page_alerts(struct request *r, struct reply *reply, struct error *err);
enum status page_sign_in_tries(struct request *r, struct reply *reply, struct error *err);
enum status page_bodies(struct request *r, struct reply *reply, struct error *err);
enum status act_body(struct request *r, struct reply *reply, struct error *err);
enum status page_roles(struct request *r, struct reply *reply, struct error *err);
enum status act_grant(struct request *r, struct reply *reply, struct error *err);
enum status act_end_role_grant(struct request *r, struct reply *reply, struct error *err);
enum status page_invites(struct request *r, struct reply *reply, struct error *err);
enum status act_invite(struct request *r, struct reply *reply, struct error *err);

/* pages/imports.c: one import; for administrators */
extern const struct field import_one_fields[];
enum status page_import_one(struct request *r, struct reply *reply, struct error *err);
enum status act_import_reverse(struct request *r, struct reply *reply, struct error *err);

/* pages/bring.c, bring_preview.c, bring_columns.c: a file of payments, looked at before it is
 * posted; for administrators */
extern const struct field bring_fields[], bring_post_fields[];
const struct field *bring_columns_fields(const struct request *r, const struct span *names);
enum status page_bring(struct request *r, struct reply *reply, struct error *err);
enum status act_bring(struct request *r, struct reply *reply, struct error *err);
enum status page_brought(struct request *r, struct reply *reply, struct error *err);
enum status act_brought(struct request *r, struct reply *reply, struct error *err);
enum status page_bring_columns(struct request *r, struct reply *reply, struct error *err);
enum status act_bring_columns(struct request *r, struct reply *reply, struct error *err);
/* pages/bring_people.c: the same of an organisation's own file of people */
const struct field *bring_people_fields(const struct request *r, const struct span *names);
enum status page_bring_people(struct request *r, struct reply *reply, struct error *err);
enum status act_bring_people(struct request *r, struct reply *reply, struct error *err);

/* pages/profiles.c: how organisations' files are read; for administrators */
extern const struct field profiles_fields[];
enum status page_profiles(struct request *r, struct reply *reply, struct error *err);
enum status act_profile(struct request *r, struct reply *reply, struct error *err);
enum status page_profile_file(struct request *r, struct reply *reply, struct error *err);

/* pages/duties.c: what a body may record; for administrators */
extern const struct field duties_fields[];
/* pages/lists.c: of a list of questions that are decided one by one (payees.c, matches.c) */
extern const struct field decided_fields[];
enum status page_payees(struct request *r, struct reply *reply, struct error *err);
enum status page_payee(struct request *r, struct reply *reply, struct error *err);
enum status page_hidden_payees(struct request *r, struct reply *reply, struct error *err);
enum status page_payee_kind(struct request *r, struct reply *reply, struct error *err);
enum status act_payee_kind(struct request *r, struct reply *reply, struct error *err);
enum status page_matches(struct request *r, struct reply *reply, struct error *err);
enum status page_match(struct request *r, struct reply *reply, struct error *err);
enum status act_match(struct request *r, struct reply *reply, struct error *err);
extern const struct field import_new_fields[];
enum status act_payee(struct request *r, struct reply *reply, struct error *err);
enum status page_duties(struct request *r, struct reply *reply, struct error *err);
enum status act_duty(struct request *r, struct reply *reply, struct error *err);
enum status page_duties_end(struct request *r, struct reply *reply, struct error *err);
enum status act_duty_end(struct request *r, struct reply *reply, struct error *err);

/* pages/runs.c: imports, closings and audits, which run while pages show how far they are */
extern const struct field imports_fields[];
enum status page_imports(struct request *r, struct reply *reply, struct error *err);
enum status page_import(struct request *r, struct reply *reply, struct error *err);
enum status act_import(struct request *r, struct reply *reply, struct error *err);
enum status page_import_job(struct request *r, struct reply *reply, struct error *err);
enum status page_import_rejects(struct request *r, struct reply *reply, struct error *err);
enum status page_kept_rejects(struct request *r, struct reply *reply, struct error *err);
enum status page_close(struct request *r, struct reply *reply, struct error *err);
enum status act_close(struct request *r, struct reply *reply, struct error *err);
enum status act_carry_out(struct request *r, struct reply *reply, struct error *err);
enum status page_close_job(struct request *r, struct reply *reply, struct error *err);
enum status page_audit_run(struct request *r, struct reply *reply, struct error *err);
enum status act_audit_run(struct request *r, struct reply *reply, struct error *err);
enum status page_audit_job(struct request *r, struct reply *reply, struct error *err);
/* The partial {{>table}} of the latest runs of a kind (import, closing, audit); `path` is where
 * they are watched. */
void view_runs(struct view *v, const struct request *r, const char *what, const char *path,
               int most);

/* pages/audit.c: for auditors, who see everything except whom it is about */
extern const struct field entry_fields[], audit_access_log_fields[];
enum status page_audit(struct request *r, struct reply *reply, struct error *err);
enum status page_entry(struct request *r, struct reply *reply, struct error *err);
enum status page_audit_access_log(struct request *r, struct reply *reply, struct error *err);

/* pages/journal.c: the journal, filtered, and as a file */
extern const struct field entries_fields[], journal_file_fields[];
const char *entry_kind_words(const struct request *r, const char *kind);
enum status page_entries(struct request *r, struct reply *reply, struct error *err);
enum status page_journal_file(struct request *r, struct reply *reply, struct error *err);

/* ---- what pages share: pages/parts.c ---- */

/* The partial {{>table}}: its columns by their words (N_()-marked, ended by a null), the first of
 * which heads each row; cells in their order. Texts are in the arena. */
struct table_head {
  const char *label;
  bool is_number;
};
struct view *view_table(struct view *v, const char *name, const struct request *r,
                        const char *caption, const struct table_head *heads, const char *nothing);
/* Its cells are of several words, not of a figure alone: they wrap, and on a phone each row is a
 * list, as in a table of three columns or more. */
void view_table_of_words(struct view *table);
struct view *view_row(struct view *table);
/* null text: an empty cell */
void view_cell(struct view *row, const struct request *r, const struct table_head *heads, int at,
               const char *text, const char *href);
/* Values as people read them, in the arena. */
const char *written_value(const struct request *r, struct doc_value value);
/* Adds a row without a `Change` link to {{>summary_list}}. */
void view_fact(struct view *summary, const char *key, const char *value);
/* `1 July 2026 at 00:30 BST` of an RFC 3339 moment: as the clocks of the place showed it. */
const char *written_moment(const struct request *r, const char *at);
const char *written_seconds(const struct request *r, int64_t seconds); /* since 1970 */
/* A text of a row that outlives the query. */
const char *kept_text(const struct request *r, struct span text);

/* written_moment; null: absent. */
void view_moment(struct view *v, const char *name, const struct request *r, const char *at);
/* The partial {{>pagination}} for pages 1 .. count; `path` ends where the page's number is to be
 * added: `/looked?`, `/account?year=2025-26&`. */
void view_pages(struct view *v, const struct request *r, const char *path, int64_t page,
                int64_t count);
/* A banner above the page: what was done. */
void view_done(struct view *v, const char *text);
/* The visitor as the access log and the notices name them: `id:P000001`. */
const char *request_who(const struct request *r);
/* Whoever did something, by name: people are kept as `id:P000001`, operators as the machine calls
 * them. */
const char *actor_words(const struct request *r, const char *who);
/* What the form of a POST row calls a choice of a field; the word itself where it has none. */
const char *choice_shown(const struct request *r, const char *path, const char *name,
                         const char *word);
/* The visitor, as the access log keeps them: with their name, and the roles that let them use the
 * row; or as the helper of r->person. */
struct access_reader request_reader(const struct request *r);
/* Notes an access to somebody, or to r->person, in the request's transaction: nothing may be shown
 * unless it is DONE. Nothing where the row's `note` has noted it before. */
enum status request_note_access_of(const struct request *r, int64_t person, const char *what,
                                   const char *why, struct error *err) MUST_USE;
enum status request_note_access(const struct request *r, const char *what, const char *why,
                                struct error *err) MUST_USE;

/* pages/access_log.c: who accessed the record, as people read it: a name, and by what right; `who`
 * is as in the access log. */
const char *viewer_words(const struct request *r, const struct viewer *l, const char *who);
/* pages/words.c: the name of a body in the language of the visitor; empty: there is none */
const char *body_words(const struct request *r, const struct body *body);
const char *body_words_of(const struct request *r, int64_t body);
/* The same of a category; its code where the pack has none of it. */
const char *category_name(const struct request *r, struct span code);
/* pages/words.c: what the access log says of an access, in the visitor's language: "your", where
 * the person whose record it is reads it, else "their". A text that somebody wrote themselves is
 * not translated. */
enum reader { READ_BY_PERSON, READ_BY_OTHERS };
const char *access_what(const struct request *r, const char *kept, enum reader reader);
const char *access_why(const struct request *r, const char *kept, enum reader reader);
/* What was refused, as a whole sentence. */
const char *refusal_said(const struct request *r, const struct error *err);
/* Lower floors refuse in the words of a file: where `all` has a row for the code, the sentence
 * becomes that of `said`, and the code stays; else the floor's own sentence stays. What would say
 * who is in the register (the list in words.c, and what `all` says as ANSWER_WRONG) becomes
 * ANSWER_WRONG, its code too. The column stays. {REFUSAL_NONE} ends the table. */
struct reworded {
  enum refusal_code refused, said;
};
void refusal_reword(const struct reworded *all, struct error *err);

/* Whose record the page is about: the {person} that the visitor helps, else the visitor; and the
 * beginning of its addresses: `/helping/P000001`, or nothing. */
int64_t request_subject(const struct request *r);
const char *request_base(const struct request *r);
/* As request_note_access on a helper's page; reading one's own record is not noted. */
enum status request_note_help(const struct request *r, const char *what,
                              struct error *err) MUST_USE;
/* Reads a name in the path as a number from 1 (0: it is none), or as a line of the book, `12:3`. */
int64_t request_number(const struct request *r, const char *name);
bool request_line(const struct request *r, const char *name, int64_t *entry, int64_t *n);
/* The year asked for, else the one that the account opens with; and the picker: `years` (year,
 * is_current), `year`, `has_years`. */
int request_year(const struct request *r, const struct year_range *years);
/* The years to choose from, the latest first, in the arena; `year`: the one shown, 0: none. */
int request_years(const struct request *r, int year, const struct year_range *years, int **out);
void view_years(struct view *v, const struct request *r, int year, const struct year_range *years);
/* A document's fragment as `document`, for {{>document}}. line_path: lines of the book are links
 * that begin with it; null: plain. */
void view_document(struct view *v, const struct request *r, const struct document *d,
                   const char *line_path);
/* 404, when a function refused because this visitor has no such thing. */
enum status reply_not_there(struct reply *reply, const struct request *r, struct error *err);

#endif
