import { toIp } from '../address.ts'
import { defined, type Row, textIn } from '../row.ts'
import { type Kind, type Said, sayAnswer } from '../system-row.ts'

const mostAddresses = 100

/** Routes of netstat(1), and what the programs of the system say, with the name servers in it. */
export const macosNetwork: Readonly<Record<string, Kind>> = {
  'macos-route': { category: 'configuration', say: sayRoute },
  answer: { category: 'configuration', say: sayNetworkAnswer },
}

function sayRoute(row: Row): Said | undefined {
  const [to, gateway, name] = [textIn(row, 'destination'), textIn(row, 'gateway'), textIn(row, 'iface')]
  if (to === undefined) return undefined
  const isRefused = /[RB]/.test(textIn(row, 'flags') ?? '')
  return {
    message: [to, gateway && `via ${gateway}`, name && `dev ${name}`].filter((part) => part).join(' '),
    more: { route: defined({ to, gateway, interface: name, refuses: isRefused ? true : undefined }) },
  }
}

/** `nameserver[0] : 192.0.2.53` (scutil(8)). */
function sayNetworkAnswer(row: Row): Said | undefined {
  const said = sayAnswer(row)
  const found = (textIn(row, 'text') ?? '').matchAll(/^\s*nameserver\[\d{1,3}\] : (\S{1,100})$/gm)
  const addresses = new Set(Array.from(found, ([, text = '']) => toIp(text)).filter((ip) => ip !== undefined))
  if (said === undefined || addresses.size === 0) return said
  return { ...said, fields: { ...said.fields, related: { ip: [...addresses].slice(0, mostAddresses) } } }
}
