/* The PostgreSQL driver over libpq. In this order: errors, opening and closing, the schema's mark,
 * transactions, statements, values, pipeline, locks. How a connection begins is in
 * postgresql_open.c (and its terms, postgresql_terms.c); COPY, both ways, in postgresql_copy.c.
 *
 * Statements are prepared by the server, parameters are sent as text without a type (the server
 * infers it from their use), bytes and results in binary.
 */
#include "store/postgresql.h"
#include "base/refusal.h"
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <time.h>

/* ---- errors ---- */

/* The first line of libpq's message: the rest repeats the statement. */
struct span pg_first_line(const char *words) {
  return words ? span_make(words, strcspn(words, "\n")) : span_of("no reason given");
}

static enum status lost(struct postgresql *s, struct error *err) {
  struct span words = pg_first_line(PQerrorMessage(s->connection));
  return error_set(err, FAILED,
                   "the connection to the database was lost (" SPAN_FORMAT
                   "); what was not finished is undone; when the server answers again, do it again",
                   SPAN(words));
}

static enum status words_of(struct postgresql *s, const PGresult *result, struct error *err) {
  const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE),
             *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (!state || PQstatus(s->connection) == CONNECTION_BAD) return lost(s, err);
  if (!words) words = "no reason given";
  /* 22: a value that its type does not allow. 23: a constraint. Both come from the input. */
  if (strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0)
    /* without its detail, which holds values of rows: a visitor may see this message */
    return refuse(err, SYSTEM_SAYS, words);
  if (strcmp(state, "55P03") == 0)
    return error_set(err, FAILED,
                     "the database is in use: another program has held what is needed for too "
                     "long; try again when it has finished");
  if (strncmp(state, "40", 2) == 0)
    return error_set(err, FAILED,
                     "another program changed the same rows at the same time; do it again (%s)",
                     words);
  if (strncmp(state, "53", 2) == 0)
    return error_set(
        err, FAILED,
        "the database server has run out of something: %s; make room, then do it again", words);
  return error_set(err, FAILED, "%s (SQLSTATE %s)", words, state);
}

enum status pg_failed(struct postgresql *s, PGresult *result, struct error *err) {
  enum status status = result ? words_of(s, result, err) : lost(s, err);
  PQclear(result);
  return status;
}

/* Runs text of SQL; DONE when every statement of it succeeded. */
static enum status pg_run(struct postgresql *s, const char *sql, struct error *err) {
  PGresult *result = PQexec(s->connection, sql);
  ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
    return pg_failed(s, result, err);
  PQclear(result);
  return DONE;
}

/* ---- opening and closing ---- */

static void postgresql_close(struct store *store) {
  PQfinish(pg_of(store)->connection);
  free(store);
}

static enum status postgresql_open(struct store **out, const char *where, enum store_mode mode,
                                   struct error *err) {
  struct postgresql *s = memory_zeroed(1, sizeof *s);
  enum status status = pg_connect(s, where, err);
  if (status != DONE) {
    postgresql_close(&s->base);
    return status;
  }
  struct text sql = {0}, shown = {0};
  text_addf(&sql,
            "set client_min_messages=warning;set lock_timeout='%ds';set statement_timeout=0;set "
            "idle_in_transaction_session_timeout=0;set jit=off;"
            "set standard_conforming_strings=on;"
            /* Citus: a statement that changes several shards handles them in turn on existing
             * connections; otherwise each COPY would open one for each shard: small groups commit
             * in 5 ms against 123, imports are 30 times faster. Any server lets a name with a dot
             * be set. */
            "set citus.multi_shard_modify_mode=sequential;set default_transaction_read_only=%s%s",
            STORE_LOCK_WAIT_S, mode == STORE_READ ? "on" : "off",
            /* A writer's queries read a row or two. For a table without statistics the server may
             * expect more and start parallel processes: 5 ms a statement. */
            mode == STORE_READ ? "" : ";set max_parallel_workers_per_gather=0");
  status = pg_run(s, sql.bytes, err);
  text_release(&sql);
  text_addf(&shown, "postgresql://%s:%s/%s", PQhost(s->connection), PQport(s->connection),
            PQdb(s->connection));
  s->base.shown = shown.bytes; /* allocated with malloc: we keep the text's buffer */
  if (status == DONE) status = pg_settle_schema(s, err);
  if (status != DONE) {
    free(s->base.shown);
    free(s->base.warning);
    postgresql_close(&s->base);
    return status;
  }
  *out = &s->base;
  return DONE;
}

