import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { laterFiles, payloadFiles } from '@tidewaiter/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setFact } from '../incidents/facts.ts'
import { createIncident } from '../incidents/incidents.ts'
import {
  type TestConsole as Indexed,
  logLines,
  newFolder,
  openTestConsole as openIndexed,
  span,
} from '../index/index.fixture.ts'
import { openKeys } from '../keys/keys.ts'
import { openLive } from '../live.ts'
import { openVault } from '../store/vault.ts'
import { buildToEnd, by } from './package.fixture.ts'
import { openPackages, type Packages } from './packages.ts'
import { filesOf, text } from './repack.fixture.ts'

/** The real index beside real packages: what a sweep says was not looked at, and what CBP reads. */
let console: Indexed
let packages: Packages
let incident: string

const nowMs = Date.parse('2026-11-24T12:00:00Z')
const auth = 'log-file:/var/log/auth.log'
const ofAgent = { id: 'agent:run', first: { number: 0 }, next: { number: 1 }, count: 1 }

beforeEach(async () => {
  const folder = newFolder()
  const keys = await openKeys(join(folder, 'console-keys'), () => nowMs)
  const { publicKey, retired, sign } = keys
  const ledgerKeys = { masterKey: Buffer.alloc(32, 7), publicKey, retired, sign }
  console = await openIndexed({ folder, ledgerKeys, mostNewValues: 5, now: () => nowMs })
  await aSilentHost()
  const { store, ledger, index } = console
  incident = await createIncident(store, 'Silent', by)
  packages = await openPackages({
    data: folder,
    keys,
    store,
    vault: openVault(keys.masterKey),
    ledger,
    index,
    live: openLive(),
    log: console.about.log,
    now: () => nowMs,
    findings: async () => [],
    detectors: async () => [],
  })
})

afterEach(async () => {
  await packages.close()
  await console.close()
})

test('letter and table of a package name what a sweep names: a silent host, a source that is not enabled, values beyond the allowance', async () => {
  const row = await buildToEnd(packages, incident)

  const files = filesOf(readFileSync((await packages.file(row.id, by)).path))
  const letter = text(files, payloadFiles.letterText)
  expect(letter).toContain('Sources covered throughout: 0 of 2')
  const gaps = letter.slice(letter.indexOf('Gaps: what was not covered'))
  for (const state of ['not-reachable', 'not-enabled', 'lost']) expect(gaps).toContain(`State: ${state}`)
  expect(gaps).toContain('Source: login:btmp')
  expect(gaps).toContain('Source: index:observables')
  expect(gaps).toMatch(/From: 2026-11-05T12:09:00\.000Z\s+To: 2026-11-24T12:00:00\.000Z/)

  const { coverage, complete } = await console.index.sweep()
  expect(complete).toBe(false)
  const table = text(files, payloadFiles.coverage).trimEnd().split('\r\n').slice(1)
  const rows = table.map((line) => line.split(',').slice(1, 6).join(' '))
  expect(rows.toSorted()).toEqual(
    coverage.map(({ host, source, state, from, to }) => [host, source, state, from, to].join(' ')).sort(),
  )
  const states = rows.map((row) => row.split(' ')[2])
  expect(states.lastIndexOf('lost')).toBeLessThan(states.indexOf('not-reachable'))
  expect(states.indexOf('covered')).toBeGreaterThan(states.lastIndexOf('not-enabled'))
})

test('the coverage of a cut is kept with it: built again later it is the same file', async () => {
  const first = await buildToEnd(packages, incident)
  await console.store.updateTable('host').set({ last_seen_at: '2026-11-24T11:59:59.000Z', last_state: null }).execute()

  const again = await buildToEnd(packages, incident, { asOf: first.cut })
  const now = await buildToEnd(packages, incident)

  expect(again.sha256).toBe(first.sha256)
  const letter = text(filesOf(readFileSync((await packages.file(now.id, by)).path)), payloadFiles.letterText)
  expect(letter).not.toContain('login:btmp')
})

