/* A payment or an allocation, read from a file of either form, before it is posted. Private to the
 * import of spend and budget. import_money.c opens the call, decides between our own form and a
 * published one, and reads our own; published.c reads a published one by its profile; money_post.c
 * finds bodies, suppliers and categories and posts.
 */
#ifndef WEAL_EXCHANGE_MONEY_ROW_H
#define WEAL_EXCHANGE_MONEY_ROW_H

#include "base/map.h"
#include "book/bulk.h"
#include "book/streams.h"
#include "book/unusual.h"
#include "exchange/decisions.h"
#include "exchange/exchange.h"
#include "exchange/kept_profiles.h"
#include "pack/spend_rules.h"
#include "register/body_index.h"
#include "register/register.h"

/* One call. */
struct money {
  const struct import_call *call;
  bool budget;
  struct bulk *bulk;
  struct codes *codes;
  struct unusual unusual;
  struct arena *name_arena; /* of the payee that is looked up */
  struct arena *file_arena; /* of the published file that is read; the next one uses it again */
  struct bodies *bodies;
  struct places *places;
  struct profiles *profiles;
  struct kept_profiles kept; /* of the book */
  struct headings *headings;
  struct profile *given_profile; /* --profile; null */
  const struct body *stand_in;   /* --body */
  /* the bodies of each name, including suppliers that this call adds: to an index of `named` */
  struct map names;
  struct named_body {
    int64_t body;
    int next; /* of the same name; -1: none */
  } * named;
  int named_count, named_capacity; /* of the call's arena */
  /* names with a company number to ids; company numbers that this call met, by body, to an index of
   * `numbers` */
  struct map numbered, number_of;
  const char **numbers;
  int number_count, number_capacity;
  struct pack_name_words *words;
  struct body_index *spellings;    /* the same bodies by their normalised names */
  struct map new_codes;            /* codes of the bodies that this call adds, to ids */
  int64_t next_supplier;           /* for codes of new ones */
  int64_t first_new_body;          /* the first that this call adds; 0: none */
  struct spend_rules *spend_rules; /* of published files */
  int64_t catch_all;               /* category of a payment whose own one is not ours */
  struct text note;                /* of the current row */
  /* of the current row; a tab within a text became a space (book/streams.h, line_labels) */
  struct text department, stream, condition;
  /* how another book that published a payment may call its payee (register/body_name.h) */
  const char *private_person[LANGUAGES];
  struct streams *streams;
  /* streams that this call adds, and which of them has a code, or an owner's name */
  struct new_stream {
    const char *code;
    int64_t owner;
  } * new_streams;
  int new_stream_count, new_stream_capacity; /* malloc */
  struct map new_stream_names, new_stream_codes;

  /* The current file. */
  const char *path; /* as given */
  int file;
  const struct profile *profile; /* null: our own form */
  struct import_months *months;  /* of spending */
  /* who paid the rows before: files repeat a name; id 0: nothing is kept */
  struct text payer_named;
  int64_t payer;
  /* the last day of the month that its title or name says: of rows without a day; DAY_NONE */
  day_t named_day;
  const char *day_from; /* where it says so */
  /* of a workbook: the sheet that is read (null: none), and what is added to its lines so that
   * those of all its sheets differ */
  const char *sheet;
  uint64_t line_base;
  /* the header and profile of the sheet before it; count 0: none was read */
  struct record_cells sheet_head;
  const struct profile *sheet_profile;
  struct decisions decisions;
  struct import_file result;
  struct error total_refusal; /* of the call: the first total that does not agree */
};

struct money_row {
  uint64_t line;
  int64_t amount; /* pence */
  day_t day;
  bool stood_in; /* the day comes from --date */
  struct span text[MEANS_COUNT];
  const char *column[MEANS_COUNT]; /* the file's name for each column; null: our own */
  const char *remark;              /* comes before the conditions; null */
};

/* Refuses the row. `amount` is counted when `has_amount`. `column` lives as long as the call. */
void money_refuse(struct money *m, uint64_t line, const char *column, struct span value,
                  const struct error *why, bool has_amount, int64_t amount);
/* The body that a file's text names, by the profile's rules, as code or as name; 0: none. */
int64_t money_body_named(const struct money *m, const struct profile *profile, struct span text);
/* Finds body and category, and posts the row; or refuses it. */
enum status money_take(struct money *m, const struct money_row *row, struct error *err) MUST_USE;
enum status money_load(struct money *m, struct error *err) MUST_USE;

/* Gives the day of --date, else that of the file's title or name; for a budget the first day of
 * --date's financial year. False where there is none. */
bool money_day_missing(const struct money *m, day_t *day);

enum { SHEET_LINES = 1 << 21 }; /* lines of a sheet, and more */
/* The name of the file as refusals show it: with the sheet, where there are several. */
const char *money_shown_path(const struct money *m);

/* Reads a file that is not in our own form: `raw` was opened, its first record is given. */
struct table_raw;
/* Whether the file has a header, and a column of days. */
struct sheet_look {
  bool header, day;
  int records;
};
enum status published_look(struct money *m, const char *path, struct sheet_look *out,
                           struct error *err) MUST_USE;
enum status published_read(struct money *m, struct table_raw *raw, const struct record_cells *first,
                           struct error *err) MUST_USE;

#endif
