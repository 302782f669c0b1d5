/* The folder of keys: who may read it, what is never overwritten, and interrupted rotations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proof/keys.h"
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[] = "/tmp/test-keys-XXXXXX", folder[64];

static int fresh_folder(void **state) {
  (void)state;
  memcpy(top + sizeof top - 7, "XXXXXX", 6);
  if (!mkdtemp(top)) return -1;
  snprintf(folder, sizeof folder, "%s/a/keys", top);
  return 0;
}

static int remove_folder(void **state) {
  (void)state;
  char command[128];
  snprintf(command, sizeof command, "rm -rf '%s'", top);
  return system(command);
}

static const char *in_folder(const char *file) {
  static char path[512];
  snprintf(path, sizeof path, "%s/%s", folder, file);
  return path;
}

static unsigned mode_of(const char *path) {
  struct stat it;
  assert_int_equal(stat(path, &it), 0);
  return it.st_mode & 07777;
}

static void read_file(const char *path, char *out, size_t size) {
  FILE *f = fopen(path, "r");
  assert_non_null(f);
  out[fread(out, 1, size - 1, f)] = 0;
  fclose(f);
}

static void write_file(const char *path, const char *text) {
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  fputs(text, f);
  fclose(f);
}

static int files_in_folder(void) {
  int count = 0;
  DIR *dir = opendir(folder);
  assert_non_null(dir);
  for (struct dirent *it; (it = readdir(dir));)
    count += it->d_name[0] != '.' || strlen(it->d_name) > 2;
  closedir(dir);
  return count;
}

static void a_new_key_is_private_and_never_overwritten(void **state) {
  (void)state;
  struct verifier made, again;
  struct error err = {0};
  char before[400], after[400], wanted[500];
  umask(0);
  assert_int_equal(keys_new(folder, span_of("weal"), &made, &err), DONE);
  umask(022);
  assert_int_equal(mode_of(folder), 0700);
  assert_int_equal(mode_of(in_folder("weal.key")), 0600);
  assert_int_equal(mode_of(in_folder("weal.vkey")), 0644);
  assert_int_equal(files_in_folder(), 2);
  struct text t = {0};
  text_add_verifier(&t, &made);
  text_add_char(&t, '\n');
  read_file(in_folder("weal.vkey"), before, sizeof before);
  assert_string_equal(before, t.bytes);
  text_release(&t);
  read_file(in_folder("weal.key"), before, sizeof before);
  assert_int_equal(keys_new(folder, span_of("weal"), &again, &err), REFUSED);
  snprintf(wanted, sizeof wanted, "%s/weal.key", folder);
  assert_string_equal(err.file, wanted);
  assert_string_equal(err.message,
                      "there is a key 'weal' already; weal key rotate makes its next generation");
  read_file(in_folder("weal.key"), after, sizeof after);
  assert_string_equal(before, after);
  struct signer signer;
  assert_int_equal(keys_signer(folder, span_of("weal"), &signer, &err), DONE);
  assert_true(verifier_equal(&signer.verifier, &made));
  signer_wipe(&signer);
  assert_int_equal(keys_signer(folder, span_of("other"), &signer, &err), REFUSED);
  assert_string_equal(
      err.message, "there is no key 'other' in this folder of keys; --keys names another folder");
}

static void an_exposed_key_is_refused(void **state) {
  (void)state;
  struct verifier made;
  struct signer signer;
  struct error err = {0};
  assert_int_equal(keys_new(folder, span_of("weal"), &made, NULL), DONE);
  static const mode_t wide[] = {0640, 0604, 0620, 0601, 0666};
  for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
    assert_int_equal(chmod(in_folder("weal.key"), wide[i]), 0);
    assert_int_equal(keys_signer(folder, span_of("weal"), &signer, &err), REFUSED);
    assert_non_null(strstr(err.message, "others can use this private key"));
  }
  struct arena *arena = arena_new();
  struct key_row *rows;
  int count;
  assert_int_equal(keys_list(folder, arena, &rows, &count, NULL), DONE);
  assert_int_equal(rows[0].secret, KEY_SECRET_EXPOSED);
  arena_free(arena);
  assert_int_equal(chmod(in_folder("weal.key"), 0400), 0);
  assert_int_equal(keys_signer(folder, span_of("weal"), &signer, &err), DONE);
  signer_wipe(&signer);
  assert_int_equal(chmod(folder, 0770), 0);
  assert_int_equal(keys_new(folder, span_of("two"), &made, &err), REFUSED);
  assert_non_null(strstr(err.message, "others may write in the folder of keys"));
  assert_int_equal(chmod(folder, 0755), 0);
  assert_int_equal(keys_new(folder, span_of("two"), &made, &err), DONE);
  char *here = getcwd(NULL, 0);
  assert_int_equal(chdir(folder), 0);
  assert_int_equal(keys_new(".", span_of("three"), &made, &err), REFUSED);
  assert_non_null(strstr(err.message, "is the current folder"));
  assert_int_equal(chdir(here), 0);
  free(here);
}

static void a_rotation_keeps_every_generation(void **state) {
  (void)state;
  struct verifier made[4], *known;
  struct key_row *rows;
  struct error err = {0};
  struct arena *arena = arena_new();
  int count;
  assert_int_equal(keys_rotate(folder, span_of("weal"), &made[0], &err), REFUSED);
  assert_int_equal(keys_new(folder, span_of("weal"), &made[0], NULL), DONE);
  for (int i = 1; i < 4; i++)
    assert_int_equal(keys_rotate(folder, span_of("weal"), &made[i], NULL), DONE);
  assert_int_equal(files_in_folder(), 8);
  assert_int_equal(mode_of(in_folder("weal.2.key")), 0600);
  assert_int_equal(keys_list(folder, arena, &rows, &count, NULL), DONE);
  assert_int_equal(count, 4);
  static const int generations[] = {0, 3, 2, 1};
  for (int i = 0; i < 4; i++) {
    assert_int_equal(rows[i].generation, generations[i]);
    assert_true(verifier_equal(&rows[i].verifier, &made[3 - i]));
    assert_int_equal(rows[i].secret, KEY_SECRET_PRESENT);
  }
  assert_int_equal(keys_verifiers(folder, span_of("weal"), arena, &known, &count, NULL), DONE);
  assert_int_equal(count, 4);
  for (int i = 0; i < 4; i++) assert_true(verifier_equal(&known[i], &made[3 - i]));
  struct signer signer;
  assert_int_equal(keys_signer(folder, span_of("weal"), &signer, NULL), DONE);
  assert_true(verifier_equal(&signer.verifier, &made[3]));
  signer_wipe(&signer);
  assert_int_equal(keys_verifiers(folder, span_of("other"), arena, &known, &count, &err), REFUSED);
  arena_free(arena);
}

/* Killed after the old key was kept and before it was replaced; killed after the new key and before
 * its vkey. */
