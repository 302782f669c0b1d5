/* Files that are compiled into the program by script/embed.py: schema, messages, styles, the
 * sample's distributions. */
#ifndef WEAL_BASE_EMBEDDED_H
#define WEAL_BASE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
  const char *name;  /* base name; null ends the table */
  const char *bytes; /* a terminating zero follows, not counted */
  size_t size;
};

extern const struct embedded_file embedded_messages[]; /* cy.mo */
extern const struct embedded_file embedded_schema[];   /* schema/NNN-*.sql */
extern const struct embedded_file embedded_assets[];   /* assets/ */
extern const struct embedded_file embedded_portal[];   /* assets/portal/ */
extern const struct embedded_file embedded_sample[];   /* sample/ (CSV) */

#endif
