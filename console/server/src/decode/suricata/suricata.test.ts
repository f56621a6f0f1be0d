import { describe, expect, test } from 'vitest'
import { labelAccuracy } from '../crowdsec.fixture.ts'
import { decodeFile } from '../files.ts'
import { isMissing, pathOf } from '../shared-data.fixture.ts'

const folders = ['service_logs_crowdsec/suricata-logs-evelog', 'login_web_crowdsec/suricata-eve-detect']

describe.skipIf(isMissing('service_logs_crowdsec', 'login_web_crowdsec'))('rows of real sensors (shared data)', () => {
  test('have the rule, its severity, the flow and the address that CrowdSec reads in them', async () => {
    const { records, right, differences } = await labelAccuracy(folders)

    expect(differences).toEqual([])
    expect(right).toBe(records)
    expect(records).toBeGreaterThanOrEqual(8)
  })

  test('say what a sensor lost, and give no duration to a flow that ended before it began', async () => {
    const events = await Array.fromAsync(
      decodeFile(pathOf('service_logs_crowdsec/suricata-logs-evelog/suricata-logs-evelog.log')),
    )
    const flows = events.filter(({ event }) => event.action === 'network-flow')

    expect(events.find(({ event }) => event.kind === 'metric')).toMatchObject({
      tidewaiter: { packets: 373_404, lost: 0 },
    })
    expect(flows.map(({ event }) => event.duration)).toEqual([18_261_000, undefined])
  })
})
