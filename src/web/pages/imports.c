/* One import: what it was, and the form to take its payments back. */
#include "web/pages/pages.h"

#include "book/again.h"
#include "book/imports.h"
#include "exchange/imports.h"
#include "publish/edition.h"

const struct field import_one_fields[] = {{.name = "done",
                                           .kind = FIELD_CHOICE,
                                           .optional = true,
                                           .choices = (const struct choice[]){{"reversed", NULL},
                                                                              {NULL, NULL}}},
                                          {.name = NULL}};

static bool is_payments(const struct import_record *import) {
  return span_is(import->kind, "spend") || span_is(import->kind, "budget");
}

static void put_import_facts(struct view *v, const struct request *r,
                             const struct import_record *i) {
  const enum language l = r->language;
  struct view *facts = view_object(v, "facts");
  view_fact(facts, say(l, "File"), i->file.bytes);
  view_fact(facts, say(l, "Type"), choice_shown(r, "/admin/imports/new", "kind", i->kind.bytes));
  view_fact(facts, say(l, "Rows"), written_value(r, doc_count(i->rows)));
  view_fact(facts, say(l, "Refused"), written_value(r, doc_count(i->rejected)));
  if (is_payments(i)) {
    view_fact(facts, say(l, "Amount"), written_value(r, doc_money(i->amount)));
    if (i->profile.size) view_fact(facts, say(l, "Read by"), i->profile.bytes);
  }
  view_fact(facts, say(l, "Uploaded"), written_moment(r, i->at.bytes));
  view_fact(facts, say(l, "By"), actor_words(r, i->who.bytes));
}

enum status page_import_one(struct request *r, struct reply *reply, struct error *err) {
  const int64_t id = request_number(r, "import");
  struct import_record import;
  bool found = false, undone = false;
  enum status status = import_find(r->store, r->arena, id, &import, &found, err);
  if (status == DONE && !found) return reply_not_there(reply, r, err);
  const bool posted = status == DONE && is_payments(&import) && import.first_entry;
  struct reading reading;
  if (posted) status = book_reading(r->store, r->arena, &reading, err);
  if (posted && status == DONE) status = import_undone_whole(r->store, &reading, id, &undone, err);
  if (status != DONE) return status;
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "back", request_path(r, "/admin/imports"));
  if (request_has(r, "done"))
    view_done(v, say(r->language, "The payments of this file are taken back."));
  view_text(v, "heading", arena_printf(r->arena, say(r->language, "Import %lld"), (long long)id));
  put_import_facts(v, r, &import);
  view_text(v, "download",
            import.rejected ? request_path(r, arena_printf(r->arena, "/admin/imports/%lld/rejects",
                                                           (long long)id))
                            : NULL);
  const bool waits = span_is(import.kind, "entries") && import.rejected && import.first_entry;
  view_text(v, "rest",
            waits ? request_path(r, arena_printf(r->arena, "/admin/imports/new?rest=%lld",
                                                 (long long)id))
                  : NULL);
  view_text(v, "matches", waits ? request_path(r, "/admin/matches") : NULL);
  const char *when = NULL;
  if (posted && !undone && span_is(import.kind, "spend"))
    status = edition_next_words(r->store, r->language, day_today(), r->arena, &when, err);
  if (status != DONE) return status;
  view_text(v, "when", when);
  view_flag(v, "is_undone", undone);
  if (posted && !undone) {
    struct view *form = view_form(v, "form", r, route_post("/admin/imports/{import}"), NULL,
                                  say(r->language, "Take these payments back"), NULL);
    view_flag(form, "is_warning", true);
  }
  reply_page(reply, r, "import-one",
             arena_printf(r->arena, say(r->language, "Import %lld"), (long long)id), v);
  return DONE;
}

enum status act_import_reverse(struct request *r, struct reply *reply, struct error *err) {
  return request_act_and_go(r, reply,
                            arena_printf(r->arena, "/admin/imports/%lld?done=reversed",
                                         (long long)request_number(r, "import")),
                            err);
}
