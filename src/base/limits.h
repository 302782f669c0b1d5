/* Every limit that a user can meet, by name, with the reason for its value. */
#ifndef WEAL_BASE_LIMITS_H
#define WEAL_BASE_LIMITS_H

/* What a line may hold, in the smallest part of its unit and without its sign; its quantity
 * likewise. A hundred billion pounds, nineteen million years of minutes, ten thousand million uses
 * of a service: a typing slip exceeds it but no real payment does, and nine hundred such lines
 * still make a sum that is shown (base/wide.h: 2^53-1). The limit does not apply to control lines
 * and sums of erased lines, which are sums of many lines, nor to a line that undoes a posted
 * one. */
#define LIMIT_LINE 10000000000000LL

enum {
  /* one field of a file: a text of a ledger leaf is u16 length + bytes
   * (docs/explanation/proof.md) */
  LIMIT_FIELD_BYTES = 65535,
  /* one record of a file: bounds the memory that a missing quote can take */
  LIMIT_RECORD_BYTES = 4 << 20,
  LIMIT_FILE_COLUMNS = 256, /* columns of a published file */
  /* of a refused value or row in the rejects file: no row is longer, so none is cut */
  LIMIT_REJECT_BYTES = LIMIT_RECORD_BYTES,
  /* of one printed, shown on a page or kept in the book */
  LIMIT_REJECT_SHOWN_BYTES = 200,
  /* A packed file unpacks to at most so many times its size, once it has passed so many bytes:
   * lists of rows come to 5 to 20 times theirs, the same row over and over to 300 (gzip can make
   * 1,032 of one byte, zstd some 10,000). At the command line nothing else bounds a file, since the
   * largest that is sound is a nation's; the portal takes LIMIT_UPLOAD_TIMES of `upload_bytes`. */
  LIMIT_UNPACK_TIMES = 100,
  LIMIT_UNPACK_FREE_BYTES = 16 << 20,
  /* rows of a workbook, as times of what its XML unpacks to: a cell is some 30 bytes of XML, its
   * text is often shared and shorter */
  LIMIT_WRITTEN_TIMES = 8,
  LIMIT_UPLOAD_TIMES = 8,
  /* refused rows printed on stderr (interfaces: the rest is in the rejects file) */
  LIMIT_REJECTS_PRINTED = 20,
  /* refused rows of one file that the book keeps for good; all are in the rejects file. Nobody
   * mends more by hand, and a file of 200 kB can have millions */
  LIMIT_REJECTS_KEPT = 10000,
  /* lines of organisations that one question about the journal reads: a second or so */
  LIMIT_JOURNAL_LINES = 1000000,
  LIMIT_JOURNAL_ROWS = 10000, /* entries of a download */
  LIMIT_CODE_BYTES = 128,     /* the code of a body, and what a form takes as a code */
  LIMIT_UNIT_BYTES = 23,      /* the code of a unit, and */
  /* of a role of accounts: both stand in every account that is held in memory, 64 bytes each with
   * them */
  LIMIT_ROLE_BYTES = 15,
  LIMIT_SCHEME_BYTES = 23, /* the code of an identifier scheme */
  LIMIT_SCHEMES = 16,      /* of a place's own; each is a column of files of people */
  /* decimal places of a unit: a line (LIMIT_LINE) then still holds ten million whole ones */
  LIMIT_UNIT_SCALE = 6,
  /* a YAML file: ten times the largest that we know, a series of growth to 2073 */
  LIMIT_YAML_BYTES = 4 << 20,
  LIMIT_YAML_DEPTH = 48, /* lists and maps within one another; libfyaml takes 64 */
  /* lists, maps and scalars of a file, each alias as often as it stands there */
  LIMIT_YAML_NODES = 500000,
  LIMIT_YAML_NUMBER_BYTES = 40,
  /* a tree of parameters: folders within one another, and files */
  LIMIT_PARAMETER_DEPTH = 24,
  LIMIT_PARAMETER_FILES = 50000,
  LIMIT_PARAMETER_PATH_BYTES = 512,
  /* a file of rules, and what comes of them: ten times what the pack of the United Kingdom needs,
   * and what keeps the stack and the memory whole when a file is meant to exhaust them */
  LIMIT_RULE_DEPTH = 200,   /* expressions within one another */
  LIMIT_RULE_CHAIN = 500,   /* operators of one kind after one another */
  LIMIT_RULE_FRAMES = 4000, /* expressions within one another, through all formulas */
  LIMIT_RULE_VARIABLES = 50000,
  LIMIT_RULE_INSTANCES = 1000000, /* variables in periods, for one plan */
  LIMIT_RULE_STEPS = 4000000,
  LIMIT_RULE_READINGS = 8000000,   /* of a variable or parameter by a formula, 48 bytes each */
  LIMIT_RULE_GRID_CELLS = 1 << 24, /* of all tables on all days of a plan */
  /* a table of the rules: columns of keys, and combinations of them, 16 bytes each */
  LIMIT_TABLE_KEYS = 8,
  LIMIT_TABLE_CELLS = 1 << 22,
  LIMIT_PLACE_DEPTH = 16, /* places above one another */
  LIMIT_ALIAS_DEPTH = 16, /* merges of merged records */
  /* the reason of a legal hold: room for the matter's name and file number only, since the person
   * is to be erased one day */
  LIMIT_HOLD_REASON_BYTES = 500,
  /* a deadline of a kind of case: past a year it is none (policy/uk/cases/README.md) */
  LIMIT_DEADLINE_DAYS = 260,
  LIMIT_DEADLINE_MONTHS = 24,
  /* a fact that was told is asked again: past ten years nobody would know of it */
  LIMIT_REVIEW_MONTHS = 120,
  /* in rows of the pack that say who is asked: nobody was ever older than 122 */
  LIMIT_AGE_YEARS = 130,
  /* an hour, of a table of pay: bounded so that 168 hours of it pass the bound of pay */
  LIMIT_WAGE_PENCE = 10000,
  LIMIT_EVIDENCE_BYTES = 500,
  /* attached to a case: a scanned letter of some pages, or a photograph of a telephone */
  LIMIT_ATTACHMENT_BYTES = 10 << 20,
  /* a statement that is checked in the portal: one of a year with 10,000 lines has some 4 MB */
  LIMIT_CHECKED_BYTES = 4 << 20,
  LIMIT_ATTACHMENTS = 10, /* of one case */
  /* of all cases about one person that wait: ten cases with a letter each; without a bound, one
   * person could fill the store's disk */
  LIMIT_ATTACHED_WAITING_BYTES = 100 << 20,
  /* cases about one person that wait and were sent by the same person: one a week for a year. Time
   * given and offers of help, which people ask of one another, have bounds of their own; so many
   * answers of theirs that differ are a case each. What else the program opens has no bound */
  LIMIT_CASES_WAITING = 50,
  LIMIT_ATTACHMENT_NAME_BYTES = 255, /* as of a file on the usual systems */
  LIMIT_IMPORT_FILES = 1024,         /* files of one call */
  /* an import's sort buffers, of both workers together; more is spilled to a temporary file */
  LIMIT_SORT_MEMORY_BYTES = 192 << 20,
  /* values of one JSON that is signed: LIMIT_PROOF_LINES lines of 17 members have 1.8 million; one
   * takes up to 240 bytes of memory and two bytes of the file */
  LIMIT_JSON_VALUES = 2 << 20,
  /* lines of a year in one proof: a person has some hundreds at most */
  LIMIT_PROOF_LINES = 100000,
  /* rows of the sections of a statement that is verified, and of `not_counted`: each is of one line
   * at least */
  LIMIT_PROOF_ROWS = LIMIT_PROOF_LINES,
  LIMIT_PROOF_RECORDS = 256, /* records that were merged into one person, in one proof */
  /* lines of an entry in which a path to one is made: 32 bytes of memory each */
  LIMIT_LINE_PROOF_LINES = 8 << 20,
  /* places times categories of a published year: 50 bytes each, twice while it is made and once
   * more a thread */
  LIMIT_PUBLISHED_CELLS = 1 << 20,
  /* tax years that public pages offer, the latest: each is a reading of the whole book for every
   * edition, and its cells are held in memory */
  LIMIT_PUBLISHED_YEARS = 12,
  /* a year's figures as they are kept, unpacked: LIMIT_PUBLISHED_CELLS of up to 100 bytes */
  LIMIT_EDITION_BYTES = 128 << 20,
  LIMIT_THREADS = 64,

