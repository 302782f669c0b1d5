#!/usr/bin/env python3
"""Checks PDFs with other programs: check_pdf.py FILE.pdf...   (needs qpdf; a FILE.html beside it says what should be read)

A part of the Matterhorn protocol (PDF/UA-1), by qpdf's reading of the file: language, title and its display, metadata, marks; everything painted is tagged
or an artifact; the parent tree agrees with the structure; the structure's order is the pages' order; headings begin at 1 and skip none; lists, tables, figures and
links are made as they should be; header cells have a scope and rows as many cells as the table; faces are embedded, their widths are those of the
file, every glyph drawn is in the subset, is not .notdef and has its character; bookmarks are the headings. Then headings, tables and lists are
compared with those of the HTML page, word by word, and the digest of a file with an attachment is computed a second time.

What it cannot say: whether alternative texts are good, whether colours suffice (docs: they are those of the page), and whatever else of the protocol
needs a person or veraPDF, which Debian does not have."""
import base64
import hashlib
import html.parser
import json
import os
import re
import struct
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

GROUPS = {"Document", "Sect"}
HEADINGS = {f"H{n}": n for n in range(1, 7)}
KIDS = {  # what may stand in what
    "Document": GROUPS | set(HEADINGS) | {"P", "L", "Table", "Figure"},
    "Sect": GROUPS | set(HEADINGS) | {"P", "L", "Table", "Figure"},
    "L": {"LI"}, "LI": {"Lbl", "LBody"}, "Lbl": set(), "LBody": {"Link"}, "P": {"Link"},
    "Table": {"Caption", "THead", "TBody", "TFoot"}, "THead": {"TR"}, "TBody": {"TR"}, "TFoot": {"TR"}, "TR": {"TH", "TD"}, "TH": {"Link"}, "TD": {"Link"},
    "Figure": {"Caption"}, "Caption": {"Link"}, "Link": set(), **{h: set() for h in HEADINGS}}
faults = 0
name = ""


def hold(condition, what):
    global faults
    if not condition:
        faults += 1
        print(f"{name}: {what}", file=sys.stderr)
    return condition


class Pdf:
    def __init__(self, path):
        out = subprocess.run(["qpdf", "--json=2", "--json-stream-data=inline", "--decode-level=generalized", path], stdout=subprocess.PIPE, check=True).stdout
        self.objects = json.loads(out)["qpdf"][1]

    def get(self, value):
        """An object by reference; of a stream, its dictionary."""
        while isinstance(value, str) and re.fullmatch(r"\d+ 0 R", value):
            entry = self.objects["obj:" + value]
            value = entry["stream"]["dict"] if "stream" in entry else entry["value"]
        return value

    def bytes(self, reference):
        return base64.b64decode(self.objects["obj:" + reference]["stream"]["data"])


def text_of(value):
    return value[2:] if isinstance(value, str) and value[:2] == "u:" else value


# ---- content streams ----

def tokens(data):
    """Operators with their operands: (name, [operands]); strings as bytes, dictionaries as raw bytes."""
    at, operands = 0, []
    while at < len(data):
        c = data[at:at + 1]
        if c in b" \n\r\t\0":
            at += 1
        elif c == b"(":
            depth, at, out = 1, at + 1, bytearray()
            while depth:
                b = data[at]
                if b == 0x5C:
                    at += 1
                    out.append({ord("r"): 13, ord("n"): 10}.get(data[at], data[at]))
                else:
                    depth += (b == 0x28) - (b == 0x29)
                    if depth:
                        out.append(b)
                at += 1
            operands.append(bytes(out))
        elif data[at:at + 2] == b"<<":
            start, depth = at, 0
            while True:
                two = data[at:at + 2]
                if two in (b"<<", b">>"):
                    depth += 1 if two == b"<<" else -1
                    at += 2
                    if depth == 0:
                        break
                elif two[:1] == b"<":
                    at = data.index(b">", at) + 1
                else:
                    at += 1
            operands.append(data[start:at])
        else:
            found = re.compile(rb"/?[^ \n\r\t\0()<>/\[\]]+|[\[\]]").match(data, at)
            at = found.end()
            word = found.group().decode()
            if re.fullmatch(r"[-+]?[\d.]+|/.*|[\[\]]", word):
                operands.append(word)
            else:
                yield word, operands
                operands = []


