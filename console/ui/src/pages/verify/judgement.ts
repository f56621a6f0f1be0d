import { type Check, type CheckName, notMade, parseFingerprint, type VerifyReport } from '@tidewaiter/protocol'

/** What is known of who signed: compared with the fingerprint somebody read out, as far as it was entered. */
export type SignerState = 'nobody' | 'not-compared' | 'malformed' | 'same' | 'other'

/** `told` is the fingerprint as people write it: groups, colons and capitals do not matter. */
export function compareSigner({ signer }: VerifyReport, told: string): SignerState {
  if (signer === null) return 'nobody'
  if (told.trim() === '') return 'not-compared'
  const wanted = parseFingerprint(told)
  if (wanted === undefined) return 'malformed'
  return wanted === signer.fingerprint ? 'same' : 'other'
}

export interface Judged {
  name: CheckName
  state: 'passed' | 'differs' | 'not-made'
  /** What was found, or every thing that differs, by its name. */
  details: readonly string[]
}

/** One entry for each check, in the order in which they were reported. */
export function judge(checks: readonly Check[]): Judged[] {
  return [...Map.groupBy(checks, ({ name }) => name)].map(([name, own]) => ({
    name,
    state: own.every(({ ok }) => ok) ? 'passed' : own.some(({ detail }) => detail !== notMade) ? 'differs' : 'not-made',
    details: own.map(({ detail }) => detail),
  }))
}

/** The answer in one word, worst first. */
export type Verdict = 'unreadable' | 'changed' | 'foreign' | 'intact'

export function verdictOf(report: VerifyReport, signer: SignerState): Verdict {
  if (report.files === 0) return 'unreadable'
  if (!report.ok) return 'changed'
  return signer === 'other' ? 'foreign' : 'intact'
}

/** How many things differ. */
export function differences(checks: readonly Check[]): number {
  return checks.filter(({ ok, detail }) => !ok && detail !== notMade).length
}

/** What each check says when it holds, and when it does not. */
export const checkWords: Record<CheckName, { holds: string; differs: string }> = {
  container: {
    holds: 'The container reads byte for byte as expected',
    differs: 'The container has bytes that do not belong there',
  },
  files: { holds: 'Every file is the one that was packed', differs: 'A file is not the one that was packed' },
  bag: { holds: 'Nothing is missing, and nothing is beside it', differs: 'Something is missing, or stands beside it' },
  signature: { holds: 'The list of files is signed', differs: 'The list of files is not signed' },
  hosts: { holds: 'Every host is the one its key says', differs: 'A host is not the one its key says' },
  batches: { holds: 'No batch is missing', differs: 'A batch is missing or changed' },
  records: { holds: 'Every record is proven', differs: 'A record is not proven' },
  ledger: {
    holds: 'The batches of these records are in the ledger of the console',
    differs: 'A batch is not shown to be in the ledger of the console',
  },
  citations: {
    holds: 'Every record that is cited is there, or named as withheld',
    differs: 'A record that is cited is neither there nor named as withheld',
  },
  actions: { holds: 'The log of acts is unbroken', differs: 'The log of acts is broken' },
  signer: { holds: 'The key you were told signed it', differs: 'Another key signed it' },
}
