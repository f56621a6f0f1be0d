import { readFile, stat } from 'node:fs/promises'
import type { Host, Overview } from '@tidewaiter/protocol/api'
import type { Deps } from '../deps.ts'
import { inWords, refeedOf } from '../receive/refeed.ts'
import { clockWarning, silenceWarnings } from './silence-warnings.ts'

type Warning = Overview['warnings'][number]

const lowBytes = 2e9
const manyBatches = 200
/** So long it is said that the ledger was restored. */
const restoredMs = 30 * 24 * 3_600_000

type WarningDeps = Pick<Deps, 'data' | 'keys' | 'store' | 'ledger' | 'receive' | 'heads' | 'now'>

/** What the people of this console must know about it. */
export async function warningsOf(
  { data, keys, store, ledger, receive, heads, now }: WarningDeps,
  { lagBatches, hosts }: { lagBatches: number; hosts: readonly Pick<Host, 'id' | 'name'>[] },
): Promise<Warning[]> {
  const { freeBytes } = await ledger.space()
  const fullSinceMs = receive?.fullSinceMs()
  const unwritten = heads?.problem()
  const refeed = await refeedOf({ store, ledger })
  const found: (Warning | undefined)[] = [
    fullSinceMs === undefined
      ? undefined
      : {
          code: 'ledger-full',
          says: `The ledger takes no evidence since ${new Date(fullSinceMs).toISOString()}: the volume of the data folder is full or gives errors. Agents keep theirs meanwhile, as long as their own disk allows.`,
          fix: 'Free space on it now. The console goes on by itself.',
        },
    ...silenceWarnings(receive?.silences() ?? [], hosts),
    clockWarning(receive?.clockStep(), now()),
    fullSinceMs === undefined && freeBytes < lowBytes
      ? {
          code: 'disk-low',
          says: `The volume of the data folder has ${Math.round(freeBytes / 1e6)} MB left. Without room no evidence is taken; agents keep theirs meanwhile.`,
          fix: 'Free space on it, or move the data folder to a larger one.',
        }
      : undefined,
    lagBatches > manyBatches
      ? {
          code: 'index-behind',
          says: `${lagBatches} batches are in the ledger and not searchable yet.`,
          fix: 'Nothing to do: the index catches up by itself.',
        }
      : undefined,
    refeed !== undefined && now() - Date.parse(refeed.at) < restoredMs
      ? {
          code: 'ledger-restored',
          says: inWords(refeed),
          fix: 'Look at the coverage of each host for what is lost, and at Hosts for any that has not come back.',
        }
      : undefined,
    unwritten === undefined
      ? undefined
      : {
          code: 'heads-unwritten',
          says: `${unwritten.says} Since ${new Date(unwritten.sinceMs).toISOString()} only hosts witness this ledger.`,
          fix: 'Make the folder named with --heads, with room and for this account to write in. It is tried again every minute.',
        },
    keys.recovery.waits()
      ? {
          code: 'recovery-key-waits',
          says: 'Nobody has taken the recovery key. If the keys folder is lost now, the evidence cannot be read any more.',
          fix: 'Take it under Settings, Keys, with the file recovery.age, and keep both away from this machine.',
        }
      : undefined,
    (await isEncrypted(data))
      ? undefined
      : {
          code: 'index-in-clear',
          says: 'The search index holds decoded text in clear, and no encryption was found on the volume of the data folder. The ledger itself is encrypted.',
          fix: 'Put the data folder on an encrypted volume (LUKS, BitLocker, FileVault).',
        },
  ]
  return found.filter((warning) => warning !== undefined)
}

/** True when the volume is a dm-crypt device. What lies below other layers (LVM, a hypervisor) cannot be seen from here. */
async function isEncrypted(path: string): Promise<boolean> {
  try {
    const { dev } = await stat(path)
    // Linux: makedev(3) packs major and minor so that small ones are (major << 8) | minor.
    const uuid = await readFile(
      `/sys/dev/block/${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}/dm/uuid`,
    )
    return uuid.toString().startsWith('CRYPT-')
  } catch {
    return false
  }
}
