/* Rows in bulk to and from PostgreSQL, in COPY's binary form: a header, for each row a count of
 * fields and each field's size (-1: null) and bytes, then -1 (PostgreSQL's manual, COPY, "Binary
 * Format"). */
#include "base/refusal.h"
#include "store/postgresql.h"
#include <assert.h>

static const char copy_signature[11] = "PGCOPY\n\377\r\n"; /* with its zero */
enum { COPY_HEADER_SIZE = 19, COPY_SEND_SIZE = 128 << 10 };

/* Column types of a statement. */
static enum status describe(struct postgresql *s, const char *name, PGresult **out,
                            struct error *err) {
  *out = PQdescribePrepared(s->connection, name);
  return PQresultStatus(*out) == PGRES_COMMAND_OK ? DONE : pg_failed(s, *out, err);
}

/* ---- stream: copy (the statement) to stdout ----
 *
 * libpq's single-row mode makes a result of each row: 3.8 M rows of five columns a second of our
 * processor, this 8.5 M (the server gives 1 to 2 M). COPY takes no parameters, so they are written
 * into its text as quoted literals; the server infers their types in the same way. */

static void add_literal(struct text *out, PGconn *connection,
                        const struct pg_parameter *parameter) {
  if (!parameter->bound) {
    text_add(out, "null");
  } else if (parameter->binary) {
    text_add(out, "'\\x");
    for (size_t i = 0; i < parameter->bytes.size; i++)
      text_addf(out, "%02x", (uint8_t)parameter->bytes.bytes[i]);
    text_add(out, "'");
  } else {
    char *literal = PQescapeLiteral(connection,
                                    parameter->bytes.bytes ? parameter->bytes.bytes : "",
                                    parameter->bytes.size);
    /* null: not UTF-8, and the server would refuse it too */
    text_add(out, literal ? literal : "null");
    PQfreemem(literal);
  }
}

static void add_with_literals(struct text *out, PGconn *connection, const struct pg_query *q) {
  for (const char *p = q->sql; *p;) {
    if (*p == '\'' || *p == '"') {
      const char *end = strchr(p + 1, *p);
      size_t size = end ? (size_t)(end + 1 - p) : strlen(p);
      text_add_bytes(out, p, size);
      p += size;
    } else if (*p == '$' && p[1] >= '1' && p[1] <= '9') {
      char *end;
      long number = strtol(p + 1, &end, 10);
      add_literal(out, connection, &q->parameters[number - 1]);
      p = end;
    } else {
      text_add_char(out, *p++);
    }
  }
}

enum status pg_stream_begin(struct pg_query *q, struct error *err) {
  struct postgresql *s = pg_of(q->base.store);
  enum status status = pg_settle(s, err);
  if (status != DONE) return status;
  if (!q->described) {
    PGresult *described;
    if ((status = describe(s, q->name, &described, err)) != DONE) return status;
    pg_fields_resize(q, PQnfields(described));
    q->risky = false;
    for (int i = 0; i < q->field_count; i++) {
      q->types[i] = PQftype(described, i);
      q->risky |= q->types[i] == PG_NUMERIC || q->types[i] == PG_FLOAT4 || q->types[i] == PG_FLOAT8;
    }
    PQclear(described);
    q->described = true;
  }
  struct text sql = {0};
  text_add(&sql, "copy (");
  add_with_literals(&sql, s->connection, q);
  text_add(&sql, "\n) to stdout (format binary)");
  PGresult *result = PQexec(s->connection, sql.bytes);
  text_release(&sql);
  if (PQresultStatus(result) != PGRES_COPY_OUT) return pg_failed(s, result, err);
  PQclear(result);
  q->copying = true;
  q->header_read = false;
  q->left = 0;
  return DONE;
}

/* After the last message: reads the server's result for the whole. */
static enum status stream_finish(struct pg_query *q, struct error *err) {
  struct postgresql *s = pg_of(q->base.store);
  q->copying = false;
  PGresult *result = PQgetResult(s->connection);
  enum status status = DONE;
  if (PQresultStatus(result) != PGRES_COMMAND_OK) status = pg_failed(s, result, err);
  else PQclear(result);
  while ((result = PQgetResult(s->connection))) PQclear(result);
  return status;
}

