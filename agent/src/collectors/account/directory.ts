/** Values of a record by the names of its attributes, without their `dsAttrTypeStandard:`. */
export type DirectoryRecord = ReadonlyMap<string, readonly string[]>

const token = /<(dict|\/dict)\/?>|<key>([^<]*)<\/key>|<(?:string|data)>([^<]*)<\/(?:string|data)>/g
const most = { records: 20_000, values: 20_000 }
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/**
 * Records that dscl(1) gives as a property list (`-plist`): a dictionary each, whose values are lists of texts. Not its
 * plain form: there a name of several lines looks like other attributes, and like other records.
 */
export function recordsOf(plist: string): DirectoryRecord[] {
  const records: DirectoryRecord[] = []
  let open = new Map<string, string[]>()
  let values: string[] = []
  for (const [, bracket, key, value] of plist.matchAll(token)) {
    if (bracket === 'dict') open = new Map()
    else if (bracket === '/dict' && open.size > 0 && records.length < most.records) records.push(open)
    else if (key !== undefined) {
      values = []
      open.set(textOf(key).replace(/^dsAttrType\w{1,20}:/, ''), values)
    } else if (value !== undefined && values.length < most.values) values.push(textOf(value))
  }
  return records
}

function textOf(escaped: string): string {
  return escaped.replaceAll(/&(lt|gt|amp|quot|apos);/g, (_, name: string) => entities[name] ?? '')
}
