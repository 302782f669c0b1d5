/* A subject: one person for a statement, with place, lines, and lines that their household shares.
 * Private to this folder. gather.c fills subjects, for one person or for a block of everyone;
 * sums.c sums a subject's lines; statement.c makes the document from both. The last two do not read
 * the store.
 */
#ifndef WEAL_STATEMENT_SUBJECT_H
#define WEAL_STATEMENT_SUBJECT_H

#include "book/figures.h"
#include "book/life.h"
#include "register/register.h"
#include "statement/statement.h"

struct move {
  day_t day;
  int from, to;
}; /* indexes of places */

/* What another member of the household paid or received in a household category while living with
 * the subject. */
struct shared {
  int category; /* id */
  wide_t amount;
  day_t day;
  int people; /* who lived there on that day, the subject too */
};

/* When an entry that takes lines back was recorded, and whether the next entry records what is
 * right in their place (redress/line.c). */
struct recorded_on {
  int64_t entry;
  day_t day;
  bool is_put_right;
};

struct subject {
  const struct person *person;
  /* index, on subject_place_day; PLACE_NONE: unknown, or not yet born */
  int place;
  struct move *moves;
  int move_count; /* in the year */
  /* to the year's end, of all their records; `cancelled`: undone in their own year */
  struct loaded_line **lines;
  size_t count;
  struct shared *shared;
  int shared_count;
  /* those of later years that take a line of the year back, which the year still counts */
  struct loaded_line *const *later;
  size_t later_count;
  /* in order of entry: those of the year's lines that take another back, of `later`, and maybe
   * others */
  const struct recorded_on *recorded;
  size_t recorded_count;
  /* the first year with a line, where that is a later one than the statement's; 0: not so, or there
   * is none */
  int begins;
};

/* The day that decides to which place a statement belongs: the year's last, or the day of death;
 * DAY_NONE before their birth. */
day_t subject_place_day(const struct person *person, day_t year_last);

/* ---- sums.c ---- */

/* Lines of one category, counted in one unit. */
struct group {
  int category;     /* id */
  const char *unit; /* of the service; null: not counted */
  wide_t amount;    /* as shown: pence, or minutes */
  wide_t quantity;
  int64_t entries;
  int64_t unvalued; /* of these entries, services counted without a cost */
  /* of these, what takes back lines of other years: neither a payment nor a use of this one */
  wide_t corrected, corrected_quantity;
  int64_t corrections, corrected_unvalued;
  bool estimated;
};

struct time_sum {
  const struct pack_category *category;
  wide_t minutes, value;
  int64_t entries;
  wide_t corrected; /* of the minutes, what takes back lines of other years */
  int64_t corrections;
  const struct book_rate *rate; /* null: none */
  bool stale;                   /* the rate is of an earlier year */
  bool estimated;               /* the group, or one of its lines, is estimated */
};
/* A holding of a unit that is neither pence nor minutes: before the year's first day, and on its
 * last. Plus means held. */
struct holding_sum {
  const struct book_unit *unit;
  wide_t opening, closing;
  int64_t lines;                /* of the year */
  struct largest largest, gone; /* gone: of the lines that reduced it and were not undone */
};
/* lines: all; entries: without lines undone in the year, only for a life; unvalued: uses of
 * services without a cost that were not undone */
struct year_sums {
  int year;
  struct figures totals;
  wide_t time_value;
  int64_t lines, entries, unvalued;
};
/* changed: after a line was valued with it */
struct cost_used {
  int service;
  int year;
  bool stale, changed;
};
struct body_used {
  int64_t body, entries;
};

struct sums {
  struct group *groups;
  int group_count;       /* of the year, in the pack's order */
  struct figures totals; /* of the year */
  struct time_sum *given;
  int time_sum_count;
  wide_t time_value;
  /* in the order of the table of units; without those that are zero and have no line in the year */
  struct holding_sum *holdings;
  int holding_count;
  wide_t base; /* the amount that the year's tax summary divides */
  /* unit costs used for the year's services, in order of service and year */
  struct cost_used *costs;
  int cost_count;
  /* the bodies of the year's lines, the most lines first; body 0: none named */
  struct body_used *bodies;
  int body_count;
  int64_t corrections, entries, estimated;
  struct life_strays strays; /* lines of the year that are outside their life */
  /* every year from the first with a line to the statement's */
  struct year_sums *years;
  int year_count;
  struct figures life;
  wide_t life_time_value;
  struct group *life_groups;
  int life_group_count; /* null unless asked for */
  /* of the whole life, to be named where a sum is too large to be shown */
  struct largest largest_money, largest_minutes;
};

