import type { Message } from '../decoder.ts'
import { toEndpoint } from '../sentence.ts'
import { readIso, type Written } from '../written.ts'

/** A line of `fast.log`: local time of the sensor. */
export interface Fast {
  raw: string
  written: Written
  text: string
}

/** `07/10/2022-23:50:05.533101  [**] [1:2024468:3] ...`; undefined for any other line. */
export function readFast(line: string): Fast | undefined {
  const said = /^(\d{2})\/(\d{2})\/(\d{4})-(\d{2}:\d{2}:\d{2}\.\d{6}) {2}/.exec(line.slice(0, 40))
  if (said === null) return undefined
  const [all, month, day, year, clock] = said
  const iso = `${year}-${month}-${day}T${clock}`
  const reading = readIso(iso, 0)
  const text = line.slice(all.length)
  return reading?.end === iso.length && rule.test(text)
    ? { raw: all.trimEnd(), written: reading.written, text }
    : undefined
}

const rule =
  /^(?:\[(?<did>Drop|wDrop)\] )?(?:\[\*\*\] )?\[(?<group>\d{1,10}):(?<id>\d{1,10}):(?<version>\d{1,10})\] (?<name>.{1,1024}?) (?:\[\*\*\] )?\[Classification: (?<category>[^\]]{0,255})\] \[Priority: (?<priority>\d{1,3})\] \{(?<transport>[\w-]{1,24})\} (?<from>\S{2,60}) -> (?<to>\S{2,60})$/

/** The same text goes to syslog where that is switched on. */
export function fastMessage(text: string): Message | undefined {
  const said = text.length > 4096 ? undefined : rule.exec(text)?.groups
  if (said === undefined) return undefined
  const { did, group, id = '', version = '', name = '', category, priority, transport = '', from = '', to = '' } = said
  return {
    event: {
      category: ['intrusion_detection', 'network'],
      type: ['info', did === undefined ? 'allowed' : 'denied'],
      action: 'rule-matched',
      severity: Number(priority),
    },
    service: { name: 'suricata' },
    source: toEndpoint(from),
    destination: toEndpoint(to),
    network: { transport: transport.toLowerCase() },
    more: { rule: { id, name, version, ...(category !== '' && category !== '(null)' && { category }) } },
    tidewaiter: { rule_group: Number(group) },
  }
}
