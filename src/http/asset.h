/* Static files, compiled in: style sheets, script, icon. Each is served as /assets/NAME.HASH.ENDING
 * and may be kept for ever, for other bytes have another name.
 *
 *     view_text(assets, "portal", asset_url("portal.css"));  /assets/portal.0123456789abcdef.css
 *     if (asset_find(path, &asset)) ...  served with its type, packed where the browser takes gzip
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

/* Both may be called by any thread; what they return lives as long as the program. The hashes and
 * packed bytes are made at the first call. */
/* asserts that there is one of that name */
const char *asset_url(const char *name);
/* false: there is none of that name with that hash */
bool asset_find(struct span path, struct asset *out);

#endif
