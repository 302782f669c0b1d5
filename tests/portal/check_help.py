#!/usr/bin/env python3
"""Help for citizens: each page is there in both languages, to everybody, with the same parts; each of its links leads to a page that is there for whoever may open it."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally

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
