import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  append,
  type Batch,
  type Chunk,
  emptyFrontier,
  entryOf,
  frontierRoot,
  hostIdOf,
  recordId,
  type SignedHead,
  type Statement,
  seal,
  signHead,
} from '@tidewaiter/protocol'
import type { BuildPackage, DetectorCard, Finding, PackageRow, Sighting } from '@tidewaiter/protocol/api'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import pino from 'pino'
import { refuse } from '../error.ts'
import { setFact } from '../incidents/facts.ts'
import { addItem, createIncident } from '../incidents/incidents.ts'
import { nothingReadBack } from '../index/first-look.ts'
import type { Index } from '../index/index-port.ts'
import { nothingLeftOut } from '../index/left-out.ts'
import { importIndicators } from '../indicators/import.ts'
import { type Keys, openKeys } from '../keys/keys.ts'
import type { Entry, Ledger } from '../ledger/ledger.ts'
import { openLive } from '../live.ts'
import { setSettings } from '../store/settings.ts'
import { openStore, type Store } from '../store/store.ts'
import { openVault } from '../store/vault.ts'
import type { PackageDeps } from './cut-state.ts'
import type { Packages } from './packages.ts'

/** A host with a key of its own and really sealed batches, and the parts of a console that packages are made from. */

const at = '2026-11-24T12:00:00.000Z'
export const by = { who: 'r.abara@halyard-customs.example', at }

export interface TestHost {
  id: string
  name: string
  publicKey: Uint8Array
  /** Seals the next batch of these lines; `seq` and `prev` can be set to make gaps and forks. */
  seal(lines: readonly string[], wanted?: Partial<Statement>): Batch
}

function newTestHost(name: string): TestHost {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKey = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }))
  const privateKey = new Uint8Array(pair.privateKey.export({ type: 'pkcs8', format: 'der' }))
  const id = hostIdOf(nodePrimitives.sha256(publicKey))
  let tip: { seq: number; hash: string } | undefined
  return {
    id,
    name,
    publicKey,
    seal(lines, wanted = {}) {
      const statement: Statement = {
        host: id,
        seq: (tip?.seq ?? 0) + 1,
        prev: tip?.hash ?? null,
        agent: '0.1.0',
        bootId: 'boot',
        zone: 'America/New_York',
        utcOffset: -300,
        clockOffset: { ms: -1500, measuredAt: at },
        from: at,
        to: at,
        sealedAt: at,
        sources: [],
        lost: [],
        witness: null,
        ...wanted,
      }
      const sign = (data: Uint8Array) => nodePrimitives.signP256(privateKey, data)
      const batch = seal(nodePrimitives, [chunkOf(lines)], { seed: randomBytes(32), statement, sign })
      tip = { seq: batch.header.seq, hash: batch.headerHash }
      return batch
    },
  }
}

function chunkOf(lines: readonly string[]): Chunk {
  return {
    head: {
      source: 'log-file:/var/log/auth.log',
      start: { offset: 0, file: { dev: '1', ino: '2', headSha256: 'ab'.repeat(32) } },
      readAt: at,
      method: 'file',
      unit: 'byte',
      lf: true,
    },
    lengths: lines.map((line) => Buffer.byteLength(line)),
    bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')),
  }
}

export interface TestLedger extends Ledger {
  add(batch: Batch, branch?: string | null): Entry
  /** Positions whose payload is said to be unreadable. */
  unreadable: Set<number>
}

function newTestLedger(keys: Keys): TestLedger {
  const id = 'c0ffee00'.repeat(4)
  const held: { entry: Entry; payload: Uint8Array; leaf: Uint8Array }[] = []
  let frontier = emptyFrontier
  const unreadable = new Set<number>()
  const notNeeded = () => {
    throw new Error('packages do not ask for this')
  }
  const entryAt = (position: number) => {
    const found = held[position]
    if (found === undefined) throw new RangeError(`no entry ${position}`)
    return found
  }
  return {
    id,
    origins: [],
    publicKey: keys.publicKey('ledger'),
    unreadable,
    add({ header, headerHash, headerBytes, signature, payload }, branch = null) {
      const position = held.length
      const receivedAtMs = Date.parse(at) + position
      const { host, seq } = header
      const entry: Entry = { position, host, seq, branch, receivedAtMs, headerHash, headerBytes, signature }
      const leaf = entryOf(nodePrimitives, { position, receivedAtMs, headerHash, signature })
      held.push({ entry, payload, leaf })
      frontier = append(nodePrimitives, frontier, leaf)
      return entry
    },
    head(): SignedHead {
      const root = frontierRoot(nodePrimitives, frontier)
      return signHead({ ledger: id, size: held.length, root, time: at }, (data) => keys.sign('ledger', data))
    },
    size: () => held.length,
    entry: async (position) => held[position]?.entry,
    find: async ({ host, branch, seq }) =>
      held.find(({ entry }) => entry.host === host && entry.branch === branch && entry.seq === seq)?.entry,
    async *entriesOf(host, { from, to }) {
      for (const { entry } of held) if (entry.host === host && entry.seq >= from && entry.seq <= to) yield entry
    },
    async payload(position) {
      if (unreadable.has(position)) throw refuse('payload-unreadable', 'the key of its segment is gone')
      return entryAt(position).payload
    },
    leaves: async (size) => Buffer.concat(held.slice(0, size).map(({ leaf }) => leaf)),
    append: notNeeded,
    tipOf: notNeeded,
    headerHashOf: notNeeded,
    space: notNeeded,
    onAppend: () => () => undefined,
    close: async () => undefined,
  }
}

