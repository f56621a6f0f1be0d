import { readFileSync } from 'node:fs'
import type { Event } from '../decode/decoder.ts'
import { detectFiles, type FileFinding } from './files.ts'

/** Events of a fixture: what `tidewaiter decode` prints. `ioc/fixtures/record.sh` says how they were recorded. */
export function eventsOf(fixture: string): Event[] {
  return readFileSync(new URL(`./ioc/fixtures/${fixture}.jsonl`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Event)
}

/** What the detectors find in events, without a console. */
export async function findingsIn(events: Iterable<Event> | AsyncIterable<Event>): Promise<FileFinding[]> {
  const found: FileFinding[] = []
  for await (const result of detectFiles(inTurn(events))) if (result.kind === 'finding') found.push(result)
  return found
}

async function* inTurn(events: Iterable<Event> | AsyncIterable<Event>): AsyncGenerator<Event> {
  yield* events
}

export interface SignIn {
  at: string
  from?: string
  user?: string
  outcome?: 'success' | 'failure'
  action?: string
  dataset?: string
  times?: number
}

let records = 0

/** A sign-in as the decoders give it. */
export function signIn({
  at,
  from,
  user,
  outcome = 'failure',
  action = 'sign-in',
  dataset = 'sshd',
  times,
}: SignIn): Event {
  records += 1
  return {
    '@timestamp': at,
    event: { dataset, category: ['authentication'], type: ['start'], action, outcome },
    host: { name: 'hcb-abi01' },
    ...(user !== undefined && { user: { name: user } }),
    ...(from !== undefined && { source: { address: from, ip: from } }),
    tidewaiter: { record: `test:${records}`, ...(times !== undefined && { repeated: times }) },
  }
}

/** So many sign-ins, so many seconds apart. */
export function series(count: number, everySeconds: number, each: SignIn | ((n: number) => SignIn)): Event[] {
  return Array.from({ length: count }, (_, n) => {
    const one = typeof each === 'function' ? each(n) : each
    return signIn({ ...one, at: new Date(Date.parse(one.at) + n * everySeconds * 1000).toISOString() })
  })
}
