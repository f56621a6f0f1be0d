import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.ts'

/** Programs that some tests need and not every machine has: how to find out. */
const programs = {
  chromium: () => existsSync('/usr/bin/chromium'),
  data: () => existsSync(dataFolder),
  gcc: () => answers('gcc', '--version'),
  openssl: () => answers('openssl', 'version'),
  journald: () => existsSync('/lib/systemd/systemd-journald') && answers('unshare', '--version'),
  rsyslog: () => existsSync('/usr/sbin/rsyslogd'),
  root: () => process.getuid?.() === 0,
} as const

export type Program = keyof typeof programs

/** Real samples with their truth, beside the project. */
const dataFolder = process.env.TIDEWAITER_DATA ?? join(root, '..', 'shared', 'data')

function answers(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/**
 * True when tests that need these programs must be skipped here. With `TIDEWAITER_REQUIRE=chromium,data,...` set, a
 * missing one fails instead, so that CI cannot skip what it promised.
 */
export function missing(...needed: Program[]): boolean {
  const absent = needed.filter((program) => !programs[program]())
  const required = new Set((process.env.TIDEWAITER_REQUIRE ?? '').split(',').map((name) => name.trim()))
  const broken = absent.filter((program) => required.has(program))
  if (broken.length > 0)
    throw new Error(`TIDEWAITER_REQUIRE names ${broken.join(', ')}, and this machine does not have it`)
  return absent.length > 0
}
