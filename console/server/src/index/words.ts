/** Longest text of one event, in characters, of which the words are indexed. */
export const mostText = 32_768
/** Longest value that is marked; a longer one is by its beginning. */
export const mostMarked = 200

/** How words are compared: without case, in every script. The index holds them so and is asked so. */
export function fold(text: string): string {
  return text.toLowerCase()
}

/**
 * The words of a folded text as the index cuts them: letters and digits of ASCII, and everything beyond ASCII, are
 * parts of words; all else stands between them.
 */
export function wordsOf(folded: string): string[] {
  return folded.match(/[a-z0-9\u0080-\u{10ffff}]+/gu) ?? []
}

/** Fields whose values are marked: names of ECS and of `winlog`. Their numbers and texts can be asked for exactly. */
export const markedFields = [
  'event.dataset',
  'event.action',
  'event.code',
  'event.provider',
  'event.reason',
  'winlog.channel',
  'winlog.event_id',
  'winlog.provider_name',
  'winlog.computer_name',
  'winlog.logon.type',
  'http.request.method',
  'http.response.status_code',
  'network.transport',
  'network.protocol',
  'network.direction',
  'group.name',
  'user.id',
  'user.domain',
  'user.effective.name',
  'process.parent.name',
  'process.parent.pid',
  'process.hash.md5',
  'process.hash.sha1',
  'rule.name',
  'tls.client.server_name',
  'dns.question.name',
  'source.domain',
  'destination.domain',
  'url.domain',
  'url.path',
  'file.name',
  'file.extension',
  'file.hash.md5',
  'file.hash.sha1',
  'file.hash.sha256',
  'registry.path',
  'service.type',
  'email.from.address',
  'email.to.address',
  'error.message',
] as const
export type MarkedField = (typeof markedFields)[number]

/** Every field below these is marked: what it holds differs from one kind of record to the next. */
export const markedGroups = ['winlog.event_data', 'winlog.user_data'] as const

/**
 * One word that says that a field has a value. What stands between words is moved to characters beyond ASCII (Braille
 * patterns, which no log is written in), so that it is one word and no other text gives it.
 */
export function markOf(field: string, value: string): string {
  return `${markName(field)}${moved(fold(value.slice(0, mostMarked)))}`
}

/** Beginning of every mark of a field. */
export function markName(field: string): string {
  return `${moved(fold(field))}\u28ff`
}

function moved(text: string): string {
  return text.replace(/[^a-z0-9\u0080-\uffff]/g, (char) => String.fromCharCode(0x2800 + char.charCodeAt(0)))
}
