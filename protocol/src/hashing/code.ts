/** WebAssembly 2.0, 5.4: opcodes. Those of vectors follow a prefix. */
const opcode = {
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  branch: 0x0c,
  branchIf: 0x0d,
  call: 0x10,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  load: 0x28,
  loadFloat: 0x2b,
  store: 0x36,
  storeByte: 0x3a,
  number: 0x41,
  vector: 0xfd,
}
/** Of numbers of 32 bits on the stack, but for the last: a whole number of 64 bits from a float. */
const compute = {
  equal: 0x46,
  isBelow: 0x49,
  isAbove: 0x4b,
  isAtLeast: 0x4f,
  add: 0x6a,
  subtract: 0x6b,
  multiply: 0x6c,
  shiftLeft: 0x74,
  shiftRight: 0x76,
  truncate: 0xb1,
}
const vectors = {
  load: 0x00,
  store: 0x0b,
  constant: 0x0c,
  shuffle: 0x0d,
  splatLong: 0x12,
  and: 0x4e,
  or: 0x50,
  xor: 0x51,
  shiftLeft: 0xab,
  shiftRight: 0xad,
  add: 0xae,
}
const emptyBlock = 0x40

export type Compute = keyof typeof compute
export type OnVectors = keyof typeof vectors

/** Instructions of WebAssembly, one after the other. */
export class Code {
  readonly bytes: number[] = []

  add(...bytes: number[]): this {
    this.bytes.push(...bytes)
    return this
  }

  /** Pushes local variables. */
  get(...locals: number[]): this {
    for (const local of locals) this.add(opcode.get, ...unsigned(local))
    return this
  }

  set(local: number): this {
    return this.add(opcode.set, ...unsigned(local))
  }

  tee(local: number): this {
    return this.add(opcode.tee, ...unsigned(local))
  }

  number(value: number): this {
    return this.add(opcode.number, ...signed(value))
  }

  /** @param values pushed before it is computed */
  compute(name: Compute, ...values: number[]): this {
    for (const value of values) this.number(value)
    return this.add(compute[name])
  }

  load(offset = 0): this {
    return this.add(opcode.load, 0, ...unsigned(offset))
  }

  loadFloat(): this {
    return this.add(opcode.loadFloat, 0, 0)
  }

  store(offset = 0): this {
    return this.add(opcode.store, 0, ...unsigned(offset))
  }

  storeByte(offset = 0): this {
    return this.add(opcode.storeByte, 0, ...unsigned(offset))
  }

  call(callee: number): this {
    return this.add(opcode.call, ...unsigned(callee))
  }

  /** Instructions that a branch of depth `n` out of them jumps behind (`block`), or back to the start of (`loop`). */
  within(kind: 'block' | 'loop' | 'if', body: (code: this) => void): this {
    this.add(opcode[kind], emptyBlock)
    body(this)
    return this.end()
  }

  branch(depth: number): this {
    return this.add(opcode.branch, depth)
  }

  branchIf(depth: number): this {
    return this.add(opcode.branchIf, depth)
  }

  end(): this {
    return this.add(opcode.end)
  }

  /** The same word four times. */
  constant(word: number): this {
    const bytes = [0, 8, 16, 24].map((shift) => (word >>> shift) & 0xff)
    return this.vector('constant', ...bytes, ...bytes, ...bytes, ...bytes)
  }

  /** 16 bytes from the address on the stack. */
  loadVector(offset = 0): this {
    return this.vector('load', 0, ...unsigned(offset))
  }

  storeVector(offset = 0): this {
    return this.vector('store', 0, ...unsigned(offset))
  }

  vector(name: OnVectors, ...operands: number[]): this {
    return this.add(opcode.vector, ...unsigned(vectors[name]), ...operands)
  }
}

const types = { number: 0x7f, vector: 0x7b }

/** A function of numbers of 32 bits, which gives one or nothing. */
export interface Routine {
  name: string
  parameters: number
  givesNumber: boolean
  /** Local variables behind the parameters. */
  locals: { count: number; type: keyof typeof types }
  body: Code
}

/** A module of these functions, which call each other by their place in the list, in the memory it imports as `m.m`. */
export function moduleOf(routines: readonly Routine[]): Uint8Array<ArrayBuffer> {
  const signatures = routines.map(({ parameters, givesNumber }) => [
    ...[0x60, ...unsigned(parameters), ...Array<number>(parameters).fill(types.number)],
    ...(givesNumber ? [1, types.number] : [0]),
  ])
  const bodies = routines.map(({ locals: { count, type }, body }) => {
    const bytes = [1, ...unsigned(count), types[type], ...body.bytes]
    return [...unsigned(bytes.length), ...bytes]
  })
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, signatures),
    ...section(2, [[...text('m'), ...text('m'), 2, 0, 1]]),
    ...section(
      3,
      routines.map((_, i) => unsigned(i)),
    ),
    ...section(
      7,
      routines.map(({ name }, i) => [...text(name), 0, ...unsigned(i)]),
    ),
    ...section(10, bodies),
  ])
}

function section(id: number, entries: readonly (readonly number[])[]): number[] {
  const content = [...unsigned(entries.length), ...entries.flat()]
  return [id, ...unsigned(content.length), ...content]
}

function text(name: string): number[] {
  return [name.length, ...[...name].map((letter) => letter.charCodeAt(0))]
}

/** LEB128 (WebAssembly 2.0, 5.2.2). */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

/** Of a number that is not negative: the highest bit of its last byte is its sign. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)]
}
