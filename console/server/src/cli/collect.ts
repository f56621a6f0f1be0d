import { setTimeout as wait } from 'node:timers/promises'
import type { Ask } from '@tidewaiter/protocol'
import type { Collection, CollectionDetail, HostPage, NewCollection } from '@tidewaiter/protocol/api'
import type { Command } from 'commander'
import { loadDefinitions, setsOf } from '../collect/definitions.ts'
import { refuse } from '../error.ts'
import type { Api } from './api.ts'
import { type Common, withApi, withData } from './command.ts'
import { exit, plain, printJson, say, showProgress, table } from './output.ts'

const help = `
A host does what its own agent.yaml allows, and nothing else. One that is offline is asked when it
comes back, until the collection expires. With --wait the command ends when every host has answered
and what they announced has arrived.

Exit codes: 0 asked (with --wait: all of it is here), 1 with --wait: a host refused, failed or did
not answer, or something did not arrive; 4 the console does not answer, 5 refused.`

interface Options extends Common {
  host: string[]
  expires: string
  wait?: true
}

/** What is asked, by the word of the command; the route checks what is given. */
const kinds: Record<string, { argument: string; says: string; ask(given: string): Ask }> = {
  snapshot: {
    argument: '<collector>',
    says: 'take a snapshot in full now',
    ask: (collector) => ({ kind: 'snapshot', collector }),
  },
  file: { argument: '<path>', says: 'fetch one file', ask: (path) => ({ kind: 'file', path }) },
  folder: { argument: '<path>', says: 'fetch all files under a folder', ask: (path) => ({ kind: 'folder', path }) },
  'process-memory': {
    argument: '<pid>',
    says: 'fetch the memory of a process',
    ask: (pid) => ({ kind: 'process-memory', pid: Number(pid) }),
  },
  capture: {
    argument: '<seconds>',
    says: 'record network traffic',
    ask: (seconds) => ({ kind: 'capture', seconds: Number(seconds) }),
  },
}

export function collect(program: Command): void {
  const group = program.command('collect').description('ask hosts for something, and see what came of it')
  for (const [name, { argument, says, ask }] of Object.entries(kinds))
    withData(group.command(name).description(says))
      .argument(argument)
      .requiredOption('--host <host...>', 'name or id of a host')
      .option('--expires <hours>', 'how long hosts that are offline have to come back', '168')
      .option('--wait', 'wait until it is done')
      .addHelpText('after', help)
      .action((given: string, options: Options) => run(ask(given), options))
  withData(group.command('set').description('fetch the files of named sets (ForensicArtifacts definitions)'))
    .argument('<name...>')
    .requiredOption('--definitions <path>', 'file or folder of definitions, YAML')
    .requiredOption('--host <host...>', 'name or id of a host')
    .option('--expires <hours>', 'how long hosts that are offline have to come back', '168')
    .option('--wait', 'wait until it is done')
    .addHelpText('after', help)
    .action(async (names: string[], options: Options & { definitions: string }) => {
      const { ask, unusable } = setsOf(await loadDefinitions(options.definitions), names)
      for (const { name, why } of unusable) say(`${name}: ${why}`)
      await run(ask, options)
    })
  withData(group.command('list').description('all collections, the newest first')).action(async (options: Common) => {
    const { rows } = await withApi(options, (api) => api.call<{ rows: Collection[] }>('GET', '/collections'))
    if (options.json === true) return printJson(rows)
    const cells = rows.map((row) => [row.id, row.createdAt, plain(JSON.stringify(row.ask)), inWords(row.states)])
    console.log(rows.length === 0 ? 'Nothing was asked of any host.' : table(['ID', 'ASKED', 'FOR', 'HOSTS'], cells))
  })
  withData(group.command('show').argument('<id>').description('one collection: hosts, answers, artifacts')).action(
    async (id: string, options: Common) =>
      show(
        await withApi(options, (api) => api.call<CollectionDetail>('GET', `/collections/${encodeURIComponent(id)}`)),
        options,
      ),
  )
  withData(group.command('cancel').argument('<id>').description('end what has not ended')).action(
    async (id: string, options: Common) =>
      show(
        await withApi(options, (api) =>
          api.call<CollectionDetail>('POST', `/collections/${encodeURIComponent(id)}/cancel`),
        ),
        options,
      ),
  )
}

async function run(ask: Ask, options: Options): Promise<void> {
  const detail = await withApi(options, async (api) => {
    const hosts = await hostIds(api, options.host)
    const wanted: NewCollection = { ask, hosts, expiresIn: Number(options.expires) }
    const asked = await api.call<CollectionDetail>('POST', '/collections', wanted)
    return options.wait === true ? untilDone(api, asked) : asked
  })
  show(detail, options)
  if (options.wait === true && !isWhole(detail)) process.exitCode = exit.no
}

/** Throws `not-found` for a name that none has, or more than one. */
async function hostIds(api: Api, wanted: readonly string[]): Promise<string[]> {
  const { rows } = await api.call<HostPage>('GET', '/hosts')
  return wanted.map((text) => {
    const found = rows.filter(({ id, name }) => id === text || name === text)
    if (found.length !== 1)
      throw refuse('not-found', `${found.length === 0 ? 'No host' : 'More than one host'} is called ${text}.`)
    return found[0]?.id ?? ''
  })
}

async function untilDone(api: Api, asked: CollectionDetail): Promise<CollectionDetail> {
  let detail = asked
  for (; !isDone(detail); detail = await api.call<CollectionDetail>('GET', `/collections/${asked.id}`)) {
    showProgress(inWords(detail.states))
    await wait(250)
  }
  showProgress('')
  return detail
}

function isDone({ tasks, artifacts }: CollectionDetail): boolean {
  return tasks.every(({ endedAt }) => endedAt !== null) && artifacts.every(({ state }) => state !== 'announced')
}

function isWhole({ tasks, missing }: CollectionDetail): boolean {
  return missing === 0 && tasks.every(({ state, leftOut }) => state === 'answered' && leftOut === 0)
}

function show(detail: CollectionDetail, { json }: Common): void {
  if (json === true) printJson(detail)
  else print(detail)
}

function print({ id, tasks, artifacts }: CollectionDetail): void {
  say(`Collection ${id}`)
  const rows = tasks.map(({ host, state, bytes, leftOut, code, says }) => [
    host,
    state,
    `${bytes} bytes`,
    leftOut === 0 ? '' : `${leftOut} left out`,
    plain([code, says].filter((text) => text !== null).join(': ')),
  ])
  console.log(table(['HOST', 'STATE', 'CAME', 'NOT HAD', ''], rows))
  if (artifacts.length === 0) return
  const cells = artifacts.map(({ sha256, state, size, path }) => [sha256, state, String(size), plain(path)])
  console.log(table(['SHA-256', 'STATE', 'BYTES', 'PATH'], cells))
}

function inWords(states: Collection['states']): string {
  return Object.entries(states)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ')
}
