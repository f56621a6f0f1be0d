import type { Decoder } from '../decoder.ts'
import { systemDecoder } from '../system-row.ts'
import { macosProtection } from './macos.ts'

/** Rows of the agent's snapshots of what protects a host. */
export const protection: Decoder = systemDecoder({
  id: 'protection',
  title:
    'What protects a Mac: FileVault, Gatekeeper, System Integrity Protection, XProtect, certificates, Time Machine',
  kinds: { ...macosProtection },
})
