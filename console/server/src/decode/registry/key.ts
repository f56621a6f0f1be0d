import { type Hive, isDamage } from './hive.ts'
import { type KeyNode, keyNodeAt } from './key-node.ts'
import { subkeysOf } from './subkeys.ts'
import { dataOf, type Value, valuesOf } from './value.ts'
import { firstString, isText, stringsOf, typeName } from './value-text.ts'

/** A key as what gives it a meaning sees it. What is not there, or has another type, is undefined. */
export interface Key {
  name: string
  path: string
  writtenAt: string | undefined
  values: readonly Value[]
  /** Text of a value. Names of values have no case. */
  text(name: string): string | undefined
  /** A number of four bytes. */
  number(name: string): number | undefined
  /** Whatever a value holds. */
  bytes(name: string): Buffer | undefined
  /** The same of a value that was found before. */
  textOf(value: Value): string | undefined
  stringsOf(value: Value): string[]
  bytesOf(value: Value): Buffer | undefined
  /** A key below it by its names: `Parameters\Interfaces`. */
  below(path: string): Key | undefined
  /** The key so many levels above it. */
  above(levels: number): Key | undefined
}

/** More data than any value has that means something here. */
const mostBytes = 1024 * 1024
/** No path or command line that is sound is longer; and so many of them are in one value. */
const [mostCharacters, mostStrings] = [2048, 1000]
/** Subkeys that are looked at for the meaning of the key above them. */
const mostChildren = 4096

export function keyOf(hive: Hive, node: KeyNode, path: string, values = valuesOf(hive, node).values): Key {
  const byName = (name: string) => values.find((value) => value.name.toLowerCase() === name.toLowerCase())

  function bytesOf(value: Value | undefined): Buffer | undefined {
    if (value === undefined || value.size > mostBytes) return undefined
    const data = dataOf(hive, value)
    return isDamage(data) ? undefined : data
  }

  function textOf(value: Value | undefined): string | undefined {
    if (value === undefined || !isText(value.type)) return undefined
    const data = bytesOf(value)
    return data === undefined ? undefined : firstString(data).slice(0, mostCharacters) || undefined
  }

  return {
    name: node.name,
    path,
    writtenAt: node.writtenAt,
    values,
    text: (name) => textOf(byName(name)),
    number(name) {
      const value = byName(name)
      const data = value?.size === 4 && typeName(value.type) === 'REG_DWORD' ? bytesOf(value) : undefined
      return data?.readUInt32LE(0)
    },
    bytes: (name) => bytesOf(byName(name)),
    textOf,
    stringsOf(value) {
      const data = isText(value.type) ? bytesOf(value) : undefined
      return data === undefined ? [] : stringsOf(data, mostStrings).map((text) => text.slice(0, mostCharacters))
    },
    bytesOf,
    below(names) {
      let found: KeyNode | undefined = node
      for (const name of names.split('\\')) found = found && childOf(hive, found, name)
      return found && keyOf(hive, found, `${path}\\${names}`)
    },
    above(levels) {
      let found: KeyNode | undefined = node
      for (let level = 0; level < levels; level++) found = found && liveKey(hive, found.parent)
      return found && keyOf(hive, found, path.split('\\').slice(0, -levels).join('\\'))
    },
  }
}

function liveKey(hive: Hive, offset: number): KeyNode | undefined {
  const node = keyNodeAt(hive, offset)
  return isDamage(node) ? undefined : node
}

function childOf(hive: Hive, node: KeyNode, name: string): KeyNode | undefined {
  const wanted = name.toLowerCase()
  for (const offset of subkeysOf(hive, node).offsets.slice(0, mostChildren)) {
    const child = liveKey(hive, offset)
    if (child?.name.toLowerCase() === wanted) return child
  }
  return undefined
}
