import { readDate } from '../dated.ts'
import type { Message } from '../decoder.ts'
import { frontOf, logNamed, type OwnLog } from '../own-log.ts'
import { doubtful, readSentence } from '../sentence.ts'
import { toCount } from '../text.ts'
import { readClient } from './client.ts'
import { sentences } from './sentences.ts'

/** `[error] 2865#0: *66647 `: level, process, thread and connection (ngx_log.c). */
const before =
  /^ \[(?<level>emerg|alert|crit|error|warn|notice|info|debug)\] (?<pid>\d{1,10})#\d{1,20}: (?:\*\d{1,20} )?/

/** The error log of nginx: who gave a wrong password, who was kept out, who asks too much. */
export const nginx: OwnLog = {
  id: 'nginx',
  title: 'nginx error log',
  programs: ['nginx'],
  usual: logNamed('nginx/[\\w.-]*error[\\w.-]*'),
  front(text) {
    const reading = text[4] === '/' ? readDate(text) : undefined
    const rest = reading && before.exec(text.slice(reading.end, reading.end + 80))
    if (!reading || !rest) return undefined
    const front = frontOf(text, reading)
    const pid = toCount(rest.groups?.pid ?? '')
    return { ...front, next: reading.end + rest[0].length, level: rest.groups?.level, pid }
  },
  decode(text) {
    const client = readClient(text)
    if (client === undefined) return undefined
    const message: Message = readSentence(sentences, client.before, 'nginx') ?? {
      event: { category: ['web'], type: ['error'] },
      service: { name: 'nginx' },
    }
    if (client.isDoubtful) return doubtful(message)
    if (client.end !== undefined) message.source = client.end
    return message
  },
}
