import { X509Certificate } from 'node:crypto'
import type { EarlierChain, EarlierStands } from '@tidewaiter/protocol'
import { isRefusal, refuse } from '../error.ts'
import { admitOrAdopt } from './adopt.ts'
import { type Chain, isOther } from './chain.ts'
import type { Hall } from './hall.ts'
import { noteRefeed } from './refeed.ts'
import type { Hello } from './standings.ts'

/** A chain of the machine that has ended, as its host names it, and how it stands here. */
export interface Earlier {
  named: EarlierChain
  is: EarlierStands['is']
  /** Of what is lacked. */
  lacked?: { publicKey: Uint8Array; chain: Chain; isForked: boolean }
}

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
      judged.push(await judge(hall, { named, address, hello }))
    } catch (cause) {
      if (!isRefusal(cause)) throw cause
      const says = `Its earlier chain ${named.host} is not taken: ${cause.says}`
      hall.irregularities.note({ host: carrier, code: cause.code, says, address })
      judged.push({ named, is: 'refused' })
    }
  }
  return judged
}

async function judge(
  hall: Hall,
  { named, address, hello }: { named: EarlierChain; address: string; hello: Hello },
): Promise<Earlier> {
  const certificate = readCertificate(named.certificate)
  const publicKey = certificate.publicKey.export({ format: 'der', type: 'spki' })
  const { host, ...admitted } = await admitOrAdopt(hall, { publicKey, certificate, address })
  if (host !== named.host) throw refuse('host-wrong', `The certificate is of ${host}.`)
  const chain = hall.chainOf(host)
  if (await chain.holds(named.tip)) return { named, is: 'held' }
  const isForked = isOther(named.tip, chain.tip)
  if (!isForked) await noteRefeed(hall, { host, address, hello: { ...hello, ...named }, after: chain.tip })
  return { named, is: 'lacked', lacked: { publicKey: admitted.publicKey, chain, isForked } }
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw refuse('host-unknown', 'Its certificate cannot be read.')
  }
}
