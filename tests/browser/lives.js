#!/usr/bin/env node
/* Five lives from the first question to the last figure: lives.js [--only WORDS]. Their people live in a small demonstration's book and in a place of Scotland, which are imported here as any
   council's files are. Each is walked twice, in English with a pointer and without JavaScript, and in Welsh by the keyboard alone and with JavaScript:

   1. a lone parent with rent and childcare, who claims, is paid and asks of a payment whether it is right;
   2. a couple of whom one is under State Pension age;
   3. a self-employed father under Scotland's rates, whose trade then goes badly;
   4. somebody without public funds who is granted refugee status.

   (A carer and a trader in Welsh are in journeys.js.) What the pages show is held against `weal assess`, against `weal rules explain` over facts that are written down here a second time, and
   against a published worked example where one has figures that hold today. Prints a line a check that fails and `N passed, N failed`. */
'use strict'
const { chromium } = require('playwright-core')
const fs = require('fs')
const path = require('path')
const { ROOT, Book } = require('./book')
const { Pointer, Keyboard } = require('./hands')
const { words } = require('./journeys')
const { Tally, walk } = require('./portal')

const COUNCIL = 'harrowmere-council'
const QUESTIONS_MOST = 60
const WAYS = [
  { name: 'without JavaScript', letter: 'E', Hand: Pointer, javaScriptEnabled: false, at: '', welsh: false },
  { name: 'in Welsh, by keyboard', letter: 'C', Hand: Keyboard, javaScriptEnabled: true, at: '/cy', welsh: true }
]

/* ---- days, from today on ---- */

const DAY_MS = 24 * 3600 * 1000
const today = new Date(new Date().toISOString().slice(0, 10))
const iso = date => date.toISOString().slice(0, 10)
const before = days => new Date(today - days * DAY_MS)
const taxYear = day => { const year = day.getUTCFullYear() - (iso(day).slice(5) < '04-06'); return `${year}-${String(year + 1).slice(2)}` }
/* A calendar month back: on the 31st of March the last day of February. */
const monthBefore = () => { const last = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 0)); return new Date(Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), Math.min(today.getUTCDate(), last.getUTCDate()))) }
const mondayBefore = days => { const day = before(days); return new Date(day - ((day.getUTCDay() + 6) % 7) * DAY_MS) }
/* The day on which somebody of this age today was born, some days ago. */
const born = (years, days = 100) => { const day = before(days); return iso(new Date(Date.UTC(day.getUTCFullYear() - years, day.getUTCMonth(), day.getUTCDate()))) }

/* ---- words in both languages ---- */

/* Of po/cy.po: the Welsh of each text. */
function catalogue () {
  const texts = {}
  const read = part => part.split('\n').map(line => JSON.parse(line.replace(/^msg\w+ /, ''))).join('')
  for (const block of fs.readFileSync(path.join(ROOT, 'po', 'cy.po'), 'utf8').split('\n\n')) {
    const found = block.match(/^msgid ((?:".*"\n?)+)msgstr ((?:".*"\n?)+)/m)
    if (found) texts[read(found[1].trim())] = read(found[2].trim())
  }
  return texts
}
const welshOf = catalogue()

/* The words of a language: of the portal's texts by their English, of the pack's rows by their row. */
function speaker (way) {
  const rows = file => {
    const [head, ...lines] = csv(fs.readFileSync(path.join(ROOT, 'policy/uk', file), 'utf8'))
    return lines.map(line => Object.fromEntries(head.map((name, i) => [name, line[i]])))
  }
  const say = (text, ...values) => {
    if (way.welsh && !welshOf[text]) throw new Error(`po/cy.po has no Welsh of: ${text}`)
    return values.reduce((all, value) => all.replace(/%s|{name}/, value), way.welsh ? welshOf[text] : text)
  }
  const named = rows('entitlements.csv')
  say.benefit = variable => named.find(row => row.variable === variable)[way.welsh ? 'name_cy' : 'name']
  say.row = (file, key, value, column) => rows(file).find(row => row[key] === value)[way.welsh ? column + '_cy' : column]
  return say
}

function csv (text) {
  const rows = []
  for (const line of text.trim().split('\n')) rows.push([...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].slice(0, -1).map(m => m[1].replace(/^"|"$/g, '').replace(/""/g, '"')))
  return rows
}

/* ---- the book ---- */

