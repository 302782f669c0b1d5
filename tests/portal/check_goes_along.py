#!/usr/bin/env python3
"""What is said to go along with a claim is what goes: for every benefit the page before it is sent is compared with the pack's file, and of what the council decides with the page on which it decides; for somebody
alone, a couple with a child, helpers with either scope, an officer of the council and one of another organisation. What another told of themself is named and never shown to the claimant."""
import csv
import html
import json
import os
import re
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from portal import ROOT, Book, Browser, Server, Tally, words

t = Tally()
book = Book(150)
server = Server(book, ["forms_each_minute = 100000"])
db = sqlite3.connect(book.url[7:], timeout=30, isolation_level=None)
db.execute("delete from fact")
rows = lambda sql, *values: db.execute(sql, values).fetchall()
held = {c for c, in rows("select p.code from office o join party p on p.id = o.person")}
years = lambda born: (rows("select unixepoch() / 86400")[0][0] - born) / 365.25
HOMES = "select r.household, p.code, p.born from residence r join party p on p.id = r.party where p.died is null and p.born is not null and not exists (select 1 from residence l where l.party = p.id and l.household <> r.household) order by p.id"
homes = {}
for home, code, born in rows(HOMES):
    if code not in held:
        homes.setdefault(home, []).append((code, years(born)))
wife, husband, child = next((a[0], b[0], c[0]) for people in homes.values() for a in people for b in people for c in people if 25 < a[1] < 60 and 25 < b[1] < 60 and c[1] < 15 and a < b)
used = {wife, husband, child}
old, older = next((a[0], b[0]) for people in homes.values() for a in people for b in people if a[1] > 67 and b[1] > 67 and a < b and a[0] not in used)
free = [c for c in book.apart([wife, old, *book.living(140)]) if c not in held and c not in (wife, husband, child, old, older)]
alone, sees, tells, stranger, counts, pays = free[:6]
council, = next((c,) for c, in rows("select code from body where kind = 'council' order by id"))
dwp = rows("select code from body where name like '%Work and Pensions%'")[0][0]
book.weal("role", "grant", counts, "staff", "--body", council)
book.weal("role", "grant", pays, "staff", "--body", dwp)
party = lambda code: rows("select id from party where code = ?", code)[0][0]
for i, (agent, scope) in enumerate(((sees, "see tell"), (tells, "tell"))):
    for k, principal in enumerate((wife, old)):
        db.execute("insert into act_for (principal, id, agent, scope, what, from_day, to_day, at) values (?, ?, ?, ?, 'a friend', 0, null, '2026-01-01T00:00:00Z')", (party(principal), 9000 + 10 * i + k, party(agent), scope))


def tell(who, by, **facts):
    for variable, value in facts.items():
        book.weal("fact", "tell", who, variable, *value.split(), "--as", by, "--quiet")


tell(wife, wife, partner=husband, responsible_for=child, non_dependant="none", savings="3100", employment_income="1201 --per month", rent="655 --per month", tenure_type="RENT_FROM_COUNCIL", has_disability="no", child_benefit_reported="26.05 --per week",
     universal_credit_reported="301 --per month", national_insurance_qualifying_years="12", recourse_to_public_funds="yes", cares_for_somebody="no", is_bereaved="no")
tell(husband, husband, partner=wife, responsible_for=child, employment_income="1777 --per month", aa_category="NONE", has_disability="yes", savings="9100", recourse_to_public_funds="yes", hours_worked="31", national_insurance_qualifying_years="14", cares_for_somebody="yes")
tell(child, wife, is_in_full_time_education="yes", pip_dl_category="NONE")
tell(old, old, partner=older, responsible_for="none", savings="1200", state_pension_reported="201.10 --per week", recourse_to_public_funds="yes", rent="510 --per month")
tell(older, older, partner=old, state_pension_reported="99.90 --per week", private_pension_income="12.34 --per month", recourse_to_public_funds="yes")
tell(alone, alone, partner="none", responsible_for="none", non_dependant="none", recourse_to_public_funds="yes", savings="20", rent="400 --per month")
tell(stranger, stranger, partner=older, responsible_for=child, savings="7", recourse_to_public_funds="yes")  # names somebody who says otherwise, and a child of another home

claims = sorted({row["variable"] for row in csv.DictReader(open(os.path.join(ROOT, "policy/uk/claims.csv"), encoding="utf-8"))})
THEIRS = ("£1,777.00", "£9,100.00", "£99.90", "£12.34")  # what a partner told of themself


