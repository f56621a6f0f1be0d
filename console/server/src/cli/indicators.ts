import type { HostPage, Indicator, IndicatorPage, Sweep } from '@tidewaiter/protocol/api'
import { counted } from '@tidewaiter/protocol/counted'
import type { Command } from 'commander'
import { type Common, withApi, withData } from './command.ts'
import { hostLabels } from './host-label.ts'
import { indicatorImport } from './indicator-import.ts'
import { plain, printJson, table } from './output.ts'

export function indicators(program: Command): void {
  const group = program.command('indicators').description('indicators of compromise')
  indicatorImport(group)
  withData(group.command('list').description('indicators with their sightings')).action(async (options: Common) => {
    const rows = await withApi(options, async (api) => {
      const { rows, next } = await api.call<IndicatorPage>('GET', '/indicators?limit=1000')
      for (let after = next; after !== undefined; ) {
        const page = await api.call<IndicatorPage>('GET', `/indicators?limit=1000&after=${encodeURIComponent(after)}`)
        rows.push(...page.rows)
        after = page.next
      }
      return rows
    })
    if (options.json === true) return printJson(rows)
    console.log(
      table(
        ['ID', 'TYPE', 'VALUE', 'SIGHTINGS', 'SOURCE'],
        rows.map((row) => [row.id, row.type, row.value, String(row.sightings), row.source]),
      ),
    )
  })
  withData(
    group.command('expire').description('stop matching an indicator; it stays in the list').argument('<id>'),
  ).action(async (id: string, options: Common) => {
    const indicator = await withApi(options, (api) =>
      api.call<Indicator>('POST', `/indicators/${encodeURIComponent(id)}/expire`),
    )
    if (options.json === true) printJson(indicator)
    else console.log(`${indicator.type} ${plain(indicator.value)} is matched no more.`)
  })
  withData(program.command('sweep').description('indicators over everything stored, with what could not be examined'))
    .option('--indicator <id...>', 'only these')
    .action(async (options: Common & { indicator?: string[] }) => {
      const asked = options.indicator === undefined ? {} : { indicators: options.indicator }
      const { sweep, hosts } = await withApi(options, async (api) => ({
        sweep: await api.call<Sweep>('POST', '/sweeps', asked),
        hosts: (await api.call<HostPage>('GET', '/hosts')).rows,
      }))
      if (options.json === true) return printJson(sweep)
      printSweep(sweep, hostLabels(hosts))
    })
}

function printSweep(
  { sightings, indicators, hosts, complete, behind, coverage }: Sweep,
  labelOf: (host: string) => string,
): void {
  const rows = sightings.map(({ indicator, host, count, lastAt }) => [
    indicator.type,
    indicator.value,
    labelOf(host.id),
    String(count),
    lastAt,
  ])
  console.log(table(['TYPE', 'INDICATOR', 'HOST', 'COUNT', 'LAST'], rows))
  const says = complete ? 'Every source that is asked was covered.' : 'Not complete:'
  console.log(
    `${counted(sightings.length, 'sighting')}. Looked for ${counted(indicators, 'indicator')} on ${counted(hosts, 'host')}. ${says}`,
  )
  if (behind > 0) console.log(`The index had not read the last ${counted(behind, 'batch', 'batches')}.`)
  const gaps = coverage.filter(({ state }) => state !== 'covered')
  if (gaps.length > 0)
    console.log(
      table(
        ['HOST', 'SOURCE', 'FROM', 'TO', 'STATE', 'WHY'],
        gaps.map((gap) => [labelOf(gap.host), gap.source, gap.from, gap.to, gap.state, gap.why ?? '']),
      ),
    )
}
