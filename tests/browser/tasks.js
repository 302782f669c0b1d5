#!/usr/bin/env node
/* What five citizens and five officers came for, with the steps and seconds that each takes: tasks.js [--json]. A demonstration's book and its own `weal serve`, as portal.js.

   A step is a link followed, a button pressed, a field filled or chosen. Seconds are those of the keystroke-level model (S. Card, T. Moran, A. Newell, Communications of the ACM 23(7),
   1980, table 1): 1.35 to think of the step, 0.40 to bring the hand to the mouse, 1.10 to point, 0.20 to click; 0.28 for each character. What is read and what the machine needs is not in
   them. No task may take more steps or seconds than it took before its pages were made anew (tasks-before.json, counted by this file's first version on those pages), unless `more` says there
   what else is asked now, and how many steps that is. */
'use strict'
const { chromium } = require('playwright-core')
const fs = require('fs')
const path = require('path')
const { CAST, Book, signIn } = require('./book')
const { PATIENCE_MS, Pointer, leave } = require('./hands')
const before = require('./tasks-before.json') /* a task without a row in it fails */
const { until, words } = require('./journeys')

const STEP_S = 1.35 + 0.40 + 1.10 + 0.20
const CHARACTER_S = 0.28
const WIDE = { width: 1280, height: 900 }

class Counting extends Pointer {
  constructor (page) { super(page); this.steps = 0; this.seconds = 0; this.pages = 0 }
  count (characters = 0) { this.steps++; this.seconds += STEP_S + characters * CHARACTER_S }
  async follow (name) { this.count(); this.pages++; await super.follow(name) }
  async press (name) { this.count(); this.pages++; await super.press(name) }
  async choose (label) { this.count(); await super.choose(label) }
  async pick (label, value) { this.count(); await super.pick(label, value) }
  async fillIn (field, value) { this.count(value.length); await super.fillIn(field, value) }
  /* written, and the Enter key: one character more */
  async find (label, value) {
    this.count(value.length + 1)
    this.pages++
    const field = this.page.getByRole('main').getByLabel(label).first()
    await super.fillIn(field, value)
    await leave(this.page, () => field.press('Enter'))
  }

  async followIn (row) {
    this.count()
    this.pages++
    await leave(this.page, () => this.page.locator('main tr', { hasText: row }).getByRole('link').first().click())
  }

  async file (label, at) { this.count(); await super.file(label, at) }
}

const sees = async (hand, what) => {
  const seen = await words(hand)
  if (!(what instanceof RegExp ? what.test(seen) : seen.includes(what))) throw new Error(`not seen: ${what}; but: ${seen.slice(0, 500)}`)
}

