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

/* The first item of an account: it is called by what it was for. */
async function opensAnItem (hand) {
  await hand.follow(await hand.page.locator('main a[href*="/account/lines/"]').first().innerText())
}

async function reads ({ book, visit, hold, people: [me] }) {
  const hand = await visit(me.id)
  await hand.skip()
  hold('the home page is the first', await says(hand, 'What waits for you'))
  await hand.follow('Account')
  await opensAnItem(hand)
  const story = await words(hand)
  hold('a line tells its story: what, source, proof', ['Who says so', 'Where it came from', 'How to check this'].every(part => story.includes(part)), story.slice(0, 300))
  await hand.follow('Back')
  await hand.pick('Paid or received', 'service')
  await hand.press('Find')
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
  await hand.follow('Check it here')
  hold('it is verified here', (await heading(hand)).endsWith('agrees with what was signed'), await heading(hand))
  await hand.follow('Life so far')
  hold('the life: a chart with its table', await hand.page.locator('main svg[role=img]').count() > 0 && await hand.page.locator('main table').count() > 0)
  await hand.signOut()
  hold('signed out', await status(hand, '/account') === 303)
}

async function tells ({ visit, hold, people: [me] }) {
  const hand = await visit(me.id)
  await hand.follow('Tell us a change')
  await hand.follow('A new address')
  await hand.press('Continue')
  hold('nothing chosen is said', await says(hand, 'Choose the area you live in now') && (await hand.page.title()).startsWith('Error:'))
  await hand.pick('Which area do you live in now?', /Harrowmere/)
  await hand.press('Continue')
  await hand.follow('Back')
  hold('back keeps the answer', await hand.page.locator('#field-place').inputValue() !== '')
  await hand.press('Continue')
  await hand.fill('Address line 1', '1 Mill Lane')
  await hand.fill('Postcode', 'hm1 2ab')
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
  hold('who has been told', await says(hand, 'Passed on, not read yet') || await says(hand, 'No organisation that is connected'))
  await hand.follow('Tell us a change')
  await hand.follow('A new name')
  const name = `${me.name.split(' ')[0]} Newname`
  await hand.fill('What is your new name?', name)
  await hand.press('Continue')
  await hand.press('Send')
  await hand.follow('Tell us a change')
  await hand.follow('See what you have told, and what was answered')
  hold('both are in the list', /Request \d+: A new name/.test(await words(hand)) && /Request \d+: A new address/.test(await words(hand)))
  await hand.follow(/^Request \d+: A new name/)
  hold('with what was told', await says(hand, name))
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
  await other.fill('The code that they gave you', code.toLowerCase())
  await other.press('Begin to help')
  hold('accepted', (await words(other)).includes(me.name))
  await other.follow(me.name)
  await other.follow('Their account')
  hold('the helper sees the account', (await words(other)).includes(me.id))
  await opensAnItem(other)
  hold('time was not allowed', await status(other, `/helping/${me.id}/time`) === 404)
  await hand.follow('Visits')
  let seen = await words(hand)
  hold('each look of the helper is shown', seen.includes(friend.name) && seen.includes('my daughter Mair') && /account/.test(seen), seen.slice(0, 400))
  await hand.follow(/^I don't recognise this/)
  await hand.fill('Why should this visit not have happened?', 'I had asked for the statement only.')
  await hand.press('Send the objection')
  seen = await words(hand)
  hold('the objection stands', seen.includes('You objected') && seen.includes('Waits for an answer'))
  await hand.follow('Helpers')
  await hand.press(/^End it now/)
  hold('ended', await says(hand, 'They no longer help you'))
  hold('then it is not there', await status(other, `/helping/${me.id}/account`) === 404 && await status(other, `/helping/${me.id}`) === 404)
}

async function gives ({ visit, hold, people: [me, neighbour] }) {
  const hand = await visit(me.id)
  await hand.follow('Time you gave')
  const enter = async (confirmer, note) => {
    await hand.pick('What was done?', 'peer-support')
    await hand.day('On which day?', [3, 11, 2026])
    await hand.fill('Hours', '2')
    await hand.fill('Minutes', '15')
    await hand.fill('Who can confirm it?', confirmer)
    await hand.fill(/^What was it\?/, note)
    await hand.press('Send it to be confirmed')
  }
  await enter('P999999', 'to nobody')
  hold('a reference of nobody is taken like any other', await says(hand, 'Waits for an answer') && !await says(hand, 'Nobody has this reference'))
  await enter(neighbour.id, 'shopping in the snow')
  hold('it waits, beside the one to nobody', (await words(hand)).split('Waits for an answer').length > 2)
  const other = await visit(neighbour.id)
  await other.follow('Time you gave')
  await other.follow(new RegExp(me.name))
  hold('the other side sees what it is', await says(other, 'shopping in the snow'))
  await other.choose('Confirm it')
  await other.press('Send your answer')
  hold('confirmed', await says(other, 'it is confirmed'))
  await hand.follow('Time you gave')
  hold('confirmed on the giver\'s page', await says(hand, 'Done'))
  await hand.follow('In the account')
  hold('a line of the account', await says(hand, '2 hours 15 minutes'))
  await hand.follow('Time you gave')
  await enter('harrowmere-council', 'at the library')
  const number = (await hand.page.locator('th a').first().getAttribute('href')).split('/').pop()
  const staff = await visit(CAST.staff)
  await staff.follow('Requests to answer')
  await staff.follow(`Request ${number}: Time to confirm`)
  await staff.choose('Confirm it')
  await staff.press('Send your answer')
  await hand.follow('Time you gave')
  hold('the body confirms', (await words(hand)).split('Done').length > 2)
}

async function asks ({ book, visit, hold, people: [me] }) {
  const letter = path.join(book.folder, `letter-${me.id}.txt`)
  fs.writeFileSync(letter, 'Dear all, my name has one n.\n')
  const hand = await visit(me.id)
  await hand.follow('Your requests')
  await hand.follow('Putting the record right')
  await hand.press('Send')
  hold('a reason is asked for', await says(hand, 'Write what you want to tell us'))
  await hand.fill('What do you want to tell us?', 'My name has one n.')
  await hand.press('Send')
  hold('it is sent, and says who answers by when', await says(hand, 'It is sent') && await says(hand, 'administrator of') && await says(hand, 'working day'))
  const number = (await words(hand)).match(/Request (\d+)/)[1]
  await hand.follow('Add a document or picture')
  await hand.file('A document or picture', letter)
  await hand.press('Add the file')
  hold('the file is with it', await says(hand, path.basename(letter)))
  const officer = await visit(CAST.administrator)
  await officer.follow('Requests to answer')
  hold('the list names nobody', (await words(officer)).includes(me.id) && !(await words(officer)).includes(me.name))
  await officer.follow(`Request ${number}: Putting the record right`)
  hold('the page says who wrote what', (await words(officer)).includes(me.name) && await says(officer, 'My name has one n.'))
  await officer.press('Take it on')
  hold('taken on', await says(officer, 'You have taken this on'))
  await officer.choose('Refuse it')
  await officer.press('Send your answer')
  hold('without words it is not refused', (await officer.page.title()).startsWith('Error:'))
  await officer.choose('Refuse it')
  await officer.fill(/^Your answer/, 'Your passport has two.')
  await officer.press('Send your answer')
  hold('refused', await says(officer, 'They see why'))
  await hand.follow('Your requests')
  await hand.follow(/^Request \d+: Putting the record right/)
  hold('the answer is read', await says(hand, 'Not accepted') && await says(hand, 'Your passport has two.'))
  await hand.follow('Complain')
  hold('a complaint is about it', await says(hand, `Request ${number}`))
  await hand.follow('Back')
  await hand.follow('Putting the record right')
  await hand.fill('What do you want to tell us?', 'Never mind')
  await hand.press('Send')
  await hand.press('Take it back')
  hold('taken back', await says(hand, 'You have taken it back'))
}

async function serves ({ visit, hold, people: [, , person] }) {
  const hand = await visit(CAST.staff)
  await hand.follow('People')
  const why = 'They ask for home care, at the counter'
  await hand.fill(/^Why do you need/, why)
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
  await hand.press('Take this back')
  hold('reversed', await says(hand, 'It is taken back'))
  const other = await visit(person.id)
  await other.follow('Visits')
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
  await hand.follow('Upload a file')
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
  await hand.follow(/^Who has seen how many/)
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

/* Facts of somebody, told at the command line before they sign in, so that a journey is of their kind. */
const tellFacts = (book, who, facts) => facts.forEach(([variable, ...value]) => book.weal('--store', book.store, 'fact', 'tell', who, variable, ...value, '--as', who, '--quiet'))

/* Answers each question with the keyboard or the pointer until the answer is shown: no, none, or what `answers` says. */
async function answersAll (hand, words, answers = {}) {
  for (let asked = 0; asked < 60; asked++) {
    const form = hand.page.locator('main form[action*="/ask/"]').first()
    if (!await form.count()) return asked
    const variable = (await form.getAttribute('action')).split('/ask/')[1].split('/of/')[0]
    const chosen = form.locator('input[name=value][type=radio], input[name=value][type=checkbox]')
    const wanted = answers[variable] || (await form.locator('input[name=value][value=none]').count() ? 'none' : 'no')
    if (await chosen.count()) {
      const one = await form.locator(`input[name=value][value="${wanted}"]`).count() ? form.locator(`input[name=value][value="${wanted}"]`) : chosen.first()
      await hand.choose((await form.locator(`label[for="${await one.getAttribute('id')}"]`).innerText()).trim())
    } else if (!await form.locator('select[name=value]').count()) await hand.fillIn(form.locator('input[name=value]'), answers[variable] || '0')
    else await hand.pick((await form.locator('label').first().innerText()).trim(), /[A-Z]/)
    await hand.press(words.go)
  }
  throw new Error('the questions do not end')
}

/* What one may get and must pay: a carer, somebody with a business of their own, and somebody without recourse to public funds, in both languages; the figures are those of weal assess. */
async function entitles ({ book, visit, hold, people: [carer, trader, refugee] }) {
  const english = { start: 'Start', go: 'Continue', at: '', head: 'What you may get and must pay' }
  const welsh = { start: 'Dechrau', go: 'Parhau', at: '/cy', head: "Beth y gallwch ei gael a beth y mae'n rhaid i chi ei dalu" }
  const kinds = [
    [carer, english, [['cares_for_somebody', 'yes'], ['care_hours', '36']], { recourse_to_public_funds: 'yes' }],
    [trader, welsh, [['gets_other_income', 'yes'], ['self_employment_income', '19000', '--per', 'year'], ['trading_expenses', '2000', '--per', 'year']], { recourse_to_public_funds: 'yes' }],
    [refugee, english, [['recourse_to_public_funds', 'no']], {}]
  ]
  for (const [who, words_, facts, answers] of kinds) {
    tellFacts(book, who.id, facts)
    const hand = await visit(who.id)
    await hand.goto(words_.at + '/entitlements')
    hold('the start page', (await heading(hand)) === words_.head, await heading(hand))
    await hand.goto(words_.at + '/entitlements/next')
    await answersAll(hand, words_, answers)
    hold('the answer is shown at the end', hand.page.url().includes(words_.at + '/entitlements/answer'), hand.page.url())
    const shown = await words(hand)
    const told = JSON.parse(book.weal('--store', book.store, 'assess', who.id, '--format', 'json').stdout)
    const pounds = pence => '£' + (pence / 100).toLocaleString('en-GB', { minimumFractionDigits: 2 })
    for (const a of told.answers.filter(a => a.a_year && !a.person)) hold(`${a.name} as weal assess says`, shown.includes(pounds(a.a_year)), shown.slice(0, 400))
    if (who === refugee) hold('no link to claim what counts as public funds', !/Claim (Universal Credit|Pension Credit|Child Benefit|Housing Benefit)/.test(shown), shown.slice(0, 600))
  }
}

async function anyone ({ book, visit, hold }) {
  const hand = await visit(null)
  const read = []
  const note = async () => read.push(await hand.page.locator('body').innerText())
  await hand.goto('/')
  await hand.skip()
  await note()
  await hand.follow(/^The account of/)
  await until(hand, /Benefits, pensions and grants/)
  await note()
  await hand.follow('What it is for')
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

module.exports = { journeys: { reads, tells, helps, gives, asks, serves, imports, audits, anyone, entitles }, until, words }
