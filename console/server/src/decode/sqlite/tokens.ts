/** A piece of SQL. `name`: quoted as a name; `word`: a keyword or a name without quotes. */
export interface Token {
  kind: 'word' | 'name' | 'text' | 'number' | 'blob' | 'sign'
  /** Without quotes. */
  text: string
}

const closing: Readonly<Record<string, string>> = { '"': '"', '`': '`', '[': ']', "'": "'" }
const pattern =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[xX]'[0-9a-fA-F]*'|0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z_\u0080-\uFFFF$][\w$\u0080-\uFFFF]*|\S/gy

/** Tokens of a statement as far as it can be read; comments and space are left out. */
export function tokensOf(sql: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < sql.length; ) {
    const quote = closing[sql[at] ?? '']
    if (quote !== undefined) {
      const { text, end } = quoted(sql, at + 1, quote)
      tokens.push({ kind: quote === "'" ? 'text' : 'name', text })
      at = end
      continue
    }
    if (/\s/.test(sql[at] ?? '')) {
      at++
      continue
    }
    pattern.lastIndex = at
    const [found = sql[at] ?? ' '] = pattern.exec(sql) ?? []
    if (!found.startsWith('--') && !found.startsWith('/*')) tokens.push({ kind: kindOf(found), text: found })
    at += found.length
  }
  return tokens
}

function kindOf(text: string): Token['kind'] {
  if (/^[xX]'/.test(text)) return 'blob'
  if (/^\.?\d/.test(text)) return 'number'
  return /^[\w$\u0080-\uFFFF]/.test(text) ? 'word' : 'sign'
}

/** Up to the closing quote; twice in a row it stands for itself. */
function quoted(sql: string, from: number, quote: string): { text: string; end: number } {
  let text = ''
  for (let at = from; ; ) {
    const end = sql.indexOf(quote, at)
    if (end < 0) return { text: text + sql.slice(at), end: sql.length }
    text += sql.slice(at, end)
    if (quote === ']' || sql[end + 1] !== quote) return { text, end: end + 1 }
    text += quote
    at = end + 2
  }
}
