#!/usr/bin/env python3
"""Which day it is: at midnight in summer, on the night when the clocks go back, on the last evening of a tax year; on pages and on the command line."""
import datetime, os, re, shutil, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "portal"))
from attack import POSTGRESQL, WEAL, Folder, Tried
from portal import Browser, free_port, portal_began, words

tried = Tried()
clock = tempfile.mkdtemp()
subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", f"{clock}/clock.so", f"{HERE}/clock.c"], check=True)
# a zone of the machine that is not London's: it must not matter
WITH_CLOCK = {"LD_PRELOAD": f"{clock}/clock.so", "WEAL_CLOCK_MOVED": f"{clock}/moved", "TZ": "Pacific/Auckland"}


def now_is(text):
    with open(f"{clock}/moved", "w") as out:
        out.write(str(int((datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) - datetime.datetime.now(datetime.timezone.utc)).total_seconds())))


class Portal:
    def __init__(self, folder):
        self.port = free_port()
        self.at = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen([WEAL, "serve", "--listen", f"127.0.0.1:{self.port}", "--quiet"], cwd=folder.path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                        env=dict(os.environ, HOME=folder.path, WEAL_STORE=folder.store, **WITH_CLOCK))
        portal_began(self.process)

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


def signed_in(portal, folder, person):
    browser = Browser(portal)
    code = folder.sound("invite", person, "--quiet", env=WITH_CLOCK).strip()
    assert browser.post("/sign-in", {"reference": person, "code": code}).status == 303
    return browser


def command_line(where, store):
    with Folder(store) as f:
        def weal(*arguments):
            return f.weal(*arguments, env=WITH_CLOCK)

        now_is("2026-06-30T23:30:00Z")
        weal("role", "grant", "A1", "auditor", "--quiet")
        tried.that(f"{where}: a role of 00:30 in summer is of that day", "1 July 2026" in weal("role", "list").stdout, weal("role", "list").stdout)
        for at, day, held in (("2026-04-05T22:59:30Z", "2026-04-05", True), ("2026-04-05T22:59:30Z", "2027-04-05", False), ("2026-04-05T23:00:00Z", "2027-04-05", True),
                              ("2026-04-05T23:30:00Z", "2027-04-05", True), ("2026-04-05T23:30:00Z", "2027-04-06", False)):
            now_is(at)
            done = weal("import", "entries", "--dry-run", "--quiet", f.write("e.csv", f"date,person,category,amount\n{day},A1,income-tax,1.00\n"))
            tried.that(f"{where}: at {at} the running tax year {'has' if held else 'ends before'} {day}", (done.returncode == 0) == held, done.stderr)
        now_is("2026-06-30T23:30:00Z")
        done = weal("import", "entries", "--quiet", f.write("j.csv", "date,person,category,amount\n2026-07-01,A1,income-tax,6.00\n"))
        tried.that(f"{where}: a file is imported on the day of the place", done.returncode == 0 and re.search(r"j\.csv.*2026-07-01", weal("imports").stdout), weal("imports").stdout + done.stderr)
        tried.that(f"{where}: and its moment is kept in UTC", "2026-06-30T23:3" in weal("imports", "--format", "csv").stdout)
        # a pack of its own without the file, and with another rule
        root = os.path.join(HERE, "..", "..", "policy", "uk")
        for name, rule, want in (("utc", None, "30 June 2026"), ("ahead", "1996,01-01 00:00,12-25 00:00,120,AAA,BBB,a test", "1 July 2026"), ("after", "2027,03-25 01:00,10-25 01:00,60,GMT,BST,a test", "30 June 2026")):
            pack = os.path.join(f.path, name)
            shutil.copytree(root, pack)
            os.unlink(os.path.join(pack, "clock.csv"))
            if rule:
                f.write(f"{name}/clock.csv", "from,starts,ends,minutes,name,summer_name,source\n" + rule + "\n")
            weal("role", "end", "A1", "auditor", "--quiet")
            weal("--policy", pack, "role", "grant", "B2", "auditor", "--quiet")
            tried.that(f"{where}: the pack says when clocks are ahead ({name})", want in weal("role", "list").stdout, weal("role", "list").stdout)
            weal("role", "end", "B2", "auditor", "--quiet")
        for row in ("1996,03-31 01:00,10-25 01:00,60,GMT,BST,x", "1996,march,10-25 01:00,60,GMT,BST,x", "1996,03-25 01:00,10-25 24:00,60,GMT,BST,x", "1996,03-25 01:00,10-25 01:00,600,GMT,BST,x",
                    "1996,03-25 01:00,10-25 01:00,60,,BST,x", "x,03-25 01:00,10-25 01:00,60,GMT,BST,x", "1996,03-25 01:00,10-25 01:00,60,GMT,BST,"):
            f.write("utc/clock.csv", "from,starts,ends,minutes,name,summer_name,source\n" + row + "\n")
            done = weal("--policy", os.path.join(f.path, "utc"), "role", "list")
            tried.that(f"{where}: a rule that is none is refused with its line: {row}", done.returncode == 1 and "clock.csv:2" in done.stderr, done.stderr)


