#include "statement/headline.h"

#include "document/document.h"

enum { SHARES_IN_A_SENTENCE = 2 };

/* What of the year was taken off a bill, and off which. */
struct off_bill {
  wide_t pence;
  bool is_estimated;
  const char *bill;
};

struct telling {
  const struct headline *h;
  struct arena *arena;
  struct off_bill off;
};

/* A message that names the values in braces. */
static const char *fill(const struct telling *t, const char *message,
                        const struct text_filling *all) {
  struct text out = {0};
  text_add_filled(&out, say(t->h->language, message), all);
  return text_take(t->arena, &out);
}

static const char *year_words(const struct telling *t, int year) {
  return year_write(year, arena_alloc(t->arena, 8));
}

/* Half away from zero; an estimate to ten pounds, or to one where ten would leave nothing. */
static wide_t pounds_of(wide_t pence, bool estimated) {
  const wide_t unit = estimated && (pence <= -500 || pence >= 500) ? 1000 : 100,
               half = pence < 0 ? -unit / 2 : unit / 2;
  return (pence + half) / unit * (unit / 100);
}

/* Of whole pounds, without a sign. */
static const char *pounds_words(const struct telling *t, wide_t pounds, bool estimated) {
  const char *words = value_words(t->arena, t->h->language,
                                  doc_pounds((pounds < 0 ? -pounds : pounds) * 100));
  const struct text_filling all[] = {{"amount", words}, {NULL, NULL}};
  return estimated ? fill(t, N_("about {amount}"), all) : words;
}

/* Within a sentence, without a sign. */
static const char *sum_words(const struct telling *t, wide_t pence, bool estimated) {
  const wide_t pounds = pounds_of(pence, estimated);
  if (!pence || pounds) return pounds_words(t, pounds, estimated);
  const struct text_filling all[] = {
      {"amount", value_words(t->arena, t->h->language, doc_pounds(100))}, {NULL, NULL}};
  return fill(t, N_("less than {amount}"), all);
}

const char *headline_amount(enum language language, wide_t pence, bool estimated,
                            struct arena *arena) {
  const struct headline h = {.language = language};
  const struct telling t = {.h = &h, .arena = arena};
  if (!wide_shown(pence)) return value_words(arena, language, doc_pounds(pence));
  if (pence && !pounds_of(pence, estimated))
    return pence > 0 ? say(language, "less than £1")
                     : value_words(arena, language, doc_money(pence));
  const char *words = value_words(arena, language, doc_pounds(pounds_of(pence, estimated) * 100));
  const struct text_filling all[] = {{"amount", words}, {NULL, NULL}};
  return estimated && pence ? fill(&t, N_("about {amount}"), all) : words;
}

/* ---- what most of it was ---- */

/* Services by the division of the functions of government (COFOG) that they are of. */
static const struct {
  const char *division, *words;
} services[] = {
    {"01", N_("public administration")},
    {"02", N_("defence")},
    {"03", N_("police, fire and courts")},
    {"04", N_("transport and work")},
    {"05", N_("the environment")},
    {"06", N_("housing")},
    {"07", N_("health care")},
    {"08", N_("culture and leisure")},
    {"09", N_("education")},
    {"10", N_("care and support")},
};

struct share {
  const char *words;
  wide_t pence;
};

/* A name within a sentence: `Home care` begins small there; `State Pension` and `NHS dental care`
 * do not. */
static const char *inside(const struct telling *t, const char *name) {
  for (const char *c = name + 1; *name && *c; c++)
    if (*c >= 'A' && *c <= 'Z') return name;
  char *small = arena_string(t->arena, name);
  if (*small >= 'A' && *small <= 'Z') *small = (char)(*small + ('a' - 'A'));
  return small;
}

static const char *part_words(const struct telling *t, const struct pack_category *category) {
  if (category->shown == SHOWN_SERVICES && category->cofog)
    for (size_t i = 0; i < sizeof services / sizeof *services; i++)
      if (strncmp(services[i].division, category->cofog->code, 2) == 0)
        return say(t->h->language, services[i].words);
  return inside(t, category->name[t->h->language]);
}

