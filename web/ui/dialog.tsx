import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'

/**
 * A question over the page, by the browser's own dialog: it keeps the focus inside, closes with Escape, and gives the
 * focus back to where it was. Shown while it is rendered.
 */
export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string
  onClose: () => void
  children: ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useLayoutEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    return () => shown?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      className="dialog"
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
    >
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  )
}
