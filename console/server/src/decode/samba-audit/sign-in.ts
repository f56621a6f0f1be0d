import { type End, toEnd } from '../address.ts'
import type { Message } from '../decoder.ts'
import { countIn, defined, parseRow, type Row, rowIn, textIn } from '../row.ts'
import { doubtful, isOnce, meanings } from '../sentence.ts'
import { toCount } from '../text.ts'

/** What a sign-in says, as a sentence or as JSON (wiki.samba.org, "Setting up Audit Logging"). */
interface SignIn {
  status: string
  user?: string | undefined
  domain?: string | undefined
  remote?: string | undefined
  local?: string | undefined
  method?: string | undefined
  workstation?: string | undefined
  service?: string | undefined
}

const sentence =
  /^ {0,2}Auth: \[(?<service>[^\]]{0,128})\] user \[(?<domain>.*)\]\\\[(?<user>.*)\] at \[(?<at>[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2}\.\d{6} [A-Z]{1,5})\] with \[(?<method>[^\]]{0,64})\] status \[(?<status>NT_STATUS_\w{1,64})\] workstation \[(?<workstation>.*)\] remote host \[(?<remote>[^\]]{1,128})\] (?:became|mapped to) .*local host \[(?<local>[^\]]{1,128})\] ?$/

/** Words between what a client says of itself: one of them twice, and any of it could be what it imitates. */
const between = [/ user \[/g, /\] at \[/g, /\] status \[/g, /\] workstation \[/g, /\] remote host \[/g]

type Said = Readonly<Record<string, string | undefined>>

/** Parts of a sentence, `doubtful` where they could be others; undefined for any other text. */
function partsOf(text: string): Said | 'doubtful' | undefined {
  if (text.length > 4096 || !/^ {0,2}Auth: \[/.test(text)) return undefined
  return between.every((pattern) => isOnce(text, pattern)) ? sentence.exec(text)?.groups : 'doubtful'
}

/** Undefined for any other text. */
export function readSignIn(text: string): Message | undefined {
  const said = partsOf(text)
  if (said === undefined) return undefined
  if (said === 'doubtful') return doubtful({ event: { ...meanings.undecided }, service: { name: 'smbd' } })
  return messageOf({ status: '', ...said })
}

/** The time of a sentence, such as `Fri, 27 Nov 2026 06:39:23.929640 UTC`; empty where it could be another. */
export function timeTextOf(text: string): string | undefined {
  const said = partsOf(text)
  return said === 'doubtful' ? '' : said?.at
}

/** The row of an `Authentication`; undefined for any other text. */
export function readSignInRow(text: string): Row | undefined {
  const row = /^ {0,2}\{"timestamp": ?"/.test(text) ? parseRow(text.trim()) : undefined
  return row !== undefined && textIn(row, 'type') === 'Authentication' ? row : undefined
}

export function signInMessage(row: Row): Message {
  const said = rowIn(row, 'Authentication')
  const message = messageOf({
    status: textIn(said, 'status') ?? '',
    user: textIn(said, 'clientAccount'),
    domain: textIn(said, 'clientDomain'),
    remote: textIn(said, 'remoteAddress'),
    local: textIn(said, 'localAddress'),
    method: textIn(said, 'passwordType'),
    workstation: textIn(said, 'workstation'),
    service: textIn(said, 'serviceDescription'),
  })
  const code = countIn(said, 'eventId')
  if (code !== undefined) message.event.code = String(code)
  return message
}

function messageOf({ status, user, domain, remote, local, ...own }: SignIn): Message {
  const isIn = status === 'NT_STATUS_OK'
  const [source, destination] = [endOf(remote), endOf(local)]
  return {
    event: isIn ? { ...meanings.signedIn } : { ...meanings.notSignedIn, reason: status },
    service: { name: 'smbd' },
    ...(user && { user: { name: user, ...(domain && { domain }) } }),
    ...(source !== undefined && { source }),
    ...(destination !== undefined && { destination }),
    tidewaiter: defined({ method: own.method, workstation: own.workstation, protocol: own.service }) ?? {},
  }
}

/** `ipv4:192.0.2.7:59188`, `ipv6:2001:db8::7:59188`: the port always stands there. */
function endOf(text: string | undefined): End | undefined {
  const said = /^ipv[46]:(?<address>.{2,60}):(?<port>\d{1,5})$/.exec(text ?? '')?.groups
  return said?.address === undefined ? undefined : toEnd(said.address, toCount(said.port ?? ''))
}
