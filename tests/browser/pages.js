/* Every page of the table in src/web/routes.c, in both languages, as somebody sees it who may: a row that no address is given for below fails. */
'use strict'
const { AxeBuilder } = require('@axe-core/playwright')
const fs = require('fs')
const path = require('path')
const { CAST, rows, matches, signIn } = require('./book')
const { PATIENCE_MS, Pointer, stop } = require('./hands')
const { until } = require('./journeys')
const { markup, lostSideways, axeFaults } = require('./look')

const NARROW = { width: 320, height: 640 } /* of 1280 at 400 % there are as many */
const PHONE = { width: 375, height: 700 }
const HEADING_MOST = 200 /* pixels of the header above a page's heading on a phone */
const WIDE = { width: 1280, height: 900 }
const WHOLE = process.env.WEAL_BROWSER_WHOLE === '1' /* script/soak: axe on a person's pages in Welsh too, every stop of Tab up to 60; the templates are the same */
const STOPS_MOST = WHOLE ? 60 : 25 /* of a page that has hundreds of lines: its head, its forms, its first rows */
const SAME_WORDS_MOST = 3 /* of a text that both languages have: a name, a figure */

/* Where the page of a row is that has a name in its path, or needs more than the path: `at` its address, `on` the page that has a link to it, or `kept` by furnish. Who opens it hangs on the row's who. */
const WHERE = {
  '/assets/{file}': { none: 'no page' },
  '/help/{page}': { on: '/help' },
  '/copy/file': { none: 'a file' },
  '/place/{code}': { on: '/place', last: true }, /* the first is the place itself */
  '/place/{code}/table/{table}': { on: '/place' },
  '/place/{code}/take-up': { at: '/place/X05000001/take-up' },
  '/payments/{body}': { at: '/payments/harrowmere-council' },
  '/payments/{body}/file': { none: 'a file' },
  '/heads/{size}': { on: '/heads' },
  '/account/lines/{line}': { on: '/account' },
  '/statement/verify': { on: '/statement' },
  '/looked/{look}': { on: '/looked' },
  '/helping': { at: '/helping', as: 'helper' },
  '/helping/{person}': { on: '/helping' },
  '/helping/{person}/account': { on: `/helping/${CAST.helped}` },
  '/helping/{person}/account/lines/{line}': { on: `/helping/${CAST.helped}/account` },
  '/helping/{person}/statement': { on: `/helping/${CAST.helped}` },
  '/helping/{person}/life': { on: `/helping/${CAST.helped}` },
  '/helping/{person}/time': { on: `/helping/${CAST.helped}` },
  '/claim': { at: ['/claim', '/claim?of=universal_credit', '/claim?of=council_tax_reduction'] },
  '/claim/pack': { none: 'a file' },
  '/helping/{person}/claim/pack': { none: 'a file' },
  '/helping/{person}/standards': { at: [`/helping/${CAST.helped}/standards`] },
  '/helping/{person}/awards': { at: [`/helping/${CAST.helped}/awards`] },
  '/helping/{person}/claim': { at: [`/helping/${CAST.helped}/claim`, `/helping/${CAST.helped}/claim?of=universal_credit`] },
  '/facts/tell/{variable}': { at: ['/facts/tell/rent', '/facts/tell/tenure_type', '/facts/tell/is_blind', '/facts/tell/partner'] },
  '/facts/one/{fact}': { on: '/facts' },
  '/facts/one/{fact}/withdraw': { none: 'its page leads to it where the fact is their own' },
  '/entitlements/ask/{variable}': { at: ['/entitlements/ask/rent', '/entitlements/ask/works'] },
  '/entitlements/ask/{variable}/of/{whose}': { none: 'nobody of the demonstration has told of a partner or a child yet' },
  '/helping/{person}/entitlements': { on: `/helping/${CAST.helped}` },
  '/entitlements/next': { none: 'leads to a question or to the answer' },
  '/helping/{person}/entitlements/next': { none: 'leads to a question or to the answer' },
  '/helping/{person}/entitlements/ask/{variable}': { at: [`/helping/${CAST.helped}/entitlements/ask/rent`] },
  '/helping/{person}/entitlements/ask/{variable}/of/{whose}': { none: 'nobody of the demonstration has told of a partner or a child yet' },
  '/helping/{person}/entitlements/answer': { on: `/helping/${CAST.helped}/entitlements` },
  '/entitlements/why/{variable}': { on: '/entitlements/answer' },
  '/entitlements/why/{variable}/of/{whose}': { none: 'nobody of the demonstration has told of a partner or a child yet' },
  '/entitlements/what-if/{what}': { at: ['/entitlements/what-if/child', '/entitlements/what-if/work-more', '/entitlements/what-if/care?show=yes'] },
  '/helping/{person}/entitlements/why/{variable}': { on: `/helping/${CAST.helped}/entitlements/answer` },
  '/helping/{person}/entitlements/why/{variable}/of/{whose}': { none: 'nobody of the demonstration has told of a partner or a child yet' },
  '/helping/{person}/entitlements/what-if': { on: `/helping/${CAST.helped}/entitlements/answer` },
  '/helping/{person}/entitlements/what-if/{what}': { on: `/helping/${CAST.helped}/entitlements/what-if` },
  '/tell-us-once/{kind}': { none: 'leads to the first question' },
  '/tell-us-once/{kind}/{question}': { at: ['/tell-us-once/name/name', '/tell-us-once/address/place', '/tell-us-once/address/address', '/tell-us-once/address/from', '/tell-us-once/household/household', '/tell-us-once/birth/sex'] },
  '/tell-us-once/{kind}/check': { at: '/tell-us-once/address/check' },
  '/tell-us-once/{kind}/done': { at: '/tell-us-once/name/done' },
  '/helping/{person}/tell-us-once': { on: `/helping/${CAST.helped}` },
  '/helping/{person}/tell-us-once/{kind}': { none: 'leads to the first question' },
  '/helping/{person}/tell-us-once/{kind}/{question}': { at: `/helping/${CAST.helped}/tell-us-once/death/whom` },
  '/helping/{person}/tell-us-once/{kind}/check': { at: `/helping/${CAST.helped}/tell-us-once/address/check` },
  '/helping/{person}/tell-us-once/{kind}/done': { at: `/helping/${CAST.helped}/tell-us-once/birth/done` },
  '/helping/{person}/facts': { on: `/helping/${CAST.helped}` },
  '/people/{person}/facts': { at: [`/people/${CAST.helped}/facts`] },
  '/people/{person}/facts/{variable}': { at: [`/people/${CAST.helped}/facts/council_tax`] },
  '/people/{person}/entitlements': { at: [`/people/${CAST.helped}/entitlements`] },
  '/people/{person}/awards': { at: [`/people/${CAST.helped}/awards`] },
  '/people/{person}/awards/{award}/change': { none: 'nothing is awarded to anybody of the cast; its form is that of an award that is made' },
  '/people/{person}/awards/{award}/end': { none: 'nothing is awarded to anybody of the cast; its form is that of a change' },
  '/people/{person}/claim': { at: [`/people/${CAST.helped}/claim`, `/people/${CAST.helped}/claim?of=discretionary_housing_payment`] },
  '/people/{person}/letters': { at: [`/people/${CAST.helped}/letters`] },
  '/missing-out/{run}': { on: '/missing-out' },
  '/missing-out/jobs/{job}': { none: 'leads to whom the search found' },
  '/missing-out/{run}/letters': { none: 'a file' },
  '/missing-out/{run}/letters/{letter}': { at: '/missing-out/1/letters/1' },
  '/letters/{letter}': { none: 'nobody of the cast was written to; its words are those of the letter that staff see' },
  '/people/{person}/reason': { at: [`/people/${CAST.helped}/reason`] },
  '/people/{person}': { at: `/people/${CAST.helped}` },
  '/people/{person}/record': { at: [`/people/${CAST.helped}/record`, `/people/${CAST.helped}/record?what=home-care`] },
  '/people/{person}/lines/{line}': { on: `/people/${CAST.helped}` },
  '/requests/new/{kind}': { at: ['/requests/new/rectification-request', '/requests/new/complaint'] },
  '/requests/{case}': { on: '/requests' },
  '/requests/{case}/files': { kept: 'attach' },
  '/requests/{case}/files/{file}': { none: 'a file' },
  '/helping/{person}/requests': { on: `/helping/${CAST.helped}` },
  '/helping/{person}/requests/new/{kind}': { on: `/helping/${CAST.helped}/requests` },
  '/helping/{person}/requests/{case}': { on: `/helping/${CAST.helped}/requests` },
  '/helping/{person}/requests/{case}/files': { kept: 'attachFor' },
  '/helping/{person}/requests/{case}/files/{file}': { none: 'a file' },
  '/inbox': { at: '/inbox', as: 'administrator' },
  '/inbox/{case}': { on: '/inbox', as: 'administrator' },
  '/inbox/{case}/files/{file}': { none: 'a file' },
  '/admin/imports/jobs/{job}': { kept: 'import' },
  '/admin/imports/jobs/{job}/rejects': { none: 'a file' },
  '/admin/imports/{import}/rejects': { none: 'a file' },
  '/admin/imports/{import}': { at: ['/admin/imports/1'] },
  '/admin/files/{upload}': { kept: 'brought' },
  '/admin/files/{upload}/columns': { kept: 'columns' },
  '/admin/files/{upload}/people': { kept: 'peopleColumns' },
  '/admin/bodies/{body}/payee': { at: ['/admin/bodies/harrowmere-hospitals/payee'] },
  '/admin/bodies/{body}/payee/{other}': { at: ['/admin/bodies/harrowmere-hospitals/payee/nhs-england'] },
  '/admin/bodies/{body}/profiles/{version}': { none: 'a file' },
  '/admin/bodies/{body}/duties': { at: ['/admin/bodies/harrowmere-hospitals/duties'] },
  '/admin/bodies/{body}/duties/end': { at: ['/admin/bodies/harrowmere-hospitals/duties/end'] },
  '/admin/bodies': { at: ['/admin/bodies', '/admin/bodies?code=harrowmere-council'] },
  '/admin/standards/jobs/{job}': { kept: 'counted' },
  '/admin/matches/{row}': { none: 'the sample has nobody of whom a file leaves open who is meant' },
  '/admin/standards/asked/jobs/{job}': { none: 'its page is that of an import' },
  '/admin/close/jobs/{job}': { kept: 'closing' },
  '/audit/entries/{entry}': { at: ['/audit/entries/1000', '/audit/entries/1098'] },
  '/audit/journal.csv': { none: 'a file' },
  '/audit/run/jobs/{job}': { kept: 'audit' }
}

