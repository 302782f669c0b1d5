#include "base/table.h"
#include "exchange/commas.h"
#include "exchange/forms.h"
#include "exchange/recognise.h"
#include "exchange/records.h"
#include "fuzz/fuzz.h"
#include "fuzz/table.h"

static void read_forms(struct span s) {
  char form[FORM_SIZE];
  day_t day;
  int64_t pence = 0;
  unsigned forms = 0;
  for (int first = 0; first < 2; first++)
    if (form_day(s, first, &day, form)) HOLD(form_day_known(form));
  if (form_month(s, &day, form)) HOLD(form_day_known(form));
  (void)form_month_within(s, &day);
  if (!form_money(s, 1, &pence, &forms)) HOLD(forms < 1u << MONEY_FORMS);
}

/* A file of spending: whatever is recognised in it names columns that it has. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
  struct arena *arena = arena_new();
  struct headings *headings = NULL;
  struct table_raw *raw = NULL;
  struct records records = {0};
  struct recognised r;
  struct error err = {0};
  struct text out = {0};
  HOLD(headings_read(&headings, FUZZ_PACK, arena, &err) == DONE);
  if (table_raw_open(&raw, fuzz_file(bytes, size), &err) == DONE &&
      records_read(&records, raw, NULL, 0, arena, &err) == DONE) {
    for (int i = 0; i < records.count; i++)
      for (int c = 0; c < records.all[i].count; c++) read_forms(records.all[i].cells[c]);
    recognise(headings, records.all, records.count, arena, &r);
    if (r.header_index < 0)
      recognise_without_header(headings, records.all, records.count, arena, &r);
    if (r.profile) {
      struct layout layout;
      struct stand_ins given = {true, true};
      recognised_write(&r, "file", &out);
      HOLD(out.size > 0 && r.sure >= 0 && r.sure <= 100);
      if (profile_knows(r.profile, &r.header, given, arena, &layout))
        for (int i = 0; i < records.count && i < 50; i++) {
          struct comma_place places[COMMA_PLACES];
          int left = 1000;
          int n = commas_places(&layout, &records.all[i], "dd/mm/yyyy", &left, arena, places);
          for (int k = 0; k < n; k++) HOLD(places[k].record.count == layout.width);
        }
    }
  }
  table_raw_close(raw);
  records_free(&records);
  text_release(&out);
  arena_free(arena);
  return 0;
}
