import { expect, test } from 'vitest'
import { labelAccuracy } from '../crowdsec.fixture.ts'
import { isMissing } from '../shared-data.fixture.ts'

test.skipIf(isMissing('service_logs_crowdsec'))(
  'failed sign-ins of a real server have the addresses that CrowdSec reads (shared data)',
  async () => {
    const { records, right, differences } = await labelAccuracy(['service_logs_crowdsec/mssql-text-logs'])

    expect(differences).toEqual([])
    expect([records, right]).toEqual([7, 7])
  },
)
