import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { BuildPackage } from '@tidewaiter/protocol/api'
import { buildPackage, packageQuery } from '../../api/incidents.ts'
import { links } from '../../links.ts'
import { useGo } from '../../ui/link.tsx'

/** Starts a build and goes to its page. */
export function useBuild(incident: string) {
  const queries = useQueryClient()
  const go = useGo()
  return useMutation({
    mutationFn: (choice: BuildPackage) => buildPackage(incident, choice),
    onSuccess(row) {
      queries.setQueryData(packageQuery(row.id).queryKey, row)
      void queries.invalidateQueries({ queryKey: ['incident', incident] })
      go(links.package(incident, row.id))
    },
  })
}