def read(text):
    """What the page says goes along: the claimant's answers with their values, and of each other those with and without."""
    part = re.search(r"What goes along with the claim</h2>(.*?)Where the claim begins on an earlier day", text, re.S)
    if not part:
        return None
    blocks = re.split(r'<h3 class="govuk-heading-s">(.*?)</h3>', part.group(1), flags=re.S)
    clean = lambda s: html.unescape(re.sub(r"<[^>]+>", "", s)).strip()
    pairs = lambda block: sorted((clean(k), clean(v)) for k, v in re.findall(r"<dt[^>]*>(.*?)</dt><dd[^>]*>(.*?)</dd>", block, re.S))
    others = {clean(blocks[i]): (pairs(blocks[i + 1]), sorted(clean(one) for one in re.findall(r"<li>(.*?)</li>", blocks[i + 1], re.S))) for i in range(1, len(blocks), 2)}
    return pairs(blocks[0]), others, blocks[0]


def of_pack(pack):
    own = sorted((f["name"], f["value"]) for f in pack["facts"])
    others = {}
    for other in pack["others"]:
        mine = [a for a in pack["their_answers"] if a["reference"] == other["reference"]]
        others[other["reference"]] = (other["name"], sorted((a["name"], a["value"]) for a in mine if a["value"] is not None), sorted(a["name"] for a in mine if a["value"] is None))
    return own, others


compared = 0
for who, expected in ((wife, {husband, child}), (old, {older}), (alone, set()), (stranger, set())):
    own, base = Browser(server).sign_in(who), f"/helping/{who}"
    hal, tess = Browser(server).sign_in(sees), Browser(server).sign_in(tells)
    for benefit in claims:
        page = own.get(f"/claim?of={benefit}")
        if page.status == 404:
            continue
        said = read(page.text)
        t.hold(f"{who} {benefit}: the page says what goes along", said, words(page.text)[:300])
        if not said:
            continue
        facts, others, _ = said
        t.hold(f"{who} {benefit}: the others who claim with them are there, and nobody else", len(others) == len(expected) and all(any(code in name or (rows("select name from party where code = ?", code)[0][0] or code) in name for name in others) for code in expected), list(others))
        t.hold(f"{who} {benefit}: nothing that another told is shown", not any(v in page.text for v in THEIRS), benefit)
        pack = own.get(f"/claim/pack?of={benefit}&format=json")
        if pack.status == 200:
            compared += 1
            packed, packed_others = of_pack(json.loads(pack.text))
            t.hold(f"{who} {benefit}: the claimant's answers are those of the pack", facts == packed, facts, packed)
            t.hold(f"{who} {benefit}: and so are the others'", sorted(others.values()) == sorted((shown, hidden) for _, shown, hidden in packed_others.values()) and set(packed_others) == expected, others, packed_others)
            t.hold(f"{who} {benefit}: the pack shows nothing that another told", not any(v in pack.text for v in THEIRS))
        if who in (alone, stranger):
            continue
        seen = read(hal.get(f"{base}/claim?of={benefit}").text)
        t.hold(f"{who} {benefit}: a helper who may see reads the same", seen and seen[0] == facts and sorted(seen[1].values()) == sorted(others.values()), seen and seen[:2], facts)
        page = tess.get(f"{base}/claim?of={benefit}")
        told = read(page.text)
        hidden = re.search(r"(\d+) answers? of theirs about health", words(page.text))
        t.hold(f"{who} {benefit}: who may only tell reads which, and no value", told and {v for _, v in told[0]} <= {"Not shown to you"} and {k for k, _ in told[0]} <= {k for k, _ in facts} and not told[1]
               and len(told[0]) + int(hidden.group(1) if hidden else 0) == len(facts), told and told[0], facts)
        t.hold(f"{who} {benefit}: and no health or family among them", told and not {"Partner", "Disability"} & {k for k, _ in told[0]}, told and told[0])
t.hold("packs were compared for each of the nine benefits of others", compared >= 9 * 2, compared)

