import { type Code, formatToken, limits, type Policy, type Task, toBase64, toUtf8 } from '@tidewaiter/protocol'
import type { Case } from './case.ts'
import { good } from './evidence.ts'
import { hostKey, otherKey } from './keys.ts'
import type { FrameInput, PolicyInput, TaskInput } from './read.ts'

const at = '2026-11-24T10:00:00.000Z'

const task: Task = {
  id: '018f2c6e-7b1a-7000-8000-0000000000aa',
  host: hostKey.host,
  counter: 7,
  expiresAt: '2026-11-24T11:00:00.000Z',
  ask: { kind: 'snapshot', collector: 'network' },
}

const head = { head: '{"tw":"head/1"}', signature: 'MEUC' }

const hello = {
  type: 'hello',
  version: 1,
  agent: '0.1.0',
  name: 'gate',
  os: 'Debian GNU/Linux 12',
  platform: 'linux',
  bootId: 'boot-1',
  tip: { seq: 1, headerHash: good.headerHash },
  oldestSeq: 1,
  acked: 1,
  witness: head,
  taskCounter: 6,
  sentAt: at,
}
const state = {
  type: 'state',
  sources: [
    { id: 'network', state: 'ok' },
    { id: 'auditd', state: 'not-enabled', why: 'auditd is not installed', fix: 'apt install auditd' },
  ],
  spool: { batches: 3, bytes: 90_000, unacked: 1 },
  clockOffsetMs: -1520,
  cpuPercent: 0.4,
  rssBytes: 66_000_000,
  witness: head,
}
const byteFill = { unit: 'byte', done: 410, total: 1000, files: { done: 3, total: 12 }, finishedAt: null }
const timeFill = { unit: 'millisecond', done: 86_400_000, total: 86_400_000, finishedAt: at }
const caps = [
  { cap: 'cpuPercent', limit: 25, use: 24.9, since: at, why: 'Its cap of 25 % of a core slows it down.' },
  { cap: 'spoolMb', limit: 1024, use: 0.1 },
]
const lineage = { host: otherKey.host, seq: 12, header: good.headerHash }

const fromAgent: Record<string, object> = {
  hello,
  'hello of a host that had another chain before': {
    ...hello,
    earlier: [
      { host: otherKey.host, certificate: '-----BEGIN CERTIFICATE-----', tip: hello.tip, oldestSeq: 1, acked: 1 },
    ],
  },
  'hello without a chain': { ...hello, tip: null, oldestSeq: null, acked: 0, witness: null },
  time: { type: 'time', sentAt: at },
  state,
  'state before the first contact': { ...state, sources: [], clockOffsetMs: null, witness: null },
  'state while history is read, and after': {
    ...state,
    sources: [
      { id: 'log-file:history:/var/log/auth.log', state: 'ok', backfill: byteFill },
      { id: 'journal:system', state: 'ok', backfill: timeFill },
    ],
  },
  'state with a cap that slows the agent down': { ...state, caps },
  bye: { type: 'bye', reason: 'stopped' },
  'bye of a machine that shuts down': { type: 'bye', reason: 'host-stopping' },
  'bye behind an enrolment': { type: 'bye', reason: 'enrolled' },
  renew: { type: 'renew', csr: 'MIIB' },
  offer: {
    type: 'offer',
    offer: { task: task.id, sha256: good.headerHash, size: 5, chunkRoot: good.headerHash, seed: good.headerHash },
  },
  progress: { type: 'progress', task: task.id, artifacts: 2, bytes: 4096 },
  'renew for a new key': { type: 'renew', csr: 'MIIB', lineage },
}

const welcome = { type: 'welcome', after: null, window: limits.window, receivedAt: at, sentAt: at, policy: {} }

const fromConsole: Record<string, object> = {
  'welcome to a new host': welcome,
  'welcome back': { ...welcome, after: { seq: 1, headerHash: good.headerHash }, policy: { sources: ['network'] } },
  'welcome that tells of the chains before': {
    ...welcome,
    earlier: [
      { host: otherKey.host, is: 'lacked', after: null },
      { host: lineage.host, is: 'lacked', after: hello.tip },
      { host: otherKey.host, is: 'held' },
      { host: otherKey.host, is: 'refused' },
    ],
  },
  'ack of an earlier chain': { type: 'ack', host: otherKey.host, seq: 1, headerHash: good.headerHash, head },
  ack: { type: 'ack', seq: 1, headerHash: good.headerHash, head },
  'refused, about a batch': { type: 'refused', code: 'signature-wrong', says: 'no', seq: 1, fatal: false },
  'refused, and the connection ends': { type: 'refused', code: 'host-wrong', says: 'no', fatal: true },
  hold: { type: 'hold', says: 'The disk is full.' },
  resume: { type: 'resume' },
  'time told': { type: 'time', askedAt: at, receivedAt: at, sentAt: at },
  task: { type: 'task', task },
  policy: { type: 'policy', policy: { caps: { kilobytesPerSecond: 500 } } },
  cancel: { type: 'cancel', task: task.id },
  'chunks wanted': { type: 'chunks', sha256: good.headerHash, next: 3 },
  'artifact held': { type: 'held', sha256: good.headerHash },
  'artifact unwanted': { type: 'unwanted', sha256: good.headerHash, code: 'artifact-not-asked', says: 'no' },
  watch: { type: 'watch', until: at },
  renewed: { type: 'renewed', certificate: '-----BEGIN CERTIFICATE-----' },
}

