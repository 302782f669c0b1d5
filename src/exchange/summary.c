#include "exchange/summary.h"

#include "base/limits.h"
#include "base/money.h"

static void add_rate(struct text *t, int64_t rows, double seconds) {
  text_addf(t, " in %.1f s", seconds);
  if (seconds < 0.05 || rows < 1000) return; /* too few to compute a rate */
  text_add(t, ", ");
  text_add_count(t, (int64_t)((double)rows / seconds));
  text_add(t, " rows a second");
}

/* Where a row takes several lines, as one that a stray quote joins. */
static void add_lines(struct text *t, int64_t rows, int64_t more_lines) {
  if (!more_lines) return;
  text_add(t, " (");
  text_add_count(t, rows + more_lines);
  text_add(t, " lines)");
}

static void add_file_text(struct text *t, const struct import_file *f, bool money) {
  text_addf(t, "%s: ", strcmp(f->path, "-") == 0 ? "standard input" : f->path);
  text_add_count(t, f->posted);
  text_add(t, f->posted == 1 ? " row" : " rows");
  add_lines(t, f->posted, f->posted_more_lines);
  if (money) {
    text_add(t, ", ");
    text_add_pounds(t, f->amount);
  }
  if (f->profile && *f->profile) text_addf(t, ", read as %s", f->profile);
  if (f->rejected) {
    text_add(t, "; refused: ");
    text_add_count(t, f->rejected);
    add_lines(t, f->rejected, f->rejected_more_lines);
  }
  text_add_char(t, '\n');
  for (int i = 0; i < f->warning_count; i++) text_addf(t, "  %s\n", f->warnings[i].message);
  if (!f->suffix_differs) return;
  text_add(t, "  in ");
  text_add_count(t, f->suffix_differs);
  const bool one = f->suffix_differs == 1;
  text_addf(
      t,
      " %s %llu) the last letter of a National Insurance number differs from the register's, or "
      "is missing there; %s to the person who has the number\n",
      one ? "row (line" : "rows (the first is line", (unsigned long long)f->suffix_differs_first,
      one ? "the row belongs" : "the rows belong");
}

/* Where the book does not keep all refused rows of a file. */
static void add_kept(struct text *t, int64_t rejected) {
  if (rejected <= LIMIT_REJECTS_KEPT) return;
  text_add(t, "  the book keeps ");
  text_add_count(t, LIMIT_REJECTS_KEPT);
  text_add(t, " of them, the rejects file has all\n");
}

static void add_register_text(struct text *t, const struct import_result *r) {
  const struct {
    const char *word;
    int64_t count;
  } parts[] = {
      {"added", r->added}, {"changed", r->changed}, {"moved", r->moved}, {"unchanged", r->same}};
  for (int i = 0; i < 4; i++) {
    text_add(t, i ? ", " : "");
    text_add_count(t, parts[i].count);
    text_addf(t, " %s", parts[i].word);
  }
}

/* ` as entry 4`, ` as entries 4 to 9`, `import:3 to import:5` */
static void add_span_of(struct text *t, const char *one, const char *many, int64_t first,
                        int64_t last, const char *prefix) {
  text_addf(t, "%s%s%lld", first == last ? one : many, prefix, (long long)first);
  if (first != last) text_addf(t, " to %s%lld", prefix, (long long)last);
}

void import_summary(struct text *t, const struct exchange_kind *kind,
                    const struct import_options *options, const struct import_result *r,
                    double seconds) {
  int64_t posted = 0;
  for (int i = 0; i < r->file_count; i++) {
    add_file_text(t, &r->files[i],
                  kind->columns && strcmp(kind->name, "entries") != 0 && kind->posts);
    if (!options->dry_run) add_kept(t, r->files[i].rejected);
    posted += r->files[i].posted;
  }
  if (options->dry_run) {
    text_add(t, "Dry run, nothing was written. Would ");
    text_add(t, kind->posts ? "post " : "take: ");
    if (kind->posts) text_add_count(t, posted);
    else add_register_text(t, r);
    text_add(t, kind->posts ? (posted == 1 ? " row.\n" : " rows.\n") : ".\n");
    return;
  }
  if (kind->posts) {
    text_add(t, "Posted ");
    text_add_count(t, posted);
    text_add(t, posted == 1 ? " row" : " rows");
    if (r->first_entry)
      add_span_of(t, " as entry ", " as entries ", r->first_entry, r->last_entry, "");
    if (r->import) {
      add_span_of(t, " (", " (", r->import, r->import + r->file_count - 1, "import:");
      text_add_char(t, ')');
    }
  } else add_register_text(t, r);
  add_rate(t, posted, seconds);
  text_add(t, ".\n");
  if (r->lives) text_add(t, r->lives);
}
