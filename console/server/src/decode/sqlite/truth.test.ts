import { describe, expect, test } from 'vitest'
import { databaseBytes, databaseNames } from '../database.fixture.ts'
import { isMissing } from '../shared-data.fixture.ts'
import { tableAccuracy } from './accuracy.fixture.ts'
import { opened } from './sqlite.fixture.ts'

describe.skipIf(isMissing('browser_history', 'macos'))('of a real database (shared data)', () => {
  test.each(databaseNames)('every row is what SQLite itself reads: %s', (name) => {
    const { records, right, wrong } = tableAccuracy(databaseBytes(name))

    expect(records).toBeGreaterThan(0)
    expect({ right, wrong }).toEqual({ right: records, wrong: 0 })
  })

  test.each(databaseNames)('every row is counted, and found by its number: %s', (name) => {
    const database = opened(databaseBytes(name))

    for (const table of database.tables()) {
      const rows = [...table.rows()]
      expect(table.count()).toBe(rows.length)
      for (const { number } of rows) if (number !== undefined) expect(table.row(number)?.number).toBe(number)
    }
    expect(database.damages()).toEqual({ told: [], more: 0 })
  })
})
