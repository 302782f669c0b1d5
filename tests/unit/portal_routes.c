/* Prints the portal's table of pages and actions as lines of JSON, for the tests that try every row: path, method, who, runs, cached, fields with their kinds. */
#include "web/route.h"

#include <stdio.h>

static const char *const who_names[] = {"ANYONE", "SIGNED_IN", "HELPER", "HELPER_SEE", "HELPER_TELL", "HELPER_TIME", "STAFF", "ADMINISTRATOR", "AUDITOR"};
static const char *const runs_names[] = {"READS", "WRITES", "SLOW"};
static const char *const kind_names[] = {"TEXT", "LONG", "DAY", "YEAR", "MONEY", "MINUTES", "QUANTITY", "COUNT", "CHOICE", "CHOICES", "CODE", "LINE", "FILE", "HIDDEN"};
_Static_assert(sizeof who_names / sizeof *who_names == AUDITOR + 1, "a name for each");
_Static_assert(sizeof kind_names / sizeof *kind_names == FIELD_HIDDEN + 1, "a name for each");

static void print_field(const struct field *field, bool first) {
  printf("%s{\"name\": \"%s\", \"kind\": \"%s\", \"optional\": %s, \"choices\": [", first ? "" : ", ", field->name, kind_names[field->kind], field->optional ? "true" : "false");
  for (const struct choice *c = field->choices; c && c->word; c++) printf("%s\"%s\"", c == field->choices ? "" : ", ", c->word);
  printf("]}");
}

int main(void) {
  for (const struct route *row = routes; row->path; row++) {
    printf("{\"method\": \"%s\", \"path\": \"%s\", \"who\": \"%s\", \"runs\": \"%s\", \"cached\": %s, \"asks\": %s, \"fields\": [", row->method == GET ? "GET" : "POST", row->path,
           who_names[row->who], runs_names[row->runs], row->cache_seconds ? "true" : "false", row->fields_of ? "true" : "false");
    for (const struct field *field = row->fields; field && field->name; field++) print_field(field, field == row->fields);
    printf("]}\n");
  }
  return 0;
}
