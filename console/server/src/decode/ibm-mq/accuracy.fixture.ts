import type { Accuracy } from '../accuracy.fixture.ts'
import { decodeFile } from '../files.ts'
import { pathOf, truthOf } from '../shared-data.fixture.ts'

interface Counted {
  entries: number
  message_ids: Readonly<Record<string, number>>
  programs: Readonly<Record<string, number>>
}

/** How many entries, which messages and of which programs were counted by others in a log of a real queue manager. */
export async function messageAccuracy(): Promise<Accuracy & { differences: readonly unknown[] }> {
  const { files } = truthOf('mq_logs') as { files: Record<string, Counted> }
  const compared: [what: string, expected: number, found: number][] = []
  for (const [name, truth] of Object.entries(files)) {
    const events = await Array.fromAsync(decodeFile(pathOf(`mq_logs/${name}`)))
    const words = events.flatMap(({ event, process }) => [event.code, (process as { name?: string } | undefined)?.name])
    compared.push(['entries', truth.entries, events.length])
    for (const [word, count] of [...Object.entries(truth.message_ids), ...Object.entries(truth.programs)])
      compared.push([word, count, words.filter((each) => each === word).length])
  }
  const differences = compared.filter(([, expected, found]) => expected !== found)
  return {
    records: compared.length,
    right: compared.length - differences.length,
    wrong: differences.length,
    missed: 0,
    differences,
  }
}
