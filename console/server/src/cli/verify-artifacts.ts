import { join, resolve } from 'node:path'
import { counted } from '@tidewaiter/protocol/counted'
import { isRefusal } from '../error.ts'
import { showProgress } from './output.ts'

/** Artifacts of a ledger, each read to its end. */
export interface CheckedArtifacts {
  held: number
  /** Those that do not open, or are not what their host announced, and the first of them. */
  unreadable: number
  first: string[]
}

export async function checkArtifacts({ data, keys }: { data: string; keys?: string }): Promise<CheckedArtifacts> {
  const folder = resolve(data)
  const [{ loadSecrets }, { heldArtifacts, openArtifacts }] = await Promise.all([
    import('../keys/secrets.ts'),
    import('../ledger/artifacts.ts'),
  ])
  const dir = join(folder, 'ledger')
  const names = heldArtifacts(dir)
  if (names.length === 0) return { held: 0, unreadable: 0, first: [] }
  const unreadable: string[] = []
  const { masterKey } = loadSecrets(keys === undefined ? join(folder, 'keys') : resolve(keys))
  const artifacts = openArtifacts({ dir, masterKey })
  for (const [i, sha256] of names.entries()) {
    showProgress(`${i} artifacts opened`)
    if (!(await isWhole(() => artifacts.read(sha256)))) unreadable.push(sha256)
  }
  showProgress('')
  return { held: names.length, unreadable: unreadable.length, first: unreadable.slice(0, mostNamed) }
}

async function isWhole(read: () => Promise<{ bytes: AsyncIterable<Uint8Array> }>): Promise<boolean> {
  try {
    for await (const _ of (await read()).bytes);
    return true
  } catch (cause) {
    if (isRefusal(cause)) return false
    throw cause
  }
}

const mostNamed = 3

/** Nothing is said where there are none. */
export function artifactsChecks(checked: CheckedArtifacts | undefined) {
  if (checked === undefined || checked.held === 0) return []
  const { held, unreadable, first } = checked
  const detail =
    unreadable === 0
      ? `${counted(held, 'artifact', 'artifacts')} opened, each what its host announced`
      : `${unreadable} of ${counted(held, 'artifact', 'artifacts')} do not open or are not what their hosts announced: ${first.join(', ')}${unreadable > mostNamed ? ', ...' : ''}`
  return [{ name: 'artifacts', ok: unreadable === 0, detail }]
}
