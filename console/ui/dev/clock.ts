/** The stand-in's clock starts in the afternoon of the worked incident and runs from there. */
const startedMs = Date.now()
const storyMs = Date.parse('2026-10-29T15:40:00.000Z')

export function nowMs(): number {
  return storyMs + (Date.now() - startedMs)
}

export function now(): string {
  return new Date(nowMs()).toISOString()
}

/** `10-28 03:05:22` of the story as RFC 3339. */
export function at(short: string): string {
  return new Date(`2026-${short.replace(' ', 'T')}Z`).toISOString()
}
