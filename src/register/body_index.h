/* Bodies by their names, so that a name is compared only with those that may be its own: of equal
 * key or company number, of a part before or behind T/A, or of the same first word.
 *
 *     struct body_index *index = body_index_new(words, arena);
 *     body_index_add(index, body->id, span_of(body->name), span_of(body->company));
 *     int64_t id = body_index_same(index, &name, &unsure);
 *
 * A name meets those bodies of its first word that have nearly the same letters (name_tree.h). When
 * each body of the first word was looked at, a million names against 100,000 bodies (the payees of
 * three councils, a word or two put into each) took 11 s on one core, 2.0 M pairs of them the same
 * or unsure; of 20,000 names of one first word a search takes 18 us where that took 118.
 */
#ifndef WEAL_REGISTER_BODY_INDEX_H
#define WEAL_REGISTER_BODY_INDEX_H

#include "register/body_name.h"

struct body_index;
struct body_index *body_index_new(const struct pack_name_words *words, struct arena *arena);
/* The name's bytes are copied as far as they are needed. */
void body_index_add(struct body_index *index, int64_t body, struct span name, struct span company);

/* The same of a name that was read already, in the index's arena. */
void body_index_add_name(struct body_index *index, int64_t body, const struct body_name *name);

typedef void body_index_take(void *context, int64_t body, const struct body_name *name,
                             struct names_match match);
/* Calls `take` once for each body that is the same or unsure, in no order. */
void body_index_find(struct body_index *index, const struct body_name *name, body_index_take *take,
                     void *context);

/* How many names were held against each other by all searches so far, for whoever bounds them. */
uint64_t body_index_compared(const struct body_index *index);

/* The one body whose name or company number is the same. 0: there is none, or there are several and
 * their company numbers differ, so that nothing says which of them it is. *unsure: how many bodies
 * are unsure (or, of several, the same). */
int64_t body_index_same(struct body_index *index, const struct body_name *name, int *unsure);

/* Whether a body of the same key has a company number, and another than `name` has. */
bool body_index_other_number(const struct body_index *index, const struct body_name *name);
/* Gives a body of the same key, which has no company number, the one of `name`. */
void body_index_keep_number(struct body_index *index, const struct body_name *name, int64_t body);

#endif
