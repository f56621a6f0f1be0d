import { type Static, Type } from 'typebox'
import { Time } from '../record.ts'

export const Role = Type.Union([
  Type.Literal('admin'),
  Type.Literal('analyst'),
  Type.Literal('submitter'),
  Type.Literal('auditor'),
])
export type Role = Static<typeof Role>

/** What the pattern of an e-mail address asks for, in words. */
const mailAddress = 'an e-mail address: name@broker.example'

/** Who is signed in. */
export const Me = Type.Object({
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  role: Role,
  /** To be sent as `x-csrf-token` with every request that changes something. */
  csrf: Type.String(),
})
export type Me = Static<typeof Me>

/** One who may sign in, or might once. */
export const Person = Type.Object({
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  role: Role,
  createdAt: Time,
  /** Since when this person can no longer sign in. */
  disabledAt: Type.Union([Time, Type.Null()]),
  /** Newest use of a session, to the minute; null for one who has not signed in yet. */
  lastSeenAt: Type.Union([Time, Type.Null()]),
})
export type Person = Static<typeof Person>

const Password = Type.String({ minLength: 12, maxLength: 1024 })

export const NewPerson = Type.Object(
  {
    email: Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$', maxLength: 320, description: mailAddress }),
    name: Type.Optional(Type.String({ maxLength: 200 })),
    role: Role,
    password: Password,
  },
  { additionalProperties: false },
)
export type NewPerson = Static<typeof NewPerson>

export const NewPassword = Type.Object({ password: Password }, { additionalProperties: false })
export type NewPassword = Static<typeof NewPassword>

export const SignIn = Type.Object(
  { email: Type.String({ maxLength: 320 }), password: Type.String({ maxLength: 1024 }) },
  { additionalProperties: false },
)
export type SignIn = Static<typeof SignIn>

/** What the set-up page shows before there is anyone who could sign in. */
export const SetupState = Type.Object({
  needed: Type.Boolean(),
  /** Whether the asking browser has a session: a page that asks this first need not be refused to learn it. */
  signedIn: Type.Optional(Type.Boolean()),
  dataFolder: Type.Optional(Type.String()),
  freeBytes: Type.Optional(Type.Integer()),
  keys: Type.Optional(Type.Array(Type.Object({ name: Type.String(), fingerprint: Type.String() }))),
})
export type SetupState = Static<typeof SetupState>

const broker = {
  name: Type.String({ minLength: 1, maxLength: 200 }),
  /** Entry filer code, three letters or digits; empty when not known yet. */
  filerCode: Type.String({ pattern: '^([A-Z0-9]{3})?$', description: 'three capital letters or digits, or empty' }),
}
/** IANA name of the zone of the office. */
const zone = Type.String({ maxLength: 64 })

/** Whose console this is. The name is empty where nobody has set it. */
export const BrokerSettings = Type.Object({ ...broker, zone }, { additionalProperties: false })
export type BrokerSettings = Static<typeof BrokerSettings>

export const Setup = Type.Object(
  {
    /** The one-time code the terminal printed. */
    code: Type.String({ maxLength: 64 }),
    broker: Type.Object(broker, { additionalProperties: false }),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    email: Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$', maxLength: 320, description: mailAddress }),
    password: Password,
    zone,
  },
  { additionalProperties: false },
)
export type Setup = Static<typeof Setup>

/** The way back when the keys of a console are lost. Both are needed. */
export const RecoveryKit = Type.Object({
  /** Private half of the recovery key, given out this once. */
  recoveryKey: Type.String(),
  /** `recovery.age`, base64: every key of the console, for the recovery key to open. */
  recoveryFile: Type.String(),
})
export type RecoveryKit = Static<typeof RecoveryKit>

/** Answer to a set-up: signed in, and the recovery key. */
export const SetupDone = Type.Intersect([Type.Object({ me: Me }), RecoveryKit])
export type SetupDone = Static<typeof SetupDone>
