/* The objects of a PDF, and how a file of ours is laid out:
 *
 *     %PDF-1.7                     header
 *     streams                      pages, faces, metadata
 *     one object stream            everything that is not a stream: structure, pages, catalog
 *     the cross-reference stream   knows where the attachment begins, as that follows at once
 *     the attachment
 *         where there is one: 0000001234 is the count of its bytes, always ten digits; not
 *         compressed
 *     startxref N %%EOF            the end of the file
 *
 * So only those ten digits depend on the attachment's bytes or length, and a signature inside the
 * attachment can seal a statement's pages.
 *
 * THE DIGEST of a PDF outside its attachment is the SHA-256 of the file's bytes, in order, without
 * two pieces: the ten digits of the attachment's /Length, and the bytes between the line end after
 * `stream` and the one before `endstream`. (pdf_digest.c reads it back.)
 *
 * No clock and no random value: the document's ID is the SHA-256 of everything before the
 * cross-reference stream. */
#include "document/pdf_file.h"
#include "document/pdf.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/utf8.h"

enum { LEVEL = 3 }; /* a statement takes 1.0 ms; level 6 would take 1.4 ms and save 1 kB of 50 */

struct pdf_place {
  int64_t at; /* in the file, or index in the object stream */
  enum { UNUSED, IN_FILE, IN_STREAM } kind;
};

struct file {
  struct pdf *p;
  struct text *out;
  size_t start;        /* where the file begins in `out` */
  struct text objects; /* those of the object stream, one after another */
  struct text index;   /* their numbers and offsets */
  struct pdf_packer *packer;
  struct text packed; /* a stream before it is written */
  int object_count;
  struct pdf_place *places;
  int count; /* objects numbered so far, 0 included */
  size_t capacity;
  int catalog, pages, info, metadata, tree, parents, outlines, resources, stream, spec, attachment;
  int face[FACES], pattern, page, content, element, bookmark, link; /* the first of each run */
};

static int numbers(struct file *f, int count) {
  int first = f->count;
  array_reserve(f->places, f->capacity, (size_t)(f->count + count));
  memset(f->places + f->count, 0, sizeof *f->places * (size_t)count);
  f->count += count;
  return first;
}

/* ---- writing objects ---- */

static void number(struct text *t, int64_t n) { put_int(t, n); }

static void reference(struct text *t, int n) {
  put_int(t, n);
  PUT(t, " 0 R");
}

/* Begins object `n` in the object stream; what is added to the returned text until the next call is
 * its value. */
static struct text *object(struct file *f, int n) {
  if (f->objects.size) PUT(&f->objects, "\n");
  number(&f->index, n);
  PUT(&f->index, " ");
  number(&f->index, (int64_t)f->objects.size);
  PUT(&f->index, " ");
  f->places[n] = (struct pdf_place){f->object_count++, IN_STREAM};
  return &f->objects;
}

/* Writes a stream, its bytes as they are; `entries` go into its dictionary. */
static void stream(struct file *f, int n, const char *entries, struct span bytes) {
  struct text *t = f->out;
  f->places[n] = (struct pdf_place){(int64_t)(t->size - f->start), IN_FILE};
  number(t, n);
  PUT(t, " 0 obj\n<<");
  put(t, entries, strlen(entries));
  PUT(t, "/Length ");
  number(t, (int64_t)bytes.size);
  PUT(t, ">>\nstream\n");
  put(t, bytes.bytes, bytes.size);
  PUT(t, "\nendstream\nendobj\n");
}

static void packed(struct file *f, int n, const char *entries, struct span bytes) {
  char all[128];
  text_clear(&f->packed);
  bool done = pdf_pack(f->packer, &f->packed, bytes);
  snprintf(all, sizeof all, "%s%s", entries, done ? "/Filter/FlateDecode" : "");
  stream(f, n, all, done ? span_make(f->packed.bytes, f->packed.size) : bytes);
}