export interface TestConsole {
  deps: PackageDeps
  ledger: TestLedger
  hosts: [TestHost, TestHost]
  incident: string
  findings: Finding[]
  sightings: Sighting[]
  /** Record ids that are cited when the console is new. */
  cited: string[]
  close(): Promise<void>
}

/** Values an attacker chose, where each would do harm if it were obeyed. */
export const hostile = {
  name: '=HYPERLINK("http://evil.example")\u202e',
  line: 'sshd[1]: Failed password for <script>alert(1)</script> from 203.0.113.77 port 22 ssh2; importer 00-0000123',
}

/** A console with two hosts, an incident with a finding, a sighting and a record in it, and indicators. */
export async function openTestConsole(): Promise<TestConsole> {
  const data = await mkdtemp(join(tmpdir(), 'tidewaiter-package-'))
  const store = await openStore({ file: ':memory:' })
  const keys = await openKeys(join(data, 'keys'), () => Date.parse(at))
  const vault = openVault(keys.masterKey)
  const ledger = newTestLedger(keys)
  const hosts: [TestHost, TestHost] = [newTestHost(hostile.name), newTestHost('hcb-abi01')]
  for (const host of hosts) await enrol(store, host)
  for (let batch = 1; batch <= 8; batch++)
    for (const host of hosts) ledger.add(host.seal(linesOf(batch), { witness: batch === 1 ? null : ledger.head() }))
  await setSettings(store, {
    broker: JSON.stringify({ name: 'Halyard Customs Brokers, Inc.', filerCode: 'ZZZ' }),
    zone: 'America/New_York',
  })
  const record = (host: TestHost, seq: number, index: number) => recordId(host.id, seq, index)
  const findings = [findingOf(hosts[0], [record(hosts[0], 2, 1), record(hosts[0], 2, 4), record(hosts[0], 6, 0)])]
  const indicator = await addIndicators(store)
  const sightings = [sightingOf(hosts[1], indicator, [record(hosts[1], 3, 2), record(hosts[1], 4, 2)])]
  const incident = await createIncident(store, 'Ransomware and data theft, Norfolk', by)
  await createIncident(store, 'Another matter', by)
  for (const { id } of findings) await addItem(store, incident, { kind: 'finding', ref: id }, by)
  for (const { id } of sightings) await addItem(store, incident, { kind: 'sighting', ref: id }, by)
  await addItem(store, incident, { kind: 'record', ref: record(hosts[1], 4, 0) }, by)
  await answer(store, vault, incident)
  const deps: PackageDeps = {
    data,
    keys,
    store,
    vault,
    ledger,
    index: indexOf(ledger, hosts, sightings),
    live: openLive(),
    log: pino({ level: 'silent' }),
    now: () => Date.parse(at),
    findings: async (ids) => findings.filter(({ id }) => ids.includes(id)),
    detectors: async () => [detectorOf(hosts[0])],
  }
  const cited = [
    ...findings.flatMap(({ records }) => records),
    record(hosts[1], 3, 2),
    record(hosts[1], 4, 2),
    record(hosts[1], 4, 0),
  ]
  return {
    deps,
    ledger,
    hosts,
    incident,
    findings,
    sightings,
    cited,
    async close() {
      await store.destroy()
      await rm(data, { recursive: true, force: true })
    },
  }
}

function linesOf(batch: number): string[] {
  return Array.from({ length: 6 }, (_, i) => (i === 1 ? hostile.line : `line ${i} of batch ${batch}`))
}

async function enrol(store: Store, { id, name, publicKey }: TestHost): Promise<void> {
  await store
    .insertInto('host')
    .values({
      id,
      name,
      kind: 'agent',
      os: 'Debian 12',
      platform: 'linux',
      public_key: publicKey,
      agent: '0.1.0',
      state: 'active',
      token_id: null,
      lineage: null,
      certificate_expires_at: null,
      enrolled_at: at,
      last_seen_at: at,
      farewell: null,
      clock_offset_ms: -1500,
      last_state: null,
    })
    .execute()
}

