/* What a store's URL says, before anything is sent: that it is one, and whether the server must
 * prove by TLS who it is. */
#include "store/postgresql.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

/* ---- the URL ---- */

/* libpq reads nearly anything as a URL: of `u:pa/ss@host` it makes the host u with the port pa, and
 * says so, which prints half a password. So what has not the plain form is refused here, and not
 * repeated. */
static bool has_plain_form(const char *url) {
  const char *rest = url + strlen("postgresql://"), *user = rest + strcspn(rest, "@/");
  if (*user == '@') rest = user + 1;
  const size_t host = strcspn(rest, "/?");
  bool bracket = false, port = false;
  for (size_t i = 0; i < host; i++) {
    const unsigned char c = (unsigned char)rest[i];
    if (c == '[' || c == ']') bracket = c == '[';
    else if (c == ',') port = false;
    else if (c == ':' && !bracket) port = true;
    else if (port ? !isdigit(c) : !isalnum(c) && !strchr("._-%:", c)) return false;
  }
  rest += host;
  return *rest != '/' || !memchr(rest, '@', strcspn(rest, "?"));
}

static enum status unreadable(struct error *err) {
  return error_set(
      err, USAGE,
      "the store's URL cannot be read; write postgresql://USER@HOST:PORT/DATABASE, the "
      "signs : / ? # @ and %% of a password as %%3A %%2F %%3F %%23 %%40 %%25, or keep "
      "the password in ~/.pgpass");
}

static const char *value_of(const PQconninfoOption *all, const char *name) {
  for (; all && all->keyword; all++)
    if (strcmp(all->keyword, name) == 0) return all->val && *all->val ? all->val : NULL;
  return NULL;
}

/* ---- whether the server must prove who it is ---- */

static bool is_here(const char *host) {
  struct in_addr four;
  struct in6_addr six;
  if (!*host || *host == '/' || *host == '@' || strcasecmp(host, "localhost") == 0) return true;
  if (inet_pton(AF_INET, host, &four) == 1) return ntohl(four.s_addr) >> 24 == 127;
  return inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

/* Whether each of the hosts (separated by commas) is this machine: a Unix socket or loopback. */
static bool all_here(const char *hosts) {
  bool here = true;
  struct text one = {0};
  for (const char *p = hosts ? hosts : ""; here; p++) {
    size_t size = strcspn(p, ",");
    text_clear(&one);
    text_add_bytes(&one, p, size);
    here = is_here(one.size ? one.bytes : "");
    p += size;
    if (!*p) break;
  }
  text_release(&one);
  return here;
}

/* Where distributions keep the certificates of the authorities that they trust. */
static const char *system_authorities(void) {
  static const char *const files[] = {"/etc/ssl/certs/ca-certificates.crt",
                                      "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    if (access(files[i], R_OK) == 0) return files[i];
  return NULL;
}

/* libpq's own file of authorities. */
static bool has_own_authorities(void) {
  const char *home = getenv("HOME");
  struct text path = {0};
  text_addf(&path, "%s/.postgresql/root.crt", home ? home : "");
  bool there = access(path.bytes, F_OK) == 0;
  text_release(&path);
  return there;
}

static char *copied(const char *text) { return text ? strdup(text) : NULL; }

static void decide(const PQconninfoOption *given, const PQconninfoOption *defaults,
                   struct pg_terms *out) {
  const char *hosts = value_of(given, "hostaddr"), *mode = value_of(given, "sslmode");
  if (!hosts) hosts = value_of(defaults, "hostaddr");
  if (!hosts) hosts = value_of(given, "host");
  if (!hosts) hosts = value_of(defaults, "host");
  const bool here = all_here(hosts) && !value_of(given, "service");
  if (!mode && getenv("PGSSLMODE")) mode = value_of(defaults, "sslmode");
  if (!here && !mode) {
    mode = "verify-full";
    out->sslmode = mode;
  }
  if (mode && strcmp(mode, "verify-full") == 0 && !value_of(given, "sslrootcert") &&
      !value_of(defaults, "sslrootcert") && !has_own_authorities())
    out->sslrootcert = system_authorities();
  if (!here && strcmp(mode, "verify-full") != 0) out->weaker = copied(mode);
  out->password = copied(value_of(given, "password") ? value_of(given, "password")
                                                     : value_of(defaults, "password"));
}

enum status pg_terms_read(const char *url, struct pg_terms *out, struct error *err) {
  char *reason = NULL;
  *out = (struct pg_terms){0};
  if (!has_plain_form(url)) return unreadable(err);
  PQconninfoOption *given = PQconninfoParse(url, &reason), *defaults = PQconndefaults();
  PQfreemem(reason);
  if (given) decide(given, defaults, out);
  enum status status = given ? DONE : unreadable(err);
  PQconninfoFree(given);
  PQconninfoFree(defaults);
  return status;
}

void pg_terms_release(struct pg_terms *terms) {
  free(terms->password);
  free(terms->weaker);
  *terms = (struct pg_terms){0};
}
