import { createHash } from 'node:crypto'
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { VerifyReport } from '@tidewaiter/protocol'
import type {
  CreatedToken,
  HostDetail,
  ImportResult,
  IncidentDetail,
  IncidentRow,
  Indicator,
  KeyCard,
  PackageRow,
  Sweep,
} from '@tidewaiter/protocol/api'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { intruder, signInAttack } from '../support/evidence.ts'
import {
  eventually,
  freePort,
  lastingFolder,
  launchAgent,
  launchConsole,
  type Result,
  type Running,
  tidewaiter,
  tidewaiterAgent,
} from '../support/program.ts'
import { missing } from '../support/requires.ts'

// What others rely on, held word by word: names, flags, exit codes and JSON fields. One console serves all of it.

const exit = { ok: 0, no: 1, usage: 2, notPermitted: 3, notReachable: 4, refused: 5 }
const attack = signInAttack(Date.now())
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/)
const recordId = expect.stringMatching(/^[0-9a-f]{32}\/\d+\/\d+$/)

let folder: string
let data: string
let log: string
let password: string
let ports: { port: number; agentPort: number }
let console: Running
let agent: Running
let incident: string

/** On the console of this file, with one JSON document (or one a line) as the answer. */
const asked = (...args: string[]) => tidewaiter([...args, '--data', data, '--json'])
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

const made = lastingFolder()

beforeAll(async () => {
  folder = made.path
  data = join(folder, 'data')
  ports = { port: await freePort(), agentPort: await freePort() }
  log = file('auth.log', '')
  password = file('password', 'correct horse battery staple\n')
  console = await launchConsole(data, ports)
  const { token } = (await asked('token', 'create')).json<CreatedToken>()
  const agentData = join(folder, 'agent')
  expect(await tidewaiterAgent(['enroll', '--token', token, '--data', agentData])).toMatchObject({ status: 0 })
  const config = file('agent.yaml', `sources: [log-file]\nfiles: [${log}]\n`)
  agent = await launchAgent(agentData, ['--config', config])
  appendFileSync(log, attack)
  incident = (await asked('incident', 'create', '--name', 'Ransom note on WS11')).json<IncidentRow>().id
  await eventually(async () => {
    const found = (await asked('search', `source:"log-file:${log}"`)).lines()
    expect(found).toHaveLength(attack.trimEnd().split('\n').length)
  })
}, 120_000)

afterAll(async () => {
  for (const running of [agent, console]) await running?.kill()
  made.remove()
})

