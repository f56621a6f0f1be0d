/** How a system writes a login record. Offsets and lengths are in bytes; integers have the size that is named. */
export interface Layout {
  bytes: number
  isLittle: boolean
  /** `ut_type` by its number. */
  types: readonly LoginType[]
  type: number
  pid: number
  line: Field
  user: Field
  host: Field
  /** What ended the process, and what it returned: two times 16 bits. */
  exit?: number
  session?: Integer
  seconds: Integer
  micros: Integer
  /** `ut_addr_v6`, in network order. */
  address?: number
  /** Bytes that every writer leaves zero. */
  reserved: readonly [from: number, to: number][]
}

interface Field {
  at: number
  length: number
}

interface Integer {
  at: number
  size: 4 | 8
}

export type LoginType =
  | 'empty'
  | 'run-level'
  | 'boot'
  | 'new-time'
  | 'old-time'
  | 'init'
  | 'login'
  | 'user'
  | 'dead'
  | 'accounting'
  | 'signature'
  | 'shutdown'

const linuxTypes = [
  'empty',
  'run-level',
  'boot',
  'new-time',
  'old-time',
  'init',
  'login',
  'user',
  'dead',
  'accounting',
] as const

const linux = {
  types: linuxTypes,
  type: 0,
  pid: 4,
  line: { at: 8, length: 32 },
  user: { at: 44, length: 32 },
  host: { at: 76, length: 256 },
  exit: 332,
} as const

/** glibc where its times are 32 bits (x86, 32-bit ARM, POWER, RISC-V; utmp(5)). */
const narrow = (isLittle: boolean): Layout => ({
  ...linux,
  bytes: 384,
  isLittle,
  session: { at: 336, size: 4 },
  seconds: { at: 340, size: 4 },
  micros: { at: 344, size: 4 },
  address: 348,
  reserved: [
    [2, 4],
    [364, 384],
  ],
})

/** glibc where they are 64 bits (64-bit ARM, s390x; bits/utmp.h without __WORDSIZE_TIME64_COMPAT32), and musl. */
const wide = (isLittle: boolean): Layout => ({
  ...linux,
  bytes: 400,
  isLittle,
  session: { at: 336, size: 8 },
  seconds: { at: 344, size: 8 },
  micros: { at: 352, size: 8 },
  address: 360,
  reserved: [
    [2, 4],
    [376, 400],
  ],
})

/** macOS (utmpx.h); the first record of a file says that it is one. The numbers of the two times are swapped. */
const macos: Layout = {
  bytes: 628,
  isLittle: true,
  types: [
    'empty',
    'run-level',
    'boot',
    'old-time',
    'new-time',
    'init',
    'login',
    'user',
    'dead',
    'accounting',
    'signature',
    'shutdown',
  ],
  user: { at: 0, length: 256 },
  line: { at: 260, length: 32 },
  pid: 292,
  type: 296,
  seconds: { at: 300, size: 4 },
  micros: { at: 304, size: 4 },
  host: { at: 308, length: 256 },
  reserved: [],
}

/** The usual one first: bytes that fit into several are of the first. */
export const layouts: readonly [Layout, ...Layout[]] = [narrow(true), wide(true), narrow(false), wide(false), macos]
