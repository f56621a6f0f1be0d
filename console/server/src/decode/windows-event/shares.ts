import { subject } from './accounts.ts'
import type { Meaning } from './meaning.ts'
import { baseName, end, putter, type Rule, textIn } from './rule.ts'

const [putPath, putName] = [putter('file.path'), putter('file.name')]

/** The path on the machine itself, where the event knows it; else the one on the share. */
const sharedFile: Rule = (document, fields) => {
  const named = textIn(fields, 'RelativeTargetName')
  // The folder of the share itself.
  const within = named === '\\' ? undefined : named
  const local = textIn(fields, 'ShareLocalPath')?.replace('\\??\\', '')
  const folder = local ?? textIn(fields, 'ShareName')
  if (folder === undefined) return
  const path = within === undefined ? folder : `${folder}${folder.endsWith('\\') ? '' : '\\'}${within}`
  putPath(document, path)
  if (within !== undefined) putName(document, baseName(within))
}

function access(says: string, action: string): Meaning {
  return {
    says,
    action,
    category: ['network', 'file'],
    type: ['info', 'access'],
    outcome: 'audited',
    rules: [...subject, end('IpAddress', 'IpPort', 'source'), sharedFile],
    about: 'file.path',
  }
}

export const shareMeanings: readonly [number, Meaning][] = [
  [5140, access('A share was opened', 'share-opened')],
  [5145, access('Access to a file of a share was checked', 'share-file-checked')],
]
