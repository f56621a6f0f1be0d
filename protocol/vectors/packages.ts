import {
  concat,
  type HeaderLine,
  type HostCard,
  type Proof,
  payloadFiles,
  tagFiles,
  toBase64,
  toUtf8,
} from '@tidewaiter/protocol'
import { bagOf, type Files, packed } from './bag.ts'
import type { Case } from './case.ts'
import { editsBetween } from './edits.ts'
import { hostKey, otherKey, packageKey } from './keys.ts'
import { first, fourth, headOf, path, payloadOf, restoredCard, second } from './package-payload.ts'
import type { PackageInput } from './read.ts'
import { certificateOf, cmsOf, fingerprintOf } from './signer.ts'

const good = bagOf(payloadOf())
const container = packed(good)

/** The payload with one thing changed, listed and signed again. */
function changed(change: (payload: Map<string, Uint8Array>) => void): Uint8Array {
  const payload = payloadOf()
  change(payload)
  return packed(bagOf(payload))
}

/** One line of a file with other values. */
function withLine<Line extends object>(file: string, number: number, change: (line: Line) => object): Uint8Array {
  return withLines(file, (lines) => {
    const line = JSON.parse(lines[number] ?? '{}') as Line
    return lines.with(number, JSON.stringify({ ...line, ...change(line) }))
  })
}

function withLines(file: string, change: (lines: string[]) => readonly string[]): Uint8Array {
  return changed((payload) => {
    const lines = textOf(payload, file).split('\n').slice(0, -1)
    payload.set(
      file,
      toUtf8(
        change(lines)
          .map((line) => `${line}\n`)
          .join(''),
      ),
    )
  })
}

function textOf(files: Files, file: string): string {
  return new TextDecoder().decode(files.get(file))
}

/** The good package with another tag file, everything else left as it was. */
function withFile(file: string, bytes: Uint8Array): Uint8Array {
  return packed(new Map(good).set(file, bytes))
}

function without(file: string): Uint8Array {
  return packed(new Map([...good].filter(([path]) => path !== file)))
}

const inOrder: Record<string, Uint8Array> = {
  'two records of a host with a gap, a fork and a loss': container,
  'no record of any host': packed(bagOf(payloadOf({ hasHosts: false }))),
  'a ledger that was restored with all that a host had seen of it': withLine(payloadFiles.ledger, 0, () =>
    restoredCard([first, second]),
  ),
  'a ledger that was restored with less than a host had seen of it': restoredWithLess(),
}

/** What the host saw is no beginning of what was restored: there is no proof, and it is said. */
function restoredWithLess(): Uint8Array {
  return changed((payload) => {
    const lines = textOf(payload, path.headers).trimEnd().split('\n')
    const last = JSON.parse(lines[3] ?? '{}') as HeaderLine
    payload.set(path.headers, toUtf8(`${lines.with(3, JSON.stringify({ ...last, consistency: null })).join('\n')}\n`))
    const card = JSON.parse(textOf(payload, payloadFiles.ledger)) as object
    payload.set(payloadFiles.ledger, toUtf8(`${JSON.stringify({ ...card, ...restoredCard([first]) })}\n`))
  })
}

const at = (text: string) => new TextDecoder('latin1').decode(container).indexOf(text)
const flipped = (offset: number) => container.with(offset, (container[offset] ?? 0) ^ 1)

/** Two files side by side in each other's place. */
function swapped(files: Files): Files {
  const [first, second, ...rest] = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  return new Map([second, first, ...rest].filter((file) => file !== undefined))
}

const containers: Record<string, Uint8Array> = {
  'nothing at all': new Uint8Array(0),
  'no zip': toUtf8('this is no zip'),
  'a byte before it': concat(Uint8Array.of(0), container),
  'a byte behind it': concat(container, Uint8Array.of(0)),
  'cut off in its directory': container.slice(0, -30),
  'cut off in a file': container.slice(0, at('bagit.txt') + 20),
  'another time in a header': flipped(10),
  'another byte in the letter': flipped(at('data/10_letter.txt\n') + 6),
  'files in another order': packed(swapped(good), { sorted: false }),
  'a file more': packed(new Map(good).set('data/extra.txt', toUtf8('x'))),
  'a name that leads out': packed(new Map(good).set('../x', toUtf8('x'))),
  'a name that is a device': packed(new Map(good).set('data/con.txt', toUtf8('x'))),
}

const bags: Record<string, Uint8Array> = {
  'a file more that is listed': changed((payload) => payload.set('data/extra.txt', toUtf8('x'))),
  'no table of indicators, also not in the list': changed((payload) => payload.delete(payloadFiles.indicatorsCsv)),
  'no table of records, also not in the list': changed((payload) => payload.delete(path.table)),
  'a folder of a host with a table alone': changed((payload) =>
    payload.set(path.table.replace(hostKey.host, otherKey.host), toUtf8('record\r\n')),
  ),
  'no certificate': without(tagFiles.certificate),
  'no CMS': without(tagFiles.cms),
  'a bag of another version': withTag(tagFiles.declaration, (text) => text.replace('1.0', '0.97')),
  'a package of another version': withTag(tagFiles.info, (text) => text.replace('package/1', 'package/2')),
  'a label that stands twice': withTag(tagFiles.info, (text) => `${text}Payload-Oxum: 1.1\n`),
  'another Payload-Oxum': withTag(tagFiles.info, (text) => text.replace(/Oxum: (\d+)/, 'Oxum: 1$1')),
  'a manifest in another order': withTag(
    tagFiles.manifest,
    (text) => `${text.trimEnd().split('\n').reverse().join('\n')}\n`,
  ),
}

