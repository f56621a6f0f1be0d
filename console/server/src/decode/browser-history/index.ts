import type { DatabaseDecoder } from '../database.ts'
import { chromiumEvents, isChromium } from './chromium.ts'
import { firefoxEvents, isFirefox } from './firefox.ts'
import { isOldDownloads, oldDownloadEvents } from './firefox-downloads.ts'
import { isSafari, safariEvents } from './safari.ts'

/** In each, columns are taken by their names: versions add to them. */
const browsers = [
  { reads: isChromium, events: chromiumEvents },
  { reads: isFirefox, events: firefoxEvents },
  { reads: isOldDownloads, events: oldDownloadEvents },
  { reads: isSafari, events: safariEvents },
]

/** What was visited and downloaded: an event for each visit and each download. */
export const browserHistory: DatabaseDecoder = {
  id: 'browser-history',
  title: 'Browser history (Chrome, Edge, Firefox, Safari)',
  reads: (database) => browsers.some((browser) => browser.reads(database)),
  events: (database) => browsers.find((browser) => browser.reads(database))?.events(database) ?? [],
}
