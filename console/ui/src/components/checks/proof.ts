import { checkProof, equal, fromBase64, hostIdOf, type Primitives, Refusal } from '@tidewaiter/protocol'
import type { RecordDetail } from '@tidewaiter/protocol/api'

/** What the reader's own computer found about one record. `unchecked` where the console gave no key to check with. */
export interface ProofAnswer {
  state: 'holds' | 'broken' | 'unchecked'
  says: string
}

type Shown = Pick<RecordDetail, 'record' | 'bytes' | 'proof' | 'publicKey'>

/**
 * Checks that the bytes shown were sealed by the host they are said to come from: the path leads to the root in the
 * header, the header is signed by the key, the key is the host's own (its hash is the host's id).
 */
export function judgeProof(p: Primitives, { record, bytes, proof, publicKey }: Shown): ProofAnswer {
  if (publicKey === undefined) return { state: 'unchecked', says: 'the console gave no key of this host' }
  const key = fromBase64(publicKey)
  const shown = fromBase64(bytes)
  if (key === undefined || shown === undefined) return broken('key or bytes cannot be read')
  const [host = '', seq, index] = record.split('/')
  // A branch of a fork has `~` and a part of its header hash after the host.
  const [own = ''] = host.split('~')
  if (hostIdOf(p.sha256(key)) !== own) return broken('the key is not the key of this host')
  try {
    const proven = checkProof(p, proof, key)
    if (proven.id !== [own, seq, index].join('/')) return broken(`the proof is of another record, ${proven.id}`)
    if (!equal(proven.record, shown)) return broken('the bytes shown are not the bytes that are proven')
    return { state: 'holds', says: 'the host’s key signed a batch that holds exactly these bytes' }
  } catch (error) {
    if (error instanceof Refusal) return broken(`${error.says} (${error.code})`)
    throw error
  }
}

function broken(says: string): ProofAnswer {
  return { state: 'broken', says }
}
