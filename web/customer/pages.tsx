import { createRootRoute, createRoute, createRouter, Outlet, useRouterState } from '@tanstack/react-router'
import { useCatalogue } from '../ui/catalogue.ts'
import { ClosedPage } from '../ui/closed.tsx'
import { useCompany } from '../ui/company.ts'
import { LostPage } from '../ui/lost.tsx'
import { PasskeysPage } from '../ui/passkeys.tsx'
import { type PageLink, Shell } from '../ui/shell.tsx'
import { Failure, Waiting } from '../ui/states.tsx'
import { useWording } from '../ui/wording.ts'
import { AddressChangePage } from './address-change.tsx'
import { AddressReversalPage } from './address-reversal.tsx'
import { ConsentsPage } from './consents.tsx'
import { DestructionPage } from './destruction.tsx'
import { DocumentsPage } from './documents.tsx'
import { GuardianLine, GuardianPage } from './guardian.tsx'
import { AskGuardianPage } from './guardian-asking.tsx'
import { ProvedPage } from './identity.tsx'
import { JoiningPage } from './joining.tsx'
import { ConfirmPage } from './link.tsx'
import { MyDataPage } from './my-data.tsx'
import { useSignal } from './privacy-signal.tsx'
import { ProvingPlace, useProving } from './proving.tsx'
import { QuestionsPage } from './questions.tsx'
import { LeftPage } from './receipt.tsx'
import { usePortalSession, usePortalSignOut } from './session.ts'
import { SignInPage } from './sign-in.tsx'
import { SigningPlace } from './signing.tsx'
import { TakeAwayPage } from './take-away.tsx'
import { WelcomePage } from './welcome.tsx'
import { WhoLookedPage } from './who-looked.tsx'
import { LeavePage } from './withdrawal.tsx'

const root = createRootRoute({ component: Portal, notFoundComponent: LostPage })

const page = (path: string, component: () => React.ReactNode) =>
  createRoute({ getParentRoute: () => root, path, component })

const pages = [
  page('/', FirstPage),
  page('/join', JoiningPage),
  page('/sign-in', SignInPage),
  page('/with-guardian', AskGuardianPage),
  page('/guardian', GuardianPage),
  page('/questions', QuestionsPage),
  page('/who-looked', WhoLookedPage),
  page('/documents', DocumentsPage),
  page('/agreements', ConsentsPage),
  page('/take-away', TakeAwayPage),
  page('/passkeys', OwnPasskeysPage),
  page('/leave', LeavePage),
  page('/left', LeftPage),
  page('/destruction', DestructionPage),
  page('/confirm', ConfirmPage),
  page('/address', AddressReversalPage),
  page('/sign-in-address', AddressChangePage),
  page('/proved', ProvedPage),
]

/** The pages of the portal. */
export const newRouter = () => createRouter({ routeTree: root.addChildren(pages) })

/** Pages that need nobody signed in. */
const open = [
  '/',
  '/join',
  '/sign-in',
  '/with-guardian',
  '/guardian',
  '/left',
  '/destruction',
  '/confirm',
  '/address',
]

function OwnPasskeysPage() {
  return <PasskeysPage room="portal" prove={useProving()} />
}

function FirstPage() {
  const session = usePortalSession()
  if (session.data?.kind === 'customer') return <MyDataPage />
  return <WelcomePage />
}

function Portal() {
  const company = useCompany()
  const session = usePortalSession()
  // Its words are the page's words for fields. Where it cannot be had, pages show what they can without it.
  const catalogue = useCatalogue()
  const signOut = usePortalSignOut()
  useSignal(session.data?.kind === 'customer')
  const here = useRouterState({ select: state => state.location.pathname })
  const { t } = useWording()

  const waiting =
    company.isPending || (company.data?.open === true && (session.isPending || catalogue.isPending))
  const failed = company.isError ? company : session.isError && company.data?.open === true ? session : null
  if (failed !== null) {
    return (
      <Shell room="portal">
        <Failure error={failed.error} again={() => void failed.refetch()} />
      </Shell>
    )
  }
  if (waiting) {
    return (
      <Shell room="portal">
        <Waiting />
      </Shell>
    )
  }
  if (company.data?.open !== true) {
    return (
      <Shell room="portal">
        <ClosedPage />
      </Shell>
    )
  }
  const kind = session.data?.kind
  const guarded = kind !== 'customer' && !open.includes(here)
  return (
    <Shell
      room="portal"
      {...(kind === 'customer'
        ? { pages: links(t, session.data?.as_guardian === true), who: session.data?.alias ?? '' }
        : {})}
      {...(kind === undefined ? {} : { onSignOut: () => signOut() })}
    >
      <ProvingPlace>
        <SigningPlace>
          <GuardianLine />
          {guarded ? <SignInPage /> : <Outlet />}
        </SigningPlace>
      </ProvingPlace>
    </Shell>
  )
}

const links = (t: ReturnType<typeof useWording>['t'], asGuardian: boolean): PageLink[] => [
  { to: '/', label: t('portal.pages.data') },
  { to: '/questions', label: t('portal.pages.questions') },
  { to: '/who-looked', label: t('portal.pages.looked') },
  { to: '/documents', label: t('portal.documents.page') },
  { to: '/agreements', label: t('portal.pages.consents') },
  { to: '/take-away', label: t('portal.pages.take') },
  ...(asGuardian ? [] : [{ to: '/passkeys', label: t('passkeys.page') }]),
  { to: '/leave', label: t('portal.pages.leave') },
]
