#!/usr/bin/env python3
"""Codes and signing in: who can get, guess, use up or learn of somebody's code."""
import copy, os, re, subprocess, sys, threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "portal"))
from attack import WEAL, engines, Folder, Tried
from codes import CODE, Portal
from mail_server import Mailbox
from portal import ago, free_port, until, words

tried = Tried()
WRONG = "AAAAA-AAAAA-AAAAA-AAAAA"
SENTENCE = "do not belong together"


# ---- trying codes ----

def tries(engine, f):
    p = Portal(f)
    code = f.sound("invite", "A1", "--quiet").strip()
    for i in range(30):
        p.attempt(f"198.51.100.{i}", "A1", WRONG)
    _, reply = p.attempt("203.0.113.1", "A1", code)
    tried.that(f"{engine}: thirty wrong codes of strangers do not use up somebody's code", reply.status == 303, reply.text[-800:])

    replies = [p.attempt("203.0.113.2", "A1", WRONG)[1] for _ in range(11)]
    tried.that(f"{engine}: ten wrong codes of one address are answered, the eleventh must wait", [r.status for r in replies] == [422] * 10 + [429] and int(replies[-1]["Retry-After"]) <= 30, [r.status for r in replies])
    tried.that(f"{engine}: the page says that the code is as good as before", "it still works" in words(replies[-1].text), words(replies[-1].text))
    tried.that(f"{engine}: it keeps the reference that was typed, empties the code, and says that the code was not looked at", 'value="A1"' in replies[-1].text and WRONG not in replies[-1].text and
               "We did not read the code that you typed" in words(replies[-1].text), replies[-1].text)
    f.run_sql("insert into sign_in_failed values ('192.0.2.250', 0, 1, 3, 3600)")
    f.run_sql("insert into message_out values (900, 1, 'letter', '', '', '', 'sent', 1, 0, 1, '', 'code', '')")
    code = f.sound("invite", "A1", "--quiet").strip()
    tried.that(f"{engine}: the right code waits there too, and is not used up", p.attempt("203.0.113.2", "A1", code)[1].status == 429 and f.rows("select count(*) from invite") == [("1",)])
    p.stop()
    p.start()
    tried.that(f"{engine}: what has been kept for its days goes by the clock alone", until(lambda: f.rows("select count(*) from sign_in_failed where hour = 1") == [("0",)] and f.rows("select count(*) from message_out") == [("0",)]))
    tried.that(f"{engine}: a restart forgets nothing", p.attempt("203.0.113.2", "A1", code)[1].status == 429)
    tried.that(f"{engine}: a neighbour in the network may try", p.attempt("203.0.113.3", "A1", WRONG)[1].status == 422)
    for i in range(4, 60):
        last = p.attempt(f"203.0.113.{i}", "A1", WRONG)[1]
    tried.that(f"{engine}: fifty wrong codes of a network slow the network", last.status == 429)
    for i in range(60):
        last = p.attempt(f"2001:db8:1:{i:x}::{i}", "A1", WRONG)[1]
    tried.that(f"{engine}: of IPv6 too, whichever of its addresses somebody takes", last.status == 429)
    tried.that(f"{engine}: elsewhere the right code signs in", p.attempt("198.51.100.77", "A1", code)[1].status == 303)

    before = f.rows("select source, hour, tries from sign_in_failed order by 1, 2")
    _, short = p.attempt("198.51.100.78", "A1", "AAAAA-AAAAA")
    _, letters = p.attempt("198.51.100.78", "A1", "O0I1O-AAAAA-AAAAA-AAAAA")
    _, unknown = p.attempt("198.51.100.78", "Z9", "AAAAA-AAAAA")
    _, number = p.attempt("198.51.100.78", "nino:QQ", WRONG)
    tried.that(f"{engine}: what has not the form of a code or a reference is no try, known or not", all(r.status == 422 and SENTENCE not in r.text for r in (short, letters, unknown, number)) and
               before == f.rows("select source, hour, tries from sign_in_failed order by 1, 2"))

    def written(reference, source):
        _, reply = p.attempt(source, reference, WRONG)
        return [row[1:] for row in f.rows(f"select source, is_network, tries from sign_in_failed where source like '{source.rsplit('.', 1)[0]}.%' order by 2")], re.sub(r'value="[^"]*"', "", words(reply.text)), reply.status
    f.sound("invite", "B2", "--quiet")
    seen = [written(reference, f"192.0.{i + 3}.9") for i, reference in enumerate(("B2", "C3", "Z9", "nino:QQ123456C"))]
    tried.that(f"{engine}: with a code, without one and unknown: the same rows are written and the same page is shown", all(s == seen[0] for s in seen) and seen[0][2] == 422, seen)
    typed = "".join("".join(row) for row in f.rows("select source, is_network, tries from sign_in_failed"))
    tried.that(f"{engine}: what was typed is kept nowhere", WRONG not in typed and "B2" not in typed and "B2" not in p.lines())

    small = p.attempt("198.51.100.79", "b2", f.sound("invite", "B2", "--quiet").strip())[1]
    tried.that(f"{engine}: a reference in small letters is that of the person, and its right code no wrong try", small.status == 303 and not f.rows("select 1 from sign_in_failed where source = '198.51.100.79'"), small.text[-800:])
    seen = [written(reference, f"192.0.{i + 13}.9") for i, reference in enumerate(("B2", "b2", "c3", "z9"))]
    tried.that(f"{engine}: and tells no more of who there is than one in capitals", all(s == seen[0] for s in seen) and seen[0][2] == 422, seen)

    f.sound("role", "grant", "C3", "administrator", "--first", "--quiet")
    boss = p.signed_in("C3")
    privacy = words(boss.get("/privacy").text)
    tried.that(f"{engine}: the page on privacy says that the address of a wrong code is kept, and for how long", "the address on the internet that it came from, for 30 days" in privacy, privacy)
    page = words(boss.get("/admin/sign-ins").text)
    tried.that(f"{engine}: administrators see how many came from where", re.search(r"203\.0\.113\.2 10\b", page) and "203.0.113.0/24" not in page, page)
    alerts = words(boss.get("/admin/alerts").text)
    tried.that(f"{engine}: and are told when there are many", "Many wrong codes to sign in came from 2001:db8:1::/48" in alerts, alerts)
    tried.that(f"{engine}: nobody else sees them", p.signed_in("A1").get("/admin/sign-ins").status == 404)
    p.stop()


