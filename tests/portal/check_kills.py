#!/usr/bin/env python3
"""The server is killed while forms are sent, its store is moved away and back, it is told to stop in the middle: everything that was acknowledged
(its 303 was read) is in the book, the audit finds nothing, nothing is half done, and it starts again at once. On each engine.

    tests/portal/check_kills.py                        all of it
    tests/portal/check_kills.py --kills 100            the long form (script/soak)
    tests/portal/check_kills.py kill away              only what begins with this; --engine sqlite"""
import argparse
import os
import random
import re
import socket
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Tally, until
from town import CITIZENS, Load, Serving, Skip, Town, everybody, kept, lost

arguments = argparse.ArgumentParser()
arguments.add_argument("names", nargs="*")
arguments.add_argument("--kills", type=int, default=5)
arguments.add_argument("--engine", choices=["sqlite", "postgresql"])
given = arguments.parse_args()
t = Tally()
skipped = 0
AT_ONCE_S = 10  # a start that waits only for its turn on a busy machine
ACKNOWLEDGED_LEAST = 8
DOORS_CASES, DAYS = 24, 8


def under_way(load):
    """Waits until forms are being acknowledged, so that the next event happens in the middle of them."""
    return until(lambda: len(load.acknowledged) >= ACKNOWLEDGED_LEAST)


def hold_kept(what, town, loads):
    acknowledged = [a for load in loads for a in load.acknowledged]
    gone = lost(town, acknowledged)
    t.hold(f"{what}: no acknowledged write is lost", not gone, len(gone), "of", len(acknowledged), gone[:5])
    t.hold(f"{what}: something was acknowledged", len(acknowledged) > 0, loads[-1].statuses, loads[-1].odd[:3])
    odd = [o for load in loads for o in load.odd]
    t.hold(f"{what}: nothing odd was answered", not odd, odd[:3])
    town.weal("audit")
    return len(acknowledged)


def kills(town):
    serving = Serving(town)
    browsers, loads, slowest = everybody(serving), [], 0
    for number in range(given.kills):
        loads.append(Load(serving, f"k{number}", browsers))
        under_way(loads[-1])
        time.sleep(random.uniform(0, 0.7))
        serving.kill()
        loads[-1].end()
        slowest = max(slowest, serving.start())
        if number % 10 == 0 or number == given.kills - 1:
            hold_kept(f"kill {number + 1} [{town.engine}]", town, loads)
        else:
            t.hold(f"kill {number + 1} [{town.engine}]: no acknowledged write is lost", not lost(town, loads[-1].acknowledged))
    t.hold(f"[{town.engine}] it starts again at once", slowest < AT_ONCE_S, f"{slowest:.2f} s")
    t.hold(f"[{town.engine}] sessions outlive it", browsers[-1][0].get("/account").status == 200)
    t.hold(f"[{town.engine}] stops", serving.stop() == 0)
    print(f"[{town.engine}] {given.kills} kills, {sum(len(load.acknowledged) for load in loads)} acknowledged writes, all kept; up again after {slowest:.2f} s at most", flush=True)


def stops(town):
    """SIGTERM under load: requests under way are finished, and nobody is cut off in the middle."""
    serving, loads = Serving(town), []
    browsers, slowest = everybody(serving), 0
    for number in range(3):
        loads.append(Load(serving, f"s{number}", browsers))
        under_way(loads[-1])
        time.sleep(0.3)
        began = time.monotonic()
        status = serving.stop()
        slowest = max(slowest, time.monotonic() - began)
        t.hold(f"stop {number + 1} [{town.engine}]: in order", status == 0, status, serving.lines()[-500:])
        loads[-1].end()
        serving.start()
    hold_kept(f"stops [{town.engine}]", town, loads)
    t.hold(f"stops [{town.engine}]: soon", slowest < AT_ONCE_S, f"{slowest:.1f} s")
    # every form that was applied was acknowledged: none was cut off between the two
    acknowledged = {a for load in loads for a in load.acknowledged}
    for kind, names in kept(town).items():
        silent = [name for name in names if re.fullmatch("s.*-.*", name or "") and (kind, name) not in acknowledged]
        t.hold(f"stops [{town.engine}]: none was done and not answered ({kind})", not silent, silent[:5])
    t.hold(f"[{town.engine}] stops at last", serving.stop() == 0)


