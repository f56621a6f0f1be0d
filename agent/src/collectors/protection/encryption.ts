import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'
import { isLocal, readMounts } from '../mounts.ts'
import { readHead } from '../system-file.ts'

const most = { volumes: 500, depth: 8, devices: 64, bytes: 256 * 1024, lines: 200, characters: 1_000 }

interface Layer {
  device: string
  /** Of the device mapper: `CRYPT-LUKS2-...` is one that encrypts (cryptsetup(8)), `LVM-...` one that does not. */
  uuid?: string
}

/** What the volumes of this machine, and its swap, lie on, and what /etc/crypttab would open. */
export async function addEncryption(host: Host, table: LastingTable): Promise<void> {
  const seen = new Set<string>()
  for (const mount of readMounts(host)) {
    if (!isLocal(mount) || seen.has(mount.at) || seen.size >= most.volumes) continue
    const layers = layersOf(host, mount.device)
    if (layers.length === 0) continue
    seen.add(mount.at)
    table.add({ kind: 'volume', path: mount.at }, { type: mount.type, layers })
  }
  for (const line of lines(host.readNow('/proc/swaps')?.toString()).slice(1, most.lines)) {
    const [path = '', type] = line.split(/\s+/)
    table.add({ kind: 'swap', path }, { type, layers: layersNamed(host, path.slice(path.lastIndexOf('/') + 1)) })
  }
  const crypttab = await readHead(host, '/etc/crypttab', most.bytes)
  if ('why' in crypttab) return
  for (const line of lines(crypttab.bytes.toString()).slice(0, most.lines)) {
    if (line.startsWith('#')) continue
    const [target = '', device, key, options] = line.split(/\s+/).map((each) => each.slice(0, most.characters))
    table.add({ kind: 'crypttab', target }, { device, key, options })
  }
}

/** A device and what lies under it; `device` is `<major>:<minor>`. None for what lies on no block device. */
function layersOf(host: Host, device: string): Layer[] {
  const name = host.linkNow(`/sys/dev/block/${device}`)?.split('/').at(-1)
  return name === undefined ? [] : layersNamed(host, name)
}

function layersNamed(host: Host, top: string): Layer[] {
  const layers = new Map<string, Layer>()
  let names = [top]
  for (let depth = 0; depth < most.depth && names.length > 0; depth++) {
    const fresh = names.filter((name) => !layers.has(name)).slice(0, most.devices - layers.size)
    for (const device of fresh) {
      const uuid = host.readNow(`/sys/class/block/${device}/dm/uuid`)?.toString().trim()
      layers.set(device, { device, ...(uuid && { uuid: uuid.slice(0, most.characters) }) })
    }
    names = fresh.flatMap((name) => host.listNow(`/sys/class/block/${name}/slaves`))
  }
  return [...layers.values()]
}

function lines(text = ''): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
