import { hash } from 'node:crypto'
import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { readHead } from '../system-file.ts'

const limit = 8 * 1024 * 1024
/** Of one table; one with a set of many addresses is told by its digest. */
const mostCharacters = 256 * 1024
const listBytes = 4 * 1024 * 1024

interface Tool {
  command: string
  args: readonly string[]
  /** Modules of the kernel that hold the rules: asking for rules would load them where there are none. */
  modules: readonly string[]
  /** Begins the rules of one table. */
  begins: RegExp
}

const tools: readonly Tool[] = [
  // Stateless: without counters, which change all the time.
  { command: 'nft', args: ['-s', 'list', 'ruleset'], modules: ['nf_tables'], begins: /^table (.{1,200}?) \{/ },
  { command: 'iptables-save', args: [], modules: ['ip_tables', 'nf_tables'], begins: /^\*(\w{1,50})/ },
  { command: 'ip6tables-save', args: [], modules: ['ip6_tables', 'nf_tables'], begins: /^\*(\w{1,50})/ },
]

/** Rules of the firewall, a row for each table: their order is part of what they say. */
export async function addFirewall(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  const builtIn = await modulesBuiltIn(host)
  const isThere = (module: string) =>
    builtIn === undefined || builtIn.includes(`/${module}.ko`) || host.listNow('/sys/module').includes(module)
  for (const { command, args, modules, begins } of tools) {
    if (!modules.some(isThere)) {
      table.add({ kind: 'not-looked', command }, { why: 'the kernel has not loaded what would hold its rules' })
      continue
    }
    const answer = await host.ask(command, args, { limit, signal })
    if ('why' in answer) table.add({ kind: 'not-looked', command }, answer)
    else addTables(table, command, tablesOf(answer.toString(), begins))
  }
}

/** That there are none is a row, too. */
function addTables(table: LastingTable, command: string, tables: ReadonlyMap<string, string>): void {
  table.add({ kind: 'firewall-tables', command }, { tables: [...tables.keys()] })
  for (const [name, text] of tables) {
    const isCut = text.length > mostCharacters
    const sha256 = hash('sha256', text, 'hex')
    const said = { text: text.slice(0, mostCharacters), sha256, ...(isCut && { cut: true }) }
    table.add({ kind: 'firewall', command, table: name }, said)
  }
}

/** Undefined where the kernel does not say: then everything may be built in. */
async function modulesBuiltIn(host: Host): Promise<string | undefined> {
  const release = host.readNow('/proc/sys/kernel/osrelease')?.toString().trim()
  const list = await readHead(host, `/lib/modules/${release}/modules.builtin`, listBytes)
  return 'why' in list ? undefined : list.bytes.toString('latin1')
}

/** Without comments, which hold the time of asking, and counters of chains (`:INPUT ACCEPT [17:1024]`). */
function tablesOf(answer: string, begins: RegExp): Map<string, string> {
  const tables = new Map<string, string[]>()
  let open: string[] = []
  for (const line of answer.split('\n')) {
    if (line.startsWith('#') || line.trim() === '') continue
    const [, name] = begins.exec(line) ?? []
    if (name !== undefined) {
      open = tables.get(name) ?? []
      tables.set(name, open)
    }
    open.push(line.replace(/^(:\S+ \S+) \[\d+:\d+\]$/, '$1'))
  }
  return new Map(Array.from(tables, ([name, lines]) => [name, lines.join('\n')]))
}
