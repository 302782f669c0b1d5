#!/usr/bin/env python3
"""What you have told us: a citizen tells, corrects and takes back; everything that was told, by whom, when and what it is used for; what an organisation decided they cannot change; nobody
else's; the same form twice tells once; wrong answers are shown again; in both languages."""
import os
import re
import sqlite3
import subprocess
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import Book, Browser, Server, Tally, words

t = Tally()
book = Book(150)
server = Server(book, ["forms_each_minute = 100000"])
db = sqlite3.connect(book.url[7:], timeout=30, isolation_level=None)


# The sample tells facts of some; here nobody has told anything yet.
db.execute("delete from fact")


def rows(sql, *values):
    return db.execute(sql, values).fetchall()


def lives_with(code):
    return [c for c, in rows("""select o.code from party p join residence r on r.party = p.id join residence s on s.household = r.household and s.party <> r.party join party o on o.id = s.party
                                where p.code = ? and o.kind = 'person' and o.died is null and o.born < 12000 order by o.id""", code)]


code = next(c for c in book.living(60) if lives_with(c))
mate = lives_with(code)[0]
stranger = next(c for c in book.living(60) if c not in (code, mate, *lives_with(code)))
ann, bea, cat = (Browser(server).sign_in(c) for c in (code, mate, stranger))


def send(browser, path, fields):
    """As the form is sent and then, where it shows what it changes, confirmed."""
    return browser.send(path, {**fields, "confirmed": "yes"} if "value" in fields or path.endswith("/withdraw") else fields)


def fact_of(page):
    return re.findall(r'href="(?:/cy)?/facts/one/(\d+)"', page)


# ---- telling ----
page = ann.get("/facts")
t.hold("the page says what it is, and that nothing was told", "What you have told us" in page.text and "You have told us nothing yet" in page.text)
page = ann.get("/facts/tell/employment_income")
t.hold("a question is asked with its hint and why", all(w in words(page.text) for w in ("How much are you paid before tax?", "Before tax and other deductions.", "Why we ask", "It is used for: Income Tax, National Insurance")))
reply = send(ann, "/facts/tell/employment_income", {"value": "1450", "per": "month", "from-day": "6", "from-month": "4", "from-year": "2026"})
t.hold("told", reply.status == 303 and "/facts?done=told" in (reply["Location"] or ""), reply.status)
page = ann.get("/facts?done=told")
shown = words(page.text)
t.hold("it is shown with its days, by whom and what for", all(w in shown for w in ("We have recorded what you told us", "Pay from a job £1,450.00 a month", "since 6 April 2026", "You, on ", "Income Tax, National Insurance, Universal Credit")), shown[:1500])
number = fact_of(page.text)[0]
for fields, said in (({"value": "-1", "per": "month"}, "cannot be right"), ({"value": "ten", "per": "month"}, "ten"), ({"value": "5", "per": "month", "from-day": "1", "from-month": "1", "from-year": "2999"}, "future"),
                     ({"value": "", "per": "month"}, "There is a problem")):
    reply = send(ann, "/facts/tell/employment_income", fields)
    t.hold(f"a wrong answer is shown again: {fields}", reply.status == 422 and said in words(reply.text), (reply.status, words(reply.text)[:800]))
t.hold("nothing of them was told", len(rows("select 1 from fact")) == 1)
for path in ("/facts/tell/wealth", "/facts/tell/brma", "/facts/one/999", "/facts/one/x"):
    t.hold(f"{path} is not there", ann.get(path).status == 404)

# ---- correcting and taking back ----
page = ann.get(f"/facts/one/{number}")
t.hold("the form begins with the answer as it stands, and asks whether it was wrong or changed: no day is filled in", re.search('name="value"[^>]*value="1450.00"|value="1450.00"[^>]*name="value"', page.text)
       and not re.search(r'name="from-(day|month|year)"[^>]*value="\d', page.text) and "Was it wrong, or did it change?" in words(page.text), words(page.text)[:1500])
