import { randomUUID } from 'node:crypto'
import type { Attempt, ImportResult, Indicator, Me, Sweep, TokenRow } from '@tidewaiter/protocol/api'
import { at, now } from './clock.ts'
import { hosts } from './hosts.ts'
import { detailOf, incidents, rowOf } from './incident.ts'
import { addItem, build, incidentOf, openIncident, packageOf, removeItem, setFact } from './incident-acts.ts'
import { detectors, findings, indicators, sightings } from './judgements.ts'
import { overview } from './overview.ts'
import { newPerson, people } from './people.ts'
import { eventPage, histogram } from './query.ts'
import { recordDetail, recordLine } from './records.ts'
import { refusals } from './refusals.ts'
import { known, Refused } from './refused.ts'

/** What the stand-in shows: the worked incident, a console without hosts, one that is not set up, one that fails. */
export const scenes = ['loaded', 'empty', 'set-up', 'signed-out', 'failing'] as const
export type Scene = (typeof scenes)[number]

export interface Asked {
  method: string
  path: string
  query: URLSearchParams
  body: Record<string, unknown>
  scene: Scene
  /** Tells the screens that a topic changed. */
  changed(topic: string): void
}

const me: Me = { id: 'p1', email: 't.reyes@halyard-customs.example', name: 'T. Reyes', role: 'admin', csrf: 'sample' }
const broker = { name: 'Halyard Customs Brokers, Inc.', filerCode: 'ZZZ', zone: 'America/New_York' }
const sampleRecovery = {
  recoveryKey: 'AGE-SECRET-KEY-1SAMPLESAMPLESAMPLESAMPLESAMPLESAMPLESAMPLESAMPLESAMPLE',
  recoveryFile: Buffer.from('sample').toString('base64'),
}
let isSignedIn: boolean | undefined

const tokens: TokenRow[] = [
  {
    id: '0123456789abcdef',
    label: 'Norfolk office',
    uses: 5,
    used: 2,
    createdAt: at('10-29 11:40:00'),
    createdBy: me.email,
    expiresAt: at('10-30 11:40:00'),
    revokedAt: null,
  },
]
const attempts: Attempt[] = [
  {
    at: at('10-29 11:52:04'),
    tokenId: '0123456789abcdef',
    name: 'HCB-LT02',
    address: '192.0.2.140',
    step: 'token',
    code: 'token-refused',
    says: 'The token is used up. Make a new one.',
    host: null,
  },
  {
    at: at('10-29 11:51:57'),
    tokenId: '0123456789abcdef',
    name: 'HCB-WS13',
    address: '192.0.2.113',
    step: 'first-batch',
    code: null,
    says: null,
    host: hosts[2]?.id ?? '',
  },
]

const list = <T>(rows: readonly T[]) => ({ rows, total: rows.length, totalExact: true })

type Route = (asked: Asked, ...parts: string[]) => unknown

