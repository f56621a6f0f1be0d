import { toEnd } from '../address.ts'
import type { MessageDecoder } from '../decoder.ts'
import { meanings, readSentence, type Sentence } from '../sentence.ts'

/** `VHOST (NAME[ADDRESS]): ` or `... - `: both names are looked up, and a host name has no bracket. */
const before = /^[^\s()]{1,255} \([^\s()[\]]{0,255}\[(?<address>[0-9A-Fa-f:.]{2,45})\]\)(?::| -) /

/** A name can imitate these sentences: what ends a line, or stands last in it, is ProFTPD's. */
const sentences: readonly Sentence[] = [
  {
    pattern: /^USER (?<user>.*): no such user found from \S{1,255} \[[^\s[\]]{2,64}\] to \S{2,80} ?$/,
    is: meanings.unknownUser,
  },
  {
    pattern: /^USER (?<user>.*) \(Login failed\): (?<reason>User in \/etc\/ftpusers)\.? ?$/,
    is: meanings.userNotAllowed,
  },
  { pattern: /^USER (?<user>.*) \(Login failed\): (?<reason>[^():]{1,255})$/, is: meanings.notSignedIn },
  { pattern: /^(?:USER|ANON) (?<user>.*): Login successful\.? ?$/, is: meanings.signedIn },
  { pattern: /^SECURITY VIOLATION: (?<user>[Rr]oot) login attempted/, is: meanings.userNotAllowed },
  { pattern: /^Maximum login attempts \((?<attempts>\d{1,5})\) exceeded/, is: meanings.attemptsExceeded },
  { pattern: /^FTP login timed out/, is: meanings.signInTimeout },
  { pattern: /^(?:FTP|SSH2) session opened/, is: meanings.opened },
  { pattern: /^(?:FTP|SSH2) session closed/, is: meanings.closed },
]

/** Sign-ins to ProFTPD, in syslog or in its own file, which has the same lines. */
export const proftpd: MessageDecoder = {
  id: 'proftpd',
  title: 'ProFTPD',
  programs: ['proftpd'],
  decode(text) {
    const said = before.exec(text)
    const message = said === null ? undefined : readSentence(sentences, text.slice(said[0].length), 'proftpd')
    if (message !== undefined) message.source = toEnd(said?.groups?.address ?? '')
    return message
  },
}
