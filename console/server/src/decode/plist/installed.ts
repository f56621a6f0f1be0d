import type { DecodeRecord, Event } from '../decoder.ts'
import { dataset, type Meaning } from './event.ts'
import { type Dict, dictsIn, instantIn, textIn, textsIn } from './value.ts'

/** `/Library/Receipts/InstallHistory.plist`: what was installed, by which program, and when. */
export const installHistory: Meaning = (root, record) => {
  const entries = dictsIn(root)
  const isHistory = entries.length > 0 && entries.every((entry) => entry.has('date') && entry.has('displayName'))
  return isHistory ? entries.map((entry) => installedEvent(record, entry)) : undefined
}

function installedEvent(record: DecodeRecord, entry: Dict): Event {
  const [name, version, at, program] = [
    textIn(entry, 'displayName'),
    textIn(entry, 'displayVersion'),
    instantIn(entry, 'date'),
    textIn(entry, 'processName'),
  ]
  const identifiers = textsIn(entry.get('packageIdentifiers')).slice(0, 200)
  const content = textIn(entry, 'contentType')
  const event: Event = {
    event: {
      kind: 'event',
      dataset,
      category: ['package'],
      type: ['installation'],
      action: 'package-installed',
      outcome: 'success',
    },
    message: `installed ${[name, version].filter((text) => text !== undefined).join(' ')}`,
    package: {
      ...(name !== undefined && { name }),
      ...(version !== undefined && { version }),
      ...(at !== undefined && { installed: at }),
    },
    tidewaiter: { record: record.id, install: { identifiers, ...(content !== undefined && { content }) } },
  }
  if (at !== undefined) event['@timestamp'] = at
  if (program !== undefined) event.process = { name: program }
  return event
}
