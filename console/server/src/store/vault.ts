import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Encrypts single values that must not stand in clear in the database. */
export interface Vault {
  seal(text: string, label: string): string
  /** Throws when the text was not sealed with this key and label. */
  open(sealed: string, label: string): string
}

/** AES-256-GCM under a key derived from the master key; `label` (table and row) is bound, so that values cannot be swapped. */
export function openVault(masterKey: Uint8Array): Vault {
  const key = Buffer.from(hkdfSync('sha256', masterKey, '', 'tidewaiter vault', 32))
  return {
    seal(text, label) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(label))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')
    },
    open(sealed, label) {
      const bytes = Buffer.from(sealed, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(label))
      decipher.setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
    },
  }
}
