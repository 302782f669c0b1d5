/* What a statement begins with: whose it is, the year in a sentence, what changed, and the figures
 * with last year's beside them. */
#include "statement/subject.h"

#define SAY(text) say(p->language, (text))

/* ---- the headline of a subject ---- */

static struct headline_part *part_of(struct headline *h, struct headline_part **by_id,
                                     const struct pack_category *category, int id) {
  if (!by_id[id]) {
    by_id[id] = &h->parts[h->part_count++];
    *by_id[id] = (struct headline_part){.category = category, .first = DAY_NONE, .last = DAY_NONE};
  }
  return by_id[id];
}

static void add_to_part(struct headline_part *part, const struct loaded_line *line, bool corrects,
                        bool now, bool before) {
  const wide_t amount = figures_amount(part->category, line->amount);
  if (!corrects && (part->first == DAY_NONE || line->day < part->first)) part->first = line->day;
  if (!corrects && (part->last == DAY_NONE || line->day > part->last)) part->last = line->day;
  const bool unvalued = !corrects && line->has_quantity && line->service > 0 && !line->cost_year &&
                        !line->amount;
  if (now) {
    part->now += amount;
    part->is_estimated |= line->estimated, part->is_unvalued |= unvalued;
    part->is_recorded = true;
  } else if (before) {
    part->before += amount;
    part->was_estimated |= line->estimated, part->was_unvalued |= unvalued;
    part->was_recorded = true;
  }
}

static void find_parts(const struct statement_page *p, struct headline *h) {
  const struct chart *chart = p->maker->reference_data->chart;
  const day_t first = year_first_day(YEAR_TAX, p->year), last = year_last_day(YEAR_TAX, p->year),
              before = year_first_day(YEAR_TAX, p->year - 1);
  struct headline_part **by_id = arena_array(p->arena, struct headline_part *, chart->max + 1);
  h->parts = arena_array(p->arena, struct headline_part, chart->max + 1);
  for (size_t i = 0; i < p->subject->count; i++) {
    const struct loaded_line *line = p->subject->lines[i];
    const struct pack_category *category = chart_category(chart, line->category);
    if (!category || !pack_is_summed(category) || line->cancelled || line->day > last) continue;
    struct headline_part *part = part_of(h, by_id, category, line->category);
    const bool corrects = line->reverses_entry != 0;
    add_to_part(part, line, corrects, line->day >= first, line->day >= before);
    if (line->day >= first) h->corrected[category->shown] |= corrects;
    else if (line->day >= before)
      h->was_corrected[category->shown] |= corrects, h->has_before = true;
  }
  for (int i = 0; i < h->part_count; i++) h->parts[i].is_new = h->parts[i].first >= first;
}

static void find_move(const struct statement_page *p, struct headline *h) {
  const struct places *places = p->maker->reference_data->places;
  h->moved = DAY_NONE;
  if (!p->subject->move_count) return;
  const struct move *move = &p->subject->moves[p->subject->move_count - 1];
  h->moved = move->day;
  h->from = places->all[move->from].name;
  h->to = places->all[move->to].name;
}

void statement_summarise(const struct statement_page *p, struct statement_summary *out) {
  const struct sums *sums = p->sums;
  const struct year_sums *before = sums->year_count > 1 ? &sums->years[sums->year_count - 2] : NULL;
  const struct person *person = p->subject->person;
  struct headline h = {.language = p->language,
                       .year = p->year,
                       .named = page_is_named(p) ? person->name : NULL,
                       .some = sums->entries > 0,
                       .is_running = year_last_day(YEAR_TAX, p->year) >= day_today(),
                       .now = sums->totals,
                       .has_unvalued = sums->years[sums->year_count - 1].unvalued > 0,
                       .born = person->born,
                       .died = person->died};
  find_parts(p, &h);
  if (h.has_before) h.before = before->totals;
  find_move(p, &h);
  for (int i = 0; i < sums->cost_count; i++) price_years_add(&h.prices, sums->costs[i].year);
  *out = (struct statement_summary){.year = p->year,
                                    .some = h.some,
                                    .is_running = h.is_running,
                                    .now = h.now,
                                    .before = h.before,
                                    .has_before = h.has_before,
                                    .unvalued = sums->years[sums->year_count - 1].unvalued > 0,
                                    .was_unvalued = before && before->unvalued > 0};
  for (int i = 0; i < h.part_count; i++) {
    const enum pack_shown shown = h.parts[i].category->shown;
    out->estimated[shown] |= h.parts[i].is_estimated;
    out->was_estimated[shown] |= h.parts[i].was_estimated;
    out->recorded[shown] |= h.parts[i].is_recorded;
  }
  headline_say(&h, p->arena, &out->words);
}

