/* The configuration: a file of `key = value`, `#` begins a comment (at a line's beginning or after
 * a space). Every limit that an administrator may set has its name, its bounds, its default and its
 * reason here (config_keys). The program's own limits are in base/limits.h.
 * docs/reference/configuration.md says the same.
 *
 * An unknown key, a key twice, a value out of its bounds: REFUSED with file and line.
 */
#ifndef WEAL_HTTP_CONFIG_H
#define WEAL_HTTP_CONFIG_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"
#include <stdbool.h>
#include <stdint.h>

struct config {
  /* https://accounts.example.gov.uk: links and the Origin check are made from this, never from the
   * Host header. Null: http://LISTEN */
  const char *origin;
  const char *listen;         /* 127.0.0.1:8080, [::1]:8080, unix:/run/weal/portal.sock, systemd */
  const char *metrics_listen; /* /health and /metrics; null: not served */
  /* an address (or `unix`): only from there are forwarded headers read; null: never */
  const char *trusted_proxy;
  /* the folder of the log's key; null: $WEAL_KEYS, a demonstration's own, ~/.config/weal/keys */
  const char *keys;
  /* smtp://user@host:587 or smtps://user@host:465; null: no e-mail is sent */
  const char *smtp;
  const char *smtp_password_file; /* null: no password */
  const char
      *smtp_authorities;    /* certificates that the server's is checked with; null: the system's */
  const char *mail_from;    /* the sender's address */
  const char *letters;      /* a folder for letters that are printed elsewhere; null: none */
  int64_t workers;          /* threads that read; 0: as many as the machine has */
  int64_t connections;      /* open at a time */
  int64_t connections_each; /* from one address (behind a proxy: not used) */
  /* a request's whole time to arrive, from its first byte: a client that is slower loses the
   * connection, even if it keeps sending */
  int64_t request_seconds;
  int64_t upload_seconds;     /* the same for a row that takes a file */
  int64_t send_seconds;       /* a reply's whole time to go out */
  int64_t idle_seconds;       /* between requests of a connection */
  int64_t header_bytes;       /* request line and headers */
  int64_t form_bytes;         /* a form's body */
  int64_t upload_bytes;       /* an administrator's file */
  int64_t forms_each_minute;  /* POSTs of a session, or of an address that is signed out */
  int64_t costly_each_minute; /* pages that take long to make (web/route.h), by their weight */
  int64_t reckon_ms;          /* a page of what somebody may get, with its time in the queue */
  /* within so many days of an erasure the server removes its bytes from the files; 0: the server
   * never does */
  int64_t rewrite_days;
  int64_t looks_each_hour; /* of people, by one member of staff, administrator or auditor */
  int64_t session_idle_minutes, session_hours; /* 30 and 12 */
};

enum config_kind {
  CONFIG_ORIGIN,
  CONFIG_LISTEN,
  CONFIG_PROXY,
  CONFIG_SMTP,
  CONFIG_PATH,
  CONFIG_NUMBER
};

struct config_key {
  const char *name;
  enum config_kind kind;
  size_t offset;              /* in struct config */
  int64_t least, most, start; /* of a number: bounds and default */
  const char *why;            /* what it is for, and why the default is what it is */
};
extern const struct config_key config_keys[]; /* ended by a null name */

void config_begin(struct config *config); /* the values without a file */
enum status config_read(struct config *config, struct arena *arena, const char *path,
                        struct error *err) MUST_USE;
/* The same from a text; `path` is for messages. Texts are copied into the arena. */
enum status config_parse(struct config *config, struct arena *arena, struct span text,
                         const char *path, struct error *err) MUST_USE;

#endif
