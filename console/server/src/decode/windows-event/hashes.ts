import { putter, type Rule, textIn } from './rule.ts'

const kinds: ReadonlyMap<string, string> = new Map([
  ['MD5', 'hash.md5'],
  ['SHA1', 'hash.sha1'],
  ['SHA256', 'hash.sha256'],
  ['IMPHASH', 'pe.imphash'],
])

/** `SHA1=...,MD5=...,SHA256=...,IMPHASH=...`: those that Sysmon was told to make. */
export function hashes(path: 'process' | 'file'): Rule {
  const putters = new Map(Array.from(kinds, ([kind, field]) => [kind, putter(`${path}.${field}`)]))
  return (document, fields) => {
    const text = textIn(fields, 'Hashes')
    // Four hashes have 200 characters.
    if (text === undefined || text.length > 1000) return
    for (const hash of text.split(',')) {
      const equals = hash.indexOf('=')
      putters.get(hash.slice(0, equals))?.(document, hash.slice(equals + 1).toLowerCase())
    }
  }
}