/* ---- the schema's mark: the row `schema` of the table setting ---- */

static enum status one_text(struct postgresql *s, const char *sql, char *out, size_t size,
                            struct error *err) {
  PGresult *result = PQexec(s->connection, sql);
  if (PQresultStatus(result) != PGRES_TUPLES_OK) return pg_failed(s, result, err);
  out[0] = 0;
  if (PQntuples(result) && !PQgetisnull(result, 0, 0))
    snprintf(out, size, "%s", PQgetvalue(result, 0, 0));
  PQclear(result);
  return DONE;
}

static enum status postgresql_schema_version(struct store *store, int64_t *version,
                                             struct error *err) {
  struct postgresql *s = pg_of(store);
  char value[32];
  enum status status = one_text(
      s,
      "select case when current_schema() is null then 'none'"
      " when exists (select 1 from pg_attribute where attrelid = "
      "to_regclass(quote_ident(current_schema()) || '.setting') and attname = 'key')"
      "  and exists (select 1 from pg_attribute where attrelid = "
      "to_regclass(quote_ident(current_schema()) || '.setting') and attname = 'value') "
      "then 'setting'"
      " when exists (select 1 from pg_class c where relnamespace = (select oid from "
      "pg_namespace where nspname = current_schema()) and relkind in ('r', 'p', 'v', 'm', 'f')"
      "  and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass "
      "and d.objid = c.oid and d.deptype = 'e')) then 'other'"
      " else 'empty' end",
      value, sizeof value, err);
  if (status != DONE) return status;
  if (strcmp(value, "none") == 0) return refuse(err, STORE_WITHOUT_SCHEMA, store->shown);
  *version = strcmp(value, "empty") == 0 ? 0 : -1;
  if (strcmp(value, "setting") != 0) return DONE;
  status = one_text(s, "select value from setting where key = 'schema'", value, sizeof value, err);
  if (status == DONE && value[0]) *version = strtoll(value, NULL, 10);
  return status;
}

static enum status postgresql_schema_set_version(struct store *store, int64_t version,
                                                 struct error *err) {
  struct text sql = {0};
  text_addf(&sql,
            "insert into setting (key, value) values ('schema', '%" PRId64
            "') on conflict (key) do update set value = excluded.value",
            version);
  enum status status = pg_run(pg_of(store), sql.bytes, err);
  text_release(&sql);
  return status;
}

/* ---- transactions ---- */

/* Every transaction that writes holds this lock shared until it ends, STORE_ALONE holds it alone: a
 * key of two numbers, which cannot collide with a name of store_lock. */
#define WRITERS "(1464156492, 1)"
#define BEGIN_WRITE \
  "begin isolation level read committed read write;select pg_advisory_xact_lock_shared" WRITERS

static enum status postgresql_begin(struct store *store, enum store_mode mode, struct error *err) {
  /* The first statement takes the snapshot, so we run one at once. */
  static const char *const begin[] = {
      [STORE_READ] = "begin isolation level repeatable read read only;select 1",
      [STORE_WRITE] = BEGIN_WRITE,
      [STORE_CREATE] = BEGIN_WRITE,
      [STORE_ALONE] =
          "begin isolation level read committed read write;select pg_advisory_xact_lock" WRITERS,
      [STORE_BULK] = BEGIN_WRITE ";set local synchronous_commit=off"};
  return pg_run(pg_of(store), begin[mode], err);
}

/* Citus commits on its nodes one after the other; after a success with a warning, the prepared
 * transactions left behind must still be recovered. Plain PostgreSQL has no such function. */
static enum status recover_after_warning(struct postgresql *s, struct error *err) {
  char left[32];
  enum status status = one_text(s, "select to_regproc('recover_prepared_transactions')::text", left,
                                sizeof left, err);
  if (status != DONE || !left[0]) return status;
  for (int i = 0; i < 10; i++) {
    status = one_text(s, "select recover_prepared_transactions()", left, sizeof left, err);
    if (status != DONE || strcmp(left, "0") == 0) return status;
  }
  return error_set(
      err, FAILED,
      "the cluster has not finished a commit; it will by itself; look again before doing it again");
}

