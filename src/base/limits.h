/* Every limit that a user can meet, by name, with why it is what it is. */
#ifndef WEAL_BASE_LIMITS_H
#define WEAL_BASE_LIMITS_H

enum {
  LIMIT_FIELD_BYTES = 65535,        /* one field of a file: a text of a ledger leaf is u16 length + bytes (docs/explanation/proof.md) */
  LIMIT_RECORD_BYTES = 4 << 20,     /* one record of a file: bounds the memory that a missing quote can take */
  LIMIT_FILE_COLUMNS = 256,         /* columns of a published file */
  LIMIT_REJECTS_PRINTED = 20,       /* refused rows printed on stderr (interfaces: the rest is in the rejects file) */
  LIMIT_PLACE_DEPTH = 16,           /* places above one another */
  LIMIT_ALIAS_DEPTH = 16,           /* merges of merged records */
  LIMIT_IMPORT_FILES = 1024,        /* files of one call */
  LIMIT_SORT_MEMORY_BYTES = 192 << 20, /* an import's sort buffers, both lanes together; more is spilled to a temporary file */
  LIMIT_PROOF_LINES = 100000,       /* lines of a year in one proof: a person has some hundreds at most */
  LIMIT_PROOF_RECORDS = 256,        /* records that were merged into one person, in one proof */
  LIMIT_LINE_PROOF_LINES = 8 << 20, /* lines of an entry in which a path to one is made: 32 bytes of memory each */
  LIMIT_THREADS = 64
};

#endif