const malformedFrames: Record<string, string> = {
  'not JSON': '{"type":"time"',
  nothing: '',
  null: 'null',
  'a list': '[]',
  'no type': '{}',
  'a type that is not text': '{"type":["hello"]}',
  'an unknown type': '{"type":"shell","command":"id"}',
  'the name of something every object has': '{"type":"constructor"}',
  'a type of the other side': JSON.stringify({ type: 'task', task }),
  'a member more': JSON.stringify({ ...hello, more: 1 }),
  'a member missing': JSON.stringify({ ...hello, tip: undefined }),
  'a member that is inherited by every object': '{"type":"time","sentAt":"2026-11-24T10:00:00.000Z","__proto__":{}}',
  'a name of 200 letters that are 400 characters': JSON.stringify({ ...hello, name: 'e\u0301'.repeat(200) }),
  'a number below 0': JSON.stringify({ ...hello, taskCounter: -1 }),
  'a goodbye for no known reason': '{"type":"bye","reason":"tired"}',
  'a state of no known kind': JSON.stringify({ ...state, sources: [{ id: 'network', state: 'fine' }] }),
  'history counted in no known unit': JSON.stringify({
    ...state,
    sources: [{ id: 'network', state: 'ok', backfill: { ...byteFill, unit: 'mile' } }],
  }),
  'a time that is none': '{"type":"time","sentAt":"2026-11-31T10:00:60.000Z"}',
}

export const frames: Case<FrameInput>[] = [
  ...Object.entries(fromAgent).map(([name, message]) => frameOf('agent', name, JSON.stringify(message))),
  ...Object.entries(fromConsole).map(([name, message]) => frameOf('console', name, JSON.stringify(message))),
  frameOf(
    'agent',
    'with spaces, in another order, a member twice: frames are not evidence',
    ' { "sentAt":1, "sentAt":"2026-11-24T10:00:00.000Z", "type":"time" } ',
  ),
  ...Object.entries(malformedFrames).map(([name, text]) => frameOf('agent', name, text, 'frame-malformed')),
  frameOf(
    'console',
    'a task of no known kind',
    JSON.stringify({ type: 'task', task: { ...task, ask: { kind: 'shell' } } }),
    'frame-malformed',
  ),
  frameOf('console', 'hello to an agent', JSON.stringify(hello), 'frame-malformed'),
  {
    name: 'a frame over the limit',
    input: { from: 'agent', text: ' ', times: limits.textFrame + 1 },
    refused: 'frame-too-large',
  },
  {
    name: 'a frame over the limit in bytes, not in letters',
    input: { from: 'agent', text: '\u00e9', times: limits.textFrame / 2 + 1 },
    refused: 'frame-too-large',
  },
  {
    name: 'brackets that go as deep as a frame is long',
    input: { from: 'console', text: '[', times: limits.textFrame },
    refused: 'frame-malformed',
  },
]

function frameOf(from: FrameInput['from'], name: string, text: string, refused?: Code): Case<FrameInput> {
  return { name: `${from}: ${name}`, input: { from, text }, ...(refused !== undefined && { refused }) }
}

const token = {
  a: ['wss://console.halyard.example:8444', 'wss://192.0.2.20:8444'],
  c: good.headerHash,
  i: '0123456789abcdef',
  s: '00112233445566778899aabbccddeeff',
}
const text = formatToken(token)
const written = (json: string) => `tw1.${toBase64(toUtf8(json)).replace(/=+$/, '')}`
const tokenOf = (value: unknown) => written(JSON.stringify(value))
/** A token of which a letter is another one in the two kinds of base64, and one that padding would fit. */
const withDash = formatToken({ ...token, a: ['wss://gate>>>>>:8444'] })
const unpadded = ['', 'x', 'xx']
  .map((more) => formatToken({ ...token, a: [`wss://gate${more}:8444`] }))
  .find((one) => one.length % 4 === 2)

