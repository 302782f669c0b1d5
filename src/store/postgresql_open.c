/* Opening a connection, by its terms (postgresql_terms.c): connecting, then the encoding and which
 * schema is meant. */
#include "base/refusal.h"
#include "store/postgresql.h"
#include <errno.h>
#include <poll.h>

/* ---- connecting ---- */

/* The server's notices are not for the user, but whether it warned matters at a commit (see
 * postgresql_commit). */
static void note_warning(void *own, const PGresult *result) {
  const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity && strcmp(severity, "WARNING") == 0) ((struct postgresql *)own)->warned = true;
}

/* Connects step by step, so that notices that come meanwhile (the server is being shut down, say)
 * go to note_warning too, not to standard error. */
static bool connect_within(struct postgresql *s, const char *const *names,
                           const char *const *values, int64_t timeout_ms) {
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  s->connection = PQconnectStartParams(names, values, 1);
  PQsetNoticeReceiver(s->connection, note_warning, s);
  while (PQstatus(s->connection) != CONNECTION_BAD && state != PGRES_POLLING_OK &&
         state != PGRES_POLLING_FAILED && timeout_ms > 0) {
    enum { SLICE_MS = 100 };
    struct pollfd ready = {.fd = PQsocket(s->connection),
                           .events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT};
    int got = poll(&ready, 1, SLICE_MS);
    if (got > 0) state = PQconnectPoll(s->connection);
    else if (got == 0) timeout_ms -= SLICE_MS;
    else if (errno != EINTR) return false;
  }
  return timeout_ms > 0;
}

static enum status unreached(struct postgresql *s, const struct pg_terms *terms, bool in_time,
                             struct error *err) {
  struct span words = in_time ? pg_first_line(PQerrorMessage(s->connection))
                              : span_of("it does not answer");
  char text[ERROR_MESSAGE_SIZE];
  snprintf(text, sizeof text, SPAN_FORMAT, SPAN(words));
  if (terms->password && strstr(text, terms->password))
    snprintf(text, sizeof text,
             "it says why in words that hold the password; see the server's log");
  return error_set(err, FAILED, "the database cannot be reached: %s%s", text,
                   terms->sslmode && (strstr(text, "SSL") || strstr(text, "ertificate"))
                       ? "; a server on another machine has to prove by TLS who it is: name the "
                         "authority of its certificate with sslrootcert=FILE in the URL, or say "
                         "another sslmode="
                       : "");
}

enum status pg_connect(struct postgresql *s, const char *url, struct error *err) {
  struct pg_terms terms;
  enum { CONNECT_MS = 15000 };
  enum status status = pg_terms_read(url, &terms, err);
  if (status != DONE) return status;
  /* a null value is as if it were not given; the URL may override the settings before dbname */
  const char *const names[] = {"fallback_application_name", "sslmode", "sslrootcert", "dbname",
                               "client_encoding",           NULL};
  const char *const values[] = {"weal", terms.sslmode, terms.sslrootcert, url, "UTF8", NULL};
  bool in_time = connect_within(s, names, values, CONNECT_MS);
  if (PQstatus(s->connection) != CONNECTION_OK) status = unreached(s, &terms, in_time, err);
  else if (terms.weaker) {
    struct text warning = {0};
    text_addf(&warning,
              "the connection to %s does not prove who is at its other end (sslmode=%s): whoever "
              "stands between could read and change everything; sslmode=verify-full would show it",
              PQhost(s->connection), terms.weaker);
    s->base.warning = warning.bytes; /* malloced: the text's buffer becomes ours */
  }
  pg_terms_release(&terms);
  return status;
}

/* ---- the schema ---- */

/* Names of pg_catalog in full: until the path is set, a function that somebody planted in a schema
 * of it could take an argument's type better than the server's own. */
static const char path_now[] = "select pg_catalog.current_schema()::pg_catalog.text, "
                               "pg_catalog.current_schemas(false)::pg_catalog.text";

/* Which schemas of that path hold a book, and whether everybody may make things in the first. */
static const char path_holds[] =
    "select n.nspname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace "
    "where n.nspname = any ($1::name[]) and c.relname = 'setting' and c.relkind in ('r', 'p') "
    "and n.nspname <> $2::name and exists (select 1 from pg_attribute a where a.attrelid = c.oid "
    "and a.attname = 'key') and exists (select 1 from pg_attribute a where a.attrelid = c.oid "
    "and a.attname = 'value') union all select '' where has_schema_privilege('public', $2, "
    "'create') order by 1";

static enum status set_path(struct postgresql *s, const char *schema, struct error *err) {
  char *name = PQescapeIdentifier(s->connection, schema, strlen(schema));
  struct text sql = {0};
  /* pg_catalog comes first by itself; temporary tables last, where they hide nothing */
  text_addf(&sql, "set search_path = %s, pg_temp", name ? name : "pg_temp");
  PGresult *result = PQexec(s->connection, sql.bytes);
  enum status status = PQresultStatus(result) == PGRES_COMMAND_OK ? (PQclear(result), DONE)
                                                                  : pg_failed(s, result, err);
  PQfreemem(name);
  text_release(&sql);
  return status;
}

static enum status refuse_two(struct postgresql *s, const char *schema, const char *path,
                              struct error *err) {
  const char *const values[] = {path, schema};
  PGresult *result = PQexecParams(s->connection, path_holds, 2, NULL, values, NULL, NULL, 0);
  if (PQresultStatus(result) != PGRES_TUPLES_OK) return pg_failed(s, result, err);
  enum status status = DONE;
  for (int i = 0; i < PQntuples(result) && status == DONE; i++) {
    const char *other = PQgetvalue(result, i, 0);
    if (*other) status = refuse(err, STORE_SCHEMAS, s->base.shown, schema, other, other);
    else if (!s->base.warning) {
      struct text warning = {0};
      text_addf(
          &warning,
          "everybody who may connect to the database may make things in the book's schema %s, "
          "and so could stand in for parts of it; revoke create on schema %s from public",
          schema, schema);
      s->base.warning = warning.bytes; /* as above */
    }
  }
  PQclear(result);
  return status;
}

enum status pg_settle_schema(struct postgresql *s, struct error *err) {
  const char *encoding = PQparameterStatus(s->connection, "server_encoding");
  if (!encoding || strcmp(encoding, "UTF8") != 0)
    return refuse(err, STORE_NOT_UTF8, s->base.shown, encoding ? encoding : "bytes");
  PGresult *result = PQexec(s->connection, path_now);
  if (PQresultStatus(result) != PGRES_TUPLES_OK) return pg_failed(s, result, err);
  enum status status = DONE;
  if (!PQgetisnull(result, 0, 0)) { /* else postgresql_schema_version refuses */
    status = set_path(s, PQgetvalue(result, 0, 0), err);
    if (status == DONE)
      status = refuse_two(s, PQgetvalue(result, 0, 0), PQgetvalue(result, 0, 1), err);
  }
  PQclear(result);
  return status;
}