/* The one or two things that are more than half of what was received; 0: nothing stands out. */
static int find_shares(const struct telling *t, wide_t received, struct share out[2]) {
  struct share *all = arena_array(t->arena, struct share, t->h->part_count + 1);
  int count = 0, best = -1, second = -1;
  for (int i = 0; i < t->h->part_count; i++) {
    const struct headline_part *part = &t->h->parts[i];
    const enum pack_shown shown = part->category->shown;
    if ((shown != SHOWN_CASH && shown != SHOWN_SERVICES) || !part->now) continue;
    const char *words = part_words(t, part->category);
    int at = 0;
    while (at < count && strcmp(all[at].words, words) != 0) at++;
    if (at == count) all[count++] = (struct share){words, 0};
    all[at].pence += part->now;
  }
  for (int i = 0; i < count; i++)
    if (best < 0 || all[i].pence > all[best].pence) second = best, best = i;
    else if (second < 0 || all[i].pence > all[second].pence) second = i;
  if (best < 0) return 0;
  out[0] = all[best];
  if (second >= 0 && all[second].pence * 10 >= received &&
      (all[best].pence + all[second].pence) * 2 > received)
    return out[1] = all[second], 2;
  return all[best].pence * 2 > received ? 1 : 0;
}

/* ---- the year ---- */

/* Each sentence to the person, and about them. */
struct sentence {
  const char *you, *named;
};

static const struct sentence nothing = {N_("Nothing was recorded for you in {year}."),
                                        N_("Nothing was recorded for {name} in {year}.")};
static const struct sentence nothing_moved = {
    N_("In {year} you paid nothing and received nothing."),
    N_("In {year} {name} paid nothing and received nothing.")};
static const struct sentence only_time = {
    N_("In {year} you paid nothing, received nothing, and gave {time}."),
    N_("In {year} {name} paid nothing, received nothing, and gave {time}.")};
/* Services were used whose cost is not known, and no other: by whether something was paid. */
static const struct sentence only_unvalued[2] = {
    {N_("In {year} you paid nothing, and used services whose cost is not known."),
     N_("In {year} {name} paid nothing, and used services whose cost is not known.")},
    {N_("In {year} you paid {paid}, and used services whose cost is not known."),
     N_("In {year} {name} paid {paid}, and used services whose cost is not known.")}};
static const struct sentence only_paid = {N_("In {year} you paid {paid} and received nothing."),
                                          N_("In {year} {name} paid {paid} and received nothing.")};

/* By whether something was paid, and how many things were most of what was received. */
static const struct sentence received[2][SHARES_IN_A_SENTENCE + 1] = {
    {{N_("In {year} you paid nothing and received {got}."),
      N_("In {year} {name} paid nothing and received {got}.")},
     {N_("In {year} you paid nothing and received {got}, mostly {most}."),
      N_("In {year} {name} paid nothing and received {got}, mostly {most}.")},
     {N_("In {year} you paid nothing and received {got}, mostly {most} and {next}."),
      N_("In {year} {name} paid nothing and received {got}, mostly {most} and {next}.")}},
    {{N_("In {year} you paid {paid} and received {got}."),
      N_("In {year} {name} paid {paid} and received {got}.")},
     {N_("In {year} you paid {paid} and received {got}, mostly {most}."),
      N_("In {year} {name} paid {paid} and received {got}, mostly {most}.")},
     {N_("In {year} you paid {paid} and received {got}, mostly {most} and {next}."),
      N_("In {year} {name} paid {paid} and received {got}, mostly {most} and {next}.")}}};
static const struct sentence used[2][SHARES_IN_A_SENTENCE + 1] = {
    {{N_("In {year} you paid nothing and used services that cost {got}."),
      N_("In {year} {name} paid nothing and used services that cost {got}.")},
     {N_("In {year} you paid nothing and used services that cost {got}, mostly {most}."),
      N_("In {year} {name} paid nothing and used services that cost {got}, mostly {most}.")},
     {N_("In {year} you paid nothing and used services that cost {got}, mostly {most} and {next}."),
      N_("In {year} {name} paid nothing and used services that cost {got}, mostly {most} and "
         "{next}.")}},
    {{N_("In {year} you paid {paid} and used services that cost {got}."),
      N_("In {year} {name} paid {paid} and used services that cost {got}.")},
     {N_("In {year} you paid {paid} and used services that cost {got}, mostly {most}."),
      N_("In {year} {name} paid {paid} and used services that cost {got}, mostly {most}.")},
     {N_("In {year} you paid {paid} and used services that cost {got}, mostly {most} and {next}."),
      N_("In {year} {name} paid {paid} and used services that cost {got}, mostly {most} and "
         "{next}.")}}};