  /* Wrong tries to sign in within two hours after which each further one waits: of an address,
   * which an office or a library shares, and of its network. Nobody types a code wrong so often;
   * why no more is needed says register/sign_in_tries.h. */
  LIMIT_SIGN_IN_TRIES = 10,
  LIMIT_SIGN_IN_TRIES_NETWORK = 50,
  LIMIT_SIGN_IN_WAIT_SECONDS = 30,       /* the first wait; each further one is twice as long */
  LIMIT_SIGN_IN_WAIT_SECONDS_MOST = 900, /* a quarter of an hour: others share the address */
  /* addresses and networks of one hour of which administrators are told; so many tell enough, and a
   * thousand would bury what else they must see */
  LIMIT_SIGN_IN_ALERTS = 3,
  /* how long they are kept, in days: as long as a code is good */
  LIMIT_SIGN_IN_FAILED_DAYS = 30,

  /* Messages. An e-mail address that an import or a merger changed gets no code for so long: the
   * person, who gets nothing at the old one, has a month to notice */
  LIMIT_ADDRESS_DAYS = 30,
  LIMIT_ADDRESS_BYTES = 254, /* an address as a mail server takes it (RFC 5321 4.5.3.1.3) */
  /* seconds until a message that could not be sent is tried again: twice as long each time, at most
   * six hours; with so many tries it is given up after four days (RFC 5321 4.5.4.1) */
  LIMIT_MESSAGE_WAIT_SECONDS = 60,
  LIMIT_MESSAGE_WAIT_SECONDS_MOST = 6 * 3600,
  LIMIT_MESSAGE_TRIES = 24,
  LIMIT_MESSAGE_DAYS = 30,      /* how long it stands in the book after its end */
  LIMIT_MESSAGES_AT_ONCE = 200, /* sent before the portal looks whether it is to stop */
  LIMIT_MESSAGE_PEOPLE_AT_ONCE =
      500,                    /* people looked at in one transaction, so that others can write */
  LIMIT_MESSAGE_BATCHES = 20, /* such transactions before messages are sent again */
  LIMIT_MAIL_SECONDS = 60,    /* one mail, whole */

