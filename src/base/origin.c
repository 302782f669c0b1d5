#include "base/origin.h"

#include <stdlib.h>
#include <string.h>

enum { HOST_MOST = 253, LABEL_MOST = 63 }; /* RFC 1035 */

bool port_good(const char *text) {
  size_t size = strlen(text);
  if (size == 0 || size > 5 || strspn(text, "0123456789") != size) return false;
  long port = strtol(text, NULL, 10);
  return port >= 1 && port <= 65535;
}

/* How long the host at `text` is; 0: it is none. */
static size_t host_size(const char *text) {
  size_t size = 0;
  for (;;) {
    const char *label = text + size;
    const size_t wide = strspn(label, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (!wide || wide > LABEL_MOST || label[0] == '-' || label[wide - 1] == '-') return 0;
    size += wide;
    if (text[size] != '.') return size <= HOST_MOST ? size : 0;
    size++;
  }
}

static size_t bracketed_size(const char *text) {
  const size_t size = strspn(text + 1, "0123456789abcdef:.");
  return size && text[size + 1] == ']' ? size + 2 : 0;
}

bool origin_good(const char *text) {
  const char *at = strncmp(text, "https://", 8) == 0  ? text + 8
                   : strncmp(text, "http://", 7) == 0 ? text + 7
                                                      : NULL;
  if (!at) return false;
  const size_t host = *at == '[' ? bracketed_size(at) : host_size(at);
  return host && (!at[host] || (at[host] == ':' && port_good(at + host + 1)));
}
