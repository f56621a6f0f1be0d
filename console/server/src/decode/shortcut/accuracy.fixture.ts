import type { Accuracy } from '../accuracy.fixture.ts'
import type { Event } from '../decoder.ts'
import { eventsOf } from '../recorded.fixture.ts'
import { bytesOf, truthOf } from '../shared-data.fixture.ts'
import { shortcut } from './index.ts'

type Fields = Readonly<Record<string, unknown>>

export function sampleEvents(name: string): Event[] {
  return eventsOf(shortcut, [bytesOf(`windows_lnk/${name}`)])
}

/** Values of the shortcuts as lnkinfo reads them, and properties as LnkParse3 does. */
export function shortcutAccuracy(): Accuracy & { differences: string[] } {
  const files: [string, Fields][] = Object.entries(truthOf('windows_lnk').files)
  const differences: string[] = []
  let [records, missed] = [0, 0]
  for (const [name, truth] of files.filter(([, { created }]) => created !== undefined)) {
    const [event] = sampleEvents(name)
    const expected = [...valuesOf(truth), ...(truth.decoded === undefined ? [] : propertiesOf(String(truth.decoded)))]
    for (const [field, value] of expected) {
      const found = event && valueAt(event, field)
      records += 1
      if (found === undefined) missed += 1
      if (found !== value) differences.push(`${name} ${field}: ${value} ${found}`)
    }
  }
  const right = records - differences.length
  return { records, right, wrong: differences.length - missed, missed, differences }
}

const paths: Readonly<Record<string, string>> = {
  created: 'file.created',
  modified: 'file.mtime',
  accessed: 'file.accessed',
  file_size: 'file.size',
  drive_serial: 'volume.serial_number',
  machine: 'tidewaiter.shortcut.tracker.machine',
  droid_file: 'tidewaiter.shortcut.tracker.file',
  local_path: 'file.path',
  network_path: 'tidewaiter.shortcut.network_path',
  volume_label: 'tidewaiter.shortcut.volume_label',
  relative_path: 'tidewaiter.shortcut.relative_path',
  working_directory: 'tidewaiter.shortcut.working_directory',
  icon: 'tidewaiter.shortcut.icon',
  description: 'tidewaiter.shortcut.description',
  arguments: 'tidewaiter.shortcut.arguments',
}

function valuesOf(truth: Fields): [string, string][] {
  return Object.entries(truth).flatMap(([name, value]): [string, string][] => {
    const path = paths[name]
    const text = path === undefined ? undefined : normal(name, String(value))
    return path === undefined || text === undefined ? [] : [[path, text]]
  })
}

/** Undefined for what says nothing: a time that is not set, a size of 0. */
function normal(name: string, value: string): string | undefined {
  if (value.startsWith('Not set') || value === '0 bytes') return undefined
  if (name === 'file_size') return value.replace(' bytes', '')
  if (name === 'drive_serial') return value.slice(2).padStart(8, '0')
  const [, date = '', clock = '', ticks = ''] = /^(\w{3} \d\d, \d{4}) (\S+)\.(\d{7})00 UTC$/.exec(value) ?? []
  if (date === '') return value
  return `${new Date(`${date} ${clock} UTC`).toISOString().slice(0, 19)}.${ticks}Z`
}

interface Decoded {
  extra: { METADATA_PROPERTIES_BLOCK?: { property_store?: readonly Store[] } }
}

interface Store {
  format_id: string
  serialized_property_values: readonly { id: number; value_type: string; value: string | null }[]
}

/** Those whose value it reads: texts. */
function propertiesOf(name: string): [string, string][] {
  const { extra }: Decoded = JSON.parse(bytesOf(`windows_lnk/${name}`).toString())
  return (extra.METADATA_PROPERTIES_BLOCK?.property_store ?? []).flatMap(({ format_id, serialized_property_values }) =>
    serialized_property_values.flatMap(({ id, value }): [string, string][] =>
      value === null ? [] : [[`${format_id.toLowerCase()}/${id}`, value]],
    ),
  )
}

function valueAt(event: Event, field: string): string | undefined {
  if (field.includes('/')) {
    const { properties } = event.tidewaiter.shortcut as { properties?: { name: string; value: string }[] }
    return properties?.find(({ name }) => name === field)?.value
  }
  let value: unknown = event
  for (const name of field.split('.')) value = (value as Record<string, unknown> | undefined)?.[name]
  return value === undefined ? undefined : String(value)
}