/* Writes a text string: as it is if it is ASCII, else as UTF-16 in hexadecimal. */
static void string(struct text *t, struct span s) {
  bool ascii = true;
  for (size_t i = 0; i < s.size; i++) ascii &= (signed char)s.bytes[i] >= 0x20;
  if (ascii) {
    PUT(t, "(");
    for (size_t i = 0; i < s.size; i++) {
      if (s.bytes[i] == '(' || s.bytes[i] == ')' || s.bytes[i] == '\\') PUT(t, "\\");
      put(t, s.bytes + i, 1);
    }
    PUT(t, ")");
    return;
  }
  PUT(t, "<FEFF");
  while (s.size) {
    uint32_t c;
    size_t size = utf8_decode(s.bytes, s.size, &c);
    if (!size) c = 0xFFFD, size = 1;
    s.bytes += size;
    s.size -= size;
    if (c < 0x10000) text_addf(t, "%04X", c);
    else text_addf(t, "%04X%04X", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + ((c - 0x10000) & 0x3FF));
  }
  PUT(t, ">");
}

static void text_string(struct file *f, struct text *t, const char *text) {
  string(t, pdf_plain(f->p, text));
}

/* ---- faces ---- */

static int by_id(const void *a, const void *b) {
  const struct pdf_glyph *x = *(const struct pdf_glyph *const *)a,
                         *y = *(const struct pdf_glyph *const *)b;
  return (x->id > y->id) - (x->id < y->id);
}

/* The common glyphs and the document's own, in order. False where harfbuzz fails: then the whole
 * face is embedded. */
static bool own_subset(struct pdf *p, int face, struct pdf_subset_parts *parts) {
  const struct pdf_font *font = &pdf_fonts[face];
  const struct pdf_glyph **glyphs = memory_zeroed((size_t)font->count, sizeof *glyphs);
  int count = 0;
  for (int i = 0; i < font->count; i++)
    if (font->glyphs[i].flags == GLYPH_COMMON) glyphs[count++] = &font->glyphs[i];
  for (size_t i = 0; i < p->rare_count[face]; i++) glyphs[count++] = p->rare[face][i];
  array_sort(glyphs, count, by_id);
  bool done = pdf_subset_make(font->whole, font->whole_size, glyphs, count, parts);
  free(glyphs);
  return done;
}

/* Six letters before the name distinguish subsets. */
static void subset_tag(struct pdf *p, int face, char tag[7]) {
  uint32_t sum = 0;
  for (size_t i = 0; i < p->rare_count[face]; i++)
    sum += (uint32_t)p->rare[face][i]->id * 2654435761u + 1;
  for (int i = 0; i < 6; i++, sum /= 26) tag[i] = (char)('A' + sum % 26);
  tag[6] = 0;
}

/* Five objects a face: the font, the one within it, its description, its file, its map back to
 * text. */
static void face_write(struct file *f, int face) {
  const struct pdf_font *font = &pdf_fonts[face];
  struct pdf_subset subset = font->common;
  struct pdf_subset_parts parts = {0};
  char tag[7], name[64], entries[96];
  if (f->p->rare_count[face] && own_subset(f->p, face, &parts))
    subset = (struct pdf_subset){parts.file.bytes,    parts.file.size,    parts.file_raw_size,
                                 parts.unicode.bytes, parts.unicode.size, parts.widths.bytes,
                                 parts.widths.size};
  subset_tag(f->p, face, tag);
  snprintf(name, sizeof name, "%s+%s", tag, font->name);
  int n = f->face[face];
  text_addf(object(f, n),
            "<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 "
            "R]/ToUnicode %d 0 R>>",
            name, n + 1, n + 4);
  struct text *t = object(f, n + 1);
  text_addf(t,
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/"
            "Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap/Identity/DW 0/W[",
            name, n + 2);
  put(t, subset.widths, subset.widths_size);
  PUT(t, "]>>");
  text_addf(object(f, n + 2),
            "<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent "
            "%d/Descent %d/CapHeight %d/StemV %d/FontFile2 %d 0 R>>",
            name, font->box[0], font->box[1], font->box[2], font->box[3], font->ascent,
            font->descent, font->cap_height, face == FACE_BOLD ? 140 : 88, n + 3);
  snprintf(entries, sizeof entries, "/Filter/FlateDecode/Length1 %zu", subset.file_raw_size);
  stream(f, n + 3, entries, span_make(subset.file, subset.file_size));
  stream(f, n + 4, "/Filter/FlateDecode", span_make(subset.unicode, subset.unicode_size));
  pdf_subset_release(&parts);
}

