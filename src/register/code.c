/* 32 letters and digits, five bits each, so that all are equally likely. */
#include "register/code.h"

#include "base/pasted.h"

static const char alphabet[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
enum {
  CODE_LETTERS = 20,
  CODE_GROUP = 5,
  TYPED_MOST = 256 /* a blank or dash of four bytes beside each letter, and some more */
};

static void code_digest(const char letters[CODE_LETTERS], struct digest *digest) {
  struct hasher *h = hasher_new();
  hasher_begin(h);
  hasher_add(h, letters, CODE_LETTERS);
  hasher_end(h, digest);
  hasher_free(h);
}

void one_time_code_make(char out[ONE_TIME_CODE_SIZE], struct digest *digest) {
  uint8_t random[CODE_LETTERS];
  char letters[CODE_LETTERS];
  size_t at = 0;
  random_bytes(random, sizeof random);
  for (int i = 0; i < CODE_LETTERS; i++) {
    letters[i] = alphabet[random[i] & 31];
    if (i && i % CODE_GROUP == 0) out[at++] = '-';
    out[at++] = letters[i];
  }
  out[at] = 0;
  code_digest(letters, digest);
}

bool one_time_code_read(struct span typed, struct digest *digest) {
  char letters[CODE_LETTERS] = {0};
  int count = 0;
  bool sound = true;
  char plain[TYPED_MOST];
  if (typed.size <= TYPED_MOST) typed = span_make(plain, pasted_fold(typed, plain));
  for (size_t i = 0; i < typed.size && sound; i++) {
    char c = typed.bytes[i];
    if (c == ' ' || c == '-') continue;
    if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
    sound = c && strchr(alphabet, c) && count < CODE_LETTERS;
    if (sound) letters[count++] = c;
  }
  code_digest(letters, digest);
  return sound && count == CODE_LETTERS;
}