describe('exit codes', () => {
  test('what is no command, or is not asked as it has to be, ends with 2 and says why on stderr alone', async () => {
    const set = (pair: string) => ['incident', 'set', incident, pair, '--data', data]
    const build = (...args: string[]) => ['package', 'build', '--out', 'x.zip', '--data', data, ...args]
    const user = ['user', 'add', '--email', 'b@broker.example', '--data', data]
    await allEndWith(exit.usage, [
      [],
      ['nonsense'],
      ['hosts', '--nonsense'],
      ['incident', 'create', '--data', data],
      ['incident', 'add', incident, 'colour', 'blue', '--data', data],
      set('recordsBreach.discoveredAt=soon'),
      set('recordsBreach.discoveredAt=2999-01-01T00:00Z'),
      set('no.such.fact=1'),
      set('novalue'),
      ['search', 'user.name:root and (', '--data', data],
      ['search', 'no.such.field:1', '--data', data],
      ['search', '--from', 'yesterday', '--data', data],
      ['search', '--limit', '0', '--data', data],
      ['decode'],
      ['decode', log, '--as', 'nothing'],
      ['decode', log, '--zone', 'Mars/Base'],
      ['detect', log, '--rules', folder],
      ['verify'],
      ['verify', log, '--fingerprint', 'hello'],
      ['serve', '--data', join(folder, 'other'), '--tls-cert', log, '--tls-key', log],
      ['token', 'create', '--expires', 'tomorrow', '--data', data],
      [...user, '--role', 'king', '--password-file', password],
      [...user, '--role', 'auditor'],
      ['keys', 'rotate', 'ca', '--data', data],
      build('--incident', incident, '--profile', 'other'),
      build('--incident', incident, '--tlp', 'PINK'),
      build('--incident', incident, '--disclose', 'batches'),
      build('--incident', incident, '--recipient', 'key.pem'),
      ['indicators', 'import', log, '--format', 'other', '--data', data],
    ])
  })

  test('what is not there ends with 1', async () => {
    const nowhere = join(folder, 'nowhere')
    await allEndWith(exit.no, [
      ['incident', 'show', 'INC-99', '--data', data],
      ['incident', 'set', 'INC-99', 'cause=?', '--data', data],
      ['incident', 'add', incident, 'finding', 'nothing', '--data', data],
      ['incident', 'add', incident, 'record', `${'ab'.repeat(16)}/1/1`, '--data', data],
      ['incident', 'add', incident, 'sighting', 'nothing', '--data', data],
      ['package', 'build', '--incident', 'INC-99', '--out', join(folder, 'x.zip'), '--data', data],
      ['package', 'build', '--incident', incident, '--out', join(nowhere, 'x.zip'), '--data', data],
      ['decode', nowhere],
      ['decode', folder],
      ['detect', nowhere],
      ['detect', log, '--indicators', nowhere],
      ['verify', nowhere],
      ['verify', folder],
      ['hosts', '--data', nowhere],
      ['reindex', '--data', nowhere],
      ['token', 'create', '--data', nowhere],
      // A file is never written over without being told to.
      ['package', 'build', '--incident', incident, '--out', log, '--data', data],
      ['indicators', 'import', nowhere, '--data', data],
      ['indicators', 'expire', 'nothing', '--data', data],
      ['sweep', '--indicator', 'nothing', '--data', data],
      ['keys', 'export', '--out', log, '--passphrase-file', password, '--data', data],
      ['user', 'add', '--email', 'b@x.example', '--role', 'auditor', '--password-file', nowhere, '--data', data],
    ])
  })

  test('what is refused ends with 5: a folder that is taken, a port that is taken, a list that is none', async () => {
    const other = join(folder, 'other')
    const broken = file('broken.json', '{"type": "bundle"')
    await allEndWith(exit.refused, [
      ['serve', '--data', data, '--port', '0', '--agent-port', '0'],
      ['serve', '--data', other, '--port', '0', '--agent-port', `${ports.agentPort}`],
      ['indicators', 'import', broken, '--format', 'stix', '--data', data],
      ['indicators', 'import', file('empty.txt', ''), '--data', data],
      ['package', 'build', '--incident', incident, '--as-of', 'never', '--out', join(folder, 'x.zip'), '--data', data],
    ])
  })

  test.skipIf(missing('root'))('an account that may not enter the data folder is told so and ends with 3', async () => {
    chmodSync(folder, 0o755)
    const nobody = 65_534

    const results = await Promise.all([
      tidewaiter(['hosts', '--data', data], { uid: nobody }),
      tidewaiter(['serve', '--data', join(folder, 'new'), '--port', '0', '--agent-port', '0'], { uid: nobody }),
    ])

    for (const { status, stdout, stderr } of results) {
      expect({ status, stdout, stderr }).toMatchObject({ status: exit.notPermitted, stdout: '' })
      expect(stderr).toContain(folder)
    }
  })

  test('a console that stops answering ends the command with 4', async () => {
    const dying = join(folder, 'dying')
    mkdirSync(dying)
    let asks = 0
    const server = createServer((request, response) => {
      asks += 1
      if (asks === 1) response.end('{}')
      else request.socket.destroy()
    })
    await new Promise<void>((resolve) => server.listen(join(dying, 'console.sock'), resolve))
    onTestFinished(() => void server.close())

    await allEndWith(exit.notReachable, [['hosts', '--data', dying]])
  })
})

