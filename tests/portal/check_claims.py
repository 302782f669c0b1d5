#!/usr/bin/env python3
"""Claims in the portal: a citizen sees what goes along, declares it and sends it; an officer of the council decides it; the citizen sees how much, the days of pay, what they can do and by
when, and disputes it; another officer changes it. Nobody claims twice, for another, or without declaring; in both languages."""
import json
import os
import re
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import WEAL, Book, Browser, Server, Tally, on_day, words

on_day("2026-12-01")
t = Tally()
book = Book(150)
server = Server(book, ["forms_each_minute = 100000"])
db = sqlite3.connect(book.url[7:], timeout=30, isolation_level=None)
db.execute("delete from fact")
people = book.apart(book.living(80))
council = [c for c, in db.execute("select code from body where kind = 'council' order by id")][0]
held = {c for c, in db.execute("select p.code from office o join party p on p.id = o.person")}
free = [c for c in people if c not in held]
code, first, second, stranger = free[0], free[1], free[2], free[3]
for officer in (first, second):
    book.weal("role", "grant", officer, "staff", "--body", council)
ann, olga, omar, sam = (Browser(server).sign_in(c) for c in (code, first, second, stranger))

page = ann.get("/claim")
t.hold("what can be claimed is listed", all(w in words(page.text) for w in ("Council Tax Reduction", "Discretionary Housing Payment", "Free school meals", "Universal Credit")), words(page.text)[:500])
paid = [c for c, in db.execute("select distinct p.code from party p join account a on a.owner = p.id join line l on l.account = a.id join category c on c.id = l.category where c.code = 'universal-credit' and p.died is null and l.day > 20520 order by p.id")]
pia = Browser(server).sign_in([c for c in paid if c in free][-1])
shown = words(pia.get("/claim").text).split("Already paid")
t.hold("what the account shows as paid is not offered as new", len(shown) == 2 and "Universal Credit Your account shows payments of it, the last on" in shown[1] and "Universal Credit" not in shown[0], shown[-1][:400])
t.hold("its own page says so", "Your account shows payments of it, the last on" in words(pia.get("/claim?of=universal_credit").text))
page = ann.get("/claim?of=discretionary_housing_payment")
t.hold("a claim says who decides it, how far back, and its law", all(w in words(page.text) for w in ("decides it. The answer comes here.", "up to 12 months before", "SI 2001/1167")), words(page.text)[:800])
t.hold("what is not claimed is not there", ann.get("/claim?of=income_tax").status == 404 and ann.get("/claim?of=gold").status == 404)
young = next(c for c, in db.execute("select code from party where kind = 'person' and died is null and (unixepoch() / 86400 - born) / 365.25 between 25 and 55 order by id") if c in free)
yan = Browser(server).sign_in(young)
shown = words(yan.get("/claim?of=state_pension").text)
t.hold("who is too young is told so, and asked nothing", "Nobody gets it before the age of 66." in shown and "Answer what is asked" not in shown, shown[:500])
shown = words(yan.get("/claim").text)
t.hold("nor is it among what they may get", "State Pension" in shown.split("Nothing seems due of these")[-1] and "State Pension" not in shown.split("Nothing seems due of these")[0], shown[:900])
fields = {"variable": "discretionary_housing_payment", "reason": "my rent is more than my housing benefit"}
reply = ann.send("/claim", fields)
t.hold("it is sent only when it is declared", reply.status == 422 and "Say that what was told is right" in words(reply.text), reply.status)
reply = ann.send("/claim", {**fields, "agree": "yes"})
number = re.search(r"/requests/(\d+)\?done=opened", reply["Location"] or "")
t.hold("sent", reply.status == 303 and number, (reply.status, reply["Location"]))
number = number.group(1)
reply = ann.send("/claim", {**fields, "agree": "yes"})
t.hold("not twice", reply.status == 422 and "waits for its answer already" in words(reply.text), reply.status)
page = ann.get(f"/requests/{number}")
t.hold("its page says what and by whom", all(w in words(page.text) for w in ("A claim", "Discretionary Housing Payment", "Who answers", "Answer due")), words(page.text)[:600])
t.hold("nobody else sees it", sam.get(f"/requests/{number}").status == 404)

