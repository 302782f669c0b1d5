#!/usr/bin/env node
/* Checks pages that weal wrote, in a real browser: check-pages.js [--shots DIR [--height N]] FILE.html...

   For each file: html-validate finds nothing; axe finds nothing among the rules of WCAG 2.2 A and AA; the page asks for nothing beside itself (one that has its style sheets in
   assets/ beside it asks for them only, and shows all the same under the portal's policy, no inline style or script);
   at 320 and at 1280 pixels nothing is wider than the screen, no words are cut or drawn outside it; printed on A4 the same. With --shots it leaves NAME-wide.png, NAME-phone.png
   and NAME.pdf in DIR, the pictures cut at N pixels. Prints a line a check that fails and `N passed, N failed`; exit 1 if any did. */
'use strict'
const { chromium } = require('playwright-core')
const { AxeBuilder } = require('@axe-core/playwright')
const { HtmlValidate } = require('html-validate')
const fs = require('fs')
const http = require('http')
const path = require('path')

const WIDTHS = { phone: { width: 320, height: 640 }, wide: { width: 1280, height: 900 } }
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice']
const markup = new HtmlValidate({
  extends: ['html-validate:recommended', 'html-validate:a11y'],
  rules: {
    'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'button', 'submit', 'reset'] }], // checkboxes of one question
    'long-title': 'off', // a title names the person and the year
    'no-trailing-whitespace': 'off',
    'prefer-native-element': 'off' // role="img" on an SVG is how a drawing is given words
  }
})

/* Runs in the page: what is lost sideways. */
function lostSideways () {
  const lost = []
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth > width) lost.push(`the page is ${document.documentElement.scrollWidth} px wide, the screen ${width}`)
  for (const e of document.querySelectorAll('body *')) {
    const style = getComputedStyle(e)
    if (style.clipPath !== 'none' || e.closest('.hidden, title, desc, defs, .stack thead, .weal-stack thead')) continue
    const box = e.getBoundingClientRect()
    if (box.width && (box.right > width + 1 || box.left < -1)) lost.push(`${e.tagName} "${e.textContent.slice(0, 40)}" lies from ${Math.round(box.left)} to ${Math.round(box.right)}`)
    if (style.overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1) lost.push(`${e.tagName} "${e.textContent.slice(0, 40)}" is cut`)
  }
  /* figures of a chart drawn over each other can't be read */
  for (const svg of document.querySelectorAll('svg[role=img]')) {
    const boxes = [...svg.querySelectorAll('text')].map(t => ({ t, b: t.getBoundingClientRect() }))
    const bars = [...svg.querySelectorAll('rect.s')].map(r => r.getBoundingClientRect())
    for (let i = 0; i < boxes.length; i++) {
      for (const b of bars) {
        const a = boxes[i].b
        if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 4 && b.top < a.bottom - 4) lost.push(`chart: "${boxes[i].t.textContent}" lies on a bar`)
      }
      for (let j = i + 1; j < boxes.length; j++) {
        const a = boxes[i].b; const b = boxes[j].b
        if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3) lost.push(`chart: "${boxes[i].t.textContent}" lies on "${boxes[j].t.textContent}"`)
      }
    }
  }
  return lost
}

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
    const axe = await new AxeBuilder({ page }).withTags(RULES).analyze()
    report(name, `${kind}: axe`, axe.violations.flatMap(v => v.nodes.slice(0, 3).map(n => `${v.id}: ${n.html.slice(0, 120)} ${n.failureSummary.replace(/\s+/g, ' ')}`)))
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