/* Where more came back than was paid, or was taken back than received. */
static const struct sentence paid_back = {
    N_("In {year} you were given back {paid} more than you paid."),
    N_("In {year} {name} was given back {paid} more than they paid.")};
static const struct sentence taken_back = {
    N_("In {year} {got} more was taken back from you than you received."),
    N_("In {year} {got} more was taken back from {name} than they received.")};
static const struct sentence paid_alone = {N_("In {year} you paid {paid}."),
                                           N_("In {year} {name} paid {paid}.")};
static const struct sentence received_alone = {N_("In {year} you received {got}."),
                                               N_("In {year} {name} received {got}.")};

/* Where all that was received was taken off a bill: nobody had it in the hand. By whether something
 * was paid. */
static const struct sentence off_bill[2] = {
    {N_("In {year} you paid nothing, and {got} was taken off your {bill}."),
     N_("In {year} {name} paid nothing, and {got} was taken off the {bill} of {name}.")},
    {N_("In {year} you paid {paid}, and {got} was taken off your {bill}."),
     N_("In {year} {name} paid {paid}, and {got} was taken off the {bill} of {name}.")}};
static const struct sentence off_bill_alone = {
    N_("In {year} {got} was taken off your {bill}."),
    N_("In {year} {got} was taken off the {bill} of {name}.")};
static const struct sentence partly_off_bill = {
    N_("Of this, {off} was taken off your {bill} and not paid to you in money."),
    N_("Of this, {off} was taken off the {bill} of {name} and not paid in money.")};

/* Of a year that runs: what is not recorded yet may still be. */
static const struct sentence nothing_yet = {
    N_("Nothing has been recorded for you in {year} yet."),
    N_("Nothing has been recorded for {name} in {year} yet.")};
static const struct sentence given_alone = {N_("In {year} you gave {time}."),
                                            N_("In {year} {name} gave {time}.")};
static const struct sentence used_alone = {N_("In {year} you used services that cost {got}."),
                                           N_("In {year} {name} used services that cost {got}.")};
static const struct sentence unvalued_alone = {
    N_("In {year} you used services whose cost is not known."),
    N_("In {year} {name} used services whose cost is not known.")};
static const struct sentence no_payment_yet = {
    N_("Nothing that you paid has been recorded for {year} yet."),
    N_("Nothing that {name} paid has been recorded for {year} yet.")};
static const struct sentence no_receipt_yet = {
    N_("Nothing that you received has been recorded for {year} yet."),
    N_("Nothing that {name} received has been recorded for {year} yet.")};
static const struct sentence neither_yet = {
    N_("Nothing that you paid or received has been recorded for {year} yet."),
    N_("Nothing that {name} paid or received has been recorded for {year} yet.")};

/* Where lines of other years were taken back. */
static const struct sentence paid_corrected = {
    N_("In {year} corrections of other years took off {paid} more than you paid."),
    N_("In {year} corrections of other years took off {paid} more than {name} paid.")};
static const struct sentence received_corrected = {
    N_("In {year} corrections of other years took off {got} more than you received."),
    N_("In {year} corrections of other years took off {got} more than {name} received.")};
static const struct sentence corrected = {
    N_("Items of other years were taken back in {year}. The notes say which, and how much."),
    N_("Items of other years were taken back in {year}. The notes say which, and how much.")};

static const char *of(const struct telling *t, struct sentence s) {
  return t->h->named ? s.named : s.you;
}

static wide_t received_of(const struct figures *f) {
  return f->of[SHOWN_CASH] + f->of[SHOWN_SERVICES];
}

static struct off_bill off_bill_of(const struct headline *h) {
  struct off_bill out = {0};
  for (int i = 0; i < h->part_count; i++) {
    const struct headline_part *part = &h->parts[i];
    const char *bill = part->category->off_bill[h->language];
    if (!bill || !part->now) continue;
    out.pence += part->now;
    out.is_estimated |= part->is_estimated;
    out.bill = out.bill && strcmp(out.bill, bill) != 0 ? say(h->language, "bills") : bill;
  }
  return out;
}

