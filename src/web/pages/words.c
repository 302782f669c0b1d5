/* Turns what lower floors write for logs and files into the words of a page: what was accessed and
 * why, and what was refused. */
#include "web/forms/form.h"
#include "web/pages/pages.h"

struct words {
  const char *kept, *said, *of_them;
};

/* `kept` is as request_note_access and its like write it; where it ends in a space, the text after
 * it replaces the %s. `said` is for the person; `of_them`, where it differs, for anybody else. */
static const struct words whats[] = {
    {"account", N_("the account"), NULL}, /* before notes named the years */
    {"account all years", N_("the account of all years"), NULL},
    {"account in part", N_("a part of the account"), NULL},
    {"account ", N_("the account of %s"), NULL},
    {"statement ", N_("the statement of %s"), NULL},
    {"statements ", N_("everybody's statements for %s"), NULL},
    {"balances", N_("all balances"), NULL},
    {"requests", N_("your requests"), N_("their requests")},
    {"export people", N_("all people, as a file"), NULL},
    {"export households", N_("all households, as a file"), NULL},
    {"export facts", N_("everything that was told for taxes and benefits, as a file"), NULL},
    {"export awards", N_("everything that is awarded, as a file"), NULL},
    {"export entries", N_("all items, as a file"), NULL},
    {"assessment", N_("what you may get and must pay"), N_("what they may get and must pay")},
    {"life", N_("the life so far"), NULL},
    {"line ", N_("item %s"), NULL},
    {"time given", N_("the time you gave"), N_("the time they gave")},
    {"time given: entered", N_("time you gave: entered for you"),
     N_("time they gave: entered for them")},
    {"time given, to be confirmed", N_("time you were asked to confirm"),
     N_("time they were asked to confirm")},
    {"time given, answered", N_("time you were asked to confirm: answered"),
     N_("time they were asked to confirm: answered")},
    {"tell us once", N_("what you told us"), N_("what they told us")},
    {"found in a search", N_("your name came up in a search"),
     N_("their name came up in a search")},
    {"looked for by reference", N_("your reference was searched for"),
     N_("their reference was searched for")},
    {"a search that found nobody", N_("a search that found nobody"), NULL},
    {"a reference of nobody", N_("a reference of nobody"), NULL},
    {"what they have from ", N_("what you have from %s"), N_("what they have from %s")},
    {"the form to record something", N_("the form to record something"), NULL},
    {"what is to be recorded", N_("what is to be recorded"), NULL},
    {"recorded line ", N_("recorded: item %s"), NULL},
    {"reversed line ", N_("taken back: item %s"), NULL},
    {"a death that was told", N_("a death that was reported"), NULL},
    {"subject-export", N_("a copy of everything we hold about you"),
     N_("a copy of everything we hold about them")},
    {"what they told: name", N_("what you told us: a new name"),
     N_("what they told us: a new name")},
    {"what they told: address", N_("what you told us: a new address"),
     N_("what they told us: a new address")},
    {"what they told: household", N_("what you told us: who you live with"),
     N_("what they told us: who they live with")},
    {"what they told: birth", N_("what you told us: a birth"), N_("what they told us: a birth")},
    {"what they told: death", N_("what you told us: a death"), N_("what they told us: a death")},
    {"what they told: taken", N_("what you told us: it was accepted"),
     N_("what they told us: it was accepted")},
    {"what they told: refused", N_("what you told us: it was refused"),
     N_("what they told us: it was refused")},
    {"requests", N_("your requests"), N_("their requests")},
    {"objection", N_("your objection"), N_("their objection")},
    {"invitation", N_("an invitation to sign in"), NULL},
    {"facts", N_("what is known of you for taxes and benefits"),
     N_("what is known of them for taxes and benefits")},
    {"fact told", N_("something was recorded that taxes and benefits depend on"), NULL},
    {"fact withdrawn", N_("something was taken back that taxes and benefits depend on"), NULL},
    {"standards", N_("what you are promised at least"), N_("what they are promised at least")},
    {"standard ", N_("whether a minimum standard was kept: %s"), NULL},
    {"claims", N_("what you can claim"), N_("what they can claim")},
    {"a claim made", N_("a claim was made"), NULL},
    {"a claim taken", N_("a claim was taken from you"), N_("a claim was taken from them")},
    {"awards", N_("what is awarded to you"), N_("what is awarded to them")},
    {"award made", N_("something was awarded"), NULL},
    {"award changed", N_("an award was changed"), NULL},
    {"award ended", N_("an award was ended"), NULL},
    {"who misses out on: ", N_("who misses out on: %s"), NULL},
    {"seems entitled and receives nothing: ", N_("you seem entitled and receive nothing: %s"),
     N_("they seem entitled and receive nothing: %s")},
    {"list of who misses out: ", N_("a list of who misses out: %s"), NULL},
    {"wrote that they seem entitled: ", N_("a letter to you about what you may get: %s"),
     N_("a letter to them about what they may get: %s")},
    {"printed a letter", N_("the letter to you was printed"), N_("the letter to them was printed")},
    {"a letter to them", N_("a letter to you"), N_("a letter to them")},
    {"said what came of a letter", N_("what came of a letter to you"),
     N_("what came of a letter to them")},
    {"letters about what they may get", N_("whether you want letters about what you may get"),
     N_("whether they want letters about what they may get")},
    {"a row of a file that may be about them", N_("a row of a file that may be about you"),
     N_("a row of a file that may be about them")},
    {"a row of a file: it is about them", N_("a row of a file: it was said to be about you"),
     N_("a row of a file: it was said to be about them")},
    {"a row of a file: it is about somebody else",
     N_("a row of a file: it was said not to be about you"),
     N_("a row of a file: it was said not to be about them")},
    {"a row of a file: it waits again",
     N_("a row of a file: nobody has said whether it is about you"),
     N_("a row of a file: nobody has said whether it is about them")},
    {"legal hold placed: ",
     N_("legal hold %s placed: nothing of your record is erased while it stands"),
     N_("legal hold %s placed: nothing of their record is erased while it stands")},
    {"legal hold ended: ", N_("legal hold %s ended"), NULL},
    {NULL, NULL, NULL}};
