import { X509Certificate } from 'node:crypto'
import type { EarlierChain, EarlierStands } from '@tidewaiter/protocol'
import { type Code, isRefusal, refuse } from '../error.ts'
import { hostOf } from './admit.ts'
import { admitOrAdopt } from './adopt.ts'
import { type Chain, isOther } from './chain.ts'
import type { Hall } from './hall.ts'
import { noteRefeed } from './refeed.ts'
import type { Hello } from './standings.ts'

/** A chain of the machine that has ended, as its host names it, and how it stands here. */
export interface Earlier {
  named: EarlierChain
  stands: EarlierStands
  /** Of what is lacked. */
  lacked?: { publicKey: Uint8Array; chain: Chain; isForked: boolean }
}

/** Nothing of a chain is ever taken for these reasons. Others pass, and it is judged anew with the next connection. */
const lasting: readonly Code[] = ['host-unknown', 'host-revoked', 'host-wrong']

/**
 * Judges the chains that a host names beside its own: this console lacks what it acknowledged of them, when it was
 * replaced by an older copy of itself. Their batches prove themselves by the keys they were signed with, whoever brings
 * them; what is not taken is noted.
 */
export async function judgeEarlier(
  hall: Hall,
  { host: carrier, address, hello }: { host: string; address: string; hello: Hello },
): Promise<Earlier[]> {
  const judged: Earlier[] = []
  for (const named of hello.earlier ?? []) {
    try {
      if (named.host === carrier) throw refuse('host-wrong', 'A chain that goes on is no earlier one.')
      judged.push(await judge(hall, { named, carrier, address, hello }))
    } catch (cause) {
      if (!isRefusal(cause)) throw cause
      const says = `Its earlier chain ${named.host} is not taken: ${cause.says}`
      hall.irregularities.note({ host: carrier, code: cause.code, says, address })
      if (lasting.includes(cause.code)) judged.push({ named, stands: { host: named.host, is: 'refused' } })
    }
  }
  return judged
}

interface Asked {
  named: EarlierChain
  carrier: string
  address: string
  hello: Hello
}

async function judge(hall: Hall, { named, carrier, address, hello }: Asked): Promise<Earlier> {
  const { certificate, publicKey } = readCertificate(named.certificate)
  if (hostOf(publicKey) !== named.host) throw refuse('host-wrong', `The certificate is of ${hostOf(publicKey)}.`)
  const successor = { host: carrier, name: hello.name }
  const { host, ...admitted } = await admitOrAdopt(hall, { publicKey, certificate, address, successor })
  const chain = hall.chainOf(host)
  if (await chain.holds(named.tip)) return { named, stands: { host, is: 'held' } }
  const after = hall.ledger.tipOf(host)
  const isForked = isOther(named.tip, after)
  if (!isForked) await noteRefeed(hall, { host, address, hello: { ...hello, ...named }, after })
  const lacked = { publicKey: admitted.publicKey, chain, isForked }
  return { named, stands: { host, is: 'lacked', after }, lacked }
}

/** A certificate of the host's own making may hold a key that nobody can read. */
function readCertificate(pem: string): { certificate: X509Certificate; publicKey: Uint8Array } {
  try {
    const certificate = new X509Certificate(pem)
    return { certificate, publicKey: certificate.publicKey.export({ format: 'der', type: 'spki' }) }
  } catch {
    throw refuse('host-unknown', 'Its certificate cannot be read.')
  }
}
