import Type, { type Static } from 'typebox'

export const Role = Type.Union([
  Type.Literal('admin'),
  Type.Literal('analyst'),
  Type.Literal('submitter'),
  Type.Literal('auditor'),
])
export type Role = Static<typeof Role>

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

export const SignIn = Type.Object(
  { email: Type.String({ maxLength: 320 }), password: Type.String({ maxLength: 1024 }) },
  { additionalProperties: false },
)
export type SignIn = Static<typeof SignIn>

/** What the set-up page shows before there is anyone who could sign in. */
export const SetupState = Type.Object({
  needed: Type.Boolean(),
  dataFolder: Type.Optional(Type.String()),
  freeBytes: Type.Optional(Type.Integer()),
  keys: Type.Optional(Type.Array(Type.Object({ name: Type.String(), fingerprint: Type.String() }))),
})
export type SetupState = Static<typeof SetupState>

export const Setup = Type.Object(
  {
    /** The one-time code the terminal printed. */
    code: Type.String({ maxLength: 64 }),
    broker: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: 200 }),
        /** Entry filer code, three letters or digits; empty when not known yet. */
        filerCode: Type.String({ pattern: '^([A-Z0-9]{3})?$' }),
      },
      { additionalProperties: false },
    ),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    email: Type.String({ pattern: '^[^@\\s]+@[^@\\s]+$', maxLength: 320 }),
    password: Type.String({ minLength: 12, maxLength: 1024 }),
    zone: Type.String({ maxLength: 64 }),
  },
  { additionalProperties: false },
)
export type Setup = Static<typeof Setup>

/** Answer to a set-up: signed in, and the recovery key, shown this once. */
export const SetupDone = Type.Object({ me: Me, recoveryKey: Type.String() })
export type SetupDone = Static<typeof SetupDone>