static bool estimated_in(const struct headline *h, bool paid, bool before) {
  for (int i = 0; i < h->part_count; i++) {
    const struct headline_part *part = &h->parts[i];
    const enum pack_shown shown = part->category->shown;
    if (paid ? shown == SHOWN_PAID : shown == SHOWN_CASH || shown == SHOWN_SERVICES)
      if (before ? part->was_estimated : part->is_estimated) return true;
  }
  return false;
}

static void add(struct headline_words *out, const char *sentence) {
  if (out->count < HEADLINE_SENTENCES) out->change[out->count++] = sentence;
}

static bool is_corrected(const bool sections[FIGURE_COUNT], bool paid) {
  return paid ? sections[SHOWN_PAID] : sections[SHOWN_CASH] || sections[SHOWN_SERVICES];
}

static bool is_any_corrected(const struct headline *h) {
  for (int i = 0; i < FIGURE_COUNT; i++)
    if (h->corrected[i]) return true;
  return false;
}

/* Two sentences, since one of the two goes the other way. */
static void say_back(const struct telling *t, const struct text_filling *all, wide_t paid,
                     wide_t got, struct headline_words *out) {
  const bool *corrected_in = t->h->corrected;
  const struct sentence back = is_corrected(corrected_in, true) ? paid_corrected : paid_back,
                        taken = is_corrected(corrected_in, false) ? received_corrected : taken_back;
  if (!paid) {
    out->year = fill(t, of(t, taken), all);
    return;
  }
  out->year = fill(t, of(t, paid < 0 ? back : paid_alone), all);
  if (got) add(out, fill(t, of(t, got < 0 ? taken : received_alone), all));
}

static bool is_recorded(const struct headline *h, bool paid) {
  for (int i = 0; i < h->part_count; i++) {
    const enum pack_shown shown = h->parts[i].category->shown;
    if (paid ? shown == SHOWN_PAID : shown == SHOWN_CASH || shown == SHOWN_SERVICES)
      if (h->parts[i].is_recorded) return true;
  }
  return false;
}

static bool is_all_off_bill(const struct telling *t) {
  return t->off.pence > 0 && t->off.pence == received_of(&t->h->now) &&
         !t->h->now.of[SHOWN_SERVICES];
}

/* It stands first after the sentence of the year. */
static void say_partly_off_bill(const struct telling *t, struct headline_words *out) {
  const struct off_bill off = t->off;
  if (off.pence <= 0 || off.pence >= received_of(&t->h->now) || t->h->now.of[SHOWN_PAID] < 0)
    return;
  const struct text_filling all[] = {{"off", sum_words(t, off.pence, off.is_estimated)},
                                     {"bill", off.bill},
                                     {"name", t->h->named ? t->h->named : ""},
                                     {NULL, NULL}};
  add(out, fill(t, of(t, partly_off_bill), all));
}

/* A year that runs has no `nothing`, only what is not recorded yet. False: both sides are recorded,
 * and it is said as of any year. */
static bool say_so_far(const struct telling *t, const struct text_filling *all,
                       struct headline_words *out) {
  const struct headline *h = t->h;
  const bool paid = is_recorded(h, true), got = is_recorded(h, false),
             time = h->now.of[SHOWN_GIVEN] > 0;
  if (!h->is_running || (paid && got) || is_any_corrected(h) || h->now.of[SHOWN_PAID] < 0 ||
      received_of(&h->now) < 0)
    return false;
  if (!h->some || (!paid && !got && !time)) {
    out->year = fill(t, of(t, nothing_yet), all);
    return true;
  }
  out->year = fill(t,
                   of(t, paid                        ? paid_alone
                         : !got                      ? given_alone
                         : is_all_off_bill(t)        ? off_bill_alone
                         : h->now.of[SHOWN_CASH]     ? received_alone
                         : h->now.of[SHOWN_SERVICES] ? used_alone
                         : h->has_unvalued           ? unvalued_alone
                                                     : received_alone),
                   all);
  add(out, fill(t, of(t, paid ? no_receipt_yet : got ? no_payment_yet : neither_yet), all));
  return true;
}

