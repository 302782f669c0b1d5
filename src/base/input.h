/* A file that is read once from front to back: plain, .gz, .zst or standard input (`-`).
 *
 * The first bytes say how the file is packed, not its name, so a packed pipe works too. The digest
 * is of the bytes as unpacked: the same file packed twice is the same file. A truncated or damaged
 * packing is REFUSED with where it broke; so is one that unpacks too far (LIMIT_UNPACK_TIMES). A
 * read error of the machine is FAILED; a file that is not there is REFUSED.
 */
#ifndef WEAL_BASE_INPUT_H
#define WEAL_BASE_INPUT_H

#include "base/hash.h"
#include "base/status.h"
#include <stddef.h>

struct input;

enum status input_open(struct input **out, const char *path, struct error *err) MUST_USE;
/* The same, and a zip file, such as a workbook, is taken as it is. */
enum status input_open_zip(struct input **out, const char *path, struct error *err) MUST_USE;
/* The same of a plain file only: anything else is REFUSED and not waited for. For the files of
 * packs and populations, which others put there. */
enum status input_open_plain(struct input **out, const char *path, struct error *err) MUST_USE;
/* The most bytes that a packed file may unpack to; before the first are read. REFUSED where they
 * come to more. */
void input_bound(struct input *in, uint64_t unpacked_bytes);
/* Up to `capacity` unpacked bytes; *size is 0 only at the end. */
enum status input_read(struct input *in, char *bytes, size_t capacity, size_t *size,
                       struct error *err) MUST_USE;
/* Of everything read so far; call it at the end. */
void input_digest(struct input *in, struct digest *out);
/* Bytes of the file as it lies on the disk: how many were read, how many there are (0 when unknown:
 * a pipe). For progress. */
uint64_t input_position_bytes(const struct input *in);
uint64_t input_size_bytes(const struct input *in);
const char *input_path(const struct input *in); /* as given; "-" stays "-" */
void input_close(struct input *in);             /* takes null */

#endif
