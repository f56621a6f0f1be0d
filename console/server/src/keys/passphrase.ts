import { createCipheriv, randomBytes, scrypt } from 'node:crypto'
import { Encrypter, type Recipient, Stanza } from 'age-encryption'
import { refuse } from '../error.ts'

/** Fewer could all be tried by whoever has the file. */
const leastCharacters = 12
/** As age has it: 256 MB and about a second for each passphrase that is tried. */
const workFactor = 18

/** Text as an age file that the passphrase opens. Throws `input-malformed` for a short one. */
export function sealUnderPassphrase(text: string, passphrase: string): Promise<Uint8Array> {
  if (passphrase.length < leastCharacters)
    throw refuse(
      'input-malformed',
      `The passphrase has fewer than ${leastCharacters} characters: whoever has the file could try them all.`,
    )
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipientOf(passphrase))
  return encrypter.encrypt(text)
}

/**
 * The scrypt recipient (age-encryption.org/v1, "The scrypt recipient type"), worked out on another thread: that of the
 * library holds up everything else for its second.
 */
function recipientOf(passphrase: string): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const salt = randomBytes(16)
      const key = await derive(passphrase, Buffer.concat([Buffer.from('age-encryption.org/v1/scrypt'), salt]))
      const cipher = createCipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 })
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
      return [new Stanza(['scrypt', salt.toString('base64').replace(/=+$/, ''), String(workFactor)], body)]
    },
  }
}

function derive(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  const cost = { N: 2 ** workFactor, r: 8, p: 1, maxmem: 2 ** workFactor * 8 * 128 + 2 ** 20 }
  return new Promise((resolve, reject) =>
    scrypt(passphrase, salt, 32, cost, (error, key) => (error === null ? resolve(key) : reject(error))),
  )
}
