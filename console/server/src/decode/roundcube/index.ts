import { readDayFirst } from '../dated.ts'
import type { Message } from '../decoder.ts'
import { frontOf, logNamed, type OwnLog } from '../own-log.ts'
import { doubt, meanings, readSentence, type Sentence } from '../sentence.ts'

/** Who is believed to have come through a proxy, after the address that connected. */
const peer = '(?<address>[0-9A-Fa-f.:]{2,45})(?:\\((?<forwarded>[^()]{0,255})\\))?'

/** Of the log of sign-ins: the address is the last thing before a session that Roundcube made. */
const ended: readonly Sentence[] = [
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
  {
    pattern: new RegExp(
      `^(?:IMAP Error: )?Login failed for (?<user>.*?)(?: against (?<server>[\\w.:-]{1,255}))? from ${peer}$`,
    ),
    is: meanings.notSignedIn,
  },
]

/** What the IMAP server answered follows, and may hold the name again. */
const answered: Sentence = {
  pattern: new RegExp(
    `^IMAP Error: Login failed for (?<user>.*?)(?: against (?<server>[\\w.:-]{1,255}))? from ${peer}\\. (?:AUTHENTICATE [A-Z0-9-]{1,20}|LOGIN|Could not connect|Empty startup greeting)`,
  ),
  is: meanings.notSignedIn,
}
const answers =
  / from [0-9A-Fa-f.:]{2,45}(?:\([^()]{0,255}\))?\. (?:AUTHENTICATE [A-Z0-9-]{1,20}|LOGIN|Could not connect|Empty startup greeting)/g

/** `[22-Jan-2013 22:28:21 +0200]: <session> `. */
export const roundcube: OwnLog = {
  id: 'roundcube',
  title: 'Roundcube webmail',
  programs: ['roundcube'],
  usual: logNamed('roundcube(mail)?/(logs/)?(errors|userlogins|errors\\.log|userlogins\\.log)'),
  front(text) {
    const reading = text.startsWith('[') ? readDayFirst(text.slice(1, 64)) : undefined
    if (reading === undefined || !text.startsWith(']: ', reading.end + 1)) return undefined
    return { ...frontOf(text, { ...reading, end: reading.end + 1 }, 1), next: reading.end + 4 }
  },
  decode(text) {
    const own = text.slice(/^<\w{1,64}> /.exec(text)?.[0].length ?? 0)
    return readSentence(ended, own, 'roundcube') ?? answeredLine(own)
  },
}

/** Where the place of the address could be a part of the name, or of the answer, neither is taken. */
function answeredLine(text: string): Message | undefined {
  const message = readSentence([answered], text, 'roundcube')
  if (message === undefined || Array.from(text.matchAll(answers)).length === 1) return message
  const { user: _, source: __, ...rest } = message
  return { ...rest, tidewaiter: { doubt } }
}
