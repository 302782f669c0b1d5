#!/usr/bin/env python3
"""Messages by e-mail: who gets one, that it says no more than that something is there, that nobody gets one twice, and that codes do not wait behind many."""
import json, os, subprocess, sys, threading, time
from datetime import date

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "portal"))
from attack import engines, Folder, Tried
from codes import CODE, Portal
from mail_server import Mailbox
from portal import until, words

tried = Tried()
PEOPLE = ("id,name,born,email\nA1,Ann Test,1980-03-01,ann@example.org\nB2,Bob Test,1975-12-31,bob@example.org\nC3,Cai Test,2004-02-29,cai@example.org\n"
          "D4,Dai Test,1970-01-01,dai@example.org\nE5,Eve Test,1970-01-01,\nF6,Flo Test,1970-01-01,flo@example.org\n")
today = date.today()
first = today.year - 1 - ((today.month, today.day) < (4, 6))
YEAR = f"{first}-{(first + 1) % 100:02}"
MANY = int(os.environ.get("WEAL_TEST_MESSAGES", "1500"))


def messages(f, code=None):
    one = f" and p.code = '{code}'" if code else ""
    return f.rows(f"select p.code, m.kind, m.about, m.state from message_out m join party p on p.id = m.party where m.kind <> 'code'{one} order by m.id")


