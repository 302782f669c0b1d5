/* A form that writes is taken once: each form that is shown has a number after the session's token,
 * and a form that is sent again (a double click, a slow line) gets the same answer as the first
 * time. The dedup key is made of the session, the path and all that was sent, with the token and
 * its number: a visitor who goes back and sends something else has sent another form. Not kept: a
 * form that is answered by a page and not by an address (a code that is shown once), and a form
 * without a number, which only signs out. */
#include "store/dedup_key.h"
#include "web/http_request.h"

#include <sodium.h>

enum { NUMBER_BYTES = 8 };

void view_form_rights(struct view *form, const struct request *r) {
  uint8_t bytes[NUMBER_BYTES];
  struct text token = {0};
  random_bytes(bytes, sizeof bytes);
  text_addf(&token, "%s-", r->visitor.form_token);
  text_add_hex(&token, bytes, sizeof bytes);
  /* the request may be a copy on the stack */
  view_text(form, "token", arena_copy(r->arena, token.bytes, token.size));
  text_release(&token);
}

void view_form_sent(struct view *form, const struct request *r, const struct field *fields) {
  view_form_rights(form, r);
  view_list(form, "sent");
  for (int i = 0; fields[i].name; i++) {
    const struct span value = request_text(r, fields[i].name);
    if (!value.size || fields[i].is_step) continue;
    struct view *sent = view_item(form, "sent");
    view_text(sent, "name", fields[i].name);
    view_text(sent, "value", arena_copy(r->arena, value.bytes, value.size));
  }
}

bool form_token_right(const struct visitor *visitor, struct span token) {
  struct span number = span_make(token.bytes + FORM_TOKEN_SIZE, token.size - FORM_TOKEN_SIZE);
  if (token.size < FORM_TOKEN_SIZE ||
      sodium_memcmp(token.bytes, visitor->form_token, FORM_TOKEN_SIZE) != 0)
    return false;
  if (!number.size) return true;
  return number.size == 1 + 2 * NUMBER_BYTES && number.bytes[0] == '-' &&
         strspn(number.bytes + 1, "0123456789abcdef") >= 2 * NUMBER_BYTES;
}

static void add_text(struct hasher *h, struct span text) {
  uint64_t size = text.size;
  hasher_add(h, &size, sizeof size);
  hasher_add(h, text.bytes, text.size);
}

static void make_key(const struct http_request *x, struct digest *key) {
  struct hasher *h = hasher_new();
  hasher_begin(h);
  hasher_add(h, x->request.visitor.session, sizeof x->request.visitor.session);
  add_text(h, x->target.path);
  for (int i = 0; i < x->sent_count; i++) {
    add_text(h, x->sent[i].name);
    add_text(h, x->sent[i].value);
  }
  hasher_end(h, key);
  hasher_free(h);
}

static bool has_number(const struct http_request *x) {
  for (int i = 0; i < x->sent_count; i++)
    if (span_is(x->sent[i].name, "token") && x->sent[i].value.size > FORM_TOKEN_SIZE) return true;
  return false;
}

enum status form_run_once(struct http_request *x, struct error *err) {
  struct digest key;
  const char *before = NULL;
  struct request *r = &x->request;
  if (r->route->method != POST || !r->visitor.person || !has_number(x))
    return r->route->run(r, &x->reply, err);
  make_key(x, &key);
  enum status status = dedup_key_take(r->store, r->arena, &key, "form", &before, err);
  if (status == DONE && before && *before) {
    x->reply =
        (struct reply){.status = 303, .type = "text/plain; charset=utf-8", .location = before};
    return DONE;
  }
  if (status == DONE) status = r->route->run(r, &x->reply, err);
  return status == DONE && x->reply.location
             ? dedup_key_keep(r->store, &key, x->reply.location, err)
             : status;
}