class Lives extends Book {
  constructor () {
    super(60)
    const files = { places: 'code,name,kind,parent\nS92000003,Scotland,nation,\nS12000099,Kirkmuir,locality,S92000003\n', bodies: 'id,name,kind,place\nkirkmuir-council,Kirkmuir Council,council,S12000099\nsocial-security-scotland,Social Security Scotland,department,\n' }
    files.households = 'id,place\n'
    files.people = `id,name,born,sex,household,place\nLIFE-OFFICER,Nia Price,${born(45)},F,,X07000001\n`
    for (const { letter } of WAYS) {
      const homes = [['PARENT', 'X05000001'], ['COUPLE', 'X05000002'], ['FATHER', 'S12000099'], ['REFUGEE', 'X05000003']]
      for (const [home, place] of homes) files.households += `LIFE-${home}-${letter},${place}\n`
      const people = [['PARENT', 'Maria Hall', born(34), 'F', 'PARENT'], ['ELLA', 'Ella Hall', born(8), 'F', 'PARENT'], ['JACOB', 'Jacob Hall', born(4), 'M', 'PARENT'],
        ['GEORGE', 'George Bell', born(67), 'M', 'COUPLE'], ['ANNE', 'Anne Bell', born(65), 'F', 'COUPLE'], ['FATHER', 'Callum Reid', born(38), 'M', 'FATHER'], ['EWAN', 'Ewan Reid', born(6), 'M', 'FATHER'],
        ['REFUGEE', 'Selam Tesfay', born(31), 'F', 'REFUGEE']]
      for (const [id, name, day, sex, home] of people) files.people += `${id}-${letter},${name},${day},${sex},LIFE-${home}-${letter},\n`
    }
    for (const [kind, text] of Object.entries(files)) this.take(kind, text)
    this.must('role', 'grant', 'LIFE-OFFICER', 'staff', '--body', COUNCIL)
  }

  must (...words) {
    const done = this.weal('--store', this.store, '--quiet', ...words)
    if (done.status !== 0) throw new Error(`weal ${words.join(' ')}: ${done.stderr}`)
    return done.stdout
  }

  take (kind, text) {
    const file = path.join(this.folder, `${kind}-${this.count = (this.count || 0) + 1}.csv`)
    fs.writeFileSync(file, text)
    this.must('import', kind, file)
  }

  tell (who, facts, since = iso(before(200))) {
    for (const [variable, ...value] of facts) this.must('fact', 'tell', who, variable, ...value, '--as', who, '--from', since)
  }

  assess (who, ...more) { return JSON.parse(this.must('assess', who, '--format', 'json', ...more)) }

  /* What the rules come to of facts in their own form, which no assessment has made. */
  explain (variable, period, facts) {
    const file = path.join(this.folder, 'facts.json')
    fs.writeFileSync(file, JSON.stringify(facts))
    const done = this.weal('rules', 'explain', variable, '--household', file, '--period', period, '--policy', path.join(ROOT, 'policy/uk'), '--format', 'json')
    if (done.status !== 0) throw new Error(done.stderr)
    return Number(JSON.parse(done.stdout)[0].values[0].value)
  }
}

/* ---- what all of them do ---- */

const pounds = pence => '£' + (pence / 100).toLocaleString('en-GB', { minimumFractionDigits: 2 })

/* Answers each question until none is left: what `answers` has for it, else no, none or 0. */
async function answer (hand, say, answers) {
  for (let asked = 0; asked < QUESTIONS_MOST; asked++) {
    const form = hand.page.locator('main form[action*="/ask/"]').first()
    if (!await form.count()) return asked
    const [variable, whose] = (await form.getAttribute('action')).split('/ask/')[1].split('/of/')
    const given = answers[`${variable}/${whose}`] ?? answers[variable]
    const choices = form.locator('input[name=value][type=radio], input[name=value][type=checkbox]')
    if (await choices.count()) {
      for (const value of [given ?? (await form.locator('input[name=value][value=none]').count() ? 'none' : 'no')].flat()) {
        const one = form.locator(`input[name=value][value="${value}"]`)
        await hand.choose((await form.locator(`label[for="${await one.getAttribute('id')}"]`).innerText()).trim())
      }
    } else if (await form.locator('select[name=value]').count()) await hand.pick((await form.locator('label').first().innerText()).trim(), given)
    else await hand.fillIn(form.locator('input[name=value]'), given ?? '0')
    await hand.press(say('Continue'))
  }
  throw new Error('the questions do not end')
}

/* From the start page to the answer; its figures are those of `weal assess`, which is given back by variable, with the page's words. */
async function findsOut ({ book, hold, say, way }, hand, who, answers) {
  await hand.goto(way.at + '/entitlements')
  await hand.follow(say('Start'))
  const asked = await answer(hand, say, answers)
  hold('the answer is shown at the end', hand.page.url().includes(way.at + '/entitlements/answer'), hand.page.url())
  return { asked, ...await seesFigures({ book, hold, say }, hand, who) }
}

