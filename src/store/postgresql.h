/* What the two halves of the PostgreSQL driver share: postgresql.c (connection, transactions,
 * statements) and postgresql_copy.c (rows in bulk, both ways, in COPY's binary form). Private to
 * this folder. */
#ifndef WEAL_STORE_POSTGRESQL_H
#define WEAL_STORE_POSTGRESQL_H

#include "store/driver.h"
#include <libpq-fe.h>

/* Types by their fixed numbers (PostgreSQL's pg_type.dat). */
enum pg_type {
  PG_BOOL = 16,
  PG_BYTEA = 17,
  PG_INT8 = 20,
  PG_INT2 = 21,
  PG_INT4 = 23,
  PG_TEXT = 25,
  PG_OID = 26,
  PG_FLOAT4 = 700,
  PG_FLOAT8 = 701,
  PG_NUMERIC = 1700
};

struct postgresql {
  struct store base;
  PGconn *connection;
  unsigned statements; /* prepared so far: their names */
  unsigned in_flight;  /* sent in pipeline mode, results not read */
  /* the query that each of those belongs to; null: nobody waits for its rows */
  struct pg_query *asked[STORE_PIPELINE_ROWS];
  bool piped;  /* libpq is in pipeline mode: just while something is in flight */
  bool warned; /* the server warned since this was last set false */
};

struct pg_parameter {
  struct text bytes;
  bool bound, binary;
};

struct pg_field {
  const char *bytes; /* null: the value is null */
  int size;
};

struct pg_query {
  struct query base;
  char name[16];
  char *sql;
  int parameter_count, parameter_capacity;
  struct pg_parameter *parameters;
  PGresult *result; /* of a query */
  bool asked;       /* its rows are on their way; */
  bool missed;      /* or will not come, since a statement before it failed */
  int row;
  int64_t changes;
  /* The current row, of a query or a stream. */
  int field_count, field_capacity;
  struct pg_field *fields;
  Oid *types;
  char (*digits)[24]; /* numbers read as text */
  bool risky;         /* a column may hold a value that is not a 64-bit integer */
  /* Of a stream: */
  bool copying, header_read, described;
  char *message;  /* as received, with one row or more */
  const char *at; /* in it */
  size_t left;
};

/* How a connection begins, by the URL and libpq's environment. */
struct pg_terms {
  const char *sslmode; /* "verify-full": the server is on another machine, and nobody said how it
                            * proves who it is. null: as said, or on this machine */
  const char *sslrootcert; /* the system's file of authorities; null: as said, or libpq's own */
  char *weaker;   /* what was said instead, for a server on another machine; null: nothing */
  char *password; /* never to be printed; null: none is given */
};
/* USAGE: the URL cannot be read; it is not repeated. */
enum status pg_terms_read(const char *url, struct pg_terms *out, struct error *err) MUST_USE;
void pg_terms_release(struct pg_terms *terms);
enum status pg_connect(struct postgresql *s, const char *url, struct error *err) MUST_USE;
/* Refuses an encoding other than UTF8; from now on names are found in the book's schema and in
 * pg_catalog only. s->base.shown is set. */
enum status pg_settle_schema(struct postgresql *s, struct error *err) MUST_USE;
/* The first line of libpq's message: the rest repeats the statement. */
struct span pg_first_line(const char *words);

static inline struct postgresql *pg_of(struct store *store) { return (struct postgresql *)store; }
static inline struct pg_query *pg_query_of(struct query *q) { return (struct pg_query *)q; }

static inline uint16_t pg_read16(const char *p) {
  return (uint16_t)((uint8_t)p[0] << 8 | (uint8_t)p[1]);
}
static inline uint32_t pg_read32(const char *p) {
  uint32_t n;
  memcpy(&n, p, sizeof n);
  return __builtin_bswap32(n);
}
static inline uint64_t pg_read64(const char *p) {
  uint64_t n;
  memcpy(&n, p, sizeof n);
  return __builtin_bswap64(n);
}

/* Makes an error of a result (when null: of the connection); clears the result. */
enum status pg_failed(struct postgresql *s, PGresult *result, struct error *err);
/* Reads the outstanding results of a pipeline and leaves its mode, so that anything may be sent. */
enum status pg_settle(struct postgresql *s, struct error *err);
/* Room for the columns of a result and their types. */
void pg_fields_resize(struct pg_query *q, int count);
/* Call it after the fields of a row are set: checks that every number is a 64-bit integer. */
enum status pg_check_numbers(struct pg_query *q, struct error *err);

/* ---- postgresql_copy.c ---- */

enum status pg_stream_begin(struct pg_query *q, struct error *err);
enum status pg_stream_step(struct pg_query *q, bool *row, struct error *err);
void pg_stream_stop(struct pg_query *q); /* reads on to its end, so that the connection is free */

enum status pg_append_begin(struct store *store, struct append **out, const char *table,
                            const char *columns, struct error *err);
enum status pg_append_flush(struct append *a, struct error *err);
enum status pg_append_end(struct append *a, struct error *err);
void pg_append_stop(struct append *a);
void pg_append_free(struct append *a);

#endif
