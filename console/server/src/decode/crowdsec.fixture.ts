import { readFileSync } from 'node:fs'
import type { Accuracy } from './accuracy.fixture.ts'
import type { Event } from './decoder.ts'
import { decodeFile } from './files.ts'
import { pathOf, truthOf } from './shared-data.fixture.ts'

/** What CrowdSec's own tests expect of a line, by its names. */
type Label = Readonly<Record<string, string>>

/** Where the same stands in our events. What is not here (how a log is called, where it lay) is not compared. */
const places: Readonly<Record<string, (event: Event) => unknown>> = {
  source_ip: ({ source }) => (source as { ip?: string } | undefined)?.ip,
  user: ({ user }) => (user as { name?: string } | undefined)?.name,
  username: ({ user }) => (user as { name?: string } | undefined)?.name,
  service: ({ network }) => (network as { transport?: string } | undefined)?.transport,
  db: ({ tidewaiter }) => tidewaiter.database,
  machine: ({ host }) => host?.name,
  suricata_alert_signature_id: ({ rule }) => (rule as { id?: string } | undefined)?.id,
  suricata_rule_severity: ({ event }) => String(event.severity),
  suricata_flow_id: ({ tidewaiter }) => tidewaiter.connection,
  auth_method: ({ tidewaiter }) => tidewaiter.method,
}

interface Difference {
  file: string
  label: Label
  says: string
}

/** Labels of folders of `service_logs_crowdsec` (by the number of the line) and of `login_web_crowdsec` (by its time). */
export async function labelAccuracy(
  folders: readonly string[],
  given: { year?: number } = {},
): Promise<Accuracy & { differences: readonly Difference[] }> {
  const differences: Difference[] = []
  let records = 0
  for (const folder of folders) {
    const file = `${folder}/${folder.slice(folder.lastIndexOf('/') + 1)}.log`
    const events = await Array.fromAsync(decodeFile(pathOf(file), { zone: 'UTC', ...given }))
    for (const { label, found } of folder.startsWith('service_') ? byLine(file, events) : byTime(folder, events)) {
      records++
      const says = found === undefined ? 'missed' : differenceOf(label, found)
      if (says !== '') differences.push({ file, label, says })
    }
  }
  const missed = differences.filter(({ says }) => says === 'missed').length
  return { records, right: records - differences.length, wrong: differences.length - missed, missed, differences }
}

interface Labelled {
  label: Label
  found: Event | undefined
}

function byLine(file: string, events: readonly Event[]): Labelled[] {
  const [folder = '', name = ''] = file.split('/')
  const labels = (truthOf(folder) as { files: Record<string, { meta_by_line: Record<string, Label> }> }).files[name]
  const lines = readFileSync(pathOf(file), 'utf8').split('\n')
  const offsets = lines.map((_, i) => Buffer.byteLength(lines.slice(0, i).join('\n')) + (i > 0 ? 1 : 0))
  return Object.entries(labels?.meta_by_line ?? {}).map(([line, label]) => ({
    label,
    found: events.find(({ tidewaiter: { record, records } }) =>
      (records ?? [record]).some((id) => id.endsWith(`:${offsets[Number(line)]}`)),
    ),
  }))
}

/** Lines of one time are taken in their order. */
function byTime(folder: string, events: readonly Event[]): Labelled[] {
  const left = [...events]
  return assertedIn(folder).map((label) => {
    const at = left.findIndex((event) => isAt(event, label.timestamp) && differenceOf(label, event) === '')
    const other = at < 0 ? left.findIndex((event) => isAt(event, label.timestamp)) : at
    return { label, found: other < 0 ? undefined : left.splice(other, 1)[0] }
  })
}

function isAt(event: Event, time: string | undefined): boolean {
  return time === undefined || Date.parse(event['@timestamp'] ?? '') === Date.parse(time)
}

/** `results[0].Overflow.Alert.Events[1].GetMeta("user") == "zyrian"`: a line that is in several results counts once. */
function assertedIn(folder: string): Label[] {
  const text = readFileSync(pathOf(`${folder}/scenario.assert`), 'utf8')
  const labels = new Map<string, Record<string, string>>()
  for (const [, key = '', name = '', value = ''] of text.matchAll(
    /^(results\[\d+\]\.Overflow\.Alert\.Events\[\d+\])\.GetMeta\("(\w+)"\) == "(.*)"$/gm,
  ))
    labels.set(key, { ...labels.get(key), [name]: value })
  return [...labels.values()]
}

function differenceOf(label: Label, event: Event): string {
  return Object.entries(label)
    .flatMap(([name, expected]) => {
      // Of packets that is their protocol, of all others the name of a program.
      if (name === 'service' && label.log_type !== 'iptables_drop') return []
      const found = Object.hasOwn(places, name) ? places[name]?.(event) : expected
      return found === expected ? [] : [`${name} is ${String(found)}, not ${expected}`]
    })
    .join(', ')
}