static void drop_message(struct pg_query *q) {
  PQfreemem(q->message);
  q->message = NULL;
  q->left = 0;
}

static enum status garbled(struct error *err) {
  return error_set(err, FAILED, "the server's rows are not in the form of COPY; is it PostgreSQL?");
}

/* The next message with bytes in it; *more false at the end. */
static enum status next_message(struct pg_query *q, bool *more, struct error *err) {
  drop_message(q);
  int size = PQgetCopyData(pg_of(q->base.store)->connection, &q->message, 0);
  *more = size > 0;
  if (size <= 0) return stream_finish(q, err);
  q->at = q->message;
  q->left = (size_t)size;
  if (q->header_read) return DONE;
  if (q->left < COPY_HEADER_SIZE || memcmp(q->at, copy_signature, sizeof copy_signature) != 0)
    return garbled(err);
  size_t header = COPY_HEADER_SIZE + pg_read32(q->at + 15);
  if (q->left < header) return garbled(err);
  q->header_read = true;
  q->at += header;
  q->left -= header;
  return DONE;
}

/* Takes the fields of the row that begins at q->at; rows never straddle messages. */
static bool take_row(struct pg_query *q) {
  const char *p = q->at + 2, *end = q->at + q->left;
  for (int i = 0; i < q->field_count; i++) {
    if (end - p < 4) return false;
    int size = (int)pg_read32(p);
    p += 4;
    if (size < 0) {
      q->fields[i] = (struct pg_field){NULL, 0};
      continue;
    }
    if (end - p < size) return false;
    q->fields[i] = (struct pg_field){p, size};
    p += size;
  }
  q->left = (size_t)(end - p);
  q->at = p;
  return true;
}

enum status pg_stream_step(struct pg_query *q, bool *row, struct error *err) {
  for (;;) {
    while (q->left == 0) {
      bool more;
      enum status status = next_message(q, &more, err);
      if (status != DONE || !more) return status;
    }
    if (q->left < 2) return garbled(err);
    /* the end mark in the data; the server also ends the stream */
    if (pg_read16(q->at) == 0xffff) {
      q->left = 0;
      continue;
    }
    if (pg_read16(q->at) != q->field_count || !take_row(q)) return garbled(err);
    *row = true;
    return q->risky ? pg_check_numbers(q, err) : DONE;
  }
}

void pg_stream_stop(struct pg_query *q) {
  PGconn *connection = pg_of(q->base.store)->connection;
  do drop_message(q);
  while (PQgetCopyData(connection, &q->message, 0) > 0);
  if (stream_finish(q, NULL) != DONE) { /* it may fail, since we give it up */
  }
}

/* ---- append: copy table from stdin ---- */

struct pg_append {
  struct append base;
  int columns;
  Oid types[STORE_APPEND_COLUMNS];
  struct text out;
};

static void put16(struct text *out, uint16_t n) {
  n = __builtin_bswap16(n);
  text_add_bytes(out, (const char *)&n, sizeof n);
}

enum status pg_append_begin(struct store *store, struct append **out, const char *table,
                            const char *columns, struct error *err) {
  struct postgresql *s = pg_of(store);
  enum status status = pg_settle(s, err);
  if (status != DONE) return status;
  struct text sql = {0};
  text_addf(&sql, "select %s from %s", columns, table);
  PGresult *result = PQprepare(s->connection, "", sql.bytes, 0, NULL);
  if (PQresultStatus(result) != PGRES_COMMAND_OK) status = pg_failed(s, result, err);
  else PQclear(result);
  if (status == DONE) status = describe(s, "", &result, err);
  struct pg_append *a = memory_zeroed(1, sizeof *a);
  if (status == DONE) {
    a->columns = PQnfields(result);
    for (int i = 0; i < a->columns && i < STORE_APPEND_COLUMNS; i++)
      a->types[i] = PQftype(result, i);
    PQclear(result);
    text_clear(&sql);
    text_addf(&sql, "copy %s (%s) from stdin (format binary)", table, columns);
    result = PQexec(s->connection, sql.bytes);
    if (PQresultStatus(result) != PGRES_COPY_IN) status = pg_failed(s, result, err);
    else PQclear(result);
  }
  text_release(&sql);
  if (status != DONE) {
    free(a);
    return status;
  }
  text_add_bytes(&a->out, copy_signature, sizeof copy_signature);
  text_add_bytes(&a->out, "\0\0\0\0\0\0\0\0", 8); /* flags, no extension */
  *out = &a->base;
  return DONE;
}