# ---- what another organisation decides: the claim's pack, before it is sent and with it ----
page = ann.get("/claim?of=universal_credit")
t.hold("its pack can be downloaded, and where it is claimed is said", "/claim/pack?of=universal_credit" in page.text and "https://www.gov.uk/universal-credit/how-to-claim" in page.text, words(page.text)[:600])
pack, paper = ann.get("/claim/pack?of=universal_credit&format=json"), ann.get("/claim/pack?of=universal_credit&format=pdf")
held_in = json.loads(pack.text)
t.hold("the pack is theirs", held_in["format"] == "commonweal-claim-pack" and held_in["person"]["reference"] == code and held_in["claim"]["variable"] == "universal_credit", pack.text[:300])
t.hold("on paper too", paper.status == 200 and paper["Content-Type"] == "application/pdf", paper.status)
t.hold("no pack of what is decided here", ann.get("/claim/pack?of=discretionary_housing_payment").status == 404)
t.hold("an address that names no claim leads to what can be claimed", ann.get("/claim/pack")["Location"] == "/claim" and ann.get("/cy/claim/pack")["Location"] == "/cy/claim")
of_uc = {"variable": "universal_credit", "agree": "yes", "from": ""}
book.weal("fact", "tell", stranger, "recourse_to_public_funds", "no", "--quiet")
reply = sam.send("/claim", of_uc)
t.hold("where it may cost somebody their leave it is not sent", reply.status == 422 and "public funds" in words(reply.text), reply.status, words(reply.text)[:300])
reply = ann.send("/claim", of_uc)
sent = re.search(r"/requests/(\d+)\?done=opened", reply["Location"] or "")
t.hold("else it is", reply.status == 303 and sent, reply.status, words(reply.text)[:300])
t.hold("it goes along with the claim", all(w in ann.get(f"/requests/{sent.group(1)}").text for w in ("claim-pack.pdf", "claim-pack.json")))
t.hold("and only with theirs", sam.get(f"/requests/{sent.group(1)}").status == 404)

# ---- asked for more: it waits for the claimant, who reads the question first ----
t.hold("the inbox names the benefit", "Discretionary Housing Payment" in words(olga.get("/inbox").text))
reply = olga.send(f"/inbox/{number}", {"move": "ask", "words": "Send your <bill>"})
t.hold("asked for more", reply.status == 303, reply.status)
for path, nothing in (("/home", "Nothing waits for you"), ("/cy/home", "Nid oes dim yn aros amdanoch.")):
    shown = ann.get(path).text
    waits = re.search(r"<h2[^>]*>(?:What waits for you|Yr hyn sy'n aros amdanoch chi|[^<]*)</h2>(.*?)<ul class=\"weal-cards", shown, re.S)
    t.hold(f"{path}: what is asked waits for them", nothing not in words(shown) and waits and f'/requests/{number}"' in waits.group(1), words(shown)[:600])
t.hold("and among their requests", f'/requests/{number}"' in ann.get("/requests").text.split("<table")[0])
page = ann.get(f"/requests/{number}").text
t.hold("the question is the first on its page, and they can answer it", "What you are asked" in page and page.index("Send your &lt;bill&gt;") < page.index("summary-list") and "I have told it" in page, words(page)[:600])
t.hold("the officer is not asked", "What you are asked" not in olga.get(f"/inbox/{number}").text)
reply = ann.send(f"/requests/{number}", {"move": "reply", "words": "it is in the files"})
t.hold("answered", reply.status == 303 and "Nothing waits for you" in words(ann.get("/home").text), reply.status)