def choosing(engine, store):
    with Folder(store=store, people=PEOPLE) as f, Mailbox() as box:
        f.run_sql("update party set email_day = email_day - 31")
        f.sound("import", "entries", f.write("e.csv", f"date,person,category,amount,body\n{first}-06-01,A1,income-tax,4711.00,hmrc\n"), "--quiet")
        f.sound("role", "grant", "C3", "administrator", "--first", "--quiet")
        p = Portal(f, f"smtp = {box.url}", "mail_from = accounts@example.gov.uk")
        boss = p.signed_in("C3")
        boss.send("/admin/invites", {"person": "A1"})
        until(lambda: len(box.mails) == 1 and f.rows("select state from message_out") == [("sent",)])
        ann = p.attempt("192.0.2.1", "A1", CODE.search(box.mails[0].text).group(0))[0]
        bob = p.signed_in("B2")
        page = words(bob.get("/messages").text)
        tried.that(f"{engine}: whose address nobody confirmed gets nothing unless they choose it, and reads why", "a code that was sent to this address" in page and "checked" not in bob.get("/messages").text and "b...@e....org" in page and "bob@" not in page, page)
        tried.that(f"{engine}: who signed in with a code that was sent there has each chosen", ann.get("/messages").text.count(" checked") == 3 and f.rows("select count(*) from message_choice") == [("1",)], words(ann.get("/messages").text))

        # an answer: of a request of one's own, decided by somebody else
        asked = ann.send("/requests/new/erasure-request", {"reason": "please"})
        case = f.rows("select max(id) from case_file")[0][0]
        moved = f.weal("do", "case-move", f"case={case}", "move=refuse", "words=The law of SECRETS forbids it", "--as", "C3")
        tried.that(f"{engine}: an answer is told", moved.returncode == 0 and until(lambda: len(box.mails) == 2), (asked.status, moved.stderr, messages(f), p.lines()[-800:]))
        mail = box.mails[-1]
        tried.that(f"{engine}: with the number of the request, where it is read, and how to stop", f"request {case}" in mail.text and f"{p.at}/requests/{case}" in mail.text and f"{p.at}/messages" in mail.text and mail.message["Subject"] == "There is an answer to your request", mail.text)
        tried.that(f"{engine}: and with nothing of what it is about, no name and no figure", not any(word in mail.text + str(mail.message["Subject"]) for word in ("Ann", "SECRETS", "please", "eras", "refuse", "£", "Cai")), mail.text)

        # a helper
        offer = f.weal("do", "helper-offer", "what=my son", "scope=see", "--as", "A1")
        f.sound("do", "helper-accept", "code=" + CODE.search(offer.stdout).group(0), "--as", "B2")
        tried.that(f"{engine}: a new helper is told to whom they help, and to nobody else", until(lambda: len(box.mails) == 3) and "ann@example.org" in box.mails[-1].to[0] and f"{p.at}/helpers" in box.mails[-1].text and "Bob" not in box.mails[-1].text and len(messages(f, "B2")) == 0, (offer.stderr, messages(f)))

        # a year, by two doors
        f.sound("close", YEAR, "--quiet")
        tried.that(f"{engine}: a statement that is ready is told to who wants it", until(lambda: len(box.mails) == 4) and f"statement for {YEAR}" in box.mails[-1].text and "4711" not in box.mails[-1].text and "4,711" not in box.mails[-1].text, messages(f))
        f.sound("do", "close-year", f"year={YEAR}")
        time.sleep(7)
        tried.that(f"{engine}: a second closing tells nobody again", len(box.mails) == 4 and [n[1] for n in messages(f)].count("statement") == 1, messages(f))

        # choosing
        tried.that(f"{engine}: one says in Welsh what one wants", ann.send("/cy/messages", {"messages": "helper"}).status == 303 and ann.get("/messages").text.count(" checked") == 1)
        offer = f.weal("do", "helper-offer", "what=my son", "scope=see", "--as", "A1")
        f.sound("do", "helper-accept", "code=" + CODE.search(offer.stdout).group(0), "--as", "F6")
        tried.that(f"{engine}: and is written to in Welsh", until(lambda: len(box.mails) == 5) and "Gall rhywun" in box.mails[-1].text and "Somebody" not in box.mails[-1].text and f"{p.at}/cy/helpers" in box.mails[-1].text and box.mails[-1].message["Subject"] == "Mae gennych gynorthwyydd newydd", box.mails[-1].text)
        ann.send("/requests/new/erasure-request", {"reason": "please"})
        case = f.rows("select max(id) from case_file")[0][0]
        f.sound("do", "case-move", f"case={case}", "move=refuse", "words=no", "--as", "C3")
        tried.that(f"{engine}: of what one does not want nothing is put in line", len([n for n in messages(f, "A1") if n[1] == "answer"]) == 1, messages(f))

        # an address that was changed
        f.sound("import", "people", f.write("p2.csv", "id,name,born,email\nA1,Ann Test,1980-03-01,thief@example.com\n"), "--quiet")
        offer = f.weal("do", "helper-offer", "what=my son", "scope=see", "--as", "A1")
        f.sound("do", "helper-accept", "code=" + CODE.search(offer.stdout).group(0), "--as", "B2")
        time.sleep(4)
        tried.that(f"{engine}: to an address that was just changed nothing goes, and the page says from when", len(box.mails) == 5 and not any("thief" in line for line in box.seen) and "For your safety" in words(ann.get("/messages").text), words(ann.get("/messages").text))
        copy = json.loads(ann.get("/copy/file").text)["files"].get("message-choices", [])
        tried.that(f"{engine}: one's own copy has the choice", [(c["statement"], c["helper"], c["answer"], c["language"]) for c in copy] == [("0", "1", "0", "cy")], copy)
        f.sound("erase", "A1", "--reason", "asked", "--quiet")
        tried.that(f"{engine}: an erasure takes it", f.rows("select count(*) from message_choice") == [("0",)] and not messages(f, "A1"))
        p.stop()


