/* What can be recorded by hand, and what a record would be before it is posted: for the pages that
 * ask for it in steps. */
#ifndef WEAL_ACTION_RECORDED_H
#define WEAL_ACTION_RECORDED_H

#include "action/action.h"
#include "book/record.h"
#include "register/duties.h"

/* A category, and for what is counted its service. */
struct recordable {
  struct span word; /* as it was named; borrowed */
  const struct pack_category *category;
  const struct book_service *service; /* null: an amount of money */
};
/* Holdings come in files only; of a side that a body records for a person. */
bool recordable_category(const struct pack_category *category);
/* By `home-care`, or `category:service` where a category has several. */
bool recordable_find(const struct pack *pack, const struct reference_data *reference_data,
                     struct span word, struct recordable *out);
/* The category's name, and where it has several services which. */
const char *recordable_name(const struct recordable *what,
                            const struct reference_data *reference_data, enum language language,
                            struct arena *arena);

/* What each of some bodies may record: an array of `count`, in their order. */
enum status recordable_duties(struct store *store, struct arena *arena, const struct pack *pack,
                              const int64_t *bodies, int count, struct duties **out,
                              struct error *err) MUST_USE;

/* What the action `record` would post with the call's values; `line`: what it is worth. REFUSED as
 * the action is. */
enum record_why { RECORD_ALONE, RECORD_SENSITIVE, RECORD_UNUSUAL, RECORD_LARGE };
struct record_ready {
  struct person person;
  struct recordable what;
  struct record_row row;
  enum record_why why_second; /* why a second person must approve it; RECORD_ALONE: nobody must */
};
enum status record_check(struct action_call *call, struct record_ready *out, struct line *line,
                         struct error *err) MUST_USE;
/* The same of what waits for a second person, for the page on which they approve it. *out false:
 * the case asks for something else, or it would be refused now. */
enum status record_asked(const struct action_call *call, const struct case_file *file,
                         struct record_ready *ready, struct line *line, bool *out,
                         struct error *err) MUST_USE;

#endif
