import type { Accuracy } from '../accuracy.fixture.ts'
import { askPlistlib, sha256 } from '../plistlib.fixture.ts'
import { bytesOf } from '../shared-data.fixture.ts'
import { toText } from '../text.ts'
import { isBinary, readBinary } from './binary.ts'
import { isDict, isInstant, isList, isUid, type Value } from './value.ts'
import { readWritten } from './written.ts'

/** Property lists of the shared data; one more is damaged, and refused by Python. */
export const samples = [
  'browser_history/plist__History.plist',
  'macos/artemis__emond__test123.plist',
  'macos/artemis__loginitems__BackgroundItems-v4.btm',
  'macos/backgrounditems.btm',
  'macos/plist__Downloads.plist',
  'macos/plist__InstallHistory.plist',
  'macos/plist__com.apple.loginitems.plist',
  'macos/plist__launchd.minimal.plist',
  'macos/plist__launchd.plist',
  'macos/plist__loginwindow.plist',
  'macos/plist__user.plist',
]

/** Values of all samples, held to what Python's plistlib reads. */
export function plistAccuracy(): Accuracy {
  const sum: Accuracy = { records: 0, right: 0, wrong: 0, missed: 0 }
  for (const name of samples) {
    const expected = askPlistlib(name) ?? []
    const found = new Set(linesOfSample(name))
    const right = expected.filter((line) => found.has(line)).length
    sum.records += expected.length
    sum.right += right
    sum.wrong += found.size - right
    sum.missed += Math.max(0, expected.length - found.size)
  }
  return sum
}

/** As `askPlistlib` writes them. */
export function linesOfSample(name: string): string[] {
  const bytes = bytesOf(name)
  const { root } = isBinary(bytes) ? readBinary(bytes) : readWritten(toText(bytes))
  return [...linesOf('', root)]
}

function* linesOf(where: string, value: Value): Generator<string> {
  yield `${where} ${textOf(value)}`
  if (isList(value)) for (const [i, one] of value.entries()) yield* linesOf(`${where}/${i}`, one)
  if (isDict(value))
    for (const key of [...value.keys()].sort()) yield* linesOf(`${where}/${key}`, value.get(key) ?? null)
}

function textOf(value: Value): string {
  if (isDict(value)) return `dict ${value.size}`
  if (isList(value)) return `list ${value.length}`
  if (isUid(value)) return `uid ${value.uid}`
  if (isInstant(value)) return `date ${value.instant?.slice(0, 19)}`
  if (value instanceof Uint8Array) return `data ${sha256(value)}`
  if (typeof value === 'string') return `text ${sha256(value)}`
  return typeof value === 'boolean' ? `boolean ${value}` : `number ${Number(value).toFixed(6)}`
}
