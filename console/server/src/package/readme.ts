import { hostFiles, tagFiles } from '@tidewaiter/protocol'
import type { PackageContent } from './content.ts'
import { formatCut } from './cut.ts'

/** `00_README.txt`: what this is and how to check it with nothing of ours. Plain ASCII. */
export function readmeOf({ incident, number, choice, signer, state }: PackageContent): string {
  return `EVIDENCE PACKAGE ${incident.id} / P-${number}   TLP:${choice.tlp}
As of ${state.at}, cut ${formatCut(state.cut)}

READ FIRST   data/10_letter.html (or .txt). Indicators: data/30_iocs.csv, data/30_iocs.stix.json.

HOW TO VERIFY, offline, in the folder this file's "data" folder is in
1. Every file is the one that was packed:
     sha256sum -c manifest-sha256.txt
     sha256sum -c ${tagFiles.tagManifest}
   On Windows, in PowerShell:
     Get-Content manifest-sha256.txt, ${tagFiles.tagManifest} | ForEach-Object {
       $hash, $file = $_ -split '  ', 2
       if ((Get-FileHash $file -Algorithm SHA256).Hash -ne $hash) { "CHANGED: $file" } }
2. The lists are the ones that were signed:
     openssl dgst -sha256 -verify ${tagFiles.publicKey} -signature ${tagFiles.signature} ${tagFiles.tagManifest}
     openssl cms -verify -binary -inform DER -in ${tagFiles.cms} -content ${tagFiles.tagManifest}
       -CAfile ${tagFiles.certificate} -purpose any -out verified.txt        (one line)
3. Who signed. Call the sender on a number you already have and compare this fingerprint:
     openssl pkey -pubin -in ${tagFiles.publicKey} -outform DER | sha256sum
     ${signer}
4. All of it and the evidence inside, with the free verifier (tidewaiter verify FILE.zip
   --fingerprint ${signer}), or on its page "Verify", where nothing is uploaded.

WHAT THE EVIDENCE SHOWS
Each line of data/60_hosts/<host>/${hostFiles.records} is one record as a host sealed it, with a
proof that leads to a batch header signed by the key of that host. ${hostFiles.headers} has all batch
headers between the first and the last of them: order, counts and losses can be checked without
their content. data/65_ledger has the head of the console's ledger; hosts sealed earlier heads of it
into their batches, so that a past that was changed later would show. Records are given whole or
withheld whole. A host that was taken over can lie from that moment on; no seal can show that.

Format, to the byte: package-format.md of the Tidewaiter source.
`
}
