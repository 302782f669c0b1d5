#!/usr/bin/env python3
"""Reads one posting off the public account by asking before and after it: again, in other years, after a restart, from a second portal, by `weal publish`, by the clock, by the schedule, after an
erasure; and makes two editions where one is due, or half of one. The account must stay, byte for byte, until ten people have new lines and the day has come; then one edition is made, whole."""
import datetime
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "portal")]
import attack  # noqa: E402
os.environ.setdefault("WEAL_PROGRAM", attack.WEAL)
from attack import Folder, POSTGRESQL, Tried  # noqa: E402
from portal import Browser, Server, until  # noqa: E402

DAY = 86400
PLACES = "code,name,kind,parent\nT1,Testham,locality,\nN1,North,neighbourhood,T1\nN2,South,neighbourhood,T1\n"
MANY = 60
PEOPLE = "id,name,born,sex,place\n" + "".join(f"P{i},Pat {i},19{30 + i}-03-01,F,N{1 + i % 2}\n" for i in range(1, MANY + 1))
TARGET = "P1"
tried = Tried()
clock = tempfile.mkdtemp(prefix="weal-clock.")
subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", f"{clock}/clock.so", f"{HERE}/clock.c"], check=True)
WITH_CLOCK = {"LD_PRELOAD": f"{clock}/clock.so", "WEAL_CLOCK_MOVED": f"{clock}/moved"}


def move(days):
    with open(f"{clock}/moved.new", "w") as f:
        f.write(str(days * DAY))
    os.rename(f"{clock}/moved.new", f"{clock}/moved")


def to_month(ahead):
    """Days from today to the second of a later month."""
    now = time.gmtime()
    year, month = now.tm_year + (now.tm_mon - 1 + ahead) // 12, (now.tm_mon - 1 + ahead) % 12 + 1
    return (datetime.date(year, month, 2) - datetime.date(now.tm_year, now.tm_mon, now.tm_mday)).days


class Place:
    """A book, and what anybody can ask of it."""

    def __init__(self, store):
        self.f = Folder(store=store, people="id,name,born,sex\n")
        self.f.sound("import", "places", self.f.write("places.csv", PLACES), "--quiet")
        self.f.sound("import", "people", self.f.write("people.csv", PEOPLE), "--quiet")
        self.folder, self.files = self.f.path, 0
        for year in (2023, 2024, 2025):
            self.post([f"{year}-0{5 + m}-1{i % 9},P{i},{what},{100 + 37 * i}.00" for i in range(1, MANY + 1) for m, what in enumerate(("income-tax", "state-pension", "council-tax"))])

    def post(self, rows):
        self.files += 1
        self.f.sound("import", "entries", self.f.write(f"e{self.files}.csv", "date,person,category,amount\n" + "\n".join(rows) + "\n"), "--quiet")

    def weal(self, *words):
        return self.f.weal(*words, env=WITH_CLOCK)

    def portal(self):
        os.environ.update(WITH_CLOCK)
        try:
            return Server(self, url=self.f.store)
        finally:
            for name in WITH_CLOCK:
                del os.environ[name]

    def editions(self):
        return json.loads(self.f.sound("publish", "--list", "--format", "json"))["editions"]


def ask(browser, path):
    page = browser.get(path)
    end = time.monotonic() + 60
    while page.status == 202 and time.monotonic() < end:
        time.sleep(0.1)
        page = browser.get(path)
    return page


def figures(server):
    """Everything that is shown, of every place and year; without the number of the edition and its days."""
    browser, seen = Browser(server), {}
    for year in ("2023-24", "2024-25", "2025-26"):
        for place in ("T1", "N1", "N2"):
            page = ask(browser, f"/place/{place}?year={year}&format=json")
            seen[place, year] = re.sub(r'"(edition|made|next)":[^,]*,', "", page.text) if page.status == 200 else page.status
            for table in ("category", "ages", "reach", "places"):
                page = ask(browser, f"/place/{place}/table/{table}.csv?year={year}")
                seen[place, year, table] = page.text if page.status == 200 else page.status
    return seen


def differs(a, b):
    return [key for key in a if a[key] != b.get(key)]


def again(place, tried_what, before):
    server = place.portal()
    ask(Browser(server), "/place")
    time.sleep(0.6)  # an edition that is due is made meanwhile
    now = figures(server)
    tried.that(f"{tried_what}: not one byte changes", now == before, differs(before, now))
    server.stop()


