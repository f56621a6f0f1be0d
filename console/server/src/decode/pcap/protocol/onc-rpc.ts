import { u32 } from '../bytes.ts'
import type { DatagramProtocol, Found, StreamProtocol } from '../protocol.ts'

/** RFC 5531, section 9: transaction, call or reply. */
const [call, reply, version] = [0, 1, 2]
const nfs = 100_003
/** Sun gave out programs below this number (section 12). */
const lastProgram = 0x3fffffff
const mostCredential = 400

export const oncRpcDatagrams: DatagramProtocol = {
  name: 'nfs',
  finds(asks, answers) {
    return foundOf(asks[0]?.bytes, answers[0]?.bytes, 0)
  },
}

/** Section 11: each message in pieces, each after its length; the highest bit marks the last piece. */
export const oncRpcStream: StreamProtocol = {
  name: 'nfs',
  finds(asks, answers) {
    const length = u32(asks, 0)
    if (asks.length > 0 && (length < 0x80000000 + 40 || length > 0x80000000 + 0x200000)) return undefined
    return foundOf(asks, answers, 4)
  },
}

/** NFS by its name, other programs by their numbers. */
function foundOf(asks: Uint8Array | undefined, answers: Uint8Array | undefined, at: number): Found | undefined {
  if (asks === undefined) return undefined
  const program = programIn(asks, at)
  if (program === undefined) return undefined
  if (answers !== undefined && answers.length > 0 && !isReply(answers, at)) return undefined
  return { name: program === nfs ? 'nfs' : 'onc-rpc', own: { rpc_program: program } }
}

/** Transaction, call, version 2, program, its version, procedure, credential, verifier. */
function programIn(bytes: Uint8Array, at: number): number | undefined {
  if (u32(bytes, at + 4) !== call || u32(bytes, at + 8) !== version) return undefined
  const [program, programVersion, procedure] = [u32(bytes, at + 12), u32(bytes, at + 16), u32(bytes, at + 20)]
  const isProgram = program >= 100_000 && program <= lastProgram && programVersion >= 1 && programVersion <= 10
  const size = u32(bytes, at + 28)
  const isCredential = size >= 0 && size <= mostCredential && size % 4 === 0
  const verifier = u32(bytes, at + 36 + size)
  const isVerifier = verifier >= 0 && verifier <= mostCredential
  return isProgram && procedure >= 0 && procedure < 256 && isCredential && isVerifier ? program : undefined
}

const isReply = (bytes: Uint8Array, at: number) =>
  u32(bytes, at + 4) === reply && u32(bytes, at + 8) >= 0 && u32(bytes, at + 8) <= 1
