/* The command line: words in, one verb run, results on standard output, messages on standard error.
 *
 *     weal statement P000001 --year 2025-26 --format json
 *
 * A verb is a row of verbs.c. Its function is given a `struct call` with the words sorted out, and
 * returns a status that is the program's exit status. main.c closes what it opens through the call
 * (store, pack, arena). It prints nothing itself: results go into `call->out`, which output_flush
 * writes; messages go through output_message; an error is returned in `err`.
 */
#ifndef WEAL_CLI_CLI_H
#define WEAL_CLI_CLI_H

#include "action/action.h"
#include "base/arena.h"
#include "base/day.h"
#include "base/money.h"
#include "base/nearest.h"
#include "base/outfile.h"
#include "base/progress.h"
#include "base/text.h"
#include "document/document.h"
#include "pack/pack.h"
#include "register/access_log.h"
#include "statement/reference_data.h"
#include "store/store.h"

/* ---- the table of verbs ---- */

struct option {
  const char *name;    /* without its dashes; in every verb the same name takes a value, or none */
  const char *value;   /* the name of its value in the help; null: a switch */
  const char *help;    /* one line */
  const char *choices; /* the values allowed, with a space between; null: any */
};

/* more than any command line has: one call may verify a folder of statements */
enum { ARGUMENTS_ANY = 1 << 20 };

struct call;
struct rules;

struct verb {
  const char *name;
  const char *synopsis; /* the text after the name: `KIND FILE...` */
  const char *summary;  /* one line, no full stop */
  /* paragraphs for learning; lines that begin with four spaces are shown as they are */
  const char *help;
  const struct option *options; /* its own, ended by a null name */
  int arguments_min, arguments_max;
  /* the values of --format, with a space between, the first being the default; null: text only */
  const char *formats;
  /* the kind of completion of the first argument: `kind`, `verb`, `action`, `folder`; null:
   * files */
  const char *first_argument;
  enum status (*run)(struct call *call, struct error *err);
};

extern const struct verb verbs[];            /* ended by a null name */
extern const struct option global_options[]; /* ended by a null name */

const struct verb *verb_find(const char *name); /* null: none */
/* its own or a global one; verb null: global only */
const struct option *verb_option(const struct verb *verb, const char *name);

/* ---- one call ---- */

struct option_given {
  const struct option *option;
  const char *value; /* null for a switch */
};

struct output {
  int fd;
  /* the reader of standard output has closed it: nothing more is written, and that is no failure */
  bool reader_gone;
  bool failed; /* output could not be written: `error` says why */
  struct error error;
};

struct call {
  const char *program;     /* as it was called: build/weal */
  const struct verb *verb; /* null: none was named */
  const char **arguments;
  int argument_count;
  struct option_given *given;
  int options_given_count;
  bool help, version, quiet;
  enum progress_mode progress;

  struct arena *arena;                   /* of the whole call */
  struct store *store;                   /* by call_open_store */
  struct pack *pack;                     /* by call_open_pack */
  struct rules *rules;                   /* of all the packs that --policy names; else null */
  struct reference_data *reference_data; /* by call_read_reference_data */
  struct text out;                       /* results not written yet */
  struct output output;
};

/* Sorts the words out: options before or after the verb, `--name=value`, `--name value`, `--`
 * before arguments that begin with a dash. USAGE with the nearest known word where one is unknown.
 * Words are borrowed from argv. */
enum status call_parse(struct call *call, int argc, char **argv, struct error *err) MUST_USE;

/* The value given with an option (the last, if several), null when it was not given. A switch that
 * was given is "". */
const char *call_option(const struct call *call, const char *name);
static inline bool call_has(const struct call *call, const char *name) {
  return call_option(call, name) != NULL;
}

/* An option's value read as a day, a tax year, a count. The first two leave *out as it was when the
 * option is absent; year is required. */
enum status call_day(const struct call *call, const char *name, day_t *out,
                     struct error *err) MUST_USE;
enum status call_year(const struct call *call, int *year, struct error *err) MUST_USE;
enum status call_count(const struct call *call, const char *name, int64_t least, int64_t most,
                       int64_t *out, struct error *err) MUST_USE;
/* `417:3`; the option must be there. */
enum status call_line(const struct call *call, const char *name, int64_t *entry, int32_t *n,
                      struct error *err) MUST_USE;
/* --reason, which verbs that change the book's data about a person require; USAGE where it is
 * missing or blank. */
enum status call_reason(const struct call *call, const char **reason, struct error *err) MUST_USE;
enum status call_language(const struct call *call, enum language *language,
                          struct error *err) MUST_USE;