static char *put_size(char *p, uint32_t size) {
  size = __builtin_bswap32(size);
  memcpy(p, &size, sizeof size);
  return p + sizeof size;
}

/* One integer as its column's type; null when it does not fit. */
static char *put_int(char *p, Oid type, int64_t value) {
  uint64_t big = __builtin_bswap64((uint64_t)value);
  switch (type) {
  case PG_INT8:
    p = put_size(p, 8);
    memcpy(p, &big, 8);
    return p + 8;
  case PG_INT4:
    if (value != (int32_t)value) return NULL;
    p = put_size(p, 4);
    memcpy(p, (char *)&big + 4, 4);
    return p + 4;
  case PG_INT2:
    if (value != (int16_t)value) return NULL;
    p = put_size(p, 2);
    memcpy(p, (char *)&big + 6, 2);
    return p + 2;
  case PG_BOOL:
    p = put_size(p, 1);
    *p = value != 0;
    return p + 1;
  default: assert(!"an integer appended to a column that holds none"); return NULL;
  }
}

enum status pg_append_flush(struct append *base, struct error *err) {
  struct pg_append *a = (struct pg_append *)base;
  const struct store_cell *cell = base->cells;
  assert((size_t)a->columns == base->columns);
  for (size_t row = 0; row < base->rows; row++) {
    put16(&a->out, (uint16_t)a->columns);
    for (int i = 0; i < a->columns; i++, cell++) {
      text_reserve(&a->out, 12 + (size_t)cell->size);
      char *start = a->out.bytes + a->out.size, *p = start;
      if (cell->kind == CELL_NULL) {
        p = put_size(p, UINT32_MAX);
      } else if (cell->kind == CELL_INT) {
        p = put_int(p, a->types[i], cell->integer);
        if (!p) return refuse(err, STORE_VALUE_TOO_WIDE, (long long)cell->integer, i + 1);
      } else {
        p = put_size(p, cell->size);
        if (cell->size) memcpy(p, base->bytes.bytes + cell->offset, cell->size);
        p += cell->size;
      }
      a->out.size += (size_t)(p - start);
    }
  }
  if (a->out.size < COPY_SEND_SIZE) return DONE;
  struct postgresql *s = pg_of(base->store);
  bool sent = PQputCopyData(s->connection, a->out.bytes, (int)a->out.size) == 1;
  text_clear(&a->out);
  return sent ? DONE : pg_failed(s, NULL, err);
}

/* Ends the COPY and reads the server's result. */
static enum status finish(struct postgresql *s, const char *give_up, struct error *err) {
  enum status status = DONE;
  if (PQputCopyEnd(s->connection, give_up) != 1) return pg_failed(s, NULL, err);
  PGresult *result;
  while ((result = PQgetResult(s->connection))) {
    if (PQresultStatus(result) != PGRES_COMMAND_OK && status == DONE)
      status = pg_failed(s, result, err);
    else PQclear(result);
  }
  return PQstatus(s->connection) == CONNECTION_BAD && status == DONE ? pg_failed(s, NULL, err)
                                                                     : status;
}

enum status pg_append_end(struct append *base, struct error *err) {
  struct pg_append *a = (struct pg_append *)base;
  struct postgresql *s = pg_of(base->store);
  put16(&a->out, 0xffff);
  bool sent = PQputCopyData(s->connection, a->out.bytes, (int)a->out.size) == 1;
  return sent ? finish(s, NULL, err) : pg_failed(s, NULL, err);
}

void pg_append_stop(struct append *base) {
  if (finish(pg_of(base->store), "given up", NULL) != DONE) { /* we asked for the failure */
  }
}

void pg_append_free(struct append *base) {
  text_release(&((struct pg_append *)base)->out);
  free(base);
}
