import type { Decoder } from '../decoder.ts'
import { systemDecoder } from '../system-row.ts'
import { propertiesKind } from '../windows-property.ts'

/** Rows of the agent's snapshots of what protects a Windows host. */
export const protection: Decoder = systemDecoder({
  id: 'protection',
  title: 'What protects a Windows host: Defender, BitLocker, audit policy, certificates, shadow copies, backup',
  kinds: {
    antivirus: propertiesKind(['Name']),
    'volume-encryption': propertiesKind(['Name']),
    'time-source': propertiesKind(['Name']),
    'audit-policy': propertiesKind(['Name', 'SubcategoryGuid', 'PolicyTarget']),
    // ECS keeps fields of a certificate for those of a file or a connection.
    certificate: propertiesKind(['Store', 'Thumbprint']),
    'shadow-copy': propertiesKind(['Name']),
    backup: propertiesKind(['Name']),
  },
})
