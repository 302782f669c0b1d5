#!/usr/bin/env python3
"""Check a statement, without signing in: what the portal says is what `weal verify` says; a changed or strange file is said to be so; hostile files have limits; no file stays."""
import json
import os
import re
import sqlite3
import subprocess
import sys
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import WEAL, Book, Browser, Server, Tally, words

t = Tally()
book = Book(60)
keys = os.path.join(book.folder, "keys")
vkey = next(os.path.join(keys, f) for f in os.listdir(keys) if f.endswith(".vkey"))
book.weal("do", "keeper-set", "name=Borough of Wend", "portal=https://wend.example")
told = sqlite3.connect(book.url[7:]).execute("select detail from alert where kind = 'keeper'").fetchall()
t.hold("administrators are told where statements send people", told == [("Borough of Wend, https://wend.example",)], told)
person = book.living(1)[0]
folder = book.folder


def made(form):
    path = os.path.join(folder, f"s.{form}")
    with open(path, "wb") as out:
        subprocess.run([WEAL, "--store", book.url, "statement", person, "--year", "2024-25", "--format", form, "--proof", "--keys", keys], stdout=out, check=True)
    return path


temporary = os.path.join(folder, "temporary")
os.mkdir(temporary)
server = Server(book, [f"keys = {keys}"], environment={**os.environ, "TMPDIR": temporary})
public = Browser(server)


def check(data, name="statement.json", path="/check"):
    return public.upload(path, {}, name, data)


keeper = public.get("/keeper").text
REGULATOR = "https://ico.org.uk/make-a-complaint/data-protection-complaints/"
t.hold("the regulator's address is a link", f'Information Commissioner, <a class="govuk-link" href="{REGULATOR}">{REGULATOR}</a>' in keeper)
t.hold("so is where the accounts are online", '<a class="govuk-link" href="https://wend.example">https://wend.example</a>' in keeper)
t.hold("other values are as they were written", re.search(r'summary-list__value">Borough of Wend</dd>', keeper))
page = public.get("/check")
t.hold("the page is for everybody", page.status == 200 and "Check a statement" in page.text, page.status)
key = public.get("/check?format=key")
with open(vkey) as kept:
    t.hold("it gives the public key", key.text == kept.read(), key.text)
digest = subprocess.run(["sha256sum", vkey], capture_output=True, text=True, check=True).stdout.split()[0]
t.hold("and its fingerprint, which sha256sum gives too", " ".join(digest[i:i + 8] for i in range(0, 64, 8)) in page.text)

other = Book(60)
others = subprocess.run([WEAL, "--store", other.url, "statement", other.living(1)[0], "--year", "2024-25", "--format", "json", "--proof", "--keys", os.path.join(other.folder, "keys")], stdout=subprocess.PIPE, check=True).stdout
said = words(check(others).text)
t.hold("of another's seal it says so, without an option of the command line", "sealed with a key that is not one of this service" in said and "--key" not in said, said[:500])
for form in ("json", "pdf"):
    path = made(form)
    with open(path, "rb") as file:
        data = file.read()
    said = subprocess.run([WEAL, "verify", path, "--key", vkey], capture_output=True, text=True, check=True).stdout.split(": unchanged: ", 1)[1].strip()
    page = check(data, f"s.{form}")
    t.hold(f"{form}: the sentence of the command line", page.status == 200 and said in words(page.text), said, words(page.text)[:600])
    t.hold(f"{form}: who sealed it", "sealed by Borough of Wend" in words(page.text))
    t.hold(f"{form}: in Welsh", "Borough of Wend" in words(check(data, path="/cy/check").text) and "sealed" not in words(check(data, path="/cy/check").text))
    at = data.index(b"Borough of Wend")
    page = check(data[:at] + b"X" + data[at + 1:])
    t.hold(f"{form}: a changed keeper is found", page.status == 200 and "It is not a statement as it was sealed here" in words(page.text) and "sealed by" not in words(page.text), words(page.text)[:300])
    if form == "pdf":
        t.hold("the PDF says where it is checked, and the fingerprint", "https://wend.example/check" in (text := subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True).stdout) and digest[:8] in text)

# ---- without a seal: neither said to be right nor to be changed ----
for form in ("json", "pdf"):
    plain = subprocess.run([WEAL, "--store", book.url, "statement", person, "--year", "2024-25", "--format", form], capture_output=True, check=True).stdout
    said = words(check(plain, f"s.{form}").text)
    t.hold(f"{form} without a seal: said to have none", "This file has no seal" in said and "we cannot say whether it was changed" in said and "not a statement" not in said, said[:400])
t.hold("without a seal, in Welsh", "Nid oes sêl ar y ffeil hon" in words(check(plain, path="/cy/check").text))
for what, data in {"text": b"hello", "a picture": b"\x89PNG\r\n\x1a\n" + bytes(50), "another PDF": b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n"}.items():
    said = words(check(data).text)
    t.hold(f"{what}: no statement, and nothing is said to differ", "This is not a statement" in said and "differs" not in said, said[:400])
with open(made("json"), "rb") as file:
    sealed = json.load(file)
item = next(line for line in sealed["proof"]["lines"] if line["amount"])
item["amount"] += 100
said = words(check(json.dumps(sealed, separators=(",", ":"), ensure_ascii=False).encode()).text)
t.hold("an amount changed: that we cannot tell which", "One of its items was changed. We cannot tell which one." in said and "account" not in said.split("One of its items", 1)[1][:60], said[:400])

# ---- hostile files: said to be wrong, quickly, and the portal stands ----
with open(made("json"), "rb") as file:
    whole = file.read()
for what, data in {"nothing": b"", "no JSON": b"hello", "deep": b"[" * 100000, "deep objects": b'{"a":' * 50000 + b"1" + b"}" * 50000,
                   "a member twice": b'{"proof":1,"proof":2}', "cut short": whole[:-40], "packed": b"\x1f\x8b" + os.urandom(200),
                   "a bomb": b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode/Length 4000>>stream\n" + zlib.compress(b"\0" * (1 << 22)) + b"\nendstream endobj\nstartxref\n0\n%%EOF\n",
                   "two attachments": open(made("pdf"), "rb").read() * 2, "random": os.urandom(100000), "no UTF-8": b'{"proof":"\xff"}', "many values": b"[" + b"1," * 1900000 + b"1]"}.items():
    page = check(data)
    t.hold(f"{what}: said to be wrong", page.status in (200, 400, 422) and "as it was sealed here</h2>" not in page.text.replace("not a statement as it was sealed here", ""), page.status, words(page.text)[:200])
try:
    said = check(b" " * (5 << 20)).status
except (BrokenPipeError, ConnectionResetError):  # the answer came before the file had gone
    said = 413
t.hold("too large: refused", said == 413, said)
public = Browser(server)
book.weal("do", "keeper-set", "name=Wend <b>& Weir")
page = check(open(made("json"), "rb").read())
t.hold("markup in the name of who sealed it is text", "as it was sealed here</h2>" in page.text and "Wend &lt;b&gt;&amp; Weir" in page.text and "<b>&" not in page.text, words(page.text)[:400])
t.hold("from elsewhere it is refused", public.ask("POST", "/check", b"--b--\r\n", {"Origin": "https://elsewhere.example", "Content-Type": "multipart/form-data; boundary=b"}).status == 403)
t.hold("the portal stands", public.get("/check").status == 200)
spools = os.listdir(temporary)
t.hold("no file stays", len(spools) == 1 and not os.listdir(os.path.join(temporary, spools[0])), spools)
server.stop()
t.end()