/* ---- structure ---- */

static void element_kid(struct file *f, struct text *t, const struct pdf_kid *kid, int page) {
  if (kid->element >= 0) reference(t, f->element + kid->element);
  else if (kid->link >= 0)
    text_addf(t, "<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>", f->link + kid->link, f->page + kid->page);
  else if (kid->page == page) number(t, kid->mcid);
  else text_addf(t, "<</Type/MCR/Pg %d 0 R/MCID %d>>", f->page + kid->page, kid->mcid);
}

static void element_write(struct file *f, int i) {
  struct pdf *p = f->p;
  const struct pdf_element *e = &p->elements[i];
  struct text *t = object(f, f->element + i);
  PUT(t, "<</Type/StructElem/S/");
  put(t, e->type, strlen(e->type));
  PUT(t, "/P ");
  reference(t, e->parent < 0 ? f->tree : f->element + e->parent);
  if (e->attributes) {
    PUT(t, "/A");
    put(t, e->attributes, strlen(e->attributes));
  }
  if (e->box[2]) {
    PUT(t, "/A<</O/Layout/Placement/Block/BBox[");
    for (int b = 0; b < 4; b++) pdf_length(t, e->box[b]);
    PUT(t, "]>>");
  }
  if (e->summary) {
    PUT(t, "/A<</O/Table/Summary");
    text_string(f, t, e->summary);
    PUT(t, ">>");
  }
  if (e->text) {
    PUT(t, "/Alt");
    text_string(f, t, e->text);
  }
  int page = -1;
  for (int k = e->first; k >= 0 && page < 0; k = p->kids[k].next)
    if (p->kids[k].element < 0) page = p->kids[k].page;
  if (page >= 0) {
    PUT(t, "/Pg ");
    reference(t, f->page + page);
  }
  if (e->first >= 0) {
    bool one = p->kids[e->first].next < 0;
    if (one) PUT(t, "/K ");
    else PUT(t, "/K[");
    for (int k = e->first; k >= 0; k = p->kids[k].next) {
      if (k != e->first) PUT(t, " ");
      element_kid(f, t, &p->kids[k], page);
    }
    if (!one) PUT(t, "]");
  }
  PUT(t, ">>");
}

static void tree_write(struct file *f) {
  struct pdf *p = f->p;
  text_addf(object(f, f->tree),
            "<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %zu>>", f->element,
            f->parents, p->page_count + p->link_count);
  for (size_t i = 0; i < p->element_count; i++) element_write(f, (int)i);
  struct text *t = object(f, f->parents);
  PUT(t, "<</Nums[");
  for (size_t i = 0; i < p->page_count; i++) {
    number(t, (int64_t)i);
    PUT(t, "[");
    for (size_t m = 0; m < p->pages[i].mcid_count; m++) {
      if (m) PUT(t, " ");
      reference(t, f->element + p->pages[i].mcids[m]);
    }
    PUT(t, "]");
  }
  for (size_t i = 0; i < p->link_count; i++)
    text_addf(t, "%zu %d 0 R ", p->page_count + i, f->element + p->links[i].element);
  PUT(t, "]>>");
}

/* ---- pages ---- */

