#include "publish/package.h"

#include "base/arena.h"
#include "base/day.h"
#include "base/hash.h"
#include "base/json.h"

enum { FIELDS_MOST = 64 };

/* One column: its name, and what all of its cells so far may be. */
struct package_field {
  struct span name;
  bool number, date, some;
};

/* ---- CSV as documents write it ---- */

/* The next cell; *ends: it is the last of its row. Quotes within a cell are doubled. */
static struct span next_cell(struct span *rest, struct arena *arena, bool *ends) {
  const bool quoted = rest->size && rest->bytes[0] == '"';
  char *cell = arena_alloc(arena, rest->size + 1);
  size_t n = 0, at = quoted;
  for (; at < rest->size; at++) {
    const char c = rest->bytes[at];
    if (quoted && c == '"') {
      at++;
      if (at == rest->size || rest->bytes[at] != '"') break;
    } else if (!quoted && (c == ',' || c == '\n' || c == '\r')) break;
    cell[n++] = rest->bytes[at];
  }
  if (at < rest->size && rest->bytes[at] == '\r') at++;
  *ends = at >= rest->size || rest->bytes[at] == '\n';
  at += at < rest->size;
  *rest = span_make(rest->bytes + at, rest->size - at);
  return span_make(cell, n);
}

static bool is_number(struct span s) {
  size_t at = s.size && s.bytes[0] == '-', digits = 0;
  bool point = false;
  for (; at < s.size; at++) {
    if (s.bytes[at] == '.' && !point && digits) point = true;
    else if (s.bytes[at] >= '0' && s.bytes[at] <= '9') digits++;
    else return false;
  }
  return digits > 0 && s.bytes[s.size - 1] != '.';
}

static void note_cell(struct package_field *f, struct span cell) {
  struct error ignored = {0};
  day_t day;
  if (!cell.size || span_is(cell, "hidden")) return;
  f->some = true;
  f->number = f->number && is_number(cell);
  f->date = f->date && day_parse(cell, &day, &ignored) == DONE;
}

static int read_fields(struct span csv, struct arena *arena, struct package_field *fields) {
  struct arena *scratch = arena_new();
  bool ends = false;
  int count = 0, column = 0;
  while (csv.size && !ends && count < FIELDS_MOST) {
    struct span name = next_cell(&csv, scratch, &ends);
    fields[count++] = (struct package_field){
        span_make(arena_copy(arena, name.bytes, name.size), name.size), true, true, false};
    arena_reset(scratch);
  }
  while (csv.size) {
    const struct span cell = next_cell(&csv, scratch, &ends);
    if (column < count) note_cell(&fields[column], cell);
    column = ends ? 0 : column + 1;
    arena_reset(scratch);
  }
  arena_free(scratch);
  return count;
}

/* ---- resources ---- */

/* `2025-26/E07000117/category.csv` as a name: small letters, digits, `-`, `_`, `.`. */
static const char *name_of(struct arena *arena, const char *path) {
  char *name = arena_string(arena, path);
  const size_t size = strlen(name);
  if (size > 4) name[size - 4] = 0; /* .csv */
  for (char *c = name; *c; c++) {
    if (*c >= 'A' && *c <= 'Z') *c = (char)(*c - 'A' + 'a');
    else if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '-' || *c == '_'))
      *c = '.';
  }
  return name;
}

static const char *type_of(const struct package_field *f) {
  return !f->some ? "any" : f->number ? "number" : f->date ? "date" : "string";
}

static void write_field(struct json *j, struct span name, const char *type, bool required) {
  json_open_object(j, NULL);
  json_text(j, "name", name);
  json_text(j, "type", span_of(type));
  if (required) {
    json_open_object(j, "constraints");
    json_bool(j, "required", true);
    json_close_object(j);
  }
  json_close_object(j);
}

static void begin_schema(struct json *j) {
  json_open_object(j, "schema");
  json_open_array(j, "fields");
}

/* And the resource. */
static void end_schema(struct json *j) {
  json_close_array(j);
  json_open_array(j, "missingValues");
  json_text(j, NULL, span_of(""));
  json_text(j, NULL, span_of("hidden"));
  json_close_array(j);
  json_close_object(j);
  json_close_object(j);
}

/* All but the schema, and the end. */
static void begin_resource(struct package *package, struct json *j, const char *path,
                           const char *title, int64_t bytes, const struct digest *digest) {
  struct arena *arena = arena_new();
  struct text hash = {0};
  text_add(&hash, "sha256:");
  text_add_hex(&hash, digest->bytes, sizeof digest->bytes);
  if (package->count++) text_add_char(&package->resources, ',');
  json_begin(j, &package->resources);
  json_open_object(j, NULL);
  json_text(j, "name", span_of(name_of(arena, path)));
  json_text(j, "title", span_of(title));
  json_text(j, "path", span_of(path));
  json_text(j, "profile", span_of("tabular-data-resource"));
  json_text(j, "format", span_of("csv"));
  json_text(j, "mediatype", span_of("text/csv"));
  json_text(j, "encoding", span_of("utf-8"));
  json_int(j, "bytes", bytes);
  json_text(j, "hash", span_make(hash.bytes, hash.size));
  text_release(&hash);
  arena_free(arena);
}

void package_add(struct package *package, const char *path, const char *title, struct span bytes) {
  struct arena *arena = arena_new();
  struct package_field fields[FIELDS_MOST];
  struct hasher *hasher = hasher_new();
  struct digest digest;
  struct json j;
  const int count = read_fields(bytes, arena, fields);
  hasher_begin(hasher);
  hasher_add(hasher, bytes.bytes, bytes.size);
  hasher_end(hasher, &digest);
  hasher_free(hasher);
  begin_resource(package, &j, path, title, (int64_t)bytes.size, &digest);
  begin_schema(&j);
  for (int i = 0; i < count; i++) write_field(&j, fields[i].name, type_of(&fields[i]), false);
  end_schema(&j);
  arena_free(arena);
}

void package_add_written(struct package *package, const char *path, const char *title,
                         const struct package_file *file) {
  struct json j;
  begin_resource(package, &j, path, title, file->bytes, &file->digest);
  begin_schema(&j);
  for (int i = 0; i < file->column_count; i++) {
    const struct package_column *c = &file->columns[i];
    write_field(&j, span_of(c->name), c->type, c->required);
  }
  end_schema(&j);
}

void package_write(const struct package *package, const struct package_about *about,
                   struct text *out) {
  struct arena *arena = arena_new();
  struct json j;
  json_begin(&j, out);
  json_open_object(&j, NULL);
  json_text(&j, "profile", span_of("data-package"));
  json_text(&j, "name",
            span_of(name_of(arena, arena_printf(arena, "public-account-%s.csv", about->place))));
  json_text(&j, "title", span_of(about->title));
  json_text(&j, "version", span_of(arena_printf(arena, "%lld", (long long)about->edition)));
  json_text(&j, "created", span_of(arena_printf(arena, "%sT00:00:00Z", about->made)));
  if (about->licence) {
    json_open_array(&j, "licenses");
    json_open_object(&j, NULL);
    json_text(&j, "title", span_of(about->licence));
    json_text(&j, "path", span_of(about->address));
    json_close_object(&j);
    json_close_array(&j);
  }
  json_close_object(&j);
  out->size--; /* the resources are JSON already */
  text_add(out, ",\"resources\":[");
  text_add_span(out, span_make(package->resources.bytes, package->resources.size));
  text_add(out, "]}\n");
  arena_free(arena);
}

void package_release(struct package *package) { text_release(&package->resources); }