/** `METHOD /path/:part` to what is answered. */
const routes: Record<string, Route> = {
  'GET /setup': ({ scene }) =>
    scene === 'set-up'
      ? {
          needed: true,
          dataFolder: '/var/lib/tidewaiter',
          freeBytes: 41_204_000_000,
          keys: keys.map(({ name, fingerprint }) => ({ name, fingerprint })),
        }
      : { needed: false, signedIn: isSignedIn ?? scene !== 'signed-out' },
  'POST /setup': ({ body }) => {
    if (body.code !== 'K7QF-2M9D')
      throw new Refused(
        403,
        'setup-code-wrong',
        'The code does not fit. Copy it from the terminal in which the console runs.',
      )
    isSignedIn = true
    return { me, ...sampleRecovery }
  },
  'GET /me': () => me,
  'POST /session': ({ body }) => {
    if (body.password !== 'a long sample password')
      throw new Refused(401, 'sign-in-wrong', 'E-mail or password do not fit.')
    isSignedIn = true
    return me
  },
  'DELETE /session': () => {
    isSignedIn = false
    return undefined
  },
  'GET /broker': () => broker,
  'POST /broker': ({ body }) => Object.assign(broker, body),
  'GET /people': () => ({ rows: people }),
  'POST /people': ({ body }) => newPerson(body),
  'POST /people/:id/password': (_asked, id) => {
    known(people.find((person) => person.id === id)).disabledAt = null
  },
  'POST /people/:id/disable': (_asked, id) => {
    known(people.find((person) => person.id === id)).disabledAt = now()
  },
  'GET /keys': () => ({ rows: keys }),
  'POST /keys/export': () => ({ sealed: Buffer.from('sample').toString('base64') }),
  'POST /keys/recovery': () => sampleRecovery,
  'POST /keys/recovery/renew': () => sampleRecovery,
  'POST /keys/recovery/file': () => ({ recoveryFile: sampleRecovery.recoveryFile }),
  'POST /keys/rotate': ({ body }) => {
    const card = known(keys.find(({ name }) => name === body.name))
    Object.assign(card, { fingerprint: randomUUID().replaceAll('-', '').repeat(2), createdAt: now() })
    return card
  },
  'GET /overview': ({ scene }) => overview(scene === 'empty'),
  'GET /hosts': ({ scene }) => list(scene === 'empty' ? [] : hosts.map(({ detail }) => detail())),
  'GET /hosts/:id': (_asked, id) => known(hosts.find((host) => host.id === id)).detail(),
  'GET /refusals': ({ query, scene }) => ({ rows: scene === 'empty' ? [] : refusals(query.get('at')) }),
  'POST /hosts/:id/renewal': (_asked, id) => known(hosts.find((host) => host.id === id)).detail(),
  'POST /hosts/:id/revoke': (_asked, id) => known(hosts.find((host) => host.id === id)).detail(),
  'GET /tokens': ({ scene }) => ({
    rows: scene === 'empty' ? [] : tokens,
    agentUrls: [scene === 'empty' ? 'wss://127.0.0.1:8444' : 'wss://192.0.2.30:8444'],
  }),
  'POST /tokens': ({ body }) => {
    const token: TokenRow = {
      id: randomUUID().replaceAll('-', '').slice(0, 16),
      label: String(body.label ?? ''),
      uses: Number(body.uses ?? 1),
      used: 0,
      createdAt: now(),
      createdBy: me.email,
      expiresAt: at('10-30 15:40:00'),
      revokedAt: null,
    }
    tokens.unshift(token)
    return {
      ...token,
      token: `tw1.${Buffer.from(token.id.repeat(6)).toString('base64url')}`,
      agentUrls: ['wss://192.0.2.30:8444'],
      caFingerprint: 'a1'.repeat(32),
    }
  },
  'DELETE /tokens/:id': (_asked, id) => {
    known(tokens.find((token) => token.id === id)).revokedAt = now()
  },
  'GET /attempts': ({ scene }) => ({ rows: scene === 'empty' ? [] : attempts }),
  'GET /findings': ({ scene, query }) =>
    list(scene === 'empty' ? [] : findings.filter(({ host }) => (query.get('host') ?? host?.id) === host?.id)),
  'GET /findings/:id': (_asked, id) => known(findings.find((finding) => finding.id === id)),
  'POST /findings/:id/decision': ({ body, changed }, id) => {
    const finding = known(findings.find((one) => one.id === id))
    Object.assign(finding, { verdict: body.verdict, reason: body.reason, decidedBy: me.email, decidedAt: now() })
    changed('findings')
    changed('overview')
    return finding
  },
  'GET /detectors': ({ scene }) => ({
    rows: scene === 'empty' ? detectors.map((card) => ({ ...card, sees: [], blind: [] })) : detectors,
  }),
  'GET /events': ({ query, scene }) => (scene === 'empty' ? list([]) : eventPage(query)),
  'GET /events/histogram': ({ query, scene }) => {
    if (query.get('q') === 'fail')
      throw new Refused(422, 'query-too-broad', 'It would read 41 M events, the limit is 10 M.')
    const answer = histogram(query)
    return scene === 'empty'
      ? { ...answer, buckets: [], total: 0, coverage: { hosts: 0, covered: 0, says: 'No host sends anything yet.' } }
      : answer
  },
  'GET /records/:host/:seq/:index': (_asked, ...id) => known(recordDetail(id.join('/'))),
  'GET /records/:host/:seq/:index/line': (_asked, ...id) => recordLine(known(recordDetail(id.join('/')))),
  'GET /indicators': ({ scene }) => list(scene === 'empty' ? [] : indicators),
  'POST /indicators/import': ({ body, changed }) =>
    importSample(String(body.text), body.dryRun === true, String(body.source), changed),
  'POST /indicators/:id/expire': ({ changed }, id) => {
    const indicator = known(indicators.find((one) => one.id === id))
    indicator.expired = true
    changed('indicators')
    return indicator
  },
  'GET /sightings': ({ scene, query }) =>
    list(
      scene === 'empty'
        ? []
        : sightings.filter(({ indicator }) => (query.get('indicator') ?? indicator.id) === indicator.id),
    ),
  'POST /sweeps': () => sweep(),
  'GET /incidents': ({ scene }) => ({ rows: scene === 'empty' ? [] : incidents.map(rowOf) }),
  'POST /incidents': ({ body, changed }) => rowOf(openIncident(String(body.name), changed)),
  'GET /incidents/:id': (_asked, id) => detailOf(incidentOf(id)),
  'POST /incidents/:id/facts': ({ body, changed }, id) => setFact(id ?? '', body, changed),
  'POST /incidents/:id/importer-numbers': () => {
    throw new Refused(404, 'not-found', 'The stand-in seals nothing.')
  },
  'POST /incidents/:id/items': ({ body, changed }, id) => addItem(id ?? '', body, changed),
  'DELETE /incidents/:id/items/:item': ({ changed }, id, item) => removeItem(id ?? '', item, changed),
  'POST /incidents/:id/packages': ({ body, changed }, id) => build(id ?? '', body, changed),
  'GET /packages/:id': (_asked, id) => packageOf(id),
  'POST /packages/:id/cancel': ({ changed }, id) => {
    const row = packageOf(id)
    if (row.state === 'building') row.state = 'cancelled'
    changed(`package:${id}`)
    changed(`incident:${row.incident}`)
    return row
  },
  'GET /packages/:id/download': () => {
    throw new Refused(404, 'not-found', 'The stand-in builds no files.')
  },
}

