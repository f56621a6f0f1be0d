import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../support/root.ts'
import { pathOf } from './rest-sides.ts'

/** What a program at rest holds and uses. */
export interface Resting {
  name: string
  /** Most seen over the last half, MB of 10^6 bytes. */
  resident: number
  anonymous: number
  file: number
  /** Resident memory of programs it keeps running. */
  children: number
  /** Most since it started. */
  peak: number
  /** Of one core, over the last half. */
  cpuPercent: number
}

export interface RestResult {
  minutes: number
  load: number[]
  leftOut: string[]
  sides: Resting[]
}

/** The agent at rest, beside the programs it is compared with: no rate, but what it takes from the host. */
export const rest = {
  name: 'rest',
  title: 'The agent at rest: 200 processes, a live journal, one file that gets a line a second',
  missing: () => [
    ...(process.getuid?.() === 0 ? [] : ['root']),
    ...['unshare', 'ip', 'mount'].filter((program) => pathOf(program) === undefined),
  ],
  async run({ minutes, only }: { minutes: number; only?: string | undefined }): Promise<RestResult> {
    const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-rest-'))
    try {
      const script = join(root, 'test/bench/rest-machine.ts')
      const inside = [process.execPath, script, folder, `${minutes}`, ...(only === undefined ? [] : [only])]
      // /tmp stays: the program and its data lie there.
      const mounts = 'mount -t tmpfs none /run && mount -t tmpfs none /var/log && ip link set lo up && exec "$@"'
      const own = ['--mount', '--pid', '--net', '--fork', '--mount-proc', '--kill-child']
      const { stdout } = await promisify(execFile)('unshare', [...own, 'sh', '-c', mounts, 'sh', ...inside])
      // Our own child wrote it.
      return JSON.parse(stdout) as RestResult
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
  print({ minutes, load, leftOut, sides }: RestResult, machine: string): void {
    console.log(`\n${this.title}`)
    console.log(
      `${machine}; ${minutes} minutes, over the last half; load ${load.map((each) => each.toFixed(1)).join(' ')}\n`,
    )
    console.log(`  ${'MB'.padEnd(42)} resident  anonymous  file-backed  peak  children   % of a core`)
    for (const { name, resident, anonymous, file, peak, children, cpuPercent } of sides) {
      const numbers = [resident, anonymous, file, peak, children].map((each) => each.toFixed(1).padStart(9))
      console.log(`  ${name.padEnd(42)}${numbers.join('  ')}  ${cpuPercent.toFixed(2).padStart(9)}`)
    }
    if (leftOut.length > 0) console.log(`\n  left out, not on this machine: ${leftOut.join(', ')}`)
  },
} as const
