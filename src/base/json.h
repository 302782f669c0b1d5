/* Writing JSON: a small writer that keeps track of commas. Integers are written as integers, never
 * as floats. Reading is jansson's.
 *
 *     struct json j;
 *     json_begin(&j, &text);
 *     json_open_object(&j, NULL);
 *     json_int(&j, "total", 1250);
 *     json_open_array(&j, "lines"); ... json_close_array(&j);
 *     json_close_object(&j);
 *
 * `key` is null inside an array and at the top. Compact: no white space. No function here has the
 * name of one of jansson's: the linker would take both for the same function.
 */
#ifndef WEAL_BASE_JSON_H
#define WEAL_BASE_JSON_H

#include "base/text.h"
#include <stdint.h>

enum { JSON_DEPTH_MAX = 32 };

struct json {
  struct text *out;
  int depth;
  bool some[JSON_DEPTH_MAX]; /* whether this level has a member already */
};

void json_begin(struct json *j, struct text *out);
void json_open_object(struct json *j, const char *key);
void json_close_object(struct json *j);
void json_open_array(struct json *j, const char *key);
void json_close_array(struct json *j);
void json_int(struct json *j, const char *key, int64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_text(struct json *j, const char *key, struct span value);
void json_none(struct json *j, const char *key);

#endif
