import { Code, type Routine } from './code.ts'

/** Parameters, then vectors: 16 words of a block, 8 working variables, 8 words of the hash, and some to compute with. */
const place = { messages: 0, blocks: 4, out: 5, words: 6, working: 22, hash: 30, spare: 38 }
const locals = 10 + place.spare - place.words

/** The vectors that the eight working variables stand in; they move on by one with every round. */
type Working = readonly [number, number, number, number, number, number, number, number]

/**
 * SHA-256 (FIPS 180-4) of four messages at once, `hash(a, b, c, d, blocks, out)`: the places of four padded messages of
 * so many blocks of 64 bytes, and where their four hashes go. Each vector holds the same word of all four.
 */
export function sha256Routine(): Routine {
  return { name: 'hash', parameters: 6, givesNumber: false, locals: { count: locals, type: 'vector' }, body: body() }
}

function body(): Code {
  const code = new Code()
  for (const [i, word] of roots(8, 2n).entries()) code.constant(word).set(place.hash + i)
  code.within('loop', () => {
    hashBlock(code)
    for (let message = 0; message < 4; message++) code.get(message).compute('add', 64).set(message)
    code.get(place.blocks).compute('subtract', 1).tee(place.blocks).branchIf(0)
  })
  storeHashes(code)
  return code.end()
}

function hashBlock(code: Code): void {
  for (let quarter = 0; quarter < 4; quarter++) loadWords(code, quarter)
  for (let i = 0; i < 8; i++) code.get(place.hash + i).set(place.working + i)
  // Kept from round to round for `majority`, in one of two vectors in turn.
  let [before, now] = [place.spare, place.spare + 1]
  code
    .get(place.working + 1, place.working + 2)
    .vector('xor')
    .set(before)
  let working: Working = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => place.working + i) as unknown as Working
  for (const [t, constant] of roots(64, 3n).entries()) {
    if (t >= 16) expand(code, t)
    round(code, { t, constant, working, before, now })
    const [a, b, c, d, e, f, g, h] = working
    working = [h, a, b, c, d, e, f, g]
    ;[before, now] = [now, before]
  }
  for (const [i, vector] of working.entries())
    code
      .get(place.hash + i, vector)
      .vector('add')
      .set(place.hash + i)
}

/** 16 bytes of each message, from big-endian words of one message to vectors of the same word of all four. */
function loadWords(code: Code, quarter: number): void {
  const row = (message: number) => place.spare + 2 + message
  for (let message = 0; message < 4; message++) {
    for (let twice = 0; twice < 2; twice++) code.get(message).loadVector(16 * quarter)
    code.vector('shuffle', ...[0, 1, 2, 3].flatMap(bytesOfWordReversed)).set(row(message))
  }
  transpose(code, [row(0), row(1), row(2), row(3)], (word) => code.set(place.words + 4 * quarter + word))
}

/** Four vectors of four words each, seen as a table, with rows and columns exchanged; each is left to `take` on the stack. */
function transpose(code: Code, rows: readonly [number, number, number, number], take: (row: number) => void): void {
  const [low, high] = [place.spare + 6, place.spare + 8]
  const join = (a: number, b: number, words: readonly number[]) =>
    code.get(a, b).vector('shuffle', ...words.flatMap(bytesOfWord))
  for (const [pair, [a, b]] of [
    [rows[0], rows[1]],
    [rows[2], rows[3]],
  ].entries()) {
    join(a as number, b as number, [0, 4, 1, 5]).set(low + pair)
    join(a as number, b as number, [2, 6, 3, 7]).set(high + pair)
  }
  for (const [row, [from, words]] of (
    [
      [low, [0, 1, 4, 5]],
      [low, [2, 3, 6, 7]],
      [high, [0, 1, 4, 5]],
      [high, [2, 3, 6, 7]],
    ] as const
  ).entries()) {
    join(from, from + 1, words)
    take(row)
  }
}

/** FIPS 180-4, 6.2.2, 1: word t of the schedule, in the place of word t - 16. */
function expand(code: Code, t: number): void {
  const word = (i: number) => place.words + ((t + i) % 16)
  code.get(word(0))
  sigma(code, word(1), [7, 18], 3).vector('add')
  code.get(word(9)).vector('add')
  sigma(code, word(14), [17, 19], 10).vector('add')
  code.set(word(0))
}

/** FIPS 180-4, 6.2.2, 3: e comes to stand where d stood, a where h stood. */
function round(
  code: Code,
  { t, constant, working, before, now }: { t: number; constant: number; working: Working; before: number; now: number },
): void {
  const [a, b, , d, e, f, g, h] = working
  code
    .get(h, place.words + (t % 16))
    .vector('add')
    .constant(constant)
    .vector('add')
  sigma(code, e, [6, 11, 25]).vector('add')
  // Choice, (e & f) ^ (~e & g), with one step less: ((f ^ g) & e) ^ g.
  code.get(f, g).vector('xor').get(e).vector('and').get(g).vector('xor').vector('add').set(h)
  code.get(d, h).vector('add').set(d)
  code.get(h)
  sigma(code, a, [2, 13, 22]).vector('add')
  // Majority of a, b and c as ((a ^ b) & (b ^ c)) ^ b: b ^ c is the a ^ b of the round before.
  code.get(a, b).vector('xor').tee(now).get(before).vector('and').get(b).vector('xor').vector('add').set(h)
}

/** FIPS 180-4, 4.1.2: rotations of a word, and with `shift` a shift, combined by XOR. */
function sigma(code: Code, word: number, rotations: readonly number[], shift?: number): Code {
  for (const [i, by] of rotations.entries()) {
    code.get(word).number(by).vector('shiftRight')
    code
      .get(word)
      .number(32 - by)
      .vector('shiftLeft')
      .vector('or')
    if (i > 0) code.vector('xor')
  }
  return shift === undefined ? code : code.get(word).number(shift).vector('shiftRight').vector('xor')
}

function storeHashes(code: Code): void {
  for (const half of [0, 4]) {
    const rows = [0, 1, 2, 3].map((i) => place.hash + half + i) as [number, number, number, number]
    for (const row of rows)
      code
        .get(row, row)
        .vector('shuffle', ...[0, 1, 2, 3].flatMap(bytesOfWordReversed))
        .set(row)
    const kept = place.spare + 2
    transpose(code, rows, (message) => {
      code.set(kept)
      code.get(place.out, kept).storeVector(32 * message + 4 * half)
    })
  }
}

function bytesOfWord(word: number): number[] {
  return [0, 1, 2, 3].map((byte) => 4 * word + byte)
}

function bytesOfWordReversed(word: number): number[] {
  return bytesOfWord(word).reverse()
}

/** FIPS 180-4, 4.2.2 and 5.3.3: the first 32 bits of the fractions of the square or cube roots of the first primes. */
function roots(count: number, degree: bigint): number[] {
  return primes(count).map((prime) => {
    const scaled = BigInt(prime) << (32n * degree)
    let [low, high] = [0n, 1n << 40n]
    while (low < high) {
      const middle = (low + high + 1n) / 2n
      if (middle ** degree <= scaled) low = middle
      else high = middle - 1n
    }
    return Number(low & 0xffffffffn)
  })
}

function primes(count: number): number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n)
  return found
}
