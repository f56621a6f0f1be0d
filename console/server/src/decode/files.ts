import { resolve } from 'node:path'
import { isRefusal, refuse } from '../error.ts'
import { pathsBeside, readBeside } from './beside.ts'
import { type Blocks, guarded, type Peeked, peek, type Reading, untilBroken } from './blocks.ts'
import { contextByHand, type GivenTime } from './context.ts'
import { beginCut } from './cut.ts'
import type { Beside, DecodeContext, Decoder, Event } from './decoder.ts'
import { openHashed } from './file-bytes.ts'
import { type Place, placeOfFile, remark, wholeOf } from './file-place.ts'
import { decoderByContent, decoderById } from './index.ts'
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
 * What cannot be read within the file is an event with `error.message`.
 * Throws `file-unreadable` for a file that as a whole cannot be read, `input-malformed` for options that are none.
 */
export async function* decodeFile(
  source: string | NodeJS.ReadableStream,
  options: FileOptions = {},
): AsyncGenerator<Event> {
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
    yield* decodeBlocks(file.blocks(), place, { ...given, beside: options.beside, path: source })
    if (file.hasChanged())
      yield remark(place, { dataset: text.id, text: 'The file changed while it was read.', offset: 0 })
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

async function* decodeBlocks(blocks: Blocks, place: Place, given: Given): AsyncGenerator<Event> {
  const { sample, all } = await begin(blocks)
  // A byte order mark belongs to no line.
  const skip = sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf ? 3 : 0
  const decoder = given.decoder ?? decoderOf(sample.subarray(skip), place)
  const beside = await findBeside(decoder, given)
  for (const says of beside.unreadable) yield remark(place, { dataset: decoder.id, text: says, offset: 0 })
  const decoding = decoder.start({ ...given.context, ...(beside.files.length > 0 && { beside: beside.files }) })
  const reading: Reading = { bytes: 0 }
  for await (const records of recordsOf(untilBroken(all, reading), { cut: beginCut(decoder.cut), skip }))
    for (const record of records)
      for (const event of decodeWhole(wholeOf(record, place), decoder.id, decoding)) yield event
  const { bytes, failure } = reading
  if (failure !== undefined && bytes === 0)
    throw refuse('file-unreadable', `${place.name}: ${failure.message}`, { cause: failure })
  for (const event of decoding.end()) yield event
  if (failure !== undefined) yield remark(place, { dataset: decoder.id, text: failure.message, offset: bytes })
}

async function begin(blocks: Blocks): Promise<Peeked> {
  const outer = await peek(guarded(blocks), sampleBytes)
  return isGzip(outer.sample) ? peek(inflate(outer.all), sampleBytes) : outer
}

/** Files that were named must be readable; of those that only lie beside it, it is said that they are not. */
async function findBeside(
  decoder: Decoder,
  { beside, path }: Given,
): Promise<{ files: Beside[]; unreadable: string[] }> {
  const found: { files: Beside[]; unreadable: string[] } = { files: [], unreadable: [] }
  if (decoder.beside === undefined || path === undefined) return found
  if (beside !== undefined) return { ...found, files: await readBeside(beside) }
  for (const other of await pathsBeside(path, decoder.beside))
    try {
      found.files.push(...(await readBeside([other])))
    } catch (cause) {
      if (!isRefusal(cause)) throw cause
      found.unreadable.push(cause.message)
    }
  return found
}

/** Throws `file-unreadable` for what is neither text nor a format that is known: lines of it would say nothing. */
function decoderOf(sample: Uint8Array, { name }: Place): Decoder {
  const decoder = decoderByContent(sample)
  if (decoder !== text || !isBinary(sample)) return decoder
  const isWide = (sample[0] === 0xff && sample[1] === 0xfe) || (sample[0] === 0xfe && sample[1] === 0xff)
  throw refuse(
    'file-unreadable',
    isWide
      ? `${name} is UTF-16: convert it to UTF-8 first (iconv -f UTF-16 -t UTF-8).`
      : `${name} is in no format that is known here. --as text reads it line by line all the same.`,
  )
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