test('a package says what was read back of the time of its incident, before a host was first looked at', async () => {
  const host = await console.host('desk-2')
  const at = '2026-11-10T12:00:00.000Z'
  const lines = ['Mar 28 10:00:00 desk-2 app[1]: hello', 'Apr 20 10:00:00 desk-2 app[1]: hello']
  const past = 'log-file:history:/var/log/auth.log'
  const lost = [{ source: past, count: null, cause: 'a file of it cannot be read', from: at, to: at }]
  const statement = { from: at, to: at, sealedAt: at, sources: [span(0, 80, { id: past, count: 2 })], lost }
  await host.send({ chunks: [logLines(lines, { source: past, at })], statement }, { receivedAtMs: Date.parse(at) })
  await console.caughtUp()
  const value = '2026-03-27T00:00Z/2026-04-08T00:00Z'
  const fact = { field: 'incident.occurredAt', state: 'answered', value, rev: 0 } as const
  await setFact(console.store, incident, fact, { ...by, vault: openVault(new Uint8Array(32)) })

  const row = await buildToEnd(packages, incident)

  const files = filesOf(readFileSync((await packages.file(row.id, by)).path))
  const table = text(files, payloadFiles.coverage)
    .split('\r\n')
    .filter((line) => line.includes(past))
  expect(table).toContainEqual(
    expect.stringMatching(/,not-asked,2026-03-27T00:00:00.000Z,2026-04-08T00:00:00.000Z,1,.*1 of its events/),
  )
  expect(table).toContainEqual(
    expect.stringMatching(/,lost,2026-03-27T00:00:00.000Z,2026-11-10T12:00:00.000Z,.*history/),
  )
})

test('the table of resources says in the words of the agent what it takes, and what nobody would see', async () => {
  const row = await buildToEnd(packages, incident)

  const [, ...lines] = text(filesOf(readFileSync((await packages.file(row.id, by)).path)), laterFiles.resources)
    .trimEnd()
    .split('\r\n')
  const about = `${facts.reads},${facts.needs},${facts.cannotSee},${facts.provenOn}`
  expect(lines).toEqual([
    expect.stringMatching(/^desk-1,[0-9a-f]{32},System logs,log-file,ok,1,1,,/),
    expect.stringContaining(',login,not-enabled,0,1,,'),
    expect.stringContaining(',event-log,not-taken,0,0,,'),
  ])
  for (const line of lines) expect(line.endsWith(about)).toBe(true)
})

const facts = { reads: 'Lines.', needs: 'A log.', cannotSee: 'The rest.', provenOn: 'Debian 12.' }

/** What the agent says of itself when it starts. */
function collectorsRecord(at: string) {
  const collectors = ['log-file', 'login', 'event-log'].map((id) => {
    return { id, resource: 'System logs', isHere: id !== 'event-log', ...facts }
  })
  const bytes = Buffer.from(`${JSON.stringify({ kind: 'collectors', at, collectors })}\n`)
  const head = {
    source: 'agent:run',
    start: { number: 0 },
    readAt: at,
    method: 'agent',
    unit: 'row',
    lf: true,
  } as const
  return { head, lengths: [bytes.length - 1], bytes }
}

/** It gave ten minutes of evidence with more values than it may, said what ails it, and was heard of no more for 19 days. */
async function aSilentHost(): Promise<void> {
  const host = await console.host('desk-1')
  const at = (minute: number) => `2026-11-05T12:${String(minute).padStart(2, '0')}:00.000Z`
  for (let minute = 0; minute < 10; minute++) {
    const line = `Nov  5 12:0${minute}:00 desk-1 app[1]: from 203.0.113.${minute}`
    await host.send(
      {
        chunks: [logLines([line], { at: at(minute) }), ...(minute === 0 ? [collectorsRecord(at(0))] : [])],
        statement: {
          from: at(minute),
          to: at(minute),
          sealedAt: at(minute),
          sources: [span(minute * 10, minute * 10 + 10, { id: auth }), ...(minute === 0 ? [ofAgent] : [])],
        },
      },
      { receivedAtMs: Date.parse(at(minute)) },
    )
  }
  const sources = [
    { id: auth, state: 'ok' },
    { id: 'login:btmp', state: 'not-enabled', why: 'There is no such file.' },
  ]
  const said = { sources, since: { 'login:btmp': at(0) }, spool: { batches: 0, bytes: 0, unacked: 0 } }
  await console.store
    .updateTable('host')
    .set({ enrolled_at: at(0), last_seen_at: at(9), last_state: JSON.stringify(said) })
    .where('id', '=', host.id)
    .execute()
  await console.caughtUp()
}
