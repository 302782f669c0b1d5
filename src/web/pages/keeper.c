/* Who keeps the book: the public page, and the form of administrators. */
#include "web/pages/pages.h"

#include "web/shared_reference_data.h"
#include "web/site.h"

/* An address at the end of a value, such as the regulator's, is a link. */
static void put_value(struct view *row, const struct request *r, const char *text) {
  const char *link = strstr(text, "https://");
  if (link && strpbrk(link, " \t\r\n")) link = NULL;
  view_text(row, "value", link ? arena_copy(r->arena, text, (size_t)(link - text)) : text);
  view_text(row, "value_link", link);
}

void view_keeper(struct view *v, const struct request *r) {
  const struct keeper *keeper = &r->reference_data->keeper;
  if (!keeper_named(keeper)) {
    view_text(v, "keeper", NULL);
    return;
  }
  struct view *list = view_object(v, "keeper");
  for (int part = 0; part < KEEPER_PARTS; part++) {
    const char *text = keeper_text(keeper, part, r->language);
    if (!text) continue;
    struct view *row = view_item(list, "rows");
    view_text(row, "key", say(r->language, keeper_label(part)));
    put_value(row, r, text);
    view_text(row, "change", NULL);
  }
}

const char *keeper_missing(const struct request *r) {
  struct text t = {0};
  for (int part = 0; part < KEEPER_PARTS; part++)
    if (!r->reference_data->keeper.of[part][ENGLISH])
      text_addf(&t, "%s%s", t.size ? ", " : "", say(r->language, keeper_label(part)));
  const char *missing = t.size ? arena_string(r->arena, t.bytes) : NULL;
  text_release(&t);
  return missing;
}

/* A row for each time and source, with the names of its categories. */
static void put_retentions(struct view *v, const struct request *r) {
  const struct pack *pack = r->pack;
  view_flag(v, "has_retentions", pack->retention_count > 0);
  for (int i = 0; i < pack->retention_count; i++) {
    const struct pack_retention *first = &pack->retentions[i];
    struct text names = {0};
    bool begun = false;
    for (int k = 0; k < pack->retention_count; k++) {
      const struct pack_retention *row = &pack->retentions[k];
      if (row->years != first->years || strcmp(row->source, first->source) != 0) continue;
      if (k < i) begun = true;
      text_addf(&names, "%s%s", names.size ? ", " : "", row->category->name[r->language]);
    }
    if (!begun) {
      struct view *item = view_item(v, "retentions");
      view_text(item, "years",
                arena_printf(r->arena,
                             say_count(r->language, "%lld year after the day of the item:",
                                       "%lld years after the day of the item:", first->years),
                             (long long)first->years));
      view_text(item, "categories", arena_string(r->arena, names.bytes));
      view_text(item, "source", first->source);
    }
    text_release(&names);
  }
}

void view_licence(struct view *v, const struct request *r) {
  view_text(v, "licence", pack_find_words(r->pack, "data_licence", r->language));
  view_text(v, "licence_address", pack_find_value(r->pack, "data_licence_address"));
}

enum status page_keeper(struct request *r, struct reply *reply, struct error *err) {
  (void)err;
  struct view *v = view_new(r->arena, r->language);
  view_keeper(v, r);
  view_text(v, "regulator", keeper_text(&r->reference_data->keeper, KEEPER_REGULATOR, r->language));
  put_retentions(v, r);
  view_licence(v, r);
  reply_page(reply, r, "keeper", say(r->language, "Who keeps these accounts"), v);
  return DONE;
}

/* ---- the form ---- */

const struct field keeper_page_fields[] = {{.name = "done",
                                            .kind = FIELD_CHOICE,
                                            .optional = true,
                                            .choices = (const struct choice[]){{"saved", NULL},
                                                                               {NULL, NULL}}},
                                           {.name = NULL}};

/* What the book has itself; the pack's regulator is nothing that the form would set. */
static enum status keeper_start(struct request *r, const struct value **out, struct error *err) {
  struct keeper keeper;
  const struct field *fields = route_fields(route_post("/admin/keeper"), NULL, NULL);
  int count = 0;
  enum status status = keeper_read(r->store, NULL, r->arena, &keeper, err);
  if (status != DONE) return status;
  while (fields[count].name) count++;
  struct value *start = arena_array(r->arena, struct value, count + 1);
  for (int i = 0; i < count; i++) {
    const char *text = NULL;
    for (int part = 0; part < KEEPER_PARTS; part++)
      for (int l = 0; l < LANGUAGES; l++) {
        char member[KEEPER_MEMBER_SIZE];
        if (strcmp(fields[i].name, keeper_member(part, l, member)) == 0) text = keeper.of[part][l];
      }
    start[i] = (struct value){.name = fields[i].name,
                              .given = text != NULL,
                              .text = span_of(text ? text : "")};
  }
  *out = start;
  return DONE;
}

enum status page_keeper_form(struct request *r, struct reply *reply, struct error *err) {
  const struct value *start = NULL;
  struct view *v = view_new(r->arena, r->language);
  enum status status = keeper_start(r, &start, err);
  if (status != DONE) return status;
  view_text(v, "back", request_path(r, "/admin"));
  if (request_has(r, "done")) view_done(v, say(r->language, "It is saved."));
  view_text(v, "missing", keeper_missing(r));
  (void)view_form(v, "form", r, route_post("/admin/keeper"), NULL, say(r->language, "Save"), start);
  reply_page(reply, r, "admin-keeper", say(r->language, "Say who keeps these accounts"), v);
  return DONE;
}

enum status act_keeper(struct request *r, struct reply *reply, struct error *err) {
  struct action_call call;
  enum status status = request_act(r, &call, err);
  if (status != DONE) return status;
  shared_reference_data_look(r->site->reference_data);
  reply_go(reply, r, "/admin/keeper?done=saved");
  return DONE;
}
