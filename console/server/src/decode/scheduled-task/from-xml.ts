import { Damaged } from '../damaged.ts'
import { child, childText, readXml, type XmlElement } from '../xml.ts'
import type { Action, Principal, Task, Trigger } from './task.ts'

/** Of the schema ([MS-TSCH] 2.5). */
const namespace = 'http://schemas.microsoft.com/windows/2004/02/mit/task'

/** True for the beginning of a task's XML. */
export function isTaskXml(text: string): boolean {
  return /^\s*(?:<\?xml[^>]{0,200}\?>\s*)?<Task[\s>]/.test(text.slice(0, 1000)) && text.includes(namespace)
}

/** Far more than a task has: the scheduler itself takes 48 triggers and 32 actions. */
const mostOfKind = 100
const mostDetails = 64
const mostCharacters = 4096
const mostOfWay = 256

/** Throws `Damaged`. */
export function taskOfXml(text: string): Task {
  const { root } = readXml(text)
  if (root.name !== 'Task') throw new Damaged('format-unknown', 'Its XML is that of no task.')
  const about = child(root, 'RegistrationInfo') ?? none
  const settings = child(root, 'Settings') ?? none
  return {
    path: childText(about, 'URI'),
    author: childText(about, 'Author'),
    description: childText(about, 'Description'),
    source: childText(about, 'Source'),
    registered: childText(about, 'Date'),
    securityDescriptor: childText(about, 'SecurityDescriptor'),
    hidden: flagIn(settings, 'Hidden'),
    enabled: flagIn(settings, 'Enabled'),
    principals: partsOf(root, 'Principals').map(principalOf),
    triggers: partsOf(root, 'Triggers').map(triggerOf),
    actions: partsOf(root, 'Actions').map(actionOf),
  }
}

const none: XmlElement = { name: '', attributes: [], children: [], text: '' }

function partsOf(root: XmlElement, name: string): readonly XmlElement[] {
  return (child(root, name)?.children ?? []).slice(0, mostOfKind)
}

function flagIn(element: XmlElement, name: string): boolean | undefined {
  const text = childText(element, name)?.toLowerCase()
  if (text === 'true' || text === '1') return true
  return text === 'false' || text === '0' ? false : undefined
}

function principalOf(element: XmlElement): Principal {
  return {
    user: childText(element, 'UserId'),
    group: childText(element, 'GroupId'),
    logonType: childText(element, 'LogonType'),
    runLevel: childText(element, 'RunLevel'),
  }
}

function triggerOf(element: XmlElement): Trigger {
  return {
    type: element.name,
    enabled: flagIn(element, 'Enabled'),
    start: childText(element, 'StartBoundary'),
    end: childText(element, 'EndBoundary'),
    details: detailsOf(element, ['Enabled', 'StartBoundary', 'EndBoundary']),
  }
}

function actionOf(element: XmlElement): Action {
  return {
    type: element.name,
    command: childText(element, 'Command'),
    arguments: childText(element, 'Arguments'),
    workingDirectory: childText(element, 'WorkingDirectory'),
    classId: childText(element, 'ClassId'),
    data: childText(element, 'Data'),
    details: detailsOf(element, ['Command', 'Arguments', 'WorkingDirectory', 'ClassId', 'Data']),
  }
}

/** Texts below an element with the way to them, but for those that have a place of their own. */
function detailsOf(element: XmlElement, known: readonly string[]): string[] {
  const details: string[] = []
  for (const part of element.children)
    if (!known.includes(part.name)) addDetails(details, part, part.name.slice(0, mostOfWay))
  return details
}

function addDetails(details: string[], { children, text }: XmlElement, way: string): void {
  if (details.length >= mostDetails) return
  const words = text.trim().slice(0, mostCharacters)
  if (children.length === 0) details.push(words === '' ? way : `${way}=${words}`)
  for (const part of children) addDetails(details, part, `${way}/${part.name}`.slice(0, mostOfWay))
}
