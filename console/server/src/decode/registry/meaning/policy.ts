import { readFields } from '../fields.ts'
import type { Key } from '../key.ts'
import type { Fact, Meaning } from './meaning.ts'

const policy = 'HKLM\\SECURITY\\Policy'

/** Names and SIDs of the machine and of what it belongs to, as the security authority keeps them. */
export const policies: readonly Meaning[] = [
  { paths: [`${policy}\\PolAcDmN`], read: (key) => namedOf(key, hostNamed) },
  { paths: [`${policy}\\PolPrDmN`], read: (key) => namedOf(key, domainNamed) },
  { paths: [`${policy}\\PolAcDmS`], read: (key) => sidOf(key, 'machine') },
  { paths: [`${policy}\\PolPrDmS`], read: (key) => sidOf(key, 'domain') },
]

/** Bytes of the text (2), of its room (2), where it begins (4). */
function namedOf(key: Key, factOf: (name: string) => Fact): Fact[] {
  const name = readFields(key.bytes(''), (data) => data.wide(data.u32(4), data.u16(0) >> 1))
  return name === undefined || name === '' ? [] : [factOf(name)]
}

function hostNamed(name: string): Fact {
  return { of: 'key', action: 'host-named', says: `The host is named ${name}`, fields: { host: { name } } }
}

function domainNamed(name: string): Fact {
  const says = `The host belongs to ${name}`
  return { of: 'key', action: 'host-domain-found', says, fields: { host: { domain: name } } }
}

function sidOf(key: Key, of: 'machine' | 'domain'): Fact[] {
  const sid = readFields(key.bytes(''), (data) => data.sid(0))
  if (sid === undefined || sid === '') return []
  return [{ of: 'key', action: 'sid-found', says: `The SID of the ${of} is ${sid}`, more: { sid: { of, sid } } }]
}
