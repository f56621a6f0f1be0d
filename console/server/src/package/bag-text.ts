/** What is found while a bag is read. */
export interface Judgement {
  warnings: string[]
  errors: string[]
}

/** What `bagit.txt` says. */
export interface Declaration {
  /** True for 1.0, which is stricter than what came before. */
  isFirst: boolean
  encoding: string
}

/** A path as it was listed, and its hash in lower case. */
export interface Listed {
  path: string
  hash: string
}

const known = ['0.93', '0.94', '0.95', '0.96', '0.97', '1.0']

/** Reads `bagit.txt` (RFC 8493, 2.1.1), which is UTF-8 whatever it says of the others. Undefined when it cannot be one. */
export function readDeclaration(bytes: Uint8Array | undefined, { errors }: Judgement): Declaration | undefined {
  const wrong = (why: string) => void errors.push(`bagit.txt: ${why}`)
  if (bytes === undefined) return wrong('missing')
  const text = decode(bytes, 'utf-8')
  if (text === undefined || text.startsWith('\ufeff')) return wrong('is not UTF-8 without a byte order mark')
  const [first = '', second = '', ...rest] = linesOf(text)
  const [, version] = /^BagIt-Version\s*:\s*(\d+\.\d+)\s*$/.exec(first) ?? []
  const [, encoding] = /^Tag-File-Character-Encoding\s*:\s*(\S+)\s*$/.exec(second) ?? []
  if (version === undefined || encoding === undefined || rest.length > 0)
    return wrong('does not hold the two lines of a declaration')
  if (!known.includes(version)) return wrong(`version ${version} is not known`)
  const isFirst = version === '1.0'
  if (isFirst && (first !== `BagIt-Version: ${version}` || second !== `Tag-File-Character-Encoding: ${encoding}`))
    return wrong('has white space where BagIt 1.0 allows none')
  if (decode(new Uint8Array(0), encoding) === undefined) return wrong(`the encoding ${encoding} is not known`)
  return { isFirst, encoding }
}

/** Text in a named encoding; undefined for bytes that are not in it, or a name that is none. */
function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(labelOf(bytes, encoding), { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** UTF-16 without more says its byte order in its first two bytes, and is big-endian without them (RFC 2781, 4.3). */
function labelOf([first, second]: Uint8Array, encoding: string): string {
  if (encoding.toLowerCase() !== 'utf-16') return encoding
  return first === 0xff && second === 0xfe ? 'utf-16le' : 'utf-16be'
}

/** Lines that end in LF, CR or both; an empty last one is none. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

interface TagFile {
  bytes: Uint8Array
  name: string
}

function tagLines({ bytes, name }: TagFile, { encoding }: Declaration, { errors }: Judgement): string[] {
  const text = decode(bytes, encoding)
  if (text === undefined) errors.push(`${name}: is not ${encoding}`)
  return linesOf(text?.replace(/^\ufeff/, '') ?? '')
}

/** Files of a manifest or tag manifest, by their path in normal form C. */
export function readList(
  { kind, ...file }: TagFile & { kind: 'manifest' | 'tagmanifest' },
  declaration: Declaration,
  judgement: Judgement,
): Map<string, Listed> {
  const files = new Map<string, Listed>()
  for (const line of tagLines(file, declaration, judgement)) {
    const [, hash = '', written] = /^([0-9A-Fa-f]+)[ \t]+\*?(.+)$/.exec(line) ?? []
    if (written === undefined) {
      if (line.trim() !== '') judgement.errors.push(`${file.name}: "${line.slice(0, 80)}" is not a hash and a path`)
      continue
    }
    const path = decodePath(written, declaration)
    const isPlaced = isInside(path) && path.startsWith('data/') === (kind === 'manifest')
    if (!isPlaced) judgement.errors.push(`${file.name}: ${path} is not a path that may be listed here`)
    else enter(files, { path, hash: hash.toLowerCase() }, { name: file.name, declaration, judgement })
  }
  return files
}

/** One path has one hash; that it stands twice was allowed before 1.0. */
function enter(
  files: Map<string, Listed>,
  listed: Listed,
  { name, declaration, judgement }: { name: string; declaration: Declaration; judgement: Judgement },
): void {
  const key = listed.path.normalize()
  const before = files.get(key)
  files.set(key, listed)
  if (before === undefined) return
  if (before.hash !== listed.hash) judgement.errors.push(`${name}: lists ${listed.path} twice, with different hashes`)
  else if (before.path !== listed.path)
    judgement.warnings.push(`${name}: lists ${listed.path} twice, its letters composed differently`)
  else if (declaration.isFirst) judgement.errors.push(`${name}: lists ${listed.path} twice`)
  else judgement.warnings.push(`${name}: lists ${listed.path} twice`)
}

/** Line ends in names are written as %0A and %0D, since 1.0 the percent sign too (RFC 8493, 2.1.3). */
function decodePath(text: string, { isFirst }: Declaration): string {
  const path = text.replace(/^\.\//, '').replaceAll(/%0a/gi, '\n').replaceAll(/%0d/gi, '\r')
  return isFirst ? path.replaceAll('%25', '%') : path
}

/** True for a path that stays in the bag on every system. */
function isInside(path: string): boolean {
  const isAbsolute = /^(?:[/\\~]|[A-Za-z]:)/.test(path)
  return !isAbsolute && path.split(/[/\\]/).every((part) => part !== '..' && part !== '.' && part !== '')
}

/** Paths that `fetch.txt` would fill (RFC 8493, 2.2.3). */
export function readFetch(bytes: Uint8Array, declaration: Declaration, judgement: Judgement): string[] {
  const paths: string[] = []
  for (const line of tagLines({ bytes, name: 'fetch.txt' }, declaration, judgement)) {
    const [, url = '', written] = /^(\S+)[ \t]+(?:\d+|-)[ \t]+(.+)$/.exec(line) ?? []
    if (line.trim() === '') continue
    const path = written === undefined ? undefined : decodePath(written, declaration)
    if (path === undefined || !URL.canParse(url))
      judgement.errors.push(`fetch.txt: "${line.slice(0, 80)}" is not a URL, a length and a path`)
    else if (!isInside(path) || !path.startsWith('data/'))
      judgement.errors.push(`fetch.txt: ${path} leads out of the payload`)
    else paths.push(path)
  }
  return paths
}

/** Labels and values; a line that begins with white space goes on with the value before it. */
export function readInfo(
  file: TagFile,
  declaration: Declaration,
  judgement: Judgement,
): [label: string, value: string][] {
  const info: [label: string, value: string][] = []
  for (const line of tagLines(file, declaration, judgement)) {
    const last = info.at(-1)
    const [, label, value] = /^([^\s:][^:]*?)\s*:\s*(.*)$/.exec(line) ?? []
    if (/^\s/.test(line) && last !== undefined) last[1] += ` ${line.trim()}`
    else if (label !== undefined && value !== undefined) info.push([label, value.trim()])
    else if (line.trim() !== '')
      judgement.warnings.push(`${file.name}: "${line.slice(0, 80)}" is not a label and a value`)
  }
  return info
}