const whereOf = row => WHERE[row.path] || (row.path.includes('{') ? undefined : { at: row.path })

/* What people write into the pages of this test. */
const WRITTEN = {
  note: 'Reading to the children at the library',
  why: 'They ask for home care, at the counter',
  objection: 'I had asked for the statement only.',
  wrong: 'My name is spelt with one n.',
  payees: 'Wend Valley Stationers Ltd; Harrow Home Care Ltd',
  services: 'Libraries; Adult social care',
  items: 'Paper and pens; Home care in May',
  payee: 'Wend Valley Stationers Ltd',
  carers: 'Harrow Home Care Ltd'
}

/* Who opens a page: by the words of docs/reference/portal.md for who may. */
const personaOf = row => row.who === 'anyone' ? null : row.who.startsWith('who helps') ? 'helper' : { 'who has signed in': 'helped', 'staff of a body': 'staff', 'staff of a body or administrator': 'staff' }[row.who] || row.who

/* What the pages show: a message half told, one that was sent, time that waits on either side, a look objected to. */
async function furnish (visit) {
  const me = await visit('helped')
  const helper = await visit('helper')
  const staff = await visit('staff')
  const give = async (hand, confirmer) => {
    await hand.pick('What was done?', 'peer-support')
    await hand.day('On which day?', [3, 11, 2026])
    await hand.fill('Hours', '2')
    await hand.fill('Who can confirm it?', confirmer)
    await hand.fill(/^What was it\?/, WRITTEN.note)
    await hand.press('Send it to be confirmed')
  }
  const tell = async (hand, base, name) => {
    await hand.goto(`${base}/tell-us-once/birth`)
    await hand.fill(/child's name/, name)
    await hand.press('Continue')
    await hand.day(/born/, [2, 11, 2026])
    await hand.press('Continue')
    await hand.press('Continue')
    await hand.press('Send')
  }
  const begin = async (hand, base) => {
    await hand.goto(`${base}/tell-us-once/address`)
    await hand.pick(base ? 'Which area do they live in now?' : 'Which area do you live in now?', /Millbank/)
    await hand.press('Continue')
    await hand.fill('Address line 1', '1 Mill Lane')
    await hand.fill('Postcode', 'HM1 2AB')
    await hand.press('Continue')
    await hand.day(base ? 'When did they move?' : 'When did you move?', [1, 11, 2026])
    await hand.press('Continue')
  }
  await me.goto('/time')
  await give(me, 'harrowmere-council')
  await helper.goto('/time')
  await give(helper, CAST.helped)
  await me.goto('/tell-us-once/name')
  await me.fill('What is your new name?', 'Eleri Mabel Meredith-Jones')
  await me.press('Continue')
  await me.press('Send')
  await me.goto('/tell-us-once/birth')
  await me.fill(/child's name/, 'Fflur')
  await me.press('Continue')
  await me.day(/born/, [1, 11, 2026])
  await me.press('Continue')
  await me.goto('/tell-us-once/household')
  await me.choose(/^I have joined/)
  await me.press('Continue')
  await begin(me, '')
  await begin(helper, `/helping/${CAST.helped}`)
  await tell(helper, `/helping/${CAST.helped}`, 'Mabon')
  await helper.goto(`/helping/${CAST.helped}/account`)
  await staff.goto(`/people/${CAST.helped}`)
  await staff.fill(/^Why do you need/, WRITTEN.why)
  await staff.press('Continue')
  await me.goto('/looked')
  await me.follow(/^I don't recognise this/)
  await me.fill('Why should this visit not have happened?', WRITTEN.objection)
  await me.press('Send the objection')
  await me.goto('/requests/new/rectification-request')
  await me.fill('What do you want to tell us?', WRITTEN.wrong)
  await me.press('Send')
  const attach = new URL(me.page.url()).pathname + '/files'
  await me.goto('/helpers')
  await me.fill('Who is it?', 'my brother Gwyn')
  await me.choose(/^See my account/)
  await me.press('Make a code')
  return { attach, attachFor: `/helping/${CAST.helped}${attach}` }
}

/* A file of payments that nobody has seen: what its columns mean is asked and said. */
async function bring (admin, book, kept) {
  const file = path.join(book.folder, 'payments-may-2026.csv')
  fs.writeFileSync(file, 'Supplier,Payment Date,Value,Value,Service,Item\nWend Valley Stationers Ltd,03/05/2026,118.40,142.08,Libraries,Paper and pens\nHarrow Home Care Ltd,05/05/2026,"4,310.00","4,310.00",Adult social care,Home care in May\n' +
    'Millbank Builders Ltd,11/05/2026,"2,750.50","3,300.60",Highways,Repairs of Mill Lane\nWend Valley Stationers Ltd,18/05/2026,-18.40,-22.08,Libraries,Paper sent back\nNorth Bus Company,someday,640.00,640.00,Transport,School buses\n,,"7,800.50",,,\n')
  await admin.goto('/admin/files')
  await admin.file('The file', file)
  await admin.fill(/^Code of the organisation whose file it is/, 'harrowmere-council')
  await admin.press('Look at the file')
  kept.brought = new URL(admin.page.url()).pathname
  kept.columns = kept.brought + '/columns'
  await admin.goto(kept.columns)
  await admin.pick(/^“Value”/, 'amount')
  await admin.choose(/^Without the VAT/)
  await admin.press('Look at the file again')
  const people = path.join(book.folder, 'visits-may-2026.csv')
  fs.writeFileSync(people, 'Client,DOB,Home Postcode,Visited,Time\nA Client,01/02/1950,HM1 2AB,08/05/2026,90\nB Client,03/04/1950,HM1 2AB,09/05/2026,45\n')
  await admin.goto('/admin/files')
  await admin.choose(/visits or time$/)
  await admin.file('The file', people)
  await admin.fill(/^Code of the organisation whose file it is/, 'harrowmere-council')
  await admin.press('Look at the file')
  kept.peopleColumns = new URL(admin.page.url()).pathname + '/people'
}

/* Runs of the administrator and the auditor, ended; where their pages are. */
async function run (visit, book) {
  const kept = {}
  const file = path.join(book.folder, 'newcomers.csv')
  fs.writeFileSync(file, 'id,name,born\nP700001,Anwen Powell,1980-01-02\nP700002,Bryn Jones,1980-13-45\n')
  const admin = await visit('administrator')
  await admin.goto('/admin/imports/new')
  await admin.pick('What is in the file?', 'people')
  await admin.file('The file', file)
  await admin.choose(/^Leave refused rows out/)
  await admin.press('Upload and begin')
  kept.import = new URL(admin.page.url()).pathname
  await until(admin, /1980-13-45/)
  await bring(admin, book, kept)
  await admin.goto('/admin/standards')
  await admin.fill('Which year?', '2024-25')
  await admin.press('Count them first')
  kept.counted = new URL(admin.page.url()).pathname
  await until(admin, /Not known to be kept/)
  await admin.goto('/admin/close')
  await admin.fill('Which year?', '2025-26')
  await admin.choose(/^I have read/)
  await admin.press('Ask another administrator to approve it')
  const asked = new URL(admin.page.url()).pathname
  const other = await visit('second')
  await other.goto(asked)
  await other.press(/^Approve it/)
  kept.closing = new URL(other.page.url()).pathname
  await until(other, /closed|done/i)
  const auditor = await visit('auditor')
  await auditor.goto('/audit/run')
  await auditor.press('Run the audit')
  kept.audit = new URL(auditor.page.url()).pathname
  await until(auditor, /Nothing differs/)
  return kept
}

/* The texts of a page, a set: what is read on it, and what only a screen reader says. */
function texts () {
  const found = new Set([document.title])
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let n = walker.nextNode(); n; n = walker.nextNode()) if (!n.parentElement.closest('script, style, pre, code, [lang]:not(html)')) found.add(n.textContent.trim().replace(/\s+/g, ' '))
  for (const e of document.querySelectorAll('[aria-label]')) found.add(e.getAttribute('aria-label'))
  return [...found]
}

const wordCount = text => text.split(/\s+/).filter(w => /\p{L}{2}/u.test(w)).length

/* Tab leads once through all that can be worked, in the order of the page, and out of it again. */
async function tabFaults (page) {
  const faults = []
  const count = await page.evaluate(() => {
    const able = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')].filter(e => e.getClientRects().length && e.checkVisibility() && !e.disabled && e.tabIndex >= 0)
    const groups = new Set()
    window.stops = able.filter(e => { /* of radios of one name Tab stops at one */
      if (e.type !== 'radio') return true
      const chosen = document.querySelector(`input[type=radio][name="${e.name}"]:checked`)
      if (chosen && chosen !== e) return false
      if (groups.has(e.name)) return false
      groups.add(e.name)
      return true
    })
    document.activeElement.blur()
    getSelection().removeAllRanges()
    return window.stops.length
  })
  const most = Math.min(count, STOPS_MOST)
  for (let i = 0; i < most && faults.length < 5; i++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate(stop)
    const right = at && at.index === i
    if (!at) faults.push(`the focus is lost after ${i} of ${count} stops`)
    else if (!right) faults.push(`stop ${i + 1} is ${at.tag} "${at.words}", which is not in the order of the page`)
    else if (!at.seen || !at.marked) faults.push(`the focus is ${at.seen ? 'not marked' : 'out of sight'} on ${at.tag} "${at.words}"`)
    if (faults.length && !at) break
  }
  if (most === count && !faults.length) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(stop) && !await page.evaluate(() => document.activeElement === window.stops[0])) faults.push('the last stop holds the focus')
  }
  return faults
}

