import { describe, expect, test } from 'vitest'
import type { Accuracy } from '../accuracy.fixture.ts'
import { bytesOf, isMissing } from '../shared-data.fixture.ts'
import { allFieldsAccuracy, liveEvents, recordAccuracy } from './accuracy.fixture.ts'

describe.skipIf(isMissing('evtx_parser', 'evtx_attack', 'sigma_regression'))(
  'event logs of others (shared data)',
  () => {
    test.each([
      ['evtx_parser', 388],
      ['evtx_attack', 1106],
      ['sigma_regression', 114],
    ])('%s: every record is there with its event id', (folder, records) => {
      expect(recordAccuracy(folder)).toEqual({ records, right: records, wrong: 0, missed: 0 } satisfies Accuracy)
    })

    test('every field of System and EventData is what another decoder read in it', () => {
      const { differences, ...counted } = allFieldsAccuracy('sigma_regression')

      // One value was changed by hand: the record says Explorer.EXE, and so does evtxexport.
      expect(differences).toEqual([[expect.any(String), 'C:\\Windows\\Explorer.exe', 'C:\\Windows\\Explorer.EXE']])
      expect(counted).toEqual({ files: 100, records: 3924, right: 3923, wrong: 1, missed: 0 })
    })

    test('forwarded events that have no templates are read, with the time that was written in them', () => {
      const [event] = liveEvents(bytesOf('evtx_parser/issue_201.evtx'))

      expect(event).toMatchObject({ '@timestamp': '2021-11-19T16:52:33.833733500Z', event: { code: '1' } })
    })
  },
)
