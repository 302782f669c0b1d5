/* Every page and action, a row each: what is not here is closed. The router, the permission function, the navigation and the tests read the same rows (route.h says what each
 * column is). In the order in which the navigation shows them. */
#include "web/pages.h"

const struct route routes[] = {
  /* ---- for everybody ---- */
  {GET, "/", ANYONE, READS, page_home, .cache_seconds = -1, .help = "What this is, for whom, and where to go."},
  {GET, "/accessibility", ANYONE, READS, page_accessibility, .cache_seconds = -1, .help = "What these pages promise to those who use them differently."},
  {GET, "/privacy", ANYONE, READS, page_privacy, .cache_seconds = -1, .help = "What is kept, who sees it, what everybody may see."},
  {GET, "/cookies", ANYONE, READS, page_cookies, .cache_seconds = -1, .help = "The one cookie."},
  {GET, "/assets/{file}", ANYONE, READS, page_asset, .cache_seconds = -1, .help = "Style sheets, script and icon, named by what is in them."},

  {GET, "/place", ANYONE, READS, page_place, .fields = place_fields, .navigation = NAV_PUBLIC, .title = N_("The place"), .cache_seconds = 300, .help = "The account of the place, without names; what would tell of few people is hidden."},
  {GET, "/place/{code}", ANYONE, READS, page_place, .fields = place_fields, .cache_seconds = 300, .help = "The account of a place under it."},
  {GET, "/place/{code}/table/{table}", ANYONE, READS, page_place_table, .fields = place_table_fields, .cache_seconds = 300, .help = "One table of a place's account, to read, as CSV or as JSON."},
  {GET, "/heads", ANYONE, READS, page_heads, .navigation = NAV_PUBLIC, .title = N_("What proves it"), .cache_seconds = 60, .help = "The signed heads of the log, and how to use them."},
  {GET, "/heads/{size}", ANYONE, READS, page_head, .fields = head_fields, .cache_seconds = 300, .help = "One signed head, to read and to download."},

  /* ---- signing in and out ---- */
  {GET, "/sign-in", ANYONE, READS, page_sign_in, .help = "Sign in with an invitation's code; in a demonstration, as somebody on a list."},
  {POST, "/sign-in", ANYONE, WRITES, act_sign_in, .fields = sign_in_fields, .help = "Begins a session."},
  {GET, "/sign-out", SIGNED_IN, READS, page_sign_out, .help = "The button to sign out with, here or everywhere."},
  {POST, "/sign-out", SIGNED_IN, WRITES, act_sign_out, .fields = sign_out_fields, .help = "Ends the session, or all of the person's."},

  /* ---- the citizen's own ---- */
  {GET, "/account", SIGNED_IN, READS, page_account, .fields = account_fields, .navigation = NAV_CITIZEN, .title = N_("Account"), .help = "The lines of a year with their running balance, narrowed if one likes; CSV and JSON."},
  {GET, "/account/lines/{line}", SIGNED_IN, READS, page_line, .help = "One line's story: what, who, why, source, proof."},
  {GET, "/statement", SIGNED_IN, READS, page_statement, .fields = statement_fields, .navigation = NAV_CITIZEN, .title = N_("Statement"), .help = "The statement of a year; PDF, JSON and CSV."},
  {GET, "/statement/verify", SIGNED_IN, READS, page_verify, .fields = verify_fields, .help = "Makes the statement with its proof and checks it as weal verify does."},
  {GET, "/life", SIGNED_IN, READS, page_life, .fields = life_fields, .navigation = NAV_CITIZEN, .title = N_("Life so far"), .help = "All years together, as a chart with its table."},
  {GET, "/time", SIGNED_IN, READS, page_time, .fields = time_fields, .navigation = NAV_CITIZEN, .title = N_("Time given"), .help = "Time that one has given, and what waits for one's confirmation."},
  {POST, "/time", SIGNED_IN, WRITES, act_give, .fields = give_fields, .help = "Proposes time given; the other side confirms it."},
  {GET, "/time/{given}", SIGNED_IN, READS, page_confirm_time, .help = "Time that another says to have given to the visitor."},
  {POST, "/time/{given}", SIGNED_IN, WRITES, act_answer_time, .fields = answer_fields, .help = "Confirms it, which posts it, or refuses it with a reason."},
  {POST, "/time/{given}/withdraw", SIGNED_IN, WRITES, act_withdraw_time, .help = "Takes back what nobody has answered."},
  {GET, "/helpers", SIGNED_IN, READS, page_helpers, .fields = helpers_fields, .navigation = NAV_CITIZEN, .title = N_("Helpers"), .help = "Who helps the visitor, with what, until when."},
  {POST, "/helpers", SIGNED_IN, WRITES, act_offer, .fields = offer_fields, .help = "Makes a code for a helper and shows it once."},
  {POST, "/helpers/withdraw", SIGNED_IN, WRITES, act_withdraw_offers, .help = "Takes back the codes that nobody has used."},
  {POST, "/helpers/{helper}/end", SIGNED_IN, WRITES, act_end_helper, .help = "Ends a helper's scope at once."},
  {GET, "/looked", SIGNED_IN, READS, page_looked, .fields = looked_fields, .navigation = NAV_CITIZEN, .title = N_("Who looked"), .help = "Each look at the visitor's record: who, what, why, when."},
  {GET, "/looked/{look}", SIGNED_IN, READS, page_object, .help = "One look, and the form to object to it."},
  {POST, "/looked/{look}", SIGNED_IN, WRITES, act_object, .fields = object_fields, .help = "Objects to a look; an administrator answers."},

  /* ---- helping somebody ---- */
  {GET, "/helping", SIGNED_IN, READS, page_helping, .fields = helping_fields, .help = "Whom the visitor helps, and the form for a code."},
  {POST, "/helping", SIGNED_IN, WRITES, act_accept, .fields = accept_fields, .help = "Takes an offer by its code."},
  {GET, "/helping/{person}", HELPER, READS, page_helping_one, .help = "What the visitor may do for them."},
  {POST, "/helping/{person}/end", HELPER, WRITES, act_end_helping, .help = "The helper ends it."},
  {GET, "/helping/{person}/account", HELPER_SEE, WRITES, page_account, .fields = account_fields, .help = "Their account; a look is noted."},
  {GET, "/helping/{person}/account/lines/{line}", HELPER_SEE, WRITES, page_line, .help = "One line of theirs; a look is noted."},
  {GET, "/helping/{person}/statement", HELPER_SEE, WRITES, page_statement, .fields = statement_fields, .help = "Their statement; a look is noted."},
  {GET, "/helping/{person}/life", HELPER_SEE, WRITES, page_life, .fields = life_fields, .help = "Their life so far; a look is noted."},
  {GET, "/helping/{person}/time", HELPER_TIME, WRITES, page_time, .fields = time_fields, .help = "Time that they have given; a look is noted."},
  {POST, "/helping/{person}/time", HELPER_TIME, WRITES, act_give, .fields = give_fields, .help = "Proposes time that they have given."},

  /* ---- tell us once ---- */
  {GET, "/tell-us-once", SIGNED_IN, READS, page_tell, .navigation = NAV_CITIZEN, .title = N_("Tell us once"), .help = "Says what has changed, once, to every body; what was told, and who has read it."},
  {GET, "/tell-us-once/{kind}", SIGNED_IN, READS, page_tell_start, .help = "To the first question that has no answer."},
  {GET, "/tell-us-once/{kind}/{question}", SIGNED_IN, READS, page_tell_question, .help = "One question."},
  {POST, "/tell-us-once/{kind}/{question}", SIGNED_IN, WRITES, act_tell_question, .fields_of = tell_fields, .help = "Keeps an answer until all is sent."},
  {GET, "/tell-us-once/{kind}/check", SIGNED_IN, READS, page_tell_check, .help = "The answers, to be looked at and changed; who will be told."},
  {POST, "/tell-us-once/{kind}/check", SIGNED_IN, WRITES, act_tell_check, .help = "Sends them."},
  {GET, "/tell-us-once/{kind}/done", SIGNED_IN, READS, page_tell_done, .help = "What happens next."},
  {GET, "/helping/{person}/tell-us-once", HELPER_TELL, WRITES, page_tell, .help = "The same in the name of somebody who has allowed it; each page is a look that they see."},
  {GET, "/helping/{person}/tell-us-once/{kind}", HELPER_TELL, WRITES, page_tell_start, .help = "To the first question that has no answer."},
  {GET, "/helping/{person}/tell-us-once/{kind}/{question}", HELPER_TELL, WRITES, page_tell_question, .help = "One question."},
  {POST, "/helping/{person}/tell-us-once/{kind}/{question}", HELPER_TELL, WRITES, act_tell_question, .fields_of = tell_fields_for, .help = "Keeps an answer until all is sent."},
  {GET, "/helping/{person}/tell-us-once/{kind}/check", HELPER_TELL, WRITES, page_tell_check, .help = "The answers, to be looked at and changed; who will be told."},
  {POST, "/helping/{person}/tell-us-once/{kind}/check", HELPER_TELL, WRITES, act_tell_check, .help = "Sends them."},
  {GET, "/helping/{person}/tell-us-once/{kind}/done", HELPER_TELL, WRITES, page_tell_done, .help = "What happens next."},

  /* ---- staff of a body ---- */
  {GET, "/people", STAFF, READS, page_people, .fields = people_fields, .navigation = NAV_STAFF, .title = N_("People"), .help = "Asks why one looks, then the form to find a person."},
  {POST, "/people", STAFF, WRITES, act_find_people, .fields = find_fields, .help = "Finds at most twenty; a look is noted at each."},
  {GET, "/people/reason", STAFF, READS, page_reason, .help = "Why one looks, to change it."},
  {POST, "/people/reason", STAFF, WRITES, act_reason, .fields = reason_fields, .help = "Keeps the reason for the session."},
  {GET, "/people/{person}", STAFF, WRITES, page_person, .fields = person_fields, .help = "What they have from the visitor's bodies; a look is noted."},
  {GET, "/people/{person}/record", STAFF, WRITES, page_record, .fields = record_page_fields, .help = "The form to record a service or a payment; a look is noted."},
  {POST, "/people/{person}/record", STAFF, WRITES, act_record, .fields = record_fields, .help = "Shows what it is worth; confirmed, posts it."},
  {GET, "/people/{person}/lines/{line}", STAFF, WRITES, page_staff_line, .fields = staff_line_fields, .help = "One line of the visitor's bodies; a look is noted."},
  {POST, "/people/{person}/lines/{line}", STAFF, WRITES, act_reverse, .fields = reverse_fields, .help = "Reverses it with a reason."},
  {GET, "/inbox", STAFF, READS, page_inbox, .fields = inbox_fields, .navigation = NAV_STAFF, .title = N_("Told to you"), .help = "What was told to the visitor's bodies, and time that they are asked to confirm; nobody is named."},
  {GET, "/inbox/{notice}", STAFF, WRITES, page_notice, .help = "One of them: it is read from then on, and a look is noted."},
  {POST, "/inbox/{notice}", STAFF, WRITES, act_notice, .fields = notice_fields, .help = "Takes it, which changes the record, or refuses it with a reason."},
  {GET, "/inbox/time/{given}", STAFF, WRITES, page_inbox_time, .help = "Time given that the body is asked to confirm; a look is noted."},
  {POST, "/inbox/time/{given}", STAFF, WRITES, act_inbox_time, .fields = answer_fields, .help = "Confirms it, which posts it, or refuses it with a reason."},

  /* ---- administrators ---- */
  {GET, "/admin", ADMINISTRATOR, READS, page_admin, .navigation = NAV_ADMINISTRATOR, .title = N_("Administration"), .help = "What waits for an administrator, the last imports, and where to go."},
  {GET, "/admin/imports", ADMINISTRATOR, READS, page_imports, .fields = imports_fields, .help = "What was taken in, the newest first, and the imports that run."},
  {GET, "/admin/imports/new", ADMINISTRATOR, READS, page_import, .help = "The form to upload a file."},
  {POST, "/admin/imports/new", ADMINISTRATOR, READS, act_import, .fields = import_fields, .help = "Takes the file and begins the import."},
  {GET, "/admin/imports/jobs/{job}", ADMINISTRATOR, READS, page_import_job, .help = "How far an import is; then what became of it, and the first refused rows."},
  {GET, "/admin/imports/jobs/{job}/rejects", ADMINISTRATOR, READS, page_import_rejects, .help = "All refused rows of an import, as CSV."},
  {GET, "/admin/bodies", ADMINISTRATOR, READS, page_bodies, .fields = bodies_fields, .help = "The bodies, and the form to add or change one."},
  {POST, "/admin/bodies", ADMINISTRATOR, WRITES, act_body, .fields = body_fields, .help = "Adds or changes a body."},
  {GET, "/admin/roles", ADMINISTRATOR, READS, page_roles, .fields = roles_fields, .help = "Who is staff, administrator or auditor, and who was."},
  {POST, "/admin/roles", ADMINISTRATOR, WRITES, act_grant, .fields = grant_fields, .help = "Grants an office, from this moment on."},
  {POST, "/admin/roles/end", ADMINISTRATOR, WRITES, act_end_office, .fields = end_office_fields, .help = "Ends an office, from this moment on."},
  {GET, "/admin/invites", ADMINISTRATOR, READS, page_invites, .help = "The form to invite somebody to sign in."},
  {POST, "/admin/invites", ADMINISTRATOR, WRITES, act_invite, .fields = invite_fields, .help = "Makes an invitation's code and shows it once."},
  {GET, "/admin/close", ADMINISTRATOR, READS, page_close, .help = "What closing a year does, the closings there are, and the form."},
  {POST, "/admin/close", ADMINISTRATOR, READS, act_close, .fields = close_fields, .help = "Begins the closing of a year."},
  {GET, "/admin/close/jobs/{job}", ADMINISTRATOR, READS, page_close_job, .help = "How far a closing is; then what it closed."},
  {GET, "/admin/objections", ADMINISTRATOR, READS, page_objections, .fields = objections_fields, .help = "Objections to looks, those that wait first."},
  {GET, "/admin/objections/{person}/{objection}", ADMINISTRATOR, WRITES, page_objection, .help = "One objection and its answer; a look is noted."},
  {POST, "/admin/objections/{person}/{objection}", ADMINISTRATOR, WRITES, act_answer_objection, .fields = answer_objection_fields, .help = "Answers an objection."},

  /* ---- auditors ---- */
  {GET, "/audit", AUDITOR, READS, page_audit, .navigation = NAV_AUDITOR, .title = N_("Audit"), .help = "Counts, the log, its last head, the last audit."},
  {GET, "/audit/entries", AUDITOR, READS, page_entries, .fields = entries_fields, .help = "The journal, the newest first."},
  {GET, "/audit/entries/{entry}", AUDITOR, SLOW, page_entry, .fields = entry_fields, .help = "The lines of an entry: accounts by number, categories, amounts, bodies."},
  {GET, "/audit/looks", AUDITOR, READS, page_audit_looks, .fields = audit_looks_fields, .help = "Who looked at how many records, by office; identities hidden."},
  {GET, "/audit/run", AUDITOR, READS, page_audit_run, .help = "The form to run the audit, and the audits since the start."},
  {POST, "/audit/run", AUDITOR, READS, act_audit_run, .help = "Begins an audit of the whole book; noted in the access log."},
  {GET, "/audit/run/jobs/{job}", AUDITOR, READS, page_audit_job, .help = "How far an audit is; then what it found."},

  {.path = NULL},
};
