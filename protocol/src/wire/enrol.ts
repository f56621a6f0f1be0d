import { type Static, Type } from 'typebox'
import { Lineage } from '../batch.ts'
import { HostId, Time } from '../record.ts'
import { text } from '../text.ts'

const closed = { additionalProperties: false }
const Text = text(200)

/**
 * What is said over HTTPS on the agent port, beside the live connection (`formats.md` 10). A client certificate is
 * asked for on every path; `time` and `enrol` do without one.
 */
export const paths = {
  /** GET: `ConsoleTime`. Asked before anything secret is sent. */
  time: '/time',
  /** POST `EnrolRequest`: `EnrolReply`, or a `Refused` with the status of its code. */
  enrol: '/enrol',
  /** WebSocket upgrade with the host's certificate: frames of `frame.ts`. */
  agent: '/agent',
} as const

/** Most bytes of an enrolment request or its answer. */
export const enrolBytes = 32 * 1024

export const ConsoleTime = Type.Object({ receivedAt: Time, sentAt: Time }, closed)
export type ConsoleTime = Static<typeof ConsoleTime>

/** Token id and secret, and a request (PKCS #10, base64 of DER) for the key made on the host. */
export const EnrolRequest = Type.Object(
  {
    token: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    secret: Type.String({ pattern: '^[0-9a-f]{32}$' }),
    csr: text(8192),
    name: Text,
    os: Text,
    platform: Text,
    agent: Text,
    /** The chain this machine had before, where one is known: a new installation goes on under a new key. */
    lineage: Type.Optional(Lineage),
  },
  closed,
)
export type EnrolRequest = Static<typeof EnrolRequest>

/** The id the console derived from the key, and the certificate (PEM). */
export const EnrolReply = Type.Object({ host: HostId, certificate: text(16_384) }, closed)
export type EnrolReply = Static<typeof EnrolReply>

/** A refusal as the agent port answers it. */
export const Refused = Type.Object({ code: Text, says: text(1000) }, closed)
export type Refused = Static<typeof Refused>
