import { Button } from '@mantine/core'
import { Link, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useCompany } from './company.ts'
import { DemoBanner } from './demo.tsx'
import { Mark } from './mark.tsx'
import { Notices } from './notice.tsx'
import { LanguageSwitch, LookSwitch } from './switches.tsx'
import { useWording } from './wording.ts'

export interface PageLink {
  to: string
  label: string
  /** The keys that lead to it from anywhere in the room. */
  keys?: string
}

/** What stands round every page: the way past it, the mark, the pages, the switches, and who is signed in. */
export function Shell({
  room,
  pages = [],
  who,
  onSignOut,
  children,
}: {
  room: 'portal' | 'work' | 'office'
  pages?: PageLink[]
  who?: string
  onSignOut?: () => void
  children: ReactNode
}) {
  const { t } = useWording()
  const company = useCompany()
  return (
    <div className={`shell shell-${room}`}>
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <DemoBanner />
      <header className="top">
        <div className="top-inner">
          <Link to="/" className="brand">
            <Mark />
            <span>{company.data?.name ?? t('name')}</span>
          </Link>
          <div className="top-tools">
            <LanguageSwitch />
            <LookSwitch />
            {onSignOut === undefined ? null : (
              <>
                {who === undefined ? null : <span className="who">{who}</span>}
                <Button size="compact-sm" variant="default" onClick={onSignOut}>
                  {t('signOut')}
                </Button>
              </>
            )}
          </div>
        </div>
        {pages.length === 0 ? null : <Pages pages={pages} />}
      </header>
      <main id="content" tabIndex={-1}>
        <Notices />
        {children}
      </main>
      <footer className="bottom">
        <p>
          <span>Custode. {t('footer')}</span>
          {company.data?.development_outbox === true ? <a href="/outbox">{t('outbox')}</a> : null}
        </p>
      </footer>
    </div>
  )
}

function Pages({ pages }: { pages: PageLink[] }) {
  const { t } = useWording()
  const here = useRouterState({ select: state => state.location.pathname })
  return (
    <nav aria-label={t('navigation')} className="pages">
      <ul>
        {pages.map(({ to, label, keys }) => {
          const current = to === '/' ? here === '/' || here.startsWith('/tasks') : here.startsWith(to)
          return (
            <li key={to}>
              <Link
                to={to}
                {...(current ? { 'aria-current': 'page' as const } : {})}
                {...(keys === undefined ? {} : { 'aria-keyshortcuts': keys })}
              >
                {label}
                {keys === undefined ? null : (
                  <span className="keys" aria-hidden="true">
                    {keys.replace('Control', 'Ctrl')}
                  </span>
                )}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
