/* weal standards: what everybody of a place is promised at least, and of whom it is not known to be
 * kept. */
#include "cli/cli.h"

#include "base/refusal.h"
#include "place/standards_document.h"
#include "publish/standards.h"

/* ---- the row of verbs.c ---- */

const char standards_help[] =
    "Minimum standards are rows of the policy pack: an income, a visit within days, a "
    "school place. 'list' says what is promised and who answers for it. 'check' counts, "
    "for the people who live in a place, for how many each is kept, for how many nothing "
    "shows that it was, and of how many nothing can be said; by place under it, and by "
    "age, sex and home. With --who it names those of whom it is not known, and each of "
    "them sees that. With --public it says what anyone would see, by place and group: "
    "rounded, and hidden where fewer than ten people could be told apart.\n"
    "\n"
    "'ask' opens a request for each of them to whoever answers for the standard, once for "
    "a person, a standard and a year.\n"
    "\n"
    "    weal standards list\n"
    "    weal standards check --year 2025-26 --place E07000117 --format csv\n"
    "    weal standards ask --year 2025-26 --standard school-place\n";

/* ---- what was asked for ---- */

static enum status read_request(struct call *call, struct standards_request *q, struct error *err) {
  const char *const *packs;
  int count = 0;
  struct rules *rules = NULL;
  const char *only = call_option(call, "standard");
  if (call_policies(call, &packs, &count, err) != DONE ||
      rules_load(call->arena, packs, count, &rules, err) != DONE)
    return err->code;
  *q = (struct standards_request){.store = call->store,
                                  .pack = call->pack,
                                  .rules = rules,
                                  .place = call_option(call, "place"),
                                  .year = q->year,
                                  .today = day_today(),
                                  .progress = call->progress};
  if (only) q->only = pack_find_standard(call->pack, span_of(only));
  return only && !q->only ? refuse(err, STANDARD_UNKNOWN, only) : DONE;
}

/* A look for each person who is listed, before anything is shown. */
static enum status note_looks(struct call *call, const struct standards *s, struct error *err) {
  enum status status = DONE;
  for (int i = 0; status == DONE && i < s->breach_count; i++)
    status = call_note_access(
        call, s->breaches[i].person,
        arena_printf(call->arena, "standard %s", s->found[s->breaches[i].of].what->code), err);
  return status;
}

/* What anyone would see of it, of any place. */
static enum status check_public(struct call *call, const struct standards *s, struct error *err) {
  struct standards_shown shown;
  struct places *places = NULL;
  struct document *d = NULL;
  enum status status = register_places(call->store, call->arena, &places, err);
  if (status != DONE) return status;
  standards_show(call->arena, s, &shown);
  shown.made = DAY_NONE;
  standards_public_document(call->arena, call->pack, places, &shown,
                            &places->all[places_by_code(places, span_of(s->code))], ENGLISH, &d);
  output_document(call, d);
  return DONE;
}

static enum status check(struct call *call, struct error *err) {
  struct standards_request q = {0};
  struct standards *s = arena_array(call->arena, struct standards, 1);
  struct document *d = NULL;
  if (call_has(call, "public") && call_has(call, "who"))
    return error_set(err, USAGE, "--who lists people, and --public hides them; give one of them");
  if (call_year(call, &q.year, err) != DONE || call_open_store(call, STORE_WRITE, err) != DONE ||
      call_open_pack(call, err) != DONE || read_request(call, &q, err) != DONE ||
      standards_check(call->arena, &q, s, err) != DONE)
    return err->code;
  if (call_has(call, "who") && note_looks(call, s, err) != DONE) return err->code;
  if (call_has(call, "public")) return check_public(call, s, err);
  standards_document(call->arena, s, ENGLISH, call_has(call, "who"), &d);
  output_document(call, d);
  return DONE;
}

/* Each breach as a case of its own; one that is open or was opened is not opened again. */
static enum status ask(struct call *call, struct error *err) {
  struct sent texts[3];
  struct call_sent sent = {.all = texts};
  struct action_call act = {.person = 0};
  char year[8];
  int number = 0;
  if (call_year(call, &number, err) != DONE || call_open_store(call, STORE_WRITE, err) != DONE)
    return err->code;
  call_send(&sent, "standard", call_option(call, "standard"));
  call_send(&sent, "year", year_write(number, year));
  call_send(&sent, "place", call_option(call, "place"));
  if (call_act(call, "standards-ask", &sent, &act, err) != DONE) return err->code;
  const long long nobody = (long long)action_answer_int_of(&act, "nobody");
  if (call->quiet) return DONE;
  text_addf(&call->out, "%lld asked about, %lld before.\n",
            (long long)action_answer_int_of(&act, "asked"),
            (long long)action_answer_int_of(&act, "before"));
  if (nobody) text_addf(&call->out, "%lld where nobody answers for it.\n", nobody);
  return DONE;
}

static enum status list(struct call *call, struct error *err) {
  struct document *d = NULL;
  if (call_open_pack(call, err) != DONE) return err->code;
  standards_list_document(call->arena, call->pack, ENGLISH, &d);
  output_document(call, d);
  return DONE;
}

enum status verb_standards(struct call *call, struct error *err) {
  static const struct {
    const char *word;
    enum status (*run)(struct call *call, struct error *err);
  } ways[] = {{"list", list}, {"check", check}, {"ask", ask}};
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
    if (strcmp(call->arguments[0], ways[i].word) == 0) return ways[i].run(call, err);
  return error_set(err, USAGE, "write standards list, standards check or standards ask");
}
