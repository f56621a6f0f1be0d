import type { Message } from '../decoder.ts'
import { type Front, frontOf, logNamed, type OwnLog } from '../own-log.ts'
import { meanings, readSentence, type Sentence } from '../sentence.ts'
import { instant } from '../time.ts'
import { readIso } from '../written.ts'
import { readFilterLog } from './filterlog.ts'
import { pflog, readPflog } from './pflog.ts'

const peer = '(?<address>[0-9A-Fa-f.:]{2,45})'

/** Sign-ins to the pages of pfSense and OPNsense. The address ends the text, so that no name reaches it. */
const sentences: readonly Sentence[] = [
  {
    pattern: new RegExp(`^(?:/\\S{1,64}: )?webConfigurator authentication error for user '(?<user>.*)' from: ${peer}$`),
    is: meanings.notSignedIn,
  },
  {
    pattern: new RegExp(`^(?:/\\S{1,64}: )?Web GUI authentication error for '(?<user>.*)' from ${peer}$`),
    is: meanings.notSignedIn,
  },
  {
    pattern: new RegExp(
      `^(?:/\\S{1,64}: )?Successful login for user '(?<user>.*)' from: ${peer}(?: \\((?<backend>[\\w ()-]{1,60})\\))?$`,
    ),
    is: meanings.signedIn,
  },
]

/**
 * The packet filter of the BSDs: lines of `filterlog` and sign-ins to the pages of pfSense and OPNsense, both through
 * syslog, and the text that `tcpdump -e` makes of a log of packets.
 */
export const pf: OwnLog = {
  id: 'pf',
  title: 'pf (filterlog of pfSense and OPNsense, pflog as tcpdump shows it)',
  programs: ['filterlog', 'pf', 'pflog', 'php-fpm', 'audit', 'php'],
  usual: logNamed('pflog[\\w.-]{0,40}\\.(txt|log)'),
  front,
  decode(text): Message | undefined {
    return readFilterLog(text) ?? readPflog(text) ?? readSentence(sentences, text, 'pf')
  },
}

/** tcpdump's times: a clock, a date with one (`-tttt`), or seconds since 1970 (`-tt`). */
function front(text: string): Front | undefined {
  const mark = text.slice(0, 64).indexOf(' rule ')
  if (mark < 0 || !pflog.test(text.slice(mark + 1, mark + 4096))) return undefined
  const raw = text.slice(0, mark)
  const next = mark + 1
  const epoch = /^(\d{9,10})\.(\d{6})$/.exec(raw)
  const at = epoch === null ? undefined : instant(Number(epoch[1]), epoch[2] ?? '')
  if (at !== undefined) return { raw, at, next }
  const reading = readIso(raw, 0)
  if (reading?.end === raw.length) return { ...frontOf(text, reading), next }
  return /^(?:\d{2}:){2}\d{2}\.\d{6}$/.test(raw) ? { raw, next } : undefined
}
