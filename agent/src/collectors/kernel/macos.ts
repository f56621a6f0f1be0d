import type { Host } from '../../host.ts'
import { linesFrom } from '../answer.ts'
import type { LastingTable } from '../lasting-table.ts'

/** Index, references, address (another at each start), sizes, name, version, UUID (kextstat(8)). */
const kext =
  /^ *\d+ +\d+ +0(?:x[0-9a-f]+)? +(?:0x[0-9a-f]+|0) +(?:0x[0-9a-f]+|0) +(\S+) +\(([^)]*)\)(?: +([0-9A-F-]{36}))?/
const settings = ['kern.version', 'kern.osversion', 'kern.bootargs', 'kern.securelevel', 'kern.corefile', 'hw.model']

/** Extensions that the kernel has loaded. */
export async function addKernelExtensions(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  for (const line of await linesFrom(host, table, { command: ['kextstat', '-l'], signal })) {
    const [, name, version, uuid] = kext.exec(line) ?? []
    if (name !== undefined) table.add({ kind: 'module', name }, { version, ...(uuid !== undefined && { uuid }) })
    else if (line.trim() !== '' && !/^(?:Executing|No variant|Index)/.test(line))
      table.add({ kind: 'malformed', command: 'kextstat -l', text: line.slice(0, 1_000) })
  }
}

/** Extensions that run beside the kernel: security products, networks, drivers (columns are apart by tabs). */
export async function addSystemExtensions(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  let category = ''
  for (const line of await linesFrom(host, table, { command: ['systemextensionsctl', 'list'], signal })) {
    if (line.startsWith('--- ')) category = line.slice(4, 204)
    const [enabled, active, team, bundle = '', name, state] = line
      .split('\t')
      .map((cell) => cell.trim().slice(0, 1_000))
    if (state === undefined || team === 'teamID') continue
    const [, identifier = bundle, version] = /^(\S+) \((.*)\)$/.exec(bundle) ?? []
    table.add(
      { kind: 'system-extension', name: identifier, team },
      { version, category, title: name, state, enabled: enabled === '*', active: active === '*' },
    )
  }
}

export async function addMacosSettings(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  for (const name of settings) {
    const value = (await linesFrom(host, table, { command: ['sysctl', '-n', name], signal })).join('\n').trim()
    if (value !== '') table.add({ kind: 'setting', name }, { value: value.slice(0, 4_000) })
  }
}
