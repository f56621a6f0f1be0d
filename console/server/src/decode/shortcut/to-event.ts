import { damagedEvent } from '../damaged-event.ts'
import type { DecodeRecord, Event } from '../decoder.ts'
import { defined } from '../defined.ts'
import type { Listed, Use } from './jump-list.ts'
import type { Link } from './link.ts'
import { type Target, targetOf } from './target.ts'
import { makerOf, type Tracker } from './tracker.ts'

export const dataset = 'shortcut'

const mostOfArguments = 2000

/**
 * A shortcut shows that its target was there, with the size and times it had then; when it was made is not in it. What a
 * jump list has opened is an event of the time it was last opened.
 */
export function toEvents(record: DecodeRecord, { link, use }: Listed): Event[] {
  const target = link === undefined ? {} : targetOf(link)
  const path = target.path ?? use?.path
  const event: Event = {
    event: { ...(use?.usedAt === undefined ? seen : used) },
    message: messageOf({ ...target, ...(path !== undefined && { path }) }, link),
    tidewaiter: {
      record: record.id,
      shortcut: { ...shortcutFields(link, target), ...(use && { jump_list: useFields(use) }) },
    },
  }
  if (use?.usedAt !== undefined) event['@timestamp'] = use.usedAt
  addFile(event, path, link)
  const url = target.url ?? (path !== undefined && /^https?:/i.test(path) ? path : undefined)
  if (url !== undefined) event.url = { full: url }
  addPlace(event, link)
  const damages = link?.damages ?? []
  return [event, ...damages.map((damage) => damagedEvent(record, dataset, damage))]
}

const seen = { kind: 'state', dataset, category: ['file'], type: ['info'], action: 'shortcut-found' } as const
const used = { kind: 'event', dataset, category: ['file'], type: ['access'], action: 'file-opened' } as const

/** Its arguments stand in it: an address in them is looked for like one in any message. */
function messageOf({ path, url }: Target, link: Link | undefined): string {
  const target = url ?? path ?? link?.relativePath ?? link?.description ?? 'what is not told'
  const words = link?.arguments === undefined ? '' : ` ${link.arguments.slice(0, mostOfArguments)}`
  return `Shortcut to ${target}${words}`
}

function addFile(event: Event, path: string | undefined, link: Link | undefined): void {
  const file: Record<string, unknown> = {}
  if (path !== undefined && !/^https?:/i.test(path)) file.path = path
  if (link !== undefined) {
    if (link.size > 0) file.size = link.size
    if (link.created !== undefined) file.created = link.created
    if (link.accessed !== undefined) file.accessed = link.accessed
    if (link.written !== undefined) file.mtime = link.written
    const attributes = attributesOf(link.attributes)
    if (attributes.length > 0) file.attributes = attributes
  }
  if (Object.keys(file).length > 0) event.file = file
}

/** Bits that say something of a target ([MS-SHLLINK] 2.1.2), in the words of ECS. */
function attributesOf(bits: number): string[] {
  return attributeNames.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name)
}

const attributeNames: readonly [bit: number, name: string][] = [
  [0x1, 'readonly'],
  [0x2, 'hidden'],
  [0x4, 'system'],
  [0x10, 'directory'],
  [0x20, 'archive'],
  [0x800, 'compressed'],
  [0x4000, 'encrypted'],
]

/** SID of the account, which the shell leaves among the properties. */
const accountProperty = '46588ae2-4cbc-4338-bbfc-139326986dce/4'

function addPlace(event: Event, link: Link | undefined): void {
  const { info, extra } = link ?? {}
  if (info?.volume !== undefined) {
    const { serial, type } = info.volume
    event.volume = { serial_number: serial, device_type: type, removable: type === 'removable' }
  }
  const account = extra?.properties?.find(({ name }) => name === accountProperty)?.value
  if (account !== undefined) event.user = { id: account }
  if (extra?.tracker?.machine) event.related = { hosts: [extra.tracker.machine] }
}

function shortcutFields(link: Link | undefined, { from }: Target): Record<string, unknown> {
  if (link === undefined) return {}
  const { info, extra, items } = link
  return defined({
    target_from: from,
    description: link.description,
    relative_path: link.relativePath,
    working_directory: link.workingDirectory,
    arguments: link.arguments,
    icon: link.icon,
    environment_icon: extra.iconPath,
    show: link.show,
    run_as_other: link.runsAsOther || undefined,
    items: items.length > 0 ? items.map(({ name }) => name) : undefined,
    local_path: from === 'link-info' ? undefined : info?.localPath,
    network_path: info?.networkPath,
    share: info?.share,
    volume_label: info?.volume?.label || undefined,
    code_page: info?.isSure === false ? 'unknown' : undefined,
    environment_path: extra.environmentPath,
    installer: extra.installer,
    known_folder: extra.knownFolder,
    shim: extra.shim,
    tracker: extra.tracker && trackerFields(extra.tracker),
    properties: extra.properties?.length ? extra.properties : undefined,
  })
}

function trackerFields({ machine, volume, file, birthVolume, birthFile }: Tracker): object {
  const maker = makerOf(file)
  return defined({
    machine,
    volume,
    file,
    birth_volume: birthVolume === volume ? undefined : birthVolume,
    birth_file: birthFile === file ? undefined : birthFile,
    mac: maker?.mac,
    id_created: maker?.madeAt,
  })
}

function useFields({ number, path, machine, count, isPinned }: Use): object {
  return defined({ number, path, machine: machine || undefined, count, pinned: isPinned })
}
