import { readDate } from '../dated.ts'
import type { Message } from '../decoder.ts'
import { type Front, logNamed, type OwnLog } from '../own-log.ts'
import { textIn } from '../row.ts'
import { readClassic } from '../written.ts'
import { readOperation } from './operation.ts'
import { readSignIn, readSignInRow, signInMessage, timeTextOf } from './sign-in.ts'

/**
 * What Samba writes of files on its shares (`vfs_full_audit`, through syslog), and of sign-ins (`auth_audit`,
 * `auth_json_audit`, in its own log or through syslog).
 */
export const sambaAudit: OwnLog = {
  id: 'samba-audit',
  title: 'Samba (vfs_full_audit, auth_audit)',
  programs: ['smbd_audit', 'smbd', 'samba'],
  usual: logNamed('samba/log\\.[\\w.-]{1,80}'),
  front,
  marks: / {0,2}Auth: \[|"type": ?"Authentication"/,
  decode(text): Message | undefined {
    const row = readSignInRow(text)
    return row === undefined ? (readSignIn(text) ?? readOperation(text)) : signInMessage(row)
  },
}

/** Lines of sign-ins say their time within; the line before them is only where it was said in the program. */
function front(text: string): Front | undefined {
  const row = readSignInRow(text)
  const at = row === undefined ? timeTextOf(text) : textIn(row, 'timestamp')
  if (at !== undefined) return at === '' ? { next: 0 } : timed(at)
  const debug = /^\[(\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2}\.\d{6}), {1,2}\d{1,2}(?:, [^\]]{0,120})?\] /.exec(text)
  const reading = debug?.[1] === undefined ? undefined : readDate(debug[1])
  return debug === null || reading === undefined
    ? undefined
    : { raw: debug[1] ?? '', written: reading.written, next: debug[0].length }
}

function timed(raw: string): Front | undefined {
  const date = readDate(raw)
  if (date?.end === raw.length) return { raw, written: date.written, next: 0 }
  // `Fri, 27 Nov 2026 06:39:23.929640 UTC`
  const [, day = '', month = '', year = '', clock = '', zone] =
    /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\S{15}) ([A-Z]{1,5})$/.exec(raw) ?? []
  const reading = readClassic(`${month} ${day} ${clock}`, 0)
  if (reading === undefined) return undefined
  const written = { ...reading.written, year: Number(year) }
  // Samba gives it in the zone of the host: only UTC says its offset.
  return { raw, written: zone === 'UTC' || zone === 'GMT' ? { ...written, offset: 0 } : written, next: 0 }
}