export const tokens: Case<{ token: string }>[] = [
  { name: 'two addresses', input: { token: text } },
  { name: 'a letter that is not of standard base64', input: { token: withDash } },
  ...Object.entries({
    nothing: '',
    'cut off': text.slice(0, -1),
    'cut off by four letters': text.slice(0, -4),
    'another prefix': text.replace('tw1.', 'tw2.'),
    'capitals in the prefix': text.replace('tw1.', 'TW1.'),
    'a space behind it': `${text} `,
    padding: `${text}==`,
    'padding that would fit': `${unpadded}==`,
    'a letter of the other base64': withDash.replace('-', '+'),
    'a member twice': written(JSON.stringify(token).replace('{', `{"s":"${token.s}",`)),
    'a space between two members': written(JSON.stringify(token).replace(',', ', ')),
    'a character that is no letter of base64': text.replace(/.$/, '~'),
    'no address': tokenOf({ ...token, a: [] }),
    'an address without TLS': tokenOf({ ...token, a: ['ws://192.0.2.20:8444'] }),
    'an address with a path': tokenOf({ ...token, a: ['wss://192.0.2.20:8444/agent'] }),
    'a pin in capitals': tokenOf({ ...token, c: token.c.toUpperCase() }),
    'a secret that is too short': tokenOf({ ...token, s: token.s.slice(2) }),
    'a member more': tokenOf({ ...token, more: 1 }),
    'longer than any token': `tw1.${'A'.repeat(8192)}`,
  }).map(([name, value]) => ({ name, input: { token: value }, refused: 'token-malformed' as const })),
]

const host = { host: hostKey.host, counter: 6, now: at, policy: {} as Policy }
const asking = (ask: unknown) => ({ ...task, ask })
const allowing = (...allow: NonNullable<Policy['allow']>) => ({ ...host, policy: { allow } })

const admitted: Record<string, TaskInput> = {
  'a snapshot': { task, at: host },
  'a file': { task: asking({ kind: 'file', path: '/var/log/auth.log' }), at: host },
  'a folder': { task: asking({ kind: 'folder', path: 'D:\\Logs' }), at: host },
  'files of a named set': {
    task: asking({
      kind: 'artifact-set',
      sets: [{ name: 'Shells', paths: ['%%users.homedir%%/.bashrc', '/etc/**2/*.sh'] }],
    }),
    at: host,
  },
  'a capture where IT allows it': { task: asking({ kind: 'capture', seconds: 60 }), at: allowing('capture') },
  'process memory where IT allows it': {
    task: asking({ kind: 'process-memory', pid: 811 }),
    at: allowing('process-memory'),
  },
  'a file in a home where IT allows it': {
    task: asking({ kind: 'file', path: '/home/mo/x.zip' }),
    at: allowing('home'),
  },
  'a mailbox where IT allows it': { task: asking({ kind: 'file', path: '/var/mail/mo' }), at: allowing('mail') },
  'a file whose name only looks like a home': {
    task: asking({ kind: 'file', path: '/homepage/index.html' }),
    at: host,
  },
}

const refusedTasks: [Code, Record<string, TaskInput>][] = [
  [
    'task-malformed',
    {
      'no object': { task: null, at: host },
      'a kind that is not of the list': { task: asking({ kind: 'shell', command: 'id' }), at: host },
      'a member more': { task: { ...task, more: 1 }, at: host },
      'a member more in what is asked': { task: asking({ kind: 'file', path: '/x', follow: true }), at: host },
      'no counter': { task: { ...task, counter: undefined }, at: host },
      'counter 0': { task: { ...task, counter: 0 }, at: host },
      'no path': { task: asking({ kind: 'file', path: '' }), at: host },
      'a capture of more than an hour': { task: asking({ kind: 'capture', seconds: 3601 }), at: host },
      'an expiry that is no time': { task: { ...task, expiresAt: '2026-99-24T11:00:00.000Z' }, at: host },
    },
  ],
  ['task-foreign', { 'another host': { task: { ...task, host: otherKey.host }, at: host } }],
  [
    'task-expired',
    {
      'a second ago': { task: { ...task, expiresAt: '2026-11-24T09:59:59.000Z' }, at: host },
      'this very moment': { task: { ...task, expiresAt: at }, at: host },
    },
  ],
  [
    'task-replayed',
    {
      'a counter that was seen': { task, at: { ...host, counter: 7 } },
      'a counter below one that was seen': { task, at: { ...host, counter: 8 } },
    },
  ],
  [
    'task-not-allowed',
    Object.fromEntries(
      notAllowed().map(([ask, allow]) => [
        `${ask.kind} ${ask.path ?? ''}`.trim(),
        { task: asking(ask), at: allowing(...allow) },
      ]),
    ),
  ],
]

