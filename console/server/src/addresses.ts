import { hostname, networkInterfaces } from 'node:os'

/** True for an address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

/** Addresses agents are told to try, in this order: all of this machine's where the port listens on every one. */
export function agentUrlsOf(host: string, port: number): string[] {
  // A token carries at most 16.
  return namesOf(host)
    .slice(0, 16)
    .map((name) => `wss://${inUrl(name)}:${port}`)
}

/** Names and addresses this machine is reached by when it listens on `host`. */
export function namesOf(host: string): string[] {
  return isEvery(host) ? [hostname(), ...ownAddresses()] : [host]
}

export function webUrlOf(host: string, port: number, isTls: boolean): string {
  if (isLoopback(host)) return `http://localhost:${port}`
  return `${isTls ? 'https' : 'http'}://${inUrl(isEvery(host) ? hostname() : host)}:${port}`
}

function isEvery(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses
      .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
      .map(({ address }) => address),
  )
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
