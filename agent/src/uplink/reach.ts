import { type LookupAddress, promises } from 'node:dns'
import { isIP, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type Refusal, serverNameOf } from '@tidewaiter/protocol'
import { type AgentCode, refuse, type Step } from '../error.ts'
import type { Clock } from '../host.ts'
import { fingerprintOf, shortFingerprint } from '../identity.ts'
import { withDeadline } from './deadline.ts'
import { dialTcp, dialTls } from './dial.ts'
import { failureOf } from './failure.ts'
import { openPort, type Port } from './port.ts'
import { placeOf, type Trust } from './tls.ts'

const resolveMs = 10_000
/** Certificates of a chain that are looked at. A console shows two. */
const mostCertificates = 8

/** A step that went well. */
export interface Passed {
  step: Step
  says: string
}

/** An agent port that proved to be the one of the pinned CA. */
export interface Reached {
  address: string
  trust: Trust
  port: Port
}

interface Wanted {
  clock: Clock
  /** SHA-256 of the public key of the console's CA, hex. */
  pin: string
  /** Told each step of the address that worked, or else of the one that came furthest. */
  report(passed: Passed): void
}

/**
 * Finds the console at the first address where it can be reached and proves itself (`evidence.md` 9): resolve, connect,
 * TLS, fingerprint. Nothing is sent but the handshakes.
 * @throws `not-resolved`, `not-reached`, `tls-broken`, `tls-refused`, `fingerprint-wrong`
 */
export async function reach(addresses: readonly string[], { clock, pin, report }: Wanted): Promise<Reached> {
  let furthest: { passed: Passed[]; failure: Refusal<AgentCode> } | undefined
  for (const address of addresses) {
    const passed: Passed[] = []
    const reached = await walk(address, { clock, pin, report: (step) => passed.push(step) }).catch((cause) =>
      failureOf(cause, address),
    )
    if ('port' in reached) {
      passed.forEach(report)
      return reached
    }
    if (furthest === undefined || passed.length > furthest.passed.length) furthest = { passed, failure: reached }
  }
  furthest?.passed.forEach(report)
  throw furthest?.failure ?? refuse('not-resolved', 'There is no address of a console to try.')
}

/** One address, step by step, on two connections: the first only shows the CA, the second has to be certified by it. */
async function walk(address: string, { clock, pin, report }: Wanted): Promise<Reached> {
  const { host, port: number } = placeOf(address)
  const found = await resolve(host, clock)
  report({ step: 'resolve', says: isIP(host) ? `${host} is an address` : `${host} is ${listed(found)}` })
  const startedAt = clock.steady()
  const tcp = await dialTcp(address, clock)
  report({ step: 'connect', says: `port ${number} answers in ${Math.ceil(clock.steady() - startedAt)} ms` })
  const trust = { ca: await readCa(address, { tcp, pin, clock }), serverName: serverNameOf(pin) }
  const port = await openPort(address, trust, clock)
  report({ step: 'TLS', says: 'version 1.3, certified by the CA of this console' })
  report({ step: 'fingerprint', says: `${shortFingerprint(pin)} is the one that is expected` })
  return { address, trust, port }
}

async function resolve(host: string, clock: Clock): Promise<LookupAddress[]> {
  return withDeadline(clock, resolveMs, async (signal) => {
    const late = Promise.withResolvers<never>()
    signal.addEventListener('abort', () =>
      late.reject(refuse('not-resolved', `No name server answers for ${host}. Check the DNS of this machine.`)),
    )
    // The system's own resolver cannot be called off.
    return Promise.race([promises.lookup(host, { all: true }), late.promise])
  })
}

function listed(found: readonly LookupAddress[]): string {
  const all = found.map(({ address }) => address)
  return all.length > 2 ? `${all.slice(0, 2).join(', ')} and ${all.length - 2} more` : all.join(', ')
}

/**
 * The first connection: takes the pinned CA's certificate out of the handshake, and hangs up. Whoever answers may show
 * a certificate that is not his, so this proves nothing yet.
 */
async function readCa(
  address: string,
  { tcp, pin, clock }: { tcp: Socket; pin: string; clock: Clock },
): Promise<string> {
  const options = { servername: serverNameOf(pin), rejectUnauthorized: false, minVersion: 'TLSv1.3' } as const
  const socket = await dialTls(address, { options, tcp }, clock)
  const shown = certificatesOf(socket)
  socket.destroy()
  const ca = shown.find((certificate) => fingerprintOf(certificate) === pin)
  if (ca !== undefined) return ca
  const { host, port } = placeOf(address)
  const other = shortFingerprint(fingerprintOf(shown.at(-1) ?? ''))
  throw refuse(
    'fingerprint-wrong',
    `What answers at ${host} port ${port} shows fingerprint ${other}, not ${shortFingerprint(pin)}. Something stands between, or the token is of another console: compare with the console's settings, and take a new token from there.`,
  )
}

/** PEM, the port's own first. */
function certificatesOf(socket: TLSSocket): string[] {
  const all: string[] = []
  for (
    let certificate = socket.getPeerX509Certificate();
    certificate !== undefined && all.length < mostCertificates;
    certificate = certificate.issuerCertificate
  )
    all.push(certificate.toString())
  return all
}
