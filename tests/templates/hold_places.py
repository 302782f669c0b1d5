#!/usr/bin/env python3
"""Hostile values in every place of a template, read back with Python's parser of HTML: hold_places.py HOLD_VALUES

Whatever the value, the page has the same elements with the same attributes; content and attributes contain exactly the value; an address leads to a
path of ours, to http(s) or mailto, as browsers read addresses; a value in a part of an address is found in that part again."""
import html.parser
import random
import re
import subprocess
import sys
import urllib.parse

KNOWN = ["plain", "", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='x", "</title><script>x</script>", "</textarea><b>", "<!--", "-->", "]]>", "&lt;", "&amp;lt;",
         "&#x27;", "{{x}}", "{x}", "{who.name}", "javascript:alert(1)", "JAVASCRIPT:x", "java\tscript:x", "java\nscript:x", " javascript:x", "\x01javascript:x", "&#106;avascript:x",
         "javascript&colon;x", "data:text/html;base64,PHNjcmlwdD4=", "//evil.example", "/\\evil.example", "\\/evil.example", "/\t/evil.example", "\t//evil.example", "https:evil.example", "http:/evil",
         "https://example.org/?a=b&c=d", "mailto:a@example.org", "/account?year=2025-26#top", "?page=2", "#main", "..", "../..", "%2e%2e", "%00", "%", "a%2Fb", "\u202ejavascript", "\u2028", "Łódź & Sons",
         "%s%n%d", "' OR 1=1 --", "\r\nSet-Cookie: a=b", "`${x}`", "=cmd|x", "\\u003cscript\\u003e", "x" * 100000]


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.parts, self.texts = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.parts.append((tag, attributes))
        self.texts.append("")

    def handle_endtag(self, tag):
        self.parts.append(("/" + tag, []))
        self.texts.append("")

    def handle_data(self, data):
        if self.texts:
            self.texts[-1] += data

    def handle_comment(self, data):
        self.parts.append(("a comment", []))
        self.texts.append("")

    handle_decl = handle_pi = unknown_decl = handle_comment


def leads(address, elsewhere):
    """How a browser reads an address (WHATWG URL): controls and spaces at the ends are dropped, tabs and line ends everywhere, \\ is /."""
    plain = re.sub(r"[\t\r\n]", "", address.strip("".join(map(chr, range(33))))).replace("\\", "/")
    if plain == "" or plain[0] in "?#" or (plain[0] == "/" and plain[1:2] != "/"):
        return True
    return elsewhere and re.match(r"(https?://|mailto:)", plain, re.I) is not None


def faults(value, page):
    shape = [(tag, [name for name, _ in attributes]) for tag, attributes in page.parts]
    first = faults.first = getattr(faults, "first", shape)  # the first page, of a plain value
    if shape != first:
        return ["elements or attributes differ"]
    found = []
    links = [dict(attributes) for tag, attributes in page.parts if tag == "a"]
    quoted = [dict(attributes).get("title") for tag, attributes in page.parts if tag == "p"]
    texts = dict(zip([tag for tag, _ in page.parts], page.texts))
    if page.texts[0] != value:
        found.append(f"content reads {page.texts[0][:60]!r}")
    if texts["textarea"].lstrip("\n") != value.lstrip("\n") or quoted[1] != f"a {value} b":
        found.append(f"the text area or an attribute reads otherwise: {texts['textarea'][:60]!r}, {quoted[1][:60]!r}")
    for tag, attributes in page.parts:
        for name, address in attributes:
            if name in ("href", "src", "action", "formaction") and not leads(address, elsewhere=tag not in ("link", "img")):
                found.append(f"{tag} {name} leads to {address[:60]!r}")
    part = urllib.parse.urlsplit(links[1]["href"])
    wanted = "" if value in (".", "..") else value
    if part.scheme or part.netloc or part.path != "/cy/p/" + urllib.parse.quote(wanted, safe="") or urllib.parse.unquote(part.query) != "q=" + wanted or urllib.parse.unquote(part.fragment) != wanted:
        found.append(f"a part of an address became {links[1]['href'][:80]!r}")
    return found


def random_values(count):
    pieces = ["<", ">", '"', "'", "&", "/", "\\", ":", "javascript", "//", "\t", "\n", " ", "=", "on", "%2F", "?", "#", "é", "\u202e", "{", "}", "--", "script", "a", ";", "&#", "x3c", "\x0b", "\x7f"]
    rng = random.Random(6)
    return ["".join(rng.choice(pieces) for _ in range(rng.randint(1, 12))) for _ in range(count)]


values = KNOWN + random_values(4000)
ran = subprocess.run([sys.argv[1]], input="".join(value + "\0" for value in values).encode(), stdout=subprocess.PIPE, check=True)
pages = ran.stdout.decode().split("\0")[:-1]
wrong = 0
assert len(pages) == len(values), (len(pages), len(values))
for value, page in zip(values, pages):
    for fault in faults(value, Page(page)):
        wrong += 1
        print(f"{value[:60]!r}: {fault}")
print(f"{len(values)} values, {wrong} faults")
sys.exit(1 if wrong else 0)
