import { globSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isMissing, pathOf } from '../shared-data.fixture.ts'
import { type Accuracy, type FileTruth, fieldAccuracy, idAccuracy, liveEvents } from './accuracy.fixture.ts'

const truth = (folder: string): Record<string, FileTruth> =>
  JSON.parse(readFileSync(pathOf(`${folder}/evtx_truth.json`), 'utf8'))
const ids = (folder: string) => idAccuracy(truth(folder), (name) => readFileSync(pathOf(`${folder}/${name}`)))

describe.skipIf(isMissing('evtx_parser', 'evtx_attack', 'sigma_regression'))(
  'event logs of others (shared data)',
  () => {
    test.each([
      ['evtx_parser', 388],
      ['evtx_attack', 1106],
      ['sigma_regression', 114],
    ])('%s: every record is there with its event id', (folder, records) => {
      expect(ids(folder)).toEqual({ records, right: records, wrong: 0, missed: 0 } satisfies Accuracy)
    })

    test('every field of System and EventData is what another decoder read in it', () => {
      const sum = { files: 0, fields: 0, right: 0 }
      for (const name of globSync(pathOf('sigma_regression/**/*.json'))) {
        if (name.endsWith('evtx_truth.json')) continue
        const bytes = readFileSync(name.replace(/json$/, 'evtx'))
        const { records, right, differences } = fieldAccuracy(bytes, readFileSync(name, 'utf8'))
        const others = differences.filter(([, expected]) => expected !== 'C:\\Windows\\Explorer.exe')
        expect([name, others]).toEqual([name, []])
        sum.files += 1
        sum.fields += records
        sum.right += right
      }

      expect(sum.files).toBe(100)
      // One value was changed by hand: the record says Explorer.EXE, and so does evtxexport.
      expect(sum).toMatchObject({ fields: 3924, right: 3923 })
    })

    test('forwarded events that have no templates are read, with the time that was written in them', () => {
      const [event] = liveEvents(readFileSync(pathOf('evtx_parser/issue_201.evtx')))

      expect(event).toMatchObject({ '@timestamp': '2021-11-19T16:52:33.833733500Z', event: { code: '1' } })
    })
  },
)
