import { writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { parseArgs } from 'node:util'
import { type Bench, compare, type Measure, type Result } from './bench.ts'
import { evtx, evtxSmall } from './evtx.ts'
import { fleet } from './fleet.ts'
import { growth } from './growth.ts'
import { indexing } from './indexing.ts'
import { type RestResult, rest } from './rest.ts'
import { shipping, shippingSlowDisk } from './shipping.ts'

const benches: readonly Bench[] = [shipping, shippingSlowDisk, indexing, fleet, growth, evtx, evtxSmall]

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    json: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    minutes: { type: 'string', default: '10' },
    side: { type: 'string' },
  },
})
const chosen = benches.filter(({ name }) => values.only === undefined || name === values.only)
const isRestChosen = values.only === undefined || values.only === rest.name
if (chosen.length === 0 && !isRestChosen) {
  console.error(
    `There is no benchmark ${values.only}. Known: ${[...benches, rest].map(({ name }) => name).join(', ')}.`,
  )
  process.exit(2)
}

const results: (Result | RestResult)[] = []
for (const bench of chosen) {
  const absent = bench.missing()
  if (absent.length > 0) {
    console.log(`${bench.name}: left out, this machine does not have ${absent.join(', ')}`)
    continue
  }
  const result = await compare(bench, Number(values.rounds), (text) => console.error(text))
  results.push(result)
  print(bench, result)
}
if (isRestChosen) {
  const absent = rest.missing()
  if (absent.length > 0) console.log(`${rest.name}: left out, this machine does not have ${absent.join(', ')}`)
  else {
    const result = await rest.run({ minutes: Number(values.minutes), only: values.side })
    results.push(result)
    rest.print(result, machine())
  }
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ machine: machine(), results })}\n`)

function print({ title, unit }: Bench, { sides }: Result): void {
  console.log(`\n${title}\n${machine()}; medians of ${values.rounds} interleaved rounds\n`)
  const [ours] = sides
  for (const { name, median } of sides) {
    console.log(`  ${name}`)
    console.log(
      `    ${unit}/s       ${Math.round(rateOf(median))}${ours && name !== ours.name ? `   ours is ${ratio(rateOf(ours.median), rateOf(median))} times as fast` : ''}`,
    )
    console.log(
      `    CPU us each  ${partsOf(median)}${ours && name !== ours.name ? `   ours uses ${ratio(cpuOf(ours.median), cpuOf(median))} of it, without what is later` : ''}`,
    )
    console.log(
      `    peak MiB     ${Object.entries(median.rss)
        .map(([part, rss]) => `${part} ${Math.round(rss)}`)
        .join(', ')}`,
    )
    for (const note of median.notes ?? []) console.log(`    ${note}`)
  }
}

function rateOf({ items, seconds }: Measure): number {
  return items / seconds
}

/** Microseconds of CPU an item, of the parts that work before the promise is given. */
function cpuOf({ items, cpu }: Measure): number {
  const parts = Object.entries(cpu).filter(([part]) => !part.startsWith('later: '))
  return (parts.reduce((sum, [, seconds]) => sum + seconds, 0) / items) * 1e6
}

function partsOf({ items, cpu }: Measure): string {
  return Object.entries(cpu)
    .map(([part, seconds]) => `${part} ${((seconds / items) * 1e6).toFixed(2)}`)
    .join(', ')
}

function ratio(a: number, b: number): string {
  return (a / b).toPrecision(2)
}

function machine(): string {
  const [first] = cpus()
  return `${cpus().length} x ${first?.model.trim() ?? 'unknown'}, Linux ${release()}, Node ${process.versions.node}`
}
