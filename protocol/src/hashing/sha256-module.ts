/**
 * A WebAssembly module with SHA-256 (FIPS 180-4) of four messages at once: each of its vectors holds the same word of
 * all four. It exports `hash(a, b, c, d, blocks, out)`: the places of four padded messages of so many blocks of 64 bytes,
 * and where their four hashes go, in the memory it imports as `m.m`.
 */
export function sha256Module(): Uint8Array<ArrayBuffer> {
  const body = hashFour().bytes
  const type = [1, 0x60, 6, ...Array(6).fill(i32), 0]
  const memory = [1, ...name('m'), ...name('m'), 2, 0, 1]
  const code = [1, ...unsigned(body.length), ...body]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, type),
    ...section(2, memory),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('hash'), 0, 0]),
    ...section(10, code),
  ])
}

const i32 = 0x7f
const v128 = 0x7b

/** Parameters, then vectors: 16 words of a block, 8 working variables, 8 words of the hash, and some to compute with. */
const place = { messages: 0, blocks: 4, out: 5, words: 6, working: 22, hash: 30, spare: 38 }
const locals = 10 + place.spare - place.words

/** The vectors that the eight working variables stand in; they move on by one with every round. */
type Working = readonly [number, number, number, number, number, number, number, number]

function hashFour(): Code {
  const code = new Code()
  code.add(1, ...unsigned(locals), v128)
  for (const [i, word] of roots(8, 2n).entries()) code.constant(word).set(place.hash + i)
  code.add(loop, empty)
  for (let quarter = 0; quarter < 4; quarter++) loadWords(code, quarter)
  for (let i = 0; i < 8; i++) code.get(place.hash + i).set(place.working + i)
  // Kept from round to round for `majority`, in one of two vectors in turn.
  let [before, now] = [place.spare, place.spare + 1]
  code
    .get(place.working + 1)
    .get(place.working + 2)
    .vector(op.xor)
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
      .get(place.hash + i)
      .get(vector)
      .vector(op.add)
      .set(place.hash + i)
  for (let message = 0; message < 4; message++) code.get(message).number(64).add(addNumber).set(message)
  code.get(place.blocks).number(1).add(subtractNumber).tee(place.blocks).add(branchIf, 0, end)
  storeHashes(code)
  return code.add(end)
}

/** 16 bytes of each message, from big-endian words of one message to vectors of the same word of all four. */
function loadWords(code: Code, quarter: number): void {
  const row = (message: number) => place.spare + 2 + message
  for (let message = 0; message < 4; message++) {
    for (let twice = 0; twice < 2; twice++) code.get(message).vector(op.load, 0, ...unsigned(16 * quarter))
    code.vector(op.shuffle, ...[0, 1, 2, 3].flatMap(bytesOfWordReversed)).set(row(message))
  }
  transpose(code, [row(0), row(1), row(2), row(3)], (word) => code.set(place.words + 4 * quarter + word))
}

/** Four vectors of four words each, seen as a table, with rows and columns exchanged; each is left to `take` on the stack. */
function transpose(code: Code, rows: readonly [number, number, number, number], take: (row: number) => void): void {
  const [low, high] = [place.spare + 6, place.spare + 8]
  const join = (a: number, b: number, words: readonly number[]) =>
    code
      .get(a)
      .get(b)
      .vector(op.shuffle, ...words.flatMap(bytesOfWord))
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
  sigma(code, word(1), [7, 18], 3).vector(op.add)
  code.get(word(9)).vector(op.add)
  sigma(code, word(14), [17, 19], 10).vector(op.add)
  code.set(word(0))
}

