/** `wss://192.0.2.30:8444` as it is said: host and port. */
export function placeOf(url: string): string {
  return url.replace(/^wss:\/\//, '')
}

/** True when every address agents are told to try leads back to the machine the agent runs on. */
export function isThisMachineOnly(urls: readonly string[]): boolean {
  return urls.every((url) => /^(localhost|127(\.\d{1,3}){3}|\[::1\]):\d+$/.test(placeOf(url)))
}
