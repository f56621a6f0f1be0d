import { useEffect, useRef } from 'react'
import { preferences } from './preferences.ts'
import { createStore, useStore } from './store.ts'

/** One key or two in a row: `.`, `?`, `g h`, `Shift+X`, `Ctrl+k` (which is also ⌘ k), `Escape`. */
export interface Key {
  keys: string
  label: string
  /** Heading it stands under in the list of keys. */
  group: string
  run: () => void
}

/** Keys in force, oldest first; the newest registration of a key wins. */
const registered = createStore<readonly (readonly Key[])[]>([])

/** How a key press is written: modifiers other than Shift in front, as Shift already shows in the character. */
export function nameOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const named = event.key.length > 1
  const prefix = event.ctrlKey || event.metaKey ? 'Ctrl+' : event.altKey ? 'Alt+' : ''
  const shift = event.shiftKey && (named || prefix !== '') ? 'Shift+' : ''
  return `${prefix}${shift}${prefix === '' ? event.key : event.key.toLowerCase()}`
}

/** True for keys a person could be typing: these do nothing inside text fields and can be switched off. */
export function isSingle(keys: string): boolean {
  return keys.split(' ').every((key) => key.length === 1)
}

export function findKey(layers: readonly (readonly Key[])[], keys: string): Key | undefined {
  for (const layer of layers.toReversed()) {
    const found = layer.find((key) => key.keys === keys)
    if (found) return found
  }
  return undefined
}

/** True when a longer sequence starts with what was pressed. */
export function isStart(layers: readonly (readonly Key[])[], keys: string): boolean {
  return layers.some((layer) => layer.some((key) => key.keys.startsWith(`${keys} `)))
}

const textTypes = new Set(['checkbox', 'radio', 'button', 'submit', 'reset', 'file', 'range', 'color'])

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true
  return target instanceof HTMLInputElement && !textTypes.has(target.type)
}

/** Layers above the page bring their own keys. */
function isInLayer(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"],[role="menu"],[role="listbox"]') !== null
}

const sequenceMs = 1500
let before = ''
let beforeAt = 0

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || isInLayer(event.target)) return
  const name = nameOf(event)
  const single = name.length === 1
  if (single && (isTyping(event.target) || !preferences.get().singleKeys)) return
  const layers = registered.get()
  const sequence = before !== '' && event.timeStamp - beforeAt < sequenceMs ? `${before} ${name}` : name
  const key = findKey(layers, sequence) ?? findKey(layers, name)
  before = key === undefined && single && isStart(layers, name) ? name : ''
  beforeAt = event.timeStamp
  if (key === undefined) return
  event.preventDefault()
  key.run()
}

/** Starts listening; returns what stops it. Called once, by the shell. */
export function listenToKeys(): () => void {
  document.addEventListener('keydown', onKeyDown)
  return () => document.removeEventListener('keydown', onKeyDown)
}

/** Keys that hold while the component is on the page. */
export function useKeys(keys: readonly Key[]): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  const names = keys.map((key) => `${key.keys}\n${key.label}\n${key.group}`).join('\t')
  useEffect(() => {
    if (names === '') return
    const layer = latest.current.map((key, at) => ({ ...key, run: () => latest.current[at]?.run() }))
    registered.set([...registered.get(), layer])
    return () => registered.set(registered.get().filter((other) => other !== layer))
  }, [names])
}

/** Esc closes the newest layer. */
export function useEscape(open: boolean, close: () => void): void {
  useKeys(open ? [{ keys: 'Escape', label: 'Close what was opened last', group: 'Everywhere', run: close }] : [])
}

/** What the list of keys shows: each key once, as it would act now. */
export function useKeysInForce(): Key[] {
  const layers = useStore(registered)
  const seen = new Map<string, Key>()
  for (const layer of layers) for (const key of layer) seen.set(key.keys, key)
  return [...seen.values()]
}
