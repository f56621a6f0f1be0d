import { attribute, type XmlElement } from '../xml.ts'
import type { Fields, Value, WinEvent } from './win-event.ts'

/** Undefined for an element that is no event. */
export function toWinEvent(root: XmlElement): WinEvent | undefined {
  if (root.name !== 'Event') return undefined
  const event: WinEvent = {}
  for (const child of root.children) {
    const { name, children } = child
    if (name === 'System') for (const part of children) addSystem(event, part)
    else if (name === 'EventData') event.data = dataOf(child)
    else if (name === 'UserData') addUserData(event, child)
    else if (name === 'RenderingInfo') addRendered(event, child)
    else {
      event.more ??= Object.create(null) as Fields
      add(event.more, name, valueIn(child))
    }
  }
  return event
}

type ReadSystem = (event: WinEvent, element: XmlElement) => void

/** Elements below System (Windows event schema, SystemPropertiesType). */
const system: ReadonlyMap<string, ReadSystem> = new Map<string, ReadSystem>([
  ['Provider', addProvider],
  ['EventID', (event, { text }) => setNumber(event, 'eventId', text)],
  ['Version', (event, { text }) => setNumber(event, 'version', text)],
  ['Level', (event, { text }) => setNumber(event, 'level', text)],
  ['Task', (event, { text }) => setText(event, 'task', text)],
  ['Opcode', (event, { text }) => setText(event, 'opcode', text)],
  ['Keywords', (event, { text }) => setText(event, 'keywords', text)],
  ['TimeCreated', (event, element) => setInstant(event, attribute(element, 'SystemTime'))],
  ['EventRecordID', (event, { text }) => setText(event, 'recordId', text)],
  ['Correlation', addCorrelation],
  ['Execution', addExecution],
  ['Channel', (event, { text }) => setText(event, 'channel', text)],
  ['Computer', (event, { text }) => setText(event, 'computer', text)],
  ['Security', (event, element) => setText(event, 'userId', attribute(element, 'UserID'))],
])

function addSystem(event: WinEvent, element: XmlElement): void {
  system.get(element.name)?.(event, element)
}

function addProvider(event: WinEvent, element: XmlElement): void {
  setText(event, 'provider', attribute(element, 'Name') || attribute(element, 'EventSourceName'))
  setText(event, 'providerGuid', attribute(element, 'Guid'))
}

function addCorrelation(event: WinEvent, element: XmlElement): void {
  setText(event, 'activityId', attribute(element, 'ActivityID'))
  setText(event, 'relatedActivityId', attribute(element, 'RelatedActivityID'))
}

function addExecution(event: WinEvent, element: XmlElement): void {
  setNumber(event, 'processId', attribute(element, 'ProcessID'))
  setNumber(event, 'threadId', attribute(element, 'ThreadID'))
}

type TextName =
  | 'provider'
  | 'providerGuid'
  | 'task'
  | 'opcode'
  | 'keywords'
  | 'recordId'
  | 'activityId'
  | 'relatedActivityId'
  | 'channel'
  | 'computer'
  | 'userId'
type NumberName = 'eventId' | 'version' | 'level' | 'processId' | 'threadId'

function setText(event: WinEvent, name: TextName, text: string): void {
  if (text !== '') event[name] = text
}

function setNumber(event: WinEvent, name: NumberName, text: string): void {
  const value = text === '' ? Number.NaN : Number(text)
  if (Number.isSafeInteger(value) && value >= 0) event[name] = value
}

const digits = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/

function setInstant(event: WinEvent, text: string): void {
  if (digits.test(text) && !Number.isNaN(Date.parse(text))) event.createdAt = text
}

/** `<Data Name="X">`, `<Data>` without a name, `<Binary>`, or elements of a provider's own. */
function dataOf({ children, text }: XmlElement): Fields {
  const fields: Fields = Object.create(null)
  for (const [i, child] of children.entries()) {
    const name = child.name === 'Data' ? attribute(child, 'Name') || `param${i + 1}` : child.name
    if (name !== 'Binary' || child.text !== '') add(fields, name, valueIn(child))
  }
  if (children.length === 0 && text.trim() !== '') add(fields, 'text', text)
  return fields
}

function addUserData(event: WinEvent, { children }: XmlElement): void {
  const [only] = children
  if (only !== undefined) event.userData = { name: only.name, fields: fieldsOf(only) }
}

function addRendered(event: WinEvent, { children }: XmlElement): void {
  const message = children.find(({ name }) => name === 'Message')?.text.trim() ?? ''
  if (message !== '') event.rendered = message
}

function fieldsOf({ children, text }: XmlElement): Fields {
  const fields: Fields = Object.create(null)
  for (const child of children)
    add(fields, (child.name === 'Data' && attribute(child, 'Name')) || child.name, valueIn(child))
  if (children.length === 0 && text !== '') add(fields, 'text', text)
  return fields
}

/** Below this an element is its fields, and no deeper than the reader of the XML let it become. */
function valueIn(element: XmlElement): Value {
  return element.children.length === 0 ? element.text : fieldsOf(element)
}

/** A name that comes again has a list of values. */
function add(fields: Fields, name: string, value: Value): void {
  const before = fields[name]
  if (before === undefined) fields[name] = value
  else if (Array.isArray(before)) before.push(value)
  else fields[name] = [before, value]
}
