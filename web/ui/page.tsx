import { type ReactNode, useEffect, useRef } from 'react'
import { useCompany } from './company.ts'
import { useWording } from './wording.ts'

let last: { title: string; language: string } | null = null

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
  const { language } = useWording()
  useEffect(() => {
    document.title = [title, company.data?.name, 'Custode'].filter(Boolean).join(' · ')
  }, [title, company.data?.name])
  useEffect(() => {
    const before = last
    last = { title, language }
    // The same page again, or in another language: who pressed something there keeps their place.
    if (before === null || before.title === title || before.language !== language) return
    heading.current?.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }, [title, language])
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
