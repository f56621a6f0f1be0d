import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CollectedSource, openBatch, readCollection } from '@tidewaiter/protocol'
import { nodePrimitives } from '@tidewaiter/protocol/node'
import { expect, test } from 'vitest'
import { canRunJournald, startJournald } from '../collectors/journal/journald.fixture.ts'
import { temporaryFolder } from '../folder.fixture.ts'

const main = join(import.meta.dirname, '../main.ts')

test.skipIf(!canRunJournald)(
  'a journal is collected to its last entry, and then the collection ends (real journald)',
  { timeout: 60_000 },
  async () => {
    const { run, write } = await startJournald()
    const folder = temporaryFolder()
    const [config, out] = [join(folder, 'agent.yaml'), join(folder, 'x.tide')]
    writeFileSync(config, 'sources: [journal]\n')
    for (const text of ['first', 'second', 'third']) write(`MESSAGE=${text}\nPRIORITY=6\n`)
    const held = () => run('journalctl', ['-o', 'export', '-q', '--no-pager']).toString('latin1')
    await expect.poll(held).toContain('MESSAGE=third\n')

    const args = [main, 'collect', '--out', out, '--profile', 'full', '--config', config, '--json']
    const done: { complete: boolean; sources: CollectedSource[] } = JSON.parse(run(process.execPath, args).toString())

    expect(done.complete).toBe(true)
    expect(done.sources).toContainEqual(expect.objectContaining({ id: 'journal:system', state: 'covered' }))
    expect(await textOf(out, 'journal:system')).toBe(held())
  },
)

/** What the source wrote, to the byte. */
async function textOf(file: string, source: string): Promise<string> {
  async function* pieces() {
    yield readFileSync(file)
  }
  let text = ''
  for await (const part of readCollection(nodePrimitives, pieces())) {
    if (part.is !== 'batch') continue
    for (const { head, bytes, starts, ends, count } of openBatch(nodePrimitives, part.batch).chunks)
      if (head.source === source)
        text += Buffer.from(bytes.subarray(starts[0], (ends[count - 1] ?? 0) + (head.lf ? 1 : 0))).toString('latin1')
  }
  return text
}