def begun(town):
    """SIGTERM while pages are requested, each on a connection of its own or in two pieces: every client that could connect is answered."""
    cut, answered, refused = [], [0], [0]

    def visit(serving, number, state):
        request = b"GET /sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        while not state["over"]:
            got, connected = b"", False
            try:
                with socket.create_connection(("127.0.0.1", serving.port), timeout=20) as s:
                    connected = True
                    s.sendall(request[:30])
                    if number % 2:
                        time.sleep(0.02)
                    s.sendall(request[30:])
                    while piece := s.recv(65536):
                        got += piece
            except OSError as e:
                if not connected:
                    refused[0] += 1
                    time.sleep(0.01)
                    continue
                got = got or repr(e).encode()
            if got.startswith(b"HTTP/1.1 200") and got.rstrip().endswith(b"</html>"):
                answered[0] += 1
            elif not got.startswith(b"HTTP/1.1 503"):
                cut.append((number, got[:60]))

    serving = Serving(town)
    for _ in range(3):
        state = {"over": False}
        visitors = [threading.Thread(target=visit, args=(serving, number, state), daemon=True) for number in range(24)]
        for visitor in visitors:
            visitor.start()
        before = answered[0], refused[0]
        until(lambda: answered[0] > before[0] + 50)
        t.hold(f"begun [{town.engine}]: stops in order", serving.stop() == 0)
        until(lambda: refused[0] > before[1])
        state["over"] = True
        for visitor in visitors:
            visitor.join(30)
        serving.start()
    t.hold(f"begun [{town.engine}]: nobody who could connect is cut off", not cut and answered[0] > 100 and refused[0] > 0, len(cut), "of", answered[0], cut[:4], refused[0])
    t.hold(f"begun [{town.engine}]: stops at last", serving.stop() == 0)


def away(town):
    """The store disappears and comes back under load: pages say so meanwhile, with a time to try again; then everything works as before."""
    serving, loads = Serving(town), []
    browsers = everybody(serving)
    for number in range(2):
        loads.append(Load(serving, f"a{number}", browsers))
        under_way(loads[-1])
        if town.engine == "sqlite":
            os.rename(town.path, town.path + ".away")
        else:
            town.private.stop()
        until(lambda: browsers[-1][0].get("/account").status == 503 and loads[-1].statuses.get(503))
        r = browsers[-1][0].get("/account")
        t.hold(f"away [{town.engine}]: a page says so, and when to try again", r.status == 503 and r["Retry-After"] == "5" and "<h1" in r.text, r.status)
        t.hold(f"away [{town.engine}]: what needs no store is there", browsers[-1][0].get("/").status == 200)
        time.sleep(1.2)
        if town.engine == "sqlite":
            os.rename(town.path + ".away", town.path)
        else:
            town.private.start()
        back = time.monotonic()
        until(lambda: browsers[-1][0].get("/account").status == 200)
        took = time.monotonic() - back
        t.hold(f"away [{town.engine}]: well again", took < 10, f"{took:.1f} s")
        before = len(loads[-1].acknowledged)
        t.hold(f"away [{town.engine}]: and writes again", until(lambda: len(loads[-1].acknowledged) > before + ACKNOWLEDGED_LEAST), before)
        loads[-1].end()
        t.hold(f"away [{town.engine}]: some were told to come again, each with a time", loads[-1].statuses.get(503, 0) > 0 and set(loads[-1].retry_after) <= {"5"}, loads[-1].statuses)
    hold_kept(f"away [{town.engine}]", town, loads)
    t.hold(f"[{town.engine}] stops after it", serving.stop() == 0)
    print(f"[{town.engine}] store away twice: {loads[0].statuses} {loads[1].statuses}", flush=True)


def two(town):
    """Two servers of one store, and one of them killed."""
    first, second = Serving(town), Serving(town)
    browsers = everybody(first)
    loads = [Load(first, "t1", browsers[:6]), Load(second, "t2", browsers[6:])]
    for load in loads:
        under_way(load)
    time.sleep(0.5)
    first.kill()
    loads[0].end()
    at = len(loads[1].acknowledged)
    t.hold(f"two [{town.engine}]: the other goes on", until(lambda: len(loads[1].acknowledged) > at + ACKNOWLEDGED_LEAST), at, loads[1].statuses)
    loads[1].end()
    hold_kept(f"two [{town.engine}]", town, loads)
    t.hold(f"two [{town.engine}]: the other stops", second.stop() == 0)