static enum status postgresql_commit(struct store *store, struct error *err) {
  struct postgresql *s = pg_of(store);
  enum status status = pg_settle(s, err);
  if (status != DONE) return status;
  s->warned = false;
  PGresult *result = PQexec(s->connection, "commit");
  if (PQstatus(s->connection) == CONNECTION_BAD) {
    PQclear(result);
    return error_set(err, FAILED,
                     "the connection to the database was lost while it committed, so it may or may "
                     "not have happened; look before doing it again");
  }
  if (PQresultStatus(result) != PGRES_COMMAND_OK) return pg_failed(s, result, err);
  /* for a failed transaction the server answers ROLLBACK, and no error */
  bool committed = strcmp(PQcmdStatus(result), "COMMIT") == 0;
  PQclear(result);
  if (!committed)
    return error_set(err, FAILED,
                     "nothing was written: an earlier statement of the transaction had failed");
  return s->warned ? recover_after_warning(s, err) : DONE;
}

static void postgresql_rollback(struct store *store) {
  struct postgresql *s = pg_of(store);
  if (pg_settle(s, NULL) != DONE || PQtransactionStatus(s->connection) != PQTRANS_IDLE)
    PQclear(PQexec(s->connection, "rollback"));
}

static bool postgresql_alive(const struct store *store) {
  return PQstatus(((const struct postgresql *)store)->connection) == CONNECTION_OK;
}

static enum status postgresql_run(struct store *store, const char *sql, struct error *err) {
  enum status status = pg_settle(pg_of(store), err);
  return status == DONE ? pg_run(pg_of(store), sql, err) : status;
}

/* ---- statements ---- */

static int count_parameters(const char *sql) {
  int most = 0;
  for (const char *p = sql; (p = strchr(p, '$')); p++) {
    long n = strtol(p + 1, NULL, 10);
    if (n > most && n < 1000) most = (int)n;
  }
  return most;
}

static enum status postgresql_prepare(struct store *store, struct query **out, const char *sql,
                                      struct error *err) {
  struct postgresql *s = pg_of(store);
  enum status status = pg_settle(s, err);
  if (status != DONE) return status;
  char name[16];
  snprintf(name, sizeof name, "w%u", s->statements++);
  PGresult *result = PQprepare(s->connection, name, sql, 0, NULL);
  if (PQresultStatus(result) != PGRES_COMMAND_OK) return pg_failed(s, result, err);
  PQclear(result);
  struct pg_query *q = memory_zeroed(1, sizeof *q);
  memcpy(q->name, name, sizeof name);
  size_t size = strlen(sql) + 1;
  q->sql = memcpy(memory_alloc(size), sql, size);
  q->parameter_count = count_parameters(sql);
  q->parameters = memory_zeroed((size_t)q->parameter_count + 1, sizeof *q->parameters);
  *out = &q->base;
  return DONE;
}

static void clear_parameters(struct pg_query *q) {
  for (int i = 0; i < q->parameter_count; i++) q->parameters[i].bound = false;
}

static void postgresql_reset(struct query *query) {
  struct pg_query *q = pg_query_of(query);
  if (q->copying) pg_stream_stop(q);
  if (q->asked) {
    struct postgresql *s = pg_of(query->store);
    for (unsigned i = 0; i < s->in_flight; i++)
      if (s->asked[i] == q) s->asked[i] = NULL;
    q->asked = false;
  }
  PQclear(q->result);
  q->result = NULL;
  q->missed = false;
  clear_parameters(q);
}

static void postgresql_dispose(struct query *query) {
  struct pg_query *q = pg_query_of(query);
  postgresql_reset(query);
  for (int i = 0; i < q->parameter_count; i++) text_release(&q->parameters[i].bytes);
  free(q->parameters);
  free(q->fields);
  free(q->types);
  free(q->digits);
  free(q->sql);
  free(q);
}

static struct pg_parameter *bind(struct query *query, int number, bool binary) {
  struct pg_query *q = pg_query_of(query);
  assert(number >= 1 && number <= q->parameter_count && "the statement has no such parameter");
  struct pg_parameter *parameter = &q->parameters[number - 1];
  text_clear(&parameter->bytes);
  parameter->bound = true;
  parameter->binary = binary;
  return parameter;
}

