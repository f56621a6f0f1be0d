import type { DecodeRecord, Event } from '../decoder.ts'
import { fileOfAddress } from '../file-path.ts'
import { type Archive, archiveIn } from './archive.ts'
import { autorunEvent, type Meaning } from './event.ts'
import { type Dict, isDict, type Value } from './value.ts'

/** Developers have entries of their own, which run nothing. */
const mostItems = 5000

/**
 * `BackgroundItems-v4.btm` and later (`/var/db/com.apple.backgroundtaskmanagement`, macOS 13 on): everything that runs by
 * itself for each user, and whether it may. Those before it hold the places of programs in a form that is not published.
 */
export const backgroundItems: Meaning = (root, record) => {
  const archive = archiveIn(root)
  const store = archive?.of(archive.top.get('store'))
  if (archive === undefined || !isDict(store) || !store.has('itemsByUserIdentifier')) return undefined
  const items = archive.entries(store.get('itemsByUserIdentifier')).flatMap(([user, list]) =>
    archive
      .members(list)
      .filter(isDict)
      .map((item) => ({ user, item })),
  )
  return items.slice(0, mostItems).flatMap(({ user, item }) => itemEvent(record, archive, { user, item }))
}

function itemEvent(record: DecodeRecord, archive: Archive, { user, item }: { user: string; item: Dict }): Event[] {
  const text = (key: string) => asText(archive.of(item.get(key)))
  const url = archive.of(item.get('url'))
  const file = fileOfAddress(isDict(url) ? asText(archive.of(url.get('NS.relative'))) : undefined)
  const executable = text('executablePath')
  if (file === undefined && executable === undefined) return []
  const [type, disposition] = ['type', 'disposition'].map((key) => archive.of(item.get(key)))
  const event = autorunEvent(record, {
    kind: kindOf(type),
    label: text('name') ?? text('identifier'),
    executable: executable ?? file,
    when: wordsOf(disposition),
    more: {
      user_uuid: user,
      identifier: text('identifier'),
      bundle: text('bundleIdentifier'),
      team: text('teamIdentifier'),
      developer: text('developerName'),
      container: text('container'),
    },
  })
  if (file !== undefined) event.file = { path: file }
  return [event]
}

function asText(value: Value | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 4096) : undefined
}

/** As `sfltool dumpbtm` names them. */
const kinds = [
  [0x10, 'daemon'],
  [0x8, 'agent'],
  [0x4, 'login item'],
  [0x2, 'app'],
] as const

function kindOf(type: Value | undefined): string {
  const bits = typeof type === 'number' ? type : 0
  return `background ${kinds.find(([bit]) => (bits & bit) !== 0)?.[1] ?? 'item'}`
}

function wordsOf(disposition: Value | undefined): string[] {
  if (typeof disposition !== 'number') return []
  const words = [
    (disposition & 1) === 0 ? 'switched off' : 'switched on',
    (disposition & 2) === 0 ? 'not allowed' : 'allowed',
    (disposition & 4) === 0 ? '' : 'hidden',
    (disposition & 8) === 0 ? 'its user was not told' : '',
  ]
  return words.filter((word) => word !== '')
}
