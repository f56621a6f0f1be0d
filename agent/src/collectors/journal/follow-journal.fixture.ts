import { newLinuxHost } from '../../linux-host.fixture.ts'
import { journal } from './index.ts'

// Follows the journal of the machine it runs on: node follow-journal.fixture.ts [POSITION]. Prints a line of JSON for
// each hand-over, and ends with its standard input.
const [position] = process.argv.slice(2).map((text) => JSON.parse(text))
const stop = new AbortController()
process.stdin.on('data', () => {}).on('end', () => stop.abort())
const from = { position: () => position, files: [], takeFull: () => false, before: new Map() }
for await (const taken of journal.collect(newLinuxHost(), stop.signal, from))
  process.stdout.write(
    `${JSON.stringify(taken, (key, value) => (key === 'bytes' ? Buffer.from(value).toString('latin1') : value))}\n`,
  )
process.stdin.destroy()