page = olga.get(f"/inbox/{number}")
t.hold("an officer has the form", all(w in words(page.text) for w in ("Award it", "Refuse it", "Amount", "How often is it paid?")), words(page.text)[:900])
t.hold("what is not told is said, and which rules hold", all(w in words(page.text) for w in ("What the decision rests on", "No rule says how much: the organisation decides it.", "By which rules", "sha256:")), words(page.text)[:900])
t.hold("only the days of pay that the benefit has are offered", all(w in words(page.text) for w in ("Every 4 weeks", "Every week", "Once")) and not any(w in words(page.text) for w in ("Every 2 weeks", "Every month", "Once a year")), words(page.text)[-900:])
reply = olga.send(f"/inbox/{number}", {"move": "award", "amount": "15.00"})
t.hold("an amount needs a reason", reply.status == 422 and "write why it is this much" in words(reply.text), reply.status)
sent = {"move": "award", "amount": "15.00", "words": "the shortfall of the <rent>"}
reply = olga.send(f"/inbox/{number}", sent)
t.hold("what it comes to is shown before it is done", reply.status == 200 and all(w in words(reply.text) for w in ("Check what you award", "£15.00 a week", "Paid at once, for days before today £0.00", "until further notice", "To be paid on", "£60.00")) and "shortfall of the &lt;rent&gt;" in reply.text and db.execute("select count(*) from award").fetchone()[0] == 0, reply.status, words(reply.text)[:500])
reply = olga.send(f"/inbox/{number}", {**sent, "confirmed": "change"})
t.hold("it can be changed", reply.status == 200 and 'value="15.00"' in reply.text and "shortfall of the &lt;rent&gt;" in reply.text, reply.status)
reply = olga.send(f"/inbox/{number}", {**sent, "amount": "6000"})
t.hold("much is said to need another", reply.status == 200 and "Ask for approval" in reply.text and "somebody else of the organisation must approve it" in words(reply.text), words(reply.text)[:500])
reply = olga.send(f"/inbox/{number}", {**sent, "award-from-day": "1", "award-from-month": "1", "award-from-year": "2020"})
t.hold("not before the day that was claimed", reply.status == 422 and "is before the day that was claimed" in words(reply.text), reply.status, words(reply.text)[:400])
confirmed = {**sent, "words": "the shortfall of the rent", "confirmed": "yes"}
reply = olga.send(f"/inbox/{number}", confirmed)
t.hold("nobody awards what they have not seen", reply.status == 200 and "Nothing is done yet" in words(reply.text) and db.execute("select count(*) from award").fetchone()[0] == 0, reply.status)
whose = db.execute("select name from party where code = ?", (code,)).fetchone()[0]
t.hold("whose it is, what the rules come to and what they read is shown", all(w in words(reply.text) for w in (f"Whose {whose}", "What the rules come to No rule says how much", "What they read the shortfall of the rent")), words(reply.text)[:600])
as_shown = lambda page: {"shown": re.search(r'name="shown" value="([0-9a-f]+)"', page.text).group(1)}  # noqa: E731
t.hold("nor another amount than they saw", olga.send(f"/inbox/{number}", {**confirmed, "amount": "16.00", **as_shown(reply)}).status == 200 and db.execute("select count(*) from award").fetchone()[0] == 0)
reply = olga.send(f"/inbox/{number}", {**confirmed, **as_shown(reply)})
t.hold("awarded", reply.status == 303, reply.status)
page = ann.get(f"/requests/{number}")
shown = words(page.text)
t.hold("the citizen sees how much, when it is paid and what they can do", all(w in shown for w in ("£15.00 a week", "the first day of pay is", "the shortfall of the rent", "Ask for the decision to be looked at again")), shown[:1500])
page = ann.get("/awards")
t.hold("the award stands with its next days of pay", all(w in words(page.text) for w in ("Discretionary Housing Payment", "£15.00 a week", "To be paid on", "£60.00")), words(page.text)[:900])
t.hold("in Welsh", "Yr hyn a ddyfernir i chi" in ann.get("/cy/awards").text)
t.hold("nobody else's", "£15.00" not in sam.get("/awards").text)