def read_off(engine, store):
    """One posting, and every way to ask before and after it."""
    move(0)
    place = Place(store)
    first = place.portal()
    before = figures(first)
    tried.that(f"{engine}: the account is shown", all(isinstance(v, str) for k, v in before.items() if "2025-26" in k and k[-1] != "reach" and k[0] == "T1"), before)
    place.post([f"2025-06-01,{TARGET},state-pension,98765.43"])
    tried.that(f"{engine}: asked again", figures(first) == before)
    browser = Browser(first)
    for year in range(1990, 2026):  # fourteen other years threw a year out of memory
        ask(browser, f"/place?year={year}-{(year + 1) % 100:02}")
        ask(browser, f"/place/N1/table/category.csv?year={year}-{(year + 1) % 100:02}")
    tried.that(f"{engine}: after many other years", figures(first) == before)
    second = place.portal()
    tried.that(f"{engine}: of a second portal", figures(second) == before)
    second.stop()
    time.sleep(11)  # a portal looks every ten seconds whether an edition is due
    tried.that(f"{engine}: after a while", figures(first) == before)
    first.stop()
    again(place, f"{engine}: after a restart", before)

    out = os.path.join(place.folder, "out")
    done = [place.weal("publish", out, "--quiet") for _ in range(3)]
    tried.that(f"{engine}: weal publish three times", all(d.returncode == 0 for d in done), done[0].stderr)
    wrong = [key for key, text in before.items() if len(key) == 3 and isinstance(text, str) and open(f"{out}/{key[1]}/{key[0]}/{key[2]}.csv", encoding="utf-8", newline="").read() != text.lstrip("\ufeff")]
    tried.that(f"{engine}: its files are what the portal gives", not wrong, wrong)
    early = place.weal("publish", "--new")
    tried.that(f"{engine}: an edition made early because of one line is refused", early.returncode == 1 and "too little" in early.stderr, early.stderr)
    tried.that(f"{engine}: there is one edition", len(place.editions()) == 1, place.editions())
    with Folder(POSTGRESQL if engine == "PostgreSQL" else None) as f:
        lines = lambda year, count: "date,person,category,amount\n" + "".join(f"{year}-05-01,{'ABC'[i % 3]}{1 + i % 3},state-pension,{i + 1}.00\n" for i in range(count))
        f.sound("import", "entries", f.write("a.csv", lines(2025, 30)), "--quiet")
        f.sound("publish", "public", "--quiet")
        f.sound("import", "entries", f.write("b.csv", lines(2023, 30)), "--quiet")
        early = f.weal("publish", "--new")
        tried.that(f"{engine}: a year that was never shown is not brought in early by few lines", early.returncode == 1 and "too little" in early.stderr, early.stderr)

    for days in (-80, to_month(1), -80, to_month(1) + 5, 0):
        move(days)
        again(place, f"{engine}: the clock moved by {days} days", before)
    tried.that(f"{engine}: the clock made one edition, which shows the same", [(e["edition"], e["new"]) for e in place.editions()] == [(2, 0), (1, 3)], place.editions())
    tried.that(f"{engine}: every administrator is told of another schedule", "Every administrator" in place.f.sound("publish", "--schedule", "weekly"))
    first_out, none = os.path.join(place.folder, "first-edition"), os.path.join(place.folder, "none")
    done = [place.weal("publish", first_out, "--edition", "1"), place.weal("publish", none, "--edition", "9")]
    tried.that(f"{engine}: weal publish --edition writes that one", done[0].returncode == 0 and "Edition 1, made on" in done[0].stdout, done[0].stdout + done[0].stderr)
    tried.that(f"{engine}: one that there is not is refused, and no folder is made", done[1].returncode == 1 and not os.path.exists(none), done[1].stderr)
    move(to_month(1) + 14)
    again(place, f"{engine}: a week later, by another schedule", before)
    erased = place.f.weal("erase", TARGET, "--reason", "asked for it")
    tried.that(f"{engine}: somebody is erased", erased.returncode == 0, erased.stderr)
    again(place, f"{engine}: of somebody who was erased", before)
    move(to_month(2))
    place.post([f"2025-06-02,P{i},state-pension,5000.00" for i in range(2, 10)])
    again(place, f"{engine}: new lines of eight people more", before)

    # and it does change, once many people have new lines and the day has come
    place.post([f"2025-07-0{1 + k},P{i},state-pension,{4000 + i}.00" for i in range(2, MANY + 1) for k in range(3)])
    again(place, f"{engine}: new lines of many people, before the day", before)
    move(to_month(3))
    server = place.portal()
    until(lambda: figures(server) != before, 30)
    now = figures(server)
    changed = {key[1] for key in differs(before, now)}
    tried.that(f"{engine}: new lines of many people, when the day has come: that year's figures are new", changed == {"2025-26"}, changed)
    tried.that(f"{engine}: and the page says since when", "Made on" in ask(Browser(server), "/place").text and "Lluniwyd ar" in ask(Browser(server), "/cy/place").text)
    server.stop()
    again(place, f"{engine}: the new edition after a restart", now)


