import { csvFields } from '../csv.ts'
import type { Message } from '../decoder.ts'
import { defined } from '../row.ts'
import { statementMeaning, withoutSecrets } from '../statement.ts'

/**
 * `AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.entries,select * from entries,<not logged>`: a line of the extension
 * pgAudit (github.com/pgaudit/pgaudit, "Format"). Undefined for any other message.
 */
export function auditedIn(message: string, service: string): Message | undefined {
  const fields = message.startsWith('AUDIT: ') ? csvFields(message.slice(7), 16) : undefined
  if (fields === undefined || fields.length < 8) return undefined
  const [audit, , , kind, command, objectType, object, statement = ''] = fields
  return {
    event: statementMeaning(statement),
    service: { name: service },
    tidewaiter:
      defined({
        audit: audit?.toLowerCase(),
        class: kind?.toLowerCase(),
        command,
        object_type: objectType || undefined,
        object: object || undefined,
        statement: withoutSecrets(statement),
      }) ?? {},
  }
}