enum format call_format(const struct call *call); /* --format, else the verb's first */

/* --store, else $WEAL_STORE, else sqlite:weal.db. */
const char *call_store_url(const struct call *call);
enum status call_open_store(struct call *call, enum store_mode mode, struct error *err) MUST_USE;
/* Where the call is asked to write, by which option: with what no output may be written over, which
 * is the book, the files beside it, and what the call reads. */
struct out_path call_out_path(struct call *call, const char *option, const char *path);
/* USAGE: standard output or error leads into the book, as `weal init > weal.db` would have it. */
enum status call_check_streams(struct call *call, const char *url, struct error *err) MUST_USE;
/* What day it is follows the pack's clock.csv: set when the program starts, and again for the pack
 * that the store names; before there is a second thread. */
enum status call_set_clock(struct call *call, struct error *err) MUST_USE;
/* --policy, else the folder that the store names, else the one installed with the program. Open the
 * store first, where there is one. */
enum status call_open_pack(struct call *call, struct error *err) MUST_USE;

/* The folders of packs that the call names, in its order: rules of each are laid over those before.
 * `--policy uk` is the pack of that name beside the installed one, which is the one when none is
 * named. No book is asked. */
enum status call_policies(struct call *call, const char *const **out, int *count,
                          struct error *err) MUST_USE;
/* The rules of the pack that call_open_pack opened; of the folders that the call names, all of
 * them, each laid over those before. */
enum status call_load_rules(struct call *call, struct rules **out, struct error *err) MUST_USE;
enum status call_installed_policy(struct call *call, const char **out, struct error *err) MUST_USE;
/* Reads the reference data that views of people need; store and pack are open. */
enum status call_read_reference_data(struct call *call, struct error *err) MUST_USE;

/* The person whom an argument names; prints a note if the last letter of a given National Insurance
 * number differs from the register's. */
enum status call_person(struct call *call, int argument, int64_t *id, struct error *err) MUST_USE;

/* Who is asking: `id:P000001` with --as, which must name somebody in the register, else the name of
 * the operating-system user. In the call's arena. The same note as call_person's. */
enum status call_who(struct call *call, const char **who, struct error *err) MUST_USE;
/* The same for the access log: with their name and roles of today, and the user of the machine
 * beside them. */
enum status call_reader(struct call *call, struct access_reader *out, struct error *err) MUST_USE;
/* The person of a reference, with the same note as call_person's. */
enum status call_person_of(struct call *call, const char *reference, int64_t *id,
                           struct error *err) MUST_USE;
/* The id of the person whom an argument names, as actions take it: `id:P000001`. */
enum status call_person_code(struct call *call, int argument, const char **code,
                             struct error *err) MUST_USE;
/* Leaves a row in the access log, in a transaction of its own. Nothing may be shown unless it
 * succeeded. person 0: what is shown is of nobody in particular. */
enum status call_note_access(struct call *call, int64_t person, const char *what,
                             struct error *err) MUST_USE;
/* The same for what shows everybody's record; with `place` (a code; null: everybody), of those who
 * lived there on `day`. REFUSED: no such place. */
enum status call_note_run(struct call *call, const char *what, const char *place, day_t day,
                          struct error *err) MUST_USE;

/* ---- actions: verb_do.c ---- */

/* The texts of an action's fields, put together by call_send. */
struct call_sent {
  struct sent *all;
  int count;
};
/* Adds one; a null value is left out. `all` has room for it. */
void call_send(struct call_sent *sent, const char *name, const char *value);
/* Runs an action as the operator, in a transaction of its own; the store is open to write. Before
 * it `act->person` is whom it is about (0: nobody); after it `act` has the answers. */
enum status call_act(struct call *call, const char *name, const struct call_sent *sent,
                     struct action_call *act, struct error *err) MUST_USE;

/* ---- output.c ---- */

/* Writes call->out to standard output and empties it. FAILED when it cannot be written (a full
 * disk); DONE when the reader has closed its end. */
enum status output_flush(struct call *call, struct error *err) MUST_USE;
/* For functions that stream, with the signature that an exchange_kind's export takes. `context` is
 * the call. Anything but DONE ends the stream: FAILED with the message in call->output.error, or
 * REFUSED without a message when the reader has closed its end. */
enum status output_stream(void *context, struct text *out);
/* Turns the stream's result into the verb's: DONE when only the reader has closed its end, the
 * stream's own error when output could not be written. */
