#include "place/standards_document.h"

#define SAY(text) say(language, (text))

const char *standard_group_words(enum language language, const char *dimension, const char *word) {
  static const struct {
    const char *dimension, *word, *name;
  } names[] = {{"age", "0-4", N_("Age 0 to 4")},
               {"age", "5-15", N_("Age 5 to 15")},
               {"age", "16-64", N_("Age 16 to 64")},
               {"age", "65-", N_("Age 65 and over")},
               {"age", "unknown", N_("Age not known")},
               {"sex", "F", N_("Female")},
               {"sex", "M", N_("Male")},
               {"sex", "X", N_("Another sex")},
               {"sex", "unknown", N_("Sex not known")},
               {"home", "alone", N_("Lives alone")},
               {"home", "adults", N_("Lives with adults only")},
               {"home", "children", N_("A home with children")},
               {"home", "unknown", N_("Home not known")}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(names[i].dimension, dimension) == 0 && strcmp(names[i].word, word) == 0)
      return say(language, names[i].name);
  return word;
}

static void add_counts(struct document *d, const struct standard_sums *s) {
  document_cell(d, doc_count(s->kept + s->broken + s->unsaid));
  document_cell(d, doc_count(s->kept));
  document_cell(d, doc_count(s->broken));
  document_cell(d, doc_count(s->unsaid));
}

static bool is_empty(const struct standard_sums *s) { return !s->kept && !s->broken && !s->unsaid; }

static void begin_table(struct document *d, enum language language, const char *key,
                        const char *caption, const struct doc_column *second) {
  const struct doc_column columns[] = {{"standard", NULL},
                                       {"name", SAY("Standard")},
                                       second[0],
                                       second[1],
                                       {"people", SAY("People it is for")},
                                       {"kept", SAY("Kept")},
                                       {"broken", SAY("Not known to be kept")},
                                       {"unsaid", SAY("Cannot be said")}};
  document_table(d, key, caption, columns, 8, key);
}

static void add_row(struct document *d, enum language language, const struct standard_found *f,
                    const char *code, const char *name, const struct standard_sums *sums) {
  document_cell(d, doc_text(f->what->code));
  document_cell(d, doc_text(f->what->name[language]));
  document_cell(d, doc_text(code));
  document_cell(d, doc_text(name));
  add_counts(d, sums);
}

static void add_places(struct document *d, const struct standards *s, enum language language) {
  const struct doc_column place[] = {{"place", NULL}, {"place_name", SAY("Place")}};
  begin_table(d, language, "places", SAY("By place"), place);
  for (int i = 0; i < s->found_count; i++) {
    const struct standard_found *f = &s->found[i];
    add_row(d, language, f, s->code, s->name, &f->all);
    for (int p = 0; p < s->part_count; p++)
      if (!is_empty(&f->parts[p]))
        add_row(d, language, f, s->parts[p]->code, s->parts[p]->name, &f->parts[p]);
    if (s->part_count && !is_empty(&f->parts[s->part_count]))
      add_row(d, language, f, "", SAY("Elsewhere or not known"), &f->parts[s->part_count]);
  }
  document_table_end(d);
}

static void add_groups(struct document *d, const struct standards *s, enum language language) {
  const struct doc_column group[] = {{"group", NULL}, {"group_name", SAY("Group")}};
  begin_table(d, language, "groups", SAY("By group"), group);
  for (int i = 0; i < s->found_count; i++)
    for (int g = 0; g < STANDARD_GROUPS; g++)
      if (!is_empty(&s->found[i].groups[g]))
        add_row(d, language, &s->found[i], standard_groups[g].word,
                standard_group_words(language, standard_groups[g].dimension,
                                     standard_groups[g].word),
                &s->found[i].groups[g]);
  document_table_end(d);
}

static void add_people(struct document *d, const struct standards *s, enum language language) {
  const struct doc_column columns[] = {{"standard", NULL},
                                       {"name", SAY("Standard")},
                                       {"person", SAY("Person")},
                                       {"day", SAY("To be kept by")}};
  document_table(d, "breaches", SAY("Of whom it is not known to be kept"), columns, 4, "breaches");
  for (int i = 0; i < s->breach_count; i++) {
    const struct standard_breach *b = &s->breaches[i];
    document_cell(d, doc_text(s->found[b->of].what->code));
    document_cell(d, doc_text(s->found[b->of].what->name[language]));
    document_cell(d, doc_text(b->code));
    document_cell(d, doc_day(b->day));
  }
  document_table_end(d);
}

void standards_document(struct arena *arena, const struct standards *s, enum language language,
                        bool people, struct document **out) {
  static const char *const columns[] = {"section", "standard", "place",  "group",  "person",
                                        "people",  "kept",     "broken", "unsaid", "day"};
  const char *year = year_write(s->year, arena_alloc(arena, 8));
  struct document *d = document_new(
      arena, language, arena_printf(arena, SAY("Minimum standards in %s, %s"), s->name, year));
  document_value(d, "place", NULL, doc_text(s->code));
  document_value(d, "year", NULL, doc_text(year));
  document_value(d, "on", SAY("Who lived there on"), doc_day(s->on));
  document_value(d, "year_over", NULL, doc_bool(s->year_over));
  document_paragraph(d, SAY("Not known to be kept: nothing shows that it was. It is a question to "
                            "whoever answers for it."));
  add_places(d, s, language);
  add_groups(d, s, language);
  if (people) add_people(d, s, language);
  document_csv_columns(d, columns, sizeof columns / sizeof *columns);
  *out = d;
}

void standards_list_document(struct arena *arena, const struct pack *pack, enum language language,
                             struct document **out) {
  const struct doc_column columns[] = {{"standard", SAY("Code")},
                                       {"name", SAY("Standard")},
                                       {"kind", NULL},
                                       {"promise", SAY("What is promised")},
                                       {"answers", SAY("Who answers for it")},
                                       {"source", SAY("Source")}};
  struct document *d = document_new(arena, language, SAY("Minimum standards"));
  document_table(d, "standards", NULL, columns, 6, "standards");
  for (int i = 0; i < pack->standard_count; i++) {
    const struct pack_standard *o = &pack->standards[i];
    const struct pack_body *body = NULL;
    for (int k = 0; o->body && k < pack->body_count; k++)
      if (strcmp(pack->bodies[k].id, o->body) == 0) body = &pack->bodies[k];
    document_cell(d, doc_text(o->code));
    document_cell(d, doc_text(o->name[language]));
    document_cell(d, doc_text(pack_standard_kind_word(o->kind)));
    document_cell(d, doc_text(o->promise[language]));
    document_cell(d, doc_text(o->duty ? o->duty->name[language]
                              : body  ? pack_body_name(pack, body->id, body->name, language)
                                      : o->body));
    document_cell(d, doc_text(o->source));
  }
  document_table_end(d);
  *out = d;
}
