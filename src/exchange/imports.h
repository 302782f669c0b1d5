/* The list of imports: a row for each file, as `weal imports` shows it. */
#ifndef WEAL_EXCHANGE_IMPORTS_H
#define WEAL_EXCHANGE_IMPORTS_H

#include "document/document.h"
#include "store/store.h"

/* The newest last. */
enum status imports_list(struct store *store, struct arena *arena, struct document **out,
                         struct error *err) MUST_USE;

#endif