describe('people, tokens and keys', () => {
  test('a person is added by name of the role, and only once', async () => {
    const add = () =>
      asked('user', 'add', '--email', 'A@Broker.example', '--role', 'analyst', '--password-file', password)

    expect((await add()).json()).toMatchObject({ email: 'a@broker.example', role: 'analyst' })
    expect((await add()).status).not.toBe(exit.ok)
  })

  test('a token says what it is good for, and is given out this once', async () => {
    const created = await asked('token', 'create', '--label', 'front office', '--uses', '3', '--expires', '30m')

    expect(created.json()).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      token: expect.stringMatching(/^tw1\.[\w-]+$/),
      expiresAt: instant,
      uses: 3,
      agentUrls: [`wss://127.0.0.1:${ports.agentPort}`],
      caFingerprint: sha256,
    })
    const { expiresAt, token } = created.json<CreatedToken>()
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / 60_000)).toBe(30)
    expect(JSON.parse(Buffer.from(token.slice(4), 'base64url').toString())).toEqual({
      a: [`wss://127.0.0.1:${ports.agentPort}`],
      c: created.json<CreatedToken>().caFingerprint,
      i: created.json<CreatedToken>().id,
      s: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
  })

  test('keys are shown by their public halves, rotated by name, and leave the console sealed only', async () => {
    const out = join(folder, 'keys.age')
    const before = (await asked('keys', 'show')).json<KeyCard[]>()
    const rotated = (await asked('keys', 'rotate', 'package')).json<KeyCard>()
    const after = (await asked('keys', 'show')).json<KeyCard[]>()
    const exported = await asked('keys', 'export', '--out', out, '--passphrase-file', password)

    const named = (cards: KeyCard[]) => Object.fromEntries(cards.map(({ name, fingerprint }) => [name, fingerprint]))
    expect(Object.keys(named(before))).toEqual([
      'ca',
      'agent-port',
      'ledger',
      'package',
      'intake',
      'collection',
      'recovery',
    ])
    expect(named(after)).toEqual({ ...named(before), package: rotated.fingerprint })
    expect(rotated.fingerprint).not.toBe(named(before).package)
    expect(JSON.stringify(after)).not.toContain('PRIVATE')
    expect(exported.status).toBe(exit.ok)
    expect(readFileSync(out, 'latin1')).toMatch(/^age-encryption\.org/)
  })
})

describe('hosts and events', () => {
  test('a host is listed with its status and its sources span by span, oldest first', async () => {
    const hosts = await eventually(async () => {
      const listed = (await asked('hosts')).json<HostDetail[]>()
      expect(listed.map(({ status }) => status)).toEqual(['online'])
      return listed
    })

    const [host] = hosts
    expect(host).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      name: expect.any(String),
      os: expect.any(String),
      lastSeenAt: instant,
      clockOffsetMs: expect.any(Number),
    })
    const sources = host?.sources ?? []
    for (const source of sources)
      expect(source).toEqual(
        expect.objectContaining({ state: 'covered', from: instant, to: instant, records: expect.any(Number), lost: 0 }),
      )
    const starts = sources.map(({ from }) => from)
    expect(starts).toEqual(starts.toSorted())
    expect(sources.find(({ id }) => id === `log-file:${log}`)?.records).toBe(18)
  })

  test('events are found by query and time, one ECS document a line, each with the id of its record', async () => {
    const [all, one, none] = await Promise.all([
      asked('search', `source.ip:${intruder} and event.outcome:failure`),
      asked('search', `source.ip:${intruder} and event.category:authentication`, '--limit', '1'),
      asked('search', 'event.outcome:success', '--to', '2001-01-01T00:00:00Z'),
    ])

    expect(all.lines()).toHaveLength(14)
    expect([one.lines().length, none.stdout]).toEqual([1, ''])
    expect(one.lines()[0]).toMatchObject({
      '@timestamp': instant,
      event: { dataset: 'sshd', category: ['authentication'], outcome: 'success' },
      user: { name: 'abiadmin' },
      source: { ip: intruder, port: 40_014 },
      service: { name: 'sshd' },
      host: { name: 'hcb-abi01' },
      tidewaiter: { record: recordId },
    })
  })
})

