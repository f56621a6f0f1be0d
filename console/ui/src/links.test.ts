import { describe, expect, test } from 'vitest'
import { backTo, findingsStart, links, packageFile, readFindingsUrl, readSearchUrl } from './links.ts'

const host = '7f3c91d2a1b2c3d4e5f60718293a4b5c'

test('every address of the console is in this list', () => {
  expect(
    [
      links.overview,
      links.setup,
      links.login('/hosts'),
      links.hosts({ status: 'silent' }),
      links.host(host),
      links.host(host, 'events'),
      links.enrol,
      links.findings({}),
      links.finding('F-81'),
      links.search(),
      links.record(`${host}/4119/203`),
      links.indicators(),
      links.indicators('sightings', 'I-1'),
      links.indicatorOf('a b'),
      links.incidents,
      links.incident('HCB-2026-001'),
      links.incident('HCB-2026-001', 'packages'),
      links.package('HCB-2026-001', 'P-1'),
      links.verify,
      links.settings(),
      links.settings('keys'),
      packageFile('P-1'),
    ].map(String),
  ).toMatchInlineSnapshot(`
    [
      "/",
      "/setup",
      "/login?back=%2Fhosts",
      "/hosts?status=silent",
      "/hosts/7f3c91d2a1b2c3d4e5f60718293a4b5c",
      "/hosts/7f3c91d2a1b2c3d4e5f60718293a4b5c/events",
      "/enrol",
      "/findings",
      "/findings/F-81",
      "/search",
      "/records/7f3c91d2a1b2c3d4e5f60718293a4b5c/4119/203",
      "/indicators",
      "/indicators/sightings?indicator=I-1",
      "/indicators/import?value=a+b",
      "/incidents",
      "/incidents/HCB-2026-001",
      "/incidents/HCB-2026-001/packages",
      "/incidents/HCB-2026-001/packages/P-1",
      "/verify",
      "/settings",
      "/settings/keys",
      "/api/v1/packages/P-1/download",
    ]
  `)
})

test('an id from outside cannot become another address', () => {
  expect(String(links.host('../login?x#y'))).toBe('/hosts/..%2Flogin%3Fx%23y')
  expect(String(links.finding('javascript:alert(1)'))).toBe('/findings/javascript%3Aalert(1)')
})

describe('the address is the state', () => {
  test('a search comes back as it was', () => {
    const state = { q: 'user:"a b" and 203.0.113.201', from: '-7d', to: '', order: 'oldest', record: 'h/1/2' } as const

    expect(readSearchUrl(queryOf(links.search(state)))).toEqual(state)
  })

  test('the filters of the queue come back as they were, none at all included', () => {
    const some = { ...findingsStart, verdicts: ['benign'], detectors: ['unusual-traffic'], open: 'F-81' }

    expect(readFindingsUrl(queryOf(links.findings(some)))).toEqual(some)
    expect(readFindingsUrl(queryOf(links.findings({ verdicts: [] }))).verdicts).toEqual(['none'])
    expect(readFindingsUrl(queryOf(links.findings({})))).toEqual(findingsStart)
  })
})

test('the way back after sign-in stays inside the console', () => {
  expect(String(backTo('/findings?open=F-81'))).toBe('/findings?open=F-81')
  for (const outside of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:x', '', null])
    expect(String(backTo(outside))).toBe('/')
})

function queryOf(href: string): URLSearchParams {
  return new URL(href, 'http://console').searchParams
}
