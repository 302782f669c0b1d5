/* A form as a page shows it: the fields of action/field.h with what was sent and its faults. */
#ifndef WEAL_WEB_FORMS_FORM_H
#define WEAL_WEB_FORMS_FORM_H

#include "action/field.h"

struct arena;
struct request;
struct route;
struct view;

/* Puts the form of a POST row into a view, as templates/README.md describes it for
 * {{#form}}{{>form}}{{/form}}: its fields with label, hint, what was sent (or `start`, one value a
 * field in their order, null: none), faults, and the hidden token; `action` is where it is sent
 * (null: the row's own path, with the names of the path as requested), `button` the translated word
 * on its button. Returns the form's own view, for the calls below and for `cancel` or `is_warning`.
 * Faults are shown where the form is the one that was sent (request.h: answered). */
struct view *view_form(struct view *v, const char *name, const struct request *r,
                       const struct route *post, const char *action, const char *button,
                       const struct value *start);
/* The same for fields that are not those of the row. */
struct view *view_form_of(struct view *v, const char *name, const struct request *r,
                          const struct field *fields, const char *action, const char *button,
                          const struct value *start);
/* The hidden `token` that every form has besides its fields: the session's token and a number of
 * this form as it is shown (form_once.c). view_form adds it; a template that writes its own form
 * needs it. */
void view_form_rights(struct view *form, const struct request *r);
/* The same for a page on which a form is read through before it counts, and what was sent of these
 * fields but those of the step itself: the partial {{>check_sent}}. */
void view_form_sent(struct view *form, const struct request *r, const struct field *fields);
/* One more choice of a FIELD_CHOICE or FIELD_CHOICES that the handler fills (bodies, categories,
 * members of a household): label and hint are already translated. */
void view_form_choice(struct view *form, const char *field, const char *word, const char *label,
                      const char *hint);
/* What is wrong with a field that is shown again; null: nothing. */
const char *form_fault(const struct request *r, const char *field);
/* What a lower floor refuses as a whole sentence, in the arena: `Day: this question is not
 * answered; answer it.`, with the label of the field (null: none). A text that begins with a
 * capital letter is a sentence and stays as it is. */
const char *fault_sentence(struct arena *arena, const char *label, const char *text);
/* One question on a page: the label of the only field that is shown becomes the page's heading. */
void view_form_heading(struct view *form);
/* Shows the summary of errors above the page's heading instead of in the form: the template begins
 * with {{#has_errors}}{{>error_summary}}{{/has_errors}}. */
void view_form_errors_above(struct view *v, struct view *form);
/* A fault that only the handler's function can find: it returns REFUSED with err set, and the
 * server shows the form again. fault.field is err->column, or "" without a column: then it is a
 * fault of the whole form. */

#endif