static void an_interrupted_rotation_is_completed(void **state) {
  (void)state;
  struct verifier first, second;
  struct arena *arena = arena_new();
  struct key_row *rows;
  struct signer signer;
  char old_key[400], old_vkey[400], text[400];
  int count;
  assert_int_equal(keys_new(folder, span_of("weal"), &first, NULL), DONE);
  read_file(in_folder("weal.key"), old_key, sizeof old_key);
  read_file(in_folder("weal.vkey"), old_vkey, sizeof old_vkey);
  write_file(in_folder("weal.1.vkey"), old_vkey);
  assert_int_equal(keys_rotate(folder, span_of("weal"), &second, NULL), DONE);
  assert_int_equal(files_in_folder(), 4);
  read_file(in_folder("weal.1.key"), text, sizeof text);
  assert_string_equal(text, old_key);
  write_file(in_folder("weal.vkey"), old_vkey);
  assert_int_equal(keys_signer(folder, span_of("weal"), &signer, NULL), DONE);
  assert_true(verifier_equal(&signer.verifier, &second));
  signer_wipe(&signer);
  read_file(in_folder("weal.vkey"), text, sizeof text);
  assert_string_not_equal(text, old_vkey);
  assert_int_equal(keys_list(folder, arena, &rows, &count, NULL), DONE);
  assert_int_equal(count, 2);
  arena_free(arena);
}

