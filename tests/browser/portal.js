#!/usr/bin/env node
/* The portal in a real browser: portal.js [--only WORDS]. A small demonstration's book, its own `weal serve`; then

   1. journeys (journeys.js): with a pointer without JavaScript and with it, and by the keyboard alone;
   2. every page of src/web/routes.c, in both languages (pages.js).

   No page may say anything on the console, which is where the browser tells of what the policy of the pages forbids. Prints a line a check that fails and `N passed, N failed`. */
'use strict'
const { chromium } = require('playwright-core')
const { Book, signIn } = require('./book')
const { PATIENCE_MS, Pointer, Keyboard } = require('./hands')
const { journeys } = require('./journeys')
const { checkPages } = require('./pages')

const WAYS = [
  { name: 'without JavaScript', Hand: Pointer, javaScriptEnabled: false },
  { name: 'with JavaScript', Hand: Pointer, javaScriptEnabled: true },
  { name: 'by keyboard', Hand: Keyboard, javaScriptEnabled: true }
]
const PEOPLE_EACH = 3

class Tally {
  constructor () { this.passed = 0; this.failed = 0 }
  hold (what, truth, more = '') {
    if (truth) { this.passed++; return }
    this.failed++
    console.log(`FAIL ${what}${more ? `\n  ${String(more).slice(0, 600)}` : ''}`)
  }

  /* One check whose faults are told one by one. */
  none (what, faults) { this.hold(what, faults.length === 0, faults.slice(0, 12).join('\n  ')) }
}

/* A browser of somebody's own. What its pages complain of ends up in `said`. */
async function open (browser, book, way, said) {
  const context = await browser.newContext({ baseURL: book.at, javaScriptEnabled: way.javaScriptEnabled, viewport: { width: 1280, height: 900 } })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  page.on('console', m => { if (m.type() === 'error' && !/status of (404|422)/.test(m.text())) said.push(`${page.url()}: ${m.text()}`) })
  page.on('pageerror', e => said.push(`${page.url()}: ${e.message}`))
  return page
}

/* Walks a way of a life or journey: whatever it holds is counted. */
async function walk (browser, book, { name, way, people, life }, tally) {
  const title = `${name}, ${way.name}`
  const said = []; const pages = []
  const hold = (what, truth, more) => tally.hold(`${title}: ${what}`, truth, more)
  const visit = async reference => {
    const page = await open(browser, book, way, said)
    pages.push(page)
    if (reference) await signIn(page, reference)
    return new way.Hand(page, fault => said.push(fault))
  }
  try {
    await life({ book, visit, hold, people })
  } catch (error) {
    const last = pages[pages.length - 1]
    hold(`came to its end (${pages.map(p => p.url()).join(', ')})`, false, error.message.split('\n').slice(0, 3).join(' ') + '\n' + (last ? (await last.locator('main').innerText()).slice(0, 400) : ''))
  }
  tally.none(`${title}: nothing is complained of`, [...new Set(said)])
  for (const page of pages) await page.context().close()
}

async function main () {
  const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : ''
  const tally = new Tally()
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] })
  const book = new Book()
  try {
    await book.serve()
    const citizens = book.citizens()
    const walks = []
    for (const name of Object.keys(journeys)) for (const way of WAYS) walks.push({ name, way, people: citizens.splice(0, PEOPLE_EACH), life: journeys[name] })
    const next = async () => {
      for (let w = walks.shift(); w; w = walks.shift()) if (`${w.name}, ${w.way.name}`.includes(only)) await walk(browser, book, w, tally)
    }
    await Promise.all([next(), next()])
    if ('pages'.includes(only)) await checkPages(browser, book, tally)
  } finally {
    await browser.close()
    tally.hold('the portal stops well', await book.end() === 0)
  }
  console.log(`${tally.passed} passed, ${tally.failed} failed`)
  process.exit(tally.failed ? 1 : 0)
}

module.exports = { Tally, walk }

if (require.main === module) main().catch(error => { console.error(error.stack); process.exit(3) })