static void pages_write(struct file *f) {
  struct pdf *p = f->p;
  struct text *t = object(f, f->pages);
  text_addf(t, "<</Type/Pages/Count %zu/Kids[", p->page_count);
  for (size_t i = 0; i < p->page_count; i++) text_addf(t, "%d 0 R ", f->page + (int)i);
  PUT(t, "]>>");
  t = object(f, f->resources);
  text_addf(t, "<</Font<</R %d 0 R/B %d 0 R>>", f->face[FACE_REGULAR], f->face[FACE_BOLD]);
  if (p->patterns)
    text_addf(t, "/Pattern<</P1 %d 0 R/P2 %d 0 R/P3 %d 0 R>>", f->pattern, f->pattern + 1,
              f->pattern + 2);
  PUT(t, ">>");
  size_t link = 0;
  for (size_t i = 0; i < p->page_count; i++) {
    t = object(f, f->page + (int)i);
    text_addf(t,
              "<</Type/Page/Parent %d 0 R/MediaBox[0 0 595.28 841.89]/Resources %d 0 R/Contents %d "
              "0 R/StructParents %zu/Tabs/S",
              f->pages, f->resources, f->content + (int)i, i);
    if (link < p->link_count && p->links[link].page == (int)i) {
      PUT(t, "/Annots[");
      for (; link < p->link_count && p->links[link].page == (int)i; link++)
        text_addf(t, "%d 0 R ", f->link + (int)link);
      PUT(t, "]");
    }
    PUT(t, ">>");
    packed(f, f->content + (int)i, "",
           span_make(p->pages[i].content.bytes, p->pages[i].content.size));
  }
  for (size_t i = 0; i < p->link_count; i++) {
    const struct pdf_link *l = &p->links[i];
    struct span address = span_make(p->addresses.bytes + l->at, l->size);
    t = object(f, f->link + (int)i);
    PUT(t, "<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[");
    pdf_length(t, l->left);
    pdf_length(t, PAGE_HEIGHT - l->bottom);
    pdf_length(t, l->right);
    pdf_length(t, PAGE_HEIGHT - l->top);
    text_addf(t, "]/StructParent %zu/Contents", p->page_count + i);
    string(t, address);
    PUT(t, "/A<</S/URI/URI");
    string(t, address);
    PUT(t, ">>>>");
  }
}

static void patterns_write(struct file *f) {
  static const char *const cells[] = {
      ".965 .851 .722 rg 0 0 8 8 re f .659 .282 .043 RG 2 w -2 2 m 2 -2 l S 0 8 m 8 0 l S 6 10 m "
      "10 6 l S",
      "1 g 0 0 8 8 re f .267 .388 .247 rg 2 4 m 2 5.1 2.9 6 4 6 c 5.1 6 6 5.1 6 4 c 6 2.9 5.1 2 4 "
      "2 c 2.9 2 2 2.9 2 4 c f",
      ".89 .875 .941 rg 0 0 8 8 re f .298 .173 .573 RG 2 w 0 4 m 8 4 l S"};
  if (!f->p->patterns) return;
  for (int i = 0; i < 3; i++)
    stream(f, f->pattern + i,
           "/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 8 8]/XStep 8/YStep "
           "8/Matrix[.6 0 0 .6 0 0]/Resources<<>>",
           span_of(cells[i]));
}

/* ---- bookmarks ---- */

/* The next bookmark with the same parent, or the first child; -1: none. */
static int bookmark_next(const struct pdf *p, int i) {
  for (size_t n = (size_t)i + 1;
       n < p->bookmark_count && p->bookmarks[n].level >= p->bookmarks[i].level; n++)
    if (p->bookmarks[n].level == p->bookmarks[i].level) return (int)n;
  return -1;
}

static int bookmark_child(const struct pdf *p, int i) {
  return i + 1 < (int)p->bookmark_count && p->bookmarks[i + 1].level > p->bookmarks[i].level ? i + 1
                                                                                             : -1;
}

static int bookmark_previous(const struct pdf *p, int i) {
  for (int n = i - 1; n >= 0 && p->bookmarks[n].level >= p->bookmarks[i].level; n--)
    if (p->bookmarks[n].level == p->bookmarks[i].level) return n;
  return -1;
}

static int bookmark_parent(const struct pdf *p, int i) {
  for (int n = i - 1; n >= 0; n--)
    if (p->bookmarks[n].level < p->bookmarks[i].level) return n;
  return -1;
}