day = {"from-day": "1", "from-month": "11", "from-year": "2026"}
wrong = {None: day, "changed": {}, "wrong": day, "day": {**day, "value": "7"}}
t.hold("a correction that does not say which, or has no day of a change, is refused with the form", [(ann.send(f"/facts/one/{number}", {"value": "2000", "per": "month", **({"how": how} if how else {}), **more}).status) for how, more in wrong.items()] == [422] * 4
       and ann.send(f"/facts/one/{number}", {"value": "2000", "per": "month", "how": "changed", "from-day": "5", "from-month": "4", "from-year": "2026"}).status == 422 and rows("select count(*) from fact") == [(1,)])
reply = ann.send(f"/facts/one/{number}", {"value": "£2,000", "per": "month", "how": "changed", "from-day": "1", "from-month": "11", "from-year": "2026"})
t.hold("what changed later is shown with its day", reply.status == 200 and "£2,000.00 a month" in words(reply.text) and "since 1 November 2026" in words(reply.text), words(reply.text)[:900])
reply = ann.send(f"/facts/one/{number}", {"value": "£1,500", "per": "month", "how": "wrong"})
t.hold("a day left empty is the answer's own, on the page too", reply.status == 200 and "since 6 April 2026" in words(reply.text), words(reply.text)[:900])
reply = send(ann, f"/facts/one/{number}", {"value": "1500", "per": "month", "how": "wrong", "from-day": "6", "from-month": "4", "from-year": "2026"})
t.hold("corrected", reply.status == 303 and "done=corrected" in (reply["Location"] or ""), words(reply.text)[:800])
page = ann.get("/facts?done=corrected")
t.hold("the new answer is shown", "£1,500.00 a month" in words(page.text) and "£1,450.00" not in words(page.text))
again = fact_of(page.text)[0]
page = ann.get(f"/facts/one/{again}")
t.hold("what was told before is kept on its page", all(w in words(page.text) for w in ("Everything we were told", "£1,450.00 a month", "Corrected or taken back", "£1,500.00 a month")), words(page.text)[:1500])
t.hold("the old one cannot be changed", "Save" not in words(ann.get(f"/facts/one/{number}").text) and send(ann, f"/facts/one/{number}", {"value": "1", "per": "month"}).status in (404, 422))
t.hold("it asks before it is taken back", "What you told us, and that you took it back, is kept." in words(ann.get(f"/facts/one/{again}/withdraw").text))
t.hold("nobody else's can be seen, corrected or taken back", cat.get(f"/facts/one/{again}").status == 404 and send(cat, f"/facts/one/{again}", {"value": "1", "per": "month"}).status in (404, 422)
        and send(cat, f"/facts/one/{again}/withdraw", {}).status in (404, 422) and len(rows("select 1 from fact where value is null")) == 0)
page = ann.send(f"/facts/one/{again}/withdraw", {"reason": "a slip"})
t.hold("what taking it back changes is shown first, and nothing is done", page.status == 200 and all(w in words(page.text) for w in ("Check what it changes", "You take back: Pay from a job: £1,500.00 a month")) and 'value="a slip"' in page.text
       and len(rows("select 1 from fact where value is null")) == 0, words(page.text)[:900])
t.hold("one can keep it", ann.send(f"/facts/one/{again}/withdraw", {"confirmed": "change"})["Location"].endswith(f"/facts/one/{again}") and len(rows("select 1 from fact where value is null")) == 0)
t.hold("taken back", send(ann, f"/facts/one/{again}/withdraw", {"reason": "a slip"}).status == 303)
t.hold("and not known any more", "You have told us nothing yet" in words(ann.get("/facts").text) and ann.get(f"/facts/one/{again}/withdraw").status == 404)

# ---- a home is everybody's who lives there ----
send(ann, "/facts/tell/rent", {"value": "650", "per": "month"})
page = bea.get("/facts")
t.hold("who lives there sees it, and who told it", "Rent £650.00 a month" in words(page.text) and "Somebody you live with, on " in words(page.text), words(page.text)[:1500])
rent = rows("select id from fact where variable = 'rent'")[0][0]
page = bea.get(f"/facts/one/{rent}")
t.hold("what another adult told is theirs to change, and one's own is told beside it", page.status == 200 and "only they can change it" in words(page.text) and "Correct it" not in words(page.text) and 'href="/facts/tell/rent"' in page.text, words(page.text)[:900])
t.hold("nor by sending the form", send(bea, f"/facts/one/{rent}", {"value": "1", "per": "month"}).status in (404, 422) and send(bea, f"/facts/one/{rent}/withdraw", {}).status in (404, 422)
       and bea.get(f"/facts/one/{rent}/withdraw").status == 404 and rows("select count(*) from fact where variable = 'rent'") == [(1,)])