def pages(where, store):
    with Folder(store) as f:
        now_is("2026-06-30T12:00:00Z")
        portal = Portal(f)

        def at(moment):
            """The clock shows it, and the citizen signs in anew: a session does not last so long."""
            now_is(moment)
            return signed_in(portal, f, "B2")

        def give(browser, day, month):
            return browser.post("/time", {"token": browser.token("/time"), "category": "volunteering", "date-day": str(day), "date-month": str(month), "date-year": "2026", "minutes-hours": "1",
                                          "minutes-minutes": "0", "confirmer": "A1", "note": ""}).status

        tried.that(f"{where}: tomorrow is not given yet", give(at("2026-06-30T12:00:00Z"), 1, 7) == 422)
        tried.that(f"{where}: nor half a minute before midnight", give(at("2026-06-30T22:59:30Z"), 1, 7) == 422)
        browser = at("2026-06-30T23:30:00Z")
        tried.that(f"{where}: at half past midnight in summer it is today", give(browser, 1, 7) == 303)
        tried.that(f"{where}: and the day after is not", give(browser, 2, 7) == 422)
        for moment in ("2026-06-30T22:10:00Z", "2026-06-30T23:10:00Z", "2026-07-01T22:10:00Z", "2026-07-01T23:10:00Z"):
            now_is(moment)
            f.sound("export", "people", env=WITH_CLOCK)
        page = words(at("2026-07-01T23:20:00Z").get("/looked").text)
        tried.that(f"{where}: who looked is told by the place's clock", "2 July 2026, 12:10am" in page and "30 June 2026, 11:10pm" in page and "UTC" not in page, page[-900:])
        tried.that(f"{where}: the same run of one day of the place is one row", "1 July 2026, 11:10pm" in page and "1 July 2026, 12:10am" not in page, page[-900:])
        tried.that(f"{where}: with how often", "2 times" in page or "twice" in page, page[-900:])
        tried.that(f"{where}: the night the clocks go back, in summer time", give(at("2026-10-25T00:30:00Z"), 25, 10) == 303)
        f.sound("export", "households", env=WITH_CLOCK)
        browser = at("2026-10-25T01:30:00Z")
        tried.that(f"{where}: and an hour later, by the clock at the same time", give(browser, 25, 10) == 303 and give(browser, 26, 10) == 422)
        f.sound("export", "entries", env=WITH_CLOCK)
        page = words(browser.get("/looked").text)
        tried.that(f"{where}: the two are told apart", re.search(r"25 October 2026, 1:3\dam GMT.*25 October 2026, 1:3\dam BST", page), page[-900:])
        browser = at("2026-11-29T23:30:00Z")
        tried.that(f"{where}: in winter the day is UTC's", give(browser, 29, 11) == 303 and give(browser, 30, 11) == 422)
        portal.stop()


if __name__ == "__main__":
    for where, store in (("SQLite", None), ("PostgreSQL", POSTGRESQL)):
        if where == "PostgreSQL" and not store:
            tried.skip("PostgreSQL: no server")
            continue
        command_line(where, store)
        pages(where, store)
    shutil.rmtree(clock)
    tried.end()
