import type { DecodeRecord, Event } from '../decoder.ts'
import { instantOfSeconds } from '../epoch.ts'
import { filePath } from '../file-path.ts'
import { urlFields } from '../url.ts'
import type { Meaning } from './event.ts'
import { type Dict, dictsIn, instantIn, isDict, isList, numberIn, textIn } from './value.ts'

/** As the events of the databases of browsers. */
const dataset = 'browser-history'

/** `Downloads.plist` of Safari. */
export const safariDownloads: Meaning = (root, record) => {
  const entries = isDict(root) ? root.get('DownloadHistory') : undefined
  return isList(entries) ? dictsIn(entries).map((entry) => downloadEvent(record, entry)) : undefined
}

function downloadEvent(record: DecodeRecord, entry: Dict): Event {
  const key = (name: string) => `DownloadEntry${name}`
  const [url, start, end] = [
    textIn(entry, key('URL')),
    instantIn(entry, key('DateAddedKey')),
    instantIn(entry, key('DateFinishedKey')),
  ]
  // An archive is unpacked, and where its content went is the other path.
  const path = textIn(entry, key('PostPath')) ?? textIn(entry, key('Path'))
  const size = numberIn(entry, key('ProgressBytesSoFar'))
  const outcome = end === undefined ? 'unknown' : 'success'
  const event: Event = {
    event: {
      kind: 'event',
      dataset,
      category: ['web', 'file'],
      type: ['access', 'creation'],
      action: 'file-downloaded',
      outcome,
    },
    message: `downloaded ${url ?? 'a file'}${path === undefined ? '' : ` to ${path}`}`,
    file: {
      ...(path !== undefined && filePath(path)),
      ...(size !== undefined && { size }),
      ...(url !== undefined && { origin_url: url }),
    },
    tidewaiter: { record: record.id, browser: 'safari', download: { id: textIn(entry, key('Identifier')) ?? '' } },
  }
  if (start !== undefined) event['@timestamp'] = start
  if (start !== undefined && end !== undefined) Object.assign(event.event, { start, end })
  if (url !== undefined) event.url = urlFields(url)
  return event
}

/** `History.plist` of Safari up to version 7: each page with its last visit. */
export const safariHistory: Meaning = (root, record) => {
  const entries = isDict(root) ? root.get('WebHistoryDates') : undefined
  return isList(entries) ? dictsIn(entries).map((entry) => visitEvent(record, entry)) : undefined
}

function visitEvent(record: DecodeRecord, entry: Dict): Event {
  // The address stands under an empty key.
  const [url, title, seconds] = [textIn(entry, ''), textIn(entry, 'title'), textIn(entry, 'lastVisitedDate')]
  const at =
    seconds !== undefined && /^\d{1,12}(\.\d{1,9})?$/.test(seconds)
      ? instantOfSeconds(Number(seconds), 2001)
      : undefined
  const count = numberIn(entry, 'visitCount')
  const event: Event = {
    event: { kind: 'event', dataset, category: ['web'], type: ['access'], action: 'page-visited' },
    message: `visited ${url ?? 'a page whose address is not there'}${title === undefined ? '' : ` (${title})`}`,
    tidewaiter: {
      record: record.id,
      browser: 'safari',
      visit: { ...(title !== undefined && { title }), ...(count !== undefined && { visit_count: count }) },
    },
  }
  if (at !== undefined) event['@timestamp'] = at
  if (url !== undefined) event.url = urlFields(url)
  return event
}
