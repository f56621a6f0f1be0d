import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const limitMs = 5_000
/** Longest line that every syslog daemon keeps whole (RFC 3164, section 4.1). */
const mostLength = 1_000

/** Node opens no datagram socket, so /dev/log is written to by the system's own program; without it, through the kernel's log. */
export async function noteInSystemLog(line: string): Promise<boolean> {
  const text = line.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, mostLength)
  return (await byLogger(text)) || (await byKernel(text))
}

async function byLogger(text: string): Promise<boolean> {
  const [, tag = 'tidewaiter-agent', says = text] = /^([a-z-]{1,32}): (.*)$/.exec(text) ?? []
  const args = ['--socket-errors=on', '--priority', 'auth.notice', '--tag', tag, '--', says]
  return execute('/usr/bin/logger', args, { timeout: limitMs }).then(
    () => true,
    () => false,
  )
}

/** 37 is facility auth, severity notice (RFC 5424, section 6.2.1); the daemon that reads the kernel's log keeps it. */
async function byKernel(text: string): Promise<boolean> {
  return writeFile('/dev/kmsg', `<37>${text}\n`, { flag: 'r+' }).then(
    () => true,
    () => false,
  )
}
