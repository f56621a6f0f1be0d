import type { Tlp } from '@tidewaiter/protocol/api'

/** From the widest to the strictest. */
const order: readonly Tlp[] = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED']

/** The label in a text such as `tlp:amber`; WHITE is what CLEAR was called before TLP 2.0. */
export function toTlp(text: string): Tlp | undefined {
  const label = text
    .trim()
    .toUpperCase()
    .replace(/^TLP[: ]*/, '')
  return label === 'WHITE' ? 'CLEAR' : order.find((known) => known === label)
}

/** Where several labels are given, the strictest holds. */
export function strictest(labels: readonly Tlp[]): Tlp | undefined {
  return order.findLast((label) => labels.includes(label))
}
