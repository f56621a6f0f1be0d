import type { Message } from '../decoder.ts'
import { meanings, readSentence, type Sentence } from '../sentence.ts'

const peer = '(?<address>[0-9A-Fa-f.:[\\]]{3,60})'

/** A name is the client's and has no blank here; what follows the address is the server's. */
const sentences: readonly Sentence[] = [
  {
    pattern:
      /^Failed to authenticate (?<user>.*)@(?<database>[^@\s]{1,64}) (?:from client (?<address>[0-9A-Fa-f.:[\]]{3,60}) )?with mechanism (?<method>[A-Z0-9-]{1,30}): (?<reason>[A-Z]\w{1,40})/,
    is: meanings.notSignedIn,
    once: / with mechanism /g,
  },
  {
    pattern: new RegExp(
      `^(?<method>SCRAM-SHA-1|SCRAM-SHA-256|PLAIN|GSSAPI|MONGODB-X509) authentication failed for (?<user>.*) on (?<database>[^\\s]{1,64}) from client ${peer} ; (?<reason>[A-Z]\\w{1,40})`,
    ),
    is: meanings.notSignedIn,
    once: / from client /g,
  },
  {
    pattern: new RegExp(
      `^Successfully authenticated as principal (?<user>.*) on (?<database>[^\\s]{1,64})(?: from client ${peer})?$`,
    ),
    is: meanings.signedIn,
  },
  { pattern: new RegExp(`^connection accepted from ${peer} #\\d`), is: meanings.opened },
  { pattern: new RegExp(`^end connection ${peer} \\(`), is: meanings.closed },
]

export function readText(text: string): Message | undefined {
  const message = readSentence(sentences, text, 'mongodb')
  // Where a name imitates the words around it, the address behind it is as doubtful as the name.
  if (message?.tidewaiter?.doubt !== undefined) delete message.source
  return message
}