# ---- sending codes ----

PEOPLE = ("id,name,born,email\nA1,Ann Test,1980-03-01,ann@example.org\nB2,Bob Test,1975-12-31,bob@example.org\nC3,Cai Test,2004-02-29,\n"
          "D4,\"Dai\nBcc: e@example.org\",1970-01-01,dai@example.org\nE5,Eve Test,1970-01-01,eve@example.org\nF6,Flo Test,1970-01-01,flo@example.org\n")


def town(store=None):
    """A book in which an address has a line end, as an older import took it."""
    f = Folder(store=store, people=PEOPLE)
    end = "char(13, 10)" if f.store.startswith("sqlite:") else "chr(13) || chr(10)"
    f.run_sql(f"update party set email = email || '>' || {end} || 'RCPT TO:<x@example.org' where code = 'E5'")
    return f


def everything(f):
    """All of the book's texts, to look for a code in."""
    out = []
    names = f.rows("select name from sqlite_master where type = 'table'" if f.store.startswith("sqlite:") else "select table_name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'")
    for (name,) in names:
        out += ["".join(row) for row in f.rows(f"select * from {name}")]
    return "\n".join(out)


def letters_of(f):
    folder = os.path.join(f.path, "letters")
    return {name: open(os.path.join(folder, name)).read() for name in sorted(os.listdir(folder)) if not name.startswith(".")} if os.path.isdir(folder) else {}


def alerts_of(browser):
    return [words(row) for row in re.findall(r"<tr.*?</tr>", browser.get("/admin/alerts").text, re.S)[1:]]


def states(f, code):
    return [row[0] for row in f.rows(f"select m.state from message_out m join party p on p.id = m.party where p.code = '{code}' order by m.id")]


