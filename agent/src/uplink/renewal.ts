import type { Lineage } from '@tidewaiter/protocol'
import { saysOf } from '../error.ts'
import { type HostKey, isCertificateOf, isRenewalDue } from '../identity.ts'
import { consoleNowMs } from './clock-offset.ts'
import { requestFor } from './csr.ts'
import type { UplinkOptions } from './uplink.ts'

/** Longest wait for a certificate. Where an admin has to approve it, it is asked for again. */
const answerMs = 60_000
const againMs = 60 * 60_000

/** Certificates over the live connection: for the same key before the old one ends, for a new key after a fork. */
export interface Renewal {
  /** Takes the certificate that came, or undefined when the console refused something. */
  answer(certificate: string | undefined): void
  /** Asks for a certificate; undefined when none came, or one that is not for this key. */
  ask(key: HostKey, lineage?: Lineage): Promise<string | undefined>
  renew(): void
  renewIfDue(): void
}

type RenewMessage = { type: 'renew'; csr: string; lineage?: Lineage }

export function newRenewal(options: UplinkOptions, send: (message: RenewMessage) => void): Renewal {
  const { host, identity, adopt, log } = options
  let waiting: ((certificate: string | undefined) => void) | undefined
  let triedAt = Number.NEGATIVE_INFINITY

  const ask: Renewal['ask'] = async (key, lineage) => {
    const csr = await requestFor(key)
    if (waiting !== undefined) return undefined
    const { promise, resolve } = Promise.withResolvers<string | undefined>()
    const answered = new AbortController()
    waiting = resolve
    send({ type: 'renew', csr, ...(lineage !== undefined && { lineage }) })
    void host.sleep(answerMs, answered.signal).then(() => resolve(undefined))
    const certificate = await promise
    answered.abort()
    waiting = undefined
    if (certificate === undefined || isCertificateOf(key, certificate, identity().enrolment.ca)) return certificate
    log.warn({ host: key.host }, 'the console sent a certificate that is not ours')
    return undefined
  }
  const tryRenew = async () => {
    triedAt = host.steady()
    const { key, enrolment } = identity()
    const certificate = await ask(key)
    if (certificate !== undefined && identity().key === key) adopt(key, { ...enrolment, certificate })
    log.info({ renewed: certificate !== undefined }, 'certificate')
  }
  /** What cannot be stored now (the disk is full) is asked for again in its time. */
  const renew = () => void tryRenew().catch((cause) => log.warn({ says: saysOf(cause) }, 'certificate not renewed'))
  return {
    answer: (certificate) => waiting?.(certificate),
    ask,
    renew,
    renewIfDue() {
      const isDue = isRenewalDue(identity().enrolment.certificate, consoleNowMs(options))
      if (isDue && host.steady() - triedAt >= againMs) renew()
    },
  }
}