PAINTS = {"Tj", "f", "S", "s", "B", "Do", "TJ"}


def page_read(pdf, number, page, fonts):
    """MCID -> text, in the order of the content; holds that all that is painted is marked."""
    data = pdf.bytes(page["/Contents"])
    pieces, stack, font = {}, [], None
    for operator, operands in tokens(data):
        if operator in ("BDC", "BMC"):
            kind = operands[0]
            mcid = re.search(rb"/MCID (\d+)", operands[1]) if operator == "BDC" else None
            actual = re.search(rb"/ActualText<FEFF([0-9A-F]+)>", operands[1]) if operator == "BDC" else None
            inside = [s[0] for s in stack]
            if mcid:
                hold(not any(m in ("tag", "artifact") for m in inside), f"page {number}: a piece of content within another mark")
                hold(int(mcid.group(1)) not in pieces, f"page {number}: MCID {mcid.group(1)} twice")
                pieces[int(mcid.group(1))] = [kind[1:], ""]
                stack.append(("tag", int(mcid.group(1))))
            elif kind == "/Artifact":
                hold(not inside, f"page {number}: an artifact within another mark")
                stack.append(("artifact", None))
            else:
                hold(kind == "/Span" and actual, f"page {number}: {kind} is neither a piece of content nor an artifact")
                stack.append(("actual", bytes.fromhex(actual.group(1).decode()).decode("utf-16-be")))
        elif operator == "EMC":
            if hold(stack, f"page {number}: a mark ends that never began"):
                what, value = stack.pop()
                if what == "actual" and stack and stack[0][0] == "tag":
                    pieces[stack[0][1]][1] += value
        elif operator in PAINTS:
            hold(stack, f"page {number}: {operator} paints outside every mark")
            if operator == "Tj":
                face = fonts[font]
                for i in range(0, len(operands[0]), 2):
                    glyph = int.from_bytes(operands[0][i:i + 2], "big")
                    face["used"].add(glyph)
                    character = face["unicode"].get(glyph)
                    hold(character is not None, f"page {number}: glyph {glyph} has no character")
                    if stack and stack[0][0] == "tag" and stack[-1][0] != "actual":
                        pieces[stack[0][1]][1] += character or ""
        elif operator == "ET" and stack and stack[0][0] == "tag":
            pieces[stack[0][1]][1] += " "
        elif operator == "Td":
            hold(40 <= float(operands[-2]) <= 560 and 20 <= float(operands[-1]) <= 830, f"page {number}: text at {operands} is not on the page's body")
        elif operator == "Tf":
            font = operands[0]
    hold(not stack, f"page {number}: a mark does not end")
    return pieces


# ---- faces ----

