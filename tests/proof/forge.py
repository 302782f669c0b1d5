"""PDFs of ours taken apart and put together again as a forger would: every offset, length and digest of the layout is right (docs/reference/pdf.md),
so that only the seal over the pages can show the forgery. Python's standard library alone.

    for what, pdf in forgeries(pdf, others): ...        each is a file that no verifier may pass"""
import hashlib, json, re, zlib

import checker

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


class Pdf:
    def __init__(self, data):
        self.references = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", data)[1])
        head = re.match(rb"\d+ 0 obj\n<</Type/XRef/Length (\d{10})/Size (\d+)/W\[1 4 3\](/Root \d+ 0 R/Info \d+ 0 R)/ID\[<\w+><\w+>\]>>\nstream\n", data[self.references:])
        start = self.references + head.end()
        length = int(head[1])
        rows = [(data[at], int.from_bytes(data[at + 1:at + 5], "big"), int.from_bytes(data[at + 5:at + 8], "big")) for at in range(start, start + length, 8)]
        self.size, self.root = len(rows), head[3]
        places = sorted((row[1], number) for number, row in enumerate(rows) if row[0] == 1 and row[1] < self.references)
        ends = [at for at, _ in places[1:]] + [self.references]
        self.objects = {number: data[at:end] for (at, number), end in zip(places, ends)}  # in the order of the file
        self.stream = next(n for n, o in self.objects.items() if b"/Type/ObjStm" in o[:60])
        begin = self.objects[self.stream].index(b"stream\n") + 7
        unpacked = zlib.decompress(self.objects[self.stream][begin:])
        first = int(re.search(rb"/First (\d+)", self.objects[self.stream])[1])
        index = list(map(int, unpacked[:first].split()))
        ats = index[1::2] + [len(unpacked) - first]
        self.inner = {number: unpacked[first + ats[i]:first + ats[i + 1]].strip() for i, number in enumerate(index[::2])}
        self.attached = data[data.index(b">>\nstream\n", start + length) + 10:data.rindex(b"\nendstream\nendobj\nstartxref\n")]
        self.inner_was, self.stream_was = dict(self.inner), self.objects[self.stream]
        self.redirect = {}  # rows that are not as they should be
        self.behind = b""   # between the pages and the references

    def packed(self):
        if self.inner == self.inner_was:
            return self.stream_was
        index, body = [], b""
        for number, text in self.inner.items():
            index.append(b"%d %d" % (number, len(body)))
            body += text + b"\n"
        first = b" ".join(index) + b"\n"
        data = zlib.compress(first + body)
        return b"%d 0 obj\n<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (self.stream, len(index), len(first), len(data), data)

    def write(self, attached=None, digits=None, head=HEAD):
        attached = self.attached if attached is None else attached
        self.objects[self.stream] = self.packed()
        out, rows, size = head, {0: (0, 0, 65535)}, self.size
        for number, text in self.objects.items():
            rows[number] = (1, len(out), 0)
            out += text
        out += self.behind
        for i, number in enumerate(self.inner):
            rows[number] = (2, self.stream, i)
        attachment, references = size - 2, size - 1
        identity = hashlib.sha256(out).hexdigest().encode()
        begins = len(out)
        top = b"%d 0 obj\n<</Type/XRef/Length %010d/Size %d/W[1 4 3]%s/ID[<%s><%s>]>>\nstream\n" % (references, size * 8, size, self.root, identity, identity)
        rows[references] = (1, begins, 0)
        rows[attachment] = (1, begins + len(top) + size * 8 + len(b"\nendstream\nendobj\n"), 0)
        rows.update(self.redirect)
        table = b"".join(bytes([kind]) + at.to_bytes(4, "big") + third.to_bytes(3, "big") for kind, at, third in (rows[n] for n in range(size)))
        out += top + table + b"\nendstream\nendobj\n"
        out += b"%d 0 obj\n<</Type/EmbeddedFile/Subtype/application#2Fjson/Length %010d>>\nstream\n%s\nendstream\nendobj\n" % (attachment, len(attached) if digits is None else digits, attached)
        return out + b"startxref\n%d\n%%%%EOF\n" % begins

    def page(self):
        """The first page's number, and that of its content."""
        number = next(n for n, text in self.inner.items() if re.search(rb"/Type\s*/Page\b", text))
        return number, int(re.search(rb"/Contents (\d+) 0 R", self.inner[number])[1])

    def content(self, number, more):
        text = zlib.decompress(self.objects[number][self.objects[number].index(b"stream\n") + 7:])
        data = zlib.compress(more(text))
        self.objects[number] = b"%d 0 obj\n<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (number, len(data), data)

    def catalog(self, more):
        number = int(re.search(rb"/Root (\d+)", self.root)[1])
        self.inner[number] = self.inner[number][:-2] + more + b">>"


def stamp(text):
    """A black bar and other figures over the page."""
    return text + b"/Artifact BMC\n0 g\n0 600 595 120 re\nf\nEMC\n"


def update(data, attached=None):
    """The update that an editor adds at the end when it saves a change: the first page's content anew, a table of its own."""
    p = Pdf(data)
    _, content = p.page()
    p.content(content, stamp)
    at, again = len(data), p.objects[content]
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d%s/Prev %d>>\n" % (content, at, p.size, p.root, p.references)
    return data + again + table + b"startxref\n%d\n%%%%EOF\n" % (at + len(again))


