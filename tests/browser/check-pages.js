#!/usr/bin/env node
/* Checks pages that weal wrote, in a real browser: check-pages.js [--shots DIR [--height N]] FILE.html...

   For each file: html-validate finds nothing; axe finds nothing among the rules of WCAG 2.2 A and AA; the page asks for nothing beside itself (one that has its style sheets in
   assets/ beside it asks for them only, and shows all the same under the portal's policy, no inline style or script);
   at 320 and at 1280 pixels nothing is wider than the screen, no words are cut or drawn outside it; printed on A4 the same. With --shots it leaves NAME-wide.png, NAME-phone.png
   and NAME.pdf in DIR, the pictures cut at N pixels. Prints a line a check that fails and `N passed, N failed`; exit 1 if any did. */
'use strict'
const { chromium } = require('playwright-core')
const { AxeBuilder } = require('@axe-core/playwright')
const { markup, lostSideways, axeFaults } = require('./look')
const fs = require('fs')
const http = require('http')
const path = require('path')

const WIDTHS = { phone: { width: 320, height: 640 }, wide: { width: 1280, height: 900 } }
const TYPES = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' }
const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/* Pages of the portal are served from their folder, as the portal would, so that their addresses lead to something. */
function serve (folder) {
  const server = http.createServer((request, response) => {
    const file = path.join(folder, path.normalize(new URL(request.url, 'http://x').pathname))
    if (!fs.existsSync(file) || !fs.statSync(file).isFile()) { response.writeHead(404).end(); return }
    response.writeHead(200, { 'Content-Type': TYPES[path.extname(file)] || 'application/octet-stream', 'Content-Security-Policy': POLICY })
    response.end(fs.readFileSync(file))
  })
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server)))
}

async function checkPage (browser, file, shots, height, report) {
  const name = path.basename(file, '.html')
  const folder = path.dirname(path.resolve(file))
  const server = fs.existsSync(path.join(folder, 'assets')) ? await serve(folder) : null
  const origin = server ? `http://127.0.0.1:${server.address().port}` : 'file://' + folder
  const found = await markup.validateFile(file)
  report(name, 'markup', found.results.flatMap(r => r.messages.map(m => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`)))
  for (const [kind, viewport] of Object.entries(WIDTHS)) {
    const context = await browser.newContext({ viewport, deviceScaleFactor: 1 })
    const page = await context.newPage()
    const asked = []
    page.on('request', r => { if (!r.isNavigationRequest() && !(server && r.url().startsWith(origin + '/assets/'))) asked.push(r.url()) })
    if (server) page.on('console', m => { if (m.type() === 'error') asked.push(m.text()) })
    await page.goto(`${origin}/${path.basename(file)}`)
    report(name, `${kind}: asks for nothing`, asked)
    report(name, `${kind}: nothing lost sideways`, await page.evaluate(lostSideways))
    report(name, `${kind}: axe`, await axeFaults(AxeBuilder, page))
    if (shots) {
      const clip = height ? { x: 0, y: 0, width: viewport.width, height } : undefined
      await page.screenshot({ path: path.join(shots, `${name}-${kind}.png`), fullPage: true, clip })
    }
    if (kind === 'wide') {
      await page.emulateMedia({ media: 'print' })
      await page.setViewportSize({ width: 672, height: 1000 }) /* A4 less its margins, at 96 px an inch */
      report(name, 'print: nothing lost sideways', await page.evaluate(lostSideways))
      if (shots) await page.pdf({ path: path.join(shots, `${name}.pdf`), preferCSSPageSize: true, tagged: true })
    }
    await context.close()
  }
  if (server) server.close()
}

async function main () {
  const files = []
  let shots = null; let height = 0
  for (let i = 2; i < process.argv.length; i++) {
    if (process.argv[i] === '--shots') shots = process.argv[++i]
    else if (process.argv[i] === '--height') height = Number(process.argv[++i])
    else files.push(process.argv[i])
  }
  if (!files.length) {
    console.error('usage: check-pages.js [--shots DIR [--height N]] FILE.html...')
    process.exit(2)
  }
  if (shots) fs.mkdirSync(shots, { recursive: true })
  let passed = 0; let failed = 0
  const report = (page, what, faults) => {
    if (!faults.length) { passed++; return }
    failed++
    console.log(`FAIL ${page}: ${what}`)
    for (const fault of faults.slice(0, 12)) console.log(`  ${fault}`)
  }
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] })
  try {
    for (const file of files) await checkPage(browser, file, shots, height, report)
  } finally {
    await browser.close()
  }
  console.log(`${passed} passed, ${failed} failed`)
  process.exit(failed ? 1 : 0)
}

main().catch(error => { console.error(error.message); process.exit(3) })
