/* What a page is held to, by those who write pages to files (check-pages.js) and by those who walk through the portal (portal.js). */
'use strict'
const { HtmlValidate } = require('html-validate')

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

/* Runs axe in the page: a line for each fault. */
async function axeFaults (AxeBuilder, page) {
  const axe = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode().analyze() /* no page has a frame, for which the other mode opens a second page */
  return axe.violations.flatMap(v => v.nodes.slice(0, 3).map(n => `${v.id}: ${n.html.slice(0, 120)} ${n.failureSummary.replace(/\s+/g, ' ')}`))
}

module.exports = { RULES, markup, lostSideways, axeFaults }