async function seesFigures ({ book, hold, say }, hand, who) {
  const shown = await words(hand)
  const told = book.assess(who)
  const due = {}
  const reduction = (told.answers.find(a => a.variable === 'council_tax_reduction') || {}).a_year
  for (const a of told.answers) {
    if (a.variable === 'council_tax_less_benefit' && reduction) hold('the whole council tax is to pay until the reduction is decided', shown.includes(pounds(a.a_year + reduction)), shown)
    else if (a.amount && a.a_year) hold(`${a.name}: a week and a year as weal assess says`, shown.includes(pounds(a.a_week)) && shown.includes(pounds(a.a_year)), shown.slice(0, 500))
    if (!a.person || a.person === who) due[a.variable] = a
  }
  hold('nothing is left to ask', told.questions.length === 0, told.questions)
  return { shown, due }
}

/* ---- the lives ---- */

async function parent (walked) {
  const { book, visit, hold, say, way } = walked
  const [me, ella, jacob] = ['PARENT', 'ELLA', 'JACOB'].map(name => `${name}-${way.letter}`)
  book.tell(me, [['partner', 'none'], ['responsible_for', ella], ['responsible_for', jacob], ['non_dependant', 'none'], ['recourse_to_public_funds', 'yes']])
  const hand = await visit(me)
  const { asked, due } = await findsOut(walked, hand, me, { tenure_type: 'RENT_FROM_COUNCIL', rent: '650', num_bedrooms: '2', works: 'yes', employment_income: '1200', hours_worked: '20', employment_status: 'PT_EMPLOYED', savings: '500',
    council_tax: '1500', recourse_to_public_funds: 'yes', pays_for_childcare: 'yes', childcare_expenses: '300', accommodation_type: 'FLAT', student_loan_plan: 'NONE' })
  hold('few questions are asked', asked <= 26, asked)
  const month = iso(today).slice(0, 7)
  const monthly = book.explain('universal_credit', month, {
    people: { a: { date_of_birth: born(34), employment_income: 14400 }, b: { date_of_birth: born(8), childcare_expenses: 3600 }, c: { date_of_birth: born(4), childcare_expenses: 3600 } },
    benunits: { f: { members: ['a', 'b', 'c'] } },
    households: { h: { members: ['a', 'b', 'c'], rent: 7800, tenure_type: 'RENT_FROM_COUNCIL', num_bedrooms: 2, savings: 500 } }
  })
  hold('universal credit is what weal rules explain comes to', Math.round(monthly * 100) * 12 === due.universal_credit.a_year, `${monthly} a month, ${due.universal_credit.a_year} pence a year`)
  await hand.follow(say('How {name} was worked out', say.benefit('universal_credit')))
  hold('how it was worked out says the same', (await words(hand)).includes(pounds(due.universal_credit.a_year)), await words(hand))
  await hand.goto(way.at + '/entitlements/answer')
  await claimsAndIsPaid(walked, hand, me)
  await asksOfAPayment(walked, hand, me, due)
}

/* The council's own: claimed from a month ago, the earliest that the law allows, decided by an officer, paid, and seen. */
async function claimsAndIsPaid ({ book, visit, hold, say, way }, hand, me) {
  const first = monthBefore()
  await hand.follow(say('Claim {name}', say.benefit('council_tax_reduction')))
  await hand.day(say('From which day?'), [first.getUTCDate(), first.getUTCMonth() + 1, first.getUTCFullYear()], ['Day', 'Month', 'Year'].map(name => say(name)))
  await hand.fill(say('Anything to say about it?'), 'We moved in and did not know of it.')
  await hand.choose(say('What was told is right, and goes along with the claim to whoever decides it'))
  await hand.press(say('Send the claim'))
  const number = (hand.page.url().match(/requests\/(\d+)/) || [])[1]
  hold('the claim is sent', !!number, (await words(hand)).slice(-900))
  const officer = await visit('LIFE-OFFICER')
  await officer.goto(`/inbox/${number}`)
  await officer.choose('Award it')
  await officer.fill('Amount', '1200')
  await officer.fill(/^Your answer/, 'By the council\'s scheme, 80 in 100 of the bill.')
  await officer.press('Send your answer')
  hold('what is awarded is shown before it is', (await words(officer)).includes('£1,200.00 a year'), await words(officer))
  await officer.press('Award it')
  hold('the officer has awarded it', officer.page.url().includes('done='), (await words(officer)).slice(0, 900))
  book.must('pay')
  await hand.goto(`${way.at}/requests/${number}`)
  hold('the answer says how much, and why', (await words(hand)).includes('£1,200.00') && (await words(hand)).includes('80 in 100 of the bill'), await words(hand))
  await hand.follow(say('Account'))
  const months = book.must('award', 'list', me, '--format', 'json')
  const paid = JSON.parse(book.must('account', me, '--format', 'json'))
  hold('it is on the account', JSON.stringify(paid).includes('council-tax-support'), months)
}

