import { readFields } from '../fields.ts'
import type { Key } from '../key.ts'
import type { Value } from '../value.ts'
import type { Fact, Meaning } from './meaning.ts'

const explorer = (path: string) => `HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\${path}`

/** What a user typed and opened. Only the key has a time: that at which the first of the list was put there. */
export const recent: readonly Meaning[] = [
  { paths: [explorer('RecentDocs'), explorer('RecentDocs\\*')], read: documentsOf },
  { paths: [explorer('RunMRU')], read: commandsOf },
  { paths: [explorer('WordWheelQuery')], read: searchesOf },
  { paths: [explorer('TypedPaths')], read: pathsOf },
  { paths: ['HKCU\\Software\\Microsoft\\Internet Explorer\\TypedURLs'], read: addressesOf },
  { paths: ['HKCU\\Software\\Microsoft\\Terminal Server Client\\Default'], read: hostsOf },
  { paths: ['HKCU\\Software\\Microsoft\\Terminal Server Client\\Servers\\*'], read: serverOf },
  { paths: [explorer('MountPoints2\\*')], read: shareOf },
  { paths: ['HKCU\\Network\\*'], read: driveOf },
]

/** The name up to its NUL, then a shortcut. */
function documentsOf(key: Key): Fact[] {
  return inOrder(key).flatMap(({ value, place }) => {
    const name = readFields(key.bytesOf(value), (data) => data.wideToNul(0))
    if (name === undefined || name === '') return []
    return [{ ...entry(value, place, 'document-opened', `${name} was opened`), fields: { file: { name } } }]
  })
}

/** Commands end with `\1`. */
function commandsOf(key: Key): Fact[] {
  return inLetters(key).flatMap(({ value, place }) => {
    const command = key.textOf(value)?.replace(/\\1$/, '')
    if (command === undefined) return []
    return [{ ...entry(value, place, 'command-typed', `${command.slice(0, 300)} was typed into Run`), data: [command] }]
  })
}

function searchesOf(key: Key): Fact[] {
  return inOrder(key).flatMap(({ value, place }) => {
    const words = readFields(key.bytesOf(value), (data) => data.wideToNul(0))
    if (words === undefined || words === '') return []
    return [{ ...entry(value, place, 'search-typed', `“${words.slice(0, 300)}” was searched for`), data: [words] }]
  })
}

function pathsOf(key: Key): Fact[] {
  return numbered(key).flatMap(({ value, place }) => {
    const path = key.textOf(value)
    if (path === undefined) return []
    const fields = /^(?:[a-z]:|\\\\)/i.test(path) ? { file: { path } } : {}
    return [{ ...entry(value, place, 'path-typed', `${path.slice(0, 300)} was typed into the file explorer`), fields }]
  })
}

/** Since Windows 8 each address has its time, in a key beside it. */
function addressesOf(key: Key): Fact[] {
  const times = key.above(1)?.below('TypedURLsTime')
  return numbered(key).flatMap(({ value, place }) => {
    const url = key.textOf(value)
    if (url === undefined) return []
    const time = readFields(times?.bytes(value.name), (data) => data.instant(0))
    const fact: Fact = {
      ...entry(value, place, 'url-typed', `${url.slice(0, 300)} was typed into the browser`),
      fields: { url: { original: url.slice(0, 2048) } },
    }
    return [time === undefined ? fact : { ...fact, at: { time, is: 'typed' } }]
  })
}

function hostsOf(key: Key): Fact[] {
  return numbered(key).flatMap(({ value, place }) => {
    const address = key.textOf(value)
    if (address === undefined) return []
    const says = `${address} was connected to over Remote Desktop`
    return [{ ...entry(value, place, 'remote-desktop-used', says), fields: { destination: { address } } }]
  })
}

function serverOf(key: Key): Fact[] {
  const account = key.text('UsernameHint')
  return [
    {
      of: 'key',
      action: 'remote-desktop-used',
      says: `${key.name} was connected to over Remote Desktop${account === undefined ? '' : ` as ${account}`}`,
      fields: { destination: { address: key.name, ...(account !== undefined && { user: { name: account } }) } },
    },
  ]
}

/** `##server#share`; the others are volumes. */
function shareOf(key: Key): Fact[] {
  if (!key.name.startsWith('##')) return []
  const path = key.name.replaceAll('#', '\\')
  return [{ of: 'key', action: 'share-used', says: `${path} was connected to`, fields: { file: { path } } }]
}

/** A share that has a letter. */
function driveOf(key: Key): Fact[] {
  const path = key.text('RemotePath')
  if (path === undefined) return []
  const account = key.text('UserName')
  const as = account === undefined ? '' : ` as ${account}`
  return [{ of: 'key', action: 'share-used', says: `${path} is drive ${key.name}:${as}`, fields: { file: { path } } }]
}

interface Listed {
  value: Value
  /** 0 for the newest. */
  place: number
}

function entry(value: Value, place: number, action: string, says: string): Fact {
  return { of: 'entry', action, says, value: value.name, more: { place } }
}

/** Numbers of the values in `MRUListEx`, the newest first; −1 ends them. */
function inOrder(key: Key): Listed[] {
  const list = key.bytes('MRUListEx')
  if (list === undefined) return []
  const order: string[] = []
  for (let at = 0; at + 4 <= list.length && list.readInt32LE(at) !== -1; at += 4)
    order.push(String(list.readInt32LE(at)))
  return byOrder(key, order)
}

/** Letters of the values in `MRUList`. */
function inLetters(key: Key): Listed[] {
  return byOrder(key, (key.text('MRUList') ?? '').split(''))
}

/** `url1`, `MRU0` and so on: the lowest is the newest. */
function numbered(key: Key): Listed[] {
  const found = key.values.flatMap((value) => {
    const [, digits] = /^(?:url|MRU)(\d{1,4})$/i.exec(value.name) ?? []
    return digits === undefined ? [] : [{ value, place: Number(digits) }]
  })
  return found.toSorted((a, b) => a.place - b.place).map(({ value }, place) => ({ value, place }))
}

function byOrder(key: Key, names: readonly string[]): Listed[] {
  const values = new Map(key.values.map((value) => [value.name.toLowerCase(), value]))
  return names.slice(0, 1000).flatMap((name, place) => {
    const value = values.get(name.toLowerCase())
    return value === undefined ? [] : [{ value, place }]
  })
}
