/* A pair of a query or a form, or of whatever else names a value by a text: as it came, nothing
 * checked. action/field.h makes values of pairs. */
#ifndef WEAL_BASE_SENT_H
#define WEAL_BASE_SENT_H

#include "base/text.h"

/* Of a query or a form percent-decoded once. For an upload, `value` is the spooled file's path. */
struct sent {
  struct span name, value;
  /* it came as a file's part of a multipart form. FIELD_FILE and FIELD_FILES take only such a
   * part, and no other field takes one */
  bool file;
  int64_t file_bytes;
  /* as the browser sent it: bytes of the network. The spooled path ends in the harmless part of
   * it */
  struct span file_name;
};

#endif
