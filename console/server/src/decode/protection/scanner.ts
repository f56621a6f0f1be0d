import { defined, parseRow, type Row, textIn } from '../row.ts'
import { fileOf, notHashed, type Said } from '../system-row.ts'
import { instant } from '../time.ts'

/**
 * `ClamAV-VDB:build time:version:signatures:functionality level:MD5:digital signature:builder:build time in seconds`
 * (docs.clamav.net, manual/Signatures/DatabaseInfo). In the build time a hyphen stands for the colon.
 */
export function sayDefinitions(row: Row): Said | undefined {
  const path = textIn(row, 'path')
  if (path === undefined) return undefined
  const fields = (textIn(row, 'header') ?? '').split(':')
  const [, built, version, signatures] = fields
  const seconds = Number(fields[8])
  const builtAt = Number.isSafeInteger(seconds) && seconds > 0 && seconds < 1e11 ? instant(seconds, '') : undefined
  const why = textIn(row, 'why')
  return {
    message: `${path}: ${why ?? `definitions ${version ?? '?'} of ${built ?? '?'}`}`,
    fields: { file: fileOf(row) },
    more: {
      ...defined({ definitions_version: version, definitions_built: builtAt, built_raw: built, why }),
      ...(/^\d{1,15}$/.test(signatures ?? '') && { signatures: Number(signatures) }),
      ...notHashed(row),
    },
  }
}

/** Of `mdatp health --output json`, what tells whether it guards (learn.microsoft.com, defender-endpoint/health-status). */
const ofMdatp = [
  ...['healthy', 'healthIssues', 'realTimeProtectionEnabled', 'definitionsStatus', 'definitionsVersion'],
  ...['definitionsUpdated', 'engineVersion', 'appVersion', 'tamperProtection', 'passiveModeEnabled', 'licensed'],
]

export function sayScanner(row: Row): Said | undefined {
  const [command, text] = [textIn(row, 'command'), textIn(row, 'text')]
  if (command === undefined || text === undefined) return undefined
  const health = command === 'mdatp' ? parseRow(text) : undefined
  const known = health && defined(Object.fromEntries(ofMdatp.map((name) => [name, scalar(health[name])])))
  return {
    message:
      known === undefined ? `${command}: ${text.slice(0, 200)}` : `mdatp: healthy ${known.healthy ?? 'not told'}`,
    more: { scanner: command, ...(known && { health: known }) },
  }
}

function scalar(value: unknown): unknown {
  return ['string', 'boolean', 'number'].includes(typeof value) || Array.isArray(value) ? value : undefined
}
