/* Static files, compiled in: style sheets, script, icon. Each is served as
 * /assets/NAME.HASH.ENDING. A browser may keep it for ever: when the bytes change, the name
 * changes.
 *
 *     view_text(assets, "portal", asset_url("portal.css"));  /assets/portal.0123456789abcdef.css
 *     if (asset_find(path, &asset)) ...
 *         send it with its type; send the packed bytes to a browser that takes gzip
 */
#ifndef WEAL_HTTP_ASSET_H
#define WEAL_HTTP_ASSET_H

#include "base/text.h"

struct asset {
  const char *url;  /* its path */
  const char *type; /* Content-Type */
  struct span bytes;
  struct span packed; /* gzip; empty when that is not shorter */
};

/* Any thread may call both. What they return lives as long as the program. The hashes and packed
 * bytes are made at the first call. */
/* asserts that an asset of that name exists */
const char *asset_url(const char *name);
/* false: no asset has that name and hash */
bool asset_find(struct span path, struct asset *out);

#endif
