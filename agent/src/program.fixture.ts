import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { compiledOnce } from './folder.fixture.ts'

/** The whole program in a process of its own, that does not outlive the test. */
export function startProgram(args: readonly string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    env: compiledOnce,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      output += part
    })
  const ended = once(child, 'close').then(([code]) => code)
  return { child, ended, output: () => output }
}
