/* Base 64, Ed25519, signed notes, checkpoints and cosignatures. The source of each vector is beside
 * it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <ctype.h>

#include "base/base64.h"
#include "proof/checkpoint.h"

static void base64_has_one_canonical_form(void **state) {
  (void)state;
  static const char *const rfc_4648[][2] = {{"", ""},
                                            {"f", "Zg=="},
                                            {"fo", "Zm8="},
                                            {"foo", "Zm9v"},
                                            {"foob", "Zm9vYg=="},
                                            {"fooba", "Zm9vYmE="},
                                            {"foobar", "Zm9vYmFy"}};
  uint8_t bytes[64];
  size_t size;
  for (size_t i = 0; i < sizeof rfc_4648 / sizeof *rfc_4648; i++) {
    struct text t = {0};
    text_add_base64(&t, rfc_4648[i][0], strlen(rfc_4648[i][0]));
    assert_string_equal(t.bytes, rfc_4648[i][1]);
    assert_true(base64_decode(span_of(rfc_4648[i][1]), bytes, sizeof bytes, &size));
    assert_int_equal(size, strlen(rfc_4648[i][0]));
    assert_memory_equal(bytes, rfc_4648[i][0], size);
    text_release(&t);
  }
  static const char *const wrong[] = {
      "Z",     "Zg",   "Zg=",  "Zg===",    "Zh==", "Zm9=", "Zm8",  "Zm8=\n",
      " Zm8=", "====", "A===", "Zg==Zg==", "Zm-v", "Zm_v", "Z=8=", "Zm8=Zm8="};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    assert_false(base64_decode(span_of(wrong[i]), bytes, sizeof bytes, &size));
  /* each byte in each of four positions, compared with what is allowed */
  for (int byte = 0; byte < 256; byte++) {
    for (int at = 0; at < 8; at++) {
      char text[] = "Zm9vZm8=";
      text[at] = (char)byte;
      bool letter = isalnum(byte) || byte == '+' || byte == '/';
      bool good = at < 6    ? letter
                  : at == 6 ? byte && strchr("AEIMQUYcgkosw048", byte)
                            : byte == '=';
      if (at == 7 && letter) good = true;
      assert_int_equal(base64_decode(span_make(text, 8), NULL, 0, &size), good);
    }
  }
  assert_false(base64_decode(span_of("Zm9v"), bytes, 2, &size));
  assert_false(base64_decode_exact(span_of("Zm8="), bytes, 3));
  assert_true(base64_decode_exact(span_of("Zm8="), bytes, 2));
}

static void from_hex(const char *hex, uint8_t *out, size_t size) {
  assert_int_equal(strlen(hex), 2 * size);
  for (size_t i = 0; i < size; i++) {
    unsigned byte;
    assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
    out[i] = (uint8_t)byte;
  }
}

