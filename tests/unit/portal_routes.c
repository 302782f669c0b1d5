/* Prints the portal's table of pages and actions as lines of JSON, for the tests that try every
 * row: path, method, who, runs, cached, fields with their kinds. Arguments are words for the last
 * two names of rows whose fields depend on them (`birth/sex`): prints those rows once for each pair
 * that has fields, `"names": "birth/sex"`; run it from the root of the source then. */
#include "web/request.h"

#include <stdio.h>

static const char *const runs_names[] = {"READS", "WRITES", "SLOW", "RECKONS"};
static const char *const kind_names[] = {"TEXT",    "LONG",     "DAY",   "YEAR",   "MONEY",
                                         "MINUTES", "QUANTITY", "COUNT", "CHOICE", "CHOICES",
                                         "CODE",    "LINE",     "FILE",  "FILES",  "HIDDEN"};
_Static_assert(sizeof kind_names / sizeof *kind_names == FIELD_HIDDEN + 1, "a name for each");

static void print_field(const struct field *field, bool first) {
  printf("%s{\"name\": \"%s\", \"kind\": \"%s\", \"optional\": %s, \"choices\": [",
         first ? "" : ", ", field->name, kind_names[field->kind],
         field->optional ? "true" : "false");
  struct choice c;
  for (int i = 0; (c = field_choice(field, i)).word; i++)
    printf("%s\"%s\"", i == 0 ? "" : ", ", c.word);
  printf("]}");
}

static void print_row(const struct route *row, const struct field *fields, const char *names) {
  struct text more = {0};
  text_add(&more, "\"who\": \"");
  text_add_permission_holders(&more, route_needs(row));
  text_add(&more, "\", \"help\": ");
  text_add_json(&more, span_of(route_help(row)));
  text_add(&more, ", \"heading\": ");
  text_add_json(&more, span_of(row->heading ? row->heading : ""));
  printf("{\"method\": \"%s\", \"path\": \"%s\", \"needs\": \"%s\", %s, \"runs\": \"%s\", "
         "\"cached\": %s, \"asks\": %s, \"names\": \"%s\", \"action\": \"%s\", \"fields\": [",
         row->method == GET ? "GET" : "POST", row->path, permission_word(route_needs(row)),
         more.bytes, runs_names[row->runs], row->cache_seconds ? "true" : "false",
         row->fields_of ? "true" : "false", names, row->action ? row->action : "");
  text_release(&more);
  for (const struct field *field = fields; field && field->name; field++)
    print_field(field, field == fields);
  printf("]}\n");
}

int main(int count, char **words) {
  struct pack *pack = NULL;
  struct error err = {0};
  /* fields may hang on the kinds of case of the policy pack */
  if (count > 1 && pack_open(&pack, "policy/uk", &err) != DONE) {
    fprintf(stderr, "%s\n", err.message);
    return 1;
  }
  const struct request asked = {.arena = arena_new(), .pack = pack};
  for (const struct route *row = routes; row->path; row++) {
    if (count == 1) print_row(row, row->fields_of ? NULL : route_fields(row, NULL, NULL), "");
    for (int i = 1; i < count && row->fields_of; i++) {
      const char *slash = strchr(words[i], '/');
      struct span names[ROUTE_NAMES] = {0};
      int last = 0;
      if (!slash) continue;
      while (last + 1 < ROUTE_NAMES && route_name(row, last + 1).bytes) last++;
      if (last == 0) continue;
      names[last - 1] = span_make(words[i], (size_t)(slash - words[i]));
      names[last] = span_of(slash + 1);
      const struct field *fields = row->fields_of(&asked, names);
      if (fields) print_row(row, fields, words[i]);
    }
  }
  arena_free(asked.arena);
  pack_close(pack);
  return 0;
}
