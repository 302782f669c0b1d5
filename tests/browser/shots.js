#!/usr/bin/env node
/* Pictures of every page of the portal, wide (1280 pixels) and as on a phone (390), with invented people: shots.js FOLDER [--welsh] [--height N] [--only WORDS] [--chosen]. They are named by
   the page's path: `helping-person-account-wide.png`. The pages are those of pages.js. --height cuts them (1400); --chosen takes those of docs/reference/portal.md, in 64 colours where ImageMagick is
   there (script/portal-reference writes that page afterwards). */
'use strict'
const { chromium } = require('playwright-core')
const { spawnSync } = require('child_process')
const fs = require('fs')
const path = require('path')
const { Book, CAST, rows } = require('./book')
const { whereOf, personaOf, Visits, addresses, openPage } = require('./pages')

const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 800 } }

/* For the reference: enough to see each kind of page. */
const CHOSEN = {
  wide: ['first-page', 'place', 'heads', 'sign-in', 'account', 'account-lines-line', 'statement', 'statement-verify', 'life', 'time', 'helpers', 'looked', 'helping-person', 'tell-us-once', 'tell-us-once-kind-check',
    'tell-us-once-kind-done', 'people', 'people-person', 'people-person-record', 'people-person-lines-line', 'requests', 'requests-case', 'inbox', 'inbox-case', 'admin', 'admin-imports-new', 'admin-files-upload', 'admin-files-upload-columns', 'admin-imports-jobs-job', 'admin-roles', 'admin-close',
    'audit', 'audit-entries-entry', 'audit-looks', 'audit-run-jobs-job', 'facts', 'entitlements-ask-variable', 'entitlements-answer', 'entitlements-why-variable', 'entitlements-what-if-what-3', 'claim', 'claim-3', 'awards',
    'people-person-entitlements', 'standards'],
  phone: ['first-page', 'place', 'account', 'statement', 'tell-us-once-kind-question', 'looked', 'people-person', 'audit-entries-entry', 'entitlements-ask-variable', 'entitlements-answer', 'claim-3', 'awards']
}

/* A name for each address of a row, the first without a number. */
const nameOf = (row, n) => (row.path.replace(/[{}]/g, '').split('/').filter(Boolean).join('-') || 'first-page') + (n ? `-${n + 1}` : '')

async function shoot (page, file, size, height, chosen) {
  await page.setViewportSize(SIZES[size])
  const whole = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.screenshot({ path: file, fullPage: true, clip: { x: 0, y: 0, width: SIZES[size].width, height: Math.min(whole, height) } })
  if (chosen) spawnSync('convert', [file, '+dither', '-colors', '64', '-define', 'png:compression-level=9', '-strip', 'png8:' + file])
}

async function main () {
  const option = (name, none) => process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : none
  const [folder, height, only] = [process.argv[2], Number(option('--height', 1400)), option('--only', '')]
  if (!folder || folder.startsWith('-')) { console.error('usage: shots.js FOLDER [--welsh] [--height N] [--only WORDS] [--chosen]'); process.exit(2) }
  const chosen = process.argv.includes('--chosen')
  const prefix = process.argv.includes('--welsh') ? '/cy' : ''
  fs.mkdirSync(folder, { recursive: true })
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] })
  const book = new Book()
  try {
    await book.serve()
    const visits = new Visits(browser, book)
    await visits.furnish()
    for (const [variable, value] of [['savings', '4000'], ['private_pension_income', '0']]) book.weal('--store', book.store, 'fact', 'tell', CAST.helped, variable, value, '--as', CAST.helped) /* so that amounts are exact */
    for (const row of rows().filter(r => r.method === 'GET' && whereOf(r) && !whereOf(r).none && r.path.includes(only))) {
      const page = await visits.page(whereOf(row).as || personaOf(row))
      for (const [n, address] of (await addresses(row, visits)).entries()) {
        await openPage(page, prefix + address)
        for (const size of Object.keys(SIZES)) {
          if (!chosen || CHOSEN[size].includes(nameOf(row, n))) await shoot(page, path.join(folder, `${nameOf(row, n)}-${size}.png`), size, height, chosen)
        }
      }
    }
    await visits.close()
  } finally {
    await browser.close()
    await book.end()
  }
}

if (require.main === module) main().catch(error => { console.error(error.stack); process.exit(3) })
module.exports = { nameOf }
