/* The form that asks what the columns of a brought file mean, and its answer, by which the file is
 * read again (uploads.h): of payments (bring_columns.c) and of people (bring_people.c). */
#include "web/pages/bring.h"
#include "web/pages/pages.h"

#include "base/refusal.h"
#include "web/site.h"

const struct choice bring_signs[] = {{"as-is", N_("As they stand: a payment has no minus sign")},
                                     {"turned",
                                      N_("The other way round: a payment has a minus sign")},
                                     {NULL, NULL}};

struct field *bring_form_fields(const struct request *r, const struct bring_form *form,
                                const struct upload_tried *t, int count) {
  struct field *all = arena_array(r->arena, struct field, count + form->other_count + 1);
  for (int i = 0; i < count; i++) {
    all[i] = (struct field){.name = arena_printf(r->arena, "column-%d", i + 1),
                            .kind = FIELD_CHOICE,
                            .optional = true,
                            .among = true,
                            .choice_at = form->choice,
                            .label = N_("Column of the file")};
    if (!t) continue;
    const struct recognised_column *c = &t->look.columns[i];
    all[i].label = arena_printf(r->arena, "\u201c%s\u201d", bring_heading(r, c->published));
    all[i].hint = c->sample[0]
                      ? arena_printf(r->arena, say(r->language, form->sample), bring_samples(r, c))
                      : NULL;
  }
  memcpy(&all[count], form->others, (size_t)form->other_count * sizeof *all);
  return all;
}

struct value bring_chosen(const char *name, const char *word) {
  return (struct value){.name = name, .given = word != NULL, .text = span_of(word ? word : "")};
}

int bring_form_count(const struct profile_look *look) {
  return look->column_count < BRING_COLUMNS_MOST ? look->column_count : BRING_COLUMNS_MOST;
}

struct value *bring_form_start(const struct request *r, const struct bring_form *form,
                               const struct field *fields, const struct profile_look *look) {
  const int count = bring_form_count(look);
  struct value *start = arena_array(r->arena, struct value, count + form->other_count + 1);
  for (int i = 0; i < count; i++) {
    const char *word = "-";
    for (const struct bring_meaning *m = form->meanings(); m->word; m++)
      if (m->means == look->columns[i].means) {
        word = m->word;
        break;
      }
    start[i] = bring_chosen(fields[i].name, word);
  }
  return start;
}

enum status bring_form_page(const struct bring_form *form, struct request *r, struct reply *reply,
                            struct error *err) {
  struct upload_seen u;
  if (!upload_see(r->site->uploads, request_text(r, "upload"), r->visitor.person, r->arena, &u))
    return reply_not_there(reply, r, err);
  enum status status = DONE;
  const bool closed = u.posting && !r->faults; /* a refused answer is shown with its sentence */
  if (closed && u.job) reply_go(reply, r, bring_run_path(r, u.job));
  else if (closed || u.people != form->people || !u.tried || !u.tried->look.column_count)
    status = reply_not_there(reply, r, err);
  else form->put(r, reply, &u);
  upload_let_go(r->site->uploads, &u);
  return status;
}

static void read_columns(const struct request *r, const struct bring_form *form,
                         struct profile_look *look) {
  for (int c = 0; c < bring_form_count(look); c++) {
    const struct span word = request_text(r, arena_printf(r->arena, "column-%d", c + 1));
    for (const struct bring_meaning *m = form->meanings(); m->word; m++)
      if (span_is(word, m->word)) look->columns[c].means = m->means;
  }
}

static enum status write_answer(const struct bring_form *form, const struct request *r,
                                const struct upload_seen *u, const struct profile_look *look,
                                const char **profile, struct error *err) {
  struct text rules = {0};
  enum status status = form->answer(u->path, r->site->pack->dir, look, r->arena, &rules, err);
  if (status == DONE)
    status = upload_profile(u, span_make(rules.bytes, rules.size), r->arena, profile, err);
  text_release(&rules);
  return status;
}

/* Nothing of the upload changes before the file was read by the answer: a refused one leaves the
 * preview that stands. */
enum status bring_form_act(const struct bring_form *form, struct request *r, struct reply *reply,
                           struct error *err) {
  struct upload_seen u;
  struct profile_look look;
  const char *profile = NULL;
  enum upload_turn turn = UPLOAD_NOT_THERE;
  if (!upload_see(r->site->uploads, request_text(r, "upload"), r->visitor.person, r->arena, &u))
    return reply_not_there(reply, r, err);
  upload_let_go(r->site->uploads, &u);
  if (u.people != form->people) return reply_not_there(reply, r, err);
  if (u.posting) return refuse_at(err, "", BROUGHT_POSTING);
  enum status status = form->look(u.path, r->site->pack->dir, r->arena, &look, err);
  if (status == DONE) read_columns(r, form, &look);
  if (status == DONE) status = form->read(r, &u, &look, err);
  if (status == DONE) status = write_answer(form, r, &u, &look, &profile, err);
  if (status == DONE) status = bring_try(r, &u, profile, &look, &turn, err);
  if (status != DONE) return status;
  if (turn == UPLOAD_NOT_THERE) return reply_not_there(reply, r, err);
  if (turn == UPLOAD_POSTING) return refuse_at(err, "", BROUGHT_POSTING);
  reply_go(reply, r, bring_path(r, u.token));
  return DONE;
}
