import { readDate } from '../dated.ts'
import { frontOf, logNamed, type OwnLog } from '../own-log.ts'
import { meanings, readSentence, type Sentence } from '../sentence.ts'

const ip = '(?<address>[0-9A-Fa-f.:]{2,45})'

/** The address follows words of Vaultwarden's own, and a name comes last; of a success the address comes last. */
const sentences: readonly Sentence[] = [
  {
    pattern: new RegExp(
      `^(?<reason>Username or password is incorrect)\\. Try again\\.? IP: ${ip}\\. Username: (?<user>.*?)\\.?$`,
    ),
    is: meanings.notSignedIn,
  },
  {
    pattern: new RegExp(`^(?<reason>Invalid admin token)[.!] IP: ${ip}(?:\\. Username: (?<user>.*))?$`),
    is: meanings.notSignedIn,
  },
  {
    pattern: new RegExp(`^(?<reason>Invalid TOTP code)! Server time: [0-9: -]{10,40}UTC IP: ${ip}$`),
    is: meanings.notSignedIn,
  },
  {
    pattern: new RegExp(`^(?<reason>This user has been disabled)\\.? IP: ${ip}\\. Username: (?<user>.*?)\\.?$`),
    is: meanings.userNotAllowed,
  },
  { pattern: new RegExp(`^User (?<user>.*) logged in successfully\\. IP: ${ip}$`), is: meanings.signedIn },
]

const before = /^\]\[[a-z_][\w:]{0,120}\]\[(?<level>ERROR|WARN|INFO|DEBUG|TRACE)\] /

/** `[2024-08-31 02:11:22.129][vaultwarden::api::identity][ERROR] `. */
export const vaultwarden: OwnLog = {
  id: 'vaultwarden',
  title: 'Vaultwarden',
  programs: ['vaultwarden'],
  usual: logNamed('vaultwarden[\\w./-]{0,80}\\.log'),
  front(text) {
    const reading = text.startsWith('[') ? readDate(text, 1) : undefined
    const rest = reading && before.exec(text.slice(reading.end, reading.end + 160))
    if (!reading || !rest) return undefined
    return { ...frontOf(text, reading, 1), next: reading.end + rest[0].length, level: rest.groups?.level }
  },
  marks: /\]\[vaultwarden/,
  decode: (text) => readSentence(sentences, text, 'vaultwarden'),
}
