import { frontOf, logNamed, type OwnLog } from '../own-log.ts'
import { readClassic, readIso } from '../written.ts'
import { readPacket } from './packet.ts'

const own = /^ (?<host>[\w.-]{1,255}) (?!kernel: )(?=.{0,128}?IN=\S{0,32} OUT=\S{0,32} .{0,160}?SRC=\S)/
const kernel = /^\[ {0,6}\d{1,10}\.\d{6}\] (?=.{0,128}?IN=\S{0,32} OUT=\S{0,32} .{0,160}?SRC=\S)/

/**
 * Packets that a rule of iptables, nftables or ufw logged: in the kernel's log, through syslog and the journal, in a file
 * of ulogd (`LOGEMU`), or as `dmesg` shows them.
 */
export const iptables: OwnLog = {
  id: 'iptables',
  title: 'Packets logged by netfilter (iptables, nftables, ufw)',
  programs: ['kernel', 'ulogd'],
  usual: logNamed('ulog/[\\w.-]{1,60}'),
  front(text) {
    const clock = kernel.exec(text.slice(0, 400))
    if (clock !== null) return { next: clock[0].length }
    const reading = readClassic(text, 0) ?? readIso(text, 0)
    const host = reading && own.exec(text.slice(reading.end, reading.end + 600))
    return reading && host ? { ...frontOf(text, reading), next: reading.end + host[0].length } : undefined
  },
  decode: readPacket,
}
