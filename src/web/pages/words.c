/* Turns what lower floors write for logs and files into the words of a page: what was accessed and
 * why, and what was refused. */
#include "web/forms/form.h"
#include "web/pages/pages.h"

struct words {
  const char *kept, *said;
};

/* `kept` is as request_note_access and its like write it; where it ends in a space, the text after
 * it replaces the %s. */
static const struct words whats[] = {
    {"account", N_("the account")}, /* before notes named the years */
    {"account all years", N_("the account of all years")},
    {"account in part", N_("a part of the account")},
    {"account ", N_("the account of %s")},
    {"statement ", N_("the statement of %s")},
    {"statements ", N_("everybody's statements for %s")},
    {"balances", N_("all balances")},
    {"requests", N_("your requests")},
    {"export people", N_("all people, as a file")},
    {"export households", N_("all households, as a file")},
    {"export entries", N_("all items, as a file")},
    {"life", N_("the life so far")},
    {"line ", N_("item %s")},
    {"time given", N_("the time you gave")},
    {"time given: entered", N_("time you gave: entered for you")},
    {"time given, to be confirmed", N_("time you were asked to confirm")},
    {"time given, answered", N_("time you were asked to confirm: answered")},
    {"tell us once", N_("what you told us")},
    {"found in a search", N_("your name came up in a search")},
    {"looked for by reference", N_("your reference was searched for")},
    {"a search that found nobody", N_("a search that found nobody")},
    {"a reference of nobody", N_("a reference of nobody")},
    {"what they have from ", N_("what you have from %s")},
    {"the form to record something", N_("the form to record something")},
    {"what is to be recorded", N_("what is to be recorded")},
    {"recorded line ", N_("recorded: item %s")},
    {"reversed line ", N_("taken back: item %s")},
    {"a death that was told", N_("a death that was reported")},
    {"subject-export", N_("a copy of everything we hold about you")},
    {"what they told: name", N_("what you told us: a new name")},
    {"what they told: address", N_("what you told us: a new address")},
    {"what they told: household", N_("what you told us: who you live with")},
    {"what they told: birth", N_("what you told us: a birth")},
    {"what they told: death", N_("what you told us: a death")},
    {"what they told: taken", N_("what you told us: it was accepted")},
    {"what they told: refused", N_("what you told us: it was refused")},
    {"requests", N_("your requests")},
    {"objection", N_("your objection")},
    {"invitation", N_("an invitation to sign in")},
    {"legal hold placed: ",
     N_("legal hold %s placed: nothing of your record is erased while it stands")},
    {"legal hold ended: ", N_("legal hold %s ended")},
    {NULL, NULL}};
static const struct words whys[] = {{"helping", N_("helps you")},
                                    {"helps them to tell", N_("helps you to tell")},
                                    {"told to ", N_("you told %s")},
                                    {"to answer it", N_("to answer it")},
                                    {"to answer request ", N_("to answer request %s")},
                                    {"it was told to them", N_("because you told them")},
                                    {"to see where it stands", N_("to see where it stands")},
                                    {"to read it again", N_("to read it again")},
                                    {"answered", N_("answered")},
                                    {"to sign in", N_("to sign in")},
                                    {"to act in it", N_("to act in it")},
                                    {"to ask for it", N_("to ask another to approve it")},
                                    {"to approve it", N_("to approve what another asked for")},
                                    {"command line", N_("from the operator's own machine")},
                                    {"to keep the record",
                                     N_("The reason is kept with the hold and is not shown here; "
                                        "ask those who keep these accounts.")},
                                    {NULL, NULL}};

static const char *words_of(const struct request *r, const struct words *all, const char *kept) {
  for (; kept && all->kept; all++) {
    size_t size = strlen(all->kept);
    if (all->kept[size - 1] == ' ' ? strncmp(kept, all->kept, size) == 0
                                   : strcmp(kept, all->kept) == 0)
      return arena_printf(r->arena, say(r->language, all->said), kept + size);
  }
  return kept;
}

/* The words for `office staff granted`, from the role's row; null: it is no such note. */
static const char *role_words(const struct request *r, const char *kept) {
  static const char before[] = "office ";
  const struct role *role;
  if (!kept || strncmp(kept, before, sizeof before - 1) != 0) return NULL;
  const char *word = kept + sizeof before - 1, *end = strchr(word, ' ');
  if (!end || !(role = role_find(span_make(word, (size_t)(end - word))))) return NULL;
  return strcmp(end, " granted") == 0 ? say(r->language, role->granted)
         : strcmp(end, " ended") == 0 ? say(r->language, role->ended)
                                      : NULL;
}

/* `case line-wrong 12`, of older looks without the number; null: it says something else. What
 * neither the person nor a helper can open is not theirs. */
static const char *case_words(const struct request *r, const char *kept) {
  static const char begins[] = "case ";
  if (!kept || strncmp(kept, begins, sizeof begins - 1) != 0) return NULL;
  const char *word = kept + sizeof begins - 1, *number = strchr(word, ' ');
  size_t size = number ? (size_t)(number - word) : strlen(word);
  const struct pack_case_kind *kind = pack_find_case_kind(r->pack, span_make(word, size));
  if (!kind) return NULL;
  bool theirs = strstr(kind->opens, "self") || strstr(kind->opens, "helper-");
  if (number)
    return arena_printf(r->arena,
                        theirs ? say(r->language, "your request %s: %s")
                               : say(r->language, "request %s about you: %s"),
                        number + 1, kind->name[r->language]);
  return arena_printf(r->arena,
                      theirs ? say(r->language, "your request: %s")
                             : say(r->language, "a request about you: %s"),
                      kind->name[r->language]);
}

const char *access_what(const struct request *r, const char *kept) {
  const char *of_role = role_words(r, kept), *of_case = case_words(r, kept);
  if (of_role || of_case) return of_role ? of_role : of_case;
  return words_of(r, whats, kept);
}
const char *access_why(const struct request *r, const char *kept) {
  return words_of(r, whys, kept);
}

/* These say who is in the register, or what somebody else's number is: no page says them, and the
 * code is not kept either. */
static const enum refusal_code hidden[] = {
    REFUSAL_NUMBER_OF_ANOTHER, REFUSAL_NUMBER_OF_ANOTHER_BUT_LETTER,
    REFUSAL_PERSON_ID_ERASED,  REFUSAL_PERSON_NUMBER_OF_SEVERAL,
    REFUSAL_PERSON_UNKNOWN,    REFUSAL_PERSON_NUMBER_UNKNOWN};

static void hide(struct error *err) {
  char column[sizeof err->column];
  memcpy(column, err->column, sizeof column);
  refuse_code(err, REFUSAL_ANSWER_WRONG);
  (void)error_at(err, NULL, 0, column);
}

const char *refusal_said(const struct request *r, const struct error *err) {
  return fault_sentence(r->arena, NULL,
                        refusal_sentence(r->arena, r->language, &err->refusal, err->message));
}

void refusal_reword(const struct reworded *all, struct error *err) {
  for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
    if (hidden[i] == err->refusal.code) {
      hide(err);
      return;
    }
  while (all->refused && all->refused != err->refusal.code) all++;
  if (all->said == REFUSAL_ANSWER_WRONG) hide(err);
  else if (all->refused) (void)refuse_in_words(err, all->said);
}