# ---- what comes is what was said: the page on which it is decided ----
for who, benefit, officer, name in ((wife, "council_tax_reduction", counts, "council"), (old, "housing_benefit", counts, "council"), (old, "pension_credit", pays, "pensions"), (wife, "discretionary_housing_payment", counts, "council")):
    own, olga = Browser(server).sign_in(who), Browser(server).sign_in(officer)
    said = read(own.get(f"/claim?of={benefit}").text)
    at_desk = read(olga.because("They stand at the counter", who).get(f"/people/{who}/claim?of={benefit}").text)
    reply = own.send("/claim", {"variable": benefit, "agree": "yes"})
    number = re.search(r"/requests/(\d+)", reply["Location"] or "")
    t.hold(f"{benefit}: claimed", number, reply.status, words(reply.text)[:400])
    if not number:
        continue
    page = olga.get(f"/inbox/{number.group(1)}")
    rests = page.text.split("What the decision rests on")[-1].split("By which rules")[0].split("How the rules come to it")[0]
    clean = lambda s: re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", s))).strip()
    tables = re.findall(r"<table.*?</table>", rests, re.S)
    came = [sorted(clean(name) for name in re.findall(r"<tr[^>]*>\s*<t[hd][^>]*>(.*?)</t[hd]>", table.split("</thead>")[-1], re.S)) for table in tables]
    going = [sorted(k for k, _ in said[0])] + [sorted([k for k, _ in shown] + hidden) for shown, hidden in said[1].values()]
    t.hold(f"{benefit}: what {name} reads is what was said to go along", sorted(came) == sorted(g for g in going if g), came, going)
    t.hold(f"{benefit}: at the desk of who decides it the same is read, with what it says", at_desk and at_desk[0] == said[0] and sorted(sorted(k for k, _ in shown) + hidden for shown, hidden in at_desk[1].values())
           == sorted(sorted([k for k, _ in shown] + hidden) for shown, hidden in said[1].values()), at_desk and at_desk[:2], said[:2])
page = Browser(server).sign_in(counts).because("They stand at the counter", old).get(f"/people/{old}/claim?of=pension_credit")
told = read(page.text)
t.hold("at the desk of another organisation nothing that was told is shown", told and {v for _, v in told[0]} <= {"Not shown to you"} and not told[1] and "£" not in words(page.text).split("What goes along")[1].split("Where the claim begins")[0], told and told[:2])
t.hold("in Welsh", "Beth sy'n mynd gyda'r hawliad" in html.unescape(Browser(server).sign_in(wife).get("/cy/claim?of=universal_credit").text), words(Browser(server).sign_in(wife).get("/cy/claim?of=universal_credit").text)[:500])

# ---- at the desk: what can be claimed and is not, first what helps; one claim, checked before it is sent ----
desk = Browser(server).sign_in(counts).because("They stand at the counter", wife, alone, old)
lists = lambda text: {name: re.findall(r"of=(\w+)|/(?:inbox|requests)/(\d+)", part) for name, part in re.findall(r'<h2 class="govuk-heading-m">(.*?)</h2>(.*?)(?=<h2|</main>)', text, re.S)}
shown = lists(desk.get(f"/people/{alone}/claim").text)
names = lambda name: [one for one, _ in shown.get(name, [])]
t.hold("the organisation's own come first, others after", list(shown)[0] == "What your organisation decides" and "universal_credit" in names("What other organisations decide") and "housing_benefit" not in names("What other organisations decide"), shown)
t.hold("what is of Scotland is not offered in England", not any("scottish" in one or "carer_support" in one for all in shown.values() for one, _ in all), shown)
t.hold("what is of a child is not first for whoever has none", "free_school_meals" in names("Nothing seems due of these") and "free_school_meals" not in names("What your organisation decides"), shown)
shown = lists(desk.get(f"/people/{wife}/claim").text)
t.hold("what waits stands first, and is not offered again", list(shown)[0] == "Claimed, and waiting for an answer" and "council_tax_reduction" not in names("What your organisation decides"), shown)
mine = lists(Browser(server).sign_in(wife).get("/claim").text)
t.hold("and so on the claimant's own page", "Claimed, and waiting for an answer" in mine, mine)
page = Browser(server).sign_in(wife).get("/claim?of=council_tax_reduction")
t.hold("a claim that waits has no form to send again", "It waits for an answer." in words(page.text) and 'name="agree"' not in page.text)
page = desk.get(f"/people/{alone}/claim?of=local_welfare")
t.hold("no code is asked for", "Code of the organisation" not in page.text and "They say that what was told is right" in page.text, words(page.text)[:600])
path = f"/people/{alone}/claim"
reply = desk.send(path, {"variable": "local_welfare", "reason": "the <cooker>"})
t.hold("without their word it is not sent", reply.status == 422 and "Say that they find right" in words(reply.text), reply.status)
sent = {"variable": "local_welfare", "reason": "the <cooker>", "agree": "yes"}
reply = desk.send(path, sent)
t.hold("it is read through first, and nothing is sent yet", reply.status == 200 and "Check the claim" in words(reply.text) and "the &lt;cooker&gt;" in reply.text and "What goes along with the claim" in reply.text
       and not rows("select 1 from case_file where party = ?", party(alone)), reply.status, words(reply.text)[:400])
