/* What the pages of a brought file share: bring.c takes, tries and posts it, bring_preview.c shows
 * what was understood, bring_form.c asks what its columns mean: of payments (bring_columns.c) or of
 * people (bring_people.c, which shows what was understood of those, too). */
#ifndef WEAL_WEB_PAGES_BRING_H
#define WEAL_WEB_PAGES_BRING_H

#include "web/request.h"
#include "web/uploads.h"

/* Tries a file by the profile of an answer (null: by its headings or the body's kept profile) and
 * puts the new preview in the place of the one that stands. The profile's file is taken, or dropped
 * where it is not. REFUSED: the preview that stands stays; while an import runs, nothing is tried.
 * *turn says what became of a file that was tried. */
enum status bring_try(struct request *r, const struct upload_seen *what, const char *profile,
                      const struct profile_look *answer, enum upload_turn *turn,
                      struct error *err) MUST_USE;

/* /admin/files/TOKEN */
const char *bring_path(const struct request *r, const char *token);
/* The page that watches the run by which it is posted. */
const char *bring_run_path(const struct request *r, int64_t job);

/* Whether VAT is taken off the amounts, by one of the first `count` columns. */
bool bring_takes_vat_off(const struct profile_look *look, int count);

/* A column's name, and what stands in it, as pages say them. */
const char *bring_heading(const struct request *r, const char *published);
const char *bring_samples(const struct request *r, const struct recognised_column *c);
/* What a column can mean: the i-th, with the word of the form and an N_()-marked label; past the
 * last a null word. */
struct bring_meaning {
  enum meaning means;
  const char *word, *label;
};
const struct bring_meaning *bring_meanings(void);

/* The form that asks what the columns mean: a choice for each of the first BRING_COLUMNS_MOST, and
 * `others` for the whole file. Of payments and of people one page and one answer serve. */
enum { BRING_COLUMNS_MOST = 60 };
extern const struct choice bring_signs[]; /* as-is, turned */
struct bring_form {
  bool people;        /* of such a file only */
  const char *sample; /* N_(): how a cell is shown, `For example: %s` */
  const struct bring_meaning *(*meanings)(void);
  struct choice (*choice)(int i); /* the i-th of them */
  const struct field *others;
  int other_count;
  void (*put)(struct request *r, struct reply *reply, const struct upload_seen *u);
  /* profile_look and profile_answer, or those of people */
  enum status (*look)(const char *path, const char *pack_dir, struct arena *arena,
                      struct profile_look *out, struct error *err);
  enum status (*answer)(const char *path, const char *pack_dir, const struct profile_look *look,
                        struct arena *arena, struct text *out, struct error *err);
  /* what was sent beside the columns, which are read; REFUSED with a sentence for the form */
  enum status (*read)(const struct request *r, const struct upload_seen *u,
                      struct profile_look *look, struct error *err);
};
/* `t`: with the columns' names and cells; null: for reading what was sent. */
struct field *bring_form_fields(const struct request *r, const struct bring_form *form,
                                const struct upload_tried *t, int count);
int bring_form_count(const struct profile_look *look); /* of the columns that are asked about */
/* What the form begins with: of the columns; the others are the caller's. */
struct value *bring_form_start(const struct request *r, const struct bring_form *form,
                               const struct field *fields, const struct profile_look *look);
struct value bring_chosen(const char *name, const char *word); /* word null: nothing is chosen */
enum status bring_form_page(const struct bring_form *form, struct request *r, struct reply *reply,
                            struct error *err) MUST_USE;
enum status bring_form_act(const struct bring_form *form, struct request *r, struct reply *reply,
                           struct error *err) MUST_USE;

/* bring_people.c: of an organisation's own file of people. */
const char *bring_people_meaning(const struct request *r, enum meaning means);
/* The lines and people as they were understood; nobody's name or number is shown. */
void bring_people_facts(struct view *facts, const struct request *r, const struct upload_tried *t);
void bring_people_rows(struct view *v, const struct request *r, const struct upload_tried *t);
/* Why a line would be refused, without what it says of a person. */
const char *bring_people_refused(const struct request *r, const struct reject *one);

#endif