def sending(engine, store):
    with town(store) as f, Mailbox() as box:
        f.sound("role", "grant", "C3", "administrator", "--first", "--quiet")
        f.sound("role", "grant", "F6", "administrator", "--first", "--quiet")
        p = Portal(f)
        boss = p.signed_in("C3")
        page = boss.send("/admin/invites", {"person": "A1"})
        tried.that(f"{engine}: without a way to send nothing is made, and the page says what to set", page.status == 422 and "smtp" in words(boss.get("/admin/invites").text) and f.rows("select count(*) from message_out") == [("0",)], words(page.text))
        refused = f.weal("do", "invite", "person=A1", "--as", "C3")
        f.sound("invite", "A1", "--as", "F6", "--quiet")
        tried.that(f"{engine}: the operator cannot make a code in somebody else's name", "The operator" in alerts_of(boss)[0] and "Flo" not in alerts_of(boss)[0], alerts_of(boss)[:1])
        tried.that(f"{engine}: nor at the command line as an administrator", refused.returncode == 1 and not CODE.search(refused.stdout), refused.stdout + refused.stderr)
        p.stop()

        p = Portal(f, f"smtp = {box.url}", "mail_from = accounts@example.gov.uk")
        boss = p.signed_in("C3")
        page = boss.send("/admin/invites", {"person": "A1"})
        tried.that(f"{engine}: no code goes to an address that an import has just brought", page.status == 422 and "30 days" in words(page.text), words(page.text))
        p.stop()

        f.run_sql("update party set email_day = email_day - 31")
        f.sound("import", "people", f.write("p2.csv", "id,name,born,email\nB2,Bob Test,1975-12-31,thief@example.com\n"), "--quiet")
        p = Portal(f, f"smtp = {box.url}", "mail_from = accounts@example.gov.uk", f"letters = {f.path}/letters")
        boss = p.signed_in("C3")
        page = boss.send("/admin/invites", {"person": "A1"})
        tried.that(f"{engine}: whoever invites sees no code", page.status == 200 and not CODE.search(page.text) and "a...@e....org" in page.text and "ann@" not in page.text, words(page.text))
        tried.that(f"{engine}: the e-mail comes", until(lambda: len(box.mails) == 1), p.lines())
        mail = box.mails[0]
        code = CODE.search(mail.text).group(0)
        tried.that(f"{engine}: to that address alone, from ours, with reference, code and where to go", [line.split(" SIZE")[0] for line in mail.to] == ["RCPT TO:<ann@example.org>"] and str(mail.message["To"]).strip("<>") == "ann@example.org" and "A1" in mail.text and f"{p.at}/sign-in" in mail.text and "accounts@example.gov.uk" in mail.sender, mail.raw)
        until(lambda: states(f, "A1") == ["sent"])
        tried.that(f"{engine}: the code stands nowhere in the book, the log or a page", code not in everything(f) + p.lines() + boss.get("/admin/invites").text + boss.get("/admin/alerts").text, code)
        tried.that(f"{engine}: nor does the address when it has been sent", f.rows("select state, address from message_out") == [("sent", "")])
        tried.that(f"{engine}: the person signs in with it, once", p.attempt("192.0.2.1", "A1", code)[1].status == 303 and p.attempt("192.0.2.2", "A1", code)[1].status == 422)

        page = boss.send("/admin/invites", {"person": "B2"})
        tried.that(f"{engine}: an import that changes an address gets a letter, and no code to that address", page.status == 200 and "in a letter" in words(page.text) and until(lambda: len(letters_of(f)) == 1) and len(box.mails) == 1, words(page.text))
        name, letter = next(iter(letters_of(f).items()))
        mode = os.stat(os.path.join(f.path, "letters", name)).st_mode & 0o777
        tried.that(f"{engine}: the letter is readable by the portal's user alone", mode == 0o600 and os.stat(os.path.join(f.path, "letters")).st_mode & 0o777 == 0o700, oct(mode))
        tried.that(f"{engine}: and its code signs in", p.attempt("192.0.2.3", "B2", CODE.search(letter).group(0))[1].status == 303, letter)

        boss.send("/admin/invites", {"person": "D4"})
        until(lambda: len(box.mails) == 2)
        tried.that(f"{engine}: a name with a line end adds no header and no line", len(box.mails) == 2 and box.mails[1].message["Bcc"] is None and "\nBcc" not in box.mails[1].text, box.mails[-1].raw)
        page = boss.send("/admin/invites", {"person": "E5"})
        tried.that(f"{engine}: an address with a line end is none: a letter goes", until(lambda: len(letters_of(f)) == 2) and "in a letter" in words(page.text) and not any("x@example.org" in line for line in box.seen), box.seen)

        boss.send("/admin/invites", {"person": "F6"})
        until(lambda: len(box.mails) == 3)
        tried.that(f"{engine}: administrators are told that one of them was sent a code", "who is an administrator, can sign in" in words(boss.get("/admin/alerts").text), words(boss.get("/admin/alerts").text))

        box.answer = "451 come back"
        boss.send("/admin/invites", {"person": "A1"})
        tried.that(f"{engine}: a server that asks to come back is asked again later", until(lambda: "451" in words(boss.get("/admin/invites").text)) and states(f, "A1")[-1] == "waiting", words(boss.get("/admin/invites").text))
        boss.send("/admin/invites", {"person": "A1"})
        tried.that(f"{engine}: a second invitation takes the place of one that waits", states(f, "A1") == ["sent", "waiting"], states(f, "A1"))
        other = copy.copy(p)
        other.port = free_port()
        other.at = f"http://127.0.0.1:{other.port}"
        other.start()
        both = [portal.signed_in("C3") for portal in (p, other)] * 2
        for turn in range(5):
            at_once = [threading.Thread(target=each.send, args=("/admin/invites", {"person": "A1"})) for each in both]
            for thread in at_once:
                thread.start()
            for thread in at_once:
                thread.join()
            tried.that(f"{engine}: of four at once, in two portals, one waits", states(f, "A1") == ["sent", "waiting"], states(f, "A1"))
        other.stop()
        until(lambda: f.rows("select tries from message_out where state = 'waiting'") == [("1",)])
        f.sound("import", "people", f.write("p3.csv", "id,name,born,email\nA1,Ann Test,1980-03-01,other@example.org\n"), "--quiet")
        box.answer = None
        f.run_sql("update message_out set due = 0 where state = 'waiting'")
        tried.that(f"{engine}: an address that was changed while the message waited gets nothing", until(lambda: states(f, "A1")[-1] == "failed") and len(box.mails) == 3, states(f, "A1"))
        tried.that(f"{engine}: and administrators are told", "could not be sent: the e-mail address was changed" in words(boss.get("/admin/alerts").text), words(boss.get("/admin/alerts").text))

        box.answer = "550 nobody here"
        boss.send("/admin/invites", {"person": "D4"})
        tried.that(f"{engine}: an address that the server does not know is given up", until(lambda: states(f, "D4")[-1] == "failed"), states(f, "D4"))
        box.answer = None

        box.hold = threading.Event()
        boss.send("/admin/invites", {"person": "F6"})
        until(lambda: any(line.startswith("DATA") for line in box.seen[-2:]) and states(f, "F6")[-1] == "waiting")
        p.process.kill()
        p.process.wait(30)
        box.hold.set()
        until(lambda: len(box.mails) == 4)
        box.hold = None
        p.start()
        f.run_sql("update message_out set due = 0 where state = 'waiting'")
        tried.that(f"{engine}: after a kill while it was sent it is sent again", until(lambda: len(box.mails) == 5) and until(lambda: states(f, "F6")[-1] == "sent"), states(f, "F6"))
        first, second = (CODE.search(m.text).group(0) for m in box.mails[3:5])
        tried.that(f"{engine}: and the last code signs in", p.attempt("192.0.2.4", "F6", first)[1].status == 422 and p.attempt("192.0.2.5", "F6", second)[1].status == 303)

        boss = p.signed_in("C3")
        box.answer = "451 come back"
        boss.send("/admin/invites", {"person": "D4"})
        until(lambda: states(f, "D4")[-1] == "waiting" and f.rows("select count(*) from invite") != [("0",)])
        f.sound("erase", "D4", "--reason", "asked", "--quiet")
        tried.that(f"{engine}: erasing somebody takes what waits for them", f.rows("select count(*) from message_out m where m.party not in (select id from party where code is not null)") == [("0",)])
        p.stop()


