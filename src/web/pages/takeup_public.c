/* Who receives what they are due, for anyone: public take-up of a place by benefit, as it was
 * counted for all (publish/take_up.h). */
#include "web/pages/pages.h"

#include "publish/take_up.h"
#include "web/site.h"

/* Of the book's own place, or of the one in the address; PLACE_NONE: none such. */
static int place_asked(const struct request *r) {
  const struct places *places = r->reference_data->places;
  return strchr(r->route->path, '{') ? places_by_code(places, request_text(r, "code"))
                                     : places->own;
}

static const char *page_path(const struct request *r, const char *code, int year,
                             const char *more) {
  char written[8];
  return place_address(
      r, code, arena_printf(r->arena, "/take-up?year=%s%s", year_write(year, written), more));
}

static void put_link(struct view *v, const char *list, const char *label, const char *href,
                     bool current) {
  struct view *item = view_item(v, list);
  view_text(item, "label", label);
  view_text(item, "href", href);
  view_flag(item, "is_current", current);
}

static void put_places(struct view *v, const struct request *r, const struct take_up_of_place *of) {
  const struct place *all = of->places->all;
  const int year = of->figures->year;
  struct take_up_of_place above = *of;
  const bool has_above = of->place->parent != PLACE_NONE &&
                         (above.place = &all[of->place->parent], take_up_has_place(&above));
  if (has_above) {
    struct view *item = view_object(v, "above");
    view_text(item, "label", above.place->name);
    view_text(item, "href", page_path(r, above.place->code, year, ""));
  } else view_text(v, "above", NULL);
  for (int at = of->place->first_child; at != PLACE_NONE; at = all[at].next_sibling)
    put_link(v, "places", all[at].name, page_path(r, all[at].code, year, ""), false);
  view_flag(v, "has_places", of->place->first_child != PLACE_NONE);
}

static enum status put_years(struct view *v, struct request *r, const struct take_up_of_place *of,
                             struct error *err) {
  int *years = NULL, count = 0;
  char written[8];
  enum status status = take_up_years(r->store, r->arena, &years, &count, err);
  for (int i = 0; i < count; i++)
    put_link(v, "years", arena_string(r->arena, year_write(years[i], written)),
             page_path(r, of->place->code, years[i], ""), years[i] == of->figures->year);
  view_flag(v, "has_years", count > 1);
  return status;
}

static enum status put_page(struct request *r, struct reply *reply,
                            const struct take_up_of_place *of, const struct document *d,
                            struct error *err) {
  struct view *v = view_new(r->arena, r->language);
  char written[8];
  struct text html = {0};
  view_text(v, "name", of->place->name);
  view_text(v, "year", arena_string(r->arena, year_write(of->figures->year, written)));
  view_text(v, "account", place_address(r, of->place->code, ""));
  view_text(v, "csv", page_path(r, of->place->code, of->figures->year, "&format=csv"));
  view_text(v, "json", page_path(r, of->place->code, of->figures->year, "&format=json"));
  view_licence(v, r);
  view_flag(v, "is_sample", r->site->is_sample);
  put_places(v, r, of);
  document_render(d, FORMAT_HTML, &(struct document_options){.fragment = true}, &html);
  view_fragment(v, span_make(arena_copy(r->arena, html.bytes, html.size), html.size));
  text_release(&html);
  enum status status = put_years(v, r, of, err);
  if (status == DONE) reply_page(reply, r, "take-up-public", document_title(d), v);
  return status;
}

static void no_figures(struct request *r, struct reply *reply, const struct place *place) {
  struct view *v = view_new(r->arena, r->language);
  view_text(v, "name", place->name);
  view_text(v, "account", place_address(r, place->code, ""));
  reply_page(reply, r, "take-up-none", say(r->language, "Who receives what they are due"), v);
}

enum status page_take_up_public(struct request *r, struct reply *reply, struct error *err) {
  struct take_up_figures figures;
  const struct places *places = r->reference_data->places;
  const int at = place_asked(r), year = request_has(r, "year") ? (int)request_int(r, "year") : 0;
  struct document *d = NULL;
  if (at == PLACE_NONE || !places_within(places, at, places->own)) {
    reply_not_found(reply, r);
    return DONE;
  }
  if (take_up_read(r->store, r->arena, year, &figures, err) != DONE) return err->code;
  const struct take_up_of_place of = {.pack = r->pack,
                                      .places = places,
                                      .figures = &figures,
                                      .place = &places->all[at],
                                      .language = r->language};
  if (!take_up_has_place(&of)) {
    no_figures(r, reply, of.place);
    if (year) reply->status = 404;
    return DONE;
  }
  take_up_public_document(r->arena, &of, &d);
  const struct span format = request_text(r, "format");
  if (!format.size) return put_page(r, reply, &of, d, err);
  reply_download(reply, r, d, span_is(format, "csv") ? FORMAT_CSV : FORMAT_JSON,
                 place_file_name(r, of.place->code, figures.year, "take-up"));
  return DONE;
}