/* Headings go down a step at a time, so the bookmarks after the title are one tree below it. */
static void bookmarks_write(struct file *f) {
  struct pdf *p = f->p;
  text_addf(object(f, f->outlines), "<</Type/Outlines/First %d 0 R/Last %d 0 R/Count 1>>",
            f->bookmark, f->bookmark);
  for (int i = 0; i < (int)p->bookmark_count; i++) {
    const struct pdf_bookmark *b = &p->bookmarks[i];
    int parent = bookmark_parent(p, i), next = bookmark_next(p, i),
        previous = bookmark_previous(p, i), first = bookmark_child(p, i), last = first, count = 0;
    for (int n = first; n >= 0; n = bookmark_next(p, n)) last = n, count++;
    struct text *t = object(f, f->bookmark + i);
    PUT(t, "<</Title");
    text_string(f, t, b->title);
    text_addf(t, "/Parent %d 0 R", parent < 0 ? f->outlines : f->bookmark + parent);
    if (next >= 0) text_addf(t, "/Next %d 0 R", f->bookmark + next);
    if (previous >= 0) text_addf(t, "/Prev %d 0 R", f->bookmark + previous);
    if (first >= 0)
      text_addf(t, "/First %d 0 R/Last %d 0 R/Count %d", f->bookmark + first, f->bookmark + last,
                i == 0 ? count : -count);
    text_addf(t, "/Dest[%d 0 R/XYZ 0 ", f->page + b->page);
    pdf_length(t, PAGE_HEIGHT - b->y + 600);
    PUT(t, "null]>>");
  }
}

/* ---- the catalog and what describes the file ---- */

static const char *language_tag(const struct document *d) { return language_row(d->language)->tag; }

