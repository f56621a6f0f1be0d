import type { FakeHost } from '../host.fixture.ts'
import { newSystemHost } from './system.fixture.ts'

/** A Mac with these files, whose programs answer so: by the whole command, or by its name. */
export function newMac(
  answers: Readonly<Record<string, string>>,
  files: Parameters<typeof newSystemHost>[0] = {},
): FakeHost {
  return {
    ...newSystemHost(files),
    platform: 'darwin',
    has: (command) => Object.keys(answers).some((each) => each.split(' ', 1)[0] === command),
    async ask(command, args) {
      const answer = answers[[command, ...args].join(' ')] ?? answers[command]
      return answer === undefined ? { why: `${command} is not installed` } : Buffer.from(answer)
    },
  }
}
