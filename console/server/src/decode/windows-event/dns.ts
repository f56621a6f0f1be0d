import { toIp } from '../address.ts'
import { putter, type Rule, textIn } from './rule.ts'

const [putName, putAddresses, putProtocol] = [
  putter('dns.question.name'),
  putter('dns.resolved_ip'),
  putter('network.protocol'),
]
const mostAnswers = 100

/** Answers of Sysmon: `type:  5 name;::ffff:192.0.2.7;192.0.2.8;`. */
export const dns: Rule = (document, fields) => {
  putProtocol(document, 'dns')
  putName(document, textIn(fields, 'QueryName'))
  const addresses = (textIn(fields, 'QueryResults') ?? '')
    .split(';', mostAnswers)
    .map((answer) => toIp(answer.trim()))
    .filter((address) => address !== undefined)
  if (addresses.length > 0) putAddresses(document, addresses)
}
