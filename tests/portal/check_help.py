#!/usr/bin/env python3
"""Help for citizens: each page is there in both languages, to everybody, with the same parts; each of its links leads to a page that is there for whoever may open it."""
import csv
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import ROOT, Book, Browser, Server, Tally

t = Tally()
book = Book(60)
server = Server(book)
public, citizen = Browser(server), Browser(server)
citizen.sign_in(book.living(1)[0])


def main(page):
    return re.search(r"<main.*?</main>", page.text, re.S).group()


def links(page):
    return re.findall(r'<a class="govuk-link" href="([^"]+)"', main(page))


def shape(page):
    return re.findall(r"<(h1|h2|p|ul|ol|li|strong)\b", main(page))


lists = {language: public.get(f"{language}/help") for language in ("", "/cy")}
t.hold("the list of help", all(page.status == 200 for page in lists.values()))
names = [link for link in links(lists[""]) if link.startswith("/help/")]
t.hold("five pages and more", len(names) >= 5, names)
t.hold("the same pages in Welsh", ["/cy" + name for name in names] == [link for link in links(lists["/cy"]) if "/help/" in link], links(lists["/cy"]))
t.hold("another name is not there", public.get("/help/no-such-page").status == 404)
for path in names:
    english, welsh = public.get(path), public.get("/cy" + path)
    t.hold(f"{path} is for everybody", english.status == 200 and welsh.status == 200, english.status, welsh.status)
    t.hold(f"{path}: the same parts in Welsh", shape(english) == shape(welsh), shape(english), shape(welsh))
    t.hold(f"{path}: other words in Welsh", not set(re.findall(r"<h[12][^>]*>([^<]+)", main(english))) & set(re.findall(r"<h[12][^>]*>([^<]+)", main(welsh))))
    t.hold(f"{path}: the same links in Welsh", ["/cy" + link for link in links(english)] == links(welsh), links(welsh))
    lost = [link for page in (english, welsh) for link in links(page) if citizen.get(link).status != 200]
    t.hold(f"{path}: each link leads to a page that is there", links(english) and not lost, lost)

# ---- where it helps ----
t.hold("every page leads to help", all('href="/help"' in public.get(path).text for path in ("/", "/place", "/sign-in", "/no-such-page")))
for path, name in {"/account": "something-wrong", "/statement": "read-a-statement", "/check": "check-a-statement", "/requests": "ask-for-something", "/copy": "get-a-copy"}.items():
    t.hold(f"{path} leads to its help", f"/help/{name}" in links(citizen.get(path)))

# ---- what stands in bold is what a page calls it: a message of the portal or a name of the policy pack, in that language ----
LITERAL = r'"(?:[^"\\]|\\.)*"'


def catalogue():
    said = {"en": set(), "cy": set()}
    for block in open(os.path.join(ROOT, "po", "cy.po"), encoding="utf-8").read().split("\n\n"):
        for word, language in ((r"msgid(?:_plural)?", "en"), (r"msgstr(?:\[\d\])?", "cy")):
            for message in re.findall(rf"^{word} ((?:{LITERAL}\s*)+)", block, re.M):
                said[language].add("".join(piece[1:-1] for piece in re.findall(LITERAL, message)).replace('\\"', '"'))
    for folder, _, files in os.walk(os.path.join(ROOT, "policy", "uk")):
        for name in files:
            if name.endswith(".csv"):
                with open(os.path.join(folder, name), encoding="utf-8", newline="") as f:
                    for row in csv.DictReader(f):
                        said["en"] |= {row[key] for key in row if key == "name" and row[key]}
                        said["cy"] |= {row[key] for key in row if key == "name_cy" and row[key]}
    return {language: {plain(text) for text in texts} for language, texts in said.items()}


def plain(text):
    """Without what a figure or a name stands for, and as in the middle of a sentence."""
    return re.sub(r"%-?[a-z]+|\{\w+\}", "", text).strip(" .").casefold()


labels = catalogue()
for language in ("en", "cy"):
    for name in names:
        page = name.rsplit("/", 1)[1]
        with open(os.path.join(ROOT, "share", "help", language, page + ".md"), encoding="utf-8") as f:
            stale = [bold for bold in re.findall(r"\*\*([^*]+)\*\*", f.read()) if plain(bold) not in labels[language]]
        t.hold(f"{language}/{page}: each label in bold is one of the portal's", not stale, stale)
t.hold("a label that no page has would be found", plain("Press here to go on") not in labels["en"] and plain("Something wrong with this?") in labels["en"])

# ---- what help says of buttons and pages is what they are called ----
reads = {"/help/get-a-copy": "/copy", "/help/ask-for-something": "/requests"}
for path, at in reads.items():
    for language in ("", "/cy"):
        there = citizen.get(language + at).text
        bold = [word for word in re.findall(r"<strong>([^<]+)</strong>", main(public.get(language + path)))]
        missing = [word for word in bold if word not in there and not word.startswith(("Waiting", "Yn aros"))]
        t.hold(f"{language}{path}: what it names is on {at}", bold and not missing, missing)
server.stop()
t.end()
