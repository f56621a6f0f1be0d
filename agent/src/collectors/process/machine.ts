import type { Host } from '../../host.ts'

/** What turns start times into instants and numbers into names. */
export interface Machine {
  /** Clock ticks a second, the unit of `starttime`. */
  hz: number
  /** When the machine started, seconds since 1970, by its clock of now. */
  btime: number
  /** Account names by their number. */
  users: ReadonlyMap<number, string>
}

const accountsLimit = 4 * 1024 * 1024

export async function readMachine(host: Host): Promise<Machine> {
  const accounts = await host.read('/etc/passwd', accountsLimit)
  const [, btime = '0'] = /^btime (\d+)$/m.exec(host.readNow('/proc/stat')?.toString('latin1') ?? '') ?? []
  return {
    hz: parseHz(host.readNow('/proc/self/auxv')),
    btime: Number(btime),
    users: typeof accounts === 'string' ? new Map() : parseAccounts(accounts.toString()),
  }
}

/** Entry AT_CLKTCK (17) of the auxiliary vector, pairs of machine words; every architecture in use has 100. */
export function parseHz(auxv: Buffer | undefined): number {
  for (let at = 0; auxv !== undefined && at + 16 <= auxv.length; at += 16)
    if (auxv.readBigUInt64LE(at) === 17n) return Number(auxv.readBigUInt64LE(at + 8))
  return 100
}

/** Lines of passwd(5); the first one of a number gives the name, as in getpwuid(3). */
export function parseAccounts(text: string): Map<number, string> {
  const users = new Map<number, string>()
  for (const line of text.split('\n')) {
    const [name = '', , uid = ''] = line.split(':')
    if (name !== '' && /^\d{1,10}$/.test(uid) && !users.has(Number(uid))) users.set(Number(uid), name)
  }
  return users
}
