import type { Host } from '../../host.ts'
import { isLocal, type Mount, readMounts } from '../mounts.ts'

/** Volumes to be walked, each once however often it is mounted, and every place where something is mounted. */
export function localVolumes(host: Host): { volumes: Mount[]; mounted: ReadonlySet<string> } {
  const mounts = readMounts(host)
  // Of two at one place the later one hides the other.
  const seen = new Map(mounts.map((mount) => [mount.at, mount]))
  const volumes: Mount[] = []
  for (const mount of [...seen.values()].sort((a, b) => a.root.length - b.root.length)) {
    // Layers of a container lie on a volume of the machine already; only the root of what we run in may be made of them.
    const isLayers = mount.type === 'overlay' && mount.at !== '/'
    const isAgain = volumes.some(({ device, root }) => device === mount.device && isBelow(mount.root, root))
    if (isLocal(mount) && !isLayers && !isAgain) volumes.push(mount)
  }
  return { volumes, mounted: new Set(seen.keys()) }
}

function isBelow(path: string, root: string): boolean {
  return root === '/' || path === root || path.startsWith(`${root}/`)
}