# ---- who is registered ----

def asking(engine, store):
    with Folder(store=store) as f:
        f.sound("import", "people", f.write("p4.csv", "id,name,born,died\nD9,Dee Test,1950-01-01,2020-01-01\n"), "--quiet")
        p = Portal(f)
        ann = p.signed_in("A1")

        def give(reference):
            reply = ann.send("/time", {"category": "volunteering", "date": ago(60), "minutes": "10", "confirmer": reference, "note": "x"})
            number = f.rows("select max(id) from case_file")[0][0]
            seen = words(ann.get(f"/requests/{number}").text), words(ann.get("/time").text).split("What was entered", 1)[-1][:200]
            blank = [re.sub(r"\d{1,2}:\d\d(:\d\d)?", "", s.replace(reference, "REF").replace(f"Request {number} ", "Request N ")) for s in seen]
            return reply.status, reply["Location"], blank[0], ("REF" in blank[1], "Waiting" in blank[1])
        known, others = give("B2"), {r: give(r) for r in ("B7", "D9")}
        tried.that(f"{engine}: time given to somebody, to nobody and to one who died look alike", known[0] == 303 and all(o == known for o in others.values()), (known, others))
        before = f.rows("select count(*) from case_file")
        texts = {words(ann.send("/time", {"category": "volunteering", "date": ago(60), "minutes": "10", "confirmer": r, "note": "x"}).text.replace(r, "REF")) for r in ("nino:QQ123456C", "nino:AB123456A")}
        tried.that(f"{engine}: nor is a number that others know looked up", len(texts) == 1 and f.rows("select count(*) from case_file") == before)
        copy = ann.get("/copy/file")
        tried.that(f"{engine}: and one's own copy says the same of each", copy.status == 200 and all(f'\\"confirmer\\":\\"{r}\\"' in copy.text for r in ("B2", "B7", "D9")) and not any("withheld" in row for row in re.findall(r'"facts":"[^\n]*', copy.text)), re.findall(r'"facts":"[^\n]*', copy.text))
        helping = {words(ann.get(f"/helping/{r}/account").text.replace(r, "REF")) for r in ("B2", "B7")}
        tried.that(f"{engine}: the pages of a helper say the same of somebody who gave no help, and of nobody", len(helping) == 1)
        tried.that(f"{engine}: the case of nobody can be taken back", ann.send(f"/requests/{f.rows('select max(id) from case_file')[0][0]}", {"move": "withdraw"}).status == 303)
        p.stop()