/* RFC 8032 section 7.1, TEST 1 to 3. */
static void ed25519_as_rfc_8032_has_it(void **state) {
  (void)state;
  static const struct {
    const char *seed, *public_key, *message, *signature;
  } vectors[] = {{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
                  "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
                 {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
                  "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
                 {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
                  "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"}};
  for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
    uint8_t seed[32], public_key[32], message[2], published[64], signature[64];
    size_t size = strlen(vectors[i].message) / 2;
    struct signer signer;
    from_hex(vectors[i].seed, seed, 32);
    from_hex(vectors[i].public_key, public_key, 32);
    from_hex(vectors[i].message, message, size);
    from_hex(vectors[i].signature, published, 64);
    assert_int_equal(signer_make(span_of("weal"), KEY_ED25519, seed, &signer, NULL), DONE);
    assert_memory_equal(signer.verifier.public_key, public_key, 32);
    signer_sign(&signer, message, size, signature);
    assert_memory_equal(signature, published, 64);
    for (int bit = 0; bit < 512; bit++) {
      signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
      assert_false(verifier_check(&signer.verifier, message, size, signature));
      signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_true(verifier_check(&signer.verifier, message, size, signature));
    signer_wipe(&signer);
    for (size_t k = 0; k < sizeof signer; k++) assert_int_equal(((char *)&signer)[k], 0);
  }
}

/* The example in the documentation of Go's golang.org/x/mod/sumdb/note. */
static const char go_private[] =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
static const char go_vkey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
static const char go_note[] =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your "
    "problem is.\n\n"
    "\xe2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
/* The example in the documentation of hex.pm's signed_note 1.0.0. */
static const char hex_vkey[] =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
static const char hex_note[] = "This is an example message.\n\n"
                               "\xe2\x80\x94 example.com/foo "
                               "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH"
                               "3mFXmRKuwHjG1Yu72IneyaQM=\n";
/* The example of C2SP signed-note, whose key is not published: its form only. */
static const char c2sp_note[] =
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned \xc3\xa8 subito "
    "sera.\n\n\xe2\x80\x94 quasimodo.example/salvatore "
    "NnugSzTjtVAewIS+Z/iJhUPeFDkO/"
    "5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
/* The example of C2SP tlog-cosignature: a log's signature and a witness's. */
static const char c2sp_checkpoint[] =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/"
    "Xajj7h2fB2MPA3j2jxq2I=\n\n\xe2\x80\x94 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
    "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\xe2\x80\x94 witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/"
    "zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

static void published_notes_verify(void **state) {
  (void)state;
  static const char *const published[][2] = {{go_vkey, go_note}, {hex_vkey, hex_note}};
  for (size_t i = 0; i < 2; i++) {
    struct verifier verifier;
    struct note note;
    struct text t = {0};
    assert_int_equal(verifier_parse(span_of(published[i][0]), &verifier, NULL), DONE);
    text_add_verifier(&t, &verifier);
    assert_string_equal(t.bytes, published[i][0]);
    text_release(&t);
    assert_int_equal(note_parse(span_of(published[i][1]), &note, NULL), DONE);
    assert_int_equal(note_verify(&note, &verifier, 1, NULL, NULL), DONE);
  }
  /* A witness's key, in the tests of transparency-dev/formats (note_cosigv1_test.go). */
  struct verifier remora;
  assert_int_equal(
      verifier_parse(span_of(
                         "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"),
                     &remora, NULL),
      DONE);
  assert_int_equal(remora.kind, KEY_COSIGNATURE);
  struct signer signer;
  struct note note;
  struct text t = {0};
  assert_int_equal(signer_parse(span_of(go_private), &signer, NULL), DONE);
  text_add_verifier(&t, &signer.verifier);
  assert_string_equal(t.bytes, go_vkey);
  text_clear(&t);
  text_add_signer(&t, &signer);
  assert_string_equal(t.bytes, go_private);
  text_clear(&t);
  assert_int_equal(note_parse(span_of(go_note), &note, NULL), DONE);
  note_begin(&t, note.text);
  note_add_signature(&t, note.text, &signer, 0);
  assert_string_equal(t.bytes, go_note);
  text_wipe(&t);
  signer_wipe(&signer);
  assert_int_equal(note_parse(span_of(c2sp_note), &note, NULL), DONE);
  assert_true(span_is(note.signatures[0].name, "quasimodo.example/salvatore"));
  assert_int_equal(note.signatures[0].id, 0x367ba04b);
  assert_int_equal(note.text.size, strstr(c2sp_note, "\n\n\xe2\x80\x94") + 1 - c2sp_note);
}

static void a_checkpoint_is_read_as_it_is_written(void **state) {
  (void)state;
  struct note note;
  struct checkpoint checkpoint;
  struct text t = {0};
  assert_int_equal(checkpoint_open_unverified(span_of(c2sp_checkpoint), &note, &checkpoint, NULL),
                   DONE);
  assert_int_equal(note.count, 2);
  assert_true(span_is(checkpoint.origin, "example.com/behind-the-sofa"));
  assert_int_equal(checkpoint.head.size, 20852163);
  text_add_checkpoint(&t, checkpoint.origin, &checkpoint.head);
  assert_true(span_equal(note.text, span_make(t.bytes, t.size)));
  text_release(&t);
#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
  static const struct {
    const char *text;
    enum status status;
  } cases[] = {{"weal\n0\n" ROOT "\n", DONE},
               {"weal\n1\n" ROOT "\nmore\n", DONE},
               {"a b\n1\n" ROOT "\n", DONE},
               {"weal\n01\n" ROOT "\n", REFUSED},
               {"weal\n+1\n" ROOT "\n", REFUSED},
               {"weal\n-1\n" ROOT "\n", REFUSED},
               {"weal\n\n" ROOT "\n", REFUSED},
               {"\n1\n" ROOT "\n", REFUSED},
               {"weal\n1 \n" ROOT "\n", REFUSED},
               {"weal\n1\n" ROOT, REFUSED},
               {"weal\n1\n" ROOT "\n\n", REFUSED},
               {"weal\n1\n" ROOT "\nmore\n\nmore\n", REFUSED},
               {"weal\n1\n" ROOT "\nmore", REFUSED},
               {"weal\n1\nAAAA\n", REFUSED},
               {"weal\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", REFUSED},
               {"weal\n99999999999999999999\n" ROOT "\n", REFUSED},
               {"weal\n1099511627776\n" ROOT "\n", REFUSED},
               {"weal\n1099511627775\n" ROOT "\n", DONE},
               {"", REFUSED}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct error err = {0};
    if (checkpoint_parse(span_of(cases[i].text), &checkpoint, &err) != cases[i].status)
      fail_msg("%s", cases[i].text);
    assert_int_equal(err.message[0] != 0, cases[i].status == REFUSED);
  }
}

static void notes_that_are_refused(void **state) {
  (void)state;
#define SIGNED "\xe2\x80\x94 weal AAAAAGFi\n"
  static const struct {
    const char *bytes, *why; /* null: it is read */
  } cases[] = {
      {"text\n\n" SIGNED, NULL},
      {"\n\n" SIGNED, NULL},
      {"a\n\n\n\n" SIGNED, NULL},
      {"text\n" SIGNED,
       "this is not a signed note; a blank line divides its text from its signatures"},
      {"text\n\n", "the note has no signature"},
      {"", "this is not a signed note; a blank line divides its text from its signatures"},
      {"te\rxt\n\n" SIGNED,
       "the note has a control character at byte 2; only newlines are allowed"},
      {"te\xffxt\n\n" SIGNED, "the note is not UTF-8"},
      {"text\n\n" SIGNED SIGNED, "the note is signed twice by 'weal' with the key 00000000"},
      {"text\n\n\xe2\x80\x94 weal AAAAAGFi", "the note's last line has no end; it is cut short"},
      {"text\n\n- weal AAAAAGFi\n",
       "'- weal AAAAAGFi' is not a signature line; it is written \xe2\x80\x94 name base64"},
      {"text\n\n\xe2\x80\x94 weal AAAAAGF=\n", "the signature of 'weal' is not base64 of a key id "
                                               "and a signature, as it is written canonically"},
      {"text\n\n\xe2\x80\x94 weal AAAAAA==\n", "the signature of 'weal' is not base64 of a key id "
                                               "and a signature, as it is written canonically"},
      {"text\n\n\xe2\x80\x94 weal\n",
       "'\xe2\x80\x94 weal' is not a signature line; it is written \xe2\x80\x94 name base64"},
      {"text\n\n\xe2\x80\x94  AAAAAGFi\n",
       "the name of a key is empty; give it one, such as weal or example.org/log"},
      {"text\n\n\xe2\x80\x94 we+al AAAAAGFi\n",
       "'we+al' is not the name of a key; it has no spaces, no control characters and no '+'"},
      {"text\n\n\xe2\x80\x94 we\xc2\xa0"
       "al AAAAAGFi\n",
       "'we\xc2\xa0"
       "al' is not the name of a key; it has no spaces, no control characters and no '+'"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct error err = {0};
    struct note note;
    enum status status = note_parse(span_of(cases[i].bytes), &note, &err);
    if (!cases[i].why) assert_int_equal(status, DONE);
    else assert_string_equal(err.message, cases[i].why);
  }
  struct text many = {0};
  struct note note;
  text_add(&many, "text\n\n");
  for (int i = 0; i < NOTE_SIGNATURES_MAX; i++) text_addf(&many, "\xe2\x80\x94 w%d AAAAAGFi\n", i);
  assert_int_equal(note_parse(span_make(many.bytes, many.size), &note, NULL), DONE);
  text_addf(&many, "\xe2\x80\x94 more AAAAAGFi\n");
  assert_int_equal(note_parse(span_make(many.bytes, many.size), &note, NULL), REFUSED);
  text_clear(&many);
  for (int i = 0; i < NOTE_SIZE_MAX; i++) text_add_char(&many, 'x');
  text_add(&many, "\n\n" SIGNED);
  assert_int_equal(note_parse(span_make(many.bytes, many.size), &note, NULL), REFUSED);
  text_release(&many);
}

static void make_signer(const char *name, enum key_kind kind, uint8_t seed_byte,
                        struct signer *out) {
  uint8_t seed[32];
  memset(seed, seed_byte, sizeof seed);
  assert_int_equal(signer_make(span_of(name), kind, seed, out, NULL), DONE);
}

static void a_known_key_must_sign_and_unknown_keys_are_skipped(void **state) {
  (void)state;
  struct signer ours, older, stranger;
  make_signer("weal", KEY_ED25519, 1, &ours);
  make_signer("weal", KEY_ED25519, 2, &older);
  make_signer("other", KEY_ED25519, 1, &stranger);
  assert_true(ours.verifier.id != older.verifier.id && ours.verifier.id != stranger.verifier.id);
  struct text text = {0}, t = {0};
  struct tree_head head = {5, {{7}}};
  text_add_checkpoint(&text, span_of("weal"), &head);
  struct span body = span_make(text.bytes, text.size);
  note_begin(&t, body);
  note_add_signature(&t, body, &stranger, 0);
  note_add_signature(&t, body, &ours, 0);
  struct note note;
  struct checkpoint checkpoint;
  struct error err = {0};
  struct span all = span_make(t.bytes, t.size);
  struct verifier known[] = {older.verifier, ours.verifier};
  struct note_seen seen[2];
  assert_int_equal(note_parse(all, &note, NULL), DONE);
  assert_int_equal(note_verify(&note, known, 2, seen, NULL), DONE);
  assert_true(!seen[0].signed_it && seen[1].signed_it);
  assert_int_equal(checkpoint_open(all, known, 2, &note, &checkpoint, NULL), DONE);
  assert_int_equal(note_verify(&note, known, 1, NULL, &err), REFUSED);
  assert_non_null(strstr(err.message, "the note is signed by 'other'"));
  assert_int_equal(note_verify(&note, NULL, 0, NULL, &err), REFUSED);
  /* Signed by a known key, but the head of another's log. */
  assert_int_equal(checkpoint_open(all, &stranger.verifier, 1, &note, &checkpoint, &err), REFUSED);
  assert_string_equal(
      err.message,
      "the checkpoint is of the log 'weal'; no key given is that log's and has signed it");
  /* Any changed bit of the text or of a known signature is refused. A line by an unknown key may
   * have any content. */
  size_t theirs = (size_t)(strstr(t.bytes, "\xe2\x80\x94 other") - t.bytes),
         mine = (size_t)(strstr(t.bytes, "\xe2\x80\x94 weal") - t.bytes);
  for (size_t at = 0; at < t.size; at++) {
    if (at >= theirs && at < mine) continue;
    for (int bit = 0; bit < 8; bit++) {
      t.bytes[at] ^= (char)(1 << bit);
      assert_int_equal(checkpoint_open(all, known, 2, &note, &checkpoint, NULL), REFUSED);
      t.bytes[at] ^= (char)(1 << bit);
    }
  }
  text_release(&t);
  text_release(&text);
}

static void witnesses_say_when(void **state) {
  (void)state;
  struct signer log, witness, second;
  make_signer("weal", KEY_ED25519, 1, &log);
  make_signer("witness.example/w1", KEY_COSIGNATURE, 3, &witness);
  make_signer("witness.example/w2", KEY_COSIGNATURE, 4, &second);
  struct text text = {0}, t = {0}, lines = {0}, both = {0};
  struct tree_head head = {5, {{7}}};
  text_add_checkpoint(&text, span_of("weal"), &head);
  struct span body = span_make(text.bytes, text.size);
  note_begin(&t, body);
  note_add_signature(&t, body, &log, 0);
  note_add_signature(&lines, body, &witness, 1679315147);
  struct note note, with;
  struct error err = {0};
  struct verifier witnesses[] = {witness.verifier, second.verifier},
                  known[] = {log.verifier, witness.verifier, second.verifier};
  struct note_seen seen[3];
  assert_int_equal(note_parse(span_make(t.bytes, t.size), &note, NULL), DONE);
  assert_int_equal(
      note_attach(&both, &note, span_make(lines.bytes, lines.size), witnesses, 2, NULL), DONE);
  assert_int_equal(note_parse(span_make(both.bytes, both.size), &with, NULL), DONE);
  assert_int_equal(note_verify(&with, known, 3, seen, NULL), DONE);
  assert_true(seen[0].signed_it && seen[1].signed_it && !seen[2].signed_it);
  assert_int_equal(seen[0].time_s, 0);
  assert_int_equal(seen[1].time_s, 1679315147);
  /* The signed message, byte by byte (tlog-cosignature, "Ed25519 signed message"). */
  struct text message = {0};
  uint8_t raw[76];
  text_add(&message, "cosignature/v1\ntime 1679315147\n");
  text_add_span(&message, body);
  assert_true(base64_decode_exact(with.signatures[1].base64, raw, sizeof raw));
  assert_true(verifier_check(&witness.verifier, message.bytes, message.size, raw + 12));
  /* A later cosignature replaces the earlier one. */
  struct text later = {0}, again = {0};
  note_add_signature(&later, body, &witness, 1679315148);
  assert_int_equal(
      note_attach(&again, &with, span_make(later.bytes, later.size), witnesses, 2, NULL), DONE);
  assert_int_equal(note_parse(span_make(again.bytes, again.size), &with, NULL), DONE);
  assert_int_equal(with.count, 2);
  assert_int_equal(note_verify(&with, known, 3, seen, NULL), DONE);
  assert_int_equal(seen[1].time_s, 1679315148);
  /* A cosignature of another text, and one of a stranger. */
  struct text wrong = {0};
  note_add_signature(&wrong, span_of("weal\n"), &second, 5);
  assert_int_equal(
      note_attach(&again, &note, span_make(wrong.bytes, wrong.size), witnesses, 2, &err), REFUSED);
  assert_non_null(strstr(err.message, "does not verify"));
  text_clear(&wrong);
  note_add_signature(&wrong, body, &second, 5);
  assert_int_equal(
      note_attach(&again, &note, span_make(wrong.bytes, wrong.size), witnesses, 1, &err), REFUSED);
  struct text *all[] = {&text, &t, &lines, &both, &message, &later, &again, &wrong};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) text_release(all[i]);
}

static void keys_that_are_refused(void **state) {
  (void)state;
  static const char *const wrong[] = {
      "", "PeterNeumann", "PeterNeumann+c74f20a3", "PeterNeumann+c74f20a3+",
      "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
      "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "PeterNeumann+c74f20a3+AhpcArpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      /* the neutral element: a key of small order, under which a forged signature would pass */
      "x+00000000+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
  struct verifier verifier;
  struct signer signer;
  struct error err;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    err = (struct error){0};
    if (verifier_parse(span_of(wrong[i]), &verifier, &err) != REFUSED) fail_msg("%s", wrong[i]);
    assert_true(err.message[0]);
  }
  assert_int_equal(signer_parse(span_of(go_vkey), &signer, &err), REFUSED);
  assert_int_equal(
      signer_parse(
          span_of("PRIVATE+KEY+PeterNeumann+c74f20a4+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"),
          &signer, &err),
      REFUSED);
  assert_null(strstr(err.message, "AYEKF"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(base64_has_one_canonical_form),
      cmocka_unit_test(ed25519_as_rfc_8032_has_it),
      cmocka_unit_test(published_notes_verify),
      cmocka_unit_test(a_checkpoint_is_read_as_it_is_written),
      cmocka_unit_test(notes_that_are_refused),
      cmocka_unit_test(a_known_key_must_sign_and_unknown_keys_are_skipped),
      cmocka_unit_test(witnesses_say_when),
      cmocka_unit_test(keys_that_are_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
