/** A request line in its parts; what was sent by no browser has none. */
export interface Request {
  method?: string
  version?: string
  url?: { original: string; domain?: string; path?: string; query?: string }
}

/** RFC 9112, 3: method, target and version with one blank between them; HTTP/0.9 had no version. */
export function requestOf(text: string, vhost: string | undefined): Request {
  const first = text.indexOf(' ')
  const method = text.slice(0, first)
  // RFC 9110, 5.6.2: a token. What it is shows who asked in earnest.
  if (first <= 0 || first > 32 || !/^[A-Za-z][\w!#$%&'*+.^`|~-]*$/.test(method)) return {}
  const last = text.lastIndexOf(' ')
  const tail = text.slice(last + 1)
  const hasVersion = last > first && /^HTTP\/\d(\.\d)?$/.test(tail)
  const target = text.slice(first + 1, hasVersion ? last : undefined)
  return { method, ...(hasVersion && { version: tail.slice(5) }), url: urlOf(target, vhost) }
}

function urlOf(original: string, vhost: string | undefined): NonNullable<Request['url']> {
  const domain = vhost?.replace(/:\d{1,5}$/, '')
  const url = { original, ...(domain !== undefined && domain !== '' && { domain }) }
  // Only a target in origin form (RFC 9112, 3.2.1) is the server's own path.
  if (!original.startsWith('/')) return url
  const mark = original.indexOf('?')
  if (mark < 0) return { ...url, path: original }
  return { ...url, path: original.slice(0, mark), query: original.slice(mark + 1) }
}
