/* Help that is taken off a bill: nobody has it in the hand, and people read so. */
#include "pack/fields.h"

enum { OFF_BILL_CATEGORY, OFF_BILL_NAME, OFF_BILL_NAME_CY, OFF_BILL_SOURCE };

enum status pack_take_off_bill(const struct pack_row *row, struct error *err) {
  struct pack *p = row->pack;
  int number = 0;
  const char *source = NULL;
  enum status s = pack_take_reference(row, OFF_BILL_CATEGORY, KIND_CATEGORY, "categories.csv",
                                      &number, err);
  if (s != DONE) return s;
  struct pack_category *category = &p->categories[number];
  if (category->shown != SHOWN_CASH || category->off_bill[ENGLISH])
    return refuse_field(row, OFF_BILL_CATEGORY, err, PACK_OFF_BILL);
  s = pack_take_names(row, OFF_BILL_NAME, OFF_BILL_NAME_CY, category->off_bill, err);
  return s == DONE ? pack_take_text(row, OFF_BILL_SOURCE, &source, err) : s;
}
