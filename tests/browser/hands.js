/* How somebody works a page, by what it says rather than how it is built: links, buttons and fields by their names. Two ways of it, so that a journey is written once and walked
   both ways: with a pointer, and with the keyboard alone (Tab, Shift+Tab, arrows, Space, Enter), where each stop must be seen and none may hold whoever comes. */
'use strict'

const TABS_MOST = 400 /* the stops of the longest page, with room */
const PATIENCE_MS = 30000 /* of a busy machine */

/* Does what leads to another page; goes on when that is there. */
async function leave (page, act) {
  const loaded = page.waitForEvent('load')
  await act()
  await loaded
}

class Pointer {
  constructor (page, report) { this.page = page; this.report = report }
  link (name) { return this.page.getByRole('link', { name, exact: typeof name === 'string' }).first() }
  button (name) { return this.page.getByRole('main').getByRole('button', { name, exact: typeof name === 'string' }).first() }
  async goto (path) { await this.page.goto(path) }
  async follow (name) { await leave(this.page, () => this.link(name).click()) }
  async press (name) { await leave(this.page, () => this.button(name).click()) }
  async signOut () { await leave(this.page, () => this.page.getByRole('banner').getByRole('button').click()) }
  async fill (label, value) { await this.fillIn(this.page.getByRole('main').getByLabel(label).first(), value) }
  async choose (label) { await this.page.getByLabel(label, { exact: typeof label === 'string' }).first().check() }
  list (label) { return this.page.getByRole('main').getByLabel(label, { exact: typeof label === 'string' }).first() }
  /* From a list that drops down: by its value, or by what it says. */
  async pick (label, value) { await this.list(label).selectOption(await this.valueOf(label, value)) }
  async valueOf (label, value) {
    return typeof value === 'string' ? value : this.list(label).evaluate((e, source) => [...e.options].find(o => new RegExp(source, 'i').test(o.value + o.text)).value, value.source)
  }

  async day (label, parts, names = ['Day', 'Month', 'Year']) {
    const group = this.page.getByRole('group', { name: label }).first()
    for (const [i, name] of names.entries()) await this.fillIn(group.getByLabel(name, { exact: true }), String(parts[i]))
  }

  async fillIn (field, value) { await field.fill(value) }
  async file (label, path) { await this.page.getByLabel(label, { exact: true }).first().setInputFiles(path) }
  async skip () {}
}

/* What has the focus: runs in the page. */
function stop () {
  const e = document.activeElement
  if (!e || e === document.body) return null
  const box = e.getBoundingClientRect()
  const mark = e.closest('.govuk-radios__item, .govuk-checkboxes__item')?.querySelector('label')
  const style = getComputedStyle(e); const drawn = mark ? getComputedStyle(mark, '::before') : style
  const ring = s => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none'
  return {
    index: window.stops ? window.stops.indexOf(e) : -1, /* of those that a test has listed (pages.js) */
    tag: e.tagName,
    words: (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || e.id).trim().replace(/\s+/g, ' ').slice(0, 50),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth,
    marked: ring(style) || ring(drawn)
  }
}

class Keyboard extends Pointer {
  /* Goes on by Tab until the focus is on what is wanted; null handle: there is none. */
  async reach (locator, backwards = false) {
    const wanted = await locator.elementHandle()
    const same = () => wanted.evaluate(w => w === document.activeElement || (w.type === 'radio' && document.activeElement.type === 'radio' && document.activeElement.name === w.name))
    for (let i = 0; i < TABS_MOST; i++) {
      if (await same()) return wanted
      await this.page.keyboard.press(backwards ? 'Shift+Tab' : 'Tab')
      const at = await this.page.evaluate(stop)
      if (at && (!at.seen || !at.marked)) this.report(`the focus is ${at.seen ? 'not marked' : 'out of sight'} on ${at.tag} "${at.words}" of ${this.page.url()}`)
    }
    throw new Error(`Tab does not lead to ${locator}`)
  }

  async away (locator, key) {
    await this.reach(locator)
    await leave(this.page, () => this.page.keyboard.press(key))
  }

  async follow (name) { await this.away(this.link(name), 'Enter') }
  async press (name) { await this.away(this.button(name), 'Space') }
  async signOut () { await this.away(this.page.getByRole('banner').getByRole('button'), 'Enter') }

  async fillIn (field, value) {
    await this.reach(field)
    await this.page.keyboard.press('ControlOrMeta+a')
    await this.page.keyboard.type(value)
  }

  async choose (label) {
    const wanted = await this.reach(this.page.getByLabel(label, { exact: typeof label === 'string' }).first())
    for (let i = 0; i < 60 && !await wanted.evaluate(w => w === document.activeElement); i++) await this.page.keyboard.press('ArrowDown')
    if (!await wanted.isChecked()) await this.page.keyboard.press('Space')
  }

  async pick (label, what) {
    const value = await this.valueOf(label, what)
    const wanted = await this.reach(this.list(label))
    await this.page.keyboard.press('Home')
    for (let i = 0; i < 60 && await wanted.inputValue() !== value; i++) await this.page.keyboard.press('ArrowDown')
    if (await wanted.inputValue() !== value) throw new Error(`the arrows do not lead to ${value}`)
  }

  async file (label, path) { /* the window that chooses a file is the system's, not the page's */
    await this.reach(this.page.getByLabel(label, { exact: true }).first())
    await super.file(label, path)
  }

  /* The first stop of every page leads past the menu. */
  async skip () {
    await this.page.evaluate(() => document.activeElement?.blur())
    await this.page.keyboard.press('Tab')
    const at = await this.page.evaluate(stop)
    if (!at || !at.seen || !(await this.page.evaluate(() => document.activeElement.matches('.govuk-skip-link')))) this.report(`the first stop of ${this.page.url()} is not the skip link, or not seen`)
    await this.page.keyboard.press('Enter')
    await this.page.keyboard.press('Tab')
    if (!await this.page.evaluate(() => document.activeElement.closest('main, footer'))) this.report(`the skip link of ${this.page.url()} does not lead past the menu`)
  }
}

module.exports = { PATIENCE_MS, Pointer, Keyboard, leave, stop }
