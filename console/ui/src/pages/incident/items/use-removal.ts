import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { IncidentItem } from '@tidewaiter/protocol/api'
import { useState } from 'react'
import { addItem, removeItem } from '../../../api/incidents.ts'
import { useHeld } from '../../../components/permission.ts'
import { wordsOf } from '../../../components/problem-note.tsx'
import { say } from '../../../ui/toast.tsx'

export interface Removal {
  /** Why nothing can be removed now. */
  blocked: string | undefined
  /** What was removed last and can be put back. */
  removed: IncidentItem | undefined
  remove: (item: IncidentItem) => void
  undo: () => void
}

/** Takes things out of an incident, and puts the last one back. What was in it stays in the history. */
export function useRemoval(incident: string): Removal {
  const queries = useQueryClient()
  const held = useHeld('report')
  const [removed, setRemoved] = useState<IncidentItem>()
  const renew = () => {
    for (const key of [['incident', incident], ['incidents']]) void queries.invalidateQueries({ queryKey: key })
  }
  const remove = useMutation({
    mutationFn: (item: IncidentItem) => removeItem(incident, item.id),
    onSuccess(_nothing, item) {
      setRemoved(item)
      renew()
    },
    onError: (error) => say(`Not removed: ${wordsOf(error).detail}`),
  })
  const back = useMutation({
    mutationFn: ({ kind, ref, note }: IncidentItem) => addItem(incident, { kind, ref, note }),
    onSuccess() {
      setRemoved(undefined)
      renew()
      say('Put back.')
    },
    onError: (error) => say(`Not put back: ${wordsOf(error).detail}`),
  })
  const blocked = held ?? (remove.isPending || back.isPending ? 'a change is being written down' : undefined)
  return {
    blocked,
    removed,
    remove: (item) => blocked === undefined && remove.mutate(item),
    undo: () => removed !== undefined && blocked === undefined && back.mutate(removed),
  }
}