static void say_year(const struct telling *t, struct headline_words *out) {
  const struct headline *h = t->h;
  const bool paid_estimated = estimated_in(h, true, false),
             got_estimated = estimated_in(h, false, false);
  const wide_t paid = h->now.of[SHOWN_PAID], got = received_of(&h->now);
  struct share shares[2] = {{"", 0}, {"", 0}};
  const int count = find_shares(t, got, shares);
  const struct text_filling all[] = {{"year", year_words(t, h->year)},
                                     {"name", h->named ? h->named : ""},
                                     {"paid", sum_words(t, paid, paid_estimated)},
                                     {"got", sum_words(t, got, got_estimated)},
                                     {"most", shares[0].words},
                                     {"next", shares[1].words},
                                     {"bill", t->off.bill},
                                     {"time", value_words(t->arena, t->h->language,
                                                          doc_minutes(h->now.of[SHOWN_GIVEN]))},
                                     {NULL, NULL}};
  if (say_so_far(t, all, out)) return;
  if (!h->some) out->year = fill(t, of(t, nothing), all);
  else if (paid < 0 || got < 0) say_back(t, all, paid, got, out);
  else if (!got && h->has_unvalued) out->year = fill(t, of(t, only_unvalued[paid != 0]), all);
  else if (!paid && !got)
    out->year = fill(t, of(t, h->now.of[SHOWN_GIVEN] > 0 ? only_time : nothing_moved), all);
  else if (!got) out->year = fill(t, of(t, only_paid), all);
  else if (is_all_off_bill(t)) out->year = fill(t, of(t, off_bill[paid != 0]), all);
  else if (h->now.of[SHOWN_CASH] == 0) out->year = fill(t, of(t, used[paid != 0][count]), all);
  else out->year = fill(t, of(t, received[paid != 0][count]), all);
  if (is_any_corrected(h)) add(out, fill(t, of(t, corrected), all));
}

/* ---- what changed ---- */

static const struct sentence paid_more = {N_("You paid {amount} more than in {before}."),
                                          N_("{name} paid {amount} more than in {before}.")};
static const struct sentence paid_less = {N_("You paid {amount} less than in {before}."),
                                          N_("{name} paid {amount} less than in {before}.")};
static const struct sentence got_more = {N_("You received {amount} more than in {before}."),
                                         N_("{name} received {amount} more than in {before}.")};
static const struct sentence got_less = {N_("You received {amount} less than in {before}."),
                                         N_("{name} received {amount} less than in {before}.")};
static const struct sentence used_more = {
    N_("The services you used cost {amount} more than in {before}."),
    N_("The services that {name} used cost {amount} more than in {before}.")};
static const struct sentence used_less = {
    N_("The services you used cost {amount} less than in {before}."),
    N_("The services that {name} used cost {amount} less than in {before}.")};

/* After what is not compared. */
static const struct sentence rest_got_more = {
    N_("Apart from these you received {amount} more than in {before}."),
    N_("Apart from these {name} received {amount} more than in {before}.")};
static const struct sentence rest_got_less = {
    N_("Apart from these you received {amount} less than in {before}."),
    N_("Apart from these {name} received {amount} less than in {before}.")};
static const struct sentence rest_used_more = {
    N_("The other services you used cost {amount} more than in {before}."),
    N_("The other services that {name} used cost {amount} more than in {before}.")};
static const struct sentence rest_used_less = {
    N_("The other services you used cost {amount} less than in {before}."),
    N_("The other services that {name} used cost {amount} less than in {before}.")};

/* The year before has corrections in it: its sum is none to compare with. */
static const struct sentence paid_apart = {
    N_("What you paid is not compared with {before}, when items of other years were taken back."),
    N_("What {name} paid is not compared with {before}, when items of other years were taken "
       "back.")};
static const struct sentence got_apart = {
    N_("What you received is not compared with {before}, when items of other years were taken "
       "back."),
    N_("What {name} received is not compared with {before}, when items of other years were taken "
       "back.")};

/* Services whose cost is not known for both years. */
static const char apart_unvalued[] = N_(
    "Some services are not compared with {before}, because what they cost is not known for both "
    "years: {what}.");