/* Child benefit comes in by a file of whoever pays it, is paid every four weeks, and the page of a payment says that it is what the rules come to. */
async function asksOfAPayment ({ book, hold, say, way }, hand, me, due) {
  const start = mondayBefore(70)
  book.take('awards', `person,body,variable,amount,per,from,pay,first_due\n${me},hmrc,child_benefit,${due.child_benefit.a_week / 100},week,${iso(start)},4-weeks,${iso(new Date(+start + 27 * DAY_MS))}\n`)
  book.must('pay')
  await hand.goto(way.at + '/account')
  await hand.follow(say.benefit('child_benefit'))
  const shown = await words(hand)
  hold('four weeks of it', shown.includes(pounds(4 * due.child_benefit.a_week)), shown)
  hold('and it is right', shown.includes(say('It agrees with the award and with the rules.')), shown)
}

async function couple (walked) {
  const { book, visit, hold, say, way } = walked
  const [george, anne] = ['GEORGE', 'ANNE'].map(name => `${name}-${way.letter}`)
  for (const [me, other] of [[george, anne], [anne, george]]) book.tell(me, [['partner', other], ['responsible_for', 'none'], ['non_dependant', 'none'], ['works', 'no'], ['recourse_to_public_funds', 'yes']])
  book.tell(anne, [['savings', '3000'], ['private_pension_income', '0'], ['student_loan_plan', 'NONE'],
    ...['has_disability', 'cares_for_somebody', 'gets_other_income', 'gets_pay_when_not_working', 'is_bereaved', 'anybody_studies'].map(variable => [variable, 'no'])])
  const hand = await visit(george)
  const { shown, due } = await findsOut(walked, hand, george, { tenure_type: 'RENT_FROM_COUNCIL', rent: '450', num_bedrooms: '1', savings: '3000', state_pension_reported: '130', council_tax: '1400', accommodation_type: 'FLAT', employment_status: 'UNEMPLOYED' })
  hold('pension credit is closed to them', !due.pension_credit || !due.pension_credit.a_year, JSON.stringify(due.pension_credit))
  hold('universal credit is due instead', due.universal_credit.a_year > 0, JSON.stringify(due.universal_credit))
  hold('and the page says why', shown.includes(say.row('before-claiming.csv', 'code', 'mixed-age-claims-universal-credit', 'says')), shown)
  const other = await visit(anne)
  await other.goto(way.at + '/entitlements/next')
  await answer(other, say, { state_pension_reported: '130', savings: '3000' })
  await other.goto(way.at + '/entitlements/what-if')
  await other.follow(say.row('what-ifs.csv', 'code', 'pension-age', 'name'))
  await other.fillIn(other.page.locator('main form input[type=text]').first(), '20')
  await other.press(say('Show what would change'))
  const then = book.assess(anne, '--if', 'age=67', '--if', 'state_pension_reported=0', '--if', 'national_insurance_qualifying_years=20')
  const later = await words(other)
  hold('then pension credit is due', then.if.changes.some(c => c.variable === 'pension_credit' && c.more_a_year > 0), later)
  for (const change of then.if.changes.filter(c => c.more_a_year)) hold(`${change.name}: what would change as weal assess --if says`, later.includes(pounds(Math.abs(change.more_a_year))), later)
}