static void names_with_a_slash_are_files(void **state) {
  (void)state;
  struct verifier made;
  struct signer signer;
  struct error err = {0};
  assert_int_equal(keys_new(folder, span_of("../example.org/50%"), &made, NULL), DONE);
  assert_int_equal(mode_of(in_folder("%2E.%2Fexample.org%2F50%25.key")), 0600);
  assert_int_equal(keys_signer(folder, span_of("../example.org/50%"), &signer, NULL), DONE);
  assert_string_equal(signer.verifier.name, "../example.org/50%");
  signer_wipe(&signer);
  static const char *const wrong[] = {"", "a b", "a+b", "a\nb", "a\x7f"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    assert_int_equal(keys_new(folder, span_of(wrong[i]), &made, &err), REFUSED);
  char long_name[300];
  memset(long_name, 'x', sizeof long_name);
  assert_int_equal(keys_new(folder, span_make(long_name, 250), &made, &err), REFUSED);
}

static void damaged_files_are_named(void **state) {
  (void)state;
  struct verifier made, *known;
  struct signer signer;
  struct error err = {0};
  struct arena *arena = arena_new();
  int count;
  char key[400], wanted[500];
  assert_int_equal(keys_new(folder, span_of("weal"), &made, NULL), DONE);
  read_file(in_folder("weal.key"), key, sizeof key);
  assert_int_equal(rename(in_folder("weal.key"),
                          (snprintf(wanted, sizeof wanted, "%s/moved.key", folder), wanted)),
                   0);
  assert_int_equal(keys_signer(folder, span_of("moved"), &signer, &err), REFUSED);
  assert_string_equal(err.message, "the key in this file is named 'weal', not 'moved'");
  key[strlen(key) - 3] ^= 1;
  write_file(wanted, key);
  assert_int_equal(keys_signer(folder, span_of("moved"), &signer, &err), REFUSED);
  assert_string_equal(err.file, wanted);
  assert_null(strstr(err.message, key + 30));
  assert_int_equal(verifiers_read(in_folder("weal.vkey"), arena, &known, &count, NULL), DONE);
  assert_int_equal(count, 1);
  assert_true(verifier_equal(known, &made));
  write_file(in_folder("two.vkey"),
             "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\nexample.com/"
             "foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n");
  assert_int_equal(verifiers_read(in_folder("two.vkey"), arena, &known, &count, NULL), DONE);
  assert_int_equal(count, 2);
  write_file(in_folder("two.vkey"),
             "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n\n");
  assert_int_equal(verifiers_read(in_folder("two.vkey"), arena, &known, &count, &err), REFUSED);
  assert_int_equal(err.line, 2);
  assert_int_equal(verifiers_read(in_folder("none.vkey"), arena, &known, &count, &err), REFUSED);
  assert_int_equal(verifiers_read(folder, arena, &known, &count, &err), REFUSED);
  arena_free(arena);
}

static void the_folder_is_found(void **state) {
  (void)state;
  struct text t = {0};
  setenv("HOME", "/home-of", 1);
  unsetenv("WEAL_KEYS");
  assert_int_equal(keys_folder(NULL, &t, NULL), DONE);
  assert_string_equal(t.bytes, "/home-of/.config/weal/keys");
  setenv("WEAL_KEYS", "/elsewhere", 1);
  assert_int_equal(keys_folder(NULL, &t, NULL), DONE);
  assert_string_equal(t.bytes, "/elsewhere");
  assert_int_equal(keys_folder("given", &t, NULL), DONE);
  assert_string_equal(t.bytes, "given");
  assert_int_equal(keys_folder("", &t, NULL), REFUSED);
  unsetenv("WEAL_KEYS");
  text_release(&t);
}

int main(void) {
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, fresh_folder, remove_folder)
  const struct CMUnitTest tests[] = {
      IN_FOLDER(a_new_key_is_private_and_never_overwritten),
      IN_FOLDER(an_exposed_key_is_refused),
      IN_FOLDER(a_rotation_keeps_every_generation),
      IN_FOLDER(an_interrupted_rotation_is_completed),
      IN_FOLDER(names_with_a_slash_are_files),
      IN_FOLDER(damaged_files_are_named),
      cmocka_unit_test(the_folder_is_found),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
