/** Text of one event that is looked through, in characters, and values that are taken from it. */
const mostText = 32_768
const mostValues = 50

/**
 * Addresses (IPv4) and URLs that stand in a text. Decoders name what they have read; what stands in lines that none
 * reads is as much worth knowing. Two passes at the speed of `indexOf`, since nearly every event comes through here.
 */
export function eachInText(text: string, take: (type: 'ip' | 'url', raw: string) => void): void {
  const within = text.length > mostText ? text.slice(0, mostText) : text
  let left = mostValues
  for (let dot = within.indexOf('.'); dot > 0 && left > 0; ) {
    const quad = quadAt(within, dot)
    if (quad !== undefined) {
      take('ip', quad.text)
      left -= 1
    }
    dot = within.indexOf('.', quad === undefined ? dot + 1 : quad.end)
  }
  for (let colon = within.indexOf('://'); colon > 0 && left > 0; left--) {
    const end = endOfUrl(within, colon + 3)
    const from = beginOfScheme(within, colon)
    if (from < colon && end > colon + 3) take('url', within.slice(from, end))
    colon = within.indexOf('://', end)
  }
}

/** Four numbers of up to three digits with dots between them, the first dot at `dot`, and no more of either around. */
function quadAt(text: string, dot: number): { text: string; end: number } | undefined {
  let from = dot
  while (from > 0 && dot - from < 4 && isDigit(text.charCodeAt(from - 1))) from--
  const before = text.charCodeAt(from - 1)
  if (from === dot || dot - from > 3 || before === dotCode || isLetter(before)) return undefined
  let at = dot
  for (let part = 0; part < 3; part++) {
    if (text.charCodeAt(at) !== dotCode) return undefined
    const start = at + 1
    at = start
    while (isDigit(text.charCodeAt(at))) at++
    if (at === start || at - start > 3) return undefined
  }
  const goesOn = isLetter(text.charCodeAt(at)) || (text.charCodeAt(at) === dotCode && isDigit(text.charCodeAt(at + 1)))
  return goesOn ? undefined : { text: text.slice(from, at), end: at }
}

const dotCode = 46

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95
}

const longestScheme = 12

function beginOfScheme(text: string, colon: number): number {
  let from = colon
  while (from > 0 && colon - from < longestScheme && isLetter(text.charCodeAt(from - 1))) from--
  return from
}

const longestUrl = 2048
/** Quotes, brackets and blanks end it; so does a dot or comma with nothing behind it. */
const ends = /[\s"'<>()[\]{}|\\^`]/g

function endOfUrl(text: string, from: number): number {
  ends.lastIndex = from
  const found = ends.exec(text)?.index ?? text.length
  let end = Math.min(found, from + longestUrl)
  while (end > from && '.,;:!?'.includes(text.charAt(end - 1))) end--
  return end
}