reply = ann.send("/requests/new/claim-dispute", {"about": f"case:{number}", "reason": "it is 20 pounds short"})
dispute = re.search(r"/requests/(\d+)\?done=opened", reply["Location"] or "")
t.hold("disputed", reply.status == 303 and dispute, (reply.status, words(reply.text)[:400]))
dispute = dispute.group(1)
t.hold("whoever decided does not decide it again", "Change the decision" not in words(olga.get(f"/inbox/{dispute}").text))
change = {"move": "change", "amount": "20.00", "words": "it is"}
reply = omar.send(f"/inbox/{dispute}", {**change, "confirmed": "yes", **as_shown(omar.send(f"/inbox/{dispute}", change))})
t.hold("another changes it", reply.status == 303, reply.status)
page = ann.get("/awards")
t.hold("the award is changed", "£20.00 a week" in words(page.text) and "it is" in words(page.text), words(page.text)[:900])
page = ann.get(f"/requests/{dispute}")
t.hold("the next step stands there with its last day", "Ombudsman" in words(page.text) and "The last day is" in words(page.text), words(page.text)[:1200])

# ---- what a decision rests on stays as it was, whatever was decided and whatever is told later ----
other = free[5]
una = Browser(server).sign_in(other)
for told in ("recourse_to_public_funds yes", "savings 4000"):
    book.weal("fact", "tell", other, *told.split(), "--as", other, "--quiet")
refused = re.search(r"case: (\d+)", book.weal("do", "claim-make", "--as", other, "agree=yes", "variable=council_tax_reduction", "reason=rent")).group(1)
book.weal("do", "case-move", "--as", first, f"case={refused}", "move=refuse", "words=no")
stands = re.search(r"/requests/(\d+)\?done", una.send("/requests/new/claim-dispute", {"about": f"case:{refused}", "reason": "short"})["Location"]).group(1)
book.weal("do", "case-move", "--as", second, f"case={stands}", "move=stand", "words=it stands")
rests = lambda browser, case: words(browser.get(f"/inbox/{case}").text).split("What the decision rests on")[-1]  # noqa: E731
before = [rests(olga, refused), rests(omar, stands)]
t.hold("a refusal and a dispute that stands name what they rest on, and which rules", all("£4,000.00" in shown and "sha256:" in shown for shown in before), before)
book.weal("fact", "tell", other, "savings", "15000", "--as", other, "--quiet")
t.hold("what is told later is not among it", [rests(olga, refused), rests(omar, stands)] == before)
none = re.search(r"case: (\d+)", book.weal("do", "claim-make", "--as", free[6], "agree=yes", "variable=discretionary_housing_payment", "reason=rent")).group(1)
book.weal("do", "case-move", "--as", first, f"case={none}", "move=refuse", "words=no")
before = rests(olga, none)
book.weal("fact", "tell", free[6], "savings", "4000", "--as", free[6], "--quiet")
t.hold("nothing that was told is none, and not all that stands", "£4,000.00" not in rests(olga, none) and rests(olga, none) == before, before[:300])

# ---- what the program opens about somebody is theirs to read, to add to and to complain about; nobody else's ----
def of_them(browser, other, number, shown):
    for path in ("/home", "/requests", f"/requests/{number}"):
        page = browser.get(path)
        t.hold(f"{number}: {path} has it", page.status == 200 and (f'/requests/{number}"' in page.text or path.endswith(number)), page.status, words(page.text)[:500])
    page = browser.get(f"/requests/{number}")
    t.hold(f"{number}: says what it is", all(w in words(page.text) for w in shown), words(page.text)[:700])
    t.hold(f"{number}: in Welsh", browser.get(f"/cy/requests/{number}").status == 200)
    t.hold(f"{number}: nobody else's", other.get(f"/requests/{number}").status == 404)


