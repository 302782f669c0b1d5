#include "place/figure.h"

#include <stdlib.h>

const struct place_figure place_figures[FIGURE_COUNT] = {
    [SHOWN_PAID] = {"paid", "paid_per_head", N_("What citizens paid"), N_("Paid per person")},
    [SHOWN_EMPLOYER] = {"employer", NULL, N_("What their employers paid"), NULL},
    [SHOWN_CASH] = {"received", "received_per_head", N_("Benefits, pensions and grants"),
                    N_("Benefits per person")},
    [SHOWN_SERVICES] = {"services", "services_per_head", N_("What the services they used cost"),
                        N_("Services per person")},
    [SHOWN_GIVEN] = {"given_minutes", "given_minutes_per_head", N_("Time that citizens gave"),
                     N_("Time per person")},
};

struct doc_value place_figure_value(enum pack_shown figure, wide_t n) {
  return figure == SHOWN_GIVEN ? doc_minutes(n) : doc_money(n);
}

struct doc_value place_figure_a_head(enum pack_shown figure, wide_t n, int64_t people) {
  return people > 0 ? place_figure_value(figure, wide_scale(n, 1, people)) : doc_null();
}

struct doc_value place_share(struct arena *arena, wide_t n, wide_t whole) {
  if (whole <= 0 || !wide_shown(whole) || !wide_shown(n)) return doc_null();
  const long long tenths = (long long)wide_scale(n, 1000, (int64_t)whole);
  const char *sign = tenths < 0 ? "-" : "";
  return doc_number(
      arena_printf(arena, "%s%lld.%lld", sign, llabs(tenths) / 10, llabs(tenths) % 10));
}

const char *place_figure_unit(enum pack_shown figure) {
  return figure == SHOWN_GIVEN ? N_("Time") : N_("Amount");
}

const char *place_moved_words(enum language language) {
  return say(language,
             "A person who moved in the year is counted in each area they lived in, with "
             "what was recorded while they lived there. So the areas together may have more "
             "people than the whole, and less per person.");
}
