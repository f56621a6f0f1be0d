import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { seeFile } from '../system-file.ts'
import { bounded, linesOf, pathsIn } from './folder.ts'

/** Where systemd looks for units, the first that has one wins (systemd.unit(5)); those before the last are no package's. */
const roots = ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd']
const ofPackages = '/usr/lib/systemd'
const mostUnits = 5_000

/** `system` and `user`: units of the machine, and of every account that signs in. */
export async function addUnits(host: Host, table: LastingTable): Promise<void> {
  for (const scope of ['system', 'user']) {
    const folders = roots.map((root) => `${root}/${scope}`)
    await addDropIns(host, table, { scope, folders })
    const wanted = await wantedIn(host, table, { scope, folders })
    let count = 0
    for (const [unit, enabledBy] of wanted) {
      count += 1
      if (count > mostUnits) {
        table.add({ kind: 'not-looked', path: `systemd ${scope}` }, { why: `more than ${mostUnits} units` })
        break
      }
      const starts = await addUnit(host, table, { scope, unit, enabledBy, folders })
      // A timer, socket or path that is enabled enables what it starts: a map that grows is walked to its new end.
      for (const other of starts) if (!wanted.has(other)) wanted.set(other, [unit])
    }
  }
}

/** Units that something wants, by the links that say so, and all that somebody laid beside those of packages. */
async function wantedIn(
  host: Host,
  table: LastingTable,
  { scope, folders }: { scope: string; folders: readonly string[] },
): Promise<Map<string, string[]>> {
  const wanted = new Map<string, string[]>()
  for (const folder of folders) {
    const isOwn = folder !== `${ofPackages}/${scope}`
    for await (const path of pathsIn(host, table, folder)) {
      const name = path.slice(folder.length + 1)
      if (isUnit(name) && isOwn) want(wanted, name)
      const links = /\.(?:wants|requires|upholds)$/.test(name) ? await host.list(path) : []
      for (const link of links.sort()) want(wanted, link, `${path}/${link}`)
    }
  }
  return wanted
}

function want(wanted: Map<string, string[]>, unit: string, ...by: readonly string[]): void {
  wanted.set(unit, [...(wanted.get(unit) ?? []), ...by])
}

function isUnit(name: string): boolean {
  return /\.(?:service|timer|socket|path|mount|automount|swap|target|slice|scope)$/.test(name)
}

async function addDropIns(
  host: Host,
  table: LastingTable,
  { scope, folders }: { scope: string; folders: readonly string[] },
): Promise<void> {
  for (const folder of folders)
    for (const name of (await host.list(folder)).sort())
      if (name.endsWith('.d'))
        for await (const path of pathsIn(host, table, `${folder}/${name}`))
          await addDropIn(host, table, { scope, unit: name.slice(0, -2), path })
}

async function addDropIn(
  host: Host,
  table: LastingTable,
  part: { scope: string; unit: string; path: string },
): Promise<void> {
  const file = part.path.endsWith('.conf') ? await seeFile(host, part.path) : undefined
  if (file === undefined) return
  const { starts: _, ...says } = saysOf(file.text)
  table.add({ kind: 'systemd-drop-in', ...part }, { ...says, ...file.about })
}

interface Wanted {
  scope: string
  unit: string
  enabledBy: readonly string[]
  folders: readonly string[]
}

/** Returns the units that this one starts by itself. */
async function addUnit(
  host: Host,
  table: LastingTable,
  { scope, unit, enabledBy, folders }: Wanted,
): Promise<string[]> {
  const path = await pathOf(host, unit, folders)
  const file = path === undefined ? undefined : await seeFile(host, path)
  const identity = { kind: 'systemd-unit', scope, unit }
  if (path === undefined || file === undefined) {
    table.add(identity, { enabledBy, why: 'no file of such a unit' })
    return []
  }
  const { starts, ...says } = saysOf(file.text)
  table.add(identity, { path, enabledBy: [...enabledBy].sort(), ...says, ...file.about })
  await host.breathe()
  if (!/\.(?:timer|socket|path)$/.test(unit)) return []
  return starts.length > 0 ? starts : [unit.replace(/\.\w+$/, '.service')]
}

/** An instance (`getty@tty1.service`) that has no file of its own has that of its template. */
async function pathOf(host: Host, unit: string, folders: readonly string[]): Promise<string | undefined> {
  const template = unit.replace(/@.*(?=\.\w+$)/, '@')
  for (const name of template === unit ? [unit] : [unit, template])
    for (const folder of folders) if ((await host.facts(`${folder}/${name}`)) !== undefined) return `${folder}/${name}`
  return undefined
}

/** What runs, when and as whom. No environment: it may hold secrets. */
function saysOf(text: string): { run: string[]; when?: string[]; runsAs?: string; starts: string[]; cut?: true } {
  const { lines, isCut } = bounded(linesOf(text).filter((line) => !line.text.startsWith(';')))
  const texts = lines.map((line) => line.text)
  const settings = (names: RegExp) => texts.filter((each) => names.test(each))
  const valueIn = (each: string) => each.slice(each.indexOf('=') + 1).trim()
  const when = settings(/^(?:On[A-Z]|Listen[A-Z]|Path[A-Z]|DirectoryNotEmpty|MakeDirectory)\w*\s*=/)
  const [user] = settings(/^User\s*=/)
    .map(valueIn)
    .slice(-1)
  return {
    run: settings(/^Exec[A-Z]\w*\s*=/),
    ...(when.length > 0 && { when }),
    ...(user !== undefined && user !== '' && { runsAs: user }),
    starts: settings(/^(?:Unit|Service)\s*=/)
      .map(valueIn)
      .filter(isUnit),
    ...(isCut && { cut: true }),
  }
}