static bool is_compared(const struct headline_part *part) {
  return !part->is_unvalued && !part->was_unvalued;
}

/* What a side came to, in the year or in the one before, and whether it rests on an estimate. */
struct compared {
  wide_t now, before;
  bool estimated, was_estimated;
};

/* Without the services whose cost is not known for one of the years. */
static struct compared compared_of(const struct headline *h, bool paid) {
  struct compared out = {.now = paid ? h->now.of[SHOWN_PAID] : received_of(&h->now),
                         .before = paid ? h->before.of[SHOWN_PAID] : received_of(&h->before)};
  for (int i = 0; i < h->part_count; i++) {
    const struct headline_part *part = &h->parts[i];
    const enum pack_shown shown = part->category->shown;
    if (paid ? shown != SHOWN_PAID : shown != SHOWN_CASH && shown != SHOWN_SERVICES) continue;
    if (is_compared(part)) {
      out.estimated |= part->is_estimated;
      out.was_estimated |= part->was_estimated;
    } else out.now -= part->now, out.before -= part->before;
  }
  return out;
}

/* Names what is left out of the comparison; false: nothing is. */
static bool say_apart(const struct telling *t, struct headline_words *out) {
  const struct headline *h = t->h;
  struct text names = {0};
  for (int i = 0; i < h->part_count; i++)
    if (!is_compared(&h->parts[i]))
      text_addf(&names, "%s%s", names.size ? ", " : "",
                inside(t, h->parts[i].category->name[h->language]));
  const bool some = names.size > 0;
  const struct text_filling all[] = {{"before", year_words(t, h->year - 1)},
                                     {"what", text_take(t->arena, &names)},
                                     {NULL, NULL}};
  if (some) add(out, fill(t, apart_unvalued, all));
  return some;
}

/* What a side changed by, in pounds: above zero, below, or 0 where that is not said. */
static wide_t say_difference(const struct telling *t, const struct sentence *more,
                             const struct sentence *less, bool paid, struct headline_words *out) {
  const struct headline *h = t->h;
  const struct compared c = compared_of(h, paid);
  const wide_t by = pounds_of(c.now, c.estimated) - pounds_of(c.before, c.was_estimated);
  const bool apart = is_corrected(h->was_corrected, paid);
  if (!apart && (!by || !wide_shown(c.before))) return 0;
  const struct text_filling all[] = {{"name", h->named ? h->named : ""},
                                     {"amount",
                                      pounds_words(t, by, c.estimated || c.was_estimated)},
                                     {"before", year_words(t, h->year - 1)},
                                     {NULL, NULL}};
  add(out, fill(t, of(t, apart ? (paid ? paid_apart : got_apart) : by > 0 ? *more : *less), all));
  return apart ? 0 : by;
}

/* The category that made most of the difference: of those that changed as their side did. */
static const struct headline_part *most_changed(const struct headline *h, wide_t paid_by,
                                                wide_t got_by) {
  const struct headline_part *most = NULL;
  wide_t best = 0;
  for (int i = 0; i < h->part_count; i++) {
    const struct headline_part *part = &h->parts[i];
    const enum pack_shown shown = part->category->shown;
    const wide_t side = shown == SHOWN_PAID ? paid_by : got_by;
    wide_t by = part->now - part->before;
    if (shown != SHOWN_PAID && shown != SHOWN_CASH && shown != SHOWN_SERVICES) continue;
    if (!is_compared(part) || !side || (by > 0) != (side > 0)) continue;
    if (by < 0) by = -by;
    if (by > best) best = by, most = part;
  }
  return most;
}

