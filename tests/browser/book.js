/* A demonstration's book and its portal, for tests in a browser: the table of pages as the program has it, where each page is found, and who opens it. */
'use strict'
const { spawn, spawnSync } = require('child_process')
const fs = require('fs')
const net = require('net')
const os = require('os')
const path = require('path')
const { leave } = require('./hands')

const ROOT = path.join(__dirname, '..', '..')
const WEAL = process.env.WEAL_PROGRAM || path.join(ROOT, 'build', 'weal')
const ROUTES = process.env.WEAL_ROUTES || path.join(path.dirname(WEAL), 'tests', 'portal_routes')

/* The rows of src/web/routes.c, as the program has them: method, path, needs (the permission), who, help. */
function rows () {
  const printed = spawnSync(ROUTES, [], { encoding: 'utf8' })
  if (printed.status !== 0) throw new Error(`${ROUTES} prints no rows: ${printed.stderr || printed.error}`)
  return printed.stdout.trim().split('\n').map(line => JSON.parse(line))
}

/* Whether an address (without /cy and query) is of a row's path. */
function matches (route, address) {
  const there = address.replace(/^https?:\/\/[^/]+/, '').replace(/[?#].*/, '').replace(/^\/cy(?=\/|$)/, '') || '/'
  return new RegExp('^' + route.replace(/\{[^}]+\}/g, '[^/]+') + '$').test(there)
}

/* Those who have a part in every demonstration (weal demo says them at its end). */
const CAST = { administrator: 'P000001', auditor: 'P000002', staff: 'P000003', helped: 'P000005', hospital: 'P000006', helper: 'P000007', second: 'P000010' }

function freePort () {
  return new Promise((resolve, reject) => {
    const s = net.createServer()
    s.on('error', reject)
    s.listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => resolve(port)) })
  })
}

class Book {
  constructor (people = 300) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'weal-browser.'))
    const made = spawnSync(WEAL, ['demo', this.folder, '--people', String(people), '--quiet'], { encoding: 'utf8' })
    if (made.status !== 0) throw new Error(made.stderr)
    this.store = 'sqlite:' + path.join(this.folder, 'weal.db')
    this.people = []
    for (const file of fs.readdirSync(path.join(this.folder, 'files')).filter(f => /^people.*\.csv$/.test(f))) {
      const [head, ...lines] = fs.readFileSync(path.join(this.folder, 'files', file), 'utf8').trim().split('\n').map(l => l.split(','))
      for (const line of lines) this.people.push(Object.fromEntries(head.map((name, i) => [name, line[i]])))
    }
    this.forget(CAST.helped, ['has_disability', 'savings', 'private_pension_income'])
    this.writeToThoseWhoMissOut()
  }

  /* A search of the council's with its letters. */
  writeToThoseWhoMissOut () {
    const sought = this.weal('--store', this.store, 'do', 'take-up-find', 'benefits=child_benefit', 'benefits=pension_credit', 'benefits=universal_credit', 'agreement=DEA/1', 'body=harrowmere-council')
    const run = /run: (\d+)/.exec(sought.stdout)
    if (!run) throw new Error(sought.stderr)
    this.weal('--store', this.store, 'do', 'take-up-write', 'run=' + run[1])
  }

  /* Takes back what one of them told, so that there is something to ask. */
  forget (person, variables) {
    const told = JSON.parse(this.weal('--store', this.store, 'fact', 'list', person, '--format', 'json').stdout).facts
    for (const fact of told.filter(f => variables.includes(f.variable)))
      this.weal('--store', this.store, 'fact', 'withdraw', person, String(fact.fact), '--reason', 'a test')
  }

  /* Grown up, alive and without a part: for journeys of their own. */
  citizens () {
    const gone = new Set(this.people.filter(p => p.died).map(p => p.id))
    const cast = new Set(Object.values(CAST))
    return this.people.filter(p => p.born > '1940' && p.born < '1990' && !gone.has(p.id) && !cast.has(p.id))
  }

  /* Whether a text is of the files that the book and its policy were made of: names, sources. They are the same in every language, and so are commands. */
  knows (text) {
    const read = folder => fs.readdirSync(folder, { recursive: true }).map(f => path.join(folder, f)).filter(f => fs.statSync(f).isFile() && !/entries/.test(f)).map(f => fs.readFileSync(f, 'utf8')).join('\n')
    this.files ||= read(path.join(this.folder, 'files')) + read(path.join(ROOT, 'policy'))
    return this.people.some(p => text.includes(p.name)) || this.files.includes(text) || /^weal /.test(text)
  }

  weal (...words) { return spawnSync(WEAL, words, { encoding: 'utf8', maxBuffer: 1 << 26 }) }

  async serve (settings = ['forms_each_minute = 100000', 'costly_each_minute = 1000000']) {
    const port = await freePort()
    const config = path.join(this.folder, 'portal.conf')
    fs.writeFileSync(config, settings.map(s => s + '\n').join(''))
    this.at = `http://127.0.0.1:${port}`
    this.log = fs.openSync(path.join(this.folder, 'log'), 'w')
    this.process = spawn(WEAL, ['--store', this.store, 'serve', '--listen', `127.0.0.1:${port}`, '--config', config], { stdio: ['ignore', 'pipe', this.log] })
    await new Promise((resolve, reject) => {
      this.process.stdout.once('data', resolve)
      this.process.once('exit', () => reject(new Error(this.logged())))
    })
    return this
  }

  logged () { return fs.readFileSync(path.join(this.folder, 'log'), 'utf8') }

  async end () {
    if (this.process && this.process.exitCode === null) {
      const gone = new Promise(resolve => this.process.once('exit', resolve))
      this.process.kill('SIGTERM')
      await gone
    }
    if (process.env.WEAL_KEEP) console.log(`kept: ${this.folder}`)
    else fs.rmSync(this.folder, { recursive: true, force: true })
    return this.process ? this.process.exitCode : 0
  }
}

async function signIn (page, reference) {
  await page.goto('/sign-in')
  await page.fill('#field-reference', reference)
  await leave(page, () => page.click('main button[type=submit]'))
  if (matches('/sign-in', page.url())) throw new Error(`${reference} was not signed in: ${await page.title()}`)
}

module.exports = { ROOT, CAST, Book, rows, matches, signIn }
