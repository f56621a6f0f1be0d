import { describe, expect, test } from 'vitest'
import { isWriterMissing, writtenAsXml } from '../evtxexport.fixture.ts'
import { isMissing } from '../shared-data.fixture.ts'
import { eventsOfFile, logsIn, xmlAccuracy } from './accuracy.fixture.ts'
import { eventXml } from './index.ts'

describe.skipIf(isWriterMissing || isMissing('evtx_parser', 'sigma_regression'))(
  'logs of others as evtxexport writes them (shared data)',
  () => {
    test('every event of the XML is the one that the log gives', () => {
      const { differences, unwritten, ...counted } = xmlAccuracy(logsIn('evtx_parser'))

      // Logs that evtxexport does not read have no XML.
      expect(unwritten).toEqual(['evtx_parser/MSExchange_Management_wec.evtx', 'evtx_parser/issue_201.evtx'])
      // Two values that are empty are not written, and one that is a line end only is written empty.
      expect(differences.map(([, fields]) => fields)).toEqual([
        'winlog.event_data.param1',
        'winlog.event_data.param1',
        'winlog.event_data.ExtraInfo',
      ])
      expect(counted).toEqual({ records: 386, right: 383, wrong: 3, missed: 0 })
    })

    test('a log in UTF-16 gives the same', () => {
      const xml = writtenAsXml('evtx_parser/Security_short_selected.evtx')
      const wide = Buffer.from(`\ufeff<?xml version="1.0"?><Events>${xml.toString()}</Events>`, 'utf16le')

      expect(eventXml.detects(wide.subarray(0, 65_536))).toBe(true)
      expect(eventsOfFile(eventXml, wide)).toEqual(eventsOfFile(eventXml, xml))
    })
  },
)
