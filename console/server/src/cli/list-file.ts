import { readFile, stat } from 'node:fs/promises'
import { mostListText } from '@tidewaiter/protocol/api'
import { refuse } from '../error.ts'

/** Bytes of a file that is read at all: the text in it is measured afterwards. */
const mostBytes = 4 * mostListText

/**
 * The text of a list of indicators: UTF-8, or UTF-16 where it begins with its mark, as PowerShell and spreadsheets write
 * it. Throws `file-unreadable`, and `indicator-file-refused` when it is larger than a list may be.
 */
export async function readList(file: string): Promise<string> {
  const { size } = await opened(file, stat(file))
  if (size > mostBytes) throw tooLarge(file, size)
  const bytes = await opened(file, readFile(file))
  const text = new TextDecoder(encodingOf(bytes), { ignoreBOM: true }).decode(bytes)
  if (text.length > mostListText) throw tooLarge(file, bytes.length)
  return text
}

async function opened<Value>(file: string, work: Promise<Value>): Promise<Value> {
  try {
    return await work
  } catch (cause) {
    throw refuse('file-unreadable', `${file} cannot be read: ${cause instanceof Error ? cause.message : 'unknown'}.`, {
      cause,
    })
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

function tooLarge(file: string, bytes: number) {
  const megabytes = (bytes / 1024 / 1024).toFixed(0)
  return refuse(
    'indicator-file-refused',
    `${file} has ${megabytes} MB, and a list may have ${mostListText / 1024 / 1024}. Divide it, for instance with: split -C 30M ${file}`,
  )
}
