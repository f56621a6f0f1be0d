/** What stands after the name, as `TTY=pts/0 ; PWD=/tmp ; USER=root ; GROUP=adm ; COMMAND=/usr/bin/id`. */
export interface Fields {
  /** Why the command was not run. */
  reason?: string
  terminal?: string
  folder?: string
  target?: string
  group?: string
  command?: string
  /** Set where the text can be read in more than one way: then target, group, folder and command are left out. */
  doubt?: string
}

const doubt = 'Folder or command hold text like the fields after them, so that none of these is taken from it.'

/**
 * The fields up to PWD are sudo's own. A folder is named by whoever made it, and a command holds what its arguments
 * say: both can hold ` ; USER=root ; COMMAND=`. Where that could be, nothing from there on is believed.
 */
export function readFields(text: string): Fields | undefined {
  const begin = startOfFields(text)
  const fields: Fields = begin === 0 ? {} : { reason: text.slice(0, begin === undefined ? text.length : begin - 3) }
  if (begin === undefined || !text.includes(' ; COMMAND=', begin)) return isReason(fields.reason) ? fields : undefined
  const folderAt = text.indexOf('PWD=', begin)
  const own = folderAt < 0 ? begin : folderAt
  const terminal = text
    .slice(begin, own)
    .split(' ; ')
    .find((part) => part.startsWith('TTY='))
  if (terminal !== undefined) fields.terminal = terminal.slice(4)
  const rest = text.slice(own)
  return isAmbiguous(rest) ? { ...fields, doubt } : { ...fields, ...readRest(rest) }
}

function readRest(text: string): Fields {
  const commandAt = text.indexOf(' ; COMMAND=')
  const fields: Fields = { command: text.slice(commandAt + 11) }
  for (const part of text.slice(0, commandAt).split(' ; ')) {
    if (part.startsWith('PWD=')) fields.folder = part.slice(4)
    else if (part.startsWith('USER=')) fields.target = part.slice(5)
    else if (part.startsWith('GROUP=')) fields.group = part.slice(6)
  }
  return fields
}

/** Where the first field begins; before it may stand a reason. */
function startOfFields(text: string): number | undefined {
  if (isField(text)) return 0
  const next = text.indexOf(' ; ')
  return next >= 0 && isField(text.slice(next + 3, next + 20)) ? next + 3 : undefined
}

function isField(text: string): boolean {
  return /^[A-Z]{3,8}=/.test(text)
}

function isAmbiguous(rest: string): boolean {
  return [' ; COMMAND=', ' ; USER='].some((field) => rest.indexOf(field) !== rest.lastIndexOf(field))
}

/** Reasons that sudo gives without a command. */
function isReason(reason: string | undefined): boolean {
  return reason !== undefined && /^(\d{1,6} incorrect password attempts?|user NOT |command not allowed)/.test(reason)
}
