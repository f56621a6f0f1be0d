import { type Static, type TSchema, Type } from 'typebox'

/** A page of a list: keyset paging, never an offset. `total` is exact or a lower bound, and says which. */
export function page<T extends TSchema>(row: T) {
  return Type.Object({
    rows: Type.Array(row),
    /** Opaque; absent on the last page. */
    next: Type.Optional(Type.String()),
    total: Type.Integer(),
    totalExact: Type.Boolean(),
    /** Ledger position up to which the answer knows everything. */
    asOf: Type.Optional(Type.Integer()),
  })
}

/** RFC 9457 problem. `hint` is the fix, shown to the user; `code` is from the closed lists. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.String(),
  hint: Type.Optional(Type.String()),
  /** The field or column the problem is about. */
  where: Type.Optional(Type.String()),
})
export type Problem = Static<typeof Problem>

export const ListQuery = Type.Object({
  after: Type.Optional(Type.String({ maxLength: 500 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
})
export type ListQuery = Static<typeof ListQuery>
