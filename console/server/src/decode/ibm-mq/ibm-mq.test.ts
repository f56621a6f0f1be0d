import { expect, test } from 'vitest'
import { decodeFile } from '../files.ts'
import { isMissing, pathOf } from '../shared-data.fixture.ts'
import { messageAccuracy } from './accuracy.fixture.ts'

test.skipIf(isMissing('mq_logs'))(
  'entries of a real queue manager are as many, and of the messages and programs, as were counted (shared data)',
  async () => {
    const { records, right, differences } = await messageAccuracy()
    const [first] = await Array.fromAsync(decodeFile(pathOf('mq_logs/beats__AMQERR01_excerpt.log')))

    expect(differences).toEqual([])
    expect([records, right]).toEqual([6, 6])
    expect(first).toMatchObject({
      '@timestamp': '2018-10-11T08:46:25.924Z',
      event: { dataset: 'ibm-mq', code: 'AMQ7125I' },
      message: 'AMQ7125I: There are 90 days left in the trial period for this copy of IBM MQ.',
      host: { name: 'FELIX-ELASTIC' },
    })
  },
)
