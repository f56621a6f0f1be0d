import { type End, toEnd } from '../address.ts'

/** Who a message is about, and what is said of them. */
export interface Client {
  before: string
  end?: End
  /** True where a name and a referrer could each be the whole of it. */
  isDoubtful: boolean
}

const mostCharacters = 4096

/**
 * `MESSAGE, client: ADDRESS, server: NAME, request: "...", host: "...", referrer: "..."` (ngx_http_log_error_handler).
 * A user name before the address and a referrer after it can imitate all of that. A request or host cannot: nginx
 * refuses blanks in them (1.21.1) before it asks for a password. So without a referrer the last place is the right one;
 * where one stands before a later place, nothing is believed.
 */
export function readClient(text: string): Client | undefined {
  if (text.length > mostCharacters) return undefined
  const places = Array.from(text.matchAll(/, client: ([0-9A-Fa-f.:]{2,45}|unix:), server: /g))
  const [first, last] = [places[0], places.at(-1)]
  if (first === undefined || last === undefined) return undefined
  const referrer = text.indexOf(', referrer: "')
  if (first !== last && referrer >= 0 && referrer < last.index)
    return { before: text.slice(0, first.index), isDoubtful: true }
  const client: Client = { before: text.slice(0, last.index), isDoubtful: false }
  if (last[1] !== undefined && last[1] !== 'unix:') client.end = toEnd(last[1])
  return client
}