def many(engine, store):
    """Two portals put a year in line; one is killed in the middle."""
    with Folder(store=store, people=PEOPLE) as f, Mailbox() as box:
        f.sound("import", "people", f.write("many.csv", "id,name,born,email\n" + "".join(f"M{i},Mo Test,1980-03-01,m{i}@example.org\n" for i in range(MANY))), "--quiet")
        f.run_sql("update party set email_day = email_day - 31")
        f.run_sql("insert into message_choice (party, statement, language) select id, 1, 'en' from party where code like 'M%'")
        f.sound("import", "entries", f.write("e.csv", f"date,person,category,amount,body\n{first}-06-01,A1,income-tax,4711.00,hmrc\n"), "--quiet")
        f.sound("role", "grant", "C3", "administrator", "--first", "--quiet")
        began = time.time()
        f.sound("close", YEAR, "--quiet")
        closed = time.time() - began
        box.answer = "451 come back"
        settings = (f"smtp = {box.url}", "mail_from = accounts@example.gov.uk")
        one = Portal(f, *settings)
        two = Portal(f, *settings)
        began = time.time()
        until(lambda: f.rows("select put from message_run where put > 0"))
        one.process.kill()
        one.process.wait(30)
        one.start()
        tried.that(f"{engine}: everybody is put in line", until(lambda: f.rows("select count(*) from message_run where ended is not null") == [("1",)], 300), f.rows("select * from message_run"))
        print(f"{engine}: closing a year took {closed:.1f} s, {MANY} messages were put in line in {time.time() - began:.1f} s", file=sys.stderr)
        tried.that(f"{engine}: once each, by two portals of which one was killed", f.rows("select count(*), count(distinct party) from message_out where kind = 'statement'") == [(str(MANY), str(MANY))] and f.rows("select put from message_run") == [(str(MANY),)], f.rows("select count(*), count(distinct party) from message_out"))
        boss = two.signed_in("C3")
        box.answer = None
        before = len(box.mails)
        boss.send("/admin/invites", {"person": "A1"})
        tried.that(f"{engine}: a code does not wait behind them", until(lambda: any("ann@example.org" in m.to[0] for m in box.mails)) and len(box.mails) - before < MANY, len(box.mails))
        page = words(boss.get("/admin/invites").text)
        tried.that(f"{engine}: the list of codes has no others", "Mo Test" not in page, page[:400])
        one.stop()
        two.stop()


def meanwhile(engine, store):
    """What stopped being so while the mail server was away; and what is no answer."""
    with Folder(store=store, people=PEOPLE) as f, Mailbox() as box:
        f.run_sql("update party set email_day = email_day - 31")
        f.run_sql("insert into message_choice (party, statement, helper, answer, language) select id, 1, 1, 1, 'en' from party where code in ('A1', 'B2', 'D4')")
        f.sound("role", "grant", "C3", "administrator", "--first", "--quiet")
        p = Portal(f, f"smtp = {box.url}", "mail_from = accounts@example.gov.uk")

        def helped(principal, agent, *scopes):
            offer = f.sound("do", "helper-offer", "what=my friend", *(f"scope={scope}" for scope in ("see", *scopes)), "--as", principal)
            f.sound("do", "helper-accept", "code=" + CODE.search(offer).group(0), "--as", agent)

        box.answer = "451 later"
        helped("A1", "F6")
        helped("D4", "F6")
        until(lambda: f.rows("select min(tries) from message_out where kind = 'helper'") not in ([("0",)], [("",)], [("None",)]))
        f.sound("import", "people", f.write("d.csv", f"id,name,born,died\nA1,Ann Test,1980-03-01,{today.isoformat()}\n"), "--quiet")
        given = f.rows("select a.id from act_for a join party p on p.id = a.principal where p.code = 'D4'")[0][0]
        ended = f.weal("do", "helper-end", f"helper={given}", "--as", "D4")
        f.run_sql("update message_out set due = 0 where state = 'waiting'")
        box.answer = None
        tried.that(f"{engine}: nothing goes to somebody who has died, nor of a helper who is none", ended.returncode == 0 and until(lambda: f.rows("select distinct state from message_out where kind = 'helper'") == [("failed",)]) and not box.mails, (ended.stderr, f.rows("select party, state, reason from message_out"), len(box.mails)))

        # a helper takes back what they asked
        helped("B2", "F6", "tell")
        until(lambda: len(box.mails) == 1)
        flo = p.signed_in("F6")
        asked = flo.send("/helping/B2/requests/new/rectification-request", {"reason": "please"})
        case = f.rows("select max(id) from case_file")[0][0]
        back = flo.send(f"/helping/B2/requests/{case}", {"move": "withdraw"})
        time.sleep(4)
        tried.that(f"{engine}: what a helper takes back is no answer", asked.status == 303 and back.status == 303 and f.rows("select waits from case_file where id = " + case) == [("0",)] and not [n for n in messages(f) if n[1] == "answer"], (asked.status, back.status, messages(f)))
        p.stop()


for engine, store in engines(tried):
    choosing(engine, store)
    meanwhile(engine, store)
    many(engine, store)
tried.end()
