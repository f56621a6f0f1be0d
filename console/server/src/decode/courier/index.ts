import type { MessageDecoder } from '../decoder.ts'
import { meanings, readSentence, type Sentence } from '../sentence.ts'

const end = 'ip=\\[(?<address>[0-9A-Fa-f:.]{2,45})\\](?:, port=\\[(?<port>\\d{1,5})\\])?'
const relay = '^error,relay=(?<address>[0-9A-Fa-f:.]{2,45}),(?:port=(?<port>\\d{1,5}),)?'

/** A name may hold `, ip=[`: after the last one nothing of the client's follows. The relay of mail stands first. */
const sentences: readonly Sentence[] = [
  {
    pattern: new RegExp(`^LOGIN FAILED, (?:user=(?<user>.*), |method=(?<method>[A-Z0-9-]{1,20}), )${end}$`),
    is: meanings.notSignedIn,
  },
  {
    pattern: new RegExp(`^LOGIN, user=(?<user>.*), ${end}(?:, protocol=\\w{1,10})?(?:, stls=\\d)?$`),
    is: meanings.signedIn,
  },
  { pattern: new RegExp(`^(?:LOGOUT|DISCONNECTED|TIMEOUT), user=(?<user>.*), ${end}, `), is: meanings.sessionClosed },
  {
    pattern: new RegExp(`${relay}msg="(?<code>535) (?<reason>[^"]{1,255})",cmd: (?:AUTH (?<method>[A-Z0-9-]{1,20}))?`),
    is: meanings.notSignedIn,
  },
  {
    pattern: new RegExp(
      `${relay}(?:ident=[^,]{0,255},)?from=<(?<sender>[^>]{0,320})>,to=<(?<recipient>[^>]{0,320})>: (?<code>[45]\\d\\d) (?<reason>.*)$`,
    ),
    is: { category: ['email', 'network'], type: ['info', 'denied'], outcome: 'failure', action: 'mail-refused' },
  },
]

/** Sign-ins to Courier's IMAP, POP3 and mail submission. */
export const courier: MessageDecoder = {
  id: 'courier',
  title: 'Courier mail server (imapd, pop3d, courieresmtpd)',
  programs: [
    'imapd',
    'imapd-ssl',
    'pop3d',
    'pop3d-ssl',
    'courierpop3login',
    'courierpop3d',
    'imaplogin',
    'courieresmtpd',
    'courieresmtpd-ssl',
    'courieresmtpd-msa',
  ],
  decode: (text) => readSentence(sentences, text, 'courier'),
}
