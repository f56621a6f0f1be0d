import { type Dict, isDict, isList, isUid, type Value } from './value.ts'

/** What NSKeyedArchiver wrote: objects in one list, which name each other by their numbers. */
export interface Archive {
  top: Dict
  /** The object a value names; itself where it names none. One step: objects may name each other in a ring. */
  of(value: Value | undefined): Value | undefined
  /** Members of an archived list, and of a dictionary by the text of their keys. */
  members(value: Value | undefined): Value[]
  entries(value: Value | undefined): [key: string, value: Value][]
}

/** Undefined for a list that is no archive. */
export function archiveIn(root: Value): Archive | undefined {
  if (!isDict(root) || root.get('$archiver') !== 'NSKeyedArchiver') return undefined
  const [objects, top] = [root.get('$objects'), root.get('$top')]
  if (!isList(objects) || !isDict(top)) return undefined
  const of = (value: Value | undefined): Value | undefined => {
    const number = numberOf(value)
    const object = number === undefined ? value : objects[number]
    return object === '$null' ? undefined : object
  }
  const listOf = (value: Value | undefined, key: string): readonly Value[] => {
    const object = of(value)
    const list = isDict(object) ? object.get(key) : undefined
    return isList(list) ? list : []
  }
  const members = (value: Value | undefined) => listOf(value, 'NS.objects').flatMap((one) => of(one) ?? [])
  return {
    top,
    of,
    members,
    entries(value) {
      const values = listOf(value, 'NS.objects')
      return listOf(value, 'NS.keys').flatMap((key, i): [string, Value][] => {
        const [name, one] = [of(key), of(values[i])]
        return typeof name === 'string' && one !== undefined ? [[name, one]] : []
      })
    },
  }
}

/** In XML the number stands in a dictionary of its own. */
function numberOf(value: Value | undefined): number | undefined {
  if (isUid(value)) return value.uid
  const number = isDict(value) && value.size === 1 ? value.get('CF$UID') : undefined
  return typeof number === 'number' ? number : undefined
}
