// Alone: a command that only asks a running console starts in half the time without the rest.

import type { Problem } from '@tidewaiter/protocol/api'
import { codes as protocolCodes, Refusal } from '@tidewaiter/protocol/error'

/**
 * Codes a refusal of the console can carry, beside those it shares with hosts. Closed: a code is added here or it does
 * not exist. `status` is the HTTP status where the refusal leaves through a route; `fix` is what the reader can do.
 */
const own = {
  'disk-full': {
    status: 507,
    meaning: 'The ledger could not be written: its volume is full or gives errors. Nothing of the batch was kept.',
    fix: 'Free space on the volume of the data folder. The console goes on by itself; agents keep what they have not sent.',
  },
  'payload-unreadable': {
    status: 500,
    meaning: 'The payload cannot be decrypted: the key of its segment is gone, or its bytes were changed.',
    fix: 'Put the master key back with tidewaiter keys restore, or the segment from a copy of the data folder.',
  },
  'batch-skipped': {
    status: 500,
    meaning: 'The batch is in the ledger and not in the index: reading it fails.',
    fix: 'Nothing of it is lost. Report it with the log of the console; a version that can read it indexes it again.',
  },
  'ledger-damaged': {
    status: 500,
    meaning: 'What is in the ledger does not give the head that was signed.',
    fix: 'Keep the data folder as it is, and start the console on an earlier copy of it.',
  },
  'keys-damaged': {
    status: 500,
    meaning: 'The keys folder is incomplete, or a file in it cannot be read.',
    fix: 'Put the keys back with tidewaiter keys restore, from recovery.age or a key export. New ones would lock the evidence.',
  },
  'keys-other': {
    status: 409,
    meaning: 'The keys folder holds other keys than the sealed file.',
    fix: 'Move the folder away, or name another one with --keys. Keys are never overwritten.',
  },
  'backup-malformed': {
    status: 400,
    meaning: 'The file is no backup that this version reads.',
    fix: 'Name a file that tidewaiter backup wrote, or recovery.age. A newer backup needs the version that wrote it, or a newer one.',
  },
  'backup-damaged': {
    status: 400,
    meaning: 'The backup was cut off or changed since it was written: what is in it does not give what was signed.',
    fix: 'Take another copy of it, or an earlier backup. Nothing was put in place.',
  },
  'backup-sealed': {
    status: 403,
    meaning: 'The backup does not open with this key.',
    fix: 'Give the recovery key it was sealed to with --recovery, or the keys folder of its console with --keys.',
  },
  'collection-sealed': {
    status: 403,
    meaning: 'The collection is encrypted, and does not open with this key.',
    fix: 'Import it on the console whose key it was encrypted to, or give the recovery key with --recovery FILE.',
  },
  'folder-in-use': {
    status: 409,
    meaning: 'The folder is not empty.',
    fix: 'Name a folder that is empty or not there yet. A restore never writes over anything.',
  },
  'restore-unfinished': {
    status: 409,
    meaning: 'A restore into this folder was cut off.',
    fix: 'Run tidewaiter restore again with the same --data: it begins anew.',
  },
  'refeed-gap': {
    status: 409,
    meaning: 'The host no longer holds batches that this console lost.',
    fix: 'Look for them in a later backup. What they covered is shown as lost.',
  },
  'acked-unproven': {
    status: 409,
    meaning: 'A host says that more of its batches were acknowledged than the ledger head it holds proves.',
    fix: 'Only what is proven counts as lacking. What is missing in its chain is shown with its coverage.',
  },
  'host-adopted': {
    status: 200,
    meaning: 'A host came back by its certificate alone: the restored copy did not know it.',
    fix: 'Look whether it is one of yours, and revoke it if it was revoked before.',
  },
  cancelled: { status: 499, meaning: 'It was stopped.', fix: 'Run it again.' },
  'certificate-expired': {
    status: 403,
    meaning: 'The certificate of this host is past its end.',
    fix: 'Let the agent renew it, or enrol the host again with a new token.',
  },
  'host-revoked': {
    status: 403,
    meaning: 'This host was revoked or retired.',
    fix: 'Enrol it again with a new token if it may come back.',
  },
  'host-unknown': {
    status: 403,
    meaning: 'No host with this key is enrolled here.',
    fix: 'Enrol the host with a token of this console.',
  },
  'host-replaced': {
    status: 409,
    meaning: 'The same host connected a second time; the newer connection stands.',
    fix: 'If this machine runs one agent only, look for a copy of its disk.',
  },
  'host-clock-set': {
    status: 409,
    meaning: 'The clock of the host was set, as seen against the clock of the console.',
    fix: 'Ask who set it. Times of this host before and after it are corrected by different offsets.',
  },
  'host-busy': {
    status: 429,
    meaning: 'The host sends more than its share.',
    fix: 'Nothing to do: it goes on at the pace its share allows.',
  },
  'csr-refused': {
    status: 400,
    meaning: 'The certificate request is not one for a P-256 key signed with that key.',
    fix: 'Run the enrolment of the agent again: it makes a new key.',
  },
  'too-many-requests': {
    status: 429,
    meaning: 'Too many requests from this address.',
    fix: 'Wait a minute and try again.',
  },
  'too-many-connections': {
    status: 503,
    meaning: 'The agent port holds as many connections as it may.',
    fix: 'Agents try again by themselves. Raise the limit if there really are so many hosts.',
  },
  'not-signed-in': { status: 401, meaning: 'There is no session, or it has ended.', fix: 'Sign in.' },
  'not-permitted': {
    status: 403,
    meaning: 'The role of this person does not allow it.',
    fix: 'Ask an admin of this console.',
  },
  'csrf-wrong': {
    status: 403,
    meaning: 'The request does not carry the token of its session.',
    fix: 'Reload the page and try again.',
  },
  'not-found': { status: 404, meaning: 'There is nothing under this address or id.', fix: 'Go back to the list.' },
  'revision-stale': {
    status: 409,
    meaning: 'Someone changed it in the meantime.',
    fix: 'Look at the newer state and repeat the change if it still fits.',
  },
  'input-malformed': {
    status: 400,
    meaning: 'The input is not of the shape that is asked for.',
    fix: 'Correct the named field.',
  },
  'query-malformed': {
    status: 400,
    meaning: 'The search text cannot be read.',
    fix: 'Correct it at the named place.',
  },
  'query-too-broad': {
    status: 422,
    meaning: 'The search would take longer than its time limit.',
    fix: 'Narrow it: a shorter span of time, a host, or a rarer word.',
  },
  'index-rebuilding': {
    status: 503,
    meaning: 'The index is being made again from the ledger.',
    fix: 'Ask again in a moment. Nothing of the evidence is gone.',
  },
  'file-unreadable': {
    status: 400,
    meaning: 'The file cannot be read.',
    fix: 'Check that the path exists, may be read by this account, and leads to a whole file.',
  },
  'format-unknown': {
    status: 400,
    meaning: 'The file is in no format that is known.',
    fix: 'Unpack or convert it first, or name its format with --as; --as text reads it line by line all the same.',
  },
  'file-unwritable': {
    status: 400,
    meaning: 'The file cannot be written.',
    fix: 'Check that its folder exists, may be written by this account and has room, and that no file of this name is there.',
  },
  'indicator-file-refused': {
    status: 400,
    meaning: 'The file is not a list of indicators in a known format.',
    fix: 'Use STIX 2.1, MISP, CSV or plain text, one value a line.',
  },
  'data-locked': {
    status: 409,
    meaning: 'Another console works on this data folder.',
    fix: 'Stop the other one, or use another folder with --data.',
  },
  'data-unusable': {
    status: 500,
    meaning: 'The data folder cannot be read or written.',
    fix: 'All of it must belong to this account, on a volume that can be written. Or name another folder with --data.',
  },
  'console-missing': {
    status: 404,
    meaning: 'There is no console in this folder.',
    fix: 'Name its data folder with --data, or start one there with tidewaiter serve.',
  },
  'database-unreachable': {
    status: 503,
    meaning: 'The database server cannot be used.',
    fix: 'Check the address, the account and the database named with --database, and that the server runs.',
  },
  'port-in-use': {
    status: 409,
    meaning: 'Another program listens on this port.',
    fix: 'Stop the other program, or choose another port with --port or --agent-port.',
  },
  'sign-in-wrong': {
    status: 401,
    meaning: 'E-mail and password do not fit.',
    fix: 'Check both and try again.',
  },
  'setup-code-wrong': {
    status: 403,
    meaning: 'The set-up code is not the one that was printed.',
    fix: 'Copy the code from the terminal in which the console was started.',
  },
  'setup-done': { status: 409, meaning: 'This console is already set up.', fix: 'Sign in.' },
  'package-failed': {
    status: 500,
    meaning: 'The package could not be built.',
    fix: 'Read the named cause, then build it again.',
  },
  'console-unreachable': {
    status: 503,
    meaning: 'The console does not answer.',
    fix: 'Look at its log; start it again with tidewaiter serve.',
  },
  'cut-unknown': {
    status: 404,
    meaning: 'The ledger, incident or audit log never stood at this cut.',
    fix: 'Take a cut from the list of packages, or leave it out for the present state.',
  },
  'internal-error': {
    status: 500,
    meaning: 'The console made a mistake. Nothing that was stored is lost by it.',
    fix: 'Try again; if it stays, report it with the log of the console.',
  },
} as const satisfies Record<string, { status: number; meaning: string; fix: string }>

