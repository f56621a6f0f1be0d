/** What people put into a value so that nobody clicks on it by mistake (domain.md D.8), and characters nobody sees. */
const invisible = /\u00ad|\u061c|\u180e|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u2069]|\ufeff|\p{Variation_Selector}/gu
const dot = /\[\.\]|\(\.\)|\{\.\}|\[\.|\.\]|\s?[[({]\s?(?:dot|punkt)\s?[\])}]\s?|[\u3002\uff0e\uff61]/gi
const at = /\s?[[({]\s?(?:at|@)\s?[\])}]\s?/gi
const slashes = /\[:\/\/\]|\[:\]\/\/|\(:\)\/\/|:\[\/\/\]|\[:\]\[\/\/\]|:\/\/\]/g
const slash = /\[\/\]/g
const colons = /\[(::?)\]/g
const scheme = /^(?:hx{1,4}p|h\*\*p|htxp|hxtp|htpp|meow)(s?)(?=:\/\/)/i
const ftp = /^fxp(s?)(?=:\/\/)/i
/** `evil\\.example` out of a regular expression. Where there are other backslashes it is a path. */
const escapedDots = /^(?![a-z]:)(?:[^\\]|\\\.)*$/i

/** What none of these marks is in: most values of most lists. */
const unmarked = /^(?!hx|h\*|ht[xp]p|meow|fxp)[\w.:/@?&=%+~#-]+$/i

/** The value as it really is. Leaves text without such marks as it stands. */
export function refang(text: string): string {
  if (unmarked.test(text)) return text
  const visible = unwrap(text.replace(invisible, '').trim())
  return (escapedDots.test(visible) ? visible.replaceAll('\\.', '.') : visible)
    .replace(slashes, '://')
    .replace(slash, '/')
    .replace(dot, '.')
    .replace(at, '@')
    .replace(colons, '$1')
    .replace(scheme, 'http$1')
    .replace(ftp, 'ftp$1')
}

const pairs: ReadonlyMap<string, string> = new Map([
  ['<', '>'],
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
])

const mostPairs = 4

/** Without the quotes around it, what ends a clause behind it, and brackets that hold it as a whole. */
function unwrap(text: string): string {
  let from = 0
  let to = text.length
  for (let pair = 0; pair <= mostPairs; pair++) {
    while (from < to && `"'\``.includes(text.charAt(from))) from++
    while (from < to && `"'\`,;`.includes(text.charAt(to - 1))) to--
    if (!isHeld(text.slice(from, to))) break
    from++
    to--
  }
  return text.slice(from, to).trim()
}

/** False for `[2001:db8::1]:443` and `[.]evil[.]`: a bracket at either end may belong to what is inside. */
function isHeld(text: string): boolean {
  const [open, close] = [text.charAt(0), pairs.get(text.charAt(0))]
  if (close === undefined || text.length < 2 || !text.endsWith(close)) return false
  const first = text.indexOf(close, 1)
  const inner = text.indexOf(open, 1)
  return first === text.length - 1 || (inner > 0 && inner < first)
}
