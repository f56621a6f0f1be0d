import {
  append,
  checkHead,
  emptyFrontier,
  entryOf,
  type Frontier,
  frontierRoot,
  type Head,
  type Header,
  hostIdOf,
  parseHead,
  parseHeader,
  Refusal,
  type SignedHead,
  toHex,
  verifyHeader,
} from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import type { Before, Claim, Comparing, Comparison, Witness } from './comparison.ts'
import { openRoots, type Roots } from './roots.ts'
import type { WalkedEntry } from './walk.ts'

/** So many of each are kept to be named. */
const mostNamed = 100
/** Heads that are kept for a second look: only those that the ledger key signed. */
const mostOld = 200_000

/**
 * Compares a ledger with the heads that its hosts sealed into their batches and with those that are held elsewhere. Who
 * has all keys of a console can write another past with fitting signatures; what hosts hold, and seal with keys of their
 * own, contradicts it.
 */
export function compareWithHosts(comparing: Comparing): Comparison {
  const state = newState(comparing)
  for (const entry of comparing.walk()) {
    take(state, entry)
    if (state.frontier.size % 1000 === 0) comparing.step?.(state.frontier.size)
  }
  for (const witness of comparing.others) judge(state, witness)
  lookAgain(state)
  return conclude(state)
}

interface Old {
  head: Head
  witness: Witness
}

interface State extends Comparing {
  frontier: Frontier
  roots: Roots
  ledger: string
  /** Ledger -> how many of its entries this one begins with. */
  sizes: Map<string, number>
  before: Before[]
  tips: Map<string, { seq: number; hash: string }>
  good: Set<number>
  goodHosts: Set<string>
  goodFiles: Set<string>
  told: Set<string>
  bad: Map<number, Witness[]>
  unnamed: Map<string, { size: number; proof: Witness }>
  old: Map<string, Old>
  holes: Comparison['holes']
  broken: number[]
  /** By who holds them. */
  claims: Map<string, Claim>
  left: number
}

function newState(comparing: Comparing): State {
  return {
    ...comparing,
    frontier: emptyFrontier,
    roots: openRoots(),
    ledger: '',
    sizes: new Map(),
    before: [],
    tips: new Map(),
    good: new Set(),
    goodHosts: new Set(),
    goodFiles: new Set(),
    told: new Set(),
    bad: new Map(),
    unnamed: new Map(),
    old: new Map(),
    holes: [],
    broken: [],
    claims: new Map(),
    left: 0,
  }
}

function take(state: State, entry: WalkedEntry): void {
  const { position, receivedAtMs, headerBytes, signature } = entry
  const headerHash = toHex(nodePrimitives.sha256(headerBytes))
  const header = readHeader(headerBytes)
  if (entry.isFirst && entry.ledger !== state.ledger) beginLedger(state, entry, header)
  state.frontier = append(
    nodePrimitives,
    state.frontier,
    entryOf(nodePrimitives, { position, receivedAtMs, headerHash, signature }),
  )
  state.roots.add(state.frontier)
  if (header === undefined || position !== state.frontier.size - 1 || !isSealed(state, header, entry)) {
    if (state.broken.length < mostNamed) state.broken.push(position)
    return
  }
  if (entry.branch === null) follow(state, header, headerHash)
  const { host, seq, witness } = header
  if (witness !== null && host !== state.consoleHost) judge(state, { head: witness, by: host, how: 'sealed', seq })
}

/** A ledger that is not the first says with its first entry from which one it goes on. */
function beginLedger(state: State, { ledger, position, receivedAtMs }: WalkedEntry, header: Header | undefined): void {
  const isConsole = header?.host === state.consoleHost
  if (state.ledger !== '') state.sizes.set(state.ledger, position)
  state.ledger = ledger
  if (!isConsole) return
  const named = header.witness === null ? undefined : readHead(header.witness)
  const at = new Date(receivedAtMs).toISOString()
  state.before.push({ ledger: named?.ledger ?? null, size: position, at, seen: null })
}

function isSealed({ hostKeys }: State, header: Header, { headerBytes, signature }: WalkedEntry): boolean {
  const key = hostKeys.get(header.host)
  // A host that is not in the tables any more is named by its holes alone.
  if (key === undefined) return true
  if (hostIdOf(nodePrimitives.sha256(key)) !== header.host) return false
  return isRight(() => verifyHeader(nodePrimitives, { headerBytes, signature }, key))
}

function follow({ tips, holes }: State, { host, seq, prev }: Header, hash: string): void {
  const tip = tips.get(host) ?? { seq: 0, hash: null }
  const isNext = seq === tip.seq + 1 && prev === tip.hash
  if (!isNext && holes.length < mostNamed)
    holes.push({ host, from: Math.min(tip.seq + 1, seq), to: Math.max(seq - 1, tip.seq) })
  tips.set(host, { seq, hash })
}

