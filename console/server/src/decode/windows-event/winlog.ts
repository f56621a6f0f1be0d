import type { WinEvent } from './win-event.ts'

/** Fields of Winlogbeat (elastic.co/docs/reference/beats/winlogbeat/exported-fields-winlog). */
export function winlogOf(event: WinEvent): Record<string, unknown> {
  const winlog: Record<string, unknown> = {}
  const { provider, providerGuid, channel, eventId, recordId, computer, version, level, task, opcode } = event
  if (channel !== undefined) winlog.channel = channel
  if (provider !== undefined) winlog.provider_name = provider
  if (providerGuid !== undefined) winlog.provider_guid = providerGuid
  if (eventId !== undefined) winlog.event_id = String(eventId)
  if (recordId !== undefined) winlog.record_id = recordId
  if (computer !== undefined) winlog.computer_name = computer
  if (version !== undefined) winlog.version = version
  if (level !== undefined) winlog.level = level
  if (task !== undefined) winlog.task = task
  if (opcode !== undefined) winlog.opcode = opcode
  addOrigin(winlog, event)
  addData(winlog, event)
  return winlog
}

function addOrigin(winlog: Record<string, unknown>, event: WinEvent): void {
  const { keywords, activityId, relatedActivityId, processId, threadId, userId } = event
  const words = keywords === undefined ? [] : keywordsOf(keywords)
  if (words.length > 0) winlog.keywords = words
  if (activityId !== undefined) winlog.activity_id = activityId
  if (relatedActivityId !== undefined) winlog.related_activity_id = relatedActivityId
  if (processId !== undefined)
    winlog.process = threadId === undefined ? { pid: processId } : { pid: processId, thread: { id: threadId } }
  if (userId !== undefined) winlog.user = { identifier: userId }
}

function addData(winlog: Record<string, unknown>, { data, userData }: WinEvent): void {
  if (data !== undefined) winlog.event_data = data
  if (userData !== undefined)
    winlog.user_data = Object.assign(Object.create(null), userData.fields, { xml_name: userData.name })
}

/** Bits of the keywords that mean the same in every channel (winmeta.xml). */
const bits: readonly [bit: bigint, word: string][] = [
  [48n, 'Response Time'],
  [49n, 'WDI Context'],
  [50n, 'WDI Diag'],
  [51n, 'SQM'],
  [52n, 'Audit Failure'],
  [53n, 'Audit Success'],
  [54n, 'Correlation Hint'],
  [55n, 'Classic'],
]

/** A log has few different ones. */
const known = new Map<string, readonly string[]>()
const mostKnown = 1000

/** Their words, and the mask itself: its other bits mean what the channel says. */
function keywordsOf(mask: string): readonly string[] {
  let words = known.get(mask)
  if (words === undefined) {
    words = wordsOf(mask)
    if (known.size >= mostKnown) known.clear()
    known.set(mask, words)
  }
  return words
}

function wordsOf(mask: string): string[] {
  if (!/^0x[0-9a-f]{1,16}$/i.test(mask)) return [mask]
  const value = BigInt(mask)
  if (value === 0n) return []
  return [...bits.filter(([bit]) => ((value >> bit) & 1n) === 1n).map(([, word]) => word), mask]
}
