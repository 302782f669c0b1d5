#include "http/config.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "base/origin.h"
#include "base/refusal.h"
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define TEXT(field, kind, why) \
  { #field, kind, offsetof(struct config, field), 0, 0, 0, why }
#define NUMBER(field, least, most, start, why) \
  { #field, CONFIG_NUMBER, offsetof(struct config, field), least, most, start, why }

const struct config_key config_keys[] = {
    TEXT(origin, CONFIG_ORIGIN,
         "the address by which people know the portal; links and the check of a form's Origin are "
         "made of it, never of the Host header, which a visitor can write"),
    TEXT(listen, CONFIG_LISTEN,
         "where it listens: ADDRESS:PORT, [ADDRESS]:PORT, unix:PATH, or systemd for the socket "
         "that systemd hands over"),
    TEXT(metrics_listen, CONFIG_LISTEN,
         "where /health and /metrics are; not served when left out, for they are not for visitors"),
    TEXT(trusted_proxy, CONFIG_PROXY,
         "the address of the proxy before it, or unix; only from there is a forwarded address "
         "believed"),
    TEXT(keys, CONFIG_PATH,
         "the folder of the log's key (weal key new): downloaded statements carry their proof; "
         "where there is no key they are given without"),
    TEXT(smtp, CONFIG_SMTP,
         "the mail server, smtp://USER@HOST:PORT or smtps://USER@HOST:PORT (USER@ only where it "
         "asks for one): codes to sign in and the messages that people want go out by it. Off this "
         "machine smtp:// must offer STARTTLS, and its certificate is checked"),
    TEXT(smtp_password_file, CONFIG_PATH,
         "the file with the password of that user, readable by the portal's user alone"),
    TEXT(smtp_authorities, CONFIG_PATH,
         "a file of certificates with which the mail server's is checked, where it is none of the "
         "system's"),
    TEXT(mail_from, CONFIG_PATH, "the address that mails come from"),
    TEXT(letters, CONFIG_PATH,
         "the folder, of mode 0700, into which letters with codes are put for whoever prints them: "
         "for people without an e-mail address, or whose address is new"),
    NUMBER(workers, 0, LIMIT_THREADS, 0,
           "threads that read; 0: one for each processor, since a page is all processor"),
    NUMBER(connections, 10, 100000, 2000,
           "open at a time; one takes some 16 kB, so 2,000 take 32 MB"),
    NUMBER(connections_each, 1, 100000, 100,
           "from one address; a browser opens 6, and an office shares one address"),
    NUMBER(
        request_seconds, 1, 600, 20,
        "a request's whole time to arrive; a form of the most bytes takes 16 seconds at 32 kbit/s"),
    NUMBER(upload_seconds, 1, 86400, 1800,
           "the same of an administrator's file; 512 MB take 14 minutes at 5 Mbit/s"),
    NUMBER(send_seconds, 1, 86400, 300,
           "a reply's whole time to go out; 1 MB takes 4 minutes at 32 kbit/s"),
    NUMBER(idle_seconds, 1, 3600, 60,
           "between requests of one connection; people read a page for about so long"),
    NUMBER(
        header_bytes, 4096, 65536, 16384,
        "request line and headers, and 64 bytes more for each name in them; an address of ours, a "
        "cookie and a browser's own words are a small part of it"),
    NUMBER(form_bytes, 1024, 1 << 20, LIMIT_FORM_BYTES,
           "a form's body: fields and long texts, no file"),
    NUMBER(upload_bytes, 1024, (int64_t)16 << 30, (int64_t)512 << 20,
           "an administrator's file; ten million lines of 50 bytes, and it may be packed"),
    NUMBER(forms_each_minute, 1, 100000, 30,
           "forms sent by one session, or by one address signed out (of IPv6 by its first half); "
           "nobody fills in one every two seconds"),
    NUMBER(
        looks_each_hour, 10, 100000, 240,
        "looks at people by one member of staff; a person every five minutes is 12 an hour, each "
        "with ten names of a search and ten pages. Every administrator is told of whoever comes "
        "so far"),
    NUMBER(
        costly_each_minute, 1, 1000000, 120,
        "pages that take long to make, counted as forms are: a statement, a life, a search in "
        "the log or a public page that is not kept ready counts 1, a file that anybody has checked "
        "5, refused rows and a statement's check 10, the copy of everything 20; two a second "
        "are faster than anybody reads"),
    NUMBER(
        reckon_ms, 1, 60000, 10000,
        "how long a page of what somebody may get takes at most, with its wait for others; 10 to "
        "100 are usual. Past that it is 503: open it again in a minute"),
    NUMBER(session_idle_minutes, 1, 1440, 30,
           "a session ends so long after its last request; 30 is the longest that OWASP's cheat "
           "sheet on sessions names"),
    NUMBER(rewrite_days, 0, 365, 7,
           "within so many days of an erasure the tables that held it are written anew, at night "
           "where there is a choice; a week leaves three of the month in which UK GDPR article "
           "12(3) wants a request answered. 0: never, where somebody else sees to it (weal erase "
           "--rewrite)"),
    NUMBER(session_hours, 1, 168, 12,
           "and so long after it began, whatever happened; a working day and some"),
    {0}};

static const char **text_of(struct config *config, const struct config_key *key) {
  return (const char **)(void *)((char *)config + key->offset);
}
static int64_t *number_of(struct config *config, const struct config_key *key) {
  return (int64_t *)(void *)((char *)config + key->offset);
}

void config_begin(struct config *config) {
  *config = (struct config){0};
  for (const struct config_key *key = config_keys; key->name; key++)
    if (key->kind == CONFIG_NUMBER) *number_of(config, key) = key->start;
}

/* ---- values ---- */

static enum status parse_number(const struct config_key *key, struct span value, int64_t *out,
                                struct error *err) {
  int64_t number = 0;
  bool good = value.size > 0 && value.size <= 15;
  for (size_t i = 0; i < value.size && good; i++) {
    good = value.bytes[i] >= '0' && value.bytes[i] <= '9';
    number = number * 10 + (value.bytes[i] - '0');
  }
  char quoted[SPAN_QUOTE_SIZE];
  if (!good || number < key->least || number > key->most)
    return refuse(err, SETTING_NUMBER, span_quote(value, quoted), (long long)key->least,
                  (long long)key->most);
  *out = number;
  return DONE;
}

static bool address_good(const char *text) {
  unsigned char bytes[sizeof(struct in6_addr)];
  return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

/* ADDRESS:PORT with an IPv6 address in brackets. */
static bool endpoint_good(struct arena *arena, const char *text) {
  const char *colon = strrchr(text, ':');
  if (!colon || !port_good(colon + 1)) return false;
  char *address = arena_copy(arena, text, (size_t)(colon - text));
  size_t size = strlen(address);
  unsigned char bytes[sizeof(struct in6_addr)];
  if (size > 2 && address[0] == '[' && address[size - 1] == ']') {
    address[size - 1] = 0;
    return inet_pton(AF_INET6, address + 1, bytes) == 1;
  }
  return inet_pton(AF_INET, address, bytes) == 1 || strcmp(address, "localhost") == 0;
}

/* A socket's path has 107 bytes in the kernel's structure. */
enum { UNIX_PATH_MOST = 107 };

static bool listen_good(struct arena *arena, const char *text) {
  if (strcmp(text, "systemd") == 0) return true;
  if (strncmp(text, "unix:", 5) == 0) return text[5] == '/' && strlen(text + 5) <= UNIX_PATH_MOST;
  return endpoint_good(arena, text);
}

/* smtp or smtps, perhaps a user, a host's letters or an address, a port perhaps; no path, and no
 * password, which would stand where others read it. */
static bool smtp_good(const char *text) {
  const char *at = strncmp(text, "smtps://", 8) == 0  ? text + 8
                   : strncmp(text, "smtp://", 7) == 0 ? text + 7
                                                      : NULL;
  if (!at) return false;
  const char *user = strrchr(at, '@');
  for (const char *c = at; user && c < user; c++)
    if (*c <= ' ' || *c == ':' || *c == '/') return false;
  if (user == at) return false;
  if (user) at = user + 1;
  size_t host =
      *at == '[' ? strcspn(at, "]") + 1
                 : strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.");
  if (*at == '[' && (host < 3 || strspn(at + 1, "0123456789abcdefABCDEF:.") != host - 2))
    return false;
  if (!host || host > 253) return false;
  return !at[host] || (at[host] == ':' && port_good(at + host + 1));
}

static enum status set(struct config *config, struct arena *arena, const struct config_key *key,
                       struct span value, struct error *err) {
  if (key->kind == CONFIG_NUMBER) return parse_number(key, value, number_of(config, key), err);
  const char *text = arena_copy(arena, value.bytes, value.size), *right = NULL;
  switch (key->kind) {
  case CONFIG_ORIGIN:
    if (!origin_good(text)) right = "https://accounts.example.gov.uk, lower case, without a path";
    break;
  case CONFIG_LISTEN:
    if (!listen_good(arena, text))
      right = "127.0.0.1:8080, [::1]:8080, unix:/run/weal/portal.sock or systemd";
    break;
  case CONFIG_PROXY:
    if (strcmp(text, "unix") != 0 && !address_good(text)) right = "an address, 127.0.0.1, or unix";
    break;
  case CONFIG_SMTP:
    if (!smtp_good(text)) right = "smtp://HOST:587 or smtps://USER@HOST:465";
    break;
  case CONFIG_PATH:
  case CONFIG_NUMBER: break;
  }
  char quoted[SPAN_QUOTE_SIZE];
  if (right) return refuse(err, SETTING_VALUE, span_quote(value, quoted), right);
  *text_of(config, key) = text;
  return DONE;
}

/* ---- lines ---- */

static const struct config_key *find_key(struct span name, struct error *err) {
  for (const struct config_key *key = config_keys; key->name; key++)
    if (span_is(name, key->name)) return key;
  char quoted[SPAN_QUOTE_SIZE];
  struct nearest n = {.typed = span_quote(name, quoted)};
  for (const struct config_key *key = config_keys; key->name; key++) nearest_offer(&n, key->name);
  if (n.best) refuse(err, SETTING_UNKNOWN_NEAR, quoted, n.best);
  else refuse(err, SETTING_UNKNOWN, quoted);
  return NULL;
}

/* Up to a `#` that begins it or stands after a space: a path may have one within. */
static struct span without_comment(struct span line) {
  for (size_t i = 0; i < line.size; i++)
    if (line.bytes[i] == '#' && (i == 0 || line.bytes[i - 1] == ' ' || line.bytes[i - 1] == '\t'))
      return span_trim(span_make(line.bytes, i));
  return span_trim(line);
}

static enum status refuse_bytes(struct span line, struct error *err) {
  if (line.size > LIMIT_CONFIG_LINE_BYTES)
    return refuse(err, SETTING_LINE_TOO_LONG, LIMIT_CONFIG_LINE_BYTES);
  if (!utf8_valid(line.bytes, line.size)) return refuse(err, SETTING_NOT_UTF_8);
  for (size_t i = 0; i < line.size; i++)
    if (((unsigned char)line.bytes[i] < 0x20 && line.bytes[i] != '\t') || line.bytes[i] == 0x7f)
      return refuse(err, SETTING_CONTROL_CHARACTER);
  return DONE;
}

static enum status take_line(struct config *config, struct arena *arena, struct span line,
                             uint64_t number, uint64_t *seen, struct error *err) {
  enum status status = refuse_bytes(line, err);
  if (status != DONE) return status;
  line = without_comment(line);
  if (!line.size) return DONE;
  const char *equals = memchr(line.bytes, '=', line.size);
  char quoted[SPAN_QUOTE_SIZE];
  if (!equals) return refuse(err, SETTING_MALFORMED, span_quote(line, quoted));
  struct span name = span_trim(span_make(line.bytes, (size_t)(equals - line.bytes)));
  struct span value =
      span_trim(span_make(equals + 1, line.size - (size_t)(equals + 1 - line.bytes)));
  const struct config_key *key = find_key(name, err);
  if (!key) return REFUSED;
  uint64_t *first = &seen[key - config_keys];
  if (*first) status = refuse(err, SETTING_TWICE, (unsigned long long)*first);
  else if (!value.size) status = refuse(err, SETTING_EMPTY);
  else status = set(config, arena, key, value, err);
  *first = number;
  if (status != DONE) error_at(err, NULL, 0, key->name);
  return status;
}

enum status config_parse(struct config *config, struct arena *arena, struct span text,
                         const char *path, struct error *err) {
  enum { KEYS = sizeof config_keys / sizeof *config_keys };
  uint64_t seen[KEYS] = {0}, number = 0; /* the line of each key */
  if (text.size > LIMIT_CONFIG_BYTES) {
    refuse(err, CONFIGURATION_TOO_LONG, LIMIT_CONFIG_BYTES);
    return error_at(err, path, 0, NULL);
  }
  if (text.size >= 3 && memcmp(text.bytes, UTF8_MARK, 3) == 0)
    text = span_make(text.bytes + 3, text.size - 3);
  while (text.size) {
    const char *end = memchr(text.bytes, '\n', text.size);
    size_t size = end ? (size_t)(end - text.bytes) : text.size, next = end ? size + 1 : size;
    struct span line = span_make(text.bytes,
                                 size && text.bytes[size - 1] == '\r' ? size - 1 : size);
    if (take_line(config, arena, line, ++number, seen, err) != DONE) {
      error_at(err, path, number, NULL);
      return REFUSED;
    }
    text = span_make(text.bytes + next, text.size - next);
  }
  return DONE;
}

enum status config_read(struct config *config, struct arena *arena, const char *path,
                        struct error *err) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    error_errno(err, "%s", path);
    if (err) err->code = REFUSED; /* the administrator named a file that cannot be read */
    return REFUSED;
  }
  struct text all = {0};
  char piece[8192];
  ssize_t got;
  while ((got = read(file, piece, sizeof piece)) != 0) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) break;
    text_add_bytes(&all, piece, (size_t)got);
    if (all.size > LIMIT_CONFIG_BYTES) break;
  }
  enum status status = got < 0
                           ? error_errno(err, "%s", path)
                           : config_parse(config, arena, span_make(all.bytes, all.size), path, err);
  close(file);
  text_release(&all);
  return status;
}
