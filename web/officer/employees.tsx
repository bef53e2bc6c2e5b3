import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { answer, api, type ItemOf } from '../ui/api.ts'
import { tell } from '../ui/notice.tsx'
import { useOnce } from '../ui/once.ts'
import { Page } from '../ui/page.tsx'
import { useStaffSession } from '../ui/staff-session.ts'
import { Answered, Empty, Failure } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { DepartureDialog } from './departure.tsx'
import { findInvitee, InvitationLink, type Invited, InviteForm } from './inviting.tsx'

export type Employee = ItemOf<'/api/v1/office/employees'>

/** Who works here: inviting, a new link for who was invited, ending an employment. */
export function EmployeesPage() {
  const { t } = useWording()
  const questions = useQueryClient()
  const [inviting, setInviting] = useState(() => findInvitee(questions) !== null)
  const [invited, setInvited] = useState<Invited | null>(null)
  const [leaving, setLeaving] = useState<Employee | null>(null)
  const employees = useQuery({
    queryKey: ['employees'],
    queryFn: () => answer(api.GET('/api/v1/office/employees')),
  })
  const renew = useOnce({
    mutationFn: (id: string) =>
      answer(api.POST('/api/v1/office/employees/{id}/invitations', { params: { path: { id } }, body: {} })),
    onMutate: () => tell(null),
    onSuccess: setInvited,
  })
  const onInvited = (now: Invited) => {
    setInviting(false)
    setInvited(now)
    void questions.invalidateQueries({ queryKey: ['employees'] })
  }
  return (
    <Page
      title={t('office.employees.title')}
      lead={t('office.employees.lead')}
      actions={
        inviting ? null : <Button onClick={() => setInviting(true)}>{t('office.employees.invite')}</Button>
      }
    >
      {inviting ? <InviteForm onInvited={onInvited} onCancel={() => setInviting(false)} /> : null}
      {invited === null ? null : <InvitationLink invited={invited} onDone={() => setInvited(null)} />}
      {renew.isError ? <Failure error={renew.error} /> : null}
      <Answered query={employees}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('office.employees.none')} />
          ) : (
            <EmployeeTable
              employees={items}
              renew={renew.mutate}
              renewing={renew.isPending ? renew.variables : null}
              leave={setLeaving}
            />
          )
        }
      </Answered>
      {leaving === null ? null : <DepartureDialog employee={leaving} onClose={() => setLeaving(null)} />}
    </Page>
  )
}

function EmployeeTable({
  employees,
  renew,
  renewing,
  leave,
}: {
  employees: Employee[]
  renew: (id: string) => void
  /** The employee whose new link is being made. */
  renewing: string | null
  leave: (employee: Employee) => void
}) {
  const { t } = useWording()
  const me = useStaffSession('office').data?.employee.id
  return (
    <table className="rows">
      <caption className="hidden">{t('office.employees.title')}</caption>
      <thead>
        <tr>
          {(['name', 'role', 'language', 'pseudonym', 'state'] as const).map(column => (
            <th key={column} scope="col">
              {t(`office.employees.column.${column}`)}
            </th>
          ))}
          <th scope="col">
            <span className="hidden">{t('office.employees.column.act')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {employees.map(employee => (
          <tr key={employee.id} className={employee.state === 'ended' ? 'dimmed' : undefined}>
            <th scope="row" data-label={t('office.employees.column.name')}>
              {employee.name}
              {employee.id === me ? <span className="caption"> ({t('office.employees.you')})</span> : null}
            </th>
            <td data-label={t('office.employees.column.role')}>
              {t(`office.employees.roles.${employee.role}`)}
            </td>
            <td data-label={t('office.employees.column.language')}>{t(`languages.${employee.language}`)}</td>
            <td data-label={t('office.employees.column.pseudonym')}>
              <code>{employee.pseudonym}</code>
            </td>
            <td data-label={t('office.employees.column.state')}>
              <span className={`state-word state-${employee.state}`}>
                {t(`office.employees.state.${employee.state}`)}
              </span>
            </td>
            <td className="act">
              {employee.state === 'invited' ? (
                <Button
                  size="compact-md"
                  variant="default"
                  aria-label={t('office.employees.newLinkFor', { name: employee.name })}
                  loading={renewing === employee.id}
                  disabled={renewing !== null}
                  onClick={() => renew(employee.id)}
                >
                  {t('office.employees.newLink')}
                </Button>
              ) : null}
              {employee.state !== 'ended' && employee.id !== me ? (
                <Button
                  size="compact-md"
                  variant="default"
                  aria-label={t('office.employees.endOf', { name: employee.name })}
                  onClick={() => leave(employee)}
                >
                  {t('office.employees.end')}
                </Button>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