t.hold("they do it who told it", "Correct it" in words(ann.get(f"/facts/one/{rent}").text) and ann.get(f"/facts/one/{rent}/withdraw").status == 200)
t.hold("a stranger does not", "650" not in words(cat.get("/facts").text))
send(bea, "/facts/tell/rent", {"value": "700", "per": "month"})
shown = words(ann.get("/facts").text)
t.hold("of two answers that differ both sides are shown, what counts meanwhile, who decides and how to end it",
       all(w in shown for w in ("Two answers differ: Rent", "£650.00 a month", "£700.00 a month", "This answer counts until it is decided.", "decides which answer is right. The decision is due by", "You can end this now")), shown[:2500])
t.hold("the later one counts", "Rent £700.00 a month" in shown)
t.hold("so does the other of the home", "Two answers differ: Rent" in words(bea.get("/facts").text) and "Two answers differ" not in words(cat.get("/facts").text))

# ---- topics and the filter ----
page = ann.get("/facts")
t.hold("answers stand under topics, folded, with their count and the newest day", re.search(r"<details class=\"weal-topic\">\s*<summary[^>]*><span[^>]*>Home</span> <span[^>]*>1 answer, of \d+ \w+ \d{4}</span>", page.text), words(page.text)[:900])
t.hold("the filter chooses by words", "Rent £700.00" in words(ann.get("/facts?words=REN").text) and "<details class=\"weal-topic\" open>" in ann.get("/facts?words=REN").text and "No answer fits." in words(ann.get("/facts?words=zebra").text))
chosen = {q: words(ann.get(f"/facts?{q}").text).split("By topic")[1] for q in ("topic=work", "topic=home&by=people", "by=bodies")}
t.hold("by topic and by who told it", ["Rent £700.00" in shown for shown in chosen.values()] == [False, True, False], chosen)
t.hold("what was typed wrong stays in the form", 'value="-5"' in ann.send("/facts/tell/rent", {"value": "-5", "per": "month"}).text)

# ---- whoever decides sees both ----
number = rows("select id from case_file where kind = 'facts-differ'")[0][0]
admin = Browser(server).sign_in(book.administrators()[0])
page = admin.get(f"/inbox/{number}")
shown = words(page.text)
t.hold("the case shows both answers", all(w in shown for w in ("Two answers that differ", "First answer", "£650.00 a month / £650.00 y mis", "Second answer", "£700.00 a month", "The first answer is right")), shown[:2000])
t.hold("in Welsh", all(w in words(admin.get(f"/cy/inbox/{number}").text) for w in ("Dau ateb sy'n wahanol", "Ateb cyntaf", "Ail ateb")))
t.hold("neither of the two decides it", ann.get(f"/inbox/{number}").status == 404 and bea.get(f"/inbox/{number}").status == 404)
reply = admin.send(f"/inbox/{number}", {"move": "first", "words": "the agreement says so"})
t.hold("it is decided, and the other answer is taken back", reply.status == 303 and "Rent £650.00 a month" in words(bea.get("/facts").text) and "700" not in words(bea.get("/facts").text), reply.status, words(reply.text)[:800])
send(bea, "/facts/tell/rent", {"value": "700", "per": "month"})

# ---- both of the home read that they differ, and one ends it by saying the same ----
number = rows("select id from case_file where kind = 'facts-differ' and waits = 1")[0][0]
for whose, browser in (("hers", bea), ("the other's", ann)):
    t.hold(f"it waits on {whose} home page and among the requests", all(f'/requests/{number}"' in browser.get(path).text for path in ("/home", "/requests", "/requests?which=waiting")), words(browser.get("/home").text)[:600])
    t.hold(f"{whose} page of it shows both answers", all(w in words(browser.get(f"/requests/{number}").text) for w in ("First answer", "£650.00 a month", "Second answer", "£700.00 a month")), words(browser.get(f"/requests/{number}").text)[:700])
