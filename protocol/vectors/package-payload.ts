import {
  append,
  type Batch,
  concat,
  consistencyOf,
  emptyFrontier,
  entryOf,
  fromUtf8,
  frontierRoot,
  hostFile,
  openBatch,
  pathOf,
  payloadFiles,
  prove,
  type SignedHead,
  signHead,
  toBase64,
  toHex,
  toUtf8,
  treeOf,
  writeHashes,
} from '@tidewaiter/protocol'
import { nodePrimitives as p } from '@tidewaiter/protocol/node'
import { chunkOf, fileHead, lines, sealed } from './evidence.ts'
import { hostKey, ledgerKey, otherKey } from './keys.ts'

/** What a package holds: of a host with a gap and a fork two records, and the headers between them. */

const ledger = '0123456789abcdef0123456789abcdef'
const receivedAtMs = Date.parse('2026-11-24T10:00:07.000Z')
const records = [chunkOf(fileHead, lines)]

export const first = sealed(records)
export const second = sealed(records, { seq: 2, prev: first.headerHash })
const otherSecond = sealed(records, { seq: 2, prev: first.headerHash, bootId: 'the copy of the disk' })
const ofOther = sealed(records, { host: otherKey.host }, otherKey)

const entryAt = ({ headerHash, signature }: Batch, position: number) =>
  entryOf(p, { position, receivedAtMs: receivedAtMs + position, headerHash, signature })

/** The head of these batches, as this key signs it. */
export function headOf(batches: readonly Batch[], key = ledgerKey, id = ledger): SignedHead {
  const { root } = treeOf(p, concat(...batches.map(entryAt)))
  const frontier = batches.map(entryAt).reduce((grown, entry) => append(p, grown, entry), emptyFrontier)
  if (toHex(frontierRoot(p, frontier)) !== toHex(root)) throw new Error('tree and frontier differ')
  return signHead({ ledger: id, size: batches.length, root, time: '2026-11-24T10:00:09.000Z' }, key.sign)
}

const lost = {
  source: 'network',
  count: 12,
  cause: 'spool full',
  from: '2026-11-23T00:00:00.000Z',
  to: '2026-11-23T01:00:00.000Z',
}
/** Number 3 never came; this one has a loss to tell, and has seen the ledger when it held two batches. */
export const fourth = sealed(records, { seq: 4, prev: 'ab'.repeat(32), lost: [lost], witness: headOf([first, second]) })

interface Line {
  batch: Batch
  branch?: string
  /** Records of it that are disclosed. */
  cited?: number[]
}

const inLedger: (Line & { isOfOther?: true })[] = [
  { batch: first, cited: [0] },
  { batch: second },
  { batch: ofOther, isOfOther: true },
  { batch: otherSecond, branch: otherSecond.headerHash.slice(0, 8) },
  { batch: fourth, cited: [1] },
]

/** `ledger.json` of a ledger that was restored from the one of the first batches, where these are said to be its first. */
export function restoredCard(before: readonly Batch[], size = before.length) {
  const held = inLedger.map(({ batch }) => batch)
  const consistency = writeHashes(consistencyOf(treeOf(p, concat(...held.map(entryAt))), size))
  const head = headOf(held, ledgerKey, 'fedcba9876543210fedcba9876543210')
  return { head, restored: [{ head: headOf(before), consistency, refed: 1 }] }
}

export const path = {
  headers: hostFile(hostKey.host, 'headers'),
  card: hostFile(hostKey.host, 'card'),
  records: hostFile(hostKey.host, 'records'),
  table: hostFile(hostKey.host, 'table'),
}

const ndjson = (values: readonly unknown[]) => toUtf8(values.map((value) => `${JSON.stringify(value)}\n`).join(''))

/** Files of the host, in a ledger of these batches. */
function hostFiles(held: typeof inLedger): [string, Uint8Array][] {
  const tree = treeOf(p, concat(...held.map(({ batch }, position) => entryAt(batch, position))))
  const headers = held.flatMap(({ batch, branch = null, cited = [], isOfOther }, position) => {
    const { witness } = batch.header
    const size = witness === null ? 0 : (JSON.parse(witness.head) as { size: number }).size
    const line = {
      position,
      receivedAtMs: receivedAtMs + position,
      branch,
      header: fromUtf8(batch.headerBytes),
      signature: toBase64(batch.signature),
      consistency: witness === null ? null : writeHashes(consistencyOf(tree, size)),
      inclusion: cited.length === 0 ? null : writeHashes(pathOf(tree, position)),
    }
    return isOfOther ? [] : [line]
  })
  const proofs = held.flatMap(({ batch, cited = [] }) =>
    cited.map((index) => prove(p, batch, openBatch(p, batch), index)),
  )
  const card = {
    tw: 'host/1',
    id: hostKey.host,
    name: 'gate',
    os: 'Debian GNU/Linux 12',
    kind: 'agent',
    publicKey: toBase64(hostKey.publicKey),
    lineage: null,
    span: { from: 1, to: 4 },
    gaps: [{ from: 3, to: 3 }],
  }
  return [
    [path.headers, ndjson(headers)],
    [path.card, ndjson([card])],
    [path.records, ndjson(proofs)],
    [path.table, toUtf8('record\r\n')],
  ]
}

function actions(): Uint8Array {
  const acts = ['people.setup', 'incident.create', 'package.build']
  let prev = '0'.repeat(64)
  const whole = acts.map((act, i) => {
    const said = { no: i + 1, at: '2026-11-24T10:00:00.000Z', who: 'r.abara@halyard.example', act, data: '{}', prev }
    prev = toHex(p.sha256(toUtf8(JSON.stringify(said))))
    return { ...said, hash: prev }
  })
  return ndjson(whole.map((line) => (line.no === 2 ? { no: line.no, withheld: true, hash: line.hash } : line)))
}

/** All files below `data/`. Letters and tables are only there: nothing of them is checked but their hash. */
export function payloadOf({ hasHosts = true } = {}): Map<string, Uint8Array> {
  const cites = [`${hostKey.host}/1/0`, `${hostKey.host}/4/1`, `${otherKey.host}/1/2`]
  const withheld = [{ record: `${otherKey.host}/1/2`, why: 'its batch cannot be opened' }]
  const summary = {
    tw: 'incident/1',
    package: { at: '2026-11-24T10:00:09.000Z' },
    ...(hasHosts ? { cites, withheld } : { cites: [], withheld: [] }),
  }
  const card = {
    tw: 'ledger/1',
    keys: [toBase64(ledgerKey.publicKey)],
    head: headOf(inLedger.map(({ batch }) => batch)),
  }
  return new Map([
    ...Object.values<string>(payloadFiles).map((file) => [file, toUtf8(`${file}\n`)] as const),
    [payloadFiles.summary, ndjson([summary])],
    [payloadFiles.ledger, ndjson([card])],
    [payloadFiles.actions, actions()],
    ...(hasHosts ? hostFiles(inLedger) : []),
  ])
}
