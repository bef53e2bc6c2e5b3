import { type ReactNode, useEffect, useRef } from 'react'
import { useCompany } from './company.ts'

let arrived = false

/**
 * A page: its title in the tab and as the one h1. Coming from another page the h1 takes the focus, so that who
 * listens hears where they are; on the first load the browser's own beginning is kept.
 */
export function Page({
  title,
  lead,
  actions,
  narrow = false,
  children,
}: {
  title: string
  lead?: ReactNode
  actions?: ReactNode
  narrow?: boolean
  children?: ReactNode
}) {
  const heading = useRef<HTMLHeadingElement>(null)
  const company = useCompany()
  useEffect(() => {
    document.title = [title, company.data?.name, 'Custode'].filter(Boolean).join(' · ')
  }, [title, company.data?.name])
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new title is a new page or step
  useEffect(() => {
    if (arrived) {
      heading.current?.focus({ preventScroll: true })
      window.scrollTo(0, 0)
    }
    arrived = true
  }, [title])
  return (
    <div className={narrow ? 'page page-narrow' : 'page'}>
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions === undefined ? null : <div className="page-actions">{actions}</div>}
      </div>
      {lead === undefined ? null : <p className="lead">{lead}</p>}
      {children}
    </div>
  )
}

/** A part of a page with its own heading. */
export function Section({
  title,
  aside,
  children,
}: {
  title: string
  aside?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="section">
      <div className="section-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
