/* What people come to the portal for, step by step, one after another: each is walked by whoever calls it, with a pointer or with the keyboard alone
   (hands.js), with and without JavaScript. A journey has people of its own, so that none stands in another's way.

   visit(reference) signs somebody in, in a browser of their own, and gives their hand; hold(what, truth, more) notes whether something is as it should be. */
'use strict'
const { CAST } = require('./book')
const { PATIENCE_MS } = require('./hands')
const fs = require('fs')
const path = require('path')

const words = async hand => (await hand.page.locator('main').innerText()).replace(/\s+/g, ' ')
const says = async (hand, text) => (await words(hand)).includes(text)
const heading = async hand => (await hand.page.locator('h1').innerText()).trim()
const status = async (hand, address) => (await hand.page.request.get(address, { maxRedirects: 0 })).status()

async function download (hand, name, folder) {
  const waits = hand.page.waitForEvent('download')
  const link = hand.link(name)
  if (hand.reach) { await hand.reach(link); await hand.page.keyboard.press('Enter') } else await link.click()
  const got = await waits
  const file = path.join(folder, `${Date.now()}-${got.suggestedFilename()}`)
  await got.saveAs(file)
  return file
}

async function reads ({ book, visit, hold, people: [me] }) {
  const hand = await visit(me.id)
  await hand.skip()
  hold('the account is the first page', await says(hand, 'Balance'))
  await hand.follow(/^\d+:\d+$/)
  const story = await words(hand)
  hold('a line tells its story: what, source, proof', ['Who says so', 'Where it came from', 'What proves it'].every(part => story.includes(part)), story.slice(0, 300))
  await hand.follow('Back')
  await hand.pick('Which lines', 'service')
  await hand.press('Show')
  hold('the account is narrowed', hand.page.url().includes('side=service'))
  await hand.follow('Statement')
  hold('the statement', (await heading(hand)) === 'Your statement for 2025-26', await heading(hand))
  const json = await download(hand, 'JSON', book.folder)
  const pdf = await download(hand, /PDF/, book.folder)
  hold('a PDF', fs.readFileSync(pdf).subarray(0, 5).toString() === '%PDF-')
  hold('the JSON is the citizen\'s', fs.readFileSync(json, 'utf8').includes(me.id))
  const key = path.join(book.folder, 'keys', 'weal-demo.vkey')
  for (const file of [json]) {
    const verified = book.weal('verify', file, '--key', key, '--person', me.id)
    hold('weal verify says that it was not changed', verified.status === 0, verified.stdout + verified.stderr)
  }
  const changed = fs.readFileSync(json, 'utf8').replace(/("amount":\s*"?-?)(\d)/, (all, before, digit) => before + (digit === '9' ? '1' : '9'))
  fs.writeFileSync(json, changed)
  hold('a changed one is not', book.weal('verify', json, '--key', key).status === 1)
  await hand.follow('Verify it here')
  hold('it is verified here', (await heading(hand)).endsWith('agrees with what was signed'), await heading(hand))
  await hand.follow('Life so far')
  hold('the life: a chart with its table', await hand.page.locator('main svg[role=img]').count() > 0 && await hand.page.locator('main table').count() > 0)
  await hand.signOut()
  hold('signed out', await status(hand, '/account') === 303)
}

async function tells ({ visit, hold, people: [me] }) {
  const hand = await visit(me.id)
  await hand.follow('Tell us once')
  await hand.follow('A new address')
  await hand.press('Continue')
  hold('nothing chosen is said', await says(hand, 'Choose where you live now') && (await hand.page.title()).startsWith('Error:'))
  await hand.pick('Where do you live now?', /Harrowmere/)
  await hand.press('Continue')
  await hand.follow('Back')
  hold('back keeps the answer', await hand.page.locator('#field-place').inputValue() !== '')
  await hand.press('Continue')
  await hand.day('When did you move?', [1, 11, 2026])
  await hand.press('Continue')
  hold('the answers are shown', (await heading(hand)) === 'Check your answers' && await says(hand, '1 November 2026'))
  hold('and who will be told', await says(hand, 'Who will be told'))
  await hand.follow(/^Change.*[Mm]oved/)
  await hand.day('When did you move?', [2, 11, 2026])
  await hand.press('Continue')
  hold('a changed answer leads back to the check', await says(hand, '2 November 2026'))
  await hand.press('Send')
  hold('it is told', await says(hand, 'You have told us'))
  hold('who has been told', await says(hand, 'Passed on, not read yet') || await says(hand, 'No other body needs this'))
  await hand.follow('Tell us once')
  await hand.follow('A new name')
  const name = `${me.name.split(' ')[0]} Newname`
  await hand.fill('What is your new name?', name)
  await hand.press('Continue')
  await hand.press('Send')
  await hand.follow('Tell us once')
  hold('both stand on the page', await says(hand, name) && await says(hand, '2 November 2026'))
  me.name = name
}

async function helps ({ visit, hold, people: [me, friend] }) {
  const hand = await visit(me.id)
  await hand.follow('Helpers')
  await hand.press('Make a code')
  hold('an offer without a name is refused', await says(hand, 'Say who it is'))
  await hand.fill('Who is it?', 'my daughter Mair')
  await hand.choose(/^See my account/)
  await hand.choose(/^Tell changes/)
  await hand.press('Make a code')
  const code = (await hand.page.locator('.govuk-panel__body').innerText()).trim()
  hold('a code is shown', code.length > 15, code)
  const other = await visit(friend.id)
  const nobody = await status(other, `/helping/${me.id}/account`)
  hold('before it is used the record is not there', nobody === 404, nobody)
  await other.follow('Helpers')
  await other.follow('People you help')
  await other.fill('The code that you were given', code.toLowerCase())
  await other.press('Begin to help')
  hold('accepted', (await words(other)).includes(me.name))
  await other.follow(me.name)
  await other.follow('Their account')
  hold('the helper sees the account', (await words(other)).includes(me.id))
  await other.follow(/^\d+:\d+$/)
  hold('time was not allowed', await status(other, `/helping/${me.id}/time`) === 404)
  await hand.follow('Who looked')
  let seen = await words(hand)
  hold('each look of the helper is shown', seen.includes(friend.name) && seen.includes('my daughter Mair') && /account/.test(seen), seen.slice(0, 400))
  await hand.follow(/^Object/)
  await hand.fill('Why should this look not have happened?', 'I had asked for the statement only.')
  await hand.press('Send the objection')
  seen = await words(hand)
  hold('the objection stands', seen.includes('You objected') && seen.includes('Not answered yet'))
  await hand.follow('Helpers')
  await hand.press(/^End it now/)
  hold('ended', await says(hand, 'They no longer help you'))
  hold('then it is not there', await status(other, `/helping/${me.id}/account`) === 404 && await status(other, `/helping/${me.id}`) === 404)
}

async function gives ({ visit, hold, people: [me, neighbour] }) {
  const hand = await visit(me.id)
  await hand.follow('Time given')
  const enter = async (confirmer, note) => {
    await hand.pick('What did you do?', 'peer-support')
    await hand.day('On which day?', [3, 11, 2026])
    await hand.fill('Hours', '2')
    await hand.fill('Minutes', '15')
    await hand.fill('Who can confirm it?', confirmer)
    await hand.fill(/^What was it\?/, note)
    await hand.press('Send it to be confirmed')
  }
  await enter('P999999', 'to nobody')
  hold('nobody of that reference', await says(hand, 'Nobody has this reference'))
  await enter(neighbour.id, 'shopping in the snow')
  hold('it waits', await says(hand, 'Waits for an answer'))
  const other = await visit(neighbour.id)
  await other.follow('Time given')
  await other.follow(new RegExp(me.name))
  hold('the other side sees what it is', await says(other, 'shopping in the snow'))
  await other.choose('Yes, that is right')
  await other.press('Answer')
  hold('confirmed', await says(other, 'it is confirmed'))
  await hand.follow('Time given')
  hold('confirmed on the giver\'s page', await says(hand, 'Confirmed'))
  await hand.follow('In the account')
  hold('a line of the account', await says(hand, '2 hours 15 minutes'))
  await hand.follow('Time given')
  await enter('harrowmere-council', 'at the library')
  const staff = await visit(CAST.staff)
  await staff.follow('Told to you')
  await staff.follow(new RegExp(me.id))
  await staff.choose('Yes, that is right')
  await staff.press('Answer')
  await hand.follow('Time given')
  hold('the body confirms', (await words(hand)).split('Confirmed').length > 2)
}

async function serves ({ visit, hold, people: [, , person] }) {
  const hand = await visit(CAST.staff)
  await hand.follow('People')
  const why = 'They ask for home care, at the counter'
  await hand.fill(/^Why do you need/, why)
  await hand.press('Continue')
  await hand.fill(/^Reference, National Insurance/, person.id)
  await hand.press('Find')
  await hand.follow(person.name)
  await hand.follow('Record a service or a payment')
  await hand.pick('What do you want to record?', /home.?care/i)
  await hand.press('Continue')
  await hand.fill('How much?', '3')
  await hand.day('On which day?', [5, 1, 2026])
  await hand.fill(/^Your reference/, `case-${person.id}`)
  await hand.press('Continue')
  hold('what is recorded is shown first', (await heading(hand)) === 'Check what you record', await heading(hand))
  await hand.press('Change')
  hold('and may be changed', (await hand.page.getByLabel(/^Your reference/).inputValue()) === `case-${person.id}`)
  await hand.press('Continue')
  await hand.press('Record it')
  hold('it is recorded', await says(hand, 'It is recorded'))
  await hand.fill('Why is it wrong?', 'entered for another person')
  await hand.press('Reverse this line')
  hold('reversed', await says(hand, 'It is reversed'))
  const other = await visit(person.id)
  await other.follow('Who looked')
  const seen = await words(other)
  hold('the citizen sees each look and why', seen.includes(why) && seen.includes('staff of'), seen.slice(0, 300))
}

/* A page that says how far something is loads itself again; here it is asked until it is done. */
async function until (hand, done) {
  const end = Date.now() + 4 * PATIENCE_MS
  while (Date.now() < end && !done.test(await words(hand))) {
    await new Promise(resolve => setTimeout(resolve, 250))
    await hand.page.reload().catch(() => {}) /* the page did at the same moment */
  }
  return words(hand)
}

async function imports ({ book, visit, hold, people: [me] }) {
  const file = path.join(book.folder, `people-${me.id}.csv`)
  const names = ['Anwen New', 'Bad Day', 'Catrin New'].map(name => `${name} ${me.id}`)
  fs.writeFileSync(file, `id,name,born\nP7${me.id.slice(2)},${names[0]},1980-01-02\nP8${me.id.slice(2)},${names[1]},1980-13-45\nP9${me.id.slice(2)},${names[2]},1990-02-03\n`)
  const hand = await visit(CAST.administrator)
  await hand.follow('Administration')
  await hand.follow('Take in a file')
  await hand.pick('What is in the file?', 'people')
  await hand.file('The file', file)
  await hand.choose(/^Leave refused rows out/)
  await hand.press('Upload and begin')
  const seen = await until(hand, /1980-13-45/)
  hold('the refused row is shown and why', seen.includes('1980-13-45') && /\b3\b/.test(seen), seen.slice(0, 600))
  const rejects = await download(hand, /refused|rejects/i, book.folder)
  const refused = fs.readFileSync(rejects, 'utf8')
  hold('all refused rows as a file', refused.includes('1980-13-45') && refused.trim().split('\n').length === 2, refused)
  await hand.goto('/admin/imports')
  hold('the import stands in the list', (await words(hand)).includes(path.basename(file)))
  const newcomer = await visit(`P7${me.id.slice(2)}`)
  hold('whom it brought can sign in', (await newcomer.page.locator('.weal-header').innerText()).includes(names[0]))
}

/* Every name and number of anybody that stands in what is read. */
const found = (book, text) => book.people.filter(p => text.includes(p.name) || (p.nino && text.includes(p.nino)) || new RegExp(`\\b${p.id}\\b`).test(text)).map(p => p.name)

async function audits ({ book, visit, hold }) {
  const hand = await visit(CAST.auditor)
  const read = []
  const note = async () => read.push(await words(hand))
  await hand.follow('Audit')
  await note()
  await hand.follow(/^The journal/)
  await note()
  await hand.follow(/^\d+$/)
  await note()
  await hand.goto('/audit/entries/1000')
  await note()
  await hand.follow('Audit')
  await hand.follow(/^Who looked at how many/)
  await note()
  await hand.follow('Audit')
  await hand.follow('Run the audit')
  await hand.press('Run the audit')
  const seen = await until(hand, /Nothing differs/)
  hold('the audit ends well', seen.includes('Nothing differs'), seen.slice(0, 500))
  await note()
  hold('nobody is named', found(book, read.join(' ')).length === 0, found(book, read.join(' ')))
  hold('no record is open', await status(hand, `/people/${book.people[20].id}`) === 404 && await status(hand, '/admin') === 404)
}

async function anyone ({ book, visit, hold }) {
  const hand = await visit(null)
  const read = []
  const note = async () => read.push(await hand.page.locator('body').innerText())
  await hand.goto('/')
  await hand.skip()
  await note()
  await hand.follow(/^The account of/)
  await until(hand, /Paid by citizens/)
  await note()
  await hand.follow('Purpose')
  await note()
  await hand.follow('Old Quay')
  await note()
  await hand.goto('/heads')
  await hand.follow(/^[\d,]+$/)
  await note()
  hold('nobody is named', found(book, read.join(' ')).length === 0, found(book, read.join(' ')))
  await hand.follow('Cymraeg')
  hold('the same page in Welsh', hand.page.url().includes('/cy/heads/') && await hand.page.locator('html').getAttribute('lang') === 'cy')
  await hand.goto('/account')
  hold('an account asks to sign in', hand.page.url().endsWith('/sign-in'))
  hold('nothing else is open', await status(hand, '/people') !== 200 && await status(hand, '/audit') !== 200 && await status(hand, '/admin') !== 200)
}

module.exports = { journeys: { reads, tells, helps, gives, serves, imports, audits, anyone }, until, words }
