import type { HostDetail } from '@tidewaiter/protocol/api'
import { bytesText } from '../../ui/numbers.ts'

type Cap = HostDetail['caps'][number]

/** What a cap allows, with the use it bounds. */
export function capText({ cap, limit, use }: Cap): string {
  switch (cap) {
    case 'cpuPercent':
      return limit >= 100 ? 'CPU without a bound' : `CPU ${use.toFixed(1)} of ${limit} %`
    case 'memoryMb':
      return `memory ${bytesText(use * 1e6)} of ${bytesText(limit * 1e6)}`
    case 'spoolMb':
      return `spool ${bytesText(use * 1e6)} of ${bytesText(limit * 1e6)}`
    case 'kilobytesPerSecond':
      return `sending ${bytesText(use * 1e3)}/s of ${bytesText(limit * 1e3)}/s`
  }
}
