/* Whether a text is an origin as a browser's Origin header has it: `https://accounts.example.org`,
 * `http://127.0.0.1:8080`, `https://[::1]:8443`. Lower case; nothing after host and port. */
#ifndef WEAL_BASE_ORIGIN_H
#define WEAL_BASE_ORIGIN_H

#include <stdbool.h>

/* 1 to 65535 in decimal. */
bool port_good(const char *text);
/* http or https; a host of labels (letters, digits and hyphens within, at most 63 of them, 253 in
 * all) or an IPv6 address in brackets; perhaps a port. */
bool origin_good(const char *text);

#endif
