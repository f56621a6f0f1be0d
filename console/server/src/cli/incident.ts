import { rm } from 'node:fs/promises'
import type {
  Fact,
  IncidentDetail,
  IncidentItem,
  IncidentRow,
  NewItem,
  SealedList,
  SetFact,
} from '@tidewaiter/protocol/api'
import { counted } from '@tidewaiter/protocol/counted'
import type { Command } from 'commander'
import { refuse } from '../error.ts'
import { type Common, withApi, withData } from './command.ts'
import { newFile } from './new-file.ts'
import { bold, plain, printJson, say, table } from './output.ts'
import { askSecret } from './secret.ts'

const kinds = ['finding', 'sighting', 'record'] as const

export function incident(program: Command): void {
  const group = program.command('incident').description('incidents and their facts')
  withData(
    group
      .command('create')
      .description('open an incident')
      .requiredOption('--name <name>', 'what happened, in a few words'),
  ).action(create)
  withData(group.command('list').description('all incidents, newest first')).action(list)
  withData(group.command('show').description('an incident with its facts and clocks').argument('<id>')).action(show)
  withData(
    group
      .command('set')
      .description('record facts: FIELD=VALUE, FIELD=? not known yet, FIELD=- does not apply')
      .argument('<id>')
      .argument('<field=value...>'),
  )
    .option('--reason <words>', 'why a discovery time changes')
    .action(setFacts)
  withData(
    group
      .command('add')
      .description('put findings, sightings or records into an incident')
      .argument('<id>')
      .argument('<kind>', kinds.join(', '))
      .argument('<ref...>'),
  ).action(add)
  withData(
    group
      .command('importer-numbers')
      .description('the list of compromised importer numbers, sealed with a passphrase (age), to be sent by itself')
      .argument('<id>')
      .requiredOption('--out <file>'),
  )
    .option('--passphrase-file <file>', 'its first line; asked for on the terminal when left out')
    .action(importerNumbers)
}

function pathOf(id: string): string {
  return `/incidents/${encodeURIComponent(id)}`
}

async function create(options: Common & { name: string }): Promise<void> {
  const row = await withApi(options, (api) => api.call<IncidentRow>('POST', '/incidents', { name: options.name }))
  if (options.json === true) printJson(row)
  else console.log(`${row.id} is open. "tidewaiter incident set ${row.id} FIELD=VALUE" records facts.`)
}

async function list(options: Common): Promise<void> {
  const { rows } = await withApi(options, (api) => api.call<{ rows: IncidentRow[] }>('GET', '/incidents'))
  if (options.json === true) return printJson(rows)
  const cells = rows.map((row) => [
    row.id,
    row.name,
    `${row.factsAnswered} of ${row.factsTotal}`,
    row.clock?.says ?? '',
  ])
  console.log(
    rows.length === 0
      ? 'No incidents. "tidewaiter incident create --name NAME" opens one.'
      : table(['ID', 'NAME', 'FACTS', 'CLOCK'], cells),
  )
}

async function show(id: string, options: Common): Promise<void> {
  const detail = await withApi(options, (api) => api.call<IncidentDetail>('GET', pathOf(id)))
  if (options.json === true) return printJson(detail)
  console.log(bold(`${detail.id}  ${plain(detail.name)}`))
  console.log(
    table(
      ['CLOCK', 'DUE', ''],
      detail.clocks.map(({ duty, dueAt, says }) => [duty, dueAt ?? '', says]),
    ),
  )
  console.log(
    table(
      ['FACT', 'VALUE'],
      detail.facts.map((fact) => [fact.field, answerOf(fact)]),
    ),
  )
  const earlier = detail.facts.flatMap(({ field, earlier = [] }) => earlier.map((answer) => ({ field, answer })))
  if (earlier.length === 0) return
  console.log(
    table(
      ['EARLIER', 'VALUE', 'RECORDED', 'BY', 'CHANGED', 'BY', 'REASON'],
      earlier.map(({ field, answer }) => {
        const { at, by, changedAt, changedBy, reason = '' } = answer
        return [field, answerOf(answer), at, by, changedAt, changedBy, reason]
      }),
    ),
  )
}

function answerOf({ state, value }: Pick<Fact, 'state' | 'value'>): string {
  return state === 'answered' ? value : state.replaceAll('-', ' ')
}

async function add(id: string, kind: string, refs: string[], options: Common): Promise<void> {
  // The route checks the word; here it is only passed on.
  const items = refs.map((ref): NewItem => ({ kind: kind as NewItem['kind'], ref }))
  await withApi(options, async (api) => {
    for (const item of items) {
      const added = await api.call<IncidentItem>('POST', `${pathOf(id)}/items`, item)
      if (options.json === true) printJson(added)
      else console.log(`${added.kind} ${plain(added.ref)} is in ${id}.`)
    }
  })
}

async function importerNumbers(
  id: string,
  { out, passphraseFile, ...options }: Common & { out: string; passphraseFile?: string },
): Promise<void> {
  const passphrase = await askSecret('Passphrase, 12 characters or more', passphraseFile)
  const file = await newFile(out)
  try {
    const { sealed, count } = await withApi(options, (api) =>
      api.call<SealedList>('POST', `${pathOf(id)}/importer-numbers`, { passphrase }),
    )
    await file.writeFile(Buffer.from(sealed, 'base64'))
    if (options.json === true) printJson({ file: out, count })
    say(
      `${counted(count, 'importer number is', 'importer numbers are')} sealed in ${out}. Send the passphrase by another channel than the file.`,
    )
  } catch (error) {
    await rm(out, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

async function setFacts(id: string, pairs: string[], options: Common & { reason?: string }): Promise<void> {
  const changes = pairs.map(parsePair)
  const facts = await withApi(options, async (api) => {
    const { facts } = await api.call<IncidentDetail>('GET', pathOf(id))
    const revs = new Map(facts.map(({ field, rev }) => [field, rev]))
    // A name that is mistyped comes to light before any of them is saved.
    const strange = changes.find(({ field }) => !revs.has(field))
    if (strange !== undefined)
      throw refuse(
        'input-malformed',
        `There is no fact called ${strange.field}. Known: ${[...revs.keys()].join(', ')}.`,
      )
    const saved: Fact[] = []
    for (const change of changes) {
      const rev = revs.get(change.field) ?? 0
      const body: SetFact = { ...change, rev, ...(options.reason !== undefined && { reason: options.reason }) }
      const fact = await api.call<Fact>('POST', `${pathOf(id)}/facts`, body)
      revs.set(fact.field, fact.rev)
      saved.push(fact)
    }
    return saved
  })
  if (options.json === true) printJson(facts)
  else for (const { field, rev, at } of facts) console.log(`${field} saved ${at ?? ''} · rev ${rev}`)
}

function parsePair(pair: string): Pick<SetFact, 'field' | 'state' | 'value'> {
  const at = pair.indexOf('=')
  if (at < 1) throw refuse('input-malformed', `"${pair}" is not FIELD=VALUE.`)
  const [field, value] = [pair.slice(0, at), pair.slice(at + 1)]
  if (value === '?') return { field, state: 'not-known-yet', value: '' }
  return value === '-' ? { field, state: 'does-not-apply', value: '' } : { field, state: 'answered', value }
}