def at_once(engine, store):
    """Many programs when one edition is due; and some that are killed on the way."""
    move(0)
    place = Place(store)
    place.f.sound("publish", "--schedule", "monthly", "--quiet")
    words = [attack.WEAL, "publish", os.path.join(place.folder, "out"), "--quiet"]
    env = dict(os.environ, HOME=place.folder, WEAL_STORE=place.f.store, **WITH_CLOCK)
    for round in range(3):
        move(to_month(round))
        place.post([f"2025-08-1{round},P{i},income-tax,{200 + i}.00" for i in range(2, MANY + 1)])
        servers = [place.portal() for _ in range(2)]
        made = [subprocess.Popen([*words[:2], f"{words[2]}{n}", "--quiet"], env=env, stderr=subprocess.PIPE, text=True) for n in range(4)]
        ends = [(p.communicate()[1], p.returncode) for p in made]
        tried.that(f"{engine}: four calls and two portals at once: all are done", all(code == 0 for _, code in ends), ends)
        shown = until(lambda: len(place.editions()) == round + 1 and [figures(s) for s in servers], 30)
        tried.that(f"{engine}: and one edition was made", len(place.editions()) == round + 1, place.editions())
        tried.that(f"{engine}: which both portals show", until(lambda: (lambda a, b: a == b)(*[figures(s) for s in servers]), 30), shown and differs(*shown))
        for server in servers:
            server.stop()
    killed = whole = 0
    for round in range(3, 23):
        move(to_month(round))
        place.post([f"2025-09-1{round % 9},P{i},income-tax,{300 + i + round}.00" for i in range(2, MANY + 1)])
        count = len(place.editions())
        made = subprocess.Popen(words, env=env, stderr=subprocess.PIPE)
        time.sleep(random.uniform(0, 0.12 if engine == "SQLite" else 0.6))
        made.kill()
        made.communicate()
        now = place.editions()
        killed, whole = killed + (len(now) == count), whole + (len(now) == count + 1)
        tried.that(f"{engine}: killed on the way, an edition is whole or not there", len(now) - count in (0, 1) and all(e["years"] == 3 for e in now), now[:2])
        if len(now) == count:
            done = place.weal("publish", words[2], "--quiet")
            tried.that(f"{engine}: and the next call makes it", done.returncode == 0 and len(place.editions()) == count + 1, done.stderr)
    print(f"{engine}: killed before the edition was there {killed} times, after it {whole} times")
    audit = place.f.weal("audit")
    tried.that(f"{engine}: the book is sound", audit.returncode == 0, audit.stdout + audit.stderr)


def folders(engine, store):
    """Files that are somebody else's are left as they are."""
    move(0)
    place = Place(store)
    out, mine = os.path.join(place.folder, "out"), os.path.join(place.folder, "mine.txt")
    table = f"{out}/2025-26/T1/ages.csv"

    def write(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write("mine")

    write(mine)
    write(f"{out}/README.txt")
    refused = place.weal("publish", out)
    tried.that(f"{engine}: a file of somebody's own is refused, before anything is written", refused.returncode == 1 and "README.txt" in refused.stderr and os.listdir(out) == ["README.txt"], (refused.stderr, os.listdir(out)))
    os.remove(f"{out}/README.txt")
    os.makedirs(os.path.dirname(table))
    os.symlink(mine, table)
    refused = place.weal("publish", out)
    tried.that(f"{engine}: a link is refused", refused.returncode != 0 and os.path.islink(table), refused.stderr)
    os.remove(table)
    os.rmdir(os.path.dirname(table))
    os.symlink(place.folder, os.path.dirname(table))
    refused = place.weal("publish", out)
    tried.that(f"{engine}: a folder that is a link is refused", refused.returncode != 0 and not os.path.exists(f"{place.folder}/ages.csv"), refused.stderr)
    os.remove(os.path.dirname(table))
    place.f.sound("publish", out, "--quiet")
    others = (f"{out}/mine.txt", f"{out}/index.csv.new", f"{out}/2025-26/T1/category.csv.new", f"{out}/2019-20/T1/category.csv", f"{out}/2025-26/T1/mine.csv")
    for path in others:
        write(path)
    with open(f"{out}/.weal-publish", "a") as f:
        f.write("../mine.txt\n/etc/hostname\n2025-26/../../mine.txt\n2001-02/T1/gone.csv\n")
    write(f"{out}/2001-02/T1/gone.csv")
    os.symlink(mine, f"{table}.new")
    place.f.sound("publish", out, "--quiet")
    kept = [open(path).read() for path in (mine, *others)]
    tried.that(f"{engine}: what somebody put there stays", kept == ["mine"] * 6 and os.path.exists("/etc/hostname"), kept)
    tried.that(f"{engine}: and what an earlier edition had is gone", not os.path.exists(f"{out}/2001-02"))
    tried.that(f"{engine}: the file is the table", not os.path.islink(table) and "people" in open(table).read())


try:
    for engine, store in (("SQLite", None), ("PostgreSQL", POSTGRESQL)):
        if engine == "PostgreSQL" and not store:
            tried.skip("no PostgreSQL here (script/with-postgresql)")
            continue
        read_off(engine, store)
        at_once(engine, store)
        folders(engine, store)
finally:
    shutil.rmtree(clock)
tried.end()
