import { Command } from 'commander'
import { vi } from 'vitest'
import { collectors } from '../collectors/index.ts'
import { readConfig } from '../config.ts'
import { newFastHost } from '../fast-host.fixture.ts'
import type { Surroundings } from './command.ts'
import { fail } from './output.ts'

/** Runs one command as `main.ts` does, on a machine of the test, and gives what it printed. */
export async function runCommand(
  register: (program: Command, surroundings: Surroundings) => void,
  args: readonly string[],
  changed: Partial<Surroundings> = {},
): Promise<{ status: number; stdout: string; stderr: string }> {
  const result = { status: 0, stdout: '', stderr: '' }
  const surroundings: Surroundings = {
    openHost: () => newFastHost(10),
    collectors,
    dataFolder: '/nonexistent',
    token: undefined,
    readConfig: (file) =>
      readConfig(
        file,
        collectors.map(({ id }) => id),
      ),
    stopSignal: () => AbortSignal.abort(),
    exitWith(code) {
      result.status = code
    },
    ...changed,
  }
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      result[name] += text
      return true
    }),
  )
  try {
    const program = new Command('tidewaiter-agent').exitOverride()
    register(program, surroundings)
    await program.parseAsync(args, { from: 'user' })
  } catch (cause) {
    result.status = fail(cause)
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  return result
}