t.hold("a stranger's does not", cat.get(f"/requests/{number}").status == 404 and f'/requests/{number}"' not in cat.get("/home").text)
hers = rows("select id from fact where variable = 'rent' and value = '700.00' order by id desc limit 1")[0][0]
reply = send(bea, f"/facts/one/{hers}", {"value": "650", "per": "month", "how": "wrong"})
t.hold("she corrects hers", reply.status == 303 and rows("select waits, state from case_file where id = ?", number) == [(0, "answered")], reply.status, rows("select waits, state from case_file where id = ?", number), words(reply.text)[:400])
for whose, browser in (("hers", bea), ("the other's", ann)):
    shown = words(browser.get(f"/requests/{number}").text)
    t.hold(f"{whose} page says by what it is closed", "The two answers agree now. £650.00 a month" in shown, shown[:700])
    t.hold(f"it is new on {whose} home page", f'/requests/{number}"' in browser.get("/home").text.split("What is new")[-1])
    t.hold(f"{whose} in Welsh", "Mae'r ddau ateb yn cytuno nawr." in words(browser.get(f"/cy/requests/{number}").text))
t.hold("and nothing differs on the page of facts", "Two answers differ" not in words(ann.get("/facts").text) and "Two answers differ" not in words(bea.get("/facts").text))
hers = rows("select id from fact where variable = 'rent' and said_by like ? order by id desc limit 1", f"%{mate}")[0][0]
send(bea, f"/facts/one/{hers}", {"value": "710", "per": "month", "how": "wrong"})
number = rows("select id from case_file where kind = 'facts-differ' and waits = 1")[0][0]
send(bea, f"/facts/one/{rows('select max(id) from fact')[0][0]}", {"value": "700", "per": "month", "how": "wrong"})
t.hold("corrected to another that differs too, the new difference is the one that waits", len(rows("select id from case_file where kind = 'facts-differ' and waits = 1")) == 1 and "One of the two answers was changed or taken back." in words(ann.get(f"/requests/{number}").text),
       rows("select id, waits from case_file where kind = 'facts-differ'"), words(ann.get(f"/requests/{number}").text)[:500])

# ---- organisations ----
body = rows("select code from body where kind = 'council'")[0][0]
name = rows("select name from body where code = ?", body)[0][0]
book.weal("fact", "tell", code, "pip_dl_category", "STANDARD", "--body", body, "--source", "decision", "--from", "2026-01-01")
page = ann.get("/facts")
t.hold("an organisation's decision says whose it is", f"{name} decided it, on " in words(page.text) and "Standard rate" in words(page.text), words(page.text)[:2500])
decided = rows("select id from fact where source = 'decision'")[0][0]
page = ann.get(f"/facts/one/{decided}")
t.hold("it cannot be changed here, and says where to", "only it can change it" in words(page.text) and f"/requests/new/fact-wrong?about=fact:{decided}" in page.text and "Correct it" not in words(page.text))
t.hold("nor by sending the form", send(ann, f"/facts/one/{decided}", {"value": "NONE"}).status in (404, 422) and send(ann, f"/facts/one/{decided}/withdraw", {}).status in (404, 422))

# ---- saying that an organisation's answer is wrong ----
ask = f"/requests/new/fact-wrong?about=fact:{decided}"
t.hold("the form names what it is about", "What an organisation told us" in words(ann.get(ask).text) and ann.get(ask).status == 200)
t.hold("a reason is asked for", ann.send(ask.split("?")[0], {"about": f"fact:{decided}", "reason": ""}).status == 422)
for about in (f"fact:{again}", "fact:999999", "fact:0", "fact:x"):
    t.hold(f"{about} is nothing that an organisation told", send(ann, "/requests/new/fact-wrong", {"about": about, "reason": "x"}).status in (303, 404, 422) and not rows("select 1 from case_file where kind = 'fact-wrong'"))
