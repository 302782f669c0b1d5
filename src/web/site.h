/* What the whole server shares. Made once by web_serve; threads only read it, except for members
 * with a lock of their own. */
#ifndef WEAL_WEB_SITE_H
#define WEAL_WEB_SITE_H

#include "http/config.h"
#include "pack/name_words.h"
#include "pack/pack.h"
#include "rules/model.h"
#include "statement/reference_data.h"

struct site {
  struct config config;
  const char *store_url;
  const struct pack *pack;
  const struct rules *rules; /* read once when the server starts; null: nobody is assessed */
  const struct pack_name_words *name_words; /* read with them */
  bool is_sample; /* the store is a demonstration's: its place and people are invented */
  /* the store is a demonstration's and we listen on loopback only: sign-in as a listed person */
  bool demo;
  /* of the log's key: downloaded statements carry their proof; null: without */
  struct signer *signer;
  /* of every generation of that key: its seals are checked with them; 0: the key is not here */
  const struct verifier *verifiers;
  int verifier_count;
  const char *place_code, *place_name; /* the book's own */
  struct readers *readers;             /* connections that read */
  struct writer *writer;               /* writer.h */
  struct slow_queue *slow_queue;       /* slow_queue.h */
  struct reckoners *reckoners;         /* reckoners.h */
  struct cache *cache;                 /* cache.h: public pages */
  struct metrics *metrics;             /* metrics.h */
  /* the folder of uploads and of files of refused rows: nobody else can look into it, and it goes
   * with the server, or at the next start where the server was killed */
  const char *spool;
  struct shared_reference_data *reference_data; /* shared_reference_data.c: the latest, counted */
  struct published *published;                  /* published.h: the public accounts */
  /* jobs.h: imports and closings that run while pages show their progress */
  struct jobs *jobs;
  struct uploads *uploads;       /* uploads.h: files that were brought in and not posted yet */
  struct http_server *server;    /* http/server.h */
  struct rewriting *rewriting;   /* rewriting.h: after erasures */
  struct escalation *escalation; /* escalation.h: late cases */
  struct notifying *notifying;   /* notifying.h: e-mails and letters */
  unsigned ways;                 /* notify/notify.h: the ways to send that are set up */
  struct log *log;               /* log.h */
  struct rates *rates;           /* rates.h */
  const char *origins[4];        /* of our own pages, for the Origin check; ended by null */
  bool https;                    /* the origin is: strict transport security */
  /* http_request.h: replies of rows that never change */
  struct static_response *static_response;
  int static_response_count;
  /* the number of committed actions of rows that end a right: requests that were checked before one
   * are checked again */
  _Atomic uint64_t endings;
  int64_t erasures;     /* the number at the writer's last check: only its thread uses it */
  _Atomic bool closing; /* no new work is begun */
};

#endif
