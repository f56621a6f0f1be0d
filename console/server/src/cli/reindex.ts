import { setTimeout as wait } from 'node:timers/promises'
import type { IndexState } from '@tidewaiter/protocol/api'
import { counted } from '@tidewaiter/protocol/counted'
import type { Command } from 'commander'
import { type Common, withApi, withData } from './command.ts'
import { exit, printJson, say, showProgress } from './output.ts'

export function reindex(program: Command): void {
  withData(
    program
      .command('reindex')
      .description('forget the index, and read the whole ledger again with the decoders of now'),
  ).action(async (options: Common) => {
    const { asOf, size } = await withApi(options, async (api) => {
      const asked = await api.call<IndexState>('POST', '/index/rebuild')
      let state = asked
      while (state.rebuilding) {
        showProgress(`${state.asOf} of ${state.size} batches`)
        await wait(200)
        state = await api.call<IndexState>('GET', '/index')
      }
      showProgress('')
      // What came in meanwhile is read as ever.
      return { asOf: state.asOf, size: asked.size }
    })
    if (options.json === true) printJson({ batches: asOf })
    else console.log(`${counted(asOf, 'batch was', 'batches were')} read again.`)
    if (asOf < size) {
      say(`${counted(size - asOf, 'batch', 'batches')} could not be read. The log of the console says why.`)
      process.exitCode = exit.no
    }
  })
}
