/* What the files of a person's own copy are, in words for the person. Private to exchange. A
 * file of schema/personal.csv without a row here ends the build. */
#ifndef WEAL_EXCHANGE_SUBJECT_FILES_H
#define WEAL_EXCHANGE_SUBJECT_FILES_H

struct subject_file_title {
  const char *file, *title; /* title: a message; file null: the end */
};
/* In the order of the readme. */
extern const struct subject_file_title subject_files[];
/* The lines of the readme above the files: messages, ended by null; empty: a blank line. */
extern const char *const subject_readme[];

#endif
