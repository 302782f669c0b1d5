/* A page that stands alone, for what rules tell as HTML. */
#ifndef WEAL_RULES_PAGE_H
#define WEAL_RULES_PAGE_H

#include "base/text.h"

/* Up to and with its heading. */
void rules_page_begin(struct text *out, const char *title, const char *heading);
void rules_page_end(struct text *out);

#endif
