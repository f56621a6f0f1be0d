import { isAgentRefusal, meaningOf, saysOf } from '../error.ts'

/** Everything fits into so many columns, in ASCII and without colour: any terminal and any log shows it. */
const columns = 80
const labelColumns = 13
const outcomeColumns = 8

export type Outcome = 'ok' | 'note' | 'PROBLEM'

/** One JSON document on stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

/** A line of the answer. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Messages go to stderr, so that stdout is only ever the answer. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

/**
 * Text that came from outside, made safe for a terminal: control characters (ANSI sequences begin with one) and
 * characters that reverse the writing direction are shown, not obeyed.
 */
export function plain(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`,
  )
}

/** Lines of at most `most` characters, broken between words where there are any. */
export function wrap(text: string, most: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of wordsOf(plain(text), most)) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

function wordsOf(text: string, most: number): string[] {
  return text.split(' ').flatMap((word) => (word.length <= most ? [word] : piecesOf(word, most)))
}

function piecesOf(word: string, most: number): string[] {
  return Array.from({ length: Math.ceil(word.length / most) }, (_, i) => word.slice(i * most, (i + 1) * most))
}

/** What, whether it is well, and what to do now: `label  says  outcome`, going on below where it is long. */
export function entry({ label, says, outcome }: { label: string; says: string; outcome?: Outcome }): string {
  const most = columns - labelColumns - (outcome === undefined ? 0 : outcomeColumns)
  const [first = '', ...more] = wrap(says, most)
  const told = outcome === undefined ? first : first.padEnd(most + 1) + outcome
  const head = `${label.padEnd(labelColumns - 1)} ${told}`
  return [head, ...more.map((line) => ' '.repeat(labelColumns) + line)].map((line) => line.trimEnd()).join('\n')
}

/** Says what went wrong and how to go on, and returns the exit code for it. */
export function fail(cause: unknown): number {
  const code = isAgentRefusal(cause) ? ` (${cause.code})` : ''
  say(wrap(`tidewaiter-agent: ${saysOf(cause)}${code}`, columns).join('\n'))
  return isAgentRefusal(cause) ? meaningOf(cause.code).exit : 1
}

/** `2 d 4 h`, `3 min 12 s`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const [d, h, min, s] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ]
  if (d > 0) return `${d} d ${h} h`
  if (h > 0) return `${h} h ${min} min`
  return min > 0 ? `${min} min ${s} s` : `${s} s`
}

/** `12.3 MB`. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const
  const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  return `${(bytes / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`
}