paid = free[4]
pat = Browser(server).sign_in(paid)
book.weal("award", "make", paid, "discretionary_housing_payment", "--amount", "40", "--from", "2026-03-02", "--body", council, "--quiet")
shown = words(pat.get("/awards").text)
t.hold("what is due and not paid is said", re.search(r"Due for days up to today, and not paid yet: £[0-9,]+.00. It comes with the next payment run.", shown), shown[:600])
book.weal("pay", "--quiet")
page = pat.get("/awards")
upcoming = re.findall(r"To be paid on (\d+ \w+ \d{4})", words(page.text))
t.hold("once it is paid nothing is said to be paid again, and the rest is in the account", "not paid yet" not in words(page.text) and upcoming and not any(f"Paid on {day}" in words(page.text) for day in upcoming) and "Earlier payments are in your account" in words(page.text), upcoming, words(page.text)[:700])
told = json.loads(book.weal("award", "list", paid, "--format", "json"))
award = next(iter(re.findall(r'"award": ?"?(\d+)', json.dumps(told))))
book.weal("award", "change", paid, award, "--amount", "30", "--from", "2026-03-02", "--reason", "the rent was less", "--quiet")
number = str(db.execute("select id from case_file where kind = 'overpayment' order by id desc limit 1").fetchone()[0])
of_them(pat, sam, number, ("Paid too much", "Discretionary Housing Payment", "Who answers"))
t.hold("a document can be added", f'/requests/{number}/files"' in pat.get(f"/requests/{number}").text)
t.hold("decided", olga.send(f"/inbox/{number}", {"move": "ask-back", "words": "A part each month"}).status == 303)
shown = pat.get(f"/requests/{number}").text
t.hold("they read the decision and can complain", "A part each month" in shown and f"/requests/new/complaint?about=case:{number}" in shown.replace("%3A", ":"), words(shown)[:900])

# ---- what a lodger told is not read out of a claim's amount: the officer counts it, the claimant is not shown it ----
def lodgers(who):
    return [c for c, in db.execute("""select o.code from party p join residence r on r.party = p.id join residence s on s.household = r.household and s.party <> r.party join party o on o.id = s.party
                                      where p.code = ? and o.kind = 'person' and o.died is null and (unixepoch() / 86400 - o.born) / 365.25 between 25 and 60
                                      and not exists (select 1 from residence later where later.party in (p.id, o.id) and later.household <> r.household) order by o.id""", (who,))]


host = next(c for c in book.living(140) if c not in held and c not in (code, first, second) and lodgers(c) and not set(lodgers(c)) & held)
guest = lodgers(host)[0]
for who, variable, value in ((host, "partner", "none"), (host, "responsible_for", "none"), (host, "non_dependant", guest), (host, "council_tax", "1450"), (host, "savings", "500"), (host, "works", "no"),
                             (host, "tenure_type", "RENT_FROM_COUNCIL"), (host, "rent", "650"), (host, "recourse_to_public_funds", "yes"), (guest, "non_dependant", "none"), (guest, "partner", "none"), (guest, "responsible_for", "none"),
                             (guest, "works", "yes"), (guest, "hours_worked", "40"), (guest, "employment_income", "3000"), (guest, "savings", "0")):
    book.weal("fact", "tell", who, variable, value, "--as", who)
dwp = next(c for c, in db.execute("select code from body where name like '%Work and Pensions%'"))
pays = next(c for c in free if c not in (code, first, second, stranger, host, guest))
book.weal("role", "grant", pays, "staff", "--body", dwp)
hal = Browser(server).sign_in(host)

def uc():
    told = json.loads(book.weal("assess", host, "--format", "json"))
    return told["ask"], next(a for a in told["answers"] if a["variable"] == "universal_credit")


for _ in range(60):
    asked, answer = uc()
    if answer["amount"] or not asked:
        break
    for one in asked[:12]:
        for value in ("no", "0", "NONE", "HOUSE_TERRACED"):
            if subprocess.run([WEAL, "--store", book.url, "fact", "tell", one["person"], one["variable"], value, "--as", one["person"], "--quiet"], capture_output=True).returncode == 0:
                break
