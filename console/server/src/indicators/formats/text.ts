import { normalValue } from '../../index/normal-value.ts'
import { openReader, type Reader, type Reading } from '../reading.ts'
import { isValue } from './csv-columns.ts'
import { type Guess, guess, hashTypes, strongTypes } from './guess.ts'
import { refang } from './refang.ts'
import { typeNamed, whyUnobserved } from './type-words.ts'

const mostLine = 16_384

/**
 * Plain or defanged text: one value a line, `type:value` where it cannot be told what it is, or running text from
 * which addresses, names, URLs and hashes are taken. `#` and `//` begin a comment. Throws `indicator-file-refused`.
 */
export function readText(text: string): Reading {
  const reader = openReader()
  let line = 0
  for (const raw of linesOf(text)) {
    line += 1
    if (raw.length > mostLine) {
      reader.refuse({ line, value: raw, why: `The line is longer than ${mostLine} characters.` })
      continue
    }
    const content = withoutComment(raw)
    if (content !== '') readLine(reader, line, content)
  }
  return reader.done()
}

function* linesOf(text: string): Generator<string> {
  const unix = text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text
  for (let from = 0; from <= unix.length; ) {
    const end = unix.indexOf('\n', from)
    yield unix.slice(from, end < 0 ? unix.length : end)
    from = end < 0 ? unix.length + 1 : end + 1
  }
}

/** A comment stands alone or after a space, so that the fragment of a URL is none. */
function withoutComment(line: string): string {
  const content = line.trim()
  if (/^(?:#|\/\/|;)/.test(content)) return ''
  return content.replace(/(?<!\s)\s+(?:#|\/\/).*$/, '')
}

function readLine(reader: Reader, line: number, content: string): void {
  const found = valuesOf(content)
  if ('refused' in found) reader.refuse({ line, value: content, why: found.refused })
  else if ('leftOut' in found) reader.leaveOut({ line, value: content, why: found.leftOut })
  else
    for (const { type, value, warns, as } of found.values) {
      reader.take({ line, type, value, as })
      if (warns !== undefined) reader.warn({ line, value: as, why: warns })
    }
}

interface Found extends Guess {
  as: string
}

type Content = { values: Found[] } | { refused: string } | { leftOut: string }

function valuesOf(content: string): Content {
  const said = whatIsSaid(content)
  if (said?.type === 'unobserved') return { leftOut: whyUnobserved(said.word) }
  const hasSpace = /\s/.test(content)
  const one = said ?? (hasSpace && /\s/.test(refang(content)) ? undefined : guess(content))
  if (one !== undefined && isOne(one)) return { values: [{ ...one, as: content }] }
  const values = hasSpace ? guessesIn(content) : []
  if (values.length > 0) return { values }
  // Refused when it is taken, by the name of its type.
  if (one !== undefined) return { values: [{ ...one, as: content }] }
  return { refused: whyNothing(content, hasSpace) }
}

function whyNothing(content: string, hasSpace: boolean): string {
  if (hasSpace) return 'There is no address, name, URL, hash or e-mail address in this line.'
  const cells = content.split(/[,;|]/)
  return cells.length > 1 && cells.some(isValue)
    ? 'These are columns without names. Begin the file with a header, such as type,value,note, or name the format csv.'
    : 'What this is cannot be told. Write type:value, such as account:jdoe.'
}

function isOne({ type, value }: Guess): boolean {
  return normalValue(type, value) !== undefined
}

type Said = Guess | { type: 'unobserved'; word: string }

/** `account:jdoe`, `file-name = x.exe`. Where the value is of another type than was said, its look counts. */
function whatIsSaid(content: string): Said | undefined {
  const [, word, text] = /^([a-z][a-z0-9 _|-]{1,20}?)\s*[:=]\s*(?!\/\/)(.+)$/i.exec(content) ?? []
  if (word === undefined || text === undefined) return undefined
  const type = typeNamed(word)
  if (type === undefined) return undefined
  if (type === 'unobserved') return { type, word }
  if (type === 'guess') return guess(text)
  const said = { type, value: refang(text) }
  return isOne(said) ? said : (guess(text) ?? said)
}

/** Hash lists as `sha256sum` writes them name the file beside the hash: only the hash is meant. */
const hashLine = /^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})\s+\*?\S/i
/** Lists of names to block, as they stand in a `hosts` file: the name is meant, not where it is led to. */
const hostsLine = /^(?:0\.0\.0\.0|127\.0\.0\.1|::1?)\s+(\S+)$/

function guessesIn(content: string): Found[] {
  const only = (hashLine.exec(content) ?? hostsLine.exec(content))?.[1]
  const words = only === undefined ? content.split(/[\s,;|"'`<>]+/) : [only]
  const found: Found[] = []
  let before = ''
  for (const word of words) {
    const plain = word.replace(/^[([{]+(?=\w)|(?<![.:!?)\]}])[.:!?)\]}]+$/g, '')
    const guessed = plain.length < 4 ? undefined : guessWord(plain)
    // An import hash looks like an MD5: `imphash: 0123…`.
    const isOther = guessed !== undefined && hashTypes.has(guessed.type) && typeNamed(before) === 'unobserved'
    if (guessed !== undefined && !isOther) found.push({ ...guessed, as: word })
    before = plain
  }
  return found
}

/** A word of running text, or `SHA256=…` as Windows tools write a list of hashes. */
function guessWord(word: string): Guess | undefined {
  const said = whatIsSaid(word) ?? guess(word)
  return said !== undefined && said.type !== 'unobserved' && strongTypes.has(said.type) && isOne(said)
    ? said
    : undefined
}
