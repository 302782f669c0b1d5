/* What pages with long lists share: the form over a list, addresses that keep what was chosen in
 * it, and what to try when nothing is found. Pages of a list are view_pages (pages.h).
 *
 *     struct list_filter f = list_filter_begin(v, r, "/admin/alerts");
 *     list_search(&f, "words", say(r->language, "Words"), NULL);
 *     struct view *kind = list_select(&f, "kind", say(r->language, "Type"), any);
 *     list_option(kind, "erased", words, list_is_chosen(r, "kind", "erased"));
 *     list_filter_end(&f, say(r->language, "Show"));
 *     view_pages(v, r, list_path(r, "/admin/alerts", kept), page, count);
 *
 * Of a row that shows faults (route.h), the form says what is wrong beside each field and keeps
 * what was typed; the page shows no list then: `if (r->faults)`.
 *
 * The form asks by GET, so that a list can be kept as an address, and needs no script. Names are of
 * the route's fields; what was sent is chosen again.
 */
#ifndef WEAL_WEB_PAGES_LISTS_H
#define WEAL_WEB_PAGES_LISTS_H

#include "web/pages/pages.h"

struct list_filter {
  const struct request *r;
  struct view *view;
  const char *more; /* the label; null: nothing is folded away */
  bool more_is_open, has_errors;
};
/* The partial {{>filter}} within {{#filter}}. */
struct list_filter list_filter_begin(struct view *v, const struct request *r, const char *path);
/* Inputs that follow are folded behind this label; it is open when one of them was chosen. */
void list_more(struct list_filter *f, const char *label);
/* A choice; `any`: what it is called when nothing is chosen, null where one always is. */
struct view *list_select(struct list_filter *f, const char *name, const char *label,
                         const char *any);
void list_option(struct view *select, const char *word, const char *label, bool is_current);
/* A choice of N_()-marked words; the first is chosen when nothing was sent. */
void list_choices(struct list_filter *f, const char *name, const char *label,
                  const struct choice *all);
/* A line of text; a day; the list's own search; `hint` null: none. */
void list_input(struct list_filter *f, const char *name, const char *label);
void list_day(struct list_filter *f, const char *name, const char *label);
void list_search(struct list_filter *f, const char *name, const char *label, const char *hint);
void list_filter_end(struct list_filter *f, const char *button);

/* Whether the visitor chose this of the field. */
bool list_is_chosen(const struct request *r, const char *name, const char *word);
/* `/inbox?which=late&`: the path with what was sent of these fields (ended by a null); more may be
 * added, and it is what view_pages begins with. */
const char *list_path(const struct request *r, const char *path, const char *const *fields);
/* The same as an address by itself: nothing is added. */
const char *list_path_whole(const struct request *r, const char *path, const char *const *fields);
/* The page asked for, from 1. */
int64_t list_page(const struct request *r);

/* The partial {{>nothing_found}} within {{#empty}}: what was not found; then things to try, each
 * with an address or null. */
struct view *list_nothing(struct view *v, const char *nothing);
void list_try(struct view *nothing, const char *what, const char *href);

#endif
