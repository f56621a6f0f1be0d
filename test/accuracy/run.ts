import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../support/root.ts'

const usage = 'Usage: npm run accuracy -- [--data DIR]   (a folder laid out as ../shared/data)'

function dataFolder(): string {
  try {
    const { values } = parseArgs({ options: { data: { type: 'string' }, help: { type: 'boolean', short: 'h' } } })
    if (values.help === true) {
      console.log(usage)
      process.exit(0)
    }
    return resolve(values.data ?? join(root, '../shared/data'))
  } catch (cause) {
    console.error(`${cause instanceof Error ? cause.message : cause}\n${usage}`)
    process.exit(2)
  }
}

const data = dataFolder()
process.env.TIDEWAITER_DATA = data
// Only now: where the samples lie is read when it is loaded.
const { trials } = await import('@tidewaiter/console-server/accuracy')

const columns = ['records', 'right', 'wrong', 'missed'] as const
const widths = { decoder: 18, samples: 30 }
console.log(
  `${'decoder'.padEnd(widths.decoder)}${'samples'.padEnd(widths.samples)}${columns.map((name) => name.padStart(9)).join('')}  records/s`,
)
let found = 0
for (const { decoder, samples, counts, measure } of trials) {
  const name = `${decoder.padEnd(widths.decoder)}${`${samples} (${counts})`.padEnd(widths.samples)}`
  if (!existsSync(join(data, samples))) {
    console.log(`${name}  not in ${data}`)
    continue
  }
  found += 1
  const startedAt = performance.now()
  const measured = await measure()
  const perSecond = (measured.records / (performance.now() - startedAt)) * 1000
  const numbers = columns.map((column) => measured[column].toLocaleString('en-US').padStart(9)).join('')
  console.log(`${name}${numbers}  ${Math.round(perSecond).toLocaleString('en-US').padStart(9)}`)
}
if (found === 0) {
  console.error(`No samples in ${data}. Name their folder with --data DIR.`)
  process.exit(1)
}