static void postgresql_bind_int(struct query *q, int number, int64_t value) {
  text_add_int(&bind(q, number, false)->bytes, value);
}

static void postgresql_bind_text(struct query *q, int number, struct span value) {
  struct text *bytes = &bind(q, number, false)->bytes;
  text_add_bytes(bytes, value.bytes, value.size);
}

static void postgresql_bind_bytes(struct query *q, int number, const void *value, size_t size) {
  struct text *bytes = &bind(q, number, true)->bytes;
  text_reserve(bytes, 1); /* an empty value is not null: it needs a buffer */
  if (size) text_add_bytes(bytes, value, size);
}

static void postgresql_bind_null(struct query *q, int number) {
  bind(q, number, false)->bound = false;
}

enum { PARAMETERS_MOST = 64 };

struct wire { /* the parameters as libpq takes them */
  const char *values[PARAMETERS_MOST];
  int sizes[PARAMETERS_MOST], formats[PARAMETERS_MOST];
};

static void to_wire(const struct pg_query *q, struct wire *wire) {
  assert(q->parameter_count <= PARAMETERS_MOST);
  for (int i = 0; i < q->parameter_count; i++) {
    const struct pg_parameter *parameter = &q->parameters[i];
    wire->values[i] = parameter->bound ? parameter->bytes.bytes : NULL;
    wire->sizes[i] = (int)parameter->bytes.size;
    wire->formats[i] = parameter->binary;
  }
}

static void take_result(struct pg_query *q, PGresult *result) {
  q->result = result;
  q->row = -1;
  q->changes = strtoll(PQcmdTuples(result), NULL, 10);
  if (strncmp(PQcmdStatus(result), "SELECT", 6) == 0) q->changes = 0;
  pg_fields_resize(q, PQnfields(result));
  for (int i = 0; i < q->field_count; i++) q->types[i] = PQftype(result, i);
}

/* Sends a synchronisation, reads the results up to it, gives them to the queries that asked, and
 * leaves the mode. Keeps the first error; later ones only say that they were skipped. */
static enum status drain(struct postgresql *s, struct error *err) {
  enum status status = DONE;
  bool sent = PQpipelineSync(s->connection);
  for (unsigned at = 0; sent;) {
    PGresult *result = PQgetResult(s->connection);
    ExecStatusType outcome = PQresultStatus(result);
    if (!result) at++; /* the end of one statement's */
    else if (outcome == PGRES_PIPELINE_SYNC) {
      PQclear(result);
      break;
    } else if (outcome == PGRES_FATAL_ERROR && status == DONE) status = pg_failed(s, result, err);
    else if (at < s->in_flight && s->asked[at] &&
             (outcome == PGRES_TUPLES_OK || outcome == PGRES_COMMAND_OK))
      take_result(s->asked[at], result);
    else PQclear(result);
    if (PQstatus(s->connection) == CONNECTION_BAD) sent = false;
  }
  for (unsigned i = 0; i < s->in_flight; i++) {
    if (!s->asked[i]) continue;
    s->asked[i]->asked = false;
    s->asked[i]->missed = !s->asked[i]->result;
  }
  s->in_flight = 0;
  s->piped = false;
  if (!sent) return status == DONE ? lost(s, err) : status;
  PQexitPipelineMode(s->connection);
  return status;
}

enum status pg_settle(struct postgresql *s, struct error *err) {
  return s->piped ? drain(s, err) : DONE;
}

/* `asks`: the caller will read its rows. */
static enum status send_ahead(struct pg_query *q, bool asks, struct error *err) {
  struct postgresql *s = pg_of(q->base.store);
  if (!s->piped && PQtransactionStatus(s->connection) == PQTRANS_INERROR)
    return error_set(err, FAILED, "an earlier statement of the transaction had failed");
  if (!s->piped && !PQenterPipelineMode(s->connection)) return lost(s, err);
  s->piped = true;
  struct wire wire;
  to_wire(q, &wire);
  if (!PQsendQueryPrepared(s->connection, q->name, q->parameter_count, wire.values, wire.sizes,
                           wire.formats, 1))
    return lost(s, err);
  clear_parameters(q);
  q->asked = asks;
  s->asked[s->in_flight++] = asks ? q : NULL;
  return s->in_flight >= STORE_PIPELINE_ROWS ? drain(s, err) : DONE;
}

