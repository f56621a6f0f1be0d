import type { EventPage, EventRow, SearchCoverage } from '@tidewaiter/protocol/api'
import { type Command, InvalidArgumentError } from 'commander'
import { type Common, withApi, withData } from './command.ts'
import { plain, printJson, say } from './output.ts'

interface Options extends Common {
  from?: string
  to?: string
  limit: number
}

export function search(program: Command): void {
  withData(
    program
      .command('search')
      .description('search events')
      .argument('[query]', 'for example: user.name:root and event.outcome:failure', ''),
  )
    .option('--from <time>', 'RFC 3339, or back from now: -2h, -7d')
    .option('--to <time>', 'RFC 3339, or back from now')
    .addHelpText(
      'after',
      '\nEvery event has both times: tidewaiter.clock.host as the clock of the host said,\ntidewaiter.clock.console corrected by its offset, which --from, --to and the order go by.',
    )
    .option('--limit <n>', 'at most this many events', wholeNumber, 1000)
    .action(searchEvents)
}

/** Most events asked for at once. */
const mostOfPage = 500

async function searchEvents(query: string, options: Options): Promise<void> {
  const span = new URLSearchParams({
    ...(options.from !== undefined && { from: options.from }),
    ...(options.to !== undefined && { to: options.to }),
  })
  const asked = new URLSearchParams({ ...(query !== '' && { q: query }), ...Object.fromEntries(span) })
  await withApi(options, async (api) => {
    let shown = 0
    let page: EventPage
    do {
      asked.set('limit', String(Math.min(options.limit - shown, mostOfPage)))
      page = await api.call<EventPage>('GET', `/events?${asked}`)
      for (const row of page.rows) print(row, options)
      shown += page.rows.length
      asked.set('after', page.next ?? '')
    } while (page.next !== undefined && shown < options.limit)
    const total = `${page.totalExact ? '' : 'more than '}${page.total}`
    // Beside every answer: nothing found says no more than where was looked.
    const { says } = await api.call<SearchCoverage>('GET', `/events/coverage?${span}`)
    say(
      `${shown} of ${total} ${page.total === 1 && page.totalExact ? 'event' : 'events'}, as of ledger position ${page.asOf}. ${says}`,
    )
  })
}

/** Both times of an event: `console` is the host's time corrected by its offset, which search and sort go by. */
function print({ document, at, hostAt, host }: EventRow, { json }: Common): void {
  const clock = { host: hostAt, console: at }
  if (json === true) printJson({ ...document, tidewaiter: { ...tidewaiterOf(document), clock } })
  else
    console.log(`${at}${at === hostAt ? '' : ` (host ${hostAt})`}  ${plain(host.name)}  ${plain(messageOf(document))}`)
}

function tidewaiterOf({ tidewaiter }: Record<string, unknown>): object {
  return typeof tidewaiter === 'object' && tidewaiter !== null ? tidewaiter : {}
}

function messageOf(document: Record<string, unknown>): string {
  return typeof document.message === 'string' ? document.message : JSON.stringify(document)
}

export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number from 1.')
  return value
}