/* `before`: of the year before. */
static const char *summary_pounds(const struct statement_summary *s, enum language language,
                                  enum pack_shown shown, bool before, struct arena *arena) {
  const wide_t n = before ? s->before.of[shown] : s->now.of[shown];
  if (!n && shown == SHOWN_SERVICES && (before ? s->was_unvalued : s->unvalued))
    return say(language, "not valued");
  if (!n && !before && s->is_running && !s->recorded[shown]) return say(language, "nothing yet");
  return headline_amount(language, n, before ? s->was_estimated[shown] : s->estimated[shown],
                         arena);
}

struct doc_value statement_summary_value(const struct statement_summary *s, enum language language,
                                         enum pack_shown shown, struct arena *arena) {
  const wide_t n = s->now.of[shown];
  if (shown == SHOWN_GIVEN && (n || !s->is_running)) return doc_minutes(n);
  return doc_text(summary_pounds(s, language, shown, false, arena));
}

/* ---- the first screen ---- */

static const char *day_words(const struct statement_page *p, day_t day) {
  return value_words(p->arena, p->language, doc_day(day));
}

static const struct place *place_of(const struct statement_page *p) {
  return p->subject->place == PLACE_NONE
             ? NULL
             : &p->maker->reference_data->places->all[p->subject->place];
}

void statement_add_person_line(const struct statement_page *p, const char *sentence) {
  const struct person *person = p->subject->person;
  const struct place *place = place_of(p);
  struct text t = {0};
  text_addf(&t, "%s (%s)", person->name, person->code);
  if (person->born != DAY_NONE) {
    text_add(&t, ", ");
    text_addf(&t, SAY("born %s"), day_words(p, person->born));
  }
  if (person->died != DAY_NONE) {
    text_add(&t, ", ");
    text_addf(&t, SAY("died %s"), day_words(p, person->died));
  }
  if (place) text_addf(&t, ", %s", place->name);
  text_addf(&t, ". %s", sentence);
  document_paragraph(p->d, text_take(p->arena, &t));
}

static void add_person(const struct statement_page *p) {
  const struct person *person = p->subject->person;
  const struct place *place = place_of(p);
  const day_t first = year_first_day(YEAR_TAX, p->year), last = year_last_day(YEAR_TAX, p->year);
  document_open(p->d, "person", NULL);
  document_value(p->d, "id", NULL, doc_text(person->code));
  document_value(p->d, "name", NULL, doc_text(person->name));
  document_value(p->d, "born", NULL, doc_day(person->born));
  if (person->died != DAY_NONE) document_value(p->d, "died", NULL, doc_day(person->died));
  document_value(p->d, "place", NULL, place ? doc_text(place->code) : doc_null());
  document_value(p->d, "place_name", NULL, place ? doc_text(place->name) : doc_null());
  document_close(p->d);
  document_value(p->d, "year", NULL, doc_text(page_year_text(p, p->year)));
  document_value(p->d, "from", NULL, doc_day(first));
  document_value(p->d, "to", NULL, doc_day(last));
  statement_add_person_line(p, arena_printf(p->arena, SAY("The year is from %s to %s."),
                                            day_words(p, first), day_words(p, last)));
}

/* Whole pounds, or the time, with last year's beside it. */
static void add_figure(const struct statement_page *p, const struct statement_summary *s,
                       enum pack_shown shown) {
  const char *label = page_section(p, shown, s->now.of[shown]);
  const bool time = shown == SHOWN_GIVEN;
  struct doc_value now = statement_summary_value(s, p->language, shown, p->arena),
                   before = doc_minutes(s->before.of[shown]);
  struct text t = {0};
  if (!time) before = doc_text(summary_pounds(s, p->language, shown, true, p->arena));
  text_addf(&t, "%s: ", page_year_text(p, p->year - 1));
  value_for_people(&t, p->language, before);
  if (s->before.of[shown] < 0 && s->now.of[shown] >= 0)
    text_addf(&t, ", %s", SAY("less corrections"));
  const char *beside = text_take(p->arena, &t);
  document_headline_beside(p->d, NULL, label, now, s->has_before && !s->is_running ? beside : NULL);
}

/* The sentences one after another. */
static const char *changes_text(const struct statement_page *p, const struct headline_words *w) {
  struct text t = {0};
  for (int i = 0; i < w->count; i++) text_addf(&t, "%s%s", i ? " " : "", w->change[i]);
  return text_take(p->arena, &t);
}

void statement_add_first_screen(const struct statement_page *p) {
  struct statement_summary s;
  add_person(p);
  statement_summarise(p, &s);
  if (s.words.year) document_lead(p->d, s.words.year);
  if (s.words.count) document_paragraph(p->d, changes_text(p, &s.words));
  if (!s.some) return;
  add_figure(p, &s, SHOWN_PAID);
  add_figure(p, &s, SHOWN_CASH);
  add_figure(p, &s, SHOWN_SERVICES);
  add_figure(p, &s, SHOWN_GIVEN);
  statement_say_too_large(p);
}
