/* What a check found, in sentences: one function for the command line and the portal. */
#include "attest/verify.h"

#include "document/document.h"

struct telling {
  struct text *out;
  enum language language;
  const struct verify_result *r;
};

#define SAY(text) say(t->language, (text))

static void sentence(struct telling *t, const char *words) {
  if (t->out->size && t->out->bytes[t->out->size - 1] != ' ') text_add_char(t->out, ' ');
  text_add(t->out, words);
}

/* Names come from the file: removes line breaks and characters that control a terminal. */
static const char *printable(const char *name, char out[ERROR_MESSAGE_SIZE]) {
  out[error_printable(out, 0, name, strlen(name))] = '\0';
  return out;
}

static const char *day_words(const struct telling *t, day_t day, char out[64]) {
  struct text words = {0};
  value_for_people(&words, t->language, doc_day(day));
  snprintf(out, 64, "%s", words.bytes);
  text_release(&words);
  return out;
}

static void counted(struct telling *t, const char *form, int64_t count) {
  char words[256];
  snprintf(words, sizeof words, form, (long long)count);
  sentence(t, words);
}

/* Says what the file has in place of a figure that is too large to be shown. */
static void say_too_large(struct telling *t) {
  static const char *const what[VERIFIED_PARTS] = {
      [VERIFIED_PAID] = N_("Paid"),
      [VERIFIED_EMPLOYER] = N_("What your employer paid because you worked"),
      [VERIFIED_RECEIVED] = N_("Received"),
      [VERIFIED_GIVEN] = N_("Time for others"),
      [VERIFIED_HELD] = N_("What you hold")};
  for (int i = 0; i < VERIFIED_PARTS; i++) {
    const char *lines = t->r->too_large[i];
    if (!lines) continue;
    sentence(t, "");
    if (*lines)
      text_addf(t->out,
                SAY("%s: a sum is too large to be shown, because an amount in it must be wrong "
                    "(%s). The lines themselves are unchanged."),
                SAY(what[i]), lines);
    else
      text_addf(t->out,
                SAY("%s: a sum is too large to be shown, because an amount of an earlier year must "
                    "be wrong. The lines themselves are unchanged."),
                SAY(what[i]));
  }
}

/* A closing covers what was recorded when it was made, whatever day the year ends on. */
static void say_statement(struct telling *t) {
  const struct verify_result *r = t->r;
  char year[8], closed[64], to[64], person[ERROR_MESSAGE_SIZE], by[ERROR_MESSAGE_SIZE];
  printable(r->person, person);
  year_write(r->year, year);
  day_words(t, r->closed, closed);
  if (r->signer_checked)
    text_addf(t->out,
              SAY("The statement of %s for %s: nothing in it was changed since it was sealed by "
                  "%s."),
              person, year, printable(*r->keeper ? r->keeper : r->origin, by));
  else
    text_addf(t->out,
              SAY("The statement of %s for %s: nothing in it was changed since it was "
                  "sealed."),
              person, year);
  sentence(t, "");
  if (r->to < year_last_day(YEAR_TAX, r->year))
    text_addf(t->out,
              SAY("Nothing up to %s is left out that was recorded when the year was closed on %s "
                  "(entry %lld)."),
              day_words(t, r->to, to), closed, (long long)r->closing);
  else
    text_addf(t->out,
              SAY("Nothing is left out that was recorded when the year was closed on %s (entry "
                  "%lld)."),
              closed, (long long)r->closing);
  if (r->pages) sentence(t, SAY("Every page of this PDF is as it was sealed."));
  counted(t,
          say_count(t->language, "It has %lld item, as it was recorded.",
                    "It has %lld items, each as it was recorded.", r->lines),
          r->lines);
  if (r->unproved)
    counted(t,
            say_count(t->language, "%lld further item came later and is not proven.",
                      "%lld further items came later and are not proven.", r->unproved),
            r->unproved);
  else sentence(t, SAY("Whether others came later, this file cannot show."));
  sentence(t, SAY("Whether each figure is right is not checked."));
  say_too_large(t);
}

static void say_line(struct telling *t) {
  text_addf(t->out,
            SAY("One item, not a statement: item %lld:%lld. Nothing in it was changed since it was "
                "sealed. Whose it is, the file does not say. Whether it is right is not checked."),
            (long long)t->r->entry, (long long)t->r->line_no);
}

static void say_consistency(struct telling *t) {
  text_addf(t->out,
            say_count(t->language,
                      "Two published seals, not a statement: the one over %llu record is the "
                      "beginning of the one over %llu. Nothing under the older seal was changed or "
                      "taken out.",
                      "Two published seals, not a statement: the one over %llu records is the "
                      "beginning of the one over %llu. Nothing under the older seal was changed or "
                      "taken out.",
                      (int64_t)t->r->old_size),
            (unsigned long long)t->r->old_size, (unsigned long long)t->r->log_size);
}

void verify_say(struct text *out, enum language language, const struct verify_result *result) {
  static void (*const says[])(struct telling *) = {[VERIFIED_STATEMENT] = say_statement,
                                                   [VERIFIED_LINE] = say_line,
                                                   [VERIFIED_CONSISTENCY] = say_consistency};
  struct text own = {0};
  struct telling telling = {.out = &own, .language = language, .r = result}, *t = &telling;
  char log[ERROR_MESSAGE_SIZE];
  says[result->kind](t);
  if (!result->signer_checked) sentence(t, SAY("Who sealed it is not checked."));
  sentence(t, "");
  text_addf(&own,
            say_count(language, "The public record of seals: '%s', %llu record.",
                      "The public record of seals: '%s', %llu records.", (int64_t)result->log_size),
            printable(result->origin, log), (unsigned long long)result->log_size);
  text_add_span(out, span_make(own.bytes, own.size));
  text_release(&own);
}