type Allow = NonNullable<Policy['allow']>

function notAllowed(): [ask: { kind: string; path?: string; pid?: number; seconds?: number }, allow: Allow][] {
  const file = (path: string, ...allow: Allow): [{ kind: string; path: string }, Allow] => [
    { kind: 'file', path },
    allow,
  ]
  const folder = (path: string, ...allow: Allow): [{ kind: string; path: string }, Allow] => [
    { kind: 'folder', path },
    allow,
  ]
  return [
    [{ kind: 'process-memory', pid: 811 }, ['home', 'mail', 'history']],
    [{ kind: 'capture', seconds: 60 }, ['home', 'mail', 'history', 'process-memory']],
    file('/home/mo/x.zip', 'mail', 'process-memory', 'history'),
    file('/root/.bash_history'),
    file('/Users/mo/x.zip'),
    file('C:\\Users\\mo\\x.zip'),
    file('c:/users/mo/x.zip'),
    file('C:\\Users. \\mo\\x.zip'),
    file('C:\\Documents and Settings\\mo\\x.zip'),
    file('/var/mail/mo', 'home'),
    file('/var/spool/mail/mo', 'home'),
    file('/proc/811/mem', 'home'),
    file('/dev/mem', 'home'),
    file('/var/log/../../home/mo/x.zip', 'home'),
    file('//home/mo/x.zip', 'home'),
    file('/./home/mo/x.zip', 'home'),
    file('\\\\?\\C:\\Users\\mo\\x.zip', 'home'),
    file('home/mo/x.zip', 'home'),
    folder('/', 'home', 'mail'),
    folder('/var', 'home'),
    folder('/home/', 'mail'),
    folder('C:\\', 'mail'),
  ]
}

export const tasks: Case<TaskInput>[] = [
  ...Object.entries(admitted).map(([name, input]) => ({ name, input })),
  ...refusedTasks.flatMap(([refused, broken]) =>
    Object.entries(broken).map(([name, input]) => ({ name, input, refused })),
  ),
]

export const policies: Case<PolicyInput>[] = [
  ...Object.entries<PolicyInput>({
    'two that say nothing': { local: {}, remote: {} },
    'sources that only the console names': { local: {}, remote: { sources: ['network'] } },
    'sources that both name': { local: { sources: ['login', 'network'] }, remote: { sources: ['network', 'auditd'] } },
    'no source in common': { local: { sources: ['login'] }, remote: { sources: ['network'] } },
    'the lower cap of both': {
      local: { caps: { spoolMb: 100, cpuPercent: 5 } },
      remote: { caps: { spoolMb: 500, cpuPercent: 2, memoryMb: 300 } },
    },
    'fewer days of history': { local: { backfillDays: 30 }, remote: { backfillDays: 7 } },
    'no history, as the host says': { local: { backfillDays: 0 }, remote: { backfillDays: 7 } },
    'what only the host may say: databases': {
      local: { databases: [{ name: 'entries', engine: 'postgresql', socket: '/run/postgresql', user: 'tidewaiter' }] },
      remote: { databases: [{ name: 'mail', engine: 'mysql', host: '192.0.2.9', user: 'root' }] },
    },
    'what only the host may say: files and allowances': {
      local: { files: ['/srv/app.log'], allow: ['home'] },
      remote: { files: ['/etc/shadow'], allow: ['mail', 'process-memory'] },
    },
    'what only the host may say: paths that are compared': {
      local: { integrity: ['/srv/app'] },
      remote: { integrity: ['/home'] },
    },
  }).map(([name, input]) => ({ name, input })),
  ...Object.entries<unknown>({
    'no object': [],
    'a member more': { more: 1 },
    'a source of no known form': { sources: ['../x'] },
    'an allowance that is none': { allow: ['everything'] },
    'days of history below 0': { backfillDays: -1 },
    'a cap of 0': { caps: { cpuPercent: 0 } },
    'a cap that is not whole': { caps: { spoolMb: 1.5 } },
    'a cap nobody knows': { caps: { gpuPercent: 1 } },
    'an empty path': { files: [''] },
    'an empty path to compare': { integrity: [''] },
    'a password in place of its file': { databases: [{ name: 'a', engine: 'mysql', user: 'x', password: 'y' }] },
    'an engine nobody knows': { databases: [{ name: 'a', engine: 'dbase', user: 'x' }] },
  }).map(([name, remote]) => ({ name, input: { local: {}, remote }, refused: 'policy-malformed' as const })),
]
