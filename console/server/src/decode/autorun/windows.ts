import { defined, type Row, textIn } from '../row.ts'
import { type Kind, type Said, textsIn } from '../system-row.ts'
import { windowsUser } from '../windows-row.ts'

/** Rows of Win32_Service, Get-ScheduledTask, Win32_StartupCommand, Winlogon and __EventConsumer. */
export const windowsAutoruns: Readonly<Record<string, Kind>> = {
  service: { category: 'configuration', say: sayService },
  'scheduled-task': { category: 'configuration', say: sayTask },
  'startup-command': { category: 'configuration', say: sayCommand },
  'wmi-consumer': { category: 'configuration', say: sayConsumer },
}

function sayService(row: Row): Said | undefined {
  const [name, command] = [textIn(row, 'Name'), textIn(row, 'PathName')]
  if (name === undefined) return undefined
  const user = windowsUser(textIn(row, 'StartName'))
  return {
    message: command === undefined ? name : `${name}: ${command}`,
    fields: { service: { name }, ...startedBy(command), ...(user && { user }) },
    more:
      defined({
        display_name: textIn(row, 'DisplayName'),
        start: textIn(row, 'StartMode'),
        state: textIn(row, 'State'),
      }) ?? {},
  }
}

function sayTask(row: Row): Said | undefined {
  const [folder = '', name] = [textIn(row, 'TaskPath'), textIn(row, 'TaskName')]
  if (name === undefined) return undefined
  const run = textsIn(row, 'Actions')
  const user = windowsUser(textIn(row, 'UserId'))
  return {
    message: run.length === 0 ? `${folder}${name}` : `${folder}${name}: ${run.join('; ')}`,
    fields: { ...startedBy(run[0]), ...(user && { user }) },
    more:
      defined({
        task: `${folder}${name}`,
        run: run.length > 0 ? run : undefined,
        author: textIn(row, 'Author'),
        run_level: textIn(row, 'RunLevel'),
        enabled: typeof row.Enabled === 'boolean' ? row.Enabled : undefined,
        state: textIn(row, 'State'),
      }) ?? {},
  }
}

function sayCommand(row: Row): Said | undefined {
  const [place, name, command] = [textIn(row, 'Location'), textIn(row, 'Name'), textIn(row, 'Command')]
  if (place === undefined || name === undefined) return undefined
  const user = windowsUser(textIn(row, 'User'))
  return {
    message: [`${place} ${name}`, ...(command === undefined ? [] : [command])].join(': '),
    fields: { ...startedBy(command), ...(user && { user }) },
    more: { place, name },
  }
}

function sayConsumer(row: Row): Said | undefined {
  const [type, name, command] = [textIn(row, 'Class'), textIn(row, 'Name'), textIn(row, 'Command')]
  if (name === undefined) return undefined
  return {
    message: [name, ...(command === undefined ? [] : [command])].join(': '),
    fields: type === 'CommandLineEventConsumer' ? startedBy(command) : {},
    more: defined({ consumer: name, consumer_class: type, command }) ?? {},
  }
}

/** A command line as it stands: where its program ends is not always said. */
function startedBy(command: string | undefined): Record<string, unknown> {
  return command === undefined ? {} : { process: { command_line: command } }
}