t.hold("not of somebody else's", send(cat, "/requests/new/fact-wrong", {"about": f"fact:{decided}", "reason": "x"}).status in (404, 422))
doors = [Browser(server).sign_in(code) for _ in range(3)]
threads = [threading.Thread(target=send, args=(b, "/requests/new/fact-wrong", {"about": f"fact:{decided}", "reason": "I was refused it"})) for b in doors]
[x.start() for x in threads]
[x.join() for x in threads]
cases = rows("select id, to_body from case_file where kind = 'fact-wrong'")
t.hold("sent at three doors at once it is one request, to the organisation", len(cases) == 1 and cases[0][1] is not None, cases)
t.hold("a second form leads to the one that waits", f"/requests/{cases[0][0]}?done=waits" in (ann.get(ask)["Location"] or ""))

# ---- two doors at once ----
before = len(rows("select 1 from fact"))
both = [Browser(server).sign_in(code) for _ in range(4)]
threads = [threading.Thread(target=send, args=(b, "/facts/tell/hours_worked", {"value": "37.5", "from-day": "1", "from-month": "5", "from-year": "2026"})) for b in both]
[x.start() for x in threads]
[x.join() for x in threads]
t.hold("told at four doors at once it is told once", len(rows("select 1 from fact")) == before + 1, len(rows("select 1 from fact")) - before)

# ---- both languages, a relation ----
send(ann, "/facts/tell/partner", {"value": mate})
page = ann.get("/cy/facts")
t.hold("in Welsh", all(w in words(page.text) for w in ("Beth yr ydych wedi'i ddweud wrthym", "Rhent £700.00 y mis", "Chi, ar ")), words(page.text)[:1500])
t.hold("a partner is shown by the reference that was told, not by name", f"Partner {mate}" in words(page.text) and rows("select name from party where code = ?", mate)[0][0] not in words(page.text))
t.hold("a reference of nobody is refused as any other", "Nobody here has that reference" in words(send(ann, "/facts/tell/partner", {"value": "P999999"}).text))
for scheme, number in rows("select i.scheme, i.value from identifier i join party p on p.id = i.party where p.code = ? and i.scheme <> 'id'", mate)[:2] + [("nino", "QQ123456C"), ("id", mate)]:
    said = words(send(ann, "/facts/tell/partner", {"value": f"{scheme}:{number}"}).text)
    t.hold(f"a number of {scheme} is none by which somebody is named", "Nobody here has that reference" in said, said[:500])
    t.hold(f"nor in an address: {scheme}", ann.get(f"/entitlements/ask/works/of/{scheme}:{number}").status == 404 and ann.get(f"/entitlements/why/income_tax/of/{scheme}:{number}").status == 404)
# ---- for what each was used ----
t.hold("nothing rests on it yet", "No claim and no award rests on it yet." in words(ann.get(f"/facts/one/{fact_of(ann.get('/facts').text)[0]}").text))
reply = ann.send("/claim", {"variable": "discretionary_housing_payment", "agree": "yes"})
t.hold("a claim is made", reply.status == 303, words(reply.text)[:600])
claim = rows("select id from case_file where kind = 'claim'")[0][0]
kept = rows("select facts from case_file where kind = 'claim'")[0][0]
shown = ann.get("/facts").text
used = len(re.findall(f'href="/requests/{claim}"', shown))
known = len(re.findall(r'href="/facts/one/\d+"', shown.split("By topic")[1]))
t.hold("each fact that was known then says so, with the claim and its day", used == known > 2 and "Known when you claimed, and not sent along: Discretionary Housing Payment," in words(shown), (used, known, kept))
send(ann, "/facts/tell/num_bedrooms", {"value": "2"})
t.hold("what is told later was not used in it", "No claim and no award rests on it yet." in words(ann.get(f"/facts/one/{rows('select max(id) from fact')[0][0]}").text))
t.hold("the claim's days are of whose page it is", f"/requests/{claim}" not in bea.get("/facts").text)
send(bea, "/facts/tell/partner", {"value": code})
t.hold("a partner who says so too sees that their home's answers were used", "Your partner's claim: Discretionary Housing Payment," in words(bea.get("/facts").text), words(bea.get("/facts").text)[:2500])
# ---- what cannot be right is refused at every door, and nothing is written ----
clerk = next(c for c, in rows("select p.code from office o join party p on p.id = o.person join body b on b.id = o.body where o.role = 'staff' and b.kind = 'council'"))
officer = Browser(server).sign_in(clerk).because("council tax reduction", stranger)
page = officer.get(f"/people/{stranger}/facts/tenure_type")
t.hold("staff choose among the answers by the same question as the person", 'value="RENT_PRIVATELY"' in page.text and "How it is known" in words(page.text) and "Write one of these words" not in words(page.text), words(page.text)[:800])
own = ann.get("/facts/tell/tenure_type").text
t.hold("the same choices", re.findall(r'name="value"[^>]*value="(\w+)"', page.text) == re.findall(r'name="value"[^>]*value="(\w+)"', own))
bad = {"out of bounds": ("rent", "99999999", "2026-05-01", ""), "below nought": ("rent", "-1", "2026-05-01", ""), "no amount": ("rent", "ten", "2026-05-01", ""), "in the future": ("rent", "650", "2999-01-01", ""),
       "ends before it begins": ("rent", "650", "2026-05-01", "2026-04-30"), "no such choice": ("tenure_type", "CASTLE", "2026-05-01", ""), "nothing that can be told": ("wealth", "5", "2026-05-01", ""),
       "nobody": ("partner", "P999999", "2026-05-01", ""), "oneself": ("partner", stranger, "2026-05-01", "")}