describe('files without a console', () => {
  test('a file becomes events whose ids are its hash and the offset, and a pipe gives the same', async () => {
    const digest = createHash('sha256').update(readFileSync(log)).digest('hex')
    const [decoded, piped] = await Promise.all([
      tidewaiter(['decode', log, '--year', '2026', '--zone', '-05:00']),
      tidewaiter(['decode', '--from-stdin', '--as', 'syslog'], { input: readFileSync(log, 'utf8') }),
    ])

    const [first, second] = attack.split('\n')
    expect(decoded.lines()[0]).toMatchObject({
      '@timestamp': instant,
      event: { dataset: 'sshd', category: ['authentication'], type: ['start'], outcome: 'failure', original: first },
      tidewaiter: { record: `${digest}:0` },
    })
    expect(decoded.lines()[1]).toMatchObject({
      event: { original: second },
      tidewaiter: { record: `${digest}:${`${first}\n`.length}` },
    })
    // Nobody said which year and zone.
    expect(piped.lines()[0]).not.toHaveProperty('@timestamp')
    expect(piped.lines()[0]).toMatchObject({ tidewaiter: { record: 'stdin:0', time: { raw: first?.slice(0, 15) } } })
  })

  test('one file that cannot be read ends with 1, and the others are read all the same', async () => {
    const nowhere = join(folder, 'nowhere')
    const [decoded, detected] = await Promise.all([
      tidewaiter(['decode', nowhere, log]),
      tidewaiter(['detect', nowhere, log, '--json']),
    ])

    expect([decoded.status, decoded.lines().length]).toEqual([exit.no, 18])
    expect([detected.status, detected.lines().length]).toEqual([exit.no, 1])
  })

  test('findings and sightings over files have the fields that are promised', async () => {
    const list = file('list.txt', `${intruder}\nnot-seen.example\n`)

    const { status, lines } = await tidewaiter(['detect', log, '--indicators', list, '--year', '2026', '--json'])

    expect(status).toBe(exit.ok)
    const [finding, sighting, ...others] = lines()
    expect(others).toEqual([])
    expect(finding).toEqual({
      kind: 'finding',
      detector: 'login-red-flags',
      row: 'Other login red flags',
      host: 'hcb-abi01',
      severity: 'high',
      title: expect.stringContaining('14 sign-ins for abiadmin'),
      subject: { type: 'address', value: intruder },
      firstAt: expect.any(String),
      lastAt: expect.any(String),
      count: 14,
      records: expect.arrayContaining([expect.stringMatching(/^[0-9a-f]{64}:\d+$/)]),
      why: expect.any(Array),
    })
    expect(sighting).toEqual({
      kind: 'sighting',
      indicator: { type: 'ip', value: intruder, source: 'list.txt' },
      observable: { type: 'ip', value: intruder },
      count: 15,
    })
  })
})

test('indicators are tried, taken, listed, met by history, and ended', async () => {
  const list = file('list.csv', `type,value\nip,${intruder}\ndomain,not-seen.example\nip,999.1.2.3\nip,${intruder}\n`)
  const tried = await asked('indicators', 'import', list, '--dry-run')
  const taken = await asked('indicators', 'import', list)
  const again = await asked('indicators', 'import', list, '--format', 'csv')

  expect(tried.json()).toEqual(taken.json())
  expect(taken.json()).toEqual({
    read: 4,
    added: 2,
    duplicate: 1,
    refused: [{ line: 4, value: '999.1.2.3', why: expect.any(String) }],
    warned: expect.any(Array),
  })
  expect([tried.status, taken.status, again.json<ImportResult>().added]).toEqual([exit.no, exit.no, 0])

  const listed = (await asked('indicators', 'list')).json<Indicator[]>()
  expect(listed.map(({ value }) => value).sort()).toEqual([intruder, 'not-seen.example'])
  const [seen, notSeen] = [intruder, 'not-seen.example'].map((value) => listed.find((row) => row.value === value)?.id)

  const [all, one] = await Promise.all([asked('sweep'), asked('sweep', '--indicator', notSeen ?? '')])
  const sweep = all.json<Sweep>()
  expect(sweep).toMatchObject({ indicators: 2, hosts: 1, complete: true })
  expect(sweep.sightings).toMatchObject([{ indicator: { id: seen, value: intruder }, count: 15 }])
  for (const span of sweep.coverage)
    expect(span).toEqual(
      expect.objectContaining({
        host: expect.stringMatching(/^[0-9a-f]{32}$/),
        source: expect.any(String),
        from: instant,
        to: instant,
        state: 'covered',
        lost: 0,
      }),
    )
  expect(one.json()).toMatchObject({ indicators: 1, sightings: [], complete: true })

  expect((await asked('indicators', 'expire', seen ?? '')).json()).toMatchObject({ id: seen, expired: true })
})

