import type { MessageDecoder, ReadMessage } from './decoder.ts'

/**
 * Longest text that is looked at, in characters: syslog daemons and the programs we know cut theirs far below (sshd at
 * 1 KiB, sudo at 960 bytes a line). What is longer stays the text it is.
 */
const mostCharacters = 16_384

/**
 * Hands a message to the decoders of its program in their order, then to those that read messages of any program.
 * Programs are named as syslog tags them: `sshd`, `/usr/sbin/cron`, `httpd/backend1`, `pop(pam_unix)`.
 */
export function messageReader(decoders: readonly MessageDecoder[]): ReadMessage {
  const ofAny = decoders.filter(({ programs }) => programs === 'any')
  const ofProgram = new Map<string, MessageDecoder[]>()
  for (const decoder of decoders)
    if (decoder.programs !== 'any')
      for (const program of decoder.programs) ofProgram.set(program, [...(ofProgram.get(program) ?? []), decoder])
  for (const own of ofProgram.values()) own.push(...ofAny)
  return (text, tag) => {
    if (text.length > mostCharacters) return undefined
    for (const decoder of ofProgram.get(tag) ??
      ofProgram.get(bareName(tag)) ??
      ofProgram.get(firstName(tag)) ??
      ofAny) {
      const message = decoder.decode(text, tag)
      if (message !== undefined) return { id: decoder.id, message, isPerConnection: decoder.isPerConnection }
    }
    return undefined
  }
}

function bareName(tag: string): string {
  return tag.slice(tag.lastIndexOf('/') + 1)
}

/** What stands before the part of a program: `httpd/backend1`, `auth-worker(7)`. */
function firstName(tag: string): string {
  return /^[^/(]*/.exec(tag)?.[0] ?? ''
}
