/* The compiled form of a tree of parameters: the same as the files, made anew when they change, and
 * never believed when it is damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "rules/parameters.h"

#include <dirent.h>
#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SETTLED_S = 3 }; /* what was changed just now is not kept */

static char home[64];
static struct arena *arena;

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *at) {
  (void)about, (void)type, (void)at;
  return remove(path);
}

static int end(void **state) {
  (void)state;
  arena_free(arena);
  return nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *name, const char *text) {
  FILE *f = fopen(arena_printf(arena, "%s/tree/%s", home, name), "w");
  assert_non_null(f);
  assert_true(fputs(text, f) >= 0 && fclose(f) == 0);
}

static int begin(void **state) {
  (void)state;
  snprintf(home, sizeof home, "/tmp/weal-cache-XXXXXX");
  if (!mkdtemp(home)) return 1;
  arena = arena_new();
  setenv("XDG_CACHE_HOME", arena_printf(arena, "%s/cache", home), 1);
  if (mkdir(arena_printf(arena, "%s/tree", home), 0700) != 0) return 1;
  put("cpi.yaml", "2020-01-01: 100\n2021-01-01: 110\n");
  put("a.yaml",
      "description: A\nvalues:\n  2016-01-01: expected\n  2010-01-01: {value: 5, reference: R}\n"
      "  2020-01-01: {value: 7, metadata: {note: n, reference: [{title: T, href: h}]}}\n"
      "metadata: {unit: currency-GBP, uprating: {parameter: cpi, rounding: 0.5}}\n");
  put("list.yaml", "2010-01-01: [x, 'y', 3]\n2011-01-01: {k: v}\n2012-01-01: null\n");
  put("scale.yaml", "brackets: [{threshold: {2020-01-01: 0}, rate: {2020-01-01: 0.2}}]\n");
  return 0;
}

static struct parameters *load(void) {
  struct parameters *tree;
  struct error err = {0};
  if (parameters_load(arena, arena_printf(arena, "%s/tree", home), &tree, &err) != DONE)
    fail_msg("%s", err.message);
  return tree;
}

/* The one file in the cache; null: none. */
static char *kept(void) {
  char *folder = arena_printf(arena, "%s/cache/weal/rules", home), *found = NULL;
  DIR *dir = opendir(folder);
  if (!dir) return NULL;
  for (const struct dirent *entry; (entry = readdir(dir));)
    if (entry->d_name[0] != '.') {
      assert_null(found);
      found = arena_printf(arena, "%s/%s", folder, entry->d_name);
    }
  (void)closedir(dir);
  return found;
}

static ino_t inode_of(const char *path) {
  struct stat about;
  assert_int_equal(stat(path, &about), 0);
  return about.st_ino;
}

/* ---- whole trees as text ---- */

static void write_text(struct text *t, const char *text) { text_addf(t, "%s|", text ? text : "-"); }

static void write_value(struct text *t, const struct parameter_value *v) {
  text_addf(t, "%d %.17g ", v->form, v->number);
  write_text(t, v->text);
  for (int i = 0; i < v->count; i++) {
    if (v->keys) write_text(t, v->keys[i]);
    write_value(t, &v->items[i]);
  }
}

static void write_references(struct text *t, const struct parameter_reference *all, int count) {
  for (int i = 0; i < count; i++) {
    write_text(t, all[i].title);
    write_text(t, all[i].href);
  }
}

static void write_parameter(struct text *t, const struct parameter *p) {
  const char *const texts[] = {p->path,  p->name, p->file,   p->description,
                               p->label, p->unit, p->period, p->scale_type};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) write_text(t, texts[i]);
  text_addf(t, "%d %d\n", p->kind, p->line);
  write_references(t, p->references, p->reference_count);
  if (p->uprating) {
    write_text(t, p->uprating->index);
    text_addf(t, "%d %d %g\n", p->uprating->start, p->uprating->rounding, p->uprating->interval);
  }
  for (int i = 0; i < p->expected_count; i++) text_addf(t, "%d?\n", p->expected[i]);
  for (int i = 0; i < p->entry_count; i++) {
    const struct parameter_entry *e = &p->entries[i];
    text_addf(t, "%d %d %d ", e->from, e->is_estimated, e->line);
    write_text(t, e->note);
    write_references(t, e->references, e->reference_count);
    write_value(t, &e->value);
    text_add(t, "\n");
  }
  for (int i = 0; i < p->child_count; i++) write_parameter(t, p->children[i]);
}