/* Runs the statement on the server and keeps its result; together with statements in flight, if
 * any, so that there is one wait for all. */
static enum status fetch(struct pg_query *q, struct error *err) {
  struct postgresql *s = pg_of(q->base.store);
  if (s->piped && !q->missed) {
    enum status status = q->asked ? DONE : send_ahead(q, true, err);
    if (status == DONE) status = pg_settle(s, err);
    if (status != DONE) return status;
  }
  if (q->result) return DONE;
  if (q->missed) return error_set(err, FAILED, "an earlier statement of the transaction failed");
  struct wire wire;
  to_wire(q, &wire);
  PGresult *result = PQexecPrepared(s->connection, q->name, q->parameter_count, wire.values,
                                    wire.sizes, wire.formats, 1);
  ExecStatusType outcome = PQresultStatus(result);
  if (outcome != PGRES_COMMAND_OK && outcome != PGRES_TUPLES_OK) return pg_failed(s, result, err);
  take_result(q, result);
  return DONE;
}

static enum status postgresql_step(struct query *query, bool *row, struct error *err) {
  struct pg_query *q = pg_query_of(query);
  *row = false;
  if (query->stream) {
    enum status status = DONE;
    if (!q->copying) status = pg_stream_begin(q, err);
    if (status == DONE) status = pg_stream_step(q, row, err);
    if (status == DONE && !*row) clear_parameters(q);
    return status;
  }
  if (!q->result) {
    enum status status = fetch(q, err);
    if (status != DONE) return status;
  }
  if (++q->row >= PQntuples(q->result)) {
    postgresql_reset(query);
    return DONE;
  }
  for (int i = 0; i < q->field_count; i++) {
    bool null = PQgetisnull(q->result, q->row, i);
    q->fields[i] = null ? (struct pg_field){NULL, 0}
                        : (struct pg_field){PQgetvalue(q->result, q->row, i),
                                            PQgetlength(q->result, q->row, i)};
  }
  *row = true;
  return pg_check_numbers(q, err);
}

/* ---- values ---- */

void pg_fields_resize(struct pg_query *q, int count) {
  q->field_count = count;
  if (count <= q->field_capacity) return;
  q->field_capacity = count;
  q->fields = memory_grow(q->fields, (size_t)count * sizeof *q->fields);
  q->types = memory_grow(q->types, (size_t)count * sizeof *q->types);
  q->digits = memory_grow(q->digits, (size_t)count * sizeof *q->digits);
}

/* PostgreSQL's sum of bigints is a numeric: digits to the base 10,000, the first one worth
 * 10,000^weight. False when it is no 64-bit integer. */
static bool numeric_to_int(const char *p, int64_t *out) {
  int count = pg_read16(p), weight = (int16_t)pg_read16(p + 2);
  unsigned sign = pg_read16(p + 4);
  if (sign != 0 && sign != 0x4000) return false; /* not a number, infinity */
  __int128 value = 0;
  for (int i = 0; i < count || i <= weight; i++) {
    int digit = i < count ? pg_read16(p + 8 + 2 * i) : 0;
    if (i > weight) {
      if (digit) return false; /* a fraction */
      continue;
    }
    value = value * 10000 + digit;
    if (value > (__int128)INT64_MAX + 1) return false;
  }
  if (sign) value = -value;
  *out = (int64_t)value;
  return value == *out;
}

enum status pg_check_numbers(struct pg_query *q, struct error *err) {
  int64_t ignored;
  for (int i = 0; i < q->field_count; i++) {
    Oid type = q->types[i];
    if (type == PG_FLOAT4 || type == PG_FLOAT8)
      return error_set(err, FAILED,
                       "a column is a floating point number, which no figure of a book may be");
    if (type == PG_NUMERIC && q->fields[i].bytes && !numeric_to_int(q->fields[i].bytes, &ignored))
      return error_set(err, FAILED, "a sum does not fit 64 bits, or is no whole number");
  }
  return DONE;
}

