import { type Lineage, parseToken, type Token } from '@tidewaiter/protocol'
import type { AgentOptions } from './agent.ts'
import { spoolBytesOf } from './caps.ts'
import type { DataFolder } from './data-folder.ts'
import { isAgentRefusal, refuse } from './error.ts'
import { sendFirstBatch } from './first-batch.ts'
import {
  adoptIdentity,
  enrolmentFile,
  fingerprintOf,
  forgetNewKey,
  type Identity,
  keyToEnrol,
  readEnrolment,
  readIdentity,
} from './identity.ts'
import { openSpool, spoolsSetAside } from './spool/open.ts'
import type { Spool } from './spool/spool.ts'
import { forgetStatus, readStatus } from './status.ts'
import { toTime } from './time.ts'
import { certify } from './uplink/certify.ts'
import { keepOffset, measureOffset, offsetInWords } from './uplink/clock-offset.ts'
import { type Passed, type Reached, reach } from './uplink/reach.ts'
import { version } from './version.ts'

export interface EnrolOptions extends Pick<AgentOptions, 'host' | 'folder' | 'config' | 'configFile' | 'log'> {
  /** As it was given. */
  token: string
  /** Enrols a folder anew that belongs to a console already: new key, new chain, with lineage to the old one. */
  again: boolean
  report(passed: Passed): void
}

export interface Enrolled {
  /** Id of the host. */
  host: string
  /** Address at which the console was reached. */
  address: string
  /** Batches of the chain before that waited for a console when this chain began. */
  waiting: number
}

/**
 * Makes this machine a host of the console that the token names (`evidence.md` 9). Done only when the console has
 * acknowledged the first batch. What was cut off, whenever that was, goes on when it is called again.
 * @throws the code of the step that failed; `already-enrolled`, `spool-full`, and what `runAgent` throws
 */
export async function enrol(options: EnrolOptions): Promise<Enrolled> {
  const { host, folder, report } = options
  const token = readToken(options.token)
  const { before, unfinished } = standing(token, options)
  let waiting = 0
  const reached = await reach(token.a, { clock: host, pin: token.c, report })
  try {
    const offset = await measureOffset(reached.port, host)
    report({
      step: 'clock',
      says: offset === undefined ? 'was set meanwhile' : `${offsetInWords(offset.ms)}, recorded`,
    })
    const next = unfinished ?? (await certified({ ...options, token, before, reached }))
    if (unfinished !== undefined)
      report({ step: 'key', says: 'certified before: the enrolment that was cut off goes on' })
    if (unfinished === undefined) forgetStatus(folder)
    const begin = ({ enrolment }: Identity) =>
      withSpool(options, (spool) => {
        if (spool.chain()?.host !== enrolment.host) waiting = spool.usage().unacked
        spool.beginChain(enrolment)
        keepOffset(spool, offset, host)
      })
    adoptIdentity(folder, { before, next, begin })
  } finally {
    reached.port.close()
  }
  const startedAt = host.steady()
  await sendFirstBatch(options)
  const seconds = ((host.steady() - startedAt) / 1000).toFixed(1)
  report({ step: 'first batch', says: `acknowledged by the console after ${seconds} s` })
  return { host: readEnrolment(folder).host, address: reached.address, waiting }
}

/** Throws `token-malformed`. */
function readToken(text: string): Token {
  try {
    return parseToken(text)
  } catch (cause) {
    const says = 'This is not a token of Tidewaiter, or not the whole of one. Copy it whole: it begins with tw1.'
    throw refuse('token-malformed', says, { cause })
  }
}

interface Standing {
  /** The identity in force; undefined when there is none, or none that can be read. */
  before: Identity | undefined
  /** The same, when it is of this console, and the console has not taken anything of it yet. */
  unfinished?: Identity
}

/** Throws `already-enrolled`. */
function standing(token: Token, options: EnrolOptions): Standing {
  const { folder, again } = options
  if (!folder.has(enrolmentFile)) return { before: undefined }
  const before = identityIn(folder)
  if (again) return { before }
  if (withSpool(options, (spool) => isTaken(spool, options, before)))
    throw refuse(
      'already-enrolled',
      `${folder.path} belongs to a console already${lastAckIn(folder)}. Nothing was changed. To enrol it anew, under a new key, add --again.`,
    )
  if (before === undefined || fingerprintOf(before.enrolment.ca) !== token.c) return { before }
  return { before, unfinished: { ...before, enrolment: { ...before.enrolment, addresses: token.a } } }
}

/**
 * True when a console has taken something of this host: not all of its chain waits in the spool any more. Of a spool
 * that was put aside it must be assumed.
 */
function isTaken(spool: Spool, { folder }: EnrolOptions, before: Identity | undefined): boolean {
  const chain = spool.chain()
  if (chain === undefined) return spoolsSetAside(folder).length > 0
  if (before !== undefined && chain.host !== before.key.host) return false
  return spool.usage().unacked < (chain.tip?.seq ?? 0)
}

function lastAckIn(folder: DataFolder): string {
  const lastAckAt = readStatus(folder)?.status.lastAckAt ?? undefined
  return lastAckAt === undefined ? '' : `, which took its last batch at ${lastAckAt}`
}

/** Undefined when something in it is damaged: enrolling anew is the way out of that. */
function identityIn(folder: DataFolder): Identity | undefined {
  try {
    return readIdentity(folder)
  } catch (cause) {
    if (isAgentRefusal(cause) && cause.code === 'data-folder-broken') return undefined
    throw cause
  }
}

/** A key of this host, certified by the console. */
async function certified(
  options: Omit<EnrolOptions, 'token'> & { token: Token; before: Identity | undefined; reached: Reached },
): Promise<Identity> {
  const { host, folder, report, token, before, reached } = options
  const lineage = withSpool(options, lineageIn)
  const going = lineage === undefined ? {} : { lineage }
  const key = keyToEnrol(folder, before)
  const text = (value: string) => value.slice(0, 200)
  const machine = { name: text(host.name), os: text(host.os), platform: host.platform, agent: version }
  const request = { token: token.i, secret: token.s, ...machine, ...going }
  const certificate = await certify(key, request, reached).catch((cause) => {
    if (isAgentRefusal(cause) && cause.code === 'key-refused') forgetNewKey(folder)
    throw cause
  })
  report({ step: 'token', says: `${token.i} was taken` })
  report({ step: 'key', says: 'made here, and only this account can read it; certified by the console' })
  const enrolment = {
    tw: 'enrolment/1' as const,
    host: key.host,
    addresses: token.a,
    ...reached.trust,
    certificate,
    enrolledAt: toTime(host.now()),
    ...going,
  }
  return { key, enrolment }
}

/** Where the chain of this machine stands, so that a new one can name it. */
function lineageIn(spool: Spool): Lineage | undefined {
  const { host, tip } = spool.chain() ?? { tip: null }
  return host === undefined || tip === null ? undefined : { host, seq: tip.seq, header: tip.headerHash }
}

function withSpool<T>({ folder, host, config }: Omit<EnrolOptions, 'token'>, act: (spool: Spool) => T): T {
  const { spool } = openSpool(folder, { budgetBytes: spoolBytesOf(config), nowMs: host.now() })
  try {
    return act(spool)
  } finally {
    spool.close()
  }
}
