import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { answer, api } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import type { Task } from './task.tsx'

export type Outcome = Task['outcomes'][number]

/** Closes a task with an outcome: what was open in it is forgotten here too, `told` is said, and the list is shown. */
export function useClosing({ id }: Task, told: string) {
  const navigate = useNavigate()
  const questions = useQueryClient()
  return useOnce({
    mutationFn: (outcome: Outcome) =>
      answer(api.POST('/api/v1/work/tasks/{id}/closures', { params: { path: { id } }, body: { outcome } })),
    onSuccess: async () => {
      questions.removeQueries({ queryKey: ['task', id] })
      void questions.invalidateQueries({ queryKey: ['tasks'] })
      tell(told)
      await navigate({ to: '/', search: { state: 'open' } })
    },
  })
}
