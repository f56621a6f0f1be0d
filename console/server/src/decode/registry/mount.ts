import { type Hive, isDamage } from './hive.ts'
import { type KeyNode, keyNodeAt } from './key-node.ts'
import { subkeysOf } from './subkeys.ts'

/** Where Windows shows a hive. The hive does not say it: its first keys do. */
export interface Mount {
  /** What the hive is called. */
  hive: string
  /** What stands for its root key in paths. */
  root: readonly string[]
}

/** Subkeys of the root, in small letters, that only this hive has together. Asked in this order. */
const mounts: readonly { mount: Mount; has: readonly string[]; oneOf?: readonly string[] }[] = [
  { mount: { hive: 'SYSTEM', root: ['HKLM', 'SYSTEM'] }, has: ['select'] },
  { mount: { hive: 'SAM', root: ['HKLM', 'SAM'] }, has: ['sam'] },
  { mount: { hive: 'SECURITY', root: ['HKLM', 'SECURITY'] }, has: ['policy'], oneOf: ['rxact', 'cache', 'recovery'] },
  { mount: { hive: 'BCD', root: ['HKLM', 'BCD00000000'] }, has: ['description', 'objects'] },
  { mount: { hive: 'COMPONENTS', root: ['HKLM', 'COMPONENTS'] }, has: ['canonicaldata'] },
  { mount: { hive: 'COMPONENTS', root: ['HKLM', 'COMPONENTS'] }, has: ['deriveddata'] },
  { mount: { hive: 'DRIVERS', root: ['HKLM', 'DRIVERS'] }, has: ['driverdatabase'] },
  {
    mount: { hive: 'NTUSER.DAT', root: ['HKCU'] },
    has: ['software'],
    oneOf: ['control panel', 'environment', 'console', 'keyboard layout', 'appevents', 'network', 'printers'],
  },
  { mount: { hive: 'UsrClass.dat', root: ['HKCU', 'Software', 'Classes'] }, has: ['local settings'] },
]

/** A hive that none of its first keys tells is called by its root key. */
export function mountOf(hive: Hive, root: KeyNode): Mount {
  const children = namesBelow(hive, root)
  for (const { mount, has, oneOf } of mounts)
    if (has.every((name) => children.has(name)) && (oneOf?.some((name) => children.has(name)) ?? true)) return mount
  const inventory = children.get('root')
  if (inventory !== undefined && isInventory(namesBelow(hive, inventory)))
    return { hive: 'Amcache.hve', root: ['Amcache'] }
  const microsoft = children.get('microsoft')
  if (microsoft !== undefined) return softwareOf(hive, microsoft)
  return { hive: root.name, root: [root.name] }
}

/** Both the software of the machine and that of a user have the same first keys. */
function softwareOf(hive: Hive, microsoft: KeyNode): Mount {
  const system = namesBelow(hive, microsoft).get('windows nt')
  const version = system && namesBelow(hive, system).get('currentversion')
  const isMachine = version !== undefined && namesBelow(hive, version).has('profilelist')
  return isMachine
    ? { hive: 'SOFTWARE', root: ['HKLM', 'SOFTWARE'] }
    : { hive: 'NTUSER.DAT', root: ['HKCU', 'Software'] }
}

function isInventory(names: ReadonlyMap<string, KeyNode>): boolean {
  return ['file', 'programs', 'inventoryapplicationfile', 'inventoryapplication'].some((name) => names.has(name))
}

/** More than any of these keys has. */
const mostNames = 10_000

function namesBelow(hive: Hive, node: KeyNode): Map<string, KeyNode> {
  const names = new Map<string, KeyNode>()
  for (const offset of subkeysOf(hive, node).offsets.slice(0, mostNames)) {
    const child = keyNodeAt(hive, offset)
    if (!isDamage(child)) names.set(child.name.toLowerCase(), child)
  }
  return names
}
