import type { Fact } from '@tidewaiter/protocol/api'
import type { Status } from './editor.ts'

/** What is wrong in a field: how to fix it, and the id of the control to go to. */
export interface FieldTrouble {
  says: string
  control: string
}

/** How a field stands, for the line at the foot and for the check of all facts. */
export interface FieldReport {
  status: Status['kind']
  isUnsaved: boolean
  trouble: FieldTrouble | undefined
}

export type FieldReports = Readonly<Record<string, FieldReport>>

/** Ids of a field begin with it. */
export const idOf = (field: string) => `fact-${field}`

/** The first control of a field: where one goes to answer it. */
export function firstControlOf({ field, kind }: Pick<Fact, 'field' | 'kind'>): string {
  if (kind === 'time') return `${idOf(field)}-month`
  return kind === 'choice' ? `${idOf(field)}-value-0` : `${idOf(field)}-value`
}
