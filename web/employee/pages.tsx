import { createRootRoute, createRoute, createRouter, Outlet, useRouterState } from '@tanstack/react-router'
import { useCatalogue } from '../ui/catalogue.ts'
import { ClosedPage } from '../ui/closed.tsx'
import { useCompany } from '../ui/company.ts'
import { InvitationPage } from '../ui/invitation.tsx'
import { LostPage } from '../ui/lost.tsx'
import { PasskeysPage } from '../ui/passkeys.tsx'
import { Shell } from '../ui/shell.tsx'
import { useStaffSession, useStaffSignOut } from '../ui/staff-session.ts'
import { StaffSignIn } from '../ui/staff-sign-in.tsx'
import { Failure, Waiting } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { FindPage } from './find.tsx'
import { useFindShortcut } from './find-shortcut.ts'
import { TaskPage } from './task.tsx'
import { isTab, TasksPage } from './tasks.tsx'

const root = createRootRoute({ component: WorkRoom, notFoundComponent: LostPage })

const pages = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: TasksPage,
    validateSearch: (search: Record<string, unknown>) => (isTab(search.state) ? { state: search.state } : {}),
  }),
  createRoute({ getParentRoute: () => root, path: '/find', component: FindPage }),
  createRoute({ getParentRoute: () => root, path: '/tasks/$id', component: TaskPage }),
  createRoute({
    getParentRoute: () => root,
    path: '/passkeys',
    component: () => <PasskeysPage room="work" />,
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/invitation',
    component: () => <InvitationPage room="work" />,
  }),
]

/** The pages under /work. */
export const newRouter = () => createRouter({ routeTree: root.addChildren(pages), basepath: '/work' })

function WorkRoom() {
  const { t } = useWording()
  const company = useCompany()
  // Its words are the page's words for fields.
  useCatalogue()
  const session = useStaffSession('work')
  const signOut = useStaffSignOut('work')
  const invited = useRouterState({ select: state => state.location.pathname === '/invitation' })
  const employee = session.data?.employee
  useFindShortcut(employee !== undefined)
  if (invited) {
    return (
      <Shell room="work">
        <Outlet />
      </Shell>
    )
  }
  if (employee === undefined) {
    return (
      <Shell room="work">
        {company.data?.open === false ? (
          <ClosedPage />
        ) : session.isPending ? (
          <Waiting />
        ) : session.isError ? (
          <Failure error={session.error} again={() => void session.refetch()} />
        ) : (
          <StaffSignIn room="work" />
        )}
      </Shell>
    )
  }
  return (
    <Shell
      room="work"
      pages={[
        { to: '/find', label: t('work.find.page'), keys: 'Control+K' },
        { to: '/', label: t('work.tasks') },
        { to: '/passkeys', label: t('passkeys.page') },
      ]}
      who={employee.name}
      onSignOut={() => signOut()}
    >
      <Outlet />
    </Shell>
  )
}
