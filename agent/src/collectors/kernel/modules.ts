import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { readHead } from '../system-file.ts'

const most = { modules: 2_000, tableBytes: 1024 * 1024, listBytes: 4 * 1024 * 1024 }
/** After so long no more files are hashed in this pass. */
const hashingMs = 20_000

export interface Module {
  name: string
  size: number
  usedBy: string[]
  state: string
  /** Letters of what the module makes the kernel's state: O out of tree, E unsigned, P proprietary, F forced. */
  taint?: string
}

/** Modules that are loaded, and those that are there without standing in the list: what hides one forgets the other. */
export async function addModules(host: Host, table: LastingTable): Promise<void> {
  const loaded = await readModules(host)
  if (loaded === undefined) return
  const files = await moduleFiles(host)
  const startedAt = host.steady()
  for (const { name, usedBy, ...module } of loaded.slice(0, most.modules)) {
    const path = files.get(name)
    const hash =
      path === undefined
        ? {}
        : host.steady() - startedAt < hashingMs
          ? await host.hashFile(path)
          : { why: 'not hashed yet' }
    const digest = 'why' in hash ? { sha256Why: hash.why } : hash
    table.add({ kind: 'module', name }, { ...module, ...saidBySys(host, name), path, ...digest }, { usedBy })
    await host.breathe()
  }
  const known = new Set(loaded.map(({ name }) => name))
  const hidden = host.listNow('/sys/module').filter((name) => !known.has(name) && isModule(host, name))
  if (hidden.length === 0) return
  // One that was loaded since the list was read stands in it now.
  const now = new Set((await readModules(host))?.map(({ name }) => name))
  for (const name of hidden.slice(0, most.modules))
    if (!now.has(name) && isModule(host, name))
      table.add({ kind: 'module', name }, { onlyIn: '/sys/module', ...saidBySys(host, name) })
}

/** What is built in has a folder, too, and no state of loading. */
function isModule(host: Host, name: string): boolean {
  return host.readNow(`/sys/module/${name}/initstate`) !== undefined
}

function saidBySys(host: Host, name: string): object {
  const said = ['version', 'srcversion'].flatMap((file) => {
    const text = host.readNow(`/sys/module/${name}/${file}`)?.toString().trim()
    return text ? [[file, text.slice(0, 200)]] : []
  })
  return Object.fromEntries(said)
}

async function readModules(host: Host): Promise<Module[] | undefined> {
  const list = await readHead(host, '/proc/modules', most.tableBytes)
  return 'why' in list ? undefined : parseModules(list.bytes.toString())
}

/** `nf_tables 303104 2 nft_chain_nat,nf_nat, Live 0xffffffffc0a00000 (OE)` (proc(5)). */
export function parseModules(text: string): Module[] {
  return text.split('\n').flatMap((line) => {
    const [, name, size, users = '', state, taint] =
      /^(\S+) (\d+) (?:\d+|-) (\S+) (Live|Loading|Unloading) \S+(?: \(([A-Z+-]+)\))?/.exec(line) ?? []
    if (name === undefined || state === undefined) return []
    const usedBy = users.split(',').filter((user) => user !== '' && user !== '-')
    return [{ name, size: Number(size), usedBy, state, ...(taint !== undefined && { taint }) }]
  })
}

/** Files of modules by the names that the kernel gives them, from modules.dep(5): `kernel/net/x-y.ko.xz: ...`. */
async function moduleFiles(host: Host): Promise<Map<string, string>> {
  const release = host.readNow('/proc/sys/kernel/osrelease')?.toString().trim()
  const files = new Map<string, string>()
  if (release === undefined) return files
  const folder = `/lib/modules/${release}`
  const list = await readHead(host, `${folder}/modules.dep`, most.listBytes)
  if ('why' in list) return files
  for (const [, path = '', name = ''] of list.bytes.toString().matchAll(/^((?:[^:\n]*\/)?([^:/\n]+)\.ko[^:\n]*):/gm))
    files.set(name.replaceAll('-', '_'), path.startsWith('/') ? path : `${folder}/${path}`)
  return files
}
