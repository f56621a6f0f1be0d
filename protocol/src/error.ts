/**
 * Codes a refusal can carry between host, console and verifier. Closed: a code is added here or it does not exist.
 * `status` is the HTTP status where the refusal leaves through a route.
 */
export const codes = {
  'batch-malformed': {
    status: 400,
    meaning: 'The bytes are not a batch: wrong magic, lengths that do not add up, or bytes left over.',
  },
  'batch-too-large': { status: 413, meaning: 'The batch or one of its parts is over the limit.' },
  'header-malformed': {
    status: 400,
    meaning: 'The header is not one line of compact JSON of the known shape; duplicate names are refused too.',
  },
  'signature-wrong': { status: 400, meaning: 'The signature does not fit the header and the key of the host.' },
  'payload-digest-wrong': { status: 400, meaning: 'The payload is not the one whose SHA-256 stands in the header.' },
  'payload-malformed': { status: 400, meaning: 'The payload does not inflate to the chunks the header describes.' },
  'root-wrong': { status: 400, meaning: 'The records do not give the Merkle root in the header.' },
  'host-wrong': { status: 403, meaning: 'The batch names another host than the one that is connected.' },
  'chain-gap': { status: 409, meaning: 'Batches are missing between the last one held and this one.' },
  'chain-fork': {
    status: 409,
    meaning: 'Another batch with this number is already held, or the previous header is another one.',
  },
  'proof-malformed': { status: 400, meaning: 'The proof is not of the known shape.' },
  'proof-wrong': { status: 400, meaning: 'The proof does not lead from the record to the root in the header.' },
  'head-malformed': { status: 400, meaning: 'The ledger head is not of the known shape.' },
  'head-wrong': {
    status: 400,
    meaning: 'The ledger head is not signed by the ledger key, or does not fit the entries.',
  },
  'frame-malformed': { status: 400, meaning: 'The frame is not a known message.' },
  'frame-too-large': { status: 413, meaning: 'The frame is over the limit.' },
  'token-malformed': { status: 400, meaning: 'The enrolment token is not of the form tw1.…' },
  'token-refused': { status: 403, meaning: 'The enrolment token is unknown, expired, revoked or used up.' },
  'task-malformed': { status: 400, meaning: 'The task is not of the closed list of tasks.' },
  'task-foreign': { status: 403, meaning: 'The task names another host.' },
  'task-expired': { status: 403, meaning: 'The task is past its expiry.' },
  'task-replayed': { status: 409, meaning: 'The counter of the task is not above the highest one seen.' },
  'task-not-allowed': { status: 403, meaning: 'The local policy of the host does not allow this kind of task.' },
  'task-not-supported': { status: 501, meaning: 'This agent cannot do this kind of task.' },
  'chunk-malformed': { status: 400, meaning: 'The frame is not a chunk of an artifact.' },
  'artifact-wrong': { status: 400, meaning: 'The chunks do not come to the artifact that was announced.' },
  'artifact-not-asked': { status: 403, meaning: 'No task of this host asks for this artifact, or for so much.' },
  'policy-malformed': { status: 400, meaning: 'The policy is not of the known shape.' },
  'package-malformed': { status: 400, meaning: 'The file is not a canonical package.' },
  'package-too-large': { status: 413, meaning: 'A part of the package is over the limit of the verifier.' },
  'inflate-too-large': { status: 413, meaning: 'Compressed data inflates to more than was announced.' },
} as const satisfies Record<string, { status: number; meaning: string }>

export type Code = keyof typeof codes

/** What is thrown when something from outside cannot be taken. `code` is for machines and tests, `says` for the reader. */
export class Refusal<C extends string = Code> extends Error {
  readonly code: C
  readonly says: string

  constructor(code: C, says: string, options?: { cause?: unknown }) {
    super(`${code}: ${says}`, options)
    this.name = 'Refusal'
    this.code = code
    this.says = says
  }
}
