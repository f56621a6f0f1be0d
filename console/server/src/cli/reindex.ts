import { setTimeout as wait } from 'node:timers/promises'
import type { IndexState } from '@tidewaiter/protocol/api'
import { counted } from '@tidewaiter/protocol/counted'
import type { Command } from 'commander'
import { unreadableText } from '../index/left-out.ts'
import { type Common, withApi, withData } from './command.ts'
import { exit, printJson, say, showProgress } from './output.ts'

export function reindex(program: Command): void {
  withData(
    program
      .command('reindex')
      .description('forget the index, and read the whole ledger again with the decoders of now'),
  ).action(async (options: Common) => {
    const { asOf, size, leftOut } = await withApi(options, async (api) => {
      const asked = await api.call<IndexState>('POST', '/index/rebuild')
      let state = asked
      while (state.rebuilding) {
        showProgress(`${state.asOf} of ${state.size} batches`)
        await wait(200)
        state = await api.call<IndexState>('GET', '/index')
      }
      showProgress('')
      // What came in meanwhile is read as ever.
      return { asOf: state.asOf, size: asked.size, leftOut: state.leftOut }
    })
    const read = asOf - leftOut.batches
    if (options.json === true) printJson({ batches: read, ...(leftOut.batches > 0 && { unreadable: leftOut }) })
    else console.log(`${counted(read, 'batch was', 'batches were')} read again.`)
    if (leftOut.batches > 0) {
      say(`${unreadableText(leftOut)} The page of each host says why; a backup may hold them whole.`)
      process.exitCode = exit.no
    }
    if (asOf < size) {
      say(`${counted(size - asOf, 'batch', 'batches')} could not be read. The log of the console says why.`)
      process.exitCode = exit.no
    }
  })
}
