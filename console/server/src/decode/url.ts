/** Of an address as it is kept; one that carries data can have mebibytes. */
const mostText = 8192

/** ECS `url.*` of an address. What it is made of only where it has a host. */
export interface UrlFields {
  original: string
  scheme?: string
  domain?: string
  port?: number
  path?: string
  query?: string
  username?: string
}

export function urlFields(text: string): UrlFields {
  const original = text.slice(0, mostText)
  const url = URL.canParse(original) ? new URL(original) : undefined
  if (url === undefined || url.hostname === '') return { original }
  const fields: UrlFields = {
    original,
    scheme: url.protocol.slice(0, -1),
    domain: url.hostname.replace(/^\[|\]$/g, ''),
  }
  if (url.port !== '') fields.port = Number(url.port)
  if (url.pathname !== '') fields.path = url.pathname
  if (url.search.length > 1) fields.query = url.search.slice(1)
  if (url.username !== '') fields.username = url.username
  return fields
}
