import { hostname } from 'node:os'
import { expect, test } from 'vitest'
import { agentUrlsOf, isLoopback, namesOf, webUrlOf } from './addresses.ts'

test('an address only this machine reaches is told from every other', () => {
  expect(['127.0.0.1', '127.8.0.1', '::1', 'localhost'].map(isLoopback)).toEqual([true, true, true, true])
  expect(['0.0.0.0', '::', '10.0.0.4', '127.0.0.1.example', 'console.lan'].map(isLoopback)).not.toContain(true)
})

test('agents are told the address the console listens on, an IPv6 one in brackets', () => {
  expect(agentUrlsOf('127.0.0.1', 8444)).toEqual(['wss://127.0.0.1:8444'])
  expect(agentUrlsOf('2001:db8::4', 8444)).toEqual(['wss://[2001:db8::4]:8444'])
})

test('a console that listens everywhere tells the name of its machine first, and never more addresses than a token holds', () => {
  const urls = agentUrlsOf('0.0.0.0', 1)

  expect(urls[0]).toBe(`wss://${hostname()}:1`)
  expect(urls.length).toBeLessThanOrEqual(16)
  expect(namesOf('0.0.0.0')).not.toContain('127.0.0.1')
})

test('the screens open on localhost as plain http, elsewhere as https', () => {
  expect(webUrlOf('127.0.0.1', 8443, false)).toBe('http://localhost:8443')
  expect(webUrlOf('console.lan', 443, true)).toBe('https://console.lan:443')
  expect(webUrlOf('::', 9443, true)).toBe(`https://${hostname()}:9443`)
})
