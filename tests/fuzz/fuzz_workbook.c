#include "exchange/plain.h"
#include "exchange/records.h"
#include "fuzz/fuzz.h"
#include "fuzz/table.h"

/* A file in any form: each part of it is CSV whose records can be read. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  const char *path = fuzz_file(bytes, size);
  struct arena *arena = arena_new();
  struct plain plain;
  struct error err = {0};
  enum status status = plain_open(&plain, path, 64 << 20, arena, &err);
  HOLD(status == DONE || (err.code == status && err.message[0]));
  for (int i = 0; status == DONE && i < plain.count; i++) {
    struct table_raw *raw = NULL;
    struct records records = {0};
    HOLD(table_raw_open(&raw, plain.parts[i].path, &err) == DONE);
    (void)!records_read(&records, raw, NULL, 0, arena, &err);
    for (int r = 1; r < records.count; r++) HOLD(records.all[r].line > records.all[r - 1].line);
    records_free(&records);
    table_raw_close(raw);
  }
  plain_close(&plain);
  arena_free(arena);
  return 0;
}
