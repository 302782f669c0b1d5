/* The fields of an action or a form, declared with their validators: what calls with them sees
 * values, never bytes of the network or of the command line.
 *
 * A value has passed: UTF-8 (RFC 3629), no NUL nor other control character but line ends in a long
 * text, no mark of writing direction, at most `most` characters after trimming, and what its kind
 * asks for. Sent twice, unknown or too many: the request is refused. A missing or wrong value is a
 * fault with a sentence, and the form is shown again with all faults and with what was sent (HTTP
 * 422). Nothing is changed silently but what cannot be seen at both ends (and CR LF, as browsers
 * send line ends, to LF), and in codes, dates and numbers blanks, dashes and wide digits as a paste
 * brings them (base/pasted.h).
 */
#ifndef WEAL_ACTION_FIELD_H
#define WEAL_ACTION_FIELD_H

#include "base/arena.h"
#include "base/day.h"
#include "base/message.h"
#include "base/sent.h"

enum field_kind {
  FIELD_TEXT, /* one line */
  FIELD_LONG, /* lines */
  /* sent as NAME-day, NAME-month, NAME-year (three inputs of the date pattern) or NAME as ISO */
  FIELD_DAY,
  FIELD_YEAR,     /* 2025-26; number: 2025; or a word of `choices`; number: 0 */
  FIELD_MONEY,    /* 12.50; number: pence */
  FIELD_MINUTES,  /* sent as NAME-hours and NAME-minutes, or NAME as minutes; number: minutes */
  FIELD_QUANTITY, /* 2.5; number: thousandths */
  FIELD_COUNT,    /* a whole number from `least` to `most` */
  FIELD_CHOICE,   /* one of `choices` */
  FIELD_CHOICES,  /* some of `choices` (checkboxes): the text is their words with a space between */
  /* letters, digits, `-`, `_`, `.`, `:`: a category, body, place, reference of a person */
  FIELD_CODE,
  FIELD_LINE, /* 12:3, a line of the book; number: the entry, number2: n */
  /* an upload, spooled: the text is the temporary file's path, which ends in `+` and the file's own
   * name; most: bytes */
  FIELD_FILE,
  /* one such file or several, at most LIMIT_IMPORT_FILES. Files that are named by paths are looked
   * at by what opens them (`-` is standard input). The text is the paths, each with a NUL after it;
   * number: how many */
  FIELD_FILES,
  FIELD_HIDDEN /* as FIELD_CODE, not shown */
};

struct choice {
  const char *word, *label; /* N_()-marked English */
};

/* How often something comes, as facts and awards say it (enum tell_per, from PER_WEEK on), and how
 * often it is paid (pay-days.csv); each ended by null. */
extern const struct choice per_choices[], pay_choices[];
/* The buttons of a page that checks before it is done for good; ended by null. */
extern const struct choice confirmed_choices[];

struct field {
  const char *name;
  enum field_kind kind;
  /* among: one of several such fields is enough, so it is optional but its label does not say
   * `optional` */
  bool optional, among;
  /* characters of a text (least 0), bytes of a file, or bounds of a number; most 0: the kind's own
   * limit */
  int64_t least, most;
  const char *label, *hint; /* N_()-marked English; null: none */
  /* ended by a null word; null with FIELD_CHOICE: the handler adds them (view_form_choice) */
  const struct choice *choices;
  /* used instead of `choices` where another table has them: gives the i-th; past the last a null
   * word */
  struct choice (*choice_at)(int i);
  /* FIELD_COUNT: what may stand before the number, as a page writes it elsewhere; null: nothing */
  const char *prefix;
  const char *autocomplete; /* HTML's word: name, bday, postal-code; null: off */
  bool past;                /* FIELD_DAY: today or before */
  /* a page asks it between its steps; it is no part of the action that the page calls. A form shows
   * it only with a label; without one it is sent by the buttons of the page that checks */
  bool is_step;
  /* N_()-marked English, when nothing was sent: `Enter the day you moved`; null: a general sentence
   * with the label */
  const char *missing;
};

struct value {
  const char *name;
  bool given;
  /* as sent, trimmed; in the request's arena, terminated. A day is always ISO, minutes always whole
   * minutes */
  struct span text;
  int64_t number, number2; /* a day: day_t */
};

/* ended by a null field; message in the visitor's language */
struct fault {
  const char *field, *message;
  bool is_missing; /* nothing was sent; else something wrong */
};

static inline bool field_takes_file(const struct field *field) {
  return field->kind == FIELD_FILE || field->kind == FIELD_FILES;
}

/* The i-th choice of a field, from `choices` or `choice_at`; a null word: there is none. */
static inline struct choice field_choice(const struct field *field, int i) {
  return field->choice_at ? field->choice_at(i)
         : field->choices ? field->choices[i]
                          : (struct choice){NULL, NULL};
}

/* ---- reading: query or form to values ---- */

struct fields_read {
  struct value *values; /* one for each field, in their order, ended by a null name */
  struct fault *faults; /* in their order, a fault a field at most; null: there are none */
  /* what was sent, one for each field, to show it again; the parts of a day or a time have a line
   * end between them; text that may not be shown is left out */
  struct span *given;
};

/* REFUSED: no form of ours sends this (a name that no field has, one twice, a file where none
 * belongs, a choice or a hidden value that we did not offer, no UTF-8 in a name): HTTP 400. DONE
 * with faults: HTTP 422. `fields` null: none are allowed. The pair `token` is skipped: the server
 * has checked it. Everything is copied into the arena. A day in the past is compared with
 * `today`. */
enum status fields_read(struct fields_read *out, struct arena *arena, enum language language,
                        const struct field *fields, const struct sent *sent, int count, day_t today,
                        struct error *err) MUST_USE;

#endif
