import { resolve } from 'node:path'
import { isRefusal, refuse } from '../error.ts'
import { pathsBeside, readBeside } from './beside.ts'
import { type Blocks, guarded, type Peeked, peek, type Reading, untilBroken } from './blocks.ts'
import { contextByHand, type GivenTime } from './context.ts'
import { beginCut } from './cut.ts'
import type { Beside, DecodeContext, Decoder, Event } from './decoder.ts'
import { openHashed } from './file-bytes.ts'
import { type Place, placeOfFile, remark, wholeOf } from './file-place.ts'
import { decoderByContent, decoderById, decoders } from './index.ts'
import { inflate, isGzip } from './inflate.ts'
import { recordsOf } from './records.ts'
import { text } from './text/index.ts'
import { decodeWhole } from './whole.ts'

/** What the reader of a bare file says of it. */
export interface FileOptions extends GivenTime {
  /** Id of the decoder, where the content does not tell. */
  as?: string
  /** Paths of files that belong to it, where they do not lie beside it: the logs of a registry hive. */
  beside?: readonly string[]
}

const sampleBytes = 64 * 1024

/**
 * Events of a file of any size without a console; memory stays bounded. gzip is read through. A record's id is
 * `<SHA-256 of the file as it lies there>:<byte>`, for a stream `stdin:<byte>`, where the byte counts what gzip holds.
 * What cannot be read within the file is an event with `error.message`. Returns how many bytes it holds.
 * Throws `file-unreadable` and `format-unknown` for a file that as a whole cannot be read, `input-malformed` for options
 * that are none.
 */
export async function* decodeFile(
  source: string | NodeJS.ReadableStream,
  options: FileOptions = {},
): AsyncGenerator<Event, number> {
  const given = {
    context: contextByHand(options),
    decoder: options.as === undefined ? undefined : decoderById(options.as),
  }
  if (typeof source !== 'string') {
    const place = placeOfFile('stdin', { prefix: 'stdin', name: 'Standard input' })
    return yield* decodeBlocks(streamed(source), place, given)
  }
  const file = await openHashed(source)
  try {
    const { sha256, dev, ino } = file
    const place = placeOfFile(resolve(source), { prefix: sha256, name: source, dev, ino })
    const bytes = yield* decodeBlocks(file.blocks(), place, { ...given, beside: options.beside, path: source })
    if (file.hasChanged())
      yield remark(place, { dataset: text.id, text: 'The file changed while it was read.', offset: 0 })
    return bytes
  } finally {
    await file.close()
  }
}

interface Given {
  context: DecodeContext
  decoder: Decoder | undefined
  beside?: readonly string[] | undefined
  /** Where it lies, so that what lies beside it is found. */
  path?: string
}

async function* decodeBlocks(blocks: Blocks, place: Place, given: Given): AsyncGenerator<Event, number> {
  const { sample, all } = await begin(blocks)
  // A byte order mark belongs to no line.
  const skip = sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf ? 3 : 0
  const decoder = given.decoder ?? decoderOf(sample.subarray(skip), place)
  const { context, unreadable } = await contextBeside(decoder, given)
  for (const says of unreadable) yield remark(place, { dataset: decoder.id, text: says, offset: 0 })
  const decoding = decoder.start(context)
  const reading: Reading = { bytes: 0 }
  for await (const records of recordsOf(untilBroken(all, reading), { cut: beginCut(decoder.cut), skip }))
    for (const record of records)
      for (const event of decodeWhole(wholeOf(record, place, decoder.openEnd), decoder.id, decoding)) yield event
  const { bytes, failure } = reading
  if (failure !== undefined && bytes === 0)
    throw refuse('file-unreadable', `${place.name}: ${failure.message}`, { cause: failure })
  for (const event of decoding.end()) yield event
  if (failure !== undefined) yield remark(place, { dataset: decoder.id, text: failure.message, offset: bytes })
  return bytes
}

/** What the decoder may know, with the files that belong to this one: those that were named must be readable, of those that only lie beside it it is said that they are not. */
async function contextBeside(
  decoder: Decoder,
  { context, beside, path }: Given,
): Promise<{ context: DecodeContext; unreadable: string[] }> {
  if (decoder.beside === undefined || path === undefined) return { context, unreadable: [] }
  if (beside !== undefined) return { context: { ...context, beside: await readBeside(beside) }, unreadable: [] }
  const files: Beside[] = []
  const unreadable: string[] = []
  for (const other of await pathsBeside(path, decoder.beside))
    try {
      files.push(...(await readBeside([other])))
    } catch (cause) {
      if (!isRefusal(cause)) throw cause
      unreadable.push(`It belongs to this file and was left out: ${cause.message}`)
    }
  return { context: { ...context, beside: files }, unreadable }
}

async function begin(blocks: Blocks): Promise<Peeked> {
  const outer = await peek(guarded(blocks), sampleBytes)
  return isGzip(outer.sample) ? peek(inflate(outer.all), sampleBytes) : outer
}

/** What is often met and not read here, by how it begins, and how to make something of it that is. */
const unread: readonly (readonly [begin: string, says: string])[] = [
  ['\xff\xfe', 'is UTF-16: convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)'],
  ['\xfe\xff', 'is UTF-16: convert it to UTF-8 (iconv -f UTF-16 -t UTF-8)'],
  ['BZh', 'is compressed with bzip2, which is not read here: unpack it (bunzip2 --keep)'],
  ['\xfd7zXZ\0', 'is compressed with xz, which is not read here: unpack it (unxz --keep)'],
  ['\x28\xb5\x2f\xfd', 'is compressed with Zstandard, which is not read here: unpack it (unzstd)'],
  ['\x04\x22\x4d\x18', 'is compressed with LZ4, which is not read here: unpack it (unlz4)'],
  ['PK\x03\x04', 'is a zip archive or an office document: unpack it (unzip)'],
  ['7z\xbc\xaf\x27\x1c', 'is a 7-Zip archive: unpack it (7z x)'],
]

/** Throws `format-unknown` for what is neither text nor a format that is known: lines of it would say nothing. */
export function decoderOf(sample: Uint8Array, { name, head }: Place): Decoder {
  const decoder = decoderByContent(sample)
  if (decoder !== text || !isBinary(sample)) return decoder
  // A sparse file may begin with nothing: only its name tells what it is.
  const named = sample.every((byte) => byte === 0) ? decoders.find((candidate) => candidate.reads(head)) : text
  if (named !== undefined && named !== text) return named
  const begin = Buffer.from(sample.subarray(0, 8)).toString('latin1')
  const says = unread.find(([mark]) => begin.startsWith(mark))?.[1] ?? 'is in no format that is known here'
  throw refuse('format-unknown', `${name} ${says}.`)
}

/** More than one in 50 bytes is a control character that no text has. */
function isBinary(sample: Uint8Array): boolean {
  let strange = 0
  for (const byte of sample) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) strange++
  return strange * 50 > sample.length
}

async function* streamed(stream: NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  for await (const block of stream) yield typeof block === 'string' ? Buffer.from(block) : block
}
