import { fileURLToPath } from 'node:url'
import { refuse } from '../error.ts'
import type { Host } from '../host.ts'
import { output, type Program } from './commands.ts'

/** The whole of it takes half a second; a program it waits for can hang. */
const limitMs = 60_000

/** Throws `command-failed`. */
export function newInventory(timeZone: string | undefined, env?: NodeJS.ProcessEnv): Host['inventory'] {
  return (signal) => ask({ timeZone, ...(env && { env }) }, signal)
}

async function* ask(
  surroundings: Pick<Program, 'timeZone' | 'env'>,
  signal: AbortSignal,
): ReturnType<Host['inventory']> {
  // As it is named from source, and in the bundle that hosts get.
  const name = import.meta.url.endsWith('.ts') ? './inventory-child.ts' : './inventory-child.mjs'
  const script = fileURLToPath(new URL(name, import.meta.url))
  const late = AbortSignal.timeout(limitMs)
  const child = output(
    { name: 'the inventory', file: process.execPath, args: [script], ...surroundings },
    AbortSignal.any([signal, late]),
  )
  for await (const line of linesOf(child)) {
    // Our own child wrote it.
    const { section, value } = JSON.parse(line) as { section: string; value: unknown }
    yield { method: `systeminformation.${section}`, section, value }
  }
  if (late.aborted && !signal.aborted)
    throw refuse('command-failed', `the inventory did not end within ${limitMs / 1000} s and was stopped`)
}

async function* linesOf(parts: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0)
  for await (const part of parts) {
    rest = Buffer.concat([rest, part])
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield rest.toString('utf8', 0, end)
      rest = rest.subarray(end + 1)
    }
  }
}
