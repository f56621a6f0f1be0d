import { newPasses, rowsOf } from '../proc.fixture.ts'
import { newSystemHost } from '../system.fixture.ts'
import { software } from './index.ts'

type Made = Parameters<typeof newSystemHost>[0]

/** What is told of a machine with these files, whose commands give these answers. For tests. */
export async function rowsFrom(files: Made, answers: Record<string, string> = {}) {
  const asked: string[] = []
  const host = newSystemHost(files)
  host.ask = async (command, args) => {
    asked.push([command, ...args].join(' '))
    const answer = answers[command]
    return answer === undefined ? { why: `${command} is not installed` } : Buffer.from(answer)
  }
  return { rows: rowsOf(await newPasses(software, host)()).map(({ row }) => row), asked }
}
