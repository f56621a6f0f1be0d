import { type Static, Type } from 'typebox'
import { Time } from '../record.ts'
import { CoverageSpan } from './hosts.ts'
import { page } from './list.ts'

/** Kinds of value that are kept as observables and that indicators can name. */
export const ObservableType = Type.Union([
  Type.Literal('ip'),
  Type.Literal('cidr'),
  Type.Literal('domain'),
  Type.Literal('url'),
  Type.Literal('sha256'),
  Type.Literal('sha1'),
  Type.Literal('md5'),
  Type.Literal('email'),
  Type.Literal('account'),
  Type.Literal('file-name'),
  Type.Literal('file-path'),
  Type.Literal('port'),
])
export type ObservableType = Static<typeof ObservableType>

export const Tlp = Type.Union([
  Type.Literal('RED'),
  Type.Literal('AMBER+STRICT'),
  Type.Literal('AMBER'),
  Type.Literal('GREEN'),
  Type.Literal('CLEAR'),
])
export type Tlp = Static<typeof Tlp>

export const Indicator = Type.Object({
  id: Type.String(),
  type: ObservableType,
  /** Normal form: what is compared. */
  value: Type.String(),
  source: Type.String(),
  confidence: Type.Union([Type.Integer(), Type.Null()]),
  tlp: Tlp,
  validFrom: Time,
  validUntil: Type.Union([Time, Type.Null()]),
  note: Type.String(),
  addedAt: Time,
  addedBy: Type.String(),
  expired: Type.Boolean(),
  sightings: Type.Integer(),
  lastSightedAt: Type.Union([Time, Type.Null()]),
})
export type Indicator = Static<typeof Indicator>

export const IndicatorPage = page(Indicator)
export type IndicatorPage = Static<typeof IndicatorPage>

export const ImportFormat = Type.Union([
  Type.Literal('stix'),
  Type.Literal('misp'),
  Type.Literal('taxii'),
  Type.Literal('csv'),
  Type.Literal('text'),
])
export type ImportFormat = Static<typeof ImportFormat>

/** Characters that a list of indicators may have. */
export const mostListText = 32 * 1024 * 1024

export const ImportRequest = Type.Object(
  {
    /** The file's text. */
    text: Type.String({ maxLength: mostListText }),
    /** Found by content when left out. */
    format: Type.Optional(ImportFormat),
    /** Where the indicators come from, in words. */
    source: Type.String({ minLength: 1, maxLength: 200 }),
    tlp: Type.Optional(Tlp),
    dryRun: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type ImportRequest = Static<typeof ImportRequest>

/** Nothing of a file stays when one of its lines is refused for the file as a whole; single bad lines are listed. */
export const ImportResult = Type.Object({
  read: Type.Integer(),
  added: Type.Integer(),
  duplicate: Type.Integer(),
  refused: Type.Array(Type.Object({ line: Type.Integer(), value: Type.String(), why: Type.String() })),
  warned: Type.Array(Type.Object({ line: Type.Integer(), value: Type.String(), why: Type.String() })),
  /** First rows of what was recognised, for the dry run. */
  recognised: Type.Array(Type.Object({ type: ObservableType, value: Type.String(), as: Type.String() })),
})
export type ImportResult = Static<typeof ImportResult>

/** An indicator met an observable: on which host, how often, in which records. */
export const Sighting = Type.Object({
  id: Type.String(),
  indicator: Type.Object({ id: Type.String(), type: ObservableType, value: Type.String(), source: Type.String() }),
  observable: Type.Object({ type: ObservableType, value: Type.String() }),
  host: Type.Object({ id: Type.String(), name: Type.String() }),
  firstAt: Time,
  lastAt: Time,
  count: Type.Integer(),
  firstRecord: Type.String(),
  lastRecord: Type.String(),
})
export type Sighting = Static<typeof Sighting>

export const SightingPage = page(Sighting)
export type SightingPage = Static<typeof SightingPage>

/** Result of a sweep over stored history: hits, and what was and was not examined. */
export const Sweep = Type.Object({
  /** Those in force, or those that were asked for. */
  indicators: Type.Integer(),
  hosts: Type.Integer(),
  sightings: Type.Array(Sighting),
  coverage: Type.Array(
    /** `host` is its id. */
    Type.Intersect([Type.Object({ host: Type.String(), source: Type.String() }), Type.Omit(CoverageSpan, ['id'])]),
  ),
  /** True only when every host in scope is covered for every source asked over the whole span. */
  complete: Type.Boolean(),
  asOf: Type.Integer(),
  /** Batches in the ledger that the index had not read. */
  behind: Type.Integer(),
})
export type Sweep = Static<typeof Sweep>