day = lambda name, iso: dict(zip((f"{name}-year", f"{name}-month", f"{name}-day"), iso.split("-"))) if iso else {}
before = rows("select count(*) from fact")
for what, (variable, value, begin, end) in bad.items():
    per = {"per": "month"} if variable == "rent" else {}
    file = os.path.join(book.folder, "bad.csv")
    with open(file, "w") as f:
        f.write("person,household,variable,value,per,from,to,source,said_by\n" f"{stranger},,{variable},{value},{per.get('per', '')},{begin},{end},told,{stranger}\n")
    sent = {"value": value, **per, **day("from", begin), **day("to", end)}
    doors = [book.try_weal("fact", "tell", stranger, variable, "--as", stranger, "--from", begin, *(["--to", end] if end else []), *(["--per", "month"] if per else []), "--", value),
             book.try_weal("import", "facts", file, "--quiet"), cat.send(f"/facts/tell/{variable}", {**sent, "confirmed": "yes"}).status in (404, 422),
             cat.send(f"/facts/tell/{variable}", sent).status in (404, 422), officer.send(f"/people/{stranger}/facts/{variable}", {**sent, "source": "told"}).status in (404, 422)]
    t.hold(f"{what}: refused by command, import, form, its check and the form of staff", all(doors) and rows("select count(*) from fact") == before, doors)
taken = rows("select id from fact where variable = 'employment_income' and value is not null order by id desc limit 1")[0][0]
t.hold("what was taken back is neither corrected nor taken back again", [book.try_weal("fact", "withdraw", code, str(taken), "--as", code), book.try_weal("fact", "correct", code, str(taken), "5", "--per", "month", "--as", code),
        send(ann, f"/facts/one/{taken}/withdraw", {}).status in (404, 422), ann.send(f"/facts/one/{taken}/withdraw", {}).status in (404, 422)] == [True] * 4 and rows("select count(*) from fact") == before)

# ---- somebody who is named as a partner is asked, and whoever names them reads that they have not said so ----
named = next(c for c in book.living(100) if c not in (code, mate, stranger, *lives_with(code), *lives_with(stranger)))
dan = Browser(server).sign_in(named)
t.hold("nobody is asked before", "you are partners" not in words(dan.get("/home").text))
book.weal("fact", "tell", named, "partner", "none", "--from", "2025-01-01", "--as", named)  # an answer from before: they are asked all the same
send(cat, "/facts/tell/partner", {"value": named})
for path, asks, nothing in (("/home", f"{stranger} says that you are partners. Is it so?", "Nothing waits for you."), ("/cy/home", f"Mae {stranger} yn dweud eich bod yn bartneriaid. A yw hynny'n wir?", "Nid oes dim yn aros amdanoch.")):
    page = dan.get(path)
    t.hold(f"{path}: whoever is named is asked, with the page to answer, by a reference where they live elsewhere", asks in words(page.text) and "/entitlements/ask/partner" in page.text and nothing not in words(page.text), words(page.text)[:600])
