import type { Host } from '../../host.ts'
import type { LastingTable } from '../lasting-table.ts'

interface Teller {
  command: string
  args: readonly string[]
  /** The part that stays while nothing happens: offsets change with every look. */
  lasting: RegExp
}

const tellers: readonly Teller[] = [
  // Reference, its address and the stratum come first, the state of leap seconds last (chronyc(1), tracking, -c). By
  // -n no name is asked for.
  { command: 'chronyc', args: ['-n', '-c', 'tracking'], lasting: /^[^,]*,[^,]*,[^,]*|[^,\n]*$/g },
  { command: 'timedatectl', args: ['show'], lasting: /^(?:Timezone|LocalRTC|NTP|NTPSynchronized)=.*$/gm },
  { command: 'timedatectl', args: ['show-timesync'], lasting: /^(?:ServerName|ServerAddress|\w+NTPServers)=.*$/gm },
  { command: 'ntpq', args: ['-c', 'rv'], lasting: /\b(?:leap|stratum|refid)=[^,\s]*/g },
]
const most = { answerBytes: 64 * 1024, characters: 4_000 }

/** Which clock this machine follows, and how far it is off, in the words of the program that follows it. */
export async function addClock(host: Host, table: LastingTable, signal: AbortSignal): Promise<void> {
  for (const { command, args, lasting } of tellers) {
    if (!host.has(command)) continue
    const answer = await host.ask(command, args, { limit: most.answerBytes, signal })
    const identity = { command: [command, ...args].join(' ') }
    if ('why' in answer) {
      table.add({ kind: 'not-looked', ...identity }, answer)
      continue
    }
    const text = answer.toString().trim().slice(0, most.characters)
    table.add({ kind: 'time-source', ...identity }, { stays: text.match(lasting) ?? [] }, { text })
  }
}