def certificates(engine):
    with town() as f:
        pem = os.path.join(f.path, "pem")
        made = subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", pem + ".key", "-out", pem + ".crt", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], capture_output=True)
        if made.returncode:
            return tried.skip("no openssl to make a certificate")
        with open(pem, "wb") as out:
            out.write(open(pem + ".key", "rb").read() + open(pem + ".crt", "rb").read())
        f.run_sql("update party set email_day = email_day - 31")
        f.sound("role", "grant", "C3", "administrator", "--first", "--quiet")
        with Mailbox(certificate=pem) as box:
            p = Portal(f, f"smtp = {box.url}", "mail_from = accounts@example.gov.uk")
            boss = p.signed_in("C3")
            boss.send("/admin/invites", {"person": "A1"})
            until(lambda: f.rows("select reason from message_out") != [("",)])
            tried.that("a mail server whose certificate nobody vouches for gets nothing", not box.mails and not box.seen and states(f, "A1") == ["waiting"], box.seen)
            p.stop()
            f.run_sql("update message_out set due = 0")
            p = Portal(f, f"smtp = {box.url}", "mail_from = accounts@example.gov.uk", f"smtp_authorities = {pem}.crt")
            tried.that("with the certificate named it gets it", until(lambda: len(box.mails) == 1), p.lines())
            p.stop()
        outside = subprocess.run(["hostname", "-I"], capture_output=True, text=True).stdout.split()
        outside = next((a for a in outside if ":" not in a), None)
        if not outside:
            return tried.skip("this machine has no address but loopback")
        with Mailbox(address=outside) as box:
            p = Portal(f, f"smtp = {box.url}", "mail_from = accounts@example.gov.uk")
            boss = p.signed_in("C3")
            boss.send("/admin/invites", {"person": "F6"})
            until(lambda: f.rows("select reason from message_out order by id desc limit 1") != [("",)])
            tried.that("off this machine nothing goes out unencrypted", not box.mails and not any("RCPT" in line for line in box.seen) and states(f, "F6") == ["waiting"], box.seen)
            p.stop()


def settings():
    with Folder() as f:
        def starts(*lines):
            f.write("portal.conf", "".join(line + "\n" for line in lines))
            done = f.weal("serve", "--listen", f"127.0.0.1:{free_port()}", "--config", "portal.conf", timeout=30)
            return done.returncode, done.stderr
        f.write("password", "secret\n")
        os.chmod(os.path.join(f.path, "password"), 0o644)
        said = starts("smtp = smtp://a:secret@localhost:25")
        tried.that("a password in the address of the mail server is refused", said[0] == 1 and "smtp" in said[1], said)
        said = starts("smtp = smtp://localhost:25")
        tried.that("mail without a sender is refused", said[0] == 1 and "mail_from" in said[1], said)
        said = starts("smtp = smtp://a@localhost:25", "mail_from = a@example.org", "smtp_password_file = password")
        tried.that("a password that others can read is refused", said[0] == 1 and "chmod 600" in said[1], said)
        os.chmod(os.path.join(f.path, "password"), 0o600)
        f.write("password", "s" * 2000)
        said = starts("smtp = smtp://a@localhost:25", "mail_from = a@example.org", "smtp_password_file = password")
        tried.that("a file too long for a password is refused, not cut", said[0] == 1 and "longer than" in said[1], said)


settings()
certificates("sqlite")
for engine, store in engines(tried):
    with Folder(store=store) as f:
        tries(engine, f)
    sending(engine, store)
    asking(engine, store)
tried.end()
