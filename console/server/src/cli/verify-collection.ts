import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { counted } from '@tidewaiter/protocol/counted'
import { isRefusal, refuse } from '../error.ts'
import { type CollectionVerdict, judgeCollection } from '../intake/judge-collection.ts'
import { type CollectionReport, readCollectionFile } from '../intake/read-collection.ts'
import { collectionPair } from '../keys/derived.ts'
import { loadSecrets } from '../keys/secrets.ts'
import type { Common } from './command.ts'
import { plain, printJson, showProgress } from './output.ts'
import { askSecret } from './secret.ts'

interface Options extends Common {
  fingerprint?: string
  recovery?: string
}

/** True for one that is intact. A console is needed only for the key of one that is encrypted to it. */
export async function verifyCollection(name: string, options: Options): Promise<boolean> {
  const { parseFingerprint } = await import('@tidewaiter/protocol')
  if (options.fingerprint !== undefined && parseFingerprint(options.fingerprint) === undefined)
    throw refuse('input-malformed', 'A fingerprint is 64 digits and letters from a to f: give the whole of it.')
  const report = await read(name, options)
  showProgress('')
  if ('problem' in report) return unreadable(report.problem, options)
  const verdict = judgeCollection(report, options.fingerprint)
  if (options.json === true) printJson(verdict)
  else for (const line of inWords(verdict)) console.log(line)
  return verdict.ok
}

async function read(name: string, options: Options): Promise<CollectionReport | { problem: string }> {
  try {
    return await readCollectionFile(name, {
      identity: () => identityFor(options),
      progress: (done, of) => showProgress(`${Math.floor((done / of) * 100)} %`),
    })
  } catch (cause) {
    // Without its opening nothing in it can be told from what somebody made up.
    if (!isRefusal(cause) || (cause.code !== 'collection-malformed' && cause.code !== 'signature-wrong')) throw cause
    return { problem: cause.says }
  }
}

function unreadable(problem: string, { json }: Options): false {
  const checks = [{ name: 'opening', ok: false, detail: problem }]
  if (json === true) printJson({ ok: false, checks, signer: null, files: 0, batchesComplete: 0, recordsProven: 0 })
  else console.log(`NOT intact:\nPROBLEM opening: ${plain(problem)}`)
  return false
}

async function identityFor({ data, keys, recovery }: Options): Promise<string> {
  if (recovery !== undefined) return (await askSecret('Recovery key', recovery)).trim().toUpperCase()
  const dir = keys === undefined ? join(resolve(data), 'keys') : resolve(keys)
  if (!existsSync(dir))
    throw refuse(
      'collection-sealed',
      `The collection is encrypted, and there are no keys in ${dir}: name the data folder of the console with --data.`,
    )
  return collectionPair(loadSecrets(dir).masterKey).identity
}

function inWords({ ok, checks, signer, batchesComplete, recordsProven, collection }: CollectionVerdict): string[] {
  const early = collection.complete ? '' : ' It says that it is NOT complete.'
  const head = !ok
    ? 'NOT intact:'
    : signer.checked
      ? `Intact, and signed by the key you named.${early}`
      : `Intact. Who made it is NOT checked: compare the SHA-256 with the evidence form.${early}`
  return [
    head,
    `  SHA-256 of the file  ${collection.sha256}`,
    `  key of the collection  ${signer.fingerprint.replaceAll(/(.{4})(?=.)/g, '$1 ')}`,
    ...checks.map(({ ok: good, name, detail }) => `${good ? 'ok      ' : 'PROBLEM '} ${name}: ${plain(detail)}`),
    `${plain(collection.name)}, ${collection.profile}, ${collection.startedAt}: ${counted(recordsProven, 'record')} proven, ${counted(batchesComplete, 'whole batch', 'whole batches')}`,
  ]
}
