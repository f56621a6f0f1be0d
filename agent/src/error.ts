import { Refusal } from '@tidewaiter/protocol'

/** Steps of an enrolment, in the words `contract.md` promises. */
export type Step = 'resolve' | 'connect' | 'TLS' | 'fingerprint' | 'clock' | 'token' | 'key' | 'first batch'

interface Meaning {
  /** Exit code of the command that meets it: 1 problem, 2 usage, 3 not permitted, 4 not reachable, 5 refused. */
  exit: 1 | 2 | 3 | 4 | 5
  step?: Step
  meaning: string
}

/** Codes the agent can stop with. Closed: a code is added here or it does not exist. */
const codes = {
  usage: { exit: 2, meaning: 'The command was not given as it must be.' },
  'config-malformed': { exit: 2, meaning: 'The configuration file is not of the known shape.' },
  'not-permitted': { exit: 3, meaning: 'The operating system does not let this account do it.' },
  'not-enrolled': { exit: 1, meaning: 'The data folder belongs to no console yet.' },
  'already-enrolled': { exit: 1, meaning: 'The data folder belongs to a console already.' },
  'data-folder-in-use': { exit: 1, meaning: 'Another agent is running on this data folder.' },
  'data-folder-foreign': { exit: 1, meaning: "The folder is not an agent's, and not an empty one it could take." },
  'data-folder-broken': { exit: 1, meaning: 'A file in the data folder cannot be read or written.' },
  'spool-broken': { exit: 1, meaning: 'The spool cannot be read.' },
  'spool-full': {
    exit: 1,
    meaning: 'The spool, or the folder it is in, cannot be written: the disk is full or failing.',
  },
  forked: { exit: 1, meaning: 'The console holds another history of this host than the spool does.' },
  'not-resolved': { exit: 4, step: 'resolve', meaning: 'The name of the console has no address.' },
  'not-reached': { exit: 4, step: 'connect', meaning: 'Nothing answers at the address of the console.' },
  'tls-broken': { exit: 4, step: 'TLS', meaning: 'What answers does not speak TLS as the agent port does.' },
  'tls-refused': { exit: 5, step: 'TLS', meaning: 'What answers is not certified by the CA the token names.' },
  'fingerprint-wrong': { exit: 5, step: 'fingerprint', meaning: 'The CA is not the one the token names.' },
  'clock-unreadable': { exit: 4, step: 'clock', meaning: 'The console did not tell its time.' },
  'token-malformed': { exit: 2, step: 'token', meaning: 'What was given is not a token, or not all of one.' },
  'token-unanswered': { exit: 4, step: 'token', meaning: 'The console did not answer what it makes of the token.' },
  'token-refused': { exit: 5, step: 'token', meaning: 'The console does not take the token.' },
  'key-refused': { exit: 5, step: 'key', meaning: 'The console does not certify the key of this host.' },
  'first-batch-refused': { exit: 5, step: 'first batch', meaning: 'The console does not take the first batch.' },
  'first-batch-unanswered': { exit: 4, step: 'first batch', meaning: 'The console did not acknowledge in time.' },
  'console-refused': { exit: 5, meaning: 'The console ended the connection with a refusal.' },
  'console-silent': { exit: 4, meaning: 'The console stopped answering on an open connection.' },
  'system-log-missing': { exit: 1, meaning: 'The machine has no system log that takes a line: no task is done.' },
  'collection-unwritable': { exit: 1, meaning: 'The file of a collection cannot be written, or not any further.' },
  'collection-bounded': { exit: 1, meaning: 'A collector gave as much as the profile of a collection allows.' },
  'keys-malformed': { exit: 2, meaning: 'The file of keys holds none that a collection can be encrypted to.' },
  'command-failed': { exit: 1, meaning: 'A program the agent reads from ended with an error.' },
  'hand-over-malformed': { exit: 1, meaning: 'A collector handed over what cannot be sealed.' },
  'file-too-large': { exit: 1, meaning: 'A file the agent reads as a whole is larger than it may be.' },
  'inflate-broken': { exit: 1, meaning: 'A compressed log is damaged.' },
  'inflate-too-large': { exit: 1, meaning: 'A compressed log inflates to more than a log does.' },
  'backlog-over': { exit: 1, meaning: 'A backlog is worked off, and the agent begins anew to be small again.' },
  'memory-outgrown': { exit: 1, meaning: 'The agent held more memory than it may, and begins anew.' },
  'pass-too-long': { exit: 1, meaning: 'A pass of a collector took longer than it may.' },
} as const satisfies Record<string, Meaning>

export type AgentCode = keyof typeof codes

/** A refusal of the agent; `says` holds the cause and, in its last sentence, the fix. */
export function refuse(code: AgentCode, says: string, options?: { cause?: unknown }): Refusal<AgentCode> {
  return new Refusal<AgentCode>(code, says, options)
}

export function isAgentRefusal(cause: unknown): cause is Refusal<AgentCode> {
  return cause instanceof Refusal && Object.hasOwn(codes, cause.code)
}

export function meaningOf(code: AgentCode): Meaning {
  return codes[code]
}

/** Cause and fix of a refusal apart. */
export function causeAndFix({ says }: Refusal<string>): { cause: string; fix?: string } {
  const end = says.lastIndexOf('. ') + 1
  return end === 0 ? { cause: says } : { cause: says.slice(0, end), fix: says.slice(end + 1) }
}

/** What an unknown thrown thing says, in one line. */
export function saysOf(cause: unknown): string {
  if (cause instanceof Refusal) return cause.says
  return cause instanceof Error ? cause.message : String(cause)
}

/** Primary result code of SQLite (sqlite.org/rescode.html), if that is what failed. */
export function sqliteCodeOf(cause: unknown): number | undefined {
  return cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 255 : undefined
}

/** Code of a failed system call (`ENOSPC`), if that is what it is. */
export function errnoOf(cause: unknown): string | undefined {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? code : undefined
}