def doors(town):
    """Time is confirmed at two doors at once, and one of the two servers is killed meanwhile: each is posted once and acknowledged once, or it waits still."""
    first, second = Serving(town), Serving(town)
    giver, confirmer = list(CITIZENS)[:2]
    browser = second.sign_in(giver)
    for number in range(1, DOORS_CASES + 1):
        r = browser.send("/time", {"category": "volunteering", "date": f"2026-10-{number:02d}", "minutes": str(number), "confirmer": f"P{confirmer}", "note": "two doors"})
        t.hold(f"doors [{town.engine}]: entered", r.status == 303, r.status)
    cases = [int(n) for n in town.ask("select c.id from case_file c join party p on p.id = c.to_person where p.code = 'P%d' and c.waits = 1" % confirmer)]
    taken, answered = [], []

    def answer(door):
        for case in cases:
            try:
                r = door.post(f"/requests/{case}", {"token": door.token(), "move": "confirm"})
            except Exception:  # killed
                return
            answered.append(r.status)
            if r.status == 303:
                taken.append(case)

    threads = [threading.Thread(target=answer, args=(server.sign_in(confirmer),)) for server in (first, second)]
    for thread in threads:
        thread.start()
    until(lambda: len(answered) > DOORS_CASES // 2)
    first.kill()
    for thread in threads:
        thread.join(60)
    done = {int(n) for n in town.ask("select id from case_file where kind = 'time-given' and state = 'done'")} & set(cases)
    posted = [int(r.removeprefix("given-")) for r in town.ask("select reference from line where reference like 'given-%'")]
    t.hold(f"doors [{town.engine}]: what was acknowledged is done, once", len(taken) == len(set(taken)) and set(taken) <= done, sorted(taken), sorted(done))
    t.hold(f"doors [{town.engine}]: each that is done has its line, and no other", sorted(n for n in posted if n in cases) == sorted(done), sorted(posted), sorted(done))
    t.hold(f"doors [{town.engine}]: the other door answered all", done == set(cases) or len(done) >= len(cases) - 1, len(done), len(cases))
    t.hold(f"doors [{town.engine}]: nobody saw a fault", not [status for status in answered if status not in (303, 422, 503)], answered)
    town.weal("audit")
    t.hold(f"doors [{town.engine}]: stops", second.stop() == 0)


def days(town):
    """Two halves of a day that a line from elsewhere has made too long wait; both are confirmed at once at two doors: one is posted, the other is refused and waits."""
    first, second = Serving(town), Serving(town)
    giver, confirmer = list(CITIZENS)[2:4]
    browser = second.sign_in(giver)
    dates = [f"2026-09-{number:02d}" for number in range(1, DAYS + 1)]
    for date in dates:
        for _ in range(2):
            r = browser.send("/time", {"category": "volunteering", "date": date, "minutes": "720", "confirmer": f"P{confirmer}", "note": "half a day"})
            t.hold(f"days [{town.engine}]: entered", r.status == 303, r.status)
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as f:
        f.write("date,person,category,quantity,unit\n" + "".join(f"{date},P{giver},volunteering,1,minutes\n" for date in dates))
        f.flush()
        town.weal("import", "entries", f.name)
    cases = [int(n) for n in town.ask("select c.id from case_file c join party p on p.id = c.to_person where p.code = 'P%d' and c.waits = 1 order by c.id" % confirmer)]
    answers, ready = [], threading.Barrier(2)

    def answer(door, mine):
        for case in mine:
            ready.wait(30)
            answers.append(door.post(f"/requests/{case}", {"token": door.kept_token, "move": "confirm"}).status)

    doors_of = [server.sign_in(confirmer) for server in (first, second)]
    for door in doors_of:
        door.token()
    threads = [threading.Thread(target=answer, args=(door, cases[half::2])) for half, door in enumerate(doors_of)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    t.hold(f"days [{town.engine}]: of each two one is taken", answers.count(303) == DAYS and answers.count(422) == DAYS, answers)
    waiting = town.ask("select count(*) from case_file where waits = 1 and id in (%s)" % ",".join(map(str, cases)))
    t.hold(f"days [{town.engine}]: the others wait", int(waiting[0]) == DAYS, waiting)
    town.weal("audit")
    t.hold(f"days [{town.engine}]: both stop", first.stop() == 0 and second.stop() == 0)


PARTS = {"kill": kills, "stop": stops, "begun": begun, "away": away, "two": two, "doors": doors, "days": days}
for engine in [given.engine] if given.engine else ["sqlite", "postgresql"]:
    try:
        for name, part in PARTS.items():
            if not given.names or name in given.names:
                part(Town(engine))
    except Skip as e:
        skipped += 1
        print(f"skip [{engine}]: {e}")
print(f"{t.passed} passed, {t.failed} failed" + (f", {skipped} skipped" if skipped else ""))
sys.exit(t.failed != 0)