static const char *written(const struct parameters *tree) {
  struct text t = {0};
  write_parameter(&t, parameters_root(tree));
  return text_take(arena, &t);
}

/* ---- tests ---- */

static void what_changed_just_now_is_not_kept(void **state) {
  (void)state;
  (void)load();
  assert_null(kept());
}

static void the_kept_tree_is_that_of_the_files(void **state) {
  (void)state;
  sleep(SETTLED_S);
  const char *first = written(load());
  const char *path = kept();
  assert_non_null(path);
  ino_t inode = inode_of(path);
  assert_string_equal(written(load()), first);
  assert_int_equal(inode_of(path), inode); /* read, not made anew */
  struct parameters *over;
  struct error err = {0};
  assert_int_equal(
      parameters_lay_over(arena, load(), arena_printf(arena, "%s/tree", home), &over, &err), DONE);
  assert_string_equal(written(over), first);
}

static void a_change_of_a_file_is_seen_at_once(void **state) {
  (void)state;
  sleep(SETTLED_S);
  (void)load();
  put("scale.yaml", "brackets: [{threshold: {2020-01-01: 0}, rate: {2020-01-01: 0.4}}]\n");
  const struct parameter *rate = parameters_find(load(), span_of("scale[0].rate"));
  assert_true(rate->entries[0].value.number == 0.4);
  assert_int_equal(unlink(arena_printf(arena, "%s/tree/list.yaml", home)), 0);
  assert_null(parameters_find(load(), span_of("list")));
}

static void damage_is_recognised(void **state) {
  (void)state;
  sleep(SETTLED_S);
  const char *first = written(load());
  const char *path = kept();
  struct stat about;
  assert_int_equal(stat(path, &about), 0);
  for (off_t at = 0; at < about.st_size; at += at < 200 ? 7 : 211) {
    FILE *f = fopen(path, "r+");
    assert_non_null(f);
    assert_int_equal(fseek(f, at, SEEK_SET), 0);
    int byte = fgetc(f);
    assert_int_equal(fseek(f, at, SEEK_SET), 0);
    assert_int_equal(fputc(byte ^ 0x41, f), byte ^ 0x41);
    assert_int_equal(fclose(f), 0);
    assert_string_equal(written(load()), first);
  }
  for (off_t size = about.st_size - 1; size > 0; size = size * 2 / 3) {
    assert_int_equal(truncate(path, size), 0);
    assert_string_equal(written(load()), first);
  }
  assert_int_equal(chmod(path, 0666), 0); /* anybody may have written it */
  ino_t inode = inode_of(path);
  assert_string_equal(written(load()), first);
  assert_int_not_equal(inode_of(path), inode);
  assert_int_equal(unlink(path), 0);
  assert_int_equal(mkdir(path, 0700), 0); /* what cannot be replaced does not matter */
  assert_string_equal(written(load()), first);
}

static void several_at_once_agree(void **state) {
  (void)state;
  sleep(SETTLED_S);
  (void)load();
  const char *path = kept();
  pid_t children[4];
  for (int i = 0; i < 4; i++) {
    children[i] = fork();
    if (children[i]) continue;
    const char *first = written(load());
    for (int k = 0; k < 30; k++) {
      if (k % 5 == 0) (void)!unlink(path);
      if (strcmp(written(load()), first) != 0) _exit(1);
    }
    _exit(0);
  }
  for (int i = 0; i < 4; i++) {
    int result;
    assert_int_equal(waitpid(children[i], &result, 0), children[i]);
    assert_int_equal(result, 0);
  }
}

static void without_a_place_nothing_is_kept(void **state) {
  (void)state;
  sleep(SETTLED_S);
  setenv("XDG_CACHE_HOME", "/dev/null/nowhere", 1);
  assert_non_null(parameters_find(load(), span_of("a")));
  setenv("XDG_CACHE_HOME", "relative", 1);
  setenv("HOME", "", 1);
  assert_non_null(parameters_find(load(), span_of("a")));
  assert_null(kept());
}

#define IN_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_A_FOLDER(what_changed_just_now_is_not_kept),
      IN_A_FOLDER(the_kept_tree_is_that_of_the_files),
      IN_A_FOLDER(a_change_of_a_file_is_seen_at_once),
      IN_A_FOLDER(damage_is_recognised),
      IN_A_FOLDER(several_at_once_agree),
      IN_A_FOLDER(without_a_place_nothing_is_kept),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