t.hold("nobody else is", "you are partners" not in words(cat.get("/home").text) and "you are partners" not in words(ann.get("/home").text))
unsaid = "They have not said that you are partners. Until they say so nobody pays by it."
t.hold("whoever names somebody elsewhere reads only that it was not said", unsaid in words(cat.get("/facts").text), words(cat.get("/facts").text)[:900])
for cy, yes in (("", f"Yes: {stranger}"), ("/cy", f"Ydyn: {stranger}")):
    page = dan.get(f"{cy}/entitlements/ask/partner")
    t.hold(f"{cy}: the page says who asks, and has a yes that names them and a no", yes in words(page.text) and f'value="{stranger}"' in page.text and 'value="none"' in page.text, page.status, words(page.text)[:600])


def read_by(browser):
    """What a person reads of whom they named: their home page, what they told, the answer."""
    return [words(browser.get(path).text.split("<main", 1)[-1]) for path in ("/home", "/facts", "/entitlements/answer")]


other = next(c for c in book.living(130) if c not in (code, mate, stranger, named, *lives_with(code), *lives_with(stranger), *lives_with(named)))
before = read_by(cat)
for value, of in (("none", "that they live with nobody"), (other, "another")):
    send(dan, "/facts/tell/partner", {"value": value})
    t.hold(f"a stranger who named somebody reads the same when that person says {of}", read_by(cat) == before, [(a, b) for a, b in zip(before, read_by(cat)) if a != b])
kid = rows("select code, born from party where kind = 'person' and died is null and born > 17000 order by id desc limit 1")[0][0]
send(cat, "/facts/tell/partner", {"value": kid})
t.hold("nor are they told that whom they named is a child", [one.replace(kid, named) for one in read_by(cat)] == before, read_by(cat)[1][:600])
send(cat, "/facts/tell/partner", {"value": named})
send(dan, "/facts/tell/partner", {"value": stranger})
t.hold("once it is said nobody is asked", "you are partners" not in words(dan.get("/home").text) and "not partners" not in words(cat.get("/home").text) and unsaid not in words(cat.get("/facts").text))

# ---- in one home whoever named somebody reads their no ----
used = {code, mate, stranger, named, other, *lives_with(code), *lives_with(stranger), *lives_with(named)}
one_of, its_mate = next((c, m) for c in book.living(140) if c not in used for m in lives_with(c)[:1])
eve, fay = Browser(server).sign_in(one_of), Browser(server).sign_in(its_mate)
send(eve, "/facts/tell/partner", {"value": its_mate})
t.hold("whoever names somebody of their home reads that they are asked", "They have not said yet that you are partners. They are asked on their home page." in words(eve.get("/facts").text), words(eve.get("/facts").text)[:900])
send(fay, "/facts/tell/partner", {"value": "none"})
home, told = eve.get("/home"), eve.get("/facts")
no = "has said that you are not partners"
number = re.search(r"/facts/one/(\d+)", home.text.split("not partners")[0].rsplit("<li>", 1)[-1])
one = eve.get(number.group(0)) if number else home
t.hold("whoever named them reads the no on their home page, with the way to what they told", no in words(home.text) and number, words(home.text)[:900])
t.hold("and there and among what they told, with a way to take it back", "They have said that you are not partners" in words(one.text) and f"{number.group(0) if number else ''}/withdraw" in one.text and "They have said that you are not partners" in words(told.text), words(one.text)[:900])
answer = eve.get("/entitlements/answer")
t.hold("the answer says it in place of what is still to be said", answer.status == 200 and (no in words(answer.text) and "must say so too" not in words(answer.text) and "has not said yet" not in words(answer.text) and number.group(0) in answer.text), words(answer.text)[:1500])
t.hold("whoever said nobody since is not asked again", "you are partners" not in words(fay.get("/home").text), words(fay.get("/home").text)[:400])