def font_read(pdf, reference):
    font = pdf.get(reference)
    hold(font["/Subtype"] == "/Type0" and font["/Encoding"] == "/Identity-H", "a face is not Type0 with Identity-H")
    inner = pdf.get(font["/DescendantFonts"])[0]
    inner = pdf.get(inner)
    description = pdf.get(inner["/FontDescriptor"])
    base = font["/BaseFont"]
    hold(re.fullmatch(r"/[A-Z]{6}\+.+", base) and base == inner["/BaseFont"] == description["/FontName"], f"{base}: the names of a subset differ or lack a tag")
    hold(inner["/CIDToGIDMap"] == "/Identity", f"{base}: no identity map of glyphs")
    if not hold("/FontFile2" in description, f"{base}: not embedded"):
        return None
    data = pdf.bytes(description["/FontFile2"])
    hold(pdf.get(description["/FontFile2"])["/Length1"] == len(data), f"{base}: Length1 is not the file's length")
    tables = {data[12 + i * 16:16 + i * 16].decode(): struct.unpack(">II", data[20 + i * 16:28 + i * 16]) for i in range(struct.unpack(">H", data[4:6])[0])}
    table = {t: data[at:at + size] for t, (at, size) in tables.items()}
    for needed in ("glyf", "head", "hhea", "hmtx", "loca", "maxp"):
        hold(needed in table, f"{base}: the embedded file lacks its {needed}")
    glyphs, metrics, upem = struct.unpack(">H", table["maxp"][4:6])[0], struct.unpack(">H", table["hhea"][34:36])[0], struct.unpack(">H", table["head"][18:20])[0]
    long_offsets = struct.unpack(">H", table["head"][50:52])[0]
    loca = struct.unpack(f">{glyphs + 1}{'I' if long_offsets else 'H'}", table["loca"])
    advance = lambda g: struct.unpack(">H", table["hmtx"][min(g, metrics - 1) * 4:min(g, metrics - 1) * 4 + 2])[0] * 1000 / upem
    widths, row = {}, inner["/W"]
    for i in range(0, len(row), 2):
        widths.update({row[i] + k: w for k, w in enumerate(row[i + 1])})
    unicode = {int(a, 16): bytes.fromhex(b.decode()).decode("utf-16-be") for a, b in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", pdf.bytes(font["/ToUnicode"])) if a != b"0000"}
    return {"name": base, "unicode": unicode, "widths": widths, "advance": advance, "loca": loca, "used": set()}


def font_hold(face):
    for glyph in face["used"]:
        hold(glyph != 0, f"{face['name']}: .notdef is drawn")
        hold(glyph in face["widths"] and abs(face["widths"][glyph] - face["advance"](glyph)) <= 1, f"{face['name']}: glyph {glyph} is not as wide as it says")
        drawn = glyph + 1 < len(face["loca"]) and face["loca"][glyph + 1] > face["loca"][glyph]
        hold(drawn or face["unicode"].get(glyph, "").isspace(), f"{face['name']}: glyph {glyph} is not in the subset")


# ---- structure ----

class Element:
    def __init__(self, pdf, reference, parent):
        self.reference, self.parent, self.value = reference, parent, pdf.get(reference)
        self.type = self.value["/S"][1:]
        self.kids, self.pieces, self.links = [], [], []
        self.order = []  # elements and pieces as they come
        kids = self.value.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            if isinstance(kid, int):
                self.piece(self.value["/Pg"], kid)
            elif isinstance(kid, dict) and kid["/Type"] == "/MCR":
                self.piece(kid["/Pg"], kid["/MCID"])
            elif isinstance(kid, dict) and kid["/Type"] == "/OBJR":
                self.links.append(kid["/Obj"])
            else:
                self.kids.append(Element(pdf, kid, self))
                self.order.append(self.kids[-1])
        if parent:
            hold(self.value["/P"] == parent.reference, f"{self.type} {reference}: its parent is another")

    def piece(self, page, mcid):
        self.pieces.append((page, mcid))
        self.order.append((page, mcid))

    def walk(self):
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def text(self, pieces):
        return " ".join("".join(o.text(pieces) if isinstance(o, Element) else pieces[o][1] for o in self.order).split())


def attributes(element):
    return element.value.get("/A", {})


def structure_hold(pdf, root, elements, pieces, pages):
    tree = pdf.get(pdf.get(root)["/ParentTree"])["/Nums"]
    parents = {tree[i]: tree[i + 1] for i in range(0, len(tree), 2)}
    owner = {}
    for e in elements:
        for piece in e.pieces:
            hold(piece in pieces, f"{e.type} {e.reference}: its piece {piece} is not on the page")
            hold(piece not in owner, f"{piece} belongs to two elements")
            owner[piece] = e
            if piece in pieces:
                hold(pieces[piece][0] == e.type, f"{piece} is marked {pieces[piece][0]} and belongs to a {e.type}")
    for piece in pieces:
        hold(piece in owner, f"{piece} belongs to no element")
    for page in pages:
        row = parents.get(pdf.get(page)["/StructParents"])
        mcids = sorted(m for p, m in pieces if p == page)
        if hold(isinstance(row, list) and len(row) == len(mcids), f"{page}: the parent tree has another number of pieces"):
            for m in mcids:
                hold(owner.get((page, m)) and row[m] == owner[(page, m)].reference, f"{page}, piece {m}: the parent tree says another element")
    order = []
    def walk(e):
        for o in e.order:
            walk(o) if isinstance(o, Element) else order.append((pages.index(o[0]), o[1]))
    walk(elements[0])
    hold(order == sorted(order), "the order of the structure is not that of the pages")
    level = 0
    for e in elements:
        hold(e.type in KIDS, f"{e.type} is no type of ours")
        for kid in e.kids:
            hold(kid.type in KIDS.get(e.type, ()), f"a {kid.type} in a {e.type}")
        if e.type in HEADINGS:
            hold(HEADINGS[e.type] <= level + 1 and (level or e.type == "H1"), f"{e.type} after a heading of level {level}")
            level = HEADINGS[e.type]
        if e.type == "Figure":
            hold(text_of(e.value.get("/Alt", "")), f"figure {e.reference} has no alternative text")
            box = attributes(e).get("/BBox")
            hold(len({p for p, _ in e.pieces}) > 1 or (box and box[0] < box[2] and box[1] < box[3]), f"figure {e.reference} has no box")
        if e.type == "TH":
            hold(attributes(e).get("/Scope") in ("/Column", "/Row"), f"header cell {e.reference} has no scope")
        if e.type == "Table":
            rows = [r for group in e.kids for r in group.kids if r.type == "TR"]
            hold(rows and len({len(r.kids) for r in rows}) == 1, f"table {e.reference}: rows of different length")
            hold(any(k.type == "THead" for k in e.kids), f"table {e.reference} has no head")
            hold(any(k.type == "Caption" for k in e.kids) or text_of(attributes(e).get("/Summary", "")), f"table {e.reference} is not named")
        if e.type == "Link":
            hold(len(e.links) == 1 and e.pieces, f"link {e.reference}: not one annotation and its text")
            for link in e.links:
                annotation = pdf.get(link)
                hold(text_of(annotation.get("/Contents", "")) and "/URI" in annotation["/A"], f"link {e.reference}: no contents or address")
                hold(parents.get(annotation["/StructParent"]) == e.reference, f"link {e.reference}: the parent tree says another element")
                hold(annotation["/F"] & 4, f"link {e.reference} is not printed")
    for page in pages:
        hold(pdf.get(page).get("/Tabs") == "/S", f"{page}: tabs do not follow the structure")


def catalog_hold(pdf, catalog):
    hold(catalog.get("/MarkInfo", {}).get("/Marked") is True, "not marked as tagged")
    hold(text_of(catalog.get("/Lang", "")) in ("en-GB", "cy"), "no language")
    hold(catalog.get("/ViewerPreferences", {}).get("/DisplayDocTitle") is True, "the title is not displayed")
    info = pdf.get(pdf.objects["trailer"]["value"]["/Info"])
    metadata = ElementTree.fromstring(pdf.bytes(catalog["/Metadata"]))
    spaces = {"dc": "http://purl.org/dc/elements/1.1/", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "ua": "http://www.aiim.org/pdfua/ns/id/"}
    title = metadata.find(".//dc:title/rdf:Alt/rdf:li", spaces)
    hold(title is not None and title.text == text_of(info["/Title"]) and title.text, "the metadata's title is another than the file's")
    part = metadata.find(".//ua:part", spaces)
    hold(part is not None and part.text == "1", "the metadata does not say PDF/UA-1")
    for key in ("/CreationDate", "/ModDate"):
        hold(key not in info, f"the file has a {key}")
    return text_of(info["/Title"])


def bookmarks_hold(pdf, catalog, headings):
    titles = []
    def walk(reference):
        while reference:
            item = pdf.get(reference)
            titles.append(" ".join(text_of(item["/Title"]).split()))
            walk(item.get("/First"))
            reference = item.get("/Next")
    walk(pdf.get(catalog["/Outlines"]).get("/First"))
    hold(titles == headings, "the bookmarks are not the headings")


# ---- against the page ----

class Page(html.parser.HTMLParser):
    """Headings, tables and lists of the HTML rendering."""
    def __init__(self):
        super().__init__()
        self.headings, self.tables, self.items, self.into, self.skip = [], [], [], None, 0

    def handle_starttag(self, tag, attrs):
        kind = dict(attrs).get("class", "")
        if tag in ("nav", "svg", "style", "title", "header") or (tag == "ul" and kind == "key"):
            self.skip += 1
        if self.skip:
            return
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append("")
            self.into = self.headings
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            self.tables[-1][-1].append("")
            self.into = self.tables[-1][-1]
        elif tag in ("li", "dt", "dd"):
            self.items.append("")
            self.into = self.items

    def handle_endtag(self, tag):
        if tag in ("nav", "svg", "style", "title", "header") or (tag == "ul" and self.skip):
            self.skip = max(0, self.skip - 1)
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6", "th", "td", "li", "dt", "dd"):
            self.into = None

    def handle_data(self, data):
        if self.into is not None and not self.skip:
            self.into[-1] += data


def tidy(text):
    return unicodedata.normalize("NFC", "".join(text.split()))  # where a line was broken does not matter, nor whether an accent stands apart


def page_hold(path, elements, pieces):
    page = Page()
    page.feed(open(path, encoding="utf-8").read())
    read = lambda e: tidy(e.text(pieces))
    hold([tidy(h) for h in page.headings] == [read(e) for e in elements if e.type in HEADINGS], "headings are not those of the page")
    ours = [[[read(c) for c in r.kids] for g in e.kids for r in g.kids if r.type == "TR"] for e in elements if e.type == "Table"]
    theirs = [[[tidy(c) for c in r] for r in t] for t in page.tables]
    hold(ours == theirs, f"tables are not those of the page: {[(a, b) for a, b in zip(ours, theirs) if a != b][:1]}")
    items = [read(e) for e in elements if e.type in ("LBody", "Lbl") and not (e.type == "Lbl" and read(e) == "\u2022")]
    hold(items == [tidy(i) for i in page.items], "lists are not those of the page")
    return sum(len(r) for t in ours for r in t)


# ---- the digest, reckoned from its rule ----

def digest(data):
    head = data.rindex(b"/Type/EmbeddedFile/Subtype/application#2Fjson/Length ") if b"<</Type/EmbeddedFile" in data else None
    if head is None:
        return None
    digits = data.index(b"Length ", head) + 7
    start = data.index(b"stream\n", digits) + 7
    end = start + int(data[digits:digits + 10])
    assert data[end:end + 11] == b"\nendstream\n"
    return hashlib.sha256(data[:digits] + data[digits + 10:start] + data[end:]).hexdigest()


def check(path):
    global name
    name = os.path.basename(path)
    data = open(path, "rb").read()
    checked = subprocess.run(["qpdf", "--check", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    hold(checked.returncode == 0, f"qpdf --check: {checked.stdout.decode()}")
    pdf = Pdf(path)
    catalog = pdf.get(pdf.objects["trailer"]["value"]["/Root"])
    catalog_hold(pdf, catalog)
    pages = pdf.get(catalog["/Pages"])["/Kids"]
    resources = pdf.get(pdf.get(pages[0])["/Resources"])
    fonts = {key: font_read(pdf, value) for key, value in resources["/Font"].items()}
    pieces = {}
    for number, page in enumerate(pages, 1):
        for mcid, piece in page_read(pdf, number, pdf.get(page), fonts).items():
            pieces[(page, mcid)] = piece
    for face in fonts.values():
        font_hold(face)
    root = Element(pdf, pdf.get(catalog["/StructTreeRoot"])["/K"], None)
    elements = list(root.walk())
    structure_hold(pdf, catalog["/StructTreeRoot"], elements, pieces, pages)
    bookmarks_hold(pdf, catalog, [e.text(pieces) for e in elements if e.type in HEADINGS])
    cells = page_hold(path[:-4] + ".html", elements, pieces) if os.path.exists(path[:-4] + ".html") else 0
    said = digest(data)
    if said and os.path.exists(path[:-4] + ".digest"):
        hold(said == open(path[:-4] + ".digest").read().strip(), "the digest is another by its rule")
    print(f"{name}: {len(pages)} pages, {len(elements)} elements, {len(pieces)} pieces, {cells} cells as on the page{', the digest agrees' if said else ''}")


for path in sys.argv[1:]:
    try:
        check(path)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError, struct.error, subprocess.CalledProcessError) as error:
        hold(False, f"is not made as ours are: {type(error).__name__} {error}")
print(f"{len(sys.argv) - 1} files looked at, {faults} faults")
sys.exit(1 if faults else 0)
