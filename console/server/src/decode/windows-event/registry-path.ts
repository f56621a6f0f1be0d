import { putter, type Rule, textIn } from './rule.ts'

/** Roots as Sysmon writes them, and as ECS wants them. */
const hives: ReadonlyMap<string, string> = new Map([
  ['HKLM', 'HKLM'],
  ['HKEY_LOCAL_MACHINE', 'HKLM'],
  ['HKU', 'HKU'],
  ['HKEY_USERS', 'HKU'],
  ['HKCR', 'HKCR'],
  ['HKEY_CLASSES_ROOT', 'HKCR'],
])

const [putPath, putHive, putKey] = [putter('registry.path'), putter('registry.hive'), putter('registry.key')]
const [putValue, putStrings] = [putter('registry.value'), putter('registry.data.strings')]
const valueSet = 13

/** `HKLM\System\CurrentControlSet\Services\x\Start`: of a value that was set the last part is its name. */
export const registry: Rule = (document, fields, { eventId }) => {
  const path = textIn(fields, 'TargetObject')
  if (path === undefined) return
  putPath(document, path)
  const first = path.indexOf('\\')
  const hive = hives.get(path.slice(0, Math.max(0, first)).toUpperCase())
  const last = eventId === valueSet ? path.lastIndexOf('\\') : path.length
  if (hive !== undefined) {
    putHive(document, hive)
    putKey(document, path.slice(first + 1, Math.max(first + 1, last)))
  }
  if (eventId !== valueSet) return
  putValue(document, path.slice(last + 1))
  const details = textIn(fields, 'Details')
  if (details !== undefined) putStrings(document, [details])
}
