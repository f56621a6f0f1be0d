import { expect, test } from 'vitest'
import { screensharing } from './index.ts'

const decode = (text: string) => screensharing.decode(text, 'screensharingd')

test('who looks at a screen is a sign-in with its method', () => {
  expect(decode('Authentication: SUCCEEDED :: User Name: ana :: Viewer Address: 192.0.2.7 :: Type: DH')).toEqual({
    event: { category: ['authentication'], type: ['start'], outcome: 'success', action: 'sign-in' },
    service: { name: 'screensharingd' },
    user: { name: 'ana' },
    source: { address: '192.0.2.7', ip: '192.0.2.7' },
    tidewaiter: { method: 'DH' },
  })
})

test('an empty name is none, and what is no sign-in is left as it stands', () => {
  expect(decode('Authentication: FAILED :: User Name:  :: Viewer Address: fe80::1%en0 :: Type: VNC')).toMatchObject({
    event: { outcome: 'failure' },
    source: { ip: 'fe80::1' },
  })
  expect(decode('Authentication: FAILED')).toBeUndefined()
})
