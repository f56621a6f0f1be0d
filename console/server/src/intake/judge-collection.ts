import { hash } from 'node:crypto'
import { kinKeyOf, parseFingerprint } from '@tidewaiter/protocol'
import { counted } from '@tidewaiter/protocol/counted'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { CollectionReport } from './read-collection.ts'

interface Check {
  name: string
  ok: boolean
  detail: string
}

/** What `verify` says of a collection: the fields of a package, and what only a collection has. */
export interface CollectionVerdict {
  ok: boolean
  checks: Check[]
  signer: { name: string; fingerprint: string; checked: boolean }
  files: number
  batchesComplete: number
  recordsProven: number
  collection: {
    host: string
    name: string
    os: string
    profile: string
    startedAt: string
    endedAt: string | null
    complete: boolean
    why?: string
    encrypted: boolean
    kin: string | null
    sha256: string
    bytes: number
  }
}

const mostNamed = 20

/** @param fingerprint of the key of the collection, where somebody wrote it down */
export function judgeCollection(report: CollectionReport, fingerprint?: string): CollectionVerdict {
  const { opening, publicKey, end, batches, records, bytes, sha256, isEncrypted } = report
  const own = hash('sha256', publicKey)
  const isNamed = fingerprint !== undefined && parseFingerprint(fingerprint) === own
  const checks = [
    { name: 'opening', ok: true, detail: `signed by the key of this collection, of ${opening.name} (a label)` },
    ...(isEncrypted ? [encryption(report)] : []),
    parts(report),
    chain(report),
    ending(report),
    ...kinCheck(report),
    ...(fingerprint === undefined ? [] : [signer(isNamed, own)]),
  ]
  const said = end?.said
  return {
    ok: checks.every(({ ok }) => ok),
    checks,
    signer: { name: `collection of ${opening.name}`, fingerprint: own, checked: isNamed },
    files: 0,
    batchesComplete: batches,
    recordsProven: records,
    collection: {
      ...{ host: opening.host, name: opening.name, os: opening.os, profile: opening.profile },
      ...{ startedAt: opening.startedAt, endedAt: said?.endedAt ?? null, complete: said?.complete ?? false },
      ...(said?.why !== undefined && { why: said.why }),
      ...{ encrypted: isEncrypted, kin: kinKeyOf(nodePrimitives, opening)?.kin.host ?? null, sha256, bytes },
    },
  }
}

function encryption({ unopened }: CollectionReport): Check {
  const places = unopened.slice(0, mostNamed).map(({ at, bytes }) => `${at} to ${at + bytes}`)
  const ok = unopened.length === 0
  return {
    name: 'encryption',
    ok,
    detail: ok ? 'every chunk opens' : `changed or cut off at byte ${places.join(', ')}`,
  }
}

function parts({ damaged, batches, records }: CollectionReport): Check {
  const named = damaged
    .slice(0, mostNamed)
    .map(({ at, bytes, code, says }) => `byte ${at}, ${bytes} long: ${says} (${code})`)
  const more = damaged.length > mostNamed ? `; and ${damaged.length - mostNamed} more` : ''
  const whole = `${counted(batches, 'batch', 'batches')} with ${counted(records, 'record')} are as they were sealed`
  const ok = damaged.length === 0
  return { name: 'batches', ok, detail: ok ? whole : `${named.join('; ')}${more}. ${whole}` }
}

function chain({ missing }: CollectionReport): Check {
  const ok = missing === 0
  return {
    name: 'chain',
    ok,
    detail: ok ? 'each follows the one before' : `${counted(missing, 'batch is', 'batches are')} missing`,
  }
}

/** A collection that was stopped says so itself, and is intact. */
function ending({ opening, end, batches, records, newest, damaged }: CollectionReport): Check {
  if (end === undefined) return { name: 'end', ok: false, detail: 'the file was cut off: it has no end' }
  const { complete, why = 'no reason given', batches: sealed } = end.said
  if (end.said.host !== opening.host) return { name: 'end', ok: false, detail: `it is of host ${end.said.host}` }
  if (sealed !== batches && damaged.length === 0)
    return { name: 'end', ok: false, detail: `${sealed} batches were sealed, ${batches} are here` }
  if (end.said.records !== records && damaged.length === 0)
    return { name: 'end', ok: false, detail: `${end.said.records} records were sealed, ${records} are here` }
  if (end.said.newest !== newest && damaged.length === 0)
    return { name: 'end', ok: false, detail: 'the newest batch it names is not the last one here' }
  return { name: 'end', ok: true, detail: complete ? 'every collector came to its end' : `stopped early: ${why}` }
}

function kinCheck({ opening }: CollectionReport): Check[] {
  if (opening.kin === undefined) return []
  const ok = kinKeyOf(nodePrimitives, opening) !== undefined
  const host = `host ${opening.kin.host}`
  return [
    {
      name: 'machine',
      ok,
      detail: ok ? `${host} signed that this is its machine` : `the signature of ${host} is wrong`,
    },
  ]
}

function signer(ok: boolean, own: string): Check {
  return { name: 'signer', ok, detail: ok ? 'the key you named' : `signed by another key: ${own}` }
}
