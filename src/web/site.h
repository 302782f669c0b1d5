/* What the whole server shares. Made once by web_serve; threads only read it, but for what has a lock of its own. */
#ifndef WEAL_WEB_SITE_H
#define WEAL_WEB_SITE_H

#include "pack/pack.h"
#include "statement/reference_data.h"
#include "http/config.h"

struct site {
  struct config config;
  const char *store_url;
  const struct pack *pack;
  bool demo;                /* the store is a demonstration's and we listen on loopback only: sign-in as a listed person */
  struct signer *signer;    /* of the log's key: downloaded statements carry their proof; null: without */
  const char *place_code, *place_name; /* the book's own */
  struct readers *readers;  /* connections that read */
  struct writer *writer;    /* writer.h */
  struct slow_queue *slow_queue;        /* slow_queue.h */
  struct cache *cache;      /* cache.h: public pages */
  struct metrics *metrics;  /* metrics.h */
  struct shared_reference_data *reference_data; /* reference_data.c: the latest, counted */
  struct published *published; /* published.h: the public accounts */
  struct jobs *jobs;        /* jobs.h: imports and closings that run while pages show their progress */
  struct deadlines *deadlines; /* deadline.h */
  struct rewriting *rewriting; /* rewriting.h: after erasures */
  struct log *log;          /* log.h */
  struct rates *rates;      /* rates.h */
  const char *origins[4];   /* of our own pages, for the Origin check; ended by null */
  bool https;               /* the origin is: strict transport security */
  struct static_response *static_response;      /* http_request.h: replies of rows that never change */
  int static_response_count;
  _Atomic int64_t library_said; /* the second in which the HTTP library last said something */
  _Atomic uint64_t endings; /* how many actions of rows that end a right are committed: requests that were looked at before are looked at again */
  int64_t erasures;         /* how many there were at the writer's last look: its thread's own */
  _Atomic int64_t taken;    /* connections of visitors that the HTTP library's threads have begun with, since the start */
  _Atomic int64_t marks;    /* those of them that are ours (server.c: wait_for_takers) and nobody's; not counted in `taken` */
  _Atomic bool stopping;    /* connections are closed after their reply */
  _Atomic bool closing;     /* nothing is begun any more */
};

#endif