async function addIndicators(store: Store): Promise<string> {
  const text = [
    '203.0.113.77',
    'cdn.cargo-docs.example',
    '41047056c5bc583fc9688e71937af3cbcadfbed74eec14211424c629e4f49b3e',
  ].join('\n')
  await importIndicators(store, { text, source: 'CBP SOC', tlp: 'AMBER' }, by)
  await importIndicators(store, { text: '203.0.113.141', source: 'a partner', tlp: 'RED' }, by)
  const { id } = await store
    .selectFrom('indicator')
    .select('id')
    .where('value', '=', '203.0.113.77')
    .executeTakeFirstOrThrow()
  return id
}

async function answer(store: Store, vault: PackageDeps['vault'], incident: string): Promise<void> {
  const set = (field: string, value: string) =>
    setFact(store, incident, { field, state: 'answered', value, rev: 0 }, { ...by, vault })
  await set('recordsBreach.discoveredAt', '2026-11-24T06:42-05:00')
  await set('impact', 'ACE link down; =cmd|calc; see http://evil.example/x for 987-65-4320')
  await set('importerNumbers', '00-0000123\n00-0000124AB\n987-65-4320\n260000-00001')
  await setFact(store, incident, { field: 'cause', state: 'not-known-yet', value: '', rev: 0 }, { ...by, vault })
}

function findingOf(host: TestHost, records: string[]): Finding {
  return {
    id: 'f'.repeat(16),
    detector: 'login-red-flags',
    row: 'Other login red flags',
    host: { id: host.id, name: host.name },
    severity: 'high',
    title: '46 failed sign-ins over 9 accounts from 203.0.113.77',
    subject: { type: 'address', value: '203.0.113.77' },
    firstAt: at,
    lastAt: at,
    count: records.length,
    records,
    why: ['46 in an hour, usual are 2'],
    verdict: 'confirmed',
    decidedBy: 'an.analyst@halyard-customs.example',
    decidedAt: at,
    reason: 'nobody works at that hour',
  }
}

function sightingOf(host: TestHost, indicator: string, [firstRecord = '', lastRecord = '']: string[]): Sighting {
  return {
    id: 'sighting-1',
    indicator: { id: indicator, type: 'ip', value: '203.0.113.77', source: 'CBP SOC' },
    observable: { type: 'ip', value: '203.0.113.77' },
    host: { id: host.id, name: host.name },
    firstAt: at,
    lastAt: at,
    count: 48,
    firstRecord,
    lastRecord,
  }
}

function detectorOf(host: TestHost): DetectorCard {
  return {
    id: 'login-red-flags',
    row: 'Other login red flags',
    title: 'Login red flags',
    falsePositives: ['A person who forgot a password'],
    nextSteps: ['Ask the owner of the account'],
    knownGap: 'Sign-ins through the mail server',
    sees: [host.id],
    blind: [],
  }
}

function indexOf(ledger: TestLedger, hosts: readonly TestHost[], sightings: readonly Sighting[]): Index {
  const index: Partial<Index> = {
    asOf: () => ledger.size(),
    async coverageOfAll() {
      const from = '2026-11-20T00:00:00.000Z'
      const span = { id: 'log-file:/var/log/auth.log', from, to: at, records: 48, lost: 0 }
      const gap = { id: 'login:btmp', from, to: at, records: 0, lost: null, why: 'the file cannot be read' }
      const spans = [
        { ...span, state: 'covered' as const },
        { ...gap, state: 'not-enabled' as const },
      ]
      return new Map(hosts.map(({ id }) => [id, spans]))
    },
    search: async () => ({ rows: [], total: 0, totalExact: true, asOf: ledger.size() }),
    readBack: async () => nothingReadBack,
    leftOut: async () => nothingLeftOut,
    sightingsById: async (ids) => sightings.filter(({ id }) => ids.includes(id)),
    sightingsByIndicator: async () =>
      new Map(sightings.map(({ indicator }) => [indicator.id, { count: 48, lastAt: at }])),
  }
  // Packages ask for nothing else.
  return index as Index
}

/** Builds and waits for the end. */
export async function buildToEnd(
  packages: Packages,
  incident: string,
  wanted: Pick<BuildPackage, 'asOf' | 'tlp'> = {},
): Promise<PackageRow> {
  let row = await packages.build(incident, { profile: 'soc', ...wanted }, by)
  while (row.state === 'building') {
    await new Promise((resolve) => setImmediate(resolve))
    row = await packages.get(row.id)
  }
  return row
}
