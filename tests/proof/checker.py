#!/usr/bin/env python3
"""A second verifier, from docs/explanation/proof.md, RFC 6962, RFC 8032, RFC 8785 and the C2SP pages alone: Python's standard library and nothing of ours.

    checker.py FILE [--head FILE] [--key FILE.vkey] [--consistency FILE] [--person ID] [--unchecked]

Prints the kind of file and `unchanged`, and exits 0; or prints what is wrong and exits 1. With neither a head nor a key the signer is not
checked: 1, unless --unchecked. `verify()` is the same as a function; it raises Bad."""
import argparse, base64, datetime, hashlib, re, json, sys


class Bad(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Bad(what)


# ---- Ed25519, RFC 8032 section 5.1.7 and its appendix's arithmetic ----

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def point_add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    u, v, w, z = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P, 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = v - u, z - w, z + w, v + u
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_times(n, a):
    out = (0, 1, 1, 0)
    while n:
        if n & 1:
            out = point_add(out, a)
        a = point_add(a, a)
        n >>= 1
    return out


def point_read(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    need(y < P, "a point's coordinate is not reduced")
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    need((x * x - x2) % P == 0 and not (x == 0 and sign), "no such point")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def point_equal(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


BASE = point_read((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_verify(public, message, signature):
    need(len(public) == 32 and len(signature) == 64, "a key or signature of the wrong size")
    a, r = point_read(public), point_read(signature[:32])
    need(not point_equal(point_times(8, a), (0, 1, 1, 0)), "a key of small order")
    s = int.from_bytes(signature[32:], "little")
    need(s < L, "a signature with a second form")
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return point_equal(point_times(s, BASE), point_add(r, point_times(h, a)))


# ---- JSON: read strictly, written as RFC 8785 ----

INTEGER_MAX = 2**53 - 1


def read_json(data):
    def pairs(items):
        out = dict(items)
        need(len(out) == len(items), "a member twice")
        return out

    def integer(text):
        need(text != "-0" and abs(int(text)) <= INTEGER_MAX, "a number in another form")
        return int(text)

    def refuse(text):
        raise Bad("a number in another form")
    need(b"\t" not in data, "a tab")
    try:
        text = data.decode("utf-8")
        need(not re.search(r'\\u[0-9a-fA-F]{0,3}[A-F]', re.sub(r"\\\\", "", text)), "capital hexadecimal digits in an escape")
        value = json.loads(text, object_pairs_hook=pairs, parse_int=integer, parse_float=refuse, parse_constant=refuse)
        need("\0" not in canonical(value).replace("\\\\", "").replace("\\u0000", "\0"), "a zero character")
        canonical(value).encode("utf-8")  # no lone surrogates
    except (ValueError, RecursionError) as e:
        raise Bad(f"no JSON: {e}")
    return value


def canonical(value):
    if isinstance(value, dict):
        return "{" + ",".join(canonical(k) + ":" + canonical(value[k]) for k in sorted(value, key=lambda k: k.encode("utf-16-be", "surrogatepass"))) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, str):  # json.dumps escapes as section 3.2.2.2 has it, but for U+007F, which needs none
        return json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def unbase64(text, size=None):
    need(isinstance(text, str), "base 64 that is no text")
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        raise Bad("no base 64")
    need(base64.b64encode(data).decode() == text and size in (None, len(data)), "base 64 that is not canonical, or of the wrong size")
    return data


def whole(value, least=None):
    need(isinstance(value, int) and not isinstance(value, bool) and (least is None or value >= least), "no whole number where one must be")
    return value


def members(value, required, optional=()):
    need(isinstance(value, dict), "no object where one must be")
    need(set(required) <= set(value) <= set(required) | set(optional), "a member missing or unknown: " + " ".join(sorted(set(value) ^ set(required))))
    return value


# ---- trees: RFC 6962 section 2.1, verifiers of RFC 9162 section 2.1.3.2 and 2.1.4.2 ----

def sha(data):
    return hashlib.sha256(data).digest()


def leaf_hash(data):
    return sha(b"\0" + data)


def node(left, right):
    return sha(b"\1" + left + right)


def root_of(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node(root_of(leaves[:k]), root_of(leaves[k:]))


def inclusion(index, size, leaf, path):
    need(0 <= index < size, "an index outside its tree")
    fn, sn, r = index, size - 1, leaf
    for p in path:
        need(sn, "a path too long")
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0, "a path too short")
    return r


def consistent(older, newer, path):
    (size1, root1), (size2, root2) = older, newer
    need(0 < size1 <= size2, "sizes in the wrong order")
    if size1 == size2:
        return not path and root1 == root2
    path = list(path)
    if size1 & (size1 - 1) == 0:
        path.insert(0, root1)
    need(path, "an empty proof")
    fn, sn = size1 - 1, size2 - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        need(sn, "a proof too long")
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return fr == root1 and sr == root2 and sn == 0


def rows_of(value):
    need(isinstance(value, list), "no array where one must be")
    return value


def path_of(value):
    need(isinstance(value, list) and len(value) <= 41, "no path, or one too long")
    return [unbase64(h, 32) for h in value]


# ---- signed notes and checkpoints: C2SP ----

class Key:
    def __init__(self, vkey):
        found = re.fullmatch(r"([^+\s\0-\x1f]{1,255})\+([0-9a-f]{8})\+(.*)", vkey)
        need(found, "no vkey")
        self.name, data = found[1], unbase64(found[3], 33)
        need(data[0] == 1, "a key of another kind")
        self.id, self.public = sha(self.name.encode() + b"\n" + data)[:4], data[1:]
        need(self.id.hex() == found[2], "a key id that is not the key's")
        need(not point_equal(point_times(8, point_read(self.public)), (0, 1, 1, 0)), "a key of small order")

    def __eq__(self, other):
        return (self.name, self.public) == (other.name, other.public)


class Head:
    """A checkpoint; signed by one of `keys`, and by no known key wrongly, unless keys is None."""
    def __init__(self, text, keys):
        need(isinstance(text, str) and not re.search(r"[\0-\x09\x0b-\x1f]", text), "a head with control characters")
        body, blank, signatures = text.rpartition("\n\n")
        need(blank and signatures.endswith("\n"), "no signed note")
        body += "\n"
        signed = False
        for line in signatures[:-1].split("\n"):
            found = re.fullmatch("\u2014 ([^ +]+) (\\S+)", line)
            need(found, "a signature line of another form")
            data = unbase64(found[2])
            for key in keys or ():
                if key.name == found[1] and key.id == data[:4]:
                    need(ed25519_verify(key.public, body.encode(), data[4:]), "a head's signature")
                    signed = True
                    need(body.split("\n")[0] == key.name, "a head of another origin than its signer")
        need(signed or keys is None, "a head that no known key signed")
        lines = body.split("\n")
        need(len(lines) >= 4 and lines[0] and re.fullmatch("0|[1-9][0-9]*", lines[1]), "no checkpoint")
        self.origin, self.size, self.root = lines[0], int(lines[1]), unbase64(lines[2], 32)
        self.tree = self.size, self.root


def check_consistency(value, keys=None):
    members(value, ["old", "new", "proof"])
    old, new = Head(value["old"], keys), Head(value["new"], keys)
    need(old.origin == new.origin, "heads of two logs")
    need(consistent(old.tree, new.tree, path_of(value["proof"])), "the old head is not the beginning of the new")
    return old, new


# ---- our own formats: docs/explanation/proof.md ----

TEXTS = ["unit", "category", "quantity", "service", "body", "place", "reference", "note", "cost_year"]
LABELS = ["department", "stream", "condition"]  # with one of them a leaf has its own version
EPOCH = datetime.date(1970, 1, 1)


def day_of(text):
    need(isinstance(text, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", text), "no day")
    try:
        return (datetime.date.fromisoformat(text) - EPOCH).days
    except ValueError:
        raise Bad("no day")


def year_of(text):
    found = re.fullmatch(r"(\d{4})-(\d\d)", text) if isinstance(text, str) else None
    need(found and (int(found[1]) + 1) % 100 == int(found[2]), "no year")
    first = int(found[1])
    return (datetime.date(first, 4, 6) - EPOCH).days, (datetime.date(first + 1, 4, 5) - EPOCH).days


def u(value, size):
    return value.to_bytes(size, "big", signed=value < 0)


def text16(text):
    data = text.encode()
    need(len(data) < 65536, "a text too long")
    return u(len(data), 2) + data


def line_check(line, proven):
    members(line, ["entry", "n", "account", "day", "amount", "unit"] + (["salt"] if proven else []), TEXTS[1:] + ["estimated", "reverses_entry", "reverses_n"] + LABELS)
    for key in ("entry", "n", "account", "reverses_entry", "reverses_n"):
        need(key not in line or whole(line[key], 1) < (2**31 if key in ("n", "reverses_n") else 2**53), "a number out of bounds")
    whole(line["amount"])
    need(line.get("estimated", True) is True, "estimated that is not true")
    for key in TEXTS + LABELS:
        need(key not in line or (isinstance(line[key], str) and 0 < len(line[key].encode()) < 65536), "an empty text, no text, or one too long")
    if "quantity" in line:
        need(re.fullmatch(r"(?!-0$)-?(0|[1-9][0-9]*)(\.[0-9]{0,2}[1-9])?", line["quantity"]) and len(line["quantity"]) < 22, "a quantity in another form")


def line_leaf(line):
    labelled = any(key in line for key in LABELS)
    out = (b"\3" if labelled else b"\1") + unbase64(line["salt"], 16) + u(line["entry"], 8) + u(line["n"], 4) + u(line["account"], 8) + u(day_of(line["day"]), 4) + u(line["amount"], 8)
    out += b"".join(text16(line.get(key, "")) for key in TEXTS)
    out += bytes([line.get("estimated", False)]) + u(line.get("reverses_entry", 0), 8) + u(line.get("reverses_n", 0), 4)
    return out + b"".join(text16(line.get(key, "")) for key in LABELS if labelled)


def record_read(data):
    text = data.decode("utf-8")
    lines = text.split("\n")
    need(lines.pop() == "" and len(lines) >= 9 and lines[0] == "weal entry 1", "no record")
    out = dict(zip(["seq", "id", "day", "recorded", "kind", "digest", "lines", "root"], lines[1:9]))
    need(len(lines) == (12 if out["kind"] == "closing" else 9), "a record of the wrong length")
    if out["kind"] == "closing":
        out.update(zip(["year", "to", "size"], lines[9:]))
        day_of(out["recorded"][:10])
    for key in ("seq", "id", "lines", "size"):
        if key in out:
            need(re.fullmatch("0|[1-9][0-9]*", out[key]), "no count in a record")
            out[key] = int(out[key])
    need(re.fullmatch("[0-9a-f]{64}", out["root"]), "no root in a record")
    out["root"] = bytes.fromhex(out["root"])
    return out


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, size):
        need(self.at + size <= len(self.data), "a leaf too short")
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, size, signed=False):
        return int.from_bytes(self.take(size), "big", signed=signed)

    def text(self):
        return self.take(self.number(2)).decode("utf-8")


# ---- a statement's sums ----

def thousandths(text):
    need(isinstance(text, str) and re.fullmatch(r"-?\d+(\.\d{1,3})?", text), "a quantity in another form")
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text)
    units, _, part = text.partition(".")
    return sign * (int(units) * 1000 + int(part.ljust(3, "0") or 0))


def half_up(numerator, denominator):
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def figure(value):
    """A figure that is too large to be shown is null."""
    return None if value is None else whole(value)


def stands(said, made, size):
    """`said`: a figure, or one for each row of the same category. One null means that the rest is too large to be shown; several nulls, that the
    lines are large enough for so many (`size`: without their signs)."""
    said = said if isinstance(said, list) else [said]
    lost, rest = said.count(None), made - sum(n for n in said if n is not None)
    return rest == 0 if not lost else abs(rest) > INTEGER_MAX if lost == 1 else size > lost * INTEGER_MAX


def cancelled(lines):
    """A reversal and its line, both among the lines, cancel each other; the latest first, so that after a reversal of a reversal the first line counts again."""
    by_number, out = {(l["entry"], l["n"]): l for l in lines}, set()
    for number in sorted(by_number, reverse=True):
        line = by_number[number]
        undone = line.get("reverses_entry"), line.get("reverses_n")
        if line.get("reverses_entry") and number not in out and undone in by_number and undone not in out:
            out |= {number, undone}
    return out


def check_sums(s, lines):
    sections = {"paid": (s["paid"], -1), "employer": (s["employer"], -1), "cash": (s["received"]["cash"], 1), "services": (s["received"]["services"], 1), "given": (s["given"], -1)}
    said, where = {}, {}
    for name, (section, _) in sections.items():
        value = 0
        for row in rows_of(section["lines"]):
            code, given = row["category"], name == "given"
            need(isinstance(code, str) and (code not in said or (where[code] == name == "services")), "a category twice")
            amount, entries, quantity, estimated, counted = said.get(code, ([], 0, [], False, False))
            where[code] = name
            if row.get("quantity") is not None:
                quantity, counted = quantity + [thousandths(row["quantity"])], True
            elif "quantity" in row and isinstance(row.get("unit"), str):
                quantity, counted = quantity + [None], True
            said[code] = (amount + [figure(row["minutes" if given else "amount"])], entries + whole(row["entries"]), quantity, estimated or (not given and row.get("estimated") is True), counted)
            if given:
                rate = row.get("rate")
                made = 0 if not isinstance(rate, int) else 2**104 if row["minutes"] is None else half_up(row["minutes"] * rate, 60)
                need(stands(figure(row["value"]), made, 0), "a value that is not minutes at their rate")
                value += made
        need(name != "given" or stands(figure(section["value"]), value, 0), "the value of the time given")
    not_counted = rows_of(s.get("not_counted", []))
    keys = [("account", row["account"]) if "account" in row else ("category", row["category"]) for row in not_counted]
    need(len(set(keys)) == len(keys) and all(whole(k[1], 1) if k[0] == "account" else isinstance(k[1], str) for k in keys), "not_counted names something twice, or nothing")
    held = {}
    for row in rows_of(s.get("holdings", [])):
        need(isinstance(row["unit"], str) and row["unit"] not in ("pence", "minutes") and row["unit"] not in held and 0 <= whole(row["scale"]) <= 6, "a holding of no unit, or twice")
        held[row["unit"]] = [figure(row["opening"]), 0, figure(row["closing"])]
    aside = {("account", row["account"]) if "account" in row else ("category", row["category"]): whole(row["entries"]) for row in not_counted}
    gone = cancelled([l for l in lines if ("account", l["account"]) not in aside])
    made, totals, sizes = {}, dict.fromkeys(sections, 0), dict.fromkeys(sections, 0)
    for line in lines:
        key = next((k for k in (("account", line["account"]), ("category", line.get("category", ""))) if k in aside), None)
        if key:
            aside[key] -= 1
            continue
        if line["unit"] not in ("pence", "minutes"):
            need(line["unit"] in held, "a line in a unit of which nothing is held")
            held[line["unit"]][1] += line["amount"]
            continue
        code, off = line.get("category", ""), (line["entry"], line["n"]) in gone
        if off and code not in said:
            continue
        need(code in said, f"a category that the statement shows nowhere: {code}")
        name = where[code]
        need(line["unit"] == ("minutes" if name == "given" else "pence"), "a line in another unit than its section")
        amount = sections[name][1] * line["amount"]
        totals[name] += amount
        sizes[name] += abs(amount)
        a, e, q, est, c = made.get(code, ([], 0, [], False, False))
        a = a + [amount] if name == "given" or not off else a
        if not off:
            e, est = e + 1, est or (name != "given" and line.get("estimated", False))
            if "quantity" in line and "service" in line:
                q, c = q + [thousandths(line["quantity"])], True
        made[code] = (a, e, q, est, c)
    need(not any(aside.values()), "not_counted")
    for opening, more, closing in held.values():  # where both figures are null there is nothing to compare
        well = stands(closing, opening + more, 0) if opening is not None else closing is None or abs(closing - more) > INTEGER_MAX
        need(well, "holdings that are not what was held before and its lines")
    for code in said:
        ours, theirs = made.get(code, ([], 0, [], False, False)), said[code]
        differs = f"{code}: the statement says {theirs}, its lines make {ours}"
        need(ours[1] == theirs[1] and ours[3] == theirs[3] and stands(theirs[0], sum(ours[0]), sum(map(abs, ours[0]))), differs)
        need(where[code] != "services" or (ours[4] == theirs[4] and stands(theirs[2], sum(ours[2]), sum(map(abs, ours[2])))), differs)
    for name, (section, _) in sections.items():
        need(stands(figure(section["minutes" if name == "given" else "total"]), totals[name], sizes[name]), f"the total of {name}")
    need(stands(figure(s["received"]["total"]), totals["cash"] + totals["services"], 0), "the total received")


# ---- the whole ----

def check_closing(closing, record, lines, person):
    members(closing, ["leaf", "index", "size", "path"])
    data = unbase64(closing["leaf"])
    need(closing["size"] == record["lines"], "another number of people")
    need(inclusion(whole(closing["index"]), whole(closing["size"]), leaf_hash(data), path_of(closing["path"])) == record["root"], "a leaf that is not in the closing")
    r = Reader(data)
    need(r.number(1) == 2, "a leaf of another kind")
    r.take(16)
    who, year, to = r.text(), r.text(), r.number(4, signed=True)
    need(person in (None, who), "a leaf of another person")
    need(year == record["year"] and to == day_of(record["to"]), "a leaf of another year or day")
    last = 0
    for _ in range(r.number(2)):
        account, count, root = r.number(8), r.number(8), r.take(32)
        need(account > last, "accounts out of order")
        last = account
        mine = []
        while lines and lines[0]["account"] == account:
            mine.append(lines.pop(0))
        need(len(mine) == count, f"account {account} has {count} lines, not {len(mine)}")
        order = [(day_of(l["day"]), l["entry"], l["n"]) for l in mine]
        need(all(a < b for a, b in zip(order, order[1:])), "lines twice or in the wrong order")
        first = year_of(year)[0]
        need(all(first <= day <= to for day, _, _ in order), "a line outside the days of the closing")
        need(root_of([leaf_hash(line_leaf(l)) for l in mine]) == root, "lines that do not make their root")
    need(r.at == len(data), "a leaf too long")


def take_apart(data):
    """A PDF of ours, read as strictly as docs/reference/pdf.md says: the attached JSON, and the SHA-256 of all around it. The place of the
    attachment follows from the file's end alone, so no two files have the same bytes inside and outside it."""
    end = re.search(rb"startxref\n(0|[1-9]\d{0,9})\n%%EOF\n\Z", data)
    need(data.startswith(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n") and end, "no PDF of ours, or bytes behind its end")
    at = int(end[1])
    pages = data[:at]
    need(at < end.start() and b"\n%%EOF" not in pages and b"\nstartxref" not in pages, "a PDF that ends more than once")
    need(b"<</Type/EmbeddedFile" not in pages, "a second attachment")
    top = re.compile(rb"(\d+) 0 obj\n<</Type/XRef/Length (\d{10})/Size (\d+)/W\[1 4 3\]/Root \d+ 0 R/Info \d+ 0 R/ID\[<([0-9a-f]{64})><([0-9a-f]{64})>\]>>\nstream\n").match(data, at, end.start())
    need(top and top[4] == top[5] == hashlib.sha256(pages).hexdigest().encode(), "references in another form, or pages with another digest than their own")
    size, foot = int(top[3]), b"\nendstream\nendobj\n"
    need(int(top[2]) == 8 * size < end.start() - top.end() and int(top[1]) == size - 1, "references of another length")
    rows, begin = data[top.end():top.end() + 8 * size], top.end() + 8 * size + len(foot)
    need(data[begin - len(foot):begin] == foot, "references that do not end")
    need(begin < end.start(), "no PDF that carries a statement")
    inner = re.compile(rb"(\d+) 0 obj\n<</Type/EmbeddedFile/Subtype/application#2Fjson/Length (\d{10})>>\nstream\n").match(data, begin, end.start())
    need(inner and int(inner[1]) == size - 2, "something else than an attachment")
    until = inner.end() + int(inner[2])
    need(data[until:end.start()] == foot, "an attachment of another length")
    for i in range(size):
        kind, place, third = rows[8 * i], int.from_bytes(rows[8 * i + 1:8 * i + 5], "big"), int.from_bytes(rows[8 * i + 5:8 * i + 8], "big")
        if i >= size - 2:
            need((kind, place, third) == (1, begin if i == size - 2 else at, 0), "references that point elsewhere")
        else:
            need(kind == 2 if i and kind != 1 else kind == 1 and i and place < at and not third or kind == i == 0, "references that point elsewhere")
    return data[inner.end():until], hashlib.sha256(data[:inner.start(2)] + data[inner.end(2):inner.end()] + data[until:]).hexdigest()


def written(value):
    """JSON as the program writes it: no spaces, control characters and U+007F as \\u00xx."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub(r'\\(["\\])|\\([bfnrt])', lambda m: m[0] if m[1] else "\\u%04x" % ord(json.loads(f'"{m[0]}"')), text).replace("\x7f", "\\u007f").encode()


def verify(data, head=None, keys=None, consistency=None, person=None):
    """`head`, `consistency`: text and bytes; `keys`: a list of Key."""
    if data.startswith(b"%PDF-"):
        data, digest = take_apart(data)
        root = read_json(data)
        need(isinstance(root, dict) and not {"old", "new", "line"} & set(root), "a PDF that carries something else than a statement")
        need(isinstance(root.get("proof"), dict) and root["proof"].get("pdf") == digest, "pages that the statement in them was not sealed with")
        need(written(root) == data, "a statement in a PDF that is not written as the program writes it")
    else:
        root = read_json(data)
    need(isinstance(root, dict), "no object")
    if "old" in root or "new" in root:
        old, new = check_consistency(root, keys)
        if head is not None:
            given = Head(head, None)
            need(given.origin == new.origin and given.tree in (old.tree, new.tree), "a head that is in the file nowhere")
        need(person is None, "nobody's file")
        return "consistency"
    try:
        return verify_proof(root, head, keys, consistency, person)
    except (KeyError, TypeError, AttributeError, UnicodeError, OverflowError) as e:
        raise Bad(f"of the wrong form: {e!r}")


def verify_proof(root, head, keys, consistency, person):
    single = "line" in root
    own = ["path"] if single else ["closings", "lines", "unproved"]
    proof = members(root["proof"], ["head", "vkey", "record", "record_index", "record_path", "seal"] + own, [] if single else ["pdf"])
    key = Key(proof["vkey"])
    need(not keys or key in keys, "a key that is not known")
    ours = Head(proof["head"], [key])
    if head is not None:
        given = Head(head, keys or [key])
        need(given.origin == ours.origin, "a head of another log")
        if given.tree != ours.tree:
            need(given.size != ours.size and consistency is not None, "another head")
            pair = check_consistency(read_json(consistency))
            need(sorted(h.tree for h in pair) == sorted([given.tree, ours.tree]) and pair[1].origin == given.origin, "a consistency file between others")
    data = unbase64(proof["record"])
    need(inclusion(whole(proof["record_index"]), ours.size, leaf_hash(data), path_of(proof["record_path"])) == ours.root, "a record that is not in the log")
    record = record_read(data)
    need(record["seq"] == proof["record_index"] + 1, "a record at another place")
    if single:
        members(root, ["line", "proof"])
        need(person is None, "a line names nobody")
        line = root["line"]
        line_check(line, True)
        need(record["kind"] != "closing" and record["id"] == line["entry"], "a record of another entry")
        need(inclusion(line["n"] - 1, record["lines"], leaf_hash(line_leaf(line)), path_of(proof["path"])) == record["root"], "a line that is not in its entry")
    else:
        need(record["kind"] == "closing", "a record of another kind")
        who = root["person"]["id"]
        need(person in (None, who), "another person")
        first, last = year_of(root["year"])
        need(first <= day_of(record["to"]) <= last, "a closing that ends outside its year")
        need(root["year"] == record["year"] and day_of(root["from"]) == first and day_of(root["to"]) == last, "another year")
        for line in rows_of(proof["lines"]):
            line_check(line, True)
        rest = list(proof["lines"])
        indexes = [whole(c["index"]) for c in rows_of(proof["closings"])]
        need(indexes and len(set(indexes)) == len(indexes), "no closing, or one twice")
        for i, closing in enumerate(proof["closings"]):
            check_closing(closing, record, rest, who if i == 0 else None)
        need(not rest, "lines of nobody's account")
        for line in rows_of(proof["unproved"]):
            line_check(line, False)
            need(first <= day_of(line["day"]) <= last, "a line outside the year")
        lines = proof["lines"] + proof["unproved"]
        need(len({(l["entry"], l["n"]) for l in lines}) == len(lines), "a line twice")
        check_sums(root, lines)
    seal = unbase64(proof["seal"], 64)
    bare = dict(root, proof={k: v for k, v in proof.items() if k != "seal"})
    need(ed25519_verify(key.public, canonical(bare).encode(), seal), "a seal over something else")
    return "line" if single else "statement"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file")
    for name in ("head", "key", "consistency", "person"):
        arguments.add_argument("--" + name)
    arguments.add_argument("--unchecked", action="store_true")
    a = arguments.parse_args()
    try:
        kind = verify(open(a.file, "rb").read(), a.head and open(a.head, encoding="utf-8", newline="").read(), a.key and [Key(line) for line in open(a.key).read().split()],
               a.consistency and open(a.consistency, "rb").read(), a.person)
    except Bad as e:
        print(e)
        return 1
    if not (a.head or a.key):
        print("signer not checked")
    if a.head or a.key or a.unchecked:
        print(f"unchanged: a {kind}")
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
