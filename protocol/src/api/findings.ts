import { type Static, Type } from 'typebox'
import { Time } from '../record.ts'
import { page } from './list.ts'

export const Severity = Type.Union([
  Type.Literal('critical'),
  Type.Literal('high'),
  Type.Literal('medium'),
  Type.Literal('low'),
  Type.Literal('info'),
])
export type Severity = Static<typeof Severity>

export const Verdict = Type.Union([
  Type.Literal('open'),
  Type.Literal('confirmed'),
  Type.Literal('benign'),
  Type.Literal('inconclusive'),
])
export type Verdict = Static<typeof Verdict>

/** Who or what a finding is about, so that it can be compared without reading prose. */
export const Subject = Type.Object({
  type: Type.Union([
    Type.Literal('address'),
    Type.Literal('account'),
    Type.Literal('process'),
    Type.Literal('file'),
    Type.Literal('url'),
    Type.Literal('host'),
  ]),
  value: Type.String(),
})
export type Subject = Static<typeof Subject>

export const Finding = Type.Object({
  id: Type.String(),
  detector: Type.String(),
  /** The CBP row's own words. */
  row: Type.Optional(Type.String()),
  host: Type.Union([Type.Object({ id: Type.String(), name: Type.String() }), Type.Null()]),
  severity: Severity,
  /** One sentence, numbers first. */
  title: Type.String(),
  subject: Subject,
  firstAt: Time,
  lastAt: Time,
  count: Type.Integer(),
  /** Ids of the records that show it, at most 200; `count` says how many there are. */
  records: Type.Array(Type.String()),
  /** The numbers against what is usual. */
  why: Type.Array(Type.String()),
  verdict: Verdict,
  decidedBy: Type.Optional(Type.String()),
  decidedAt: Type.Optional(Time),
  reason: Type.Optional(Type.String()),
})
export type Finding = Static<typeof Finding>

export const FindingPage = page(Finding)
export type FindingPage = Static<typeof FindingPage>

/** A detector as the console shows it: the words of the object itself, and on how many hosts it can see. */
export const DetectorCard = Type.Object({
  id: Type.String(),
  row: Type.Optional(Type.String()),
  title: Type.String(),
  falsePositives: Type.Array(Type.String()),
  nextSteps: Type.Array(Type.String()),
  knownGap: Type.String(),
  /** Hosts from which something it reads arrived, and those where it is blind. */
  sees: Type.Array(Type.String()),
  blind: Type.Array(Type.String()),
})
export type DetectorCard = Static<typeof DetectorCard>

export const FindingQuery = Type.Object(
  {
    detector: Type.Optional(Type.String({ maxLength: 64 })),
    host: Type.Optional(Type.String({ maxLength: 64 })),
    verdict: Type.Optional(Verdict),
    after: Type.Optional(Type.String({ maxLength: 500 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  { additionalProperties: false },
)
export type FindingQuery = Static<typeof FindingQuery>

export const Decision = Type.Object(
  { verdict: Verdict, reason: Type.String({ maxLength: 2000 }) },
  { additionalProperties: false },
)
export type Decision = Static<typeof Decision>