/* Each begins on the first page after signing in (or at the portal's front), and ends when what was wanted is on the screen. */
const tasks = {
  async 'citizen: how much did I pay and receive last year?' ({ visit, people: [me] }) {
    const hand = await visit(me.id)
    await sees(hand, /In 20\d\d-\d\d you paid .* and received /)
    return hand
  },

  async 'citizen: find my council tax, and say that it is wrong' ({ visit, people: [me] }) {
    const hand = await visit(me.id)
    await hand.find('Find a payment or a service', 'council')
    await hand.followIn(/Council Tax/)
    await hand.follow(/wrong/i)
    await hand.fill(/What is wrong|What do you want/, 'I moved out in May.')
    await hand.press('Send')
    await sees(hand, 'It is sent')
    return hand
  },

  async 'citizen: tell my new address' ({ visit, people: [me] }) {
    const hand = await visit(me.id)
    await hand.follow('Tell us a change')
    await hand.follow('A new address')
    await hand.pick('Which area do you live in now?', /Millbank/)
    await hand.press('Continue')
    await hand.fill('Address line 1', '1 Mill Lane')
    await hand.fill('Postcode', 'hm1 2ab')
    await hand.press('Continue')
    await hand.day('When did you move?', [1, 11, 2026])
    await hand.press('Continue')
    await hand.press('Send')
    await sees(hand, 'You have told us')
    return hand
  },

  async 'citizen: who saw my record, and why?' ({ visit, people: [me] }) {
    const officer = await visit(CAST.staff)
    await officer.follow('People')
    await officer.fill(/^Why do you need/, 'They ask for home care, at the counter')
    await officer.fill(/^Reference, National Insurance/, me.id)
    await officer.press('Find')
    await officer.follow(me.name)
    const hand = await visit(me.id)
    await hand.follow('Visits')
    await sees(hand, 'They ask for home care, at the counter')
    await hand.follow(/^I don't recognise this/)
    await hand.fill('Why should this visit not have happened?', 'I was not there.')
    await hand.press('Send the objection')
    await sees(hand, 'Waits for an answer')
    return hand
  },

  async 'citizen: is this statement real?' ({ visit, people: [me] }) {
    const hand = await visit(me.id)
    await hand.follow('Statement')
    await hand.follow('Check it here')
    await sees(hand, 'agrees with what was signed')
    return hand
  },

  async 'officer: find somebody who stands at the counter' ({ visit, people: [me] }) {
    const hand = await visit(CAST.staff)
    await hand.follow('People')
    await hand.fill(/^Why do you need/, 'They ask about their bill')
    await hand.fill('Name', me.name)
    await hand.day('Day of birth', me.born.split('-').reverse().map(Number))
    await hand.press('Find')
    await hand.follow(me.name)
    await sees(hand, me.id)
    return hand
  },

  async 'officer: record three hours of home care' ({ visit, people: [me] }) {
    const hand = await visit(CAST.staff)
    await hand.follow('People')
    await hand.fill(/^Why do you need/, 'Their care of last week')
    await hand.fill(/^Reference, National Insurance/, me.id)
    await hand.press('Find')
    await hand.follow(me.name)
    await hand.follow('Record a service or a payment')
    await hand.pick('What do you want to record?', /home.?care/i)
    await hand.press('Continue')
    await hand.fill('How much?', '3')
    await hand.day('On which day?', [5, 1, 2026])
    await hand.press('Continue')
    await hand.press('Record it')
    await sees(hand, 'It is recorded')
    return hand
  },

  async 'officer: answer a request that waits' ({ visit, people: [me] }) {
    const citizen = await visit(me.id)
    await citizen.goto('/requests/new/rectification-request')
    await citizen.fill('What do you want to tell us?', 'My name has one n.')
    await citizen.press('Send')
    const hand = await visit(CAST.administrator)
    await hand.follow('Requests to answer')
    await hand.follow(/^Request \d+: Putting the record right/)
    await hand.choose('Refuse it')
    await hand.fill(/^Your answer/, 'Your passport has two.')
    await hand.press('Send your answer')
    await sees(hand, 'They see why')
    return hand
  },

  async 'officer: take in a file, and see what was left out' ({ visit, people: [me], book }) {
    const file = path.join(book.folder, `new-${me.id}.csv`)
    fs.writeFileSync(file, `id,name,born\nQ7${me.id.slice(2)},Anwen New,1980-01-02\nQ8${me.id.slice(2)},Bad Day,1980-13-45\n`)
    const hand = await visit(CAST.administrator)
    await hand.follow('Administration')
    await hand.follow('Upload a file')
    await hand.pick('What is in the file?', 'people')
    await hand.file('The file', file)
    await hand.choose(/^Leave refused rows out/)
    await hand.press('Upload and begin')
    await until(hand, /1980-13-45/)
    await sees(hand, '1980-13-45')
    return hand
  },

  async 'officer: does the book hold what was published?' ({ visit }) {
    const hand = await visit(CAST.auditor)
    await hand.follow('Audit')
    await hand.follow('Run the audit')
    await hand.press('Run the audit')
    await until(hand, /Nothing differs/)
    await sees(hand, 'Nothing differs')
    return hand
  }
}

process.on('unhandledRejection', () => {}) /* of a page that was waited for when its link was not there: the task's own error is told */

async function main () {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] })
  const now = {}
  let passed = 0; let failed = 0
  const book = new Book()
  try {
    await book.serve()
    const citizens = book.citizens()
    for (const [name, task] of Object.entries(tasks)) {
      const contexts = []
      const visit = async reference => {
        const context = await browser.newContext({ baseURL: book.at, javaScriptEnabled: false, viewport: WIDE })
        context.setDefaultTimeout(PATIENCE_MS)
        contexts.push(context)
        const page = await context.newPage()
        await signIn(page, reference)
        return new Counting(page)
      }
      try {
        const hand = await task({ book, visit, people: citizens.splice(0, 2) })
        const { steps, pages } = hand; const seconds = Math.round(hand.seconds * 10) / 10
        now[name] = { steps, pages, seconds }
        const was = before[name]
        const more = was.more ?? { steps: 0, characters: 0 }
        const good = steps <= was.steps + more.steps && seconds <= was.seconds + more.steps * STEP_S + more.characters * CHARACTER_S + 0.05
        if (good) passed++; else failed++
        console.log(`${good ? '' : 'FAIL '}${name} ${steps} steps (${was.steps} before), ${pages} pages (${was.pages}), ${seconds} s (${was.seconds})`)
      } catch (error) {
        failed++
        console.log(`FAIL ${name}: ${error.message.split('\n').slice(0, 4).join(' ')}`)
      }
      for (const context of contexts) await context.close()
    }
  } finally {
    await browser.close()
    if (await book.end() !== 0) failed++
  }
  if (process.argv.includes('--json')) console.log(JSON.stringify(now, null, 2))
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed ? 1 : 0)
}

main().catch(error => { console.error(error.stack); process.exit(3) })
