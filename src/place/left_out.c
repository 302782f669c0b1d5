#include "place/left_out.h"

enum { NAMED = 3 };

#define SAY(text) say(l->language, (text))

/* Of one area of public spending: its categories in the pack, and those without a line. */
struct area {
  const struct pack_tax_line *line;
  int categories, empty_count;
  const struct pack_category **empty;
};

static bool is_spent_on(const struct pack_tax_line *line, const struct pack_category *category) {
  if (category->shown != SHOWN_CASH && category->shown != SHOWN_SERVICES) return false;
  for (int i = 0; i < line->cofog_count; i++)
    if (line->cofog[i] == category->cofog) return true;
  return false;
}

static bool is_whole(const struct area *area) { return area->empty_count == area->categories; }

static struct area area_of(const struct left_out *l, const struct pack_tax_line *line) {
  const struct pack *pack = l->pack;
  struct area area = {.line = line};
  area.empty = arena_array(l->arena, const struct pack_category *, pack->category_count + 1);
  for (int c = 0; c < pack->category_count; c++) {
    if (!is_spent_on(line, &pack->categories[c])) continue;
    area.categories++;
    if (!l->recorded[c]) area.empty[area.empty_count++] = &pack->categories[c];
  }
  return area;
}

static const char *share_words(const struct left_out *l, int hundredths) {
  struct text t = {0};
  pack_add_share(&t, hundredths);
  return text_take(l->arena, &t);
}

/* ---- the sentences ---- */

static void add_what_is_in(struct document *d, const struct left_out *l) {
  static const struct {
    enum pack_shown shown;
    const char *name;
  } parts[] = {{SHOWN_PAID, N_("taxes and charges")},
               {SHOWN_CASH, N_("cash benefits")},
               {SHOWN_SERVICES, N_("services used")},
               {SHOWN_GIVEN, N_("time people gave")}};
  struct text names = {0};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    for (int c = 0; c < l->pack->category_count; c++) {
      if (l->pack->categories[c].shown != parts[i].shown || !l->recorded[c]) continue;
      text_addf(&names, "%s%s", names.size ? ", " : "", SAY(parts[i].name));
      break;
    }
  if (names.size)
    document_paragraph(d, arena_printf(l->arena,
                                       SAY("In this account is what was recorded of each person: "
                                           "%s."),
                                       names.bytes));
  text_release(&names);
}

static void add_what_is_not(struct document *d, const struct left_out *l,
                            const struct pack_tax_table *table, const struct area *areas) {
  struct text names = {0};
  char year[8];
  int count = 0, hundredths = 0;
  for (int i = 0; i < table->line_count; i++) {
    if (!is_whole(&areas[i])) continue;
    hundredths += areas[i].line->share_hundredths;
    if (count++ < NAMED)
      text_addf(&names, "%s%s", names.size ? ", " : "", areas[i].line->name[l->language]);
  }
  if (hundredths > 10000) hundredths = 10000; /* the published shares are rounded */
  const char *share = share_words(l, hundredths), *of = year_write(table->year, year);
  if (count > NAMED)
    document_paragraph(
        d, arena_printf(l->arena,
                        say_count(l->language,
                                  "Not in it, as nothing was recorded of anyone here: %s, and %d "
                                  "other area of public spending. Together they were %s%% of "
                                  "public spending in %s.",
                                  "Not in it, as nothing was recorded of anyone here: %s, and %d "
                                  "other areas of public spending. Together they were %s%% of "
                                  "public spending in %s.",
                                  count - NAMED),
                        names.bytes, count - NAMED, share, of));
  else if (count)
    document_paragraph(
        d, arena_printf(l->arena,
                        SAY("Not in it, as nothing was recorded of anyone here: %s (%s%% of public "
                            "spending in %s)."),
                        names.bytes, share, of));
  text_release(&names);
}

static void add_unvalued(struct document *d, const struct left_out *l) {
  int count = 0;
  for (int c = 0; c < l->pack->category_count; c++) count += l->unvalued[c];
  if (count)
    document_paragraph(
        d, arena_printf(l->arena,
                        say_count(l->language,
                                  "%d type of service is counted here but not valued: what one "
                                  "costs is not known. The services cost more than is shown.",
                                  "%d types of services are counted here but not valued: what one "
                                  "costs is not known. The services cost more than is shown.",
                                  count),
                        count));
}

/* ---- the folded tables ---- */

static void add_areas(struct document *d, const struct left_out *l, const struct area *areas,
                      int count) {
  const struct doc_column columns[] = {{"code", NULL},
                                       {"name", SAY("Public spending on")},
                                       {"share", SAY("Share (%)")},
                                       {"whole", NULL},
                                       {"categories", NULL},
                                       {NULL, SAY("Nothing was recorded of")}};
  document_table(d, "left_out", NULL, columns, 6, NULL);
  for (int i = 0; i < count; i++) {
    const struct area *a = &areas[i];
    if (!a->empty_count && a->categories) continue;
    const char **codes = arena_array(l->arena, const char *, a->empty_count + 1),
               **names = arena_array(l->arena, const char *, a->empty_count + 1);
    for (int k = 0; k < a->empty_count; k++) {
      codes[k] = a->empty[k]->code;
      names[k] = a->empty[k]->name[l->language];
    }
    /* an area without a category of ours has its own name alone */
    if (!a->empty_count) names[0] = a->line->name[l->language];
    document_cell(d, doc_text(a->line->code));
    document_cell(d, doc_text(a->line->name[l->language]));
    document_cell(d, doc_number(share_words(l, a->line->share_hundredths)));
    document_cell(d, doc_bool(is_whole(a)));
    document_cell(d, doc_texts(codes, a->empty_count));
    document_cell(d, doc_texts(names, a->empty_count ? a->empty_count : 1));
  }
  document_table_end(d);
}

static void add_unvalued_names(struct document *d, const struct left_out *l) {
  bool some = false;
  for (int c = 0; c < l->pack->category_count; c++) some |= l->unvalued[c];
  const struct doc_column columns[] = {
      {"category", NULL},
      {"name", some ? SAY("Counted but not valued: what one costs is not known") : NULL}};
  document_table(d, "not_valued", NULL, columns, 2, NULL);
  for (int c = 0; c < l->pack->category_count; c++) {
    if (!l->unvalued[c]) continue;
    document_cell(d, doc_text(l->pack->categories[c].code));
    document_cell(d, doc_text(l->pack->categories[c].name[l->language]));
  }
  document_table_end(d);
}

void place_add_left_out(struct document *d, const struct left_out *l) {
  const struct pack_tax_table *table = pack_find_tax_table(l->pack, l->year);
  const int count = table ? table->line_count : 0;
  struct area *areas = arena_array(l->arena, struct area, count + 1);
  for (int i = 0; i < count; i++) areas[i] = area_of(l, &table->lines[i]);
  add_what_is_in(d, l);
  if (table) add_what_is_not(d, l, table, areas);
  add_unvalued(d, l);
  document_open(d, NULL, SAY("What is not in this account"));
  document_fold(d);
  if (table)
    document_paragraph(d, arena_printf(l->arena, SAY("Areas and shares: %s."), table->source));
  add_areas(d, l, areas, count);
  add_unvalued_names(d, l);
  document_close(d);
}