static int64_t field_int(const struct pg_query *q, int column) {
  const struct pg_field *field = &q->fields[column];
  if (!field->bytes) return 0;
  int64_t value = 0;
  switch (q->types[column]) {
  case PG_INT8: return (int64_t)pg_read64(field->bytes);
  case PG_INT4: return (int32_t)pg_read32(field->bytes);
  case PG_INT2: return (int16_t)pg_read16(field->bytes);
  case PG_OID: return pg_read32(field->bytes);
  case PG_BOOL: return field->bytes[0];
  case PG_NUMERIC: numeric_to_int(field->bytes, &value); return value;
  default: assert(!"an integer read from a column that holds none"); return 0;
  }
}

static enum status postgresql_fill(struct query *query, struct block_room *room, bool *row,
                                   struct error *err) {
  struct pg_query *q = pg_query_of(query);
  do {
    enum status status = postgresql_step(query, row, err);
    if (status != DONE || !*row) return status;
    assert(q->field_count == room->columns);
    for (int i = 0; i < room->columns; i++) {
      const struct pg_field *field = &q->fields[i];
      if (room->kinds[i] == 't')
        room_add_text(room, i, field->bytes, field->bytes ? (size_t)field->size : 0);
      else room_add_int(room, i, field_int(q, i));
      if (room->kinds[i] == 'n') room->block.column[i].null[room->block.rows] = !field->bytes;
    }
    room->block.whole++;
  } while (++room->block.rows < STORE_BLOCK_ROWS);
  return DONE;
}

static const struct pg_field *field_of(struct query *query, int column) {
  struct pg_query *q = pg_query_of(query);
  assert(column >= 0 && column < q->field_count);
  return &q->fields[column];
}

static bool postgresql_is_null(struct query *q, int column) { return !field_of(q, column)->bytes; }

static int64_t postgresql_get_int(struct query *query, int column) {
  field_of(query, column);
  return field_int(pg_query_of(query), column);
}

static struct span postgresql_get_bytes(struct query *q, int column) {
  const struct pg_field *field = field_of(q, column);
  if (!field->bytes) return (struct span){NULL, 0};
  switch (pg_query_of(q)->types[column]) {
  case PG_INT8:
  case PG_INT4:
  case PG_INT2:
  case PG_OID:
  case PG_BOOL:
  case PG_NUMERIC: {
    char *digits = pg_query_of(q)->digits[column];
    int size = snprintf(digits, sizeof *pg_query_of(q)->digits, "%" PRId64,
                        postgresql_get_int(q, column));
    return span_make(digits, (size_t)size);
  }
  default: return span_make(field->bytes, (size_t)field->size);
  }
}

static int64_t postgresql_changes(struct query *q) { return pg_query_of(q)->changes; }

/* ---- pipeline ---- */

static enum status postgresql_pipeline_begin(struct store *store, struct error *err) {
  /* the first statement enters the mode, and again after a statement whose result was awaited */
  (void)store, (void)err;
  return DONE;
}

static enum status postgresql_pipeline_end(struct store *store, struct error *err) {
  return pg_settle(pg_of(store), err);
}

static enum status postgresql_ask(struct query *q, struct error *err) {
  return send_ahead(pg_query_of(q), true, err);
}
static enum status postgresql_later(struct query *q, struct error *err) {
  return send_ahead(pg_query_of(q), false, err);
}

static enum status postgresql_execute(struct query *query, struct error *err) {
  struct pg_query *q = pg_query_of(query);
  if (query->store->pipeline) return send_ahead(q, false, err);
  PQclear(q->result);
  q->result = NULL;
  enum status status = fetch(q, err);
  assert((status != DONE || PQntuples(q->result) == 0) &&
         "query_run of a statement that gives rows");
  postgresql_reset(query);
  return status;
}

/* ---- locks ---- */

enum { LOCK_LOOK_FIRST_MS = 5, LOCK_LOOK_MS = 100 };

/* FNV-1a, so that every build and machine makes the same number for a name. */
static int64_t number_of(const char *name) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (; *name; name++) hash = (hash ^ (uint8_t)*name) * 0x100000001b3u;
  return (int64_t)hash;
}

