/* weal: the social accounts of a place and of everyone who lives in it. */
#include "cli/cli.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* If a standard descriptor was closed before we began, the next file that we open would get its
 * number: results could be written into the store. So 0, 1 and 2 are taken first, by a file that
 * cannot be written. */
static bool hold_standard_files(void) {
  int fd;
  do fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

/* A password in the URL of a store is for us, and not for everybody who lists the machine's
 * processes: the words are copied, and it is struck out in the originals. */
static void strike_out(char *from, const char *end) {
  for (; from < end; from++) *from = 'x';
}

static char **copy_words(struct arena *arena, int argc, char **argv) {
  char **copies = arena_array(arena, char *, argc + 1);
  for (int i = 0; i < argc; i++) {
    copies[i] = arena_string(arena, argv[i]);
    char *user = strstr(argv[i], "://"), *query = user ? strstr(user, "password=") : NULL;
    char *at = user ? strrchr(user, '@') : NULL, *colon = user ? strchr(user + 3, ':') : NULL;
    if (at && colon && colon < at) strike_out(colon + 1, at);
    if (query) strike_out(query + strlen("password="), query + strcspn(query, "&"));
  }
  return copies;
}

static enum status run_call(struct call *call, int argc, char **argv, struct error *err) {
  enum status status = call_parse(call, argc, argv, err);
  if (status != DONE) return status;
  if (call->help) {
    struct error no_part = {0};
    if (!call->verb) help_add_all(&call->out);
    else if (!call->argument_count ||
             help_add_part(&call->out, call->verb, call->arguments[0], &no_part) != DONE)
      help_add_verb(&call->out, call->verb);
    return DONE;
  }
  if (call->version) return verb_version(call, err);
  if (!call->verb) {
    help_add_all(&call->out);
    call->output.fd = STDERR_FILENO; /* no result was asked for */
    return USAGE;
  }
  status = call_set_clock(call, err);
  return status == DONE ? call->verb->run(call, err) : status;
}

int main(int argc, char **argv) {
  if (!hold_standard_files()) return FAILED;
  /* a reader that closes its end must not end the program with the store open */
  signal(SIGPIPE, SIG_IGN);
  /* with a limit on file sizes, the write that exceeds it fails: status 3, nothing lost */
  signal(SIGXFSZ, SIG_IGN);

  struct call call = {.program = argc > 0 ? argv[0] : "weal",
                      .arena = arena_new(),
                      .output = {.fd = STDOUT_FILENO}};
  struct error err = {0};
  enum status status = run_call(&call, argc, copy_words(call.arena, argc, argv), &err);
  store_close(call.store);

  struct error unwritten = {0};
  bool wrote = output_flush(&call, &unwritten) == DONE;
  output_error(&err);
  if (status == USAGE && err.message[0] && call.verb)
    output_message("'weal help %s' says how it is used", call.verb->name);
  if (!wrote && !err.message[0]) {
    output_error(&unwritten);
    status = FAILED;
  }

  pack_close(call.pack);
  text_release(&call.out);
  arena_free(call.arena);
  return (int)status;
}
