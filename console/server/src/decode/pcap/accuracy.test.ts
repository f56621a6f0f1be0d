import { expect, test } from 'vitest'
import { isMissing } from '../shared-data.fixture.ts'
import { ndpiAccuracy } from './accuracy.fixture.ts'
import { zeekAccuracy } from './zeek-accuracy.fixture.ts'

test.skipIf(isMissing('pcap_ndpi'))(
  'flows get the names that nDPI gives by payload, and no flow gets a wrong one (shared data)',
  async () => {
    const { flows, right, wrong, missed, controls } = await ndpiAccuracy()

    expect(wrong).toEqual([])
    expect(missed).toEqual([])
    expect(flows).toBeGreaterThan(300)
    expect(controls).toBeGreaterThan(200)
    expect(right / flows).toBeGreaterThan(0.98)
  },
)

test.skipIf(isMissing('pcap_zeek'))(
  'flows of the captures that Zeek is tested with get the names it asks for, at any port (shared data)',
  async () => {
    expect(await zeekAccuracy()).toEqual({ records: 6, right: 6, wrong: 0, missed: 0 })
  },
)
