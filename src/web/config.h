/* The configuration: a file of `key = value`, `#` begins a comment. Every limit of the server has its name and its reason here.
 *
 * An unknown key, a key twice, a value out of its bounds: REFUSED with file and line.
 */
#ifndef WEAL_WEB_CONFIG_H
#define WEAL_WEB_CONFIG_H

#include "base/arena.h"
#include "base/status.h"
#include <stdbool.h>
#include <stdint.h>

struct config {
  const char *origin;          /* https://accounts.example.gov.uk: what links and the Origin check are made of, never the Host header. Null: http://LISTEN */
  const char *listen;          /* 127.0.0.1:8080, [::1]:8080, unix:/run/weal/portal.sock, systemd */
  const char *metrics_listen;  /* /health and /metrics; null: not served */
  const char *trusted_proxy;   /* an address (or `unix`): only from there are forwarded headers read; null: never */
  const char *key;             /* a signer's key file: statements are given with their proof; null: without */
  int64_t workers;             /* threads that read; 0: as many as the machine has */
  int64_t connections;         /* open at a time: 16 kB each */
  int64_t connections_each;    /* from one address (behind a proxy: not used) */
  int64_t request_seconds;     /* a request's whole time to arrive, from its first byte: slow clients lose the connection, however they trickle */
  int64_t idle_seconds;        /* between requests of a connection */
  int64_t header_bytes;        /* request line and headers */
  int64_t form_bytes;          /* a form's body */
  int64_t upload_bytes;        /* an administrator's file */
  int64_t forms_each_minute;   /* POSTs of a session, or of an address that is signed out */
  int64_t session_idle_minutes, session_hours; /* 30 and 12 */
};

void config_begin(struct config *config); /* the values without a file */
enum status config_read(struct config *config, struct arena *arena, const char *path, struct error *err) MUST_USE;

#endif