static const struct words whys[] = {
    {"helping", N_("helps you"), N_("helps them")},
    {"helping their partner", N_("helps your partner"), N_("helps their partner")},
    {"helps them to tell", N_("helps you to tell"), N_("helps them to tell")},
    {"a parent", N_("is responsible for you"), N_("is responsible for them")},
    {"told to ", N_("you told %s"), N_("they told %s")},
    {"to answer it", N_("to answer it"), NULL},
    {"to answer request ", N_("to answer request %s"), NULL},
    {"it was told to them", N_("because you told them"), N_("because it was told to them")},
    {"to see where it stands", N_("to see where it stands"), NULL},
    {"to read it again", N_("to read it again"), NULL},
    {"answered", N_("answered"), NULL},
    {"to sign in", N_("to sign in"), NULL},
    {"to act in it", N_("to act in it"), NULL},
    {"to ask for it", N_("to ask another to approve it"), NULL},
    {"to approve it", N_("to approve what another asked for"), NULL},
    {"command line", N_("from the operator's own machine"), NULL},
    {"to decide who is meant in a file of ", N_("to decide who is meant in a file of %s"), NULL},
    {"to keep the record",
     N_("The reason is kept with the hold and is not shown here; "
        "ask those who keep these accounts."),
     NULL},
    {NULL, NULL, NULL}};

/* Benefits that the access log names in English, with commas, in the language of the visitor. */
static const char *names_of_benefits(const struct request *r, const char *kept) {
  struct text t = {0};
  for (const char *at = kept; *at;) {
    const char *comma = strstr(at, ", ");
    const struct span name = span_make(at, comma ? (size_t)(comma - at) : strlen(at));
    const struct pack_entitlement *what = NULL;
    for (int i = 0; i < r->pack->entitlement_count && !what; i++)
      if (span_is(name, r->pack->entitlements[i].name[ENGLISH])) what = &r->pack->entitlements[i];
    text_addf(&t, SPAN_FORMAT, SPAN(what ? span_of(what->name[r->language]) : name));
    if (comma) text_add(&t, ", ");
    at += name.size + (comma ? 2 : 0);
  }
  return text_take(r->arena, &t);
}

static const char *words_of(const struct request *r, const struct words *all, const char *kept,
                            enum reader reader) {
  for (; kept && all->kept; all++) {
    size_t size = strlen(all->kept);
    if (all->kept[size - 1] == ' ' ? strncmp(kept, all->kept, size) == 0
                                   : strcmp(kept, all->kept) == 0)
      return arena_printf(r->arena,
                          say(r->language,
                              reader == READ_BY_OTHERS && all->of_them ? all->of_them : all->said),
                          names_of_benefits(r, kept + size));
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
static const char *case_words(const struct request *r, const char *kept, enum reader reader) {
  static const char begins[] = "case ";
  if (!kept || strncmp(kept, begins, sizeof begins - 1) != 0) return NULL;
  const char *word = kept + sizeof begins - 1, *number = strchr(word, ' ');
  size_t size = number ? (size_t)(number - word) : strlen(word);
  const struct pack_case_kind *kind = pack_find_case_kind(r->pack, span_make(word, size));
  if (!kind) return NULL;
  bool theirs = strstr(kind->opens, "self") || strstr(kind->opens, "helper-");
  if (reader == READ_BY_OTHERS)
    return number ? arena_printf(r->arena, say(r->language, "request %s about them: %s"),
                                 number + 1, kind->name[r->language])
                  : arena_printf(r->arena, say(r->language, "a request about them: %s"),
                                 kind->name[r->language]);
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

const char *access_what(const struct request *r, const char *kept, enum reader reader) {
  const char *of_role = role_words(r, kept), *of_case = case_words(r, kept, reader);
  if (of_role || of_case) return of_role ? of_role : of_case;
  return words_of(r, whats, kept, reader);
}
const char *access_why(const struct request *r, const char *kept, enum reader reader) {
  /* purposes are rows of the pack, in both languages */
  for (int i = 0; kept && i < r->pack->take_up_count; i++)
    if (strcmp(kept, r->pack->take_ups[i].purpose[ENGLISH]) == 0)
      return r->pack->take_ups[i].purpose[r->language];
  return words_of(r, whys, kept, reader);
}

const char *body_words(const struct request *r, const struct body *body) {
  return pack_body_name(r->pack, body->code, body->name, r->language);
}

const char *body_words_of(const struct request *r, int64_t body) {
  return reference_data_body_name(r->reference_data, body, r->language);
}

const char *category_name(const struct request *r, struct span code) {
  const struct pack_category *c = pack_find_category(r->pack, code);
  return c ? c->name[r->language] : arena_copy(r->arena, code.bytes, code.size);
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
