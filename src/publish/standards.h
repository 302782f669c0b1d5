/* What anyone may see of the minimum standards of a place (place/standards.h): people rounded, and
 * hidden where fewer than ten could be told apart, by place alone (suppress.h). */
#ifndef WEAL_PUBLISH_STANDARDS_H
#define WEAL_PUBLISH_STANDARDS_H

#include "document/document.h"
#include "place/standards.h"

void standards_public_document(struct arena *arena, const struct standards *s,
                               enum language language, struct document **out);

#endif