t.hold("with the name of whose it is", "Whose " + rows("select name from party where code = ?", alone)[0][0] in words(reply.text), words(reply.text)[:400])
reply = desk.send(path, {**sent, "confirmed": "change"})
t.hold("it can be corrected", reply.status == 200 and "the &lt;cooker&gt;" in reply.text and "Check the claim" in words(reply.text), reply.status)
reply = desk.send(path, {**sent, "confirmed": "yes"})
t.hold("and is sent once it is confirmed", reply.status == 303 and "/inbox/" in reply["Location"], reply.status, words(reply.text)[:300])
t.hold("the second time it is refused before it is read through", desk.send(path, sent).status == 422)
reply = desk.send(f"/people/{old}/claim", {"variable": "pension_credit", "agree": "yes"})
t.hold("whether something waits with another organisation is not told", reply.status == 422 and "their own page of the claim says why" in words(reply.text) and "waits for its answer" not in words(reply.text), reply.status, words(reply.text)[:400])

# ---- no recourse to public funds: a warning before anything is filled in, and the status to nobody who may not see it ----
book.weal("fact", "tell", alone, "recourse_to_public_funds", "no", "--as", alone, "--quiet")
warning = "This counts as public funds. A claim can break the conditions of a person's stay"
for benefit in ("universal_credit", "housing_benefit", "discretionary_housing_payment"):
    barred, free_ = (words(desk.get(f"/people/{who}/claim?of={benefit}").text) for who in (alone, wife))
    t.hold(f"the desk warns of everybody the same, and tells nobody's status: {benefit}", warning in barred and warning in free_ and not re.search("cannot have public funds|your stay|not shown to you. Ask", barred + free_), barred[:900])
reply = desk.send(f"/people/{alone}/claim", {"variable": "universal_credit", "agree": "yes"})
t.hold("and the refusal does not tell the status", reply.status == 422 and "recourse" not in words(reply.text) and "their own page of the claim says why" in words(reply.text), reply.status, words(reply.text)[:400])
for benefit in ("housing_benefit", "discretionary_housing_payment"):
    page = desk.get(f"/people/{alone}/claim?of={benefit}")
    t.hold(f"the organisation's own is barred before it is filled in, and nothing beside it says otherwise: {benefit}", "This cannot be claimed for them here" in words(page.text) and 'name="agree"' not in page.text and "It can be sent all the same" not in words(page.text) and "before you send it" not in words(page.text), words(page.text)[:900])
own = Browser(server).sign_in(alone)
funds = next(row for row in csv.DictReader(open(os.path.join(ROOT, "policy/uk/before-claiming.csv"), encoding="utf-8")) if row["kind"] == "no-public-funds")
for status, says in (("no", funds["says"]), ("yes", None)):
    book.weal("fact", "tell", alone, "recourse_to_public_funds", status, "--as", alone, "--quiet")
    for benefit in [one for one in claims if one in funds["entitlements"].split()] + ["discretionary_housing_payment"]:
        page = own.get(f"/claim?of={benefit}")
        if page.status == 404:
            continue
        said = words(page.text)
        free = 'name="agree"' in page.text or "waits for an answer" in said
        sent = own.get(f"/claim/pack?of={benefit}&format=pdf")
        t.hold(f"public funds {status}: nor does the address of the pack of {benefit} give it", sent["Location"] == f"/claim?of={benefit}" if says and sent.status == 303 else sent.status == (404 if says else sent.status), sent.status)
        t.hold(f"public funds {status}: the own page of {benefit} warns, and sends nothing that would be refused, whatever it comes to", (says in said and not free and "Claim it there" not in said and "/claim/pack" not in page.text and "It can be sent" not in said) if says else (funds["says"] not in said and free), said[:900])
book.weal("fact", "tell", alone, "recourse_to_public_funds", "no", "--as", alone, "--quiet")

# ---- nobody opens it for their own family ----
book.weal("fact", "tell", counts, "partner", alone, "--as", counts, "--quiet")
near = [desk.get(f"/people/{alone}/claim"), desk.get(f"/people/{alone}/claim?of=housing_benefit"), desk.send(f"/people/{alone}/claim", {"variable": "housing_benefit", "agree": "yes"})]
t.hold("the desk is shut for an officer's own family, also where a form is refused", all(page.status in (400, 403, 404, 422) and "What goes along" not in page.text and "What your organisation decides" not in page.text for page in near), [(p.status, words(p.text)[:200]) for p in near])

# ---- who has an answer that nobody reads is not told that it went along ----
page = words(Browser(server).sign_in(wife).get("/facts").text)
t.hold("what was only known is not said to have gone along", "Sent along with your claim, and not counted" not in page, page[:300])
t.hold("the log has no fault", '"level":"error"' not in server.lines())
t.hold("stops", server.stop() == 0)
t.end()