async function father (walked) {
  const { book, visit, hold, say, way } = walked
  const [me, ewan] = ['FATHER', 'EWAN'].map(name => `${name}-${way.letter}`)
  book.tell(me, [['partner', 'none'], ['responsible_for', ewan], ['non_dependant', 'none']])
  const hand = await visit(me)
  const { due } = await findsOut(walked, hand, me, { tenure_type: 'RENT_FROM_COUNCIL', rent: '400', num_bedrooms: '2', gets_other_income: 'yes', self_employment_income: '52000', trading_expenses: '2000', works: 'no', savings: '4000', council_tax: '1600',
    recourse_to_public_funds: 'yes', accommodation_type: 'FLAT', student_loan_plan: 'NONE', employment_status: 'FT_SELF_EMPLOYED', hours_worked: '40' })
  const year = taxYear(today)
  const facts = { people: { a: { date_of_birth: born(38), self_employment_income: 52000, trading_expenses: 2000 } }, households: { h: { members: ['a'], region: 'SCOTLAND', country: 'SCOTLAND' } } }
  hold('income tax is what weal rules explain comes to in Scotland', due.income_tax.a_year === Math.round(100 * book.explain('income_tax', year, facts)), due.income_tax.a_year)
  delete facts.households
  hold('and not what it would be in England', due.income_tax.a_year !== Math.round(100 * book.explain('income_tax', year, facts)), due.income_tax.a_year)
  if (year <= '2027-28') hold('National Insurance is that of a published example: 50,000 pounds of profit (NI3 of tests/data/rules/worked-examples.csv; the limits stay until April 2028)', due.national_insurance.a_year === 224580, due.national_insurance.a_year)
  await hand.goto(way.at + '/entitlements/ask/self_employment_income')
  await hand.fillIn(hand.page.locator('main input[name=value]'), '9000')
  await hand.press(say('Continue'))
  await answer(hand, say, {})
  await hand.goto(way.at + '/entitlements/answer')
  const bad = await seesFigures(walked, hand, me)
  const child = book.assess(me).answers.find(a => a.variable === 'scottish_child_payment' && a.a_year)
  hold('Scottish Child Payment is due when universal credit is', bad.due.universal_credit.a_year > 0 && child && bad.shown.includes(say.benefit('scottish_child_payment')), bad.shown)
}

async function refugee (walked) {
  const { book, visit, hold, say, way } = walked
  const me = `REFUGEE-${way.letter}`
  book.tell(me, [['partner', 'none'], ['responsible_for', 'none'], ['non_dependant', 'none'], ['works', 'no']])
  const hand = await visit(me)
  const { shown, due } = await findsOut(walked, hand, me, { recourse_to_public_funds: 'no', tenure_type: 'RENT_FROM_COUNCIL', rent: '400', num_bedrooms: '1', council_tax: '1100', accommodation_type: 'FLAT', employment_status: 'UNEMPLOYED', student_loan_plan: 'NONE' })
  const warning = say.row('before-claiming.csv', 'code', 'no-public-funds', 'says')
  const claim = say('Claim {name}', say.benefit('universal_credit'))
  hold('the amount is said, with what a claim can cost and no link to claim', due.universal_credit.a_year > 0 && shown.includes(warning) && !shown.includes(claim), shown)
  await hand.goto(way.at + '/claim?of=universal_credit')
  hold('nor is there a button where it is claimed', await hand.page.getByRole('main').getByRole('button', { name: say('Send the claim') }).count() === 0, await words(hand))
  await hand.goto(way.at + '/entitlements/ask/recourse_to_public_funds')
  await hand.choose(say('Yes'))
  await hand.press(say('Continue'))
  await answer(hand, say, {})
  await hand.goto(way.at + '/entitlements/answer')
  const granted = await seesFigures(walked, hand, me)
  hold('with the status granted the same is due', granted.due.universal_credit.a_year === due.universal_credit.a_year, granted.due.universal_credit.a_year)
  hold('without the warning', !granted.shown.includes(warning), granted.shown)
  await hand.follow(claim)
  await hand.choose(say('What was told is right, and goes along with the claim to whoever decides it'))
  await hand.press(say('Send the claim'))
  hold('and it can be claimed', /requests\/\d+/.test(hand.page.url()), await words(hand))
}

module.exports = { WAYS, lives: { parent, couple, father, refugee } }

process.on('unhandledRejection', () => {}) /* of a page that was waited for when its link was not there: the life's own error is told */

async function main () {
  const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : ''
  const tally = new Tally()
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] })
  const book = new Lives()
  try {
    await book.serve()
    const walks = []
    for (const [name, life] of Object.entries(module.exports.lives)) for (const way of WAYS) walks.push({ name, way, life: walked => life({ ...walked, say: speaker(way), way }) })
    const next = async () => {
      for (let w = walks.shift(); w; w = walks.shift()) if (`${w.name}, ${w.way.name}`.includes(only)) await walk(browser, book, w, tally)
    }
    await Promise.all([next(), next()])
  } finally {
    await browser.close()
    tally.hold('the portal stops well', await book.end() === 0)
  }
  console.log(`${tally.passed} passed, ${tally.failed} failed`)
  process.exit(tally.failed ? 1 : 0)
}

if (require.main === module) main().catch(error => { console.error(error.stack); process.exit(3) })
