import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Position } from '@tidewaiter/protocol'
import { expect, onTestFinished } from 'vitest'
import type { Taken } from '../collector.ts'

const journald = '/lib/systemd/systemd-journald'
const setUp = `mount -t tmpfs none /run && mount -t tmpfs none /var/log && mkdir -p /run/systemd/journal /run/log/journal && exec ${journald}`

/** A real journald needs root, and a mount namespace for folders of its own; large entries are sent by python3. */
export const canRunJournald =
  process.getuid?.() === 0 &&
  existsSync(journald) &&
  spawnSync('unshare', ['-m', 'true']).status === 0 &&
  spawnSync('python3', ['--version']).status === 0
if (!canRunJournald && (process.env.TIDEWAITER_REQUIRE ?? '').split(',').includes('journald'))
  throw new Error('TIDEWAITER_REQUIRE names journald, which cannot run here')

/** journald with an empty journal, on folders that only it and what is run beside it can see. Ends with the test. */
export async function startJournald() {
  const child = spawn('unshare', ['-m', '--propagation', 'private', 'sh', '-c', setUp], { stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const inside = ['-t', `${child.pid}`, '-m', '--']
  const run = (command: string, args: string[], input: string | Buffer = '') =>
    execFileSync('nsenter', [...inside, command, ...args], {
      input,
      maxBuffer: 1024 ** 3,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  /** Fields as logger(1) takes them: `NAME=text` lines. */
  const write = (fields: string) => void run('logger', ['--journald'], fields)
  await expect.poll(() => spawnSync('nsenter', [...inside, 'test', '-S', '/run/systemd/journal/socket']).status).toBe(0)
  return { run, write, follow: (position?: Position) => follow(inside, position) }
}

/** The collector in a process that sees this journal. */
function follow(inside: string[], position?: Position) {
  const script = join(import.meta.dirname, 'follow-journal.fixture.ts')
  const args = [...inside, process.execPath, script, ...(position === undefined ? [] : [JSON.stringify(position)])]
  const child = spawn('nsenter', args, { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const taken: Taken[] = []
  createInterface({ input: child.stdout }).on('line', (line) => taken.push(JSON.parse(line)))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const records = () => taken.flatMap((each) => ('chunks' in each ? [each] : []))
  return {
    taken,
    chunks: () => records().flatMap(({ chunks }) => chunks),
    /** All bytes, as they were in the output of journalctl. */
    bytes: () =>
      records()
        .flatMap(({ chunks }) => chunks.map(({ bytes }) => `${bytes}`))
        .join(''),
    position: () => records().at(-1)?.next,
    /** As it was when this part of an entry was handed over. */
    positionAfter: (part: number) => records().find(({ chunks }) => chunks.at(-1)?.head.part === part)?.next,
    async stop() {
      child.stdin.end()
      return ended
    },
  }
}