/** Every code a refusal of the console can carry. */
export const codes = { ...protocolCodes, ...own }
export type Code = keyof typeof codes

/** A refusal with a code of the console: `throw refuse('disk-full', 'The ledger took no more bytes.')`. */
export function refuse(code: Code, says: string, options?: { cause?: unknown }): Refusal<Code> {
  return new Refusal<Code>(code, says, options)
}

/** True for a refusal whose code is of the closed list: anything else is a mistake of ours and no answer. */
export function isRefusal(error: unknown): error is Refusal<Code> {
  return error instanceof Refusal && Object.hasOwn(codes, error.code)
}

/** The problem (RFC 9457) a route answers with. What is no refusal says nothing of its inside. */
export function problemOf(error: unknown): Problem {
  if (!isRefusal(error)) return problem('internal-error', own['internal-error'].meaning)
  return problem(error.code, error.says)
}

function problem(code: Code, detail: string): Problem {
  const { status, meaning } = codes[code]
  const hint = fixOf(code)
  return { type: `urn:tidewaiter:${code}`, title: meaning, status, code, detail, ...(hint !== undefined && { hint }) }
}

/** What went wrong and how to go on, for a terminal. */
export function inWords(error: unknown): string {
  if (!isRefusal(error)) return error instanceof Error ? error.message : String(error)
  const { code, says } = error
  const fix = fixOf(code)
  // What was given wrong says by itself how to give it; what a route refused brought its fix along.
  const isSaid = fix === undefined || code === 'input-malformed' || says.includes(fix)
  return isSaid ? `${says} (${code})` : `${says} (${code})\n  ${fix}`
}

function fixOf(code: Code): string | undefined {
  return Object.hasOwn(own, code) ? own[code as keyof typeof own].fix : undefined
}

/** Code of a failed system call (`EADDRINUSE`), if that is what it is. */
export function errnoOf(cause: unknown): string | undefined {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? code : undefined
}