static enum status try_lock(struct postgresql *s, const char *name, bool shared, bool *held,
                            struct error *err) {
  struct text sql = {0};
  char answer[8];
  text_addf(&sql, "select pg_try_advisory_lock%s(%" PRId64 ")", shared ? "_shared" : "",
            number_of(name));
  enum status status = one_text(s, sql.bytes, answer, sizeof answer, err);
  *held = status == DONE && answer[0] == 't';
  text_release(&sql);
  return status;
}

static void release_lock(struct postgresql *s, const char *name) {
  struct text sql = {0};
  text_addf(&sql,
            "select pg_advisory_unlock(%" PRId64 ") or pg_advisory_unlock_shared(%" PRId64 ")",
            number_of(name), number_of(name));
  PQclear(PQexec(s->connection, sql.bytes)); /* a connection that is lost has released it */
  text_release(&sql);
}

/* Tries the lock again and again, because a statement that waits holds a snapshot, and rows deleted
 * after it began cannot be removed while it waits: the holder of the lock could then wait for
 * us. */
static enum status await_lock(struct postgresql *s, const char *name, bool shared,
                              struct error *err) {
  bool held = false;
  long pause_ms = LOCK_LOOK_FIRST_MS;
  enum status status = try_lock(s, name, shared, &held, err);
  while (status == DONE && !held) {
    nanosleep(&(struct timespec){.tv_nsec = pause_ms * 1000000}, NULL);
    pause_ms = pause_ms * 2 < LOCK_LOOK_MS ? pause_ms * 2 : LOCK_LOOK_MS;
    status = try_lock(s, name, shared, &held, err);
  }
  return status;
}

/* Only the connection that has the turn may take the lock: so connections that share a lock cannot
 * keep out for ever one that wants it alone. */
static enum status wait_for_turn(struct postgresql *s, const char *name, bool shared,
                                 struct error *err) {
  struct text turn = {0};
  text_addf(&turn, "%s: turn", name);
  enum status status = await_lock(s, turn.bytes, false, err);
  if (status == DONE) {
    status = await_lock(s, name, shared, err);
    release_lock(s, turn.bytes);
  }
  text_release(&turn);
  return status;
}

static enum status postgresql_lock(struct store *store, const char *name, bool shared, bool wait,
                                   bool *held, struct error *err) {
  struct postgresql *s = pg_of(store);
  enum status status = pg_settle(s, err);
  if (status != DONE) return status;
  if (!wait) return try_lock(s, name, shared, held, err);
  status = wait_for_turn(s, name, shared, err);
  *held = status == DONE;
  return status;
}

static void postgresql_unlock(struct store *store, const char *name) {
  struct postgresql *s = pg_of(store);
  if (pg_settle(s, NULL) == DONE) release_lock(s, name);
}

const struct driver driver_postgresql = {.engine = STORE_POSTGRESQL,
                                         .open = postgresql_open,
                                         .close = postgresql_close,
                                         .schema_version = postgresql_schema_version,
                                         .schema_set_version = postgresql_schema_set_version,
                                         .begin = postgresql_begin,
                                         .commit = postgresql_commit,
                                         .rollback = postgresql_rollback,
                                         .alive = postgresql_alive,
                                         .run = postgresql_run,
                                         .prepare = postgresql_prepare,
                                         .dispose = postgresql_dispose,
                                         .reset = postgresql_reset,
                                         .bind_int = postgresql_bind_int,
                                         .bind_text = postgresql_bind_text,
                                         .bind_bytes = postgresql_bind_bytes,
                                         .bind_null = postgresql_bind_null,
                                         .step = postgresql_step,
                                         .fill = postgresql_fill,
                                         .execute = postgresql_execute,
                                         .ask = postgresql_ask,
                                         .later = postgresql_later,
                                         .is_null = postgresql_is_null,
                                         .get_int = postgresql_get_int,
                                         .get_text = postgresql_get_bytes,
                                         .get_bytes = postgresql_get_bytes,
                                         .changes = postgresql_changes,
                                         .pipeline_begin = postgresql_pipeline_begin,
                                         .pipeline_end = postgresql_pipeline_end,
                                         .append_begin = pg_append_begin,
                                         .append_flush = pg_append_flush,
                                         .append_end = pg_append_end,
                                         .append_stop = pg_append_stop,
                                         .append_free = pg_append_free,
                                         .lock = postgresql_lock,
                                         .unlock = postgresql_unlock};