struct sums *subject_sum(const struct chart *chart, const struct subject *subject,
                         const struct statement_request *request, struct arena *arena);

/* ---- statement.c ---- */

/* The data for making statements; shared by all threads. */
struct maker {
  const struct reference_data *reference_data;
  struct statement_request request;
};

/* A document in the making. */
struct statement_page {
  struct document *d;
  const struct maker *maker;
  const struct subject *subject;
  const struct sums *sums;
  struct arena *arena;
  enum language language;
  int year;
};
const char *page_year_text(const struct statement_page *p, int year);
/* Whether it speaks of the person by name: it is for somebody else, or they have died. */
bool page_is_named(const struct statement_page *p);
/* `yours`, or where the page names the person `named` with their name in it. */
const char *page_whose(const struct statement_page *p, const char *yours, const char *named);
/* The name of a section for the sum `n`. */
const char *page_section(const struct statement_page *p, enum pack_shown section, wide_t n);

struct document *statement_make(const struct maker *maker, const struct subject *subject,
                                const struct sums *sums, struct arena *arena);

/* Only the life: all years up to the request's, also by category. */
struct document *statement_make_life(const struct maker *maker, const struct subject *subject,
                                     const struct sums *sums, struct arena *arena);

/* in_prices.c: what households typically pay in prices, outside every total; null in JSON without
 * a household or a table. */
void statement_add_in_prices(const struct statement_page *p);

/* holdings.c: what they hold in units of their own, outside every total. */
void statement_add_holdings(const struct statement_page *p);

/* first_screen.c: what it begins with. */
void statement_add_first_screen(const struct statement_page *p);
/* `Eleri Mabel Jones (P000005), born 4 June 1943, Millbank.` and the sentence: for people; programs
 * have `person`. */
void statement_add_person_line(const struct statement_page *p, const char *sentence);
void statement_summarise(const struct statement_page *p, struct statement_summary *out);

/* line.c: whether an item is in a section of the statement: items of a purse are on their way, and
 * a transfer is neither paid nor received. `role`: of its account; `category` may be null. */
bool statement_counts(const struct reference_data *reference_data,
                      const struct pack_category *category, const char *role);

/* notes.c: the two tables at its end. */
void statement_add_sources(const struct statement_page *n);
void statement_add_notes(const struct statement_page *n);
/* For people, where a sum is too large to be shown: what that means, what to do, and the lines to
 * check, each a link to its page. */
void statement_say_too_large(const struct statement_page *n);
/* The same for any document: whose lines they are, and whom to contact. */
void statement_say_too_large_lines(struct document *d, enum language language,
                                   const struct reference_data *reference_data,
                                   const struct largest *largest, struct arena *arena);
/* For a document without that table: adds one if a sum is too large to be shown. */
void statement_note_too_large(const struct statement_page *n);

/* ---- gather.c ---- */

/* The people of a block (the first `shown`) and those who lived with them, with their lines. */
struct gathering;
struct gathering *gathering_new(const struct chart *chart, const struct places *places, int year);
void gathering_free(struct gathering *g); /* takes null */
/* Forgets the last block. */
void gathering_clear(struct gathering *g);
/* Adds a person whose record was not merged; `accounts` are those of all their records. Add the
 * people to be shown first. */
void gathering_add(struct gathering *g, const struct person *person, const struct account *accounts,
                   int count, bool shown);
/* Adds accounts to the person added last (of a record merged into theirs). */
void gathering_add_accounts(struct gathering *g, const struct account *accounts, int count);

/* How a gathering finds where people lived: from the whole register, or from what was read for one
 * person. */
struct address_history {
  int64_t (*place_on)(void *context, const struct person *person, day_t day);
  /* Whether they may have moved in the year; if false, not every day is asked for. */
  bool (*may_move)(void *context, const struct person *person, day_t first, day_t last);
  void *context;
};

/* Reads the lines; after it gathering_subject gives each of the shown people, until the next
 * clear. */
enum status gathering_read(struct gathering *g, struct store *store, const struct reading *reading,
                           const struct address_history *where, struct error *err) MUST_USE;
void gathering_subject(struct gathering *g, int index, struct subject *out);
/* Sets out->begins: reads only of a person without a line up to the year's end. */
enum status subject_find_begin(struct store *store, struct arena *arena, int year,
                               struct subject *out, struct error *err) MUST_USE;

#endif
