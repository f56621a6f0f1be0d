import { readDayFirst } from '../dated.ts'
import { frontOf, logNamed, type OwnLog } from '../own-log.ts'
import { doubtful, isOnce, meanings, readSentence, type Sentence } from '../sentence.ts'

/** The address that connected, and whom it says it forwards for. */
const peer = '(?<address>[0-9A-Fa-f.:]{2,45})(?:\\((?<forwarded>[^()]{0,255})\\))?'
const anyPeer = peer.replaceAll(/\?<\w+>/g, '?:')
const answer = '\\. (?:AUTHENTICATE [A-Z0-9-]{1,20}|LOGIN|Could not connect|Empty startup greeting)'

/** Of the log of sign-ins: the address is the last thing before a session that Roundcube made. */
const signIns: readonly Sentence[] = [
  {
    pattern: new RegExp(
      `^Successful login for (?<user>.*?)(?: \\(ID: \\d{1,10}\\))? from ${peer} in session \\w{1,128}$`,
    ),
    is: meanings.signedIn,
  },
  {
    pattern: new RegExp(
      `^(?:Failed|FAILED) login for (?<user>.*) from ${peer}(?: in session \\w{1,128} \\(error: -?\\d{1,5}\\))?$`,
    ),
    is: meanings.notSignedIn,
  },
]

/** Of the log of errors: what the IMAP server answered follows, and may hold the name again. */
const errors: readonly Sentence[] = [
  {
    pattern: new RegExp(
      `^IMAP Error: Login failed for (?<user>.*?)(?: against (?<server>[\\w.:-]{1,255}))? from ${peer}(?:${answer}|$)`,
    ),
    is: meanings.notSignedIn,
  },
]
const places = new RegExp(` from ${anyPeer}(?:${answer}|$)`, 'g')

/** `[22-Jan-2013 22:28:21 +0200]: <session> `. */
export const roundcube: OwnLog = {
  id: 'roundcube',
  title: 'Roundcube webmail',
  programs: ['roundcube'],
  usual: logNamed('roundcube(mail)?/(logs/)?(errors|userlogins|errors\\.log|userlogins\\.log)'),
  front(text) {
    const reading = text.startsWith('[') ? readDayFirst(text, 1) : undefined
    if (reading === undefined || !text.startsWith(']: ', reading.end)) return undefined
    return { ...frontOf(text, reading, 1), next: reading.end + 3 }
  },
  decode(text) {
    const own = text.slice(/^<\w{1,64}> /.exec(text)?.[0].length ?? 0)
    if (!own.startsWith('IMAP Error: ')) return readSentence(signIns, own, 'roundcube')
    const message = readSentence(errors, own, 'roundcube')
    // Else the address could be a part of the name, or of the answer.
    return message === undefined || isOnce(own, places) ? message : doubtful(message)
  },
}