function withTag(file: string, change: (text: string) => string): Uint8Array {
  const edit = (tags: Map<string, Uint8Array>) => tags.set(file, toUtf8(change(textOf(tags, file))))
  return packed(bagOf(payloadOf(), { change: edit }))
}

const tagManifest = good.get(tagFiles.tagManifest) ?? new Uint8Array(0)
const ofOther = bagOf(payloadOf(), { signer: otherKey })
const tagOf = (files: Files, file: string) => files.get(file) ?? new Uint8Array(0)

const signatures: Record<string, Uint8Array> = {
  'a signature over something else': withFile(tagFiles.signature, packageKey.sign(toUtf8('x'))),
  'the key of somebody else': withFile(tagFiles.publicKey, tagOf(ofOther, tagFiles.publicKey)),
  'the certificate of somebody else': withFile(tagFiles.certificate, tagOf(ofOther, tagFiles.certificate)),
  'the CMS of somebody else': withFile(tagFiles.cms, tagOf(ofOther, tagFiles.cms)),
  'a CMS over something else': withFile(tagFiles.cms, cmsOf(certificateOf(packageKey), packageKey.sign(toUtf8('x')))),
  'a CMS with a byte behind it': withFile(tagFiles.cms, concat(tagOf(good, tagFiles.cms), Uint8Array.of(0))),
  'a certificate that its key did not sign': packed(
    bagOf(payloadOf(), { certificate: certificateOf(packageKey, otherKey.sign) }),
  ),
  'a tag manifest that lists something else': withFile(
    tagFiles.tagManifest,
    toUtf8(new TextDecoder().decode(tagManifest).replace('bagit.txt', 'bagit.txT')),
  ),
}

const evidence: Record<string, Uint8Array> = {
  'another record': withLine<Proof>(path.records, 0, () => ({ record: toBase64(toUtf8('nothing happened')) })),
  'another source': withLine<Proof>(path.records, 0, ({ chunk }) => ({ chunk: chunk.replace('auth.log', 'else.log') })),
  'a record twice': withLines(path.records, (lines) => [...lines, lines[0] ?? '']),
  'a record left out that is cited': withLines(path.records, (lines) => lines.slice(1)),
  'a last line that does not end': changed((payload) =>
    payload.set(path.records, payload.get(path.records)?.slice(0, -1) ?? new Uint8Array(0)),
  ),
  'a header left out': withLines(path.headers, (lines) => lines.toSpliced(1, 1)),
  'headers in another order': withLines(path.headers, (lines) => lines.toReversed()),
  'the header of a disclosed record left out': withLines(path.headers, (lines) => lines.slice(0, -1)),
  'a header with another number': withLine<HeaderLine>(path.headers, 1, ({ header }) => ({
    header: header.replace('"seq":2', '"seq":3'),
  })),
  'another time of receipt of a batch with a disclosed record': withLine<HeaderLine>(path.headers, 0, () => ({
    receivedAtMs: 0,
  })),
  'a place behind the cut': withLine<HeaderLine>(path.headers, 3, () => ({ position: 5 })),
  'no proof of the place of a disclosed record': withLine<HeaderLine>(path.headers, 0, () => ({ inclusion: null })),
  'a proof of a place that nobody needs': withLine<HeaderLine>(path.headers, 1, () => ({ inclusion: '' })),
  'no proof that what the host saw is a beginning': withLine<HeaderLine>(path.headers, 3, () => ({
    consistency: null,
  })),
  'a gap that is not named': withLine<HostCard>(path.card, 0, () => ({ gaps: [] })),
  'a gap that is none': withLine<HostCard>(path.card, 0, ({ gaps }) => ({ gaps: [...gaps, { from: 2, to: 2 }] })),
  'a host with the key of another': withLine<HostCard>(path.card, 0, () => ({
    publicKey: toBase64(otherKey.publicKey),
  })),
  'a ledger of another key': withLine(payloadFiles.ledger, 0, () => ({ keys: [toBase64(otherKey.publicKey)] })),
  'another past than a host saw': withLine(payloadFiles.ledger, 0, () => ({
    head: headOf([fourth, first, first, first, first]),
  })),
  'a ledger said to be restored from another past': withLine(payloadFiles.ledger, 0, () => restoredCard([second], 1)),
  'an act that was changed': withLine(payloadFiles.actions, 2, () => ({ who: 'somebody else' })),
  'an act left out': withLines(payloadFiles.actions, (lines) => lines.toSpliced(1, 1)),
  'a record that is cited and not there': withLine<{ cites: string[] }>(payloadFiles.summary, 0, ({ cites }) => ({
    cites: [...cites, `${hostKey.host}/1/1`],
  })),
}

/** Most of a broken package is the good one, so that only what differs is written. */
function inputOf(bytes: Uint8Array): PackageInput {
  return bytes === container ? { package: toBase64(bytes) } : { edits: editsBetween(container, bytes) }
}

const withFingerprint = (name: string, fingerprint: string) => ({ name, input: { edits: [], fingerprint } })

export const packages: Case<PackageInput>[] = [
  ...Object.entries({ ...inOrder, ...containers, ...bags, ...signatures, ...evidence }).map(([name, bytes]) => ({
    name,
    input: inputOf(bytes),
  })),
  { name: 'signed by somebody else, when nobody asks', input: inputOf(packed(ofOther)) },
  withFingerprint('the fingerprint of its signer', fingerprintOf(packageKey)),
  withFingerprint(
    'the fingerprint in capitals and groups',
    fingerprintOf(packageKey)
      .toUpperCase()
      .replaceAll(/(.{4})/g, '$1 '),
  ),
  withFingerprint('the fingerprint of somebody else', fingerprintOf(otherKey)),
  withFingerprint('half a fingerprint', fingerprintOf(packageKey).slice(0, 32)),
]