static void metadata_write(struct file *f) {
  const struct document *d = f->p->d;
  struct text t = {0};
  struct text *o = object(f, f->info);
  PUT(o, "<</Title");
  text_string(f, o, d->title);
  PUT(o, "/Producer(Commonweal)>>");
  text_add(&t, "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta "
               "xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
               "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
               "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
               "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" "
               "xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\n"
               "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">");
  text_add_html(&t, pdf_plain(f->p, d->title));
  text_addf(
      &t,
      "</rdf:li></rdf:Alt></dc:title>\n<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></"
      "dc:language>\n<pdf:Producer>Commonweal</pdf:Producer>\n<pdfuaid:part>1</pdfuaid:part>\n"
      "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>",
      language_tag(d));
  stream(f, f->metadata, "/Type/Metadata/Subtype/XML", span_make(t.bytes, t.size));
  text_release(&t);
}

static void catalog_write(struct file *f, const struct document_attachment *attachment) {
  struct text *t = object(f, f->catalog);
  text_addf(t,
            "<</Type/Catalog/Pages %d 0 R/Lang(%s)/MarkInfo<</Marked "
            "true>>/ViewerPreferences<</DisplayDocTitle true>>/Metadata %d 0 R/StructTreeRoot %d 0 "
            "R/Outlines %d 0 R",
            f->pages, language_tag(f->p->d), f->metadata, f->tree, f->outlines);
  if (attachment) {
    PUT(t, "/Names<</EmbeddedFiles<</Names[");
    text_string(f, t, attachment->name);
    text_addf(t, " %d 0 R]>>>>/AF[%d 0 R]", f->spec, f->spec);
  }
  PUT(t, ">>");
  if (!attachment) return;
  t = object(f, f->spec);
  PUT(t, "<</Type/Filespec/F");
  text_string(f, t, attachment->name);
  PUT(t, "/UF");
  text_string(f, t, attachment->name);
  if (attachment->description) {
    PUT(t, "/Desc");
    text_string(f, t, attachment->description);
  }
  text_addf(t, "/AFRelationship/Data/EF<</F %d 0 R/UF %d 0 R>>>>", f->attachment, f->attachment);
}

/* ---- the file ---- */

static void numbers_give(struct file *f, bool attached) {
  struct pdf *p = f->p;
  numbers(f, 1); /* 0 is the head of the free ones */
  f->catalog = numbers(f, 1);
  f->pages = numbers(f, 1);
  f->info = numbers(f, 1);
  f->metadata = numbers(f, 1);
  f->tree = numbers(f, 1);
  f->parents = numbers(f, 1);
  f->outlines = numbers(f, 1);
  f->resources = numbers(f, 1);
  for (int face = 0; face < FACES; face++) f->face[face] = numbers(f, 5);
  f->pattern = p->patterns ? numbers(f, 3) : 0;
  f->page = numbers(f, (int)p->page_count);
  f->content = numbers(f, (int)p->page_count);
  f->element = numbers(f, (int)p->element_count);
  f->bookmark = numbers(f, (int)p->bookmark_count);
  f->link = numbers(f, (int)p->link_count);
  f->spec = attached ? numbers(f, 1) : 0;
  f->stream = numbers(f, 1);
  f->attachment = attached ? numbers(f, 1) : 0;
}

static void object_stream_write(struct file *f) {
  char entries[64];
  snprintf(entries, sizeof entries, "/Type/ObjStm/N %d/First %zu", f->object_count, f->index.size);
  put(&f->index, f->objects.bytes, f->objects.size);
  packed(f, f->stream, entries, span_make(f->index.bytes, f->index.size));
}

static void big_endian(struct text *t, uint64_t n, int bytes) {
  char out[8];
  for (int i = 0; i < bytes; i++) out[i] = (char)(n >> 8 * (bytes - 1 - i));
  put(t, out, (size_t)bytes);
}

/* Rows of 1 + 4 + 3 bytes. The rows of the stream itself and of the attachment are known before
 * either is written. Returns where the stream begins. */
static int64_t references_write(struct file *f) {
  struct digest id;
  struct hasher *hasher = hasher_new();
  struct text rows = {0}, head = {0}, *out = f->out;
  int own = numbers(f, 1);
  f->places[own] = (struct pdf_place){(int64_t)(out->size - f->start), IN_FILE};
  hasher_begin(hasher);
  hasher_add(hasher, out->bytes + f->start, out->size - f->start);
  hasher_end(hasher, &id);
  hasher_free(hasher);
  text_reserve(&rows, (size_t)f->count * 8);
  /* The attachment's row depends on how long this object is, so rows are not compressed: then their
   * length is known. */
  text_addf(&head,
            "%d 0 obj\n<</Type/XRef/Length %010d/Size %d/W[1 4 3]/Root %d 0 R/Info %d 0 R/ID[<",
            own, f->count * 8, f->count, f->catalog, f->info);
  text_add_hex(&head, id.bytes, sizeof id.bytes);
  text_add(&head, "><");
  text_add_hex(&head, id.bytes, sizeof id.bytes);
  text_add(&head, ">]>>\nstream\n");
  if (f->attachment)
    f->places[f->attachment] = (struct pdf_place){f->places[own].at + (int64_t)head.size +
                                                      f->count * 8 +
                                                      (int64_t)strlen("\nendstream\nendobj\n"),
                                                  IN_FILE};
  for (int i = 0; i < f->count; i++) {
    const struct pdf_place *place = &f->places[i];
    big_endian(&rows, place->kind, 1);
    big_endian(&rows, place->kind == IN_STREAM ? (uint64_t)f->stream : (uint64_t)place->at, 4);
    big_endian(&rows, place->kind == IN_STREAM ? (uint64_t)place->at : i == 0 ? 65535 : 0, 3);
  }
  put(out, head.bytes, head.size);
  put(out, rows.bytes, rows.size);
  PUT(out, "\nendstream\nendobj\n");
  text_release(&head);
  text_release(&rows);
  return f->places[own].at;
}

void pdf_write(struct pdf *p, const struct document_attachment *attachment, struct text *out) {
  struct file f = {.p = p, .out = out, .start = out->size, .packer = pdf_packer_new(LEVEL)};
  text_reserve(out, 65536);
  PUT(out, PDF_HEAD);
  text_reserve(&f.objects, 65536);
  text_reserve(&f.index, 65536);
  numbers_give(&f, attachment != NULL);
  catalog_write(&f, attachment);
  metadata_write(&f);
  pages_write(&f);
  bookmarks_write(&f);
  for (int face = 0; face < FACES; face++) face_write(&f, face);
  patterns_write(&f);
  tree_write(&f);
  object_stream_write(&f);
  int64_t references = references_write(&f);
  if (attachment) {
    number(out, f.attachment);
    text_addf(out, PDF_ATTACHMENT_HEAD, attachment->size);
    put(out, attachment->bytes, attachment->size);
    PUT(out, PDF_ATTACHMENT_FOOT);
  }
  text_addf(out, PDF_END, references);
  text_release(&f.objects);
  text_release(&f.index);
  text_release(&f.packed);
  pdf_packer_free(f.packer);
  free(f.places);
}