def forgeries(data, contents):
    """(what it is, the file, whether it is laid out as ours is): pages forged around the true statement, or true and forged pages around `contents`, which are
    (name, JSON) of files that verify by themselves."""
    if Pdf(data).write() != data:
        raise ValueError("this is no PDF of ours, or the layout has changed")

    def made(what, change=None, laid_out=True, **how):
        p = Pdf(data)
        if change:
            change(p)
        return what, p.write(**how), laid_out

    def stamped(p):
        p.content(p.page()[1], stamp)

    def javascript(p):
        p.catalog(b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")

    def form(p):
        p.catalog(b"/AcroForm<</Fields[<</FT/Tx/T(paid)/V(1.00)/Subtype/Widget/Rect[50 600 500 700]>>]/NeedAppearances true>>")

    def annotation(p):
        number, _ = p.page()
        note = b"<</Type/Annot/Subtype/FreeText/Rect[50 600 500 700]/DA(/F1 20 Tf)/Contents(Paid in full)>>"
        p.inner[number] = (p.inner[number].replace(b"/Annots[", b"/Annots[" + note) if b"/Annots[" in p.inner[number] else p.inner[number][:-2] + b"/Annots[" + note + b"]>>")

    def links(p):
        for number, text in p.inner.items():
            p.inner[number] = text.replace(b"/URI(http", b"/URI(httq")
        if not any(b"/URI(httq" in text for text in p.inner.values()):
            annotation(p)

    def optional(p):
        p.catalog(b"/OCProperties<</OCGs[]/D<</Order[]>>>>")

    def overlay(p):
        """A second content over the page, within the stream of objects' own array."""
        number, content = p.page()
        p.inner[number] = p.inner[number].replace(b"/Contents %d 0 R" % content, b"/Contents[%d 0 R %d 0 R]" % (content, content))

    def title(p):
        number = int(re.search(rb"/Info (\d+)", p.root)[1])
        p.inner[number] = re.sub(rb"/Title\s*[(<]", lambda m: m[0] + (b"X" if m[0].endswith(b"(") else b"0058"), p.inner[number], count=1)

    def repacked(p):  # the same pages, other bytes
        p.content(p.page()[1], lambda text: text + b"\n")

    def two_pages_swapped(p):
        pages = [n for n, text in p.inner.items() if re.search(rb"/Type\s*/Page\b", text)]
        a, b = pages[0], pages[-1]
        if a != b:
            p.inner[a], p.inner[b] = p.inner[b], p.inner[a]
        else:
            stamped(p)

    def second_attachment(p):
        p.behind = b"%d 0 obj\n<</Type/EmbeddedFile/Subtype/application#2Fjson/Length %010d>>\nstream\n%s\nendstream\nendobj\n" % (p.size - 2, len(p.attached), p.attached)

    def hidden_update(p):
        p.behind = b"startxref\n0\n%%EOF\n"

    def an_end(p):
        p.behind = b"\n%%EOF\n"

    def comment(p):
        p.behind = b"% nothing to see\n"

    def redirected(p):
        page, content = p.page()
        p.redirect = {content: (1, len(HEAD), 0)}

    def references_elsewhere(p):
        p.redirect = {p.size - 2: (1, len(HEAD), 0)}

    def previous(p):
        p.root = b"/Root" + p.root[5:] + b"/Prev 15"

    yield made("pages stamped over", stamped)
    yield made("a script that runs when it is opened", javascript)
    yield made("a form with a field over the page", form)
    yield made("a note laid over the page", annotation)
    yield made("a link that leads elsewhere", links)
    yield made("layers that can be switched", optional)
    yield made("a content that is drawn twice", overlay)
    yield made("another title", title)
    yield made("the same page packed anew", repacked)
    yield made("two pages swapped", two_pages_swapped)
    yield made("a comment between the pages", comment)
    yield made("a second attachment", second_attachment, False)
    yield made("an update before the references", hidden_update, False)
    yield made("an end within", an_end, False)
    yield made("a reference that leads to another object", redirected)
    yield made("references that lead past the attachment", references_elsewhere, False)
    yield made("references with some before them", previous, False)
    yield made("another version", head=b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", laid_out=False)
    yield made("a length too short", digits=len(Pdf(data).attached) - 1, laid_out=False)
    yield made("spaces behind the statement", attached=Pdf(data).attached + b"  ")
    yield made("spaces within the statement", attached=Pdf(data).attached.replace(b'":{', b'": {'))
    yield made("a letter as an escape", attached=Pdf(data).attached.replace(b'"person"', b'"\\u0070erson"', 1))
    yield "an update behind the end", update(data), False
    yield "an update behind the end, and the end as it was", update(data) + data[Pdf(data).references:], False
    yield "bytes behind the end", data + b"\n", False
    yield "bytes before the head", b"\n" + data, False
    yield "two files in one", data + data, False
    yield "the end cut", data[:-1], False
    for name, text in contents:
        yield made(f"{name} in the true pages", attached=text)
        yield made(f"{name} in forged pages", stamped, attached=text)
        try:  # and as if it had been sealed over them
            value = json.loads(text)
            p = Pdf(data)
            stamped(p)
            file = p.write(attached=b"")
            digits = file.rindex(b"/Length ") + 8
            start = file.index(b"stream\n", digits) + 7
            digest = hashlib.sha256(file[:digits] + file[digits + 10:start] + file[start:]).hexdigest()
            if isinstance(value, dict) and isinstance(value.get("proof"), dict):
                value["proof"]["pdf"] = digest
                yield made(f"{name} in forged pages, with their digest", stamped, attached=checker.written(value))
            elif isinstance(value, dict):
                yield made(f"{name} in forged pages, with a proof that has their digest", stamped,
                           attached=checker.written(dict(value, pdf=digest)))
        except ValueError:
            pass
