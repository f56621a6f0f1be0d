import { toEnd } from '../address.ts'
import type { Message } from '../decoder.ts'
import { logNamed, type OwnLog } from '../own-log.ts'
import { toCount } from '../text.ts'
import { instant } from '../time.ts'

const time = /^(?<seconds>\d{9,11})\.(?<fraction>\d{3}) +(?=-?\d{1,12} \S)/

/**
 * `ELAPSED CLIENT RESULT/STATUS BYTES METHOD URL USER HIERARCHY/PEER TYPE`, the `squid` format (logformat). Squid escapes
 * blanks in what a client chose.
 */
const request =
  /^ *(?<elapsed>-?\d{1,12}) (?<address>\S{2,64}) (?<result>[A-Z_]{3,60})\/(?<status>\d{3}) (?<bytes>\d{1,15}) (?<method>[^\s]{1,40}) (?<url>\S{1,8192}) (?<user>\S{1,255}) (?<hierarchy>[A-Z_]{3,60})\/(?<peer>\S{1,255})(?: |$)/

/** Requests through a proxy, and those it denied. */
export const squid: OwnLog = {
  id: 'squid',
  title: 'Squid access log',
  programs: ['squid', 'squid3', '(squid-1)'],
  usual: logNamed('squid3?/access\\.log'),
  front(text) {
    const said = time.exec(text)
    const { seconds = '', fraction = '' } = said?.groups ?? {}
    const at = said === null ? undefined : instant(Number(seconds), fraction)
    return said === null || at === undefined ? undefined : { raw: `${seconds}.${fraction}`, at, next: said[0].length }
  },
  marks: / [A-Z_]{3,60}\/\d{3} \d{1,15} \S{1,40} \S{1,8192} \S{1,255} [A-Z_]{3,60}\//,
  decode: (text) => decode(text),
}

function decode(text: string): Message | undefined {
  const said = request.exec(text)?.groups
  if (said === undefined) return undefined
  const { address = '', result = '', status = '', bytes = '', method, url, user, elapsed } = said
  const message: Message = {
    event: whatOf(result, Number(status), user !== '-'),
    source: toEnd(address),
    url: { original: url },
    http: {
      request: { method },
      response: { status_code: Number(status), bytes: toCount(bytes) ?? Number(bytes) },
    },
    service: { name: 'squid' },
    tidewaiter: { result, elapsed_ms: Number(elapsed) },
  }
  if (user !== undefined && user !== '-') message.user = { name: user }
  return message
}

/** 407 without a name only asks for one; with a name it was refused. */
function whatOf(result: string, status: number, named: boolean): Message['event'] {
  if (status === 407)
    return {
      category: ['authentication', 'web'],
      type: ['start', 'access'],
      outcome: named ? 'failure' : 'unknown',
      action: 'sign-in',
    }
  const isDenied = result.includes('DENIED')
  return {
    category: isDenied ? ['web', 'network'] : ['web'],
    type: isDenied ? ['access', 'denied'] : ['access'],
    outcome: isDenied || status >= 400 ? 'failure' : 'success',
    action: isDenied ? 'access-denied' : 'request',
  }
}