class Visits {
  constructor (browser, book) { this.browser = browser; this.book = book; this.pages = {}; this.said = {} }

  async page (persona) {
    const key = persona || 'anyone'
    if (!this.pages[key]) {
      const context = await this.browser.newContext({ baseURL: this.book.at, viewport: WIDE })
      context.setDefaultTimeout(PATIENCE_MS)
      const page = this.pages[key] = await context.newPage()
      const said = this.said[key] = []
      page.on('console', m => { if (m.type() === 'error' && !/status of (404|422)/.test(m.text())) said.push(m.text()) })
      page.on('pageerror', e => said.push(e.message))
      if (persona) await signIn(page, CAST[persona])
    }
    return this.pages[key]
  }

  /* An award of the council that was changed, and has been paid. */
  award () {
    const weal = (...words) => {
      const done = this.book.weal('--store', this.book.store, '--quiet', ...words)
      if (done.status !== 0) throw new Error(done.stderr)
    }
    weal('award', 'make', CAST.helped, 'discretionary_housing_payment', '--body', 'harrowmere-council', '--amount', '18.50', '--per', 'week', '--from', '2026-08-03', '--pay', '4-weeks', '--evidence', 'letter of the landlord')
    weal('award', 'change', CAST.helped, '1', '--amount', '22', '--from', '2026-10-26', '--reason', 'the rent rose')
    weal('pay')
  }