/** FIPS 180-4, 6.2.2, 3: e comes to stand where d stood, a where h stood. */
function round(
  code: Code,
  { t, constant, working, before, now }: { t: number; constant: number; working: Working; before: number; now: number },
): void {
  const [a, b, , d, e, f, g, h] = working
  code
    .get(h)
    .get(place.words + (t % 16))
    .vector(op.add)
    .constant(constant)
    .vector(op.add)
  sigma(code, e, [6, 11, 25]).vector(op.add)
  // Choice, (e & f) ^ (~e & g), with one step less: ((f ^ g) & e) ^ g.
  code.get(f).get(g).vector(op.xor).get(e).vector(op.and).get(g).vector(op.xor).vector(op.add).set(h)
  code.get(d).get(h).vector(op.add).set(d)
  code.get(h)
  sigma(code, a, [2, 13, 22]).vector(op.add)
  // Majority of a, b and c as ((a ^ b) & (b ^ c)) ^ b: b ^ c is the a ^ b of the round before.
  code.get(a).get(b).vector(op.xor).tee(now).get(before).vector(op.and).get(b).vector(op.xor).vector(op.add).set(h)
}

/** FIPS 180-4, 4.1.2: rotations of a word, and with `shift` a shift, combined by XOR. */
function sigma(code: Code, word: number, rotations: readonly number[], shift?: number): Code {
  for (const [i, by] of rotations.entries()) {
    code.get(word).number(by).vector(op.shiftRight)
    code
      .get(word)
      .number(32 - by)
      .vector(op.shiftLeft)
      .vector(op.or)
    if (i > 0) code.vector(op.xor)
  }
  return shift === undefined ? code : code.get(word).number(shift).vector(op.shiftRight).vector(op.xor)
}

function storeHashes(code: Code): void {
  for (const half of [0, 4]) {
    const rows = [0, 1, 2, 3].map((i) => place.hash + half + i) as [number, number, number, number]
    for (const row of rows) {
      for (let twice = 0; twice < 2; twice++) code.get(row)
      code.vector(op.shuffle, ...[0, 1, 2, 3].flatMap(bytesOfWordReversed)).set(row)
    }
    const kept = place.spare + 2
    transpose(code, rows, (message) => {
      code.set(kept)
      code
        .get(place.out)
        .get(kept)
        .vector(op.store, 0, ...unsigned(32 * message + 4 * half))
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

/** WebAssembly 2.0, 5.4: opcodes. Those of vectors follow a prefix. */
const [loop, end, branchIf, getLocal, setLocal, teeLocal, constNumber, addNumber, subtractNumber, prefix] = [
  0x03, 0x0b, 0x0d, 0x20, 0x21, 0x22, 0x41, 0x6a, 0x6b, 0xfd,
]
const empty = 0x40
const op = {
  load: 0x00,
  store: 0x0b,
  const: 0x0c,
  shuffle: 0x0d,
  and: 0x4e,
  or: 0x50,
  xor: 0x51,
  shiftLeft: 0xab,
  shiftRight: 0xad,
  add: 0xae,
}

/** Instructions, one after the other. */
class Code {
  readonly bytes: number[] = []

  add(...bytes: number[]): this {
    this.bytes.push(...bytes)
    return this
  }

  get(local: number): this {
    return this.add(getLocal as number, ...unsigned(local))
  }

  set(local: number): this {
    return this.add(setLocal as number, ...unsigned(local))
  }

  tee(local: number): this {
    return this.add(teeLocal as number, ...unsigned(local))
  }

  /** A number below 64 is one byte, whatever its sign. */
  number(value: number): this {
    return value < 64 ? this.add(constNumber as number, value) : this.add(constNumber as number, value | 0x80, 0)
  }

  /** The same word four times. */
  constant(word: number): this {
    const bytes = [0, 8, 16, 24].map((shift) => (word >>> shift) & 0xff)
    return this.vector(op.const, ...bytes, ...bytes, ...bytes, ...bytes)
  }

  vector(opcode: number, ...operands: number[]): this {
    return this.add(prefix as number, ...unsigned(opcode), ...operands)
  }
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content]
}

function name(text: string): number[] {
  return [text.length, ...[...text].map((letter) => letter.charCodeAt(0))]
}

/** LEB128 (WebAssembly 2.0, 5.2.2). */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}
