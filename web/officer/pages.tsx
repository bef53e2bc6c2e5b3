import { createRootRoute, createRoute, createRouter, Outlet, useRouterState } from '@tanstack/react-router'
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
import { DestructionsPage } from './destructions.tsx'
import { EmployeesPage } from './employees.tsx'
import { FieldPage, NewFieldPage } from './field-page.tsx'
import { FieldVersionsPage } from './field-versions.tsx'
import { FieldsPage } from './fields.tsx'
import { NewImportPage } from './import-new.tsx'
import { ImportPage } from './import-page.tsx'
import { ImportsPage } from './imports.tsx'
import { LawPage } from './law.tsx'
import { LogPage } from './log.tsx'
import { OverviewPage } from './overview.tsx'
import { PoliciesPage } from './policies.tsx'
import { SetupPage } from './setup.tsx'

const root = createRootRoute({ component: Office, notFoundComponent: LostPage })

const page = (path: string, component: () => React.ReactNode) =>
  createRoute({ getParentRoute: () => root, path, component })

const pages = [
  page('/', OverviewPage),
  page('/fields', FieldsPage),
  page('/fields/new', NewFieldPage),
  page('/fields/$code', FieldPage),
  page('/fields/$code/versions', FieldVersionsPage),
  page('/policies', PoliciesPage),
  page('/law', LawPage),
  page('/employees', EmployeesPage),
  page('/imports', ImportsPage),
  page('/imports/new', NewImportPage),
  page('/imports/$id', ImportPage),
  page('/destructions', DestructionsPage),
  page('/log', LogPage),
  page('/passkeys', () => <PasskeysPage room="office" />),
  page('/setup', SetupPage),
  page('/invitation', () => <InvitationPage room="office" />),
]

/** The pages under /office. */
export const newRouter = () => createRouter({ routeTree: root.addChildren(pages), basepath: '/office' })

function Office() {
  const { t } = useWording()
  const company = useCompany()
  const session = useStaffSession('office')
  const signOut = useStaffSignOut('office')
  const here = useRouterState({ select: state => state.location.pathname })
  const officer = session.data?.employee
  if (here === '/setup' || here === '/invitation') {
    return (
      <Shell room="office">
        <Outlet />
      </Shell>
    )
  }
  if (officer === undefined) {
    return (
      <Shell room="office">
        {company.data?.open === false ? (
          <ClosedPage />
        ) : session.isPending ? (
          <Waiting />
        ) : session.isError ? (
          <Failure error={session.error} again={() => void session.refetch()} />
        ) : (
          <StaffSignIn room="office" />
        )}
      </Shell>
    )
  }
  return (
    <Shell
      room="office"
      pages={[
        { to: '/', label: t('office.pages.overview') },
        { to: '/fields', label: t('office.pages.fields') },
        { to: '/policies', label: t('office.pages.policies') },
        { to: '/law', label: t('office.law.page') },
        { to: '/employees', label: t('office.pages.employees') },
        { to: '/imports', label: t('office.pages.imports') },
        { to: '/destructions', label: t('office.pages.destructions') },
        { to: '/log', label: t('office.pages.log') },
        { to: '/passkeys', label: t('passkeys.page') },
      ]}
      who={officer.name}
      onSignOut={() => signOut()}
    >
      <Outlet />
    </Shell>
  )
}
