/* Help for citizens. The pages are written in share/help/LANGUAGE/NAME.md; script/help.py makes a
 * template of each, and this table, while building.
 */
#ifndef WEAL_WEB_PAGES_HELP_H
#define WEAL_WEB_PAGES_HELP_H

#include "base/message.h"

struct help_page {
  const char *name; /* of the path /help/NAME */
  const char *title[LANGUAGES];
  const char *template[LANGUAGES];
};

/* In the order in which they are listed; the last has a null name. */
extern const struct help_page help_pages[];

#endif
