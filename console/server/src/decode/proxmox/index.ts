import type { MessageDecoder } from '../decoder.ts'
import { meanings, readSentence, type Sentence } from '../sentence.ts'

/** The address stands before the name, and the name before what is said of it. */
const sentences: readonly Sentence[] = [
  {
    pattern: /^authentication failure; rhost=(?<address>\S{1,80}) user=(?<user>.*?) msg=(?<reason>.*)$/,
    is: meanings.notSignedIn,
    once: / msg=/g,
  },
  { pattern: /^<[^>]{1,255}> successful auth for user '(?<user>[^']{1,255})'$/, is: meanings.signedIn },
  { pattern: /^successful auth for user '(?<user>[^']{1,255})'$/, is: meanings.signedIn },
]

/** Sign-ins to the web interface and the API of Proxmox VE, Mail Gateway and Backup Server. */
export const proxmox: MessageDecoder = {
  id: 'proxmox',
  title: 'Proxmox (pvedaemon, pveproxy, pmgdaemon, proxmox-backup)',
  programs: ['pvedaemon', 'pveproxy', 'pmgdaemon', 'pmgproxy', 'proxmox-backup-proxy', 'proxmox-backup-api'],
  decode: (text) => readSentence(sentences, text, 'proxmox'),
}
