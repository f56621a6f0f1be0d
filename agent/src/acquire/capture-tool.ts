import type { Host } from '../host.ts'

export interface CaptureBounds {
  seconds: number
  packets: number
  snapBytes: number
}

/** A program of the host that writes packets to its output as libpcap does (pcap-savefile(5)). */
export interface CaptureTool {
  command: string
  args(bounds: CaptureBounds): string[]
  /** What it says of its packets when it ends; undefined where it says nothing. */
  parse(errors: string): Readonly<Record<string, number>> | undefined
}

/** tcpdump(8) gives up the rights of root by itself where its package set an account for it; without `-p` it would listen to what is for others. */
const tcpdump: CaptureTool = {
  command: 'tcpdump',
  args: ({ packets, snapBytes }) => [
    ...['-i', 'any', '-p', '-n', '-U', '-w', '-'],
    '-s',
    `${snapBytes}`,
    '-c',
    `${packets}`,
  ],
  parse: (errors) =>
    counted({
      captured: /^(\d+) packets? captured$/m.exec(errors),
      receivedByFilter: /^(\d+) packets? received by filter$/m.exec(errors),
      droppedByKernel: /^(\d+) packets? dropped by kernel$/m.exec(errors),
      droppedByInterface: /^(\d+) packets? dropped by interface$/m.exec(errors),
    }),
}

/** dumpcap(1): `-P` writes pcap instead of pcapng. */
const dumpcap: CaptureTool = {
  command: 'dumpcap',
  args: ({ packets, snapBytes }) => [
    ...['-q', '-i', 'any', '-p', '-P', '-w', '-'],
    ...['-s', `${snapBytes}`, '-c', `${packets}`],
  ],
  parse: (errors) =>
    counted({
      captured: /^Packets captured: (\d+)$/m.exec(errors),
      received: /^Packets received\/dropped on interface '[^']*': (\d+)\//m.exec(errors),
      dropped: /^Packets received\/dropped on interface '[^']*': \d+\/(\d+) /m.exec(errors),
    }),
}

export const captureTools: readonly CaptureTool[] = [tcpdump, dumpcap]

function counted(found: Readonly<Record<string, RegExpExecArray | null>>) {
  const counts = Object.entries(found).flatMap(([name, match]) => (match === null ? [] : [[name, Number(match[1])]]))
  return counts.length === 0 ? undefined : Object.fromEntries(counts)
}

/** So long after its time it ends by itself, if nobody ended it. */
const graceSeconds = 5

/**
 * The command line of a tool that outlives neither its time nor the agent: timeout(1) ends it, and is ended itself when
 * the agent dies (setpriv(1), `--pdeathsig`). The kernel forgets that wish for a program that changes its account, as
 * tcpdump does, so it stands with timeout, which passes on what ends it.
 */
export function boundedCommand(
  { has }: Pick<Host, 'has'>,
  tool: CaptureTool,
  bounds: CaptureBounds,
): [command: string, args: string[]] {
  const bounded = ['-k', '1', `${bounds.seconds + graceSeconds}`, tool.command, ...tool.args(bounds)]
  return has('setpriv') ? ['setpriv', ['--pdeathsig', 'TERM', 'timeout', ...bounded]] : ['timeout', bounded]
}