function judge(state: State, witness: Witness): void {
  const head = readHead(witness.head)
  if (head === undefined) {
    claim(state, witness, null)
    return
  }
  // Most heads are of a moment ago, and their roots are in memory. One that agrees needs no signature.
  const root = head.ledger === state.ledger || state.sizes.has(head.ledger) ? state.roots.at(head.size) : undefined
  if (root === head.root && head.size <= sizeIn(state, head.ledger)) {
    agree(state, head, witness)
    return
  }
  if (!isSigned(state, witness.head)) {
    claim(state, witness, head)
    return
  }
  // Hosts hold the same heads; of files each is asked for by name.
  const key = `${head.ledger} ${head.size} ${head.root} ${witness.how === 'file' ? witness.by : ''}`
  if (state.old.has(key)) return
  if (state.old.size >= mostOld) state.left += 1
  else state.old.set(key, { head, witness })
}

function agree({ good, goodHosts, goodFiles, told }: State, { size }: Head, { by, how }: Witness): void {
  good.add(size)
  if (how === 'connected') told.add(by)
  const whose = how === 'file' ? goodFiles : goodHosts
  whose.add(by)
}

/** It proves nothing by itself. That somebody holds it does: whoever writes another past may make another ledger key, too. */
function claim({ claims }: State, { by, how }: Witness, head: Head | null): void {
  const { heads, newest } = claims.get(by) ?? { heads: 0, newest: null }
  const isLater = head !== null && (newest === null || head.time > newest.time)
  claims.set(by, { by, how, heads: heads + 1, newest: isLater ? head : newest })
}

/** How many entries of a ledger this one begins with; 0 for one it does not know. */
function sizeIn({ ledger, sizes, frontier }: State, other: string): number {
  return other === ledger ? frontier.size : (sizes.get(other) ?? 0)
}

/** What did not fit at first sight: heads older than the roots in memory need a second walk. */
function lookAgain(state: State): void {
  const waiting = [...state.old.values()].filter((old) => !isSettled(state, old))
  if (waiting.length === 0) return
  const bySize = Map.groupBy(waiting, ({ head }) => head.size)
  let frontier = emptyFrontier
  const look = () => {
    const found = bySize.get(frontier.size)
    if (found === undefined) return
    const root = rootOf(frontier)
    for (const { head, witness } of found)
      if (head.root === root) agree(state, head, witness)
      else contradict(state, head.size, witness)
  }
  look()
  for (const { position, receivedAtMs, headerBytes, signature } of state.walk()) {
    if (frontier.size >= state.frontier.size) break
    const headerHash = toHex(nodePrimitives.sha256(headerBytes))
    frontier = append(
      nodePrimitives,
      frontier,
      entryOf(nodePrimitives, { position, receivedAtMs, headerHash, signature }),
    )
    look()
  }
}

/** True for what can be said without the root: a head beyond the end, or of a ledger this one does not begin with. */
function isSettled(state: State, { head, witness }: Old): boolean {
  const { ledger, size } = head
  if (ledger === state.ledger) {
    if (size <= state.frontier.size) return false
    contradict(state, size, witness)
    return true
  }
  const most = state.sizes.get(ledger)
  if (most !== undefined && size <= most) return false
  const before =
    state.before.find((known) => known.ledger === ledger) ?? state.before.find((known) => known.ledger === null)
  if (before !== undefined) before.seen = Math.max(before.seen ?? 0, size)
  else if ((state.unnamed.get(ledger)?.size ?? -1) < size) state.unnamed.set(ledger, { size, proof: witness })
  return true
}

function contradict({ bad }: State, size: number, witness: Witness): void {
  const known = bad.get(size) ?? []
  if (known.length < mostNamed) bad.set(size, [...known, witness])
}

function conclude(state: State): Comparison {
  const { ledger, frontier, good, goodHosts, goodFiles, told, bad, before, holes, broken, claims, left } = state
  const first = bad.size === 0 ? undefined : Math.min(...bad.keys())
  const agreed =
    first === undefined ? 0 : [...good].reduce((most, size) => (size < first && size > most ? size : most), 0)
  const proof = [...bad.values()].flat().slice(0, mostNamed)
  return {
    ledger,
    size: frontier.size,
    root: rootOf(frontier),
    fitting: good.size,
    hosts: goodHosts.size,
    told: [...told],
    files: [...goodFiles],
    covered: [...good].reduce((most, size) => Math.max(most, size), 0),
    difference: first === undefined ? null : { from: Math.min(agreed, frontier.size), to: first - 1, proof },
    unnamed: [...state.unnamed].map(([id, found]) => ({ ledger: id, ...found })),
    before,
    holes,
    broken,
    claims: [...claims.values()],
    left,
  }
}

function rootOf(frontier: Frontier): string {
  return toHex(frontierRoot(nodePrimitives, frontier))
}

function isSigned({ ledgerKeys }: State, signed: SignedHead): boolean {
  return ledgerKeys.some((key) => isRight(() => checkHead(nodePrimitives, signed, key)))
}

function readHeader(bytes: Uint8Array): Header | undefined {
  try {
    return parseHeader(bytes)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

function readHead(signed: SignedHead): Head | undefined {
  try {
    return parseHead(signed)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** False for what is refused. */
function isRight(check: () => unknown): boolean {
  try {
    check()
    return true
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}
