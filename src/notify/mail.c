/* An e-mail by SMTP (RFC 5321), with libcurl. Off loopback it goes over TLS, and the server's
 * certificate and name are checked; nothing of the register stands in a header but an address that
 * has no character with which a header could end. */
#include "notify/parts.h"

#include "base/base64.h"
#include "base/hash.h"
#include "base/limits.h"
#include "proof/sign.h"

#include <curl/curl.h>
#include <time.h>

enum { LINE_BYTES = 57 }; /* of base 64: 76 characters a line (RFC 2045 6.8) */

static bool on_loopback(const char *url) {
  const char *host = strstr(url, "://");
  static const char *const own[] = {"127.0.0.1", "localhost", "[::1]", NULL};
  if (!host) return false;
  for (int i = 0; own[i]; i++) {
    size_t size = strlen(own[i]);
    char end = host[3 + (strncmp(host + 3, own[i], size) == 0 ? size : 0)];
    if (strncmp(host + 3, own[i], size) == 0 && (end == ':' || end == '/' || !end)) return true;
  }
  return false;
}

/* Sun, 29 Nov 2026 21:00:00 +0000 (RFC 5322 3.3), whatever the locale. */
static void add_date(struct text *t, int64_t now) {
  static const char days[] = "SunMonTueWedThuFriSat",
                    months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
  time_t seconds = (time_t)now;
  struct tm tm;
  gmtime_r(&seconds, &tm);
  text_addf(t, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n", days + 3 * tm.tm_wday, tm.tm_mday,
            months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void add_message_id(struct text *t, const char *from) {
  uint8_t random[16];
  const char *at = strchr(from, '@');
  random_bytes(random, sizeof random);
  text_add(t, "Message-ID: <");
  for (size_t i = 0; i < sizeof random; i++) text_addf(t, "%02x", random[i]);
  text_addf(t, "@%s>\r\n", at ? at + 1 : "localhost");
}

static void write_mail(const struct outbox *outbox, const struct letter *letter, struct text *t) {
  add_date(t, (int64_t)time(NULL));
  text_addf(t, "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\n", outbox->from, letter->to,
            letter->subject);
  add_message_id(t, outbox->from);
  /* nobody's answering machine answers a code (RFC 3834) */
  text_add(t, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
              "charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
  for (size_t at = 0; at < letter->text.size; at += LINE_BYTES) {
    size_t rest = letter->text.size - at;
    text_add_base64(t, letter->text.bytes + at, rest < LINE_BYTES ? rest : LINE_BYTES);
    text_add(t, "\r\n");
  }
}

struct source {
  struct span left;
};

static size_t give(char *out, size_t size, size_t count, void *context) {
  struct source *s = context;
  size_t most = size * count, n = s->left.size < most ? s->left.size : most;
  memcpy(out, s->left.bytes, n);
  s->left = span_make(s->left.bytes + n, s->left.size - n);
  return n;
}

static int look(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
  const struct outbox *outbox = context;
  (void)a, (void)b, (void)c, (void)d;
  return outbox->stopping && atomic_load(outbox->stopping);
}

/* What the server says about the address itself (RFC 5321 4.2.3, RFC 7504), not about us. */
static bool refuses_address(long answer) {
  return answer == 550 || answer == 551 || answer == 553 || answer == 556;
}

static void explain(CURL *curl, CURLcode result, struct sending *out) {
  long answer = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
  out->for_good = refuses_address(answer);
  if (answer >= 400) snprintf(out->why, sizeof out->why, "the mail server answered %ld", answer);
  else snprintf(out->why, sizeof out->why, "%s", curl_easy_strerror(result));
}

bool mail_send(const struct outbox *outbox, const struct letter *letter, struct sending *out) {
  struct text mail = {0}, from = {0}, to = {0};
  struct source source;
  struct curl_slist *recipients = NULL;
  CURL *curl = curl_easy_init();
  CURLcode result = CURLE_FAILED_INIT;
  write_mail(outbox, letter, &mail);
  text_addf(&from, "<%s>", outbox->from);
  text_addf(&to, "<%s>", letter->to);
  source.left = span_make(mail.bytes, mail.size);
  recipients = curl_slist_append(NULL, to.bytes);
  if (curl && recipients) {
    curl_easy_setopt(curl, CURLOPT_URL, outbox->smtp);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     (long)(on_loopback(outbox->smtp) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    if (outbox->authorities) curl_easy_setopt(curl, CURLOPT_CAINFO, outbox->authorities);
    if (outbox->user) {
      curl_easy_setopt(curl, CURLOPT_USERNAME, outbox->user);
      curl_easy_setopt(curl, CURLOPT_PASSWORD, outbox->password ? outbox->password : "");
    }
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)LIMIT_MAIL_SECONDS);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)LIMIT_MAIL_SECONDS / 3);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.bytes);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, &source);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, outbox);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    result = curl_easy_perform(curl);
    if (result != CURLE_OK) explain(curl, result, out);
  }
  curl_slist_free_all(recipients);
  curl_easy_cleanup(curl);
  text_wipe(&mail);
  text_release(&from);
  text_release(&to);
  return result == CURLE_OK;
}