enum status output_stream_end(struct call *call, enum status status, struct error *err) MUST_USE;
/* Adds a rendering of the document to call->out. */
void output_document(struct call *call, const struct document *document);
/* `weal: ` and a line on standard error. */
void output_message(const char *format, ...) PRINTF(1, 2);
/* The same, but not with --quiet. */
void output_note(const struct call *call, const char *format, ...) PRINTF(2, 3);
void output_error(const struct error *err);

/* ---- help.c ---- */

void help_add_all(struct text *t);
void help_add_verb(struct text *t, const struct verb *verb);
/* Of a part of a verb: a kind of file of import and export, an action of `do`, a word with which
 * a way of calling the verb begins. USAGE: it has no such part. */
enum status help_add_part(struct text *t, const struct verb *verb, const char *part,
                          struct error *err) MUST_USE;
void help_add_man(struct text *t); /* macros of man(7) */
void help_add_completion_bash(struct text *t);

/* ---- the verbs ---- */

enum status verb_init(struct call *call, struct error *err);
enum status verb_demo(struct call *call, struct error *err);
enum status verb_import(struct call *call, struct error *err);
enum status verb_account(struct call *call, struct error *err);
enum status verb_statement(struct call *call, struct error *err);
enum status verb_statements(struct call *call, struct error *err);
enum status verb_place(struct call *call, struct error *err);
enum status verb_reverse(struct call *call, struct error *err);
enum status verb_payees(struct call *call, struct error *err);
enum status verb_bodies(struct call *call, struct error *err);
enum status verb_matches(struct call *call, struct error *err);
enum status verb_merge(struct call *call, struct error *err);
enum status verb_erase(struct call *call, struct error *err);
extern const char standards_help[];
extern const char assess_help[]; /* verb_takeup.c */
enum status verb_standards(struct call *call, struct error *err);
enum status verb_legal_hold(struct call *call, struct error *err);
enum status verb_fact(struct call *call, struct error *err);
enum status verb_cases(struct call *call, struct error *err);
enum status verb_rules(struct call *call, struct error *err);
enum status verb_balances(struct call *call, struct error *err);
enum status verb_award(struct call *call, struct error *err);
enum status verb_pay(struct call *call, struct error *err);
enum status verb_assess(struct call *call, struct error *err);
enum status verb_missing(struct call *call, struct error *err); /* assess --missing */
enum status verb_audit(struct call *call, struct error *err);
enum status verb_imports(struct call *call, struct error *err);
enum status verb_export(struct call *call, struct error *err);
enum status verb_subject_export(struct call *call, struct error *err);
enum status verb_key(struct call *call, struct error *err);
enum status verb_close(struct call *call, struct error *err);
enum status verb_head(struct call *call, struct error *err);
enum status verb_verify(struct call *call, struct error *err);
extern const char import_help[], profile_help[], matches_help_text[];
enum status verb_profile(struct call *call, struct error *err);
enum status verb_publish_log(struct call *call, struct error *err);
enum status verb_publish(struct call *call, struct error *err);
enum status verb_serve(struct call *call, struct error *err);
enum status verb_role(struct call *call, struct error *err);
enum status verb_invite(struct call *call, struct error *err);
enum status verb_do(struct call *call, struct error *err);
enum status verb_help(struct call *call, struct error *err);
enum status verb_version(struct call *call, struct error *err);

/* ---- steps that verbs share (demo chains them) ---- */

/* Reads a whole file of at most `most` bytes into the arena (unpacks packed ones). */
enum status cli_read_file(struct arena *arena, const char *path, size_t most, struct span *out,
                          struct error *err) MUST_USE;

/* Writes the statement with its proof, or with --only one line of it, into call->out; nothing on
 * failure. The store is open to write, the pack is open. */
struct statement_request;
enum status statement_with_proof(struct call *call, const struct statement_request *request,
                                 int64_t person, struct error *err) MUST_USE;

struct new_book {
  const char *place_code, *place_name, *place_kind;
  const char *policy; /* an absolute path to keep in the store; null: the installed pack */
  bool demo;
};
/* Makes the store at `url` with its place and the pack's rows, opens it into call->store.
 * call->pack is open already. After a failure nothing of it is left. */
enum status init_make_book(struct call *call, const char *url, const struct new_book *book,
                           struct error *err) MUST_USE;
/* After a failure, which `err` describes: removes what init_make_book or an unfinished
 * demonstration made, and adds to `err` when it cannot. Closes call->store. */
void init_remove_book(struct call *call, const char *url, struct error *err);

#endif