# ---- a day is asked as a day, typed as people type it, and kept in one form ----
page = ann.get("/facts/tell/bereaved_on").text
t.hold("a day has three fields", all(f'name="value-{part}"' in page for part in ("day", "month", "year")) and "with a dash between" not in page)
reply = ann.send("/facts/tell/bereaved_on", {"value-day": "31", "value-month": "2", "value-year": "2026"})
t.hold("one that is none is refused where it stands, and stays", reply.status == 422 and 'value="31"' in reply.text and "real date" in words(reply.text), reply.status)
reply = ann.send("/facts/tell/bereaved_on", {"value-day": "1", "value-month": "1", "value-year": "2099"})
t.hold("nor one to come", reply.status == 422, reply.status)
reply = ann.send("/facts/tell/bereaved_on", {"value-day": "3", "value-month": "March", "value-year": "2026"})
t.hold("what it changes is shown in words", reply.status == 200 and "3 March 2026" in words(reply.text) and 'value="2026-03-03"' in reply.text, reply.status, words(reply.text)[:400])
reply = send(ann, "/facts/tell/bereaved_on", {"value": "2026-03-03"})
t.hold("it is kept in one form", reply.status == 303 and rows("select value from fact where variable = 'bereaved_on'") == [("2026-03-03",)], reply.status, rows("select value from fact where variable = 'bereaved_on'"))
page = ann.get("/facts")
t.hold("and shown in words, in both languages", "3 March 2026" in words(page.text) and "3 Mawrth 2026" in words(ann.get("/cy/facts").text))
one = rows("select max(id) from fact where variable = 'bereaved_on'")[0][0]
page = ann.get(f"/facts/one/{one}").text
t.hold("the form to correct it begins with it", all(re.search(rf'name="value-{part}"[^>]*value="{number}"|value="{number}"[^>]*name="value-{part}"', page) for part, number in (("day", "3"), ("month", "3"), ("year", "2026"))), page[page.find('name="value-day"') - 300:][:900])
reply = send(ann, f"/facts/one/{one}", {"value": "4 March 2026", "from": "2026-01-01"})
t.hold("corrected as it is typed in one field", reply.status == 303 and rows("select value from fact where variable = 'bereaved_on' order by id desc limit 1") == [("2026-03-04",)], reply.status, words(reply.text)[:300])
t.hold("asked as a question it has three fields too", 'name="value-month"' in ann.get("/entitlements/ask/bereaved_on").text)
reply = ann.send("/entitlements/ask/bereaved_on", {"value-day": "5", "value-month": "3", "value-year": "2026"})
t.hold("and is told by it", reply.status == 303, reply.status, words(reply.text)[:300])

# ---- two records that became one ----
gone = next(c for c in book.living(100) if c not in (code, mate, stranger, *lives_with(code), *lives_with(stranger)))
book.weal("fact", "tell", gone, "works", "yes", "--from", "2026-01-01", "--as", gone, "--quiet")
book.weal("merge", stranger, gone, "--reason", "one person", "--quiet")
reply = send(cat, "/facts/tell/works", {"value": "no", "from-day": "1", "from-month": "1", "from-year": "2026"})
page = words(cat.get("/facts").text)
t.hold("what one told under a record that became theirs is no other answer", reply.status == 303 and "Another answer" not in page and "says otherwise" not in page and
       not rows("select 1 from case_file where kind = 'facts-differ' and state = 'waiting' and subject like '%works%'"), page[:1500])
if os.environ.get("KEEP_PAGES"):
    for path in ("/facts", "/cy/facts", "/facts/tell/rent", "/facts/tell/tenure_type", f"/facts/one/{fact_of(ann.get('/facts').text)[1]}", "/facts/tell/partner"):
        with open(os.path.join(os.environ["KEEP_PAGES"], path.strip("/").replace("/", "-") + ".html"), "w") as f:
            f.write(ann.get(path).text)
    for sheet in set(re.findall(r'href="(/[^"]*\.css[^"]*)"', ann.get("/facts").text)):
        with open(os.path.join(os.environ["KEEP_PAGES"], os.path.basename(sheet)), "w") as f:
            f.write(ann.get(sheet).text)
t.hold("the log has no fault", '"level":"error"' not in server.lines())
t.hold("stops", server.stop() == 0)
book.weal("audit")
t.end()
