/* What was found of the minimum standards of a place (standards.h), as a document. Exact: for who
 * answers for the place; publish/standards.h hides what would show a person. */
#ifndef WEAL_PLACE_STANDARDS_DOCUMENT_H
#define WEAL_PLACE_STANDARDS_DOCUMENT_H

#include "document/document.h"
#include "place/standards.h"

/* `Age 5 to 15` of a group (standard_groups). */
const char *standard_group_words(enum language language, const char *dimension, const char *word);
/* people: with those of whom a standard is not known to be kept, by reference. */
void standards_document(struct arena *arena, const struct standards *s, enum language language,
                        bool people, struct document **out);
/* What is promised, and by what law: all standards of the pack. */
void standards_list_document(struct arena *arena, const struct pack *pack, enum language language,
                             struct document **out);

#endif
