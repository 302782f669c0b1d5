#include "exchange/profile_new.h"

#include "base/refusal.h"
#include "exchange/plain.h"
#include "exchange/recognise.h"
#include "exchange/records.h"

/* The first sheet that is shown, or the file itself. */
static const char *first_shown(const struct plain *plain, const char *path) {
  for (int i = 0; i < plain->count; i++)
    if (!plain->parts[i].hidden) return plain->parts[i].path;
  return plain->count ? plain->parts[0].path : path;
}

enum status profile_new(const char *path, const char *pack_dir, struct arena *arena,
                        struct text *out, struct error *err) {
  struct headings *headings = NULL;
  struct table_raw *raw = NULL;
  struct records records = {0};
  struct recognised r;
  struct plain plain = {0};
  enum status status = headings_read(&headings, pack_dir, arena, err);
  if (status == DONE) status = plain_open(&plain, path, 0, arena, err);
  if (status == DONE) status = table_raw_open(&raw, first_shown(&plain, path), err);
  if (status == DONE) status = records_read(&records, raw, NULL, 0, arena, err);
  table_raw_close(raw);
  plain_close(&plain);
  if (status == DONE) {
    recognise(headings, records.all, records.count, arena, &r);
    if (r.header_index < 0)
      recognise_without_header(headings, records.all, records.count, arena, &r);
    if (r.profile) recognised_write(&r, path, out);
    else {
      refuse(err, PUBLISHED_NO_ROWS);
      status = error_at(err, path, 1, NULL);
    }
  }
  records_free(&records);
  return status;
}
