/** Numbers in [0, 1) that are the same in every run (mulberry32): a failure can be had again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One failed sign-in as glibc writes it to btmp on a 64-bit machine (struct utmp, 384 bytes); `number` is its process id. */
export function btmpRecord(number: number, { user = 'jdoe', host = '203.0.113.77' } = {}): Buffer {
  const record = Buffer.alloc(384)
  record.writeInt16LE(6, 0)
  record.writeInt32LE(number, 4)
  record.write('ssh:notty', 8, 32, 'latin1')
  record.write(user, 44, 32, 'latin1')
  record.write(host, 76, 256, 'latin1')
  record.writeInt32LE(1_764_000_000 + number, 340)
  Buffer.from(host.split('.').map(Number)).copy(record, 348)
  return record
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A line of sshd as it stands in auth.log, about 110 bytes. The time moves on by a second every 20 lines. */
export function sshdLine(number: number, random: () => number): string {
  const at = new Date(Date.UTC(2026, 10, 1) + Math.floor(number / 20) * 1000)
  const month = months[at.getUTCMonth()]
  const day = String(at.getUTCDate()).padStart(2)
  // Few addresses send most of the lines, as on a real server.
  const address = Math.floor(random() ** 3 * 3000)
  const from = `203.${address >> 8}.${address & 255}.${1 + (number % 200)}`
  const user = `user${Math.floor(random() ** 2 * 200)}`
  const time = at.toISOString().slice(11, 19)
  return `${month} ${day} ${time} desk-1 sshd[${1000 + (number % 30_000)}]: Failed password for invalid user ${user} from ${from} port ${1024 + (number % 60_000)} ssh2`
}

/** The address that guesses in `signInAttack`. */
export const intruder = '203.0.113.77'

/** Lines of auth.log from the minute of `atMs`: fourteen guesses of one account, the right one, and somebody else's slip. */
export function signInAttack(atMs: number): string {
  const at = new Date(atMs)
  const minute = `${months[at.getUTCMonth()]} ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 17)}`
  const line = (second: number, text: string) =>
    `${minute}${String(second).padStart(2, '0')} hcb-abi01 sshd[${700 + second}]: ${text}\n`
  const guesses = Array.from({ length: 14 }, (_, second) =>
    line(second, `Failed password for abiadmin from ${intruder} port ${40_000 + second} ssh2`),
  )
  return [
    ...guesses,
    line(14, `Accepted password for abiadmin from ${intruder} port 40014 ssh2`),
    line(20, 'Failed password for ana from 192.0.2.111 port 50000 ssh2'),
    line(22, 'Accepted password for ana from 192.0.2.111 port 50000 ssh2'),
    line(40, 'pam_unix(sshd:session): session closed for user ana'),
  ].join('')
}