const keys = [
  {
    name: 'ca',
    use: 'Certificates of hosts',
    fingerprint: '4b0e91c2'.repeat(8),
    publicKey: '-----BEGIN PUBLIC KEY-----\nSAMPLE\n-----END PUBLIC KEY-----\n',
    createdAt: at('10-12 09:14:00'),
  },
  {
    name: 'package',
    use: 'Signs packages',
    fingerprint: 'c6e6a803'.repeat(8),
    publicKey: '-----BEGIN PUBLIC KEY-----\nSAMPLE\n-----END PUBLIC KEY-----\n',
    createdAt: at('10-12 09:14:00'),
  },
  {
    name: 'recovery',
    use: 'Opens recovery.age, in which all keys lie',
    fingerprint: '07d2b5e8'.repeat(8),
    publicKey: 'age1sample',
    createdAt: at('10-12 09:14:00'),
  },
]

function importSample(text: string, isDry: boolean, source: string, changed: Asked['changed']): ImportResult {
  const all = text
    .split('\n')
    .map((line, i) => ({ value: line.trim(), line: i + 1 }))
    .filter(({ value }) => value !== '')
  const good = all.filter(({ value }) => /\./.test(value))
  const fresh = good
    .map(({ value }) => value.replaceAll('[.]', '.'))
    .filter((value) => !indicators.some((one) => one.value === value))
  if (!isDry)
    for (const value of fresh) {
      const indicator: Indicator = {
        id: randomUUID(),
        type: /^[\d.]+$/.test(value) ? 'ip' : 'domain',
        value,
        source,
        confidence: null,
        tlp: 'AMBER',
        validFrom: now(),
        validUntil: null,
        note: '',
        addedAt: now(),
        addedBy: me.email,
        expired: false,
        sightings: 0,
        lastSightedAt: null,
      }
      indicators.unshift(indicator)
      changed('indicators')
    }
  return {
    read: all.length,
    added: fresh.length,
    duplicate: good.length - fresh.length,
    refused: all
      .filter(({ value }) => !/\./.test(value))
      .map(({ line, value }) => ({ line, value, why: 'It is no address, domain, URL, hash, e-mail or account.' })),
    warned: good
      .filter(({ value }) => value.startsWith('8.8.'))
      .map(({ line, value }) => ({ line, value, why: 'Too broad: half the Internet uses it.' })),
    recognised: good.map(({ value }) => ({
      type: /^[\d.[\]]+$/.test(value) ? 'ip' : 'domain',
      value: value.replaceAll('[.]', '.'),
      as: value,
    })),
  }
}

function sweep(): Sweep {
  return {
    indicators: indicators.filter(({ expired }) => !expired).length,
    hosts: hosts.length,
    sightings,
    coverage: hosts.flatMap(({ id, detail }) =>
      detail().sources.map(({ id: source, ...span }) => ({ host: id, source, ...span })),
    ),
    complete: false,
    asOf: 12_006,
    behind: 0,
  }
}

/** The answer to a request; throws `Refused`. */
export function answer(asked: Asked): unknown {
  const open = ['/setup', '/me', '/session'].includes(asked.path)
  if (asked.scene === 'failing' && !open) throw new Refused(500, 'internal-error', 'The console made a mistake.')
  for (const [name, route] of Object.entries(routes)) {
    const [method, path = ''] = name.split(' ')
    const parts = method === asked.method ? partsOf(path, asked.path) : undefined
    if (parts !== undefined) return route(asked, ...parts)
  }
  throw new Refused(404, 'not-found', `There is nothing at ${asked.method} ${asked.path}.`)
}

function partsOf(pattern: string, path: string): string[] | undefined {
  const wanted = pattern.split('/')
  const given = path.split('/').map(decodeURIComponent)
  if (wanted.length !== given.length) return undefined
  const parts: string[] = []
  for (const [i, word] of wanted.entries()) {
    if (word.startsWith(':')) parts.push(given[i] ?? '')
    else if (word !== given[i]) return undefined
  }
  return parts
}