test('an incident keeps its facts, and becomes a package that is verified and shows what was changed in it', async () => {
  const facts = ['recordsBreach.discoveredAt=2026-10-29T06:42-04:00', 'cause=?', 'importerNumbers=-']
  const set = await asked('incident', 'set', incident, ...facts)
  const shown = (await asked('incident', 'show', incident)).json<IncidentDetail>()

  expect(set.status).toBe(exit.ok)
  expect(shown.facts.filter(({ state }) => state !== 'unanswered').map(({ field, state }) => [field, state])).toEqual([
    ['recordsBreach.discoveredAt', 'answered'],
    ['cause', 'not-known-yet'],
    ['importerNumbers', 'does-not-apply'],
  ])
  expect(shown.clocks[0]?.dueAt).toBe('2026-11-01T10:42:00.000Z')

  const out = join(folder, 'package.zip')
  const [event] = (await asked('search', 'event.outcome:success')).lines<{ tidewaiter: { record: string } }>()
  await asked('incident', 'add', incident, 'record', event?.tidewaiter.record ?? '')
  const built = await asked('package', 'build', '--incident', incident, '--profile', 'soc', '--out', out)
  const bytes = readFileSync(out)
  const row = built.json<PackageRow>()
  expect(row.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))

  const changed = join(folder, 'changed.zip')
  writeFileSync(changed, bytes.with(1000, (bytes[1000] ?? 0) ^ 1))
  const [plain, signed, foreign, broken, words] = await Promise.all([
    tidewaiter(['verify', out, '--json']),
    tidewaiter(['verify', out, '--fingerprint', row.signerFingerprint ?? '', '--json']),
    tidewaiter(['verify', out, '--fingerprint', '0'.repeat(64), '--json']),
    tidewaiter(['verify', changed, '--json']),
    tidewaiter(['verify', out]),
  ])
  expect([plain, signed, foreign, broken].map(({ status }) => status)).toEqual([0, 0, 1, 1])
  expect(plain.json()).toMatchObject({
    ok: true,
    signer: { name: expect.any(String), fingerprint: row.signerFingerprint, checked: false },
    files: expect.any(Number),
    batchesComplete: 0,
    recordsProven: 1,
  })
  for (const check of plain.json<VerifyReport>().checks)
    expect(check).toEqual({ name: expect.any(String), ok: true, detail: expect.any(String) })
  expect(signed.json<VerifyReport>().signer?.checked).toBe(true)
  const found = broken.json<VerifyReport>().checks.filter(({ ok }) => !ok)
  expect(found.map(({ detail }) => detail).join()).toMatch(/container@\d+|data\/\S+/)
  expect(words.stdout).toMatch(/^Intact\. Who signed it is NOT checked: compare this fingerprint by phone\n/)
})

test('the index is read anew from the ledger, and everything is found again', async () => {
  const before = await asked('search', intruder)

  const reread = await asked('reindex')

  expect(reread.json()).toEqual({ batches: expect.any(Number) })
  expect((await asked('search', intruder)).lines()).toEqual(before.lines())
})

test('the same commands give the same answers when no console runs, and one that starts is waited for', async () => {
  const commands = [
    ['search', intruder],
    ['incident', 'show', incident],
  ]
  const before = await Promise.all(commands.map((args) => asked(...args)))
  await console.kill('SIGTERM')

  const [hosts] = (await asked('hosts')).json<HostDetail[]>()
  // One after the other they have the folder to themselves; at once they wait for each other.
  const after = await Promise.all(commands.map((args) => asked(...args)))
  const starting = launchConsole(data, ports)
  const early = await asked('hosts')
  console = await starting

  expect(hosts?.status).toBe('silent')
  expect(hosts?.sources.map(({ state }) => state)).toContain('not-reachable')
  expect(after.map(({ stdout }) => stdout)).toEqual(before.map(({ stdout }) => stdout))
  expect(early.status).toBe(exit.ok)
})

async function allEndWith(status: number, commands: readonly string[][]): Promise<void> {
  const results: [string[], Result][] = await Promise.all(
    commands.map(async (args): Promise<[string[], Result]> => [args, await tidewaiter(args)]),
  )
  for (const [args, result] of results)
    expect({ args, ...result, said: result.stderr !== '' }).toMatchObject({ args, status, stdout: '', said: true })
}

/** Guessing that goes on until the password is right, then one slip of a person. Times of this hour. */
