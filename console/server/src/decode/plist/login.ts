import type { DecodeRecord, Event } from '../decoder.ts'
import { autorunEvent, type Meaning } from './event.ts'
import { booleanIn, type Dict, dictsIn, isDict, textIn, textsIn, type Value } from './value.ts'

/** `com.apple.loginitems.plist` up to macOS 10.12: what starts when its user signs in. */
export const loginItems: Meaning = (root, record) => {
  const session = isDict(root) ? root.get('SessionItems') : undefined
  if (!isDict(session)) return undefined
  return dictsIn(session.get('CustomListItems')).map((item) =>
    autorunEvent(record, {
      kind: 'login item',
      label: textIn(item, 'Name'),
      executable: boundPath(item),
      when: ['at sign-in'],
    }),
  )
}

/** Beside the alias, which is of a form that is not published, stands the address of the program as text. */
function boundPath(item: Dict): string | undefined {
  const properties = item.get('CustomItemProperties')
  const binding = isDict(properties) ? properties.get('com.apple.LSSharedFileList.Binding') : undefined
  if (!(binding instanceof Uint8Array)) return undefined
  // Addresses have escapes for everything that is not ASCII.
  return /file:\/\/(?:localhost)?(\/[\x21-\x7e]{1,1024})/.exec(Buffer.from(binding).toString('latin1'))?.[1]
}

/** `com.apple.loginwindow.plist`: scripts that run as root at every sign-in and sign-out, and programs that start with it. */
export const loginWindow: Meaning = (root, record) => {
  if (!isDict(root)) return undefined
  const hooks = [
    ['LoginHook', 'at sign-in'],
    ['LogoutHook', 'at sign-out'],
  ].flatMap(([key = '', when = '']): Event[] => {
    const path = textIn(root, key)
    return path === undefined
      ? []
      : [autorunEvent(record, { kind: key, label: undefined, executable: path, user: 'root', when: [when] })]
  })
  const launched = launchedAtLogin(root.get('AutoLaunchedApplicationDictionary'), record)
  return hooks.length + launched.length === 0 ? undefined : [...hooks, ...launched]
}

function launchedAtLogin(items: Value | undefined, record: DecodeRecord): Event[] {
  return dictsIn(items).map((item) =>
    autorunEvent(record, {
      kind: 'login item',
      label: undefined,
      executable: textIn(item, 'Path'),
      when: ['at sign-in', ...(booleanIn(item, 'Hide') === true ? ['hidden'] : [])],
    }),
  )
}

/** Rules of emond, which ran them up to macOS 12 (`/etc/emond.d/rules`). */
export const emondRules: Meaning = (root, record) => {
  const rules = dictsIn(root).filter((rule) => rule.has('eventTypes') && rule.has('actions'))
  if (rules.length === 0) return undefined
  return rules.flatMap((rule) =>
    dictsIn(rule.get('actions'))
      .filter((action) => action.has('command'))
      .map((action) => {
        const [command, args] = [textIn(action, 'command'), textsIn(action.get('arguments'))]
        return autorunEvent(record, {
          kind: 'emond rule',
          label: textIn(rule, 'name'),
          executable: command,
          args: command === undefined ? args : [command, ...args],
          user: textIn(action, 'user'),
          when: [...textsIn(rule.get('eventTypes')), ...(booleanIn(rule, 'enabled') === false ? ['switched off'] : [])],
        })
      }),
  )
}
