import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { refuse, saysOf } from '../error.ts'
import type { Host } from '../host.ts'

/** Where a system keeps its own programs. An account that can write to some other folder of PATH does not choose what root runs. */
const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin']
const mostErrorText = 2_000
/** Time to end well before it is made to. */
const endMs = 2_000

function fileOf(command: string): string | undefined {
  return folders
    .map((folder) => join(folder, command))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

export function has(command: string): boolean {
  return fileOf(command) !== undefined
}

/** A program to be asked, by its path. Of our own environment it gets the zone, where one is set there, and nothing else. */
export interface Program {
  name: string
  file: string
  args: readonly string[]
  timeZone: string | undefined
  /** All that it gets instead, where a system's programs do not run on so little. */
  env?: NodeJS.ProcessEnv
}

/** Throws `command-failed`. */
export function newRun(timeZone: string | undefined): Host['run'] {
  return (name, args, signal) => {
    const file = fileOf(name)
    if (file === undefined) throw refuse('command-failed', `There is no ${name} on this machine. Install it.`)
    return output({ name, file, args, timeZone }, signal)
  }
}

/** Longest wait for an answer that is wanted whole. */
const askMs = 30_000

export function newAsk(timeZone: string | undefined): Host['ask'] {
  return async (name, args, { limit, signal }) => {
    const file = fileOf(name)
    return file === undefined
      ? { why: `${name} is not installed` }
      : answerOf({ name, file, args, timeZone }, { limit, signal })
  }
}

/** What a program says, whole. */
export async function answerOf(
  program: Program,
  { limit, signal }: { limit: number; signal: AbortSignal },
): Promise<Buffer | { why: string }> {
  const { name } = program
  const late = AbortSignal.timeout(askMs)
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of output(program, AbortSignal.any([signal, late]))) {
      length += part.length
      if (length > limit) return { why: `${name} says more than ${limit} bytes` }
      parts.push(part)
    }
  } catch (cause) {
    return { why: saysOf(cause) }
  }
  return late.aborted ? { why: `${name} did not end within ${askMs / 1000} s` } : Buffer.concat(parts)
}

/** What a program writes, until it ends. It does not outlive whoever reads it. Throws `command-failed`. */
export async function* output(program: Program, signal: AbortSignal): AsyncGenerator<Buffer> {
  if (signal.aborted) return
  const { name, file, args, timeZone } = program
  const env = program.env ?? { PATH: folders.join(':'), LC_ALL: 'C.UTF-8', TZ: timeZone }
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env, windowsHide: true })
  const ended = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(message))
    child.once('close', (code, killedBy) => resolve(code === 0 ? '' : `ended with ${code ?? killedBy}`))
  })
  let says = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    says = (says + text).slice(0, mostErrorText)
  })
  const stop = () => {
    child.kill()
    setTimeout(() => child.kill('SIGKILL'), endMs).unref()
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    for await (const part of child.stdout) yield part
    const failure = await ended
    if (failure !== '' && !signal.aborted) throw refuse('command-failed', `${name} ${failure}: ${says.trim()}`)
  } finally {
    signal.removeEventListener('abort', stop)
    if (child.exitCode === null) stop()
    child.stdout.destroy()
  }
}
