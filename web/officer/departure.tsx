import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { answer, api } from '../ui/api.ts'
import { Dialog } from '../ui/dialog.tsx'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import type { Employee } from './employees.tsx'

/** Ending an employment: what will happen, then one button. */
export function DepartureDialog({ employee, onClose }: { employee: Employee; onClose: () => void }) {
  const { t } = useWording()
  const questions = useQueryClient()
  const { id, name } = employee
  const end = useOnce({
    mutationFn: () =>
      answer(api.POST('/api/v1/office/employees/{id}/departures', { params: { path: { id } }, body: {} })),
    onMutate: () => tell(null),
    onSuccess: async () => {
      tell(t('office.employees.departure.done', { name }))
      onClose()
      await questions.invalidateQueries({ queryKey: ['employees'] })
    },
  })
  const items = t('office.employees.departure.items', { returnObjects: true }) as string[]
  return (
    <Dialog title={t('office.employees.departure.title', { name })} onClose={onClose}>
      <p>{t('office.employees.departure.text')}</p>
      <ul className="plain-list">
        {items.map(item => (
          <li key={item}>{item}</li>
        ))}
      </ul>
      {end.isError ? <Failure error={end.error} /> : null}
      <div className="row row-end">
        <Button variant="default" onClick={onClose} autoFocus>
          {t('cancel')}
        </Button>
        <Button color="danger" loading={end.isPending} onClick={() => end.mutate()}>
          {t('office.employees.departure.act')}
        </Button>
      </div>
    </Dialog>
  )
}
