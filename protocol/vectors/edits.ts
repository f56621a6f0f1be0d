import { toBase64 } from '@tidewaiter/protocol'

/** At this offset of the old bytes as many are taken out, and these (base64) put in. */
export type Edit = [at: number, remove: number, insert: string]

/** Bytes that must be the same before two sequences are taken to go on together. */
const sameBytes = 12
/** How far ahead is looked for them, in both together. */
const mostAhead = 1500

/** Turns old bytes into new ones; not the shortest way, but the same each time. */
export function editsBetween(old: Uint8Array, made: Uint8Array): Edit[] {
  const edits: Edit[] = []
  let [i, j] = [0, 0]
  for (;;) {
    while (i < old.length && old[i] === made[j]) {
      i++
      j++
    }
    if (i === old.length && j === made.length) return edits
    const [nextOld, nextMade] = meeting(old, made, [i, j])
    edits.push([i, nextOld - i, toBase64(made.subarray(j, nextMade))])
    i = nextOld
    j = nextMade
  }
}

/** The nearest place from which both go on alike; their ends where there is none. */
function meeting(old: Uint8Array, made: Uint8Array, [i, j]: [number, number]): [number, number] {
  for (let ahead = 1; ahead <= mostAhead; ahead++)
    for (let skip = 0; skip <= ahead; skip++)
      if (isAlike(old, made, i + skip, j + ahead - skip)) return [i + skip, j + ahead - skip]
  return [old.length, made.length]
}

function isAlike(old: Uint8Array, made: Uint8Array, i: number, j: number): boolean {
  if (i + sameBytes > old.length || j + sameBytes > made.length) return false
  for (let k = 0; k < sameBytes; k++) if (old[i + k] !== made[j + k]) return false
  return true
}