  /* The portal. Limits that an administrator may set are in the configuration (src/http/config.h);
   * these cannot be set. */
  /* a form's body, when neither its row nor the configuration says: fields and long texts, no
   * file */
  LIMIT_FORM_BYTES = 64 << 10,
  /* jobs that wait for the writer: more than a second of work; later requests are answered `try
   * again` and do not wait */
  LIMIT_WRITES_WAITING = 4096,
  /* jobs of one transaction: PostgreSQL keeps so many savepoints of it where every snapshot sees
   * them (PGPROC_MAX_CACHED_SUBXIDS); with more, readers look them up one by one */
  LIMIT_WRITES_GROUP = 64,
  LIMIT_NOTES_WAITING = 1024, /* notes that may be lost (when a session was last used) */
  LIMIT_NOTE_BYTES = 128,     /* one of them */
  /* long actions that wait for one another: a reversal takes up to seconds, so the last waits for a
   * minute */
  LIMIT_SLOW_QUEUE_WAITING = 32,
  LIMIT_RECKONING_WAITING = 200, /* pages of what somebody may get: 10 to 100 ms each */
  /* connections that read: one for each thread (LIMIT_THREADS) and some; PostgreSQL allows 100 in
   * all by default */
  LIMIT_READERS = 80,
  /* how long a role lasts that the operator gave alone, and how many administrators they name */
  LIMIT_BREAK_GLASS_SECONDS = 24 * 60 * 60,
  LIMIT_FIRST_ADMINISTRATORS = 2,
  LIMIT_JOBS_KEPT = 20, /* imports and closings whose outcome is remembered */
  /* public pages kept ready: places times years times tables of a county */
  LIMIT_CACHE_ENTRIES = 4096,
  /* their bytes, so that the server stays below 200 MB under 1,000 connections */
  LIMIT_CACHE_BYTES = 64 << 20,
  LIMIT_CACHE_KEY_BYTES = 512, /* path and query of one; a longer one is made each time */
  /* a list of what earlier runs made in a folder (base/made.h): statements of ten million people */
  LIMIT_MADE_LIST_BYTES = 512 << 20,
  /* a reason to look at somebody holds so long after the last look at them: a visit at a counter */
  LIMIT_REASON_MINUTES = 60,
  LIMIT_CONFIG_BYTES = 64 << 10,  /* the configuration file: a hundred times what all keys take */
  LIMIT_CONFIG_LINE_BYTES = 4096, /* a line of it */
  /* how long browsers and proxies may keep a page that we keep for ever: so soon a new version of
   * the program is seen */
  WEB_CACHE_SECONDS = 300,
  /* names and values of a query or a form: our largest form has some 30 */
  LIMIT_WEB_PAIRS = 128
};

#endif