static void say_reason(const struct telling *t, const struct headline_part *part,
                       struct headline_words *out) {
  const struct headline *h = t->h;
  if (!part) return;
  const bool estimated = part->is_estimated || part->was_estimated,
             ended = !part->now && part->last != DAY_NONE &&
                     part->last < year_first_day(YEAR_TAX, h->year);
  const wide_t by = pounds_of(part->now, part->is_estimated) -
                    pounds_of(part->before, part->was_estimated);
  if (!by || !wide_shown(part->now) || !wide_shown(part->before)) return;
  const struct text_filling all[] = {
      {"what", inside(t, part->category->name[h->language])},
      {"amount", pounds_words(t, by, estimated)},
      {"year", year_words(t, h->year)},
      {"before", year_words(t, h->year - 1)},
      {"first", value_words(t->arena, t->h->language, doc_day(part->first))},
      {"last", value_words(t->arena, t->h->language, doc_day(part->last))},
      {NULL, NULL}};
  add(out, fill(t,
                part->is_new && by > 0
                    ? N_("The biggest rise is {what}: {amount}, first recorded on {first}.")
                : !part->was_recorded && by > 0
                    ? N_("The biggest rise is {what}: {amount}, and none in {before}.")
                : ended && by < 0
                    ? N_("The biggest fall is {what}: none in {year}. It was last recorded on "
                         "{last}.")
                : by > 0 ? N_("The biggest rise is {what}: {amount} more.")
                         : N_("The biggest fall is {what}: {amount} less."),
                all));
}

static const struct sentence born = {
    N_("You were born on {born}, so {before} was not a whole year."),
    N_("{name} was born on {born}, so {before} was not a whole year.")};
/* nobody reads it of themself */
static const char died[] = N_("{name} died on {died}, so {year} was not a whole year.");
static const struct sentence moved = {N_("You moved from {from} to {to} on {moved}."),
                                      N_("{name} moved from {from} to {to} on {moved}.")};

/* What the register holds of the two years. */
static void say_life(const struct telling *t, struct headline_words *out) {
  const struct headline *h = t->h;
  const bool was_born = h->born != DAY_NONE && year_of_day(YEAR_TAX, h->born) == h->year - 1,
             has_died = h->died != DAY_NONE && year_of_day(YEAR_TAX, h->died) == h->year;
  const struct text_filling all[] = {
      {"name", h->named ? h->named : ""},
      {"year", year_words(t, h->year)},
      {"before", year_words(t, h->year - 1)},
      {"born", value_words(t->arena, t->h->language, doc_day(h->born))},
      {"died", value_words(t->arena, t->h->language, doc_day(h->died))},
      {"moved", value_words(t->arena, t->h->language, doc_day(h->moved))},
      {"from", h->from ? h->from : ""},
      {"to", h->to ? h->to : ""},
      {NULL, NULL}};
  if (was_born) add(out, fill(t, of(t, born), all));
  if (has_died) add(out, fill(t, died, all));
  if (h->moved != DAY_NONE) add(out, fill(t, of(t, moved), all));
}

void headline_say(const struct headline *h, struct arena *arena, struct headline_words *out) {
  const struct telling t = {h, arena, off_bill_of(h)};
  *out = (struct headline_words){0};
  if (!wide_shown(h->now.of[SHOWN_PAID]) || !wide_shown(received_of(&h->now)) ||
      !wide_shown(h->now.of[SHOWN_GIVEN]))
    return;
  say_partly_off_bill(&t, out);
  say_year(&t, out);
  const char *prices = h->now.of[SHOWN_SERVICES] > 0
                           ? price_years_words(&h->prices, h->year, h->language, arena)
                           : NULL;
  if (prices) add(out, prices);
  if (h->is_running) {
    const struct text_filling all[] = {{"year", year_words(&t, h->year)}, {NULL, NULL}};
    add(out, fill(&t, N_("The year {year} is not over: more may be recorded."), all));
    return;
  }
  /* a difference that a correction makes is none of what was paid and received */
  if (!h->has_before || !h->some || is_any_corrected(h)) return;
  const bool no_cash = !h->now.of[SHOWN_CASH] && !h->before.of[SHOWN_CASH];
  const int before = out->count;
  const wide_t paid = say_difference(&t, &paid_more, &paid_less, true, out);
  const bool paid_said = out->count > before, apart = say_apart(&t, out);
  const int got_from = out->count;
  const struct sentence *more = no_cash ? (apart ? &rest_used_more : &used_more)
                                        : (apart ? &rest_got_more : &got_more),
                        *less = no_cash ? (apart ? &rest_used_less : &used_less)
                                        : (apart ? &rest_got_less : &got_less);
  const wide_t got = say_difference(&t, more, less, false, out);
  const bool some = paid_said || out->count > got_from;
  if (!some) return;
  say_life(&t, out);
  say_reason(&t, most_changed(h, paid, got), out);
}