asked, answer = uc()
t.hold("with what the lodger told the rules come to one amount", answer["amount"], answer, asked[:3])
amount = f"£{(answer['a_year'] + 6) // 12 // 100:,}.{(answer['a_year'] + 6) // 12 % 100:02d}" if answer["amount"] else "none"
shown = words(hal.get("/claim?of=universal_credit").text)
t.hold("the claim's page shows a range, since the lodger's is not theirs to read", "By the rules it is from" in shown and f"it is {amount}" not in shown, amount, shown[:400])
reply = hal.send("/claim", {"variable": "universal_credit", "agree": "yes"})
number = re.search(r"/requests/(\d+)", reply["Location"] or "")
t.hold("it is claimed", reply.status == 303 and number, reply.status, words(reply.text)[:300])
number = number.group(1) if number else "0"
shown = words(hal.get(f"/requests/{number}").text)
t.hold("an amount of the rules has its period", re.search(r"By the rules at most £[0-9,.]+ a month", shown) and "A month" not in shown and "What it is about" not in shown, shown[:600])
t.hold("what is kept with the claim is what they may learn", "By the rules at least" in shown and "By the rules at most" in shown and "By the rules £" not in shown, shown[:600])
admin = Browser(server).sign_in(pays)
shown = words(admin.get(f"/inbox/{number}").text)
t.hold("whoever decides counts everything", f"By the rules {amount}" in shown and "By the rules at least" not in shown, amount, shown[:600])
t.hold("and sees the facts, how the rules come to it and which rules, with what is missing to nobody else", all(w in shown for w in ("What the decision rests on", "Rent £650.00 a month, since", "The person (told)", "Savings £500.00", "How the rules come to it", "By which rules", "sha256:")), shown[:1500])
t.hold("of one way to be paid nothing is asked, and the amount of the rules is taken where none is written", "How often is it paid?" not in shown and f"Leave it empty to award what the rules come to: {amount}" in shown, shown[-900:])
t.hold("the claimant reads none of it", "What the decision rests on" not in hal.get(f"/requests/{number}").text)
noted = [w for w, in db.execute("select a.what from access a join party p on p.id = a.party where p.code = ?", (host,))]
t.hold("each look is noted", any("case claim" in w for w in noted), noted)
# ---- decided elsewhere: the time to dispute it runs from the day on the decision, which a file can say ----
file = os.path.join(book.folder, "decided.csv")


def decided(who, day):
    with open(file, "w", encoding="utf-8") as out:
        out.write(f"person,variable,amount,from,decided\n{who},universal_credit,400.00,2026-11-02,{day}\n")
    return subprocess.run([WEAL, "--store", book.url, "import", "awards", file, "--quiet"], capture_output=True, text=True)


told = decided(host, "2999-01-01")
t.hold("a day to come is refused", told.returncode == 1 and "decided.csv:2: decided: is after today" in told.stderr, told.stderr)
told = decided(host, "")
shown = words(hal.get(f"/requests/{number}").text)
t.hold("where nobody said when, no last day is invented", told.returncode == 0 and "The time runs from the day on their decision: look at their letter." in shown and "The last day is" not in shown, told.stderr, shown[:900])
for late in free[5:]:
    lee = Browser(server).sign_in(late)
    for told in ("partner none", "responsible_for none", "non_dependant none", "recourse_to_public_funds yes"):
        book.weal("fact", "tell", late, *told.split(), "--as", late)
    reply = lee.send("/claim", {"variable": "universal_credit", "agree": "yes"})
    mine = re.search(r"/requests/(\d+)", reply["Location"] or "")
    if mine:
        break
t.hold("another claims", reply.status == 303 and mine, reply.status, words(reply.text)[:300])
told = decided(late, "2026-11-13")
shown = words(lee.get(f"/requests/{mine.group(1) if mine else 0}").text)
t.hold("where it was said, it counts from that day", told.returncode == 0 and "The last day is 14 December 2026" in shown and "Decided on 13 November 2026" in shown, told.stderr, shown[:900])
shown = words(lee.get(f"/requests/{mine.group(1) if mine else 0}").text)
t.hold("who decided is the organisation, not whoever took the file in", "Answered by Department for Work and Pensions" in shown and "Operator of the machine" not in shown.split("What happened")[0], shown[:900])
news = lee.get("/home").text
t.hold("and it is among what is new", re.search(rf"/requests/{mine.group(1) if mine else 0}\"[^<]*<", news.split("What is new")[-1]), words(news)[:600])
t.hold("the log has no fault", '"level":"error"' not in server.lines())
t.hold("stops", server.stop() == 0)
t.end()
