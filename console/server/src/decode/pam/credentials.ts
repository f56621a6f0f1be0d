import { type End, toEnd } from '../address.ts'

/** What a module was told of the one who tried. */
export interface Credentials {
  user?: string
  remoteUser?: string
  source?: End
  terminal?: string
  /** Set where the text can be read in more than one way: then it names neither user nor source. */
  doubt?: string
}

const doubt = 'The text can be read in more than one way, so that no user and no address are taken from it.'

/**
 * `logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root` (pam_unix, and modules that copy it). Both user
 * names can be the client's choice and hold ` rhost=`. An address has no blank, and after it comes the end or ` user=`.
 * sshd gives no remote user, so that there the first place that fits is the right one; elsewhere, when a second one fits
 * as well, none is believed.
 */
export function readCredentials(text: string, at: number, service: string): Credentials | undefined {
  const terminalAt = text.indexOf(' tty=', at)
  const remoteAt = text.indexOf(' ruser=', terminalAt)
  if (terminalAt < 0 || remoteAt < 0) return undefined
  const base: Credentials = {}
  if (remoteAt > terminalAt + 5) base.terminal = text.slice(terminalAt + 5, remoteAt)
  const places = placesOfHost(text, remoteAt + 6)
  const [place] = places
  if (place === undefined) return undefined
  if (places.length > 1 && !(service === 'sshd' && place.at === remoteAt + 7)) return { ...base, doubt }
  const remoteUser = text.slice(remoteAt + 7, place.at)
  if (remoteUser !== '') base.remoteUser = remoteUser
  if (place.host !== '') base.source = toEnd(place.host)
  if (place.user !== undefined && place.user !== '') base.user = place.user
  return base
}

interface Place {
  /** Of the blank before `rhost=`. */
  at: number
  host: string
  user?: string
}

/** Names longer than this are no names: Linux has 32 characters. Beyond so many places nothing is believed anyway. */
const mostPlaces = 2

function placesOfHost(text: string, from: number): Place[] {
  const places: Place[] = []
  for (
    let at = text.indexOf(' rhost=', from);
    at >= 0 && places.length < mostPlaces;
    at = text.indexOf(' rhost=', at + 1)
  ) {
    const place = placeAt(text, at)
    if (place !== undefined) places.push(place)
  }
  return places
}

function placeAt(text: string, at: number): Place | undefined {
  const hostAt = at + 7
  const space = text.indexOf(' ', hostAt)
  if (space < 0) return { at, host: text.slice(hostAt) }
  const host = text.slice(hostAt, space)
  let next = space
  while (text.charCodeAt(next) === 32) next++
  if (next === text.length) return { at, host }
  return text.startsWith('user=', next) ? { at, host, user: text.slice(next + 5) } : undefined
}