  async furnish () {
    this.award()
    const visit = async persona => new Pointer(await this.page(persona), () => {})
    this.kept = { ...await furnish(visit), ...await run(visit, this.book) }
  }

  async close () { for (const page of Object.values(this.pages)) await page.context().close() }
}

/* A page is not there at once where it is made while one waits. */
async function openPage (page, address) {
  let reply = await page.goto(address)
  for (let i = 0; i < 480 && reply.status() === 202; i++) {
    await new Promise(resolve => setTimeout(resolve, 250))
    reply = await page.goto(address)
  }
  return reply
}

/* The addresses of a row's page. */
async function addresses (row, visits) {
  const where = whereOf(row)
  if (where.at) return [].concat(where.at)
  if (where.kept) return [visits.kept[where.kept]]
  const page = await visits.page(where.as || personaOf(row))
  await openPage(page, where.on)
  const links = await page.locator('main a[href]').evaluateAll(all => all.map(a => a.getAttribute('href')))
  const right = links.filter(link => matches(row.path, link) && !link.includes('format='))
  return where.last ? right.slice(-1) : right.slice(0, 1)
}

async function checkPage (visits, row, address, names, tally, titles) {
  const persona = whereOf(row).as || personaOf(row)
  const page = await visits.page(persona)
  let english = null
  for (const lang of ['en', 'cy']) {
    const there = lang === 'cy' ? '/cy' + (address === '/' ? '/' : address) : address
    const what = `${there}${persona ? ` (${persona})` : ''}`
    const said = visits.said[persona || 'anyone']
    said.length = 0
    await page.setViewportSize(lang === 'en' ? WIDE : NARROW)
    const reply = await openPage(page, there)
    tally.hold(`${what} is there`, reply.status() === 200, reply.status())
    if (reply.status() !== 200) continue
    const found = await markup.validateString(await reply.text())
    tally.none(`${what}: markup`, found.results.flatMap(r => r.messages.map(m => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`)))
    const title = await page.title()
    const before = titles.get(`${persona} ${title}`) /* of one person's pages: a helper's are called as one's own */
    /* what may be got stands at the start too once enough was told, and the next question is a question's page */
    const alike = before && [row.path, before].every(at => at.includes('/entitlements'))
    tally.hold(`${what}: a title of its own`, title.length > 12 && (!before || alike || matches(row.path, before)), `${title}: as ${before}`)
    titles.set(`${persona} ${title}`, address)
    tally.hold(`${what}: its language`, await page.locator('html').getAttribute('lang') === lang)
    tally.hold(`${what}: one heading`, await page.locator('h1').count() === 1, await page.locator('h1').allInnerTexts())
    if (WHOLE || lang === 'en' || !persona) tally.none(`${what}: axe`, await axeFaults(AxeBuilder, page))
    tally.none(`${what}: nothing lost sideways`, await page.evaluate(lostSideways))
    await page.setViewportSize(PHONE)
    const top = await page.locator('h1').first().evaluate(e => Math.round(e.getBoundingClientRect().top + scrollY)).catch(() => Infinity)
    tally.hold(`${what}: the heading begins within ${HEADING_MOST} pixels on a phone`, top <= HEADING_MOST, top)
    await page.setViewportSize(lang === 'en' ? NARROW : WIDE)
    tally.none(`${what}: nothing lost sideways, the other width`, await page.evaluate(lostSideways))
    await page.setViewportSize(WIDE)
    if (lang === 'en') tally.none(`${what}: by Tab`, await tabFaults(page))
    tally.none(`${what}: nothing is complained of`, [...said])
    const read = await page.evaluate(texts)
    if ((!persona && row.path !== '/sign-in') || persona === 'auditor') { /* a demonstration lists those one can be */
      const all = read.join(' '); const own = persona && await page.locator('.weal-header__person').innerText().then(t => names.find(n => t.includes(n)))
      tally.none(`${what}: names nobody`, names.filter(name => all.includes(name) && name !== own))
    }
    if (lang === 'en') english = new Set(read)
    else if (english) tally.none(`${what}: all of it is Welsh`, read.filter(text => english.has(text) && wordCount(text) > SAME_WORDS_MOST && !visits.known(text)))
  }
}

async function checkPages (browser, book, tally) {
  const visits = new Visits(browser, book)
  const table = rows().filter(row => row.method === 'GET')
  for (const row of table) tally.hold(`${row.path} has an address in tests/browser/pages.js`, whereOf(row))
  for (const path of Object.keys(WHERE)) tally.hold(`${path} is in src/web/routes.c`, table.some(row => row.path === path))
  await visits.furnish()
  const names = book.people.map(p => p.name)
  visits.known = text => Object.values(WRITTEN).includes(text) || text.includes('1980-13-45') /* why a row is refused is said as on the command line */ || book.knows(text)
  const titles = new Map()
  const todo = [[], []] /* two at once, a person's pages with one of them */
  for (const row of table.filter(r => whereOf(r) && !whereOf(r).none)) todo[[null, 'helper', 'administrator', 'auditor'].includes(whereOf(row).as || personaOf(row)) ? 0 : 1].push(row)
  await Promise.all(todo.map(async some => {
    for (const row of some) {
      const there = await addresses(row, visits)
      tally.hold(`${row.path}: there is a link to it`, there.length > 0)
      for (const address of there) {
        if (process.env.WEAL_SHOW) console.error(new Date().toISOString().slice(14, 19), address)
        try { await checkPage(visits, row, address, names, tally, titles) } catch (error) { tally.hold(`${address} could be looked at`, false, error.message) }
      }
    }
  }))
  await visits.close()
}

module.exports = { whereOf, personaOf, Visits, addresses, openPage, checkPages }
