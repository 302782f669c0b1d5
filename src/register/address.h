/* An address: up to five lines as people write them, a postcode and a UPRN (unique property
 * reference number), each of which may be missing. Kept with a residence (register.h), so it holds
 * from the residence's day on.
 *
 *     struct address_row row = {.line = {span_of("1 High Street"), span_of("Harrowmere")},
 *                               .postcode = span_of("hm1 2ab")};
 *     status = address_read(arena, &row, &address, err);      "HM1 2AB"; null where all is empty
 *
 * Nothing is looked up: a postcode has the form of one, which says nothing about whether it is in
 * use. UPRNs have no check digit.
 */
#ifndef WEAL_REGISTER_ADDRESS_H
#define WEAL_REGISTER_ADDRESS_H

#include "base/arena.h"
#include "base/text.h"
#include "store/store.h"

enum {
  ADDRESS_LINES = 5,
  ADDRESS_LINE_BYTES_MAX = 120,
  POSTCODE_SIZE = 10,
  UPRN_DIGITS_MAX = 12,
  ADDRESS_PARTS = ADDRESS_LINES + 2 /* columns of a file: the lines, the postcode, the UPRN */
};

struct address {
  const char *line[ADDRESS_LINES]; /* null after the last */
  const char *postcode;            /* in capitals, one blank before the last three; null: none */
  int64_t uprn;                    /* 0: none */
};

/* As a file or a form gives it. Null bytes of the first line, the postcode and the UPRN alike: it
 * says nothing of an address. */
struct address_row {
  struct span line[ADDRESS_LINES], postcode, uprn;
};

/* `address_1` to `address_5`, `postcode`, `uprn`: the columns of files and the names of fields. */
extern const char *const address_columns[ADDRESS_PARTS];
int address_column(const char *name); /* its index; -1: it is none of them */

/* Whether the row gives an address, be it an empty one. */
bool address_told(const struct address_row *row);
/* Checks it and brings it into the one form: lines without blanks at their ends and without empty
 * lines between, the postcode in capitals, the UPRN without zeros in front. *out is null where all
 * is empty. REFUSED with err->column one of address_columns. */
enum status address_read(struct arena *arena, const struct address_row *row,
                         const struct address **out, struct error *err) MUST_USE;
/* As address_read takes it; null: nothing told. */
struct address_row address_as_row(struct arena *arena, const struct address *address);
bool address_same(const struct address *a, const struct address *b); /* null: none */

/* The one form of a postcode, whatever its case and blanks: of Great Britain, Northern Ireland, the
 * Crown dependencies, forces (`BF1 2AU`, `BFPO 57`), Girobank's. False when it has the form of
 * none. */
bool postcode_read(struct span text, char out[POSTCODE_SIZE]);
/* 1 to 12 digits; zeros in front and blanks between them do not count. */
bool uprn_read(struct span text, int64_t *uprn);

/* The lines, a line break between them; and the lines and the postcode in one line, a comma between
 * them: empty where there is only a UPRN. */
const char *address_lines(struct arena *arena, const struct address *address);
const char *address_text(struct arena *arena, const struct address *address);

/* ---- in the store, for the register ---- */

/* Columns of the table, in the order in which the two functions take them. */
#define ADDRESS_STORED "lines, postcode, uprn"
const struct address *address_of_row(struct query *q, struct arena *arena, int column);
void address_append(struct append *a, const struct address *address);

#endif
