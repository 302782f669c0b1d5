/* The register of the sample place as files: places, bodies, households, people, and what changed
 * in each year. */
#ifndef WEAL_SAMPLE_FILES_H
#define WEAL_SAMPLE_FILES_H

#include "sample/flows.h"

enum status files_write_first(const struct town *t, const char *dir, struct error *err) MUST_USE;
enum status files_write_changes(const struct town *t, const char *dir, int year,
                                struct error *err) MUST_USE;

#endif
